/* What the commands share: drawing errors, hooks for the terminal, data options, output files. */
#ifndef CLI_COMMON_H
#define CLI_COMMON_H

#include "options.h"

#include "symlut/symlut.h"

#include <jansson.h>
#include <stdio.h>

/* "file:line:column: message", the source line and a caret, on stderr; returns the exit code. */
int print_error(const symlut_error *err);

symlut_status out_of_memory(symlut_error *err);

/* Hooks that print notes and progress on stderr, and stop once catch_interrupts has seen one. */
typedef struct terminal {
    bool quiet;       /* no notes, no progress */
    bool live;        /* stderr is a terminal: progress is redrawn in place */
    int drawn;        /* lines of progress on the screen */
    double last_line; /* seconds of the monotonic clock at the last plain progress line */
} terminal;

symlut_hooks terminal_hooks(terminal *t, bool quiet);
/* Leaves what is drawn and goes on below it. */
void terminal_finish(terminal *t);
/* From here on the first Ctrl-C asks the hooks' owner to stop; a second one ends the process. */
void catch_interrupts(void);

/* --target, --features, --weights, --hdf5-table, --task, --drop-nonfinite. `task_text` keeps the
 * word of --task until data_options_finish. */
enum { DATA_OPTION_COUNT = 6 };
void data_options_table(option *rows, symlut_data_options *data, const char **task_text);
void data_options_finish(symlut_data_options *data, const char *task_text);

/* Loads rows for a model that exists: every input kept, constant or not, and the target only when
 * it is there. `target`: the model's own, used unless options name one; "": unknown, then every
 * column is an input, or the last one the target when that fails. */
symlut_status load_for_model(symlut_dataset **data, const char *path,
                             const symlut_data_options *options, const char *target,
                             symlut_task task, const symlut_hooks *hooks, symlut_error *err);

/* The command line as one text, quoted for a shell where needed; NULL when out of memory. free() */
char *command_line_text(const command *self, int argc, char **argv);

/* A file that appears under its name only when complete. */
typedef struct output_file {
    FILE *stream;
    char *path, *temporary;
} output_file;

symlut_status output_open(output_file *out, const char *path, symlut_error *err);
/* Renames into place; after a failure nothing is left. */
symlut_status output_close(output_file *out, symlut_error *err);
void output_abandon(output_file *out);

/* Prints and frees `root` as indented JSON; returns exit code 0. */
int print_json(json_t *root);

/* Members of a JSON object: "" and 0 when they are missing or of another type. */
const char *json_text(const json_t *object, const char *key);
double json_number_of(const json_t *object, const char *key);

/* Number of columns that UTF-8 text takes, control characters aside. */
int text_width(const char *text);

#endif
