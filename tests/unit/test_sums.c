/* Laws that are sums of products, under an outer function or over a denominator; the terms they are
 * chosen from, against powers in double. */
#include "law_data.h"
#include "search/sums.h"

enum { SIZE = 34, PART_KINDS = 6 };

static laws found, of_task;

static double linear(const double *x)
{
    return 1.5 * x[0] * x[1] - 2 * x[2] * x[2] + 0.75;
}

static double distance(const double *x)
{
    return sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
}

static double parallel(const double *x)
{
    return 1 / (1 / x[0] + 1 / x[1]);
}

static double inverse_root(const double *x)
{
    return 1 / sqrt(x[0] * x[0] + 2 * x[1] * x[2]);
}

static double exponential(const double *x)
{
    return 3 * exp(0.5 * x[0] - 0.25 * x[1] * x[2]);
}

static double velocities(const double *x)
{
    return (x[0] + x[1]) / (1 + 0.3 * x[0] * x[1]);
}

static double over_difference(const double *x)
{
    return (x[2] * x[0] + 2 * x[3]) / (x[0] + x[1]);
}

static double waves(const double *x)
{
    return 2 * x[0] * cos(x[1] - x[2]) + x[3];
}

static const struct {
    const char *name;
    law_of truth;
    int first, tasks; /* of sums_find; 0 tasks: all */
} LAWS[] = {{"linear", linear, 0, 1},
            {"parallel", parallel, 1, 1},
            {"distance", distance, 2, 1},
            {"inverse root", inverse_root, 3, 1},
            {"exponential", exponential, 4, 1},
            {"velocities", velocities, 5, 1},
            {"waves", waves, 0, 1},
            {"over a sum", over_difference, PART_KINDS, 0}};

static void find(law_data *d, const vocabulary *v, int first, int tasks, const atom *product,
                 const int8_t *left_out)
{
    atoms a;
    terms t;
    assert_true(atoms_build(&a, &d->p, v, d->threads, &d->w));
    assert_true(terms_build(&t, &a, v, left_out, d->threads, &d->w));
    int end = tasks > 0 ? first + tasks : sums_tasks(&a);
    assert_true(end <= sums_tasks(&a));
    found.count = 0;
    for (int task = first; task < end; task++) {
        assert_true(sums_find(&of_task, task, product, &t, &a, v, SIZE, &d->w));
        laws_check(&of_task, v, SIZE);
        if (task == first || (of_task.count > 0 && of_task.items[0].error < found.items[0].error))
            found = of_task;
    }
    terms_free(&t);
    atoms_free(&a);
}

static void check_laws(double noise_share, double most)
{
    vocabulary v = law_words(LAW_COLUMNS);
    for (size_t i = 0; i < sizeof LAWS / sizeof *LAWS; i++) {
        law_data *d = law_data_make(LAWS[i].truth, 800, 1, 3, 0);
        double spread = sqrt(d->p.baseline);
        law_data_free(d);
        d = law_data_make(LAWS[i].truth, 800, 1, 3, noise_share * spread);
        find(d, &v, LAWS[i].first, LAWS[i].tasks, NULL, NULL);
        double far = laws_distance(&found, LAWS[i].truth, 1, 3);
        if (!(far < most))
            fail_msg("%s: %g away from the nearest of %d laws", LAWS[i].name, far, found.count);
        law_data_free(d);
    }
}

static void test_exact(void **state)
{
    (void)state;
    check_laws(0, 1e-3);
}

static void test_noise(void **state)
{
    (void)state;
    check_laws(0.002, 0.01);
}

/* With x3 as a factor divided out, what is left has three inputs. */
static double factored(const double *x)
{
    return (x[0] * x[0] * x[1] + 2 * x[2]) / x[3];
}

static void test_divided_out(void **state)
{
    (void)state;
    vocabulary v = law_words(LAW_COLUMNS);
    law_data *d = law_data_make(factored, 800, 1, 3, 0);
    atom product = {.nodes = {{.op = EXPR_VAR, .feature = 3, .length = 1}}, .count = 1};
    static const int8_t left_out[LAW_COLUMNS] = {0, 0, 0, -1};
    find(d, &v, 0, 1, &product, left_out);
    assert_true(laws_distance(&found, factored, 1, 3) < 1e-3);
    law_data_free(d);
}

static double term_value(const term *t, const double *x)
{
    double value = 1, stack[TERM_NODES];
    expr_node copy[TERM_NODES];
    for (int i = 0; i < LAW_COLUMNS; i++)
        value *= pow(x[i], t->power[i]);
    if (t->function_count == 0)
        return value;
    memcpy(copy, t->function, sizeof copy);
    expr e = {copy, t->function_count};
    assert_true(expr_finish(&e));
    return value * expr_eval(e, x, stack);
}

static bool same_term(const term *a, const term *b)
{
    if (memcmp(a->power, b->power, sizeof a->power) != 0 || a->function_count != b->function_count)
        return false;
    for (int i = 0; i < a->function_count; i++)
        if (a->function[i].op != b->function[i].op ||
            a->function[i].feature != b->function[i].feature)
            return false;
    return true;
}

static void test_terms(void **state)
{
    (void)state;
    vocabulary v = law_words(LAW_COLUMNS);
    law_data *d = law_data_make(linear, 300, 1, 3, 0);
    static const int8_t left_out[LAW_COLUMNS] = {0, 1, 0, 0};
    for (int out = 0; out < 2; out++) {
        atoms a;
        terms t;
        assert_true(atoms_build(&a, &d->p, &v, d->threads, &d->w));
        assert_true(terms_build(&t, &a, &v, out ? left_out : NULL, d->threads, &d->w));
        assert_in_range(t.count, 100, TERMS_MAX);
        for (int i = 0; i < t.count; i++) {
            assert_int_equal(i < t.simple, t.items[i].function_count == 0);
            assert_true(!out || t.items[i].power[1] == 0);
            for (int row = 0; row < SAMPLE_ROWS; row += 51) {
                double x[LAW_COLUMNS];
                for (int k = 0; k < LAW_COLUMNS; k++)
                    x[k] = (double)d->columns[k][row];
                double want = term_value(&t.items[i], x);
                double got = (double)t.values[(size_t)i * SAMPLE_ROWS + (size_t)row];
                assert_true(fabs(got - want) <= 1e-5 * fabs(want) + 1e-5);
            }
            for (int j = 0; j < i; j++)
                assert_false(same_term(&t.items[i], &t.items[j]));
        }
        terms_free(&t);
        atoms_free(&a);
    }
    law_data_free(d);
}

static double constant(const double *x)
{
    (void)x;
    return -2.5;
}

static void spoil(law_data *d, int how, int rows)
{
    for (int i = 0; i < rows; i++) {
        if (how == 0)
            d->columns[1][i] = 0;
        if (how == 1)
            d->columns[1][i] = d->columns[0][i];
        if (how == 2 && i % 9 == 0)
            d->columns[2][i] = NAN;
        if (how == 3 && i % 9 == 0)
            d->target[i] = (double)NAN;
        if (how == 4)
            d->target[i] = -d->target[i] * (i % 2 ? 1e30 : 1e-30);
    }
}

static void test_degenerate(void **state)
{
    (void)state;
    static const law_of truths[] = {constant, linear, velocities};
    static const int rows[] = {1, 2, 7, 200};
    vocabulary v = law_words(3);
    for (size_t t = 0; t < 3; t++)
        for (int how = 0; how < 5; how++) {
            int n = rows[(t + (size_t)how) % 4];
            law_data *d = law_data_make(truths[t], n, 1, 3, 0);
            spoil(d, how, n);
            law_data_finish(d, n);
            find(d, &v, 0, PART_KINDS + 1, NULL, NULL);
            law_data_free(d);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),       cmocka_unit_test(test_noise),
        cmocka_unit_test(test_divided_out), cmocka_unit_test(test_terms),
        cmocka_unit_test(test_degenerate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
