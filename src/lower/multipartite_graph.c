/* A decomposed table as nodes: slices of the index, tables, complements by the sign bit, sums. */
#include <stdio.h>

#include "lower/multipartite.h"
#include "lower/slices.h"

typedef struct builder {
    graph *g;
    graph_ref index; /* unsigned */
    int index_bits;
    const multipartite *m;
    format word; /* with the guard bits */
    const char *name, *doc;
} builder;

static graph_ref slice(builder *b, int low, int bits)
{
    return slice_of(b->g, b->index, low, bits);
}

static graph_ref lookup(builder *b, graph_ref address, int bits, const int64_t *words,
                        const char *part)
{
    char name[96], doc[256];
    snprintf(name, sizeof name, "%s_%s", b->name, part);
    snprintf(doc, sizeof doc, "%s: %s", b->doc, part);
    return slice_lookup(b->g, address, bits, words, b->word.frac, name, doc);
}

static graph_ref offset(builder *b, int i)
{
    graph *g = b->g;
    const multipartite_part *part = &b->m->parts[i];
    graph_ref above = slice_integer(g, b->index, part->low + part->bits - 1, 1);
    graph_ref address = GRAPH_NONE;
    if (part->bits > 1)
        address = slice_invert(g, above, false, slice(b, part->low, part->bits - 1), true);
    if (part->gamma > 0) {
        graph_ref cell = slice(b, b->index_bits - part->gamma, part->gamma);
        address = part->bits > 1 ? graph_add_concat(g, cell, address, part->bits - 1) : cell;
    }
    char name[sizeof "offset-2147483648"];
    snprintf(name, sizeof name, "offset%d", i);
    format constant = format_for(part->words[0], part->words[0], b->word.frac);
    graph_ref word = part->bits + part->gamma > 1
                         ? lookup(b, address, part->gamma + part->bits - 1, part->words, name)
                         : graph_add_const(g, part->words[0], constant);
    return slice_invert(g, above, false, word, false);
}

graph_ref multipartite_build(graph *g, graph_ref index, const multipartite *m, format word,
                             const char *name, const char *doc)
{
    if (g->failed.status != SYMLUT_OK || index == GRAPH_NONE)
        return GRAPH_NONE;
    builder b = {
        .g = g, .index_bits = m->index_bits, .m = m, .word = word, .name = name, .doc = doc};
    b.word.frac = (int16_t)(word.frac + m->guard);
    format bits = {.width = (uint8_t)m->index_bits, .frac = g->nodes[index].fmt.frac};
    b.index = graph_add_cast(g, index, bits, ROUND_TRN, OVERFLOW_WRAP);
    graph_ref sum = lookup(&b, slice(&b, m->index_bits - m->alpha, m->alpha), m->alpha, m->tiv,
                           m->part_count ? "base" : "table");
    for (int i = 0; i < m->part_count; i++)
        sum = graph_add(g, GRAPH_ADD, sum, offset(&b, i), GRAPH_NONE);
    sum = graph_add_cast(g, sum, word, ROUND_TRN, OVERFLOW_WRAP);
    if (!m->corner)
        return sum;
    int above = m->index_bits - m->corner_bits;
    graph_ref block = slice(&b, m->corner_bits, above);
    graph_ref number = graph_add_const(
        g, m->corner_block,
        (format){.width = (uint8_t)above, .frac = (int16_t)(bits.frac - m->corner_bits)});
    graph_ref in_corner = graph_add(g, GRAPH_EQ, block, number, GRAPH_NONE);
    char corner_name[80];
    snprintf(corner_name, sizeof corner_name, "%s_corner", name);
    graph_ref corner =
        multipartite_build(g, slice(&b, 0, m->corner_bits), m->corner, word, corner_name, doc);
    return graph_add(g, GRAPH_SELECT, in_corner, corner, sum);
}
