/* Formats by node: from a model, rows and a tolerance to the cheapest formats that keep it.
 *
 * minimise    the estimated LUTs of the compiled graph (with a charge for delay beyond the limit)
 * over        bits of each input, fraction and integer bits of each node, steps of table indices,
 *             signed digits of constants, and which sub-expressions of one value are one table
 * subject to  the metric of the exactly evaluated graph on the rows, at most `tolerance` below that
 *             of the float model
 *
 * The start comes from the analytic error model: a node whose value is cut to f fraction bits adds
 * an error of 2^-f times the root mean square, over the rows, of the outputs' derivative by it; all
 * nodes get the same share. From there single steps are taken in the order of LUTs saved per error
 * added, each lowered, evaluated and priced as the compiler does it; random steps up then leave
 * local minima. Few rows screen the steps, more rows must agree with each that is taken. The number
 * of trials is fixed: the same input gives the same formats. */
#ifndef PRECISION_PRECISION_H
#define PRECISION_PRECISION_H

#include "expr/model.h"
#include "lower/decision.h"
#include "lower/lower.h"
#include "lower/ranges.h"
#include "opt/opt.h"

typedef enum precision_metric {
    METRIC_ACCURACY,
    METRIC_AUC, /* mean over the outputs, each class against the rest */
    METRIC_R2,
    METRIC_DECISION, /* signal efficiency at the background efficiency; with a given threshold the
                        part of the rows that are decided rightly */
    METRIC_ERROR     /* minus the largest difference of an output from the float model's */
} precision_metric;

typedef struct precision_options {
    const symlut_model *model;
    const symlut_dataset *data; /* NULL: rows drawn from the ranges of the inputs */
    const size_t *columns;      /* [inputs] feature numbers in data */
    const range *ranges;        /* [inputs] of scaled inputs: given (else unknown); may be NULL */
    precision_metric metric;
    const decision_options *decision; /* METRIC_DECISION */
    double tolerance;                 /* largest loss of the metric */
    double guard; /* a range seen on rows is widened at each end by this part of its width */
    lower_options lower;
    opt_options opt;
    const node_format *const *fixed; /* [outputs][nodes of the normal model]; .given: kept */
    const format *fixed_inputs;      /* [inputs]; width 0: free */
    uint64_t seed;
    int effort; /* rounds of random steps */
} precision_options;

/* One row of the report. */
typedef struct precision_node {
    const char *output; /* name; "": an input of all */
    const char *text;   /* of the sub-expression, after the constants were chosen */
    format fmt;
    range proved, seen; /* of the graph on any input; of the float model on the rows */
    bool saturates;     /* values outside the format are possible */
    double error; /* root of the mean square error that goes when this node alone gets eight more
                     fraction bits (inputs: largest over the outputs) */
    double share; /* its square's part of the sum over the output's nodes, 0 … 1 */
} precision_node;

typedef struct precision {
    arena memory;
    symlut_model *model;    /* the normal form with the constants chosen */
    node_format **nodes;    /* [outputs][nodes] */
    format *inputs;         /* [inputs] */
    precision_node *report; /* [report_count] inputs first, then output by output */
    size_t report_count;
    size_t rows, held;         /* that chose; held back, 0: none */
    double float_value, value; /* of the metric on the rows held back, else on those that chose */
    long trials;
} precision;

/* The model in the form whose nodes get formats; NULL: out of memory. Its expressions and names
 * live with it; free with symlut_model_free. */
symlut_model *precision_normal_model(const symlut_model *model);

/* SYMLUT_NO: no format of at most 24 fraction bits keeps the tolerance. */
symlut_status precision_search(precision **out, const precision_options *options,
                               const symlut_hooks *hooks, symlut_error *err);
void precision_free(precision *p);

#endif
