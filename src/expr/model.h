/* A float model: one expression per output over scaled inputs. */
#ifndef EXPR_MODEL_H
#define EXPR_MODEL_H

#include "expr/expr.h"

typedef struct model_input {
    const char *name;
    double mean, scale; /* scaled = (raw - mean) / scale; 0 and 1: none */
    double low, high;   /* range of the scaled value on the training rows; low > high: unknown */
} model_input;

struct symlut_model {
    arena memory;
    symlut_task task;
    model_input *inputs;
    size_t input_count;
    const char **output_names; /* class names, or the target's */
    expr *outputs;
    size_t output_count;
    const char *target_name; /* column of the data; "" when unknown */
    const char *data_hash;   /* "" when unknown */
    uint64_t seed;
};

/* Inputs without scaling and with unknown range; every name and text "". NULL: out of memory. */
symlut_model *model_new(size_t inputs, size_t outputs);
/* [input_count] names in `memory`; NULL: out of memory. */
const char **model_input_names(arena *memory, const symlut_model *model);
/* The JSON form (RUN/model/NAME.json), all or nothing. */
symlut_status model_write(const symlut_model *model, const char *path, symlut_error *err);
symlut_status model_read(symlut_model **out, const char *path, symlut_error *err);
/* Columns of the data in the order of `names`: map[i] is the data's feature number. By name, else
 * by position when no name is shared and there are enough columns; else an error with the nearest
 * names. */
symlut_status match_columns(size_t *map, const char *const *names, size_t count,
                            const symlut_dataset *data, symlut_error *err);

#endif
