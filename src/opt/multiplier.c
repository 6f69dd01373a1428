/* Products of two variables as tables or as rows and additions, where they are to be made of LUTs.
 *
 * requires: a checked graph; products by constants gone (shift_add)
 * keeps:    ports, values of outputs
 * breaks:   stages (run before schedule)
 *
 * A product whose operands have at most eight bits together is one table of both where that takes
 * fewer LUTs by the estimate. Else one operand b is read in digits of two bits, each choosing a
 * row, and the rows are added in a balanced tree. Digits are unsigned, of 0, a, 2a and 3a, with 3a
 * made once, a signed b less 2^n times its sign in one more row; or, for a signed b, Booth's, of
 * -2a to 2a: no 3a and no row for the sign, but bits for what inverted rows lack. Either way a bit
 * of the choice has five inputs, one LUT. Where b has up to four bits, a may be the one in digits,
 * of as many bits as a LUT reads beside all of b: each bit of a row is one LUT, a table, and there
 * are few rows. cost_product_rows takes the fewest LUTs; bench/results/multipliers.csv has the
 * figures beside a synthesiser's *. A square of few bits is a table where that takes fewer LUTs
 * than its halves. Products that cost_in_dsp gives to DSPs stay as they are.
 */
#include "opt/opt.h"
#include "opt/rewrite.h"

#include <stdio.h>
#include <string.h>

enum { SQUARE_BITS = 10 };

/* Bits i and up, `count` of them, of b as an unsigned integer; the binary point after the last. */
static graph_ref bits_of(graph *g, graph_ref b, int i, int count)
{
    if (b == GRAPH_NONE)
        return b;
    int frac = g->nodes[b].fmt.frac - i;
    format f = {.is_signed = false, .width = (uint8_t)count, .frac = (int16_t)frac};
    graph_ref bits = graph_add_cast(g, b, f, ROUND_TRN, OVERFLOW_WRAP);
    return frac ? graph_add_shift(g, bits, frac) : bits;
}

static graph_ref choose(graph *g, graph_ref bit, graph_ref yes, graph_ref no)
{
    return graph_add(g, GRAPH_SELECT, bit, yes, no);
}

/* a, 2a and 3a, and zero. */
typedef struct multiples {
    graph_ref zero, one, two, three;
} multiples;

static multiples multiples_of(graph *g, graph_ref a, bool needs_three)
{
    format zero = {.is_signed = false, .width = 1, .frac = g->nodes[a].fmt.frac};
    multiples m = {.zero = graph_add_const(g, 0, zero), .one = a, .three = GRAPH_NONE};
    m.two = graph_add_shift(g, a, 1);
    if (needs_three)
        m.three = graph_add(g, GRAPH_ADD, a, m.two, GRAPH_NONE);
    return m;
}

/* Row k of the product: digit k of b times a, at its place. */
static graph_ref row(graph *g, graph_ref b, const multiples *m, int place, int digit_bits)
{
    graph_ref low = bits_of(g, b, place, 1), value;
    if (digit_bits == 1) {
        value = choose(g, low, m->one, m->zero);
    } else {
        graph_ref high = bits_of(g, b, place + 1, 1);
        value = choose(g, high, choose(g, low, m->three, m->two), choose(g, low, m->one, m->zero));
    }
    return place ? graph_add_shift(g, value, place) : value;
}

static graph_ref sum_rows(graph *g, graph_ref *rows, int count)
{
    while (count > 1) {
        int made = 0;
        for (int k = 0; k < count; k += 2)
            rows[made++] =
                k + 1 < count ? graph_add(g, GRAPH_ADD, rows[k], rows[k + 1], GRAPH_NONE) : rows[k];
        count = made;
    }
    return rows[0];
}

/* a * b, b's bits times 2^-frac of b. */
static graph_ref product(graph *g, graph_ref a, graph_ref b)
{
    format f = g->nodes[b].fmt;
    graph_ref rows[COST_MOST_ROWS];
    int count = 0;
    multiples m = multiples_of(g, a, f.width > 1);
    for (int place = 0; place < f.width; place += 2)
        rows[count++] = row(g, b, &m, place, place + 1 < f.width ? 2 : 1);
    graph_ref sum = sum_rows(g, rows, count);
    if (f.is_signed) {
        graph_ref sign = bits_of(g, b, f.width - 1, 1);
        graph_ref last = graph_add_shift(g, choose(g, sign, a, m.zero), f.width);
        sum = graph_add(g, GRAPH_SUB, sum, last, GRAPH_NONE);
    }
    return f.frac ? graph_add_shift(g, sum, -f.frac) : sum;
}

/* Row k of a product by signed digits: digit k of b, 0, 1 or 2 times a, inverted where it is
 * negative: one less than the product then. The digit is -2 h + m + l, of bits 2k + 1, 2k and
 * 2k - 1 of b; its sign repeats above, zeros are below. */
static graph_ref signed_row(graph *g, graph_ref b, const multiples *m, int k)
{
    int width = g->nodes[b].fmt.width, top = 2 * k + 1 < width ? 2 * k + 1 : width - 1;
    graph_ref high = bits_of(g, b, top, 1), low = GRAPH_NONE, plus, minus;
    if (k > 0)
        low = bits_of(g, b, 2 * k - 1, 1);
    /* times a: where low is 0, where it is 1; of them by the middle bit */
    if (2 * k == top) {
        plus = low == GRAPH_NONE ? m->zero : choose(g, low, m->one, m->zero);
        minus = low == GRAPH_NONE ? m->one : choose(g, low, m->zero, m->one);
    } else {
        graph_ref middle = bits_of(g, b, 2 * k, 1);
        graph_ref plus_one = low == GRAPH_NONE ? m->one : choose(g, low, m->two, m->one);
        graph_ref plus_none = low == GRAPH_NONE ? m->zero : choose(g, low, m->one, m->zero);
        graph_ref minus_one = low == GRAPH_NONE ? m->one : choose(g, low, m->zero, m->one);
        graph_ref minus_none = low == GRAPH_NONE ? m->two : choose(g, low, m->one, m->two);
        plus = choose(g, middle, plus_one, plus_none);
        minus = choose(g, middle, minus_one, minus_none);
    }
    graph_ref inverted = graph_add(g, GRAPH_NOT, minus, GRAPH_NONE, GRAPH_NONE);
    graph_ref value = choose(g, high, inverted, plus);
    return k ? graph_add_shift(g, value, 2 * k) : value;
}

/* a * b by signed digits of b, signed. What the inverted rows lack, the digits' sign bits at their
 * places: in the empty low bits of the next row, the last one in the first row. */
static graph_ref signed_product(graph *g, graph_ref a, graph_ref b)
{
    format fa = g->nodes[a].fmt, fb = g->nodes[b].fmt;
    graph_ref rows[COST_MOST_ROWS];
    int count = (fb.width + 1) / 2;
    multiples m = multiples_of(g, a, false);
    for (int k = 0; k < count; k++)
        rows[k] = signed_row(g, b, &m, k);
    for (int k = 0; k < count; k++) {
        int sign = 2 * k + 1 < fb.width ? 2 * k + 1 : fb.width - 1, place = 2 * k - fa.frac;
        graph_ref bit = bits_of(g, b, sign, 1);
        graph_ref *row = &rows[k + 1 < count ? k + 1 : 0];
        *row =
            graph_add(g, GRAPH_ADD, *row, place ? graph_add_shift(g, bit, place) : bit, GRAPH_NONE);
    }
    graph_ref sum = sum_rows(g, rows, count);
    return fb.frac ? graph_add_shift(g, sum, -fb.frac) : sum;
}

/* The integer that the low bits `bits` are in format f. */
static int64_t value_of(format f, int64_t bits)
{
    bits &= ((int64_t)1 << f.width) - 1;
    return f.is_signed && bits >> (f.width - 1) ? bits - ((int64_t)1 << f.width) : bits;
}

/* A table that is not in a graph yet. */
typedef struct small_table {
    int64_t words[1 << SQUARE_BITS];
    graph_table t;
} small_table;

static bool measure(graph *g, small_table *s, int bits, int64_t least, int64_t most)
{
    s->t = (graph_table){
        .index_bits = (uint8_t)bits, .word = format_for(least, most, 0), .words = s->words};
    bool measured = graph_table_measure(&s->t);
    if (!measured)
        error_memory(&g->failed);
    return measured;
}

/* The words of the product of x and y, by x's bits above y's. Those of values that an operand never
 * has are `idle` ? 0 : the product, as far as the word holds it. */
static bool fill_products(graph *g, small_table *s, const graph_node *x, const graph_node *y,
                          bool idle)
{
    int bits = x->fmt.width + y->fmt.width;
    int64_t least = INT64_MAX, most = INT64_MIN;
    for (int pass = 0; pass < 2; pass++) {
        for (int64_t i = 0; i < (int64_t)1 << bits; i++) {
            int64_t p = value_of(x->fmt, i >> y->fmt.width), q = value_of(y->fmt, i);
            bool occurs = p >= x->lo && p <= x->hi && q >= y->lo && q <= y->hi;
            if (occurs) {
                s->words[i] = p * q;
                least = p * q < least ? p * q : least;
                most = p * q > most ? p * q : most;
            } else if (pass == 1) {
                s->words[i] = idle ? 0 : value_of(format_for(least, most, 0), p * q);
            }
        }
    }
    return measure(g, s, bits, least, most);
}

/* The product of a and b as one table of both where that takes no more LUTs than rows; else
 * GRAPH_NONE. */
static graph_ref product_table(graph *g, graph_ref a, graph_ref b)
{
    const graph_node *x = &g->nodes[a], *y = &g->nodes[b];
    format fx = x->fmt, fy = y->fmt;
    if (fx.width + fy.width > COST_TABLE_BITS)
        return GRAPH_NONE;
    small_table s, other;
    if (!fill_products(g, &s, x, y, true) || !fill_products(g, &other, x, y, false))
        return GRAPH_NONE;
    if (cost_table_lut(&other.t) < cost_table_lut(&s.t)) {
        memcpy(s.words, other.words, sizeof s.words);
        s.t.leaves = other.t.leaves;
        s.t.columns = other.t.columns;
    }
    if (cost_table_lut(&s.t) > cost_product_rows(fx, fy, true).lut)
        return GRAPH_NONE;
    char name[48];
    snprintf(name, sizeof name, "product_%s%d_%s%d", fx.is_signed ? "s" : "u", (int)fx.width,
             fy.is_signed ? "s" : "u", (int)fy.width);
    uint32_t table = graph_add_table(g, name, "integer product", s.t.index_bits, s.t.word, s.words);
    graph_ref whole_b = fy.frac ? graph_add_shift(g, b, fy.frac) : b;
    graph_ref both = graph_add_concat(g, bits_of(g, a, 0, fx.width), whole_b, fy.width);
    if (both != GRAPH_NONE && g->nodes[both].fmt.width != s.t.index_bits)
        both = bits_of(g, both, 0, s.t.index_bits);
    graph_ref result = graph_add_lookup(g, both, table);
    int frac = fx.frac + fy.frac;
    return frac ? graph_add_shift(g, result, -frac) : result;
}

static bool fill_squares(graph *g, small_table *s, format f)
{
    int64_t most = 0;
    for (int64_t i = 0; i < (int64_t)1 << f.width; i++) {
        s->words[i] = value_of(f, i) * value_of(f, i);
        most = s->words[i] > most ? s->words[i] : most;
    }
    return measure(g, s, f.width, 0, most);
}

/* LUTs of a square in halves: theirs, their product's rows, and an addition. */
static double halves_lut(graph *g, format f)
{
    int n = f.width / 2;
    format high = {f.is_signed, (uint8_t)(f.width - n), 0}, low = {false, (uint8_t)n, 0};
    small_table s;
    double lut = fill_squares(g, &s, high) ? cost_table_lut(&s.t) : 0;
    lut += fill_squares(g, &s, low) ? cost_table_lut(&s.t) : 0;
    return lut + cost_product_rows(high, low, true).lut + 2 * f.width - n - 1;
}

/* A square of few bits, a whole number, as a table where that takes no more LUTs than its halves;
 * else GRAPH_NONE. */
static graph_ref square_table(graph *g, graph_ref a)
{
    format f = g->nodes[a].fmt;
    small_table s;
    if (f.width > SQUARE_BITS || !fill_squares(g, &s, f) ||
        (f.width > 2 && cost_table_lut(&s.t) > halves_lut(g, f)))
        return GRAPH_NONE;
    uint32_t table = graph_add_table(g, f.is_signed ? "square_signed" : "square", "integer square",
                                     f.width, s.t.word, s.words);
    return graph_add_lookup(g, a, table);
}

static graph_ref product_of(graph *g, graph_ref a, graph_ref b, bool tables);

/* a * b by digits of a: a LUT for each bit of a digit's product with all of b. */
static graph_ref product_in_tables(graph *g, graph_ref a, graph_ref b)
{
    format fa = g->nodes[a].fmt;
    graph_ref rows[COST_MOST_ROWS];
    int digit = COST_LUT_INPUTS - g->nodes[b].fmt.width, count = 0;
    for (int place = 0; place < fa.width; place += digit) {
        bool last = place + digit >= fa.width;
        format f = {.is_signed = fa.is_signed && last,
                    .width = (uint8_t)(last ? fa.width - place : digit),
                    .frac = (int16_t)(fa.frac - place)};
        graph_ref part = graph_add_cast(g, a, f, ROUND_TRN, OVERFLOW_WRAP);
        if (part == GRAPH_NONE)
            return part;
        part = f.frac ? graph_add_shift(g, part, f.frac) : part;
        graph_ref row = product_of(g, part, b, true);
        rows[count++] = f.frac && row != GRAPH_NONE ? graph_add_shift(g, row, -f.frac) : row;
    }
    return sum_rows(g, rows, count);
}

/* The product of two variables; rows without tables where those are not wanted. */
static graph_ref product_of(graph *g, graph_ref a, graph_ref b, bool tables)
{
    graph_ref small = tables ? product_table(g, a, b) : GRAPH_NONE;
    if (small != GRAPH_NONE || g->failed.status != SYMLUT_OK)
        return small;
    product_rows p = cost_product_rows(g->nodes[a].fmt, g->nodes[b].fmt, tables);
    graph_ref of = p.by_a ? b : a, by = p.by_a ? a : b;
    switch (p.form) {
    case PRODUCT_TABLES:
        return product_in_tables(g, of, by);
    case PRODUCT_SIGNED_ROWS:
        return signed_product(g, of, by);
    default:
        return product(g, of, by);
    }
}

/* The square of a whole number a = h 2^n + l: the squares of the halves lie side by side, and twice
 * their product is added at bit n + 1. Each level halves the width, down to tables. */
static graph_ref square(graph *g, graph_ref a)
{
    graph_ref small = a == GRAPH_NONE ? a : square_table(g, a);
    if (a == GRAPH_NONE || small != GRAPH_NONE || g->failed.status != SYMLUT_OK)
        return small;
    format f = g->nodes[a].fmt;
    int n = f.width / 2;
    format high_part = {f.is_signed, (uint8_t)(f.width - n), (int16_t)-n};
    graph_ref low = bits_of(g, a, 0, n);
    graph_ref high = graph_add_cast(g, a, high_part, ROUND_TRN, OVERFLOW_WRAP);
    high = graph_add_shift(g, high, -n);
    graph_ref ends = graph_add_concat(g, square(g, high), square(g, low), 2 * n);
    graph_ref cross =
        high == GRAPH_NONE || low == GRAPH_NONE ? high : product_of(g, high, low, true);
    graph_ref sum = graph_add(g, GRAPH_ADD, ends, graph_add_shift(g, cross, n + 1), GRAPH_NONE);
    if (sum == GRAPH_NONE)
        return sum;
    /* Interval arithmetic does not see that a square is no negative number. */
    int64_t lo = g->nodes[a].lo, hi = g->nodes[a].hi;
    int64_t most = lo * lo > hi * hi ? lo * lo : hi * hi;
    graph_narrow(g, sum, 0, most);
    return sum;
}

static bool worth_it(const graph *g, graph_ref a, graph_ref b)
{
    if (a == GRAPH_NONE || b == GRAPH_NONE)
        return false;
    /* Partial sums may be three bits wider than the product. */
    return g->nodes[a].fmt.width + g->nodes[b].fmt.width <= 58;
}

/* Signed operands that lie above zero, and wide formats of narrow intervals, lose their bits. */
static graph_ref narrowest(graph *g, graph_ref a)
{
    if (a == GRAPH_NONE)
        return a;
    const graph_node *n = &g->nodes[a];
    format f = format_for(n->lo, n->hi, n->fmt.frac);
    return f.width < n->fmt.width ? graph_add_cast(g, a, f, ROUND_TRN, OVERFLOW_WRAP) : a;
}

static graph_ref multiply(rewrite *rw, graph_ref k, const opt_options *options)
{
    const graph_node *n = &rw->from->nodes[k];
    graph *g = rw->to;
    graph_ref a = rewrite_arg(rw, n, 0), b = rewrite_arg(rw, n, 1);
    if (!worth_it(g, a, b))
        return rewrite_copy(rw, k);
    bool is_square = a == b;
    a = narrowest(g, a);
    b = is_square ? a : narrowest(g, b);
    if (a == GRAPH_NONE || b == GRAPH_NONE)
        return GRAPH_NONE;
    format fa = g->nodes[a].fmt;
    if (is_square) {
        graph_ref whole = fa.frac ? graph_add_shift(g, a, fa.frac) : a;
        graph_ref result = square(g, whole);
        return fa.frac ? graph_add_shift(g, result, -2 * fa.frac) : result;
    }
    return product_of(g, a, b, !options->no_product_tables);
}

symlut_status opt_multiplier(graph **g, const opt_options *options, symlut_error *err)
{
    rewrite rw;
    if (rewrite_begin(&rw, *g)) {
        for (graph_ref k = 0; k < rw.from->count && rw.to->failed.status == SYMLUT_OK; k++) {
            graph_ref before = rw.to->count;
            graph_set_origin(rw.to, rw.from->nodes[k].origin);
            bool in_luts =
                rw.from->nodes[k].op == GRAPH_MUL && !cost_in_dsp(rw.from, k, options->dsp);
            rw.map[k] = in_luts ? multiply(&rw, k, options) : rewrite_copy(&rw, k);
            rewrite_settle(&rw, k, before);
        }
    }
    return rewrite_end(&rw, g, err);
}
