#include "lower/approximate.h"

#include "lower/enclosure.h"
#include "lower/multipartite.h"
#include "lower/polynomial.h"
#include "lower/slices.h"

#include "cost/cost.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* How half of the arguments gives the other half. The index is one of two's complement; its top bit
 * chooses. */
typedef enum fold {
    FOLD_NONE,
    FOLD_EVEN, /* f(~k) = f(k) */
    FOLD_ODD,  /* f(~k) = ~f(k) */
    FOLD_COUNT
} fold;

struct approximation {
    format in, out;
    int64_t origin; /* index = ((x - origin) >> drop) mod 2^index_bits */
    int drop, index_bits;
    fold fold;
    multipartite *table; /* NULL: `pieces` */
    polynomial *pieces;
    int64_t least, most; /* results that occur */
    double lut, table_bits;
    size_t nan_count;
    int64_t nan_first;
};

/* ---------------------------------------------------------------- the function's values */

/* What the result may be for each argument. */
typedef struct samples {
    size_t count;
    int64_t lo;
    double *value; /* in the result's last place */
    int64_t *least, *most;
} samples;

static void samples_free(samples *s)
{
    free(s->value);
    free(s->least);
    free(s->most);
}

/* Bounds on f at argument x. */
static void bound(enclosure *e, const approximation_problem *p, int64_t x, double *low,
                  double *high, bool *is_nan)
{
    if (p->low) {
        *low = p->low[x - p->lo];
        *high = p->high[x - p->lo];
        return;
    }
    mpfr_set_si_2exp(enclosure_argument(e), (long)x, -p->in.frac, MPFR_RNDN);
    *is_nan = !enclosure_bounds(e, p->out, low, high);
}

static symlut_status take_samples(samples *s, approximation *a, const approximation_problem *p,
                                  symlut_error *err)
{
    s->lo = p->lo;
    s->count = (size_t)(p->hi - p->lo) + 1;
    s->value = calloc(s->count, sizeof *s->value);
    s->least = calloc(s->count, sizeof *s->least);
    s->most = calloc(s->count, sizeof *s->most);
    enclosure *e = enclosure_new(p->f);
    if (!s->value || !s->least || !s->most || !e) {
        enclosure_free(e);
        return error_memory(err);
    }
    int64_t bottom = format_min(p->out), top = format_max(p->out);
    for (size_t i = 0; i < s->count; i++) {
        double low, high;
        bool is_nan = false;
        bound(e, p, p->lo + (int64_t)i, &low, &high, &is_nan);
        s->value[i] = low + (high - low) / 2;
        int64_t least = (int64_t)floor(high - p->tolerance) + 1;
        int64_t most = (int64_t)ceil(low + p->tolerance) - 1;
        if (p->tolerance <= 0.5)
            least = most = enclosure_nearest(e, p->out, &is_nan);
        s->least[i] = least < bottom ? bottom : least;
        s->most[i] = most > top ? top : most;
        if (is_nan && a->nan_count++ == 0)
            a->nan_first = p->lo + (int64_t)i;
    }
    enclosure_free(e);
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- from arguments to an index */

/* Which arguments share an index, and what they allow together. */
typedef struct cells {
    int64_t origin;
    int drop, index_bits;
    size_t seam; /* index at which the arguments end and begin; 0: none */
    double *value;
    int64_t *least, *most;
} cells;

static void cells_free(cells *c)
{
    free(c->value);
    free(c->least);
    free(c->most);
}

static int bits_for(uint64_t count)
{
    int bits = 1;
    while ((uint64_t)1 << bits < count)
        bits++;
    return bits;
}

static size_t index_of(int64_t origin, int drop, int bits, int64_t x)
{
    uint64_t distance = (uint64_t)x - (uint64_t)origin;
    return (size_t)((int64_t)distance >> drop) & (((size_t)1 << bits) - 1);
}

/* False where the arguments of some index have no result in common (*fits), or memory ends. */
static bool gather(cells *c, const samples *s, bool *fits)
{
    size_t count = (size_t)1 << c->index_bits;
    c->value = calloc(count, sizeof *c->value);
    c->least = calloc(count, sizeof *c->least);
    c->most = calloc(count, sizeof *c->most);
    if (!c->value || !c->least || !c->most)
        return false;
    for (size_t k = 0; k < count; k++) {
        c->value[k] = NAN;
        c->least[k] = INT64_MIN / 8;
        c->most[k] = INT64_MAX / 8;
    }
    *fits = true;
    double first = 0, last = 0;
    for (size_t i = 0; i < s->count; i++) {
        size_t k = index_of(c->origin, c->drop, c->index_bits, s->lo + (int64_t)i);
        bool fresh = isnan(c->value[k]);
        first = fresh ? s->value[i] : fmin(first, s->value[i]);
        last = fresh ? s->value[i] : fmax(last, s->value[i]);
        c->value[k] = first + (last - first) / 2;
        c->least[k] = s->least[i] > c->least[k] ? s->least[i] : c->least[k];
        c->most[k] = s->most[i] < c->most[k] ? s->most[i] : c->most[k];
        *fits = *fits && c->least[k] <= c->most[k];
    }
    size_t start = index_of(c->origin, c->drop, c->index_bits, s->lo);
    c->seam = start;
    return true;
}

/* Joins the upper half (negative indices) to the lower by the fold. *fits as above; c then has one
 * bit less. */
static void fold_cells(cells *c, fold how, bool *fits)
{
    size_t half = (size_t)1 << (c->index_bits - 1), mask = 2 * half - 1;
    *fits = true;
    for (size_t k = 0; k < half && *fits; k++) {
        size_t other = ~k & mask;
        if (isnan(c->value[other]))
            continue;
        bool odd = how == FOLD_ODD;
        double value = odd ? -1 - c->value[other] : c->value[other];
        int64_t least = odd ? ~c->most[other] : c->least[other];
        int64_t most = odd ? ~c->least[other] : c->most[other];
        c->value[k] = isnan(c->value[k]) ? value : (c->value[k] + value) / 2;
        c->least[k] = least > c->least[k] ? least : c->least[k];
        c->most[k] = most < c->most[k] ? most : c->most[k];
        *fits = c->least[k] <= c->most[k];
    }
    c->index_bits--;
    c->seam = 0;
}

/* ---------------------------------------------------------------- the search */

typedef struct chooser {
    const approximation_problem *p;
    const samples *s;
    arena *memory;
    approximation *best;
    double price; /* of the best */
    bool any;
    symlut_error *err;
} chooser;

/* LUTs of the form's nodes. */
static symlut_status measure(approximation *a, const samples *s, symlut_error *err)
{
    static const device any = {.max_mhz = 1};
    int64_t last = s->lo + (int64_t)s->count - 1;
    graph *g = graph_new();
    if (!g)
        return error_memory(err);
    for (size_t i = 0; i < s->count; i++) {
        int64_t y = approximation_eval(a, s->lo + (int64_t)i);
        a->least = i == 0 || y < a->least ? y : a->least;
        a->most = i == 0 || y > a->most ? y : a->most;
    }
    graph_ref x = graph_add_input(g, "x", format_for(s->lo, last, a->in.frac));
    graph_narrow(g, x, s->lo, last);
    graph_add_output(g, "y", approximation_build(g, x, a, "f", ""));
    symlut_status status = g->failed.status;
    estimate e = {0};
    if (status == SYMLUT_OK)
        status = cost_estimate(&e, g, &any, DSP_NONE, 0, err);
    else if (err)
        *err = g->failed;
    a->lut = e.lut;
    graph_free(g);
    return status;
}

/* A product takes about twice the time of tables and their sum: LUTs count for so much more. */
static const double slower = 1.1;

/* Keeps the form where it is cheaper than the best. */
static symlut_status offer(chooser *ch, const cells *c, fold how, multipartite *table,
                           polynomial *pieces)
{
    approximation b = *ch->best;
    b.origin = c->origin;
    b.drop = c->drop;
    b.index_bits = c->index_bits + (how != FOLD_NONE);
    b.fold = how;
    b.table = table;
    b.pieces = pieces;
    b.table_bits = table ? table->table_bits : pieces->table_bits;
    symlut_status status = measure(&b, ch->s, ch->err);
    double price = b.lut * (pieces ? slower : 1);
    if (status != SYMLUT_OK || (ch->any && price >= ch->price))
        return status;
    ch->price = price;
    *ch->best = b;
    ch->any = true;
    return SYMLUT_OK;
}

/* Estimates before the words exist are upper ones: pieces worth looking at. */
static const double worth_a_look = 1.25;

/* The forms over cells c. */
static symlut_status try_forms(chooser *ch, const cells *c, fold how)
{
    bounded_function problem = {.index_bits = c->index_bits,
                                .seam = c->seam,
                                .values = c->value,
                                .least = c->least,
                                .most = c->most};
    multipartite *plain = ARENA_NEW(ch->memory, multipartite);
    multipartite *table = ARENA_NEW(ch->memory, multipartite);
    polynomial *pieces = ARENA_NEW(ch->memory, polynomial);
    if (ch->memory->failed)
        return error_memory(ch->err);
    symlut_status status = multipartite_plain(plain, ch->memory, &problem, ch->err);
    if (status == SYMLUT_OK)
        status = offer(ch, c, how, plain, NULL);
    if (status == SYMLUT_OK && ch->p->forms & APPROXIMATE_MULTIPARTITE) {
        status = multipartite_search(table, ch->memory, &problem, ch->err);
        if (status == SYMLUT_OK)
            status = offer(ch, c, how, table, NULL);
    }
    if (status == SYMLUT_OK && ch->p->forms & APPROXIMATE_POLYNOMIAL) {
        bool found = false;
        status = polynomial_search(pieces, &found, ch->memory, &problem,
                                   ch->best->lut * worth_a_look, ch->err);
        if (found && status == SYMLUT_OK)
            status = offer(ch, c, how, NULL, pieces);
    }
    return status;
}

/* All forms of one origin and drop. *fits: the drop is possible. */
static symlut_status try_cells(chooser *ch, int64_t origin, int drop, int bits, bool *fits)
{
    cells c = {.origin = origin, .drop = drop, .index_bits = bits};
    symlut_status status = SYMLUT_OK;
    if (!gather(&c, ch->s, fits))
        status = error_memory(ch->err);
    if (status == SYMLUT_OK && *fits)
        status = try_forms(ch, &c, FOLD_NONE);
    bool symmetric = c.seam == (size_t)1 << (bits - 1) || ch->p->lo < 0;
    for (int how = FOLD_EVEN; how < FOLD_COUNT && status == SYMLUT_OK && *fits && symmetric;
         how++) {
        if (!(ch->p->forms & APPROXIMATE_FOLDED) || bits < 2 || origin != 0)
            break;
        cells folded = {.origin = origin, .drop = drop, .index_bits = bits};
        bool joins = false;
        if (!gather(&folded, ch->s, &joins))
            status = error_memory(ch->err);
        if (status == SYMLUT_OK)
            fold_cells(&folded, (fold)how, &joins);
        if (status == SYMLUT_OK && joins)
            status = try_forms(ch, &folded, (fold)how);
        cells_free(&folded);
    }
    cells_free(&c);
    return status;
}

/* floor of x to a multiple of 2^low */
static int64_t floor_to(int64_t x, int low)
{
    return (x >> low) * ((int64_t)1 << low);
}

/* The origin that brings the arguments to the start of the index with the fewest bits to subtract:
 * the multiple of the largest power of two from which they all have an index. */
static int64_t aligned_origin(const samples *s, int drop, int bits)
{
    int64_t last = s->lo + (int64_t)s->count - 1, origin = floor_to(s->lo, drop);
    for (int low = drop; low < drop + bits; low++) {
        int64_t aligned = floor_to(s->lo, low);
        if ((last - aligned) >> (drop + bits))
            break;
        origin = aligned;
    }
    return origin;
}

static symlut_status try_drop(chooser *ch, int drop, bool *fits)
{
    const samples *s = ch->s;
    int64_t last = s->lo + (int64_t)s->count - 1;
    int bits = bits_for((uint64_t)((last >> drop) - (s->lo >> drop)) + 1);
    symlut_status status = try_cells(ch, 0, drop, bits, fits);
    bool centred = s->lo < 0 && last >= 0;
    if (status == SYMLUT_OK && *fits && centred) {
        /* one bit more may bring zero to the middle */
        int64_t reach = (last >> drop) > ~(s->lo >> drop) ? last >> drop : ~(s->lo >> drop);
        int wide = bits_for((uint64_t)reach + 1) + 1;
        if (wide > bits && wide <= APPROXIMATE_MAX_INDEX)
            status = try_cells(ch, 0, drop, wide, fits);
    }
    int64_t origin = aligned_origin(s, drop, bits);
    size_t seam = index_of(0, drop, bits, s->lo);
    bool natural = seam == 0 || seam == (size_t)1 << (bits - 1);
    if (status == SYMLUT_OK && *fits && !natural && ch->p->forms & APPROXIMATE_MULTIPARTITE)
        status = try_cells(ch, origin, drop, bits, fits);
    return status;
}

static symlut_status choose(chooser *ch)
{
    int most = 0;
    while ((ch->s->count - 1) >> (most + 1))
        most++;
    int tried = 0;
    symlut_status status = SYMLUT_OK;
    for (int drop = most; drop >= 0 && tried < 3 && status == SYMLUT_OK; drop--) {
        bool fits = false;
        status = try_drop(ch, drop, &fits);
        tried += fits;
    }
    return status;
}

symlut_status approximation_make(approximation **out, arena *memory,
                                 const approximation_problem *problem, symlut_error *err)
{
    *out = NULL;
    approximation_problem p = *problem;
    p.forms = p.forms ? p.forms : APPROXIMATE_ALL;
    if (p.lo > p.hi || (uint64_t)p.hi - (uint64_t)p.lo >= (uint64_t)1 << APPROXIMATE_MAX_INDEX)
        return error_set(
            err, SYMLUT_BAD_INPUT,
            "a function of %.0f arguments: expected 1 to %d of them; give its argument "
            "fewer fraction bits",
            (double)p.hi - (double)p.lo + 1, 1 << APPROXIMATE_MAX_INDEX);
    approximation *a = ARENA_NEW(memory, approximation);
    if (!a)
        return error_memory(err);
    a->in = p.in;
    a->out = p.out;
    samples s = {0};
    symlut_status status = take_samples(&s, a, &p, err);
    chooser ch = {.p = &p, .s = &s, .memory = memory, .best = a, .err = err};
    if (status == SYMLUT_OK)
        status = choose(&ch);
    for (size_t i = 0; status == SYMLUT_OK && i < s.count; i++) {
        int64_t y = approximation_eval(a, p.lo + (int64_t)i);
        if (y < s.least[i] || y > s.most[i])
            status =
                error_set(err, SYMLUT_BAD_INPUT, "a table misses its bound at argument %zu", i);
    }
    samples_free(&s);
    if (status == SYMLUT_OK)
        *out = a;
    return status;
}

double approximation_lut(const approximation *a)
{
    return a->lut;
}

double approximation_table_bits(const approximation *a)
{
    return a->table_bits;
}

size_t approximation_nan_count(const approximation *a, int64_t *first)
{
    *first = a->nan_first;
    return a->nan_count;
}

const char *approximation_form(const approximation *a)
{
    static const char *const names[FOLD_COUNT][4] = {
        {"plain", "multipartite", "polynomial of degree 1", "polynomial of degree 2"},
        {"even, plain", "even, multipartite", "even, polynomial of degree 1",
         "even, polynomial of degree 2"},
        {"odd, plain", "odd, multipartite", "odd, polynomial of degree 1",
         "odd, polynomial of degree 2"},
    };
    if (a->pieces)
        return names[a->fold][1 + a->pieces->degree];
    return names[a->fold][a->table->part_count > 0 || a->table->corner_bits > 0];
}

int64_t approximation_eval(const approximation *a, int64_t x)
{
    size_t k = index_of(a->origin, a->drop, a->index_bits, x);
    size_t half = (size_t)1 << (a->index_bits - 1);
    bool mirrored = a->fold != FOLD_NONE && k & half;
    if (a->fold != FOLD_NONE)
        k = (mirrored ? ~k : k) & (half - 1);
    int64_t y = a->table ? multipartite_eval(a->table, (uint32_t)k)
                         : polynomial_eval(a->pieces, (uint32_t)k);
    return mirrored && a->fold == FOLD_ODD ? ~y : y;
}

/* ---------------------------------------------------------------- nodes */

static graph_ref build_form(graph *g, graph_ref index, const approximation *a, format word,
                            const char *name, const char *doc)
{
    return a->table ? multipartite_build(g, index, a->table, word, name, doc)
                    : polynomial_build(g, index, a->pieces, word, name, doc);
}

static graph_ref build_folded(graph *g, graph_ref index, const approximation *a, format word,
                              const char *name, const char *doc)
{
    int low = a->index_bits - 1;
    graph_ref top = slice_integer(g, index, low, 1);
    graph_ref below = slice_of(g, index, 0, low);
    graph_ref part = slice_invert(g, top, true, below, true);
    if (a->fold == FOLD_EVEN)
        return build_form(g, part, a, word, name, doc);
    int64_t least = a->least < ~a->most ? a->least : ~a->most;
    format half = format_for(least, ~least, word.frac); /* holds y and ~y */
    graph_ref y = build_form(g, part, a, half, name, doc);
    y = slice_invert(g, top, true, y, false);
    return graph_add_cast(g, y, word, ROUND_TRN, OVERFLOW_WRAP);
}

graph_ref approximation_build(graph *g, graph_ref x, const approximation *a, const char *name,
                              const char *doc)
{
    if (x == GRAPH_NONE || g->failed.status != SYMLUT_OK)
        return GRAPH_NONE;
    format word = format_for(a->least, a->most, a->out.frac);
    if (a->origin != 0)
        x = graph_add(g, GRAPH_SUB, x, graph_add_exact_const(g, a->origin, a->in.frac), GRAPH_NONE);
    graph_ref index = slice_of(g, x, a->drop, a->index_bits);
    graph_ref y = a->fold == FOLD_NONE ? build_form(g, index, a, word, name, doc)
                                       : build_folded(g, index, a, word, name, doc);
    graph_narrow(g, y, a->least, a->most);
    return y;
}

double approximation_plain_estimate(const approximation_problem *p)
{
    int bits = bits_for((uint64_t)p->hi - (uint64_t)p->lo + 1);
    double least = 0, most = 0, stack[8];
    double *values = expr_depth(p->f) <= 8 ? stack : calloc((size_t)p->f.count, sizeof *values);
    if (!values)
        return INFINITY;
    int steps = 64; /* the width of the result needs the range alone */
    for (int i = 0; i <= steps; i++) {
        double x = ldexp((double)p->lo + ((double)p->hi - (double)p->lo) * i / steps, -p->in.frac);
        double y = expr_eval(p->f, &x, values);
        y = isfinite(y) ? ldexp(y, p->out.frac) : 0;
        least = fmin(least, y);
        most = fmax(most, y);
    }
    if (values != stack)
        free(values);
    int64_t low = (int64_t)fmax(floor(least), (double)format_min(p->out));
    int64_t high = (int64_t)fmin(ceil(most), (double)format_max(p->out));
    return cost_table_most(bits, format_for(low, high, 0).width);
}
