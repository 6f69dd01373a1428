/* A function of one variable as nodes of the graph: the cheapest form whose error stays below a
 * bound, on every argument.
 *
 * The forms: one plain table; a bipartite or multipartite decomposition; a piecewise polynomial of
 * degree 1 or 2; each also with low bits of the argument dropped where the bound allows it, and
 * over half of the arguments where the function is even or odd. What a form takes is cost_estimate
 * of its nodes, products in LUTs. The words come from rigorous bounds on f (MPFR intervals,
 * enclosure.h); the result of every argument is compared with them before a form is accepted. */
#ifndef LOWER_APPROXIMATE_H
#define LOWER_APPROXIMATE_H

#include "base/arena.h"
#include "expr/expr.h"
#include "graph/graph.h"

enum { APPROXIMATE_MAX_INDEX = 16 };

typedef enum approximation_forms {
    APPROXIMATE_PLAIN = 1,        /* one table */
    APPROXIMATE_MULTIPARTITE = 2, /* bipartite and multipartite tables */
    APPROXIMATE_FOLDED = 4,       /* of an even or odd function one half */
    APPROXIMATE_POLYNOMIAL = 8,   /* of degree 1 and 2 on segments */
    APPROXIMATE_ALL = 15
} approximation_forms;

/* f of the arguments x = lo … hi (integers of `in`, at most 2^16 of them): the result y, an integer
 * of `out`, has |y - f(x) 2^out.frac| < tolerance, where f saturates to the ends of `out` and what
 * is not a number counts as 0. tolerance 1 is faithful; 0.5 or less: the nearest, ties to even. An
 * absolute error of E is a tolerance of E 2^out.frac. Arguments outside [lo, hi] give any result.
 */
typedef struct approximation_problem {
    expr f; /* of input 0; constants are exact */
    format in;
    int64_t lo, hi;
    format out;
    double tolerance;
    const double *low, *high; /* bounds on f 2^out.frac of each argument where they are known (and
                                 the tolerance is above 0.5); else NULL, and f gives them */
    unsigned forms;           /* approximation_forms; 0: all */
} approximation_problem;

typedef struct approximation approximation;

/* The cheapest form, in `memory`. SYMLUT_BAD_INPUT: lo > hi or too many arguments. */
symlut_status approximation_make(approximation **out, arena *memory,
                                 const approximation_problem *problem, symlut_error *err);

/* Estimated LUTs of all of it; bits of its tables. */
double approximation_lut(const approximation *a);
double approximation_table_bits(const approximation *a);
/* Arguments that give no number, and the first of them. */
size_t approximation_nan_count(const approximation *a, int64_t *first);
/* What it is: "plain", "multipartite", "odd, polynomial of degree 1" … */
const char *approximation_form(const approximation *a);

/* The result for x in [lo, hi]: the definition, which the nodes equal. */
int64_t approximation_eval(const approximation *a, int64_t x);

/* Adds the nodes for the argument x, which has the problem's fraction and lies in [lo, hi]; the
 * result has the fraction of `out` and the bits that its values need. Table names begin with
 * `name`, an identifier; `doc` says what the function is. */
graph_ref approximation_build(graph *g, graph_ref x, const approximation *a, const char *name,
                              const char *doc);

/* Estimated LUTs of the plain table, at once and in double: |x| = hi - lo + 1 arguments without
 * dropped bits. For choosing what is worth an approximation. */
double approximation_plain_estimate(const approximation_problem *problem);

#endif
