/* Firmware folders: written whole or not at all; and the bit-accurate prediction. */
#include "emit/emit.h"

#include "base/file.h"
#include "data/dataset.h"
#include "expr/model.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---------------------------------------------------------------- facts */

void symlut_firmware_free(symlut_firmware *fw)
{
    if (!fw)
        return;
    graph_free(fw->g);
    graph_free(fw->plain);
    free(fw->manifest);
    arena_free(&fw->memory);
    free(fw);
}

size_t symlut_firmware_outputs(const symlut_firmware *fw)
{
    return fw->g->output_count;
}

const char *symlut_firmware_output_name(const symlut_firmware *fw, size_t k)
{
    return k < fw->g->output_count ? fw->output_names[k] : NULL;
}

size_t symlut_firmware_classes(const symlut_firmware *fw)
{
    return fw->class_count;
}

const char *symlut_firmware_class_name(const symlut_firmware *fw, size_t k)
{
    return k < fw->class_count ? fw->classes[k].name : NULL;
}

const char *symlut_firmware_signal(const symlut_firmware *fw)
{
    return fw->decision.signal;
}

symlut_task symlut_firmware_task(const symlut_firmware *fw)
{
    return fw->task;
}

const char *symlut_firmware_target_name(const symlut_firmware *fw)
{
    return fw->target_name;
}

int symlut_firmware_latency(const symlut_firmware *fw)
{
    return fw->g->latency;
}

const char *symlut_firmware_manifest(const symlut_firmware *fw)
{
    return fw->manifest;
}

/* ---------------------------------------------------------------- writing */

static symlut_status emit_all(emit_files *set, const symlut_firmware *fw, symlut_error *err)
{
    symlut_status status = graph_print(fw->g, emit_files_add(set, "graph.ir"));
    if (status == SYMLUT_OK && fw->plain)
        status = graph_print(fw->plain, emit_files_add(set, "graph.plain.ir"));
    if (status == SYMLUT_OK) {
        text_append(emit_files_add(set, "manifest.json"), fw->manifest);
        status = emit_files_status(set, err);
    } else {
        error_memory(err);
    }
    if (status == SYMLUT_OK)
        status = emit_c(set, fw, err);
    if (status == SYMLUT_OK)
        status = emit_verilog(set, fw, err);
    if (status == SYMLUT_OK)
        status = emit_vhdl(set, fw, err);
    if (status == SYMLUT_OK)
        status = emit_hls(set, fw, err);
    if (status == SYMLUT_OK)
        status = emit_emulator(set, fw, err);
    if (status == SYMLUT_OK)
        status = emit_vendor(set, fw, err);
    if (status == SYMLUT_OK)
        status = emit_tb(set, fw, err);
    return status == SYMLUT_OK ? emit_files_status(set, err) : status;
}

/* What a firmware folder may hold: what is written here and what the other commands add. */
static bool is_own_entry(const char *name)
{
    static const char *const own[] = {".",
                                      "..",
                                      "manifest.json",
                                      "graph.ir",
                                      "c",
                                      "rtl",
                                      "vhdl",
                                      "hls",
                                      "tb",
                                      "synth.json",
                                      "verify.json",
                                      "report.html",
                                      "graph.plain.ir",
                                      "ac",
                                      "cpp",
                                      "vendor"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (strcmp(own[i], name) == 0)
            return true;
    }
    return false;
}

/* A folder may be replaced when it is empty or an older firmware and nothing else. */
static symlut_status check_replaceable(const char *dir, symlut_error *err)
{
    DIR *d = opendir(dir);
    if (!d)
        return errno == ENOENT ? SYMLUT_OK
                               : error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                                          "cannot hold the firmware: %s", strerror(errno));
    symlut_status status = SYMLUT_OK;
    bool has_manifest = false, is_empty = true;
    for (struct dirent *e; status == SYMLUT_OK && (e = readdir(d)) != NULL;) {
        has_manifest |= strcmp(e->d_name, "manifest.json") == 0;
        is_empty &= e->d_name[0] == '.' && is_own_entry(e->d_name);
        if (!is_own_entry(e->d_name))
            status = error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                              "holds '%.200s', which is no part of a firmware; choose a new "
                              "folder or remove it",
                              e->d_name);
    }
    closedir(d);
    if (status == SYMLUT_OK && !is_empty && !has_manifest)
        status = error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                          "is not empty and no firmware (it has no manifest.json); choose a new "
                          "folder or empty it");
    return status;
}

static symlut_status write_file(const char *dir, const emit_file *file, symlut_error *err)
{
    text path = {0};
    text_printf(&path, "%s/%s", dir, file->path);
    if (path.failed) {
        text_free(&path);
        return error_memory(err);
    }
    char *slash = strrchr(path.data, '/');
    *slash = '\0';
    symlut_status status = directory_make(path.data, err);
    *slash = '/';
    if (status == SYMLUT_OK)
        status = file_write(path.data, file->content.data ? file->content.data : "",
                            file->content.length, err);
    text_free(&path);
    return status;
}

static symlut_status io_error(symlut_error *err, const char *dir)
{
    return error_at(err, SYMLUT_IO, dir, 0, 0, "cannot write the firmware: %s", strerror(errno));
}

/* Puts `made` in the place of `dir`; an older firmware there is set aside first and removed last,
 * so that at no moment less than one whole firmware exists. */
static symlut_status exchange(const char *made, const char *dir, symlut_error *err)
{
    text aside = {0};
    text_printf(&aside, "%s.old", made);
    if (aside.failed) {
        text_free(&aside);
        return error_memory(err);
    }
    symlut_status status = SYMLUT_OK;
    bool had = file_exists(dir);
    if (had && rename(dir, aside.data) != 0) {
        status = io_error(err, dir);
    } else if (rename(made, dir) != 0) {
        status = io_error(err, dir);
        if (had && rename(aside.data, dir) != 0)
            status = error_at(err, SYMLUT_IO, dir, 0, 0,
                              "cannot write the firmware; the older one is in %s", aside.data);
    } else if (had) {
        status = directory_remove(aside.data, err);
    }
    text_free(&aside);
    return status;
}

static symlut_status write_set(const emit_files *set, const char *dir, symlut_error *err)
{
    text made = {0};
    text_printf(&made, "%s.tmpXXXXXX", dir);
    if (made.failed) {
        text_free(&made);
        return error_memory(err);
    }
    char *slash = strrchr(made.data, '/');
    symlut_status status = SYMLUT_OK;
    if (slash && slash != made.data) {
        *slash = '\0';
        status = directory_make(made.data, err);
        *slash = '/';
    }
    if (status == SYMLUT_OK && !mkdtemp(made.data))
        status = io_error(err, dir);
    if (status == SYMLUT_OK) {
        mode_t mask = umask(0);
        umask(mask);
        if (chmod(made.data, 0777 & ~mask) != 0)
            status = io_error(err, dir);
        for (size_t i = 0; i < set->count && status == SYMLUT_OK; i++)
            status = write_file(made.data, set->files[i], err);
        if (status == SYMLUT_OK)
            status = exchange(made.data, dir, err);
        if (status != SYMLUT_OK)
            directory_remove(made.data, NULL);
    }
    text_free(&made);
    return status;
}

symlut_status symlut_firmware_write(const symlut_firmware *fw, const char *dir, symlut_error *err)
{
    char *target = strdup(dir);
    if (!target)
        return error_memory(err);
    for (size_t n = strlen(target); n > 1 && target[n - 1] == '/'; n--)
        target[n - 1] = '\0';
    emit_files set = {0};
    symlut_status status =
        *target ? check_replaceable(target, err)
                : error_set(err, SYMLUT_BAD_INPUT, "the firmware's folder has an empty name");
    if (status == SYMLUT_OK)
        status = emit_all(&set, fw, err);
    if (status == SYMLUT_OK)
        status = write_set(&set, target, err);
    emit_files_free(&set);
    free(target);
    return status;
}

/* ---------------------------------------------------------------- prediction */

enum { PREDICT_ROWS = 1024 };

typedef struct predictor {
    const symlut_firmware *fw;
    const double **columns; /* [inputs], NULL: unused */
    int64_t *in, *out;      /* [inputs][PREDICT_ROWS], [outputs][PREDICT_ROWS] */
    int64_t *scratch;
} predictor;

static bool is_used(const symlut_firmware *fw, size_t input)
{
    return fw->g->inputs[input].node != GRAPH_NONE;
}

/* Columns of all inputs; where the data lacks some that nothing uses, of the used ones. */
static symlut_status match_inputs(const double **columns, const symlut_firmware *fw, arena *memory,
                                  const symlut_dataset *data, symlut_error *err)
{
    size_t count = fw->g->input_count, used = 0;
    size_t *map = ARENA_ARRAY(memory, size_t, count + 1);
    const char **names = ARENA_ARRAY(memory, const char *, count + 1);
    size_t *which = ARENA_ARRAY(memory, size_t, count + 1);
    if (!map || !names || !which)
        return error_memory(err);
    for (size_t k = 0; k < count; k++)
        names[k] = fw->inputs[k].name;
    if (match_columns(map, names, count, data, err) == SYMLUT_OK) {
        for (size_t k = 0; k < count; k++)
            columns[k] = is_used(fw, k) ? data->columns[map[k]] : NULL;
        return SYMLUT_OK;
    }
    for (size_t k = 0; k < count; k++) {
        if (is_used(fw, k)) {
            which[used] = k;
            names[used++] = fw->inputs[k].name;
        }
    }
    symlut_status status = match_columns(map, names, used, data, err);
    for (size_t k = 0; k < used && status == SYMLUT_OK; k++)
        columns[which[k]] = data->columns[map[k]];
    return status;
}

symlut_status firmware_columns(const double **columns, const symlut_firmware *fw,
                               const symlut_dataset *data, symlut_error *err)
{
    arena memory = {0};
    for (uint32_t k = 0; k < fw->g->input_count; k++)
        columns[k] = NULL;
    symlut_status status = match_inputs(columns, fw, &memory, data, err);
    arena_free(&memory);
    return status;
}

static void predict_block(const predictor *p, size_t first, size_t rows, double *y)
{
    const graph *g = p->fw->g;
    for (uint32_t k = 0; k < g->input_count; k++) {
        const double *column = p->columns[k];
        int64_t *to = p->in + (size_t)k * rows;
        for (size_t i = 0; column && i < rows; i++)
            to[i] = firmware_input_value(p->fw, k, column[first + i]);
        if (!column)
            memset(to, 0, rows * sizeof *to);
    }
    graph_eval(g, rows, p->in, p->out, p->scratch);
    for (uint32_t k = 0; k < g->output_count; k++) {
        const int64_t *from = p->out + (size_t)k * rows;
        format f = g->outputs[k].fmt;
        for (size_t i = 0; i < rows; i++)
            y[(first + i) * g->output_count + k] = format_to_double(f, from[i]);
    }
}

symlut_status symlut_firmware_predict(const symlut_firmware *fw, const symlut_dataset *data,
                                      double *y, symlut_error *err)
{
    const graph *g = fw->g;
    arena memory = {0};
    predictor p = {.fw = fw};
    symlut_status status = SYMLUT_OK;
    p.columns = ARENA_ARRAY(&memory, const double *, g->input_count + 1);
    p.in = ARENA_ARRAY(&memory, int64_t, ((size_t)g->input_count + 1) * PREDICT_ROWS);
    p.out = ARENA_ARRAY(&memory, int64_t, ((size_t)g->output_count + 1) * PREDICT_ROWS);
    p.scratch = ARENA_ARRAY(&memory, int64_t, graph_scratch_size(g) + 1);
    if (!p.columns || !p.in || !p.out || !p.scratch)
        status = error_memory(err);
    if (status == SYMLUT_OK)
        status = firmware_columns(p.columns, fw, data, err);
    for (size_t first = 0; first < data->rows && status == SYMLUT_OK; first += PREDICT_ROWS) {
        size_t rows = data->rows - first < PREDICT_ROWS ? data->rows - first : PREDICT_ROWS;
        predict_block(&p, first, rows, y);
    }
    arena_free(&memory);
    return status;
}
