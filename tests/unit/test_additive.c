/* Additive models: each part against the law it stands for, the choice of link and inputs, and what
 * is no such model. */
#include "law_data.h"
#include "search/additive.h"

enum { ROWS = 800 };

static double sum(const double *x)
{
    return exp(0.7 * x[0]) + 3 / (1 + exp(-4 * (x[1] - 2))) - 2 * x[3];
}

static double product(const double *x)
{
    return exp(-(x[0] - 1) * (x[0] - 1)) / (1.2 + (x[1] - 2.5) * (x[1] - 2.5));
}

static double reciprocal(const double *x)
{
    return 1 / (1 + x[0] * x[0] + cos(x[2]));
}

static double root(const double *x)
{
    return sqrt(x[0] + exp(0.5 * x[1]) + x[3] * x[3] * x[3]);
}

static double pair(const double *x)
{
    return 3 * sin(x[0] * x[3]) + x[2] * x[2];
}

static double pair_product(const double *x)
{
    return exp(0.4 * x[1]) / (1 + x[0] * x[2]);
}

static double chain(const double *x)
{
    return x[0] * x[1] * x[2];
}

static double distance(const double *x)
{
    return sin(x[0] * x[1] + x[2] * x[3]);
}

typedef struct part {
    int count, inputs[3];
} part;

static const struct {
    law_of truth;
    link link;
    int count;
    part parts[3];
    double limit; /* of a part's error, by the polynomials' degree */
} MODELS[] = {{sum, LINK_SUM, 3, {{1, {0}}, {1, {1}}, {1, {3}}}, 0.02},
              {product, LINK_PRODUCT, 2, {{1, {0}}, {1, {1}}}, 0.02},
              {reciprocal, LINK_RECIPROCAL, 2, {{1, {0}}, {1, {2}}}, 0.02},
              {root, LINK_ROOT, 3, {{1, {0}}, {1, {1}}, {1, {3}}}, 0.02},
              {pair, LINK_SUM, 2, {{2, {0, 3}}, {1, {2}}}, 0.4},
              {pair_product, LINK_PRODUCT, 2, {{2, {0, 2}}, {1, {1}}}, 0.02},
              {chain, LINK_PRODUCT, 3, {{1, {0}}, {1, {1}}, {1, {2}}}, 0.02}};

static double apply(link how, double y)
{
    return how == LINK_SUM ? y : how == LINK_PRODUCT ? log(y) : how == LINK_ROOT ? y * y : 1 / y;
}

/* The truth's change along a part's inputs against the part's: the other inputs at a fixed place.
 */
static double worst_part(const additive *a, const law_data *d, law_of truth, int n)
{
    double x[LAW_COLUMNS] = {1.5, 1.5, 1.5, 1.5}, first = 0, worst = 0;
    const additive_part *p = &a->parts[n];
    for (size_t i = 0; i < a->rows; i++) {
        for (int k = 0; k < p->count; k++)
            x[p->inputs[k]] = (double)d->columns[p->inputs[k]][i];
        double shift = p->values[i] - apply(a->link, truth(x));
        first = i == 0 ? shift : first;
        worst = fmax(worst, fabs(shift - first));
    }
    return worst;
}

static void test_parts(void **state)
{
    (void)state;
    for (size_t m = 0; m < sizeof MODELS / sizeof *MODELS; m++) {
        law_data *d = law_data_make(MODELS[m].truth, ROWS, 0.5, 3, 0);
        additive a;
        assert_true(additive_fit(&a, &d->p, LAW_COLUMNS, ROWS));
        assert_int_equal(a.link, MODELS[m].link);
        assert_int_equal(a.count, MODELS[m].count);
        assert_true(a.share < 1e-4);
        for (int k = 0; k < a.count; k++) {
            const part *wanted = &MODELS[m].parts[k];
            assert_int_equal(a.parts[k].count, wanted->count);
            assert_memory_equal(a.parts[k].inputs, wanted->inputs,
                                (size_t)wanted->count * sizeof *wanted->inputs);
            assert_true(worst_part(&a, d, MODELS[m].truth, k) < MODELS[m].limit);
        }
        additive_free(&a);
        law_data_free(d);
    }
}

static void test_noise(void **state)
{
    (void)state;
    law_data *d = law_data_make(sum, ROWS, 0.5, 3, 0.3);
    additive a;
    assert_true(additive_fit(&a, &d->p, LAW_COLUMNS, ROWS));
    assert_int_equal(a.link, LINK_SUM);
    assert_int_equal(a.count, 3);
    double noise = 0.3 * 0.3 / d->p.baseline;
    assert_true(a.share > 0.8 * noise && a.share < 1.2 * noise);
    additive_free(&a);
    law_data_free(d);
}

static void refused(law_of truth, int rows)
{
    law_data *d = law_data_make(truth, rows, 0.5, 3, 0);
    additive a;
    assert_true(additive_fit(&a, &d->p, LAW_COLUMNS, (size_t)rows));
    assert_true(a.count < 2);
    additive_free(&a);
    law_data_free(d);
}

static void test_refusals(void **state)
{
    (void)state;
    refused(distance, ROWS);
    refused(sum, 40);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_parts), cmocka_unit_test(test_noise),
                                       cmocka_unit_test(test_refusals)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
