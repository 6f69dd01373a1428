#include "search/template.h"

#include <string.h>

bool template_is(expr e)
{
    return e.count > 0 && e.nodes[e.count - 1].op == EXPR_CALL &&
           e.nodes[e.count - 1].feature == TEMPLATE_CALL;
}

void template_starts(expr e, int starts[TEMPLATE_PARTS + 1])
{
    int count = e.nodes[e.count - 1].arity;
    starts[count] = e.count - 1;
    for (int k = count - 1; k >= 0; k--)
        starts[k] = starts[k + 1] - (int)e.nodes[starts[k + 1] - 1].length;
}

static expr part_of(expr e, const int *starts, int k)
{
    return (expr){e.nodes + starts[k], starts[k + 1] - starts[k]};
}

bool template_fits(const template *t, expr e)
{
    if (!template_is(e) || e.nodes[e.count - 1].arity != t->count)
        return false;
    int starts[TEMPLATE_PARTS + 1];
    template_starts(e, starts);
    for (int k = 0; k < t->count; k++) {
        expr part = part_of(e, starts, k);
        if (k >= t->expressions && (part.count != 1 || part.nodes->op != EXPR_CONST))
            return false;
        for (int i = 0; i < part.count; i++)
            if (!tree_node_known(&part.nodes[i], &t->parts[k].words))
                return false;
    }
    return starts[0] == 0;
}

/* ---------------------------------------------------------------- expansion */

/* The part that begins at node `start` with the user's functions written out, at room[*used];
 * constants are numbered as in the whole. */
static bool write_part(expr *out, expr_node *room, int capacity, int *used, expr part, int start,
                       const expr_functions *functions)
{
    *out = (expr){room + *used, 0};
    if (functions) {
        if (!expr_expand(out, capacity - *used, part, functions->items))
            return false;
        for (int i = 0; i < out->count; i++)
            if (out->nodes[i].op == EXPR_CONST && out->nodes[i].feature > 0)
                out->nodes[i].feature = (uint16_t)(out->nodes[i].feature + start);
    } else {
        if (part.count > capacity - *used)
            return false;
        memcpy(out->nodes, part.nodes, (size_t)part.count * sizeof *part.nodes);
        out->count = part.count;
        for (int i = 0; i < out->count; i++)
            if (out->nodes[i].op == EXPR_CONST)
                out->nodes[i].feature = (uint16_t)(start + i + 1);
    }
    *used += out->count;
    return true;
}

bool template_expand(expr *out, int capacity, const template *t, expr e,
                     const expr_functions *functions)
{
    expr_node room[RULES_PLAIN];
    expr_function definitions[TEMPLATE_PARTS];
    int starts[TEMPLATE_PARTS + 1], used = 0;
    template_starts(e, starts);
    for (int k = 0; k < t->count; k++) {
        definitions[k] = (expr_function){t->parts[k].name, t->parts[k].arity, {0}};
        if (!write_part(&definitions[k].body, room, RULES_PLAIN, &used, part_of(e, starts, k),
                        starts[k], functions))
            return false;
    }
    return expr_substitute(out, capacity, t->outer, definitions);
}

void template_simplify(expr *e)
{
    int starts[TEMPLATE_PARTS + 1], to = 0;
    int count = e->nodes[e->count - 1].arity;
    expr_node root = e->nodes[e->count - 1];
    template_starts(*e, starts);
    for (int k = 0; k < count; k++) {
        expr part = part_of(*e, starts, k);
        expr_simplify(&part);
        memmove(e->nodes + to, part.nodes, (size_t)part.count * sizeof *part.nodes);
        to += part.count;
    }
    e->nodes[to++] = root;
    e->count = to;
    tree_measure(e);
}

/* ---------------------------------------------------------------- changes */

void template_random(expr *out, int size, int capacity, const template *t, rng *r)
{
    int room = (capacity - 1 - (t->count - t->expressions)) / t->expressions;
    out->count = 0;
    for (int k = 0; k < t->count; k++) {
        expr part = {out->nodes + out->count, 1};
        if (k >= t->expressions)
            part.nodes[0] = (expr_node){.op = EXPR_CONST, .value = t->parts[k].start};
        else
            tree_random(&part, 1 + (int)rng_below(r, (uint32_t)(size < room ? size : room)), room,
                        &t->parts[k].words, r);
        out->count += part.count;
    }
    out->nodes[out->count++] =
        (expr_node){.op = EXPR_CALL, .arity = (uint8_t)t->count, .feature = TEMPLATE_CALL};
    tree_measure(out);
}

/* e with part k replaced by what stands in out behind the parts before it. */
static void finish_change(expr *out, expr changed, expr e, const int *starts, int k)
{
    int rest = e.count - starts[k + 1];
    out->count = starts[k] + changed.count;
    memcpy(out->nodes + out->count, e.nodes + starts[k + 1], (size_t)rest * sizeof *e.nodes);
    out->count += rest;
    tree_measure(out);
}

bool template_mutate(expr *out, int capacity, expr e, mutation kind, double temperature,
                     const template *t, rng *r)
{
    if (kind == MUTATE_CONSTANT) /* any of the whole, parameters included */
        return tree_mutate(out, capacity, e, kind, temperature, &t->parts[0].words, r);
    int starts[TEMPLATE_PARTS + 1], first = 0;
    template_starts(e, starts);
    if (t->expressions > 1)
        first = (int)rng_below(r, (uint32_t)t->expressions);
    for (int i = 0; i < t->expressions; i++) {
        int k = (first + i) % t->expressions;
        expr part = part_of(e, starts, k), changed = {out->nodes + starts[k], 0};
        memcpy(out->nodes, e.nodes, (size_t)starts[k] * sizeof *e.nodes);
        if (!tree_mutate(&changed, capacity - (e.count - part.count), part, kind, temperature,
                         &t->parts[k].words, r))
            continue;
        finish_change(out, changed, e, starts, k);
        return true;
    }
    return false;
}

bool template_cross(expr *out, int capacity, expr a, expr b, const template *t, rng *r)
{
    int starts[TEMPLATE_PARTS + 1], others[TEMPLATE_PARTS + 1], k = 0;
    template_starts(a, starts);
    template_starts(b, others);
    if (t->expressions > 1)
        k = (int)rng_below(r, (uint32_t)t->expressions);
    expr part = part_of(a, starts, k), changed = {out->nodes + starts[k], 0};
    memcpy(out->nodes, a.nodes, (size_t)starts[k] * sizeof *a.nodes);
    if (!tree_cross(&changed, capacity - (a.count - part.count), part, part_of(b, others, k), r))
        return false;
    finish_change(out, changed, a, starts, k);
    return true;
}

/* ---------------------------------------------------------------- printing */

static void print_part(text *out, const template_part *p, expr part,
                       const expr_functions *functions)
{
    expr_node room[RULES_PLAIN];
    expr plain = part;
    if (p->arity == 0) {
        text_printf(out, "%s = ", p->name);
        text_number(out, part.nodes->value, 17);
        return;
    }
    text_printf(out, "%s(", p->name);
    for (int i = 0; i < p->arity; i++)
        text_printf(out, "%s%s", i ? ", " : "", p->arguments[i]);
    text_append(out, ") = ");
    if (functions) {
        plain = (expr){room, 0};
        if (!expr_expand(&plain, RULES_PLAIN, part, functions->items))
            return; /* cannot be: the whole is no longer than that */
    }
    expr_names names = {p->arguments, (size_t)p->arity};
    expr_print(out, plain, &names, SYMLUT_PRINT_INFIX, 17);
}

void template_print(text *out, const template *t, expr e, const expr_functions *functions)
{
    int starts[TEMPLATE_PARTS + 1];
    template_starts(e, starts);
    for (int k = 0; k < t->count; k++) {
        if (k > 0)
            text_append(out, "; ");
        print_part(out, &t->parts[k], part_of(e, starts, k), functions);
    }
}
