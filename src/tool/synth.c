/* symlut synth: Yosys for UltraScale+ over rtl/; the figures are those that Yosys prints. On demand
 * also place and route on a part that open tools know. */
#include <dirent.h>
#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"
#include "graph/firmware.h"
#include "tool/process.h"
#include "tool/route.h"
#include "tool/synth.h"
#include "tool/yosys_stat.h"

enum { TIME_LIMIT_S = 3600 };

symlut_synth_options symlut_synth_options_defaults(void)
{
    return (symlut_synth_options){.yosys = "yosys"};
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_verilog(const struct dirent *e)
{
    size_t length = strlen(e->d_name);
    return length > 2 && strcmp(e->d_name + length - 2, ".v") == 0;
}

static symlut_status copy_file(const char *to_folder, const char *from_folder, const char *name,
                               symlut_error *err)
{
    text from = {0}, to = {0};
    text_printf(&from, "%s/%s", from_folder, name);
    text_printf(&to, "%s/%s", to_folder, name);
    char *data = NULL;
    size_t length;
    symlut_status status =
        from.failed || to.failed ? error_memory(err) : file_read(&data, &length, from.data, err);
    if (status == SYMLUT_OK)
        status = file_write(to.data, data, length, err);
    free(data);
    text_free(&from);
    text_free(&to);
    return status;
}

static symlut_status write_text(const char *folder, const char *name, const text *content,
                                symlut_error *err)
{
    text path = {0};
    text_printf(&path, "%s/%s", folder, name);
    symlut_status status = path.failed || content->failed
                               ? error_memory(err)
                               : file_write(path.data, content->data, content->length, err);
    text_free(&path);
    return status;
}

symlut_status synth_copy_sources(const char *work, const char *dir, symlut_error *err)
{
    text folder = {0}, files = {0};
    text_printf(&folder, "%s/rtl", dir);
    struct dirent **entries = NULL;
    int count = folder.data ? scandir(folder.data, &entries, is_verilog, by_name) : -1;
    if (count <= 0) {
        symlut_status status =
            error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                     "has no Verilog in rtl/; expected a folder that `symlut compile` wrote");
        free(entries);
        text_free(&folder);
        return status;
    }
    symlut_status status = SYMLUT_OK;
    for (int i = 0; i < count; i++) {
        if (status == SYMLUT_OK)
            status = copy_file(work, folder.data, entries[i]->d_name, err);
        text_printf(&files, "read_verilog \"%s\"\n", entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    if (status == SYMLUT_OK)
        status = write_text(work, "read.ys", &files, err);
    text_free(&folder);
    text_free(&files);
    return status;
}

/* A script with the synthesis command, and statistics into a file of their own: what Yosys prints
 * after ABC may be lost on standard output. */
static symlut_status write_script(const char *work, const char *dir, const char *command,
                                  symlut_error *err)
{
    text script = {0};
    symlut_status status = synth_copy_sources(work, dir, err);
    text_printf(&script, "script read.ys\n%s\ntee -o stat.txt stat -tech xilinx\n", command);
    if (status == SYMLUT_OK)
        status = write_text(work, "synth.ys", &script, err);
    text_free(&script);
    return status;
}

static json_t *report_of(const yosys_stat *s, const char *version, const char *command,
                         double seconds)
{
    json_t *cells = json_object();
    for (size_t i = 0; i < s->count; i++)
        json_object_set_new(cells, s->cells[i].name, json_integer(s->cells[i].count));
    json_t *resources = json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "lut", (json_int_t)s->lut,
                                  "muxf", (json_int_t)s->muxf, "carry", (json_int_t)s->carry, "ff",
                                  (json_int_t)s->ff, "dsp", (json_int_t)s->dsp, "bram18",
                                  (json_int_t)s->bram18, "srl", (json_int_t)s->srl);
    json_t *report = json_pack("{s:s, s:s, s:f, s:o, s:o}", "source", version, "command", command,
                               "seconds", seconds, "resources", resources, "cells", cells);
    if (report && s->estimated_lc >= 0)
        json_object_set_new(report, "estimated_lc", json_integer(s->estimated_lc));
    return report;
}

symlut_status synth_version(char **version, const char *yosys, symlut_error *err)
{
    symlut_status status = process_version(version, yosys, "-V", err);
    char *end = *version ? strstr(*version, " (") : NULL;
    if (end)
        *end = '\0';
    return status;
}

typedef struct synthesis {
    char *folder, *version, *printed;
    char *yosys; /* program, good in any folder */
    json_t *route;
    text stat_path, command;
    double seconds;
} synthesis;

/* The program's path, if it is one, from the root: a relative one means something else in the
 * working folder. A path to nothing stays as it is, for the message. */
static symlut_status absolute(char **out, const char *program, symlut_error *err)
{
    *out = strchr(program, '/') ? realpath(program, NULL) : NULL;
    if (!*out)
        *out = strdup(program);
    return *out ? SYMLUT_OK : error_memory(err);
}

static symlut_status run_yosys(synthesis *s, const symlut_firmware *fw, const char *dir,
                               const symlut_synth_options *options, const symlut_hooks *hooks,
                               symlut_error *err)
{
    symlut_status status = synth_version(&s->version, options->yosys, err);
    if (status == SYMLUT_OK)
        status = absolute(&s->yosys, options->yosys, err);
    if (status == SYMLUT_OK)
        status = temporary_folder(&s->folder, err);
    if (status != SYMLUT_OK)
        return status;
    text_printf(&s->stat_path, "%s/stat.txt", s->folder);
    text_printf(&s->command, "synth_xilinx -family xcup -flatten%s -top %s",
                options->no_dsp || strcmp(fw->dsp, "none") == 0 ? " -nodsp" : "", fw->name);
    if (s->stat_path.failed || s->command.failed)
        return error_memory(err);
    status = write_script(s->folder, dir, s->command.data, err);
    const char *argv[] = {s->yosys, "-q", "-s", "synth.ys", NULL};
    double start = monotonic_seconds();
    if (status == SYMLUT_OK)
        status = process_check(
            argv,
            &(process_options){.directory = s->folder, .seconds = TIME_LIMIT_S, .hooks = hooks},
            err);
    s->seconds = monotonic_seconds() - start;
    size_t length;
    return status == SYMLUT_OK ? file_read(&s->printed, &length, s->stat_path.data, err) : status;
}

static symlut_status run_route(synthesis *s, const symlut_firmware *fw,
                               const symlut_synth_options *options, const symlut_hooks *hooks,
                               symlut_error *err)
{
    char *nextpnr = NULL;
    symlut_status status = options->nextpnr ? absolute(&nextpnr, options->nextpnr, err) : SYMLUT_OK;
    if (status == SYMLUT_OK)
        status = route_run(
            &s->route,
            &(route_job){
                .fw = fw,
                .family = options->route,
                .nextpnr = nextpnr,
                .yosys = s->yosys,
                .no_dsp = options->no_dsp,
                .folder = s->folder,
                .process = {.directory = s->folder, .seconds = TIME_LIMIT_S, .hooks = hooks}},
            err);
    free(nextpnr);
    return status;
}

static symlut_status make_report(char **json_report, const synthesis *s, const char *dir,
                                 symlut_error *err)
{
    yosys_stat stat;
    symlut_status status = yosys_stat_read(&stat, s->printed, err);
    if (status != SYMLUT_OK)
        return status;
    json_t *report = report_of(&stat, s->version, s->command.data, s->seconds);
    if (report && s->route)
        json_object_set(report, "route", s->route);
    *json_report = report ? json_dumps(report, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(report);
    yosys_stat_free(&stat);
    text path = {0};
    text_printf(&path, "%s/synth.json", dir);
    status = *json_report && path.data
                 ? file_write(path.data, *json_report, strlen(*json_report), err)
                 : error_memory(err);
    text_free(&path);
    if (status != SYMLUT_OK) {
        free(*json_report);
        *json_report = NULL;
    }
    return status;
}

symlut_status symlut_synth(char **json_report, const char *dir, const symlut_synth_options *options,
                           const symlut_hooks *hooks, symlut_error *err)
{
    *json_report = NULL;
    symlut_synth_options chosen = options ? *options : symlut_synth_options_defaults();
    if (!chosen.yosys)
        chosen.yosys = "yosys";
    symlut_firmware *fw;
    symlut_status status = symlut_firmware_open(&fw, dir, err);
    if (status != SYMLUT_OK)
        return status;
    synthesis s = {0};
    if (chosen.route)
        status = route_check(chosen.route, chosen.nextpnr, err);
    if (status == SYMLUT_OK)
        status = run_yosys(&s, fw, dir, &chosen, hooks, err);
    if (status == SYMLUT_OK && chosen.route)
        status = run_route(&s, fw, &chosen, hooks, err);
    if (status == SYMLUT_OK)
        status = make_report(json_report, &s, dir, err);
    if (s.folder)
        directory_remove(s.folder, NULL);
    free(s.folder);
    free(s.version);
    free(s.printed);
    free(s.yosys);
    json_decref(s.route);
    text_free(&s.stat_path);
    text_free(&s.command);
    symlut_firmware_free(fw);
    return status;
}
