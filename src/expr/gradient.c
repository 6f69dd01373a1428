/* Reverse-mode derivatives of an expression by its constants, block by block. */
#include "expr/eval_block.h"

#include <stdlib.h>

bool gradient_init(gradient *g, int max_nodes, const kernels *k)
{
    size_t n = (size_t)max_nodes;
    *g = (gradient){.k = k, .capacity = max_nodes};
    g->values = buffer_alloc(n * GRADIENT_BLOCK, sizeof(float));
    g->adjoints = buffer_alloc(n * GRADIENT_BLOCK, sizeof(float));
    g->ones = buffer_alloc(GRADIENT_BLOCK, sizeof(float));
    g->value = calloc(n, sizeof *g->value);
    g->move = calloc(n, sizeof *g->move);
    g->varies = calloc(n, sizeof *g->varies);
    g->constants = calloc(n, sizeof *g->constants);
    if (!g->values || !g->adjoints || !g->ones || !g->value || !g->move || !g->varies ||
        !g->constants)
        return false;
    for (int i = 0; i < GRADIENT_BLOCK; i++)
        g->ones[i] = 1;
    return true;
}

void gradient_free(gradient *g)
{
    free(g->values);
    free(g->adjoints);
    free(g->ones);
    free(g->value);
    free(g->move);
    free(g->varies);
    free(g->constants);
    *g = (gradient){0};
}

static float *values_of(const gradient *g, int node)
{
    return g->values + (size_t)node * GRADIENT_BLOCK;
}

static float *adjoints_of(const gradient *g, int node)
{
    return g->adjoints + (size_t)node * GRADIENT_BLOCK;
}

/* The two operands of node i; unary: the same twice. */
static int left_of(expr e, int i)
{
    return e.nodes[i].arity == 2 ? i - 1 - (int)e.nodes[i - 1].length : i - 1;
}

void gradient_compile(gradient *g, expr e, const float *const *columns)
{
    g->e = e;
    g->constant_count = 0;
    for (int i = 0; i < e.count; i++) {
        const expr_node *node = &e.nodes[i];
        g->value[i] = node->op == EXPR_VAR ? columns[node->feature] : values_of(g, i);
        g->move[i] = node->op == EXPR_VAR ? ~(size_t)0 : 0;
        g->varies[i] = node->op == EXPR_CONST;
        if (node->arity > 0)
            g->varies[i] = g->varies[left_of(e, i)] || g->varies[i - 1];
        if (node->op == EXPR_CONST)
            g->constants[g->constant_count++] = i;
    }
    gradient_constants(g);
}

void gradient_constants(gradient *g)
{
    for (int j = 0; j < g->constant_count; j++) {
        int node = g->constants[j];
        float *out = values_of(g, node), value = (float)g->e.nodes[node].value;
        for (int i = 0; i < GRADIENT_BLOCK; i++)
            out[i] = value;
    }
}

const float *gradient_forward(gradient *g, size_t row, int n)
{
    expr e = g->e;
    for (int i = 0; i < e.count; i++) {
        if (e.nodes[i].arity == 0)
            continue;
        int a = left_of(e, i), b = i - 1;
        g->k->op[e.nodes[i].op][SHAPE_VV](values_of(g, i), g->value[a] + (row & g->move[a]),
                                          g->value[b] + (row & g->move[b]), NULL, n);
    }
    int root = e.count - 1;
    return g->value[root] + (row & g->move[root]);
}

void gradient_backward(gradient *g, const float *seed, size_t row, int n, const float **out)
{
    expr e = g->e;
    int root = e.count - 1;
    for (int i = root; i >= 0; i--) {
        if (e.nodes[i].arity == 0 || !g->varies[i])
            continue;
        int operand[2] = {left_of(e, i), i - 1};
        const float *from = i == root ? (seed ? seed : g->ones) : adjoints_of(g, i);
        const float *va = g->value[operand[0]] + (row & g->move[operand[0]]);
        const float *vb = g->value[operand[1]] + (row & g->move[operand[1]]);
        for (int side = 0; side < e.nodes[i].arity; side++)
            if (g->varies[operand[side]])
                g->k->back[e.nodes[i].op][side](adjoints_of(g, operand[side]), from, va, vb,
                                                values_of(g, i), n);
    }
    for (int j = 0; j < g->constant_count; j++)
        out[j] =
            g->constants[j] == root ? (seed ? seed : g->ones) : adjoints_of(g, g->constants[j]);
}
