/* Minimise over the constants c of all trees f_k the mean of
 *     w (log sum_k exp f_k(x; c) - f_label(x; c))
 * by L-BFGS (Nocedal 1980) with 8 pairs, backtracking by Armijo's rule (1e-4), every constant kept
 * within the problem's limit by projection. The derivative by f_k is w (p_k - [k = label]), p the
 * softmax, carried to the constants in reverse mode. Stops when the loss falls by less than 1e-7
 * of itself. Scores are not shifted by their largest: exp must not overflow float32, so a forest
 * with a score above 88 has no finite loss. */
#include "search/softmax.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { PAIRS = 8 };

bool softmax_data_init(softmax_data *d, const problem *problems, int classes)
{
    *d = (softmax_data){.problems = problems, .classes = classes};
    d->is = calloc((size_t)classes, sizeof *d->is);
    for (int k = 0; d->is && k < classes; k++) {
        const problem *p = &problems[k];
        if (!(d->is[k] = buffer_alloc(p->padded, sizeof(float))))
            return false;
        for (size_t i = 0; i < p->padded; i++)
            d->is[k][i] = (double)p->y[i] + p->y_mean > 0 ? 1 : 0;
    }
    return d->is != NULL;
}

void softmax_data_free(softmax_data *d)
{
    for (int k = 0; d->is && k < d->classes; k++)
        free(d->is[k]);
    free(d->is);
    *d = (softmax_data){0};
}

static bool tree_init(softmax_tree *t, const kernels *k, int max_nodes, bool calls)
{
    int nodes = calls ? RULES_PLAIN : max_nodes;
    t->own = calloc((size_t)max_nodes, sizeof *t->own);
    t->of = calloc((size_t)nodes, sizeof *t->of);
    t->room = calls ? calloc((size_t)nodes, sizeof *t->room) : NULL;
    return gradient_init(&t->slope, nodes, k) && t->own && t->of && (t->room || !calls);
}

bool softmax_work_init(softmax_work *s, workspace *w, const rules *limits, int classes,
                       int max_nodes)
{
    bool calls = limits && (limits->functions || limits->template);
    *s = (softmax_work){.w = w, .limits = limits, .classes = classes};
    s->trees = calloc((size_t)classes, sizeof *s->trees);
    s->values = buffer_alloc((size_t)classes * SOFTMAX_CHUNK, sizeof(float));
    s->block = buffer_alloc((size_t)4 * SOFTMAX_CHUNK, sizeof(float));
    s->fit = calloc((size_t)classes * (size_t)max_nodes * (5 + 2 * PAIRS), sizeof *s->fit);
    bool ok = s->trees && s->values && s->block && s->fit;
    for (int k = 0; ok && k < classes; k++)
        ok = tree_init(&s->trees[k], w->k, max_nodes, calls);
    return ok;
}

void softmax_work_free(softmax_work *s)
{
    for (int k = 0; s->trees && k < s->classes; k++) {
        gradient_free(&s->trees[k].slope);
        free(s->trees[k].room);
        free(s->trees[k].own);
        free(s->trees[k].of);
    }
    free(s->trees);
    free(s->values);
    free(s->block);
    free(s->fit);
    *s = (softmax_work){0};
}

static double window_weight(const problem *p, window rows)
{
    size_t start = rows.first / EVAL_BLOCK;
    size_t end = (rows.first + rows.count + EVAL_BLOCK - 1) / EVAL_BLOCK;
    return p->sum_w[end] - p->sum_w[start];
}

static bool forest_constants_allowed(const problem *p, const forest *f)
{
    for (int k = 0; k < f->classes; k++)
        if (!constants_allowed(p, forest_tree(f, k)))
            return false;
    return true;
}

/* Adds one block to the loss. scores: [classes] of n values; turned into exponentials, and
 * `total` into their sum. */
static double block_loss(const softmax_work *s, const softmax_data *d, float **scores, float *total,
                         size_t row, int n)
{
    const kernels *k = s->w->k;
    const float *weights = problem_weights(d->problems, row, n);
    float *own = s->block, *log_total = own + EVAL_BLOCK;
    for (int c = 0; c < d->classes; c++) {
        if (c == 0)
            k->op[EXPR_MUL][SHAPE_VV](own, scores[0], d->is[0] + row, NULL, n);
        else
            k->fused[FUSED_MUL_ADD][SHAPE_VV][0](own, scores[c], d->is[c] + row, own, n);
        k->op[EXPR_EXP][SHAPE_VV](scores[c], scores[c], scores[c], NULL, n);
        if (c == 0)
            memcpy(total, scores[0], (size_t)n * sizeof *total);
        else
            k->op[EXPR_ADD][SHAPE_VV](total, total, scores[c], NULL, n);
    }
    k->op[EXPR_LOG][SHAPE_VV](log_total, total, total, NULL, n);
    k->op[EXPR_SUB][SHAPE_VV](own, log_total, own, NULL, n);
    return k->sum(own, weights, n);
}

bool softmax_loss(double *loss, softmax_work *s, const softmax_data *d, const forest *f,
                  window rows)
{
    if (!forest_constants_allowed(d->problems, f))
        return false;
    double sum = 0;
    float *total = s->block + 2 * EVAL_BLOCK, *scores[SOFTMAX_CLASSES];
    size_t end = rows.first + rows.count;
    for (size_t row = rows.first; row < end; row += SOFTMAX_CHUNK) {
        size_t chunk = end - row < SOFTMAX_CHUNK ? end - row : SOFTMAX_CHUNK;
        for (int k = 0; k < f->classes; k++) {
            expr e = rules_plain(s->limits, s->w->plain, forest_tree(f, k));
            if (e.count == 0)
                return false;
            evaluator_use_cache(&s->w->tree, NULL, 0);
            evaluator_compile(&s->w->tree, e, d->problems->columns);
            s->w->node_rows += (unsigned long long)e.count * chunk;
            for (size_t at = 0; at < chunk; at += EVAL_BLOCK) {
                int n = chunk - at < EVAL_BLOCK ? (int)(chunk - at) : EVAL_BLOCK;
                memcpy(s->values + (size_t)k * SOFTMAX_CHUNK + at,
                       evaluator_run(&s->w->tree, row + at, n), (size_t)n * sizeof(float));
            }
        }
        for (size_t at = 0; at < chunk; at += EVAL_BLOCK) {
            int n = chunk - at < EVAL_BLOCK ? (int)(chunk - at) : EVAL_BLOCK;
            for (int k = 0; k < f->classes; k++)
                scores[k] = s->values + (size_t)k * SOFTMAX_CHUNK + at;
            sum += block_loss(s, d, scores, total, row + at, n);
        }
        if (!isfinite(sum))
            return false;
    }
    *loss = sum / window_weight(d->problems, rows);
    return true;
}

/* ---------------------------------------------------------------- constants */

typedef struct lbfgs {
    int n;        /* constants */
    double *at;   /* [n] */
    double *next; /* [n] */
    double *slope, *next_slope, *direction;
    double *s, *y; /* [PAIRS][n] */
    double rho[PAIRS];
    int stored, newest;
} lbfgs;

/* Prepares the derivatives of class k's tree by its constants. False: expanded it is too long. */
static bool bind_tree(softmax_work *s, const softmax_data *d, const forest *f, int k)
{
    softmax_tree *t = &s->trees[k];
    expr e = forest_tree(f, k);
    t->plain = rules_plain(s->limits, t->room, e);
    t->count = 0;
    if (t->plain.count == 0)
        return false;
    gradient_compile(&t->slope, t->plain, d->problems->columns);
    bool expanded = t->plain.nodes != e.nodes;
    for (int j = 0; j < t->slope.constant_count; j++) {
        int node = t->slope.constants[j], i = 0;
        int own = expanded ? t->plain.nodes[node].feature - 1 : node;
        while (i < t->count && t->own[i] != own)
            i++;
        t->of[j] = own < 0 ? -1 : i;
        if (own >= 0 && i == t->count)
            t->own[t->count++] = own;
    }
    return true;
}

static void put_constants(softmax_work *s, forest *f, const double *values)
{
    int at = 0;
    for (int k = 0; k < f->classes; k++) {
        softmax_tree *t = &s->trees[k];
        expr e = forest_tree(f, k);
        for (int i = 0; i < t->count; i++)
            e.nodes[t->own[i]].value = (double)(float)values[at + i];
        for (int j = 0; j < t->slope.constant_count; j++)
            if (t->of[j] >= 0)
                t->plain.nodes[t->slope.constants[j]].value = e.nodes[t->own[t->of[j]]].value;
        gradient_constants(&t->slope);
        at += t->count;
    }
}

/* Mean loss and its derivatives at the constants that the trees hold; infinite: not finite. */
static double loss_slope(softmax_work *s, const softmax_data *d, window rows, int n, double *slope)
{
    const kernels *k = s->w->k;
    double sum = 0, weight = window_weight(d->problems, rows);
    float *total = s->block + 2 * EVAL_BLOCK, *seed = s->block + 3 * EVAL_BLOCK;
    float *scores[SOFTMAX_CLASSES];
    const float *columns[RULES_PLAIN];
    memset(slope, 0, (size_t)n * sizeof *slope);
    for (size_t row = rows.first; row < rows.first + rows.count; row += GRADIENT_BLOCK) {
        size_t left = rows.first + rows.count - row;
        int rows_here = left < GRADIENT_BLOCK ? (int)left : GRADIENT_BLOCK, at = 0;
        const float *weights = problem_weights(d->problems, row, rows_here);
        for (int c = 0; c < d->classes; c++) {
            scores[c] = s->values + (size_t)c * SOFTMAX_CHUNK;
            memcpy(scores[c], gradient_forward(&s->trees[c].slope, row, rows_here),
                   (size_t)rows_here * sizeof(float));
        }
        sum += block_loss(s, d, scores, total, row, rows_here);
        for (int c = 0; c < d->classes; c++) {
            k->op[EXPR_DIV][SHAPE_VV](seed, scores[c], total, NULL, rows_here);
            k->op[EXPR_SUB][SHAPE_VV](seed, seed, d->is[c] + row, NULL, rows_here);
            if (weights)
                k->op[EXPR_MUL][SHAPE_VV](seed, seed, weights, NULL, rows_here);
            const softmax_tree *t = &s->trees[c];
            gradient_backward(&s->trees[c].slope, seed, row, rows_here, columns);
            for (int j = 0; j < t->slope.constant_count; j++)
                if (t->of[j] >= 0)
                    slope[at + t->of[j]] += k->sum(columns[j], NULL, rows_here);
            at += t->count;
        }
        if (!isfinite(sum))
            return (double)INFINITY;
    }
    for (int i = 0; i < n; i++) {
        slope[i] /= weight;
        if (!isfinite(slope[i]))
            return (double)INFINITY;
    }
    return sum / weight;
}

static double dot(const double *a, const double *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* direction = -H slope by the two-loop recursion. */
static void find_direction(lbfgs *l)
{
    int n = l->n;
    double *q = l->direction, alpha[PAIRS];
    for (int i = 0; i < n; i++)
        q[i] = -l->slope[i];
    for (int j = 0; j < l->stored; j++) {
        int p = (l->newest - j + PAIRS) % PAIRS;
        alpha[p] = l->rho[p] * dot(l->s + p * n, q, n);
        for (int i = 0; i < n; i++)
            q[i] -= alpha[p] * l->y[p * n + i];
    }
    if (l->stored > 0) {
        const double *y = l->y + l->newest * n;
        double scale = 1 / (l->rho[l->newest] * dot(y, y, n));
        for (int i = 0; i < n; i++)
            q[i] *= scale;
    }
    for (int j = l->stored - 1; j >= 0; j--) {
        int p = (l->newest - j + PAIRS) % PAIRS;
        double beta = l->rho[p] * dot(l->y + p * n, q, n);
        for (int i = 0; i < n; i++)
            q[i] += (alpha[p] - beta) * l->s[p * n + i];
    }
}

static void remember(lbfgs *l)
{
    int n = l->n, p = (l->newest + 1) % PAIRS;
    double *s = l->s + p * n, *y = l->y + p * n;
    for (int i = 0; i < n; i++) {
        s[i] = l->next[i] - l->at[i];
        y[i] = l->next_slope[i] - l->slope[i];
    }
    double sy = dot(s, y, n);
    if (!(sy > 1e-14))
        return;
    l->rho[p] = 1 / sy;
    l->newest = p;
    l->stored += l->stored < PAIRS;
}

/* Backtracks along the direction; the loss there, infinite where nothing is lower. */
static double line_search(softmax_work *s, const softmax_data *d, forest *f, window rows, lbfgs *l,
                          double loss)
{
    double descent = dot(l->slope, l->direction, l->n), limit = d->problems->constant_limit;
    /* without curvature yet: a first step of length one tenth at most */
    double rate = l->stored ? 1 : fmin(1, 0.1 / sqrt(dot(l->slope, l->slope, l->n)));
    if (!(descent < 0))
        return (double)INFINITY;
    for (int tries = 0; tries < 10; tries++, rate *= 0.4) {
        for (int i = 0; i < l->n; i++) {
            l->next[i] = l->at[i] + rate * l->direction[i];
            if (limit > 0)
                l->next[i] = fmax(-limit, fmin(limit, l->next[i]));
        }
        put_constants(s, f, l->next);
        double value = loss_slope(s, d, rows, l->n, l->next_slope);
        if (value < loss + 1e-4 * rate * descent)
            return value;
    }
    return (double)INFINITY;
}

static bool run_lbfgs(softmax_work *s, const softmax_data *d, forest *f, window rows,
                      int iterations, lbfgs *l)
{
    int at = 0;
    for (int k = 0; k < f->classes; k++)
        for (int i = 0; i < s->trees[k].count; i++)
            l->at[at++] = forest_tree(f, k).nodes[s->trees[k].own[i]].value;
    double start = loss_slope(s, d, rows, l->n, l->slope), loss = start;
    for (int i = 0; i < iterations && isfinite(loss); i++) {
        find_direction(l);
        double next = line_search(s, d, f, rows, l, loss);
        if (!(next < loss))
            break;
        remember(l);
        bool flat = loss - next < 1e-7 * loss;
        memcpy(l->at, l->next, (size_t)l->n * sizeof *l->at);
        memcpy(l->slope, l->next_slope, (size_t)l->n * sizeof *l->slope);
        loss = next;
        if (flat)
            break;
    }
    put_constants(s, f, l->at);
    return loss < start;
}

bool softmax_fit(softmax_work *s, const softmax_data *d, forest *f, window rows, int iterations)
{
    int n = 0;
    for (int k = 0; k < f->classes; k++) {
        if (!bind_tree(s, d, f, k))
            return false;
        n += s->trees[k].count;
    }
    if (n == 0 || iterations <= 0)
        return false;
    double *memory = s->fit;
    lbfgs l = {.n = n,
               .at = memory,
               .next = memory + n,
               .slope = memory + 2 * n,
               .next_slope = memory + 3 * n,
               .direction = memory + 4 * n,
               .s = memory + 5 * n,
               .y = memory + (5 + PAIRS) * n};
    return run_lbfgs(s, d, f, rows, iterations, &l);
}
