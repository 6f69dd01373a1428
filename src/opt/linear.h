/* Internal to src/opt: sums of multiples of values, as they stand in a graph. */
#ifndef OPT_LINEAR_H
#define OPT_LINEAR_H

#include "opt/rewrite.h"

/* factor * 2^power times the integer of node `leaf`; for the constant part leaf is GRAPH_NONE. */
typedef struct linear_term {
    graph_ref leaf;
    int64_t factor; /* odd, or 0 */
    int power;
} linear_term;

/* The value of node `root` as a sum of terms. */
typedef struct linear_row {
    graph_ref root;
    linear_term *terms; /* [count] */
    size_t count;
    linear_term constant;
    int level;
    bool fits; /* 60 bits hold every partial sum */
    size_t cluster;
} linear_row;

typedef struct linear {
    const graph *g;
    bool *
        is_linear; /* [count] a sum, difference, multiple by a constant, or a cast without effect */
    bool *is_boundary; /* [count] not to be looked through from above */
    uint32_t *uses;    /* [count] */
    int *top;          /* [count] users need the value modulo 2^top; LINEAR_EXACT: all of it */
    int *level;        /* [count] how many linear regions lie behind */
    linear_row *rows;  /* [row_count] of nodes that others than linear ones use, in order */
    size_t row_count;
    linear_term *sums; /* [count] scratch: the multiple of each node in the row at hand */
    bool failed;       /* out of memory */
} linear;

enum { LINEAR_EXACT = 1 << 20, LINEAR_LAST = 1 << 20 /* level of the outputs */ };

void linear_begin(linear *l, const graph *g);
/* Gathers the rows anew, with the boundaries as they are. */
void linear_gather(linear *l);
void linear_free(linear *l);

#endif
