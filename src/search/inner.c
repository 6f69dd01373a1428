#include "search/inner.h"

#include <math.h>
#include <stdlib.h>

#include "search/prepare.h"

size_t inner_rows(const problem *from)
{
    return from->rows < INNER_ROWS ? from->rows : INNER_ROWS;
}

bool inner_init(inner *s, const problem *from, const settings *set, int inputs, int max_size)
{
    *s = (inner){.p = *from, .set = *set};
    s->set.words.features = inputs;
    s->set.words.limits = (rules){.max_complexity = max_size, .functions = set->words.functions};
    s->set.max_size = max_size;
    s->set.islands = INNER_ISLANDS;
    s->set.warmup = 0;
    problem *p = &s->p;
    p->box = NULL;
    p->periods = NULL;
    p->rows = inner_rows(from);
    p->padded = (p->rows + EVAL_LANES - 1) / EVAL_LANES * EVAL_LANES;
    s->y = buffer_alloc(p->padded, sizeof *s->y);
    s->weights = buffer_alloc(p->padded, sizeof *s->weights);
    bool ok = s->y && s->weights;
    for (int i = 0; i < inputs; i++) {
        s->columns[i] = buffer_alloc(p->padded, sizeof *s->columns[i]);
        ok = ok && s->columns[i];
    }
    p->columns = (const float *const *)s->columns;
    p->y = s->y;
    p->weights = s->weights;
    return ok;
}

void inner_free(inner *s)
{
    engine_free(&s->engine);
    for (int i = 0; i < INNER_INPUTS; i++)
        free(s->columns[i]);
    free(s->y);
    free(s->weights);
    arena_free(&s->memory);
    *s = (inner){0};
}

void inner_column(inner *s, int input, const double *values)
{
    const problem *p = &s->p;
    for (size_t i = 0; i < p->padded; i++)
        s->columns[input][i] = (float)values[i < p->rows ? i : p->rows - 1];
}

void inner_input(inner *s, int input, const problem *from, int source)
{
    problem *p = &s->p;
    for (size_t i = 0; i < p->padded; i++)
        s->columns[input][i] = from->columns[source][i < p->rows ? i : p->rows - 1];
    if (from->box) {
        s->box[input] = from->box[source];
        p->box = s->box;
    }
    if (from->periods) {
        s->periods[input] = from->periods[source];
        p->periods = s->periods;
    }
}

bool inner_target(inner *s, const problem *from, const double *y, const double *weights,
                  bool *usable)
{
    problem *p = &s->p;
    double mean_weight = 0, sum = 0, weight = 0;
    for (size_t i = 0; i < p->rows; i++)
        mean_weight += weights[i] / (double)p->rows;
    *usable = isfinite(mean_weight) && mean_weight > 0;
    for (size_t i = 0; i < p->rows; i++) {
        double own = from->weights ? (double)from->weights[i] : 1;
        s->weights[i] = (float)(weights[i] / mean_weight * own);
        sum += (double)s->weights[i] * y[i];
        weight += (double)s->weights[i];
        *usable = *usable && isfinite(y[i]) && fabs(y[i]) < 1e30 && s->weights[i] < 1e30f;
    }
    p->y_mean = sum / weight;
    for (size_t i = 0; i < p->padded; i++)
        s->y[i] = (float)(y[i < p->rows ? i : p->rows - 1] - p->y_mean);
    return problem_index(p, &s->memory);
}

bool inner_search(inner *s, const engine *outer, uint64_t seed, int epochs, bool *exact)
{
    engine *e = &s->engine;
    *exact = false;
    if (!engine_init(e, &s->set, &s->p, 1, seed, pool_threads(outer->threads)))
        return false;
    engine_watch(e, outer->stop.hooks);
    if (!engine_recover(e))
        return false;
    for (int i = 0; i < epochs && !*exact && !engine_stopped(e); i++) {
        engine_epoch(e);
        *exact = pareto_loss(&e->fronts[0], s->set.max_size) < 1e-11 * s->p.baseline;
    }
    return true;
}
