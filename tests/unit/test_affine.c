/* Affine ranges: every value of every node of random graphs lies in them, and where values are
 * correlated they are narrower than intervals.
 *
 * usage: test_affine [GRAPHS]   default 2,000, or 50,000 with SYMLUT_THOROUGH set */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "graph/affine.h"

enum { ROWS = 64 };

/* An output for each node of g, so that every value is seen. */
static graph *with_all_outputs(const graph *g)
{
    graph *all = graph_new_from(g);
    graph_ref *map = calloc(g->count + (size_t)1, sizeof *map);
    assert_true(all && map);
    uint32_t made = 0;
    for (graph_ref k = 0; k < g->count; k++) {
        if (g->nodes[k].op == GRAPH_OUTPUT)
            continue;
        map[k] = graph_copy_node(all, g, k, map);
    }
    for (graph_ref k = 0; k < g->count; k++) {
        char name[24];
        snprintf(name, sizeof name, "n%u", made++);
        graph_ref seen = g->nodes[k].op == GRAPH_OUTPUT ? g->nodes[k].arg[0] : k;
        graph_add_output(all, name, map[seen]);
    }
    assert_int_equal(all->failed.status, SYMLUT_OK);
    free(map);
    return all;
}

static int64_t sample(rng *r, format f)
{
    switch (rng_below(r, 4)) {
    case 0:
        return format_min(f);
    case 1:
        return format_max(f);
    default:
        return (int64_t)((uint64_t)format_min(f) + (rng_next(r) >> (64 - f.width)));
    }
}

static void check_values(const graph *g, const int64_t *lo, const int64_t *hi, rng *r)
{
    graph *all = with_all_outputs(g);
    int64_t *in = calloc((size_t)g->input_count * ROWS + 1, sizeof *in);
    int64_t *out = calloc((size_t)g->count * ROWS, sizeof *out);
    int64_t *scratch = calloc(graph_scratch_size(all), sizeof *scratch);
    assert_true(in && out && scratch);
    for (uint32_t p = 0; p < g->input_count; p++)
        for (int row = 0; row < ROWS; row++)
            in[p * ROWS + (uint32_t)row] = sample(r, g->inputs[p].fmt);
    graph_eval(all, ROWS, in, out, scratch);
    for (graph_ref k = 0; k < g->count; k++) {
        for (int row = 0; row < ROWS; row++) {
            int64_t v = out[k * ROWS + (uint32_t)row];
            if (v < lo[k] || v > hi[k])
                fail_msg("node %u (%s) is %" PRId64 ", outside [%" PRId64 ", %" PRId64 "]", k,
                         graph_op_name((graph_op)g->nodes[k].op), v, lo[k], hi[k]);
        }
    }
    free(in);
    free(out);
    free(scratch);
    graph_free(all);
}

static void test_random_graphs(void **state)
{
    rng r = rng_make(20040101, 0);
    int narrower = 0, graphs = *(const int *)*state;
    for (int i = 0; i < graphs; i++) {
        graph *g = graph_random(&r, 1 + i % 60);
        affine *f = affine_new();
        int64_t *lo = calloc(g->count, sizeof *lo), *hi = calloc(g->count, sizeof *hi);
        assert_true(g && f && lo && hi);
        for (graph_ref k = 0; k < g->count; k++) {
            const graph_node *n = &g->nodes[k];
            assert_true(affine_range(f, g, k, &lo[k], &hi[k]));
            assert_true(lo[k] >= n->lo && hi[k] <= n->hi && lo[k] <= hi[k]);
            narrower += lo[k] > n->lo || hi[k] < n->hi;
        }
        check_values(g, lo, hi, &r);
        free(lo);
        free(hi);
        affine_free(f);
        graph_free(g);
    }
    assert_true(narrower > graphs / 20);
}

/* x - x/2, (x + y) - (x - y), x (x + 1) - x x: the ranges are those of x/2, 2 y and x. */
static void test_correlated(void **state)
{
    (void)state;
    graph *g = graph_new();
    affine *f = affine_new();
    format q = {true, 8, 4};
    graph_ref x = graph_add_input(g, "x", q), y = graph_add_input(g, "y", q);
    graph_ref half = graph_add(g, GRAPH_SUB, x, graph_add_shift(g, x, -1), GRAPH_NONE);
    int64_t lo, hi;
    assert_true(affine_range(f, g, half, &lo, &hi));
    assert_int_equal(lo, -128);
    assert_int_equal(hi, 127);
    graph_ref twice = graph_add(g, GRAPH_SUB, graph_add(g, GRAPH_ADD, x, y, GRAPH_NONE),
                                graph_add(g, GRAPH_SUB, x, y, GRAPH_NONE), GRAPH_NONE);
    assert_true(affine_range(f, g, twice, &lo, &hi));
    assert_int_equal(lo, -256);
    assert_int_equal(hi, 254);
    graph_ref cut = graph_add_cast(g, x, (format){true, 6, 2}, ROUND_TRN, OVERFLOW_WRAP);
    graph_ref lost = graph_add(g, GRAPH_SUB, x, cut, GRAPH_NONE);
    assert_true(affine_range(f, g, lost, &lo, &hi)); /* what the cast takes: 0 … 3 */
    assert_int_equal(lo, 0);
    assert_int_equal(hi, 3);
    affine_narrow(f, g);
    assert_int_equal(g->nodes[lost].fmt.width, 2);
    affine_free(f);
    graph_free(g);
}

/* The least value of a format is no value of SAT_SYM's, which moves it by a unit: as far as 2^9
 * where a fraction bit is that coarse. */
static void test_symmetric(void **state)
{
    (void)state;
    graph *g = graph_new();
    affine *f = affine_new();
    graph_ref x = graph_add_input(g, "x", (format){true, 4, -9});
    graph_ref cut = graph_add_cast(g, x, (format){true, 4, -9}, ROUND_TRN, OVERFLOW_SAT_SYM);
    graph_ref moved = graph_add(g, GRAPH_SUB, cut, x, GRAPH_NONE);
    int64_t lo, hi;
    assert_true(affine_range(f, g, moved, &lo, &hi));
    assert_true(lo <= 0 && hi >= 1); /* x = -8: -7 - -8 */
    affine_free(f);
    graph_free(g);
}

int main(int argc, char **argv)
{
    int graphs = argc > 1 ? atoi(argv[1]) : getenv("SYMLUT_THOROUGH") ? 50000 : 2000;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_correlated),
                                       cmocka_unit_test(test_symmetric),
                                       cmocka_unit_test_prestate(test_random_graphs, &graphs)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
