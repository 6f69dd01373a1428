/* The JSON form of models and fronts, read strictly: a key that is unknown, missing or of the wrong
 * type is an error that names its place, as in outputs[2].front[0].loss. */
#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "expr/description.h"

typedef struct reader {
    const char *file;
    front *f;
    expr_names names;
    symlut_error *err;
    symlut_status status;
} reader;

BASE_PRINTF(3, 4)
static bool fail(reader *r, const char *place, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    r->status = error_at(r->err, SYMLUT_BAD_INPUT, r->file, 0, 0, "%s%s%s", place,
                         *place ? ": " : "", message);
    return false;
}

static bool no_memory(reader *r)
{
    r->status = error_memory(r->err);
    return false;
}

static const char *type_name(const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_OBJECT:
        return "an object";
    case JSON_ARRAY:
        return "a list";
    case JSON_STRING:
        return "a text";
    case JSON_INTEGER:
    case JSON_REAL:
        return "a number";
    case JSON_TRUE:
    case JSON_FALSE:
        return "true or false";
    case JSON_NULL:
        return "null";
    }
    return "something else";
}

/* "inputs[3].name" */
typedef struct place {
    char text[96];
} place;

static place inside(const char *outer, const char *key)
{
    place p;
    snprintf(p.text, sizeof p.text, "%.60s%s%.32s", outer, *outer ? "." : "", key);
    return p;
}

static place item(const char *list, size_t index)
{
    place p;
    snprintf(p.text, sizeof p.text, "%.70s[%zu]", list, index);
    return p;
}

/* Whether `object` is one, with no key outside the list `known`. */
static bool check_keys(reader *r, json_t *object, const char *at, const char *const *known,
                       size_t count)
{
    if (!json_is_object(object))
        return fail(r, at, "expected an object, found %s", type_name(object));
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value)
    {
        size_t i = 0;
        while (i < count && strcmp(known[i], key) != 0)
            i++;
        if (i == count) {
            fail(r, at, "unknown key '%.64s'", key);
            error_nearest(r->err, key, known, count);
            return false;
        }
    }
    return true;
}

static bool get_text(reader *r, const json_t *object, const char *at, const char *key,
                     const char **out)
{
    const json_t *value = json_object_get(object, key);
    place p = inside(at, key);
    if (!value)
        return fail(r, at, "missing key '%s'", key);
    if (!json_is_string(value))
        return fail(r, p.text, "expected a text, found %s", type_name(value));
    *out = arena_strdup(&r->f->header->memory, json_string_value(value));
    return *out || no_memory(r);
}

/* null: `missing`, or an error when that is NaN. */
static bool get_number(reader *r, const json_t *object, const char *at, const char *key,
                       double missing, double *out)
{
    const json_t *value = json_object_get(object, key);
    place p = inside(at, key);
    if (!value)
        return fail(r, at, "missing key '%s'", key);
    if (json_is_null(value) && !isnan(missing)) {
        *out = missing;
        return true;
    }
    if (!json_is_number(value))
        return fail(r, p.text, "expected a number, found %s", type_name(value));
    *out = json_number_value(value);
    return true;
}

static bool get_list(reader *r, const json_t *object, const char *at, const char *key, json_t **out)
{
    *out = json_object_get(object, key);
    if (!*out)
        return fail(r, at, "missing key '%s'", key);
    if (!json_is_array(*out))
        return fail(r, inside(at, key).text, "expected a list, found %s", type_name(*out));
    return true;
}

static bool get_seed(reader *r, const json_t *root, uint64_t *seed)
{
    const json_t *value = json_object_get(root, "seed");
    if (!value)
        return fail(r, "", "missing key 'seed'");
    if (json_is_integer(value) && json_integer_value(value) >= 0) {
        *seed = (uint64_t)json_integer_value(value);
        return true;
    }
    const char *digits = json_is_string(value) ? json_string_value(value) : "";
    size_t length = strlen(digits);
    if (length == 0 || length > 20 || strspn(digits, "0123456789") != length)
        return fail(r, "seed", "expected a whole number from 0, found %s",
                    json_is_string(value) ? digits : type_name(value));
    *seed = strtoull(digits, NULL, 10);
    return true;
}

static bool read_input(reader *r, json_t *object, size_t i)
{
    static const char *const keys[] = {"name", "mean", "scale", "low", "high"};
    model_input *in = &r->f->header->inputs[i];
    place at = item("inputs", i);
    if (!check_keys(r, object, at.text, keys, 5) ||
        !get_text(r, object, at.text, "name", &in->name) ||
        !get_number(r, object, at.text, "mean", (double)NAN, &in->mean) ||
        !get_number(r, object, at.text, "scale", (double)NAN, &in->scale) ||
        !get_number(r, object, at.text, "low", 1, &in->low) ||
        !get_number(r, object, at.text, "high", -1, &in->high))
        return false;
    if (!*in->name)
        return fail(r, at.text, "an input needs a name");
    if (!(in->scale > 0))
        return fail(r, inside(at.text, "scale").text, "expected a number above 0, found %g",
                    in->scale);
    return true;
}

static bool check_distinct(reader *r, const char *list, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(names[i], names[j]) == 0)
                return fail(r, item(list, i).text, "the name '%.64s' is taken by %s", names[i],
                            item(list, j).text);
    return true;
}

static bool get_equation(reader *r, const json_t *object, const char *at, expr *e)
{
    const json_t *value = json_object_get(object, "equation");
    if (!value)
        return fail(r, at, "missing key 'equation'");
    place p = inside(at, "equation");
    if (!json_is_string(value))
        return fail(r, p.text, "expected a text, found %s", type_name(value));
    r->status = expr_parse(e, &r->f->header->memory, json_string_value(value), &r->names, r->file,
                           1, 1, r->err);
    if (r->status == SYMLUT_BAD_INPUT && r->err) {
        /* The place is in the equation, not in the file: caret under the equation, no line. */
        char message[sizeof r->err->message];
        snprintf(message, sizeof message, "%s", r->err->message);
        snprintf(r->err->message, sizeof r->err->message, "%s: %.*s", p.text, 900, message);
        r->err->line = 0;
    }
    return r->status == SYMLUT_OK;
}

static bool read_row(reader *r, json_t *object, size_t k, const char *at)
{
    static const char *const keys[] = {"complexity", "loss", "score", "equation", "inner"};
    front_row row = {0};
    if (!check_keys(r, object, at, keys, 5) ||
        !get_number(r, object, at, "complexity", (double)NAN, &row.complexity) ||
        !get_number(r, object, at, "loss", HUGE_VAL, &row.loss) ||
        !get_number(r, object, at, "score", HUGE_VAL, &row.score) ||
        !get_equation(r, object, at, &row.e) ||
        (json_object_get(object, "inner") && !get_text(r, object, at, "inner", &row.inner)))
        return false;
    front_output *o = &r->f->outputs[k];
    if (o->count > 0 && !(row.complexity > o->rows[o->count - 1].complexity))
        return fail(r, inside(at, "complexity").text, "complexities must rise, found %g after %g",
                    row.complexity, o->rows[o->count - 1].complexity);
    if (!front_add(r->f, k, row.complexity, row.loss, row.e))
        return no_memory(r);
    o->rows[o->count - 1].score = row.score;
    o->rows[o->count - 1].inner = row.inner;
    return true;
}

static bool read_output(reader *r, json_t *object, size_t k)
{
    static const char *const model_keys[] = {"name", "equation"};
    static const char *const front_keys[] = {"name", "selected", "front"};
    place at = item("outputs", k);
    bool single = json_is_object(object) && json_object_get(object, "equation");
    if (!check_keys(r, object, at.text, single ? model_keys : front_keys, single ? 2 : 3) ||
        !get_text(r, object, at.text, "name", &r->f->header->output_names[k]))
        return false;
    if (!*r->f->header->output_names[k])
        return fail(r, at.text, "an output needs a name");
    expr e;
    if (single)
        return get_equation(r, object, at.text, &e) &&
               (front_add(r->f, k, e.count, HUGE_VAL, e) || no_memory(r));
    json_t *rows;
    double selected;
    if (!get_list(r, object, at.text, "front", &rows) ||
        !get_number(r, object, at.text, "selected", (double)NAN, &selected))
        return false;
    place list = inside(at.text, "front");
    for (size_t i = 0; i < json_array_size(rows); i++)
        if (!read_row(r, json_array_get(rows, i), k, item(list.text, i).text))
            return false;
    size_t count = json_array_size(rows);
    if (selected < 0 || selected != floor(selected) || selected >= (double)(count ? count : 1))
        return fail(r, inside(at.text, "selected").text,
                    "expected the number of a row, 0 to %zu, found %g", count ? count - 1 : 0,
                    selected);
    r->f->outputs[k].selected = (size_t)selected;
    return true;
}

/* Optional. */
static bool read_likelihood(reader *r, const json_t *root)
{
    static const char *const keys[] = {"kind", "rows"};
    json_t *object = json_object_get(root, "likelihood");
    const char *kind;
    if (!object)
        return true;
    if (!check_keys(r, object, "likelihood", keys, 2) ||
        !get_text(r, object, "likelihood", "kind", &kind) ||
        !get_number(r, object, "likelihood", "rows", (double)NAN, &r->f->rows))
        return false;
    r->f->likelihood = likelihood_of(kind);
    if (r->f->likelihood == LIKELIHOOD_UNKNOWN)
        return fail(r, "likelihood.kind",
                    "expected normal, laplace, logistic or softmax, found '%.32s'", kind);
    if (!(r->f->rows > 0))
        return fail(r, "likelihood.rows", "expected a number above 0, found %g", r->f->rows);
    return true;
}

static bool read_format(reader *r, json_t *root)
{
    static const char *const keys[] = {"format", "version",    "task",   "target", "data_hash",
                                       "seed",   "likelihood", "inputs", "outputs"};
    const json_t *format = json_is_object(root) ? json_object_get(root, "format") : NULL;
    if (!json_is_string(format) || strcmp(json_string_value(format), "symlut-model") != 0)
        return fail(r, "",
                    "is no symlut model: expected an object with \"format\": "
                    "\"symlut-model\"");
    const json_t *version = json_object_get(root, "version");
    if (!json_is_integer(version) || json_integer_value(version) != 1)
        return fail(r, "version", "expected 1; the file is of another release of symlut");
    return check_keys(r, root, "", keys, sizeof keys / sizeof *keys);
}

static bool read_header(reader *r, const json_t *root)
{
    symlut_model *m = r->f->header;
    const char *task;
    if (!get_text(r, root, "", "task", &task) ||
        !get_text(r, root, "", "target", &m->target_name) ||
        !get_text(r, root, "", "data_hash", &m->data_hash) || !get_seed(r, root, &m->seed))
        return false;
    if (strcmp(task, "regression") != 0 && strcmp(task, "classification") != 0)
        return fail(r, "task", "expected regression or classification, found '%.32s'", task);
    m->task = *task == 'c' ? SYMLUT_CLASSIFICATION : SYMLUT_REGRESSION;
    return true;
}

static bool read_root(reader *r, json_t *root)
{
    json_t *inputs, *outputs;
    if (!read_format(r, root) || !get_list(r, root, "", "inputs", &inputs) ||
        !get_list(r, root, "", "outputs", &outputs))
        return false;
    if (json_array_size(inputs) > EXPR_MAX_FEATURES || json_array_size(outputs) == 0)
        return fail(r, "", "expected at most %d inputs and at least one output", EXPR_MAX_FEATURES);
    r->f = front_new(json_array_size(inputs), json_array_size(outputs));
    if (!r->f)
        return no_memory(r);
    symlut_model *m = r->f->header;
    if (!read_header(r, root) || !read_likelihood(r, root))
        return false;
    for (size_t i = 0; i < m->input_count; i++)
        if (!read_input(r, json_array_get(inputs, i), i))
            return false;
    r->names = (expr_names){model_input_names(&m->memory, m), m->input_count};
    if (!r->names.names)
        return no_memory(r);
    if (!check_distinct(r, "inputs", r->names.names, m->input_count))
        return false;
    for (size_t k = 0; k < m->output_count; k++)
        if (!read_output(r, json_array_get(outputs, k), k))
            return false;
    return check_distinct(r, "outputs", m->output_names, m->output_count);
}

symlut_status front_parse_json(front **out, const char *name, const char *json, size_t length,
                               symlut_error *err)
{
    *out = NULL;
    json_error_t problem;
    json_t *root = json_loadb(json, length, JSON_REJECT_DUPLICATES, &problem);
    if (!root) {
        if (json_error_code(&problem) == json_error_out_of_memory)
            return error_memory(err);
        return error_at(err, SYMLUT_BAD_INPUT, name, problem.line, problem.column,
                        "is no valid JSON: %s", problem.text);
    }
    reader r = {.file = name, .err = err};
    if (read_root(&r, root))
        *out = r.f;
    else
        front_free(r.f);
    json_decref(root);
    return r.status;
}

symlut_status front_read(front **out, const char *path, symlut_error *err)
{
    char *json;
    size_t length;
    *out = NULL;
    symlut_status status = file_read(&json, &length, path, err);
    if (status != SYMLUT_OK)
        return status;
    status = front_parse_json(out, path, json, length, err);
    free(json);
    return status;
}

symlut_status model_read(symlut_model **out, const char *path, symlut_error *err)
{
    front *f;
    *out = NULL;
    symlut_status status = front_read(&f, path, err);
    if (status == SYMLUT_OK)
        status = front_model(out, f, NULL, err);
    front_free(f);
    return status;
}
