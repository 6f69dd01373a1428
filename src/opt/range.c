/* Narrow formats: casts and tables keep only the bits their values use.
 *
 * requires: a checked graph
 * keeps:    ports, values of outputs, stages
 * breaks:   nothing; tables may lose their users (dce)
 *
 * An exact operation has the smallest format of its interval already. A cast whose result never
 * leaves a smaller format becomes a cast to it: saturation to the old bounds is kept where the
 * interval touches them. The words of a table lose what none of them needs: high bits, and low bits
 * that are zero in all. */
#include <stdlib.h>

#include "opt/opt.h"
#include "opt/rewrite.h"

/* The rounded operand lies in the format, so that no overflow happens. */
static bool never_overflows(const graph *g, const graph_node *n, graph_ref a, format f)
{
    const graph_node *x = &g->nodes[a];
    rounding r = (rounding)n->rounding;
    return !cast_overflows(x->lo, x->fmt.frac, f, r, OVERFLOW_SAT) &&
           !cast_overflows(x->hi, x->fmt.frac, f, r, OVERFLOW_SAT);
}

/* A format that gives the same results as n->fmt, or n->fmt. */
static graph_ref narrow_cast(rewrite *rw, graph_ref k)
{
    const graph_node *n = &rw->from->nodes[k];
    graph_ref a = rewrite_arg(rw, n, 0);
    format small = format_for(n->lo, n->hi, n->fmt.frac);
    if (small.width >= n->fmt.width)
        return rewrite_copy(rw, k);
    if (never_overflows(rw->to, n, a, small))
        return graph_add_cast(rw->to, a, small, (rounding)n->rounding, OVERFLOW_WRAP);
    /* One-sided saturation: the bound in use is a bound of the smaller format, too. */
    bool same_top = format_max(small) == format_max(n->fmt);
    bool bottom_unused = !small.is_signed && n->lo >= 0 && rw->to->nodes[a].lo >= 0;
    if ((n->overflow == OVERFLOW_SAT || n->overflow == OVERFLOW_SAT_SYM) && same_top &&
        bottom_unused)
        return graph_add_cast(rw->to, a, small, (rounding)n->rounding, OVERFLOW_SAT);
    return rewrite_copy(rw, k);
}

static int trailing_zeros(const graph_table *t)
{
    uint64_t bits = 0;
    for (size_t i = 0; i < (size_t)1 << t->index_bits; i++)
        bits |= (uint64_t)t->words[i];
    int zeros = 0;
    while (bits && zeros < 62 && !(bits >> zeros & 1))
        zeros++;
    return zeros;
}

/* The table with the smallest word format; the same number when it is small already. */
static uint32_t narrow_table(graph *g, const graph_table *t, uint32_t number)
{
    int64_t lo = t->words[0], hi = t->words[0];
    size_t count = (size_t)1 << t->index_bits;
    for (size_t i = 1; i < count; i++) {
        lo = t->words[i] < lo ? t->words[i] : lo;
        hi = t->words[i] > hi ? t->words[i] : hi;
    }
    int zeros = trailing_zeros(t);
    int64_t unit = (int64_t)1 << zeros;
    format small = format_for(lo / unit, hi / unit, t->word.frac - zeros);
    if (small.width >= t->word.width || small.frac < -FORMAT_FRAC_LIMIT)
        return number;
    int64_t *words = malloc(count * sizeof *words);
    if (!words) {
        error_memory(&g->failed);
        return number;
    }
    for (size_t i = 0; i < count; i++)
        words[i] = t->words[i] / unit;
    uint32_t made = graph_add_table(g, t->name, t->doc, t->index_bits, small, words);
    free(words);
    return made;
}

static graph_ref narrow_lookup(rewrite *rw, graph_ref k, uint32_t *narrowed)
{
    const graph_node *n = &rw->from->nodes[k];
    const graph_node *index = &rw->from->nodes[n->arg[0]];
    if (narrowed[n->aux] == GRAPH_NONE)
        narrowed[n->aux] = narrow_table(rw->to, &rw->from->tables[n->aux], (uint32_t)n->aux);
    if (narrowed[n->aux] == (uint32_t)n->aux)
        return rewrite_copy(rw, k);
    graph_ref a = rewrite_arg(rw, n, 0);
    if (a != GRAPH_NONE && !format_equal(rw->to->nodes[a].fmt, index->fmt))
        a = graph_add_cast(rw->to, a, index->fmt, ROUND_TRN, OVERFLOW_WRAP);
    return graph_add_lookup(rw->to, a, narrowed[n->aux]);
}

symlut_status opt_range(graph **g, const opt_options *options, symlut_error *err)
{
    (void)options;
    rewrite rw;
    uint32_t *narrowed = malloc(((*g)->table_count + (size_t)1) * sizeof *narrowed);
    if (!narrowed)
        return error_memory(err);
    for (uint32_t t = 0; t < (*g)->table_count; t++)
        narrowed[t] = GRAPH_NONE;
    if (rewrite_begin(&rw, *g)) {
        for (graph_ref k = 0; k < rw.from->count && rw.to->failed.status == SYMLUT_OK; k++) {
            const graph_node *n = &rw.from->nodes[k];
            graph_ref before = rw.to->count;
            graph_set_origin(rw.to, n->origin);
            rw.map[k] = n->op == GRAPH_CAST    ? narrow_cast(&rw, k)
                        : n->op == GRAPH_TABLE ? narrow_lookup(&rw, k, narrowed)
                                               : rewrite_copy(&rw, k);
            rewrite_settle(&rw, k, before);
        }
    }
    free(narrowed);
    return rewrite_end(&rw, g, err);
}
