/* Verilog-2001: rtl/NAME.v, and beside it rtl/NAME_ops.v (adders) and rtl/NAME_tables.v.
 *
 * Every operand is written out with exactly the bits of its context, sign extension included, so
 * that no rule of Verilog about widths or signs decides anything. Each adder is an instance of its
 * own: synthesisers that merge a chain of additions into one carry-save tree (Yosys does) would
 * double its cost. */
#include <inttypes.h>
#include <string.h>

#include "emit/rtl_bits.h"

typedef struct rtl_emitter {
    const symlut_firmware *fw;
    const graph *g;
    text *out;
    node_names names;
    bool uses_add, uses_sub, uses_count, uses_comparison[4];
    bool *uses_table;      /* [g->table_count] */
    const char **limiters; /* [limiter_count], of at most 2 g->count: saturations, no names */
    uint32_t limiter_count;
} rtl_emitter;

#define PIECE(e, ...) arena_printf(&(e)->names.memory, __VA_ARGS__)

/* ---------------------------------------------------------------- bits of operands */

static bits operand(const rtl_emitter *e, graph_ref ref, int frac)
{
    return bits_of(&e->names, e->g, ref, frac);
}

static bits unshifted(const rtl_emitter *e, graph_ref ref)
{
    return bits_as_is(&e->names, e->g, ref);
}

static const char *join(rtl_emitter *e, const char *high, const char *low)
{
    return *high && *low ? PIECE(e, "%s, %s", high, low) : *high ? high : low;
}

/* Bits low … low + count - 1 of the operand, extended without end by its sign or by zeros. */
static const char *field(rtl_emitter *e, bits b, int low, int count)
{
    bits_field f = bits_take(b, low, count);
    int zeros = f.zeros, own = f.own, fill = f.fill;
    const char *tail = zeros ? PIECE(e, "%d'd0", zeros) : "", *body = "", *head = "";
    if (own == b.width)
        body = b.name;
    else if (own == 1)
        body = PIECE(e, "%s[%d]", b.name, f.from);
    else if (own)
        body = PIECE(e, "%s[%d:%d]", b.name, f.from + own - 1, f.from);
    if (fill && !b.is_signed)
        head = PIECE(e, "%d'd0", fill);
    else if (fill == 1)
        head = PIECE(e, "%s[%d]", b.name, b.width - 1);
    else if (fill)
        head = PIECE(e, "{%d{%s[%d]}}", fill, b.name, b.width - 1);
    if (!body || !head || !tail)
        return "";
    int parts = (zeros > 0) + (own > 0) + (fill > 0);
    const char *all = join(e, join(e, head, body), tail);
    if (!all)
        return "";
    return parts > 1 || (fill > 1 && b.is_signed) ? PIECE(e, "{%s}", all) : all;
}

static const char *bit(rtl_emitter *e, bits b, int i)
{
    return field(e, b, i, 1);
}

static const char *sign_bit(rtl_emitter *e, bits b)
{
    return b.is_signed ? PIECE(e, "%s[%d]", b.name, b.width - 1) : "1'b0";
}

/* ---------------------------------------------------------------- statements */

static void declare(rtl_emitter *e, const char *kind, uint32_t n)
{
    format f = e->g->nodes[n].fmt;
    text_printf(e->out, "    %s%s [%d:0] %s", kind, f.is_signed ? " signed" : "", f.width - 1,
                e->names.name[n]);
}

static void end_line(rtl_emitter *e, uint32_t n)
{
    char comment[COMMENT_SIZE];
    node_comment(comment, &e->g->nodes[n]);
    text_printf(e->out, *comment ? " // %s\n" : "\n", comment);
}

static void assign(rtl_emitter *e, uint32_t n, const char *expression)
{
    declare(e, "wire", n);
    text_printf(e->out, " = %s;", expression ? expression : "");
    end_line(e, n);
}

/* target = a + b or a - b over width bits; target is a net or a part of one. */
static void adder(rtl_emitter *e, char sign, const char *instance, int width, const char *a,
                  const char *b, const char *target)
{
    const char *op = sign == '+' ? "add" : "sub";
    *(sign == '+' ? &e->uses_add : &e->uses_sub) = true;
    text_printf(e->out, "    %s_%s #(.W(%d)) %s_%s (.a(%s), .b(%s), .y(%s));\n", e->fw->name, op,
                width, instance, op, a, b, target);
}

/* The low bits where only one operand has any pass by the adder. */
static void sum(rtl_emitter *e, uint32_t n, char sign)
{
    const graph_node *node = &e->g->nodes[n];
    const char *name = e->names.name[n];
    bits_sum s = bits_summed(&e->names, e->g, n);
    int width = node->fmt.width, pass = s.pass;
    declare(e, "wire", n);
    text_append(e->out, ";");
    end_line(e, n);
    const char *target = pass ? PIECE(e, "%s[%d:%d]", name, width - 1, pass) : name;
    if (s.joins)
        text_printf(e->out, "    assign %s = %s;\n", target, field(e, s.high, pass, width - pass));
    else
        adder(e, sign, name, width - pass, field(e, s.a, pass, width - pass),
              field(e, s.b, pass, width - pass), target);
    if (pass)
        text_printf(e->out, "    assign %s[%d:0] = %s;\n", name, pass - 1,
                    field(e, s.low, 0, pass));
}

/* Comparisons that are modules of their own: of two values that change, wider than one LUT. */
static const char *const comparison_names[] = {"lt_unsigned", "lt", "le_unsigned", "le"};

/* a < b or a <= b as an expression, of a net that this writes where it takes a module. */
static const char *compared(rtl_emitter *e, uint32_t n, bool or_equal)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    bits_pair p = bits_compared(&e->names, e->g, n);
    int width = p.width - p.skip;
    const char *left = field(e, p.a, p.skip, width), *right = field(e, p.b, p.skip, width);
    const graph_node *x = &e->g->nodes[arg[0]], *y = &e->g->nodes[arg[1]];
    if (2 * width <= 6 || x->lo == x->hi || y->lo == y->hi)
        return PIECE(e, p.is_signed ? "$signed(%s) %s $signed(%s)" : "%s %s %s", left,
                     or_equal ? "<=" : "<", right);
    int kind = 2 * or_equal + p.is_signed;
    e->uses_comparison[kind] = true;
    const char *net = PIECE(e, "%s_%s", e->names.name[n], or_equal ? "le" : "lt");
    text_printf(e->out, "    wire %s;\n    %s_%s #(.W(%d)) %s_%s (.a(%s), .b(%s), .y(%s));\n", net,
                e->fw->name, comparison_names[kind], width, e->names.name[n],
                or_equal ? "not_above" : "below", left, right, net);
    return net;
}

static const char *equal(rtl_emitter *e, uint32_t n)
{
    bits_pair p = bits_compared(&e->names, e->g, n);
    return PIECE(e, "%s == %s", field(e, p.a, 0, p.width), field(e, p.b, 0, p.width));
}

static void choose(rtl_emitter *e, uint32_t n, const char *condition, graph_ref a, graph_ref b)
{
    format f = e->g->nodes[n].fmt;
    assign(e, n,
           PIECE(e, "%s ? %s : %s", condition, field(e, operand(e, a, f.frac), 0, f.width),
                 field(e, operand(e, b, f.frac), 0, f.width)));
}

/* ---------------------------------------------------------------- one function per operation */

static void verilog_input(rtl_emitter *e, uint32_t n)
{
    e->names.name[n] = e->g->inputs[e->g->nodes[n].aux].name;
}

static void verilog_const(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    uint64_t mask = UINT64_MAX >> (64 - node->fmt.width);
    assign(e, n, PIECE(e, "%d'h%" PRIx64, node->fmt.width, (uint64_t)node->lo & mask));
}

static void verilog_add(rtl_emitter *e, uint32_t n)
{
    sum(e, n, '+');
}

static void verilog_sub(rtl_emitter *e, uint32_t n)
{
    sum(e, n, '-');
}

static void verilog_neg(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    int width = node->fmt.width;
    declare(e, "wire", n);
    text_append(e->out, ";");
    end_line(e, n);
    adder(e, '-', e->names.name[n], width, PIECE(e, "%d'd0", width),
          field(e, unshifted(e, node->arg[0]), 0, width), e->names.name[n]);
}

static void verilog_not(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    assign(e, n, PIECE(e, "~%s", field(e, unshifted(e, node->arg[0]), 0, node->fmt.width)));
}

static void verilog_mul(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    bits a = unshifted(e, node->arg[0]), b = unshifted(e, node->arg[1]);
    bool any_signed = a.is_signed || b.is_signed;
    bool without = e->fw->dsp && strcmp(e->fw->dsp, "none") == 0;
    text_printf(e->out, "    (* use_dsp = \"%s\" *)\n", without ? "no" : "yes");
    declare(e, "wire", n);
    text_append(e->out, ";");
    end_line(e, n);
    text_printf(e->out,
                any_signed ? "    assign %s = $signed(%s) * $signed(%s);\n"
                           : "    assign %s = %s * %s;\n",
                e->names.name[n], field(e, a, 0, node->fmt.width), field(e, b, 0, node->fmt.width));
}

static void verilog_shift(rtl_emitter *e, uint32_t n)
{
    e->names.name[n] = e->names.name[e->g->nodes[n].arg[0]];
}

static void verilog_abs(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    int width = node->fmt.width;
    bits a = unshifted(e, node->arg[0]);
    const char *same = field(e, a, 0, width);
    if (!a.is_signed) {
        assign(e, n, same);
        return;
    }
    const char *minus = PIECE(e, "%s_minus", e->names.name[n]);
    text_printf(e->out, "    wire [%d:0] %s;\n", width - 1, minus);
    adder(e, '-', e->names.name[n], width, PIECE(e, "%d'd0", width), same, minus);
    assign(e, n, PIECE(e, "%s ? %s : %s", sign_bit(e, a), minus, same));
}

/* The smaller or the larger operand; a synthesiser need not compare what the intervals decide. */
static void pick(rtl_emitter *e, uint32_t n, graph_ref if_less, graph_ref if_not)
{
    int known = less_by_range(e->g, &e->g->nodes[n]);
    format f = e->g->nodes[n].fmt;
    if (known)
        assign(e, n, field(e, operand(e, known > 0 ? if_less : if_not, f.frac), 0, f.width));
    else
        choose(e, n, PIECE(e, "(%s)", compared(e, n, false)), if_less, if_not);
}

static void verilog_min(rtl_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    pick(e, n, arg[0], arg[1]);
}

static void verilog_max(rtl_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    pick(e, n, arg[1], arg[0]);
}

static void verilog_lt(rtl_emitter *e, uint32_t n)
{
    assign(e, n, compared(e, n, false));
}

static void verilog_le(rtl_emitter *e, uint32_t n)
{
    assign(e, n, compared(e, n, true));
}

static void verilog_eq(rtl_emitter *e, uint32_t n)
{
    assign(e, n, equal(e, n));
}

static void verilog_select(rtl_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    choose(e, n, PIECE(e, "%s[0]", e->names.name[arg[0]]), arg[1], arg[2]);
}

static void verilog_concat(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    bits a = unshifted(e, node->arg[0]), b = unshifted(e, node->arg[1]);
    int width = node->fmt.width, low = (int)node->aux;
    assign(e, n,
           width <= low ? field(e, b, 0, width)
                        : PIECE(e, "{%s, %s}", field(e, a, 0, width - low), field(e, b, 0, low)));
}

static void verilog_count(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    int width = node->fmt.width;
    e->uses_count = true;
    declare(e, "wire", n);
    text_append(e->out, ";");
    end_line(e, n);
    text_printf(e->out, "    %s_count #(.W(%d), .DIGIT(%d)) %s_count (\n        ", e->fw->name,
                width, (int)node->aux, e->names.name[n]);
    for (int k = 0; k < GRAPH_ARGS; k++) {
        bits_count c = bits_counted(&e->names, e->g, n, k);
        text_printf(e->out, ".%c(%s", 'a' + k, field(e, c.b, 0, width));
        if (c.inverted >= 0)
            text_printf(e->out, " ^ %d'h%" PRIx64, width, (uint64_t)1 << c.inverted);
        text_append(e->out, "), ");
    }
    text_printf(e->out, ".y(%s));\n", e->names.name[n]);
}

static void verilog_table(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const graph_table *t = &e->g->tables[node->aux];
    e->uses_table[node->aux] = true;
    declare(e, "wire", n);
    text_append(e->out, ";");
    end_line(e, n);
    text_printf(e->out, "    %s_table_%s %s_table (.index(%s), .word(%s));\n", e->fw->name, t->name,
                e->names.name[n], field(e, unshifted(e, node->arg[0]), 0, t->index_bits),
                e->names.name[n]);
}

static void verilog_reg(rtl_emitter *e, uint32_t n)
{
    declare(e, "reg", n);
    text_append(e->out, ";");
    end_line(e, n);
    text_printf(e->out, "    always @(posedge clk) %s <= %s;\n", e->names.name[n],
                e->names.name[e->g->nodes[n].arg[0]]);
}

static void verilog_output(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    text_printf(e->out, "    assign %s = %s;\n", e->g->outputs[node->aux].name,
                e->names.name[node->arg[0]]);
}

/* ---------------------------------------------------------------- cast */

/* The bit that rounding adds to the floor, from the dropped bits. */
static const char *round_up(rtl_emitter *e, bits a, rounding r, int drop)
{
    const char *sign = sign_bit(e, a), *half = bit(e, a, drop - 1);
    const char *rest = drop > 1 ? PIECE(e, "(|%s)", field(e, a, 0, drop - 1)) : "1'b0";
    switch (r) {
    case ROUND_TRN_ZERO:
        return PIECE(e, "%s & (|%s)", sign, field(e, a, 0, drop));
    case ROUND_RND:
        return half;
    case ROUND_RND_ZERO:
        return PIECE(e, "%s & (%s | %s)", half, rest, sign);
    case ROUND_RND_INF:
        return PIECE(e, "%s & (%s | ~%s)", half, rest, sign);
    case ROUND_RND_MIN_INF:
        return PIECE(e, "%s & %s", half, rest);
    case ROUND_RND_CONV:
        return PIECE(e, "%s & (%s | %s)", half, rest, bit(e, a, drop));
    case ROUND_TRN:
    case ROUNDING_COUNT:
        break;
    }
    return "1'b0";
}

/* What rounding gives, before the range is looked at. */
static bits rounded(rtl_emitter *e, uint32_t n, const cast_plan *p)
{
    const graph_node *node = &e->g->nodes[n];
    bits a = unshifted(e, node->arg[0]);
    int width = p->made;
    const char *name = e->names.name[n];
    const char *rounded = PIECE(e, "%s_rounded", name);
    a.shift = p->append;
    const char *floor = field(e, a, p->drop, width);
    text_printf(e->out, "    wire%s [%d:0] %s", p->is_signed ? " signed" : "", width - 1, rounded);
    if (!p->rounds) {
        text_printf(e->out, " = %s;\n", floor);
    } else {
        const char *up = PIECE(e, "%s_up", name);
        text_printf(e->out, ";\n    wire %s = %s; // %s\n", up,
                    round_up(e, a, (rounding)node->rounding, p->drop),
                    rounding_name((rounding)node->rounding));
        bits one = {up, 1, false, 0};
        adder(e, '+', name, width, floor, field(e, one, 0, width), rounded);
    }
    return (bits){rounded, width, p->is_signed, 0};
}

/* q above the target's maximum: a bit above its own is set in a number that is not negative. */
static const char *is_over(rtl_emitter *e, bits q, format to)
{
    bits_range out = bits_outside(q.width, q.is_signed, to);
    const char *above = field(e, q, out.own, out.above);
    return q.is_signed ? PIECE(e, "~%s & (|%s)", sign_bit(e, q), above) : PIECE(e, "|%s", above);
}

static const char *is_under(rtl_emitter *e, bits q, format to, bool symmetric)
{
    if (!to.is_signed)
        return sign_bit(e, q);
    bits_range out = bits_outside(q.width, true, to);
    const char *wide = out.above > 0 ? PIECE(e, "~(&%s)", field(e, q, out.own, out.above)) : NULL;
    const char *lowest = symmetric ? PIECE(e, "~(|%s)", field(e, q, 0, out.own)) : NULL;
    if (wide && lowest)
        return PIECE(e, "%s & (%s | %s)", sign_bit(e, q), wide, lowest);
    return PIECE(e, "%s & %s", sign_bit(e, q), wide ? wide : lowest ? lowest : "1'b0");
}

static const char *limit(rtl_emitter *e, format f, int64_t value)
{
    return PIECE(e, "%d'h%" PRIx64, f.width, (uint64_t)value & UINT64_MAX >> (64 - f.width));
}

/* The number of the module of this text; equal modules are one. */
static uint32_t limiter_module(rtl_emitter *e, const char *module)
{
    uint32_t k = 0;
    while (module && k < e->limiter_count && strcmp(e->limiters[k], module) != 0)
        k++;
    if (module && k == e->limiter_count)
        e->limiters[e->limiter_count++] = module;
    return k;
}

/* Saturates q as the cast n does, in a module of its own. What leaves the range is found in another
 * one where it takes more inputs than a LUT has beside the bit it decides on. */
static void limiter(rtl_emitter *e, uint32_t n, const cast_plan *p, bits q)
{
    format f = e->g->nodes[n].fmt;
    const char *name = e->names.name[n], *value, *net = q.name;
    bool zero = e->g->nodes[n].overflow == OVERFLOW_SAT_ZERO;
    bool symmetric = bits_symmetric(p, f);
    bool apart = symmetric || q.width - f.width > 4;
    q.name = "a";
    const char *under = p->under ? is_under(e, q, f, symmetric) : "1'b0";
    const char *over = p->over ? is_over(e, q, f) : "1'b0";
    value = PIECE(e, "over ? %s : under ? %s : %s", limit(e, f, zero ? 0 : p->max),
                  limit(e, f, zero ? 0 : p->min), field(e, q, 0, f.width));
    if (apart) {
        const char *finds =
            PIECE(e,
                  " (\n    input wire [%d:0] a,\n    output wire under,\n    output wire over\n);\n"
                  "    assign under = %s;\n    assign over = %s;\nendmodule\n",
                  q.width - 1, under, over);
        text_printf(e->out,
                    "    wire %s_under, %s_over;\n"
                    "    %s_limit_%u %s_range (.a(%s), .under(%s_under), .over(%s_over));\n",
                    name, name, e->fw->name, limiter_module(e, finds), name, net, name, name);
        const char *picks = PIECE(e,
                                  " (\n    input wire [%d:0] a,\n    input wire under,\n"
                                  "    input wire over,\n    output wire [%d:0] y\n);\n"
                                  "    assign y = %s;\nendmodule\n",
                                  f.width - 1, f.width - 1, value);
        q.name = net;
        text_printf(
            e->out, "    %s_limit_%u %s_limit (.a(%s), .under(%s_under), .over(%s_over), .y(%s));",
            e->fw->name, limiter_module(e, picks), name, field(e, q, 0, f.width), name, name, name);
    } else {
        const char *module =
            PIECE(e,
                  " (\n    input wire [%d:0] a,\n    output wire [%d:0] y\n);\n"
                  "    wire under = %s;\n    wire over = %s;\n    assign y = %s;\nendmodule\n",
                  q.width - 1, f.width - 1, under, over, value);
        text_printf(e->out, "    %s_limit_%u %s_limit (.a(%s), .y(%s));", e->fw->name,
                    limiter_module(e, module), name, net, name);
    }
    text_printf(e->out, " // %s\n", overflow_name((overflow)e->g->nodes[n].overflow));
}

static void verilog_cast(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    format f = node->fmt;
    cast_plan p = cast_plan_make(e->g, node);
    bits a = unshifted(e, node->arg[0]);
    a.shift = p.append;
    if (!p.limits) {
        assign(e, n,
               p.rounds ? field(e, rounded(e, n, &p), 0, f.width) : field(e, a, p.drop, f.width));
        return;
    }
    bits q = rounded(e, n, &p);
    declare(e, "wire", n);
    text_append(e->out, ";");
    end_line(e, n);
    limiter(e, n, &p, q);
}

typedef void rtl_hook(rtl_emitter *e, uint32_t n);

static rtl_hook *const rtl_hooks[GRAPH_OP_COUNT] = {
#define OP(NAME, lower, arity, doc) [GRAPH_##NAME] = verilog_##lower,
#include "graph/ops.def"
#undef OP
};

/* ---------------------------------------------------------------- files */

static void emit_port(rtl_emitter *e, const char *direction, const graph_port *port,
                      const char *full_name, bool last)
{
    char fmt[32], comment[COMMENT_SIZE];
    text_printf(e->out, "    %s wire%s [%d:0] %s%s // %s %s\n", direction,
                port->fmt.is_signed ? " signed" : "", port->fmt.width - 1, port->name,
                last ? "" : ",", format_print(port->fmt, fmt), comment_text(comment, full_name));
}

static void emit_module_head(rtl_emitter *e)
{
    const graph *g = e->g;
    text_printf(e->out,
                "// %s: made by symlut %s.\n"
                "// A new event every clock; results %d clock%s after it (valid_in to valid_out).\n"
                "// No reset: the pipeline flushes itself.\n\n"
                "/* verilator lint_off UNUSED */ // bits that a cast drops end nowhere, by design\n"
                "module %s (\n    input wire clk,\n    input wire valid_in,\n",
                e->fw->name, e->fw->version, g->latency, g->latency == 1 ? "" : "s", e->fw->name);
    for (uint32_t i = 0; i < g->input_count; i++)
        emit_port(e, "input", &g->inputs[i], e->fw->inputs[i].name, false);
    text_printf(e->out, "    output wire valid_out%s\n", g->output_count ? "," : "");
    for (uint32_t i = 0; i < g->output_count; i++)
        emit_port(e, "output", &g->outputs[i], e->fw->output_names[i], i + 1 == g->output_count);
    text_append(e->out, ");\n");
}

static void emit_valid(rtl_emitter *e)
{
    int latency = e->g->latency;
    const char *prefix = node_prefix(e->g);
    if (latency == 0) {
        text_append(e->out, "    assign valid_out = valid_in;\n\n");
        return;
    }
    const char *valid = PIECE(e, "%s0_valid", prefix);
    text_printf(e->out, "    reg [%d:0] %s = %d'd0;\n    always @(posedge clk) %s <= ", latency - 1,
                valid, latency, valid);
    if (latency == 1)
        text_append(e->out, "valid_in;\n");
    else
        text_printf(e->out, "{%s[%d:0], valid_in};\n", valid, latency - 2);
    text_printf(e->out, "    assign valid_out = %s[%d];\n\n", valid, latency - 1);
}

/* For Yosys alone: across these borders it would merge adders into one carry chain, spread the
 * logic before a table over its entries (four times the LUTs of the published jet taggers), and
 * repeat a saturation or a comparison in every bit that depends on it. */
#define KEEP_IN_YOSYS "`ifdef YOSYS\n(* keep_hierarchy *)\n`endif\n"

static void emit_adder_module(rtl_emitter *e, const char *op, char sign)
{
    text_printf(e->out,
                "\n" KEEP_IN_YOSYS "module %s_%s #(parameter W = 1) (\n    input wire [W-1:0] a,\n"
                "    input wire [W-1:0] b,\n    output wire [W-1:0] y\n);\n"
                "    assign y = a %c b;\nendmodule\n",
                e->fw->name, op, sign);
}

static void emit_comparison_module(rtl_emitter *e, int kind)
{
    const char *a = kind & 1 ? "$signed(a)" : "a", *b = kind & 1 ? "$signed(b)" : "b";
    text_printf(e->out,
                "\n" KEEP_IN_YOSYS "module %s_%s #(parameter W = 1) (\n    input wire [W-1:0] a,\n"
                "    input wire [W-1:0] b,\n    output wire y\n);\n"
                "    assign y = %s %s %s;\nendmodule\n",
                e->fw->name, comparison_names[kind], a, kind & 2 ? "<=" : "<", b);
}

/* Four full adders in each column. With six words that vary, a digit is one LUT a column: Yosys may
 * look across its border. */
static void emit_count_module(rtl_emitter *e)
{
    text_printf(
        e->out,
        "\n// Binary digit DIGIT (0, 1, 2) of the number of ones in each column.\n"
        "module %s_count #(parameter W = 1, parameter DIGIT = 0) (\n"
        "    input wire [W-1:0] a,\n    input wire [W-1:0] b,\n"
        "    input wire [W-1:0] c,\n    input wire [W-1:0] d,\n"
        "    input wire [W-1:0] e,\n    input wire [W-1:0] f,\n"
        "    input wire [W-1:0] g,\n    output wire [W-1:0] y\n);\n"
        "    wire [W-1:0] s = a ^ b ^ c, t = d ^ e ^ f;\n"
        "    wire [W-1:0] p = (a & b) | (a & c) | (b & c), q = (d & e) | (d & f) | (e & f);\n"
        "    wire [W-1:0] u = (s & t) | (s & g) | (t & g);\n"
        "    assign y = DIGIT == 0 ? s ^ t ^ g : DIGIT == 1 ? p ^ q ^ u\n"
        "             : (p & q) | (p & u) | (q & u);\nendmodule\n",
        e->fw->name);
}

static void emit_ops(rtl_emitter *e, emit_files *set)
{
    bool any = e->uses_add || e->uses_sub || e->uses_count || e->limiter_count;
    for (int kind = 0; kind < 4; kind++)
        any = any || e->uses_comparison[kind];
    if (!any)
        return;
    e->out = emit_files_add(set, "rtl/%s_ops.v", e->fw->name);
    text_printf(
        e->out,
        "// Adders and comparisons of %s, one module for each kind: what a synthesiser sees as\n"
        "// one stays one carry chain. Saturations, in modules of their own too.\n"
        "/* verilator lint_off DECLFILENAME */\n"
        "/* verilator lint_off UNUSED */\n",
        e->fw->name);
    if (e->uses_add)
        emit_adder_module(e, "add", '+');
    if (e->uses_sub)
        emit_adder_module(e, "sub", '-');
    if (e->uses_count)
        emit_count_module(e);
    for (int kind = 0; kind < 4; kind++) {
        if (e->uses_comparison[kind])
            emit_comparison_module(e, kind);
    }
    for (uint32_t k = 0; k < e->limiter_count; k++)
        text_printf(e->out, "\n" KEEP_IN_YOSYS "module %s_limit_%u%s", e->fw->name, k,
                    e->limiters[k]);
}

static void emit_table_module(rtl_emitter *e, const graph_table *t)
{
    size_t count = (size_t)1 << t->index_bits;
    char comment[COMMENT_SIZE], fmt[32];
    text_printf(e->out,
                "\n// %s; words %s\n" KEEP_IN_YOSYS
                "module %s_table_%s (\n    input wire [%d:0] index,\n"
                "    output reg [%d:0] word\n);\n"
                "    always @* (* rom_style = \"logic\" *) case (index)\n",
                comment_text(comment, t->doc), format_print(t->word, fmt), e->fw->name, t->name,
                t->index_bits - 1, t->word.width - 1);
    for (size_t i = 0; i < count; i++) {
        uint64_t word = (uint64_t)t->words[i] & UINT64_MAX >> (64 - t->word.width);
        text_printf(e->out, "        %d'd%zu: word = %d'h%" PRIx64 ";\n", t->index_bits, i,
                    t->word.width, word);
    }
    text_append(e->out, "    endcase\nendmodule\n");
}

static void emit_tables(rtl_emitter *e, emit_files *set)
{
    bool any = false;
    for (uint32_t i = 0; i < e->g->table_count; i++)
        any = any || e->uses_table[i];
    if (!any)
        return;
    e->out = emit_files_add(set, "rtl/%s_tables.v", e->fw->name);
    text_printf(e->out,
                "// Tables of %s as logic: every entry is a constant.\n"
                "/* verilator lint_off DECLFILENAME */\n"
                "/* verilator lint_off UNUSED */\n",
                e->fw->name);
    for (uint32_t i = 0; i < e->g->table_count; i++) {
        if (e->uses_table[i])
            emit_table_module(e, &e->g->tables[i]);
    }
}

/* What can take one value only is that value, whatever computes it. */
static void emit_node(rtl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    bool is_port = node->op == GRAPH_INPUT || node->op == GRAPH_OUTPUT;
    if (node->lo == node->hi && !is_port && node->op != GRAPH_REG && node->op != GRAPH_SHIFT)
        verilog_const(e, n);
    else
        rtl_hooks[node->op](e, n);
}

symlut_status emit_verilog(emit_files *set, const symlut_firmware *fw, symlut_error *err)
{
    rtl_emitter e = {.fw = fw, .g = fw->g};
    symlut_status status = node_names_make(&e.names, fw->g, err);
    if (status != SYMLUT_OK)
        return status;
    e.uses_table = ARENA_ARRAY(&e.names.memory, bool, fw->g->table_count + 1);
    e.limiters = ARENA_ARRAY(&e.names.memory, const char *, 2 * fw->g->count + 1);
    if (!e.uses_table || !e.limiters) {
        node_names_free(&e.names);
        return error_memory(err);
    }
    e.out = emit_files_add(set, "rtl/%s.v", fw->name);
    emit_module_head(&e);
    emit_valid(&e);
    for (uint32_t i = 0; i < fw->g->count; i++)
        emit_node(&e, i);
    text_append(e.out, "endmodule\n");
    emit_ops(&e, set);
    emit_tables(&e, set);
    if (e.names.memory.failed)
        status = error_memory(err);
    node_names_free(&e.names);
    return status == SYMLUT_OK ? emit_files_status(set, err) : status;
}
