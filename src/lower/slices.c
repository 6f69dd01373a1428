#include "lower/slices.h"

#include "lower/bounded.h"

graph_ref slice_of(graph *g, graph_ref index, int low, int bits)
{
    if (index == GRAPH_NONE || g->failed.status != SYMLUT_OK)
        return GRAPH_NONE;
    format f = {.width = (uint8_t)bits, .frac = (int16_t)(g->nodes[index].fmt.frac - low)};
    return graph_add_cast(g, index, f, ROUND_TRN, OVERFLOW_WRAP);
}

graph_ref slice_integer(graph *g, graph_ref index, int low, int bits)
{
    graph_ref slice = slice_of(g, index, low, bits);
    if (slice == GRAPH_NONE || g->nodes[slice].fmt.frac == 0)
        return slice;
    return graph_add_shift(g, slice, g->nodes[slice].fmt.frac);
}

graph_ref slice_invert(graph *g, graph_ref bit, bool when, graph_ref a, bool keep_unsigned)
{
    graph_ref inverted = graph_add(g, GRAPH_NOT, a, GRAPH_NONE, GRAPH_NONE);
    if (keep_unsigned && inverted != GRAPH_NONE && a != GRAPH_NONE)
        inverted = graph_add_cast(g, inverted, g->nodes[a].fmt, ROUND_TRN, OVERFLOW_WRAP);
    return graph_add(g, GRAPH_SELECT, bit, when ? inverted : a, when ? a : inverted);
}

graph_ref slice_lookup(graph *g, graph_ref address, int bits, const int64_t *words, int frac,
                       const char *name, const char *doc)
{
    if (address == GRAPH_NONE || g->failed.status != SYMLUT_OK)
        return GRAPH_NONE;
    uint32_t table =
        graph_add_table(g, name, doc, bits, words_format(words, (size_t)1 << bits, frac), words);
    /* a narrower address has its upper bits zero */
    format f = {.width = (uint8_t)bits, .frac = g->nodes[address].fmt.frac};
    return graph_add_lookup(g, graph_add_cast(g, address, f, ROUND_TRN, OVERFLOW_WRAP), table);
}
