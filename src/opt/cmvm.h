/* Constant matrix times vector as shared shifts and additions.
 *
 * Problem: y = M x with integers M [outputs][inputs]. Minimise the number of two-operand additions
 * a ± (b << s), under a limit on how many of them lie in a row between any input and output. */
#ifndef OPT_CMVM_H
#define OPT_CMVM_H

#include "base/status.h"

typedef struct cmvm_input {
    int depth;     /* additions that the value has behind it: when it arrives */
    double lo, hi; /* its range, for the cost in full adders */
} cmvm_input;

typedef struct cmvm_problem {
    size_t inputs, outputs;
    const int64_t *matrix;   /* [outputs][inputs], row-major, each below 2^61 in magnitude */
    const cmvm_input *input; /* [inputs] */
    int extra_depth;         /* additions in a row beyond the least possible; < 0: no limit */
    double most_pairs; /* of digits that sharing may compare; beyond it inputs are taken in groups;
                          0: two millions */
    int tries;         /* randomised repetitions, ≥ 1; the best is kept; same result always */
} cmvm_problem;

enum { CMVM_ZERO = UINT32_MAX }; /* the number of no value: 0 */

/* The value of number `id` (inputs come first, then additions), times ±2^shift. */
typedef struct cmvm_term {
    uint32_t id;
    int shift;
    bool minus;
} cmvm_term;

/* low ± (high << shift); shift ≥ 0 */
typedef struct cmvm_adder {
    uint32_t low, high;
    int shift;
    bool minus;
} cmvm_adder;

typedef struct cmvm_solution {
    cmvm_adder *adders; /* [count], operands first */
    size_t count;
    cmvm_term *outputs; /* [outputs] */
    int depth;          /* additions in a row, the largest of all outputs */
    double full_adders; /* sum of max(bits of low, bits of high + shift) + 1 */
} cmvm_solution;

/* Additions in a row that the outputs need when nothing is shared: extra_depth counts from here. */
int cmvm_least_depth(const cmvm_problem *problem);
/* Frees nothing on failure but its own; the caller frees with cmvm_free. */
symlut_status cmvm_solve(cmvm_solution *out, const cmvm_problem *problem, symlut_error *err);
void cmvm_free(cmvm_solution *s);

#endif
