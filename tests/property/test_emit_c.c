/* Random graphs: reference evaluator = generated C, on every output bit.
 *
 * usage: test_emit_c [GRAPHS [SEED]]   default 1,000 graphs, or 10,000 with
 * SYMLUT_THOROUGH set, as `make test` does */
#include <dlfcn.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "emit/emit.h"
#include "firmware_of.h"
#include "tool/process.h"

enum { BATCH = 500, MAX_NODES = 20, ROWS = 32 };

typedef void eval_n_function(size_t count, const int64_t *in, int64_t *out);
typedef void prepare_function(const double *raw, int64_t *in);
typedef void read_function(const int64_t *out, double *value);

/* dlsym hands functions over as data pointers */
typedef union symbol {
    void *data;
    eval_n_function *eval_n;
    prepare_function *prepare;
    read_function *read;
} symbol;

static symbol find(void *library, const char *name, const char *suffix)
{
    char full[64];
    snprintf(full, sizeof full, "%s_%s", name, suffix);
    symbol s = {.data = dlsym(library, full)};
    if (!s.data)
        printf("# no %s in the library\n", full);
    return s;
}

/* Appends the source to one file that holds the whole batch; headers stay apart. */
static bool write_sources(const symlut_firmware *fw, const char *folder, text *batch)
{
    emit_files files = {0};
    bool ok = emit_c(&files, fw, NULL) == SYMLUT_OK;
    for (size_t i = 0; ok && i < files.count; i++) {
        const emit_file *f = files.files[i];
        const char *base = strrchr(f->path, '/') + 1;
        if (base[strlen(base) - 1] == 'c') {
            text_append_n(batch, f->content.data, f->content.length);
            continue;
        }
        char path[512];
        snprintf(path, sizeof path, "%s/%s", folder, base);
        ok = file_write(path, f->content.data, f->content.length, NULL) == SYMLUT_OK;
    }
    emit_files_free(&files);
    return ok;
}

static bool same_outputs(const symlut_firmware *fw, void *library, rng *r)
{
    const graph *g = fw->g;
    size_t in_size = (size_t)g->input_count * ROWS, out_size = (size_t)g->output_count * ROWS;
    int64_t *in = calloc(in_size + 1, sizeof *in), *out = calloc(out_size, sizeof *out);
    int64_t *expected = calloc(out_size, sizeof *out);
    int64_t *scratch = calloc(graph_scratch_size(g), sizeof *scratch);
    symbol s = find(library, fw->name, "eval_n");
    bool ok = in && out && expected && scratch && s.data;
    for (size_t i = 0; ok && i < in_size; i++)
        in[i] = random_input(r, g->inputs[i / ROWS].fmt);
    if (ok) {
        graph_eval(g, ROWS, in, expected, scratch);
        s.eval_n(ROWS, in, out);
    }
    for (size_t i = 0; ok && i < out_size; i++) {
        if (out[i] == expected[i])
            continue;
        printf("# %s output %zu row %zu: %" PRId64 ", expected %" PRId64 "\n", fw->name, i / ROWS,
               i % ROWS, out[i], expected[i]);
        for (size_t k = 0; k < g->input_count; k++)
            printf("#   in[%zu] = %" PRId64 "\n", k, in[k * ROWS + i % ROWS]);
        ok = false;
    }
    free(in);
    free(out);
    free(expected);
    free(scratch);
    return ok;
}

/* prepare_input against format_quantize, read_output against format_to_double */
static bool same_conversions(const symlut_firmware *fw, void *library, rng *r)
{
    const graph *g = fw->g;
    double raw[16], value[16];
    int64_t in[16], out[16];
    symbol prepare = find(library, fw->name, "prepare_input");
    symbol read = find(library, fw->name, "read_output");
    bool ok = prepare.data && read.data && g->input_count <= 16 && g->output_count <= 16;
    for (int row = 0; ok && row < 8; row++) {
        for (uint32_t i = 0; i < g->input_count; i++) {
            const firmware_input *input = &fw->inputs[i];
            int64_t v = random_input(r, g->inputs[i].fmt);
            double quarter = format_to_double(
                (format){true, 4, (int16_t)(g->inputs[i].fmt.frac + 2)}, (int64_t)rng_below(r, 5));
            raw[i] = (format_to_double(g->inputs[i].fmt, v) + quarter) * input->scale + input->mean;
            if (rng_below(r, 20) == 0)
                raw[i] = rng_below(r, 2) ? (double)NAN : (double)INFINITY;
        }
        prepare.prepare(raw, in);
        for (uint32_t i = 0; ok && i < g->input_count; i++) {
            const firmware_input *input = &fw->inputs[i];
            int64_t e = format_quantize(g->inputs[i].fmt, (raw[i] - input->mean) / input->scale,
                                        fw->input_rounding, fw->input_overflow);
            ok = in[i] == e;
            if (!ok)
                printf("# %s input %u of %.17g: %" PRId64 ", expected %" PRId64 "\n", fw->name, i,
                       raw[i], in[i], e);
        }
        for (uint32_t i = 0; i < g->output_count; i++)
            out[i] = random_input(r, g->outputs[i].fmt);
        read.read(out, value);
        for (uint32_t i = 0; ok && i < g->output_count; i++)
            ok = value[i] == format_to_double(g->outputs[i].fmt, out[i]);
    }
    return ok;
}

static void *compile(const char *folder, const text *source, int number)
{
    char c[512], so[512];
    snprintf(c, sizeof c, "%s/batch%d.c", folder, number);
    snprintf(so, sizeof so, "%s/batch%d.so", folder, number);
    const char *argv[] = {"cc",    "-std=c99", "-O0", "-w", "-ftrapv", "-shared",
                          "-fPIC", "-o",       so,    c,    NULL};
    symlut_error err;
    if (file_write(c, source->data, source->length, &err) != SYMLUT_OK ||
        process_check(argv, NULL, &err) != SYMLUT_OK) {
        printf("# %s\n", err.message);
        return NULL;
    }
    return dlopen(so, RTLD_NOW | RTLD_LOCAL);
}

static bool run_batch(const char *folder, int number, int count, uint64_t seed, coverage *seen)
{
    symlut_firmware *all[BATCH];
    text source = {0};
    bool ok = true;
    int made = 0;
    rng r = rng_make(seed, (uint64_t)number);
    for (; ok && made < count; made++) {
        char name[32];
        snprintf(name, sizeof name, "g%d_%d", number, made);
        graph *g = graph_random(&r, MAX_NODES);
        all[made] = g ? firmware_of(g, name, &r) : NULL;
        ok = all[made] && graph_check(all[made]->g, NULL) == SYMLUT_OK &&
             write_sources(all[made], folder, &source);
        if (all[made])
            coverage_add(seen, all[made]->g);
    }
    void *library = ok ? compile(folder, &source, number) : NULL;
    ok = library != NULL;
    for (int i = 0; i < made; i++) {
        bool same =
            ok && same_outputs(all[i], library, &r) && same_conversions(all[i], library, &r);
        if (ok && !same) {
            text t = {0};
            graph_print(all[i]->g, &t);
            printf("# batch %d graph %d, seed %" PRIu64 ":\n%s\n", number, i, seed, t.data);
            text_free(&t);
        }
        ok = same;
        firmware_drop(all[i]);
    }
    if (library)
        dlclose(library);
    text_free(&source);
    return ok;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? strtol(argv[1], NULL, 10) : getenv("SYMLUT_THOROUGH") ? 10000 : 1000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    char *folder;
    if (temporary_folder(&folder, NULL) != SYMLUT_OK)
        return 1;
    coverage *seen = calloc(1, sizeof *seen);
    bool ok = seen != NULL;
    long done = 0;
    for (int batch = 0; ok && done < count; batch++) {
        int n = count - done < BATCH ? (int)(count - done) : BATCH;
        ok = run_batch(folder, batch, n, seed, seen);
        done += n;
    }
    directory_remove(folder, NULL);
    free(folder);
    printf("# seed %" PRIu64 ": %ld random graphs, %d vectors each: %s\n", seed, done, ROWS,
           ok ? "generated C equals the evaluator" : "DIFFERENT");
    ok = ok && coverage_enough(seen, (size_t)count / 1000);
    free(seen);
    return ok ? 0 : 1;
}
