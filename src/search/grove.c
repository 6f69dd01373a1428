/* A birth changes one class's tree of one forest. The scores of every tree of the population over
 * the window are kept, so that a child costs one tree and one softmax. Scale and offset of the new
 * tree come from two Newton steps on the cross-entropy (weighted least squares to the working
 * response, as in logistic regression). A child is first compared with its parent, row by row, on
 * the window's first rows, and given up where a paired test says that it is worse. */
#include "search/grove.h"
#include "search/template.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { RACE_ROWS = 1024 };

static const float LEAST_CURVATURE[1] = {0.02f}; /* of p(1-p): bounds the step of a sure row */
static const double RACE_SIGMAS = 1.5;
static const double SLACK = 0.002;     /* times the parent's loss: what annealing accepts */
static const double CROSSOVER = 0.35;  /* its share by the weights that are the default */
static const double LEAST_GAIN = 1e-6; /* relative, of a birth that counts as a success */

/* One tree's scores over the window. */
typedef struct column {
    float *z, *e; /* [window_rows] scores and their exponentials */
    double own;   /* sum of w z over the rows of the class */
    uint64_t hash;
    int class, users;
} column;

struct grove_work {
    softmax_work softmax;
    subtree_set subtrees;
    workspace *w;
    forest *spare;
    column *columns; /* [column_count] */
    int column_count, classes;
    int *of;        /* [population][classes] columns of the members */
    double *lowest; /* [classes * (max_size + 1) + 1] least loss of this epoch by complexity */
    float *tree;    /* [window_rows] values of the tree being born */
    float *rest;    /* [window_rows] sum of exponentials of the other classes */
    float *scratch; /* [5][EVAL_BLOCK] */
    float *storage;
};

/* A child on its way: the parent with another tree for one class. */
typedef struct birth {
    const forest *parent;
    const int *columns; /* of the parent */
    int class;
    expr core; /* the tree before scale and offset */
    form shape;
    double scale, offset;
    double limit;         /* largest loss */
    double penalty, kept; /* of the child's units; of the parent's in the other classes */
    window rows;
    size_t race; /* first rows of the window */
} birth;

static size_t window_capacity(const grove_settings *g)
{
    size_t padded = g->data->problems->padded;
    return padded < g->set->window_rows ? padded : g->set->window_rows;
}

/* Of a forest whose every tree keeps to the limit; as in forest_front_init. */
static int most_complex(const grove_settings *g)
{
    return g->data->classes * (g->set->max_size + 1);
}

grove_work *grove_work_new(const grove_settings *g, workspace *w)
{
    grove_work *k = calloc(1, sizeof *k);
    if (!k)
        return NULL;
    int classes = g->data->classes;
    size_t rows = window_capacity(g), trees = ((size_t)g->population + 1) * (size_t)classes + 1;
    k->w = w;
    k->classes = classes;
    k->column_count = (int)trees;
    k->columns = calloc(trees, sizeof *k->columns);
    k->of = calloc((size_t)g->population * (size_t)classes, sizeof *k->of);
    k->lowest = calloc((size_t)most_complex(g) + 1, sizeof *k->lowest);
    k->storage = buffer_alloc((2 * trees + 2) * rows + (size_t)5 * EVAL_BLOCK, sizeof(float));
    k->spare = forests_new(1, classes, g->set->max_size + 4);
    bool ok =
        k->spare &&
        softmax_work_init(&k->softmax, w, &g->set->words.limits, classes, g->set->max_size + 4) &&
        k->columns && subtree_set_init(&k->subtrees, classes, g->set->max_size + 4) && k->of &&
        k->lowest && k->storage;
    if (!ok) {
        grove_work_free(k);
        return NULL;
    }
    for (size_t i = 0; i < trees; i++) {
        k->columns[i].z = k->storage + 2 * i * rows;
        k->columns[i].e = k->storage + (2 * i + 1) * rows;
    }
    k->tree = k->storage + 2 * trees * rows;
    k->rest = k->tree + rows;
    k->scratch = k->rest + rows;
    return k;
}

void grove_work_free(grove_work *k)
{
    if (!k)
        return;
    softmax_work_free(&k->softmax);
    subtree_set_free(&k->subtrees);
    free(k->spare);
    free(k->columns);
    free(k->of);
    free(k->lowest);
    free(k->storage);
    free(k);
}

softmax_work *grove_work_softmax(grove_work *k)
{
    return &k->softmax;
}

subtree_set *grove_work_subtrees(grove_work *k)
{
    return &k->subtrees;
}

forest *grove_work_spare(grove_work *k)
{
    return k->spare;
}

variation grove_ways(const variation *ways)
{
    variation out = *ways, usual = variation_defaults();
    double mutations = 0;
    for (int i = 0; i < MUTATE_COUNT; i++)
        mutations += usual.weights[i];
    out.weights[VARY_CROSS] *= CROSSOVER / (1 - CROSSOVER) * mutations / usual.weights[VARY_CROSS];
    out.weights[VARY_BACKSOLVE] = 0;
    return out;
}

bool grove_init(grove *g, const grove_settings *set, const double shares[VARY_COUNT], int budget,
                uint64_t seed, uint64_t stream)
{
    int stride = set->set->max_size + 4;
    *g = (grove){.random = rng_make(seed, stream), .budget = budget};
    memcpy(g->shares, shares, sizeof g->shares);
    g->members = forests_new(set->population, set->data->classes, stride);
    g->best = forests_new(1, set->data->classes, stride);
    return g->members && g->best;
}

void grove_free(grove *g)
{
    free(g->members);
    free(g->best);
    *g = (grove){0};
}

/* ---------------------------------------------------------------- columns */

static int block_rows(size_t at, size_t count)
{
    return count - at < EVAL_BLOCK ? (int)(count - at) : EVAL_BLOCK;
}

static column *free_column(grove_work *k)
{
    for (int i = 0; i < k->column_count; i++)
        if (k->columns[i].users == 0)
            return &k->columns[i];
    return NULL; /* cannot be: one more than all members hold */
}

/* Values of e over rows [from, to) of the window, into out; NaN where e, expanded, is too long. */
static void run_tree(grove_work *k, const problem *p, expr e, window rows, size_t from, size_t to,
                     float *out)
{
    expr plain = rules_plain(p->limits, k->w->plain, e);
    for (size_t at = from; plain.count == 0 && at < to; at++)
        out[at] = NAN;
    if (plain.count == 0)
        return;
    evaluator_use_cache(&k->w->tree, NULL, 0);
    evaluator_compile(&k->w->tree, plain, p->columns);
    k->w->node_rows += (unsigned long long)plain.count * (to - from);
    for (size_t at = from; at < to; at += EVAL_BLOCK) {
        int n = block_rows(at, to);
        memcpy(out + at, evaluator_run(&k->w->tree, rows.first + at, n), (size_t)n * sizeof *out);
    }
}

/* Exponentials and the class's own sum of a column whose scores are there. */
static void finish_column(grove_work *k, const softmax_data *d, column *c, window rows)
{
    const kernels *kern = k->w->k;
    c->own = 0;
    for (size_t at = 0; at < rows.count; at += EVAL_BLOCK) {
        int n = block_rows(at, rows.count);
        kern->op[EXPR_EXP][SHAPE_VV](c->e + at, c->z + at, c->z + at, NULL, n);
        kern->op[EXPR_MUL][SHAPE_VV](k->scratch, c->z + at, d->is[c->class] + rows.first + at, NULL,
                                     n);
        c->own += kern->sum(k->scratch, problem_weights(d->problems, rows.first + at, n), n);
    }
}

/* The column of a tree: one that is there, or a new one. */
static int find_column(grove_work *k, const softmax_data *d, expr e, int class, window rows)
{
    uint64_t hash = tree_hash(e) | 1;
    for (int i = 0; i < k->column_count; i++) {
        column *c = &k->columns[i];
        if (c->users > 0 && c->hash == hash && c->class == class) {
            c->users++;
            return i;
        }
    }
    column *c = free_column(k);
    c->hash = hash;
    c->class = class;
    c->users = 1;
    run_tree(k, d->problems, e, rows, 0, rows.count, c->z);
    finish_column(k, d, c, rows);
    return (int)(c - k->columns);
}

static void release(grove_work *k, int *columns)
{
    for (int j = 0; j < k->classes; j++)
        k->columns[columns[j]].users--;
}

/* rest = sum over the other classes, on rows [from, to). */
static void sum_rest(grove_work *k, const int *columns, int class, size_t from, size_t to)
{
    bool first = true;
    for (int j = 0; j < k->classes; j++) {
        if (j == class)
            continue;
        const float *e = k->columns[columns[j]].e;
        if (first)
            memcpy(k->rest + from, e + from, (to - from) * sizeof *k->rest);
        else
            for (size_t at = from; at < to; at += EVAL_BLOCK)
                k->w->k->op[EXPR_ADD][SHAPE_VV](k->rest + at, k->rest + at, e + at, NULL,
                                                block_rows(at, to));
        first = false;
    }
}

/* Mean loss of a member from its columns; infinite where not finite. */
static double member_loss(grove_work *k, const softmax_data *d, const int *columns, window rows)
{
    const kernels *kern = k->w->k;
    const problem *p = d->problems;
    double sum = 0, weight = 0;
    float *total = k->scratch;
    sum_rest(k, columns, 0, 0, rows.count);
    const float *e = k->columns[columns[0]].e;
    for (size_t at = 0; at < rows.count; at += EVAL_BLOCK) {
        int n = block_rows(at, rows.count);
        const float *weights = problem_weights(p, rows.first + at, n);
        kern->op[EXPR_ADD][SHAPE_VV](total, k->rest + at, e + at, NULL, n);
        kern->op[EXPR_LOG][SHAPE_VV](total, total, total, NULL, n);
        sum += kern->sum(total, weights, n);
    }
    for (int j = 0; j < k->classes; j++)
        sum -= k->columns[columns[j]].own;
    size_t start = rows.first / EVAL_BLOCK;
    weight = p->sum_w[(rows.first + rows.count + EVAL_BLOCK - 1) / EVAL_BLOCK] - p->sum_w[start];
    return isfinite(sum) ? sum / weight : (double)INFINITY;
}

/* ---------------------------------------------------------------- scale and offset */

typedef struct working_sums {
    double w, u, t, tt, tu, shift;
} working_sums;

/* Adds rows [at, at + n) of the working response around scores z with exponentials e. */
static void add_working(grove_work *k, const softmax_data *d, const birth *b, const float *z,
                        const float *e, size_t at, int n, working_sums *s)
{
    const kernels *kern = k->w->k;
    float *p = k->scratch + EVAL_BLOCK, *q = p + EVAL_BLOCK, *u = q + EVAL_BLOCK;

    const float *weights = problem_weights(d->problems, b->rows.first + at, n);
    kern->op[EXPR_ADD][SHAPE_VV](p, k->rest + at, e, NULL, n);
    kern->op[EXPR_DIV][SHAPE_VV](p, e, p, NULL, n);
    kern->fused[FUSED_SUB_MUL][SHAPE_VV][0](q, p, p, p, n);
    kern->op[EXPR_MAX][SHAPE_VS](q, q, LEAST_CURVATURE, NULL, n);
    kern->op[EXPR_SUB][SHAPE_VV](u, d->is[b->class] + b->rows.first + at, p, NULL, n);
    kern->op[EXPR_DIV][SHAPE_VV](u, u, q, NULL, n);
    kern->op[EXPR_ADD][SHAPE_VV](u, u, z, NULL, n);
    if (weights)
        kern->op[EXPR_MUL][SHAPE_VV](q, q, weights, NULL, n);
    kernel_moments m;
    kern->moments(&m, k->tree + at, u, q, (float)s->shift, n);
    s->t += m.p;
    s->tt += m.pp;
    s->tu += m.py;
    s->w += kern->sum(q, NULL, n);
    s->u += kern->sum(u, q, n);
}

/* The form's scale and offset by weighted least squares. False: there are none within the limit. */
static bool solve_working(birth *b, const working_sums *s, double limit)
{
    double t = s->t / s->w, u = s->u / s->w;
    double cov = s->tu - s->t * u, var = s->tt - s->t * t;
    b->scale = 1;
    b->offset = 0;
    if (b->shape == FORM_BOTH) {
        if (!(var > 1e-9 * s->tt))
            return false;
        b->scale = cov / var;
        b->offset = u - b->scale * (t + s->shift);
    } else if (b->shape == FORM_OFFSET) {
        b->offset = u - (t + s->shift);
    } else if (b->shape == FORM_SCALE) {
        double zero_tt = s->tt + 2 * s->shift * s->t + s->shift * s->shift * s->w;
        b->scale = (s->tu + s->shift * s->u) / zero_tt;
    }
    b->scale = (double)(float)b->scale;
    b->offset = (double)(float)b->offset;
    return isfinite(b->scale) && isfinite(b->offset) &&
           (limit <= 0 || (fabs(b->scale) <= limit && fabs(b->offset) <= limit));
}

/* Scores and exponentials of the child on rows [at, at + n). */
static void child_scores(grove_work *k, const birth *b, float *z, float *e, size_t at, int n)
{
    const kernels *kern = k->w->k;
    float scale[1] = {(float)b->scale}, offset[1] = {(float)b->offset};
    kern->fused[FUSED_MUL_ADD][SHAPE_VS][1](z, k->tree + at, scale, offset, n);
    kern->op[EXPR_EXP][SHAPE_VV](e, z, z, NULL, n);
}

/* ---------------------------------------------------------------- the child's loss */

/* Whether the child may be as good as its limit on the window's first rows; sets the form. */
static bool race(grove_work *k, const softmax_data *d, birth *b, column *child)
{
    const problem *p = d->problems;
    const column *old = &k->columns[b->columns[b->class]];
    const kernels *kern = k->w->k;
    run_tree(k, p, b->core, b->rows, 0, b->race, k->tree);
    sum_rest(k, b->columns, b->class, 0, b->race);
    for (int step = 0; step < 2; step++) {
        working_sums s = {.shift = (double)k->tree[0]};
        for (size_t at = 0; at < b->race; at += EVAL_BLOCK) {
            int n = block_rows(at, b->race);
            const float *z = step ? child->z + at : old->z + at;
            const float *e = step ? child->e + at : old->e + at;
            add_working(k, d, b, z, e, at, n, &s);
        }
        if (!solve_working(b, &s, p->constant_limit))
            return false;
        for (size_t at = 0; at < b->race; at += EVAL_BLOCK)
            child_scores(k, b, child->z + at, child->e + at, at, block_rows(at, b->race));
    }
    double sum = 0, squares = 0, weight = 0;
    float *l = k->scratch, *before = l + EVAL_BLOCK, *step = before + EVAL_BLOCK;
    for (size_t at = 0; at < b->race; at += EVAL_BLOCK) {
        int n = block_rows(at, b->race);
        size_t row = b->rows.first + at;
        const float *weights = problem_weights(p, row, n);
        kernel_moments m;
        kern->op[EXPR_ADD][SHAPE_VV](l, k->rest + at, child->e + at, NULL, n);
        kern->op[EXPR_ADD][SHAPE_VV](before, k->rest + at, old->e + at, NULL, n);
        kern->op[EXPR_DIV][SHAPE_VV](l, l, before, NULL, n);
        kern->op[EXPR_LOG][SHAPE_VV](l, l, l, NULL, n);
        kern->op[EXPR_SUB][SHAPE_VV](step, child->z + at, old->z + at, NULL, n);
        kern->fused[FUSED_SUB_MUL][SHAPE_VV][0](l, step, d->is[b->class] + row, l, n);
        kern->moments(&m, l, l, weights, 0, n);
        sum += m.p;
        squares += m.pp;
        weight += weights ? kern->sum(weights, NULL, n) : n;
    }
    double mean = sum / weight, variance = fmax(squares / weight - mean * mean, 0);
    /* what the parent's own tree is charged for its units the child may be spared */
    double slack = b->limit - b->parent->loss + b->penalty;
    return mean <= slack + RACE_SIGMAS * sqrt(variance / weight); /* false for NaN too */
}

/* Loss over the whole window with the form refitted on it. */
static bool whole_loss(grove_work *k, const softmax_data *d, birth *b, column *child, double *loss)
{
    size_t count = b->rows.count;
    if (count > b->race) {
        run_tree(k, d->problems, b->core, b->rows, b->race, count, k->tree);
        sum_rest(k, b->columns, b->class, b->race, count);
        working_sums s = {.shift = (double)k->tree[0]};
        for (size_t at = 0; at < count; at += EVAL_BLOCK) {
            int n = block_rows(at, count);
            if (at >= b->race)
                child_scores(k, b, child->z + at, child->e + at, at, n);
            add_working(k, d, b, child->z + at, child->e + at, at, n, &s);
        }
        if (!solve_working(b, &s, d->problems->constant_limit))
            return false;
    }
    for (size_t at = 0; at < count; at += EVAL_BLOCK)
        child_scores(k, b, child->z + at, child->e + at, at, block_rows(at, count));
    child->class = b->class;
    finish_column(k, d, child, b->rows);
    int columns[SOFTMAX_CLASSES];
    memcpy(columns, b->columns, (size_t)k->classes * sizeof *columns);
    columns[b->class] = (int)(child - k->columns);
    *loss = member_loss(k, d, columns, b->rows) + b->kept + b->penalty;
    return *loss <= b->limit;
}

/* ---------------------------------------------------------------- births */

static const forest *choose(const grove *g, const grove_settings *set, rng *r)
{
    const forest *best = NULL;
    for (int i = 0; i < 4; i++) {
        const forest *m = &g->members[rng_below(r, (uint32_t)set->population)];
        if (!best || m->loss < best->loss)
            best = m;
    }
    return best;
}

static forest *oldest(const grove *g, const grove_settings *set)
{
    forest *m = g->members;
    for (int i = 1; i < set->population; i++)
        if (g->members[i].birth < m->birth)
            m = &g->members[i];
    return m;
}

/* The tree under its outermost scale and offset: those are fitted anew at each birth. A template's
 * form stays as it is. */
static expr core_of(expr e)
{
    while (e.count > 1 && !template_is(e)) {
        const expr_node *root = &e.nodes[e.count - 1];
        if (root->op != EXPR_ADD && root->op != EXPR_SUB && root->op != EXPR_MUL)
            break;
        int right = (int)e.nodes[e.count - 2].length;
        if (e.nodes[e.count - 2].op == EXPR_CONST)
            e.count -= 2;
        else if (e.nodes[e.count - 2 - right].op == EXPR_CONST && root->op != EXPR_SUB)
            e = (expr){e.nodes + 1, e.count - 2};
        else
            break;
    }
    return e;
}

/* Where a crossover's other tree comes from: mostly the class's trees of other members, else
 * another class of the same forest (shared parts cost once), else one against the rest. */
static expr partner(grove *g, const grove_settings *set, const birth *b)
{
    rng *r = &g->random;
    double u = rng_unit(r);
    if (u < 0.5)
        return forest_tree(choose(g, set, r), b->class);
    if (u < 0.7)
        return forest_tree(b->parent, (int)rng_below(r, (uint32_t)b->parent->classes));
    const settings *s = set->set;
    const island *from =
        &set->islands[b->class * s->islands + (int)rng_below(r, (uint32_t)s->islands)];
    const member *m = island_choose(from, s, r);
    return (expr){m->nodes, m->count};
}

/* The tree under a child's scale and offset, in a way that is drawn; false: there is none. */
static bool make_core(grove *g, const grove_settings *set, const birth *b, double temperature,
                      expr *out, int *way)
{
    const settings *s = set->set;
    rng *r = &g->random;
    expr old = core_of(forest_tree(b->parent, b->class));
    if (rng_unit(r) < g->shares[VARY_CROSS]) {
        *way = VARY_CROSS;
        expr other = partner(g, set, b);
        if (rng_below(r, 8) == 0) { /* the whole of it */
            other = core_of(other);
            memcpy(out->nodes, other.nodes, (size_t)other.count * sizeof *other.nodes);
            out->count = other.count;
            tree_measure(out);
            return true;
        }
        for (int tries = 0; tries < 5; tries++)
            if (island_cross(out, s, old, other, r))
                return true;
        return false;
    }
    for (int tries = 0; tries < 10; tries++) {
        *way = variation_draw_mutation(g->shares, r);
        if (island_mutate(out, s, old, (mutation)*way, temperature, r))
            return true;
    }
    return false;
}

/* The dearest form that the size leaves room for; one time in four a cheaper one. */
static form draw_form(const grove_settings *set, int size, rng *r)
{
    const problem *p = set->data->problems;
    form choices[FORM_COUNT];
    int count = 0, room = set->set->max_size - size;
    for (int f = 0; f < FORM_COUNT; f++)
        if (p->forms[f] && form_cost[f] <= room)
            choices[count++] = (form)f;
    if (count == 0)
        return FORM_PLAIN;
    if (rng_below(r, 4) == 0)
        return choices[rng_below(r, (uint32_t)count)];
    return choices[count - 1];
}

/* Puts the child in the oldest member's place. */
static void settle(grove *g, const grove_settings *set, grove_work *k, const birth *b, expr tree,
                   column *child, int complexity, double loss)
{
    forest *to = oldest(g, set);
    int classes = k->classes, *columns = k->of + (to - g->members) * classes, made[SOFTMAX_CLASSES];
    memcpy(made, b->columns, (size_t)classes * sizeof *made);
    made[b->class] = (int)(child - k->columns);
    for (int j = 0; j < classes; j++)
        k->columns[made[j]].users++;
    release(k, columns);
    memcpy(columns, made, (size_t)classes * sizeof *made);
    if (to != b->parent)
        forest_copy(to, b->parent);
    forest_set_tree(to, b->class, tree);
    to->complexity = complexity;
    to->loss = loss;
    to->birth = g->clock++;
    if (g->best->counts[0] == 0 || loss < g->best->loss)
        forest_copy(g->best, to);
}

/* The parent's complexity with `tree` for the class, and the penalty on its units; above the
 * budget: no. */
static bool within_budget(const grove *g, const grove_settings *set, grove_work *k, birth *b,
                          expr tree, int *complexity)
{
    const rules *limits = &set->set->words.limits;
    if (tree.count > set->set->max_size || rules_complexity(limits, tree) > set->set->max_size ||
        !rules_allow(limits, tree))
        return false;
    b->penalty = rules_penalty(limits, tree);
    if (!isfinite(b->penalty))
        return false;
    forest trial = *b->parent;
    expr_node kept[TREE_MAX + 8];
    expr old = forest_tree(&trial, b->class);
    /* in the parent's place for a moment: the count looks at trees, not at their owner */
    memcpy(kept, old.nodes, (size_t)old.count * sizeof *kept);
    forest_set_tree(&trial, b->class, tree);
    *complexity = forest_complexity(&k->subtrees, &trial, limits);
    forest_set_tree(&trial, b->class, (expr){kept, old.count});
    return *complexity <= g->budget;
}

/* Whether a forest is below all of this epoch up to its complexity; remembers its loss. */
static bool note_loss(grove_work *k, const grove_settings *set, int complexity, double loss)
{
    bool below = true;
    if (complexity > most_complex(set))
        return false;
    for (int c = 1; c <= complexity; c++)
        below = below && loss < k->lowest[c];
    k->lowest[complexity] = fmin(k->lowest[complexity], loss);
    return below;
}

static void give_birth(grove *g, const grove_settings *set, grove_work *k, window rows,
                       double temperature)
{
    rng *r = &g->random;
    const forest *parent = choose(g, set, r);
    expr_node core[TREE_MAX + 8], written[TREE_MAX + 8];
    birth b = {.parent = parent,
               .columns = k->of + (parent - g->members) * k->classes,
               .class = (int)rng_below(r, (uint32_t)k->classes),
               .core = {core, 0},
               .rows = rows,
               .race = rows.count >= 2 * RACE_ROWS ? RACE_ROWS : rows.count};
    b.penalty = rules_penalty(&set->set->words.limits, forest_tree(parent, b.class));
    b.kept = forest_penalty(parent, &set->set->words.limits) - b.penalty;
    b.limit = parent->loss * (1 - SLACK * temperature * log(1 - rng_unit(r)));
    int way;
    if (!isfinite(parent->loss) || !make_core(g, set, &b, temperature, &b.core, &way))
        return;
    g->made.births[way] += 1;
    if (!fitness_has_bounds(k->w, set->data->problems, b.core))
        return;
    b.shape = draw_form(set, b.core.count, r);
    column *child = free_column(k);
    double loss;
    g->evaluations++;
    g->abandoned++;
    if (!race(k, set->data, &b, child))
        return;
    expr tree = form_write(written, b.core, b.shape, b.scale, b.offset);
    int complexity;
    if (!within_budget(g, set, k, &b, tree, &complexity) ||
        !whole_loss(k, set->data, &b, child, &loss))
        return;
    g->abandoned--;
    tree = form_write(written, b.core, b.shape, b.scale, b.offset);
    if (!within_budget(g, set, k, &b, tree, &complexity))
        return;
    child->hash = tree_hash(tree) | 1;
    if (note_loss(k, set, complexity, loss) && loss < parent->loss * (1 - LEAST_GAIN))
        g->made.successes[way] += 1;
    settle(g, set, k, &b, tree, child, complexity, loss);
}

/* ---------------------------------------------------------------- an epoch */

/* Constants of a member, on a sample; kept where the whole window agrees. */
static void tune(grove *g, const grove_settings *set, grove_work *k, int i, window rows)
{
    forest *m = &g->members[i];
    int classes = k->classes, *columns = k->of + i * classes, made[SOFTMAX_CLASSES];
    window sample = rows;
    size_t most = 2 * set->set->optimize_rows;
    if (sample.count > most)
        sample.count = most;
    forest *before = k->spare;
    forest_copy(before, m);
    g->evaluations += (unsigned)set->set->optimize_iterations;
    if (!softmax_fit(&k->softmax, set->data, m, sample, set->set->optimize_iterations)) {
        forest_copy(m, before);
        return;
    }
    release(k, columns);
    for (int j = 0; j < classes; j++)
        made[j] = find_column(k, set->data, forest_tree(m, j), j, rows);
    double loss =
        member_loss(k, set->data, made, rows) + forest_penalty(m, &set->set->words.limits);
    if (!(loss < m->loss)) {
        release(k, made);
        forest_copy(m, before);
        for (int j = 0; j < classes; j++)
            columns[j] = find_column(k, set->data, forest_tree(m, j), j, rows);
        return;
    }
    memcpy(columns, made, (size_t)classes * sizeof *made);
    m->loss = loss;
    m->complexity = forest_complexity(&k->subtrees, m, &set->set->words.limits);
    if (g->best->counts[0] == 0 || loss < g->best->loss)
        forest_copy(g->best, m);
}

void grove_epoch(grove *g, const grove_settings *set, grove_work *k, window rows)
{
    for (int i = 0; i < k->column_count; i++)
        k->columns[i].users = 0;
    g->best->counts[0] = 0;
    g->made = (variation_counts){0};
    for (int c = 0; c <= most_complex(set); c++)
        k->lowest[c] = (double)INFINITY;
    for (int i = 0; i < set->population; i++) {
        forest *m = &g->members[i];
        int *columns = k->of + i * k->classes;
        for (int j = 0; j < k->classes; j++)
            columns[j] = find_column(k, set->data, forest_tree(m, j), j, rows);
        m->loss =
            member_loss(k, set->data, columns, rows) + forest_penalty(m, &set->set->words.limits);
        m->complexity = forest_complexity(&k->subtrees, m, &set->set->words.limits);
        note_loss(k, set, m->complexity, m->loss);
    }
    for (int b = 0; b < set->births; b++)
        give_birth(g, set, k, rows, 1 - (double)b / set->births);
    for (int i = 0; i < set->population; i++)
        if (rng_unit(&g->random) < set->set->optimize)
            tune(g, set, k, i, rows);
}
