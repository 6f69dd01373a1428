#include "lower/table.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- specification */

typedef struct spec_reader {
    const char *text, *at;
    symlut_error *err;
} spec_reader;

/* An error at the reader's place. */
#define SPEC_ERROR(r, ...)                                                                         \
    (error_at((r)->err, SYMLUT_BAD_INPUT, "--table", 1, (long)((r)->at - (r)->text) + 1,           \
              __VA_ARGS__),                                                                        \
     error_source((r)->err, (r)->text, strlen((r)->text)), SYMLUT_BAD_INPUT)

static void skip_space(spec_reader *r)
{
    while (isspace((unsigned char)*r->at))
        r->at++;
}

/* Takes `token` when it comes next; a word must end where it ends. */
static bool take(spec_reader *r, const char *token)
{
    skip_space(r);
    size_t n = strlen(token);
    if (strncmp(r->at, token, n) != 0)
        return false;
    if (isalpha((unsigned char)token[0]) && isalnum((unsigned char)r->at[n]))
        return false;
    r->at += n;
    return true;
}

static symlut_status expect(spec_reader *r, const char *token, const char *after)
{
    if (take(r, token))
        return SYMLUT_OK;
    if (*r->at)
        return SPEC_ERROR(r, "expected '%s' after %s; the form is 'sin: 1024 over [-8,8]'", token,
                          after);
    return SPEC_ERROR(r,
                      "the table ends early: expected '%s' after %s; the form is "
                      "'sin: 1024 over [-8,8]'",
                      token, after);
}

/* Function names for "nearest" hints. */
static void suggest_functions(symlut_error *err, const char *wanted)
{
    const char *names[EXPR_OP_COUNT];
    size_t count = 0;
    for (int op = 0; op < EXPR_OP_COUNT; op++) {
        if (table_function_is((expr_op)op) && op != EXPR_POW)
            names[count++] = expr_op_name((expr_op)op);
    }
    error_nearest(err, wanted, names, count);
}

static symlut_status read_function(spec_reader *r, table_spec *out)
{
    skip_space(r);
    size_t n = 0;
    while (isalnum((unsigned char)r->at[n]) || r->at[n] == '_')
        n++;
    if (n == 0)
        return SPEC_ERROR(r, "expected a function's name; the form is 'sin: 1024 over [-8,8]'");
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)n, r->at);
    if (strcmp(name, "reciprocal") == 0) {
        out->op = EXPR_INV;
    } else if (!expr_op_find(&out->op, name, strlen(name))) {
        symlut_status status = SPEC_ERROR(r, "'%s' is not a function", name);
        suggest_functions(r->err, name);
        return status;
    }
    if (!table_function_is(out->op))
        return SPEC_ERROR(r, "'%s' is exact logic and takes no table", name);
    r->at += n;
    return expect(r, ":", "the function's name");
}

static symlut_status read_entries(spec_reader *r, table_spec *out)
{
    if (take(r, "auto")) {
        out->faithful = true;
        return SYMLUT_OK;
    }
    skip_space(r);
    if (!isdigit((unsigned char)*r->at))
        return SPEC_ERROR(r, "expected the number of entries, such as 1024, or 'auto'");
    char *end;
    unsigned long entries = strtoul(r->at, &end, 10);
    if (entries < TABLE_MIN_ENTRIES || entries > TABLE_MAX_ENTRIES ||
        (entries & (entries - 1)) != 0)
        return SPEC_ERROR(r, "%.*s entries: expected a power of two from %d to %d",
                          (int)(end - r->at), r->at, TABLE_MIN_ENTRIES, TABLE_MAX_ENTRIES);
    r->at = end;
    out->entries = (int)entries;
    take(r, "entries");
    return SYMLUT_OK;
}

static symlut_status read_number(spec_reader *r, double *out)
{
    skip_space(r);
    char *end;
    double value = strtod(r->at, &end);
    if (end == r->at || !isfinite(value))
        return SPEC_ERROR(r, "expected a number");
    if (fabs(value) > 2147483648.0)
        return SPEC_ERROR(r, "%g is beyond the largest range end, 2^31", value);
    r->at = end;
    *out = value;
    return SYMLUT_OK;
}

static symlut_status read_range(spec_reader *r, table_spec *out)
{
    bool is_auto = out->entries == 0;
    out->has_range = take(r, "over");
    if (!out->has_range)
        return is_auto ? SYMLUT_OK : expect(r, "over", "the number of entries");
    skip_space(r);
    const char *start = r->at;
    symlut_status status = expect(r, "[", "'over'");
    if (status == SYMLUT_OK)
        status = read_number(r, &out->low);
    if (status == SYMLUT_OK)
        status = expect(r, ",", "the lower end");
    if (status == SYMLUT_OK)
        status = read_number(r, &out->high);
    if (status == SYMLUT_OK)
        status = expect(r, "]", "the upper end");
    if (status != SYMLUT_OK)
        return status;
    int exponent;
    double range = out->high - out->low;
    if (range > 0 && frexp(range, &exponent) == 0.5 && exponent > -40)
        return SYMLUT_OK;
    r->at = start;
    if (!(range > 0))
        return SPEC_ERROR(r, "the range [%g,%g] is empty: the lower end comes first", out->low,
                          out->high);
    return SPEC_ERROR(r,
                      "the range [%g,%g] is %g wide: expected a power of two, such as 16 for "
                      "[-8,8]",
                      out->low, out->high, range);
}

static symlut_status read_word_format(spec_reader *r, table_spec *out)
{
    rounding rounds = ROUND_RND_CONV;
    overflow overflows = OVERFLOW_SAT;
    skip_space(r);
    symlut_error inner = {0};
    symlut_status status = format_parse(&out->word, &rounds, &overflows, r->at, &inner);
    if (status != SYMLUT_OK) {
        r->at += inner.column > 0 ? inner.column - 1 : 0;
        return SPEC_ERROR(r, "%s", inner.message);
    }
    if (rounds != ROUND_RND_CONV || overflows != OVERFLOW_SAT)
        return SPEC_ERROR(r, "table words round to nearest even and saturate: give the format "
                             "alone, such as fixed<12,2>");
    out->has_word = true;
    r->at += strlen(r->at);
    return SYMLUT_OK;
}

symlut_status table_spec_parse(table_spec *out, const char *specification, symlut_error *err)
{
    spec_reader r = {specification, specification, err};
    *out = (table_spec){.text = specification};
    symlut_status status = read_function(&r, out);
    if (status == SYMLUT_OK)
        status = read_entries(&r, out);
    if (status == SYMLUT_OK)
        status = read_range(&r, out);
    if (status != SYMLUT_OK)
        return status;
    if (take(&r, "wrap"))
        out->wraps = true;
    else
        take(&r, "saturate");
    out->faithful = take(&r, "faithful") || out->entries == 0;
    if (take(&r, "words"))
        status = read_word_format(&r, out);
    skip_space(&r);
    if (status == SYMLUT_OK && *r.at)
        status = SPEC_ERROR(&r,
                            "'%.20s' was not expected here; after the range come 'saturate' or "
                            "'wrap', 'faithful', then 'words fixed<W,I>'",
                            r.at);
    if (status == SYMLUT_OK && out->wraps && !out->has_range)
        status = SPEC_ERROR(&r, "'wrap' needs the range that repeats: over [LO,HI]");
    return status;
}

/* ---------------------------------------------------------------- shape */

static int log2_exact(double power)
{
    int exponent;
    frexp(power, &exponent);
    return exponent - 1;
}

symlut_status table_shape_make(table_shape *out, const table_spec *spec, int argument_frac,
                               symlut_error *err)
{
    int range_log = log2_exact(spec->high - spec->low);
    int bits = log2_exact((double)spec->entries);
    int frac = bits - range_log;
    if (frac > argument_frac) {
        frac = argument_frac;
        bits = frac + range_log;
    }
    const char *name = expr_op_name(spec->op);
    if (bits < 1)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "table of %s over [%g,%g]: the range holds fewer than two arguments of "
                         "step 2^%d; widen the range or give the precision more fraction bits",
                         name, spec->low, spec->high, -argument_frac);
    double first = ldexp(spec->low, frac);
    if (first != floor(first))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "table of %s over [%g,%g]: the lower end must be a multiple of the step "
                         "between entries, %g",
                         name, spec->low, spec->high, ldexp(1, -frac));
    if (fabs(first) > ldexp(1, 40))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "table of %s over [%g,%g]: the range is too far from zero for its width",
                         name, spec->low, spec->high);
    *out = (table_shape){.index_bits = bits,
                         .index_frac = frac,
                         .argument_frac = argument_frac,
                         .first = (int64_t)first,
                         .wraps = spec->wraps};
    bool slice = spec->wraps || out->first == 0 || out->first == -((int64_t)1 << (bits - 1));
    out->offset = !slice;
    return SYMLUT_OK;
}

double table_argument(const table_shape *s, int64_t k)
{
    return ldexp((double)(s->first + k), -s->index_frac);
}

size_t table_position(const table_shape *s, int64_t k)
{
    uint64_t mask = ((uint64_t)1 << s->index_bits) - 1;
    return (size_t)((uint64_t)(s->offset ? k : s->first + k) & mask);
}

graph_ref table_index(graph *g, const table_shape *s, graph_ref argument)
{
    if (argument == GRAPH_NONE || g->failed.status != SYMLUT_OK)
        return GRAPH_NONE;
    format slice = {.is_signed = !s->wraps && s->first < 0 && !s->offset,
                    .width = (uint8_t)s->index_bits,
                    .frac = (int16_t)s->index_frac};
    if (s->offset) {
        /* floor first, exactly, so that the subtraction is no wider than it needs to be */
        graph_node a = g->nodes[argument];
        int drop = a.fmt.frac - s->index_frac;
        if (drop > 0) {
            int64_t low = drop < 63 ? a.lo >> drop : -(a.lo < 0);
            int64_t high = drop < 63 ? a.hi >> drop : -(a.hi < 0);
            argument = graph_add_cast(g, argument, format_for(low, high, s->index_frac), ROUND_TRN,
                                      OVERFLOW_WRAP);
        }
        argument = graph_add(g, GRAPH_SUB, argument,
                             graph_add_exact_const(g, s->first, s->index_frac), GRAPH_NONE);
    }
    return graph_add_cast(g, argument, slice, ROUND_TRN, s->wraps ? OVERFLOW_WRAP : OVERFLOW_SAT);
}
