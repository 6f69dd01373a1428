#include "lower/polynomial.h"

#include "cost/cost.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST_BITS = 3, /* of t: fewer are a table's */
    MOST_GUARD = 3,
    MOST_WORD = 24, /* bits of a slope */
    STEPS = 40,     /* of the search for the best slope */
    N = POLYNOMIAL_MAX_INDEX + 1
};

static const double golden = 0.6180339887498949;

/* The best real slope and curvature of each segment, for one alpha and degree. */
typedef struct fit {
    double *slope; /* [1 << alpha] per index step; NULL: not made */
    double *curve; /* per square of an index step, about the middle; NULL: degree 1 */
    double most_slope, most_curve;
    bool falls, sags; /* some slope, some curvature is negative */
} fit;

/* A choice of parameters, before its words exist. */
typedef struct choice {
    int8_t alpha, degree, guard, line_drop, split, cut;
    int8_t square_bits, square_drop, curve_drop;
    int8_t unused[3];
} choice;

static_assert(sizeof(choice) == CHOICE_BYTES, "as the candidates keep it");

typedef struct search {
    const bounded_function *problem;
    int n, result_bits;
    arena scratch;
    double *top, *bottom; /* [1 << n]: the bounds as reals; infinite where any result will do */
    fit fits[N][3];       /* [alpha][degree] */
    float products[MOST_WORD + 2][N + 8][2]; /* LUTs of a product by widths and sign; 0: unknown */
    candidates candidates;
    uint32_t last_failure[N]; /* by alpha: the segment that refused the candidate before */
    bool failed;              /* out of memory */
} search;

/* ---------------------------------------------------------------- the best real polynomial */

/* One segment: its bounds in ulp, as real intervals [bottom, top). */
typedef struct segment {
    const double *values, *bottom, *top;
    int count;            /* a power of two, 1 << LEAST_BITS at least */
    double curve, middle; /* what is subtracted: curve * (t - middle)^2 */
} segment;

static bool make_bounds(search *s)
{
    const bounded_function *p = s->problem;
    size_t count = (size_t)1 << s->n;
    s->top = ARENA_ARRAY(&s->scratch, double, count);
    s->bottom = ARENA_ARRAY(&s->scratch, double, count);
    if (s->scratch.failed)
        return false;
    for (size_t k = 0; k < count; k++) {
        bool free_choice = isnan(p->values[k]);
        s->top[k] = free_choice ? (double)INFINITY : (double)p->most[k] + 1;
        s->bottom[k] = free_choice ? -(double)INFINITY : (double)p->least[k];
    }
    return true;
}

static double smaller(double a, double b)
{
    return a < b ? a : b;
}

static double larger(double a, double b)
{
    return a > b ? a : b;
}

/* The room that a line of this slope leaves between the bounds; negative: none passes. Concave.
 * In lanes, because the comparisons would else wait for one another. */
static double room(const segment *s, double slope)
{
    enum { LANES = 4 };
    static_assert((1 << LEAST_BITS) % LANES == 0, "segments are whole lanes");
    double above[LANES], below[LANES];
    for (int i = 0; i < LANES; i++) {
        above[i] = (double)INFINITY;
        below[i] = -(double)INFINITY;
    }
    for (int t = 0; t < s->count; t += LANES) {
        for (int i = 0; i < LANES; i++) {
            double x = t + i - s->middle, y = slope * x + s->curve * x * x;
            above[i] = smaller(s->top[t + i] - y, above[i]);
            below[i] = larger(s->bottom[t + i] - y, below[i]);
        }
    }
    return smaller(smaller(above[0], above[1]), smaller(above[2], above[3])) -
           larger(larger(below[0], below[1]), larger(below[2], below[3]));
}

/* Where the room is largest: a golden section search. */
static double best_slope(const segment *s, double around, double reach)
{
    double low = around - reach, high = around + reach;
    double a = high - golden * (high - low), b = low + golden * (high - low);
    double room_a = room(s, a), room_b = room(s, b);
    for (int i = 0; i < STEPS && high - low > reach * 1e-4; i++) {
        if (room_a < room_b) {
            low = a;
            a = b;
            room_a = room_b;
            b = low + golden * (high - low);
            room_b = room(s, b);
        } else {
            high = b;
            b = a;
            room_b = room_a;
            a = high - golden * (high - low);
            room_a = room(s, a);
        }
    }
    return (low + high) / 2;
}

/* The second difference at the Chebyshev nodes of the segment; 0 where a value is missing. */
static double curvature(const segment *s)
{
    int reach = (int)lround(0.8660254 * s->middle), at = (int)s->middle;
    double low = s->values[at - reach], high = s->values[s->count - 1 - (at - reach)];
    double middle = (s->values[at] + s->values[s->count - 1 - at]) / 2;
    double x = s->middle - (at - reach), rest = s->middle - at;
    double curve = (low + high - 2 * middle) / (2 * (x * x - rest * rest));
    return isnan(curve) ? 0 : curve;
}

static void fit_segment(const search *s, fit *f, int alpha, uint32_t a, int degree)
{
    const bounded_function *p = s->problem;
    int b = s->n - alpha;
    size_t start = (size_t)a << b;
    segment seg = {.values = p->values + start,
                   .bottom = s->bottom + start,
                   .top = s->top + start,
                   .count = 1 << b,
                   .middle = (double)((1 << b) - 1) / 2};
    int first = 0, last = seg.count - 1;
    while (first < last && isnan(seg.values[first]))
        first++;
    while (last > first && isnan(seg.values[last]))
        last--;
    f->slope[a] = 0;
    if (degree == 2)
        f->curve[a] = seg.curve = curvature(&seg);
    if (first == last)
        return;
    double span = last - first;
    const int64_t *least = p->least + start, *most = p->most + start;
    double wide = fmax((double)(most[first] - least[first]), (double)(most[last] - least[last]));
    double chord = (seg.values[last] - seg.values[first]) / span;
    if (degree == 2)
        chord -= seg.curve * (last + first - 2 * seg.middle);
    f->slope[a] = best_slope(&seg, chord, 2 * (wide + 2) / span);
}

static const fit *fit_of(search *s, int alpha, int degree)
{
    fit *f = &s->fits[alpha][degree];
    if (f->slope)
        return f;
    if (!s->top && !make_bounds(s)) {
        s->failed = true;
        return NULL;
    }
    size_t cells = (size_t)1 << alpha;
    double *slope = ARENA_ARRAY(&s->scratch, double, cells);
    f->curve = degree == 2 ? ARENA_ARRAY(&s->scratch, double, cells) : NULL;
    if (!slope || s->scratch.failed) {
        s->failed = true;
        return NULL;
    }
    f->slope = slope;
    for (uint32_t a = 0; a < cells; a++) {
        fit_segment(s, f, alpha, a, degree);
        f->most_slope = fmax(f->most_slope, fabs(slope[a]));
        f->falls = f->falls || slope[a] < 0;
        if (degree == 2) {
            f->most_curve = fmax(f->most_curve, fabs(f->curve[a]));
            f->sags = f->sags || f->curve[a] < 0;
        }
    }
    return f;
}

/* ---------------------------------------------------------------- the arithmetic */

static int64_t line_of(const choice *c, int64_t slope, int64_t t)
{
    int64_t high = t >> c->split, low = t & (((int64_t)1 << c->split) - 1);
    int64_t product = slope * high * ((int64_t)1 << c->split);
    if (c->split)
        product += (slope >> c->cut) * low * ((int64_t)1 << c->cut);
    return product >> c->line_drop;
}

static int64_t square_of(int square_bits, int square_drop, int64_t v)
{
    int64_t half = (int64_t)1 << (square_bits - 1), r = (v & half ? v : ~v) & (half - 1);
    return (r * (r + 1) / 2) >> square_drop;
}

/* c2 for a curvature per squared step: S counts eight times (2^(b - square_bits - 1))^2 2^drop. */
static double curve_scale(const choice *c, int b)
{
    int place = 2 * (b - c->square_bits - 1) + 3 + c->square_drop;
    return ldexp(1, place + c->guard + c->curve_drop);
}

/* Step i of a walk over count places: the ends and the middle, where a bound is most often missed,
 * then all. */
enum { FIRST_PLACES = 3 };
static int64_t place_of(int64_t i, int64_t count)
{
    return i >= FIRST_PLACES ? i - FIRST_PLACES : i == 0 ? 0 : i == 1 ? count - 1 : count / 2;
}

/* The c0 that keep segment a within its bounds, for these slope and curvature: [*low, *high]. */
static bool constants_of(const search *s, const choice *c, uint32_t a, int64_t slope, int64_t curve,
                         int64_t *low, int64_t *high)
{
    const bounded_function *p = s->problem;
    int b = s->n - c->alpha;
    *low = INT64_MIN / 4;
    *high = INT64_MAX / 4;
    int64_t count = (int64_t)1 << b;
    for (int64_t i = 0; i < count + FIRST_PLACES; i++) {
        int64_t t = place_of(i, count);
        size_t k = ((size_t)a << b) + (size_t)t;
        if (isnan(p->values[k]))
            continue;
        int64_t sum = line_of(c, slope, t);
        if (c->degree == 2) {
            int64_t v = t >> (b - c->square_bits);
            sum += (curve * square_of(c->square_bits, c->square_drop, v)) >> c->curve_drop;
        }
        int64_t from = p->least[k] * ((int64_t)1 << c->guard) - sum;
        int64_t to = (p->most[k] + 1) * ((int64_t)1 << c->guard) - 1 - sum;
        *low = from > *low ? from : *low;
        *high = to < *high ? to : *high;
        if (*low > *high)
            return false;
    }
    return true;
}

/* Words of segment a, the first of those around the best real ones that hold. */
static bool words_of(search *s, const choice *c, uint32_t a, int64_t words[3])
{
    static const int around[] = {0, 1, -1, 2};
    const fit *f = fit_of(s, c->alpha, c->degree);
    if (!f)
        return false;
    int b = s->n - c->alpha;
    int64_t slope = (int64_t)floor(ldexp(f->slope[a], c->guard + c->line_drop));
    int64_t curve = 0, low, high;
    if (c->degree == 2)
        curve = (int64_t)floor(f->curve[a] * curve_scale(c, b));
    int curves = c->degree == 2 ? 2 : 1;
    for (int j = 0; j < curves; j++) {
        for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
            int64_t tried = slope + around[i];
            if ((tried < 0 && !f->falls) || (curve + j < 0 && !f->sags))
                continue; /* the words have no sign */
            if (!constants_of(s, c, a, tried, curve + j, &low, &high))
                continue;
            bool free_choice = high - low > INT64_MAX / 8; /* no argument has a bound */
            words[0] = free_choice ? 0 : low + (high - low) / 2;
            words[1] = free_choice ? 0 : tried;
            words[2] = free_choice ? 0 : curve + j;
            return true;
        }
    }
    return false;
}

static uint32_t reverse_bits(uint32_t x, int bits)
{
    uint32_t y = 0;
    for (; bits > 0; bits--, x >>= 1)
        y = y << 1 | (x & 1);
    return y;
}

/* Segments from all over the range, the one that refused the last candidate first. */
static bool choice_holds(search *s, const choice *c)
{
    int64_t words[3];
    if (!words_of(s, c, s->last_failure[c->alpha], words))
        return false;
    for (uint32_t i = 0; i < 1u << c->alpha; i++) {
        uint32_t a = reverse_bits(i, c->alpha);
        if (!words_of(s, c, a, words)) {
            s->last_failure[c->alpha] = a;
            return false;
        }
    }
    return !s->failed;
}

/* ---------------------------------------------------------------- candidates */

static int magnitude_bits(double most)
{
    int exponent;
    frexp(fmax(floor(most), 0), &exponent);
    return exponent < 1 ? 1 : exponent;
}

/* LUTs of the product of a word by unsigned bits, as the project estimates it. */
static double product_luts(search *s, int word_bits, bool is_signed, int bits)
{
    word_bits += is_signed;
    if (word_bits > MOST_WORD || bits >= N + 8)
        return INFINITY;
    float *known = &s->products[word_bits][bits][is_signed];
    if (*known > 0)
        return (double)*known;
    static const device any = {.max_mhz = 1};
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", (format){is_signed, (uint8_t)word_bits, 0});
    graph_ref b = graph_add_input(g, "b", (format){false, (uint8_t)bits, 0});
    graph_ref product = graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE);
    s->failed = s->failed || product == GRAPH_NONE;
    *known = s->failed ? 1 : (float)cost_node(g, product, &any, DSP_NONE).lut;
    graph_free(g);
    return (double)*known;
}

static double line_luts(search *s, const choice *c, int slope_bits, bool falls)
{
    int b = s->n - c->alpha;
    if (!c->split)
        return product_luts(s, slope_bits, falls, b);
    int short_bits = slope_bits - c->cut < 1 ? 1 : slope_bits - c->cut;
    return product_luts(s, slope_bits, falls, b - c->split) +
           product_luts(s, short_bits, falls, c->split) + slope_bits + b - c->split;
}

static void offer_choice(search *s, const choice *c, const fit *f)
{
    int width = s->result_bits + c->guard, b = s->n - c->alpha;
    int slope_bits = magnitude_bits(ldexp(f->most_slope, c->guard + c->line_drop) + 1);
    if (slope_bits >= MOST_WORD || (c->split && slope_bits <= c->cut))
        return;
    double lut = cost_table_most(c->alpha, width) +
                 cost_table_most(c->alpha, slope_bits + f->falls) +
                 line_luts(s, c, slope_bits, f->falls) + width;
    if (c->degree == 2) {
        int curve_bits = magnitude_bits(f->most_curve * curve_scale(c, b) + 1);
        int square = 2 * c->square_bits - 3 - c->square_drop;
        lut += cost_table_most(c->alpha, curve_bits + f->sags) +
               cost_table_most(c->square_bits - 1, square) + c->square_bits - 1 +
               product_luts(s, curve_bits, f->sags, square) + width;
    }
    candidates_offer(&s->candidates, lut, c);
}

/* One whole product, or two of which the low one has a shorter slope. */
static void add_splits(search *s, choice c, const fit *f)
{
    int b = s->n - c.alpha;
    offer_choice(s, &c, f);
    for (int split = 2; split + 2 <= b; split += 2) {
        for (int slack = 0; slack <= 1; slack++) {
            c.split = (int8_t)split;
            c.cut = (int8_t)(c.line_drop - split - slack);
            if (c.cut > 0)
                offer_choice(s, &c, f);
        }
    }
}

/* The bits of the square and of its factor for which their errors are a small part of an ulp. */
static void add_curves(search *s, choice c, const fit *f)
{
    int b = s->n - c.alpha;
    double largest = f->most_curve * ldexp(1, 2 * (b - 1)); /* ulps at a segment's end */
    int wanted = (int)ceil(log2(fmax(largest, 1) / 0.15)) + 1;
    for (int bits = wanted - 2; bits <= wanted; bits++) {
        if (bits < 2 || bits > b || bits > POLYNOMIAL_MAX_SQUARE)
            continue;
        for (int word = wanted - 3; word <= wanted; word++) {
            for (int drop = 0; drop <= 2 * (bits - 2) && drop <= 4; drop += 2) {
                c.square_bits = (int8_t)bits;
                c.square_drop = (int8_t)drop;
                c.curve_drop = 0;
                double unit = f->most_curve * curve_scale(&c, b);
                int exponent;
                frexp(fmax(unit, 1e-9), &exponent);
                if (word - exponent < 0 || word < 1 || word - exponent > 40)
                    continue;
                c.curve_drop = (int8_t)(word - exponent);
                add_splits(s, c, f);
            }
        }
    }
}

static void add_candidates(search *s, int alpha, int degree)
{
    const fit *f = fit_of(s, alpha, degree);
    int b = s->n - alpha;
    if (!f)
        return;
    for (int guard = 1; guard <= MOST_GUARD; guard++) {
        for (int bits = b - 3; bits <= b + 2; bits++) {
            int drop = bits - guard;
            if (drop < 0)
                continue;
            choice c = {.alpha = (int8_t)alpha,
                        .degree = (int8_t)degree,
                        .guard = (int8_t)guard,
                        .line_drop = (int8_t)drop};
            if (degree == 2)
                add_curves(s, c, f);
            else
                add_splits(s, c, f);
        }
    }
}

/* ---------------------------------------------------------------- the words */

static int64_t sum_of(const polynomial *p, uint32_t k)
{
    int b = p->index_bits - p->alpha;
    uint32_t a = k >> b;
    int64_t t = (int64_t)(k & ((1u << b) - 1));
    choice c = {
        .line_drop = (int8_t)p->line_drop, .split = (int8_t)p->split, .cut = (int8_t)p->cut};
    int64_t sum = p->words[0][a] + line_of(&c, p->words[1][a], t);
    if (p->degree == 2) {
        int64_t square = square_of(p->square_bits, p->square_drop, t >> (b - p->square_bits));
        sum += (p->words[2][a] * square) >> p->curve_drop;
    }
    return sum;
}

int64_t polynomial_eval(const polynomial *p, uint32_t k)
{
    return sum_of(p, k) >> p->guard;
}

static bool build(search *s, polynomial *out, arena *memory, const choice *c, double lut)
{
    size_t cells = (size_t)1 << c->alpha;
    *out = (polynomial){.index_bits = s->n,
                        .alpha = c->alpha,
                        .degree = c->degree,
                        .guard = c->guard,
                        .line_drop = c->line_drop,
                        .split = c->split,
                        .cut = c->cut,
                        .square_bits = c->square_bits,
                        .square_drop = c->square_drop,
                        .curve_drop = c->curve_drop,
                        .lut = lut};
    for (int i = 0; i <= c->degree; i++)
        out->words[i] = ARENA_ARRAY(memory, int64_t, cells);
    if (memory->failed)
        return false;
    for (uint32_t a = 0; a < cells; a++) {
        int64_t words[3] = {0};
        if (!words_of(s, c, a, words))
            return false;
        for (int i = 0; i <= c->degree; i++)
            out->words[i][a] = words[i];
    }
    for (int i = 0; i <= c->degree; i++)
        out->table_bits += ldexp(words_format(out->words[i], cells, 0).width, c->alpha);
    if (c->degree == 2)
        out->table_bits += ldexp(2 * c->square_bits - 3 - c->square_drop, c->square_bits - 1);
    for (uint32_t k = 0; k < 1u << s->n; k++) {
        int64_t sum = sum_of(out, k);
        out->least = k == 0 || sum < out->least ? sum : out->least;
        out->most = k == 0 || sum > out->most ? sum : out->most;
    }
    return true;
}

static int64_t eval_form(const void *form, uint32_t k)
{
    return polynomial_eval(form, k);
}

static void offer_all(void *context)
{
    search *s = context;
    for (int alpha = 1; alpha + LEAST_BITS <= s->n && s->n <= POLYNOMIAL_MAX_INDEX; alpha++) {
        if (!candidates_want(&s->candidates, cost_table_most(alpha, s->result_bits)))
            break;
        for (int degree = 1; degree <= 2; degree++)
            add_candidates(s, alpha, degree);
    }
    s->candidates.failed = s->candidates.failed || s->failed;
}

static bool holds(void *context, const candidate *c)
{
    choice tried;
    memcpy(&tried, c->choice, sizeof tried);
    return choice_holds(context, &tried);
}

symlut_status polynomial_search(polynomial *out, bool *found, arena *memory,
                                const bounded_function *problem, double lut_limit,
                                symlut_error *err)
{
    candidate cheapest;
    choice c;
    *found = false;
    search *s = calloc(1, sizeof *s);
    if (!s)
        return error_memory(err);
    s->problem = problem;
    s->n = problem->index_bits;
    s->result_bits = bounded_result_bits(problem);
    if (candidates_first(&cheapest, &s->candidates, lut_limit, offer_all, holds, s)) {
        memcpy(&c, cheapest.choice, sizeof c);
        *found = build(s, out, memory, &c, (double)cheapest.lut) &&
                 bounded_holds(problem, eval_form, out);
        s->failed = s->failed || !*found;
    }
    bool ok = !s->failed && !s->candidates.failed;
    arena_free(&s->scratch);
    free(s);
    return ok ? SYMLUT_OK : error_memory(err);
}
