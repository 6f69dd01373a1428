/* What the tests of the stages before evolution share: a problem made of a law, and how far an
 * expression is from the law's own values, computed in double by another evaluator. */
#ifndef TESTS_LAW_DATA_H
#define TESTS_LAW_DATA_H

#include "search/laws.h"

#include "base/parallel.h"
#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { LAW_COLUMNS = 4, LAW_ROWS_MAX = 1024 };

typedef struct law_data {
    float columns[LAW_COLUMNS][LAW_ROWS_MAX] __attribute__((aligned(64)));
    float y[LAW_ROWS_MAX] __attribute__((aligned(64)));
    float weights[LAW_ROWS_MAX] __attribute__((aligned(64)));
    const float *pointers[LAW_COLUMNS];
    double sums[3][LAW_ROWS_MAX / EVAL_BLOCK + 1], target[LAW_ROWS_MAX];
    problem p;
    workspace w;
    pool *threads;
} law_data;

typedef double (*law_of)(const double *x);

static inline vocabulary law_words(int features)
{
    return (vocabulary){
        .unary = {EXPR_SIN, EXPR_COS, EXPR_EXP, EXPR_LOG, EXPR_SQRT, EXPR_SQUARE, EXPR_ASIN},
        .unary_count = 7,
        .binary = {EXPR_ADD, EXPR_SUB, EXPR_MUL, EXPR_DIV},
        .binary_count = 4,
        .features = features,
        .constant_share = 0.3};
}

/* The sums that a problem keeps, after columns and targets were filled or changed. */
static inline void law_data_finish(law_data *d, int rows)
{
    problem *p = &d->p;
    double mean = 0, spread = 0;
    int padded = (rows + EVAL_LANES - 1) / EVAL_LANES * EVAL_LANES;
    for (int i = 0; i < rows; i++)
        mean += d->target[i] / rows;
    for (int i = 0; i < padded; i++) {
        int from = i < rows ? i : rows - 1;
        for (int k = 0; k < LAW_COLUMNS; k++)
            d->columns[k][i] = d->columns[k][from];
        d->y[i] = (float)(d->target[from] - mean);
        d->weights[i] = i < rows;
    }
    memset(d->sums, 0, sizeof d->sums);
    for (int i = 0; i < rows; i++) {
        int block = i / EVAL_BLOCK + 1;
        d->sums[0][block] += 1;
        d->sums[1][block] += (double)d->y[i];
        d->sums[2][block] += (double)d->y[i] * (double)d->y[i];
        spread += (double)d->y[i] * (double)d->y[i] / rows;
    }
    for (int s = 0; s < 3; s++)
        for (int b = 1; b <= LAW_ROWS_MAX / EVAL_BLOCK; b++)
            d->sums[s][b] += d->sums[s][b - 1];
    *p = (problem){.columns = d->pointers,
                   .rows = (size_t)rows,
                   .padded = (size_t)padded,
                   .y = d->y,
                   .weights = d->weights,
                   .y_mean = mean,
                   .sum_w = d->sums[0],
                   .sum_y = d->sums[1],
                   .sum_yy = d->sums[2],
                   .squares = true,
                   .baseline = spread,
                   .bounded = true,
                   .forms = {true, true, true, true}};
}

/* Rows of inputs in [low, high) and the law's values with noise. */
static inline law_data *law_data_make(law_of truth, int rows, double low, double high, double noise)
{
    law_data *d = buffer_alloc((sizeof *d + 63) / 64, 64);
    assert_non_null(d);
    memset(d, 0, sizeof *d);
    rng r = rng_make(31, 4);
    for (int k = 0; k < LAW_COLUMNS; k++)
        d->pointers[k] = d->columns[k];
    for (int i = 0; i < rows; i++) {
        double x[LAW_COLUMNS];
        for (int k = 0; k < LAW_COLUMNS; k++) {
            d->columns[k][i] = (float)(low + (high - low) * rng_unit(&r));
            x[k] = (double)d->columns[k][i];
        }
        d->target[i] = truth(x) + noise * rng_normal(&r);
    }
    law_data_finish(d, rows);
    assert_true(workspace_init(&d->w, TREE_MAX + 4, kernels_best()));
    d->threads = pool_new(1);
    assert_non_null(d->threads);
    return d;
}

static inline void law_data_free(law_data *d)
{
    workspace_free(&d->w);
    pool_free(d->threads);
    free(d);
}

/* Root of the mean square of e minus the law over that of the law less its mean, on points that no
 * fit has seen. */
static inline double law_distance(expr e, law_of truth, double low, double high)
{
    double stack[TREE_MAX + 4], mean = 0, left = 0, spread = 0, values[500];
    rng r = rng_make(77, 1);
    for (int pass = 0; pass < 2; pass++, r = rng_make(77, 1))
        for (int i = 0; i < 500; i++) {
            double x[LAW_COLUMNS];
            for (int k = 0; k < LAW_COLUMNS; k++)
                x[k] = low + (high - low) * rng_unit(&r);
            if (pass == 0) {
                values[i] = truth(x);
                mean += values[i] / 500;
                continue;
            }
            double miss = expr_eval(e, x, stack) - values[i];
            left += miss * miss;
            spread += (values[i] - mean) * (values[i] - mean);
        }
    return sqrt(left / spread);
}

/* The least such distance among the laws that were found; infinite: there are none. */
static inline double laws_distance(const laws *found, law_of truth, double low, double high)
{
    double best = (double)INFINITY;
    for (int i = 0; i < found->count; i++) {
        expr e = {(expr_node *)found->items[i].nodes, found->items[i].count};
        double far = law_distance(e, truth, low, high);
        if (far < best)
            best = far;
    }
    return best;
}

/* Whatever the data: laws are whole expressions of known operations, within the size, sorted, with
 * errors that are numbers. */
static inline void laws_check(const laws *found, const vocabulary *v, int max_size)
{
    assert_true(found->count >= 0 && found->count <= LAWS_MAX);
    for (int i = 0; i < found->count; i++) {
        expr_node copy[TREE_MAX];
        const law *l = &found->items[i];
        assert_in_range(l->count, 1, max_size);
        memcpy(copy, l->nodes, (size_t)l->count * sizeof *copy);
        expr e = {copy, l->count};
        for (int n = 0; n < l->count; n++) {
            assert_true(tree_node_known(&copy[n], v));
            assert_true(copy[n].op != EXPR_CONST || isfinite(copy[n].value));
        }
        assert_true(expr_finish(&e));
        assert_true(isfinite(l->error) && l->error >= 0);
    }
}

#endif
