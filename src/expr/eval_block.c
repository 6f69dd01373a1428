/* Compiles expressions to kernel calls over blocks of rows. */
#include "expr/eval_block.h"

#include <stdlib.h>
#include <string.h>

/* A value on the compiler's stack. It owns the slots [base, next). */
struct block_operand {
    const float *at;
    size_t move; /* as in block_step */
    bool scalar;
    bool cached; /* a subtree's column: a leaf but in name */
    int base, next;
    int first; /* its first step */
};

/* What the cache may do for a node's subtree. */
struct block_node {
    uint64_t hash;
    float *write; /* its column is written here */
    const float *read;
    int slot;
    int cost;       /* of evaluating the subtree, 1: a sum; 0: it is a leaf or a constant */
    int whole;      /* on a first node: the last node of the subtree that a column stands for */
    bool varies;    /* it depends on a row */
    bool no_column; /* it becomes a part of the step of its parent */
};

bool evaluator_init(evaluator *v, int max_nodes, const kernels *k)
{
    size_t n = (size_t)max_nodes;
    *v = (evaluator){.k = k, .capacity = max_nodes};
    v->slots = buffer_alloc((n + 1) * EVAL_BLOCK, sizeof(float));
    v->constants = calloc(n, sizeof *v->constants);
    v->steps = calloc(n, sizeof *v->steps);
    v->operands = calloc(n, sizeof *v->operands);
    v->plan = calloc(n, sizeof *v->plan);
    return v->slots && v->constants && v->steps && v->operands && v->plan;
}

void evaluator_free(evaluator *v)
{
    free(v->slots);
    free(v->constants);
    free(v->steps);
    free(v->operands);
    free(v->plan);
    *v = (evaluator){0};
}

static float *slot(const evaluator *v, int i)
{
    return v->slots + (size_t)i * EVAL_BLOCK;
}

static block_operand scalar_operand(evaluator *v, double value, int base)
{
    float *at = &v->constants[v->constant_count++];
    *at = (float)value;
    return (block_operand){.at = at, .scalar = true, .base = base, .next = base, .first = v->count};
}

static block_operand emit(evaluator *v, kernel_fn run, int base, block_operand a, block_operand b)
{
    float *out = slot(v, base);
    v->steps[v->count++] = (block_step){.run = run,
                                        .out = out,
                                        .a = a.at,
                                        .b = b.at,
                                        .c = a.at,
                                        .move_a = a.move,
                                        .move_b = b.move,
                                        .move_c = a.move};
    return (block_operand){.at = out, .base = base, .next = base + 1, .first = a.first};
}

static block_operand emit_unary(evaluator *v, expr_op op, block_operand a)
{
    if (a.scalar)
        return scalar_operand(v, expr_apply(op, (double)*a.at, 0), a.base);
    if (op == EXPR_SQUARE && v->count > 0) {
        block_step *last = &v->steps[v->count - 1];
        for (int shape = SHAPE_VV; shape <= SHAPE_VS; shape++)
            if (last->out == a.at && last->run == v->k->op[EXPR_SUB][shape]) {
                last->run = v->k->square_difference[shape];
                return a;
            }
    }
    return emit(v, v->k->op[op][SHAPE_VV], a.base, a, a);
}

/* Turns the last step, a product that is `product`, into product ± c. */
static bool fuse(evaluator *v, kernel_fused form, block_operand product, block_operand c, int base,
                 block_operand *out)
{
    if (v->count == 0)
        return false;
    block_step *last = &v->steps[v->count - 1];
    if (last->out != product.at)
        return false;
    for (int shape = SHAPE_VV; shape <= SHAPE_VS; shape++)
        if (last->run == v->k->op[EXPR_MUL][shape]) {
            last->run = v->k->fused[form][shape][c.scalar];
            last->c = c.at;
            last->move_c = c.move;
            last->out = slot(v, base);
            *out = (block_operand){.at = last->out, .base = base, .next = base + 1};
            out->first = product.first < c.first ? product.first : c.first;
            return true;
        }
    return false;
}

static block_operand emit_binary(evaluator *v, expr_op op, block_operand a, block_operand b)
{
    int base = a.base;
    if (a.scalar && b.scalar)
        return scalar_operand(v, expr_apply(op, (double)*a.at, (double)*b.at), base);
    block_operand out;
    /* before a cached right operand the left one is the last step only for want of its steps */
    bool left = !a.scalar && !b.cached;
    if (op == EXPR_ADD && ((!b.scalar && fuse(v, FUSED_MUL_ADD, b, a, base, &out)) ||
                           (left && fuse(v, FUSED_MUL_ADD, a, b, base, &out))))
        return out;
    if (op == EXPR_SUB && ((!b.scalar && fuse(v, FUSED_SUB_MUL, b, a, base, &out)) ||
                           (left && fuse(v, FUSED_MUL_SUB, a, b, base, &out))))
        return out;
    int first = a.first;
    if (a.scalar && (op == EXPR_ADD || op == EXPR_MUL)) {
        block_operand t = a;
        a = b;
        b = t;
    }
    kernel_shape shape = a.scalar ? SHAPE_SV : b.scalar ? SHAPE_VS : SHAPE_VV;
    out = emit(v, v->k->op[op][shape], base, a, b);
    out.first = first;
    return out;
}

/* Whether node i multiplies a subtree of more than one node by its own copy. */
static bool squares_itself(expr e, int i)
{
    if (e.nodes[i].op != EXPR_MUL)
        return false;
    int length = (int)e.nodes[i - 1].length, other = i - 1 - length;
    if (length < 2 || (int)e.nodes[other].length != length)
        return false;
    for (int j = 0; j < length; j++) {
        const expr_node *p = &e.nodes[other - j], *q = &e.nodes[i - 1 - j];
        if (p->op != q->op || (p->op == EXPR_VAR && p->feature != q->feature) ||
            (p->op == EXPR_CONST && memcmp(&p->value, &q->value, sizeof p->value) != 0))
            return false;
    }
    return true;
}

/* ---------------------------------------------------------------- cached columns */

enum { COLUMN_COST = 4 }; /* a subtree as cheap as this is computed as fast as its column is read */

/* In units of a sum over a block. */
static int cost_of(expr_op op)
{
    switch (op) {
    case EXPR_DIV:
    case EXPR_INV:
        return 3;
    case EXPR_SQRT:
        return 4;
    case EXPR_EXP:
    case EXPR_EXP2:
    case EXPR_SIN:
    case EXPR_COS:
        return 8;
    case EXPR_POW:
    case EXPR_GAMMA:
    case EXPR_ERFC:
    case EXPR_MOD:
    case EXPR_CBRT:
        return 100;
    default:
        return op >= EXPR_ADD && op <= EXPR_MUL ? 1 : 12;
    }
}

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0xFF51AFD7ED558CCDu;
    return h ^ h >> 32;
}

static void plan_leaf(block_node *p, const expr_node *n)
{
    uint64_t bits = n->feature;
    if (n->op == EXPR_CONST)
        memcpy(&bits, &n->value, sizeof bits);
    *p = (block_node){.hash = mix(mix(0x9E3779B97F4A7C15u, n->op), bits)};
    p->varies = n->op == EXPR_VAR;
}

/* Hashes and costs, and which nodes have no values of their own: products under sums, differences
 * under squares. */
static void plan_nodes(evaluator *v, expr e)
{
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        block_node *p = &v->plan[i], *right = p - 1, *left = right;
        if (n->arity == 0) {
            plan_leaf(p, n);
            continue;
        }
        if (n->arity == 2)
            left = p - 1 - e.nodes[i - 1].length;
        *p = (block_node){.hash = mix(mix(mix(0x2545F4914F6CDD1Du, n->op), left->hash),
                                      n->arity == 2 ? right->hash : 0),
                          .varies = left->varies || right->varies};
        if (p->varies)
            p->cost = cost_of((expr_op)n->op) + left->cost + (n->arity == 2 ? right->cost : 0);
        int l = (int)(left - v->plan);
        if (n->op == EXPR_ADD || n->op == EXPR_SUB) {
            left->no_column = e.nodes[l].op == EXPR_MUL;
            right->no_column = e.nodes[i - 1].op == EXPR_MUL;
        } else if (n->op == EXPR_SQUARE || (n->op == EXPR_MUL && left->hash == right->hash)) {
            left->no_column = right->no_column = true;
        }
    }
}

/* From the root: the largest subtrees that have a column, and those that get one. */
static void plan_columns(evaluator *v, expr e)
{
    column_cache_begin(v->cache);
    for (int i = e.count - 1; i >= 0; i--) {
        block_node *p = &v->plan[i];
        if (p->cost <= COLUMN_COST || p->no_column)
            continue;
        int length = (int)e.nodes[i].length;
        p->hash |= 1;
        p->read = column_cache_find(v->cache, p->hash);
        if (p->read) {
            v->plan[i - length + 1].whole = i;
            v->reused += length - 1;
            i -= length - 1;
        } else {
            p->write = column_cache_take(v->cache, p->hash, &p->slot);
        }
    }
}

void evaluator_use_cache(evaluator *v, column_cache *cache, size_t first)
{
    v->cache = cache && cache->sets > 0 ? cache : NULL;
    v->first = v->cache ? first : 0;
}

void evaluator_keep_columns(evaluator *v, bool whole)
{
    for (int i = 0; v->cache && i < v->planned; i++)
        if (v->plan[i].write)
            column_cache_keep(v->cache, v->plan[i].slot, whole ? v->plan[i].hash : 0);
    v->planned = 0;
}

/* The steps that would have written the columns of nodes [from, to) are gone. */
static void forget_columns(evaluator *v, int from, int to)
{
    for (int i = from; v->cache && i < to; i++)
        if (v->plan[i].write) {
            column_cache_keep(v->cache, v->plan[i].slot, 0);
            v->plan[i].write = NULL;
        }
}

/* The value just emitted goes to its subtree's column. */
static void write_column(evaluator *v, block_operand *value, float *column)
{
    block_step *last = &v->steps[v->count - 1];
    last->out = column;
    last->move_out = ~(size_t)0;
    value->at = column;
    value->move = ~(size_t)0;
}

/* ---------------------------------------------------------------- compiling and running */

static block_operand column_operand(const evaluator *v, const float *column, int base, bool cached)
{
    return (block_operand){.at = column,
                           .move = ~(size_t)0,
                           .cached = cached,
                           .base = base,
                           .next = base,
                           .first = v->count};
}

void evaluator_compile(evaluator *v, expr e, const float *const *columns)
{
    v->count = v->constant_count = v->reused = 0;
    v->planned = v->cache ? e.count : 0;
    if (v->cache) {
        plan_nodes(v, e);
        plan_columns(v, e);
    }
    block_operand *stack = v->operands;
    int depth = 0;
    for (int i = 0; i < e.count; i++) {
        int base = depth ? stack[depth - 1].next : 0;
        if (v->cache && v->plan[i].whole) {
            i = v->plan[i].whole;
            stack[depth++] = column_operand(v, v->plan[i].read, base, true);
            continue;
        }
        const expr_node *node = &e.nodes[i];
        if (node->op == EXPR_CONST) {
            stack[depth++] = scalar_operand(v, node->value, base);
        } else if (node->op == EXPR_VAR) {
            stack[depth++] = column_operand(v, columns[node->feature] + v->first, base, false);
        } else if (node->arity == 1) {
            stack[depth - 1] = emit_unary(v, (expr_op)node->op, stack[depth - 1]);
        } else if (squares_itself(e, i)) {
            depth--;
            v->count = stack[depth].first; /* the second copy's steps are the last: forget them */
            forget_columns(v, i - (int)e.nodes[i - 1].length, i);
            stack[depth - 1] = emit_unary(v, EXPR_SQUARE, stack[depth - 1]);
        } else {
            depth--;
            stack[depth - 1] = emit_binary(v, (expr_op)node->op, stack[depth - 1], stack[depth]);
        }
        if (v->cache && v->plan[i].write)
            write_column(v, &stack[depth - 1], v->plan[i].write);
    }
    v->result = stack[0].at;
    v->result_move = stack[0].move;
    if (stack[0].scalar) {
        float *out = slot(v, 0);
        for (int i = 0; i < EVAL_BLOCK; i++)
            out[i] = *stack[0].at;
        v->result = out;
    }
}

const float *evaluator_run(const evaluator *v, size_t row, int n)
{
    row -= v->first;
    for (const block_step *s = v->steps, *end = s + v->count; s < end; s++)
        s->run(s->out + (row & s->move_out), s->a + (row & s->move_a), s->b + (row & s->move_b),
               s->c + (row & s->move_c), n);
    return v->result + (row & v->result_move);
}
