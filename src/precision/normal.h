/* The form of an expression from which formats are chosen: sums and products flattened, what
 * depends on one source gathered, so that it can become one table. */
#ifndef PRECISION_NORMAL_H
#define PRECISION_NORMAL_H

#include "expr/model.h"

/* e, equal but for rounding, in `memory`: quotients are products by reciprocals, powers are squares
 * and products; the terms of a sum and the factors of a product that are functions of the same
 * source stand together and take the constants in; sums and products are trees with early operands
 * deep. Returns e itself when it would become longer than expressions may be; count 0: out of
 * memory. */
expr normal_form(arena *memory, expr e);

#endif
