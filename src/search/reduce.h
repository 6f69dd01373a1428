/* Dimensional analysis (Buckingham): a law y = f(x1 … xn) whose inputs have units is y = m * g of
 * fewer dimensionless groups, m a monomial of the inputs that carries the target's unit.
 *
 * A choice of as many inputs as the units have independent bases (the repeating ones) gives m, and
 * one group for each other input. Laws are short in some choices and long in others, so several
 * are tried. */
#ifndef SEARCH_REDUCE_H
#define SEARCH_REDUCE_H

#include "search/engine.h"

enum { REDUCE_INPUTS = 12, REDUCE_CHOICES = 12, REDUCE_NODES = 48 };

typedef struct monomial {
    expr_node nodes[REDUCE_NODES];
    int count;
} monomial;

typedef struct reduction {
    int groups;
    monomial group[REDUCE_INPUTS], prefactor; /* over the inputs */
    int cost;                                 /* nodes of all */
} reduction;

/* The simplest choices, at most REDUCE_CHOICES; 0 where units leave nothing to reduce, where the
 * target's unit is no product of powers of the inputs', or out of REDUCE_INPUTS. */
int reductions_find(reduction *out, const units *u, const vocabulary *v);
/* e over the groups as an expression over the inputs, in `out`; false when it is longer than
 * capacity. */
bool reduction_expand(expr *out, int capacity, const reduction *r, expr e);

/* Searches the reduced problems of output k, a fixed amount of work each, and offers what is found
 * to e. False: out of memory. */
bool reduce_search(engine *e, int k, uint64_t seed);

#endif
