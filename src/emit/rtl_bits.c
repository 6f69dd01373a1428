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

bits_pair bits_compared(const node_names *names, const graph *g, uint32_t n)
{
    const graph_ref *arg = g->nodes[n].arg;
    int frac = common_frac(g, arg[0], arg[1]);
    bits a = bits_of(names, g, arg[0], frac), b = bits_of(names, g, arg[1], frac);
    bool any_signed = a.is_signed || b.is_signed;
    int wa = a.width + a.shift + (any_signed && !a.is_signed);
    int wb = b.width + b.shift + (any_signed && !b.is_signed);
    return (bits_pair){a, b, any_signed, wa > wb ? wa : wb};
}

bits_sum bits_summed(const node_names *names, const graph *g, uint32_t n, char sign)
{
    const graph_node *node = &g->nodes[n];
    bits a = bits_of(names, g, node->arg[0], node->fmt.frac);
    bits b = bits_of(names, g, node->arg[1], node->fmt.frac);
    int pass = b.shift ? b.shift : sign == '+' ? a.shift : 0;
    return (bits_sum){a, b, b.shift ? a : b, pass < node->fmt.width ? pass : 0};
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
