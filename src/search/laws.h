/* What the techniques that look for exact laws share: writing expressions, and the best few found.
 */
#ifndef SEARCH_LAWS_H
#define SEARCH_LAWS_H

#include "search/fitness.h"

enum {
    LAWS_MAX = 24,     /* laws that one technique may propose */
    LAW_INPUTS = 40,   /* with more inputs the techniques stay out */
    SAMPLE_ROWS = 256, /* rows that choose */
    CHECK_ROWS = 2048, /* rows that confirm */
    LAW_POWER = 2      /* exponents are multiples of 1/LAW_POWER */
};

typedef struct law {
    expr_node nodes[TREE_MAX];
    int count;
    double error; /* mean square over variance of the target, on a sample */
} law;

typedef struct laws {
    law items[LAWS_MAX]; /* [count] */
    int count;
} laws;

/* An expression under construction; `full` once it has outgrown its room. */
typedef struct law_writer {
    expr_node nodes[TREE_MAX];
    int count;
    bool full;
} law_writer;

void law_put(law_writer *w, expr_op op);
void law_put_constant(law_writer *w, double value);
void law_put_input(law_writer *w, int input);
void law_put_nodes(law_writer *w, const expr_node *nodes, int count);

/* One factor of a product. */
typedef struct law_factor {
    const expr_node *nodes;
    int count;
    int power; /* in units of 1/LAW_POWER */
} law_factor;

/* Appends constant * product of factors^power in the operations of v; the constant is left out when
 * it is 1. False where v lacks an operation that this needs. At most LAW_INPUTS + 8 factors. */
bool law_put_product(law_writer *w, const vocabulary *v, const law_factor *factors, int count,
                     double constant);

bool vocabulary_has(const vocabulary *v, expr_op op);

/* Keeps the law among the best, fewer nodes being better at equal error. */
void laws_offer(laws *l, const vocabulary *v, int max_size, const law_writer *w, double error);

/* Mean square error of e over the target's variance on at most CHECK_ROWS rows; infinite where e is
 * not finite. */
double law_error(workspace *w, const problem *p, expr e);

#endif
