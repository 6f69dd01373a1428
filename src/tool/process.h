/* External programs: run with arguments (no shell), with a time limit, output captured. */
#ifndef TOOL_PROCESS_H
#define TOOL_PROCESS_H

#include <stdatomic.h>

#include "base/status.h"

typedef struct process_options {
    const char *directory;     /* to run in; NULL: here */
    double seconds;            /* time limit; 0: none */
    const symlut_hooks *hooks; /* asked for a stop while waiting; NULL: never */
    atomic_bool *cancel;       /* set when hooks asked for a stop, obeyed by all; may be NULL */
} process_options;

typedef struct process_result {
    int exit_code; /* of a program that ended by itself; else -1 */
    char *output;  /* standard output and error in the order written, at most the first 16 MiB */
    size_t length;
} process_result;

/* argv: NULL-terminated, argv[0] looked up in PATH. SYMLUT_OK when the program ran and ended by
 * itself, whatever its exit code. SYMLUT_TOOL: not found (the message names the Debian package),
 * out of time, or killed by a signal. SYMLUT_INTERRUPTED: stopped by the hook. */
symlut_status process_run(process_result *out, const char *const *argv,
                          const process_options *options, symlut_error *err);
/* Same, and a non-zero exit code is SYMLUT_TOOL with the end of the output in the message. */
symlut_status process_check(const char *const *argv, const process_options *options,
                            symlut_error *err);
void process_result_free(process_result *result);

/* First line that `program flag` prints, trimmed, as a version; caller frees. The word "unknown"
 * when the program prints nothing. */
symlut_status process_version(char **version, const char *program, const char *flag,
                              symlut_error *err);

/* A private folder under $TMPDIR or /tmp; the caller removes it with directory_remove and frees the
 * path. */
symlut_status temporary_folder(char **path, symlut_error *err);

#endif
