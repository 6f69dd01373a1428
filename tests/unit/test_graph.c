/* Building, checking, printing, parsing and evaluating hardware graphs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/graph.h"

static graph *must_parse(const char *source)
{
    graph *g;
    symlut_error err = {0};
    if (graph_parse(&g, "test.ir", source, &err) != SYMLUT_OK)
        fail_msg("%ld:%ld: %s", err.line, err.column, err.message);
    return g;
}

static char *must_print(const graph *g)
{
    text t = {0};
    assert_int_equal(graph_print(g, &t), SYMLUT_OK);
    return text_take(&t);
}

/* One row through a graph. */
static void eval_row(const graph *g, const int64_t *in, int64_t *out)
{
    int64_t *scratch = malloc(graph_scratch_size(g) * sizeof *scratch);
    assert_non_null(scratch);
    graph_eval(g, 1, in, out, scratch);
    free(scratch);
}

static const format s8 = {true, 8, 4};

static void test_smallest_formats(void **state)
{
    (void)state;
    static const struct {
        int64_t lo, hi;
        bool is_signed;
        int width;
    } cases[] = {{0, 0, false, 1},          {0, 1, false, 1},         {0, 2, false, 2},
                 {-1, 0, true, 1},          {-1, 1, true, 2},         {-2, 1, true, 2},
                 {-128, 127, true, 8},      {-129, 0, true, 9},       {-1, 128, true, 9},
                 {0, INT64_MAX, false, 63}, {INT64_MIN, 0, true, 64}, {-1, INT64_MAX, true, 64}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        format f = format_for(cases[i].lo, cases[i].hi, 3);
        assert_int_equal(f.is_signed, cases[i].is_signed);
        assert_int_equal(f.width, cases[i].width);
        assert_int_equal(f.frac, 3);
        assert_true(format_min(f) <= cases[i].lo && format_max(f) >= cases[i].hi);
    }
}

static void test_intervals(void **state)
{
    (void)state;
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", s8); /* [-128,127] * 2^-4 */
    graph_ref b = graph_add_input(g, "b", (format){false, 4, 0});
    graph_ref n = graph_add(g, GRAPH_ADD, a, b, GRAPH_NONE);
    assert_int_equal(g->nodes[n].lo, -128);
    assert_int_equal(g->nodes[n].hi, 127 + 15 * 16);
    assert_int_equal(g->nodes[n].fmt.frac, 4);
    assert_int_equal(g->nodes[n].fmt.width, 10);
    n = graph_add(g, GRAPH_SUB, b, a, GRAPH_NONE);
    assert_int_equal(g->nodes[n].lo, -127);
    assert_int_equal(g->nodes[n].hi, 240 + 128);
    n = graph_add(g, GRAPH_MUL, a, a, GRAPH_NONE);
    assert_int_equal(g->nodes[n].lo, 0);
    assert_int_equal(g->nodes[n].hi, 128 * 128);
    assert_false(g->nodes[n].fmt.is_signed);
    n = graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE);
    assert_int_equal(g->nodes[n].lo, -128 * 15);
    assert_int_equal(g->nodes[n].hi, 127 * 15);
    n = graph_add(g, GRAPH_ABS, a, GRAPH_NONE, GRAPH_NONE);
    assert_int_equal(g->nodes[n].lo, 0);
    assert_int_equal(g->nodes[n].hi, 128);
    n = graph_add(g, GRAPH_MAX, a, b, GRAPH_NONE);
    assert_int_equal(g->nodes[n].lo, 0);
    assert_int_equal(g->nodes[n].hi, 240);
    n = graph_add_cast(g, a, (format){true, 4, 2}, ROUND_RND, OVERFLOW_SAT_SYM);
    assert_int_equal(g->nodes[n].lo, -7);
    assert_int_equal(g->nodes[n].hi, 7);
    n = graph_add_cast(g, b, (format){false, 3, 0}, ROUND_TRN, OVERFLOW_WRAP);
    assert_int_equal(g->nodes[n].hi, 7);
    graph_add_output(g, "y", n);
    assert_int_equal(graph_check(g, NULL), SYMLUT_OK);
    graph_free(g);
}

static void test_too_wide_quotes_the_expression(void **state)
{
    (void)state;
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", (format){true, 40, 0});
    graph_set_origin(g, "a * a * a");
    graph_ref p = graph_add(g, GRAPH_MUL, a, a, GRAPH_NONE);
    assert_int_equal(p, GRAPH_NONE);
    assert_int_equal(g->failed.status, SYMLUT_BAD_INPUT);
    assert_non_null(strstr(g->failed.message, "a * a * a"));
    assert_non_null(strstr(g->failed.message, "64 bits"));
    /* Sticky: nothing is added any more. */
    assert_int_equal(graph_add_exact_const(g, 1, 0), GRAPH_NONE);
    assert_int_equal(graph_check(g, NULL), SYMLUT_BAD_INPUT);
    graph_free(g);
}

static void test_eval_by_hand(void **state)
{
    (void)state;
    graph *g = must_parse("graph 1\n"
                          "table t index 2 word fixed<4,4> \"\" 5 -6 7 -8\n"
                          "input a : fixed<8,4>\n"
                          "input b : ufixed<4,4>\n"
                          "%0 = input a\n"
                          "%1 = input b\n"
                          "%2 = add %0 %1\n"
                          "%3 = mul %0 %1\n"
                          "%4 = lt %0 %1\n"
                          "%5 = select %4 %0 %1\n"
                          "%6 = cast %1 TRN WRAP : fixed<2,2>\n"
                          "%7 = table t %6\n"
                          "%8 = output add %2\n"
                          "%9 = output mul %3\n"
                          "%10 = output lt %4\n"
                          "%11 = output sel %5\n"
                          "%12 = output tab %7\n");
    int64_t in[2] = {-20, 3}, out[5]; /* a = -1.25, b = 3 */
    eval_row(g, in, out);
    assert_int_equal(out[0], 28); /* 1.75 */
    assert_int_equal(out[1], -60);
    assert_int_equal(out[2], 1);
    assert_int_equal(out[3], -20);
    assert_int_equal(out[4], -8); /* bits 11: the last word */
    in[0] = 127;
    in[1] = 1;
    eval_row(g, in, out);
    assert_int_equal(out[2], 0);
    assert_int_equal(out[3], 16); /* b at a's fraction */
    assert_int_equal(out[4], -6);
    graph_free(g);
}

static void test_tables_are_shared(void **state)
{
    (void)state;
    graph *g = graph_new();
    int64_t words[4] = {0, 1, 2, 3}, other[4] = {0, 1, 2, 2};
    format w = {false, 2, 0};
    uint32_t a = graph_add_table(g, "t", "", 2, w, words);
    uint32_t b = graph_add_table(g, "u", "", 2, w, words);
    uint32_t c = graph_add_table(g, "t", "", 2, w, other);
    assert_int_equal(a, b);
    assert_int_not_equal(a, c);
    assert_string_not_equal(g->tables[a].name, g->tables[c].name);
    graph_free(g);
}

static void test_copy_casts_back_where_bits_matter(void **state)
{
    (void)state;
    graph *from =
        must_parse("graph 1\n"
                   "table t index 4 word fixed<8,8> \"\" 0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15\n"
                   "input a : fixed<4,2>\n"
                   "%0 = input a\n"
                   "%1 = const 4 : fixed<4,2> [4,4] @0 \"one\"\n"
                   "%2 = table t %1\n"
                   "%3 = output y %2\n"
                   "%4 = output c %1\n"
                   "%5 = output a2 %0\n");
    graph *g = graph_new_from(from);
    graph_ref map[6];
    for (graph_ref k = 0; k < from->count; k++)
        map[k] = k == 1 ? graph_add_exact_const(g, 1, 0) : graph_copy_node(g, from, k, map);
    assert_int_equal(graph_check(g, NULL), SYMLUT_OK);
    int64_t in = 3, out[3];
    eval_row(g, &in, out);
    assert_int_equal(out[0], 4);
    assert_int_equal(out[1], 4);
    assert_int_equal(out[2], 3);
    assert_int_equal(g->outputs[1].fmt.width, 4);
    graph_free(g);
    graph_free(from);
}

static void test_narrow(void **state)
{
    (void)state;
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", s8);
    graph_ref n = graph_add(g, GRAPH_ADD, a, a, GRAPH_NONE);
    graph_narrow(g, n, -16, 15);
    assert_int_equal(g->nodes[n].fmt.width, 5);
    graph_add_output(g, "y", n);
    assert_int_equal(graph_check(g, NULL), SYMLUT_OK);
    g->nodes[n].lo = -300; /* wider than the operands give */
    symlut_error err = {0};
    assert_int_equal(graph_check(g, &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "%1"));
    graph_free(g);
}

static void test_parse_errors(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        long line, column;
        const char *says;
    } cases[] = {
        {"", 1, 1, "graph 1"},
        {"graph 2", 1, 7, "version 1"},
        {"graph 1\nfoo", 2, 1, "found 'foo'"},
        {"graph 1\ninput x fixed<8,4>", 2, 9, "':'"},
        {"graph 1\ninput x : fixed<80,4>", 2, 11, "format"},
        {"graph 1\ninput x : fixed<8,4>\ninput x : fixed<8,4>", 3, 7, "exists already"},
        {"graph 1\n%1 = const 3 : fixed<8,4>", 2, 1, "%0"},
        {"graph 1\n%0 = const 300 : fixed<8,4>", 2, 1, "outside its format"},
        {"graph 1\n%0 = const 99999999999999999999 : fixed<8,4>", 2, 12, "64 bits"},
        {"graph 1\n%0 = plus %1 %2", 2, 6, "operation"},
        {"graph 1\n%0 = neg %0", 2, 10, "earlier node"},
        {"graph 1\n%0 = input q", 2, 12, "declared above"},
        {"graph 1\n%0 = const 1 : fixed<4,4>\n%1 = cast %0 RND : fixed<4,4>", 3, 18, "overflow"},
        {"graph 1\n%0 = const 1 : fixed<4,4>\n%1 = table t %0", 3, 12, "table"},
        {"graph 1\ntable t index 2 word fixed<4,4> \"\" 1 2 3", 2, 7, "fewer"},
        {"graph 1\ntable t index 2 word fixed<4,4> \"\" 1 2 3 8", 2, 42, "fits its format"},
        {"graph 1\ntable t index 30 word fixed<4,4> 1", 2, 15, "1 to 24"},
        {"graph 1\n%0 = const 1 : fixed<4,4> [0,1]", 2, 1, "wider than"},
        {"graph 1\n%0 = const 1 : fixed<4,4>\n%1 = output y %0\n%2 = output y %0", 4, 1, "exists"},
        {"graph 1\n%0 = const 1 : fixed<64,64>\n%1 = shift %0 -5000", 3, 1, "2000"},
        {"graph 1\n%0 = const 1 : ufixed<1,1> [1,1", 2, 32, "']'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        graph *g = NULL;
        symlut_error err = {0};
        symlut_status s = graph_parse(&g, "bad.ir", cases[i].source, &err);
        if (s != SYMLUT_BAD_INPUT || err.line != cases[i].line || err.column != cases[i].column ||
            !strstr(err.message, cases[i].says))
            fail_msg("case %zu: status %d, %ld:%ld: %s", i, s, err.line, err.column, err.message);
        assert_null(g);
        assert_string_equal(err.file, "bad.ir");
    }
}

static void test_print_parse_round_trip(void **state)
{
    (void)state;
    rng r = rng_make(20240607, 1);
    for (int k = 0; k < 3000; k++) {
        graph *g = graph_random(&r, 40);
        symlut_error err = {0};
        if (graph_check(g, &err) != SYMLUT_OK)
            fail_msg("random graph %d: %s", k, err.message);
        char *once = must_print(g);
        graph *h = must_parse(once);
        char *twice = must_print(h);
        assert_string_equal(once, twice);
        graph_free(g);
        graph_free(h);
        free(once);
        free(twice);
    }
}

/* Every value that random graphs compute lies in its interval, and every op and mode occurs. */
static void test_random_graphs_stay_in_their_intervals(void **state)
{
    (void)state;
    rng r = rng_make(77, 2);
    enum { ROWS = 300 };
    long ops[GRAPH_OP_COUNT] = {0}, modes[ROUNDING_COUNT][OVERFLOW_COUNT] = {{0}};
    for (int k = 0; k < 1500; k++) {
        graph *g = graph_random(&r, 50);
        int64_t *in = calloc((g->input_count + 1) * ROWS, sizeof *in);
        int64_t *out = calloc((g->output_count + 1) * ROWS, sizeof *out);
        int64_t *scratch = calloc(graph_scratch_size(g), sizeof *scratch);
        assert_true(in && out && scratch);
        for (uint32_t p = 0; p < g->input_count; p++) {
            format f = g->inputs[p].fmt;
            for (int i = 0; i < ROWS; i++)
                in[p * ROWS + (uint32_t)i] = i == 0   ? format_min(f)
                                             : i == 1 ? format_max(f)
                                                      : cast_value((int64_t)rng_next(&r), f.frac, f,
                                                                   ROUND_TRN, OVERFLOW_WRAP);
        }
        /* 44 rows remain in the scratch of the last block. */
        graph_eval(g, ROWS, in, out, scratch);
        for (graph_ref n = 0; n < g->count; n++) {
            ops[g->nodes[n].op]++;
            if (g->nodes[n].op == GRAPH_CAST)
                modes[g->nodes[n].rounding][g->nodes[n].overflow]++;
            for (size_t i = 0; i < 256; i++) {
                int64_t v = scratch[n * 256 + i];
                if (v < g->nodes[n].lo || v > g->nodes[n].hi)
                    fail_msg("graph %d, node %u (%s): %lld outside [%lld,%lld]", k, n,
                             graph_op_name((graph_op)g->nodes[n].op), (long long)v,
                             (long long)g->nodes[n].lo, (long long)g->nodes[n].hi);
            }
        }
        free(in);
        free(out);
        free(scratch);
        graph_free(g);
    }
    for (int op = 0; op < GRAPH_OP_COUNT; op++)
        assert_true(ops[op] > 100);
    for (int m = 0; m < ROUNDING_COUNT * OVERFLOW_COUNT; m++)
        assert_true(modes[m / OVERFLOW_COUNT][m % OVERFLOW_COUNT] > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smallest_formats),
        cmocka_unit_test(test_intervals),
        cmocka_unit_test(test_too_wide_quotes_the_expression),
        cmocka_unit_test(test_eval_by_hand),
        cmocka_unit_test(test_tables_are_shared),
        cmocka_unit_test(test_copy_casts_back_where_bits_matter),
        cmocka_unit_test(test_narrow),
        cmocka_unit_test(test_parse_errors),
        cmocka_unit_test(test_print_parse_round_trip),
        cmocka_unit_test(test_random_graphs_stay_in_their_intervals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
