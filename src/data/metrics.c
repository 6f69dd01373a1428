#include "data/metrics.h"
#include "data/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

double metric_r2(const double *prediction, const double *target, size_t count)
{
    double mean = 0, residual = 0, total = 0;
    bool varies = false; /* the mean of equal numbers need not be that number */
    for (size_t i = 0; i < count; i++) {
        mean += target[i] / (double)count;
        varies = varies || target[i] != target[0];
    }
    for (size_t i = 0; i < count; i++) {
        residual += (target[i] - prediction[i]) * (target[i] - prediction[i]);
        total += (target[i] - mean) * (target[i] - mean);
    }
    if (varies && total > 0)
        return 1 - residual / total;
    return residual == 0 ? 1 : 0;
}

double metric_rmse(const double *prediction, const double *target, size_t count)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += (target[i] - prediction[i]) * (target[i] - prediction[i]);
    return count ? sqrt(sum / (double)count) : 0;
}

typedef struct scored {
    double score;
    bool positive;
} scored;

static int by_score(const void *a, const void *b)
{
    double x = ((const scored *)a)->score, y = ((const scored *)b)->score;
    return (x > y) - (x < y);
}

double metric_auc(const double *score, const bool *positive, size_t count, bool *failed)
{
    scored *rows = malloc((count ? count : 1) * sizeof *rows);
    if (!rows) {
        *failed = true;
        return NAN;
    }
    for (size_t i = 0; i < count; i++)
        rows[i] = (scored){isnan(score[i]) ? -HUGE_VAL : score[i], positive[i]};
    qsort(rows, count, sizeof *rows, by_score);
    double positives = 0, rank_sum = 0;
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && rows[to].score == rows[from].score; to++)
            ;
        double rank = 0.5 * (double)(from + to + 1); /* mean of ranks from + 1 … to */
        for (size_t i = from; i < to; i++) {
            positives += rows[i].positive;
            rank_sum += rows[i].positive ? rank : 0;
        }
    }
    free(rows);
    double negatives = (double)count - positives;
    if (positives == 0 || negatives == 0)
        return NAN;
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives);
}

size_t metric_argmax(const double *values, size_t n)
{
    size_t best = 0;
    for (size_t k = 1; k < n; k++)
        if (values[k] > values[best] || (isnan(values[best]) && !isnan(values[k])))
            best = k;
    return best;
}

void metric_match_classes(size_t *to_class, const symlut_dataset *data,
                          const char *const *output_names, size_t outputs)
{
    bool any = false;
    for (size_t k = 0; k < outputs; k++) {
        for (to_class[k] = 0; to_class[k] < data->classes; to_class[k]++)
            if (strcmp(data->class_names[to_class[k]], output_names[k]) == 0)
                break;
        any = any || to_class[k] < data->classes;
    }
    for (size_t k = 0; !any && outputs == data->classes && k < outputs; k++)
        to_class[k] = k;
}

static double accuracy(const symlut_dataset *data, const double *y, const size_t *to_class,
                       size_t outputs)
{
    size_t right = 0;
    for (size_t i = 0; i < data->rows; i++)
        right += (double)to_class[metric_argmax(y + i * outputs, outputs)] == data->target[i];
    return (double)right / (double)data->rows;
}

/* Mean over the outputs whose class is in the data together with another. */
static symlut_status mean_auc(double *out, const symlut_dataset *data, const double *y,
                              const size_t *to_class, size_t outputs, symlut_error *err)
{
    double *score = malloc(data->rows * sizeof *score), sum = 0;
    bool *positive = malloc(data->rows * sizeof *positive), failed = !score || !positive;
    size_t counted = 0;
    for (size_t k = 0; k < outputs && !failed; k++) {
        for (size_t i = 0; i < data->rows; i++) {
            score[i] = y[i * outputs + k];
            positive[i] = data->target[i] == (double)to_class[k];
        }
        double area = metric_auc(score, positive, data->rows, &failed);
        if (!isnan(area)) {
            sum += area;
            counted++;
        }
    }
    free(score);
    free(positive);
    *out = counted ? sum / (double)counted : (double)NAN;
    return failed ? error_memory(err) : SYMLUT_OK;
}

symlut_status symlut_metrics_compute(symlut_metrics *out, const symlut_dataset *data,
                                     const double *y, const char *const *output_names,
                                     size_t outputs, symlut_error *err)
{
    *out = (symlut_metrics){.r2 = NAN, .rmse = NAN, .accuracy = NAN, .auc = NAN};
    if (!data->target || outputs == 0)
        return error_set(err, SYMLUT_BAD_INPUT, "the data has no target to compare with");
    out->rows = data->rows;
    if (data->task != SYMLUT_CLASSIFICATION) {
        if (outputs != 1)
            return error_set(err, SYMLUT_BAD_INPUT,
                             "the model has %zu outputs and the data one numeric target", outputs);
        out->r2 = metric_r2(y, data->target, data->rows);
        out->rmse = metric_rmse(y, data->target, data->rows);
        return SYMLUT_OK;
    }
    size_t *to_class = malloc(outputs * sizeof *to_class);
    if (!to_class)
        return error_memory(err);
    metric_match_classes(to_class, data, output_names, outputs);
    out->accuracy = accuracy(data, y, to_class, outputs);
    symlut_status status = mean_auc(&out->auc, data, y, to_class, outputs, err);
    free(to_class);
    return status;
}
