/* Inputs that are factors of the target. */
#ifndef SEARCH_SEPARABLE_H
#define SEARCH_SEPARABLE_H

#include "search/laws.h"

/* The powers of inputs that y seems to be a multiple of: whole exponents of the log-linear fit, to
 * within what chance leaves of an input that the rest does not depend on. power: [features], 0
 * where an input is no factor. Returns how many are. */
int separable_factors(int8_t *power, const problem *p, const vocabulary *v);

#endif
