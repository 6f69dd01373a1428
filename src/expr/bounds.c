#include "expr/bounds.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const double PI = 3.14159265358979323846;
static const bounds ALL = {-(double)INFINITY, (double)INFINITY};

/* NaN where one of them is. */
static bounds hull4(double a, double b, double c, double d)
{
    double undefined = isnan(a) || isnan(b) || isnan(c) || isnan(d) ? (double)NAN : 0;
    return (bounds){fmin(fmin(a, b), fmin(c, d)) + undefined,
                    fmax(fmax(a, b), fmax(c, d)) + undefined};
}

static bool infinite(bounds a)
{
    return isinf(a.low) || isinf(a.high);
}

static bool holds_zero(bounds a)
{
    return a.low <= 0 && a.high >= 0;
}

/* False: 0 times infinity may occur. */
static bool multiply(bounds *v, bounds a, bounds b)
{
    *v = hull4(a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high);
    return !(infinite(a) && holds_zero(b)) && !(infinite(b) && holds_zero(a));
}

static bounds reciprocal(bounds a)
{
    if (a.low < 0 && a.high > 0)
        return ALL;
    double low = a.high == 0 ? -(double)INFINITY : 1 / a.high;
    double high = a.low == 0 ? (double)INFINITY : 1 / a.low;
    return (bounds){low, high};
}

/* Even powers and what is as symmetric: by the magnitudes that a takes. */
static bounds magnitude(bounds a)
{
    double low = fmin(fabs(a.low), fabs(a.high)), high = fmax(fabs(a.low), fabs(a.high));
    return (bounds){holds_zero(a) ? 0 : low, high};
}

static bounds squared(bounds a)
{
    bounds m = magnitude(a);
    return (bounds){m.low * m.low, m.high * m.high};
}

/* Whether a holds phase + 2 pi k for a whole k. */
static bool passes(bounds a, double phase)
{
    return floor((a.high - phase) / (2 * PI)) > floor((a.low - phase) / (2 * PI));
}

/* Sine or cosine, which is 1 at `peak`. Where the argument's own rounding counts, anything goes. */
static bounds wave(bounds a, expr_op op, double peak)
{
    const double large = 1e6;
    if (!(a.low >= -large && a.high <= large) || a.high - a.low >= 2 * PI)
        return (bounds){-1, 1};
    double first = expr_apply(op, a.low, 0), last = expr_apply(op, a.high, 0);
    bounds v = {fmin(first, last), fmax(first, last)};
    if (passes(a, peak))
        v.high = 1;
    if (passes(a, peak + PI))
        v.low = -1;
    return v;
}

/* base^exponent for bases not below 0: monotonic in each. */
static bounds power_positive(bounds a, bounds b)
{
    return hull4(pow(a.low, b.low), pow(a.low, b.high), pow(a.high, b.low), pow(a.high, b.high));
}

static bool power(bounds *v, bounds a, bounds b)
{
    if (a.low >= 0) {
        *v = power_positive(a, b);
        return !infinite(b);
    }
    double n = b.low;
    if (b.high != n || n != rint(n) || fabs(n) > 1e6)
        return false;
    if (fmod(n, 2) == 0) {
        *v = power_positive(magnitude(a), b);
    } else if (n > 0) {
        *v = (bounds){pow(a.low, n), pow(a.high, n)};
    } else {
        bounds positive = {pow(a.low, -n), pow(a.high, -n)};
        *v = reciprocal(positive);
    }
    return true;
}

static bool remainder_of(bounds *v, bounds a, bounds b)
{
    *v = (bounds){fmin(b.low, 0), fmax(b.high, 0)};
    return !infinite(a) && (b.low > 0 || b.high < 0);
}

static bool tangent(bounds *v, bounds a)
{
    if (infinite(a) || floor(a.low / PI + 0.5) != floor(a.high / PI + 0.5))
        return false;
    *v = (bounds){tan(a.low), tan(a.high)};
    return true;
}

/* The least value of the gamma function right of 0 is above 0.88. */
static bool factorial(bounds *v, bounds a)
{
    *v = (bounds){0.88, fmax(tgamma(a.low), tgamma(a.high))};
    return a.low > 0;
}

static bool binary(bounds *v, expr_op op, bounds a, bounds b)
{
    switch ((int)op) {
    case EXPR_ADD:
        *v = (bounds){a.low + b.low, a.high + b.high};
        return !infinite(a) || !infinite(b);
    case EXPR_SUB:
        *v = (bounds){a.low - b.high, a.high - b.low};
        return !infinite(a) || !infinite(b);
    case EXPR_MUL:
        return multiply(v, a, b);
    case EXPR_DIV:
        return multiply(v, a, reciprocal(b)) && (b.low != 0 || b.high != 0);
    case EXPR_POW:
        return power(v, a, b);
    case EXPR_MIN:
        *v = (bounds){fmin(a.low, b.low), fmin(a.high, b.high)};
        return true;
    case EXPR_MAX:
        *v = (bounds){fmax(a.low, b.low), fmax(a.high, b.high)};
        return true;
    case EXPR_ATAN2:
        *v = (bounds){-PI, PI};
        return true;
    case EXPR_COND:
        *v = a.low > 0 ? b : (bounds){fmin(b.low, 0), fmax(b.high, 0)};
        return true;
    case EXPR_MOD:
        return remainder_of(v, a, b);
    default: /* comparisons and the logical operations */
        *v = (bounds){0, 1};
        return true;
    }
}

/* Of an operation that rises over [least, most] and is not defined elsewhere. */
static bool rising(bounds *v, expr_op op, bounds a, double least, double most)
{
    if (a.low < least || a.high > most)
        return false;
    *v = (bounds){expr_apply(op, a.low, 0), expr_apply(op, a.high, 0)};
    return true;
}

static bool unary(bounds *v, expr_op op, bounds a)
{
    const double most = (double)INFINITY;
    switch ((int)op) {
    case EXPR_NEG:
        *v = (bounds){-a.high, -a.low};
        return true;
    case EXPR_ABS:
        *v = magnitude(a);
        return true;
    case EXPR_SQUARE:
        *v = squared(a);
        return true;
    case EXPR_INV:
        *v = reciprocal(a);
        return a.low != 0 || a.high != 0;
    case EXPR_SIN:
        *v = wave(a, op, PI / 2);
        return !infinite(a);
    case EXPR_COS:
        *v = wave(a, op, 0);
        return !infinite(a);
    case EXPR_TAN:
        return tangent(v, a);
    case EXPR_COSH:
        return rising(v, op, magnitude(a), 0, most);
    case EXPR_GAUSS: {
        bounds s = squared(a);
        *v = (bounds){exp(-s.high), exp(-s.low)};
        return true;
    }
    case EXPR_ERFC:
        *v = (bounds){erfc(a.high), erfc(a.low)};
        return true;
    case EXPR_ACOS:
        *v = (bounds){acos(a.high), acos(a.low)};
        return a.low >= -1 && a.high <= 1;
    case EXPR_GAMMA:
        return factorial(v, a);
    case EXPR_SQRT:
    case EXPR_LOG:
    case EXPR_LOG2:
    case EXPR_LOG10:
        return rising(v, op, a, 0, most);
    case EXPR_LOG1P:
        return rising(v, op, a, -1, most);
    case EXPR_ASIN:
    case EXPR_ATANH:
        return rising(v, op, a, -1, 1);
    case EXPR_ACOSH:
        return rising(v, op, a, 1, most);
    default: /* the others rise everywhere */
        return rising(v, op, a, -most, most);
    }
}

/* Of `a op a`, which is narrower than of two values of one range. */
static bool repeated(bounds *v, expr_op op, bounds a)
{
    switch ((int)op) {
    case EXPR_MUL:
        *v = squared(a);
        return true;
    case EXPR_SUB:
        *v = (bounds){0, 0};
        return !infinite(a);
    case EXPR_DIV:
        *v = (bounds){1, 1};
        return !infinite(a) && !holds_zero(a);
    default:
        return binary(v, op, a, a);
    }
}

static bool same_operands(expr e, int node)
{
    int right = node - 1, n = (int)e.nodes[right].length, left = right - n;
    return (int)e.nodes[left].length == n &&
           expr_equal((expr){e.nodes + left - n + 1, n}, (expr){e.nodes + right - n + 1, n});
}

static bool apply(bounds *v, expr e, int node, bounds a, bounds b)
{
    expr_op op = (expr_op)e.nodes[node].op;
    bool defined = expr_arity(op) == 1      ? unary(v, op, a)
                   : same_operands(e, node) ? repeated(v, op, a)
                                            : binary(v, op, a, b);
    return defined && !isnan(v->low) && !isnan(v->high);
}

/* One walk through an expression: inputs by `box`, or, where one is named, that one alone by its
 * side of the box and the others in its middle. */
typedef struct walk {
    const bounds *box;
    int alone;        /* the input that moves; -1: all do */
    double most_wave; /* widest argument of a sine or cosine */
} walk;

static bounds input(const walk *w, int feature)
{
    bounds side = w->box[feature];
    double middle = 0.5 * (side.low + side.high);
    return w->alone < 0 || feature == w->alone ? side : (bounds){middle, middle};
}

static bool too_many_periods(const walk *w, expr_op op, bounds argument)
{
    return (op == EXPR_SIN || op == EXPR_COS) && argument.high - argument.low > w->most_wave;
}

static bool walk_through(const walk *w, bounds *out, expr e)
{
    bounds stack[BOUNDS_STACK];
    int depth = 0;
    stack[0] = ALL;
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        int arity = expr_arity((expr_op)n->op);
        if (arity == 0) {
            if (depth == BOUNDS_STACK)
                return false;
            stack[depth++] =
                n->op == EXPR_VAR ? input(w, n->feature) : (bounds){n->value, n->value};
            continue;
        }
        depth -= arity - 1;
        bounds *a = &stack[depth - 1];
        if (too_many_periods(w, (expr_op)n->op, a[0]) ||
            !apply(a, e, i, a[0], arity == 2 ? a[1] : a[0]))
            return false;
    }
    *out = stack[0];
    return depth == 1;
}

bool expr_bounds(bounds *out, expr e, const bounds *box)
{
    const walk all = {box, -1, (double)INFINITY};
    return walk_through(&all, out, e) && out->low >= -(double)FLT_MAX &&
           out->high <= (double)FLT_MAX;
}

static bool has_wave(expr e)
{
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_SIN || e.nodes[i].op == EXPR_COS)
            return true;
    return false;
}

/* Whether node i is the first that reads its input. */
static bool first_read(expr e, int i)
{
    for (int k = 0; k < i; k++)
        if (e.nodes[k].op == EXPR_VAR && e.nodes[k].feature == e.nodes[i].feature)
            return false;
    return e.nodes[i].op == EXPR_VAR;
}

bool expr_resolved(expr e, const bounds *box, const double *periods)
{
    if (!has_wave(e))
        return true;
    for (int i = 0; i < e.count; i++) {
        int f = e.nodes[i].feature;
        bounds range;
        if (!first_read(e, i))
            continue;
        const walk one = {box, f, 2 * PI * periods[f]};
        if (!walk_through(&one, &range, e))
            return false;
    }
    return true;
}

/* The operand of product i that is the constant 0 while the other has a value everywhere in the
 * box: the product is 0 then. -1: there is none. */
static int zero_operand(expr e, int i, const bounds *box)
{
    int right = i - 1, left = right - (int)e.nodes[right].length;
    for (int k = 0; k < 2; k++) {
        int zero = k == 0 ? right : left, other = k == 0 ? left : right;
        int n = (int)e.nodes[other].length;
        bounds range;
        if (e.nodes[zero].op == EXPR_CONST && e.nodes[zero].value == 0 &&
            expr_bounds(&range, (expr){e.nodes + other - n + 1, n}, box))
            return zero;
    }
    return -1;
}

void expr_drop_zero_products(expr *e, const bounds *box)
{
    for (int i = 0; i < e->count; i++) {
        int zero = e->nodes[i].op == EXPR_MUL ? zero_operand(*e, i, box) : -1;
        if (zero < 0)
            continue;
        int first = i - (int)e->nodes[i].length + 1;
        e->nodes[first] = e->nodes[zero];
        memmove(e->nodes + first + 1, e->nodes + i + 1,
                (size_t)(e->count - i - 1) * sizeof *e->nodes);
        e->count -= i - first;
        (void)expr_finish(e);
        i = first;
    }
    expr_simplify(e);
    (void)expr_finish(e);
}
