/* Constants that simple values replace: only where the data cannot tell, and never by accident. */
#include "search/snap.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 2000 };

static double x0[ROWS], x1[ROWS], target[ROWS], weights[ROWS];
static double *columns[2] = {x0, x1};

static snap_rows make_rows(double (*law)(double, double), double noise)
{
    rng r = rng_make(11, 1);
    double mean = 0, variance = 0;
    for (int i = 0; i < ROWS; i++) {
        x0[i] = 1 + 2 * rng_unit(&r);
        x1[i] = 1 + 2 * rng_unit(&r);
        target[i] = law(x0[i], x1[i]) + noise * rng_normal(&r);
        weights[i] = 1;
        mean += target[i] / ROWS;
    }
    for (int i = 0; i < ROWS; i++)
        variance += (target[i] - mean) * (target[i] - mean) / ROWS;
    return (snap_rows){.count = ROWS,
                       .columns = columns,
                       .y = target,
                       .w = weights,
                       .features = 2,
                       .variance = variance};
}

/* What `infix` becomes, printed in full. */
static char *snapped(arena *memory, const snap_rows *r, const char *infix, double *loss)
{
    expr e;
    symlut_error err;
    const char *const names[] = {"x0", "x1"};
    if (expr_parse(&e, memory, infix, &(expr_names){names, 2}, "test", 1, 1, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    *loss = snap_constants(&e, r);
    text t = {0};
    expr_print(&t, e, &(expr_names){names, 2}, SYMLUT_PRINT_INFIX, 17);
    char *out = arena_strdup(memory, t.data);
    text_free(&t);
    return out;
}

static double coulomb(double a, double b)
{
    return a / (4 * 3.14159265358979323846 * b * b);
}

static double odd(double a, double b)
{
    return 0.57231 * a + 1.93377 * b;
}

static double plain(double a, double b)
{
    return a * b;
}

static void test_exact_data(void **state)
{
    (void)state;
    arena memory = {0};
    double loss;
    snap_rows r = make_rows(coulomb, 0);
    assert_string_equal(snapped(&memory, &r, "0.0796*x0/(x1*x1)", &loss),
                        "0.07957747154594767*x0/(x1*x1)");
    assert_true(loss < 1e-30);
    r = make_rows(odd, 0);
    snapped(&memory, &r, "0.5*x0 + 2*x1", &loss);
    assert_true(loss < 1e-28); /* fitted; no simple value lies there */
    arena_free(&memory);
}

static void test_noise(void **state)
{
    (void)state;
    arena memory = {0};
    double loss;
    snap_rows r = make_rows(coulomb, 0.001);
    assert_string_equal(snapped(&memory, &r, "0.0803*x0/(x1*x1) + 0.002", &loss),
                        "0.07957747154594767*x0/(x1*x1)");
    assert_true(fabs(loss / 1e-6 - 1) < 0.1);
    r = make_rows(plain, 0.01);
    assert_string_equal(snapped(&memory, &r, "1.003*x0*x1", &loss), "x0*x1");
    arena_free(&memory);
}

/* The data say that 0.57231 is neither 4/7 = 0.5714 nor 0.57. */
static void test_no_accidents(void **state)
{
    (void)state;
    arena memory = {0};
    double loss;
    snap_rows r = make_rows(odd, 0.001);
    expr e;
    symlut_error err;
    const char *const names[] = {"x0", "x1"};
    assert_int_equal(
        expr_parse(&e, &memory, "0.5*x0 + 2*x1", &(expr_names){names, 2}, "test", 1, 1, &err),
        SYMLUT_OK);
    loss = snap_constants(&e, &r);
    assert_true(fabs(loss / 1e-6 - 1) < 0.1);
    assert_true(fabs(e.nodes[0].value - 0.57231) < 2e-4);
    assert_true(fabs(e.nodes[3].value - 1.93377) < 2e-4);
    for (int q = 1; q <= 12; q++) /* no small fraction */
        assert_true(fabs(e.nodes[0].value * q - round(e.nodes[0].value * q)) > 1e-9);
    arena_free(&memory);
}

/* One of two constants that make up for each other becomes 1. */
static void test_redundant(void **state)
{
    (void)state;
    arena memory = {0};
    double loss;
    snap_rows r = make_rows(plain, 0);
    assert_string_equal(snapped(&memory, &r, "x0*1.7*(x1*0.6)", &loss), "x0*x1");
    assert_true(loss < 1e-28);
    r.limit = 0.5; /* nothing within the limit fits */
    expr e;
    symlut_error err;
    const char *const names[] = {"x0", "x1"};
    assert_int_equal(
        expr_parse(&e, &memory, "0.4*x0*x1", &(expr_names){names, 2}, "test", 1, 1, &err),
        SYMLUT_OK);
    snap_constants(&e, &r);
    for (int i = 0; i < e.count; i++)
        assert_true(e.nodes[i].op != EXPR_CONST || fabs(e.nodes[i].value) <= 0.5);
    arena_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_data),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_no_accidents),
        cmocka_unit_test(test_redundant),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
