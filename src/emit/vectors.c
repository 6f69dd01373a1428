#include "emit/vectors.h"

#include <stdlib.h>

#include "base/rng.h"

symlut_status vectors_new(vectors *out, const graph *g, size_t rows, symlut_error *err)
{
    *out = (vectors){.rows = rows};
    out->in = buffer_alloc(rows * (g->input_count ? g->input_count : 1), sizeof *out->in);
    out->out = buffer_alloc(rows * (g->output_count ? g->output_count : 1), sizeof *out->out);
    if (out->in && out->out)
        return SYMLUT_OK;
    vectors_free(out);
    return error_memory(err);
}

void vectors_free(vectors *v)
{
    free(v->in);
    free(v->out);
    *v = (vectors){0};
}

typedef struct source {
    const symlut_firmware *fw;
    const graph *g;
    rng r;
    /* a sweep in progress: the base of every input, the one that moves, steps left */
    int64_t *base; /* [input_count] or NULL */
    uint32_t moving;
    int left;
} source;

static int64_t clamp(int64_t v, format f)
{
    int64_t low = format_min(f), high = format_max(f);
    return v < low ? low : v > high ? high : v;
}

/* v + step within f, without leaving int64_t */
static int64_t offset(int64_t v, int64_t step, format f)
{
    int64_t low = format_min(f), high = format_max(f);
    if (step > 0 && v > high - step)
        return high;
    if (step < 0 && v < low - step)
        return low;
    return v + step;
}

static int64_t uniform(source *s, format f)
{
    uint64_t bits = rng_next(&s->r);
    int unused = 64 - f.width;
    return f.is_signed ? (int64_t)(bits << unused) >> unused : (int64_t)(bits >> unused);
}

static int64_t usual(source *s, uint32_t input)
{
    const firmware_input *known = &s->fw->inputs[input];
    bool has_range = known->low < known->high;
    double low = has_range ? known->low : -4, high = has_range ? known->high : 4;
    return format_from_double(s->g->inputs[input].fmt, low + (high - low) * rng_unit(&s->r));
}

/* k * 2^p or a neighbour: steps of table indices, wrap points, ends of ranges */
static int64_t near_step(source *s, format f)
{
    int64_t v = uniform(s, f);
    if (rng_below(&s->r, 2))
        v = v >= 0 ? v >> rng_below(&s->r, f.width) : -(-(v + 1) >> rng_below(&s->r, f.width)) - 1;
    uint32_t power = rng_below(&s->r, f.width);
    v = (int64_t)((uint64_t)v & ~(((uint64_t)1 << power) - 1));
    return offset(clamp(v, f), (int64_t)rng_below(&s->r, 3) - 1, f);
}

static void start_sweep(source *s)
{
    bool in_usual_range = rng_below(&s->r, 2) == 0;
    for (uint32_t i = 0; i < s->g->input_count; i++)
        s->base[i] = in_usual_range ? usual(s, i) : uniform(s, s->g->inputs[i].fmt);
    s->moving = rng_below(&s->r, s->g->input_count);
    s->left = 64;
}

typedef int64_t pick_function(source *s, uint32_t input, size_t row);

/* Combination number `row` of minima and maxima; beyond 24 inputs at random. */
static int64_t pick_extreme(source *s, uint32_t input, size_t row)
{
    format f = s->g->inputs[input].fmt;
    bool high = input < 24 ? row >> input & 1 : rng_below(&s->r, 2);
    return high ? format_max(f) : format_min(f);
}

static int64_t pick_random_extreme(source *s, uint32_t input, size_t row)
{
    format f = s->g->inputs[input].fmt;
    int64_t low = format_min(f), high = format_max(f);
    if (row < 2) /* all minima, all maxima */
        return row ? high : low;
    switch (rng_below(&s->r, 4)) {
    case 0:
        return low;
    case 1:
        return high;
    case 2:
        return offset(low, 1, f);
    default:
        return offset(high, -1, f);
    }
}

static int64_t pick_near_zero(source *s, uint32_t input, size_t row)
{
    (void)row;
    return clamp((int64_t)rng_below(&s->r, 3) - 1, s->g->inputs[input].fmt);
}

static int64_t pick_near_step(source *s, uint32_t input, size_t row)
{
    (void)row;
    return near_step(s, s->g->inputs[input].fmt);
}

static int64_t pick_sweep(source *s, uint32_t input, size_t row)
{
    (void)row;
    if (input == 0 && s->left-- <= 0)
        start_sweep(s);
    if (input == s->moving)
        s->base[input] = offset(s->base[input], 1, s->g->inputs[input].fmt);
    return s->base[input];
}

static int64_t pick_uniform(source *s, uint32_t input, size_t row)
{
    (void)row;
    return uniform(s, s->g->inputs[input].fmt);
}

static int64_t pick_usual(source *s, uint32_t input, size_t row)
{
    (void)row;
    return usual(s, input);
}

static size_t fill(vectors *v, size_t first, size_t count, source *s, pick_function *pick)
{
    size_t end = first + count < v->rows ? first + count : v->rows;
    for (size_t row = first; row < end; row++) {
        for (uint32_t i = 0; i < s->g->input_count; i++)
            v->in[(size_t)i * v->rows + row] = pick(s, i, row - first);
    }
    return end;
}

void vectors_fill(vectors *v, size_t first, const symlut_firmware *fw, uint64_t seed)
{
    const graph *g = fw->g;
    source s = {.fw = fw, .g = g, .r = rng_make(seed, 0)};
    size_t count = v->rows - first, row = first;
    uint32_t inputs = g->input_count;
    if (inputs == 0)
        return;
    if (inputs < 24 && (size_t)1 << inputs <= count / 16)
        row = fill(v, row, (size_t)1 << inputs, &s, pick_extreme);
    row = fill(v, row, count / 32, &s, pick_random_extreme);
    row = fill(v, row, count / 32, &s, pick_near_zero);
    row = fill(v, row, count / 8, &s, pick_near_step);
    s.base = calloc(inputs, sizeof *s.base);
    if (s.base) /* without memory: more of the others */
        row = fill(v, row, count / 8, &s, pick_sweep);
    free(s.base);
    row = fill(v, row, count / 3, &s, pick_uniform);
    fill(v, row, v->rows - row, &s, pick_usual);
}

symlut_status vectors_evaluate(vectors *v, const graph *g, symlut_error *err)
{
    int64_t *scratch = buffer_alloc(graph_scratch_size(g), sizeof *scratch);
    if (!scratch)
        return error_memory(err);
    if (v->rows)
        graph_eval(g, v->rows, v->in, v->out, scratch);
    free(scratch);
    return SYMLUT_OK;
}
