/* Internal to src/cost: which bits of each value something reads, down to the outputs. */
#ifndef COST_LIVE_H
#define COST_LIVE_H

#include "graph/graph.h"

/* Bits [low, high) of a value: from the lowest to the highest that is read; low == high: none. */
typedef struct live_bits {
    uint8_t low, high;
} live_bits;

/* live: [g->count], written. What a module of its own computes (an adder, a table, a saturation, a
 * comparison) reads all its inputs where any bit of its result is read: synthesis keeps or drops it
 * as a whole. A value that can be one number only reads nothing. */
void live_bits_find(live_bits *live, const graph *g);

#endif
