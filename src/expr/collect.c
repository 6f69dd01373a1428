/* Sums and products as a reader would write them: a/(b/c) is a*c/b, constants of one product or sum
 * become one, x + x is 2*x, x*x is x^2, x^2*x is x^3, a*x + b*x is x*(a + b), signs cancel.
 *
 * Each operation, from the leaves up, is the root of a product (* / neg inv and powers) or a sum
 * (+ - neg) of operands that are collected already. It is taken apart, written anew in a few ways,
 * and the first in this order is kept: fewer nodes, fewer divisions, inverses and signs, fewer
 * inputs, fewer constants and parentheses out of their usual places. So what is collected twice
 * stays as it is.
 *
 * Values change by rounding, apart from overflow on the way. Factors are never cancelled, so that
 * no pole disappears; a constant leaves a root or a logarithm only where it is above 0. Where 1/x
 * is infinite, 2/x - 3/x is NaN and -1/x is not: terms are put together only if what they share is
 * finite everywhere, or if neither can become finite on its way to the whole's value, as exp(-1/x)
 * does. */
#include "expr/collect.h"

#include <math.h>
#include <string.h>

#include "expr/parts.h"

/* ---------------------------------------------------------------- common factors */

static int times_of(const factor *items, int count, expr e)
{
    for (int i = 0; i < count; i++)
        if (expr_equal(items[i].e, e))
            return items[i].times;
    return 0;
}

/* What two lists share, in a; or a without what b holds where `without`. */
static void share(factor *a, int *count, const factor *b, int b_count, bool without)
{
    int kept = 0;
    for (int i = 0; i < *count; i++) {
        int times = times_of(b, b_count, a[i].e);
        if (without)
            times = a[i].times - times;
        else if (times > a[i].times)
            times = a[i].times;
        if (times > 0)
            a[kept++] = (factor){a[i].e, times};
    }
    *count = kept;
}

typedef struct factoring {
    const sum *s;
    parts *all;   /* [s->count] */
    bool *member; /* [s->count] terms that share the factor */
    parts common;
    double number; /* that all members have, up to the sign; else 1 */
} factoring;

/* Finds the terms that have f, `under` the line, or where f is empty the number, and all that they
 * share. False: one at most. */
static bool find_members(factoring *w, collector *c, expr f, bool under)
{
    int members = 0;
    for (int i = 0; i < w->s->count; i++) {
        parts *p = &w->all[i];
        double number = fabs(w->s->terms[i].number);
        if (f.count > 0)
            w->member[i] =
                times_of(under ? p->den : p->num, under ? p->den_count : p->num_count, f);
        else
            w->member[i] = number == w->number;
        if (!w->member[i])
            continue;
        if (members++ == 0) {
            if (!parts_init(&w->common, c, p->num_count + p->den_count))
                return false;
            w->common.num_count = p->num_count;
            w->common.den_count = p->den_count;
            if (p->num_count > 0)
                memcpy(w->common.num, p->num, (size_t)p->num_count * sizeof *p->num);
            if (p->den_count > 0)
                memcpy(w->common.den, p->den, (size_t)p->den_count * sizeof *p->den);
            w->number = number;
        } else {
            share(w->common.num, &w->common.num_count, p->num, p->num_count, false);
            share(w->common.den, &w->common.den_count, p->den, p->den_count, false);
            w->number = number == w->number ? number : 1;
        }
    }
    return members > 1;
}

static bool shares_safely(const factoring *w, const collector *c)
{
    bool safe = c->passes || w->common.den_count == 0;
    for (int i = 0; i < w->common.num_count; i++)
        safe = safe && terms_join(c, w->common.num[i].e);
    return safe;
}

/* The sum with the members written as common * (rest + rest + ...). count 0: it cannot be. */
static expr write_factored(factoring *w, collector *c)
{
    expr none = {NULL, 0};
    sum inner = {.terms = ARENA_ARRAY(c->memory, term, w->s->count)};
    sum outer = {.terms = ARENA_ARRAY(c->memory, term, w->s->count), .constant = w->s->constant};
    int at = -1;
    double sign = 1;
    if (!inner.terms || !outer.terms)
        return none;
    for (int i = 0; i < w->s->count; i++) {
        const term *t = &w->s->terms[i];
        if (!w->member[i]) {
            outer.terms[outer.count++] = *t;
            continue;
        }
        if (at < 0) {
            at = outer.count++;
            sign = t->number < 0 ? -1 : 1;
        }
        parts p = w->all[i];
        double number = sign * t->number / w->number;
        share(p.num, &p.num_count, w->common.num, w->common.num_count, true);
        share(p.den, &p.den_count, w->common.den, w->common.den_count, true);
        if (p.num_count + p.den_count == 0)
            inner.constant += number;
        else
            sum_put(&inner, c, product_write(c, &p, 0), number);
    }
    if (inner.count == 0) /* like terms that are no sum */
        return none;
    expr rest = sum_write(c, &inner);
    if (rest.count == 0 || c->memory->failed)
        return none;
    product_put(&w->common, rest, 1);
    expr product = product_write(c, &w->common, 0);
    outer.terms[at] = (term){.rest = product, .number = sign * w->number};
    if (w->number == 1)
        outer.terms[at].text = product;
    return product.count > 0 ? sum_write(c, &outer) : none;
}

static bool factoring_init(factoring *w, collector *c, const sum *s)
{
    *w = (factoring){.s = s,
                     .all = ARENA_ARRAY(c->memory, parts, s->count + 1),
                     .member = ARENA_ARRAY(c->memory, bool, s->count + 1)};
    bool ok = w->all && w->member;
    for (int i = 0; ok && i < s->count; i++)
        ok = product_split(&w->all[i], c, s->terms[i].rest, 0);
    return ok;
}

/* ---------------------------------------------------------------- choosing */

static bool is_writable(collector *c, expr e)
{
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op < EXPR_OP_COUNT && e.nodes[i].arity > 0 && !c->allowed[e.nodes[i].op])
            return false;
    return e.count > 0 && !c->memory->failed;
}

/* Whether the first factor is a number below 0. */
static bool leads_negative(expr e)
{
    while (expr_root(e) == EXPR_MUL || expr_root(e) == EXPR_DIV)
        e = expr_operand(e, 1);
    return expr_root(e) == EXPR_CONST && e.nodes->value < 0;
}

/* 6 of x*6, the parentheses of x*(y*z) and x + (y - z), the order of 2 + x and x + 2 + y, the sign
 * of x + -2, the signs of -2 - x. */
static int untidy(expr e)
{
    expr_op op = expr_root(e);
    bool product = op == EXPR_MUL, adds = op == EXPR_ADD || op == EXPR_SUB;
    if (!product && !adds)
        return 0;
    expr a = expr_operand(e, 1), b = expr_operand(e, 0);
    expr_op left = expr_root(a), right = expr_root(b);
    if (product)
        return (right == EXPR_CONST) + (right == EXPR_MUL || right == EXPR_DIV) +
               (left == EXPR_DIV);
    bool amid =
        (left == EXPR_ADD || left == EXPR_SUB) && expr_root(expr_operand(a, 0)) == EXPR_CONST;
    bool turned = op == EXPR_SUB && left == EXPR_CONST && a.nodes->value < 0;
    return amid + turned + (op == EXPR_ADD && (left == EXPR_CONST || leads_negative(a))) +
           (right == EXPR_ADD || right == EXPR_SUB) + leads_negative(b);
}

/* Smaller is better written. */
static long measure(expr e)
{
    long turns = 0, inputs = 0, odd = 0;
    for (int i = 0; i < e.count; i++) {
        uint8_t op = e.nodes[i].op;
        turns += op == EXPR_DIV || op == EXPR_INV || op == EXPR_NEG;
        inputs += op == EXPR_VAR;
        odd += e.nodes[i].arity == 2 ? untidy(expr_subtree(e, i)) : 0;
    }
    return (((long)e.count * EXPR_MAX_NODES + turns) * EXPR_MAX_NODES + inputs) *
               (4 * EXPR_MAX_NODES) +
           odd;
}

static void consider(collector *c, expr *best, expr made)
{
    if (is_writable(c, made) && measure(made) < measure(*best))
        *best = made;
}

static void consider_products(collector *c, expr *best, expr e)
{
    for (int way = 0; way < WAYS; way++) {
        parts p;
        if (product_split(&p, c, e, way))
            consider(c, best, product_write(c, &p, way));
    }
}

/* Factor k of term i before the terms that share it, -1: its number. False: it has no factor k. */
static bool consider_factor(collector *c, expr *best, factoring *w, int i, int k)
{
    const parts *p = &w->all[i];
    bool under = k >= p->num_count;
    expr f = {NULL, 0};
    w->number = fabs(w->s->terms[i].number);
    if (k >= p->num_count + p->den_count)
        return false;
    if (k >= 0)
        f = under ? p->den[k - p->num_count].e : p->num[k].e;
    if ((k >= 0 || w->number != 1) && find_members(w, c, f, under) && shares_safely(w, c)) {
        expr made = write_factored(w, c);
        if (made.count < best->count) /* x + x*y stays */
            consider(c, best, made);
    }
    return true;
}

static void consider_sums(collector *c, expr *best, expr e)
{
    for (int spread = 0; spread < 2; spread++) {
        sum s;
        factoring w;
        if (!sum_split(&s, c, e, spread))
            return;
        consider(c, best, sum_write(c, &s));
        for (int i = 0; i < s.count; i++)
            for (int k = -1; factoring_init(&w, c, &s) && consider_factor(c, best, &w, i, k); k++)
                ;
    }
}

/* cos(-2*x) is cos(2*x). */
static void consider_even(collector *c, expr *best, expr e)
{
    parts p;
    if (!product_split(&p, c, expr_operand(e, 0), 0))
        return;
    p.negative = false;
    p.with = fabs(p.with);
    p.against = fabs(p.against);
    expr inner = product_write(c, &p, 0);
    if (inner.count > 0)
        consider(c, best, expr_applied(c, inner, expr_root(e)));
}

/* The root's operands are collected. */
static expr collected(collector *c, expr e)
{
    expr best = e;
    switch (expr_root(e)) {
    case EXPR_INV:
    case EXPR_POW:
    case EXPR_CUBE:
        consider_products(c, &best, e);
        break;
    case EXPR_MUL: /* of a number and a sum */
    case EXPR_DIV:
    case EXPR_NEG:
        consider_products(c, &best, e);
        consider_sums(c, &best, e);
        break;
    case EXPR_ADD:
    case EXPR_SUB:
        consider_sums(c, &best, e);
        break;
    case EXPR_SQUARE:
        consider_products(c, &best, e);
        consider_even(c, &best, e);
        break;
    case EXPR_ABS:
    case EXPR_COS:
    case EXPR_COSH:
    case EXPR_GAUSS:
        consider_even(c, &best, e);
        break;
    default:
        break;
    }
    return best;
}

/* passes[i]: whether e is not finite where its node i is not. */
static void find_passing(bool *passes, expr e)
{
    memset(passes, 0, (size_t)e.count * sizeof *passes);
    passes[e.count - 1] = true;
    for (int i = e.count - 1; i >= 0; i--) {
        int last = i - 1, first = e.nodes[i].arity == 2 ? last - (int)e.nodes[last].length : last;
        switch (e.nodes[i].op) {
        case EXPR_ADD:
        case EXPR_SUB:
        case EXPR_MUL:
        case EXPR_NEG:
        case EXPR_ABS:
        case EXPR_SQUARE:
        case EXPR_CUBE:
        case EXPR_SQRT:
        case EXPR_LOG:
        case EXPR_SIN:
        case EXPR_COS:
            passes[first] = passes[last] = passes[i];
            break;
        case EXPR_DIV:
            passes[first] = passes[i];
            break;
        default:
            break;
        }
    }
}

static expr collect_once(collector *c, expr e)
{
    expr *stack = ARENA_ARRAY(c->memory, expr, e.count + 1);
    bool *passes = ARENA_ARRAY(c->memory, bool, e.count + 1);
    int depth = 0;
    if (!stack || !passes)
        return (expr){NULL, 0};
    find_passing(passes, e);
    for (int i = 0; i < e.count; i++) {
        expr_node n = e.nodes[i];
        int length = 1, first = depth - n.arity;
        for (int k = first; k < depth; k++)
            length += stack[k].count;
        expr whole = {ARENA_ARRAY(c->memory, expr_node, length), 0};
        if (!whole.nodes)
            return whole;
        for (int k = first; k < depth; k++) {
            memcpy(whole.nodes + whole.count, stack[k].nodes,
                   (size_t)stack[k].count * sizeof *whole.nodes);
            whole.count += stack[k].count;
        }
        n.length = (uint32_t)length;
        whole.nodes[whole.count++] = n;
        depth = first;
        c->passes = passes[i];
        stack[depth++] = collected(c, whole);
    }
    return stack[0];
}

void expr_collect(expr *e, const bool *allowed)
{
    expr_simplify(e);
    for (long before = measure(*e) + 1; measure(*e) < before;) {
        arena scratch = {0};
        collector c = {&scratch, allowed, false};
        before = measure(*e);
        expr made = collect_once(&c, *e);
        if (made.count > 0 && !scratch.failed && measure(made) < before) {
            memcpy(e->nodes, made.nodes, (size_t)made.count * sizeof *made.nodes);
            e->count = made.count;
            expr_simplify(e);
        }
        arena_free(&scratch);
    }
}
