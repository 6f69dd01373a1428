/* Sub-expressions of one value as one table: which ones, and the table of each. */
#include "lower/lowering.h"
#include "lower/merge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SLOPE_STEPS = 256, SMALL_INDEX = 8 };

static int first_of(expr e, int i)
{
    return i + 1 - (int)e.nodes[i].length;
}

/* True for a function with a table of its own: not one with a constant and a product form. */
static bool is_function(expr e, int i)
{
    expr_node n = e.nodes[i];
    if (n.op != EXPR_POW)
        return table_function_is((expr_op)n.op);
    expr_node exponent = e.nodes[i - 1];
    return exponent.op != EXPR_CONST || exponent.value != floor(exponent.value) ||
           exponent.value < 0;
}

static bool is_power(expr_node n)
{
    return n.op == EXPR_POW || n.op == EXPR_SQUARE || n.op == EXPR_CUBE;
}

/* Bits of an index over every value of the base. */
static int base_bits(const lowering *l, int i, int base)
{
    node_format nf = lowering_format(l, base), own = lowering_format(l, i);
    expr_node n = l->e.nodes[base];
    format f = n.op == EXPR_VAR && l->options->inputs ? l->options->inputs[n.feature] : nf.fmt;
    bool given = nf.given || n.op == EXPR_VAR;
    int frac = given ? f.frac : nf.frac;
    int integer = given ? f.width - f.frac : nf.integer;
    if (range_is_known(l->known[base])) {
        int needed = integer_bits(l->known[base], l->known[base].low < 0);
        integer = needed < integer ? needed : integer;
    }
    frac = own.index_frac < frac ? own.index_frac : frac;
    return integer + frac;
}

/* Whether one table for all keeps what was asked for of the function at node k: a table of its own
 * wraps, has words, or saturates where its range is smaller than what its argument can be. */
static bool keeps_ask(const lowering *l, const int *base, int k)
{
    expr_node n = l->e.nodes[k];
    for (size_t t = 0; t < l->options->table_count; t++) {
        const table_spec *spec = &l->options->tables[t];
        if (spec->op != (expr_op)n.op)
            continue;
        if (spec->wraps || spec->has_word)
            return false;
        if (!spec->has_range || n.arity == 0)
            continue;
        bool constant_second = n.arity == 2 && base[k - 1] < 0;
        int argument = constant_second ? first_of(l->e, k - 1) - 1 : k - 1;
        range r = l->known[argument];
        node_format nf = lowering_format(l, argument);
        range held = {format_to_double(nf.fmt, format_min(nf.fmt)),
                      format_to_double(nf.fmt, format_max(nf.fmt))};
        if (nf.given && !range_is_known(r))
            r = held;
        else if (nf.given)
            r = (range){fmax(r.low, held.low), fmin(r.high, held.high)};
        if (!range_is_known(r) || r.low < spec->low || r.high > spec->high)
            return false;
    }
    return true;
}

/* Whether node i is worth one table of its base. */
static bool is_worth_it(const lowering *l, const int *base, int i)
{
    expr e = l->e;
    int functions = 0, products = 0, others = 0;
    for (int k = first_of(e, i); k <= i; k++) {
        expr_node n = e.nodes[k];
        if (base[k] != base[i] || k == base[k] || n.arity == 0)
            continue; /* constant, inside the base, or the base */
        bool variables = n.arity == 2 && base[k - 1] >= 0 && base[first_of(e, k - 1) - 1] >= 0;
        functions += is_function(e, k);
        products += is_power(n) || n.op == EXPR_DIV || (n.op == EXPR_MUL && variables);
        others += !is_function(e, k);
        if (!keeps_ask(l, base, k))
            return false;
    }
    if (functions > 0)
        return functions + others > 1;
    return products > 0 && base_bits(l, i, base[i]) <= SMALL_INDEX;
}

/* Marks node i's nodes: away but for the first occurrence of the base. */
static void mark(lowering *l, const int *base, int i)
{
    int first = first_of(l->e, i), kept = base[i];
    for (int k = first; k < i; k++) {
        if (k < first_of(l->e, kept) || k > kept)
            l->merged[k] = MERGED_AWAY;
    }
    l->merged[i] = kept;
}

symlut_status lowering_plan(lowering *l)
{
    expr e = l->e;
    int *base = ARENA_ARRAY(&l->scratch, int, e.count);
    l->merged = ARENA_ARRAY(&l->scratch, int, e.count);
    if (!base || !l->merged)
        return error_memory(l->err);
    merge_bases(base, e);
    for (int i = 0; i < e.count; i++)
        l->merged[i] = MERGED_NOT;
    for (int i = e.count - 1; i >= 0;
         i--) { /* a node before its operands: the largest part first */
        bool candidate = l->merged[i] == MERGED_NOT && base[i] >= 0 && base[i] != i;
        if (candidate && is_worth_it(l, base, i))
            mark(l, base, i);
    }
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- the table */

/* The largest slope of f over the range, by differences. */
static double slope_of(expr f, range r)
{
    double stack[64], last = 0, most = 0;
    if (expr_depth(f) > (int)(sizeof stack / sizeof *stack))
        return 1;
    double step = (r.high - r.low) / SLOPE_STEPS;
    for (int i = 0; i <= SLOPE_STEPS; i++) {
        double x = r.low + i * step, y = expr_eval(f, &x, stack);
        if (i > 0 && isfinite(y - last))
            most = fmax(most, fabs(y - last) / step);
        last = y;
    }
    return most;
}

/* The finest step, in the base, of the tables asked for the functions inside node i; *faithful: one
 * of them is. INFINITY: none is asked for; 0: one is asked for with an entry for each argument. */
static double finest_step(lowering *l, int i, int base, range r, bool *faithful)
{
    double finest = INFINITY;
    expr value = {l->e.nodes + first_of(l->e, base), (int)l->e.nodes[base].length};
    for (int k = first_of(l->e, i); k <= i; k++) {
        expr_node n = l->e.nodes[k];
        expr own = {l->e.nodes + first_of(l->e, k), (int)n.length};
        if (n.arity != 1 || n.length <= (uint32_t)value.count || !is_function(l->e, k))
            continue;
        const table_spec *spec = lowering_find_spec(l, (expr_op)n.op);
        if (!spec)
            continue;
        expr argument = merge_function(&l->scratch, l->e, k - 1, base);
        double slope = argument.count && own.count ? slope_of(argument, r) : 1;
        int exponent;
        frexp(fmax(slope, 1), &exponent);
        if (slope <= ldexp(1, exponent - 1))
            exponent--;
        double width = spec->entries ? (spec->high - spec->low) / spec->entries : 0;
        finest = fmin(finest, ldexp(width, -exponent));
        *faithful = *faithful || spec->faithful;
    }
    return finest;
}

symlut_status lowering_merged(graph_ref *out, lowering *l, int i, int base, graph_ref x)
{
    *out = GRAPH_NONE;
    if (x == GRAPH_NONE || l->g->failed.status != SYMLUT_OK)
        return SYMLUT_OK;
    expr f = merge_function(&l->scratch, l->e, i, base);
    if (!f.count)
        return error_memory(l->err);
    if (!lowering_format(l, i).given)
        return lowering_table(out, l, i, base, f, NULL, x);
    range r = lowering_argument_range(l, base, x);
    int frac = l->formats ? l->g->nodes[x].fmt.frac : l->options->fmt.frac;
    table_spec spec = lowering_default_spec(r, frac);
    double step = finest_step(l, i, base, r, &spec.faithful);
    double width = spec.high - spec.low;
    if (step == 0)
        spec.entries = 0;
    while (isfinite(step) && step > 0 && width / spec.entries > step &&
           spec.entries < TABLE_MAX_ENTRIES)
        spec.entries *= 2;
    while (isfinite(step) && step > 0 && width / spec.entries < step &&
           spec.entries > TABLE_MIN_ENTRIES)
        spec.entries /= 2;
    return lowering_table(out, l, i, base, f, &spec, x);
}
