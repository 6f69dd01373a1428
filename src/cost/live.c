#include "cost/live.h"

#include "graph/datapath.h"

#include <string.h>

typedef struct reader {
    live_bits *live;
    const graph *g;
} reader;

/* Own bits [from, to) of a value are read. */
static void read_own(reader *r, graph_ref a, int from, int to)
{
    live_bits *b = &r->live[a];
    if (from >= to)
        return;
    if (b->low == b->high) {
        *b = (live_bits){(uint8_t)from, (uint8_t)to};
        return;
    }
    b->low = from < b->low ? (uint8_t)from : b->low;
    b->high = to > b->high ? (uint8_t)to : b->high;
}

/* Bits [from, to) of an operand with `shift` zeros below it, extended without end. */
static void read_field(reader *r, graph_ref a, int shift, int from, int to)
{
    format f = r->g->nodes[a].fmt;
    int low = from - shift, high = to - shift;
    if (from >= to || high <= 0)
        return;
    if (high > f.width) {
        high = f.width;
        low = f.is_signed && low >= f.width ? f.width - 1 : low;
    }
    read_own(r, a, low > 0 ? low : 0, high);
}

static void read_all(reader *r, const graph_node *n)
{
    for (int j = 0; j < graph_arity((graph_op)n->op); j++)
        read_own(r, n->arg[j], 0, r->g->nodes[n->arg[j]].fmt.width);
}

static void read_sum(reader *r, const graph_node *n, live_bits b)
{
    sum_path p = sum_path_of(r->g, n);
    graph_ref low = n->arg[p.from], high = n->arg[1 - p.from];
    read_field(r, low, p.shift[p.from], b.low, b.high < p.pass ? b.high : p.pass);
    if (b.high <= p.pass)
        return;
    if (p.joins) {
        read_field(r, high, p.shift[1 - p.from], b.low > p.pass ? b.low : p.pass, b.high);
        return;
    }
    for (int j = 0; j < 2; j++)
        read_field(r, n->arg[j], p.shift[j], p.pass, n->fmt.width);
}

static void read_compared(reader *r, const graph_node *n)
{
    compare_path p = compare_path_of(r->g, n);
    for (int j = 0; j < 2; j++)
        read_field(r, n->arg[j], p.shift[j], p.skip, p.width);
}

/* Operands a and b, one of which the result is, at its last place. */
static void read_choices(reader *r, const graph_node *n, graph_ref a, graph_ref b, live_bits bits)
{
    read_field(r, a, align_shift(r->g, a, n->fmt.frac), bits.low, bits.high);
    read_field(r, b, align_shift(r->g, b, n->fmt.frac), bits.low, bits.high);
}

static void read_extreme(reader *r, const graph_node *n, live_bits b)
{
    int known = less_by_range(r->g, n);
    graph_ref less = n->arg[n->op == GRAPH_MAX], more = n->arg[n->op == GRAPH_MIN];
    if (known) {
        read_choices(r, n, known > 0 ? less : more, known > 0 ? less : more, b);
        return;
    }
    read_compared(r, n);
    read_choices(r, n, less, more, b);
}

static void read_cast(reader *r, const graph_node *n, live_bits b)
{
    cast_plan p = cast_plan_make(r->g, n);
    int shift = p.append - p.drop, dropped = n->rounding == ROUND_RND ? p.drop - 1 : 0;
    if (!p.rounds && !p.limits)
        read_field(r, n->arg[0], shift, b.low, b.high);
    else
        read_field(r, n->arg[0], shift, p.rounds ? dropped - p.drop : 0, p.made);
}

static void read_concat(reader *r, const graph_node *n, live_bits b)
{
    int low = (int)n->aux;
    read_field(r, n->arg[1], 0, b.low, b.high < low ? b.high : low);
    read_field(r, n->arg[0], low, b.low > low ? b.low : low, b.high);
}

/* Zeros beyond each word. */
static void read_count(reader *r, const graph_node *n, live_bits b)
{
    for (int k = 0; k < GRAPH_ARGS; k++) {
        int shift = count_shift(r->g, n, k), end = shift + r->g->nodes[n->arg[k]].fmt.width;
        read_field(r, n->arg[k], shift, b.low, b.high < end ? b.high : end);
    }
}

/* What node n reads for bits b of its value. */
static void read_operands(reader *r, const graph_node *n, live_bits b)
{
    switch ((graph_op)n->op) {
    case GRAPH_ADD:
    case GRAPH_SUB:
        read_sum(r, n, b);
        break;
    case GRAPH_NOT:
    case GRAPH_SHIFT:
    case GRAPH_REG:
        read_field(r, n->arg[0], 0, b.low, b.high);
        break;
    case GRAPH_MIN:
    case GRAPH_MAX:
        read_extreme(r, n, b);
        break;
    case GRAPH_LT:
    case GRAPH_LE:
    case GRAPH_EQ:
        read_compared(r, n);
        break;
    case GRAPH_SELECT:
        read_own(r, n->arg[0], 0, 1);
        read_choices(r, n, n->arg[1], n->arg[2], b);
        break;
    case GRAPH_CONCAT:
        read_concat(r, n, b);
        break;
    case GRAPH_COUNT:
        read_count(r, n, b);
        break;
    case GRAPH_CAST:
        read_cast(r, n, b);
        break;
    case GRAPH_TABLE:
        read_own(r, n->arg[0], 0, r->g->tables[n->aux].index_bits);
        break;
    default:
        read_all(r, n);
    }
}

void live_bits_find(live_bits *live, const graph *g)
{
    reader r = {live, g};
    memset(live, 0, g->count * sizeof *live);
    for (graph_ref k = g->count; k-- > 0;) {
        const graph_node *n = &g->nodes[k];
        bool kept = n->op == GRAPH_INPUT || n->op == GRAPH_REG || n->op == GRAPH_SHIFT;
        if (n->op == GRAPH_OUTPUT)
            live[k] = (live_bits){0, n->fmt.width};
        else if (live[k].low == live[k].high || (n->lo == n->hi && !kept))
            continue;
        read_operands(&r, n, live[k]);
    }
}
