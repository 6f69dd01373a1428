#include "precision/precision.h"

#include "precision/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

symlut_model *precision_normal_model(const symlut_model *model)
{
    symlut_model *copy = model_new(model->input_count, model->output_count);
    if (!copy)
        return NULL;
    arena *a = &copy->memory;
    copy->task = model->task;
    copy->target_name = arena_strdup(a, model->target_name);
    copy->data_hash = arena_strdup(a, model->data_hash);
    copy->seed = model->seed;
    for (size_t j = 0; j < model->input_count; j++) {
        copy->inputs[j] = model->inputs[j];
        copy->inputs[j].name = arena_strdup(a, model->inputs[j].name);
    }
    for (size_t k = 0; k < model->output_count; k++) {
        copy->output_names[k] = arena_strdup(a, model->output_names[k]);
        expr made = normal_form(a, model->outputs[k]);
        copy->outputs[k] = made.count ? expr_copy(a, made) : made;
    }
    if (!a->failed)
        return copy;
    symlut_model_free(copy);
    return NULL;
}

symlut_status precision_search(precision **out, const precision_options *options,
                               const symlut_hooks *hooks, symlut_error *err)
{
    *out = NULL;
    search s = {.o = options, .p = calloc(1, sizeof(precision)), .err = err};
    symlut_status status = s.p ? search_begin(&s, err) : error_memory(err);
    if (status == SYMLUT_OK)
        status = search_start(&s, err);
    if (status == SYMLUT_OK) {
        search_descend(&s, hooks);
        status = s.failed ? error_memory(err) : SYMLUT_OK;
    }
    if (status == SYMLUT_OK)
        status = search_report(&s, err);
    search_end(&s); /* its arrays live with the result */
    if (status == SYMLUT_OK)
        *out = s.p;
    else
        precision_free(s.p);
    return status;
}

void precision_free(precision *p)
{
    if (!p)
        return;
    symlut_model_free(p->model);
    arena_free(&p->memory);
    free(p);
}
