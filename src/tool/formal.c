/* symlut verify --formal: the firmware's graph against the graph before the passes, operator by
 * operator.
 *
 * Both graphs are evaluated on the same vectors; a node of the plain graph is matched with the
 * node of the firmware's graph that has its value, or its negative, on all of them. Each matched
 * pair becomes an obligation: its two cones, cut at the pairs before it, give the same value for
 * all values of the cuts in their ranges (miter.h). A walk from inputs to outputs takes every match
 * to hold and collects the obligations; equal ones are one shape. The shapes are settled side by
 * side. Where one fails, the first such pair is tried from the graph's inputs, since only there a
 * difference is one, and then with another node; and the walk is made again. What a shape proved
 * stands, so that the last walk, where none fails, is a proof by induction over the plain graph. */
#include "tool/formal.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/parallel.h"
#include "tool/miter.h"

/* Combinations: evaluated at once; evaluated where ABC does not decide. SHORT_S: for ABC where
 * evaluation can follow. */
enum { VECTORS = 8192, DIRECT = 1 << 16, EXHAUSTIVE = 1 << 24, TRIES = 3, SHORT_S = 2 };

typedef struct shape {
    text key;
    uint64_t hash;
    miter o;
    bool done;
    verdict v;
    double seconds;
    symlut_status status;
    symlut_error err;
} shape;

enum { NO_SHAPE = UINT32_MAX };

typedef enum state { UNMATCHED, UNCHANGED, CHECKED } state;

/* A node of the plain graph. */
typedef struct place {
    state state;
    uint8_t tries;   /* nodes of the firmware's graph that differ */
    bool deep;       /* from the graph's inputs */
    bool at_inputs;  /* its cones reach them */
    bool shaky;      /* a pair that it rests on failed in this walk */
    uint32_t shape;  /* NO_SHAPE: */
    const char *why; /* cannot be written down */
    uint32_t leaves, rests;
    graph_ref *leaf; /* [rests] the pairs that it rests on, what its cones read first */
} place;

typedef struct formal {
    pairing pair;
    const symlut_firmware *fw;
    const process_options *process;
    const char *work;
    double seconds;
    uint64_t *p_value, *p_minus, *f_value; /* signatures; 0: one value only */
    place *places;                         /* [p->count] */
    arena memory;                          /* of one walk */
    shape *shapes;
    size_t shape_count, shape_capacity;
    size_t *todo, todo_count;
    json_t *operators;
    char *yosys;
} formal;

/* ---------------------------------------------------------------- values on the vectors */

static uint64_t mix(uint64_t h, uint64_t v, int frac)
{
    int zeros = v ? __builtin_ctzll(v) : 0;
    uint64_t whole = (uint64_t)((int64_t)v >> zeros), power = v ? (uint64_t)(frac - zeros) : 0;
    h ^= (whole * 0x9e3779b97f4a7c15u) ^ (power * 0xc2b2ae3d27d4eb4fu);
    h *= 0xff51afd7ed558ccdu;
    return h ^ h >> 29;
}

static symlut_status signatures(const graph *g, const vectors *v, uint64_t *value, uint64_t *minus,
                                symlut_error *err)
{
    int64_t *scratch = malloc(graph_scratch_size(g) * sizeof *scratch + 8);
    int64_t *in = malloc((g->input_count + (size_t)1) * MITER_CHUNK * sizeof *in);
    int64_t *out = malloc((g->output_count + (size_t)1) * MITER_CHUNK * sizeof *out);
    int64_t *first = malloc((g->count + (size_t)1) * sizeof *first);
    bool *varies = calloc(g->count + (size_t)1, sizeof *varies);
    symlut_status status = scratch && in && out && first && varies ? SYMLUT_OK : error_memory(err);
    for (size_t start = 0; status == SYMLUT_OK && start + MITER_CHUNK <= v->rows;
         start += MITER_CHUNK) {
        for (uint32_t i = 0; i < g->input_count; i++)
            memcpy(in + (size_t)i * MITER_CHUNK, v->in + i * v->rows + start,
                   MITER_CHUNK * sizeof *in);
        graph_eval(g, MITER_CHUNK, in, out, scratch);
        for (graph_ref k = 0; k < g->count; k++) {
            const int64_t *x = scratch + (size_t)k * MITER_CHUNK;
            int frac = g->nodes[k].fmt.frac;
            if (start == 0)
                first[k] = x[0];
            for (size_t i = 0; i < MITER_CHUNK; i++) {
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

static graph_ref through_registers(const graph *g, graph_ref k)
{
    while (g->nodes[k].op == GRAPH_REG)
        k = g->nodes[k].arg[0];
    return k;
}

/* Is operand x of the plain graph operand y of the firmware's? */
static bool same_operand(const formal *w, graph_ref x, graph_ref y)
{
    const graph_node *a = &w->pair.p->nodes[x],
                     *b = &w->pair.f->nodes[through_registers(w->pair.f, y)];
    if (a->op == GRAPH_CONST && b->op == GRAPH_CONST)
        return mix(1, (uint64_t)a->lo, a->fmt.frac) == mix(1, (uint64_t)b->lo, b->fmt.frac);
    return w->pair.match[x] == through_registers(w->pair.f, y) && !w->pair.negated[x];
}

static bool is_unchanged(const formal *w, graph_ref p, graph_ref f)
{
    const graph_node *a = &w->pair.p->nodes[p], *b = &w->pair.f->nodes[f];
    if (a->op != b->op || a->op == GRAPH_CONCAT || a->op == GRAPH_COUNT)
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
        const graph_table *s = &w->pair.p->tables[a->aux], *t = &w->pair.f->tables[b->aux];
        return s->index_bits == t->index_bits && format_equal(s->word, t->word) &&
               format_equal(w->pair.p->nodes[a->arg[0]].fmt, w->pair.f->nodes[b->arg[0]].fmt) &&
               memcmp(s->words, t->words, sizeof *s->words << s->index_bits) == 0;
    }
    return true;
}

/* ---------------------------------------------------------------- shapes */

static uint64_t hash_text(const text *t)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < t->length; i++)
        h = (h ^ (unsigned char)t->data[i]) * 1099511628211u;
    return h;
}

/* The shape of a miter, which it takes over; NO_SHAPE: out of memory. */
static uint32_t shape_of(formal *w, miter *o)
{
    text key = {0};
    miter_key(&key, o);
    uint64_t h = hash_text(&key);
    for (size_t i = 0; !key.failed && i < w->shape_count; i++) {
        const shape *s = &w->shapes[i];
        if (s->hash != h || s->key.length != key.length ||
            memcmp(s->key.data, key.data, key.length) != 0)
            continue;
        text_free(&key);
        graph_free(o->m);
        return (uint32_t)i;
    }
    if (!key.failed && w->shape_count == w->shape_capacity) {
        size_t capacity = w->shape_capacity ? 2 * w->shape_capacity : 64;
        shape *grown = realloc(w->shapes, capacity * sizeof *grown);
        w->shapes = grown ? grown : w->shapes;
        w->shape_capacity = grown ? capacity : w->shape_capacity;
    }
    if (key.failed || w->shape_count == w->shape_capacity) {
        text_free(&key);
        graph_free(o->m);
        return NO_SHAPE;
    }
    w->shapes[w->shape_count] = (shape){.key = key, .hash = h, .o = *o};
    return (uint32_t)w->shape_count++;
}

/* Beyond SAT are products of two variables, and sums of many that wrap in different orders. */
static void settle(shape *s, const char *work, double seconds, const process_options *process)
{
    miter *o = &s->o;
    double corners = miter_corners(o), start = monotonic_seconds();
    bool at_corners = corners <= EXHAUSTIVE && corners < o->combinations;
    bool finite = o->combinations <= EXHAUSTIVE;
    s->v = UNDECIDED;
    if (o->combinations <= DIRECT)
        s->v = miter_evaluate(o);
    if (s->v == UNDECIDED && at_corners)
        s->v = miter_evaluate_corners(o);
    if (s->v == UNDECIDED && !finite && miter_same_sums(o))
        s->v = LINEAR;
    if (s->v == UNDECIDED)
        s->status = miter_prove(&s->v, o, work, finite && seconds > SHORT_S ? SHORT_S : seconds,
                                process, &s->err);
    if (s->status == SYMLUT_OK && s->v == UNDECIDED && finite)
        s->v = miter_evaluate(o);
    s->seconds = monotonic_seconds() - start;
}

static void settle_one(void *context, size_t index, int worker)
{
    formal *w = context;
    shape *s = &w->shapes[w->todo[index]];
    process_options process = *w->process;
    process.hooks = worker == 0 ? w->process->hooks : NULL;
    text work = {0};
    text_printf(&work, "%s/%d", w->work, worker);
    s->status = work.failed ? error_memory(&s->err) : directory_make(work.data, &s->err);
    if (s->status == SYMLUT_OK)
        settle(s, work.data, w->seconds, &process);
    s->done = s->status == SYMLUT_OK;
    text_free(&work);
}

static symlut_status settle_all(formal *w, symlut_error *err)
{
    free(w->todo);
    w->todo_count = 0;
    w->todo = malloc((w->shape_count + 1) * sizeof *w->todo);
    pool *p = w->todo ? pool_new(processor_count()) : NULL;
    if (!p)
        return error_memory(err);
    for (size_t i = 0; i < w->shape_count; i++) {
        if (!w->shapes[i].done)
            w->todo[w->todo_count++] = i;
    }
    pool_run(p, w->todo_count, settle_one, w);
    pool_free(p);
    for (size_t i = 0; i < w->shape_count; i++) {
        const shape *s = &w->shapes[i];
        if (s->done)
            continue;
        if (err)
            *err = s->err;
        return s->status;
    }
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- one walk */

static symlut_status add_obligation(formal *w, graph_ref p, graph_ref f, bool negated,
                                    symlut_error *err)
{
    place *at = &w->places[p];
    miter o;
    at->state = CHECKED;
    at->shape = NO_SHAPE;
    at->leaves = at->rests = 0;
    at->why = miter_build(&o, &w->pair, p, f, negated, at->deep);
    if (at->why) {
        graph_free(o.m);
    } else {
        at->leaf = ARENA_ARRAY(&w->memory, graph_ref, o.leaves + o.aliases + 1);
        if (at->leaf) {
            memcpy(at->leaf, o.leaf, o.leaves * sizeof *o.leaf);
            memcpy(at->leaf + o.leaves, o.alias, o.aliases * sizeof *o.alias);
        }
        at->leaves = o.leaves;
        at->rests = o.leaves + o.aliases;
        at->at_inputs = o.at_inputs;
        at->shape = shape_of(w, &o);
        if (at->shape == NO_SHAPE || !at->leaf)
            return error_memory(err);
    }
    pairing_settle(&w->pair, p, f, negated);
    return SYMLUT_OK;
}

static bool take_unchanged(formal *w, graph_ref p, graph_ref f)
{
    if (!is_unchanged(w, p, f))
        return false;
    w->places[p].state = UNCHANGED;
    pairing_settle(&w->pair, p, f, false);
    return true;
}

/* The nodes with p's values on the vectors, then those with their negatives: as many are passed by
 * as were found different. Several have the values where a saturation or a choice never acted. */
static symlut_status match_node(formal *w, graph_ref p, symlut_error *err)
{
    const uint64_t signature[2] = {w->p_value[p], w->p_minus[p]};
    const graph *f = w->pair.f;
    for (graph_ref k = 0; signature[0] && k < f->count; k++) {
        if (w->f_value[k] == signature[0] && take_unchanged(w, p, k))
            return SYMLUT_OK;
    }
    int passed = 0;
    for (int negated = 0; negated < 2; negated++) {
        int seen = 0;
        for (graph_ref k = 0; signature[negated] && seen < TRIES && k < f->count; k++) {
            uint8_t op = f->nodes[k].op;
            if (w->f_value[k] != signature[negated] || op == GRAPH_REG || op == GRAPH_OUTPUT)
                continue;
            if (passed++ == w->places[p].tries)
                return add_obligation(w, p, k, negated, err);
            seen++;
        }
    }
    return SYMLUT_OK;
}

static symlut_status walk(formal *w, symlut_error *err)
{
    const graph *p = w->pair.p, *f = w->pair.f;
    symlut_status status = SYMLUT_OK;
    memset(w->pair.match, 0xff, p->count * sizeof *w->pair.match);
    memset(w->pair.cut, 0xff, f->count * sizeof *w->pair.cut);
    memset(w->pair.negated, 0, p->count * sizeof *w->pair.negated);
    arena_reset(&w->memory);
    for (graph_ref k = 0; status == SYMLUT_OK && k < p->count; k++) {
        const graph_node *n = &p->nodes[k];
        w->places[k].state = UNMATCHED;
        if (n->op == GRAPH_INPUT) {
            if (f->inputs[n->aux].node != GRAPH_NONE)
                pairing_settle(&w->pair, k, f->inputs[n->aux].node, false);
        } else if (n->op == GRAPH_OUTPUT) {
            if (!take_unchanged(w, k, f->outputs[n->aux].node))
                status = add_obligation(w, k, f->outputs[n->aux].node, false, err);
        } else if (n->op != GRAPH_CONST) {
            status = match_node(w, k, err);
        }
    }
    return status;
}

/* ---------------------------------------------------------------- what the walk gave */

static symlut_status report_difference(const formal *w, graph_ref p, const graph_ref *leaf,
                                       uint32_t leaves, const int64_t *found, symlut_error *err)
{
    text t = {0};
    const graph *g = w->pair.p;
    const char *origin = g->nodes[p].origin;
    text_printf(&t,
                "the firmware's logic is not what it was made from at node %" PRIu32 " (%s%s%s)"
                " of graph.plain.ir; inputs",
                p, graph_op_name((graph_op)g->nodes[p].op), origin ? ": " : "",
                origin ? origin : "");
    for (uint32_t i = 0; i < leaves; i++) {
        const graph_node *n = &g->nodes[leaf[i]];
        text_printf(&t, "%s %s = %" PRId64 " (%.10g)", i ? "," : "", w->fw->inputs[n->aux].name,
                    found[i], format_to_double(n->fmt, found[i]));
    }
    error_set(err, SYMLUT_NO, "%.1000s", t.data ? t.data : "the firmware differs");
    text_free(&t);
    return SYMLUT_NO;
}

static bool failed(const formal *w, const place *at)
{
    return at->state == CHECKED && at->shape != NO_SHAPE && w->shapes[at->shape].v == DIFFERENT;
}

/* Does p rest on a pair that failed in this walk? */
static bool rests_on_failed(const formal *w, graph_ref p)
{
    const place *at = &w->places[p];
    const graph_node *n = &w->pair.p->nodes[p];
    bool shaky = false;
    for (uint32_t i = 0; at->state == CHECKED && i < at->rests; i++)
        shaky |= w->places[at->leaf[i]].shaky || failed(w, &w->places[at->leaf[i]]);
    for (int j = 0; at->state != CHECKED && j < graph_arity((graph_op)n->op); j++)
        shaky |= w->places[n->arg[j]].shaky || failed(w, &w->places[n->arg[j]]);
    return shaky;
}

/* Moves the pairs that failed on to what is tried next; *again: there were some. A difference of an
 * output, from the inputs, is the answer no. */
static symlut_status look(formal *w, bool *again, symlut_error *err)
{
    *again = false;
    for (graph_ref p = 0; p < w->pair.p->count; p++)
        w->places[p].shaky = rests_on_failed(w, p);
    for (graph_ref p = 0; p < w->pair.p->count; p++) {
        place *at = &w->places[p];
        if (!failed(w, at))
            continue;
        *again = true;
        if (at->shaky)
            continue;
        bool is_real = at->deep || at->at_inputs;
        if (is_real && w->pair.p->nodes[p].op == GRAPH_OUTPUT)
            return report_difference(w, p, at->leaf, at->leaves, w->shapes[at->shape].o.found, err);
        at->deep = !is_real;
        at->tries = (uint8_t)(at->tries + is_real);
    }
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- all of it */

static bool ports_equal(const graph *p, const graph *f)
{
    if (p->input_count != f->input_count || p->output_count != f->output_count)
        return false;
    for (uint32_t i = 0; i < p->input_count; i++) {
        if (!format_equal(p->inputs[i].fmt, f->inputs[i].fmt))
            return false;
    }
    for (uint32_t i = 0; i < p->output_count; i++) {
        if (!format_equal(p->outputs[i].fmt, f->outputs[i].fmt))
            return false;
    }
    return true;
}

/* The outputs of both graphs on the vectors. */
static symlut_status compare_outputs(const formal *w, vectors *v, symlut_error *err)
{
    const graph *p = w->pair.p;
    size_t size = p->output_count * v->rows;
    int64_t *of_f = malloc((size + 1) * sizeof *of_f);
    graph_ref *leaf = malloc((p->input_count + (size_t)1) * sizeof *leaf);
    int64_t *found = malloc((p->input_count + (size_t)1) * sizeof *found);
    symlut_status status =
        of_f && leaf && found ? vectors_evaluate(v, w->pair.f, err) : error_memory(err);
    if (status == SYMLUT_OK) {
        memcpy(of_f, v->out, size * sizeof *of_f);
        status = vectors_evaluate(v, p, err);
    }
    for (size_t i = 0; status == SYMLUT_OK && i < size; i++) {
        if (of_f[i] == v->out[i])
            continue;
        uint32_t used = 0;
        for (uint32_t k = 0; k < p->input_count; k++) {
            if (p->inputs[k].node == GRAPH_NONE)
                continue;
            leaf[used] = p->inputs[k].node;
            found[used++] = v->in[k * v->rows + i % v->rows];
        }
        status = report_difference(w, p->outputs[i / v->rows].node, leaf, used, found, err);
    }
    free(of_f);
    free(leaf);
    free(found);
    return status;
}

static symlut_status prepare(formal *w, symlut_error *err)
{
    const graph *p = w->pair.p, *f = w->pair.f;
    size_t np = p->count + (size_t)1, nf = f->count + (size_t)1;
    w->p_value = calloc(np, sizeof *w->p_value);
    w->p_minus = calloc(np, sizeof *w->p_minus);
    w->f_value = calloc(nf, sizeof *w->f_value);
    w->pair.match = malloc(np * sizeof *w->pair.match);
    w->pair.negated = calloc(np, sizeof *w->pair.negated);
    w->pair.cut = malloc(nf * sizeof *w->pair.cut);
    w->places = calloc(np, sizeof *w->places);
    w->operators = json_array();
    return w->p_value && w->p_minus && w->f_value && w->pair.match && w->pair.negated &&
                   w->pair.cut && w->places && w->operators
               ? SYMLUT_OK
               : error_memory(err);
}

static symlut_status simulate(formal *w, uint64_t seed, symlut_error *err)
{
    vectors v = {0};
    uint64_t *unused = calloc(w->pair.f->count + (size_t)1, sizeof *unused);
    symlut_status status = unused ? vectors_new(&v, w->pair.f, VECTORS, err) : error_memory(err);
    if (status == SYMLUT_OK) {
        vectors_fill(&v, 0, w->fw, seed);
        status = compare_outputs(w, &v, err);
    }
    if (status == SYMLUT_OK)
        status = signatures(w->pair.p, &v, w->p_value, w->p_minus, err);
    if (status == SYMLUT_OK)
        status = signatures(w->pair.f, &v, w->f_value, unused, err);
    free(unused);
    vectors_free(&v);
    return status;
}

static symlut_status check_all(formal *w, symlut_error *err)
{
    bool again = true;
    symlut_status status = SYMLUT_OK;
    while (status == SYMLUT_OK && again) {
        status = walk(w, err);
        if (status == SYMLUT_OK)
            status = settle_all(w, err);
        if (status == SYMLUT_OK)
            status = look(w, &again, err);
    }
    return status;
}

static void record(formal *w, graph_ref p, size_t counts[5], bool *counted, size_t shapes[5])
{
    static const char *const words[] = {"proved", "linear", "exhaustive", "simulated", "different"};
    const place *at = &w->places[p];
    const graph_node *n = &w->pair.p->nodes[p];
    const shape *s = at->shape == NO_SHAPE ? NULL : &w->shapes[at->shape];
    verdict v = s ? s->v : UNDECIDED;
    counts[v]++;
    if (s && !counted[at->shape]) {
        counted[at->shape] = true;
        shapes[v]++;
    }
    json_t *row = json_pack("{s:I, s:s, s:s, s:s}", "node", (json_int_t)p, "operation",
                            graph_op_name((graph_op)n->op), "expression",
                            n->origin ? n->origin : "", "method", words[v]);
    if (s)
        json_object_set_new(row, "shape", json_integer((json_int_t)at->shape));
    if (s)
        json_object_set_new(row, "combinations", json_real(s->o.combinations));
    if (s)
        json_object_set_new(row, "seconds", json_real(s->seconds));
    if (v == UNDECIDED)
        json_object_set_new(
            row, "why",
            json_string(s ? "ABC ran out of time, and there are too many combinations" : at->why));
    json_array_append_new(w->operators, row);
}

static symlut_status make_report(json_t **report, formal *w, bool equal, symlut_error *err)
{
    size_t counts[5] = {0}, shapes[5] = {0}, unchanged = 0;
    bool *counted = calloc(w->shape_count + 1, sizeof *counted);
    char *end = strstr(w->yosys, " (");
    if (end)
        *end = '\0';
    for (graph_ref p = 0; counted && p < w->pair.p->count; p++) {
        unchanged += w->places[p].state == UNCHANGED;
        if (w->places[p].state == CHECKED)
            record(w, p, counts, counted, shapes);
    }
    json_t *of_shapes =
        json_pack("{s:I, s:I, s:I, s:I}", "proved", (json_int_t)shapes[PROVED], "linear",
                  (json_int_t)shapes[LINEAR], "exhaustive", (json_int_t)shapes[EXHAUSTED],
                  "simulated", (json_int_t)shapes[UNDECIDED]);
    *report =
        json_pack("{s:s, s:b, s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:O}", "tool", w->yosys, "equal",
                  equal, "unchanged", (json_int_t)unchanged, "proved", (json_int_t)counts[PROVED],
                  "linear", (json_int_t)counts[LINEAR], "exhaustive", (json_int_t)counts[EXHAUSTED],
                  "simulated", (json_int_t)counts[UNDECIDED], "shapes", of_shapes, "vectors",
                  (json_int_t)VECTORS, "operators", w->operators);
    free(counted);
    return *report && counted ? SYMLUT_OK : error_memory(err);
}

static void formal_free(formal *w)
{
    for (size_t i = 0; i < w->shape_count; i++) {
        text_free(&w->shapes[i].key);
        graph_free(w->shapes[i].o.m);
    }
    arena_free(&w->memory);
    json_decref(w->operators);
    free(w->shapes);
    free(w->todo);
    free(w->yosys);
    free(w->p_value);
    free(w->p_minus);
    free(w->f_value);
    free(w->pair.match);
    free(w->pair.negated);
    free(w->pair.cut);
    free(w->places);
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
    if (!ports_equal(fw->plain, fw->g))
        return error_set(
            err, SYMLUT_BAD_INPUT,
            "graph.plain.ir has not the ports of graph.ir; compile the firmware again");
    formal w = {.pair = {.p = fw->plain, .f = fw->g},
                .fw = fw,
                .work = work,
                .process = process,
                .seconds = seconds};
    symlut_status status = process_version(&w.yosys, "yosys", "-V", err);
    if (status == SYMLUT_OK)
        status = prepare(&w, err);
    if (status == SYMLUT_OK)
        status = simulate(&w, seed, err);
    if (status == SYMLUT_OK)
        status = check_all(&w, err);
    if (status == SYMLUT_OK)
        status = make_report(report, &w, true, err);
    else if (status == SYMLUT_NO && make_report(report, &w, false, NULL) != SYMLUT_OK)
        status = error_memory(err);
    formal_free(&w);
    return status;
}
