/* Test vectors: corners and random inputs, with what the reference evaluator gives for them. */
#ifndef EMIT_VECTORS_H
#define EMIT_VECTORS_H

#include "graph/firmware.h"

typedef struct vectors {
    size_t rows;
    int64_t *in;  /* [input_count][rows] integers in the input formats */
    int64_t *out; /* [output_count][rows] */
} vectors;

/* Rows of zeros. */
symlut_status vectors_new(vectors *out, const graph *g, size_t rows, symlut_error *err);
void vectors_free(vectors *v);

/* Fills rows [first, rows) of v->in: all combinations of extremes (or as many as fit), numbers
 * around zero, around the powers of two and multiples of them (where formats wrap and table indices
 * step), sweeps of one input by single steps, uniform over the formats, uniform over the inputs'
 * usual range (that of the rows known, else ±4 in scaled units). Same seed, same rows. */
void vectors_fill(vectors *v, size_t first, const symlut_firmware *fw, uint64_t seed);

/* v->out from v->in by the reference evaluator. */
symlut_status vectors_evaluate(vectors *v, const graph *g, symlut_error *err);

#endif
