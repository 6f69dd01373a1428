/* How well an expression fits: losses over rows, with scale and offset by least squares. */
#ifndef SEARCH_FITNESS_H
#define SEARCH_FITNESS_H

#include <stdatomic.h>

#include "expr/bounds.h"
#include "expr/eval_block.h"
#include "search/minimise.h"
#include "search/tree.h"

/* One output to fit. Rows are in a fixed random order, so that any range of them is a sample. */
typedef struct problem problem;

/* Forms in which a tree becomes a prediction; each costs nodes when written out. */
typedef enum form { FORM_PLAIN, FORM_OFFSET, FORM_SCALE, FORM_BOTH, FORM_COUNT } form;
extern const int form_cost[FORM_COUNT];

struct problem {
    const float *const *columns; /* [features] of [padded] */
    size_t rows, padded;         /* padded: a multiple of 16, the last row repeated */
    const float *y;              /* [padded] minus y_mean */
    const float *weights;        /* [padded], 0 in the padding, or NULL: all 1 */
    const float *tail; /* [EVAL_BLOCK] weights of the last block where `weights` is NULL */
    double y_mean;     /* 0 unless the loss is a sum of squares */
    /* sums over rows before block b, of w, w*y, w*y*y: [blocks + 1] */
    double *sum_w, *sum_y, *sum_yy;
    bool squares;           /* the loss is w*(p - y)^2, else the expression below */
    expr loss, slope;       /* loss over (y, p, w) and its derivative by p */
    bool weighs;            /* the loss uses w: it is not multiplied by w, but the sum of w still
                             * divides it; there are weights then */
    double baseline;        /* loss of the best constant */
    bool bounded;           /* the loss is never negative */
    const rules *limits;    /* whose functions trees call; may be NULL */
    double constant_limit;  /* largest magnitude of a constant, 0: any; above it nothing fits */
    const bounds *box;      /* [features] what the rows span, with a guard; NULL: any tree goes */
    bool poles;             /* else a tree without bounds in the box loses */
    const double *periods;  /* [features] the rows resolve: a tree with more in the box loses; NULL:
                             * any tree goes */
    bool laws;              /* the target is a number, + and * are there: laws are looked for */
    bool forms[FORM_COUNT]; /* those that the operators allow; squares only */
};

/* Rows [first, first + count) in whole blocks of EVAL_BLOCK (but for the data's end). */
typedef struct window {
    size_t first, count; /* first: a multiple of EVAL_BLOCK; first + count may be padded */
} window;

/* Losses over the first 1, 2, 4 … blocks of a window: what a rival is compared with before it has
 * seen all rows. 0: the window ends before. */
enum { HEATS = 6 };

typedef struct score {
    double loss; /* mean, in the best form allowed */
    double heats[HEATS];
    double losses[FORM_COUNT];
    double scale[FORM_COUNT], offset[FORM_COUNT]; /* prediction = scale*tree + offset */
    form best;
} score;

/* The caller's wish to stop, asked for by its own thread and seen by all. */
typedef struct stopper {
    const symlut_hooks *hooks;
    atomic_bool raised;
} stopper;

void stopper_ask(stopper *s);

/* The constants of a tree that are fitted, and the nodes that hold them where its calls are
 * expanded: a definition may use an argument several times. */
typedef struct bound_constants {
    expr_node nodes[RULES_PLAIN];
    expr plain; /* the tree itself where it has no calls */
    bool expanded;
    int count;           /* of the tree's constants, at most FIT_MAX */
    int own[FIT_MAX];    /* their nodes in the tree */
    int of[RULES_PLAIN]; /* number of the constant at each of the gradient's; -1: of a definition */
    float sums[FIT_MAX][EVAL_BLOCK] __attribute__((aligned(64)));
} bound_constants;

/* What one thread needs to evaluate. */
typedef struct workspace {
    const kernels *k;
    stopper *stop;   /* NULL: never */
    bool asks;       /* this is the caller's thread */
    unsigned checks; /* since it asked */
    evaluator tree, loss, slope;
    gradient reverse;
    float *buffers;                      /* blocks of the two-stage losses */
    column_cache columns;                /* of subtrees over `cached` */
    window cached;                       /* count 0: no columns are used */
    expr_node *plain;                    /* [RULES_PLAIN] of the tree being evaluated */
    struct bound_constants *bound;       /* of the tree being fitted */
    int tree_nodes;                      /* computed of the tree being evaluated */
    unsigned long long node_rows;        /* computed for losses so far */
    unsigned long long reused_node_rows; /* read from columns instead */
} workspace;

/* max_nodes: of a tree with its calls expanded. */
bool workspace_init(workspace *w, int max_nodes, const kernels *k);
void workspace_free(workspace *w);

/* From here on losses over `rows` keep the columns of subtrees; count 0: no longer. */
void workspace_keep_columns(workspace *w, window rows);

/* Whether to give up at once: what is computed from here on is thrown away. Asked in every loop
 * that may be long. */
bool workspace_stopped(workspace *w);

window window_all(const problem *p);
/* Weights of a block's rows, NULL: all 1. */
const float *problem_weights(const problem *p, size_t row, int n);
/* What multiplies a block's values of the loss expression: the weights, or where the loss holds
 * them, 1 and 0 in the padding; NULL: all 1. */
const float *problem_factors(const problem *p, size_t row, int n);

/* The loss expression and its slope read the target, the prediction and the weights from these
 * blocks of the workspace. */
void loss_compile(evaluator *v, const workspace *w, expr e);
void loss_stage(workspace *w, const problem *p, const float *values, size_t row, int n);

/* Loss of e over the window. max_size bounds tree and form together. False: not finite somewhere,
 * or the loss is above `limit`: rows come block by block, and the loss so far, divided by the whole
 * window's weight, bounds the loss from below, so that what is abandoned is never below limit. */
bool fitness(score *out, workspace *w, const problem *p, expr e, window rows, int max_size,
             double limit);

/* The same, but that a tree without bounds (fitness_has_bounds) loses, and one that is clearly
 * behind after some of the rows is given up: `heats`, NULL for none, are those of a tree whose loss
 * is `limit`, perhaps scaled. */
bool fitness_race(score *out, workspace *w, const problem *p, expr e, window rows, int max_size,
                  double limit, const double *heats);

/* Whether all constants of the tree are within the problem's limit. */
bool constants_allowed(const problem *p, expr e);

/* Whether a loss is below the lowest so far by more than `share` of it; any is below infinity. */
bool loss_is_lower(double loss, double lowest, double share);

/* What leaves less than this part of the target's variance is a law: its poles and waves, if any,
 * are the data's. */
#define LAW_LOSS 1e-3

/* Whether the tree has a value everywhere between the rows, and no waves between them that no row
 * sees, where the problem asks for that. */
bool fitness_has_bounds(workspace *w, const problem *p, expr e);

/* Fits the constants of e in place over the window by Levenberg–Marquardt (squares) or BFGS (other
 * losses), at most `iterations`; e's loss never rises. free_form: scale and offset are free beside
 * the constants, else the tree is the prediction as it stands. Returns whether the loss fell. */
bool constants_fit(workspace *w, const problem *p, expr e, window rows, int iterations,
                   bool free_form);

/* The tree written out in a form, simplified; nodes has room for e.count + 4. */
expr form_write(expr_node *nodes, expr e, form f, double scale, double offset);

#endif
