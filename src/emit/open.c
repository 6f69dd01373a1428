/* Opens a firmware folder: manifest.json for the interface, graph.ir for the arithmetic. */
#include "emit/emit.h"

#include "base/file.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct reader {
    const char *path; /* of the manifest */
    symlut_firmware *fw;
    symlut_error *err;
    symlut_status status;
} reader;

BASE_PRINTF(2, 3)
static bool refuse(reader *r, const char *message, ...)
{
    char line[512];
    va_list args;
    va_start(args, message);
    vsnprintf(line, sizeof line, message, args);
    va_end(args);
    if (r->status == SYMLUT_OK)
        r->status =
            error_at(r->err, SYMLUT_BAD_INPUT, r->path, 0, 0,
                     "not a manifest that this version wrote: %s; compile the model again", line);
    return false;
}

static bool no_memory(reader *r)
{
    r->status = error_memory(r->err);
    return false;
}

static const char *read_text(reader *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_string(value)) {
        refuse(r, "'%s' is missing or no text", key);
        return "";
    }
    const char *copy = arena_strdup(&r->fw->memory, json_string_value(value));
    if (!copy)
        no_memory(r);
    return copy ? copy : "";
}

/* null is `absent`. */
static double read_number(reader *r, const json_t *object, const char *key, double absent)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_null(value))
        return absent;
    if (!json_is_number(value)) {
        refuse(r, "'%s' is missing or no number", key);
        return 0;
    }
    return json_number_value(value);
}

static const json_t *read_list(reader *r, const json_t *object, const char *key, size_t count)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_array(value))
        refuse(r, "'%s' is missing or no list", key);
    else if (count != SIZE_MAX && json_array_size(value) != count)
        refuse(r, "'%s' lists %zu, graph.ir has %zu", key, json_array_size(value), count);
    else
        return value;
    return NULL;
}

static const json_t *read_object(reader *r, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_object(value))
        refuse(r, "'%s' is missing or no object", key);
    return value;
}

/* A port as the manifest has it must be the graph's. */
static void check_port(reader *r, const json_t *object, const graph_port *port)
{
    char name[32];
    const char *given = read_text(r, object, "port");
    const char *fmt = read_text(r, object, "format");
    if (strcmp(given, port->name) != 0)
        refuse(r, "port '%.64s' is '%.64s' in graph.ir", given, port->name);
    else if (strcmp(fmt, format_print(port->fmt, name)) != 0)
        refuse(r, "port '%.64s' is %.32s, in graph.ir %s", given, fmt, name);
}

static bool read_inputs(reader *r, const json_t *root)
{
    symlut_firmware *fw = r->fw;
    const json_t *list = read_list(r, root, "inputs", fw->g->input_count);
    fw->inputs = ARENA_ARRAY(&fw->memory, firmware_input, fw->g->input_count + 1);
    if (!fw->inputs)
        return no_memory(r);
    for (uint32_t k = 0; list && k < fw->g->input_count; k++) {
        const json_t *o = json_array_get(list, k);
        check_port(r, o, &fw->g->inputs[k]);
        fw->inputs[k] = (firmware_input){.name = read_text(r, o, "name"),
                                         .mean = read_number(r, o, "mean", 0),
                                         .scale = read_number(r, o, "scale", 1),
                                         .low = read_number(r, o, "low", 1),
                                         .high = read_number(r, o, "high", 0)};
        if (!isfinite(fw->inputs[k].mean) || fw->inputs[k].scale == 0)
            refuse(r, "input '%.64s' has no usable scaler", fw->inputs[k].name);
    }
    return r->status == SYMLUT_OK;
}

static bool read_outputs(reader *r, const json_t *root)
{
    symlut_firmware *fw = r->fw;
    const json_t *list = read_list(r, root, "outputs", fw->g->output_count);
    fw->output_names = ARENA_ARRAY(&fw->memory, const char *, fw->g->output_count + 1);
    fw->equations = ARENA_ARRAY(&fw->memory, const char *, fw->g->output_count + 1);
    if (!fw->output_names || !fw->equations)
        return no_memory(r);
    for (uint32_t k = 0; list && k < fw->g->output_count; k++) {
        const json_t *o = json_array_get(list, k);
        check_port(r, o, &fw->g->outputs[k]);
        fw->output_names[k] = read_text(r, o, "name");
        fw->equations[k] = read_text(r, o, "equation");
    }
    return r->status == SYMLUT_OK;
}

/* The classes of a firmware that gives a class's number; none where the outputs are scores. */
static bool read_classes(reader *r, const json_t *root)
{
    symlut_firmware *fw = r->fw;
    if (!json_object_get(root, "classes"))
        return r->status == SYMLUT_OK;
    const json_t *list = read_list(r, root, "classes", SIZE_MAX);
    size_t count = list ? json_array_size(list) : 0;
    fw->classes = ARENA_ARRAY(&fw->memory, firmware_class, count + 1);
    if (!fw->classes)
        return no_memory(r);
    for (size_t k = 0; k < count; k++) {
        const json_t *o = json_array_get(list, k);
        fw->classes[k] = (firmware_class){read_text(r, o, "name"), read_text(r, o, "equation")};
    }
    fw->class_count = count;
    const graph *g = fw->g;
    if (r->status == SYMLUT_OK &&
        (g->output_count != 1 || g->nodes[g->outputs[0].node].fmt.frac != 0 ||
         g->nodes[g->outputs[0].node].lo < 0 || g->nodes[g->outputs[0].node].hi >= (int64_t)count))
        refuse(r, "'classes' lists %zu, which the outputs of graph.ir do not number", count);
    return r->status == SYMLUT_OK;
}

/* The class that a decision accepts. */
static bool read_decision(reader *r, const json_t *root)
{
    symlut_firmware *fw = r->fw;
    if (!json_object_get(root, "decision"))
        return r->status == SYMLUT_OK;
    const json_t *o = read_object(r, root, "decision");
    fw->decision.signal = read_text(r, o, "signal");
    fw->decision.discriminant = read_text(r, o, "discriminant");
    fw->decision.threshold = read_number(r, o, "threshold", 0);
    format f = fw->g->output_count == 1 ? fw->g->outputs[0].fmt : (format){0};
    if (r->status == SYMLUT_OK && (f.is_signed || f.width != 1 || f.frac != 0 || fw->class_count))
        refuse(r, "it has a decision, which is no output of graph.ir");
    return r->status == SYMLUT_OK;
}

static bool read_tables(reader *r, const json_t *root)
{
    symlut_firmware *fw = r->fw;
    const json_t *list = read_list(r, root, "tables", SIZE_MAX);
    if (!list)
        return false;
    fw->tables = ARENA_ARRAY(&fw->memory, firmware_table, json_array_size(list) + 1);
    if (!fw->tables)
        return no_memory(r);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *o = json_array_get(list, i);
        rounding rounds = ROUND_TRN;
        overflow overflows = OVERFLOW_WRAP;
        firmware_table t = {.function = read_text(r, o, "function"),
                            .entries = (int)read_number(r, o, "entries", 0),
                            .low = read_number(r, o, "low", 0),
                            .high = read_number(r, o, "high", 0),
                            .wraps = strcmp(read_text(r, o, "outside"), "wraps") == 0};
        if (format_parse(&t.word, &rounds, &overflows, read_text(r, o, "words"), NULL) != SYMLUT_OK)
            refuse(r, "a table's word format is wrong");
        fw->tables[fw->table_count++] = t;
    }
    return r->status == SYMLUT_OK;
}

static bool read_warnings(reader *r, const json_t *root)
{
    symlut_firmware *fw = r->fw;
    const json_t *list = read_list(r, root, "warnings", SIZE_MAX);
    if (!list)
        return false;
    fw->warnings = ARENA_ARRAY(&fw->memory, const char *, json_array_size(list) + 1);
    if (!fw->warnings)
        return no_memory(r);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *s = json_string_value(json_array_get(list, i));
        const char *copy = arena_strdup(&fw->memory, s ? s : "");
        if (!copy)
            return no_memory(r);
        fw->warnings[fw->warning_count++] = copy;
    }
    return true;
}

static void read_provenance(reader *r, const json_t *root)
{
    const json_t *o = read_object(r, root, "provenance");
    r->fw->data_hash = read_text(r, o, "data_hash");
    r->fw->command_line = read_text(r, o, "command_line");
    const json_t *seed = json_object_get(o, "seed");
    if (json_is_integer(seed))
        r->fw->seed = (uint64_t)json_integer_value(seed);
    else if (json_is_string(seed))
        r->fw->seed = strtoull(json_string_value(seed), NULL, 10);
    else
        refuse(r, "'seed' is missing");
}

static void read_figures(reader *r, const json_t *root)
{
    symlut_firmware *fw = r->fw;
    const json_t *timing = read_object(r, root, "timing");
    const json_t *resources = read_object(r, root, "resources");
    fw->clock_mhz = read_number(r, timing, "clock_mhz", 0);
    fw->estimate = (firmware_resources){
        .lut = read_number(r, resources, "lut", 0),
        .ff = read_number(r, resources, "ff", 0),
        .carry = read_number(r, resources, "carry", 0),
        .dsp = read_number(r, resources, "dsp", 0),
        .bram = read_number(r, resources, "bram18", 0),
        .ns_per_stage = read_number(r, timing, "slowest_stage_ns", 0),
        .latency_ns = read_number(r, timing, "latency_ns", 0),
    };
    double cycles = read_number(r, timing, "latency_cycles", 0);
    if (r->status == SYMLUT_OK && cycles != fw->g->latency)
        refuse(r, "'latency_cycles' is %g, graph.ir has %d", cycles, fw->g->latency);
}

/* How raw values become inputs. */
static void read_arithmetic(reader *r, const json_t *root)
{
    symlut_firmware *fw = r->fw;
    fw->arithmetic = "symlut";
    fw->input_rounding = ROUND_RND_CONV;
    fw->input_overflow = OVERFLOW_SAT;
    if (!json_object_get(root, "arithmetic"))
        return; /* older manifests of this schema */
    fw->arithmetic = read_text(r, root, "arithmetic");
    const char *rounds = read_text(r, root, "input_rounding");
    const char *overflows = read_text(r, root, "input_overflow");
    int i = 0, k = 0;
    while (i < ROUNDING_COUNT && strcmp(rounds, rounding_name((rounding)i)) != 0)
        i++;
    while (k < OVERFLOW_COUNT && strcmp(overflows, overflow_name((overflow)k)) != 0)
        k++;
    if (i == ROUNDING_COUNT)
        refuse(r, "'input_rounding' is '%.32s', expected TRN, RND_CONV ...", rounds);
    else if (k == OVERFLOW_COUNT)
        refuse(r, "'input_overflow' is '%.32s', expected WRAP, SAT ...", overflows);
    fw->input_rounding = (rounding)(i % ROUNDING_COUNT);
    fw->input_overflow = (overflow)(k % OVERFLOW_COUNT);
}

static bool read_manifest(reader *r, const json_t *root)
{
    symlut_firmware *fw = r->fw;
    if (!json_is_object(root) || strcmp(read_text(r, root, "kind"), "symlut firmware") != 0)
        return refuse(r, "it is not of the kind 'symlut firmware'");
    double schema = read_number(r, root, "schema", 0);
    if (schema != 1)
        return refuse(r, "its schema is %g, expected 1", schema);
    fw->version = read_text(r, root, "version");
    fw->name = read_text(r, root, "name");
    const char *task = read_text(r, root, "task");
    bool classifies = strcmp(task, "classification") == 0;
    if (!classifies && strcmp(task, "regression") != 0)
        refuse(r, "the task '%.32s' is neither regression nor classification", task);
    fw->task = classifies ? SYMLUT_CLASSIFICATION : SYMLUT_REGRESSION;
    fw->target_name = read_text(r, root, "target");
    fw->precision = read_text(r, root, "precision");
    read_arithmetic(r, root);
    fw->part = read_text(r, root, "part");
    /* older manifests of this schema lack it */
    fw->dsp = json_object_get(root, "dsp") ? read_text(r, root, "dsp") : "auto";
    if (strcmp(fw->dsp, "auto") != 0 && strcmp(fw->dsp, "none") != 0 &&
        strcmp(fw->dsp, "prefer") != 0)
        refuse(r, "'dsp' is '%.32s', expected auto, none or prefer", fw->dsp);
    read_figures(r, root);
    read_provenance(r, root);
    return r->status == SYMLUT_OK && read_inputs(r, root) && read_outputs(r, root) &&
           read_classes(r, root) && read_decision(r, root) && read_tables(r, root) &&
           read_warnings(r, root);
}

static char *join(const char *dir, const char *name)
{
    text t = {0};
    text_printf(&t, "%s/%s", dir, name);
    return text_take(&t);
}

static symlut_status open_graph(reader *r, graph **out, const char *dir, const char *name)
{
    char *path = join(dir, name), *source = NULL;
    size_t length;
    symlut_status status = path ? file_read(&source, &length, path, r->err) : error_memory(r->err);
    if (status == SYMLUT_OK && strlen(source) != length)
        status = error_at(r->err, SYMLUT_BAD_INPUT, path, 0, 0, "holds a NUL byte: not a graph");
    if (status == SYMLUT_OK)
        status = graph_parse(out, path, source, r->err);
    if (status == SYMLUT_OK)
        status = graph_check(*out, r->err);
    free(source);
    free(path);
    return status;
}

symlut_status manifest_parse(symlut_firmware *fw, const char *path, const char *json, size_t length,
                             symlut_error *err)
{
    reader r = {.path = path, .fw = fw, .err = err};
    json_error_t problem;
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &problem);
    if (!root)
        return error_at(err, SYMLUT_BAD_INPUT, path, problem.line, problem.column, "not JSON: %s",
                        problem.text);
    read_manifest(&r, root);
    json_decref(root);
    return r.status;
}

static symlut_status open_manifest(reader *r)
{
    size_t length;
    symlut_status status = file_read(&r->fw->manifest, &length, r->path, r->err);
    return status == SYMLUT_OK ? manifest_parse(r->fw, r->path, r->fw->manifest, length, r->err)
                               : status;
}

symlut_status symlut_firmware_open(symlut_firmware **out, const char *dir, symlut_error *err)
{
    *out = NULL;
    char *path = join(dir, "manifest.json");
    symlut_firmware *fw = calloc(1, sizeof *fw);
    reader r = {.path = path, .fw = fw, .err = err};
    symlut_status status = SYMLUT_OK;
    if (!path || !fw)
        status = error_memory(err);
    else if (!file_is_directory(dir))
        status = error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                          "is no folder; expected one that `symlut compile` wrote");
    else if (!file_exists(path))
        status = error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                          "holds no manifest.json; expected a folder that `symlut compile` wrote");
    if (status == SYMLUT_OK)
        status = open_graph(&r, &fw->g, dir, "graph.ir");
    char *plain = join(dir, "graph.plain.ir");
    if (status == SYMLUT_OK && plain && file_exists(plain))
        status = open_graph(&r, &fw->plain, dir, "graph.plain.ir");
    free(plain);
    if (status == SYMLUT_OK)
        status = open_manifest(&r);
    free(path);
    if (status == SYMLUT_OK)
        *out = fw;
    else
        symlut_firmware_free(fw);
    return status;
}
