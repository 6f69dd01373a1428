/* Finds the sums of multiples in a graph: which nodes are linear, what users need of them, and
 * every root as one row of factors over leaves.
 *
 * A cast that wraps and does not round is the identity modulo 2^top of its format. Where all users
 * need a value modulo no more than that, in the end because of another such cast, it has no effect
 * and the sums on both sides are one. */
#include "opt/linear.h"

#include <math.h>
#include <stdlib.h>

/* Integer bits of a format: values are known modulo 2^top. */
static int format_top(format f)
{
    return f.width - f.frac;
}

/* The product of a variable and a constant, not 0: the variable's place among the operands, or -1.
 */
static int variable_of(const graph *g, const graph_node *n)
{
    int64_t value;
    int frac;
    if (n->op != GRAPH_MUL)
        return -1;
    if (is_constant(g, n->arg[0], &value, &frac) && value)
        return is_constant(g, n->arg[1], &value, &frac) ? -1 : 1;
    return is_constant(g, n->arg[1], &value, &frac) && value ? 0 : -1;
}

/* factor * 2^power of a product's constant. */
static linear_term constant_of(const graph *g, graph_ref a)
{
    linear_term t = {.leaf = GRAPH_NONE};
    int64_t value = 0;
    int frac = 0;
    is_constant(g, a, &value, &frac);
    t.factor = odd_part(value, &t.power);
    t.power -= frac;
    return t;
}

/* Adding a multiple of 2^top before such a rounding adds it after. */
static bool rounding_is_uniform(rounding r)
{
    return r == ROUND_TRN || r == ROUND_RND || r == ROUND_RND_MIN_INF || r == ROUND_RND_CONV;
}

static bool may_vanish(const graph *g, const graph_node *n)
{
    return n->op == GRAPH_CAST && n->overflow == OVERFLOW_WRAP &&
           g->nodes[n->arg[0]].fmt.frac <= n->fmt.frac;
}

/* What node n needs of its operand j. */
static int needed_top(const linear *l, const graph_node *n, int j, int own)
{
    const graph *g = l->g;
    switch ((graph_op)n->op) {
    case GRAPH_ADD:
    case GRAPH_SUB:
    case GRAPH_NEG:
        return own;
    case GRAPH_SHIFT:
        return own == LINEAR_EXACT ? own : own - (int)n->aux;
    case GRAPH_MUL:
        if (variable_of(g, n) != j || own == LINEAR_EXACT)
            return LINEAR_EXACT;
        return own - constant_of(g, n->arg[1 - j]).power;
    case GRAPH_CAST: {
        int top = format_top(n->fmt);
        if (n->overflow != OVERFLOW_WRAP || !rounding_is_uniform((rounding)n->rounding))
            return LINEAR_EXACT;
        return may_vanish(g, n) && own < top ? own : top;
    }
    default:
        return LINEAR_EXACT;
    }
}

/* From the users back. */
static void find_tops(linear *l)
{
    const graph *g = l->g;
    for (graph_ref k = 0; k < g->count; k++)
        l->top[k] = -LINEAR_EXACT;
    for (graph_ref k = g->count; k-- > 0;) {
        const graph_node *n = &g->nodes[k];
        if (l->uses[k] == 0)
            l->top[k] = LINEAR_EXACT;
        for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
            int top = needed_top(l, n, j, l->top[k]);
            if (top > l->top[n->arg[j]])
                l->top[n->arg[j]] = top;
        }
    }
}

static bool node_is_linear(const linear *l, graph_ref k)
{
    const graph_node *n = &l->g->nodes[k];
    if (n->lo == n->hi)
        return false;
    switch ((graph_op)n->op) {
    case GRAPH_ADD:
    case GRAPH_SUB:
    case GRAPH_NEG:
    case GRAPH_SHIFT:
        return true;
    case GRAPH_MUL:
        return variable_of(l->g, n) >= 0;
    case GRAPH_CAST:
        return may_vanish(l->g, n) && l->top[k] <= format_top(n->fmt);
    default:
        return false;
    }
}

/* A leaf's level is above those of all roots that it depends on. */
static void find_levels(linear *l)
{
    const graph *g = l->g;
    for (graph_ref k = 0; k < g->count; k++) {
        const graph_node *n = &g->nodes[k];
        l->level[k] = 0;
        for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
            graph_ref a = n->arg[j];
            bool crosses = l->is_linear[a] && (!l->is_linear[k] || l->is_boundary[a]);
            int level = l->level[a] + crosses;
            l->level[k] = level > l->level[k] ? level : l->level[k];
        }
        if (n->op == GRAPH_OUTPUT)
            l->level[k] = LINEAR_LAST;
    }
}

void linear_begin(linear *l, const graph *g)
{
    size_t n = g->count + (size_t)1;
    *l = (linear){.g = g};
    l->is_linear = calloc(n, sizeof *l->is_linear);
    l->is_boundary = calloc(n, sizeof *l->is_boundary);
    l->uses = calloc(n, sizeof *l->uses);
    l->top = calloc(n, sizeof *l->top);
    l->level = calloc(n, sizeof *l->level);
    l->rows = calloc(n, sizeof *l->rows);
    l->sums = calloc(n, sizeof *l->sums);
    l->failed = !l->is_linear || !l->is_boundary || !l->uses || !l->top || !l->level || !l->rows ||
                !l->sums;
    if (l->failed)
        return;
    for (graph_ref k = 0; k < g->count; k++) {
        for (int j = 0; j < graph_arity((graph_op)g->nodes[k].op); j++)
            l->uses[g->nodes[k].arg[j]]++;
    }
    find_tops(l);
    for (graph_ref k = 0; k < g->count; k++)
        l->is_linear[k] = node_is_linear(l, k);
}

static void free_rows(linear *l)
{
    for (size_t r = 0; r < l->row_count; r++)
        free(l->rows[r].terms);
    l->row_count = 0;
}

void linear_free(linear *l)
{
    free_rows(l);
    free(l->is_linear);
    free(l->is_boundary);
    free(l->uses);
    free(l->top);
    free(l->level);
    free(l->rows);
    free(l->sums);
}

/* ---------------------------------------------------------------- rows */

static linear_term normal(linear_term t)
{
    int power = 0;
    t.factor = odd_part(t.factor, &power);
    t.power = t.factor ? t.power + power : 0;
    return t;
}

/* *sum += t; false when the factor leaves 62 bits. */
static bool add_to(linear_term *sum, linear_term t)
{
    if (t.factor == 0)
        return true;
    if (sum->factor == 0) {
        sum->factor = t.factor;
        sum->power = t.power;
        return true;
    }
    linear_term low = *sum, high = t;
    if (low.power > high.power) {
        low = t;
        high = *sum;
    }
    int64_t scaled, total, most = (int64_t)1 << 61;
    int apart = high.power - low.power;
    if (apart > 61 || __builtin_mul_overflow(high.factor, (int64_t)1 << apart, &scaled) ||
        __builtin_add_overflow(scaled, low.factor, &total) || total > most || total < -most)
        return false;
    linear_term made = normal((linear_term){.factor = total, .power = low.power});
    sum->factor = made.factor;
    sum->power = made.power;
    return true;
}

static bool multiply(linear_term *t, linear_term constant)
{
    t->power += constant.power;
    return !__builtin_mul_overflow(t->factor, constant.factor, &t->factor);
}

/* Hands the multiple of node k on to its operands. */
static bool pass_down(linear *l, graph_ref k, linear_term t)
{
    const graph_node *n = &l->g->nodes[k];
    linear_term other = t;
    int variable;
    switch ((graph_op)n->op) {
    case GRAPH_ADD:
    case GRAPH_SUB:
        other.factor = n->op == GRAPH_SUB ? -t.factor : t.factor;
        return add_to(&l->sums[n->arg[0]], t) && add_to(&l->sums[n->arg[1]], other);
    case GRAPH_NEG:
        t.factor = -t.factor;
        break;
    case GRAPH_SHIFT:
        t.power += (int)n->aux;
        break;
    case GRAPH_MUL:
        variable = variable_of(l->g, n);
        return multiply(&t, constant_of(l->g, n->arg[1 - variable])) &&
               add_to(&l->sums[n->arg[variable]], t);
    default: /* a cast without effect */
        break;
    }
    return add_to(&l->sums[n->arg[0]], t);
}

static bool push_leaf(linear *l, linear_row *row, graph_ref k, linear_term t)
{
    const graph_node *n = &l->g->nodes[k];
    t.power -= n->fmt.frac;
    if (n->lo == n->hi) {
        return multiply(&t, normal((linear_term){.factor = n->lo})) && add_to(&row->constant, t);
    }
    if ((row->count & (row->count - 1)) == 0) {
        size_t room = row->count ? 2 * row->count : 1;
        void *moved = realloc(row->terms, room * sizeof *row->terms);
        l->failed = l->failed || !moved;
        if (!moved)
            return false;
        row->terms = moved;
    }
    t.leaf = k;
    row->terms[row->count++] = t;
    return true;
}

/* The largest partial sum stays within 60 bits at the row's own binary point. */
static bool row_fits(const linear *l, const linear_row *row)
{
    int lowest = row->constant.factor ? row->constant.power : LINEAR_EXACT;
    for (size_t k = 0; k < row->count; k++)
        lowest = row->terms[k].power < lowest ? row->terms[k].power : lowest;
    double most = ldexp(fabs((double)row->constant.factor), row->constant.power - lowest);
    for (size_t k = 0; k < row->count; k++) {
        const graph_node *n = &l->g->nodes[row->terms[k].leaf];
        double value = fmax(fabs((double)n->lo), fabs((double)n->hi));
        double factor = ldexp(fabs((double)row->terms[k].factor), row->terms[k].power - lowest);
        most += factor * value;
        if (factor > ldexp(1, 58))
            return false;
    }
    return most < ldexp(1, 60);
}

static void make_row(linear *l, graph_ref root)
{
    linear_row *row = &l->rows[l->row_count++];
    *row = (linear_row){.root = root, .level = l->level[root], .fits = true};
    row->constant.leaf = GRAPH_NONE;
    l->sums[root] = (linear_term){.factor = 1};
    graph_ref k = root + 1;
    while (k-- > 0 && !l->failed) {
        linear_term t = l->sums[k];
        if (t.factor == 0)
            continue;
        l->sums[k] = (linear_term){0};
        bool inside = l->is_linear[k] && (k == root || !l->is_boundary[k]);
        row->fits = (inside ? pass_down(l, k, t) : push_leaf(l, row, k, t)) && row->fits;
    }
    row->fits = row->fits && row_fits(l, row);
}

void linear_gather(linear *l)
{
    const graph *g = l->g;
    free_rows(l);
    find_levels(l);
    bool *is_root = l->failed ? NULL : calloc(g->count + (size_t)1, sizeof *is_root);
    l->failed = !is_root;
    for (graph_ref k = 0; k < g->count && !l->failed; k++) {
        for (int j = 0; j < graph_arity((graph_op)g->nodes[k].op); j++) {
            graph_ref a = g->nodes[k].arg[j];
            is_root[a] = is_root[a] || !l->is_linear[k] || l->is_boundary[a];
        }
    }
    for (graph_ref k = 0; k < g->count && !l->failed; k++) {
        if (is_root[k] && l->is_linear[k])
            make_row(l, k);
    }
    free(is_root);
}
