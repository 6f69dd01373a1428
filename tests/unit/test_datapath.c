/* The datapath of operations against their meaning, on every value of small formats: integers and
 * real numbers written out here. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "graph/datapath.h"

enum { GRAPHS = 400 };

static format small_format(rng *r)
{
    format f = {.is_signed = rng_below(r, 2), .frac = (int16_t)((int)rng_below(r, 9) - 4)};
    f.width = (uint8_t)(1 + rng_below(r, 5));
    return f;
}

/* An input that takes a part of its format's values. */
static graph_ref input(rng *r, graph *g, const char *name)
{
    format f = small_format(r);
    graph_ref a = graph_add_input(g, name, f);
    int64_t low = format_min(f), all = format_max(f) - low + 1;
    int64_t first = low + rng_below(r, (uint32_t)all);
    graph_narrow(g, a, first, first + rng_below(r, (uint32_t)all));
    return a;
}

/* A graph of two inputs and one operation of them. */
static graph *of_two(rng *r, graph_op op, const graph_node **node)
{
    graph *g = graph_new();
    graph_ref a = input(r, g, "a");
    graph_ref b = input(r, g, "b");
    graph_ref n = graph_add(g, op, a, b, GRAPH_NONE);
    assert_int_equal(g->failed.status, SYMLUT_OK);
    *node = &g->nodes[n];
    return g;
}

/* Value of integer v of node `ref`, in units of 2^-8: no format here is finer. */
static int64_t real(const graph *g, graph_ref ref, int64_t v)
{
    return v * (1 << (8 - g->nodes[ref].fmt.frac));
}

static int64_t floor_to(int64_t v, int bits)
{
    return (v >> bits) * ((int64_t)1 << bits);
}

/* The bits that pass by are the sum's; no operand has others below them. */
static void test_sums(void **state)
{
    (void)state;
    rng r = rng_make(1, 0);
    int passed = 0, joined = 0;
    for (int i = 0; i < GRAPHS; i++) {
        const graph_node *n;
        graph *g = of_two(&r, i % 2 ? GRAPH_ADD : GRAPH_SUB, &n);
        sum_path p = sum_path_of(g, n);
        const graph_node *a = &g->nodes[0], *b = &g->nodes[1];
        int64_t low = (1 << p.pass) - 1;
        passed += p.pass > 0;
        joined += p.joins;
        assert_true(p.pass >= 0 && p.pass < n->fmt.width);
        for (int64_t x = a->lo; x <= a->hi; x++) {
            for (int64_t y = b->lo; y <= b->hi; y++) {
                int64_t left = x * (1 << p.shift[0]), right = y * (1 << p.shift[1]);
                int64_t sum = n->op == GRAPH_ADD ? left + right : left - right;
                assert_int_equal(real(g, 2, sum), n->op == GRAPH_ADD
                                                      ? real(g, 0, x) + real(g, 1, y)
                                                      : real(g, 0, x) - real(g, 1, y));
                assert_int_equal(sum & low, (p.from ? right : left) & low);
                assert_int_equal((p.from ? left : right) & low, 0);
                if (p.joins)
                    assert_int_equal(sum >> p.pass, (p.from ? left : right) >> p.pass);
            }
        }
        graph_free(g);
    }
    assert_true(passed > GRAPHS / 8);
    assert_true(joined > 0);
}

/* Both operands fit the width, and what lies above the skipped bits compares as all does. */
static void test_comparisons(void **state)
{
    (void)state;
    static const graph_op ops[] = {GRAPH_LT, GRAPH_LE, GRAPH_EQ, GRAPH_MIN, GRAPH_MAX};
    rng r = rng_make(2, 0);
    int skipped = 0, known[3] = {0};
    for (int i = 0; i < GRAPHS; i++) {
        const graph_node *n;
        graph *g = of_two(&r, ops[i % 5], &n);
        compare_path p = compare_path_of(g, n);
        const graph_node *a = &g->nodes[0], *b = &g->nodes[1];
        int64_t least = p.is_signed ? -((int64_t)1 << (p.width - 1)) : 0;
        int64_t most = least + ((int64_t)1 << p.width) - 1;
        int64_t below = 0, pairs = 0;
        assert_true(p.skip >= 0 && p.skip < p.width);
        skipped += p.skip > 0;
        for (int64_t x = a->lo; x <= a->hi; x++) {
            for (int64_t y = b->lo; y <= b->hi; y++) {
                int64_t left = x * (1 << p.shift[0]), right = y * (1 << p.shift[1]);
                bool less = real(g, 0, x) < real(g, 1, y), same = real(g, 0, x) == real(g, 1, y);
                assert_true(left >= least && left <= most && right >= least && right <= most);
                left = floor_to(left, p.skip);
                right = floor_to(right, p.skip);
                if (n->op == GRAPH_EQ)
                    assert_int_equal(left == right, same);
                else if (n->op == GRAPH_LE)
                    assert_int_equal(left <= right, less || same);
                else
                    assert_int_equal(left < right, less);
                below += less;
                pairs++;
            }
        }
        assert_int_equal(less_by_range(g, n), below == pairs ? 1 : below == 0 ? -1 : 0);
        known[less_by_range(g, n) + 1]++;
        graph_free(g);
    }
    assert_true(skipped > GRAPHS / 8 && known[0] && known[1] && known[2]);
}

static double rounded(double x, rounding r)
{
    bool tie = x - floor(x) == 0.5;
    switch (r) {
    case ROUND_TRN:
        return floor(x);
    case ROUND_TRN_ZERO:
        return trunc(x);
    case ROUND_RND:
        return floor(x + 0.5);
    case ROUND_RND_ZERO:
        return tie ? trunc(x) : floor(x + 0.5);
    case ROUND_RND_INF:
        return round(x);
    case ROUND_RND_MIN_INF:
        return ceil(x - 0.5);
    default:
        return tie ? 2 * floor(x / 2 + 0.5) : floor(x + 0.5);
    }
}

static bool holds(int width, bool is_signed, double v)
{
    double least = is_signed ? -ldexp(1, width - 1) : 0;
    return v >= least && v < least + ldexp(1, width);
}

static void check_cast(const graph *g, const graph_node *n)
{
    const graph_node *a = &g->nodes[0];
    cast_plan p = cast_plan_make(g, n);
    int shift = a->fmt.frac - n->fmt.frac;
    bool under = false, over = false;
    double low = INFINITY, high = -INFINITY;
    for (int64_t x = a->lo; x <= a->hi; x++) {
        double q = rounded(ldexp((double)x, -shift), (rounding)n->rounding);
        assert_true(q == rounded(ldexp((double)x, p.append - p.drop), (rounding)n->rounding));
        assert_true(p.rounds || q == floor(ldexp((double)x, p.append - p.drop)));
        low = fmin(low, q);
        high = fmax(high, q);
        under = under || q < (double)p.min;
        over = over || q > (double)p.max;
    }
    assert_true((double)p.low == low && (double)p.high == high);
    assert_true(p.under == under && p.over == over);
    assert_int_equal(p.is_signed, low < 0);
    assert_true(holds(p.width, p.is_signed, low) && holds(p.width, p.is_signed, high));
    if (p.width > 1)
        assert_false(holds(p.width - 1, p.is_signed, low) && holds(p.width - 1, p.is_signed, high));
    assert_int_equal(p.limits, n->overflow != OVERFLOW_WRAP && (under || over));
    bool toward_zero = n->rounding == ROUND_TRN_ZERO;
    assert_int_equal(p.rounds,
                     shift > 0 && n->rounding != ROUND_TRN && !(toward_zero && a->lo >= 0));
    assert_int_equal(p.made, p.limits || p.width < n->fmt.width ? p.width : n->fmt.width);
}

static void test_casts(void **state)
{
    (void)state;
    rng r = rng_make(3, 0);
    for (int i = 0; i < 20 * GRAPHS; i++) {
        graph *g = graph_new();
        graph_ref a = input(&r, g, "a");
        graph_ref n =
            graph_add_cast(g, a, small_format(&r), (rounding)rng_below(&r, ROUNDING_COUNT),
                           (overflow)rng_below(&r, OVERFLOW_COUNT));
        assert_int_equal(g->failed.status, SYMLUT_OK);
        check_cast(g, &g->nodes[n]);
        graph_free(g);
    }
}

/* 64 bits to a last place that is 40 above or below: nothing wraps on the way. */
static void test_wide_casts(void **state)
{
    (void)state;
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", (format){true, 64, 0});
    graph_ref up = graph_add_cast(g, a, (format){true, 64, 40}, ROUND_RND, OVERFLOW_SAT);
    graph_ref down = graph_add_cast(g, a, (format){true, 64, -40}, ROUND_RND, OVERFLOW_SAT);
    cast_plan p = cast_plan_make(g, &g->nodes[up]);
    assert_true(p.append == 40 && p.drop == 0 && p.width == 104 && p.made == 64);
    assert_true(p.under && p.over && p.limits && !p.rounds);
    p = cast_plan_make(g, &g->nodes[down]);
    assert_true(p.append == 0 && p.drop == 40 && p.width == 25 && p.made == 25);
    assert_true(!p.under && !p.over && !p.limits && p.rounds);
    graph_free(g);
}

/* Bit c of a word as it is counted, columns from 2^-8 up; no format here has bits below. */
static int counted_bit(const graph_node *n, int64_t v, int c)
{
    int i = c - 8 + n->fmt.frac;
    if (i < 0 || i >= n->fmt.width)
        return 0;
    return (int)((uint64_t)v >> i & 1) ^ (n->fmt.is_signed && i == n->fmt.width - 1);
}

/* Every digit of every column by counting bits one by one, and all digits together as the sum of
 * the words. */
static void test_counts(void **state)
{
    (void)state;
    enum { ROWS = 64, COLUMNS = 40 };
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "p", "q", "r"};
    rng r = rng_make(5, 0);
    for (int i = 0; i < GRAPHS; i++) {
        graph *g = graph_new();
        graph_ref word[GRAPH_ARGS];
        int64_t in[GRAPH_ARGS][ROWS], out[COUNT_DIGITS][ROWS];
        for (int k = 0; k < GRAPH_ARGS; k++)
            word[k] = input(&r, g, names[k]);
        for (int digit = 0; digit < COUNT_DIGITS; digit++)
            graph_add_output(g, names[GRAPH_ARGS + digit], graph_add_count(g, word, digit));
        assert_int_equal(g->failed.status, SYMLUT_OK);
        assert_int_equal(graph_check(g, NULL), SYMLUT_OK);
        for (int k = 0; k < GRAPH_ARGS; k++) {
            const graph_node *n = &g->nodes[word[k]];
            for (int row = 0; row < ROWS; row++)
                in[k][row] = n->lo + rng_below(&r, (uint32_t)(n->hi - n->lo + 1));
        }
        int64_t *scratch = malloc(graph_scratch_size(g) * sizeof *scratch);
        assert_non_null(scratch);
        graph_eval(g, ROWS, in[0], out[0], scratch);
        free(scratch);
        for (int row = 0; row < ROWS; row++) {
            int64_t total = 0, sum = 0;
            for (int k = 0; k < GRAPH_ARGS; k++) {
                const graph_node *n = &g->nodes[word[k]];
                int64_t half = n->fmt.is_signed ? (int64_t)1 << (n->fmt.width - 1) : 0;
                sum += real(g, word[k], in[k][row] + half);
            }
            for (int digit = 0; digit < COUNT_DIGITS; digit++) {
                const graph_node *n = &g->nodes[g->outputs[digit].node];
                int64_t wanted = 0, found = out[digit][row];
                for (int c = 0; c < COLUMNS; c++) {
                    int ones = 0;
                    for (int k = 0; k < GRAPH_ARGS; k++)
                        ones += counted_bit(&g->nodes[word[k]], in[k][row], c);
                    wanted += (int64_t)(ones >> digit & 1) << (c + digit);
                }
                found = n->fmt.frac <= 8 ? found * ((int64_t)1 << (8 - n->fmt.frac)) : -1;
                assert_int_equal(found, wanted);
                assert_true(out[digit][row] >= n->lo && out[digit][row] <= n->hi);
                total += found;
            }
            assert_int_equal(total, sum);
        }
        graph_free(g);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),   cmocka_unit_test(test_comparisons),
        cmocka_unit_test(test_casts),  cmocka_unit_test(test_wide_casts),
        cmocka_unit_test(test_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
