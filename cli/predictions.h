/* Predicted outputs and the files they go to. */
#ifndef CLI_PREDICTIONS_H
#define CLI_PREDICTIONS_H

#include "common.h"

typedef struct predictions {
    size_t rows, outputs;
    const char **names; /* [outputs], borrowed strings */
    double *y;          /* [rows][outputs], row-major */
    bool has_class;     /* a last column: the output with the largest value */
    bool class_only;    /* no column but that */
} predictions;

bool predictions_suffix_known(const char *path); /* .csv or .npy */

/* path NULL: CSV to stdout. CSV: a header, numbers in the shortest form that reads back equal, the
 * class by its name. NPY: float64 [rows][outputs], and the class's number as one more column. */
symlut_status predictions_write(const predictions *p, const char *path, symlut_error *err);
void predictions_free(predictions *p);

#endif
