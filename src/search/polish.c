/* The last touch on a front, in double precision over the training rows: constants fitted, simple
 * values in their places, losses. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expr/collect.h"
#include "search/exact.h"
#include "search/run_files.h"
#include "search/snap.h"

/* Beyond this many node-rows the losses stay float32: they agree to about six digits. */
static const double EXACT_LIMIT = 2e8;
/* Who interrupts a run does not wait for more than this. */
static const double INTERRUPTED_LIMIT = 1e7;

typedef struct polish {
    run_state *r;
    double *losses; /* [outputs * (max_size + 1)] */
    bool exact;     /* losses in double, and of the target where another was searched for */
} polish;

/* Loss by which two sets of constants are compared; infinite where there is none. */
static double judged_loss(const polish *p, int k, expr e, int worker)
{
    const task *t = p->r->job;
    const problem *target = &t->problems[k];
    score s;
    if (p->exact) {
        double loss = exact_loss(t, k, e);
        return isfinite(loss) ? loss : (double)INFINITY;
    }
    return fitness(&s, &p->r->e->workspaces[worker], target, e, window_all(target), e.count,
                   (double)INFINITY)
               ? s.loss + rules_penalty(&t->set.words.limits, e)
               : (double)INFINITY;
}

/* Fits e in place when that makes it better on all rows; its loss. */
static double polish_expression(const polish *p, int k, expr e, int worker)
{
    expr_node nodes[TREE_MAX + 4];
    expr fitted = {nodes, e.count};
    memcpy(nodes, e.nodes, (size_t)e.count * sizeof *nodes);
    double loss = judged_loss(p, k, e, worker);
    if (p->r->job->set.optimize_iterations == 0 || !exact_fit(p->r->job, k, fitted))
        return loss;
    double better = judged_loss(p, k, fitted, worker);
    workspace *w = &p->r->e->workspaces[worker];
    const problem *target = &p->r->job->problems[k];
    if (!(better < loss) ||
        fitness_has_bounds(w, target, fitted) < fitness_has_bounds(w, target, e))
        return loss;
    memcpy(e.nodes, nodes, (size_t)e.count * sizeof *nodes);
    return better;
}

/* The index's row of the front, NULL: none. */
static champion *row_of(const polish *p, size_t index, int *k)
{
    int width = p->r->job->set.max_size + 1;
    *k = (int)index / width;
    champion *row = &p->r->e->fronts[*k].rows[(int)index % width];
    return row->count > 0 ? row : NULL;
}

/* The search's own loss where there is no other; that of a smoothed target says nothing here. */
static double known_loss(const polish *p, const champion *row, double loss)
{
    return isfinite(loss) || p->r->job->smooth ? loss : row->loss;
}

static void fit_one(void *context, size_t index, int worker)
{
    polish *p = context;
    int k;
    champion *row = row_of(p, index, &k);
    if (!row)
        return;
    double loss = polish_expression(p, k, (expr){row->nodes, row->count}, worker);
    p->losses[index] = row->loss = known_loss(p, row, loss);
}

static void judge_one(void *context, size_t index, int worker)
{
    polish *p = context;
    int k;
    const champion *row = row_of(p, index, &k);
    if (!row)
        return;
    double loss = judged_loss(p, k, (expr){row->nodes, row->count}, worker);
    p->losses[index] = known_loss(p, row, loss);
}

/* What rounding alone leaves of squares: below it no expression is better than another. */
static double rounding(const problem *p)
{
    return p->squares ? 1e-30 * (p->baseline + p->y_mean * p->y_mean) : 0;
}

/* Only in double is there another target than that of the search. */
static bool needs_exact(const task *t, double work)
{
    return t->smooth || work <= EXACT_LIMIT;
}

static double node_rows(const run_state *r)
{
    double work = 0;
    for (int k = 0; k < r->job->outputs; k++)
        for (int c = 1; c <= r->job->set.max_size; c++)
            work += (double)r->e->fronts[k].rows[c].count * (double)r->job->parts.train_count;
    return work;
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
    if (isfinite(loss)) {
        expr_drop_zero_products(&e, s->r->job->box);
        loss += rules_penalty(limits, e);
    }
    bool allowed = isfinite(loss) && rules_allow(limits, e);
    if (!allowed) {
        e.count = row->count;
        memcpy(e.nodes, row->nodes, (size_t)row->count * sizeof *e.nodes);
    }
    s->made[c].loss = allowed ? loss : row->loss;
    s->made[c].count = e.count;
}

/* Each row goes to the complexity that it has now, the best of those that meet there stays. made:
 * [max_size + 1], one for each row of the front. */
static void place_rows(const task *t, pareto *front, const snapped_row *made)
{
    for (int c = 1; c <= t->set.max_size; c++)
        front->rows[c].count = 0;
    for (int c = 1; c <= t->set.max_size; c++) {
        const snapped_row *from = &made[c];
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
        place_rows(t, &r->e->fronts[0], s.made);
        snap_rows_free(&s.rows);
    }
    free(s.made);
    free(storage);
    return ok ? SYMLUT_OK : error_memory(err);
}

/* ---------------------------------------------------------------- how rows are written */

/* Of a loss: what writing an expression in another order may change. */
static const double REORDERING = 1e-9, REORDERING_FLOAT = 1e-4;
/* Of a loss: one row is lower than another by more than that. The same function written in two ways
 * differs by rounding alone, and would stand twice. */
static const double LOWER = 1e-9, LOWER_FLOAT = 1e-6;

typedef struct collecting {
    const polish *p;
    int k;
    snapped_row *made; /* [max_size + 1] */
} collecting;

/* Writes the row anew where that is no more complex, keeps the rules, and has the same loss. */
static void collect_one(void *context, size_t c, int worker)
{
    const collecting *s = context;
    const task *t = s->p->r->job;
    const champion *row = &s->p->r->e->fronts[s->k].rows[c];
    const rules *limits = &t->set.words.limits;
    snapped_row *to = &s->made[c];
    bool allowed[EXPR_OP_COUNT];
    if (row->count == 0)
        return;
    expr old = {row->nodes, row->count}, e = {to->nodes, row->count};
    memcpy(e.nodes, old.nodes, (size_t)old.count * sizeof *e.nodes);
    vocabulary_allow(allowed, &t->set.words, e);
    tree_measure(&e);
    if (!limits->template) /* whose parts are written as they were found */
        expr_collect(&e, allowed);
    bool changed = e.count != old.count || !expr_equal(e, old);
    to->loss = row->loss;
    to->count = e.count;
    if (!changed)
        return;
    double before = judged_loss(s->p, s->k, old, worker);
    double after = judged_loss(s->p, s->k, e, worker), ease = REORDERING;
    ease = s->p->exact ? ease : REORDERING_FLOAT;
    bool kept = rules_complexity(limits, e) <= (int)c && rules_allow(limits, e) &&
                constants_allowed(&t->problems[s->k], e) &&
                after <= before * (1 + ease) + rounding(&t->problems[s->k]);
    if (kept)
        return;
    to->count = old.count;
    memcpy(to->nodes, old.nodes, (size_t)old.count * sizeof *old.nodes);
}

/* False: out of memory. */
static bool collect_fronts(const polish *p)
{
    const task *t = p->r->job;
    size_t width = (size_t)t->set.max_size + 1, room = width + 4;
    collecting s = {.p = p, .made = calloc(width, sizeof *s.made)};
    expr_node *storage = calloc(width * room, sizeof *storage);
    bool ok = s.made && storage;
    for (; ok && s.k < t->outputs; s.k++) {
        for (size_t c = 0; c < width; c++)
            s.made[c] = (snapped_row){.nodes = storage + c * room};
        pool_run(p->r->e->threads, width, collect_one, &s);
        place_rows(t, &p->r->e->fronts[s.k], s.made);
    }
    free(s.made);
    free(storage);
    return ok;
}

static bool is_hurried(const run_state *r, double work)
{
    return r->reason && !strcmp(r->reason, "interrupt") && work > INTERRUPTED_LIMIT;
}

/* Losses stay sums of float32 logarithms. */
static symlut_status finish_forests(run_state *r, symlut_error *err)
{
    double work = 0;
    for (int c = 1; c <= r->all->front.size; c++)
        for (int k = 0; r->all->front.rows[c].nodes && k < r->job->outputs; k++)
            work += r->all->front.rows[c].counts[k];
    if (is_hurried(r, work * (double)r->job->parts.train_count))
        return SYMLUT_OK;
    return joint_collect(r->all) ? SYMLUT_OK : error_memory(err);
}

symlut_status run_finish_front(run_state *r, symlut_error *err)
{
    const task *t = r->job;
    if (r->all)
        return finish_forests(r, err);
    size_t width = (size_t)t->set.max_size + 1, count = (size_t)t->outputs * width;
    double work = node_rows(r);
    bool hurried = is_hurried(r, work);
    if (hurried && !t->smooth)
        return SYMLUT_OK;
    polish p = {.r = r, .losses = calloc(count, sizeof(double)), .exact = needs_exact(t, work)};
    if (!p.losses)
        return error_memory(err);
    symlut_status status = SYMLUT_OK;
    if (!hurried)
        pool_run(r->e->threads, count, fit_one, &p);
    if (!hurried && p.exact)
        status = snap_front(r, err);
    if (!hurried && status == SYMLUT_OK && !collect_fronts(&p))
        status = error_memory(err);
    if (status != SYMLUT_OK) {
        free(p.losses);
        return status;
    }
    if (p.exact)
        pool_run(r->e->threads, count, judge_one, &p);
    for (int k = 0; k < t->outputs; k++) {
        for (int c = 1; p.exact && c <= t->set.max_size; c++)
            r->e->fronts[k].rows[c].loss = p.losses[(size_t)k * width + (size_t)c];
        pareto_thin(&r->e->fronts[k], p.exact ? LOWER : LOWER_FLOAT, rounding(&t->problems[k]));
    }
    free(p.losses);
    return SYMLUT_OK;
}

double run_polished_loss(run_state *r, int k)
{
    const task *t = r->job;
    int most = r->options->stop_complexity;
    if (r->all) {
        const forest_front *all = &r->all->front;
        return forest_front_loss(all, most > 0 && most < all->size ? most : all->size);
    }
    if (most == 0 || most > t->set.max_size)
        most = t->set.max_size;
    const pareto *front = &r->e->fronts[k];
    const champion *best = NULL;
    for (int c = 1; c <= most; c++)
        if (front->rows[c].count > 0 && (!best || front->rows[c].loss < best->loss))
            best = &front->rows[c];
    if (!best)
        return (double)INFINITY;
    /* float32 cannot tell apart what lies below: only there may double find much less */
    double floor_of_float = 1e-9 * t->problems[k].baseline;
    if (!t->smooth && best->loss > fmax(1.01 * r->options->stop_loss, floor_of_float))
        return best->loss;
    expr_node nodes[TREE_MAX + 4];
    expr e = {nodes, best->count};
    memcpy(nodes, best->nodes, (size_t)best->count * sizeof *nodes);
    polish p = {.r = r,
                .exact = needs_exact(t, (double)best->count * (double)t->parts.train_count)};
    return known_loss(&p, best, polish_expression(&p, k, e, 0));
}
