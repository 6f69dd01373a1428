/* Internal to the scheduler: integers under difference constraints at the least linear cost. */
#ifndef OPT_RETIME_H
#define OPT_RETIME_H

#include "base/status.h"

/* value[to] ≥ value[from] + gap */
typedef struct retime_constraint {
    uint32_t from, to;
    int gap;
} retime_constraint;

/* Minimise Σ cost[k] value[k] under the constraints; values with is_fixed keep what they have. */
typedef struct retime_problem {
    size_t count;
    const int64_t *cost;  /* [count] */
    const bool *is_fixed; /* [count] */
    const retime_constraint *constraints;
    size_t constraint_count;
} retime_problem;

/* value: [count], in: the least values that meet the constraints; out: those of the least cost. */
symlut_status retime_solve(int *value, const retime_problem *p, symlut_error *err);

#endif
