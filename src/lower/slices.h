/* Bits of an index as nodes: what the pieces of a decomposed function are addressed by. A failed
 * operand gives GRAPH_NONE. */
#ifndef LOWER_SLICES_H
#define LOWER_SLICES_H

#include "graph/graph.h"

/* Bits [low, low + bits) of `index`, as an unsigned value at their place. */
graph_ref slice_of(graph *g, graph_ref index, int low, int bits);
/* The same bits as an integer: the binary point after the last. */
graph_ref slice_integer(graph *g, graph_ref index, int low, int bits);
/* ~a where the bit is `when`, else a; with keep_unsigned in the format of a. */
graph_ref slice_invert(graph *g, graph_ref bit, bool when, graph_ref a, bool keep_unsigned);
/* The word at `address` of a new table of 2^bits words, in the fewest bits of fraction `frac`. */
graph_ref slice_lookup(graph *g, graph_ref address, int bits, const int64_t *words, int frac,
                       const char *name, const char *doc);

#endif
