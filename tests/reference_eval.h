/* An evaluator of expressions for tests, apart from the one under test, in long double. How far a
 * double result may lie from it is measured, not chosen: every node's value is shaken by a few
 * units in the last place of a double, and the spread that this makes in the result is the error
 * that rounding can make. Where a value lies so near a jump, a pole or the edge of a domain that
 * rounding decides the side, nothing is judged. */
#ifndef TESTS_REFERENCE_EVAL_H
#define TESTS_REFERENCE_EVAL_H

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "expr/expr.h"

enum { SHAKES = 8, SHAKEN_INPUTS = 8 };

static long double floored_mod(long double a, long double b)
{
    long double r = fmodl(a, b);
    return r != 0 && (r < 0) != (b < 0) ? r + b : r;
}

static long double reference_apply(expr_op op, long double a, long double b)
{
    switch (op) {
    case EXPR_ADD:
        return a + b;
    case EXPR_SUB:
        return a - b;
    case EXPR_MUL:
        return a * b;
    case EXPR_DIV:
        return a / b;
    case EXPR_POW:
        return powl(a, b);
    case EXPR_MIN:
        return a < b ? a : b;
    case EXPR_MAX:
        return a > b ? a : b;
    case EXPR_ATAN2:
        return atan2l(a, b);
    case EXPR_LESS:
        return a < b;
    case EXPR_GREATER:
        return a > b;
    case EXPR_LESS_EQUAL:
        return a <= b;
    case EXPR_GREATER_EQUAL:
        return a >= b;
    case EXPR_AND:
        return a > 0 && b > 0;
    case EXPR_OR:
        return a > 0 || b > 0;
    case EXPR_COND:
        return a > 0 ? b : 0;
    case EXPR_MOD:
        return floored_mod(a, b);
    case EXPR_NEG:
        return -a;
    case EXPR_ABS:
        return fabsl(a);
    case EXPR_SIGN:
        return a > 0 ? 1 : a < 0 ? -1 : 0;
    case EXPR_SQUARE:
        return a * a;
    case EXPR_CUBE:
        return a * a * a;
    case EXPR_SQRT:
        return sqrtl(a);
    case EXPR_CBRT:
        return cbrtl(a);
    case EXPR_INV:
        return 1 / a;
    case EXPR_EXP:
        return expl(a);
    case EXPR_EXP2:
        return exp2l(a);
    case EXPR_EXPM1:
        return expm1l(a);
    case EXPR_LOG:
        return logl(a);
    case EXPR_LOG2:
        return log2l(a);
    case EXPR_LOG10:
        return log10l(a);
    case EXPR_LOG1P:
        return log1pl(a);
    case EXPR_SIN:
        return sinl(a);
    case EXPR_COS:
        return cosl(a);
    case EXPR_TAN:
        return tanl(a);
    case EXPR_ASIN:
        return asinl(a);
    case EXPR_ACOS:
        return acosl(a);
    case EXPR_ATAN:
        return atanl(a);
    case EXPR_SINH:
        return sinhl(a);
    case EXPR_COSH:
        return coshl(a);
    case EXPR_TANH:
        return tanhl(a);
    case EXPR_ASINH:
        return asinhl(a);
    case EXPR_ACOSH:
        return acoshl(a);
    case EXPR_ATANH:
        return atanhl(a);
    case EXPR_ERF:
        return erfl(a);
    case EXPR_ERFC:
        return erfcl(a);
    case EXPR_GAMMA:
        return tgammal(a);
    case EXPR_GAUSS:
        return expl(-(a * a));
    case EXPR_SIGMOID:
        return 1 / (1 + expl(-a));
    case EXPR_RELU:
        return a > 0 ? a : 0;
    case EXPR_FLOOR:
        return floorl(a);
    case EXPR_CEIL:
        return ceill(a);
    case EXPR_ROUND:
        return roundevenl(a);
    default:
        abort();
    }
}

/* Every node's value in the last evaluation. */
static long double trace[EXPR_MAX_NODES];

/* What is shaken: results alone, or also inputs, constants that are no whole numbers and the signs
 * of zeros, which is what a rewriting may change: (x + 0.1) + 0.2 has another constant in double.
 */
typedef enum shaken { SHAKE_RESULTS, SHAKE_ALL } shaken;

/* shake: relative noise of each node, 0 for none. *ordinary: no value left the range where double
 * and long double behave alike, and none hangs on the sign of a zero. */
static long double reference_eval(expr e, const long double *x, rng *r, long double shake,
                                  shaken what, bool *ordinary)
{
    static long double stack[EXPR_MAX_NODES];
    long double moved[SHAKEN_INPUTS];
    int depth = 0;
    *ordinary = true;
    for (int i = 0; shake > 0 && i < SHAKEN_INPUTS; i++)
        moved[i] = shake * (long double)(2 * rng_unit(r) - 1);
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        long double value;
        if (n->arity == 0) {
            value = n->op == EXPR_VAR ? x[n->feature] : (long double)n->value;
        } else {
            depth -= n->arity;
            value =
                reference_apply((expr_op)n->op, stack[depth], n->arity == 2 ? stack[depth + 1] : 0);
            if (n->op == EXPR_ATAN2 && (stack[depth] == 0 || stack[depth + 1] == 0))
                *ordinary = false;
        }
        bool constant = n->op == EXPR_CONST && n->value != rint(n->value);
        if (shake > 0 && (n->arity > 0 || (what == SHAKE_ALL && constant)))
            value *= 1 + shake * (long double)(2 * rng_unit(r) - 1);
        if (shake > 0 && what == SHAKE_ALL && n->op == EXPR_VAR)
            value *= 1 + moved[n->feature % SHAKEN_INPUTS];
        if (shake > 0 && what == SHAKE_ALL && value == 0)
            value = rng_below(r, 2) ? 0.0L : -0.0L;
        if (isinf(value) || fabsl(value) > 1e290L || (value != 0 && fabsl(value) < 1e-290L))
            *ordinary = false;
        stack[depth++] = trace[i] = value;
    }
    return stack[0];
}

/* Of an exponent that was computed: in double it may be whole, as erfc(-7) is. */
static inline bool nearly_whole(long double exponent, long double within)
{
    return within > 0 && fabsl(exponent - roundevenl(exponent)) <= within;
}

/* Whether operation n jumps, has a pole or leaves its domain within `margin` times the spread of
 * its operands. */
static bool at_edge(expr e, int n, const long double *quiet, const long double *spreads,
                    long double margin)
{
    expr_op op = (expr_op)e.nodes[n].op;
    bool binary = e.nodes[n].arity == 2;
    int last = n - 1, first = binary ? last - (int)e.nodes[last].length : last;
    long double da = margin * spreads[first], db = binary ? margin * spreads[last] : 0;
    if (isnan(quiet[first]) || (binary && isnan(quiet[last])))
        return false;
    if (op == EXPR_AND || op == EXPR_OR || op == EXPR_COND) /* of what jumps, whatever its size */
        return (da > 0 && fabsl(quiet[first]) <= da) ||
               (op != EXPR_COND && db > 0 && fabsl(quiet[last]) <= db);
    if (op == EXPR_POW && quiet[first] - da <= 0 && nearly_whole(quiet[last], db))
        return true;
    for (int corner = 0; corner < 4; corner++) {
        long double a = quiet[first] + (corner & 1 ? da : -da);
        long double b = binary ? quiet[last] + (corner & 2 ? db : -db) : 0;
        long double value = reference_apply(op, a, b);
        if (isnan(value) != isnan(quiet[n]) || isinf(value) != isinf(quiet[n]) ||
            fabsl(value - quiet[n]) > 1e-4L * (1 + fabsl(quiet[n])))
            return true;
        if (op == EXPR_MOD && !isnan(value) && floorl(a / b) != floorl(quiet[first] / quiet[last]))
            return true;
    }
    return false;
}

/* The reference value and how far rounding may move a double result from it; false where that
 * cannot be said: out of range, or where rounding decides the value of some node at large, as in
 * sin(1e20*x), floor(5.6 + 2.4) or log(x - x). */
static inline bool judge(expr e, const long double *x, rng *r, shaken what, long double *value,
                         long double *spread)
{
    static long double quiet[EXPR_MAX_NODES], spreads[EXPR_MAX_NODES];
    bool ordinary;
    *value = reference_eval(e, x, r, 0, what, &ordinary);
    memcpy(quiet, trace, sizeof *quiet * (size_t)e.count);
    memset(spreads, 0, sizeof *spreads * (size_t)e.count);
    *spread = 0;
    for (int i = 0; i < SHAKES && ordinary; i++) {
        reference_eval(e, x, r, 0x1p-50L, what, &ordinary);
        for (int n = 0; n < e.count; n++) {
            if (isnan(trace[n]) != isnan(quiet[n]) ||
                fabsl(trace[n] - quiet[n]) > 1e-6L * (1 + fabsl(quiet[n])))
                return false;
            if (!isnan(trace[n]))
                spreads[n] = fmaxl(spreads[n], fabsl(trace[n] - quiet[n]));
        }
    }
    for (int n = 0; n < e.count && ordinary; n++)
        if (e.nodes[n].arity > 0 && at_edge(e, n, quiet, spreads, 256))
            return false;
    *spread = spreads[e.count - 1];
    return ordinary;
}

#endif
