/* Whether a target is a sum or a product of functions of few inputs each. */
#ifndef SEARCH_ADDITIVE_H
#define SEARCH_ADDITIVE_H

#include "search/laws.h"

enum { ADDITIVE_INPUTS = 12 };

/* What is a sum of parts: y, log |y|, 1/y or y^2. */
typedef enum link { LINK_SUM, LINK_PRODUCT, LINK_RECIPROCAL, LINK_ROOT, LINK_COUNT } link;

double link_apply(link how, double y);
/* dy/dlink at y. */
double link_slope(link how, double y);

/* Inputs that act on one another. */
typedef struct additive_part {
    int count, inputs[ADDITIVE_INPUTS]; /* rising */
    double *values;                     /* [rows], of mean 0 */
} additive_part;

/* A generalised additive model (Hastie and Tibshirani, Stat. Sci. 1, 1986): link(y) = mean + sum of
 * one function of each group of inputs, here polynomials. */
typedef struct additive {
    link link;
    int count; /* of parts; fewer than 2: y is not separable */
    additive_part parts[ADDITIVE_INPUTS];
    size_t rows;
    double mean;
    double share; /* of the target's variance that it leaves, by generalised cross-validation */
} additive;

/* The best of the links on the first `rows` rows. Inputs without which the model is as good are
 * left out; those whose product would explain more of what it leaves make one part. Sums of squares
 * only. False: out of memory. */
bool additive_fit(additive *a, const problem *p, int features, size_t rows);
void additive_free(additive *a);

#endif
