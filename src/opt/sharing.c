/* Greedy sharing of two-term sums among columns (Hosangadi, Fallah, Kastner 2006; under a limit of
 * delay as in da4ml, arXiv 2507.04535).
 *
 * A pair of terms low·2^i ± high·2^(i+s) is one value wherever it occurs, up to a shift and a sign.
 * The pair that occurs most often is made once and takes the place of its occurrences, again and
 * again. The limit of delay is exact: terms of depths d_k can be summed in D levels if and only if
 * Σ 2^d_k ≤ 2^D (Kraft), so a column takes a value as long as its sum stays within that. Counts are
 * kept in a hash table and candidates in a heap whose scores are corrected when they come up. */
#include "opt/sharing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- memory */

static bool grow(sharing *s, void **array, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return true;
    size_t wanted = *capacity ? *capacity * 2 : 16;
    void *moved = s->failed ? NULL : realloc(*array, wanted * size);
    if (!moved) {
        s->failed = true;
        return false;
    }
    *array = moved;
    *capacity = wanted;
    return true;
}

static bool grow32(sharing *s, void **array, uint32_t count, uint32_t *capacity, size_t size)
{
    size_t wide = *capacity;
    bool room = grow(s, array, count, &wide, size);
    *capacity = (uint32_t)wide;
    return room;
}

static uint32_t add_value(sharing *s, int depth, double lo, double hi)
{
    void *values = s->values, *adders = s->adders;
    uint32_t capacity = s->value_capacity;
    bool room = grow32(s, &values, s->value_count, &s->value_capacity, sizeof *s->values);
    s->values = values;
    if (room && s->value_capacity != capacity) {
        void *moved = realloc(adders, s->value_capacity * sizeof *s->adders);
        if (moved)
            s->adders = moved;
        else
            s->failed = true;
    }
    if (s->failed)
        return CMVM_ZERO;
    s->values[s->value_count] = (shared_value){.depth = depth, .lo = lo, .hi = hi};
    return s->value_count++;
}

void sharing_begin(sharing *s, const cmvm_input *inputs, size_t count, uint64_t seed)
{
    *s = (sharing){.seed = seed, .input_count = (uint32_t)count};
    for (size_t k = 0; k < count; k++)
        add_value(s, inputs[k].depth, inputs[k].lo, inputs[k].hi);
}

static void free_columns(sharing *s)
{
    for (size_t c = 0; c < s->column_count; c++)
        free(s->columns[c].terms);
    free(s->columns);
    s->columns = NULL;
    s->column_count = 0;
    for (uint32_t v = 0; v < s->value_count; v++)
        s->values[v].count = 0;
}

void sharing_free(sharing *s)
{
    free_columns(s);
    for (uint32_t v = 0; v < s->value_count; v++)
        free(s->values[v].columns);
    free(s->values);
    free(s->adders);
    free(s->table);
    free(s->heap);
    *s = (sharing){0};
}

void sharing_columns(sharing *s, size_t count)
{
    free_columns(s);
    s->columns = s->failed ? NULL : calloc(count + 1, sizeof *s->columns);
    if (!s->columns) {
        s->failed = true;
        return;
    }
    s->column_count = count;
    for (size_t c = 0; c < count; c++)
        s->columns[c].limit = HUGE_VAL;
}

/* ---------------------------------------------------------------- columns */

static uint32_t find_term(const column *c, uint32_t id, int shift)
{
    for (uint32_t k = 0; k < c->count; k++) {
        if (c->terms[k].id == id && c->terms[k].shift == shift)
            return k;
    }
    return CMVM_ZERO;
}

static void drop_term(sharing *s, column *c, uint32_t k)
{
    c->load -= ldexp(1, s->values[c->terms[k].id].depth);
    c->terms[k] = c->terms[--c->count];
}

static void push_term(sharing *s, size_t number, cmvm_term t)
{
    column *c = &s->columns[number];
    shared_value *v = &s->values[t.id];
    void *terms = c->terms, *places = v->columns;
    bool room = grow32(s, &terms, c->count, &c->capacity, sizeof *c->terms);
    c->terms = terms;
    room = grow32(s, &places, v->count, &v->capacity, sizeof *v->columns) && room;
    v->columns = places;
    if (!room)
        return;
    c->terms[c->count++] = t;
    c->load += ldexp(1, v->depth);
    if (v->count == 0 || v->columns[v->count - 1] != number)
        v->columns[v->count++] = (uint32_t)number;
}

void sharing_term(sharing *s, size_t number, cmvm_term t)
{
    while (!s->failed && t.id != CMVM_ZERO) {
        column *c = &s->columns[number];
        uint32_t there = find_term(c, t.id, t.shift);
        if (there == CMVM_ZERO) {
            push_term(s, number, t);
            return;
        }
        bool cancels = c->terms[there].minus != t.minus;
        drop_term(s, c, there);
        if (cancels)
            return;
        t.shift++;
    }
}

int sharing_depth(const column *c)
{
    int depth = 0;
    while (ldexp(1, depth) < c->load)
        depth++;
    return depth;
}

/* ---------------------------------------------------------------- pairs */

enum {
    ID_BITS = 27,
    SHIFT_BITS = 8
}; /* of a key; beside them the sign and a bit that says "used" */

/* Which of two terms is the low one. */
static bool is_low(cmvm_term a, cmvm_term b)
{
    return a.shift != b.shift ? a.shift < b.shift : a.id < b.id;
}

static uint64_t key_of(cmvm_term a, cmvm_term b)
{
    bool ordered = is_low(a, b);
    cmvm_term low = ordered ? a : b, high = ordered ? b : a;
    uint64_t key = (uint64_t)1 << ID_BITS | low.id;
    key = key << ID_BITS | high.id;
    key = key << SHIFT_BITS | (uint64_t)(high.shift - low.shift);
    return key << 1 | (low.minus != high.minus);
}

static cmvm_adder adder_of(uint64_t key)
{
    uint64_t id_mask = ((uint64_t)1 << ID_BITS) - 1;
    return (cmvm_adder){.minus = key & 1,
                        .shift = (int)(key >> 1 & (((uint64_t)1 << SHIFT_BITS) - 1)),
                        .high = (uint32_t)(key >> (SHIFT_BITS + 1) & id_mask),
                        .low = (uint32_t)(key >> (SHIFT_BITS + 1 + ID_BITS) & id_mask)};
}

static uint64_t scramble(uint64_t h)
{
    h ^= h >> 31;
    h *= 0x9e3779b97f4a7c15U;
    h ^= h >> 29;
    h *= 0xbf58476d1ce4e5b9U;
    return h ^ h >> 32;
}

static pair_count *find_pair(const sharing *s, uint64_t key)
{
    size_t at = scramble(key) & s->table_mask;
    while (s->table[at].key && s->table[at].key != key)
        at = (at + 1) & s->table_mask;
    return &s->table[at];
}

static bool make_table(sharing *s, size_t size)
{
    pair_count *old = s->table;
    size_t old_size = old ? s->table_mask + 1 : 0;
    pair_count *made = calloc(size, sizeof *made);
    if (!made) {
        s->failed = true;
        return false;
    }
    s->table = made;
    s->table_mask = size - 1;
    s->table_used = 0;
    for (size_t k = 0; k < old_size; k++) {
        if (old[k].count) {
            *find_pair(s, old[k].key) = old[k];
            s->table_used++;
        }
    }
    free(old);
    return true;
}

static double bits_of(double lo, double hi)
{
    double most = fmax(fabs(lo), fabs(hi) + 1);
    return (most > 1 ? ceil(log2(most)) : 1) + (lo < 0);
}

/* More occurrences first. Among equals recent values, which lets sums grow: by the older of the
 * two, by both, or by the bits that they share, as the seed says; larger seeds shuffle neighbours.
 */
static uint64_t score_of(const sharing *s, uint64_t key, uint32_t count)
{
    enum { RULES = 3, SHUFFLED = 32 };
    cmvm_adder a = adder_of(key);
    uint64_t older = a.low < a.high ? a.low : a.high, rank = older, bits = 0;
    if (s->seed % RULES == 1)
        rank = (uint64_t)a.low + a.high;
    if (s->seed % RULES == 2) {
        const shared_value *low = &s->values[a.low], *high = &s->values[a.high];
        bits = (uint64_t)fmin(bits_of(low->lo, low->hi), bits_of(high->lo, high->hi) + a.shift);
        bits = bits > 15 ? 15 : bits;
    }
    if (s->seed >= RULES)
        rank += scramble(key ^ s->seed) % SHUFFLED;
    return (uint64_t)count << 32 | bits << 28 | rank;
}

static void push_candidate(sharing *s, uint64_t key, uint32_t count)
{
    void *heap = s->heap;
    bool room = grow(s, &heap, s->heap_count, &s->heap_capacity, sizeof *s->heap);
    s->heap = heap;
    if (!room)
        return;
    candidate made = {score_of(s, key, count), key};
    size_t at = s->heap_count++;
    for (; at > 0 && s->heap[(at - 1) / 2].score < made.score; at = (at - 1) / 2)
        s->heap[at] = s->heap[(at - 1) / 2];
    s->heap[at] = made;
}

static candidate pop_candidate(sharing *s)
{
    candidate top = s->heap[0], last = s->heap[--s->heap_count];
    size_t at = 0;
    for (size_t child = 1; child < s->heap_count; child = 2 * at + 1) {
        if (child + 1 < s->heap_count && s->heap[child + 1].score > s->heap[child].score)
            child++;
        if (s->heap[child].score <= last.score)
            break;
        s->heap[at] = s->heap[child];
        at = child;
    }
    s->heap[at] = last;
    return top;
}

static void count_pair(sharing *s, cmvm_term a, cmvm_term b)
{
    int apart = a.shift - b.shift;
    if (apart >= 1 << SHIFT_BITS || -apart >= 1 << SHIFT_BITS)
        return;
    if (s->table_used * 4 > s->table_mask * 3 && !make_table(s, 2 * (s->table_mask + 1)))
        return;
    uint64_t key = key_of(a, b);
    pair_count *p = find_pair(s, key);
    s->table_used += p->key == 0;
    p->key = key;
    if (++p->count >= 2)
        push_candidate(s, key, p->count);
}

static void discount_pair(sharing *s, cmvm_term a, cmvm_term b)
{
    pair_count *p = find_pair(s, key_of(a, b));
    if (p->key)
        p->count--;
}

static void remove_term(sharing *s, column *c, uint32_t k)
{
    cmvm_term t = c->terms[k];
    drop_term(s, c, k);
    for (uint32_t j = 0; j < c->count; j++)
        discount_pair(s, t, c->terms[j]);
}

static void insert_term(sharing *s, size_t number, cmvm_term t)
{
    column *c = &s->columns[number];
    for (uint32_t j = 0; j < c->count && !s->failed; j++)
        count_pair(s, t, c->terms[j]);
    push_term(s, number, t);
}

static void count_all(sharing *s)
{
    s->heap_count = 0;
    free(s->table);
    s->table = NULL;
    size_t pairs = 0, size = 1024;
    for (size_t c = 0; c < s->column_count; c++)
        pairs += (size_t)s->columns[c].count * s->columns[c].count / 2;
    while (size < pairs && size < (size_t)1 << 20)
        size *= 2;
    if (!make_table(s, size))
        return;
    for (size_t c = 0; c < s->column_count; c++) {
        const column *x = &s->columns[c];
        for (uint32_t k = 1; k < x->count; k++) {
            for (uint32_t j = 0; j < k && !s->failed; j++)
                count_pair(s, x->terms[k], x->terms[j]);
        }
    }
}

/* ---------------------------------------------------------------- additions */

static uint32_t add_adder(sharing *s, cmvm_adder a)
{
    shared_value low = s->values[a.low], high = s->values[a.high];
    double lo = ldexp(a.minus ? -high.hi : high.lo, a.shift);
    double hi = ldexp(a.minus ? -high.lo : high.hi, a.shift);
    int depth = (low.depth > high.depth ? low.depth : high.depth) + 1;
    uint32_t made = add_value(s, depth, low.lo + lo, low.hi + hi);
    if (made == CMVM_ZERO)
        return made;
    s->adders[made - s->input_count] = a;
    s->full_adders += fmax(bits_of(low.lo, low.hi), bits_of(high.lo, high.hi) + a.shift) + 1;
    return made;
}

/* The load of a column when the pair becomes one term. */
static bool takes_pair(const sharing *s, const column *c, cmvm_adder a)
{
    int low = s->values[a.low].depth, high = s->values[a.high].depth;
    double less = ldexp(1, low) + ldexp(1, high), more = ldexp(2, low > high ? low : high);
    return c->load - less + more <= c->limit;
}

/* Next occurrence of the pair in a column, from term *k on; *other is the high term. */
static bool next_match(const column *c, cmvm_adder a, uint32_t *k, uint32_t *other)
{
    for (; *k < c->count; (*k)++) {
        cmvm_term t = c->terms[*k];
        if (t.id != a.low)
            continue;
        *other = find_term(c, a.high, t.shift + a.shift);
        if (*other != CMVM_ZERO && *other != *k && (c->terms[*other].minus != t.minus) == a.minus)
            return true;
    }
    return false;
}

/* Occurrences that the limits allow; an upper bound where a term is in two of them. */
static uint32_t count_matches(const sharing *s, cmvm_adder a)
{
    const shared_value *v = &s->values[a.low];
    uint32_t matches = 0, other;
    for (uint32_t j = 0; j < v->count; j++) {
        const column *c = &s->columns[v->columns[j]];
        if (!takes_pair(s, c, a))
            continue;
        for (uint32_t k = 0; next_match(c, a, &k, &other); k++)
            matches++;
    }
    return matches;
}

static void replace_in_column(sharing *s, uint32_t number, cmvm_adder a, uint32_t made)
{
    column *c = &s->columns[number];
    uint32_t k = 0, other;
    while (!s->failed && takes_pair(s, c, a) && next_match(c, a, &k, &other)) {
        cmvm_term t = c->terms[k];
        remove_term(s, c, k > other ? k : other);
        remove_term(s, c, k > other ? other : k);
        insert_term(s, number, (cmvm_term){.id = made, .shift = t.shift, .minus = t.minus});
        k = 0;
    }
}

void sharing_run(sharing *s)
{
    if (!s->failed)
        count_all(s);
    while (!s->failed && s->heap_count) {
        candidate top = pop_candidate(s);
        uint32_t count = find_pair(s, top.key)->count;
        if (count < 2)
            continue;
        cmvm_adder a = adder_of(top.key);
        uint32_t matches = count_matches(s, a);
        if (matches < 2)
            continue;
        if (score_of(s, top.key, matches) < top.score) {
            push_candidate(s, top.key, matches);
            continue;
        }
        uint32_t made = add_adder(s, a);
        if (made == CMVM_ZERO)
            return;
        for (uint32_t j = 0; j < s->values[a.low].count && !s->failed; j++)
            replace_in_column(s, s->values[a.low].columns[j], a, made);
    }
}

/* ---------------------------------------------------------------- what is left */

static bool earlier(const sharing *s, cmvm_term a, cmvm_term b)
{
    int da = s->values[a.id].depth, db = s->values[b.id].depth;
    if (da != db)
        return da < db;
    return a.shift != b.shift ? a.shift < b.shift : a.id < b.id;
}

static cmvm_term add_terms(sharing *s, cmvm_term a, cmvm_term b)
{
    bool ordered = is_low(a, b);
    cmvm_term low = ordered ? a : b, high = ordered ? b : a;
    cmvm_adder adder = {low.id, high.id, high.shift - low.shift, low.minus != high.minus};
    return (cmvm_term){.id = add_adder(s, adder), .shift = low.shift, .minus = low.minus};
}

cmvm_term sharing_sum(sharing *s, size_t number)
{
    cmvm_term none = {.id = CMVM_ZERO};
    column *c = &s->columns[number];
    if (s->failed || c->count == 0)
        return none;
    /* insertion sort; then always the two that arrive first */
    for (uint32_t k = 1; k < c->count; k++) {
        cmvm_term t = c->terms[k];
        uint32_t at = k;
        for (; at > 0 && earlier(s, t, c->terms[at - 1]); at--)
            c->terms[at] = c->terms[at - 1];
        c->terms[at] = t;
    }
    cmvm_term *t = c->terms, *end = c->terms + c->count;
    while (end - t > 1) {
        cmvm_term sum = add_terms(s, t[0], t[1]);
        if (s->failed)
            return none;
        cmvm_term *at = ++t;
        for (; at + 1 < end && earlier(s, at[1], sum); at++)
            *at = at[1];
        *at = sum;
    }
    return t[0];
}
