/* Internal to the constant multiplication: columns of terms that are summed, and the values made by
 * additions that several of them share. */
#ifndef OPT_SHARING_H
#define OPT_SHARING_H

#include "opt/cmvm.h"

/* A sum to be made. */
typedef struct column {
    cmvm_term *terms; /* [count]; no two of one id and shift */
    uint32_t count, capacity;
    double load;  /* sum of 2^depth of the terms: it can be made in d levels when load ≤ 2^d */
    double limit; /* the load it may have */
} column;

typedef struct shared_value {
    int depth;
    double lo, hi;
    uint32_t *columns; /* [count] numbers of the columns it is or was in */
    uint32_t count, capacity;
} shared_value;

typedef struct pair_count {
    uint64_t key; /* 0: free */
    uint32_t count;
} pair_count;

typedef struct candidate {
    uint64_t score, key;
} candidate;

typedef struct sharing {
    shared_value *values; /* inputs first */
    uint32_t value_count, value_capacity, input_count;
    cmvm_adder *adders; /* [value_count - input_count] */
    double full_adders;
    column *columns;
    size_t column_count;
    pair_count *table; /* open addressing */
    size_t table_mask, table_used;
    candidate *heap;
    size_t heap_count, heap_capacity;
    uint64_t seed;
    bool failed; /* out of memory */
} sharing;

void sharing_begin(sharing *s, const cmvm_input *inputs, size_t count, uint64_t seed);
void sharing_free(sharing *s);
/* Empty columns in place of the ones there were; limits are infinite. */
void sharing_columns(sharing *s, size_t count);
/* Adds a term to a column. Equal terms are merged. */
void sharing_term(sharing *s, size_t column, cmvm_term t);
/* Replaces pairs of terms that occur twice or more by one value, as long as there are any. */
void sharing_run(sharing *s);
/* Sums what is left of a column; CMVM_ZERO for an empty one. */
cmvm_term sharing_sum(sharing *s, size_t column);
/* Levels of additions that the column needs. */
int sharing_depth(const column *c);

#endif
