#include "search/atoms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct builder {
    atoms *a;
    const vocabulary *v;
} builder;

void atoms_free(atoms *a)
{
    free(a->items);
    free(a->values);
    free(a->ratio);
    *a = (atoms){0};
}

static bool has(const builder *b, expr_op op)
{
    return vocabulary_has(b->v, op);
}

static void add(builder *b, const law_writer *w, atom_kind kind)
{
    if (b->a->count == ATOMS_MAX || w->full || w->count > ATOM_NODES)
        return;
    atom *made = &b->a->items[b->a->count++];
    made->kind = (uint8_t)kind;
    made->count = (uint8_t)w->count;
    memcpy(made->nodes, w->nodes, (size_t)w->count * sizeof *w->nodes);
}

static void put_input(builder *b, law_writer *w, int input, int power)
{
    law_put_input(w, input);
    if (power == 1)
        return;
    if (has(b, EXPR_SQUARE)) {
        law_put(w, EXPR_SQUARE);
    } else {
        law_put_input(w, input);
        law_put(w, EXPR_MUL);
    }
}

/* ---------------------------------------------------------------- sums and differences */

static void add_pair(builder *b, int i, int j, int power, expr_op op)
{
    law_writer w = {.count = 0};
    if (!has(b, op))
        return;
    put_input(b, &w, i, power);
    put_input(b, &w, j, power);
    law_put(&w, op);
    add(b, &w, ATOM_SUM);
}

static void add_triple(builder *b, int i, int j, int k, int power)
{
    law_writer w = {.count = 0};
    put_input(b, &w, i, power);
    put_input(b, &w, j, power);
    law_put(&w, EXPR_ADD);
    put_input(b, &w, k, power);
    law_put(&w, EXPR_ADD);
    add(b, &w, ATOM_SUM);
}

static void add_sums(builder *b)
{
    int n = b->v->features;
    bool squares = has(b, EXPR_SQUARE) || has(b, EXPR_MUL);
    for (int power = 1; power <= 1 + squares; power++)
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++) {
                add_pair(b, i, j, power, EXPR_SUB);
                add_pair(b, i, j, power, EXPR_ADD);
            }
    for (int power = 1; n <= 12 && has(b, EXPR_ADD) && power <= 1 + squares; power++)
        for (int i = 0; i < n; i++)
            for (int j = i + 1; j < n; j++)
                for (int k = j + 1; k < n; k++)
                    add_triple(b, i, j, k, power);
}

/* ---------------------------------------------------------------- products */

static void add_ratio(builder *b, const law_factor *factors, int count)
{
    law_writer w = {.count = 0};
    if (b->a->ratios == RATIOS_MAX || !law_put_product(&w, b->v, factors, count, 1) || w.full ||
        w.count > ATOM_NODES - 8)
        return;
    atom *made = &b->a->ratio[b->a->ratios++];
    made->count = (uint8_t)w.count;
    memcpy(made->nodes, w.nodes, (size_t)w.count * sizeof *w.nodes);
}

/* Products of exactly `size` inputs to the powers 1 and -1, the first positive. */
static void add_products(builder *b, int size)
{
    int n = b->v->features, at[4] = {0, 1, 2, 3};
    if (size > n)
        return;
    for (;;) {
        for (int signs = 0; signs < 1 << (size - 1); signs++) {
            expr_node nodes[4];
            law_factor factors[4];
            for (int i = 0; i < size; i++) {
                nodes[i] = (expr_node){.op = EXPR_VAR, .feature = (uint16_t)at[i], .length = 1};
                bool under = i > 0 && (signs >> (i - 1) & 1);
                factors[i] = (law_factor){&nodes[i], 1, under ? -LAW_POWER : LAW_POWER};
            }
            add_ratio(b, factors, size);
        }
        int i = size - 1;
        while (i >= 0 && at[i] == n - size + i)
            i--;
        if (i < 0)
            return;
        at[i]++;
        for (int j = i + 1; j < size; j++)
            at[j] = at[j - 1] + 1;
    }
}

/* Differences of two inputs alone, times and over a third. */
static void add_differences(builder *b)
{
    int n = b->v->features;
    for (int i = 0; i < n && has(b, EXPR_SUB); i++)
        for (int j = i + 1; j < n; j++) {
            law_writer d = {.count = 0};
            law_put_input(&d, i);
            law_put_input(&d, j);
            law_put(&d, EXPR_SUB);
            expr_node third = {.op = EXPR_VAR, .length = 1};
            law_factor factors[2] = {{d.nodes, d.count, LAW_POWER}, {&third, 1, 0}};
            add_ratio(b, factors, 1);
            for (int k = 0; k < n && n <= 8; k++) {
                if (k == i || k == j)
                    continue;
                third.feature = (uint16_t)k;
                for (factors[1].power = -LAW_POWER; factors[1].power <= LAW_POWER;
                     factors[1].power += 2 * LAW_POWER)
                    add_ratio(b, factors, 2);
            }
        }
}

/* ---------------------------------------------------------------- functions */

/* The ratio r, or 1/r, or the square of either, times `scale`. */
static bool put_ratio(builder *b, law_writer *w, int r, bool inverse, bool square, double scale)
{
    const atom *ratio = &b->a->ratio[r];
    if (inverse && !has(b, EXPR_DIV))
        return false;
    if (inverse)
        law_put_constant(w, 1);
    law_put_nodes(w, ratio->nodes, ratio->count);
    if (inverse)
        law_put(w, EXPR_DIV);
    if (square)
        law_put(w, EXPR_SQUARE);
    if (scale != 1) {
        law_put_constant(w, scale);
        law_put(w, EXPR_MUL);
    }
    return !square || has(b, EXPR_SQUARE);
}

static void add_exponent(builder *b, int r, bool inverse, bool square)
{
    law_writer w = {.count = 0};
    if (has(b, EXPR_EXP) && has(b, EXPR_MUL) && put_ratio(b, &w, r, inverse, square, 1))
        add(b, &w, ATOM_EXPONENT);
}

/* op(scale*r), or constant join op(scale*r) where join is an operation. */
static void add_function(builder *b, int r, bool inverse, expr_op op, double scale, double constant,
                         expr_op join)
{
    law_writer w = {.count = 0};
    if ((op != EXPR_CONST && !has(b, op)) || (join != EXPR_CONST && !has(b, join)))
        return;
    if (join == EXPR_SUB)
        law_put_constant(&w, constant);
    if (!put_ratio(b, &w, r, inverse, op == EXPR_SQUARE, scale))
        return;
    if (op != EXPR_CONST && op != EXPR_SQUARE)
        law_put(&w, op);
    if (join == EXPR_ADD)
        law_put_constant(&w, constant);
    if (join != EXPR_CONST)
        law_put(&w, join);
    add(b, &w, op == EXPR_CONST || op == EXPR_SQUARE ? ATOM_SUM : ATOM_FUNCTION);
}

/* exp(r) join exp(-r): cosh and sinh. */
static void add_hyperbolic(builder *b, int r, bool inverse, expr_op join)
{
    law_writer w = {.count = 0};
    if (!has(b, EXPR_EXP) || !has(b, join) || !has(b, EXPR_MUL))
        return;
    for (int side = 0; side < 2; side++) {
        if (!put_ratio(b, &w, r, inverse, false, side ? -1 : 1))
            return;
        law_put(&w, EXPR_EXP);
    }
    law_put(&w, join);
    add(b, &w, ATOM_FUNCTION);
}

static void add_functions(builder *b, int r)
{
    static const double scales[] = {0.1, 0.25, 0.5, 2, 5};
    add_function(b, r, false, EXPR_CONST, 1, 1, EXPR_SUB);
    add_function(b, r, false, EXPR_CONST, 1, 1, EXPR_ADD);
    add_function(b, r, false, EXPR_SQUARE, 1, 1, EXPR_SUB);
    add_function(b, r, false, EXPR_SQUARE, 1, 1, EXPR_ADD);
    add_function(b, r, false, EXPR_SIN, 1, 0, EXPR_CONST);
    add_function(b, r, false, EXPR_COS, 1, 0, EXPR_CONST);
    /* 1 - cos(r) is 2*sin(r/2)^2, without its cancellation near 0 */
    add_function(b, r, false, EXPR_SIN, 0.5, 0, EXPR_CONST);
    add_function(b, r, false, EXPR_COS, 0.5, 0, EXPR_CONST);
    add_function(b, r, false, EXPR_LOG, 1, 0, EXPR_CONST);
    for (int inverse = 0; inverse < 2; inverse++) {
        add_exponent(b, r, inverse, false);
        add_exponent(b, r, inverse, true);
        add_function(b, r, inverse, EXPR_EXP, 1, -1, EXPR_ADD);
        add_function(b, r, inverse, EXPR_EXP, 1, 1, EXPR_ADD);
        add_function(b, r, inverse, EXPR_TANH, 1, 0, EXPR_CONST);
        add_hyperbolic(b, r, inverse, EXPR_ADD);
        add_hyperbolic(b, r, inverse, EXPR_SUB);
        for (size_t s = 0; s < sizeof scales / sizeof *scales; s++) {
            add_function(b, r, inverse, EXPR_EXP, scales[s], -1, EXPR_ADD);
            add_function(b, r, inverse, EXPR_TANH, scales[s], 0, EXPR_CONST);
        }
    }
}

/* ---------------------------------------------------------------- values */

typedef struct evaluation {
    atoms *a;
    workspace *workspaces;
} evaluation;

enum { CHUNK = 64 };

/* a - b becomes b - a where it is negative in every row, so that it has a root. */
static void make_positive(atom *at, const problem *p, evaluator *tree, int rows)
{
    expr e = {at->nodes, at->count};
    tree_measure(&e);
    if (at->kind != ATOM_SUM || e.nodes[e.count - 1].op != EXPR_SUB)
        return;
    evaluator_compile(tree, e, p->columns);
    const float *values = evaluator_run(tree, 0, rows);
    for (int row = 0; row < rows; row++)
        if (!(values[row] < 0))
            return;
    expr_node swapped[ATOM_NODES];
    int right = (int)e.nodes[e.count - 2].length, left = e.count - 1 - right;
    memcpy(swapped, e.nodes + left, (size_t)right * sizeof *swapped);
    memcpy(swapped + right, e.nodes, (size_t)left * sizeof *swapped);
    memcpy(e.nodes, swapped, (size_t)(left + right) * sizeof *swapped);
    tree_measure(&e);
}

static void evaluate_chunk(void *context, size_t chunk, int worker)
{
    evaluation *job = context;
    atoms *a = job->a;
    evaluator *tree = &job->workspaces[worker].tree;
    int rows = a->p->padded < SAMPLE_ROWS ? (int)a->p->padded : SAMPLE_ROWS;
    for (int i = (int)chunk * CHUNK; i < a->count && i < ((int)chunk + 1) * CHUNK; i++) {
        expr_node nodes[ATOM_NODES + 2];
        atom *at = &a->items[i];
        expr e = {nodes, at->count};
        make_positive(at, a->p, tree, rows);
        memcpy(nodes, at->nodes, (size_t)at->count * sizeof *nodes);
        if (at->kind != ATOM_EXPONENT) {
            nodes[e.count++] = (expr_node){.op = EXPR_ABS};
            nodes[e.count++] = (expr_node){.op = EXPR_LOG};
        }
        tree_measure(&e);
        evaluator_compile(tree, e, a->p->columns);
        const float *values = evaluator_run(tree, 0, rows);
        float *to = a->values + (size_t)i * SAMPLE_ROWS;
        for (int row = 0; row < rows; row++) {
            to[row] = values[row];
            if (!isfinite(values[row]) || fabsf(values[row]) > 1e4f)
                at->kind = ATOM_NONE;
        }
    }
}

bool atoms_build(atoms *a, const problem *p, const vocabulary *v, pool *threads,
                 workspace *workspaces)
{
    *a = (atoms){.p = p};
    a->items = calloc(ATOMS_MAX, sizeof *a->items);
    a->ratio = calloc(RATIOS_MAX, sizeof *a->ratio);
    a->values = buffer_alloc((size_t)ATOMS_MAX * SAMPLE_ROWS, sizeof(float));
    if (!a->items || !a->ratio || !a->values)
        return false;
    builder b = {.a = a, .v = v};
    add_sums(&b);
    add_products(&b, 1);
    add_products(&b, 2);
    add_differences(&b);
    add_products(&b, 3);
    add_products(&b, 4);
    for (int r = 0; r < a->ratios; r++)
        add_functions(&b, r);
    evaluation job = {a, workspaces};
    pool_run(threads, (size_t)(a->count + CHUNK - 1) / CHUNK, evaluate_chunk, &job);
    return true;
}
