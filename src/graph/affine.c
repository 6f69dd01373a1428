#include "graph/affine.h"

#include <math.h>
#include <stdlib.h>

/* A value that is not 0 is at least 2^-MOST_SHIFT, far above where doubles underflow. */
enum { MOST_TERMS = 32, MOST_SHIFT = 400 };

/* What rounding loses of a magnitude m is taken to be m times this: an operation on forms rounds,
 * in all, a few times for each of at most 2 * MOST_TERMS terms, by at most 2^-53 each. */
static const double rounding_unit = 0x1p-44;

typedef struct term {
    graph_ref symbol; /* the node that brought it */
    double part;
} term;

typedef struct form {
    double center, rest;
    int count;
    term terms[MOST_TERMS + 1]; /* by symbol, rising */
} form;

typedef struct kept {
    double center, rest;
    size_t first;
    int count;
} kept;

struct affine {
    kept *forms; /* [count] */
    graph_ref count, capacity;
    term *terms;
    size_t term_count, term_capacity;
};

affine *affine_new(void)
{
    return calloc(1, sizeof(affine));
}

void affine_free(affine *f)
{
    if (!f)
        return;
    free(f->forms);
    free(f->terms);
    free(f);
}

/* ---------------------------------------------------------------- forms */

static form load(const affine *f, graph_ref a)
{
    const kept *k = &f->forms[a];
    form x = {.center = k->center, .rest = k->rest, .count = k->count};
    for (int i = 0; i < k->count; i++)
        x.terms[i] = f->terms[k->first + (size_t)i];
    return x;
}

static double radius(const form *x)
{
    double sum = x->rest;
    for (int i = 0; i < x->count; i++)
        sum += fabs(x->terms[i].part);
    return sum * (1 + rounding_unit);
}

/* The smallest term goes into the rest. */
static void merge_smallest(form *x)
{
    int least = 0;
    for (int i = 1; i < x->count; i++)
        if (fabs(x->terms[i].part) < fabs(x->terms[least].part))
            least = i;
    x->rest += fabs(x->terms[least].part);
    x->count--;
    for (int i = least; i < x->count; i++)
        x->terms[i] = x->terms[i + 1];
}

static void add_term(form *x, graph_ref symbol, double part)
{
    if (part == 0)
        return;
    x->terms[x->count++] = (term){symbol, part};
    if (x->count > MOST_TERMS)
        merge_smallest(x);
}

/* p x + q y. Symbols that both have add up with their signs, since they stand for one number; the
 * rests are of unknown sign, so that their magnitudes add up. */
static form combine(double p, const form *x, double q, const form *y)
{
    form sum = {.center = p * x->center + q * y->center,
                .rest = fabs(p) * x->rest + fabs(q) * y->rest};
    double magnitude = fabs(p * x->center) + fabs(q * y->center) + sum.rest;
    int i = 0, j = 0;
    while (i < x->count || j < y->count) {
        bool from_x = i < x->count, from_y = j < y->count;
        if (from_x && from_y && x->terms[i].symbol != y->terms[j].symbol) {
            from_x = x->terms[i].symbol < y->terms[j].symbol;
            from_y = !from_x;
        }
        graph_ref symbol = from_x ? x->terms[i].symbol : y->terms[j].symbol;
        double a = from_x ? p * x->terms[i++].part : 0, b = from_y ? q * y->terms[j++].part : 0;
        magnitude += fabs(a) + fabs(b);
        add_term(&sum, symbol, a + b);
    }
    sum.rest += magnitude * rounding_unit;
    return sum;
}

static form constant(double value)
{
    return (form){.center = value};
}

static double real_of(int64_t value, int frac)
{
    return ldexp((double)value, -frac);
}

/* Any value of the node's interval: sound for every operation, whose own interval rule is. */
static form fresh(const graph_node *n, graph_ref symbol)
{
    double lo = real_of(n->lo, n->fmt.frac), hi = real_of(n->hi, n->fmt.frac);
    form x = {.center = lo / 2 + hi / 2, .rest = (fabs(lo) + fabs(hi)) * rounding_unit};
    if (n->lo == n->hi && llabs(n->lo) < (int64_t)1 << 53)
        x.rest = 0;
    add_term(&x, symbol, hi / 2 - lo / 2);
    return x;
}

/* ---------------------------------------------------------------- operations */

/* (a0 + da) (b0 + db) = a0 b0 + a0 db + b0 da + da db, of which the last, at most the product of
 * the radii, is a symbol of its own. In a square of one node da db is no less than 0 as well. */
static form product(const form *a, const form *b, graph_ref symbol, bool square)
{
    form x = combine(b->center, a, a->center, b);
    double both = a->center * b->center, rest = radius(a) * radius(b) * (1 + rounding_unit);
    x.center -= both;
    x.rest += (fabs(both) + fabs(x.center)) * rounding_unit;
    if (square) { /* the rest is a square: in [0, rest] */
        rest /= 2;
        x.center += rest;
        x.rest += (fabs(x.center) + rest) * rounding_unit;
    }
    add_term(&x, symbol, rest);
    return x;
}

/* A cast that cannot overflow, SAT_SYM's own least value included: rounding is monotone, so that
 * the ends of the operand's interval tell. It is its operand and what rounding takes: nothing where
 * the fraction does not shrink; else the operand is a multiple of `fine` and truncation takes at
 * most unit - fine, rounding to nearest half a unit, whatever it does with ties. */
static bool cast_form(form *out, const form *a, const graph_node *n, const graph_node *operand,
                      graph_ref symbol)
{
    rounding r = (rounding)n->rounding;
    overflow o = (overflow)n->overflow;
    if (cast_overflows(operand->lo, operand->fmt.frac, n->fmt, r, o) ||
        cast_overflows(operand->hi, operand->fmt.frac, n->fmt, r, o))
        return false;
    *out = *a;
    if (operand->fmt.frac <= n->fmt.frac)
        return true;
    double unit = ldexp(1, -n->fmt.frac), fine = ldexp(1, -operand->fmt.frac);
    double least = r == ROUND_TRN || r == ROUND_TRN_ZERO ? -(unit - fine) : -unit / 2;
    double most = r == ROUND_TRN ? 0 : r == ROUND_TRN_ZERO ? unit - fine : unit / 2;
    form lost = {.center = (least + most) / 2};
    add_term(&lost, symbol, (most - least) / 2);
    *out = combine(1, a, 1, &lost);
    return true;
}

/* The form of node k by those of its operands; false: nothing better than its interval. Values are
 * real numbers here, integers times 2^-frac, so that operands of different fractions need no
 * alignment. Sums, differences and negatives are exact in the graph and linear; so is `not`, -1 - a
 * in units of the last place whatever the sign of its format; a shift is the same integer at
 * another fraction; abs is a or -a where the operand's interval has one sign. A product and a cast
 * are argued at product() and cast_form(). Inputs, constants, table words, comparisons, choices
 * (min, max, select) and joined bits take their interval with a symbol of their own. */
static bool derive(form *out, const affine *f, const graph *g, graph_ref k)
{
    const graph_node *n = &g->nodes[k];
    int arity = graph_arity((graph_op)n->op);
    form a = {0}, b = {0}, one = constant(ldexp(1, -n->fmt.frac));
    if (arity >= 1)
        a = load(f, n->arg[0]);
    if (arity >= 2)
        b = load(f, n->arg[1]);
    const graph_node *operand = arity >= 1 ? &g->nodes[n->arg[0]] : n;
    form zero = {0};
    switch ((graph_op)n->op) {
    case GRAPH_ADD:
        *out = combine(1, &a, 1, &b);
        return true;
    case GRAPH_SUB:
        *out = combine(1, &a, -1, &b);
        return true;
    case GRAPH_NEG:
        *out = combine(-1, &a, 0, &zero);
        return true;
    case GRAPH_NOT:
        *out = combine(-1, &a, -1, &one);
        return true;
    case GRAPH_SHIFT:
        *out = combine(ldexp(1, (int)n->aux), &a, 0, &zero);
        return true;
    case GRAPH_MUL:
        *out = product(&a, &b, k, n->arg[0] == n->arg[1]);
        return true;
    case GRAPH_ABS:
        *out = combine(operand->lo >= 0 ? 1 : -1, &a, 0, &zero);
        return operand->lo >= 0 || operand->hi <= 0;
    case GRAPH_CAST:
        return cast_form(out, &a, n, operand, k);
    case GRAPH_REG:
    case GRAPH_OUTPUT:
        *out = a;
        return true;
    default:
        return false;
    }
}

static bool in_reach(const graph *g, graph_ref k)
{
    return abs(g->nodes[k].fmt.frac) <= MOST_SHIFT;
}

/* A node and its operands. */
static bool all_in_reach(const graph *g, graph_ref k)
{
    const graph_node *n = &g->nodes[k];
    bool in = in_reach(g, k);
    for (int j = 0; j < graph_arity((graph_op)n->op); j++)
        in = in && in_reach(g, n->arg[j]);
    return in;
}

static form form_of(const affine *f, const graph *g, graph_ref k)
{
    const graph_node *n = &g->nodes[k];
    form interval = fresh(n, k), x;
    if (!all_in_reach(g, k) || !derive(&x, f, g, k))
        return interval;
    double wide = radius(&x);
    /* half as wide an interval is worth more than where the value comes from */
    return isfinite(wide) && isfinite(x.center) && wide <= 2 * radius(&interval) ? x : interval;
}

/* ---------------------------------------------------------------- the growing list */

static bool reserve(affine *f)
{
    if (f->count == f->capacity) {
        graph_ref capacity = f->capacity ? 2 * f->capacity : 64;
        kept *forms = realloc(f->forms, capacity * sizeof *forms);
        if (!forms)
            return false;
        f->forms = forms;
        f->capacity = capacity;
    }
    if (f->term_count + MOST_TERMS > f->term_capacity) {
        size_t capacity = 2 * f->term_capacity + 16 * MOST_TERMS;
        term *terms = realloc(f->terms, capacity * sizeof *terms);
        if (!terms)
            return false;
        f->terms = terms;
        f->term_capacity = capacity;
    }
    return true;
}

static bool follow(affine *f, const graph *g, graph_ref last)
{
    while (f->count <= last) {
        if (!reserve(f))
            return false;
        form x = form_of(f, g, f->count);
        f->forms[f->count++] = (kept){x.center, x.rest, f->term_count, x.count};
        for (int i = 0; i < x.count; i++)
            f->terms[f->term_count++] = x.terms[i];
    }
    return true;
}

bool affine_range(affine *f, const graph *g, graph_ref a, int64_t *lo, int64_t *hi)
{
    const graph_node *n = &g->nodes[a];
    *lo = n->lo;
    *hi = n->hi;
    if (!follow(f, g, a))
        return false;
    if (!in_reach(g, a))
        return true;
    form x = load(f, a);
    double reach = radius(&x);
    reach += (fabs(x.center) + reach) * rounding_unit;
    double low = ceil(ldexp(x.center - reach, n->fmt.frac));
    double high = floor(ldexp(x.center + reach, n->fmt.frac));
    if (!(low <= high)) /* an interval of one value at the edge of what doubles tell apart */
        return true;
    if (fabs(low) < 0x1p62 && (int64_t)low > *lo && (int64_t)low <= *hi)
        *lo = (int64_t)low;
    if (fabs(high) < 0x1p62 && (int64_t)high < *hi && (int64_t)high >= *lo)
        *hi = (int64_t)high;
    return true;
}

void affine_narrow(affine *f, graph *g)
{
    if (g->failed.status != SYMLUT_OK || g->count == 0)
        return;
    int64_t lo, hi;
    graph_ref newest = g->count - 1;
    if (affine_range(f, g, newest, &lo, &hi))
        graph_narrow(g, newest, lo, hi);
    else
        error_memory(&g->failed);
}
