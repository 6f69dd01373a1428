/* Products by constants become shifts and additions, one adder per node.
 *
 * requires: a checked graph; constants folded (fold)
 * keeps:    ports, values of outputs
 * breaks:   stages (run before schedule); constants may lose their users (dce)
 *
 * A constant is recoded in canonical signed digits (Reitwieser 1960): the fewest non-zero digits,
 * no two of them adjacent. The digits' terms are added in a balanced tree of neighbours, so that
 * the delay is the logarithm of their number and the adders are narrow: in a + (b << s) the low s
 * bits of a pass through. For that, the lower term keeps its sign and the result carries the minus
 * on, as a flag, to whoever uses it: an addition or subtraction takes it for free. */
#include <stdlib.h>

#include "opt/opt.h"
#include "opt/rewrite.h"

/* value = ±node * 2^power */
typedef struct term {
    graph_ref node;
    int power;
    bool minus;
} term;

typedef struct state {
    rewrite rw;
    bool *minus;   /* [from->count] the mapped node is the negative of the value */
    bool *absorbs; /* [from->count] all users of the node take a minus for free */
} state;

/* Signed digits of value > 0, lowest first; returns their number (non-zero ones only). */
static int csd(uint64_t value, term digits[65])
{
    int count = 0;
    for (int power = 0; value; power++) {
        if (value & 1) {
            bool minus = (value & 3) == 3;
            digits[count++] = (term){.power = power, .minus = minus};
            value = minus ? value + 1 : value - 1;
            if (minus && value == 0) { /* carried out of 64 bits */
                digits[count++] = (term){.power = 64, .minus = false};
                break;
            }
        }
        value >>= 1;
    }
    return count;
}

static graph_ref shifted(graph *g, graph_ref a, int power)
{
    return power ? graph_add_shift(g, a, power) : a;
}

/* low + high as one term, of the power of `low`. */
static term combine(graph *g, term low, term high, bool keep_plus)
{
    graph_ref b = shifted(g, high.node, high.power - low.power);
    term sum = {.power = low.power, .minus = low.minus};
    if (low.minus == high.minus) {
        sum.node = graph_add(g, GRAPH_ADD, low.node, b, GRAPH_NONE);
    } else if (low.minus && keep_plus) {
        sum.node = graph_add(g, GRAPH_SUB, b, low.node, GRAPH_NONE);
        sum.minus = false;
    } else {
        sum.node = graph_add(g, GRAPH_SUB, low.node, b, GRAPH_NONE);
    }
    return sum;
}

/* Adds neighbours until one term is left. */
static term sum_tree(graph *g, term *terms, int count, bool keep_plus)
{
    while (count > 1) {
        int made = 0;
        for (int k = 0; k < count; k += 2)
            terms[made++] = k + 1 < count
                                ? combine(g, terms[k], terms[k + 1], keep_plus && count == 2)
                                : terms[k];
        count = made;
    }
    return terms[0];
}

/* x * value * 2^-frac */
static term multiply(graph *g, graph_ref x, int64_t value, int frac, bool keep_plus)
{
    term digits[65];
    bool negative = value < 0;
    int count = csd(negative ? 0 - (uint64_t)value : (uint64_t)value, digits);
    for (int k = 0; k < count; k++) {
        digits[k].node = x;
        digits[k].minus ^= negative;
    }
    term sum = sum_tree(g, digits, count, keep_plus);
    sum.power -= frac;
    return sum;
}

/* The mapped operand k of n with its plain sign: negated when the flag says so. */
static graph_ref plain(state *s, graph_ref n)
{
    if (s->minus[n]) {
        s->rw.map[n] = graph_add(s->rw.to, GRAPH_NEG, s->rw.map[n], GRAPH_NONE, GRAPH_NONE);
        s->minus[n] = false;
    }
    return s->rw.map[n];
}

static void rebuild_mul(state *s, graph_ref k)
{
    const graph_node *n = &s->rw.from->nodes[k];
    int64_t value = 0;
    int frac = 0;
    graph_ref x = n->arg[1];
    if (!is_constant(s->rw.from, n->arg[0], &value, &frac)) {
        x = n->arg[0];
        if (!is_constant(s->rw.from, n->arg[1], &value, &frac)) {
            s->minus[k] = s->minus[n->arg[0]] != s->minus[n->arg[1]];
            s->rw.map[k] = graph_add(s->rw.to, GRAPH_MUL, rewrite_arg(&s->rw, n, 0),
                                     rewrite_arg(&s->rw, n, 1), GRAPH_NONE);
            return;
        }
    }
    if (value == 0) {
        s->rw.map[k] = graph_add_exact_const(s->rw.to, 0, n->fmt.frac);
        return;
    }
    term product = multiply(s->rw.to, s->rw.map[x], value, frac, !s->absorbs[k] && !s->minus[x]);
    s->rw.map[k] = shifted(s->rw.to, product.node, product.power);
    s->minus[k] = product.minus != s->minus[x];
}

/* a + b and a - b with the operands' flags. */
static void rebuild_sum(state *s, graph_ref k)
{
    const graph_node *n = &s->rw.from->nodes[k];
    graph *g = s->rw.to;
    graph_ref a = rewrite_arg(&s->rw, n, 0), b = rewrite_arg(&s->rw, n, 1);
    bool minus_a = s->minus[n->arg[0]];
    bool minus_b = s->minus[n->arg[1]] != (n->op == GRAPH_SUB);
    if (minus_a == minus_b) {
        s->rw.map[k] = graph_add(g, GRAPH_ADD, a, b, GRAPH_NONE);
        s->minus[k] = minus_a;
    } else {
        s->rw.map[k] = minus_a ? graph_add(g, GRAPH_SUB, b, a, GRAPH_NONE)
                               : graph_add(g, GRAPH_SUB, a, b, GRAPH_NONE);
    }
}

static void rebuild(state *s, graph_ref k)
{
    const graph_node *n = &s->rw.from->nodes[k];
    graph_ref before = s->rw.to->count;
    graph_set_origin(s->rw.to, n->origin);
    /* Partial sums and negatives may be two bits wider than the value. */
    switch (n->fmt.width > 61 ? GRAPH_OP_COUNT : (graph_op)n->op) {
    case GRAPH_MUL:
        rebuild_mul(s, k);
        break;
    case GRAPH_ADD:
    case GRAPH_SUB:
        rebuild_sum(s, k);
        break;
    case GRAPH_NEG:
        s->rw.map[k] = rewrite_arg(&s->rw, n, 0);
        s->minus[k] = !s->minus[n->arg[0]];
        break;
    case GRAPH_SHIFT:
        s->rw.map[k] = shifted(s->rw.to, rewrite_arg(&s->rw, n, 0), (int)n->aux);
        s->minus[k] = s->minus[n->arg[0]];
        break;
    default:
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            plain(s, n->arg[j]);
        before = s->rw.to->count;
        s->rw.map[k] = rewrite_copy(&s->rw, k);
        break;
    }
    if (!s->minus[k])
        rewrite_settle(&s->rw, k, before);
}

/* Which nodes' users all take a minus for free. */
static void find_absorbing(const graph *g, bool *absorbs)
{
    for (graph_ref k = 0; k < g->count; k++)
        absorbs[k] = true;
    for (graph_ref k = g->count; k-- > 0;) {
        const graph_node *n = &g->nodes[k];
        bool takes = n->op == GRAPH_ADD || n->op == GRAPH_SUB || n->op == GRAPH_NEG ||
                     (n->op == GRAPH_SHIFT && absorbs[k]);
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            absorbs[n->arg[j]] &= takes;
    }
}

symlut_status opt_shift_add(graph **g, const opt_options *options, symlut_error *err)
{
    (void)options;
    state s;
    size_t count = (*g)->count + (size_t)1;
    s.minus = calloc(count, sizeof *s.minus);
    s.absorbs = calloc(count, sizeof *s.absorbs);
    symlut_status status = s.minus && s.absorbs ? SYMLUT_OK : error_memory(err);
    if (status == SYMLUT_OK) {
        if (rewrite_begin(&s.rw, *g)) {
            find_absorbing(*g, s.absorbs);
            for (graph_ref k = 0; k < (*g)->count && s.rw.to->failed.status == SYMLUT_OK; k++)
                rebuild(&s, k);
        }
        status = rewrite_end(&s.rw, g, err);
    }
    free(s.minus);
    free(s.absorbs);
    return status;
}
