/* State of one search of formats. Internal to src/precision. */
#ifndef PRECISION_SEARCH_H
#define PRECISION_SEARCH_H

#include "precision/normal.h"
#include "precision/rows.h"

/* What is known of one output and chosen for it beside p->nodes. */
typedef struct output_state {
    int count;        /* nodes */
    int *source;      /* the base of each node, see merge_bases */
    int *parent;      /* -1: the root */
    bool *replaced;   /* a table took its place */
    double *original; /* constants */
    int8_t *digits;   /* most signed digits of a constant; 0: any */
    range *seen;      /* on the rows, of the float model */
    double *slope;    /* root mean square of d output / d node */
    double lut, ns, error;
    double trial_lut, trial_ns, trial_error;
    graph *trial; /* as lowered */
} output_state;

typedef struct search {
    const precision_options *o;
    precision *p;
    symlut_error *err;
    rows screen, check, held; /* held: of no step's choice, see search_agrees */
    output_state *outputs;
    range *input_seen;
    table_cache *cache;
    double cost, value; /* of the plan as it is */
    double target;      /* the metric on `screen` must reach it */
    double check_target;
    double held_value;
    double tightened; /* part of the tolerance that the targets keep back */
    double limit_ns;  /* of the combinational delay; 0: none */
    bool faithful;    /* steps to and from faithful tables are tried */
    bool failed;      /* out of memory */
} search;

/* A price and what it buys. */
typedef struct outcome {
    bool legal; /* it can be compiled */
    double cost, value, error;
} outcome;

/* Outputs 64 and up share the last bit of a set. */
typedef uint64_t output_set;
output_set set_of(size_t output);

/* trial.c: compiles, prices and evaluates the outputs of the set with the formats as they are; the
 * others count as they were. trial_keep makes the last trial the state. */
outcome trial(search *s, output_set set);
bool trial_checks(search *s, output_set set); /* the check rows agree with the last trial */
void trial_keep(search *s, output_set set, outcome o);
/* The held rows lose at most the tolerance, by one standard error. */
bool trial_agrees(search *s);
/* Lowers output k with results [nodes] of each node. */
bool trial_results(search *s, size_t k, node_result *results);
/* Marks what tables replace and sets the constants of output k as its formats and digits say. */
void trial_refresh(search *s, size_t k);

/* start.c */
symlut_status search_begin(search *s, symlut_error *err);
/* Formats of equal share; the largest step that keeps the tolerance. */
symlut_status search_start(search *s, symlut_error *err);
void search_end(search *s);

/* descend.c */
void search_descend(search *s, const symlut_hooks *hooks);

/* report.c: fills p->report. */
symlut_status search_report(search *s, symlut_error *err);

/* Integer bits, sign included, for a range widened by the guard. */
int guarded_bits(const search *s, range r);

#endif
