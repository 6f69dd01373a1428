#include "lower/merge.h"

#include <stdlib.h>
#include <string.h>

static expr part(expr e, int i)
{
    int length = (int)e.nodes[i].length;
    return (expr){e.nodes + i + 1 - length, length};
}

/* Index of the first operand of the binary node i; the second is i - 1. */
static int first_operand(expr e, int i)
{
    return i - 1 - (int)e.nodes[i - 1].length;
}

void merge_bases(int *base, expr e)
{
    for (int i = 0; i < e.count; i++) {
        expr_node n = e.nodes[i];
        if (n.arity == 0) {
            base[i] = n.op == EXPR_CONST ? -1 : i;
        } else if (n.arity == 1) {
            base[i] = base[i - 1];
        } else {
            int a = base[first_operand(e, i)], b = base[i - 1];
            if (a < 0 || b < 0)
                base[i] = a < 0 ? b : a;
            else
                base[i] = expr_equal(part(e, a), part(e, b)) ? a : i;
        }
    }
}

expr merge_function(arena *memory, expr e, int i, int base)
{
    expr whole = part(e, i), value = part(e, base);
    expr f = {ARENA_ARRAY(memory, expr_node, whole.count), 0};
    if (!f.nodes)
        return f;
    /* An occurrence of the base ends where an equal sub-expression does; nodes below it are dropped
     * again. */
    for (int k = 0; k < whole.count; k++) {
        f.nodes[f.count] = whole.nodes[k];
        int length = (int)whole.nodes[k].length;
        if (length == value.count && expr_equal(part(whole, k), value)) {
            f.count -= length - 1;
            f.nodes[f.count] = (expr_node){.op = EXPR_VAR};
        }
        f.count++;
    }
    expr_finish(&f);
    return f;
}

/* ---------------------------------------------------------------- grouping */

/* A term of a sum or a factor of a product. */
typedef struct item {
    expr e;
    bool negative;
    bool constant;
    expr base;      /* count 0: a constant */
    bool one_value; /* its base is not itself */
} item;

typedef struct grouper {
    arena *memory;
    expr e;
    expr *made;  /* [e.count] rewritten sub-expressions */
    item *items; /* [e.count] of the sum or product at hand */
    int count;
} grouper;

static bool is_additive(expr_node n)
{
    return n.op == EXPR_ADD || n.op == EXPR_SUB || n.op == EXPR_NEG;
}

static bool has_role(expr_node n, bool sum)
{
    return sum ? is_additive(n) : n.op == EXPR_MUL;
}

static expr joined(arena *memory, expr a, expr b, expr_op op)
{
    int count = a.count + b.count + 1;
    expr e = {ARENA_ARRAY(memory, expr_node, count), 0};
    if (!e.nodes)
        return e;
    memcpy(e.nodes, a.nodes, (size_t)a.count * sizeof *a.nodes);
    if (b.count)
        memcpy(e.nodes + a.count, b.nodes, (size_t)b.count * sizeof *b.nodes);
    e.nodes[count - 1] = (expr_node){.op = (uint8_t)op};
    e.count = count;
    expr_finish(&e);
    return e;
}

static bool add_item(grouper *g, expr e, bool negative)
{
    item *t = &g->items[g->count++];
    int *base = calloc((size_t)e.count, sizeof *base);
    if (!base || !e.nodes) {
        free(base);
        return false;
    }
    merge_bases(base, e);
    int root = base[e.count - 1];
    *t = (item){.e = e,
                .negative = negative,
                .constant = root < 0,
                .one_value = root >= 0 && root != e.count - 1,
                .base = root < 0 ? (expr){0} : part(e, root)};
    free(base);
    return true;
}

/* The terms (factors) below the root i, from left to right. */
static bool collect(grouper *g, int i, bool sum)
{
    typedef struct place {
        int node;
        bool negative;
    } place;
    place *stack = calloc((size_t)g->e.count + 1, sizeof *stack);
    bool ok = stack != NULL;
    int depth = 0;
    g->count = 0;
    if (ok)
        stack[depth++] = (place){i, false};
    while (ok && depth > 0) {
        place p = stack[--depth];
        expr_node n = g->e.nodes[p.node];
        if (!has_role(n, sum)) {
            ok = add_item(g, g->made[p.node], p.negative);
            continue;
        }
        bool flips = n.op == EXPR_SUB || n.op == EXPR_NEG;
        stack[depth++] = (place){p.node - 1, p.negative != flips};
        if (n.arity == 2)
            stack[depth++] = (place){first_operand(g->e, p.node), p.negative};
    }
    free(stack);
    return ok;
}

/* c + x where both may be missing (count 0). */
static item add_to(arena *memory, item acc, item t, bool sum)
{
    if (acc.e.count == 0)
        return t;
    if (!sum) {
        acc.e = joined(memory, acc.e, t.e, EXPR_MUL);
    } else if (acc.negative && !t.negative) {
        acc.e = joined(memory, t.e, acc.e, EXPR_SUB);
        acc.negative = false;
    } else {
        acc.e = joined(memory, acc.e, t.e, acc.negative == t.negative ? EXPR_ADD : EXPR_SUB);
    }
    acc.one_value = acc.one_value || t.one_value;
    return acc;
}

/* Joins all items of the base of item k, and takes them away. */
static item take_group(grouper *g, int k, bool sum)
{
    item acc = {0};
    expr base = g->items[k].base;
    for (int j = k; j < g->count; j++) {
        item *t = &g->items[j];
        if (t->e.count == 0 || t->constant || !expr_equal(t->base, base))
            continue;
        bool alone = acc.e.count != 0;
        acc = add_to(g->memory, acc, *t, sum);
        acc.one_value = acc.one_value || alone;
        t->e.count = 0;
    }
    return acc;
}

/* True where a table pays for the item: it is more than a multiple of its base. */
static bool is_curved(item t)
{
    bool curved = false;
    for (int k = 0; k < t.e.count && t.one_value; k++) {
        expr_op op = (expr_op)t.e.nodes[k].op;
        bool linear = op == EXPR_CONST || op == EXPR_VAR || op == EXPR_ADD || op == EXPR_SUB ||
                      op == EXPR_NEG || op == EXPR_MUL;
        curved = curved || !linear;
    }
    return curved && t.one_value;
}

static expr regroup(grouper *g, int i, bool sum)
{
    item constant = {0}, all = {0};
    if (!collect(g, i, sum))
        return (expr){0};
    for (int k = 0; k < g->count; k++) {
        if (g->items[k].constant) {
            constant = add_to(g->memory, constant, g->items[k], sum);
            g->items[k].e.count = 0;
        }
    }
    for (int k = 0; k < g->count; k++) {
        if (g->items[k].e.count == 0)
            continue;
        item group = take_group(g, k, sum);
        if (constant.e.count && is_curved(group)) {
            group = add_to(g->memory, group, constant, sum);
            constant.e.count = 0;
        }
        all = add_to(g->memory, all, group, sum);
    }
    if (constant.e.count)
        all = add_to(g->memory, all, constant, sum);
    return all.negative ? joined(g->memory, all.e, (expr){0}, EXPR_NEG) : all.e;
}

/* Node i over the rewritten operands. */
static expr rebuild(grouper *g, int i)
{
    expr_node n = g->e.nodes[i];
    if (n.arity == 0)
        return part(g->e, i);
    if (n.arity == 1)
        return joined(g->memory, g->made[i - 1], (expr){0}, (expr_op)n.op);
    return joined(g->memory, g->made[first_operand(g->e, i)], g->made[i - 1], (expr_op)n.op);
}

expr merge_group(arena *memory, expr e)
{
    grouper g = {.memory = memory, .e = e};
    g.made = ARENA_ARRAY(memory, expr, e.count);
    g.items = ARENA_ARRAY(memory, item, e.count);
    bool *inside = ARENA_ARRAY(memory, bool, e.count); /* of its parent's sum or product */
    if (!g.made || !g.items || !inside)
        return (expr){0};
    for (int i = 0; i < e.count; i++) {
        expr_node n = e.nodes[i];
        if (n.arity == 0)
            continue;
        bool sum = is_additive(n);
        if (!sum && n.op != EXPR_MUL)
            continue;
        inside[i - 1] = has_role(e.nodes[i - 1], sum);
        if (n.arity == 2)
            inside[first_operand(e, i)] = has_role(e.nodes[first_operand(e, i)], sum);
    }
    for (int i = 0; i < e.count; i++) {
        expr_node n = e.nodes[i];
        bool sum = is_additive(n), product = n.op == EXPR_MUL;
        if (inside[i])
            continue; /* its parent takes its operands */
        g.made[i] = sum || product ? regroup(&g, i, sum) : rebuild(&g, i);
        if (g.made[i].count == 0)
            return (expr){0};
    }
    return g.made[e.count - 1];
}

symlut_status merge_model(symlut_model **out, const symlut_model *model, symlut_error *err)
{
    *out = NULL;
    symlut_model *m = model_new(model->input_count, model->output_count);
    if (!m)
        return error_memory(err);
    m->task = model->task;
    m->seed = model->seed;
    m->target_name = arena_strdup(&m->memory, model->target_name);
    m->data_hash = arena_strdup(&m->memory, model->data_hash);
    for (size_t k = 0; k < model->input_count; k++) {
        m->inputs[k] = model->inputs[k];
        m->inputs[k].name = arena_strdup(&m->memory, model->inputs[k].name);
    }
    for (size_t k = 0; k < model->output_count; k++) {
        m->output_names[k] = arena_strdup(&m->memory, model->output_names[k]);
        m->outputs[k] = merge_group(&m->memory, model->outputs[k]);
    }
    if (m->memory.failed) {
        symlut_model_free(m);
        return error_memory(err);
    }
    *out = m;
    return SYMLUT_OK;
}
