/* Equations as text: a file of `name = expression` lines, or a CSV with a column of expressions
 * (PySR's hall of fame, our front.csv, a table of classes). */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/csv.h"
#include "data/number.h"
#include "expr/load.h"

bool source_add(source_list *list, source_equation equation)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 16;
        source_equation *items = ARENA_ARRAY(list->memory, source_equation, capacity);
        if (!items)
            return false;
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = equation;
    return true;
}

/* ---------------------------------------------------------------- text file */

typedef struct line_reader {
    source_list *list;
    const char *file;
    const char *start, *end; /* of the line, its comment left out */
    long line;
    symlut_error *err;
} line_reader;

static symlut_status line_error(const line_reader *r, const char *at, const char *message)
{
    error_at(r->err, SYMLUT_BAD_INPUT, r->file, r->line, at - r->start + 1, "%s", message);
    error_source(r->err, r->start, strcspn(r->start, "\r\n"));
    return SYMLUT_BAD_INPUT;
}

/* The '=' of an assignment: no part of <= or >=, not inside backquotes. */
static const char *find_assignment(const char *start, const char *end)
{
    bool quoted = false;
    for (const char *p = start; p < end; p++) {
        quoted = quoted != (*p == '`');
        if (*p == '=' && !quoted && (p == start || (p[-1] != '<' && p[-1] != '>')))
            return p;
    }
    return NULL;
}

static void trim(const char **start, const char **end)
{
    while (*start < *end && isspace((unsigned char)**start))
        (*start)++;
    while (*start < *end && isspace((unsigned char)(*end)[-1]))
        (*end)--;
}

static symlut_status read_output_name(const line_reader *r, const char *equals, const char **name)
{
    const char *start = r->start, *end = equals;
    trim(&start, &end);
    bool quoted = end - start > 2 && *start == '`' && end[-1] == '`';
    if (quoted) {
        start++;
        end--;
    }
    char *copy = arena_strndup(r->list->memory, start, (size_t)(end - start));
    if (!copy)
        return error_memory(r->err);
    if (start == end)
        return line_error(r, start, "no name before '='; write: name = expression");
    if (quoted ? strchr(copy, '`') != NULL : !expr_is_identifier(copy))
        return line_error(r, start,
                          "expected a name before '='; one with other signs than letters, "
                          "digits, '_' and '.' stands between backquotes");
    for (size_t i = 0; i < r->list->count; i++) {
        if (strcmp(r->list->items[i].output, copy) != 0)
            continue;
        char message[256];
        snprintf(message, sizeof message, "output '%.100s' is given twice, first in line %ld", copy,
                 r->list->items[i].line);
        return line_error(r, start, message);
    }
    *name = copy;
    return SYMLUT_OK;
}

/* `name(a, b) = expression`, for the lines after it. */
static symlut_status define_function(const line_reader *r, const char *start, size_t length)
{
    source_list *list = r->list;
    if (!list->functions)
        list->functions = ARENA_NEW(list->memory, expr_functions);
    if (!list->functions)
        return error_memory(r->err);
    return function_define(list->functions, list->memory, start, length, r->start, r->file, r->line,
                           r->err);
}

static symlut_status read_equation_line(const line_reader *r)
{
    source_list *list = r->list;
    const char *start = r->start, *end = r->end, *name = NULL;
    trim(&start, &end);
    if (start == end)
        return SYMLUT_OK;
    if (function_measure(start) > 0)
        return define_function(r, start, (size_t)(end - start));
    const char *equals = find_assignment(start, end);
    if (equals) {
        symlut_status status = read_output_name(r, equals, &name);
        if (status != SYMLUT_OK)
            return status;
        start = equals + 1;
        trim(&start, &end);
        if (start >= end)
            return line_error(r, equals, "no expression after '='");
    } else {
        name = arena_printf(list->memory, "y%zu", list->count);
    }
    source_equation equation = {
        .output = name,
        .text = arena_strndup(list->memory, start, (size_t)(end - start)),
        .file = r->file,
        .line = r->line,
        .column = start - r->start + 1,
        .source = r->start,
    };
    if (!name || !equation.text || !source_add(list, equation))
        return error_memory(r->err);
    return SYMLUT_OK;
}

static const char *comment_or_end(const char *p)
{
    for (bool quoted = false; *p && *p != '\n'; p++) {
        quoted = quoted != (*p == '`');
        if (*p == '#' && !quoted)
            break;
    }
    return p;
}

symlut_status equations_parse(source_list *list, const char *file, const char *content,
                              size_t length, symlut_error *err)
{
    if (strlen(content) != length)
        return error_at(err, SYMLUT_BAD_INPUT, file, 0, 0,
                        "is no text (it holds a NUL byte); expected one equation per line");
    const char *p = strncmp(content, "\xEF\xBB\xBF", 3) == 0 ? content + 3 : content;
    for (long line = 1; *p; line++) {
        line_reader r = {list, file, p, comment_or_end(p), line, err};
        symlut_status status = read_equation_line(&r);
        if (status != SYMLUT_OK)
            return status;
        p = r.end + strcspn(r.end, "\n");
        p += *p == '\n';
    }
    if (list->count == 0)
        return error_at(err, SYMLUT_BAD_INPUT, file, 0, 0,
                        "holds no equation; expected lines like: y = 2*x0 + sin(x1)");
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- CSV */

enum { COLUMN_EQUATION, COLUMN_OUTPUT, COLUMN_COMPLEXITY, COLUMN_LOSS, COLUMN_COUNT };

typedef struct table_reader {
    source_list *list;
    const char *path;
    const char *output;
    size_t columns;         /* of the header; 0: not read yet */
    long at[COLUMN_COUNT];  /* -1: none */
    const char *line_start; /* of line number `line` */
    long line;
} table_reader;

static int column_meaning(const char *name)
{
    static const struct {
        const char *name;
        int meaning;
    } known[] = {
        {"equation", COLUMN_EQUATION}, {"expression", COLUMN_EQUATION},
        {"output", COLUMN_OUTPUT},     {"class", COLUMN_OUTPUT},
        {"name", COLUMN_OUTPUT},       {"complexity", COLUMN_COMPLEXITY},
        {"loss", COLUMN_LOSS},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcasecmp(known[i].name, name) == 0)
            return known[i].meaning;
    return -1;
}

bool equation_table_detect(const char *content)
{
    const char *p = strncmp(content, "\xEF\xBB\xBF", 3) == 0 ? content + 3 : content;
    const char *line_end = p + strcspn(p, "\r\n");
    size_t cells = 0;
    bool found = false;
    while (p < line_end) {
        const char *end = p + strcspn(p, ",;\t\r\n"), *a = p, *b = end;
        char name[32];
        trim(&a, &b);
        if (b - a > 2 && *a == '"' && b[-1] == '"') {
            a++;
            b--;
        }
        snprintf(name, sizeof name, "%.*s", (int)(b - a < 31 ? b - a : 31), a);
        found = found || column_meaning(name) == COLUMN_EQUATION;
        cells++;
        p = end + 1;
    }
    return found && cells > 1;
}

static symlut_status read_table_header(table_reader *r, const char *const *cells, size_t count,
                                       long line, symlut_error *err)
{
    r->columns = count;
    for (int i = 0; i < COLUMN_COUNT; i++)
        r->at[i] = -1;
    for (size_t i = 0; i < count; i++) {
        int meaning = column_meaning(cells[i]);
        if (meaning < 0)
            continue;
        if (r->at[meaning] >= 0)
            return error_at(err, SYMLUT_BAD_INPUT, r->path, line, 0,
                            "columns '%s' and '%s' mean the same; leave one out",
                            cells[r->at[meaning]], cells[i]);
        r->at[meaning] = (long)i;
        r->list->classes = r->list->classes || strcasecmp(cells[i], "class") == 0;
    }
    if (r->at[COLUMN_EQUATION] < 0)
        return error_at(err, SYMLUT_BAD_INPUT, r->path, line, 0,
                        "no column 'equation' or 'expression' in the header");
    r->list->fronts = r->at[COLUMN_COMPLEXITY] >= 0 && r->at[COLUMN_LOSS] >= 0;
    return SYMLUT_OK;
}

static symlut_status read_table_number(const table_reader *r, const char *const *cells, int meaning,
                                       long line, double *value, symlut_error *err)
{
    const char *cell = cells[r->at[meaning]];
    if (cell_parse(value, cell, strlen(cell)) != CELL_NUMBER)
        return error_at(err, SYMLUT_BAD_INPUT, r->path, line, 0,
                        "the %s is '%.100s', expected a number",
                        meaning == COLUMN_LOSS ? "loss" : "complexity", cell);
    return SYMLUT_OK;
}

/* Where the cell stands in the raw line; left unknown when it spans lines or holds quotes. */
static void locate(table_reader *r, source_equation *equation)
{
    while (r->line < equation->line && *r->line_start) {
        r->line_start += strcspn(r->line_start, "\n");
        r->line_start += *r->line_start == '\n';
        r->line++;
    }
    size_t length = strcspn(r->line_start, "\r\n"), wanted = strlen(equation->text);
    const char *found = wanted ? memmem(r->line_start, length, equation->text, wanted) : NULL;
    if (found) {
        equation->column = found - r->line_start + 1;
        equation->source = r->line_start;
    }
}

static symlut_status read_table_row(void *context, const char *const *cells, size_t count,
                                    long line, symlut_error *err)
{
    table_reader *r = context;
    source_list *list = r->list;
    if (r->columns == 0)
        return read_table_header(r, cells, count, line, err);
    if (count != r->columns)
        return error_at(err, SYMLUT_BAD_INPUT, r->path, line, 0,
                        "this row has %zu cells, expected %zu as in the header; an equation with a "
                        "comma stands between quotes",
                        count, r->columns);
    source_equation e = {.file = r->path, .line = line};
    symlut_status status = SYMLUT_OK;
    if (list->fronts)
        status = read_table_number(r, cells, COLUMN_COMPLEXITY, line, &e.complexity, err);
    if (list->fronts && status == SYMLUT_OK)
        status = read_table_number(r, cells, COLUMN_LOSS, line, &e.loss, err);
    if (status != SYMLUT_OK)
        return status;
    if (r->at[COLUMN_OUTPUT] >= 0)
        e.output = arena_strdup(list->memory, cells[r->at[COLUMN_OUTPUT]]);
    else if (list->fronts)
        e.output = arena_strdup(list->memory, r->output);
    else
        e.output = arena_printf(list->memory, "y%zu", list->count);
    e.text = arena_strdup(list->memory, cells[r->at[COLUMN_EQUATION]]);
    if (!e.output || !e.text)
        return error_memory(err);
    if (!*e.output)
        return error_at(err, SYMLUT_BAD_INPUT, r->path, line, 0, "this output has no name");
    locate(r, &e);
    return source_add(list, e) ? SYMLUT_OK : error_memory(err);
}

symlut_status equation_table_read(source_list *list, const char *path, const char *content,
                                  const char *output, symlut_error *err)
{
    table_reader r = {
        .list = list, .path = path, .output = output, .line_start = content, .line = 1};
    size_t before = list->count;
    symlut_status status = csv_each_row(path, read_table_row, &r, err);
    if (status == SYMLUT_OK && list->count == before)
        status = error_at(err, SYMLUT_BAD_INPUT, path, 0, 0, "holds no equation below its header");
    return status;
}
