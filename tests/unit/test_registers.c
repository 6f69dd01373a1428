/* Flip-flops that synthesis keeps, of graphs small enough to count by hand. bench/hardware
 * compares random graphs with Yosys. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cost/registers.h"

static const format four = {true, 4, 0};

static graph_ref input(graph *g, const char *name)
{
    return graph_add_input(g, name, four);
}

static void expect(graph *g, int latency, int ff, int srl)
{
    register_bits kept;
    assert_int_equal(g->failed.status, SYMLUT_OK);
    g->latency = latency;
    assert_true(registers_count(&kept, g));
    assert_int_equal(kept.ff, ff);
    assert_int_equal(kept.srl, srl);
    graph_free(g);
}

static void test_equal(void **state)
{
    (void)state;
    graph *g = graph_new();
    graph_ref a = input(g, "a");
    graph_add_output(g, "y0", graph_add_reg(g, a));
    graph_add_output(g, "y1", graph_add_reg(g, a));
    expect(g, 1, 4 + 1, 0); /* and the valid bit */

    g = graph_new(); /* the copies of a sign, and zeros below */
    a = input(g, "a");
    graph_ref wide = graph_add_cast(g, a, (format){true, 9, 3}, ROUND_TRN, OVERFLOW_WRAP);
    graph_add_output(g, "y", graph_add_reg(g, wide));
    expect(g, 1, 4 + 1, 0);

    g = graph_new(); /* the low bits of a sum are a's */
    a = input(g, "a");
    graph_ref sum = graph_add(g, GRAPH_ADD, a, graph_add_shift(g, input(g, "b"), 2), GRAPH_NONE);
    int width = g->nodes[sum].fmt.width;
    graph_add_output(g, "y0", graph_add_reg(g, sum));
    graph_add_output(g, "y1", graph_add_reg(g, a));
    expect(g, 1, width - 2 + 4 + 1, 0);
}

static void test_unused(void **state)
{
    (void)state;
    graph *g = graph_new();
    graph_ref a = graph_add_reg(g, input(g, "a"));
    graph_add_output(g, "y", graph_add_cast(g, a, (format){true, 3, -1}, ROUND_TRN, OVERFLOW_WRAP));
    expect(g, 1, 3 + 1, 0);

    g = graph_new(); /* rounding to nearest reads one dropped bit of two */
    a = graph_add_reg(g, input(g, "a"));
    graph_add_output(g, "y", graph_add_cast(g, a, (format){true, 3, -2}, ROUND_RND, OVERFLOW_WRAP));
    expect(g, 1, 3 + 1, 0);

    g = graph_new(); /* to even reads both */
    a = graph_add_reg(g, input(g, "a"));
    graph_add_output(g, "y",
                     graph_add_cast(g, a, (format){true, 3, -2}, ROUND_RND_CONV, OVERFLOW_WRAP));
    expect(g, 1, 4 + 1, 0);

    g = graph_new(); /* below zero is the sign */
    a = graph_add_reg(g, input(g, "a"));
    graph_ref zero = graph_add_const(g, 0, (format){false, 1, 0});
    graph_add_output(g, "y", graph_add(g, GRAPH_LT, a, zero, GRAPH_NONE));
    expect(g, 1, 1 + 1, 0);
}

static void test_choices(void **state)
{
    (void)state;
    graph *g = graph_new(); /* a choice between values of equal low bits */
    graph_ref a = input(g, "a"), b = input(g, "b");
    graph_ref condition = graph_add_input(g, "c", (format){false, 1, 0});
    graph_ref low = graph_add_cast(g, b, (format){false, 2, 0}, ROUND_TRN, OVERFLOW_WRAP);
    graph_ref zero = graph_add_const(g, 0, (format){false, 1, 0});
    graph_ref top = graph_add_cast(g, a, (format){false, 2, 0}, ROUND_TRN, OVERFLOW_WRAP);
    graph_ref one = graph_add_concat(g, top, low, 2);
    graph_ref other = graph_add_concat(g, zero, low, 2);
    graph_ref either = graph_add(g, GRAPH_SELECT, condition, one, other);
    graph_add_output(g, "y0", graph_add_reg(g, either));
    graph_add_output(g, "y1", graph_add_reg(g, b));
    expect(g, 1, 2 + 4 + 1, 0);
}

static void registered(graph *g, const char *name, graph_ref a)
{
    graph_add_output(g, name, graph_add_reg(g, a));
}

/* What Yosys 0.23 makes of `c ? yes : no` beside a register of each bit of a and of c. */
static void expect_choice(graph_ref (*make)(graph *g, graph_ref c, graph_ref a), int more)
{
    graph *g = graph_new();
    graph_ref c = graph_add_input(g, "c", (format){false, 1, 0});
    graph_ref a = graph_add_input(g, "a", (format){false, 1, 0});
    registered(g, "y0", make(g, c, a));
    registered(g, "y1", a);
    registered(g, "y2", c);
    expect(g, 1, more + 2 + 1, 0);
}

static graph_ref not(graph * g, graph_ref a)
{
    graph_ref inverse = graph_add(g, GRAPH_NOT, a, GRAPH_NONE, GRAPH_NONE);
    return graph_add_cast(g, inverse, (format){false, 1, 0}, ROUND_TRN, OVERFLOW_WRAP);
}

static graph_ref constant(graph *g, int value)
{
    return graph_add_const(g, value, (format){false, 1, 0});
}

static graph_ref never(graph *g, graph_ref c, graph_ref a)
{
    (void)a;
    return graph_add(g, GRAPH_SELECT, c, constant(g, 0), c);
}

static graph_ref same(graph *g, graph_ref c, graph_ref a)
{
    (void)a;
    return graph_add(g, GRAPH_SELECT, c, c, constant(g, 0));
}

static graph_ref same_by_inverse(graph *g, graph_ref c, graph_ref a)
{
    (void)a;
    return graph_add(g, GRAPH_SELECT, not(g, c), constant(g, 0), constant(g, 1));
}

static graph_ref inverted_twice(graph *g, graph_ref c, graph_ref a)
{
    (void)c;
    return not(g, not(g, a));
}

/* One register for `c ? a : c` and `c ? a : 0`, `c ? c : a` and `c ? 1 : a`, and where the
 * condition is inverted; not for `c ? !c : a` and `c ? 0 : a`, which Yosys leaves two. */
static graph_ref pair(graph *g, graph_ref one, graph_ref other)
{
    registered(g, "first", one);
    return other;
}

static graph_ref known_below(graph *g, graph_ref c, graph_ref a)
{
    return pair(g, graph_add(g, GRAPH_SELECT, c, a, c),
                graph_add(g, GRAPH_SELECT, c, a, constant(g, 0)));
}

static graph_ref known_above(graph *g, graph_ref c, graph_ref a)
{
    return pair(g, graph_add(g, GRAPH_SELECT, c, c, a),
                graph_add(g, GRAPH_SELECT, c, constant(g, 1), a));
}

static graph_ref by_inverse(graph *g, graph_ref c, graph_ref a)
{
    return pair(g, graph_add(g, GRAPH_SELECT, not(g, c), a, c),
                graph_add(g, GRAPH_SELECT, c, constant(g, 1), a));
}

static graph_ref inverse_chosen(graph *g, graph_ref c, graph_ref a)
{
    return pair(g, graph_add(g, GRAPH_SELECT, c, not(g, c), a),
                graph_add(g, GRAPH_SELECT, c, constant(g, 0), a));
}

static void test_known_conditions(void **state)
{
    (void)state;
    expect_choice(never, 0);
    expect_choice(same, 0);
    expect_choice(same_by_inverse, 0);
    expect_choice(inverted_twice, 0);
    expect_choice(known_below, 1);
    expect_choice(known_above, 1);
    expect_choice(by_inverse, 1);
    expect_choice(inverse_chosen, 2);
}

static graph *chain(int length, bool tapped)
{
    graph *g = graph_new();
    graph_ref at = input(g, "a");
    for (int i = 0; i < length; i++) {
        at = graph_add_reg(g, at);
        if (tapped && i == 1)
            graph_add_output(g, "tap", at);
    }
    graph_add_output(g, "y", at);
    return g;
}

static void test_chains(void **state)
{
    (void)state;
    expect(chain(2, false), 2, 2 * 4 + 2, 0);
    expect(chain(3, false), 3, 0, 4 + 1);
    expect(chain(3, true), 3, 3 * 4, 1);
    expect(chain(5, true), 5, 2 * 4, 4 + 1); /* three after the tap */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_equal), cmocka_unit_test(test_unused), cmocka_unit_test(test_choices),
        cmocka_unit_test(test_known_conditions), cmocka_unit_test(test_chains)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
