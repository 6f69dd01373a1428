/* Losses and constants in double precision over the training rows of one output. */
#ifndef SEARCH_EXACT_H
#define SEARCH_EXACT_H

#include "search/prepare.h"

/* Mean loss of e over all training rows, its penalty included. NaN: not finite, or out of memory.
 */
double exact_loss(const task *t, int k, expr e);

/* Fits the constants of e in place: Levenberg–Marquardt for squares, BFGS for other losses, with
 * symbolic derivatives in double, over at most 4,096 (other losses: 1,024) evenly spaced training
 * rows. Returns whether the loss on these rows fell; the caller judges it on all. */
bool exact_fit(const task *t, int k, expr e);

#endif
