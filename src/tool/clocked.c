#include "tool/clocked.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/rng.h"

/* Clocks before the first event */
enum { WARM_UP = 20 };

static void append_bits(char **at, int64_t value, int width)
{
    for (int k = width - 1; k >= 0; k--)
        *(*at)++ = (uint64_t)value >> k & 1 ? '1' : '0';
}

int clocked_width(const graph_port *ports, uint32_t count)
{
    int width = 0;
    for (uint32_t i = 0; i < count; i++)
        width += ports[i].fmt.width;
    return width;
}

static void append_clock(const form_run *run, char *line, bool send, size_t row, rng *noise)
{
    const graph *g = run->fw->g;
    *line++ = send ? '1' : '0';
    for (uint32_t k = 0; k < g->input_count; k++)
        append_bits(&line, send ? run->v->in[k * run->v->rows + row] : (int64_t)rng_next(noise),
                    g->inputs[k].fmt.width);
    *line = '\n';
}

symlut_status clocked_write(clocked_stimulus *s, const form_run *run, const char *path,
                            symlut_error *err)
{
    const graph *g = run->fw->g;
    size_t rows = form_rows(run), line = (size_t)clocked_width(g->inputs, g->input_count) + 2;
    rng r = rng_make(1, 0);
    size_t room = 2 * rows + 4 * (size_t)g->latency + 200;
    char *data = buffer_alloc(room * line, 1);
    s->sent = buffer_alloc(rows + 1, sizeof *s->sent);
    if (!data || !s->sent) {
        free(data);
        return error_memory(err);
    }
    size_t next = 0, idle = 0, quiet = (size_t)(2 * g->latency + 100);
    size_t start = (size_t)(g->latency + WARM_UP), clock = 0;
    for (; idle < quiet; clock++) {
        /* the room left decides when gaps have to end */
        bool gap = rng_below(&r, 4) == 0 && clock + (rows - next) + quiet + 1 < room;
        bool send = clock > start && next < rows && !gap;
        append_clock(run, data + clock * line, send, send ? form_row(run, next) : 0, &r);
        if (send)
            s->sent[next++] = (long)clock;
        idle = next == rows ? idle + 1 : 0;
    }
    s->clocks = (long)clock;
    symlut_status status = file_write(path, data, clock * line, err);
    free(data);
    return status;
}

/* One event's outputs; NULL, or which character is no bit. */
static const char *read_event(form_run *run, const char *line, size_t row)
{
    const graph *g = run->fw->g;
    for (uint32_t k = 0; k < g->output_count; k++) {
        format f = g->outputs[k].fmt;
        uint64_t value = 0;
        for (int b = 0; b < f.width; b++, line++) {
            if (*line != '0' && *line != '1')
                return line;
            value = value << 1 | (uint64_t)(*line == '1');
        }
        if (f.is_signed && value >> (f.width - 1) & 1 && f.width < 64)
            value |= UINT64_MAX << f.width;
        run->out[k * run->v->rows + row] = (int64_t)value;
    }
    return NULL;
}

/* The answer line of one clock. */
static symlut_status take_clock(form_run *run, const clocked_stimulus *s, const char *line,
                                size_t length, long clock, size_t *received, const char *form,
                                symlut_error *err)
{
    const graph *g = run->fw->g;
    if (length == 1 && line[0] == '0')
        return SYMLUT_OK;
    if (length != (size_t)clocked_width(g->outputs, g->output_count) + 1)
        return error_set(err, SYMLUT_TOOL, "%s: the bench wrote a line of %zu characters", form,
                         length);
    if (line[0] != '1')
        return error_set(err, SYMLUT_NO, "%s: valid_out is '%c' at clock %ld", form, line[0],
                         clock);
    if (*received == form_rows(run) || s->sent[*received] > clock)
        return error_set(err, SYMLUT_NO, "%s: valid_out without an event at clock %ld", form,
                         clock);
    long clocks = clock - s->sent[*received];
    if (run->latency >= 0 && clocks != run->latency)
        return error_set(err, SYMLUT_NO, "%s: vector %zu took %ld clocks, the ones before it %ld",
                         form, *received, clocks, run->latency);
    run->latency = clocks;
    const char *wrong = read_event(run, line + 1, form_row(run, *received));
    if (wrong)
        return error_set(err, SYMLUT_NO, "%s: an output bit of vector %zu is '%c'", form, *received,
                         *wrong);
    ++*received;
    return SYMLUT_OK;
}

symlut_status clocked_read(form_run *run, const clocked_stimulus *s, const char *form,
                           const char *path, symlut_error *err)
{
    char *data;
    size_t length, received = 0, rows = run->v->rows;
    symlut_status status = file_read(&data, &length, path, err);
    if (status != SYMLUT_OK)
        return status;
    run->out = buffer_alloc(rows * run->fw->g->output_count + 1, sizeof *run->out);
    if (!run->out)
        status = error_memory(err);
    long clock = 0;
    for (const char *p = data; status == SYMLUT_OK && *p; clock++) {
        size_t n = strcspn(p, "\n");
        status = take_clock(run, s, p, n, clock, &received, form, err);
        p += n + (p[n] == '\n');
    }
    free(data);
    if (status != SYMLUT_OK)
        return status;
    if (clock != s->clocks)
        return error_set(err, SYMLUT_TOOL, "%s: the bench ran %ld clocks, expected %ld", form,
                         clock, s->clocks);
    if (received != form_rows(run))
        return error_set(err, SYMLUT_NO, "%s: %zu of %zu events never came out", form,
                         form_rows(run) - received, form_rows(run));
    if (received && run->latency != run->fw->g->latency)
        return error_set(err, SYMLUT_NO,
                         "%s: results come %ld clocks after their inputs, expected %d", form,
                         run->latency, run->fw->g->latency);
    return SYMLUT_OK;
}
