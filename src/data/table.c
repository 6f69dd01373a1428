#include "data/table.h"

#include "data/number.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void table_init(table *t, const char *path, const symlut_data_options *options,
                const symlut_hooks *hooks, table_part part)
{
    *t = (table){.path = path,
                 .options = options,
                 .hooks = hooks,
                 .part = part,
                 .target = NO_COLUMN,
                 .weight = NO_COLUMN};
}

void table_free(table *t)
{
    for (size_t i = 0; i < t->count; i++)
        free(t->columns[i].values);
    free(t->codes);
    arena_free(&t->memory);
    t->count = 0;
    t->codes = NULL;
}

symlut_status table_error(const table *t, const place *at, symlut_error *err, const char *format,
                          ...)
{
    char message[sizeof err->message];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    error_at(err, SYMLUT_BAD_INPUT, t->path, at ? at->line : 0, at ? at->column : 0, "%s", message);
    /* A caret beyond what the error can hold of the line would point at nothing. */
    if (err && at && at->source && at->column < (long)sizeof err->source)
        error_source(err, at->source, at->source_length);
    return SYMLUT_BAD_INPUT;
}

/* ---- column roles */

static size_t find_column(const table *t, const char *name, size_t length)
{
    for (size_t i = 0; i < t->count; i++) {
        if (strlen(t->columns[i].name) == length && memcmp(t->columns[i].name, name, length) == 0)
            return i;
    }
    return NO_COLUMN;
}

static symlut_status unknown_column(const table *t, const char *what, const char *name,
                                    symlut_error *err)
{
    table_error(t, NULL, err, "no column '%s' for the %s among the file's %zu", name, what,
                t->count);
    const char **names = calloc(t->count, sizeof *names);
    if (!names)
        return error_memory(err);
    for (size_t i = 0; i < t->count; i++)
        names[i] = t->columns[i].name;
    error_nearest(err, name, names, t->count);
    free(names);
    return SYMLUT_BAD_INPUT;
}

static symlut_status give_role(table *t, size_t i, column_role role, symlut_error *err)
{
    static const char *const role_names[] = {"", "a feature", "the target", "the row weight"};
    column *c = &t->columns[i];
    if (c->role == role)
        return table_error(t, NULL, err, "column '%s' is asked for twice as %s", c->name,
                           role_names[role]);
    if (c->role != COLUMN_UNUSED)
        return table_error(t, NULL, err, "column '%s' is asked for as %s and as %s", c->name,
                           role_names[c->role], role_names[role]);
    c->role = role;
    if (role == COLUMN_FEATURE)
        t->features[t->feature_count++] = i;
    return SYMLUT_OK;
}

/* One comma-separated piece: names between blanks. A name may hold blanks itself, so the longest
 * one that fits is taken. */
static symlut_status add_listed(table *t, const char *piece, size_t length, symlut_error *err)
{
    for (cell_trim(&piece, &length); length > 0; cell_trim(&piece, &length)) {
        size_t found = NO_COLUMN, end = length;
        for (size_t n = length; n > 0 && found == NO_COLUMN; n--) {
            if (n < length && piece[n] != ' ' && piece[n] != '\t')
                continue;
            found = find_column(t, piece, n);
            end = n;
        }
        if (found == NO_COLUMN) {
            size_t word = strcspn(piece, " \t,");
            char name[256];
            word = word < length ? word : length;
            snprintf(name, sizeof name, "%.*s", (int)(word < 255 ? word : 255), piece);
            return unknown_column(t, "features", name, err);
        }
        symlut_status status = give_role(t, found, COLUMN_FEATURE, err);
        if (status != SYMLUT_OK)
            return status;
        piece += end;
        length -= end;
    }
    return SYMLUT_OK;
}

static symlut_status add_features(table *t, symlut_error *err)
{
    const char *list = t->options->features;
    symlut_status status = SYMLUT_OK;
    if (!list) {
        for (size_t i = 0; i < t->count && status == SYMLUT_OK; i++) {
            if (t->columns[i].role == COLUMN_UNUSED)
                status = give_role(t, i, COLUMN_FEATURE, err);
        }
    } else {
        while (status == SYMLUT_OK) {
            size_t length = strcspn(list, ",");
            status = add_listed(t, list, length, err);
            if (!list[length])
                break;
            list += length + 1;
        }
    }
    if (status != SYMLUT_OK || t->feature_count > 0 || t->part == PART_Y)
        return status;
    if (list)
        return table_error(t, NULL, err, "the list of features is empty");
    return table_error(t, NULL, err,
                       "holds one column only ('%s'): expected at least one feature and a "
                       "target, separated by ',', ';' or a tab",
                       t->columns[0].name);
}

static symlut_status choose_target(table *t, size_t last, symlut_error *err)
{
    const symlut_data_options *o = t->options;
    if (t->part == PART_Y) {
        if (t->count != 1)
            return table_error(t, NULL, err,
                               "holds %zu columns, expected one: the target of an X,y pair",
                               t->count);
        t->target = 0;
        if (o->target) /* there is nothing to choose: the name asked for becomes its name */
            t->columns[0].name = o->target;
        return give_role(t, 0, COLUMN_TARGET, err);
    }
    if (t->part == PART_X)
        return SYMLUT_OK;
    if (o->target) {
        t->target = find_column(t, o->target, strlen(o->target));
        if (t->target == NO_COLUMN && !o->target_optional)
            return unknown_column(t, "target", o->target, err);
    } else if (!o->target_optional) {
        t->target = last;
    }
    return t->target == NO_COLUMN ? SYMLUT_OK : give_role(t, t->target, COLUMN_TARGET, err);
}

static symlut_status assign_roles(table *t, size_t last, symlut_error *err)
{
    const symlut_data_options *o = t->options;
    if (o->weights && t->part != PART_Y) {
        t->weight = find_column(t, o->weights, strlen(o->weights));
        if (t->weight == NO_COLUMN)
            return unknown_column(t, "row weights", o->weights, err);
        symlut_status status = give_role(t, t->weight, COLUMN_WEIGHT, err);
        if (status != SYMLUT_OK)
            return status;
        /* The last column is the target, unless it is taken for the weights. */
        if (last == t->weight && last + 1 == t->count && last > 0)
            last--;
    }
    symlut_status status = choose_target(t, last, err);
    if (status != SYMLUT_OK || t->part == PART_Y)
        return status;
    return add_features(t, err);
}

/* ---- column names */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static symlut_status refuse_doubles(const table *t, const place *at, symlut_error *err)
{
    const char **sorted = malloc(t->count * sizeof *sorted);
    if (!sorted)
        return error_memory(err);
    for (size_t i = 0; i < t->count; i++)
        sorted[i] = t->columns[i].name;
    qsort(sorted, t->count, sizeof *sorted, compare_names);
    const char *twice = NULL;
    for (size_t i = 1; i < t->count && !twice; i++) {
        if (strcmp(sorted[i - 1], sorted[i]) == 0)
            twice = sorted[i];
    }
    free(sorted);
    if (!twice)
        return SYMLUT_OK;
    size_t first = find_column(t, twice, strlen(twice)), second = first + 1;
    while (strcmp(t->columns[second].name, twice) != 0)
        second++;
    return table_error(t, at, err, "columns %zu and %zu are both named '%s': rename one", first + 1,
                       second + 1, twice);
}

static bool is_utf8(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    while (*p) {
        int more = *p < 0x80 ? 0 : *p >= 0xC2 && *p < 0xE0 ? 1 : *p >= 0xE0 && *p < 0xF0 ? 2 : 3;
        if (*p >= 0x80 && (*p < 0xC2 || *p > 0xF4))
            return false;
        /* Overlong forms, surrogates and what lies beyond U+10FFFF. */
        if ((*p == 0xE0 && p[1] < 0xA0) || (*p == 0xED && p[1] > 0x9F) ||
            (*p == 0xF0 && p[1] < 0x90) || (*p == 0xF4 && p[1] > 0x8F))
            return false;
        for (p++; more > 0; more--, p++) {
            if ((*p & 0xC0) != 0x80)
                return false;
        }
    }
    return true;
}

symlut_status table_set_columns(table *t, const char *const *names, size_t count, size_t last,
                                const place *at, symlut_error *err)
{
    if (count > (size_t)FEATURES_MAX + 2)
        return table_error(t, NULL, err, "has %zu columns, at most %d features can be used", count,
                           FEATURES_MAX);
    t->columns = ARENA_ARRAY(&t->memory, column, count);
    t->features = ARENA_ARRAY(&t->memory, size_t, count);
    t->labels = ARENA_NEW(&t->memory, labels);
    if (t->memory.failed)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (!is_utf8(names[i]))
            return table_error(t, at, err,
                               "the name of column %zu is not UTF-8 text: save the file as UTF-8",
                               i + 1);
        t->columns[i].name = names[i][0] ? arena_strdup(&t->memory, names[i])
                                         : arena_printf(&t->memory, "column%zu", i + 1);
        if (!t->columns[i].name)
            return error_memory(err);
    }
    t->count = count;
    symlut_status status = refuse_doubles(t, at, err);
    return status == SYMLUT_OK ? assign_roles(t, last, err) : status;
}

symlut_status table_number_columns(table *t, size_t count, size_t last, symlut_error *err)
{
    if (count > (size_t)FEATURES_MAX + 2)
        return table_set_columns(t, NULL, count, last, NULL, err);
    char(*texts)[16] = malloc(count * sizeof *texts);
    const char **names = malloc(count * sizeof *names);
    symlut_status status = SYMLUT_NO_MEMORY;
    if (texts && names) {
        for (size_t i = 0; i < count; i++) {
            snprintf(texts[i], sizeof texts[i], "x%zu", i);
            names[i] = texts[i];
        }
        if (t->part == PART_Y)
            names[0] = "y";
        status = table_set_columns(t, names, count, last, NULL, err);
    } else {
        error_memory(err);
    }
    free(texts);
    free(names);
    return status;
}

/* ---- rows */

/* The buffer is not zeroed: pages that no row reaches cost no memory. */
static void *grow_buffer(void *old, size_t used, size_t capacity, size_t element_size)
{
    size_t size = (capacity * element_size + 63) & ~(size_t)63;
    void *grown = aligned_alloc(64, size);
    if (!grown)
        return NULL;
    if (used > 0)
        memcpy(grown, old, used * element_size);
    free(old);
    return grown;
}

symlut_status table_reserve(table *t, size_t rows, symlut_error *err)
{
    if (rows <= t->capacity)
        return SYMLUT_OK;
    if (rows >= UINT32_MAX)
        return table_error(t, NULL, err, "has %zu rows, at most %lu can be used", rows,
                           (unsigned long)UINT32_MAX - 1);
    size_t capacity = rows < 64 ? 64 : rows;
    for (size_t i = 0; i < t->count; i++) {
        if (t->columns[i].role == COLUMN_UNUSED)
            continue;
        double *values = grow_buffer(t->columns[i].values, t->columns[i].values ? t->rows : 0,
                                     capacity, sizeof *values);
        if (!values)
            return error_memory(err);
        t->columns[i].values = values;
    }
    if (t->target != NO_COLUMN && t->kind == TARGET_OPEN) {
        uint8_t *codes = grow_buffer(t->codes, t->codes ? t->rows : 0, capacity, 1);
        if (!codes)
            return error_memory(err);
        t->codes = codes;
    }
    t->capacity = capacity;
    return SYMLUT_OK;
}

/* Number of a label, added when new; CLASSES_MAX when there is no room for it. */
static size_t label_find(table *t, const char *text, size_t length)
{
    labels *l = t->labels;
    uint32_t hash = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    size_t slot = (hash ^ hash >> 16) % 4096;
    for (; l->slots[slot]; slot = (slot + 1) % 4096) {
        const char *name = l->names[l->slots[slot] - 1];
        if (strlen(name) == length && memcmp(name, text, length) == 0)
            return (size_t)l->slots[slot] - 1;
    }
    if (l->count == CLASSES_MAX)
        return CLASSES_MAX;
    char *name = arena_strndup(&t->memory, text, length);
    if (!name)
        return CLASSES_MAX;
    l->names[l->count++] = name;
    l->slots[slot] = (uint16_t)l->count;
    return l->count - 1;
}

/* Outside text files a cell is found by its row. */
static const char *row_text(const table *t, const place *at, char *room, size_t size)
{
    snprintf(room, size, ", row %zu", t->rows + 1);
    return at ? "" : room;
}

static symlut_status not_a_number(const table *t, const column *c, const char *text, size_t length,
                                  const place *at, symlut_error *err)
{
    char shown[48], row[32];
    snprintf(shown, sizeof shown, "%.*s%s", (int)(length < 40 ? length : 40), text,
             length > 40 ? "…" : "");
    if (strcspn(shown, ",") < strlen(shown) && strspn(shown, "+-0123456789,.eE ") == strlen(shown))
        return table_error(t, at, err,
                           "column '%s'%s: '%s' is not a number: write a decimal point and no "
                           "separator of thousands",
                           c->name, row_text(t, at, row, sizeof row), shown);
    if (c->role == COLUMN_FEATURE && t->rows == 0)
        return table_error(t, at, err,
                           "column '%s' holds text ('%s'), a feature must be a number: name the "
                           "features to use and leave it out, or write it as numbers",
                           c->name, shown);
    return table_error(t, at, err, "column '%s'%s: '%s' is not a number", c->name,
                       row_text(t, at, row, sizeof row), shown);
}

/* Every row so far gets the number of its label. */
static void turn_into_texts(table *t)
{
    double *values = t->columns[t->target].values;
    for (size_t i = 0; i < t->rows; i++) {
        if (!isnan(values[i]))
            values[i] = t->codes[i];
    }
    t->kind = TARGET_TEXTS;
}

static symlut_status target_text(table *t, const char *text, size_t length, const place *at,
                                 symlut_error *err)
{
    const column *c = &t->columns[t->target];
    if (t->options->task == SYMLUT_REGRESSION)
        return table_error(t, at, err,
                           "the target '%s' holds text ('%.*s'), regression needs numbers: choose "
                           "another target (--target), or classification (--task)",
                           c->name, (int)(length < 40 ? length : 40), text);
    /* One wrong cell must not turn a quantity into classes: 0.3 and 1.7 are no labels. */
    bool quantity = t->decimal && t->options->task == SYMLUT_TASK_AUTO && !t->nominal;
    if (t->kind == TARGET_NUMBERS || (t->kind == TARGET_OPEN && quantity))
        return not_a_number(t, c, text, length, at, err);
    if (t->kind == TARGET_OPEN)
        turn_into_texts(t);
    size_t label = label_find(t, text, length);
    if (t->memory.failed)
        return error_memory(err);
    if (label == CLASSES_MAX)
        return table_error(t, at, err,
                           "the target '%s' holds more than %d different texts, too many for "
                           "classes: choose another target",
                           c->name, CLASSES_MAX);
    if (!is_utf8(t->labels->names[label]))
        return table_error(t, at, err, "a class of '%s' is not UTF-8 text: save the file as UTF-8",
                           c->name);
    c->values[t->rows] = (double)label;
    return SYMLUT_OK;
}

static symlut_status target_cell(table *t, const char *text, size_t length, cell_kind kind,
                                 double value, const place *at, symlut_error *err)
{
    double *values = t->columns[t->target].values;
    if (kind == CELL_TEXT || (t->kind == TARGET_TEXTS && kind == CELL_NUMBER))
        return target_text(t, text, length, at, err);
    values[t->rows] = value;
    if (t->kind != TARGET_OPEN || kind == CELL_MISSING)
        return SYMLUT_OK;
    t->decimal |= value != floor(value);
    size_t label = label_find(t, text, length);
    if (t->memory.failed)
        return error_memory(err);
    if (t->labels->count > INTEGER_CLASSES_MAX) {
        t->kind = TARGET_NUMBERS;
        free(t->codes);
        t->codes = NULL;
    } else {
        t->codes[t->rows] = (uint8_t)label;
    }
    return SYMLUT_OK;
}

symlut_status table_cell(table *t, size_t number, const char *text, size_t length, const place *at,
                         symlut_error *err)
{
    column *c = &t->columns[number];
    if (c->role == COLUMN_UNUSED)
        return SYMLUT_OK;
    cell_trim(&text, &length);
    double value;
    char row[32];
    cell_kind kind = cell_parse(&value, text, length);
    if (!isfinite(value) && kind != CELL_TEXT && !t->options->drop_nonfinite) {
        if (length == 0)
            return table_error(t, at, err,
                               "column '%s'%s: the cell is empty, expected a number: fill it in, "
                               "or drop such rows (--drop-nonfinite)",
                               c->name, row_text(t, at, row, sizeof row));
        return table_error(t, at, err,
                           "column '%s'%s: '%.*s' is not finite: correct it, or drop such rows "
                           "(--drop-nonfinite)",
                           c->name, row_text(t, at, row, sizeof row),
                           (int)(length < 40 ? length : 40), text);
    }
    if (c->role == COLUMN_TARGET)
        return target_cell(t, text, length, kind, value, at, err);
    if (kind == CELL_TEXT)
        return not_a_number(t, c, text, length, at, err);
    c->values[t->rows] = value;
    return SYMLUT_OK;
}
