/* Factors that laws are made of: sums and differences of inputs, functions of dimensionless
 * products, with the logarithms of their magnitudes on a sample of rows. */
#ifndef SEARCH_ATOMS_H
#define SEARCH_ATOMS_H

#include "base/parallel.h"
#include "search/laws.h"

enum { ATOMS_MAX = 10240, ATOM_NODES = 24, RATIOS_MAX = 360 };

typedef enum atom_kind {
    ATOM_NONE,     /* not finite on the sample */
    ATOM_SUM,      /* a sum or difference of inputs, their squares, or 1 and a product */
    ATOM_FUNCTION, /* a function of a product */
    ATOM_EXPONENT  /* stands for exp(scale * nodes) with a free scale */
} atom_kind;

typedef struct atom {
    expr_node nodes[ATOM_NODES];
    uint8_t count, kind;
} atom;

typedef struct atoms {
    const problem *p;
    int count;
    atom *items; /* [count] */
    float
        *values; /* [count][SAMPLE_ROWS] log of the magnitude; of ATOM_EXPONENT the nodes' value */
    int ratios;  /* number of products of powers -1, 0, 1 of inputs and differences */
    atom *ratio; /* [ratios] */
} atoms;

/* Atoms over the inputs of p by rising size. False: out of memory. */
bool atoms_build(atoms *a, const problem *p, const vocabulary *v, pool *threads,
                 workspace *workspaces);
void atoms_free(atoms *a);

#endif
