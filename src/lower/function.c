/* Functions as tables: which one, its index and words, and what is worth a warning. */
#include "lower/lowering.h"
#include "lower/merge.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_INDEX = 16, MOST_WORD_FRAC = 30, MOST_WORD_INTEGER = 24 };

const table_spec *lowering_find_spec(lowering *l, expr_op op)
{
    for (size_t i = 0; i < l->options->table_count; i++) {
        if (l->options->tables[i].op == op) {
            l->spec_used[i] = true;
            return &l->options->tables[i];
        }
    }
    return NULL;
}

range lowering_argument_range(const lowering *l, int argument, graph_ref x)
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

table_spec lowering_default_spec(range r, int argument_frac)
{
    double most = fmax(fmax(fabs(r.low), fabs(r.high)), ldexp(1, 1 - argument_frac));
    int exponent;
    if (frexp(most, &exponent) == 0.5)
        exponent--;
    double high = ldexp(1, exponent);
    return (table_spec){
        .entries = TABLE_DEFAULT_ENTRIES, .low = r.low < 0 ? -high : 0, .high = high};
}

/* With bounds for formats the index is the argument's own bits, cut to a step of 2^-index_frac. */
static table_spec bounded_spec(format argument, int index_frac)
{
    int range_log = argument.width - argument.frac;
    int frac = index_frac < argument.frac ? index_frac : argument.frac;
    if (range_log + frac > LARGEST_INDEX)
        frac = LARGEST_INDEX - range_log;
    if (range_log + frac < 1)
        frac = 1 - range_log;
    double high = ldexp(1, range_log - (argument.is_signed ? 1 : 0));
    return (table_spec){
        .entries = 1 << (range_log + frac), .low = argument.is_signed ? -high : 0, .high = high};
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
    return expr_equal(a->f, b->f) && a->shape.index_bits == b->shape.index_bits &&
           a->shape.index_frac == b->shape.index_frac &&
           a->shape.argument_frac == b->shape.argument_frac && a->shape.first == b->shape.first &&
           a->shape.wraps == b->shape.wraps && format_equal(a->word, b->word) &&
           a->faithful == b->faithful && a->reach.lo == b->reach.lo && a->reach.hi == b->reach.hi;
}

/* "sin", "x^2.5", "sin(x)*cos(x)". */
static const char *function_name(lowering *l, expr f)
{
    if (f.count == 2)
        return expr_op_name((expr_op)f.nodes[1].op);
    if (l->options->draft)
        return "";
    const char *const variable[] = {"x"};
    text t = {0};
    expr_print(&t, f, &(expr_names){variable, 1}, SYMLUT_PRINT_INFIX, 9);
    const char *name = t.failed ? NULL : arena_strndup(&l->fw->memory, t.data, t.length);
    text_free(&t);
    return name ? name : "";
}

/* Of an identifier: "sin", "pow", "function". */
static const char *function_stem(expr f)
{
    if (f.count == 2)
        return expr_op_name((expr_op)f.nodes[1].op);
    if (f.count == 3 && f.nodes[2].op == EXPR_POW)
        return "pow";
    return f.count == 3 && f.nodes[2].op == EXPR_ATAN2 ? "atan2" : "function";
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
                      t->function, (long long)count, (long long)entries,
                      table_argument(&t->shape, first), table_argument(&t->shape, last + 1));
}

static symlut_status record(lowering *l, const table_spec *spec, const made_table *t)
{
    return lowering_record_table(l, (firmware_table){.function = t->function,
                                                     .entries = 1 << t->shape.index_bits,
                                                     .low = spec->low,
                                                     .high = spec->high,
                                                     .wraps = spec->wraps,
                                                     .word = t->word});
}

/* "sin over [-8,8], 1024 entries, saturates" */
static const char *describe(lowering *l, const table_spec *spec, const made_table *t)
{
    return arena_printf(&l->scratch, "%s over [%.17g,%.17g], %d entries, %s", t->function,
                        spec->low, spec->high, 1 << t->shape.index_bits,
                        spec->wraps ? "wraps" : "saturates");
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
    table_contents contents;
    symlut_status status =
        table_cache_get(&contents, l->cache, &t->shape, t->f, t->word,
                        t->faithful ? &t->reach : NULL, l->options->draft, l->err);
    if (status != SYMLUT_OK)
        return status;
    const char *name = arena_printf(&l->scratch, "%s_%zu", function_stem(t->f), l->made_count);
    t->name = name ? lowering_identifier(l, name) : NULL;
    t->function = function_name(l, t->f);
    t->doc = describe(l, spec, t);
    if (!t->name || !t->doc)
        return error_memory(l->err);
    warn_of_nans(l, t, contents.is_nan, r);
    t->cheapest = contents.cheapest;
    if (!t->faithful)
        t->number = graph_add_table(l->g, t->name, t->doc, t->shape.index_bits,
                                    is_bounded ? hull(t, contents.words) : t->word, contents.words);
    return record(l, spec, t);
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

static void warn_of_saturation(lowering *l, const table_spec *spec, int i, int argument)
{
    range known = l->known[argument];
    if (range_is_known(known) && !spec->wraps && (known.low < spec->low || known.high > spec->high))
        lowering_warn(l,
                      "output %s: the argument of '%s' goes from %.4g to %.4g, beyond its table "
                      "over [%g,%g]: it saturates",
                      l->output, lowering_text(l, i), known.low, known.high, spec->low, spec->high);
}

/* `auto`: the range that the argument can have, unless one is given, and an entry for each argument
 * in it. */
static symlut_status settle_auto(lowering *l, int i, table_spec *spec, range r, int argument_frac)
{
    if (!spec->has_range) {
        table_spec covering = lowering_default_spec(r, argument_frac);
        spec->low = covering.low;
        spec->high = covering.high;
    }
    double arguments = ldexp(spec->high - spec->low, argument_frac);
    if (arguments > TABLE_MAX_ENTRIES)
        return lowering_error(
            l, i,
            "'auto' checks every argument, and in [%g,%g] there are %.0f: at most "
            "%d; give a smaller range ('%s: auto over [LO,HI]'), fewer fraction "
            "bits, or a number of entries",
            spec->low, spec->high, arguments, (int)TABLE_MAX_ENTRIES, expr_op_name(spec->op));
    spec->entries = arguments < TABLE_MIN_ENTRIES ? TABLE_MIN_ENTRIES : (int)arguments;
    return SYMLUT_OK;
}

symlut_status lowering_table(graph_ref *out, lowering *l, int i, int argument, expr f,
                             const table_spec *asked, graph_ref x)
{
    *out = GRAPH_NONE;
    if (x == GRAPH_NONE || l->g->failed.status != SYMLUT_OK)
        return SYMLUT_OK; /* the graph's own failure is reported by whoever asks it */
    node_format nf = lowering_format(l, i);
    format argument_format = l->g->nodes[x].fmt;
    int argument_frac = l->formats ? argument_format.frac : l->options->fmt.frac;
    range r = lowering_argument_range(l, argument, x);
    table_spec spec = asked      ? *asked
                      : nf.given ? lowering_default_spec(r, argument_frac)
                                 : bounded_spec(argument_format, nf.index_frac);
    spec.op = (expr_op)f.nodes[f.count - 1].op;
    if (spec.entries == 0) {
        symlut_status status = settle_auto(l, i, &spec, r, argument_frac);
        if (status != SYMLUT_OK)
            return status;
    }
    made_table t = {.f = f,
                    .word = spec.has_word ? spec.word
                            : nf.given    ? nf.fmt
                                          : bounded_word(nf)};
    symlut_error inner = {0};
    if (table_shape_make(&t.shape, &spec, argument_frac, &inner) != SYMLUT_OK)
        return lowering_error(l, i, "%s", inner.message);
    if (asked)
        warn_of_saturation(l, &spec, i, argument);
    graph_ref index = table_index(l->g, &t.shape, x);
    if (index == GRAPH_NONE)
        return SYMLUT_OK;
    t.reach = (table_reach){l->g->nodes[index].lo, l->g->nodes[index].hi};
    t.faithful = asked ? spec.faithful : !nf.given && nf.faithful;
    if (!t.faithful)
        t.reach = (table_reach){0, 0};
    symlut_status status = get_table(l, &spec, &t, r, !nf.given && !spec.has_word);
    if (status != SYMLUT_OK)
        return status;
    *out = t.faithful ? approximation_build(l->g, index, t.cheapest, t.name, t.doc)
                      : graph_add_lookup(l->g, index, t.number);
    if (!nf.given || !format_equal(t.word, nf.fmt))
        *out = lowering_settle(l, *out);
    return SYMLUT_OK;
}

symlut_status lowering_function(graph_ref *out, lowering *l, int i, int argument, table_function f,
                                graph_ref x)
{
    expr_node *nodes = ARENA_ARRAY(&l->scratch, expr_node, 3);
    if (!nodes)
        return error_memory(l->err);
    return lowering_table(out, l, i, argument, table_function_expr(f, nodes),
                          lowering_find_spec(l, f.op), x);
}

symlut_status lowering_fused(graph_ref *out, lowering *l, int i, graph_ref x)
{
    int source = l->formats[i].source;
    expr f = merge_function(&l->scratch, l->e, i, source);
    *out = GRAPH_NONE;
    return f.count ? lowering_table(out, l, i, source, f, NULL, x) : error_memory(l->err);
}
