#include "precision/settings.h"

#include "data/dataset.h"
#include "precision/normal.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const metric_words[] = {"accuracy", "auc", "r2"};

/* ---------------------------------------------------------------- tolerance */

/* Points of a decision are those of what it is made for. */
static symlut_status read_decision_metric(precision_settings *s, const symlut_dataset *data,
                                          const char *word, symlut_error *err)
{
    s->metric = METRIC_DECISION;
    s->metric_name = isnan(s->decision->threshold) ? "signal efficiency" : "right decisions";
    if (word)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the metric of a decision is its %s: leave --metric %.64s out",
                         s->metric_name, word);
    if (!data->classes || s->decision->signal_class == CLASS_UNKNOWN)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "a tolerance in %% of a decision needs rows with classes, of which one is "
                         "the signal (--signal); or give a tolerance of the score's absolute "
                         "error, such as 0.01");
    return SYMLUT_OK;
}

static symlut_status read_metric(precision_settings *s, const symlut_model *model,
                                 const symlut_compile_options *options, bool in_points,
                                 symlut_error *err)
{
    const symlut_dataset *data = options->data;
    const char *word = options->metric;
    if (!in_points) {
        s->metric = METRIC_ERROR;
        s->metric_name = "error";
        if (word)
            return error_set(err, SYMLUT_BAD_INPUT,
                             "the metric '%.64s' takes a tolerance in points, such as 0.2%%; "
                             "without %% it bounds the outputs' absolute error",
                             word);
        return SYMLUT_OK;
    }
    if (!data || !data->target)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "a tolerance in %% is measured on rows with a target: give --data, or a "
                         "tolerance of the outputs' absolute error, such as 0.01");
    if (s->decision->on)
        return read_decision_metric(s, data, word, err);
    bool classes = data->task == SYMLUT_CLASSIFICATION;
    if (!word)
        word = classes ? "accuracy" : "r2";
    size_t m = 0;
    while (m < 3 && strcmp(word, metric_words[m]) != 0)
        m++;
    if (m == 3)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the metric is '%.64s': expected accuracy, auc or r2", word);
    s->metric = (precision_metric)m;
    s->metric_name = metric_words[m];
    if (classes != (s->metric != METRIC_R2))
        return error_set(err, SYMLUT_BAD_INPUT, "the metric %s is for %s; the data is for %s", word,
                         classes ? "regression" : "classification",
                         classes ? "classification" : "regression");
    if (!classes && model->output_count != 1)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the model has %zu outputs and the data one target: give a tolerance of "
                         "the outputs' absolute error, such as 0.01",
                         model->output_count);
    return SYMLUT_OK;
}

static symlut_status read_tolerance(precision_settings *s, const symlut_model *model,
                                    const symlut_compile_options *options, symlut_error *err)
{
    const char *word = options->tolerance;
    bool has_target = options->data && options->data->target;
    if (!word)
        word = has_target ? "0.1%" : "0.01";
    char *end;
    double x = strtod(word, &end);
    bool in_points = *end == '%';
    if (end == word || strcmp(end, in_points ? "%" : "") != 0 || !(x > 0) || !isfinite(x))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the tolerance is '%.64s': expected points of the metric, such as 0.2%%, "
                         "or the outputs' absolute error, such as 0.01",
                         word);
    s->tolerance = in_points ? x / 100 : x;
    s->tolerance_text = word;
    return read_metric(s, model, options, in_points, err);
}

/* ---------------------------------------------------------------- NODE: … */

/* Splits "NODE: rest"; *name is cut of blanks around it. */
static symlut_status split_name(char **name, const char **rest, arena *memory, const char *option,
                                const char *specification, const char *form, symlut_error *err)
{
    const char *colon = strrchr(specification, ':');
    const char *start = specification + strspn(specification, " ");
    const char *last = colon;
    while (last && last > start && isspace((unsigned char)last[-1]))
        last--;
    if (!colon || last == start)
        return error_set(err, SYMLUT_BAD_INPUT, "%s '%.200s': the form is '%s'", option,
                         specification, form);
    *name = arena_strndup(memory, start, (size_t)(last - start));
    *rest = colon + 1;
    return *name ? SYMLUT_OK : error_memory(err);
}

static symlut_status no_such(const symlut_model *model, const char *option, const char *name,
                             const char *what, symlut_error *err)
{
    symlut_status status =
        error_set(err, SYMLUT_BAD_INPUT, "%s: the model has no %s '%.200s'", option, what, name);
    const char *names[64];
    size_t count = 0;
    for (size_t j = 0; j < model->input_count && count < 64; j++)
        names[count++] = model->inputs[j].name;
    error_nearest(err, name, names, count);
    return status;
}

static size_t find_input(const symlut_model *model, const char *name)
{
    size_t j = 0;
    while (j < model->input_count && strcmp(model->inputs[j].name, name) != 0)
        j++;
    return j;
}

static symlut_status read_range(precision_settings *s, arena *memory, const symlut_model *model,
                                const char *specification, symlut_error *err)
{
    char *name;
    const char *rest = "";
    symlut_status status =
        split_name(&name, &rest, memory, "--range", specification, "x1: [-8,8]", err);
    if (status != SYMLUT_OK)
        return status;
    size_t j = find_input(model, name);
    if (j == model->input_count)
        return no_such(model, "--range", name, "input", err);
    char *end;
    range r = RANGE_UNKNOWN;
    rest += strspn(rest, " ");
    bool good = *rest == '[';
    r.low = strtod(rest + good, &end);
    good = good && end != rest + 1;
    end += strspn(end, " ");
    good = good && *end == ',';
    const char *high = good ? end + 1 : end;
    r.high = strtod(high, &end);
    good = good && end != high;
    end += strspn(end, " ");
    good = good && *end == ']' && end[1 + strspn(end + 1, " ")] == '\0';
    if (!good || !isfinite(r.low) || !isfinite(r.high) || !(r.low < r.high))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "--range '%.200s': expected '[LO,HI]' with LO below HI, as in "
                         "'x1: [-8,8]'",
                         specification);
    int shift = s->shift ? s->shift[j] : 0;
    s->ranges[j] = (range){ldexp(r.low, -shift), ldexp(r.high, -shift)};
    return SYMLUT_OK;
}

static symlut_status read_ranges(precision_settings *s, arena *memory, const symlut_model *model,
                                 const symlut_compile_options *options, symlut_error *err)
{
    if (options->range_count == 0)
        return SYMLUT_OK;
    if (options->data)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "--range and --data both say what the inputs can be: give one");
    s->ranges = ARENA_ARRAY(memory, range, model->input_count);
    if (!s->ranges)
        return error_memory(err);
    for (size_t j = 0; j < model->input_count; j++)
        s->ranges[j] = RANGE_UNKNOWN;
    symlut_status status = SYMLUT_OK;
    for (size_t i = 0; i < options->range_count && status == SYMLUT_OK; i++)
        status = read_range(s, memory, model, options->ranges[i], err);
    return status;
}

/* ---------------------------------------------------------------- formats */

/* Sub-expressions of output k equal to `wanted` (count 0: its root) get the format. */
static bool set_nodes(precision_settings *s, const symlut_model *model, size_t k, expr wanted,
                      node_format f)
{
    expr e = model->outputs[k];
    bool found = false;
    for (int i = 0; i < e.count; i++) {
        int length = (int)e.nodes[i].length;
        bool is_root = i == e.count - 1;
        if (wanted.count ? !expr_equal((expr){e.nodes + i + 1 - length, length}, wanted) : !is_root)
            continue;
        s->nodes[k][i] = f;
        found = true;
    }
    return found;
}

static symlut_status set_expression(precision_settings *s, arena *memory, const symlut_model *model,
                                    const char *name, node_format f, symlut_error *err)
{
    expr wanted;
    const char **names = model_input_names(memory, model);
    symlut_error inner = {0};
    if (!names)
        return error_memory(err);
    if (expr_parse(&wanted, memory, name, &(expr_names){names, model->input_count}, "--format", 1,
                   1, &inner) != SYMLUT_OK)
        return no_such(model, "--format", name, "input, output or sub-expression", err);
    if (s->on)
        wanted = normal_form(memory, wanted);
    bool found = false;
    for (size_t k = 0; wanted.count && k < model->output_count; k++)
        found = set_nodes(s, model, k, wanted, f) || found;
    if (!wanted.count || memory->failed)
        return error_memory(err);
    return found ? SYMLUT_OK
                 : no_such(model, "--format", name, "input, output or sub-expression", err);
}

static symlut_status read_format(precision_settings *s, arena *memory, const symlut_model *model,
                                 const char *specification, symlut_error *err)
{
    char *name;
    const char *rest = "";
    symlut_status status =
        split_name(&name, &rest, memory, "--format", specification, "x3: fixed<10,4>", err);
    if (status != SYMLUT_OK)
        return status;
    node_format f = {.given = true, .index_frac = FORMAT_ANY};
    f.rounding = ROUND_TRN;
    f.overflow = OVERFLOW_WRAP;
    symlut_error inner = {0};
    rest += strspn(rest, " ");
    if (format_parse(&f.fmt, &f.rounding, &f.overflow, rest, &inner) != SYMLUT_OK) {
        error_at(err, SYMLUT_BAD_INPUT, "--format", 1, (rest - specification) + inner.column, "%s",
                 inner.message);
        error_source(err, specification, strlen(specification));
        return SYMLUT_BAD_INPUT;
    }
    size_t j = find_input(model, name);
    if (j < model->input_count) {
        if (strchr(strchr(rest, ',') + 1, ','))
            return error_set(err, SYMLUT_BAD_INPUT,
                             "--format '%.200s': inputs round to nearest and saturate: give the "
                             "format alone",
                             specification);
        s->inputs[j] = f.fmt;
        if (s->shift)
            s->inputs[j].frac = (int16_t)(f.fmt.frac + s->shift[j]);
        return SYMLUT_OK;
    }
    for (size_t k = 0; k < model->output_count; k++) {
        if (strcmp(model->output_names[k], name) != 0)
            continue;
        set_nodes(s, model, k, (expr){0}, f);
        return SYMLUT_OK;
    }
    return set_expression(s, memory, model, name, f, err);
}

static symlut_status read_formats(precision_settings *s, arena *memory, const symlut_model *model,
                                  const symlut_compile_options *options, const lower_options *lower,
                                  symlut_error *err)
{
    s->inputs = ARENA_ARRAY(memory, format, model->input_count + 1);
    s->nodes = ARENA_ARRAY(memory, node_format *, model->output_count);
    if (!s->inputs || !s->nodes)
        return error_memory(err);
    node_format uniform = {.given = true,
                           .fmt = lower->fmt,
                           .rounding = lower->rounding,
                           .overflow = lower->overflow,
                           .index_frac = FORMAT_ANY};
    for (size_t j = 0; j < model->input_count && !s->on; j++)
        s->inputs[j] = lower->fmt;
    for (size_t k = 0; k < model->output_count; k++) {
        s->nodes[k] = ARENA_ARRAY(memory, node_format, model->outputs[k].count);
        if (!s->nodes[k])
            return error_memory(err);
        for (int i = 0; i < model->outputs[k].count && !s->on; i++)
            s->nodes[k][i] = uniform;
    }
    symlut_status status = SYMLUT_OK;
    for (size_t i = 0; i < options->format_count && status == SYMLUT_OK; i++)
        status = read_format(s, memory, model, options->formats[i], err);
    return status;
}

static symlut_status read_all_formats(precision_settings *s, arena *memory,
                                      const symlut_model *model,
                                      const symlut_compile_options *options,
                                      const lower_options *lower, symlut_error *err)
{
    if (options->format_count == 0)
        return SYMLUT_OK;
    if (!s->on)
        return read_formats(s, memory, model, options, lower, err);
    symlut_model *normal = precision_normal_model(model); /* the nodes that are lowered */
    symlut_status status =
        normal ? read_formats(s, memory, normal, options, lower, err) : error_memory(err);
    symlut_model_free(normal);
    return status;
}

static symlut_status check_unused(const precision_settings *s,
                                  const symlut_compile_options *options, symlut_error *err)
{
    const char *option = options->tolerance     ? "--tolerance"
                         : options->metric      ? "--metric"
                         : options->range_count ? "--range"
                                                : NULL;
    if (s->on || !option)
        return SYMLUT_OK;
    return error_set(err, SYMLUT_BAD_INPUT,
                     "%s chooses formats by node: give it with --precision auto", option);
}

symlut_status precision_settings_read(precision_settings *s, arena *memory,
                                      const symlut_model *model,
                                      const symlut_compile_options *options,
                                      const lower_options *lower, symlut_error *err)
{
    s->guard = options->guard;
    s->effort = options->effort;
    s->tolerance_text = s->metric_name = "";
    symlut_status status = check_unused(s, options, err);
    if (status == SYMLUT_OK)
        status = read_ranges(s, memory, model, options, err);
    if (status == SYMLUT_OK)
        status = read_all_formats(s, memory, model, options, lower, err);
    if (status == SYMLUT_OK && s->on)
        status = read_tolerance(s, model, options, err);
    return status;
}

precision_options precision_options_from(const precision_settings *s, const symlut_model *model,
                                         const lower_options *lower, const opt_options *opt)
{
    return (precision_options){.model = model,
                               .data = lower->data,
                               .columns = lower->columns,
                               .ranges = s->ranges,
                               .metric = s->metric,
                               .decision = s->decision,
                               .tolerance = s->tolerance,
                               .guard = s->guard,
                               .lower = *lower,
                               .opt = *opt,
                               .fixed = (const node_format *const *)s->nodes,
                               .fixed_inputs = s->inputs,
                               .seed = 1,
                               .effort = s->effort};
}
