/* The HLS C++, compiled against real fixed-point types: SystemC's sc_fixed by way of the stand-in
 * headers, or the ap_types headers of Vitis (also in the hls4ml wheel). */
#include "tool/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tool/standin.h"

static symlut_status write_driver(const form_run *run, const char *path, symlut_error *err)
{
    const graph *g = run->fw->g;
    text t = {0};
    text_printf(
        &t,
        "#include <cstdio>\n#include <cstdlib>\n#include \"%s.h\"\n"
        "enum { INPUTS = %u, OUTPUTS = %u };\n"
        "int main(int argc, char **argv)\n{\n"
        "    if (argc != 5)\n        return 2;\n"
        "    std::FILE *f = std::fopen(argv[1], \"rb\"), *g = std::fopen(argv[2], \"wb\");\n"
        "    long first = std::atol(argv[3]), end = std::atol(argv[4]);\n"
        "    if (!f || !g || std::fseek(f, first * INPUTS * 8L, SEEK_SET) != 0)\n"
        "        return 2;\n"
        "    for (long row = first; row < end; row++) {\n"
        "        long long w[INPUTS + 1];\n        unsigned long long r[OUTPUTS];\n"
        "        if (std::fread(w, 8, INPUTS, f) != INPUTS)\n            return 2;\n",
        run->fw->name, g->input_count, g->output_count);
    for (uint32_t i = 0; i < g->input_count; i++) {
        format f = g->inputs[i].fmt;
        text_printf(&t, "        ap_%s<%d, %d> i%u;\n        i%u.range(%d, 0) = w[%u];\n",
                    f.is_signed ? "fixed" : "ufixed", f.width, f.width - f.frac, i, i, f.width - 1,
                    i);
    }
    for (uint32_t i = 0; i < g->output_count; i++) {
        format f = g->outputs[i].fmt;
        text_printf(&t, "        ap_%s<%d, %d> o%u;\n", f.is_signed ? "fixed" : "ufixed", f.width,
                    f.width - f.frac, i);
    }
    text_printf(&t, "        %s(", run->fw->name);
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(&t, "i%u, ", i);
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(&t, "%so%u", i ? ", " : "", i);
    text_append(&t, ");\n");
    for (uint32_t i = 0; i < g->output_count; i++) {
        format f = g->outputs[i].fmt;
        text_printf(&t, "        r[%u] = o%u.range(%d, 0).to_uint64();\n", i, i, f.width - 1);
        if (f.is_signed)
            text_printf(&t, "        r[%u] = (long long)(r[%u] << %d) >> %d;\n", i, i, 64 - f.width,
                        64 - f.width);
    }
    text_append(&t, "        std::fwrite(r, 8, OUTPUTS, g);\n    }\n"
                    "    return std::fclose(g) == 0 ? 0 : 2;\n}\n");
    symlut_status status = t.failed ? error_memory(err) : file_write(path, t.data, t.length, err);
    text_free(&t);
    return status;
}

/* Operations to run from which optimised code earns back its longer compilation. */
enum { OPTIMISE_FROM = 10000000 };

/* Doubles hold every value, and every aligned operand, exactly. */
static bool fits_doubles(const graph *g)
{
    for (uint32_t i = 0; i < g->count; i++) {
        if (g->nodes[i].fmt.width > 53)
            return false;
    }
    return true;
}

static symlut_status write_standin(form_run *run, arena *memory, symlut_error *err)
{
    char *fixed = work_path(memory, run, "ap_fixed.h"),
         *integer = work_path(memory, run, "ap_int.h");
    if (memory->failed)
        return error_memory(err);
    symlut_status status = file_write(fixed, standin_ap_fixed_h, strlen(standin_ap_fixed_h), err);
    if (status == SYMLUT_OK)
        status = file_write(integer, standin_ap_int_h, strlen(standin_ap_int_h), err);
    return status;
}

static symlut_status build(form_run *run, arena *memory, const char *program, symlut_error *err)
{
    char *source = work_path(memory, run, "driver.cpp");
    char *include = arena_printf(memory, "-I%s/hls", run->dir);
    char *types = arena_printf(memory, "-I%s", run->ap_types ? run->ap_types : run->work);
    char *model = arena_printf(memory, "%s/hls/%s.cpp", run->dir, run->fw->name);
    if (memory->failed)
        return error_memory(err);
    size_t operations = run->v->rows * run->fw->g->count;
    const char *argv[] = {"g++",
                          "-std=c++17",
                          operations < OPTIMISE_FROM ? "-O0" : "-O1",
                          "-w",
                          "-DNDEBUG", /* ap_types assert that they never read beyond a sign */
                          types,
                          include,
                          "-o",
                          program,
                          source,
                          model,
                          fits_doubles(run->fw->g) ? "-DSTANDIN_FAST" : "-DSTANDIN_EXACT",
                          run->ap_types ? NULL : "-lsystemc",
                          NULL};
    symlut_status status = write_driver(run, source, err);
    if (status == SYMLUT_OK && !run->ap_types)
        status = write_standin(run, memory, err);
    return status == SYMLUT_OK ? process_check(argv, &run->process, err) : status;
}

static symlut_status execute(form_run *run, arena *memory, const char *program, symlut_error *err)
{
    char *in = work_path(memory, run, "in"), *out = work_path(memory, run, "out");
    char *end = arena_printf(memory, "%zu", run->v->rows);
    if (memory->failed)
        return error_memory(err);
    const char *argv[] = {program, in, out, "0", end, NULL};
    symlut_status status = write_inputs(run, in, err);
    if (status == SYMLUT_OK)
        status = process_check(argv, &run->process, err);
    return status == SYMLUT_OK ? read_outputs(run, out, err) : status;
}

symlut_status run_hls(form_run *run, symlut_error *err)
{
    arena memory = {0};
    run->latency = -1;
    char *program = work_path(&memory, run, "driver");
    symlut_status status = program ? SYMLUT_OK : error_memory(err);
    if (status == SYMLUT_OK) {
        run->tool = strdup(run->ap_types ? "g++, ap_types" : "g++, SystemC sc_fixed");
        status = run->tool ? build(run, &memory, program, err) : error_memory(err);
    }
    if (status == SYMLUT_OK)
        status = execute(run, &memory, program, err);
    arena_free(&memory);
    return status;
}
