/* A fork-join loop over threads. The work must not depend on which thread runs which index. */
#ifndef BASE_PARALLEL_H
#define BASE_PARALLEL_H

#include <stddef.h>

typedef struct pool pool;

/* threads ≥ 1; NULL when out of memory or threads cannot start. */
pool *pool_new(int threads);
void pool_free(pool *p);
int pool_threads(const pool *p);
/* Calls body(context, index, worker) once for each index in [0, count), each on one of the pool's
 * workers (0 ≤ worker < threads, the caller is worker 0); returns when all are done. */
void pool_run(pool *p, size_t count, void (*body)(void *context, size_t index, int worker),
              void *context);
/* From here on, while the caller of pool_run has no work left and waits for the others, it calls
 * look(context) ten times a second. NULL: it only waits. */
void pool_watch(pool *p, void (*look)(void *context), void *context);
/* Number of processors this process may use. */
int processor_count(void);

#endif
