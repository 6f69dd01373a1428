/* Random expressions over the whole operation table, for property tests. */
#ifndef TESTS_RANDOM_EXPR_H
#define TESTS_RANDOM_EXPR_H

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/rng.h"
#include "expr/expr.h"

/* A constant of a size that occurs: whole numbers, tenths, and anything up to `largest`. */
static inline double random_constant(rng *r, double largest)
{
    switch (rng_below(r, 4)) {
    case 0:
        return (double)rng_below(r, 9) - 4;
    case 1:
        return ((double)rng_below(r, 99) + 1) / 10;
    default:
        return largest * (2 * rng_unit(r) - 1);
    }
}

/* Any bit pattern at all, now and then a special value; NaN only as the plain one. */
static inline double random_bits(rng *r)
{
    static const double special[] = {0.0, -0.0, 1, -1, 5e-324, -1.7976931348623157e308, 0.1, 1e22};
    if (rng_below(r, 4) == 0)
        return special[rng_below(r, 8)];
    if (rng_below(r, 16) == 0)
        return rng_below(r, 3) == 0 ? (double)NAN
               : rng_below(r, 2)    ? (double)INFINITY
                                    : (double)-INFINITY;
    uint64_t bits = rng_next(r);
    double value;
    memcpy(&value, &bits, sizeof value);
    return isnan(value) ? 0.5 : value;
}

/* Exactly `size` nodes (1 … EXPR_MAX_NODES), over `features` inputs. constant: draws a constant.
 * Grown from the root: each open place is given a size, and an operation splits what is left. */
static inline expr random_expr(arena *memory, rng *r, int size, int features,
                               double (*constant)(rng *r))
{
    expr e = {ARENA_ARRAY(memory, expr_node, size), size};
    int *sizes = ARENA_ARRAY(memory, int, size + 1); /* open places, the leftmost on top */
    if (!e.nodes || !sizes)
        return (expr){0};
    int open = 0,
        at = size; /* filled from the back: the root is last, the last operand before it */
    sizes[open++] = size;
    while (open > 0) {
        int n = sizes[--open];
        expr_node *node = &e.nodes[--at];
        *node = (expr_node){0};
        if (n == 1) {
            bool number = features == 0 || rng_below(r, 3) == 0;
            node->op = number ? EXPR_CONST : EXPR_VAR;
            if (number)
                node->value = constant(r);
            else
                node->feature = (uint16_t)rng_below(r, (uint32_t)features);
            continue;
        }
        int arity = n == 2 || rng_below(r, 3) == 0 ? 1 : 2;
        do
            node->op = (uint8_t)rng_below(r, EXPR_OP_COUNT);
        while (expr_arity((expr_op)node->op) != arity);
        if (arity == 1) {
            sizes[open++] = n - 1;
        } else {
            int first = 1 + (int)rng_below(r, (uint32_t)(n - 2));
            sizes[open++] = first;
            sizes[open++] = n - 1 - first;
        }
    }
    expr_finish(&e);
    return e;
}

#endif
