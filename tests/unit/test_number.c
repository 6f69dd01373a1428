#include "data_files.h"

#include "base/rng.h"
#include "data/number.h"

static uint64_t bits(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

static void same_as_library(const char *text)
{
    double found = -1;
    const char *end = number_scan(&found, text);
    char *expected_end;
    double expected = strtod(text, &expected_end);
    if (end != expected_end || bits(found) != bits(expected))
        fail_msg("'%s' is %.17g, expected %.17g", text, found, expected);
}

static void test_known_hard_cases(void **state)
{
    (void)state;
    static const char *const texts[] = {"0",
                                        "-0",
                                        "0.0e5",
                                        "1",
                                        "+1",
                                        ".5",
                                        "5.",
                                        "-.5e-3",
                                        "1e22",
                                        "1e23",
                                        "123456789012345678",
                                        "9007199254740993",
                                        "9007199254740992.9999999999999",
                                        "18446744073709551615",
                                        "18446744073709551616",
                                        "99999999999999999999",
                                        "0.1",
                                        "0.30000000000000004",
                                        "1.7976931348623157e308",
                                        "1.7976931348623159e308",
                                        "1e400",
                                        "1e-400",
                                        "4.9e-324",
                                        "2.4703282292062327e-324",
                                        "2.2250738585072011e-308",
                                        "2.2250738585072014e-308",
                                        "8.98846567431158e307",
                                        "6.631236846766476e-316",
                                        "1e-27",
                                        "1e27",
                                        "1e-28",
                                        "1e28",
                                        "0.000000000000000000000000000001",
                                        "7.2057594037927933e16",
                                        "5e-324",
                                        "9223372036854775808",
                                        "1.00000000000000011102230246251565404236316680908203125",
                                        "1.00000000000000011102230246251565404236316680908203124",
                                        "1.00000000000000011102230246251565404236316680908203126",
                                        "1e999999999999",
                                        "1e-999999999999",
                                        "0e999999999999",
                                        "1.5e",
                                        "1.5e+",
                                        "1.5x",
                                        "1e5e5"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        same_as_library(texts[i]);
}

static void test_random_numbers_are_correctly_rounded(void **state)
{
    (void)state;
    rng r = rng_make(1, 0);
    char text[64];
    for (int i = 0; i < 300000; i++) {
        uint64_t u = rng_next(&r);
        double x;
        memcpy(&x, &u, sizeof x);
        if (!isfinite(x))
            continue;
        int digits = 1 + (int)rng_below(&r, 21);
        snprintf(text, sizeof text, "%.*g", digits, x);
        same_as_library(text);
        snprintf(text, sizeof text, "%.*g", digits,
                 rng_normal(&r) * pow(10, rng_unit(&r) * 20 - 10));
        same_as_library(text);
    }
}

/* The middle between two neighbouring doubles, and a hair beside it, in exact decimal text. */
static void test_ties(void **state)
{
    (void)state;
    rng r = rng_make(2, 0);
    for (int i = 0; i < 20000; i++) {
        uint64_t mantissa = (UINT64_C(1) << 53 | rng_next(&r) >> 11) * 2 + 1;
        char text[64];
        snprintf(text, sizeof text, "%llu", (unsigned long long)mantissa);
        same_as_library(text);
        snprintf(text, sizeof text, "%llu.5", (unsigned long long)mantissa / 8);
        same_as_library(text);
        snprintf(text, sizeof text, "%llu.25", (unsigned long long)mantissa / 64);
        same_as_library(text);
        snprintf(text, sizeof text, "%lluE%d", (unsigned long long)mantissa,
                 (int)rng_below(&r, 60) - 30);
        same_as_library(text);
    }
}

static void test_cells(void **state)
{
    (void)state;
    double value;
    assert_int_equal(cell_parse(&value, " 1.5\t", 5), CELL_NUMBER);
    assert_true(value == 1.5);
    assert_int_equal(cell_parse(&value, "-inf", 4), CELL_NUMBER);
    assert_true(isinf(value) && value < 0);
    assert_int_equal(cell_parse(&value, "Infinity", 8), CELL_NUMBER);
    assert_true(isinf(value) && value > 0);
    static const char *const missing[] = {"", " ", "?", "NaN", "nan", "NA", "n/a", "NULL"};
    for (size_t i = 0; i < sizeof missing / sizeof *missing; i++) {
        assert_int_equal(cell_parse(&value, missing[i], strlen(missing[i])), CELL_MISSING);
        assert_true(isnan(value));
    }
    static const char *const texts[] = {"a", "1.5a", "0x10", "1 2", "1,5",
                                        "-", "e5",   "nano", "1e",  "--1"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        assert_int_equal(cell_parse(&value, texts[i], strlen(texts[i])), CELL_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_hard_cases),
        cmocka_unit_test(test_random_numbers_are_correctly_rounded),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
