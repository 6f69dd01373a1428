/* A model of outputs y0 … over the inputs a and b. Include after cmocka.h. */
#ifndef TESTS_UNIT_TWO_INPUTS_H
#define TESTS_UNIT_TWO_INPUTS_H

#include "expr/model.h"

static const char *const two_inputs[] = {"a", "b"};
static const char *const two_inputs_outputs[] = {"y0", "y1", "y2", "y3", "y4"};

/* infix: [n], n at most 5 */
static symlut_model *scores_of(const char *const *infix, size_t n)
{
    symlut_model *model = model_new(2, n);
    assert_non_null(model);
    for (size_t k = 0; k < 2; k++)
        model->inputs[k].name = two_inputs[k];
    for (size_t k = 0; k < n; k++) {
        model->output_names[k] = two_inputs_outputs[k];
        assert_int_equal(expr_parse(&model->outputs[k], &model->memory, infix[k],
                                    &(expr_names){two_inputs, 2}, "test", 1, 1, NULL),
                         SYMLUT_OK);
    }
    return model;
}

#endif
