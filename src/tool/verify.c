/* symlut verify: the same vectors through the graph's evaluator and through every emitted form;
 * every bit of every output must be equal, and so must the latency. */
#include "tool/verify.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/parallel.h"
#include "data/dataset.h"
#include "emit/emit.h"
#include "tool/formal.h"

enum { FORM_COUNT = 8, TIME_LIMIT_S = 7200, CORNERS = 4096 };

static const struct {
    const char *name;
    symlut_status (*run)(form_run *run, symlut_error *err);
} forms[FORM_COUNT] = {{"c", run_c},           {"cpp", run_cpp},        {"verilog", run_verilog},
                       {"icarus", run_icarus}, {"vhdl", run_vhdl},      {"hls", run_hls},
                       {"ac", run_ac},         {"netlist", run_netlist}};

symlut_verify_options symlut_verify_options_defaults(void)
{
    return (symlut_verify_options){.random_vectors = 100000, .seed = 1, .formal_seconds = 10};
}

/* ---------------------------------------------------------------- for the forms */

size_t form_rows(const form_run *run)
{
    return run->rows ? run->row_count : run->v->rows;
}

size_t form_row(const form_run *run, size_t i)
{
    return run->rows ? run->rows[i] : i;
}

symlut_status form_choose_rows(form_run *run, size_t limit, symlut_error *err)
{
    size_t rows = run->v->rows;
    limit = run->slow_vectors ? run->slow_vectors : limit;
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

char *work_path(arena *memory, const form_run *run, const char *name)
{
    return arena_printf(memory, "%s/%s", run->work, name);
}

symlut_status write_inputs(const form_run *run, const char *path, symlut_error *err)
{
    size_t inputs = run->fw->g->input_count, rows = form_rows(run);
    int64_t *events = buffer_alloc(rows * inputs + 1, sizeof *events);
    if (!events)
        return error_memory(err);
    for (size_t i = 0; i < rows; i++) {
        for (size_t k = 0; k < inputs; k++)
            events[i * inputs + k] = run->v->in[k * run->v->rows + form_row(run, i)];
    }
    symlut_status status = file_write(path, events, rows * inputs * sizeof *events, err);
    free(events);
    return status;
}

symlut_status read_outputs(form_run *run, const char *path, symlut_error *err)
{
    size_t outputs = run->fw->g->output_count, rows = form_rows(run), all = run->v->rows, length;
    char *data;
    symlut_status status = file_read(&data, &length, path, err);
    if (status != SYMLUT_OK)
        return status;
    run->out = buffer_alloc(all * outputs + 1, sizeof *run->out);
    if (!run->out)
        status = error_memory(err);
    else if (length != rows * outputs * sizeof(int64_t))
        status = error_set(err, SYMLUT_TOOL, "a driver wrote %zu bytes of answers, expected %zu",
                           length, rows * outputs * sizeof(int64_t));
    for (size_t i = 0; status == SYMLUT_OK && i < rows * outputs; i++)
        memcpy(&run->out[i % outputs * all + form_row(run, i / outputs)],
               data + i * sizeof(int64_t), sizeof(int64_t));
    free(data);
    return status;
}

static void print_value(text *t, const graph_port *port, int64_t value)
{
    text_printf(t, "%" PRId64 " (%.10g)", value, format_to_double(port->fmt, value));
}

/* The first difference in words: the vector, its inputs, what came and what should have. */
static symlut_status describe_difference(const form_run *run, const char *form, uint32_t output,
                                         size_t row, symlut_error *err)
{
    const graph *g = run->fw->g;
    const vectors *v = run->v;
    text t = {0};
    bool from_data = row < run->raw_rows;
    text_printf(&t, "%s differs from the graph at %s %zu, output %s: got ", form,
                from_data ? "data row" : "random vector", from_data ? row + 1 : row - run->raw_rows,
                run->fw->output_names[output]);
    print_value(&t, &g->outputs[output], run->out[output * v->rows + row]);
    text_append(&t, ", expected ");
    print_value(&t, &g->outputs[output], v->out[output * v->rows + row]);
    text_append(&t, "; inputs");
    for (uint32_t k = 0; k < g->input_count; k++) {
        text_printf(&t, "%s %s = ", k ? "," : "", run->fw->inputs[k].name);
        print_value(&t, &g->inputs[k], v->in[k * v->rows + row]);
    }
    error_set(err, SYMLUT_NO, "%.1000s", t.data ? t.data : form);
    text_free(&t);
    return SYMLUT_NO;
}

symlut_status form_compare(const form_run *run, const char *form, symlut_error *err)
{
    size_t all = run->v->rows;
    for (size_t i = 0; i < form_rows(run); i++) {
        size_t row = form_row(run, i);
        for (uint32_t o = 0; o < run->fw->g->output_count; o++) {
            if (run->out[o * all + row] != run->v->out[o * all + row])
                return describe_difference(run, form, o, row, err);
        }
    }
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- the work */

typedef struct verification {
    const symlut_firmware *fw;
    char *dir, *ap_types, *ac_types; /* absolute */
    const symlut_verify_options *options;
    const symlut_hooks *hooks;
    size_t data_rows;
    double *raw; /* [inputs][data_rows] or NULL */
    vectors v;
    char *folder;
    atomic_bool cancel;
    int count;
    int which[FORM_COUNT]; /* numbers of forms */
    form_run runs[FORM_COUNT];
    double seconds;
    json_t *formal; /* or NULL */
} verification;

static bool next_word(const char **list, char *word, size_t size)
{
    const char *p = *list + strspn(*list, ", ");
    size_t length = strcspn(p, ", ");
    snprintf(word, size, "%.*s", (int)(length < size ? length : size - 1), p);
    *list = p + length;
    return length > 0;
}

static symlut_status choose_forms(verification *w, symlut_error *err)
{
    bool chosen[FORM_COUNT] = {0};
    if (w->options->formal && !w->options->forms)
        return SYMLUT_OK;
    const char *usual = w->ac_types ? "c,cpp,verilog,vhdl,hls,ac" : "c,cpp,verilog,vhdl,hls";
    const char *list = w->options->forms ? w->options->forms : usual;
    if (strcmp(list, "all") == 0)
        list = w->ac_types ? "c,cpp,verilog,icarus,vhdl,hls,ac,netlist"
                           : "c,cpp,verilog,icarus,vhdl,hls,netlist";
    char word[64];
    while (next_word(&list, word, sizeof word)) {
        int k = 0;
        while (k < FORM_COUNT && strcmp(forms[k].name, word) != 0)
            k++;
        if (k == FORM_COUNT)
            return error_set(
                err, SYMLUT_BAD_INPUT,
                "no form '%s' to verify; expected a list out of c, cpp, verilog, icarus, vhdl, "
                "hls, ac, netlist, or all",
                word);
        chosen[k] = true;
    }
    for (int k = 0; k < FORM_COUNT; k++) {
        if (chosen[k])
            w->which[w->count++] = k;
    }
    return w->count
               ? SYMLUT_OK
               : error_set(
                     err, SYMLUT_BAD_INPUT,
                     "no form to verify; expected a list out of c, cpp, verilog, icarus, vhdl, "
                     "hls, ac, netlist, or all");
}

/* Row r of the data becomes row r of the vectors. */
static symlut_status take_data(verification *w, const symlut_dataset *data, symlut_error *err)
{
    const graph *g = w->fw->g;
    size_t rows = w->data_rows;
    if (!rows)
        return SYMLUT_OK;
    const double **columns = calloc(g->input_count + 1, sizeof *columns);
    w->raw = buffer_alloc(rows * g->input_count + 1, sizeof *w->raw);
    symlut_status status =
        columns && w->raw ? firmware_columns(columns, w->fw, data, err) : error_memory(err);
    for (uint32_t k = 0; status == SYMLUT_OK && k < g->input_count; k++) {
        for (size_t i = 0; i < rows; i++) {
            double raw = columns[k] ? columns[k][i] : w->fw->inputs[k].mean;
            w->raw[k * rows + i] = raw;
            w->v.in[k * w->v.rows + i] = firmware_input_value(w->fw, k, raw);
        }
    }
    free(columns);
    return status;
}

static symlut_status make_vectors(verification *w, const symlut_dataset *data, symlut_error *err)
{
    w->data_rows = data ? data->rows : 0;
    size_t rows = w->data_rows + w->options->random_vectors;
    symlut_status status = vectors_new(&w->v, w->fw->g, rows, err);
    if (status == SYMLUT_OK)
        status = take_data(w, data, err);
    if (status != SYMLUT_OK)
        return status;
    vectors_fill(&w->v, w->data_rows, w->fw, w->options->seed);
    return vectors_evaluate(&w->v, w->fw->g, err);
}

static void run_form(void *context, size_t index, int worker)
{
    verification *w = context;
    form_run *run = &w->runs[index];
    arena memory = {0};
    char *work = arena_printf(&memory, "%s/%s", w->folder, forms[w->which[index]].name);
    run->work = work;
    run->process = (process_options){
        .seconds = TIME_LIMIT_S, .hooks = worker == 0 ? w->hooks : NULL, .cancel = &w->cancel};
    run->status = work ? directory_make(work, &run->err) : error_memory(&run->err);
    if (run->status == SYMLUT_OK)
        run->status = forms[w->which[index]].run(run, &run->err);
    run->work = NULL;
    arena_free(&memory);
}

static symlut_status run_formal(verification *w, symlut_error *err)
{
    process_options process = {.hooks = w->hooks, .cancel = &w->cancel};
    text work = {0};
    text_printf(&work, "%s/formal", w->folder);
    symlut_status status = work.failed ? error_memory(err) : directory_make(work.data, err);
    if (status == SYMLUT_OK)
        status = formal_verify(&w->formal, w->fw, work.data, w->options->seed,
                               w->options->formal_seconds, &process, err);
    text_free(&work);
    return status;
}

static symlut_status run_forms(verification *w, symlut_error *err)
{
    for (int k = 0; k < w->count; k++)
        w->runs[k] = (form_run){.fw = w->fw,
                                .dir = w->dir,
                                .v = &w->v,
                                .raw = w->raw,
                                .raw_rows = w->data_rows,
                                .ap_types = w->ap_types,
                                .ac_types = w->ac_types,
                                .slow_vectors = w->options->slow_vectors,
                                .latency = -1};
    int threads = processor_count();
    pool *p = pool_new(threads < w->count ? threads : w->count);
    if (!p)
        return error_memory(err);
    pool_run(p, (size_t)w->count, run_form, w);
    pool_free(p);
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- the verdict */

static void compare(verification *w, int k)
{
    form_run *run = &w->runs[k];
    if (run->status == SYMLUT_OK)
        run->status = form_compare(run, forms[w->which[k]].name, &run->err);
}

/* What could not be run comes before what differs: no verdict is given on half the forms. */
static symlut_status verdict(const verification *w, symlut_error *err)
{
    const form_run *worst = NULL;
    for (int k = 0; k < w->count; k++) {
        const form_run *run = &w->runs[k];
        bool could_not_run = run->status != SYMLUT_OK && run->status != SYMLUT_NO;
        if (run->status != SYMLUT_OK && (!worst || (could_not_run && worst->status == SYMLUT_NO)))
            worst = run;
    }
    if (!worst)
        return SYMLUT_OK;
    if (err)
        *err = worst->err;
    return worst->status;
}

static json_t *form_json(const verification *w, int k)
{
    const form_run *run = &w->runs[k];
    json_t *form = json_pack("{s:s, s:s, s:I, s:b}", "form", forms[w->which[k]].name, "tool",
                             run->tool ? run->tool : "", "vectors", (json_int_t)form_rows(run),
                             "equal", run->status == SYMLUT_OK);
    if (form && run->latency >= 0)
        json_object_set_new(form, "latency_cycles", json_integer(run->latency));
    if (form && run->note)
        json_object_set_new(form, "note", json_string(run->note));
    if (form && run->status != SYMLUT_OK)
        json_object_set_new(form, "difference", json_string(run->err.message));
    return form;
}

static char *report_json(const verification *w, bool equal)
{
    json_t *list = json_array();
    for (int k = 0; k < w->count; k++)
        json_array_append_new(list, form_json(w, k));
    json_t *report = json_pack("{s:b, s:I, s:I, s:I, s:f, s:o}", "equal", equal, "data_rows",
                               (json_int_t)w->data_rows, "random_vectors",
                               (json_int_t)w->options->random_vectors, "seed",
                               (json_int_t)w->options->seed, "seconds", w->seconds, "forms", list);
    if (report && w->formal)
        json_object_set(report, "formal", w->formal);
    char *dump = report ? json_dumps(report, JSON_INDENT(2) | JSON_REAL_PRECISION(6)) : NULL;
    json_decref(report);
    return dump;
}

static symlut_status run_all(verification *w, const symlut_dataset *data, symlut_error *err)
{
    symlut_status status = choose_forms(w, err);
    if (status == SYMLUT_OK)
        status = make_vectors(w, data, err);
    if (status == SYMLUT_OK)
        status = temporary_folder(&w->folder, err);
    if (status == SYMLUT_OK && w->options->formal)
        status = run_formal(w, err);
    if (status == SYMLUT_OK && w->count)
        status = run_forms(w, err);
    for (int k = 0; k < w->count && status == SYMLUT_OK; k++)
        compare(w, k);
    return status == SYMLUT_OK ? verdict(w, err) : status;
}

/* Programs run in a folder of their own, where relative paths mean something else. */
static symlut_status absolute(char **out, const char *path, symlut_error *err)
{
    *out = realpath(path, NULL);
    if (*out)
        return SYMLUT_OK;
    return error_at(err, SYMLUT_BAD_INPUT, path, 0, 0, "cannot open: %s", strerror(errno));
}

symlut_status verify_firmware(char **json_report, const symlut_firmware *fw, const char *dir,
                              const symlut_dataset *data, const symlut_verify_options *options,
                              const symlut_hooks *hooks, symlut_error *err)
{
    *json_report = NULL;
    verification w = {.fw = fw, .options = options, .hooks = hooks};
    double start = monotonic_seconds();
    symlut_status status = absolute(&w.dir, dir, err);
    if (status == SYMLUT_OK && options->ap_types)
        status = absolute(&w.ap_types, options->ap_types, err);
    if (status == SYMLUT_OK && options->ac_types)
        status = absolute(&w.ac_types, options->ac_types, err);
    if (status == SYMLUT_OK)
        status = run_all(&w, data, err);
    w.seconds = monotonic_seconds() - start;
    if (w.folder)
        directory_remove(w.folder, NULL);
    if (status == SYMLUT_OK || status == SYMLUT_NO) {
        *json_report = report_json(&w, status == SYMLUT_OK);
        if (!*json_report)
            status = error_memory(err);
    }
    for (int k = 0; k < FORM_COUNT; k++) {
        free(w.runs[k].out);
        free(w.runs[k].tool);
        free(w.runs[k].note);
        free(w.runs[k].rows);
    }
    json_decref(w.formal);
    free(w.folder);
    free(w.dir);
    free(w.ap_types);
    free(w.ac_types);
    free(w.raw);
    vectors_free(&w.v);
    return status;
}

symlut_status symlut_verify(char **json_report, const char *dir, const symlut_dataset *data,
                            const symlut_verify_options *options, const symlut_hooks *hooks,
                            symlut_error *err)
{
    *json_report = NULL;
    symlut_verify_options defaults = symlut_verify_options_defaults();
    symlut_firmware *fw;
    symlut_status status = symlut_firmware_open(&fw, dir, err);
    if (status != SYMLUT_OK)
        return status;
    status = verify_firmware(json_report, fw, dir, data, options ? options : &defaults, hooks, err);
    symlut_firmware_free(fw);
    text path = {0};
    text_printf(&path, "%s/verify.json", dir);
    if (*json_report && path.data) {
        symlut_status written = file_write(path.data, *json_report, strlen(*json_report),
                                           status == SYMLUT_OK ? err : NULL);
        if (status == SYMLUT_OK)
            status = written;
    }
    text_free(&path);
    return status;
}
