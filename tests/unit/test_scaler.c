#include "data_files.h"

#include "base/rng.h"
#include "data/dataset.h"

static void test_mean_and_deviation(void **state)
{
    (void)state;
    double a[] = {1, 2, 3, 4, 100}, b[] = {5, 5, 5, 5, 7},
           c[] = {1e9 + 1, 1e9 + 2, 1e9 + 3, 1e9 + 4, 0};
    double *columns[] = {a, b, c};
    symlut_dataset d = {.rows = 5, .features = 3, .columns = columns};
    const uint32_t rows[] = {0, 1, 2, 3};
    double mean[3], scale[3];
    scaler_learn(mean, scale, &d, rows, 4);
    assert_true(mean[0] == 2.5 && fabs(scale[0] - sqrt(1.25)) < 1e-15);
    assert_true(mean[1] == 5 && scale[1] == 1);
    assert_true(mean[2] == 1e9 + 2.5 && fabs(scale[2] - sqrt(1.25)) < 1e-12);
}

static void test_extremes_stay_finite(void **state)
{
    (void)state;
    double a[] = {1e300, -1e300, 1e300, -1e300}, b[] = {1e-300, -1e-300, 1e-300, -1e-300};
    double c[] = {1.7e308, -1.7e308, 1.7e308, -1.7e308};
    double *columns[] = {a, b, c};
    symlut_dataset d = {.rows = 4, .features = 3, .columns = columns};
    const uint32_t rows[] = {0, 1, 2, 3};
    double mean[3], scale[3];
    scaler_learn(mean, scale, &d, rows, 4);
    assert_true(mean[0] == 0 && fabs(scale[0] / 1e300 - 1) < 1e-15);
    assert_true(mean[1] == 0 && fabs(scale[1] / 1e-300 - 1) < 1e-15);
    assert_true(mean[2] == 0 && fabs(scale[2] / 1.7e308 - 1) < 1e-15);
}

/* Against sums in long double. */
static void test_random_columns(void **state)
{
    (void)state;
    enum { ROWS = 10000 };
    static double x[ROWS];
    static uint32_t rows[ROWS];
    double *columns[] = {x};
    symlut_dataset d = {.rows = ROWS, .features = 1, .columns = columns};
    rng r = rng_make(1, 1);
    for (int round = 0; round < 16; round++) {
        double offset = pow(10, round - 10), width = pow(10, 10 - round);
        long double sum = 0, squares = 0;
        for (uint32_t i = 0; i < ROWS; i++) {
            rows[i] = i;
            x[i] = offset + width * rng_normal(&r);
            sum += (long double)x[i];
        }
        for (int i = 0; i < ROWS; i++)
            squares += ((long double)x[i] - sum / ROWS) * ((long double)x[i] - sum / ROWS);
        double mean, scale;
        scaler_learn(&mean, &scale, &d, rows, ROWS);
        double expected = (double)sqrtl(squares / ROWS);
        assert_true(fabs(mean - (double)(sum / ROWS)) <= 1e-12 * (fabs(offset) + width));
        assert_true(fabs(scale - expected) <= 1e-12 * expected);
    }
}

static symlut_status read_text(double *mean, double *scale, const char *text, symlut_error *err)
{
    static const char *const names[] = {"a", "b"};
    char path[] = "/tmp/symlut-scaler-XXXXXX";
    close(mkstemp(path));
    assert_int_equal(file_write(path, text, strlen(text), NULL), SYMLUT_OK);
    symlut_status status = scaler_read(mean, scale, names, 2, path, err);
    unlink(path);
    return status;
}

static void test_reading(void **state)
{
    (void)state;
    double mean[2], scale[2];
    symlut_error err;
    assert_int_equal(
        read_text(mean, scale, "feature,mean,scale\nb,1,2\nother,5,6\n\"a\",-3,0.5\n", &err),
        SYMLUT_OK);
    assert_true(mean[0] == -3 && scale[0] == 0.5 && mean[1] == 1 && scale[1] == 2);
    static const struct {
        const char *text, *message;
        long line;
    } bad[] = {
        {"", "is empty, expected the header feature,mean,scale", 0},
        {"feature,mean\na,1\n", "no column 'scale': expected the header feature,mean,scale", 1},
        {"feature,mean,scale\na,1,2\n", "has no row for the input 'b': add its mean and scale", 0},
        {"feature,mean,scale\na,1,0\nb,1,1\n", "the scale of 'a' is 0, expected a number above 0",
         2},
        {"feature,mean,scale\na,x,1\n", "the mean of 'a' is 'x', expected a finite number", 2},
        {"feature,mean,scale\na,1,inf\n", "the scale of 'a' is 'inf', expected a finite number", 2},
        {"feature,mean,scale\na,1,1\na,2,1\n", "'a' stands here a second time", 3},
        {"feature,mean,scale\na,1\n", "this row has 2 cells, expected 3 as in the header", 2},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(read_text(mean, scale, bad[i].text, &err), SYMLUT_BAD_INPUT);
        assert_string_equal(err.message, bad[i].message);
        assert_int_equal(err.line, bad[i].line);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mean_and_deviation),
        cmocka_unit_test(test_extremes_stay_finite),
        cmocka_unit_test(test_random_columns),
        cmocka_unit_test(test_reading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
