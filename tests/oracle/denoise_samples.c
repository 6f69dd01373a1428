/* What --denoise makes of a noisy law, for denoise.py: a line of the process's facts (rows, length,
 * noise, signal, mean, log likelihood), then one of inputs, target, smoothed target for each row.
 * Usage: denoise_samples SEED ROWS FEATURES NOISE */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "search/denoise.h"

enum { MOST_FEATURES = 4, MOST_ROWS = 2000 };

static double columns[MOST_FEATURES][MOST_ROWS], y[MOST_ROWS], smooth[MOST_ROWS];

int main(int argc, char **argv)
{
    if (argc != 5)
        return 2;
    rng r = rng_make(strtoull(argv[1], NULL, 10), 0);
    size_t count = strtoul(argv[2], NULL, 10), features = strtoul(argv[3], NULL, 10);
    double noise = strtod(argv[4], NULL);
    if (count > MOST_ROWS || features < 1 || features > MOST_FEATURES)
        return 2;
    const double *x[MOST_FEATURES];
    uint32_t rows[MOST_ROWS];
    for (size_t f = 0; f < features; f++)
        x[f] = columns[f];
    for (size_t i = 0; i < count; i++) {
        rows[i] = (uint32_t)i;
        for (size_t f = 0; f < features; f++)
            columns[f][i] = 10 * (double)f + (1 + (double)f) * rng_normal(&r);
        y[i] = 100 + 3 * sin(columns[0][i]) * columns[features - 1][i] + noise * rng_normal(&r);
    }
    denoise_fit fit;
    symlut_error err;
    if (denoise(&fit, smooth, x, features, y, rows, count, NULL, &err) != SYMLUT_OK)
        return 1;
    printf("%zu %.17g %.17g %.17g %.17g %.17g\n", fit.rows, fit.length, fit.noise, fit.signal,
           fit.mean, fit.likelihood);
    for (size_t i = 0; i < count; i++) {
        for (size_t f = 0; f < features; f++)
            printf("%.17g ", columns[f][i]);
        printf("%.17g %.17g\n", y[i], smooth[i]);
    }
    return 0;
}
