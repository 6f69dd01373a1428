/* Whether a target is a sum or a product of functions of one input each. */
#ifndef SEARCH_ADDITIVE_H
#define SEARCH_ADDITIVE_H

#include "search/laws.h"

enum { ADDITIVE_INPUTS = 12 };

/* What is a sum of parts: y, log |y|, 1/y or y^2. */
typedef enum link { LINK_SUM, LINK_PRODUCT, LINK_RECIPROCAL, LINK_ROOT, LINK_COUNT } link;

/* A generalised additive model (Hastie and Tibshirani, Stat. Sci. 1, 1986): link(y) = mean + sum of
 * one function of each input, here a polynomial. */
typedef struct additive {
    link link;
    int count; /* of inputs; fewer than 2: there is no such model */
    int inputs[ADDITIVE_INPUTS];
    size_t rows;
    double mean;
    double *parts;  /* [count][rows], each of mean 0 */
    double share;   /* of the target's variance that it leaves, by generalised cross-validation */
    bool separable; /* no product of two inputs would explain more of y */
} additive;

/* The best of the links on the first `rows` rows, its inputs those without which it would be worse.
 * Sums of squares only. False: out of memory. */
bool additive_fit(additive *a, const problem *p, int features, size_t rows);
void additive_free(additive *a);

#endif
