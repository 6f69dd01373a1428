#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "expr/expr.h"

static const char *const given[] = {"mass [GeV]", "lambda", "p_T", "10%"};
static const expr_names names = {given, 4};

static void check(const char *infix, symlut_print style, int digits, const char *expected)
{
    arena memory = {0};
    expr e;
    symlut_error err = {0};
    if (expr_parse(&e, &memory, infix, &names, "test", 1, 1, &err) != SYMLUT_OK)
        fail_msg("%s: %s", infix, err.message);
    text t = {0};
    expr_print(&t, e, &names, style, digits);
    assert_string_equal(t.data, expected);
    text_free(&t);
    arena_free(&memory);
}

static void test_names_in_each_language(void **state)
{
    (void)state;
    const char *sum = "x0 + x1*x2 - x3";
    check(sum, SYMLUT_PRINT_INFIX, 17, "`mass [GeV]` + lambda*p_T - `10%`");
    check(sum, SYMLUT_PRINT_SYMPY, 17, "x0 + x1*p_T - x3");
    check(sum, SYMLUT_PRINT_C, 17, "x0 + x1*p_T - x3");
    check(sum, SYMLUT_PRINT_NUMPY, 17, "x0 + x1*p_T - x3");
    check(sum, SYMLUT_PRINT_LATEX, 17,
          "\\mathrm{mass\\ [GeV]} + \\mathrm{lambda} \\cdot \\mathrm{p\\_T} - \\mathrm{10\\%}");
}

static void test_digits(void **state)
{
    (void)state;
    check("0.1", SYMLUT_PRINT_INFIX, 17, "0.1");
    check("0.1 + 0.2", SYMLUT_PRINT_INFIX, 17, "0.1 + 0.2");
    check("0.30000000000000004", SYMLUT_PRINT_INFIX, 17, "0.30000000000000004");
    check("0.30000000000000004", SYMLUT_PRINT_INFIX, 15, "0.3");
    check("1234.5678*x2", SYMLUT_PRINT_INFIX, 3, "1.23e+03*p_T");
    check("5e-324", SYMLUT_PRINT_INFIX, 17, "5e-324");
    check("2", SYMLUT_PRINT_C, 17, "2.0");
}

static void test_wide_expression_prints_in_linear_space(void **state)
{
    (void)state;
    arena memory = {0};
    expr e;
    text t = {0}, out = {0};
    for (int i = 0; i < 2000; i++)
        text_append(&t, "round(");
    text_append(&t, "x0");
    for (int i = 0; i < 2000; i++)
        text_append(&t, ")");
    assert_int_equal(expr_parse(&e, &memory, t.data, NULL, "", 1, 1, NULL), SYMLUT_OK);
    for (int style = SYMLUT_PRINT_INFIX; style <= SYMLUT_PRINT_NUMPY; style++) {
        out.length = 0;
        expr_print(&out, e, NULL, (symlut_print)style, 17);
        assert_false(out.failed);
        assert_true(out.length < 200 * (size_t)e.count);
    }
    text_free(&t);
    text_free(&out);
    arena_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names_in_each_language),
        cmocka_unit_test(test_digits),
        cmocka_unit_test(test_wide_expression_prints_in_linear_space),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
