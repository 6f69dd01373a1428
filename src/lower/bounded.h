/* A function of an n-bit index with bounds on each result, and what the searches for its cheapest
 * form have in common. */
#ifndef LOWER_BOUNDED_H
#define LOWER_BOUNDED_H

#include "graph/graph.h"

typedef struct bounded_function {
    int index_bits;
    size_t seam; /* index of the first argument, where the ends meet; 0: the ends are the ends */
    const double *values; /* [1 << index_bits]: the function in ulp of the result, in index order;
                             NaN: any result will do */
    const int64_t *least, *most; /* [1 << index_bits]: what the result may be */
} bounded_function;

/* Bits of the results. */
int bounded_result_bits(const bounded_function *f);
/* Whether eval(form, k) is within the bounds for every index k. */
bool bounded_holds(const bounded_function *f, int64_t (*eval)(const void *form, uint32_t k),
                   const void *form);

/* The fewest bits for zero and all words. */
format words_format(const int64_t *words, size_t count, int frac);

/* ---- a form's parameters, from cheap to dear */

enum { CHOICE_BYTES = 12 };

typedef struct candidate {
    float lut;
    int8_t choice[CHOICE_BYTES];
} candidate;

typedef struct candidates {
    candidate *list;
    size_t count, capacity;
    double lut_limit; /* dearer ones are not kept */
    bool failed;      /* out of memory */
} candidates;

/* Keeps the parameters where they cost less than the limit. */
void candidates_offer(candidates *c, double lut, const void *choice);
/* By cost; those that cost the same in an order that repeats. */
void candidates_sort(candidates *c);

#endif
