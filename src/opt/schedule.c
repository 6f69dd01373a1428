/* Pipeline stages for a clock, initiation interval 1, with the fewest register bits.
 *
 * requires: a checked graph; registers in it are taken out and placed anew
 * keeps:    ports, values of outputs
 * breaks:   passes that change operations must run before
 *
 * Inputs arrive unregistered at stage 0, outputs are registered: the latency is the number of
 * register layers between them, at least 1. Operations chain within a stage while their delays and
 * a register's fit the period. An operation longer than the period gets a stage of its own; the
 * estimate shows it. Constants need no registers. A value needed in later stages has one chain of
 * registers, shared by its users.
 *
 * Placing everything as soon as possible gives the fewest stages. Then the operations are moved
 * between the stages so that the bits of all chains are fewest, exactly (retime.h): stage numbers
 * under difference constraints, one for each operand and one for each pair of operations whose path
 * is longer than a stage. Where a number of stages is asked for, they are cut as short as it
 * allows. */
#include <math.h>
#include <stdlib.h>

#include "opt/opt.h"
#include "opt/retime.h"
#include "opt/rewrite.h"

enum {
    MOST_NODES = 20000,         /* beyond it operations stay where they are first placed */
    MOST_CONSTRAINTS = 2000000, /* of pairs */
    HALVINGS = 24               /* of the interval in which the shortest stage is sought */
};

typedef struct schedule {
    const graph *g;
    const opt_options *options;
    double *delay;   /* [count] ns of each node */
    double budget;   /* ns for logic in a stage */
    int *stage;      /* [2 count] of each node; then of the last use of each */
    double *ready;   /* [count] ns after the start of its stage */
    graph_ref *tail; /* [count] last register of the value's chain, in the new graph */
    int latency;
    retime_constraint *constraints;
    size_t constraint_count, constraint_capacity;
    bool failed; /* out of memory */
} schedule;

static bool is_constant_node(const graph *g, graph_ref a)
{
    return g->nodes[a].op == GRAPH_CONST;
}

/* ---------------------------------------------------------------- as soon as possible */

static void place(schedule *s, graph_ref k)
{
    const graph_node *n = &s->g->nodes[k];
    int stage = 0;
    double start = 0;
    for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
        graph_ref a = n->arg[j];
        if (is_constant_node(s->g, a))
            continue;
        if (s->stage[a] > stage) {
            stage = s->stage[a];
            start = 0;
        }
        if (s->stage[a] == stage && s->ready[a] > start)
            start = s->ready[a];
    }
    if (start > 0 && start + s->delay[k] > s->budget) {
        stage++;
        start = 0;
    }
    s->stage[k] = stage;
    s->ready[k] = start + s->delay[k];
    if (n->op == GRAPH_OUTPUT && stage + 1 > s->latency)
        s->latency = stage + 1;
}

static void place_all(schedule *s, double budget)
{
    s->budget = budget;
    s->latency = 1;
    for (graph_ref k = 0; k < s->g->count; k++)
        place(s, k);
}

/* The shortest stages that make `stages` of them. */
static void place_evenly(schedule *s, int stages)
{
    double low = 0, high = s->budget;
    for (int k = 0; k < HALVINGS; k++) {
        double middle = (low + high) / 2;
        place_all(s, middle);
        if (s->latency <= stages)
            high = middle;
        else
            low = middle;
    }
    place_all(s, high);
    s->latency = stages;
}

/* ---------------------------------------------------------------- fewest registers */

static void add_constraint(schedule *s, graph_ref from, graph_ref to, int gap)
{
    if (s->constraint_count == s->constraint_capacity && !s->failed) {
        size_t capacity = s->constraint_capacity ? 2 * s->constraint_capacity : 256;
        void *moved = realloc(s->constraints, capacity * sizeof *s->constraints);
        s->failed = !moved;
        if (moved) {
            s->constraints = moved;
            s->constraint_capacity = capacity;
        }
    }
    if (!s->failed)
        s->constraints[s->constraint_count++] = (retime_constraint){from, to, gap};
}

/* Users come no earlier than their operands, and no later than the operand's last use. */
static void constrain_operands(schedule *s)
{
    const graph *g = s->g;
    for (graph_ref k = 0; k < g->count; k++) {
        const graph_node *n = &g->nodes[k];
        for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
            graph_ref a = n->arg[j];
            if (is_constant_node(g, a))
                continue;
            add_constraint(s, a, k, n->op == GRAPH_OUTPUT);
            add_constraint(s, k, g->count + a, 0);
        }
    }
}

/* Operations that one stage cannot hold together with node k come in a later one. sum: [count],
 * -1 everywhere; ends[k]: the last user of k. */
static void constrain_paths(schedule *s, graph_ref k, double *sum, const graph_ref *ends)
{
    const graph *g = s->g;
    double limit = s->budget * (1 + 1e-12), own = fmin(s->delay[k], s->budget);
    graph_ref last = ends[k];
    sum[k] = own;
    for (graph_ref v = k + 1; v <= last; v++) {
        const graph_node *n = &g->nodes[v];
        double start = -1;
        for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
            graph_ref a = n->arg[j];
            if (a >= k && sum[a] >= 0 && sum[a] > start)
                start = sum[a];
        }
        if (start < 0 || n->op == GRAPH_OUTPUT)
            continue;
        double total = start + fmin(s->delay[v], s->budget);
        if (start > 0 && total > limit) {
            add_constraint(s, k, v, 1);
            continue;
        }
        sum[v] = total;
        last = ends[v] > last ? ends[v] : last;
    }
    for (graph_ref v = k; v <= last; v++)
        sum[v] = -1;
}

static void constrain_all_paths(schedule *s)
{
    const graph *g = s->g;
    double *sum = calloc(g->count + (size_t)1, sizeof *sum);
    graph_ref *ends = calloc(g->count + (size_t)1, sizeof *ends);
    s->failed = s->failed || !sum || !ends;
    for (graph_ref k = 0; k < g->count && !s->failed; k++) {
        sum[k] = -1;
        ends[k] = k;
        for (int j = 0; j < graph_arity((graph_op)g->nodes[k].op); j++)
            ends[g->nodes[k].arg[j]] = k;
    }
    for (graph_ref k = 0; k < g->count && !s->failed; k++) {
        if (!is_constant_node(g, k) && s->delay[k] > 0 && s->constraint_count < MOST_CONSTRAINTS)
            constrain_paths(s, k, sum, ends);
    }
    free(sum);
    free(ends);
}

/* Moves the operations between stages; the chain of a value costs its width for each stage from
 * where it is made to its last use. */
static symlut_status minimise_registers(schedule *s, symlut_error *err)
{
    const graph *g = s->g;
    size_t count = 2 * (size_t)g->count;
    if (g->count > MOST_NODES)
        return SYMLUT_OK;
    constrain_operands(s);
    constrain_all_paths(s);
    if (!s->failed && s->constraint_count >= MOST_CONSTRAINTS)
        return SYMLUT_OK;
    int64_t *cost = calloc(count + 1, sizeof *cost);
    bool *is_fixed = calloc(count + 1, sizeof *is_fixed);
    s->failed = s->failed || !cost || !is_fixed;
    for (graph_ref k = 0; k < g->count && !s->failed; k++) {
        const graph_node *n = &g->nodes[k];
        is_fixed[k] = n->op == GRAPH_INPUT || n->op == GRAPH_OUTPUT || n->op == GRAPH_CONST;
        if (n->op == GRAPH_OUTPUT)
            s->stage[k] = s->latency;
        s->stage[g->count + k] = s->stage[k];
    }
    for (size_t k = 0; k < s->constraint_count && !s->failed; k++) {
        retime_constraint c = s->constraints[k];
        if (c.to < g->count)
            continue;
        graph_ref a = c.to - g->count;
        bool is_free = g->nodes[a].lo == g->nodes[a].hi;
        cost[a] = is_free ? 0 : -(int64_t)g->nodes[a].fmt.width;
        cost[c.to] = -cost[a];
        if (s->stage[c.from] > s->stage[c.to])
            s->stage[c.to] = s->stage[c.from];
    }
    symlut_status status = SYMLUT_OK;
    if (!s->failed) {
        retime_problem p = {count, cost, is_fixed, s->constraints, s->constraint_count};
        status = retime_solve(s->stage, &p, err);
    }
    free(cost);
    free(is_fixed);
    return s->failed ? error_memory(err) : status;
}

/* ---------------------------------------------------------------- registers */

/* The value of old node a as it is in `stage`, through its chain of registers. */
static graph_ref value_at(schedule *s, rewrite *rw, graph_ref a, int stage)
{
    graph *g = rw->to;
    graph_ref at = s->tail[a];
    if (at == GRAPH_NONE || g->nodes[at].op == GRAPH_CONST)
        return at;
    while (g->nodes[at].stage > stage)
        at = g->nodes[at].arg[0];
    while (at != GRAPH_NONE && g->nodes[at].stage < stage) {
        at = graph_add_reg(g, at);
        s->tail[a] = at;
    }
    return at;
}

/* Builds the graph with its registers. */
static void rebuild(schedule *s, rewrite *rw)
{
    for (graph_ref k = 0; k < s->g->count && rw->to->failed.status == SYMLUT_OK; k++) {
        const graph_node *n = &s->g->nodes[k];
        int stage = n->op == GRAPH_OUTPUT ? s->latency : s->stage[k];
        /* The copy's operands are looked up in the map: point it at the right registers. */
        graph_ref arg[GRAPH_ARGS];
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            arg[j] = value_at(s, rw, n->arg[j], stage);
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            rw->map[n->arg[j]] = arg[j];
        graph_ref made = rewrite_copy(rw, k);
        s->tail[k] = made;
        if (made != GRAPH_NONE)
            rw->to->nodes[made].stage = stage;
    }
    rw->to->latency = s->latency;
}

/* ---------------------------------------------------------------- pass */

static symlut_status refuse(const schedule *s, symlut_error *err)
{
    return error_set(err, SYMLUT_NO,
                     "the design needs %d cycles at %.6g MHz on %s, more than the %d asked for; "
                     "allow more cycles, a slower clock or a narrower format",
                     s->latency, 1000 / s->options->period_ns, s->options->device->name,
                     s->options->stages > 0 ? s->options->stages : s->options->most_stages);
}

static symlut_status choose_stages(schedule *s, symlut_error *err)
{
    const opt_options *o = s->options;
    double budget = o->period_ns - o->device->clock_to_q - o->device->setup;
    for (graph_ref k = 0; k < s->g->count; k++)
        s->delay[k] = cost_node(s->g, k, o->device, o->dsp).ns;
    place_all(s, o->stages == 0 ? HUGE_VAL : fmax(budget, 1e-6));
    if (o->stages == 0)
        return SYMLUT_OK;
    if ((o->stages > 0 && s->latency > o->stages) ||
        (o->most_stages > 0 && s->latency > o->most_stages))
        return refuse(s, err);
    if (o->stages > 0)
        place_evenly(s, o->stages);
    return minimise_registers(s, err);
}

static bool has_registers(const graph *g)
{
    for (graph_ref k = 0; k < g->count; k++) {
        if (g->nodes[k].op == GRAPH_REG)
            return true;
    }
    return false;
}

static symlut_status schedule_graph(graph **g, const graph *bare, const opt_options *options,
                                    symlut_error *err)
{
    schedule s = {.g = bare, .options = options, .latency = 1};
    size_t count = bare->count + (size_t)1;
    s.delay = calloc(count, sizeof *s.delay);
    s.stage = calloc(2 * count, sizeof *s.stage);
    s.ready = calloc(count, sizeof *s.ready);
    s.tail = malloc(count * sizeof *s.tail);
    bool room = s.delay && s.stage && s.ready && s.tail;
    symlut_status status = room ? choose_stages(&s, err) : error_memory(err);
    if (status == SYMLUT_OK) {
        rewrite rw;
        if (rewrite_begin(&rw, bare))
            rebuild(&s, &rw);
        status = rewrite_end(&rw, g, err);
    }
    free(s.delay);
    free(s.stage);
    free(s.ready);
    free(s.tail);
    free(s.constraints);
    return status;
}

/* A refusal leaves the graph alone: where there are registers, a copy without them is scheduled. */
symlut_status opt_schedule(graph **g, const opt_options *options, symlut_error *err)
{
    if (!has_registers(*g))
        return schedule_graph(g, *g, options, err);
    rewrite rw;
    graph *bare = NULL;
    if (rewrite_begin(&rw, *g)) {
        for (graph_ref k = 0; k < rw.from->count; k++)
            rw.map[k] = rw.from->nodes[k].op == GRAPH_REG ? rw.map[rw.from->nodes[k].arg[0]]
                                                          : rewrite_copy(&rw, k);
    }
    symlut_status status = rewrite_end(&rw, &bare, err);
    if (status == SYMLUT_OK)
        status = schedule_graph(&bare, bare, options, err);
    if (status == SYMLUT_OK) {
        graph_free(*g);
        *g = bare;
    } else {
        graph_free(bare);
    }
    return status;
}
