/* Miters settled by the graph's evaluator: on all combinations of the leaves, or on the corners of
 * those leaves in which both cones are affine.
 *
 * A node is affine in a leaf when it is c + d x for fixed values of the others: sums, differences
 * and shifts of such nodes, products and choices with what does not depend on x, and casts and
 * concatenations that lose nothing. Whether these lose anything is asked at each corner: the value
 * that enters one is affine in each leaf, so that its extremes lie at corners, and what holds every
 * corner holds all between. Then both cones are affine in each of those leaves, and equal on the
 * whole box where they are equal at its corners. */
#include <stdlib.h>
#include <string.h>

#include "tool/miter.h"

enum { NO_PART, AFFINE, OTHER };

static uint8_t worse(uint8_t x, uint8_t y)
{
    return x > y ? x : y;
}

/* How node n depends on a leaf, from how its operands do. */
static uint8_t dependence(const graph *m, const graph_node *n, const uint8_t *of)
{
    uint8_t d[GRAPH_ARGS] = {NO_PART}, most = NO_PART;
    for (int j = 0; j < graph_arity((graph_op)n->op); j++)
        most = worse(most, d[j] = of[n->arg[j]]);
    if (most == NO_PART)
        return NO_PART;
    switch ((graph_op)n->op) {
    case GRAPH_ADD:
    case GRAPH_SUB:
    case GRAPH_NEG:
    case GRAPH_NOT:
    case GRAPH_SHIFT:
        return most;
    case GRAPH_MUL:
        return d[0] != NO_PART && d[1] != NO_PART ? OTHER : most;
    case GRAPH_SELECT:
        return d[0] != NO_PART ? OTHER : most;
    case GRAPH_CONCAT:
        return most;
    case GRAPH_CAST:
        return n->fmt.frac >= m->nodes[n->arg[0]].fmt.frac ? most : OTHER;
    default:
        return OTHER;
    }
}

static void dependences(const miter *o, uint32_t leaf, uint8_t *of)
{
    for (graph_ref k = 0; k < o->m->count; k++)
        of[k] = k == o->input[leaf] ? AFFINE : dependence(o->m, &o->m->nodes[k], of);
}

static uint64_t affine_leaves(const miter *o, double *corners)
{
    uint8_t *of = malloc(o->m->count + (size_t)1);
    uint64_t mask = 0;
    *corners = 1;
    for (uint32_t i = 0; i < o->leaves; i++) {
        bool affine = false;
        if (of) {
            dependences(o, i, of);
            affine = of[o->a] != OTHER && of[o->b] != OTHER;
        }
        mask |= (uint64_t)affine << i;
        double size = (double)o->hi[i] - (double)o->lo[i] + 1;
        *corners *= affine && size > 2 ? 2 : size;
    }
    free(of);
    return mask;
}

double miter_corners(const miter *o)
{
    double corners;
    affine_leaves(o, &corners);
    return corners;
}

/* The casts and concatenations below the compared nodes that must not lose anything. */
static bool find_guards(const miter *o, uint64_t mask, bool *guard)
{
    const graph *m = o->m;
    uint8_t *of = malloc(m->count + (size_t)1);
    bool *below = calloc(m->count + (size_t)1, sizeof *below);
    bool ok = of && below;
    if (ok) {
        below[o->a] = below[o->b] = true;
        for (graph_ref k = m->count; k-- > 0;) {
            for (int j = 0; below[k] && j < graph_arity((graph_op)m->nodes[k].op); j++)
                below[m->nodes[k].arg[j]] = true;
        }
    }
    for (uint32_t i = 0; ok && i < o->leaves; i++) {
        if (!(mask >> i & 1))
            continue;
        dependences(o, i, of);
        for (graph_ref k = 0; k < m->count; k++) {
            if (below[k] && of[k] == AFFINE && k != o->input[i])
                guard[k] |= m->nodes[k].op == GRAPH_CAST || m->nodes[k].op == GRAPH_CONCAT;
        }
    }
    free(of);
    free(below);
    return ok;
}

/* Does guard k lose nothing on the rows of a chunk? */
static bool keeps(const graph *m, graph_ref k, const int64_t *values)
{
    const graph_node *n = &m->nodes[k];
    bool is_cast = n->op == GRAPH_CAST;
    graph_ref arg = n->arg[is_cast ? 0 : 1];
    const int64_t *x = values + (size_t)arg * MITER_CHUNK;
    for (size_t r = 0; r < MITER_CHUNK; r++) {
        if (is_cast && cast_overflows(x[r], m->nodes[arg].fmt.frac, n->fmt, (rounding)n->rounding,
                                      (overflow)n->overflow))
            return false;
        if (!is_cast && (x[r] < 0 || x[r] >> n->aux))
            return false;
    }
    return true;
}

/* The next chunk of combinations, after `at`. */
static void fill(const miter *o, uint64_t mask, int64_t *at, int64_t *in)
{
    for (size_t r = 0; r < MITER_CHUNK; r++) {
        for (uint32_t i = 0; i < o->leaves; i++)
            in[i * MITER_CHUNK + r] = at[i];
        uint32_t i = 0;
        while (i < o->leaves && at[i] == o->hi[i]) {
            at[i] = o->lo[i];
            i++;
        }
        if (i < o->leaves)
            at[i] = mask >> i & 1 ? o->hi[i] : at[i] + 1;
    }
}

static verdict evaluate(miter *o, uint64_t mask, const bool *guard, double combinations)
{
    const graph *m = o->m;
    int64_t *scratch = malloc(graph_scratch_size(m) * sizeof *scratch + 8);
    int64_t *in = malloc((o->leaves + (size_t)1) * MITER_CHUNK * sizeof *in);
    int64_t at[MITER_LEAVES], out[MITER_CHUNK];
    verdict v = scratch && in ? mask ? LINEAR : EXHAUSTED : UNDECIDED;
    memcpy(at, o->lo, sizeof at);
    for (double done = 0; v < UNDECIDED && done < combinations; done += MITER_CHUNK) {
        fill(o, mask, at, in);
        graph_eval(m, MITER_CHUNK, in, out, scratch);
        for (size_t r = 0; r < MITER_CHUNK && v < UNDECIDED; r++) {
            if (!out[r])
                continue;
            v = DIFFERENT;
            for (uint32_t i = 0; i < o->leaves; i++)
                o->found[i] = in[i * MITER_CHUNK + r];
        }
        for (graph_ref k = 0; v < UNDECIDED && guard && k < m->count; k++) {
            if (guard[k] && !keeps(m, k, scratch))
                v = UNDECIDED;
        }
    }
    free(scratch);
    free(in);
    return v;
}

verdict miter_evaluate(miter *o)
{
    return evaluate(o, 0, NULL, o->combinations);
}

verdict miter_evaluate_corners(miter *o)
{
    double corners;
    uint64_t mask = affine_leaves(o, &corners);
    bool *guard = calloc(o->m->count + (size_t)1, sizeof *guard);
    verdict v = UNDECIDED;
    if (guard && mask && find_guards(o, mask, guard))
        v = evaluate(o, mask, guard, corners);
    free(guard);
    return v;
}
