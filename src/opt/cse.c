/* Common sub-expressions, across outputs.
 *
 * requires: a checked graph
 * keeps:    ports, values of outputs, stages
 * breaks:   nothing; nodes without users may remain (dce)
 *
 * Nodes of one op, operands and parameters are one value. Operands of commutative ops are compared
 * sorted. Constants are compared by value. */
#include <stdlib.h>
#include <string.h>

#include "opt/opt.h"
#include "opt/rewrite.h"

typedef struct key {
    uint64_t op, aux, format;
    graph_ref arg[GRAPH_ARGS];
} key;

static bool commutes(graph_op op)
{
    return op == GRAPH_ADD || op == GRAPH_MUL || op == GRAPH_MIN || op == GRAPH_MAX ||
           op == GRAPH_EQ;
}

static key key_of(const graph_node *n)
{
    key k = {.op = n->op, .aux = (uint64_t)n->aux};
    memcpy(k.arg, n->arg, sizeof k.arg);
    if (commutes((graph_op)n->op) && k.arg[0] > k.arg[1]) {
        k.arg[0] = n->arg[1];
        k.arg[1] = n->arg[0];
    }
    if (n->op == GRAPH_CAST)
        k.format = (uint64_t)n->rounding << 40 | (uint64_t)n->overflow << 32 |
                   (uint64_t)n->fmt.is_signed << 31 | (uint64_t)n->fmt.width << 16 |
                   (uint16_t)n->fmt.frac;
    if (n->op == GRAPH_CONST) {
        int power = 0;
        k.aux = n->aux ? (uint64_t)odd_part(n->aux, &power) : 0;
        k.format = (uint16_t)(n->fmt.frac - power);
    }
    return k;
}

static bool key_equal(const key *a, const key *b)
{
    return a->op == b->op && a->aux == b->aux && a->format == b->format &&
           memcmp(a->arg, b->arg, sizeof a->arg) == 0;
}

static uint64_t key_hash(const key *k)
{
    uint64_t h = 0x9e3779b97f4a7c15U;
    for (int i = 0; i < 3 + GRAPH_ARGS; i++) {
        h ^= i == 0 ? k->op : i == 1 ? k->aux : i == 2 ? k->format : k->arg[i - 3];
        h *= 0xbf58476d1ce4e5b9U;
        h ^= h >> 29;
    }
    return h;
}

/* The node of g equal to `made`, or made itself, now in the table. An open-addressing table of
 * graph_refs; it has free places always. */
static graph_ref unify(const graph *g, graph_ref *table, size_t mask, graph_ref made)
{
    key wanted = key_of(&g->nodes[made]);
    size_t at = key_hash(&wanted) & mask;
    for (; table[at] != GRAPH_NONE; at = (at + 1) & mask) {
        key there = key_of(&g->nodes[table[at]]);
        if (key_equal(&wanted, &there))
            return table[at];
    }
    table[at] = made;
    return made;
}

symlut_status opt_cse(graph **g, const opt_options *options, symlut_error *err)
{
    (void)options;
    rewrite rw;
    size_t size = 64;
    while (size < (*g)->count * (size_t)4)
        size *= 2;
    graph_ref *table = malloc(size * sizeof *table);
    if (!table)
        return error_memory(err);
    for (size_t i = 0; i < size; i++)
        table[i] = GRAPH_NONE;
    if (rewrite_begin(&rw, *g)) {
        for (graph_ref k = 0; k < rw.from->count; k++) {
            graph_ref made = rewrite_copy(&rw, k);
            if (made == GRAPH_NONE)
                break;
            /* A cast back to a table's index format may have been made on the way: its equal, an
             * earlier one, is found on the next run. */
            rw.map[k] =
                rw.from->nodes[k].op == GRAPH_OUTPUT ? made : unify(rw.to, table, size - 1, made);
        }
    }
    free(table);
    return rewrite_end(&rw, g, err);
}
