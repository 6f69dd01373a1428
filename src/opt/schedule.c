/* Pipeline stages for a clock, initiation interval 1.
 *
 * requires: a checked graph; registers in it are taken out and placed anew
 * keeps:    ports, values of outputs
 * breaks:   passes that change operations must run before
 *
 * Inputs arrive unregistered at stage 0, outputs are registered: the latency is the number of
 * register layers between them, at least 1. Operations chain within a stage while their delays and
 * a register's fit the period. An operation longer than the period gets a stage of its own; the
 * estimate shows it. Constants need no registers. A value needed in later stages has one chain of
 * registers, shared by its users. */
#include <stdlib.h>

#include "opt/opt.h"
#include "opt/rewrite.h"

typedef struct schedule {
    const graph *g;
    const opt_options *options;
    double budget;   /* ns for logic in a stage */
    int *stage;      /* [count] */
    double *ready;   /* [count] ns after the start of its stage */
    graph_ref *tail; /* [count] last register of the value's chain, in the new graph */
    int latency;
} schedule;

/* As soon as possible, with chaining. */
static void place(schedule *s, graph_ref k)
{
    const graph_node *n = &s->g->nodes[k];
    int stage = 0;
    double start = 0, delay = 0;
    for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
        graph_ref a = n->arg[j];
        if (s->g->nodes[a].op == GRAPH_CONST)
            continue;
        if (s->stage[a] > stage) {
            stage = s->stage[a];
            start = 0;
        }
        if (s->stage[a] == stage && s->ready[a] > start)
            start = s->ready[a];
    }
    if (n->op != GRAPH_REG)
        delay = cost_node(s->g, k, s->options->device, s->options->dsp).ns;
    if (start > 0 && start + delay > s->budget && s->options->stages != 0) {
        stage++;
        start = 0;
    }
    s->stage[k] = stage;
    s->ready[k] = start + delay;
    if (n->op == GRAPH_OUTPUT && stage + 1 > s->latency)
        s->latency = stage + 1;
}

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
        graph_ref arg[3] = {GRAPH_NONE, GRAPH_NONE, GRAPH_NONE};
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            arg[j] = value_at(s, rw, n->arg[j], stage);
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            rw->map[n->arg[j]] = arg[j];
        if (n->op == GRAPH_REG) {
            s->tail[k] = arg[0];
            continue;
        }
        graph_ref made = rewrite_copy(rw, k);
        s->tail[k] = made;
        if (made != GRAPH_NONE)
            rw->to->nodes[made].stage = stage;
    }
    rw->to->latency = s->latency;
}

static symlut_status check_latency(const schedule *s, symlut_error *err)
{
    if (s->options->stages <= 0 || s->latency <= s->options->stages)
        return SYMLUT_OK;
    return error_set(err, SYMLUT_NO,
                     "the design needs %d cycles at %.6g MHz on %s, more than the %d asked for; "
                     "allow more cycles, a slower clock or a narrower format",
                     s->latency, 1000 / s->options->period_ns, s->options->device->name,
                     s->options->stages);
}

symlut_status opt_schedule(graph **g, const opt_options *options, symlut_error *err)
{
    const device *d = options->device;
    schedule s = {.g = *g, .options = options, .latency = 1};
    size_t count = (*g)->count + (size_t)1;
    s.budget = options->period_ns - d->clock_to_q - d->setup;
    s.stage = calloc(count, sizeof *s.stage);
    s.ready = calloc(count, sizeof *s.ready);
    s.tail = malloc(count * sizeof *s.tail);
    symlut_status status = s.stage && s.ready && s.tail ? SYMLUT_OK : error_memory(err);
    if (status == SYMLUT_OK) {
        for (graph_ref k = 0; k < (*g)->count; k++)
            place(&s, k);
        status = check_latency(&s, err);
    }
    rewrite rw;
    if (status == SYMLUT_OK) {
        if (rewrite_begin(&rw, *g))
            rebuild(&s, &rw);
        status = rewrite_end(&rw, g, err);
    }
    free(s.stage);
    free(s.ready);
    free(s.tail);
    return status;
}
