#include "lower/sympy_form.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_POWER = 64 };

typedef struct former {
    arena *memory;
    bool ambiguous;
    int node; /* of the expression, that is being formed */
} former;

/* A sum or product being built: number + or * the items. */
typedef struct gathering {
    double number;
    const sympy_form **items;
    double *coefficients; /* sums */
    int *powers;          /* products */
    int count, capacity;
} gathering;

/* ---------------------------------------------------------------- order and equality */

static int compare(const sympy_form *a, const sympy_form *b)
{
    if (a == b)
        return 0;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    if (a->feature != b->feature)
        return a->feature < b->feature ? -1 : 1;
    if (a->op != b->op)
        return a->op < b->op ? -1 : 1;
    if (a->count != b->count)
        return a->count < b->count ? -1 : 1;
    for (int i = 0; i < a->count; i++) {
        int order = compare(a->args[i], b->args[i]);
        if (order == 0 && a->powers)
            order = a->powers[i] - b->powers[i];
        if (order != 0)
            return order;
    }
    return 0;
}

/* ---------------------------------------------------------------- making */

static const sympy_form *make(former *f, sympy_form like)
{
    sympy_form *made = ARENA_NEW(f->memory, sympy_form);
    if (made) {
        *made = like;
        made->node = f->node;
    }
    return made;
}

static const sympy_form *number(former *f, double value)
{
    return make(f, (sympy_form){.kind = SYMPY_NUMBER, .number = value});
}

static bool grow(former *f, gathering *g)
{
    if (g->count < g->capacity)
        return true;
    int capacity = g->capacity ? 2 * g->capacity : 8;
    const sympy_form **items = ARENA_ARRAY(f->memory, const sympy_form *, capacity);
    double *coefficients = ARENA_ARRAY(f->memory, double, capacity);
    int *powers = ARENA_ARRAY(f->memory, int, capacity);
    if (!items || !coefficients || !powers)
        return false;
    for (int i = 0; i < g->count; i++) {
        items[i] = g->items[i];
        coefficients[i] = g->coefficients[i];
        powers[i] = g->powers[i];
    }
    *g = (gathering){g->number, items, coefficients, powers, g->count, capacity};
    return true;
}

/* The place of `item`, in order; it is put there, with coefficient and power 0, when it is new.
 * -1: out of memory. */
static int place(former *f, gathering *g, const sympy_form *item)
{
    int at = 0, order = 1;
    while (at < g->count && (order = compare(g->items[at], item)) < 0)
        at++;
    if (at < g->count && order == 0)
        return at;
    if (!grow(f, g))
        return -1;
    for (int i = g->count; i > at; i--) {
        g->items[i] = g->items[i - 1];
        g->coefficients[i] = g->coefficients[i - 1];
        g->powers[i] = g->powers[i - 1];
    }
    g->items[at] = item;
    g->coefficients[at] = 0;
    g->powers[at] = 0;
    g->count++;
    return at;
}

static const sympy_form *product_of(former *f, const gathering *g);

/* Terms whose coefficient is not zero, as products with it. */
static const sympy_form *sum_of(former *f, const gathering *g)
{
    sympy_form sum = {.kind = SYMPY_SUM, .number = g->number};
    sum.args = ARENA_ARRAY(f->memory, const sympy_form *, g->count + 1);
    if (!sum.args)
        return NULL;
    for (int i = 0; i < g->count; i++) {
        const sympy_form *term = g->items[i];
        if (g->coefficients[i] == 0)
            continue;
        if (g->coefficients[i] != 1) {
            sympy_form scaled = *term;
            if (term->kind != SYMPY_PRODUCT) {
                const sympy_form **base = ARENA_ARRAY(f->memory, const sympy_form *, 1);
                int *power = ARENA_ARRAY(f->memory, int, 1);
                if (!base || !power)
                    return NULL;
                *base = term;
                *power = 1;
                scaled =
                    (sympy_form){.kind = SYMPY_PRODUCT, .count = 1, .args = base, .powers = power};
            }
            scaled.number = g->coefficients[i];
            term = make(f, scaled);
        }
        if (!term)
            return NULL;
        sum.args[sum.count++] = term;
    }
    if (sum.count == 0)
        return number(f, g->number);
    return sum.count == 1 && sum.number == 0 ? sum.args[0] : make(f, sum);
}

/* ---------------------------------------------------------------- sums */

static bool add_term(former *f, gathering *g, const sympy_form *x, double factor);

static bool add_all(former *f, gathering *g, const sympy_form *sum, double factor)
{
    g->number += factor * sum->number;
    for (int i = 0; i < sum->count; i++) {
        if (!add_term(f, g, sum->args[i], factor))
            return false;
    }
    return true;
}

/* g += factor * x; a product with a number before it is its like of number 1. */
static bool add_term(former *f, gathering *g, const sympy_form *x, double factor)
{
    if (x->kind == SYMPY_SUM)
        return add_all(f, g, x, factor);
    if (x->kind == SYMPY_NUMBER) {
        g->number += factor * x->number;
        return true;
    }
    if (x->kind == SYMPY_PRODUCT && x->number != 1) {
        factor *= x->number;
        sympy_form plain = *x;
        plain.number = 1;
        x = plain.count == 1 && plain.powers[0] == 1 ? plain.args[0] : make(f, plain);
    }
    int at = x ? place(f, g, x) : -1;
    if (at < 0)
        return false;
    g->coefficients[at] += factor;
    return true;
}

static const sympy_form *add(former *f, const sympy_form *a, const sympy_form *b)
{
    gathering g = {0};
    return add_term(f, &g, a, 1) && add_term(f, &g, b, 1) ? sum_of(f, &g) : NULL;
}

/* number * sum, term by term */
static const sympy_form *distribute(former *f, double factor, const sympy_form *sum)
{
    gathering g = {0};
    return add_all(f, &g, sum, factor) ? sum_of(f, &g) : NULL;
}

/* ---------------------------------------------------------------- products */

static bool multiply_by(former *f, gathering *g, const sympy_form *x, int power)
{
    if (x->kind == SYMPY_NUMBER) {
        g->number *= pow(x->number, power);
        return true;
    }
    if (x->kind == SYMPY_PRODUCT) {
        g->number *= pow(x->number, power);
        for (int i = 0; i < x->count; i++) {
            if (!multiply_by(f, g, x->args[i], power * x->powers[i]))
                return false;
        }
        return true;
    }
    int at = place(f, g, x);
    if (at < 0)
        return false;
    g->powers[at] += power;
    return true;
}

static const sympy_form *product_of(former *f, const gathering *g)
{
    if (g->number == 0 || g->count == 0)
        return number(f, g->number);
    if (g->count == 1 && g->powers[0] == 1) {
        if (g->number == 1)
            return g->items[0];
        if (g->items[0]->kind == SYMPY_SUM)
            return distribute(f, g->number, g->items[0]);
    }
    return make(f, (sympy_form){.kind = SYMPY_PRODUCT,
                                .number = g->number,
                                .count = g->count,
                                .args = g->items,
                                .powers = g->powers});
}

static const sympy_form *multiply(former *f, const sympy_form *a, const sympy_form *b)
{
    gathering g = {.number = 1};
    return multiply_by(f, &g, a, 1) && multiply_by(f, &g, b, 1) ? product_of(f, &g) : NULL;
}

static const sympy_form *raise_to(former *f, const sympy_form *a, int power)
{
    gathering g = {.number = 1};
    if (power == 0)
        return number(f, 1);
    return multiply_by(f, &g, a, power) ? product_of(f, &g) : NULL;
}

/* ---------------------------------------------------------------- the first reading */

static bool is_whole_power(const sympy_form *b)
{
    return b->kind == SYMPY_NUMBER && b->number == rint(b->number) && b->number >= 0 &&
           b->number <= MAX_POWER;
}

/* NULL with *refuse: an operation that has no form; else out of memory. */
static const sympy_form *apply(former *f, expr_node n, const sympy_form *const *args, bool *refuse)
{
    const sympy_form *a = n.arity > 0 ? args[0] : NULL, *b = n.arity > 1 ? args[1] : NULL;
    const sympy_form *minus = NULL;
    switch ((expr_op)n.op) {
    case EXPR_CONST:
        return number(f, n.value);
    case EXPR_VAR:
        return make(f, (sympy_form){.kind = SYMPY_INPUT, .feature = n.feature});
    case EXPR_ADD:
        return add(f, a, b);
    case EXPR_SUB:
        minus = number(f, -1);
        minus = minus ? multiply(f, minus, b) : NULL;
        return minus ? add(f, a, minus) : NULL;
    case EXPR_NEG:
        minus = number(f, -1);
        return minus ? multiply(f, minus, a) : NULL;
    case EXPR_MUL:
        return multiply(f, a, b);
    case EXPR_SQUARE:
        return raise_to(f, a, 2);
    case EXPR_CUBE:
        return raise_to(f, a, 3);
    case EXPR_POW:
        if (is_whole_power(b))
            return raise_to(f, a, (int)b->number);
        break;
    case EXPR_DIV:
        if (b->kind == SYMPY_NUMBER && b->number != 0) {
            const sympy_form *inverse = number(f, 1 / b->number);
            return inverse ? multiply(f, a, inverse) : NULL;
        }
        break;
    default:
        break;
    }
    *refuse = true;
    return NULL;
}

static const sympy_form *call(former *f, expr_op op, const sympy_form *argument)
{
    const sympy_form **args = ARENA_ARRAY(f->memory, const sympy_form *, 1);
    if (!args)
        return NULL;
    *args = argument;
    return make(f, (sympy_form){.kind = SYMPY_CALL, .op = op, .count = 1, .args = args});
}

static bool is_call(expr_node n)
{
    return n.arity == 1 && n.op != EXPR_NEG && n.op != EXPR_SQUARE && n.op != EXPR_CUBE;
}

/* ---------------------------------------------------------------- printed and read again */

/* The sum that sympy prints first among the product's factors: NULL where an input or nothing but
 * calls come first. */
static const sympy_form *first_sum(former *f, const sympy_form *product, int *power)
{
    const sympy_form *first = NULL;
    bool tie = false;
    for (int i = 0; i < product->count; i++) {
        const sympy_form *base = product->args[i];
        if (base->kind == SYMPY_INPUT)
            return NULL;
        if (base->kind != SYMPY_SUM)
            continue;
        int terms = base->count + (base->number != 0);
        int least = first ? first->count + (first->number != 0) : terms + 1;
        tie = terms == least || (tie && terms > least);
        if (terms < least) {
            first = base;
            *power = product->powers[i];
        }
    }
    f->ambiguous = f->ambiguous || tie;
    return first;
}

static const sympy_form *read_again(former *f, const sympy_form *x);

static const sympy_form *read_product_again(former *f, const sympy_form *x)
{
    gathering g = {.number = x->number};
    for (int i = 0; i < x->count; i++) {
        const sympy_form *base = read_again(f, x->args[i]);
        if (!base || !multiply_by(f, &g, base, x->powers[i]))
            return NULL;
    }
    f->node = x->node;
    const sympy_form *again = product_of(f, &g);
    int power = 0;
    const sympy_form *sum = again && again->kind == SYMPY_PRODUCT && again->number != 1
                                ? first_sum(f, again, &power)
                                : NULL;
    if (!sum || power != 1)
        return again;
    const sympy_form *scaled = distribute(f, again->number, sum);
    g = (gathering){.number = 1};
    bool done = scaled && multiply_by(f, &g, scaled, 1);
    for (int i = 0; done && i < again->count; i++)
        done = again->args[i] == sum || multiply_by(f, &g, again->args[i], again->powers[i]);
    return done ? product_of(f, &g) : NULL;
}

static const sympy_form *read_again(former *f, const sympy_form *x)
{
    f->node = x->node;
    if (x->kind == SYMPY_PRODUCT)
        return read_product_again(f, x);
    if (x->kind == SYMPY_CALL) {
        const sympy_form *argument = read_again(f, x->args[0]);
        f->node = x->node;
        return argument ? call(f, x->op, argument) : NULL;
    }
    if (x->kind != SYMPY_SUM)
        return x;
    gathering g = {.number = x->number};
    for (int i = 0; i < x->count; i++) {
        const sympy_form *term = read_again(f, x->args[i]);
        if (!term || !add_term(f, &g, term, 1))
            return NULL;
    }
    f->node = x->node;
    return sum_of(f, &g);
}

/* 15 significant digits, as sympy prints a number. */
static const sympy_form *with_short_numbers(former *f, const sympy_form *x)
{
    char digits[40];
    sympy_form copy = *x;
    snprintf(digits, sizeof digits, "%.15g", x->number);
    copy.number = strtod(digits, NULL);
    copy.args = ARENA_ARRAY(f->memory, const sympy_form *, x->count + 1);
    if (!copy.args)
        return NULL;
    for (int i = 0; i < x->count; i++) {
        copy.args[i] = with_short_numbers(f, x->args[i]);
        if (!copy.args[i])
            return NULL;
    }
    f->node = x->node;
    return make(f, copy);
}

/* ---------------------------------------------------------------- interface */

const sympy_form *sympy_form_of(arena *memory, expr e, bool *ambiguous, int *refused)
{
    former f = {.memory = memory};
    *refused = -1;
    const sympy_form **stack = ARENA_ARRAY(memory, const sympy_form *, e.count + 2);
    int depth = 0;
    for (int i = 0; stack && i < e.count; i++) {
        expr_node n = e.nodes[i];
        bool refuse = false;
        depth -= n.arity;
        f.node = i;
        stack[depth] = is_call(n) ? call(&f, (expr_op)n.op, stack[depth])
                                  : apply(&f, n, stack + depth, &refuse);
        if (!stack[depth]) {
            *refused = refuse ? i : -1;
            return NULL;
        }
        depth++;
    }
    const sympy_form *form = stack ? read_again(&f, stack[0]) : NULL;
    *ambiguous = f.ambiguous;
    return form ? with_short_numbers(&f, form) : NULL;
}
