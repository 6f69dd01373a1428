#include "data_files.h"

#include "base/rng.h"
#include "data/dataset.h"

static symlut_dataset make_data(size_t rows, size_t classes, double *target)
{
    rng r = rng_make(5, rows);
    for (size_t i = 0; i < rows; i++)
        target[i] = classes ? (double)rng_below(&r, (uint32_t)classes) : rng_unit(&r);
    return (symlut_dataset){.rows = rows, .classes = classes, .target = target};
}

static void check_partition(const split *s, size_t rows)
{
    unsigned char *seen = calloc(rows, 1);
    const uint32_t *lists[] = {s->train, s->validation, s->test};
    const size_t counts[] = {s->train_count, s->validation_count, s->test_count};
    assert_int_equal(counts[0] + counts[1] + counts[2], rows);
    for (int p = 0; p < 3; p++) {
        for (size_t i = 0; i < counts[p]; i++) {
            assert_true(i == 0 || lists[p][i] > lists[p][i - 1]);
            assert_true(lists[p][i] < rows);
            assert_int_equal(seen[lists[p][i]]++, 0);
        }
    }
    free(seen);
}

static size_t count_class(const symlut_dataset *d, const uint32_t *rows, size_t count, size_t k)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        n += d->target[rows[i]] == (double)k;
    return n;
}

static void test_sizes_and_strata(void **state)
{
    (void)state;
    static double target[10000];
    static const double fractions[][3] = {
        {0.8, 0.1, 0.1}, {0.7, 0.3, 0}, {1, 0, 0}, {0.5, 0.25, 0.25}, {0.334, 0.333, 0.333}};
    for (size_t classes = 0; classes <= 7; classes += 7) {
        symlut_dataset d = make_data(10000, classes, target);
        for (size_t f = 0; f < sizeof fractions / sizeof *fractions; f++) {
            split s;
            assert_int_equal(split_make(&s, &d, fractions[f], -1, 3, NULL), SYMLUT_OK);
            check_partition(&s, d.rows);
            assert_true(fabs((double)s.validation_count - 1e4 * fractions[f][1]) <= 1);
            assert_true(fabs((double)s.test_count - 1e4 * fractions[f][2]) <= 1);
            for (size_t k = 0; k < classes; k++) {
                double n = 0;
                for (size_t i = 0; i < d.rows; i++)
                    n += target[i] == (double)k;
                double in_test = (double)count_class(&d, s.test, s.test_count, k);
                double in_train = (double)count_class(&d, s.train, s.train_count, k);
                assert_true(fabs(in_test - n * fractions[f][2]) <= 1.5);
                assert_true(fabs(in_train - n * fractions[f][0]) <= 2.5);
            }
            split_free(&s);
        }
    }
}

static void test_seed_decides(void **state)
{
    (void)state;
    static double target[1000];
    const double fractions[] = {0.8, 0.1, 0.1};
    symlut_dataset d = make_data(1000, 3, target);
    split a, b, c;
    assert_int_equal(split_make(&a, &d, fractions, -1, 1, NULL), SYMLUT_OK);
    assert_int_equal(split_make(&b, &d, fractions, -1, 1, NULL), SYMLUT_OK);
    assert_int_equal(split_make(&c, &d, fractions, -1, 2, NULL), SYMLUT_OK);
    assert_memory_equal(a.test, b.test, a.test_count * sizeof *a.test);
    assert_memory_equal(a.validation, b.validation, a.validation_count * sizeof *a.test);
    assert_memory_not_equal(a.test, c.test, a.test_count * sizeof *a.test);
    /* no row is favoured: the mean test row is near the middle */
    double mean = 0;
    for (size_t i = 0; i < a.test_count; i++)
        mean += a.test[i] / (double)a.test_count;
    assert_true(mean > 350 && mean < 650);
    split_free(&a);
    split_free(&b);
    split_free(&c);
}

static void test_test_rows_by_position(void **state)
{
    (void)state;
    static double target[1000];
    const double fractions[] = {0.8, 0.1, 0.1};
    symlut_dataset d = make_data(1000, 4, target);
    split s;
    assert_int_equal(split_make(&s, &d, fractions, 900, 1, NULL), SYMLUT_OK);
    check_partition(&s, 1000);
    assert_int_equal(s.test_count, 100);
    assert_int_equal(s.test[0], 900);
    assert_int_equal(s.validation_count, 100);
    split_free(&s);
    symlut_error err;
    assert_int_equal(split_make(&s, &d, fractions, 1000, 1, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message,
                        "the test rows begin at row 1000, expected 1 to 999 for 1000 rows");
    assert_int_equal(split_make(&s, &d, fractions, 0, 1, &err), SYMLUT_BAD_INPUT);
}

static void test_too_few_rows(void **state)
{
    (void)state;
    static double target[3];
    const double fractions[] = {0.8, 0.1, 0.1};
    symlut_dataset d = make_data(3, 0, target);
    split s;
    symlut_error err;
    assert_int_equal(split_make(&s, &d, fractions, -1, 1, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, "the split 0.8,0.1,0.1 leaves no validation row out of 3: "
                                     "give more rows, or set that fraction to 0");
}

static void test_split_text(void **state)
{
    (void)state;
    double f[3];
    assert_int_equal(split_parse(f, "0.8, 0.1 ,1e-1", NULL), SYMLUT_OK);
    assert_true(f[0] == 0.8 && f[1] == 0.1 && f[2] == 0.1);
    assert_int_equal(split_parse(f, "1,0,0", NULL), SYMLUT_OK);
    static const char *const bad[] = {
        "",           "0.8",   "0.8,0.2",       "0.8,0.1,0.2", "0,0.5,0.5",
        "1.1,-0.1,0", "a,b,c", "0.8,0.1,0.1,0", "0.8;0.1;0.1", "nan,0,1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        symlut_error err;
        assert_int_equal(split_parse(f, bad[i], &err), SYMLUT_BAD_INPUT);
        assert_non_null(strstr(err.message, "like 0.8,0.1,0.1"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes_and_strata),
        cmocka_unit_test(test_seed_decides),
        cmocka_unit_test(test_test_rows_by_position),
        cmocka_unit_test(test_too_few_rows),
        cmocka_unit_test(test_split_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
