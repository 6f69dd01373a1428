/* Constant folding and identities.
 *
 * requires: a checked graph
 * keeps:    ports, values of outputs, stages of what remains
 * breaks:   nothing; nodes without users may remain (dce)
 *
 * A node may be replaced by any node of the same value: where the format matters (table index,
 * output) the copy casts it back. */
#include "opt/opt.h"
#include "opt/rewrite.h"

static bool is_zero(const graph *g, graph_ref a)
{
    return g->nodes[a].lo == 0 && g->nodes[a].hi == 0;
}

static graph_ref unary(graph *g, graph_op op, graph_ref a)
{
    return graph_add(g, op, a, GRAPH_NONE, GRAPH_NONE);
}

static graph_ref binary(graph *g, graph_op op, graph_ref a, graph_ref b)
{
    return graph_add(g, op, a, b, GRAPH_NONE);
}

static graph_ref fold_neg(graph *g, graph_ref a)
{
    if (g->nodes[a].op == GRAPH_NEG)
        return g->nodes[a].arg[0];
    if (g->nodes[a].op == GRAPH_SUB)
        return binary(g, GRAPH_SUB, g->nodes[a].arg[1], g->nodes[a].arg[0]);
    return unary(g, GRAPH_NEG, a);
}

static graph_ref fold_shift(graph *g, graph_ref a, int power)
{
    while (a < g->count && g->nodes[a].op == GRAPH_SHIFT) {
        power += (int)g->nodes[a].aux;
        a = g->nodes[a].arg[0];
    }
    return power == 0 ? a : graph_add_shift(g, a, power);
}

static graph_ref fold_add(graph *g, graph_ref a, graph_ref b)
{
    if (is_zero(g, a))
        return b;
    if (is_zero(g, b))
        return a;
    if (a == b)
        return fold_shift(g, a, 1);
    if (g->nodes[b].op == GRAPH_NEG)
        return binary(g, GRAPH_SUB, a, g->nodes[b].arg[0]);
    if (g->nodes[a].op == GRAPH_NEG)
        return binary(g, GRAPH_SUB, b, g->nodes[a].arg[0]);
    return binary(g, GRAPH_ADD, a, b);
}

static graph_ref fold_sub(graph *g, graph_ref a, graph_ref b)
{
    if (is_zero(g, b))
        return a;
    if (is_zero(g, a))
        return fold_neg(g, b);
    if (g->nodes[b].op == GRAPH_NEG)
        return fold_add(g, a, g->nodes[b].arg[0]);
    return binary(g, GRAPH_SUB, a, b);
}

/* x * ±2^k: a shift. */
static graph_ref fold_mul(graph *g, graph_ref a, graph_ref b)
{
    int64_t value;
    int frac, power;
    if (is_constant(g, a, &value, &frac)) {
        graph_ref swap = a;
        a = b;
        b = swap;
    }
    if (!is_constant(g, b, &value, &frac))
        return binary(g, GRAPH_MUL, a, b);
    int64_t odd = odd_part(value, &power);
    if (odd == 0)
        return b;
    if (odd == 1)
        return fold_shift(g, a, power - frac);
    if (odd == -1)
        return fold_neg(g, fold_shift(g, a, power - frac));
    return binary(g, GRAPH_MUL, a, b);
}

static graph_ref fold_abs(graph *g, graph_ref a)
{
    if (g->nodes[a].lo >= 0)
        return a;
    if (g->nodes[a].hi <= 0)
        return fold_neg(g, a);
    if (g->nodes[a].op == GRAPH_NEG)
        return unary(g, GRAPH_ABS, g->nodes[a].arg[0]);
    return unary(g, GRAPH_ABS, a);
}

/* min or max of values whose intervals do not cross is one of them; le decides which. */
static graph_ref fold_extreme(graph *g, graph_op op, graph_ref a, graph_ref b)
{
    if (a == b)
        return a;
    graph_node le = {.op = GRAPH_LE, .arg = {a, b, GRAPH_NONE}};
    if (graph_derive(g, &le) && le.lo == le.hi) {
        bool a_is_smaller = le.lo == 1;
        return a_is_smaller == (op == GRAPH_MIN) ? a : b;
    }
    return binary(g, op, a, b);
}

static graph_ref fold_select(graph *g, graph_ref condition, graph_ref a, graph_ref b)
{
    if (g->nodes[condition].lo == 1 || a == b)
        return a;
    if (g->nodes[condition].hi == 0)
        return b;
    format flag = {.is_signed = false, .width = 1, .frac = 0};
    if (!format_equal(g->nodes[condition].fmt, flag))
        condition = graph_add_cast(g, condition, flag, ROUND_TRN, OVERFLOW_WRAP);
    return graph_add(g, GRAPH_SELECT, condition, a, b);
}

/* A cast that neither rounds nor overflows is its operand. */
static bool keeps_value(const graph *g, const graph_node *n, graph_ref a)
{
    const graph_node *x = &g->nodes[a];
    if (x->fmt.frac > n->fmt.frac)
        return false;
    overflow o = (overflow)n->overflow;
    return !cast_overflows(x->lo, x->fmt.frac, n->fmt, ROUND_TRN, o) &&
           !cast_overflows(x->hi, x->fmt.frac, n->fmt, ROUND_TRN, o);
}

static graph_ref fold_node(rewrite *rw, graph_ref k)
{
    const graph_node *n = &rw->from->nodes[k];
    graph *g = rw->to;
    graph_ref arg[GRAPH_ARGS];
    for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
        arg[j] = rewrite_arg(rw, n, j);
        if (arg[j] == GRAPH_NONE)
            return GRAPH_NONE;
    }
    if (n->lo == n->hi && n->op != GRAPH_OUTPUT && n->op != GRAPH_REG && n->op != GRAPH_INPUT)
        return graph_add_exact_const(g, n->lo, n->fmt.frac);
    switch ((graph_op)n->op) {
    case GRAPH_ADD:
        return fold_add(g, arg[0], arg[1]);
    case GRAPH_SUB:
        return fold_sub(g, arg[0], arg[1]);
    case GRAPH_NEG:
        return fold_neg(g, arg[0]);
    case GRAPH_MUL:
        return fold_mul(g, arg[0], arg[1]);
    case GRAPH_SHIFT:
        return fold_shift(g, arg[0], (int)n->aux);
    case GRAPH_ABS:
        return fold_abs(g, arg[0]);
    case GRAPH_MIN:
    case GRAPH_MAX:
        return fold_extreme(g, (graph_op)n->op, arg[0], arg[1]);
    case GRAPH_SELECT:
        return fold_select(g, arg[0], arg[1], arg[2]);
    case GRAPH_CAST:
        return keeps_value(g, n, arg[0]) ? arg[0] : rewrite_copy(rw, k);
    default:
        return rewrite_copy(rw, k);
    }
}

symlut_status opt_fold(graph **g, const opt_options *options, symlut_error *err)
{
    (void)options;
    rewrite rw;
    if (rewrite_begin(&rw, *g)) {
        for (graph_ref k = 0; k < rw.from->count; k++) {
            graph_ref before = rw.to->count;
            graph_set_origin(rw.to, rw.from->nodes[k].origin);
            rw.map[k] = fold_node(&rw, k);
            rewrite_settle(&rw, k, before);
        }
    }
    return rewrite_end(&rw, g, err);
}
