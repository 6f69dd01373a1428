#include "search/minimise.h"

#include <math.h>
#include <string.h>

bool normal_solve(const normal_equations *e, double damping, double *x)
{
    double l[FIT_MAX][FIT_MAX];
    int n = e->n;
    for (int i = 0; i < n; i++)
        for (int j = 0; j <= i; j++) {
            double sum = e->jj[i][j];
            if (i == j)
                sum += damping * (e->jj[i][i] > 0 ? e->jj[i][i] : 1);
            for (int k = 0; k < j; k++)
                sum -= l[i][k] * l[j][k];
            if (i != j)
                l[i][j] = sum / l[j][j];
            else if (sum > 0 && isfinite(sum))
                l[i][i] = sqrt(sum);
            else
                return false;
        }
    for (int i = 0; i < n; i++) {
        x[i] = -e->jr[i];
        for (int k = 0; k < i; k++)
            x[i] -= l[i][k] * x[k];
        x[i] /= l[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            x[i] -= l[k][i] * x[k];
        x[i] /= l[i][i];
        if (!isfinite(x[i]))
            return false;
    }
    return true;
}

/* H += (1 + yHy/sy) ss'/sy - (Hys' + sy'H)/sy. */
static void bfgs_update(double h[FIT_MAX][FIT_MAX], const double *s, const double *y, int n)
{
    double hy[FIT_MAX] = {0}, sy = 0, yhy = 0;
    for (int i = 0; i < n; i++) {
        sy += s[i] * y[i];
        for (int j = 0; j < n; j++)
            hy[i] += h[i][j] * y[j];
        yhy += y[i] * hy[i];
    }
    if (!(sy > 1e-14))
        return;
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++)
            h[i][j] += (1 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
}

bool minimise_bfgs(objective_fn f, void *context, double *at, int n, int iterations,
                   double least_gain)
{
    double slope[FIT_MAX], next[FIT_MAX], next_slope[FIT_MAX], h[FIT_MAX][FIT_MAX];
    memset(h, 0, sizeof h);
    for (int i = 0; i < n; i++)
        h[i][i] = 1;
    double start = f(context, at, slope), best = start;
    for (int iteration = 0; iteration < iterations && isfinite(best); iteration++) {
        double direction[FIT_MAX] = {0}, descent = 0, rate = 1, value = (double)INFINITY;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < n; j++)
                direction[i] -= h[i][j] * slope[j];
            descent += direction[i] * slope[i];
        }
        if (!(descent < 0))
            break;
        for (int tries = 0; tries < 12; tries++, rate *= 0.4) {
            for (int i = 0; i < n; i++)
                next[i] = at[i] + rate * direction[i];
            value = f(context, next, next_slope);
            if (value <= best + 1e-4 * rate * descent)
                break;
        }
        if (!(value < best))
            break;
        double s[FIT_MAX], y[FIT_MAX];
        for (int i = 0; i < n; i++) {
            s[i] = next[i] - at[i];
            y[i] = next_slope[i] - slope[i];
        }
        bfgs_update(h, s, y, n);
        bool flat = best - value < least_gain * fabs(best);
        memcpy(at, next, (size_t)n * sizeof *at);
        memcpy(slope, next_slope, sizeof slope);
        best = value;
        if (flat)
            break;
    }
    return best < start;
}
