/* Exact laws before evolution begins: each technique proposes its best few, their constants are
 * fitted on a sample and then on all rows, and what comes out enters the front and the islands. The
 * techniques are tried from the cheapest; a law that holds to float32's precision ends the search
 * for more. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/engine.h"
#include "search/products.h"
#include "search/recover.h"
#include "search/separable.h"
#include "search/sums.h"
#include "search/waves.h"

enum {
    FIT_ROWS = 1024,
    FIT_ITERATIONS = 12,
    FINAL_ITERATIONS = 10,
    FINALISTS = 48,
    LEAST_ROWS = 32
};

/* A mean square below this share of the target's variance is rounding. */
static const double EXACT = 1e-12;

/* The laws of one output on their way to its front. */
typedef struct contest {
    engine *e;
    int output;
    law *items; /* [count] */
    int *order; /* [count] from the best */
    int count, room;
    bool failed; /* out of memory */
} contest;

static void enter(contest *c, const expr_node *nodes, int count, double error)
{
    if (c->count == c->room) {
        int room = c->room ? 2 * c->room : 64;
        law *grown = realloc(c->items, (size_t)room * sizeof *grown);
        if (!grown) {
            c->failed = true;
            return;
        }
        c->items = grown;
        c->room = room;
    }
    law *to = &c->items[c->count++];
    memcpy(to->nodes, nodes, (size_t)count * sizeof *nodes);
    to->count = count;
    to->error = error;
}

static void fit(contest *c, law *l, int worker, window rows, int iterations)
{
    const problem *p = &c->e->problems[c->output];
    workspace *w = &c->e->workspaces[worker];
    expr tree = {l->nodes, l->count};
    score result;
    constants_fit(w, p, tree, rows, iterations, false);
    bool ok = fitness(&result, w, p, tree, rows, l->count, (double)INFINITY);
    l->error = ok ? result.loss / p->baseline : (double)INFINITY;
}

static void fit_on_sample(void *context, size_t i, int worker)
{
    contest *c = context;
    const problem *p = &c->e->problems[c->output];
    window rows = window_all(p);
    if (rows.count > FIT_ROWS)
        rows.count = FIT_ROWS;
    fit(c, &c->items[i], worker, rows, FIT_ITERATIONS);
}

static void fit_on_all(void *context, size_t i, int worker)
{
    contest *c = context;
    fit(c, &c->items[c->order[i]], worker, window_all(&c->e->problems[c->output]),
        FINAL_ITERATIONS);
}

static double merit(const law *l)
{
    return log(l->error + 1e-12) + 0.02 * l->count;
}

static bool order_laws(contest *c)
{
    c->order = calloc((size_t)c->count + 1, sizeof *c->order);
    for (int i = 0; c->order && i < c->count; i++) {
        int at = i;
        for (; at > 0 && merit(&c->items[i]) < merit(&c->items[c->order[at - 1]]); at--)
            c->order[at] = c->order[at - 1];
        c->order[at] = i;
    }
    return c->order != NULL;
}

/* Fits what was entered and hands the best to front and islands; the contest is empty again. */
static bool settle(contest *c)
{
    engine *e = c->e;
    const settings *set = e->set;
    pool_run(e->threads, (size_t)c->count, fit_on_sample, c);
    bool ok = !c->failed && order_laws(c);
    int finalists = !ok ? 0 : c->count < FINALISTS ? c->count : FINALISTS;
    pool_run(e->threads, (size_t)finalists, fit_on_all, c);
    for (int i = 0; i < finalists; i++) {
        const law *l = &c->items[c->order[i]];
        expr tree = {(expr_node *)l->nodes, l->count};
        const rules *limits = &set->words.limits;
        double loss = l->error * e->problems[c->output].baseline + rules_penalty(limits, tree);
        if (!isfinite(l->error) ||
            (l->error > LAW_LOSS &&
             !fitness_has_bounds(&e->workspaces[0], &e->problems[c->output], tree)))
            continue;
        if (isfinite(loss))
            pareto_offer(&e->fronts[c->output], tree, rules_complexity(limits, tree), loss);
        if (i / set->islands < set->population / 10)
            island_replace(&e->islands[c->output * set->islands + i % set->islands], set,
                           i / set->islands, tree);
    }
    free(c->items);
    free(c->order);
    *c = (contest){.e = e, .output = c->output};
    return ok;
}

bool engine_solved(const engine *e, int output)
{
    const pareto *front = &e->fronts[output];
    return pareto_loss(front, front->size) < EXACT * e->problems[output].baseline;
}

static bool solved(const contest *c)
{
    return engine_solved(c->e, c->output);
}

/* ---------------------------------------------------------------- techniques */

typedef struct technique {
    contest *c;
    const atoms *a;
    const terms *sums;
    const atom *product; /* for sums; NULL: none */
    const recovery *index;
    laws *found;          /* [tasks], or */
    recovered *recovered; /* [tasks] */
    bool *ok;             /* [tasks] */
} technique;

/* Whether the user wants to stop: the rest is left out. */
static bool stopped(engine *e, int worker)
{
    const workspace *w = &e->workspaces[worker];
    if (w->stop && w->asks)
        stopper_ask(w->stop);
    return w->stop && atomic_load(&w->stop->raised);
}

static void try_products(void *context, size_t i, int worker)
{
    technique *t = context;
    engine *e = t->c->e;
    t->ok[i] = stopped(e, worker) || products_find(&t->found[i], (int)i, t->a, &e->set->words,
                                                   e->set->max_size, &e->workspaces[worker]);
}

static void try_sums(void *context, size_t i, int worker)
{
    technique *t = context;
    engine *e = t->c->e;
    t->ok[i] =
        stopped(e, worker) || sums_find(&t->found[i], (int)i, t->product, t->sums, t->a,
                                        &e->set->words, e->set->max_size, &e->workspaces[worker]);
}

static void try_waves(void *context, size_t i, int worker)
{
    technique *t = context;
    engine *e = t->c->e;
    if (!stopped(e, worker))
        waves_find(&t->found[i], (int)i, t->a, &e->set->words, e->set->max_size,
                   &e->workspaces[worker]);
    t->ok[i] = true;
}

/* Runs body for every task and enters what it found. */
static bool run_technique(technique *t, int tasks,
                          void (*body)(void *context, size_t index, int worker))
{
    t->found = calloc((size_t)tasks + 1, sizeof *t->found);
    t->ok = calloc((size_t)tasks + 1, sizeof *t->ok);
    bool ok = t->found && t->ok;
    if (ok)
        pool_run(t->c->e->threads, (size_t)tasks, body, t);
    for (int i = 0; ok && i < tasks; i++) {
        ok = t->ok[i];
        for (int j = 0; ok && j < t->found[i].count; j++) {
            const law *l = &t->found[i].items[j];
            enter(t->c, l->nodes, l->count, l->error);
        }
    }
    free(t->found);
    free(t->ok);
    return ok && settle(t->c);
}

static void try_transform(void *context, size_t i, int worker)
{
    technique *t = context;
    if (!stopped(t->c->e, worker))
        recovery_try(t->index, (int)i, &t->recovered[i]);
}

/* Transforms of the target looked up in the library. */
static bool look_up(contest *c)
{
    engine *e = c->e;
    recovery index;
    bool ok = recovery_init(&index, &e->entries, &e->problems[c->output], &e->set->words,
                            e->set->max_size);
    int count = ok ? recovery_transforms(&index) : 0;
    technique t = {.c = c, .index = &index};
    t.recovered = calloc((size_t)count + 1, sizeof *t.recovered);
    ok = ok && t.recovered;
    if (ok)
        pool_run(e->threads, (size_t)count, try_transform, &t);
    for (int i = 0; ok && i < count; i++)
        for (int j = 0; j < t.recovered[i].count; j++)
            enter(c, t.recovered[i].nodes[j], t.recovered[i].counts[j], 0);
    free(t.recovered);
    recovery_free(&index);
    return settle(c) && ok;
}

/* Sums of what is left after the inputs that are factors of the target. */
static bool divide_out(contest *c, const atoms *a)
{
    engine *e = c->e;
    const vocabulary *v = &e->set->words;
    int8_t power[LAW_INPUTS];
    int count = separable_factors(power, &e->problems[c->output], v);
    law_factor factors[LAW_INPUTS];
    expr_node inputs[LAW_INPUTS];
    law_writer w = {.count = 0};
    for (int i = 0, n = 0; i < v->features && n < count; i++) {
        inputs[i] = (expr_node){.op = EXPR_VAR, .feature = (uint16_t)i, .length = 1};
        if (power[i] != 0)
            factors[n++] = (law_factor){&inputs[i], 1, -power[i] * LAW_POWER};
    }
    if (count == 0 || count >= v->features || !law_put_product(&w, v, factors, count, 1) ||
        w.full || w.count > ATOM_NODES)
        return true;
    atom product = {.count = (uint8_t)w.count};
    memcpy(product.nodes, w.nodes, (size_t)w.count * sizeof *w.nodes);
    tree_measure(&(expr){product.nodes, w.count});
    terms sums;
    technique t = {.c = c, .a = a, .sums = &sums, .product = &product};
    bool ok = terms_build(&sums, a, v, power, e->threads, e->workspaces) &&
              run_technique(&t, 1, try_sums);
    terms_free(&sums);
    return ok;
}

static bool recover_output(engine *e, int k)
{
    const problem *p = &e->problems[k];
    contest c = {.e = e, .output = k};
    if (!p->laws || p->rows < LEAST_ROWS || !(p->baseline > 0))
        return true;
    atoms a = {0};
    technique t = {.c = &c, .a = &a};
    bool ok = true, usual = e->set->words.features <= LAW_INPUTS;
    if (usual)
        ok = atoms_build(&a, p, &e->set->words, e->threads, e->workspaces) &&
             run_technique(&t, PRODUCTS_OUTERS, try_products);
    if (ok && usual && !solved(&c))
        ok = run_technique(&t, waves_tasks(&e->set->words), try_waves);
    terms sums = {0};
    t.sums = &sums;
    if (ok && usual && !solved(&c))
        ok = terms_build(&sums, &a, &e->set->words, NULL, e->threads, e->workspaces) &&
             run_technique(&t, sums_tasks(&a), try_sums);
    if (ok && usual && !solved(&c))
        ok = divide_out(&c, &a);
    if (ok && !solved(&c))
        ok = look_up(&c);
    terms_free(&sums);
    atoms_free(&a);
    return ok;
}

bool engine_recover(engine *e)
{
    for (int k = 0; k < e->outputs; k++)
        if (!recover_output(e, k))
            return false;
    return true;
}
