/* What the pass compress makes of sums; that it keeps values of random ones is
 * tests/property/test_passes.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "opt/opt.h"

enum { MOST_TERMS = 24, ROWS = 500 };

static device part;

static opt_options ordinary(void)
{
    return (opt_options){.device = &part, .period_ns = 5, .stages = -1, .dsp = DSP_NONE};
}

static int count_op(const graph *g, graph_op op)
{
    int count = 0;
    for (graph_ref k = 0; k < g->count; k++)
        count += g->nodes[k].op == op;
    return count;
}

/* Which terms are subtracted: bit k of `minus`. */
static graph *sum_of(int terms, format f, unsigned minus)
{
    graph *g = graph_new();
    char name[16];
    graph_ref word[MOST_TERMS] = {0};
    for (int k = 0; k < terms; k++) {
        snprintf(name, sizeof name, "x%d", k);
        word[k] = graph_add_input(g, name, f);
    }
    graph_ref sum = minus & 1 ? graph_add(g, GRAPH_NEG, word[0], GRAPH_NONE, GRAPH_NONE) : word[0];
    for (int k = 1; k < terms; k++)
        sum = graph_add(g, minus >> k & 1 ? GRAPH_SUB : GRAPH_ADD, sum, word[k], GRAPH_NONE);
    graph_add_output(g, "y", sum);
    return g;
}

static void run(graph **g)
{
    opt_options o = ordinary();
    symlut_error err = {0};
    if (opt_sums(g, &o, &err) != SYMLUT_OK || opt_dce(g, &o, &err) != SYMLUT_OK ||
        opt_compress(g, &o, &err) != SYMLUT_OK || opt_dce(g, &o, &err) != SYMLUT_OK ||
        graph_check(*g, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
}

static estimate cost_of(const graph *g)
{
    estimate e;
    assert_int_equal(cost_estimate(&e, g, &part, DSP_NONE, 0, NULL), SYMLUT_OK);
    return e;
}

/* The output against the sum of the inputs' integers, at their ends and in between. */
static void check_sum(const graph *g, int terms, format f, unsigned minus, rng *r)
{
    int64_t in[MOST_TERMS][ROWS], out[ROWS];
    int64_t *scratch = malloc(graph_scratch_size(g) * sizeof *scratch);
    assert_non_null(scratch);
    for (int k = 0; k < terms; k++) {
        for (int row = 0; row < ROWS; row++) {
            int64_t any = format_min(f) + (int64_t)rng_below(r, 1u << f.width);
            in[k][row] = row == 0 ? format_min(f) : row == 1 ? format_max(f) : any;
        }
    }
    graph_eval(g, ROWS, in[0], out, scratch);
    for (int row = 0; row < ROWS; row++) {
        int64_t sum = 0;
        for (int k = 0; k < terms; k++)
            sum += minus >> k & 1 ? -in[k][row] : in[k][row];
        assert_int_equal(out[row], sum);
    }
    free(scratch);
}

static void test_terms_of_one_format(void **state)
{
    (void)state;
    rng r = rng_make(1, 0);
    for (int terms = 2; terms <= MOST_TERMS; terms++) {
        for (int is_signed = 0; is_signed < 2; is_signed++) {
            format f = {is_signed, 8, 3};
            graph *g = sum_of(terms, f, 0);
            run(&g);
            if (terms < 6 || terms == 6 || terms == 9 || terms == 12)
                assert_true((count_op(g, GRAPH_COUNT) > 0) == (terms >= 6));
            check_sum(g, terms, f, 0, &r);
            graph_free(g);
        }
    }
}

/* Nine words of 8 bits, by hand (bench/hardware/compressors.py): 79 LUTs by additions, 70. */
static void test_cost(void **state)
{
    (void)state;
    opt_options o = ordinary();
    symlut_error err = {0};
    graph *g = sum_of(9, (format){false, 8, 0}, 0);
    assert_int_equal(opt_sums(&g, &o, &err), SYMLUT_OK);
    assert_int_equal(opt_dce(&g, &o, &err), SYMLUT_OK);
    estimate plain = cost_of(g);
    run(&g);
    estimate counted = cost_of(g);
    assert_float_equal(plain.lut, 79, 0);
    assert_float_equal(counted.lut, 70, 0);
    assert_true(counted.ns_per_stage < plain.ns_per_stage - 0.3);
    graph_free(g);
}

/* What is subtracted is counted as its complement. */
static void test_differences(void **state)
{
    (void)state;
    rng r = rng_make(2, 0);
    for (int k = 0; k < 300; k++) {
        int terms = 6 + (int)rng_below(&r, 10);
        unsigned minus = (unsigned)rng_below(&r, 1u << terms);
        format f = {rng_below(&r, 2), (uint8_t)(3 + rng_below(&r, 8)), (int16_t)rng_below(&r, 9)};
        graph *g = sum_of(terms, f, minus);
        run(&g);
        check_sum(g, terms, f, minus, &r);
        graph_free(g);
    }
}

/* A value that others read as well stays a value. */
static void test_shared_sums_stay(void **state)
{
    (void)state;
    graph *g = sum_of(8, (format){true, 8, 0}, 0);
    graph_ref inner = GRAPH_NONE;
    int sums = 0;
    for (graph_ref k = 0; k < g->count; k++) {
        sums += g->nodes[k].op == GRAPH_ADD;
        if (sums == 4 && inner == GRAPH_NONE)
            inner = k;
    }
    graph_add_output(g, "z", inner);
    opt_options o = ordinary();
    assert_int_equal(opt_compress(&g, &o, NULL), SYMLUT_OK);
    assert_int_equal(count_op(g, GRAPH_COUNT), 0); /* trees of five terms and of four */
    graph_free(g);
}

/* Rows two bits apart have few full columns. */
static void test_products_stay(void **state)
{
    (void)state;
    opt_options o = ordinary();
    graph *g = graph_new();
    format f = {true, 16, 0};
    graph_ref a = graph_add_input(g, "a", f), b = graph_add_input(g, "b", f);
    graph_add_output(g, "y", graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE));
    assert_int_equal(opt_run_all(&g, &o, NULL, NULL, NULL), SYMLUT_OK);
    assert_int_equal(count_op(g, GRAPH_MUL) + count_op(g, GRAPH_COUNT), 0);
    graph_free(g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_terms_of_one_format), cmocka_unit_test(test_cost),
        cmocka_unit_test(test_differences),         cmocka_unit_test(test_shared_sums_stay),
        cmocka_unit_test(test_products_stay),
    };
    if (device_load(&part, "xcvu9p-2", NULL) != SYMLUT_OK)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
