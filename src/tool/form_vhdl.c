/* The VHDL under GHDL. The bench reads one line per clock (valid_in and the bits of all inputs) and
 * writes one (valid_out and, with it, the bits of all outputs); what the lines mean is decided
 * here: random gaps with garbage on the inputs, no reset, registers undefined at the start. */
#include "tool/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/rng.h"

/* Clocks before the first event */
enum { WARM_UP = 20 };

/* GHDL takes some 5 us for each node and vector, so the work is limited to about 20 s: vectors
 * times nodes at most WORK, but at least LEAST and at most MOST vectors. */
enum { WORK = 4000000, LEAST = 2000, MOST = 20000, CORNERS = 4096 };

static size_t vector_limit(const graph *g)
{
    size_t limit = WORK / ((size_t)g->count + 1);
    return limit < LEAST ? LEAST : limit > MOST ? MOST : limit;
}

typedef struct stimulus {
    long *sent; /* [rows] clock in which each vector goes in */
    long clocks;
} stimulus;

static void append_bits(char **at, int64_t value, int width)
{
    for (int k = width - 1; k >= 0; k--)
        *(*at)++ = (uint64_t)value >> k & 1 ? '1' : '0';
}

static int total_width(const graph_port *ports, uint32_t count)
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

/* The rows to run: all, or, where they are too many, the corners (which come first behind
 * the data's rows) and the rest evenly spaced, so that every kind of vector occurs. */
static symlut_status choose_rows(form_run *run, symlut_error *err)
{
    size_t rows = run->v->rows, limit = vector_limit(run->fw->g);
    if (rows <= limit)
        return SYMLUT_OK;
    run->rows = buffer_alloc(limit, sizeof *run->rows);
    if (!run->rows)
        return error_memory(err);
    size_t first = run->raw_rows < rows ? run->raw_rows : 0, n = 0;
    for (size_t i = 0; i < CORNERS && i < limit / 2 && first + i < rows; i++)
        run->rows[n++] = first + i;
    size_t corners = n, rest = limit - n;
    for (size_t i = 0; i < rest; i++) {
        size_t row = (size_t)((double)i / (double)rest * (double)(rows - corners));
        run->rows[n++] = row < first ? row : row + corners; /* no row twice */
    }
    run->row_count = n;
    return SYMLUT_OK;
}

static symlut_status write_stimulus(const form_run *run, stimulus *s, const char *path,
                                    symlut_error *err)
{
    const graph *g = run->fw->g;
    size_t rows = form_rows(run), line = (size_t)total_width(g->inputs, g->input_count) + 2;
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

static void bench_signals(text *t, const symlut_firmware *fw)
{
    const graph *g = fw->g;
    text_printf(t,
                "library ieee;\nuse ieee.std_logic_1164.all;\nuse ieee.numeric_std.all;\n"
                "use std.textio.all;\n\nentity %s_bench is\nend %s_bench;\n\n"
                "architecture bench of %s_bench is\n    signal clk, v, w : std_logic := '0';\n"
                "    signal i : std_logic_vector(1 to %d);\n"
                "    signal o : std_logic_vector(1 to %d);\n",
                fw->name, fw->name, fw->name, total_width(g->inputs, g->input_count) + 1,
                total_width(g->outputs, g->output_count) + 1);
    for (uint32_t k = 0; k < g->input_count; k++)
        text_printf(t, "    signal i%u : %ssigned(%d downto 0);\n", k,
                    g->inputs[k].fmt.is_signed ? "" : "un", g->inputs[k].fmt.width - 1);
    for (uint32_t k = 0; k < g->output_count; k++)
        text_printf(t, "    signal o%u : %ssigned(%d downto 0);\n", k,
                    g->outputs[k].fmt.is_signed ? "" : "un", g->outputs[k].fmt.width - 1);
}

static void bench_wires(text *t, const symlut_firmware *fw)
{
    const graph *g = fw->g;
    text_printf(t,
                "begin\n    dut : entity work.%s port map (clk => clk, valid_in => v, "
                "valid_out => w",
                fw->name);
    for (uint32_t k = 0; k < g->input_count; k++)
        text_printf(t, ",\n        %s => i%u", g->inputs[k].name, k);
    for (uint32_t k = 0; k < g->output_count; k++)
        text_printf(t, ",\n        %s => o%u", g->outputs[k].name, k);
    text_append(t, ");\n");
    int from = 1;
    for (uint32_t k = 0; k < g->input_count; from += g->inputs[k++].fmt.width)
        text_printf(t, "    i%u <= %ssigned(i(%d to %d));\n", k,
                    g->inputs[k].fmt.is_signed ? "" : "un", from,
                    from + g->inputs[k].fmt.width - 1);
    from = 1;
    for (uint32_t k = 0; k < g->output_count; from += g->outputs[k++].fmt.width)
        text_printf(t, "    o(%d to %d) <= std_logic_vector(o%u);\n", from,
                    from + g->outputs[k].fmt.width - 1, k);
}

static const char bench_process[] =
    "    process\n"
    "        file inputs : text open read_mode is \"in\";\n"
    "        file outputs : text open write_mode is \"out\";\n"
    "        type characters is array (std_ulogic) of character;\n"
    "        constant written : characters := \"UX01ZWLH-\";\n"
    "        variable l : line;\n"
    "        variable bits : std_logic_vector(1 to WIDTH_IN);\n"
    "    begin\n"
    "        while not endfile(inputs) loop\n"
    "            readline(inputs, l);\n"
    "            for k in 1 to WIDTH_IN loop\n"
    "                if l(k + 1) = '1' then bits(k) := '1'; else bits(k) := '0'; end if;\n"
    "            end loop;\n"
    "            i(1 to WIDTH_IN) <= bits;\n"
    "            if l(1) = '1' then v <= '1'; else v <= '0'; end if;\n"
    "            deallocate(l);\n"
    "            wait for 1 ns;\n"
    "            if w = '0' then\n"
    "                l := new string'(\"0\");\n"
    "            else\n"
    "                l := new string(1 to WIDTH_OUT + 1);\n"
    "                l(1) := written(w);\n"
    "                for k in 1 to WIDTH_OUT loop\n"
    "                    l(k + 1) := written(o(k));\n"
    "                end loop;\n"
    "            end if;\n"
    "            writeline(outputs, l);\n"
    "            clk <= '1';\n"
    "            wait for 1 ns;\n"
    "            clk <= '0';\n"
    "        end loop;\n"
    "        wait;\n"
    "    end process;\n"
    "end bench;\n";

static symlut_status write_bench(const form_run *run, const char *path, symlut_error *err)
{
    const graph *g = run->fw->g;
    text t = {0};
    bench_signals(&t, run->fw);
    text_printf(&t,
                "    constant WIDTH_IN : natural := %d;\n    constant WIDTH_OUT : natural := %d;\n",
                total_width(g->inputs, g->input_count), total_width(g->outputs, g->output_count));
    bench_wires(&t, run->fw);
    text_append(&t, bench_process);
    symlut_status status = t.failed ? error_memory(err) : file_write(path, t.data, t.length, err);
    text_free(&t);
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
static symlut_status take_clock(form_run *run, const stimulus *s, const char *line, size_t length,
                                long clock, size_t *received, symlut_error *err)
{
    const graph *g = run->fw->g;
    if (length == 1 && line[0] == '0')
        return SYMLUT_OK;
    if (length != (size_t)total_width(g->outputs, g->output_count) + 1)
        return error_set(err, SYMLUT_TOOL, "the VHDL bench wrote a line of %zu characters", length);
    if (line[0] != '1')
        return error_set(err, SYMLUT_NO, "vhdl: valid_out is '%c' at clock %ld", line[0], clock);
    if (*received == form_rows(run) || s->sent[*received] > clock)
        return error_set(err, SYMLUT_NO, "vhdl: valid_out without an event at clock %ld", clock);
    long clocks = clock - s->sent[*received];
    if (run->latency >= 0 && clocks != run->latency)
        return error_set(err, SYMLUT_NO, "vhdl: vector %zu took %ld clocks, the ones before it %ld",
                         *received, clocks, run->latency);
    run->latency = clocks;
    const char *wrong = read_event(run, line + 1, form_row(run, *received));
    if (wrong)
        return error_set(err, SYMLUT_NO, "vhdl: an output bit of vector %zu is '%c'", *received,
                         *wrong);
    ++*received;
    return SYMLUT_OK;
}

static symlut_status read_answers(form_run *run, const stimulus *s, const char *path,
                                  symlut_error *err)
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
        status = take_clock(run, s, p, n, clock, &received, err);
        p += n + (p[n] == '\n');
    }
    free(data);
    if (status != SYMLUT_OK)
        return status;
    if (clock != s->clocks)
        return error_set(err, SYMLUT_TOOL, "the VHDL bench ran %ld clocks, expected %ld", clock,
                         s->clocks);
    if (received != form_rows(run))
        return error_set(err, SYMLUT_NO, "vhdl: %zu of %zu events never came out",
                         form_rows(run) - received, form_rows(run));
    if (received && run->latency != run->fw->g->latency)
        return error_set(err, SYMLUT_NO,
                         "vhdl: results come %ld clocks after their inputs, expected %d",
                         run->latency, run->fw->g->latency);
    return SYMLUT_OK;
}

static symlut_status simulate(form_run *run, arena *memory, symlut_error *err)
{
    char *model = arena_printf(memory, "%s/vhdl/%s.vhd", run->dir, run->fw->name);
    char *bench = arena_printf(memory, "%s_bench", run->fw->name);
    char *source = work_path(memory, run, "bench.vhd");
    if (memory->failed)
        return error_memory(err);
    process_options here = run->process;
    here.directory = run->work;
    const char *analyse[] = {"ghdl", "-a", "--std=93", model, "bench.vhd", NULL};
    /* before the first event registers are undefined, of which numeric_std would warn */
    const char *execute[] = {"ghdl", "--elab-run", "--std=93", bench, "--ieee-asserts=disable",
                             NULL};
    symlut_status status = write_bench(run, source, err);
    if (status == SYMLUT_OK)
        status = process_check(analyse, &here, err);
    return status == SYMLUT_OK ? process_check(execute, &here, err) : status;
}

symlut_status run_vhdl(form_run *run, symlut_error *err)
{
    arena memory = {0};
    stimulus s = {0};
    run->latency = -1;
    symlut_status status = process_version(&run->tool, "ghdl", "--version", err);
    char *end = run->tool ? strstr(run->tool, " (") : NULL; /* "GHDL 2.0.0 (Debian …" */
    if (end)
        *end = '\0';
    char *in = work_path(&memory, run, "in"), *out = work_path(&memory, run, "out");
    if (status == SYMLUT_OK && memory.failed)
        status = error_memory(err);
    if (status == SYMLUT_OK)
        status = choose_rows(run, err);
    if (status == SYMLUT_OK)
        status = write_stimulus(run, &s, in, err);
    if (status == SYMLUT_OK)
        status = simulate(run, &memory, err);
    if (status == SYMLUT_OK)
        status = read_answers(run, &s, out, err);
    free(s.sent);
    arena_free(&memory);
    return status;
}
