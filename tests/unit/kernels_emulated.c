/* The AVX-512 kernels for processors without AVX-512: the same source over vectors of 64 bytes,
 * which the compiler splits, with each AVX-512 instruction that it names done by two of AVX2, which
 * have the same rule for every lane. What this leaves unexecuted is the compiler's AVX-512 code. */
#include <immintrin.h>
#include <string.h>

#define BY_HALVES_1(name, vector, half, instruction)                                               \
    static inline vector name(vector a)                                                            \
    {                                                                                              \
        half x[2];                                                                                 \
        memcpy(x, &a, sizeof a);                                                                   \
        for (int i = 0; i < 2; i++)                                                                \
            x[i] = instruction(x[i]);                                                              \
        memcpy(&a, x, sizeof a);                                                                   \
        return a;                                                                                  \
    }
#define BY_HALVES_2(name, vector, half, instruction)                                               \
    static inline vector name(vector a, vector b)                                                  \
    {                                                                                              \
        half x[2], y[2];                                                                           \
        memcpy(x, &a, sizeof a);                                                                   \
        memcpy(y, &b, sizeof b);                                                                   \
        for (int i = 0; i < 2; i++)                                                                \
            x[i] = instruction(x[i], y[i]);                                                        \
        memcpy(&a, x, sizeof a);                                                                   \
        return a;                                                                                  \
    }
#define BY_HALVES_3(name, vector, half, instruction)                                               \
    static inline vector name(vector a, vector b, vector c)                                        \
    {                                                                                              \
        half x[2], y[2], z[2];                                                                     \
        memcpy(x, &a, sizeof a);                                                                   \
        memcpy(y, &b, sizeof b);                                                                   \
        memcpy(z, &c, sizeof c);                                                                   \
        for (int i = 0; i < 2; i++)                                                                \
            x[i] = instruction(x[i], y[i], z[i]);                                                  \
        memcpy(&a, x, sizeof a);                                                                   \
        return a;                                                                                  \
    }
BY_HALVES_1(emulated_sqrt, __m512, __m256, _mm256_sqrt_ps)
BY_HALVES_1(emulated_floor, __m512, __m256, _mm256_floor_ps)
BY_HALVES_2(emulated_max, __m512, __m256, _mm256_max_ps)
BY_HALVES_2(emulated_min, __m512, __m256, _mm256_min_ps)
BY_HALVES_3(emulated_fma, __m512, __m256, _mm256_fmadd_ps)
BY_HALVES_3(emulated_fma_double, __m512d, __m256d, _mm256_fmadd_pd)

static inline __m512i emulated_truncate(__m512 a)
{
    __m256 x[2];
    __m256i whole[2];
    __m512i r;
    memcpy(x, &a, sizeof a);
    for (int i = 0; i < 2; i++)
        whole[i] = _mm256_cvttps_epi32(x[i]);
    memcpy(&r, whole, sizeof r);
    return r;
}

/* One bit for each lane of 32 bits in which a & b is not zero. */
static inline unsigned emulated_test(__m512i a, __m512i b)
{
    unsigned x[16], y[16], mask = 0;
    memcpy(x, &a, sizeof x);
    memcpy(y, &b, sizeof y);
    for (unsigned i = 0; i < 16; i++)
        mask |= (unsigned)((x[i] & y[i]) != 0) << i;
    return mask;
}

#undef _mm512_roundscale_ps /* a macro in some builds of immintrin.h */
#define _mm512_roundscale_ps(a, mode)                                                              \
    (ONLY_FLOOR(mode), emulated_floor(a)) /* the one mode that the kernels use */
#define ONLY_FLOOR(mode)                                                                           \
    ((void)sizeof(char[(mode) == (_MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC) ? 1 : -1]))
#define _mm512_sqrt_ps emulated_sqrt
#define _mm512_max_ps emulated_max
#define _mm512_min_ps emulated_min
#define _mm512_fmadd_ps emulated_fma
#define _mm512_fmadd_pd emulated_fma_double
#define _mm512_cvttps_epi32 emulated_truncate
#define _mm512_test_epi32_mask emulated_test

#define VEC_AVX512
#define KERNELS_NAME "emulated"
#define KERNELS_TABLE kernels_emulated
#include "expr/kernels_impl.h"
