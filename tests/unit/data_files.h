/* Data files made by a test: written, loaded, removed. */
#ifndef TESTS_DATA_FILES_H
#define TESTS_DATA_FILES_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "symlut/symlut.h"

typedef struct load_result {
    symlut_dataset *data;
    symlut_status status;
    symlut_error err;
    char notes[4096]; /* lines given to hooks->log */
} load_result;

static void keep_note(void *payload, const char *line)
{
    char *notes = payload;
    size_t used = strlen(notes);
    snprintf(notes + used, 4096 - used, "%s\n", line);
}

/* Loads bytes as a file with that suffix. The result's errors name the file by its suffix only. */
static load_result load_bytes(const void *bytes, size_t length, const char *suffix,
                              symlut_data_options options)
{
    load_result r = {0};
    char path[] = "/tmp/symlut-data-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    char named[64];
    snprintf(named, sizeof named, "%s%s", path, suffix);
    assert_int_equal(rename(path, named), 0);
    assert_int_equal(file_write(named, bytes, length, NULL), SYMLUT_OK);
    symlut_hooks hooks = {.log = keep_note, .payload = r.notes};
    r.status = symlut_dataset_load(&r.data, named, &options, &hooks, &r.err);
    if (r.status != SYMLUT_OK) {
        assert_null(r.data);
        assert_int_equal(r.err.status, r.status);
        assert_string_equal(r.err.file, named);
    }
    unlink(named);
    return r;
}

static inline load_result load_text(const char *text, symlut_data_options options)
{
    return load_bytes(text, strlen(text), ".csv", options);
}

static inline load_result load_plain(const char *text)
{
    return load_text(text, symlut_data_options_defaults());
}

/* Loads without error. */
static inline symlut_dataset *load_good(const char *text, symlut_data_options options)
{
    load_result r = load_text(text, options);
    if (r.status != SYMLUT_OK)
        fail_msg("%ld:%ld: %s", r.err.line, r.err.column, r.err.message);
    return r.data;
}

static inline void assert_refused(load_result r, long line, long column, const char *message)
{
    assert_int_equal(r.status, SYMLUT_BAD_INPUT);
    assert_string_equal(r.err.message, message);
    assert_int_equal(r.err.line, line);
    assert_int_equal(r.err.column, column);
}

static inline void assert_numbers(const double *found, size_t count, const double *expected)
{
    assert_non_null(found);
    for (size_t i = 0; i < count; i++) {
        if (found[i] != expected[i])
            fail_msg("number %zu is %.17g, expected %.17g", i, found[i], expected[i]);
    }
}

#define ASSERT_COLUMN(data, feature, ...)                                                          \
    assert_numbers(symlut_dataset_column((data), (feature)),                                       \
                   sizeof((double[]){__VA_ARGS__}) / sizeof(double), (double[]){__VA_ARGS__})
#define ASSERT_TARGET(data, ...)                                                                   \
    assert_numbers(symlut_dataset_target(data), sizeof((double[]){__VA_ARGS__}) / sizeof(double),  \
                   (double[]){__VA_ARGS__})

#endif
