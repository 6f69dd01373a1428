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
                .metric = o->metric};
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
    default:
        return largest_error(r, y);
    }
}
