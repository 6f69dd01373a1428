/* cast_value and cast_values against the definition in real numbers, computed with MPFR; formats as
 * text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mpfr.h>

#include <cmocka.h>

#include "graph/graph.h"

enum { PRECISION = 4096 }; /* holds 64 bits shifted by 2,000 places, so that nothing is inexact */

typedef struct oracle {
    mpfr_t x, t, u;
} oracle;

static void oracle_init(oracle *o)
{
    mpfr_init2(o->x, PRECISION);
    mpfr_init2(o->t, PRECISION);
    mpfr_init2(o->u, PRECISION);
}

static void oracle_clear(oracle *o)
{
    mpfr_clear(o->x);
    mpfr_clear(o->t);
    mpfr_clear(o->u);
    mpfr_free_cache();
}

/* x to an integer, by the names' meaning in real numbers. */
static void round_real(oracle *o, rounding r)
{
    switch (r) {
    case ROUND_TRN:
        mpfr_floor(o->x, o->x);
        break;
    case ROUND_TRN_ZERO:
        mpfr_trunc(o->x, o->x);
        break;
    case ROUND_RND: /* ties to plus infinity */
        mpfr_add_d(o->x, o->x, 0.5, MPFR_RNDN);
        mpfr_floor(o->x, o->x);
        break;
    case ROUND_RND_MIN_INF:
        mpfr_sub_d(o->x, o->x, 0.5, MPFR_RNDN);
        mpfr_ceil(o->x, o->x);
        break;
    case ROUND_RND_INF:
        mpfr_round(o->x, o->x); /* ties away from zero */
        break;
    case ROUND_RND_ZERO: {
        int sign = mpfr_sgn(o->x);
        mpfr_abs(o->x, o->x, MPFR_RNDN);
        mpfr_sub_d(o->x, o->x, 0.5, MPFR_RNDN);
        mpfr_ceil(o->x, o->x);
        if (sign < 0)
            mpfr_neg(o->x, o->x, MPFR_RNDN);
        break;
    }
    case ROUND_RND_CONV:
        mpfr_roundeven(o->x, o->x);
        break;
    case ROUNDING_COUNT:
        fail();
    }
}

static int64_t to_integer(mpfr_t x)
{
    assert_true(mpfr_fits_intmax_p(x, MPFR_RNDN));
    return (int64_t)mpfr_get_sj(x, MPFR_RNDN);
}

/* x into the format's integers: bounds as powers of two, wrapping as the remainder by 2^width. */
static int64_t overflow_real(oracle *o, format to, overflow mode)
{
    mpfr_set_si_2exp(o->t, to.is_signed ? -1 : 0, to.width - 1, MPFR_RNDN); /* least */
    mpfr_set_si_2exp(o->u, 1, to.width - (to.is_signed ? 1 : 0), MPFR_RNDN);
    mpfr_sub_ui(o->u, o->u, 1, MPFR_RNDN); /* greatest */
    if (mode == OVERFLOW_SAT_SYM && to.is_signed && to.width > 1)
        mpfr_neg(o->t, o->u, MPFR_RNDN);
    bool below = mpfr_less_p(o->x, o->t), above = mpfr_greater_p(o->x, o->u);
    if (!below && !above)
        return to_integer(o->x);
    if (mode == OVERFLOW_SAT_ZERO)
        return 0;
    if (mode != OVERFLOW_WRAP)
        return to_integer(below ? o->t : o->u);
    mpfr_div_2ui(o->t, o->x, to.width, MPFR_RNDN);
    mpfr_floor(o->t, o->t);
    mpfr_mul_2ui(o->t, o->t, to.width, MPFR_RNDN);
    mpfr_sub(o->x, o->x, o->t, MPFR_RNDN); /* in [0, 2^width) */
    if (mpfr_greater_p(o->x, o->u)) {
        mpfr_set_si_2exp(o->t, 1, to.width, MPFR_RNDN);
        mpfr_sub(o->x, o->x, o->t, MPFR_RNDN);
    }
    return to_integer(o->x);
}

static int64_t cast_real(oracle *o, int64_t value, int frac, format to, rounding r, overflow mode)
{
    mpfr_set_sj(o->x, value, MPFR_RNDN);
    mpfr_mul_2si(o->x, o->x, to.frac - frac, MPFR_RNDN);
    round_real(o, r);
    return overflow_real(o, to, mode);
}

static void compare(int64_t found, int64_t wanted, int64_t value, int frac, format to, rounding r,
                    overflow m)
{
    if (wanted != found)
        fail_msg("%lld * 2^%d to %s width %d frac %d, %s %s: %lld, not %lld", (long long)value,
                 -frac, to.is_signed ? "signed" : "unsigned", to.width, to.frac, rounding_name(r),
                 overflow_name(m), (long long)found, (long long)wanted);
}

static void compare_all_modes(oracle *o, int64_t value, int frac, format to)
{
    enum { COUNT = 5 };
    int64_t many[COUNT], cast[COUNT];
    for (int k = 0; k < COUNT; k++)
        many[k] = value;
    for (int r = 0; r < ROUNDING_COUNT; r++) {
        for (int m = 0; m < OVERFLOW_COUNT; m++) {
            int64_t wanted = cast_real(o, value, frac, to, (rounding)r, (overflow)m);
            int64_t found = cast_value(value, frac, to, (rounding)r, (overflow)m);
            compare(found, wanted, value, frac, to, (rounding)r, (overflow)m);
            cast_values(cast, many, COUNT, frac, to, (rounding)r, (overflow)m);
            for (int k = 0; k < COUNT; k++)
                compare(cast[k], wanted, value, frac, to, (rounding)r, (overflow)m);
        }
    }
}

/* Every value of small formats into every small format. */
static void test_small_formats_exhaustively(void **state)
{
    (void)state;
    oracle o;
    oracle_init(&o);
    for (int is_signed = 0; is_signed < 2; is_signed++) {
        for (int width = 1; width <= 4; width++) {
            for (int frac = -3; frac <= 5; frac++) {
                format to = {is_signed, (uint8_t)width, (int16_t)frac};
                for (int64_t v = -17; v <= 17; v++)
                    compare_all_modes(&o, v, 2, to);
            }
        }
    }
    oracle_clear(&o);
}

static void test_corners(void **state)
{
    (void)state;
    static const int64_t values[] = {0,
                                     1,
                                     -1,
                                     2,
                                     -2,
                                     3,
                                     INT64_MAX,
                                     INT64_MIN,
                                     INT64_MIN + 1,
                                     INT64_MAX / 2,
                                     INT64_MIN / 2,
                                     INT64_C(1) << 62,
                                     (INT64_C(1) << 62) + 1,
                                     -(INT64_C(1) << 62) - 1};
    static const int shifts[] = {0,   1,  -1,  31, -31, 61, -61, 62, -62,  63,   -63,  64,
                                 -64, 65, -65, 66, -66, 70, 71,  72, -127, -128, 1000, -1000};
    static const int widths[] = {1, 2, 31, 62, 63, 64};
    oracle o;
    oracle_init(&o);
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        for (size_t s = 0; s < sizeof shifts / sizeof *shifts; s++) {
            for (size_t w = 0; w < 2 * sizeof widths / sizeof *widths; w++) {
                format to = {w % 2 == 0, (uint8_t)widths[w / 2], 3};
                if (!to.is_signed && to.width == 64)
                    continue;
                compare_all_modes(&o, values[v], 3 + shifts[s], to);
            }
        }
    }
    oracle_clear(&o);
}

static void test_random(void **state)
{
    (void)state;
    rng r = rng_make(271828, 3);
    oracle o;
    oracle_init(&o);
    for (int k = 0; k < 4000; k++) {
        format to = {.is_signed = rng_below(&r, 2) == 0};
        to.width = (uint8_t)(1 + rng_below(&r, to.is_signed ? 64 : 63));
        to.frac = (int16_t)((int)rng_below(&r, 100) - 30);
        uint64_t bits = rng_next(&r) >> rng_below(&r, 64);
        int64_t value = (int64_t)(rng_below(&r, 2) ? bits : 0 - bits);
        compare_all_modes(&o, value, to.frac + (int)rng_below(&r, 80) - 20, to);
    }
    oracle_clear(&o);
}

static void test_format_parse(void **state)
{
    (void)state;
    format f = {0};
    rounding r = ROUND_TRN;
    overflow o = OVERFLOW_WRAP;
    char out[32];
    assert_int_equal(format_parse(&f, &r, &o, "fixed<16,6>", NULL), SYMLUT_OK);
    assert_true(f.is_signed && f.width == 16 && f.frac == 10);
    assert_int_equal(
        format_parse(&f, &r, &o, " ap_ufixed < 8 , -2 , AP_RND_CONV , AP_SAT_SYM > ", NULL),
        SYMLUT_OK);
    assert_true(!f.is_signed && f.width == 8 && f.frac == 10);
    assert_int_equal(r, ROUND_RND_CONV);
    assert_int_equal(o, OVERFLOW_SAT_SYM);
    assert_string_equal(format_print(f, out), "ufixed<8,-2>");
    /* Modes that are not given stay. */
    assert_int_equal(format_parse(&f, &r, &o, "fixed<8,20,TRN>", NULL), SYMLUT_OK);
    assert_int_equal(r, ROUND_TRN);
    assert_int_equal(o, OVERFLOW_SAT_SYM);
    assert_int_equal(f.frac, -12);
}

static void test_format_errors(void **state)
{
    (void)state;
    static const struct {
        const char *source;
        long column;
        const char *says;
    } cases[] = {
        {"", 1, "'fixed' or 'ufixed'"},
        {"float<8,4>", 1, "'fixed' or 'ufixed'"},
        {"fixed 8,4", 7, "'<'"},
        {"fixed<0,4>", 7, "1 to 64"},
        {"fixed<65,4>", 7, "1 to 64"},
        {"ufixed<64,4>", 8, "1 to 63"},
        {"fixed<x,4>", 7, "width"},
        {"fixed<8>", 8, "','"},
        {"fixed<8,>", 9, "whole number"},
        {"fixed<8,99999>", 9, "beyond"},
        {"fixed<8,4,ROUND>", 11, "RND_MIN_INF"},
        {"fixed<8,4,RND,CLIP>", 15, "SAT_SYM"},
        {"fixed<8,4", 10, "'>'"},
        {"fixed<8,4> 2", 12, "unexpected"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        format f = {true, 3, 1};
        rounding r = ROUND_RND;
        overflow o = OVERFLOW_SAT;
        symlut_error err = {0};
        symlut_status s = format_parse(&f, &r, &o, cases[i].source, &err);
        if (s != SYMLUT_BAD_INPUT || err.column != cases[i].column ||
            !strstr(err.message, cases[i].says))
            fail_msg("'%s': column %ld: %s", cases[i].source, err.column, err.message);
        assert_true(f.width == 3 && r == ROUND_RND && o == OVERFLOW_SAT);
    }
}

static void test_doubles(void **state)
{
    (void)state;
    format f = {true, 8, 4};
    assert_int_equal(format_from_double(f, 1.0), 16);
    assert_int_equal(format_from_double(f, 0.03125), 0); /* half: to even */
    assert_int_equal(format_from_double(f, 0.09375), 2); /* 1.5: to even */
    assert_int_equal(format_from_double(f, -0.09375), -2);
    assert_int_equal(format_from_double(f, 1e300), 127);
    assert_int_equal(format_from_double(f, -1e300), -128);
    double zero = 0;
    assert_int_equal(format_from_double(f, 1 / zero), 127);
    assert_int_equal(format_from_double(f, zero / zero), 0);
    format u = {false, 8, 0}, wide = {true, 64, 0};
    assert_int_equal(format_from_double(u, -0.6), 0);
    assert_int_equal(format_from_double(u, 255.5), 255);
    assert_int_equal(format_from_double(wide, 9.3e18), INT64_MAX);
    assert_int_equal(format_from_double(wide, -9.3e18), INT64_MIN);
    assert_int_equal(format_from_double(wide, 4503599627370497.0), INT64_C(4503599627370497));
    assert_true(format_to_double(f, -24) < -1.49 && format_to_double(f, -24) > -1.51);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_formats_exhaustively),
        cmocka_unit_test(test_corners),
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_format_parse),
        cmocka_unit_test(test_format_errors),
        cmocka_unit_test(test_doubles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
