/* Symmetric positive definite systems: the factor L of A = L L', row by row, so that a caller may
 * stop between rows. */
#ifndef SEARCH_CHOLESKY_H
#define SEARCH_CHOLESKY_H

#include <stdbool.h>
#include <stddef.h>

/* Row i of the factor in place; a: [n][n], its lower triangle, rows before i factored. False: not
 * positive definite. */
bool cholesky_row(double *a, size_t n, size_t i);
/* x = (L L')^-1 x. */
void cholesky_solve(const double *l, size_t n, double *x);

#endif
