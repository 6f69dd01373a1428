/* Rewrites that keep the value of an expression up to rounding, wherever it has one.
 *
 * What holds for every rule:
 *   - no NaN or infinity disappears for ordinary finite inputs: x/x, exp(log(x)) and
 * square(sqrt(x)) stay, constants fold only to finite values, and x*0 or x - x become 0 only where
 * x is made of operations that are finite everywhere (overflow apart);
 *   - the sign of a zero may change;
 *   - no operation appears that the expression did not have, so that a search over some operations
 *     stays among them;
 *   - the result is never longer.
 *
 * One pass from the left: the nodes written so far are simplified operands, and each operation that
 * comes is combined with those at the end. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "expr/expr.h"

typedef struct writer {
    expr_node *nodes;
    int count;
} writer;

static void emit(writer *w, expr_op op);

static expr_node *last(const writer *w)
{
    return &w->nodes[w->count - 1];
}

static int length_at(const writer *w, int root)
{
    return (int)w->nodes[root].length;
}

static bool is_constant(const expr_node *n, double value)
{
    return n->op == EXPR_CONST && n->value == value;
}

static void append(writer *w, expr_op op)
{
    expr_node *n = &w->nodes[w->count++];
    *n = (expr_node){.op = (uint8_t)op, .arity = (uint8_t)expr_arity(op), .length = 1};
    for (int operand = 0; operand < n->arity; operand++)
        n->length += w->nodes[w->count - 1 - (int)n->length].length;
}

/* The two operands at the end: a ends before b begins. */
typedef struct pair {
    expr_node *a, *b; /* roots */
    int a_start, b_start;
} pair;

static pair operands(const writer *w)
{
    pair p;
    int b = w->count - 1;
    p.b_start = b - length_at(w, b) + 1;
    int a = p.b_start - 1;
    p.a_start = a - length_at(w, a) + 1;
    p.a = &w->nodes[a];
    p.b = &w->nodes[b];
    return p;
}

static void keep_a(writer *w, pair p)
{
    w->count = p.b_start;
}

static void keep_b(writer *w, pair p)
{
    int length = w->count - p.b_start;
    memmove(&w->nodes[p.a_start], &w->nodes[p.b_start], sizeof *w->nodes * (size_t)length);
    w->count = p.a_start + length;
}

static void keep_constant(writer *w, pair p, double value)
{
    w->nodes[p.a_start] = (expr_node){.op = EXPR_CONST, .length = 1, .value = value};
    w->count = p.a_start + 1;
}

static void reverse(expr_node *nodes, int count)
{
    for (int i = 0, j = count - 1; i < j; i++, j--) {
        expr_node kept = nodes[i];
        nodes[i] = nodes[j];
        nodes[j] = kept;
    }
}

static void swap_operands(writer *w, pair p)
{
    reverse(&w->nodes[p.a_start], p.b_start - p.a_start);
    reverse(&w->nodes[p.b_start], w->count - p.b_start);
    reverse(&w->nodes[p.a_start], w->count - p.a_start);
}

static bool same_operands(const writer *w, pair p)
{
    int length = p.b_start - p.a_start;
    return length == w->count - p.b_start &&
           expr_equal((expr){&w->nodes[p.a_start], length}, (expr){&w->nodes[p.b_start], length});
}

bool expr_is_total(expr e)
{
    for (int i = 0; i < e.count; i++) {
        switch ((expr_op)e.nodes[i].op) {
        case EXPR_CONST:
            if (!isfinite(e.nodes[i].value))
                return false;
            break;
        case EXPR_VAR:
        case EXPR_ADD:
        case EXPR_SUB:
        case EXPR_MUL:
        case EXPR_MIN:
        case EXPR_MAX:
        case EXPR_LESS:
        case EXPR_GREATER:
        case EXPR_LESS_EQUAL:
        case EXPR_GREATER_EQUAL:
        case EXPR_AND:
        case EXPR_OR:
        case EXPR_COND:
        case EXPR_NEG:
        case EXPR_ABS:
        case EXPR_SIGN:
        case EXPR_SQUARE:
        case EXPR_CUBE:
        case EXPR_CBRT:
        case EXPR_SIN:
        case EXPR_COS:
        case EXPR_ATAN:
        case EXPR_TANH:
        case EXPR_ASINH:
        case EXPR_ERF:
        case EXPR_ERFC:
        case EXPR_GAUSS:
        case EXPR_SIGMOID:
        case EXPR_RELU:
        case EXPR_FLOOR:
        case EXPR_CEIL:
        case EXPR_ROUND:
            break;
        default:
            return false;
        }
    }
    return true;
}

static bool is_total(const writer *w, int start, int end)
{
    return expr_is_total((expr){w->nodes + start, end - start});
}

/* ---------------------------------------------------------------- one operand */

static bool is_even(expr_op op)
{
    return op == EXPR_ABS || op == EXPR_SQUARE || op == EXPR_COS || op == EXPR_COSH ||
           op == EXPR_GAUSS;
}

static bool never_negative(expr_op op)
{
    return op == EXPR_ABS || op == EXPR_SQUARE || op == EXPR_SQRT || op == EXPR_EXP ||
           op == EXPR_EXP2 || op == EXPR_COSH || op == EXPR_GAUSS || op == EXPR_SIGMOID ||
           op == EXPR_RELU;
}

static bool rounds(expr_op op)
{
    return op == EXPR_FLOOR || op == EXPR_CEIL || op == EXPR_ROUND;
}

static bool is_normal(double value)
{
    return fabs(value) >= DBL_MIN && fabs(value) <= DBL_MAX;
}

/* -(a - b) is b - a; -(x*c), -(x/c) and -(c/x) take the sign into the constant. */
static bool negate_into(writer *w)
{
    expr_op inner = (expr_op)last(w)->op;
    if (inner != EXPR_SUB && inner != EXPR_MUL && inner != EXPR_DIV)
        return false;
    w->count--;
    pair p = operands(w);
    if (inner == EXPR_SUB) {
        swap_operands(w, p);
        append(w, EXPR_SUB);
        return true;
    }
    expr_node *constant = p.b->op == EXPR_CONST ? p.b : p.a->op == EXPR_CONST ? p.a : NULL;
    if (constant)
        constant->value = -constant->value;
    w->count++;
    return constant != NULL;
}

static bool unary_rule(writer *w, expr_op op)
{
    expr_op inner = (expr_op)last(w)->op;
    bool undone = (op == EXPR_NEG && inner == EXPR_NEG) || (op == EXPR_INV && inner == EXPR_INV) ||
                  (op == EXPR_LOG && inner == EXPR_EXP);
    if (undone) {
        w->count--;
        return true;
    }
    if (op == EXPR_ABS && never_negative(inner))
        return true;
    if (op == EXPR_RELU && never_negative(inner) &&
        is_total(w, w->count - length_at(w, w->count - 1), w->count))
        return true; /* relu(NaN) is 0 */
    if (rounds(op) && rounds(inner))
        return true;
    if (is_even(op) && (inner == EXPR_NEG || inner == EXPR_ABS)) {
        w->count--;
        emit(w, op);
        return true;
    }
    return op == EXPR_NEG && negate_into(w);
}

static void emit_unary(writer *w, expr_op op)
{
    if (last(w)->op == EXPR_CONST) {
        double value = expr_apply(op, last(w)->value, 0.0);
        if (isfinite(value)) {
            last(w)->value = value;
            return;
        }
    }
    if (!unary_rule(w, op))
        append(w, op);
}

/* ---------------------------------------------------------------- two operands */

static bool identity_rule(writer *w, expr_op op, pair p)
{
    bool zero_a = is_constant(p.a, 0), zero_b = is_constant(p.b, 0);
    bool one_a = is_constant(p.a, 1), one_b = is_constant(p.b, 1);
    if (((op == EXPR_ADD || op == EXPR_SUB) && zero_b) ||
        ((op == EXPR_MUL || op == EXPR_DIV || op == EXPR_POW) && one_b)) {
        keep_a(w, p);
        return true;
    }
    if ((op == EXPR_ADD && zero_a) || (op == EXPR_MUL && one_a)) {
        keep_b(w, p);
        return true;
    }
    if (op == EXPR_POW && (zero_b || one_a)) {
        keep_constant(w, p, 1); /* pow's own values, even for NaN */
        return true;
    }
    if (op == EXPR_MUL && ((zero_a && is_total(w, p.b_start, w->count)) ||
                           (zero_b && is_total(w, p.a_start, p.b_start)))) {
        keep_constant(w, p, 0);
        return true;
    }
    return false;
}

static bool same_rule(writer *w, expr_op op, pair p)
{
    if (op != EXPR_SUB && op != EXPR_MIN && op != EXPR_MAX && op != EXPR_LESS && op != EXPR_GREATER)
        return false;
    if (!same_operands(w, p))
        return false;
    if (op == EXPR_MIN || op == EXPR_MAX)
        keep_a(w, p);
    else if (op != EXPR_SUB || is_total(w, p.a_start, p.b_start))
        keep_constant(w, p, 0);
    else
        return false;
    return true;
}

/* (-a)*(-b), (-a)/(-b): the signs cancel; (-a)*c and the like: the sign goes into the constant. */
static bool sign_rule(writer *w, expr_op op, pair p)
{
    bool negative_a = p.a->op == EXPR_NEG, negative_b = p.b->op == EXPR_NEG;
    bool takes_sign_a = negative_a || p.a->op == EXPR_CONST;
    bool takes_sign_b = negative_b || p.b->op == EXPR_CONST;
    if ((op != EXPR_MUL && op != EXPR_DIV) || !takes_sign_a || !takes_sign_b ||
        !(negative_a || negative_b))
        return false;
    if (negative_b)
        w->count--;
    else
        p.b->value = -p.b->value;
    if (negative_a) {
        memmove(p.a, p.a + 1, sizeof *p.a * (size_t)(w->count - p.b_start));
        w->count--;
    } else {
        p.a->value = -p.a->value;
    }
    emit(w, op);
    return true;
}

/* An operation of the group + - (or * /) between x and constants: x, or its inverse where
 * `inverted`, joined with `with` and with the inverse of `against`. */
typedef struct affine {
    bool product, inverted;
    double with, against;
} affine;

static bool affine_of(affine *f, expr_op op, pair p)
{
    bool first = p.a->op == EXPR_CONST;
    const expr_node *constant = first ? p.a : p.b;
    *f = (affine){.product = op == EXPR_MUL || op == EXPR_DIV};
    if (constant->op != EXPR_CONST || (!f->product && op != EXPR_ADD && op != EXPR_SUB))
        return false;
    if (f->product ? !is_normal(constant->value) : !isfinite(constant->value))
        return false;
    bool inverting = op == EXPR_SUB || op == EXPR_DIV;
    f->with = f->against = f->product ? 1 : 0;
    f->inverted = inverting && first;
    *(inverting && !first ? &f->against : &f->with) = constant->value;
    return true;
}

static double join(bool product, double a, double b)
{
    return product ? a * b : a + b;
}

static affine compose(affine outer, affine inner)
{
    if (outer.inverted) {
        double kept = inner.with;
        inner.with = inner.against;
        inner.against = kept;
    }
    inner.inverted = inner.inverted != outer.inverted;
    inner.with = join(inner.product, inner.with, outer.with);
    inner.against = join(inner.product, inner.against, outer.against);
    return inner;
}

/* Two nested operations of one group, each with a constant, become one: (x - 2) + 5 is x + 3,
 * 6/(2*x) is 3/x. It is written with one of the two operations that were there. */
static bool merge_constants(writer *w, expr_op op, pair p)
{
    affine outer, inner;
    const expr_node *nested = p.a->op == EXPR_CONST ? p.b : p.a;
    if (nested->arity != 2 || !affine_of(&outer, op, p))
        return false;
    writer sub = {w->nodes, (int)(nested - w->nodes)};
    pair q = operands(&sub);
    if (!affine_of(&inner, (expr_op)nested->op, q) || inner.product != outer.product)
        return false;
    affine h = compose(outer, inner);
    expr_op forward = h.product ? EXPR_MUL : EXPR_ADD, backward = h.product ? EXPR_DIV : EXPR_SUB;
    bool use_forward = !h.inverted && (op == forward || nested->op == forward);
    if (h.inverted && op != backward && nested->op != backward)
        return false;
    bool flip = !use_forward && !h.inverted; /* x - c stands for x + (-c) */
    double with = flip ? h.against : h.with, against = flip ? h.with : h.against;
    double constant = h.product ? with / against : with - against;
    if (h.product ? !is_normal(constant) : !isfinite(constant))
        return false;
    bool inner_first = q.a->op == EXPR_CONST;
    int from = inner_first ? q.b_start : q.a_start;
    int length = inner_first ? sub.count - q.b_start : q.b_start - q.a_start;
    int to = p.a_start + (h.inverted ? 1 : 0);
    memmove(&w->nodes[to], &w->nodes[from], sizeof *w->nodes * (size_t)length);
    w->nodes[h.inverted ? p.a_start : to + length] =
        (expr_node){.op = EXPR_CONST, .length = 1, .value = constant};
    w->count = p.a_start + length + 1;
    emit(w, use_forward ? forward : backward);
    return true;
}

static void emit_binary(writer *w, expr_op op)
{
    pair p = operands(w);
    if (p.a->op == EXPR_CONST && p.b->op == EXPR_CONST) {
        double value = expr_apply(op, p.a->value, p.b->value);
        if (isfinite(value)) {
            keep_constant(w, p, value);
            return;
        }
    }
    if (!identity_rule(w, op, p) && !same_rule(w, op, p) && !sign_rule(w, op, p) &&
        !merge_constants(w, op, p))
        append(w, op);
}

static void emit(writer *w, expr_op op)
{
    if (expr_arity(op) == 1)
        emit_unary(w, op);
    else
        emit_binary(w, op);
}

/* A call is not looked into. */
static void append_call(writer *w, expr_node n)
{
    n.length = 1;
    for (int operand = 0; operand < n.arity; operand++)
        n.length += w->nodes[w->count - (int)n.length].length;
    w->nodes[w->count++] = n;
}

void expr_simplify(expr *e)
{
    writer w = {e->nodes, 0};
    for (int i = 0; i < e->count; i++) {
        expr_node n = e->nodes[i];
        if (n.op == EXPR_CALL) {
            append_call(&w, n);
        } else if (n.arity > 0) {
            emit(&w, (expr_op)n.op);
        } else {
            n.length = 1;
            w.nodes[w.count++] = n;
        }
    }
    e->count = w.count;
}
