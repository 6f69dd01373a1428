/* Every index of every piecewise polynomial: within one ulp of the function as libm gives it, and
 * the graph equal to the definition. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lower/polynomial.h"

static double reciprocal(double x)
{
    return 1 / (1 + x);
}

static double hump(double x)
{
    return x * (1 - x) * 3;
}

static double gap(double x)
{
    return x > 0.4 && x < 0.6 ? (double)NAN : exp(x) / 4;
}

typedef struct function_case {
    double (*f)(double);
    double low, range;
} function_case;

static const function_case cases[] = {
    {sin, 0, 1.5707963267948966},
    {exp, -1, 1},
    {reciprocal, 0, 1},
    {hump, 0, 1},
    {gap, 0, 1},
    {sin, -3.141592653589793, 6.283185307179586},
};

typedef struct samples {
    double *values;
    int64_t *least, *most;
} samples;

static samples tabulate(const function_case *c, int n)
{
    size_t count = (size_t)1 << n;
    samples s = {calloc(count, sizeof *s.values), calloc(count, sizeof *s.least),
                 calloc(count, sizeof *s.most)};
    assert_true(s.values && s.least && s.most);
    for (size_t k = 0; k < count; k++) {
        double x = c->low + ((double)k + 0.5) * c->range / (double)count, y = ldexp(c->f(x), n);
        s.values[k] = y;
        s.least[k] = isnan(y) ? 0 : (int64_t)floor(y - 1) + 1;
        s.most[k] = isnan(y) ? 0 : (int64_t)ceil(y + 1) - 1;
    }
    return s;
}

static void check_graph(const polynomial *p)
{
    graph *g = graph_new();
    format word = {.is_signed = true, .width = (uint8_t)(p->index_bits + 2), .frac = 7};
    graph_ref x = graph_add_input(g, "x", (format){false, (uint8_t)p->index_bits, 3});
    graph_add_output(g, "y", polynomial_build(g, x, p, word, "f", "f"));
    symlut_error err = {0};
    if (g->failed.status != SYMLUT_OK || graph_check(g, &err) != SYMLUT_OK)
        fail_msg("%s%s", g->failed.message, err.message);
    size_t rows = (size_t)1 << p->index_bits;
    int64_t *inputs = calloc(rows, sizeof *inputs), *outputs = calloc(rows, sizeof *outputs);
    int64_t *scratch = calloc(graph_scratch_size(g), sizeof *scratch);
    assert_true(inputs && outputs && scratch);
    for (size_t k = 0; k < rows; k++)
        inputs[k] = (int64_t)k;
    graph_eval(g, rows, inputs, outputs, scratch);
    for (size_t k = 0; k < rows; k++)
        assert_int_equal(outputs[k], polynomial_eval(p, (uint32_t)k));
    free(inputs);
    free(outputs);
    free(scratch);
    graph_free(g);
}

static void test_every_index(void **state)
{
    (void)state;
    int degrees[3] = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        for (int n = 4; n <= 14; n += 2) {
            samples s = tabulate(&cases[i], n);
            bounded_function problem = {
                .index_bits = n, .values = s.values, .least = s.least, .most = s.most};
            arena memory = {0};
            polynomial p;
            bool found;
            assert_int_equal(polynomial_search(&p, &found, &memory, &problem, INFINITY, NULL),
                             SYMLUT_OK);
            if (n >= 8)
                assert_true(found);
            for (uint32_t k = 0; found && k < 1u << n; k++) {
                if (fabs((double)polynomial_eval(&p, k) - s.values[k]) >= 1)
                    fail_msg("case %zu, %d bits, index %u", i, n, k);
            }
            if (found) {
                check_graph(&p);
                degrees[p.degree]++;
            }
            if (n == 14) /* a thirtieth of the plain table */
                assert_true(p.table_bits * 30 < 14 * ldexp(1, n));
            arena_free(&memory);
            free(s.values);
            free(s.least);
            free(s.most);
        }
    }
    assert_true(degrees[1] > 0 && degrees[2] > 0); /* both are worth something */
}

static void test_limit(void **state)
{
    (void)state;
    samples s = tabulate(&cases[0], 10);
    bounded_function problem = {
        .index_bits = 10, .values = s.values, .least = s.least, .most = s.most};
    arena memory = {0};
    polynomial p;
    bool found = true;
    assert_int_equal(polynomial_search(&p, &found, &memory, &problem, 5, NULL), SYMLUT_OK);
    assert_false(found);
    arena_free(&memory);
    free(s.values);
    free(s.least);
    free(s.most);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_index),
                                       cmocka_unit_test(test_limit)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
