#include "expr/column_cache.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { WAYS = 8, MOST_SETS = 256, MET_BITS = 12 };

void column_cache_init(column_cache *c, size_t bytes)
{
    *c = (column_cache){.bytes = bytes};
}

void column_cache_free(column_cache *c)
{
    free(c->data);
    free(c->slots);
    free(c->met);
    *c = (column_cache){0};
}

static bool allocate(column_cache *c)
{
    if (!c->data)
        c->data = buffer_alloc(c->bytes / sizeof *c->data, sizeof *c->data);
    if (!c->slots)
        c->slots = malloc((size_t)WAYS * MOST_SETS * sizeof *c->slots);
    if (!c->met)
        c->met = malloc(((size_t)1 << MET_BITS) * sizeof *c->met);
    return c->data && c->slots && c->met;
}

void column_cache_reset(column_cache *c, size_t rows)
{
    c->stride = (rows + 15) / 16 * 16; /* columns are aligned to 64 bytes */
    size_t sets = c->bytes / (WAYS * sizeof(float) * (c->stride ? c->stride : 16));
    c->sets = sets < MOST_SETS ? sets : MOST_SETS;
    c->clock = 0;
    if (c->sets == 0 || !allocate(c)) {
        c->sets = 0;
        return;
    }
    memset(c->slots, 0, WAYS * c->sets * sizeof *c->slots);
    memset(c->met, 0, ((size_t)1 << MET_BITS) * sizeof *c->met);
}

void column_cache_begin(column_cache *c)
{
    c->clock++;
}

static size_t set_of(const column_cache *c, uint64_t key)
{
    return (size_t)((key >> 32) * c->sets >> 32) * WAYS;
}

const float *column_cache_find(column_cache *c, uint64_t key)
{
    size_t first = set_of(c, key);
    for (size_t i = first; i < first + WAYS; i++)
        if (c->slots[i].key == key) {
            c->slots[i].stamp = c->clock;
            return c->data + i * c->stride;
        }
    return NULL;
}

float *column_cache_take(column_cache *c, uint64_t key, int *slot)
{
    uint64_t *met = &c->met[key & (((uint64_t)1 << MET_BITS) - 1)];
    if (*met != key) {
        *met = key;
        return NULL;
    }
    size_t first = set_of(c, key), oldest = first;
    for (size_t i = first + 1; i < first + WAYS; i++)
        if (c->slots[i].stamp < c->slots[oldest].stamp)
            oldest = i;
    if (c->slots[oldest].stamp == c->clock)
        return NULL;
    c->slots[oldest] = (column_slot){0, c->clock};
    *slot = (int)oldest;
    return c->data + oldest * c->stride;
}

void column_cache_keep(column_cache *c, int slot, uint64_t key)
{
    c->slots[slot].key = key;
    if (key == 0)
        c->slots[slot].stamp = 0;
}
