/* Words of tables by function, shape and format: a search lowers one model many times. */
#include "base/arena.h"
#include "lower/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BUCKETS = 4096 };

typedef struct entry entry;
struct entry {
    entry *next;
    table_function function;
    table_shape shape;
    format word;
    int64_t *words;
    bool *is_nan;
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

static bool same(const entry *e, const table_shape *s, table_function f, format word)
{
    if (e->function.body.count != f.body.count ||
        (f.body.count && !expr_equal(e->function.body, f.body)))
        return false;
    return e->function.op == f.op && e->function.constant_first == f.constant_first &&
           e->function.constant == f.constant && e->shape.index_bits == s->index_bits &&
           e->shape.index_frac == s->index_frac && e->shape.argument_frac == s->argument_frac &&
           e->shape.first == s->first && e->shape.wraps == s->wraps &&
           e->shape.offset == s->offset && format_equal(e->word, word);
}

static size_t bucket_of(const table_shape *s, table_function f, format word)
{
    uint64_t h = (uint64_t)f.op * 1315423911U;
    const int parts[] = {s->index_bits, s->index_frac, s->argument_frac, (int)s->first,
                         word.width,    word.frac,     s->wraps};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        h = (h ^ (uint64_t)(int64_t)parts[i]) * 0x9e3779b97f4a7c15U;
    for (int i = 0; i < f.body.count; i++) {
        uint64_t bits;
        memcpy(&bits, &f.body.nodes[i].value, sizeof bits);
        h = (h ^ bits ^ f.body.nodes[i].op) * 0x9e3779b97f4a7c15U;
    }
    return (size_t)(h >> 32) % BUCKETS;
}

/* Words of an expression, in double. */
static bool body_words(int64_t *words, bool *is_nan, const table_shape *s, expr f, format word)
{
    double *stack = malloc((size_t)f.count * sizeof *stack);
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

const int64_t *table_cache_words(table_cache *cache, const bool **is_nan, const table_shape *s,
                                 table_function f, format word)
{
    entry **bucket = &cache->buckets[bucket_of(s, f, word)];
    entry *e = *bucket;
    while (e && !same(e, s, f, word))
        e = e->next;
    if (!e) {
        size_t entries = (size_t)1 << s->index_bits;
        e = ARENA_NEW(&cache->memory, entry);
        int64_t *words = ARENA_ARRAY(&cache->memory, int64_t, entries);
        bool *nans = ARENA_ARRAY(&cache->memory, bool, entries);
        if (!e || !words || !nans)
            return NULL;
        *e = (entry){*bucket, f, *s, word, words, nans};
        if (f.body.count) {
            e->function.body = expr_copy(&cache->memory, f.body);
            if (!e->function.body.count || !body_words(words, nans, s, f.body, word))
                return NULL;
        } else {
            table_words(words, nans, s, f, word);
        }
        *bucket = e;
    }
    *is_nan = e->is_nan;
    return e->words;
}
