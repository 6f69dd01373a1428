#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../random_expr.h"
#include "base/rng.h"
#include "lower/merge.h"

static const char *const xyz[] = {"x", "y", "z"};
static const expr_names names = {xyz, 3};

static expr parsed(arena *memory, const char *source)
{
    expr e;
    symlut_error err = {0};
    if (expr_parse(&e, memory, source, &names, "test", 1, 1, &err) != SYMLUT_OK)
        fail_msg("%s: %s", source, err.message);
    return e;
}

static void check_text(expr e, const char *expected)
{
    text t = {0};
    expr_print(&t, e, &names, SYMLUT_PRINT_INFIX, 6);
    assert_string_equal(t.data, expected);
    text_free(&t);
}

/* The function that node i is of its base, and the base. */
static void check_function(const char *source, const char *function, const char *base_text)
{
    arena memory = {0};
    expr e = parsed(&memory, source);
    int base[64];
    merge_bases(base, e);
    int root = e.count - 1;
    assert_true(base[root] >= 0);
    check_text(merge_function(&memory, e, root, base[root]), function);
    int length = (int)e.nodes[base[root]].length;
    check_text((expr){e.nodes + base[root] + 1 - length, length}, base_text);
    arena_free(&memory);
}

static void test_bases(void **state)
{
    (void)state;
    check_function("sin(2*y)*cos(2*y) + 1", "sin(2*x)*cos(2*x) + 1", "y");
    check_function("sin(x - y + 1)*cos(x - y + 1)", "sin(x + 1)*cos(x + 1)", "x - y");
    check_function("exp(-(x*y)^2)", "exp(-x^2)", "x*y");
    check_function("sin(x*y)*cos(y*x)", "x", "sin(x*y)*cos(y*x)");
    check_function("x + y", "x", "x + y");
    check_function("sin(x*x + y) - (x*x + y)", "sin(x) - x", "x*x + y");
    arena memory = {0};
    expr e = parsed(&memory, "sin(2)");
    int base[2];
    merge_bases(base, e);
    assert_int_equal(base[1], -1);
    arena_free(&memory);
}

static void check_grouped(const char *source, const char *expected)
{
    arena memory = {0};
    check_text(merge_group(&memory, parsed(&memory, source)), expected);
    arena_free(&memory);
}

static void test_groups(void **state)
{
    (void)state;
    check_grouped("sin(x) + y + x^2", "sin(x) + x^2 + y");
    check_grouped("sin(x) + y - 2 - cos(x)", "sin(x) - cos(x) - 2 + y");
    check_grouped("0.5*(1 - sin(x))*(x + y)", "(1 - sin(x))*0.5*(x + y)");
    check_grouped("x*y*exp(x)", "x*exp(x)*y");
    check_grouped("-(x + y)", "-(x + y)");
    check_grouped("x + y", "x + y");
    check_grouped("y + 3", "y + 3");
    check_grouped("tanh(x - sin(y) + 1 + x^2)", "tanh(x + x^2 + 1 - sin(y))");
}

static double whole(rng *r)
{
    return (double)rng_below(r, 7) - 3;
}

/* Sums, products and a little else of small whole numbers: exact in any order. */
static expr random_sums(arena *memory, rng *r)
{
    const expr_op binary[] = {EXPR_ADD, EXPR_SUB, EXPR_ADD, EXPR_MUL, EXPR_MUL, EXPR_MIN};
    const expr_op unary[] = {EXPR_NEG, EXPR_NEG, EXPR_ABS};
    expr e = random_expr(memory, r, 1 + (int)rng_below(r, 24), 3, whole);
    for (int i = 0; i < e.count; i++) {
        if (e.nodes[i].arity == 2)
            e.nodes[i].op = (uint8_t)binary[rng_below(r, 6)];
        if (e.nodes[i].arity == 1)
            e.nodes[i].op = (uint8_t)unary[rng_below(r, 3)];
    }
    assert_true(expr_finish(&e));
    return e;
}

static void test_same_value(void **state)
{
    (void)state;
    rng r = rng_make(20, 0);
    for (int k = 0; k < 3000; k++) {
        arena memory = {0};
        expr e = random_sums(&memory, &r), g = merge_group(&memory, e);
        assert_true(g.count > 0);
        double stack[64];
        assert_true(e.count <= 64 && g.count <= 64);
        for (int row = 0; row < 4; row++) {
            const double x[] = {whole(&r), whole(&r), whole(&r)};
            double value = expr_eval(e, x, stack);
            if (value != expr_eval(g, x, stack))
                fail_msg("expression %d: %g and %g", k, value, expr_eval(g, x, stack));
        }
        arena_free(&memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_bases), cmocka_unit_test(test_groups),
                                       cmocka_unit_test(test_same_value)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
