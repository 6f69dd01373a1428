/* symlut compile: a model in, a firmware folder out. */
#include "common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct compile_command {
    symlut_model_options model;
    symlut_compile_options compile;
    symlut_data_options data;
    text_list tables, formats, ranges;
    const char *folder, *data_path, *task;
    bool json, quiet;
} compile_command;

enum { OWN_OPTIONS = 30 };

static void compile_table(option *rows, compile_command *o)
{
    symlut_compile_options *c = &o->compile;
    const option own[OWN_OPTIONS] = {
        {"o", "FW", OPTION_TEXT, &o->folder, "folder to write (required)", 0, 0, NULL},
        {"precision", "TYPE", OPTION_TEXT, &c->precision,
         "'fixed<16,6>', 'fixed<16,6,RND,SAT>' as ap_fixed, or auto: by node", 0, 0, NULL},
        {"tolerance", "LOSS", OPTION_TEXT, &c->tolerance,
         "auto: 0.2% of the metric, or 0.01 of any output", 0, 0, NULL},
        {"metric", "METRIC", OPTION_CHOICE, &c->metric,
         "of a tolerance in %: accuracy, auc or r2 (default by the task)", 0, 0, "accuracy|auc|r2"},
        {"guard", "PART", OPTION_NUMBER, &c->guard,
         "auto: seen ranges are widened by this part (default 0.1)", 0, 10, NULL},
        {"effort", "N", OPTION_INT, &c->effort,
         "auto: rounds of random steps after the descent (default 16)", 0, 100000, NULL},
        {"format", "SPEC", OPTION_REPEATED, &o->formats,
         "'x3: fixed<10,4>'; of an input, an output or a sub-expression", 0, 0, NULL},
        {"range", "SPEC", OPTION_REPEATED, &o->ranges,
         "'x1: [-8,8]'; of a scaled input, without --data", 0, 0, NULL},
        {"table", "SPEC", OPTION_REPEATED, &o->tables,
         "'sin: 1024 over [-8,8]' or 'sin: auto'; one for each function", 0, 0, NULL},
        {"merge-functions", "HOW", OPTION_CHOICE, &c->merge_functions,
         "auto: what one value determines is one table (default with faithful tables); none", 0, 0,
         "auto|none"},
        {"clock", "FREQUENCY", OPTION_FREQUENCY, &c->clock_mhz, "pipeline clock (default 200MHz)",
         1, 2000, NULL},
        {"latency", "TIME", OPTION_LATENCY, &c->latency_ns,
         "refuse more clock cycles than fit, such as 25ns", 0.1, 1e6, NULL},
        {"stages", "N", OPTION_INT, &c->stages,
         "pipeline stages (default: what the clock needs); 0: combinational", 0, 1000, NULL},
        {"part", "PART", OPTION_TEXT, &c->part, "device of the delay model (default xcvu9p-2)", 0,
         0, NULL},
        {"dsp", "USE", OPTION_CHOICE, &c->dsp,
         "products of variables: auto, prefer (DSPs) or none (LUTs)", 0, 0, "auto|none|prefer"},
        {"arithmetic", "WHOSE", OPTION_CHOICE, &c->arithmetic,
         "symlut, or hls4ml: its one type and its tables, bit for bit", 0, 0, "symlut|hls4ml"},
        {"output", "WHAT", OPTION_CHOICE, &c->output,
         "scores; class: the number of the largest; decision: one bit", 0, 0,
         "scores|class|decision"},
        {"threshold", "X", OPTION_TEXT, &c->threshold, "decision: 1 where the score is at least X",
         0, 0, NULL},
        {"background-efficiency", "PART", OPTION_TEXT, &c->background_efficiency,
         "decision: the threshold that lets 1% of --data's background in", 0, 0, NULL},
        {"signal", "CLASS", OPTION_TEXT, &c->signal,
         "decision: what to accept (default: the second of two)", 0, 0, NULL},
        {"discriminant", "WHAT", OPTION_CHOICE, &c->discriminant,
         "of several scores: margin over the largest other (default), score alone", 0, 0,
         "margin|score"},
        {"data", "DATA", OPTION_TEXT, &o->data_path,
         "rows for the ranges of the inputs, formats and thresholds", 0, 0, NULL},
        {"select", "HOW", OPTION_TEXT, &o->model.select,
         "model of a run: best, accuracy, score, mdl, 'complexity N'", 0, 0, NULL},
        {"names", "LIST", OPTION_TEXT, &o->model.names, "input names of an equation file, in order",
         0, 0, NULL},
        {"scaler", "FILE", OPTION_TEXT, &o->model.scaler,
         "CSV of feature,mean,scale for the inputs", 0, 0, NULL},
        {"fold-scaler", NULL, OPTION_FLAG, &c->fold_scaler,
         "the logic takes raw inputs and scales them itself", 0, 0, NULL},
        {"name", "NAME", OPTION_TEXT, &c->name, "module name and C prefix (default symlut_model)",
         0, 0, NULL},
        {"dump-after", "PASS", OPTION_TEXT, &c->dump_after, "print the graph after a pass", 0, 0,
         NULL},
        {"json", NULL, OPTION_FLAG, &o->json, "print the manifest", 0, 0, NULL},
        {"quiet", NULL, OPTION_FLAG, &o->quiet, "no notes", 0, 0, NULL},
    };
    memcpy(rows, own, sizeof own);
}

static void print_ports(const char *heading, const json_t *ports)
{
    size_t i;
    json_t *port;
    json_array_foreach((json_t *)(uintptr_t)ports, i, port)
    {
        if (json_is_false(json_object_get(port, "used")))
            continue;
        const json_t *low = json_object_get(port, "low"), *high = json_object_get(port, "high");
        printf("  %-9s %-20s %s", heading, json_text(port, "name"), json_text(port, "format"));
        if (json_is_number(low) && json_is_number(high))
            printf("  in [%.6g, %.6g]", json_number_value(low), json_number_value(high));
        putchar('\n');
        heading = "";
    }
}

static void print_tables(const json_t *tables)
{
    size_t i;
    json_t *table;
    const char *heading = "tables";
    json_array_foreach((json_t *)(uintptr_t)tables, i, table)
    {
        printf("  %-9s %-20s %-14s %.0f entries over [%g, %g], outside %s\n", heading,
               json_text(table, "function"), json_text(table, "words"),
               json_number_of(table, "entries"), json_number_of(table, "low"),
               json_number_of(table, "high"), json_text(table, "outside"));
        heading = "";
    }
}

static void print_range(const json_t *row, const char *low_key, const char *high_key)
{
    const json_t *low = json_object_get(row, low_key), *high = json_object_get(row, high_key);
    char shown[64] = "-";
    if (json_is_number(low) && json_is_number(high))
        snprintf(shown, sizeof shown, "[%.4g, %.4g]", json_number_value(low),
                 json_number_value(high));
    printf(" %-20s", shown);
}

/* Formats by node and what each adds to the error. */
static void print_formats(const json_t *manifest)
{
    const json_t *tolerance = json_object_get(manifest, "tolerance");
    size_t i;
    json_t *row;
    if (!tolerance)
        return;
    printf("  %-9s %s: float %.6g, fixed %.6g, on %.0f rows; tolerance %s\n\n", "formats",
           json_text(tolerance, "metric"), json_number_of(tolerance, "float"),
           json_number_of(tolerance, "fixed"),
           json_number_of(tolerance, "held_rows") > 0 ? json_number_of(tolerance, "held_rows")
                                                      : json_number_of(tolerance, "rows"),
           json_text(tolerance, "tolerance"));
    printf("  %-10s %-14s %-20s %-20s %5s  %s\n", "output", "format", "can be", "seen", "error",
           "node");
    json_array_foreach(json_object_get(manifest, "formats"), i, row)
    {
        const char *output = json_text(row, "output");
        printf("  %-10s %-14s", *output ? output : "(input)", json_text(row, "format"));
        print_range(row, "low", "high");
        print_range(row, "seen_low", "seen_high");
        if (json_is_number(json_object_get(row, "share")))
            printf(" %4.0f%%", 100 * json_number_of(row, "share"));
        else
            printf(" %5s", "");
        printf("  %s%s\n", json_text(row, "expression"),
               json_is_true(json_object_get(row, "saturates")) ? "  (saturates)" : "");
    }
    putchar('\n');
}

static void print_decision(const json_t *decision)
{
    static const char *const kinds[] = {"background", "signal"};
    if (!decision)
        return;
    printf("  %-9s %s >= %.12g (%s)\n", "decision", json_text(decision, "discriminant"),
           json_number_of(decision, "threshold"), json_text(decision, "asked"));
    for (int k = 0; k < 2; k++) {
        const json_t *row = json_object_get(json_object_get(decision, "calibration"), kinds[k]);
        if (row)
            printf("  %-9s %-10s %.4g %% accepted, %.0f of %.0f rows\n", "", kinds[k],
                   100 * json_number_of(row, "efficiency"), json_number_of(row, "accepted"),
                   json_number_of(row, "rows"));
    }
}

static void print_firmware(const json_t *manifest, const char *folder)
{
    const json_t *timing = json_object_get(manifest, "timing");
    const json_t *resources = json_object_get(manifest, "resources");
    printf("%s: %s, %s\n\n", folder, json_text(manifest, "precision"), json_text(manifest, "part"));
    print_ports("inputs", json_object_get(manifest, "inputs"));
    print_ports("outputs", json_object_get(manifest, "outputs"));
    print_decision(json_object_get(manifest, "decision"));
    print_tables(json_object_get(manifest, "tables"));
    print_formats(manifest);
    double cycles = json_number_of(timing, "latency_cycles");
    printf("  %-9s %.0f clock cycle%s at %.4g MHz = %.4g ns, a new event every clock\n", "timing",
           cycles, cycles == 1 ? "" : "s", json_number_of(timing, "clock_mhz"),
           cycles * 1000 / json_number_of(timing, "clock_mhz"));
    printf("  %-9s slowest stage %.3g ns (%s)\n", "", json_number_of(timing, "slowest_stage_ns"),
           json_text(timing, "source"));
    printf("  %-9s %.0f LUT, %.0f FF, %.0f DSP, %.0f BRAM18 (%s)\n", "resources",
           json_number_of(resources, "lut"), json_number_of(resources, "ff"),
           json_number_of(resources, "dsp"), json_number_of(resources, "bram18"),
           json_text(resources, "source"));
    printf("\nNext:\n  symlut verify %s\n  symlut synth %s\n", folder, folder);
}

static void print_warnings(const json_t *manifest)
{
    size_t i;
    json_t *warning;
    json_array_foreach(json_object_get(manifest, "warnings"), i, warning)
        fprintf(stderr, "warning: %s\n", json_string_value(warning));
}

static int finish(const compile_command *o, const symlut_firmware *fw)
{
    symlut_error err;
    if (symlut_firmware_write(fw, o->folder, &err) != SYMLUT_OK)
        return print_error(&err);
    json_t *manifest = json_loads(symlut_firmware_manifest(fw), 0, NULL);
    if (!manifest) {
        fputs("symlut: out of memory\n", stderr);
        return 3;
    }
    if (!o->quiet)
        print_warnings(manifest);
    if (o->json)
        return print_json(manifest);
    print_firmware(manifest, o->folder);
    json_decref(manifest);
    return 0;
}

static int compile(compile_command *o, const char *path)
{
    symlut_error err;
    terminal t;
    symlut_hooks hooks = terminal_hooks(&t, o->quiet);
    symlut_model *model = NULL;
    symlut_dataset *data = NULL;
    symlut_firmware *fw = NULL;
    symlut_status status = symlut_model_load(&model, path, &o->model, &err);
    bool decides = o->compile.output && strcmp(o->compile.output, "decision") == 0;
    if (status == SYMLUT_OK && o->data_path)
        status = load_for_model(&data, o->data_path, &o->data, symlut_model_target_name(model),
                                decides ? SYMLUT_CLASSIFICATION : symlut_model_task(model), &hooks,
                                &err);
    o->compile.tables = o->tables.items;
    o->compile.table_count = o->tables.count;
    o->compile.formats = o->formats.items;
    o->compile.format_count = o->formats.count;
    o->compile.ranges = o->ranges.items;
    o->compile.range_count = o->ranges.count;
    o->compile.data = data;
    if (status == SYMLUT_OK)
        status = symlut_compile(&fw, model, &o->compile, &hooks, &err);
    int code = status == SYMLUT_OK ? finish(o, fw) : print_error(&err);
    symlut_firmware_free(fw);
    symlut_dataset_free(data);
    symlut_model_free(model);
    return code;
}

static int run(const command *self, int argc, char **argv)
{
    compile_command o = {.model = symlut_model_options_defaults(),
                         .compile = symlut_compile_options_defaults(),
                         .data = symlut_data_options_defaults()};
    option options[OWN_OPTIONS + DATA_OPTION_COUNT];
    const char *path;
    int count;
    compile_table(options, &o);
    data_options_table(options + OWN_OPTIONS, &o.data, &o.task);
    parse_result parsed =
        options_parse(self, options, OWN_OPTIONS + DATA_OPTION_COUNT, argc, argv, &path, &count);
    if (parsed != PARSE_OK)
        return parsed == PARSE_HELP ? 0 : 2;
    if (!o.folder)
        return usage_error(self, "-o FW is missing: the folder to write");
    data_options_finish(&o.data, o.task);
    o.model.task = o.data.task;
    char *line = command_line_text(self, argc, argv);
    o.compile.command_line = line;
    int code = compile(&o, path);
    free(line);
    return code;
}

const command command_compile = {
    .name = "compile",
    .arguments = "MODEL -o FW",
    .summary = "a model (run, equations, PySR front) to C, Verilog, VHDL and HLS C++",
    .example = "  symlut compile run -o fw --precision 'fixed<16,6>' --clock 200MHz \\\n"
               "      --table 'sin: 1024 over [-8,8]' --table 'exp: 256 over [-4,4]'\n",
    .arguments_least = 1,
    .arguments_most = 1,
    .run = run,
};
