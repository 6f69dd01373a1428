/* VHDL-93 (and 2008): vhdl/NAME.vhd, one entity on numeric_std alone.
 *
 * One clocked process per pipeline stage: its registers are signals, and what lies before them is
 * computed in variables of the process, which a simulator runs through once a clock; as signals
 * they would cost an event per bit. What lies between the last registers and the outputs is one
 * process of its own. A node that two processes need is a variable of both.
 *
 * Every operand is brought to exactly the bits and the type of its context before an operator sees
 * it: `resize` only ever lengthens, slices shorten, conversions between signed and unsigned keep
 * the bits. Names that the design adds start with the node prefix and a digit, so that no port can
 * hide them. Words of tables are std_logic_vector: beside an array of signed words, `&` between a
 * signed and a literal would have two meanings. */
#include <inttypes.h>
#include <string.h>

#include "emit/rtl_bits.h"

typedef struct vhdl_emitter {
    const symlut_firmware *fw;
    const graph *g;
    text signals;               /* of the architecture, and its constants */
    text variables, statements; /* of the process that is being made */
    text wires, processes;      /* of the architecture's body */
    node_names names;
    const char *prefix, *indent;
    bool *uses_table; /* [g->table_count] */
    bool uses_count;
    int *layer;   /* [g->count] registers between the inputs and the node's value */
    bool *needed; /* [g->count] by the process that is being made */
    bool *read;   /* [g->count] signals it reads */
} vhdl_emitter;

#define PIECE(e, ...) arena_printf(&(e)->names.memory, __VA_ARGS__)

/* ---------------------------------------------------------------- bits of operands */

static bits operand(const vhdl_emitter *e, graph_ref ref, int frac)
{
    return bits_of(&e->names, e->g, ref, frac);
}

static bits unshifted(const vhdl_emitter *e, graph_ref ref)
{
    return bits_as_is(&e->names, e->g, ref);
}

static const char *type_name(bool is_signed)
{
    return is_signed ? "signed" : "unsigned";
}

/* "0…0", `count` of them, between quotes */
static const char *zero_bits(vhdl_emitter *e, int count)
{
    char *s = arena_alloc(&e->names.memory, (size_t)count + 3);
    if (!s)
        return "";
    memset(s, '0', (size_t)count + 2);
    s[0] = s[count + 1] = '"';
    return s;
}

/* Bits low … low + count - 1 of the operand, extended without end by its sign or by zeros, as a
 * signed or unsigned of count bits. */
static const char *field(vhdl_emitter *e, bits b, int low, int count, bool as_signed)
{
    bits_field f = bits_take(b, low, count);
    int kept = count - f.zeros;
    if (!f.own && (!kept || !b.is_signed))
        return PIECE(e, "to_%s(0, %d)", type_name(as_signed), count);
    if (!f.own) { /* copies of the sign alone */
        f.own = 1;
        f.from = b.width - 1;
    }
    const char *body = f.own == b.width
                           ? b.name
                           : PIECE(e, "%s(%d downto %d)", b.name, f.from + f.own - 1, f.from);
    if (f.own < kept)
        body = PIECE(e, "resize(%s, %d)", body, kept);
    if (f.zeros)
        body = PIECE(e, "(%s & %s)", body, zero_bits(e, f.zeros));
    if (b.is_signed == as_signed)
        return body;
    return PIECE(e, f.zeros ? "%s%s" : "%s(%s)", type_name(as_signed), body);
}

/* One bit as a condition */
static const char *bit(vhdl_emitter *e, bits b, int i)
{
    if (i >= b.width && !b.is_signed)
        return "false";
    return PIECE(e, "%s(%d) = '1'", b.name, i < b.width ? i : b.width - 1);
}

static const char *is_negative(vhdl_emitter *e, bits b)
{
    return b.is_signed ? bit(e, b, b.width - 1) : "false";
}

static const char *literal(vhdl_emitter *e, int width, int64_t value)
{
    char s[67];
    for (int i = 0; i < width; i++)
        s[1 + i] = (uint64_t)value >> (width - 1 - i) & 1 ? '1' : '0';
    s[0] = s[width + 1] = '"';
    s[width + 2] = '\0';
    return PIECE(e, "%s", s);
}

/* ---------------------------------------------------------------- statements */

static void declare(vhdl_emitter *e, const char *name, bool is_signed, int width)
{
    text_printf(&e->variables, "        variable %s : %s(%d downto 0);\n", name,
                type_name(is_signed), width - 1);
}

static void declare_node(vhdl_emitter *e, uint32_t n)
{
    format f = e->g->nodes[n].fmt;
    declare(e, e->names.name[n], f.is_signed, f.width);
}

static void end_line(vhdl_emitter *e, text *out, uint32_t n)
{
    char comment[COMMENT_SIZE];
    node_comment(comment, &e->g->nodes[n]);
    text_printf(out, *comment ? " -- %s\n" : "\n", comment);
}

/* variable := expression; */
static void put(vhdl_emitter *e, uint32_t n, const char *variable, const char *expression)
{
    text_printf(&e->statements, "%s%s := %s;", e->indent, variable ? variable : "",
                expression ? expression : "");
    end_line(e, &e->statements, n);
}

static void assign(vhdl_emitter *e, uint32_t n, const char *expression)
{
    declare_node(e, n);
    put(e, n, e->names.name[n], expression);
}

/* The node is yes where the condition holds, no where not. */
static void assign_either(vhdl_emitter *e, uint32_t n, const char *condition, const char *yes,
                          const char *no)
{
    const char *name = e->names.name[n];
    declare_node(e, n);
    text_printf(&e->statements, "%sif %s then %s := %s; else %s := %s; end if;", e->indent,
                condition, name, yes, name, no);
    end_line(e, &e->statements, n);
}

/* The node's own bits of b in the node's type */
static const char *own_bits(vhdl_emitter *e, uint32_t n, bits b)
{
    format f = e->g->nodes[n].fmt;
    return field(e, b, 0, f.width, f.is_signed);
}

/* The low bits where only one operand has any pass by the adder. */
static void sum(vhdl_emitter *e, uint32_t n, char sign)
{
    const graph_node *node = &e->g->nodes[n];
    const char *name = e->names.name[n];
    bool is_signed = node->fmt.is_signed;
    bits_sum s = bits_summed(&e->names, e->g, n);
    int width = node->fmt.width, pass = s.pass;
    const char *value = PIECE(e, "%s %c %s", field(e, s.a, pass, width - pass, is_signed), sign,
                              field(e, s.b, pass, width - pass, is_signed));
    if (s.joins)
        value = field(e, s.high, pass, width - pass, is_signed);
    if (!pass) {
        assign(e, n, value);
        return;
    }
    declare_node(e, n);
    put(e, n, PIECE(e, "%s(%d downto %d)", name, width - 1, pass), value);
    put(e, n, PIECE(e, "%s(%d downto 0)", name, pass - 1), field(e, s.low, 0, pass, is_signed));
}

static const char *compared(vhdl_emitter *e, uint32_t n, const char *sign)
{
    bits_pair p = bits_compared(&e->names, e->g, n);
    return PIECE(e, "%s %s %s", field(e, p.a, 0, p.width, p.is_signed), sign,
                 field(e, p.b, 0, p.width, p.is_signed));
}

static void assign_condition(vhdl_emitter *e, uint32_t n, const char *condition)
{
    assign_either(e, n, condition, "\"1\"", "\"0\"");
}

static void choose(vhdl_emitter *e, uint32_t n, const char *condition, graph_ref a, graph_ref b)
{
    int frac = e->g->nodes[n].fmt.frac;
    assign_either(e, n, condition, own_bits(e, n, operand(e, a, frac)),
                  own_bits(e, n, operand(e, b, frac)));
}

/* ---------------------------------------------------------------- one function per operation */

static void vhdl_input(vhdl_emitter *e, uint32_t n)
{
    e->names.name[n] = e->g->inputs[e->g->nodes[n].aux].name;
}

static void vhdl_const(vhdl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    text_printf(&e->signals, "    constant %s : %s(%d downto 0) := %s;", e->names.name[n],
                type_name(node->fmt.is_signed), node->fmt.width - 1,
                literal(e, node->fmt.width, node->lo));
    end_line(e, &e->signals, n);
}

static void vhdl_add(vhdl_emitter *e, uint32_t n)
{
    sum(e, n, '+');
}

static void vhdl_sub(vhdl_emitter *e, uint32_t n)
{
    sum(e, n, '-');
}

static void vhdl_neg(vhdl_emitter *e, uint32_t n)
{
    assign(e, n, PIECE(e, "0 - %s", own_bits(e, n, unshifted(e, e->g->nodes[n].arg[0]))));
}

static void vhdl_not(vhdl_emitter *e, uint32_t n)
{
    assign(e, n, PIECE(e, "not %s", own_bits(e, n, unshifted(e, e->g->nodes[n].arg[0]))));
}

/* The product has all bits of both operands; the interval may need fewer. */
static void vhdl_mul(vhdl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    bits a = unshifted(e, node->arg[0]), b = unshifted(e, node->arg[1]);
    bool any_signed = a.is_signed || b.is_signed;
    int wa = a.width + (any_signed && !a.is_signed), wb = b.width + (any_signed && !b.is_signed);
    bits product = {PIECE(e, "%s_product", e->names.name[n]), wa + wb, any_signed, 0};
    declare(e, product.name, any_signed, product.width);
    put(e, n, product.name,
        PIECE(e, "%s * %s", field(e, a, 0, wa, any_signed), field(e, b, 0, wb, any_signed)));
    assign(e, n, own_bits(e, n, product));
}

static void vhdl_shift(vhdl_emitter *e, uint32_t n)
{
    assign(e, n, own_bits(e, n, unshifted(e, e->g->nodes[n].arg[0])));
}

static void vhdl_abs(vhdl_emitter *e, uint32_t n)
{
    bits a = unshifted(e, e->g->nodes[n].arg[0]);
    const char *same = own_bits(e, n, a);
    if (a.is_signed)
        assign_either(e, n, is_negative(e, a), PIECE(e, "0 - %s", same), same);
    else
        assign(e, n, same);
}

static void vhdl_min(vhdl_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    choose(e, n, compared(e, n, "<"), arg[0], arg[1]);
}

static void vhdl_max(vhdl_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    choose(e, n, compared(e, n, "<"), arg[1], arg[0]);
}

static void vhdl_lt(vhdl_emitter *e, uint32_t n)
{
    assign_condition(e, n, compared(e, n, "<"));
}

static void vhdl_le(vhdl_emitter *e, uint32_t n)
{
    assign_condition(e, n, compared(e, n, "<="));
}

static void vhdl_eq(vhdl_emitter *e, uint32_t n)
{
    assign_condition(e, n, compared(e, n, "="));
}

static void vhdl_select(vhdl_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    choose(e, n, bit(e, unshifted(e, arg[0]), 0), arg[1], arg[2]);
}

static void vhdl_concat(vhdl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    bits a = unshifted(e, node->arg[0]), b = unshifted(e, node->arg[1]);
    int width = node->fmt.width, low = (int)node->aux;
    bool is_signed = node->fmt.is_signed;
    assign(e, n,
           width <= low ? field(e, b, 0, width, is_signed)
                        : PIECE(e, "%s & %s", field(e, a, 0, width - low, is_signed),
                                field(e, b, 0, low, is_signed)));
}

/* Operand k of a count as an unsigned of the node's width */
static const char *counted(vhdl_emitter *e, uint32_t n, int k)
{
    const graph_node *node = &e->g->nodes[n];
    int width = node->fmt.width;
    bits_count c = bits_counted(&e->names, e->g, n, k);
    bits_field f = bits_take(c.b, 0, width);
    if (!f.own)
        return PIECE(e, "to_unsigned(0, %d)", width);
    const char *x = c.b.name;
    if (f.own < c.b.width)
        x = PIECE(e, "%s(%d downto %d)", x, f.from + f.own - 1, f.from);
    if (e->g->nodes[node->arg[k]].fmt.is_signed)
        x = PIECE(e, "unsigned(%s)", x);
    if (f.zeros)
        x = PIECE(e, "(%s & %s)", x, zero_bits(e, f.zeros));
    if (f.fill)
        x = PIECE(e, "resize(%s, %d)", x, width);
    if (c.inverted >= 0)
        x = PIECE(e, "%s xor unsigned'(%s)", x, literal(e, width, (int64_t)1 << c.inverted));
    return x;
}

static void vhdl_count(vhdl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const char *words = "";
    e->uses_count = true;
    for (int k = 0; k < GRAPH_ARGS; k++)
        words = PIECE(e, "%s, %s", words, counted(e, n, k));
    assign(e, n, PIECE(e, "%s0_count(%d%s)", e->prefix, (int)node->aux, words));
}

static void vhdl_table(vhdl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const graph_table *t = &e->g->tables[node->aux];
    e->uses_table[node->aux] = true;
    assign(e, n,
           PIECE(e, "%s(%s0_table_%s(to_integer(%s)))", type_name(node->fmt.is_signed), e->prefix,
                 t->name, field(e, unshifted(e, node->arg[0]), 0, t->index_bits, false)));
}

static void vhdl_reg(vhdl_emitter *e, uint32_t n)
{
    text_printf(&e->statements, "%s%s <= %s;", e->indent, e->names.name[n],
                own_bits(e, n, unshifted(e, e->g->nodes[n].arg[0])));
    end_line(e, &e->statements, n);
}

static void drive_port(vhdl_emitter *e, text *out, const char *indent, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    text_printf(out, "%s%s <= %s;", indent, e->g->outputs[node->aux].name,
                own_bits(e, n, unshifted(e, node->arg[0])));
    end_line(e, out, n);
}

static void vhdl_output(vhdl_emitter *e, uint32_t n)
{
    drive_port(e, &e->statements, e->indent, n);
}

/* ---------------------------------------------------------------- cast */

/* When the floor grows by one, from the dropped bits */
static const char *round_up(vhdl_emitter *e, bits a, rounding r, int drop)
{
    const char *sign = is_negative(e, a), *half = bit(e, a, drop - 1);
    const char *rest = drop > 1 ? PIECE(e, "%s /= 0", field(e, a, 0, drop - 1, false)) : "false";
    switch (r) {
    case ROUND_TRN_ZERO:
        return PIECE(e, "%s and %s /= 0", sign, field(e, a, 0, drop, false));
    case ROUND_RND:
        return half;
    case ROUND_RND_ZERO:
        return PIECE(e, "%s and (%s or %s)", half, rest, sign);
    case ROUND_RND_INF:
        return PIECE(e, "%s and (%s or not (%s))", half, rest, sign);
    case ROUND_RND_MIN_INF:
        return PIECE(e, "%s and %s", half, rest);
    case ROUND_RND_CONV:
        return PIECE(e, "%s and (%s or %s)", half, rest, bit(e, a, drop));
    case ROUND_TRN:
    case ROUNDING_COUNT:
        break;
    }
    return "false";
}

/* What rounding gives, before the range is looked at */
static bits rounded(vhdl_emitter *e, uint32_t n, const cast_plan *p)
{
    const graph_node *node = &e->g->nodes[n];
    bits a = unshifted(e, node->arg[0]);
    bits q = {PIECE(e, "%s_rounded", e->names.name[n]), p->width, p->is_signed, 0};
    a.shift = p->append;
    const char *floor = field(e, a, p->drop, q.width, q.is_signed);
    declare(e, q.name, q.is_signed, q.width);
    if (!p->rounds) {
        put(e, n, q.name, floor);
        return q;
    }
    bits up = {PIECE(e, "%s_up", e->names.name[n]), 1, false, 0};
    declare(e, up.name, false, 1);
    text_printf(&e->statements, "%sif %s then %s := \"1\"; else %s := \"0\"; end if; -- %s\n",
                e->indent, round_up(e, a, (rounding)node->rounding, p->drop), up.name, up.name,
                rounding_name((rounding)node->rounding));
    put(e, n, q.name, PIECE(e, "%s + %s", floor, field(e, up, 0, q.width, q.is_signed)));
    return q;
}

/* q above the target's maximum: a bit above its own is set in a number that is not negative. */
static const char *is_over(vhdl_emitter *e, bits q, format to)
{
    bits_range out = bits_outside(q.width, q.is_signed, to);
    const char *above = PIECE(e, "%s /= 0", field(e, q, out.own, out.above, false));
    return q.is_signed ? PIECE(e, "%s(%d) = '0' and %s", q.name, q.width - 1, above) : above;
}

static const char *is_under(vhdl_emitter *e, bits q, format to, bool symmetric)
{
    if (!to.is_signed)
        return is_negative(e, q);
    bits_range out = bits_outside(q.width, true, to);
    const char *wide =
        out.above > 0 ? PIECE(e, "%s /= -1", field(e, q, out.own, out.above, true)) : NULL;
    const char *lowest = symmetric ? PIECE(e, "%s = 0", field(e, q, 0, out.own, false)) : NULL;
    if (wide && lowest)
        return PIECE(e, "%s and (%s or %s)", is_negative(e, q), wide, lowest);
    return PIECE(e, "%s and %s", is_negative(e, q), wide ? wide : lowest ? lowest : "false");
}

/* A boolean variable NODE_which */
static const char *flag(vhdl_emitter *e, uint32_t n, const char *which, const char *condition)
{
    const char *name = PIECE(e, "%s_%s", e->names.name[n], which);
    text_printf(&e->variables, "        variable %s : boolean;\n", name);
    text_printf(&e->statements, "%s%s := %s; -- %s\n", e->indent, name, condition,
                overflow_name((overflow)e->g->nodes[n].overflow));
    return name;
}

static void vhdl_cast(vhdl_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    format f = node->fmt;
    cast_plan p = cast_plan_make(e->g, node);
    bits a = unshifted(e, node->arg[0]);
    a.shift = p.append;
    if (!p.limits) {
        assign(e, n,
               p.rounds ? own_bits(e, n, rounded(e, n, &p))
                        : field(e, a, p.drop, f.width, f.is_signed));
        return;
    }
    bits q = rounded(e, n, &p);
    bool zero = node->overflow == OVERFLOW_SAT_ZERO;
    bool symmetric = bits_symmetric(&p, f);
    const char *name = e->names.name[n], *word = "if";
    const char *choice = "";
    declare_node(e, n);
    if (p.over) {
        choice = PIECE(e, "if %s then %s := %s; ", flag(e, n, "over", is_over(e, q, f)), name,
                       literal(e, f.width, zero ? 0 : p.max));
        word = "elsif";
    }
    if (p.under)
        choice = PIECE(e, "%s%s %s then %s := %s; ", choice, word,
                       flag(e, n, "under", is_under(e, q, f, symmetric)), name,
                       literal(e, f.width, zero ? 0 : p.min));
    text_printf(&e->statements, "%s%selse %s := %s; end if;", e->indent, choice, name,
                own_bits(e, n, q));
    end_line(e, &e->statements, n);
}

typedef void vhdl_hook(vhdl_emitter *e, uint32_t n);

static vhdl_hook *const vhdl_hooks[GRAPH_OP_COUNT] = {
#define OP(NAME, lower, arity, doc) [GRAPH_##NAME] = vhdl_##lower,
#include "graph/ops.def"
#undef OP
};

/* ---------------------------------------------------------------- the file */

static void emit_port(text *out, const char *direction, const graph_port *port,
                      const char *full_name, bool last)
{
    char fmt[32], comment[COMMENT_SIZE];
    text_printf(out, "        %s : %s %s(%d downto 0)%s -- %s %s\n", port->name, direction,
                type_name(port->fmt.is_signed), port->fmt.width - 1, last ? "" : ";",
                format_print(port->fmt, fmt), comment_text(comment, full_name));
}

static void emit_entity(text *out, const symlut_firmware *fw)
{
    const graph *g = fw->g;
    text_printf(out,
                "-- %s: made by symlut %s.\n"
                "-- A new event every clock; results %d clock%s after it (valid_in to valid_out).\n"
                "-- No reset: the pipeline flushes itself.\n\n"
                "library ieee;\nuse ieee.std_logic_1164.all;\nuse ieee.numeric_std.all;\n\n"
                "entity %s is\n    port (\n        clk : in std_logic;\n"
                "        valid_in : in std_logic;\n",
                fw->name, fw->version, g->latency, g->latency == 1 ? "" : "s", fw->name);
    for (uint32_t i = 0; i < g->input_count; i++)
        emit_port(out, "in", &g->inputs[i], fw->inputs[i].name, false);
    text_printf(out, "        valid_out : out std_logic%s\n", g->output_count ? ";" : "");
    for (uint32_t i = 0; i < g->output_count; i++)
        emit_port(out, "out", &g->outputs[i], fw->output_names[i], i + 1 == g->output_count);
    text_printf(out, "    );\nend %s;\n\n", fw->name);
}

static void emit_table(vhdl_emitter *e, text *out, const graph_table *t)
{
    size_t count = (size_t)1 << t->index_bits;
    char comment[COMMENT_SIZE], fmt[32], word[65] = "";
    text_printf(out,
                "    -- %s; words %s\n"
                "    type %s0_type_%s is array (0 to %zu) of std_logic_vector(%d downto 0);\n"
                "    constant %s0_table_%s : %s0_type_%s := (\n",
                comment_text(comment, t->doc), format_print(t->word, fmt), e->prefix, t->name,
                count - 1, t->word.width - 1, e->prefix, t->name, e->prefix, t->name);
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < t->word.width; k++)
            word[k] = (uint64_t)t->words[i] >> (t->word.width - 1 - k) & 1 ? '1' : '0';
        text_printf(out, "        %zu => \"%s\"%s\n", i, word, i + 1 < count ? "," : "");
    }
    text_append(out, "    );\n");
}

static void append(text *out, const text *part)
{
    text_append_n(out, part->data ? part->data : "", part->length);
}

/* Four full adders in each column */
static void emit_count(const vhdl_emitter *e, text *out)
{
    text_printf(out,
                "    -- binary digit 0, 1 or 2 of the number of ones in each column\n"
                "    function %s0_count(digit : natural; a, b, c, d, e, f, g : unsigned)\n"
                "        return unsigned is\n"
                "        variable s, t, p, q, u : unsigned(a'length - 1 downto 0);\n"
                "    begin\n"
                "        s := a xor b xor c;\n"
                "        t := d xor e xor f;\n"
                "        p := (a and b) or (a and c) or (b and c);\n"
                "        q := (d and e) or (d and f) or (e and f);\n"
                "        u := (s and t) or (s and g) or (t and g);\n"
                "        if digit = 0 then return s xor t xor g; end if;\n"
                "        if digit = 1 then return p xor q xor u; end if;\n"
                "        return (p and q) or (p and u) or (q and u);\n"
                "    end %s0_count;\n",
                e->prefix, e->prefix);
}

static void emit_architecture(vhdl_emitter *e, text *out)
{
    text_printf(out, "architecture rtl of %s is\n", e->fw->name);
    for (uint32_t i = 0; i < e->g->table_count; i++) {
        if (e->uses_table[i])
            emit_table(e, out, &e->g->tables[i]);
    }
    if (e->uses_count)
        emit_count(e, out);
    append(out, &e->signals);
    text_append(out, "begin\n");
    append(out, &e->wires);
    append(out, &e->processes);
    text_append(out, "end rtl;\n");
}

/* ---------------------------------------------------------------- what becomes what */

/* Its operand under another binary point */
static bool is_alias(const graph *g, graph_ref n)
{
    const graph_node *node = &g->nodes[n];
    if (node->op != GRAPH_SHIFT)
        return false;
    format f = node->fmt, of = g->nodes[node->arg[0]].fmt;
    return f.width == of.width && f.is_signed == of.is_signed;
}

static graph_ref source(const graph *g, graph_ref n)
{
    while (is_alias(g, n))
        n = g->nodes[n].arg[0];
    return n;
}

/* An input port or a register */
static bool is_signal(const graph *g, graph_ref n)
{
    return g->nodes[n].op == GRAPH_INPUT || g->nodes[n].op == GRAPH_REG;
}

/* What can take one value only is that value, whatever computes it. */
static bool is_constant(const graph *g, graph_ref n)
{
    const graph_node *node = &g->nodes[n];
    return node->lo == node->hi && !is_signal(g, n) && node->op != GRAPH_OUTPUT;
}

static bool is_variable(const graph *g, graph_ref n)
{
    return !is_signal(g, n) && !is_constant(g, n) && g->nodes[n].op != GRAPH_OUTPUT;
}

/* Names, and all that is of the architecture: constants, registers, outputs that need no logic */
static void emit_node(vhdl_emitter *e, uint32_t n)
{
    const graph *g = e->g;
    const graph_node *node = &g->nodes[n];
    format f = node->fmt;
    for (int k = 0; k < graph_arity((graph_op)node->op); k++) {
        int before = e->layer[node->arg[k]];
        e->layer[n] = before > e->layer[n] ? before : e->layer[n];
    }
    if (node->op == GRAPH_INPUT)
        vhdl_input(e, n);
    else if (node->op == GRAPH_OUTPUT && !is_variable(g, source(g, node->arg[0])))
        drive_port(e, &e->wires, "    ", n);
    else if (node->op == GRAPH_REG) {
        e->layer[n]++;
        text_printf(&e->signals, "    signal %s : %s(%d downto 0);\n", e->names.name[n],
                    type_name(f.is_signed), f.width - 1);
    } else if (is_alias(g, n))
        e->names.name[n] = e->names.name[node->arg[0]];
    else if (is_constant(g, n))
        vhdl_const(e, n);
}

/* ---------------------------------------------------------------- processes */

/* A stage number, or that of the process between the last registers and the outputs */
enum { TO_OUTPUTS = -1 };

static bool is_made_by(const vhdl_emitter *e, uint32_t n, int stage)
{
    const graph_node *node = &e->g->nodes[n];
    if (stage == TO_OUTPUTS)
        return node->op == GRAPH_OUTPUT && is_variable(e->g, source(e->g, node->arg[0]));
    return node->op == GRAPH_REG && e->layer[n] == stage + 1;
}

/* The process' statements and variables: all that its registers or outputs are computed from */
static void emit_cone(vhdl_emitter *e, int stage)
{
    const graph *g = e->g;
    for (uint32_t n = 0; n < g->count; n++)
        e->needed[n] = e->read[n] = false;
    for (uint32_t n = g->count; n-- > 0;) {
        if (is_made_by(e, n, stage))
            e->needed[n] = true;
        for (int k = 0; e->needed[n] && k < graph_arity((graph_op)g->nodes[n].op); k++) {
            graph_ref a = source(g, g->nodes[n].arg[k]);
            *(is_signal(g, a) ? &e->read[a] : &e->needed[a]) |= !is_constant(g, a);
        }
    }
    for (uint32_t n = 0; n < g->count; n++) {
        if (e->needed[n])
            vhdl_hooks[g->nodes[n].op](e, n);
    }
}

static void emit_stage(vhdl_emitter *e, int stage)
{
    text_printf(&e->processes, "\n    -- stage %d\n    process (clk)\n", stage + 1);
    e->indent = "            ";
    e->variables.length = e->statements.length = 0;
    if (stage < e->g->latency) {
        const char *valid = PIECE(e, "%s0_valid", e->prefix);
        const char *before = stage ? PIECE(e, "%s(%d)", valid, stage - 1) : "valid_in";
        text_printf(&e->statements, "%s%s(%d) <= %s;\n", e->indent, valid, stage, before);
    }
    emit_cone(e, stage);
    append(&e->processes, &e->variables);
    text_append(&e->processes, "    begin\n        if rising_edge(clk) then\n");
    append(&e->processes, &e->statements);
    text_append(&e->processes, "        end if;\n    end process;\n");
}

/* Runs whenever a signal that it reads changes; without any, once. */
static void emit_outputs(vhdl_emitter *e)
{
    e->indent = "        ";
    e->variables.length = e->statements.length = 0;
    emit_cone(e, TO_OUTPUTS);
    if (!e->statements.length)
        return;
    text_append(&e->processes, "\n    -- outputs\n    process");
    int listed = 0;
    for (uint32_t n = 0; n < e->g->count; n++) {
        if (e->read[n])
            text_printf(&e->processes, "%s%s", listed++ ? ", " : " (", e->names.name[n]);
    }
    text_append(&e->processes, listed ? ")\n" : "\n");
    append(&e->processes, &e->variables);
    text_append(&e->processes, "    begin\n");
    append(&e->processes, &e->statements);
    text_append(&e->processes, listed ? "    end process;\n" : "        wait;\n    end process;\n");
}

static void emit_valid(vhdl_emitter *e)
{
    int latency = e->g->latency;
    if (latency == 0) {
        text_append(&e->wires, "    valid_out <= valid_in;\n");
        return;
    }
    text_printf(&e->signals,
                "    signal %s0_valid : std_logic_vector(%d downto 0) := (others => '0');\n",
                e->prefix, latency - 1);
    text_printf(&e->wires, "    valid_out <= %s0_valid(%d);\n", e->prefix, latency - 1);
}

static void emit_body(vhdl_emitter *e)
{
    int stages = e->g->latency;
    emit_valid(e);
    for (uint32_t n = 0; n < e->g->count; n++) {
        emit_node(e, n);
        stages = e->layer[n] > stages ? e->layer[n] : stages;
    }
    for (int stage = 0; stage < stages; stage++)
        emit_stage(e, stage);
    emit_outputs(e);
}

symlut_status emit_vhdl(emit_files *set, const symlut_firmware *fw, symlut_error *err)
{
    vhdl_emitter e = {.fw = fw, .g = fw->g, .prefix = node_prefix(fw->g)};
    symlut_status status = node_names_make(&e.names, fw->g, err);
    if (status != SYMLUT_OK)
        return status;
    arena *memory = &e.names.memory;
    e.uses_table = ARENA_ARRAY(memory, bool, fw->g->table_count + 1);
    e.layer = ARENA_ARRAY(memory, int, fw->g->count + 1);
    e.needed = ARENA_ARRAY(memory, bool, fw->g->count + 1);
    e.read = ARENA_ARRAY(memory, bool, fw->g->count + 1);
    text *out = emit_files_add(set, "vhdl/%s.vhd", fw->name);
    if (!memory->failed) {
        emit_body(&e);
        emit_entity(out, fw);
        emit_architecture(&e, out);
    }
    text *const parts[] = {&e.signals, &e.variables, &e.statements, &e.wires, &e.processes};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (memory->failed || parts[i]->failed)
            status = error_memory(err);
        text_free(parts[i]);
    }
    node_names_free(&e.names);
    return status == SYMLUT_OK ? emit_files_status(set, err) : status;
}
