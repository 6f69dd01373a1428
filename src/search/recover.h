/* Exact laws found without evolution: transforms of the target looked up as one or two library
 * entries. */
#ifndef SEARCH_RECOVER_H
#define SEARCH_RECOVER_H

#include "search/library.h"

/* The index a lookup needs beside the library: hashes of the entries' shapes on a few rows. */
typedef struct recovery {
    const library *l;
    const problem *p;
    const vocabulary *v;
    int max_size;
    uint32_t *slots; /* open addressing: entry + 1 by its shape's hash, 0: free */
    uint64_t *keys;  /* [l->count] */
} recovery;

bool recovery_init(recovery *r, const library *l, const problem *p, const vocabulary *v,
                   int max_size);
void recovery_free(recovery *r);
/* Number of transforms (target, prefactor) that recovery_try may be asked for, in any order. */
int recovery_transforms(const recovery *r);

enum { RECOVERY_HITS = 8 };

typedef struct recovered {
    expr_node nodes[RECOVERY_HITS][TREE_MAX];
    int counts[RECOVERY_HITS], count;
} recovered;

/* Laws y = transform^-1(f op (a*g + b)) that hold on the library's rows to float32's precision. */
void recovery_try(const recovery *r, int transform, recovered *out);

#endif
