/* symlut verify --formal: the firmware's graph against the graph before the passes, operator by
 * operator.
 *
 * Both graphs are evaluated on the same vectors; a node of the plain graph is matched with the
 * node of the firmware's graph that has its value, or its negative, on all of them. From inputs to
 * outputs, each matched pair becomes an obligation: its two cones, cut at pairs settled before,
 * give the same value for all values of the cuts in their ranges. The cones go through the Verilog
 * emitter into Yosys, and ABC proves that the comparison never fails (iprove: SAT with fraiging and
 * rewriting; Mishchenko et al. 2005). What it does not decide in time is evaluated on all inputs
 * where these are at most 2^24, and else counts as simulated. A difference at cuts is looked at
 * again from the graph's inputs: only there it is one. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "emit/emit.h"
#include "tool/formal.h"

enum { VECTORS = 8192, CHUNK = 256, EXHAUSTIVE_BITS = 24, DIRECT_BITS = 12, CUTS = 64 };

typedef enum verdict { PROVED, EXHAUSTED, UNDECIDED, DIFFERENT } verdict;

typedef struct formal {
    const graph *p, *f; /* plain; the firmware's */
    const symlut_firmware *fw;
    const process_options *process;
    const char *work;
    double seconds;
    uint64_t *p_value, *p_minus, *f_value; /* signatures; 0: one value only */
    graph_ref *match;                      /* [p->count] settled: the node of f, else GRAPH_NONE */
    bool *negated;                         /* [p->count] */
    graph_ref *cut;                        /* [f->count] the settled node of p, else GRAPH_NONE */
    size_t unchanged, proved, exhausted, simulated;
    json_t *operators;
    char *yosys;
} formal;

/* ---------------------------------------------------------------- values on the vectors */

static uint64_t mix(uint64_t h, uint64_t v, int frac)
{
    int zeros = v ? __builtin_ctzll(v) : 0;
    uint64_t whole = (uint64_t)((int64_t)v >> zeros), place = v ? (uint64_t)(frac - zeros) : 0;
    h ^= (whole * 0x9e3779b97f4a7c15u) ^ (place * 0xc2b2ae3d27d4eb4fu);
    h *= 0xff51afd7ed558ccdu;
    return h ^ h >> 29;
}

static symlut_status signatures(const graph *g, const vectors *v, uint64_t *value, uint64_t *minus,
                                symlut_error *err)
{
    int64_t *scratch = malloc(graph_scratch_size(g) * sizeof *scratch + 8);
    int64_t *in = malloc((g->input_count + (size_t)1) * CHUNK * sizeof *in);
    int64_t *out = malloc((g->output_count + (size_t)1) * CHUNK * sizeof *out);
    int64_t *first = malloc((g->count + (size_t)1) * sizeof *first);
    bool *varies = calloc(g->count + (size_t)1, sizeof *varies);
    symlut_status status = scratch && in && out && first && varies ? SYMLUT_OK : error_memory(err);
    for (size_t start = 0; status == SYMLUT_OK && start + CHUNK <= v->rows; start += CHUNK) {
        for (uint32_t i = 0; i < g->input_count; i++)
            memcpy(in + (size_t)i * CHUNK, v->in + i * v->rows + start, CHUNK * sizeof *in);
        graph_eval(g, CHUNK, in, out, scratch);
        for (graph_ref k = 0; k < g->count; k++) {
            const int64_t *x = scratch + (size_t)k * CHUNK;
            int frac = g->nodes[k].fmt.frac;
            if (start == 0)
                first[k] = x[0];
            for (size_t i = 0; i < CHUNK; i++) {
                varies[k] |= x[i] != first[k];
                value[k] = mix(value[k], (uint64_t)x[i], frac);
                minus[k] = mix(minus[k], 0 - (uint64_t)x[i], frac);
            }
        }
    }
    for (graph_ref k = 0; status == SYMLUT_OK && k < g->count; k++) {
        if (!varies[k])
            value[k] = minus[k] = 0;
    }
    free(scratch);
    free(in);
    free(out);
    free(first);
    free(varies);
    return status;
}

/* ---------------------------------------------------------------- one obligation */

static graph_ref through_registers(const graph *g, graph_ref k)
{
    while (g->nodes[k].op == GRAPH_REG)
        k = g->nodes[k].arg[0];
    return k;
}

/* Is operand x of the plain graph operand y of the firmware's? */
static bool same_operand(const formal *w, graph_ref x, graph_ref y)
{
    const graph_node *a = &w->p->nodes[x], *b = &w->f->nodes[through_registers(w->f, y)];
    if (a->op == GRAPH_CONST && b->op == GRAPH_CONST)
        return mix(1, (uint64_t)a->lo, a->fmt.frac) == mix(1, (uint64_t)b->lo, b->fmt.frac);
    return w->match[x] == through_registers(w->f, y) && !w->negated[x];
}

static bool is_unchanged(const formal *w, graph_ref p, graph_ref f)
{
    const graph_node *a = &w->p->nodes[p], *b = &w->f->nodes[f];
    if (a->op != b->op || a->op == GRAPH_CONCAT)
        return false;
    for (int j = 0; j < graph_arity((graph_op)a->op); j++) {
        if (!same_operand(w, a->arg[j], b->arg[j]))
            return false;
    }
    if (a->op == GRAPH_SHIFT)
        return a->aux == b->aux;
    if (a->op == GRAPH_CAST)
        return format_equal(a->fmt, b->fmt) && a->rounding == b->rounding &&
               a->overflow == b->overflow;
    if (a->op == GRAPH_TABLE) {
        const graph_table *s = &w->p->tables[a->aux], *t = &w->f->tables[b->aux];
        return s->index_bits == t->index_bits && format_equal(s->word, t->word) &&
               format_equal(w->p->nodes[a->arg[0]].fmt, w->f->nodes[b->arg[0]].fmt) &&
               memcmp(s->words, t->words, sizeof *s->words << s->index_bits) == 0;
    }
    return true;
}

/* The comparison of two cones as a graph: one input for each cut, one output, 1 where the cones
 * differ. */
typedef struct obligation {
    graph *m;
    graph_ref leaf[CUTS]; /* of the plain graph */
    int64_t lo[CUTS], hi[CUTS];
    uint32_t leaves;
    double combinations;
    bool at_inputs;
    int64_t found[CUTS]; /* a difference */
} obligation;

/* Marks the cone of `top` in g, down to cuts (nodes with stop[k] != GRAPH_NONE) and inputs; calls
 * them leaves. top itself is in the cone. */
static void mark_cone(const graph *g, graph_ref top, const graph_ref *stop, bool at_inputs,
                      uint8_t *mark)
{
    memset(mark, 0, g->count);
    mark[top] = 1;
    for (graph_ref k = top + 1; k-- > 0;) {
        const graph_node *n = &g->nodes[k];
        if (!mark[k])
            continue;
        if (n->op == GRAPH_INPUT || (!at_inputs && k != top && stop[k] != GRAPH_NONE)) {
            mark[k] = 2;
            continue;
        }
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            mark[n->arg[j]] = 1;
    }
}

static bool add_leaf(obligation *o, graph_ref p)
{
    for (uint32_t i = 0; i < o->leaves; i++) {
        if (o->leaf[i] == p)
            return true;
    }
    if (o->leaves == CUTS)
        return false;
    o->leaf[o->leaves++] = p;
    return true;
}

/* The input of leaf i, in its range; *inside becomes what says so. */
static graph_ref leaf_input(const formal *w, obligation *o, uint32_t i, graph_ref *inside)
{
    char name[16];
    const graph_node *n = &w->p->nodes[o->leaf[i]];
    graph_ref f = w->match[o->leaf[i]];
    const graph_node *b = f == GRAPH_NONE ? n : &w->f->nodes[f]; /* an input that f does not use */
    graph *m = o->m;
    snprintf(name, sizeof name, "i%" PRIu32, i);
    o->lo[i] = n->lo;
    o->hi[i] = n->hi;
    if (b->fmt.frac == n->fmt.frac && !w->negated[o->leaf[i]]) {
        o->lo[i] = n->lo > b->lo ? n->lo : b->lo;
        o->hi[i] = n->hi < b->hi ? n->hi : b->hi;
    }
    o->combinations *= (double)o->hi[i] - (double)o->lo[i] + 1;
    graph_ref raw = graph_add_input(m, name, n->fmt);
    if (o->lo[i] == format_min(n->fmt) && o->hi[i] == format_max(n->fmt))
        return raw;
    graph_ref low = graph_add_exact_const(m, o->lo[i], n->fmt.frac);
    graph_ref high = graph_add_exact_const(m, o->hi[i], n->fmt.frac);
    graph_ref above = graph_add(m, GRAPH_LE, low, raw, GRAPH_NONE);
    graph_ref below = graph_add(m, GRAPH_LE, raw, high, GRAPH_NONE);
    graph_ref both = graph_add(m, GRAPH_MIN, above, below, GRAPH_NONE);
    *inside = *inside == GRAPH_NONE ? both : graph_add(m, GRAPH_MIN, *inside, both, GRAPH_NONE);
    graph_ref x = graph_add_cast(m, raw, n->fmt, ROUND_TRN, OVERFLOW_WRAP);
    if (x != GRAPH_NONE && x != raw)
        graph_narrow(m, x, o->lo[i], o->hi[i]);
    return x;
}

static void copy_cone(graph *m, const graph *g, graph_ref top, const uint8_t *mark, graph_ref *map)
{
    for (graph_ref k = 0; k <= top && m->failed.status == SYMLUT_OK; k++) {
        const graph_node *n = &g->nodes[k];
        if (mark[k] != 1)
            continue;
        map[k] = n->op == GRAPH_REG || n->op == GRAPH_OUTPUT ? map[n->arg[0]]
                                                             : graph_copy_node(m, g, k, map);
    }
}

/* Maps the leaves and copies both cones; the nodes compared in *a and *b. */
static void build_cones(const formal *w, obligation *o, graph_ref p, graph_ref f,
                        const uint8_t *in_p, const uint8_t *in_f, graph_ref *map_p,
                        graph_ref *map_f, graph_ref *inside)
{
    graph *m = o->m;
    for (uint32_t i = 0; i < o->leaves && m->failed.status == SYMLUT_OK; i++) {
        graph_ref q = o->leaf[i], x = leaf_input(w, o, i, inside);
        map_p[q] = x;
        if (w->match[q] == GRAPH_NONE)
            continue;
        format target = w->f->nodes[w->match[q]].fmt;
        if (w->negated[q])
            x = graph_add(m, GRAPH_NEG, x, GRAPH_NONE, GRAPH_NONE);
        if (x != GRAPH_NONE && !format_equal(m->nodes[x].fmt, target))
            x = graph_add_cast(m, x, target, ROUND_TRN, OVERFLOW_WRAP);
        map_f[w->match[q]] = x;
    }
    copy_cone(m, w->p, p, in_p, map_p);
    copy_cone(m, w->f, f, in_f, map_f);
}

/* False when it cannot be written down: too many cuts, or values beyond 64 bits. */
static bool build(const formal *w, obligation *o, graph_ref p, graph_ref f, bool negated,
                  bool at_inputs)
{
    *o = (obligation){.m = graph_new(), .combinations = 1, .at_inputs = true};
    uint8_t *in_p = malloc(w->p->count + (size_t)1), *in_f = malloc(w->f->count + (size_t)1);
    graph_ref *map_p = malloc((w->p->count + (size_t)1) * sizeof *map_p);
    graph_ref *map_f = malloc((w->f->count + (size_t)1) * sizeof *map_f);
    bool ok = o->m && in_p && in_f && map_p && map_f;
    if (ok) {
        mark_cone(w->p, p, w->match, at_inputs, in_p);
        mark_cone(w->f, f, w->cut, at_inputs, in_f);
        for (graph_ref k = 0; ok && k < w->p->count; k++) {
            map_p[k] = GRAPH_NONE;
            ok = in_p[k] != 2 || add_leaf(o, k);
        }
        for (graph_ref k = 0; ok && k < w->f->count; k++) {
            map_f[k] = GRAPH_NONE;
            ok = in_f[k] != 2 || (w->cut[k] != GRAPH_NONE && add_leaf(o, w->cut[k]));
        }
    }
    if (ok) {
        graph_ref inside = GRAPH_NONE;
        for (uint32_t i = 0; i < o->leaves; i++)
            o->at_inputs = o->at_inputs && w->p->nodes[o->leaf[i]].op == GRAPH_INPUT;
        build_cones(w, o, p, f, in_p, in_f, map_p, map_f, &inside);
        graph *m = o->m;
        graph_ref a = map_p[p], b = map_f[f];
        if (negated)
            b = graph_add(m, GRAPH_NEG, b, GRAPH_NONE, GRAPH_NONE);
        graph_ref zero = graph_add_const(m, 0, (format){.width = 1});
        graph_ref bad =
            graph_add(m, GRAPH_EQ, graph_add(m, GRAPH_EQ, a, b, GRAPH_NONE), zero, GRAPH_NONE);
        if (inside != GRAPH_NONE)
            bad = graph_add(m, GRAPH_SELECT, inside, bad, zero);
        graph_add_output(m, "bad", bad);
        ok = m->failed.status == SYMLUT_OK;
    }
    free(in_p);
    free(in_f);
    free(map_p);
    free(map_f);
    return ok;
}

/* ---------------------------------------------------------------- settled by evaluation */

static verdict evaluate_all(obligation *o)
{
    const graph *m = o->m;
    int64_t *scratch = malloc(graph_scratch_size(m) * sizeof *scratch + 8);
    int64_t *in = malloc((o->leaves + (size_t)1) * CHUNK * sizeof *in), at[CUTS], out[CHUNK];
    verdict v = scratch && in ? EXHAUSTED : UNDECIDED;
    memcpy(at, o->lo, sizeof at);
    for (double done = 0; v == EXHAUSTED && done < o->combinations; done += CHUNK) {
        for (size_t r = 0; r < CHUNK; r++) {
            for (uint32_t i = 0; i < o->leaves; i++)
                in[i * CHUNK + r] = at[i];
            uint32_t i = 0;
            while (i < o->leaves && at[i] == o->hi[i]) {
                at[i] = o->lo[i];
                i++;
            }
            if (i < o->leaves)
                at[i]++;
        }
        graph_eval(m, CHUNK, in, out, scratch);
        for (size_t r = 0; r < CHUNK && v == EXHAUSTED; r++) {
            if (!out[r])
                continue;
            v = DIFFERENT;
            for (uint32_t i = 0; i < o->leaves; i++)
                o->found[i] = in[i * CHUNK + r];
        }
    }
    free(scratch);
    free(in);
    return v;
}

/* ---------------------------------------------------------------- settled by Yosys and ABC */

static symlut_status write_miter(const formal *w, const obligation *o, symlut_error *err)
{
    firmware_input inputs[CUTS];
    const char *names[1] = {"bad"}, *equations[1] = {""};
    for (uint32_t i = 0; i < o->leaves; i++)
        inputs[i] = (firmware_input){.name = "cut", .scale = 1};
    symlut_firmware fw = {.g = o->m,
                          .name = "miter",
                          .inputs = inputs,
                          .output_names = names,
                          .equations = equations,
                          .version = SYMLUT_VERSION,
                          .dsp = "none"};
    emit_files set = {0};
    text all = {0}, path = {0};
    symlut_status status = emit_verilog(&set, &fw, err);
    for (size_t k = 0; status == SYMLUT_OK && k < set.count; k++)
        text_append(&all, set.files[k]->content.data);
    text_append(&all, "\nmodule top (");
    for (uint32_t i = 0; i < o->leaves; i++)
        text_printf(&all, "input [%d:0] i%" PRIu32 ", ", o->m->inputs[i].fmt.width - 1, i);
    text_append(&all, "output bad);\n    wire valid;\n    miter m (.clk(1'b0), .valid_in(1'b0), "
                      ".valid_out(valid), .bad(bad)");
    for (uint32_t i = 0; i < o->leaves; i++)
        text_printf(&all, ", .i%" PRIu32 "(i%" PRIu32 ")", i, i);
    text_append(&all, ");\nendmodule\n");
    text_printf(&path, "%s/miter.v", w->work);
    if (status == SYMLUT_OK)
        status = all.failed || path.failed ? error_memory(err)
                                           : file_write(path.data, all.data, all.length, err);
    text_free(&all);
    text_free(&path);
    emit_files_free(&set);
    return status;
}

/* "i3[7]=1" of ABC's counter-example, into the leaves' values. */
static symlut_status read_difference(const formal *w, obligation *o, symlut_error *err)
{
    text path = {0};
    char *data = NULL;
    size_t length;
    uint64_t bits[CUTS] = {0};
    text_printf(&path, "%s/cex.txt", w->work);
    symlut_status status =
        path.failed ? error_memory(err) : file_read(&data, &length, path.data, err);
    for (char *line = data; status == SYMLUT_OK && line && *line;) {
        unsigned leaf, place = 0, value;
        if ((sscanf(line, "i%u[%u]=%u", &leaf, &place, &value) == 3 ||
             (place = 0, sscanf(line, "i%u=%u", &leaf, &value) == 2)) &&
            leaf < o->leaves && place < 64)
            bits[leaf] |= (uint64_t)(value & 1) << place;
        line = strchr(line, '\n');
        line = line ? line + 1 : NULL;
    }
    for (uint32_t i = 0; i < o->leaves; i++) {
        format f = o->m->inputs[i].fmt;
        int unused = 64 - f.width;
        o->found[i] = f.is_signed ? (int64_t)(bits[i] << unused) >> unused : (int64_t)bits[i];
    }
    free(data);
    text_free(&path);
    return status;
}

/* Runs a program for what is left of the obligation's time; *late when that is over. */
static symlut_status run_for(process_result *r, const formal *w, const char *const *argv,
                             double until, bool *late, symlut_error *err)
{
    process_options options = *w->process;
    options.directory = w->work;
    options.seconds = until - monotonic_seconds() > 0.1 ? until - monotonic_seconds() : 0.1;
    symlut_status status = process_run(r, argv, &options, err);
    *late = status == SYMLUT_TOOL && monotonic_seconds() >= until;
    return *late ? SYMLUT_OK : status;
}

static symlut_status prove(verdict *v, const formal *w, obligation *o, symlut_error *err)
{
    static const char *const yosys[] = {
        "yosys", "-q", "-p",
        "read_verilog miter.v; prep -top top; setattr -mod -unset keep_hierarchy *; flatten; "
        "memory; "
        "opt -full; techmap; opt; aigmap; clean; write_aiger -symbols miter.aig",
        NULL};
    static const char *const abc[] = {"yosys-abc", "-c",
                                      "read miter.aig; iprove; write_cex -n cex.txt", NULL};
    bool late = false;
    double until = monotonic_seconds() + w->seconds;
    process_result r = {0};
    *v = UNDECIDED;
    symlut_status status = write_miter(w, o, err);
    if (status == SYMLUT_OK)
        status = run_for(&r, w, yosys, until, &late, err);
    if (status == SYMLUT_OK && !late && r.exit_code != 0)
        status = error_set(err, SYMLUT_TOOL, "Yosys refuses a comparison: %.400s", r.output);
    process_result_free(&r);
    if (status != SYMLUT_OK || late)
        return status;
    status = run_for(&r, w, abc, until, &late, err);
    if (status == SYMLUT_OK && !late) {
        if (strstr(r.output, "UNSATISFIABLE"))
            *v = PROVED;
        else if (strstr(r.output, "SATISFIABLE"))
            *v = DIFFERENT;
    }
    process_result_free(&r);
    return status == SYMLUT_OK && *v == DIFFERENT ? read_difference(w, o, err) : status;
}

/* ---------------------------------------------------------------- all of them */

static symlut_status settle(verdict *v, const formal *w, obligation *o, symlut_error *err)
{
    *v = UNDECIDED;
    if (o->combinations <= (double)(1 << DIRECT_BITS)) {
        *v = evaluate_all(o);
        return SYMLUT_OK;
    }
    symlut_status status = prove(v, w, o, err);
    if (status == SYMLUT_OK && *v == UNDECIDED && o->combinations <= (double)(1 << EXHAUSTIVE_BITS))
        *v = evaluate_all(o);
    return status;
}

static symlut_status report_difference(const formal *w, const obligation *o, graph_ref p,
                                       symlut_error *err)
{
    text t = {0};
    const char *origin = w->p->nodes[p].origin;
    text_printf(&t,
                "the firmware's logic is not what it was made from at node %" PRIu32 " (%s%s%s)"
                " of graph.plain.ir; inputs",
                p, graph_op_name((graph_op)w->p->nodes[p].op), origin ? ": " : "",
                origin ? origin : "");
    for (uint32_t i = 0; i < o->leaves; i++) {
        const graph_node *n = &w->p->nodes[o->leaf[i]];
        text_printf(&t, "%s %s = %" PRId64 " (%.10g)", i ? "," : "", w->fw->inputs[n->aux].name,
                    o->found[i], format_to_double(n->fmt, o->found[i]));
    }
    error_set(err, SYMLUT_NO, "%.1000s", t.data ? t.data : "the firmware differs");
    text_free(&t);
    return SYMLUT_NO;
}

static void record(formal *w, graph_ref p, verdict v, double seconds, double combinations)
{
    static const char *const words[] = {"proved", "exhaustive", "simulated", "different"};
    const graph_node *n = &w->p->nodes[p];
    w->proved += v == PROVED;
    w->exhausted += v == EXHAUSTED;
    w->simulated += v == UNDECIDED;
    json_array_append_new(w->operators,
                          json_pack("{s:I, s:s, s:s, s:s, s:f, s:f}", "node", (json_int_t)p,
                                    "operation", graph_op_name((graph_op)n->op), "expression",
                                    n->origin ? n->origin : "", "method", words[v], "combinations",
                                    combinations, "seconds", seconds));
}

static void settled(formal *w, graph_ref p, graph_ref f, bool negated)
{
    w->match[p] = f;
    w->negated[p] = negated;
    if (w->cut[f] == GRAPH_NONE)
        w->cut[f] = p;
}

/* One pair: settled, or left unmatched; a difference of outputs is the answer no. */
static symlut_status check_pair(formal *w, graph_ref p, graph_ref f, bool negated,
                                symlut_error *err)
{
    bool is_output = w->p->nodes[p].op == GRAPH_OUTPUT;
    if (!negated && is_unchanged(w, p, f)) {
        w->unchanged++;
        settled(w, p, f, false);
        return SYMLUT_OK;
    }
    verdict v = UNDECIDED;
    double start = monotonic_seconds(), combinations = 0;
    symlut_status status = SYMLUT_OK;
    for (int at_inputs = 0; at_inputs < 2; at_inputs++) {
        obligation o;
        v = UNDECIDED;
        if (build(w, &o, p, f, negated, at_inputs)) {
            combinations = o.combinations;
            status = settle(&v, w, &o, err);
        }
        bool real = v == DIFFERENT && o.at_inputs;
        if (status == SYMLUT_OK && real && is_output)
            status = report_difference(w, &o, p, err);
        graph_free(o.m);
        if (status != SYMLUT_OK || v != DIFFERENT || real)
            break;
    }
    if (status != SYMLUT_OK || v == DIFFERENT)
        return status;
    record(w, p, v, monotonic_seconds() - start, combinations);
    settled(w, p, f, negated);
    return SYMLUT_OK;
}

/* Nodes of the firmware's graph with node p's values on the vectors: the first that can be settled
 * is its match. Several have, where a saturation or a choice never acted. */
static symlut_status check_candidates(formal *w, graph_ref p, uint64_t signature, bool negated,
                                      symlut_error *err)
{
    enum { TRIES = 3 };
    int tries = 0;
    for (graph_ref k = 0; !negated && signature && k < w->f->count; k++) {
        if (w->f_value[k] == signature && is_unchanged(w, p, k))
            return check_pair(w, p, k, false, err);
    }
    symlut_status status = SYMLUT_OK;
    for (graph_ref k = 0; status == SYMLUT_OK && signature && k < w->f->count; k++) {
        const graph_node *n = &w->f->nodes[k];
        if (w->f_value[k] != signature || n->op == GRAPH_REG || n->op == GRAPH_OUTPUT)
            continue;
        status = check_pair(w, p, k, negated, err);
        if (w->match[p] != GRAPH_NONE || ++tries == TRIES)
            break;
    }
    return status;
}

static symlut_status check_all(formal *w, symlut_error *err)
{
    symlut_status status = SYMLUT_OK;
    for (graph_ref p = 0; status == SYMLUT_OK && p < w->p->count; p++) {
        const graph_node *n = &w->p->nodes[p];
        if (n->op == GRAPH_INPUT) {
            graph_ref f = w->f->inputs[n->aux].node;
            if (f != GRAPH_NONE)
                settled(w, p, f, false);
        } else if (n->op == GRAPH_OUTPUT) {
            status = check_pair(w, p, w->f->outputs[n->aux].node, false, err);
        } else if (n->op != GRAPH_CONST) {
            status = check_candidates(w, p, w->p_value[p], false, err);
            if (status == SYMLUT_OK && w->match[p] == GRAPH_NONE)
                status = check_candidates(w, p, w->p_minus[p], true, err);
        }
    }
    return status;
}

static symlut_status prepare(formal *w, uint64_t seed, symlut_error *err)
{
    const graph *p = w->p, *f = w->f;
    size_t np = p->count + (size_t)1, nf = f->count + (size_t)1;
    if (p->input_count != f->input_count || p->output_count != f->output_count)
        return error_set(
            err, SYMLUT_BAD_INPUT,
            "graph.plain.ir has not the ports of graph.ir; compile the firmware again");
    w->p_value = calloc(np, sizeof *w->p_value);
    w->p_minus = calloc(np, sizeof *w->p_minus);
    w->f_value = calloc(nf, sizeof *w->f_value);
    w->match = malloc(np * sizeof *w->match);
    w->negated = calloc(np, sizeof *w->negated);
    w->cut = malloc(nf * sizeof *w->cut);
    w->operators = json_array();
    uint64_t *unused = calloc(nf, sizeof *unused);
    vectors v = {0};
    symlut_status status = w->p_value && w->p_minus && w->f_value && w->match && w->negated &&
                                   w->cut && w->operators && unused
                               ? vectors_new(&v, f, VECTORS, err)
                               : error_memory(err);
    if (status == SYMLUT_OK) {
        memset(w->match, 0xff, np * sizeof *w->match);
        memset(w->cut, 0xff, nf * sizeof *w->cut);
        vectors_fill(&v, 0, w->fw, seed);
        status = signatures(p, &v, w->p_value, w->p_minus, err);
    }
    if (status == SYMLUT_OK)
        status = signatures(f, &v, w->f_value, unused, err);
    free(unused);
    vectors_free(&v);
    return status;
}

symlut_status formal_verify(json_t **report, const symlut_firmware *fw, const char *work,
                            uint64_t seed, double seconds, const process_options *process,
                            symlut_error *err)
{
    *report = NULL;
    if (!fw->plain)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "the firmware has no graph.plain.ir, which --formal proves against; "
                         "compile it again");
    formal w = {
        .p = fw->plain, .f = fw->g, .fw = fw, .work = work, .process = process, .seconds = seconds};
    symlut_status status = process_version(&w.yosys, "yosys", "-V", err);
    if (status == SYMLUT_OK)
        status = prepare(&w, seed, err);
    if (status == SYMLUT_OK)
        status = check_all(&w, err);
    if (status == SYMLUT_OK || status == SYMLUT_NO) {
        char *end = strstr(w.yosys, " (");
        if (end)
            *end = '\0';
        *report = json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:O}", "tool", w.yosys, "equal",
                            status == SYMLUT_OK, "unchanged", (json_int_t)w.unchanged, "proved",
                            (json_int_t)w.proved, "exhaustive", (json_int_t)w.exhausted,
                            "simulated", (json_int_t)w.simulated, "vectors", (json_int_t)VECTORS,
                            "operators", w.operators);
        if (!*report)
            status = error_memory(err);
    }
    json_decref(w.operators);
    free(w.yosys);
    free(w.p_value);
    free(w.p_minus);
    free(w.f_value);
    free(w.match);
    free(w.negated);
    free(w.cut);
    return status;
}
