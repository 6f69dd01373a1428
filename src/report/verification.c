/* The result of `symlut verify`, as a part of a firmware's section. */
#include "report/report.h"

static void form_row(text *page, const json_t *form)
{
    const char *name = json_string_value(json_object_get(form, "form"));
    const char *tool = json_string_value(json_object_get(form, "tool"));
    const json_t *latency = json_object_get(form, "latency_cycles");
    bool equal = json_is_true(json_object_get(form, "equal"));
    html_row_begin(page, false);
    html_cell(page, false, "%s", name ? name : "");
    html_cell(page, false, "%s", tool ? tool : "");
    html_cell(page, true, "%lld", (long long)json_integer_value(json_object_get(form, "vectors")));
    if (json_is_integer(latency))
        html_cell(page, true, "%lld", (long long)json_integer_value(latency));
    else
        html_cell(page, true, "–");
    const char *note = json_string_value(json_object_get(form, "note"));
    text_append(page, equal ? "<td class=\"ok\">every bit equal" : "<td class=\"no\">differs");
    if (note) {
        text_append(page, "<br><span class=\"soft\">");
        html_escape(page, note);
        text_append(page, "</span>");
    }
    text_append(page, "</td>");
    html_row_end(page);
}

void report_verification(text *page, const json_t *verify)
{
    static const char *const headings[] = {"form", "run with", "#vectors", "#cycles", "result"};
    text_append(page, "<h3>Verification against the graph, bit for bit</h3>\n");
    if (!verify) {
        text_append(page, "<p><span class=\"badge warn\">not verified yet</span> "
                          "<code>symlut verify</code> does it.</p>\n");
        return;
    }
    bool equal = json_is_true(json_object_get(verify, "equal"));
    text_append(page, equal ? "<p><span class=\"badge ok\">verified</span> "
                            : "<p><span class=\"badge no\">a form differs</span> ");
    long long rows = (long long)json_integer_value(json_object_get(verify, "data_rows"));
    if (rows > 0)
        text_printf(page, "%lld rows of data and ", rows);
    text_printf(page, "%lld random and corner vectors</p>\n",
                (long long)json_integer_value(json_object_get(verify, "random_vectors")));
    html_table_begin(page, headings, sizeof headings / sizeof headings[0]);
    size_t i;
    json_t *form;
    json_array_foreach(json_object_get(verify, "forms"), i, form) form_row(page, form);
    html_table_end(page);
}
