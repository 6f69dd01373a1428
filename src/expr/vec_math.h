/* Elementary functions of float32 vectors: op_NAME for each unary and binary row of ops.def.
 *
 * Method: range reduction and the minimax polynomials of Cephes (S. Moshier) where float32 is
 * enough; pow, cbrt and the rare functions pass through double. Error bounds, in ULP of the result
 * against the scalar double reference, are the table of tests/unit/test_kernels.c, which checks
 * them for every instruction set; docs/search.md repeats them. Results below 2^-126 count as 0. */
#ifndef EXPR_VEC_MATH_H
#define EXPR_VEC_MATH_H

#include "expr/vec.h"

#include <math.h>
#include <stdbool.h>

#define VF_INF vf_set(__builtin_inff())
#define VF_NAN vf_set(__builtin_nanf(""))

/* a*a as the sum of the returned value and *low, exactly (barring underflow). */
static inline vf vf_square_exact(vf a, vf *low)
{
    vf high = a * a;
#if defined(VEC_AVX512) || defined(VEC_AVX2)
    *low = vf_fma(a, a, -high);
#else
    vf top = (vf)((vi)a & vi_set(~0xFFF)), rest = a - top;
    *low = ((top * top - high) + (top + top) * rest) + rest * rest;
#endif
    return high;
}

/* ---------------------------------------------------------------- exponentials */

/* e^r - 1 on |r| <= 0.35. */
static inline vf expm1_core(vf r)
{
    vf p = vf_set(1.9875691500e-4f);
    p = vf_fma(p, r, vf_set(1.3981999507e-3f));
    p = vf_fma(p, r, vf_set(8.3334519073e-3f));
    p = vf_fma(p, r, vf_set(4.1665795894e-2f));
    p = vf_fma(p, r, vf_set(1.6666665459e-1f));
    p = vf_fma(p, r, vf_set(5.0000001201e-1f));
    return vf_fma(p, r * r, r);
}

/* m * 2^n for -252 <= n <= 254, in two exact steps. */
static inline vf scale_pow2(vf m, vf n)
{
    vi whole = vf_to_vi(n), half = whole >> 1;
    return m * vf_pow2(half) * vf_pow2(whole - half);
}

/* 2^n * e^r = e^(x + low), n = t - VEC_MAGIC: returns e^r. */
static inline vf exp_reduced(vf x, vf low, vf t)
{
    vf n = t - VEC_MAGIC;
    vf r = vf_fma(n, vf_set(-0.693359375f), x);
    r = vf_fma(n, vf_set(2.12194440e-4f), r) + low;
    return expm1_core(r) + 1.0f;
}

/* e^(a + low): low is a small correction. Where e^a is a normal number in every lane, 2^n goes
 * straight into the exponent, which is exact as the two steps are. */
static inline vf exp_corrected(vf a, vf low)
{
    vf log2e = vf_set(1.44269504088896341f);
    if (!vi_any(~(vf_abs(a) <= 87.0f))) {
        vf t = vf_fma(a, log2e, vf_set(VEC_MAGIC));
        return (vf)((vi)exp_reduced(a, low, t) + vf_magic_bits(t, 23));
    }
    vf x = vf_min(vf_max(a, vf_set(-110.0f)), vf_set(110.0f));
    vf t = vf_fma(x, log2e, vf_set(VEC_MAGIC));
    vf result = scale_pow2(exp_reduced(x, low, t), t - VEC_MAGIC);
    return vf_select(a != a, a, result);
}

static inline vf op_EXP(vf a)
{
    return exp_corrected(a, vf_set(0));
}

static inline vf op_EXP2(vf a)
{
    vf x = vf_min(vf_max(a, vf_set(-160.0f)), vf_set(160.0f));
    vf n = vf_round(x);
    vf result = scale_pow2(expm1_core((x - n) * vf_set(0.693147180559945309f)) + 1.0f, n);
    return vf_select(a != a, a, result);
}

static inline vf op_EXPM1(vf a)
{
    vf x = vf_min(vf_max(a, vf_set(-50.0f)), vf_set(89.0f));
    vf n = vf_round(x * vf_set(1.44269504088896341f));
    vf r = vf_fma(n, vf_set(-0.693359375f), x);
    r = vf_fma(n, vf_set(2.12194440e-4f), r);
    vf half = vf_pow2(vf_to_vi(n) - 1); /* 2^n may overflow where the result does not */
    vf result = 2.0f * vf_fma(expm1_core(r), half, half - 0.5f);
    result = vf_select(n == 0.0f, expm1_core(r), result);
    result = vf_select(a > 89.0f, VF_INF, result);
    return vf_select(a != a, a, result);
}

/* a*a can be large where e^(-a*a) is not yet 0: its rounding error goes into the exponent. */
static inline vf op_GAUSS(vf a)
{
    vf x = vf_min(vf_abs(a), vf_set(12.0f)), low;
    vf high = vf_square_exact(x, &low);
    return vf_select(a != a, a, exp_corrected(-high, -low));
}

static inline vf op_SIGMOID(vf a)
{
    return 1.0f / (1.0f + op_EXP(-a));
}

static inline vf op_TANH(vf a)
{
    vf x = vf_abs(a), z = a * a;
    vf p = vf_set(-5.70498872745e-3f);
    p = vf_fma(p, z, vf_set(2.06390887954e-2f));
    p = vf_fma(p, z, vf_set(-5.37397155531e-2f));
    p = vf_fma(p, z, vf_set(1.33314422036e-1f));
    p = vf_fma(p, z, vf_set(-3.33332819422e-1f));
    vf small = vf_fma(p * z, a, a);
    vf e = op_EXP(2.0f * vf_min(x, vf_set(10.0f)));
    vf big = vf_copysign(1.0f - 2.0f / (e + 1.0f), a);
    vf result = vf_select(x < 0.625f, small, big);
    return vf_select(a != a, a, result);
}

static inline vf op_SINH(vf a)
{
    vf x = vf_abs(a), z = a * a;
    vf p = vf_set(2.7557319e-6f);
    p = vf_fma(p, z, vf_set(1.9841270e-4f));
    p = vf_fma(p, z, vf_set(8.3333333e-3f));
    p = vf_fma(p, z, vf_set(1.6666667e-1f));
    vf small = vf_fma(p * z, a, a);
    vf e = op_EXP(x * 0.5f); /* squared below: e^x overflows before sinh does */
    vf big = vf_copysign((0.5f * e) * e - 0.5f / (e * e), a);
    return vf_select(x < 1.0f, small, big);
}

static inline vf op_COSH(vf a)
{
    vf e = op_EXP(vf_abs(a) * 0.5f);
    return (0.5f * e) * e + 0.5f / (e * e);
}

/* ---------------------------------------------------------------- logarithms */

/* a = m * 2^e with sqrt(1/2) <= m < sqrt(2), for finite a > 0; subnormals too. */
static inline vf split_pow2(vf a, vf *e)
{
    vi tiny = a < 1.17549435e-38f;
    vf x = vf_select(tiny, a * 8388608.0f, a);
    vi bits = (vi)((vu)x - 0x3F3504F3u); /* sqrt(1/2); wraps for what log_edges replaces */
    vi n = bits >> 23;
    *e = vi_to_vf(n) - vf_select(tiny, vf_set(23.0f), vf_set(0.0f));
    return (vf)((bits & 0x7FFFFF) + 0x3F3504F3);
}

/* log(1 + f) - f + f*f/2 on the reduced range. */
static inline vf log_core(vf f)
{
    vf p = vf_set(7.0376836292e-2f);
    p = vf_fma(p, f, vf_set(-1.1514610310e-1f));
    p = vf_fma(p, f, vf_set(1.1676998740e-1f));
    p = vf_fma(p, f, vf_set(-1.2420140846e-1f));
    p = vf_fma(p, f, vf_set(1.4249322787e-1f));
    p = vf_fma(p, f, vf_set(-1.6668057665e-1f));
    p = vf_fma(p, f, vf_set(2.0000714765e-1f));
    p = vf_fma(p, f, vf_set(-2.4999993993e-1f));
    p = vf_fma(p, f, vf_set(3.3333331174e-1f));
    return p * f * (f * f);
}

/* -inf at 0, NaN below, inf at inf. */
static inline vf log_edges(vf a, vf result)
{
    result = vf_select(a == VF_INF, a, result);
    result = vf_select(a == 0.0f, -VF_INF, result);
    return vf_select(a >= 0.0f, result, VF_NAN);
}

static inline vf op_LOG(vf a)
{
    vf e, f = split_pow2(a, &e) - 1.0f;
    vf y = vf_fma(e, vf_set(-2.12194440e-4f), log_core(f));
    y = vf_fma(f * f, vf_set(-0.5f), y);
    return log_edges(a, vf_fma(e, vf_set(0.693359375f), f + y));
}

static inline vf op_LOG2(vf a)
{
    vf e, f = split_pow2(a, &e) - 1.0f;
    vf y = vf_fma(f * f, vf_set(-0.5f), log_core(f));
    /* log2(e) = 1 + 0.4427: the large part of the product is exact */
    vf result = vf_fma(y, vf_set(0.44269504088896341f), vf_fma(f, vf_set(0.44269504088896341f), y));
    return log_edges(a, (result + f) + e);
}

static inline vf op_LOG10(vf a)
{
    vf e, f = split_pow2(a, &e) - 1.0f;
    vf y = vf_fma(f * f, vf_set(-0.5f), log_core(f));
    vf result = vf_fma(e, vf_set(4.605038e-6f), y * vf_set(0.43429448f));
    result = vf_fma(f, vf_set(0.43429448f), result);
    return log_edges(a, vf_fma(e, vf_set(0.301025390625f), result));
}

/* Kahan's correction: log(u) * a / (u - 1) with u = 1 + a rounded. */
static inline vf op_LOG1P(vf a)
{
    vf u = 1.0f + a, d = u - 1.0f;
    vf result = op_LOG(u) * (a / d);
    result = vf_select(d == 0.0f, a, result);
    return vf_select(vf_abs(u) < VF_INF, result, op_LOG(u));
}

static inline vf op_ASINH(vf a)
{
    vf x = vf_abs(a), s = x * x;
    vf small = op_LOG1P(x + s / (1.0f + vf_sqrt(1.0f + s)));
    vf big = op_LOG(x) + 0.693147180559945309f;
    vf result = vf_select(x > 1e9f, big, small);
    return vf_copysign(result, a);
}

/* ---------------------------------------------------------------- trigonometry */

/* sin(r) = r + r^3 (SIN_3 + …) on |r| <= pi/2, least worst relative error (Sollya). */
#define SIN_3 -0.166666597127914428710938f
#define SIN_5 0.00833307858556509017944336f
#define SIN_7 -0.0001981069071916863322258f
#define SIN_9 2.6083159809786593541503e-06f

enum { TRIG_LIMIT = 8192 }; /* beyond it lanes go through the scalar double function */

/* r = a - n*pi/2 with |r| <= pi/4, for |a| <= TRIG_LIMIT. */
static inline vf reduce_half_pi(vf a, vi *n)
{
    vf k = vf_round(a * vf_set(0.636619772367581343f));
    *n = vf_to_vi(k);
#if defined(VEC_AVX512) || defined(VEC_AVX2)
    vf r = vf_fma(k, vf_set(-1.57079637050628662f), a);
    r = vf_fma(k, vf_set(4.37113900018624283e-8f), r);
    return vf_fma(k, vf_set(1.71512451e-15f), r);
#else
    /* without a fused product the parts are short enough that k times each is exact */
    vd low = vf_low(a) - vf_low(k) * 1.57079632679489655800;
    vd high = vf_high(a) - vf_high(k) * 1.57079632679489655800;
    return vd_join(low, high);
#endif
}

/* Large arguments, lane by lane through double. */
static inline vf trig_large(vf a, vf result, double (*f)(double))
{
    for (int i = 0; i < VEC_N; i++)
        if (!(__builtin_fabsf(a[i]) <= (float)TRIG_LIMIT))
            result[i] = (float)f((double)a[i]);
    return result;
}

/* sin(a) (cosine: cos(a)) for |a| <= TRIG_LIMIT. With a = (q - c)*pi + r, |r| <= pi/2 and c = 0
 * (cosine: 1/2), it is sin(r) but for the sign, which is that of q's parity. */
static inline vf sin_half_turns(vf a, bool cosine)
{
    vf t = cosine ? vf_fma(a, vf_set(0.318309886183790672f), vf_set(0.5f)) + VEC_MAGIC
                  : vf_fma(a, vf_set(0.318309886183790672f), vf_set(VEC_MAGIC));
    vf q = t - VEC_MAGIC - (cosine ? 0.5f : 0.0f);
#if defined(VEC_AVX512) || defined(VEC_AVX2)
    vf r = vf_fma(q, vf_set(-3.14159274101257324f), a);
    r = vf_fma(q, vf_set(8.74227800037248566e-8f), r);
    r = vf_fma(q, vf_set(3.43024902e-15f), r);
#else
    vd low = vf_low(a) - vf_low(q) * 3.14159265358979312;
    vd high = vf_high(a) - vf_high(q) * 3.14159265358979312;
    vf r = vd_join(low, high);
#endif
    r = (vf)((vi)r ^ vf_magic_bits(t, 31));
    vf z = r * r, p = vf_set(SIN_9);
    p = vf_fma(p, z, vf_set(SIN_7));
    p = vf_fma(p, z, vf_set(SIN_5));
    p = vf_fma(p, z, vf_set(SIN_3));
    return vf_fma(p * z, r, r);
}

static inline vf op_SIN(vf a)
{
    vi large = ~(vf_abs(a) <= (float)TRIG_LIMIT);
    if (!vi_any(large))
        return sin_half_turns(a, false);
    return trig_large(a, sin_half_turns(vf_select(large, vf_set(0), a), false), sin);
}

static inline vf op_COS(vf a)
{
    vi large = ~(vf_abs(a) <= (float)TRIG_LIMIT);
    if (!vi_any(large))
        return sin_half_turns(a, true);
    return trig_large(a, sin_half_turns(vf_select(large, vf_set(0), a), true), cos);
}

static inline vf op_TAN(vf a)
{
    vi large = ~(vf_abs(a) <= (float)TRIG_LIMIT), n;
    vf r = reduce_half_pi(vf_select(large, vf_set(0), a), &n), z = r * r;
    vf p = vf_set(9.38540185543e-3f);
    p = vf_fma(p, z, vf_set(3.11992232697e-3f));
    p = vf_fma(p, z, vf_set(2.44301354525e-2f));
    p = vf_fma(p, z, vf_set(5.34112807005e-2f));
    p = vf_fma(p, z, vf_set(1.33387994085e-1f));
    p = vf_fma(p, z, vf_set(3.33331568548e-1f));
    vf t = vf_fma(p * z, r, r);
    vf result = vf_select((n & 1) != 0, -1.0f / t, t);
    return vi_any(large) ? trig_large(a, result, tan) : result;
}

#define VF_PI 3.14159265358979324f
#define VF_HALF_PI 1.57079632679489662f

/* asin(x) for 0 <= x <= 1/2, given x and x*x. */
static inline vf asin_core(vf x, vf z)
{
    vf p = vf_set(4.2163199048e-2f);
    p = vf_fma(p, z, vf_set(2.4181311049e-2f));
    p = vf_fma(p, z, vf_set(4.5470025998e-2f));
    p = vf_fma(p, z, vf_set(7.4953002686e-2f));
    p = vf_fma(p, z, vf_set(1.6666752422e-1f));
    return vf_fma(p * z, x, x);
}

static inline vf op_ASIN(vf a)
{
    vf x = vf_abs(a), half = 0.5f * (1.0f - x);
    vi outer = x > 0.5f;
    vf root = vf_sqrt(half);
    vf core = asin_core(vf_select(outer, root, x), vf_select(outer, half, x * x));
    vf result = vf_copysign(vf_select(outer, VF_HALF_PI - 2.0f * core, core), a);
    return vf_select(x <= 1.0f, result, VF_NAN);
}

static inline vf op_ACOS(vf a)
{
    vf x = vf_abs(a), half = 0.5f * (1.0f - x);
    vi outer = x > 0.5f;
    vf root = vf_sqrt(half);
    vf core = asin_core(vf_select(outer, root, x), vf_select(outer, half, x * x));
    vf far = vf_select(a > 0.0f, 2.0f * core, VF_PI - 2.0f * core);
    vf result = vf_select(outer, far, VF_HALF_PI - vf_copysign(core, a));
    return vf_select(x <= 1.0f, result, VF_NAN);
}

/* atan(x) for x >= 0. */
static inline vf atan_positive(vf x)
{
    vi far = x > 2.414213562373095f, middle = (x > 0.4142135623730950f) & ~far;
    vf t = vf_select(far, -1.0f / x, vf_select(middle, (x - 1.0f) / (x + 1.0f), x));
    vf base =
        vf_select(far, vf_set(VF_HALF_PI), vf_select(middle, vf_set(VF_HALF_PI / 2), vf_set(0)));
    vf z = t * t;
    vf p = vf_set(8.05374449538e-2f);
    p = vf_fma(p, z, vf_set(-1.38776856032e-1f));
    p = vf_fma(p, z, vf_set(1.99777106478e-1f));
    p = vf_fma(p, z, vf_set(-3.33329491539e-1f));
    return base + vf_fma(p * z, t, t);
}

static inline vf op_ATAN(vf a)
{
    return vf_copysign(atan_positive(vf_abs(a)), a);
}

static inline vf op_ATAN2(vf a, vf b)
{
    vf y = vf_abs(a), x = vf_abs(b), q = y / x;
    q = vf_select((y == x) & (y == VF_INF), vf_set(1.0f), q);
    q = vf_select((y == 0.0f) & (x == 0.0f), vf_set(0.0f), q);
    vf angle = atan_positive(q);
    angle = vf_select(((vi)b < 0), VF_PI - angle, angle);
    vf result = vf_copysign(angle, a);
    return vf_select((a == a) & (b == b), result, VF_NAN);
}

/* ---------------------------------------------------------------- through double */

/* log2(m * 2^e) for m in [sqrt(1/2), sqrt(2)), relative error below 1e-12. */
static inline vd log2_double(vd m, vd e)
{
    vd s = (m - 1.0) / (m + 1.0), z = s * s;
    vd p = vd_set(1.0 / 15);
    p = vd_fma(p, z, vd_set(1.0 / 13));
    p = vd_fma(p, z, vd_set(1.0 / 11));
    p = vd_fma(p, z, vd_set(1.0 / 9));
    p = vd_fma(p, z, vd_set(1.0 / 7));
    p = vd_fma(p, z, vd_set(1.0 / 5));
    p = vd_fma(p, z, vd_set(1.0 / 3));
    p = vd_fma(p, z, vd_set(1.0));
    return vd_fma(p * s, vd_set(2.88539008177792681), e);
}

/* 2^r for |r| <= 1/2. */
static inline vd exp2_double(vd r)
{
    vd x = r * 0.693147180559945309, p = vd_set(1.0 / 3628800);
    p = vd_fma(p, x, vd_set(1.0 / 362880));
    p = vd_fma(p, x, vd_set(1.0 / 40320));
    p = vd_fma(p, x, vd_set(1.0 / 5040));
    p = vd_fma(p, x, vd_set(1.0 / 720));
    p = vd_fma(p, x, vd_set(1.0 / 120));
    p = vd_fma(p, x, vd_set(1.0 / 24));
    p = vd_fma(p, x, vd_set(1.0 / 6));
    p = vd_fma(p, x, vd_set(0.5));
    p = vd_fma(p, x, vd_set(1.0));
    return vd_fma(p, x, vd_set(1.0));
}

/* |a|^b for finite a != 0. */
static inline vf pow_positive(vf x, vf b)
{
    vf e, m = split_pow2(x, &e);
    vd low = log2_double(vf_low(m), vf_low(e)) * vf_low(b);
    vd high = log2_double(vf_high(m), vf_high(e)) * vf_high(b);
    vf whole = vd_join(low, high);
    whole = vf_min(vf_max(whole, vf_set(-160.0f)), vf_set(160.0f));
    vf n = vf_round(whole);
    vi outside = vf_abs(n) > 155.0f;
    low -= vf_low(n);
    high -= vf_high(n);
    vf m2 = vd_join(exp2_double(low), exp2_double(high));
    return scale_pow2(vf_select(outside, vf_set(1.0f), m2), n);
}

static inline vf op_POW(vf a, vf b)
{
    vf x = vf_abs(a), size = vf_abs(b);
    vf whole = vf_select(size < 8388608.0f, vf_floor(size), size);
    vi integer = size == whole;
    vi odd = integer & (size < 16777216.0f) & (vf_floor(whole * 0.5f) * 2.0f != whole);
    vf result = pow_positive(x, b);
    /* edges of the magnitude: 0, infinity, and an infinite exponent */
    vf grows = vf_select(b > 0.0f, VF_INF, vf_set(0.0f));
    vf shrinks = vf_select(b > 0.0f, vf_set(0.0f), VF_INF);
    result = vf_select(x == VF_INF, grows, result);
    result = vf_select(x == 0.0f, shrinks, result);
    vf limit = vf_select(x == 1.0f, vf_set(1.0f), vf_select(x > 1.0f, grows, shrinks));
    result = vf_select(size == VF_INF, limit, result);
    vi negative = (vi)a < 0;
    result = vf_select(negative & odd, -result, result);
    vi undefined = (a < 0.0f) & ~integer & (x < VF_INF);
    result = vf_select(undefined | (a != a) | (b != b), VF_NAN, result);
    return vf_select((b == 0.0f) | (a == 1.0f), vf_set(1.0f), result);
}

static inline vd cbrt_newton(vd x, vd t)
{
    for (int i = 0; i < 3; i++)
        t = (t + t + x / (t * t)) * (1.0 / 3);
    return t;
}

static inline vf op_CBRT(vf a)
{
    vf x = vf_abs(a);
    vi tiny = x < 1.17549435e-38f;
    x = vf_select(tiny, x * 16777216.0f, x); /* 2^24, whose cube root is 2^8 */
    vf guess = (vf)(vf_to_vi(vi_to_vf((vi)x) * (1.0f / 3)) + 709921077);
    vf t = vd_join(cbrt_newton(vf_low(x), vf_low(guess)), cbrt_newton(vf_high(x), vf_high(guess)));
    t = vf_select(tiny, t * 0.00390625f, t);
    t = vf_copysign(t, a);
    return vf_select((x > 0.0f) & (x < VF_INF), t, a);
}

/* erf as x * P(x^2) / Q(x^2), cut at the point where it is 1 in float32 (Eigen's coefficients). */
static inline vf op_ERF(vf a)
{
    vf x = vf_min(vf_max(a, vf_set(-4.0f)), vf_set(4.0f)), z = x * x;
    vf p = vf_set(-2.72614225801306e-10f);
    p = vf_fma(p, z, vf_set(2.77068142495902e-08f));
    p = vf_fma(p, z, vf_set(-2.10102402082508e-06f));
    p = vf_fma(p, z, vf_set(-5.69250639462346e-05f));
    p = vf_fma(p, z, vf_set(-7.34990630326855e-04f));
    p = vf_fma(p, z, vf_set(-2.95459980854025e-03f));
    p = vf_fma(p, z, vf_set(-1.60960333262415e-02f));
    vf q = vf_set(-1.45660718464996e-05f);
    q = vf_fma(q, z, vf_set(-2.13374055278905e-04f));
    q = vf_fma(q, z, vf_set(-1.68282697438203e-03f));
    q = vf_fma(q, z, vf_set(-7.37332916720468e-03f));
    q = vf_fma(q, z, vf_set(-1.42647390514189e-02f));
    return vf_select(a != a, a, x * p / q);
}

/* Lane by lane through the scalar double function. */
static inline vf lanes(vf a, double (*f)(double))
{
    vf r = a;
    for (int i = 0; i < VEC_N; i++)
        r[i] = (float)f((double)a[i]);
    return r;
}

static inline vf op_ERFC(vf a)
{
    return lanes(a, erfc);
}

static inline vf op_GAMMA(vf a)
{
    return lanes(a, tgamma);
}

static inline vf op_MOD(vf a, vf b)
{
    vf r = a;
    for (int i = 0; i < VEC_N; i++) {
        double m = fmod((double)a[i], (double)b[i]);
        r[i] = (float)(m + (m != 0 && (m < 0) != (b[i] < 0) ? (double)b[i] : 0.0));
    }
    return r;
}

static inline vf op_ACOSH(vf a)
{
    vf t = a - 1.0f;
    vf small = op_LOG1P(t + vf_sqrt(t * (t + 2.0f)));
    vf big = op_LOG(a) + 0.693147180559945309f;
    return vf_select(a >= 1.0f, vf_select(a > 1e9f, big, small), VF_NAN);
}

static inline vf op_ATANH(vf a)
{
    vf x = vf_abs(a);
    return vf_copysign(0.5f * op_LOG1P(2.0f * x / (1.0f - x)), a);
}

/* Ties to even; from 2^22 on a float32 plus the magic number no longer works, and from 2^23 on it
 * is whole anyway. */
static inline vf op_ROUND(vf a)
{
    vf x = vf_abs(a), whole = vf_floor(x), rest = x - whole;
    vi up = (rest > 0.5f) | ((rest == 0.5f) & (vf_floor(whole * 0.5f) * 2.0f != whole));
    return vf_copysign(vf_select(up, whole + 1.0f, whole), a);
}

/* ---------------------------------------------------------------- plain arithmetic */

#define VEC_UNARY(NAME, expression)                                                                \
    static inline vf op_##NAME(vf a)                                                               \
    {                                                                                              \
        return expression;                                                                         \
    }
#define VEC_BINARY(NAME, expression)                                                               \
    static inline vf op_##NAME(vf a, vf b)                                                         \
    {                                                                                              \
        return expression;                                                                         \
    }
VEC_BINARY(ADD, a + b)
VEC_BINARY(SUB, a - b)
VEC_BINARY(MUL, a *b)
VEC_BINARY(DIV, a / b)
VEC_BINARY(MIN, vf_select(a < b, a, b))
VEC_BINARY(MAX, vf_select(a > b, a, b))
VEC_BINARY(LESS, vf_select(a < b, vf_set(1), vf_set(0)))
VEC_BINARY(GREATER, vf_select(a > b, vf_set(1), vf_set(0)))
VEC_BINARY(LESS_EQUAL, vf_select(a <= b, vf_set(1), vf_set(0)))
VEC_BINARY(GREATER_EQUAL, vf_select(a >= b, vf_set(1), vf_set(0)))
VEC_BINARY(AND, vf_select((a > 0.0f) & (b > 0.0f), vf_set(1), vf_set(0)))
VEC_BINARY(OR, vf_select((a > 0.0f) | (b > 0.0f), vf_set(1), vf_set(0)))
VEC_BINARY(COND, vf_select(a > 0.0f, b, vf_set(0)))
VEC_UNARY(NEG, -a)
VEC_UNARY(ABS, vf_abs(a))
VEC_UNARY(SIGN, vf_select(a > 0.0f, vf_set(1), vf_select(a < 0.0f, vf_set(-1), vf_set(0))))
VEC_UNARY(SQUARE, a *a)
VEC_UNARY(CUBE, a *a *a)
VEC_UNARY(SQRT, vf_sqrt(a))
VEC_UNARY(INV, 1.0f / a)
VEC_UNARY(RELU, vf_select(a > 0.0f, a, vf_set(0)))
VEC_UNARY(FLOOR, vf_floor(a))
VEC_UNARY(CEIL, vf_ceil(a))
#undef VEC_UNARY
#undef VEC_BINARY

#endif
