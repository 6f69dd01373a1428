#include "expr/front.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "expr/description.h"

front *front_new(size_t inputs, size_t outputs)
{
    front *f = calloc(1, sizeof *f);
    if (!f)
        return NULL;
    f->header = model_new(inputs, outputs);
    if (f->header)
        f->outputs = ARENA_ARRAY(&f->header->memory, front_output, outputs);
    if (!f->outputs) {
        front_free(f);
        return NULL;
    }
    return f;
}

void front_free(front *f)
{
    if (!f)
        return;
    symlut_model_free(f->header);
    free(f);
}

bool front_add(front *f, size_t k, double complexity, double loss, expr e)
{
    front_output *o = &f->outputs[k];
    arena *memory = &f->header->memory;
    if (o->count == o->capacity) {
        size_t capacity = o->capacity ? 2 * o->capacity : 16;
        front_row *rows = ARENA_ARRAY(memory, front_row, capacity);
        if (!rows)
            return false;
        if (o->count > 0)
            memcpy(rows, o->rows, o->count * sizeof *rows);
        o->rows = rows;
        o->capacity = capacity;
    }
    expr copy = expr_copy(memory, e);
    if (!copy.nodes)
        return false;
    o->rows[o->count++] = (front_row){.complexity = complexity, .loss = loss, .e = copy};
    return true;
}

void front_clear(front *f, size_t k)
{
    f->outputs[k].count = 0;
    f->outputs[k].selected = 0;
}

/* ---------------------------------------------------------------- selection */

/* Part of the span of losses, from the first row to the lowest, that is worth simpler classes. */
#define NEAR_LOWEST 0.005

/* PySR: the score of the first row is 0, of a row that reaches loss 0 infinite. */
static void fill_scores(front_output *o)
{
    for (size_t i = 0; i < o->count; i++) {
        front_row *row = &o->rows[i];
        const front_row *before = row - 1;
        if (i == 0)
            row->score = 0;
        else if (row->loss > 0)
            row->score = -log(row->loss / before->loss) / (row->complexity - before->complexity);
        else
            row->score = HUGE_VAL;
    }
}

static size_t lowest_loss(const front_output *o)
{
    size_t best = 0;
    for (size_t i = 1; i < o->count; i++)
        if (o->rows[i].loss < o->rows[best].loss)
            best = i;
    return best;
}

/* The first row whose loss is within a small part of the front's span of the lowest. */
static size_t near_lowest(const front_output *o)
{
    double highest = o->rows[0].loss, lowest = o->rows[lowest_loss(o)].loss;
    size_t i = 0;
    while (o->rows[i].loss > lowest + NEAR_LOWEST * (highest - lowest))
        i++;
    return i;
}

static size_t highest_score(const front_output *o, double loss_limit)
{
    size_t best = lowest_loss(o);
    bool found = false;
    for (size_t i = 0; i < o->count; i++) {
        if (o->rows[i].loss > loss_limit)
            continue;
        if (!found || o->rows[i].score > o->rows[best].score)
            best = i;
        found = true;
    }
    return best;
}

static symlut_status by_complexity(size_t *row, const front_output *o, const char *output,
                                   const char *number, symlut_error *err)
{
    char *end;
    errno = 0;
    double limit = strtod(number, &end);
    if (end == number || *end != '\0' || errno || !isfinite(limit))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "selection 'complexity%s': expected a number after 'complexity', as in "
                         "'complexity 12'",
                         number);
    if (o->rows[0].complexity > limit)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "no expression for '%s' has complexity %g or less; the smallest has %g",
                         output, limit, o->rows[0].complexity);
    *row = 0;
    for (size_t i = 0; i < o->count; i++)
        if (o->rows[i].complexity <= limit)
            *row = i;
    return SYMLUT_OK;
}

symlut_status front_choose(size_t *row, const front *f, size_t k, const char *rule,
                           symlut_error *err)
{
    const front_output *o = &f->outputs[k];
    const char *output = f->header->output_names[k];
    *row = 0;
    if (o->count == 0)
        return error_set(err, SYMLUT_BAD_INPUT, "no expression was found for '%s' yet", output);
    double lowest = o->rows[lowest_loss(o)].loss;
    bool is_auto = rule && strcmp(rule, "auto") == 0;
    if (!rule || !*rule)
        *row = o->selected;
    else if (is_auto && f->header->task == SYMLUT_CLASSIFICATION)
        *row = near_lowest(o);
    else if (strcmp(rule, "accuracy") == 0)
        *row = lowest_loss(o);
    else if (strcmp(rule, "score") == 0)
        *row = highest_score(o, HUGE_VAL);
    else if (is_auto || strcmp(rule, "best") == 0)
        *row = highest_score(o, lowest + 0.5 * fabs(lowest));
    else if (strcmp(rule, "mdl") == 0)
        return front_shortest(row, f, k, err);
    else if (strncmp(rule, "complexity", 10) == 0)
        return by_complexity(row, o, output, rule + 10, err);
    else
        return error_set(err, SYMLUT_BAD_INPUT,
                         "unknown selection '%s'; expected auto, best, accuracy, score, "
                         "mdl or 'complexity N'",
                         rule);
    return SYMLUT_OK;
}

symlut_status front_select(front *f, const char *rule, symlut_error *err)
{
    for (size_t k = 0; k < f->header->output_count; k++)
        fill_scores(&f->outputs[k]);
    for (size_t k = 0; k < f->header->output_count; k++) {
        symlut_status status = front_choose(&f->outputs[k].selected, f, k, rule, err);
        if (status != SYMLUT_OK)
            return status;
    }
    return SYMLUT_OK;
}

static bool copy_header(symlut_model *to, const symlut_model *from)
{
    arena *memory = &to->memory;
    for (size_t i = 0; i < from->input_count; i++) {
        to->inputs[i] = from->inputs[i];
        to->inputs[i].name = arena_strdup(memory, from->inputs[i].name);
    }
    for (size_t k = 0; k < from->output_count; k++)
        to->output_names[k] = arena_strdup(memory, from->output_names[k]);
    to->task = from->task;
    to->target_name = arena_strdup(memory, from->target_name);
    to->data_hash = arena_strdup(memory, from->data_hash);
    to->seed = from->seed;
    return !memory->failed;
}

symlut_status front_model(symlut_model **out, const front *f, const char *rule, symlut_error *err)
{
    *out = NULL;
    const symlut_model *header = f->header;
    symlut_model *model = model_new(header->input_count, header->output_count);
    if (!model)
        return error_memory(err);
    symlut_status status = copy_header(model, header) ? SYMLUT_OK : error_memory(err);
    for (size_t k = 0; status == SYMLUT_OK && k < header->output_count; k++) {
        size_t row;
        status = front_choose(&row, f, k, rule, err);
        if (status == SYMLUT_OK)
            model->outputs[k] = expr_copy(&model->memory, f->outputs[k].rows[row].e);
    }
    if (status == SYMLUT_OK && model->memory.failed)
        status = error_memory(err);
    if (status == SYMLUT_OK)
        *out = model;
    else
        symlut_model_free(model);
    return status;
}

/* ---------------------------------------------------------------- writing */

static void csv_cell(text *t, const char *cell)
{
    if (!*cell || (!strpbrk(cell, ",\"\r\n") && *cell != ' ')) {
        text_append(t, cell);
        return;
    }
    text_append(t, "\"");
    for (; *cell; cell++)
        text_append_n(t, *cell == '"' ? "\"\"" : cell, *cell == '"' ? 2 : 1);
    text_append(t, "\"");
}

static void print_into(text *t, text *scratch, expr e, const expr_names *names,
                       void (*cell)(text *, const char *))
{
    scratch->length = 0;
    expr_print(scratch, e, names, SYMLUT_PRINT_INFIX, 17);
    if (scratch->failed || !scratch->data)
        t->failed = true;
    else
        cell(t, scratch->data);
}

static symlut_status write_text(text *t, const char *path, symlut_error *err)
{
    symlut_status status =
        t->failed ? error_memory(err) : file_write(path, t->data, t->length, err);
    text_free(t);
    return status;
}

static bool has_inner(const front *f)
{
    for (size_t k = 0; k < f->header->output_count; k++)
        for (size_t i = 0; i < f->outputs[k].count; i++)
            if (f->outputs[k].rows[i].inner)
                return true;
    return false;
}

symlut_status front_write_csv(const front *f, const char *path, symlut_error *err)
{
    text t = {0}, scratch = {0};
    arena memory = {0};
    const symlut_model *header = f->header;
    expr_names names = {model_input_names(&memory, header), header->input_count};
    t.failed = !names.names;
    bool inner = has_inner(f);
    text_printf(&t, "output,complexity,loss,score,equation%s\n", inner ? ",inner" : "");
    for (size_t k = 0; k < header->output_count; k++) {
        for (size_t i = 0; i < f->outputs[k].count; i++) {
            const front_row *row = &f->outputs[k].rows[i];
            double numbers[] = {row->complexity, row->loss, row->score};
            csv_cell(&t, header->output_names[k]);
            for (size_t n = 0; n < 3; n++) {
                text_append(&t, ",");
                text_number(&t, numbers[n], 17);
            }
            text_append(&t, ",");
            print_into(&t, &scratch, row->e, &names, csv_cell);
            if (inner) {
                text_append(&t, ",");
                csv_cell(&t, row->inner ? row->inner : "");
            }
            text_append(&t, "\n");
        }
    }
    text_free(&scratch);
    arena_free(&memory);
    return write_text(&t, path, err);
}

/* JSON has no infinity: null. */
static void json_number(text *t, const char *key, double value)
{
    text_printf(t, "\"%s\": ", key);
    if (isfinite(value))
        text_number(t, value, 17);
    else
        text_append(t, "null");
}

/* f: NULL for one equation per output. */
static void json_header(text *t, const symlut_model *m, const front *f)
{
    text_append(t, "{\n  \"format\": \"symlut-model\",\n  \"version\": 1,\n  \"task\": ");
    text_append(t, m->task == SYMLUT_CLASSIFICATION ? "\"classification\"" : "\"regression\"");
    text_append(t, ",\n  \"target\": ");
    text_json_string(t, m->target_name);
    text_append(t, ",\n  \"data_hash\": ");
    text_json_string(t, m->data_hash);
    /* A string: many readers keep only 53 bits of a number. */
    text_printf(t, ",\n  \"seed\": \"%llu\",\n", (unsigned long long)m->seed);
    if (f && f->likelihood != LIKELIHOOD_UNKNOWN) {
        text_printf(t, "  \"likelihood\": {\"kind\": \"%s\", ", likelihood_name(f->likelihood));
        json_number(t, "rows", f->rows);
        text_append(t, "},\n");
    }
    text_append(t, "  \"inputs\": [");
    for (size_t i = 0; i < m->input_count; i++) {
        const model_input *in = &m->inputs[i];
        bool ranged = in->low <= in->high && isfinite(in->low) && isfinite(in->high);
        text_append(t, i ? ",\n    {\"name\": " : "\n    {\"name\": ");
        text_json_string(t, in->name);
        text_append(t, ", ");
        json_number(t, "mean", in->mean);
        text_append(t, ", ");
        json_number(t, "scale", in->scale);
        text_append(t, ", ");
        json_number(t, "low", ranged ? in->low : (double)NAN);
        text_append(t, ", ");
        json_number(t, "high", ranged ? in->high : (double)NAN);
        text_append(t, "}");
    }
    text_append(t, m->input_count ? "\n  ],\n  \"outputs\": [" : "],\n  \"outputs\": [");
}

static void json_front(text *t, text *scratch, const front_output *o, const expr_names *names)
{
    text_printf(t, ", \"selected\": %zu, \"front\": [", o->selected);
    for (size_t i = 0; i < o->count; i++) {
        const front_row *row = &o->rows[i];
        text_append(t, i ? ",\n      {" : "\n      {");
        json_number(t, "complexity", row->complexity);
        text_append(t, ", ");
        json_number(t, "loss", row->loss);
        text_append(t, ", ");
        json_number(t, "score", row->score);
        text_append(t, ", \"equation\": ");
        print_into(t, scratch, row->e, names, text_json_string);
        if (row->inner) {
            text_append(t, ", \"inner\": ");
            text_json_string(t, row->inner);
        }
        text_append(t, "}");
    }
    text_append(t, "\n    ]");
}

/* f: the fronts, or NULL for one equation per output. */
static symlut_status write_json(const symlut_model *m, const front *f, const char *path,
                                symlut_error *err)
{
    text t = {0}, scratch = {0};
    arena memory = {0};
    expr_names names = {model_input_names(&memory, m), m->input_count};
    t.failed = !names.names;
    json_header(&t, m, f);
    for (size_t k = 0; k < m->output_count; k++) {
        text_append(&t, k ? ",\n    {\"name\": " : "\n    {\"name\": ");
        text_json_string(&t, m->output_names[k]);
        if (f) {
            json_front(&t, &scratch, &f->outputs[k], &names);
        } else {
            text_append(&t, ", \"equation\": ");
            print_into(&t, &scratch, m->outputs[k], &names, text_json_string);
        }
        text_append(&t, "}");
    }
    text_append(&t, "\n  ]\n}\n");
    text_free(&scratch);
    arena_free(&memory);
    return write_text(&t, path, err);
}

symlut_status front_write_json(const front *f, const char *path, symlut_error *err)
{
    return write_json(f->header, f, path, err);
}

symlut_status model_write(const symlut_model *model, const char *path, symlut_error *err)
{
    return write_json(model, NULL, path, err);
}
