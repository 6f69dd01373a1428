/* What every reader of expressions promises, whatever it is given. */
#ifndef FUZZ_EXPR_FUZZ_H
#define FUZZ_EXPR_FUZZ_H

#include "expr/load.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static inline char *terminated(const uint8_t *data, size_t size)
{
    char *copy = malloc(size + 1);
    if (!copy)
        abort();
    if (size > 0)
        memcpy(copy, data, size);
    copy[size] = '\0';
    return copy;
}

/* An expression is whole, its text reads back to it, and a rewrite leaves it whole. */
static inline void check_expr(expr e, const expr_names *names)
{
    arena memory = {0};
    text t = {0};
    expr copy = expr_copy(&memory, e), back;
    if (!copy.nodes || !expr_finish(&copy) || !expr_equal(copy, e))
        abort();
    expr_print(&t, e, names, SYMLUT_PRINT_INFIX, 17);
    if (expr_parse(&back, &memory, t.data, names, "fuzz", 1, 1, NULL) != SYMLUT_OK)
        abort();
    for (int i = 0; i < back.count; i++) /* a NaN keeps neither its sign nor its payload */
        if (back.nodes[i].op == EXPR_CONST && back.nodes[i].value != back.nodes[i].value)
            back.nodes[i].value = e.nodes[i].value;
    if (!expr_equal(back, e))
        abort();
    expr_simplify(&copy);
    if (copy.count < 1 || copy.count > e.count || !expr_finish(&copy))
        abort();
    if (e.count < 200) {
        expr d = expr_differentiate(&memory, e, 0);
        if (d.count > 0 && !expr_finish(&d))
            abort();
    }
    text_free(&t);
    arena_free(&memory);
}

static inline void check_front(const front *f)
{
    arena memory = {0};
    expr_names names = {model_input_names(&memory, f->header), f->header->input_count};
    for (size_t k = 0; k < f->header->output_count; k++)
        for (size_t i = 0; i < f->outputs[k].count; i++)
            check_expr(f->outputs[k].rows[i].e, &names);
    symlut_model *model;
    symlut_error err = {0};
    if (front_model(&model, f, "best", &err) != SYMLUT_OK && !err.message[0])
        abort();
    symlut_model_free(model);
    arena_free(&memory);
}

/* Takes what a reader gave back: a sound front or an error with a message. */
static inline void check_result(symlut_status status, front *f, const symlut_error *err)
{
    if (status == SYMLUT_OK)
        check_front(f);
    else if (!err->message[0])
        abort();
    front_free(f);
}

#endif
