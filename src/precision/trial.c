/* One trial: formats in, LUTs, delay and the metric of the exactly evaluated graph out. */
#include "precision/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* LUTs that a nanosecond beyond the limit counts for. */
static const double late_ns = 200;

output_set set_of(size_t output)
{
    return (output_set)1 << (output < 63 ? output : 63);
}

/* The nearest sum of at most `digits` signed powers of two, largest first. */
static double few_digits(double x, int digits)
{
    double sum = 0;
    for (int k = 0; k < digits && sum != x; k++) {
        int exponent;
        double rest = x - sum, m = frexp(fabs(rest), &exponent); /* m in [1/2, 1) */
        sum += copysign(ldexp(1, m >= 0.75 ? exponent : exponent - 1), rest);
    }
    return sum;
}

/* Sub-expressions of `length` nodes that end in a and b are the same one of the model. */
static bool same_part(const output_state *u, expr e, int a, int b)
{
    int length = (int)e.nodes[a].length;
    if ((int)e.nodes[b].length != length)
        return false;
    for (int k = 0; k < length; k++) {
        const expr_node *p = &e.nodes[a - k], *q = &e.nodes[b - k];
        if (p->op != q->op || p->length != q->length ||
            (p->op == EXPR_VAR && p->feature != q->feature) ||
            (p->op == EXPR_CONST && u->original[a - k] != u->original[b - k]))
            return false;
    }
    return true;
}

/* All occurrences of its source in the function of node i are one value: their constants are. */
static void share_constants(const output_state *u, expr e, int i)
{
    int source = u->source[i];
    for (int j = i - 1; j > i - (int)e.nodes[i].length; j--) {
        if (j == source || !same_part(u, e, source, j))
            continue;
        for (int k = 0; k < (int)e.nodes[j].length; k++)
            e.nodes[j - k].value = e.nodes[source - k].value;
    }
}

void trial_refresh(search *s, size_t k)
{
    output_state *u = &s->outputs[k];
    expr e = s->p->model->outputs[k];
    const node_format *formats = s->p->nodes[k];
    memset(u->replaced, 0, (size_t)e.count * sizeof *u->replaced);
    for (int i = e.count - 1; i >= 0; i--) {
        if (u->replaced[i] || !formats[i].fused || u->source[i] == i)
            continue;
        int source = u->source[i];
        for (int j = i - 1; j > i - (int)e.nodes[i].length; j--)
            u->replaced[j] = j > source || j <= source - (int)e.nodes[source].length;
    }
    for (int i = 0; i < e.count; i++) {
        if (e.nodes[i].op != EXPR_CONST)
            continue;
        double x = u->original[i];
        if (!u->replaced[i] && u->digits[i]) {
            int frac = formats[i].frac < 60 ? formats[i].frac : 60;
            x = few_digits(ldexp(rint(ldexp(x, frac)), -frac), u->digits[i]);
        }
        e.nodes[i].value = x;
    }
    for (int i = 0; i < e.count; i++)
        if (formats[i].fused && u->source[i] != i && !u->replaced[i])
            share_constants(u, e, i);
}

static graph *lower_one(search *s, size_t k, node_result *results)
{
    symlut_firmware fw = {.name = "m"};
    symlut_model one = *s->p->model;
    one.outputs += k;
    one.output_names += k;
    one.output_count = 1;
    const node_format *formats = s->p->nodes[k];
    lower_options options = s->o->lower;
    options.gives_class = false;
    options.inputs = s->p->inputs;
    options.nodes = &formats;
    options.cache = s->cache;
    options.draft = true;
    options.results = results ? &results : NULL;
    options.data = NULL;
    symlut_error err = {0};
    symlut_status status = lower_symbolic(&fw, &one, &options, &err);
    arena_free(&fw.memory);
    s->failed = s->failed || status == SYMLUT_NO_MEMORY;
    if (status == SYMLUT_OK)
        return fw.g;
    graph_free(fw.g);
    return NULL;
}

bool trial_results(search *s, size_t k, node_result *results)
{
    trial_refresh(s, k);
    graph *g = lower_one(s, k, results);
    graph_free(g);
    return g != NULL;
}

static graph *copy_of(const graph *g)
{
    graph *copy = graph_new_from(g);
    graph_ref *map = malloc((g->count + (size_t)1) * sizeof *map);
    for (graph_ref k = 0; copy && map && k < g->count; k++)
        map[k] = graph_copy_node(copy, g, k, map);
    if (!map || (copy && copy->failed.status != SYMLUT_OK)) {
        graph_free(copy);
        copy = NULL;
    }
    free(map);
    return copy;
}

/* LUTs and combinational delay after the passes. */
static bool price(search *s, output_state *u)
{
    symlut_error err = {0};
    graph *g = copy_of(u->trial);
    symlut_status status = g ? SYMLUT_OK : SYMLUT_NO_MEMORY;
    for (const opt_pass *p = opt_passes(); status == SYMLUT_OK && p->name; p++) {
        if (strcmp(p->name, "schedule") == 0)
            break;
        status = p->run(&g, &s->o->opt, &err);
    }
    estimate e = {0};
    if (status == SYMLUT_OK)
        status = cost_estimate(&e, g, s->o->opt.device, s->o->opt.dsp, 0, &err);
    graph_free(g);
    s->failed = s->failed || status == SYMLUT_NO_MEMORY;
    u->trial_lut = e.lut + 100 * e.dsp;
    u->trial_ns = e.ns_per_stage;
    return status == SYMLUT_OK;
}

/* The graph's values of output k on the rows, as numbers. */
static bool evaluate(search *s, rows *r, size_t k, double *y)
{
    const graph *g = s->outputs[k].trial;
    int64_t *scratch = malloc(graph_scratch_size(g) * sizeof *scratch);
    if (!scratch) {
        s->failed = true;
        return false;
    }
    graph_eval(g, r->count, r->port, r->out, scratch);
    free(scratch);
    format f = g->outputs[0].fmt;
    double unit = ldexp(1, -f.frac);
    for (size_t i = 0; i < r->count; i++)
        y[i] = (double)r->out[i] * unit;
    return true;
}

static double mean_square(const rows *r, size_t k, const double *y)
{
    const double *exact = r->exact + k * r->count;
    double sum = 0;
    for (size_t i = 0; i < r->count; i++) {
        double d = y[i] - exact[i];
        sum += isfinite(d) ? d * d : 0;
    }
    return r->count ? sum / (double)r->count : 0;
}

static bool in_set(output_set set, size_t k)
{
    return (set & set_of(k)) != 0;
}

/* The metric with the outputs of the set under trial. */
static double metric_of(search *s, rows *r, output_set set)
{
    double *y[64] = {0}, **all = y;
    if (r->outputs > 64 && !(all = malloc(r->outputs * sizeof *all))) {
        s->failed = true;
        return 0;
    }
    for (size_t k = 0; k < r->outputs; k++)
        all[k] = (in_set(set, k) ? r->trial : r->score) + k * r->count;
    double value = rows_metric(r, all, &s->failed);
    if (all != y)
        free(all);
    return value;
}

outcome trial(search *s, output_set set)
{
    outcome o = {.legal = true};
    double ns = 0;
    s->p->trials++;
    for (size_t k = 0; k < s->screen.outputs; k++) {
        output_state *u = &s->outputs[k];
        if (in_set(set, k)) {
            trial_refresh(s, k);
            graph_free(u->trial);
            u->trial = lower_one(s, k, NULL);
            double *y = s->screen.trial + k * s->screen.count;
            if (!u->trial || !price(s, u) || !evaluate(s, &s->screen, k, y))
                return (outcome){0};
            u->trial_error = mean_square(&s->screen, k, y);
        }
        o.cost += in_set(set, k) ? u->trial_lut : u->lut;
        o.error += in_set(set, k) ? u->trial_error : u->error;
        ns = fmax(ns, in_set(set, k) ? u->trial_ns : u->ns);
    }
    if (s->limit_ns > 0 && ns > s->limit_ns)
        o.cost += late_ns * (ns - s->limit_ns);
    o.value = metric_of(s, &s->screen, set);
    return o;
}

bool trial_checks(search *s, output_set set)
{
    rows *r = &s->check;
    for (size_t k = 0; k < r->outputs; k++)
        if (in_set(set, k) && !evaluate(s, r, k, r->trial + k * r->count))
            return false;
    return r->count == 0 || metric_of(s, r, set) >= s->check_target;
}

bool trial_agrees(search *s)
{
    rows *r = &s->held;
    double *y[64] = {0};
    if (r->count == 0 || r->outputs > 64)
        return true;
    for (size_t j = 0; j < r->inputs; j++)
        rows_set_input(r, j, s->p->inputs[j]);
    for (size_t k = 0; k < r->outputs; k++) {
        trial_refresh(s, k);
        graph_free(s->outputs[k].trial);
        s->outputs[k].trial = lower_one(s, k, NULL);
        y[k] = r->score + k * r->count;
        if (!s->outputs[k].trial || !evaluate(s, r, k, y[k]))
            return false;
    }
    s->held_value = rows_metric(r, y, &s->failed);
    double loss = r->float_value - s->held_value;
    return loss + rows_standard_error(r, y) <= s->o->tolerance;
}

static void keep_rows(rows *r, size_t k)
{
    if (r->count > 0)
        memcpy(r->score + k * r->count, r->trial + k * r->count, r->count * sizeof *r->score);
}

void trial_keep(search *s, output_set set, outcome o)
{
    for (size_t k = 0; k < s->screen.outputs; k++) {
        output_state *u = &s->outputs[k];
        if (!in_set(set, k))
            continue;
        u->lut = u->trial_lut;
        u->ns = u->trial_ns;
        u->error = u->trial_error;
        keep_rows(&s->screen, k);
        keep_rows(&s->check, k);
    }
    s->cost = o.cost;
    s->value = o.value;
}
