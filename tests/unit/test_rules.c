/* Rules on expressions: a recursive reading of their meaning must agree on random trees, and
 * nothing that breaks them may be in a search's front or checkpointed population. */
#include "search/engine.h"
#include "search/tree.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const vocabulary WORDS = {.unary = {EXPR_SIN, EXPR_EXP, EXPR_LOG},
                                 .binary = {EXPR_ADD, EXPR_MUL, EXPR_DIV, EXPR_POW},
                                 .unary_count = 3,
                                 .binary_count = 4,
                                 .features = 2,
                                 .constant_share = 0.4};

/* Operands of node i from the first to the last. */
static int operands(expr e, int i, int out[2])
{
    int arity = expr_arity((expr_op)e.nodes[i].op);
    for (int k = arity - 1, at = i - 1; k >= 0; k--) {
        out[k] = at;
        at -= (int)e.nodes[at].length;
    }
    return arity;
}

static int depth(expr e, int i)
{
    int at[2], most = 0, n = operands(e, i, at);
    for (int k = 0; k < n; k++)
        most = depth(e, at[k]) > most ? depth(e, at[k]) : most;
    return most + 1;
}

/* The most nodes of `op` on a path from i, i included, to a leaf. */
static int on_path(expr e, int i, expr_op op)
{
    int at[2], most = 0, n = operands(e, i, at);
    for (int k = 0; k < n; k++)
        most = on_path(e, at[k], op) > most ? on_path(e, at[k], op) : most;
    return most + (e.nodes[i].op == op);
}

static int below(expr e, int i, expr_op op)
{
    int at[2], most = 0, n = operands(e, i, at);
    for (int k = 0; k < n; k++)
        most = on_path(e, at[k], op) > most ? on_path(e, at[k], op) : most;
    return most;
}

/* sin 2.5, const 2, x 1.5, others 1 */
static double cost(expr e, int i)
{
    int at[2], n = operands(e, i, at), op = e.nodes[i].op;
    double sum = op == EXPR_SIN ? 2.5 : op == EXPR_CONST ? 2 : op == EXPR_VAR ? 1.5 : 1;
    for (int k = 0; k < n; k++)
        sum += cost(e, at[k]);
    return sum;
}

static bool allowed(expr e)
{
    if (depth(e, e.count - 1) > 5 || nearbyint(cost(e, e.count - 1)) > 18)
        return false;
    for (int i = 0; i < e.count; i++) {
        int at[2];
        operands(e, i, at);
        if (e.nodes[i].op == EXPR_SIN && (below(e, i, EXPR_SIN) > 0 || below(e, i, EXPR_EXP) > 1 ||
                                          nearbyint(cost(e, at[0])) > 7))
            return false;
        if (e.nodes[i].op == EXPR_EXP && below(e, i, EXPR_EXP) > 0)
            return false;
        if (e.nodes[i].op == EXPR_POW && nearbyint(cost(e, at[1])) > 3)
            return false;
    }
    return true;
}

static const char NESTED[] = "sin: sin 0, exp 1; exp: exp 0", CONSTRAINTS[] = "^: -1 3; sin:7",
                  COSTS[] = "sin=2.5, const=2, x=1.5";

static void test_judgement(void **state)
{
    (void)state;
    rules r;
    symlut_error err;
    assert_int_equal(rules_parse(&r, 18, 5, NESTED, CONSTRAINTS, COSTS, &err), SYMLUT_OK);
    rng random = rng_make(3, 3);
    int kept = 0, refused = 0;
    for (int trial = 0; trial < 20000; trial++) {
        expr_node nodes[TREE_MAX];
        expr e = {nodes, 0};
        tree_random(&e, 1 + (int)rng_below(&random, 14), 14, &WORDS, &random);
        assert_int_equal(rules_complexity(&r, e), (int)nearbyint(cost(e, e.count - 1)));

        assert_int_equal(rules_allow(&r, e), allowed(e));
        if (allowed(e))
            kept++;
        else
            refused++;
    }
    assert_true(kept > 2000 && refused > 2000);
}

static void test_no_rules(void **state)
{
    (void)state;
    rules r;
    assert_int_equal(rules_parse(&r, 5, 0, NULL, NULL, NULL, NULL), SYMLUT_OK);
    expr_node nodes[TREE_MAX];
    expr e = {nodes, 0};
    rng random = rng_make(4, 4);
    tree_random(&e, 20, 40, &WORDS, &random);
    assert_true(!r.active && rules_allow(&r, e));
    assert_int_equal(rules_parse(&r, 5, 0, NULL, NULL, "sin=1, x=1, const=1", NULL), SYMLUT_OK);
    assert_true(!r.active);
    assert_int_equal(rules_complexity(&r, e), e.count);
}

static void refuse(const char *nested, const char *constraints, const char *complexity,
                   const char *says)
{
    rules r;
    symlut_error err;
    assert_int_equal(rules_parse(&r, 20, 0, nested, constraints, complexity, &err),
                     SYMLUT_BAD_INPUT);
    if (!strstr(err.message, says))
        fail_msg("'%s' does not say '%s'", err.message, says);
}

static void test_refusals(void **state)
{
    (void)state;
    refuse("sin sin 0", NULL, NULL, "':'");
    refuse("sin: sine 0", NULL, NULL, "unknown operator 'sine'");
    refuse("sin: sin", NULL, NULL, "number");
    refuse("sin: sin 0.5", NULL, NULL, "whole number");
    refuse("sin: sin 0 exp 1", NULL, NULL, "at 'exp 1'");
    refuse("", NULL, NULL, "an operator");
    refuse(NULL, "^: 3", NULL, "number");
    refuse(NULL, "sin: 3 3", NULL, "at '3'");
    refuse(NULL, "x: 3", NULL, "unknown operator 'x'");
    refuse(NULL, NULL, "sin=-1", "from 0 to 20");
    refuse(NULL, NULL, "sin=nan", "from 0 to 20");
    refuse(NULL, NULL, "sin=21", "from 0 to 20");
    refuse(NULL, NULL, "sin=3 x=1", "','");
    rules r;
    assert_int_equal(rules_parse(&r, 20, -1, NULL, NULL, NULL, NULL), SYMLUT_BAD_INPUT);
}

enum { ROWS = 256 };

/* What the rules forbid would fit best. */
static double nested_law(double a, double b)
{
    return a * sin(b + exp(sin(a)));
}

/* An exact law that the library finds in one step. */
static double tower_law(double a, double b)
{
    return b * exp(exp(a));
}

static void make_problem(problem *p, float (*columns)[ROWS], const float **pointers, float *y,
                         double *sums, double (*law)(double a, double b))
{
    rng random = rng_make(8, 8);
    for (int i = 0; i < ROWS; i++) {
        double a = 4 * rng_unit(&random) - 2, b = 4 * rng_unit(&random) - 2;
        columns[0][i] = (float)a;
        columns[1][i] = (float)b;
        y[i] = (float)law(a, b);
        sums[1] += 1;
        sums[3] += (double)y[i];
        sums[5] += (double)(y[i] * y[i]);
    }
    pointers[0] = columns[0];
    pointers[1] = columns[1];
    *p = (problem){.columns = pointers,
                   .rows = ROWS,
                   .padded = ROWS,
                   .y = y,
                   .sum_w = sums,
                   .sum_y = sums + 2,
                   .sum_yy = sums + 4,
                   .squares = true,
                   .bounded = true,
                   .forms = {true, true, true, true}};
    p->baseline = sums[5] / ROWS;
}

static void check_tree(const expr_node *nodes, int count, int complexity)
{
    expr_node copy[TREE_MAX + 4];
    memcpy(copy, nodes, (size_t)count * sizeof *copy);
    expr e = {copy, count};
    assert_true(expr_finish(&e));
    assert_true(allowed(e));
    assert_int_equal(complexity, (int)nearbyint(cost(e, e.count - 1)));
}

static void check_members(const engine *e)
{
    for (int i = 0; i < e->island_count; i++)
        for (int m = 0; m < e->set->population; m++) {
            const member *one = &e->islands[i].members[m];
            check_tree(one->nodes, one->count, one->complexity);
        }
}

static void search(double (*law)(double a, double b))
{
    static float columns[2][ROWS] __attribute__((aligned(64))),
        y[ROWS] __attribute__((aligned(64)));
    const float *pointers[2];
    double sums[6] = {0};
    problem p;
    make_problem(&p, columns, pointers, y, sums, law);
    settings set = settings_defaults();
    set.words = WORDS;
    set.max_size = 18;
    set.islands = 3;
    set.population = 40;
    set.ways.weights[VARY_BACKSOLVE] = 2;
    set.ways.weights[MUTATE_SIMPLIFY] = 1;
    assert_int_equal(rules_parse(&set.words.limits, 18, 5, NESTED, CONSTRAINTS, COSTS, NULL),
                     SYMLUT_OK);
    engine e;
    assert_true(engine_init(&e, &set, &p, 1, 1, 2));
    assert_true(engine_recover(&e));
    check_members(&e);
    for (int epoch = 0; epoch < 8; epoch++) {
        engine_epoch(&e);
        check_members(&e);
    }
    int rows = 0;
    for (int c = 1; c <= set.max_size; c++) {
        const champion *row = &e.fronts[0].rows[c];
        if (row->count > 0)
            check_tree(row->nodes, row->count, c);
        rows += row->count > 0;
    }
    assert_true(rows >= 4);
    engine_free(&e);
}

static void test_search_keeps_rules(void **state)
{
    (void)state;
    search(nested_law);
    search(tower_law);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_judgement),
        cmocka_unit_test(test_no_rules),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_search_keeps_rules),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
