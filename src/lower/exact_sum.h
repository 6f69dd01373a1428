/* Exact values that no node can hold: a product of several factors is wider than 64 bits. The
 * value is the sum of its parts, each a node; one part where one node does. */
#ifndef LOWER_EXACT_SUM_H
#define LOWER_EXACT_SUM_H

#include "base/arena.h"
#include "graph/graph.h"

typedef struct exact_sum {
    graph_ref *parts; /* NULL: failed, out of memory or too many parts */
    int count;
} exact_sum;

/* Arrays live in `memory`; failures of the graph stick in g as ever, and give no parts. */
exact_sum exact_node(arena *memory, graph_ref x);
/* a + b, or a - b. */
exact_sum exact_add(graph *g, arena *memory, exact_sum a, exact_sum b, bool subtract);
exact_sum exact_multiply(graph *g, arena *memory, exact_sum a, exact_sum b);
/* The sum in `fmt`, rounded once and overflowed. Of more than one part only TRN and RND can be
 * rounded: GRAPH_NONE for the other modes, and where the sum is too wide to saturate. */
graph_ref exact_cast(graph *g, arena *memory, exact_sum x, format fmt, rounding r, overflow o);

#endif
