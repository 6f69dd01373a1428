/* The text form of a graph: see docs/graph.md for its grammar. */
#include <inttypes.h>
#include <stdio.h>

#include "graph/graph.h"

static void print_string(const char *s, text *out)
{
    text_append(out, "\"");
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            text_printf(out, "\\%c", c);
        else if (c < 32 || c == 127)
            text_printf(out, "\\x%02x", c);
        else
            text_append_n(out, s, 1);
    }
    text_append(out, "\"");
}

static void print_table(const graph_table *t, text *out)
{
    char word[32];
    text_printf(out, "table %s index %d word %s ", t->name, t->index_bits,
                format_print(t->word, word));
    print_string(t->doc, out);
    size_t count = (size_t)1 << t->index_bits;
    for (size_t i = 0; i < count; i++)
        text_printf(out, "%s%" PRId64, i % 16 == 0 ? "\n  " : " ", t->words[i]);
    text_append(out, "\n");
}

static void print_node(const graph *g, graph_ref ref, text *out)
{
    const graph_node *n = &g->nodes[ref];
    char fmt[32];
    text_printf(out, "%%%" PRIu32 " = %s", ref, graph_op_name((graph_op)n->op));
    if (n->op == GRAPH_INPUT)
        text_printf(out, " %s", g->inputs[n->aux].name);
    if (n->op == GRAPH_OUTPUT)
        text_printf(out, " %s", g->outputs[n->aux].name);
    if (n->op == GRAPH_TABLE)
        text_printf(out, " %s", g->tables[n->aux].name);
    for (int k = 0; k < graph_arity((graph_op)n->op); k++)
        text_printf(out, " %%%" PRIu32, n->arg[k]);
    if (n->op == GRAPH_CONST || n->op == GRAPH_SHIFT || n->op == GRAPH_CONCAT ||
        n->op == GRAPH_COUNT)
        text_printf(out, " %" PRId64, n->aux);
    if (n->op == GRAPH_CAST)
        text_printf(out, " %s %s", rounding_name((rounding)n->rounding),
                    overflow_name((overflow)n->overflow));
    text_printf(out, " : %s [%" PRId64 ",%" PRId64 "]", format_print(n->fmt, fmt), n->lo, n->hi);
    if (n->stage >= 0)
        text_printf(out, " @%" PRId32, n->stage);
    if (n->origin) {
        text_append(out, " ");
        print_string(n->origin, out);
    }
    text_append(out, "\n");
}

symlut_status graph_print(const graph *g, text *out)
{
    char fmt[32];
    text_append(out, "graph 1\n");
    if (g->latency)
        text_printf(out, "latency %d\n", g->latency);
    for (uint32_t t = 0; t < g->table_count; t++)
        print_table(&g->tables[t], out);
    for (uint32_t p = 0; p < g->input_count; p++)
        text_printf(out, "input %s : %s\n", g->inputs[p].name, format_print(g->inputs[p].fmt, fmt));
    for (graph_ref k = 0; k < g->count; k++)
        print_node(g, k, out);
    return out->failed ? SYMLUT_NO_MEMORY : SYMLUT_OK;
}
