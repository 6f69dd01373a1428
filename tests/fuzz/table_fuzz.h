/* One reader over bytes in memory, and the data set made of what it read. */
#ifndef FUZZ_TABLE_FUZZ_H
#define FUZZ_TABLE_FUZZ_H

#include "data/table.h"

#include <math.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A data set promises finite numbers, class numbers below the count of classes and names. */
static inline void check_dataset(const symlut_dataset *d)
{
    for (size_t f = 0; f < d->features; f++) {
        if (!d->feature_names[f])
            abort();
        for (size_t i = 0; i < d->rows; i++) {
            if (!isfinite(d->columns[f][i]))
                abort();
        }
    }
    for (size_t i = 0; d->target && i < d->rows; i++) {
        double y = d->target[i];
        if (!isfinite(y) || (d->classes && (y < 0 || y >= (double)d->classes || y != floor(y))))
            abort();
    }
}

static inline void fuzz_table(symlut_status (*read)(table *, source *, symlut_error *),
                              const uint8_t *data, size_t size, const symlut_data_options *options)
{
    table t;
    source s;
    symlut_error err = {0};
    symlut_dataset *d = NULL;
    table_init(&t, "fuzz", options, NULL, PART_WHOLE);
    symlut_status status = source_memory(&s, "fuzz", data, size, &err);
    if (status == SYMLUT_OK)
        status = read(&t, &s, &err);
    if (status == SYMLUT_OK)
        status = table_to_dataset(&d, &t, &err);
    if (status == SYMLUT_OK)
        check_dataset(d);
    else if (status != SYMLUT_NO_MEMORY && !err.message[0])
        abort();
    symlut_dataset_free(d);
    source_close(&s);
    table_free(&t);
}

#endif
