/* A random forest (Breiman 2001) for importances alone: each tree grows on a bootstrap sample, on
 * ranks of the values, to IMPORTANCE_DEPTH; a split is the best of a third of the features
 * (numbers) or their square root (classes), drawn at each node. Importance is the mean decrease of
 * impurity, normalised in each tree, as scikit-learn's feature_importances_. Ranks are cut into at
 * most 256 bins of equal count, so that a node's split costs one pass over its rows and bins. */
#include "search/importance.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

enum { BINS = 256, STREAM = 0x1F0, LEAST_SPLIT = 4 };

/* The sample that all trees share, row by row. */
typedef struct sample {
    size_t rows, features, classes; /* classes 0: numbers */
    uint8_t *bins;                  /* [features][rows] */
    double *y;                      /* [rows] number or class */
    double *weights;                /* [rows] */
} sample;

typedef struct growth {
    const sample *s;
    rng random;
    uint32_t *rows; /* [sample rows] those of the bootstrap, partitioned by node */
    uint32_t *moved;
    double *weight, *sum, *squares; /* [BINS * max(classes, 1)], [BINS], [BINS] of one feature */
    double *left, *all;             /* [classes] */
    uint32_t *order;                /* [features] */
    double *importance;             /* [features] */
} growth;

typedef struct best_split {
    double gain;
    size_t feature;
    uint8_t bin; /* rows of bins up to it go left */
} best_split;

/* ---------------------------------------------------------------- the sample */

typedef struct ranked {
    double value;
    uint32_t row;
} ranked;

static int compare_ranked(const void *a, const void *b)
{
    const ranked *p = a, *q = b;
    if (p->value != q->value)
        return p->value < q->value ? -1 : 1;
    return p->row < q->row ? -1 : p->row > q->row;
}

/* Equal values share a bin. */
static void fill_bins(uint8_t *bins, ranked *order, size_t rows)
{
    qsort(order, rows, sizeof *order, compare_ranked);
    for (size_t i = 0, end; i < rows; i = end) {
        for (end = i + 1; end < rows && order[end].value == order[i].value;)
            end++;
        uint8_t bin = (uint8_t)(i * BINS / rows);
        for (size_t j = i; j < end; j++)
            bins[order[j].row] = bin;
    }
}

static void sample_free(sample *s)
{
    free(s->bins);
    free(s->y);
    free(s->weights);
    *s = (sample){0};
}

/* Rows drawn without repeats, where there are more than the sample holds. */
static uint32_t *draw_rows(const uint32_t *rows, size_t count, size_t wanted, rng *r)
{
    uint32_t *drawn = malloc((count + 1) * sizeof *drawn);
    if (!drawn)
        return NULL;
    memcpy(drawn, rows, count * sizeof *drawn);
    for (size_t i = 0; i < wanted && wanted < count; i++) {
        size_t j = i + rng_below(r, (uint32_t)(count - i));
        uint32_t other = drawn[i];
        drawn[i] = drawn[j];
        drawn[j] = other;
    }
    return drawn;
}

static bool sample_make(sample *s, const symlut_dataset *data, const uint32_t *rows, size_t count,
                        uint64_t seed)
{
    size_t n = count < IMPORTANCE_ROWS ? count : IMPORTANCE_ROWS;
    rng r = rng_make(seed, STREAM);
    *s = (sample){.rows = n, .features = data->features};
    if (data->task == SYMLUT_CLASSIFICATION)
        s->classes = data->classes;
    uint32_t *drawn = draw_rows(rows, count, n, &r);
    ranked *order = malloc((n + 1) * sizeof *order);
    s->bins = malloc(n * data->features + 1);
    s->y = malloc((n + 1) * sizeof *s->y);
    s->weights = malloc((n + 1) * sizeof *s->weights);
    bool ok = drawn && order && s->bins && s->y && s->weights;
    for (size_t i = 0; ok && i < n; i++) {
        s->y[i] = data->target[drawn[i]];
        s->weights[i] = data->weights ? data->weights[drawn[i]] : 1;
    }
    for (size_t f = 0; ok && f < data->features; f++) {
        for (size_t i = 0; i < n; i++)
            order[i] = (ranked){data->columns[f][drawn[i]], (uint32_t)i};
        fill_bins(s->bins + f * n, order, n);
    }
    free(drawn);
    free(order);
    if (!ok)
        sample_free(s);
    return ok;
}

/* ---------------------------------------------------------------- one split */

/* Sum over rows of squared distance to the mean, from weight, sum and sum of squares. */
static double spread(double w, double sum, double squares)
{
    return w > 0 ? squares - sum * sum / w : 0;
}

/* w times the Gini impurity. */
static double gini(const double *counts, size_t classes, double w)
{
    double squares = 0;
    for (size_t k = 0; k < classes; k++)
        squares += counts[k] * counts[k];
    return w > 0 ? w - squares / w : 0;
}

static void try_numbers(growth *g, size_t feature, const uint32_t *rows, size_t count,
                        best_split *best)
{
    const sample *s = g->s;
    const uint8_t *bins = s->bins + feature * s->rows;
    double w = 0, sum = 0, squares = 0, lw = 0, ls = 0, lq = 0;
    memset(g->weight, 0, BINS * sizeof *g->weight);
    memset(g->sum, 0, BINS * sizeof *g->sum);
    memset(g->squares, 0, BINS * sizeof *g->squares);
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        double wi = s->weights[row], y = s->y[row];
        g->weight[bins[row]] += wi;
        g->sum[bins[row]] += wi * y;
        g->squares[bins[row]] += wi * y * y;
    }
    for (int b = 0; b < BINS; b++)
        w += g->weight[b], sum += g->sum[b], squares += g->squares[b];
    double whole = spread(w, sum, squares);
    for (int b = 0; b + 1 < BINS; b++) {
        if (g->weight[b] == 0)
            continue;
        lw += g->weight[b], ls += g->sum[b], lq += g->squares[b];
        double gain = whole - spread(lw, ls, lq) - spread(w - lw, sum - ls, squares - lq);
        if (w - lw > 0 && gain > best->gain)
            *best = (best_split){gain, feature, (uint8_t)b};
    }
}

static void try_classes(growth *g, size_t feature, const uint32_t *rows, size_t count,
                        best_split *best)
{
    const sample *s = g->s;
    const uint8_t *bins = s->bins + feature * s->rows;
    size_t classes = s->classes;
    double w = 0, lw = 0;
    memset(g->weight, 0, BINS * classes * sizeof *g->weight);
    memset(g->left, 0, classes * sizeof *g->left);
    memset(g->all, 0, classes * sizeof *g->all);
    for (size_t i = 0; i < count; i++) {
        uint32_t row = rows[i];
        size_t k = (size_t)s->y[row];
        g->weight[(size_t)bins[row] * classes + k] += s->weights[row];
        g->all[k] += s->weights[row];
        w += s->weights[row];
    }
    double whole = gini(g->all, classes, w);
    for (size_t b = 0; b + 1 < BINS; b++) {
        double here = 0;
        for (size_t k = 0; k < classes; k++) {
            double wk = g->weight[b * classes + k];
            g->left[k] += wk;
            g->all[k] -= wk;
            here += wk;
        }
        lw += here;
        if (here == 0)
            continue;
        double gain = whole - gini(g->left, classes, lw) - gini(g->all, classes, w - lw);
        if (w - lw > 1e-12 * w && gain > best->gain)
            *best = (best_split){gain, feature, (uint8_t)b};
    }
}

/* The best of the features drawn for this node. */
static best_split find_split(growth *g, const uint32_t *rows, size_t count)
{
    const sample *s = g->s;
    size_t tried = s->classes ? (size_t)sqrt((double)s->features) : s->features / 3;
    tried = tried < 1 ? 1 : tried;
    best_split best = {.gain = 0};
    for (size_t i = 0; i < tried; i++) {
        size_t j = i + rng_below(&g->random, (uint32_t)(s->features - i));
        uint32_t feature = g->order[j];
        g->order[j] = g->order[i];
        g->order[i] = feature;
        if (s->classes)
            try_classes(g, feature, rows, count, &best);
        else
            try_numbers(g, feature, rows, count, &best);
    }
    return best;
}

/* ---------------------------------------------------------------- a tree */

static void grow(growth *g, size_t from, size_t to, int depth)
{
    if (depth == IMPORTANCE_DEPTH || to - from < LEAST_SPLIT)
        return;
    best_split cut = find_split(g, g->rows + from, to - from);
    if (!(cut.gain > 0))
        return;
    g->importance[cut.feature] += cut.gain;
    const uint8_t *bins = g->s->bins + cut.feature * g->s->rows;
    size_t left = from, right = 0;
    for (size_t i = from; i < to; i++)
        if (bins[g->rows[i]] <= cut.bin)
            g->rows[left++] = g->rows[i];
        else
            g->moved[right++] = g->rows[i];
    memcpy(g->rows + left, g->moved, right * sizeof *g->rows);
    grow(g, from, left, depth + 1);
    grow(g, left, to, depth + 1);
}

static void growth_free(growth *g)
{
    free(g->rows);
    free(g->moved);
    free(g->weight);
    free(g->sum);
    free(g->left);
    free(g->order);
    *g = (growth){0};
}

static bool growth_init(growth *g, const sample *s)
{
    size_t classes = s->classes ? s->classes : 1;
    *g = (growth){.s = s};
    g->rows = malloc((s->rows + 1) * sizeof *g->rows);
    g->moved = malloc((s->rows + 1) * sizeof *g->moved);
    g->weight = malloc(BINS * classes * sizeof *g->weight);
    g->sum = malloc((size_t)2 * BINS * sizeof *g->sum);
    g->left = malloc(2 * classes * sizeof *g->left);
    g->order = malloc((s->features + 1) * sizeof *g->order);
    if (!g->rows || !g->moved || !g->weight || !g->sum || !g->left || !g->order) {
        growth_free(g);
        return false;
    }
    g->squares = g->sum + BINS;
    g->all = g->left + classes;
    return true;
}

typedef struct planting {
    const sample *s;
    growth *workers;    /* [threads] */
    double *importance; /* [trees][features] */
    uint64_t seed;
} planting;

static void plant(void *context, size_t index, int worker)
{
    planting *p = context;
    growth *g = &p->workers[worker];
    size_t features = p->s->features, rows = p->s->rows;
    g->random = rng_make(p->seed, STREAM + 1 + index);
    g->importance = p->importance + index * features;
    for (size_t f = 0; f < features; f++)
        g->order[f] = (uint32_t)f;
    for (size_t i = 0; i < rows; i++)
        g->rows[i] = rng_below(&g->random, (uint32_t)rows);
    grow(g, 0, rows, 0);
    double total = 0;
    for (size_t f = 0; f < features; f++)
        total += g->importance[f];
    for (size_t f = 0; f < features && total > 0; f++)
        g->importance[f] /= total;
}

static void sum_trees(double *out, const double *importance, size_t features)
{
    double total = 0;
    memset(out, 0, features * sizeof *out);
    for (size_t t = 0; t < IMPORTANCE_TREES; t++)
        for (size_t f = 0; f < features; f++)
            out[f] += importance[t * features + f];
    for (size_t f = 0; f < features; f++)
        total += out[f];
    for (size_t f = 0; f < features && total > 0; f++)
        out[f] /= total;
}

bool importance_measure(double *out, const symlut_dataset *data, const uint32_t *rows, size_t count,
                        uint64_t seed, pool *threads)
{
    sample s;
    if (!sample_make(&s, data, rows, count, seed))
        return false;
    size_t workers = (size_t)pool_threads(threads);
    planting p = {.s = &s, .seed = seed};
    p.workers = calloc(workers, sizeof *p.workers);
    p.importance = calloc((size_t)IMPORTANCE_TREES * s.features + 1, sizeof *p.importance);
    bool ok = p.workers && p.importance;
    for (size_t i = 0; ok && i < workers; i++)
        ok = growth_init(&p.workers[i], &s);
    if (ok) {
        pool_run(threads, IMPORTANCE_TREES, plant, &p);
        sum_trees(out, p.importance, s.features);
    }
    for (size_t i = 0; p.workers && i < workers; i++)
        growth_free(&p.workers[i]);
    free(p.workers);
    free(p.importance);
    sample_free(&s);
    return ok;
}

void importance_choose(size_t *chosen, size_t k, const double *importance, size_t features)
{
    for (size_t i = 0; i < k; i++) {
        size_t best = features;
        for (size_t f = 0; f < features; f++) {
            bool taken = false;
            for (size_t j = 0; j < i; j++)
                taken = taken || chosen[j] == f;
            if (!taken && (best == features || importance[f] > importance[best]))
                best = f;
        }
        chosen[i] = best;
    }
}

/* ---------------------------------------------------------------- the choice */

static symlut_status measure(feature_choice *c, const symlut_fit_options *o, int threads,
                             symlut_error *err)
{
    double fractions[3];
    split parts = {0};
    symlut_status status = split_parse(fractions, o->split, err);
    if (status == SYMLUT_OK)
        status = split_make(&parts, c->data, fractions, o->test_from, o->seed, err);
    if (status != SYMLUT_OK)
        return status;
    pool *p = pool_new(threads);
    if (!p ||
        !importance_measure(c->importance, c->data, parts.train, parts.train_count, o->seed, p))
        status = error_memory(err);
    pool_free(p);
    split_free(&parts);
    return status;
}

symlut_status feature_choice_make(feature_choice *c, const symlut_dataset *data,
                                  const symlut_fit_options *o, int threads, symlut_error *err)
{
    *c = (feature_choice){.view = *data, .data = data};
    size_t wanted = (size_t)o->select_features, count = 0;
    if (o->select_features < 0 || wanted > data->features)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "cannot select %d of %zu features; expected 1 to %zu", o->select_features,
                         data->features, data->features);
    if (!symlut_dataset_has_target(data))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the data has no target column to fit; name one with --target");
    c->importance = ARENA_ARRAY(&c->memory, double, data->features);
    size_t *chosen = ARENA_ARRAY(&c->memory, size_t, wanted);
    c->view.feature_names = ARENA_ARRAY(&c->memory, const char *, wanted);
    c->view.columns = ARENA_ARRAY(&c->memory, double *, wanted);
    if (c->memory.failed)
        return error_memory(err);
    symlut_status status = measure(c, o, threads, err);
    if (status != SYMLUT_OK)
        return status;
    importance_choose(chosen, wanted, c->importance, data->features);
    for (size_t f = 0; f < data->features; f++)
        for (size_t i = 0; i < wanted; i++)
            if (chosen[i] == f) {
                c->view.feature_names[count] = data->feature_names[f];
                c->view.columns[count++] = data->columns[f];
            }
    c->view.features = count;
    c->view.known_names = data->feature_names;
    c->view.known = data->features;
    return SYMLUT_OK;
}

void feature_choice_free(feature_choice *c)
{
    arena_free(&c->memory);
    *c = (feature_choice){0};
}
