/* Verification: each emitted form is built and run on the same vectors as the graph. */
#ifndef TOOL_VERIFY_H
#define TOOL_VERIFY_H

#include "emit/vectors.h"
#include "tool/process.h"

/* One form's run. The caller fills the first part and frees `out`, `tool` and `note`. */
typedef struct form_run {
    const symlut_firmware *fw;
    const char *dir;  /* firmware folder with the emitted files */
    const char *work; /* private folder for this form */
    const vectors *v;
    const double *raw; /* [inputs][raw_rows] raw values of the data's rows, or NULL: prepare_input
                          of rows [0, raw_rows) of v->in */
    size_t raw_rows;
    const char *ap_types; /* HLS: headers to use; NULL: the stand-in over SystemC */
    const char *ac_types; /* headers of ac_fixed; NULL: none at hand */
    size_t slow_vectors;  /* most of the slow forms; 0: as they choose */
    process_options process;

    char *tool;   /* name and version */
    char *note;   /* what a reader should know of a run that ended well, or NULL */
    int64_t *out; /* [outputs][rows] */
    size_t *rows; /* the rows of v that were run, or NULL: all; the caller frees it */
    size_t row_count;
    long latency; /* clocked forms; -1: no clock */
    symlut_status status;
    symlut_error err;
} form_run;

/* SYMLUT_OK: built and ran, run->out holds its answers. SYMLUT_NO: it contradicts itself or its
 * manifest (latency, valid, prepare_input). Others: it could not be run. */
symlut_status run_c(form_run *run, symlut_error *err);
symlut_status run_cpp(form_run *run, symlut_error *err);
symlut_status run_verilog(form_run *run, symlut_error *err);
symlut_status run_icarus(form_run *run, symlut_error *err);
symlut_status run_netlist(form_run *run, symlut_error *err);
symlut_status run_vhdl(form_run *run, symlut_error *err);
symlut_status run_hls(form_run *run, symlut_error *err);
symlut_status run_ac(form_run *run, symlut_error *err);

/* Vectors that the form runs, and the row of v that is its vector i. */
size_t form_rows(const form_run *run);
size_t form_row(const form_run *run, size_t i);
/* A slow form runs at most slow_vectors, or `limit`, vectors: the corners (which come first behind
 * the data's rows) and the rest evenly spaced, so that every kind of vector occurs. */
symlut_status form_choose_rows(form_run *run, size_t limit, symlut_error *err);
/* run->out against the graph's answers. SYMLUT_NO: the first difference in words, `form` at the
 * message's beginning. */
symlut_status form_compare(const form_run *run, const char *form, symlut_error *err);
/* The Verilog files of the firmware folder's rtl/: [SOURCE_LIMIT]. */
enum { SOURCE_LIMIT = 8 };
symlut_status form_sources(const char **sources, size_t *count, const form_run *run, arena *memory,
                           symlut_error *err);
/* Builds the sources, at most SOURCE_LIMIT, with Verilator and runs them on the form's vectors. */
symlut_status verilator_run(form_run *run, const char *form, const char *const *sources,
                            size_t count, symlut_error *err);
/* "Verilator 5.006"; caller frees. */
symlut_status verilator_version(char **version, symlut_error *err);
/* Compiles the sources, at most SOURCE_LIMIT, with Icarus and runs them on the form's vectors. */
symlut_status icarus_run(form_run *run, const char *form, const char *const *sources, size_t count,
                         symlut_error *err);
/* "Icarus Verilog 11.0"; caller frees. */
symlut_status icarus_version(char **version, symlut_error *err);
/* For the forms: NAME in the run's folder, formatted. Freed with the arena. */
char *work_path(arena *memory, const form_run *run, const char *name);
/* Writes v->in of the form's rows [rows][inputs], row-major, for the drivers. */
symlut_status write_inputs(const form_run *run, const char *path, symlut_error *err);
/* Reads a driver's answers [rows][outputs] into run->out. */
symlut_status read_outputs(form_run *run, const char *path, symlut_error *err);

/* As symlut_verify, for a firmware at hand whose files are in dir. Writes nothing into dir. */
symlut_status verify_firmware(char **json_report, const symlut_firmware *fw, const char *dir,
                              const symlut_dataset *data, const symlut_verify_options *options,
                              const symlut_hooks *hooks, symlut_error *err);

#endif
