/* What is known before the search, and its first formats, from the analytic error model. */
#include "precision/search.h"

#include "data/dataset.h"
#include "lower/merge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    SCREEN_ROWS = 6144,
    CHECK_ROWS = 32768,
    HELD_ROWS = 65536,
    LEAST_ROWS = 4000, /* fewer are not divided */
    SLOPE_ROWS = 512,
    DRAWN_ROWS = 8192,
    MOST_FRAC = 24,
    LEAST_FRAC = -20
};

/* ---------------------------------------------------------------- rows and ranges */

static symlut_status drawn_rows(search *s, symlut_error *err)
{
    const precision_options *o = s->o;
    range *ranges = ARENA_ARRAY(&s->p->memory, range, o->model->input_count + 1);
    if (!ranges)
        return error_memory(err);
    for (size_t j = 0; j < o->model->input_count; j++) {
        model_input in = o->model->inputs[j];
        ranges[j] =
            o->ranges && range_is_known(o->ranges[j]) ? o->ranges[j] : (range){in.low, in.high};
        if (!range_is_known(ranges[j]))
            return error_set(err, SYMLUT_BAD_INPUT,
                             "the range of input %s is not known: give rows (--data) or "
                             "--range '%s: [-8,8]'",
                             in.name, in.name);
    }
    return rows_from_ranges(&s->screen, o, ranges, DRAWN_ROWS, err);
}

static size_t stride_for(size_t count, size_t most)
{
    return count > most ? count / most : 1;
}

/* Of the even rows some screen the steps and more check them; the odd rows are held back. All are
 * spread evenly over the data. */
static symlut_status make_rows(search *s, symlut_error *err)
{
    const precision_options *o = s->o;
    if (!o->data)
        return drawn_rows(s, err);
    size_t n = o->data->rows;
    if (n < LEAST_ROWS)
        return rows_from_data(&s->screen, o, 0, 1, n, err);
    size_t half = n / 2, screen = stride_for(half, SCREEN_ROWS);
    symlut_status status = rows_from_data(&s->screen, o, 0, 2 * screen, SCREEN_ROWS, err);
    if (status == SYMLUT_OK && screen > 1)
        status = rows_from_data(&s->check, o, 0, 2 * stride_for(half, CHECK_ROWS), CHECK_ROWS, err);
    if (status == SYMLUT_OK)
        status = rows_from_data(&s->held, o, 1, 2 * stride_for(half, HELD_ROWS), HELD_ROWS, err);
    return status;
}

static void widen(range *r, double x)
{
    if (!isfinite(x))
        return;
    *r = range_is_known(*r) ? (range){fmin(r->low, x), fmax(r->high, x)} : (range){x, x};
}

static int first_operand(expr e, int i)
{
    return i - 1 - (int)e.nodes[i - 1].length;
}

static void evaluate_nodes(double *values, expr e, const rows *r, size_t row)
{
    for (int i = 0; i < e.count; i++) {
        expr_node n = e.nodes[i];
        if (n.op == EXPR_CONST)
            values[i] = n.value;
        else if (n.op == EXPR_VAR)
            values[i] = r->x[(size_t)n.feature * r->count + row];
        else if (n.arity == 1)
            values[i] = expr_apply((expr_op)n.op, values[i - 1], 0);
        else
            values[i] = expr_apply((expr_op)n.op, values[first_operand(e, i)], values[i - 1]);
    }
}

/* Operations that jump: an operand's error can move the value by as much as one. */
static bool jumps(expr_op op, int side)
{
    switch (op) {
    case EXPR_LESS:
    case EXPR_GREATER:
    case EXPR_LESS_EQUAL:
    case EXPR_GREATER_EQUAL:
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_SIGN:
    case EXPR_FLOOR:
    case EXPR_CEIL:
    case EXPR_ROUND:
    case EXPR_MOD:
        return true;
    case EXPR_COND:
        return side == 0;
    default:
        return false;
    }
}

/* d op / d operand `side` by a central difference. */
static double partial(expr_op op, double a, double b, int side)
{
    if (jumps(op, side))
        return 1;
    double x = side ? b : a, h = 1e-6 * (1 + fabs(x));
    double up = side ? expr_apply(op, a, b + h) : expr_apply(op, a + h, b);
    double down = side ? expr_apply(op, a, b - h) : expr_apply(op, a - h, b);
    double d = (up - down) / (2 * h);
    /* a step, or a pole: an error there is as large as the operands' own */
    return isfinite(d) ? fmin(fmax(d, -1e3), 1e3) : 0;
}

static void add_slopes(double *sum, double *slope, const double *values, expr e)
{
    slope[e.count - 1] = 1;
    for (int i = e.count - 1; i >= 0; i--) {
        expr_node n = e.nodes[i];
        sum[i] += slope[i] * slope[i];
        if (n.arity == 0)
            continue;
        int b = i - 1, a = n.arity == 2 ? first_operand(e, i) : b;
        double va = values[a], vb = n.arity == 2 ? values[b] : 0;
        slope[a] = slope[i] * partial((expr_op)n.op, va, vb, 0);
        if (n.arity == 2)
            slope[b] = slope[i] * partial((expr_op)n.op, va, vb, 1);
    }
}

static void learn_rows(search *s, output_state *u, expr e, const rows *r, double *values,
                       double *slope)
{
    size_t stride = r->count / SLOPE_ROWS + 1;
    for (size_t row = 0; row < r->count; row++) {
        evaluate_nodes(values, e, r, row);
        for (int i = 0; i < e.count; i++)
            widen(&u->seen[i], values[i]);
        if (r == &s->screen && row % stride == 0)
            add_slopes(u->slope, slope, values, e);
    }
}

static symlut_status learn_output(search *s, size_t k, symlut_error *err)
{
    output_state *u = &s->outputs[k];
    expr e = s->p->model->outputs[k];
    arena *a = &s->p->memory;
    size_t n = (size_t)e.count;
    u->count = e.count;
    u->source = ARENA_ARRAY(a, int, n);
    u->parent = ARENA_ARRAY(a, int, n);
    u->replaced = ARENA_ARRAY(a, bool, n);
    u->original = ARENA_ARRAY(a, double, n);
    u->digits = ARENA_ARRAY(a, int8_t, n);
    u->seen = ARENA_ARRAY(a, range, n);
    u->slope = ARENA_ARRAY(a, double, n);
    s->p->nodes[k] = ARENA_ARRAY(a, node_format, n);
    double *values = ARENA_ARRAY(a, double, 2 * n);
    if (a->failed)
        return error_memory(err);
    merge_bases(u->source, e);
    for (int i = 0; i < e.count; i++) {
        u->original[i] = e.nodes[i].value;
        u->seen[i] = RANGE_UNKNOWN;
        u->parent[i] = -1;
    }
    for (int i = 0; i < e.count; i++) {
        if (e.nodes[i].arity > 0)
            u->parent[i - 1] = i;
        if (e.nodes[i].arity == 2)
            u->parent[first_operand(e, i)] = i;
    }
    learn_rows(s, u, e, &s->screen, values, values + n);
    learn_rows(s, u, e, &s->check, values, values + n);
    learn_rows(s, u, e, &s->held, values, values + n);
    size_t stride = s->screen.count / SLOPE_ROWS + 1;
    double rows_used = (double)((s->screen.count + stride - 1) / stride);
    for (int i = 0; i < e.count; i++)
        u->slope[i] = sqrt(u->slope[i] / rows_used);
    return SYMLUT_OK;
}

static void learn_inputs(search *s)
{
    const rows *sets[3] = {&s->screen, &s->check, &s->held};
    for (size_t j = 0; j < s->screen.inputs; j++) {
        range *r = &s->input_seen[j];
        *r = RANGE_UNKNOWN;
        for (int k = 0; k < 3; k++)
            for (size_t i = 0; i < sets[k]->count; i++)
                widen(r, sets[k]->x[j * sets[k]->count + i]);
        if (!range_is_known(*r))
            *r = (range){-1, 1};
    }
}

int guarded_bits(const search *s, range r)
{
    if (!range_is_known(r))
        return FORMAT_ANY;
    double margin = s->o->guard * (r.high - r.low);
    double low = r.low - margin, high = r.high + margin;
    int bits = -24;
    while (bits < 40 && (high >= ldexp(1, bits) || low < -ldexp(1, bits)))
        bits++;
    return bits + 1;
}

symlut_status search_begin(search *s, symlut_error *err)
{
    precision *p = s->p;
    size_t inputs = s->o->model->input_count, outputs = s->o->model->output_count;
    p->model = precision_normal_model(s->o->model);
    p->nodes = ARENA_ARRAY(&p->memory, node_format *, outputs);
    p->inputs = ARENA_ARRAY(&p->memory, format, inputs + 1);
    s->outputs = ARENA_ARRAY(&p->memory, output_state, outputs);
    s->input_seen = ARENA_ARRAY(&p->memory, range, inputs + 1);
    s->cache = table_cache_new();
    if (!p->model || !p->nodes || !p->inputs || !s->outputs || !s->input_seen || !s->cache)
        return error_memory(err);
    symlut_status status = make_rows(s, err);
    if (status != SYMLUT_OK)
        return status;
    learn_inputs(s);
    for (size_t k = 0; k < outputs && status == SYMLUT_OK; k++)
        status = learn_output(s, k, err);
    s->target = s->screen.float_value - s->o->tolerance;
    s->check_target = s->check.float_value - s->o->tolerance;
    if (s->o->opt.stages > 0) { /* each stage pays its register */
        const device *d = s->o->opt.device;
        double overhead = d->clock_to_q + d->setup;
        s->limit_ns = s->o->opt.stages * (s->o->opt.period_ns - overhead) + overhead;
    }
    return status;
}

void search_end(search *s)
{
    for (size_t k = 0; s->outputs && k < s->o->model->output_count; k++)
        graph_free(s->outputs[k].trial);
    rows_free(&s->screen);
    rows_free(&s->check);
    rows_free(&s->held);
    table_cache_free(s->cache);
}

/* ---------------------------------------------------------------- first formats */

static bool is_exact(expr_op op)
{
    return op == EXPR_ADD || op == EXPR_SUB || op == EXPR_NEG || op == EXPR_MUL;
}

static bool is_given(const search *s, size_t k, int i)
{
    return s->o->fixed && s->o->fixed[k][i].given;
}

/* The largest sub-expressions of one source that hold more than sums and a factor are tables. */
static void fuse_functions(search *s, size_t k)
{
    const output_state *u = &s->outputs[k];
    expr e = s->p->model->outputs[k];
    for (int i = e.count - 1; i >= 0; i--) {
        node_format *f = &s->p->nodes[k][i];
        int source = u->source[i];
        f->source = source;
        if (source < 0 || source == i || e.nodes[i].arity == 0)
            continue;
        bool is_function = false, holds_given = false;
        for (int j = i; j > i - (int)e.nodes[i].length; j--) {
            bool inside = j > source || j <= source - (int)e.nodes[source].length;
            is_function = is_function ||
                          (inside && e.nodes[j].arity > 0 && !is_exact((expr_op)e.nodes[j].op));
            holds_given = holds_given || (inside && j != i && is_given(s, k, j));
        }
        f->fused = is_function && !holds_given;
    }
}

static int clamp(double x, int low, int high)
{
    return x < low ? low : x > high ? high : (int)x;
}

/* An error of a node counts by its slope: bits below 2^-base at the output are cut. */
static int bits_for(double slope, double base)
{
    return clamp(ceil(base + log2(fmax(slope, 1e-6))), LEAST_FRAC, MOST_FRAC);
}

static void set_inputs(search *s, double base)
{
    size_t inputs = s->o->model->input_count;
    for (size_t j = 0; j < inputs; j++) {
        double slope = 0;
        for (size_t k = 0; k < s->o->model->output_count; k++) {
            expr e = s->p->model->outputs[k];
            for (int i = 0; i < e.count; i++)
                if (e.nodes[i].op == EXPR_VAR && e.nodes[i].feature == j)
                    slope = fmax(slope, s->outputs[k].slope[i]);
        }
        int integer = guarded_bits(s, s->input_seen[j]);
        int frac = bits_for(slope, base);
        bool is_signed = s->input_seen[j].low < 0;
        int width = frac + integer - (is_signed ? 0 : 1);
        width = width < 2 ? 2 : width > 40 ? 40 : width;
        s->p->inputs[j] =
            (format){is_signed, (uint8_t)width, (int16_t)(width - integer + (is_signed ? 0 : 1))};
        if (s->o->fixed_inputs && s->o->fixed_inputs[j].width)
            s->p->inputs[j] = s->o->fixed_inputs[j];
        rows_set_input(&s->screen, j, s->p->inputs[j]);
        rows_set_input(&s->check, j, s->p->inputs[j]);
    }
}

static void set_nodes(search *s, size_t k, double base)
{
    const output_state *u = &s->outputs[k];
    expr e = s->p->model->outputs[k];
    for (int i = 0; i < e.count; i++) {
        node_format *f = &s->p->nodes[k][i];
        if (is_given(s, k, i)) {
            node_format given = s->o->fixed[k][i];
            given.fused = f->fused;
            given.source = f->source;
            given.index_frac = FORMAT_ANY;
            *f = given;
            continue;
        }
        f->frac = (int16_t)bits_for(u->slope[i], base);
        f->integer = (int16_t)guarded_bits(s, u->seen[i]);
        f->index_frac = FORMAT_ANY;
        if (e.nodes[i].op == EXPR_CONST) /* a coefficient: its error counts by the operand */
            f->frac = (int16_t)clamp(bits_for(u->slope[i], base) + 1, LEAST_FRAC, MOST_FRAC);
    }
}

static bool holds(search *s, double base, outcome *o)
{
    output_set all = ~(output_set)0;
    set_inputs(s, base);
    for (size_t k = 0; k < s->o->model->output_count; k++)
        set_nodes(s, k, base);
    *o = trial(s, all);
    return o->legal && !s->failed && o->value >= s->target && trial_checks(s, all) &&
           trial_agrees(s);
}

static symlut_status out_of_reach(const search *s, double value, symlut_error *err)
{
    char found[80];
    if (s->o->metric == METRIC_ERROR)
        snprintf(found, sizeof found, "the outputs are off by up to %.6g", -value);
    else
        snprintf(found, sizeof found, "the metric is %.6g, float gives %.6g", value,
                 s->screen.float_value);
    return error_set(err, SYMLUT_NO,
                     "no formats of at most %d fraction bits and tables of at most %d entries keep "
                     "the tolerance: with them %s; give a larger --tolerance",
                     (int)MOST_FRAC, (int)TABLE_MAX_ENTRIES, found);
}

symlut_status search_start(search *s, symlut_error *err)
{
    for (size_t k = 0; k < s->o->model->output_count; k++)
        fuse_functions(s, k);
    outcome o;
    double base = 4;
    bool found = holds(s, base, &o);
    for (; !found && base < MOST_FRAC && !s->failed; found = holds(s, base, &o))
        base += 1;
    if (s->failed)
        return error_memory(err);
    if (!found)
        return out_of_reach(s, o.value, err);
    while (base > -MOST_FRAC && holds(s, base - 1, &o))
        base -= 1;
    holds(s, base, &o);
    trial_keep(s, ~(output_set)0, o);
    return s->failed ? error_memory(err) : SYMLUT_OK;
}
