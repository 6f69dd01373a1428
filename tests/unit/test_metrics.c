#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "base/rng.h"
#include "data/dataset.h"
#include "data/metrics.h"

#define assert_double_equal(a, b, epsilon) assert_true(fabs((a) - (b)) <= (epsilon))

/* The definition, pair by pair. */
static double auc_by_pairs(const double *score, const bool *positive, size_t count)
{
    double wins = 0, pairs = 0;
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            if (!positive[i] || positive[j])
                continue;
            pairs += 1;
            wins += score[i] > score[j] ? 1 : score[i] == score[j] ? 0.5 : 0;
        }
    }
    return wins / pairs;
}

static void test_auc_is_the_share_of_ordered_pairs(void **state)
{
    (void)state;
    rng r = rng_make(7, 0);
    bool failed = false;
    for (int round = 0; round < 20; round++) {
        double score[200];
        bool positive[200];
        for (int i = 0; i < 200; i++) {
            positive[i] = i == 0 || (i > 1 && rng_below(&r, 3) == 0);
            score[i] = (double)rng_below(&r, 40) + (positive[i] ? 5 : 0); /* with ties */
        }
        assert_double_equal(metric_auc(score, positive, 200, &failed),
                            auc_by_pairs(score, positive, 200), 1e-12);
    }
    assert_false(failed);
    assert_true(isnan(metric_auc((double[]){1, 2}, (bool[]){true, true}, 2, &failed)));
    assert_double_equal(metric_auc((double[]){NAN, 2}, (bool[]){false, true}, 2, &failed), 1, 0);
}

static void test_regression_figures(void **state)
{
    (void)state;
    const double target[] = {1, 2, 3, 4}, prediction[] = {1, 2, 3, 6};
    /* residual 4, total 5 */
    assert_double_equal(metric_r2(prediction, target, 4), 1 - 4.0 / 5, 1e-15);
    assert_double_equal(metric_rmse(prediction, target, 4), 1, 1e-15);
    const double flat[] = {2, 2};
    assert_double_equal(metric_r2(flat, flat, 2), 1, 0);
    assert_double_equal(metric_r2(target, flat, 2), 0, 0);
}

static void test_argmax_takes_the_first_and_no_nan(void **state)
{
    (void)state;
    assert_int_equal(metric_argmax((double[]){1, 3, 3}, 3), 1);
    assert_int_equal(metric_argmax((double[]){NAN, -1}, 2), 1);
    assert_int_equal(metric_argmax((double[]){2, NAN}, 2), 0);
}

static void test_classes_are_matched_by_name(void **state)
{
    (void)state;
    const char *class_names[] = {"a", "b"};
    double target[] = {0, 1, 1, 0};
    symlut_dataset data = {.rows = 4,
                           .classes = 2,
                           .class_names = class_names,
                           .target = target,
                           .task = SYMLUT_CLASSIFICATION};
    /* outputs in another order, and one the data has no row of */
    const char *const outputs[] = {"b", "c", "a"};
    const double y[] = {0, 0, 1, /**/ 1, 0, 0, /**/ 0, 2, 1, /**/ 0, 0, 3};
    symlut_metrics m;
    assert_int_equal(symlut_metrics_compute(&m, &data, y, outputs, 3, NULL), SYMLUT_OK);
    assert_double_equal(m.accuracy, 0.75, 0);
    /* b: scores 1, 0 of the positives against 0, 0: 0.75; a: 1, 3 against 0, 1: 3.5 of 4 */
    assert_double_equal(m.auc, (0.75 + 0.875) / 2, 1e-15);
    assert_true(isnan(m.r2));
    data.target = NULL;
    assert_int_equal(symlut_metrics_compute(&m, &data, y, outputs, 3, NULL), SYMLUT_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_auc_is_the_share_of_ordered_pairs),
        cmocka_unit_test(test_regression_figures),
        cmocka_unit_test(test_argmax_takes_the_first_and_no_nan),
        cmocka_unit_test(test_classes_are_matched_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
