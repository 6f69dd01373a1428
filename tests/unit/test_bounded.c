/* What the searches for a form have in common: widths by counting, bounds hit and missed by one
 * index, candidates by cost. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

typedef struct trial {
    candidates c;
    int wanted; /* the cost of the only one that holds */
    float last; /* tried */
    int tried, rounds;
} trial;

/* Every cost below 1000 three times, in no order. */
static void offer_all(void *context)
{
    trial *t = context;
    int8_t choice[CHOICE_BYTES] = {0};
    t->rounds++;
    for (int i = 0; i < 3000; i++) {
        choice[0] = (int8_t)(i % 100);
        candidates_offer(&t->c, i * 997 % 1000, choice);
    }
}

static bool is_wanted(void *context, const candidate *c)
{
    trial *t = context;
    assert_true(c->lut >= t->last);
    t->last = c->lut;
    t->tried++;
    return c->lut == (float)t->wanted;
}

static void test_candidates(void **state)
{
    (void)state;
    for (int wanted = 0; wanted < 1000; wanted += 37) {
        candidate found;
        trial t = {.wanted = wanted};
        bool any = candidates_first(&found, &t.c, 700, offer_all, is_wanted, &t);
        assert_int_equal(any, wanted < 700);
        assert_int_equal(t.tried, wanted < 700 ? 3 * wanted + 1 : 3 * 700);
        assert_true(!any || found.lut == (float)wanted);
        assert_true(t.rounds < 30);
    }
    candidate found;
    trial none = {.wanted = -1}; /* and no limit */
    assert_false(candidates_first(&found, &none.c, (double)INFINITY, offer_all, is_wanted, &none));
    assert_int_equal(none.tried, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_words), cmocka_unit_test(test_bounds),
                                       cmocka_unit_test(test_candidates)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
