/* A function of an n-bit index as a polynomial of degree 1 or 2 on each of 2^alpha segments.
 *
 * With A the top alpha bits of the index k and t the b = n - alpha bits below,
 *
 *     T(k) = floor((c0[A] + line + curve) / 2^guard)
 *     line  = floor((c1[A] * (t / 2^split) * 2^split
 *                    + floor(c1[A] / 2^cut) * (t mod 2^split) * 2^cut) / 2^line_drop)
 *     curve = floor(c2[A] * S[r] / 2^curve_drop)
 *
 * where the quotient t / 2^split is the integer one; split 0 is one whole product, else the low
 * bits of t are multiplied by the slope's upper bits alone. The square is that of the distance from
 * the segment's middle, in `square_bits` bits: with v the top square_bits bits of t, s their first
 * bit and r the others, inverted where s is 0, (2 r + 1)^2 = 8 (r (r + 1) / 2) + 1 and
 *
 *     S[r] = (r (r + 1) / 2) >> square_drop
 *
 * whose constants c0 takes in; S is a table of square_bits - 1 index bits. The products are
 * ordinary ones, rows of LUTs after opt_multiplier.
 *
 * The words: for each segment the slope and the curvature of the best real polynomial are found
 * (the gap between the bounds is a concave function of the slope), and the integers around them are
 * tried in the arithmetic above; for each pair the set of c0 that keep every k of the segment
 * within its bounds is known exactly. So the error holds for every index by construction.
 *
 * Sources: J. Detrey, F. de Dinechin, "Table-based polynomials for fast hardware function
 * evaluation", ASAP 2005; F. de Dinechin, M. Joldes, B. Pasca, "Automatic generation of
 * polynomial-based hardware architectures for function evaluation", ASAP 2010 (FloPoCo). */
#ifndef LOWER_POLYNOMIAL_H
#define LOWER_POLYNOMIAL_H

#include "base/arena.h"
#include "base/status.h"
#include "lower/bounded.h"

enum { POLYNOMIAL_MAX_INDEX = 16, POLYNOMIAL_MAX_SQUARE = 7 };

typedef struct polynomial {
    int index_bits, alpha, degree, guard;
    int64_t *words[3]; /* [degree + 1][1 << alpha]: c0, c1, c2 */
    int line_drop, split, cut;
    int square_bits, square_drop, curve_drop; /* of degree 2 */
    int64_t least, most;                      /* of c0 + line + curve over every index */
    double table_bits;                        /* of all tables, S included */
    double lut;                               /* model estimate, upper, of the whole */
} polynomial;

/* The cheapest by estimated LUTs that keeps the problem's bounds and takes fewer than `lut_limit`;
 * *found: there is one. Its words live in `memory`. */
symlut_status polynomial_search(polynomial *out, bool *found, arena *memory,
                                const bounded_function *problem, double lut_limit,
                                symlut_error *err);

/* T(k), the definition. */
int64_t polynomial_eval(const polynomial *p, uint32_t k);

/* Adds the nodes: the value in `word`, whose last place the problem was in, at the bits of `index`.
 * Table names begin with `name`; `doc` says what the function is. */
graph_ref polynomial_build(graph *g, graph_ref index, const polynomial *p, format word,
                           const char *name, const char *doc);

#endif
