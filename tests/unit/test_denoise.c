/* Noisy values of a known law come out nearer to the law; scikit-learn's own Gaussian process is
 * compared in tests/oracle/denoise.py. */
#include "search/denoise.h"

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "base/rng.h"

#include <cmocka.h>

enum { MOST = 1500, FEATURES = 2 };

static double columns[FEATURES][MOST], law[MOST], y[MOST], smooth[MOST];
static const double *const x[FEATURES] = {columns[0], columns[1]};
static uint32_t rows[MOST];

/* sin(2 a) + b^2 / 2, with noise; the rows are read backwards. */
static void make(size_t count, double noise, double scale, double offset)
{
    rng r = rng_make(7, 1);
    for (size_t i = 0; i < count; i++) {
        for (int f = 0; f < FEATURES; f++)
            columns[f][i] = 4 * rng_unit(&r) - 2;
        law[i] = offset + scale * (sin(2 * columns[0][i]) + columns[1][i] * columns[1][i] / 2);
        y[i] = law[i] + scale * noise * rng_normal(&r);
        rows[i] = (uint32_t)(count - 1 - i);
    }
}

static double rms(const double *a, size_t count, bool by_row)
{
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        double miss = a[by_row ? i : rows[i]] - law[rows[i]];
        sum += miss * miss;
    }
    return sqrt(sum / (double)count);
}

static denoise_fit run(size_t count)
{
    denoise_fit fit;
    symlut_error err;
    assert_int_equal(denoise(&fit, smooth, x, FEATURES, y, rows, count, NULL, &err), SYMLUT_OK);
    for (size_t i = 0; i < count; i++)
        assert_true(isfinite(smooth[i]));
    return fit;
}

/* The noise is known to a fifth, and less than the stated share of it is left. */
static void check_noise(size_t count, double noise, double scale, double offset, double left)
{
    make(count, noise, scale, offset);
    denoise_fit fit = run(count);
    double before = rms(y, count, false), after = rms(smooth, count, true);
    print_message("%zu rows, noise %g: rms error %g -> %g, estimated noise %g, length %g\n", count,
                  noise * scale, before, after, fit.noise, fit.length);
    assert_true(fit.rows == (count < DENOISE_ROWS ? count : DENOISE_ROWS));
    assert_true(fabs(fit.noise / (noise * scale) - 1) < 0.2);
    assert_true(after < left * before);
}

static void test_noise(void **state)
{
    (void)state;
    check_noise(200, 0.3, 1, 0, 0.4);
    check_noise(200, 0.3, 1e-6, 0, 0.4);
    check_noise(200, 0.3, 1e9, -3e10, 0.4);
    check_noise(900, 0.3, 1, 100, 0.25);
    check_noise(MOST, 0.3, 1, 0, 0.25);
}

/* Without noise little is lost. */
static void test_exact(void **state)
{
    (void)state;
    make(300, 0, 1, 0);
    run(300);
    assert_true(rms(smooth, 300, true) < 0.01);
}

/* Noise alone: what is left of it is little beside what there was. */
static void test_nothing(void **state)
{
    (void)state;
    make(300, 0, 1, 0);
    rng r = rng_make(8, 1);
    for (size_t i = 0; i < 300; i++) {
        law[i] = 5;
        y[i] = 5 + rng_normal(&r);
    }
    run(300);
    assert_true(rms(smooth, 300, true) < 0.5 * rms(y, 300, false));
}

/* Rows that repeat, with the same and with other targets; columns of one value. */
static void test_degenerate(void **state)
{
    (void)state;
    make(200, 0.3, 1, 0);
    for (size_t i = 100; i < 200; i++) {
        for (int f = 0; f < FEATURES; f++)
            columns[f][i] = columns[f][i - 100];
        law[i] = law[i - 100];
        y[i] = i < 150 ? y[i - 100] : y[i];
    }
    run(200);
    assert_true(rms(smooth, 200, true) < 0.7 * rms(y, 200, false));
    for (size_t i = 0; i < 200; i++)
        columns[1][i] = 0.1; /* whose mean rounds */
    run(200);
    for (size_t i = 0; i < 200; i++)
        columns[0][i] = 3e20;
    denoise_fit fit = run(200);
    assert_true(fit.rows == 200);
    for (size_t i = 1; i < 200; i++) /* all inputs are one point */
        assert_true(fabs(smooth[i] - smooth[0]) < 1e-9);
    double mean = 0;
    for (size_t i = 0; i < 200; i++)
        mean += y[i] / 200;
    assert_true(fabs(smooth[0] - mean) < 1e-6);
}

/* A target of one value stays, and so does one that a single row breaks: no NaN. */
static void test_constant(void **state)
{
    (void)state;
    make(50, 0.3, 1, 0);
    for (size_t i = 0; i < 50; i++)
        y[i] = 0.1;
    assert_true(run(50).rows == 0);
    for (size_t i = 0; i < 50; i++)
        assert_true(smooth[i] == 0.1);
    y[20] = 7;
    run(50);
    for (size_t i = 0; i < 50; i++)
        assert_true(smooth[i] > -7 && smooth[i] < 8);
}

static void test_refused(void **state)
{
    (void)state;
    denoise_fit fit;
    symlut_error err;
    make(20, 0.3, 1, 0);
    assert_int_equal(denoise(&fit, smooth, x, FEATURES, y, rows, 9, NULL, &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "at least 10 training rows, found 9"));
    y[3] = 1e300; /* its square is infinite */
    assert_int_equal(denoise(&fit, smooth, x, FEATURES, y, rows, 20, NULL, &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "no Gaussian process"));
}

/* A wish to stop that comes with question `after`. */
typedef struct wish {
    int questions, after;
} wish;

static bool ask(void *payload)
{
    wish *w = payload;
    return ++w->questions >= w->after;
}

/* Wherever it is stopped: at once, and a whole run gives what one without questions gives. */
static void test_stops(void **state)
{
    (void)state;
    enum { FEW = 60 };
    static double unasked[FEW];
    denoise_fit fit;
    symlut_error err;
    make(FEW, 0.3, 1, 0);
    run(FEW);
    memcpy(unasked, smooth, sizeof unasked);
    wish never = {.after = INT_MAX};
    symlut_hooks hooks = {.stop = ask, .payload = &never};
    assert_int_equal(denoise(&fit, smooth, x, FEATURES, y, rows, FEW, &hooks, &err), SYMLUT_OK);
    assert_memory_equal(smooth, unasked, sizeof unasked);
    int stopped = 0;
    for (int after = 1; after <= never.questions; after += 1 + never.questions / 12) {
        wish w = {.after = after};
        hooks.payload = &w;
        assert_int_equal(denoise(&fit, smooth, x, FEATURES, y, rows, FEW, &hooks, &err),
                         SYMLUT_INTERRUPTED);
        assert_int_equal(w.questions, after); /* it is not asked again */
        stopped++;
    }
    assert_true(stopped > 10);
    /* the last question of all: in the rows that the process predicts */
    wish last = {.after = never.questions};
    hooks.payload = &last;
    assert_int_equal(denoise(&fit, smooth, x, FEATURES, y, rows, FEW, &hooks, &err),
                     SYMLUT_INTERRUPTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_noise),    cmocka_unit_test(test_exact),
        cmocka_unit_test(test_nothing),  cmocka_unit_test(test_degenerate),
        cmocka_unit_test(test_constant), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_stops),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
