/* A search within a search: a smaller problem made of the first rows of another one, with islands
 * of its own and a fixed amount of work, so that what it finds depends on the seed alone. */
#ifndef SEARCH_INNER_H
#define SEARCH_INNER_H

#include "search/engine.h"

enum { INNER_INPUTS = 12, INNER_ROWS = 2048, INNER_ISLANDS = 4 };

typedef struct inner {
    problem p;
    settings set;
    engine engine;
    arena memory;
    float *columns[INNER_INPUTS]; /* [features] of [padded] */
    float *y, *weights;           /* [padded] */
    bounds box[INNER_INPUTS];     /* of inputs that are those of the other problem */
    double periods[INNER_INPUTS];
} inner;

/* Rows that a smaller problem takes of `from`. */
size_t inner_rows(const problem *from);
/* Room for a problem of `inputs` inputs with the operators of `set` and no rules but its size; the
 * inputs have no bounds yet. s must stay where it is. inner_free is legal after failure too. */
bool inner_init(inner *s, const problem *from, const settings *set, int inputs, int max_size);
void inner_free(inner *s);
/* An input that the other problem has too, with its bounds: then all must be such. */
void inner_input(inner *s, int input, const problem *from, int source);
/* values: [rows]. */
void inner_column(inner *s, int input, const double *values);
/* y: [rows]; weights: [rows] by which those of `from` are multiplied. *usable: all are finite.
 * False: out of memory. */
bool inner_target(inner *s, const problem *from, const double *y, const double *weights,
                  bool *usable);
/* The laws and `epochs` epochs, or fewer when what was found leaves rounding alone (*exact), or the
 * user stops `outer`. The finds are on s->engine.fronts[0]. False: out of memory. */
bool inner_search(inner *s, const engine *outer, uint64_t seed, int epochs, bool *exact);

#endif
