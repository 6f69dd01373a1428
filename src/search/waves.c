#include "search/waves.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FREQUENCIES = 96, WAVES = 8 };

static const double PI = 3.14159265358979323846;

typedef struct wave {
    int ratio;
    double frequency, share, x[3]; /* share of the spread that is left; A, B, C */
} wave;

typedef struct wave_fit {
    const atoms *a;
    const vocabulary *v;
    workspace *w;
    laws *out;
    int factor; /* input, -1: none */
    int max_size, rows;
    float target[SAMPLE_ROWS] __attribute__((aligned(64)));
    float scale[SAMPLE_ROWS] __attribute__((aligned(64))); /* m */
    double spread, targets[2], ones[1]; /* sums: scale*target, target^2; scale^2 */
    wave best[WAVES];
    int count;
} wave_fit;

int waves_tasks(const vocabulary *v)
{
    return v->features <= 8 ? 1 + v->features : 1;
}

static bool prepare(wave_fit *f)
{
    const problem *p = f->a->p;
    const kernels *k = f->w->k;
    for (int i = 0; i < f->rows; i++) {
        f->scale[i] = f->factor < 0 ? 1 : p->columns[f->factor][i];
        f->target[i] = (float)((double)p->y[i] + p->y_mean);
    }
    f->targets[0] = k->dot(f->scale, f->target, SAMPLE_ROWS);
    f->targets[1] = k->dot(f->target, f->target, SAMPLE_ROWS);
    f->ones[0] = k->dot(f->scale, f->scale, SAMPLE_ROWS);
    f->spread = f->targets[1] - f->targets[0] * f->targets[0] / f->ones[0];
    return f->ones[0] > 0 && f->spread > 0;
}

/* Least squares of the target by scale, c and s; false when they depend on one another. */
static bool regress(const wave_fit *f, const float *c, const float *s, wave *out)
{
    const kernels *k = f->w->k;
    double sc = k->dot(f->scale, c, SAMPLE_ROWS), ss = k->dot(f->scale, s, SAMPLE_ROWS);
    double m[3][4] = {{f->ones[0], sc, ss, f->targets[0]},
                      {sc, k->dot(c, c, SAMPLE_ROWS), k->dot(c, s, SAMPLE_ROWS),
                       k->dot(c, f->target, SAMPLE_ROWS)},
                      {ss, 0, k->dot(s, s, SAMPLE_ROWS), k->dot(s, f->target, SAMPLE_ROWS)}};
    double right[3] = {m[0][3], m[1][3], m[2][3]}, whole[3] = {m[0][0], m[1][1], m[2][2]};
    m[2][1] = m[1][2];
    for (int i = 0; i < 3; i++) {
        if (!(m[i][i] > 1e-3 * whole[i]))
            return false;
        for (int j = i + 1; j < 3; j++) {
            double ratio = m[j][i] / m[i][i];
            for (int n = i; n < 4; n++)
                m[j][n] -= ratio * m[i][n];
        }
    }
    double left = f->targets[1];
    for (int i = 2; i >= 0; i--) {
        out->x[i] = m[i][3];
        for (int n = i + 1; n < 3; n++)
            out->x[i] -= m[i][n] * out->x[n];
        out->x[i] /= m[i][i];
        left -= out->x[i] * right[i];
    }
    out->share = (left < 0 ? 0 : left) / f->spread; /* below 0 by the sums' rounding */
    return isfinite(out->share);
}

static void keep(wave_fit *f, wave made)
{
    int at = f->count;
    if (at < WAVES)
        f->count++;
    else if (!(made.share < f->best[--at].share))
        return;
    for (; at > 0 && made.share < f->best[at - 1].share; at--)
        f->best[at] = f->best[at - 1];
    f->best[at] = made;
}

/* All frequencies of one product, by turning each row's phase step by step. */
static void scan(wave_fit *f, int ratio)
{
    const atom *r = &f->a->ratio[ratio];
    expr e = {(expr_node *)r->nodes, r->count};
    evaluator_compile(&f->w->tree, e, f->a->p->columns);
    const float *values = evaluator_run(&f->w->tree, 0, (f->rows + 15) / 16 * 16);
    float low = values[0], high = values[0];
    for (int i = 0; i < f->rows; i++) {
        if (!isfinite(values[i]))
            return;
        low = fminf(low, values[i]);
        high = fmaxf(high, values[i]);
    }
    double step = PI / (2 * ((double)high - (double)low));
    if (!isfinite(step))
        return;
    float c[SAMPLE_ROWS] __attribute__((aligned(64))) = {0};
    float s[SAMPLE_ROWS] __attribute__((aligned(64))) = {0};
    float c1[SAMPLE_ROWS], s1[SAMPLE_ROWS];
    for (int i = 0; i < f->rows; i++) {
        c[i] = f->scale[i];
        c1[i] = (float)cos(step * (double)values[i]);
        s1[i] = (float)sin(step * (double)values[i]);
    }
    wave best = {.share = 1};
    for (int n = 1; n <= FREQUENCIES; n++) {
        for (int i = 0; i < f->rows; i++) {
            float turned = c[i] * c1[i] - s[i] * s1[i];
            s[i] = s[i] * c1[i] + c[i] * s1[i];
            c[i] = turned;
        }
        wave made = {.ratio = ratio, .frequency = n * step};
        if (regress(f, c, s, &made) && made.share < best.share)
            best = made;
    }
    if (best.share < 0.6)
        keep(f, best);
}

typedef enum shape { WAVE_SHIFTED, WAVE_COSINE, WAVE_SINE, WAVE_SQUARED, WAVE_SHAPES } shape;

static bool write_wave(law_writer *w, const wave_fit *f, const wave *b, shape how)
{
    const atom *r = &f->a->ratio[b->ratio];
    double radius = hypot(b->x[1], b->x[2]), phase = atan2(b->x[1], b->x[2]);
    double amplitude = how == WAVE_COSINE    ? b->x[1]
                       : how == WAVE_SINE    ? b->x[2]
                       : how == WAVE_SQUARED ? 2 * b->x[0]
                                             : radius;
    expr_op op = how == WAVE_COSINE ? EXPR_COS : EXPR_SIN;
    if (!vocabulary_has(f->v, op) || !vocabulary_has(f->v, EXPR_ADD))
        return false;
    law_put_nodes(w, r->nodes, r->count);
    law_put_constant(w, how == WAVE_SQUARED ? b->frequency / 2 : b->frequency);
    law_put(w, EXPR_MUL);
    if (how == WAVE_SHIFTED) {
        law_put_constant(w, phase);
        law_put(w, EXPR_ADD);
    }
    law_put(w, op);
    if (how == WAVE_SQUARED)
        law_put(w, EXPR_SQUARE);
    law_put_constant(w, amplitude);
    law_put(w, EXPR_MUL);
    if (how != WAVE_SQUARED && fabs(b->x[0]) > 0.02 * radius) {
        law_put_constant(w, b->x[0]);
        law_put(w, EXPR_ADD);
    }
    if (f->factor >= 0) {
        law_put_input(w, f->factor);
        law_put(w, EXPR_MUL);
    }
    return true;
}

/* The shapes that the coefficients are near to; the grid's frequency is a little off. */
static void propose(wave_fit *f, const wave *b)
{
    double radius = hypot(b->x[1], b->x[2]);
    const bool apt[WAVE_SHAPES] = {
        [WAVE_SHIFTED] = true,
        [WAVE_COSINE] = true,
        [WAVE_SINE] = true,
        [WAVE_SQUARED] = fabs(b->x[0]) > 0.7 * radius && fabs(b->x[0]) < 1.4 * radius &&
                         vocabulary_has(f->v, EXPR_SQUARE),
    };
    for (int how = 0; how < WAVE_SHAPES; how++) {
        law_writer w = {.count = 0};
        if (apt[how] && write_wave(&w, f, b, (shape)how) && !w.full)
            laws_offer(f->out, f->v, f->max_size, &w, b->share);
    }
}

void waves_find(laws *out, int task, const atoms *a, const vocabulary *v, int max_size,
                workspace *w)
{
    wave_fit f = {.a = a, .v = v, .w = w, .out = out, .factor = task - 1, .max_size = max_size};
    f.rows = a->p->rows < SAMPLE_ROWS ? (int)a->p->rows : SAMPLE_ROWS;
    out->count = 0;
    if ((!vocabulary_has(v, EXPR_SIN) && !vocabulary_has(v, EXPR_COS)) ||
        !vocabulary_has(v, EXPR_MUL) || !prepare(&f))
        return;
    for (int r = 0; r < a->ratios; r++)
        scan(&f, r);
    for (int i = 0; i < f.count; i++)
        propose(&f, &f.best[i]);
}
