/* Which inputs matter, by a random forest: before a search that could not use them all. */
#ifndef SEARCH_IMPORTANCE_H
#define SEARCH_IMPORTANCE_H

#include "base/parallel.h"
#include "data/dataset.h"

/* Importance of every feature for the target: the fall of impurity at the splits on it (variance
 * for numbers, Gini for classes), weighted by rows, over the trees of a random forest, scaled to
 * sum 1 (all 0 where nothing splits). The same data and seed give the same figures for any number
 * of threads. out: [features]. rows: the training rows, of which at most IMPORTANCE_ROWS are
 * drawn. False: out of memory. */
bool importance_measure(double *out, const symlut_dataset *data, const uint32_t *rows, size_t count,
                        uint64_t seed, pool *threads);

enum { IMPORTANCE_ROWS = 20000, IMPORTANCE_TREES = 100, IMPORTANCE_DEPTH = 6 };

/* The k largest, by falling importance; ties go to the lower feature number. chosen: [k]. */
void importance_choose(size_t *chosen, size_t k, const double *importance, size_t features);

/* The data with fewer features. */
typedef struct feature_choice {
    symlut_dataset view; /* columns and names are those of the data */
    const symlut_dataset *data;
    double *importance; /* [data->features] */
    arena memory;
} feature_choice;

/* The `wanted` most important features, in the data's order, by the training rows of the split that
 * the options ask for. feature_choice_free is legal after failure too. */
symlut_status feature_choice_make(feature_choice *c, const symlut_dataset *data,
                                  const symlut_fit_options *options, int threads,
                                  symlut_error *err);
void feature_choice_free(feature_choice *c);

#endif
