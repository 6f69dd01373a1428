/* What expressions may look like and what they cost: nesting, depth, operand sizes, and the
 * complexity of each operation. Their meaning is PySR's. */
#ifndef SEARCH_RULES_H
#define SEARCH_RULES_H

#include "expr/functions.h"
#include "search/units.h"

/* RULES_PLAIN: the most nodes of a tree whose calls are expanded. RULES_KINDS: operations, then the
 * functions of the user. */
enum {
    RULES_NESTED = 64,
    RULES_NODES = 256,
    RULES_PLAIN = 1024,
    RULES_KINDS = EXPR_OP_COUNT + FUNCTIONS_MAX
};

/* Below `outer`, no path to a leaf holds more than `most` of `inner`. */
typedef struct nesting {
    uint8_t outer, inner;
    int most;
} nesting;

typedef struct rules {
    bool active;        /* false: everything goes, and complexity is the number of nodes */
    int max_complexity; /* of the whole */
    int max_depth;      /* a leaf has depth 1; 0: any */
    nesting nested[RULES_NESTED];
    int nested_count;
    int operand[RULES_KINDS][3];     /* largest complexity of an operand; -1: any */
    double cost[RULES_KINDS];        /* of an operation; of CONST and VAR */
    const expr_functions *functions; /* of the user, borrowed; NULL: none */
    const struct template *template; /* borrowed; NULL: none. Each inner expression is judged for
                                      * itself, the sum of their complexities as a whole */
    const units *units;              /* borrowed; NULL: none are known */
    double unit_penalty;             /* on a loss whose units disagree; infinite: a hard rule */
} rules;

/* NULL: none. "sin: sin 0, exp 1; exp: exp 0"; "^: -1 3; sin: 5"; "sin=3, const=2, x=1". */
symlut_status rules_parse(rules *r, int max_complexity, int max_depth, const char *nested,
                          const char *constraints, const char *complexity, symlut_error *err);
/* The same where the user's functions have names too. */
symlut_status rules_parse_with(rules *r, const expr_functions *functions, int max_complexity,
                               int max_depth, const char *nested, const char *constraints,
                               const char *complexity, symlut_error *err);

/* Where a node's cost and limits stand. */
int rules_kind(const expr_node *n);

/* e with its calls, or those of its template, expanded into `room` [RULES_PLAIN], e itself where it
 * has none; count 0: it would be too long. r may be NULL. */
expr rules_plain(const rules *r, expr_node *room, expr e);

/* The sum of the costs, rounded to a whole number, at least 1. */
int rules_complexity(const rules *r, expr e);
/* What the loss of e, written out, is to be raised by: 0, the penalty or infinity. */
double rules_penalty(const rules *r, expr e);
/* e is whole and measured (`length`, `arity`). Its units must make sense where that is a rule, but
 * the whole need not be a value of the target yet. */
bool rules_allow(const rules *r, expr e);

#endif
