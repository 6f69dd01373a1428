/* Contents of tables by function, shape and format: a search lowers one model many times. */
#include "lower/table_cache.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };

/* A faithful form over a part of the indices. */
typedef struct form form;
struct form {
    form *next;
    table_reach reach;
    approximation *cheapest;
};

typedef struct entry entry;
struct entry {
    entry *next;
    expr f;
    table_shape shape;
    format word;
    int64_t *words;     /* NULL: not asked for yet */
    double *low, *high; /* bounds of the values; NULL: not asked for yet */
    bool *is_nan;
    form *forms;
};

struct table_cache {
    arena memory;
    entry *buckets[BUCKETS];
};

table_cache *table_cache_new(void)
{
    return calloc(1, sizeof(table_cache));
}

void table_cache_free(table_cache *cache)
{
    if (cache)
        arena_free(&cache->memory);
    free(cache);
}

static bool same(const entry *e, const table_shape *s, expr f, format word)
{
    return e->shape.index_bits == s->index_bits && e->shape.index_frac == s->index_frac &&
           e->shape.argument_frac == s->argument_frac && e->shape.first == s->first &&
           e->shape.wraps == s->wraps && e->shape.offset == s->offset &&
           format_equal(e->word, word) && expr_equal(e->f, f);
}

static uint64_t mix(uint64_t h, uint64_t part)
{
    return (h ^ part) * 0x9e3779b97f4a7c15U;
}

static size_t bucket_of(const table_shape *s, expr f, format word)
{
    uint64_t h = (uint64_t)f.count;
    const int parts[] = {s->index_bits, s->index_frac, s->argument_frac, (int)s->first,
                         word.width,    word.frac,     s->wraps};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        h = mix(h, (uint64_t)(int64_t)parts[i]);
    for (int i = 0; i < f.count; i++) {
        uint64_t value;
        memcpy(&value, &f.nodes[i].value, sizeof value);
        h = mix(mix(h, f.nodes[i].op), value);
    }
    return (size_t)(h >> 32) % BUCKETS;
}

static bool draft_words(int64_t *words, bool *is_nan, const table_shape *s, expr f, format word)
{
    double *stack = calloc((size_t)f.count, sizeof *stack);
    for (int64_t k = 0; stack && k < (int64_t)1 << s->index_bits; k++) {
        double step = ldexp(1, -s->index_frac), unit = ldexp(1, -s->argument_frac);
        double x = table_argument(s, k) + (step - unit) / 2;
        double y = expr_eval(f, &x, stack);
        is_nan[k] = isnan(y);
        words[table_position(s, k)] = format_from_double(word, y);
    }
    free(stack);
    return stack != NULL;
}

static symlut_status find(entry **out, table_cache *cache, const table_shape *s, expr f,
                          format word, symlut_error *err)
{
    entry **bucket = &cache->buckets[bucket_of(s, f, word)];
    entry *e = *bucket;
    while (e && !same(e, s, f, word))
        e = e->next;
    *out = e;
    if (e)
        return SYMLUT_OK;
    e = ARENA_NEW(&cache->memory, entry);
    bool *nans = ARENA_ARRAY(&cache->memory, bool, (size_t)1 << s->index_bits);
    expr kept = expr_copy(&cache->memory, f);
    if (!e || !nans || cache->memory.failed)
        return error_memory(err);
    *e = (entry){.next = *bucket, .f = kept, .shape = *s, .word = word, .is_nan = nans};
    *bucket = e;
    *out = e;
    return SYMLUT_OK;
}

static bool make_words(entry *e, arena *memory, bool draft)
{
    if (e->words)
        return true;
    int64_t *words = ARENA_ARRAY(memory, int64_t, (size_t)1 << e->shape.index_bits);
    bool made = words && (draft ? draft_words(words, e->is_nan, &e->shape, e->f, e->word)
                                : table_words(words, e->is_nan, &e->shape, e->f, e->word));
    e->words = made ? words : NULL;
    return made;
}

static bool make_bounds(entry *e, arena *memory)
{
    if (e->low)
        return true;
    size_t entries = (size_t)1 << e->shape.index_bits;
    double *low = ARENA_ARRAY(memory, double, entries),
           *high = ARENA_ARRAY(memory, double, entries);
    if (!low || !high || !table_values(low, high, e->is_nan, &e->shape, e->f, e->word))
        return false;
    e->low = low;
    e->high = high;
    return true;
}

/* The cheapest faithful form over the reach. */
static symlut_status approximate(approximation **out, const entry *e, arena *memory,
                                 table_reach reach, symlut_error *err)
{
    const table_shape *s = &e->shape;
    int64_t first = s->offset ? 0 : s->first;
    size_t skip = (size_t)(reach.lo - first);
    approximation_problem problem = {.f = e->f,
                                     .low = e->low + skip,
                                     .high = e->high + skip,
                                     .in = format_for(reach.lo, reach.hi, s->index_frac),
                                     .lo = reach.lo,
                                     .hi = reach.hi,
                                     .out = e->word,
                                     .tolerance = 1};
    return approximation_make(out, memory, &problem, err);
}

static symlut_status find_form(const approximation **out, entry *e, table_cache *cache,
                               table_reach reach, symlut_error *err)
{
    for (form *f = e->forms; f; f = f->next) {
        if (f->reach.lo == reach.lo && f->reach.hi == reach.hi) {
            *out = f->cheapest;
            return SYMLUT_OK;
        }
    }
    form *f = ARENA_NEW(&cache->memory, form);
    if (!f)
        return error_memory(err);
    *f = (form){e->forms, reach, NULL};
    symlut_status status = approximate(&f->cheapest, e, &cache->memory, reach, err);
    if (status == SYMLUT_OK)
        e->forms = f;
    *out = f->cheapest;
    return status;
}

symlut_status table_cache_get(table_contents *out, table_cache *cache, const table_shape *s, expr f,
                              format word, const table_reach *reach, bool draft, symlut_error *err)
{
    entry *e;
    symlut_status status = find(&e, cache, s, f, word, err);
    if (status != SYMLUT_OK)
        return status;
    bool made = reach ? make_bounds(e, &cache->memory) : make_words(e, &cache->memory, draft);
    if (!made)
        return error_memory(err);
    *out = (table_contents){e->words, e->is_nan, NULL};
    return reach ? find_form(&out->cheapest, e, cache, *reach, err) : SYMLUT_OK;
}
