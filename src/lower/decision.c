/* A decision in the place of the scores. Scores s of the signal and o_k of the others, threshold T:
 *
 *     s - max o_k >= T,  built as  o_k <= s - T for every k:  comparisons side by side, no maximum.
 *
 * T is in units of the discriminant's last place, so that the comparison is exact. */
#include "lower/decision.h"

#include "data/dataset.h"
#include "lower/names.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 1024 };

/* ---------------------------------------------------------------- rows */

static int by_value(const void *a, const void *b)
{
    long double x = ((const decision_row *)a)->value, y = ((const decision_row *)b)->value;
    return (x < y) - (x > y);
}

long double decision_last_rejected(decision_row *rows, size_t count, double efficiency)
{
    double total = 0, accepted = 0;
    for (size_t i = 0; i < count; i++)
        total += rows[i].is_signal ? 0 : rows[i].weight;
    qsort(rows, count, sizeof *rows, by_value);
    double limit = efficiency * total * (1 + 1e-12); /* 1% of 300 rows is 3 of them */
    for (size_t from = 0, to; from < count; from = to) {
        for (to = from; to < count && rows[to].value == rows[from].value; to++)
            accepted += rows[to].is_signal ? 0 : rows[to].weight;
        if (accepted > limit)
            return rows[from].value;
    }
    return -HUGE_VALL;
}

decision_counts decision_count(const decision_row *rows, size_t count, long double threshold)
{
    decision_counts c = {0};
    for (size_t i = 0; i < count; i++) {
        int kind = rows[i].is_signal;
        bool accepted = rows[i].value >= threshold;
        c.rows[kind]++;
        c.weight[kind] += rows[i].weight;
        c.accepted[kind] += accepted;
        c.weight_accepted[kind] += accepted ? rows[i].weight : 0;
    }
    return c;
}

/* ---------------------------------------------------------------- graph */

/* The scores' nodes in a copy of the graph that has no outputs yet. */
static graph *without_outputs(graph_ref *scores, const graph *from)
{
    graph *g = graph_new_from(from);
    graph_ref *map = malloc((from->count + (size_t)1) * sizeof *map);
    for (graph_ref k = 0; g && map && k < from->count; k++)
        map[k] = from->nodes[k].op == GRAPH_OUTPUT ? GRAPH_NONE : graph_copy_node(g, from, k, map);
    for (uint32_t k = 0; g && map && k < from->output_count; k++)
        scores[k] = map[from->nodes[from->outputs[k].node].arg[0]];
    if (!map) {
        graph_free(g);
        g = NULL;
    }
    free(map);
    return g;
}

static graph_ref add_discriminant(graph *g, const graph_ref *scores, size_t count, size_t signal)
{
    graph_ref most = GRAPH_NONE;
    for (size_t k = 0; k < count; k++) {
        if (k == signal)
            continue;
        most =
            most == GRAPH_NONE ? scores[k] : graph_add(g, GRAPH_MAX, most, scores[k], GRAPH_NONE);
    }
    return most == GRAPH_NONE ? scores[signal]
                              : graph_add(g, GRAPH_SUB, scores[signal], most, GRAPH_NONE);
}

static graph_ref add_comparisons(graph *g, graph_ref *scores, size_t count, size_t signal,
                                 int64_t threshold, int frac)
{
    graph_ref limit = graph_add_exact_const(g, threshold, frac);
    if (count == 1)
        return graph_add(g, GRAPH_LE, limit, scores[0], GRAPH_NONE);
    graph_ref s = scores[signal];
    if (threshold != 0)
        s = graph_add(g, GRAPH_SUB, s, limit, GRAPH_NONE);
    size_t left = 0;
    for (size_t k = 0; k < count; k++)
        if (k != signal)
            scores[left++] = graph_add(g, GRAPH_LE, scores[k], s, GRAPH_NONE);
    graph_ref none = graph_add_exact_const(g, 0, 0);
    for (size_t made; left > 1; left = made) {
        made = 0;
        for (size_t k = 0; k < left; k += 2)
            scores[made++] = k + 1 < left
                                 ? graph_add(g, GRAPH_SELECT, scores[k], scores[k + 1], none)
                                 : scores[k];
    }
    return scores[0];
}

/* ---------------------------------------------------------------- work */

typedef struct work {
    symlut_firmware *fw;
    const decision_options *o;
    const symlut_dataset *data;
    const size_t *columns;
    size_t count;      /* scores */
    graph_ref *scores; /* [count] */
    decision_row *rows;
    int frac;
    int64_t low, high; /* of the discriminant */
    /* above high: nothing is accepted; at most low: everything */
    long double threshold;
    symlut_error *err;
} work;

static symlut_status failure_of(const graph *g, symlut_error *err)
{
    if (!g)
        return error_memory(err);
    if (g->failed.status != SYMLUT_OK && err)
        *err = g->failed;
    return g->failed.status;
}

static symlut_status evaluate_rows(work *w, const graph *g)
{
    size_t rows = w->data->rows;
    int64_t *in = buffer_alloc((size_t)g->input_count * BLOCK + 1, sizeof *in);
    int64_t *scratch = buffer_alloc(graph_scratch_size(g) + 1, sizeof *scratch);
    int64_t out[BLOCK];
    w->rows = calloc(rows + 1, sizeof *w->rows);
    bool good = in && scratch && w->rows;
    for (size_t first = 0; good && first < rows; first += BLOCK) {
        size_t n = rows - first < BLOCK ? rows - first : BLOCK;
        for (uint32_t k = 0; k < g->input_count; k++) {
            const double *column = w->data->columns[w->columns[k]];
            for (size_t i = 0; i < n; i++)
                in[k * n + i] = firmware_input_value(w->fw, k, column[first + i]);
        }
        graph_eval(g, n, in, out, scratch);
        for (size_t i = 0; i < n; i++)
            w->rows[first + i] = (decision_row){
                .value = out[i],
                .weight = w->data->weights ? w->data->weights[first + i] : 1,
                .is_signal = w->data->target[first + i] == (double)w->o->signal_class};
    }
    free(in);
    free(scratch);
    return good ? SYMLUT_OK : error_memory(w->err);
}

/* The discriminant's range and, with rows, its values on them. */
static symlut_status measure(work *w)
{
    graph *g = without_outputs(w->scores, w->fw->g);
    if (!g)
        return error_memory(w->err);
    graph_ref d = add_discriminant(g, w->scores, w->count, w->o->signal);
    graph_add_output(g, "discriminant", d);
    symlut_status status = failure_of(g, w->err);
    if (status == SYMLUT_OK) {
        w->frac = g->nodes[d].fmt.frac;
        w->low = g->nodes[d].lo;
        w->high = g->nodes[d].hi;
    }
    bool classes = w->data && w->data->target && w->o->signal_class != CLASS_UNKNOWN;
    if (status == SYMLUT_OK && classes)
        status = evaluate_rows(w, g);
    graph_free(g);
    return status;
}

static symlut_status warn_of_counts(work *w, const decision_counts *c)
{
    symlut_firmware *fw = w->fw;
    if (!isnan(w->o->threshold) || c->accepted[0] > 0)
        return SYMLUT_OK;
    bool few = w->o->efficiency * (double)c->rows[0] < 1;
    return firmware_warn(
        fw,
        few ? arena_printf(&fw->memory,
                           "a background efficiency of %.32s is less than one of the %zu "
                           "background rows: the threshold lies above all of them; give more rows",
                           w->o->text, c->rows[0])
            : arena_printf(&fw->memory,
                           "the largest discriminants of the background are equal, more than a "
                           "background efficiency of %.32s allows: none is accepted; give the "
                           "scores more bits",
                           w->o->text),
        w->err);
}

/* The threshold, and what it accepts. */
static symlut_status choose_threshold(work *w)
{
    firmware_decision *d = &w->fw->decision;
    w->threshold = ceill(ldexpl(w->o->threshold, w->frac));
    if (isnan(w->o->threshold))
        w->threshold = decision_last_rejected(w->rows, w->data->rows, w->o->efficiency) + 1;
    w->threshold = fmaxl(w->threshold, w->low);
    w->threshold = fminl(w->threshold, (long double)w->high + 1);
    d->threshold = (double)ldexpl(w->threshold, -w->frac);
    if (!w->rows)
        return SYMLUT_OK;
    decision_counts c = decision_count(w->rows, w->data->rows, w->threshold);
    d->calibrated = true;
    for (int kind = 0; kind < 2; kind++) {
        d->rows[kind] = c.rows[kind];
        d->accepted[kind] = c.accepted[kind];
        d->efficiency[kind] =
            c.weight[kind] > 0 ? c.weight_accepted[kind] / c.weight[kind] : (double)NAN;
    }
    return warn_of_counts(w, &c);
}

static symlut_status describe(work *w)
{
    symlut_firmware *fw = w->fw;
    firmware_decision *d = &fw->decision;
    const char *signal = fw->output_names[w->o->signal];
    text t = {0};
    text_append(&t, signal);
    const char *between = " - max(";
    for (size_t k = 0; k < w->count; k++) {
        if (k == w->o->signal)
            continue;
        text_printf(&t, "%s%s", w->count == 2 ? " - " : between, fw->output_names[k]);
        between = ", ";
    }
    text_append(&t, w->count > 2 ? ")" : "");
    d->signal = arena_strdup(&fw->memory, w->o->signal_name);
    d->asked =
        arena_printf(&fw->memory, "%s %s",
                     isnan(w->o->threshold) ? "background efficiency" : "threshold", w->o->text);
    d->score_count = w->count;
    d->discriminant = t.data ? arena_strdup(&fw->memory, t.data) : NULL;
    fw->output_names[0] = "decision";
    text_append(&t, " >= ");
    text_number(&t, d->threshold, 17);
    fw->equations[0] = t.data ? arena_strdup(&fw->memory, t.data) : NULL;
    bool failed = t.failed || !d->signal || !d->asked || !d->discriminant || !fw->equations[0];
    text_free(&t);
    return failed ? error_memory(w->err) : SYMLUT_OK;
}

/* "decision", or a name like it that no port, table or module has. */
static const char *port_name(work *w, const graph *g)
{
    arena *memory = &w->fw->memory;
    size_t count = 0;
    const char **taken =
        ARENA_ARRAY(memory, const char *, (size_t)g->input_count + g->table_count + 1);
    if (!taken)
        return NULL;
    taken[count++] = w->fw->name;
    for (uint32_t k = 0; k < g->input_count; k++)
        taken[count++] = g->inputs[k].name;
    for (uint32_t k = 0; k < g->table_count; k++)
        taken[count++] = g->tables[k].name;
    return identifier_make(memory, "decision", taken, count);
}

static symlut_status warn_of_constant(work *w, bool never)
{
    symlut_firmware *fw = w->fw;
    return firmware_warn(fw,
                         arena_printf(&fw->memory, "the decision is always %d: %.100s cannot %s %s",
                                      !never, fw->decision.discriminant,
                                      never ? "reach" : "be below",
                                      isnan(w->o->threshold) ? "the threshold" : w->o->text),
                         w->err);
}

static symlut_status build(work *w)
{
    graph *g = without_outputs(w->scores, w->fw->g);
    const char *port = g ? port_name(w, g) : NULL;
    if (!port) {
        graph_free(g);
        return error_memory(w->err);
    }
    format bit = {.is_signed = false, .width = 1, .frac = 0};
    bool never = w->threshold > w->high, always = w->threshold <= w->low;
    graph_set_origin(g, w->fw->equations[0]);
    graph_ref x = never || always ? graph_add_const(g, always, bit)
                                  : add_comparisons(g, w->scores, w->count, w->o->signal,
                                                    (int64_t)w->threshold, w->frac);
    if (x != GRAPH_NONE && !format_equal(g->nodes[x].fmt, bit))
        x = graph_add_cast(g, x, bit, ROUND_TRN, OVERFLOW_WRAP);
    graph_set_origin(g, "decision");
    graph_add_output(g, port, x);
    graph_set_origin(g, NULL);
    symlut_status status = failure_of(g, w->err);
    if (status != SYMLUT_OK) {
        graph_free(g);
        return status;
    }
    graph_free(w->fw->g);
    w->fw->g = g;
    return never || always ? warn_of_constant(w, never) : SYMLUT_OK;
}

symlut_status lower_decision(symlut_firmware *fw, const decision_options *options,
                             const symlut_dataset *data, const size_t *columns, symlut_error *err)
{
    arena scratch = {0};
    work w = {.fw = fw,
              .o = options,
              .data = data,
              .columns = columns,
              .count = fw->g->output_count,
              .scores = ARENA_ARRAY(&scratch, graph_ref, fw->g->output_count + (size_t)1),
              .err = err};
    symlut_status status = w.scores ? measure(&w) : error_memory(err);
    if (status == SYMLUT_OK)
        status = choose_threshold(&w);
    if (status == SYMLUT_OK)
        status = describe(&w);
    if (status == SYMLUT_OK)
        status = build(&w);
    free(w.rows);
    arena_free(&scratch);
    return status;
}
