/* Functions as tables: which one, its index and words, and what is worth a warning. */
#include "lower/lowering.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_INDEX = 16, MOST_WORD_FRAC = 30, MOST_WORD_INTEGER = 24 };

/* The table asked for, or NULL. */
static const table_spec *find_spec(lowering *l, expr_op op)
{
    for (size_t i = 0; i < l->options->table_count; i++) {
        if (l->options->tables[i].op == op) {
            l->spec_used[i] = true;
            return &l->options->tables[i];
        }
    }
    return NULL;
}

/* What the argument can be: its node's interval, cut to what is known of its values. */
static range argument_range(const lowering *l, int argument, graph_ref x)
{
    graph_node n = l->g->nodes[x];
    range r = {ldexp((double)n.lo, -n.fmt.frac), ldexp((double)n.hi, -n.fmt.frac)};
    range known = l->known[argument];
    if (range_is_known(known) && known.low <= r.high && known.high >= r.low) {
        r.low = fmax(r.low, known.low);
        r.high = fmin(r.high, known.high);
    }
    return r;
}

/* Without a specification: 1024 entries over the smallest range [0, 2^k] or [-2^k, 2^k] that
 * covers the argument. */
static table_spec default_spec(expr_op op, range r, int argument_frac)
{
    double most = fmax(fmax(fabs(r.low), fabs(r.high)), ldexp(1, 1 - argument_frac));
    int exponent;
    if (frexp(most, &exponent) == 0.5)
        exponent--;
    double high = ldexp(1, exponent);
    return (table_spec){
        .op = op, .entries = TABLE_DEFAULT_ENTRIES, .low = r.low < 0 ? -high : 0, .high = high};
}

/* With bounds for formats the index is the argument's own bits, cut to a step of 2^-index_frac. */
static table_spec bounded_spec(expr_op op, format argument, int index_frac)
{
    int range_log = argument.width - argument.frac;
    int frac = index_frac < argument.frac ? index_frac : argument.frac;
    if (range_log + frac > LARGEST_INDEX)
        frac = LARGEST_INDEX - range_log;
    if (range_log + frac < 1)
        frac = 1 - range_log;
    double high = ldexp(1, range_log - (argument.is_signed ? 1 : 0));
    return (table_spec){.op = op,
                        .entries = 1 << (range_log + frac),
                        .low = argument.is_signed ? -high : 0,
                        .high = high};
}

/* The format in which the words of a node with bounds are computed. */
static format bounded_word(node_format nf)
{
    int frac = nf.frac < MOST_WORD_FRAC ? nf.frac : MOST_WORD_FRAC;
    int integer = nf.integer < MOST_WORD_INTEGER ? nf.integer : MOST_WORD_INTEGER;
    int width = frac + integer;
    return (format){true, (uint8_t)(width < 2 ? 2 : width), (int16_t)frac};
}

static bool same_table(const made_table *a, const made_table *b)
{
    if (a->function.body.count != b->function.body.count ||
        (a->function.body.count && !expr_equal(a->function.body, b->function.body)))
        return false;
    return a->function.op == b->function.op &&
           a->function.constant_first == b->function.constant_first &&
           a->function.constant == b->function.constant &&
           a->shape.index_bits == b->shape.index_bits &&
           a->shape.index_frac == b->shape.index_frac &&
           a->shape.argument_frac == b->shape.argument_frac && a->shape.first == b->shape.first &&
           a->shape.wraps == b->shape.wraps && format_equal(a->word, b->word) &&
           !a->faithful == !b->faithful;
}

/* "sin"; with a constant operand "x^2.5". */
static const char *function_name(lowering *l, table_function f)
{
    if (f.body.count) {
        static const char *const x[] = {"x"};
        text t = {0};
        expr_print(&t, f.body, &(expr_names){x, 1}, SYMLUT_PRINT_INFIX, 6);
        const char *copy = t.data ? arena_printf(&l->fw->memory, "%.160s", t.data) : NULL;
        text_free(&t);
        return copy ? copy : "";
    }
    if (f.op != EXPR_POW && f.op != EXPR_ATAN2)
        return expr_op_name(f.op);
    char constant[32];
    snprintf(constant, sizeof constant, "%.9g", f.constant);
    const char *first = f.constant_first ? constant : "x";
    const char *second = f.constant_first ? "x" : constant;
    const char *name = f.op == EXPR_POW
                           ? arena_printf(&l->fw->memory, "%s^%s", first, second)
                           : arena_printf(&l->fw->memory, "atan2(%s,%s)", first, second);
    return name ? name : "";
}

/* Entries the argument can reach that hold no number. */
static void warn_of_nans(lowering *l, const made_table *t, const bool *is_nan, range r)
{
    int64_t entries = (int64_t)1 << t->shape.index_bits, count = 0, first = 0, last = 0;
    for (int64_t k = 0; k < entries; k++) {
        bool reached = t->shape.wraps || (table_argument(&t->shape, k) <= r.high &&
                                          table_argument(&t->shape, k + 1) > r.low);
        if (!is_nan[k] || !reached)
            continue;
        first = count++ ? first : k;
        last = k;
    }
    if (count > 0)
        lowering_warn(l,
                      "table of %s: for %lld of %lld entries, between the arguments %g and %g, it "
                      "is not a number; they hold 0",
                      function_name(l, t->function), (long long)count, (long long)entries,
                      table_argument(&t->shape, first), table_argument(&t->shape, last + 1));
}

static symlut_status record(lowering *l, const table_spec *spec, const made_table *t)
{
    return lowering_record_table(l, (firmware_table){.function = function_name(l, t->function),
                                                     .entries = 1 << t->shape.index_bits,
                                                     .low = spec->low,
                                                     .high = spec->high,
                                                     .wraps = spec->wraps,
                                                     .word = t->word});
}

/* "sin over [-8,8], 1024 entries, saturates" */
static const char *describe(lowering *l, const table_spec *spec, const made_table *t)
{
    return arena_printf(&l->scratch, "%s over [%.17g,%.17g], %d entries, %s",
                        function_name(l, t->function), spec->low, spec->high,
                        1 << t->shape.index_bits, spec->wraps ? "wraps" : "saturates");
}

/* The cheapest form within one unit of the last place. */
static symlut_status decompose(lowering *l, made_table *t)
{
    double *values = calloc((size_t)1 << t->shape.index_bits, sizeof *values);
    if (!values)
        return error_memory(l->err);
    table_values(values, &t->shape, t->function, t->word);
    multipartite_problem problem = {.index_bits = t->shape.index_bits,
                                    .wraps = !t->shape.offset && t->shape.first < 0,
                                    .values = values,
                                    .tolerance = 1,
                                    .low = format_min(t->word),
                                    .high = format_max(t->word)};
    symlut_status status = multipartite_search(t->faithful, &l->scratch, &problem, l->err);
    free(values);
    return status;
}

/* The smallest format that holds the words. */
static format hull(const made_table *t, const int64_t *words)
{
    int64_t low = words[0], high = words[0];
    for (size_t k = 0; k < (size_t)1 << t->shape.index_bits; k++) {
        low = words[k] < low ? words[k] : low;
        high = words[k] > high ? words[k] : high;
    }
    return format_for(low, high, t->word.frac);
}

static symlut_status make_table(lowering *l, const table_spec *spec, made_table *t, range r,
                                bool is_bounded)
{
    const bool *is_nan = NULL;
    const int64_t *words = table_cache_words(l->cache, &is_nan, &t->shape, t->function, t->word);
    const char *stem = t->function.body.count       ? "function"
                       : t->function.op == EXPR_POW ? "pow"
                                                    : expr_op_name(t->function.op);
    const char *name = arena_printf(&l->scratch, "%s_%zu", stem, l->made_count);
    name = name ? lowering_identifier(l, name) : NULL;
    const char *doc = describe(l, spec, t);
    symlut_status status = SYMLUT_OK;
    if (!words || !name || !doc) {
        status = error_memory(l->err);
    } else {
        t->name = name;
        t->doc = doc;
        warn_of_nans(l, t, is_nan, r);
        if (t->faithful)
            status = decompose(l, t);
        else
            t->number = graph_add_table(l->g, name, doc, t->shape.index_bits,
                                        is_bounded ? hull(t, words) : t->word, words);
        if (status == SYMLUT_OK)
            status = record(l, spec, t);
    }
    return status;
}

/* The table's number, from those made or made now. */
static symlut_status get_table(lowering *l, const table_spec *spec, made_table *t, range r,
                               bool is_bounded)
{
    for (size_t i = 0; i < l->made_count; i++) {
        if (same_table(&l->made[i], t)) {
            *t = l->made[i];
            return SYMLUT_OK;
        }
    }
    if (l->made_count == l->made_capacity) {
        size_t capacity = l->made_capacity ? 2 * l->made_capacity : 8;
        made_table *grown = ARENA_ARRAY(&l->scratch, made_table, capacity);
        if (!grown)
            return error_memory(l->err);
        if (l->made_count)
            memcpy(grown, l->made, l->made_count * sizeof *grown);
        l->made = grown;
        l->made_capacity = capacity;
    }
    symlut_status status = make_table(l, spec, t, r, is_bounded);
    if (status == SYMLUT_OK)
        l->made[l->made_count++] = *t;
    return status;
}

symlut_status lowering_function(graph_ref *out, lowering *l, int i, int argument, table_function f,
                                graph_ref x)
{
    *out = GRAPH_NONE;
    if (x == GRAPH_NONE)
        return SYMLUT_OK; /* the graph's own failure is reported by whoever asks it */
    node_format nf = lowering_format(l, i);
    format argument_format = l->g->nodes[x].fmt;
    int argument_frac = l->formats ? argument_format.frac : l->options->fmt.frac;
    range r = argument_range(l, argument, x);
    const table_spec *asked = f.body.count ? NULL : find_spec(l, f.op);
    table_spec spec = asked      ? *asked
                      : nf.given ? default_spec(f.op, r, argument_frac)
                                 : bounded_spec(f.op, argument_format, nf.index_frac);
    made_table t = {.function = f,
                    .word = spec.has_word ? spec.word
                            : nf.given    ? nf.fmt
                                          : bounded_word(nf)};
    if (spec.faithful && !(t.faithful = ARENA_NEW(&l->scratch, multipartite)))
        return error_memory(l->err);
    symlut_error inner = {0};
    if (table_shape_make(&t.shape, &spec, argument_frac, &inner) != SYMLUT_OK)
        return lowering_error(l, i, "%s", inner.message);
    if (asked && range_is_known(l->known[argument]) && !spec.wraps &&
        (l->known[argument].low < spec.low || l->known[argument].high > spec.high))
        lowering_warn(l,
                      "output %s: the argument of '%s' goes from %.4g to %.4g, beyond its table "
                      "over [%g,%g]: it saturates",
                      l->output, lowering_text(l, i), l->known[argument].low,
                      l->known[argument].high, spec.low, spec.high);
    symlut_status status = get_table(l, &spec, &t, r, !nf.given && !spec.has_word);
    if (status != SYMLUT_OK)
        return status;
    graph_ref index = table_index(l->g, &t.shape, x);
    *out = t.faithful ? multipartite_build(l->g, index, t.faithful, t.word, t.name, t.doc)
                      : graph_add_lookup(l->g, index, t.number);
    if (!nf.given || !format_equal(t.word, nf.fmt))
        *out = lowering_settle(l, *out);
    return SYMLUT_OK;
}

/* Node i with its source replaced by input 0. */
static expr fused_body(lowering *l, int i, int source)
{
    const expr_node *nodes = l->e.nodes;
    int first = i + 1 - (int)nodes[i].length, length = (int)nodes[source].length;
    expr u = {(expr_node *)(uintptr_t)(nodes + source + 1 - length), length};
    expr body = {ARENA_ARRAY(&l->scratch, expr_node, nodes[i].length), 0};
    if (!body.nodes)
        return (expr){0};
    for (int k = first; k <= i; k++) {
        /* the longest sub-expression that begins here comes last: look for u as a whole */
        expr part = {(expr_node *)(uintptr_t)(nodes + k), length};
        bool whole = k + length - 1 <= i && (int)nodes[k + length - 1].length == length;
        if (whole && expr_equal(part, u)) {
            body.nodes[body.count++] = (expr_node){.op = EXPR_VAR};
            k += length - 1;
        } else {
            body.nodes[body.count++] = nodes[k];
        }
    }
    return expr_finish(&body) ? body : (expr){0};
}

symlut_status lowering_fused(graph_ref *out, lowering *l, int i, graph_ref x)
{
    int source = l->formats[i].source;
    table_function f = {.body = fused_body(l, i, source)};
    *out = GRAPH_NONE;
    if (!f.body.count)
        return error_memory(l->err);
    return lowering_function(out, l, i, source, f, x);
}
