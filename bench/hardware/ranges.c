/* What affine ranges save beside intervals: random sums, differences and products of shared inputs.
 *
 *   ranges [COUNT [SEED]]     default 500 graphs, seed 1
 *
 * Each graph has 2 to 4 inputs of 6 to 12 bits and 12 operations whose operands are inputs or
 * earlier results; it is built twice, with intervals alone and with affine forms beside them, and
 * compiled by all passes. Prints CSV: ranges,graphs,bits,lut: the bits of all operations before the
 * passes, and LUTs by the compiler's own model after them. */
#include <stdio.h>
#include <stdlib.h>

#include "graph/affine.h"
#include "opt/opt.h"

enum { OPERATIONS = 12, MOST_BITS = 24 };

static void die(const char *what)
{
    fprintf(stderr, "ranges: %s\n", what);
    exit(1);
}

static int width_of(const graph *g, graph_ref a)
{
    return g->nodes[a].fmt.width;
}

/* The operations are chosen by the formats of the first graph, so that both do the same. */
static void build(graph *plain, graph *narrow, affine *f, rng *r)
{
    uint32_t inputs = 2 + rng_below(r, 3);
    for (uint32_t k = 0; k < inputs; k++) {
        char name[16];
        snprintf(name, sizeof name, "x%u", (unsigned)k);
        format port = {true, (uint8_t)(6 + rng_below(r, 7)), 0};
        port.frac = (int16_t)(port.width - 4);
        graph_add_input(plain, name, port);
        graph_add_input(narrow, name, port);
    }
    for (int made = 0; made < OPERATIONS;) {
        graph_ref a = rng_below(r, plain->count), b = rng_below(r, plain->count);
        uint32_t kind = rng_below(r, 8);
        graph_op op = kind < 3 ? GRAPH_ADD : kind < 6 ? GRAPH_SUB : GRAPH_MUL;
        int wide =
            width_of(plain, a) > width_of(plain, b) ? width_of(plain, a) : width_of(plain, b);
        int bits = op == GRAPH_MUL ? width_of(plain, a) + width_of(plain, b) : wide + 1;
        if (bits > MOST_BITS || a == b)
            continue;
        graph_ref x = graph_add(plain, op, a, b, GRAPH_NONE);
        graph_ref y = graph_add(narrow, op, a, b, GRAPH_NONE);
        if (x != y)
            die("the graphs differ");
        affine_narrow(f, narrow);
        made++;
    }
    graph_ref last = plain->count - 1;
    graph_add_output(plain, "y0", last);
    graph_add_output(narrow, "y0", last);
    graph_add_output(plain, "y1", last - 1);
    graph_add_output(narrow, "y1", last - 1);
}

static void measure(graph **g, const opt_options *o, double *bits, double *lut)
{
    symlut_error err = {0};
    estimate e;
    for (graph_ref k = 0; k < (*g)->count; k++) {
        uint8_t op = (*g)->nodes[k].op;
        *bits += op == GRAPH_INPUT || op == GRAPH_OUTPUT ? 0 : width_of(*g, k);
    }
    if (opt_run_all(g, o, NULL, NULL, &err) != SYMLUT_OK ||
        cost_estimate(&e, *g, o->device, o->dsp, 0, &err) != SYMLUT_OK)
        die(err.message);
    *lut += e.lut;
}

int main(int argc, char **argv)
{
    int count = argc > 1 ? atoi(argv[1]) : 500;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    device part;
    symlut_error err = {0};
    if (device_load(&part, "xcvu9p-2", &err) != SYMLUT_OK)
        die(err.message);
    opt_options o = {.device = &part, .period_ns = 5, .stages = -1, .dsp = DSP_NONE};
    double bits[2] = {0}, lut[2] = {0};
    for (int i = 0; i < count; i++) {
        rng r = rng_make(seed, (uint64_t)i);
        graph *plain = graph_new(), *narrow = graph_new();
        affine *f = affine_new();
        if (!plain || !narrow || !f)
            die("out of memory");
        build(plain, narrow, f, &r);
        affine_free(f);
        measure(&plain, &o, &bits[0], &lut[0]);
        measure(&narrow, &o, &bits[1], &lut[1]);
        graph_free(plain);
        graph_free(narrow);
    }
    printf("ranges,graphs,bits,lut\ninterval,%d,%.0f,%.0f\naffine,%d,%.0f,%.0f\n", count, bits[0],
           lut[0], count, bits[1], lut[1]);
    return 0;
}
