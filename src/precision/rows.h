/* Rows on which formats are judged: inputs, the float model's outputs, what the graph gives, and
 * the metric of it. Internal to src/precision. */
#ifndef PRECISION_ROWS_H
#define PRECISION_ROWS_H

#include "precision/precision.h"

typedef struct rows {
    size_t count, inputs, outputs;
    double *x;               /* [inputs][count] scaled */
    int64_t *port;           /* [inputs][count] x in the formats of the inputs */
    double *exact;           /* [outputs][count] of the float model */
    double *score;           /* [outputs][count] of the graph */
    double *trial;           /* [outputs][count] of the graph under trial */
    double *target;          /* [count]; NULL: none */
    int64_t *out;            /* [count] scratch */
    size_t *class_of_output; /* [outputs]; classification */
    precision_metric metric;
    const decision_options *decision;
    double float_value; /* the metric of `exact` */
    void *sorted;       /* scratch of the area under the curve */
} rows;

/* Rows first, first + stride … of the data, at most `most`. */
symlut_status rows_from_data(rows *out, const precision_options *o, size_t first, size_t stride,
                             size_t most, symlut_error *err);
/* `count` rows drawn uniformly in `ranges`. */
symlut_status rows_from_ranges(rows *out, const precision_options *o, const range *ranges,
                               size_t count, symlut_error *err);
void rows_free(rows *r);

void rows_set_input(rows *r, size_t input, format f);
/* The metric of y[k]: [count] for each output. */
double rows_metric(const rows *r, double *const *y, bool *failed);
/* Standard error of the metric's difference to the float model's, from row to row differences; 0
 * for the area under the curve and for the largest error. */
double rows_standard_error(const rows *r, double *const *y);

#endif
