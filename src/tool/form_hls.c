/* The HLS C++, compiled against real fixed-point types: ap_fixed by SystemC's sc_fixed (the
 * stand-in headers) or by the ap_types headers of Vitis, ac_fixed by the ac_types headers. Both are
 * also in the hls4ml wheel. */
#include "tool/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tool/standin.h"

/* "ap_fixed<16, 6>", "ac_fixed<16, 6, true>" */
static void print_type(text *t, bool ac, format f)
{
    if (ac)
        text_printf(t, "ac_fixed<%d, %d, %s>", f.width, f.width - f.frac,
                    f.is_signed ? "true" : "false");
    else
        text_printf(t, "ap_%s<%d, %d>", f.is_signed ? "fixed" : "ufixed", f.width,
                    f.width - f.frac);
}

/* Declarations of the call's arguments, with the bits of its inputs. */
static void print_arguments(text *t, const graph *g, bool ac)
{
    for (uint32_t i = 0; i < g->input_count; i++) {
        format f = g->inputs[i].fmt;
        text_append(t, "        ");
        print_type(t, ac, f);
        if (ac)
            text_printf(t, " i%u;\n        i%u.set_slc(0, ac_int<%d, false>(w[%u]));\n", i, i,
                        f.width, i);
        else
            text_printf(t, " i%u;\n        i%u.range(%d, 0) = w[%u];\n", i, i, f.width - 1, i);
    }
    for (uint32_t i = 0; i < g->output_count; i++) {
        text_append(t, "        ");
        print_type(t, ac, g->outputs[i].fmt);
        text_printf(t, " o%u;\n", i);
    }
}

static void print_results(text *t, const graph *g, bool ac)
{
    for (uint32_t i = 0; i < g->output_count; i++) {
        format f = g->outputs[i].fmt;
        if (ac)
            text_printf(t, "        r[%u] = ac_int<%d, false>(o%u.slc<%d>(0)).to_uint64();\n", i,
                        f.width, i, f.width);
        else
            text_printf(t, "        r[%u] = o%u.range(%d, 0).to_uint64();\n", i, i, f.width - 1);
        if (f.is_signed)
            text_printf(t, "        r[%u] = (long long)(r[%u] << %d) >> %d;\n", i, i, 64 - f.width,
                        64 - f.width);
    }
}

static symlut_status write_driver(const form_run *run, bool ac, const char *path, symlut_error *err)
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
    print_arguments(&t, g, ac);
    text_printf(&t, "        %s(", run->fw->name);
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(&t, "i%u, ", i);
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(&t, "%so%u", i ? ", " : "", i);
    text_append(&t, ");\n");
    print_results(&t, g, ac);
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

static symlut_status build(form_run *run, bool ac, arena *memory, const char *program,
                           symlut_error *err)
{
    const char *headers = ac ? run->ac_types : run->ap_types;
    char *source = work_path(memory, run, "driver.cpp");
    const char *folder = ac ? "ac" : "hls";
    char *include = arena_printf(memory, "-I%s/%s", run->dir, folder);
    char *types = arena_printf(memory, "-I%s", headers ? headers : run->work);
    char *model = arena_printf(memory, "%s/%s/%s.cpp", run->dir, folder, run->fw->name);
    if (memory->failed)
        return error_memory(err);
    size_t operations = run->v->rows * run->fw->g->count;
    const char *argv[] = {"g++",
                          "-std=c++17",
                          operations < OPTIMISE_FROM ? "-O0" : "-O1",
                          "-w",
                          "-DNDEBUG", /* the headers assert that they never read beyond a sign */
                          types,
                          include,
                          "-o",
                          program,
                          source,
                          model,
                          fits_doubles(run->fw->g) ? "-DSTANDIN_FAST" : "-DSTANDIN_EXACT",
                          headers ? NULL : "-lsystemc",
                          NULL};
    symlut_status status = write_driver(run, ac, source, err);
    if (status == SYMLUT_OK && !headers)
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

static symlut_status run_dialect(form_run *run, bool ac, const char *tool, symlut_error *err)
{
    arena memory = {0};
    run->latency = -1;
    char *program = work_path(&memory, run, "driver");
    symlut_status status = program ? SYMLUT_OK : error_memory(err);
    if (status == SYMLUT_OK) {
        run->tool = strdup(tool);
        status = run->tool ? build(run, ac, &memory, program, err) : error_memory(err);
    }
    if (status == SYMLUT_OK)
        status = execute(run, &memory, program, err);
    arena_free(&memory);
    return status;
}

symlut_status run_hls(form_run *run, symlut_error *err)
{
    return run_dialect(run, false, run->ap_types ? "g++, ap_types" : "g++, SystemC sc_fixed", err);
}

symlut_status run_ac(form_run *run, symlut_error *err)
{
    if (!run->ac_types)
        return error_set(err, SYMLUT_TOOL,
                         "ac: the ac_types headers are needed: name the folder that holds "
                         "ac_fixed.h (--ac-types); they are free, and also in PyPI's hls4ml");
    return run_dialect(run, true, "g++, ac_types", err);
}
