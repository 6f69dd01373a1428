/* Every pass keeps the value of every output of random graphs, bit for bit, and leaves a graph that
 * the checker accepts; so do all passes in sequence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/graph.h"
#include "opt/opt.h"

enum { ROWS = 64 };

/* SYMLUT_SEED replaces the seed; SYMLUT_THOROUGH runs more graphs. */
static uint64_t seed(void)
{
    const char *given = getenv("SYMLUT_SEED");
    return given ? strtoull(given, NULL, 10) : 31415;
}

static int graphs(int ordinary)
{
    return getenv("SYMLUT_THOROUGH") ? 4 * ordinary : ordinary;
}

static graph *reparse(const char *source)
{
    graph *g;
    symlut_error err = {0};
    if (graph_parse(&g, "graph", source, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    return g;
}

static char *printed(const graph *g)
{
    text t = {0};
    graph_print(g, &t);
    return text_take(&t);
}

/* Extremes first, then random values of all sizes. */
static int64_t *random_inputs(const graph *g, rng *r)
{
    int64_t *in = calloc(((size_t)g->input_count + 1) * ROWS, sizeof *in);
    assert_non_null(in);
    for (uint32_t p = 0; p < g->input_count; p++) {
        format f = g->inputs[p].fmt;
        for (uint32_t i = 0; i < ROWS; i++) {
            uint64_t bits = rng_next(r) >> rng_below(r, 64);
            int64_t v = cast_value((int64_t)(rng_below(r, 2) ? bits : 0 - bits), f.frac, f,
                                   ROUND_TRN, OVERFLOW_WRAP);
            in[p * ROWS + i] =
                i < 4 && rng_below(r, 2) ? (i & 1 ? format_max(f) : format_min(f)) : v;
        }
    }
    return in;
}

static int64_t *outputs_of(const graph *g, const int64_t *in)
{
    int64_t *out = calloc(((size_t)g->output_count + 1) * ROWS, sizeof *out);
    int64_t *scratch = malloc(graph_scratch_size(g) * sizeof *scratch);
    assert_true(out && scratch);
    graph_eval(g, ROWS, in, out, scratch);
    free(scratch);
    return out;
}

static void same_ports(const graph *a, const graph *b)
{
    assert_int_equal(a->input_count, b->input_count);
    assert_int_equal(a->output_count, b->output_count);
    for (uint32_t p = 0; p < a->input_count; p++) {
        assert_string_equal(a->inputs[p].name, b->inputs[p].name);
        assert_true(format_equal(a->inputs[p].fmt, b->inputs[p].fmt));
    }
    for (uint32_t p = 0; p < a->output_count; p++) {
        assert_string_equal(a->outputs[p].name, b->outputs[p].name);
        assert_true(format_equal(a->outputs[p].fmt, b->outputs[p].fmt));
    }
}

/* Every value of stage s is made of values of stage s; only registers cross, by one. */
static void check_schedule(const graph *g)
{
    assert_true(g->latency >= 1);
    for (graph_ref k = 0; k < g->count; k++) {
        const graph_node *n = &g->nodes[k];
        for (int j = 0; j < graph_arity((graph_op)n->op); j++) {
            const graph_node *a = &g->nodes[n->arg[j]];
            if (a->op == GRAPH_CONST)
                assert_int_not_equal(n->op, GRAPH_REG);
            else
                assert_int_equal(n->stage, a->stage + (n->op == GRAPH_REG ? 1 : 0));
        }
        if (n->op == GRAPH_INPUT)
            assert_int_equal(n->stage, 0);
        if (n->op == GRAPH_OUTPUT)
            assert_int_equal(n->stage, g->latency);
    }
}

/* No path within a stage is longer than the stage; a slower operation has a stage of its own. */
static void check_stages(const graph *g, const opt_options *o)
{
    double limit = (o->period_ns - o->device->clock_to_q - o->device->setup) * (1 + 1e-9);
    double *ready = calloc(g->count + (size_t)1, sizeof *ready);
    assert_non_null(ready);
    if (o->stages == 0)
        assert_int_equal(g->latency, 1);
    else if (o->stages > 0)
        assert_int_equal(g->latency, o->stages);
    for (graph_ref k = 0; k < g->count && o->stages != 0 && limit > 0; k++) {
        const graph_node *n = &g->nodes[k];
        double own = cost_node(g, k, o->device, o->dsp).ns, start = 0;
        for (int j = 0; n->op != GRAPH_REG && j < graph_arity((graph_op)n->op); j++)
            start = ready[n->arg[j]] > start ? ready[n->arg[j]] : start;
        own = own > limit ? limit : own;
        ready[k] = n->op == GRAPH_REG ? 0 : start + own;
        assert_true(ready[k] <= limit * (1 + 1e-9));
    }
    free(ready);
}

static void compare(const graph *before, const graph *after, const char *pass, int number, rng *r)
{
    symlut_error err = {0};
    if (graph_check(after, &err) != SYMLUT_OK)
        fail_msg("seed %llu, graph %d, after %s: %s", (unsigned long long)seed(), number, pass,
                 err.message);
    same_ports(before, after);
    int64_t *in = random_inputs(before, r);
    int64_t *wanted = outputs_of(before, in), *found = outputs_of(after, in);
    for (size_t i = 0; i < (size_t)before->output_count * ROWS; i++) {
        if (wanted[i] != found[i])
            fail_msg("seed %llu, graph %d, pass %s, output %zu row %zu: %lld became %lld",
                     (unsigned long long)seed(), number, pass, i / ROWS, i % ROWS,
                     (long long)wanted[i], (long long)found[i]);
    }
    free(in);
    free(wanted);
    free(found);
}

static opt_options options_for(const device *d, rng *r)
{
    static const double periods[] = {1.3, 2.0, 3.125, 5.0, 50.0};
    return (opt_options){.device = d,
                         .period_ns = periods[rng_below(r, 5)],
                         .stages = rng_below(r, 5)   ? -1
                                   : rng_below(r, 2) ? 0
                                                     : 90,
                         .dsp = (dsp_use)rng_below(r, 3)};
}

static void test_each_pass_keeps_values(void **state)
{
    (void)state;
    device d;
    assert_int_equal(device_load(&d, "xcvu9p-2", NULL), SYMLUT_OK);
    rng r = rng_make(seed(), 1);
    for (int k = 0; k < graphs(3000); k++) {
        graph *g = graph_random(&r, 1 + k % 60);
        opt_options options = options_for(&d, &r);
        char *source = printed(g);
        for (const opt_pass *p = opt_passes(); p->name; p++) {
            graph *h = reparse(source);
            symlut_error err = {0};
            if (p->run(&h, &options, &err) != SYMLUT_OK)
                fail_msg("graph %d, pass %s: %s\n%s", k, p->name, err.message, source);
            compare(g, h, p->name, k, &r);
            if (strcmp(p->name, "schedule") == 0) {
                check_schedule(h);
                check_stages(h, &options);
            }
            graph_free(h);
        }
        free(source);
        graph_free(g);
    }
}

static void test_all_passes_keep_values(void **state)
{
    (void)state;
    device d;
    assert_int_equal(device_load(&d, "xcvu9p-2", NULL), SYMLUT_OK);
    rng r = rng_make(seed(), 2);
    for (int k = 0; k < graphs(5000); k++) {
        graph *g = graph_random(&r, 1 + k % 80);
        opt_options options = options_for(&d, &r);
        char *source = printed(g);
        graph *h = reparse(source);
        symlut_error err = {0};
        if (opt_run_all(&h, &options, NULL, NULL, &err) != SYMLUT_OK)
            fail_msg("graph %d: %s\n%s", k, err.message, source);
        compare(g, h, "all", k, &r);
        check_schedule(h);
        check_stages(h, &options);
        graph_free(h);
        graph_free(g);
        free(source);
    }
}

/* Sums of multiples with casts among them: what the pass `sums` looks for. */
static graph_ref linear_node(rng *r, graph *g)
{
    graph_ref a = rng_below(r, g->count), b = rng_below(r, g->count);
    format f = g->nodes[a].fmt;
    graph_node sum = {.op = rng_below(r, 2) ? GRAPH_ADD : GRAPH_SUB, .arg = {a, b, GRAPH_NONE}};
    switch (rng_below(r, 12)) {
    case 0:
        return graph_add(g, GRAPH_NEG, a, GRAPH_NONE, GRAPH_NONE);
    case 1:
        return graph_add_shift(g, a, (int)rng_below(r, 7) - 3);
    case 2:
    case 3:
        b = graph_add_exact_const(g, (int64_t)rng_below(r, 255) - 127, (int)rng_below(r, 5));
        return f.width < 30 ? graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE) : b;
    case 4:
    case 5:
    case 6: /* wraps, and seldom rounds */
        f = (format){rng_below(r, 4) != 0, (uint8_t)(4 + rng_below(r, 16)),
                     (int16_t)(f.frac + (rng_below(r, 4) ? (int)rng_below(r, 3) : -2))};
        return graph_add_cast(g, a, f, (rounding)rng_below(r, ROUNDING_COUNT),
                              rng_below(r, 8) ? OVERFLOW_WRAP : OVERFLOW_SAT);
    case 7:
        return graph_add(g, GRAPH_MAX, a, b, GRAPH_NONE);
    default:
        return graph_derive(g, &sum) ? graph_add(g, (graph_op)sum.op, a, b, GRAPH_NONE) : a;
    }
}

static graph *random_linear(rng *r, int nodes)
{
    graph *g = graph_new();
    char name[16];
    uint32_t inputs = 1 + rng_below(r, 5), outputs = 1 + rng_below(r, 5);
    for (uint32_t k = 0; k < inputs; k++) {
        snprintf(name, sizeof name, "x%u", (unsigned)k);
        graph_add_input(g, name,
                        (format){rng_below(r, 3) != 0, (uint8_t)(2 + rng_below(r, 10)),
                                 (int16_t)((int)rng_below(r, 6) - 1)});
    }
    while ((int)g->count < nodes)
        linear_node(r, g);
    uint32_t last = g->count;
    for (uint32_t k = 0; k < outputs; k++) {
        graph_ref a = last - 1 - rng_below(r, last < 8 ? last : 8);
        format f = {true, (uint8_t)(4 + rng_below(r, 12)), g->nodes[a].fmt.frac};
        snprintf(name, sizeof name, "y%u", (unsigned)k);
        graph_add_output(g, name,
                         rng_below(r, 3) ? graph_add_cast(g, a, f, ROUND_TRN, OVERFLOW_WRAP) : a);
    }
    return g;
}

static void test_sums_keep_values(void **state)
{
    (void)state;
    device d;
    assert_int_equal(device_load(&d, "xcvu9p-2", NULL), SYMLUT_OK);
    rng r = rng_make(seed(), 3);
    int changed = 0;
    for (int k = 0; k < graphs(4000); k++) {
        graph *g = random_linear(&r, 10 + k % 50);
        if (g->failed.status != SYMLUT_OK) { /* wider than 64 bits */
            graph_free(g);
            continue;
        }
        opt_options options = options_for(&d, &r);
        char *source = printed(g);
        graph *h = reparse(source);
        symlut_error err = {0};
        opt_fold(&h, &options, &err);
        opt_dce(&h, &options, &err);
        uint32_t before = h->count;
        if (opt_sums(&h, &options, &err) != SYMLUT_OK)
            fail_msg("graph %d, pass sums: %s\n%s", k, err.message, source);
        changed += h->count != before;
        compare(g, h, "sums", k, &r);
        if (opt_run_all(&h, &options, NULL, NULL, &err) != SYMLUT_OK)
            fail_msg("graph %d: %s\n%s", k, err.message, source);
        compare(g, h, "sums and all", k, &r);
        free(source);
        graph_free(g);
        graph_free(h);
    }
    assert_true(changed > graphs(4000) / 4);
}

/* A value of few bits: an input, or one whose range is narrower than its format. */
static graph_ref small_value(rng *r, graph *g, int number, int most)
{
    char name[16];
    snprintf(name, sizeof name, "x%d", number);
    graph_ref a =
        graph_add_input(g, name,
                        (format){rng_below(r, 3) != 0, (uint8_t)(1 + rng_below(r, (uint32_t)most)),
                                 (int16_t)((int)rng_below(r, 9) - 2)});
    if (rng_below(r, 3))
        return a;
    graph_op op = rng_below(r, 2) ? GRAPH_MIN : GRAPH_MAX;
    int64_t bound = g->nodes[a].lo / 2 + (int64_t)rng_below(r, 4);
    return graph_add(g, op, a, graph_add_exact_const(g, bound, g->nodes[a].fmt.frac), GRAPH_NONE);
}

static void test_small_products_keep_values(void **state)
{
    (void)state;
    device d;
    assert_int_equal(device_load(&d, "xcvu9p-2", NULL), SYMLUT_OK);
    rng r = rng_make(seed(), 4);
    int tables = 0;
    for (int k = 0; k < graphs(2000); k++) {
        graph *g = graph_new();
        graph_ref value[4];
        for (int i = 0; i < 4; i++)
            value[i] = small_value(&r, g, i, k % 2 ? 5 : 10);
        for (int i = 0; i < 3; i++) {
            char name[16];
            graph_ref a = value[rng_below(&r, 4)], b = value[rng_below(&r, 4)];
            graph_ref p = graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE);
            snprintf(name, sizeof name, "y%d", i);
            if (rng_below(&r, 4) == 0)
                p = graph_add(g, GRAPH_MUL, p, value[i], GRAPH_NONE);
            graph_add_output(g, name, p);
        }
        assert_int_equal(g->failed.status, SYMLUT_OK);
        opt_options options = options_for(&d, &r);
        char *source = printed(g);
        graph *h = reparse(source);
        symlut_error err = {0};
        if (opt_run_all(&h, &options, NULL, NULL, &err) != SYMLUT_OK)
            fail_msg("graph %d: %s\n%s", k, err.message, source);
        tables += h->table_count > 0;
        compare(g, h, "small products", k, &r);
        free(source);
        graph_free(g);
        graph_free(h);
    }
    assert_true(tables > graphs(2000) / 2);
}

/* Sums of many terms, with signs, shifts and constants, some of which wrap: compressor trees. */
static graph *random_long_sum(rng *r)
{
    graph *g = graph_new();
    graph_ref sum = GRAPH_NONE;
    char name[16];
    int terms = 5 + (int)rng_below(r, 16);
    format plain = {rng_below(r, 2), (uint8_t)(3 + rng_below(r, 8)), 4};
    uint32_t kind = rng_below(r, 3), wrap = rng_below(r, 3);
    for (int k = 0; k < terms; k++) {
        format f = plain;
        if (kind == 0)
            f = (format){rng_below(r, 2), (uint8_t)(1 + rng_below(r, 12)),
                         (int16_t)((int)rng_below(r, 9) - 2)};
        snprintf(name, sizeof name, "x%d", k);
        graph_ref a = graph_add_input(g, name, f);
        if (rng_below(r, 6) == 0)
            a = graph_add_exact_const(g, (int64_t)rng_below(r, 255) - 127, (int)rng_below(r, 5));
        else if (kind == 1 && rng_below(r, 2))
            a = graph_add_shift(g, a, (int)rng_below(r, 5) - 2);
        graph_op op = rng_below(r, 4) ? GRAPH_ADD : GRAPH_SUB;
        sum = sum == GRAPH_NONE ? a : graph_add(g, op, sum, a, GRAPH_NONE);
        format f_sum = {g->nodes[sum].fmt.is_signed, 9, g->nodes[sum].fmt.frac};
        if (wrap == 0 && g->nodes[sum].fmt.width > 9 && rng_below(r, 2))
            sum = graph_add_cast(g, sum, f_sum, ROUND_TRN, OVERFLOW_WRAP);
    }
    graph_add_output(g, "y",
                     rng_below(r, 4) ? sum : graph_add(g, GRAPH_NEG, sum, GRAPH_NONE, GRAPH_NONE));
    assert_int_equal(g->failed.status, SYMLUT_OK);
    return g;
}

static bool has_count(const graph *g)
{
    graph_ref k = 0;
    while (k < g->count && g->nodes[k].op != GRAPH_COUNT)
        k++;
    return k < g->count;
}

/* The estimate of both, without registers: no more LUTs with counters, and no more time. */
static void test_long_sums_keep_values(void **state)
{
    (void)state;
    device d;
    assert_int_equal(device_load(&d, "xcvu9p-2", NULL), SYMLUT_OK);
    rng r = rng_make(seed(), 5);
    int counted = 0;
    for (int k = 0; k < graphs(3000); k++) {
        graph *g = random_long_sum(&r);
        opt_options options = options_for(&d, &r);
        char *source = printed(g);
        graph *h = reparse(source);
        symlut_error err = {0};
        estimate before, after;
        opt_fold(&h, &options, &err);
        opt_sums(&h, &options, &err);
        opt_dce(&h, &options, &err);
        assert_int_equal(cost_estimate(&before, h, &d, options.dsp, 0, &err), SYMLUT_OK);
        if (opt_compress(&h, &options, &err) != SYMLUT_OK ||
            opt_dce(&h, &options, &err) != SYMLUT_OK)
            fail_msg("graph %d: %s\n%s", k, err.message, source);
        compare(g, h, "compress", k, &r);
        assert_int_equal(cost_estimate(&after, h, &d, options.dsp, 0, &err), SYMLUT_OK);
        assert_true(after.lut <= before.lut + 1e-9);
        assert_true(after.ns_per_stage <= before.ns_per_stage + 1e-6);
        counted += has_count(h);
        if (opt_run_all(&h, &options, NULL, NULL, &err) != SYMLUT_OK)
            fail_msg("graph %d: %s\n%s", k, err.message, source);
        compare(g, h, "compress and all", k, &r);
        free(source);
        graph_free(g);
        graph_free(h);
    }
    assert_true(counted > graphs(3000) / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_pass_keeps_values),
        cmocka_unit_test(test_all_passes_keep_values),
        cmocka_unit_test(test_sums_keep_values),
        cmocka_unit_test(test_small_products_keep_values),
        cmocka_unit_test(test_long_sums_keep_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
