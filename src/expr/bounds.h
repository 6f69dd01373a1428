/* Where an expression may go between the rows it was fitted on: interval arithmetic over the box
 * that the rows span (Keijzer, "Improving symbolic regression with interval arithmetic and linear
 * scaling", EuroGP 2003). */
#ifndef EXPR_BOUNDS_H
#define EXPR_BOUNDS_H

#include "expr/expr.h"

typedef struct bounds {
    double low, high; /* low <= high; either may be infinite: the value has no bound there */
} bounds;

enum { BOUNDS_STACK = 64 };

/* An interval that holds every value of e for inputs in box [features], up to rounding. False: e
 * may leave an operation's domain or has no bound in the box, or is deeper than BOUNDS_STACK. An
 * infinity on the way is no harm where what follows is finite: 1/(1 + 1/x^2) is bounded. */
bool expr_bounds(bounds *out, expr e, const bounds *box);

/* Whether the rows can tell what the sines and cosines of e do between them: while one input goes
 * through its side of the box and the others stay in its middle, no argument passes more than
 * periods[input] periods. box, periods [features]. False too where e has no bounds. */
bool expr_resolved(expr e, const bounds *box, const double *periods);

/* Products with the constant 0 become 0 where the other operand has bounds in the box, and e is
 * simplified: elsewhere 0*x may be NaN and stays. */
void expr_drop_zero_products(expr *e, const bounds *box);

#endif
