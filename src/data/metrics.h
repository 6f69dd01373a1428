/* Figures of merit of predictions. */
#ifndef DATA_METRICS_H
#define DATA_METRICS_H

#include "base/status.h"

/* 1 - sum (t - p)^2 / sum (t - mean t)^2. A constant target gives 1 when met exactly, else 0. */
double metric_r2(const double *prediction, const double *target, size_t count);
double metric_rmse(const double *prediction, const double *target, size_t count);

/* Area under the ROC curve: the chance that a positive row scores above a negative one, ties
 * counting half (Mann-Whitney U over ranks, O(n log n)). NaN ranks below everything. NaN when one
 * of the two kinds is absent or memory ran out (*failed). */
double metric_auc(const double *score, const bool *positive, size_t count, bool *failed);

/* Index of the largest of n values, the first of equals; NaN never wins; 0 when all are NaN. */
size_t metric_argmax(const double *values, size_t n);

/* to_class[k]: the data's class that output k names, or the number of classes when there is none.
 * Where no output names a class (the data has numbers, the model has letters) and there are as many
 * of both, they go by order. to_class: [outputs]. */
void metric_match_classes(size_t *to_class, const symlut_dataset *data,
                          const char *const *output_names, size_t outputs);

#endif
