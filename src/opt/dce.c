/* Dead code: nodes that no output uses, and tables that no node uses.
 *
 * requires: a checked graph
 * keeps:    ports (an input that nothing uses keeps its port), values of outputs, stages
 * breaks:   nothing */
#include <stdlib.h>

#include "opt/opt.h"

static void mark(const graph *g, bool *used)
{
    for (graph_ref k = g->count; k-- > 0;) {
        const graph_node *n = &g->nodes[k];
        used[k] = used[k] || n->op == GRAPH_OUTPUT;
        for (int j = 0; used[k] && j < graph_arity((graph_op)n->op); j++)
            used[n->arg[j]] = true;
    }
}

symlut_status opt_dce(graph **g, const opt_options *options, symlut_error *err)
{
    (void)options;
    const graph *from = *g;
    graph *to = graph_new();
    bool *used = calloc(from->count + (size_t)1, sizeof *used);
    graph_ref *map = malloc((from->count + (size_t)1) * sizeof *map);
    symlut_status s = to && used && map ? SYMLUT_OK : error_memory(err);
    if (s == SYMLUT_OK) {
        mark(from, used);
        for (uint32_t p = 0; p < from->input_count; p++)
            graph_add_input_port(to, from->inputs[p].name, from->inputs[p].fmt);
        for (graph_ref k = 0; k < from->count; k++)
            map[k] = used[k] ? graph_copy_node(to, from, k, map) : GRAPH_NONE;
        to->latency = from->latency;
        s = to->failed.status;
        if (s != SYMLUT_OK && err)
            *err = to->failed;
    }
    free(used);
    free(map);
    if (s == SYMLUT_OK) {
        graph_free(*g);
        *g = to;
    } else {
        graph_free(to);
    }
    return s;
}
