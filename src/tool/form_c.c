/* The C emulator under the system's compiler: event by event, in batches, and prepare_input; its
 * header also under the C++ compiler. The C++ class the same, called by the same driver. */
#include "tool/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

/* usage: driver INPUTS OUTPUTS RAW PREPARED: exit code 3 when eval and eval_n disagree */
static const char driver[] =
    "#include <stdio.h>\n#include <stdlib.h>\n"
    "static void *read_all(const char *path, size_t *size)\n{\n"
    "    FILE *f = fopen(path, \"rb\");\n    char *p;\n    long n;\n"
    "    if (!f)\n        exit(2);\n"
    "    fseek(f, 0, SEEK_END);\n    n = ftell(f);\n    rewind(f);\n"
    "    p = malloc(n + 8);\n    if (!p || fread(p, 1, n, f) != (size_t)n)\n        exit(2);\n"
    "    fclose(f);\n    *size = n;\n    return p;\n}\n"
    "static void write_all(const char *path, const void *p, size_t size)\n{\n"
    "    FILE *f = fopen(path, \"wb\");\n"
    "    if (!f || fwrite(p, 1, size, f) != size || fclose(f) != 0)\n        exit(2);\n}\n"
    "int main(int argc, char **argv)\n{\n"
    "    size_t size, rows, i, k;\n"
    "    int64_t *in = read_all(argv[1], &size), *out, *columns, *results;\n"
    "    double *raw;\n"
    "    rows = size / sizeof *in / INPUTS;\n    (void)argc;\n"
    "    out = malloc(rows * OUTPUTS * sizeof *out + 8);\n"
    "    columns = malloc(rows * INPUTS * sizeof *in + 8);\n"
    "    results = malloc(rows * OUTPUTS * sizeof *out + 8);\n"
    "    if (!out || !columns || !results)\n        return 2;\n"
    "    for (i = 0; i < rows; i++) {\n        EVAL(in + i * INPUTS, out + i * OUTPUTS);\n"
    "        for (k = 0; k < INPUTS; k++)\n            columns[k * rows + i] = in[i * INPUTS + "
    "k];\n"
    "    }\n    EVAL_N(rows, columns, results);\n"
    "    for (i = 0; i < rows; i++)\n        for (k = 0; k < OUTPUTS; k++)\n"
    "            if (results[k * rows + i] != out[i * OUTPUTS + k]) {\n"
    "                printf(\"eval and eval_n differ at vector %lu\\n\", (unsigned long)i);\n"
    "                return 3;\n            }\n"
    "    write_all(argv[2], out, rows * OUTPUTS * sizeof *out);\n"
    "    raw = read_all(argv[3], &size);\n    rows = size / sizeof *raw / INPUTS;\n"
    "    for (i = 0; i < rows; i++)\n        PREPARE(raw + i * INPUTS, in + i * INPUTS);\n"
    "    write_all(argv[4], in, rows * INPUTS * sizeof *in);\n"
    "    return 0;\n}\n";

static symlut_status write_driver(const form_run *run, bool cplusplus, const char *path,
                                  symlut_error *err)
{
    text t = {0};
    const char *name = cplusplus ? "shim" : run->fw->name;
    text_printf(&t,
                "#include \"%s.h\"\n#define INPUTS %u\n#define OUTPUTS %u\n#define EVAL %s_eval\n"
                "#define EVAL_N %s_eval_n\n#define PREPARE %s_prepare_input\n",
                name, run->fw->g->input_count, run->fw->g->output_count, name, name, name);
    text_append(&t, driver);
    symlut_status status = t.failed ? error_memory(err) : file_write(path, t.data, t.length, err);
    text_free(&t);
    return status;
}

static const char shim_header[] =
    "#include <stddef.h>\n#include <stdint.h>\n"
    "#ifdef __cplusplus\nextern \"C\" {\n#endif\n"
    "void shim_eval(const int64_t in[], int64_t out[]);\n"
    "void shim_eval_n(size_t count, const int64_t in[], int64_t out[]);\n"
    "void shim_prepare_input(const double raw[], int64_t in[]);\n"
    "#ifdef __cplusplus\n}\n#endif\n";

/* One object for all events of eval_n, a new one for each eval; results come as numbers and as
 * integers, which must agree. */
static const char shim_source[] =
    "void shim_eval(const int64_t in[], int64_t out[])\n{\n"
    "    emulator::model m;\n    double value[emulator::model::outputs + 1];\n"
    "    m.set_input(in);\n    m.predict();\n    m.read_result(value);\n"
    "    for (int k = 0; k < emulator::model::outputs; k++)\n"
    "        out[k] = value[k] == (double)m.output()[k] * scale[k] ? m.output()[k] : INT64_MIN;\n"
    "}\n"
    "void shim_eval_n(size_t count, const int64_t in[], int64_t out[])\n{\n"
    "    emulator::model m;\n    int64_t event[emulator::model::inputs + 1];\n"
    "    for (size_t i = 0; i < count; i++) {\n"
    "        for (int k = 0; k < emulator::model::inputs; k++)\n"
    "            event[k] = in[k * count + i];\n"
    "        m.set_input(event);\n        m.predict();\n"
    "        for (int k = 0; k < emulator::model::outputs; k++)\n"
    "            out[k * count + i] = m.output()[k];\n    }\n}\n"
    "void shim_prepare_input(const double raw[], int64_t in[])\n{\n"
    "    emulator::model m;\n    m.prepare_input(raw);\n"
    "    for (int k = 0; k < emulator::model::inputs; k++)\n        in[k] = m.input()[k];\n}\n";

static symlut_status write_shim(const form_run *run, arena *memory, const char *path,
                                symlut_error *err)
{
    text t = {0};
    const graph *g = run->fw->g;
    char *header = work_path(memory, run, "shim.h");
    text_printf(&t,
                "#include \"shim.h\"\n#include \"%s_emulator.hpp\"\n"
                "namespace emulator = %s_emulator;\nstatic const double scale[] = {",
                run->fw->name, run->fw->name);
    for (uint32_t k = 0; k < g->output_count; k++)
        text_printf(&t, "%a, ", format_to_double(g->outputs[k].fmt, 1));
    text_append(&t, "0};\n");
    text_append(&t, shim_source);
    symlut_status status = t.failed || !header ? error_memory(err) : SYMLUT_OK;
    if (status == SYMLUT_OK)
        status = file_write(header, shim_header, strlen(shim_header), err);
    if (status == SYMLUT_OK)
        status = file_write(path, t.data, t.length, err);
    text_free(&t);
    return status;
}

static symlut_status check_cplusplus(form_run *run, arena *memory, symlut_error *err)
{
    const char *name = run->fw->name;
    char *source = work_path(memory, run, "header.cpp"),
         *object = work_path(memory, run, "header.o");
    char *include = arena_printf(memory, "-I%s/c", run->dir);
    char *code = arena_printf(memory,
                              "#include \"%s.h\"\n"
                              "void (*const eval)(const int64_t *, int64_t *) = %s_eval;\n",
                              name, name);
    if (memory->failed)
        return error_memory(err);
    const char *argv[] = {"c++",       "-std=c++11", "-Wall", "-Wextra", "-Wno-type-limits",
                          "-pedantic", "-Werror",    include, "-c",      "-o",
                          object,      source,       NULL};
    symlut_status status = file_write(source, code, strlen(code), err);
    return status == SYMLUT_OK ? process_check(argv, &run->process, err) : status;
}

/* raw: [inputs][rows] to a file of [rows][inputs] */
static symlut_status write_raw(const form_run *run, const char *path, symlut_error *err)
{
    size_t inputs = run->fw->g->input_count, rows = run->raw ? run->raw_rows : 0;
    double *events = buffer_alloc(rows * inputs + 1, sizeof *events);
    if (!events)
        return error_memory(err);
    for (size_t i = 0; i < rows; i++) {
        for (size_t k = 0; k < inputs; k++)
            events[i * inputs + k] = run->raw[k * rows + i];
    }
    symlut_status status = file_write(path, events, rows * inputs * sizeof *events, err);
    free(events);
    return status;
}

static symlut_status check_prepared(const form_run *run, const char *path, symlut_error *err)
{
    size_t inputs = run->fw->g->input_count, rows = run->raw ? run->raw_rows : 0, length;
    char *data;
    symlut_status status = file_read(&data, &length, path, err);
    if (status != SYMLUT_OK)
        return status;
    if (length != rows * inputs * sizeof(int64_t))
        status = error_set(err, SYMLUT_TOOL, "the C driver wrote %zu bytes of inputs", length);
    for (size_t i = 0; status == SYMLUT_OK && i < rows * inputs; i++) {
        int64_t got;
        memcpy(&got, data + i * sizeof got, sizeof got);
        int64_t expected = run->v->in[i % inputs * run->v->rows + i / inputs];
        if (got != expected)
            status = error_set(err, SYMLUT_NO,
                               "prepare_input gives %lld for input %s of data row %zu, expected "
                               "%lld",
                               (long long)got, run->fw->inputs[i % inputs].name, i / inputs + 1,
                               (long long)expected);
    }
    free(data);
    return status;
}

static symlut_status build_c(form_run *run, arena *memory, const char *program, symlut_error *err)
{
    char *source = work_path(memory, run, "driver.c");
    char *include = arena_printf(memory, "-I%s/c", run->dir);
    char *model = arena_printf(memory, "%s/c/%s.c", run->dir, run->fw->name);
    if (memory->failed)
        return error_memory(err);
    const char *compile[] = {"cc", "-std=c99", "-O2", include, "-o", program, source, model, NULL};
    symlut_status status = write_driver(run, false, source, err);
    return status == SYMLUT_OK ? process_check(compile, &run->process, err) : status;
}

static symlut_status build_cplusplus(form_run *run, arena *memory, const char *program,
                                     symlut_error *err)
{
    char *source = work_path(memory, run, "driver.c"), *object = work_path(memory, run, "driver.o");
    char *shim = work_path(memory, run, "shim.cpp");
    char *include = arena_printf(memory, "-I%s/cpp", run->dir);
    char *own = arena_printf(memory, "-I%s", run->work);
    char *model = arena_printf(memory, "%s/cpp/%s_emulator.cpp", run->dir, run->fw->name);
    if (memory->failed)
        return error_memory(err);
    const char *first[] = {"cc", "-std=c99", "-O2", own, "-c", "-o", object, source, NULL};
    const char *second[] = {"c++", "-std=c++17", "-pedantic", "-O2", include, own,
                            "-o",  program,      shim,        model, object,  NULL};
    symlut_status status = write_driver(run, true, source, err);
    if (status == SYMLUT_OK)
        status = write_shim(run, memory, shim, err);
    if (status == SYMLUT_OK)
        status = process_check(first, &run->process, err);
    return status == SYMLUT_OK ? process_check(second, &run->process, err) : status;
}

static symlut_status execute(form_run *run, arena *memory, const char *program, symlut_error *err)
{
    char *in = work_path(memory, run, "in"), *out = work_path(memory, run, "out");
    char *raw = work_path(memory, run, "raw"), *prepared = work_path(memory, run, "prepared");
    if (memory->failed)
        return error_memory(err);
    const char *start[] = {program, in, out, raw, prepared, NULL};
    symlut_status status = write_inputs(run, in, err);
    if (status == SYMLUT_OK)
        status = write_raw(run, raw, err);
    process_result r = {0};
    if (status == SYMLUT_OK)
        status = process_run(&r, start, &run->process, err);
    if (status == SYMLUT_OK && r.exit_code != 0)
        status = error_set(err, r.exit_code == 3 ? SYMLUT_NO : SYMLUT_TOOL,
                           "the driver ended with code %d: %.200s", r.exit_code, r.output);
    process_result_free(&r);
    if (status == SYMLUT_OK)
        status = read_outputs(run, out, err);
    return status == SYMLUT_OK ? check_prepared(run, prepared, err) : status;
}

symlut_status run_c(form_run *run, symlut_error *err)
{
    arena memory = {0};
    run->latency = -1;
    char *program = work_path(&memory, run, "driver");
    symlut_status status =
        program ? process_version(&run->tool, "cc", "--version", err) : error_memory(err);
    if (status == SYMLUT_OK)
        status = check_cplusplus(run, &memory, err);
    if (status == SYMLUT_OK)
        status = build_c(run, &memory, program, err);
    if (status == SYMLUT_OK)
        status = execute(run, &memory, program, err);
    arena_free(&memory);
    return status;
}

symlut_status run_cpp(form_run *run, symlut_error *err)
{
    arena memory = {0};
    run->latency = -1;
    char *program = work_path(&memory, run, "driver");
    symlut_status status =
        program ? process_version(&run->tool, "c++", "--version", err) : error_memory(err);
    if (status == SYMLUT_OK)
        status = build_cplusplus(run, &memory, program, err);
    if (status == SYMLUT_OK)
        status = execute(run, &memory, program, err);
    arena_free(&memory);
    return status;
}
