#include "base/status.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int symlut_exit_code(symlut_status status)
{
    switch (status) {
    case SYMLUT_OK:
    case SYMLUT_INTERRUPTED:
        return 0;
    case SYMLUT_NO:
        return 1;
    case SYMLUT_BAD_INPUT:
    case SYMLUT_IO:
        return 2;
    case SYMLUT_TOOL:
    case SYMLUT_NO_MEMORY:
        return 3;
    }
    return 3;
}

static void fill(symlut_error *err, symlut_status status, const char *file, long line, long column,
                 const char *format, va_list args)
{
    if (!err)
        return;
    memset(err, 0, sizeof *err);
    err->status = status;
    err->line = line;
    err->column = column;
    if (file)
        snprintf(err->file, sizeof err->file, "%s", file);
    vsnprintf(err->message, sizeof err->message, format, args);
}

symlut_status error_set(symlut_error *err, symlut_status status, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, status, NULL, 0, 0, format, args);
    va_end(args);
    return status;
}

symlut_status error_at(symlut_error *err, symlut_status status, const char *file, long line,
                       long column, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fill(err, status, file, line, column, format, args);
    va_end(args);
    return status;
}

void error_source(symlut_error *err, const char *text, size_t length)
{
    if (!err)
        return;
    size_t n = 0;
    while (n < length && n + 1 < sizeof err->source && text[n] != '\n' && text[n] != '\r' &&
           text[n] != '\0')
        n++;
    memcpy(err->source, text, n);
    err->source[n] = '\0';
}

symlut_status error_memory(symlut_error *err)
{
    return error_set(err, SYMLUT_NO_MEMORY, "out of memory");
}

void hooks_log(const symlut_hooks *hooks, const char *format, ...)
{
    if (!hooks || !hooks->log)
        return;
    char line[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    hooks->log(hooks->payload, line);
}

bool hooks_stop(const symlut_hooks *hooks)
{
    return hooks && hooks->stop && hooks->stop(hooks->payload);
}

/* Levenshtein distance without regard to case; names longer than the buffer never count as near. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[65];
    size_t n = strlen(b);
    if (n > 64 || strlen(a) > 64)
        return 1000;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            bool same = tolower((unsigned char)a[i - 1]) == tolower((unsigned char)b[j - 1]);
            size_t best = diagonal + (same ? 0 : 1);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[n];
}

void error_nearest(symlut_error *err, const char *wanted, const char *const *names, size_t count)
{
    if (!err || count == 0)
        return;
    size_t limit = strlen(wanted) / 2 + 1;
    size_t shown = 0;
    for (size_t distance = 0; distance <= limit && shown < 3; distance++) {
        for (size_t i = 0; i < count && shown < 3; i++) {
            if (edit_distance(wanted, names[i]) != distance)
                continue;
            size_t used = strlen(err->message);
            snprintf(err->message + used, sizeof err->message - used, "%s%s",
                     shown ? ", " : "; nearest: ", names[i]);
            shown++;
        }
    }
}
