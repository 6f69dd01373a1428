/* ARFF, as OpenML serves it: @relation, @attribute lines, @data and rows of cells. Numbers are
 * features, nominal values and strings can be the target. Sparse rows are refused. */
#include "data/table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BUFFER_START = 1 << 18, LINE_MAX_BYTES = 1 << 26 };

typedef struct arff_reader {
    table *table;
    source *source;
    char *buffer; /* [capacity + 1] */
    size_t capacity, at, end;
    bool ended;
    char *line; /* terminated by a NUL, without its end */
    size_t length;
    long number;     /* of the line */
    char shown[256]; /* the line for errors: words are taken apart in the line itself */
    arena names;     /* of the attributes */
    const char **attributes;
    bool *nominal;
    size_t count, room;
} arff_reader;

/* ---- lines */

static symlut_status read_more(arff_reader *r, symlut_error *err)
{
    memmove(r->buffer, r->buffer + r->at, r->end - r->at);
    r->end -= r->at;
    r->at = 0;
    if (r->end == r->capacity) {
        if (r->capacity >= LINE_MAX_BYTES)
            return table_error(r->table, &(place){.line = r->number + 1, .column = 1}, err,
                               "a line is longer than %d bytes", LINE_MAX_BYTES);
        char *grown = realloc(r->buffer, 2 * r->capacity + 1);
        if (!grown)
            return error_memory(err);
        r->buffer = grown;
        r->capacity *= 2;
    }
    size_t room = r->capacity - r->end, got = source_read(r->source, r->buffer + r->end, room);
    r->end += got;
    r->ended = got < room;
    return SYMLUT_OK;
}

/* False: the end, or *status tells. */
static bool next_line(arff_reader *r, symlut_status *status, symlut_error *err)
{
    *status = SYMLUT_OK;
    for (size_t looked = 0;;) {
        char *start = r->buffer + r->at;
        char *newline = memchr(start + looked, '\n', r->end - r->at - looked);
        if (!newline && !r->ended) {
            looked = r->end - r->at;
            *status = read_more(r, err);
            if (*status != SYMLUT_OK)
                return false;
            continue;
        }
        if (!newline && r->at == r->end)
            return false;
        r->line = start;
        r->length = newline ? (size_t)(newline - start) : r->end - r->at;
        r->at += r->length + (newline != NULL);
        if (r->length > 0 && start[r->length - 1] == '\r')
            r->length--;
        start[r->length] = '\0';
        size_t shown = r->length < sizeof r->shown - 1 ? r->length : sizeof r->shown - 1;
        memcpy(r->shown, start, shown);
        r->shown[shown] = '\0';
        r->number++;
        return true;
    }
}

static place place_of(const arff_reader *r, const char *p)
{
    return (place){.line = r->number,
                   .column = (long)(p - r->line) + 1,
                   .source = r->shown,
                   .source_length = strlen(r->shown)};
}

/* ---- words */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* The word at *p: quoted, with backslashes before quotes, or up to a byte of `stops`. The text of
 * a quoted word is moved together in the line itself. NULL: the quote is not closed. */
static char *take_word(char **p, const char *stops, size_t *length)
{
    while (is_blank(**p))
        ++*p;
    char *start = *p, quote = **p;
    if (quote != '\'' && quote != '"') {
        *length = strcspn(start, stops);
        *p = start + *length;
        while (*length > 0 && is_blank(start[*length - 1]))
            --*length;
        return start;
    }
    char *out = start;
    for (++*p; **p != quote; ++*p) {
        if (**p == '\\' && (*p)[1])
            ++*p;
        if (!**p)
            return NULL;
        *out++ = **p;
    }
    ++*p;
    *length = (size_t)(out - start);
    return start;
}

static symlut_status open_quote(const arff_reader *r, const char *p, symlut_error *err)
{
    place at = place_of(r, p);
    return table_error(r->table, &at, err, "the quote that opens here is not closed in its line");
}

/* ---- header */

static bool is_keyword(const char *line, const char *word)
{
    size_t n = strlen(word);
    return strncasecmp(line, word, n) == 0 && (is_blank(line[n]) || line[n] == '\0');
}

static symlut_status add_attribute(arff_reader *r, const char *name, size_t length, bool nominal,
                                   symlut_error *err)
{
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 64;
        const char **names = realloc(r->attributes, room * sizeof *names);
        if (names)
            r->attributes = names;
        bool *flags = realloc(r->nominal, room * sizeof *flags);
        if (flags)
            r->nominal = flags;
        if (!names || !flags)
            return error_memory(err);
        r->room = room;
    }
    char *copy = arena_strndup(&r->names, name, length);
    if (!copy)
        return error_memory(err);
    r->attributes[r->count] = copy;
    r->nominal[r->count++] = nominal;
    return SYMLUT_OK;
}

static symlut_status read_attribute(arff_reader *r, char *p, symlut_error *err)
{
    static const char *const types[] = {"numeric", "real", "integer", "string", "date"};
    size_t length;
    char *start = p, *name = take_word(&p, " \t{", &length);
    if (!name)
        return open_quote(r, start, err);
    while (is_blank(*p))
        p++;
    place at = place_of(r, p);
    if (length == 0)
        return table_error(r->table, &at, err, "an attribute without a name");
    if (*p == '{')
        return add_attribute(r, name, length, true, err);
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        if (is_keyword(p, types[i]))
            return add_attribute(r, name, length, false, err);
    }
    return table_error(r->table, &at, err,
                       "attribute '%.*s' is of type '%.40s', expected numeric, real, integer, "
                       "string, date or {values}",
                       (int)(length < 40 ? length : 40), name, p);
}

static symlut_status read_header(arff_reader *r, symlut_error *err)
{
    symlut_status status;
    while (next_line(r, &status, err)) {
        char *p = r->line;
        if (r->number == 1 && strncmp(p, "\xEF\xBB\xBF", 3) == 0)
            p += 3;
        while (is_blank(*p))
            p++;
        if (*p == '\0' || *p == '%' || is_keyword(p, "@relation"))
            continue;
        if (is_keyword(p, "@data")) {
            if (r->count > 0)
                return SYMLUT_OK;
            place at = place_of(r, p);
            return table_error(r->table, &at, err, "@data before any @attribute");
        }
        place at = place_of(r, p);
        if (!is_keyword(p, "@attribute"))
            return table_error(r->table, &at, err,
                               "'%.40s' in the header, expected @relation, @attribute or @data", p);
        status = read_attribute(r, p + strlen("@attribute"), err);
        if (status != SYMLUT_OK)
            return status;
    }
    return status != SYMLUT_OK ? status
                               : table_error(r->table, NULL, err, "ends before its @data line");
}

/* ---- rows */

static symlut_status read_row(arff_reader *r, char *p, symlut_error *err)
{
    table *t = r->table;
    if (*p == '{') {
        place at = place_of(r, p);
        return table_error(t, &at, err,
                           "a sparse row, which is not read: save the data set in its dense form");
    }
    for (size_t i = 0;; i++) {
        size_t length;
        char *start = p, *text = take_word(&p, ",", &length);
        if (!text)
            return open_quote(r, start, err);
        place at = place_of(r, start);
        while (is_blank(*p))
            p++;
        char after = *p;
        if (after != ',' && after != '\0')
            return table_error(t, &at, err, "text follows the closing quote of this cell");
        if (i < t->count) {
            text[length] = '\0'; /* a number must end where its cell does */
            symlut_status status = table_cell(t, i, text, length, &at, err);
            if (status != SYMLUT_OK)
                return status;
        }
        if (after == '\0' && i + 1 == t->count)
            return SYMLUT_OK;
        if (i == t->count)
            return table_error(t, &at, err,
                               "this row has more than %zu cells, one for each "
                               "attribute",
                               t->count);
        if (after == '\0')
            return table_error(t, &at, err,
                               "this row has %zu cell%s, expected %zu, one for each "
                               "attribute",
                               i + 1, i ? "s" : "", t->count);
        p++;
    }
}

static symlut_status read_rows(arff_reader *r, symlut_error *err)
{
    table *t = r->table;
    symlut_status status;
    while (next_line(r, &status, err)) {
        char *p = r->line;
        while (is_blank(*p))
            p++;
        if (*p == '\0' || *p == '%')
            continue;
        if (t->rows == t->capacity)
            status = table_reserve(t, t->capacity ? 2 * t->capacity : 1024, err);
        if (status == SYMLUT_OK)
            status = read_row(r, p, err);
        if (status != SYMLUT_OK)
            return status;
        t->rows++;
    }
    if (status == SYMLUT_OK && t->rows == 0)
        status = table_error(t, NULL, err, "holds no rows after @data");
    return status;
}

symlut_status arff_read(table *t, source *s, symlut_error *err)
{
    arff_reader r = {.table = t, .source = s, .capacity = BUFFER_START};
    r.buffer = malloc(r.capacity + 1);
    symlut_status status = r.buffer ? read_header(&r, err) : error_memory(err);
    if (status == SYMLUT_OK)
        status = table_set_columns(t, r.attributes, r.count, r.count - 1, NULL, err);
    if (status == SYMLUT_OK) {
        t->nominal = t->target != NO_COLUMN && r.nominal[t->target];
        status = read_rows(&r, err);
    }
    free(r.buffer);
    free(r.attributes);
    free(r.nominal);
    arena_free(&r.names);
    return status;
}
