/* One expression for each class, judged together: the individual of the joint search. */
#ifndef SEARCH_FOREST_H
#define SEARCH_FOREST_H

#include "search/tree.h"

typedef struct forest {
    expr_node *nodes; /* [classes][stride] */
    int *counts;      /* [classes] */
    int classes, stride;
    int complexity; /* distinct sub-expressions, each at its cost */
    double loss;    /* over the epoch's window */
    uint64_t birth;
} forest;

/* `count` forests in one block; NULL: out of memory. free() of the result frees all. */
forest *forests_new(int count, int classes, int stride);
expr forest_tree(const forest *f, int k);
void forest_set_tree(forest *f, int k, expr e);
void forest_copy(forest *to, const forest *from);

/* Open addressing over hashes of sub-expressions; one thread's own. */
typedef struct subtree_set {
    uint64_t *keys;  /* [mask + 1] 0: free */
    uint64_t *stack; /* [TREE_MAX] */
    uint32_t mask;
} subtree_set;

bool subtree_set_init(subtree_set *s, int classes, int stride);
void subtree_set_free(subtree_set *s);

/* Distinct sub-expressions over all trees of f, each counted once at its cost (1 without rules);
 * a + b and b + a are one, and so are equal constants and inputs; of a template the inner
 * expressions count, the same one of two classes against each other. Rounded, at least 1. */
int forest_complexity(subtree_set *s, const forest *f, const rules *limits);

/* What its loss is to be raised by: the penalty of each class's tree whose units disagree. */
double forest_penalty(const forest *f, const rules *limits);

/* The best forest of each complexity. */
typedef struct forest_row {
    expr_node *nodes; /* trees one after the other; NULL: none */
    int *counts;      /* [classes] */
    double loss;      /* mean over all rows */
    double sample_loss;
} forest_row;

typedef struct forest_front {
    forest_row *rows; /* [size + 1] by complexity */
    int size, classes;
} forest_front;

bool forest_front_init(forest_front *f, int classes, int max_size);
void forest_front_clear(forest_front *f);
void forest_front_free(forest_front *f);
expr forest_row_tree(const forest_row *row, int k);
void forest_row_get(forest *to, const forest_row *row);
/* Lowest loss (or loss over the window) at complexities up to `complexity`. */
double forest_front_loss(const forest_front *f, int complexity);
double forest_front_sample(const forest_front *f, int complexity);
/* As pareto_offer. False where memory ran out, with the front as it was. */
bool forest_front_offer(forest_front *f, const forest *from, double loss, double sample_loss);
/* Moves each row c down to complexity to[c] <= c, where the lowest of those that meet stays. */
void forest_front_move(forest_front *f, const int *to);
/* As pareto_thin. */
void forest_front_thin(forest_front *f, double share);

#endif
