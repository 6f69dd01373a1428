#include "cost/registers.h"

#include "graph/datapath.h"

#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- signals */

typedef enum signal_kind {
    SIGNAL_FREE, /* a: the node that makes it, of an operation of which nothing is known here */
    SIGNAL_NOT,
    SIGNAL_CHOICE, /* a ? b : c */
    SIGNAL_REGISTER
} signal_kind;

/* One wire. Equal signals are one: of the same kind and the same inputs. */
typedef struct signal {
    uint32_t kind, a, b, c;
} signal;

enum { ZERO, ONE, FIRST }; /* the constants' numbers */

#define FROM_NODE 0x80000000u

typedef struct netlist {
    const graph *g;
    uint32_t *start; /* [g->count + 1] where a node's bits begin, the lowest first */
    uint32_t *bits;  /* [start[g->count]] signals */
    signal *signals; /* [capacity], inputs before their users */
    uint32_t count, capacity;
    uint32_t *table; /* [mask + 1], open addressing; 0: free */
    uint32_t mask;
    uint8_t *uses;    /* [capacity] readers of a signal, up to 2 */
    uint32_t *reader; /* [capacity] the last one: a signal's number, or a node's after FROM_NODE */
    bool *made;       /* [g->count] the node's operation is needed */
} netlist;

static uint32_t add_signal(netlist *n, signal_kind kind, uint32_t a, uint32_t b, uint32_t c)
{
    n->signals[n->count] = (signal){(uint32_t)kind, a, b, c};
    return n->count++;
}

static uint32_t shared_signal(netlist *n, signal_kind kind, uint32_t a, uint32_t b, uint32_t c)
{
    uint64_t h = ((uint64_t)a << 32 | b) * 0x9e3779b97f4a7c15U;
    h = (h ^ h >> 29 ^ ((uint64_t)c << 3 | (uint64_t)kind)) * 0xbf58476d1ce4e5b9U;
    uint32_t at = (uint32_t)(h >> 32) & n->mask;
    for (; n->table[at]; at = (at + 1) & n->mask) {
        const signal *s = &n->signals[n->table[at]];
        if (s->kind == (uint32_t)kind && s->a == a && s->b == b && s->c == c)
            return n->table[at];
    }
    n->table[at] = add_signal(n, kind, a, b, c);
    return n->table[at];
}

static uint32_t inverse(netlist *n, uint32_t a)
{
    if (a < FIRST)
        return a == ZERO ? ONE : ZERO;
    if (n->signals[a].kind == SIGNAL_NOT)
        return n->signals[a].a;
    return shared_signal(n, SIGNAL_NOT, a, 0, 0);
}

/* A chosen bit that is the condition is known; Yosys 0.23 does not look through its inverse. */
static uint32_t choice(netlist *n, uint32_t condition, uint32_t a, uint32_t b)
{
    if (condition >= FIRST && n->signals[condition].kind == SIGNAL_NOT)
        return choice(n, n->signals[condition].a, b, a);
    a = a == condition ? (uint32_t)ONE : a;
    b = b == condition ? (uint32_t)ZERO : b;
    if (a == b || condition == ONE)
        return a;
    if (condition == ZERO)
        return b;
    if (a == ONE && b == ZERO)
        return condition;
    if (a == ZERO && b == ONE)
        return inverse(n, condition);
    return shared_signal(n, SIGNAL_CHOICE, condition, a, b);
}

/* ---------------------------------------------------------------- bits of operands */

/* Bit i of the operand with `shift` zeros below it, extended without end. */
static uint32_t bit_at(const netlist *n, graph_ref a, int shift, int i)
{
    format f = n->g->nodes[a].fmt;
    const uint32_t *own = n->bits + n->start[a];
    int j = i - shift;
    if (j < 0)
        return ZERO;
    if (j < f.width)
        return own[j];
    return f.is_signed ? own[f.width - 1] : (uint32_t)ZERO;
}

static bool all_zero(const netlist *n, graph_ref a, int shift, int from, int to)
{
    for (int i = from; i < to; i++) {
        if (bit_at(n, a, shift, i) != ZERO)
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------- what a node's bits are */

static uint32_t *bits_of(netlist *n, graph_ref k)
{
    return n->bits + n->start[k];
}

static void make_free(netlist *n, graph_ref k, int from)
{
    for (int i = from; i < n->g->nodes[k].fmt.width; i++)
        bits_of(n, k)[i] = add_signal(n, SIGNAL_FREE, k, 0, 0);
}

static void make_constant(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    for (int i = 0; i < node->fmt.width; i++)
        bits_of(n, k)[i] = (uint64_t)node->lo >> i & 1 ? ONE : ZERO;
}

static void make_copy(netlist *n, graph_ref k, graph_ref a, int shift)
{
    for (int i = 0; i < n->g->nodes[k].fmt.width; i++)
        bits_of(n, k)[i] = bit_at(n, a, shift, i);
}

static void make_sum(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    sum_path p = sum_path_of(n->g, node);
    for (int i = 0; i < p.pass; i++)
        bits_of(n, k)[i] = bit_at(n, node->arg[p.from], p.shift[p.from], i);
    for (int i = p.pass; p.joins && i < node->fmt.width; i++)
        bits_of(n, k)[i] = bit_at(n, node->arg[1 - p.from], p.shift[1 - p.from], i);
    if (!p.joins)
        make_free(n, k, p.pass);
}

static void make_abs(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    format f = n->g->nodes[node->arg[0]].fmt;
    if (!f.is_signed) {
        make_copy(n, k, node->arg[0], 0);
        return;
    }
    for (int i = 0; i < node->fmt.width; i++) {
        uint32_t minus = add_signal(n, SIGNAL_FREE, k, 0, 0);
        bits_of(n, k)[i] = choice(n, bit_at(n, node->arg[0], 0, f.width - 1), minus,
                                  bit_at(n, node->arg[0], 0, i));
    }
}

static void make_choice(netlist *n, graph_ref k, uint32_t condition, graph_ref a, graph_ref b)
{
    format f = n->g->nodes[k].fmt;
    int shift_a = align_shift(n->g, a, f.frac), shift_b = align_shift(n->g, b, f.frac);
    for (int i = 0; i < f.width; i++)
        bits_of(n, k)[i] = choice(n, condition, bit_at(n, a, shift_a, i), bit_at(n, b, shift_b, i));
}

static void make_extreme(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    bool least = node->op == GRAPH_MIN;
    graph_ref if_less = node->arg[!least], if_not = node->arg[least];
    int known = less_by_range(n->g, node);
    uint32_t condition = known > 0 ? ONE : ZERO;
    if (!known)
        condition = add_signal(n, SIGNAL_FREE, k, 0, 0);
    make_choice(n, k, condition, if_less, if_not);
}

/* A comparison with zero is a sign. */
static void make_comparison(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    compare_path p = compare_path_of(n->g, node);
    const graph_ref *arg = node->arg;
    if (p.is_signed && node->op == GRAPH_LT && all_zero(n, arg[1], p.shift[1], p.skip, p.width))
        bits_of(n, k)[0] = bit_at(n, arg[0], p.shift[0], p.width - 1);
    else if (p.is_signed && node->op == GRAPH_LE &&
             all_zero(n, arg[0], p.shift[0], p.skip, p.width))
        bits_of(n, k)[0] = inverse(n, bit_at(n, arg[1], p.shift[1], p.width - 1));
    else
        make_free(n, k, 0);
}

static void make_concat(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    int low = (int)node->aux;
    for (int i = 0; i < node->fmt.width; i++)
        bits_of(n, k)[i] =
            i < low ? bit_at(n, node->arg[1], 0, i) : bit_at(n, node->arg[0], low, i);
}

/* Bit `column` of operand k of a count, as it is counted. */
static uint32_t counted_bit(netlist *n, const graph_node *node, const count_path *p, int k,
                            int column)
{
    format f = n->g->nodes[node->arg[k]].fmt;
    int i = column - align_shift(n->g, node->arg[k], p->frac);
    if (i < 0 || i >= f.width)
        return ZERO;
    uint32_t own = bit_at(n, node->arg[k], 0, i);
    return f.is_signed && i == f.width - 1 ? inverse(n, own) : own;
}

/* Bits of a column that are no constants; their last one, and the ones among the others. */
static int open_bits(netlist *n, const graph_node *node, const count_path *p, int column,
                     uint32_t *last, int *ones)
{
    int open = 0;
    *ones = 0;
    for (int k = 0; k < GRAPH_ARGS; k++) {
        uint32_t bit = counted_bit(n, node, p, k, column);
        *ones += bit == ONE;
        open += bit >= FIRST;
        *last = bit >= FIRST ? bit : *last;
    }
    return open;
}

/* A column with one open bit has it, its inverse or a constant for a digit. */
static void make_count(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    count_path p;
    if (!count_path_of(&p, n->g, node))
        return;
    int first = p.frac - (int)node->aux - node->fmt.frac, ones;
    for (int i = 0; i < node->fmt.width; i++) {
        uint32_t bit = ZERO;
        int open = open_bits(n, node, &p, first + i, &bit, &ones);
        bool with = (ones + 1) >> node->aux & 1, without = ones >> node->aux & 1;
        if (open > 1)
            bit = add_signal(n, SIGNAL_FREE, k, 0, 0);
        else if (open == 0 || with == without)
            bit = without ? ONE : ZERO;
        else if (without)
            bit = inverse(n, bit);
        bits_of(n, k)[i] = bit;
    }
}

static void make_cast(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    cast_plan p = cast_plan_make(n->g, node);
    if (p.limits) {
        make_free(n, k, 0);
    } else if (p.rounds) {
        uint32_t last = ZERO;
        for (int i = 0; i < node->fmt.width; i++) {
            if (i < p.made)
                last = add_signal(n, SIGNAL_FREE, k, 0, 0);
            else if (!p.is_signed)
                last = ZERO;
            bits_of(n, k)[i] = last;
        }
    } else {
        make_copy(n, k, node->arg[0], p.append - p.drop);
    }
}

static void make_register(netlist *n, graph_ref k)
{
    for (int i = 0; i < n->g->nodes[k].fmt.width; i++) {
        uint32_t a = bit_at(n, n->g->nodes[k].arg[0], 0, i);
        bits_of(n, k)[i] = a < FIRST ? a : shared_signal(n, SIGNAL_REGISTER, a, 0, 0);
    }
}

static void make_bits(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    bool kept = node->op == GRAPH_INPUT || node->op == GRAPH_OUTPUT || node->op == GRAPH_REG ||
                node->op == GRAPH_SHIFT;
    if (node->lo == node->hi && !kept) {
        make_constant(n, k);
        return;
    }
    switch ((graph_op)node->op) {
    case GRAPH_ADD:
    case GRAPH_SUB:
        make_sum(n, k);
        break;
    case GRAPH_NOT:
        for (int i = 0; i < node->fmt.width; i++)
            bits_of(n, k)[i] = inverse(n, bit_at(n, node->arg[0], 0, i));
        break;
    case GRAPH_SHIFT:
    case GRAPH_OUTPUT:
        make_copy(n, k, node->arg[0], 0);
        break;
    case GRAPH_ABS:
        make_abs(n, k);
        break;
    case GRAPH_MIN:
    case GRAPH_MAX:
        make_extreme(n, k);
        break;
    case GRAPH_LT:
    case GRAPH_LE:
        make_comparison(n, k);
        break;
    case GRAPH_SELECT:
        make_choice(n, k, bit_at(n, node->arg[0], 0, 0), node->arg[1], node->arg[2]);
        break;
    case GRAPH_CONCAT:
        make_concat(n, k);
        break;
    case GRAPH_COUNT:
        make_count(n, k);
        break;
    case GRAPH_CAST:
        make_cast(n, k);
        break;
    case GRAPH_REG:
        make_register(n, k);
        break;
    default: /* INPUT, NEG, MUL, EQ, TABLE: signals of their own; CONST is done */
        make_free(n, k, 0);
    }
}

/* ---------------------------------------------------------------- what is read */

static void use(netlist *n, uint32_t a, uint32_t reader)
{
    if (n->uses[a] < 2 && n->reader[a] != reader)
        n->uses[a]++;
    n->reader[a] = reader;
}

/* Bits [from, to) of an operand of node k. */
static void use_field(netlist *n, graph_ref k, graph_ref a, int shift, int from, int to)
{
    for (int i = from; i < to; i++)
        use(n, bit_at(n, a, shift, i), FROM_NODE + k);
}

/* The dropped bits that decide on rounding up. */
static void use_rounding(netlist *n, graph_ref k, int drop)
{
    const graph_node *node = &n->g->nodes[k];
    graph_ref a = node->arg[0];
    bool is_signed = n->g->nodes[a].fmt.is_signed;
    int top = n->g->nodes[a].fmt.width - 1;
    uint32_t half = bit_at(n, a, 0, drop - 1);
    rounding r = (rounding)node->rounding;
    if (r == ROUND_TRN_ZERO) {
        if (is_signed)
            use_field(n, k, a, 0, 0, drop);
    } else if (half == ZERO) {
        return;
    } else {
        use(n, half, FROM_NODE + k);
        if (r != ROUND_RND && (r != ROUND_RND_INF || is_signed))
            use_field(n, k, a, 0, 0, drop - 1);
    }
    if (is_signed && (r == ROUND_TRN_ZERO || r == ROUND_RND_ZERO || r == ROUND_RND_INF))
        use(n, bit_at(n, a, 0, top), FROM_NODE + k);
    if (r == ROUND_RND_CONV)
        use(n, bit_at(n, a, 0, drop), FROM_NODE + k);
}

static void use_comparison(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    compare_path p = compare_path_of(n->g, node);
    for (int j = 0; j < 2; j++)
        use_field(n, k, node->arg[j], p.shift[j], p.skip, p.width);
}

static void use_count(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    count_path p;
    if (!count_path_of(&p, n->g, node))
        return;
    int first = p.frac - (int)node->aux - node->fmt.frac, ones;
    for (int c = first; c < first + node->fmt.width; c++) {
        uint32_t last = ZERO;
        if (open_bits(n, node, &p, c, &last, &ones) < 2)
            continue;
        for (int j = 0; j < GRAPH_ARGS; j++)
            use(n, counted_bit(n, node, &p, j, c), FROM_NODE + k);
    }
}

/* What the operation of node k reads. */
static void use_operands(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    int width = node->fmt.width;
    switch ((graph_op)node->op) {
    case GRAPH_ADD:
    case GRAPH_SUB: {
        sum_path p = sum_path_of(n->g, node);
        for (int j = 0; j < 2 && !p.joins; j++)
            use_field(n, k, node->arg[j], p.shift[j], p.pass, width);
        break;
    }
    case GRAPH_MUL:
        use_field(n, k, node->arg[1], 0, 0, width);
        use_field(n, k, node->arg[0], 0, 0, width);
        break;
    case GRAPH_NEG:
    case GRAPH_ABS:
        use_field(n, k, node->arg[0], 0, 0, width);
        break;
    case GRAPH_TABLE:
        use_field(n, k, node->arg[0], 0, 0, n->g->tables[node->aux].index_bits);
        break;
    case GRAPH_CAST: {
        cast_plan p = cast_plan_make(n->g, node);
        use_field(n, k, node->arg[0], p.append - p.drop, 0, p.made);
        if (p.rounds)
            use_rounding(n, k, p.drop);
        break;
    }
    case GRAPH_MIN:
    case GRAPH_MAX:
    case GRAPH_LT:
    case GRAPH_LE:
    case GRAPH_EQ:
        use_comparison(n, k);
        break;
    case GRAPH_COUNT:
        use_count(n, k);
        break;
    default:
        break;
    }
}

static void use_inputs(netlist *n, uint32_t s)
{
    const signal *at = &n->signals[s];
    if (at->kind == SIGNAL_FREE && !n->made[at->a]) {
        n->made[at->a] = true;
        use_operands(n, at->a);
    } else if (at->kind != SIGNAL_FREE) {
        use(n, at->a, s);
        if (at->kind == SIGNAL_CHOICE) {
            use(n, at->b, s);
            use(n, at->c, s);
        }
    }
}

/* ---------------------------------------------------------------- the count */

enum { LEAST_SRL = 3, SRL_MOST = 16 };

/* Register s is read by another alone. */
static bool goes_on(const netlist *n, uint32_t s)
{
    uint32_t reader = n->reader[s];
    return n->uses[s] == 1 && reader < FROM_NODE && n->signals[reader].kind == SIGNAL_REGISTER;
}

/* The signal before register s in its chain, or ZERO: a register that s alone reads. */
static uint32_t before(const netlist *n, uint32_t s)
{
    uint32_t a = n->signals[s].a;
    bool chained = a >= FIRST && n->signals[a].kind == SIGNAL_REGISTER && goes_on(n, a);
    return chained ? a : (uint32_t)ZERO;
}

static void add_chain(register_bits *out, int length)
{
    if (length < LEAST_SRL) {
        out->ff += length;
    } else {
        out->srl++;
        out->ff += length == SRL_MOST + 1;
    }
}

static void count_registers(register_bits *out, const netlist *n)
{
    for (uint32_t s = FIRST; s < n->count; s++) {
        if (n->signals[s].kind != SIGNAL_REGISTER || !n->uses[s] || goes_on(n, s))
            continue;
        int length = 0;
        for (uint32_t at = s; at != ZERO; at = before(n, at))
            length++;
        add_chain(out, length);
    }
    if (n->g->latency)
        add_chain(out, n->g->latency);
}

static bool begin(netlist *n, const graph *g)
{
    uint32_t total = 0;
    n->g = g;
    n->start = malloc((g->count + (size_t)1) * sizeof *n->start);
    if (!n->start)
        return false;
    for (graph_ref k = 0; k < g->count; k++) {
        n->start[k] = total;
        total += g->nodes[k].fmt.width;
    }
    n->start[g->count] = total;
    /* abs makes two for a bit, min and max one more, a count the inverse of a sign */
    n->capacity = 2 * total + 2 * g->count + FIRST;
    n->mask = 63;
    while (n->mask < 2 * n->capacity)
        n->mask = 2 * n->mask + 1;
    n->count = FIRST;
    n->bits = malloc((total + (size_t)1) * sizeof *n->bits);
    n->signals = calloc(n->capacity, sizeof *n->signals);
    n->table = calloc(n->mask + (size_t)1, sizeof *n->table);
    n->uses = calloc(n->capacity, sizeof *n->uses);
    n->reader = calloc(n->capacity, sizeof *n->reader);
    n->made = calloc(g->count + (size_t)1, sizeof *n->made);
    return n->bits && n->signals && n->table && n->uses && n->reader && n->made;
}

static void end(netlist *n)
{
    free(n->start);
    free(n->bits);
    free(n->signals);
    free(n->table);
    free(n->uses);
    free(n->reader);
    free(n->made);
}

bool registers_count(register_bits *out, const graph *g)
{
    netlist n = {0};
    *out = (register_bits){0};
    bool ready = begin(&n, g);
    for (graph_ref k = 0; ready && k < g->count; k++)
        make_bits(&n, k);
    for (graph_ref k = 0; ready && k < g->count; k++) {
        for (int i = 0; g->nodes[k].op == GRAPH_OUTPUT && i < g->nodes[k].fmt.width; i++)
            use(&n, bits_of(&n, k)[i], FROM_NODE + k);
    }
    for (uint32_t s = n.count; ready && s-- > FIRST;) {
        if (n.uses[s])
            use_inputs(&n, s);
    }
    if (ready)
        count_registers(out, &n);
    end(&n);
    return ready;
}
