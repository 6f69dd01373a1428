/* The last touch on a front: constants that simple values replace, and losses, in double precision
 * over the training rows. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/run_files.h"
#include "search/snap.h"

/* Beyond this many node-rows the float32 losses stand: they agree to about six digits. */
static const double EXACT_LIMIT = 2e8;

typedef struct polish {
    run_state *r;
    double *losses; /* [outputs * (max_size + 1)] */
    bool failed;
} polish;

static double exact_loss(const task *t, int k, expr e, double *x, double *stack)
{
    double total = 0, weight = 0;
    for (size_t i = 0; i < t->parts.train_count; i++) {
        uint32_t row = t->parts.train[i];
        double w = t->data->weights ? t->data->weights[row] : 1,
               yp[2] = {task_target(t, k, row), 0};
        task_inputs(t, row, x);
        yp[1] = expr_eval(e, x, stack);
        double loss =
            t->squares ? (yp[1] - yp[0]) * (yp[1] - yp[0]) : expr_eval(t->loss, yp, stack);
        total += w * loss;
        weight += w;
    }
    return total / weight + rules_penalty(&t->set.words.limits, e);
}

static void polish_one(void *context, size_t index, int worker)
{
    polish *p = context;
    const task *t = p->r->job;
    int k = (int)index / (t->set.max_size + 1), c = (int)index % (t->set.max_size + 1);
    const champion *row = &p->r->e->fronts[k].rows[c];
    (void)worker;
    p->losses[index] = row->loss;
    if (row->count == 0)
        return;
    double *x = malloc((t->data->features + 1) * sizeof *x);
    double *stack = malloc(EXPR_MAX_NODES * sizeof *stack);
    if (x && stack) {
        expr_node room[RULES_PLAIN];
        expr e = rules_plain(&t->set.words.limits, room, (expr){row->nodes, row->count});
        double loss = exact_loss(t, k, e, x, stack);
        if (isfinite(loss))
            p->losses[index] = loss;
    }
    free(x);
    free(stack);
}

/* ---------------------------------------------------------------- constants */

/* Beyond this many evaluated nodes for one row's derivatives its constants stay. */
static const double SNAP_LIMIT = 3e7;

typedef struct snapped_row {
    expr_node *nodes; /* [max_size + 4] */
    int count;        /* 0: none */
    double loss;
} snapped_row;

typedef struct snapping {
    const run_state *r;
    snap_rows rows;
    snapped_row *made; /* [max_size + 1] */
} snapping;

static void snap_one(void *context, size_t c, int worker)
{
    snapping *s = context;
    const champion *row = &s->r->e->fronts[0].rows[c];
    const rules *limits = &s->r->job->set.words.limits;
    (void)worker;
    if (row->count == 0)
        return;
    expr e = {s->made[c].nodes, row->count};
    memcpy(e.nodes, row->nodes, (size_t)row->count * sizeof *e.nodes);
    double work = (double)s->rows.count * row->count * (2 * tree_constants(e) + 1);
    expr_node room[RULES_PLAIN];
    bool calls = rules_plain(limits, room, e).nodes != e.nodes; /* whose constants stay */
    double loss = calls || work > SNAP_LIMIT ? (double)NAN : snap_constants(&e, &s->rows);
    if (isfinite(loss))
        loss += rules_penalty(limits, e);
    bool allowed = isfinite(loss) && rules_allow(limits, e);
    if (!allowed) {
        e.count = row->count;
        memcpy(e.nodes, row->nodes, (size_t)row->count * sizeof *e.nodes);
    }
    s->made[c].loss = allowed ? loss : row->loss;
    s->made[c].count = e.count;
}

/* Each row goes to the complexity that it has now, the best of those that meet there stays. */
static void place_snapped(const snapping *s)
{
    const task *t = s->r->job;
    pareto *front = &s->r->e->fronts[0];
    for (int c = 1; c <= t->set.max_size; c++)
        front->rows[c].count = 0;
    for (int c = 1; c <= t->set.max_size; c++) {
        const snapped_row *from = &s->made[c];
        expr e = {from->nodes, from->count};
        int complexity = from->count ? rules_complexity(&t->set.words.limits, e) : 0;
        champion *to = &front->rows[complexity];
        if (complexity == 0 || (to->count > 0 && !(from->loss < to->loss)))
            continue;
        memcpy(to->nodes, from->nodes, (size_t)from->count * sizeof *from->nodes);
        to->count = from->count;
        to->loss = from->loss;
    }
}

static symlut_status snap_front(run_state *r, symlut_error *err)
{
    const task *t = r->job;
    if (!t->squares || t->outputs != 1 || t->data->task == SYMLUT_CLASSIFICATION ||
        r->options->constant_iterations == 0)
        return SYMLUT_OK;
    size_t width = (size_t)t->set.max_size + 1, room = width + 4;
    snapping s = {.r = r, .made = calloc(width, sizeof *s.made)};
    expr_node *storage = calloc(width * room, sizeof *storage);
    bool ok = s.made && storage && snap_rows_init(&s.rows, t);
    for (size_t c = 0; ok && c < width; c++)
        s.made[c].nodes = storage + c * room;
    if (ok) {
        pool_run(r->e->threads, width, snap_one, &s);
        place_snapped(&s);
        snap_rows_free(&s.rows);
    }
    free(s.made);
    free(storage);
    return ok ? SYMLUT_OK : error_memory(err);
}

symlut_status run_finish_front(run_state *r, symlut_error *err)
{
    if (r->all)
        return SYMLUT_OK; /* sums of float32 logarithms stand */
    const task *t = r->job;
    size_t width = (size_t)t->set.max_size + 1, count = (size_t)t->outputs * width;
    double work = 0;
    for (int k = 0; k < t->outputs; k++)
        for (int c = 1; c <= t->set.max_size; c++)
            work += (double)r->e->fronts[k].rows[c].count * (double)t->parts.train_count;
    if (work > EXACT_LIMIT)
        return SYMLUT_OK;
    symlut_status status = snap_front(r, err);
    if (status != SYMLUT_OK)
        return status;
    polish p = {.r = r, .losses = calloc(count, sizeof(double))};
    if (!p.losses)
        return error_memory(err);
    pool_run(r->e->threads, count, polish_one, &p);
    for (int k = 0; k < t->outputs; k++) {
        double lowest = (double)INFINITY;
        for (int c = 1; c <= t->set.max_size; c++) {
            champion *row = &r->e->fronts[k].rows[c];
            row->loss = p.losses[(size_t)k * width + (size_t)c];
            if (row->count > 0 && row->loss < lowest)
                lowest = row->loss;
            else
                row->count = 0;
        }
    }
    free(p.losses);
    return SYMLUT_OK;
}
