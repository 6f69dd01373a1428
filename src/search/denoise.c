#include "search/denoise.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "search/cholesky.h"

static const double LEAST_LENGTH = 0.05, MOST_LENGTH = 50; /* per root of the inputs' number */
static const double LEAST_NOISE = 1e-6, MOST_NOISE = 1e2;  /* of s2 */
enum { GRID = 7, STEPS = 20 };

/* The caller's wish to stop, asked for until it is there. */
typedef struct watch {
    const symlut_hooks *hooks;
    bool stopped;
} watch;

static bool stops(watch *w)
{
    w->stopped = w->stopped || hooks_stop(w->hooks);
    return w->stopped;
}

enum { STOP_ROWS = 16 }; /* between two questions */

/* A process over n rows. Where rows repeat or do not vary the noise keeps the matrix positive. */
typedef struct process {
    size_t n, features;
    double *x;       /* [n][features] scaled */
    double *y;       /* [n] scaled */
    double *squares; /* [n][n] squared distances, lower half */
    double *a;       /* [n][n] lower: the matrix, then its Cholesky factor */
    double *alpha;   /* [n] (K + r I)^-1 (y - mean), K the kernel without s2 */
    double *ones;    /* [n] */
    double scale2, mean;
    watch *stop;
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

static bool process_init(process *p, size_t n, size_t features, watch *stop)
{
    *p = (process){.n = n, .features = features, .stop = stop};
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
    for (size_t i = 0; i < p->n && !stops(p->stop); i++)
        for (size_t j = 0; j <= i; j++) {
            const double *a = p->x + i * p->features, *b = p->x + j * p->features;
            double sum = 0;
            for (size_t f = 0; f < p->features; f++)
                sum += (a[f] - b[f]) * (a[f] - b[f]);
            p->squares[i * p->n + j] = sum;
        }
}

/* In place; false: not positive definite, or stopped. */
static bool factor(double *a, size_t n, watch *stop)
{
    for (size_t i = 0; i < n; i++)
        if ((i % STOP_ROWS == 0 && stops(stop)) || !cholesky_row(a, n, i))
            return false;
    return true;
}

/* Log marginal likelihood per row, with the best mean and s2; alpha is filled. Once stopped nothing
 * is computed any more. */
static double likelihood(process *p, double log_length, double log_noise)
{
    size_t n = p->n;
    if (p->stop->stopped)
        return -(double)INFINITY;
    double by = -0.5 * exp(-2 * log_length), noise = exp(log_noise);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++)
            p->a[i * n + j] = exp(by * p->squares[i * n + j]) + (i == j ? noise : 0);
    if (!factor(p->a, n, p->stop))
        return -(double)INFINITY;
    double ones = 0, sum = 0, squares = 0, determinant = 0;
    for (size_t i = 0; i < n; i++)
        p->ones[i] = 1;
    cholesky_solve(p->a, n, p->ones);
    for (size_t i = 0; i < n; i++) {
        ones += p->ones[i];
        sum += p->ones[i] * p->y[i];
    }
    p->mean = sum / ones;
    for (size_t i = 0; i < n; i++)
        p->alpha[i] = p->y[i] - p->mean;
    cholesky_solve(p->a, n, p->alpha);
    for (size_t i = 0; i < n; i++) {
        squares += p->alpha[i] * (p->y[i] - p->mean);
        determinant += log(p->a[i * n + i]);
    }
    p->scale2 = squares / (double)n;
    if (!(p->scale2 > 0)) /* rows of one value */
        return -(double)INFINITY;
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
    double root = log(sqrt((double)p->features));
    const double low[2] = {log(LEAST_LENGTH) + root, log(LEAST_NOISE)};
    const double high[2] = {log(MOST_LENGTH) + root, log(MOST_NOISE)};
    point best = {.value = -(double)INFINITY};
    double step[2] = {(high[0] - low[0]) / (GRID - 1), (high[1] - low[1]) / (GRID - 1)};
    for (int i = 0; i < GRID * GRID; i++)
        try_point(p, &best, low[0] + step[0] * (i / GRID), low[1] + step[1] * (i % GRID), low,
                  high);
    for (int i = 0; i < STEPS; i++) {
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

/* What is smoothed, and its scaling. */
typedef struct work {
    const double *const *x;
    const double *y;
    const uint32_t *rows;
    size_t features, count;
    process few, all;
    double *row, *mean, *scale; /* [features + 1], y last */
    watch stop;
} work;

static void learn(double *mean, double *scale, const double *x, const uint32_t *rows, size_t count)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; i++)
        sum += x[rows[i]];
    *mean = sum / (double)count;
    for (size_t i = 0; i < count; i++)
        squares += (x[rows[i]] - *mean) * (x[rows[i]] - *mean);
    *scale = sqrt(squares / (double)count);
    /* what rounding leaves of a constant is no spread */
    if (!(*scale > 1e-14 * fabs(*mean)))
        *scale = 0;
}

static void read_row(double *to, const work *w, size_t i)
{
    for (size_t f = 0; f < w->features; f++)
        to[f] = w->scale[f] > 0 ? (w->x[f][w->rows[i]] - w->mean[f]) / w->scale[f] : 0;
}

static void fill_process(process *p, const work *w)
{
    double mean = w->mean[w->features], scale = w->scale[w->features];
    for (size_t i = 0; i < p->n; i++) {
        read_row(p->x + i * p->features, w, i);
        p->y[i] = (w->y[w->rows[i]] - mean) / scale;
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

static void work_free(work *w)
{
    process_free(&w->few);
    process_free(&w->all);
    free(w->row);
    free(w->mean);
    free(w->scale);
}

static bool work_init(work *w)
{
    size_t n = w->count < DENOISE_ROWS ? w->count : DENOISE_ROWS;
    size_t few = n < DENOISE_FIT_ROWS ? n : DENOISE_FIT_ROWS;
    bool ok = process_init(&w->few, few, w->features, &w->stop);
    ok = process_init(&w->all, n, w->features, &w->stop) && ok;
    w->row = malloc((w->features + 1) * sizeof *w->row);
    w->mean = malloc((w->features + 1) * sizeof *w->mean);
    w->scale = malloc((w->features + 1) * sizeof *w->scale);
    return ok && w->row && w->mean && w->scale;
}

/* False: no such process, or stopped. */
static bool smooth_rows(work *w, denoise_fit *fit, double *smooth)
{
    for (size_t f = 0; f < w->features; f++)
        learn(&w->mean[f], &w->scale[f], w->x[f], w->rows, w->count);
    learn(&w->mean[w->features], &w->scale[w->features], w->y, w->rows, w->count);
    double mean = w->mean[w->features], scale = w->scale[w->features];
    for (size_t i = 0; i < w->count; i++)
        smooth[i] = w->y[w->rows[i]];
    if (scale == 0)
        return true;
    fill_process(&w->few, w);
    fill_process(&w->all, w);
    point best = maximise(&w->few);
    double value = likelihood(&w->all, best.at[0], best.at[1]);
    if (!isfinite(best.value) || !isfinite(value))
        return false;
    double signal = sqrt(w->all.scale2) * scale;
    *fit = (denoise_fit){.rows = w->all.n,
                         .length = exp(best.at[0]),
                         .noise = signal * exp(0.5 * best.at[1]),
                         .signal = signal,
                         .mean = mean + scale * w->all.mean,
                         .likelihood = (double)w->all.n * (value - log(scale))};
    bool finite = true;
    for (size_t i = 0; i < w->count; i++) {
        if (i % STOP_ROWS == 0 && stops(&w->stop))
            return false;
        read_row(w->row, w, i);
        smooth[i] = mean + scale * posterior_mean(&w->all, w->row, best.at[0]);
        finite = finite && isfinite(smooth[i]);
    }
    return finite;
}

symlut_status denoise(denoise_fit *fit, double *smooth, const double *const *x, size_t features,
                      const double *y, const uint32_t *rows, size_t count,
                      const symlut_hooks *hooks, symlut_error *err)
{
    *fit = (denoise_fit){0};
    if (count < DENOISE_LEAST_ROWS)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "--denoise needs at least %d training rows, found %zu; leave it out",
                         DENOISE_LEAST_ROWS, count);
    work w = {.x = x,
              .y = y,
              .rows = rows,
              .features = features,
              .count = count,
              .stop = {.hooks = hooks}};
    symlut_status status = SYMLUT_OK;
    if (!work_init(&w))
        status = error_memory(err);
    else if (!smooth_rows(&w, fit, smooth))
        status =
            w.stop.stopped
                ? error_set(err, SYMLUT_INTERRUPTED,
                            "stopped while the target was smoothed; nothing was written")
                : error_set(err, SYMLUT_BAD_INPUT,
                            "--denoise finds no Gaussian process for these rows; leave it out");
    work_free(&w);
    return status;
}
