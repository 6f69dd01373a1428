/* A data set in memory: columns of float64. */
#ifndef DATA_DATASET_H
#define DATA_DATASET_H

#include "base/arena.h"
#include "base/status.h"

struct symlut_dataset {
    arena memory; /* names and this struct's small arrays */
    size_t rows, features, classes;
    const char **feature_names; /* [features] */
    double **columns;           /* [features] buffers of [rows], raw units, 64-byte aligned */
    const char **known_names; /* [known] that options may speak of beside these features, or NULL */
    size_t known;
    const char *target_name;  /* NULL: no target */
    double *target;           /* [rows] or NULL; classification: class index */
    double *weights;          /* [rows] or NULL */
    const char **class_names; /* [classes], in order of value (numbers) or of name (text) */
    symlut_task task;
    char hash[65];
};

/* Rows of each part, ascending within a part. Stratified by class for classification. Same data
 * shape and seed, same split. */
typedef struct split {
    uint32_t *train, *validation, *test;
    size_t train_count, validation_count, test_count;
} split;

/* fractions: [3], positive or zero, sum 1 within 1e-6, train above 0. test_from ≥ 0: rows from
 * there are the test set and fractions[0], [1] divide the rest. */
symlut_status split_make(split *out, const symlut_dataset *data, const double fractions[3],
                         long test_from, uint64_t seed, symlut_error *err);
symlut_status split_parse(double fractions[3], const char *text, symlut_error *err);
void split_free(split *s);

/* mean and standard deviation (population) of each feature over the given rows; scale is 1 where
 * the deviation is 0. mean, scale: [features]. */
void scaler_learn(double *mean, double *scale, const symlut_dataset *data, const uint32_t *rows,
                  size_t count);
/* Reads feature,mean,scale CSV for the named inputs. */
symlut_status scaler_read(double *mean, double *scale, const char *const *names, size_t count,
                          const char *path, symlut_error *err);

#endif
