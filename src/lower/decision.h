/* A decision in the place of the scores: one bit, discriminant >= threshold. */
#ifndef LOWER_DECISION_H
#define LOWER_DECISION_H

#include "expr/model.h"
#include "graph/firmware.h"

/* What accepts a row: the score of `signal` alone (of a model with one output, or as asked), or
 * that score minus the largest of the others. */
typedef struct decision_options {
    bool on;
    bool margin;             /* minus the largest of the others */
    size_t signal;           /* its output */
    size_t signal_class;     /* its number in the data; CLASS_UNKNOWN: none */
    const char *signal_name; /* "": unknown */
    double threshold;        /* NaN: from the efficiency */
    double efficiency;       /* largest part of the background that is accepted */
    const char *text;        /* one of the two, as given */
} decision_options;

#define CLASS_UNKNOWN SIZE_MAX

/* Reads output, threshold, background_efficiency, signal and discriminant. Texts are borrowed from
 * the model, the data and the options. */
symlut_status decision_read(decision_options *out, const symlut_model *model,
                            const symlut_compile_options *options, symlut_error *err);

/* A row of calibration: its discriminant (long double holds any integer of a graph). */
typedef struct decision_row {
    long double value;
    double weight;
    bool is_signal;
} decision_row;

/* [0]: the background, [1]: the signal. */
typedef struct decision_counts {
    size_t rows[2], accepted[2];
    double weight[2], weight_accepted[2];
} decision_counts;

/* Sorts the rows, largest value first. Of the thresholds that accept at most the part `efficiency`
 * of the background's weight, rows of equal value together, the lowest lies just above what is
 * returned; -HUGE_VALL: the whole background may be accepted. */
long double decision_last_rejected(decision_row *rows, size_t count, double efficiency);
/* Which rows have value >= threshold. */
decision_counts decision_count(const decision_row *rows, size_t count, long double threshold);

/* Replaces the score outputs of fw->g by the output `decision`, ufixed<1,1>, and fills in
 * fw->decision and the output's name and equation. The comparison is exact. data: calibration rows,
 * NULL: none; columns: [inputs] feature numbers. */
symlut_status lower_decision(symlut_firmware *fw, const decision_options *options,
                             const symlut_dataset *data, const size_t *columns, symlut_error *err);

#endif
