#include "search/denoise.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LEAST_LENGTH = 0.05, MOST_LENGTH = 50; /* per root of the inputs' number */
static const double LEAST_NOISE = 1e-6, MOST_NOISE = 1e2;  /* of s2 */
enum { LEAST_ROWS = 10, GRID = 7, STEPS = 80 };

/* A process over n rows. */
typedef struct process {
    size_t n, features;
    double *x;       /* [n][features] scaled */
    double *y;       /* [n] scaled */
    double *squares; /* [n][n] squared distances, lower half */
    double *a;       /* [n][n] lower: the matrix, then its Cholesky factor */
    double *alpha;   /* [n] (R + r I)^-1 (y - mean) */
    double *ones;    /* [n] */
    double scale2, mean;
} process;

static void process_free(process *p)
{
    free(p->x);
    free(p->y);
    free(p->squares);
    free(p->a);
    free(p->alpha);
    free(p->ones);
}

static bool process_init(process *p, size_t n, size_t features)
{
    *p = (process){.n = n, .features = features};
    p->x = malloc((n * features + 1) * sizeof *p->x);
    p->y = malloc(n * sizeof *p->y);
    p->squares = malloc(n * n * sizeof *p->squares);
    p->a = malloc(n * n * sizeof *p->a);
    p->alpha = malloc(n * sizeof *p->alpha);
    p->ones = malloc(n * sizeof *p->ones);
    return p->x && p->y && p->squares && p->a && p->alpha && p->ones;
}

static void measure_distances(process *p)
{
    for (size_t i = 0; i < p->n; i++)
        for (size_t j = 0; j <= i; j++) {
            const double *a = p->x + i * p->features, *b = p->x + j * p->features;
            double sum = 0;
            for (size_t f = 0; f < p->features; f++)
                sum += (a[f] - b[f]) * (a[f] - b[f]);
            p->squares[i * p->n + j] = sum;
        }
}

/* In place, row by row; false: not positive definite. */
static bool cholesky(double *a, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double *row = a + i * n;
        for (size_t j = 0; j <= i; j++) {
            const double *other = a + j * n;
            double sum = row[j];
            for (size_t k = 0; k < j; k++)
                sum -= row[k] * other[k];
            if (j < i)
                row[j] = sum / other[j];
            else if (sum > 0)
                row[i] = sqrt(sum);
            else
                return false;
        }
    }
    return true;
}

/* x = (L L^T)^-1 x. */
static void solve(const double *l, size_t n, double *x)
{
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < i; k++)
            x[i] -= l[i * n + k] * x[k];
        x[i] /= l[i * n + i];
    }
    for (size_t i = n; i-- > 0;) {
        x[i] /= l[i * n + i];
        for (size_t k = 0; k < i; k++)
            x[k] -= l[i * n + k] * x[i];
    }
}

/* Log marginal likelihood per row, with the best mean and s2; alpha is filled. */
static double likelihood(process *p, double log_length, double log_noise)
{
    size_t n = p->n;
    double by = -0.5 * exp(-2 * log_length), noise = exp(log_noise);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            p->a[i * n + j] = exp(by * p->squares[i * n + j]) + (i == j ? noise : 0);
    if (!cholesky(p->a, n))
        return -(double)INFINITY;
    double ones = 0, sum = 0, squares = 0, determinant = 0;
    for (size_t i = 0; i < n; i++)
        p->ones[i] = 1;
    solve(p->a, n, p->ones);
    for (size_t i = 0; i < n; i++) {
        ones += p->ones[i];
        sum += p->ones[i] * p->y[i];
    }
    p->mean = sum / ones;
    for (size_t i = 0; i < n; i++)
        p->alpha[i] = p->y[i] - p->mean;
    solve(p->a, n, p->alpha);
    for (size_t i = 0; i < n; i++) {
        squares += p->alpha[i] * (p->y[i] - p->mean);
        determinant += log(p->a[i * n + i]);
    }
    p->scale2 = squares / (double)n;
    const double tau = 6.283185307179586;
    return -0.5 * (log(tau * p->scale2) + 1) - determinant / (double)n;
}

/* ---------------------------------------------------------------- the best l and r */

typedef struct point {
    double at[2], value; /* log l, log r */
} point;

static void try_point(process *p, point *best, double a, double b, const double low[2],
                      const double high[2])
{
    point next = {.at = {fmin(fmax(a, low[0]), high[0]), fmin(fmax(b, low[1]), high[1])}};
    next.value = likelihood(p, next.at[0], next.at[1]);
    if (next.value > best->value)
        *best = next;
}

/* A grid, then steps along the axes that halve where none helps. */
static point maximise(process *p)
{
    double root = log(sqrt((double)p->features + 1e-300));
    const double low[2] = {log(LEAST_LENGTH) + root, log(LEAST_NOISE)};
    const double high[2] = {log(MOST_LENGTH) + root, log(MOST_NOISE)};
    point best = {.value = -(double)INFINITY};
    double step[2] = {(high[0] - low[0]) / (GRID - 1), (high[1] - low[1]) / (GRID - 1)};
    for (int i = 0; i < GRID * GRID; i++)
        try_point(p, &best, low[0] + step[0] * (i / GRID), low[1] + step[1] * (i % GRID), low,
                  high);
    for (int i = 0; i < STEPS; i += 4) {
        point from = best;
        for (int side = -1; side <= 1; side += 2) {
            try_point(p, &best, from.at[0] + side * step[0] / 2, from.at[1], low, high);
            try_point(p, &best, from.at[0], from.at[1] + side * step[1] / 2, low, high);
        }
        if (best.value > from.value)
            continue;
        step[0] /= 2;
        step[1] /= 2;
    }
    return best;
}

/* ---------------------------------------------------------------- rows */

typedef struct scaling {
    double *mean, *scale; /* [features + 1], y last */
} scaling;

static void learn(double *mean, double *scale, const double *x, size_t count)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[i];
    *mean = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (x[i] - *mean) * (x[i] - *mean);
    *scale = sqrt(squares / (double)count);
    if (!(*scale > 0))
        *scale = 1;
}

/* Row i of the process is the data's row chosen[i]. */
static void fill_process(process *p, const scaling *s, const double *const *x, const double *y,
                         const uint32_t *chosen)
{
    for (size_t i = 0; i < p->n; i++) {
        for (size_t f = 0; f < p->features; f++)
            p->x[i * p->features + f] = (x[f][chosen[i]] - s->mean[f]) / s->scale[f];
        p->y[i] = (y[chosen[i]] - s->mean[p->features]) / s->scale[p->features];
    }
    measure_distances(p);
}

static double posterior_mean(const process *p, const double *row, double log_length)
{
    double by = -0.5 * exp(-2 * log_length), sum = p->mean;
    for (size_t i = 0; i < p->n; i++) {
        const double *other = p->x + i * p->features;
        double square = 0;
        for (size_t f = 0; f < p->features; f++)
            square += (row[f] - other[f]) * (row[f] - other[f]);
        sum += p->alpha[i] * exp(by * square);
    }
    return sum;
}

/* The first `wanted` of a random order. */
static void draw_rows(uint32_t *order, size_t count, size_t wanted, rng *r)
{
    for (size_t i = 0; i < count; i++)
        order[i] = (uint32_t)i;
    for (size_t i = 0; i < wanted && i + 1 < count; i++) {
        size_t j = i + rng_below(r, (uint32_t)(count - i));
        uint32_t kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
}

/* Memory of one smoothing; all or none. */
typedef struct work {
    process few, all;
    uint32_t *order;
    double *row;
    scaling s;
} work;

static void work_free(work *w)
{
    process_free(&w->few);
    process_free(&w->all);
    free(w->order);
    free(w->row);
    free(w->s.mean);
    free(w->s.scale);
}

static bool work_init(work *w, size_t features, size_t count)
{
    size_t n = count < DENOISE_ROWS ? count : DENOISE_ROWS;
    size_t few = n < DENOISE_FIT_ROWS ? n : DENOISE_FIT_ROWS;
    *w = (work){0};
    bool ok = process_init(&w->few, few, features);
    ok = process_init(&w->all, n, features) && ok;
    w->order = malloc(count * sizeof *w->order);
    w->row = malloc((features + 1) * sizeof *w->row);
    w->s.mean = malloc((features + 1) * sizeof *w->s.mean);
    w->s.scale = malloc((features + 1) * sizeof *w->s.scale);
    return ok && w->order && w->row && w->s.mean && w->s.scale;
}

static symlut_status run(work *w, denoise_fit *fit, double *smooth, const double *const *x,
                         size_t features, const double *y, size_t count, rng *r, symlut_error *err)
{
    const scaling *s = &w->s;
    for (size_t f = 0; f < features; f++)
        learn(&s->mean[f], &s->scale[f], x[f], count);
    learn(&s->mean[features], &s->scale[features], y, count);
    draw_rows(w->order, count, w->all.n, r);
    fill_process(&w->few, s, x, y, w->order);
    fill_process(&w->all, s, x, y, w->order);
    point best = maximise(&w->few);
    double value = likelihood(&w->all, best.at[0], best.at[1]);
    if (!isfinite(best.value) || !isfinite(value))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "denoising finds no Gaussian process for these rows; leave --denoise out");
    double scale = s->scale[features], signal = sqrt(w->all.scale2) * scale;
    *fit = (denoise_fit){.length = exp(best.at[0]),
                         .noise = signal * exp(0.5 * best.at[1]),
                         .signal = signal,
                         .likelihood = value,
                         .rows = w->all.n};
    for (size_t i = 0; i < count; i++) {
        for (size_t f = 0; f < features; f++)
            w->row[f] = (x[f][i] - s->mean[f]) / s->scale[f];
        smooth[i] = s->mean[features] + scale * posterior_mean(&w->all, w->row, best.at[0]);
    }
    return SYMLUT_OK;
}

symlut_status denoise(denoise_fit *fit, double *smooth, const double *const *x, size_t features,
                      const double *y, size_t count, rng *r, symlut_error *err)
{
    if (count < LEAST_ROWS)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "denoising needs at least %d training rows, found %zu", LEAST_ROWS, count);
    work w;
    symlut_status status = work_init(&w, features, count)
                               ? run(&w, fit, smooth, x, features, y, count, r, err)
                               : error_memory(err);
    work_free(&w);
    return status;
}
