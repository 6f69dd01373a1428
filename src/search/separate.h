/* Separability: where the target is a sum or a product of functions of one input each, every part
 * is looked for alone. */
#ifndef SEARCH_SEPARATE_H
#define SEARCH_SEPARATE_H

#include "search/engine.h"

/* Where an additive model of output k leaves less than what is on the front, searches its parts, a
 * fixed amount of work each, and offers their sums or products to e. Before the first epoch. False:
 * out of memory. */
bool separate_search(engine *e, int k, uint64_t seed);

#endif
