/* Additive table decomposition: symmetric bipartite and multipartite tables.
 *
 * A function of an n-bit index k is computed as
 *
 *     T(k) = floor((tiv[A] + sum_i offset_i(C_i, B_i)) / 2^guard)
 *
 * where A is the top `alpha` bits of k, the bits below A are divided into the fields B_i, and C_i
 * is the top gamma_i <= alpha bits of k. An offset table is odd about the middle of its field, so
 * half of it is kept: with s the top bit of B_i and r the bits below it,
 *
 *     offset_i = s ? words_i[C_i, r] : ~words_i[C_i, ~r]
 *
 * Near a pole of the derivative (sqrt at 0) no linear offset is good enough: one aligned block of
 * indices, the corner, may have a table of its own, plain or decomposed in turn, chosen by
 * comparing the bits above the block.
 *
 * Source: F. de Dinechin, A. Tisserand, "Multipartite table methods", IEEE Trans. Computers 54(3),
 * 2005. Unlike there, the words of tiv are not computed from a formula: for each A the set of words
 * that bring every k with that A within the tolerance is found exactly, so the bound holds for
 * every input by construction, with the fewest guard bits. */
#ifndef LOWER_MULTIPARTITE_H
#define LOWER_MULTIPARTITE_H

#include "base/arena.h"
#include "base/status.h"
#include "lower/bounded.h"

enum { MULTIPARTITE_MAX_PARTS = 3, MULTIPARTITE_MAX_GUARD = 3, MULTIPARTITE_MAX_INDEX = 16 };

typedef struct multipartite_part {
    int low, bits;  /* field B: bits [low, low + bits) of the index */
    int gamma;      /* top bits of the index that choose the slope */
    int64_t *words; /* [1 << (gamma + bits - 1)], index C * 2^(bits-1) + r; in 2^-guard ulp */
    int width;      /* bits of a word, sign included when any is negative */
} multipartite_part;

typedef struct multipartite multipartite;
struct multipartite {
    int index_bits, alpha, guard; /* a plain table: alpha = index_bits, no guard bits, no parts */
    int64_t *tiv;                 /* [1 << alpha], in 2^-guard ulp */
    int tiv_width;
    multipartite_part parts[MULTIPARTITE_MAX_PARTS];
    int part_count;
    int corner_bits;       /* the corner is 2^corner_bits indices; 0: there is none */
    uint32_t corner_block; /* index >> corner_bits of the corner */
    multipartite *corner;  /* over the low corner_bits bits of the index */
    double table_bits;     /* of all tables */
    double lut;            /* model estimate of the whole */
};

/* The cheapest form by estimated LUTs, the plain table (values rounded to nearest) included.
 * Tables live in `memory`. */
symlut_status multipartite_search(multipartite *out, arena *memory, const bounded_function *problem,
                                  symlut_error *err);
/* The plain table alone. */
symlut_status multipartite_plain(multipartite *out, arena *memory, const bounded_function *problem,
                                 symlut_error *err);

/* T(k), the definition. */
int64_t multipartite_eval(const multipartite *m, uint32_t k);

/* Adds the tables and the logic to g: the value in `word` (whose ulp the problem was in) at the
 * bits of `index`, which has m->index_bits of them. Names begin with `name`; `doc` says what the
 * function is. */
graph_ref multipartite_build(graph *g, graph_ref index, const multipartite *m, format word,
                             const char *name, const char *doc);

#endif
