/* A run folder, read for people: its front and its summary. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "expr/load.h"

struct symlut_run {
    arena memory;
    symlut_front_row *rows;
    const char **pysr; /* [count] the equations as PySR writes them, over columns as they are */
    size_t count;
    char *summary;
};

/* e over the data's own columns: (x - mean)/scale in place of a scaled input. */
static expr unscaled(arena *memory, const symlut_model *header, expr e)
{
    expr raw = {ARENA_ARRAY(memory, expr_node, 5 * (size_t)e.count), 0};
    for (int i = 0; raw.nodes && i < e.count; i++) {
        raw.nodes[raw.count++] = e.nodes[i];
        if (e.nodes[i].op != EXPR_VAR)
            continue;
        const model_input *in = &header->inputs[e.nodes[i].feature];
        if (in->mean != 0) {
            raw.nodes[raw.count++] = (expr_node){.op = EXPR_CONST, .value = in->mean};
            raw.nodes[raw.count++] = (expr_node){.op = EXPR_SUB};
        }
        if (in->scale != 1) {
            raw.nodes[raw.count++] = (expr_node){.op = EXPR_CONST, .value = in->scale};
            raw.nodes[raw.count++] = (expr_node){.op = EXPR_DIV};
        }
    }
    if (raw.nodes)
        expr_finish(&raw);
    return raw;
}

static symlut_status fill_rows(symlut_run *run, const front *f, const char *select,
                               symlut_error *err)
{
    const symlut_model *header = f->header;
    expr_names names = {model_input_names(&run->memory, header), header->input_count};
    for (size_t k = 0; k < header->output_count; k++)
        run->count += f->outputs[k].count;
    run->rows = ARENA_ARRAY(&run->memory, symlut_front_row, run->count);
    run->pysr = ARENA_ARRAY(&run->memory, const char *, run->count);
    if (run->memory.failed)
        return error_memory(err);
    symlut_front_row *row = run->rows;
    text equation = {0};
    symlut_status status = SYMLUT_OK;
    for (size_t k = 0; k < header->output_count && status == SYMLUT_OK; k++) {
        const front_output *o = &f->outputs[k];
        size_t selected = 0;
        if (o->count > 0)
            status = front_choose(&selected, f, k, select, err);
        for (size_t i = 0; i < o->count && status == SYMLUT_OK; i++) {
            equation.length = 0;
            expr_print(&equation, o->rows[i].e, &names, SYMLUT_PRINT_INFIX, 17);
            *row++ = (symlut_front_row){
                .output = arena_strdup(&run->memory, header->output_names[k]),
                .complexity = o->rows[i].complexity,
                .loss = o->rows[i].loss,
                .score = o->rows[i].score,
                .equation = equation.failed ? NULL : arena_strdup(&run->memory, equation.data),
                .inner = arena_strdup(&run->memory, o->rows[i].inner ? o->rows[i].inner : ""),
                .selected = i == selected,
            };
            equation.length = 0;
            expr_print(&equation, unscaled(&run->memory, header, o->rows[i].e), &names,
                       SYMLUT_PRINT_PYSR, 17);
            if (!equation.failed)
                run->pysr[row - run->rows - 1] = arena_strdup(&run->memory, equation.data);
            if (equation.failed || run->memory.failed)
                status = error_memory(err);
        }
    }
    text_free(&equation);
    return status;
}

/* front.csv is written more often than model.json: it is all that a young search has. */
static symlut_status read_front(front **f, arena *scratch, const char *dir, symlut_error *err)
{
    const char *json = arena_printf(scratch, "%s/model/model.json", dir);
    const char *csv = arena_printf(scratch, "%s/front.csv", dir);
    if (!json || !csv)
        return error_memory(err);
    if (file_exists(json))
        return front_read(f, json, err);
    if (!file_exists(csv))
        return error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                        file_is_directory(dir)
                            ? "is no run folder: it has neither model/model.json nor front.csv, "
                              "which symlut fit writes"
                            : "is no folder; expected what symlut fit wrote");
    char *data;
    size_t length;
    symlut_status status = file_read(&data, &length, csv, err);
    if (status != SYMLUT_OK)
        return status;
    source_list list = {.memory = scratch};
    status = equation_table_read(&list, csv, data, "y", err);
    if (status == SYMLUT_OK)
        status = sources_to_front(f, &list, NULL, err);
    if (status == SYMLUT_OK)
        status = front_select(*f, "best", err);
    free(data);
    return status;
}

static symlut_status read_summary(symlut_run *run, arena *scratch, const char *dir,
                                  symlut_error *err)
{
    const char *path = arena_printf(scratch, "%s/summary.json", dir);
    size_t length;
    if (!path)
        return error_memory(err);
    return file_exists(path) ? file_read(&run->summary, &length, path, err) : SYMLUT_OK;
}

symlut_status symlut_run_open(symlut_run **out, const char *run_dir, const char *select,
                              symlut_error *err)
{
    *out = NULL;
    symlut_run *run = calloc(1, sizeof *run);
    if (!run)
        return error_memory(err);
    arena scratch = {0};
    front *f = NULL;
    symlut_status status = read_front(&f, &scratch, run_dir, err);
    if (status == SYMLUT_OK)
        status = fill_rows(run, f, select, err);
    if (status == SYMLUT_OK)
        status = read_summary(run, &scratch, run_dir, err);
    front_free(f);
    arena_free(&scratch);
    if (status == SYMLUT_OK)
        *out = run;
    else
        symlut_run_free(run);
    return status;
}

void symlut_run_free(symlut_run *run)
{
    if (!run)
        return;
    arena_free(&run->memory);
    free(run->summary);
    free(run);
}

size_t symlut_run_rows(const symlut_run *run)
{
    return run->count;
}

symlut_front_row symlut_run_row(const symlut_run *run, size_t i)
{
    return i < run->count ? run->rows[i] : (symlut_front_row){0};
}

char *symlut_run_hall_of_fame(const symlut_run *run, const char *output)
{
    text t = {0};
    const char *only = NULL;
    text_append(&t, "Complexity,Loss,Equation\n");
    for (size_t i = 0; i < run->count && !t.failed; i++) {
        const symlut_front_row *row = &run->rows[i];
        if (output && strcmp(output, row->output) != 0)
            continue;
        t.failed = only && strcmp(only, row->output) != 0;
        only = row->output;
        text_number(&t, row->complexity, 17);
        text_append(&t, ",");
        text_number(&t, row->loss, 17);
        text_printf(&t, ",\"%s\"\n", run->pysr[i]);
    }
    if (!t.failed && only)
        return t.data;
    text_free(&t);
    return NULL;
}

const char *symlut_run_summary(const symlut_run *run)
{
    return run->summary ? run->summary : "";
}
