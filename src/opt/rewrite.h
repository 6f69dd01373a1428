/* Internal to src/opt: rebuilding a graph node by node. */
#ifndef OPT_REWRITE_H
#define OPT_REWRITE_H

#include "graph/graph.h"

/* map[n]: the node of `to` with the value of node n of `from`. */
typedef struct rewrite {
    const graph *from;
    graph *to;
    graph_ref *map;
} rewrite;

/* Starts with the ports and tables of *g. False when out of memory (rewrite_end tells). */
bool rewrite_begin(rewrite *rw, const graph *g);
/* Replaces *g by what was built, or frees it after a failure. */
symlut_status rewrite_end(rewrite *rw, graph **g, symlut_error *err);
/* Copies node n with its mapped operands. */
graph_ref rewrite_copy(rewrite *rw, graph_ref n);
/* To be called when node n was replaced by nodes made since `before` (the count of `to` then):
 * they take its stage, and a range of n that was narrowed by proof. */
void rewrite_settle(rewrite *rw, graph_ref n, graph_ref before);

/* The operand k of n in the new graph. */
static inline graph_ref rewrite_arg(const rewrite *rw, const graph_node *n, int k)
{
    return rw->map[n->arg[k]];
}

/* True when node a of g is one value; the value is *value * 2^-*frac. */
bool is_constant(const graph *g, graph_ref a, int64_t *value, int *frac);
/* Strips factors of two: value = odd * 2^*power; 0 stays 0. */
int64_t odd_part(int64_t value, int *power);

#endif
