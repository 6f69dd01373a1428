/* Bits of operands, without a language. */
#include "emit/rtl_bits.h"

bits bits_of(const node_names *names, const graph *g, graph_ref ref, int frac)
{
    format f = g->nodes[ref].fmt;
    return (bits){names->name[ref], f.width, f.is_signed, frac - f.frac};
}

bits bits_as_is(const node_names *names, const graph *g, graph_ref ref)
{
    return bits_of(names, g, ref, g->nodes[ref].fmt.frac);
}

bits_field bits_take(bits b, int low, int count)
{
    int zeros = b.shift - low;
    zeros = zeros < 0 ? 0 : zeros > count ? count : zeros;
    int from = low + zeros - b.shift, to = low + count - b.shift; /* of b's own bits */
    int end = to < b.width ? to : b.width;
    int own = zeros < count && end > from ? end - from : 0;
    return (bits_field){count - zeros - own, own, from, zeros};
}

static bits shifted(const node_names *names, const graph *g, graph_ref ref, int shift)
{
    bits b = bits_as_is(names, g, ref);
    b.shift = shift;
    return b;
}

bits_pair bits_compared(const node_names *names, const graph *g, uint32_t n)
{
    const graph_ref *arg = g->nodes[n].arg;
    compare_path p = compare_path_of(g, &g->nodes[n]);
    return (bits_pair){shifted(names, g, arg[0], p.shift[0]), shifted(names, g, arg[1], p.shift[1]),
                       p.is_signed, p.width, p.skip};
}

bits_sum bits_summed(const node_names *names, const graph *g, uint32_t n)
{
    const graph_ref *arg = g->nodes[n].arg;
    sum_path p = sum_path_of(g, &g->nodes[n]);
    bits a = shifted(names, g, arg[0], p.shift[0]), b = shifted(names, g, arg[1], p.shift[1]);
    return (bits_sum){a, b, p.from ? b : a, p.from ? a : b, p.pass, p.joins};
}

bits_count bits_counted(const node_names *names, const graph *g, uint32_t n, int k)
{
    const graph_node *node = &g->nodes[n];
    bits_count c = {shifted(names, g, node->arg[k], count_shift(g, node, k)), -1};
    int sign = c.b.width - 1 + c.b.shift;
    if (c.b.is_signed && sign >= 0 && sign < node->fmt.width)
        c.inverted = sign;
    c.b.is_signed = false;
    return c;
}

bits_range bits_outside(int width, bool is_signed, format to)
{
    int own = to.width - to.is_signed;
    return (bits_range){own, width - is_signed - own};
}

bool bits_symmetric(const cast_plan *p, format to)
{
    return to.is_signed && p->min == -p->max;
}
