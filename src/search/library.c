#include "search/library.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { HASH_SIZE = 4 * LIBRARY_SIZE, LIBRARY_STREAM = 0x11B };

void library_free(library *l)
{
    free(l->values);
    free(l->nodes);
    free(l->sizes);
    free(l->hashes);
    *l = (library){0};
}

/* Values of equal shape up to scale and offset hash alike; 0: constant or not finite. */
static uint64_t shape_hash(const float *values, int rows)
{
    double mean = 0, norm = 0;
    for (int i = 0; i < rows; i++)
        mean += (double)values[i];
    mean /= rows;
    for (int i = 0; i < rows; i++) {
        double d = (double)values[i] - mean;
        norm += d * d;
    }
    norm = sqrt(norm / rows);
    if (!isfinite(norm) || !(norm > 1e-5 * fabs(mean)) || norm < 1e-30)
        return 0;
    uint64_t h = 0xCBF29CE484222325u;
    double sign = (double)values[0] < mean ? -1 : 1;
    for (int i = 0; i < rows; i += 3) {
        int64_t q = (int64_t)floor(sign * ((double)values[i] - mean) / norm * 1e3 + 0.5);
        h = (h ^ (uint64_t)q) * 0x100000001B3u;
        h ^= h >> 29;
    }
    return h | 1;
}

/* Appends e unless its shape is there already or its units make no sense; true when it was new. */
static bool add(library *l, expr e, const problem *p, workspace *w)
{
    unit ignored;
    if (l->count == LIBRARY_SIZE || e.count > LIBRARY_NODES ||
        (l->units && units_of(l->units, e, &ignored) == UNIT_BROKEN))
        return false;
    tree_measure(&e);
    evaluator_compile(&w->tree, e, p->columns);
    const float *values = evaluator_run(&w->tree, 0, l->rows);
    uint64_t h = shape_hash(values, l->rows);
    if (h == 0)
        return false;
    size_t at = h % HASH_SIZE;
    for (; l->hashes[at]; at = (at + 1) % HASH_SIZE)
        if (l->hashes[at] == h)
            return false;
    l->hashes[at] = h;
    memcpy(l->values + (size_t)l->count * LIBRARY_ROWS, values, (size_t)l->rows * sizeof(float));
    memcpy(l->nodes[l->count], e.nodes, (size_t)e.count * sizeof *e.nodes);
    l->sizes[l->count++] = (uint8_t)e.count;
    return true;
}

static void add_unary(library *l, int a, expr_op op, const problem *p, workspace *w)
{
    expr_node nodes[LIBRARY_NODES + 1];
    int n = l->sizes[a];
    memcpy(nodes, l->nodes[a], (size_t)n * sizeof *nodes);
    nodes[n] = (expr_node){.op = (uint8_t)op};
    add(l, (expr){nodes, n + 1}, p, w);
}

static void add_binary(library *l, int a, int b, expr_op op, const problem *p, workspace *w)
{
    expr_node nodes[2 * LIBRARY_NODES + 1];
    int n = l->sizes[a], m = l->sizes[b];
    memcpy(nodes, l->nodes[a], (size_t)n * sizeof *nodes);
    memcpy(nodes + n, l->nodes[b], (size_t)m * sizeof *nodes);
    nodes[n + m] = (expr_node){.op = (uint8_t)op};
    add(l, (expr){nodes, n + m + 1}, p, w);
}

/* Everything made by one operation of the entries [0, end). */
static void grow(library *l, int from, int end, const problem *p, const vocabulary *v, workspace *w)
{
    for (int a = from; a < end; a++)
        for (int i = 0; i < v->unary_count; i++)
            add_unary(l, a, v->unary[i], p, w);
    for (int a = 0; a < end; a++)
        for (int b = a < from ? from : 0; b < end; b++)
            for (int i = 0; i < v->binary_count; i++)
                add_binary(l, a, b, v->binary[i], p, w);
}

static bool multiplies(const vocabulary *v)
{
    for (int i = 0; i < v->binary_count; i++)
        if (v->binary[i] == EXPR_MUL)
            return true;
    return false;
}

bool library_build(library *l, const problem *p, const vocabulary *v, workspace *w, uint64_t seed)
{
    *l = (library){.rows = p->padded < LIBRARY_ROWS ? (int)p->padded : LIBRARY_ROWS,
                   .units = isinf(v->limits.unit_penalty) ? v->limits.units : NULL};
    l->values = buffer_alloc((size_t)LIBRARY_SIZE * LIBRARY_ROWS, sizeof(float));
    l->nodes = calloc(LIBRARY_SIZE, sizeof *l->nodes);
    l->sizes = calloc(LIBRARY_SIZE, sizeof *l->sizes);
    l->hashes = calloc(HASH_SIZE, sizeof *l->hashes);
    if (!l->values || !l->nodes || !l->sizes || !l->hashes)
        return false;
    rng r = rng_make(seed, LIBRARY_STREAM);
    for (int f = 0; f < v->features && f < LIBRARY_SIZE / 2; f++) {
        expr_node node = {.op = EXPR_VAR, .feature = (uint16_t)f};
        add(l, (expr){&node, 1}, p, w);
    }
    int leaves = l->count;
    if (leaves == 0)
        return true;
    grow(l, 0, leaves, p, v, w);
    int second = l->count;
    for (int a = leaves; multiplies(v) && a < second; a++)
        add_binary(l, a, a, EXPR_MUL, p, w);
    for (int a = leaves; a < second; a++)
        for (int i = 0; i < v->unary_count; i++)
            add_unary(l, a, v->unary[i], p, w);
    for (int tries = 0; tries < 6 * LIBRARY_SIZE && l->count < LIBRARY_SIZE && v->binary_count;
         tries++) {
        int a = (int)rng_below(&r, (uint32_t)second), b = (int)rng_below(&r, (uint32_t)second);
        if (rng_below(&r, 2))
            b = (int)rng_below(&r, (uint32_t)leaves);
        expr_op op = v->binary[rng_below(&r, (uint32_t)v->binary_count)];
        if (rng_below(&r, 2))
            add_binary(l, a, b, op, p, w);
        else
            add_binary(l, b, a, op, p, w);
    }
    return true;
}

/* ---------------------------------------------------------------- backsolving */

/* d becomes the value that operand `side` must have for the operation to give d. */
static bool invert(float *d, expr_op op, int side, const float *other, const float *self, int n)
{
    for (int i = 0; i < n; i++) {
        float x = d[i], o = other ? other[i] : 0;
        switch (op) {
        case EXPR_ADD:
            x = x - o;
            break;
        case EXPR_SUB:
            x = side == 0 ? x + o : o - x;
            break;
        case EXPR_MUL:
            x = x / o;
            break;
        case EXPR_DIV:
            x = side == 0 ? x * o : o / x;
            break;
        case EXPR_NEG:
            x = -x;
            break;
        case EXPR_INV:
            x = 1 / x;
            break;
        case EXPR_SQUARE:
            x = copysignf(sqrtf(x), self[i]);
            break;
        case EXPR_CUBE:
            x = cbrtf(x);
            break;
        case EXPR_SQRT:
            x = x * x;
            break;
        case EXPR_EXP:
            x = logf(x);
            break;
        case EXPR_LOG:
            x = expf(x);
            break;
        case EXPR_TANH:
            x = atanhf(x);
            break;
        case EXPR_GAUSS:
            x = copysignf(sqrtf(-logf(x)), self[i]);
            break;
        default:
            return false;
        }
        d[i] = x;
    }
    return true;
}

/* The wanted values of one node and how much the loss minds an error there. */
typedef struct wanted {
    float d[LIBRARY_ROWS], w[LIBRARY_ROWS];
    int node;
} __attribute__((aligned(64))) wanted;

static int left_of(expr e, int i)
{
    return e.nodes[i].arity == 2 ? i - 1 - (int)e.nodes[i - 1].length : i - 1;
}

/* Walks from the root towards `node`, inverting; stops where there is no inverse. */
static void walk(wanted *t, expr e, int node, workspace *w, int n)
{
    gradient *g = &w->reverse;
    t->node = e.count - 1;
    while (t->node != node) {
        int i = t->node, left = left_of(e, i), side = 0;
        if (e.nodes[i].arity == 2 && node > left)
            side = 1;
        int child = side == 0 ? left : i - 1;
        const float *other = e.nodes[i].arity == 2 ? g->value[side == 0 ? i - 1 : left] : NULL;
        float next[LIBRARY_ROWS] __attribute__((aligned(64)));
        if (!w->k->back[e.nodes[i].op][side])
            return;
        memcpy(next, t->d, sizeof next);
        if (!invert(next, (expr_op)e.nodes[i].op, side, other, g->value[child], n))
            return;
        memcpy(t->d, next, sizeof next);
        w->k->back[e.nodes[i].op][side](t->w, t->w, g->value[left], g->value[i - 1], g->value[i],
                                        n);
        t->node = child;
    }
}

typedef enum place { PLACE_REPLACE, PLACE_ADD, PLACE_MULTIPLY, PLACE_COUNT } place;

/* Rows that cannot be met get no weight; false when hardly any is left. */
static bool settle(wanted *t, place where, const float *now, const float *weights, int n, int rows)
{
    int good = 0;
    for (int i = 0; i < n; i++) {
        float d = t->d[i], w = t->w[i];
        if (where == PLACE_ADD)
            d -= now[i];
        if (where == PLACE_MULTIPLY) {
            d /= now[i];
            w *= now[i];
        }
        w = w * w * (weights ? weights[i] : 1.0f);
        bool ok = i < rows && isfinite(d) && isfinite(w) && fabsf(d) < 1e15f && w < 1e25f;
        t->d[i] = ok ? d : 0.0f;
        t->w[i] = ok ? w : 0.0f;
        good += ok && w > 0;
    }
    return good > 8 && good > rows / 2;
}

typedef struct match {
    int entry;
    double scale, offset, left, spread; /* left: squares that remain; spread: of the wanted */
} match;

/* The entry with least weighted squares, of those that fit into `room` nodes. A random share is
 * left out each time, so that the second best has its chance. */
static match best_match(const library *l, const wanted *t, int room, workspace *w, int n, rng *r)
{
    match best = {.entry = -1};
    double sw = w->k->sum(t->w, NULL, n), sd = w->k->dot(t->w, t->d, n);
    kernel_moments own;
    w->k->moments(&own, t->d, t->d, t->w, 0, n);
    double cdd = own.pp - sd * sd / sw;
    best.left = best.spread = cdd;
    if (!(cdd > 0))
        return best;
    uint64_t keep = rng_next(r) & rng_next(r); /* a quarter */
    for (int i = 0; i < l->count; i++) {
        if (l->sizes[i] > room || !(keep >> (i & 63) & 1))
            continue;
        kernel_moments m;
        w->k->moments(&m, l->values + (size_t)i * LIBRARY_ROWS, t->d, t->w, 0, n);
        double cff = m.pp - m.p * m.p / sw, cdf = m.py - m.p * sd / sw;
        double left = cdd - cdf * cdf / cff;
        if (cff > 1e-12 * m.pp && left < best.left * (best.entry < 0 ? 1 : 0.999)) {
            best.entry = i;
            best.left = left;
            best.scale = cdf / cff;
            best.offset = (sd - best.scale * m.p) / sw;
        }
    }
    return best;
}

static void put_op(expr *out, expr_op op)
{
    out->nodes[out->count++] = (expr_node){.op = (uint8_t)op};
}

static void put_constant(expr *out, double value)
{
    out->nodes[out->count++] = (expr_node){.op = EXPR_CONST, .value = (double)(float)value};
}

static void put_nodes(expr *out, const expr_node *from, int count)
{
    memcpy(out->nodes + out->count, from, (size_t)count * sizeof *from);
    out->count += count;
}

/* e with scale*entry + offset in place of its node (or added to it, or multiplied with it). */
static bool write(expr *out, int capacity, expr e, const wanted *t, const match *m, place where,
                  const library *l)
{
    expr_node nodes[TREE_MAX + 2 * LIBRARY_NODES];
    expr made = {nodes, 0};
    int from = t->node - (int)e.nodes[t->node].length + 1, size = l->sizes[m->entry];
    put_nodes(&made, e.nodes, where == PLACE_REPLACE ? from : t->node + 1);
    put_nodes(&made, l->nodes[m->entry], size);
    if (fabs(m->scale - 1) > 1e-4) {
        put_constant(&made, m->scale);
        put_op(&made, EXPR_MUL);
    }
    if (m->offset * m->offset > 1e-8 * m->spread) {
        put_constant(&made, m->offset);
        put_op(&made, EXPR_ADD);
    }
    if (where != PLACE_REPLACE)
        put_op(&made, where == PLACE_ADD ? EXPR_ADD : EXPR_MUL);
    put_nodes(&made, e.nodes + t->node + 1, e.count - t->node - 1);
    tree_measure(&made);
    expr_simplify(&made);
    if (made.count > capacity)
        return false;
    memcpy(out->nodes, nodes, (size_t)made.count * sizeof *nodes);
    out->count = made.count;
    tree_measure(out);
    return true;
}

bool library_backsolve(const library *l, expr *out, int capacity, const problem *p, expr e,
                       double scale, double offset, const vocabulary *v, workspace *w, rng *r)
{
    if (l->count == 0 || !p->forms[FORM_BOTH] || scale == 0 || !isfinite(scale))
        return false;
    (void)v;
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_CALL) /* has no inverse here */
            return false;
    int n = l->rows, node = (int)rng_below(r, (uint32_t)e.count);
    wanted t;
    gradient_compile(&w->reverse, e, p->columns);
    gradient_forward(&w->reverse, 0, n);
    for (int i = 0; i < n; i++) {
        t.d[i] = (float)(((double)p->y[i] + p->y_mean - offset) / scale);
        t.w[i] = 1;
    }
    walk(&t, e, node, w, n);
    place where = (place)rng_below(r, PLACE_COUNT);
    int rows = p->rows < (size_t)n ? (int)p->rows : n;
    if (!settle(&t, where, w->reverse.value[t.node], p->weights, n, rows))
        return false;
    int room = capacity - e.count + (where == PLACE_REPLACE ? (int)e.nodes[t.node].length : -1);
    match m = best_match(l, &t, room, w, n, r);
    return m.entry >= 0 && isfinite(m.scale) && isfinite(m.offset) &&
           write(out, capacity, e, &t, &m, where, l);
}
