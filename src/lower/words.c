/* Table words by MPFR: correctly rounded values of every function of one variable.
 *
 * Ziv's method: evaluate to p bits with a known error bound; when both ends of the error interval
 * round to the same integer, that is the answer; else double p. Values that MPFR reports exact
 * (its ternary value is 0 at each step) are rounded at once, which settles the ties: a value that
 * is not exact at any precision is irrational and never lies on a tie. */
#include "lower/table.h"

#include <mpfr.h>

enum { FIRST_PRECISION = 160, LAST_PRECISION = 1 << 14, ARGUMENT_PRECISION = 72 };

typedef int (*mpfr_function)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

static mpfr_function simple_function(expr_op op)
{
    switch (op) {
    case EXPR_SQRT:
        return mpfr_sqrt;
    case EXPR_CBRT:
        return mpfr_cbrt;
    case EXPR_EXP:
        return mpfr_exp;
    case EXPR_EXP2:
        return mpfr_exp2;
    case EXPR_EXPM1:
        return mpfr_expm1;
    case EXPR_LOG:
        return mpfr_log;
    case EXPR_LOG2:
        return mpfr_log2;
    case EXPR_LOG10:
        return mpfr_log10;
    case EXPR_LOG1P:
        return mpfr_log1p;
    case EXPR_SIN:
        return mpfr_sin;
    case EXPR_COS:
        return mpfr_cos;
    case EXPR_TAN:
        return mpfr_tan;
    case EXPR_ASIN:
        return mpfr_asin;
    case EXPR_ACOS:
        return mpfr_acos;
    case EXPR_ATAN:
        return mpfr_atan;
    case EXPR_SINH:
        return mpfr_sinh;
    case EXPR_COSH:
        return mpfr_cosh;
    case EXPR_TANH:
        return mpfr_tanh;
    case EXPR_ASINH:
        return mpfr_asinh;
    case EXPR_ACOSH:
        return mpfr_acosh;
    case EXPR_ATANH:
        return mpfr_atanh;
    case EXPR_ERF:
        return mpfr_erf;
    case EXPR_ERFC:
        return mpfr_erfc;
    case EXPR_GAMMA:
        return mpfr_gamma;
    default:
        return NULL;
    }
}

bool table_function_is(expr_op op)
{
    return simple_function(op) || op == EXPR_INV || op == EXPR_GAUSS || op == EXPR_SIGMOID ||
           op == EXPR_POW || op == EXPR_ATAN2;
}

/* y = f(x) with a relative error of at most 2^(3 - precision); true when it is exact. t is scratch
 * of y's precision, which holds the square of an argument exactly. */
static bool evaluate(mpfr_t y, table_function f, mpfr_t x, mpfr_t t)
{
    mpfr_function simple = simple_function(f.op);
    int inexact = 0;
    if (simple)
        return simple(y, x, MPFR_RNDN) == 0;
    switch (f.op) {
    case EXPR_INV:
        return mpfr_ui_div(y, 1, x, MPFR_RNDN) == 0;
    case EXPR_GAUSS:
        mpfr_sqr(t, x, MPFR_RNDN);
        mpfr_neg(t, t, MPFR_RNDN);
        return mpfr_exp(y, t, MPFR_RNDN) == 0;
    case EXPR_SIGMOID:
        mpfr_neg(t, x, MPFR_RNDN);
        inexact |= mpfr_exp(t, t, MPFR_RNDN);
        inexact |= mpfr_add_ui(t, t, 1, MPFR_RNDN);
        inexact |= mpfr_ui_div(y, 1, t, MPFR_RNDN);
        return inexact == 0;
    case EXPR_POW:
        mpfr_set_d(t, f.constant, MPFR_RNDN);
        return (f.constant_first ? mpfr_pow(y, t, x, MPFR_RNDN) : mpfr_pow(y, x, t, MPFR_RNDN)) ==
               0;
    case EXPR_ATAN2:
        mpfr_set_d(t, f.constant, MPFR_RNDN);
        return (f.constant_first ? mpfr_atan2(y, t, x, MPFR_RNDN)
                                 : mpfr_atan2(y, x, t, MPFR_RNDN)) == 0;
    default:
        mpfr_set_nan(y);
        return true;
    }
}

/* The nearest integer of y * 2^frac, ties to even, in t. */
static void round_scaled(mpfr_t t, mpfr_t y, int frac)
{
    mpfr_mul_2si(t, y, frac, MPFR_RNDN);
    mpfr_roundeven(t, t);
}

static int64_t saturate(mpfr_t integer, format word)
{
    int64_t low = format_min(word), high = format_max(word);
    if (mpfr_cmp_si(integer, (long)low) <= 0)
        return low;
    if (mpfr_cmp_si(integer, (long)high) >= 0)
        return high;
    return mpfr_get_si(integer, MPFR_RNDN);
}

/* Scratch numbers of one table. */
typedef struct words_scratch {
    mpfr_t x, y, t, low, high;
} words_scratch;

static int64_t word_at(words_scratch *w, table_function f, format word, bool *is_nan)
{
    *is_nan = false;
    for (mpfr_prec_t p = FIRST_PRECISION;; p *= 2) {
        mpfr_set_prec(w->y, p);
        mpfr_set_prec(w->t, p);
        mpfr_set_prec(w->low, p);
        mpfr_set_prec(w->high, p);
        bool exact = evaluate(w->y, f, w->x, w->t);
        if (mpfr_nan_p(w->y)) {
            *is_nan = true;
            return 0;
        }
        if (mpfr_inf_p(w->y))
            return mpfr_sgn(w->y) > 0 ? format_max(word) : format_min(word);
        if (exact || mpfr_zero_p(w->y) || p > LAST_PRECISION) {
            round_scaled(w->t, w->y, word.frac);
            return saturate(w->t, word);
        }
        mpfr_set_ui_2exp(w->t, 1, mpfr_get_exp(w->y) - p + 3, MPFR_RNDN);
        mpfr_sub(w->low, w->y, w->t, MPFR_RNDD);
        mpfr_add(w->high, w->y, w->t, MPFR_RNDU);
        round_scaled(w->low, w->low, word.frac);
        round_scaled(w->high, w->high, word.frac);
        if (mpfr_equal_p(w->low, w->high))
            return saturate(w->low, word);
    }
}

/* x = the midpoint of the first and the last argument of entry k, in half steps:
 * (first + k) * 2^(shared + 1) + 2^shared - 1. t is scratch. */
static void set_midpoint(mpfr_t x, mpfr_t t, const table_shape *s, int64_t k)
{
    int shared = s->argument_frac - s->index_frac; /* argument bits below the slice */
    mpfr_set_si_2exp(x, (long)(s->first + k), shared + 1, MPFR_RNDN);
    mpfr_set_ui_2exp(t, 1, shared, MPFR_RNDN);
    mpfr_sub_ui(t, t, 1, MPFR_RNDN);
    mpfr_add(x, x, t, MPFR_RNDN);
    mpfr_mul_2si(x, x, -(s->argument_frac + 1), MPFR_RNDN);
}

void table_values(double *values, const table_shape *s, table_function f, format word)
{
    mpfr_t x, y, t;
    mpfr_init2(x, ARGUMENT_PRECISION);
    mpfr_inits2(FIRST_PRECISION, y, t, (mpfr_ptr)0);
    double low = (double)format_min(word), high = (double)format_max(word);
    for (int64_t k = 0; k < (int64_t)1 << s->index_bits; k++) {
        set_midpoint(x, t, s, k);
        evaluate(y, f, x, t);
        mpfr_mul_2si(y, y, word.frac, MPFR_RNDN);
        double v = mpfr_nan_p(y) ? 0 : mpfr_get_d(y, MPFR_RNDN);
        values[table_position(s, k)] = v < low ? low : v > high ? high : v;
    }
    mpfr_clears(x, y, t, (mpfr_ptr)0);
    mpfr_free_cache();
}

void table_words(int64_t *words, bool *is_nan, const table_shape *s, table_function f, format word)
{
    words_scratch w;
    mpfr_init2(w.x, ARGUMENT_PRECISION);
    mpfr_inits2(FIRST_PRECISION, w.y, w.t, w.low, w.high, (mpfr_ptr)0);
    int64_t entries = (int64_t)1 << s->index_bits;
    for (int64_t k = 0; k < entries; k++) {
        set_midpoint(w.x, w.t, s, k);
        bool nan;
        words[table_position(s, k)] = word_at(&w, f, word, &nan);
        if (is_nan)
            is_nan[k] = nan;
    }
    mpfr_clears(w.x, w.y, w.t, w.low, w.high, (mpfr_ptr)0);
    mpfr_free_cache();
}
