/* Sections of the report: one for each kind of folder. */
#ifndef REPORT_REPORT_H
#define REPORT_REPORT_H

#include "base/status.h"
#include "report/html.h"

#include <jansson.h>

symlut_status report_run(text *page, const char *dir, symlut_error *err);
symlut_status report_firmware(text *page, const char *dir, symlut_error *err);

/* verify: what verify.json holds; NULL: it was not run. */
void report_verification(text *page, const json_t *verify);
/* A headline figure. */
void report_card(text *page, const char *value, const char *label);
/* dir/name; free(). NULL: out of memory. */
char *report_path(const char *dir, const char *name);
/* The JSON file dir/name, or NULL when it is missing or broken. */
json_t *report_json(const char *dir, const char *name);

#endif
