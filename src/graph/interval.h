/* Internal to src/graph: format and interval of each op by interval arithmetic. */
#ifndef GRAPH_INTERVAL_H
#define GRAPH_INTERVAL_H

#include "graph/graph.h"

__extension__ typedef __int128 wide;

enum { TABLE_INDEX_LIMIT = 24 };

/* Sets node->fmt (but for INPUT, CONST, CAST), lo and hi from its op, operands and aux. NULL, or
 * what is wrong, as a clause: "needs more than 64 bits". */
const char *interval_of(const graph *g, graph_node *node);

/* NULL when the operands exist below `limit` and match the node's arity; else a clause. */
const char *operands_problem(const graph *g, const graph_node *node, graph_ref limit);

/* What graph_check finds wrong with one node, as a clause; NULL: nothing. */
const char *graph_node_problem(const graph *g, graph_ref ref);

/* value * 2^(to_frac - frac) rounded to an integer; beyond 2^64 only the sign, the size and the
 * (zero) low bits are right. */
wide cast_quantize(int64_t value, int frac, int to_frac, rounding r);

/* Table entry of the integer `value` of format f: its bits read as unsigned. */
static inline uint64_t table_index(format f, int64_t value)
{
    return (uint64_t)value & (((uint64_t)1 << f.width) - 1);
}

#endif
