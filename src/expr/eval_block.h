/* Evaluation of an expression over blocks of float32 rows.
 *
 * An expression is compiled to steps, one kernel call each per block: leaves are never copied,
 * constants stay scalars, products followed by a sum and squared differences are one step. The
 * stack of intermediate vectors stays in the first-level cache. */
#ifndef EXPR_EVAL_BLOCK_H
#define EXPR_EVAL_BLOCK_H

#include "expr/column_cache.h"
#include "expr/kernels.h"

typedef struct block_step {
    kernel_fn run;
    float *out;
    const float *a, *b, *c;
    /* all ones: a column, which moves with the row; 0: stays */
    size_t move_a, move_b, move_c, move_out;
} block_step;

typedef struct block_operand block_operand;
typedef struct block_node block_node;

typedef struct evaluator {
    const kernels *k;
    int capacity;            /* nodes of the largest expression */
    float *slots;            /* [capacity + 1][EVAL_BLOCK] */
    float *constants;        /* [capacity] scalars of the steps */
    block_step *steps;       /* [count] */
    block_operand *operands; /* [capacity], scratch of the compiler */
    block_node *plan;        /* [capacity], the same */
    column_cache *cache;     /* NULL: none */
    size_t first;            /* the row at which the cache's columns start */
    int planned;             /* nodes of the plan */
    int reused;              /* nodes of the last expression that cached columns stand for */
    int count, constant_count;
    const float *result;
    size_t result_move;
} evaluator;

/* False: out of memory. evaluator_free is legal after either. */
bool evaluator_init(evaluator *v, int max_nodes, const kernels *k);
void evaluator_free(evaluator *v);

/* Prepares e (finished, at most max_nodes) over columns[feature], each 64-byte aligned with a
 * multiple of 16 rows. The columns must stay until the last run; e need not. */
void evaluator_compile(evaluator *v, expr e, const float *const *columns);

/* With a cache, borrowed, subtrees of later expressions are read from its columns and written to
 * them; they start at row `first`, from which on rows are run. The values are the same bits as
 * without. NULL: no cache any more. */
void evaluator_use_cache(evaluator *v, column_cache *cache, size_t first);
/* After the runs: whether they covered all rows, so that the columns written may be kept. */
void evaluator_keep_columns(evaluator *v, bool whole);

/* Values of rows [row, row + n): n at most EVAL_BLOCK, row and n multiples of 16. What is returned
 * is borrowed until the next run. */
const float *evaluator_run(const evaluator *v, size_t row, int n);

/* Reverse-mode derivatives by the expression's constants, in blocks of GRADIENT_BLOCK rows. */
enum { GRADIENT_BLOCK = 128 };

typedef struct gradient {
    const kernels *k;
    int capacity;
    float *values, *adjoints, *ones; /* [capacity][GRADIENT_BLOCK] each, [GRADIENT_BLOCK] */
    const float **value;             /* [count] of each node: a column or a buffer */
    size_t *move;                    /* [count] */
    bool *varies;                    /* [count] the subtree holds a constant */
    expr e;
    int *constants; /* [constant_count] nodes that are constants, ascending */
    int constant_count;
} gradient;

bool gradient_init(gradient *g, int max_nodes, const kernels *k);
void gradient_free(gradient *g);
/* e must stay, unchanged, while the gradient is run; after its constants change call
 * gradient_constants. */
void gradient_compile(gradient *g, expr e, const float *const *columns);
void gradient_constants(gradient *g);
/* Values of the block. */
const float *gradient_forward(gradient *g, size_t row, int n);
/* After gradient_forward on the same block: out[i] points at seed * d value / d constants[i], n
 * rows, borrowed. seed: [n], NULL: ones. */
void gradient_backward(gradient *g, const float *seed, size_t row, int n, const float **out);

#endif
