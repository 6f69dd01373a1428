/* A compiled model: the graph with the interface and provenance that emitters and the manifest
 * print. Every string lives in `memory`. */
#ifndef GRAPH_FIRMWARE_H
#define GRAPH_FIRMWARE_H

#include "graph/graph.h"

typedef struct firmware_input {
    const char *name;   /* as in the data */
    double mean, scale; /* scaled value = (raw - mean) / scale; 0 and 1: none */
    double low, high;   /* range of the scaled value on the rows known; low > high: unknown */
} firmware_input;

typedef struct firmware_table { /* a function table as it was asked for or chosen */
    const char *function;       /* name in expressions: "sin" */
    int entries;
    double low, high; /* range covered */
    bool wraps;       /* arguments outside the range wrap around; else they saturate */
    format word;
} firmware_table;

typedef struct firmware_class {  /* of a firmware whose one output is the number of a class */
    const char *name, *equation; /* of its score */
} firmware_class;

typedef struct firmware_decision { /* of a firmware whose one output is a decision */
    const char *signal;            /* class that it accepts; "": unknown; NULL: no decision */
    const char *discriminant;      /* "t - max(g, q)" */
    const char *asked;             /* "threshold 0.35" */
    double threshold;              /* of the fixed-point discriminant, exact */
    size_t score_count;            /* of firmware.classes: the scores */
    bool calibrated;               /* the rest is known; [0]: background, [1]: signal */
    size_t rows[2], accepted[2];
    double efficiency[2]; /* by the rows' weights; NaN: no such rows */
} firmware_decision;

typedef struct firmware_format { /* of one node, chosen by the search of formats */
    const char *output;          /* name; "": an input */
    const char *expression;
    format fmt;
    double low, high;           /* proved */
    double seen_low, seen_high; /* on the rows; low > high: none */
    bool saturates;
    double error; /* root mean square, that goes when this node alone is finer */
    double share; /* of the output's error, 0 … 1 */
} firmware_format;

typedef struct firmware_tolerance {
    const char *metric; /* NULL: no search of formats */
    const char *text;   /* the tolerance as given */
    double float_value, value, guard;
    size_t rows, held; /* that chose; held back for the judgement */
    long trials;
} firmware_tolerance;

typedef struct firmware_resources { /* model estimate */
    double lut, ff, carry, dsp, bram;
    double ns_per_stage, latency_ns;
} firmware_resources;

struct symlut_firmware {
    arena memory;
    graph *g;
    graph *plain;     /* as lowered, before the passes; NULL: not known */
    const char *name; /* module name and C prefix: an identifier */
    symlut_task task;
    firmware_input *inputs;    /* [g->input_count], same order as g->inputs */
    const char **output_names; /* [g->output_count]: target or class names, as in the data */
    const char *target_name;   /* column of the data; "" when unknown */
    const char *precision, *part, *command_line, *data_hash, *version; /* may be "" */
    const char *dsp;         /* "auto", "none" or "prefer": what products of variables may use */
    const char **equations;  /* [output_count] infix text */
    firmware_class *classes; /* [class_count], by number */
    size_t class_count;      /* 0: the outputs are scores, or a decision */
    firmware_decision decision;
    uint64_t seed;           /* of the search; 0: none */
    const char *arithmetic;  /* "symlut" or "hls4ml" */
    rounding input_rounding; /* of scaled inputs */
    overflow input_overflow;
    double clock_mhz;
    firmware_resources estimate;
    firmware_table *tables;
    size_t table_count;
    firmware_format *formats; /* [format_count] */
    size_t format_count;
    firmware_tolerance tolerance;
    const char **warnings;
    size_t warning_count;
    char *manifest; /* JSON text, malloc'ed */
};

/* The integer that input k of the graph gets for a raw value. */
int64_t firmware_input_value(const symlut_firmware *fw, uint32_t k, double raw);

/* Adds a warning; SYMLUT_NO_MEMORY when `line` is NULL. It lives as long as fw. */
symlut_status firmware_warn(symlut_firmware *fw, const char *line, symlut_error *err);

#endif
