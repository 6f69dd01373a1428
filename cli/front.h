/* The Pareto front of a run, as text and JSON: what `fit` ends with and `show` prints. */
#ifndef CLI_FRONT_H
#define CLI_FRONT_H

#include "common.h"

/* output: only this one; NULL: all. selected_only: one row of each output. */
void print_front(FILE *to, const symlut_run *run, const char *output, bool selected_only);
json_t *front_json(const symlut_run *run, const char *output);
/* True when the run has rows of this output. */
bool front_has_output(const symlut_run *run, const char *output);
/* NULL-terminated names of the outputs, in their order; NULL when out of memory. free() */
const char **front_outputs(const symlut_run *run);

/* Metrics of RUN/summary.json, one line for each part of the data; nothing when there are none. */
void print_metrics(FILE *to, const json_t *summary);

#endif
