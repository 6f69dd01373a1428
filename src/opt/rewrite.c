#include "opt/rewrite.h"

#include <stdlib.h>

bool rewrite_begin(rewrite *rw, const graph *g)
{
    rw->from = g;
    rw->to = graph_new_from(g);
    rw->map = malloc((g->count + (size_t)1) * sizeof *rw->map);
    if (!rw->to || !rw->map)
        return false;
    for (graph_ref k = 0; k < g->count; k++)
        rw->map[k] = GRAPH_NONE;
    rw->to->latency = g->latency;
    return true;
}

symlut_status rewrite_end(rewrite *rw, graph **g, symlut_error *err)
{
    symlut_status s = SYMLUT_OK;
    if (!rw->to || !rw->map) {
        s = error_memory(err);
    } else if (rw->to->failed.status != SYMLUT_OK) {
        if (err)
            *err = rw->to->failed;
        s = rw->to->failed.status;
    }
    if (s == SYMLUT_OK) {
        graph_free(*g);
        *g = rw->to;
    } else {
        graph_free(rw->to);
    }
    free(rw->map);
    *rw = (rewrite){0};
    return s;
}

graph_ref rewrite_copy(rewrite *rw, graph_ref n)
{
    return graph_copy_node(rw->to, rw->from, n, rw->map);
}

void rewrite_settle(rewrite *rw, graph_ref n, graph_ref before)
{
    graph *g = rw->to;
    if (g->failed.status != SYMLUT_OK)
        return;
    const graph_node *old = &rw->from->nodes[n];
    for (graph_ref k = before; k < g->count; k++)
        g->nodes[k].stage = old->stage;
    graph_ref made = rw->map[n];
    if (made < before || made >= g->count || old->op == GRAPH_OUTPUT)
        return;
    int shift = old->fmt.frac - g->nodes[made].fmt.frac;
    if (shift == 0) {
        graph_narrow(g, made, old->lo, old->hi);
    } else if (shift > 0 && shift < 63) {
        int64_t one = (int64_t)1 << shift;
        int64_t lo = old->lo >> shift, hi = old->hi >> shift;
        graph_narrow(g, made, lo * one == old->lo ? lo : lo + 1, hi);
    } else if (shift < 0 && shift > -63) {
        int64_t one = (int64_t)1 << -shift;
        if (old->lo >= INT64_MIN / one && old->hi <= INT64_MAX / one)
            graph_narrow(g, made, old->lo * one, old->hi * one);
    }
}

bool is_constant(const graph *g, graph_ref a, int64_t *value, int *frac)
{
    if (a >= g->count || g->nodes[a].lo != g->nodes[a].hi)
        return false;
    *value = g->nodes[a].lo;
    *frac = g->nodes[a].fmt.frac;
    return true;
}

int64_t odd_part(int64_t value, int *power)
{
    *power = 0;
    while (value != 0 && value % 2 == 0) {
        value /= 2;
        (*power)++;
    }
    return value;
}
