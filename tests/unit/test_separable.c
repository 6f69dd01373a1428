/* Whole powers that inputs have as factors: found where they are, and none made up elsewhere. */
#include "law_data.h"
#include "search/separable.h"

static int find(int8_t *power, const law_data *d)
{
    vocabulary v = law_words(LAW_COLUMNS);
    return separable_factors(power, &d->p, &v);
}

static void expect(const law_data *d, int a, int b, int c, int e)
{
    const int want[LAW_COLUMNS] = {a, b, c, e};
    int8_t power[LAW_COLUMNS];
    int count = 0, found = find(power, d);
    for (int k = 0; k < LAW_COLUMNS; k++) {
        assert_int_equal(power[k], want[k]);
        count += want[k] != 0;
    }
    assert_int_equal(found, count);
}

static double two_factors(const double *x)
{
    return -3.5 * x[0] * x[0] / x[1] * (x[2] + x[3]);
}

static double no_factor(const double *x)
{
    return x[0] + x[1] + x[2] * x[3];
}

static double high_power(const double *x)
{
    return pow(x[0], 5) * x[1];
}

static double half_power(const double *x)
{
    return sqrt(x[0]) * x[1] * x[1] * x[1];
}

static void test_laws(void **state)
{
    (void)state;
    static const struct {
        law_of truth;
        int powers[LAW_COLUMNS];
    } cases[] = {{two_factors, {2, -1, 0, 0}},
                 {no_factor, {0, 0, 0, 0}},
                 {high_power, {0, 1, 0, 0}}, /* at most 4 */
                 {half_power, {0, 3, 0, 0}}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (int noisy = 0; noisy < 2; noisy++) {
            law_data *d = law_data_make(cases[i].truth, 1000, 1, 3, noisy ? 0.01 : 0);
            const int *p = cases[i].powers;
            expect(d, p[0], p[1], p[2], p[3]);
            law_data_free(d);
        }
}

/* Logarithms must be there for every row, and the equations must have one solution. */
static void test_degenerate(void **state)
{
    (void)state;
    law_data *d = law_data_make(two_factors, 500, 1, 3, 0);
    expect(d, 2, -1, 0, 0);
    d->columns[3][7] = -1;
    expect(d, 0, 0, 0, 0);
    d->columns[3][7] = NAN;
    expect(d, 0, 0, 0, 0);
    d->columns[3][7] = 1;
    d->target[9] = (double)NAN;
    law_data_finish(d, 500);
    expect(d, 0, 0, 0, 0);
    law_data_free(d);

    d = law_data_make(two_factors, 500, 1, 3, 0);
    for (int i = 0; i < 500; i++)
        d->columns[3][i] = 2; /* constant: the same as the constant of the fit */
    expect(d, 0, 0, 0, 0);
    for (int i = 0; i < 500; i++)
        d->columns[3][i] = d->columns[2][i];
    expect(d, 0, 0, 0, 0);
    law_data_free(d);

    d = law_data_make(two_factors, 63, 1, 3, 0); /* too few to tell */
    expect(d, 0, 0, 0, 0);
    law_data_free(d);
    d = law_data_make(two_factors, 1, 1, 3, 0);
    expect(d, 0, 0, 0, 0);
    law_data_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_laws),
                                       cmocka_unit_test(test_degenerate)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
