/* Expressions taken apart into the factors of a product or the terms of a sum, and written again:
 * what collect.c works with. Everything lives in the collector's arena; where that is out of memory
 * an expression has count 0 and what tells of success is false. */
#ifndef EXPR_PARTS_H
#define EXPR_PARTS_H

#include "expr/expr.h"

typedef struct collector {
    arena *memory;
    const bool *allowed; /* [EXPR_OP_COUNT] */
    bool passes;         /* what is not finite at the root at hand is not finite in the whole */
} collector;

enum {
    OPEN = 1,       /* take apart powers of products, constants out of roots and exponentials */
    GROUPED = 2,    /* x^2*y^2 as (x*y)^2 */
    WAYS = 4,       /* of writing a product */
    POWER_MOST = 24 /* of one factor */
};

typedef struct factor {
    expr e;
    int times; /* at least 1 */
} factor;

/* The product with * Π num^times / (against * Π den^times). */
typedef struct parts {
    factor *num, *den; /* [count of the whole + 2] */
    int num_count, den_count;
    double with, against;       /* constants */
    bool has_with, has_against; /* whether there were any */
    bool negative;
} parts;

/* number * rest. */
typedef struct term {
    expr rest, text; /* text: as it was written, count 0: it is no longer that */
    double number;
} term;

typedef struct sum {
    term *terms; /* [count of the whole] */
    int count;
    double constant;
} sum;

expr expr_subtree(expr e, int root);
/* Operand of the root, counted from the last. */
expr expr_operand(expr e, int from_last);
expr_op expr_root(expr e);
/* The postfix a b op; an operand of count 0 is left out. */
expr expr_joined(collector *c, expr a, expr b, expr_op op);
expr expr_applied(collector *c, expr a, expr_op op);

/* Empty, with room for `count` factors on either side. */
bool parts_init(parts *p, collector *c, int count);
/* e^times as a factor; times may be below 0. */
void product_put(parts *p, expr e, int times);
/* way: OPEN or 0. */
bool product_split(parts *p, collector *c, expr e, int way);
/* count 0 too where it cannot be written. p is used up. way: GROUPED or 0. */
expr product_write(collector *c, parts *p, int way);

/* Whether terms that share e may be put together. */
bool terms_join(const collector *c, expr e);
/* Adds by * e. Takes its constant from the term; like terms become one. */
void sum_put(sum *s, collector *c, expr e, double by);
/* spread: c*(x + y) is opened, and log(c*x). */
bool sum_split(sum *s, collector *c, expr e, bool spread);
/* count 0 too where it cannot be written. */
expr sum_write(collector *c, const sum *s);

#endif
