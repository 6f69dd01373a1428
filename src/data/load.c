/* Opens a data file, finds its format and hands it to the reader of that format. */
#include "base/file.h"
#include "data/table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

typedef symlut_status (*reader)(table *t, source *s, symlut_error *err);

static bool begins_with(const unsigned char *bytes, size_t length, const char *magic, size_t size)
{
    return length >= size && memcmp(bytes, magic, size) == 0;
}

static bool has_suffix(const char *path, const char *suffix)
{
    size_t n = strlen(path), m = strlen(suffix);
    return n >= m && strcasecmp(path + n - m, suffix) == 0;
}

/* Formats that are not read, each with the way out. NULL: none of them. */
static const char *foreign_format(const unsigned char *bytes, size_t length)
{
    static const struct {
        const char *magic;
        size_t size;
        const char *advice;
    } known[] = {
        {"\x1f\x8b", 2, "is gzip-compressed: unpack it first"},
        {"BZh", 3, "is bzip2-compressed: unpack it first"},
        {"\xfd"
         "7zXZ",
         5, "is xz-compressed: unpack it first"},
        {"\x28\xb5\x2f\xfd", 4, "is zstd-compressed: unpack it first"},
        {"PAR1", 4, "is a Parquet file, which is not read: save it as CSV or NPY"},
        {"\xff\xfe", 2, "is UTF-16 text: save it as UTF-8"},
        {"\xfe\xff", 2, "is UTF-16 text: save it as UTF-8"},
        {"SQLite format 3", 15, "is an SQLite database, which is not read: save a table as CSV"},
        {"\xd0\xcf\x11\xe0", 4, "is an old Excel workbook, which is not read: save it as CSV"},
        {"%PDF", 4, "is a PDF document, expected a data file"},
        {"\x80\x04\x95", 3, "is a Python pickle, which is not read: save arrays as NPY"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (begins_with(bytes, length, known[i].magic, known[i].size))
            return known[i].advice;
    }
    return NULL;
}

/* After blank lines and comments stands a keyword of ARFF's header. */
static bool is_arff(const unsigned char *bytes, size_t length)
{
    const char *p = (const char *)bytes, *end = p + length;
    if (begins_with(bytes, length, "\xEF\xBB\xBF", 3))
        p += 3;
    while (p < end && (isspace((unsigned char)*p) || *p == '%')) {
        const char *newline = *p == '%' ? memchr(p, '\n', (size_t)(end - p)) : p;
        p = newline ? newline + 1 : end;
    }
    size_t left = (size_t)(end - p);
    return (left > 9 && strncasecmp(p, "@relation", 9) == 0) ||
           (left > 10 && strncasecmp(p, "@attribute", 10) == 0);
}

static symlut_status choose_reader(reader *out, const table *t, source *s, symlut_error *err)
{
    size_t length;
    const unsigned char *bytes = source_peek(s, &length);
    if (s->failed)
        return source_finish(s, err);
    if (length == 0)
        return table_error(t, NULL, err, "is empty, expected rows of numbers");
    static const struct {
        const char *magic;
        size_t size;
        reader read;
    } formats[] = {{"\x93NUMPY", 6, npy_read},
                   {"PK\3\4", 4, npz_read},
                   {"PK\5\6", 4, npz_read},
                   {"\x89HDF\r\n\x1a\n", 8, hdf5_read}};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (begins_with(bytes, length, formats[i].magic, formats[i].size)) {
            *out = formats[i].read;
            return SYMLUT_OK;
        }
    }
    const char *advice = foreign_format(bytes, length);
    if (advice)
        return table_error(t, NULL, err, "%s", advice);
    static const char *const binary[] = {".npy", ".npz", ".h5", ".hdf5", ".hdf"};
    for (size_t i = 0; i < sizeof binary / sizeof *binary; i++) {
        if (has_suffix(t->path, binary[i]))
            return table_error(t, NULL, err, "is named %s but does not begin as such a file does",
                               binary[i]);
    }
    if (memchr(bytes, '\0', length))
        return table_error(
            t, NULL, err, "is neither text nor NPY, NPZ, HDF5: expected one of these or CSV, ARFF");
    *out = is_arff(bytes, length) || has_suffix(t->path, ".arff") ? arff_read : csv_read;
    return SYMLUT_OK;
}

static symlut_status load_table(table *t, hasher *hash, symlut_error *err)
{
    source s;
    reader read = NULL;
    symlut_status status = source_open(&s, t->path, hash, err);
    if (status == SYMLUT_OK)
        status = choose_reader(&read, t, &s, err);
    if (status == SYMLUT_OK)
        status = read(t, &s, err);
    if (status == SYMLUT_OK || (status == SYMLUT_BAD_INPUT && s.failed))
        status = source_finish(&s, err);
    source_close(&s);
    return status;
}

static symlut_status load_pair(table *x, const char *y_path, hasher *hash, symlut_error *err)
{
    table y;
    table_init(&y, y_path, x->options, x->hooks, PART_Y);
    symlut_status status = load_table(x, hash, err);
    if (status == SYMLUT_OK)
        status = load_table(&y, hash, err);
    if (status == SYMLUT_OK)
        status = table_join(x, &y, err);
    table_free(&y);
    return status;
}

/* `X.npy,y.npy`: the comma that has a file on both sides; 0: a single file. */
static size_t pair_comma(char *path)
{
    if (file_exists(path))
        return 0;
    for (size_t i = 1; path[i]; i++) {
        if (path[i] != ',')
            continue;
        path[i] = '\0';
        bool both = file_exists(path) && file_exists(path + i + 1);
        path[i] = ',';
        if (both)
            return i;
    }
    char *comma = strchr(path, ',');
    return comma && comma > path && !strchr(comma + 1, ',') ? (size_t)(comma - path) : 0;
}

symlut_status symlut_dataset_load(symlut_dataset **out, const char *path,
                                  const symlut_data_options *options, const symlut_hooks *hooks,
                                  symlut_error *err)
{
    symlut_data_options defaults = symlut_data_options_defaults();
    *out = NULL;
    if (!path || !*path)
        return error_set(err, SYMLUT_BAD_INPUT, "no data file is named");
    char *copy = strdup(path);
    if (!copy)
        return error_memory(err);
    size_t comma = pair_comma(copy);
    if (comma)
        copy[comma] = '\0';
    hasher hash = {0};
    table t;
    table_init(&t, copy, options ? options : &defaults, hooks, comma ? PART_X : PART_WHOLE);
    symlut_status status = hasher_open(&hash, err);
    if (status == SYMLUT_OK)
        status = comma ? load_pair(&t, copy + comma + 1, &hash, err) : load_table(&t, &hash, err);
    if (status == SYMLUT_OK)
        status = table_to_dataset(out, &t, err);
    if (status == SYMLUT_OK && !hasher_finish(&hash, (*out)->hash)) {
        symlut_dataset_free(*out);
        *out = NULL;
        status = error_set(err, SYMLUT_IO, "cannot compute the SHA-256 of %s", path);
    }
    hasher_close(&hash);
    table_free(&t);
    free(copy);
    return status;
}
