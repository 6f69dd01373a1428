#include "lower/ranges.h"

#include <math.h>

bool range_is_known(range r)
{
    return r.low <= r.high;
}

static range make(double low, double high)
{
    /* infinite ends say nothing about hardware; NaN comes of inf - inf */
    return isfinite(low) && isfinite(high) && low <= high ? (range){low, high} : RANGE_UNKNOWN;
}

static range hull(double a, double b, double c, double d)
{
    return make(fmin(fmin(a, b), fmin(c, d)), fmax(fmax(a, b), fmax(c, d)));
}

/* Increasing functions: the ends' images, the argument cut to the domain first. */
static range increasing(expr_op op, range a, double domain_low, double domain_high)
{
    double low = fmax(a.low, domain_low), high = fmin(a.high, domain_high);
    if (low > high)
        return RANGE_UNKNOWN;
    return make(expr_apply(op, low, 0), expr_apply(op, high, 0));
}

/* Functions of the magnitude, monotone in it. */
static range even(expr_op op, range a)
{
    double least = a.low > 0 ? a.low : a.high < 0 ? -a.high : 0;
    double most = fmax(fabs(a.low), fabs(a.high));
    double p = expr_apply(op, least, 0), q = expr_apply(op, most, 0);
    return make(fmin(p, q), fmax(p, q));
}

static range power(range a, range b)
{
    if (b.low == b.high && b.low == floor(b.low) && b.low >= 0) {
        double n = b.low;
        double p = pow(a.low, n), q = pow(a.high, n);
        bool is_even = fmod(n, 2) == 0;
        if (is_even && a.low < 0 && a.high > 0)
            return make(0, fmax(p, q));
        return make(fmin(p, q), fmax(p, q));
    }
    if (a.low <= 0)
        return RANGE_UNKNOWN;
    return hull(pow(a.low, b.low), pow(a.low, b.high), pow(a.high, b.low), pow(a.high, b.high));
}

static range quotient(range a, range b)
{
    if (b.low <= 0 && b.high >= 0)
        return RANGE_UNKNOWN;
    return hull(a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high);
}

static range unary(expr_op op, range a)
{
    switch (op) {
    case EXPR_NEG:
        return make(-a.high, -a.low);
    case EXPR_ABS:
    case EXPR_SQUARE:
    case EXPR_COSH:
    case EXPR_GAUSS:
        return even(op, a);
    case EXPR_SIN:
    case EXPR_COS:
        return make(-1, 1);
    case EXPR_TAN:
        return a.low > -M_PI_2 && a.high < M_PI_2 ? make(tan(a.low), tan(a.high)) : RANGE_UNKNOWN;
    case EXPR_INV:
        return quotient(make(1, 1), a);
    case EXPR_ACOS:
        a = make(fmax(a.low, -1), fmin(a.high, 1));
        return range_is_known(a) ? make(acos(a.high), acos(a.low)) : RANGE_UNKNOWN;
    case EXPR_ASIN:
        return increasing(op, a, -1, 1);
    case EXPR_SQRT:
    case EXPR_LOG:
    case EXPR_LOG2:
    case EXPR_LOG10:
        return increasing(op, a, 0, INFINITY);
    case EXPR_LOG1P:
        return increasing(op, a, -1, INFINITY);
    case EXPR_ACOSH:
        return increasing(op, a, 1, INFINITY);
    case EXPR_ATANH:
        return increasing(op, a, -1, 1);
    case EXPR_ERFC:
        return make(erfc(a.high), erfc(a.low));
    case EXPR_GAMMA:
        return RANGE_UNKNOWN;
    default: /* every other unary operation is increasing */
        return increasing(op, a, -INFINITY, INFINITY);
    }
}

/* Operations whose value is 0 or 1. */
static bool is_decision(expr_op op)
{
    return op == EXPR_LESS || op == EXPR_GREATER || op == EXPR_LESS_EQUAL ||
           op == EXPR_GREATER_EQUAL || op == EXPR_AND || op == EXPR_OR;
}

range range_apply(expr_op op, range a, range b)
{
    if (is_decision(op))
        return make(0, 1);
    if (op == EXPR_ATAN2)
        return make(-M_PI, M_PI);
    if (!range_is_known(a) || (expr_arity(op) == 2 && !range_is_known(b)))
        return op == EXPR_SIN || op == EXPR_COS ? make(-1, 1) : RANGE_UNKNOWN;
    switch (op) {
    case EXPR_ADD:
        return make(a.low + b.low, a.high + b.high);
    case EXPR_SUB:
        return make(a.low - b.high, a.high - b.low);
    case EXPR_MUL:
        return hull(a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high);
    case EXPR_DIV:
        return quotient(a, b);
    case EXPR_POW:
        return power(a, b);
    case EXPR_MIN:
        return make(fmin(a.low, b.low), fmin(a.high, b.high));
    case EXPR_MAX:
        return make(fmax(a.low, b.low), fmax(a.high, b.high));
    case EXPR_COND:
        return make(fmin(b.low, 0), fmax(b.high, 0));
    case EXPR_MOD:
        return make(fmin(b.low, 0), fmax(b.high, 0));
    default:
        return unary(op, a);
    }
}

/* Index of the first operand of the binary node i; the second is i - 1. */
static int first_operand(expr e, int i)
{
    return i - 1 - (int)e.nodes[i - 1].length;
}

void ranges_from_inputs(range *out, expr e, const range *inputs)
{
    for (int i = 0; i < e.count; i++) {
        expr_node n = e.nodes[i];
        if (n.op == EXPR_CONST)
            out[i] = make(n.value, n.value);
        else if (n.op == EXPR_VAR)
            out[i] = inputs[n.feature];
        else if (n.arity == 1)
            out[i] = range_apply((expr_op)n.op, out[i - 1], RANGE_UNKNOWN);
        else
            out[i] = range_apply((expr_op)n.op, out[first_operand(e, i)], out[i - 1]);
    }
}

static void evaluate_row(double *values, expr e, row_input input, const void *context, size_t row)
{
    for (int i = 0; i < e.count; i++) {
        expr_node n = e.nodes[i];
        if (n.op == EXPR_CONST)
            values[i] = n.value;
        else if (n.op == EXPR_VAR)
            values[i] = input(context, n.feature, row);
        else if (n.arity == 1)
            values[i] = expr_apply((expr_op)n.op, values[i - 1], 0);
        else
            values[i] = expr_apply((expr_op)n.op, values[first_operand(e, i)], values[i - 1]);
    }
}

void ranges_from_rows(range *out, size_t *exceed, range limit, expr e, row_input input,
                      const void *context, size_t rows, double *values)
{
    for (int i = 0; i < e.count; i++) {
        out[i] = RANGE_UNKNOWN;
        exceed[i] = 0;
    }
    for (size_t row = 0; row < rows; row++) {
        evaluate_row(values, e, input, context, row);
        for (int i = 0; i < e.count; i++) {
            double v = values[i];
            if (!isfinite(v))
                continue;
            bool first = !range_is_known(out[i]);
            out[i].low = first ? v : fmin(out[i].low, v);
            out[i].high = first ? v : fmax(out[i].high, v);
            exceed[i] += v < limit.low || v > limit.high;
        }
    }
}
