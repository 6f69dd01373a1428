/* A piecewise polynomial as nodes: slices of the index, tables of coefficients, products, sums. */
#include <stdio.h>

#include "lower/polynomial.h"
#include "lower/slices.h"

typedef struct builder {
    graph *g;
    graph_ref segment, index; /* index: unsigned */
    const polynomial *p;
    int frac; /* of the result, guard bits included */
    const char *name, *doc;
} builder;

static graph_ref coefficient(builder *b, int degree, int frac)
{
    char name[96], doc[256];
    snprintf(name, sizeof name, "%s_c%d", b->name, degree);
    snprintf(doc, sizeof doc, "%s: coefficient %d", b->doc, degree);
    return slice_lookup(b->g, b->segment, b->p->alpha, b->p->words[degree], frac, name, doc);
}

/* a without the bits below the guard bits. */
static graph_ref cut_off(builder *b, graph_ref a)
{
    graph *g = b->g;
    if (a == GRAPH_NONE || g->nodes[a].fmt.frac <= b->frac)
        return a;
    const graph_node *n = &g->nodes[a];
    int drop = n->fmt.frac - b->frac;
    format f = format_for(n->lo >> drop, n->hi >> drop, b->frac);
    return graph_add_cast(g, a, f, ROUND_TRN, OVERFLOW_WRAP);
}

/* Bits [low, low + bits) of the index with their weight. */
static graph_ref weighted(builder *b, int low, int bits)
{
    graph_ref integer = slice_integer(b->g, b->index, low, bits);
    return low && integer != GRAPH_NONE ? graph_add_shift(b->g, integer, low) : integer;
}

static graph_ref line(builder *b)
{
    graph *g = b->g;
    const polynomial *p = b->p;
    int bits = p->index_bits - p->alpha, frac = b->frac + p->line_drop;
    graph_ref slope = coefficient(b, 1, frac);
    graph_ref high = weighted(b, p->split, bits - p->split);
    graph_ref product = graph_add(g, GRAPH_MUL, slope, high, GRAPH_NONE);
    if (p->split && slope != GRAPH_NONE) {
        const graph_node *n = &g->nodes[slope];
        format upper = format_for(n->lo >> p->cut, n->hi >> p->cut, frac - p->cut);
        graph_ref part = graph_add_cast(g, slope, upper, ROUND_TRN, OVERFLOW_WRAP);
        part = graph_add(g, GRAPH_MUL, part, weighted(b, 0, p->split), GRAPH_NONE);
        product = graph_add(g, GRAPH_ADD, product, part, GRAPH_NONE);
    }
    return cut_off(b, product);
}

static graph_ref curve(builder *b)
{
    graph *g = b->g;
    const polynomial *p = b->p;
    int low = p->index_bits - p->alpha - p->square_bits, bits = p->square_bits - 1;
    int64_t squares[1 << (POLYNOMIAL_MAX_SQUARE - 1)];
    for (int64_t r = 0; r < (int64_t)1 << bits; r++)
        squares[r] = (r * (r + 1) / 2) >> p->square_drop;
    graph_ref above = slice_integer(g, b->index, low + bits, 1);
    graph_ref r = slice_invert(g, above, false, slice_integer(g, b->index, low, bits), true);
    char name[96];
    snprintf(name, sizeof name, "%s_square", b->name);
    graph_ref square = slice_lookup(g, r, bits, squares, 0, name, "square about the middle");
    graph_ref word = coefficient(b, 2, b->frac + p->curve_drop);
    return cut_off(b, graph_add(g, GRAPH_MUL, word, square, GRAPH_NONE));
}

graph_ref polynomial_build(graph *g, graph_ref index, const polynomial *p, format word,
                           const char *name, const char *doc)
{
    if (g->failed.status != SYMLUT_OK || index == GRAPH_NONE)
        return GRAPH_NONE;
    builder b = {.g = g, .p = p, .frac = word.frac + p->guard, .name = name, .doc = doc};
    b.index = slice_integer(g, index, 0, p->index_bits);
    b.segment = slice_of(g, b.index, p->index_bits - p->alpha, p->alpha);
    graph_ref sum = graph_add(g, GRAPH_ADD, coefficient(&b, 0, b.frac), line(&b), GRAPH_NONE);
    if (p->degree == 2)
        sum = graph_add(g, GRAPH_ADD, sum, curve(&b), GRAPH_NONE);
    graph_narrow(g, sum, p->least, p->most);
    return graph_add_cast(g, sum, word, ROUND_TRN, OVERFLOW_WRAP);
}
