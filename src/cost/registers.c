#include "cost/registers.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide_int;

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
    return shared_signal(n, SIGNAL_NOT, a, 0, 0);
}

static uint32_t choice(netlist *n, uint32_t condition, uint32_t a, uint32_t b)
{
    if (a == b || condition == ONE)
        return a;
    if (condition == ZERO)
        return b;
    if (a == ONE && b == ZERO)
        return condition;
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

static int shift_to(const netlist *n, graph_ref a, int frac)
{
    return frac - n->g->nodes[a].fmt.frac;
}

static int larger(int a, int b)
{
    return a > b ? a : b;
}

/* Bits of a comparison, as emitted. */
typedef struct compared_fields {
    graph_ref a, b;
    int shift_a, shift_b, skip, width;
    bool any_signed;
} compared_fields;

static compared_fields fields_of(const netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    compared_fields c = {.a = node->arg[0], .b = node->arg[1]};
    format fa = n->g->nodes[c.a].fmt, fb = n->g->nodes[c.b].fmt;
    int frac = larger(fa.frac, fb.frac);
    c.shift_a = frac - fa.frac;
    c.shift_b = frac - fb.frac;
    c.any_signed = fa.is_signed || fb.is_signed;
    c.width = larger(fa.width + c.shift_a + (c.any_signed && !fa.is_signed),
                     fb.width + c.shift_b + (c.any_signed && !fb.is_signed));
    c.skip = node->op == GRAPH_LE ? c.shift_a : node->op == GRAPH_EQ ? 0 : c.shift_b;
    c.skip = c.skip < c.width ? c.skip : 0;
    return c;
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

/* Low bits that pass by the adder. */
static int passing(const netlist *n, graph_ref k, graph_ref *from)
{
    const graph_node *node = &n->g->nodes[k];
    int a = shift_to(n, node->arg[0], node->fmt.frac),
        b = shift_to(n, node->arg[1], node->fmt.frac);
    int pass = b ? b : node->op == GRAPH_ADD ? a : 0;
    *from = node->arg[b ? 0 : 1];
    return pass < node->fmt.width ? pass : 0;
}

static void make_sum(netlist *n, graph_ref k)
{
    graph_ref from;
    int pass = passing(n, k, &from), shift = shift_to(n, from, n->g->nodes[k].fmt.frac);
    for (int i = 0; i < pass; i++)
        bits_of(n, k)[i] = bit_at(n, from, shift, i);
    make_free(n, k, pass);
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
    int shift_a = shift_to(n, a, f.frac), shift_b = shift_to(n, b, f.frac);
    for (int i = 0; i < f.width; i++)
        bits_of(n, k)[i] = choice(n, condition, bit_at(n, a, shift_a, i), bit_at(n, b, shift_b, i));
}

/* a < b whatever the operands (+1), never (-1), or either (0) */
static int decided(const graph_node *a, const graph_node *b)
{
    int frac = larger(a->fmt.frac, b->fmt.frac);
    int up_a = frac - a->fmt.frac, up_b = frac - b->fmt.frac;
    wide_int unit_a = (wide_int)1 << (up_a < 63 ? up_a : 63);
    wide_int unit_b = (wide_int)1 << (up_b < 63 ? up_b : 63);
    if (a->hi * unit_a < b->lo * unit_b)
        return 1;
    return a->lo * unit_a >= b->hi * unit_b ? -1 : 0;
}

static void make_extreme(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    bool least = node->op == GRAPH_MIN;
    graph_ref if_less = node->arg[!least], if_not = node->arg[least];
    int known = decided(&n->g->nodes[node->arg[0]], &n->g->nodes[node->arg[1]]);
    uint32_t condition = known > 0 ? ONE : ZERO;
    if (!known)
        condition = add_signal(n, SIGNAL_FREE, k, 0, 0);
    make_choice(n, k, condition, if_less, if_not);
}

/* A comparison with zero is a sign. */
static void make_comparison(netlist *n, graph_ref k)
{
    compared_fields c = fields_of(n, k);
    graph_op op = (graph_op)n->g->nodes[k].op;
    if (c.any_signed && op == GRAPH_LT && all_zero(n, c.b, c.shift_b, c.skip, c.width))
        bits_of(n, k)[0] = bit_at(n, c.a, c.shift_a, c.width - 1);
    else if (c.any_signed && op == GRAPH_LE && all_zero(n, c.a, c.shift_a, c.skip, c.width))
        bits_of(n, k)[0] = inverse(n, bit_at(n, c.b, c.shift_b, c.width - 1));
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

/* ---- casts, in the steps of the emitter */

typedef struct cast_steps {
    int drop;     /* bits rounded away; negative: zeros appended */
    bool rounds;  /* with an adder */
    bool limits;  /* with a module that saturates */
    format whole; /* rounded, before the range is looked at */
    int width;    /* of that, what is made */
} cast_steps;

static cast_steps steps_of(const netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k], *a = &n->g->nodes[node->arg[0]];
    rounding r = (rounding)node->rounding;
    format unbounded = {true, 64, node->fmt.frac};
    cast_steps s = {.drop = a->fmt.frac - node->fmt.frac};
    int64_t low = cast_value(a->lo, a->fmt.frac, unbounded, r, OVERFLOW_SAT);
    int64_t high = cast_value(a->hi, a->fmt.frac, unbounded, r, OVERFLOW_SAT);
    s.drop = s.drop > a->fmt.width + 1 ? a->fmt.width + 1 : s.drop;
    s.rounds = s.drop > 0 && r != ROUND_TRN;
    s.limits =
        node->overflow != OVERFLOW_WRAP &&
        (low < saturated_min(node->fmt, (overflow)node->overflow) || high > format_max(node->fmt));
    s.whole = format_for(low, high, node->fmt.frac);
    s.width = s.limits || s.whole.width < node->fmt.width ? s.whole.width : node->fmt.width;
    return s;
}

static void make_cast(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    cast_steps s = steps_of(n, k);
    if (s.limits) {
        make_free(n, k, 0);
    } else if (s.rounds) {
        uint32_t last = ZERO;
        for (int i = 0; i < node->fmt.width; i++) {
            if (i < s.width)
                last = add_signal(n, SIGNAL_FREE, k, 0, 0);
            else if (!s.whole.is_signed)
                last = ZERO;
            bits_of(n, k)[i] = last;
        }
    } else {
        make_copy(n, k, node->arg[0], -s.drop);
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
    compared_fields c = fields_of(n, k);
    use_field(n, k, c.a, c.shift_a, c.skip, c.width);
    use_field(n, k, c.b, c.shift_b, c.skip, c.width);
}

/* What the operation of node k reads. */
static void use_operands(netlist *n, graph_ref k)
{
    const graph_node *node = &n->g->nodes[k];
    int width = node->fmt.width, frac = node->fmt.frac;
    switch ((graph_op)node->op) {
    case GRAPH_ADD:
    case GRAPH_SUB: {
        graph_ref from;
        int pass = passing(n, k, &from);
        for (int j = 0; j < 2; j++)
            use_field(n, k, node->arg[j], shift_to(n, node->arg[j], frac), pass, width);
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
        cast_steps s = steps_of(n, k);
        use_field(n, k, node->arg[0], -s.drop, 0, s.width);
        if (s.rounds)
            use_rounding(n, k, s.drop);
        break;
    }
    case GRAPH_MIN:
    case GRAPH_MAX:
    case GRAPH_LT:
    case GRAPH_LE:
    case GRAPH_EQ:
        use_comparison(n, k);
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
    n->capacity = 2 * total + g->count + FIRST; /* abs makes two for a bit, min and max one more */
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
