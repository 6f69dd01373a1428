#include "lower/multipartite.h"

#include "cost/cost.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- slopes */

/* Slopes of one field: for each C the middle of the range of secant slopes over the field, taken
 * at every place in C. Kept for every (low, bits, gamma), since many candidates share them. */
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
    arena scratch;
    slope_table slopes[N][N][N]; /* [low][bits][gamma] */
    candidates candidates;
    bool failed;              /* out of memory */
    uint32_t last_failure[N]; /* by alpha: the cell that refused the candidate before */
} search;

static bool in_corner(const search *s, size_t k)
{
    return s->corner_bits && k >> s->corner_bits == s->corner_block;
}

static const slope_table *slopes_of(search *s, int low, int bits, int gamma)
{
    slope_table *t = &s->slopes[low][bits][gamma];
    if (t->slope)
        return t;
    const double *v = s->problem->values;
    size_t cells = (size_t)1 << gamma, cell = (size_t)1 << (s->n - gamma);
    size_t step = (size_t)1 << (low + bits), reach = step - ((size_t)1 << low);
    t->slope = ARENA_ARRAY(&s->scratch, double, cells);
    if (!t->slope) {
        s->failed = true;
        return NULL;
    }
    for (size_t c = 0; c < cells; c++) {
        double least = INFINITY, most = -INFINITY;
        for (size_t k = c * cell; k < (c + 1) * cell; k += step) {
            if (in_corner(s, k))
                continue;
            double secant = (v[k + reach] - v[k]) / (double)reach;
            least = fmin(least, secant);
            most = fmax(most, secant);
        }
        t->slope[c] = least <= most ? (least + most) / 2 : 0;
        t->largest = fmax(t->largest, fabs(t->slope[c]));
    }
    return t;
}

/* Word of an offset table: the distance r + 1/2 field steps above the middle; -1/2 because the
 * complement of a word is its negative less one. */
static int64_t offset_word(double slope, uint32_t r, int low, int guard)
{
    return (int64_t)floor(slope * ldexp(r + 0.5, low + guard));
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

/* The words of tiv[A] that keep every index of cell A within the tolerance: [*low, *high], empty
 * when *low > *high. */
static void cell_words(search *s, const choice *c, uint32_t a, int64_t *low, int64_t *high)
{
    const bounded_function *p = s->problem;
    int beta = s->n - c->alpha;
    double slope[MULTIPARTITE_MAX_PARTS] = {0};
    for (int i = 0; i < c->part_count; i++) {
        const slope_table *t = slopes_of(s, c->low[i], c->bits[i], c->gamma[i]);
        if (t)
            slope[i] = t->slope[a >> (c->alpha - c->gamma[i])];
    }
    *low = INT64_MIN / 4;
    *high = INT64_MAX / 4;
    for (uint32_t b = 0; b < 1u << beta && *low <= *high; b++) {
        size_t k = ((size_t)a << beta) + b;
        if (in_corner(s, k))
            continue;
        int64_t sum = 0;
        for (int i = 0; i < c->part_count; i++) {
            uint32_t field = b >> c->low[i] & ((1u << c->bits[i]) - 1);
            sum += offset_at(slope[i], field, c->low[i], c->bits[i], c->guard);
        }
        if (isnan(p->values[k]))
            continue;
        int64_t from = p->least[k] * ((int64_t)1 << c->guard) - sum;
        int64_t to = (p->most[k] + 1) * ((int64_t)1 << c->guard) - 1 - sum;
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
    const slope_table *t = slopes_of(s, low, bits, gamma);
    if (!t)
        return 1;
    int64_t most = offset_word(t->largest, (1u << (bits - 1)) - 1, low, guard);
    return format_for(-most, most, 0).width;
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
    if (s->corner_bits) /* its words, the comparison, the choice */
        lut += s->corner->lut + 1 + s->result_bits;
    return lut;
}

/* Fields from bit 0 upward; a field of more weight needs a slope at least as exact. */
static void add_fields(search *s, choice *c, int low, int least_gamma)
{
    if (low == s->n - c->alpha) {
        for (int guard = 0; guard <= MULTIPARTITE_MAX_GUARD; guard++) {
            c->guard = (int8_t)guard;
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
        for (int gamma = least_gamma; gamma <= c->alpha; gamma++) {
            c->low[i] = (int8_t)low;
            c->bits[i] = (int8_t)bits;
            c->gamma[i] = (int8_t)gamma;
            add_fields(s, c, low + bits, gamma);
        }
    }
    c->part_count--;
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

/* The aligned block of 2^bits indices where the function is least like a line. */
static uint32_t most_curved_block(const bounded_function *p, int bits)
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
    return (uint32_t)(where >> bits);
}

/* The cheapest decomposition with one choice of the corner; *found: there is one below lut_limit.
 */
static bool search_corner(multipartite *out, bool *found, arena *memory,
                          const bounded_function *problem, int corner_bits, multipartite *corner,
                          double lut_limit)
{
    search *s = calloc(1, sizeof *s);
    if (!s)
        return false;
    s->problem = problem;
    s->n = problem->index_bits;
    s->corner_bits = corner_bits;
    s->corner_block = corner_bits ? most_curved_block(problem, corner_bits) : 0;
    s->corner = corner;
    s->result_bits = bounded_result_bits(problem);
    s->candidates.lut_limit = lut_limit;
    for (int alpha = 1; alpha < s->n; alpha++) {
        choice c = {.alpha = (int8_t)alpha};
        add_fields(s, &c, 0, 0);
    }
    candidates_sort(&s->candidates);
    *found = false;
    s->failed = s->failed || s->candidates.failed;
    for (size_t i = 0; i < s->candidates.count && !*found && !s->failed; i++) {
        choice c;
        memcpy(&c, s->candidates.list[i].choice, sizeof c);
        if (!choice_holds(s, &c))
            continue;
        *found = build(s, out, memory, &c, (double)s->candidates.list[i].lut) &&
                 bounded_holds(problem, eval_form, out);
        s->failed = s->failed || !*found;
    }
    bool ok = !s->failed;
    arena_free(&s->scratch);
    free(s->candidates.list);
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

/* Tries a corner of 2^corner_bits indices and keeps it when it is cheaper than *best. */
static symlut_status try_corner(multipartite *best, arena *memory, const bounded_function *problem,
                                int corner_bits, symlut_error *err)
{
    multipartite *corner = NULL;
    if (corner_bits) {
        bounded_function inner = *problem;
        inner.index_bits = corner_bits;
        inner.seam = 0;
        size_t start = (size_t)most_curved_block(problem, corner_bits) << corner_bits;
        inner.values += start;
        inner.least += start;
        inner.most += start;
        corner = ARENA_NEW(memory, multipartite);
        if (!corner)
            return error_memory(err);
        symlut_status status = multipartite_search(corner, memory, &inner, err);
        if (status != SYMLUT_OK)
            return status;
    }
    multipartite better;
    bool found;
    if (!search_corner(&better, &found, memory, problem, corner_bits, corner, best->lut))
        return error_memory(err);
    if (found)
        *best = better;
    return SYMLUT_OK;
}

symlut_status multipartite_search(multipartite *out, arena *memory, const bounded_function *problem,
                                  symlut_error *err)
{
    int n = problem->index_bits;
    if (!plain(out, memory, problem))
        return error_memory(err);
    if (n < LEAST_BITS || n > MULTIPARTITE_MAX_INDEX)
        return SYMLUT_OK;
    symlut_status status = try_corner(out, memory, problem, 0, err);
    for (int corner = LEAST_BITS; corner < n && status == SYMLUT_OK; corner++)
        status = try_corner(out, memory, problem, corner, err);
    return status;
}
