/* Values of subtrees over all rows of a window, kept for the next tree that holds the same subtree.
 *
 * A subtree gets a column when it is met the second time. Sets of 8 columns, the longest unused
 * goes first. One owner, one thread. */
#ifndef EXPR_COLUMN_CACHE_H
#define EXPR_COLUMN_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct column_slot {
    uint64_t key;   /* 0: nothing yet */
    uint64_t stamp; /* of the last use */
} column_slot;

typedef struct column_cache {
    size_t bytes, stride, sets; /* sets 0: nothing is kept */
    float *data;                /* [8 * sets][stride] */
    column_slot *slots;         /* [8 * sets] */
    uint64_t *met;              /* keys met once, by their low bits */
    uint64_t clock;
} column_cache;

/* At most `bytes` of columns, allocated at the first reset: without memory there is no cache. */
void column_cache_init(column_cache *c, size_t bytes);
void column_cache_free(column_cache *c);
/* Forgets everything; columns have `rows` rows from now on. */
void column_cache_reset(column_cache *c, size_t rows);

/* Starts a tree: what it uses stays until the next tree. */
void column_cache_begin(column_cache *c);
/* The column of the key, or NULL. */
const float *column_cache_find(column_cache *c, uint64_t key);
/* Where to write the column of a key that is not there, NULL: nowhere. */
float *column_cache_take(column_cache *c, uint64_t key, int *slot);
/* After a take: every row is written, or, with key 0, the slot is free again. */
void column_cache_keep(column_cache *c, int slot, uint64_t key);

#endif
