/* Small expressions without constants, with their values on a sample of rows: what backsolving
 * chooses from. Two expressions that differ by scale and offset alone are one entry. */
#ifndef SEARCH_LIBRARY_H
#define SEARCH_LIBRARY_H

#include "search/fitness.h"

enum { LIBRARY_ROWS = 128, LIBRARY_SIZE = 4096, LIBRARY_NODES = 7 };

typedef struct library {
    int count;
    int rows;      /* LIBRARY_ROWS, or fewer where the data has fewer; a multiple of 16 */
    float *values; /* [count][LIBRARY_ROWS] */
    expr_node (*nodes)[LIBRARY_NODES]; /* [count] */
    uint8_t *sizes;                    /* [count] */
    uint64_t *hashes;                  /* open addressing, of the normalised values */
    const units *units;                /* that every entry agrees with; NULL: any */
} library;

/* Entries over the inputs of p by rising size, complete while they fit and a random choice after.
 * The same seed gives the same library. False: out of memory. */
bool library_build(library *l, const problem *p, const vocabulary *v, workspace *w, uint64_t seed);
void library_free(library *l);

/* Inverts the path from the root to a random node of e to get the values that this node should
 * have, and puts in its place (or adds, or multiplies) the entry that comes nearest by weighted
 * least squares. out: room for `capacity` nodes. False where the path has no inverse, or nothing
 * fits. scale and offset: how e becomes the prediction. */
bool library_backsolve(const library *l, expr *out, int capacity, const problem *p, expr e,
                       double scale, double offset, const vocabulary *v, workspace *w, rng *r);

#endif
