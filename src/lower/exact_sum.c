#include "lower/exact_sum.h"

enum {
    MAX_PARTS = 1024,
    MANY_PARTS = 4, /* from here on they are brought to limbs */
    WIDEST = 62,
    LIMB = 24 /* bits */
};

static const exact_sum none = {0};

static bool can(const graph *g, graph_op op, graph_ref a, graph_ref b)
{
    graph_node n = {.op = (uint8_t)op, .arg = {a, b, GRAPH_NONE}};
    return graph_derive(g, &n) && n.fmt.width <= WIDEST;
}

static int frac_of(const graph *g, graph_ref x)
{
    return g->nodes[x].fmt.frac;
}

static exact_sum room_for(arena *memory, int count)
{
    return count > MAX_PARTS ? none : (exact_sum){ARENA_ARRAY(memory, graph_ref, count + 1), 0};
}

exact_sum exact_node(arena *memory, graph_ref x)
{
    exact_sum s = x == GRAPH_NONE ? none : room_for(memory, 1);
    if (s.parts)
        s.parts[s.count++] = x;
    return s;
}

/* ---------------------------------------------------------------- limbs */

/* floor(x) at 2^-frac */
static graph_ref floored(graph *g, graph_ref x, int frac)
{
    format f = g->nodes[x].fmt;
    int drop = f.frac - frac;
    if (drop <= 0)
        return x;
    int width = f.width - drop;
    f.width = (uint8_t)(width < 1 ? 1 : width);
    f.frac = (int16_t)frac;
    return graph_add_cast(g, x, f, ROUND_TRN, OVERFLOW_WRAP);
}

/* x - floor(x) at 2^-frac: the bits below, as an unsigned number */
static graph_ref below(graph *g, graph_ref x, int frac)
{
    format f = g->nodes[x].fmt;
    f.width = (uint8_t)(f.frac - frac);
    f.is_signed = false;
    return graph_add_cast(g, x, f, ROUND_TRN, OVERFLOW_WRAP);
}

static bool is_zero(const graph *g, graph_ref x)
{
    return g->nodes[x].lo == 0 && g->nodes[x].hi == 0;
}

/* The sum as one node; GRAPH_NONE where none can hold it. */
static graph_ref in_one_node(graph *g, exact_sum x)
{
    graph_ref sum = x.parts[0];
    for (int i = 1; i < x.count && sum != GRAPH_NONE; i++)
        sum = can(g, GRAPH_ADD, sum, x.parts[i])
                  ? graph_add(g, GRAPH_ADD, sum, x.parts[i], GRAPH_NONE)
                  : GRAPH_NONE;
    return sum;
}

/* Takes the lowest LIMB bits off the sum: returns them as an unsigned node, and leaves the parts
 * above them and the carry in *x. */
static graph_ref take_limb(graph *g, exact_sum *x)
{
    int finest = frac_of(g, x->parts[0]);
    for (int i = 1; i < x->count; i++)
        finest = frac_of(g, x->parts[i]) > finest ? frac_of(g, x->parts[i]) : finest;
    int frac = finest - LIMB, kept = 0;
    graph_ref sum = GRAPH_NONE;
    for (int i = 0; i < x->count; i++) {
        graph_ref part = x->parts[i];
        if (frac_of(g, part) > frac) {
            graph_ref low = below(g, part, frac);
            sum = sum == GRAPH_NONE ? low : graph_add(g, GRAPH_ADD, sum, low, GRAPH_NONE);
            part = floored(g, part, frac);
        }
        if (g->failed.status != SYMLUT_OK)
            return GRAPH_NONE;
        if (!is_zero(g, part))
            x->parts[kept++] = part;
    }
    x->parts[kept++] = floored(g, sum, frac);
    x->count = kept;
    return below(g, sum, frac);
}

/* The same sum as limbs, the finest first: all but the last unsigned, of LIMB bits, and none
 * overlapping. */
static exact_sum in_limbs(graph *g, arena *memory, exact_sum x)
{
    exact_sum limbs = room_for(memory, MAX_PARTS), left = room_for(memory, x.count + 1);
    if (!limbs.parts || !left.parts)
        return none;
    for (int i = 0; i < x.count; i++)
        left.parts[left.count++] = x.parts[i];
    for (;;) {
        graph_ref last = in_one_node(g, left);
        graph_ref limb = last == GRAPH_NONE ? take_limb(g, &left) : last;
        if (limb == GRAPH_NONE || g->failed.status != SYMLUT_OK || limbs.count == MAX_PARTS)
            return none;
        limbs.parts[limbs.count++] = limb;
        if (last != GRAPH_NONE)
            return limbs;
    }
}

static exact_sum tidy(graph *g, arena *memory, exact_sum x)
{
    return x.parts && x.count >= MANY_PARTS ? in_limbs(g, memory, x) : x;
}

/* ---------------------------------------------------------------- arithmetic */

exact_sum exact_add(graph *g, arena *memory, exact_sum a, exact_sum b, bool subtract)
{
    graph_op op = subtract ? GRAPH_SUB : GRAPH_ADD;
    if (!a.parts || !b.parts || g->failed.status != SYMLUT_OK)
        return none;
    if (a.count == 1 && b.count == 1 && can(g, op, a.parts[0], b.parts[0]))
        return exact_node(memory, graph_add(g, op, a.parts[0], b.parts[0], GRAPH_NONE));
    exact_sum sum = room_for(memory, a.count + b.count);
    if (!sum.parts)
        return none;
    for (int i = 0; i < a.count; i++)
        sum.parts[sum.count++] = a.parts[i];
    for (int i = 0; i < b.count; i++)
        sum.parts[sum.count++] =
            subtract ? graph_add(g, GRAPH_NEG, b.parts[i], GRAPH_NONE, GRAPH_NONE) : b.parts[i];
    return g->failed.status == SYMLUT_OK ? tidy(g, memory, sum) : none;
}

/* Appends the parts of a * b, the wider factor in halves where one node cannot hold it. */
static bool multiply_parts(graph *g, exact_sum *to, graph_ref a, graph_ref b)
{
    if (g->failed.status != SYMLUT_OK || to->count >= MAX_PARTS)
        return false;
    if (can(g, GRAPH_MUL, a, b)) {
        to->parts[to->count++] = graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE);
        return true;
    }
    if (g->nodes[a].fmt.width < g->nodes[b].fmt.width) {
        graph_ref swap = a;
        a = b;
        b = swap;
    }
    int frac = frac_of(g, a) - g->nodes[a].fmt.width / 2;
    return multiply_parts(g, to, floored(g, a, frac), b) &&
           multiply_parts(g, to, below(g, a, frac), b);
}

exact_sum exact_multiply(graph *g, arena *memory, exact_sum a, exact_sum b)
{
    exact_sum product = a.parts && b.parts ? room_for(memory, MAX_PARTS) : none;
    for (int i = 0; product.parts && i < a.count; i++) {
        for (int j = 0; j < b.count; j++) {
            if (!multiply_parts(g, &product, a.parts[i], b.parts[j]))
                return none;
        }
    }
    return g->failed.status == SYMLUT_OK ? tidy(g, memory, product) : none;
}

/* ---------------------------------------------------------------- the way back */

/* x modulo 2^integer_bits, which is all that a wrapping cast reads. */
static graph_ref wrapped(graph *g, graph_ref x, int integer_bits)
{
    format f = g->nodes[x].fmt;
    int width = integer_bits + f.frac;
    if (width >= f.width)
        return x;
    f.width = (uint8_t)width;
    f.is_signed = true;
    return graph_add_cast(g, x, f, ROUND_TRN, OVERFLOW_WRAP);
}

/* floor(limbs) at 2^-fmt.frac: what lies below is dropped, for limbs do not overlap. */
static graph_ref floor_of_limbs(graph *g, exact_sum limbs, format fmt, overflow o)
{
    graph_ref sum = GRAPH_NONE;
    for (int i = 0; i < limbs.count; i++) {
        graph_ref limb = limbs.parts[i];
        bool last = i == limbs.count - 1;
        if (!last && frac_of(g, limb) - LIMB >= fmt.frac)
            continue;
        /* whole turns of the range */
        if (o == OVERFLOW_WRAP && frac_of(g, limb) <= fmt.frac - fmt.width)
            continue;
        limb = floored(g, limb, fmt.frac);
        if (o == OVERFLOW_WRAP)
            limb = wrapped(g, limb, fmt.width - fmt.frac);
        if (sum != GRAPH_NONE && !can(g, GRAPH_ADD, sum, limb))
            return GRAPH_NONE;
        sum = sum == GRAPH_NONE ? limb : graph_add(g, GRAPH_ADD, sum, limb, GRAPH_NONE);
    }
    return sum == GRAPH_NONE ? graph_add_exact_const(g, 0, 0) : sum;
}

graph_ref exact_cast(graph *g, arena *memory, exact_sum x, format fmt, rounding r, overflow o)
{
    if (!x.parts || g->failed.status != SYMLUT_OK)
        return GRAPH_NONE;
    if (x.count == 1)
        return graph_add_cast(g, x.parts[0], fmt, r, o);
    if (r != ROUND_TRN && r != ROUND_RND)
        return GRAPH_NONE;
    exact_sum half = exact_node(memory, graph_add_exact_const(g, 1, fmt.frac + 1));
    if (r == ROUND_RND)
        x = exact_add(g, memory, x, half, false);
    exact_sum limbs = x.parts ? in_limbs(g, memory, x) : none;
    graph_ref sum = limbs.parts ? floor_of_limbs(g, limbs, fmt, o) : GRAPH_NONE;
    return sum == GRAPH_NONE ? sum : graph_add_cast(g, sum, fmt, ROUND_TRN, o);
}
