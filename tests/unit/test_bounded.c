/* What the searches for a form have in common: widths by counting, bounds hit and missed by one
 * index, candidates by cost. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lower/bounded.h"

static void test_words(void **state)
{
    (void)state;
    static const int64_t words[][3] = {{0, 0, 0}, {1, 7, 3}, {-1, 0, 0}, {-8, 7, 0}, {-9, 0, 8}};
    static const int widths[] = {1, 3, 1, 4, 5};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        format f = words_format(words[i], 3, 5);
        assert_int_equal(f.width, widths[i]);
        assert_int_equal(f.frac, 5);
        assert_int_equal(f.is_signed, i >= 2);
    }
}

static int64_t look_up(const void *form, uint32_t k)
{
    return ((const int64_t *)form)[k];
}

static void test_bounds(void **state)
{
    (void)state;
    const double values[] = {-3.5, 0, (double)NAN, 12.25};
    const int64_t least[] = {-4, 0, 0, 12}, most[] = {-3, 0, 0, 13};
    bounded_function f = {.index_bits = 2, .values = values, .least = least, .most = most};
    assert_int_equal(bounded_result_bits(&f), 5); /* -4 to 13 */
    int64_t form[] = {-4, 0, 1000, 13};
    assert_true(bounded_holds(&f, look_up, form)); /* any result will do for the third */
    for (int k = 0; k < 4; k++) {
        int64_t kept = form[k];
        form[k] = most[k] + 1;
        assert_int_equal(bounded_holds(&f, look_up, form), k == 2);
        form[k] = least[k] - 1;
        assert_int_equal(bounded_holds(&f, look_up, form), k == 2);
        form[k] = kept;
    }
}

static void test_candidates(void **state)
{
    (void)state;
    candidates c = {.lut_limit = 700};
    int8_t choice[CHOICE_BYTES] = {0};
    for (int i = 0; i < 3000; i++) {
        choice[0] = (int8_t)(i % 100);
        candidates_offer(&c, i * 997 % 1000, choice);
    }
    candidates_sort(&c);
    assert_false(c.failed);
    assert_int_equal(c.count, 3 * 700); /* every cost below 1000 comes three times */
    for (size_t i = 0; i < c.count; i++) {
        assert_true(c.list[i].lut == (float)(i / 3));
        if (i % 3)
            assert_true(memcmp(c.list[i - 1].choice, c.list[i].choice, CHOICE_BYTES) <= 0);
    }
    free(c.list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_words), cmocka_unit_test(test_bounds),
                                       cmocka_unit_test(test_candidates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
