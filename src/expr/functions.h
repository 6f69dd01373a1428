/* Functions that a user defines by text: gauss2(x) = exp(-x^2). A call is one node; expansion puts
 * the definition in its place. */
#ifndef EXPR_FUNCTIONS_H
#define EXPR_FUNCTIONS_H

#include "expr/expr.h"

/* DECLARED: the most arguments of a function that only its use declares. */
enum { FUNCTIONS_MAX = 32, FUNCTION_ARGUMENTS = 3, FUNCTION_DECLARED = 8 };

struct expr_function {
    const char *name;
    int arity;
    expr body; /* over its arguments as inputs; it holds no call */
};

struct expr_functions {
    expr_function items[FUNCTIONS_MAX];
    int count;
};

/* Length of the definition `name(a, b) = body` that the text begins with, up to a ',' or ';'
 * outside parentheses, a line's end or a '#'; 0: it begins with none. */
size_t function_measure(const char *definition);
/* Reads that definition. Its body may call those before it. `whole` is the text it stands in, from
 * (line, 1) of `file`, for the place of an error. */
symlut_status function_define(expr_functions *f, arena *memory, const char *definition,
                              size_t length, const char *whole, const char *file, long line,
                              symlut_error *err);
/* The number of the function of that name, or -1. */
int function_find(const expr_functions *f, const char *name, size_t length);

/* e with every call replaced by its definition, finished, in `out`, which has room for `capacity`.
 * Constants of e keep their number in e plus one in `feature`, those of definitions have 0. False:
 * too long. */
bool expr_expand(expr *out, int capacity, expr e, const expr_function *functions);
/* The same, but that every constant keeps the `feature` it has, in e or in a definition. */
bool expr_substitute(expr *out, int capacity, expr e, const expr_function *functions);

/* Parses a form with functions that it does not define: a call of a name that is neither an
 * operation nor in `functions` adds it there, with the arity of its first call and no body. Calls
 * stay nodes. The names of `parameters` are inputs from names->count on. The text is the line 1 of
 * `file`. */
symlut_status expr_parse_form(expr *out, arena *memory, const char *infix, const expr_names *names,
                              const expr_names *parameters, expr_functions *functions,
                              const char *file, symlut_error *err);

#endif
