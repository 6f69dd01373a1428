/* Affine arithmetic over a graph: ranges that know which values come from the same inputs.
 *
 * The form of a node is  c + sum_i a_i e_i + r,  e_i in [-1, 1], one symbol for each input, table
 * word, rounding, product and choice below it, so that x - x/2 is half of x where interval
 * arithmetic adds both widths. r bounds what the doubles round off and symbols that were merged:
 * the true value, a real number, lies in [c - sum |a_i| - |r|, c + sum |a_i| + |r|] for every
 * input. A product of two forms keeps its linear part; the rest, at most the product of their
 * radii, is a symbol of its own (half of that, moved up, for a square). What interval arithmetic
 * knows better starts a new symbol.
 *
 * Source: L. H. de Figueiredo, J. Stolfi, "Affine arithmetic: concepts and applications", Numerical
 * Algorithms 37, 2004. */
#ifndef GRAPH_AFFINE_H
#define GRAPH_AFFINE_H

#include "graph/graph.h"

/* The forms of a graph that grows; its nodes are never changed but by affine_narrow. */
typedef struct affine affine;

affine *affine_new(void);
void affine_free(affine *f);

/* The range of node a, integers of its fraction: that of its form and of its interval. False: out
 * of memory; the range is then its interval. */
bool affine_range(affine *f, const graph *g, graph_ref a, int64_t *lo, int64_t *hi);

/* Narrows the newest node of g to that range. */
void affine_narrow(affine *f, graph *g);

#endif
