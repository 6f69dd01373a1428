/* CSV: one row a record, cells between commas, semicolons or tabs.
 *
 * The file is streamed: only the text of a few records is held. A record is parsed where it lies
 * in the buffer; when it runs past what has been read, more is read and the record is begun again,
 * which is why nothing is counted before a record is complete. */
#include "data/csv.h"

#include "data/number.h"
#include "data/table.h"

#include <stdlib.h>
#include <string.h>

enum { BUFFER_START = 1 << 20, RECORD_MAX = 1 << 26 };

typedef struct csv_reader {
    table *table;
    source *source;
    char *buffer; /* [capacity + 1], buffer[end] is always NUL */
    size_t capacity, at, end;
    bool ended; /* buffer[end] is the end of the file */
    char separator;
    bool tail;          /* every line ends with a separator too many */
    long line;          /* number of the line at `at` */
    unsigned long used; /* bytes of data records parsed, for guessing the number of rows */
    char *decoded;      /* [decoded_capacity] text of a quoted cell */
    size_t decoded_capacity;
} csv_reader;

/* What stands after a cell. */
typedef enum cell_end {
    END_CELL,   /* a separator: another cell follows */
    END_RECORD, /* a line end or the end of the file */
    END_MORE,   /* not known before more is read */
    END_QUOTE,  /* the quote at the cell's start is never closed */
    END_TEXT,   /* text follows the closing quote */
    END_MEMORY
} cell_end;

typedef struct cell {
    const char *start; /* in the buffer, with its quotes */
    const char *text;  /* what it says */
    size_t length;
    long line; /* number of its line */
    const char *line_start;
    const char *next; /* where the next cell or record begins */
    long next_line;   /* and its line, */
    const char *next_line_start;
} cell;

/* ---- buffer */

/* Reads on behind the record at r->at. False: nothing could be added. */
static symlut_status read_more(csv_reader *r, symlut_error *err)
{
    size_t held = r->end - r->at;
    memmove(r->buffer, r->buffer + r->at, held);
    r->at = 0;
    r->end = held;
    if (held == r->capacity) {
        if (held >= RECORD_MAX)
            return table_error(r->table, &(place){.line = r->line, .column = 1}, err,
                               "a row is longer than %d bytes: is this a table, or is a quote "
                               "left open?",
                               RECORD_MAX);
        char *grown = realloc(r->buffer, 2 * r->capacity + 1);
        if (!grown)
            return error_memory(err);
        r->buffer = grown;
        r->capacity *= 2;
    }
    size_t room = r->capacity - held;
    size_t got = source_read(r->source, r->buffer + held, room);
    r->end += got;
    r->buffer[r->end] = '\0';
    r->ended = got < room;
    return SYMLUT_OK;
}

/* ---- cells */

static cell_end end_of_line(const csv_reader *r, cell *c, const char *p)
{
    const char *end = r->buffer + r->end;
    c->next_line = c->line;
    c->next_line_start = c->line_start;
    if (p == end) {
        c->next = p;
        return r->ended ? END_RECORD : END_MORE;
    }
    if (*p == r->separator) {
        c->next = p + 1;
        return END_CELL;
    }
    if (*p == '\r' && p + 1 == end && !r->ended)
        return END_MORE; /* a line feed may follow */
    p += *p == '\r' && p[1] == '\n' ? 2 : 1;
    c->next = p;
    c->next_line++;
    c->next_line_start = p;
    return END_RECORD;
}

/* The quoted cell at p, its doubled quotes made single. */
static cell_end quoted_cell(csv_reader *r, cell *c, const char *p)
{
    const char *end = r->buffer + r->end;
    size_t length = 0;
    for (p++; p < end; p++) {
        if (*p == '"' && p + 1 == end && !r->ended)
            return END_MORE;
        if (*p == '"' && p[1] != '"')
            break;
        p += *p == '"';
        if (length == r->decoded_capacity) {
            size_t capacity = 2 * length + 256;
            char *grown = realloc(r->decoded, capacity + 1);
            if (!grown)
                return END_MEMORY;
            r->decoded = grown;
            r->decoded_capacity = capacity;
        }
        r->decoded[length++] = *p;
        if (*p == '\n' || (*p == '\r' && p[1] != '\n')) {
            c->line++;
            c->line_start = p + 1;
        }
    }
    if (p >= end)
        return r->ended ? END_QUOTE : END_MORE;
    if (r->decoded)
        r->decoded[length] = '\0';
    c->text = length ? r->decoded : "";
    c->length = length;
    for (p++; *p == ' ' || (*p == '\t' && r->separator != '\t');)
        p++;
    if (p < end && *p != r->separator && *p != '\n' && *p != '\r')
        return END_TEXT;
    return end_of_line(r, c, p);
}

/* The cell at p. c->line and c->line_start are given and follow the line. */
static cell_end next_cell(csv_reader *r, cell *c, const char *p)
{
    const char *end = r->buffer + r->end;
    c->start = p;
    const char *q = p;
    while (*q == ' ' || (*q == '\t' && r->separator != '\t'))
        q++;
    if (*q == '"')
        return quoted_cell(r, c, q);
    while (p < end && *p != r->separator && *p != '\n' && *p != '\r')
        p++;
    c->text = c->start;
    c->length = (size_t)(p - c->start);
    return end_of_line(r, c, p);
}

/* ---- errors */

static place place_of(const csv_reader *r, const cell *c, const char *line_start, long line)
{
    const char *end = r->buffer + r->end;
    return (place){.line = line,
                   .column = (long)(c->start - line_start) + 1,
                   .source = line_start,
                   .source_length = (size_t)(end - line_start)};
}

static symlut_status bad_cell(csv_reader *r, cell_end how, const place *at, symlut_error *err)
{
    if (how == END_MEMORY)
        return error_memory(err);
    if (how == END_QUOTE)
        return table_error(r->table, at, err, "the quote that opens here is never closed");
    return table_error(r->table, at, err,
                       "text follows the closing quote of this cell, expected '%s' or the end of "
                       "the line (a quote inside a quoted cell is written twice)",
                       r->separator == '\t' ? "a tab" : (char[]){r->separator, '\0'});
}

static symlut_status ragged(const csv_reader *r, size_t found, const place *at, symlut_error *err)
{
    return table_error(r->table, at, err, "this row has %zu cell%s, expected %zu as in the first",
                       found, found == 1 ? "" : "s", r->table->count);
}

/* ---- rows */

/* A number that ends where its cell does, the case worth being quick about. NULL: look closer. */
static const char *quick_number(const csv_reader *r, const char *p, double *value)
{
    while (*p == ' ')
        p++;
    p = number_scan(value, p);
    if (!p)
        return NULL;
    if (*p == r->separator)
        return *value - *value == 0 ? p + 1 : NULL; /* finite */
    return NULL;
}

/* The record at r->at as row t->rows. */
static cell_end read_row(csv_reader *r, symlut_status *status, symlut_error *err)
{
    table *t = r->table;
    const char *line_start = r->buffer + r->at, *p = line_start;
    long line = r->line;
    place surplus = {0};
    *status = SYMLUT_OK;
    for (size_t i = 0;; i++) {
        double value;
        const char *quick = i < t->count && t->columns[i].role == COLUMN_FEATURE
                                ? quick_number(r, p, &value)
                                : NULL;
        if (quick) {
            table_number(t, i, value);
            p = quick;
            continue;
        }
        cell c = {.line = line, .line_start = line_start};
        cell_end how = next_cell(r, &c, p);
        if (how == END_MORE)
            return how;
        place at = place_of(r, &c, line_start, line);
        if (how != END_CELL && how != END_RECORD)
            *status = bad_cell(r, how, &at, err);
        else if (i < t->count)
            *status = table_cell(t, i, c.text, c.length, &at, err);
        if (*status != SYMLUT_OK)
            return how;
        if (i == t->count)
            surplus = at;
        p = c.next;
        line = c.next_line;
        line_start = c.next_line_start;
        if (how == END_CELL)
            continue;
        bool tail = r->tail && i == t->count && (cell_trim(&c.text, &c.length), c.length == 0);
        if (i + 1 != t->count && !tail)
            *status = ragged(r, i + 1, i < t->count ? &at : &surplus, err);
        r->used += (unsigned long)(p - (r->buffer + r->at));
        r->at = (size_t)(p - r->buffer);
        r->line = line;
        return how;
    }
}

/* Skips lines with nothing but blanks; true when a record follows. */
static bool find_record(csv_reader *r, symlut_status *status, symlut_error *err)
{
    for (*status = SYMLUT_OK; *status == SYMLUT_OK;) {
        size_t p = r->at;
        while (r->buffer[p] == ' ')
            p++;
        bool return_at_end = r->buffer[p] == '\r' && p + 1 == r->end;
        if (!r->ended && (p == r->end || return_at_end)) {
            *status = read_more(r, err);
            continue;
        }
        if (p == r->end)
            return false;
        if (r->buffer[p] != '\n' && r->buffer[p] != '\r')
            return true;
        r->at = p + (r->buffer[p] == '\r' && r->buffer[p + 1] == '\n' ? 2 : 1);
        r->line++;
    }
    return false;
}

/* Rows the whole file may have, from those read so far, with some to spare. */
static size_t guess_rows(const csv_reader *r)
{
    size_t rows = r->table->rows;
    if (rows < 256)
        return 1024;
    size_t guess = 0;
    if (r->source->size > r->used)
        guess = (size_t)((double)r->source->size / (double)r->used * (double)rows * 1.02) + 64;
    return guess > rows ? guess : 2 * rows;
}

static symlut_status read_rows(csv_reader *r, symlut_error *err)
{
    table *t = r->table;
    symlut_status status;
    while (find_record(r, &status, err)) {
        if (t->rows == t->capacity)
            status = table_reserve(t, guess_rows(r), err);
        if (status != SYMLUT_OK)
            return status;
        cell_end how = read_row(r, &status, err);
        if (status == SYMLUT_OK && how == END_MORE)
            status = read_more(r, err);
        else
            t->rows++;
        if (status != SYMLUT_OK)
            return status;
    }
    return status;
}

/* ---- the first rows: separator and header */

/* The cells of the record at *p, at most `limit` of them kept as trimmed copies; *p moves behind
 * it. 0: the record does not end inside the buffer, or is malformed. */
static size_t split_record(csv_reader *r, const char **p, const char **texts, size_t limit,
                           arena *memory)
{
    cell c = {.line = 1, .line_start = *p};
    const char *q = *p;
    for (size_t count = 1;; count++) {
        cell_end how = next_cell(r, &c, q);
        if (how != END_CELL && how != END_RECORD)
            return 0;
        if (texts && count <= limit) {
            cell_trim(&c.text, &c.length);
            texts[count - 1] = arena_strndup(memory, c.text, c.length);
        }
        q = c.next;
        if (how == END_RECORD) {
            *p = q;
            return count;
        }
    }
}

/* A separator fits when it cuts the first records into equally many cells, two or more. */
static bool separator_fits(csv_reader *r, char separator, size_t *first_count)
{
    enum { SAMPLE_ROWS = 20 };
    r->separator = separator;
    const char *p = r->buffer + r->at, *end = r->buffer + r->end;
    *first_count = split_record(r, &p, NULL, 0, NULL);
    if (*first_count < 2)
        return false;
    for (int i = 1; i < SAMPLE_ROWS && p < end; i++) {
        const char *start = p;
        size_t count = split_record(r, &p, NULL, 0, NULL);
        if (count == 0)
            break;
        bool blank = strspn(start, " \r\n") >= (size_t)(p - start);
        if (!blank && count != *first_count)
            return false;
    }
    return true;
}

/* Tabs and semicolons are rare inside cells, commas are not: that is the order of preference.
 * When none fits, the one that cuts the first line most often lets the error name the row. */
static void choose_separator(csv_reader *r)
{
    static const char separators[] = {'\t', ';', ','};
    char best = ',';
    size_t most = 0;
    for (size_t i = 0; i < sizeof separators; i++) {
        size_t count;
        if (separator_fits(r, separators[i], &count))
            return;
        if (count > most) {
            most = count;
            best = separators[i];
        }
    }
    r->separator = best;
}

/* Whether the last cell of a first row like `1.5,2,setosa` is a class that shows again below. */
static bool label_returns(csv_reader *r, const char *p, const char *label, size_t count,
                          arena *memory)
{
    const char *end = r->buffer + r->end;
    const char **texts = ARENA_ARRAY(memory, const char *, count);
    for (int i = 0; texts && i < 1000 && p < end; i++) {
        if (split_record(r, &p, texts, count, memory) != count)
            continue;
        if (texts[count - 1] && strcmp(texts[count - 1], label) == 0)
            return true;
    }
    return false;
}

static bool is_header(csv_reader *r, const char *next, const char *const *texts, size_t count,
                      arena *memory)
{
    size_t kinds[3] = {0};
    cell_kind last = CELL_TEXT;
    for (size_t i = 0; i < count; i++) {
        double value;
        last = cell_parse(&value, texts[i], strlen(texts[i]));
        kinds[last]++;
    }
    if (kinds[CELL_NUMBER] > 0 && kinds[CELL_TEXT] == 0)
        return false;
    if (count > 1 && kinds[CELL_NUMBER] == count - 1 && last == CELL_TEXT)
        return !label_returns(r, next, texts[count - 1], count, memory);
    return true;
}

/* The record at r->at; cells[*count]. */
static symlut_status read_cells(csv_reader *r, arena *memory, const char ***cells, size_t *count,
                                symlut_error *err)
{
    symlut_status status = SYMLUT_OK;
    const char *p = r->buffer + r->at;
    while ((*count = split_record(r, &p, NULL, 0, NULL)) == 0) {
        if (r->ended) {
            read_row(r, &status, err); /* malformed: a row of no columns tells how */
            return status == SYMLUT_OK ? table_error(r->table, NULL, err, "cannot be read")
                                       : status;
        }
        status = read_more(r, err);
        if (status != SYMLUT_OK)
            return status;
        p = r->buffer + r->at;
    }
    *cells = ARENA_ARRAY(memory, const char *, *count);
    p = r->buffer + r->at;
    if (*cells)
        split_record(r, &p, *cells, *count, memory);
    return memory->failed ? error_memory(err) : SYMLUT_OK;
}

/* Moves behind the record that was just split. */
static void pass_record(csv_reader *r)
{
    const char *start = r->buffer + r->at, *p = start;
    split_record(r, &p, NULL, 0, NULL);
    for (const char *q = start; q < p; q++)
        r->line += *q == '\n' || (*q == '\r' && q[1] != '\n');
    r->at = (size_t)(p - r->buffer);
}

/* Takes the first record as names, or numbers the columns when it is data. */
static symlut_status read_header(csv_reader *r, arena *memory, symlut_error *err)
{
    table *t = r->table;
    const char **texts;
    size_t count;
    symlut_status status = read_cells(r, memory, &texts, &count, err);
    if (status != SYMLUT_OK)
        return status;
    const char *line = r->buffer + r->at, *p = line;
    place at = {.line = r->line, .column = 1, .source = line, .source_length = strlen(line)};
    split_record(r, &p, NULL, 0, NULL);
    bool header = is_header(r, p, texts, count, memory);
    if (memory->failed)
        return error_memory(err);
    r->tail = header && count > 1 && !texts[count - 1][0];
    count -= r->tail;
    if (!header)
        return table_number_columns(t, count, count - 1, err);
    status = table_set_columns(t, texts, count, count - 1, &at, err);
    pass_record(r);
    return status;
}

static symlut_status read_text(csv_reader *r, arena *memory, symlut_error *err)
{
    symlut_status status;
    if (!find_record(r, &status, err))
        return status != SYMLUT_OK
                   ? status
                   : table_error(r->table, NULL, err, "is empty, expected rows of numbers");
    choose_separator(r);
    status = read_header(r, memory, err);
    if (status == SYMLUT_OK)
        status = read_rows(r, err);
    if (status == SYMLUT_OK && r->table->rows == 0)
        status = table_error(r->table, NULL, err, "holds a header and no rows");
    return status;
}

static symlut_status open_text(csv_reader *r, table *t, source *s, symlut_error *err)
{
    *r = (csv_reader){.table = t, .source = s, .capacity = BUFFER_START, .line = 1};
    r->buffer = malloc(r->capacity + 1);
    if (!r->buffer)
        return error_memory(err);
    symlut_status status = read_more(r, err);
    if (status == SYMLUT_OK && r->end >= 3 && memcmp(r->buffer, "\xEF\xBB\xBF", 3) == 0)
        r->at = 3; /* byte order mark */
    return status;
}

static void close_text(csv_reader *r)
{
    free(r->buffer);
    free(r->decoded);
}

symlut_status csv_read(table *t, source *s, symlut_error *err)
{
    csv_reader r;
    arena memory = {0};
    symlut_status status = open_text(&r, t, s, err);
    if (status == SYMLUT_OK)
        status = read_text(&r, &memory, err);
    close_text(&r);
    arena_free(&memory);
    return status;
}

static symlut_status each_row(csv_reader *r, csv_row row, void *context, symlut_error *err)
{
    symlut_status status;
    arena memory = {0};
    bool chosen = false;
    while (find_record(r, &status, err)) {
        if (!chosen)
            choose_separator(r);
        chosen = true;
        const char **cells;
        size_t count;
        status = read_cells(r, &memory, &cells, &count, err);
        if (status == SYMLUT_OK)
            status = row(context, cells, count, r->line, err);
        if (status != SYMLUT_OK)
            break;
        pass_record(r);
        arena_reset(&memory);
    }
    arena_free(&memory);
    return status;
}

symlut_status csv_each_row(const char *path, csv_row row, void *context, symlut_error *err)
{
    const symlut_data_options options = symlut_data_options_defaults();
    table t;
    source s;
    csv_reader r = {0};
    table_init(&t, path, &options, NULL, PART_WHOLE);
    symlut_status status = source_open(&s, path, NULL, err);
    if (status == SYMLUT_OK)
        status = open_text(&r, &t, &s, err);
    if (status == SYMLUT_OK)
        status = each_row(&r, row, context, err);
    if (status == SYMLUT_OK)
        status = source_finish(&s, err);
    close_text(&r);
    source_close(&s);
    return status;
}
