/* Every argument of every approximation: within its bound of the function as libm gives it, and the
 * nodes equal to the definition. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "lower/approximate.h"

static double chirp(double x)
{
    return sin(2 * x - 1.25) * cos(2 * x - 1.25) * 0.75;
}

static double odd(double x)
{
    return sin(x + 0.03125);
}

static double even(double x)
{
    return exp(-(x + 0.015625) * (x + 0.015625));
}

static double ramp(double x)
{
    return 0.3 * x - 1;
}

typedef struct function_case {
    const char *text;
    double (*f)(double);
    format in;
    int64_t lo, hi;
    format out;
    double tolerance;
} function_case;

static const function_case cases[] = {
    {"sin(2*x - 1.25)*cos(2*x - 1.25)*0.75", chirp, {true, 8, 5}, -128, 127, {true, 8, 7}, 1},
    {"sin(2*x - 1.25)*cos(2*x - 1.25)*0.75", chirp, {true, 8, 5}, -100, 37, {true, 8, 7}, 1},
    {"sin(2*x - 1.25)*cos(2*x - 1.25)*0.75", chirp, {true, 9, 6}, 40, 171, {true, 12, 7}, 3.5},
    {"sin(2*x - 1.25)*cos(2*x - 1.25)*0.75", chirp, {true, 8, 5}, -128, 127, {true, 8, 7}, 0.5},
    {"sin(x + 0.03125)", odd, {true, 9, 4}, -256, 255, {true, 10, 8}, 1},
    {"exp(-(x + 0.015625)*(x + 0.015625))", even, {true, 9, 5}, -256, 255, {true, 10, 8}, 1},
    {"0.3*x - 1", ramp, {true, 7, 3}, -64, 63, {true, 9, 5}, 1},
    {"0.3*x - 1", ramp, {true, 7, 3}, 5, 5, {true, 9, 5}, 1},
    {"0.3*x - 1", ramp, {false, 10, 9}, 0, 1023, {true, 4, 2}, 1}, /* most of x is dropped */
};

static void parse(expr *out, arena *memory, const char *source)
{
    const char *const names[] = {"x"};
    symlut_error err = {0};
    if (expr_parse(out, memory, source, &(expr_names){names, 1}, "test", 1, 1, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
}

static void check_nodes(const function_case *c, const approximation *a)
{
    graph *g = graph_new();
    graph_ref x = graph_add_input(g, "x", c->in);
    format within = format_for(c->lo, c->hi, c->in.frac);
    x = graph_add_cast(g, x, within, ROUND_TRN, OVERFLOW_WRAP);
    graph_narrow(g, x, c->lo, c->hi);
    graph_ref y = approximation_build(g, x, a, "f", "f");
    graph_add_output(g, "y", y);
    symlut_error err = {0};
    if (g->failed.status != SYMLUT_OK || graph_check(g, &err) != SYMLUT_OK)
        fail_msg("%s: %s%s", c->text, g->failed.message, err.message);
    size_t rows = (size_t)(c->hi - c->lo) + 1;
    int64_t *in = calloc(rows, sizeof *in), *out = calloc(rows, sizeof *out);
    int64_t *scratch = calloc(graph_scratch_size(g), sizeof *scratch);
    assert_true(in && out && scratch);
    for (size_t i = 0; i < rows; i++)
        in[i] = c->lo + (int64_t)i;
    graph_eval(g, rows, in, out, scratch);
    for (size_t i = 0; i < rows; i++)
        assert_int_equal(out[i], approximation_eval(a, in[i]));
    free(in);
    free(out);
    free(scratch);
    graph_free(g);
}

static void test_every_argument(void **state)
{
    (void)state;
    const unsigned forms[] = {0, APPROXIMATE_PLAIN, APPROXIMATE_PLAIN | APPROXIMATE_FOLDED,
                              APPROXIMATE_PLAIN | APPROXIMATE_MULTIPARTITE,
                              APPROXIMATE_PLAIN | APPROXIMATE_POLYNOMIAL};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const function_case *c = &cases[i];
        for (size_t k = 0; k < sizeof forms / sizeof *forms; k++) {
            arena memory = {0};
            approximation *a;
            approximation_problem p = {.in = c->in,
                                       .lo = c->lo,
                                       .hi = c->hi,
                                       .out = c->out,
                                       .tolerance = c->tolerance,
                                       .forms = forms[k]};
            symlut_error err = {0};
            parse(&p.f, &memory, c->text);
            if (approximation_make(&a, &memory, &p, &err) != SYMLUT_OK)
                fail_msg("%s: %s", c->text, err.message);
            for (int64_t x = c->lo; x <= c->hi; x++) {
                double v = ldexp(c->f(ldexp((double)x, -c->in.frac)), c->out.frac);
                v = fmin(fmax(v, (double)format_min(c->out)), (double)format_max(c->out));
                double error = fabs((double)approximation_eval(a, x) - v);
                if (error > c->tolerance + 1e-9)
                    fail_msg("case %zu, forms %u, x %d: off by %g", i, forms[k], (int)x, error);
            }
            check_nodes(c, a);
            arena_free(&memory);
        }
    }
}

static void test_forms(void **state)
{
    (void)state;
    arena memory = {0};
    approximation *all, *plain;
    approximation_problem p = {
        .in = {true, 10, 6}, .lo = -512, .hi = 511, .out = {true, 10, 8}, .tolerance = 1};
    parse(&p.f, &memory, "sin(x)");
    assert_int_equal(approximation_make(&all, &memory, &p, NULL), SYMLUT_OK);
    p.forms = APPROXIMATE_PLAIN;
    assert_int_equal(approximation_make(&plain, &memory, &p, NULL), SYMLUT_OK);
    assert_string_equal(approximation_form(plain), "plain");
    assert_true(approximation_lut(all) < approximation_lut(plain) / 2);
    assert_true(approximation_plain_estimate(&p) >= approximation_lut(plain));
    arena_free(&memory);
}

static void test_domain(void **state)
{
    (void)state;
    arena memory = {0};
    approximation *a;
    approximation_problem p = {
        .in = {true, 5, 2}, .lo = -8, .hi = 15, .out = {true, 8, 4}, .tolerance = 1};
    parse(&p.f, &memory, "log(x)");
    assert_int_equal(approximation_make(&a, &memory, &p, NULL), SYMLUT_OK);
    int64_t first;
    assert_int_equal(approximation_nan_count(a, &first), 8);
    assert_int_equal(first, -8);
    assert_int_equal(approximation_eval(a, -3), 0);
    assert_int_equal(approximation_eval(a, 0), -128);
    symlut_error err;
    p.hi = 1 << 17;
    assert_int_equal(approximation_make(&a, &memory, &p, &err), SYMLUT_BAD_INPUT);
    arena_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_argument),
                                       cmocka_unit_test(test_forms), cmocka_unit_test(test_domain)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
