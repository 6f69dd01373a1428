/* With T the target under a transform (y/m, m/y, y*m, their squares, log(y/m); m a product of at
 * most two inputs), T = s*f + a*g + b and T = f*(a*g + b) and T = (a*g + b)/f are searched for all
 * f of the library at once: a hash that ignores scale and offset finds g in one step. What the hash
 * proposes is checked by least squares on all of the library's rows. */
#include "search/recover.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_ROWS = 16, SLOT_COUNT = 4 * LIBRARY_SIZE };

typedef enum outer {
    OUTER_TIMES,       /* y = m*T */
    OUTER_OVER,        /* y = m/T */
    OUTER_DIVIDED,     /* y = T/m */
    OUTER_ROOT,        /* y = m*sqrt(T) */
    OUTER_OVER_ROOT,   /* y = m/sqrt(T) */
    OUTER_EXPONENTIAL, /* y = m*exp(T) */
    OUTER_COUNT
} outer;

typedef enum inner { INNER_ALONE, INNER_ADD, INNER_SUB, INNER_MUL, INNER_DIV, INNER_COUNT } inner;

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

static uint64_t shape_key(const double *values)
{
    double mean = 0, norm = 0;
    for (int i = 0; i < KEY_ROWS; i++)
        mean += values[i];
    mean /= KEY_ROWS;
    for (int i = 0; i < KEY_ROWS; i++)
        norm += (values[i] - mean) * (values[i] - mean);
    norm = sqrt(norm / KEY_ROWS);
    if (!isfinite(norm) || !(norm > 1e-4 * fabs(mean)))
        return 0;
    double scale = (values[0] < mean ? -400 : 400) / norm;
    uint64_t h = 0xCBF29CE484222325u;
    for (int i = 0; i < KEY_ROWS; i++) {
        int64_t q = (int64_t)floor((values[i] - mean) * scale + 0.5);
        h = (h ^ (uint64_t)q) * 0x100000001B3u;
        h ^= h >> 29;
    }
    return h | 1;
}

static const float *values_of(const library *l, int entry)
{
    return l->values + (size_t)entry * LIBRARY_ROWS;
}

bool recovery_init(recovery *r, const library *l, const problem *p, const vocabulary *v,
                   int max_size)
{
    *r = (recovery){.l = l, .p = p, .v = v, .max_size = max_size};
    r->slots = calloc(SLOT_COUNT, sizeof *r->slots);
    r->keys = calloc((size_t)l->count + 1, sizeof *r->keys);
    if (!r->slots || !r->keys)
        return false;
    for (int i = 0; i < l->count && l->rows >= KEY_ROWS; i++) {
        double first[KEY_ROWS];
        for (int row = 0; row < KEY_ROWS; row++)
            first[row] = (double)values_of(l, i)[row];
        r->keys[i] = shape_key(first);
        size_t at = r->keys[i] % SLOT_COUNT;
        while (r->slots[at])
            at = (at + 1) % SLOT_COUNT;
        r->slots[at] = (uint32_t)i + 1;
    }
    return true;
}

void recovery_free(recovery *r)
{
    free(r->slots);
    free(r->keys);
    *r = (recovery){0};
}

static int prefactors(const recovery *r)
{
    int n = r->v->features;
    return n > 10 ? 1 + n : 1 + n + n * (n + 1) / 2;
}

int recovery_transforms(const recovery *r)
{
    bool usable = r->p->laws && r->p->rows >= 2 * KEY_ROWS && r->l->count > 0;
    return usable ? prefactors(r) * OUTER_COUNT : 0;
}

/* The inputs of prefactor number `index`: 0 is 1, then single inputs, then pairs. */
static int prefactor_inputs(const recovery *r, int index, int out[2])
{
    int n = r->v->features;
    if (index == 0)
        return 0;
    if (index <= n) {
        out[0] = index - 1;
        return 1;
    }
    int k = index - 1 - n;
    for (out[0] = 0; k >= n - out[0]; out[0]++)
        k -= n - out[0];
    out[1] = out[0] + k;
    return 2;
}

/* T on the library's rows; false where the transform does not apply. */
static bool transform_target(const recovery *r, outer kind, const int *inputs, int count, double *t)
{
    static const expr_op needs[OUTER_COUNT] = {EXPR_MUL,  EXPR_DIV,  EXPR_DIV,
                                               EXPR_SQRT, EXPR_SQRT, EXPR_EXP};
    if (!has(r->v, needs[kind]) || (kind == OUTER_DIVIDED && count == 0) ||
        (kind == OUTER_OVER_ROOT && !has(r->v, EXPR_DIV)))
        return false;
    double sign = 0;
    for (int i = 0; i < r->l->rows; i++) {
        double y = (double)r->p->y[i] + r->p->y_mean, m = 1;
        for (int k = 0; k < count; k++)
            m *= (double)r->p->columns[inputs[k]][i];
        double q = y / m;
        if (kind >= OUTER_ROOT && !(q > 0))
            return false; /* root and exponential are positive */
        sign += q > 0 ? 1 : -1;
        t[i] = kind == OUTER_TIMES       ? q
               : kind == OUTER_OVER      ? 1 / q
               : kind == OUTER_DIVIDED   ? y * m
               : kind == OUTER_ROOT      ? q * q
               : kind == OUTER_OVER_ROOT ? 1 / (q * q)
                                         : log(q);
        if (!isfinite(t[i]))
            return false;
    }
    return true;
}

static double combine(inner kind, double t, double f)
{
    switch (kind) {
    case INNER_ADD:
        return t - f; /* T = f + (a*g + b) */
    case INNER_SUB:
        return t + f; /* T = (a*g + b) - f */
    case INNER_MUL:
        return t / f;
    case INNER_DIV:
        return t * f;
    default:
        return t;
    }
}

/* Error of T for an error e of combine(T, f). */
static double uncombine(inner kind, double e, double f)
{
    return kind == INNER_MUL ? e * f : kind == INNER_DIV ? e / f : e;
}

/* Least squares of combine(T, f) by g on all rows; true when what remains of T is rounding. */
static bool agrees(const recovery *r, inner kind, const double *t, int f, int g, double *scale,
                   double *offset)
{
    int n = r->p->rows < (size_t)r->l->rows ? (int)r->p->rows : r->l->rows;
    const float *by_f = values_of(r->l, f), *by_g = values_of(r->l, g);
    double s = 0, ss = 0, d = 0, sd = 0, mean = 0, spread = 0, left = 0;
    for (int i = 0; i < n; i++) {
        double x = (double)by_g[i], y = combine(kind, t[i], (double)by_f[i]);
        s += x, ss += x * x, d += y, sd += x * y;
        mean += t[i] / n;
    }
    double cxx = ss - s * s / n, cxy = sd - s * d / n;
    *scale = cxy / cxx;
    *offset = (d - *scale * s) / n;
    for (int i = 0; i < n; i++) {
        double x = (double)by_g[i], y = combine(kind, t[i], (double)by_f[i]);
        double e = uncombine(kind, y - *scale * x - *offset, (double)by_f[i]);
        left += e * e;
        spread += (t[i] - mean) * (t[i] - mean);
    }
    return isfinite(left) && cxx > 0 && left < 1e-8 * spread;
}

typedef struct writer {
    expr_node *nodes;
    int count;
} writer;

static void put(writer *w, expr_op op, double value, int feature)
{
    w->nodes[w->count++] =
        (expr_node){.op = (uint8_t)op, .value = value, .feature = (uint16_t)feature};
}

static void put_entry(writer *w, const library *l, int entry)
{
    memcpy(w->nodes + w->count, l->nodes[entry], (size_t)l->sizes[entry] * sizeof *w->nodes);
    w->count += l->sizes[entry];
}

static void put_prefactor(writer *w, const int *inputs, int count)
{
    if (count == 0)
        put(w, EXPR_CONST, 1, 0);
    for (int k = 0; k < count; k++)
        put(w, EXPR_VAR, 0, inputs[k]);
    if (count == 2)
        put(w, EXPR_MUL, 0, 0);
}

/* a*g + b without what is trivial. */
static void put_affine(writer *w, const recovery *r, int g, double scale, double offset,
                       double size)
{
    put_entry(w, r->l, g);
    if (fabs(scale - 1) > 1e-5) {
        put(w, EXPR_CONST, scale, 0);
        put(w, EXPR_MUL, 0, 0);
    }
    if (fabs(offset) > 1e-5 * size) {
        put(w, EXPR_CONST, offset, 0);
        put(w, EXPR_ADD, 0, 0);
    }
}

static bool inner_allowed(const recovery *r, inner kind)
{
    return kind != INNER_SUB || has(r->v, EXPR_SUB);
}

static void write_law(const recovery *r, recovered *out, outer kind, const int *inputs, int count,
                      inner how, int f, int g, double scale, double offset, double size)
{
    static const expr_op inner_op[INNER_COUNT] = {EXPR_CONST, EXPR_ADD, EXPR_SUB, EXPR_MUL,
                                                  EXPR_DIV};
    if (out->count == RECOVERY_HITS)
        return;
    writer w = {out->nodes[out->count], 0};
    if (kind != OUTER_DIVIDED && (count > 0 || kind == OUTER_OVER || kind == OUTER_OVER_ROOT))
        put_prefactor(&w, inputs, count);
    bool reversed = how == INNER_SUB || how == INNER_DIV;
    if (how != INNER_ALONE && !reversed)
        put_entry(&w, r->l, f);
    put_affine(&w, r, g, scale, offset, size);
    if (reversed)
        put_entry(&w, r->l, f);
    if (how != INNER_ALONE)
        put(&w, inner_op[how], 0, 0);
    if (kind == OUTER_ROOT || kind == OUTER_OVER_ROOT)
        put(&w, EXPR_SQRT, 0, 0);
    if (kind == OUTER_EXPONENTIAL)
        put(&w, EXPR_EXP, 0, 0);
    if (kind == OUTER_DIVIDED)
        put_prefactor(&w, inputs, count);
    if (kind == OUTER_OVER || kind == OUTER_OVER_ROOT || kind == OUTER_DIVIDED)
        put(&w, EXPR_DIV, 0, 0);
    else if (count > 0)
        put(&w, EXPR_MUL, 0, 0);
    expr e = {out->nodes[out->count], w.count};
    tree_measure(&e);
    expr_simplify(&e);
    tree_measure(&e);
    if (e.count > r->max_size || !rules_allow(&r->v->limits, e))
        return;
    out->counts[out->count++] = e.count;
}

/* Every entry whose shape is that of combine(T, f). */
static void look_up(const recovery *r, recovered *out, outer kind, const int *inputs, int count,
                    inner how, const double *t, int f)
{
    double d[KEY_ROWS];
    for (int i = 0; i < KEY_ROWS; i++)
        d[i] = combine(how, t[i], (double)values_of(r->l, f)[i]);
    uint64_t key = shape_key(d);
    if (key == 0)
        return;
    for (size_t at = key % SLOT_COUNT; r->slots[at]; at = (at + 1) % SLOT_COUNT) {
        int g = (int)r->slots[at] - 1;
        double scale, offset, size = 0;
        if (r->keys[g] != key || !agrees(r, how, t, f, g, &scale, &offset))
            continue;
        for (int i = 0; i < KEY_ROWS; i++)
            size = fmax(size, fabs(d[i]));
        write_law(r, out, kind, inputs, count, how, f, g, scale, offset, size);
    }
}

void recovery_try(const recovery *r, int transform, recovered *out)
{
    out->count = 0;
    outer kind = (outer)(transform % OUTER_COUNT);
    int inputs[2] = {0, 0}, count = prefactor_inputs(r, transform / OUTER_COUNT, inputs);
    double t[LIBRARY_ROWS];
    if (!transform_target(r, kind, inputs, count, t))
        return;
    look_up(r, out, kind, inputs, count, INNER_ALONE, t, 0);
    for (int how = INNER_ADD; how < INNER_COUNT; how++)
        for (int f = 0; f < r->l->count && inner_allowed(r, (inner)how); f++)
            look_up(r, out, kind, inputs, count, (inner)how, t, f);
}
