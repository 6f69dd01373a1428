/* LUTs of small graphs by the estimate, equal to those that Yosys 0.23 makes of their Verilog.
 * bench/hardware compares operations and random graphs with it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cost/cost.h"

static const format eight = {true, 8, 0}, one_bit = {false, 1, 0};

typedef struct fixture {
    graph *g;
    graph_ref a, b, c, zero;
} fixture;

static fixture begin(void)
{
    fixture f = {.g = graph_new()};
    f.a = graph_add_input(f.g, "a", eight);
    f.b = graph_add_input(f.g, "b", eight);
    f.c = graph_add_input(f.g, "c", one_bit);
    f.zero = graph_add_const(f.g, 0, one_bit);
    return f;
}

static void registered(graph *g, const char *name, graph_ref a)
{
    graph_add_output(g, name, graph_add_reg(g, a));
}

static void expect(graph *g, int luts)
{
    device d;
    estimate e;
    assert_int_equal(device_load(&d, "xcvu9p-2", NULL), SYMLUT_OK);
    assert_int_equal(g->failed.status, SYMLUT_OK);
    g->latency = 1;
    assert_int_equal(cost_estimate(&e, g, &d, DSP_NONE, 0, NULL), SYMLUT_OK);
    assert_float_equal(e.lut, luts, 0);
    graph_free(g);
}

static void test_read_bits(void **state)
{
    (void)state;
    fixture f = begin(); /* three bits of a choice */
    graph_ref either = graph_add(f.g, GRAPH_SELECT, f.c, f.a, f.b);
    format low = {false, 3, 0};
    registered(f.g, "y", graph_add_cast(f.g, either, low, ROUND_TRN, OVERFLOW_WRAP));
    expect(f.g, 3);

    f = begin(); /* an adder that no read bit passes through, and one that is made whole */
    graph_ref sum = graph_add(f.g, GRAPH_ADD, f.a, graph_add_shift(f.g, f.b, 4), GRAPH_NONE);
    registered(f.g, "y", graph_add_cast(f.g, sum, low, ROUND_TRN, OVERFLOW_WRAP));
    expect(f.g, 0);
    f = begin();
    sum = graph_add(f.g, GRAPH_ADD, f.a, f.b, GRAPH_NONE);
    registered(f.g, "y", graph_add_cast(f.g, sum, low, ROUND_TRN, OVERFLOW_WRAP));
    expect(f.g, 9);
}

static void test_resets(void **state)
{
    (void)state;
    fixture f = begin(); /* a value or zero: the registers' reset */
    registered(f.g, "y", graph_add(f.g, GRAPH_SELECT, f.c, f.a, f.zero));
    expect(f.g, 0);

    f = begin(); /* not where something else reads it */
    graph_ref either = graph_add(f.g, GRAPH_SELECT, f.c, f.a, f.zero);
    registered(f.g, "y", either);
    graph_add_output(f.g, "t", either);
    expect(f.g, 8);

    f = begin(); /* nor of a choice in a choice */
    graph_ref d = graph_add_input(f.g, "d", one_bit);
    either = graph_add(f.g, GRAPH_SELECT, f.c, f.a, f.b);
    registered(f.g, "y", graph_add(f.g, GRAPH_SELECT, d, either, f.zero));
    expect(f.g, 8);

    f = begin(); /* the low bits of one of the values */
    registered(f.g, "y", graph_add(f.g, GRAPH_SELECT, f.c, f.a, graph_add_shift(f.g, f.b, 3)));
    expect(f.g, 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_read_bits),
                                       cmocka_unit_test(test_resets)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
