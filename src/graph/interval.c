/* Format and interval of each operation. Bounds are computed in 128 bits: operands fit 64 bits and
 * alignment shifts them by at most 63, so nothing here overflows. */
#include "graph/interval.h"

#include "graph/datapath.h"

typedef struct range {
    wide lo, hi;
    int frac;
} range;

static const char too_wide[] = "needs more than 64 bits";
static const char too_wide_aligned[] =
    "compares operands that need more than 64 bits at one fraction";

static range range_of(const graph *g, graph_ref a)
{
    const graph_node *n = &g->nodes[a];
    return (range){n->lo, n->hi, n->fmt.frac};
}

/* Brings r to a larger fraction. False when a bound leaves 127 bits (any later result would leave
 * 64). */
static bool align(range *r, int frac)
{
    int shift = frac - r->frac;
    r->frac = frac;
    if (r->lo == 0 && r->hi == 0)
        return true;
    if (shift > 63)
        return false;
    r->lo *= (wide)1 << shift;
    r->hi *= (wide)1 << shift;
    return true;
}

static bool fits(wide lo, wide hi)
{
    return lo >= INT64_MIN && hi <= INT64_MAX;
}

/* Sets the node's interval and the smallest format for it. */
static const char *settle(graph_node *n, wide lo, wide hi, int frac)
{
    if (!fits(lo, hi))
        return too_wide;
    if (frac > FORMAT_FRAC_LIMIT || frac < -FORMAT_FRAC_LIMIT)
        return "moves the binary point beyond 1000 bits";
    n->lo = (int64_t)lo;
    n->hi = (int64_t)hi;
    n->fmt = format_for(n->lo, n->hi, frac);
    return NULL;
}

static const char *settle_flag(graph_node *n, bool can_be_false, bool can_be_true)
{
    n->lo = can_be_false ? 0 : 1;
    n->hi = can_be_true ? 1 : 0;
    n->fmt = (format){.is_signed = false, .width = 1, .frac = 0};
    return NULL;
}

static bool is_flag(format f)
{
    return !f.is_signed && f.width == 1 && f.frac == 0;
}

/* Operands a and b at their larger fraction. */
static bool aligned_pair(const graph *g, const graph_node *n, range *a, range *b)
{
    *a = range_of(g, n->arg[0]);
    *b = range_of(g, n->arg[1]);
    int frac = a->frac > b->frac ? a->frac : b->frac;
    return align(a, frac) && align(b, frac);
}

/* As aligned_pair, for comparisons: each must fit 64 bits, so that they can be compared. */
static bool comparable_pair(const graph *g, const graph_node *n, range *a, range *b)
{
    return aligned_pair(g, n, a, b) && fits(a->lo, a->hi) && fits(b->lo, b->hi);
}

static wide min_wide(wide a, wide b)
{
    return a < b ? a : b;
}

static wide max_wide(wide a, wide b)
{
    return a > b ? a : b;
}

static const char *interval_input(const graph *g, graph_node *n)
{
    (void)g;
    n->lo = format_min(n->fmt);
    n->hi = format_max(n->fmt);
    return NULL;
}

static const char *interval_const(const graph *g, graph_node *n)
{
    (void)g;
    if (n->aux < format_min(n->fmt) || n->aux > format_max(n->fmt))
        return "is a constant outside its format";
    n->lo = n->hi = n->aux;
    return NULL;
}

static const char *interval_add(const graph *g, graph_node *n)
{
    range a, b;
    if (!aligned_pair(g, n, &a, &b))
        return too_wide;
    return settle(n, a.lo + b.lo, a.hi + b.hi, a.frac);
}

static const char *interval_sub(const graph *g, graph_node *n)
{
    range a, b;
    if (!aligned_pair(g, n, &a, &b))
        return too_wide;
    /* One value on both sides: x - x. */
    if (n->arg[0] == n->arg[1])
        return settle(n, 0, 0, a.frac);
    return settle(n, a.lo - b.hi, a.hi - b.lo, a.frac);
}

static const char *interval_neg(const graph *g, graph_node *n)
{
    range a = range_of(g, n->arg[0]);
    return settle(n, -a.hi, -a.lo, a.frac);
}

static const char *interval_not(const graph *g, graph_node *n)
{
    range a = range_of(g, n->arg[0]);
    return settle(n, -1 - a.hi, -1 - a.lo, a.frac);
}

static const char *interval_mul(const graph *g, graph_node *n)
{
    range a = range_of(g, n->arg[0]), b = range_of(g, n->arg[1]);
    wide p = a.lo * b.lo, q = a.lo * b.hi, r = a.hi * b.lo, s = a.hi * b.hi;
    wide lo = min_wide(min_wide(p, q), min_wide(r, s));
    wide hi = max_wide(max_wide(p, q), max_wide(r, s));
    /* A square: never negative. */
    if (n->arg[0] == n->arg[1])
        lo = a.lo > 0 ? p : a.hi < 0 ? s : 0;
    return settle(n, lo, hi, a.frac + b.frac);
}

static const char *interval_shift(const graph *g, graph_node *n)
{
    range a = range_of(g, n->arg[0]);
    if (n->aux > 2 * FORMAT_FRAC_LIMIT || n->aux < -2 * FORMAT_FRAC_LIMIT)
        return "shifts by more than 2000 bits";
    const char *problem = settle(n, a.lo, a.hi, a.frac - (int)n->aux);
    /* The same bits: the operand's format with another binary point. */
    if (!problem) {
        n->fmt = g->nodes[n->arg[0]].fmt;
        n->fmt.frac = (int16_t)(n->fmt.frac - n->aux);
    }
    return problem;
}

static const char *interval_abs(const graph *g, graph_node *n)
{
    range a = range_of(g, n->arg[0]);
    wide lo = a.lo > 0 ? a.lo : a.hi < 0 ? -a.hi : 0;
    return settle(n, lo, max_wide(a.hi, -a.lo), a.frac);
}

static const char *interval_min(const graph *g, graph_node *n)
{
    range a, b;
    if (!comparable_pair(g, n, &a, &b))
        return too_wide_aligned;
    return settle(n, min_wide(a.lo, b.lo), min_wide(a.hi, b.hi), a.frac);
}

static const char *interval_max(const graph *g, graph_node *n)
{
    range a, b;
    if (!comparable_pair(g, n, &a, &b))
        return too_wide_aligned;
    return settle(n, max_wide(a.lo, b.lo), max_wide(a.hi, b.hi), a.frac);
}

static const char *interval_lt(const graph *g, graph_node *n)
{
    range a, b;
    if (!comparable_pair(g, n, &a, &b))
        return too_wide_aligned;
    bool same = n->arg[0] == n->arg[1];
    return settle_flag(n, same || a.hi >= b.lo, !same && a.lo < b.hi);
}

static const char *interval_le(const graph *g, graph_node *n)
{
    range a, b;
    if (!comparable_pair(g, n, &a, &b))
        return too_wide_aligned;
    bool same = n->arg[0] == n->arg[1];
    return settle_flag(n, !same && a.hi > b.lo, same || a.lo <= b.hi);
}

static const char *interval_eq(const graph *g, graph_node *n)
{
    range a, b;
    if (!comparable_pair(g, n, &a, &b))
        return too_wide_aligned;
    bool same = n->arg[0] == n->arg[1];
    bool one_value = a.lo == a.hi && b.lo == b.hi && a.lo == b.lo;
    return settle_flag(n, !same && !one_value, same || (a.lo <= b.hi && b.lo <= a.hi));
}

static const char *interval_select(const graph *g, graph_node *n)
{
    const graph_node *condition = &g->nodes[n->arg[0]];
    if (!is_flag(condition->fmt))
        return "selects by a value that is not ufixed<1,1>";
    range b = range_of(g, n->arg[1]), c = range_of(g, n->arg[2]);
    int frac = b.frac > c.frac ? b.frac : c.frac;
    if (!align(&b, frac) || !align(&c, frac))
        return too_wide;
    if (condition->lo == 1)
        return settle(n, b.lo, b.hi, frac);
    if (condition->hi == 0)
        return settle(n, c.lo, c.hi, frac);
    return settle(n, min_wide(b.lo, c.lo), max_wide(b.hi, c.hi), frac);
}

static const char *interval_concat(const graph *g, graph_node *n)
{
    range a = range_of(g, n->arg[0]), b = range_of(g, n->arg[1]);
    if (n->aux < 1 || n->aux > 62)
        return "joins a number of bits that is not 1 to 62";
    if (g->nodes[n->arg[0]].fmt.is_signed)
        return "joins bits below a signed value";
    wide field = (wide)1 << n->aux;
    bool whole = b.lo >= 0 && b.hi < field;
    return settle(n, a.lo * field + (whole ? b.lo : 0), a.hi * field + (whole ? b.hi : field - 1),
                  b.frac);
}

/* Bit 0 is the first column that may have the digit. */
static const char *interval_count(const graph *g, graph_node *n)
{
    count_path p;
    if (n->aux < 0 || n->aux >= COUNT_DIGITS)
        return "counts a digit that is not 0, 1 or 2";
    if (!count_path_of(&p, g, n))
        return "counts the bits of more than 63 columns";
    uint64_t may = count_columns(&p, (int)n->aux, false);
    uint64_t must = count_columns(&p, (int)n->aux, true);
    int first = may ? __builtin_ctzll(may) : 0;
    return settle(n, (wide)(must >> first), (wide)(may >> first), p.frac - (int)n->aux - first);
}

static void take_words(const graph_table *t, uint64_t from, uint64_t to, graph_node *n)
{
    for (uint64_t i = from; i <= to; i++) {
        if (t->words[i] < n->lo)
            n->lo = t->words[i];
        if (t->words[i] > n->hi)
            n->hi = t->words[i];
    }
}

static const char *interval_table(const graph *g, graph_node *n)
{
    if (n->aux < 0 || n->aux >= (int64_t)g->table_count)
        return "looks up a table that does not exist";
    const graph_table *t = &g->tables[n->aux];
    const graph_node *a = &g->nodes[n->arg[0]];
    if (a->fmt.width != t->index_bits)
        return "looks up a table with an index of another width";
    n->fmt = t->word;
    n->lo = INT64_MAX;
    n->hi = INT64_MIN;
    uint64_t last = ((uint64_t)1 << t->index_bits) - 1;
    /* Negative indices are the table's upper half. */
    if (a->lo < 0 && a->hi >= 0) {
        take_words(t, 0, table_index(a->fmt, a->hi), n);
        take_words(t, table_index(a->fmt, a->lo), last, n);
    } else {
        take_words(t, table_index(a->fmt, a->lo), table_index(a->fmt, a->hi), n);
    }
    return NULL;
}

static int64_t clamp(wide v, int64_t lo, int64_t hi)
{
    return v < lo ? lo : v > hi ? hi : (int64_t)v;
}

static const char *interval_cast(const graph *g, graph_node *n)
{
    const graph_node *a = &g->nodes[n->arg[0]];
    if (n->rounding >= ROUNDING_COUNT || n->overflow >= OVERFLOW_COUNT)
        return "casts in an unknown mode";
    rounding r = (rounding)n->rounding;
    overflow o = (overflow)n->overflow;
    int64_t lo = saturated_min(n->fmt, o), hi = format_max(n->fmt);
    /* Rounding is monotone: the bounds round to bounds. */
    wide q_lo = cast_quantize(a->lo, a->fmt.frac, n->fmt.frac, r);
    wide q_hi = cast_quantize(a->hi, a->fmt.frac, n->fmt.frac, r);
    n->lo = clamp(q_lo, lo, hi);
    n->hi = clamp(q_hi, lo, hi);
    if (q_lo >= lo && q_hi <= hi)
        return NULL;
    if (o == OVERFLOW_SAT_ZERO) {
        n->lo = n->lo < 0 && q_hi >= lo ? n->lo : 0;
        n->hi = n->hi > 0 && q_lo <= hi ? n->hi : 0;
    } else if (o == OVERFLOW_WRAP) {
        /* Both bounds on one turn of the circle keep their order. */
        n->lo = cast_value(a->lo, a->fmt.frac, n->fmt, r, o);
        n->hi = cast_value(a->hi, a->fmt.frac, n->fmt, r, o);
        if (q_hi - q_lo >= (wide)1 << n->fmt.width || n->lo > n->hi) {
            n->lo = lo;
            n->hi = hi;
        }
    }
    return NULL;
}

static const char *interval_reg(const graph *g, graph_node *n)
{
    const graph_node *a = &g->nodes[n->arg[0]];
    n->fmt = a->fmt;
    n->lo = a->lo;
    n->hi = a->hi;
    return NULL;
}

static const char *interval_output(const graph *g, graph_node *n)
{
    return interval_reg(g, n);
}

const char *interval_of(const graph *g, graph_node *node)
{
    static const char *(*const hooks[GRAPH_OP_COUNT])(const graph *, graph_node *) = {
#define OP(NAME, text, arity, doc) [GRAPH_##NAME] = interval_##text,
#include "graph/ops.def"
#undef OP
    };
    return hooks[node->op](g, node);
}

const char *operands_problem(const graph *g, const graph_node *node, graph_ref limit)
{
    if (node->op >= GRAPH_OP_COUNT)
        return "has an unknown op";
    int arity = graph_arity((graph_op)node->op);
    for (int k = 0; k < GRAPH_ARGS; k++) {
        if (k < arity && node->arg[k] >= limit)
            return "has an operand that does not come before it";
        if (k >= arity && node->arg[k] != GRAPH_NONE)
            return "has too many operands";
        if (k < arity && g->nodes[node->arg[k]].op == GRAPH_OUTPUT)
            return "uses an output";
    }
    return NULL;
}

bool graph_derive(const graph *g, graph_node *node)
{
    for (int k = graph_arity((graph_op)node->op); k < GRAPH_ARGS; k++)
        node->arg[k] = GRAPH_NONE;
    return !operands_problem(g, node, g->count) && !interval_of(g, node);
}
