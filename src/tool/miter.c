/* The comparison of two cones as one graph. */
#include "tool/miter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Nodes of a cone, operands first. */
typedef struct cone {
    graph_ref *order, *map; /* [g->count]; map: nodes of the miter */
    uint8_t *seen, *next;   /* [g->count] */
    graph_ref *stack;
    size_t count;
} cone;

static bool cone_new(cone *c, const graph *g)
{
    size_t n = g->count + (size_t)1;
    *c = (cone){.order = malloc(n * sizeof *c->order),
                .map = malloc(n * sizeof *c->map),
                .seen = calloc(n, 1),
                .next = calloc(n, 1),
                .stack = malloc(n * sizeof *c->stack)};
    if (c->map)
        memset(c->map, 0xff, n * sizeof *c->map);
    return c->order && c->map && c->seen && c->next && c->stack;
}

static void cone_free(cone *c)
{
    free(c->order);
    free(c->map);
    free(c->seen);
    free(c->next);
    free(c->stack);
}

static bool is_leaf(const graph *g, graph_ref k, const graph_ref *stop, bool at_inputs)
{
    return g->nodes[k].op == GRAPH_INPUT || (!at_inputs && stop[k] != GRAPH_NONE);
}

static void walk(cone *c, const graph *g, graph_ref top, const graph_ref *stop, bool at_inputs)
{
    size_t depth = 0;
    c->stack[depth++] = top;
    c->seen[top] = 1;
    while (depth > 0) {
        graph_ref k = c->stack[depth - 1];
        const graph_node *n = &g->nodes[k];
        if (is_leaf(g, k, stop, at_inputs) || c->next[k] == graph_arity((graph_op)n->op)) {
            c->order[c->count++] = k;
            depth--;
            continue;
        }
        graph_ref below = n->arg[c->next[k]++];
        if (!c->seen[below])
            c->stack[depth++] = below;
        c->seen[below] = 1;
    }
}

static bool add_leaf(miter *o, graph_ref p)
{
    for (uint32_t i = 0; i < o->leaves; i++) {
        if (o->leaf[i] == p)
            return true;
    }
    if (o->leaves == MITER_LEAVES)
        return false;
    o->leaf[o->leaves++] = p;
    return true;
}

/* The input of leaf i, in its range; *inside becomes what says so. */
static graph_ref leaf_input(const pairing *w, miter *o, uint32_t i, graph_ref *inside)
{
    char name[16];
    const graph_node *n = &w->p->nodes[o->leaf[i]];
    graph_ref f = w->match[o->leaf[i]];
    const graph_node *b = f == GRAPH_NONE ? n : &w->f->nodes[f]; /* an input that f does not use */
    graph *m = o->m;
    snprintf(name, sizeof name, "i%" PRIu32, i);
    o->lo[i] = n->lo;
    o->hi[i] = n->hi;
    if (b->fmt.frac == n->fmt.frac && !w->negated[o->leaf[i]]) {
        o->lo[i] = n->lo > b->lo ? n->lo : b->lo;
        o->hi[i] = n->hi < b->hi ? n->hi : b->hi;
    }
    o->combinations *= (double)o->hi[i] - (double)o->lo[i] + 1;
    graph_ref raw = graph_add_input(m, name, n->fmt);
    if (o->lo[i] == format_min(n->fmt) && o->hi[i] == format_max(n->fmt))
        return raw;
    graph_ref low = graph_add_exact_const(m, o->lo[i], n->fmt.frac);
    graph_ref high = graph_add_exact_const(m, o->hi[i], n->fmt.frac);
    graph_ref above = graph_add(m, GRAPH_LE, low, raw, GRAPH_NONE);
    graph_ref below = graph_add(m, GRAPH_LE, raw, high, GRAPH_NONE);
    graph_ref both = graph_add(m, GRAPH_MIN, above, below, GRAPH_NONE);
    *inside = *inside == GRAPH_NONE ? both : graph_add(m, GRAPH_MIN, *inside, both, GRAPH_NONE);
    graph_ref x = graph_add_cast(m, raw, n->fmt, ROUND_TRN, OVERFLOW_WRAP);
    if (x != GRAPH_NONE && x != raw)
        graph_narrow(m, x, o->lo[i], o->hi[i]);
    return x;
}

/* The leaf as both graphs read it. */
static void map_leaf(const pairing *w, miter *o, uint32_t i, cone *p, cone *f, graph_ref *inside)
{
    graph *m = o->m;
    graph_ref q = o->leaf[i], x = leaf_input(w, o, i, inside);
    o->input[i] = x;
    p->map[q] = x;
    if (w->match[q] == GRAPH_NONE)
        return;
    format target = w->f->nodes[w->match[q]].fmt;
    if (w->negated[q])
        x = graph_add(m, GRAPH_NEG, x, GRAPH_NONE, GRAPH_NONE);
    if (x != GRAPH_NONE && !format_equal(m->nodes[x].fmt, target))
        x = graph_add_cast(m, x, target, ROUND_TRN, OVERFLOW_WRAP);
    f->map[w->match[q]] = x;
}

/* A node of f may be settled with several of p: each is the leaf of the first. */
static void copy_cone(miter *o, const graph *g, cone *c, const graph_ref *stop, bool at_inputs)
{
    graph *m = o->m;
    for (size_t i = 0; i < c->count && m->failed.status == SYMLUT_OK; i++) {
        graph_ref k = c->order[i];
        const graph_node *n = &g->nodes[k];
        if (is_leaf(g, k, stop, at_inputs))
            continue;
        o->has_product |= n->op == GRAPH_MUL && g->nodes[n->arg[0]].op != GRAPH_CONST &&
                          g->nodes[n->arg[1]].op != GRAPH_CONST;
        c->map[k] = n->op == GRAPH_REG || n->op == GRAPH_OUTPUT ? c->map[n->arg[0]]
                                                                : graph_copy_node(m, g, k, c->map);
    }
}

static void compare(miter *o, bool negated, graph_ref inside)
{
    graph *m = o->m;
    if (negated)
        o->b = graph_add(m, GRAPH_NEG, o->b, GRAPH_NONE, GRAPH_NONE);
    graph_ref zero = graph_add_const(m, 0, (format){.width = 1});
    graph_ref equal = graph_add(m, GRAPH_EQ, o->a, o->b, GRAPH_NONE);
    graph_ref bad = graph_add(m, GRAPH_EQ, equal, zero, GRAPH_NONE);
    if (inside != GRAPH_NONE)
        bad = graph_add(m, GRAPH_SELECT, inside, bad, zero);
    graph_add_output(m, "bad", bad);
}

static const char *find_leaves(miter *o, const pairing *w, const cone *p, const cone *f,
                               bool at_inputs)
{
    bool fit = true, known = true;
    for (size_t i = 0; fit && i < p->count; i++)
        fit = !is_leaf(w->p, p->order[i], w->match, at_inputs) || add_leaf(o, p->order[i]);
    for (size_t i = 0; fit && known && i < f->count; i++) {
        graph_ref k = f->order[i];
        if (!is_leaf(w->f, k, w->cut, at_inputs))
            continue;
        known = w->cut[k] != GRAPH_NONE;
        fit = !known || add_leaf(o, w->cut[k]);
    }
    return !fit ? "it reads more than 64 values" : !known ? "an input has no counterpart" : NULL;
}

const char *miter_build(miter *o, const pairing *w, graph_ref p, graph_ref f, bool negated,
                        bool at_inputs)
{
    *o = (miter){.m = graph_new(), .combinations = 1, .at_inputs = true};
    cone a, b = {0};
    bool memory = cone_new(&a, w->p) && cone_new(&b, w->f) && o->m;
    const char *why = memory ? NULL : "out of memory";
    if (memory) {
        walk(&a, w->p, p, w->match, at_inputs);
        walk(&b, w->f, f, w->cut, at_inputs);
        why = find_leaves(o, w, &a, &b, at_inputs);
    }
    if (!why) {
        graph_ref inside = GRAPH_NONE;
        for (uint32_t i = 0; i < o->leaves; i++) {
            o->at_inputs = o->at_inputs && w->p->nodes[o->leaf[i]].op == GRAPH_INPUT;
            map_leaf(w, o, i, &a, &b, &inside);
        }
        copy_cone(o, w->p, &a, w->match, at_inputs);
        copy_cone(o, w->f, &b, w->cut, at_inputs);
        o->a = a.map[p];
        o->b = b.map[f];
        compare(o, negated, inside);
        if (o->m->failed.status != SYMLUT_OK)
            why = "a value in it exceeds 64 bits";
    }
    cone_free(&a);
    cone_free(&b);
    return why;
}

void miter_key(text *key, const miter *o)
{
    const graph *m = o->m;
    for (uint32_t t = 0; t < m->table_count; t++) {
        const graph_table *table = &m->tables[t];
        text_printf(key, "t%d %d.%d.%d\n", table->index_bits, table->word.is_signed,
                    table->word.width, table->word.frac);
        for (size_t i = 0; i < (size_t)1 << table->index_bits; i++)
            text_printf(key, "%" PRId64 " ", table->words[i]);
    }
    for (graph_ref k = 0; k < m->count; k++) {
        const graph_node *n = &m->nodes[k];
        text_printf(key, "%d.%d.%d %d.%d.%d %" PRIu32 " %" PRIu32 " %" PRIu32, n->op, n->rounding,
                    n->overflow, n->fmt.is_signed, n->fmt.width, n->fmt.frac, n->arg[0], n->arg[1],
                    n->arg[2]);
        text_printf(key, " %" PRId64 " %" PRId64 " %" PRId64 "\n", n->lo, n->hi, n->aux);
    }
}
