#include "precision/rows.h"

#include "data/dataset.h"
#include "data/metrics.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool allocate(rows *r, const precision_options *o, size_t count)
{
    size_t n = count ? count : 1;
    *r = (rows){.count = count,
                .inputs = o->model->input_count,
                .outputs = o->model->output_count,
                .metric = o->metric,
                .decision = o->decision};
    r->x = buffer_alloc(r->inputs * n, sizeof *r->x);
    r->port = buffer_alloc(r->inputs * n, sizeof *r->port);
    r->exact = buffer_alloc(r->outputs * n, sizeof *r->exact);
    r->score = buffer_alloc(r->outputs * n, sizeof *r->score);
    r->trial = buffer_alloc(r->outputs * n, sizeof *r->trial);
    r->target = buffer_alloc(n, sizeof *r->target);
    r->out = buffer_alloc(n, sizeof *r->out);
    r->class_of_output = calloc(r->outputs, sizeof *r->class_of_output);
    return r->x && r->port && r->exact && r->score && r->trial && r->target && r->out &&
           r->class_of_output;
}

void rows_free(rows *r)
{
    free(r->x);
    free(r->port);
    free(r->exact);
    free(r->score);
    free(r->trial);
    free(r->target);
    free(r->out);
    free(r->class_of_output);
    *r = (rows){0};
}

/* The float model on the rows, and its metric. */
static symlut_status evaluate(rows *r, const precision_options *o, symlut_error *err)
{
    int largest = 1;
    for (size_t k = 0; k < r->outputs; k++)
        largest = o->model->outputs[k].count > largest ? o->model->outputs[k].count : largest;
    double *stack = malloc((size_t)largest * sizeof *stack);
    double *row = malloc((r->inputs + 1) * sizeof *row);
    double **y = malloc(r->outputs * sizeof *y);
    bool failed = !stack || !row || !y;
    for (size_t i = 0; !failed && i < r->count; i++) {
        for (size_t j = 0; j < r->inputs; j++)
            row[j] = r->x[j * r->count + i];
        for (size_t k = 0; k < r->outputs; k++)
            r->exact[k * r->count + i] = expr_eval(o->model->outputs[k], row, stack);
    }
    for (size_t k = 0; !failed && k < r->outputs; k++)
        y[k] = r->exact + k * r->count;
    if (!failed)
        r->float_value = rows_metric(r, y, &failed);
    free(stack);
    free(row);
    free(y);
    return failed ? error_memory(err) : SYMLUT_OK;
}

symlut_status rows_from_data(rows *out, const precision_options *o, size_t first, size_t stride,
                             size_t most, symlut_error *err)
{
    const symlut_dataset *data = o->data;
    size_t count = first < data->rows ? (data->rows - first + stride - 1) / stride : 0;
    count = count > most ? most : count;
    if (!allocate(out, o, count))
        return error_memory(err);
    for (size_t j = 0; j < out->inputs; j++) {
        model_input in = o->model->inputs[j];
        const double *column = data->columns[o->columns[j]];
        for (size_t i = 0; i < count; i++)
            out->x[j * count + i] = (column[first + i * stride] - in.mean) / in.scale;
    }
    for (size_t i = 0; i < count && data->target; i++)
        out->target[i] = data->target[first + i * stride];
    if (o->metric == METRIC_ACCURACY || o->metric == METRIC_AUC)
        metric_match_classes(out->class_of_output, data, o->model->output_names, out->outputs);
    return evaluate(out, o, err);
}

symlut_status rows_from_ranges(rows *out, const precision_options *o, const range *ranges,
                               size_t count, symlut_error *err)
{
    if (!allocate(out, o, count))
        return error_memory(err);
    rng r = rng_make(o->seed, 0);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < out->inputs; j++)
            out->x[j * count + i] = ranges[j].low + (ranges[j].high - ranges[j].low) * rng_unit(&r);
    return evaluate(out, o, err);
}

void rows_set_input(rows *r, size_t input, format f)
{
    const double *x = r->x + input * r->count;
    int64_t *port = r->port + input * r->count;
    for (size_t i = 0; i < r->count; i++)
        port[i] = format_from_double(f, x[i]);
}

/* Row i is classified as its target says. */
static bool is_right(const rows *r, double *const *y, size_t i)
{
    size_t best = 0;
    for (size_t k = 1; k < r->outputs; k++)
        if (y[k][i] > y[best][i] || (isnan(y[best][i]) && !isnan(y[k][i])))
            best = k;
    return (double)r->class_of_output[best] == r->target[i];
}

static double accuracy(const rows *r, double *const *y)
{
    size_t right = 0;
    for (size_t i = 0; i < r->count; i++)
        right += is_right(r, y, i);
    return r->count ? (double)right / (double)r->count : 0;
}

static double mean_area(const rows *r, double *const *y, bool *failed)
{
    bool *positive = malloc((r->count + 1) * sizeof *positive);
    double sum = 0;
    size_t counted = 0;
    *failed = *failed || !positive;
    for (size_t k = 0; k < r->outputs && !*failed; k++) {
        for (size_t i = 0; i < r->count; i++)
            positive[i] = r->target[i] == (double)r->class_of_output[k];
        double area = metric_auc(y[k], positive, r->count, failed);
        if (!isnan(area)) {
            sum += area;
            counted++;
        }
    }
    free(positive);
    return counted ? sum / (double)counted : 0;
}

static double discriminant(const rows *r, double *const *y, size_t i)
{
    size_t signal = r->decision->signal;
    double most = -HUGE_VAL;
    for (size_t k = 0; r->decision->margin && k < r->outputs; k++)
        if (k != signal)
            most = fmax(most, y[k][i]);
    double d = r->decision->margin ? y[signal][i] - most : y[signal][i];
    return isnan(d) ? -HUGE_VAL : d;
}

/* Which rows are accepted: [count], to be freed; NULL: out of memory. The threshold of a background
 * efficiency is that of these rows. */
static bool *decide(const rows *r, double *const *y)
{
    bool *accepted = malloc(r->count + 1);
    decision_row *sorted = malloc((r->count + 1) * sizeof *sorted);
    double threshold = r->decision->threshold;
    bool calibrates = isnan(threshold);
    for (size_t i = 0; sorted && calibrates && i < r->count; i++)
        sorted[i] = (decision_row){.value = discriminant(r, y, i),
                                   .weight = 1,
                                   .is_signal = r->target[i] == (double)r->decision->signal_class};
    if (sorted && calibrates)
        threshold = (double)decision_last_rejected(sorted, r->count, r->decision->efficiency);
    for (size_t i = 0; accepted && i < r->count; i++) {
        double d = discriminant(r, y, i);
        accepted[i] = calibrates ? d > threshold : d >= threshold;
    }
    bool failed = !sorted;
    free(sorted);
    if (!failed)
        return accepted;
    free(accepted);
    return NULL;
}

/* Rows that the metric counts: the signal's for its efficiency, else all. */
static bool counts(const rows *r, size_t i)
{
    return !isnan(r->decision->threshold) || r->target[i] == (double)r->decision->signal_class;
}

static double decision_value(const rows *r, double *const *y, bool *failed)
{
    bool *accepted = decide(r, y);
    size_t counted = 0, right = 0;
    *failed = *failed || !accepted;
    for (size_t i = 0; accepted && i < r->count; i++) {
        bool is_signal = r->target[i] == (double)r->decision->signal_class;
        counted += counts(r, i);
        right += counts(r, i) && accepted[i] == is_signal;
    }
    free(accepted);
    return counted ? (double)right / (double)counted : 0;
}

static double decision_standard_error(const rows *r, double *const *y, double *const *exact)
{
    bool *a = decide(r, y), *b = decide(r, exact);
    size_t counted = 0, differ = 0;
    bool failed = !a || !b;
    for (size_t i = 0; !failed && i < r->count; i++) {
        counted += counts(r, i);
        differ += counts(r, i) && a[i] != b[i];
    }
    free(a);
    free(b);
    if (failed) /* nothing is known: no plan is accepted on it */
        return HUGE_VAL;
    return counted ? sqrt((double)differ) / (double)counted : 0;
}

/* Rows on which the float model has no value say nothing. */
static double largest_error(const rows *r, double *const *y)
{
    double most = 0;
    for (size_t k = 0; k < r->outputs; k++) {
        const double *exact = r->exact + k * r->count;
        for (size_t i = 0; i < r->count; i++)
            if (isfinite(exact[i]))
                most = fmax(most, fabs(y[k][i] - exact[i]));
    }
    return -most;
}

static double square(double x)
{
    return x * x;
}

double rows_standard_error(const rows *r, double *const *y)
{
    double sum = 0, mean = 0, total = 0;
    double *exact[64] = {0};
    for (size_t k = 0; k < r->outputs && k < 64; k++)
        exact[k] = r->exact + k * r->count;
    if (r->count == 0 || r->outputs > 64)
        return 0;
    if (r->metric == METRIC_ACCURACY) {
        for (size_t i = 0; i < r->count; i++)
            sum += is_right(r, y, i) != is_right(r, exact, i);
        return sqrt(sum) / (double)r->count;
    }
    if (r->metric == METRIC_DECISION)
        return decision_standard_error(r, y, exact);
    if (r->metric != METRIC_R2)
        return 0;
    for (size_t i = 0; i < r->count; i++)
        mean += r->target[i] / (double)r->count;
    for (size_t i = 0; i < r->count; i++) {
        total += square(r->target[i] - mean);
        sum += square(square(r->target[i] - y[0][i]) - square(r->target[i] - exact[0][i]));
    }
    return total > 0 && isfinite(sum) ? sqrt(sum) / total : 0;
}

double rows_metric(const rows *r, double *const *y, bool *failed)
{
    switch (r->metric) {
    case METRIC_ACCURACY:
        return accuracy(r, y);
    case METRIC_AUC:
        return mean_area(r, y, failed);
    case METRIC_R2:
        return metric_r2(y[0], r->target, r->count);
    case METRIC_DECISION:
        return decision_value(r, y, failed);
    default:
        return largest_error(r, y);
    }
}
