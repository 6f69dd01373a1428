#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "expr/expr.h"

static arena memory;

static int free_memory(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

/* The postfix as words: "x0 2 *". */
static void check_postfix(const char *infix, const char *postfix)
{
    expr e;
    symlut_error err = {0};
    if (expr_parse(&e, &memory, infix, NULL, "test", 1, 1, &err) != SYMLUT_OK)
        fail_msg("%s: %s", infix, err.message);
    text t = {0};
    for (int i = 0; i < e.count; i++) {
        text_append(&t, i ? " " : "");
        if (e.nodes[i].op == EXPR_VAR)
            text_printf(&t, "x%d", e.nodes[i].feature);
        else if (e.nodes[i].op == EXPR_CONST)
            text_number(&t, e.nodes[i].value, 17);
        else
            text_append(&t, expr_op_name((expr_op)e.nodes[i].op));
    }
    assert_string_equal(t.data, postfix);
    text_free(&t);
}

static void test_precedence(void **state)
{
    (void)state;
    check_postfix("x0 + x1*x2", "x0 x1 x2 * +");
    check_postfix("x0 - x1 - x2", "x0 x1 - x2 -");
    check_postfix("x0/x1*x2", "x0 x1 / x2 *");
    check_postfix("x0^x1^x2", "x0 x1 x2 ^ ^");
    check_postfix("x0**x1**x2", "x0 x1 x2 ^ ^");
    check_postfix("-x0^2", "x0 2 ^ neg");
    check_postfix("(-x0)^2", "x0 neg 2 ^");
    check_postfix("-x0*x1", "x0 neg x1 *");
    check_postfix("x0^-x1*x2", "x0 x1 neg ^ x2 *");
    check_postfix("2^-x0^2", "2 x0 2 ^ neg ^");
    check_postfix("x0 < x1 + 1", "x0 x1 1 + less");
    check_postfix("x0 >= x1 > 0", "x0 x1 greater_equal 0 greater");
    check_postfix("+x0 - +x1", "x0 x1 -");
}

static void test_signs_of_numbers(void **state)
{
    (void)state;
    check_postfix("-2", "-2");
    check_postfix("--2", "2");
    check_postfix("-(2)", "2 neg");
    check_postfix("-2^x0", "2 x0 ^ neg");
    check_postfix("x0 - -2", "x0 -2 -");
    check_postfix("x0*-2e-3", "x0 -0.002 *");
    check_postfix("-pi", "-3.141592653589793");
    check_postfix("-0", "-0");
    check_postfix(".5 + 5. + 1e3 + 1E+2", "0.5 5 + 1000 + 100 +");
}

static void test_calls(void **state)
{
    (void)state;
    check_postfix("sin(x0)", "x0 sin");
    check_postfix("max(x0, x1, x2)", "x0 x1 max x2 max");
    check_postfix("plus(1, 2, 3, 4)", "1 2 + 3 + 4 +");
    check_postfix("sub(x0, mult(x1, x2))", "x0 x1 x2 * -");
    check_postfix("log(x0)", "x0 log");
    check_postfix("log(x0 + 1, 2)", "x0 1 + log 2 log /");
    check_postfix("cot(x0)", "x0 tan inv");
    check_postfix("atanh_clip(x0)", "x0 1 + 2 mod 1 - atanh");
    check_postfix("pow(x0, -(1))", "x0 1 neg ^");
    check_postfix("Rational(-1, 3)", "-1 3 /");
    check_postfix("max(-(x0), -2)", "x0 neg -2 max");
}

static void test_names(void **state)
{
    (void)state;
    static const char *const given[] = {"E", "x2", "sin", "a b", "\xC3\xA9nergie", "p.T"};
    const expr_names names = {given, 6};
    expr e;
    static const struct {
        const char *infix;
        int feature;
    } known[] = {{"E", 0},    {"x2", 1},  {"sin", 2}, {"`a b`", 3}, {"\xC3\xA9nergie", 4},
                 {"`x2`", 1}, {"p.T", 5}, {"x5", 5}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        assert_int_equal(expr_parse(&e, &memory, known[i].infix, &names, "", 1, 1, NULL),
                         SYMLUT_OK);
        assert_int_equal(e.nodes[0].op, EXPR_VAR);
        assert_int_equal(e.nodes[0].feature, known[i].feature);
    }
    assert_int_equal(expr_parse(&e, &memory, "x6", &names, "", 1, 1, NULL), SYMLUT_BAD_INPUT);
    assert_int_equal(expr_parse(&e, &memory, "x05", &names, "", 1, 1, NULL), SYMLUT_BAD_INPUT);
    assert_int_equal(expr_parse(&e, &memory, "`x5`", &names, "", 1, 1, NULL), SYMLUT_BAD_INPUT);
    assert_int_equal(expr_parse(&e, &memory, "x65534", NULL, "", 1, 1, NULL), SYMLUT_OK);
    assert_int_equal(expr_parse(&e, &memory, "x65535", NULL, "", 1, 1, NULL), SYMLUT_BAD_INPUT);
}

/* n times `open`, then x0, then n times `close`. */
static symlut_status parse_nested(const char *open, const char *close, size_t n, expr *e,
                                  symlut_error *err)
{
    text t = {0};
    for (size_t i = 0; i < n; i++)
        text_append(&t, open);
    text_append(&t, "x0");
    for (size_t i = 0; i < n; i++)
        text_append(&t, close);
    symlut_status status = expr_parse(e, &memory, t.data, NULL, "deep", 1, 1, err);
    text_free(&t);
    return status;
}

static void test_deep_nesting_is_an_error_not_a_crash(void **state)
{
    (void)state;
    expr e;
    symlut_error err;
    assert_int_equal(parse_nested("(", ")", 4000, &e, &err), SYMLUT_OK);
    assert_int_equal(e.count, 1);
    assert_int_equal(parse_nested("sin(", ")", 4000, &e, &err), SYMLUT_OK);
    assert_int_equal(e.count, 4001);
    assert_int_equal(parse_nested("(", ")", 1000000, &e, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, "nested more than 4096 deep");
    assert_int_equal(err.column, 4097);
    assert_int_equal(parse_nested("-", "", 1000000, &e, &err), SYMLUT_BAD_INPUT);
    assert_int_equal(parse_nested("x0^", "", 1000000, &e, &err), SYMLUT_BAD_INPUT);
    assert_int_equal(parse_nested("", "+x0", 1000000, &e, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, "the expression has more than 4096 nodes; shorten it");
    assert_int_equal(parse_nested("sin(", ")", 4095, &e, &err), SYMLUT_OK);
    assert_int_equal(parse_nested("", "+x0", 2047, &e, &err), SYMLUT_OK);
    assert_int_equal(e.count, 4095);
}

static void test_place_of_errors(void **state)
{
    (void)state;
    expr e;
    symlut_error err;
    expr_parse(&e, &memory, "x0 + foo", NULL, "file", 7, 11, &err);
    assert_string_equal(err.file, "file");
    assert_int_equal(err.line, 7);
    assert_int_equal(err.column, 16);
    assert_string_equal(err.source, ""); /* the line is the caller's */
    expr_parse(&e, &memory, "x0 +\n  foo\n", NULL, "file", 7, 11, &err);
    assert_int_equal(err.line, 8);
    assert_int_equal(err.column, 3);
    assert_string_equal(err.source, "  foo");
    assert_null(e.nodes);
    assert_int_equal(expr_parse(&e, &memory, "foo", NULL, "f", 1, 1, NULL), SYMLUT_BAD_INPUT);
}

static void collect(void *payload, const char *name, size_t length)
{
    text_append(payload, " ");
    text_append_n(payload, name, length);
}

static void test_scan_names(void **state)
{
    (void)state;
    text t = {0};
    expr_scan_names("a*sin(x2) + `b c` - pi*E + a/max (d, 1e5)", collect, &t);
    assert_string_equal(t.data, " a x2 b c a d");
    text_free(&t);
}

static void test_decimal_point_in_any_locale(void **state)
{
    (void)state;
    if (!setlocale(LC_NUMERIC, "de_DE.UTF-8"))
        skip(); /* only where that locale is installed */
    check_postfix("0.5*x0", "0.5 x0 *");
    setlocale(LC_NUMERIC, "C");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_precedence, free_memory),
        cmocka_unit_test_teardown(test_signs_of_numbers, free_memory),
        cmocka_unit_test_teardown(test_calls, free_memory),
        cmocka_unit_test_teardown(test_names, free_memory),
        cmocka_unit_test_teardown(test_deep_nesting_is_an_error_not_a_crash, free_memory),
        cmocka_unit_test_teardown(test_place_of_errors, free_memory),
        cmocka_unit_test_teardown(test_scan_names, free_memory),
        cmocka_unit_test_teardown(test_decimal_point_in_any_locale, free_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
