#include "expr/model.h"

#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"

symlut_model *model_new(size_t inputs, size_t outputs)
{
    symlut_model *model = calloc(1, sizeof *model);
    if (!model)
        return NULL;
    model->inputs = ARENA_ARRAY(&model->memory, model_input, inputs);
    model->output_names = ARENA_ARRAY(&model->memory, const char *, outputs);
    model->outputs = ARENA_ARRAY(&model->memory, expr, outputs);
    if (model->memory.failed) {
        symlut_model_free(model);
        return NULL;
    }
    for (size_t i = 0; i < inputs; i++)
        model->inputs[i] = (model_input){.name = "", .scale = 1, .low = 1, .high = -1};
    for (size_t k = 0; k < outputs; k++)
        model->output_names[k] = "";
    model->input_count = inputs;
    model->output_count = outputs;
    model->task = SYMLUT_REGRESSION;
    model->target_name = model->data_hash = "";
    return model;
}

void symlut_model_free(symlut_model *model)
{
    if (!model)
        return;
    arena_free(&model->memory);
    free(model);
}

size_t symlut_model_inputs(const symlut_model *model)
{
    return model->input_count;
}

const char *symlut_model_input_name(const symlut_model *model, size_t i)
{
    return i < model->input_count ? model->inputs[i].name : NULL;
}

double symlut_model_input_mean(const symlut_model *model, size_t i)
{
    return i < model->input_count ? model->inputs[i].mean : 0;
}

double symlut_model_input_scale(const symlut_model *model, size_t i)
{
    return i < model->input_count ? model->inputs[i].scale : 1;
}

size_t symlut_model_outputs(const symlut_model *model)
{
    return model->output_count;
}

const char *symlut_model_output_name(const symlut_model *model, size_t k)
{
    return k < model->output_count ? model->output_names[k] : NULL;
}

symlut_task symlut_model_task(const symlut_model *model)
{
    return model->task;
}

const char *symlut_model_target_name(const symlut_model *model)
{
    return model->target_name;
}

const char **model_input_names(arena *memory, const symlut_model *model)
{
    const char **names = ARENA_ARRAY(memory, const char *, model->input_count);
    for (size_t i = 0; names && i < model->input_count; i++)
        names[i] = model->inputs[i].name;
    return names;
}

char *symlut_model_equation(const symlut_model *model, size_t k, symlut_print style)
{
    if (k >= model->output_count)
        return NULL;
    arena scratch = {0};
    expr_names names = {model_input_names(&scratch, model), model->input_count};
    text out = {0};
    if (names.names)
        expr_print(&out, model->outputs[k], &names, style, 17);
    else
        out.failed = true;
    arena_free(&scratch);
    return text_take(&out);
}

/* ---------------------------------------------------------------- columns by name */

static bool find_column(size_t *column, const char *name, const symlut_dataset *data)
{
    for (size_t i = 0; i < data->features; i++) {
        if (strcmp(data->feature_names[i], name) == 0) {
            *column = i;
            return true;
        }
    }
    return false;
}

/* xN is column N where no column bears that name. */
static bool numbered_column(size_t *column, const char *name, const symlut_dataset *data)
{
    if (name[0] != 'x' || !name[1] || strspn(name + 1, "0123456789") != strlen(name + 1) ||
        strlen(name) > 7)
        return false;
    *column = strtoul(name + 1, NULL, 10);
    return *column < data->features;
}

static symlut_status missing_column(const char *name, const symlut_dataset *data, symlut_error *err)
{
    size_t count = data->features;
    error_set(err, SYMLUT_BAD_INPUT, "the data has no column '%s', an input of the model", name);
    const char **names = malloc(sizeof *names * (count + 1));
    if (!names)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        names[i] = data->feature_names[i];
    error_nearest(err, name, names, count);
    free(names);
    return SYMLUT_BAD_INPUT;
}

symlut_status match_columns(size_t *map, const char *const *names, size_t count,
                            const symlut_dataset *data, symlut_error *err)
{
    size_t found = 0, features = data->features;
    const char *missing = NULL;
    for (size_t i = 0; i < count; i++) {
        if (find_column(&map[i], names[i], data) || numbered_column(&map[i], names[i], data))
            found++;
        else if (!missing)
            missing = names[i];
    }
    if (found == count)
        return SYMLUT_OK;
    if (found > 0)
        return missing_column(missing, data, err);
    if (features < count)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the model has %zu inputs ('%s', ...) but the data only %zu columns, none "
                         "of them of that name",
                         count, missing, features);
    for (size_t i = 0; i < count; i++)
        map[i] = i;
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- prediction */

enum { BLOCK = 256 };

typedef struct predictor {
    const symlut_model *model;
    const double **raw; /* [input_count] the data's columns */
    double *scaled;     /* [input_count][BLOCK] */
    const double **x;   /* [input_count] rows of scaled */
    double *stack;      /* [depth][BLOCK] */
} predictor;

static void scale_block(const predictor *p, size_t first, size_t rows)
{
    for (size_t i = 0; i < p->model->input_count; i++) {
        const model_input *input = &p->model->inputs[i];
        double *scaled = p->scaled + i * BLOCK;
        const double *raw = p->raw[i] + first;
        for (size_t r = 0; r < rows; r++)
            scaled[r] = (raw[r] - input->mean) / input->scale;
    }
}

static void predict_rows(const predictor *p, size_t rows, double *y)
{
    size_t outputs = p->model->output_count;
    for (size_t first = 0; first < rows; first += BLOCK) {
        size_t n = rows - first < BLOCK ? rows - first : BLOCK;
        scale_block(p, first, n);
        for (size_t k = 0; k < outputs; k++) {
            expr_eval_rows(p->model->outputs[k], p->x, n, p->stack, BLOCK);
            for (size_t r = 0; r < n; r++)
                y[(first + r) * outputs + k] = p->stack[r];
        }
    }
}

static size_t deepest(const symlut_model *model)
{
    size_t depth = 1;
    for (size_t k = 0; k < model->output_count; k++) {
        size_t d = (size_t)expr_depth(model->outputs[k]);
        depth = d > depth ? d : depth;
    }
    return depth;
}

static symlut_status predict_with(arena *scratch, const symlut_model *model,
                                  const symlut_dataset *data, double *y, symlut_error *err)
{
    size_t inputs = model->input_count;
    predictor p = {.model = model};
    size_t *map = ARENA_ARRAY(scratch, size_t, inputs);
    const char **names = model_input_names(scratch, model);
    p.raw = ARENA_ARRAY(scratch, const double *, inputs);
    p.x = ARENA_ARRAY(scratch, const double *, inputs);
    p.scaled = ARENA_ARRAY(scratch, double, inputs *BLOCK);
    p.stack = ARENA_ARRAY(scratch, double, deepest(model) * BLOCK);
    if (scratch->failed)
        return error_memory(err);
    symlut_status status = match_columns(map, names, inputs, data, err);
    if (status != SYMLUT_OK)
        return status;
    for (size_t i = 0; i < inputs; i++) {
        p.raw[i] = data->columns[map[i]];
        p.x[i] = p.scaled + i * BLOCK;
    }
    predict_rows(&p, data->rows, y);
    return SYMLUT_OK;
}

symlut_status symlut_model_predict(const symlut_model *model, const symlut_dataset *data, double *y,
                                   symlut_error *err)
{
    arena scratch = {0};
    symlut_status status = predict_with(&scratch, model, data, y, err);
    arena_free(&scratch);
    return status;
}
