/* What a table over a bit slice holds, computed once. */
#ifndef LOWER_TABLE_CACHE_H
#define LOWER_TABLE_CACHE_H

#include "lower/approximate.h"
#include "lower/table.h"

typedef struct table_contents {
    const int64_t *words; /* as table_words gives them; NULL with reach */
    const bool *is_nan;
    const approximation *cheapest; /* faithful, of the index; NULL: not asked for */
} table_contents;

/* Borrowed from the cache, all of whose tables are drafts or none: the words of a draft come from
 * double arithmetic. f is an expression of input 0. With reach, the faithful form serves the
 * indices (values of table_index) from reach->lo to reach->hi; NULL: none is asked for. */
typedef struct table_reach {
    int64_t lo, hi;
} table_reach;
symlut_status table_cache_get(table_contents *out, table_cache *cache, const table_shape *s, expr f,
                              format word, const table_reach *reach, bool draft, symlut_error *err);

#endif
