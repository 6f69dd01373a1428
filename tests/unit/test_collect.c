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
        {"2*x*3*y", "x*6*y"},
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
    };
    check(EXAMPLES, sizeof EXAMPLES / sizeof *EXAMPLES, "+ - * / neg sin");
}

static void test_sums(void **state)
{
    (void)state;
    static const example EXAMPLES[] = {
        {"x + x", "2*x"},
        {"x + 2 + y + 3", "x + y + 5"},
        {"a - (b - c)", "a - (b - c)"}, /* as short as any other */
        {"a - (-b)", "a + b"},
        {"-a + b", "b - a"},
        {"x*y + 3*(x*y)", "4*x*y"},
        {"2*x - 5*x + y", "-3*x + y"},
        {"sin(x) + b + sin(x)", "2*sin(x) + b"},
        {"x - 1 + (y - 1)", "x + y - 2"},
        {"log(x) - log(x)", "log(x) - log(x)"}, /* NaN stays NaN */
    };
    check(EXAMPLES, sizeof EXAMPLES / sizeof *EXAMPLES, "+ - * / neg sin log");
}

static void test_powers(void **state)
{
    (void)state;
    static const example SQUARES[] = {{"x*x", "square(x)"}, {"x*y*x*2", "square(x)*y*2"}};
    static const example POWERS[] = {{"x*x", "x^2"}, {"(x + y)*(x + y)", "(x + y)^2"}};
    check(SQUARES, 2, "+ * square");
    check(POWERS, 2, "+ - * / ^");
}

static void test_only_what_is_allowed(void **state)
{
    (void)state;
    static const example EXAMPLES[] = {{"x + x", "x + x"}, {"a - (-b)", "a - -b"}};
    check(EXAMPLES, 2, "- neg");
    static const example DIVISIONS[] = {{"a/(b/c)", "a/(b/c)"}};
    check(DIVISIONS, 1, "/");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products),
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_powers),
        cmocka_unit_test(test_only_what_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
