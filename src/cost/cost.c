/* What each operation takes, from its formats.
 *
 * LUT counts are the sum of LUT1 to LUT6 that Yosys gives for the emitted Verilog; delays are the
 * device's, with its margin. Both are fitted operation by operation: bench/hardware/estimate.csv
 * has the figures and the errors. */
#include "cost/cost.h"

#include <math.h>
#include <stdlib.h>

static const graph_node *arg(const graph *g, const graph_node *n, int k)
{
    return &g->nodes[n->arg[k]];
}

static bool is_fixed(const graph_node *n)
{
    return n->lo == n->hi;
}

static double lut_ns(const device *d)
{
    return d->lut * d->margin;
}

static double carry_ns(const device *d, double bits)
{
    return (d->carry_base + d->carry_bit * bits) * d->margin;
}

static int max_int(int a, int b)
{
    return a > b ? a : b;
}

/* Bits of the sum that need an adder: the low bits where only one operand has any pass through,
 * unless that operand is subtracted. */
static node_cost adder(const graph *g, const graph_node *n, const device *d, bool subtract)
{
    const graph_node *a = arg(g, n, 0), *b = arg(g, n, 1);
    int bits = n->fmt.width;
    int low = a->fmt.frac - b->fmt.frac;
    if (low > 0 || (low < 0 && !subtract))
        bits -= abs(low);
    bits = bits < 1 ? 1 : bits;
    return (node_cost){.lut = bits, .carry = ceil(bits / 4.0), .ns = carry_ns(d, bits)};
}

static node_cost cost_input(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)g, (void)n, (void)d, (void)dsp;
    return (node_cost){0};
}

static node_cost cost_const(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    return cost_input(g, n, d, dsp);
}

static node_cost cost_add(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    return adder(g, n, d, false);
}

static node_cost cost_sub(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    return adder(g, n, d, true);
}

static node_cost cost_neg(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)g, (void)dsp;
    int bits = n->fmt.width;
    return (node_cost){.lut = bits, .carry = ceil(bits / 4.0), .ns = carry_ns(d, bits)};
}

/* A product in LUTs: rows of partial products, added in a tree. */
static node_cost multiplier_in_luts(int wa, int wb, const device *d)
{
    int rows = wa < wb ? wa : wb, columns = max_int(wa, wb);
    double levels = rows > 1 ? ceil(log2(rows)) : 0;
    node_cost c = {.lut = rows == 1 ? columns : 2.7 * wa * wb + 6};
    c.carry = rows > 1 ? (rows - 1) * ceil((columns + 1) / 4.0) : 0;
    c.ns = rows == 1 ? lut_ns(d) : levels * carry_ns(d, columns + rows / 2.0);
    return c;
}

static node_cost cost_mul(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    const graph_node *a = arg(g, n, 0), *b = arg(g, n, 1);
    int wa = a->fmt.width + (a->fmt.is_signed ? 0 : 1);
    int wb = b->fmt.width + (b->fmt.is_signed ? 0 : 1);
    node_cost luts = multiplier_in_luts(a->fmt.width, b->fmt.width, d);
    if (dsp == DSP_NONE || (dsp == DSP_AUTO && luts.lut < 200))
        return luts;
    int wide = max_int(wa, wb), narrow = wa + wb - wide;
    double pieces =
        fmin(ceil((wide - 1) / (d->dsp_a - 1.0)) * ceil((narrow - 1) / (d->dsp_b - 1.0)),
             ceil((wide - 1) / (d->dsp_b - 1.0)) * ceil((narrow - 1) / (d->dsp_a - 1.0)));
    double extra = pieces > 1 ? (pieces - 1) * 17 : 0;
    return (node_cost){.dsp = pieces < 1 ? 1 : pieces,
                       .lut = extra,
                       .carry = ceil(extra / 4),
                       .ns = d->dsp * d->margin * (pieces > 1 ? 1 + 0.5 * log2(pieces) : 1)};
}

static node_cost cost_shift(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    return cost_input(g, n, d, dsp);
}

/* Complement: an inverter, which the users' LUTs take in. */
static node_cost cost_not(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    return cost_input(g, n, d, dsp);
}

static node_cost cost_concat(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    return cost_input(g, n, d, dsp);
}

static node_cost cost_abs(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    int bits = arg(g, n, 0)->fmt.width;
    return (node_cost){
        .lut = 2.0 * bits - 2, .carry = ceil(bits / 4.0), .ns = carry_ns(d, bits) + lut_ns(d)};
}

/* Bits of a comparison at the larger fraction. */
static int compared_bits(const graph *g, const graph_node *n)
{
    const graph_node *a = arg(g, n, 0), *b = arg(g, n, 1);
    int frac = max_int(a->fmt.frac, b->fmt.frac);
    return max_int(a->fmt.width + frac - a->fmt.frac, b->fmt.width + frac - b->fmt.frac);
}

static node_cost comparison(const graph *g, const graph_node *n, const device *d)
{
    int bits = compared_bits(g, n);
    bool fixed = is_fixed(arg(g, n, 0)) || is_fixed(arg(g, n, 1));
    if (fixed) /* against a constant: a tree of LUTs */
        return (node_cost){.lut = ceil(bits / 4.0), .ns = lut_ns(d) * (bits > 6 ? 2 : 1)};
    return (node_cost){.lut = 0.75 * bits, .carry = ceil(bits / 8.0), .ns = carry_ns(d, bits)};
}

static node_cost extreme(const graph *g, const graph_node *n, const device *d)
{
    node_cost c = comparison(g, n, d);
    c.lut += n->fmt.width;
    c.ns += lut_ns(d);
    return c;
}

static node_cost cost_min(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    return extreme(g, n, d);
}

static node_cost cost_max(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    return extreme(g, n, d);
}

static node_cost cost_lt(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    return comparison(g, n, d);
}

static node_cost cost_le(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    return comparison(g, n, d);
}

static node_cost cost_eq(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    int bits = compared_bits(g, n);
    bool fixed = is_fixed(arg(g, n, 0)) || is_fixed(arg(g, n, 1));
    double inputs = fixed ? bits : 2.0 * bits;
    return (node_cost){.lut = ceil(inputs * (fixed ? 0.25 : 0.3)),
                       .ns = lut_ns(d) * (inputs > 6 ? 2 : 1)};
}

static node_cost cost_select(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    double bits = n->fmt.width;
    if (is_fixed(arg(g, n, 1)) && is_fixed(arg(g, n, 2)))
        return (node_cost){0}; /* each bit is the condition, its inverse or constant */
    return (node_cost){.lut = bits, .ns = lut_ns(d)};
}

static node_cost cost_table(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    const graph_table *t = &g->tables[n->aux];
    double bits = t->word.width, beyond = t->index_bits > 6 ? t->index_bits - 6 : 0;
    return (node_cost){.lut = 0.93 * bits * exp2(beyond),
                       .ns = lut_ns(d) + beyond * d->wide_mux * d->margin};
}

/* Rounding up needs an incrementer; saturation a look at the bits above and a choice per bit. */
static node_cost cost_cast(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    const graph_node *a = arg(g, n, 0);
    node_cost c = {0};
    double bits = n->fmt.width;
    int dropped_low = a->fmt.frac - n->fmt.frac;
    if (dropped_low > 0 && n->rounding != ROUND_TRN &&
        !(n->rounding == ROUND_TRN_ZERO && a->lo >= 0)) {
        c.lut += bits;
        c.carry += ceil(bits / 4);
        c.ns += carry_ns(d, bits);
        if (n->rounding != ROUND_RND) {
            c.lut += ceil(dropped_low / 5.0);
            c.ns += lut_ns(d);
        }
    }
    int top = a->fmt.width - a->fmt.frac, kept = n->fmt.width - n->fmt.frac;
    int dropped_high = top - kept + (n->fmt.is_signed && !a->fmt.is_signed ? 1 : 0);
    bool negative = a->fmt.is_signed && !n->fmt.is_signed;
    if (n->overflow != OVERFLOW_WRAP && (dropped_high > 0 || negative)) {
        c.lut += bits + ceil((dropped_high + 1) / 5.0);
        c.ns += lut_ns(d) * (dropped_high > 3 ? 2 : 1);
    }
    return c;
}

static node_cost cost_reg(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    return cost_input(g, n, d, dsp);
}

static node_cost cost_output(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    return cost_input(g, n, d, dsp);
}

node_cost cost_node(const graph *g, graph_ref ref, const device *d, dsp_use dsp)
{
    static node_cost (*const hooks[GRAPH_OP_COUNT])(const graph *, const graph_node *,
                                                    const device *, dsp_use) = {
#define OP(NAME, text, arity, doc) [GRAPH_##NAME] = cost_##text,
#include "graph/ops.def"
#undef OP
    };
    const graph_node *n = &g->nodes[ref];
    if (is_fixed(n) && n->op != GRAPH_INPUT)
        return (node_cost){0};
    return hooks[n->op](g, n, d, dsp);
}

int cost_ff(const graph *g, graph_ref ref)
{
    const graph_node *n = &g->nodes[ref];
    return n->op == GRAPH_REG && !is_fixed(n) ? n->fmt.width : 0;
}

/* ---- the whole graph: which choices vanish into the LUTs of their users
 *
 * A selection or complement whose value has one use is not made by itself: the user's LUT takes in
 * its inputs, as long as there are at most six. Adders take in nothing: each is emitted as a module
 * of its own, which synthesis keeps. */

enum { LUT_INPUTS = 6 };

typedef struct cover {
    double ready; /* ns from the start of its stage */
    uint32_t uses;
    graph_ref leaves[LUT_INPUTS]; /* inputs per bit of a value not made yet */
    uint8_t count;                /* of leaves; 0: the value is a signal */
} cover;

static bool is_choice(const graph *g, const graph_node *n)
{
    if (n->op == GRAPH_NOT)
        return true;
    return n->op == GRAPH_SELECT && !(is_fixed(arg(g, n, 1)) && is_fixed(arg(g, n, 2)));
}

/* Wires only: the value's bits are its first operand's. */
static bool is_wiring(const graph_node *n)
{
    return n->op == GRAPH_SHIFT ||
           (n->op == GRAPH_CAST && n->rounding == ROUND_TRN && n->overflow == OVERFLOW_WRAP);
}

/* Makes the value of node k: one LUT per bit. */
static double make(const graph *g, cover *c, graph_ref k)
{
    if (c[k].count == 0)
        return 0;
    c[k].count = 0;
    return g->nodes[k].fmt.width;
}

/* Adds to the leaves of `into` those of a, or a itself; false when they are more than `most`. */
static bool take_in(const graph *g, const cover *c, graph_ref a, cover *into, int most)
{
    if (is_fixed(&g->nodes[a]))
        return true;
    int count = c[a].count ? c[a].count : 1;
    for (int j = 0; j < count; j++) {
        graph_ref leaf = c[a].count ? c[a].leaves[j] : a;
        bool there = false;
        for (int i = 0; i < into->count; i++)
            there = there || into->leaves[i] == leaf;
        if (there)
            continue;
        if (into->count >= most)
            return false;
        into->leaves[into->count++] = leaf;
    }
    return true;
}

/* LUTs for what node k makes of its operands' unmade values. */
static double settle_operands(const graph *g, cover *c, graph_ref k)
{
    const graph_node *n = &g->nodes[k];
    double luts = 0;
    for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
        graph_ref a = n->arg[j];
        bool absorbs = c[a].uses == 1 && (is_choice(g, n) || is_wiring(n));
        if (!absorbs)
            luts += make(g, c, a);
    }
    return luts;
}

/* A choice waits for its user where its inputs fit one LUT; else its operands are made first. */
static double cover_choice(const graph *g, cover *c, graph_ref k)
{
    const graph_node *n = &g->nodes[k];
    int arity = graph_arity((graph_op)n->op);
    double luts = 0;
    cover wanted = {0};
    bool fits = true;
    for (int j = 0; j < arity; j++)
        fits = fits && take_in(g, c, n->arg[j], &wanted, LUT_INPUTS);
    if (!fits) {
        wanted = (cover){0};
        for (int j = 0; j < arity; j++) {
            luts += make(g, c, n->arg[j]);
            take_in(g, c, n->arg[j], &wanted, LUT_INPUTS);
        }
    }
    for (int j = 0; j < wanted.count; j++)
        c[k].leaves[j] = wanted.leaves[j];
    c[k].count = wanted.count;
    return luts;
}

static double cover_node(const graph *g, cover *c, graph_ref k, double own)
{
    const graph_node *n = &g->nodes[k];
    if (is_fixed(n) && n->op != GRAPH_INPUT)
        return 0;
    double luts = settle_operands(g, c, k);
    if (is_choice(g, n))
        return luts + cover_choice(g, c, k);
    if (is_wiring(n) && c[n->arg[0]].count) {
        graph_ref a = n->arg[0];
        c[k].count = c[a].count;
        for (int j = 0; j < c[a].count; j++)
            c[k].leaves[j] = c[a].leaves[j];
        c[a].count = 0;
    }
    return luts + own;
}

/* ns from the start of its stage to node k's result. */
static double ready_at(const graph *g, graph_ref k, const cover *c, double own)
{
    const graph_node *n = &g->nodes[k];
    double start = 0;
    if (n->op == GRAPH_REG)
        return 0;
    for (int m = 0; m < graph_arity((graph_op)n->op); m++)
        start = fmax(start, c[n->arg[m]].ready);
    return start + own;
}

symlut_status cost_estimate(estimate *out, const graph *g, const device *d, dsp_use dsp,
                            double period_ns, symlut_error *err)
{
    cover *c = calloc(g->count + (size_t)1, sizeof *c);
    *out = (estimate){.latency = g->latency, .slowest = GRAPH_NONE};
    if (!c)
        return error_memory(err);
    for (graph_ref k = 0; k < g->count; k++) {
        for (int j = 0; j < graph_arity((graph_op)g->nodes[k].op); j++)
            c[g->nodes[k].arg[j]].uses++;
    }
    double longest = 0;
    for (graph_ref k = 0; k < g->count; k++) {
        node_cost own = cost_node(g, k, d, dsp);
        out->lut += cover_node(g, c, k, own.lut);
        out->carry += own.carry;
        out->dsp += own.dsp;
        out->bram += own.bram;
        out->ff += cost_ff(g, k);
        c[k].ready = ready_at(g, k, c, own.ns);
        if (c[k].ready > longest) {
            longest = c[k].ready;
            out->slowest = k;
        }
    }
    free(c);
    out->ff += g->latency; /* the valid bit beside the data */
    out->ns_per_stage = longest + d->clock_to_q + d->setup;
    out->ns_per_stage = fmax(out->ns_per_stage, 1000 / d->max_mhz);
    double period = period_ns > 0 ? period_ns : out->ns_per_stage;
    out->latency_ns = g->latency > 0 ? g->latency * period : out->ns_per_stage;
    return SYMLUT_OK;
}
