/* Importances on data whose drivers are known; scikit-learn's ranking is compared in
 * tests/oracle/importance.py. */
#include "search/importance.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

#include <cmocka.h>

enum { ROWS = 3000, FEATURES = 6 };

static double *columns[FEATURES], target[ROWS], row_weights[ROWS];
static uint32_t rows[ROWS];
static symlut_dataset data = {.rows = ROWS,
                              .features = FEATURES,
                              .columns = columns,
                              .target = target,
                              .task = SYMLUT_REGRESSION};

static int set_up(void **state)
{
    (void)state;
    rng r = rng_make(3, 3);
    for (int f = 0; f < FEATURES; f++) {
        columns[f] = calloc(ROWS, sizeof(double));
        for (int i = 0; i < ROWS; i++)
            columns[f][i] = rng_normal(&r);
    }
    for (int i = 0; i < ROWS; i++)
        rows[i] = (uint32_t)i;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int f = 0; f < FEATURES; f++)
        free(columns[f]);
    return 0;
}

static void measure(double *out, int threads, uint64_t seed)
{
    pool *p = pool_new(threads);
    assert_non_null(p);
    assert_true(importance_measure(out, &data, rows, ROWS, seed, p));
    pool_free(p);
    double sum = 0;
    for (int f = 0; f < FEATURES; f++)
        sum += out[f];
    assert_true(fabs(sum - 1) < 1e-12);
}

static void test_numbers(void **state)
{
    (void)state;
    data.task = SYMLUT_REGRESSION;
    for (int i = 0; i < ROWS; i++)
        target[i] = 3 * columns[4][i] + columns[1][i] * columns[1][i];
    double out[FEATURES];
    measure(out, 2, 1);
    size_t chosen[2];
    importance_choose(chosen, 2, out, FEATURES);
    assert_int_equal(chosen[0], 4);
    assert_int_equal(chosen[1], 1);
    assert_true(out[4] > 0.5 && out[1] > 3 * fmax(fmax(out[0], out[2]), fmax(out[3], out[5])));
}

static void test_classes(void **state)
{
    (void)state;
    data.task = SYMLUT_CLASSIFICATION;
    data.classes = 3;
    for (int i = 0; i < ROWS; i++)
        target[i] = columns[0][i] > 0.3 ? 2 : columns[5][i] > -0.2 ? 1 : 0;
    double out[FEATURES];
    measure(out, 2, 1);
    size_t chosen[2];
    importance_choose(chosen, 2, out, FEATURES);
    assert_int_equal(chosen[0], 0);
    assert_int_equal(chosen[1], 5);
    assert_true(out[0] + out[5] > 0.8);
}

/* A row of weight 0 is not there: only the other rows' law shows. */
static void test_weights(void **state)
{
    (void)state;
    data.task = SYMLUT_REGRESSION;
    data.weights = row_weights;
    for (int i = 0; i < ROWS; i++) {
        row_weights[i] = i % 2;
        target[i] = columns[i % 2 ? 2 : 3][i];
    }
    double out[FEATURES];
    measure(out, 1, 1);
    data.weights = NULL;
    assert_true(out[2] > 0.8 && out[3] < 0.1);
}

static void test_same_for_any_threads(void **state)
{
    (void)state;
    data.task = SYMLUT_REGRESSION;
    for (int i = 0; i < ROWS; i++)
        target[i] = sin(columns[2][i]) * columns[0][i];
    double one[FEATURES], many[FEATURES], other[FEATURES];
    measure(one, 1, 7);
    measure(many, 4, 7);
    measure(other, 1, 8);
    assert_memory_equal(one, many, sizeof one);
    assert_true(memcmp(one, other, sizeof one) != 0);
}

static void test_ties(void **state)
{
    (void)state;
    static const double equal[4] = {0.1, 0.4, 0.4, 0.1};
    size_t chosen[4];
    importance_choose(chosen, 4, equal, 4);
    static const size_t expected[4] = {1, 2, 0, 3};
    assert_memory_equal(chosen, expected, sizeof expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_classes),
        cmocka_unit_test(test_weights), cmocka_unit_test(test_same_for_any_threads),
        cmocka_unit_test(test_ties),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
