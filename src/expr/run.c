/* A run folder, read for people: its front and its summary. */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "expr/load.h"

struct symlut_run {
    arena memory;
    symlut_front_row *rows;
    size_t count;
    char *summary;
};

static symlut_status fill_rows(symlut_run *run, const front *f, const char *select,
                               symlut_error *err)
{
    const symlut_model *header = f->header;
    expr_names names = {model_input_names(&run->memory, header), header->input_count};
    for (size_t k = 0; k < header->output_count; k++)
        run->count += f->outputs[k].count;
    run->rows = ARENA_ARRAY(&run->memory, symlut_front_row, run->count);
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

const char *symlut_run_summary(const symlut_run *run)
{
    return run->summary ? run->summary : "";
}
