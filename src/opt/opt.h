/* Passes over the hardware graph. Each replaces *g by an equivalent graph (or leaves it alone after
 * a failure): same ports, same value of every output for every input, bit for bit. graph_check
 * holds before and after each. */
#ifndef OPT_OPT_H
#define OPT_OPT_H

#include "cost/cost.h"
#include "graph/graph.h"

typedef struct opt_options {
    const device *device;
    double period_ns; /* clock period the scheduler cuts for */
    int stages;       /* 0: combinational between registered ports; > 0: so many cycles
                         (SYMLUT_NO when the clock needs more); -1: what the clock needs */
    int most_stages;  /* with stages -1: SYMLUT_NO when the clock needs more; 0: any number */
    dsp_use dsp;
    bool no_product_tables; /* rows even where a table takes fewer LUTs: for comparisons */
} opt_options;

typedef symlut_status opt_function(graph **g, const opt_options *options, symlut_error *err);

opt_function opt_fold, opt_cse, opt_dce, opt_range, opt_sums, opt_shift_add, opt_multiplier,
    opt_compress, opt_schedule;

/* Every pass by its name, in the order the compiler runs them; name NULL ends the table. */
typedef struct opt_pass {
    const char *name;
    opt_function *run;
    const char *doc;
} opt_pass;

const opt_pass *opt_passes(void);
/* NULL when there is no such pass. */
const opt_pass *opt_find(const char *name);
/* Runs the passes of the table in order; after each one the graph is checked and `after` (may be
 * NULL) is told. */
symlut_status opt_run_all(graph **g, const opt_options *options,
                          void (*after)(void *payload, const char *pass, const graph *g),
                          void *payload, symlut_error *err);

#endif
