/* The number of the largest of several values, as a tree of comparisons and selections. */
#include "lower/lowering.h"

/* One value still in the running and the number it came with. */
typedef struct candidate {
    graph_ref value, number;
} candidate;

/* b wins only where it is larger: a has the lower number, and ties go to it. */
static candidate larger(graph *g, candidate a, candidate b, bool needs_value)
{
    candidate c = {GRAPH_NONE, GRAPH_NONE};
    graph_ref b_wins = graph_add(g, GRAPH_LT, a.value, b.value, GRAPH_NONE);
    c.number = graph_add(g, GRAPH_SELECT, b_wins, b.number, a.number);
    if (needs_value)
        c.value = graph_add(g, GRAPH_SELECT, b_wins, b.value, a.value);
    return c;
}

graph_ref lowering_argmax(lowering *l, const graph_ref *values, size_t count)
{
    graph *g = l->g;
    candidate *left = ARENA_ARRAY(&l->scratch, candidate, count);
    if (!left || count == 0)
        return GRAPH_NONE;
    for (size_t k = 0; k < count; k++)
        left[k] = (candidate){values[k], graph_add_exact_const(g, (int64_t)k, 0)};
    for (size_t n = count, made; n > 1; n = made) {
        made = 0;
        /* neighbours meet, so that numbers stay in order from left to right */
        for (size_t k = 0; k < n; k += 2)
            left[made++] = k + 1 < n ? larger(g, left[k], left[k + 1], n > 2) : left[k];
    }
    format f = {.is_signed = false, .width = 1, .frac = 0};
    while (f.width < 62 && (size_t)1 << f.width < count)
        f.width++;
    graph_ref number = left[0].number;
    if (number != GRAPH_NONE && !format_equal(g->nodes[number].fmt, f))
        number = graph_add_cast(g, number, f, ROUND_TRN, OVERFLOW_WRAP);
    return number;
}
