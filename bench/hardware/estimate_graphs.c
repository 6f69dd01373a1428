/* Graphs for estimate.py, which compares the cost estimate with Yosys:
 *   estimate_graphs random COUNT SEED FOLDER   random graphs of the kind models lower to
 *   estimate_graphs prefer COUNT SEED FOLDER   the same, products of variables in DSPs
 *   estimate_graphs ops FOLDER                 one operation each, many formats
 *   estimate_graphs multipliers FOLDER         products and squares, as *, as rows and as chosen
 *   estimate_graphs dsps FOLDER                products in DSPs
 *   estimate_graphs speed COUNT                estimates a second of graphs of 40 nodes
 * Writes FOLDER/NAME.v and prints CSV: name,lut,ff,carry,dsp,bram,ns,nodes. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "emit/emit.h"
#include "opt/opt.h"

static void die(const char *what)
{
    fprintf(stderr, "estimate_graphs: %s\n", what);
    exit(1);
}

static int between(rng *r, int lo, int hi)
{
    return lo + (int)rng_below(r, (uint32_t)(hi - lo + 1));
}

static graph_ref pick(rng *r, const graph *g)
{
    uint32_t recent = g->count < 10 ? g->count : 10;
    return rng_below(r, 2) ? g->count - 1 - rng_below(r, recent) : rng_below(r, g->count);
}

static uint32_t function_table(rng *r, graph *g, int index_bits)
{
    int64_t words[4096];
    char name[32];
    format word = {true, (uint8_t)between(r, 6, 14), 0};
    word.frac = (int16_t)(word.width - 2);
    int kind = between(r, 0, 3);
    double range = between(r, 2, 8);
    for (int i = 0; i < 1 << index_bits; i++) {
        double half = (double)(1 << (index_bits - 1));
        double x = (i < half ? i : i - 2 * half) / half * range;
        double y = kind == 0 ? sin(x) : kind == 1 ? exp(-x * x) : kind == 2 ? tanh(x) : cos(x);
        words[i] = format_from_double(word, y);
    }
    snprintf(name, sizeof name, "f_%u", g->table_count);
    return graph_add_table(g, name, "", index_bits, word, words);
}

/* A cast to at most `most` bits, cutting low bits, then high ones. */
static graph_ref tame(rng *r, graph *g, graph_ref a, int most)
{
    if (a == GRAPH_NONE)
        return a;
    format f = g->nodes[a].fmt;
    if (f.width <= most)
        return a;
    int width = between(r, most > 5 ? most - 5 : 1, most);
    int cut = f.width - width, low = between(r, 0, cut);
    if (rng_below(r, 3))
        low = cut - (cut > 1 ? between(r, 0, 1) : 0);
    f.frac = (int16_t)(f.frac - low);
    f.width = (uint8_t)width;
    rounding modes[] = {ROUND_TRN, ROUND_TRN, ROUND_RND, ROUND_RND_CONV};
    overflow overs[] = {OVERFLOW_WRAP, OVERFLOW_SAT, OVERFLOW_SAT_SYM, OVERFLOW_WRAP};
    return graph_add_cast(g, a, f, modes[rng_below(r, 4)], overs[rng_below(r, 4)]);
}

static graph_ref constant(rng *r, graph *g)
{
    int bits = between(r, 3, 10);
    int64_t v = between(r, 1, (1 << bits) - 1);
    return graph_add_exact_const(g, rng_below(r, 2) ? v : -v, bits - 2);
}

static void add_op(rng *r, graph *g, int factor_bits)
{
    graph_ref a = tame(r, g, pick(r, g), 18), b = tame(r, g, pick(r, g), 18);
    switch (rng_below(r, 12)) {
    case 0:
    case 1:
    case 2:
        graph_add(g, GRAPH_ADD, a, b, GRAPH_NONE);
        break;
    case 3:
    case 4:
        graph_add(g, GRAPH_SUB, a, b, GRAPH_NONE);
        break;
    case 5:
    case 6:
        graph_add(g, GRAPH_MUL, a, constant(r, g), GRAPH_NONE);
        break;
    case 7:
        graph_add(g, GRAPH_MUL, tame(r, g, a, factor_bits), tame(r, g, b, factor_bits), GRAPH_NONE);
        break;
    case 8:
    case 9: {
        graph_ref x = tame(r, g, a, between(r, 5, 10));
        int bits = g->nodes[x].fmt.width;
        graph_add_lookup(g, x, function_table(r, g, bits));
        break;
    }
    case 10:
        graph_add(g, rng_below(r, 2) ? GRAPH_MAX : GRAPH_MIN, a, b, GRAPH_NONE);
        break;
    default: {
        graph_ref c = graph_add(g, rng_below(r, 2) ? GRAPH_LT : GRAPH_LE, a, b, GRAPH_NONE);
        graph_add(g, GRAPH_SELECT, c, a, tame(r, g, pick(r, g), 18));
        break;
    }
    }
}

/* factor_bits: the widest operand of a product of two variables. */
static graph *random_graph(rng *r, int ops, int factor_bits)
{
    graph *g = graph_new();
    char name[32];
    if (!g)
        die("out of memory");
    int inputs = between(r, 2, 6), outputs = between(r, 1, 3);
    for (int k = 0; k < inputs; k++) {
        snprintf(name, sizeof name, "x%d", k);
        uint8_t width = (uint8_t)between(r, 6, 16);
        graph_add_input(g, name, (format){true, width, (int16_t)(width - between(r, 1, 5))});
    }
    for (int k = 0; k < ops; k++)
        add_op(r, g, factor_bits);
    uint32_t last = g->count - 1;
    for (int k = 0; k < outputs; k++) {
        snprintf(name, sizeof name, "y%d", k);
        graph_ref a = k < 2 ? last - (uint32_t)k : pick(r, g);
        graph_add_output(g, name, tame(r, g, g->nodes[a].op == GRAPH_OUTPUT ? last : a, 24));
    }
    return g;
}

static void write_verilog(const graph *g, dsp_use dsp, const char *folder, const char *name)
{
    char path[1024];
    firmware_input inputs[16] = {0};
    const char *outputs[16] = {0}, *equations[16] = {0};
    for (int k = 0; k < 16; k++) {
        inputs[k] = (firmware_input){.name = "x", .scale = 1};
        outputs[k] = "y";
        equations[k] = "";
    }
    symlut_firmware fw = {.g = (graph *)(uintptr_t)g,
                          .name = name,
                          .inputs = inputs,
                          .output_names = outputs,
                          .target_name = "",
                          .equations = equations,
                          .precision = "",
                          .part = "",
                          .command_line = "",
                          .data_hash = "",
                          .version = "",
                          .dsp = dsp == DSP_NONE ? "none" : "auto",
                          .clock_mhz = 200};
    emit_files set = {0};
    symlut_error err = {0};
    if (emit_verilog(&set, &fw, &err) != SYMLUT_OK)
        die(err.message);
    text all = {0};
    for (size_t k = 0; k < set.count; k++)
        text_append(&all, set.files[k]->content.data ? set.files[k]->content.data : "");
    snprintf(path, sizeof path, "%s/%s.v", folder, name);
    if (file_write(path, all.data, all.length, &err) != SYMLUT_OK)
        die(err.message);
    text_free(&all);
    emit_files_free(&set);
}

static void write_and_print(graph **g, const opt_options *o, const char *folder, const char *name)
{
    symlut_error err = {0};
    estimate e;
    if (cost_estimate(&e, *g, o->device, o->dsp, 0, &err) != SYMLUT_OK)
        die(err.message);
    write_verilog(*g, o->dsp, folder, name);
    printf("%s,%.1f,%.0f,%.1f,%.0f,%.0f,%.3f,%u\n", name, e.lut, e.ff, e.carry, e.dsp, e.bram,
           e.ns_per_stage, (*g)->count);
    graph_free(*g);
}

static void compile_and_print(graph **g, const opt_options *o, const char *folder, const char *name)
{
    symlut_error err = {0};
    if (opt_run_all(g, o, NULL, NULL, &err) != SYMLUT_OK)
        die(err.message);
    write_and_print(g, o, folder, name);
}

static void random_graphs(int count, uint64_t seed, bool prefer, const char *folder,
                          const opt_options *o)
{
    for (int k = 0; k < count; k++) {
        rng r = rng_make(seed, (uint64_t)k);
        char name[32];
        graph *g = NULL;
        do {
            graph_free(g);
            g = random_graph(&r, between(&r, 5, 30), prefer || k % 2 ? 18 : 9);
        } while (g->failed.status != SYMLUT_OK);
        snprintf(name, sizeof name, "g%d", k);
        opt_options options = *o;
        options.dsp = prefer ? DSP_PREFER : k % 2 ? DSP_AUTO : DSP_NONE;
        compile_and_print(&g, &options, folder, name);
    }
}

/* y = op(a, b) in one format pair. */
static void one_op(graph_op op, int wa, int wb, const char *folder, const opt_options *o)
{
    char name[64];
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", (format){true, (uint8_t)wa, 0}), b = a, c = GRAPH_NONE;
    if (wb)
        b = graph_add_input(g, "b", (format){true, (uint8_t)wb, 0});
    if (op == GRAPH_SELECT) {
        c = b;
        b = a;
        a = graph_add_input(g, "c", (format){false, 1, 0});
    }
    graph_ref n = graph_arity(op) == 1 ? graph_add(g, op, a, GRAPH_NONE, GRAPH_NONE)
                                       : graph_add(g, op, a, b, c);
    graph_add_output(g, "y", n);
    snprintf(name, sizeof name, "%s_%d_%d", graph_op_name(op), wa, wb);
    compile_and_print(&g, o, folder, name);
}

static void one_cast(int w, int low, int high, rounding r, overflow v, const char *folder,
                     const opt_options *o)
{
    char name[64];
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", (format){true, (uint8_t)(w + low + high), (int16_t)low});
    graph_add_output(g, "y", graph_add_cast(g, a, (format){true, (uint8_t)w, 0}, r, v));
    snprintf(name, sizeof name, "cast_%d_%d_%d_%s_%s", w, low, high, rounding_name(r),
             overflow_name(v));
    compile_and_print(&g, o, folder, name);
}

static void one_table(int index_bits, int word_bits, double range, double (*f)(double),
                      const char *label, const char *folder, const opt_options *o)
{
    int64_t words[4096];
    char name[64];
    graph *g = graph_new();
    format word = {true, (uint8_t)word_bits, (int16_t)(word_bits - 1)};
    for (int i = 0; i < 1 << index_bits; i++) {
        double half = (double)(1 << (index_bits - 1));
        words[i] = format_from_double(word, f((i < half ? i : i - 2 * half) / half * range));
    }
    graph_ref a = graph_add_input(g, "a", (format){true, (uint8_t)index_bits, 0});
    graph_add_output(g, "y",
                     graph_add_lookup(g, a, graph_add_table(g, "t", "", index_bits, word, words)));
    snprintf(name, sizeof name, "table_%s_%d_%d", label, index_bits, word_bits);
    compile_and_print(&g, o, folder, name);
}

static void single_ops(const char *folder, const opt_options *o)
{
    static const graph_op two[] = {GRAPH_ADD, GRAPH_SUB, GRAPH_MUL, GRAPH_MIN,
                                   GRAPH_LT,  GRAPH_LE,  GRAPH_EQ,  GRAPH_SELECT};
    static const int widths[][2] = {{6, 6}, {8, 8}, {14, 14}, {16, 8}};
    for (size_t k = 0; k < sizeof two / sizeof *two; k++) {
        for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
            one_op(two[k], widths[w][0], widths[w][1], folder, o);
    }
    for (int w = 4; w <= 20; w++) {
        one_op(GRAPH_LT, w, w + 1, folder, o);
        one_op(GRAPH_LE, w + 2, w, folder, o);
    }
    for (int w = 6; w <= 14; w += 8) {
        one_op(GRAPH_NEG, w, 0, folder, o);
        one_op(GRAPH_ABS, w, 0, folder, o);
        one_op(GRAPH_MUL, w, 0, folder, o);
        for (int v = 0; v < OVERFLOW_COUNT; v++) {
            for (int high = 1; high <= 9; high += 2)
                one_cast(w, 4, high, v % 2 ? ROUND_TRN : ROUND_RND, (overflow)v, folder, o);
        }
        for (int r = 0; r < ROUNDING_COUNT; r++)
            one_cast(w, 5, 0, (rounding)r, OVERFLOW_WRAP, folder, o);
    }
    for (int n = 4; n <= 10; n += 2) {
        one_table(n, 8, 3.14159265, sin, "sin", folder, o);
        one_table(n, 12, 3.14159265, sin, "sin", folder, o);
        one_table(n, 10, 4, tanh, "tanh", folder, o);
        one_table(n, 10, 8, cos, "cos", folder, o);
    }
}

/* "star": left to the synthesiser; "rows": without tables of products; "chosen": the compiler's. */
static void one_product(format fa, format fb, const char *form, const char *folder,
                        const opt_options *o)
{
    opt_options options = *o;
    bool star = strcmp(form, "star") == 0;
    options.dsp = star ? DSP_PREFER : DSP_NONE;
    options.no_product_tables = strcmp(form, "rows") == 0;
    char name[64];
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", fa), b = a, y;
    if (fb.width)
        b = graph_add_input(g, "b", fb);
    y = graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE);
    graph_add_output(g, "y", y);
    int second = fb.width ? fb.width : fa.width;
    snprintf(name, sizeof name, "%s%s_%d_%d_%s", fa.is_signed ? "" : "u",
             fb.width ? "mul" : "square", fa.width, second, form);
    if (!star) {
        compile_and_print(&g, &options, folder, name);
        return;
    }
    if (opt_schedule(&g, &options, NULL) != SYMLUT_OK)
        die("a product alone is not scheduled");
    write_and_print(&g, &options, folder, name);
}

static void products(const char *folder, const opt_options *o)
{
    static const int sizes[][2] = {{2, 2}, {3, 2}, {3, 3},   {4, 2},   {4, 3},   {4, 4},  {5, 2},
                                   {5, 3}, {5, 4}, {5, 5},   {6, 2},   {6, 3},   {6, 4},  {6, 5},
                                   {6, 6}, {8, 8}, {10, 10}, {12, 12}, {16, 16}, {16, 8}, {6, 0},
                                   {7, 0}, {8, 0}, {9, 0},   {10, 0},  {12, 0}};
    static const char *const forms[] = {"star", "rows", "chosen"};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        for (int sign = 1; sign >= (sizes[k][0] > 6); sign--) {
            format a = {sign, (uint8_t)sizes[k][0], 0}, b = {sign, (uint8_t)sizes[k][1], 0};
            for (size_t f = 0; f < 3; f++)
                one_product(a, b, forms[f], folder, o);
        }
    }
}

static void one_dsp_product(format fa, format fb, const char *folder, const opt_options *o)
{
    opt_options options = *o;
    options.dsp = DSP_PREFER;
    char name[64];
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", fa), b = graph_add_input(g, "b", fb);
    graph_add_output(g, "y", graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE));
    snprintf(name, sizeof name, "dsp_%c%d_%c%d", fa.is_signed ? 's' : 'u', fa.width,
             fb.is_signed ? 's' : 'u', fb.width);
    compile_and_print(&g, &options, folder, name);
}

static void dsp_products(const char *folder, const opt_options *o)
{
    static const int sizes[][2] = {{5, 4},   {8, 8},   {17, 17}, {18, 18}, {19, 19},
                                   {24, 16}, {24, 18}, {27, 17}, {27, 18}, {28, 18},
                                   {28, 24}, {32, 16}, {32, 27}, {32, 32}, {40, 20}};
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        for (int s = 0; s < 3; s++) {
            format a = {s != 2, (uint8_t)sizes[k][0], 0}, b = {s == 0, (uint8_t)sizes[k][1], 0};
            if (s != 2 || a.width + b.width < 63)
                one_dsp_product(a, b, folder, o);
        }
    }
}

static void speed(int count, const opt_options *o)
{
    enum { GRAPHS = 64 };
    graph *graphs[GRAPHS];
    rng r = rng_make(5, 0);
    double nodes = 0;
    for (int k = 0; k < GRAPHS; k++) {
        do
            graphs[k] = random_graph(&r, 22, 9);
        while (graphs[k]->failed.status != SYMLUT_OK);
        nodes += graphs[k]->count;
    }
    struct timespec a, b;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &a);
    double sum = 0;
    for (int k = 0; k < count; k++) {
        estimate e;
        cost_estimate(&e, graphs[k % GRAPHS], o->device, o->dsp, 5, NULL);
        sum += e.lut;
    }
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &b);
    double s = (double)(b.tv_sec - a.tv_sec) + 1e-9 * (double)(b.tv_nsec - a.tv_nsec);
    printf("graphs_per_s,%.0f\nnodes_per_graph,%.1f\ngraphs_of_40_nodes_per_s,%.0f\n", count / s,
           nodes / GRAPHS, count / s * nodes / GRAPHS / 40);
    if (sum < 0)
        die("negative cost");
    for (int k = 0; k < GRAPHS; k++)
        graph_free(graphs[k]);
}

int main(int argc, char **argv)
{
    device d;
    symlut_error err = {0};
    if (device_load(&d, "xcvu9p-2", &err) != SYMLUT_OK)
        die(err.message);
    opt_options o = {.device = &d, .period_ns = 5, .stages = -1, .dsp = DSP_NONE};
    if (argc == 5 && strcmp(argv[1], "random") == 0)
        random_graphs(atoi(argv[2]), strtoull(argv[3], NULL, 10), false, argv[4], &o);
    else if (argc == 5 && strcmp(argv[1], "prefer") == 0)
        random_graphs(atoi(argv[2]), strtoull(argv[3], NULL, 10), true, argv[4], &o);
    else if (argc == 3 && strcmp(argv[1], "ops") == 0)
        single_ops(argv[2], &o);
    else if (argc == 3 && strcmp(argv[1], "multipliers") == 0)
        products(argv[2], &o);
    else if (argc == 3 && strcmp(argv[1], "dsps") == 0)
        dsp_products(argv[2], &o);
    else if (argc == 3 && strcmp(argv[1], "speed") == 0)
        speed(atoi(argv[2]), &o);
    else
        die("usage: random|prefer COUNT SEED FOLDER | ops FOLDER | multipliers FOLDER | "
            "dsps FOLDER | speed COUNT");
    return 0;
}
