/* A firmware around a graph of a property test: named ports, random scalers. */
#ifndef PROPERTY_FIRMWARE_OF_H
#define PROPERTY_FIRMWARE_OF_H

#include "graph/firmware.h"

/* Takes the graph; NULL when out of memory (the graph is freed). */
symlut_firmware *firmware_of(graph *g, const char *name, rng *r);
void firmware_drop(symlut_firmware *fw);

/* An input integer: extremes, small numbers, powers of two and their neighbours, or any. */
int64_t random_input(rng *r, format f);

/* How often each op, rounding and overflow mode occurred; a mode counts where it could matter. */
typedef struct coverage {
    size_t ops[GRAPH_OP_COUNT], roundings[ROUNDING_COUNT], overflows[OVERFLOW_COUNT];
    size_t pairs[ROUNDING_COUNT][OVERFLOW_COUNT];
} coverage;

void coverage_add(coverage *c, const graph *g);
/* Prints the counts; false when anything was seen less than `least` times. */
bool coverage_enough(const coverage *c, size_t least);

#endif
