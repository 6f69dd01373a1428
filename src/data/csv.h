/* CSV as rows of text, for small tables that are no data sets: scalers, fronts. */
#ifndef DATA_CSV_H
#define DATA_CSV_H

#include "base/status.h"

#include <stddef.h>

/* One row: trimmed cells, quotes taken off; they live until the call returns. Returning another
 * status than SYMLUT_OK ends the reading with it. */
typedef symlut_status (*csv_row)(void *context, const char *const *cells, size_t count, long line,
                                 symlut_error *err);

/* Calls row for each record of the file, the header among them; blank lines are skipped. */
symlut_status csv_each_row(const char *path, csv_row row, void *context, symlut_error *err);

#endif
