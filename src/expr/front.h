/* The Pareto front of a search: for every output, expressions of rising complexity and falling
 * loss. It is what a run folder keeps (front.csv, model/model.json) and what a model is chosen
 * from. */
#ifndef EXPR_FRONT_H
#define EXPR_FRONT_H

#include "expr/model.h"

typedef struct front_row {
    double complexity, loss;
    double score; /* -Δln(loss)/Δcomplexity to the row before; 0 in the first row (PySR) */
    expr e;
    const char *inner; /* of a search with a template: its free parts as text; NULL: none */
} front_row;

typedef struct front_output {
    front_row *rows; /* [count], rising complexity */
    size_t count, capacity;
    size_t selected; /* the row of the run's own rule */
} front_output;

/* What a mean loss says of the training rows' probability (description.c). */
typedef enum front_likelihood {
    LIKELIHOOD_UNKNOWN,
    LIKELIHOOD_NORMAL,   /* squares */
    LIKELIHOOD_LAPLACE,  /* absolute errors */
    LIKELIHOOD_LOGISTIC, /* the loss is -ln p itself, of one output */
    LIKELIHOOD_SOFTMAX,  /* the same, of all outputs together */
    LIKELIHOOD_COUNT
} front_likelihood;

/* What all rows share (inputs, task, names of outputs, data hash, seed) is a model without
 * expressions; its arena owns everything of the front. */
typedef struct front {
    symlut_model *header;
    front_output *outputs; /* [header->output_count] */
    front_likelihood likelihood;
    double rows; /* of training, as many as weigh the same; meaningless where it is unknown */
} front;

/* The header's inputs and output names are the caller's to fill, with strings in header->memory.
 * NULL when out of memory. */
front *front_new(size_t inputs, size_t outputs);
void front_free(front *f);
/* Appends a row to output k, with a copy of e; complexities must rise. False: out of memory. */
bool front_add(front *f, size_t k, double complexity, double loss, expr e);
/* Forgets the rows of output k, for a front written again and again (the arena keeps growing until
 * front_free: make a new front for each epoch of a long run instead). */
void front_clear(front *f, size_t k);
/* Fills the scores and each output's `selected` by the rule: "accuracy" (lowest loss), "score"
 * (highest score), "best" (highest score among rows with loss at most 1.5 times the lowest),
 * "mdl" (shortest description of expression and rows, description.h),
 * "auto" ("accuracy" for classes, "best" for numbers), or "complexity N" (the last row not above
 * N). An unknown rule or an empty output is an error. */
symlut_status front_select(front *f, const char *rule, symlut_error *err);
/* The index of one output's row by the rule; NULL or "": the run's own. */
symlut_status front_choose(size_t *row, const front *f, size_t k, const char *rule,
                           symlut_error *err);
/* Selected rows by the rule (NULL: the run's own) as a model of its own. */
symlut_status front_model(symlut_model **out, const front *f, const char *rule, symlut_error *err);

/* RUN/front.csv: output,complexity,loss,score,equation, and inner where rows have it. All or
 * nothing, as is the JSON. */
symlut_status front_write_csv(const front *f, const char *path, symlut_error *err);
/* RUN/model/model.json. model_write makes the same form with one equation per output instead of a
 * front; front_read reads both. */
symlut_status front_write_json(const front *f, const char *path, symlut_error *err);
symlut_status front_read(front **out, const char *path, symlut_error *err);
/* The same from text; `name` stands for the file in errors. */
symlut_status front_parse_json(front **out, const char *name, const char *json, size_t length,
                               symlut_error *err);

#endif
