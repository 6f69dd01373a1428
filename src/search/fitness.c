#include "search/fitness.h"
#include "search/template.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const int form_cost[FORM_COUNT] = {0, 2, 2, 4};

enum { COLUMN_BYTES = 16 << 20 };

bool workspace_init(workspace *w, int max_nodes, const kernels *k)
{
    *w = (workspace){.k = k};
    column_cache_init(&w->columns, COLUMN_BYTES);
    bool ok = evaluator_init(&w->tree, max_nodes, k);
    ok = evaluator_init(&w->loss, TREE_MAX, k) && ok;
    ok = evaluator_init(&w->slope, EXPR_MAX_NODES, k) && ok;
    ok = gradient_init(&w->reverse, max_nodes, k) && ok;
    w->buffers = buffer_alloc(5 * EVAL_BLOCK, sizeof(float));
    w->plain = calloc(RULES_PLAIN, sizeof *w->plain);
    w->bound = buffer_alloc(1, sizeof *w->bound);
    return ok && w->buffers && w->plain && w->bound;
}

void workspace_free(workspace *w)
{
    evaluator_free(&w->tree);
    evaluator_free(&w->loss);
    evaluator_free(&w->slope);
    gradient_free(&w->reverse);
    column_cache_free(&w->columns);
    free(w->buffers);
    free(w->plain);
    free(w->bound);
    *w = (workspace){0};
}

void workspace_keep_columns(workspace *w, window rows)
{
    w->cached = rows;
    if (rows.count > 0)
        column_cache_reset(&w->columns, rows.count);
}

void stopper_ask(stopper *s)
{
    if (!atomic_load(&s->raised) && hooks_stop(s->hooks))
        atomic_store(&s->raised, true);
}

bool workspace_stopped(workspace *w)
{
    enum { CHECKS = 32 };
    if (!w->stop)
        return false;
    if (w->asks && ++w->checks >= CHECKS) {
        w->checks = 0;
        stopper_ask(w->stop);
    }
    return atomic_load_explicit(&w->stop->raised, memory_order_relaxed);
}

window window_all(const problem *p)
{
    return (window){0, p->padded};
}

static const float *rows_that_count(const problem *p, size_t row, int n)
{
    if (row + (size_t)n <= p->rows)
        return NULL;
    return p->tail + (row - p->rows / EVAL_BLOCK * EVAL_BLOCK);
}

const float *problem_weights(const problem *p, size_t row, int n)
{
    if (p->weights)
        return p->weights + row;
    return rows_that_count(p, row, n);
}

const float *problem_factors(const problem *p, size_t row, int n)
{
    return p->weighs ? rows_that_count(p, row, n) : problem_weights(p, row, n);
}

static size_t block_of(size_t row)
{
    return (row + EVAL_BLOCK - 1) / EVAL_BLOCK;
}

/* Sums of the tree's values with shift and of the target, over the rows seen. */
typedef struct sums {
    double w, y, yy, p, pp, py;
} sums;

/* How far behind its rival a tree may be and still go on: this many standard errors, if a squared
 * residual varies about as much as it is large. */
static const double RACE_MARGIN = 4;

static bool within_limit(const problem *p, double constant)
{
    return p->constant_limit <= 0 || fabs(constant) <= p->constant_limit;
}

static bool form_within_limit(const problem *p, const score *s, int f)
{
    return f == FORM_PLAIN || (within_limit(p, s->scale[f]) && within_limit(p, s->offset[f]));
}

static bool allowed(const problem *p, const score *s, int f, int room)
{
    return p->forms[f] && form_cost[f] <= room && form_within_limit(p, s, f);
}

/* Least squares in every form that fits the size, from the sums. */
static void solve_forms(score *out, const problem *pr, const sums *s, double shift, int room)
{
    double mean_y = s->y / s->w, mean_p = s->p / s->w;
    double cyy = s->yy - s->y * mean_y, cpp = s->pp - s->p * mean_p, cpy = s->py - s->p * mean_y;
    /* about zero: p + shift and y + y_mean */
    double m = pr->y_mean;
    double zpp = s->pp + 2 * shift * s->p + shift * shift * s->w;
    double zpy = s->py + m * s->p + shift * (s->y + m * s->w);
    double zyy = s->yy + 2 * m * s->y + m * m * s->w;
    double slope = cpp > 0 ? cpy / cpp : 0, ratio = zpp > 0 ? zpy / zpp : 0;
    double p_bar = mean_p + shift, y_bar = mean_y + m;
    out->scale[FORM_PLAIN] = 1, out->offset[FORM_PLAIN] = 0;
    out->scale[FORM_OFFSET] = 1, out->offset[FORM_OFFSET] = y_bar - p_bar;
    out->scale[FORM_SCALE] = ratio, out->offset[FORM_SCALE] = 0;
    out->scale[FORM_BOTH] = slope, out->offset[FORM_BOTH] = y_bar - slope * p_bar;
    out->losses[FORM_PLAIN] = zyy - 2 * zpy + zpp;
    out->losses[FORM_OFFSET] = cyy - 2 * cpy + cpp;
    out->losses[FORM_SCALE] = zyy - ratio * zpy;
    out->losses[FORM_BOTH] = cyy - slope * cpy;
    out->best = FORM_PLAIN;
    for (int f = 0; f < FORM_COUNT; f++) {
        out->losses[f] = fmax(out->losses[f] / s->w, 0);
        if (!form_within_limit(pr, out, f))
            out->losses[f] = (double)INFINITY;
        if (allowed(pr, out, f, room) && out->losses[f] < out->losses[out->best])
            out->best = (form)f;
    }
    out->loss = out->losses[out->best];
}

static const float *run_tree(workspace *w, size_t row, int n)
{
    w->node_rows += (unsigned long long)w->tree_nodes * (unsigned)n;
    w->reused_node_rows += (unsigned long long)w->tree.reused * (unsigned)n;
    return evaluator_run(&w->tree, row, n);
}

/* Sums cancel where the fit is good: the squares themselves, summed in a second pass. */
static void refine(score *out, workspace *w, const problem *p, window rows, double weight, int room)
{
    double total[FORM_COUNT] = {0};
    for (size_t row = rows.first; row < rows.first + rows.count; row += EVAL_BLOCK) {
        size_t left = rows.first + rows.count - row;
        int n = left < EVAL_BLOCK ? (int)left : EVAL_BLOCK;
        const float *values = run_tree(w, row, n);
        const float *weights = problem_weights(p, row, n);
        for (int f = 0; f < FORM_COUNT; f++)
            if (allowed(p, out, f, room))
                total[f] += w->k->squares(values, p->y + row, weights, (float)out->scale[f],
                                          (float)(out->offset[f] - p->y_mean), n);
    }
    out->best = FORM_PLAIN;
    for (int f = 0; f < FORM_COUNT; f++) {
        if (allowed(p, out, f, room))
            out->losses[f] = total[f] / weight;
        if (allowed(p, out, f, room) && out->losses[f] < out->losses[out->best])
            out->best = (form)f;
    }
    out->loss = out->losses[out->best];
}

/* What no choice of scale and offset can go below on the rows seen. */
static double lower_bound(const sums *s)
{
    double cyy = s->yy - s->y * s->y / s->w, cpp = s->pp - s->p * s->p / s->w;
    double cpy = s->py - s->p * s->y / s->w;
    return cpp > 0 ? cyy - cpy * cpy / cpp : cyy;
}

/* After `done` of `all` blocks the loss so far is `mean`: whether that is too far behind `limit`,
 * and behind the rival's loss on the same rows, to be chance. */
static bool behind(score *out, const double *heats, size_t done, size_t all, double mean,
                   double limit)
{
    int heat = 0;
    while (heat < HEATS && (size_t)1 << heat < done)
        heat++;
    if (heat == HEATS || (size_t)1 << heat != done || done >= all)
        return false;
    out->heats[heat] = mean;
    if (!heats || !(heats[heat] > 0))
        return false;
    double margin = 1 + RACE_MARGIN / sqrt((double)done * EVAL_BLOCK);
    return mean > margin * fmax(limit, heats[heat]);
}

/* Whether block number `done` (the first: 1) is one after which the loss so far is looked at. */
static bool is_check(size_t done)
{
    return (done & (done - 1)) == 0 || done % 8 == 0;
}

/* Where the tree is the prediction and no form is allowed beside that: the squares themselves. */
static bool fitness_plain(score *out, workspace *w, const problem *p, window rows, double limit,
                          const double *heats)
{
    size_t start = rows.first / EVAL_BLOCK, end = block_of(rows.first + rows.count);
    double weight = p->sum_w[end] - p->sum_w[start], total = 0;
    *out = (score){.best = FORM_PLAIN};
    for (size_t block = start; block < end; block++) {
        size_t row = block * EVAL_BLOCK, left = rows.first + rows.count - row;
        int n = left < EVAL_BLOCK ? (int)left : EVAL_BLOCK;
        const float *values = run_tree(w, row, n);
        total +=
            w->k->squares(values, p->y + row, problem_weights(p, row, n), 1, (float)-p->y_mean, n);
        if (!is_check(block + 1 - start) && block + 1 < end)
            continue;
        if (!isfinite(total) || total > limit * weight || workspace_stopped(w))
            return false;
        double seen = p->sum_w[block + 1] - p->sum_w[start];
        if (seen > 0 && behind(out, heats, block + 1 - start, end - start, total / seen, limit))
            return false;
    }
    out->loss = total / weight;
    for (int f = 0; f < FORM_COUNT; f++)
        out->scale[f] = 1, out->losses[f] = out->loss;
    return true;
}

static bool fitness_squares(score *out, workspace *w, const problem *p, window rows, int room,
                            double limit, const double *heats)
{
    if (!p->forms[FORM_SCALE] && !p->forms[FORM_OFFSET])
        return fitness_plain(out, w, p, rows, limit, heats);
    memset(out->heats, 0, sizeof out->heats);
    sums s = {0};
    double shift = 0;
    size_t start = rows.first / EVAL_BLOCK, end = block_of(rows.first + rows.count);
    double weight = p->sum_w[end] - p->sum_w[start];
    /* 1e-6: the sums' own rounding must not abandon what lies at the limit */
    double stop = limit * weight * (1 + 1e-6) + 1e-6 * p->baseline * weight;
    for (size_t block = start; block < end; block++) {
        size_t row = block * EVAL_BLOCK, left = rows.first + rows.count - row;
        int n = left < EVAL_BLOCK ? (int)left : EVAL_BLOCK;
        const float *values = run_tree(w, row, n);
        if (block == start) {
            shift = (double)values[0];
            if (!isfinite(shift))
                return false;
        }
        kernel_moments m;
        w->k->moments(&m, values, p->y + row, problem_weights(p, row, n), (float)shift, n);
        s.p += m.p;
        s.pp += m.pp;
        s.py += m.py;
        if (!is_check(block + 1 - start) && block + 1 < end)
            continue;
        if (workspace_stopped(w))
            return false;
        if (!isfinite(s.pp) || !isfinite(s.py))
            return false;
        s.w = p->sum_w[block + 1] - p->sum_w[start];
        s.y = p->sum_y[block + 1] - p->sum_y[start];
        s.yy = p->sum_yy[block + 1] - p->sum_yy[start];
        double least = lower_bound(&s);
        if (s.w > 0 && (least > stop ||
                        behind(out, heats, block + 1 - start, end - start, least / s.w, limit)))
            return false;
    }
    solve_forms(out, p, &s, shift, room);
    if (out->loss < 1e-4 * p->baseline)
        refine(out, w, p, rows, weight, room);
    return isfinite(out->loss);
}

void loss_stage(workspace *w, const problem *p, const float *values, size_t row, int n)
{
    memcpy(w->buffers, p->y + row, (size_t)n * sizeof(float));
    memcpy(w->buffers + EVAL_BLOCK, values, (size_t)n * sizeof(float));
    if (p->weighs)
        memcpy(w->buffers + 4 * EVAL_BLOCK, p->weights + row, (size_t)n * sizeof(float));
}

void loss_compile(evaluator *v, const workspace *w, expr e)
{
    const float *columns[3] = {w->buffers, w->buffers + EVAL_BLOCK, w->buffers + 4 * EVAL_BLOCK};
    evaluator_compile(v, e, columns);
}

static bool fitness_expression(score *out, workspace *w, const problem *p, window rows,
                               double limit, const double *heats)
{
    *out = (score){.best = FORM_PLAIN};
    loss_compile(&w->loss, w, p->loss);
    size_t start = rows.first / EVAL_BLOCK, end = block_of(rows.first + rows.count);
    double weight = p->sum_w[end] - p->sum_w[start], total = 0;
    for (size_t block = start; block < end; block++) {
        size_t row = block * EVAL_BLOCK, left = rows.first + rows.count - row;
        int n = left < EVAL_BLOCK ? (int)left : EVAL_BLOCK;
        const float *values = run_tree(w, row, n), *zeros = w->buffers + 3 * EVAL_BLOCK;
        if (w->k->dot(values, zeros, n) != 0) /* a loss such as relu may hide NaN */
            return false;
        loss_stage(w, p, values, row, n);
        total += w->k->sum(evaluator_run(&w->loss, 0, n), problem_factors(p, row, n), n);
        if (!isfinite(total) || (is_check(block + 1 - start) && workspace_stopped(w)))
            return false;
        if (p->bounded && total > limit * weight)
            return false;
        double seen = p->sum_w[block + 1] - p->sum_w[start];
        if (p->bounded && seen > 0 &&
            behind(out, heats, block + 1 - start, end - start, total / seen, limit))
            return false;
    }
    out->loss = total / weight;
    for (int f = 0; f < FORM_COUNT; f++)
        out->scale[f] = 1, out->losses[f] = out->loss;
    return true;
}

/* `expanded`: rules_plain of e. */
static bool race(score *out, workspace *w, const problem *p, expr e, expr expanded, window rows,
                 int max_size, double limit, const double *heats)
{
    bool cached =
        w->cached.count > 0 && w->cached.first == rows.first && w->cached.count == rows.count;
    evaluator_use_cache(&w->tree, cached ? &w->columns : NULL, rows.first);
    evaluator_compile(&w->tree, expanded, p->columns);
    w->tree_nodes = expanded.count - w->tree.reused;
    bool done = p->squares ? fitness_squares(out, w, p, rows, max_size - e.count, limit, heats)
                           : fitness_expression(out, w, p, rows, limit, heats);
    evaluator_keep_columns(&w->tree, done);
    evaluator_use_cache(&w->tree, NULL, 0);
    return done;
}

bool loss_is_lower(double loss, double lowest, double share)
{
    return loss < lowest - (isfinite(lowest) ? share * fabs(lowest) : 0);
}

bool constants_allowed(const problem *p, expr e)
{
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_CONST && !within_limit(p, e.nodes[i].value))
            return false;
    return true;
}

/* e with its calls expanded; count 0: that is too long, or a constant is too large. */
static expr expand(workspace *w, const problem *p, expr e)
{
    return constants_allowed(p, e) ? rules_plain(p->limits, w->plain, e) : (expr){w->plain, 0};
}

static bool has_bounds(const problem *p, expr expanded)
{
    bounds range;
    return !p->box || ((p->poles || expr_bounds(&range, expanded, p->box)) &&
                       (!p->periods || expr_resolved(expanded, p->box, p->periods)));
}

bool fitness_race(score *out, workspace *w, const problem *p, expr e, window rows, int max_size,
                  double limit, const double *heats)
{
    expr expanded = expand(w, p, e);
    return expanded.count > 0 && has_bounds(p, expanded) &&
           race(out, w, p, e, expanded, rows, max_size, limit, heats);
}

bool fitness(score *out, workspace *w, const problem *p, expr e, window rows, int max_size,
             double limit)
{
    expr expanded = expand(w, p, e);
    return expanded.count > 0 && race(out, w, p, e, expanded, rows, max_size, limit, NULL);
}

bool fitness_has_bounds(workspace *w, const problem *p, expr e)
{
    if (!p->box)
        return true;
    expr expanded = rules_plain(p->limits, w->plain, e);
    return expanded.count > 0 && has_bounds(p, expanded);
}

expr form_write(expr_node *nodes, expr e, form f, double scale, double offset)
{
    expr out = {nodes, 0};
    memcpy(nodes, e.nodes, (size_t)e.count * sizeof *nodes);
    out.count = e.count;
    if (f == FORM_SCALE || f == FORM_BOTH) {
        nodes[out.count++] = (expr_node){.op = EXPR_CONST, .value = scale};
        nodes[out.count++] = (expr_node){.op = EXPR_MUL};
    }
    if (f == FORM_OFFSET || f == FORM_BOTH) {
        nodes[out.count++] = (expr_node){.op = EXPR_CONST, .value = offset};
        nodes[out.count++] = (expr_node){.op = EXPR_ADD};
    }
    tree_measure(&out);
    if (template_is(out)) {
        template_simplify(&out);
        return out;
    }
    expr_simplify(&out);
    tree_measure(&out);
    return out;
}
