#include "graph/datapath.h"

#include "graph/interval.h"

static int larger(int a, int b)
{
    return a > b ? a : b;
}

static int smaller(int a, int b)
{
    return a < b ? a : b;
}

int align_shift(const graph *g, graph_ref ref, int frac)
{
    return frac - g->nodes[ref].fmt.frac;
}

int common_frac(const graph *g, graph_ref a, graph_ref b)
{
    return larger(g->nodes[a].fmt.frac, g->nodes[b].fmt.frac);
}

int wide_bits(wide_int low, wide_int high)
{
    int bits = 1;
    if (low >= 0) {
        while (high >> bits)
            bits++;
        return bits;
    }
    while (low < -((wide_int)1 << (bits - 1)) || high >= (wide_int)1 << (bits - 1))
        bits++;
    return bits;
}

sum_path sum_path_of(const graph *g, const graph_node *n)
{
    int a = align_shift(g, n->arg[0], n->fmt.frac), b = align_shift(g, n->arg[1], n->fmt.frac);
    int pass = b ? b : n->op == GRAPH_ADD ? a : 0;
    sum_path p = {{a, b}, pass < n->fmt.width ? pass : 0, b ? 0 : 1, false};
    format low = g->nodes[n->arg[p.from]].fmt;
    p.joins = n->op == GRAPH_ADD && p.pass > 0 && !low.is_signed && low.width <= p.pass;
    return p;
}

static int count_frac(const graph *g, const graph_node *n)
{
    int frac = g->nodes[n->arg[0]].fmt.frac;
    for (int k = 1; k < GRAPH_ARGS; k++)
        frac = larger(frac, g->nodes[n->arg[k]].fmt.frac);
    return frac;
}

int count_shift(const graph *g, const graph_node *n, int k)
{
    return align_shift(g, n->arg[k], n->fmt.frac + (int)n->aux);
}

bool count_path_of(count_path *out, const graph *g, const graph_node *n)
{
    out->frac = count_frac(g, n);
    for (int k = 0; k < GRAPH_ARGS; k++) {
        const graph_node *a = &g->nodes[n->arg[k]];
        int shift = align_shift(g, n->arg[k], out->frac), width = a->fmt.width;
        if (shift + width > 63)
            return false;
        uint64_t all = ((uint64_t)1 << width) - 1;
        uint64_t sign = a->fmt.is_signed ? (uint64_t)1 << (width - 1) : 0;
        bool known = a->lo == a->hi;
        uint64_t ones = known ? ((uint64_t)a->lo ^ sign) & all : a->lo >= 0 ? sign : 0;
        bool one_sign = a->lo >= 0 || a->hi < 0;
        out->ones[k] = ones << shift;
        out->varies[k] = known ? 0 : (one_sign ? all & ~sign : all) << shift;
    }
    return true;
}

static int column_sum(const uint64_t words[GRAPH_ARGS], int column)
{
    int sum = 0;
    for (int k = 0; k < GRAPH_ARGS; k++)
        sum += (int)(words[k] >> column & 1);
    return sum;
}

int count_varying(const count_path *p, int column)
{
    return column_sum(p->varies, column);
}

uint64_t count_columns(const count_path *p, int digit, bool always)
{
    uint64_t columns = 0;
    for (int c = 0; c < 63; c++) {
        int least = column_sum(p->ones, c), most = least + count_varying(p, c);
        bool some = false, all = true;
        for (int count = least; count <= most; count++) {
            some = some || (count >> digit & 1);
            all = all && (count >> digit & 1);
        }
        columns |= (uint64_t)(always ? all : some) << c;
    }
    return columns;
}

compare_path compare_path_of(const graph *g, const graph_node *n)
{
    int frac = common_frac(g, n->arg[0], n->arg[1]), width[2];
    compare_path p = {.skip = 0};
    for (int k = 0; k < 2; k++) {
        p.shift[k] = align_shift(g, n->arg[k], frac);
        p.is_signed = p.is_signed || g->nodes[n->arg[k]].fmt.is_signed;
    }
    for (int k = 0; k < 2; k++) {
        format f = g->nodes[n->arg[k]].fmt;
        width[k] = f.width + p.shift[k] + (p.is_signed && !f.is_signed);
    }
    p.width = larger(width[0], width[1]);
    int skip = n->op == GRAPH_EQ ? 0 : p.shift[n->op == GRAPH_LE ? 0 : 1];
    p.skip = skip < p.width ? skip : 0;
    return p;
}

int less_by_range(const graph *g, const graph_node *n)
{
    const graph_node *a = &g->nodes[n->arg[0]], *b = &g->nodes[n->arg[1]];
    int frac = common_frac(g, n->arg[0], n->arg[1]);
    /* Only zero is ever moved further: the graph keeps compared operands within 64 bits. */
    wide_int unit_a = (wide_int)1 << smaller(frac - a->fmt.frac, 63);
    wide_int unit_b = (wide_int)1 << smaller(frac - b->fmt.frac, 63);
    if (a->hi * unit_a < b->lo * unit_b)
        return 1;
    return a->lo * unit_a >= b->hi * unit_b ? -1 : 0;
}

cast_plan cast_plan_make(const graph *g, const graph_node *n)
{
    const graph_node *a = &g->nodes[n->arg[0]];
    rounding r = (rounding)n->rounding;
    int shift = a->fmt.frac - n->fmt.frac;
    cast_plan p = {.drop = smaller(larger(shift, 0), a->fmt.width + 1),
                   .append = smaller(larger(-shift, 0), 64),
                   .low = cast_quantize(a->lo, a->fmt.frac, n->fmt.frac, r),
                   .high = cast_quantize(a->hi, a->fmt.frac, n->fmt.frac, r),
                   .min = saturated_min(n->fmt, (overflow)n->overflow),
                   .max = format_max(n->fmt)};
    p.is_signed = p.low < 0;
    p.width = wide_bits(p.low, p.high);
    p.under = p.low < p.min;
    p.over = p.high > p.max;
    p.rounds = p.drop > 0 && r != ROUND_TRN && !(r == ROUND_TRN_ZERO && a->lo >= 0);
    p.limits = n->overflow != OVERFLOW_WRAP && (p.under || p.over);
    p.made = smaller(p.width, p.limits ? 64 : n->fmt.width);
    return p;
}
