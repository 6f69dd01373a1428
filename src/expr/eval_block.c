/* Compiles expressions to kernel calls over blocks of rows. */
#include "expr/eval_block.h"

#include <stdlib.h>
#include <string.h>

/* A value on the compiler's stack. It owns the slots [base, next). */
struct block_operand {
    const float *at;
    size_t move; /* as in block_step */
    bool scalar;
    int base, next;
    int first; /* its first step */
};

bool evaluator_init(evaluator *v, int max_nodes, const kernels *k)
{
    size_t n = (size_t)max_nodes;
    *v = (evaluator){.k = k, .capacity = max_nodes};
    v->slots = buffer_alloc((n + 1) * EVAL_BLOCK, sizeof(float));
    v->constants = calloc(n, sizeof *v->constants);
    v->steps = calloc(n, sizeof *v->steps);
    v->operands = calloc(n, sizeof *v->operands);
    return v->slots && v->constants && v->steps && v->operands;
}

void evaluator_free(evaluator *v)
{
    free(v->slots);
    free(v->constants);
    free(v->steps);
    free(v->operands);
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
    if (op == EXPR_ADD && ((!b.scalar && fuse(v, FUSED_MUL_ADD, b, a, base, &out)) ||
                           (!a.scalar && fuse(v, FUSED_MUL_ADD, a, b, base, &out))))
        return out;
    if (op == EXPR_SUB && ((!b.scalar && fuse(v, FUSED_SUB_MUL, b, a, base, &out)) ||
                           (!a.scalar && fuse(v, FUSED_MUL_SUB, a, b, base, &out))))
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

void evaluator_compile(evaluator *v, expr e, const float *const *columns)
{
    v->count = v->constant_count = 0;
    block_operand *stack = v->operands;
    int depth = 0;
    for (int i = 0; i < e.count; i++) {
        const expr_node *node = &e.nodes[i];
        int base = depth ? stack[depth - 1].next : 0;
        if (node->op == EXPR_CONST) {
            stack[depth++] = scalar_operand(v, node->value, base);
        } else if (node->op == EXPR_VAR) {
            stack[depth++] = (block_operand){.at = columns[node->feature],
                                             .move = ~(size_t)0,
                                             .base = base,
                                             .next = base,
                                             .first = v->count};
        } else if (node->arity == 1) {
            stack[depth - 1] = emit_unary(v, (expr_op)node->op, stack[depth - 1]);
        } else if (squares_itself(e, i)) {
            depth--;
            v->count = stack[depth].first; /* the second copy's steps are the last: forget them */
            stack[depth - 1] = emit_unary(v, EXPR_SQUARE, stack[depth - 1]);
        } else {
            depth--;
            stack[depth - 1] = emit_binary(v, (expr_op)node->op, stack[depth - 1], stack[depth]);
        }
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
    for (const block_step *s = v->steps, *end = s + v->count; s < end; s++)
        s->run(s->out, s->a + (row & s->move_a), s->b + (row & s->move_b), s->c + (row & s->move_c),
               n);
    return v->result + (row & v->result_move);
}
