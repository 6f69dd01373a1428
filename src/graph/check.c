/* The checker: what every pass may take for granted. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "graph/interval.h"

/* A derived node says what format and interval the op gives; the node may be narrower by proof,
 * and an exact operation may have a wider format. */
static const char *compare_with_rule(const graph_node *n, const graph_node *rule)
{
    if (n->fmt.width < 1 || n->fmt.width > (n->fmt.is_signed ? 64 : 63))
        return "has a format beyond 64 bits";
    if (n->lo > n->hi)
        return "has an empty interval";
    if (n->lo < format_min(n->fmt) || n->hi > format_max(n->fmt))
        return "has a format that does not hold its interval";
    if (n->fmt.frac != rule->fmt.frac)
        return "has another fraction than its operation gives";
    if (n->lo < rule->lo || n->hi > rule->hi)
        return "has an interval wider than its operands give";
    switch ((graph_op)n->op) {
    case GRAPH_SHIFT:
    case GRAPH_LT:
    case GRAPH_LE:
    case GRAPH_EQ:
    case GRAPH_TABLE:
    case GRAPH_REG:
    case GRAPH_OUTPUT:
        return format_equal(n->fmt, rule->fmt) ? NULL
                                               : "has another format than its operation gives";
    default:
        return NULL;
    }
}

static const char *port_problem(const graph *g, const graph_node *n, graph_ref ref)
{
    uint32_t count = n->op == GRAPH_INPUT ? g->input_count : g->output_count;
    const graph_port *ports = n->op == GRAPH_INPUT ? g->inputs : g->outputs;
    if (n->aux < 0 || n->aux >= (int64_t)count)
        return "belongs to a port that does not exist";
    if (ports[n->aux].node != ref)
        return "is not the node its port names";
    if (!format_equal(ports[n->aux].fmt, n->fmt))
        return "has another format than its port";
    return NULL;
}

const char *graph_node_problem(const graph *g, graph_ref ref)
{
    const graph_node *n = &g->nodes[ref];
    const char *problem = operands_problem(g, n, ref);
    if (problem)
        return problem;
    graph_node rule = *n;
    problem = interval_of(g, &rule);
    if (!problem)
        problem = compare_with_rule(n, &rule);
    if (!problem && (n->op == GRAPH_INPUT || n->op == GRAPH_OUTPUT))
        problem = port_problem(g, n, ref);
    return problem;
}

static bool identifier(const char *name)
{
    if (!isalpha((unsigned char)name[0]))
        return false;
    for (const char *p = name; *p; p++) {
        if (!isalnum((unsigned char)*p) && *p != '_')
            return false;
    }
    return true;
}

static symlut_status check_ports(const graph *g, symlut_error *err)
{
    for (uint32_t p = 0; p < g->input_count + g->output_count; p++) {
        const graph_port *port =
            p < g->input_count ? &g->inputs[p] : &g->outputs[p - g->input_count];
        if (!identifier(port->name))
            return error_set(err, SYMLUT_BAD_INPUT, "graph: port '%s' is not an identifier",
                             port->name);
        if (port->node != GRAPH_NONE && port->node >= g->count)
            return error_set(err, SYMLUT_BAD_INPUT, "graph: port '%s' names no node", port->name);
        if (p >= g->input_count &&
            (port->node == GRAPH_NONE || g->nodes[port->node].op != GRAPH_OUTPUT))
            return error_set(err, SYMLUT_BAD_INPUT, "graph: output '%s' has no node", port->name);
    }
    return SYMLUT_OK;
}

static symlut_status check_tables(const graph *g, symlut_error *err)
{
    for (uint32_t t = 0; t < g->table_count; t++) {
        const graph_table *table = &g->tables[t];
        if (!identifier(table->name))
            return error_set(err, SYMLUT_BAD_INPUT, "graph: table '%s' is not an identifier",
                             table->name);
        int64_t lo = format_min(table->word), hi = format_max(table->word);
        for (size_t i = 0; i < (size_t)1 << table->index_bits; i++) {
            if (table->words[i] < lo || table->words[i] > hi)
                return error_set(err, SYMLUT_BAD_INPUT,
                                 "graph: word %zu of table '%s' does not fit its format", i,
                                 table->name);
        }
    }
    return SYMLUT_OK;
}

symlut_status graph_check(const graph *g, symlut_error *err)
{
    if (g->failed.status != SYMLUT_OK) {
        if (err)
            *err = g->failed;
        return g->failed.status;
    }
    symlut_status s = check_ports(g, err);
    if (s == SYMLUT_OK)
        s = check_tables(g, err);
    for (graph_ref k = 0; k < g->count && s == SYMLUT_OK; k++) {
        const char *problem = graph_node_problem(g, k);
        if (problem)
            s = error_set(err, SYMLUT_BAD_INPUT, "graph: node %%%" PRIu32 " (%s%s%s) %s", k,
                          graph_op_name((graph_op)g->nodes[k].op), g->nodes[k].origin ? ", " : "",
                          g->nodes[k].origin ? g->nodes[k].origin : "", problem);
    }
    return s;
}
