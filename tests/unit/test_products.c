/* Laws that are products of powers and functions come out of their values; degenerate data give
 * whole expressions or none. */
#include "law_data.h"
#include "search/products.h"

enum { SIZE = 30 };

static laws found, of_outer;

static void find_all(law_data *d, const vocabulary *v)
{
    atoms a;
    assert_true(atoms_build(&a, &d->p, v, d->threads, &d->w));
    found.count = 0;
    for (int outer = 0; outer < PRODUCTS_OUTERS; outer++) {
        assert_true(products_find(&of_outer, outer, &a, v, SIZE, &d->w));
        laws_check(&of_outer, v, SIZE);
        for (int i = 0; i < of_outer.count && found.count < LAWS_MAX && i < 4; i++)
            found.items[found.count++] = of_outer.items[i];
    }
    atoms_free(&a);
}

static double powers(const double *x)
{
    return 3.7 * x[0] * x[0] / (x[1] * sqrt(x[2]));
}

static double difference(const double *x)
{
    return 0.25 * x[3] / ((x[0] - x[1]) * (x[0] - x[1]));
}

static double lorentz(const double *x)
{
    return x[0] / sqrt(1 - x[1] * x[1] / (16 * x[2] * x[2]) * 16 / 9);
}

static double bell(const double *x)
{
    return 0.4 * exp(-0.7 * x[0] * x[0] / (x[1] * x[1])) / x[1];
}

static double planck(const double *x)
{
    return x[0] * x[0] * x[0] / (exp(x[0] / x[1]) - 1);
}

static double wave(const double *x)
{
    return 2.5 * x[0] * sin(x[1] * x[2]);
}

static double angle(const double *x)
{
    return asin(0.3 * x[0] / x[1]);
}

static double logarithm(const double *x)
{
    return log(0.8 * x[0] * x[1] * x[1]);
}

static double gap(const double *x) /* |x0 - x1| is at least 1 */
{
    double y[] = {x[0] + 3, x[1], x[2], x[3]};
    return difference(y);
}

static const struct {
    const char *name;
    law_of truth;
} LAWS[] = {{"powers", powers}, {"bell", bell},           {"planck", planck},
            {"wave", wave},     {"logarithm", logarithm}, {"angle", angle}};

static void test_exact(void **state)
{
    (void)state;
    vocabulary v = law_words(LAW_COLUMNS);
    for (size_t i = 0; i < sizeof LAWS / sizeof *LAWS; i++) {
        law_data *d = law_data_make(LAWS[i].truth, 600, 1, 3, 0);
        find_all(d, &v);
        double far = laws_distance(&found, LAWS[i].truth, 1, 3);
        if (!(far < 1e-3))
            fail_msg("%s: %g away from the nearest of %d laws", LAWS[i].name, far, found.count);
        law_data_free(d);
    }
}

/* A scale inside a function that is none of the atoms' own. */
static double quanta(const double *x)
{
    double u = 0.37 * x[0] * x[1];
    return u / (exp(u / (x[2] * x[3])) - 1);
}

static double saturation(const double *x)
{
    return x[3] * tanh(0.63 * x[0] * x[1] / x[2]);
}

static void test_scales(void **state)
{
    (void)state;
    static const law_of truths[] = {quanta, saturation};
    vocabulary v = law_words(LAW_COLUMNS);
    v.unary[v.unary_count++] = EXPR_TANH;
    for (size_t i = 0; i < 2; i++) {
        law_data *d = law_data_make(truths[i], 800, 1, 3, 0);
        find_all(d, &v);
        assert_true(laws_distance(&found, truths[i], 1, 3) < 3e-5);
        law_data_free(d);
    }
}

/* With noise of 1 % of the spread the law is still nearer than the noise. */
static void test_noise(void **state)
{
    (void)state;
    vocabulary v = law_words(LAW_COLUMNS);
    for (size_t i = 0; i < sizeof LAWS / sizeof *LAWS; i++) {
        law_data *d = law_data_make(LAWS[i].truth, 1000, 1, 3, 0);
        double spread = sqrt(d->p.baseline);
        law_data_free(d);
        d = law_data_make(LAWS[i].truth, 1000, 1, 3, 0.01 * spread);
        find_all(d, &v);
        double far = laws_distance(&found, LAWS[i].truth, 1, 3);
        if (!(far < 0.01))
            fail_msg("%s: %g away from the nearest of %d laws", LAWS[i].name, far, found.count);
        law_data_free(d);
    }
}

/* Functions that are not in the list are neither written nor needed. */
static void test_other_operations(void **state)
{
    (void)state;
    vocabulary few = {.binary = {EXPR_MUL, EXPR_DIV},
                      .binary_count = 2,
                      .unary = {EXPR_SQRT},
                      .unary_count = 1,
                      .features = LAW_COLUMNS};
    law_data *d = law_data_make(powers, 600, 1, 3, 0);
    find_all(d, &few);
    assert_true(laws_distance(&found, powers, 1, 3) < 1e-4);
    for (int i = 0; i < found.count; i++)
        for (int n = 0; n < found.items[i].count; n++) {
            expr_op op = (expr_op)found.items[i].nodes[n].op;
            assert_true(expr_arity(op) == 0 || vocabulary_has(&few, op));
        }
    law_data_free(d);
}

static double constant(const double *x)
{
    (void)x;
    return 2.5;
}

static double zero(const double *x)
{
    (void)x;
    return 0;
}

static void spoil(law_data *d, int how, int rows)
{
    for (int i = 0; i < rows; i++) {
        if (how == 0)
            d->columns[1][i] = 0;
        if (how == 1)
            d->columns[1][i] = 2;
        if (how == 2)
            d->columns[1][i] = d->columns[0][i];
        if (how == 3 && i % 7 == 0)
            d->columns[2][i] = NAN;
        if (how == 4 && i % 7 == 0)
            d->target[i] = (double)NAN;
        if (how == 5)
            d->target[i] = -d->target[i] * (i % 2 ? 1e30 : 1e-30);
    }
}

/* Whatever comes in, what comes out is whole. */
static void test_degenerate(void **state)
{
    (void)state;
    static const law_of truths[] = {constant, zero, powers, gap, lorentz};
    static const int rows[] = {1, 2, 5, 40, 300};
    vocabulary v = law_words(LAW_COLUMNS);
    for (size_t t = 0; t < sizeof truths / sizeof *truths; t++)
        for (int how = 0; how < 6; how++) {
            int n = rows[(t + (size_t)how) % 5];
            law_data *d = law_data_make(truths[t], n, 1, 3, 0);
            spoil(d, how, n);
            law_data_finish(d, n);
            find_all(d, &v);
            law_data_free(d);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact),      cmocka_unit_test(test_scales),
        cmocka_unit_test(test_noise),      cmocka_unit_test(test_other_operations),
        cmocka_unit_test(test_degenerate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
