/* symlut predict: outputs of a firmware (bit-accurate) or of a model (float) for every row. */
#include "predictions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct predict_command {
    symlut_data_options data;
    symlut_model_options model;
    const char *out, *task;
    bool quiet, json;
} predict_command;

/* Either of the two things that predict. */
typedef struct predictor {
    symlut_model *model;
    symlut_firmware *firmware;
} predictor;

static symlut_status predictor_open(predictor *p, const char *path,
                                    const symlut_model_options *options, symlut_error *err)
{
    *p = (predictor){0};
    char *manifest = malloc(strlen(path) + sizeof "/manifest.json");
    if (!manifest)
        return out_of_memory(err);
    sprintf(manifest, "%s/manifest.json", path);
    bool is_firmware = access(manifest, F_OK) == 0;
    free(manifest);
    return is_firmware ? symlut_firmware_open(&p->firmware, path, err)
                       : symlut_model_load(&p->model, path, options, err);
}

static void predictor_close(predictor *p)
{
    symlut_firmware_free(p->firmware);
    symlut_model_free(p->model);
}

/* A firmware that gives the number of a class: 1 for that class, 0 for the others. */
static symlut_status predict_class(predictions *out, const symlut_firmware *fw,
                                   const symlut_dataset *data, symlut_error *err)
{
    double *number = malloc((out->rows + 1) * sizeof *number);
    symlut_status status =
        number ? symlut_firmware_predict(fw, data, number, err) : out_of_memory(err);
    for (size_t i = 0; i < out->rows && status == SYMLUT_OK; i++)
        for (size_t k = 0; k < out->outputs; k++)
            out->y[i * out->outputs + k] = number[i] == (double)k;
    free(number);
    return status;
}

/* Names, shape and values of the outputs for all rows. */
static symlut_status predict(predictions *out, const predictor *p, const symlut_dataset *data,
                             symlut_error *err)
{
    size_t classes = p->firmware ? symlut_firmware_classes(p->firmware) : 0;
    size_t outputs = classes       ? classes
                     : p->firmware ? symlut_firmware_outputs(p->firmware)
                                   : symlut_model_outputs(p->model);
    symlut_task task =
        p->firmware ? symlut_firmware_task(p->firmware) : symlut_model_task(p->model);
    *out = (predictions){.rows = symlut_dataset_rows(data),
                         .outputs = outputs,
                         .has_class = task == SYMLUT_CLASSIFICATION && outputs > 1,
                         .class_only = classes > 0};
    out->names = calloc(outputs + 1, sizeof *out->names);
    out->y = malloc((out->rows * outputs + 1) * sizeof *out->y);
    if (!out->names || !out->y)
        return out_of_memory(err);
    for (size_t k = 0; k < outputs; k++)
        out->names[k] = classes       ? symlut_firmware_class_name(p->firmware, k)
                        : p->firmware ? symlut_firmware_output_name(p->firmware, k)
                                      : symlut_model_output_name(p->model, k);
    if (classes)
        return predict_class(out, p->firmware, data, err);
    return p->firmware ? symlut_firmware_predict(p->firmware, data, out->y, err)
                       : symlut_model_predict(p->model, data, out->y, err);
}

/* What a decision accepted of the signal and of the rest, by the rows' weights. */
static int print_efficiencies(const predict_command *o, const predictions *p,
                              const symlut_dataset *data, const char *signal)
{
    const double *target = symlut_dataset_target(data), *weights = symlut_dataset_weights(data);
    double all[2] = {0, 0}, accepted[2] = {0, 0};
    size_t class = 0, classes = symlut_dataset_classes(data);
    while (class < classes && strcmp(symlut_dataset_class_name(data, class), signal) != 0)
        class ++;
    if (class == classes)
        return 0;
    for (size_t i = 0; i < p->rows; i++) {
        int kind = target[i] == (double)class;
        all[kind] += weights ? weights[i] : 1;
        accepted[kind] += p->y[i] * (weights ? weights[i] : 1);
    }
    double background = all[0] > 0 ? accepted[0] / all[0] : (double)NAN;
    double efficiency = all[1] > 0 ? accepted[1] / all[1] : (double)NAN;
    const char *name = symlut_dataset_target_name(data);
    if (o->json) {
        json_t *root = json_pack("{s:I, s:s, s:s}", "rows", (json_int_t)p->rows, "target", name,
                                 "signal", signal);
        if (isfinite(background))
            json_object_set_new(root, "background_efficiency", json_real(background));
        if (isfinite(efficiency))
            json_object_set_new(root, "signal_efficiency", json_real(efficiency));
        return print_json(root);
    }
    if (!o->quiet)
        fprintf(stderr, "against '%s' on %zu rows: background efficiency %.4g %%, of %s %.4g %%\n",
                name, p->rows, 100 * background, signal, 100 * efficiency);
    return 0;
}

/* How good the predictions are, when the file holds the answers. */
static int print_merit(const predict_command *o, const predictions *p, const symlut_dataset *data,
                       const char *signal)
{
    bool classes = symlut_dataset_task(data) == SYMLUT_CLASSIFICATION;
    if (signal && classes && symlut_dataset_has_target(data))
        return print_efficiencies(o, p, data, signal);
    if (signal || !symlut_dataset_has_target(data) || (classes ? !p->has_class : p->outputs != 1))
        return 0;
    symlut_metrics m;
    symlut_error err;
    if (symlut_metrics_compute(&m, data, p->y, p->names, p->outputs, &err) != SYMLUT_OK)
        return print_error(&err);
    if (p->class_only)
        m.auc = NAN; /* a class alone has no score to rank rows by */
    const char *target = symlut_dataset_target_name(data);
    if (o->json) {
        json_t *root = json_pack("{s:I, s:s}", "rows", (json_int_t)m.rows, "target", target);
        const char *const names[] = {"accuracy", "auc", "r2", "rmse"};
        const double values[] = {m.accuracy, m.auc, m.r2, m.rmse};
        for (int i = 0; i < 4; i++)
            if (isfinite(values[i]))
                json_object_set_new(root, names[i], json_real(values[i]));
        return print_json(root);
    }
    if (o->quiet)
        return 0;
    fprintf(stderr, "against '%s' on %zu rows: ", target, m.rows);
    if (!classes)
        fprintf(stderr, "R2 %.6g, RMSE %.6g\n", m.r2, m.rmse);
    else if (isfinite(m.auc))
        fprintf(stderr, "accuracy %.4f, mean AUC %.4f\n", m.accuracy, m.auc);
    else
        fprintf(stderr, "accuracy %.4f\n", m.accuracy);
    return 0;
}

static int predict_file(const predict_command *o, const predictor *p, const char *path)
{
    symlut_error err;
    terminal t;
    symlut_hooks hooks = terminal_hooks(&t, o->quiet);
    const char *target =
        p->firmware ? symlut_firmware_target_name(p->firmware) : symlut_model_target_name(p->model);
    symlut_task task =
        p->firmware ? symlut_firmware_task(p->firmware) : symlut_model_task(p->model);
    const char *signal = p->firmware ? symlut_firmware_signal(p->firmware) : NULL;
    symlut_dataset *data;
    if (load_for_model(&data, path, &o->data, target, task, &hooks, &err) != SYMLUT_OK)
        return print_error(&err);
    predictions result;
    symlut_status status = predict(&result, p, data, &err);
    if (status == SYMLUT_OK && (o->out || !o->json))
        status = predictions_write(&result, o->out, &err);
    int code = status == SYMLUT_OK ? print_merit(o, &result, data, signal) : print_error(&err);
    predictions_free(&result);
    symlut_dataset_free(data);
    return code;
}

static int run(const command *self, int argc, char **argv)
{
    predict_command o = {.data = symlut_data_options_defaults(),
                         .model = symlut_model_options_defaults()};
    enum { OWN = 7 };
    option options[OWN + DATA_OPTION_COUNT] = {
        {"o", "OUT", OPTION_TEXT, &o.out, "file to write, .csv or .npy (default: CSV to stdout)", 0,
         0, NULL},
        {"select", "HOW", OPTION_TEXT, &o.model.select,
         "model of a run: best, accuracy, score, mdl, 'complexity N'", 0, 0, NULL},
        {"names", "LIST", OPTION_TEXT, &o.model.names, "input names of an equation file, in order",
         0, 0, NULL},
        {"scaler", "FILE", OPTION_TEXT, &o.model.scaler, "CSV of feature,mean,scale for the inputs",
         0, 0, NULL},
        {"json", NULL, OPTION_FLAG, &o.json, "print the metrics as JSON instead of the rows", 0, 0,
         NULL},
        {"quiet", NULL, OPTION_FLAG, &o.quiet, "no notes and no metrics on stderr", 0, 0, NULL},
        {"q", NULL, OPTION_FLAG, &o.quiet, "the same", 0, 0, NULL},
    };
    const char *arguments[2];
    int count;
    data_options_table(options + OWN, &o.data, &o.task);
    parse_result parsed =
        options_parse(self, options, OWN + DATA_OPTION_COUNT, argc, argv, arguments, &count);
    if (parsed != PARSE_OK)
        return parsed == PARSE_HELP ? 0 : 2;
    if (o.out && !predictions_suffix_known(o.out))
        return usage_error(self, "-o writes .csv or .npy by the suffix, found '%s'", o.out);
    data_options_finish(&o.data, o.task);
    o.model.task = o.data.task;
    symlut_error err;
    predictor p;
    if (predictor_open(&p, arguments[0], &o.model, &err) != SYMLUT_OK)
        return print_error(&err);
    int code = predict_file(&o, &p, arguments[1]);
    predictor_close(&p);
    return code;
}

const command command_predict = {
    .name = "predict",
    .arguments = "FW|RUN|MODEL DATA",
    .summary = "outputs for every row: bit-accurate (FW) or float (RUN, MODEL)",
    .example = "  symlut predict fw jets.csv -o predictions.csv\n"
               "  symlut predict run jets.csv | head\n",
    .arguments_least = 2,
    .arguments_most = 2,
    .run = run,
};
