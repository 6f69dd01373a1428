/* The options of a decision as output, read and checked. */
#include "lower/decision.h"

#include "data/dataset.h"
#include "data/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static symlut_status read_threshold(decision_options *out, const char *word, symlut_error *err)
{
    char *end;
    out->text = word;
    out->threshold = strtod(word, &end);
    if (end != word && !*end && isfinite(out->threshold))
        return SYMLUT_OK;
    return error_set(err, SYMLUT_BAD_INPUT,
                     "the threshold is '%.64s': expected a number, such as 0.35", word);
}

static symlut_status read_efficiency(decision_options *out, const char *word, symlut_error *err)
{
    char *end;
    double x = strtod(word, &end);
    bool percent = *end == '%';
    out->text = word;
    out->efficiency = percent ? x / 100 : x;
    if (end != word && strcmp(end, percent ? "%" : "") == 0 && out->efficiency > 0 &&
        out->efficiency < 1)
        return SYMLUT_OK;
    return error_set(err, SYMLUT_BAD_INPUT,
                     "the background efficiency is '%.64s': expected a part between 0 and 1, such "
                     "as 0.01 or 1%%",
                     word);
}

static size_t find(const char *const *names, size_t count, const char *name)
{
    size_t k = 0;
    while (k < count && strcmp(names[k], name) != 0)
        k++;
    return k;
}

static symlut_status no_such_class(const char *const *names, size_t count, const char *what,
                                   const char *word, symlut_error *err)
{
    error_set(err, SYMLUT_BAD_INPUT, "the signal is '%.100s': %s has no class of that name", word,
              what);
    error_nearest(err, word, names, count < 64 ? count : 64);
    return SYMLUT_BAD_INPUT;
}

/* Of several outputs the signal is one: by its name, or by that of the data's class it stands for.
 */
static symlut_status choose_output(decision_options *out, const symlut_model *model,
                                   const symlut_dataset *data, const char *word, symlut_error *err)
{
    size_t count = model->output_count, classes = data ? data->classes : 0;
    if (!word && count > 2)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the model has %zu outputs: say which one is the signal (--signal %.64s); "
                         "the others are background",
                         count, model->output_names[count - 1]);
    size_t *to_class = malloc(count * sizeof *to_class);
    if (!to_class)
        return error_memory(err);
    if (classes)
        metric_match_classes(to_class, data, model->output_names, count);
    size_t k = word ? find(model->output_names, count, word) : 1;
    size_t named = word && classes ? find(data->class_names, classes, word) : classes;
    for (size_t i = 0; k == count && named < classes && i < count; i++)
        k = to_class[i] == named ? i : k;
    out->signal = k;
    out->signal_class = k < count && classes && to_class[k] < classes ? to_class[k] : CLASS_UNKNOWN;
    free(to_class);
    if (k == count)
        return no_such_class(model->output_names, count, "the model", word, err);
    out->signal_name = model->output_names[k];
    return SYMLUT_OK;
}

/* One score is that of the class it is named after, or of the second of two. */
static symlut_status choose_class(decision_options *out, const symlut_model *model,
                                  const symlut_dataset *data, const char *word, symlut_error *err)
{
    size_t classes = data ? data->classes : 0;
    const char *name = word ? word : model->output_names[0];
    size_t k = classes ? find(data->class_names, classes, name) : 0;
    out->signal_name = word ? word : "";
    out->signal_class = CLASS_UNKNOWN;
    if (k == classes && !word && classes == 2)
        k = 1;
    if (k < classes) {
        out->signal_class = k;
        out->signal_name = data->class_names[k];
    } else if (word && classes) {
        return no_such_class(data->class_names, classes, "the data", word, err);
    }
    return SYMLUT_OK;
}

/* An efficiency needs rows of both kinds. */
static symlut_status check_rows(const decision_options *out, const symlut_dataset *data,
                                symlut_error *err)
{
    if (!data || !data->target)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "a background efficiency is measured on rows with their classes: give "
                         "--data, and --target where it needs one");
    if (!data->classes)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the target '%.64s' is a number, expected classes: background and signal",
                         data->target_name);
    if (out->signal_class == CLASS_UNKNOWN)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "which of the data's %zu classes is the signal? give --signal NAME",
                         data->classes);
    for (size_t i = 0; i < data->rows; i++)
        if (data->target[i] != (double)out->signal_class && (!data->weights || data->weights[i]))
            return SYMLUT_OK;
    return error_set(err, SYMLUT_BAD_INPUT, "the data has no row but of the signal '%.64s'",
                     out->signal_name);
}

static symlut_status refuse_without_decision(const symlut_compile_options *o, symlut_error *err)
{
    const char *option = o->threshold               ? "--threshold"
                         : o->background_efficiency ? "--background-efficiency"
                         : o->signal                ? "--signal"
                         : o->discriminant          ? "--discriminant"
                                                    : NULL;
    return option ? error_set(err, SYMLUT_BAD_INPUT,
                              "%s is of a decision: give it with --output decision", option)
                  : SYMLUT_OK;
}

symlut_status decision_read(decision_options *out, const symlut_model *model,
                            const symlut_compile_options *options, symlut_error *err)
{
    *out = (decision_options){.threshold = NAN};
    if (!options->output || strcmp(options->output, "decision") != 0)
        return refuse_without_decision(options, err);
    out->on = true;
    const char *how = options->discriminant;
    out->margin = model->output_count > 1 && (!how || strcmp(how, "margin") == 0);
    if (how && strcmp(how, "margin") != 0 && strcmp(how, "score") != 0)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the discriminant is '%.64s': expected margin or score", how);
    if (!options->threshold == !options->background_efficiency)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "a decision has one threshold: give --threshold 0.35, or "
                         "--background-efficiency 1%% with --data");
    symlut_status status = options->threshold
                               ? read_threshold(out, options->threshold, err)
                               : read_efficiency(out, options->background_efficiency, err);
    const symlut_dataset *data = options->data && options->data->target ? options->data : NULL;
    if (status == SYMLUT_OK)
        status = model->output_count > 1 ? choose_output(out, model, data, options->signal, err)
                                         : choose_class(out, model, data, options->signal, err);
    if (status == SYMLUT_OK && options->background_efficiency)
        status = check_rows(out, data, err);
    return status;
}
