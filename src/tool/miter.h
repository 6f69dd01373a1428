/* One obligation of verify --formal: the cones of two nodes, one of each graph, give the same value
 * for all values of what they read in its range. */
#ifndef TOOL_MITER_H
#define TOOL_MITER_H

#include "graph/graph.h"
#include "tool/process.h"

enum { MITER_LEAVES = 64, MITER_CHUNK = 256 };

/* Which nodes of the plain graph p and of the firmware's graph f are settled as equal. Shifts and
 * registers keep a value's bits: the nodes of f that are one value's are cut together, at the first
 * node of p that is settled with any of them. */
typedef struct pairing {
    const graph *p, *f;
    graph_ref *match; /* [p->count] the node of f, else GRAPH_NONE */
    bool *negated;    /* [p->count] the node of f has the negative */
    graph_ref *cut;   /* [f->count] that first node of p, else GRAPH_NONE */
} pairing;

/* Settles p with f, or with -f. */
void pairing_settle(pairing *w, graph_ref p, graph_ref f, bool negated);

typedef enum verdict { PROVED, LINEAR, EXHAUSTED, UNDECIDED, DIFFERENT } verdict;

/* The comparison as a graph: one input for each leaf, one output, 1 where the cones differ. Leaves
 * are numbered and nodes written in the order of a walk from the two nodes, so that equal cones at
 * different places give equal graphs. */
typedef struct miter {
    graph *m;
    graph_ref a, b; /* nodes of m that are compared */
    uint32_t leaves;
    graph_ref leaf[MITER_LEAVES];  /* of the plain graph */
    graph_ref input[MITER_LEAVES]; /* of m */
    int64_t lo[MITER_LEAVES], hi[MITER_LEAVES];
    uint32_t aliases;
    graph_ref alias[MITER_LEAVES]; /* of the plain graph, read as what a leaf's pair is equal to */
    double combinations;
    bool at_inputs;              /* all leaves are the graph's inputs */
    bool has_product;            /* of two variables */
    int64_t found[MITER_LEAVES]; /* a difference */
} miter;

/* Nodes p and f, or p and -f when negated, cut at settled pairs, or at the inputs alone. NULL, or
 * why it cannot be written down; graph_free(out->m) in any case. */
const char *miter_build(miter *out, const pairing *w, graph_ref p, graph_ref f, bool negated,
                        bool at_inputs);
/* What equal miters have in common, all of it. */
void miter_key(text *key, const miter *o);

/* Both cones are one sum, in another order perhaps: no value can tell them apart. */
bool miter_same_sums(const miter *o);
/* EXHAUSTED or DIFFERENT: all combinations through the evaluator. */
verdict miter_evaluate(miter *o);
/* The combinations that miter_evaluate_corners takes: of the leaves in which both cones are affine,
 * one by one, the ends of the range; of the others all values. */
double miter_corners(const miter *o);
/* Two functions affine in a leaf agree on its range where they agree at its ends. LINEAR,
 * DIFFERENT, or UNDECIDED: no leaf is affine, or some cast cuts an affine value. */
verdict miter_evaluate_corners(miter *o);
/* Yosys and ABC, in the folder `work`. UNDECIDED: out of `seconds`. */
symlut_status miter_prove(verdict *v, miter *o, const char *work, double seconds,
                          const process_options *process, symlut_error *err);

#endif
