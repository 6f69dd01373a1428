/* Functions of the user: reading, expansion beside a recursive evaluation that knows their meaning,
 * mutation of trees that call them, and fits of constants that a definition uses twice. */
#include "expr/functions.h"
#include "search/engine.h"
#include "search/prepare.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tree_value.h"

static const char LIST[] =
    "+, *, sin, gauss2(x) = exp(-x^2), h(x, y) = x/(1 + y^2) ;  fma(p,q , r)=p*q + r,twice(x) = "
    "gauss2(x) + gauss2(x)*max(x, 2)";

static void read_list(vocabulary *v, arena *memory)
{
    symlut_error err;
    *v = (vocabulary){.features = 2, .constant_share = 0.4};
    if (vocabulary_parse(v, memory, LIST, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
}

static void test_list(void **state)
{
    (void)state;
    arena memory = {0};
    vocabulary v;
    read_list(&v, &memory);
    assert_int_equal(v.unary_count, 1);
    assert_int_equal(v.binary_count, 2);
    assert_int_equal(v.functions->count, 4);
    assert_int_equal(v.functions->items[2].arity, 3);
    assert_int_equal(function_find(v.functions, "twice", 5), 3);
    assert_int_equal(function_find(v.functions, "twic", 4), -1);
    arena_free(&memory);
}

static void refuse(const char *list, const char *says)
{
    arena memory = {0};
    vocabulary v = {0};
    symlut_error err;
    assert_int_equal(vocabulary_parse(&v, &memory, list, &err), SYMLUT_BAD_INPUT);
    if (!strstr(err.message, says))
        fail_msg("'%s' does not say '%s'", err.message, says);
    arena_free(&memory);
}

static void test_refusals(void **state)
{
    (void)state;
    refuse("f(x) = g(x)", "unknown function 'g'");
    refuse("f(x) = f(x - 1)", "'f' is defined by itself");
    refuse("f(x) = x, f(y) = y", "defined twice");
    refuse("sin(x) = x", "'sin' is built in");
    refuse("cot(x) = x", "'cot' is built in");
    refuse("pi(x) = x", "'pi' is a number");
    refuse("f(x) = y", "unknown name 'y'");
    refuse("f(x, x) = x", "named twice");
    refuse("f() = 3", "the name of an argument");
    refuse("f(x y) = 3", "expected ',' or ')'");
    refuse("f(a,b,c,d) = a", "one to 3 arguments");
    refuse("f(x) = ", "empty");
    refuse("f(x) = x +, *", "expected a number");
    refuse("f(x) = h(x), h(x) = x", "unknown function 'h'");
}

/* ---------------------------------------------------------------- meaning */

static double called(int function, const double *a)
{
    switch (function) {
    case 0:
        return exp(-pow(a[0], 2));
    case 1:
        return a[0] / (1 + pow(a[1], 2));
    case 2:
        return a[0] * a[1] + a[2];
    default:
        return exp(-pow(a[0], 2)) + exp(-pow(a[0], 2)) * (a[0] > 2 ? a[0] : 2);
    }
}

static void check_tree(expr e, const vocabulary *v)
{
    expr_node copy[TREE_MAX];
    memcpy(copy, e.nodes, (size_t)e.count * sizeof *copy);
    expr other = {copy, e.count};
    for (int i = 0; i < e.count; i++)
        assert_true(tree_node_known(&e.nodes[i], v));
    assert_true(expr_finish(&other));
    for (int i = 0; i < e.count; i++)
        assert_int_equal(copy[i].length, e.nodes[i].length);
}

static void test_expansion(void **state)
{
    (void)state;
    arena memory = {0};
    vocabulary v;
    read_list(&v, &memory);
    rng r = rng_make(4, 1);
    int with_calls = 0;
    for (int trial = 0; trial < 5000; trial++) {
        expr_node a[TREE_MAX], c[TREE_MAX], room[RULES_PLAIN], simple[TREE_MAX];
        expr e = {a, 0}, child = {c, 0};
        tree_random(&e, 1 + (int)rng_below(&r, 12), 14, &v, &r);
        if (tree_mutate(&child, 14, e, (mutation)rng_below(&r, MUTATE_COUNT), 0.5, &v, &r)) {
            check_tree(child, &v);
            e = child;
        }
        check_tree(e, &v);
        rules limits = {.functions = v.functions};
        expr plain = rules_plain(&limits, room, e);
        with_calls += plain.nodes == room;
        double x[2] = {rng_normal(&r), rng_normal(&r)}, stack[RULES_PLAIN];
        if (plain.count == 0)
            continue;
        double wanted = value_at(e, e.count - 1, x, called), found = expr_eval(plain, x, stack);
        assert_true(fabs(found - wanted) <= 1e-12 * fabs(wanted) || isnan(wanted) ||
                    found == wanted);
        memcpy(simple, e.nodes, (size_t)e.count * sizeof *simple);
        expr s = {simple, e.count};
        expr_simplify(&s);
        tree_measure(&s);
        found = value_at(s, s.count - 1, x, called);
        assert_true(fabs(found - wanted) <= 1e-9 * (1 + fabs(wanted)) || isnan(wanted) ||
                    isinf(wanted));
    }
    assert_true(with_calls > 2000);
    arena_free(&memory);
}

/* twice(twice(… x …)) doubles with each level. */
static void test_too_long(void **state)
{
    (void)state;
    arena memory = {0};
    vocabulary v;
    read_list(&v, &memory);
    expr_node nodes[TREE_MAX] = {{.op = EXPR_VAR}}, room[RULES_PLAIN];
    for (int i = 1; i < 20; i++)
        nodes[i] = (expr_node){.op = EXPR_CALL, .arity = 1, .feature = 3};
    expr e = {nodes, 20};
    tree_measure(&e);
    rules limits = {.functions = v.functions, .max_complexity = 30};
    assert_int_equal(rules_plain(&limits, room, e).count, 0);
    assert_false(rules_allow(&limits, e));
    e.count = 3;
    assert_true(rules_allow(&limits, e));
    arena_free(&memory);
}

static void test_rules_by_name(void **state)
{
    (void)state;
    arena memory = {0};
    vocabulary v;
    read_list(&v, &memory);
    rules r;
    symlut_error err;
    assert_int_equal(rules_parse_with(&r, v.functions, 30, 0, "gauss2: h 0", "fma: 1 -1 1",
                                      "h=2.5, fma=4", &err),
                     SYMLUT_OK);
    static const struct {
        const char *infix;
        int complexity;
        bool allowed;
    } cases[] = {
        {"h(x0, x1)", 4, true}, /* 4.5: halves to the even one */
        {"gauss2(h(x0, x1))", 6, false},
        {"h(gauss2(x0), x1)", 6, true},
        {"fma(x0, x0 + x1, x1)", 9, true},
        {"fma(x0 + x1, x0, x1)", 9, false},
        {"twice(x0)", 2, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expr e;
        expr_names names = {NULL, 2};
        assert_int_equal(expr_parse_with(&e, &memory, cases[i].infix, &names, v.functions, true,
                                         "test", 1, 1, &err),
                         SYMLUT_OK);
        assert_int_equal(rules_complexity(&r, e), cases[i].complexity);
        assert_true(rules_allow(&r, e) == cases[i].allowed);
    }
    assert_int_equal(rules_parse_with(&r, v.functions, 30, 0, "k: h 0", NULL, NULL, &err),
                     SYMLUT_BAD_INPUT);
    arena_free(&memory);
}

/* ---------------------------------------------------------------- a search */

enum { ROWS = 256 };

static float columns[2][ROWS] __attribute__((aligned(64))), y[ROWS] __attribute__((aligned(64)));
static const float *pointers[2] = {columns[0], columns[1]};

static void make_problem(problem *p, arena *memory, const rules *limits,
                         double (*law)(double, double))
{
    rng random = rng_make(8, 8);
    for (int i = 0; i < ROWS; i++) {
        double a = 4 * rng_unit(&random) - 2, b = 4 * rng_unit(&random) - 2;
        columns[0][i] = (float)a;
        columns[1][i] = (float)b;
        y[i] = (float)law(a, b);
    }
    *p = (problem){.columns = pointers,
                   .rows = ROWS,
                   .padded = ROWS,
                   .y = y,
                   .limits = limits,
                   .squares = true,
                   .bounded = true,
                   .forms = {true, true, true, true}};
    assert_true(problem_index(p, memory));
}

/* twice(0.7*a) + 0.3*b: the constant stands in three places of the expansion. */
static double twice_law(double a, double b)
{
    double g = exp(-0.49 * a * a);
    return g + g * (0.7 * a > 2 ? 0.7 * a : 2) + 0.3 * b;
}

static void test_tied_constants(void **state)
{
    (void)state;
    arena memory = {0};
    vocabulary v;
    read_list(&v, &memory);
    rules limits = {.functions = v.functions, .max_complexity = 30};
    problem p;
    workspace w;
    symlut_error err;
    expr e;
    expr_names names = {NULL, 2};
    make_problem(&p, &memory, &limits, twice_law);
    assert_true(workspace_init(&w, RULES_PLAIN, kernels_best()));
    assert_int_equal(expr_parse_with(&e, &memory, "twice(0.5*x0) + 0.9*x1", &names, v.functions,
                                     true, "test", 1, 1, &err),
                     SYMLUT_OK);
    assert_true(constants_fit(&w, &p, e, window_all(&p), 30, false));
    double fitted[2];
    int count = 0;
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_CONST)
            fitted[count++] = e.nodes[i].value;
    assert_int_equal(count, 2);
    assert_true(fabs(fabs(fitted[0]) - 0.7) < 1e-5 && fabs(fitted[1] - 0.3) < 1e-5);
    workspace_free(&w);
    arena_free(&memory);
}

static double product_law(double a, double b)
{
    return 1.5 * exp(-(a - b) * (a - b)) / (1 + b * b);
}

static void test_search(void **state)
{
    (void)state;
    arena memory = {0};
    problem p;
    settings set = settings_defaults();
    read_list(&set.words, &memory);
    set.words.constant_share = 0.3;
    set.max_size = 16;
    set.islands = 3;
    set.words.limits = (rules){.functions = set.words.functions, .max_complexity = 16};
    make_problem(&p, &memory, &set.words.limits, product_law);
    engine e, again;
    assert_true(engine_init(&e, &set, &p, 1, 3, 2) && engine_init(&again, &set, &p, 1, 3, 1));
    text saved = {0};
    for (int epoch = 0; epoch < 6; epoch++) {
        engine_epoch(&e);
        if (epoch == 2)
            engine_save(&e, &saved);
    }
    assert_true(engine_load(&again, saved.data, saved.length));
    for (int epoch = 3; epoch < 6; epoch++)
        engine_epoch(&again);
    bool called = false;
    for (int c = 1; c <= set.max_size; c++) {
        const champion *row = &e.fronts[0].rows[c], *other = &again.fronts[0].rows[c];
        assert_int_equal(row->count, other->count);
        if (row->count > 0)
            assert_memory_equal(row->nodes, other->nodes, (size_t)row->count * sizeof *row->nodes);
        for (int i = 0; i < row->count; i++)
            called = called || row->nodes[i].op == EXPR_CALL;
    }
    assert_true(called && pareto_loss(&e.fronts[0], 16) < 0.05 * p.baseline);
    text_free(&saved);
    engine_free(&e);
    engine_free(&again);
    arena_free(&memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_list),          cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_expansion),     cmocka_unit_test(test_too_long),
        cmocka_unit_test(test_rules_by_name), cmocka_unit_test(test_tied_constants),
        cmocka_unit_test(test_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
