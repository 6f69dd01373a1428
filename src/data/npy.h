/* NPY, numpy's array file (numpy.lib.format, versions 1 to 3). */
#ifndef DATA_NPY_H
#define DATA_NPY_H

#include "data/table.h"

typedef struct npy_array {
    const char *name; /* in messages: the array's name in an archive, or "" */
    source *source;   /* stands at the first element */
    char kind;        /* f i u b, or text: U (UCS-4) S (bytes) */
    size_t size;      /* bytes of one element */
    bool swapped;     /* not in this machine's byte order */
    bool fortran;     /* columns one after another */
    int dimensions;   /* 1 or 2 */
    size_t rows, columns;
} npy_array;

/* Reads the header. */
symlut_status npy_open(npy_array *a, const char *name, source *s, const table *t,
                       symlut_error *err);
/* Reads the elements into the table's columns from `first` on; the table has room for them. */
symlut_status npy_fill(table *t, npy_array *a, size_t first, symlut_error *err);

#endif
