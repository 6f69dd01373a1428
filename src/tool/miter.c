/* The comparison of two cones as one graph. */
#include "tool/miter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What keeps the bits of f's node k: the node below its shifts and registers. */
static graph_ref bits_of(const graph *f, graph_ref k)
{
    while (f->nodes[k].op == GRAPH_REG || f->nodes[k].op == GRAPH_SHIFT)
        k = f->nodes[k].arg[0];
    return k;
}

void pairing_settle(pairing *w, graph_ref p, graph_ref f, bool negated)
{
    graph_ref first = w->cut[bits_of(w->f, f)];
    w->match[p] = f;
    w->negated[p] = negated;
    if (first == GRAPH_NONE)
        first = p;
    while (w->cut[f] == GRAPH_NONE) {
        w->cut[f] = first;
        if (w->f->nodes[f].op == GRAPH_REG || w->f->nodes[f].op == GRAPH_SHIFT)
            f = w->f->nodes[f].arg[0];
    }
}

/* Nodes of a cone, operands first, down to where it is cut. */
typedef struct cone {
    const graph *g;
    const graph_ref *stop;  /* [g->count] GRAPH_NONE: no cut */
    bool at_inputs;         /* no cuts but inputs */
    graph_ref open;         /* nor where a node has the bits of this one */
    graph_ref *order, *map; /* [g->count]; map: nodes of the miter */
    uint8_t *seen, *next;   /* [g->count] */
    graph_ref *stack;
    size_t count;
} cone;

static bool cone_new(cone *c, const graph *g, const graph_ref *stop, bool at_inputs)
{
    size_t n = g->count + (size_t)1;
    *c = (cone){.g = g,
                .stop = stop,
                .at_inputs = at_inputs,
                .open = GRAPH_NONE,
                .order = malloc(n * sizeof *c->order),
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

static bool is_leaf(const cone *c, graph_ref k)
{
    if (c->g->nodes[k].op == GRAPH_INPUT)
        return true;
    return !c->at_inputs && c->stop[k] != GRAPH_NONE &&
           (c->open == GRAPH_NONE || bits_of(c->g, k) != c->open);
}

static void walk(cone *c, graph_ref top)
{
    size_t depth = 0;
    c->stack[depth++] = top;
    c->seen[top] = 1;
    while (depth > 0) {
        graph_ref k = c->stack[depth - 1];
        const graph_node *n = &c->g->nodes[k];
        if (is_leaf(c, k) || c->next[k] == graph_arity((graph_op)n->op)) {
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

/* The number of the leaf p, or of a new one; MITER_LEAVES: no room. */
static uint32_t add_leaf(const pairing *w, miter *o, graph_ref p)
{
    for (uint32_t i = 0; i < o->leaves; i++) {
        if (o->leaf[i] == p)
            return i;
    }
    if (o->leaves == MITER_LEAVES)
        return MITER_LEAVES;
    const graph_node *n = &w->p->nodes[p];
    graph_ref f = w->match[p];
    const graph_node *b = f == GRAPH_NONE ? n : &w->f->nodes[f]; /* an input that f does not use */
    bool same = b->fmt.frac == n->fmt.frac && !w->negated[p];
    o->lo[o->leaves] = same && b->lo > n->lo ? b->lo : n->lo;
    o->hi[o->leaves] = same && b->hi < n->hi ? b->hi : n->hi;
    o->leaf[o->leaves] = p;
    return o->leaves++;
}

/* The node of p that stands for k where cones are cut: the first with its bits in f. */
static graph_ref leaf_of(const pairing *w, graph_ref k)
{
    return w->match[k] == GRAPH_NONE ? k : w->cut[w->match[k]];
}

/* A leaf for node k of p; where it is another one's, also its range, if that is in the same units.
 */
static bool add_plain_leaf(const pairing *w, miter *o, graph_ref k)
{
    graph_ref first = leaf_of(w, k);
    uint32_t i = add_leaf(w, o, first);
    if (i == MITER_LEAVES || first == k)
        return i != MITER_LEAVES;
    if (o->aliases == MITER_LEAVES)
        return false;
    o->alias[o->aliases++] = k;
    const graph_node *n = &w->p->nodes[k];
    if (w->match[k] != w->match[first] || w->negated[k] != w->negated[first] ||
        n->fmt.frac != w->p->nodes[first].fmt.frac)
        return true;
    o->lo[i] = n->lo > o->lo[i] ? n->lo : o->lo[i];
    o->hi[i] = n->hi < o->hi[i] ? n->hi : o->hi[i];
    return true;
}

/* The input of leaf i, in its range; *inside becomes what says so. */
static graph_ref leaf_input(const pairing *w, miter *o, uint32_t i, graph_ref *inside)
{
    char name[16];
    const graph_node *n = &w->p->nodes[o->leaf[i]];
    graph *m = o->m;
    snprintf(name, sizeof name, "i%" PRIu32, i);
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

/* x in the format of node n. */
static graph_ref fit(graph *m, graph_ref x, const graph_node *n)
{
    if (x == GRAPH_NONE || format_equal(m->nodes[x].fmt, n->fmt))
        return x;
    return graph_add_cast(m, x, n->fmt, ROUND_TRN, OVERFLOW_WRAP);
}

/* Node k of f, cut at a leaf that is settled with another node of the same bits. */
static graph_ref same_bits(const pairing *w, miter *o, graph_ref k, const cone *f)
{
    graph_ref first = w->match[w->cut[k]], x = f->map[first];
    int power = w->f->nodes[first].fmt.frac - w->f->nodes[k].fmt.frac;
    if (power != 0)
        x = graph_add_shift(o->m, x, power);
    return fit(o->m, x, &w->f->nodes[k]);
}

/* The nodes at which the cones are cut that are no leaves themselves. */
static void map_aliases(const pairing *w, miter *o, cone *p, cone *f)
{
    for (size_t i = 0; i < f->count; i++) {
        graph_ref k = f->order[i];
        if (is_leaf(f, k) && f->map[k] == GRAPH_NONE)
            f->map[k] = same_bits(w, o, k, f);
    }
    for (uint32_t i = 0; i < o->aliases; i++) {
        graph_ref k = o->alias[i], x = same_bits(w, o, w->match[k], f);
        if (w->negated[k])
            x = graph_add(o->m, GRAPH_NEG, x, GRAPH_NONE, GRAPH_NONE);
        p->map[k] = fit(o->m, x, &w->p->nodes[k]);
    }
}

static void copy_cone(miter *o, cone *c)
{
    const graph *g = c->g;
    graph *m = o->m;
    for (size_t i = 0; i < c->count && m->failed.status == SYMLUT_OK; i++) {
        graph_ref k = c->order[i];
        const graph_node *n = &g->nodes[k];
        if (is_leaf(c, k))
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

static const char *find_leaves(miter *o, const pairing *w, const cone *p, const cone *f)
{
    bool fit = true, known = true;
    for (size_t i = 0; fit && i < p->count; i++)
        fit = !is_leaf(p, p->order[i]) || add_plain_leaf(w, o, p->order[i]);
    for (size_t i = 0; fit && known && i < f->count; i++) {
        graph_ref k = f->order[i];
        if (!is_leaf(f, k))
            continue;
        known = w->cut[k] != GRAPH_NONE;
        fit = !known || add_leaf(w, o, w->cut[k]) < MITER_LEAVES;
    }
    return !fit ? "it reads more than 64 values" : !known ? "an input has no counterpart" : NULL;
}

/* Where f's bits are another node's of p already, f is that one only if p is made from it; else p
 * computes it again, and the cone goes through. */
static void open_top(const pairing *w, const cone *a, cone *b, graph_ref f)
{
    graph_ref bits = bits_of(w->f, f);
    bool made_from = false;
    for (size_t i = 0; i < a->count; i++)
        made_from |= is_leaf(a, a->order[i]) && leaf_of(w, a->order[i]) == w->cut[bits];
    b->open = made_from ? GRAPH_NONE : bits;
}

const char *miter_build(miter *o, const pairing *w, graph_ref p, graph_ref f, bool negated,
                        bool at_inputs)
{
    *o = (miter){.m = graph_new(), .combinations = 1, .at_inputs = true};
    cone a, b = {0};
    bool memory =
        cone_new(&a, w->p, w->match, at_inputs) && cone_new(&b, w->f, w->cut, at_inputs) && o->m;
    const char *why = memory ? NULL : "out of memory";
    if (memory) {
        walk(&a, p);
        open_top(w, &a, &b, f);
        walk(&b, f);
        why = find_leaves(o, w, &a, &b);
    }
    if (!why) {
        graph_ref inside = GRAPH_NONE;
        for (uint32_t i = 0; i < o->leaves; i++) {
            o->at_inputs = o->at_inputs && w->p->nodes[o->leaf[i]].op == GRAPH_INPUT;
            map_leaf(w, o, i, &a, &b, &inside);
        }
        map_aliases(w, o, &a, &b);
        copy_cone(o, &a);
        copy_cone(o, &b);
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
        text_printf(key, "%d.%d.%d %d.%d.%d", n->op, n->rounding, n->overflow, n->fmt.is_signed,
                    n->fmt.width, n->fmt.frac);
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            text_printf(key, " %" PRIu32, n->arg[j]);
        text_printf(key, " %" PRId64 " %" PRId64 " %" PRId64 "\n", n->lo, n->hi, n->aux);
    }
}
