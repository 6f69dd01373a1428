/* Ranges of float expressions: what a sub-expression's value can be, from its inputs' ranges or
 * from rows of data. They choose defaults and word warnings; no result depends on them being
 * rigorous. */
#ifndef LOWER_RANGES_H
#define LOWER_RANGES_H

#include "expr/expr.h"

typedef struct range {
    double low, high; /* low > high: unknown */
} range;

#define RANGE_UNKNOWN ((range){1, 0})
bool range_is_known(range r);

/* The range of op(a, b) over operands in a and b (interval arithmetic); what is outside the
 * operation's domain is left out. Unknown where nothing useful can be said. */
range range_apply(expr_op op, range a, range b);

/* The range of every node of e: out [e.count]. inputs: [features]. */
void ranges_from_inputs(range *out, expr e, const range *inputs);

/* The values every node takes over the rows: out [e.count]; exceed[i] counts the rows in which
 * node i lies outside [limit.low, limit.high]. column(context, feature, row) gives an input.
 * values, operands: [e.count] scratch. Values that are not finite are left out. */
typedef double (*row_input)(const void *context, int feature, size_t row);
void ranges_from_rows(range *out, size_t *exceed, range limit, expr e, row_input input,
                      const void *context, size_t rows, double *values);

#endif
