#include "search/forest.h"
#include "search/fitness.h"
#include "search/template.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

forest *forests_new(int count, int classes, int stride)
{
    size_t n = (size_t)count, k = (size_t)classes, nodes = k * (size_t)stride;
    size_t head = n * sizeof(forest), trees = n * nodes * sizeof(expr_node);
    char *block = calloc(1, head + trees + n * k * sizeof(int));
    if (!block)
        return NULL;
    forest *all = (forest *)(void *)block;
    expr_node *at = (expr_node *)(void *)(block + head);
    int *counts = (int *)(void *)(block + head + trees);
    for (size_t i = 0; i < n; i++)
        all[i] = (forest){.nodes = at + i * nodes,
                          .counts = counts + i * k,
                          .classes = classes,
                          .stride = stride};
    return all;
}

expr forest_tree(const forest *f, int k)
{
    return (expr){f->nodes + (size_t)k * (size_t)f->stride, f->counts[k]};
}

void forest_set_tree(forest *f, int k, expr e)
{
    memcpy(f->nodes + (size_t)k * (size_t)f->stride, e.nodes, (size_t)e.count * sizeof *e.nodes);
    f->counts[k] = e.count;
}

void forest_copy(forest *to, const forest *from)
{
    for (int k = 0; k < from->classes; k++)
        forest_set_tree(to, k, forest_tree(from, k));
    to->complexity = from->complexity;
    to->loss = from->loss;
    to->birth = from->birth;
}

/* ---------------------------------------------------------------- complexity */

bool subtree_set_init(subtree_set *s, int classes, int stride)
{
    uint32_t size = 64;
    while (size < 2 * (uint32_t)classes * (uint32_t)stride)
        size *= 2;
    *s = (subtree_set){.mask = size - 1};
    s->keys = calloc(size, sizeof *s->keys);
    s->stack = calloc(TREE_MAX, sizeof *s->stack);
    return s->keys && s->stack;
}

void subtree_set_free(subtree_set *s)
{
    free(s->keys);
    free(s->stack);
    *s = (subtree_set){0};
}

static uint64_t mix(uint64_t h, uint64_t x)
{
    h = (h ^ x) * 0xFF51AFD7ED558CCDu;
    return h ^ h >> 32;
}

static bool commutes(int op)
{
    return op == EXPR_ADD || op == EXPR_MUL || op == EXPR_MIN || op == EXPR_MAX;
}

/* part: the inner expression of a template that the node is of; its inputs are its own. */
static uint64_t node_hash(const expr_node *n, const uint64_t *operands, int part)
{
    uint64_t h = mix(0x9E3779B97F4A7C15u, n->op);
    if (n->op == EXPR_CONST) {
        uint64_t bits;
        memcpy(&bits, &n->value, sizeof bits);
        h = mix(h, bits * 0xD6E8FEB86659FD93u);
    } else if (n->op == EXPR_VAR) {
        h = mix(h, (uint64_t)part << 32 | n->feature);
    } else if (n->op == EXPR_CALL) {
        h = mix(h, n->feature);
        for (int k = 0; k < n->arity; k++)
            h = mix(h, operands[k]);
    } else if (n->arity == 1) {
        h = mix(h, operands[0]);
    } else if (n->arity == 2) {
        bool swap = commutes(n->op) && operands[1] < operands[0];
        h = mix(mix(h, operands[swap]), operands[!swap]);
    }
    return h | 1;
}

static bool insert(subtree_set *s, uint64_t key)
{
    uint32_t at = (uint32_t)(key >> 32) & s->mask;
    for (; s->keys[at]; at = (at + 1) & s->mask)
        if (s->keys[at] == key)
            return false;
    s->keys[at] = key;
    return true;
}

int forest_complexity(subtree_set *s, const forest *f, const rules *limits)
{
    memset(s->keys, 0, ((size_t)s->mask + 1) * sizeof *s->keys);
    double total = 0;
    for (int k = 0; k < f->classes; k++) {
        expr e = forest_tree(f, k);
        int depth = 0, part = 0, starts[TEMPLATE_PARTS + 1];
        if (limits->template) {
            template_starts(e, starts);
            e.count = starts[limits->template->expressions]; /* what the form adds is free */
        }
        for (int i = 0; i < e.count; i++) {
            const expr_node *n = &e.nodes[i];
            while (limits->template && i >= starts[part + 1])
                part++;
            depth -= n->arity;
            uint64_t h = node_hash(n, s->stack + depth, part);
            s->stack[depth++] = h;
            if (insert(s, h))
                total += limits->active ? limits->cost[rules_kind(n)] : 1;
        }
    }
    return total < 1 ? 1 : (int)nearbyint(total);
}

double forest_penalty(const forest *f, const rules *limits)
{
    double sum = 0;
    for (int k = 0; limits->units && k < f->classes; k++)
        sum += rules_penalty(limits, forest_tree(f, k));
    return sum;
}

/* ---------------------------------------------------------------- front */

bool forest_front_init(forest_front *f, int classes, int max_size)
{
    /* each class may pass its limit by half a unit of rounding */
    *f = (forest_front){.size = classes * (max_size + 1), .classes = classes};
    f->rows = calloc((size_t)f->size + 1, sizeof *f->rows);
    return f->rows != NULL;
}

static void row_free(forest_row *row)
{
    free(row->nodes);
    free(row->counts);
    *row = (forest_row){0};
}

void forest_front_clear(forest_front *f)
{
    for (int c = 0; f->rows && c <= f->size; c++)
        row_free(&f->rows[c]);
}

void forest_front_free(forest_front *f)
{
    forest_front_clear(f);
    free(f->rows);
    *f = (forest_front){0};
}

expr forest_row_tree(const forest_row *row, int k)
{
    size_t at = 0;
    for (int j = 0; j < k; j++)
        at += (size_t)row->counts[j];
    return (expr){row->nodes + at, row->counts[k]};
}

void forest_row_get(forest *to, const forest_row *row)
{
    for (int k = 0; k < to->classes; k++)
        forest_set_tree(to, k, forest_row_tree(row, k));
    to->loss = row->sample_loss;
}

double forest_front_loss(const forest_front *f, int complexity)
{
    double lowest = (double)INFINITY;
    for (int c = 1; c <= complexity && c <= f->size; c++)
        if (f->rows[c].nodes && f->rows[c].loss < lowest)
            lowest = f->rows[c].loss;
    return lowest;
}

double forest_front_sample(const forest_front *f, int complexity)
{
    double lowest = (double)INFINITY;
    for (int c = 1; c <= complexity && c <= f->size; c++)
        if (f->rows[c].nodes && f->rows[c].sample_loss < lowest)
            lowest = f->rows[c].sample_loss;
    return lowest;
}

bool forest_front_offer(forest_front *f, const forest *from, double loss, double sample_loss)
{
    int c = from->complexity;
    if (c > f->size || !(loss < forest_front_loss(f, c)))
        return true;
    size_t nodes = 0, classes = (size_t)from->classes;
    for (size_t k = 0; k < classes; k++)
        nodes += (size_t)from->counts[k];
    forest_row made = {.nodes = malloc(nodes * sizeof *made.nodes),
                       .counts = malloc(classes * sizeof *made.counts),
                       .loss = loss,
                       .sample_loss = sample_loss};
    if (!made.nodes || !made.counts) {
        row_free(&made);
        return false;
    }
    memcpy(made.counts, from->counts, classes * sizeof *made.counts);
    size_t at = 0;
    for (int k = 0; k < from->classes; k++) {
        expr e = forest_tree(from, k);
        memcpy(made.nodes + at, e.nodes, (size_t)e.count * sizeof *e.nodes);
        at += (size_t)e.count;
    }
    row_free(&f->rows[c]);
    f->rows[c] = made;
    for (int above = c + 1; above <= f->size; above++)
        if (f->rows[above].nodes && f->rows[above].loss >= loss)
            row_free(&f->rows[above]);
    return true;
}

void forest_front_move(forest_front *f, const int *to)
{
    for (int c = 1; c <= f->size; c++) { /* below c every row is where it stays */
        forest_row *from = &f->rows[c], *at = &f->rows[to[c]];
        if (!from->nodes || at == from)
            continue;
        if (at->nodes && at->loss <= from->loss) {
            row_free(from);
            continue;
        }
        row_free(at);
        *at = *from;
        *from = (forest_row){0};
    }
}

void forest_front_thin(forest_front *f, double share)
{
    double lowest = (double)INFINITY;
    for (int c = 1; c <= f->size; c++) {
        forest_row *row = &f->rows[c];
        if (row->nodes && loss_is_lower(row->loss, lowest, share))
            lowest = row->loss;
        else
            row_free(row);
    }
}
