/* Minimisers that fit constants, apart from what they minimise. */
#ifndef SEARCH_MINIMISE_H
#define SEARCH_MINIMISE_H

#include <stdbool.h>

enum { FIT_MAX = 24 }; /* constants beyond these stay as they are */

/* J'J, its lower triangle, and J'r of residuals r by n parameters. */
typedef struct normal_equations {
    int n;
    double jj[FIT_MAX][FIT_MAX], jr[FIT_MAX];
    double squares;
} normal_equations;

/* The step x of (J'J + damping*diag(J'J)) x = -J'r by Cholesky; false when not positive definite.
 */
bool normal_solve(const normal_equations *e, double damping, double *x);

/* The value at `at` [n], its gradient in slope [n]; infinite where there is none. */
typedef double (*objective_fn)(void *context, const double *at, double *slope);

/* BFGS with backtracking (Armijo 1e-4) from `at`, where it leaves the best point found; it stops
 * when a step gains less than `least_gain` of the value. n at most FIT_MAX. Returns whether the
 * value fell. */
bool minimise_bfgs(objective_fn f, void *context, double *at, int n, int iterations,
                   double least_gain);

#endif
