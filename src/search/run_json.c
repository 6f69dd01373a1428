/* run.json and summary.json: what was searched, how far, and how good the selected model is. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "data/metrics.h"
#include "expr/front.h"
#include "search/run_files.h"
#include "search/tails.h"

static const double ROUNDING = 1e-12; /* of the target's variance */
static const double HUBER = 1.345;    /* standard deviations: 95 % efficient on normal residuals */

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static json_t *guess_list(const symlut_fit_options *o)
{
    json_t *list = json_array();
    for (size_t i = 0; list && i < o->guess_count; i++)
        json_array_append_new(list, json_string(o->guesses[i]));
    return list;
}

static json_t *shares_list(const double *shares)
{
    json_t *list = json_object();
    for (int i = 0; list && i < VARY_COUNT; i++)
        json_object_set_new(list, variation_name(i), json_real(shares[i]));
    return list;
}

/* Of the groves, NULL where there are none. */
static json_t *grove_shares(const run_state *r)
{
    return r->all ? shares_list(r->all->groves[0].shares) : NULL;
}

/* Of each output: the share of births in each way, as it is now. */
static json_t *share_object(const run_state *r)
{
    json_t *all = json_object();
    for (int k = 0; all && k < r->job->outputs; k++) {
        const char *name = r->job->output_names[k];
        const island *first = &r->e->islands[k * r->job->set.islands];
        json_object_set_new(all, name ? name : "y", shares_list(first->shares));
    }
    return all;
}

/* NULL where nothing was chosen. */
static json_t *importance_object(const feature_choice *c)
{
    json_t *all = c ? json_object() : NULL;
    for (size_t f = 0; all && f < c->data->features; f++)
        json_object_set_new(all, c->data->feature_names[f], json_real(c->importance[f]));
    return all;
}

/* NULL where nothing was smoothed. */
static json_t *smoothing_object(const denoise_fit *f)
{
    if (f->rows == 0)
        return NULL;
    return json_pack("{s:I, s:f, s:f, s:f, s:f, s:f}", "rows", (json_int_t)f->rows, "length",
                     f->length, "noise", f->noise, "signal", f->signal, "mean", f->mean,
                     "log_likelihood", f->likelihood);
}

static json_t *run_object(const run_state *r)
{
    const symlut_fit_options *o = r->options;
    json_t *options = json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:i, s:i, s:f, s:I, s:I, s:I, s:i, s:i, s:i, s:f, s:i, s:f, "
        "s:i, "
        "s:i, s:s, s:i, s:s?, s:s?, s:s?, s:s*, s:s*, s:s?, s:f, s:b, s:i, s:I, s:s, s:b, s:b, "
        "s:b, s:f, s:o*, s:o*, s:o}",
        "operators", o->operators, "loss", o->loss, "scale", o->scale, "split", o->split,
        "test_from", (json_int_t)o->test_from, "max_size", o->max_size, "warmup_maxsize",
        o->warmup_maxsize, "time_s", o->time_s, "iterations", (json_int_t)o->iterations,
        "evaluations", (json_int_t)o->evaluations, "seed", (json_int_t)o->seed, "threads",
        pool_threads(r->e->threads), "islands", o->islands, "population", o->population,
        "stop_loss", o->stop_loss, "stop_complexity", o->stop_complexity, "constant_limit",
        r->job->constant_limit, "constant_iterations", o->constant_iterations, "constant_restarts",
        r->job->set.optimize_restarts, "select", o->select, "max_depth", o->max_depth, "nested",
        o->nested, "constraints", o->constraints, "complexity", o->complexity, "template",
        o->template_form, "template_parameters", o->template_parameters, "units", o->units,
        "unit_penalty", o->unit_penalty, "dimensionless_constants", o->dimensionless_constants,
        "select_features", o->select_features, "batch", (json_int_t)r->job->set.window_rows,
        "mutation_weights", o->mutation_weights, "no_laws", o->no_laws, "denoise", o->denoise,
        "allow_poles", o->allow_poles, "samples_per_period", o->samples_per_period, "importance",
        importance_object(r->choice), "smoothing", smoothing_object(&r->job->smoothing), "guesses",
        guess_list(o));
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:f, s:I, s:s?, s:s, s:o}", "version", SYMLUT_VERSION,
        "data_hash", r->job->data->hash, "command_line", o->command_line ? o->command_line : "",
        "state", r->reason ? "stopped" : "running", "epochs", (json_int_t)r->e->epoch, "seconds",
        r->seconds, "evaluations", (json_int_t)run_evaluations(r), "stopped_by", r->reason,
        "kernels", r->e->workspaces[0].k->name, "options", options);
}

/* Predictions of a model on some rows: [rows][outputs]. */
static double *predict(const task *t, const symlut_model *m, const uint32_t *rows, size_t count)
{
    size_t outputs = m->output_count;
    double *y = malloc((count * outputs + 1) * sizeof *y);
    double *x = malloc((t->data->features + 1) * sizeof *x);
    double *stack = malloc(EXPR_MAX_NODES * sizeof *stack);
    for (size_t i = 0; y && x && stack && i < count; i++) {
        task_inputs(t, rows[i], x);
        for (size_t k = 0; k < outputs; k++)
            y[i * outputs + k] = expr_eval(m->outputs[k], x, stack);
    }
    bool ok = x && stack;
    free(x);
    free(stack);
    if (ok)
        return y;
    free(y);
    return NULL;
}

static json_t *regression_metrics(const task *t, const double *y, const uint32_t *rows,
                                  size_t count)
{
    double *target = malloc((count + 1) * sizeof *target);
    if (!target)
        return NULL;
    for (size_t i = 0; i < count; i++)
        target[i] = task_target(t, 0, rows[i]);
    json_t *out = json_pack("{s:o, s:o}", "r2", number(metric_r2(y, target, count)), "rmse",
                            number(metric_rmse(y, target, count)));
    free(target);
    return out;
}

static json_t *class_metrics(const task *t, const double *y, const uint32_t *rows, size_t count)
{
    size_t classes = (size_t)t->outputs, right = 0;
    double *scores = malloc((count + 1) * sizeof *scores);
    bool *positive = malloc(count + 1);
    json_t *areas = json_object();
    bool failed = !scores || !positive;
    for (size_t i = 0; i < count; i++)
        right += metric_argmax(y + i * classes, classes) == (size_t)t->data->target[rows[i]];
    for (size_t k = 0; k < classes && !failed; k++) {
        for (size_t i = 0; i < count; i++) {
            scores[i] = y[i * classes + k];
            positive[i] = (size_t)t->data->target[rows[i]] == k;
        }
        json_object_set_new(areas, t->output_names[k],
                            number(metric_auc(scores, positive, count, &failed)));
    }
    free(scores);
    free(positive);
    if (failed) {
        json_decref(areas);
        return NULL;
    }
    return json_pack("{s:f, s:o}", "accuracy", (double)right / (double)count, "auc", areas);
}

/* Adds the metrics of one part; an empty part is left out. */
static bool add_metrics(json_t *all, const char *name, const task *t, const symlut_model *m,
                        const uint32_t *rows, size_t count)
{
    if (count == 0)
        return true;
    double *y = predict(t, m, rows, count);
    json_t *out = NULL;
    if (y)
        out = t->data->task == SYMLUT_CLASSIFICATION ? class_metrics(t, y, rows, count)
                                                     : regression_metrics(t, y, rows, count);
    free(y);
    return out && json_object_set_new(all, name, out) == 0;
}

/* Residuals of the training rows, each times the root of its weight, where squares were minimised.
 * false: out of memory. `out` stays empty where there is nothing to say. */
static bool judge_tails(tails *out, const task *t, const symlut_model *m)
{
    *out = (tails){0};
    size_t count = t->parts.train_count;
    if (!t->squares || t->data->task == SYMLUT_CLASSIFICATION)
        return true;
    double *residuals = predict(t, m, t->parts.train, count), squares = 0;
    if (!residuals)
        return false;
    for (size_t i = 0; i < count; i++) {
        uint32_t row = t->parts.train[i];
        double w = t->data->weights ? t->data->weights[row] : 1;
        residuals[i] = sqrt(w) * (task_target(t, 0, row) - residuals[i]);
        squares += residuals[i] * residuals[i];
    }
    const problem *p = &t->problems[0]; /* rounding has tails of its own */
    double whole = p->baseline * p->sum_w[(p->padded + EVAL_BLOCK - 1) / EVAL_BLOCK];
    if (squares > ROUNDING * whole)
        *out = tails_of(residuals, count);
    free(residuals);
    return true;
}

/* NULL: nothing is worth a note. */
static json_t *tails_object(const tails *t)
{
    char note[400];
    if (!t->heavy)
        return NULL;
    snprintf(note, sizeof note,
             "the residuals have heavy tails: %.2g %% of the training rows lie beyond %g robust "
             "standard deviations and hold %.0f %% of the squared error; --loss L1 or --loss "
             "'huber(%.2g)' is pulled less by them",
             100 * t->far_rows, TAILS_FAR, 100 * t->far_squares, HUBER * t->deviation);
    return json_pack("{s:s, s:f, s:f, s:f}", "note", note, "far_rows", t->far_rows, "far_squares",
                     t->far_squares, "robust_deviation", t->deviation);
}

static symlut_status summary_object(json_t **out, const run_state *r, const symlut_model *m,
                                    symlut_error *err)
{
    const task *t = r->job;
    json_t *metrics = json_object(), *features = json_array();
    tails tail = {0};
    bool ok = metrics && features && judge_tails(&tail, t, m);
    ok = ok && add_metrics(metrics, "train", t, m, t->parts.train, t->parts.train_count);
    ok = ok &&
         add_metrics(metrics, "validation", t, m, t->parts.validation, t->parts.validation_count);
    ok = ok && add_metrics(metrics, "test", t, m, t->parts.test, t->parts.test_count);
    for (size_t f = 0; ok && f < t->data->features; f++)
        ok = json_array_append_new(features, json_string(t->data->feature_names[f])) == 0;
    if (!ok) {
        json_decref(metrics);
        json_decref(features);
        return error_memory(err);
    }
    engine_counters counted = run_counters(r);
    *out = json_pack(
        "{s:s, s:s, s:o, s:{s:I, s:I, s:I}, s:s, s:I, s:f, s:I, s:I, s:I, s:I, s:I, s:I, s:o, "
        "s:o*, "
        "s:s, s:s, "
        "s:s, "
        "s:s, "
        "s:o, s:o*}",
        "task", t->data->task == SYMLUT_CLASSIFICATION ? "classification" : "regression", "target",
        t->data->target_name ? t->data->target_name : "", "features", features, "rows", "train",
        (json_int_t)t->parts.train_count, "validation", (json_int_t)t->parts.validation_count,
        "test", (json_int_t)t->parts.test_count, "loss", t->loss_name, "seed",
        (json_int_t)r->options->seed, "seconds", r->seconds, "evaluations",
        (json_int_t)counted.evaluations, "repeats", (json_int_t)counted.repeats, "abandoned",
        (json_int_t)counted.abandoned, "node_rows", (json_int_t)counted.node_rows,
        "reused_node_rows", (json_int_t)counted.reused_node_rows, "epochs", (json_int_t)r->e->epoch,
        "mutation_shares", share_object(r), "grove_shares", grove_shares(r), "stopped_by",
        r->reason ? r->reason : "", "data_hash", t->data->hash, "version", SYMLUT_VERSION,
        "command_line", r->options->command_line ? r->options->command_line : "", "metrics",
        metrics, "heavy_tails", tails_object(&tail));
    return *out ? SYMLUT_OK : error_memory(err);
}

/* Writes and drops the object. */
static symlut_status write_object(const run_state *r, const char *name, json_t *object,
                                  symlut_error *err)
{
    char *bytes = object ? json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(15)) : NULL;
    json_decref(object);
    text line = {0};
    text_printf(&line, "%s\n", bytes ? bytes : "");
    free(bytes);
    arena scratch = {0};
    const char *path = arena_printf(&scratch, "%s/%s", r->dir, name);
    symlut_status status = line.failed || line.length < 2 || !path
                               ? error_memory(err)
                               : file_write(path, line.data, line.length, err);
    text_free(&line);
    arena_free(&scratch);
    return status;
}

symlut_status run_write_json(run_state *r, symlut_error *err)
{
    symlut_status status = write_object(r, "run.json", run_object(r), err);
    if (status != SYMLUT_OK || !r->reason)
        return status;
    arena scratch = {0};
    const char *path = arena_printf(&scratch, "%s/model/model.json", r->dir);
    front *f = NULL;
    symlut_model *m = NULL;
    json_t *summary = NULL;
    status = path ? front_read(&f, path, err) : error_memory(err);
    if (status == SYMLUT_OK)
        status = front_model(&m, f, r->options->select, err);
    if (status == SYMLUT_OK)
        status = summary_object(&summary, r, m, err);
    if (status == SYMLUT_OK)
        status = write_object(r, "summary.json", summary, err);
    symlut_model_free(m);
    front_free(f);
    arena_free(&scratch);
    return status;
}
