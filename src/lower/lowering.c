#include "lower/lowering.h"

#include "lower/names.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST_TEXT = 160 };

void lowering_warn(lowering *l, const char *message, ...)
{
    if (l->options->draft)
        return;
    char line[1024];
    va_list args;
    va_start(args, message);
    vsnprintf(line, sizeof line, message, args);
    va_end(args);
    symlut_firmware *fw = l->fw;
    for (size_t i = 0; i < fw->warning_count; i++) {
        if (strcmp(fw->warnings[i], line) == 0)
            return;
    }
    if (fw->warning_count == l->warning_capacity) {
        size_t capacity = l->warning_capacity ? 2 * l->warning_capacity : 16;
        const char **grown = ARENA_ARRAY(&fw->memory, const char *, capacity);
        if (!grown)
            return; /* the arena remembers the failure */
        if (fw->warning_count)
            memcpy(grown, fw->warnings, fw->warning_count * sizeof *grown);
        fw->warnings = grown;
        l->warning_capacity = capacity;
    }
    const char *copy = arena_strdup(&fw->memory, line);
    if (copy)
        fw->warnings[fw->warning_count++] = copy;
}

const char *lowering_text(lowering *l, int i)
{
    if (l->options->draft)
        return "";
    int length = (int)l->e.nodes[i].length;
    expr part = {l->e.nodes + i + 1 - length, length};
    text t = {0};
    expr_print(&t, part, &l->names, SYMLUT_PRINT_INFIX, 6);
    /* every node keeps its text: that of a long expression would be quadratic */
    const char *copy = NULL;
    if (!t.failed && t.length > LONGEST_TEXT)
        copy = arena_printf(&l->scratch, "%.*s...", LONGEST_TEXT - 3, t.data);
    else if (!t.failed)
        copy = arena_strndup(&l->scratch, t.data, t.length);
    text_free(&t);
    return copy ? copy : "";
}

symlut_status lowering_error(lowering *l, int i, const char *message, ...)
{
    char what[700];
    va_list args;
    va_start(args, message);
    vsnprintf(what, sizeof what, message, args);
    va_end(args);
    return error_set(l->err, SYMLUT_BAD_INPUT, "output %s, in '%.200s': %s", l->output,
                     lowering_text(l, i), what);
}

const char *lowering_limits(lowering *l, format f)
{
    const char *s = arena_printf(&l->scratch, "[%.6g, %.6g]", format_to_double(f, format_min(f)),
                                 format_to_double(f, format_max(f)));
    return s ? s : "";
}

int integer_bits(range r, bool is_signed)
{
    int bits = 0;
    while (bits < 64 && (r.high >= ldexp(1, bits) || r.low < -ldexp(1, bits)))
        bits++;
    return bits + (is_signed ? 1 : 0);
}

const char *lowering_identifier(lowering *l, const char *name)
{
    if (l->taken_count == l->taken_capacity) {
        size_t capacity = l->taken_capacity ? 2 * l->taken_capacity : 64;
        const char **grown = ARENA_ARRAY(&l->scratch, const char *, capacity);
        if (!grown)
            return NULL;
        if (l->taken_count)
            memcpy(grown, l->taken, l->taken_count * sizeof *grown);
        l->taken = grown;
        l->taken_capacity = capacity;
    }
    const char *made = identifier_make(&l->scratch, name, l->taken, l->taken_count);
    if (made)
        l->taken[l->taken_count++] = made;
    return made;
}

node_format lowering_format(const lowering *l, int i)
{
    if (l->formats)
        return l->formats[i];
    return (node_format){.given = true,
                         .fmt = l->options->fmt,
                         .rounding = l->options->rounding,
                         .overflow = l->options->overflow,
                         .index_frac = FORMAT_ANY};
}

/* The nearest multiple of 2^-frac, in as many bits as it needs. */
static graph_ref bounded_constant(lowering *l, double value, int frac)
{
    int exponent = 0;
    frexp(value, &exponent);
    if (frac > 52 - exponent) /* more bits than the double has */
        frac = 52 - exponent;
    if (frac < exponent - 60)
        frac = exponent - 60;
    double integer = rint(ldexp(value, frac));
    if (integer == 0 && value != 0)
        lowering_warn(l, "output %s: the constant %.9g rounds to 0: its step is %.3g", l->output,
                      value, ldexp(1, -frac));
    return graph_add_exact_const(l->g, (int64_t)integer, frac);
}

graph_ref lowering_constant(lowering *l, int i, double value)
{
    node_format nf = lowering_format(l, i);
    if (!nf.given)
        return bounded_constant(l, value, nf.frac);
    format f = nf.fmt;
    int64_t integer = format_from_double(f, value);
    double held = format_to_double(f, integer);
    char name[32];
    if (held == 0 && value != 0)
        lowering_warn(l, "output %s: the constant %.9g rounds to 0 in %s: its step is %.3g",
                      l->output, value, format_print(f, name), ldexp(1, -f.frac));
    else if (fabs(held - value) > ldexp(1, -f.frac))
        lowering_warn(l,
                      "output %s: the constant %.9g does not fit %s, %s: it saturates to %.9g; "
                      "I = %d holds it",
                      l->output, value, format_print(f, name), lowering_limits(l, f), held,
                      integer_bits((range){value, value}, f.is_signed || value < 0));
    return graph_add_exact_const(l->g, integer, f.frac);
}

static graph_ref settle_given(lowering *l, graph_ref x, node_format nf)
{
    format f = nf.fmt;
    graph_node n = l->g->nodes[x];
    int up = f.frac - n.fmt.frac;
    bool fits = up >= 0 && up < 63;
    if (fits) {
        int64_t low = saturated_min(f, nf.overflow), high = format_max(f);
        /* the format's ends in the node's unit, rounded inward */
        int64_t rest = low & (int64_t)(((uint64_t)1 << up) - 1);
        fits = n.lo >= (low >> up) + (rest != 0) && n.hi <= high >> up;
    }
    return fits ? x : graph_add_cast(l->g, x, f, nf.rounding, nf.overflow);
}

format bounded_format(int64_t lo, int64_t hi, int frac, int integer)
{
    format f = format_for(lo, hi, frac);
    int most = frac + integer - (f.is_signed ? 0 : 1);
    int least = f.is_signed ? 2 : 1;
    if (f.width > most)
        f.width = (uint8_t)(most < least ? least : most);
    return f;
}

static graph_ref settle_bounded(lowering *l, graph_ref x, node_format nf)
{
    graph_node n = l->g->nodes[x];
    int drop = n.fmt.frac > nf.frac ? n.fmt.frac - nf.frac : 0;
    drop = drop > 62 ? 62 : drop;
    int64_t lo = n.lo >> drop, hi = n.hi >> drop;
    format f = bounded_format(lo, hi, n.fmt.frac - drop, nf.integer);
    bool fits = lo >= format_min(f) && hi <= format_max(f);
    if (drop == 0 && fits)
        return x;
    return graph_add_cast(l->g, x, f, ROUND_TRN, fits ? OVERFLOW_WRAP : OVERFLOW_SAT);
}

graph_ref lowering_settle(lowering *l, graph_ref x)
{
    if (x == GRAPH_NONE || l->g->failed.status != SYMLUT_OK)
        return GRAPH_NONE;
    if (x == l->g->count - 1) /* nothing uses it yet */
        affine_narrow(l->affine, l->g);
    node_format nf = lowering_format(l, l->at);
    return nf.given ? settle_given(l, x, nf) : settle_bounded(l, x, nf);
}

symlut_status lowering_record_table(lowering *l, firmware_table table)
{
    symlut_firmware *fw = l->fw;
    for (size_t i = 0; i < fw->table_count; i++) {
        const firmware_table *t = &fw->tables[i];
        if (strcmp(t->function, table.function) == 0 && t->entries == table.entries &&
            t->low == table.low && t->high == table.high && t->wraps == table.wraps &&
            format_equal(t->word, table.word))
            return SYMLUT_OK;
    }
    if (fw->table_count == l->table_capacity) {
        size_t capacity = l->table_capacity ? 2 * l->table_capacity : 8;
        firmware_table *grown = ARENA_ARRAY(&fw->memory, firmware_table, capacity);
        if (!grown)
            return error_memory(l->err);
        if (fw->table_count)
            memcpy(grown, fw->tables, fw->table_count * sizeof *grown);
        fw->tables = grown;
        l->table_capacity = capacity;
    }
    fw->tables[fw->table_count++] = table;
    return SYMLUT_OK;
}
