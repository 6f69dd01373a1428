/* How expressions are written for readers. */
#ifndef EXPR_COLLECT_H
#define EXPR_COLLECT_H

#include "expr/expr.h"

/* Sums and products as a reader would write them, after expr_simplify: a/(b/c) is a*c/b, constants
 * collected, x + x is 2*x, x*x is x^2, and so on (collect.c). Only operations with allowed[op] are
 * written. Values change by rounding only, overflow on the way apart; the result is never longer,
 * and collecting it again changes nothing. In place; left simplified alone when out of memory. */
void expr_collect(expr *e, const bool *allowed);

#endif
