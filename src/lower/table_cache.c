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
    int64_t *words;
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
                          format word, bool draft, symlut_error *err)
{
    entry **bucket = &cache->buckets[bucket_of(s, f, word)];
    entry *e = *bucket;
    while (e && !same(e, s, f, word))
        e = e->next;
    *out = e;
    if (e)
        return SYMLUT_OK;
    size_t entries = (size_t)1 << s->index_bits;
    e = ARENA_NEW(&cache->memory, entry);
    int64_t *words = ARENA_ARRAY(&cache->memory, int64_t, entries);
    bool *nans = ARENA_ARRAY(&cache->memory, bool, entries);
    expr kept = expr_copy(&cache->memory, f);
    if (!e || !words || !nans || cache->memory.failed)
        return error_memory(err);
    bool made = draft ? draft_words(words, nans, s, f, word) : table_words(words, nans, s, f, word);
    if (!made)
        return error_memory(err);
    *e = (entry){*bucket, kept, *s, word, words, nans, NULL};
    *bucket = e;
    *out = e;
    return SYMLUT_OK;
}

/* The cheapest faithful form over the reach. */
static symlut_status approximate(approximation **out, const entry *e, arena *memory,
                                 table_reach reach, symlut_error *err)
{
    const table_shape *s = &e->shape;
    size_t entries = (size_t)1 << s->index_bits;
    double *low = calloc(entries, sizeof *low), *high = calloc(entries, sizeof *high);
    symlut_status status = SYMLUT_OK;
    if (!low || !high || !table_values(low, high, s, e->f, e->word))
        status = error_memory(err);
    int64_t first = s->offset ? 0 : s->first;
    size_t skip = (size_t)(reach.lo - first);
    approximation_problem problem = {.f = e->f,
                                     .low = low ? low + skip : NULL,
                                     .high = high ? high + skip : NULL,
                                     .in = format_for(reach.lo, reach.hi, s->index_frac),
                                     .lo = reach.lo,
                                     .hi = reach.hi,
                                     .out = e->word,
                                     .tolerance = 1};
    if (status == SYMLUT_OK)
        status = approximation_make(out, memory, &problem, err);
    free(low);
    free(high);
    return status;
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
    symlut_status status = find(&e, cache, s, f, word, draft, err);
    if (status != SYMLUT_OK)
        return status;
    *out = (table_contents){e->words, e->is_nan, NULL};
    return reach ? find_form(&out->cheapest, e, cache, *reach, err) : SYMLUT_OK;
}
