/* manifest.json: what a firmware is, for people and programs. docs/firmware.md describes the
 * fields; src/emit/open.c reads back those that predict and verify need. */
#include "emit/emit.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Builds objects without a check at each step: jansson's setters fail on NULL, and the failure
 * sticks here. */
typedef struct builder {
    bool failed;
} builder;

static json_t *keep(builder *b, json_t *value)
{
    b->failed |= !value;
    return value;
}

static void set(builder *b, json_t *object, const char *key, json_t *value)
{
    if (!value || json_object_set_new(object, key, value) != 0)
        b->failed = true;
}

static void append(builder *b, json_t *list, json_t *value)
{
    if (!value || json_array_append_new(list, value) != 0)
        b->failed = true;
}

/* Names in data files need not be UTF-8, JSON must be: other bytes become '?'. */
static json_t *string(const char *s)
{
    json_t *value = json_string(s ? s : "");
    if (value)
        return value;
    char *copy = strdup(s ? s : "");
    for (char *p = copy; p && *p; p++) {
        if ((unsigned char)*p >= 128)
            *p = '?';
    }
    value = copy ? json_string(copy) : NULL;
    free(copy);
    return value;
}

static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

/* Estimates: three significant digits after the integer part are more than they are worth. */
static json_t *estimate(double x)
{
    return number(round(x * 1000) / 1000);
}

static json_t *format_text(format f)
{
    char name[32];
    return string(format_print(f, name));
}

static json_t *inputs(builder *b, const symlut_firmware *fw)
{
    json_t *list = keep(b, json_array());
    for (uint32_t k = 0; k < fw->g->input_count; k++) {
        const graph_port *port = &fw->g->inputs[k];
        const firmware_input *in = &fw->inputs[k];
        bool known = in->low <= in->high;
        json_t *o = keep(b, json_object());
        set(b, o, "name", string(in->name));
        set(b, o, "port", string(port->name));
        set(b, o, "format", format_text(port->fmt));
        set(b, o, "mean", number(in->mean));
        set(b, o, "scale", number(in->scale));
        set(b, o, "low", known ? number(in->low) : json_null());
        set(b, o, "high", known ? number(in->high) : json_null());
        set(b, o, "used", json_boolean(port->node != GRAPH_NONE));
        append(b, list, o);
    }
    return list;
}

static json_t *outputs(builder *b, const symlut_firmware *fw)
{
    json_t *list = keep(b, json_array());
    for (uint32_t k = 0; k < fw->g->output_count; k++) {
        const graph_port *port = &fw->g->outputs[k];
        const graph_node *n = &fw->g->nodes[port->node];
        json_t *o = keep(b, json_object());
        set(b, o, "name", string(fw->output_names[k]));
        set(b, o, "port", string(port->name));
        set(b, o, "format", format_text(port->fmt));
        set(b, o, "low", number(format_to_double(n->fmt, n->lo)));
        set(b, o, "high", number(format_to_double(n->fmt, n->hi)));
        set(b, o, "equation", string(fw->equations[k]));
        append(b, list, o);
    }
    return list;
}

static json_t *scores(builder *b, const symlut_firmware *fw, size_t count)
{
    json_t *list = keep(b, json_array());
    for (size_t k = 0; k < count; k++) {
        json_t *o = keep(b, json_object());
        set(b, o, "name", string(fw->classes[k].name));
        set(b, o, "equation", string(fw->classes[k].equation));
        append(b, list, o);
    }
    return list;
}

static json_t *decision(builder *b, const symlut_firmware *fw)
{
    static const char *const kinds[] = {"background", "signal"};
    const firmware_decision *d = &fw->decision;
    json_t *o = keep(b, json_object());
    set(b, o, "signal", string(d->signal));
    set(b, o, "discriminant", string(d->discriminant));
    set(b, o, "threshold", number(d->threshold));
    set(b, o, "asked", string(d->asked));
    json_t *rows = keep(b, json_object());
    for (int k = 0; k < 2 && d->calibrated; k++) {
        json_t *kind = keep(b, json_object());
        set(b, kind, "rows", json_integer((json_int_t)d->rows[k]));
        set(b, kind, "accepted", json_integer((json_int_t)d->accepted[k]));
        set(b, kind, "efficiency", number(d->efficiency[k]));
        set(b, rows, kinds[k], kind);
    }
    set(b, o, "calibration", rows);
    set(b, o, "scores", scores(b, fw, d->score_count));
    return o;
}

static json_t *functions(builder *b, const symlut_firmware *fw)
{
    json_t *list = keep(b, json_array());
    for (size_t i = 0; i < fw->table_count; i++) {
        const firmware_table *t = &fw->tables[i];
        json_t *o = keep(b, json_object());
        set(b, o, "function", string(t->function));
        set(b, o, "entries", json_integer(t->entries));
        set(b, o, "low", number(t->low));
        set(b, o, "high", number(t->high));
        set(b, o, "outside", string(t->wraps ? "wraps" : "saturates"));
        set(b, o, "words", format_text(t->word));
        append(b, list, o);
    }
    return list;
}

static json_t *roms(builder *b, const symlut_firmware *fw)
{
    json_t *list = keep(b, json_array());
    for (uint32_t i = 0; i < fw->g->table_count; i++) {
        const graph_table *t = &fw->g->tables[i];
        json_t *o = keep(b, json_object());
        set(b, o, "name", string(t->name));
        set(b, o, "holds", string(t->doc));
        set(b, o, "index_bits", json_integer(t->index_bits));
        set(b, o, "words", format_text(t->word));
        append(b, list, o);
    }
    return list;
}

static json_t *signals(builder *b, const symlut_firmware *fw)
{
    json_t *list = keep(b, json_array());
    for (uint32_t i = 0; i < fw->g->count; i++) {
        const graph_node *n = &fw->g->nodes[i];
        json_t *o = keep(b, json_object());
        set(b, o, "node", json_integer((json_int_t)i));
        set(b, o, "operation", string(graph_op_name((graph_op)n->op)));
        set(b, o, "format", format_text(n->fmt));
        set(b, o, "low", number(format_to_double(n->fmt, n->lo)));
        set(b, o, "high", number(format_to_double(n->fmt, n->hi)));
        set(b, o, "stage", json_integer(n->stage));
        set(b, o, "expression", n->origin ? string(n->origin) : json_null());
        append(b, list, o);
    }
    return list;
}

static json_t *formats(builder *b, const symlut_firmware *fw)
{
    json_t *list = keep(b, json_array());
    for (size_t i = 0; i < fw->format_count; i++) {
        const firmware_format *f = &fw->formats[i];
        json_t *o = keep(b, json_object());
        bool seen = f->seen_low <= f->seen_high, is_input = !*f->output;
        set(b, o, "output", is_input ? json_null() : string(f->output));
        set(b, o, "expression", string(f->expression));
        set(b, o, "format", format_text(f->fmt));
        set(b, o, "low", number(f->low));
        set(b, o, "high", number(f->high));
        set(b, o, "seen_low", seen ? number(f->seen_low) : json_null());
        set(b, o, "seen_high", seen ? number(f->seen_high) : json_null());
        set(b, o, "saturates", json_boolean(f->saturates));
        set(b, o, "rms_error", number(f->error));
        set(b, o, "share", is_input ? json_null() : estimate(f->share));
        append(b, list, o);
    }
    return list;
}

static json_t *tolerance(builder *b, const symlut_firmware *fw)
{
    const firmware_tolerance *t = &fw->tolerance;
    json_t *o = keep(b, json_object());
    set(b, o, "metric", string(t->metric));
    set(b, o, "tolerance", string(t->text));
    set(b, o, "float", number(t->float_value));
    set(b, o, "fixed", number(t->value));
    set(b, o, "rows", json_integer((json_int_t)t->rows));
    set(b, o, "held_rows", json_integer((json_int_t)t->held));
    set(b, o, "guard", number(t->guard));
    set(b, o, "trials", json_integer(t->trials));
    return o;
}

static json_t *timing(builder *b, const symlut_firmware *fw)
{
    json_t *o = keep(b, json_object());
    set(b, o, "clock_mhz", number(fw->clock_mhz));
    set(b, o, "initiation_interval", json_integer(1));
    set(b, o, "latency_cycles", json_integer(fw->g->latency));
    set(b, o, "latency_ns", estimate(fw->estimate.latency_ns));
    set(b, o, "slowest_stage_ns", estimate(fw->estimate.ns_per_stage));
    set(b, o, "source", string("model estimate"));
    return o;
}

static json_t *resources(builder *b, const symlut_firmware *fw)
{
    json_t *o = keep(b, json_object());
    set(b, o, "lut", estimate(fw->estimate.lut));
    set(b, o, "ff", estimate(fw->estimate.ff));
    set(b, o, "carry", estimate(fw->estimate.carry));
    set(b, o, "dsp", estimate(fw->estimate.dsp));
    set(b, o, "bram18", estimate(fw->estimate.bram));
    set(b, o, "source", string("model estimate"));
    return o;
}

static json_t *provenance(builder *b, const symlut_firmware *fw)
{
    char seed[24];
    snprintf(seed, sizeof seed, "%" PRIu64, fw->seed);
    json_t *o = keep(b, json_object());
    set(b, o, "data_hash", string(fw->data_hash));
    /* JSON's integers are signed here: the upper half of seeds is a text of digits */
    set(b, o, "seed", fw->seed <= INT64_MAX ? json_integer((json_int_t)fw->seed) : string(seed));
    set(b, o, "command_line", string(fw->command_line));
    return o;
}

static json_t *warnings(builder *b, const symlut_firmware *fw)
{
    json_t *list = keep(b, json_array());
    for (size_t i = 0; i < fw->warning_count; i++)
        append(b, list, string(fw->warnings[i]));
    return list;
}

static json_t *build(builder *b, const symlut_firmware *fw)
{
    json_t *root = keep(b, json_object());
    set(b, root, "kind", string("symlut firmware"));
    set(b, root, "schema", json_integer(1));
    set(b, root, "version", string(fw->version));
    set(b, root, "name", string(fw->name));
    set(b, root, "task",
        string(fw->task == SYMLUT_CLASSIFICATION ? "classification" : "regression"));
    set(b, root, "target", string(fw->target_name));
    set(b, root, "precision", string(fw->precision));
    set(b, root, "arithmetic", string(fw->arithmetic));
    set(b, root, "input_rounding", string(rounding_name(fw->input_rounding)));
    set(b, root, "input_overflow", string(overflow_name(fw->input_overflow)));
    set(b, root, "part", string(fw->part));
    set(b, root, "dsp", string(fw->dsp));
    set(b, root, "timing", timing(b, fw));
    set(b, root, "resources", resources(b, fw));
    set(b, root, "inputs", inputs(b, fw));
    set(b, root, "outputs", outputs(b, fw));
    set(b, root, "output",
        string(fw->decision.signal ? "decision"
               : fw->class_count   ? "class"
                                   : "scores"));
    if (fw->class_count)
        set(b, root, "classes", scores(b, fw, fw->class_count));
    if (fw->decision.signal)
        set(b, root, "decision", decision(b, fw));
    set(b, root, "tables", functions(b, fw));
    set(b, root, "roms", roms(b, fw));
    if (fw->tolerance.metric) {
        set(b, root, "tolerance", tolerance(b, fw));
        set(b, root, "formats", formats(b, fw));
    }
    set(b, root, "warnings", warnings(b, fw));
    set(b, root, "provenance", provenance(b, fw));
    set(b, root, "signals", signals(b, fw));
    return root;
}

/* Copies JSON text with every real in the fewest digits that give it back: jansson prints all with
 * as many as the worst one needs. */
static void append_short_reals(text *out, const char *json)
{
    for (const char *p = json; *p;) {
        size_t n = strcspn(p, "\"-0123456789");
        text_append_n(out, p, n);
        p += n;
        n = 0;
        if (*p == '"') {
            for (n = 1; p[n] != '"'; n++)
                n += p[n] == '\\';
            text_append_n(out, p, ++n);
        } else if (*p) {
            char shortest[40];
            n = strspn(p, "+-.eE0123456789");
            double value = strtod(p, NULL);
            for (int digits = 15; digits <= 17; digits++) {
                snprintf(shortest, sizeof shortest, "%.*g", digits, value);
                if (strtod(shortest, NULL) == value)
                    break;
            }
            bool is_real = strcspn(p, ".eE") < n;
            text_append_n(out, is_real ? shortest : p, is_real ? strlen(shortest) : n);
        }
        p += n;
    }
}

symlut_status emit_manifest(text *json, const symlut_firmware *fw, symlut_error *err)
{
    builder b = {0};
    json_t *root = build(&b, fw);
    char *dump = b.failed ? NULL : json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(17));
    json_decref(root);
    if (dump) {
        append_short_reals(json, dump);
        text_append(json, "\n");
    }
    bool ok = dump && !json->failed;
    free(dump);
    return ok ? SYMLUT_OK : error_memory(err);
}
