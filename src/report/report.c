/* One self-contained HTML page over run and firmware folders. */
#include "report/report.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

char *report_path(const char *dir, const char *name)
{
    text path = {0};
    text_printf(&path, "%s/%s", dir, name);
    return text_take(&path);
}

json_t *report_json(const char *dir, const char *name)
{
    char *path = report_path(dir, name), *data = NULL;
    size_t length = 0;
    json_t *root = NULL;
    if (path && file_read(&data, &length, path, NULL) == SYMLUT_OK)
        root = json_loadb(data, length, 0, NULL);
    free(data);
    free(path);
    return root;
}

void report_card(text *page, const char *value, const char *label)
{
    text_append(page, "<div class=\"card\"><b>");
    html_escape(page, value);
    text_append(page, "</b><span>");
    html_escape(page, label);
    text_append(page, "</span></div>\n");
}

static bool holds(const char *dir, const char *name)
{
    char *path = report_path(dir, name);
    bool there = path && file_exists(path);
    free(path);
    return there;
}

static symlut_status add_folder(text *page, const char *dir, symlut_error *err)
{
    if (!file_exists(dir))
        return error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                        "no such folder; expected what `symlut fit` or `symlut compile` wrote");
    if (holds(dir, "manifest.json"))
        return report_firmware(page, dir, err);
    if (holds(dir, "front.csv"))
        return report_run(page, dir, err);
    return error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                    "is neither a run (no front.csv in it) nor a firmware (no manifest.json)");
}

symlut_status symlut_report(const char *const *dirs, size_t count, const char *out_path,
                            symlut_error *err)
{
    if (count == 0)
        return error_set(err, SYMLUT_BAD_INPUT, "nothing to report on: name a run or a firmware");
    text page = {0};
    html_begin(&page, "symlut report");
    text_append(&page, "<h1>symlut report</h1>\n<p class=\"soft\">Made by symlut " SYMLUT_VERSION
                       ". Figures of a model or a tool are labelled with their source.</p>\n");
    symlut_status status = SYMLUT_OK;
    for (size_t i = 0; i < count && status == SYMLUT_OK; i++)
        status = add_folder(&page, dirs[i], err);
    html_end(&page);
    if (status == SYMLUT_OK && page.failed)
        status = error_memory(err);
    if (status == SYMLUT_OK)
        status = file_write(out_path, page.data, page.length, err);
    text_free(&page);
    return status;
}
