/* Sums of many terms as compressor trees: words are counted six at a time, bit by bit, before the
 * rest is added.
 *
 * requires: a checked graph; sums and products in their last form (sums, shift_add, multiplier)
 * keeps:    ports, values of outputs
 * breaks:   stages (run before schedule); the additions it replaced lose their users (dce)
 *
 * The number of ones among the bits of six words in a column has three digits, each one LUT of six
 * inputs: three words take the place of six, one LUT deep, for as many LUTs as the additions that
 * they save but without those additions' carries out. A tree is the additions between values that
 * others use too; of all numbers of counters the one of fewest LUTs is taken, by the device's
 * model, if it is no slower than the additions, or faster for no more LUTs.
 *
 * A count reads a signed word 2^(bits - 1) too high, and a subtracted one as its complement, one
 * too low. What that takes in all is a constant; it stands in the last count's seventh word, where
 * it costs nothing, but for its sign: a bit above that count's highest digit. */
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "graph/datapath.h"
#include "opt/linear.h"
#include "opt/opt.h"

enum {
    COUNTED = 6,     /* words */
    MOST_TRIES = 12, /* numbers of counters */
    MOST_BITS = 56   /* of a tree, from its lowest place to its highest */
};

/* ± 2^power times a value of the old graph. */
typedef struct term {
    graph_ref leaf;
    int power;
    bool minus;
} term;

/* ± a value of the new graph. */
typedef struct word {
    graph_ref ref;
    bool minus;
    double ready;
    int place; /* of its lowest bit */
} word;

typedef struct compress {
    rewrite rw;
    linear l;
    const opt_options *options;
    bool *inside;  /* [from->count] within a tree */
    bool *is_root; /* [from->count] of one with enough terms */
    double *ready; /* [ready_room] ns, of the new graph's first ready_count nodes */
    size_t ready_count, ready_room;
    term *terms, *open; /* [from->count + 1] of the tree at hand; those still to be looked into */
    size_t term_count, varying; /* of them no constants */
    word *words;                /* [from->count + 1] */
    size_t word_count;
    double lut;       /* of the tree as it is */
    int place;        /* its lowest */
    int64_t constant; /* yet to be added, in units of 2^place */
    int64_t sign;     /* yet to be subtracted, a power of two in the same units; 0: none */
    bool failed;
} compress;

/* ---------------------------------------------------------------- trees */

static int place_of(const graph *g, graph_ref k)
{
    return -g->nodes[k].fmt.frac;
}

/* A cast that wraps a sum: its value is known by the sum modulo a power of two, so that casts
 * below it that keep as much have no effect. */
static bool wraps(const compress *c, graph_ref k)
{
    const graph_node *n = &c->l.g->nodes[k], *a;
    if (n->op != GRAPH_CAST || n->overflow != OVERFLOW_WRAP || c->l.is_linear[k])
        return false;
    a = &c->l.g->nodes[n->arg[0]];
    return a->fmt.frac <= n->fmt.frac &&
           (cast_overflows(a->lo, a->fmt.frac, n->fmt, ROUND_TRN, OVERFLOW_WRAP) ||
            cast_overflows(a->hi, a->fmt.frac, n->fmt, ROUND_TRN, OVERFLOW_WRAP));
}

static bool is_sum(const compress *c, graph_ref k)
{
    uint8_t op = c->l.g->nodes[k].op;
    return c->l.is_linear[k] && (op == GRAPH_ADD || op == GRAPH_SUB || op == GRAPH_NEG);
}

static bool is_inside(const compress *c, graph_ref root, graph_ref k)
{
    uint8_t op = c->l.g->nodes[k].op;
    if (c->l.uses[k] != 1 || !c->l.is_linear[k])
        return false;
    return is_sum(c, k) || op == GRAPH_SHIFT || (op == GRAPH_CAST && wraps(c, root));
}

/* Opens node t.leaf: its operands in its place. */
static size_t open_node(compress *c, size_t count, term t)
{
    const graph_node *n = &c->l.g->nodes[t.leaf];
    c->lut += cost_node(c->l.g, t.leaf, c->options->device, c->options->dsp).lut;
    for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
        bool turned = n->op == GRAPH_NEG || (n->op == GRAPH_SUB && j == 1);
        c->open[count++] = (term){.leaf = n->arg[j],
                                  .power = t.power + (n->op == GRAPH_SHIFT ? (int)n->aux : 0),
                                  .minus = t.minus != turned};
    }
    return count;
}

/* The terms of the tree at root, and its cost. */
static void collect(compress *c, graph_ref root)
{
    size_t count = open_node(c, 0, (term){.leaf = root});
    c->lut = cost_node(c->l.g, root, c->options->device, c->options->dsp).lut;
    c->term_count = c->varying = 0;
    while (count) {
        term t = c->open[--count];
        if (is_inside(c, root, t.leaf)) {
            c->inside[t.leaf] = true;
            count = open_node(c, count, t);
        } else {
            c->terms[c->term_count++] = t;
            c->varying += c->l.g->nodes[t.leaf].lo < c->l.g->nodes[t.leaf].hi;
        }
    }
}

/* Its places, from the lowest to above the highest, leave room in 64 bits. */
static bool fits(compress *c)
{
    int top = INT_MIN, bits = 0;
    c->place = INT_MAX;
    for (size_t k = 0; k < c->term_count; k++) {
        const term *t = &c->terms[k];
        int place = t->power + place_of(c->l.g, t->leaf);
        c->place = place < c->place ? place : c->place;
        place += c->l.g->nodes[t->leaf].fmt.width;
        top = place > top ? place : top;
    }
    while ((size_t)1 << bits < c->term_count)
        bits++;
    return top - c->place + bits <= MOST_BITS;
}

static bool find_roots(compress *c)
{
    bool any = false;
    for (graph_ref k = c->l.g->count; k-- > 0;) {
        if (c->inside[k] || (!is_sum(c, k) && !wraps(c, k)))
            continue;
        collect(c, k);
        c->is_root[k] = c->varying >= COUNTED && fits(c);
        any = any || c->is_root[k];
    }
    return any;
}

/* ---------------------------------------------------------------- words */

/* ns at which node k of the new graph is ready, from the inputs. */
static double ready_at(compress *c, graph_ref k)
{
    const graph *g = c->rw.to;
    if (g->count > c->ready_room) {
        size_t room = 2 * (size_t)g->count;
        double *grown = realloc(c->ready, room * sizeof *grown);
        c->failed = c->failed || !grown;
        if (!grown)
            return 0;
        c->ready = grown;
        c->ready_room = room;
    }
    for (; k != GRAPH_NONE && c->ready_count <= k; c->ready_count++) {
        const graph_node *n = &g->nodes[c->ready_count];
        double start = 0;
        for (int j = 0; j < graph_arity((graph_op)n->op); j++)
            start = fmax(start, c->ready[n->arg[j]]);
        start += cost_node(g, (graph_ref)c->ready_count, c->options->device, c->options->dsp).ns;
        c->ready[c->ready_count] = start;
    }
    return k == GRAPH_NONE ? 0 : c->ready[k];
}

static void push(compress *c, graph_ref ref, bool minus)
{
    if (ref == GRAPH_NONE)
        return;
    c->words[c->word_count++] = (word){
        .ref = ref, .minus = minus, .ready = ready_at(c, ref), .place = place_of(c->rw.to, ref)};
}

/* What comes first, from the lowest place up. */
static int compare_words(const void *a, const void *b)
{
    const word *x = a, *y = b;
    if (fabs(x->ready - y->ready) > 1e-9)
        return x->ready < y->ready ? -1 : 1;
    if (x->place != y->place)
        return x->place < y->place ? -1 : 1;
    return x->ref < y->ref ? -1 : x->ref > y->ref;
}

static void take(compress *c, size_t count)
{
    c->word_count -= count;
    memmove(c->words, c->words + count, c->word_count * sizeof *c->words);
}

/* The tree's terms as words; those that are constants as one number. */
static void begin_words(compress *c)
{
    graph *g = c->rw.to;
    c->word_count = 0;
    c->constant = c->sign = 0;
    for (size_t k = 0; k < c->term_count; k++) {
        const term *t = &c->terms[k];
        graph_ref leaf = c->rw.map[t->leaf];
        const graph_node *n = &c->l.g->nodes[t->leaf];
        if (n->lo == n->hi) {
            int64_t value = n->lo * ((int64_t)1 << (t->power - n->fmt.frac - c->place));
            c->constant += t->minus ? -value : value;
        } else {
            push(c, t->power ? graph_add_shift(g, leaf, t->power) : leaf, t->minus);
        }
    }
}

/* ---------------------------------------------------------------- counters and additions */

/* 2^place in units of the tree's. */
static int64_t unit_of(const compress *c, int place)
{
    return (int64_t)1 << (place - c->place);
}

/* The word as a count takes it; what it then reads wrongly goes into the constant. */
static graph_ref counted(compress *c, word w)
{
    graph *g = c->rw.to;
    graph_ref ref = w.ref;
    if (w.minus) {
        ref = graph_add(g, GRAPH_NOT, ref, GRAPH_NONE, GRAPH_NONE);
        c->constant += unit_of(c, w.place);
    }
    if (ref != GRAPH_NONE && g->nodes[ref].fmt.is_signed)
        c->constant -= unit_of(c, w.place + g->nodes[ref].fmt.width - 1);
    return ref;
}

static int top_of(const graph *g, const graph_ref *in, int count)
{
    int top = INT_MIN;
    for (int k = 0; k < count; k++) {
        format f = g->nodes[in[k]].fmt;
        top = f.width - f.frac > top ? f.width - f.frac : top;
    }
    return top;
}

/* 2 to the number of bits that a root which wraps keeps, in units of the tree's; others: 0. */
static int64_t modulus(const compress *c, graph_ref root)
{
    format f = c->l.g->nodes[root].fmt;
    int bits = f.width - f.frac - c->place;
    return wraps(c, root) && bits >= 0 && bits < 62 ? (int64_t)1 << bits : 0;
}

/* The bits of a value below the root's top, where it wraps. */
static graph_ref wrapped(compress *c, graph_ref root, graph_ref a)
{
    if (a == GRAPH_NONE || !wraps(c, root))
        return a;
    format f = c->rw.to->nodes[a].fmt, whole = c->l.g->nodes[root].fmt;
    int width = whole.width - whole.frac + f.frac;
    if (f.width <= width || width < 1)
        return a;
    f.width = (uint8_t)width;
    return graph_add_cast(c->rw.to, a, f, ROUND_TRN, OVERFLOW_WRAP);
}

/* The last count's seventh word: the constant; where it is negative, 2^n more, which is to be
 * subtracted from a word without bits up there. */
static graph_ref seventh_word(compress *c, graph_ref root, const graph_ref *in)
{
    graph *g = c->rw.to;
    if (modulus(c, root)) {
        c->constant &= modulus(c, root) - 1;
    } else if (c->constant < 0) {
        c->sign = unit_of(c, top_of(g, in, COUNTED) + COUNT_DIGITS - 1);
        while (c->sign < -c->constant)
            c->sign *= 2;
        c->constant += c->sign;
    }
    int64_t value = c->constant;
    c->constant = 0;
    return value ? graph_add_exact_const(g, value, -c->place) : GRAPH_NONE;
}

/* Three words for the first six. */
static void count_words(compress *c, graph_ref root, bool last)
{
    graph *g = c->rw.to;
    graph_ref in[GRAPH_ARGS], digit[COUNT_DIGITS];
    for (int k = 0; k < COUNTED; k++) {
        in[k] = counted(c, c->words[k]);
        if (in[k] == GRAPH_NONE)
            return;
    }
    format zero = {.is_signed = false, .width = 1, .frac = g->nodes[in[0]].fmt.frac};
    in[COUNTED] = last ? seventh_word(c, root, in) : GRAPH_NONE;
    if (in[COUNTED] == GRAPH_NONE)
        in[COUNTED] = graph_add_const(g, 0, zero);
    for (int k = 0; k < COUNT_DIGITS; k++)
        digit[k] = graph_add_count(g, in, k);
    take(c, COUNTED);
    for (int k = 0; k < COUNT_DIGITS; k++) {
        if (digit[k] != GRAPH_NONE && g->nodes[digit[k]].lo < g->nodes[digit[k]].hi)
            push(c, wrapped(c, root, digit[k]), false);
    }
}

static graph_ref less_sign(compress *c, graph_ref a)
{
    graph *g = c->rw.to;
    graph_ref minus = graph_add_exact_const(g, -c->sign, -c->place);
    c->sign = 0;
    return graph_add(g, GRAPH_ADD, a, minus, GRAPH_NONE);
}

/* Wires, in a word that lies below it. */
static void place_sign(compress *c)
{
    for (int k = 0; k < 2 && c->sign; k++) {
        word *w = &c->words[k];
        if (!w->minus && !c->rw.to->nodes[w->ref].fmt.is_signed &&
            unit_of(c, top_of(c->rw.to, &w->ref, 1)) <= c->sign)
            w->ref = less_sign(c, w->ref);
    }
}

/* One word for the first two. */
static void add_words(compress *c, graph_ref root)
{
    graph *g = c->rw.to;
    if (c->word_count == 2)
        place_sign(c);
    word a = c->words[0], b = c->words[1];
    graph_ref sum;
    if (a.minus == b.minus)
        sum = graph_add(g, GRAPH_ADD, a.ref, b.ref, GRAPH_NONE);
    else
        sum = graph_add(g, GRAPH_SUB, a.minus ? b.ref : a.ref, a.minus ? a.ref : b.ref, GRAPH_NONE);
    take(c, 2);
    push(c, c->word_count ? wrapped(c, root, sum) : sum, a.minus && b.minus);
}

/* The tree with so many counters. */
static graph_ref build(compress *c, graph_ref root, size_t counters)
{
    graph *g = c->rw.to;
    const graph_node *n = &c->l.g->nodes[root];
    begin_words(c);
    for (size_t k = 0; k < counters && c->word_count >= COUNTED; k++) {
        qsort(c->words, c->word_count, sizeof *c->words, compare_words);
        count_words(c, root, k + 1 == counters || c->word_count < 2 * COUNTED - 3);
    }
    if (c->constant) /* the words became so few that the last count was none */
        push(c, graph_add_exact_const(g, c->constant, -c->place), false);
    while (c->word_count > 1 && g->failed.status == SYMLUT_OK) {
        qsort(c->words, c->word_count, sizeof *c->words, compare_words);
        add_words(c, root);
    }
    graph_ref sum = c->word_count ? c->words[0].ref : GRAPH_NONE;
    if (c->word_count && c->words[0].minus)
        sum = graph_add(g, GRAPH_NEG, sum, GRAPH_NONE, GRAPH_NONE);
    if (sum != GRAPH_NONE && c->sign)
        sum = less_sign(c, sum);
    if (sum != GRAPH_NONE && wraps(c, root))
        sum = graph_add_cast(g, sum, n->fmt, ROUND_TRN, OVERFLOW_WRAP);
    return sum;
}

/* ---------------------------------------------------------------- pass */

/* LUTs of the new graph's nodes from `before` on. */
static double lut_since(const compress *c, graph_ref before)
{
    double lut = 0;
    for (graph_ref k = before; k < c->rw.to->count; k++)
        lut += cost_node(c->rw.to, k, c->options->device, c->options->dsp).lut;
    return lut;
}

/* The tree at root in the form that costs least; what is not chosen loses its users. */
static void choose(compress *c, graph_ref root)
{
    graph_ref best = c->rw.map[root];
    collect(c, root);
    fits(c);
    double old_ns = ready_at(c, best), best_lut = c->lut, best_ns = old_ns;
    size_t most = (c->varying - COUNT_DIGITS) / (COUNTED - COUNT_DIGITS);
    size_t step = (most + MOST_TRIES - 1) / MOST_TRIES;
    for (size_t counters = most; counters > 0; counters -= counters < step ? counters : step) {
        graph_ref before = c->rw.to->count;
        c->rw.map[root] = build(c, root, counters);
        if (c->failed || c->rw.to->failed.status != SYMLUT_OK)
            return;
        rewrite_settle(&c->rw, root, before);
        double lut = lut_since(c, before), ns = ready_at(c, c->rw.map[root]);
        if (ns <= old_ns + 1e-9 && (lut < best_lut || (lut == best_lut && ns < best_ns - 1e-9))) {
            best = c->rw.map[root];
            best_lut = lut;
            best_ns = ns;
        }
    }
    c->rw.map[root] = best;
}

static void rebuild(compress *c)
{
    const graph *g = c->l.g;
    for (graph_ref k = 0; k < g->count && c->rw.to->failed.status == SYMLUT_OK; k++) {
        graph_ref before = c->rw.to->count;
        c->rw.map[k] = rewrite_copy(&c->rw, k);
        rewrite_settle(&c->rw, k, before);
        if (!c->is_root[k])
            continue;
        graph_set_origin(c->rw.to, g->nodes[k].origin);
        choose(c, k);
        graph_set_origin(c->rw.to, NULL);
    }
    if (c->failed)
        error_memory(&c->rw.to->failed);
}

/* Takes what was made in the place of *g where the whole takes fewer LUTs, or as many: the trees
 * are weighed one by one, without regard to which of their bits are read. */
static symlut_status take_cheaper(graph **g, graph *made, const opt_options *o, symlut_error *err)
{
    estimate before, after;
    symlut_status status = cost_estimate(&before, *g, o->device, o->dsp, 0, err);
    if (status == SYMLUT_OK)
        status = cost_estimate(&after, made, o->device, o->dsp, 0, err);
    bool pays = status == SYMLUT_OK && after.lut <= before.lut;
    graph_free(pays ? *g : made);
    *g = pays ? made : *g;
    return status;
}

symlut_status opt_compress(graph **g, const opt_options *options, symlut_error *err)
{
    size_t count = (*g)->count + (size_t)2;
    symlut_status status = SYMLUT_OK;
    compress c = {.options = options};
    linear_begin(&c.l, *g);
    c.inside = calloc(count, sizeof *c.inside);
    c.is_root = calloc(count, sizeof *c.is_root);
    c.terms = malloc(count * sizeof *c.terms);
    c.open = malloc(count * sizeof *c.open);
    c.words = malloc(count * sizeof *c.words);
    if (c.l.failed || !c.inside || !c.is_root || !c.terms || !c.open || !c.words) {
        status = error_memory(err);
    } else if (find_roots(&c)) {
        graph *made = NULL;
        if (rewrite_begin(&c.rw, *g))
            rebuild(&c);
        status = rewrite_end(&c.rw, &made, err);
        if (status == SYMLUT_OK)
            status = take_cheaper(g, made, options, err);
    }
    linear_free(&c.l);
    free(c.inside);
    free(c.is_root);
    free(c.ready);
    free(c.terms);
    free(c.open);
    free(c.words);
    return status;
}
