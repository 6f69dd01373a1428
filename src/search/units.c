/* Dimensional consistency of an expression in one pass over its nodes. The rules are PySR's: what
 * is added or compared has one unit, functions take pure numbers, and a free constant takes
 * whatever unit its place needs. */
#include "search/units.h"

#include <math.h>
#include <string.h>

/* A value on the stack. */
typedef struct quantity {
    unit u;
    unit_verdict verdict; /* FIXED or FREE */
} quantity;

static const unit PURE;

bool unit_equal(const unit *a, const unit *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

bool unit_is_one(const unit *u)
{
    return unit_equal(u, &PURE);
}

/* u^(numerator/denominator); false where an exponent leaves its range or its grid. */
static bool raise(unit *u, int numerator, int denominator)
{
    for (int i = 0; i < UNIT_BASES; i++) {
        int product = u->power[i] * numerator;
        if (product % denominator != 0 || product / denominator > INT16_MAX ||
            product / denominator < INT16_MIN)
            return false;
        u->power[i] = (int16_t)(product / denominator);
    }
    return true;
}

static bool combine(unit *a, const unit *b, int sign)
{
    for (int i = 0; i < UNIT_BASES; i++) {
        int sum = a->power[i] + sign * b->power[i];
        if (sum > INT16_MAX || sum < INT16_MIN)
            return false;
        a->power[i] = (int16_t)sum;
    }
    return true;
}

static bool can_be_pure(const quantity *a)
{
    return a->verdict == UNIT_FREE || unit_is_one(&a->u);
}

/* a and b are of one unit, which a then has. */
static bool agree(quantity *a, const quantity *b)
{
    if (a->verdict == UNIT_FREE)
        *a = *b;
    else if (b->verdict == UNIT_FIXED)
        return unit_equal(&a->u, &b->u);
    return true;
}

static bool power(quantity *a, const quantity *b, const expr_node *exponent)
{
    if (!can_be_pure(b))
        return false;
    if (exponent->op != EXPR_CONST) {
        bool ok = can_be_pure(a);
        *a = (quantity){.verdict = UNIT_FIXED};
        return ok;
    }
    if (a->verdict == UNIT_FREE || unit_is_one(&a->u))
        return true;
    double sixtieths = exponent->value * UNIT_ONE, whole = nearbyint(sixtieths);
    return fabs(sixtieths) < 6000 && fabs(sixtieths - whole) < 1e-4 &&
           raise(&a->u, (int)whole, UNIT_ONE);
}

static bool apply_binary(quantity *a, const quantity *b, expr_op op, const expr_node *second)
{
    switch (op) {
    case EXPR_MUL:
    case EXPR_DIV:
        if (b->verdict == UNIT_FREE)
            a->verdict = UNIT_FREE;
        return a->verdict == UNIT_FREE || combine(&a->u, &b->u, op == EXPR_MUL ? 1 : -1);
    case EXPR_POW:
        return power(a, b, second);
    case EXPR_COND: /* the sign of a chooses */
        *a = *b;
        return true;
    case EXPR_AND:
    case EXPR_OR:
        *a = (quantity){.verdict = UNIT_FIXED};
        return true;
    default:
        break;
    }
    bool same = agree(a, b);
    if (op != EXPR_ADD && op != EXPR_SUB && op != EXPR_MIN && op != EXPR_MAX && op != EXPR_MOD)
        *a = (quantity){.verdict = UNIT_FIXED}; /* comparisons and the angle */
    return same;
}

static bool apply_unary(quantity *a, expr_op op)
{
    bool is_free = a->verdict == UNIT_FREE;
    switch (op) {
    case EXPR_NEG:
    case EXPR_ABS:
    case EXPR_RELU:
        return true;
    case EXPR_SQUARE:
        return is_free || raise(&a->u, 2, 1);
    case EXPR_CUBE:
        return is_free || raise(&a->u, 3, 1);
    case EXPR_SQRT:
        return is_free || raise(&a->u, 1, 2);
    case EXPR_CBRT:
        return is_free || raise(&a->u, 1, 3);
    case EXPR_INV:
        return is_free || raise(&a->u, -1, 1);
    case EXPR_SIGN:
        *a = (quantity){.verdict = UNIT_FIXED};
        return true;
    default:
        break;
    }
    bool ok = can_be_pure(a);
    *a = (quantity){.verdict = UNIT_FIXED};
    return ok;
}

unit_verdict units_of(const units *u, expr e, unit *out)
{
    quantity stack[UNIT_NODES / 2 + 1];
    int depth = 0;
    if (e.count > UNIT_NODES)
        return UNIT_BROKEN;
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        if (n->op == EXPR_VAR) {
            stack[depth++] = (quantity){u->inputs[n->feature], UNIT_FIXED};
        } else if (n->op == EXPR_CONST) {
            stack[depth++] = (quantity){.verdict = u->free_constants ? UNIT_FREE : UNIT_FIXED};
        } else if (expr_arity((expr_op)n->op) == 1) {
            if (!apply_unary(&stack[depth - 1], (expr_op)n->op))
                return UNIT_BROKEN;
        } else {
            depth--;
            if (!apply_binary(&stack[depth - 1], &stack[depth], (expr_op)n->op, n - 1))
                return UNIT_BROKEN;
        }
    }
    *out = stack[0].u;
    return stack[0].verdict;
}

bool units_allow_form(const units *u, unit_verdict tree, const unit *found, bool scaled,
                      bool shifted)
{
    if (tree == UNIT_BROKEN)
        return false;
    if (shifted && !u->free_constants && !unit_is_one(found))
        return false;
    bool any = tree == UNIT_FREE || (scaled && u->free_constants);
    return any || !u->target_known || unit_equal(found, &u->target);
}

bool units_allow(const units *u, expr e)
{
    unit found = PURE;
    unit_verdict verdict = units_of(u, e, &found);
    return units_allow_form(u, verdict, &found, false, false);
}
