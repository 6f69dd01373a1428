#include "search/engine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A find on its way to the front: written out, fitted and scored on all rows. */
struct candidate {
    expr_node *nodes; /* [max_size + 4] */
    int count, output;
    double loss;
    bool ok;
};

/* Of the fit before a find is scored on all rows. */
enum { POLISH_ITERATIONS = 10, POLISH_ROWS = 1 << 16, OFFER_ITERATIONS = 30 };

static window draw_window(engine *e)
{
    const problem *p = &e->problems[0];
    if (p->padded <= e->set->window_rows)
        return window_all(p);
    size_t blocks = p->rows / EVAL_BLOCK, size = e->set->window_rows / EVAL_BLOCK;
    size_t first = rng_below(&e->random, (uint32_t)(blocks - size + 1));
    return (window){first * EVAL_BLOCK, size * EVAL_BLOCK};
}

static bool init_parts(engine *e, uint64_t seed, int threads)
{
    size_t room = (size_t)e->set->max_size + 4;
    size_t candidates = (size_t)e->outputs * ((size_t)e->set->max_size + 1);
    e->islands = calloc((size_t)e->island_count, sizeof *e->islands);
    e->fronts = calloc((size_t)e->outputs, sizeof *e->fronts);
    e->made = calloc((size_t)e->outputs, sizeof *e->made);
    e->workspaces = calloc((size_t)threads, sizeof *e->workspaces);
    e->candidates = calloc(candidates, sizeof *e->candidates);
    e->candidate_nodes = calloc(candidates * room, sizeof *e->candidate_nodes);
    if (!e->islands || !e->fronts || !e->made || !e->workspaces || !e->candidates ||
        !e->candidate_nodes)
        return false;
    for (size_t i = 0; i < candidates; i++)
        e->candidates[i].nodes = e->candidate_nodes + i * room;
    for (int k = 0; k < e->outputs; k++)
        if (!pareto_init(&e->fronts[k], e->set->max_size))
            return false;
    const kernels *k = e->set->kernels ? e->set->kernels : kernels_best();
    const rules *limits = &e->set->words.limits;
    int nodes = limits->functions || limits->template ? RULES_PLAIN : TREE_MAX + 4;
    e->threads = pool_new(threads);
    if (!e->threads)
        return false;
    for (int i = 0; i < threads; i++)
        if (!workspace_init(&e->workspaces[i], nodes, k))
            return false;
    if (!limits->template &&
        !library_build(&e->entries, e->problems, &e->set->words, &e->workspaces[0], seed))
        return false;
    for (int i = 0; i < e->island_count; i++)
        if (!island_init(&e->islands[i], e->set, &e->problems[i / e->set->islands], &e->entries,
                         seed, (uint64_t)i + 1))
            return false;
    return true;
}

bool engine_init(engine *e, const settings *set, const problem *problems, int outputs,
                 uint64_t seed, int threads)
{
    *e = (engine){.set = set, .problems = problems, .outputs = outputs};
    e->island_count = outputs * set->islands;
    e->random = rng_make(seed, 0);
    if (init_parts(e, seed, threads))
        return true;
    engine_free(e);
    return false;
}

void engine_free(engine *e)
{
    if (e->islands)
        for (int i = 0; i < e->island_count; i++)
            island_free(&e->islands[i]);
    if (e->fronts)
        for (int k = 0; k < e->outputs; k++)
            pareto_free(&e->fronts[k]);
    int threads = e->threads ? pool_threads(e->threads) : 0;
    pool_free(e->threads);
    for (int i = 0; i < threads; i++)
        workspace_free(&e->workspaces[i]);
    library_free(&e->entries);
    free(e->islands);
    free(e->fronts);
    free(e->made);
    free(e->workspaces);
    free(e->candidates);
    free(e->candidate_nodes);
    *e = (engine){0};
}

static void look(void *context)
{
    stopper_ask(context);
}

void engine_watch(engine *e, const symlut_hooks *hooks)
{
    if (!hooks || !hooks->stop)
        return;
    e->stop.hooks = hooks;
    for (int i = 0; i < pool_threads(e->threads); i++)
        e->workspaces[i].stop = &e->stop;
    e->workspaces[0].asks = true;
    pool_watch(e->threads, look, &e->stop);
}

bool engine_stopped(const engine *e)
{
    return atomic_load(&e->stop.raised);
}

unsigned long long engine_evaluations(const engine *e)
{
    unsigned long long total = 0;
    for (int i = 0; i < e->island_count; i++)
        total += e->islands[i].evaluations;
    return total;
}

engine_counters engine_count(const engine *e)
{
    engine_counters c = {.evaluations = engine_evaluations(e)};
    for (int i = 0; i < e->island_count; i++) {
        c.repeats += e->islands[i].repeats;
        c.abandoned += e->islands[i].abandoned;
    }
    for (int i = 0; i < pool_threads(e->threads); i++) {
        c.node_rows += e->workspaces[i].node_rows;
        c.reused_node_rows += e->workspaces[i].reused_node_rows;
    }
    return c;
}

/* ---------------------------------------------------------------- one epoch */

static void run_island(void *context, size_t index, int worker)
{
    engine *e = context;
    const settings now = settings_of_epoch(e->set, e->epoch);
    island_epoch(&e->islands[index], &now, &e->workspaces[worker], e->rows, e->fresh_window);
}

/* The best find of one complexity over the islands of an output, when it would enter the front. */
static const find *best_find(const engine *e, int output, int complexity)
{
    const find *best = NULL;
    for (int i = 0; i < e->set->islands; i++) {
        const find *f = &e->islands[output * e->set->islands + i].finds[complexity];
        if (f->count > 0 && (!best || f->loss < best->loss))
            best = f;
    }
    if (!best)
        return NULL;
    const pareto *front = &e->fronts[output];
    for (int c = 1; c <= complexity; c++)
        if (front->rows[c].count > 0 && front->rows[c].sample_loss <= best->loss)
            return NULL;
    return best;
}

static int collect_candidates(engine *e)
{
    int count = 0;
    for (int k = 0; k < e->outputs; k++) {
        double lowest = (double)INFINITY;
        for (int c = 1; c <= e->set->max_size; c++) {
            const find *f = best_find(e, k, c);
            if (!f || !(f->loss < lowest))
                continue;
            lowest = f->loss;
            candidate *to = &e->candidates[count++];
            expr tree = {f->nodes, f->count};
            to->count = form_write(to->nodes, tree, f->shape, f->scale, f->offset).count;
            to->output = k;
        }
    }
    return count;
}

/* The first rows of the random order, as many as a fit needs. */
static window polish_window(const problem *p)
{
    window rows = window_all(p);
    if (rows.count > POLISH_ROWS)
        rows.count = POLISH_ROWS;
    return rows;
}

static void score_candidate(void *context, size_t index, int worker)
{
    engine *e = context;
    candidate *c = &e->candidates[index];
    const problem *p = &e->problems[c->output];
    workspace *w = &e->workspaces[worker];
    expr tree = {c->nodes, c->count};
    if (e->set->optimize_iterations > 0)
        constants_fit(w, p, tree, polish_window(p), POLISH_ITERATIONS, false);
    score result;
    c->ok = fitness_has_bounds(w, p, tree) &&
            fitness(&result, w, p, tree, window_all(p), c->count, (double)INFINITY);
    c->loss = c->ok ? result.loss + rules_penalty(&e->set->words.limits, tree) : 0;
    c->ok = c->ok && isfinite(c->loss);
}

/* Losses of the front over the epoch's window, to compare finds with. */
static void score_front(void *context, size_t index, int worker)
{
    engine *e = context;
    const problem *p = &e->problems[index];
    for (int c = 1; c <= e->set->max_size; c++) {
        champion *row = &e->fronts[index].rows[c];
        expr tree = {row->nodes, row->count};
        score result;
        if (row->count == 0)
            continue;
        bool ok = fitness(&result, &e->workspaces[worker], p, tree, e->rows, row->count,
                          (double)INFINITY);
        row->sample_loss =
            ok ? result.loss + rules_penalty(&e->set->words.limits, tree) : row->loss;
    }
}

/* Every island receives members of its output's front and of the neighbour before it. */
static void exchange(engine *e)
{
    const settings *set = e->set;
    for (int i = 0; i < e->island_count; i++) {
        int output = i / set->islands, first = output * set->islands;
        island *s = &e->islands[i];
        const island *from = &e->islands[first + (i - first + set->islands - 1) % set->islands];
        const pareto *front = &e->fronts[output];
        for (int m = 0; m < set->population; m++) {
            double u = rng_unit(&e->random);
            if (u < set->from_front) {
                int c = 1 + (int)rng_below(&e->random, (uint32_t)set->max_size);
                const champion *row = &front->rows[c];
                if (row->count > 0)
                    island_replace(s, set, m, (expr){row->nodes, row->count});
            } else if (u < set->from_front + set->from_neighbour && from != s) {
                const member *other = island_choose(from, set, &e->random);
                island_replace(s, set, m, (expr){other->nodes, other->count});
            }
        }
    }
}

void engine_set_shares(engine *e)
{
    for (int i = 0; i < e->island_count; i++)
        variation_shares(e->islands[i].shares, &e->set->ways, &e->made[i / e->set->islands]);
}

/* The islands of an output learn from all their births together. */
static void learn_shares(engine *e)
{
    for (int k = 0; k < e->outputs; k++) {
        variation_counts now = {0};
        for (int i = 0; i < e->set->islands; i++)
            variation_add(&now, &e->islands[k * e->set->islands + i].made);
        variation_remember(&e->made[k], &now);
    }
    engine_set_shares(e);
}

void engine_epoch(engine *e)
{
    window before = e->rows;
    e->rows = draw_window(e);
    e->fresh_window = e->rows.first != before.first || e->rows.count != before.count;
    if (e->fresh_window)
        pool_run(e->threads, (size_t)e->outputs, score_front, e);
    pool_run(e->threads, (size_t)e->island_count, run_island, e);
    if (engine_stopped(e))
        return;
    int count = collect_candidates(e);
    pool_run(e->threads, (size_t)count, score_candidate, e);
    if (engine_stopped(e))
        return;
    for (int i = 0; i < count; i++) {
        candidate *c = &e->candidates[i];
        if (c->ok)
            pareto_offer(&e->fronts[c->output], (expr){c->nodes, c->count},
                         rules_complexity(&e->set->words.limits, (expr){c->nodes, c->count}),
                         c->loss);
    }
    learn_shares(e);
    exchange(e);
    e->epoch++;
}

/* ---------------------------------------------------------------- finds from elsewhere */

bool engine_offer(engine *e, int output, expr tree)
{
    const problem *p = &e->problems[output];
    const rules *limits = &e->set->words.limits;
    workspace *w = &e->workspaces[0];
    expr_node nodes[TREE_MAX], written_nodes[TREE_MAX + 4];
    expr fitted = {nodes, tree.count};
    if (tree.count > e->set->max_size)
        return false;
    memcpy(nodes, tree.nodes, (size_t)tree.count * sizeof *nodes);
    tree_measure(&fitted);
    score result;
    if (!rules_allow(limits, fitted))
        return false;
    if (e->set->optimize_iterations > 0)
        constants_fit(w, p, fitted, polish_window(p), OFFER_ITERATIONS, false);
    if (!fitness(&result, w, p, fitted, window_all(p), e->set->max_size, (double)INFINITY))
        return false;
    if (result.loss > LAW_LOSS * p->baseline && !fitness_has_bounds(w, p, fitted))
        return false;
    for (int f = 0; f < FORM_COUNT; f++) {
        if (!p->forms[f] || !isfinite(result.losses[f]))
            continue;
        expr written =
            form_write(written_nodes, fitted, (form)f, result.scale[f], result.offset[f]);
        double loss = result.losses[f] + rules_penalty(limits, written);
        if (written.count <= e->set->max_size && rules_allow(limits, written))
            pareto_offer(&e->fronts[output], written, rules_complexity(limits, written), loss);
    }
    int slot = e->offered / e->set->islands;
    if (slot < e->set->population / 2)
        island_replace(&e->islands[output * e->set->islands + e->offered % e->set->islands], e->set,
                       e->set->population - 1 - slot, fitted);
    e->offered++;
    return true;
}
