/* Separable laws from end to end: the parts are found one by one and their sum or product is the
 * law, also between and beyond the rows; a smaller problem keeps the meaning of squares. */
#include "law_data.h"
#include "search/inner.h"
#include "search/separate.h"

enum { ROWS = 600, SIZE = 36 };

static double product(const double *x)
{
    return exp(-(x[0] - 1) * (x[0] - 1)) / (1.2 + (x[1] - 2.5) * (x[1] - 2.5));
}

static double sum(const double *x)
{
    return 2 * exp(0.7 * x[0]) + log(x[1] * x[1] + 0.5) - 2 * x[3];
}

static double pair(const double *x)
{
    return 3 * sin(1.3 * x[0] * x[3]) + (x[2] - 2) * (x[2] - 2) + 2 * x[1];
}

static double mixed(const double *x)
{
    return sin(x[0] * x[1] + x[2] * x[3]);
}

static double line(const double *x)
{
    return 3 * x[0] * (2 * x[1] + 1);
}

static settings small_settings(void)
{
    settings set = settings_defaults();
    set.words = law_words(LAW_COLUMNS);
    set.words.limits.max_complexity = SIZE;
    set.max_size = SIZE;
    set.islands = 2;
    return set;
}

static double best(const engine *e, law_of truth)
{
    const pareto *f = &e->fronts[0];
    double least = (double)INFINITY;
    for (int c = 1; c <= f->size; c++)
        if (f->rows[c].count > 0)
            least = fmin(least,
                         law_distance((expr){f->rows[c].nodes, f->rows[c].count}, truth, 0.6, 3.2));
    return least;
}

static void recovers(law_of truth, double noise, double limit)
{
    law_data *d = law_data_make(truth, ROWS, 0.6, 3, noise);
    settings set = small_settings();
    engine e;
    d->p.laws = true;
    assert_true(engine_init(&e, &set, &d->p, 1, 7, 1));
    assert_true(separate_search(&e, 0, 7));
    assert_true(best(&e, truth) < limit);
    engine_free(&e);
    law_data_free(d);
}

static void test_laws(void **state)
{
    (void)state;
    recovers(product, 0, 1e-5);
    recovers(sum, 0, 1e-3);
    recovers(sum, 0.1, 0.02);
    recovers(pair, 0, 1e-3);
    recovers(pair, 0.1, 0.02);
}

/* Nothing is offered where the inputs act on one another. */
static void test_not_separable(void **state)
{
    (void)state;
    law_data *d = law_data_make(mixed, ROWS, 0.6, 3, 0);
    settings set = small_settings();
    engine e;
    d->p.laws = true;
    assert_true(engine_init(&e, &set, &d->p, 1, 7, 1));
    assert_true(separate_search(&e, 0, 7));
    assert_true(best(&e, mixed) > 1e9);
    engine_free(&e);
    law_data_free(d);
}

/* y/x0 with weights x0^2: a function's loss there is that of x0 times it here, but for the scale of
 * the weights. */
static void test_inner_loss(void **state)
{
    (void)state;
    law_data *d = law_data_make(line, ROWS, 0.6, 3, 0.2);
    settings set = small_settings();
    inner s;
    bool usable;
    static double values[ROWS], weights[ROWS];
    double mean = 0, wanted = 0;
    assert_int_equal(inner_rows(&d->p), ROWS);
    assert_true(inner_init(&s, &d->p, &set, 1, 9));
    for (int i = 0; i < ROWS; i++)
        values[i] = (double)d->columns[1][i];
    inner_column(&s, 0, values);
    for (int i = 0; i < ROWS; i++) {
        double x = (double)d->columns[0][i], left = d->target[i] - 5 * x * (double)d->columns[1][i];
        values[i] = d->target[i] / x;
        weights[i] = x * x;
        mean += x * x / ROWS;
        wanted += left * left / ROWS;
    }
    assert_true(inner_target(&s, &d->p, values, weights, &usable));
    assert_true(usable);
    expr_node nodes[] = {{.op = EXPR_CONST, .value = 5}, {.op = EXPR_VAR}, {.op = EXPR_MUL}};
    expr e = {nodes, 3};
    tree_measure(&e);
    score found;
    assert_true(fitness(&found, &d->w, &s.p, e, window_all(&s.p), 9, (double)INFINITY));
    assert_true(fabs(found.losses[FORM_PLAIN] * mean - wanted) < 1e-4 * wanted);
    values[3] = (double)NAN;
    assert_true(inner_target(&s, &d->p, values, weights, &usable));
    assert_false(usable);
    inner_free(&s);
    law_data_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_laws),
                                       cmocka_unit_test(test_not_separable),
                                       cmocka_unit_test(test_inner_loss)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
