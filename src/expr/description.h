/* The choice of a row by the minimum description length. */
#ifndef EXPR_DESCRIPTION_H
#define EXPR_DESCRIPTION_H

#include "expr/front.h"

/* "normal", "laplace", "logistic" or "softmax"; NULL for the unknown one. */
const char *likelihood_name(front_likelihood kind);
/* LIKELIHOOD_UNKNOWN for another name. */
front_likelihood likelihood_of(const char *name);

/* The row of output k with which expression and training rows are described in the fewest nats. An
 * error where the front does not say how likely its rows are. */
symlut_status front_shortest(size_t *row, const front *f, size_t k, symlut_error *err);

#endif
