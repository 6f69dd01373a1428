/* Surgery on postfix expressions: random trees, mutations, crossover. Every function writes a whole
 * new expression into `out`, whose nodes have room for `capacity`, and returns false (out is then
 * undefined) where the change does not apply or the result would be too long. */
#ifndef SEARCH_TREE_H
#define SEARCH_TREE_H

#include "base/rng.h"
#include "expr/expr.h"
#include "search/rules.h"

/* What expressions are made of. */
typedef struct vocabulary {
    expr_op unary[EXPR_OP_COUNT], binary[EXPR_OP_COUNT];
    int unary_count, binary_count;
    const expr_functions *functions; /* of the user, drawn like operations; NULL: none */
    int features;
    double constant_share; /* of random leaves */
    rules limits;          /* mutations do not ask: who keeps a tree does */
} vocabulary;

/* The largest expression of a search; mutants live in fixed buffers of this many nodes. */
enum { TREE_MAX = 200 };

typedef enum mutation {
    MUTATE_CONSTANT,
    MUTATE_OPERATOR,
    MUTATE_FEATURE,
    MUTATE_SWAP,
    MUTATE_ROTATE,
    MUTATE_ADD,
    MUTATE_INSERT,
    MUTATE_DELETE,
    MUTATE_SIMPLIFY,
    MUTATE_RANDOMIZE,
    MUTATE_SUBTREE,
    MUTATE_COUNT
} mutation;

/* Whether a node is a leaf, an operation or a call that there is. */
bool tree_node_known(const expr_node *n, const vocabulary *v);
/* Lengths and arities of a postfix that is known to be whole. */
void tree_measure(expr *e);
/* A random expression of about `size` nodes, never more than capacity. */
void tree_random(expr *out, int size, int capacity, const vocabulary *v, rng *r);
/* temperature in [0, 1] sizes the steps of constants. */
bool tree_mutate(expr *out, int capacity, expr e, mutation kind, double temperature,
                 const vocabulary *v, rng *r);
/* a with one subtree replaced by one of b. */
bool tree_cross(expr *out, int capacity, expr a, expr b, rng *r);
/* 64-bit hash of structure and constants, the same whichever way the operands of sums, products and
 * the like stand. */
uint64_t tree_hash(expr e);
int tree_constants(expr e);

/* The operations of a search, and those that e has besides: allowed [EXPR_OP_COUNT]. */
void vocabulary_allow(bool *allowed, const vocabulary *words, expr e);

#endif
