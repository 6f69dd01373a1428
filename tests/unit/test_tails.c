/* Heavy tails: silent on normal and bounded noise, said of Laplace, Student and spoilt rows. */
#include "search/tails.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"

enum { MOST = 20000 };

typedef double (*sampler)(rng *r);

static double normal(rng *r)
{
    return 3 + 0.7 * rng_normal(r);
}

static double uniform(rng *r)
{
    return rng_unit(r) - 4;
}

static double laplace(rng *r)
{
    double u = rng_unit(r) - 0.5;
    return copysign(log(1 - 2 * fabs(u) + 1e-300), u);
}

/* Student's t with three degrees of freedom. */
static double student(rng *r)
{
    double a = rng_normal(r), b = rng_normal(r), c = rng_normal(r);
    return rng_normal(r) / sqrt((a * a + b * b + c * c) / 3);
}

/* One row in fifty is ten times as wrong. */
static double spoilt(rng *r)
{
    return rng_normal(r) * (rng_unit(r) < 0.02 ? 10 : 1);
}

/* How many of `trials` samples are called heavy. */
static int count_heavy(sampler draw, size_t count, int trials)
{
    double *x = malloc(count * sizeof *x);
    rng r = rng_make(11, (uint64_t)count);
    int heavy = 0;
    assert_non_null(x);
    for (int i = 0; i < trials; i++) {
        for (size_t k = 0; k < count; k++)
            x[k] = draw(&r);
        heavy += tails_of(x, count).heavy;
    }
    free(x);
    return heavy;
}

static void test_silent_without_tails(void **state)
{
    (void)state;
    assert_in_range(count_heavy(normal, 100, 1000), 0, 12); /* 0.4 % */
    assert_in_range(count_heavy(normal, 200, 500), 0, 3);
    assert_int_equal(count_heavy(normal, 1000, 200), 0);
    assert_int_equal(count_heavy(normal, MOST, 10), 0);
    assert_int_equal(count_heavy(uniform, 100, 200), 0);
    assert_int_equal(count_heavy(uniform, MOST, 10), 0);
}

static void test_tails_are_seen(void **state)
{
    (void)state;
    assert_int_equal(count_heavy(student, MOST, 20), 20);
    assert_int_equal(count_heavy(spoilt, MOST, 20), 20);
    assert_in_range(count_heavy(laplace, MOST, 20), 19, 20);
    assert_in_range(count_heavy(student, 1000, 100), 95, 100);
}

/* 1 … 199 around 100: median 100, median distance 50; then one row is spoilt. */
static void test_figures(void **state)
{
    (void)state;
    double x[199], squares = 0;
    for (int i = 0; i < 199; i++) {
        x[(i * 37) % 199] = i + 1;
        squares += (i - 99.0) * (i - 99.0);
    }
    tails t = tails_of(x, 199);
    assert_false(t.heavy);
    assert_true(fabs(t.deviation - 1.4826 * 50) < 1e-9);
    assert_true(t.far_rows < 1e-300 && t.far_squares < 1e-300);
    for (int i = 0; i < 199; i++)
        x[i] = i == 198 ? 1099 : i + 1; /* was 199 */
    t = tails_of(x, 199);
    double far = 999.0 * 999.0;
    assert_true(t.heavy);
    assert_true(fabs(t.far_rows - 1.0 / 199) < 1e-12);
    assert_true(fabs(t.far_squares - far / (squares - 99.0 * 99.0 + far)) < 1e-12);
}

static void test_edges(void **state)
{
    (void)state;
    double x[TAILS_ROWS] = {0};
    assert_false(tails_of(x, TAILS_ROWS).heavy); /* no residual at all */
    for (int i = 0; i < TAILS_ROWS; i++)
        x[i] = i == 0 ? 5 : 0;
    assert_true(tails_of(x, TAILS_ROWS).heavy);
    for (int i = 0; i < TAILS_ROWS; i++)
        x[i] = i == 0 ? 5 : 0;
    assert_false(tails_of(x, TAILS_ROWS - 1).heavy); /* too few to say */
    x[3] = (double)NAN;
    assert_false(tails_of(x, TAILS_ROWS).heavy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silent_without_tails),
        cmocka_unit_test(test_tails_are_seen),
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_edges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
