/* Rigorous values of an expression of one variable: interval arithmetic over MPFR.
 *
 * Each operation maps an interval that holds its operand to one that holds its result, by directed
 * rounding at the ends (Moore). Operands that are one number give the two neighbours of the result,
 * or the result itself where it is exact. Where an answer needs a narrower interval, the whole
 * expression is evaluated again with twice the bits (Ziv). */
#ifndef LOWER_ENCLOSURE_H
#define LOWER_ENCLOSURE_H

#include "expr/expr.h"
#include "graph/graph.h"

#include <mpfr.h>

typedef struct enclosure enclosure;

/* For f over input 0; f is borrowed. NULL: out of memory. */
enclosure *enclosure_new(expr f);
void enclosure_free(enclosure *e);

/* The argument, to be set before the calls below; 72 bits. */
mpfr_ptr enclosure_argument(enclosure *e);

/* The nearest integer of f(x) * 2^frac, ties to even, saturated to the word. What is not a number
 * is 0, and *is_nan says so. A value that is irrational is never a tie; one that is a tie by an
 * identity that interval arithmetic does not see (sin^2 + cos^2) is rounded from 2,048 bits. */
int64_t enclosure_nearest(enclosure *e, format word, bool *is_nan);

/* f(x) * 2^frac lies in [*low, *high], saturated to the word's ends: doubles, next to each other
 * or a few steps apart. What is not a number is [0, 0]; false then. */
bool enclosure_bounds(enclosure *e, format word, double *low, double *high);

#endif
