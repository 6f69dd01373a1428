#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "lower/table.h"

static long double sigmoid_l(long double x)
{
    return 1 / (1 + expl(-x));
}

static long double gauss_l(long double x)
{
    return expl(-x * x);
}

static long double inv_l(long double x)
{
    return 1 / x;
}

/* Every function with its long double counterpart, and where it rises (+1), falls (-1) or neither
 * over its whole domain. */
static const struct {
    expr_op op;
    long double (*value)(long double);
    int slope;
} functions[] = {
    {EXPR_SQRT, sqrtl, 1},   {EXPR_CBRT, cbrtl, 1},    {EXPR_INV, inv_l, 0},
    {EXPR_EXP, expl, 1},     {EXPR_EXP2, exp2l, 1},    {EXPR_EXPM1, expm1l, 1},
    {EXPR_LOG, logl, 1},     {EXPR_LOG2, log2l, 1},    {EXPR_LOG10, log10l, 1},
    {EXPR_LOG1P, log1pl, 1}, {EXPR_SIN, sinl, 0},      {EXPR_COS, cosl, 0},
    {EXPR_TAN, tanl, 0},     {EXPR_ASIN, asinl, 1},    {EXPR_ACOS, acosl, -1},
    {EXPR_ATAN, atanl, 1},   {EXPR_SINH, sinhl, 1},    {EXPR_COSH, coshl, 0},
    {EXPR_TANH, tanhl, 1},   {EXPR_ASINH, asinhl, 1},  {EXPR_ERF, erfl, 1},
    {EXPR_ERFC, erfcl, -1},  {EXPR_GAMMA, tgammal, 0}, {EXPR_ACOSH, acoshl, 1},
    {EXPR_ATANH, atanhl, 1}, {EXPR_GAUSS, gauss_l, 0}, {EXPR_SIGMOID, sigmoid_l, 1},
};
enum { FUNCTIONS = sizeof functions / sizeof *functions };

static void test_every_unary_function_is_covered(void **state)
{
    (void)state;
    for (int op = 0; op < EXPR_OP_COUNT; op++) {
        bool listed = op == EXPR_POW || op == EXPR_ATAN2;
        for (size_t i = 0; i < FUNCTIONS; i++)
            listed |= functions[i].op == (expr_op)op;
        assert_int_equal(listed, table_function_is((expr_op)op));
    }
}

static void words_of(int64_t *words, bool *is_nan, const table_shape *s, table_function f,
                     format word)
{
    expr_node nodes[3];
    assert_true(table_words(words, is_nan, s, table_function_expr(f, nodes), word));
}

static table_shape shape(const char *spec_text, int argument_frac)
{
    table_spec spec;
    table_shape s;
    assert_int_equal(table_spec_parse(&spec, spec_text, NULL), SYMLUT_OK);
    assert_int_equal(table_shape_make(&s, &spec, argument_frac, NULL), SYMLUT_OK);
    return s;
}

/* The argument at which entry k is evaluated, from the definition: the mean of the first and the
 * last multiple of 2^-argument_frac that the entry holds. */
static long double midpoint(const table_shape *s, int64_t k)
{
    long double first = ldexpl((long double)(s->first + k), -s->index_frac);
    long double last =
        ldexpl((long double)(s->first + k + 1), -s->index_frac) - ldexpl(1, -s->argument_frac);
    return (first + last) / 2;
}

/* long double functions are good to a few units of their last place, so words may differ from
 * their rounding only where they lie that close to a tie. */
static void check_words(expr_op op, long double (*value)(long double), const char *range,
                        int argument_frac, format word)
{
    char asked[96];
    snprintf(asked, sizeof asked, "%s: 512 over %s", expr_op_name(op), range);
    table_shape s = shape(asked, argument_frac);
    int64_t words[512];
    bool nan[512];
    words_of(words, nan, &s, (table_function){.op = op}, word);
    for (int64_t k = 0; k < (int64_t)1 << s.index_bits; k++) {
        long double exact = value(midpoint(&s, k));
        int64_t w = words[table_position(&s, k)];
        assert_int_equal(nan[k], isnan(exact));
        if (isnan(exact)) {
            assert_int_equal(w, 0);
            continue;
        }
        long double scaled = ldexpl(exact, word.frac);
        if (scaled >= (long double)format_max(word)) {
            assert_int_equal(w, format_max(word));
        } else if (scaled <= (long double)format_min(word)) {
            assert_int_equal(w, format_min(word));
        } else {
            long double slack = 0.5L + fabsl(scaled) * 8 * LDBL_EPSILON;
            if (!(fabsl(scaled - (long double)w) <= slack))
                fail_msg("%s entry %lld: %lld for %.12Lg", asked, (long long)k, (long long)w,
                         scaled);
        }
    }
}

static void test_words_are_rounded_to_nearest(void **state)
{
    (void)state;
    static const char *const ranges[] = {"[-8,8]", "[0,4]", "[-1,1]", "[1,2]", "[-64,64]"};
    static const format formats[] = {{true, 16, 10}, {true, 12, 10}, {true, 40, 30},
                                     {false, 8, 8},  {true, 18, 4},  {true, 8, -2}};
    for (size_t i = 0; i < FUNCTIONS; i++)
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++)
            for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
                check_words(functions[i].op, functions[i].value, ranges[r], 10 + (int)r,
                            formats[f]);
}

static void test_words_of_monotone_functions_are_monotone(void **state)
{
    (void)state;
    format word = {true, 24, 16};
    for (size_t i = 0; i < FUNCTIONS; i++) {
        if (functions[i].slope == 0)
            continue;
        char asked[96];
        snprintf(asked, sizeof asked, "%s: 1024 over [-4,4]", expr_op_name(functions[i].op));
        table_shape s = shape(asked, 12);
        int64_t words[1024];
        bool nan[1024];
        words_of(words, nan, &s, (table_function){.op = functions[i].op}, word);
        for (int64_t k = 1; k < 1024; k++) {
            int64_t step = words[table_position(&s, k)] - words[table_position(&s, k - 1)];
            if (!nan[k] && !nan[k - 1])
                assert_true(step * functions[i].slope >= 0);
        }
    }
}

/* Powers and roots with rational values: ties are known exactly. */
static void test_ties_go_to_even(void **state)
{
    (void)state;
    int64_t words[16];
    /* 1/x at x = 1 … 15 with one fraction bit at 2: 0.5 exact; with none, 0.5 is a tie */
    table_shape s = shape("inv: 16 over [0,16]", 0);
    words_of(words, NULL, &s, (table_function){.op = EXPR_INV}, (format){true, 8, 0});
    assert_int_equal(words[0], 127); /* infinity saturates */
    assert_int_equal(words[1], 1);
    assert_int_equal(words[2], 0); /* 0.5 to even */
    assert_int_equal(words[3], 0);
    /* x^1.5 at x = 4^-1 … : sqrt(1/4) = 1/2 and sqrt(9/4) = 3/2 are ties */
    s = shape("sqrt: 16 over [0,4]", 2);
    words_of(words, NULL, &s, (table_function){.op = EXPR_SQRT}, (format){true, 8, 0});
    assert_int_equal(words[1], 0);
    assert_int_equal(words[9], 2);
    assert_int_equal(words[4], 1);
    /* 2^x at x = -1: 0.5 */
    s = shape("exp2: 16 over [-8,8]", 0);
    words_of(words, NULL, &s, (table_function){.op = EXPR_EXP2}, (format){true, 10, 0});
    assert_int_equal(words[table_position(&s, 7)], 0);
    assert_int_equal(words[table_position(&s, 8)], 1);
    assert_int_equal(words[table_position(&s, 15)], 128);
    words_of(words, NULL, &s, (table_function){.op = EXPR_POW, .constant = -2},
             (format){true, 10, 1});
    assert_int_equal(words[table_position(&s, 8)], 511); /* 0^-2 is infinite */
    assert_int_equal(words[table_position(&s, 9)], 2);
    assert_int_equal(words[table_position(&s, 10)], 0); /* 1/4 is half a step */
    assert_int_equal(words[table_position(&s, 6)], 0);
    words_of(words, NULL, &s,
             (table_function){.op = EXPR_POW, .constant = 3, .constant_first = true},
             (format){true, 16, 0});
    assert_int_equal(words[table_position(&s, 13)], 243);
    words_of(words, NULL, &s,
             (table_function){.op = EXPR_ATAN2, .constant = 0, .constant_first = true},
             (format){true, 16, 10});
    assert_int_equal(words[table_position(&s, 0)], 3217); /* pi */
    assert_int_equal(words[table_position(&s, 12)], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_unary_function_is_covered),
        cmocka_unit_test(test_words_are_rounded_to_nearest),
        cmocka_unit_test(test_words_of_monotone_functions_are_monotone),
        cmocka_unit_test(test_ties_go_to_even),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
