/* Bounds of expressions over a box: worked out by hand. */
#include "expr/bounds.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *const names[] = {"x", "y", "z"};
static const expr_names known = {names, 3};
/* x is of both signs, y positive, z starts at 0 */
static const bounds box[] = {{-2, 1}, {0.5, 4}, {0, 3}};

static expr parse(arena *memory, const char *infix)
{
    symlut_error err = {0};
    expr e;
    assert_int_equal(expr_parse(&e, memory, infix, &known, "test", 1, 1, &err), SYMLUT_OK);
    return e;
}

static bool bounds_of(bounds *range, const char *infix)
{
    arena memory = {0};
    expr e = parse(&memory, infix);
    bool found = expr_bounds(range, e, box);
    arena_free(&memory);
    return found;
}

static void check(const char *infix, double low, double high)
{
    bounds range;
    if (!bounds_of(&range, infix))
        fail_msg("%s has no bounds", infix);
    if (fabs(range.low - low) > 1e-12 || fabs(range.high - high) > 1e-12)
        fail_msg("%s: [%.17g, %.17g], expected [%.17g, %.17g]", infix, range.low, range.high, low,
                 high);
}

static void narrow(void **state)
{
    (void)state;
    check("x + y", -1.5, 5);
    check("x - y", -6, 0.5);
    check("x*y", -8, 4);
    check("x*x", 0, 4);
    check("x - x", 0, 0);
    check("y/y", 1, 1);
    check("x/y", -4, 2);
    check("square(x)", 0, 4);
    check("x^3", -8, 1);
    check("x^2", 0, 4);
    check("y^(-1)", 0.25, 2);
    check("abs(x)", 0, 2);
    check("neg(x)", -1, 2);
    check("min(x, y)", -2, 1);
    check("max(x, y)", 0.5, 4);
    check("sqrt(z)", 0, sqrt(3));
    check("exp(x)", exp(-2), exp(1));
    check("gauss(x)", exp(-4), 1);
    check("cosh(x)", 1, cosh(2));
    check("sin(x)", -1, sin(1));
    check("cos(x)", cos(2), 1);
    check("sin(3*x)", -1, 1);
    check("sin(y/8)", sin(0.0625), sin(0.5));
    check("tan(y/4)", tan(0.125), tan(1));
    check("acos(x/2)", acos(0.5), acos(-1));
    check("less(x, y)", 0, 1);
    check("cond(y, x)", -2, 1);
    check("cond(x, y)", 0, 4);
    check("mod(x, y)", 0, 4);
}

static void infinite_on_the_way(void **state)
{
    (void)state;
    check("1/(1 + 1/square(x))", 0, 1 / 1.25);
    check("exp(-1/z)", 0, exp(-1.0 / 3));
    check("tanh(1/x)", -1, 1);
}

static void none(void **state)
{
    (void)state;
    static const char *const poles[] = {
        "1/x",      "y/(x + 1)", "1/z",        "inv(x)",   "log(x)",
        "log(z)",   "sqrt(x)",   "x^0.5",      "x^(-1)",   "tan(y)",
        "asin(x)",  "acosh(y)",  "mod(y, x)",  "gamma(x)", "exp(exp(exp(y)))",
        "0*log(x)", "x/(y - y)", "atanh(z/3)",
    };
    bounds range;
    for (size_t i = 0; i < sizeof poles / sizeof *poles; i++)
        if (bounds_of(&range, poles[i]))
            fail_msg("%s: [%g, %g]", poles[i], range.low, range.high);
}

/* What waits on the stack may not outgrow it. */
static void deep(void **state)
{
    (void)state;
    expr_node nodes[4 * BOUNDS_STACK];
    bounds range;
    for (int depth = BOUNDS_STACK; depth <= BOUNDS_STACK + 1; depth++) {
        expr e = {nodes, 2 * depth - 1};
        for (int i = 0; i < depth; i++)
            nodes[i] = (expr_node){.op = EXPR_VAR, .feature = 1};
        for (int i = depth; i < e.count; i++)
            nodes[i] = (expr_node){.op = EXPR_ADD};
        assert_true(expr_finish(&e));
        assert_int_equal(expr_bounds(&range, e, box), depth <= BOUNDS_STACK);
    }
}

static bool resolved(const char *infix, double x, double y, double z)
{
    const double periods[] = {x, y, z};
    arena memory = {0};
    expr e = parse(&memory, infix);
    bool found = expr_resolved(e, box, periods);
    arena_free(&memory);
    return found;
}

static void periods_between_rows(void **state)
{
    (void)state;
    const double turn = 2 * acos(-1.0);
    /* 3 units of x are 3 k / turn periods of sin(k x) */
    assert_true(resolved("sin(20*x)", 60 / turn + 0.01, 0, 0));
    assert_false(resolved("sin(20*x)", 60 / turn - 0.01, 100, 100));
    assert_true(resolved("cos(20*x + y)", 60 / turn + 0.01, 3.5 / turn + 0.01, 0));
    assert_false(resolved("cos(20*x + y)", 60 / turn + 0.01, 3.5 / turn - 0.01, 0));
    /* x goes from -2 to 1 while y stays at 2.25 */
    assert_true(resolved("1 + cos(x*y)*z", 3 * 2.25 / turn + 0.01, 3.5 * 0.5 / turn + 0.01, 0));
    assert_false(resolved("1 + cos(x*y)*z", 3 * 2.25 / turn - 0.01, 10, 10));
    /* the inner wave too, and a wave inside other functions */
    assert_false(resolved("exp(sin(sin(20*x)))", 9, 0, 0));
    assert_true(resolved("exp(sin(sin(20*x)))", 10, 0, 0));
    /* what is no wave needs no rows; one of a constant is none */
    assert_true(resolved("exp(20*x) + tanh(50*y)", 0, 0, 0));
    assert_true(resolved("sin(3)*x", 0, 0, 0));
}

static void check_zeros(const char *infix, const char *expected)
{
    arena memory = {0};
    expr e = parse(&memory, infix), wanted = parse(&memory, expected);
    expr_drop_zero_products(&e, box);
    expr_simplify(&wanted);
    assert_true(expr_finish(&wanted));
    if (!expr_equal(e, wanted))
        fail_msg("%s does not become %s", infix, expected);
    arena_free(&memory);
}

static void zero_products(void **state)
{
    (void)state;
    check_zeros("exp(y*(exp(sin(0.9*z))*0 - 0.3))*x", "exp(y*(-0.3))*x");
    check_zeros("x + 0*sqrt(z + 1)*y", "x");
    check_zeros("sin(0*y)*z + x", "x");
    /* what has no bounds may be NaN: it stays */
    check_zeros("x + 0*(1/x)", "x + 0*(1/x)");
    check_zeros("x + log(z)*0", "x + log(z)*0");
    check_zeros("x*y*0.5", "x*y*0.5");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(narrow),
        cmocka_unit_test(infinite_on_the_way),
        cmocka_unit_test(none),
        cmocka_unit_test(deep),
        cmocka_unit_test(periods_between_rows),
        cmocka_unit_test(zero_products),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
