/* NPZ: a ZIP archive of NPY arrays. Which arrays become columns:
 *   - the one that `table` names, or the only one: as an NPY file;
 *   - a pair X, y (by the usual names): the columns of X, and y as the target;
 *   - arrays of equally many rows, all but at most one with one column: a column each, by name. */
#include "data/npy.h"
#include "data/zip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum { ARRAYS_MAX = 4096 };

typedef struct npz_array {
    zip_member *member;
    const char *name; /* without .npy */
    npy_array head;   /* shape and type; its source is closed */
    size_t first;     /* column in the table */
} npz_array;

typedef struct npz {
    table *table;
    arena memory;
    npz_array *arrays;
    size_t count;
} npz;

static bool is_text(const npy_array *a)
{
    return a->kind == 'U' || a->kind == 'S';
}

/* ---- directory */

static symlut_status with_member(npz *z, npz_array *a, bool fill, symlut_error *err)
{
    source s;
    zip_reader *reader = NULL;
    table *t = z->table;
    npy_array head;
    symlut_status status = zip_open(&reader, &s, a->member, t->path, err);
    if (status == SYMLUT_OK)
        status = npy_open(&head, a->name, &s, t, err);
    if (status == SYMLUT_OK && fill) {
        status = npy_fill(t, &head, a->first, err);
        if (status == SYMLUT_OK)
            source_finish(&s, NULL);
        if (status == SYMLUT_OK && !zip_intact(reader))
            status =
                table_error(t, NULL, err, "array '%s' is damaged: its checksum is wrong", a->name);
    } else if (status == SYMLUT_OK) {
        a->head = head;
        a->head.source = NULL;
    }
    source_close(&s);
    zip_close(reader);
    return status;
}

static symlut_status list_arrays(npz *z, const unsigned char *bytes, size_t length,
                                 symlut_error *err)
{
    zip_member *members;
    size_t count;
    symlut_status status =
        zip_list(&members, &count, &z->memory, z->table->path, bytes, length, err);
    if (status != SYMLUT_OK)
        return status;
    z->arrays = ARENA_ARRAY(&z->memory, npz_array, count + 1);
    for (size_t i = 0; i < count && !z->memory.failed; i++) {
        const char *name = members[i].name;
        size_t n = strlen(name);
        if (n <= 4 || strcmp(name + n - 4, ".npy") != 0)
            continue;
        z->arrays[z->count++] =
            (npz_array){.member = &members[i], .name = arena_strndup(&z->memory, name, n - 4)};
    }
    if (z->memory.failed)
        return error_memory(err);
    if (z->count == 0)
        return table_error(z->table, NULL, err,
                           "is a ZIP archive without a .npy array%s%s%s: expected an NPZ file",
                           count ? "; its first member is '" : "", count ? members[0].name : "",
                           count ? "'" : "");
    if (z->count > ARRAYS_MAX)
        return table_error(z->table, NULL, err, "holds %zu arrays, at most %d are read", z->count,
                           ARRAYS_MAX);
    return SYMLUT_OK;
}

static npz_array *find_array(npz *z, const char *const *names)
{
    for (; *names; names++) {
        for (size_t i = 0; i < z->count; i++) {
            if (strcmp(z->arrays[i].name, *names) == 0)
                return &z->arrays[i];
        }
    }
    return NULL;
}

/* ---- choice */

static symlut_status refuse_choice(const npz *z, const char *why, symlut_error *err)
{
    text list = {0};
    for (size_t i = 0; i < z->count && i < 12; i++) {
        const npy_array *h = &z->arrays[i].head;
        text_printf(&list, "%s%s", i ? ", " : "", z->arrays[i].name);
        if (h->dimensions == 2)
            text_printf(&list, " (%zu × %zu)", h->rows, h->columns);
        else if (h->dimensions == 1)
            text_printf(&list, " (%zu)", h->rows);
    }
    if (z->count > 12)
        text_append(&list, ", …");
    char *names = text_take(&list);
    symlut_status status =
        names ? table_error(z->table, NULL, err, "%s: it holds %s", why, names) : error_memory(err);
    free(names);
    return status;
}

static symlut_status choose_named(npz *z, symlut_error *err)
{
    const char *wanted = z->table->options->table;
    npz_array *a = find_array(z, (const char *const[]){wanted, NULL});
    if (!a) {
        char why[300];
        snprintf(why, sizeof why, "no array '%.200s'", wanted);
        return refuse_choice(z, why, err);
    }
    z->arrays = a;
    z->count = 1;
    return with_member(z, a, false, err);
}

/* Keeps X and y when both are there. False: no such pair. */
static bool choose_pair(npz *z)
{
    static const char *const x_names[] = {"X", "x", "data", "features", NULL};
    static const char *const y_names[] = {"y", "Y", "target", "labels", "label", NULL};
    npz_array *x = find_array(z, x_names), *y = find_array(z, y_names);
    if (!x || !y || x->head.dimensions != 2 || y->head.columns != 1)
        return false;
    npz_array *pair = ARENA_ARRAY(&z->memory, npz_array, 2);
    if (!pair)
        return false;
    if (z->count > 2)
        hooks_log(z->table->hooks, "%s: reads the arrays '%s' and '%s' and leaves %zu others",
                  z->table->path, x->name, y->name, z->count - 2);
    pair[0] = *x;
    pair[1] = *y;
    z->arrays = pair;
    z->count = 2;
    return true;
}

static symlut_status choose_arrays(npz *z, symlut_error *err)
{
    if (z->table->options->table)
        return choose_named(z, err);
    for (size_t i = 0; i < z->count; i++) {
        symlut_status status = with_member(z, &z->arrays[i], false, err);
        if (status != SYMLUT_OK)
            return status;
    }
    bool pair = z->count > 1 && choose_pair(z);
    size_t wide = 0;
    for (size_t i = 0; i < z->count; i++) {
        wide += z->arrays[i].head.dimensions == 2;
        if (z->arrays[i].head.rows != z->arrays[0].head.rows)
            return refuse_choice(z,
                                 pair ? "X and y have different numbers of rows"
                                      : "its arrays have different numbers of rows; name the one "
                                        "to read, or store X and y",
                                 err);
    }
    if (!pair && wide > 1)
        return refuse_choice(z,
                             "several arrays have two dimensions; name the one to read, or "
                             "store X and y",
                             err);
    return SYMLUT_OK;
}

/* ---- columns */

static symlut_status name_columns(npz *z, symlut_error *err)
{
    size_t count = 0;
    for (size_t i = 0; i < z->count; i++) {
        z->arrays[i].first = count;
        count += z->arrays[i].head.columns;
        if (count > (size_t)FEATURES_MAX + 2)
            return table_set_columns(z->table, NULL, count, 0, NULL, err);
    }
    const char **names = ARENA_ARRAY(&z->memory, const char *, count);
    for (size_t i = 0, k = 0, x = 0; i < z->count && names; i++) {
        const npz_array *a = &z->arrays[i];
        for (size_t c = 0; c < a->head.columns; c++)
            names[k++] = a->head.dimensions == 2 && (z->count == 1 || a->head.columns > 1 || i == 0)
                             ? arena_printf(&z->memory, "x%zu", x++)
                             : a->name;
    }
    if (z->memory.failed)
        return error_memory(err);
    return table_set_columns(z->table, names, count, count - 1, NULL, err);
}

static symlut_status fill_columns(npz *z, symlut_error *err)
{
    table *t = z->table;
    for (size_t i = 0; i < z->count; i++) {
        const npz_array *a = &z->arrays[i];
        if (t->target == NO_COLUMN || t->target < a->first ||
            t->target >= a->first + a->head.columns)
            continue;
        if (!is_text(&a->head))
            t->kind = TARGET_NUMBERS;
        t->nominal = a->head.kind == 'b';
    }
    symlut_status status = table_reserve(t, z->arrays[0].head.rows, err);
    for (size_t i = 0; i < z->count && status == SYMLUT_OK; i++)
        status = with_member(z, &z->arrays[i], true, err);
    if (status == SYMLUT_OK)
        t->rows = z->arrays[0].head.rows;
    return status;
}

symlut_status npz_read(table *t, source *s, symlut_error *err)
{
    unsigned char *bytes;
    size_t length;
    npz z = {.table = t};
    symlut_status status = source_read_all(s, &bytes, &length, err);
    if (status == SYMLUT_OK)
        status = list_arrays(&z, bytes, length, err);
    if (status == SYMLUT_OK)
        status = choose_arrays(&z, err);
    if (status == SYMLUT_OK)
        status = name_columns(&z, err);
    if (status == SYMLUT_OK)
        status = fill_columns(&z, err);
    free(bytes);
    arena_free(&z.memory);
    return status;
}
