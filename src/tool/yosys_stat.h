/* What Yosys' `stat` prints, read into counts of cells. */
#ifndef TOOL_YOSYS_STAT_H
#define TOOL_YOSYS_STAT_H

#include "base/arena.h"
#include "base/status.h"

typedef struct yosys_cell {
    const char *name;
    long count;
} yosys_cell;

typedef struct yosys_stat {
    arena memory;
    yosys_cell *cells; /* [count], library cells of the whole design, in the order printed */
    size_t count;
    long estimated_lc;                   /* -1: not printed */
    long lut, muxf, carry, ff, dsp, srl; /* sums over kinds */
    long bram18;                         /* RAMB36 counts two */
} yosys_stat;

/* Reads the last section (the whole design where there is a hierarchy). Both column orders are
 * understood: "LUT6 12" of Yosys 0.23 and "12 LUT6" of later versions. SYMLUT_TOOL: no counts. */
symlut_status yosys_stat_read(yosys_stat *out, const char *printed, symlut_error *err);
void yosys_stat_free(yosys_stat *stat);

#endif
