/* Expressions: flat postfix arrays of nodes. No pointers, no recursion over them. */
#ifndef EXPR_EXPR_H
#define EXPR_EXPR_H

#include "base/arena.h"
#include "base/status.h"
#include "base/text.h"

typedef enum expr_op {
#define OP(NAME, text, arity, C, doc) EXPR_##NAME,
#include "expr/ops.def"
#undef OP
    EXPR_OP_COUNT,
    EXPR_CALL = EXPR_OP_COUNT + 1 /* of a function that a user defined: only where functions.h is */
} expr_op;

typedef struct expr_node {
    uint8_t op;       /* expr_op */
    uint8_t arity;    /* of op */
    uint16_t feature; /* VAR: input number; CALL: function number */
    uint32_t length;  /* nodes of the subtree that ends here, itself included */
    double value;     /* CONST */
} expr_node;

typedef struct expr {
    expr_node *nodes; /* [count], postfix: operands first, the root last */
    int count;
} expr;

enum { EXPR_MAX_NODES = 4096, EXPR_MAX_FEATURES = 65535 };

int expr_arity(expr_op op);
const char *expr_op_name(expr_op op);
const char *expr_op_doc(expr_op op);
/* By infix name ("+", "sin"; also "plus", "mult", "sub", "div", "pow", "log" synonyms that PySR and
 * sympy write); false when there is none. */
bool expr_op_find(expr_op *op, const char *name, size_t length);

typedef struct expr_function expr_function;
typedef struct expr_functions expr_functions; /* functions.h */

/* The names an expression may use. */
typedef struct expr_names {
    const char *const *names; /* [count] input names; NULL: only xN */
    size_t count;             /* xN also means input N < count unless a name is spelled so */
} expr_names;

/* Parses infix text: < > <= >=, + -, * /, unary minus, ^ **, calls, numbers, pi and E, from the
 * loosest to the tightest; `**` and `^` group to the right. A name that is not an identifier stands
 * between backquotes. line and column of an error count from (line, column0) of the text's start in
 * `file`; the error's source is the text's line when column0 is 1, else the caller's to set. The
 * nodes live in `memory`. names may be NULL. */
symlut_status expr_parse(expr *out, arena *memory, const char *infix, const expr_names *names,
                         const char *file, long line, long column0, symlut_error *err);

/* The same with functions of the user, NULL: none. keep_calls: a call stays one node, else the
 * definition stands in its place. */
symlut_status expr_parse_with(expr *out, arena *memory, const char *infix, const expr_names *names,
                              const expr_functions *functions, bool keep_calls, const char *file,
                              long line, long column0, symlut_error *err);

/* Whether the parser knows a function of this name that is no operation, such as cot. */
bool expr_is_function(const char *name);
/* Whether a name needs no backquotes: a letter or _, then letters, digits, _ and dots. */
bool expr_is_identifier(const char *name);

/* Every name in the text that is neither called nor spelled pi, E, nan or inf, in order, repeats
 * included. Stops at what is no token. */
void expr_scan_names(const char *infix,
                     void (*found)(void *payload, const char *name, size_t length), void *payload);

/* Prints. INFIX with digits 17 reads back by expr_parse to the same nodes and constants bit for
 * bit; a constant takes as few digits as that needs, and never more than `digits`. Names that are
 * no identifier of the target language are written xN by LATEX's fellows SYMPY, C and NUMPY. names
 * may be NULL: xN. Failure is in out->failed. */
void expr_print(text *out, expr e, const expr_names *names, symlut_print style, int digits);

/* Reference value of one row: x [features] float64. stack: [e.count] doubles. */
double expr_eval(expr e, const double *x, double *stack);
/* The same for many rows: x [inputs] columns of at least `rows`; stack: [expr_depth(e)][stride],
 * stride >= rows. The values end in stack[0 … rows). */
void expr_eval_rows(expr e, const double *const *x, size_t rows, double *stack, size_t stride);
/* The most values that wait at once. */
int expr_depth(expr e);
/* Scalar definition of one operation. */
double expr_apply(expr_op op, double a, double b);

/* Fills the `length` and `arity` fields (a call's arity is read, not filled); false when the
 * postfix is not one whole expression. */
bool expr_finish(expr *e);
expr expr_copy(arena *memory, expr e);
bool expr_equal(expr a, expr b);

/* Rewrites that change a value by rounding only: constants folded and joined, x*1, x + 0, neg neg,
 * … Never makes NaN or infinity finite (x/x stays), never brings in an operation that was not
 * there. Works in place; the result is never longer. The rules are listed in simplify.c. */
void expr_simplify(expr *e);
/* Whether e is finite for every finite input, overflow apart. */
bool expr_is_total(expr e);

/* d e / d input `feature`, simplified, as a new expression in `memory`. Steps have derivative 0.
 * count is 0 when out of memory, when the result would exceed EXPR_MAX_NODES, and for gamma of
 * something that depends on the input. */
expr expr_differentiate(arena *memory, expr e, int feature);

#endif
