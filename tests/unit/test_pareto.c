/* The front of a search: what enters it, and what leaves it as no lower than a simpler row. */
#include "search/engine.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SIZE = 9 };

static pareto front_of(const double *losses)
{
    pareto f;
    assert_true(pareto_init(&f, SIZE));
    for (int c = 1; c <= SIZE; c++) {
        f.rows[c].count = isfinite(losses[c]) ? 1 : 0;
        f.rows[c].loss =
            isfinite(losses[c]) ? losses[c] : 0; /* what an empty row holds is nothing */
    }
    return f;
}

static void check_thin(const double *losses, double share, double least, const char *kept)
{
    pareto f = front_of(losses);
    pareto_thin(&f, share, least);
    for (int c = 1; c <= SIZE; c++)
        assert_int_equal(f.rows[c].count > 0, kept[c - 1] == '1');
    pareto_free(&f);
}

static void test_thin(void **state)
{
    (void)state;
    static const double none = (double)NAN;
    static const double falling[] = {0, 9, 8, none, 7, 6, 5, 4, 3, 2};
    check_thin(falling, 1e-9, 0, "110111111");
    /* the same function in two ways, and a row that a rewrite left above a simpler one */
    static const double equal[] = {0, 9, none, 5, 5, 5 - 1e-12, 5 + 1e-12, 5.5, 4, 4 - 1e-8};
    check_thin(equal, 1e-9, 0, "101000011");
    /* many rounding steps are no gain together: each is compared with the row that stays */
    static const double steps[] = {0,          1,    1 - 4e-10, 1 - 8e-10, 1 - 12e-10,
                                   1 - 16e-10, none, none,      none,      none};
    check_thin(steps, 1e-9, 0, "100100000");
    /* losses of the user's own may be below 0 */
    static const double negative[] = {0, 1, -1, -1 - 1e-10, -2, none, -1.5, none, none, -3};
    check_thin(negative, 1e-9, -(double)INFINITY, "110100001");
    /* below `least` there is rounding alone */
    static const double exact[] = {0, 3, 2, 1e-31, 1e-32, 1e-33, none, none, none, 0};
    check_thin(exact, 1e-9, 1e-30, "111000000");
}

static void test_offer(void **state)
{
    (void)state;
    pareto f;
    assert_true(pareto_init(&f, SIZE));
    expr_node x = {.op = EXPR_VAR, .length = 1};
    expr e = {&x, 1};
    assert_true(pareto_offer(&f, e, 5, 2));
    assert_false(pareto_offer(&f, e, 6, 2));
    assert_true(pareto_offer(&f, e, 7, 1));
    assert_true(pareto_offer(&f, e, 3, 1.5)); /* row 5 goes, row 7 stays */
    assert_int_equal(f.rows[5].count, 0);
    assert_int_equal(f.rows[7].count, 1);
    assert_true(pareto_loss(&f, 2) == (double)INFINITY);
    assert_true(pareto_loss(&f, 6) == 1.5 && pareto_loss(&f, SIZE) == 1);
    assert_false(pareto_offer(&f, e, SIZE + 1, 0));
    assert_false(pareto_offer(&f, e, 1, (double)NAN));
    pareto_free(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_thin),
        cmocka_unit_test(test_offer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
