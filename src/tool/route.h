/* Place and route with nextpnr: a routed frequency and the utilisation of a small open part. */
#ifndef TOOL_ROUTE_H
#define TOOL_ROUTE_H

#include <jansson.h>

#include "base/arena.h"
#include "graph/firmware.h"
#include "tool/process.h"

typedef struct route_cell { /* a kind of cell of the part */
    const char *name;
    long used, available;
} route_cell;

typedef struct route_report { /* what nextpnr's --report says */
    arena memory;
    double mhz;        /* of the slowest clock */
    route_cell *cells; /* [count], by name */
    size_t count;
} route_report;

/* Reads the text of --report. SYMLUT_TOOL: it lacks the frequency or the utilisation. */
symlut_status route_report_read(route_report *out, const char *json, symlut_error *err);
void route_report_free(route_report *report);

typedef struct route_job {
    const symlut_firmware *fw;
    const char *family;  /* "ecp5", "ice40" */
    const char *nextpnr; /* program; NULL: the family's own */
    const char *yosys;
    bool no_dsp;
    const char *folder; /* to work in: holds the Verilog and read.ys, which reads it */
    process_options process;
} route_job;

/* Whether there is such a family (SYMLUT_BAD_INPUT if not) and its program runs (SYMLUT_TOOL): to
 * be asked before the work begins. */
symlut_status route_check(const char *family, const char *nextpnr, symlut_error *err);

/* *out: the object "route" of synth.json, one reference to the caller. SYMLUT_NO: the design does
 * not fit the part. */
symlut_status route_run(json_t **out, const route_job *job, symlut_error *err);

#endif
