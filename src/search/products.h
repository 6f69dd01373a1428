/* Laws that are products of powers. */
#ifndef SEARCH_PRODUCTS_H
#define SEARCH_PRODUCTS_H

#include "search/atoms.h"

/* Number of outer functions that products_find may be asked for. */
enum { PRODUCTS_OUTERS = 5 };

/* y = outer(C * prod inputs^a * f^b * g^c), f and g atoms, by weighted least squares in logarithms
 * on SAMPLE_ROWS rows; a, b, c are rounded to multiples of 1/LAW_POWER, C (and the scale of an
 * exponent) is fitted. False: out of memory. */
bool products_find(laws *out, int outer, const atoms *a, const vocabulary *v, int max_size,
                   workspace *w);

#endif
