/* The section of a firmware: interface, timing, resources by source, verification, provenance. */
#include "report/report.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char *string_of(const json_t *object, const char *key)
{
    const char *s = json_string_value(json_object_get(object, key));
    return s ? s : "";
}

static double number_of(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void cards(text *page, const json_t *manifest)
{
    const json_t *timing = json_object_get(manifest, "timing");
    char shown[64];
    text_append(page, "<div class=\"cards\">\n");
    report_card(page, string_of(manifest, "precision"), "precision");
    snprintf(shown, sizeof shown, "%.0f", number_of(timing, "latency_cycles"));
    report_card(page, shown, "cycles of latency");
    double clock = number_of(timing, "clock_mhz");
    snprintf(shown, sizeof shown, "%.4g ns",
             clock > 0 ? number_of(timing, "latency_cycles") * 1000 / clock : 0);
    report_card(page, shown, "latency at that clock");
    snprintf(shown, sizeof shown, "%.4g MHz", clock);
    report_card(page, shown, "clock asked for");
    snprintf(shown, sizeof shown, "%.3g ns", number_of(timing, "slowest_stage_ns"));
    report_card(page, shown, "slowest stage, model estimate");
    text_append(page, "</div>\n");
}

static void range_cell(text *page, const json_t *port)
{
    const json_t *low = json_object_get(port, "low"), *high = json_object_get(port, "high");
    if (json_is_number(low) && json_is_number(high))
        html_cell(page, false, "[%.6g, %.6g]", json_number_value(low), json_number_value(high));
    else
        html_cell(page, false, "unknown");
}

static void ports(text *page, const char *kind, const json_t *list)
{
    size_t i;
    json_t *port;
    json_array_foreach((json_t *)(uintptr_t)list, i, port)
    {
        html_row_begin(page, false);
        html_cell(page, false, "%s", kind);
        html_cell(page, false, "%s", string_of(port, "name"));
        html_code_cell(page, string_of(port, "port"));
        html_code_cell(page, string_of(port, "format"));
        range_cell(page, port);
        bool raw = number_of(port, "mean") == 0 && number_of(port, "scale") == 1;
        if (json_is_number(json_object_get(port, "scale")) && !raw)
            html_cell(page, false, "(raw − %.6g) / %.6g", number_of(port, "mean"),
                      number_of(port, "scale"));
        else
            html_cell(page, false, "%s", "");
        html_row_end(page);
    }
}

static void interface(text *page, const json_t *manifest)
{
    static const char *const headings[] = {"", "name", "port", "format", "values", "scaling"};
    text_append(page, "<h3>Interface</h3>\n");
    html_table_begin(page, headings, sizeof headings / sizeof headings[0]);
    ports(page, "input", json_object_get(manifest, "inputs"));
    ports(page, "output", json_object_get(manifest, "outputs"));
    html_table_end(page);
}

static void function_tables(text *page, const json_t *manifest)
{
    static const char *const headings[] = {"function", "#entries", "range", "outside", "words"};
    const json_t *list = json_object_get(manifest, "tables");
    if (json_array_size(list) == 0)
        return;
    text_append(page, "<h3>Function tables</h3>\n");
    html_table_begin(page, headings, sizeof headings / sizeof headings[0]);
    size_t i;
    json_t *table;
    json_array_foreach((json_t *)(uintptr_t)list, i, table)
    {
        html_row_begin(page, false);
        html_cell(page, false, "%s", string_of(table, "function"));
        html_cell(page, true, "%.0f", number_of(table, "entries"));
        html_cell(page, false, "[%g, %g]", number_of(table, "low"), number_of(table, "high"));
        html_cell(page, false, "%s", string_of(table, "outside"));
        html_code_cell(page, string_of(table, "words"));
        html_row_end(page);
    }
    html_table_end(page);
}

static void two_numbers(text *page, const json_t *row, const char *low_key, const char *high_key)
{
    const json_t *low = json_object_get(row, low_key), *high = json_object_get(row, high_key);
    if (json_is_number(low) && json_is_number(high))
        html_cell(page, false, "[%.4g, %.4g]", json_number_value(low), json_number_value(high));
    else
        html_cell(page, false, "–");
}

/* Of formats chosen by node: each one's range and share of its output's error. */
static void formats(text *page, const json_t *manifest)
{
    static const char *const headings[] = {"output", "node",   "format",         "proved range",
                                           "seen",   "beyond", "#share of error"};
    const json_t *tolerance = json_object_get(manifest, "tolerance");
    if (!tolerance)
        return;
    text_append(page, "<h3>Formats by node</h3>\n<p>");
    html_escape(page, string_of(tolerance, "metric"));
    text_printf(page, ": float %.6g, fixed %.6g, tolerance ", number_of(tolerance, "float"),
                number_of(tolerance, "fixed"));
    html_escape(page, string_of(tolerance, "tolerance"));
    text_append(page, "</p>\n");
    html_table_begin(page, headings, sizeof headings / sizeof headings[0]);
    size_t i;
    json_t *row;
    json_array_foreach(json_object_get(manifest, "formats"), i, row)
    {
        const json_t *share = json_object_get(row, "share");
        const char *output = string_of(row, "output");
        html_row_begin(page, false);
        html_cell(page, false, "%s", *output ? output : "input");
        html_code_cell(page, string_of(row, "expression"));
        html_code_cell(page, string_of(row, "format"));
        two_numbers(page, row, "low", "high");
        two_numbers(page, row, "seen_low", "seen_high");
        html_cell(page, false, "%s",
                  json_is_true(json_object_get(row, "saturates")) ? "saturates" : "");
        if (json_is_number(share))
            html_cell(page, true, "%.0f %%", 100 * json_number_value(share));
        else
            html_cell(page, true, "–");
        html_row_end(page);
    }
    html_table_end(page);
}

static void count_cell(text *page, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_number(value))
        html_cell(page, true, "%.0f", json_number_value(value));
    else
        html_cell(page, true, "–");
}

static void resource_row(text *page, const char *source, const json_t *figures)
{
    static const char *const keys[] = {"lut", "muxf", "carry", "ff", "srl", "dsp", "bram18"};
    html_row_begin(page, false);
    html_cell(page, false, "%s", source);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        count_cell(page, figures, keys[i]);
    html_row_end(page);
}

/* What the model estimates and what a tool read off the netlist, each under its own name. */
static void resources(text *page, const json_t *manifest, const json_t *synth)
{
    static const char *const headings[] = {"source", "#LUT", "#MUXF", "#carry",
                                           "#FF",    "#SRL", "#DSP",  "#BRAM18"};
    text_append(page, "<h3>Resources</h3>\n");
    html_table_begin(page, headings, sizeof headings / sizeof headings[0]);
    const json_t *estimate = json_object_get(manifest, "resources");
    resource_row(page, string_of(estimate, "source"), estimate);
    if (synth)
        resource_row(page, string_of(synth, "source"), json_object_get(synth, "resources"));
    html_table_end(page);
    if (!synth)
        text_append(page,
                    "<p class=\"soft\">No synthesis yet: <code>symlut synth</code> adds a row "
                    "read from a tool.</p>\n");
}

/* The routed frequency of synth --route, and of what part it is. */
static void routed(text *page, const json_t *synth)
{
    const json_t *route = json_object_get(synth, "route");
    if (!route)
        return;
    text_printf(page, "<p>%.4g MHz ", number_of(route, "mhz"));
    html_escape(page, string_of(route, "label"));
    text_append(page, ":");
    const char *cell, *separator = " ";
    json_t *count;
    json_object_foreach(json_object_get((json_t *)route, "utilisation"), cell, count)
    {
        if (!(number_of(count, "used") > 0))
            continue;
        text_append(page, separator);
        html_escape(page, cell);
        text_printf(page, " %.0f of %.0f", number_of(count, "used"), number_of(count, "available"));
        separator = ", ";
    }
    text_append(page, "</p>\n");
}

static void warnings(text *page, const json_t *manifest)
{
    size_t i;
    json_t *warning;
    json_array_foreach(json_object_get(manifest, "warnings"), i, warning)
    {
        text_append(page, "<p class=\"warn\">Warning: ");
        html_escape(page, json_string_value(warning) ? json_string_value(warning) : "");
        text_append(page, "</p>\n");
    }
}

static void equations(text *page, const json_t *manifest)
{
    size_t i;
    json_t *output;
    text_append(page, "<h3>What it computes</h3>\n");
    json_array_foreach(json_object_get(manifest, "outputs"), i, output)
    {
        text_append(page, "<code class=\"eq\">");
        html_escape(page, string_of(output, "name"));
        text_append(page, " = ");
        html_escape(page, string_of(output, "equation"));
        text_append(page, "</code>\n");
    }
}

/* Of a firmware that gives one bit: its threshold and what it accepted of the calibration rows. */
static void decision(text *page, const json_t *manifest)
{
    static const char *const headings[] = {"rows of", "#rows", "#accepted", "#efficiency"};
    static const char *const kinds[] = {"background", "signal"};
    const json_t *d = json_object_get(manifest, "decision");
    if (!d)
        return;
    text_append(page, "<h3>Decision</h3>\n<p>1 where <code>");
    html_escape(page, string_of(d, "discriminant"));
    text_printf(page, "</code> is at least %.12g (asked for: ", number_of(d, "threshold"));
    html_escape(page, string_of(d, "asked"));
    text_append(page, ")");
    if (*string_of(d, "signal")) {
        text_append(page, "; the signal is ");
        html_escape(page, string_of(d, "signal"));
    }
    text_append(page, "</p>\n");
    const json_t *rows = json_object_get(d, "calibration");
    if (json_object_size(rows) == 0)
        return;
    html_table_begin(page, headings, sizeof headings / sizeof headings[0]);
    for (int k = 0; k < 2; k++) {
        const json_t *row = json_object_get(rows, kinds[k]);
        html_row_begin(page, false);
        html_cell(page, false, "%s", kinds[k]);
        html_cell(page, true, "%.0f", number_of(row, "rows"));
        html_cell(page, true, "%.0f", number_of(row, "accepted"));
        html_cell(page, true, "%.4g %%", 100 * number_of(row, "efficiency"));
        html_row_end(page);
    }
    html_table_end(page);
}

static void provenance(text *page, const json_t *manifest)
{
    const json_t *from = json_object_get(manifest, "provenance");
    const json_t *seed = json_object_get(from, "seed");
    char digits[32] = "";
    if (json_is_integer(seed) && json_integer_value(seed) != 0)
        snprintf(digits, sizeof digits, "%" JSON_INTEGER_FORMAT, json_integer_value(seed));
    text_append(page, "<h3>Where it comes from</h3>\n<dl>\n");
    html_fact(page, "module", string_of(manifest, "name"));
    html_fact(page, "part", string_of(manifest, "part"));
    html_fact(page, "target", string_of(manifest, "target"));
    html_fact(page, "data, SHA-256", string_of(from, "data_hash"));
    html_fact(page, "seed", json_is_string(seed) ? json_string_value(seed) : digits);
    html_fact(page, "symlut", string_of(manifest, "version"));
    html_fact(page, "command line", string_of(from, "command_line"));
    text_append(page, "</dl>\n");
}

symlut_status report_firmware(text *page, const char *dir, symlut_error *err)
{
    json_t *manifest = report_json(dir, "manifest.json");
    if (!manifest)
        return error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                        "its manifest.json is not readable JSON; compile the model again");
    json_t *synth = report_json(dir, "synth.json"), *verify = report_json(dir, "verify.json");
    text_append(page, "<h2>Firmware ");
    html_escape(page, dir);
    text_append(page, "</h2>\n");
    cards(page, manifest);
    warnings(page, manifest);
    report_verification(page, verify);
    equations(page, manifest);
    decision(page, manifest);
    interface(page, manifest);
    function_tables(page, manifest);
    formats(page, manifest);
    resources(page, manifest, synth);
    routed(page, synth);
    provenance(page, manifest);
    json_decref(manifest);
    json_decref(synth);
    json_decref(verify);
    return SYMLUT_OK;
}
