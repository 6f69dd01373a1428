/* Sums, products and powers as sympy's automatic evaluation leaves them.
 *
 * hls4ml reads an equation with sympy and prints it as C++ twice over; what sympy joins on the way
 * (like terms, like factors, a number times a sum) decides which constants are rounded. The rules,
 * of sympy 1.14's Add.flatten, Mul.flatten and Pow._eval_power, for + - * integer powers and calls:
 *
 *   - sums and products are flat; like terms add their coefficients, like factors their powers;
 *   - a number times one sum alone is multiplied into its terms, in the order the text is read:
 *     0.5*(x + 1)*(y + 2) is (0.5*x + 0.5)*(y + 2);
 *   - (c*x)^n is c^n*x^n;
 *   - printed and read again, a number that still stands before a product goes into the product's
 *     first factor where that is a sum: sympy prints inputs, sums by rising number of terms, calls;
 *   - numbers have 15 significant digits. */
#ifndef LOWER_SYMPY_FORM_H
#define LOWER_SYMPY_FORM_H

#include "expr/expr.h"

typedef enum sympy_kind {
    SYMPY_NUMBER,
    SYMPY_INPUT,
    SYMPY_CALL,    /* args[0] */
    SYMPY_SUM,     /* number + args[0] + … */
    SYMPY_PRODUCT, /* number * args[0]^powers[0] * … */
} sympy_kind;

typedef struct sympy_form sympy_form;
struct sympy_form {
    sympy_kind kind;
    double number;           /* NUMBER, SUM, PRODUCT (else 0) */
    int feature;             /* INPUT */
    expr_op op;              /* CALL */
    int node;                /* of the expression, for messages; CALL: the call itself */
    int count;               /* args */
    const sympy_form **args; /* no NUMBER among those of a SUM or PRODUCT */
    const int *powers;       /* PRODUCT: each at least 1 */
};

/* Which number goes into which of several sums of as many terms is sympy's order of their terms,
 * which is not followed here: *ambiguous says that the equation has such a place (keep as it is, or
 * give the text that sympy prints). Nodes other than + - * neg square cube, ^ with a whole number
 * from 0, / by a constant, calls of one argument and inputs are refused: NULL, and *refused is the
 * first such node; -1: out of memory. */
const sympy_form *sympy_form_of(arena *memory, expr e, bool *ambiguous, int *refused);

#endif
