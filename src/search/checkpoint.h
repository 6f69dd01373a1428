/* Bytes of a search's state, written and read back. */
#ifndef SEARCH_CHECKPOINT_H
#define SEARCH_CHECKPOINT_H

#include "base/text.h"
#include "search/tree.h"

void bytes_put(text *t, const void *data, size_t size);
void bytes_put_tree(text *t, const expr_node *nodes, int count);

typedef struct bytes_reader {
    const char *at;
    size_t left;
    bool failed; /* something was missing or did not fit */
} bytes_reader;

/* Zeros where it fails. */
void bytes_get(bytes_reader *r, void *out, size_t size);
/* Number of nodes of one tree, which must be whole and fit; an empty one is allowed. */
int bytes_get_tree(bytes_reader *r, expr_node *nodes, int capacity, const vocabulary *v);

#endif
