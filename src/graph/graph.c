/* Building graphs. */
#include "graph/graph.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/interval.h"

static const struct op_facts {
    const char *name;
    int arity;
} facts[GRAPH_OP_COUNT] = {
#define OP(NAME, text, arity, doc) [GRAPH_##NAME] = {#text, arity},
#include "graph/ops.def"
#undef OP
};

int graph_arity(graph_op op)
{
    return op < GRAPH_OP_COUNT ? facts[op].arity : 0;
}

const char *graph_op_name(graph_op op)
{
    return op < GRAPH_OP_COUNT ? facts[op].name : "?";
}

graph *graph_new(void)
{
    return calloc(1, sizeof(graph));
}

void graph_free(graph *g)
{
    if (!g)
        return;
    arena_free(&g->memory);
    free(g->nodes);
    free(g->tables);
    free(g->inputs);
    free(g->outputs);
    free(g);
}

static bool alive(const graph *g)
{
    return g->failed.status == SYMLUT_OK;
}

static graph_ref fail_memory(graph *g)
{
    if (alive(g))
        error_memory(&g->failed);
    return GRAPH_NONE;
}

/* `problem` is a clause with the node as its subject. */
static graph_ref fail(graph *g, graph_op op, const char *problem)
{
    if (alive(g))
        error_set(&g->failed, SYMLUT_BAD_INPUT, "%s%s%s: its %s %s", g->origin ? "'" : "",
                  g->origin ? g->origin : "the graph", g->origin ? "'" : "", graph_op_name(op),
                  problem);
    return GRAPH_NONE;
}

/* Room for one more element in a malloc'ed array. */
static bool grow(graph *g, void **array, uint32_t count, uint32_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    uint32_t wanted = *capacity ? *capacity * 2 : 32;
    void *moved = wanted > *capacity ? realloc(*array, wanted * size) : NULL;
    if (!moved) {
        fail_memory(g);
        return false;
    }
    *array = moved;
    *capacity = wanted;
    return true;
}

static graph_ref push(graph *g, const graph_node *node)
{
    void *nodes = g->nodes;
    bool room = grow(g, &nodes, g->count, &g->capacity, sizeof *g->nodes);
    g->nodes = nodes;
    if (!room)
        return GRAPH_NONE;
    g->nodes[g->count] = *node;
    return g->count++;
}

static graph_node blank(const graph *g, graph_op op)
{
    graph_node n = {.op = (uint8_t)op, .stage = -1, .origin = g->origin};
    memset(n.arg, 0xff, sizeof n.arg); /* GRAPH_NONE */
    return n;
}

/* Derives format and interval and appends. */
static graph_ref add(graph *g, graph_node *node)
{
    if (!alive(g))
        return GRAPH_NONE;
    const char *problem = operands_problem(g, node, g->count);
    if (!problem)
        problem = interval_of(g, node);
    if (problem)
        return fail(g, (graph_op)node->op, problem);
    return push(g, node);
}

static bool format_valid(format f)
{
    return f.width >= 1 && f.width <= (f.is_signed ? 64 : 63) && f.frac >= -FORMAT_FRAC_LIMIT &&
           f.frac <= FORMAT_FRAC_LIMIT;
}

static bool add_port(graph *g, graph_port **ports, uint32_t *count, const char *name, format fmt,
                     graph_ref node)
{
    char *copy = arena_strdup(&g->memory, name);
    graph_port *moved = copy ? realloc(*ports, (*count + (size_t)1) * sizeof **ports) : NULL;
    if (!moved) {
        fail_memory(g);
        return false;
    }
    *ports = moved;
    (*ports)[(*count)++] = (graph_port){copy, node, fmt};
    return true;
}

graph_ref graph_add_input_node(graph *g, uint32_t port)
{
    if (!alive(g))
        return GRAPH_NONE;
    if (g->inputs[port].node != GRAPH_NONE)
        return g->inputs[port].node;
    graph_node node = blank(g, GRAPH_INPUT);
    node.aux = port;
    node.fmt = g->inputs[port].fmt;
    graph_ref ref = add(g, &node);
    if (ref != GRAPH_NONE)
        g->inputs[port].node = ref;
    return ref;
}

uint32_t graph_add_input_port(graph *g, const char *name, format fmt)
{
    if (!alive(g))
        return GRAPH_NONE;
    if (!format_valid(fmt))
        return fail(g, GRAPH_INPUT, "has a format beyond 64 bits");
    if (!add_port(g, &g->inputs, &g->input_count, name, fmt, GRAPH_NONE))
        return GRAPH_NONE;
    return g->input_count - 1;
}

graph_ref graph_add_input(graph *g, const char *name, format fmt)
{
    uint32_t port = graph_add_input_port(g, name, fmt);
    return port == GRAPH_NONE ? GRAPH_NONE : graph_add_input_node(g, port);
}

graph_ref graph_add_const(graph *g, int64_t value, format fmt)
{
    if (!alive(g))
        return GRAPH_NONE;
    if (!format_valid(fmt))
        return fail(g, GRAPH_CONST, "has a format beyond 64 bits");
    graph_node node = blank(g, GRAPH_CONST);
    node.aux = value;
    node.fmt = fmt;
    return add(g, &node);
}

graph_ref graph_add_exact_const(graph *g, int64_t value, int frac)
{
    if (value == 0 && frac > 0)
        frac = 0;
    while (value != 0 && value % 2 == 0 && frac > -FORMAT_FRAC_LIMIT) {
        value /= 2;
        frac--;
    }
    return graph_add_const(g, value, format_for(value, value, frac));
}

graph_ref graph_add(graph *g, graph_op op, graph_ref a, graph_ref b, graph_ref c)
{
    if (!alive(g))
        return GRAPH_NONE;
    bool exact = (op >= GRAPH_ADD && op <= GRAPH_SELECT && op != GRAPH_SHIFT);
    if (!exact)
        return fail(g, op, "is not an exact operation");
    graph_node node = blank(g, op);
    node.arg[0] = a;
    node.arg[1] = b;
    node.arg[2] = c;
    return add(g, &node);
}

graph_ref graph_add_shift(graph *g, graph_ref a, int power)
{
    graph_node node = blank(g, GRAPH_SHIFT);
    node.arg[0] = a;
    node.aux = power;
    return add(g, &node);
}

graph_ref graph_add_concat(graph *g, graph_ref a, graph_ref b, int bits)
{
    graph_node node = blank(g, GRAPH_CONCAT);
    node.arg[0] = a;
    node.arg[1] = b;
    node.aux = bits;
    return add(g, &node);
}

graph_ref graph_add_count(graph *g, const graph_ref word[GRAPH_ARGS], int digit)
{
    graph_node node = blank(g, GRAPH_COUNT);
    memcpy(node.arg, word, sizeof node.arg);
    node.aux = digit;
    return add(g, &node);
}

graph_ref graph_add_cast(graph *g, graph_ref a, format fmt, rounding r, overflow o)
{
    if (!alive(g))
        return GRAPH_NONE;
    if (!format_valid(fmt))
        return fail(g, GRAPH_CAST, "has a format beyond 64 bits");
    graph_node node = blank(g, GRAPH_CAST);
    node.arg[0] = a;
    node.fmt = fmt;
    node.rounding = (uint8_t)r;
    node.overflow = (uint8_t)o;
    return add(g, &node);
}

/* ---- tables */

static bool table_equal(const graph_table *a, const graph_table *b)
{
    return a->index_bits == b->index_bits && format_equal(a->word, b->word) &&
           memcmp(a->words, b->words, sizeof *a->words << a->index_bits) == 0;
}

static bool table_name_taken(const graph *g, const char *name)
{
    for (uint32_t t = 0; t < g->table_count; t++) {
        if (strcmp(g->tables[t].name, name) == 0)
            return true;
    }
    return false;
}

static char *unique_table_name(graph *g, const char *name)
{
    if (!table_name_taken(g, name))
        return arena_strdup(&g->memory, name);
    for (unsigned k = 1;; k++) {
        char *numbered = arena_printf(&g->memory, "%s_%u", name, k);
        if (!numbered || !table_name_taken(g, numbered))
            return numbered;
    }
}

static const char *table_problem(int index_bits, format word, const int64_t *words)
{
    if (index_bits < 1 || index_bits > TABLE_INDEX_LIMIT)
        return "needs 1 to 24 index bits";
    if (!format_valid(word))
        return "has words beyond 64 bits";
    for (size_t i = 0; i < (size_t)1 << index_bits; i++) {
        if (words[i] < format_min(word) || words[i] > format_max(word))
            return "holds a word outside its format";
    }
    return NULL;
}

/* Copies the table; the same one is kept once. */
static uint32_t add_table(graph *g, graph_table t)
{
    for (uint32_t k = 0; k < g->table_count; k++) {
        if (table_equal(&g->tables[k], &t))
            return k;
    }
    void *tables = g->tables;
    bool room = grow(g, &tables, g->table_count, &g->table_capacity, sizeof *g->tables);
    g->tables = tables;
    if (!room)
        return GRAPH_NONE;
    const int64_t *words = t.words;
    t.words = ARENA_ARRAY(&g->memory, int64_t, (size_t)1 << t.index_bits);
    t.name = unique_table_name(g, t.name);
    t.doc = arena_strdup(&g->memory, t.doc ? t.doc : "");
    if (!t.words || !t.name || !t.doc)
        return fail_memory(g);
    memcpy(t.words, words, sizeof *words << t.index_bits);
    g->tables[g->table_count] = t;
    return g->table_count++;
}

uint32_t graph_add_table(graph *g, const char *name, const char *doc, int index_bits, format word,
                         const int64_t *words)
{
    if (!alive(g))
        return GRAPH_NONE;
    const char *problem = table_problem(index_bits, word, words);
    if (problem)
        return fail(g, GRAPH_TABLE, problem);
    graph_table t = {.name = name,
                     .doc = doc,
                     .index_bits = (uint8_t)index_bits,
                     .word = word,
                     .words = (int64_t *)words};
    return graph_table_measure(&t) ? add_table(g, t) : fail_memory(g);
}

graph_ref graph_add_lookup(graph *g, graph_ref a, uint32_t table)
{
    graph_node node = blank(g, GRAPH_TABLE);
    node.arg[0] = a;
    node.aux = table;
    return add(g, &node);
}

/* ---- registers, outputs, narrowing, origin */

graph_ref graph_add_reg(graph *g, graph_ref a)
{
    graph_node node = blank(g, GRAPH_REG);
    node.arg[0] = a;
    if (alive(g) && a < g->count) {
        node.stage = g->nodes[a].stage >= 0 ? g->nodes[a].stage + 1 : -1;
        node.origin = g->nodes[a].origin;
    }
    return add(g, &node);
}

graph_ref graph_add_output(graph *g, const char *name, graph_ref a)
{
    graph_node node = blank(g, GRAPH_OUTPUT);
    node.arg[0] = a;
    node.aux = g->output_count;
    if (alive(g) && a < g->count)
        node.stage = g->nodes[a].stage;
    graph_ref ref = add(g, &node);
    if (ref == GRAPH_NONE ||
        !add_port(g, &g->outputs, &g->output_count, name, g->nodes[ref].fmt, ref))
        return GRAPH_NONE;
    return ref;
}

void graph_narrow(graph *g, graph_ref a, int64_t lo, int64_t hi)
{
    if (!alive(g) || a >= g->count)
        return;
    graph_node *n = &g->nodes[a];
    if (lo < n->lo)
        lo = n->lo;
    if (hi > n->hi)
        hi = n->hi;
    if (lo > hi) {
        fail(g, (graph_op)n->op, "was given an empty range");
        return;
    }
    n->lo = lo;
    n->hi = hi;
    if (n->op >= GRAPH_ADD && n->op <= GRAPH_SELECT && n->op != GRAPH_SHIFT && n->op != GRAPH_LT &&
        n->op != GRAPH_LE && n->op != GRAPH_EQ)
        n->fmt = format_for(lo, hi, n->fmt.frac);
}

void graph_set_origin(graph *g, const char *origin)
{
    if (!origin) {
        g->origin = NULL;
        return;
    }
    if (!g->last_origin || strcmp(g->last_origin, origin) != 0) {
        g->last_origin = arena_strdup(&g->memory, origin);
        if (!g->last_origin)
            fail_memory(g);
    }
    g->origin = g->last_origin;
}

/* ---- copying */

graph *graph_new_from(const graph *from)
{
    graph *g = graph_new();
    if (!g)
        return NULL;
    for (uint32_t p = 0; p < from->input_count; p++)
        graph_add_input_port(g, from->inputs[p].name, from->inputs[p].fmt);
    for (uint32_t t = 0; t < from->table_count && alive(g); t++)
        add_table(g, from->tables[t]);
    return g;
}

/* The number in g of table `t` of `from`; usually the same. */
static uint32_t copy_table(graph *g, const graph *from, int64_t t)
{
    const graph_table *table = &from->tables[t];
    if (t < (int64_t)g->table_count && table_equal(&g->tables[t], table))
        return (uint32_t)t;
    return alive(g) ? add_table(g, *table) : GRAPH_NONE;
}

static graph_ref copy_input(graph *g, const graph *from, int64_t port)
{
    while (g->input_count <= port && alive(g)) {
        const graph_port *p = &from->inputs[g->input_count];
        graph_add_input_port(g, p->name, p->fmt);
    }
    if (!alive(g))
        return GRAPH_NONE;
    return graph_add_input_node(g, (uint32_t)port);
}

/* The bits of the original operand: cast back where the new one has another format. */
static graph_ref same_bits(graph *g, graph_ref a, format wanted)
{
    if (!alive(g) || a >= g->count || format_equal(g->nodes[a].fmt, wanted))
        return a;
    graph_ref cast = graph_add_cast(g, a, wanted, ROUND_TRN, OVERFLOW_WRAP);
    if (cast != GRAPH_NONE)
        g->nodes[cast].stage = g->nodes[a].stage;
    return cast;
}

/* The integer of the original operand: cast where the new one has another binary point, or a sign
 * that the original lacks. */
static graph_ref same_integer(graph *g, graph_ref a, format wanted)
{
    bool same =
        !alive(g) || a >= g->count ||
        (g->nodes[a].fmt.frac == wanted.frac && (wanted.is_signed || !g->nodes[a].fmt.is_signed));
    return same ? a : same_bits(g, a, wanted);
}

static graph_ref copy_node(graph *g, const graph *from, const graph_node *n, const graph_ref *arg)
{
    graph_node node = blank(g, (graph_op)n->op);
    graph_ref made;
    memcpy(node.arg, arg, sizeof node.arg);
    switch ((graph_op)n->op) {
    case GRAPH_INPUT:
        return copy_input(g, from, n->aux);
    case GRAPH_CONST:
        return graph_add_const(g, n->aux, n->fmt);
    case GRAPH_TABLE:
        node.aux = copy_table(g, from, n->aux);
        node.arg[0] = same_bits(g, arg[0], from->nodes[n->arg[0]].fmt);
        break;
    case GRAPH_COUNT:
        node.aux = n->aux;
        for (int k = 0; k < GRAPH_ARGS; k++)
            node.arg[k] = same_bits(g, arg[k], from->nodes[n->arg[k]].fmt);
        break;
    case GRAPH_SELECT:
        node.arg[0] = same_bits(g, arg[0], from->nodes[n->arg[0]].fmt);
        break;
    case GRAPH_OUTPUT:
        return graph_add_output(g, from->outputs[n->aux].name, same_bits(g, arg[0], n->fmt));
    case GRAPH_REG:
        return graph_add_reg(g, arg[0]);
    case GRAPH_NOT:
    case GRAPH_CONCAT:
        node.aux = n->aux;
        for (int k = 0; k < graph_arity((graph_op)n->op); k++)
            node.arg[k] = same_integer(g, arg[k], from->nodes[n->arg[k]].fmt);
        break;
    default:
        node.aux = n->aux;
        node.fmt = n->fmt;
        node.rounding = n->rounding;
        node.overflow = n->overflow;
    }
    made = add(g, &node);
    /* A range that was narrowed by proof holds for the copy, too. */
    if (made != GRAPH_NONE && g->nodes[made].fmt.frac == n->fmt.frac &&
        (g->nodes[made].lo < n->lo || g->nodes[made].hi > n->hi))
        graph_narrow(g, made, n->lo, n->hi);
    return made;
}

graph_ref graph_copy_node(graph *g, const graph *from, graph_ref ref, const graph_ref *map)
{
    if (!alive(g))
        return GRAPH_NONE;
    const graph_node *n = &from->nodes[ref];
    graph_ref arg[GRAPH_ARGS];
    memset(arg, 0xff, sizeof arg); /* GRAPH_NONE */
    for (int k = 0; k < graph_arity((graph_op)n->op); k++)
        arg[k] = map[n->arg[k]];
    graph_set_origin(g, n->origin);
    graph_ref made = copy_node(g, from, n, arg);
    if (made != GRAPH_NONE)
        g->nodes[made].stage = n->stage;
    graph_set_origin(g, NULL);
    return made;
}

symlut_status graph_duplicate(graph **out, const graph *from, symlut_error *err)
{
    graph *g = graph_new_from(from);
    graph_ref *map = malloc((from->count + (size_t)1) * sizeof *map);
    for (graph_ref k = 0; g && map && k < from->count; k++)
        map[k] = graph_copy_node(g, from, k, map);
    free(map);
    if (!g || !map || g->failed.status != SYMLUT_OK) {
        symlut_status status = g && map ? g->failed.status : error_memory(err);
        if (g && map && err)
            *err = g->failed;
        graph_free(g);
        return status;
    }
    g->latency = from->latency;
    *out = g;
    return SYMLUT_OK;
}
