/* The Verilog under Verilator. A wrapper gives the ports plain names; the driver sends the vectors
 * with random gaps (garbage on the inputs meanwhile, random registers at the start, no reset) and
 * records what comes out with valid_out, and how many clocks after its input. */
#include "tool/verify.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* usage: driver INPUTS OUTPUTS; prints "latency N"; exit code 3: valid_out is wrong, and why */
static const char driver[] =
    "static unsigned long long state = 88172645463325252ULL;\n"
    "static unsigned long long noise()\n{\n"
    "    state ^= state << 13;\n    state ^= state >> 7;\n    state ^= state << 17;\n"
    "    return state;\n}\n"
    "int main(int argc, char **argv)\n{\n"
    "    Verilated::randReset(2);\n    Verilated::randSeed(1);\n"
    "    Vverify_top *top = new Vverify_top;\n"
    "    std::FILE *f = std::fopen(argv[1], \"rb\"), *g = std::fopen(argv[2], \"wb\");\n"
    "    if (argc != 3 || !f || !g)\n        return 2;\n"
    "    long long word;\n    std::vector<long long> in;\n"
    "    while (std::fread(&word, sizeof word, 1, f) == 1)\n        in.push_back(word);\n"
    "    const long rows = ROWS;\n"
    "    long sent = 0, received = 0, latency = -1, idle = 0;\n"
    "    std::deque<long> in_flight;\n"
    "    for (long cycle = 0; idle < 2 * LATENCY + 100; cycle++) {\n"
    "        bool send = cycle > LATENCY + 20 && sent < rows && noise() % 4 != 0;\n"
    "        top->valid_in = send;\n"
    "        unsigned long long w[INPUTS + 1];\n"
    "        for (int k = 0; k < INPUTS; k++)\n"
    "            w[k] = send ? in[sent * INPUTS + k] : noise();\n"
    "        SET_INPUTS\n"
    "        if (send) {\n            in_flight.push_back(cycle);\n            sent++;\n        }\n"
    "        top->clk = 0;\n        top->eval();\n"
    "        if (top->valid_out) {\n"
    "            if (in_flight.empty()) {\n"
    "                std::printf(\"valid_out without an event at clock %ld\\n\", cycle);\n"
    "                return 3;\n            }\n"
    "            long clocks = cycle - in_flight.front();\n"
    "            in_flight.pop_front();\n"
    "            if (latency >= 0 && clocks != latency) {\n"
    "                std::printf(\"vector %ld took %ld clocks, the ones before it %ld\\n\", "
    "received, clocks, latency);\n                return 3;\n            }\n"
    "            latency = clocks;\n            received++;\n"
    "            long long out[OUTPUTS];\n            GET_OUTPUTS\n"
    "            std::fwrite(out, sizeof word, OUTPUTS, g);\n        }\n"
    "        top->clk = 1;\n        top->eval();\n"
    "        idle = sent == rows ? idle + 1 : 0;\n    }\n"
    "    if (!in_flight.empty()) {\n"
    "        std::printf(\"%ld of %ld events never came out\\n\", (long)in_flight.size(), rows);\n"
    "        return 3;\n    }\n"
    "    std::printf(\"latency %ld\\n\", latency);\n"
    "    top->final();\n    delete top;\n"
    "    return std::fclose(g) == 0 ? 0 : 2;\n}\n";

static unsigned long long mask_of(format f)
{
    return UINT64_MAX >> (64 - f.width);
}

static symlut_status write_text(text *t, const char *path, symlut_error *err)
{
    symlut_status status =
        t->failed ? error_memory(err) : file_write(path, t->data, t->length, err);
    text_free(t);
    return status;
}

static symlut_status write_driver(const form_run *run, const char *path, symlut_error *err)
{
    const graph *g = run->fw->g;
    text t = {0};
    text_printf(&t,
                "#include <cstdio>\n#include <deque>\n#include <vector>\n"
                "#include \"Vverify_top.h\"\n#include \"verilated.h\"\n"
                "enum { INPUTS = %u, OUTPUTS = %u, LATENCY = %d };\nstatic const long ROWS = %zu;\n"
                "#define SET_INPUTS",
                g->input_count, g->output_count, g->latency, form_rows(run));
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(&t, " top->i%u = w[%u] & 0x%llxULL;", i, i, mask_of(g->inputs[i].fmt));
    text_append(&t, "\n#define GET_OUTPUTS");
    for (uint32_t i = 0; i < g->output_count; i++) {
        format f = g->outputs[i].fmt;
        int unused = 64 - f.width;
        text_printf(&t, " out[%u] = (long long)((unsigned long long)top->o%u << %d)%s;", i, i,
                    f.is_signed ? unused : 0, "");
        if (f.is_signed)
            text_printf(&t, " out[%u] >>= %d;", i, unused);
    }
    text_append(&t, "\n");
    text_append(&t, driver);
    return write_text(&t, path, err);
}

static symlut_status write_wrapper(const form_run *run, const char *path, symlut_error *err)
{
    const graph *g = run->fw->g;
    text t = {0};
    text_append(&t, "module verify_top (input clk, input valid_in, output valid_out");
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(&t, ",\n    input [%d:0] i%u", g->inputs[i].fmt.width - 1, i);
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(&t, ",\n    output [%d:0] o%u", g->outputs[i].fmt.width - 1, i);
    text_printf(&t, "\n);\n    %s dut (.clk(clk), .valid_in(valid_in), .valid_out(valid_out)",
                run->fw->name);
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(&t, ",\n        .%s(i%u)", g->inputs[i].name, i);
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(&t, ",\n        .%s(o%u)", g->outputs[i].name, i);
    text_append(&t, "\n    );\nendmodule\n");
    return write_text(&t, path, err);
}

static symlut_status build(form_run *run, arena *memory, const char *objects,
                           const char *const *sources, size_t count, symlut_error *err)
{
    char *source = work_path(memory, run, "driver.cpp");
    char *wrapper = work_path(memory, run, "verify_top.v");
    if (memory->failed)
        return error_memory(err);
    const char *argv[64] = {
        "verilator",  "--cc",         "--exe",      "--build",        "-j",           "2",
        "-Wno-fatal", "-Wno-lint",    "--x-assign", "unique",         "--x-initial",  "unique",
        "-MAKEFLAGS", "OPT_FAST=-O1", "-MAKEFLAGS", "OPT_GLOBAL=-O0", "--top-module", "verify_top",
        "--Mdir",     objects,        source,       wrapper};
    size_t used = 0;
    while (argv[used])
        used++;
    symlut_status status = write_driver(run, source, err);
    if (status == SYMLUT_OK)
        status = write_wrapper(run, wrapper, err);
    for (size_t i = 0; i < count && used + 1 < sizeof argv / sizeof *argv; i++)
        argv[used++] = sources[i];
    return status == SYMLUT_OK ? process_check(argv, &run->process, err) : status;
}

static symlut_status simulate(form_run *run, const char *form, arena *memory, const char *objects,
                              symlut_error *err)
{
    char *program = arena_printf(memory, "%s/Vverify_top", objects);
    char *in = work_path(memory, run, "in"), *out = work_path(memory, run, "out");
    if (memory->failed)
        return error_memory(err);
    const char *argv[] = {program, in, out, NULL};
    process_result r = {0};
    symlut_status status = write_inputs(run, in, err);
    if (status == SYMLUT_OK)
        status = process_run(&r, argv, &run->process, err);
    if (status == SYMLUT_OK && r.exit_code != 0)
        status = error_set(err, r.exit_code == 3 ? SYMLUT_NO : SYMLUT_TOOL, "%s: %.300s", form,
                           r.output);
    if (status == SYMLUT_OK && sscanf(r.output, "latency %ld", &run->latency) != 1)
        status = error_set(err, SYMLUT_TOOL, "the Verilog driver printed '%.200s'", r.output);
    process_result_free(&r);
    if (status == SYMLUT_OK && form_rows(run) && run->latency != run->fw->g->latency)
        status =
            error_set(err, SYMLUT_NO, "%s: results come %ld clocks after their inputs, expected %d",
                      form, run->latency, run->fw->g->latency);
    return status == SYMLUT_OK ? read_outputs(run, out, err) : status;
}

symlut_status verilator_version(char **version, symlut_error *err)
{
    symlut_status status = process_version(version, "verilator", "--version", err);
    char *date = *version ? strchr(*version, ' ') : NULL; /* "Verilator 5.006 2023-…" */
    if (date && (date = strchr(date + 1, ' ')) != NULL)
        *date = '\0';
    return status;
}

symlut_status verilator_run(form_run *run, const char *form, const char *const *sources,
                            size_t count, symlut_error *err)
{
    arena memory = {0};
    char *objects = work_path(&memory, run, "objects");
    symlut_status status = objects ? SYMLUT_OK : error_memory(err);
    if (status == SYMLUT_OK)
        status = build(run, &memory, objects, sources, count, err);
    if (status == SYMLUT_OK)
        status = simulate(run, form, &memory, objects, err);
    arena_free(&memory);
    return status;
}

symlut_status form_sources(const char **sources, size_t *count, const form_run *run, arena *memory,
                           symlut_error *err)
{
    char *folder = arena_printf(memory, "%s/rtl", run->dir);
    DIR *d = folder ? opendir(folder) : NULL;
    if (!d)
        return error_at(err, SYMLUT_BAD_INPUT, run->dir, 0, 0,
                        "has no folder rtl/; compile the firmware again");
    *count = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL && *count < SOURCE_LIMIT;) {
        size_t length = strlen(e->d_name);
        if (length > 2 && strcmp(e->d_name + length - 2, ".v") == 0)
            sources[(*count)++] = arena_printf(memory, "%s/%s", folder, e->d_name);
    }
    closedir(d);
    return memory->failed ? error_memory(err) : SYMLUT_OK;
}

symlut_status run_verilog(form_run *run, symlut_error *err)
{
    arena memory = {0};
    const char *sources[SOURCE_LIMIT];
    size_t count = 0;
    symlut_status status = verilator_version(&run->tool, err);
    if (status == SYMLUT_OK)
        status = form_sources(sources, &count, run, &memory, err);
    if (status == SYMLUT_OK)
        status = verilator_run(run, "verilog", sources, count, err);
    arena_free(&memory);
    return status;
}
