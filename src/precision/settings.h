/* The options of formats by node, as a user writes them. */
#ifndef PRECISION_SETTINGS_H
#define PRECISION_SETTINGS_H

#include "precision/precision.h"

typedef struct precision_settings {
    bool on;                          /* --precision auto */
    const decision_options *decision; /* of the outputs */
    const int *shift;                 /* [inputs] s of fold_scaler.h; NULL: inputs are scaled */
    precision_metric metric;
    double tolerance, guard;
    int effort;
    range *ranges;       /* [inputs]; NULL: none given */
    format *inputs;      /* [inputs]; width 0: free. NULL: none given */
    node_format **nodes; /* [outputs][nodes of the model to lower]; .given. NULL: none given */
    const char *tolerance_text, *metric_name;
} precision_settings;

/* Reads and checks; `on`, `decision` and `shift` are set by the caller. Everything made lives in
 * `memory`.
 */
symlut_status precision_settings_read(precision_settings *s, arena *memory,
                                      const symlut_model *model,
                                      const symlut_compile_options *options,
                                      const lower_options *lower, symlut_error *err);

precision_options precision_options_from(const precision_settings *s, const symlut_model *model,
                                         const lower_options *lower, const opt_options *opt);

#endif
