/* Constants of an expression.
 *
 * Sums of squares: minimise sum w (s*f(x; c) + o - y)^2 over c, s and o by Levenberg–Marquardt. One
 * pass over the rows gives J'J and J'r block by block; J itself is never kept. Steps are scaled by
 * the diagonal (Marquardt 1963), damping falls by 10 after a success and rises by 10 after a
 * failure; stop when the loss falls by less than 1e-9 of itself or damping passes 1e8.
 *
 * Other losses: BFGS with backtracking (Armijo 1e-4) on the mean loss. */
#include "search/fitness.h"

#include <math.h>
#include <string.h>

enum { STOP_BLOCKS = 16 }; /* blocks between two looks at the wish to stop */

/* Finds the constants of e and prepares the gradient by them. */
static void bind_constants(workspace *w, const problem *p, expr e)
{
    bound_constants *b = w->bound;
    gradient *g = &w->reverse;
    b->plain = rules_plain(p->limits, b->nodes, e);
    b->expanded = b->plain.nodes != e.nodes;
    b->count = 0;
    if (b->plain.count == 0)
        return;
    gradient_compile(g, b->plain, p->columns);
    for (int j = 0; j < g->constant_count; j++) {
        int own = b->expanded ? b->plain.nodes[g->constants[j]].feature - 1 : g->constants[j],
            i = 0;
        while (i < b->count && b->own[i] != own)
            i++;
        b->of[j] = own < 0 || i == FIT_MAX ? -1 : i;
        if (b->of[j] == b->count)
            b->own[b->count++] = own;
    }
}

/* Derivatives by the nodes of the plain tree become those by the constants. */
static void join_columns(const workspace *w, const float **by_constant, const float *const *by_node,
                         int fitted, int n)
{
    bound_constants *b = w->bound;
    for (int i = 0; i < fitted; i++)
        by_constant[i] = NULL;
    for (int j = 0; j < w->reverse.constant_count; j++) {
        int i = b->of[j];
        if (i < 0 || i >= fitted)
            continue;
        if (by_constant[i]) {
            w->k->op[EXPR_ADD][SHAPE_VV](b->sums[i], by_constant[i], by_node[j], NULL, n);
            by_constant[i] = b->sums[i];
        } else {
            by_constant[i] = by_node[j];
        }
    }
}

/* J'J and J'r at scale and offset: columns are scale * df/dc, then f, then 1. */
static bool accumulate(normal_equations *e, workspace *w, const problem *p, window rows, int fitted,
                       int free_form, double scale, double offset)
{
    gradient *g = &w->reverse;
    const float *by_node[RULES_PLAIN], *columns[FIT_MAX + 3];
    float *residual = w->buffers, *weighted = w->buffers + EVAL_BLOCK,
          *seed = weighted + EVAL_BLOCK;
    for (int i = 0; i < GRADIENT_BLOCK; i++)
        seed[i] = (float)scale;
    int n_all = fitted + free_form;
    *e = (normal_equations){.n = n_all};
    for (size_t row = rows.first; row < rows.first + rows.count; row += GRADIENT_BLOCK) {
        size_t left = rows.first + rows.count - row;
        int n = left < GRADIENT_BLOCK ? (int)left : GRADIENT_BLOCK;
        if (row / GRADIENT_BLOCK % STOP_BLOCKS == 0 && workspace_stopped(w))
            return false;
        const float *weights = problem_weights(p, row, n);
        const float *values = gradient_forward(g, row, n);
        w->k->residual(residual, values, p->y + row, NULL, (float)scale,
                       (float)(offset - p->y_mean), n);
        gradient_backward(g, seed, row, n, by_node);
        join_columns(w, columns, by_node, fitted, n);
        if (free_form) {
            columns[fitted] = values;
            columns[fitted + 1] = g->ones;
        }
        columns[n_all] = residual;
        for (int i = 0; i <= n_all; i++) {
            const float *left_column = columns[i];
            if (weights) {
                w->k->op[EXPR_MUL][SHAPE_VV](weighted, columns[i], weights, NULL, n);
                left_column = weighted;
            }
            for (int j = i == n_all ? i : 0; j <= i; j++) {
                double dot = w->k->dot(left_column, columns[j], n);
                if (i < n_all)
                    e->jj[i][j] += dot;
                else
                    e->squares += dot;
            }
            if (i < n_all)
                e->jr[i] += w->k->dot(left_column, residual, n);
        }
    }
    return isfinite(e->squares);
}

static void set_constants(const workspace *w, expr e, const double *values, int fitted)
{
    bound_constants *b = w->bound;
    for (int i = 0; i < fitted; i++)
        e.nodes[b->own[i]].value = values[i];
    for (int j = 0; b->expanded && j < w->reverse.constant_count; j++)
        if (b->of[j] >= 0 && b->of[j] < fitted)
            b->plain.nodes[w->reverse.constants[j]].value = values[b->of[j]];
}

static bool levenberg_marquardt(workspace *w, const problem *p, expr e, window rows, int iterations,
                                int fitted, int free_form)
{
    score best, trial;
    int max_size = free_form ? EXPR_MAX_NODES : e.count;
    if (!fitness(&best, w, p, e, rows, max_size, (double)INFINITY))
        return false;
    double start = best.loss, damping = 1e-3, at[FIT_MAX], next[FIT_MAX], step[FIT_MAX];
    gradient *g = &w->reverse;
    for (int i = 0; i < fitted; i++)
        at[i] = e.nodes[w->bound->own[i]].value;
    normal_equations equations;
    bool fresh = false;
    for (int iteration = 0; iteration < iterations && damping < 1e8; iteration++) {
        if (!fresh) {
            gradient_constants(g);
            if (!accumulate(&equations, w, p, rows, fitted, free_form, best.scale[best.best],
                            best.offset[best.best]))
                break;
        }
        fresh = true;
        if (!normal_solve(&equations, damping, step)) {
            damping *= 10;
            continue;
        }
        for (int i = 0; i < fitted; i++)
            next[i] = at[i] + step[i];
        set_constants(w, e, next, fitted);
        if (fitness(&trial, w, p, e, rows, max_size, best.loss) && trial.loss < best.loss) {
            double gain = best.loss - trial.loss;
            memcpy(at, next, sizeof at);
            fresh = false;
            damping = fmax(damping * 0.1, 1e-12);
            bool flat = gain < 1e-9 * best.loss;
            best = trial;
            if (flat)
                break;
        } else {
            damping *= 10;
        }
    }
    set_constants(w, e, at, fitted);
    return best.loss < start;
}

/* Mean loss and its gradient by the constants; infinite where not finite. */
static double loss_gradient(workspace *w, const problem *p, expr e, window rows, int fitted,
                            double *slope)
{
    gradient *g = &w->reverse;
    for (int i = 0; i < fitted; i++)
        if (p->constant_limit > 0 && fabs(e.nodes[w->bound->own[i]].value) > p->constant_limit)
            return (double)INFINITY;
    loss_compile(&w->loss, w, p->loss);
    loss_compile(&w->slope, w, p->slope);
    gradient_constants(g);
    double total = 0, weight = 0;
    float *seed = w->buffers + 2 * EVAL_BLOCK;
    memset(slope, 0, (size_t)fitted * sizeof *slope);
    for (size_t row = rows.first; row < rows.first + rows.count; row += GRADIENT_BLOCK) {
        size_t left = rows.first + rows.count - row;
        int n = left < GRADIENT_BLOCK ? (int)left : GRADIENT_BLOCK;
        if (row / GRADIENT_BLOCK % STOP_BLOCKS == 0 && workspace_stopped(w))
            return (double)INFINITY;
        const float *factors = problem_factors(p, row, n);
        const float *by_node[RULES_PLAIN], *columns[FIT_MAX];
        loss_stage(w, p, gradient_forward(g, row, n), row, n);
        total += w->k->sum(evaluator_run(&w->loss, 0, n), factors, n);
        weight += w->k->sum(g->ones, problem_weights(p, row, n), n);
        const float *by_value = evaluator_run(&w->slope, 0, n);
        if (factors)
            w->k->op[EXPR_MUL][SHAPE_VV](seed, by_value, factors, NULL, n);
        else
            memcpy(seed, by_value, (size_t)n * sizeof(float));
        gradient_backward(g, seed, row, n, by_node);
        join_columns(w, columns, by_node, fitted, n);
        for (int i = 0; i < fitted; i++)
            slope[i] += w->k->sum(columns[i], NULL, n);
    }
    for (int i = 0; i < fitted; i++) {
        slope[i] /= weight;
        if (!isfinite(slope[i]))
            return (double)INFINITY;
    }
    return isfinite(total) ? total / weight : (double)INFINITY;
}

typedef struct fit_context {
    workspace *w;
    const problem *p;
    expr e;
    window rows;
    int fitted;
} fit_context;

static double loss_at(void *context, const double *at, double *slope)
{
    fit_context *c = context;
    set_constants(c->w, c->e, at, c->fitted);
    return loss_gradient(c->w, c->p, c->e, c->rows, c->fitted, slope);
}

static bool bfgs(workspace *w, const problem *p, expr e, window rows, int iterations, int n)
{
    double at[FIT_MAX];
    for (int i = 0; i < n; i++)
        at[i] = e.nodes[w->bound->own[i]].value;
    fit_context context = {w, p, e, rows, n};
    bool better = minimise_bfgs(loss_at, &context, at, n, iterations, 1e-9);
    set_constants(w, e, at, n);
    return better;
}

bool constants_fit(workspace *w, const problem *p, expr e, window rows, int iterations,
                   bool free_form)
{
    bind_constants(w, p, e);
    int count = w->bound->count, limit = p->squares ? FIT_MAX - 2 : FIT_MAX;
    int fitted = count < limit ? count : limit;
    if (fitted == 0)
        return false;
    window cached = w->cached;
    w->cached.count = 0; /* trees that are tried once and thrown away need no columns */
    bool better = p->squares ? levenberg_marquardt(w, p, e, rows, iterations, fitted,
                                                   free_form && p->forms[FORM_BOTH] ? 2 : 0)
                             : bfgs(w, p, e, rows, iterations, fitted);
    w->cached = cached;
    return better;
}
