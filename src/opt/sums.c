/* Sums of multiples, made anew: shared between all that use the same values, in balanced trees.
 *
 * requires: a checked graph; constants folded (fold)
 * keeps:    ports, values of outputs
 * breaks:   stages (run before schedule); what is replaced loses its users (dce)
 *
 * Every maximal sum is a row of constants over its leaves (linear.h). Rows over common leaves are a
 * constant matrix times a vector and are solved together (cmvm.h), so that products of one value by
 * several constants, common parts of sums and the sums themselves share additions; a sum of many
 * terms becomes a tree in which what arrives last is added last. A group of rows stays as it is
 * when its solution has no fewer additions and is no faster. Where it has more because it gave up
 * sharing that the graph had, as in a fast Fourier transform, its shared nodes are kept and what
 * lies between them is solved. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "opt/cmvm.h"
#include "opt/linear.h"
#include "opt/opt.h"

enum {
    LATEST = 24,           /* arrivals count up to so many additions after the first */
    MOST_FACTORS = 4000000 /* of all values over all inputs, to find ranges */
};

/* Rows of one level that share leaves. */
typedef struct cluster {
    size_t *rows; /* [row_count] */
    size_t row_count;
    graph_ref *leaves; /* [leaf_count]; from constant_start on: constants instead */
    size_t leaf_count;
    int64_t *constants; /* [leaf_count] the value of each that has no leaf */
    int *power;         /* [row_count] the row in units of 2^power */
    cmvm_solution solution;
    bool accepted;
} cluster;

typedef struct sums {
    linear l;
    rewrite rw;
    graph_ref *plain;  /* [from->count] the node without its row's solution */
    double *arrival;   /* [from->count] ns, without registers */
    double unit;       /* ns of an addition */
    cluster *clusters; /* [cluster_count] */
    size_t cluster_count;
    uint32_t *number; /* [from->count] scratch: place of a leaf, or a mark */
    int *depth;       /* [from->count] scratch */
    graph_ref *order; /* [from->count] */
    bool failed;
} sums;

/* ---------------------------------------------------------------- clusters */

static size_t find_set(size_t *set, size_t k)
{
    while (set[k] != k) {
        set[k] = set[set[k]];
        k = set[k];
    }
    return k;
}

static int compare_rows(const void *a, const void *b)
{
    const linear_row *x = a, *y = b;
    if (x->level != y->level)
        return x->level < y->level ? -1 : 1;
    return x->root < y->root ? -1 : x->root > y->root;
}

/* Unites rows of one level that share a leaf; numbers the sets. */
static void find_clusters(sums *s)
{
    const linear *l = &s->l;
    size_t *set = calloc(l->row_count + 1, sizeof *set);
    size_t *of_leaf = calloc(l->g->count + (size_t)1, sizeof *of_leaf); /* 1 + a row */
    s->failed = s->failed || !set || !of_leaf;
    if (l->row_count)
        qsort(l->rows, l->row_count, sizeof *l->rows, compare_rows);
    for (size_t r = 0; r < l->row_count && !s->failed; r++)
        set[r] = r;
    for (size_t r = 0; r < l->row_count && !s->failed; r++) {
        const linear_row *row = &l->rows[r];
        for (size_t k = 0; k < row->count && row->fits; k++) {
            size_t *last = &of_leaf[row->terms[k].leaf];
            if (*last && l->rows[*last - 1].level == row->level)
                set[find_set(set, r)] = find_set(set, *last - 1);
            *last = r + 1;
        }
    }
    s->cluster_count = 0;
    for (size_t r = 0; r < l->row_count && !s->failed; r++) {
        if (find_set(set, r) == r)
            s->l.rows[r].cluster = s->cluster_count++;
    }
    for (size_t r = 0; r < l->row_count && !s->failed; r++)
        s->l.rows[r].cluster = l->rows[find_set(set, r)].cluster;
    free(set);
    free(of_leaf);
}

static void free_clusters(sums *s)
{
    for (size_t c = 0; s->clusters && c < s->cluster_count; c++) {
        cluster *x = &s->clusters[c];
        free(x->rows);
        free(x->leaves);
        free(x->constants);
        free(x->power);
        cmvm_free(&x->solution);
    }
    free(s->clusters);
    s->clusters = NULL;
    s->cluster_count = 0;
}

static void fill_clusters(sums *s)
{
    s->clusters = s->failed ? NULL : calloc(s->cluster_count + 1, sizeof *s->clusters);
    s->failed = !s->clusters;
    for (size_t r = 0; r < s->l.row_count && !s->failed; r++)
        s->clusters[s->l.rows[r].cluster].row_count++;
    for (size_t c = 0; c < s->cluster_count && !s->failed; c++) {
        cluster *x = &s->clusters[c];
        x->rows = calloc(x->row_count + 1, sizeof *x->rows);
        x->power = calloc(x->row_count + 1, sizeof *x->power);
        s->failed = !x->rows || !x->power;
        x->row_count = 0;
    }
    for (size_t r = 0; r < s->l.row_count && !s->failed; r++) {
        cluster *x = &s->clusters[s->l.rows[r].cluster];
        x->rows[x->row_count++] = r;
    }
}

/* ---------------------------------------------------------------- matrix */

static void push_column(sums *s, cluster *x, size_t *capacity, graph_ref leaf, int64_t constant)
{
    if (x->leaf_count == *capacity) {
        *capacity = *capacity ? 2 * *capacity : 8;
        void *leaves = realloc(x->leaves, *capacity * sizeof *x->leaves);
        x->leaves = leaves ? leaves : x->leaves;
        void *constants = realloc(x->constants, *capacity * sizeof *x->constants);
        x->constants = constants ? constants : x->constants;
        s->failed = s->failed || !leaves || !constants;
    }
    if (s->failed)
        return;
    x->leaves[x->leaf_count] = leaf;
    x->constants[x->leaf_count++] = constant;
}

static size_t constant_column(const cluster *x, size_t leaves, int64_t magnitude)
{
    size_t k = leaves;
    while (k < x->leaf_count && x->constants[k] != magnitude)
        k++;
    return k;
}

/* Columns: the leaves in order, then the odd parts of the rows' constants. */
static size_t number_columns(sums *s, cluster *x)
{
    size_t capacity = 0;
    for (size_t r = 0; r < x->row_count; r++) {
        const linear_row *row = &s->l.rows[x->rows[r]];
        for (size_t k = 0; k < row->count; k++)
            s->number[row->terms[k].leaf] = 0;
    }
    for (size_t r = 0; r < x->row_count && !s->failed; r++) {
        const linear_row *row = &s->l.rows[x->rows[r]];
        for (size_t k = 0; k < row->count && !s->failed; k++) {
            graph_ref leaf = row->terms[k].leaf;
            if (s->number[leaf])
                continue;
            push_column(s, x, &capacity, leaf, 0);
            s->number[leaf] = (uint32_t)x->leaf_count;
        }
    }
    size_t leaves = x->leaf_count;
    for (size_t r = 0; r < x->row_count && !s->failed; r++) {
        int64_t magnitude = llabs(s->l.rows[x->rows[r]].constant.factor);
        if (magnitude && constant_column(x, leaves, magnitude) == x->leaf_count)
            push_column(s, x, &capacity, GRAPH_NONE, magnitude);
    }
    return leaves;
}

static int64_t *make_matrix(sums *s, cluster *x)
{
    size_t leaves = number_columns(s, x);
    int64_t *matrix = s->failed ? NULL : calloc(x->row_count * x->leaf_count + 1, sizeof *matrix);
    s->failed = !matrix;
    for (size_t r = 0; r < x->row_count && matrix; r++) {
        const linear_row *row = &s->l.rows[x->rows[r]];
        int64_t *m = matrix + r * x->leaf_count;
        int lowest = row->constant.factor ? row->constant.power : LINEAR_EXACT;
        for (size_t k = 0; k < row->count; k++)
            lowest = row->terms[k].power < lowest ? row->terms[k].power : lowest;
        x->power[r] = lowest;
        for (size_t k = 0; k < row->count; k++) {
            linear_term t = row->terms[k];
            m[s->number[t.leaf] - 1] = t.factor * ((int64_t)1 << (t.power - lowest));
        }
        linear_term c = row->constant;
        if (c.factor) {
            size_t column = constant_column(x, leaves, llabs(c.factor));
            m[column] = (c.factor < 0 ? -1 : 1) * ((int64_t)1 << (c.power - lowest));
        }
    }
    return matrix;
}

/* ---------------------------------------------------------------- what it costs now */

static int digits_of(int64_t value)
{
    uint64_t v = value < 0 ? 0 - (uint64_t)value : (uint64_t)value, digits = (v ^ (3 * v)) >> 1;
    int count = 0;
    for (; digits; digits &= digits - 1)
        count++;
    return count;
}

static int log2_up(int n)
{
    int bits = 0;
    while (1 << bits < n)
        bits++;
    return bits;
}

/* Additions of node k by itself, and how many in a row. */
static int additions_of(const graph *g, graph_ref k, int *in_a_row)
{
    const graph_node *n = &g->nodes[k];
    int64_t value = 0;
    int frac = 0, power = 0;
    *in_a_row = 0;
    if (n->op == GRAPH_ADD || n->op == GRAPH_SUB || n->op == GRAPH_NEG)
        *in_a_row = 1;
    if (n->op != GRAPH_MUL)
        return *in_a_row;
    if (!is_constant(g, n->arg[0], &value, &frac))
        is_constant(g, n->arg[1], &value, &frac);
    int digits = digits_of(odd_part(value, &power));
    *in_a_row = log2_up(digits);
    return digits - 1;
}

static int leaf_depth(const sums *s, graph_ref leaf, double first)
{
    double depth = floor((s->arrival[leaf] - first) / s->unit + 0.5);
    return depth > LATEST ? LATEST : (int)depth;
}

static double first_arrival(const sums *s, const cluster *x)
{
    double first = HUGE_VAL;
    for (size_t k = 0; k < x->leaf_count; k++) {
        if (x->leaves[k] != GRAPH_NONE)
            first = fmin(first, s->arrival[x->leaves[k]]);
    }
    return first == HUGE_VAL ? 0 : first;
}

/* Marks the nodes that the rows are made of, counts their additions and sets *depth. */
static size_t present_additions(sums *s, const cluster *x, int *depth)
{
    const linear *l = &s->l;
    const graph *g = l->g;
    size_t additions = 0;
    graph_ref last = 0;
    double first = first_arrival(s, x);
    memset(s->number, 0, (g->count + (size_t)1) * sizeof *s->number);
    for (size_t r = 0; r < x->row_count; r++) {
        s->number[l->rows[x->rows[r]].root] = 2;
        last = l->rows[x->rows[r]].root > last ? l->rows[x->rows[r]].root : last;
    }
    for (graph_ref k = last + 1; k-- > 0;) {
        const graph_node *n = &g->nodes[k];
        bool inside = s->number[k] == 2 || (s->number[k] && l->is_linear[k] && !l->is_boundary[k]);
        for (int j = 0; inside && j < graph_arity((graph_op)n->op); j++)
            s->number[n->arg[j]] += s->number[n->arg[j]] == 0;
        s->number[k] = inside ? 3 : s->number[k];
    }
    *depth = 0;
    for (graph_ref k = 0; k <= last; k++) {
        const graph_node *n = &g->nodes[k];
        s->depth[k] = 0;
        if (s->number[k] == 1 && n->lo != n->hi)
            s->depth[k] = leaf_depth(s, k, first);
        if (s->number[k] != 3)
            continue;
        int in_a_row;
        additions += (size_t)additions_of(g, k, &in_a_row);
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            s->depth[k] = s->depth[n->arg[j]] > s->depth[k] ? s->depth[n->arg[j]] : s->depth[k];
        s->depth[k] += in_a_row;
        *depth = s->depth[k] > *depth ? s->depth[k] : *depth;
    }
    return additions;
}

/* Negations that the users of a solution's outputs need. */
static size_t negations(const cmvm_solution *solution, size_t outputs)
{
    size_t count = 0;
    for (size_t o = 0; o < outputs; o++)
        count += solution->outputs[o].minus;
    return count;
}

/* ---------------------------------------------------------------- solve */

static bool worth_solving(const sums *s, const cluster *x)
{
    size_t terms = 0, multiples = 0;
    for (size_t r = 0; r < x->row_count; r++) {
        const linear_row *row = &s->l.rows[x->rows[r]];
        if (!row->fits || row->count == 0)
            return false;
        terms += row->count + (row->constant.factor != 0);
        for (size_t k = 0; k < row->count; k++)
            multiples += llabs(row->terms[k].factor) != 1;
    }
    return terms > 2 || multiples > 0;
}

static void solve(sums *s, cluster *x, symlut_error *err)
{
    int64_t *matrix = make_matrix(s, x);
    cmvm_input *input = calloc(x->leaf_count + 1, sizeof *input);
    s->failed = s->failed || !input;
    double first = s->failed ? 0 : first_arrival(s, x);
    for (size_t k = 0; k < x->leaf_count && !s->failed; k++) {
        graph_ref leaf = x->leaves[k];
        input[k] = (cmvm_input){.lo = (double)x->constants[k], .hi = (double)x->constants[k]};
        if (leaf != GRAPH_NONE)
            input[k] = (cmvm_input){.depth = leaf_depth(s, leaf, first),
                                    .lo = (double)s->l.g->nodes[leaf].lo,
                                    .hi = (double)s->l.g->nodes[leaf].hi};
    }
    cmvm_problem p = {
        .inputs = x->leaf_count, .outputs = x->row_count, .matrix = matrix, .input = input};
    if (!s->failed)
        s->failed = cmvm_solve(&x->solution, &p, err) != SYMLUT_OK;
    free(matrix);
    free(input);
    if (s->failed)
        return;
    int depth;
    size_t now = present_additions(s, x, &depth);
    size_t then = x->solution.count + negations(&x->solution, x->row_count);
    x->accepted = (then < now && x->solution.depth <= depth) ||
                  (x->solution.depth < depth && then <= now + now / 8);
}

/* Looks at all clusters; true when some gave up sharing of the graph and got boundaries instead. */
static bool solve_all(sums *s, bool sets_boundaries, symlut_error *err)
{
    bool changed = false;
    linear_gather(&s->l);
    s->failed = s->failed || s->l.failed;
    find_clusters(s);
    fill_clusters(s);
    for (size_t c = 0; c < s->cluster_count && !s->failed; c++) {
        cluster *x = &s->clusters[c];
        if (!worth_solving(s, x))
            continue;
        solve(s, x, err);
        for (graph_ref k = 0; k < s->l.g->count && sets_boundaries && !x->accepted && !s->failed;
             k++) {
            bool shared = s->number[k] == 3 && s->l.uses[k] > 1 && !s->l.is_boundary[k];
            if (shared && s->l.top[k] == LINEAR_EXACT) {
                s->l.is_boundary[k] = true;
                changed = true;
            }
        }
    }
    return changed;
}

/* ---------------------------------------------------------------- build */

typedef struct builder {
    sums *s;
    const cluster *x;
    graph_ref *value; /* [inputs + additions] their nodes */
    uint32_t *uses;   /* [inputs + additions] */
    int *top;         /* [inputs + additions] as in linear: modulo 2^top; in units of the value */
    int64_t *factors; /* [inputs + additions][inputs] what each is of the inputs; or NULL */
} builder;

static graph_ref shifted(graph *g, graph_ref a, int power)
{
    return power ? graph_add_shift(g, a, power) : a;
}

/* What the users of each value need of it, from the outputs back. */
static void find_needs(builder *b)
{
    const cmvm_solution *m = &b->x->solution;
    size_t inputs = b->x->leaf_count;
    for (size_t k = 0; k < inputs + m->count; k++)
        b->top[k] = -LINEAR_EXACT;
    for (size_t o = 0; o < b->x->row_count; o++) {
        cmvm_term t = m->outputs[o];
        if (t.id == CMVM_ZERO)
            continue;
        int top = b->s->l.top[b->s->l.rows[b->x->rows[o]].root];
        top = top == LINEAR_EXACT ? top : top - b->x->power[o] - t.shift;
        b->top[t.id] = top > b->top[t.id] ? top : b->top[t.id];
        b->uses[t.id]++;
    }
    for (size_t k = m->count; k-- > 0;) {
        cmvm_adder a = m->adders[k];
        int top = b->top[inputs + k], high = top == LINEAR_EXACT ? top : top - a.shift;
        b->top[a.low] = top > b->top[a.low] ? top : b->top[a.low];
        b->top[a.high] = high > b->top[a.high] ? high : b->top[a.high];
        b->uses[a.low]++;
        b->uses[a.high]++;
    }
}

/* Bits that no user needs go away. */
static graph_ref wrapped(graph *g, graph_ref a, int top)
{
    if (a == GRAPH_NONE || top == LINEAR_EXACT)
        return a;
    format f = g->nodes[a].fmt;
    int width = top + f.frac;
    if (width < 1)
        width = 1;
    if (width >= f.width)
        return a;
    f.is_signed = true;
    f.width = (uint8_t)width;
    return graph_add_cast(g, a, f, ROUND_TRN, OVERFLOW_WRAP);
}

/* Interval arithmetic on 4x - x does not see 3x: from the factors the range follows exactly. */
static void narrow(builder *b, size_t k, graph_ref made)
{
    const cmvm_solution *m = &b->x->solution;
    const graph *from = b->s->l.g;
    size_t inputs = b->x->leaf_count;
    if (!b->factors || made == GRAPH_NONE)
        return;
    cmvm_adder a = m->adders[k];
    int64_t *own = b->factors + (inputs + k) * inputs, lo = 0, hi = 0;
    const int64_t *low = b->factors + a.low * inputs, *high = b->factors + a.high * inputs;
    for (size_t j = 0; j < inputs; j++) {
        int64_t more = high[j] * ((int64_t)1 << a.shift);
        own[j] = a.minus ? low[j] - more : low[j] + more;
        graph_ref leaf = b->x->leaves[j];
        int64_t least = leaf == GRAPH_NONE ? b->x->constants[j] : from->nodes[leaf].lo;
        int64_t most = leaf == GRAPH_NONE ? b->x->constants[j] : from->nodes[leaf].hi;
        lo += own[j] * (own[j] < 0 ? most : least);
        hi += own[j] * (own[j] < 0 ? least : most);
    }
    /* the node's fraction is 0, or below it where all bits there are zero */
    int zeros = -b->s->rw.to->nodes[made].fmt.frac;
    if (b->top[inputs + k] == LINEAR_EXACT && zeros == 0)
        graph_narrow(b->s->rw.to, made, lo, hi);
}

static void build_values(builder *b)
{
    const cmvm_solution *m = &b->x->solution;
    sums *s = b->s;
    graph *g = s->rw.to;
    size_t inputs = b->x->leaf_count;
    for (size_t k = 0; k < inputs; k++) {
        graph_ref leaf = b->x->leaves[k];
        if (leaf == GRAPH_NONE)
            b->value[k] = graph_add_exact_const(g, b->x->constants[k], 0);
        else
            b->value[k] = shifted(g, s->rw.map[leaf], s->l.g->nodes[leaf].fmt.frac);
    }
    for (size_t k = 0; k < m->count; k++) {
        cmvm_adder a = m->adders[k];
        graph_ref sum = graph_add(g, a.minus ? GRAPH_SUB : GRAPH_ADD, b->value[a.low],
                                  shifted(g, b->value[a.high], a.shift), GRAPH_NONE);
        narrow(b, k, sum);
        b->value[inputs + k] = wrapped(g, sum, b->top[inputs + k]);
    }
}

/* True when -value can be had without a negation: a difference is turned around, and so is one
 * below a sum that nothing else uses. */
static bool turns(const builder *b, uint32_t id)
{
    size_t inputs = b->x->leaf_count;
    if (id < inputs)
        return false;
    cmvm_adder a = b->x->solution.adders[id - inputs];
    return a.minus || (b->uses[a.low] == 1 && turns(b, a.low)) ||
           (b->uses[a.high] == 1 && turns(b, a.high));
}

static graph_ref negative_of(builder *b, uint32_t id)
{
    graph *g = b->s->rw.to;
    if (!turns(b, id))
        return graph_add(g, GRAPH_NEG, b->value[id], GRAPH_NONE, GRAPH_NONE);
    cmvm_adder a = b->x->solution.adders[id - b->x->leaf_count];
    graph_ref low = b->value[a.low], high = shifted(g, b->value[a.high], a.shift), sum;
    if (a.minus)
        sum = graph_add(g, GRAPH_SUB, high, low, GRAPH_NONE);
    else if (b->uses[a.low] == 1 && turns(b, a.low))
        sum = graph_add(g, GRAPH_SUB, negative_of(b, a.low), high, GRAPH_NONE);
    else
        sum = graph_add(g, GRAPH_SUB, shifted(g, negative_of(b, a.high), a.shift), low, GRAPH_NONE);
    return wrapped(g, sum, b->top[id]);
}

static void build_outputs(builder *b)
{
    sums *s = b->s;
    graph *g = s->rw.to;
    for (size_t o = 0; o < b->x->row_count; o++) {
        graph_ref root = s->l.rows[b->x->rows[o]].root, before = g->count;
        cmvm_term t = b->x->solution.outputs[o];
        graph_set_origin(g, s->l.g->nodes[root].origin);
        graph_ref value = GRAPH_NONE;
        if (t.id == CMVM_ZERO)
            value = graph_add_exact_const(g, 0, 0);
        else
            value = t.minus ? negative_of(b, t.id) : b->value[t.id];
        s->rw.map[root] = shifted(g, value, t.shift + b->x->power[o]);
        if (s->l.top[root] == LINEAR_EXACT)
            rewrite_settle(&s->rw, root, before);
    }
}

static void build(sums *s, const cluster *x)
{
    size_t count = x->leaf_count + x->solution.count + 1;
    builder b = {.s = s, .x = x};
    b.value = calloc(count, sizeof *b.value);
    b.uses = calloc(count, sizeof *b.uses);
    b.top = calloc(count, sizeof *b.top);
    s->failed = !b.value || !b.uses || !b.top;
    if (count * x->leaf_count <= MOST_FACTORS)
        b.factors = calloc(count * x->leaf_count + 1, sizeof *b.factors);
    for (size_t k = 0; k < x->leaf_count && b.factors; k++)
        b.factors[k * x->leaf_count + k] = 1;
    if (!s->failed) {
        graph_ref before = s->rw.to->count;
        graph_set_origin(s->rw.to, s->l.g->nodes[s->l.rows[x->rows[0]].root].origin);
        find_needs(&b);
        build_values(&b);
        build_outputs(&b);
        for (graph_ref k = before; k < s->rw.to->count; k++)
            s->rw.to->nodes[k].stage = s->l.g->nodes[s->l.rows[x->rows[0]].root].stage;
    }
    free(b.factors);
    free(b.value);
    free(b.uses);
    free(b.top);
}

/* Nodes by level, so that a cluster's leaves come before all its rows. */
static size_t sort_nodes(sums *s)
{
    const graph *g = s->l.g;
    size_t count = 0;
    int level = 0;
    while (count < g->count) {
        int next = LINEAR_LAST + 1;
        for (int sum = 0; sum < 2; sum++) {
            for (graph_ref k = 0; k < g->count; k++) {
                if (s->l.level[k] == level && s->l.is_linear[k] == sum)
                    s->order[count++] = k;
                else if (s->l.level[k] > level && s->l.level[k] < next)
                    next = s->l.level[k];
            }
        }
        level = next;
    }
    return count;
}

/* A node as it is. A linear one keeps to the plain forms of its operands: what its users get may
 * differ from its value by multiples of 2^top. */
static void copy(sums *s, graph_ref k)
{
    if (!s->l.is_linear[k]) {
        s->plain[k] = s->rw.map[k] = rewrite_copy(&s->rw, k);
        return;
    }
    s->plain[k] = graph_copy_node(s->rw.to, s->l.g, k, s->plain);
    s->rw.map[k] = s->plain[k];
}

static void rebuild(sums *s)
{
    const graph *g = s->l.g;
    size_t count = sort_nodes(s);
    size_t *row_of = calloc(g->count + (size_t)1, sizeof *row_of); /* 1 + the row of a root */
    bool *built = calloc(s->cluster_count + 1, sizeof *built);
    s->failed = s->failed || !row_of || !built;
    for (size_t r = 0; r < s->l.row_count && !s->failed; r++)
        row_of[s->l.rows[r].root] = r + 1;
    for (size_t k = 0; k < count && !s->failed && s->rw.to->failed.status == SYMLUT_OK; k++) {
        graph_ref at = s->order[k];
        size_t c = row_of[at] ? s->l.rows[row_of[at] - 1].cluster : 0;
        graph_ref made = s->rw.map[at]; /* by its cluster, at its first row */
        copy(s, at);
        if (!row_of[at] || !s->clusters[c].accepted)
            continue;
        if (built[c]) {
            s->rw.map[at] = made;
        } else {
            built[c] = true;
            build(s, &s->clusters[c]);
        }
    }
    free(row_of);
    free(built);
}

/* ---------------------------------------------------------------- pass */

static void find_arrivals(sums *s, const opt_options *options)
{
    const graph *g = s->l.g;
    const device *d = options->device;
    s->unit = (d->carry_base + 16 * d->carry_bit) * d->margin;
    for (graph_ref k = 0; k < g->count; k++) {
        double start = 0;
        for (int j = 0; j < graph_arity((graph_op)g->nodes[k].op); j++)
            start = fmax(start, s->arrival[g->nodes[k].arg[j]]);
        s->arrival[k] = start + cost_node(g, k, d, options->dsp).ns;
    }
}

static bool prepare(sums *s, const graph *g)
{
    size_t n = g->count + (size_t)1;
    linear_begin(&s->l, g);
    s->plain = calloc(n, sizeof *s->plain);
    s->arrival = calloc(n, sizeof *s->arrival);
    s->number = calloc(n, sizeof *s->number);
    s->depth = calloc(n, sizeof *s->depth);
    s->order = calloc(n, sizeof *s->order);
    s->failed = s->l.failed || !s->plain || !s->arrival || !s->number || !s->depth || !s->order;
    return !s->failed;
}

static bool any_accepted(const sums *s)
{
    bool any = false;
    for (size_t c = 0; c < s->cluster_count && !s->failed; c++)
        any = any || s->clusters[c].accepted;
    return any;
}

symlut_status opt_sums(graph **g, const opt_options *options, symlut_error *err)
{
    sums s = {0};
    symlut_status status = SYMLUT_OK;
    if (prepare(&s, *g)) {
        find_arrivals(&s, options);
        if (solve_all(&s, true, err)) {
            free_clusters(&s);
            solve_all(&s, false, err);
        }
        if (any_accepted(&s)) {
            if (rewrite_begin(&s.rw, *g))
                rebuild(&s);
            if (s.failed && s.rw.to)
                error_memory(&s.rw.to->failed);
            status = rewrite_end(&s.rw, g, err);
        }
    }
    if (s.failed)
        status = error_memory(err);
    free_clusters(&s);
    linear_free(&s.l);
    free(s.plain);
    free(s.arrival);
    free(s.number);
    free(s.depth);
    free(s.order);
    return status;
}
