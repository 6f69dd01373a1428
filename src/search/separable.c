/* With independent inputs, the log-linear fit of y = x^a * h(others) gives x the exponent a up to
 * the scatter of log h over sqrt(rows): the same least squares as of a product, but only exponents
 * within TOLERANCE of a whole number count. What remains after them has fewer inputs, whose terms
 * can be listed to a higher degree. */
#include "search/separable.h"

#include <math.h>
#include <string.h>

enum { WHOLE_MAX = 4 };

static const double TOLERANCE = 0.06;

typedef struct equations {
    int n;
    double m[LAW_INPUTS + 1][LAW_INPUTS + 2];
} equations;

static void add_row(equations *e, const double *x, double y, double weight)
{
    for (int i = 0; i < e->n; i++) {
        for (int j = 0; j < e->n; j++)
            e->m[i][j] += weight * x[i] * x[j];
        e->m[i][e->n] += weight * x[i] * y;
    }
}

static bool solve(equations *e, double *x)
{
    for (int i = 0; i < e->n; i++) {
        if (!(fabs(e->m[i][i]) > 1e-9))
            return false;
        for (int j = i + 1; j < e->n; j++) {
            double ratio = e->m[j][i] / e->m[i][i];
            for (int k = i; k <= e->n; k++)
                e->m[j][k] -= ratio * e->m[i][k];
        }
    }
    for (int i = e->n - 1; i >= 0; i--) {
        x[i] = e->m[i][e->n];
        for (int k = i + 1; k < e->n; k++)
            x[i] -= e->m[i][k] * x[k];
        x[i] /= e->m[i][i];
    }
    return true;
}

int separable_factors(int8_t *power, const problem *p, const vocabulary *v)
{
    size_t rows = p->rows < 2 * CHECK_ROWS ? p->rows : 2 * CHECK_ROWS;
    equations e = {.n = v->features + 1};
    memset(power, 0, (size_t)v->features);
    if (v->features > LAW_INPUTS || rows < 64)
        return 0;
    for (size_t i = 0; i < rows; i++) {
        double x[LAW_INPUTS + 1] = {1}, y = (double)p->y[i] + p->y_mean;
        bool ok = y != 0;
        for (int k = 0; k < v->features; k++) {
            ok = ok && p->columns[k][i] > 0;
            x[k + 1] = log(fabs((double)p->columns[k][i]));
        }
        if (!ok && y != 0)
            return 0;
        if (ok) /* rows near 0 are mostly noise */
            add_row(&e, x, log(fabs(y)), fmin(y * y / (p->baseline + 1e-300), 1));
    }
    double x[LAW_INPUTS + 1];
    int count = 0;
    if (!solve(&e, x))
        return 0;
    for (int k = 0; k < v->features; k++) {
        double whole = floor(x[k + 1] + 0.5);
        if (whole == 0 || fabs(whole) > WHOLE_MAX || !(fabs(x[k + 1] - whole) < TOLERANCE))
            continue;
        power[k] = (int8_t)whole;
        count++;
    }
    return count;
}
