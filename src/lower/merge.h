/* Which parts of an expression are functions of one value, so that each can be one table.
 *
 * The base of a node is the sub-expression that alone, with constants, determines it: of
 * sin(2*x)*cos(2*x) + 1 the input x; of sin(u + 1)*cos(u + 1), with u = x + 0.3*y, u. A base
 * is an input or has parts with different bases. */
#ifndef LOWER_MERGE_H
#define LOWER_MERGE_H

#include "expr/model.h"

/* base[i] for each node of e: the root of the first occurrence of its base below it, i itself, or
 * -1 where node i is constant. */
void merge_bases(int *base, expr e);

/* e with its sums and products reordered so that terms (factors) of one base stand together, and a
 * constant with a term (factor) of one base that is no plain multiple of it. Equal in exact
 * arithmetic. count is 0 when out of memory. */
expr merge_group(arena *memory, expr e);

/* The model with merge_group's expressions. */
symlut_status merge_model(symlut_model **out, const symlut_model *model, symlut_error *err);

/* Node i as a function of input 0, which takes the place of its base, node `base`. count is 0 when
 * out of memory. */
expr merge_function(arena *memory, expr e, int i, int base);

#endif
