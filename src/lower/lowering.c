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

const char *lowering_limits(lowering *l)
{
    format f = l->options->fmt;
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

graph_ref lowering_constant(lowering *l, double value)
{
    format f = l->options->fmt;
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
                      l->output, value, format_print(f, name), lowering_limits(l), held,
                      integer_bits((range){value, value}, f.is_signed || value < 0));
    return graph_add_exact_const(l->g, integer, f.frac);
}

graph_ref lowering_settle(lowering *l, graph_ref x)
{
    if (x == GRAPH_NONE || l->g->failed.status != SYMLUT_OK)
        return GRAPH_NONE;
    format f = l->options->fmt;
    graph_node n = l->g->nodes[x];
    int up = f.frac - n.fmt.frac;
    bool fits = up >= 0 && up < 63;
    if (fits) {
        int64_t low = saturated_min(f, l->options->overflow), high = format_max(f);
        /* the format's ends in the node's unit, rounded inward */
        int64_t rest = low & (int64_t)(((uint64_t)1 << up) - 1);
        fits = n.lo >= (low >> up) + (rest != 0) && n.hi <= high >> up;
    }
    return fits ? x : graph_add_cast(l->g, x, f, l->options->rounding, l->options->overflow);
}
