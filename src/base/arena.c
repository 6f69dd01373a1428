#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct arena_block {
    arena_block *next;
    size_t capacity, used;
    _Alignas(16) unsigned char bytes[];
};

enum { BLOCK_SIZE = 64 * 1024 };

static arena_block *block_new(size_t size)
{
    size_t capacity = size > BLOCK_SIZE ? size : BLOCK_SIZE;
    arena_block *block = malloc(sizeof *block + capacity);
    if (!block)
        return NULL;
    block->next = NULL;
    block->capacity = capacity;
    block->used = 0;
    return block;
}

void *arena_alloc(arena *a, size_t size)
{
    if (size > SIZE_MAX / 2) {
        a->failed = true;
        return NULL;
    }
    size = (size + 15) & ~(size_t)15;
    if (!a->blocks || a->blocks->capacity - a->blocks->used < size) {
        arena_block *block = block_new(size);
        if (!block) {
            a->failed = true;
            return NULL;
        }
        block->next = a->blocks;
        a->blocks = block;
    }
    void *p = a->blocks->bytes + a->blocks->used;
    a->blocks->used += size;
    return memset(p, 0, size);
}

char *arena_strndup(arena *a, const char *text, size_t length)
{
    char *copy = arena_alloc(a, length + 1);
    if (copy)
        memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(arena *a, const char *text)
{
    return arena_strndup(a, text, strlen(text));
}

char *arena_printf(arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        return NULL;
    char *text = arena_alloc(a, (size_t)length + 1);
    if (!text)
        return NULL;
    va_start(args, format);
    vsnprintf(text, (size_t)length + 1, format, args);
    va_end(args);
    return text;
}

void arena_free(arena *a)
{
    for (arena_block *block = a->blocks; block;) {
        arena_block *next = block->next;
        free(block);
        block = next;
    }
    a->blocks = NULL;
    a->failed = false;
}

void arena_reset(arena *a)
{
    arena_block *kept = a->blocks;
    if (kept) {
        a->blocks = kept->next;
        kept->next = NULL;
        kept->used = 0;
    }
    arena_free(a);
    a->blocks = kept;
}

void *buffer_alloc(size_t count, size_t element_size)
{
    if (element_size && count > (SIZE_MAX - 63) / element_size)
        return NULL;
    size_t size = (count * element_size + 63) & ~(size_t)63;
    void *p = aligned_alloc(64, size ? size : 64);
    return p ? memset(p, 0, size) : NULL;
}
