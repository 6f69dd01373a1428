#include "expr/parts.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

expr expr_subtree(expr e, int root)
{
    int length = (int)e.nodes[root].length;
    return (expr){e.nodes + root + 1 - length, length};
}

expr expr_operand(expr e, int from_last)
{
    int root = e.count - 2;
    for (; from_last > 0; from_last--)
        root -= (int)e.nodes[root].length;
    return expr_subtree(e, root);
}

expr_op expr_root(expr e)
{
    return (expr_op)e.nodes[e.count - 1].op;
}

static bool is_normal(double value)
{
    return fabs(value) >= DBL_MIN && fabs(value) <= DBL_MAX;
}

/* ---------------------------------------------------------------- writing */

expr expr_joined(collector *c, expr a, expr b, expr_op op)
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

expr expr_applied(collector *c, expr a, expr_op op)
{
    return expr_joined(c, a, (expr){NULL, 0}, op);
}

static expr constant(collector *c, double value)
{
    expr out = {ARENA_NEW(c->memory, expr_node), 1};
    if (!out.nodes)
        return (expr){NULL, 0};
    *out.nodes = (expr_node){.op = EXPR_CONST, .length = 1, .value = value};
    return out;
}

/* out op e; e where there is no out yet. */
static expr chained(collector *c, expr out, expr e, expr_op op)
{
    return out.count == 0 ? e : expr_joined(c, out, e, op);
}

/* Equal items become one, in the order of their first. */
static int group(factor *items, int count)
{
    int kept = 0;
    for (int i = 0; i < count; i++) {
        int k = 0;
        while (k < kept && !expr_equal(items[k].e, items[i].e))
            k++;
        if (k == kept)
            items[kept++] = items[i];
        else
            items[k].times += items[i].times;
    }
    return kept;
}

/* e to the power k >= 1, in the cheapest way that is allowed. */
static expr power(collector *c, expr e, int k)
{
    bool squares = c->allowed[EXPR_SQUARE], cubes = c->allowed[EXPR_CUBE];
    if (k == 1)
        return e;
    if (c->allowed[EXPR_POW] && !(k == 2 && squares) && !(k == 3 && cubes))
        return expr_joined(c, e, constant(c, k), EXPR_POW);
    if (k % 2 == 0 && squares)
        return expr_applied(c, power(c, e, k / 2), EXPR_SQUARE);
    if (k % 3 == 0 && cubes)
        return expr_applied(c, power(c, e, k / 3), EXPR_CUBE);
    return expr_joined(c, power(c, e, k - 1), e, EXPR_MUL);
}

/* ---------------------------------------------------------------- products */

bool parts_init(parts *p, collector *c, int count)
{
    *p = (parts){.num = ARENA_ARRAY(c->memory, factor, count + 2),
                 .den = ARENA_ARRAY(c->memory, factor, count + 2),
                 .with = 1,
                 .against = 1};
    return p->num && p->den;
}

void product_put(parts *p, expr e, int times)
{
    if (times < 0)
        p->den[p->den_count++] = (factor){e, -times};
    else
        p->num[p->num_count++] = (factor){e, times};
}

static void put_constant(parts *p, double value, int times)
{
    double *to = times < 0 ? &p->against : &p->with;
    *(times < 0 ? &p->has_against : &p->has_with) = true;
    for (int i = abs(times); i > 0; i--)
        *to *= value;
}

/* The whole exponent of a power; 0: it is none. */
static int exponent_of(expr e)
{
    const expr_node *n = &e.nodes[e.count - 1];
    if (n->op == EXPR_SQUARE || n->op == EXPR_CUBE)
        return n->op == EXPR_SQUARE ? 2 : 3;
    if (n->op != EXPR_POW || n[-1].op != EXPR_CONST || n[-1].value != rint(n[-1].value) ||
        fabs(n[-1].value) > POWER_MOST)
        return 0;
    return (int)n[-1].value;
}

/* A root's or exponential's constant, and what is left of it. False: it has none. */
static bool split_function(collector *c, expr e, double *value, expr *rest, bool *inverted)
{
    expr_op op = expr_root(e);
    expr inner = expr_operand(e, 0);
    *inverted = false;
    if (op == EXPR_SQRT) {
        parts p;
        if (!product_split(&p, c, inner, 0) || !(p.with / p.against > 0) || p.negative ||
            p.num_count + p.den_count == 0)
            return false;
        *value = sqrt(p.with / p.against);
        *inverted = p.num_count == 0;
        if (*inverted) {
            factor *over = p.den;
            p.den = p.num;
            p.num = over;
            p.num_count = p.den_count;
            p.den_count = 0;
        }
        bool plain = !p.has_with && !p.has_against;
        p.has_with = p.has_against = false;
        p.with = p.against = 1;
        inner = product_write(c, &p, 0);
        *rest = expr_applied(c, inner, op);
        return inner.count > 0 && is_normal(*value) && (!plain || *inverted);
    }
    sum s;
    if (op != EXPR_EXP || !sum_split(&s, c, inner, false) || s.constant == 0 || s.count == 0 ||
        !(fabs(s.constant) < 100))
        return false;
    *value = exp(s.constant);
    s.constant = 0;
    inner = sum_write(c, &s);
    *rest = expr_applied(c, inner, op);
    return inner.count > 0 && is_normal(*value);
}

typedef struct waiting {
    expr e;
    int times;
    bool raised; /* by a power above */
} waiting;

/* -2 - x is -(x + 2). */
static expr negated(collector *c, expr e)
{
    expr none = {NULL, 0}, a = e;
    if (expr_root(e) == EXPR_SUB)
        a = expr_operand(e, 1);
    if (a.count != 1 || e.count < 3 || a.nodes->op != EXPR_CONST || !(a.nodes->value < 0))
        return none;
    return expr_joined(c, expr_operand(e, 0), constant(c, -a.nodes->value), EXPR_ADD);
}

static void put_other(parts *p, collector *c, waiting at, int way)
{
    double value;
    expr rest;
    bool inverted;
    expr_op op = expr_root(at.e);
    expr turned = (way & OPEN) ? negated(c, at.e) : (expr){NULL, 0};
    if (turned.count > 0) {
        p->negative = p->negative != (at.times % 2 != 0);
        product_put(p, turned, at.times);
        return;
    }
    if ((way & OPEN) && (op == EXPR_SQRT || op == EXPR_EXP) &&
        split_function(c, at.e, &value, &rest, &inverted)) {
        if (value != 1)
            put_constant(p, value, at.times);
        product_put(p, rest, inverted ? -at.times : at.times);
    } else {
        product_put(p, at.e, at.times);
    }
}

/* Takes the factors with that many times, or those that are exponentials where times is 0, out of
 * the list and chains them. */
static expr take_out(collector *c, factor *items, int *count, int times, expr out, bool under)
{
    int kept = 0;
    for (int i = 0; i < *count; i++) {
        factor f = items[i];
        if (times > 0 ? f.times != times : expr_root(f.e) != EXPR_EXP) {
            items[kept++] = f;
        } else if (times > 0) {
            out = chained(c, out, f.e, EXPR_MUL);
        } else {
            expr inner = expr_operand(f.e, 0);
            if (f.times > 1)
                inner = expr_joined(c, constant(c, f.times), inner, EXPR_MUL);
            out = chained(c, out, inner, under ? EXPR_SUB : EXPR_ADD);
        }
    }
    *count = kept;
    return out;
}

static int count_of(const parts *p, int times)
{
    int found = 0;
    for (int i = 0; i < p->num_count + p->den_count; i++) {
        const factor *f = i < p->num_count ? &p->num[i] : &p->den[i - p->num_count];
        found += times > 0 ? f->times == times : expr_root(f->e) == EXPR_EXP;
    }
    return found;
}

/* exp(a)*exp(b)/exp(c) is exp(a + b - c). */
static void join_exponentials(parts *p, collector *c)
{
    if (count_of(p, 0) < 2)
        return;
    expr over = take_out(c, p->num, &p->num_count, 0, (expr){NULL, 0}, false);
    bool under = over.count == 0;
    expr all = take_out(c, p->den, &p->den_count, 0, over, !under);
    product_put(p, expr_applied(c, all, EXPR_EXP), under ? -1 : 1);
}

bool product_split(parts *p, collector *c, expr e, int way)
{
    waiting *stack = ARENA_ARRAY(c->memory, waiting, e.count + 1);
    int depth = 0;
    if (!stack || !parts_init(p, c, e.count))
        return false;
    stack[depth++] = (waiting){e, 1, false};
    while (depth > 0) {
        waiting at = stack[--depth];
        expr_op op = expr_root(at.e);
        int k = exponent_of(at.e);
        if (k != 0 && abs(k * at.times) <= POWER_MOST) {
            bool binary = op == EXPR_POW;
            stack[depth++] = (waiting){expr_operand(at.e, binary), k * at.times, true};
        } else if (at.raised && !(way & OPEN)) {
            product_put(p, at.e, at.times);
        } else if (op == EXPR_MUL || op == EXPR_DIV) {
            int times = op == EXPR_DIV ? -at.times : at.times;
            stack[depth++] = (waiting){expr_operand(at.e, 0), times, at.raised};
            stack[depth++] = (waiting){expr_operand(at.e, 1), at.times, at.raised};
        } else if (op == EXPR_NEG || op == EXPR_INV) {
            p->negative = p->negative != (op == EXPR_NEG && at.times % 2 != 0);
            int times = op == EXPR_INV ? -at.times : at.times;
            stack[depth++] = (waiting){expr_operand(at.e, 0), times, at.raised};
        } else if (op == EXPR_CONST && is_normal(at.e.nodes->value)) {
            put_constant(p, at.e.nodes->value, at.times);
        } else {
            put_other(p, c, at, way);
        }
    }
    p->num_count = group(p->num, p->num_count);
    p->den_count = group(p->den, p->den_count);
    if (way & OPEN)
        join_exponentials(p, c);
    return !c->memory->failed;
}

/* One constant, above the line where any was there, with the sign; a sign alone is left over where
 * it can be written. */
static bool settle_constant(const collector *c, parts *p)
{
    if (p->has_with && p->has_against) {
        p->with /= p->against;
        p->has_against = false;
        p->against = 1;
    }
    bool bare = !p->has_with && !p->has_against, signs = c->allowed[EXPR_NEG];
    double *kept = p->has_with || bare ? &p->with : &p->against;
    if (!is_normal(*kept))
        return false;
    if (p->negative && !(bare && signs)) {
        *kept = -*kept;
        p->negative = false;
        p->has_with = p->has_with || bare;
    }
    bool one = fabs(*kept) == 1.0 && (*kept > 0 || signs);
    if (p->num_count > 0 && one && !bare) { /* 1*x is x, -1*x is -x */
        p->negative = *kept < 0;
        *kept = 1;
        p->has_with = p->has_against = false;
    }
    return true;
}

/* The constant before the factors. */
static expr factors(collector *c, const factor *items, int count, bool has_constant, double value)
{
    expr out = {NULL, 0};
    if (has_constant)
        out = constant(c, value);
    for (int i = 0; i < count; i++)
        out = chained(c, out, power(c, items[i].e, items[i].times), EXPR_MUL);
    return out;
}

/* Factors of one power k > 1 become one: x^2*y^2/z^2 is (x*y/z)^2. */
static void group_powers(parts *p, collector *c)
{
    for (int k = POWER_MOST; k > 1; k--) {
        if (count_of(p, k) < 2)
            continue;
        expr none = {NULL, 0};
        expr over = take_out(c, p->num, &p->num_count, k, none, false);
        expr under = take_out(c, p->den, &p->den_count, k, none, true);
        if (over.count > 0 && under.count > 0)
            over = expr_joined(c, over, under, EXPR_DIV);
        product_put(p, over.count > 0 ? over : under, over.count > 0 ? k : -k);
    }
}

expr product_write(collector *c, parts *p, int way)
{
    expr none = {NULL, 0}, out;
    if (!settle_constant(c, p))
        return none;
    if (way & GROUPED)
        group_powers(p, c);
    bool bare = p->num_count == 0 && !p->has_with;
    expr over = factors(c, p->num, p->num_count, p->has_with, p->with);
    expr under = factors(c, p->den, p->den_count, p->has_against, p->against);
    if (bare && under.count > 0 && c->allowed[EXPR_INV])
        out = expr_applied(c, under, EXPR_INV);
    else if (under.count > 0)
        out = expr_joined(c, bare ? constant(c, 1) : over, under, EXPR_DIV);
    else
        out = bare ? constant(c, 1) : over;
    return p->negative ? expr_applied(c, out, EXPR_NEG) : out;
}

/* ---------------------------------------------------------------- sums */

/* number * the product, whose own constant and sign are left out of it. */
static double take_number(parts *p)
{
    double number = (p->negative ? -p->with : p->with) / p->against;
    p->negative = p->has_with = p->has_against = false;
    p->with = p->against = 1;
    return number;
}

typedef struct scaled {
    expr e;
    double by;
} scaled;

/* Where `spread`: c*(x + y) is opened, and the constant of a logarithm's product. */
static bool open_term(scaled *inner, double *shift, collector *c, expr e, double by)
{
    parts p;
    expr_op op = expr_root(e);
    *shift = 0;
    if (op != EXPR_MUL && op != EXPR_DIV && op != EXPR_LOG)
        return false;
    if (!product_split(&p, c, op == EXPR_LOG ? expr_operand(e, 0) : e, 0))
        return false;
    double number = take_number(&p);
    if (!is_normal(number) || number == 1)
        return false;
    if (op == EXPR_LOG) {
        if (!(number > 0) || p.num_count + p.den_count == 0)
            return false;
        expr rest = product_write(c, &p, 0);
        *inner = (scaled){expr_applied(c, rest, EXPR_LOG), by};
        *shift = by * log(number);
        return rest.count > 0;
    }
    if (p.num_count != 1 || p.den_count != 0 || p.num[0].times != 1 ||
        (expr_root(p.num[0].e) != EXPR_ADD && expr_root(p.num[0].e) != EXPR_SUB))
        return false;
    *inner = (scaled){p.num[0].e, by * number};
    return true;
}

bool terms_join(const collector *c, expr e)
{
    return c->passes || expr_is_total(e);
}

void sum_put(sum *s, collector *c, expr e, double by)
{
    parts p;
    term t = {.rest = e, .text = e, .number = 1};
    if (product_split(&p, c, e, 0)) {
        double number = take_number(&p);
        expr rest = product_write(c, &p, 0);
        if (rest.count > 0 && is_normal(number * by)) {
            t.rest = rest;
            t.number = number;
        }
    }
    if (!(t.number > 0) || fabs(by) != 1)
        t.text.count = 0;
    t.number *= by;
    for (int k = 0; k < s->count; k++) {
        double both = s->terms[k].number + t.number;
        if (!is_normal(both) || !expr_equal(s->terms[k].rest, t.rest) || !terms_join(c, t.rest))
            continue;
        s->terms[k].number = both;
        s->terms[k].text.count = 0;
        return;
    }
    s->terms[s->count++] = t;
}

bool sum_split(sum *s, collector *c, expr e, bool spread)
{
    scaled *stack = ARENA_ARRAY(c->memory, scaled, e.count + 1);
    int depth = 0;
    *s = (sum){.terms = ARENA_ARRAY(c->memory, term, e.count + 1)};
    if (!stack || !s->terms)
        return false;
    stack[depth++] = (scaled){e, 1};
    while (depth > 0) {
        scaled at = stack[--depth], inner;
        double shift;
        expr_op op = expr_root(at.e);
        if (op == EXPR_ADD || op == EXPR_SUB) {
            stack[depth++] = (scaled){expr_operand(at.e, 0), op == EXPR_SUB ? -at.by : at.by};
            stack[depth++] = (scaled){expr_operand(at.e, 1), at.by};
        } else if (op == EXPR_NEG) {
            stack[depth++] = (scaled){expr_operand(at.e, 0), -at.by};
        } else if (op == EXPR_CONST && isfinite(at.e.nodes->value)) {
            s->constant += at.by * at.e.nodes->value;
        } else if (spread && open_term(&inner, &shift, c, at.e, at.by)) {
            s->constant += shift;
            if (expr_root(inner.e) == EXPR_LOG)
                sum_put(s, c, inner.e, inner.by);
            else
                stack[depth++] = inner;
        } else {
            sum_put(s, c, at.e, at.by);
        }
    }
    return !c->memory->failed;
}

/* |number| * rest; with its sign where `sign`. */
static expr write_term(collector *c, const term *t, bool sign)
{
    parts p;
    double number = sign ? t->number : fabs(t->number);
    if (t->text.count > 0 && !(sign && t->number < 0))
        return t->text;
    if (!product_split(&p, c, t->rest, 0))
        return (expr){NULL, 0};
    p.with = number;
    p.has_with = true;
    return product_write(c, &p, 0);
}

/* The first term to write: one above 0, else one that takes its sign into a constant; -1: none. */
static int leading_term(const sum *s)
{
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < s->count; i++)
            if (pass == 0 ? s->terms[i].number > 0 : s->terms[i].number != -1)
                return i;
    return -1;
}

expr sum_write(collector *c, const sum *s)
{
    expr out = {NULL, 0};
    bool shows = s->constant != 0.0 || s->count == 0;
    int lead = leading_term(s);
    if (!isfinite(s->constant))
        return out;
    if (shows && (lead < 0 || s->terms[lead].number < 0)) { /* c - x */
        out = constant(c, s->constant);
        shows = false;
        lead = -1;
    } else if (lead >= 0) {
        out = write_term(c, &s->terms[lead], true);
    }
    for (int minus = 0; minus < 2; minus++)
        for (int i = 0; i < s->count; i++) {
            if (i == lead || (s->terms[i].number < 0) != minus)
                continue;
            expr next = write_term(c, &s->terms[i], false);
            if (next.count == 0)
                return next;
            out = out.count > 0 ? expr_joined(c, out, next, minus ? EXPR_SUB : EXPR_ADD)
                                : expr_applied(c, next, EXPR_NEG);
        }
    if (!shows || out.count == 0)
        return out;
    bool subtract = s->constant < 0 && c->allowed[EXPR_SUB];
    return expr_joined(c, out, constant(c, subtract ? -s->constant : s->constant),
                       subtract ? EXPR_SUB : EXPR_ADD);
}
