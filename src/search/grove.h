/* A population of forests. Like an island, what it does depends on nothing but its state. */
#ifndef SEARCH_GROVE_H
#define SEARCH_GROVE_H

#include "search/island.h"
#include "search/softmax.h"

typedef struct grove {
    rng random;
    forest *members; /* [population] */
    forest *best;    /* of the epoch, by loss; count 0 of its first tree: none */
    int budget;      /* largest complexity of a member */
    uint64_t clock;
    double shares[VARY_COUNT]; /* of the ways in which children are made */
    variation_counts made;     /* in this epoch */
    unsigned long long evaluations, abandoned;
} grove;

/* What a search does with forests, beside its settings. */
typedef struct grove_settings {
    const settings *set;
    const softmax_data *data;
    const island *islands; /* [classes * set->islands]: where foreign trees come from */
    int population, births;
} grove_settings;

/* One thread's memory: scores of every tree of the population over the epoch's window. */
typedef struct grove_work grove_work;

/* NULL: out of memory. w is borrowed. */
grove_work *grove_work_new(const grove_settings *g, workspace *w);
void grove_work_free(grove_work *k);
softmax_work *grove_work_softmax(grove_work *k);
subtree_set *grove_work_subtrees(grove_work *k);
forest *grove_work_spare(grove_work *k); /* a forest to write into */

/* The ways of a search as groves take them: crossover is drawn more often, nothing is backsolved.
 */
variation grove_ways(const variation *ways);

/* shares: of the ways to begin with. */
bool grove_init(grove *g, const grove_settings *set, const double shares[VARY_COUNT], int budget,
                uint64_t seed, uint64_t stream);
void grove_free(grove *g);
/* One epoch over the window, whose first rows decide who is worth all of it. */
void grove_epoch(grove *g, const grove_settings *set, grove_work *k, window rows);

#endif
