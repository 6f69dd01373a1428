/* Cross-entropy against double precision row by row, and its fit against a closed-form optimum. */
#include "search/softmax.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

#include <cmocka.h>

enum { ROWS = 1000, PADDED = 1008, BLOCKS = 4, CLASSES = 3 };

static float *columns[2], *targets[CLASSES], *weights, *tail;
static double sum_w[BLOCKS + 1];
static int labels[ROWS];
static problem problems[CLASSES];
static workspace w;
static softmax_work work;
static softmax_data data;
static arena memory;

/* Labels drawn from the softmax of 0, 1.5*x0 - 0.5 and x1. */
static int draw_label(double x0, double x1, rng *r)
{
    double e[CLASSES] = {1, exp(1.5 * x0 - 0.5), exp(x1)};
    double u = rng_unit(r) * (e[0] + e[1] + e[2]);
    return u < e[0] ? 0 : u < e[0] + e[1] ? 1 : 2;
}

static int set_up(void **state)
{
    (void)state;
    rng r = rng_make(9, 9);
    weights = buffer_alloc(PADDED, sizeof(float));
    tail = buffer_alloc(EVAL_BLOCK, sizeof(float));
    for (int i = 0; i < ROWS % EVAL_BLOCK; i++)
        tail[i] = 1;
    for (int f = 0; f < 2; f++)
        columns[f] = buffer_alloc(PADDED, sizeof(float));
    for (int k = 0; k < CLASSES; k++)
        targets[k] = buffer_alloc(PADDED, sizeof(float));
    for (int i = 0; i < PADDED; i++) {
        for (int f = 0; f < 2; f++)
            columns[f][i] = i < ROWS ? (float)rng_normal(&r) : columns[f][ROWS - 1];
        if (i < ROWS) {
            labels[i] = draw_label((double)columns[0][i], (double)columns[1][i], &r);
            weights[i] = (float)(0.5 + rng_unit(&r));
        }
        for (int k = 0; k < CLASSES; k++) /* as the search keeps them: ±1 less a mean */
            targets[k][i] = (float)((labels[i < ROWS ? i : ROWS - 1] == k ? 1 : -1) + 0.25);
    }
    for (int k = 0; k < CLASSES; k++)
        problems[k] = (problem){.columns = (const float *const *)columns,
                                .rows = ROWS,
                                .padded = PADDED,
                                .y = targets[k],
                                .y_mean = -0.25,
                                .tail = tail,
                                .sum_w = sum_w,
                                .constant_limit = 64};
    bool ok = workspace_init(&w, TREE_MAX + 4, kernels_best()) &&
              softmax_work_init(&work, &w, NULL, CLASSES, 44) &&
              softmax_data_init(&data, problems, CLASSES);
    return ok ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    softmax_data_free(&data);
    softmax_work_free(&work);
    workspace_free(&w);
    for (int f = 0; f < 2; f++)
        free(columns[f]);
    for (int k = 0; k < CLASSES; k++)
        free(targets[k]);
    free(weights);
    free(tail);
    arena_free(&memory);
    return 0;
}

static void use_weights(bool use)
{
    for (int k = 0; k < CLASSES; k++)
        problems[k].weights = use ? weights : NULL;
    for (int b = 0; b < BLOCKS; b++) {
        sum_w[b + 1] = sum_w[b];
        for (int i = b * EVAL_BLOCK; i < ROWS && i < (b + 1) * EVAL_BLOCK; i++)
            sum_w[b + 1] += use ? (double)weights[i] : 1;
    }
}

static forest *make_forest_with(const char *const *infix, const expr_functions *functions)
{
    forest *f = forests_new(1, CLASSES, 44);
    assert_non_null(f);
    for (int k = 0; k < CLASSES; k++) {
        expr e;
        assert_int_equal(
            expr_parse_with(&e, &memory, infix[k], NULL, functions, true, "test", 1, 1, NULL),
            SYMLUT_OK);
        forest_set_tree(f, k, e);
    }
    return f;
}

static forest *make_forest(const char *const *infix)
{
    return make_forest_with(infix, NULL);
}

static double plain_loss(const forest *f, bool weighted, int first, int end)
{
    double sum = 0, weight = 0, stack[64];
    for (int i = first; i < end; i++) {
        double x[2] = {(double)columns[0][i], (double)columns[1][i]}, z[CLASSES], total = 0;
        for (int k = 0; k < CLASSES; k++)
            total += exp(z[k] = expr_eval(forest_tree(f, k), x, stack));
        double wi = weighted ? (double)weights[i] : 1;
        sum += wi * (log(total) - z[labels[i]]);
        weight += wi;
    }
    return sum / weight;
}

static void test_loss(void **state)
{
    (void)state;
    static const char *const cases[][CLASSES] = {
        {"0.5", "x0", "x1*x0 - 1"},
        {"sin(x0)*3", "tanh(x1 - 0.2)*(-4)", "max(x0, x1)"},
        {"10*x0", "x1", "2"},
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++)
        for (int weighted = 0; weighted < 2; weighted++) {
            use_weights(weighted);
            forest *f = make_forest(cases[c]);
            double loss, expected = plain_loss(f, weighted, 0, ROWS);
            assert_true(softmax_loss(&loss, &work, &data, f, (window){0, PADDED}));
            assert_true(fabs(loss - expected) < 1e-6 * expected);
            assert_true(softmax_loss(&loss, &work, &data, f, (window){256, 512}));
            expected = plain_loss(f, weighted, 256, 768);
            assert_true(fabs(loss - expected) < 1e-6 * expected);
            free(f);
        }
}

static void test_not_finite(void **state)
{
    (void)state;
    use_weights(false);
    double loss;
    static const char *const cases[][CLASSES] = {
        {"log(x0)", "x0", "x1"}, {"exp(exp(4 + x0))", "0", "0"}, {"x0", "65", "x1"}};
    for (size_t c = 0; c < 3; c++) {
        forest *f = make_forest(cases[c]);
        assert_false(softmax_loss(&loss, &work, &data, f, (window){0, PADDED}));
        free(f);
    }
}

/* Mean loss of 0, a*x0 + b, c*x1 by plain gradient descent in double: convex, so that any descent
 * ends at the same place. */
static double convex_optimum(double at[3])
{
    double rate = 0.5;
    for (int step = 0; step < 3000; step++) {
        double slope[3] = {0};
        for (int i = 0; i < ROWS; i++) {
            double x0 = (double)columns[0][i], x1 = (double)columns[1][i];
            double e1 = exp(at[0] * x0 + at[1]), e2 = exp(at[2] * x1), total = 1 + e1 + e2;
            double r1 = e1 / total - (labels[i] == 1), r2 = e2 / total - (labels[i] == 2);
            slope[0] += r1 * x0 / ROWS;
            slope[1] += r1 / ROWS;
            slope[2] += r2 * x1 / ROWS;
        }
        for (int j = 0; j < 3; j++)
            at[j] -= rate * slope[j];
    }
    double sum = 0;
    for (int i = 0; i < ROWS; i++) {
        double z[3] = {0, at[0] * (double)columns[0][i] + at[1], at[2] * (double)columns[1][i]};
        sum += log(1 + exp(z[1]) + exp(z[2])) - z[labels[i]];
    }
    return sum / ROWS;
}

static void test_fit(void **state)
{
    (void)state;
    use_weights(false);
    static const char *const start[] = {"x0 - x0", "0.1*x0 + 0.2", "(-0.3)*x1"};
    forest *f = make_forest(start);
    assert_true(softmax_fit(&work, &data, f, (window){0, PADDED}, 50));
    double best[3] = {0.1, 0.2, -0.3}, lowest = convex_optimum(best), loss;
    assert_true(softmax_loss(&loss, &work, &data, f, (window){0, PADDED}));
    assert_true(fabs(loss - lowest) < 1e-5);
    assert_true(fabs(forest_tree(f, 1).nodes[0].value - best[0]) < 5e-3);
    assert_true(fabs(forest_tree(f, 1).nodes[3].value - best[1]) < 5e-3);
    assert_true(fabs(forest_tree(f, 2).nodes[0].value - best[2]) < 5e-3);
    free(f);
}

/* The same scores by functions of the user, whose own numbers stay and which use a constant of the
 * tree twice: the same optimum. */
static void test_fit_through_calls(void **state)
{
    (void)state;
    use_weights(false);
    expr_functions functions = {0};
    rules limits;
    workspace own;
    softmax_work calls;
    static const char *const definitions[] = {"line(x, a, b) = a*x + b",
                                              "same(u) = 0.25*u + 0.75*u"};
    for (int i = 0; i < 2; i++)
        assert_int_equal(function_define(&functions, &memory, definitions[i],
                                         strlen(definitions[i]), definitions[i], "test", 1, NULL),
                         SYMLUT_OK);
    assert_int_equal(rules_parse_with(&limits, &functions, 40, 0, NULL, NULL, NULL, NULL),
                     SYMLUT_OK);
    assert_true(workspace_init(&own, RULES_PLAIN, kernels_best()));
    assert_true(softmax_work_init(&calls, &own, &limits, CLASSES, 44));
    static const char *const start[] = {"same(x0) - x0", "line(x0, 0.1, 0.2)",
                                        "same(same((-0.3)*x1))"};
    forest *f = make_forest_with(start, &functions);
    assert_int_equal(f->counts[1], 4);
    assert_true(softmax_fit(&calls, &data, f, (window){0, PADDED}, 50));
    double best[3] = {0.1, 0.2, -0.3}, lowest = convex_optimum(best), loss;
    assert_true(softmax_loss(&loss, &calls, &data, f, (window){0, PADDED}));
    assert_true(fabs(loss - lowest) < 1e-5);
    assert_true(fabs(forest_tree(f, 1).nodes[1].value - best[0]) < 5e-3);
    assert_true(fabs(forest_tree(f, 1).nodes[2].value - best[1]) < 5e-3);
    assert_true(fabs(forest_tree(f, 2).nodes[0].value - best[2]) < 5e-3);
    softmax_work_free(&calls);
    workspace_free(&own);
    free(f);
}

static void test_limit_holds(void **state)
{
    (void)state;
    use_weights(false);
    problems[0].constant_limit = 0.75;
    static const char *const start[] = {"x0 - x0", "0.1*x0 + 0.2", "0.3*x1"};
    forest *f = make_forest(start);
    assert_true(softmax_fit(&work, &data, f, (window){0, PADDED}, 50));
    for (int k = 1; k < CLASSES; k++)
        for (int i = 0; i < f->counts[k]; i++)
            assert_true(fabs(forest_tree(f, k).nodes[i].value) <= 0.75);
    double loss;
    assert_true(softmax_loss(&loss, &work, &data, f, (window){0, PADDED}));
    problems[0].constant_limit = 64;
    free(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loss),        cmocka_unit_test(test_not_finite),
        cmocka_unit_test(test_fit),         cmocka_unit_test(test_fit_through_calls),
        cmocka_unit_test(test_limit_holds),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
