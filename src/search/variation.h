/* How children are made: the ways, the weights they are drawn by, and how these follow success.
 *
 * Probability matching (D. Thierens, An adaptive pursuit strategy for allocating operator
 * probabilities, GECCO 2005), around the weights the search begins with: at the end of an epoch the
 * births of all islands of one output, and those of them that succeeded, are added to decaying
 * counts; a way's share is in proportion to its first weight times its rate of success over the
 * mean rate, within bounds, so that no way dies. */
#ifndef SEARCH_VARIATION_H
#define SEARCH_VARIATION_H

#include "search/tree.h"

/* The mutations of tree.h, then these. */
enum { VARY_CROSS = MUTATE_COUNT, VARY_BACKSOLVE, VARY_COUNT };

typedef struct variation {
    double weights[VARY_COUNT]; /* at the beginning; 0: never drawn */
    bool adapts;
} variation;

/* Births of one epoch of one island. */
typedef struct variation_counts {
    double births[VARY_COUNT], successes[VARY_COUNT];
} variation_counts;

variation variation_defaults(void);
/* The name on the command line, PySR's where it has one. */
const char *variation_name(int way);
/* "adapt" or "fixed" and after it, or alone (then fixed), "name=weight"; separated by commas. */
symlut_status variation_parse(variation *v, const char *list, symlut_error *err);

/* Shares, summing to 1, after the successes so far. */
void variation_shares(double shares[VARY_COUNT], const variation *v, const variation_counts *past);
/* sum += of. */
void variation_add(variation_counts *sum, const variation_counts *of);
/* past = past * decay + now. */
void variation_remember(variation_counts *past, const variation_counts *now);

int variation_draw(const double shares[VARY_COUNT], rng *r);
/* One of the mutations alone. */
mutation variation_draw_mutation(const double shares[VARY_COUNT], rng *r);

#endif
