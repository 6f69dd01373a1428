#include "search/reduce.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/inner.h"

enum { REDUCE_TRIED = 6, REDUCE_EPOCHS = 8 };

static bool has(const vocabulary *v, expr_op op)
{
    for (int i = 0; i < v->binary_count; i++)
        if (v->binary[i] == op)
            return true;
    for (int i = 0; i < v->unary_count; i++)
        if (v->unary[i] == op)
            return true;
    return false;
}

/* ---------------------------------------------------------------- exponents */

/* Columns of units as a system of equations: [bases][inputs then target]. */
typedef struct exponents {
    double a[UNIT_BASES][REDUCE_INPUTS + 1];
    int inputs;
} exponents;

static exponents exponents_of(const units *u, int inputs)
{
    exponents m = {.inputs = inputs};
    for (int b = 0; b < UNIT_BASES; b++) {
        for (int i = 0; i < inputs; i++)
            m.a[b][i] = u->inputs[i].power[b] / (double)UNIT_ONE;
        m.a[b][inputs] = u->target.power[b] / (double)UNIT_ONE;
    }
    return m;
}

/* Gauss–Jordan on the columns in `chosen` (a bit each); row_of[i]: the row that column i leads.
 * Returns the rank among them. */
static int eliminate(exponents *m, unsigned chosen, int *row_of)
{
    int rank = 0;
    for (int column = 0; column < m->inputs; column++) {
        if (!(chosen >> column & 1) || rank == UNIT_BASES)
            continue;
        int pivot = rank;
        for (int b = rank; b < UNIT_BASES; b++)
            if (fabs(m->a[b][column]) > fabs(m->a[pivot][column]))
                pivot = b;
        if (fabs(m->a[pivot][column]) < 1e-9)
            continue;
        for (int j = 0; j <= m->inputs; j++) {
            double other = m->a[rank][j];
            m->a[rank][j] = m->a[pivot][j];
            m->a[pivot][j] = other;
        }
        double lead = m->a[rank][column];
        for (int j = 0; j <= m->inputs; j++)
            m->a[rank][j] /= lead;
        for (int b = 0; b < UNIT_BASES; b++) {
            double factor = m->a[b][column];
            for (int j = 0; b != rank && j <= m->inputs; j++)
                m->a[b][j] -= factor * m->a[rank][j];
        }
        row_of[column] = rank++;
    }
    return rank;
}

/* ---------------------------------------------------------------- monomials */

typedef struct monomial_writer {
    monomial *out;
    const vocabulary *v;
    bool failed;
} monomial_writer;

static void put(monomial_writer *w, expr_op op, int feature, double value)
{
    if (w->out->count == REDUCE_NODES)
        w->failed = true;
    else
        w->out->nodes[w->out->count++] =
            (expr_node){.op = (uint8_t)op, .feature = (uint16_t)feature, .value = value};
}

/* The product of inputs[i]^powers[i] for positive powers; false when there is none. */
static bool put_product(monomial_writer *w, const int *powers, int inputs)
{
    bool any = false;
    for (int i = 0; i < inputs; i++) {
        int left = powers[i];
        while (left > 0) {
            bool square = left >= 2 && has(w->v, EXPR_SQUARE);
            put(w, EXPR_VAR, i, 0);
            if (square)
                put(w, EXPR_SQUARE, 0, 0);
            left -= square ? 2 : 1;
            if (any)
                put(w, EXPR_MUL, 0, 0);
            any = true;
        }
    }
    return any;
}

/* Powers of either sign as a quotient of products. */
static bool put_quotient(monomial_writer *w, const int *powers, int inputs)
{
    int above[REDUCE_INPUTS], below[REDUCE_INPUTS], largest = 0;
    bool divides = false;
    for (int i = 0; i < inputs; i++) {
        above[i] = powers[i] > 0 ? powers[i] : 0;
        below[i] = powers[i] < 0 ? -powers[i] : 0;
        divides = divides || below[i] > 0;
        largest = abs(powers[i]) > largest ? abs(powers[i]) : largest;
    }
    if (largest == 0)
        return false;
    if (largest > 8)
        w->failed = true;
    if (w->failed)
        return true;
    if (!put_product(w, above, inputs))
        put(w, EXPR_CONST, 0, 1);
    if (divides) {
        put_product(w, below, inputs);
        put(w, EXPR_DIV, 0, 0);
    }
    return true;
}

/* The monomial of these powers, whole or half; false where it cannot be written. */
static bool write_monomial(monomial *out, const double *powers, int inputs, const vocabulary *v)
{
    monomial_writer w = {out, v, false};
    int whole[REDUCE_INPUTS], half[REDUCE_INPUTS];
    out->count = 0;
    for (int i = 0; i < inputs; i++) {
        double twice = nearbyint(2 * powers[i]);
        if (fabs(2 * powers[i] - twice) > 1e-6)
            return false;
        whole[i] = (int)twice / 2;
        half[i] = (int)twice % 2;
        if (half[i] != 0 && !has(v, EXPR_SQRT))
            return false;
    }
    bool any = put_quotient(&w, whole, inputs);
    if (put_quotient(&w, half, inputs)) {
        put(&w, EXPR_SQRT, 0, 0);
        if (any)
            put(&w, EXPR_MUL, 0, 0);
        any = true;
    }
    if (!any)
        put(&w, EXPR_CONST, 0, 1);
    return !w.failed;
}

static bool same_unit(const units *u, const monomial *m, const unit *wanted)
{
    unit found;
    units strict = *u;
    strict.free_constants = false; /* the 1 of 1/x */
    expr e = {(expr_node *)(uintptr_t)m->nodes, m->count};
    return units_of(&strict, e, &found) == UNIT_FIXED && unit_equal(&found, wanted);
}

/* The reduction with the repeating inputs in `chosen`; false where there is none. */
static bool reduce_with(reduction *r, const units *u, const vocabulary *v, unsigned chosen,
                        int rank)
{
    int row_of[REDUCE_INPUTS], inputs = v->features;
    exponents m = exponents_of(u, inputs);
    if (eliminate(&m, chosen, row_of) < rank)
        return false;
    double powers[REDUCE_INPUTS] = {0};
    for (int i = 0; i < inputs; i++)
        powers[i] = chosen >> i & 1 ? m.a[row_of[i]][inputs] : 0;
    if (!write_monomial(&r->prefactor, powers, inputs, v) ||
        !same_unit(u, &r->prefactor, &u->target))
        return false;
    r->groups = 0;
    r->cost = r->prefactor.count;
    for (int g = 0; g < inputs; g++) {
        if (chosen >> g & 1)
            continue;
        for (int i = 0; i < inputs; i++)
            powers[i] = i == g ? 1 : chosen >> i & 1 ? -m.a[row_of[i]][g] : 0;
        monomial *group = &r->group[r->groups++];
        if (!write_monomial(group, powers, inputs, v))
            return false;
        r->cost += group->count;
    }
    return true;
}

/* Inserts r by its cost; the dearest falls out of a full list. */
static void keep_cheapest(reduction *out, int *count, const reduction *r)
{
    if (*count == REDUCE_CHOICES && out[*count - 1].cost <= r->cost)
        return;
    int at = *count < REDUCE_CHOICES ? (*count)++ : REDUCE_CHOICES - 1;
    for (; at > 0 && out[at - 1].cost > r->cost; at--)
        out[at] = out[at - 1];
    out[at] = *r;
}

int reductions_find(reduction *out, const units *u, const vocabulary *v)
{
    int inputs = v->features, row_of[REDUCE_INPUTS], count = 0;
    if (inputs > REDUCE_INPUTS || !u->target_known || !has(v, EXPR_MUL) || !has(v, EXPR_DIV))
        return 0;
    exponents m = exponents_of(u, inputs);
    unsigned all = (1u << inputs) - 1;
    int rank = eliminate(&m, all, row_of);
    if (rank == 0)
        return 0;
    for (unsigned chosen = 0; chosen <= all; chosen++) {
        reduction r;
        if (__builtin_popcount(chosen) == rank && reduce_with(&r, u, v, chosen, rank))
            keep_cheapest(out, &count, &r);
    }
    return count;
}

bool reduction_expand(expr *out, int capacity, const reduction *r, expr e)
{
    expr_node nodes[EXPR_MAX_NODES];
    expr made = {nodes, 0};
    for (int i = 0; i < e.count; i++) {
        bool group = e.nodes[i].op == EXPR_VAR;
        const expr_node *from = group ? r->group[e.nodes[i].feature].nodes : &e.nodes[i];
        int count = group ? r->group[e.nodes[i].feature].count : 1;
        if (made.count + count + REDUCE_NODES + 1 > EXPR_MAX_NODES)
            return false;
        memcpy(nodes + made.count, from, (size_t)count * sizeof *nodes);
        made.count += count;
    }
    memcpy(nodes + made.count, r->prefactor.nodes, (size_t)r->prefactor.count * sizeof *nodes);
    made.count += r->prefactor.count;
    nodes[made.count++] = (expr_node){.op = EXPR_MUL};
    tree_measure(&made);
    expr_simplify(&made);
    if (made.count > capacity)
        return false;
    memcpy(out->nodes, nodes, (size_t)made.count * sizeof *nodes);
    out->count = made.count;
    tree_measure(out);
    return true;
}

/* ---------------------------------------------------------------- the smaller problem */

/* A monomial's values on the rows, in double. */
static void evaluate(double *out, const monomial *m, const problem *from, int inputs, size_t rows)
{
    double x[REDUCE_INPUTS], stack[REDUCE_NODES];
    expr e = {(expr_node *)(uintptr_t)m->nodes, m->count};
    tree_measure(&e);
    for (size_t i = 0; i < rows; i++) {
        for (int f = 0; f < inputs; f++)
            x[f] = (double)from->columns[f][i];
        out[i] = expr_eval(e, x, stack);
    }
}

/* y/m over the groups, with weights m^2 so that squares mean the same. */
static bool fill(inner *t, const reduction *r, const problem *from, int inputs, bool *usable)
{
    size_t rows = t->p.rows;
    double *values = malloc(2 * rows * sizeof *values), *weights = values + rows;
    if (!values)
        return false;
    for (int g = 0; g < r->groups; g++) {
        evaluate(values, &r->group[g], from, inputs, rows);
        inner_column(t, g, values);
    }
    evaluate(values, &r->prefactor, from, inputs, rows);
    for (size_t i = 0; i < rows; i++) {
        weights[i] = values[i] * values[i];
        values[i] = ((double)from->y[i] + from->y_mean) / values[i];
    }
    bool ok = inner_target(t, from, values, weights, usable);
    free(values);
    return ok;
}

/* Everything on the front of the smaller problem, in the inputs' terms. */
static void offer_front(engine *e, int k, const reduction *r, const pareto *front)
{
    expr_node nodes[TREE_MAX];
    for (int c = 1; c <= front->size; c++) {
        const champion *row = &front->rows[c];
        expr law = {nodes, 0};
        if (row->count > 0 &&
            reduction_expand(&law, e->set->max_size, r, (expr){row->nodes, row->count}))
            engine_offer(e, k, law);
    }
}

/* *exact: what was found leaves rounding alone. */
static bool search_reduced(engine *e, int k, const reduction *r, uint64_t seed, bool *exact)
{
    inner t;
    const problem *from = &e->problems[k];
    bool usable = false;
    *exact = false;
    bool ok = inner_init(&t, from, e->set, r->groups, e->set->max_size) &&
              fill(&t, r, from, e->set->words.features, &usable);
    if (ok && usable) {
        ok = inner_search(&t, e, seed, REDUCE_EPOCHS, exact);
        if (ok && !engine_stopped(&t.engine))
            offer_front(e, k, r, &t.engine.fronts[0]);
    }
    inner_free(&t);
    return ok;
}

bool reduce_search(engine *e, int k, uint64_t seed)
{
    const rules *limits = &e->set->words.limits;
    if (!limits->units || !e->problems[k].squares || e->problems[k].rows < 16)
        return true;
    reduction *choices = calloc(REDUCE_CHOICES, sizeof *choices);
    if (!choices)
        return false;
    int count = reductions_find(choices, limits->units, &e->set->words);
    bool ok = true, exact = false;
    for (int i = 0; ok && i < count && i < REDUCE_TRIED && !exact && !engine_stopped(e); i++) {
        if (choices[i].groups > 0)
            ok = search_reduced(e, k, &choices[i], seed, &exact);
        else
            engine_offer(e, k, (expr){choices[i].prefactor.nodes, choices[i].prefactor.count});
        if (e->stop.hooks)
            stopper_ask(&e->stop);
    }
    free(choices);
    return ok;
}
