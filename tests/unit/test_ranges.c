#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "lower/ranges.h"

/* Values of every operation at random points of random operand ranges lie in the range given. */
static void test_values_lie_in_the_ranges(void **state)
{
    (void)state;
    rng r = rng_make(11, 0);
    for (int trial = 0; trial < 3000; trial++) {
        range a = {rng_normal(&r) * 3, 0}, b = {rng_normal(&r) * 3, 0};
        a.high = a.low + rng_unit(&r) * 5;
        b.high = b.low + rng_unit(&r) * 5;
        if (trial % 4 == 0)
            b.low = b.high = floor(rng_unit(&r) * 6);
        for (int op = EXPR_ADD; op < EXPR_OP_COUNT; op++) {
            range found = range_apply((expr_op)op, a, b);
            for (int k = 0; k < 20 && range_is_known(found); k++) {
                double x = a.low + (a.high - a.low) * rng_unit(&r);
                double y = b.low + (b.high - b.low) * rng_unit(&r);
                double value = expr_apply((expr_op)op, x, y);
                double slack = 1e-12 * (1 + fabs(value));
                if (isfinite(value) && (value < found.low - slack || value > found.high + slack))
                    fail_msg("%s(%g, %g) = %g outside [%g, %g]", expr_op_name((expr_op)op), x, y,
                             value, found.low, found.high);
            }
        }
    }
}

static void test_ranges_are_tight_where_it_matters(void **state)
{
    (void)state;
    range a = {-1, 3}, unknown = RANGE_UNKNOWN;
    range square = range_apply(EXPR_SQUARE, a, unknown);
    assert_true(square.low == 0 && square.high == 9);
    range sine = range_apply(EXPR_SIN, unknown, unknown);
    assert_true(sine.low == -1 && sine.high == 1);
    assert_false(range_is_known(range_apply(EXPR_INV, a, unknown)));
    assert_false(range_is_known(range_apply(EXPR_ADD, a, unknown)));
    range root = range_apply(EXPR_SQRT, (range){-4, 9}, unknown);
    assert_true(root.low == 0 && root.high == 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values_lie_in_the_ranges),
        cmocka_unit_test(test_ranges_are_tight_where_it_matters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
