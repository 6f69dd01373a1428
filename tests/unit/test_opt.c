/* What each pass does to small graphs; that it keeps values is tests/property/test_passes.c. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "opt/opt.h"

static device part;

static graph *must_parse(const char *source)
{
    graph *g;
    symlut_error err = {0};
    if (graph_parse(&g, "test.ir", source, &err) != SYMLUT_OK)
        fail_msg("%ld:%ld: %s", err.line, err.column, err.message);
    return g;
}

static opt_options ordinary(void)
{
    return (opt_options){.device = &part, .period_ns = 5, .stages = -1, .dsp = DSP_AUTO};
}

static void run(graph **g, const char *passes, const opt_options *options)
{
    char name[32];
    for (const char *p = passes; *p;) {
        size_t n = strcspn(p, " ");
        snprintf(name, sizeof name, "%.*s", (int)n, p);
        p += n + strspn(p + n, " ");
        const opt_pass *pass = opt_find(name);
        symlut_error err = {0};
        assert_non_null(pass);
        if (pass->run(g, options, &err) != SYMLUT_OK || graph_check(*g, &err) != SYMLUT_OK)
            fail_msg("%s: %s", name, err.message);
    }
}

static graph *after(const char *source, const char *passes)
{
    graph *g = must_parse(source);
    opt_options o = ordinary();
    run(&g, passes, &o);
    return g;
}

static int count_op(const graph *g, graph_op op)
{
    int count = 0;
    for (graph_ref k = 0; k < g->count; k++)
        count += g->nodes[k].op == op;
    return count;
}

static void test_fold(void **state)
{
    (void)state;
    graph *g = after("graph 1\ninput x : fixed<8,4>\n%0 = input x\n"
                     "%1 = const 0 : fixed<4,4>\n%2 = const 16 : fixed<8,4>\n"
                     "%3 = add %0 %1\n%4 = mul %3 %2\n%5 = sub %4 %1\n"
                     "%6 = cast %5 RND SAT : fixed<16,8>\n%7 = output y %6\n"
                     "%8 = add %2 %2\n%9 = output c %8\n",
                     "fold dce");
    /* y is x in another format, c a constant in its own. */
    assert_int_equal(count_op(g, GRAPH_ADD) + count_op(g, GRAPH_MUL) + count_op(g, GRAPH_SUB), 0);
    assert_int_equal(g->nodes[g->outputs[1].node].lo, 32);
    assert_int_equal(g->outputs[0].fmt.width, 16);
    graph_free(g);
}

static void test_cse_shares_across_outputs(void **state)
{
    (void)state;
    graph *g = after("graph 1\ntable t index 3 word fixed<4,1> \"\" 0 1 2 3 4 5 6 7\n"
                     "input x : ufixed<3,3>\ninput z : fixed<6,3>\n%0 = input x\n%1 = input z\n"
                     "%2 = table t %0\n%3 = mul %2 %1\n%4 = output a %3\n"
                     "%5 = table t %0\n%6 = mul %1 %5\n%7 = neg %6\n%8 = output b %7\n",
                     "cse dce");
    assert_int_equal(count_op(g, GRAPH_TABLE), 1);
    assert_int_equal(count_op(g, GRAPH_MUL), 1);
    graph_free(g);
}

static void test_dce_keeps_ports(void **state)
{
    (void)state;
    graph *g = after("graph 1\ntable t index 1 word fixed<4,1> \"\" 0 1\ninput x : ufixed<1,1>\n"
                     "input unused : fixed<6,3>\n%0 = input x\n%1 = input unused\n%2 = table t %0\n"
                     "%3 = add %1 %0\n%4 = output y %0\n",
                     "dce");
    assert_int_equal(g->count, 2);
    assert_int_equal(g->table_count, 0);
    assert_int_equal(g->input_count, 2);
    assert_int_equal(g->inputs[1].node, GRAPH_NONE);
    graph_free(g);
}

static void test_range_narrows(void **state)
{
    (void)state;
    graph *g = after("graph 1\ntable t index 2 word fixed<16,6> \"\" 0 64 128 -64\n"
                     "input x : fixed<2,2>\n%0 = input x\n%1 = table t %0\n%2 = mul %1 %1\n"
                     "%3 = cast %2 TRN SAT : fixed<16,6>\n%4 = output y %3\n",
                     "range dce");
    assert_int_equal(g->table_count, 1);
    assert_int_equal(g->tables[0].word.width, 3); /* 0 1 2 -1 */
    assert_int_equal(g->tables[0].word.frac, 4);
    assert_int_equal(g->outputs[0].fmt.width, 16);
    graph_free(g);
}

/* 317 = 256 + 64 - 4 + 1: three adders; -317 costs no more where a sum takes the minus. */
static void test_shift_add(void **state)
{
    (void)state;
    graph *g = after("graph 1\ninput x : fixed<8,8>\n%0 = input x\n%1 = const 317 : ufixed<9,9>\n"
                     "%2 = mul %0 %1\n%3 = output y %2\n",
                     "shift_add dce");
    assert_int_equal(count_op(g, GRAPH_MUL) + count_op(g, GRAPH_NEG), 0);
    assert_int_equal(count_op(g, GRAPH_ADD) + count_op(g, GRAPH_SUB), 3);
    graph_free(g);
    g = after("graph 1\ninput x : fixed<8,8>\ninput z : fixed<8,8>\n%0 = input x\n%1 = input z\n"
              "%2 = const -317 : fixed<10,10>\n%3 = mul %0 %2\n%4 = neg %1\n%5 = add %3 %4\n"
              "%6 = sub %1 %3\n%7 = output y %6\n%8 = add %1 %5\n%9 = output w %8\n",
              "shift_add dce");
    assert_int_equal(count_op(g, GRAPH_MUL), 0);
    assert_int_equal(count_op(g, GRAPH_ADD) + count_op(g, GRAPH_SUB) + count_op(g, GRAPH_NEG), 6);
    graph_free(g);
}

static void test_multiplier(void **state)
{
    (void)state;
    const char *source = "graph 1\ninput x : fixed<8,4>\ninput z : fixed<8,4>\n%0 = input x\n"
                         "%1 = input z\n%2 = mul %0 %1\n%3 = mul %0 %0\n%4 = output p %2\n"
                         "%5 = output s %3\n";
    graph *g = must_parse(source);
    opt_options o = ordinary();
    o.dsp = DSP_PREFER;
    run(&g, "multiplier", &o);
    assert_int_equal(count_op(g, GRAPH_MUL), 2);
    o.dsp = DSP_AUTO; /* products of so few bits stay out of DSPs */
    run(&g, "multiplier fold cse dce", &o);
    assert_int_equal(count_op(g, GRAPH_MUL), 0);
    /* All 2^16 pairs. */
    int64_t *in = malloc(2 * 65536 * sizeof *in), *out = malloc(2 * 65536 * sizeof *out);
    int64_t *scratch = malloc(graph_scratch_size(g) * sizeof *scratch);
    assert_true(in && out && scratch);
    for (int i = 0; i < 65536; i++) {
        in[i] = i % 256 - 128;
        in[65536 + i] = i / 256 - 128;
    }
    graph_eval(g, 65536, in, out, scratch);
    for (int i = 0; i < 65536; i++) {
        assert_int_equal(out[i], in[i] * in[65536 + i]);
        assert_int_equal(out[65536 + i], in[i] * in[i]);
    }
    free(in);
    free(out);
    free(scratch);
    graph_free(g);
}

/* All pairs of values through the passes: the product, and the square of the first. */
static void check_products(format fa, format fb, const opt_options *o)
{
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", fa), b = graph_add_input(g, "b", fb);
    graph_add_output(g, "p", graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE));
    graph_add_output(g, "s", graph_add(g, GRAPH_MUL, a, a, GRAPH_NONE));
    run(&g, "multiplier fold cse dce", o);
    assert_int_equal(count_op(g, GRAPH_MUL), 0);
    size_t rows = (size_t)1 << (fa.width + fb.width);
    int64_t *in = malloc(2 * rows * sizeof *in), *out = malloc(2 * rows * sizeof *out);
    int64_t *scratch = malloc(graph_scratch_size(g) * sizeof *scratch);
    assert_true(in && out && scratch);
    for (size_t i = 0; i < rows; i++) {
        in[i] = (int64_t)(i >> fb.width) + format_min(fa);
        in[rows + i] = (int64_t)(i & (((size_t)1 << fb.width) - 1)) + format_min(fb);
    }
    graph_eval(g, rows, in, out, scratch);
    for (size_t i = 0; i < rows; i++) {
        double p = ldexp((double)(in[i] * in[rows + i]), -fa.frac - fb.frac);
        double s = ldexp((double)(in[i] * in[i]), -2 * fa.frac);
        assert_true(format_to_double(g->outputs[0].fmt, out[i]) == p);
        assert_true(format_to_double(g->outputs[1].fmt, out[rows + i]) == s);
    }
    free(in);
    free(out);
    free(scratch);
    graph_free(g);
}

static void test_small_products(void **state)
{
    (void)state;
    opt_options o = ordinary();
    for (int wa = 1; wa <= 10; wa++) {
        for (int wb = 1; wb <= wa && wa + wb <= 12; wb++) {
            for (int signs = 0; signs < 4; signs++) {
                format fa = {signs & 1, (uint8_t)wa, (int16_t)(wb - 2)};
                format fb = {signs & 2, (uint8_t)wb, (int16_t)(3 - signs)};
                o.no_product_tables = false;
                check_products(fa, fb, &o);
                o.no_product_tables = true;
                if (wb == 2 || wb == 3)
                    check_products(fa, fb, &o);
            }
        }
    }
}

/* A product of wa and wb bits, signed or not, has so many tables, sums and choices. */
static void expect_form(int wa, int wb, bool is_signed, int tables, int sums, bool chooses)
{
    opt_options o = ordinary();
    graph *g = graph_new();
    graph_ref a = graph_add_input(g, "a", (format){is_signed, (uint8_t)wa, 0});
    graph_ref b = graph_add_input(g, "b", (format){is_signed, (uint8_t)wb, 0});
    graph_add_output(g, "p", graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE));
    run(&g, "multiplier dce", &o);
    assert_int_equal(count_op(g, GRAPH_TABLE), tables);
    if (!chooses)
        assert_int_equal(count_op(g, GRAPH_ADD), sums);
    assert_int_equal(count_op(g, GRAPH_SELECT) > 0, chooses);
    graph_free(g);
}

/* What takes the fewest LUTs: one table, tables of a digit and their sum, or rows. */
static void test_small_products_are_tables(void **state)
{
    (void)state;
    opt_options o = ordinary();
    for (int is_signed = 0; is_signed < 2; is_signed++) {
        expect_form(2, 2, is_signed, 1, 0, false);
        expect_form(3, 3, is_signed, 1, 0, false);
        expect_form(4, 4, is_signed, 2, 1, false);
        expect_form(6, 3, is_signed, 2, 1, false);
        expect_form(3, 9, is_signed, 3, 2, false);
        expect_form(5, 5, is_signed, 0, 0, true);
        expect_form(8, 8, is_signed, 0, 0, true);
    }
    for (int width = 6; width <= 10; width++) {
        graph *g = graph_new();
        graph_ref a = graph_add_input(g, "a", (format){true, (uint8_t)width, 0});
        graph_add_output(g, "s", graph_add(g, GRAPH_MUL, a, a, GRAPH_NONE));
        run(&g, "multiplier dce", &o);
        assert_int_equal(count_op(g, GRAPH_ADD) == 0, width <= 8);
        graph_free(g);
    }
}

/* Operands that never have some values: the table's word has no bits for their products. */
static void test_small_product_of_narrow_range(void **state)
{
    (void)state;
    opt_options o = ordinary();
    graph *g = must_parse("graph 1\ninput a : fixed<4,4>\ninput b : fixed<3,3>\n%0 = input a\n"
                          "%1 = input b\n%2 = const -5 : fixed<4,4>\n%3 = max %0 %2\n"
                          "%4 = mul %3 %1\n%5 = output p %4\n");
    run(&g, "multiplier dce", &o);
    assert_int_equal(g->table_count, 1);
    assert_int_equal(g->tables[0].word.width, 6); /* -28 … 20 */
    graph_free(g);
}

static const char chain[] = "graph 1\ninput x : fixed<16,8>\ninput z : fixed<16,8>\n%0 = input x\n"
                            "%1 = input z\n%2 = add %0 %1\n%3 = add %2 %0\n%4 = add %3 %1\n"
                            "%5 = add %4 %0\n%6 = output y %5\n";

static void test_schedule(void **state)
{
    (void)state;
    graph *g = must_parse(chain);
    opt_options o = ordinary();
    o.period_ns = 50;
    run(&g, "schedule", &o);
    assert_int_equal(g->latency, 1); /* only the output's registers */
    assert_int_equal(count_op(g, GRAPH_REG), 1);
    /* Again, one adder a stage: the registers are placed anew; x waits three stages, z two. */
    o.period_ns = 1.5;
    run(&g, "schedule", &o);
    assert_int_equal(g->latency, 4);
    assert_int_equal(count_op(g, GRAPH_REG), 3 + 2 + 4);
    o.stages = 0;
    run(&g, "schedule", &o);
    assert_int_equal(g->latency, 1);
    o.stages = 2;
    symlut_error err = {0};
    assert_int_equal(opt_schedule(&g, &o, &err), SYMLUT_NO);
    assert_non_null(strstr(err.message, "4 cycles"));
    assert_int_equal(g->latency, 1); /* a refusal leaves the graph alone */
    graph_free(g);
}

static void test_estimate(void **state)
{
    (void)state;
    graph *g = must_parse(chain);
    opt_options o = ordinary();
    o.period_ns = 1.5;
    run(&g, "schedule", &o);
    estimate e;
    assert_int_equal(cost_estimate(&e, g, &part, DSP_AUTO, o.period_ns, NULL), SYMLUT_OK);
    /* the valid bit's four are a shift register in one LUT */
    assert_int_equal((int)e.ff, 3 * 16 + 2 * 16 + 17 + 18 + 19 + 18);
    assert_int_equal((int)e.lut, 17 + 18 + 18 + 19 + 1);
    assert_int_equal((int)e.dsp, 0);
    assert_true(e.ns_per_stage < 1.5 && e.latency_ns > 5.99 && e.latency_ns < 6.01);
    graph_free(g);
}

static int set_up(void **state)
{
    (void)state;
    return device_load(&part, "xcvu9p-2", NULL) == SYMLUT_OK ? 0 : 1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fold),
        cmocka_unit_test(test_cse_shares_across_outputs),
        cmocka_unit_test(test_dce_keeps_ports),
        cmocka_unit_test(test_range_narrows),
        cmocka_unit_test(test_shift_add),
        cmocka_unit_test(test_multiplier),
        cmocka_unit_test(test_small_products),
        cmocka_unit_test(test_small_products_are_tables),
        cmocka_unit_test(test_small_product_of_narrow_range),
        cmocka_unit_test(test_schedule),
        cmocka_unit_test(test_estimate),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
