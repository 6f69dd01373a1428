/* The built-in sample: toy jets as a CSV file. */
#include "base/file.h"
#include "base/parallel.h"
#include "base/text.h"
#include "data/observables.h"

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 1024, ORDER_STREAM = 0x6a657473, COUNT_MAX = 5000000 };

typedef struct jet_batch {
    uint64_t seed, first;
    double (*rows)[JET_OBSERVABLES]; /* [BATCH] */
    unsigned char *kinds;            /* [BATCH] */
} jet_batch;

/* Five jets in a row are one of each class, in an order of their own. */
static jet_class class_of(uint64_t seed, uint64_t index)
{
    jet_class order[JET_CLASSES] = {JET_GLUON, JET_QUARK, JET_TOP, JET_W, JET_Z};
    rng r = rng_make(seed + ORDER_STREAM, index / JET_CLASSES);
    for (uint32_t i = JET_CLASSES; i > 1; i--) {
        uint32_t j = rng_below(&r, i);
        jet_class swapped = order[i - 1];
        order[i - 1] = order[j];
        order[j] = swapped;
    }
    return order[index % JET_CLASSES];
}

/* Each jet has a stream of random numbers of its own, so that threads do not matter. A jet with
 * fewer than five particles has no shape to speak of and is drawn again. */
static void make_jet(void *context, size_t index, int worker)
{
    (void)worker;
    jet_batch *batch = context;
    uint64_t number = batch->first + index;
    jet_class kind = class_of(batch->seed, number);
    rng r = rng_make(batch->seed, number);
    particle particles[JET_PARTICLES_MAX];
    int count;
    do
        count = shower_jet(particles, kind, &r);
    while (count < 5);
    jet_observables(batch->rows[index], particles, count);
    batch->kinds[index] = (unsigned char)kind;
}

static void write_rows(text *out, const jet_batch *batch, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (int k = 0; k < JET_OBSERVABLES; k++)
            text_printf(out, "%.9g,", batch->rows[i][k]);
        text_printf(out, "%c\n", "gqtwz"[batch->kinds[i]]);
    }
}

static symlut_status make_jets(text *out, jet_batch *batch, size_t count, pool *workers,
                               const symlut_hooks *hooks, symlut_error *err)
{
    for (int k = 0; k < JET_OBSERVABLES; k++)
        text_printf(out, "%s,", jet_observable_names[k]);
    text_append(out, "label\n");
    for (size_t done = 0; done < count; done += BATCH) {
        if (hooks_stop(hooks))
            return error_set(err, SYMLUT_INTERRUPTED, "stopped after %zu of %zu jets", done, count);
        size_t step = count - done < BATCH ? count - done : BATCH;
        batch->first = done;
        pool_run(workers, step, make_jet, batch);
        write_rows(out, batch, step);
        if (out->failed)
            return error_memory(err);
    }
    return SYMLUT_OK;
}

symlut_status symlut_jets_write(const char *path, size_t count, uint64_t seed,
                                const symlut_hooks *hooks, symlut_error *err)
{
    if (!path || !*path)
        return error_set(err, SYMLUT_BAD_INPUT, "no file is named to write the jets to");
    if (count == 0 || count > COUNT_MAX)
        return error_set(err, SYMLUT_BAD_INPUT, "%zu jets are asked for, expected 1 to %d", count,
                         COUNT_MAX);
    text out = {0};
    jet_batch batch = {.seed = seed};
    batch.rows = malloc(BATCH * sizeof *batch.rows);
    batch.kinds = malloc(BATCH);
    pool *workers = pool_new(processor_count());
    symlut_status status = batch.rows && batch.kinds && workers
                               ? make_jets(&out, &batch, count, workers, hooks, err)
                               : error_memory(err);
    if (status == SYMLUT_OK)
        status = file_write(path, out.data, out.length, err);
    pool_free(workers);
    free(batch.rows);
    free(batch.kinds);
    text_free(&out);
    return status;
}
