#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expr/expr.h"

static arena memory;

static expr parsed(const char *infix)
{
    expr e;
    symlut_error err = {0};
    if (expr_parse(&e, &memory, infix, NULL, "test", 1, 1, &err) != SYMLUT_OK)
        fail_msg("%s: %s", infix, err.message);
    return e;
}

static int free_memory(void **state)
{
    (void)state;
    arena_free(&memory);
    return 0;
}

static void test_op_facts(void **state)
{
    (void)state;
    assert_int_equal(expr_arity(EXPR_ADD), 2);
    assert_int_equal(expr_arity(EXPR_SIN), 1);
    assert_int_equal(expr_arity(EXPR_VAR), 0);
    for (int op = EXPR_ADD; op < EXPR_OP_COUNT; op++) {
        const char *name = expr_op_name((expr_op)op);
        expr_op found;
        assert_true(expr_op_find(&found, name, strlen(name)));
        assert_int_equal(found, op);
        assert_true(strlen(expr_op_doc((expr_op)op)) > 0);
    }
    expr_op op;
    assert_false(expr_op_find(&op, "const", 5));
    assert_false(expr_op_find(&op, "sinx", 4));
    assert_true(expr_op_find(&op, "sinx", 3));
    assert_int_equal(op, EXPR_SIN);
}

static void test_synonyms(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        expr_op op;
    } known[] = {{"**", EXPR_POW},        {"mult", EXPR_MUL},       {"Abs", EXPR_ABS},
                 {"Max", EXPR_MAX},       {"arcsin", EXPR_ASIN},    {"safe_log", EXPR_LOG},
                 {"ln", EXPR_LOG},        {"ceiling", EXPR_CEIL},   {"expit", EXPR_SIGMOID},
                 {"arctan2", EXPR_ATAN2}, {"safe_sqrt", EXPR_SQRT}, {"reciprocal", EXPR_INV},
                 {"tgamma", EXPR_GAMMA},  {"arctanh", EXPR_ATANH},  {"plus", EXPR_ADD}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        expr_op op;
        assert_true(expr_op_find(&op, known[i].name, strlen(known[i].name)));
        assert_int_equal(op, known[i].op);
    }
}

/* Values from tables of functions, correctly rounded; libm may be off by an ulp or two. */
static void test_apply_known_values(void **state)
{
    (void)state;
    static const struct {
        expr_op op;
        double a, b, value;
    } known[] = {
        {EXPR_POW, 2, 0.5, 1.4142135623730951},
        {EXPR_SIN, 1, 0, 0.8414709848078965},
        {EXPR_ERF, 1, 0, 0.8427007929497149},
        {EXPR_ERFC, 1, 0, 0.15729920705028513},
        {EXPR_GAMMA, 0.5, 0, 1.7724538509055160},
        {EXPR_GAUSS, 1, 0, 0.36787944117144233},
        {EXPR_SIGMOID, 1, 0, 0.7310585786300049},
        {EXPR_CBRT, -27, 0, -3},
        {EXPR_ATAN2, 1, -1, 2.356194490192345},
        {EXPR_TANH, 0.5, 0, 0.46211715726000976},
        {EXPR_EXPM1, 1e-10, 0, 1.00000000005e-10},
        {EXPR_LOG1P, 1e-10, 0, 9.9999999995e-11},
        {EXPR_LOG2, 8, 0, 3},
        {EXPR_LOG10, 1000, 0, 3},
        {EXPR_EXP2, 10, 0, 1024},
        {EXPR_ACOSH, 2, 0, 1.3169578969248167},
        {EXPR_ATANH, 0.5, 0, 0.54930614433405485},
        {EXPR_ASINH, 1, 0, 0.881373587019543},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        double found = expr_apply(known[i].op, known[i].a, known[i].b);
        assert_true(fabs(found - known[i].value) <= 4.5e-16 * fabs(known[i].value));
    }
}

static void test_apply_edges(void **state)
{
    (void)state;
    assert_true(isnan(expr_apply(EXPR_SQRT, -1, 0)));
    assert_true(isnan(expr_apply(EXPR_POW, -2, 0.5)));
    assert_true(expr_apply(EXPR_POW, -2, 3) == -8);
    assert_true(isnan(expr_apply(EXPR_ACOSH, 0.5, 0)));
    assert_true(expr_apply(EXPR_MOD, -7, 3) ==
                2); /* the sign of the divisor, as Python and Julia */
    assert_true(expr_apply(EXPR_MOD, 7, -3) == -2);
    assert_true(expr_apply(EXPR_MOD, 6, 3) == 0);
    assert_true(isnan(expr_apply(EXPR_MOD, 6, 0)));
    assert_true(expr_apply(EXPR_ROUND, 2.5, 0) == 2 && expr_apply(EXPR_ROUND, 3.5, 0) == 4);
    assert_true(expr_apply(EXPR_COND, 0, 5) == 0 && expr_apply(EXPR_COND, 0.1, 5) == 5);
    assert_true(expr_apply(EXPR_AND, 1, 0) == 0 && expr_apply(EXPR_OR, 1, 0) == 1);
    assert_true(expr_apply(EXPR_LESS_EQUAL, 1, 1) == 1 && expr_apply(EXPR_LESS, 1, 1) == 0);
    assert_true(expr_apply(EXPR_SIGN, -0.1, 0) == -1 && expr_apply(EXPR_SIGN, 0, 0) == 0);
    assert_true(expr_apply(EXPR_RELU, -1, 0) == 0 && expr_apply(EXPR_INV, 4, 0) == 0.25);
}

static void test_eval(void **state)
{
    (void)state;
    expr e = parsed("(x0 - x1)*2 - x2/4");
    double x[] = {5, 3, 8}, stack[16];
    assert_true(expr_eval(e, x, stack) == 2);
    assert_int_equal(expr_depth(e), 3); /* (x0 - x1)*2, x2, 4 */
    double columns[3][2] = {{5, 1}, {3, 1}, {8, -4}};
    const double *const pointers[] = {columns[0], columns[1], columns[2]};
    double rows[3 * 2];
    expr_eval_rows(e, pointers, 2, rows, 2);
    assert_true(rows[0] == 2 && rows[1] == 1);
}

static void test_finish_refuses_what_is_no_expression(void **state)
{
    (void)state;
    expr_node nodes[] = {{.op = EXPR_VAR}, {.op = EXPR_VAR}, {.op = EXPR_ADD}, {.op = EXPR_SIN}};
    assert_true(expr_finish(&(expr){nodes, 4}));
    assert_int_equal(nodes[3].length, 4);
    assert_int_equal(nodes[2].length, 3);
    assert_int_equal(nodes[2].arity, 2);
    assert_false(expr_finish(&(expr){nodes, 2}));     /* two values */
    assert_false(expr_finish(&(expr){nodes + 1, 2})); /* an operand missing */
    assert_false(expr_finish(&(expr){nodes, 0}));
    nodes[1].op = EXPR_OP_COUNT;
    assert_false(expr_finish(&(expr){nodes, 4}));
}

static void test_copy_and_equal(void **state)
{
    (void)state;
    expr e = parsed("sin(x0 + 0.5)*x1"), f = expr_copy(&memory, e);
    assert_true(expr_equal(e, f));
    assert_true(e.nodes != f.nodes);
    f.nodes[1].value = 0.25;
    assert_false(expr_equal(e, f));
    assert_false(expr_equal(parsed("x0"), parsed("x1")));
    assert_false(expr_equal(parsed("0*x0"), parsed("-0*x0")));
    assert_false(expr_equal(parsed("x0"), parsed("x0 + 1")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_op_facts, free_memory),
        cmocka_unit_test_teardown(test_synonyms, free_memory),
        cmocka_unit_test_teardown(test_apply_known_values, free_memory),
        cmocka_unit_test_teardown(test_apply_edges, free_memory),
        cmocka_unit_test_teardown(test_eval, free_memory),
        cmocka_unit_test_teardown(test_finish_refuses_what_is_no_expression, free_memory),
        cmocka_unit_test_teardown(test_copy_and_equal, free_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
