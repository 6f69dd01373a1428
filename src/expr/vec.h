/* Vectors of float32 for the kernels: one width for each instruction set, chosen by the macro of
 * the file that includes this (VEC_AVX512, VEC_AVX2, or neither for portable C).
 *
 * Arithmetic and comparisons are GCC's vector operators; what they lack is below. AVX2 and AVX-512
 * give the same bits: both fuse exactly where vf_fma is written and nowhere else. Portable C rounds
 * a product before the sum. */
#ifndef EXPR_VEC_H
#define EXPR_VEC_H

#include <stdint.h>
#include <string.h>

#if defined(VEC_AVX512)
#include <immintrin.h>
enum { VEC_N = 16 };
typedef float vf __attribute__((vector_size(64)));
typedef int32_t vi __attribute__((vector_size(64)));
typedef uint32_t vu __attribute__((vector_size(64)));
typedef float vh __attribute__((vector_size(32))); /* half of the lanes of a vf */
typedef double vd __attribute__((vector_size(64)));
#elif defined(VEC_AVX2)
#include <immintrin.h>
enum { VEC_N = 8 };
typedef float vf __attribute__((vector_size(32)));
typedef int32_t vi __attribute__((vector_size(32)));
typedef uint32_t vu __attribute__((vector_size(32)));
typedef float vh __attribute__((vector_size(16)));
typedef double vd __attribute__((vector_size(32)));
#else
enum { VEC_N = 4 };
typedef float vf __attribute__((vector_size(16)));
typedef int32_t vi __attribute__((vector_size(16)));
typedef uint32_t vu __attribute__((vector_size(16)));
typedef float vh __attribute__((vector_size(8)));
typedef double vd __attribute__((vector_size(16)));
#endif

static inline vf vf_load(const float *p)
{
    vf v;
    memcpy(&v, __builtin_assume_aligned(p, sizeof v), sizeof v);
    return v;
}

static inline void vf_store(float *p, vf v)
{
    memcpy(__builtin_assume_aligned(p, sizeof v), &v, sizeof v);
}

static inline vf vf_set(float x)
{
    return x - (vf){0};
}

static inline vi vi_set(int32_t x)
{
    return x - (vi){0};
}

static inline vd vd_set(double x)
{
    return x - (vd){0};
}

/* Bits of a float vector and back. */
static inline vi vf_bits(vf a)
{
    return (vi)a;
}

static inline vf vi_float_bits(vi a)
{
    return (vf)a;
}

/* Lanes of a where the mask is set (-1), of b where it is clear (0). */
static inline vf vf_select(vi mask, vf a, vf b)
{
#if defined(VEC_AVX2)
    return (vf)_mm256_blendv_ps((__m256)b, (__m256)a, (__m256)mask);
#else
    return (vf)((mask & (vi)a) | (~mask & (vi)b));
#endif
}

/* Whether the mask is set in any lane. */
static inline int vi_any(vi mask)
{
#if defined(VEC_AVX512)
    return _mm512_test_epi32_mask((__m512i)mask, (__m512i)mask) != 0;
#elif defined(VEC_AVX2)
    return _mm256_movemask_ps((__m256)mask) != 0;
#else
    return (mask[0] | mask[1] | mask[2] | mask[3]) != 0;
#endif
}

/* a*b + c: one rounding with AVX2 and AVX-512, two in portable C. */
static inline vf vf_fma(vf a, vf b, vf c)
{
#if defined(VEC_AVX512)
    return (vf)_mm512_fmadd_ps((__m512)a, (__m512)b, (__m512)c);
#elif defined(VEC_AVX2)
    return (vf)_mm256_fmadd_ps((__m256)a, (__m256)b, (__m256)c);
#else
    return a * b + c;
#endif
}

static inline vd vd_fma(vd a, vd b, vd c)
{
#if defined(VEC_AVX512)
    return (vd)_mm512_fmadd_pd((__m512d)a, (__m512d)b, (__m512d)c);
#elif defined(VEC_AVX2)
    return (vd)_mm256_fmadd_pd((__m256d)a, (__m256d)b, (__m256d)c);
#else
    return a * b + c;
#endif
}

static inline vf vf_sqrt(vf a)
{
#if defined(VEC_AVX512)
    return (vf)_mm512_sqrt_ps((__m512)a);
#elif defined(VEC_AVX2)
    return (vf)_mm256_sqrt_ps((__m256)a);
#else
    vf r;
    for (int i = 0; i < VEC_N; i++)
        r[i] = __builtin_sqrtf(a[i]);
    return r;
#endif
}

static inline vf vf_abs(vf a)
{
    return (vf)((vi)a & vi_set(0x7FFFFFFF));
}

static inline vf vf_copysign(vf magnitude, vf sign)
{
    return (vf)(((vi)magnitude & vi_set(0x7FFFFFFF)) | ((vi)sign & vi_set(INT32_MIN)));
}

/* a > b ? a : b, and so b where either is NaN. */
static inline vf vf_max(vf a, vf b)
{
#if defined(VEC_AVX512)
    return (vf)_mm512_max_ps((__m512)a, (__m512)b);
#elif defined(VEC_AVX2)
    return (vf)_mm256_max_ps((__m256)a, (__m256)b);
#else
    return vf_select(a > b, a, b);
#endif
}

static inline vf vf_min(vf a, vf b)
{
#if defined(VEC_AVX512)
    return (vf)_mm512_min_ps((__m512)a, (__m512)b);
#elif defined(VEC_AVX2)
    return (vf)_mm256_min_ps((__m256)a, (__m256)b);
#else
    return vf_select(a < b, a, b);
#endif
}

static inline vf vi_to_vf(vi a)
{
    return __builtin_convertvector(a, vf);
}

/* Truncates; |a| < 2^31. */
static inline vi vf_to_vi(vf a)
{
#if defined(VEC_AVX512)
    return (vi)_mm512_cvttps_epi32((__m512)a);
#elif defined(VEC_AVX2)
    return (vi)_mm256_cvttps_epi32((__m256)a);
#else
    return __builtin_convertvector(a, vi);
#endif
}

#define VEC_MAGIC 12582912.0f /* 1.5 * 2^23: adding it rounds to a whole number */

/* Nearest integer, ties to even; exact for |a| < 2^22, which all callers ensure. */
static inline vf vf_round(vf a)
{
    vf t = a + VEC_MAGIC;
    return t - VEC_MAGIC;
}

/* The low bits of a + VEC_MAGIC hold the whole number: shifted left, 31 leave its parity as a sign
 * and 23 leave what an exponent takes. */
static inline vi vf_magic_bits(vf t, int shift)
{
    return (vi)((vu)t << shift);
}

static inline vf vf_floor(vf a)
{
#if defined(VEC_AVX512)
    return (vf)_mm512_roundscale_ps((__m512)a, _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC);
#elif defined(VEC_AVX2)
    return (vf)_mm256_floor_ps((__m256)a);
#else
    vf r;
    for (int i = 0; i < VEC_N; i++)
        r[i] = __builtin_floorf(a[i]);
    return r;
#endif
}

static inline vf vf_ceil(vf a)
{
    return -vf_floor(-a);
}

/* 2^n for -126 <= n <= 127. */
static inline vf vf_pow2(vi n)
{
    return (vf)((n + 127) << 23);
}

/* The two halves of a float vector as doubles, and back with rounding. */
static inline vd vf_low(vf a)
{
    vh h;
    memcpy(&h, &a, sizeof h);
    return __builtin_convertvector(h, vd);
}

static inline vd vf_high(vf a)
{
    vh h;
    memcpy(&h, (const char *)&a + sizeof h, sizeof h);
    return __builtin_convertvector(h, vd);
}

static inline vf vd_join(vd low, vd high)
{
    vh l = __builtin_convertvector(low, vh), h = __builtin_convertvector(high, vh);
    vf r;
    memcpy(&r, &l, sizeof l);
    memcpy((char *)&r + sizeof l, &h, sizeof h);
    return r;
}

#endif
