/* Sums and products as a reader would write them: a/(b/c) is a*c/b, constants of one product or sum
 * become one, x + x is 2*x, x*x is x^2, signs cancel.
 *
 * Each operation, from the leaves up, is the root of a product (* / neg inv) or a sum (+ - neg) of
 * operands that are collected already. It is taken apart, written anew, and the new text is kept
 * where it comes first in this order: fewer nodes, then fewer divisions, inverses and signs, then
 * fewer inputs. So what is collected twice stays as it is. Values change by rounding, apart from
 * overflow on the way; factors are never cancelled, so that no pole and no NaN disappears. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "expr/collect.h"

typedef struct collector {
    arena *memory;
    const bool *allowed; /* [EXPR_OP_COUNT] */
} collector;

/* A product c_n * Π num / (c_d * Π den), or a sum Σ num - Σ den + c_n - c_d. */
typedef struct parts {
    expr *num, *den; /* [count of the whole] */
    int num_count, den_count;
    double with, against;       /* constants */
    bool has_with, has_against; /* whether there were any */
    bool negative;              /* of a product */
} parts;

static expr subtree(expr e, int root)
{
    int length = (int)e.nodes[root].length;
    return (expr){e.nodes + root + 1 - length, length};
}

/* Operand k of n, counted from the last. */
static expr operand(expr e, int from_last)
{
    int root = e.count - 2;
    for (; from_last > 0; from_last--)
        root -= (int)e.nodes[root].length;
    return subtree(e, root);
}

static expr_op root_of(expr e)
{
    return (expr_op)e.nodes[e.count - 1].op;
}

/* ---------------------------------------------------------------- writing */

/* The postfix a b op; an operand of count 0 is left out. count 0: out of memory. */
static expr joined(collector *c, expr a, expr b, expr_op op)
{
    expr out = {ARENA_ARRAY(c->memory, expr_node, a.count + b.count + 1), 0};
    if (!out.nodes)
        return out;
    if (a.count > 0)
        memcpy(out.nodes, a.nodes, (size_t)a.count * sizeof *a.nodes);
    if (b.count > 0)
        memcpy(out.nodes + a.count, b.nodes, (size_t)b.count * sizeof *b.nodes);
    out.count = a.count + b.count + 1;
    out.nodes[out.count - 1] = (expr_node){
        .op = (uint8_t)op, .arity = (uint8_t)expr_arity(op), .length = (uint32_t)out.count};
    return out;
}

static expr constant(collector *c, double value)
{
    expr out = {ARENA_NEW(c->memory, expr_node), 1};
    if (!out.nodes)
        return (expr){NULL, 0};
    *out.nodes = (expr_node){.op = EXPR_CONST, .length = 1, .value = value};
    return out;
}

/* The operands one after the other; nothing where there are none. */
static expr chain(collector *c, const expr *items, int count, expr_op op)
{
    expr out = {NULL, 0};
    for (int i = 0; i < count; i++)
        out = i == 0 ? items[0] : joined(c, out, items[i], op);
    return out;
}

/* Equal items become one with a multiplicity, in the order of their first. */
static int group(expr *items, int *times, int count)
{
    int kept = 0;
    for (int i = 0; i < count; i++) {
        int k = 0;
        while (k < kept && !expr_equal(items[k], items[i]))
            k++;
        if (k == kept) {
            items[kept] = items[i];
            times[kept++] = 0;
        }
        times[k]++;
    }
    return kept;
}

/* e to the power k >= 1, in the cheapest way that is allowed. */
static expr power(collector *c, expr e, int k)
{
    expr none = {NULL, 0};
    if (k == 2 && c->allowed[EXPR_SQUARE])
        return joined(c, e, none, EXPR_SQUARE);
    if (k == 3 && c->allowed[EXPR_CUBE])
        return joined(c, e, none, EXPR_CUBE);
    if (k > 1 && c->allowed[EXPR_POW])
        return joined(c, e, constant(c, k), EXPR_POW);
    expr out = e;
    for (; k > 1; k--)
        out = joined(c, out, e, EXPR_MUL);
    return out;
}

/* ---------------------------------------------------------------- products */

static bool is_normal(double value)
{
    return fabs(value) >= DBL_MIN && fabs(value) <= DBL_MAX;
}

static bool parts_init(parts *p, collector *c, expr e, double neutral)
{
    *p = (parts){.num = ARENA_ARRAY(c->memory, expr, e.count),
                 .den = ARENA_ARRAY(c->memory, expr, e.count),
                 .with = neutral,
                 .against = neutral};
    return p->num && p->den;
}

typedef struct waiting {
    expr e;
    bool inverted;
} waiting;

/* False: out of memory. */
static bool split_product(parts *p, collector *c, expr e)
{
    waiting *stack = ARENA_ARRAY(c->memory, waiting, e.count + 1);
    int depth = 0;
    if (!stack || !parts_init(p, c, e, 1))
        return false;
    stack[depth++] = (waiting){e, false};
    while (depth > 0) {
        waiting at = stack[--depth];
        expr_op op = root_of(at.e);
        bool inverts = op == EXPR_DIV || op == EXPR_INV;
        if (op == EXPR_MUL || op == EXPR_DIV) {
            stack[depth++] = (waiting){operand(at.e, 0), at.inverted != inverts};
            stack[depth++] = (waiting){operand(at.e, 1), at.inverted};
        } else if (op == EXPR_NEG || op == EXPR_INV) {
            p->negative = p->negative != (op == EXPR_NEG);
            stack[depth++] = (waiting){operand(at.e, 0), at.inverted != inverts};
        } else if (op == EXPR_CONST && is_normal(at.e.nodes->value)) {
            *(at.inverted ? &p->against : &p->with) *= at.e.nodes->value;
            *(at.inverted ? &p->has_against : &p->has_with) = true;
        } else if (at.inverted) {
            p->den[p->den_count++] = at.e;
        } else {
            p->num[p->num_count++] = at.e;
        }
    }
    return true;
}

/* One constant, above the line where any was there, with the sign; a sign alone is left over. */
static bool settle_constant(parts *p)
{
    if (p->has_with && p->has_against) {
        p->with /= p->against;
        p->has_against = false;
        p->against = 1;
    }
    double *kept = p->has_with ? &p->with : &p->against;
    if (!is_normal(*kept))
        return false;
    if (!p->has_with && !p->has_against)
        return true;
    if (p->negative) {
        *kept = -*kept;
        p->negative = false;
    }
    if (p->num_count > 0 && fabs(*kept) == 1.0) { /* 1*x is x, -1*x is -x */
        p->negative = *kept < 0;
        *kept = 1;
        p->has_with = p->has_against = false;
    }
    return true;
}

/* Puts the constant before the factors, which become powers. */
static expr factors(collector *c, expr *items, int count, bool has_constant, double value)
{
    int *times = ARENA_ARRAY(c->memory, int, count + 1);
    expr *all = ARENA_ARRAY(c->memory, expr, count + 1), none = {NULL, 0};
    int kept = 0;
    if (!times || !all)
        return none;
    if (has_constant)
        all[kept++] = constant(c, value);
    count = group(items, times, count);
    for (int i = 0; i < count; i++)
        all[kept++] = power(c, items[i], times[i]);
    return chain(c, all, kept, EXPR_MUL);
}

/* count 0: it cannot be written. */
static expr write_product(collector *c, parts *p)
{
    expr none = {NULL, 0}, out;
    if (!settle_constant(p))
        return none;
    bool bare = p->num_count == 0 && !p->has_with;
    expr over = factors(c, p->num, p->num_count, p->has_with, p->with);
    expr under = factors(c, p->den, p->den_count, p->has_against, p->against);
    if (bare && under.count > 0 && c->allowed[EXPR_INV])
        out = joined(c, under, none, EXPR_INV);
    else if (under.count > 0)
        out = joined(c, bare ? constant(c, 1) : over, under, EXPR_DIV);
    else
        out = bare ? constant(c, 1) : over;
    return p->negative ? joined(c, out, none, EXPR_NEG) : out;
}

/* ---------------------------------------------------------------- sums */

/* False: out of memory. */
static bool split_sum(parts *p, collector *c, expr e)
{
    waiting *stack = ARENA_ARRAY(c->memory, waiting, e.count + 1);
    int depth = 0;
    if (!stack || !parts_init(p, c, e, 0))
        return false;
    stack[depth++] = (waiting){e, false};
    while (depth > 0) {
        waiting at = stack[--depth];
        expr_op op = root_of(at.e);
        if (op == EXPR_ADD || op == EXPR_SUB) {
            stack[depth++] = (waiting){operand(at.e, 0), at.inverted != (op == EXPR_SUB)};
            stack[depth++] = (waiting){operand(at.e, 1), at.inverted};
        } else if (op == EXPR_NEG) {
            stack[depth++] = (waiting){operand(at.e, 0), !at.inverted};
        } else if (op == EXPR_CONST && isfinite(at.e.nodes->value)) {
            p->with += at.inverted ? -at.e.nodes->value : at.e.nodes->value;
            p->has_with = true;
        } else if (at.inverted) {
            p->den[p->den_count++] = at.e;
        } else {
            p->num[p->num_count++] = at.e;
        }
    }
    return true;
}

/* A term as a number times the rest. False: it cannot be. */
static bool split_term(collector *c, expr term, double *number, expr *rest)
{
    parts p;
    if (!split_product(&p, c, term))
        return false;
    *number = (p.negative ? -p.with : p.with) / p.against;
    p.negative = p.has_with = p.has_against = false;
    p.with = p.against = 1;
    *rest = write_product(c, &p);
    return rest->count > 0 && is_normal(*number);
}

/* Joins the first pair of like terms; false: there is none. */
static bool merge_terms(collector *c, parts *p)
{
    int count = p->num_count + p->den_count;
    double *numbers = ARENA_ARRAY(c->memory, double, count + 1);
    expr *rests = ARENA_ARRAY(c->memory, expr, count + 1);
    if (!numbers || !rests || count < 2)
        return false;
    for (int i = 0; i < count; i++) {
        bool minus = i >= p->num_count;
        expr term = minus ? p->den[i - p->num_count] : p->num[i];
        if (!split_term(c, term, &numbers[i], &rests[i]))
            rests[i].count = 0;
        numbers[i] = minus ? -numbers[i] : numbers[i];
        for (int k = 0; k < i; k++) {
            double sum = numbers[k] + numbers[i];
            if (rests[i].count == 0 || !expr_equal(rests[k], rests[i]) || !is_normal(sum))
                continue;
            bool first_minus = k >= p->num_count;
            expr *to = first_minus ? &p->den[k - p->num_count] : &p->num[k];
            parts term_parts;
            if (!split_product(&term_parts, c, rests[k]))
                return false;
            term_parts.with = first_minus ? -sum : sum;
            term_parts.has_with = true;
            *to = write_product(c, &term_parts);
            if (to->count == 0)
                return false;
            expr *from = minus ? p->den : p->num;
            int *left = minus ? &p->den_count : &p->num_count, at = minus ? i - p->num_count : i;
            memmove(from + at, from + at + 1, (size_t)(*left - at - 1) * sizeof *from);
            --*left;
            return true;
        }
    }
    return false;
}

/* count 0: it cannot be written. */
static expr write_sum(collector *c, parts *p)
{
    expr none = {NULL, 0};
    while (merge_terms(c, p))
        ;
    if (!isfinite(p->with))
        return none;
    bool shows = p->with != 0.0 || p->num_count + p->den_count == 0;
    expr plus = chain(c, p->num, p->num_count, EXPR_ADD);
    if (plus.count == 0 && shows) { /* c - x */
        plus = constant(c, p->with);
        shows = false;
    }
    if (plus.count == 0) { /* -(x + y) */
        expr minus = chain(c, p->den, p->den_count, EXPR_ADD);
        return minus.count > 0 ? joined(c, minus, none, EXPR_NEG) : none;
    }
    for (int i = 0; i < p->den_count; i++)
        plus = joined(c, plus, p->den[i], EXPR_SUB);
    if (!shows)
        return plus;
    bool subtract = p->with < 0 && c->allowed[EXPR_SUB];
    return joined(c, plus, constant(c, subtract ? -p->with : p->with),
                  subtract ? EXPR_SUB : EXPR_ADD);
}

/* ---------------------------------------------------------------- choosing */

static bool is_writable(collector *c, expr e)
{
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op < EXPR_OP_COUNT && e.nodes[i].arity > 0 && !c->allowed[e.nodes[i].op])
            return false;
    return e.count > 0 && !c->memory->failed;
}

/* Smaller is better written. */
static long measure(expr e)
{
    long turns = 0, inputs = 0;
    for (int i = 0; i < e.count; i++) {
        uint8_t op = e.nodes[i].op;
        turns += op == EXPR_DIV || op == EXPR_INV || op == EXPR_NEG;
        inputs += op == EXPR_VAR;
    }
    return ((long)e.count * EXPR_MAX_NODES + turns) * EXPR_MAX_NODES + inputs;
}

/* The root's operands are collected. */
static expr collected(collector *c, expr e)
{
    expr_op op = root_of(e);
    parts p;
    expr best = e;
    bool product = op == EXPR_MUL || op == EXPR_DIV || op == EXPR_NEG || op == EXPR_INV;
    bool sum = op == EXPR_ADD || op == EXPR_SUB || op == EXPR_NEG;
    for (int k = 0; k < 2; k++) {
        if (k == 0 ? !product || !split_product(&p, c, e) : !sum || !split_sum(&p, c, e))
            continue;
        expr made = k == 0 ? write_product(c, &p) : write_sum(c, &p);
        if (is_writable(c, made) && measure(made) < measure(best))
            best = made;
    }
    return best;
}

static expr collect_once(collector *c, expr e)
{
    expr *stack = ARENA_ARRAY(c->memory, expr, e.count + 1);
    int depth = 0;
    if (!stack)
        return (expr){NULL, 0};
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
        stack[depth++] = collected(c, whole);
    }
    return stack[0];
}

void expr_collect(expr *e, const bool *allowed)
{
    expr_simplify(e);
    for (long before = measure(*e) + 1; measure(*e) < before;) {
        arena scratch = {0};
        collector c = {&scratch, allowed};
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
