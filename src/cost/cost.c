/* What each operation takes, from its formats.
 *
 * LUT counts are the sum of LUT1 to LUT6 that Yosys gives for the emitted Verilog; delays are the
 * device's, with its margin. Both are fitted operation by operation: bench/hardware/estimate.csv
 * has the figures and the errors. */
#include "cost/cost.h"

#include "cost/live.h"
#include "cost/registers.h"
#include "graph/datapath.h"

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

static node_cost adder(const graph *g, const graph_node *n, const device *d)
{
    sum_path p = sum_path_of(g, n);
    if (p.joins)
        return (node_cost){0};
    int bits = n->fmt.width - p.pass;
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
    return adder(g, n, d);
}

static node_cost cost_sub(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    return adder(g, n, d);
}

static node_cost cost_neg(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)g, (void)dsp;
    int bits = n->fmt.width;
    return (node_cost){.lut = bits, .carry = ceil(bits / 4.0), .ns = carry_ns(d, bits)};
}

/* A product in rows, as opt_multiplier makes it: a row for each two bits of `by`, the narrower
 * operand, three times the wider one, a balanced tree, one more row for a sign. */
static node_cost product_in_rows(format of, format by, const device *d)
{
    int columns = max_int(of.width, by.width), digits = by.width, rows = (digits + 1) / 2;
    double adders = rows - 1 + (digits > 1) + by.is_signed;
    node_cost c = {.lut = digits == 1 ? columns : rows * (columns + 2.0) + columns + (rows == 1)};
    c.lut += (rows - 1) * (columns + 3.0) + (by.is_signed ? 2.0 * columns : 0);
    c.carry = adders * ceil((columns + 2) / 4.0);
    double levels = digits > 1 ? 1 + ceil(log2(rows)) + by.is_signed : 0;
    c.ns = lut_ns(d) + levels * carry_ns(d, columns + 2);
    return c;
}

/* Adds `count` values that have the bits [low, top) in a balanced tree. A sum is as wide as its
 * upper operand; one of rows that overlap by more may be a bit wider, up to `most`. */
static void add_tree(node_cost *c, int *low, int *top, int count, int most, const device *d)
{
    while (count > 1) {
        int made = 0, widest = 0;
        for (int k = 0; k < count; k += 2, made++) {
            low[made] = low[k];
            top[made] = top[k];
            if (k + 1 == count)
                continue;
            int end = top[k + 1];
            if (most > 0) {
                end = max_int(top[k], end) + (count > 2);
                end = end < most || count > 2 ? end : most;
            }
            int bits = end - low[k + 1];
            c->lut += bits;
            c->carry += ceil(bits / 4.0);
            widest = max_int(widest, bits);
            top[made] = end;
        }
        c->ns += carry_ns(d, widest);
        count = made;
    }
}

/* The same with signed digits: b, signed, in digits of -2 to 2 (Booth), which choose a row that is
 * inverted where the digit is negative; the one that an inverted row lacks stands in the next row's
 * empty low bits, the last one is added to the first row's high bits. */
static node_cost product_in_signed_rows(format a, format b, const device *d)
{
    int width = a.width + (a.is_signed ? 1 : 2), rows = (b.width + 1) / 2;
    int low[COST_MOST_ROWS], top[COST_MOST_ROWS];
    int first = max_int(width, 2 * rows - 1) + 1 - (2 * rows - 2);
    node_cost c = {.lut = (double)rows * width + first, .carry = ceil(first / 4.0)};
    c.ns = lut_ns(d) + carry_ns(d, first);
    for (int k = 0; k < rows; k++) {
        low[k] = k ? 2 * k - 2 : 0;
        top[k] = k ? 2 * k + width : 2 * rows - 2 + first;
    }
    add_tree(&c, low, top, rows, a.width + b.width, d);
    return c;
}

/* The same by digits of a of as many bits as one LUT reads beside all of b: a table for each. */
static node_cost product_in_tables(format a, format b, const device *d)
{
    int digit = COST_LUT_INPUTS - b.width, count = (a.width + digit - 1) / digit;
    int low[COST_MOST_ROWS], top[COST_MOST_ROWS];
    node_cost c = {.ns = lut_ns(d)};
    for (int k = 0; k < count; k++) {
        bool last = k + 1 == count;
        int bits = last ? a.width - digit * k : digit;
        bool one = bits == 1 && !(last && a.is_signed); /* b or zero */
        low[k] = digit * k;
        top[k] = low[k] + bits + b.width;
        c.lut += b.width + (one ? 0 : bits);
    }
    add_tree(&c, low, top, count, 0, d);
    return c;
}

static node_cost product_made(product_rows p, format a, format b, const device *d)
{
    format of = p.by_a ? b : a, by = p.by_a ? a : b;
    switch (p.form) {
    case PRODUCT_TABLES:
        return product_in_tables(of, by, d);
    case PRODUCT_SIGNED_ROWS:
        return product_in_signed_rows(of, by, d);
    default:
        return product_in_rows(of, by, d);
    }
}

static void try_product(product_rows *best, product_form form, bool by_a, format a, format b)
{
    static const device unit = {0};
    product_rows p = {.form = form, .by_a = by_a};
    p.lut = product_made(p, a, b, &unit).lut;
    if (p.lut < best->lut || (p.lut == best->lut && best->form == PRODUCT_ROWS))
        *best = p;
}

product_rows cost_product_rows(format a, format b, bool tables)
{
    static const device unit = {0};
    bool narrow_a = a.width < b.width || (a.width == b.width && b.is_signed && !a.is_signed);
    product_rows best = {.form = PRODUCT_ROWS, .by_a = narrow_a};
    best.lut = product_made(best, a, b, &unit).lut;
    for (int by_a = 0; by_a < 2; by_a++) {
        format of = by_a ? b : a, by = by_a ? a : b;
        int digit = COST_LUT_INPUTS - by.width;
        if (by.is_signed && by.width <= 2 * COST_MOST_ROWS)
            try_product(&best, PRODUCT_SIGNED_ROWS, by_a, a, b);
        if (tables && digit > 1 && of.width > digit && of.width <= digit * COST_MOST_ROWS)
            try_product(&best, PRODUCT_TABLES, by_a, a, b);
    }
    return best;
}

static node_cost best_rows(format a, format b, const device *d)
{
    return product_made(cost_product_rows(a, b, true), a, b, d);
}

/* LUTs of the table of all products of two variables, the narrower one of `narrow` bits, and of
 * all squares of `bits` bits: means over signed and unsigned. */
static double product_table(int bits, int narrow)
{
    static const double seven[] = {6, 9, 10}, eight[] = {7, 14, 18, 21};
    return bits < 7 ? bits : bits == 7 ? seven[narrow - 1] : eight[narrow - 1];
}

static double square_table(int bits)
{
    static const double luts[] = {1, 1, 1.5, 3, 5.5, 7.5, 9.5, 16.5, 33};
    return luts[bits];
}

static node_cost one_table(double lut, int bits, const device *d)
{
    int beyond = bits > 6 ? bits - 6 : 0;
    return (node_cost){.lut = lut, .ns = lut_ns(d) + beyond * d->wide_mux * d->margin};
}

/* A product in LUTs: a table of both operands where it is small and takes fewer; else rows. Wide
 * squares take less than half of a product's rows. */
static node_cost multiplier_in_luts(const graph_node *a, const graph_node *b, const device *d)
{
    int bits = a->fmt.width + b->fmt.width;
    if (a == b && a->fmt.width <= COST_TABLE_BITS)
        return one_table(square_table(a->fmt.width), a->fmt.width, d);
    node_cost c = a == b ? product_in_rows(a->fmt, b->fmt, d) : best_rows(a->fmt, b->fmt, d);
    if (a == b) {
        c.lut *= 0.45;
        c.carry *= 0.45;
    } else if (bits <= COST_TABLE_BITS) {
        double lut = product_table(bits, bits - max_int(a->fmt.width, b->fmt.width));
        if (lut <= c.lut)
            c = one_table(lut, bits, d);
    }
    return c;
}

enum {
    DSP_LEAST_WIDTH = 9, /* of a product: Yosys gives no DSP to a smaller one */
    DSP_FROM_LUTS = 200
};

static bool in_dsp(const graph_node *a, const graph_node *b, const graph_node *n, dsp_use dsp)
{
    static const device unit = {0};
    int narrow = a->fmt.width < b->fmt.width ? a->fmt.width : b->fmt.width;
    if (dsp == DSP_NONE || n->fmt.width < DSP_LEAST_WIDTH || narrow < 2)
        return false;
    return dsp == DSP_PREFER || multiplier_in_luts(a, b, &unit).lut > DSP_FROM_LUTS;
}

bool cost_in_dsp(const graph *g, graph_ref k, dsp_use dsp)
{
    const graph_node *n = &g->nodes[k];
    return n->op == GRAPH_MUL && !is_fixed(arg(g, n, 0)) && !is_fixed(arg(g, n, 1)) &&
           in_dsp(arg(g, n, 0), arg(g, n, 1), n, dsp);
}

/* How often a width is cut to fit a DSP's operand. */
static int split(int width, int most, int part)
{
    return width > most ? (width - most + part - 1) / part : 0;
}

static void add_pieces(node_cost *c, int bits)
{
    c->lut += bits;
    c->carry += ceil(bits / 4.0);
}

/* Operands wider than a DSP's are cut as Yosys does it: the pieces' products are added in LUTs. */
static node_cost cost_mul(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    const graph_node *a = arg(g, n, 0), *b = arg(g, n, 1);
    if (!in_dsp(a, b, n, dsp))
        return multiplier_in_luts(a, b, d);
    int wa = a->fmt.width + (a->fmt.is_signed ? 0 : 1);
    int wb = b->fmt.width + (b->fmt.is_signed ? 0 : 1);
    int wide = max_int(wa, wb), narrow = wa + wb - wide;
    int part = d->dsp_b - 1; /* bits of each piece but the last, which carries the sign */
    int columns = 1 + split(wide, d->dsp_a, part), rows = 1 + split(narrow, d->dsp_b, part);
    node_cost c = {.dsp = columns * rows, .ns = d->dsp * d->margin};
    for (int i = 1; i < columns; i++)
        add_pieces(&c, n->fmt.width - part * i);
    for (int i = 0; i < columns; i++) {
        int piece = i + 1 < columns ? part + 1 : wide - part * i;
        for (int j = 1; j < rows; j++)
            add_pieces(&c, piece + narrow - part * j - (columns == 1));
    }
    if (columns > 1)
        c.ns += carry_ns(d, n->fmt.width - part) * ceil(log2(columns));
    if (rows > 1)
        c.ns += carry_ns(d, n->fmt.width - part) * ceil(log2(rows));
    return c;
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

/* A LUT for each of the bits [low, high) in whose column at least two bits vary: with one, its
 * digit is a wire. A seventh takes two and the multiplexer behind them. */
static node_cost count_of_bits(const graph *g, const graph_node *n, int low, int high,
                               const device *d)
{
    count_path p;
    node_cost c = {0};
    if (!count_path_of(&p, g, n))
        return c;
    uint64_t open = count_columns(&p, (int)n->aux, false);
    open &= ~count_columns(&p, (int)n->aux, true);
    int first = p.frac - (int)n->aux - n->fmt.frac;
    for (int i = low; i < high; i++) {
        int inputs = open >> (first + i) & 1 ? count_varying(&p, first + i) : 0;
        if (inputs < 2)
            continue;
        c.lut += inputs > 6 ? 2 : 1;
        c.ns = fmax(c.ns, lut_ns(d) + (inputs > 6 ? d->wide_mux * d->margin : 0));
    }
    return c;
}

static node_cost cost_count(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    return count_of_bits(g, n, 0, n->fmt.width, d);
}

static node_cost cost_abs(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    int bits = arg(g, n, 0)->fmt.width;
    return (node_cost){
        .lut = 2.0 * bits - 1, .carry = ceil(bits / 4.0), .ns = carry_ns(d, bits) + lut_ns(d)};
}

/* Bits of a comparison at the larger fraction, less the low ones that decide nothing. */
static int compared_bits(const graph *g, const graph_node *n)
{
    compare_path p = compare_path_of(g, n);
    return p.width - p.skip;
}

enum { CARRY_FROM_BITS = 7, CHUNK_BITS = 3 }; /* Yosys compares three bits a carry, in two LUTs */

static node_cost comparison(const graph *g, const graph_node *n, const device *d)
{
    int bits = compared_bits(g, n);
    bool fixed = is_fixed(arg(g, n, 0)) || is_fixed(arg(g, n, 1));
    if (fixed) /* against a constant: a tree of LUTs */
        return (node_cost){.lut = ceil(bits / 4.0), .ns = lut_ns(d) * (bits > 6 ? 2 : 1)};
    if (bits < CARRY_FROM_BITS)
        return (node_cost){.lut = bits < 4 ? 1 : bits < 6 ? 2 : 4.5, .ns = 2 * lut_ns(d)};
    double chunks = ceil((double)bits / CHUNK_BITS);
    return (node_cost){
        .lut = 2 * chunks, .carry = ceil(chunks / 4), .ns = lut_ns(d) + carry_ns(d, chunks)};
}

static node_cost extreme(const graph *g, const graph_node *n, const device *d)
{
    if (less_by_range(g, n))
        return (node_cost){0};
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

/* Up to seven index bits, the table's different functions of six of them and free multiplexers.
 * Beyond, a synthesiser misses some that are alike and chooses between them in LUTs; fitted to
 * Yosys 0.23 on tables of 8 to 11 bits, within 10 % of most. `all`: those of every word bit. */
static double fitted_table(int index_bits, double leaves, double all)
{
    switch (index_bits) {
    case 8:
        return leaves + 0.1 * all;
    case 9:
        return 0.61 * leaves + 0.43 * all;
    default:
        return index_bits < 8 ? leaves : 1.17 * leaves + 0.2 * all;
    }
}

double cost_table_lut(const graph_table *t)
{
    double all = t->index_bits > 6 ? ldexp(t->columns, t->index_bits - 6) : 0;
    return fitted_table(t->index_bits, t->leaves, all);
}

double cost_table_most(int index_bits, int width)
{
    double all = index_bits > 6 ? ldexp(width, index_bits - 6) : width;
    return fitted_table(index_bits, all, all);
}

static node_cost cost_table(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    const graph_table *t = &g->tables[n->aux];
    double beyond = t->index_bits > 6 ? t->index_bits - 6 : 0;
    return (node_cost){.lut = cost_table_lut(t),
                       .ns = lut_ns(d) + beyond * d->wide_mux * d->margin};
}

/* LUTs of one AND or OR of so many bits. */
static double gate(int inputs)
{
    return inputs > 8 ? ceil((inputs - 1) / 5.0) : inputs > 1;
}

/* A saturation: a choice per bit, which takes in the look at the bits above where they are few. */
static void limiter(node_cost *c, const graph_node *n, const cast_plan *p, const device *d)
{
    int above = p->made - n->fmt.width + (p->is_signed == n->fmt.is_signed ? 0 : 1);
    bool symmetric =
        n->fmt.is_signed && saturated_min(n->fmt, (overflow)n->overflow) != format_min(n->fmt);
    bool apart = symmetric || p->made - n->fmt.width > 4;
    bool sign_stays = n->fmt.is_signed && !apart && n->overflow == OVERFLOW_SAT;
    c->lut += n->fmt.width - sign_stays;
    c->ns += lut_ns(d);
    if (!apart)
        return;
    c->lut += (p->under ? gate(above + 1) + (symmetric ? gate(n->fmt.width - 1) + 1.5 : 0) : 0) +
              (p->over ? gate(above + 1) : 0);
    c->ns += lut_ns(d) * (above > 5 || symmetric ? 2 : 1);
}

/* Rounding up needs an incrementer as wide as its result, or as what stays of it. */
static node_cost cost_cast(const graph *g, const graph_node *n, const device *d, dsp_use dsp)
{
    (void)dsp;
    node_cost c = {0};
    cast_plan p = cast_plan_make(g, n);
    if (p.drop > 62 || p.append > 62)
        return c;
    if (p.rounds) {
        c.lut += p.made + (n->rounding == ROUND_RND ? 0 : gate(p.drop + 1));
        c.carry += ceil(p.made / 4.0);
        c.ns += carry_ns(d, p.made) + (n->rounding == ROUND_RND ? 0 : lut_ns(d));
    }
    if (p.limits)
        limiter(&c, n, &p, d);
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

/* ---- the whole graph: which choices vanish into the LUTs of their users
 *
 * A selection or complement whose value has one use is not made by itself: the user's LUT takes in
 * its inputs, as long as there are at most six. Adders take in nothing: each is emitted as a module
 * of its own, which synthesis keeps. */

typedef struct cover {
    double ready; /* ns from the start of its stage */
    uint32_t uses;
    graph_ref leaves[COST_LUT_INPUTS]; /* inputs per bit of a value not made yet */
    uint8_t count;                     /* of leaves; 0: the value is a signal */
    uint8_t low, bits;                 /* of the value: the first LUT that makes it, how many */
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
static double make(cover *c, graph_ref k)
{
    if (c[k].count == 0)
        return 0;
    c[k].count = 0;
    return c[k].bits;
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

/* Bit i of operand a at this fraction is known where `by` is. */
static bool bit_is_known(const graph *g, graph_ref a, graph_ref by, int frac, int i)
{
    const graph_node *n = &g->nodes[a];
    int own = i - align_shift(g, a, frac);
    return is_fixed(n) || own < 0 || (!n->fmt.is_signed && own >= n->fmt.width) || a == by;
}

/* A comparison that is no module of its own: its inverse is made once for each flip-flop. */
static bool is_small_comparison(const graph *g, const graph_node *n)
{
    bool orders =
        n->op == GRAPH_LT || n->op == GRAPH_LE || n->op == GRAPH_MIN || n->op == GRAPH_MAX;
    bool fixed = orders && (is_fixed(arg(g, n, 0)) || is_fixed(arg(g, n, 1)));
    return n->op == GRAPH_EQ || fixed || (orders && 2 * compared_bits(g, n) <= COST_LUT_INPUTS);
}

/* LUTs that registers save which hold choice k and alone read it: a bit that is a constant in one
 * of the cases is a reset there. */
static double reset_bits(const graph *g, const cover *c, graph_ref k)
{
    while (is_wiring(&g->nodes[k]) && c[k].uses == 1)
        k = g->nodes[k].arg[0];
    const graph_node *n = &g->nodes[k];
    bool selects = n->op == GRAPH_SELECT, extreme = n->op == GRAPH_MIN || n->op == GRAPH_MAX;
    if ((!selects && !extreme) || c[k].uses != 1 || (extreme && less_by_range(g, n)))
        return 0;
    graph_ref yes = n->arg[n->op != GRAPH_MIN], no = n->arg[selects ? 2 : n->op == GRAPH_MIN];
    graph_ref by = selects ? n->arg[0] : k;
    if (c[yes].count || c[no].count || (selects && c[by].count > 1))
        return 0;
    bool inverts = is_small_comparison(g, &g->nodes[by]);
    double bits = 0;
    for (int i = c[k].low; i < c[k].low + c[k].bits; i++) {
        bool if_yes = bit_is_known(g, yes, by, n->fmt.frac, i);
        bool if_no = bit_is_known(g, no, by, n->fmt.frac, i);
        bits += if_yes != if_no && (if_yes || !inverts);
    }
    return bits;
}

/* LUTs for what node k makes of its operands' unmade values. */
static double settle_operands(const graph *g, cover *c, graph_ref k)
{
    const graph_node *n = &g->nodes[k];
    double luts = n->op == GRAPH_REG ? -reset_bits(g, c, n->arg[0]) : 0;
    for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
        graph_ref a = n->arg[j];
        bool absorbs = c[a].uses == 1 && (is_choice(g, n) || is_wiring(n));
        absorbs = absorbs || (n->op == GRAPH_COUNT && c[a].count == 1); /* an inverter */
        if (!absorbs)
            luts += make(c, a);
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
        fits = fits && take_in(g, c, n->arg[j], &wanted, COST_LUT_INPUTS);
    if (!fits) {
        wanted = (cover){0};
        for (int j = 0; j < arity; j++) {
            luts += make(c, n->arg[j]);
            take_in(g, c, n->arg[j], &wanted, COST_LUT_INPUTS);
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
    if ((is_fixed(n) && n->op != GRAPH_INPUT) || !c[k].bits)
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

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

/* Of bits b of a choice, those that are not zero below or copies above in both of its values. */
static live_bits bits_to_choose(const graph *g, const graph_node *n, live_bits b)
{
    int low = n->fmt.width, high = 0;
    for (int j = 1; j <= 2; j++) {
        const graph_node *a = arg(g, n, j);
        int shift = align_shift(g, n->arg[j], n->fmt.frac);
        if (!is_fixed(a) || a->lo != 0)
            low = smaller(low, shift);
        high = max_int(high, shift + a->fmt.width + (a->fmt.is_signed ? 0 : 1));
    }
    low = max_int(b.low, low);
    return (live_bits){(uint8_t)low, (uint8_t)max_int(low, smaller(b.high, high))};
}

/* What node k takes, of which bits b are read. */
static node_cost cost_of_read(const graph *g, graph_ref k, live_bits b, const device *d,
                              dsp_use dsp)
{
    const graph_node *n = &g->nodes[k];
    if (b.low == b.high)
        return (node_cost){0};
    if ((n->op == GRAPH_ADD || n->op == GRAPH_SUB) && b.high <= sum_path_of(g, n).pass)
        return (node_cost){0};
    if (n->op == GRAPH_COUNT)
        return count_of_bits(g, n, b.low, b.high, d);
    node_cost own = cost_node(g, k, d, dsp);
    if (n->op == GRAPH_ABS || n->op == GRAPH_MIN || n->op == GRAPH_MAX)
        own.lut = fmax(0, own.lut - (n->fmt.width - (b.high - b.low)));
    return own;
}

static void begin_cover(cover *c, const graph *g, const live_bits *live)
{
    for (graph_ref k = 0; k < g->count; k++) {
        const graph_node *n = &g->nodes[k];
        bool reads = live[k].low < live[k].high && (!is_fixed(n) || n->op == GRAPH_REG);
        for (int j = 0; reads && j < graph_arity((graph_op)n->op); j++)
            c[n->arg[j]].uses++;
        live_bits made = n->op == GRAPH_SELECT ? bits_to_choose(g, n, live[k]) : live[k];
        c[k].low = made.low;
        c[k].bits = (uint8_t)(made.high - made.low);
    }
}

symlut_status cost_estimate(estimate *out, const graph *g, const device *d, dsp_use dsp,
                            double period_ns, symlut_error *err)
{
    cover *c = calloc(g->count + (size_t)1, sizeof *c);
    live_bits *live = malloc((g->count + (size_t)1) * sizeof *live);
    *out = (estimate){.latency = g->latency, .slowest = GRAPH_NONE};
    if (!c || !live) {
        free(c);
        free(live);
        return error_memory(err);
    }
    live_bits_find(live, g);
    begin_cover(c, g, live);
    double longest = 0;
    bool registers = g->latency > 0;
    for (graph_ref k = 0; k < g->count; k++) {
        node_cost own = cost_of_read(g, k, live[k], d, dsp);
        out->lut += cover_node(g, c, k, own.lut);
        out->carry += own.carry;
        out->dsp += own.dsp;
        out->bram += own.bram;
        registers = registers || g->nodes[k].op == GRAPH_REG;
        c[k].ready = ready_at(g, k, c, own.ns);
        if (c[k].ready > longest) {
            longest = c[k].ready;
            out->slowest = k;
        }
    }
    free(c);
    free(live);
    register_bits kept = {0};
    if (registers && !registers_count(&kept, g))
        return error_memory(err);
    out->ff = kept.ff;
    out->lut += kept.srl;
    out->ns_per_stage = longest + d->clock_to_q + d->setup;
    out->ns_per_stage = fmax(out->ns_per_stage, 1000 / d->max_mhz);
    double period = period_ns > 0 ? period_ns : out->ns_per_stage;
    out->latency_ns = g->latency > 0 ? g->latency * period : out->ns_per_stage;
    return SYMLUT_OK;
}
