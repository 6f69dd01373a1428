/* One wave of unknown frequency: the grid comes near enough for a fit of the constants to end at
 * the law. */
#include "law_data.h"
#include "search/waves.h"

enum { SIZE = 30, FIT = 30 };

static laws found;

static void find(law_data *d, const vocabulary *v, int task)
{
    atoms a;
    assert_true(atoms_build(&a, &d->p, v, d->threads, &d->w));
    assert_in_range(task, 0, waves_tasks(v) - 1);
    waves_find(&found, task, &a, v, SIZE, &d->w);
    laws_check(&found, v, SIZE);
    atoms_free(&a);
}

/* The nearest to the law after a fit of the constants, as the search does it next. */
static double fitted_distance(law_data *d, law_of truth, double low, double high)
{
    double best = (double)INFINITY;
    for (int i = 0; i < found.count; i++) {
        expr e = {found.items[i].nodes, found.items[i].count};
        tree_measure(&e);
        constants_fit(&d->w, &d->p, e, window_all(&d->p), FIT, false);
        best = fmin(best, law_distance(e, truth, low, high));
    }
    return best;
}

static double shifted(const double *x)
{
    return 1.5 + 0.7 * sin(3.3 * x[0] + 0.4);
}

static double product(const double *x)
{
    return 2 * cos(5.1 * x[0] * x[1]);
}

static double scaled(const double *x)
{
    return x[1] * (0.3 + 1.2 * sin(7.7 * x[0]));
}

static double squared(const double *x)
{
    double s = sin(4.4 * x[2]);
    return 3 * s * s;
}

static const struct {
    const char *name;
    law_of truth;
    int task;
} LAWS[] = {{"shifted", shifted, 0},
            {"product", product, 0},
            {"scaled", scaled, 2},
            {"squared", squared, 0}};

static void check_all(double noise, double most)
{
    vocabulary v = law_words(LAW_COLUMNS);
    for (size_t i = 0; i < sizeof LAWS / sizeof *LAWS; i++) {
        law_data *d = law_data_make(LAWS[i].truth, 800, 1, 3, noise);
        find(d, &v, LAWS[i].task);
        double far = fitted_distance(d, LAWS[i].truth, 1, 3);
        if (!(far < most))
            fail_msg("%s: %g away from the nearest of %d laws", LAWS[i].name, far, found.count);
        law_data_free(d);
    }
}

static void test_exact(void **state)
{
    (void)state;
    check_all(0, 1e-4);
}

static void test_noise(void **state)
{
    (void)state;
    check_all(0.05, 0.02);
}

static double straight(const double *x)
{
    return x[0] * x[1];
}

static void test_needs_its_operations(void **state)
{
    (void)state;
    law_data *d = law_data_make(shifted, 400, 1, 3, 0);
    vocabulary few = law_words(LAW_COLUMNS);
    few.unary_count = 0;
    find(d, &few, 0);
    assert_int_equal(found.count, 0);
    few = law_words(9); /* each input as a factor would be too many tasks */
    assert_int_equal(waves_tasks(&few), 1);
    law_data_free(d);
}

static double constant(const double *x)
{
    (void)x;
    return 2.5;
}

static void test_degenerate(void **state)
{
    (void)state;
    static const int rows[] = {1, 3, 17, 300};
    vocabulary v = law_words(LAW_COLUMNS);
    for (int how = 0; how < 5; how++)
        for (int n = 0; n < 4; n++)
            for (int task = 0; task < waves_tasks(&v); task += 2) {
                law_data *d = law_data_make(how == 4 ? constant : straight, rows[n], 1, 3, 0);
                for (int i = 0; i < rows[n]; i++) {
                    d->columns[0][i] = how == 0 ? 2 : d->columns[0][i];
                    d->columns[1][i] = how == 1 ? d->columns[0][i] : d->columns[1][i];
                    if (how == 2 && i == rows[n] / 2)
                        d->columns[2][i] = NAN;
                    if (how == 3 && i == rows[n] / 2)
                        d->target[i] = (double)NAN;
                }
                law_data_finish(d, rows[n]);
                find(d, &v, task);
                if (how == 3) /* not a number */
                    assert_int_equal(found.count, 0);
                law_data_free(d);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_needs_its_operations),
        cmocka_unit_test(test_degenerate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
