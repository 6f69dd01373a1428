/* Symbolic differentiation: one pass over the postfix with a stack of derivatives. The partial
 * derivatives of each operation are infix text over its operands a, b and its own value f. */
#include "expr/expr.h"

#include <stdlib.h>
#include <string.h>

typedef struct partials {
    const char *by_a, *by_b; /* NULL: not expressible; "0": flat where defined */
} partials;

static const partials table[EXPR_OP_COUNT] = {
    [EXPR_ADD] = {"1", "1"},
    [EXPR_SUB] = {"1", "-1"},
    [EXPR_MUL] = {"b", "a"},
    [EXPR_DIV] = {"1/b", "-f/b"},
    [EXPR_POW] = {"b*a^(b - 1)", "f*log(a)"},
    [EXPR_MIN] = {"less(a, b)", "greater_equal(a, b)"},
    [EXPR_MAX] = {"greater(a, b)", "less_equal(a, b)"},
    [EXPR_ATAN2] = {"b/(a*a + b*b)", "-a/(a*a + b*b)"},
    [EXPR_LESS] = {"0", "0"},
    [EXPR_GREATER] = {"0", "0"},
    [EXPR_LESS_EQUAL] = {"0", "0"},
    [EXPR_GREATER_EQUAL] = {"0", "0"},
    [EXPR_AND] = {"0", "0"},
    [EXPR_OR] = {"0", "0"},
    [EXPR_COND] = {"0", "greater(a, 0)"},
    [EXPR_MOD] = {"1", "-floor(a/b)"},
    [EXPR_NEG] = {"-1", NULL},
    [EXPR_ABS] = {"sign(a)", NULL},
    [EXPR_SIGN] = {"0", NULL},
    [EXPR_SQUARE] = {"2*a", NULL},
    [EXPR_CUBE] = {"3*a*a", NULL},
    [EXPR_SQRT] = {"0.5/f", NULL},
    [EXPR_CBRT] = {"1/(3*f*f)", NULL},
    [EXPR_INV] = {"-f*f", NULL},
    [EXPR_EXP] = {"f", NULL},
    [EXPR_EXP2] = {"log(2)*f", NULL},
    [EXPR_EXPM1] = {"exp(a)", NULL},
    [EXPR_LOG] = {"1/a", NULL},
    [EXPR_LOG2] = {"1/(log(2)*a)", NULL},
    [EXPR_LOG10] = {"1/(log(10)*a)", NULL},
    [EXPR_LOG1P] = {"1/(1 + a)", NULL},
    [EXPR_SIN] = {"cos(a)", NULL},
    [EXPR_COS] = {"-sin(a)", NULL},
    [EXPR_TAN] = {"1 + f*f", NULL},
    [EXPR_ASIN] = {"1/sqrt(1 - a*a)", NULL},
    [EXPR_ACOS] = {"-1/sqrt(1 - a*a)", NULL},
    [EXPR_ATAN] = {"1/(1 + a*a)", NULL},
    [EXPR_SINH] = {"cosh(a)", NULL},
    [EXPR_COSH] = {"sinh(a)", NULL},
    [EXPR_TANH] = {"1 - f*f", NULL},
    [EXPR_ASINH] = {"1/sqrt(a*a + 1)", NULL},
    [EXPR_ACOSH] = {"1/(sqrt(a - 1)*sqrt(a + 1))", NULL},
    [EXPR_ATANH] = {"1/(1 - a*a)", NULL},
    [EXPR_ERF] = {"2/sqrt(pi)*gauss(a)", NULL},
    [EXPR_ERFC] = {"-2/sqrt(pi)*gauss(a)", NULL},
    [EXPR_GAMMA] = {NULL, NULL}, /* needs the digamma function */
    [EXPR_GAUSS] = {"-2*a*f", NULL},
    [EXPR_SIGMOID] = {"f*(1 - f)", NULL},
    [EXPR_RELU] = {"greater(a, 0)", NULL},
    [EXPR_FLOOR] = {"0", NULL},
    [EXPR_CEIL] = {"0", NULL},
    [EXPR_ROUND] = {"0", NULL},
};

typedef struct work {
    arena *memory;
    expr *derivatives; /* stack; count 0 stands for zero */
    int depth;
    bool failed;
} work;

typedef struct builder {
    expr_node *nodes; /* [EXPR_MAX_NODES] */
    int count;
    bool overflow;
} builder;

static void add_nodes(builder *b, const expr_node *nodes, int count)
{
    if (b->overflow || count > EXPR_MAX_NODES - b->count) {
        b->overflow = true;
        return;
    }
    memcpy(&b->nodes[b->count], nodes, sizeof *nodes * (size_t)count);
    b->count += count;
}

static void add_op(builder *b, expr_op op)
{
    expr_node n = {.op = (uint8_t)op};
    add_nodes(b, &n, 1);
}

/* parts: subtrees of a, b and f. */
static void add_partial(work *w, builder *out, const char *text_form, const expr parts[3])
{
    static const char *const names[] = {"a", "b", "f"};
    const expr_names known = {names, 3};
    expr partial;
    if (expr_parse(&partial, w->memory, text_form, &known, "", 1, 1, NULL) != SYMLUT_OK) {
        w->failed = true; /* out of memory: the table's texts are all valid */
        return;
    }
    for (int i = 0; i < partial.count; i++) {
        const expr_node *n = &partial.nodes[i];
        if (n->op == EXPR_VAR)
            add_nodes(out, parts[n->feature].nodes, parts[n->feature].count);
        else
            add_nodes(out, n, 1);
    }
}

/* Adds partial * derivative to the sum so far; *any: there was one. */
static void add_term(work *w, builder *out, const char *partial, expr derivative,
                     const expr parts[3], bool *any)
{
    if (derivative.count == 0 || (partial && strcmp(partial, "0") == 0))
        return;
    if (!partial) {
        w->failed = true;
        return;
    }
    add_partial(w, out, partial, parts);
    add_nodes(out, derivative.nodes, derivative.count);
    add_op(out, EXPR_MUL);
    if (*any)
        add_op(out, EXPR_ADD);
    *any = true;
}

static expr finish_sum(work *w, builder *out)
{
    expr e = {out->nodes, out->count};
    if (out->overflow || w->failed) {
        w->failed = true;
        return (expr){0};
    }
    if (e.count == 0)
        return e;
    expr_finish(&e);
    expr_simplify(&e);
    if (e.count == 1 && e.nodes[0].op == EXPR_CONST && e.nodes[0].value == 0)
        return (expr){0};
    expr kept = expr_copy(w->memory, e);
    w->failed = w->failed || !kept.nodes;
    return kept;
}

static void step(work *w, builder *out, expr e, int i, int feature)
{
    expr_node *n = &e.nodes[i];
    out->count = 0;
    if (n->arity == 0) {
        expr_node one = {.op = EXPR_CONST, .value = 1};
        bool hit = n->op == EXPR_VAR && n->feature == feature;
        add_nodes(out, &one, hit ? 1 : 0);
        w->derivatives[w->depth++] = finish_sum(w, out);
        return;
    }
    int length = (int)n->length;
    expr f = {n - length + 1, length}, a, b = {0};
    int last = (int)n[-1].length;
    a = (expr){n - last, last};
    if (n->arity == 2) {
        b = a;
        a = (expr){f.nodes, length - 1 - last};
    }
    const expr parts[3] = {a, b, f};
    w->depth -= n->arity;
    bool any = false;
    add_term(w, out, table[n->op].by_a, w->derivatives[w->depth], parts, &any);
    if (n->arity == 2)
        add_term(w, out, table[n->op].by_b, w->derivatives[w->depth + 1], parts, &any);
    w->derivatives[w->depth++] = finish_sum(w, out);
}

static expr differentiate(arena *scratch, expr e, int feature)
{
    expr_node zero = {.op = EXPR_CONST, .length = 1};
    work w = {.memory = scratch};
    builder out = {.nodes = ARENA_ARRAY(scratch, expr_node, EXPR_MAX_NODES)};
    w.derivatives = ARENA_ARRAY(scratch, expr, expr_depth(e));
    if (scratch->failed)
        return (expr){0};
    for (int i = 0; i < e.count && !w.failed; i++)
        step(&w, &out, e, i, feature);
    if (w.failed || scratch->failed)
        return (expr){0};
    return w.derivatives[0].count ? w.derivatives[0] : expr_copy(scratch, (expr){&zero, 1});
}

expr expr_differentiate(arena *memory, expr e, int feature)
{
    arena scratch = {0};
    expr d = differentiate(&scratch, e, feature);
    expr kept = d.count ? expr_copy(memory, d) : d;
    arena_free(&scratch);
    return kept;
}
