/* Which bits are read, of graphs small enough to see. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cost/live.h"

static const format eight = {true, 8, 0};

typedef struct fixture {
    graph *g;
    graph_ref a, b;
} fixture;

static fixture begin(void)
{
    fixture f = {.g = graph_new()};
    f.a = graph_add_input(f.g, "a", eight);
    f.b = graph_add_input(f.g, "b", eight);
    return f;
}

/* Bits [from, from + width) of x as an output. */
static void output_field(graph *g, graph_ref x, int from, int width)
{
    format f = {false, (uint8_t)width, (int16_t)(g->nodes[x].fmt.frac - from)};
    graph_add_output(g, "y", graph_add_cast(g, x, f, ROUND_TRN, OVERFLOW_WRAP));
}

static void expect(const graph *g, graph_ref x, int low, int high)
{
    live_bits live[64];
    assert_int_equal(g->failed.status, SYMLUT_OK);
    assert_in_range(g->count, 1, 64);
    live_bits_find(live, g);
    assert_int_equal(live[x].low, low);
    assert_int_equal(live[x].high, high);
}

static void test_sums(void **state)
{
    (void)state;
    fixture f = begin(); /* some bits of a sum: the whole adder */
    graph_ref sum = graph_add(f.g, GRAPH_ADD, f.a, f.b, GRAPH_NONE);
    output_field(f.g, sum, 2, 3);
    expect(f.g, sum, 2, 5);
    expect(f.g, f.a, 0, 8);
    expect(f.g, f.b, 0, 8);
    graph_free(f.g);

    f = begin(); /* bits that pass by the adder */
    sum = graph_add(f.g, GRAPH_ADD, f.a, graph_add_shift(f.g, f.b, 4), GRAPH_NONE);
    output_field(f.g, sum, 1, 2);
    expect(f.g, sum, 1, 3);
    expect(f.g, f.a, 1, 3);
    expect(f.g, f.b, 0, 0);
    graph_free(f.g);
}

static void test_choices(void **state)
{
    (void)state;
    fixture f = begin(); /* each operand at its own place, above it its sign */
    graph_ref c = graph_add(f.g, GRAPH_LT, f.a, f.b, GRAPH_NONE);
    graph_ref x = graph_add_input(f.g, "x", (format){true, 4, 0});
    graph_ref z = graph_add_shift(f.g, graph_add_input(f.g, "z", eight), 3);
    graph_ref either = graph_add(f.g, GRAPH_SELECT, c, x, z);
    output_field(f.g, either, 6, 2);
    expect(f.g, either, 6, 8);
    expect(f.g, x, 3, 4);
    expect(f.g, z, 3, 5);
    expect(f.g, c, 0, 1);
    graph_free(f.g);
}

static void test_unread(void **state)
{
    (void)state;
    fixture f = begin(); /* a comparison that the intervals decide reads nothing */
    graph_ref far = graph_add_const(f.g, 500, (format){true, 10, 0});
    graph_ref known = graph_add(f.g, GRAPH_LT, f.a, far, GRAPH_NONE);
    graph_add_output(f.g, "y", known);
    expect(f.g, f.a, 0, 0);
    graph_free(f.g);

    f = begin(); /* the larger of two whose ranges do not meet is one of them */
    graph_ref high = graph_add_cast(f.g, f.b, (format){false, 3, 0}, ROUND_TRN, OVERFLOW_WRAP);
    graph_ref low = graph_add(f.g, GRAPH_SUB, high, graph_add_const(f.g, 9, eight), GRAPH_NONE);
    graph_ref more = graph_add(f.g, GRAPH_MAX, high, low, GRAPH_NONE);
    graph_add_output(f.g, "y", more);
    expect(f.g, low, 0, 0);
    expect(f.g, high, 0, 3);
    graph_free(f.g);
}

static void test_casts(void **state)
{
    (void)state;
    fixture f = begin(); /* to nearest: the highest dropped bit as well */
    format to = {true, 4, -3};
    graph_add_output(f.g, "y", graph_add_cast(f.g, f.a, to, ROUND_RND, OVERFLOW_WRAP));
    expect(f.g, f.a, 2, 7);
    graph_free(f.g);

    f = begin(); /* to even: all of them */
    graph_add_output(f.g, "y", graph_add_cast(f.g, f.a, to, ROUND_RND_CONV, OVERFLOW_WRAP));
    expect(f.g, f.a, 0, 7);
    graph_free(f.g);

    f = begin(); /* a saturation reads what lies above */
    graph_add_output(f.g, "y", graph_add_cast(f.g, f.a, to, ROUND_TRN, OVERFLOW_SAT));
    expect(f.g, f.a, 3, 8);
    graph_free(f.g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_sums), cmocka_unit_test(test_choices),
                                       cmocka_unit_test(test_unread), cmocka_unit_test(test_casts)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
