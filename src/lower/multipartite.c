#include "lower/multipartite.h"

#include "cost/cost.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- slopes */

/* Differences from a field's first to its last value, in each cell: [level][1 << level] in one
 * array, level l at 2^l. Kept for every (low, bits), since many candidates share them. */
typedef struct field_reach {
    double *least, *most;        /* of the function; NULL: not made yet */
    int64_t *at_least, *at_most; /* what the bounds let the result's difference be everywhere */
    int least_gamma;             /* with fewer, no offset can keep the bounds */
} field_reach;

/* Slopes of one field: for each C the middle of the range of secant slopes over the field, taken
 * at every place in C. */
typedef struct slope_table {
    double *slope; /* [1 << gamma], ulp per index step; NULL: not made yet */
    double largest;
} slope_table;

enum { N = MULTIPARTITE_MAX_INDEX + 1, LEAST_BITS = 4 /* of an index worth dividing */ };

/* A choice of parameters, before its words exist. */
typedef struct choice {
    int8_t alpha, guard, part_count;
    int8_t low[MULTIPARTITE_MAX_PARTS], bits[MULTIPARTITE_MAX_PARTS];
    int8_t gamma[MULTIPARTITE_MAX_PARTS];
} choice;

static_assert(sizeof(choice) == CHOICE_BYTES, "as the candidates keep it");

typedef struct search {
    const bounded_function *problem;
    int n;
    int corner_bits; /* 0: no corner */
    uint32_t corner_block;
    multipartite *corner;
    int result_bits;
    double corner_lut; /* its words, the comparison, the choice */
    arena scratch;
    field_reach reaches[N][N];                                 /* [low][bits] */
    slope_table slopes[N][N][N];                               /* [low][bits][gamma] */
    int8_t offset_widths[N][N][N][MULTIPARTITE_MAX_GUARD + 1]; /* 0: not known yet */
    int8_t fits[N][N][N][MULTIPARTITE_MAX_GUARD + 1]; /* 1, or -1: the offsets break bounds */
    int64_t *offsets[MULTIPARTITE_MAX_PARTS];         /* [1 << n] scratch: by B, one cell */
    candidates candidates;
    bool failed;              /* out of memory */
    uint32_t last_failure[N]; /* by alpha: the cell that refused the candidate before */
} search;

static bool in_corner(const search *s, size_t k)
{
    return s->corner_bits && k >> s->corner_bits == s->corner_block;
}

/* From the smallest cells up. The result's difference is the offset's, rounded down or up. */
static void join_cells(field_reach *r, size_t cells, int level)
{
    r->least_gamma = level;
    for (size_t c = cells; c-- > 1;) {
        size_t x = 2 * c, y = 2 * c + 1;
        r->least[c] = r->least[x] < r->least[y] ? r->least[x] : r->least[y];
        r->most[c] = r->most[x] > r->most[y] ? r->most[x] : r->most[y];
        r->at_least[c] = r->at_least[x] > r->at_least[y] ? r->at_least[x] : r->at_least[y];
        r->at_most[c] = r->at_most[x] < r->at_most[y] ? r->at_most[x] : r->at_most[y];
    }
    for (bool fits = true; fits && r->least_gamma > 0; r->least_gamma -= fits) {
        size_t first = (size_t)1 << (r->least_gamma - 1);
        for (size_t c = first; c < 2 * first && fits; c++)
            fits = r->at_least[c] <= r->at_most[c] + 1;
    }
}

static const field_reach *reach_of(search *s, int low, int bits)
{
    field_reach *r = &s->reaches[low][bits];
    if (r->least)
        return r;
    const bounded_function *p = s->problem;
    int level = s->n - low - bits;
    size_t cells = (size_t)1 << level, step = (size_t)1 << (low + bits);
    size_t reach = step - ((size_t)1 << low);
    r->most = ARENA_ARRAY(&s->scratch, double, 2 * cells);
    r->at_least = ARENA_ARRAY(&s->scratch, int64_t, 2 * cells);
    r->at_most = ARENA_ARRAY(&s->scratch, int64_t, 2 * cells);
    r->least = ARENA_ARRAY(&s->scratch, double, 2 * cells);
    if (s->scratch.failed) {
        r->least = NULL;
        s->failed = true;
        return NULL;
    }
    for (size_t c = 0; c < cells; c++) {
        size_t k = c * step, at = cells + c;
        double change = p->values[k + reach] - p->values[k];
        bool counts = !in_corner(s, k) && !isnan(change);
        bool bound = counts && !in_corner(s, k + reach);
        r->least[at] = counts ? change : (double)INFINITY;
        r->most[at] = counts ? change : -(double)INFINITY;
        r->at_least[at] = bound ? p->least[k + reach] - p->most[k] : INT64_MIN / 2;
        r->at_most[at] = bound ? p->most[k + reach] - p->least[k] : INT64_MAX / 2;
    }
    join_cells(r, cells, level);
    return r;
}

static const slope_table *slopes_of(search *s, int low, int bits, int gamma)
{
    slope_table *t = &s->slopes[low][bits][gamma];
    if (t->slope)
        return t;
    const field_reach *r = reach_of(s, low, bits);
    size_t cells = (size_t)1 << gamma;
    double reach = ldexp(1, low + bits) - ldexp(1, low);
    t->slope = r ? ARENA_ARRAY(&s->scratch, double, cells) : NULL;
    if (!t->slope) {
        s->failed = true;
        return NULL;
    }
    for (size_t c = 0; c < cells; c++) {
        double least = r->least[cells + c] / reach, most = r->most[cells + c] / reach;
        t->slope[c] = least <= most ? (least + most) / 2 : 0;
        t->largest = fmax(t->largest, fabs(t->slope[c]));
    }
    return t;
}

/* Word of an offset table: the distance r + 1/2 field steps above the middle; -1/2 because the
 * complement of a word is its negative less one. */
static int64_t offset_word(double slope, uint32_t r, int low, int guard)
{
    double x = slope * ((r + 0.5) * (double)((uint64_t)1 << (low + guard)));
    int64_t toward_zero = (int64_t)x;
    return toward_zero - ((double)toward_zero > x);
}

/* Contribution of a field whose value is b. */
static int64_t offset_at(double slope, uint32_t b, int low, int bits, int guard)
{
    uint32_t half = 1u << (bits - 1), mask = half - 1;
    if (b & half)
        return offset_word(slope, b & mask, low, guard);
    return ~offset_word(slope, ~b & mask, low, guard);
}

/* ---------------------------------------------------------------- one cell of tiv */

/* False: over the whole field alone, the offsets leave the bounds somewhere. */
static bool part_fits(search *s, const choice *c, int i)
{
    int low = c->low[i], bits = c->bits[i], gamma = c->gamma[i];
    int8_t *known = &s->fits[low][bits][gamma][c->guard];
    if (*known)
        return *known > 0;
    const slope_table *t = slopes_of(s, low, bits, gamma);
    const field_reach *r = reach_of(s, low, bits);
    *known = 1;
    for (size_t a = 0; t && r && a < (size_t)1 << gamma && *known > 0; a++) {
        size_t at = ((size_t)1 << gamma) + a;
        int64_t change = offset_at(t->slope[a], (1u << bits) - 1, low, bits, c->guard) -
                         offset_at(t->slope[a], 0, low, bits, c->guard);
        change >>= c->guard;
        if (r->at_least[at] > change + 1 || r->at_most[at] < change)
            *known = -1;
    }
    return *known > 0;
}

static bool parts_fit(search *s, const choice *c)
{
    bool fit = true;
    for (int i = 0; i < c->part_count && fit; i++)
        fit = part_fits(s, c, i);
    return fit;
}

/* The slope of each field in cell a. */
static void cell_slopes(search *s, const choice *c, uint32_t a, double slopes[])
{
    for (int i = 0; i < c->part_count; i++) {
        const slope_table *t = slopes_of(s, c->low[i], c->bits[i], c->gamma[i]);
        slopes[i] = t ? t->slope[a >> (c->alpha - c->gamma[i])] : 0;
    }
}

/* Contributions of each field by the field's value; those below the middle are the complements of
 * those above. */
static void make_offsets(search *s, const choice *c, const double slopes[])
{
    for (int i = 0; i < c->part_count; i++) {
        uint32_t half = 1u << (c->bits[i] - 1);
        for (uint32_t r = 0; r < half; r++) {
            int64_t word = offset_word(slopes[i], r, c->low[i], c->guard);
            s->offsets[i][half + r] = word;
            s->offsets[i][half - 1 - r] = ~word;
        }
    }
}

/* The sum of the fields' contributions at distance b in a cell, from the words or without them. */
static int64_t offsets_sum(const search *s, const choice *c, const double slopes[], bool made,
                           uint32_t b)
{
    int64_t sum = 0;
    for (int j = 0; j < c->part_count; j++) {
        uint32_t field = b >> c->low[j] & ((1u << c->bits[j]) - 1);
        sum += made ? s->offsets[j][field]
                    : offset_at(slopes[j], field, c->low[j], c->bits[j], c->guard);
    }
    return sum;
}

/* The words of tiv[A] that keep every index of cell A within the tolerance: [*low, *high], empty
 * when *low > *high. From both ends, where they are most often missed; the offsets' words are made
 * once, for a cell that those leave. */
static void cell_words(search *s, const choice *c, uint32_t a, int64_t *low, int64_t *high)
{
    enum { PROBES = 8 };
    const bounded_function *p = s->problem;
    uint32_t count = 1u << (s->n - c->alpha);
    int64_t unit = (int64_t)1 << c->guard;
    double slopes[MULTIPARTITE_MAX_PARTS] = {0};
    *low = INT64_MIN / 4;
    *high = INT64_MAX / 4;
    cell_slopes(s, c, a, slopes);
    for (uint32_t i = 0; i < count && *low <= *high; i++) {
        if (i == PROBES)
            make_offsets(s, c, slopes);
        uint32_t b = i & 1 ? count - 1 - i / 2 : i / 2;
        size_t k = (size_t)a * count + b;
        if (in_corner(s, k) || isnan(p->values[k]))
            continue;
        int64_t sum = offsets_sum(s, c, slopes, i >= PROBES, b);
        int64_t from = p->least[k] * unit - sum, to = (p->most[k] + 1) * unit - 1 - sum;
        *low = from > *low ? from : *low;
        *high = to < *high ? to : *high;
    }
}

static uint32_t reverse_bits(uint32_t x, int bits)
{
    uint32_t y = 0;
    for (; bits > 0; bits--, x >>= 1)
        y = y << 1 | (x & 1);
    return y;
}

/* Most candidates fail, and fail where others did: the cell that refused the last one goes first,
 * then cells from all over the range. */
static bool choice_holds(search *s, const choice *c)
{
    int64_t low, high;
    cell_words(s, c, s->last_failure[c->alpha], &low, &high);
    for (uint32_t i = 0; i < 1u << c->alpha && low <= high; i++) {
        uint32_t a = reverse_bits(i, c->alpha);
        cell_words(s, c, a, &low, &high);
        if (low > high)
            s->last_failure[c->alpha] = a;
    }
    return low <= high && !s->failed;
}

/* ---------------------------------------------------------------- candidates */

static int offset_width(search *s, int low, int bits, int gamma, int guard)
{
    int8_t *known = &s->offset_widths[low][bits][gamma][guard];
    const slope_table *t = *known ? NULL : slopes_of(s, low, bits, gamma);
    if (t) {
        int64_t most = offset_word(t->largest, (1u << (bits - 1)) - 1, low, guard);
        *known = (int8_t)format_for(-most, most, 0).width;
    }
    return *known ? *known : 1;
}

static double choice_lut(search *s, const choice *c)
{
    int width = s->result_bits + c->guard;
    double lut = cost_table_most(c->alpha, width);
    for (int i = 0; i < c->part_count; i++) {
        int offset = offset_width(s, c->low[i], c->bits[i], c->gamma[i], c->guard);
        lut += cost_table_most(c->gamma[i] + c->bits[i] - 1, offset);
        lut += width + (c->bits[i] - 1); /* the sum, which takes in the sign, and ~r */
    }
    return lut + s->corner_lut;
}

/* Fields from bit 0 upward; a field of more weight needs a slope at least as exact. What is too
 * dear without guard bits and with its last fields missing is too dear. */
static void add_fields(search *s, choice *c, int low, int least_gamma)
{
    c->guard = 0;
    if (s->failed || !candidates_want(&s->candidates, choice_lut(s, c)))
        return;
    if (low == s->n - c->alpha) {
        for (; c->guard <= MULTIPARTITE_MAX_GUARD; c->guard++) {
            if (parts_fit(s, c))
                candidates_offer(&s->candidates, choice_lut(s, c), c);
        }
        return;
    }
    if (c->part_count == MULTIPARTITE_MAX_PARTS)
        return;
    int i = c->part_count++;
    for (int bits = 1; low + bits <= s->n - c->alpha; bits++) {
        if (bits == 1 && low == 0 && s->n - c->alpha > 1)
            continue; /* one bit alone below others never pays */
        const field_reach *r = reach_of(s, low, bits);
        int from = r && r->least_gamma > least_gamma ? r->least_gamma : least_gamma;
        for (int gamma = from; gamma <= c->alpha; gamma++) {
            c->low[i] = (int8_t)low;
            c->bits[i] = (int8_t)bits;
            c->gamma[i] = (int8_t)gamma;
            add_fields(s, c, low + bits, gamma);
        }
    }
    c->part_count--;
    c->low[i] = c->bits[i] = c->gamma[i] = 0;
}

static void offer_all(void *context)
{
    search *s = context;
    for (int alpha = 1; alpha < s->n; alpha++) {
        choice c = {.alpha = (int8_t)alpha};
        add_fields(s, &c, 0, 0);
    }
    s->candidates.failed = s->candidates.failed || s->failed;
}

/* ---------------------------------------------------------------- words */

static bool build_part(search *s, multipartite_part *part, arena *memory, const choice *c, int i)
{
    *part = (multipartite_part){.low = c->low[i], .bits = c->bits[i], .gamma = c->gamma[i]};
    uint32_t half = 1u << (part->bits - 1), cells = 1u << part->gamma;
    const slope_table *t = slopes_of(s, part->low, part->bits, part->gamma);
    part->words = ARENA_ARRAY(memory, int64_t, (size_t)cells * half);
    if (!t || !part->words)
        return false;
    for (uint32_t cell = 0; cell < cells; cell++) {
        for (uint32_t r = 0; r < half; r++)
            part->words[cell * half + r] = offset_word(t->slope[cell], r, part->low, c->guard);
    }
    part->width = words_format(part->words, (size_t)cells * half, 0).width;
    return true;
}

static bool build(search *s, multipartite *out, arena *memory, const choice *c, double lut)
{
    *out = (multipartite){.index_bits = s->n,
                          .alpha = c->alpha,
                          .guard = c->guard,
                          .part_count = c->part_count,
                          .lut = lut};
    uint32_t cells = 1u << c->alpha;
    out->tiv = ARENA_ARRAY(memory, int64_t, cells);
    if (!out->tiv)
        return false;
    for (uint32_t a = 0; a < cells; a++) {
        int64_t low, high;
        cell_words(s, c, a, &low, &high);
        bool free_choice = high - low > INT64_MAX / 8; /* the cell lies in the corner */
        out->tiv[a] = free_choice ? 0 : low + (high - low) / 2;
    }
    out->tiv_width = words_format(out->tiv, cells, 0).width;
    out->table_bits = ldexp(out->tiv_width, c->alpha);
    for (int i = 0; i < c->part_count; i++) {
        multipartite_part *part = &out->parts[i];
        if (!build_part(s, part, memory, c, i))
            return false;
        out->table_bits += ldexp(part->width, part->gamma + part->bits - 1);
    }
    out->corner_bits = s->corner_bits;
    out->corner_block = s->corner_block;
    out->corner = s->corner;
    if (s->corner)
        out->table_bits += s->corner->table_bits;
    return true;
}

int64_t multipartite_eval(const multipartite *m, uint32_t k)
{
    if (m->corner_bits && k >> m->corner_bits == m->corner_block)
        return multipartite_eval(m->corner, k & ((1u << m->corner_bits) - 1));
    int64_t sum = m->tiv[k >> (m->index_bits - m->alpha)];
    for (int i = 0; i < m->part_count; i++) {
        const multipartite_part *part = &m->parts[i];
        uint32_t half = 1u << (part->bits - 1), b = k >> part->low;
        uint32_t cell = (k >> (m->index_bits - part->gamma)) * half;
        bool above = b & half;
        int64_t word = part->words[cell + ((above ? b : ~b) & (half - 1))];
        sum += above ? word : ~word;
    }
    return sum >> m->guard;
}

static int64_t eval_form(const void *form, uint32_t k)
{
    return multipartite_eval(form, k);
}

/* The index where the function is least like a line. */
static size_t most_curved(const bounded_function *p)
{
    size_t count = (size_t)1 << p->index_bits, where = 0;
    double most = -1;
    for (size_t k = 1; k + 1 < count; k++) {
        if (p->seam && (k == p->seam - 1 || k == p->seam))
            continue;
        double bend = fabs(p->values[k - 1] - 2 * p->values[k] + p->values[k + 1]);
        if (bend > most) {
            most = bend;
            where = k;
        }
    }
    return where;
}

static bool holds(void *context, const candidate *c)
{
    choice tried;
    memcpy(&tried, c->choice, sizeof tried);
    return choice_holds(context, &tried);
}

/* The corner: 2^bits indices, the block-th of them; no bits: none. */
typedef struct corner_choice {
    int bits;
    uint32_t block;
    multipartite *table;
    double lut;
} corner_choice;

/* The cheapest decomposition with one choice of the corner; *found: there is one below lut_limit.
 */
static bool search_corner(multipartite *out, bool *found, arena *memory,
                          const bounded_function *problem, const corner_choice *corner,
                          int result_bits, double lut_limit)
{
    candidate cheapest;
    choice c;
    *found = false;
    search *s = calloc(1, sizeof *s);
    if (!s)
        return false;
    s->problem = problem;
    s->n = problem->index_bits;
    s->corner_bits = corner->bits;
    s->corner_block = corner->block;
    s->corner = corner->table;
    s->corner_lut = corner->lut;
    s->result_bits = result_bits;
    for (int i = 0; i < MULTIPARTITE_MAX_PARTS; i++)
        s->offsets[i] = ARENA_ARRAY(&s->scratch, int64_t, (size_t)1 << s->n);
    s->failed = s->scratch.failed;
    if (candidates_first(&cheapest, &s->candidates, lut_limit, offer_all, holds, s)) {
        memcpy(&c, cheapest.choice, sizeof c);
        *found = build(s, out, memory, &c, (double)cheapest.lut) &&
                 bounded_holds(problem, eval_form, out);
        s->failed = s->failed || !*found;
    }
    bool ok = !s->failed && !s->candidates.failed;
    arena_free(&s->scratch);
    free(s);
    return ok;
}

/* Words of the plain table: the allowed ones nearest to the function; where any will do, the one
 * before, which costs least. */
static bool plain(multipartite *out, arena *memory, const bounded_function *p)
{
    size_t count = (size_t)1 << p->index_bits;
    *out = (multipartite){.index_bits = p->index_bits, .alpha = p->index_bits};
    out->tiv = ARENA_ARRAY(memory, int64_t, count);
    if (!out->tiv)
        return false;
    int64_t word = 0;
    for (size_t k = 0; k < count; k++) {
        if (!isnan(p->values[k])) {
            word = (int64_t)nearbyint(p->values[k]);
            word = word < p->least[k] ? p->least[k] : word > p->most[k] ? p->most[k] : word;
        }
        out->tiv[k] = word;
    }
    format word_format = words_format(out->tiv, count, 0);
    out->tiv_width = word_format.width;
    out->table_bits = ldexp(out->tiv_width, p->index_bits);
    graph_table t = {.index_bits = (uint8_t)p->index_bits, .word = word_format, .words = out->tiv};
    bool measured = graph_table_measure(&t);
    out->lut = measured ? cost_table_lut(&t) : 0;
    return measured;
}

symlut_status multipartite_plain(multipartite *out, arena *memory, const bounded_function *problem,
                                 symlut_error *err)
{
    return plain(out, memory, problem) ? SYMLUT_OK : error_memory(err);
}

static symlut_status search_below(multipartite *out, arena *memory, const bounded_function *problem,
                                  double lut_limit, symlut_error *err);

/* Tries a corner of 2^bits indices around index `curved` and keeps it when it is cheaper than *best
 * and lut_limit. */
static symlut_status try_corner(multipartite *best, arena *memory, const bounded_function *problem,
                                int bits, size_t curved, double lut_limit, symlut_error *err)
{
    int result_bits = bounded_result_bits(problem);
    corner_choice corner = {.bits = bits, .block = bits ? (uint32_t)(curved >> bits) : 0};
    lut_limit = fmin(lut_limit, best->lut);
    if (bits) {
        bounded_function inner = *problem;
        inner.index_bits = bits;
        inner.seam = 0;
        size_t start = (size_t)corner.block << bits;
        inner.values += start;
        inner.least += start;
        inner.most += start;
        corner.table = ARENA_NEW(memory, multipartite);
        if (!corner.table)
            return error_memory(err);
        symlut_status status =
            search_below(corner.table, memory, &inner, lut_limit - (1 + result_bits), err);
        if (status != SYMLUT_OK)
            return status;
        corner.lut = corner.table->lut + 1 + result_bits;
    }
    multipartite better;
    bool found;
    if (!search_corner(&better, &found, memory, problem, &corner, result_bits, lut_limit))
        return error_memory(err);
    if (found)
        *best = better;
    return SYMLUT_OK;
}

/* The cheapest form, where one is below lut_limit; else any. */
static symlut_status search_below(multipartite *out, arena *memory, const bounded_function *problem,
                                  double lut_limit, symlut_error *err)
{
    int n = problem->index_bits;
    if (!plain(out, memory, problem))
        return error_memory(err);
    if (n < LEAST_BITS || n > MULTIPARTITE_MAX_INDEX)
        return SYMLUT_OK;
    size_t curved = most_curved(problem);
    symlut_status status = try_corner(out, memory, problem, 0, curved, lut_limit, err);
    for (int bits = LEAST_BITS; bits < n && status == SYMLUT_OK; bits++)
        status = try_corner(out, memory, problem, bits, curved, lut_limit, err);
    return status;
}

symlut_status multipartite_search(multipartite *out, arena *memory, const bounded_function *problem,
                                  symlut_error *err)
{
    return search_below(out, memory, problem, INFINITY, err);
}
