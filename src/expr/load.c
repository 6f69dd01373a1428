#include "expr/load.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "data/csv.h"
#include "data/dataset.h"

/* ---------------------------------------------------------------- inputs */

/* A name as found in the text, and where in the order of appearance. */
typedef struct occurrence {
    const char *name;
    size_t length, order;
    long number; /* N of xN; LONG_MAX for other names */
} occurrence;

typedef struct occurrences {
    occurrence *items;
    size_t count, capacity;
    bool failed;
} occurrences;

static long input_number(const char *name, size_t length)
{
    if (length < 2 || length > 6 || name[0] != 'x' || (name[1] == '0' && length > 2))
        return EXPR_MAX_FEATURES;
    long n = 0;
    for (size_t i = 1; i < length; i++) {
        if (name[i] < '0' || name[i] > '9')
            return EXPR_MAX_FEATURES;
        n = n * 10 + (name[i] - '0');
    }
    return n < EXPR_MAX_FEATURES ? n : EXPR_MAX_FEATURES;
}

static void add_occurrence(void *payload, const char *name, size_t length)
{
    occurrences *o = payload;
    expr_op op;
    bool letter = length == 5 && memcmp(name, "gamma", 5) == 0; /* often a quantity */
    if (o->failed || (!letter && expr_op_find(&op, name, length)))
        return; /* a function without its argument: the parser will say so */
    if (o->count == o->capacity) {
        size_t capacity = o->capacity ? 2 * o->capacity : 256;
        occurrence *items = realloc(o->items, capacity * sizeof *items);
        if (!items) {
            o->failed = true;
            return;
        }
        o->items = items;
        o->capacity = capacity;
    }
    o->items[o->count] = (occurrence){name, length, o->count, input_number(name, length)};
    o->count++;
}

static int compare_names(const void *left, const void *right)
{
    const occurrence *a = left, *b = right;
    size_t shorter = a->length < b->length ? a->length : b->length;
    int order = memcmp(a->name, b->name, shorter);
    if (order == 0 && a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return order ? order : a->order < b->order ? -1 : a->order > b->order;
}

static int compare_places(const void *left, const void *right)
{
    const occurrence *a = left, *b = right;
    if (a->number != b->number)
        return a->number < b->number ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static bool same_name(const occurrence *a, const occurrence *b)
{
    return a->length == b->length && memcmp(a->name, b->name, a->length) == 0;
}

static symlut_status discover_names(expr_names *out, arena *memory, const source_list *list,
                                    symlut_error *err)
{
    occurrences o = {0};
    for (size_t i = 0; i < list->count; i++)
        expr_scan_names(list->items[i].text, add_occurrence, &o);
    size_t distinct = 0;
    if (o.count > 0) {
        qsort(o.items, o.count, sizeof *o.items, compare_names);
        for (size_t i = 0; i < o.count; i++)
            if (i == 0 || !same_name(&o.items[i], &o.items[distinct - 1]))
                o.items[distinct++] = o.items[i];
        qsort(o.items, distinct, sizeof *o.items, compare_places);
    }
    const char **names = ARENA_ARRAY(memory, const char *, distinct);
    for (size_t i = 0; names && i < distinct; i++)
        names[i] = arena_strndup(memory, o.items[i].name, o.items[i].length);
    free(o.items);
    if (o.failed || memory->failed)
        return error_memory(err);
    *out = (expr_names){names, distinct};
    if (distinct > EXPR_MAX_FEATURES)
        return error_at(err, SYMLUT_BAD_INPUT, list->items[0].file, 0, 0,
                        "names %zu different inputs; at most %d are possible", distinct,
                        EXPR_MAX_FEATURES);
    return SYMLUT_OK;
}

static symlut_status given_names(expr_names *out, arena *memory, const char *list,
                                 symlut_error *err)
{
    static const char separators[] = ", \t\r\n";
    const char **names = ARENA_ARRAY(memory, const char *, strlen(list) / 2 + 1);
    size_t count = 0;
    for (const char *p = list + strspn(list, separators); names && *p;) {
        const char *closing = *p == '`' ? strchr(p + 1, '`') : NULL;
        size_t length = closing ? (size_t)(closing - p) - 1 : strcspn(p, separators);
        p += closing ? 1 : 0;
        names[count++] = arena_strndup(memory, p, length);
        p += length + (closing ? 1 : 0);
        p += strspn(p, separators);
    }
    if (memory->failed)
        return error_memory(err);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[i], names[j]) == 0)
                return error_set(err, SYMLUT_BAD_INPUT, "input '%s' is named twice", names[i]);
    if (count == 0 || count > EXPR_MAX_FEATURES)
        return error_set(err, SYMLUT_BAD_INPUT, "expected 1 to %d input names, found %zu",
                         EXPR_MAX_FEATURES, count);
    *out = (expr_names){names, count};
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- equations to a front */

/* outputs[i]: the output's number of equation i. */
static size_t number_outputs(size_t *outputs, const source_list *list)
{
    size_t count = 0;
    for (size_t i = 0; i < list->count; i++) {
        size_t j = 0;
        while (j < i && strcmp(list->items[j].output, list->items[i].output) != 0)
            j++;
        outputs[i] = j < i ? outputs[j] : count++;
    }
    return count;
}

static symlut_status add_equation(front *f, size_t k, const source_list *list,
                                  const source_equation *s, const expr_names *names,
                                  symlut_error *err)
{
    expr e;
    symlut_status status = expr_parse_with(&e, &f->header->memory, s->text, names, list->functions,
                                           false, s->file, s->line, s->column ? s->column : 1, err);
    if (status == SYMLUT_BAD_INPUT && s->source)
        error_source(err, s->source, strcspn(s->source, "\r\n"));
    if (status != SYMLUT_OK)
        return status;
    const front_output *o = &f->outputs[k];
    if (!list->fronts && o->count > 0)
        return error_at(err, SYMLUT_BAD_INPUT, s->file, s->line, 0, "output '%s' is given twice",
                        s->output);
    if (o->count > 0 && !(s->complexity > o->rows[o->count - 1].complexity))
        return error_at(err, SYMLUT_BAD_INPUT, s->file, s->line, 0,
                        "complexities must rise within an output, found %g after %g", s->complexity,
                        o->rows[o->count - 1].complexity);
    double complexity = list->fronts ? s->complexity : e.count;
    double loss = list->fronts ? s->loss : HUGE_VAL;
    return front_add(f, k, complexity, loss, e) ? SYMLUT_OK : error_memory(err);
}

static symlut_status fill_front(front *f, const source_list *list, const size_t *outputs,
                                const expr_names *names, symlut_error *err)
{
    symlut_model *header = f->header;
    for (size_t i = 0; i < names->count; i++)
        header->inputs[i].name = arena_strdup(&header->memory, names->names[i]);
    symlut_status status = SYMLUT_OK;
    for (size_t i = 0; i < list->count && status == SYMLUT_OK; i++) {
        header->output_names[outputs[i]] = arena_strdup(&header->memory, list->items[i].output);
        status = add_equation(f, outputs[i], list, &list->items[i], names, err);
    }
    if (list->classes && header->output_count > 1)
        header->task = SYMLUT_CLASSIFICATION;
    return status == SYMLUT_OK && header->memory.failed ? error_memory(err) : status;
}

symlut_status sources_to_front(front **out, const source_list *list, const char *names,
                               symlut_error *err)
{
    *out = NULL;
    arena scratch = {0};
    expr_names known = {0};
    size_t *outputs = ARENA_ARRAY(&scratch, size_t, list->count);
    symlut_status status = outputs ? SYMLUT_OK : error_memory(err);
    if (status == SYMLUT_OK)
        status = names ? given_names(&known, &scratch, names, err)
                       : discover_names(&known, &scratch, list, err);
    if (status == SYMLUT_OK) {
        front *f = front_new(known.count, number_outputs(outputs, list));
        status = f ? fill_front(f, list, outputs, &known, err) : error_memory(err);
        if (status == SYMLUT_OK)
            *out = f;
        else
            front_free(f);
    }
    arena_free(&scratch);
    return status;
}

/* ---------------------------------------------------------------- files */

symlut_model_options symlut_model_options_defaults(void)
{
    return (symlut_model_options){0};
}

static symlut_status load_text(front **out, const char *path, const char *content, size_t length,
                               const char *names, symlut_error *err)
{
    const char *p = content + strspn(content, " \t\r\n");
    if (*p == '{')
        return front_parse_json(out, path, content, length, err);
    arena memory = {0};
    source_list list = {.memory = &memory};
    symlut_status status = equation_table_detect(content)
                               ? equation_table_read(&list, path, content, "y0", err)
                               : equations_parse(&list, path, content, length, err);
    if (status == SYMLUT_OK)
        status = sources_to_front(out, &list, names, err);
    if (status == SYMLUT_OK && list.fronts)
        status = front_select(*out, "best", err);
    arena_free(&memory);
    return status;
}

static symlut_status load_file(front **out, const char *path, const char *names, symlut_error *err)
{
    char *content;
    size_t length;
    symlut_status status = file_read(&content, &length, path, err);
    if (status != SYMLUT_OK)
        return status;
    status = load_text(out, path, content, length, names, err);
    free(content);
    return status;
}

/* Halls of fame, one file per output: y0, y1, … */
static symlut_status read_tables(source_list *list, const char *paths, symlut_error *err)
{
    symlut_status status = SYMLUT_OK;
    size_t k = 0;
    for (const char *p = paths; *p && status == SYMLUT_OK; k++) {
        size_t length = strcspn(p, ","), size;
        const char *path = arena_strndup(list->memory, p, length);
        const char *output = arena_printf(list->memory, "y%zu", k);
        char *content = NULL;
        status = path && output ? file_read(&content, &size, path, err) : error_memory(err);
        const char *kept = content ? arena_strdup(list->memory, content) : NULL;
        if (status == SYMLUT_OK)
            status = kept ? equation_table_read(list, path, kept, output, err) : error_memory(err);
        free(content);
        p += length + (p[length] == ',');
    }
    return status;
}

static symlut_status load_tables(front **out, const char *paths, const char *names,
                                 symlut_error *err)
{
    arena memory = {0};
    source_list list = {.memory = &memory};
    symlut_status status = read_tables(&list, paths, err);
    if (status == SYMLUT_OK)
        status = sources_to_front(out, &list, names, err);
    if (status == SYMLUT_OK)
        status = front_select(*out, "best", err);
    arena_free(&memory);
    return status;
}

static symlut_status load_run(front **out, const char *dir, symlut_error *err)
{
    arena memory = {0};
    const char *model = arena_printf(&memory, "%s/model/model.json", dir);
    const char *manifest = arena_printf(&memory, "%s/manifest.json", dir);
    symlut_status status;
    if (!model || !manifest)
        status = error_memory(err);
    else if (file_exists(model))
        status = front_read(out, model, err);
    else
        status = error_at(err, SYMLUT_BAD_INPUT, dir, 0, 0,
                          file_exists(manifest)
                              ? "is a compiled firmware, expected a run folder or a model file"
                              : "is no run folder: it has no model/model.json, which symlut fit "
                                "writes");
    arena_free(&memory);
    return status;
}

/* The first column of a scaler's rows, for inputs known by number only. */
typedef struct scaler_rows {
    arena *memory;
    const char **features;
    size_t count, capacity;
    long column; /* of `feature`; -1 before the header, -2 when it has none */
} scaler_rows;

static symlut_status keep_feature(void *context, const char *const *cells, size_t count, long line,
                                  symlut_error *err)
{
    scaler_rows *rows = context;
    (void)line;
    if (rows->column == -1) {
        rows->column = -2;
        for (size_t i = 0; i < count; i++)
            if (strcmp(cells[i], "feature") == 0)
                rows->column = (long)i;
        return SYMLUT_OK;
    }
    if (rows->column < 0 || (size_t)rows->column >= count)
        return SYMLUT_OK; /* scaler_read says what is wrong */
    if (rows->count == rows->capacity) {
        size_t capacity = rows->capacity ? 2 * rows->capacity : 64;
        const char **features = ARENA_ARRAY(rows->memory, const char *, capacity);
        if (!features)
            return error_memory(err);
        for (size_t i = 0; i < rows->count; i++)
            features[i] = rows->features[i];
        rows->features = features;
        rows->capacity = capacity;
    }
    const char *copy = arena_strdup(rows->memory, cells[rows->column]);
    rows->features[rows->count++] = copy;
    return copy ? SYMLUT_OK : error_memory(err);
}

/* An input xN that the scaler does not name is its row N. */
static symlut_status number_scaler_rows(const char **names, size_t count, arena *memory,
                                        const char *path, symlut_error *err)
{
    scaler_rows rows = {.memory = memory, .column = -1};
    symlut_status status = csv_each_row(path, keep_feature, &rows, err);
    for (size_t i = 0; status == SYMLUT_OK && i < count; i++) {
        size_t n = (size_t)input_number(names[i], strlen(names[i])), j = 0;
        while (j < rows.count && strcmp(rows.features[j], names[i]) != 0)
            j++;
        if (j == rows.count && n < rows.count)
            names[i] = rows.features[n];
    }
    return status;
}

static symlut_status apply_scaler(symlut_model *model, const char *path, symlut_error *err)
{
    arena scratch = {0};
    size_t count = model->input_count;
    const char **names = model_input_names(&scratch, model);
    double *mean = ARENA_ARRAY(&scratch, double, count);
    double *scale = ARENA_ARRAY(&scratch, double, count);
    symlut_status status = scratch.failed ? error_memory(err) : SYMLUT_OK;
    if (status == SYMLUT_OK)
        status = number_scaler_rows(names, count, &scratch, path, err);
    if (status == SYMLUT_OK)
        status = scaler_read(mean, scale, names, count, path, err);
    for (size_t i = 0; status == SYMLUT_OK && i < count; i++) {
        model->inputs[i].mean = mean[i];
        model->inputs[i].scale = scale[i];
    }
    arena_free(&scratch);
    return status;
}

static symlut_status apply_options(symlut_model *model, const symlut_model_options *options,
                                   symlut_error *err)
{
    if (options->task == SYMLUT_CLASSIFICATION && model->output_count < 2)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "classification needs one expression per class, found one expression");
    if (options->task != SYMLUT_TASK_AUTO)
        model->task = options->task;
    return options->scaler ? apply_scaler(model, options->scaler, err) : SYMLUT_OK;
}

symlut_status symlut_model_load(symlut_model **out, const char *path,
                                const symlut_model_options *options, symlut_error *err)
{
    *out = NULL;
    symlut_model_options chosen = options ? *options : symlut_model_options_defaults();
    front *f = NULL;
    symlut_status status;
    if (file_is_directory(path))
        status = load_run(&f, path, err);
    else if (!file_exists(path) && strchr(path, ','))
        status = load_tables(&f, path, chosen.names, err);
    else
        status = load_file(&f, path, chosen.names, err);
    if (status == SYMLUT_OK)
        status = front_model(out, f, chosen.select, err);
    front_free(f);
    if (status == SYMLUT_OK)
        status = apply_options(*out, &chosen, err);
    if (status != SYMLUT_OK) {
        symlut_model_free(*out);
        *out = NULL;
    }
    return status;
}
