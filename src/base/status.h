/* Errors: filling symlut_error. Every function here returns the status it was given, so that a
 * failing function can end with `return error_set(err, …)`. */
#ifndef BASE_STATUS_H
#define BASE_STATUS_H

#include "symlut/symlut.h"

#if defined(__GNUC__)
#define BASE_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define BASE_PRINTF(fmt, args)
#endif

symlut_status error_set(symlut_error *err, symlut_status status, const char *format, ...)
    BASE_PRINTF(3, 4);

/* With a place: line and column from 1, 0 for unknown. */
symlut_status error_at(symlut_error *err, symlut_status status, const char *file, long line,
                       long column, const char *format, ...) BASE_PRINTF(6, 7);

/* The offending source line (to its newline or `length` bytes) for the caret. */
void error_source(symlut_error *err, const char *text, size_t length);

symlut_status error_memory(symlut_error *err);

/* A note to hooks->log; hooks and its members may be NULL. */
void hooks_log(const symlut_hooks *hooks, const char *format, ...) BASE_PRINTF(2, 3);
bool hooks_stop(const symlut_hooks *hooks);

/* Appends to `message` up to three names near `wanted` by edit distance: "; nearest: a, b". */
void error_nearest(symlut_error *err, const char *wanted, const char *const *names, size_t count);

#endif
