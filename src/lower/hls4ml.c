/* hls4ml's own arithmetic, so that designs can be compared like for like: one type T for inputs,
 * constants, arguments, words and outputs, all converted as ap_fixed converts a double (T's
 * rounding and overflow); what lies between two conversions is exact. Follows hls4ml 1.3.0:
 * backends/symbolic/passes/expr_templates.py, nnet_utils/nnet_types.h (lookup_table). */
#include "lower/hls4ml.h"

#include "lower/exact_sum.h"
#include "lower/sympy_form.h"

#include <math.h>
#include <stdlib.h>

enum { DIVISOR_WIDTH = 20, DIVISOR_FRAC = 4, INDEX_BITS = 32, MOST_ENTRIES = 65535 };

/* ---------------------------------------------------------------- the table rule */

static int64_t convert(const lowering *l, int64_t value, int frac)
{
    return cast_value(value, frac, l->options->fmt, l->options->rounding, l->options->overflow);
}

static int64_t convert_double(const lowering *l, double value)
{
    return format_quantize(l->options->fmt, value, l->options->rounding, l->options->overflow);
}

/* Words of lookup_table<T, N, f>(from, to): N samples from + i * step, everything in T. */
static void sample(const lowering *l, int64_t *words, const table_spec *spec)
{
    format f = l->options->fmt;
    int64_t from = convert_double(l, spec->low), to = convert_double(l, spec->high);
    int64_t step = convert(l, (to - from) / spec->entries, f.frac);
    for (int i = 0; i < spec->entries; i++) {
        int64_t at = convert(l, from + i * step, f.frac);
        words[i] = convert_double(l, expr_apply(spec->op, format_to_double(f, at), 0));
    }
}

/* base_div: N / T(to - from), a whole number, as ap_fixed<20,16>. */
static int64_t divisor(const lowering *l, const table_spec *spec)
{
    format f = l->options->fmt;
    int64_t width =
        convert(l, convert_double(l, spec->high) - convert_double(l, spec->low), f.frac);
    format of = {.is_signed = true, .width = DIVISOR_WIDTH, .frac = DIVISOR_FRAC};
    int64_t quotient = width ? ((int64_t)spec->entries << f.frac) / width : 0;
    return cast_value(quotient, 0, of, ROUND_TRN, OVERFLOW_WRAP);
}

/* (int)((x - from) * base_div), kept in 0 … N-1 */
static graph_ref position(lowering *l, const table_spec *spec, graph_ref x, int index_bits)
{
    graph *g = l->g;
    graph_ref from = graph_add_exact_const(g, convert_double(l, spec->low), l->options->fmt.frac);
    graph_ref by = graph_add_exact_const(g, divisor(l, spec), DIVISOR_FRAC);
    graph_ref distance = graph_add(g, GRAPH_SUB, x, from, GRAPH_NONE);
    graph_ref place = graph_add(g, GRAPH_MUL, distance, by, GRAPH_NONE);
    format integer = {.is_signed = true, .width = INDEX_BITS, .frac = 0};
    place = graph_add_cast(g, place, integer, ROUND_TRN_ZERO, OVERFLOW_WRAP);
    place = graph_add(g, GRAPH_MAX, place, graph_add_exact_const(g, 0, 0), GRAPH_NONE);
    place =
        graph_add(g, GRAPH_MIN, place, graph_add_exact_const(g, spec->entries - 1, 0), GRAPH_NONE);
    format index = {.is_signed = false, .width = (uint8_t)index_bits, .frac = 0};
    return graph_add_cast(g, place, index, ROUND_TRN, OVERFLOW_WRAP);
}

static symlut_status add_table(graph_ref *out, lowering *l, const table_spec *spec, graph_ref x)
{
    int index_bits = 1;
    while ((1 << index_bits) < spec->entries)
        index_bits++;
    int64_t *words = calloc((size_t)1 << index_bits, sizeof *words);
    const char *function = expr_op_name(spec->op);
    const char *name = arena_printf(&l->scratch, "%s_table", function);
    name = name ? lowering_identifier(l, name) : NULL;
    const char *doc = arena_printf(&l->scratch, "%s over [%.17g,%.17g], %d entries, as hls4ml",
                                   function, spec->low, spec->high, spec->entries);
    symlut_status status = SYMLUT_OK;
    if (words && name && doc) {
        sample(l, words, spec);
        uint32_t number = graph_add_table(l->g, name, doc, index_bits, l->options->fmt, words);
        *out = graph_add_lookup(l->g, position(l, spec, x, index_bits), number);
        firmware_table made = {.function = function,
                               .entries = spec->entries,
                               .low = spec->low,
                               .high = spec->high,
                               .word = l->options->fmt};
        status = lowering_record_table(l, made);
    } else {
        status = error_memory(l->err);
    }
    free(words);
    return status;
}

static symlut_status find_table(const table_spec **out, lowering *l, const sympy_form *x)
{
    for (size_t i = 0; i < l->options->table_count; i++) {
        const table_spec *spec = &l->options->tables[i];
        if (spec->op != x->op)
            continue;
        if (spec->entries > MOST_ENTRIES || spec->wraps || spec->faithful || spec->has_word)
            return lowering_error(l, x->node,
                                  "a table of hls4ml's saturates, is plain, has words of the one "
                                  "type and at most %d entries: give only '%s: ENTRIES over "
                                  "[LO,HI]'",
                                  MOST_ENTRIES, expr_op_name(x->op));
        l->spec_used[i] = true;
        *out = spec;
        return SYMLUT_OK;
    }
    return lowering_error(l, x->node,
                          "'%s' has no table: in hls4ml's arithmetic every function is one; give "
                          "--table '%s: 1024 over [-8,8]'",
                          expr_op_name(x->op), expr_op_name(x->op));
}

/* ---------------------------------------------------------------- expressions */

static symlut_status lower_form(exact_sum *out, lowering *l, const sympy_form *x);

static exact_sum constant(lowering *l, double value)
{
    int frac = l->options->fmt.frac;
    return exact_node(&l->scratch, graph_add_exact_const(l->g, convert_double(l, value), frac));
}

static graph_ref in_one_type(lowering *l, const sympy_form *x, exact_sum value)
{
    graph_ref node = exact_cast(l->g, &l->scratch, value, l->options->fmt, l->options->rounding,
                                l->options->overflow);
    if (node == GRAPH_NONE && l->g->failed.status == SYMLUT_OK && !l->scratch.failed)
        lowering_error(l, x->node,
                       "its exact value is wider than 64 bits, which only TRN and RND with WRAP "
                       "can round; use such modes or fewer bits");
    return node;
}

static symlut_status lower_call(exact_sum *out, lowering *l, const sympy_form *x)
{
    const table_spec *spec = NULL;
    exact_sum argument = {0};
    graph_ref made = GRAPH_NONE;
    symlut_status status = find_table(&spec, l, x);
    if (status == SYMLUT_OK)
        status = lower_form(&argument, l, x->args[0]);
    if (status != SYMLUT_OK)
        return status;
    graph_ref converted = in_one_type(l, x, argument);
    if (converted == GRAPH_NONE)
        return SYMLUT_BAD_INPUT;
    graph_set_origin(l->g, lowering_text(l, x->node));
    status = add_table(&made, l, spec, converted);
    *out = exact_node(&l->scratch, made);
    return status;
}

/* The number is converted without its sign, which hls4ml prints before the product. */
static symlut_status lower_product(exact_sum *out, lowering *l, const sympy_form *x)
{
    exact_sum product = {0};
    if (fabs(x->number) != 1)
        product = constant(l, fabs(x->number));
    for (int i = 0; i < x->count; i++) {
        exact_sum base;
        symlut_status status = lower_form(&base, l, x->args[i]);
        if (status != SYMLUT_OK)
            return status;
        graph_set_origin(l->g, lowering_text(l, x->node));
        for (int power = 0; power < x->powers[i]; power++)
            product = product.count ? exact_multiply(l->g, &l->scratch, product, base) : base;
    }
    *out = product;
    return SYMLUT_OK;
}

static bool is_negative(const sympy_form *x)
{
    return x->kind == SYMPY_PRODUCT && x->number < 0;
}

static symlut_status lower_sum(exact_sum *out, lowering *l, const sympy_form *x)
{
    exact_sum sum = constant(l, x->number);
    for (int i = 0; i < x->count; i++) {
        exact_sum term;
        symlut_status status = lower_form(&term, l, x->args[i]);
        if (status != SYMLUT_OK)
            return status;
        graph_set_origin(l->g, lowering_text(l, x->node));
        sum = i == 0 && x->number == 0 ? term : exact_add(l->g, &l->scratch, sum, term, false);
    }
    *out = sum;
    return SYMLUT_OK;
}

static symlut_status lower_form(exact_sum *out, lowering *l, const sympy_form *x)
{
    symlut_status status = SYMLUT_OK;
    graph_set_origin(l->g, lowering_text(l, x->node));
    switch (x->kind) {
    case SYMPY_NUMBER:
        *out = constant(l, x->number);
        break;
    case SYMPY_INPUT:
        *out = exact_node(&l->scratch, graph_add_input_node(l->g, (uint32_t)x->feature));
        break;
    case SYMPY_CALL:
        status = lower_call(out, l, x);
        break;
    case SYMPY_SUM:
        status = lower_sum(out, l, x);
        break;
    case SYMPY_PRODUCT:
        status = lower_product(out, l, x);
        break;
    }
    if (status == SYMLUT_OK && is_negative(x)) {
        exact_sum zero = exact_node(&l->scratch, graph_add_exact_const(l->g, 0, 0));
        *out = exact_add(l->g, &l->scratch, zero, *out, true);
    }
    if (status == SYMLUT_OK && !out->parts && l->g->failed.status == SYMLUT_OK &&
        !l->scratch.failed)
        return lowering_error(l, x->node, "its exact value takes too many parts of 64 bits");
    return status;
}

symlut_status lower_hls4ml(graph_ref *out, lowering *l)
{
    bool ambiguous = false;
    int refused = -1;
    *out = GRAPH_NONE;
    const sympy_form *form = sympy_form_of(&l->scratch, l->e, &ambiguous, &refused);
    if (!form && refused < 0)
        return error_memory(l->err);
    if (!form)
        return lowering_error(l, refused,
                              "'%s' has no form in hls4ml's arithmetic, which knows + - *, whole "
                              "powers, division by a number, and functions as tables",
                              expr_op_name((expr_op)l->e.nodes[refused].op));
    if (ambiguous)
        lowering_warn(l,
                      "output %s: a number goes into one of several sums of as many terms, and "
                      "which one is sympy's choice: give the equation as sympy prints it",
                      l->output);
    exact_sum value = {0};
    symlut_status status = lower_form(&value, l, form);
    if (status != SYMLUT_OK)
        return status;
    *out = in_one_type(l, form, value);
    if (l->scratch.failed)
        return error_memory(l->err);
    if (l->g->failed.status != SYMLUT_OK)
        return error_set(l->err, l->g->failed.status, "output %s: %s", l->output,
                         l->g->failed.message);
    return *out == GRAPH_NONE ? SYMLUT_BAD_INPUT : SYMLUT_OK;
}
