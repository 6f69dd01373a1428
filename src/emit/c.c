/* C99 emulator: c/NAME.h and c/NAME.c.
 *
 * Every node becomes one constant of the narrowest of int32_t and int64_t that holds its interval;
 * whatever an expression passes through on the way fits its type too, so that nothing overflows
 * and no 128-bit type is needed. Where an aligned operand (not the result) may leave 64 bits, the
 * arithmetic is unsigned, whose wrapping gives the exact result. */
#include "emit/plan.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

typedef struct c_emitter {
    const symlut_firmware *fw;
    const graph *g;
    text *out;
    node_names names;
} c_emitter;

/* A piece of an expression, in the emitter's arena. */
#define PIECE(e, ...) arena_printf(&(e)->names.memory, __VA_ARGS__)

static bool fits_32(wide_int low, wide_int high)
{
    return low >= INT32_MIN && high <= INT32_MAX;
}

static bool fits_64(wide_int low, wide_int high)
{
    return low >= INT64_MIN && high <= INT64_MAX;
}

static bool is_narrow(const c_emitter *e, graph_ref n)
{
    return fits_32(e->g->nodes[n].lo, e->g->nodes[n].hi);
}

static const char *c_type(bool narrow)
{
    return narrow ? "int32_t" : "int64_t";
}

static const char *literal(c_emitter *e, int64_t value)
{
    if (value == INT64_MIN)
        return "(-INT64_C(9223372036854775807) - 1)";
    if (value == INT32_MIN)
        return "(-2147483647 - 1)";
    if (!fits_32(value, value))
        return PIECE(e, value < 0 ? "(INT64_C(%" PRId64 "))" : "INT64_C(%" PRId64 ")", value);
    return PIECE(e, value < 0 ? "(%" PRId64 ")" : "%" PRId64, value);
}

/* ---------------------------------------------------------------- statements */

static void define(c_emitter *e, uint32_t n, bool computed_narrow, const char *expression)
{
    char comment[COMMENT_SIZE];
    bool narrow = is_narrow(e, n);
    node_comment(comment, &e->g->nodes[n]);
    const char *cast = narrow && !computed_narrow ? "(int32_t)" : "";
    bool brackets = *cast != '\0';
    text_printf(e->out, "        const %s %s = %s%s%s%s;", c_type(narrow), e->names.name[n], cast,
                brackets ? "(" : "", expression ? expression : "", brackets ? ")" : "");
    text_printf(e->out, *comment ? " /* %s */\n" : "\n", comment);
}

static void alias(c_emitter *e, uint32_t n)
{
    e->names.name[n] = e->names.name[e->g->nodes[n].arg[0]];
}

/* ---------------------------------------------------------------- aligned operands */

typedef enum operand_type { IN_32, IN_64, IN_UNSIGNED } operand_type;

typedef struct aligned {
    graph_ref ref;
    int shift; /* zeros appended */
    wide_int low, high;
} aligned;

static aligned align(const c_emitter *e, graph_ref ref, int frac)
{
    const graph_node *n = &e->g->nodes[ref];
    aligned a = {.ref = ref, .shift = align_shift(e->g, ref, frac)};
    int shift = a.shift < 63 ? a.shift : 63;
    a.low = n->lo * ((wide_int)1 << shift);
    a.high = n->hi * ((wide_int)1 << shift);
    return a;
}

/* The type in which the operands and the result [lo, hi] can be written down without overflow. */
static operand_type type_for(const aligned *operands, int count, wide_int low, wide_int high)
{
    operand_type type = fits_32(low, high) ? IN_32 : IN_64;
    for (int i = 0; i < count; i++) {
        if (!fits_64(operands[i].low, operands[i].high))
            return IN_UNSIGNED;
        if (!fits_32(operands[i].low, operands[i].high))
            type = IN_64;
    }
    return type;
}

static const char *operand(c_emitter *e, aligned a, operand_type type)
{
    const char *name = e->names.name[a.ref];
    const char *cast = type == IN_UNSIGNED                    ? "(uint64_t)"
                       : type == IN_64 && is_narrow(e, a.ref) ? "(int64_t)"
                                                              : "";
    if (!a.shift)
        return PIECE(e, "%s%s", cast, name);
    if (a.shift > 63) /* the graph lets only zero come this far */
        return "0";
    if (a.shift < 63 && type != IN_UNSIGNED)
        return PIECE(e, "%s%s * %s", cast, name, literal(e, (int64_t)1 << a.shift));
    return PIECE(e, "%s((uint64_t)%s << %d)", type == IN_UNSIGNED ? "" : "(int64_t)", name,
                 a.shift);
}

static void sum(c_emitter *e, uint32_t n, char sign)
{
    const graph_node *node = &e->g->nodes[n];
    aligned ab[2];
    for (int i = 0; i < 2; i++)
        ab[i] = align(e, node->arg[i], node->fmt.frac);
    operand_type type = type_for(ab, 2, node->lo, node->hi);
    const char *a = operand(e, ab[0], type), *b = operand(e, ab[1], type);
    define(e, n, type == IN_32,
           PIECE(e, type == IN_UNSIGNED ? "(int64_t)(%s %c %s)" : "%s %c %s", a, sign, b));
}

/* ---------------------------------------------------------------- comparisons */

/* The graph keeps both operands of a comparison within 64 bits at their common fraction. */
static const char *compared(c_emitter *e, graph_ref ra, graph_ref rb, const char *sign)
{
    int frac = common_frac(e->g, ra, rb);
    aligned ab[2] = {align(e, ra, frac), align(e, rb, frac)};
    operand_type type = type_for(ab, 2, 0, 0);
    return PIECE(e, "%s %s %s", operand(e, ab[0], type), sign, operand(e, ab[1], type));
}

/* ---------------------------------------------------------------- one function per operation */

static void c_input(c_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const char *cast = is_narrow(e, n) ? "(int32_t)" : "";
    char comment[COMMENT_SIZE];
    comment_text(comment, e->g->inputs[node->aux].name);
    text_printf(e->out, "        const %s %s = %sin[%" PRId64 " * count + i]; /* %s */\n",
                c_type(is_narrow(e, n)), e->names.name[n], cast, node->aux, comment);
}

static void c_const(c_emitter *e, uint32_t n)
{
    e->names.name[n] = literal(e, e->g->nodes[n].aux);
}

static void c_add(c_emitter *e, uint32_t n)
{
    sum(e, n, '+');
}

static void c_sub(c_emitter *e, uint32_t n)
{
    sum(e, n, '-');
}

static void c_neg(c_emitter *e, uint32_t n)
{
    graph_ref a = e->g->nodes[n].arg[0];
    bool narrow = is_narrow(e, a) && e->g->nodes[a].lo > INT32_MIN;
    define(e, n, narrow, PIECE(e, "-%s%s", narrow ? "" : "(int64_t)", e->names.name[a]));
}

static void c_not(c_emitter *e, uint32_t n)
{
    graph_ref a = e->g->nodes[n].arg[0];
    define(e, n, is_narrow(e, a), PIECE(e, "~%s", e->names.name[a]));
}

static void c_mul(c_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    graph_ref a = node->arg[0], b = node->arg[1];
    bool narrow = is_narrow(e, n) && is_narrow(e, a) && is_narrow(e, b);
    define(e, n, narrow,
           PIECE(e, "%s%s * %s", narrow ? "" : "(int64_t)", e->names.name[a], e->names.name[b]));
}

static void c_shift(c_emitter *e, uint32_t n)
{
    alias(e, n);
}

static void c_abs(c_emitter *e, uint32_t n)
{
    graph_ref a = e->g->nodes[n].arg[0];
    const char *name = e->names.name[a];
    bool narrow = is_narrow(e, a) && e->g->nodes[a].lo > INT32_MIN;
    const char *cast = narrow ? "" : "(int64_t)";
    define(e, n, narrow, PIECE(e, "%s < 0 ? -%s%s : %s%s", name, cast, name, cast, name));
}

/* `condition ? a : b` with both brought to n's fraction */
static void choose(c_emitter *e, uint32_t n, const char *condition, graph_ref ra, graph_ref rb)
{
    const graph_node *node = &e->g->nodes[n];
    aligned ab[2] = {align(e, ra, node->fmt.frac), align(e, rb, node->fmt.frac)};
    operand_type type = type_for(ab, 2, node->lo, node->hi);
    const char *a = operand(e, ab[0], type), *b = operand(e, ab[1], type);
    define(e, n, type == IN_32,
           PIECE(e, type == IN_UNSIGNED ? "(int64_t)(%s ? %s : %s)" : "%s ? %s : %s", condition, a,
                 b));
}

static void c_min(c_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    choose(e, n, compared(e, arg[0], arg[1], "<"), arg[0], arg[1]);
}

static void c_max(c_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    choose(e, n, compared(e, arg[0], arg[1], "<"), arg[1], arg[0]);
}

static void c_lt(c_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    define(e, n, true, compared(e, arg[0], arg[1], "<"));
}

static void c_le(c_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    define(e, n, true, compared(e, arg[0], arg[1], "<="));
}

static void c_eq(c_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    define(e, n, true, compared(e, arg[0], arg[1], "=="));
}

static void c_select(c_emitter *e, uint32_t n)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    choose(e, n, PIECE(e, "%s != 0", e->names.name[arg[0]]), arg[1], arg[2]);
}

static void c_concat(c_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    define(e, n, false,
           PIECE(e, "(int64_t)%s << %" PRId64 " | ((int64_t)%s & %" PRId64 ")",
                 e->names.name[node->arg[0]], node->aux, e->names.name[node->arg[1]],
                 ((int64_t)1 << node->aux) - 1));
}

static void c_count(c_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const char *words = "";
    for (int k = 0; k < GRAPH_ARGS; k++) {
        format f = e->g->nodes[node->arg[k]].fmt;
        const char *x = PIECE(e, "(uint64_t)%s", e->names.name[node->arg[k]]);
        int shift = count_shift(e->g, node, k);
        if (f.is_signed)
            x = PIECE(e, "((%s ^ %" PRIu64 "u) & %" PRIu64 "u)", x, (uint64_t)1 << (f.width - 1),
                      ((uint64_t)1 << f.width) - 1);
        if (shift)
            x = PIECE(e, "%s %s %d", x, shift > 0 ? "<<" : ">>", shift > 0 ? shift : -shift);
        words = PIECE(e, "%s, %s", words, x);
    }
    define(e, n, false, PIECE(e, "(int64_t)%s_count(%d%s)", e->fw->name, (int)node->aux, words));
}

static void c_table(c_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const graph_table *t = &e->g->tables[node->aux];
    define(e, n, is_narrow(e, n),
           PIECE(e, "%s_table_%s[%s & %" PRIu64 "]", e->fw->name, t->name,
                 e->names.name[node->arg[0]], ((uint64_t)1 << t->index_bits) - 1));
}

static void c_reg(c_emitter *e, uint32_t n)
{
    alias(e, n);
}

static void c_output(c_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    char comment[COMMENT_SIZE];
    comment_text(comment, e->g->outputs[node->aux].name);
    text_printf(e->out, "        out[%" PRId64 " * count + i] = %s; /* %s */\n", node->aux,
                e->names.name[node->arg[0]], comment);
}

/* ---------------------------------------------------------------- cast */

/* Rounding by adding below the dropped bits, then flooring: the usual way, where the addition has
 * room. What is added depends on where ties go. */
static const char *round_by_adding(c_emitter *e, const char *x, rounding r, int drop)
{
    const char *half = literal(e, (int64_t)1 << (drop - 1));
    const char *below = literal(e, ((int64_t)1 << (drop - 1)) - 1);
    switch (r) {
    case ROUND_TRN_ZERO:
        return PIECE(e, "(%s + (%s < 0 ? %s : 0)) >> %d", x, x,
                     literal(e, ((int64_t)1 << drop) - 1), drop);
    case ROUND_RND:
        return PIECE(e, "(%s + %s) >> %d", x, half, drop);
    case ROUND_RND_ZERO:
        return PIECE(e, "(%s + %s + (%s < 0)) >> %d", x, below, x, drop);
    case ROUND_RND_INF:
        return PIECE(e, "(%s + %s + (%s >= 0)) >> %d", x, below, x, drop);
    case ROUND_RND_MIN_INF:
        return PIECE(e, "(%s + %s) >> %d", x, below, drop);
    case ROUND_RND_CONV:
        return PIECE(e, "(%s + %s + ((%s >> %d) & 1)) >> %d", x, below, x, drop, drop);
    case ROUND_TRN:
    case ROUNDING_COUNT:
        break;
    }
    return PIECE(e, "%s >> %d", x, drop);
}

/* Rounding from the dropped bits themselves, for sources of nearly 64 bits; drop up to 65. */
static const char *round_by_bits(c_emitter *e, const char *x, rounding r, int drop)
{
    int low_bits = r == ROUND_TRN_ZERO ? drop : drop - 1;
    const char *rest = low_bits == 0   ? "0"
                       : low_bits > 63 ? PIECE(e, "(%s != 0)", x)
                                       : PIECE(e, "(((uint64_t)%s & UINT64_C(%" PRIu64 ")) != 0)",
                                               x, ((uint64_t)1 << low_bits) - 1);
    const char *floor = PIECE(e, "(%s >> %d)", x, drop < 63 ? drop : 63);
    const char *half = PIECE(e, "((%s >> %d) & 1)", x, drop - 1 < 63 ? drop - 1 : 63);
    switch (r) {
    case ROUND_TRN_ZERO:
        return PIECE(e, "%s + ((%s < 0) & %s)", floor, x, rest);
    case ROUND_RND:
        return PIECE(e, "%s + %s", floor, half);
    case ROUND_RND_ZERO:
        return PIECE(e, "%s + (%s & (%s | (%s < 0)))", floor, half, rest, x);
    case ROUND_RND_INF:
        return PIECE(e, "%s + (%s & (%s | (%s >= 0)))", floor, half, rest, x);
    case ROUND_RND_MIN_INF:
        return PIECE(e, "%s + (%s & %s)", floor, half, rest);
    case ROUND_RND_CONV:
        return PIECE(e, "%s + (%s & (%s | (%s & 1)))", floor, half, rest, floor);
    case ROUND_TRN:
    case ROUNDING_COUNT:
        break;
    }
    return floor;
}

/* The rounded value as an expression; *narrow: it was computed in 32 bits. */
static const char *rounded(c_emitter *e, uint32_t n, const cast_plan *p, bool *narrow)
{
    const graph_node *node = &e->g->nodes[n], *a = &e->g->nodes[node->arg[0]];
    const char *x = e->names.name[node->arg[0]];
    rounding r = (rounding)node->rounding;
    *narrow = is_narrow(e, node->arg[0]);
    if (!p->drop)
        return x;
    wide_int added = r == ROUND_TRN ? 0 : (wide_int)1 << p->drop;
    if (*narrow && (p->drop > 30 || !fits_32(a->lo, a->hi + added))) {
        *narrow = false;
        x = PIECE(e, "(int64_t)%s", x);
    }
    if (p->drop > 62 || !fits_64(a->lo, a->hi + added))
        return round_by_bits(e, x, r, p->drop);
    return round_by_adding(e, x, r, p->drop);
}

/* Low bits of x, `append` zeros below them, as n's format: modulo 2^width. */
static void wrap(c_emitter *e, uint32_t n, const char *x, int append)
{
    format f = e->g->nodes[n].fmt;
    bool narrow = f.is_signed ? f.width <= 32 : f.width <= 31;
    int size = narrow ? 32 : 64;
    if (append >= f.width) {
        define(e, n, true, "0");
        return;
    }
    if (!f.is_signed) {
        uint64_t mask = ((uint64_t)1 << f.width) - 1;
        const char *shifted = append ? PIECE(e, "((uint%d_t)%s << %d)", size, x, append)
                                     : PIECE(e, "(uint%d_t)%s", size, x);
        define(e, n, narrow, PIECE(e, "(int%d_t)(%s & %" PRIu64 "u)", size, shifted, mask));
        return;
    }
    int up = size - f.width + append, down = size - f.width;
    const char *value = up ? PIECE(e, "(int%d_t)((uint%d_t)%s << %d)", size, size, x, up)
                           : PIECE(e, "(int%d_t)%s", size, x);
    define(e, n, narrow, down ? PIECE(e, "%s >> %d", value, down) : value);
}

static wide_int ceil_shift(wide_int v, int bits)
{
    return -(-v >> bits); /* v is at most 0 here */
}

static void saturate(c_emitter *e, uint32_t n, const char *x, bool narrow, const cast_plan *p)
{
    const char *scaled = x;
    if (p->append)
        scaled = p->append > 62
                     ? "0" /* only zero is in range */
                     : PIECE(e, "(int64_t)%s * %s", x, literal(e, (int64_t)1 << p->append));
    const char *top = literal(e, (int64_t)((wide_int)p->max >> p->append));
    const char *bottom = literal(e, (int64_t)ceil_shift(p->min, p->append));
    bool zero = e->g->nodes[n].overflow == OVERFLOW_SAT_ZERO;
    const char *max = zero ? "0" : literal(e, p->max), *min = zero ? "0" : literal(e, p->min);
    const char *value = scaled;
    if (p->under)
        value = PIECE(e, "%s < %s ? %s : %s", x, bottom, min, value);
    if (p->over)
        value = PIECE(e, "%s > %s ? %s : %s", x, top, max, value);
    define(e, n, narrow && !p->append && fits_32(p->min, p->max), value);
}

static void c_cast(c_emitter *e, uint32_t n)
{
    cast_plan p = cast_plan_make(e->g, &e->g->nodes[n]);
    bool narrow;
    const char *x = rounded(e, n, &p, &narrow);
    if (!p.under && !p.over) {
        if (p.append)
            x = p.append > 62 ? "0" /* wider zeros stay in range for zero alone */
                              : PIECE(e, "(int64_t)%s * %s", x, literal(e, (int64_t)1 << p.append));
        define(e, n, narrow && !p.append, x);
        return;
    }
    if (p.drop) {
        char comment[COMMENT_SIZE];
        node_comment(comment, &e->g->nodes[n]);
        const char *name = PIECE(e, "%s_rounded", e->names.name[n]);
        text_printf(e->out, "        const %s %s = %s; /* %s */\n", c_type(narrow), name, x,
                    comment);
        x = name;
    }
    if (e->g->nodes[n].overflow == OVERFLOW_WRAP)
        wrap(e, n, x, p.append);
    else
        saturate(e, n, x, narrow, &p);
}

typedef void c_hook(c_emitter *e, uint32_t n);

static c_hook *const c_hooks[GRAPH_OP_COUNT] = {
#define OP(NAME, lower, arity, doc) [GRAPH_##NAME] = c_##lower,
#include "graph/ops.def"
#undef OP
};

/* ---------------------------------------------------------------- files */

static void emit_table(c_emitter *e, const graph_table *t)
{
    bool narrow = fits_32(format_min(t->word), format_max(t->word));
    size_t count = (size_t)1 << t->index_bits;
    char comment[COMMENT_SIZE], fmt[32];
    text_printf(e->out, "/* %s; words %s */\n", comment_text(comment, t->doc),
                format_print(t->word, fmt));
    text_printf(e->out, "static const %s %s_table_%s[%zu] = {", c_type(narrow), e->fw->name,
                t->name, count);
    for (size_t i = 0; i < count; i++) {
        text_append(e->out, i % 12 ? " " : "\n    ");
        if (narrow)
            text_printf(e->out, "%" PRId64 ",", t->words[i]);
        else
            text_printf(e->out, "%s,", literal(e, t->words[i]));
    }
    text_append(e->out, "\n};\n\n");
}

static char *upper_name(c_emitter *e)
{
    char *upper = arena_strdup(&e->names.memory, e->fw->name);
    for (char *c = upper; c && *c; c++)
        *c = (char)toupper((unsigned char)*c);
    return upper;
}

static void emit_ports(c_emitter *e, const char *what, const graph_port *ports, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        char fmt[32];
        text_printf(e->out, " *   %s[%u]  %-24s %s\n", what, i, ports[i].name,
                    format_print(ports[i].fmt, fmt));
    }
}

static void emit_header(c_emitter *e)
{
    const char *name = e->fw->name, *upper = upper_name(e);
    if (!upper)
        return;
    text_printf(e->out,
                "/* %s: bit-accurate emulator of the firmware, made by symlut %s.\n"
                " * No state: calls may run at the same time, beside other models.\n *\n",
                name, e->fw->version);
    emit_ports(e, "in", e->g->inputs, e->g->input_count);
    emit_ports(e, "out", e->g->outputs, e->g->output_count);
    text_printf(e->out,
                " *\n"
                " * Integers stand for value * 2^(W - I) of their fixed<W,I>. */\n"
                "#ifndef %s_H\n#define %s_H\n\n#include <stddef.h>\n#include <stdint.h>\n\n"
                "#ifdef __cplusplus\nextern \"C\" {\n#endif\n\n"
                "#define %s_VERSION \"%s\"\n"
                "#define %s_INPUTS %u\n#define %s_OUTPUTS %u\n"
                "#define %s_LATENCY %d /* clock cycles from inputs to outputs in the firmware */\n"
                "#define %s_CLOCK_MHZ %.17g\n\n",
                upper, upper, upper, e->fw->version, upper, e->g->input_count, upper,
                e->g->output_count, upper, e->g->latency, upper, e->fw->clock_mhz);
    text_printf(
        e->out,
        "/* One event: in [%s_INPUTS] integers in their formats, out [%s_OUTPUTS]. */\n"
        "void %s_eval(const int64_t in[], int64_t out[]);\n\n"
        "/* `count` events: in [%s_INPUTS][count], out [%s_OUTPUTS][count]; they do not overlap. "
        "*/\n"
        "void %s_eval_n(size_t count, const int64_t in[], int64_t out[]);\n\n"
        "/* Raw values to inputs: (raw - mean) / scale, rounded (%s), overflow %s; NaN\n"
        " * gives 0. raw, in: [%s_INPUTS] */\n"
        "void %s_prepare_input(const double raw[], int64_t in[]);\n\n"
        "/* Outputs as numbers. out, value: [%s_OUTPUTS] */\n"
        "void %s_read_output(const int64_t out[], double value[]);\n\n"
        "/* All three steps for one event. raw: [%s_INPUTS], value: [%s_OUTPUTS] */\n"
        "void %s_predict(const double raw[], double value[]);\n\n"
        "#ifdef __cplusplus\n}\n#endif\n\n#endif\n",
        upper, upper, name, upper, upper, name, rounding_name(e->fw->input_rounding),
        overflow_name(e->fw->input_overflow), upper, name, upper, name, upper, upper, name);
}

/* value * 2^power in C, exact (or infinite, or 0 below any format's last place) */
static void emit_scaled(c_emitter *e, int power)
{
    for (; power > 1000; power -= 1000)
        text_append(e->out, " * 0x1p1000");
    for (; power < -1000; power += 1000)
        text_append(e->out, " * 0x1p-1000");
    if (power)
        text_printf(e->out, " * 0x1p%d", power);
}

/* When `below`, rest of a unit below the value, rounds up. */
static const char *rounds_up(rounding r)
{
    switch (r) {
    case ROUND_TRN_ZERO:
        return "below < 0 && rest > 0";
    case ROUND_RND:
        return "rest >= 0.5";
    case ROUND_RND_ZERO:
        return "rest > 0.5 || (rest == 0.5 && below < 0)";
    case ROUND_RND_INF:
        return "rest > 0.5 || (rest == 0.5 && below >= 0)";
    case ROUND_RND_MIN_INF:
        return "rest > 0.5";
    case ROUND_RND_CONV:
        return "rest > 0.5 || (rest == 0.5 && below % 2 != 0)";
    case ROUND_TRN:
    case ROUNDING_COUNT:
        break;
    }
    return "0";
}

/* The rounding and overflow of inputs: double to integer in [low, high]. */
static void emit_convert(c_emitter *e)
{
    rounding r = e->fw->input_rounding;
    overflow o = e->fw->input_overflow;
    const char *beyond[2] = {o == OVERFLOW_SAT_ZERO ? "0" : "high",
                             o == OVERFLOW_SAT_ZERO ? "0" : "low"};
    text_printf(e->out,
                "/* %s and %s of a number, within [low, high]; NaN gives 0. */\n"
                "static int64_t %s_convert(double v, int64_t low, int64_t high)\n{\n"
                "    int64_t below;\n%s    if (v != v)\n        return 0;\n",
                rounding_name(r), overflow_name(o), e->fw->name,
                r == ROUND_TRN && o != OVERFLOW_WRAP ? "" : "    double rest;\n");
    if (o == OVERFLOW_WRAP)
        text_append(e->out, "    /* without whole turns of the range; exact */\n"
                            "    rest = (double)high - (double)low + 1;\n    v /= rest;\n"
                            "    if (v >= 0x1p52 || v <= -0x1p52)\n        return 0;\n"
                            "    v = (v - (double)(int64_t)v) * rest;\n");
    else
        text_printf(e->out,
                    "    if (v - (double)high >= 1 || v >= 0x1p63)\n        return %s;\n"
                    "    if (v - (double)low <= -1)\n        return %s;\n",
                    beyond[0], beyond[1]);
    text_append(e->out,
                "    below = (int64_t)v;\n    if ((double)below > v)\n        below -= 1;\n");
    if (r != ROUND_TRN)
        text_printf(e->out, "    rest = v - (double)below;\n    below += %s;\n", rounds_up(r));
    if (o == OVERFLOW_WRAP)
        text_append(e->out, "    return low + (int64_t)(((uint64_t)below - (uint64_t)low) & "
                            "((uint64_t)high - (uint64_t)low));\n}\n\n");
    else
        text_printf(e->out, "    return below > high ? %s : below < low ? %s : below;\n}\n\n",
                    beyond[0], beyond[1]);
}

static void emit_prepare(c_emitter *e)
{
    overflow o = e->fw->input_overflow;
    emit_convert(e);
    text_printf(e->out, "void %s_prepare_input(const double raw[], int64_t in[])\n{\n",
                e->fw->name);
    for (uint32_t i = 0; i < e->g->input_count; i++) {
        const firmware_input *input = &e->fw->inputs[i];
        format f = e->g->inputs[i].fmt;
        text_printf(e->out, "    in[%u] = %s_convert((raw[%u] - %.17g) / %.17g", i, e->fw->name, i,
                    input->mean, input->scale);
        emit_scaled(e, f.frac);
        text_printf(e->out, ", %s,", literal(e, saturated_min(f, o)));
        text_printf(e->out, " %s); /* %s */\n", literal(e, format_max(f)), e->g->inputs[i].name);
    }
    text_append(e->out, "}\n\n");
}

static void emit_read(c_emitter *e)
{
    text_printf(e->out, "void %s_read_output(const int64_t out[], double value[])\n{\n",
                e->fw->name);
    for (uint32_t i = 0; i < e->g->output_count; i++) {
        text_printf(e->out, "    value[%u] = (double)out[%u]", i, i);
        emit_scaled(e, -e->g->outputs[i].fmt.frac);
        text_printf(e->out, "; /* %s */\n", e->g->outputs[i].name);
    }
    text_append(e->out, "}\n");
}

static void emit_functions(c_emitter *e, const char *restrict_word)
{
    const char *name = e->fw->name;
    text_printf(e->out,
                "/* The code below shifts negative numbers right and converts modulo 2^32 and\n"
                " * 2^64, as every compiler for two's complement machines does. */\n"
                "typedef char %s_shifts_arithmetically[(-3 >> 1) == -2 ? 1 : -1];\n\n",
                name);
    for (uint32_t i = 0; i < e->g->table_count; i++)
        emit_table(e, &e->g->tables[i]);
    emit_count_function(e->out, e->fw, "uint64_t");
    text_printf(e->out,
                "void %s_eval_n(size_t count, const int64_t *%s in, int64_t *%s out)\n"
                "{\n    size_t i;\n    for (i = 0; i < count; i++) {\n",
                name, restrict_word, restrict_word);
    for (uint32_t i = 0; i < e->g->count; i++)
        c_hooks[e->g->nodes[i].op](e, i);
    text_printf(e->out,
                "    }\n}\n\nvoid %s_eval(const int64_t in[], int64_t out[])\n{\n"
                "    %s_eval_n(1, in, out);\n}\n\n",
                name, name);
    emit_prepare(e);
    emit_read(e);
}

symlut_status emit_c_functions(text *out, const symlut_firmware *fw, const char *restrict_word,
                               symlut_error *err)
{
    c_emitter e = {.fw = fw, .g = fw->g, .out = out};
    symlut_status status = node_names_make(&e.names, fw->g, err);
    if (status != SYMLUT_OK)
        return status;
    emit_functions(&e, restrict_word);
    if (e.names.memory.failed)
        status = error_memory(err);
    node_names_free(&e.names);
    return status;
}

symlut_status emit_c(emit_files *set, const symlut_firmware *fw, symlut_error *err)
{
    c_emitter header = {.fw = fw, .g = fw->g, .out = emit_files_add(set, "c/%s.h", fw->name)};
    emit_header(&header);
    bool failed = header.names.memory.failed;
    node_names_free(&header.names);
    if (failed)
        return error_memory(err);
    text *source = emit_files_add(set, "c/%s.c", fw->name);
    text_printf(source,
                "/* %s: bit-accurate emulator of the firmware, made by symlut %s. */\n"
                "#include \"%s.h\"\n\n",
                fw->name, fw->version, fw->name);
    symlut_status status = emit_c_functions(source, fw, "restrict", err);
    text_printf(source,
                "\nvoid %s_predict(const double raw[], double value[])\n{\n"
                "    int64_t in[%u], out[%u];\n"
                "    %s_prepare_input(raw, in);\n    %s_eval(in, out);\n"
                "    %s_read_output(out, value);\n}\n",
                fw->name, fw->g->input_count ? fw->g->input_count : 1,
                fw->g->output_count ? fw->g->output_count : 1, fw->name, fw->name, fw->name);
    return status == SYMLUT_OK ? emit_files_status(set, err) : status;
}
