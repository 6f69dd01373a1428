#include "data_files.h"

#include <sched.h>

enum { JETS = 2500, COLUMNS = 16 };

static char folder[] = "/tmp/symlut-jets-XXXXXX";
static char sample[64];
static symlut_dataset *jets;

static int make_sample(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return 1;
    snprintf(sample, sizeof sample, "%s/jets.csv", folder);
    symlut_data_options o = symlut_data_options_defaults();
    return symlut_jets_write(sample, JETS, 11, NULL, NULL) != SYMLUT_OK ||
           symlut_dataset_load(&jets, sample, &o, NULL, NULL) != SYMLUT_OK;
}

static int remove_sample(void **state)
{
    (void)state;
    symlut_dataset_free(jets);
    return directory_remove(folder, NULL) != SYMLUT_OK;
}

static void test_columns_and_classes(void **state)
{
    (void)state;
    static const char *const names[] = {
        "zlogz",      "c1_b0_mmdt", "c1_b1_mmdt",    "c1_b2_mmdt",    "c2_b1_mmdt", "c2_b2_mmdt",
        "d2_b1_mmdt", "d2_b2_mmdt", "d2_a1_b1_mmdt", "d2_a1_b2_mmdt", "m2_b1_mmdt", "m2_b2_mmdt",
        "n2_b1_mmdt", "n2_b2_mmdt", "mass_mmdt",     "multiplicity"};
    assert_int_equal(symlut_dataset_rows(jets), JETS);
    assert_int_equal(symlut_dataset_features(jets), COLUMNS);
    for (size_t k = 0; k < COLUMNS; k++)
        assert_string_equal(symlut_dataset_feature_name(jets, k), names[k]);
    assert_string_equal(symlut_dataset_target_name(jets), "label");
    static const char *const classes[] = {"g", "q", "t", "w", "z"};
    size_t counts[5] = {0};
    for (size_t k = 0; k < 5; k++)
        assert_string_equal(symlut_dataset_class_name(jets, k), classes[k]);
    for (size_t i = 0; i < JETS; i++)
        counts[(size_t)symlut_dataset_target(jets)[i]]++;
    for (size_t k = 0; k < 5; k++)
        assert_int_equal(counts[k], JETS / 5);
}

/* What must hold between the columns, to the nine digits of the file. */
static void test_identities(void **state)
{
    (void)state;
    const double *c[COLUMNS];
    for (size_t k = 0; k < COLUMNS; k++)
        c[k] = symlut_dataset_column(jets, k);
    size_t checked = 0;
    for (size_t i = 0; i < JETS; i++) {
        assert_true(c[8][i] == c[6][i]);
        assert_true(c[0][i] <= 0 && c[14][i] >= 0 && c[15][i] >= 5);
        assert_true(c[15][i] == floor(c[15][i]));
        if (c[4][i] <= 0)
            continue; /* fewer than three particles are left after grooming */
        assert_true(fabs(c[6][i] / (c[4][i] / c[2][i]) - 1) < 5e-8);
        assert_true(fabs(c[7][i] / (c[5][i] / c[3][i]) - 1) < 5e-8);
        assert_true(fabs(c[9][i] / (c[4][i] * c[2][i] * c[2][i] / pow(c[3][i], 1.5)) - 1) < 5e-8);
        checked++;
    }
    assert_true(checked > JETS * 9 / 10);
}

static size_t of_class(double *values, size_t column, size_t k)
{
    size_t n = 0;
    for (size_t i = 0; i < JETS; i++) {
        if (symlut_dataset_target(jets)[i] == (double)k)
            values[n++] = symlut_dataset_column(jets, column)[i];
    }
    return n;
}

/* Centre of the fullest 2 GeV, in steps of 0.25 GeV, of the masses above `from`. */
static double mass_peak(size_t k, double from)
{
    double values[JETS];
    size_t n = of_class(values, 14, k), most = 0;
    double peak = 0;
    for (double low = from; low < 300; low += 0.25) {
        size_t inside = 0;
        for (size_t i = 0; i < n; i++)
            inside += values[i] >= low && values[i] < low + 2;
        if (inside > most) {
            most = inside;
            peak = low + 1;
        }
    }
    return peak;
}

static void test_mass_peaks(void **state)
{
    (void)state;
    assert_true(fabs(mass_peak(3, 20) - 80.4) < 2);
    assert_true(fabs(mass_peak(4, 20) - 91.2) < 2);
    assert_true(fabs(mass_peak(2, 120) - 173.2) < 4);
}

static double mean(size_t column, size_t k)
{
    double values[JETS], sum = 0;
    size_t n = of_class(values, column, k);
    for (size_t i = 0; i < n; i++)
        sum += values[i] / (double)n;
    return sum;
}

/* Gluons radiate more than quarks, by about C_A/C_F; decays of heavy particles have two or three
 * prongs, so that D2 and N2 are small. */
static void test_what_tells_classes_apart(void **state)
{
    (void)state;
    assert_true(mean(15, 0) > 1.4 * mean(15, 1));
    assert_true(mean(15, 0) > 40 && mean(15, 0) < 100);
    assert_true(mean(2, 0) > 1.5 * mean(2, 1));
    assert_true(mean(6, 3) < 0.9 * mean(6, 0) && mean(6, 4) < 0.9 * mean(6, 0));
    assert_true(mean(12, 3) < 0.9 * mean(12, 0));
    assert_true(mean(14, 2) > 120 && mean(14, 2) < 160);
}

static void test_same_seed_same_bytes(void **state)
{
    (void)state;
    char path[96], *first, *second;
    size_t n, m;
    snprintf(path, sizeof path, "%s/again.csv", folder);
    assert_int_equal(file_read(&first, &n, sample, NULL), SYMLUT_OK);
    /* on one processor only: one thread */
    cpu_set_t all, one;
    assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
    CPU_ZERO(&one);
    for (size_t i = 0; i < CPU_SETSIZE; i++) {
        if (CPU_ISSET(i, &all)) {
            CPU_SET(i, &one);
            break;
        }
    }
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
    assert_int_equal(symlut_jets_write(path, JETS, 11, NULL, NULL), SYMLUT_OK);
    assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
    assert_int_equal(file_read(&second, &m, path, NULL), SYMLUT_OK);
    assert_int_equal(n, m);
    assert_memory_equal(first, second, n);
    free(second);
    /* fewer jets are the first of more; another seed is another sample */
    assert_int_equal(symlut_jets_write(path, 100, 11, NULL, NULL), SYMLUT_OK);
    assert_int_equal(file_read(&second, &m, path, NULL), SYMLUT_OK);
    assert_memory_equal(first, second, m);
    free(second);
    assert_int_equal(symlut_jets_write(path, 100, 12, NULL, NULL), SYMLUT_OK);
    assert_int_equal(file_read(&second, &m, path, NULL), SYMLUT_OK);
    assert_memory_not_equal(first, second, m < n ? m : n);
    free(second);
    free(first);
}

static bool stop_at_once(void *payload)
{
    (void)payload;
    return true;
}

static void test_refusals_leave_nothing(void **state)
{
    (void)state;
    char path[96];
    symlut_error err;
    snprintf(path, sizeof path, "%s/none.csv", folder);
    assert_int_equal(symlut_jets_write(path, 0, 1, NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, "0 jets are asked for, expected 1 to 5000000");
    assert_int_equal(symlut_jets_write("", 5, 1, NULL, &err), SYMLUT_BAD_INPUT);
    symlut_hooks hooks = {.stop = stop_at_once};
    assert_int_equal(symlut_jets_write(path, 5, 1, &hooks, &err), SYMLUT_INTERRUPTED);
    assert_false(file_exists(path));
    snprintf(path, sizeof path, "%s/missing/none.csv", folder);
    assert_int_equal(symlut_jets_write(path, 5, 1, NULL, &err), SYMLUT_IO);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_and_classes),
        cmocka_unit_test(test_identities),
        cmocka_unit_test(test_mass_peaks),
        cmocka_unit_test(test_what_tells_classes_apart),
        cmocka_unit_test(test_same_seed_same_bytes),
        cmocka_unit_test(test_refusals_leave_nothing),
    };
    return cmocka_run_group_tests(tests, make_sample, remove_sample);
}
