/* Every input of every decomposition: within one ulp of the function as libm gives it, and the
 * graph equal to the definition. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lower/multipartite.h"

static double reciprocal(double x)
{
    return 1 / (1 + x);
}

static double step(double x)
{
    return x < 0.3 ? -1 : 1;
}

static double zero(double x)
{
    return 0 * x;
}

typedef struct function_case {
    double (*f)(double);
    double low, range, scale;
    bool compresses; /* at 10 bits, at least fourfold */
} function_case;

static const function_case cases[] = {
    {sin, 0, 1.5707963267948966, 1, true},
    {cos, 0, 1.5707963267948966, 1, true},
    {exp, 0, 1, 0.25, true},
    {log1p, 0, 1, 1, true},
    {tanh, 0, 4, 1, true},
    {sqrt, 0, 1, 1, true},
    {reciprocal, 0, 1, 1, true},
    {sin, -8, 16, 0.5, false},
    {tanh, -4, 8, 0.5, false},
    {step, -1, 2, 0.5, false},
    {zero, 0, 1, 1, false},
};

/* values in index order: for a signed range the upper half of the indices is negative */
static double *tabulate(const function_case *c, int n)
{
    size_t count = (size_t)1 << n;
    double *values = calloc(count, sizeof *values);
    assert_non_null(values);
    for (size_t k = 0; k < count; k++) {
        size_t at = c->low < 0 ? k ^ (count / 2) : k;
        double x = c->low + ((double)at + 0.5) * c->range / (double)count;
        values[k] = fmin(ldexp(c->f(x) * c->scale, n), ldexp(1, n) - 1);
    }
    return values;
}

static void check_graph(const multipartite *m, bool is_signed)
{
    graph *g = graph_new();
    format in = {.is_signed = is_signed, .width = (uint8_t)m->index_bits, .frac = 3};
    format word = {.is_signed = true, .width = (uint8_t)(m->index_bits + 1), .frac = 7};
    graph_ref x = graph_add_input(g, "x", in);
    graph_ref y = multipartite_build(g, x, m, word, "f", "f");
    graph_add_output(g, "y", y);
    symlut_error err = {0};
    if (g->failed.status != SYMLUT_OK || graph_check(g, &err) != SYMLUT_OK)
        fail_msg("%s%s", g->failed.message, err.message);
    size_t rows = (size_t)1 << m->index_bits;
    int64_t *inputs = calloc(rows, sizeof *inputs), *outputs = calloc(rows, sizeof *outputs);
    int64_t *scratch = calloc(graph_scratch_size(g), sizeof *scratch);
    assert_true(inputs && outputs && scratch);
    for (size_t k = 0; k < rows; k++)
        inputs[k] = is_signed && k >= rows / 2 ? (int64_t)k - (int64_t)rows : (int64_t)k;
    graph_eval(g, rows, inputs, outputs, scratch);
    for (size_t k = 0; k < rows; k++)
        assert_int_equal(outputs[k], multipartite_eval(m, (uint32_t)k));
    free(inputs);
    free(outputs);
    free(scratch);
    graph_free(g);
}

static void test_every_input(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int n = 2; n <= 12; n += 2) {
            const function_case *c = &cases[i];
            double *values = tabulate(c, n);
            int64_t bottom = c->low < 0 ? -((int64_t)1 << n) : 0, top = ((int64_t)1 << n) - 1;
            size_t count = (size_t)1 << n;
            int64_t *least = calloc(count, sizeof *least), *most = calloc(count, sizeof *most);
            assert_true(least && most);
            for (size_t k = 0; k < count; k++) {
                least[k] = (int64_t)floor(values[k] - 1) + 1;
                most[k] = (int64_t)ceil(values[k] + 1) - 1;
                least[k] = least[k] < bottom ? bottom : least[k];
                most[k] = most[k] > top ? top : most[k];
            }
            bounded_function p = {.index_bits = n,
                                  .seam = c->low < 0 ? count / 2 : 0,
                                  .values = values,
                                  .least = least,
                                  .most = most};
            arena memory = {0};
            multipartite m;
            assert_int_equal(multipartite_search(&m, &memory, &p, NULL), SYMLUT_OK);
            for (uint32_t k = 0; k < 1u << n; k++) {
                if (fabs((double)multipartite_eval(&m, k) - values[k]) >= 1)
                    fail_msg("case %zu, %d bits, index %u", i, n, k);
            }
            if (c->compresses && n == 10)
                assert_true(m.table_bits * 4 <= n * ldexp(1, n));
            check_graph(&m, c->low < 0);
            arena_free(&memory);
            free(values);
            free(least);
            free(most);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_input)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
