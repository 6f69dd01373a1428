#include "data/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- from a table */

symlut_status table_join(table *x, table *y, symlut_error *err)
{
    if (x->rows != y->rows)
        return table_error(y, NULL, err, "has %zu rows, but %s has %zu", y->rows, x->path, x->rows);
    size_t count = x->count + 1;
    column *columns = ARENA_ARRAY(&x->memory, column, count);
    labels *copy = ARENA_NEW(&x->memory, labels);
    if (!columns || !copy)
        return error_memory(err);
    memcpy(columns, x->columns, x->count * sizeof *columns);
    *copy = *y->labels;
    for (size_t k = 0; k < copy->count; k++)
        copy->names[k] = arena_strdup(&x->memory, copy->names[k]);
    columns[x->count] = y->columns[0];
    columns[x->count].name = arena_strdup(&x->memory, y->columns[0].name);
    if (x->memory.failed)
        return error_memory(err);
    y->columns[0].values = NULL;
    x->columns = columns;
    x->target = x->count;
    x->count = count;
    x->labels = copy;
    x->kind = y->kind;
    x->nominal = y->nominal;
    return SYMLUT_OK;
}

static symlut_status refuse_row(const table *t, size_t column_number, size_t row, symlut_error *err)
{
    return table_error(t, NULL, err,
                       "column '%s', row %zu is not finite: correct it, or drop such rows "
                       "(--drop-nonfinite)",
                       t->columns[column_number].name, row + 1);
}

/* Refuses or drops rows with a value that is not finite. */
static symlut_status keep_finite(table *t, symlut_error *err)
{
    unsigned char *bad = calloc(t->rows, 1);
    if (!bad)
        return error_memory(err);
    size_t dropped = 0;
    symlut_status status = SYMLUT_OK;
    for (size_t c = 0; c < t->count && status == SYMLUT_OK; c++) {
        const double *values = t->columns[c].values;
        for (size_t i = 0; values && i < t->rows; i++) {
            if (isfinite(values[i]) || bad[i])
                continue;
            if (!t->options->drop_nonfinite) {
                status = refuse_row(t, c, i, err);
                break;
            }
            bad[i] = 1;
            dropped++;
        }
    }
    for (size_t c = 0; c < t->count && status == SYMLUT_OK && dropped > 0; c++) {
        double *values = t->columns[c].values;
        size_t kept = 0;
        for (size_t i = 0; values && i < t->rows; i++) {
            values[kept] = values[i];
            kept += !bad[i];
        }
    }
    free(bad);
    if (status != SYMLUT_OK || dropped == 0)
        return status;
    if (dropped == t->rows)
        return table_error(t, NULL, err, "every row holds a missing or infinite value");
    hooks_log(t->hooks, "%s: dropped %zu of %zu rows with a missing or infinite value", t->path,
              dropped, t->rows);
    t->rows -= dropped;
    return SYMLUT_OK;
}

static symlut_status check_weights(const table *t, symlut_error *err)
{
    if (t->weight == NO_COLUMN)
        return SYMLUT_OK;
    const column *c = &t->columns[t->weight];
    double sum = 0;
    for (size_t i = 0; i < t->rows; i++) {
        if (c->values[i] < 0)
            return table_error(t, NULL, err,
                               "column '%s', row %zu: the weight %g is negative, expected zero or "
                               "more",
                               c->name, i + 1, c->values[i]);
        sum += c->values[i];
    }
    if (sum > 0)
        return SYMLUT_OK;
    return table_error(t, NULL, err, "column '%s': every row weight is zero", c->name);
}

static bool is_constant(const double *values, size_t rows)
{
    for (size_t i = 1; i < rows; i++) {
        if (values[i] != values[0])
            return false;
    }
    return true;
}

static symlut_status take_features(symlut_dataset *d, table *t, symlut_error *err)
{
    d->columns = ARENA_ARRAY(&d->memory, double *, t->feature_count);
    d->feature_names = ARENA_ARRAY(&d->memory, const char *, t->feature_count);
    if (d->memory.failed)
        return error_memory(err);
    for (size_t k = 0; k < t->feature_count; k++) {
        column *c = &t->columns[t->features[k]];
        if (!t->options->keep_constant && is_constant(c->values, t->rows)) {
            hooks_log(t->hooks, "%s: the feature '%s' is %.17g in every row: left out", t->path,
                      c->name, c->values[0]);
            free(c->values);
        } else {
            d->feature_names[d->features] = arena_strdup(&d->memory, c->name);
            d->columns[d->features++] = c->values;
        }
        c->values = NULL;
    }
    if (d->memory.failed)
        return error_memory(err);
    if (d->features > 0)
        return SYMLUT_OK;
    return table_error(t, NULL, err,
                       "every feature is constant over the %zu row%s: nothing can be learned from "
                       "it",
                       t->rows, t->rows == 1 ? "" : "s");
}

/* ---- task and classes */

typedef struct class_values {
    double values[CLASSES_MAX]; /* ascending */
    size_t count;
    bool integers, overflow; /* more than CLASSES_MAX */
} class_values;

/* Position of the first value not below `value`. */
static size_t class_position(const class_values *v, double value)
{
    size_t low = 0, high = v->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (v->values[middle] < value)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The distinct values of a numeric target; stops at more than `limit`. */
static void find_values(class_values *v, const double *target, size_t rows, size_t limit)
{
    v->count = 0;
    v->integers = true;
    v->overflow = false;
    for (size_t i = 0; i < rows; i++) {
        size_t k = class_position(v, target[i]);
        if (k < v->count && v->values[k] == target[i])
            continue;
        if (v->count == limit) {
            v->overflow = true;
            return;
        }
        memmove(v->values + k + 1, v->values + k, (v->count - k) * sizeof *v->values);
        v->values[k] = target[i] == 0 ? 0 : target[i]; /* one zero, without a sign */
        v->count++;
        v->integers = v->integers && target[i] == floor(target[i]);
    }
}

static bool means_classes(const class_values *v, size_t rows)
{
    return v->integers && !v->overflow && v->count >= 2 && v->count <= INTEGER_CLASSES_MAX &&
           rows >= ROWS_PER_CLASS * v->count;
}

static symlut_status number_classes(symlut_dataset *d, const table *t, const class_values *v,
                                    symlut_error *err)
{
    d->classes = v->count;
    d->class_names = ARENA_ARRAY(&d->memory, const char *, v->count);
    for (size_t k = 0; k < v->count && d->class_names; k++) {
        /* 15 digits where they say it all, else the 17 that always do. */
        char name[32];
        snprintf(name, sizeof name, "%.15g", v->values[k]);
        if (strtod(name, NULL) != v->values[k])
            snprintf(name, sizeof name, "%.17g", v->values[k]);
        d->class_names[k] = arena_strdup(&d->memory, name);
    }
    if (d->memory.failed)
        return error_memory(err);
    for (size_t i = 0; i < t->rows; i++)
        d->target[i] = (double)class_position(v, d->target[i]);
    return SYMLUT_OK;
}

static symlut_status numeric_target(symlut_dataset *d, const table *t, symlut_error *err)
{
    class_values *v = malloc(sizeof *v);
    if (!v)
        return error_memory(err);
    bool asked = t->options->task == SYMLUT_CLASSIFICATION || t->nominal;
    find_values(v, d->target, t->rows, asked ? CLASSES_MAX : INTEGER_CLASSES_MAX);
    symlut_status status = SYMLUT_OK;
    if (t->options->task == SYMLUT_REGRESSION || (!asked && !means_classes(v, t->rows))) {
        d->task = SYMLUT_REGRESSION;
    } else if (v->overflow) {
        status = table_error(t, NULL, err,
                             "the target '%s' has more than %d different values, too many for "
                             "classes: use regression",
                             d->target_name, CLASSES_MAX);
    } else {
        d->task = SYMLUT_CLASSIFICATION;
        status = number_classes(d, t, v, err);
        if (status == SYMLUT_OK && !asked)
            hooks_log(t->hooks,
                      "%s: the target '%s' has %zu different values, all integers: classification "
                      "(--task regression treats it as a quantity)",
                      t->path, d->target_name, d->classes);
    }
    free(v);
    return status;
}

typedef struct label_order {
    const char *name;
    size_t label;
} label_order;

static int compare_labels(const void *a, const void *b)
{
    return strcmp(((const label_order *)a)->name, ((const label_order *)b)->name);
}

/* Classes in the order of their names; those whose rows were all dropped are no classes. */
static symlut_status text_classes(symlut_dataset *d, const table *t, symlut_error *err)
{
    label_order order[CLASSES_MAX];
    size_t rank[CLASSES_MAX] = {0};
    const labels *l = t->labels;
    for (size_t i = 0; i < t->rows; i++)
        rank[(size_t)d->target[i]] = 1;
    for (size_t k = 0; k < l->count; k++) {
        if (rank[k])
            order[d->classes++] = (label_order){l->names[k], k};
    }
    if (d->classes > INTEGER_CLASSES_MAX && 2 * d->classes > t->rows)
        return table_error(t, NULL, err,
                           "the target '%s' holds %zu different texts in %zu rows, too many for "
                           "classes: choose another target",
                           d->target_name, d->classes, t->rows);
    qsort(order, d->classes, sizeof *order, compare_labels);
    d->class_names = ARENA_ARRAY(&d->memory, const char *, d->classes);
    for (size_t k = 0; k < d->classes && d->class_names; k++) {
        d->class_names[k] = arena_strdup(&d->memory, order[k].name);
        rank[order[k].label] = k;
    }
    if (d->memory.failed)
        return error_memory(err);
    for (size_t i = 0; i < t->rows; i++)
        d->target[i] = (double)rank[(size_t)d->target[i]];
    d->task = SYMLUT_CLASSIFICATION;
    return SYMLUT_OK;
}

static symlut_status take_target(symlut_dataset *d, table *t, symlut_error *err)
{
    d->task = t->options->task == SYMLUT_CLASSIFICATION ? SYMLUT_CLASSIFICATION : SYMLUT_REGRESSION;
    if (t->target == NO_COLUMN)
        return SYMLUT_OK;
    column *c = &t->columns[t->target];
    d->target_name = arena_strdup(&d->memory, c->name);
    d->target = c->values;
    c->values = NULL;
    if (!d->target_name)
        return error_memory(err);
    symlut_status status =
        t->kind == TARGET_TEXTS ? text_classes(d, t, err) : numeric_target(d, t, err);
    if (status != SYMLUT_OK || d->task != SYMLUT_CLASSIFICATION || d->classes > 1 ||
        t->options->target_optional)
        return status;
    return table_error(t, NULL, err,
                       "the target '%s' has one class only ('%s'): classification needs two or "
                       "more",
                       d->target_name, d->class_names[0]);
}

symlut_status table_to_dataset(symlut_dataset **out, table *t, symlut_error *err)
{
    *out = NULL;
    symlut_status status = keep_finite(t, err);
    if (status == SYMLUT_OK)
        status = check_weights(t, err);
    if (status != SYMLUT_OK)
        return status;
    symlut_dataset *d = calloc(1, sizeof *d);
    if (!d)
        return error_memory(err);
    d->rows = t->rows;
    status = take_target(d, t, err);
    if (status == SYMLUT_OK)
        status = take_features(d, t, err);
    if (status == SYMLUT_OK && t->weight != NO_COLUMN) {
        d->weights = t->columns[t->weight].values;
        t->columns[t->weight].values = NULL;
    }
    if (status == SYMLUT_OK)
        *out = d;
    else
        symlut_dataset_free(d);
    return status;
}

/* ---- the public face */

symlut_data_options symlut_data_options_defaults(void)
{
    return (symlut_data_options){.task = SYMLUT_TASK_AUTO};
}

void symlut_dataset_free(symlut_dataset *data)
{
    if (!data)
        return;
    for (size_t k = 0; k < data->features; k++)
        free(data->columns[k]);
    free(data->target);
    free(data->weights);
    arena_free(&data->memory);
    free(data);
}

size_t symlut_dataset_rows(const symlut_dataset *data)
{
    return data->rows;
}

size_t symlut_dataset_features(const symlut_dataset *data)
{
    return data->features;
}

const char *symlut_dataset_feature_name(const symlut_dataset *data, size_t feature)
{
    return feature < data->features ? data->feature_names[feature] : NULL;
}

const double *symlut_dataset_column(const symlut_dataset *data, size_t feature)
{
    return feature < data->features ? data->columns[feature] : NULL;
}

bool symlut_dataset_has_target(const symlut_dataset *data)
{
    return data->target != NULL;
}

const char *symlut_dataset_target_name(const symlut_dataset *data)
{
    return data->target_name;
}

const double *symlut_dataset_target(const symlut_dataset *data)
{
    return data->target;
}

const double *symlut_dataset_weights(const symlut_dataset *data)
{
    return data->weights;
}

symlut_task symlut_dataset_task(const symlut_dataset *data)
{
    return data->task;
}

size_t symlut_dataset_classes(const symlut_dataset *data)
{
    return data->classes;
}

const char *symlut_dataset_class_name(const symlut_dataset *data, size_t k)
{
    return k < data->classes ? data->class_names[k] : NULL;
}

const char *symlut_dataset_hash(const symlut_dataset *data)
{
    return data->hash;
}
