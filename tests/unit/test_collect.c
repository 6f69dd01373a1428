/* Sums and products written as a reader would: texts in, texts out. */
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "expr/collect.h"

typedef struct example {
    const char *in, *out;
} example;

/* `operations`: names that may be written, by blanks. */
static void check(const example *examples, size_t count, const char *operations)
{
    static const char *const names[] = {"a", "b", "c", "x", "y"};
    static const expr_names known = {names, 5};
    bool allowed[EXPR_OP_COUNT] = {false};
    for (const char *p = operations; *p; p += strspn(p, " ")) {
        size_t length = strcspn(p, " ");
        expr_op op;
        assert_true(expr_op_find(&op, p, length));
        allowed[op] = true;
        p += length;
    }
    for (size_t i = 0; i < count; i++) {
        arena memory = {0};
        text t = {0};
        expr e;
        symlut_error err;
        assert_int_equal(expr_parse(&e, &memory, examples[i].in, &known, "test", 1, 1, &err),
                         SYMLUT_OK);
        expr_collect(&e, allowed);
        expr_print(&t, e, &known, SYMLUT_PRINT_INFIX, 17);
        assert_string_equal(t.data, examples[i].out);
        text_free(&t);
        arena_free(&memory);
    }
}

static void test_products(void **state)
{
    (void)state;
    static const example EXAMPLES[] = {
        {"x/(a*b/c)", "x*c/(a*b)"},
        {"a/(b/c)", "a*c/b"},
        {"a/b/c", "a/(b*c)"},
        {"(a/b)/(c/x)", "a*x/(b*c)"},
        {"2*x*3*y", "6*x*y"},
        {"2*x*(y*4)", "8*x*y"},
        {"x*3/(y*6)", "0.5*x/y"},
        {"1/(2*x)", "0.5/x"},
        {"(-a)*b*(-c)", "a*b*c"},
        {"-(-a)", "a"},
        {"x*(1/y)", "x/y"},
        {"x/y", "x/y"},
        {"x/x", "x/x"},     /* a pole stays */
        {"x*y/x", "x*y/x"}, /* so does this one */
        {"x/3", "x/3"},
        {"x*x", "x*x"},
        {"sin(x/(a/b))*2*c*2", "4*sin(x*b/a)*c"},
        {"x*0.5", "0.5*x"},
        {"a*(b*c)", "a*b*c"},
        {"a/b*c", "a*c/b"},
        {"a*(-2 - x)*3", "-3*a*(x + 2)"},
    };
    check(EXAMPLES, sizeof EXAMPLES / sizeof *EXAMPLES, "+ - * / neg sin");
}

static void test_sums(void **state)
{
    (void)state;
    static const example EXAMPLES[] = {
        {"x + x", "2*x"},
        {"x + 2 + y + 3", "x + y + 5"},
        {"a - (b - c)", "a + c - b"},
        {"a - (-b)", "a + b"},
        {"-a + b", "b - a"},
        {"x*y + 3*(x*y)", "4*x*y"},
        {"2*x - 5*x + y", "y - 3*x"},
        {"-2*x - 3*y", "-2*x - 3*y"},
        {"2 + x", "x + 2"},
        {"1 - x", "1 - x"},
        {"x + -2*y", "x - 2*y"},
        {"a - -2*y", "a + 2*y"},
        {"sin(x) + b + sin(x)", "2*sin(x) + b"},
        {"x - 1 + (y - 1)", "x + y - 2"},
        {"log(x) - log(x)", "log(x) - log(x)"}, /* NaN stays NaN */
    };
    check(EXAMPLES, sizeof EXAMPLES / sizeof *EXAMPLES, "+ - * / neg sin log");
}

static void test_powers(void **state)
{
    (void)state;
    static const example SQUARES[] = {{"x*x", "square(x)"}, {"x*y*x*2", "2*square(x)*y"}};
    static const example POWERS[] = {{"x*x", "x^2"}, {"(x + y)*(x + y)", "(x + y)^2"}};
    check(SQUARES, 2, "+ * square");
    check(POWERS, 2, "+ - * / ^");
}

static void test_powers_join(void **state)
{
    (void)state;
    static const example SQUARES[] = {
        {"square(x)*x", "cube(x)"},
        {"x*square(x)*y", "cube(x)*y"},
        {"square(square(x))", "square(square(x))"},
        {"square(square(x))*x*x", "square(cube(x))"},
        {"square(x)*square(y)", "square(x*y)"},
        {"3*square(x)/square(y)", "3*square(x/y)"},
        {"3*square(2*x)", "12*square(x)"},
        {"square(-1*x*y)", "square(x*y)"},
        {"square(x)/x", "square(x)/x"}, /* a pole stays */
        {"cube(x)/square(y)*x*y", "square(square(x))*y/square(y)"},
    };
    static const example POWERS[] = {
        {"x^2*x", "x^3"},
        {"x^3*x^2/y^2", "x^5/y^2"},
        {"x^0.5*x^1.5", "x^0.5*x^1.5"}, /* NaN below 0 stays */
        {"a*x^-2*x^-1", "a/x^3"},
        {"(a^2)^3", "a^6"},
    };
    check(SQUARES, sizeof SQUARES / sizeof *SQUARES, "+ - * / neg square cube");
    check(POWERS, sizeof POWERS / sizeof *POWERS, "+ - * / neg ^");
}

static void test_common_factors(void **state)
{
    (void)state;
    static const example EXAMPLES[] = {
        {"a*x + b*x", "x*(a + b)"},
        {"x*y + x*c", "x*(y + c)"},
        {"a*x*y - b*x*y + c", "x*y*(a - b) + c"},
        {"x/y + a/y", "(x + a)/y"},
        {"2*x*y + 3*x", "x*(2*y + 3)"},
        {"2*x*y + 2*a*b", "2*(x*y + a*b)"},
        {"-2*x*y - 2*x*b", "-2*x*(y + b)"},
        {"x*x*y + x*a", "x*(x*y + a)"},
        {"x + x*y", "x + x*y"}, /* no shorter */
        {"x*a + y*b", "x*a + y*b"},
        {"a/x + b*x", "a/x + b*x"},
        {"a*x/y - b*x/y", "x*(a - b)/y"},
    };
    check(EXAMPLES, sizeof EXAMPLES / sizeof *EXAMPLES, "+ - * / neg");
}

static void test_constants_gather(void **state)
{
    (void)state;
    static const example EXAMPLES[] = {
        {"2*(x + 3) + 5", "2*x + 11"},
        {"2*(x*3 - y*4 + 1)", "6*x - 8*y + 2"},
        {"(x + y)*2", "2*(x + y)"},
        {"3*sqrt(4*x)", "6*sqrt(x)"},
        {"sqrt(-4*x)*3", "3*sqrt(-4*x)"},
        {"a*sqrt(1/x)", "a/sqrt(x)"},
        {"2*(y + 1) + 3 + log(x)", "2*y + log(x) + 5"},
        {"2*exp(x + 0)*exp(y)", "2*exp(x + y)"},
        {"a*exp(x)/exp(y)", "a*exp(x - y)"},
        {"cos(-1*x*y)", "cos(x*y)"},
    };
    check(EXAMPLES, sizeof EXAMPLES / sizeof *EXAMPLES, "+ - * / neg sqrt log exp cos");
}

static void test_only_what_is_allowed(void **state)
{
    (void)state;
    static const example EXAMPLES[] = {{"x + x", "x + x"}, {"a - (-b)", "a - -b"}};
    check(EXAMPLES, 2, "- neg");
    static const example NO_SIGN[] = {{"-1/(a/x)", "-1*x/a"}, {"a*(-2 - x)", "a*(-2 - x)"}};
    check(NO_SIGN, 2, "+ - * /");
    static const example DIVISIONS[] = {{"a/(b/c)", "a/(b/c)"}};
    check(DIVISIONS, 1, "/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_powers),
        cmocka_unit_test(test_powers_join),
        cmocka_unit_test(test_common_factors),
        cmocka_unit_test(test_constants_gather),
        cmocka_unit_test(test_only_what_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
