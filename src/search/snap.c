#include "search/snap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 256, NEWTON_STEPS = 12 };

/* Normal quantile of a 99 % interval. */
static const double INTERVAL = 2.576;
static const double CHANCE = 0.05;
/* Mean squares below this share of the variance are rounding: no test can tell them apart. */
static const double ROUNDING = 1e-26;

/* ---------------------------------------------------------------- rows */

void snap_rows_free(snap_rows *r)
{
    for (int f = 0; r->columns && f < r->features; f++)
        free(r->columns[f]);
    free(r->columns);
    free(r->y);
    free(r->w);
    *r = (snap_rows){0};
}

bool snap_rows_init(snap_rows *r, const task *t)
{
    size_t n = t->parts.train_count;
    *r = (snap_rows){.count = n, .features = (int)t->data->features, .limit = t->constant_limit};
    r->columns = calloc((size_t)r->features + 1, sizeof *r->columns);
    r->y = malloc(n * sizeof *r->y);
    r->w = malloc(n * sizeof *r->w);
    double *x = malloc(((size_t)r->features + 1) * sizeof *x);
    bool ok = r->columns && r->y && r->w && x;
    for (int f = 0; ok && f < r->features; f++)
        ok = (r->columns[f] = malloc(n * sizeof(double))) != NULL;
    double weight = 0, mean = 0;
    for (size_t i = 0; ok && i < n; i++) {
        uint32_t row = t->parts.train[i];
        task_inputs(t, row, x);
        for (int f = 0; f < r->features; f++)
            r->columns[f][i] = x[f];
        r->y[i] = task_target(t, 0, row);
        r->w[i] = t->data->weights ? t->data->weights[row] : 1;
        weight += r->w[i];
        mean += r->w[i] * r->y[i];
    }
    for (size_t i = 0; ok && i < n; i++) {
        r->w[i] *= (double)n / weight;
        double d = r->y[i] - mean / weight;
        r->variance += r->w[i] * d * d / (double)n;
    }
    free(x);
    if (!ok)
        snap_rows_free(r);
    return ok;
}

/* ---------------------------------------------------------------- fitting */

typedef struct snapper {
    const snap_rows *r;
    expr e;
    int count, at[SNAP_MAX]; /* the constants' nodes */
    bool fixed[SNAP_MAX];
    double normal[SNAP_MAX][SNAP_MAX], slope[SNAP_MAX]; /* J'WJ, J'W(f - y) */
    double loss;                                        /* mean square */
    double *stack, *values, *columns;                   /* [depth][BLOCK], [1 + SNAP_MAX][BLOCK] */
    const double **inputs;
} snapper;

static const double *evaluate(snapper *s, size_t row, size_t n)
{
    for (int f = 0; f < s->r->features; f++)
        s->inputs[f] = s->r->columns[f] + row;
    expr_eval_rows(s->e, s->inputs, n, s->stack, BLOCK);
    return s->stack;
}

static double loss_of(snapper *s)
{
    double total = 0;
    for (size_t row = 0; row < s->r->count; row += BLOCK) {
        size_t n = s->r->count - row < BLOCK ? s->r->count - row : BLOCK;
        const double *f = evaluate(s, row, n);
        for (size_t i = 0; i < n; i++) {
            double d = f[i] - s->r->y[row + i];
            total += s->r->w[row + i] * d * d;
        }
    }
    return total / (double)s->r->count;
}

static double *constant(snapper *s, int i)
{
    return &s->e.nodes[s->at[i]].value;
}

/* The normal equations of all constants, by central differences. */
static void accumulate(snapper *s)
{
    memset(s->normal, 0, sizeof s->normal);
    memset(s->slope, 0, sizeof s->slope);
    for (size_t row = 0; row < s->r->count; row += BLOCK) {
        size_t n = s->r->count - row < BLOCK ? s->r->count - row : BLOCK;
        const double *w = s->r->w + row;
        memcpy(s->values, evaluate(s, row, n), n * sizeof(double));
        for (int c = 0; c < s->count; c++) {
            double kept = *constant(s, c), step = 1e-6 * fmax(fabs(kept), 1e-3);
            double *column = s->columns + (size_t)c * BLOCK;
            *constant(s, c) = kept + step;
            memcpy(column, evaluate(s, row, n), n * sizeof(double));
            *constant(s, c) = kept - step;
            const double *below = evaluate(s, row, n);
            for (size_t i = 0; i < n; i++)
                column[i] = (column[i] - below[i]) / (2 * step);
            *constant(s, c) = kept;
            for (size_t i = 0; i < n; i++)
                s->slope[c] += w[i] * column[i] * (s->values[i] - s->r->y[row + i]);
            for (int d = 0; d <= c; d++) {
                const double *other = s->columns + (size_t)d * BLOCK;
                double sum = 0;
                for (size_t i = 0; i < n; i++)
                    sum += w[i] * column[i] * other[i];
                s->normal[c][d] += sum;
                s->normal[d][c] = s->normal[c][d];
            }
        }
    }
}

/* Solves normal*x = b over the constants that are not fixed (x is 0 elsewhere), its diagonal raised
 * by `damping` of itself; false when singular. */
static bool solve(const snapper *s, double damping, const double *b, double *x)
{
    double l[SNAP_MAX][SNAP_MAX];
    int free_at[SNAP_MAX], n = 0;
    for (int i = 0; i < s->count; i++) {
        x[i] = 0;
        if (!s->fixed[i])
            free_at[n++] = i;
    }
    double z[SNAP_MAX];
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = s->normal[free_at[i]][free_at[j]];
            if (i == j)
                sum *= 1 + damping;
            double whole = sum;
            for (int k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            if (i != j)
                l[i][j] = sum / l[j][j];
            else if (sum > 1e-13 * whole)
                l[i][i] = sqrt(sum);
            else
                return false;
        }
    for (int i = 0; i < n; i++) {
        z[i] = b[free_at[i]];
        for (int k = 0; k < i; k++)
            z[i] -= l[i][k] * z[k];
        z[i] /= l[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            z[i] -= l[k][i] * z[k];
        z[i] /= l[i][i];
        x[free_at[i]] = z[i];
        if (!isfinite(z[i]))
            return false;
    }
    return true;
}

static void save(snapper *s, double *values)
{
    for (int i = 0; i < s->count; i++)
        values[i] = *constant(s, i);
}

static void restore(snapper *s, const double *values)
{
    for (int i = 0; i < s->count; i++)
        *constant(s, i) = values[i];
}

static bool within_limit(snapper *s)
{
    for (int i = 0; i < s->count; i++)
        if (s->r->limit > 0 && fabs(*constant(s, i)) > s->r->limit)
            return false;
    return true;
}

/* Levenberg-Marquardt on the constants that are not fixed. */
static void refine(snapper *s)
{
    double damping = 1e-8, kept[SNAP_MAX], step[SNAP_MAX];
    accumulate(s);
    for (int i = 0; i < NEWTON_STEPS && damping < 1e3; i++) {
        save(s, kept);
        if (!solve(s, damping, s->slope, step)) {
            damping = damping * 100 + 1e-10;
            continue;
        }
        for (int c = 0; c < s->count; c++)
            *constant(s, c) -= step[c];
        double loss = loss_of(s), gain = s->loss - loss;
        if (!(gain > 0) || !within_limit(s)) {
            restore(s, kept);
            damping *= 100;
            if (fabs(gain) < 1e-9 * s->loss)
                return;
            continue;
        }
        damping *= 0.1;
        s->loss = loss;
        accumulate(s);
        if (gain < 1e-9 * loss || loss < ROUNDING * s->r->variance)
            return;
    }
}

/* ---------------------------------------------------------------- simple values */

static const double FAMILIES[] = {1,
                                  3.14159265358979323846,
                                  0.31830988618379067154,  /* 1/pi */
                                  1.41421356237309504880,  /* sqrt(2) */
                                  9.86960440108935861883,  /* pi^2 */
                                  0.10132118364233777144,  /* 1/pi^2 */
                                  0.39894228040143267794,  /* 1/sqrt(2*pi) */
                                  2.50662827463100050242,  /* sqrt(2*pi) */
                                  1.77245385090551602730,  /* sqrt(pi) */
                                  0.56418958354775628695,  /* 1/sqrt(pi) */
                                  1.73205080756887729353}; /* sqrt(3) */
enum { FAMILY_COUNT = sizeof FAMILIES / sizeof *FAMILIES, DENOMINATORS = 64, NUMERATORS = 4096 };

static long common_divisor(long a, long b)
{
    while (b) {
        long rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

/* The value p/q times a family's number that lies within `width` of x and has least numbers of
 * equally simple ones around. Among p/q with p*q <= h about 0.3*h lie in each factor of e. Returns
 * the expected number of values as simple within the width: the chance of an accident. */
static double simplest_near(double x, double width, double *value)
{
    double size = fabs(x), best = (double)INFINITY;
    for (int f = 0; f < FAMILY_COUNT; f++)
        for (long q = 1; q <= DENOMINATORS; q++) {
            double p = floor(size / FAMILIES[f] * (double)q + 0.5);
            double v = p / (double)q * FAMILIES[f];
            if (p < 1 || p > NUMERATORS || fabs(v - size) > width || common_divisor((long)p, q) > 1)
                continue;
            double around = (f + 1) * (1 + 0.3 * p * (double)q) * 2 * width / size;
            if (around < best) {
                best = around;
                *value = copysign(v, x);
            }
        }
    return best;
}

/* 99 % quantile of chi-square, by Wilson and Hilferty. */
static double chi_square(int freedom)
{
    double k = freedom, a = 2 / (9 * k), z = 1 - a + 2.326 * sqrt(a);
    return k * z * z * z;
}

typedef struct proposal {
    int constant;
    double value, chance;
} proposal;

/* Standard error of constant i where the others follow; false when it is not determined. */
static bool standard_error(const snapper *s, int i, double variance, double *error)
{
    double axis[SNAP_MAX] = {0}, column[SNAP_MAX];
    axis[i] = 1;
    if (!solve(s, 1e-10, axis, column) || !(column[i] > 0))
        return false;
    bool redundant = column[i] * s->normal[i][i] > 1e8; /* another one makes up for it */
    *error = redundant ? (double)INFINITY : sqrt(column[i] * variance);
    return true;
}

/* The most certain replacement of a constant; `refused` counts those that failed. Zero comes before
 * all others, and after it 1, for a constant that another one makes up for. */
static proposal next_proposal(snapper *s, const int *refused)
{
    proposal best = {.constant = -1, .chance = CHANCE};
    int free_count = 0;
    for (int i = 0; i < s->count; i++)
        free_count += !s->fixed[i];
    double rows = (double)s->r->count, floor_loss = ROUNDING * s->r->variance;
    double variance = fmax(s->loss, floor_loss) * rows / fmax(rows - free_count, 1);
    for (int i = 0; i < s->count; i++) {
        double error, value = 0, x = *constant(s, i);
        if (s->fixed[i] || refused[i] > 1 || !standard_error(s, i, variance, &error))
            continue;
        double width = INTERVAL * error + 1e-13 * fabs(x), chance = 0;
        bool vague = fabs(x) <= width;
        if (vague && refused[i] == 1)
            value = copysign(1, x);
        if (!vague)
            chance = refused[i] == 0 ? simplest_near(x, width, &value) : 1;
        if (chance < best.chance)
            best = (proposal){i, value, chance};
    }
    return best;
}

/* Sets the constant, moves the others to where the quadratic model has its least, fits them. */
static void apply(snapper *s, proposal p)
{
    double follow[SNAP_MAX], right[SNAP_MAX], move = p.value - *constant(s, p.constant);
    s->fixed[p.constant] = true;
    for (int i = 0; i < s->count; i++)
        right[i] = -s->normal[i][p.constant] * move;
    *constant(s, p.constant) = p.value;
    if (solve(s, 1e-10, right, follow))
        for (int i = 0; i < s->count; i++)
            *constant(s, i) += follow[i];
    s->loss = loss_of(s);
    bool any = false;
    for (int i = 0; i < s->count; i++)
        any = any || !s->fixed[i];
    if (any && isfinite(s->loss))
        refine(s);
}

static void snap(snapper *s)
{
    int refused[SNAP_MAX] = {0};
    double start = s->loss, rounding = ROUNDING * s->r->variance * 100;
    int done = 0;
    for (;;) {
        proposal p = next_proposal(s, refused);
        if (p.constant < 0)
            return;
        double kept[SNAP_MAX], before = s->loss;
        bool fixed[SNAP_MAX];
        save(s, kept);
        memcpy(fixed, s->fixed, sizeof fixed);
        apply(s, p);
        double ratio = (double)s->r->count * log((s->loss + rounding) / (start + rounding));
        if (isfinite(s->loss) && ratio <= chi_square(done + 1) && within_limit(s)) {
            done++;
            accumulate(s);
            continue;
        }
        restore(s, kept);
        memcpy(s->fixed, fixed, sizeof fixed);
        s->loss = before;
        refused[p.constant]++;
        accumulate(s);
    }
}

static bool allocate(snapper *s)
{
    s->stack = malloc((size_t)expr_depth(s->e) * BLOCK * sizeof *s->stack);
    s->values = malloc(BLOCK * sizeof *s->values);
    s->columns = malloc(SNAP_MAX * BLOCK * sizeof *s->columns);
    s->inputs = malloc(((size_t)s->r->features + 1) * sizeof *s->inputs);
    return s->stack && s->values && s->columns && s->inputs;
}

double snap_constants(expr *e, const snap_rows *r)
{
    snapper s = {.r = r, .e = *e, .loss = (double)NAN};
    double kept[SNAP_MAX], loss = (double)NAN;
    for (int i = 0; i < e->count; i++)
        if (e->nodes[i].op == EXPR_CONST) {
            if (s.count == SNAP_MAX)
                return loss;
            s.at[s.count++] = i;
        }
    bool ok = s.count > 0 && allocate(&s);
    if (ok) {
        save(&s, kept);
        s.loss = loss_of(&s);
        if (isfinite(s.loss)) {
            refine(&s);
            snap(&s);
            loss = s.loss;
            expr_simplify(e);
            tree_measure(e);
        } else {
            restore(&s, kept);
        }
    }
    free(s.stack);
    free(s.values);
    free(s.columns);
    free(s.inputs);
    return loss;
}
