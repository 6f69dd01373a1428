/* Miters settled by programs: through the Verilog emitter into Yosys, and ABC proves that the
 * output is never 1 (iprove: SAT with fraiging and rewriting; Mishchenko et al. 2005). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "emit/emit.h"
#include "tool/miter.h"

static symlut_status write_miter(const miter *o, const char *work, symlut_error *err)
{
    firmware_input inputs[MITER_LEAVES];
    const char *names[1] = {"bad"}, *equations[1] = {""};
    for (uint32_t i = 0; i < o->leaves; i++)
        inputs[i] = (firmware_input){.name = "cut", .scale = 1};
    symlut_firmware fw = {.g = o->m,
                          .name = "miter",
                          .inputs = inputs,
                          .output_names = names,
                          .equations = equations,
                          .version = SYMLUT_VERSION,
                          .dsp = "none"};
    emit_files set = {0};
    text all = {0}, path = {0};
    symlut_status status = emit_verilog(&set, &fw, err);
    for (size_t k = 0; status == SYMLUT_OK && k < set.count; k++)
        text_append(&all, set.files[k]->content.data);
    text_append(&all, "\nmodule top (");
    for (uint32_t i = 0; i < o->leaves; i++)
        text_printf(&all, "input [%d:0] i%" PRIu32 ", ", o->m->inputs[i].fmt.width - 1, i);
    text_append(&all, "output bad);\n    wire valid;\n    miter m (.clk(1'b0), .valid_in(1'b0), "
                      ".valid_out(valid), .bad(bad)");
    for (uint32_t i = 0; i < o->leaves; i++)
        text_printf(&all, ", .i%" PRIu32 "(i%" PRIu32 ")", i, i);
    text_append(&all, ");\nendmodule\n");
    text_printf(&path, "%s/miter.v", work);
    if (status == SYMLUT_OK)
        status = all.failed || path.failed ? error_memory(err)
                                           : file_write(path.data, all.data, all.length, err);
    text_free(&all);
    text_free(&path);
    emit_files_free(&set);
    return status;
}

/* "i3[7]=1" of ABC's counter-example, into the leaves' values. */
static symlut_status read_difference(miter *o, const char *work, symlut_error *err)
{
    text path = {0};
    char *data = NULL;
    size_t length;
    uint64_t bits[MITER_LEAVES] = {0};
    text_printf(&path, "%s/cex.txt", work);
    symlut_status status =
        path.failed ? error_memory(err) : file_read(&data, &length, path.data, err);
    for (char *line = data; status == SYMLUT_OK && line && *line;) {
        unsigned leaf, place = 0, value;
        if ((sscanf(line, "i%u[%u]=%u", &leaf, &place, &value) == 3 ||
             (place = 0, sscanf(line, "i%u=%u", &leaf, &value) == 2)) &&
            leaf < o->leaves && place < 64)
            bits[leaf] |= (uint64_t)(value & 1) << place;
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    for (uint32_t i = 0; i < o->leaves; i++) {
        format f = o->m->inputs[i].fmt;
        int unused = 64 - f.width;
        o->found[i] = f.is_signed ? (int64_t)(bits[i] << unused) >> unused : (int64_t)bits[i];
    }
    free(data);
    text_free(&path);
    return status;
}

/* Runs a program for what is left of the obligation's time; *late when that is over. */
static symlut_status run_for(process_result *r, const char *work, const char *const *argv,
                             double until, bool *late, const process_options *process,
                             symlut_error *err)
{
    process_options options = *process;
    options.directory = work;
    options.seconds = until - monotonic_seconds() > 0.1 ? until - monotonic_seconds() : 0.1;
    symlut_status status = process_run(r, argv, &options, err);
    *late = status == SYMLUT_TOOL && monotonic_seconds() >= until;
    return *late ? SYMLUT_OK : status;
}

symlut_status miter_prove(verdict *v, miter *o, const char *work, double seconds,
                          const process_options *process, symlut_error *err)
{
    static const char *const yosys[] = {
        "yosys", "-q", "-p",
        "read_verilog miter.v; prep -top top; setattr -mod -unset keep_hierarchy *; flatten; "
        "memory; "
        "opt -full; techmap; opt; aigmap; clean; write_aiger -symbols miter.aig",
        NULL};
    static const char *const abc[] = {"yosys-abc", "-c",
                                      "read miter.aig; iprove; write_cex -n cex.txt", NULL};
    bool late = false;
    double until = monotonic_seconds() + seconds;
    process_result r = {0};
    *v = UNDECIDED;
    symlut_status status = write_miter(o, work, err);
    if (status == SYMLUT_OK)
        status = run_for(&r, work, yosys, until, &late, process, err);
    if (status == SYMLUT_OK && !late && r.exit_code != 0)
        status = error_set(err, SYMLUT_TOOL, "Yosys refuses a comparison: %.400s", r.output);
    process_result_free(&r);
    if (status != SYMLUT_OK || late)
        return status;
    status = run_for(&r, work, abc, until, &late, process, err);
    if (status == SYMLUT_OK && !late) {
        if (strstr(r.output, "UNSATISFIABLE"))
            *v = PROVED;
        else if (strstr(r.output, "SATISFIABLE"))
            *v = DIFFERENT;
    }
    process_result_free(&r);
    return status == SYMLUT_OK && *v == DIFFERENT ? read_difference(o, work, err) : status;
}
