#include "expr/expr.h"

#include <math.h>
#include <string.h>

static const unsigned char arities[EXPR_OP_COUNT] = {
#define OP(NAME, text, arity, C, doc) arity,
#include "expr/ops.def"
#undef OP
};

static const char *const names[EXPR_OP_COUNT] = {
#define OP(NAME, text, arity, C, doc) #text,
#include "expr/ops.def"
#undef OP
};

static const char *const docs[EXPR_OP_COUNT] = {
#define OP(NAME, text, arity, C, doc) doc,
#include "expr/ops.def"
#undef OP
};

/* What PySR, Julia, sympy, numpy and C call the same operation. */
static const struct synonym {
    const char *name;
    expr_op op;
} synonyms[] = {
    {"plus", EXPR_ADD},         {"add", EXPR_ADD},
    {"Add", EXPR_ADD},          {"sub", EXPR_SUB},
    {"subtract", EXPR_SUB},     {"minus", EXPR_SUB},
    {"mult", EXPR_MUL},         {"mul", EXPR_MUL},
    {"multiply", EXPR_MUL},     {"Mul", EXPR_MUL},
    {"div", EXPR_DIV},          {"divide", EXPR_DIV},
    {"**", EXPR_POW},           {"pow", EXPR_POW},
    {"Pow", EXPR_POW},          {"power", EXPR_POW},
    {"safe_pow", EXPR_POW},     {"Min", EXPR_MIN},
    {"fmin", EXPR_MIN},         {"minimum", EXPR_MIN},
    {"Max", EXPR_MAX},          {"fmax", EXPR_MAX},
    {"maximum", EXPR_MAX},      {"arctan2", EXPR_ATAN2},
    {"<", EXPR_LESS},           {"lt", EXPR_LESS},
    {">", EXPR_GREATER},        {"gt", EXPR_GREATER},
    {"<=", EXPR_LESS_EQUAL},    {">=", EXPR_GREATER_EQUAL},
    {"and", EXPR_AND},          {"or", EXPR_OR},
    {"Mod", EXPR_MOD},          {"negative", EXPR_NEG},
    {"Abs", EXPR_ABS},          {"fabs", EXPR_ABS},
    {"absolute", EXPR_ABS},     {"sgn", EXPR_SIGN},
    {"safe_sqrt", EXPR_SQRT},   {"reciprocal", EXPR_INV},
    {"safe_log", EXPR_LOG},     {"ln", EXPR_LOG},
    {"safe_log2", EXPR_LOG2},   {"safe_log10", EXPR_LOG10},
    {"safe_log1p", EXPR_LOG1P}, {"arcsin", EXPR_ASIN},
    {"safe_asin", EXPR_ASIN},   {"arccos", EXPR_ACOS},
    {"safe_acos", EXPR_ACOS},   {"arctan", EXPR_ATAN},
    {"arcsinh", EXPR_ASINH},    {"arccosh", EXPR_ACOSH},
    {"safe_acosh", EXPR_ACOSH}, {"acosh_clip", EXPR_ACOSH},
    {"arctanh", EXPR_ATANH},    {"safe_atanh", EXPR_ATANH},
    {"tgamma", EXPR_GAMMA},     {"logistic", EXPR_SIGMOID},
    {"expit", EXPR_SIGMOID},    {"ceiling", EXPR_CEIL},
    {"rint", EXPR_ROUND},
};

int expr_arity(expr_op op)
{
    return arities[op];
}

const char *expr_op_name(expr_op op)
{
    return names[op];
}

const char *expr_op_doc(expr_op op)
{
    return docs[op];
}

static bool same(const char *name, const char *wanted, size_t length)
{
    return strlen(name) == length && memcmp(name, wanted, length) == 0;
}

bool expr_op_find(expr_op *op, const char *name, size_t length)
{
    for (int i = EXPR_ADD; i < EXPR_OP_COUNT; i++) {
        if (same(names[i], name, length)) {
            *op = (expr_op)i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++) {
        if (same(synonyms[i].name, name, length)) {
            *op = synonyms[i].op;
            return true;
        }
    }
    return false;
}

double expr_apply(expr_op op, double a, double b)
{
    switch (op) {
#define OP(NAME, text, arity, C, doc)                                                              \
    case EXPR_##NAME:                                                                              \
        return C;
#include "expr/ops.def"
#undef OP
    case EXPR_OP_COUNT:
    case EXPR_CALL:
        break;
    }
    return 0.0;
}

double expr_eval(expr e, const double *x, double *stack)
{
    double *top = stack;
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        switch (n->arity) {
        case 0:
            *top++ = n->op == EXPR_VAR ? x[n->feature] : n->value;
            break;
        case 1:
            top[-1] = expr_apply((expr_op)n->op, top[-1], 0.0);
            break;
        default:
            top--;
            top[-1] = expr_apply((expr_op)n->op, top[-1], top[0]);
            break;
        }
    }
    return stack[0];
}

static void apply_rows(expr_op op, double *top, const double *second, size_t rows)
{
    switch (op) {
#define OP(NAME, text, arity, C, doc)                                                              \
    case EXPR_##NAME:                                                                              \
        for (size_t r = 0; r < rows; r++) {                                                        \
            const double a = top[r], b = second[r];                                                \
            (void)a, (void)b;                                                                      \
            top[r] = C;                                                                            \
        }                                                                                          \
        break;
#include "expr/ops.def"
#undef OP
    case EXPR_OP_COUNT:
    case EXPR_CALL:
        break;
    }
}

void expr_eval_rows(expr e, const double *const *x, size_t rows, double *stack, size_t stride)
{
    double *top = stack; /* the first free slot */
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        if (n->op == EXPR_VAR) {
            memcpy(top, x[n->feature], sizeof *top * rows);
        } else if (n->op == EXPR_CONST) {
            for (size_t r = 0; r < rows; r++)
                top[r] = n->value;
        } else if (n->arity == 1) {
            apply_rows((expr_op)n->op, top - stride, top - stride, rows);
            continue;
        } else {
            top -= stride;
            apply_rows((expr_op)n->op, top - stride, top, rows);
            continue;
        }
        top += stride;
    }
}

int expr_depth(expr e)
{
    int depth = 0, most = 0;
    for (int i = 0; i < e.count; i++) {
        depth += 1 - e.nodes[i].arity;
        most = depth > most ? depth : most;
    }
    return most;
}

bool expr_finish(expr *e)
{
    int depth = 0;
    for (int i = 0; i < e->count; i++) {
        expr_node *n = &e->nodes[i];
        if (n->op >= EXPR_OP_COUNT && n->op != EXPR_CALL)
            return false;
        if (n->op != EXPR_CALL)
            n->arity = arities[n->op];
        if (n->arity > depth)
            return false;
        n->length = 1;
        for (int operand = 0; operand < n->arity; operand++)
            n->length += e->nodes[i - (int)n->length].length;
        depth += 1 - n->arity;
    }
    return depth == 1;
}

expr expr_copy(arena *memory, expr e)
{
    expr copy = {ARENA_ARRAY(memory, expr_node, e.count), e.count};
    if (copy.nodes)
        memcpy(copy.nodes, e.nodes, sizeof *e.nodes * (size_t)e.count);
    else
        copy.count = 0;
    return copy;
}

static bool node_equal(const expr_node *a, const expr_node *b)
{
    if (a->op != b->op)
        return false;
    if (a->op == EXPR_VAR || a->op == EXPR_CALL)
        return a->feature == b->feature && a->arity == b->arity;
    return a->op != EXPR_CONST || memcmp(&a->value, &b->value, sizeof a->value) == 0;
}

bool expr_equal(expr a, expr b)
{
    if (a.count != b.count)
        return false;
    for (int i = 0; i < a.count; i++)
        if (!node_equal(&a.nodes[i], &b.nodes[i]))
            return false;
    return true;
}
