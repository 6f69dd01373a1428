/* From options and a data set to what the engine works on. */
#ifndef SEARCH_PREPARE_H
#define SEARCH_PREPARE_H

#include "data/dataset.h"
#include "search/denoise.h"
#include "search/island.h"
#include "search/softmax.h"

/* An expression to begin with. */
typedef struct guess {
    int output;
    int number; /* among the output's: those of one number are a forest where all are judged
                 * together */
    expr e;
} guess;

/* The problems of one search and the memory under them. */
typedef struct task {
    arena memory;
    const symlut_dataset *data;
    split parts;
    double *mean, *scale; /* [features] of the inputs; 0 and 1 without scaling */
    double *low, *high;   /* [features] range of the scaled training values */
    bounds *box;          /* [features] the same with a guard */
    bool poles;           /* allowed inside the box */
    double *periods;      /* [features] of waves in the box, or NULL: any */
    float **columns;      /* [features][padded] scaled training rows in random order */
    float **targets;      /* [outputs][padded] what is searched for */
    float *weights;       /* [padded] or NULL */
    float *tail;          /* [EVAL_BLOCK] weights of the last block's rows: 1, in the padding 0 */
    problem *problems;    /* [outputs] */
    double *smooth;       /* [training rows in random order] what is searched for, or NULL: the
                           * target itself, by which a finished front is judged in any case */
    denoise_fit smoothing;
    const char **output_names;
    int outputs;
    expr loss, slope;
    const char *loss_name; /* what "auto" stands for */
    double constant_limit; /* 0: none */
    bool squares, bounded; /* bounded: the loss is never negative */
    bool weighs;           /* the loss itself uses the row's weight */
    bool softmax;          /* all classes are judged together */
    guess *guesses;        /* [guess_count] */
    int guess_count;
    units units; /* where set.words.limits.units points */
    settings set;
} task;

/* Fills t; task_free is legal after failure too. hooks may be NULL: asked during what is long. */
symlut_status task_prepare(task *t, const symlut_dataset *data, const symlut_fit_options *options,
                           const symlut_hooks *hooks, symlut_error *err);
void task_free(task *t);

/* Prefix sums over blocks and the loss of the best constant, from the other fields. False: out of
 * memory. */
bool problem_index(problem *p, arena *memory);

/* Operations from a list such as "+,-,sin", and functions defined there: "inv3(x) = 1/x^3". */
symlut_status vocabulary_parse(vocabulary *v, arena *memory, const char *list, symlut_error *err);

/* A loss by name ("L2", "margin", "huber(1.5)", …) or as an expression over y, p and the row's
 * weight w. classification picks what "auto" means. Nodes live in `memory`. */
symlut_status loss_parse(task *t, const char *name, bool classification, symlut_error *err);
/* Refuses a user's loss that has no lowest value. */
symlut_status loss_check(const task *t, symlut_error *err);

/* Target of output k at a row of the data: the number, or ±1 for a class. */
double task_target(const task *t, int k, uint32_t row);
/* Scaled inputs of one row, x: [features]. */
void task_inputs(const task *t, uint32_t row, double *x);

#endif
