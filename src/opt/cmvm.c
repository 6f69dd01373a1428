/* Constant matrix times vector: columns of signed digits, sharing, and the best of several ways.
 *
 * Each output is a column of terms: the canonical signed digits of its constants (Reitwieser 1960).
 * Besides the outputs themselves, their differences along a spanning tree of outputs are tried
 * (da4ml, arXiv 2507.04535): outputs that are alike need few digits beyond one another. The tree is
 * grown from zero by the fewest digits (Prim), for several lengths of its paths. Ties of the greedy
 * sharing are broken differently in every try. */
#include "opt/cmvm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "opt/sharing.h"

enum { MOST_PAIRS = 2000000, LEAST_GROUP = 4, MOST_TRIES = 12, TRIED_PAIRS = 60000 };

typedef struct solver {
    const cmvm_problem *p;
    int depth;        /* of every output, at most; < 0: no limit */
    int64_t *rows;    /* [outputs][inputs] differences from the parent */
    size_t *parent;   /* [outputs] the output it is a difference from, or itself */
    bool *minus;      /* [outputs] the parent is subtracted */
    int *length;      /* [outputs] outputs on the path from zero to it, itself too */
    int *below;       /* [outputs] the longest path that passes through it */
    cmvm_term *value; /* [outputs] the difference's value */
    sharing work;
} solver;

static int digit_count(int64_t value)
{
    uint64_t v = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint64_t digits = (v ^ (v + (v << 1))) >> 1; /* non-zero where v and 3v differ */
    int count = 0;
    for (; digits; digits &= digits - 1)
        count++;
    return count;
}

static void add_digits(sharing *s, size_t number, uint32_t id, int64_t value)
{
    bool negative = value < 0;
    uint64_t v = negative ? 0 - (uint64_t)value : (uint64_t)value;
    for (int shift = 0; v; shift++, v >>= 1) {
        if (!(v & 1))
            continue;
        bool minus = (v & 3) == 3;
        v = minus ? v + 1 : v - 1;
        sharing_term(s, number, (cmvm_term){id, shift, minus != negative});
    }
}

static void add_row(sharing *s, size_t number, const int64_t *row, size_t from, size_t to)
{
    for (size_t k = from; k < to; k++)
        add_digits(s, number, (uint32_t)k, row[k]);
}

/* ---------------------------------------------------------------- depth */

static int log2_up(size_t n)
{
    int bits = 0;
    while (((size_t)1 << bits) < n)
        bits++;
    return bits;
}

int cmvm_least_depth(const cmvm_problem *p)
{
    int depth = 0;
    for (size_t o = 0; o < p->outputs; o++) {
        column c = {0};
        for (size_t k = 0; k < p->inputs; k++)
            c.load += digit_count(p->matrix[o * p->inputs + k]) * ldexp(1, p->input[k].depth);
        int d = sharing_depth(&c);
        depth = d > depth ? d : depth;
    }
    return depth;
}

/* ---------------------------------------------------------------- tree */

/* Digits of row o less (or plus) row q. */
static int distance(const cmvm_problem *p, size_t o, size_t q, bool plus)
{
    const int64_t *a = p->matrix + o * p->inputs, *b = p->matrix + q * p->inputs;
    int digits = 0;
    for (size_t k = 0; k < p->inputs; k++)
        digits += digit_count(plus ? a[k] + b[k] : a[k] - b[k]);
    return digits;
}

/* Prim's tree with paths of at most `longest` outputs; best[o] is the distance known. */
static void grow_tree(solver *v, int longest, int *best, bool *in_tree)
{
    const cmvm_problem *p = v->p;
    for (size_t o = 0; o < p->outputs; o++) {
        best[o] = 0;
        in_tree[o] = false;
        v->parent[o] = o;
        v->minus[o] = false;
        for (size_t k = 0; k < p->inputs; k++)
            best[o] += digit_count(p->matrix[o * p->inputs + k]);
    }
    for (size_t step = 0; step < p->outputs; step++) {
        size_t next = p->outputs;
        for (size_t o = 0; o < p->outputs; o++) {
            if (!in_tree[o] && (next == p->outputs || best[o] < best[next]))
                next = o;
        }
        in_tree[next] = true;
        v->length[next] = v->parent[next] == next ? 1 : v->length[v->parent[next]] + 1;
        for (size_t o = 0; o < p->outputs && v->length[next] < longest; o++) {
            for (int plus = 0; plus < 2 && !in_tree[o]; plus++) {
                /* the addition to the parent costs as much as a digit */
                int d = distance(p, o, next, plus) + 1;
                if (d < best[o]) {
                    best[o] = d;
                    v->parent[o] = next;
                    v->minus[o] = plus;
                }
            }
        }
    }
}

/* Rows of differences and how long the paths through each are. False when the tree is trivial. */
static bool set_rows(solver *v)
{
    const cmvm_problem *p = v->p;
    bool differs = false;
    for (size_t o = 0; o < p->outputs; o++)
        v->below[o] = 0;
    for (size_t o = 0; o < p->outputs; o++) {
        size_t q = v->parent[o];
        differs = differs || q != o;
        for (size_t k = 0; k < p->inputs; k++) {
            int64_t own = p->matrix[o * p->inputs + k];
            int64_t base = q == o ? 0 : p->matrix[q * p->inputs + k];
            v->rows[o * p->inputs + k] = v->minus[o] ? own + base : own - base;
        }
        for (size_t at = o;; at = v->parent[at]) {
            v->below[at] = v->length[o] > v->below[at] ? v->length[o] : v->below[at];
            if (v->parent[at] == at)
                break;
        }
    }
    return differs;
}

/* ---------------------------------------------------------------- stages */

/* Makes the columns of the work, each within `depth` levels; false when one cannot be. */
static bool make_columns(solver *v, cmvm_term *out, size_t count)
{
    sharing *s = &v->work;
    for (size_t c = 0; c < count && !s->failed; c++) {
        if (s->columns[c].load > s->columns[c].limit)
            return false;
    }
    sharing_run(s);
    for (size_t c = 0; c < count && !s->failed; c++)
        out[c] = sharing_sum(s, c);
    return !s->failed;
}

static void limit_column(solver *v, size_t number, int depth)
{
    if (v->depth >= 0 && !v->work.failed)
        v->work.columns[number].limit = depth < 0 ? 0 : ldexp(1, depth);
}

/* Differences first, then outputs as sums along their paths. */
static bool solve_tree(solver *v, cmvm_term *outputs)
{
    const cmvm_problem *p = v->p;
    sharing *s = &v->work;
    sharing_columns(s, p->outputs);
    for (size_t o = 0; o < p->outputs && !s->failed; o++) {
        add_row(s, o, v->rows + o * p->inputs, 0, p->inputs);
        limit_column(v, o, v->depth - log2_up((size_t)v->below[o]));
    }
    if (s->failed || !make_columns(v, v->value, p->outputs))
        return false;
    sharing_columns(s, p->outputs);
    for (size_t o = 0; o < p->outputs && !s->failed; o++) {
        bool minus = false;
        for (size_t at = o;; at = v->parent[at]) {
            cmvm_term t = v->value[at];
            t.minus = t.minus != minus;
            sharing_term(s, o, t);
            if (v->parent[at] == at)
                break;
            minus = minus != v->minus[at];
        }
        limit_column(v, o, v->depth);
    }
    return !s->failed && make_columns(v, outputs, p->outputs);
}

/* Outputs as sums over groups of inputs, for matrices too large to look at all pairs. */
static bool solve_groups(solver *v, cmvm_term *outputs, size_t group)
{
    const cmvm_problem *p = v->p;
    sharing *s = &v->work;
    size_t groups = (p->inputs + group - 1) / group;
    cmvm_term *parts = calloc(p->outputs * groups + 1, sizeof *parts);
    bool made = parts != NULL;
    s->failed = s->failed || !parts;
    for (size_t j = 0; j < groups && made; j++) {
        size_t from = j * group, to = from + group < p->inputs ? from + group : p->inputs;
        sharing_columns(s, p->outputs);
        for (size_t o = 0; o < p->outputs && !s->failed; o++) {
            add_row(s, o, p->matrix + o * p->inputs, from, to);
            limit_column(v, o, v->depth - log2_up(groups));
        }
        made = !s->failed && make_columns(v, parts + j * p->outputs, p->outputs);
    }
    if (made)
        sharing_columns(s, p->outputs);
    for (size_t o = 0; o < p->outputs && made && !s->failed; o++) {
        for (size_t j = 0; j < groups; j++)
            sharing_term(s, o, parts[j * p->outputs + o]);
        limit_column(v, o, v->depth);
    }
    made = made && !s->failed && make_columns(v, outputs, p->outputs);
    free(parts);
    return made;
}

/* ---------------------------------------------------------------- the best of several */

static int outputs_depth(const sharing *s, const cmvm_term *outputs, size_t count)
{
    int depth = 0;
    for (size_t o = 0; o < count; o++) {
        if (outputs[o].id != CMVM_ZERO && s->values[outputs[o].id].depth > depth)
            depth = s->values[outputs[o].id].depth;
    }
    return depth;
}

/* Keeps the work's result when it is better than *best. */
static void keep_best(solver *v, cmvm_solution *best, cmvm_term *outputs)
{
    sharing *s = &v->work;
    size_t count = s->value_count - s->input_count;
    bool better = !best->adders || count < best->count ||
                  (count == best->count && s->full_adders < best->full_adders);
    if (!better)
        return;
    free(best->adders);
    best->adders = s->adders ? s->adders : malloc(sizeof *best->adders);
    s->adders = NULL;
    s->failed = s->failed || !best->adders;
    best->count = count;
    best->full_adders = s->full_adders;
    best->depth = outputs_depth(s, outputs, v->p->outputs);
    memcpy(best->outputs, outputs, v->p->outputs * sizeof *outputs);
}

/* Pairs of digits to compare. */
static double count_pairs(const cmvm_problem *p)
{
    double pairs = 1;
    for (size_t o = 0; o < p->outputs; o++) {
        double digits = 0;
        for (size_t k = 0; k < p->inputs; k++)
            digits += digit_count(p->matrix[o * p->inputs + k]);
        pairs += digits * digits / 2;
    }
    return pairs;
}

/* Inputs per group so that the pairs within a group stay countable. */
static size_t group_size(const cmvm_problem *p)
{
    double pairs = count_pairs(p), most = p->most_pairs > 0 ? p->most_pairs : MOST_PAIRS;
    if (pairs <= most || p->inputs <= LEAST_GROUP)
        return p->inputs;
    double group = (double)p->inputs * sqrt(most / pairs);
    return group < LEAST_GROUP ? LEAST_GROUP : (size_t)group;
}

/* More tries for small matrices, where they cost nothing. */
static int choose_tries(const cmvm_problem *p)
{
    if (p->tries > 0)
        return p->tries;
    double tries = TRIED_PAIRS / count_pairs(p);
    return tries > MOST_TRIES ? MOST_TRIES : tries < 1 ? 1 : (int)tries;
}

static symlut_status try_all(solver *v, cmvm_solution *best, cmvm_term *outputs, int *distances,
                             bool *in_tree)
{
    static const int lengths[] = {1, 2, 4, 8, 1 << 20};
    const cmvm_problem *p = v->p;
    size_t group = group_size(p);
    int variants = group < p->inputs ? 1 : (int)(sizeof lengths / sizeof *lengths);
    for (int variant = 0; variant < variants && !v->work.failed; variant++) {
        if (group == p->inputs) {
            grow_tree(v, lengths[variant], distances, in_tree);
            if (!set_rows(v) && variant > 0)
                break;
        }
        int tries = group < p->inputs ? 1 : choose_tries(p);
        for (int t = 0; t < tries && !v->work.failed; t++) {
            sharing_begin(&v->work, p->input, p->inputs, (uint64_t)t);
            bool made =
                group < p->inputs ? solve_groups(v, outputs, group) : solve_tree(v, outputs);
            if (made)
                keep_best(v, best, outputs);
            bool failed = v->work.failed;
            sharing_free(&v->work);
            v->work.failed = failed;
            if (!made)
                break;
        }
    }
    return v->work.failed ? SYMLUT_NO_MEMORY : SYMLUT_OK;
}

symlut_status cmvm_solve(cmvm_solution *out, const cmvm_problem *p, symlut_error *err)
{
    size_t n = p->outputs + 1;
    solver v = {.p = p, .depth = -1};
    if (p->extra_depth >= 0)
        v.depth = cmvm_least_depth(p) + p->extra_depth;
    *out = (cmvm_solution){.outputs = calloc(n, sizeof *out->outputs)};
    v.rows = calloc(n * (p->inputs + 1), sizeof *v.rows);
    v.parent = calloc(n, sizeof *v.parent);
    v.minus = calloc(n, sizeof *v.minus);
    v.length = calloc(n, sizeof *v.length);
    v.below = calloc(n, sizeof *v.below);
    v.value = calloc(n, sizeof *v.value);
    cmvm_term *outputs = calloc(n, sizeof *outputs);
    int *distances = calloc(n, sizeof *distances);
    bool *in_tree = calloc(n, sizeof *in_tree);
    symlut_status status = SYMLUT_NO_MEMORY;
    if (out->outputs && v.rows && v.parent && v.minus && v.length && v.below && v.value &&
        outputs && distances && in_tree)
        status = try_all(&v, out, outputs, distances, in_tree);
    free(v.rows);
    free(v.parent);
    free(v.minus);
    free(v.length);
    free(v.below);
    free(v.value);
    free(outputs);
    free(distances);
    free(in_tree);
    if (status != SYMLUT_OK) {
        cmvm_free(out);
        return error_memory(err);
    }
    return status;
}

void cmvm_free(cmvm_solution *s)
{
    free(s->adders);
    free(s->outputs);
    *s = (cmvm_solution){0};
}
