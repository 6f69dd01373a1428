/* HDF5: one data set of rows and columns, one table (records of numbers and texts), or X and y in
 * one group. libhdf5 keeps state of its own and is not called from two threads at once. */
#include "base/text.h"
#include "data/table.h"

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK_BYTES = 1 << 21, SETS_MAX = 1000, TEXT_MAX = 4096 };

typedef struct data_set {
    const char *path;
    int dimensions; /* more than 2: only listed */
    hsize_t size[2];
    H5T_class_t class;
} data_set;

typedef struct hdf5_file {
    table *table;
    hid_t file;
    arena memory;
    data_set *sets; /* [count] every data set of the file */
    size_t count;
    bool many; /* more than SETS_MAX */
} hdf5_file;

/* ---- what the file holds */

static bool describe(data_set *d, hid_t file, const char *path)
{
    hid_t set = H5Dopen2(file, path, H5P_DEFAULT);
    hid_t space = set >= 0 ? H5Dget_space(set) : -1, type = set >= 0 ? H5Dget_type(set) : -1;
    bool good = space >= 0 && type >= 0;
    if (good) {
        hsize_t size[H5S_MAX_RANK] = {0};
        d->dimensions = H5Sget_simple_extent_dims(space, size, NULL);
        d->size[0] = size[0];
        d->size[1] = d->dimensions == 2 ? size[1] : 1;
        d->class = H5Tget_class(type);
    }
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    if (set >= 0)
        H5Dclose(set);
    return good;
}

static herr_t visit(hid_t root, const char *name, const H5O_info_t *info, void *context)
{
    hdf5_file *h = context;
    if (info->type != H5O_TYPE_DATASET)
        return 0;
    if (h->count == SETS_MAX) {
        h->many = true;
        return 1;
    }
    data_set *d = &h->sets[h->count];
    d->path = arena_printf(&h->memory, "/%s", name);
    if (d->path && describe(d, root, d->path))
        h->count++;
    return h->memory.failed ? -1 : 0;
}

static symlut_status refuse(const hdf5_file *h, symlut_error *err, const char *why)
{
    text list = {0};
    for (size_t i = 0; i < h->count && i < 12; i++) {
        const data_set *d = &h->sets[i];
        text_printf(&list, "%s%s", i ? ", " : "", d->path);
        if (d->class == H5T_COMPOUND && d->dimensions == 1)
            text_printf(&list, " (table of %llu rows)", (unsigned long long)d->size[0]);
        else if (d->dimensions == 2)
            text_printf(&list, " (%llu × %llu)", (unsigned long long)d->size[0],
                        (unsigned long long)d->size[1]);
        else if (d->dimensions == 1)
            text_printf(&list, " (%llu)", (unsigned long long)d->size[0]);
        else
            text_printf(&list, " (%d dimensions)", d->dimensions);
    }
    text_append(&list, h->count == 0 ? "no data set" : h->count > 12 ? ", …" : "");
    char *names = text_take(&list);
    symlut_status status =
        names ? table_error(h->table, NULL, err, "%s: it holds %s", why, names) : error_memory(err);
    free(names);
    return status;
}

static const data_set *find_set(const hdf5_file *h, const char *group, size_t length,
                                const char *const *names)
{
    for (; *names; names++) {
        for (size_t i = 0; i < h->count; i++) {
            const char *path = h->sets[i].path;
            if (strncmp(path, group, length) == 0 && path[length] == '/' &&
                strcmp(path + length + 1, *names) == 0)
                return &h->sets[i];
        }
    }
    return NULL;
}

/* X and y below the group (its path without a slash at the end). */
static bool find_pair(const hdf5_file *h, const char *group, const data_set *pair[2])
{
    static const char *const x_names[] = {"X", "x", "data", "features", NULL};
    static const char *const y_names[] = {"y", "Y", "target", "labels", "label", NULL};
    size_t length = strlen(group);
    pair[0] = find_set(h, group, length, x_names);
    pair[1] = find_set(h, group, length, y_names);
    return pair[0] && pair[1] && pair[0]->dimensions == 2;
}

static symlut_status choose(const hdf5_file *h, const data_set *pair[2], symlut_error *err)
{
    const char *wanted = h->table->options->table;
    pair[0] = pair[1] = NULL;
    if (!wanted) {
        if (h->count == 1)
            pair[0] = &h->sets[0];
        else if (!find_pair(h, "", pair))
            return refuse(h, err, "which data set to read must be named (--table)");
        return SYMLUT_OK;
    }
    char path[TEXT_MAX];
    snprintf(path, sizeof path, "%s%s", *wanted == '/' ? "" : "/", wanted);
    size_t length = strlen(path);
    while (length > 0 && path[length - 1] == '/')
        path[--length] = '\0';
    for (size_t i = 0; i < h->count && !pair[0]; i++) {
        if (strcmp(h->sets[i].path, path) == 0)
            pair[0] = &h->sets[i];
    }
    if (pair[0] || find_pair(h, path, pair))
        return SYMLUT_OK;
    char why[300];
    snprintf(why, sizeof why, "no data set '%.200s', nor X and y below it", wanted);
    return refuse(h, err, why);
}

/* ---- reading */

static bool is_number(H5T_class_t class)
{
    return class == H5T_INTEGER || class == H5T_FLOAT || class == H5T_ENUM;
}

static symlut_status unreadable(const hdf5_file *h, const data_set *d, symlut_error *err)
{
    return table_error(h->table, NULL, err,
                       "data set '%s' cannot be read: the file is damaged or cut short, or packed "
                       "by a filter that is not installed",
                       d->path);
}

/* Rows [row, row + count) of an open data set. width 0: one dimension. */
static bool read_block(hid_t set, hid_t space, hid_t type, hsize_t row, hsize_t count,
                       hsize_t width, void *buffer)
{
    hsize_t start[2] = {row, 0}, size[2] = {count, width};
    hid_t memory = H5Screate_simple(width ? 2 : 1, size, NULL);
    bool good = memory >= 0 &&
                H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, size, NULL) >= 0 &&
                H5Dread(set, type, memory, space, H5P_DEFAULT, buffer) >= 0;
    if (memory >= 0)
        H5Sclose(memory);
    return good;
}

/* Calls `store` for pieces of a data set read as elements of `type`, `row_bytes` a row. */
static symlut_status read_pieces(const hdf5_file *h, const data_set *d, hid_t type,
                                 size_t row_bytes,
                                 symlut_status (*store)(void *context, char *bytes, size_t row,
                                                        size_t count, symlut_error *err),
                                 void *context, symlut_error *err)
{
    hid_t set = H5Dopen2(h->file, d->path, H5P_DEFAULT);
    hid_t space = set >= 0 ? H5Dget_space(set) : -1;
    size_t step = row_bytes < CHUNK_BYTES ? CHUNK_BYTES / row_bytes : 1;
    char *bytes = calloc(step, row_bytes);
    symlut_status status = !bytes      ? error_memory(err)
                           : space < 0 ? unreadable(h, d, err)
                                       : SYMLUT_OK;
    hsize_t width = d->dimensions == 2 ? d->size[1] : 0;
    for (size_t row = 0; status == SYMLUT_OK && row < d->size[0]; row += step) {
        size_t count = d->size[0] - row < step ? (size_t)d->size[0] - row : step;
        if (!read_block(set, space, type, row, count, width, bytes))
            status = unreadable(h, d, err);
        else
            status = store(context, bytes, row, count, err);
    }
    free(bytes);
    if (space >= 0)
        H5Sclose(space);
    if (set >= 0)
        H5Dclose(set);
    return status;
}

/* What a stored piece needs to know: which columns its numbers belong to. */
typedef struct numbers {
    table *table;
    size_t first, width;   /* columns first … first + width - 1 */
    const size_t *columns; /* or these, [width] */
} numbers;

static symlut_status store_numbers(void *context, char *bytes, size_t row, size_t count,
                                   symlut_error *err)
{
    (void)err;
    const numbers *n = context;
    const double *values = (const double *)(const void *)bytes;
    for (size_t c = 0; c < n->width; c++) {
        double *out = n->table->columns[n->columns ? n->columns[c] : n->first + c].values;
        for (size_t i = 0; out && i < count; i++)
            out[row + i] = values[i * n->width + c];
    }
    return SYMLUT_OK;
}

typedef struct texts {
    table *table;
    size_t column, size;
    bool variable;
} texts;

static symlut_status store_texts(void *context, char *bytes, size_t row, size_t count,
                                 symlut_error *err)
{
    const texts *x = context;
    table *t = x->table;
    symlut_status status = SYMLUT_OK;
    for (size_t i = 0; i < count; i++) {
        char *p = bytes + i * x->size, *value = p;
        if (x->variable)
            memcpy(&value, p, sizeof value);
        size_t length = !value ? 0 : x->variable ? strlen(value) : strnlen(value, x->size - 1);
        t->rows = row + i;
        if (status == SYMLUT_OK)
            status = table_cell(t, x->column, value ? value : "", length, NULL, err);
        if (x->variable)
            H5free_memory(value);
    }
    t->rows = 0;
    return status;
}

/* Texts of a data set, or of the member `name` of its records. */
static symlut_status read_texts(const hdf5_file *h, const data_set *d, size_t number,
                                hid_t file_type, const char *member, symlut_error *err)
{
    bool variable = H5Tis_variable_str(file_type) > 0;
    size_t size = variable ? sizeof(char *) : H5Tget_size(file_type) + 1;
    hid_t text_type = H5Tcopy(H5T_C_S1), type = text_type;
    bool good = text_type >= 0 && size <= TEXT_MAX + 1 &&
                H5Tset_size(text_type, variable ? H5T_VARIABLE : size) >= 0 &&
                H5Tset_cset(text_type, H5Tget_cset(file_type)) >= 0;
    if (good && member) {
        type = H5Tcreate(H5T_COMPOUND, size);
        good = type >= 0 && H5Tinsert(type, member, 0, text_type) >= 0;
    }
    texts context = {h->table, number, size, variable};
    symlut_status status =
        good ? read_pieces(h, d, type, size, store_texts, &context, err) : unreadable(h, d, err);
    if (type >= 0 && type != text_type)
        H5Tclose(type);
    if (text_type >= 0)
        H5Tclose(text_type);
    return status;
}

/* One data set of numbers or texts into the columns from `first` on. */
static symlut_status read_plain(const hdf5_file *h, const data_set *d, size_t first,
                                symlut_error *err)
{
    if (is_number(d->class)) {
        numbers context = {.table = h->table, .first = first, .width = (size_t)d->size[1]};
        return read_pieces(h, d, H5T_NATIVE_DOUBLE, (size_t)d->size[1] * sizeof(double),
                           store_numbers, &context, err);
    }
    hid_t set = H5Dopen2(h->file, d->path, H5P_DEFAULT), type = set >= 0 ? H5Dget_type(set) : -1;
    symlut_status status =
        type >= 0 ? read_texts(h, d, first, type, NULL, err) : unreadable(h, d, err);
    if (type >= 0)
        H5Tclose(type);
    if (set >= 0)
        H5Dclose(set);
    return status;
}

static symlut_status check_set(const hdf5_file *h, const data_set *d, symlut_error *err)
{
    if (d->dimensions < 1 || d->dimensions > 2 || (d->dimensions == 2 && d->class == H5T_STRING) ||
        (!is_number(d->class) && d->class != H5T_STRING))
        return table_error(h->table, NULL, err,
                           "data set '%s' is no table of numbers: expected one or two dimensions "
                           "of integers or floating-point numbers, or records of them",
                           d->path);
    if (d->size[0] == 0 || d->size[1] == 0)
        return table_error(h->table, NULL, err, "data set '%s' is empty", d->path);
    return SYMLUT_OK;
}

/* The columns of d, then y when there is one. */
static symlut_status read_sets(const hdf5_file *h, const data_set *d, const data_set *y,
                               symlut_error *err)
{
    table *t = h->table;
    symlut_status status = check_set(h, d, err);
    if (status == SYMLUT_OK && y)
        status = check_set(h, y, err);
    if (status != SYMLUT_OK)
        return status;
    if (y && (y->size[0] != d->size[0] || y->size[1] != 1))
        return refuse(h, err, "X and y do not fit together: expected y with one number a row");
    size_t width = (size_t)d->size[1], count = width + (y != NULL);
    if (width > FEATURES_MAX + 1)
        return table_set_columns(t, NULL, width, 0, NULL, err);
    arena names = {0};
    const char **list = ARENA_ARRAY(&names, const char *, count);
    for (size_t i = 0; i < width && list; i++)
        list[i] = arena_printf(&names, "x%zu", i);
    if (list && (y || t->part == PART_Y))
        list[count - 1] = "y";
    status =
        names.failed ? error_memory(err) : table_set_columns(t, list, count, count - 1, NULL, err);
    arena_free(&names);
    H5T_class_t target_class = y ? y->class : d->class;
    if (is_number(target_class))
        t->kind = TARGET_NUMBERS;
    t->nominal = target_class == H5T_ENUM;
    if (status == SYMLUT_OK)
        status = table_reserve(t, (size_t)d->size[0], err);
    if (status == SYMLUT_OK)
        status = read_plain(h, d, 0, err);
    if (status == SYMLUT_OK && y)
        status = read_plain(h, y, width, err);
    if (status == SYMLUT_OK)
        t->rows = (size_t)d->size[0];
    return status;
}

/* ---- tables: records with named members */

/* The numeric members in use, read together as one record of doubles. */
static symlut_status read_members(const hdf5_file *h, const data_set *d, const H5T_class_t *classes,
                                  symlut_error *err)
{
    table *t = h->table;
    size_t *columns = malloc(t->count * sizeof *columns), width = 0;
    if (!columns)
        return error_memory(err);
    for (size_t i = 0; i < t->count; i++) {
        if (t->columns[i].role != COLUMN_UNUSED && is_number(classes[i]))
            columns[width++] = i;
    }
    symlut_status status = SYMLUT_OK;
    if (width > 0) {
        hid_t type = H5Tcreate(H5T_COMPOUND, width * sizeof(double));
        bool good = type >= 0;
        for (size_t c = 0; c < width && good; c++)
            good = H5Tinsert(type, t->columns[columns[c]].name, c * sizeof(double),
                             H5T_NATIVE_DOUBLE) >= 0;
        numbers context = {.table = t, .width = width, .columns = columns};
        status = good
                     ? read_pieces(h, d, type, width * sizeof(double), store_numbers, &context, err)
                     : unreadable(h, d, err);
        if (type >= 0)
            H5Tclose(type);
    }
    free(columns);
    return status;
}

static symlut_status read_text_members(const hdf5_file *h, const data_set *d, hid_t type,
                                       const H5T_class_t *classes, symlut_error *err)
{
    const table *t = h->table;
    symlut_status status = SYMLUT_OK;
    for (size_t i = 0; i < t->count && status == SYMLUT_OK; i++) {
        if (t->columns[i].role == COLUMN_UNUSED || is_number(classes[i]))
            continue;
        if (classes[i] != H5T_STRING) {
            status = table_error(t, NULL, err,
                                 "column '%s' of '%s' is neither a number nor text: leave it out "
                                 "(--features)",
                                 t->columns[i].name, d->path);
            continue;
        }
        hid_t member = H5Tget_member_type(type, (unsigned)i);
        status = member >= 0 ? read_texts(h, d, i, member, t->columns[i].name, err)
                             : unreadable(h, d, err);
        if (member >= 0)
            H5Tclose(member);
    }
    return status;
}

/* Whether every member lies inside the record and beside the others: libhdf5 trusts a damaged
 * description and would copy from beyond. */
static bool is_sound(hid_t type, unsigned members)
{
    size_t size = H5Tget_size(type);
    bool sound = true;
    for (unsigned i = 0; i < members && sound; i++) {
        hid_t member = H5Tget_member_type(type, i);
        size_t start = H5Tget_member_offset(type, i),
               length = member >= 0 ? H5Tget_size(member) : 0;
        sound = length > 0 && start < size && length <= size - start;
        for (unsigned j = 0; j < members && sound; j++) {
            size_t other = H5Tget_member_offset(type, j);
            sound = j == i || other < start || other >= start + length;
        }
        if (member >= 0)
            H5Tclose(member);
    }
    return sound;
}

static symlut_status read_records(const hdf5_file *h, const data_set *d, hid_t type,
                                  symlut_error *err)
{
    table *t = h->table;
    int members = H5Tget_nmembers(type);
    if (members < 1 || d->dimensions != 1 || d->size[0] == 0)
        return table_error(t, NULL, err, "data set '%s' is no table with rows and columns",
                           d->path);
    if (!is_sound(type, (unsigned)members))
        return unreadable(h, d, err);
    size_t count = (size_t)members;
    arena memory = {0};
    const char **names = ARENA_ARRAY(&memory, const char *, count);
    H5T_class_t *classes = ARENA_ARRAY(&memory, H5T_class_t, count);
    for (size_t i = 0; i < count && !memory.failed; i++) {
        char *name = H5Tget_member_name(type, (unsigned)i);
        names[i] = arena_strdup(&memory, name && *name ? name : "?");
        H5free_memory(name);
        classes[i] = H5Tget_member_class(type, (unsigned)i);
    }
    symlut_status status = memory.failed ? error_memory(err)
                                         : table_set_columns(t, names, count, count - 1, NULL, err);
    if (status == SYMLUT_OK && t->target != NO_COLUMN) {
        if (is_number(classes[t->target]))
            t->kind = TARGET_NUMBERS;
        t->nominal = classes[t->target] == H5T_ENUM;
    }
    if (status == SYMLUT_OK)
        status = table_reserve(t, (size_t)d->size[0], err);
    if (status == SYMLUT_OK)
        status = read_members(h, d, classes, err);
    if (status == SYMLUT_OK)
        status = read_text_members(h, d, type, classes, err);
    if (status == SYMLUT_OK)
        t->rows = (size_t)d->size[0];
    arena_free(&memory);
    return status;
}

static symlut_status read_chosen(const hdf5_file *h, symlut_error *err)
{
    const data_set *pair[2];
    symlut_status status = choose(h, pair, err);
    if (status != SYMLUT_OK)
        return status;
    if (pair[1] || pair[0]->class != H5T_COMPOUND)
        return read_sets(h, pair[0], pair[1], err);
    hid_t set = H5Dopen2(h->file, pair[0]->path, H5P_DEFAULT);
    hid_t type = set >= 0 ? H5Dget_type(set) : -1;
    status = type >= 0 ? read_records(h, pair[0], type, err) : unreadable(h, pair[0], err);
    if (type >= 0)
        H5Tclose(type);
    if (set >= 0)
        H5Dclose(set);
    return status;
}

/* ---- the file */

/* Closing the file closes whatever of it is still open, also after a damaged part. */
static hid_t open_file(const table *t, const source *s)
{
    hid_t access = H5Pcreate(H5P_FILE_ACCESS), file = -1;
    bool good = access >= 0 && H5Pset_fclose_degree(access, H5F_CLOSE_STRONG) >= 0;
    if (good && s->memory)
        good = H5Pset_fapl_core(access, 1 << 16, 0) >= 0 &&
               H5Pset_file_image(access, (void *)(uintptr_t)s->memory, s->memory_left) >= 0;
    if (good)
        file = H5Fopen(t->path, H5F_ACC_RDONLY, access);
    if (access >= 0)
        H5Pclose(access);
    return file;
}

static symlut_status read_file(hdf5_file *h, symlut_error *err)
{
    h->sets = ARENA_ARRAY(&h->memory, data_set, SETS_MAX);
    if (!h->sets)
        return error_memory(err);
    if (H5Ovisit2(h->file, H5_INDEX_NAME, H5_ITER_INC, visit, h, H5O_INFO_BASIC) < 0)
        return h->memory.failed ? error_memory(err)
                                : table_error(h->table, NULL, err,
                                              "is damaged or cut short: its list of data sets "
                                              "cannot be read");
    return read_chosen(h, err);
}

symlut_status hdf5_read(table *t, source *s, symlut_error *err)
{
    /* libhdf5 would print its errors; what it printed before is printed again afterwards. */
    H5E_auto2_t print;
    void *payload;
    H5Eget_auto2(H5E_DEFAULT, &print, &payload);
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    hdf5_file h = {.table = t, .file = open_file(t, s)};
    symlut_status status = h.file >= 0 ? read_file(&h, err)
                                       : table_error(t, NULL, err,
                                                     "is damaged or cut short: it does not open as "
                                                     "an HDF5 file");
    if (h.file >= 0)
        H5Fclose(h.file);
    H5Eset_auto2(H5E_DEFAULT, print, payload);
    arena_free(&h.memory);
    return status;
}
