/* A fixed outer form with free inner expressions, such as sin(f(x0, x1)) + p*g(x2)^2.
 *
 * A candidate is one postfix expression: the inner expressions in order, each over its own
 * arguments as inputs, then the form's parameters, each a constant, and a call of TEMPLATE_CALL
 * that takes them all. Expansion (rules_plain) writes the outer form with the inner expressions in
 * the places of their calls; a constant of an inner expression that is called several times stays
 * one constant to a fit. */
#ifndef SEARCH_TEMPLATE_H
#define SEARCH_TEMPLATE_H

#include "search/tree.h"

/* PARTS: the most inner expressions and parameters together. CALL: number of the function that
 * stands at a candidate's root. */
enum { TEMPLATE_PARTS = FUNCTIONS_MAX, TEMPLATE_CALL = FUNCTIONS_MAX };

typedef struct template_part {
    const char *name;
    int arity;                                /* 0: a parameter */
    const char *arguments[FUNCTION_DECLARED]; /* names to show */
    double start;                             /* of a parameter */
    vocabulary words;                         /* over the arguments */
} template_part;

typedef struct template
{
    const char *text;
    expr outer;             /* over the inputs; calls part k as function k */
    template_part *parts;   /* [count] inner expressions, then parameters */
    int count, expressions; /* of them */
}
template;

/* Reads the form `infix` over the inputs `names`; parameters: "p=1, q=2.5" or NULL. Inner
 * expressions are what it calls that is neither an operation nor a function of `words`, from which
 * they are made. max_size: of the search. The nodes and names live in `memory`. */
symlut_status template_read(template **out, arena *memory, const char *infix,
                            const char *parameters, const vocabulary *words,
                            const expr_names *names, int max_size, symlut_error *err);

/* Whether e ends in a template's call. */
bool template_is(expr e);
/* Where part k of a candidate begins, for k up to the number of parts. */
void template_starts(expr e, int starts[TEMPLATE_PARTS + 1]);
/* Whether e, whole and measured, is a candidate of this template. */
bool template_fits(const template *t, expr e);

/* The outer form with e's parts in it, finished, in `out`, which has room for `capacity`; the
 * functions are the user's. A constant of e has its node's number plus one in `feature`, one of the
 * form or of a definition 0. False: too long. */
bool template_expand(expr *out, int capacity, const template *t, expr e,
                     const expr_functions *functions);
/* Simplifies every part for itself. */
void template_simplify(expr *e);

/* The counterparts of tree_random, tree_mutate and tree_cross: a change is inside one part. */
void template_random(expr *out, int size, int capacity, const template *t, rng *r);
bool template_mutate(expr *out, int capacity, expr e, mutation kind, double temperature,
                     const template *t, rng *r);
bool template_cross(expr *out, int capacity, expr a, expr b, const template *t, rng *r);

/* "f(x0, x1) = x0 + 2*x1; g(a) = a^2; p = 1.5", with the user's functions written out. */
void template_print(text *out, const template *t, expr e, const expr_functions *functions);

#endif
