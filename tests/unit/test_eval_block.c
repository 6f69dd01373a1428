/* Block evaluation and its derivatives against the scalar double reference, on random expressions
 * over every operation. */
#include "expr/eval_block.h"

#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { FEATURES = 4, ROWS = 3 * EVAL_BLOCK + 16, MAX_NODES = 40 };
static const char *const BUILDS[] = {"portable", "avx2", "avx512"};

static float *columns[FEATURES];

static int make_columns(void **state)
{
    (void)state;
    rng r = rng_make(3, 0);
    for (int f = 0; f < FEATURES; f++) {
        columns[f] = buffer_alloc(ROWS, sizeof(float));
        for (int i = 0; i < ROWS; i++)
            columns[f][i] = (float)(0.2 + 1.5 * rng_unit(&r));
    }
    return 0;
}

static int free_columns(void **state)
{
    (void)state;
    for (int f = 0; f < FEATURES; f++)
        free(columns[f]);
    return 0;
}

static bool smooth(expr_op op)
{
    switch (op) {
    case EXPR_LESS:
    case EXPR_GREATER:
    case EXPR_LESS_EQUAL:
    case EXPR_GREATER_EQUAL:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_COND:
    case EXPR_MOD:
    case EXPR_SIGN:
    case EXPR_FLOOR:
    case EXPR_CEIL:
    case EXPR_ROUND:
    case EXPR_GAMMA:
        return false;
    default:
        return true;
    }
}

/* A random expression in postfix; subtrees are repeated now and then so that squares occur. */
static expr random_expr(expr_node *nodes, rng *r, bool only_smooth)
{
    int count = 0, depth = 0, budget = 3 + (int)rng_below(r, MAX_NODES - 3);
    while (count + depth < budget || depth > 1) {
        if (count + depth < budget && (depth == 0 || rng_below(r, 2))) {
            bool constant = rng_below(r, 3) == 0;
            nodes[count++] =
                (expr_node){.op = constant ? EXPR_CONST : EXPR_VAR,
                            .feature = (uint16_t)rng_below(r, FEATURES),
                            .value = constant ? (double)(float)(0.2 + 1.5 * rng_unit(r)) : 0};
            depth++;
            continue;
        }
        expr_op op = (expr_op)(2 + rng_below(r, EXPR_OP_COUNT - 2));
        if (rng_below(r, 2))
            op = (expr_op)(EXPR_ADD + rng_below(r, 3));
        if (expr_arity(op) > depth || (only_smooth && !smooth(op)) ||
            (expr_arity(op) == 1 && count + depth >= budget))
            continue;
        nodes[count++] = (expr_node){.op = (uint8_t)op};
        depth -= expr_arity(op) - 1;
    }
    expr e = {nodes, count};
    assert_true(expr_finish(&e));
    if (2 * count + 1 <= MAX_NODES && rng_below(r, 3) == 0) {
        memcpy(nodes + count, nodes, (size_t)count * sizeof *nodes);
        nodes[2 * count] = (expr_node){.op = EXPR_MUL};
        e.count = 2 * count + 1;
        assert_true(expr_finish(&e));
    }
    return e;
}

/* Largest change of the value when every node of the tree is off by a relative 2^-21: what float32
 * may do to it. Infinite where an operation is ill conditioned there. */
static double tolerance(expr e, const double *x, double *value)
{
    double v[MAX_NODES], wide[MAX_NODES];
    int depth = 0;
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        if (n->arity == 0) {
            v[depth] = n->op == EXPR_CONST ? n->value : x[n->feature];
            wide[depth++] = 0;
            continue;
        }
        double a = v[depth - n->arity], b = v[depth - 1];
        double da = wide[depth - n->arity], db = n->arity == 2 ? wide[depth - 1] : 0;
        double mid = expr_apply((expr_op)n->op, a, b), worst = 0;
        for (int k = 0; k < 4; k++) {
            double other =
                expr_apply((expr_op)n->op, a + (k & 1 ? da : -da), b + (k & 2 ? db : -db));
            if (!isfinite(other))
                worst = INFINITY;
            worst = fmax(worst, fabs(other - mid));
        }
        depth -= n->arity - 1;
        v[depth - 1] = mid;
        wide[depth - 1] = 2 * worst + 0x1p-21 * fabs(mid) + 1e-37;
        if (!smooth((expr_op)n->op) && (da > 0 || db > 0))
            wide[depth - 1] = INFINITY; /* a step may fall either way */
        if (fabs(mid) > 1e37)
            wide[depth - 1] = INFINITY;
    }
    *value = v[0];
    return wide[0];
}

static void test_values(void **state)
{
    (void)state;
    int compared = 0;
    for (size_t build = 0; build < 3; build++) {
        const kernels *k = kernels_named(BUILDS[build]);
        if (!k)
            continue;
        evaluator v;
        assert_true(evaluator_init(&v, MAX_NODES, k));
        rng r = rng_make(11, 0);
        for (int trial = 0; trial < 3000; trial++) {
            expr_node nodes[MAX_NODES + 1];
            expr e = random_expr(nodes, &r, false);
            evaluator_compile(&v, e, (const float *const *)columns);
            for (int row = 0; row < ROWS; row += EVAL_BLOCK) {
                int n = ROWS - row < EVAL_BLOCK ? ROWS - row : EVAL_BLOCK;
                const float *got = evaluator_run(&v, (size_t)row, n);
                for (int i = 0; i < n; i += 61) {
                    double x[FEATURES], want;
                    for (int f = 0; f < FEATURES; f++)
                        x[f] = (double)columns[f][row + i];
                    double limit = tolerance(e, x, &want);
                    if (!isfinite(limit) || !isfinite(want))
                        continue;
                    compared++;
                    if (!(fabs((double)got[i] - want) <= limit)) {
                        text t = {0};
                        expr_print(&t, e, NULL, SYMLUT_PRINT_INFIX, 17);
                        fail_msg("%s: %s: %.9g, expected %.17g within %g", k->name, t.data,
                                 (double)got[i], want, limit);
                    }
                }
            }
        }
        evaluator_free(&v);
    }
    assert_true(compared > 20000);
}

/* With columns of earlier trees' subtrees the values are the same bits as without, whatever was
 * evaluated before and however much of it was abandoned. */
static void test_columns_change_nothing(void **state)
{
    (void)state;
    enum { FIRST = EVAL_BLOCK, TREES = 400 };
    static expr_node pool[TREES][MAX_NODES + 1];
    for (size_t build = 0; build < 3; build++) {
        const kernels *k = kernels_named(BUILDS[build]);
        if (!k)
            continue;
        evaluator plain, cached;
        column_cache cache;
        assert_true(evaluator_init(&plain, MAX_NODES, k) && evaluator_init(&cached, MAX_NODES, k));
        column_cache_init(&cache, 64 * (ROWS - FIRST) * sizeof(float));
        column_cache_reset(&cache, ROWS - FIRST);
        evaluator_use_cache(&cached, &cache, FIRST);
        rng r = rng_make(12, 0);
        long reused = 0;
        int counts[TREES];
        for (int i = 0; i < TREES; i++)
            counts[i] = random_expr(pool[i], &r, false).count;
        for (int trial = 0; trial < 20000; trial++) {
            /* of a few trees more often, under one more operation now and then */
            int t = (int)rng_below(&r, rng_below(&r, 4) ? 30 : TREES);
            expr_node nodes[MAX_NODES + 1];
            expr e = {nodes, counts[t]};
            memcpy(nodes, pool[t], (size_t)e.count * sizeof *nodes);
            if (e.count < MAX_NODES && rng_below(&r, 2))
                nodes[e.count++] = (expr_node){.op = rng_below(&r, 2) ? EXPR_SQUARE : EXPR_NEG};
            assert_true(expr_finish(&e));
            evaluator_compile(&plain, e, (const float *const *)columns);
            evaluator_compile(&cached, e, (const float *const *)columns);
            reused += cached.reused;
            bool whole = rng_below(&r, 3) > 0;
            for (int row = FIRST; row < (whole ? ROWS : FIRST + EVAL_BLOCK); row += EVAL_BLOCK) {
                int n = ROWS - row < EVAL_BLOCK ? ROWS - row : EVAL_BLOCK;
                const float *want = evaluator_run(&plain, (size_t)row, n);
                const float *got = evaluator_run(&cached, (size_t)row, n);
                for (int i = 0; i < n; i++)
                    if (!isnan(want[i]) || !isnan(got[i]))
                        assert_memory_equal(&want[i], &got[i], sizeof(float));
            }
            evaluator_keep_columns(&cached, whole);
        }
        assert_true(reused > 10000);
        column_cache_free(&cache);
        evaluator_free(&plain);
        evaluator_free(&cached);
    }
}

/* d value / d constant against central differences in double. */
static void test_derivatives(void **state)
{
    (void)state;
    int compared = 0;
    for (size_t build = 0; build < 3; build++) {
        const kernels *k = kernels_named(BUILDS[build]);
        if (!k)
            continue;
        gradient g;
        assert_true(gradient_init(&g, MAX_NODES, k));
        rng r = rng_make(12, 0);
        for (int trial = 0; trial < 2000; trial++) {
            expr_node nodes[MAX_NODES + 1];
            expr e = random_expr(nodes, &r, true);
            gradient_compile(&g, e, (const float *const *)columns);
            const float *out[MAX_NODES];
            gradient_forward(&g, GRADIENT_BLOCK, GRADIENT_BLOCK);
            gradient_backward(&g, NULL, GRADIENT_BLOCK, GRADIENT_BLOCK, out);
            for (int i = 0; i < GRADIENT_BLOCK; i += 37) {
                double x[FEATURES], stack[MAX_NODES];
                for (int f = 0; f < FEATURES; f++)
                    x[f] = (double)columns[f][GRADIENT_BLOCK + i];
                for (int j = 0; j < g.constant_count; j++) {
                    expr_node *c = &nodes[g.constants[j]];
                    double at = c->value, slope[2], middle = expr_eval(e, x, stack);
                    for (int step = 0; step < 2; step++) {
                        double h = step ? 1e-5 : 2e-5;
                        c->value = at + h;
                        slope[step] = expr_eval(e, x, stack);
                        c->value = at - h;
                        slope[step] = (slope[step] - expr_eval(e, x, stack)) / (2 * h);
                        c->value = at;
                    }
                    double size = fabs(slope[1]) + fabs(middle);
                    /* only where the differences themselves agree and float32 is not strained */
                    if (!(fabs(slope[0] - slope[1]) < 1e-6 * fabs(slope[1])) || !(size < 1e3) ||
                        fabs(slope[1]) < 1e-3 * fabs(middle))
                        continue;
                    double limit;
                    if (!(tolerance(e, x, &limit) < 1e-4 * fabs(middle)))
                        continue;
                    compared++;
                    assert_true(fabs((double)out[j][i] - slope[1]) < 2e-2 * fabs(slope[1]));
                }
            }
        }
        gradient_free(&g);
    }
    assert_true(compared > 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_columns_change_nothing),
        cmocka_unit_test(test_derivatives),
    };
    return cmocka_run_group_tests(tests, make_columns, free_columns);
}
