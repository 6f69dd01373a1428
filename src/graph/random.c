/* Random valid graphs for property tests. Every op, rounding and overflow mode appears in time;
 * formats range over 1 to 64 bits, signed and unsigned, binary points inside and outside them. */
#include <stdio.h>
#include <string.h>

#include "graph/interval.h"

static format random_format(rng *r)
{
    format f = {.is_signed = rng_below(r, 2) == 0};
    unsigned kind = rng_below(r, 8);
    unsigned most = f.is_signed ? 64 : 63;
    f.width = (uint8_t)(1 + rng_below(r, kind == 0 ? most : kind < 4 ? 20 : 10));
    f.frac =
        (int16_t)(kind == 1 ? (int)rng_below(r, 60) - 20 : (int)rng_below(r, f.width + 3U) - 1);
    return f;
}

static int64_t random_in(rng *r, format f)
{
    switch (rng_below(r, 6)) {
    case 0:
        return format_min(f);
    case 1:
        return format_max(f);
    default: {
        uint64_t unused = 64U - f.width;
        uint64_t bits = rng_next(r);
        return f.is_signed ? (int64_t)(bits << unused) >> unused
                           : (int64_t)(bits << unused >> unused);
    }
    }
}

/* Recent nodes are the likelier operands, so that graphs grow deep. An input's register stands for
 * the input. */
static graph_ref pick(rng *r, const graph *g)
{
    uint32_t recent = g->count < 8 ? g->count : 8;
    graph_ref a = rng_below(r, 2) ? g->count - 1 - rng_below(r, recent) : rng_below(r, g->count);
    bool registered = a + 1 < g->count && g->nodes[a + 1].op == GRAPH_REG;
    return registered ? a + 1 : a;
}

static graph_ref cast(rng *r, graph *g, graph_ref a, format f)
{
    return graph_add_cast(g, a, f, (rounding)rng_below(r, ROUNDING_COUNT),
                          (overflow)rng_below(r, OVERFLOW_COUNT));
}

/* A cast whose target lies near the operand's bits, so that rounding and overflow both matter. */
static graph_ref near_cast(rng *r, graph *g, graph_ref a)
{
    format f = g->nodes[a].fmt;
    if (rng_below(r, 6) == 0)
        return cast(r, g, a, random_format(r));
    int frac = f.frac - (int)rng_below(r, 8) + 3;
    int width = f.width - (int)rng_below(r, 12) + 4;
    f.is_signed = rng_below(r, 4) ? f.is_signed : !f.is_signed;
    int most = rng_below(r, 5) ? 24 : f.is_signed ? 64 : 63;
    f.width = (uint8_t)(width < 1 ? 1 : width > most ? most : width);
    if (frac >= -200 && frac <= 200)
        f.frac = (int16_t)frac;
    else
        f.frac = 0;
    return cast(r, g, a, f);
}

static void add_table(rng *r, graph *g, graph_ref a)
{
    format index = g->nodes[a].fmt;
    int64_t words[256];
    char name[32];
    if (index.width > 8) {
        index.width = (uint8_t)(1 + rng_below(r, 8));
        a = cast(r, g, a, index);
    }
    uint32_t table = rng_below(r, g->table_count + 1);
    if (table == g->table_count || g->tables[table].index_bits != index.width) {
        format word = random_format(r);
        for (size_t i = 0; i < (size_t)1 << index.width; i++)
            words[i] = random_in(r, word);
        snprintf(name, sizeof name, "t_%u", (unsigned)g->table_count);
        table = graph_add_table(g, name, "random words", index.width, word, words);
    }
    graph_add_lookup(g, a, table);
}

/* Adds the op if its result fits; else a cast that makes room. */
static void add_exact(rng *r, graph *g, graph_op op)
{
    graph_node node = {.op = (uint8_t)op};
    for (int k = 0; k < graph_arity(op); k++)
        node.arg[k] = pick(r, g);
    if (op == GRAPH_SELECT)
        node.arg[0] = cast(r, g, node.arg[0], (format){false, 1, 0});
    if (graph_derive(g, &node))
        graph_add(g, op, node.arg[0], node.arg[1], node.arg[2]);
    else
        near_cast(r, g, node.arg[rng_below(r, (uint32_t)graph_arity(op))]);
}

static void add_shift(rng *r, graph *g)
{
    graph_ref a = pick(r, g);
    int power = (int)rng_below(r, 21) - 10;
    int frac = g->nodes[a].fmt.frac - power;
    if (frac > -100 && frac < 100)
        graph_add_shift(g, a, power);
}

static void add_concat(rng *r, graph *g)
{
    int bits = 1 + (int)rng_below(r, 20);
    format top = {.width = (uint8_t)(1 + rng_below(r, 20)), .frac = 0};
    graph_ref a = cast(r, g, pick(r, g), top);
    graph_add_concat(g, a, pick(r, g), bits);
}

/* Often with a constant among the words, as a compressor has it. */
static void add_count(rng *r, graph *g)
{
    graph_ref word[GRAPH_ARGS];
    for (int k = 0; k < GRAPH_ARGS; k++)
        word[k] = pick(r, g);
    if (rng_below(r, 2)) {
        format f = random_format(r);
        word[rng_below(r, GRAPH_ARGS)] = graph_add_const(g, random_in(r, f), f);
    }
    graph_node node = {.op = GRAPH_COUNT, .aux = rng_below(r, 3)};
    memcpy(node.arg, word, sizeof word);
    if (graph_derive(g, &node))
        graph_add_count(g, word, (int)node.aux);
    else
        near_cast(r, g, word[0]);
}

static void add_random(rng *r, graph *g)
{
    graph_op op = (graph_op)rng_below(r, GRAPH_OP_COUNT);
    format f;
    switch (op) {
    case GRAPH_INPUT:
    case GRAPH_OUTPUT:
        break;
    case GRAPH_CONST:
        f = random_format(r);
        graph_add_const(g, random_in(r, f), f);
        break;
    case GRAPH_SHIFT:
        add_shift(r, g);
        break;
    case GRAPH_CONCAT:
        add_concat(r, g);
        break;
    case GRAPH_COUNT:
        add_count(r, g);
        break;
    case GRAPH_TABLE:
        add_table(r, g, pick(r, g));
        break;
    case GRAPH_CAST:
    case GRAPH_REG:
        near_cast(r, g, pick(r, g));
        break;
    default:
        add_exact(r, g, op);
    }
}

/* Registers only at ports, where every path crosses as many. */
static graph_ref maybe_register(graph *g, graph_ref a, bool registered)
{
    return registered ? graph_add_reg(g, a) : a;
}

graph *graph_random(rng *r, int max_nodes)
{
    graph *g = graph_new();
    if (!g)
        return NULL;
    char name[32];
    uint32_t inputs = 1 + rng_below(r, 5), outputs = 1 + rng_below(r, 4);
    bool registered = rng_below(r, 4) == 0;
    for (uint32_t k = 0; k < inputs; k++) {
        snprintf(name, sizeof name, "x%u", (unsigned)k);
        format f = random_format(r);
        if (k > 0 && rng_below(r, 10) == 0)
            graph_add_input_port(g, name, f);
        else
            maybe_register(g, graph_add_input(g, name, f), registered);
    }
    uint32_t body = 1 + rng_below(r, max_nodes > 1 ? (uint32_t)max_nodes : 1);
    uint32_t start = g->count;
    for (uint32_t tries = 0; g->count < start + body && tries < 4 * body; tries++)
        add_random(r, g);
    uint32_t values = g->count;
    graph_ref chosen[4];
    for (uint32_t k = 0; k < outputs; k++)
        chosen[k] = k == 0 ? values - 1 : pick(r, g);
    for (uint32_t k = 0; k < outputs; k++) {
        snprintf(name, sizeof name, "y%u", (unsigned)k);
        graph_add_output(g, name, maybe_register(g, chosen[k], registered));
    }
    if (registered) { /* inputs arrive at stage 0, the body is stage 1, outputs leave at stage 2 */
        for (graph_ref k = 0; k < g->count; k++)
            g->nodes[k].stage = k < values ? 1 : 2;
        for (uint32_t p = 0; p < g->input_count; p++) {
            if (g->inputs[p].node != GRAPH_NONE)
                g->nodes[g->inputs[p].node].stage = 0;
        }
        g->latency = 2;
    }
    return g;
}
