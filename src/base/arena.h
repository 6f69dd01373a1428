/* Arena: allocations that live and die together. Never freed piecemeal. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdbool.h>
#include <stddef.h>

typedef struct arena_block arena_block;

typedef struct arena {
    arena_block *blocks;
    bool failed; /* an allocation returned NULL since the arena was made */
} arena;         /* start from {0} */

/* Zeroed, 16-byte aligned; NULL when out of memory (and arena.failed is set). */
void *arena_alloc(arena *a, size_t size);
char *arena_strdup(arena *a, const char *text);
char *arena_strndup(arena *a, const char *text, size_t length);
char *arena_printf(arena *a, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* Frees everything; the arena can be used again. */
void arena_free(arena *a);
/* Keeps one block and forgets its contents: scratch arenas between uses. */
void arena_reset(arena *a);

/* A large numeric buffer, 64-byte aligned and zeroed, owned by whoever asked; free(). */
void *buffer_alloc(size_t count, size_t element_size);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, count) ((type *)arena_alloc((a), sizeof(type) * (size_t)(count)))

#endif
