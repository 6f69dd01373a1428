/* Weights of mutations: what is drawn follows them, and they follow success within their bounds. */
#include "search/variation.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void check_sum(const double *shares)
{
    double sum = 0;
    for (int i = 0; i < VARY_COUNT; i++) {
        assert_true(shares[i] >= 0);
        sum += shares[i];
    }
    assert_true(fabs(sum - 1) < 1e-12);
}

static variation read(const char *list)
{
    variation v;
    symlut_error err;
    assert_int_equal(variation_parse(&v, list, &err), SYMLUT_OK);
    return v;
}

static void test_lists_are_read(void **state)
{
    (void)state;
    variation plain = variation_defaults(), v = read("adapt");
    assert_true(v.adapts);
    assert_memory_equal(v.weights, plain.weights, sizeof v.weights);
    assert_false(read("fixed").adapts);
    v = read(" add_node = 3.5 ,crossover=0");
    assert_false(v.adapts);
    assert_true(fabs(v.weights[MUTATE_ADD] - 3.5) < 1e-15);
    assert_true(v.weights[VARY_CROSS] < 1e-15);
    assert_true(fabs(v.weights[MUTATE_ROTATE] - plain.weights[MUTATE_ROTATE]) < 1e-15);
    assert_true(read("adapt, delete_node=1e-3").adapts);
    for (int i = 0; i < VARY_COUNT; i++) { /* every name, each once */
        char list[64];
        snprintf(list, sizeof list, "%s=7", variation_name(i));
        v = read(list);
        for (int k = 0; k < VARY_COUNT; k++)
            assert_true((fabs(v.weights[k] - 7) < 1e-15) == (k == i));
    }
}

static void test_wrong_lists_are_refused(void **state)
{
    (void)state;
    static const char *const LISTS[] = {
        "adaptive",
        "add_node",
        "add_node=",
        "add_node=x",
        "add_node=-1",
        "add_node=nan",
        "add_node=1e300",
        "nothing=1",
        "add_node=1 2",
        "=1",
        "mutate_constant=0,mutate_operator=0,mutate_feature=0,swap_operands=0,rotate_tree=0,"
        "add_node=0,insert_node=0,delete_node=0,simplify=0,randomize=0,replace_subtree=0",
    };
    for (size_t i = 0; i < sizeof LISTS / sizeof *LISTS; i++) {
        variation v;
        symlut_error err;
        assert_int_equal(variation_parse(&v, LISTS[i], &err), SYMLUT_BAD_INPUT);
        assert_non_null(strstr(err.message, "mutation weights"));
    }
}

static void test_draws_follow_the_shares(void **state)
{
    (void)state;
    enum { DRAWS = 200000 };
    variation v = read("crossover=3, delete_node=0, simplify=1");
    double shares[VARY_COUNT];
    variation_counts none = {0};
    variation_shares(shares, &v, &none);
    check_sum(shares);
    int drawn[VARY_COUNT] = {0}, mutations[VARY_COUNT] = {0};
    rng r = rng_make(3, 1);
    for (int i = 0; i < DRAWS; i++) {
        drawn[variation_draw(shares, &r)]++;
        mutations[variation_draw_mutation(shares, &r)]++;
    }
    double all = 0, weights = 0;
    for (int i = 0; i < VARY_COUNT; i++) {
        all += v.weights[i];
        weights += i < MUTATE_COUNT ? v.weights[i] : 0;
    }
    for (int i = 0; i < VARY_COUNT; i++) { /* five standard errors */
        double p = v.weights[i] / all, q = i < MUTATE_COUNT ? v.weights[i] / weights : 0;
        assert_true(fabs(drawn[i] - p * DRAWS) <= 5 * sqrt(DRAWS * p * (1 - p)) + 1e-9);
        assert_true(fabs(mutations[i] - q * DRAWS) <= 5 * sqrt(DRAWS * q * (1 - q)) + 1e-9);
    }
    assert_int_equal(drawn[MUTATE_DELETE], 0);
}

/* Births in proportion to the shares, of which way i succeeds at rate[i]. */
static void live(double *shares, variation_counts *past, const variation *v, const double *rate,
                 int epochs)
{
    for (int epoch = 0; epoch < epochs; epoch++) {
        variation_counts now = {0}, island;
        variation_shares(shares, v, past);
        check_sum(shares);
        for (int k = 0; k < 4; k++) {
            for (int i = 0; i < VARY_COUNT; i++) {
                island.births[i] = 1000 * shares[i];
                island.successes[i] = island.births[i] * rate[i];
            }
            variation_add(&now, &island);
        }
        variation_remember(past, &now);
    }
    variation_shares(shares, v, past);
    check_sum(shares);
}

static void test_shares_follow_success(void **state)
{
    (void)state;
    double first[VARY_COUNT], shares[VARY_COUNT], rate[VARY_COUNT];
    variation v = read("adapt"), fixed = read("fixed");
    variation_counts past = {0};
    variation_shares(first, &v, &past);
    for (int i = 0; i < VARY_COUNT; i++)
        rate[i] = i == MUTATE_ROTATE ? 0 : i == MUTATE_OPERATOR ? 0.3 : 0.05;
    live(shares, &past, &v, rate, 40);
    assert_true(shares[MUTATE_OPERATOR] > 2 * first[MUTATE_OPERATOR]);
    assert_true(shares[MUTATE_ROTATE] < 0.5 * first[MUTATE_ROTATE]);
    for (int i = 0; i < VARY_COUNT; i++) /* none dies: a way that never succeeds is still drawn */
        assert_true(shares[i] > 0.02 * first[i]);
    /* what succeeds may change: the past fades */
    rate[MUTATE_ROTATE] = 0.3;
    rate[MUTATE_OPERATOR] = 0;
    live(shares, &past, &v, rate, 40);
    assert_true(shares[MUTATE_OPERATOR] < first[MUTATE_OPERATOR]);
    assert_true(shares[MUTATE_ROTATE] > first[MUTATE_ROTATE]);
    variation_shares(shares, &fixed, &past);
    assert_memory_equal(shares, first, sizeof shares);
    past = (variation_counts){0};
    double none[VARY_COUNT] = {0};
    live(shares, &past, &v, none, 3); /* nothing succeeds: nothing is learned */
    assert_memory_equal(shares, first, sizeof shares);
}

static void test_weight_zero_stays_zero(void **state)
{
    (void)state;
    double shares[VARY_COUNT], rate[VARY_COUNT];
    variation v = read("adapt, insert_node=0");
    variation_counts past = {0};
    for (int i = 0; i < VARY_COUNT; i++)
        rate[i] = 0.1 + 0.01 * i;
    live(shares, &past, &v, rate, 20);
    assert_true(shares[MUTATE_INSERT] < 1e-300);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lists_are_read),
        cmocka_unit_test(test_wrong_lists_are_refused),
        cmocka_unit_test(test_draws_follow_the_shares),
        cmocka_unit_test(test_shares_follow_success),
        cmocka_unit_test(test_weight_zero_stays_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
