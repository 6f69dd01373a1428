/* Targets smoothed before a search: the posterior mean of a Gaussian process with a squared
 * exponential kernel and white noise,
 *
 *   cov(y_i, y_j) = s2 * (exp(-|x_i - x_j|^2 / (2 l^2)) + r [i = j]),
 *
 * over inputs scaled to mean 0 and variance 1. l and r maximise the marginal likelihood (Rasmussen
 * and Williams, Gaussian Processes for Machine Learning, 2006, eq. 5.8), with s2 and the mean of y
 * at their own best values. */
#ifndef SEARCH_DENOISE_H
#define SEARCH_DENOISE_H

#include "base/rng.h"
#include "base/status.h"

/* Rows of the process, drawn at random where there are more: the others are predicted from these;
 * and how many of them the likelihood looks at. */
enum { DENOISE_ROWS = 1000, DENOISE_FIT_ROWS = 300 };

typedef struct denoise_fit {
    double length;     /* l, of scaled inputs */
    double noise;      /* standard deviation of the noise, in y's units */
    double signal;     /* sqrt(s2), in y's units */
    double likelihood; /* log marginal likelihood per row, of y scaled to variance 1 */
    size_t rows;       /* of the process */
} denoise_fit;

/* x: [features] columns of [count] values; y: [count]; smooth: [count], filled. The rows are drawn
 * by r. SYMLUT_BAD_INPUT: too few rows or no noise to tell from the signal. */
symlut_status denoise(denoise_fit *fit, double *smooth, const double *const *x, size_t features,
                      const double *y, size_t count, rng *r, symlut_error *err);

#endif
