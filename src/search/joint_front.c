/* The last touch on a front of forests: each class's expression is written as a reader would
 * (expr_collect). What the classes share counts once, so that an expression that is shorter by
 * itself may make the forest longer: all are written anew at once where that does no harm, else
 * one after the other those that do none. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "expr/collect.h"
#include "search/joint.h"

/* Of a loss in float32: what writing expressions in another order may change, and by how much more
 * one row is lower than another. */
static const double REORDERING = 1e-5, LOWER = 1e-6;

typedef struct collecting {
    joint *j;
    int *complexity; /* [size + 1] of the rows as they are written now */
} collecting;

/* Writes class k of f anew. False: a rule forbids it. */
static bool collect_tree(const joint *j, forest *f, int k)
{
    const rules *limits = &j->e->set->words.limits;
    bool allowed[EXPR_OP_COUNT];
    expr e = forest_tree(f, k);
    vocabulary_allow(allowed, &j->e->set->words, e);
    tree_measure(&e);
    expr_collect(&e, allowed);
    tree_measure(&e);
    f->counts[k] = e.count;
    return rules_allow(limits, e) && rules_complexity(limits, e) <= j->e->set->max_size &&
           constants_allowed(&j->data.problems[k], e);
}

static void restore(forest *f, const forest_row *row, int k)
{
    forest_set_tree(f, k, forest_row_tree(row, k));
}

/* f: the row's forest. Its complexity afterwards, never above `complexity`. */
static int collect_forest(const joint *j, forest *f, const forest_row *row, subtree_set *subtrees,
                          int complexity)
{
    const rules *limits = &j->e->set->words.limits;
    for (int k = 0; k < f->classes; k++)
        if (!collect_tree(j, f, k))
            restore(f, row, k);
    int whole = forest_complexity(subtrees, f, limits);
    if (whole <= complexity)
        return whole;
    for (int k = 0; k < f->classes; k++)
        restore(f, row, k);
    for (int k = 0; k < f->classes; k++) {
        bool allowed = collect_tree(j, f, k);
        int now = forest_complexity(subtrees, f, limits);
        if (allowed && now <= complexity)
            complexity = now;
        else
            restore(f, row, k);
    }
    return complexity;
}

static bool is_changed(const forest *f, const forest_row *row)
{
    for (int k = 0; k < f->classes; k++)
        if (!expr_equal(forest_tree(f, k), forest_row_tree(row, k)))
            return true;
    return false;
}

/* The row's expressions become f's, which are no longer in all. */
static void replace_row(forest_row *row, const forest *f)
{
    size_t at = 0;
    for (int k = 0; k < f->classes; k++) {
        expr e = forest_tree(f, k);
        memcpy(row->nodes + at, e.nodes, (size_t)e.count * sizeof *e.nodes);
        row->counts[k] = e.count;
        at += (size_t)e.count;
    }
}

static void collect_row(void *context, size_t index, int worker)
{
    collecting *s = context;
    joint *j = s->j;
    forest_row *row = &j->front.rows[index];
    s->complexity[index] = (int)index;
    if (!row->nodes)
        return;
    grove_work *k = j->works[worker];
    forest *f = grove_work_spare(k);
    forest_row_get(f, row);
    int complexity = collect_forest(j, f, row, grove_work_subtrees(k), (int)index);
    double loss;
    if (!is_changed(f, row) ||
        !softmax_loss(&loss, grove_work_softmax(k), &j->data, f, window_all(j->data.problems)))
        return;
    loss += forest_penalty(f, &j->e->set->words.limits);
    if (loss > row->loss + REORDERING * fabs(row->loss))
        return;
    replace_row(row, f);
    row->loss = loss;
    s->complexity[index] = complexity;
}

bool joint_collect(joint *j)
{
    size_t rows = (size_t)j->front.size + 1;
    collecting s = {.j = j, .complexity = calloc(rows, sizeof *s.complexity)};
    if (!s.complexity)
        return false;
    if (!j->e->set->words.limits.template) { /* whose parts are written as they were found */
        pool_run(j->e->threads, rows, collect_row, &s);
        forest_front_move(&j->front, s.complexity);
    }
    forest_front_thin(&j->front, LOWER);
    free(s.complexity);
    return true;
}
