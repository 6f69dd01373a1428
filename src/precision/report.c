/* What each node got and what it costs in error, measured on the rows. */
#include "precision/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FINER = 8 };

static const char *text_of(search *s, size_t k, int i)
{
    const symlut_model *model = s->p->model;
    const char **names = model_input_names(&s->p->memory, model);
    int length = (int)model->outputs[k].nodes[i].length;
    expr part = {model->outputs[k].nodes + i + 1 - length, length};
    text t = {0};
    if (names)
        expr_print(&t, part, &(expr_names){names, model->input_count}, SYMLUT_PRINT_INFIX, 6);
    const char *copy = t.data ? arena_printf(&s->p->memory, "%.200s", t.data) : NULL;
    text_free(&t);
    return copy ? copy : "";
}

/* Mean square error of output k with node i finer. */
static double error_with_finer(search *s, size_t k, int i)
{
    node_format *f = &s->p->nodes[k][i], before = *f;
    if (f->given)
        return s->outputs[k].error;
    f->frac = (int16_t)(f->frac + FINER);
    f->integer = f->index_frac = FORMAT_ANY;
    f->faithful = false;
    outcome o = trial(s, set_of(k));
    *f = before;
    return o.legal ? s->outputs[k].trial_error : s->outputs[k].error;
}

static void add_output(search *s, size_t k, node_result *results)
{
    const output_state *u = &s->outputs[k];
    expr e = s->p->model->outputs[k];
    precision *p = s->p;
    size_t first = p->report_count;
    double sum = 0;
    if (!trial_results(s, k, results)) {
        s->failed = true;
        return;
    }
    for (int i = 0; i < e.count; i++) {
        if (!results[i].made || e.nodes[i].arity == 0)
            continue;
        double gone = fmax(u->error - error_with_finer(s, k, i), 0);
        trial_refresh(s, k);
        p->report[p->report_count++] = (precision_node){.output = p->model->output_names[k],
                                                        .text = text_of(s, k, i),
                                                        .fmt = results[i].fmt,
                                                        .proved = {results[i].low, results[i].high},
                                                        .seen = u->seen[i],
                                                        .saturates = results[i].saturates,
                                                        .error = sqrt(gone)};
        sum += gone;
    }
    for (size_t n = first; n < p->report_count && sum > 0; n++)
        p->report[n].share = p->report[n].error * p->report[n].error / sum;
}

/* The largest root mean square error that goes from an output when input j is finer. */
static double input_error(search *s, size_t j)
{
    format *f = &s->p->inputs[j], before = *f;
    double most = 0;
    int more = guarded_bits(s, s->input_seen[j]) - (f->width - f->frac + !f->is_signed);
    f->frac = (int16_t)(f->frac + FINER);
    f->width = (uint8_t)(f->width + FINER + (more > 0 ? more : 0));
    rows_set_input(&s->screen, j, *f);
    for (size_t k = 0; k < s->o->model->output_count; k++)
        if (trial(s, set_of(k)).legal)
            most = fmax(most, s->outputs[k].error - s->outputs[k].trial_error);
    *f = before;
    rows_set_input(&s->screen, j, *f);
    return sqrt(most);
}

static bool is_used(const search *s, size_t j)
{
    for (size_t k = 0; k < s->o->model->output_count; k++)
        for (int i = 0; i < s->outputs[k].count; i++)
            if (s->p->model->outputs[k].nodes[i].op == EXPR_VAR &&
                s->p->model->outputs[k].nodes[i].feature == j)
                return true;
    return false;
}

static void add_inputs(search *s)
{
    precision *p = s->p;
    for (size_t j = 0; j < s->o->model->input_count; j++) {
        format f = p->inputs[j];
        double half = ldexp(0.5, -f.frac);
        range limits = {format_to_double(f, format_min(f)), format_to_double(f, format_max(f))};
        range seen = s->input_seen[j];
        if (!is_used(s, j))
            continue;
        p->report[p->report_count++] = (precision_node){
            .output = "",
            .text = arena_strdup(&p->memory, p->model->inputs[j].name),
            .fmt = f,
            .proved = limits,
            .seen = seen,
            .saturates = seen.low < limits.low - half || seen.high > limits.high + half,
            .error = input_error(s, j)};
    }
}

symlut_status search_report(search *s, symlut_error *err)
{
    precision *p = s->p;
    size_t count = s->o->model->input_count, largest = 1;
    for (size_t k = 0; k < s->o->model->output_count; k++) {
        count += (size_t)s->outputs[k].count;
        largest = (size_t)s->outputs[k].count > largest ? (size_t)s->outputs[k].count : largest;
    }
    p->report = ARENA_ARRAY(&p->memory, precision_node, count);
    node_result *results = calloc(largest, sizeof *results);
    if (!p->report || !results) {
        free(results);
        return error_memory(err);
    }
    trial_agrees(s);
    p->rows = s->screen.count + s->check.count;
    p->held = s->held.count;
    p->float_value = p->held ? s->held.float_value : s->screen.float_value;
    p->value = p->held ? s->held_value : s->value;
    add_inputs(s);
    for (size_t k = 0; k < s->o->model->output_count && !s->failed; k++) {
        memset(results, 0, largest * sizeof *results);
        add_output(s, k, results);
        trial_refresh(s, k);
    }
    free(results);
    return s->failed || p->memory.failed ? error_memory(err) : SYMLUT_OK;
}
