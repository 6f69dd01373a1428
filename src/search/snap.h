/* Constants of a fitted law: fitted again in double precision, and replaced by simple values. */
#ifndef SEARCH_SNAP_H
#define SEARCH_SNAP_H

#include "search/prepare.h"

/* Rows of a squares problem in double precision. */
typedef struct snap_rows {
    size_t count;
    double **columns; /* [features][count] scaled inputs */
    double *y, *w;    /* [count]; w sums to count */
    int features;
    double variance; /* of y */
    double limit;    /* largest magnitude of a constant, 0: any */
} snap_rows;

/* False: out of memory. */
bool snap_rows_init(snap_rows *r, const task *t);
void snap_rows_free(snap_rows *r);

/* Gauss-Newton on all constants of e in place, then each constant in turn becomes 0, a small
 * fraction, or one times a power of pi or a root, where that passes two tests at once:
 *   - the loss rises by no more than noise explains (likelihood ratio, chi-square at 1 %, for all
 *     constants replaced so far together);
 *   - the chance that any value as simple lies within the constant's 99 % interval is below 5 %
 *     (for 0 the first test is enough).
 * Simplifies what comes out. Returns its loss; NaN when e was left as it was: out of memory, no
 * constants, more than SNAP_MAX of them, or not finite. */
enum { SNAP_MAX = 12 };
double snap_constants(expr *e, const snap_rows *r);

#endif
