/* Proof that the passes kept the arithmetic: see formal.c. */
#ifndef TOOL_FORMAL_H
#define TOOL_FORMAL_H

#include <jansson.h>

#include "emit/vectors.h"
#include "tool/process.h"

/* The firmware's graph against fw->plain, operator by operator; `seconds` for each proof; `work`: a
 * private folder. *report (the caller's, json_decref): counts by method and the operators.
 * SYMLUT_NO: a difference, *report is there and err holds the inputs. SYMLUT_TOOL: Yosys is
 * missing. */
symlut_status formal_verify(json_t **report, const symlut_firmware *fw, const char *work,
                            uint64_t seed, double seconds, const process_options *process,
                            symlut_error *err);

#endif
