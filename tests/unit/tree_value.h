/* What an expression means, by recursion over its nodes: the oracle of evaluators and rewrites. */
#ifndef TESTS_UNIT_TREE_VALUE_H
#define TESTS_UNIT_TREE_VALUE_H

#include "expr/expr.h"

/* The subtree that ends at node i, over the values x; call gives a function of the user's. */
static double value_at(expr e, int i, const double *x,
                       double (*call)(int function, const double *a))
{
    const expr_node *n = &e.nodes[i];
    double a[3] = {0};
    for (int k = n->arity - 1, at = i - 1; k >= 0; k--) {
        a[k] = value_at(e, at, x, call);
        at -= (int)e.nodes[at].length;
    }
    if (n->op == EXPR_VAR)
        return x[n->feature];
    if (n->op == EXPR_CONST)
        return n->value;
    return n->op == EXPR_CALL ? call(n->feature, a) : expr_apply((expr_op)n->op, a[0], a[1]);
}

#endif
