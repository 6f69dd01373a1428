/* symlut report: one page over runs and firmware. */
#include "common.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_FOLDERS = 32 };

static int run(const command *self, int argc, char **argv)
{
    const char *path = NULL, *folders[MAX_FOLDERS];
    int count;
    const option options[] = {
        {"o", "FILE", OPTION_TEXT, &path,
         "page to write (default: report.html in the first folder)", 0, 0, NULL},
    };
    parse_result parsed = options_parse(self, options, 1, argc, argv, folders, &count);
    if (parsed != PARSE_OK)
        return parsed == PARSE_HELP ? 0 : 2;
    char *own = NULL;
    if (!path) {
        size_t room = strlen(folders[0]) + sizeof "/report.html";
        if (!(own = malloc(room))) {
            fputs("symlut: out of memory\n", stderr);
            return 3;
        }
        snprintf(own, room, "%s/report.html", folders[0]);
    }
    symlut_error err;
    symlut_status status = symlut_report(folders, (size_t)count, path ? path : own, &err);
    int code = status == SYMLUT_OK ? 0 : print_error(&err);
    if (code == 0)
        printf("%s\n", path ? path : own);
    free(own);
    return code;
}

const command command_report = {
    .name = "report",
    .arguments = "RUN|FW ...",
    .summary = "one self-contained HTML page over runs and firmware",
    .example = "  symlut report run fw -o report.html\n",
    .arguments_least = 1,
    .arguments_most = MAX_FOLDERS,
    .run = run,
};
