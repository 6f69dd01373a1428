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
    double from, below; /* those of this cost are wanted now */
    double next;        /* the cheapest of the others that came up */
    bool failed;        /* out of memory */
} candidates;

/* Keeps the parameters where they cost what is wanted now. */
void candidates_offer(candidates *c, double lut, const void *choice);
/* False: nothing of at least this cost is wanted now. */
bool candidates_want(candidates *c, double lut);
/* From cheap to dear, those of one cost in an order that repeats, until one holds, which is
 * *found. offer_all offers every choice; it is called again and again, for larger and larger costs
 * below lut_limit, and may leave out what is not wanted. False: none holds, or memory ended. */
bool candidates_first(candidate *found, candidates *c, double lut_limit,
                      void (*offer_all)(void *context),
                      bool (*holds)(void *context, const candidate *c), void *context);

#endif
