/* Softmax cross-entropy of a forest and the fit of all its constants at once. */
#ifndef SEARCH_SOFTMAX_H
#define SEARCH_SOFTMAX_H

#include "search/fitness.h"
#include "search/forest.h"

/* The classes of all training rows. */
typedef struct softmax_data {
    const problem *problems; /* [classes], borrowed: rows, columns, weights */
    int classes;
    float **is; /* [classes][padded] 1 where the row is of the class, else 0 */
} softmax_data;

/* problems are those of ±1 targets. False: out of memory. */
bool softmax_data_init(softmax_data *d, const problem *problems, int classes);
void softmax_data_free(softmax_data *d);

/* One class's tree as its constants are fitted: calls are expanded, so that a constant may stand in
 * several places. */
typedef struct softmax_tree {
    gradient slope;
    expr_node *room; /* [RULES_PLAIN] of the expanded tree; NULL: there are no calls */
    expr plain;
    int *own; /* [count] nodes of the tree that are its constants */
    int *of;  /* [slope.constant_count] number of the constant there; -1: a definition's own */
    int count;
} softmax_tree;

/* What one thread needs beside its workspace. */
typedef struct softmax_work {
    workspace *w;        /* borrowed */
    const rules *limits; /* borrowed; NULL: none */
    softmax_tree *trees; /* [classes] */
    float *values;       /* [classes][SOFTMAX_CHUNK] scores, then their exponentials */
    float *block;        /* [4][SOFTMAX_CHUNK] */
    double *fit;         /* of L-BFGS */
    int classes;
} softmax_work;

enum { SOFTMAX_CHUNK = 1024, SOFTMAX_CLASSES = 256 };

/* limits: whose functions trees call; may be NULL. */
bool softmax_work_init(softmax_work *s, workspace *w, const rules *limits, int classes,
                       int max_nodes);
void softmax_work_free(softmax_work *s);

/* Mean over the window of log(sum over classes of exp(score)) - score of the row's class, natural
 * logarithm. False: not finite, or a constant is above the limit. */
bool softmax_loss(double *loss, softmax_work *s, const softmax_data *d, const forest *f,
                  window rows);
/* Lowers the loss over the window by changing the constants of every tree: at most `iterations` of
 * L-BFGS. Returns whether it fell. */
bool softmax_fit(softmax_work *s, const softmax_data *d, forest *f, window rows, int iterations);

#endif
