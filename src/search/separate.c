/* The target of a part is what the others leave of y: y - s for a sum, y/m for a product. The
 * fronts of the parts become one path of rising size: at each step the part is made larger that
 * gains most a node. */
#include "search/separate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expr/collect.h"
#include "search/additive.h"
#include "search/inner.h"

enum { EPOCHS = 8, PART_SIZE = 20 };

/* The model must leave less than this part of what the front leaves. */
static const double WORTH = 0.8;

/* But a model that leaves this little of the target is its shape up to the polynomials' degree: a
 * front that leaves less without being exact has a long approximation of it. */
static const double SHAPE = 1e-6;

/* A row of a part's front must leave less than this part of what the row before leaves. */
static const double STEP = 0.999;

/* One part's front, and the row that the path has come to. */
typedef struct part {
    pareto front;
    double absent; /* loss without the part */
    double weight; /* of the part's losses among all parts */
    int at;        /* row, 0: absent */
} part;

typedef struct separation {
    engine *e;
    int output;
    additive model;
    part parts[ADDITIVE_INPUTS]; /* [model.count] */
} separation;

/* ---------------------------------------------------------------- one part */

/* What the others leave at a row, and its weight, in terms of the link; a product's in those of y.
 */
static double what_is_left(const additive *m, int n, size_t row, double y, double *weight)
{
    double rest = m->mean, slope = link_slope(m->link, y);
    for (int i = 0; i < m->count; i++)
        if (i != n)
            rest += m->parts[i].values[row];
    if (m->link == LINK_PRODUCT)
        slope = exp(rest);
    *weight = slope * slope;
    return m->link == LINK_PRODUCT ? y / slope : link_apply(m->link, y) - rest;
}

/* The problem of part n; *mean_weight over the rows. */
static bool fill(inner *s, const problem *from, const additive *m, int n, double *mean_weight,
                 bool *usable)
{
    double *values = malloc(2 * m->rows * sizeof *values), *weights = values + m->rows;
    if (!values)
        return false;
    for (int i = 0; i < m->parts[n].count; i++)
        inner_input(s, i, from, m->parts[n].inputs[i]);
    *mean_weight = 0;
    for (size_t i = 0; i < m->rows; i++) {
        values[i] = what_is_left(m, n, i, (double)from->y[i] + from->y_mean, &weights[i]);
        *mean_weight += weights[i] / (double)m->rows;
    }
    bool ok = inner_target(s, from, values, weights, usable);
    free(values);
    return ok;
}

/* *usable: the part has a front. */
static bool search_part(separation *s, int n, uint64_t seed, bool *usable)
{
    inner small;
    part *p = &s->parts[n];
    const problem *from = &s->e->problems[s->output];
    int inputs = s->model.parts[n].count, room = s->e->set->max_size, size = PART_SIZE * inputs;
    bool exact;
    bool ok = inner_init(&small, from, s->e->set, inputs, room < size ? room : size) &&
              fill(&small, from, &s->model, n, &p->weight, usable);
    if (ok && *usable) {
        ok = inner_search(&small, s->e, seed, EPOCHS, &exact);
        *usable = ok && !engine_stopped(&small.engine);
        p->absent = small.p.baseline;
    }
    if (ok && *usable) { /* the front outlives the search */
        p->front = small.engine.fronts[0];
        small.engine.fronts[0] = (pareto){0};
    }
    inner_free(&small);
    return ok;
}

/* ---------------------------------------------------------------- all parts */

static void put_part(law_writer *w, const part *p, const int *inputs)
{
    const champion *row = &p->front.rows[p->at];
    for (int i = 0; i < row->count; i++)
        if (row->nodes[i].op == EXPR_VAR)
            law_put_input(w, inputs[row->nodes[i].feature]);
        else
            law_put_nodes(w, &row->nodes[i], 1);
}

/* The chosen rows under the inverse of the link. Each holds the model's constant, which is taken
 * out again where it is there more than once. */
static bool write_law(const separation *s, law_writer *w)
{
    const additive *m = &s->model;
    const vocabulary *v = &s->e->set->words;
    expr_op join = m->link == LINK_PRODUCT ? EXPR_MUL : EXPR_ADD;
    int present = 0;
    *w = (law_writer){.count = 0};
    for (int i = 0; i < m->count; i++) {
        if (s->parts[i].at == 0)
            continue;
        put_part(w, &s->parts[i], m->parts[i].inputs);
        if (present++ > 0)
            law_put(w, join);
    }
    bool ok = vocabulary_has(v, join);
    if (present > 1) {
        double extra = (present - 1) * m->mean;
        law_put_constant(w, m->link == LINK_PRODUCT ? exp(-extra) : -extra);
        law_put(w, join);
    }
    if (m->link == LINK_ROOT) {
        ok = ok && vocabulary_has(v, EXPR_SQRT);
        law_put(w, EXPR_SQRT);
    } else if (m->link == LINK_RECIPROCAL) {
        law_writer whole = {.count = 0};
        ok = ok && vocabulary_has(v, EXPR_DIV);
        law_put_constant(&whole, 1);
        law_put_nodes(&whole, w->nodes, w->count);
        law_put(&whole, EXPR_DIV);
        *w = whole;
    }
    return ok && !w->full;
}

static double loss_at(const part *p, int row)
{
    return row == 0 ? p->absent : p->front.rows[row].loss;
}

/* Makes one part larger; false: none gains. */
static bool step(separation *s)
{
    int part_found = -1, row_found = 0;
    double best = 0;
    for (int i = 0; i < s->model.count; i++) {
        const part *p = &s->parts[i];
        double now = loss_at(p, p->at);
        for (int c = p->at + 1; c <= p->front.size; c++) {
            if (p->front.rows[c].count == 0 || !(p->front.rows[c].loss < STEP * now))
                continue;
            double gain = (now - p->front.rows[c].loss) * p->weight / (c - p->at);
            if (gain > best) {
                best = gain;
                part_found = i;
                row_found = c;
            }
        }
    }
    if (part_found < 0)
        return false;
    s->parts[part_found].at = row_found;
    return true;
}

/* The parts have a constant each, which become one. */
static void offer_law(separation *s, law_writer *w)
{
    bool allowed[EXPR_OP_COUNT];
    expr e = {w->nodes, w->count};
    tree_measure(&e);
    vocabulary_allow(allowed, &s->e->set->words, e);
    expr_collect(&e, allowed);
    if (e.count <= s->e->set->max_size)
        engine_offer(s->e, s->output, e);
}

static void offer_path(separation *s)
{
    law_writer w;
    while (step(s) && write_law(s, &w))
        offer_law(s, &w);
}

static bool search_parts(separation *s, uint64_t seed)
{
    bool ok = true, usable = true;
    for (int i = 0; ok && usable && i < s->model.count; i++)
        ok = search_part(s, i, seed + (uint64_t)i + 1, &usable);
    if (ok && usable)
        offer_path(s);
    for (int i = 0; i < s->model.count; i++)
        pareto_free(&s->parts[i].front);
    return ok;
}

bool separate_search(engine *e, int k, uint64_t seed)
{
    const problem *p = &e->problems[k];
    separation s = {.e = e, .output = k};
    if (!p->laws || e->set->words.limits.units || engine_solved(e, k))
        return true;
    bool ok = additive_fit(&s.model, p, e->set->words.features, inner_rows(p));
    double left = pareto_loss(&e->fronts[k], e->fronts[k].size) / p->baseline;
    if (ok && s.model.count >= 2 && s.model.share < fmax(WORTH * left, SHAPE))
        ok = search_parts(&s, seed);
    additive_free(&s.model);
    return ok;
}
