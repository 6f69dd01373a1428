/* One population, evolved on its own random stream: what it does depends on nothing but its state,
 * so that any thread may run it. */
#ifndef SEARCH_ISLAND_H
#define SEARCH_ISLAND_H

#include "search/library.h"
#include "search/variation.h"

/* How the search behaves; everything but the vocabulary has a default (settings_defaults). */
typedef struct settings {
    vocabulary words;
    int max_size;          /* most nodes, and largest complexity */
    int birth_size;        /* most nodes of what variation makes, at most max_size */
    int warmup;            /* epochs over which birth_size grows to max_size */
    int population;        /* members of an island */
    int islands;           /* of each output */
    int births;            /* of an island in one epoch */
    int tournament;        /* members drawn, of which the best wins */
    double parsimony;      /* weight of a complexity's frequency beside log(loss) */
    double temperature;    /* accepts a loss up to u^-temperature times the parent's */
    double optimize;       /* share of members whose constants are fitted each epoch */
    double optimize_birth; /* share of accepted births that are fitted at once */
    int optimize_iterations;
    int optimize_restarts; /* of the fits of members: places beside the constants' own */
    size_t optimize_rows;  /* rows of such a fit */
    size_t window_rows;    /* rows of an epoch's sample */
    double from_front, from_neighbour; /* share of members replaced at an exchange */
    variation ways;                    /* in which children are made */
    const kernels *kernels;            /* NULL: the fastest */
} settings;

settings settings_defaults(void);
/* Those of an epoch: birth_size grows evenly from the size of the first trees. */
settings settings_of_epoch(const settings *set, uint64_t epoch);

typedef struct member {
    expr_node *nodes; /* [max_size] */
    int count, complexity;
    double loss, log_loss; /* over the epoch's window; infinite: not known yet */
    double scale, offset;  /* of its best form */
    double heats[HEATS];
    uint64_t birth;
} member;

/* The best tree of each written-out complexity in this epoch. */
typedef struct find {
    expr_node *nodes;
    int count; /* of the tree; 0: none */
    form shape;
    double loss, scale, offset;
} find;

/* A loss that was computed before in this epoch. */
typedef struct seen {
    uint64_t hash;
    double limit; /* abandoned above this, or exact when negative */
    score result;
} seen;

typedef struct island {
    rng random;
    member *members;   /* [population] */
    find *finds;       /* [max_size + 1] by written-out complexity */
    double *frequency; /* [max_size + 1] decayed counts of births by complexity */
    double frequency_sum;
    uint64_t clock;
    double shares[VARY_COUNT]; /* of the ways in which children are made */
    variation_counts made;     /* in this epoch */
    unsigned long long evaluations, repeats, abandoned;
    seen *cache; /* [CACHE_SIZE] */
    expr_node *storage;
    const problem *target;
    const library *entries;
} island;

enum { CACHE_BITS = 12, CACHE_SIZE = 1 << CACHE_BITS };

/* False: out of memory. */
bool island_init(island *s, const settings *set, const problem *target, const library *entries,
                 uint64_t seed, uint64_t stream);
void island_free(island *s);
/* One epoch over the window. `fresh`: losses of an earlier window do not hold. When the workspace
 * is stopped it returns early, and the island is of no more use. */
void island_epoch(island *s, const settings *set, workspace *w, window rows, bool fresh);
/* Overwrites member i; its loss is computed at the next epoch's start. */
void island_replace(island *s, const settings *set, int i, expr e);
/* The winner of one tournament drawn from `r`. */
const member *island_choose(const island *s, const settings *set, rng *r);
/* A child by crossover or mutation, of an expression or within a template. */
bool island_cross(expr *child, const settings *set, expr a, expr b, rng *r);
bool island_mutate(expr *child, const settings *set, expr parent, mutation kind, double temperature,
                   rng *r);

#endif
