#include "precision/normal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A node of the flattened form. Equal nodes are one node. */
typedef enum kind { CALL, SUM, PRODUCT } kind;

typedef struct term {
    double factor; /* SUM: of the part */
    int part;
} term;

typedef struct node {
    kind kind;
    uint8_t op; /* CALL: VAR or an operation of the parts */
    uint16_t feature;
    int count;       /* of parts */
    term *parts;     /* [count] */
    double constant; /* SUM */
    int source;      /* the node whose function this is; itself where there is none smaller */
    bool linear;     /* a weighted sum of inputs */
    int delay;       /* levels of logic, roughly */
} node;

/* factor * node; node -1: the constant `factor`. */
typedef struct value {
    double factor;
    int node;
} value;

typedef struct normaliser {
    arena *memory;
    node *nodes;
    int count, capacity;
    expr_node *out;
    int written;
    bool failed; /* out of memory, or too long */
} normaliser;

enum { LARGEST_POWER = 16, TABLE_DELAY = 1, SUM_DELAY = 1, PRODUCT_DELAY = 3 };

/* ---------------------------------------------------------------- the flattened form */

static bool same_node(const node *a, const node *b)
{
    if (a->kind != b->kind || a->op != b->op || a->feature != b->feature || a->count != b->count ||
        a->constant != b->constant)
        return false;
    for (int i = 0; i < a->count; i++)
        if (a->parts[i].part != b->parts[i].part || a->parts[i].factor != b->parts[i].factor)
            return false;
    return true;
}

static void derive(const normaliser *z, node *n, int self)
{
    if (n->kind == CALL && n->count == 0) {
        n->source = self;
        n->linear = true;
        return;
    }
    n->linear = n->kind == SUM;
    n->source = z->nodes[n->parts[0].part].source;
    for (int i = 0; i < n->count; i++) {
        const node *part = &z->nodes[n->parts[i].part];
        n->linear = n->linear && part->linear;
        n->delay = part->delay > n->delay ? part->delay : n->delay;
        if (part->source != n->source)
            n->source = self;
    }
    if (n->source != self)
        n->delay = z->nodes[n->source].delay + (n->linear ? 0 : TABLE_DELAY);
    else
        n->delay += n->kind == SUM ? SUM_DELAY : PRODUCT_DELAY;
}

/* The node equal to n, made when there is none; n's parts are taken over. */
static int intern(normaliser *z, node n)
{
    for (int i = 0; i < z->count; i++)
        if (same_node(&z->nodes[i], &n))
            return i;
    if (z->count == z->capacity) {
        z->failed = true;
        return 0;
    }
    derive(z, &n, z->count);
    z->nodes[z->count] = n;
    return z->count++;
}

static term *new_parts(normaliser *z, int count)
{
    term *parts = ARENA_ARRAY(z->memory, term, count);
    z->failed = z->failed || !parts;
    return parts;
}

static int call(normaliser *z, expr_op op, int feature, int count, const int *parts)
{
    node n = {.kind = CALL, .op = (uint8_t)op, .feature = (uint16_t)feature, .count = count};
    if (count) {
        n.parts = new_parts(z, count);
        for (int i = 0; n.parts && i < count; i++)
            n.parts[i] = (term){1, parts[i]};
    }
    return z->failed ? 0 : intern(z, n);
}

static value constant(double x)
{
    return (value){x, -1};
}

/* Adds factor * part to the terms of a sum. */
static void add_term(node *n, double factor, int part)
{
    for (int i = 0; i < n->count; i++) {
        if (n->parts[i].part == part) {
            n->parts[i].factor += factor;
            return;
        }
    }
    n->parts[n->count++] = (term){factor, part};
}

static int terms_of(const normaliser *z, value v)
{
    return v.node >= 0 && z->nodes[v.node].kind == SUM ? z->nodes[v.node].count : 1;
}

static void add_value(const normaliser *z, node *n, value v)
{
    const node *from = v.node >= 0 ? &z->nodes[v.node] : NULL;
    if (!from) {
        n->constant += v.factor;
    } else if (from->kind == SUM && fabs(v.factor) == 1) {
        for (int i = 0; i < from->count; i++)
            add_term(n, v.factor * from->parts[i].factor, from->parts[i].part);
        n->constant += v.factor * from->constant;
    } else {
        add_term(n, v.factor, v.node);
    }
}

static value add(normaliser *z, value a, value b)
{
    node n = {.kind = SUM};
    n.parts = new_parts(z, terms_of(z, a) + terms_of(z, b));
    if (z->failed)
        return a;
    add_value(z, &n, a);
    add_value(z, &n, b);
    int kept = 0;
    for (int i = 0; i < n.count; i++)
        if (n.parts[i].factor != 0)
            n.parts[kept++] = n.parts[i];
    n.count = kept;
    if (kept == 0)
        return constant(n.constant);
    if (kept == 1 && n.constant == 0)
        return (value){n.parts[0].factor, n.parts[0].part};
    return (value){1, intern(z, n)};
}

static value multiply(normaliser *z, value a, value b)
{
    if (a.node < 0 || b.node < 0) {
        double factor = a.factor * b.factor;
        int left = a.node < 0 ? b.node : a.node;
        return factor == 0 ? constant(0) : (value){factor, left};
    }
    const value both[2] = {a, b};
    node n = {.kind = PRODUCT};
    int count = 0;
    for (int k = 0; k < 2; k++)
        count += z->nodes[both[k].node].kind == PRODUCT ? z->nodes[both[k].node].count : 1;
    n.parts = new_parts(z, count);
    if (z->failed)
        return a;
    for (int k = 0; k < 2; k++) {
        const node *from = &z->nodes[both[k].node];
        if (from->kind == PRODUCT) {
            memcpy(n.parts + n.count, from->parts, (size_t)from->count * sizeof *n.parts);
            n.count += from->count;
        } else {
            n.parts[n.count++] = (term){1, both[k].node};
        }
    }
    return (value){a.factor * b.factor, intern(z, n)};
}

/* The node of v alone, its factor inside. */
static int whole(normaliser *z, value v)
{
    if (v.node >= 0 && v.factor == 1)
        return v.node;
    node n = {.kind = SUM, .count = v.node >= 0, .constant = v.node < 0 ? v.factor : 0};
    n.parts = new_parts(z, 1);
    if (z->failed)
        return 0;
    n.parts[0] = (term){v.factor, v.node};
    return intern(z, n);
}

static value unary(normaliser *z, expr_op op, value a)
{
    if (a.node < 0)
        return constant(expr_apply(op, a.factor, 0));
    int part = whole(z, a);
    return (value){1, call(z, op, 0, 1, &part)};
}

static value integer_power(normaliser *z, value a, int n)
{
    value p = a;
    for (int k = 1; k < n; k++)
        p = multiply(z, p, a);
    return p;
}

static value power(normaliser *z, value a, value b)
{
    if (a.node < 0 && b.node < 0)
        return constant(pow(a.factor, b.factor));
    if (b.node < 0) {
        double n = b.factor;
        if (n == 0)
            return constant(1);
        if (n == floor(n) && n > 0 && n <= LARGEST_POWER)
            return integer_power(z, a, (int)n);
        if (n == 0.5 || n == -1)
            return unary(z, n == -1 ? EXPR_INV : EXPR_SQRT, a);
    }
    return (value){NAN, -1}; /* as it was */
}

/* A call of two operands, one of which may be a constant: kept as a CALL whose constant is a part
 * of its own, a SUM without terms. */
static int constant_part(normaliser *z, double x)
{
    node n = {.kind = SUM, .constant = x};
    for (int i = 0; i < z->count; i++)
        if (same_node(&z->nodes[i], &n))
            return i;
    if (z->count == z->capacity) {
        z->failed = true;
        return 0;
    }
    n.source = -1;
    z->nodes[z->count] = n;
    return z->count++;
}

static value binary_call(normaliser *z, expr_op op, value a, value b)
{
    if (a.node < 0 && b.node < 0)
        return constant(expr_apply(op, a.factor, b.factor));
    int parts[2] = {a.node < 0 ? constant_part(z, a.factor) : whole(z, a),
                    b.node < 0 ? constant_part(z, b.factor) : whole(z, b)};
    int made = call(z, op, 0, 2, parts);
    if (z->failed)
        return a;
    node *n = &z->nodes[made];
    int other = a.node < 0 ? parts[1] : b.node < 0 ? parts[0] : -1;
    if (other >= 0) { /* a function of the other operand */
        n->source = z->nodes[other].source;
        n->delay = z->nodes[n->source].delay + TABLE_DELAY;
    }
    return (value){1, made};
}

static value apply(normaliser *z, const expr_node *e, value a, value b)
{
    switch ((expr_op)e->op) {
    case EXPR_CONST:
        return constant(e->value);
    case EXPR_VAR:
        return (value){1, call(z, EXPR_VAR, e->feature, 0, NULL)};
    case EXPR_NEG:
        return (value){-a.factor, a.node};
    case EXPR_ADD:
        return add(z, a, b);
    case EXPR_SUB:
        return add(z, a, (value){-b.factor, b.node});
    case EXPR_MUL:
        return multiply(z, a, b);
    case EXPR_DIV:
        if (b.node < 0)
            return multiply(z, a, constant(1 / b.factor));
        return multiply(z, a, unary(z, EXPR_INV, b));
    case EXPR_SQUARE:
        return integer_power(z, a, 2);
    case EXPR_CUBE:
        return integer_power(z, a, 3);
    case EXPR_POW: {
        value p = power(z, a, b);
        return p.node < 0 && isnan(p.factor) ? binary_call(z, EXPR_POW, a, b) : p;
    }
    default:
        return e->arity == 1 ? unary(z, (expr_op)e->op, a) : binary_call(z, (expr_op)e->op, a, b);
    }
}

/* ---------------------------------------------------------------- back to postfix */

static void emit_node(normaliser *z, int n);
static void emit_product(normaliser *z, const node *n, double factor);

static void put(normaliser *z, expr_node e)
{
    if (z->written >= EXPR_MAX_NODES) {
        z->failed = true;
        return;
    }
    e.arity = (uint8_t)expr_arity((expr_op)e.op);
    z->out[z->written++] = e;
}

static void put_op(normaliser *z, expr_op op)
{
    put(z, (expr_node){.op = (uint8_t)op});
}

static void put_constant(normaliser *z, double x)
{
    put(z, (expr_node){.op = EXPR_CONST, .value = x});
}

static void emit_scaled(normaliser *z, double factor, int n)
{
    if (z->nodes[n].kind == PRODUCT) { /* one of its tables may take the factor in */
        emit_product(z, &z->nodes[n], factor);
        return;
    }
    emit_node(z, n);
    if (factor == -1) {
        put_op(z, EXPR_NEG);
    } else if (factor != 1) {
        put_constant(z, factor);
        put_op(z, EXPR_MUL);
    }
}

/* Parts of a sum or product that go together: those of one source. */
typedef struct group {
    int source;
    bool linear; /* no table in it */
    bool minus;  /* of a sum: to be subtracted */
    int delay;
    int first, count; /* parts of it, in the sorted list */
    double constant;  /* sum: added; product: factor */
    int left, right;  /* groups joined; -1: a leaf */
} group;

typedef struct gathering {
    term *parts;
    group *groups;
    int count;
} gathering;

/* The groups of node n's parts, each group's parts side by side. */
static bool gather(normaliser *z, gathering *out, const node *n)
{
    out->parts = new_parts(z, n->count);
    out->groups = ARENA_ARRAY(z->memory, group, 2 * n->count + 2);
    bool *done = ARENA_ARRAY(z->memory, bool, n->count);
    if (!out->parts || !out->groups || !done) {
        z->failed = true;
        return false;
    }
    int placed = 0;
    for (int i = 0; i < n->count; i++) {
        if (done[i])
            continue;
        int source = z->nodes[n->parts[i].part].source;
        group g = {.source = source, .linear = true, .first = placed, .left = -1, .right = -1};
        for (int j = i; j < n->count; j++) {
            const node *part = &z->nodes[n->parts[j].part];
            if (done[j] || part->source != source)
                continue;
            done[j] = true;
            out->parts[placed++] = n->parts[j];
            g.linear = g.linear && part->linear;
            g.delay = part->delay > g.delay ? part->delay : g.delay;
        }
        g.count = placed - g.first;
        out->groups[out->count++] = g;
    }
    return true;
}

/* A group that becomes one table takes constants in for nothing. */
static bool is_table(const normaliser *z, const gathering *g, int k)
{
    const group *p = &g->groups[k];
    return p->source >= 0 && !p->linear &&
           (p->count > 1 || p->source != g->parts[p->first].part || z->nodes[p->source].count == 0);
}

static int find_table(const normaliser *z, const gathering *g)
{
    for (int k = 0; k < g->count; k++)
        if (is_table(z, g, k))
            return k;
    return -1;
}

/* Where a constant is added: a table, else a multiple of one input, else an input. */
static int find_constant_taker(const normaliser *z, const gathering *g)
{
    int best = find_table(z, g);
    for (int k = 0; best < 0 && k < g->count; k++)
        if (z->nodes[g->groups[k].source].count == 0 &&
            fabs(g->parts[g->groups[k].first].factor) != 1)
            best = k;
    for (int k = 0; best < 0 && k < g->count; k++)
        if (z->nodes[g->groups[k].source].count == 0)
            best = k;
    return best < 0 && g->count == 1 ? 0 : best;
}

/* Joins the two groups that are ready first, until one is left: its number. */
static int join(gathering *g, int own_delay)
{
    int last = g->count;
    bool joined[2 * EXPR_MAX_NODES + 2];
    memset(joined, 0, (size_t)(2 * g->count + 2));
    for (int left = g->count; left > 1; left--) {
        int a = -1, b = -1;
        for (int k = 0; k < last; k++) {
            if (joined[k])
                continue;
            if (a < 0 || g->groups[k].delay < g->groups[a].delay) {
                b = a;
                a = k;
            } else if (b < 0 || g->groups[k].delay < g->groups[b].delay) {
                b = k;
            }
        }
        joined[a] = joined[b] = true;
        int later = g->groups[a].delay > g->groups[b].delay ? a : b;
        g->groups[last++] =
            (group){.left = a, .right = b, .delay = g->groups[later].delay + own_delay};
    }
    return last - 1;
}

static void emit_sum_leaf(normaliser *z, const gathering *g, group *p)
{
    p->minus = p->count == 1 && p->constant == 0 && g->parts[p->first].factor < 0;
    bool started = false;
    for (int pass = 0; pass < 2; pass++) { /* what is added first */
        for (int i = p->first; i < p->first + p->count; i++) {
            term t = g->parts[i];
            bool negative = t.factor < 0 && !p->minus;
            if (negative != (pass == 1))
                continue;
            emit_scaled(z, started || p->minus || !negative ? fabs(t.factor) : t.factor, t.part);
            if (started)
                put_op(z, negative ? EXPR_SUB : EXPR_ADD);
            started = true;
        }
    }
    if (p->constant != 0) {
        put_constant(z, fabs(p->constant));
        if (!started) /* a constant alone */
            p->minus = p->constant < 0;
        else
            put_op(z, p->constant < 0 ? EXPR_SUB : EXPR_ADD);
    }
}

static void emit_sum_group(normaliser *z, gathering *g, int k)
{
    group *p = &g->groups[k];
    if (p->left < 0) {
        emit_sum_leaf(z, g, p);
        return;
    }
    int start = z->written;
    emit_sum_group(z, g, p->left);
    int middle = z->written;
    emit_sum_group(z, g, p->right);
    bool a = g->groups[p->left].minus, b = g->groups[p->right].minus;
    p->minus = a && b;
    if (a && !b && !z->failed) { /* b - a: the operands change places */
        int n = middle - start, m = z->written - middle;
        expr_node *copy = ARENA_ARRAY(z->memory, expr_node, n);
        if (!copy) {
            z->failed = true;
            return;
        }
        memcpy(copy, z->out + start, (size_t)n * sizeof *copy);
        memmove(z->out + start, z->out + middle, (size_t)m * sizeof *copy);
        memcpy(z->out + start + m, copy, (size_t)n * sizeof *copy);
    }
    put_op(z, a != b ? EXPR_SUB : EXPR_ADD);
}

static void emit_sum(normaliser *z, const node *n)
{
    gathering g = {0};
    if (n->count == 0) {
        put_constant(z, n->constant);
        return;
    }
    if (!gather(z, &g, n))
        return;
    if (n->constant != 0) {
        int taker = find_constant_taker(z, &g);
        if (taker >= 0)
            g.groups[taker].constant = n->constant;
        else
            g.groups[g.count++] =
                (group){.source = -1, .constant = n->constant, .left = -1, .right = -1};
    }
    int root = join(&g, SUM_DELAY);
    emit_sum_group(z, &g, root);
    if (g.groups[root].minus)
        put_op(z, EXPR_NEG);
}

/* part ^ n by squares. */
static void emit_power(normaliser *z, int part, int n)
{
    if (n == 1) {
        emit_node(z, part);
    } else if (n % 2 == 0) {
        emit_power(z, part, n / 2);
        put_op(z, EXPR_SQUARE);
    } else {
        emit_power(z, part, n - 1);
        emit_node(z, part);
        put_op(z, EXPR_MUL);
    }
}

static void emit_product_group(normaliser *z, const gathering *g, int k)
{
    const group *p = &g->groups[k];
    if (p->left >= 0) {
        emit_product_group(z, g, p->left);
        emit_product_group(z, g, p->right);
        put_op(z, EXPR_MUL);
        return;
    }
    bool started = false;
    for (int i = p->first; i < p->first + p->count; i++) {
        int part = g->parts[i].part, copies = 0;
        bool seen = false;
        for (int j = p->first; j < p->first + p->count; j++) {
            copies += g->parts[j].part == part;
            seen = seen || (j < i && g->parts[j].part == part);
        }
        if (seen)
            continue;
        emit_power(z, part, copies);
        if (started)
            put_op(z, EXPR_MUL);
        started = true;
    }
    if (p->constant != 1) {
        put_constant(z, p->constant);
        put_op(z, EXPR_MUL);
    }
}

static void emit_product(normaliser *z, const node *n, double factor)
{
    gathering g = {0};
    if (!gather(z, &g, n))
        return;
    for (int k = 0; k < g.count; k++)
        g.groups[k].constant = 1;
    int table = factor != 1 ? find_table(z, &g) : -1;
    if (table >= 0) {
        g.groups[table].constant = factor;
        factor = 1;
    }
    emit_product_group(z, &g, join(&g, PRODUCT_DELAY));
    if (factor == -1) {
        put_op(z, EXPR_NEG);
    } else if (factor != 1) {
        put_constant(z, factor);
        put_op(z, EXPR_MUL);
    }
}

static void emit_node(normaliser *z, int k)
{
    const node n = z->nodes[k];
    if (z->failed)
        return;
    if (n.kind == SUM) {
        emit_sum(z, &n);
    } else if (n.kind == PRODUCT) {
        emit_product(z, &n, 1);
    } else {
        for (int i = 0; i < n.count; i++)
            emit_node(z, n.parts[i].part);
        put(z, (expr_node){.op = n.op, .feature = n.feature});
    }
}

expr normal_form(arena *memory, expr e)
{
    normaliser z = {.memory = memory, .capacity = 4 * e.count + 16};
    z.nodes = ARENA_ARRAY(memory, node, z.capacity);
    z.out = ARENA_ARRAY(memory, expr_node, EXPR_MAX_NODES);
    value *stack = ARENA_ARRAY(memory, value, e.count + 2);
    if (!z.nodes || !z.out || !stack)
        return (expr){0};
    int depth = 0;
    for (int i = 0; i < e.count && !z.failed; i++) {
        depth -= e.nodes[i].arity;
        value v = apply(&z, &e.nodes[i], stack[depth], stack[depth + 1]);
        if (v.node < 0 && !isfinite(v.factor)) /* the lowering says which constant */
            return e;
        stack[depth++] = v;
    }
    if (!z.failed && stack[0].node < 0)
        put_constant(&z, stack[0].factor);
    else if (!z.failed)
        emit_scaled(&z, stack[0].factor, stack[0].node);
    expr made = {z.out, z.written};
    if (memory->failed)
        return (expr){0};
    return !z.failed && expr_finish(&made) ? made : e;
}
