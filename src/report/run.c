/* The section of a run: its data, front, selected model and metrics. */
#include "report/report.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* digits: significant ones; a million and more is written with its unit. */
static void number_card(text *page, const json_t *value, int digits, const char *unit,
                        const char *label)
{
    if (!json_is_number(value))
        return;
    char shown[64];
    double number = json_number_value(value);
    if (number >= 1e9)
        snprintf(shown, sizeof shown, "%.3g billion", number / 1e9);
    else if (number >= 1e6)
        snprintf(shown, sizeof shown, "%.3g million", number / 1e6);
    else
        snprintf(shown, sizeof shown, "%.*g%s", digits, number, unit);
    report_card(page, shown, label);
}

static void summary_cards(text *page, const json_t *summary)
{
    const json_t *test = json_object_get(json_object_get(summary, "metrics"), "test");
    text_append(page, "<div class=\"cards\">\n");
    number_card(page, json_object_get(test, "accuracy"), 4, "", "accuracy, test rows");
    number_card(page, json_object_get(test, "r2"), 5, "", "R², test rows");
    number_card(page, json_object_get(json_object_get(summary, "rows"), "train"), 10, "",
                "training rows");
    number_card(page, json_object_get(json_object_get(summary, "rows"), "test"), 10, "",
                "test rows");
    number_card(page, json_object_get(summary, "seconds"), 3, " s", "of search");
    number_card(page, json_object_get(summary, "evaluations"), 6, "", "candidates");
    text_append(page, "</div>\n");
}

/* Rows of one output: [*from, end) of the run's list, which is grouped by output. */
static size_t group_end(const symlut_run *run, size_t from)
{
    const char *output = symlut_run_row(run, from).output;
    size_t end = from;
    while (end < symlut_run_rows(run) && strcmp(symlut_run_row(run, end).output, output) == 0)
        end++;
    return end;
}

static symlut_status plots(text *page, const symlut_run *run, symlut_error *err)
{
    size_t rows = symlut_run_rows(run);
    plot_point *points = calloc(rows + 1, sizeof *points);
    if (!points)
        return error_memory(err);
    text_append(page, "<div class=\"plots\">\n");
    for (size_t from = 0, end; from < rows; from = end) {
        end = group_end(run, from);
        for (size_t i = from; i < end; i++) {
            symlut_front_row row = symlut_run_row(run, i);
            points[i] = (plot_point){row.complexity, row.loss, row.selected, row.equation};
        }
        html_front_plot(page, symlut_run_row(run, from).output, points + from, end - from);
    }
    text_append(page, "</div>\n");
    free(points);
    return SYMLUT_OK;
}

static void selected_equations(text *page, const symlut_run *run)
{
    text_append(page, "<h3>The selected model</h3>\n");
    for (size_t i = 0; i < symlut_run_rows(run); i++) {
        symlut_front_row row = symlut_run_row(run, i);
        if (!row.selected)
            continue;
        text_append(page, "<code class=\"eq\">");
        html_escape(page, row.output);
        text_append(page, " = ");
        html_escape(page, row.equation);
        text_append(page, "</code>\n");
    }
}

static void front_table(text *page, const symlut_run *run)
{
    static const char *const headings[] = {"output", "#complexity", "#loss", "#score", "equation"};
    text_append(page, "<details><summary>The whole Pareto front</summary>\n");
    html_table_begin(page, headings, sizeof headings / sizeof headings[0]);
    for (size_t i = 0; i < symlut_run_rows(run); i++) {
        symlut_front_row row = symlut_run_row(run, i);
        html_row_begin(page, row.selected);
        html_cell(page, false, "%s", row.output);
        html_cell(page, true, "%g", row.complexity);
        html_cell(page, true, "%.5g", row.loss);
        if (isfinite(row.score))
            html_cell(page, true, "%.4f", row.score);
        else
            html_cell(page, true, "–");
        html_code_cell(page, row.equation);
        html_row_end(page);
    }
    html_table_end(page);
    text_append(page, "</details>\n");
}

static void metric_cell(text *page, const json_t *value)
{
    if (json_is_number(value))
        html_cell(page, true, "%.5g", json_number_value(value));
    else
        html_cell(page, true, "–");
}

/* One row for each part of the data; a column of area for each class. */
static void metrics_table(text *page, const json_t *summary)
{
    enum { MAX_HEADINGS = 40 };
    static const char *const parts[] = {"train", "validation", "test"};
    const json_t *metrics = json_object_get(summary, "metrics");
    const json_t *areas = json_object_get(json_object_get(metrics, "train"), "auc");
    bool classes = json_object_get(json_object_get(metrics, "train"), "accuracy") != NULL;
    const char *headings[MAX_HEADINGS] = {"part", "#rows", classes ? "#accuracy" : "#R²",
                                          classes ? NULL : "#RMSE"};
    char names[MAX_HEADINGS][48];
    size_t count = classes ? 3 : 4;
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)areas, name, value)
    {
        if (count == MAX_HEADINGS)
            break;
        snprintf(names[count], sizeof names[count], "#AUC %.40s", name);
        headings[count] = names[count];
        count++;
    }
    text_append(page, "<h3>How good it is</h3>\n");
    html_table_begin(page, headings, count);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const json_t *part = json_object_get(metrics, parts[i]);
        if (!json_is_object(part))
            continue;
        html_row_begin(page, false);
        html_cell(page, false, "%s", parts[i]);
        html_cell(page, true, "%lld",
                  (long long)json_integer_value(
                      json_object_get(json_object_get(summary, "rows"), parts[i])));
        metric_cell(page, json_object_get(part, classes ? "accuracy" : "r2"));
        if (!classes)
            metric_cell(page, json_object_get(part, "rmse"));
        for (size_t k = classes ? 3 : 4; k < count; k++)
            metric_cell(page, json_object_get(json_object_get(part, "auc"), headings[k] + 5));
        html_row_end(page);
    }
    html_table_end(page);
    const json_t *tails = json_object_get(summary, "heavy_tails");
    if (tails) {
        text_append(page, "<p>Note: ");
        html_escape(page, json_string_value(json_object_get(tails, "note")));
        text_append(page, "</p>\n");
    }
}

static void provenance(text *page, const json_t *summary)
{
    char seed[32];
    snprintf(seed, sizeof seed, "%" JSON_INTEGER_FORMAT,
             json_integer_value(json_object_get(summary, "seed")));
    text_append(page, "<h3>Where it comes from</h3>\n<dl>\n");
    html_fact(page, "task", json_string_value(json_object_get(summary, "task")));
    html_fact(page, "target", json_string_value(json_object_get(summary, "target")));
    html_fact(page, "data, SHA-256", json_string_value(json_object_get(summary, "data_hash")));
    html_fact(page, "seed", seed);
    html_fact(page, "symlut", json_string_value(json_object_get(summary, "version")));
    html_fact(page, "command line", json_string_value(json_object_get(summary, "command_line")));
    text_append(page, "</dl>\n");
}

symlut_status report_run(text *page, const char *dir, symlut_error *err)
{
    symlut_run *run;
    symlut_status status = symlut_run_open(&run, dir, NULL, err);
    if (status != SYMLUT_OK)
        return status;
    json_t *summary = json_loads(symlut_run_summary(run), 0, NULL);
    text_append(page, "<h2>Run ");
    html_escape(page, dir);
    text_append(page, "</h2>\n");
    if (summary)
        summary_cards(page, summary);
    status = plots(page, run, err);
    if (status == SYMLUT_OK) {
        selected_equations(page, run);
        if (summary)
            metrics_table(page, summary);
        front_table(page, run);
        if (summary)
            provenance(page, summary);
    }
    json_decref(summary);
    symlut_run_free(run);
    return status;
}
