#include "search/tree.h"

#include <math.h>
#include <string.h>

bool tree_node_known(const expr_node *n, const vocabulary *v)
{
    if (n->op == EXPR_CALL)
        return v->functions && n->feature < v->functions->count &&
               n->arity == v->functions->items[n->feature].arity;
    return n->op < EXPR_OP_COUNT && (n->op != EXPR_VAR || n->feature < v->features);
}

void tree_measure(expr *e)
{
    for (int i = 0; i < e->count; i++) {
        expr_node *n = &e->nodes[i];
        if (n->op != EXPR_CALL)
            n->arity = (uint8_t)expr_arity((expr_op)n->op);
        n->length = 1;
        for (int k = 0, child = i - 1; k < n->arity; k++) {
            uint32_t length = e->nodes[child].length;
            n->length += length;
            child -= (int)length;
        }
    }
}

static int start_of(expr e, int i)
{
    return i - (int)e.nodes[i].length + 1;
}

static expr_node random_leaf(const vocabulary *v, rng *r)
{
    if (v->features == 0 || rng_unit(r) < v->constant_share)
        return (expr_node){.op = EXPR_CONST, .length = 1, .value = (double)(float)rng_normal(r)};
    return (expr_node){
        .op = EXPR_VAR, .length = 1, .feature = (uint16_t)rng_below(r, (uint32_t)v->features)};
}

/* How many functions of the user take so many arguments. */
static int count_functions(const vocabulary *v, int arity)
{
    int count = 0;
    for (int i = 0; v->functions && i < v->functions->count; i++)
        count += v->functions->items[i].arity == arity;
    return count;
}

/* The k-th of the functions with that many arguments as a node. */
static expr_node call_node(const vocabulary *v, int arity, int k)
{
    int i = 0;
    while (v->functions->items[i].arity != arity || k-- > 0)
        i++;
    return (expr_node){.op = EXPR_CALL, .arity = (uint8_t)arity, .feature = (uint16_t)i};
}

/* A random operation or function; arity 0: any. False when the vocabulary has none. */
static bool random_op(expr_node *op, int arity, const vocabulary *v, rng *r)
{
    int counts[FUNCTION_ARGUMENTS + 1] = {0}, total = 0;
    for (int k = 1; k <= FUNCTION_ARGUMENTS; k++) {
        counts[k] = k == 1 ? v->unary_count : k == 2 ? v->binary_count : 0;
        counts[k] = arity == 0 || arity == k ? counts[k] + count_functions(v, k) : 0;
    }
    if (arity == 0 && counts[1] && counts[2] + counts[3]) {
        /* what joins operands carries structure: half of the draws */
        if (rng_below(r, 2))
            counts[1] = 0;
        else
            counts[2] = counts[3] = 0;
    }
    for (int k = 1; k <= FUNCTION_ARGUMENTS; k++)
        total += counts[k];
    if (total == 0)
        return false;
    int k = (int)rng_below(r, (uint32_t)total), of = 1;
    for (; k >= counts[of]; of++)
        k -= counts[of];
    int built_in = of == 1 ? v->unary_count : of == 2 ? v->binary_count : 0;
    *op = k < built_in ? (expr_node){.op = (uint8_t)(of == 1 ? v->unary[k] : v->binary[k]),
                                     .arity = (uint8_t)of}
                       : call_node(v, of, k - built_in);
    return true;
}

/* Writers: append to out, which is known to have room. */
static void put(expr *out, expr_node n)
{
    out->nodes[out->count++] = n;
}

static void put_range(expr *out, expr e, int from, int to)
{
    if (to > from)
        memcpy(out->nodes + out->count, e.nodes + from, (size_t)(to - from) * sizeof *e.nodes);
    out->count += to > from ? to - from : 0;
}

void tree_random(expr *out, int size, int capacity, const vocabulary *v, rng *r)
{
    out->count = 0;
    put(out, random_leaf(v, r));
    tree_measure(out);
    expr_node other[TREE_MAX];
    for (int tries = 0; tries < 4 * size && out->count < size; tries++) {
        expr next = {other, 0};
        if (!tree_mutate(&next, size < capacity ? size : capacity, *out, MUTATE_ADD, 1, v, r))
            continue;
        memcpy(out->nodes, other, (size_t)next.count * sizeof *other);
        out->count = next.count;
    }
}

/* The number of nodes for which the test holds, and one of them drawn at random (-1: none). */
static int draw_node(expr e, bool (*test)(expr e, int i), rng *r)
{
    int count = 0, chosen = -1;
    for (int i = 0; i < e.count; i++)
        count += test(e, i);
    if (count == 0)
        return -1;
    int k = (int)rng_below(r, (uint32_t)count);
    for (int i = 0; i < e.count && chosen < 0; i++)
        if (test(e, i) && k-- == 0)
            chosen = i;
    return chosen;
}

static bool is_constant(expr e, int i)
{
    return e.nodes[i].op == EXPR_CONST;
}

static bool is_variable(expr e, int i)
{
    return e.nodes[i].op == EXPR_VAR;
}

static bool is_leaf(expr e, int i)
{
    return e.nodes[i].arity == 0;
}

static bool is_operation(expr e, int i)
{
    return e.nodes[i].arity > 0;
}

static bool is_binary(expr e, int i)
{
    return e.nodes[i].arity == 2;
}

/* ---------------------------------------------------------------- mutations */

/* PySR's step: times or divided by up to 1.1 + temperature to a random power, rarely negated. */
static bool mutate_constant(expr *out, expr e, double temperature, rng *r)
{
    int i = draw_node(e, is_constant, r);
    if (i < 0)
        return false;
    put_range(out, e, 0, e.count);
    double *value = &out->nodes[i].value;
    double factor = pow(1.1 + temperature, rng_unit(r));
    *value = rng_below(r, 2) ? *value * factor : *value / factor;
    if (rng_unit(r) < 0.01)
        *value = -*value;
    if (rng_unit(r) < 0.05)
        *value += rng_normal(r) * temperature;
    *value = (double)(float)*value;
    return isfinite(*value);
}

static bool mutate_operator(expr *out, expr e, const vocabulary *v, rng *r)
{
    int i = draw_node(e, is_operation, r);
    expr_node op;
    if (i < 0 || !random_op(&op, e.nodes[i].arity, v, r))
        return false;
    put_range(out, e, 0, e.count);
    out->nodes[i].op = op.op;
    out->nodes[i].feature = op.feature;
    return true;
}

static bool mutate_feature(expr *out, expr e, const vocabulary *v, rng *r)
{
    int i = draw_node(e, is_variable, r);
    if (i < 0 || v->features < 2)
        return false;
    put_range(out, e, 0, e.count);
    uint16_t k = (uint16_t)rng_below(r, (uint32_t)v->features - 1);
    out->nodes[i].feature = k >= e.nodes[i].feature ? (uint16_t)(k + 1) : k;
    return true;
}

static bool mutate_swap(expr *out, expr e, rng *r)
{
    int i = draw_node(e, is_binary, r);
    if (i < 0)
        return false;
    int right = start_of(e, i - 1), left = start_of(e, right - 1);
    put_range(out, e, 0, left);
    put_range(out, e, right, i);
    put_range(out, e, left, right);
    put_range(out, e, i, e.count);
    return true;
}

/* P(… Q(… G …) …) becomes Q(… P(… G …) …). */
static bool mutate_rotate(expr *out, expr e, rng *r)
{
    int p = draw_node(e, is_operation, r);
    if (p < 0)
        return false;
    int q = p - 1;
    if (e.nodes[p].arity == 2 && rng_below(r, 2))
        q = p - 1 - (int)e.nodes[p - 1].length;
    if (e.nodes[q].arity == 0)
        return false;
    int g = q - 1;
    if (e.nodes[q].arity == 2 && rng_below(r, 2))
        g = q - 1 - (int)e.nodes[q - 1].length;
    int p0 = start_of(e, p), q0 = start_of(e, q), g0 = start_of(e, g);
    put_range(out, e, 0, p0);
    put_range(out, e, q0, g0); /* Q's operand before G */
    put_range(out, e, p0, q0); /* P's operand before Q */
    put_range(out, e, g0, g + 1);
    put_range(out, e, q + 1, p); /* P's operand after Q */
    put(out, e.nodes[p]);
    put_range(out, e, g + 1, q); /* Q's operand after G */
    put(out, e.nodes[q]);
    put_range(out, e, p + 1, e.count);
    return true;
}

/* Wraps the subtree at i in a random operation, with random leaves as the other operands. */
static bool wrap(expr *out, int capacity, expr e, int i, const vocabulary *v, rng *r)
{
    expr_node op;
    if (!random_op(&op, 0, v, r) || e.count + op.arity > capacity)
        return false;
    int from = start_of(e, i), place = op.arity > 1 ? (int)rng_below(r, op.arity) : 0;
    put_range(out, e, 0, from);
    for (int k = 0; k < op.arity; k++) {
        if (k == op.arity - 1 - place)
            put_range(out, e, from, i + 1);
        else
            put(out, random_leaf(v, r));
    }
    put(out, op);
    put_range(out, e, i + 1, e.count);
    return true;
}

static bool mutate_add(expr *out, int capacity, expr e, const vocabulary *v, rng *r)
{
    int i = rng_below(r, 2) ? e.count - 1 : draw_node(e, is_leaf, r);
    return wrap(out, capacity, e, i, v, r);
}

static bool mutate_delete(expr *out, expr e, rng *r)
{
    int i = draw_node(e, is_operation, r);
    if (i < 0)
        return false;
    int child = i - 1, arity = e.nodes[i].arity;
    for (int k = arity > 1 ? (int)rng_below(r, (uint32_t)arity) : 0; k > 0; k--)
        child -= (int)e.nodes[child].length;
    put_range(out, e, 0, start_of(e, i));
    put_range(out, e, start_of(e, child), child + 1);
    put_range(out, e, i + 1, e.count);
    return true;
}

static bool replace(expr *out, int capacity, expr e, int i, expr with, int from, int to)
{
    if (e.count - (int)e.nodes[i].length + (to - from) > capacity)
        return false;
    put_range(out, e, 0, start_of(e, i));
    put_range(out, with, from, to);
    put_range(out, e, i + 1, e.count);
    return true;
}

static bool mutate_subtree(expr *out, int capacity, expr e, const vocabulary *v, rng *r)
{
    int i = (int)rng_below(r, (uint32_t)e.count);
    int room = capacity - e.count + (int)e.nodes[i].length, size = 1 + (int)rng_below(r, 7);
    expr_node nodes[TREE_MAX];
    expr fresh = {nodes, 0};
    tree_random(&fresh, size < room ? size : room, room, v, r);
    return replace(out, capacity, e, i, fresh, 0, fresh.count);
}

static bool mutate_simplify(expr *out, expr e)
{
    put_range(out, e, 0, e.count);
    expr_simplify(out);
    return out->count < e.count;
}

bool tree_mutate(expr *out, int capacity, expr e, mutation kind, double temperature,
                 const vocabulary *v, rng *r)
{
    out->count = 0;
    bool done = false;
    switch (kind) {
    case MUTATE_CONSTANT:
        done = mutate_constant(out, e, temperature, r);
        break;
    case MUTATE_OPERATOR:
        done = mutate_operator(out, e, v, r);
        break;
    case MUTATE_FEATURE:
        done = mutate_feature(out, e, v, r);
        break;
    case MUTATE_SWAP:
        done = mutate_swap(out, e, r);
        break;
    case MUTATE_ROTATE:
        done = mutate_rotate(out, e, r);
        break;
    case MUTATE_ADD:
        done = mutate_add(out, capacity, e, v, r);
        break;
    case MUTATE_INSERT:
        done = wrap(out, capacity, e, (int)rng_below(r, (uint32_t)e.count), v, r);
        break;
    case MUTATE_DELETE:
        done = mutate_delete(out, e, r);
        break;
    case MUTATE_SIMPLIFY:
        done = mutate_simplify(out, e);
        break;
    case MUTATE_RANDOMIZE:
        tree_random(out, 1 + (int)rng_below(r, (uint32_t)capacity), capacity, v, r);
        done = true;
        break;
    case MUTATE_SUBTREE:
        done = mutate_subtree(out, capacity, e, v, r);
        break;
    case MUTATE_COUNT:
        break;
    }
    if (done)
        tree_measure(out);
    return done;
}

bool tree_cross(expr *out, int capacity, expr a, expr b, rng *r)
{
    out->count = 0;
    int i = (int)rng_below(r, (uint32_t)a.count), j = (int)rng_below(r, (uint32_t)b.count);
    if (!replace(out, capacity, a, i, b, start_of(b, j), j + 1))
        return false;
    tree_measure(out);
    return true;
}

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0xFF51AFD7ED558CCDu;
    return h ^ h >> 32;
}

static bool commutes(uint8_t op)
{
    return op == EXPR_ADD || op == EXPR_MUL || op == EXPR_MIN || op == EXPR_MAX || op == EXPR_AND ||
           op == EXPR_OR;
}

uint64_t tree_hash(expr e)
{
    uint64_t stack[EXPR_MAX_NODES / 2 + 1]; /* more never wait at once */
    int depth = 0;
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        uint64_t h = mix(0x9E3779B97F4A7C15u, n->op), bits = n->feature;
        int arity = n->op == EXPR_CALL ? n->arity : expr_arity((expr_op)n->op);
        if (n->op == EXPR_CONST)
            memcpy(&bits, &n->value, sizeof bits);
        if (arity == 0) {
            stack[depth++] = mix(h, bits);
            continue;
        }
        uint64_t *a = &stack[depth - arity], b = stack[depth - 1];
        if (n->op == EXPR_CALL) {
            for (h = mix(h, bits); arity > 0; arity--)
                h = mix(h, stack[--depth]);
            stack[depth++] = h;
            continue;
        }
        bool swap = arity == 2 && commutes(n->op) && b < *a;
        *a = arity == 1 ? mix(h, b) : mix(mix(h, swap ? b : *a), swap ? *a : b);
        depth -= arity - 1;
    }
    return stack[0];
}

int tree_constants(expr e)
{
    int count = 0;
    for (int i = 0; i < e.count; i++)
        count += e.nodes[i].op == EXPR_CONST;
    return count;
}

void vocabulary_allow(bool *allowed, const vocabulary *words, expr e)
{
    memset(allowed, 0, EXPR_OP_COUNT * sizeof *allowed);
    for (int i = 0; i < words->unary_count; i++)
        allowed[words->unary[i]] = true;
    for (int i = 0; i < words->binary_count; i++)
        allowed[words->binary[i]] = true;
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op < EXPR_OP_COUNT)
            allowed[e.nodes[i].op] = true;
}
