#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* ---- errors */

int text_width(const char *text)
{
    int width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xc0) != 0x80;
    return width;
}

/* The part of the line around the column, at most 100 bytes, with dots where it is cut. */
static void draw_source(const symlut_error *err)
{
    enum { BEFORE = 60, ROOM = 100 };
    size_t length = strlen(err->source), column = (size_t)err->column;
    if (length == 0 || err->column < 1 || column > length + 1)
        return;
    size_t from = column > BEFORE ? column - BEFORE : 0;
    while (from > 0 && from < length && ((unsigned char)err->source[from] & 0xc0) == 0x80)
        from--;
    size_t to = from + ROOM < length ? from + ROOM : length;
    while (to < length && ((unsigned char)err->source[to] & 0xc0) == 0x80)
        to++;
    const char *lead = from > 0 ? "..." : "";
    fprintf(stderr, "  %s%.*s%s\n  %*s", lead, (int)(to - from), err->source + from,
            to < length ? "..." : "", (int)strlen(lead), "");
    for (size_t i = from; i + 1 < column; i++) {
        unsigned char c = (unsigned char)err->source[i];
        if ((c & 0xc0) != 0x80)
            fputc(c == '\t' ? '\t' : ' ', stderr);
    }
    fputs("^\n", stderr);
}

int print_error(const symlut_error *err)
{
    if (err->file[0]) {
        fprintf(stderr, "%s:", err->file);
        if (err->line > 0)
            fprintf(stderr, "%ld:", err->line);
        if (err->line > 0 && err->column > 0)
            fprintf(stderr, "%ld:", err->column);
        fputc(' ', stderr);
    } else {
        fputs("symlut: ", stderr);
    }
    fprintf(stderr, "%s\n", err->message);
    draw_source(err);
    return symlut_exit_code(err->status);
}

symlut_status out_of_memory(symlut_error *err)
{
    *err = (symlut_error){.status = SYMLUT_NO_MEMORY, .message = "out of memory"};
    return SYMLUT_NO_MEMORY;
}

/* ---- hooks */

/* A signal handler can reach nothing but a global; any thread may be the one that runs it. */
static atomic_int interrupted;

static void on_interrupt(int number)
{
    if (atomic_exchange(&interrupted, 1)) {
        signal(number, SIG_DFL);
        raise(number);
    }
}

void catch_interrupts(void)
{
    struct sigaction action = {.sa_handler = on_interrupt, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

static bool stop_hook(void *payload)
{
    (void)payload;
    return atomic_load(&interrupted) != 0;
}

static void log_hook(void *payload, const char *line)
{
    terminal *t = payload;
    if (t->quiet)
        return;
    terminal_finish(t);
    fprintf(stderr, "%s\n", line);
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int terminal_columns(void)
{
    struct winsize size;
    if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

/* Bytes of the first `columns` characters of a line of `length` bytes. */
static size_t clip(const char *line, size_t length, int columns)
{
    size_t n = 0;
    for (int width = 0; n < length; n++) {
        if (((unsigned char)line[n] & 0xc0) != 0x80 && ++width > columns)
            break;
    }
    return n;
}

static void redraw(terminal *t, const char *text)
{
    int columns = terminal_columns();
    if (t->drawn > 0)
        fprintf(stderr, "\033[%dA", t->drawn);
    fputs("\r\033[J", stderr);
    t->drawn = 0;
    for (const char *line = text; *line;) {
        size_t length = strcspn(line, "\n");
        fprintf(stderr, "%.*s\n", (int)clip(line, length, columns - 1), line);
        t->drawn++;
        line += length + (line[length] == '\n');
    }
    fflush(stderr);
}

/* On a terminal all of it, in place; else its first line, every five seconds. */
static void progress_hook(void *payload, const char *text)
{
    enum { SECONDS_BETWEEN_LINES = 5 };
    terminal *t = payload;
    if (t->quiet)
        return;
    if (t->live) {
        redraw(t, text);
        return;
    }
    double now = seconds_now();
    if (t->last_line > 0 && now - t->last_line < SECONDS_BETWEEN_LINES)
        return;
    t->last_line = now;
    fprintf(stderr, "%.*s\n", (int)strcspn(text, "\n"), text);
}

symlut_hooks terminal_hooks(terminal *t, bool quiet)
{
    *t = (terminal){.quiet = quiet, .live = isatty(STDERR_FILENO) != 0};
    return (symlut_hooks){
        .log = log_hook, .progress = progress_hook, .stop = stop_hook, .payload = t};
}

void terminal_finish(terminal *t)
{
    t->drawn = 0;
}

/* ---- data options */

void data_options_table(option *rows, symlut_data_options *data, const char **task_text)
{
    const option table[DATA_OPTION_COUNT] = {
        {"target", "NAME", OPTION_TEXT, &data->target, "column to predict (default: the last)", 0,
         0, NULL},
        {"features", "LIST", OPTION_TEXT, &data->features,
         "columns to use (default: all but target and weights)", 0, 0, NULL},
        {"weights", "NAME", OPTION_TEXT, &data->weights, "column of row weights", 0, 0, NULL},
        {"task", "TASK", OPTION_CHOICE, task_text,
         "regression, classification or auto (text or few whole numbers: classes)", 0, 0,
         "auto|regression|classification"},
        {"hdf5-table", "PATH", OPTION_TEXT, &data->table, "HDF5: data set or table inside the file",
         0, 0, NULL},
        {"drop-nonfinite", NULL, OPTION_FLAG, &data->drop_nonfinite,
         "leave rows with NaN or infinity out", 0, 0, NULL},
    };
    memcpy(rows, table, sizeof table);
}

void data_options_finish(symlut_data_options *data, const char *task_text)
{
    if (task_text && strcmp(task_text, "regression") == 0)
        data->task = SYMLUT_REGRESSION;
    if (task_text && strcmp(task_text, "classification") == 0)
        data->task = SYMLUT_CLASSIFICATION;
}

symlut_status load_for_model(symlut_dataset **data, const char *path,
                             const symlut_data_options *options, const char *target,
                             symlut_task task, const symlut_hooks *hooks, symlut_error *err)
{
    symlut_data_options o = *options;
    o.keep_constant = true;
    o.target_optional = !options->target;
    if (o.task == SYMLUT_TASK_AUTO)
        o.task = task;
    if (!o.target && target[0])
        o.target = target;
    symlut_status status = symlut_dataset_load(data, path, &o, hooks, err);
    if (status != SYMLUT_BAD_INPUT || options->target || target[0])
        return status;
    /* a last column of words beside a model that does not know its target */
    symlut_error second;
    o.target_optional = false;
    return symlut_dataset_load(data, path, &o, hooks, &second) == SYMLUT_OK ? SYMLUT_OK : status;
}

/* ---- the command line */

static bool is_plain(const char *word)
{
    return word[0] && !word[strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                         "0123456789_-+=./,:@%")];
}

static char *append_quoted(char *to, const char *word)
{
    *to++ = ' ';
    if (is_plain(word)) {
        size_t n = strlen(word);
        memcpy(to, word, n);
        return to + n;
    }
    *to++ = '\'';
    for (; *word; word++) {
        if (*word == '\'') {
            memcpy(to, "'\\''", 4);
            to += 4;
        } else {
            *to++ = *word;
        }
    }
    *to++ = '\'';
    return to;
}

char *command_line_text(const command *self, int argc, char **argv)
{
    size_t room = sizeof "symlut " + strlen(self->name);
    for (int i = 0; i < argc; i++)
        room += 4 * strlen(argv[i]) + 3;
    char *text = malloc(room);
    if (!text)
        return NULL;
    char *end = text + snprintf(text, room, "symlut %s", self->name);
    for (int i = 0; i < argc; i++)
        end = append_quoted(end, argv[i]);
    *end = '\0';
    return text;
}

/* ---- output files */

static symlut_status output_error(symlut_error *err, const char *path)
{
    memset(err, 0, sizeof *err);
    err->status = SYMLUT_IO;
    snprintf(err->file, sizeof err->file, "%s", path);
    snprintf(err->message, sizeof err->message, "cannot write: %s", strerror(errno));
    return SYMLUT_IO;
}

symlut_status output_open(output_file *out, const char *path, symlut_error *err)
{
    *out = (output_file){0};
    size_t room = strlen(path) + sizeof ".tmpXXXXXX";
    out->path = strdup(path);
    out->temporary = malloc(room);
    int fd = -1;
    if (out->temporary)
        out->temporary[0] = '\0';
    if (out->path && out->temporary) {
        snprintf(out->temporary, room, "%s.tmpXXXXXX", path);
        fd = mkstemp(out->temporary);
        if (fd < 0)
            out->temporary[0] = '\0';
    }
    if (fd >= 0)
        out->stream = fdopen(fd, "wb");
    if (out->stream)
        return SYMLUT_OK;
    symlut_status status = output_error(err, path);
    if (fd >= 0)
        close(fd);
    output_abandon(out);
    return status;
}

symlut_status output_close(output_file *out, symlut_error *err)
{
    mode_t mask = umask(0);
    umask(mask);
    bool ok = fflush(out->stream) == 0 && !ferror(out->stream) &&
              fchmod(fileno(out->stream), 0666 & ~mask) == 0 && fsync(fileno(out->stream)) == 0;
    ok = fclose(out->stream) == 0 && ok;
    out->stream = NULL;
    ok = ok && rename(out->temporary, out->path) == 0;
    symlut_status status = ok ? SYMLUT_OK : output_error(err, out->path);
    if (ok)
        out->temporary[0] = '\0';
    output_abandon(out);
    return status;
}

void output_abandon(output_file *out)
{
    if (out->stream)
        fclose(out->stream);
    if (out->temporary && out->temporary[0])
        unlink(out->temporary);
    free(out->path);
    free(out->temporary);
    *out = (output_file){0};
}

int print_json(json_t *root)
{
    int failed = json_dumpf(root, stdout, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    putchar('\n');
    json_decref(root);
    return failed ? 3 : 0;
}

const char *json_text(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

double json_number_of(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}
