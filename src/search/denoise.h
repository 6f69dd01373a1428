/* Targets smoothed before a search: the posterior mean of a Gaussian process with a squared
 * exponential kernel and white noise (Rasmussen and Williams, Gaussian Processes for Machine
 * Learning, 2006, algorithm 2.1),
 *
 *   cov(y_i, y_j) = s2 * (exp(-|x_i - x_j|^2 / (2 l^2)) + r [i = j]),
 *
 * over inputs scaled to mean 0 and variance 1, around a constant mean. l and r maximise the
 * marginal likelihood (there eq. 5.8) with s2 and the mean at their own best values. */
#ifndef SEARCH_DENOISE_H
#define SEARCH_DENOISE_H

#include <stddef.h>
#include <stdint.h>

#include "base/status.h"

/* The process takes the first rows, the others are predicted from these; the likelihood looks at
 * the first of them. */
enum { DENOISE_ROWS = 1000, DENOISE_FIT_ROWS = 300, DENOISE_LEAST_ROWS = 10 };

typedef struct denoise_fit {
    size_t rows;       /* of the process; 0: a constant target, which stays */
    double length;     /* l, of scaled inputs */
    double noise;      /* standard deviation of the noise, in y's units */
    double signal;     /* sqrt(s2), in y's units */
    double mean;       /* in y's units */
    double likelihood; /* log marginal likelihood of the process's rows, in y's units */
} denoise_fit;

/* x: [features] columns, y: targets; rows: [count] places in them, in random order; smooth:
 * [count], filled for these. SYMLUT_BAD_INPUT: too few rows, or values beyond what can be squared.
 * SYMLUT_INTERRUPTED: the hooks, which may be NULL, wish to stop. */
symlut_status denoise(denoise_fit *fit, double *smooth, const double *const *x, size_t features,
                      const double *y, const uint32_t *rows, size_t count,
                      const symlut_hooks *hooks, symlut_error *err);

#endif
