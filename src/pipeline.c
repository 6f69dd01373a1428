/* The whole compiler: model in, firmware out. */
#include "cost/cost.h"
#include "data/dataset.h"
#include "emit/emit.h"
#include "lower/decision.h"
#include "lower/fold_scaler.h"
#include "lower/lower.h"
#include "lower/merge.h"
#include "lower/names.h"
#include "opt/opt.h"
#include "precision/settings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

symlut_compile_options symlut_compile_options_defaults(void)
{
    return (symlut_compile_options){.precision = "fixed<16,6>",
                                    .clock_mhz = 200,
                                    .stages = -1,
                                    .part = "xcvu9p-2",
                                    .name = "symlut_model",
                                    .dsp = "auto",
                                    .output = "scores",
                                    .arithmetic = "symlut",
                                    .guard = 0.1,
                                    .effort = 16};
}

/* The options, read and checked. */
typedef struct settings {
    lower_options lower;
    opt_options opt;
    device part;
    const char *name;
    const char *dump_after; /* NULL: none */
    decision_options decision;
    const symlut_model *text; /* whose equations a reader is shown */
    precision_settings automatic;
} settings;

/* Words of symlut_compile_options.dsp, in the order of dsp_use. */
static const char *const dsp_words[] = {"auto", "none", "prefer"};

/* ---------------------------------------------------------------- options */

static symlut_status read_precision(settings *s, const char *word, symlut_error *err)
{
    s->automatic.on = strcmp(word, "auto") == 0;
    s->automatic.decision = &s->decision;
    if (s->automatic.on)
        return SYMLUT_OK;
    s->lower.rounding = ROUND_TRN;
    s->lower.overflow = OVERFLOW_WRAP;
    symlut_error inner = {0};
    symlut_status status =
        format_parse(&s->lower.fmt, &s->lower.rounding, &s->lower.overflow, word, &inner);
    if (status == SYMLUT_OK)
        return status;
    error_at(err, status, "--precision", 1, inner.column ? inner.column : 1, "%s", inner.message);
    error_source(err, word, strlen(word));
    return status;
}

static symlut_status read_tables(settings *s, arena *memory, const symlut_compile_options *options,
                                 symlut_error *err)
{
    table_spec *specs = ARENA_ARRAY(memory, table_spec, options->table_count + 1);
    if (!specs)
        return error_memory(err);
    for (size_t i = 0; i < options->table_count; i++) {
        symlut_status status = table_spec_parse(&specs[i], options->tables[i], err);
        if (status != SYMLUT_OK)
            return status;
        for (size_t k = 0; k < i; k++) {
            if (specs[k].op == specs[i].op)
                return error_set(err, SYMLUT_BAD_INPUT,
                                 "two tables for %s: '%s' and '%s'; give one",
                                 expr_op_name(specs[i].op), options->tables[k], options->tables[i]);
        }
    }
    s->lower.tables = specs;
    s->lower.table_count = options->table_count;
    return SYMLUT_OK;
}

static symlut_status read_data(settings *s, arena *memory, const symlut_model *model,
                               const symlut_dataset *data, symlut_error *err)
{
    if (!data)
        return SYMLUT_OK;
    size_t *columns = ARENA_ARRAY(memory, size_t, model->input_count + 1);
    const char **names = ARENA_ARRAY(memory, const char *, model->input_count + 1);
    if (!columns || !names)
        return error_memory(err);
    for (size_t k = 0; k < model->input_count; k++)
        names[k] = model->inputs[k].name;
    s->lower.data = data;
    s->lower.columns = columns;
    return match_columns(columns, names, model->input_count, data, err);
}

static symlut_status read_clock(settings *s, double mhz, const char *part, symlut_error *err)
{
    symlut_status status = device_load(&s->part, part, err);
    if (status != SYMLUT_OK)
        return status;
    if (!(mhz > 0) || !isfinite(mhz))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the clock is %g MHz: expected a number above 0, such as 200", mhz);
    if (s->part.max_mhz > 0 && mhz > s->part.max_mhz)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the clock is %g MHz: the clock tree of %s goes to %g MHz; choose a "
                         "slower clock",
                         mhz, s->part.name, s->part.max_mhz);
    s->opt = (opt_options){.device = &s->part, .period_ns = 1000 / mhz, .stages = -1};
    return SYMLUT_OK;
}

/* Stages and the latency that they may take, in whole cycles. */
static symlut_status read_stages(settings *s, const symlut_compile_options *options,
                                 symlut_error *err)
{
    double period = s->opt.period_ns, latency = options->latency_ns;
    if (options->stages < -1)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the number of stages is %d: expected 0 (combinational) or more, or -1 "
                         "for what the clock needs",
                         options->stages);
    if (latency < 0 || !isfinite(latency))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the latency is %g ns: expected a number above 0, such as 25", latency);
    s->opt.stages = options->stages;
    if (latency == 0)
        return SYMLUT_OK;
    double cycles = floor(latency / period * (1 + 1e-9));
    int least = options->stages > 1 ? options->stages : 1;
    if (cycles < least)
        return error_set(err, SYMLUT_NO,
                         "a latency of %g ns has room for %.0f cycles at %.6g MHz, fewer than %d; "
                         "allow more time, a faster clock or fewer stages",
                         latency, cycles, 1000 / period, least);
    s->opt.most_stages = cycles < 1e6 ? (int)cycles : 1000000;
    return SYMLUT_OK;
}

static symlut_status read_names(settings *s, const symlut_compile_options *options,
                                symlut_error *err)
{
    s->name = options->name ? options->name : "symlut_model";
    if (!identifier_is_legal(s->name))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the name '%.64s' is no identifier in C, Verilog and VHDL: expected "
                         "letters, digits and single underscores, a letter first, no keyword",
                         s->name);
    s->dump_after = options->dump_after;
    if (!s->dump_after || strcmp(s->dump_after, "lower") == 0 || opt_find(s->dump_after))
        return SYMLUT_OK;
    text list = {0};
    for (const opt_pass *p = opt_passes(); p->name; p++)
        text_printf(&list, ", %s", p->name);
    error_set(err, SYMLUT_BAD_INPUT,
              "there is no pass '%.64s' to dump after; the passes are lower%s", s->dump_after,
              list.data ? list.data : "");
    text_free(&list);
    return SYMLUT_BAD_INPUT;
}

static symlut_status read_dsp(settings *s, const char *word, symlut_error *err)
{
    for (size_t i = 0; word && i < sizeof dsp_words / sizeof *dsp_words; i++) {
        if (strcmp(word, dsp_words[i]) == 0) {
            s->opt.dsp = (dsp_use)i;
            return SYMLUT_OK;
        }
    }
    if (!word)
        return SYMLUT_OK;
    return error_set(err, SYMLUT_BAD_INPUT,
                     "the use of DSPs is '%.64s': expected auto, none or prefer", word);
}

static symlut_status read_merge(settings *s, const char *word, symlut_error *err)
{
    bool faithful = s->lower.table_count > 0;
    for (size_t i = 0; i < s->lower.table_count; i++)
        faithful = faithful && s->lower.tables[i].faithful;
    s->lower.merge = word ? strcmp(word, "auto") == 0 : faithful;
    if (!word || s->lower.merge || strcmp(word, "none") == 0)
        return SYMLUT_OK;
    return error_set(err, SYMLUT_BAD_INPUT,
                     "merging of functions is '%.64s': expected auto or none", word);
}

static symlut_status read_output(settings *s, const symlut_model *model, const char *word,
                                 symlut_error *err)
{
    s->lower.gives_class = word && strcmp(word, "class") == 0;
    if (word && !s->lower.gives_class && !s->decision.on && strcmp(word, "scores") != 0)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the output is '%.64s': expected scores, class or decision", word);
    if (s->lower.gives_class && model->output_count < 2)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the model has one output: a class is the largest of two outputs or more; "
                         "compile its scores");
    return SYMLUT_OK;
}

static symlut_status read_arithmetic(settings *s, const char *word, size_t format_count,
                                     symlut_error *err)
{
    bool as_hls4ml = word && strcmp(word, "hls4ml") == 0;
    if (word && !as_hls4ml && strcmp(word, "symlut") != 0)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the arithmetic is '%.64s': expected symlut or hls4ml", word);
    format f = s->lower.fmt;
    if (as_hls4ml && (s->automatic.on || format_count > 0))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "hls4ml's arithmetic has one type for all nodes: give a precision such as "
                         "fixed<16,6>, without formats by node");
    if (as_hls4ml && (!f.is_signed || f.frac < 0 || f.width > 40))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "hls4ml's arithmetic needs a signed precision of at most 40 bits with "
                         "I <= W, such as fixed<16,6>");
    s->lower.arithmetic = as_hls4ml ? ARITHMETIC_HLS4ML : ARITHMETIC_SYMLUT;
    return SYMLUT_OK;
}

static symlut_status read_options(settings *s, arena *memory, const symlut_model *model,
                                  const symlut_compile_options *options, symlut_error *err)
{
    symlut_compile_options defaults = symlut_compile_options_defaults();
    if (model->input_count == 0)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the model has no inputs; where its equations are constants, name the "
                         "inputs of the firmware (--names)");
    symlut_status status =
        read_precision(s, options->precision ? options->precision : defaults.precision, err);
    if (status == SYMLUT_OK)
        status = read_arithmetic(s, options->arithmetic, options->format_count, err);
    if (status == SYMLUT_OK)
        status = read_tables(s, memory, options, err);
    if (status == SYMLUT_OK)
        status =
            read_clock(s, options->clock_mhz, options->part ? options->part : defaults.part, err);
    if (status == SYMLUT_OK)
        status = read_stages(s, options, err);
    if (status == SYMLUT_OK)
        status = read_dsp(s, options->dsp, err);
    if (status == SYMLUT_OK)
        status = read_merge(s, options->merge_functions, err);
    if (status == SYMLUT_OK)
        status = read_output(s, model, options->output, err);
    if (status == SYMLUT_OK)
        status = read_names(s, options, err);
    if (status == SYMLUT_OK)
        status = read_data(s, memory, model, options->data, err);
    if (status == SYMLUT_OK)
        status = precision_settings_read(&s->automatic, memory, model, options, &s->lower, err);
    return status;
}

/* ---------------------------------------------------------------- firmware */

typedef struct dump {
    const char *after;
    const symlut_hooks *hooks;
} dump;

/* The graph's text, a line at a time, to the log. */
static void dump_graph(void *payload, const char *pass, const graph *g)
{
    const dump *d = payload;
    if (!d->after || strcmp(d->after, pass) != 0)
        return;
    text out = {0};
    if (graph_print(g, &out) == SYMLUT_OK && out.data) {
        for (char *line = out.data, *end; *line; line = end) {
            end = line + strcspn(line, "\n");
            if (*end)
                *end++ = '\0';
            if (d->hooks && d->hooks->log)
                d->hooks->log(d->hooks->payload, line);
        }
    }
    text_free(&out);
}

static const char *keep(symlut_firmware *fw, const char *s)
{
    return arena_strdup(&fw->memory, s ? s : "");
}

/* The outputs' equations; those of scores that only a class is made of go to the classes. */
static symlut_status describe_outputs(symlut_firmware *fw, const symlut_model *model,
                                      const settings *s, symlut_error *err)
{
    size_t count = model->output_count;
    text of_class = {0};
    fw->equations = ARENA_ARRAY(&fw->memory, const char *, count + 1);
    fw->classes = ARENA_ARRAY(&fw->memory, firmware_class, count + 1);
    for (size_t k = 0; fw->equations && fw->classes && k < count; k++) {
        char *equation = symlut_model_equation(s->text, k, SYMLUT_PRINT_INFIX);
        if (!equation) {
            text_free(&of_class);
            return error_memory(err);
        }
        fw->equations[k] = keep(fw, equation);
        free(equation);
        fw->classes[k] = (firmware_class){keep(fw, model->output_names[k]), fw->equations[k]};
        text_printf(&of_class, "%s%s", k ? ", " : "argmax(", model->output_names[k]);
    }
    text_append(&of_class, ")");
    if (s->decision.on)
        fw->task = SYMLUT_CLASSIFICATION;
    if (s->lower.gives_class) {
        fw->class_count = count;
        fw->task = SYMLUT_CLASSIFICATION;
        if (fw->equations)
            fw->equations[0] = keep(fw, of_class.data);
    }
    bool failed = fw->memory.failed || of_class.failed;
    text_free(&of_class);
    return failed ? error_memory(err) : SYMLUT_OK;
}

/* What the manifest says beside the graph. */
static symlut_status describe(symlut_firmware *fw, const symlut_model *model, settings *s,
                              const symlut_compile_options *options, symlut_error *err)
{
    char fmt[32];
    if (s->automatic.on) /* a table asked for with a format of its own has it */
        s->lower.fmt = (format){true, 16, 10};
    format_print(s->lower.fmt, fmt);
    fmt[strlen(fmt) - 1] = '\0'; /* its '>' comes after the modes */
    fw->name = keep(fw, s->name);
    fw->task = model->task;
    fw->target_name = keep(fw, model->target_name);
    fw->precision = s->automatic.on ? "auto"
                                    : arena_printf(&fw->memory, "%s,%s,%s>", fmt,
                                                   rounding_name(s->lower.rounding),
                                                   overflow_name(s->lower.overflow));
    bool as_hls4ml = s->lower.arithmetic == ARITHMETIC_HLS4ML;
    fw->arithmetic = as_hls4ml ? "hls4ml" : "symlut";
    fw->input_rounding = as_hls4ml ? s->lower.rounding : ROUND_RND_CONV;
    fw->input_overflow = as_hls4ml ? s->lower.overflow : OVERFLOW_SAT;
    fw->part = keep(fw, s->part.name);
    fw->dsp = keep(fw, dsp_words[s->opt.dsp]);
    fw->command_line = keep(fw, options->command_line);
    fw->data_hash = keep(fw, model->data_hash);
    fw->version = keep(fw, SYMLUT_VERSION);
    fw->seed = model->seed;
    fw->clock_mhz = options->clock_mhz;
    return describe_outputs(fw, model, s, err);
}

/* An operation slower than the clock cannot be cut: the user must know. */
static symlut_status check_timing(symlut_firmware *fw, const settings *s, const estimate *e,
                                  symlut_error *err)
{
    if (e->ns_per_stage <= s->opt.period_ns)
        return SYMLUT_OK;
    const char *origin = e->slowest < fw->g->count ? fw->g->nodes[e->slowest].origin : NULL;
    return firmware_warn(
        fw,
        arena_printf(&fw->memory,
                     "the slowest stage takes %.2f ns (model estimate), the clock of %g MHz "
                     "allows %.2f ns%s%.100s%s; choose a slower clock, fewer bits or "
                     "smaller tables",
                     e->ns_per_stage, fw->clock_mhz, s->opt.period_ns, origin ? ": '" : "",
                     origin ? origin : "", origin ? "'" : ""),
        err);
}

static symlut_status estimate_cost(symlut_firmware *fw, const settings *s, symlut_error *err)
{
    estimate e;
    symlut_status status = cost_estimate(&e, fw->g, &s->part, s->opt.dsp, s->opt.period_ns, err);
    if (status == SYMLUT_OK)
        fw->estimate = (firmware_resources){.lut = e.lut,
                                            .ff = e.ff,
                                            .carry = e.carry,
                                            .dsp = e.dsp,
                                            .bram = e.bram,
                                            .ns_per_stage = e.ns_per_stage,
                                            .latency_ns = e.latency_ns};
    return status == SYMLUT_OK ? check_timing(fw, s, &e, err) : status;
}

static symlut_status make_manifest(symlut_firmware *fw, symlut_error *err)
{
    text json = {0};
    symlut_status status = emit_manifest(&json, fw, err);
    if (status == SYMLUT_OK)
        fw->manifest = text_take(&json);
    text_free(&json);
    return status;
}

/* What the search of formats found, for the manifest. */
static symlut_status keep_formats(symlut_firmware *fw, const precision *p, const settings *s,
                                  symlut_error *err)
{
    fw->formats = ARENA_ARRAY(&fw->memory, firmware_format, p->report_count + 1);
    if (!fw->formats)
        return error_memory(err);
    for (size_t i = 0; i < p->report_count; i++) {
        const precision_node *n = &p->report[i];
        fw->formats[i] = (firmware_format){.output = keep(fw, n->output),
                                           .expression = keep(fw, n->text),
                                           .fmt = n->fmt,
                                           .low = n->proved.low,
                                           .high = n->proved.high,
                                           .seen_low = n->seen.low,
                                           .seen_high = n->seen.high,
                                           .saturates = n->saturates,
                                           .error = n->error,
                                           .share = n->share};
    }
    fw->format_count = p->report_count;
    fw->tolerance = (firmware_tolerance){.metric = s->automatic.metric_name,
                                         .text = keep(fw, s->automatic.tolerance_text),
                                         .float_value = p->float_value,
                                         .value = p->value,
                                         .guard = s->automatic.guard,
                                         .rows = p->rows,
                                         .held = p->held,
                                         .trials = p->trials};
    return fw->memory.failed ? error_memory(err) : SYMLUT_OK;
}

/* Lowers the model, its terms brought together first where functions merge; formats given by node
 * are those of the model's own nodes, which then stay. */
static symlut_status lower_grouped(symlut_firmware *fw, const symlut_model *model,
                                   lower_options *options, symlut_error *err)
{
    options->merge = options->merge && !options->nodes && options->arithmetic == ARITHMETIC_SYMLUT;
    if (!options->merge)
        return lower_symbolic(fw, model, options, err);
    symlut_model *grouped;
    symlut_status status = merge_model(&grouped, model, err);
    if (status == SYMLUT_OK)
        status = lower_symbolic(fw, grouped, options, err);
    symlut_model_free(grouped);
    return status;
}

static symlut_status lower(symlut_firmware *fw, const symlut_model *model, const settings *s,
                           const symlut_hooks *hooks, symlut_error *err)
{
    lower_options chosen = s->lower;
    if (!s->automatic.on) {
        chosen.inputs = s->automatic.inputs;
        chosen.nodes = (const node_format *const *)s->automatic.nodes;
        return lower_grouped(fw, model, &chosen, err);
    }
    precision *p = NULL;
    precision_options o = precision_options_from(&s->automatic, model, &s->lower, &s->opt);
    symlut_status status = precision_search(&p, &o, hooks, err);
    if (status != SYMLUT_OK)
        return status;
    chosen.merge = false; /* the search says what is one table */
    chosen.inputs = p->inputs;
    chosen.nodes = (const node_format *const *)p->nodes;
    status = lower_symbolic(fw, p->model, &chosen, err);
    if (status == SYMLUT_OK)
        status = keep_formats(fw, p, s, err);
    precision_free(p);
    return status;
}

/* A score alone needs no other output. */
static const symlut_model *only_needed(symlut_model *one, const symlut_model *model,
                                       decision_options *decision)
{
    if (!decision->on || decision->margin)
        return model;
    *one = *model;
    one->outputs += decision->signal;
    one->output_names += decision->signal;
    one->output_count = 1;
    decision->signal = 0;
    return one;
}

/* The stages. */
static symlut_status compile(symlut_firmware *fw, const symlut_model *model, settings *s,
                             const symlut_compile_options *options, const symlut_hooks *hooks,
                             symlut_error *err)
{
    dump d = {s->dump_after, hooks};
    symlut_status status = describe(fw, model, s, options, err);
    if (status == SYMLUT_OK)
        status = lower(fw, model, s, hooks, err);
    if (status == SYMLUT_OK && s->automatic.shift)
        status = fold_scaler_ports(fw, s->automatic.shift, err);
    if (status == SYMLUT_OK && s->decision.on)
        status = lower_decision(fw, &s->decision, s->lower.data, s->lower.columns, err);
    if (status == SYMLUT_OK)
        status = graph_check(fw->g, err);
    if (status == SYMLUT_OK)
        dump_graph(&d, "lower", fw->g);
    if (status == SYMLUT_OK)
        status = graph_duplicate(&fw->plain, fw->g, err);
    if (status == SYMLUT_OK)
        status = opt_run_all(&fw->g, &s->opt, dump_graph, &d, err);
    if (status == SYMLUT_OK)
        status = estimate_cost(fw, s, err);
    if (status == SYMLUT_OK)
        status = make_manifest(fw, err);
    return status;
}

/* The model over raw inputs, and its text. */
static symlut_status fold(settings *s, arena *memory, symlut_model **folded, symlut_model **in_text,
                          const symlut_model *model, const symlut_compile_options *options,
                          symlut_error *err)
{
    int *shift = ARENA_ARRAY(memory, int, model->input_count + 1);
    if (!shift)
        return error_memory(err);
    if (options->arithmetic && strcmp(options->arithmetic, "hls4ml") == 0)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "hls4ml's arithmetic takes scaled inputs of its one type: leave "
                         "--fold-scaler out");
    symlut_status status = fold_scaler(folded, shift, model, err);
    if (status == SYMLUT_OK)
        status = fold_scaler_text(in_text, model, err);
    s->automatic.shift = shift;
    s->text = *in_text;
    return status;
}

symlut_status symlut_compile(symlut_firmware **out, const symlut_model *model,
                             const symlut_compile_options *options, const symlut_hooks *hooks,
                             symlut_error *err)
{
    *out = NULL;
    symlut_compile_options defaults = symlut_compile_options_defaults();
    if (!options)
        options = &defaults;
    arena memory = {0};
    settings s = {0};
    symlut_firmware *fw = calloc(1, sizeof *fw);
    symlut_model one, *folded = NULL, *in_text = NULL;
    symlut_status status = fw ? decision_read(&s.decision, model, options, err) : error_memory(err);
    model = only_needed(&one, model, &s.decision);
    s.text = model;
    if (status == SYMLUT_OK && options->fold_scaler) {
        status = fold(&s, &memory, &folded, &in_text, model, options, err);
        model = folded;
    }
    if (status == SYMLUT_OK)
        status = read_options(&s, &memory, model, options, err);
    if (status == SYMLUT_OK)
        status = compile(fw, model, &s, options, hooks, err);
    arena_free(&memory);
    symlut_model_free(folded);
    symlut_model_free(in_text);
    if (status == SYMLUT_OK)
        *out = fw;
    else
        symlut_firmware_free(fw);
    return status;
}
