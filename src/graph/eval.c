/* The reference evaluator: the specification that every emitted form equals.
 *
 * Values fit int64_t and so do all results, so that sums, differences, products and alignments are
 * exact when computed modulo 2^64 (uint64_t). Comparisons see both operands at one fraction, which
 * the builder has checked to fit. Blocks of rows keep a node's values in the cache for its users;
 * the loop over rows is the inner one. */
#include <string.h>

#include "graph/datapath.h"
#include "graph/interval.h"

enum { BLOCK = 256 };

typedef struct block {
    const graph *g;
    const int64_t *in; /* [input_count][rows] */
    int64_t *out;      /* [output_count][rows] */
    int64_t *scratch;  /* [count][BLOCK] */
    size_t rows;       /* of the whole call */
    size_t start;      /* first row of this block */
    size_t count;      /* rows of this block */
} block;

size_t graph_scratch_size(const graph *g)
{
    return (size_t)g->count * BLOCK;
}

static const int64_t *operand(const block *b, const graph_node *n, int k)
{
    return b->scratch + (size_t)n->arg[k] * BLOCK;
}

/* How far operand k moves left to reach the fraction `frac`; a shift of 64 or more leaves 0. */
static unsigned alignment(const block *b, const graph_node *n, int k, int frac)
{
    return (unsigned)(frac - b->g->nodes[n->arg[k]].fmt.frac);
}

static int64_t move_left(int64_t v, unsigned shift)
{
    return shift < 64 ? (int64_t)((uint64_t)v << shift) : 0;
}

/* The larger fraction of operands j and k. */
static int larger_frac(const block *b, const graph_node *n, int j, int k)
{
    int p = b->g->nodes[n->arg[j]].fmt.frac, q = b->g->nodes[n->arg[k]].fmt.frac;
    return p > q ? p : q;
}

static void eval_input(const block *b, const graph_node *n, int64_t *r)
{
    memcpy(r, b->in + (size_t)n->aux * b->rows + b->start, b->count * sizeof *r);
}

static void eval_const(const block *b, const graph_node *n, int64_t *r)
{
    for (size_t i = 0; i < b->count; i++)
        r[i] = n->aux;
}

/* Loops over the rows with x (and y) aligned to one fraction. */
#define BINARY(expression)                                                                         \
    int frac = larger_frac(b, n, 0, 1);                                                            \
    const int64_t *p = operand(b, n, 0), *q = operand(b, n, 1);                                    \
    unsigned s = alignment(b, n, 0, frac), t = alignment(b, n, 1, frac);                           \
    for (size_t i = 0; i < b->count; i++) {                                                        \
        int64_t x = move_left(p[i], s), y = move_left(q[i], t);                                    \
        r[i] = (expression);                                                                       \
    }

static void eval_add(const block *b, const graph_node *n, int64_t *r)
{
    BINARY((int64_t)((uint64_t)x + (uint64_t)y))
}

static void eval_sub(const block *b, const graph_node *n, int64_t *r)
{
    BINARY((int64_t)((uint64_t)x - (uint64_t)y))
}

static void eval_neg(const block *b, const graph_node *n, int64_t *r)
{
    const int64_t *p = operand(b, n, 0);
    for (size_t i = 0; i < b->count; i++)
        r[i] = (int64_t)(0 - (uint64_t)p[i]);
}

static void eval_not(const block *b, const graph_node *n, int64_t *r)
{
    const int64_t *p = operand(b, n, 0);
    for (size_t i = 0; i < b->count; i++)
        r[i] = ~p[i];
}

static void eval_mul(const block *b, const graph_node *n, int64_t *r)
{
    const int64_t *p = operand(b, n, 0), *q = operand(b, n, 1);
    for (size_t i = 0; i < b->count; i++)
        r[i] = (int64_t)((uint64_t)p[i] * (uint64_t)q[i]);
}

static void eval_shift(const block *b, const graph_node *n, int64_t *r)
{
    memcpy(r, operand(b, n, 0), b->count * sizeof *r);
}

static void eval_abs(const block *b, const graph_node *n, int64_t *r)
{
    const int64_t *p = operand(b, n, 0);
    for (size_t i = 0; i < b->count; i++)
        r[i] = p[i] < 0 ? -p[i] : p[i];
}

static void eval_min(const block *b, const graph_node *n, int64_t *r)
{
    BINARY(x < y ? x : y)
}

static void eval_max(const block *b, const graph_node *n, int64_t *r)
{
    BINARY(x > y ? x : y)
}

static void eval_lt(const block *b, const graph_node *n, int64_t *r)
{
    BINARY(x < y)
}

static void eval_le(const block *b, const graph_node *n, int64_t *r)
{
    BINARY(x <= y)
}

static void eval_eq(const block *b, const graph_node *n, int64_t *r)
{
    BINARY(x == y)
}

static void eval_select(const block *b, const graph_node *n, int64_t *r)
{
    int frac = larger_frac(b, n, 1, 2);
    const int64_t *condition = operand(b, n, 0), *p = operand(b, n, 1), *q = operand(b, n, 2);
    unsigned s = alignment(b, n, 1, frac), t = alignment(b, n, 2, frac);
    for (size_t i = 0; i < b->count; i++)
        r[i] = condition[i] ? move_left(p[i], s) : move_left(q[i], t);
}

static void eval_concat(const block *b, const graph_node *n, int64_t *r)
{
    const int64_t *p = operand(b, n, 0), *q = operand(b, n, 1);
    int64_t mask = ((int64_t)1 << n->aux) - 1;
    for (size_t i = 0; i < b->count; i++)
        r[i] = move_left(p[i], (unsigned)n->aux) | (q[i] & mask);
}

/* The bits of operand k's value x that are counted, where they meet the result's. */
static uint64_t counted(const block *b, const graph_node *n, int k, int64_t x)
{
    format f = b->g->nodes[n->arg[k]].fmt;
    uint64_t all = ((uint64_t)1 << f.width) - 1, sign = (uint64_t)f.is_signed << (f.width - 1);
    uint64_t bits = ((uint64_t)x ^ sign) & all;
    int shift = count_shift(b->g, n, k);
    return shift >= 0 ? bits << shift : bits >> -shift;
}

static uint64_t majority(uint64_t a, uint64_t b, uint64_t c)
{
    return (a & b) | (a & c) | (b & c);
}

/* Four full adders, in every column at once. */
static void eval_count(const block *b, const graph_node *n, int64_t *r)
{
    for (size_t i = 0; i < b->count; i++) {
        uint64_t w[GRAPH_ARGS];
        for (int k = 0; k < GRAPH_ARGS; k++)
            w[k] = counted(b, n, k, operand(b, n, k)[i]);
        uint64_t s = w[0] ^ w[1] ^ w[2], t = w[3] ^ w[4] ^ w[5];
        uint64_t p = majority(w[0], w[1], w[2]), q = majority(w[3], w[4], w[5]);
        uint64_t u = majority(s, t, w[6]);
        r[i] = (int64_t)(n->aux == 0 ? s ^ t ^ w[6] : n->aux == 1 ? p ^ q ^ u : majority(p, q, u));
    }
}

static void eval_table(const block *b, const graph_node *n, int64_t *r)
{
    const int64_t *p = operand(b, n, 0);
    const int64_t *words = b->g->tables[n->aux].words;
    format f = b->g->nodes[n->arg[0]].fmt;
    for (size_t i = 0; i < b->count; i++)
        r[i] = words[table_index(f, p[i])];
}

static void eval_cast(const block *b, const graph_node *n, int64_t *r)
{
    const graph_node *a = &b->g->nodes[n->arg[0]];
    const int64_t *p = operand(b, n, 0);
    if (a->fmt.frac <= n->fmt.frac && a->fmt.frac > n->fmt.frac - 64 && n->lo <= n->hi) {
        /* Nothing to round: where the shifted interval fits, nothing to overflow either. */
        unsigned s = (unsigned)(n->fmt.frac - a->fmt.frac);
        wide lo = (wide)a->lo * ((wide)1 << s), hi = (wide)a->hi * ((wide)1 << s);
        int64_t least = saturated_min(n->fmt, (overflow)n->overflow);
        if (lo >= least && hi <= format_max(n->fmt)) {
            for (size_t i = 0; i < b->count; i++)
                r[i] = move_left(p[i], s);
            return;
        }
    }
    cast_values(r, p, b->count, a->fmt.frac, n->fmt, (rounding)n->rounding, (overflow)n->overflow);
}

static void eval_reg(const block *b, const graph_node *n, int64_t *r)
{
    memcpy(r, operand(b, n, 0), b->count * sizeof *r);
}

static void eval_output(const block *b, const graph_node *n, int64_t *r)
{
    eval_reg(b, n, r);
    memcpy(b->out + (size_t)n->aux * b->rows + b->start, r, b->count * sizeof *r);
}

void graph_eval(const graph *g, size_t rows, const int64_t *in, int64_t *out, int64_t *scratch)
{
    static void (*const hooks[GRAPH_OP_COUNT])(const block *, const graph_node *, int64_t *) = {
#define OP(NAME, text, arity, doc) [GRAPH_##NAME] = eval_##text,
#include "graph/ops.def"
#undef OP
    };
    block b = {.g = g, .in = in, .out = out, .scratch = scratch, .rows = rows};
    for (b.start = 0; b.start < rows; b.start += BLOCK) {
        b.count = rows - b.start < BLOCK ? rows - b.start : BLOCK;
        for (graph_ref k = 0; k < g->count; k++)
            hooks[g->nodes[k].op](&b, &g->nodes[k], scratch + (size_t)k * BLOCK);
    }
}
