#include "search/exact.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/minimise.h"

enum {
    BLOCK = 256,
    SQUARES_ROWS = 4096,
    OTHER_ROWS = 1024,
    SQUARES_ITERATIONS = 30,
    OTHER_ITERATIONS = 8,
    MOST_SLOPE_NODES = 4096, /* of all derivatives together: beyond, the constants stay */
    WIDTH = 64               /* values that wait at once */
};

/* Some training rows in double. */
typedef struct rows {
    const task *t;
    int k;
    double **x;      /* [features], NULL where the expression does not look */
    double *columns; /* [features used][BLOCK] */
    double *stack;   /* [WIDTH][BLOCK] */
    double y[BLOCK], w[BLOCK], p[BLOCK], loss[BLOCK];
} rows;

static void rows_free(rows *r)
{
    if (!r)
        return;
    free(r->x);
    free(r->columns);
    free(r->stack);
    free(r);
}

static rows *rows_new(const task *t, int k, expr e)
{
    size_t features = t->data->features, used = 0;
    rows *r = calloc(1, sizeof *r);
    if (!r)
        return NULL;
    r->t = t;
    r->k = k;
    r->x = calloc(features + 1, sizeof *r->x);
    r->columns = malloc(((size_t)e.count + 1) * BLOCK * sizeof *r->columns);
    r->stack = malloc((size_t)WIDTH * BLOCK * sizeof *r->stack);
    if (!r->x || !r->columns || !r->stack) {
        rows_free(r);
        return NULL;
    }
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_VAR && !r->x[e.nodes[i].feature])
            r->x[e.nodes[i].feature] = r->columns + used++ * BLOCK;
    return r;
}

/* Reads rows [first, first + n) of `count` evenly spaced ones. */
static void rows_read(rows *r, size_t first, size_t n, size_t count)
{
    const task *t = r->t;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = t->parts.train[(first + i) * t->parts.train_count / count];
        r->y[i] = task_target(t, r->k, row);
        r->w[i] = t->data->weights ? t->data->weights[row] : 1;
    }
    for (size_t f = 0; f < t->data->features; f++) {
        double *to = r->x[f];
        if (!to)
            continue;
        for (size_t i = 0; i < n; i++) {
            uint32_t row = t->parts.train[(first + i) * t->parts.train_count / count];
            to[i] = (t->data->columns[f][row] - t->mean[f]) / t->scale[f];
        }
    }
}

static const double *evaluate(rows *r, expr e, const double *const *x, size_t n)
{
    expr_eval_rows(e, x, n, r->stack, BLOCK);
    return r->stack;
}

/* What multiplies a row's loss: its weight, unless the loss holds that. */
static double factor(const rows *r, size_t i)
{
    return r->t->weighs ? 1 : r->w[i];
}

/* Weighted losses of the block's predictions, which become r->p. */
static double block_loss(rows *r, expr e, size_t n)
{
    memcpy(r->p, evaluate(r, e, (const double *const *)r->x, n), n * sizeof *r->p);
    const double *const ypw[3] = {r->y, r->p, r->w}, *loss = r->loss;
    if (r->t->squares)
        for (size_t i = 0; i < n; i++)
            r->loss[i] = (r->p[i] - r->y[i]) * (r->p[i] - r->y[i]);
    else
        loss = evaluate(r, r->t->loss, ypw, n);
    double total = 0;
    for (size_t i = 0; i < n; i++)
        total += factor(r, i) * loss[i];
    return total;
}

static bool shallow(expr e)
{
    return expr_depth(e) <= WIDTH;
}

double exact_loss(const task *t, int k, expr tree)
{
    expr_node room[RULES_PLAIN];
    expr e = rules_plain(&t->set.words.limits, room, tree);
    if (e.count == 0)
        return (double)NAN;
    rows *r = shallow(e) && (t->squares || shallow(t->loss)) ? rows_new(t, k, e) : NULL;
    if (!r)
        return (double)NAN;
    size_t count = t->parts.train_count;
    double total = 0, weight = 0;
    for (size_t first = 0; first < count; first += BLOCK) {
        size_t n = count - first < BLOCK ? count - first : BLOCK;
        rows_read(r, first, n, count);
        total += block_loss(r, e, n);
        for (size_t i = 0; i < n; i++)
            weight += r->w[i];
    }
    rows_free(r);
    return total / weight + rules_penalty(&t->set.words.limits, tree);
}

/* ---------------------------------------------------------------- fitting */

/* A fit of the constants at nodes at[0 … n) of a tree. */
typedef struct fit {
    arena memory;
    rows *r;
    expr tree, e; /* e: its calls expanded; the tree itself where it has none */
    expr_node room[RULES_PLAIN];
    int of[RULES_PLAIN]; /* the constant that a node of e holds; -1: none that is fitted */
    size_t count;        /* of rows */
    int n, at[FIT_MAX];
    expr slopes[FIT_MAX]; /* by each constant; the constants are inputs features … features + n */
    expr_node *filled;    /* [MOST_SLOPE_NODES] a slope with its constants */
    double *columns;      /* [n][BLOCK] the slopes' values */
} fit;

/* The constants of the tree, and where they stand in e. */
static void find_constants(fit *f)
{
    bool expanded = f->e.nodes != f->tree.nodes;
    for (int i = 0; i < f->e.count; i++) {
        const expr_node *node = &f->e.nodes[i];
        f->of[i] = -1;
        if (node->op != EXPR_CONST)
            continue;
        int own = expanded ? node->feature - 1 : i, j = 0;
        while (j < f->n && f->at[j] != own)
            j++;
        if (own < 0 || j == FIT_MAX)
            continue;
        f->of[i] = j;
        if (j == f->n)
            f->at[f->n++] = own;
    }
}

static bool fit_init(fit *f, const task *t, int k, expr tree)
{
    int features = (int)t->data->features, total = 0;
    f->tree = tree;
    f->e = rules_plain(&t->set.words.limits, f->room, tree);
    expr e = f->e;
    find_constants(f);
    if (f->n == 0 || features + f->n > EXPR_MAX_FEATURES || !shallow(e))
        return false;
    expr open = expr_copy(&f->memory, e);
    f->filled = ARENA_ARRAY(&f->memory, expr_node, MOST_SLOPE_NODES);
    f->columns = ARENA_ARRAY(&f->memory, double, f->n *BLOCK);
    if (f->memory.failed)
        return false;
    for (int i = 0; i < e.count; i++)
        if (f->of[i] >= 0)
            open.nodes[i] = (expr_node){
                .op = EXPR_VAR, .length = 1, .feature = (uint16_t)(features + f->of[i])};
    for (int j = 0; j < f->n; j++) {
        f->slopes[j] = expr_differentiate(&f->memory, open, features + j);
        total += f->slopes[j].count;
        if (f->slopes[j].count == 0 || total > MOST_SLOPE_NODES || !shallow(f->slopes[j]))
            return false;
    }
    size_t most = t->squares ? SQUARES_ROWS : OTHER_ROWS;
    f->count = t->parts.train_count < most ? t->parts.train_count : most;
    f->r = rows_new(t, k, e);
    return f->r != NULL;
}

static void fit_free(fit *f)
{
    rows_free(f->r);
    arena_free(&f->memory);
}

static void set_constants(fit *f, const double *values)
{
    for (int j = 0; j < f->n; j++)
        f->tree.nodes[f->at[j]].value = values[j];
    for (int i = 0; i < f->e.count; i++)
        if (f->of[i] >= 0)
            f->e.nodes[i].value = values[f->of[i]];
}

static bool within_limit(const fit *f)
{
    double limit = f->r->t->constant_limit;
    for (int j = 0; j < f->n; j++)
        if (limit > 0 && fabs(f->tree.nodes[f->at[j]].value) > limit)
            return false;
    return true;
}

/* The slopes' values of the block. */
static void block_slopes(fit *f, size_t n)
{
    int features = (int)f->r->t->data->features;
    for (int j = 0; j < f->n; j++) {
        expr slope = {f->filled, f->slopes[j].count};
        memcpy(slope.nodes, f->slopes[j].nodes, (size_t)slope.count * sizeof *slope.nodes);
        for (int i = 0; i < slope.count; i++)
            if (slope.nodes[i].op == EXPR_VAR && slope.nodes[i].feature >= features)
                slope.nodes[i] = (expr_node){
                    .op = EXPR_CONST,
                    .length = 1,
                    .value = f->tree.nodes[f->at[slope.nodes[i].feature - features]].value};
        memcpy(f->columns + (size_t)j * BLOCK,
               evaluate(f->r, slope, (const double *const *)f->r->x, n), n * sizeof *f->columns);
    }
}

/* Mean loss at the constants as they are; equations, unless NULL, are filled (squares), and so is
 * slope (any loss). Infinite where not finite. */
static double pass(fit *f, normal_equations *equations, double *slope)
{
    rows *r = f->r;
    double total = 0, weight = 0;
    if (equations)
        *equations = (normal_equations){.n = f->n};
    for (int j = 0; slope && j < f->n; j++)
        slope[j] = 0;
    if (!within_limit(f))
        return (double)INFINITY;
    for (size_t first = 0; first < f->count; first += BLOCK) {
        size_t n = f->count - first < BLOCK ? f->count - first : BLOCK;
        rows_read(r, first, n, f->count);
        total += block_loss(r, f->e, n);
        for (size_t i = 0; i < n; i++)
            weight += r->w[i];
        if (!equations && !slope)
            continue;
        const double *const ypw[3] = {r->y, r->p, r->w};
        if (slope)
            memcpy(r->loss, evaluate(r, r->t->slope, ypw, n), n * sizeof *r->loss);
        block_slopes(f, n);
        for (int j = 0; j < f->n; j++) {
            const double *a = f->columns + (size_t)j * BLOCK;
            for (size_t i = 0; slope && i < n; i++)
                slope[j] += factor(r, i) * r->loss[i] * a[i];
            for (int l = 0; equations && l <= j; l++)
                for (size_t i = 0; i < n; i++)
                    equations->jj[j][l] += r->w[i] * a[i] * f->columns[(size_t)l * BLOCK + i];
            for (size_t i = 0; equations && i < n; i++)
                equations->jr[j] += r->w[i] * a[i] * (r->p[i] - r->y[i]);
        }
    }
    for (int j = 0; slope && j < f->n; j++)
        slope[j] /= weight;
    return isfinite(total) ? total / weight : (double)INFINITY;
}

/* Leaves the best constants in e and returns their loss. */
static double levenberg_marquardt(fit *f, double *at, double loss)
{
    normal_equations equations;
    double step[FIT_MAX], next[FIT_MAX], damping = 1e-6;
    bool fresh = false;
    for (int i = 0; i < SQUARES_ITERATIONS && damping < 1e6; i++) {
        if (!fresh)
            pass(f, &equations, NULL);
        fresh = true;
        if (!normal_solve(&equations, damping, step)) {
            damping *= 10;
            continue;
        }
        for (int j = 0; j < f->n; j++)
            next[j] = at[j] + step[j];
        set_constants(f, next);
        double there = pass(f, NULL, NULL);
        if (!(there < loss)) {
            set_constants(f, at);
            damping *= 10;
            continue;
        }
        bool flat = loss - there < 1e-6 * loss;
        memcpy(at, next, sizeof next);
        loss = there;
        damping = fmax(damping * 0.1, 1e-15);
        fresh = false;
        if (flat)
            break;
    }
    return loss;
}

static double loss_and_slope(void *context, const double *at, double *slope)
{
    set_constants(context, at);
    return pass(context, NULL, slope);
}

bool exact_fit(const task *t, int k, expr e)
{
    fit *f = calloc(1, sizeof *f);
    bool better = false;
    if (f && (t->squares || (shallow(t->loss) && shallow(t->slope))) && fit_init(f, t, k, e)) {
        double at[FIT_MAX] = {0};
        for (int j = 0; j < f->n; j++)
            at[j] = e.nodes[f->at[j]].value;
        if (t->squares) {
            double start = pass(f, NULL, NULL);
            better = levenberg_marquardt(f, at, start) < start;
        } else {
            better = minimise_bfgs(loss_and_slope, f, at, f->n, OTHER_ITERATIONS, 1e-9);
            set_constants(f, at);
        }
    }
    if (f)
        fit_free(f);
    free(f);
    return better;
}
