/* Registers at the least cost: the linear program dual to a minimum-cost flow (Leiserson, Saxe
 * 1991), solved by steepest descent.
 *
 * The cost is L♮-convex in the values, so that from the least feasible point the optimum is reached
 * by raising sets of values by one (Murota 2003). The best set to raise is a closure of greatest
 * profit: raising a value raises all that are bound to it. That is a minimum cut, found by blocking
 * flows (Dinic 1970). The number of steps is at most the largest distance that a value goes. */
#include "opt/retime.h"

#include <stdlib.h>
#include <string.h>

enum { NOWHERE = UINT32_MAX };

typedef struct arc {
    uint32_t to, next; /* the arc back is number ^ 1 */
    int64_t room;
} arc;

typedef struct network {
    arc *arcs;
    size_t arc_count, arc_capacity;
    uint32_t *first; /* [nodes] */
    uint32_t *at;    /* [nodes] next arc to try */
    int *rank;       /* [nodes] distance from the source */
    uint32_t *queue; /* [nodes] also the path */
    size_t nodes;
    uint32_t source, sink;
    bool failed;
} network;

static void add_arc(network *n, uint32_t from, uint32_t to, int64_t room)
{
    if (n->arc_count + 2 > n->arc_capacity && !n->failed) {
        size_t capacity = n->arc_capacity ? 2 * n->arc_capacity : 1024;
        arc *moved = realloc(n->arcs, capacity * sizeof *moved);
        n->failed = !moved;
        if (moved) {
            n->arcs = moved;
            n->arc_capacity = capacity;
        }
    }
    if (n->failed)
        return;
    n->arcs[n->arc_count] = (arc){to, n->first[from], room};
    n->first[from] = (uint32_t)n->arc_count++;
    n->arcs[n->arc_count] = (arc){from, n->first[to], 0};
    n->first[to] = (uint32_t)n->arc_count++;
}

/* Distances over arcs with room; true when the sink is reached. */
static bool rank_nodes(network *n)
{
    size_t head = 0, tail = 0;
    for (size_t k = 0; k < n->nodes; k++)
        n->rank[k] = -1;
    n->rank[n->source] = 0;
    n->queue[tail++] = n->source;
    while (head < tail) {
        uint32_t k = n->queue[head++];
        for (uint32_t a = n->first[k]; a != NOWHERE; a = n->arcs[a].next) {
            uint32_t to = n->arcs[a].to;
            if (n->arcs[a].room > 0 && n->rank[to] < 0) {
                n->rank[to] = n->rank[k] + 1;
                n->queue[tail++] = to;
            }
        }
    }
    return n->rank[n->sink] >= 0;
}

/* One path of ascending ranks, filled; what flowed, 0 when there is none. n->queue holds its arcs.
 */
static int64_t push_path(network *n)
{
    size_t length = 0;
    uint32_t k = n->source;
    while (k != n->sink) {
        uint32_t a = n->at[k];
        while (a != NOWHERE && (n->arcs[a].room == 0 || n->rank[n->arcs[a].to] != n->rank[k] + 1))
            a = n->arcs[a].next;
        n->at[k] = a;
        if (a != NOWHERE) {
            n->queue[length++] = a;
            k = n->arcs[a].to;
        } else if (length == 0) {
            return 0;
        } else { /* a dead end: back, and past the arc that led here */
            a = n->queue[--length];
            k = n->arcs[a ^ 1].to;
            n->at[k] = n->arcs[a].next;
        }
    }
    int64_t room = INT64_MAX;
    for (size_t j = 0; j < length; j++)
        room = n->arcs[n->queue[j]].room < room ? n->arcs[n->queue[j]].room : room;
    for (size_t j = 0; j < length; j++) {
        n->arcs[n->queue[j]].room -= room;
        n->arcs[n->queue[j] ^ 1].room += room;
    }
    return room;
}

static int64_t greatest_flow(network *n)
{
    int64_t flow = 0, more;
    while (rank_nodes(n)) {
        memcpy(n->at, n->first, n->nodes * sizeof *n->at);
        while ((more = push_path(n)) > 0)
            flow += more;
    }
    return flow;
}

/* Raises the best set by one; false when none is worth it. */
static bool raise_once(network *n, int *value, const retime_problem *p)
{
    const int64_t unlimited = INT64_MAX / 4;
    int64_t profit = 0;
    n->arc_count = 0;
    for (size_t k = 0; k < n->nodes; k++)
        n->first[k] = NOWHERE;
    for (uint32_t k = 0; k < p->count; k++) {
        if (p->is_fixed[k]) {
            add_arc(n, k, n->sink, unlimited);
        } else if (p->cost[k] < 0) {
            add_arc(n, n->source, k, -p->cost[k]);
            profit -= p->cost[k];
        } else if (p->cost[k] > 0) {
            add_arc(n, k, n->sink, p->cost[k]);
        }
    }
    for (size_t k = 0; k < p->constraint_count; k++) {
        const retime_constraint *c = &p->constraints[k];
        if (value[c->to] == value[c->from] + c->gap)
            add_arc(n, c->from, c->to, unlimited);
    }
    if (n->failed || greatest_flow(n) >= profit)
        return false;
    /* the last ranks mark what the source still reaches */
    for (size_t k = 0; k < p->count; k++)
        value[k] += n->rank[k] >= 0;
    return true;
}

symlut_status retime_solve(int *value, const retime_problem *p, symlut_error *err)
{
    network n = {
        .nodes = p->count + 2, .source = (uint32_t)p->count, .sink = (uint32_t)p->count + 1};
    n.first = malloc(n.nodes * sizeof *n.first);
    n.at = malloc(n.nodes * sizeof *n.at);
    n.rank = malloc(n.nodes * sizeof *n.rank);
    n.queue = malloc(n.nodes * sizeof *n.queue);
    n.failed = !n.first || !n.at || !n.rank || !n.queue;
    while (!n.failed && raise_once(&n, value, p))
        ;
    free(n.arcs);
    free(n.first);
    free(n.at);
    free(n.rank);
    free(n.queue);
    return n.failed ? error_memory(err) : SYMLUT_OK;
}
