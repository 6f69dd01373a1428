/* The kernels of one instruction set; the including file defines KERNELS_NAME (a string),
 * KERNELS_TABLE (the table's identifier) and perhaps VEC_AVX2 or VEC_AVX512. */
#include "expr/kernels.h"
#include "expr/vec_partial.h"

/* ---------------------------------------------------------------- operations */

#define KERNEL_OPERATION(name, A, B, value)                                                        \
    static void name(float *out, const float *a, const float *b, const float *c, int n)            \
    {                                                                                              \
        (void)b, (void)c;                                                                          \
        for (int i = 0; i < n; i += VEC_N) {                                                       \
            vf va = A, vb = B;                                                                     \
            (void)vb;                                                                              \
            vf_store(out + i, value);                                                              \
        }                                                                                          \
    }
#define KERNELS_OF_0(NAME)
#define KERNELS_OF_1(NAME) KERNEL_OPERATION(vv_##NAME, vf_load(a + i), vf_set(0), op_##NAME(va))
#define KERNELS_OF_2(NAME)                                                                         \
    KERNEL_OPERATION(vv_##NAME, vf_load(a + i), vf_load(b + i), op_##NAME(va, vb))                 \
    KERNEL_OPERATION(vs_##NAME, vf_load(a + i), vf_set(*b), op_##NAME(va, vb))                     \
    KERNEL_OPERATION(sv_##NAME, vf_set(*a), vf_load(b + i), op_##NAME(va, vb))
#define OP(NAME, text, arity, C, doc) KERNELS_OF_##arity(NAME)
#include "expr/ops.def"
#undef OP

#define KERNEL_FUSED(name, B, C, value)                                                            \
    static void name(float *out, const float *a, const float *b, const float *c, int n)            \
    {                                                                                              \
        for (int i = 0; i < n; i += VEC_N) {                                                       \
            vf va = vf_load(a + i), vb = B, vc = C;                                                \
            vf_store(out + i, value);                                                              \
        }                                                                                          \
    }
#define KERNELS_FUSED(name, value)                                                                 \
    KERNEL_FUSED(name##_vv, vf_load(b + i), vf_load(c + i), value)                                 \
    KERNEL_FUSED(name##_vs, vf_load(b + i), vf_set(*c), value)                                     \
    KERNEL_FUSED(name##_sv, vf_set(*b), vf_load(c + i), value)                                     \
    KERNEL_FUSED(name##_ss, vf_set(*b), vf_set(*c), value)
KERNELS_FUSED(mul_add, vf_fma(va, vb, vc))
KERNELS_FUSED(mul_sub, vf_fma(va, vb, -vc))
KERNELS_FUSED(sub_mul, vf_fma(-va, vb, vc))
KERNEL_OPERATION(square_difference_vv, vf_load(a + i), vf_load(b + i), (va - vb) * (va - vb))
KERNEL_OPERATION(square_difference_vs, vf_load(a + i), vf_set(*b), (va - vb) * (va - vb))

/* ---------------------------------------------------------------- adjoints */

#define KERNEL_BACK(name, B, value)                                                                \
    static void name(float *out, const float *adjoint, const float *a, const float *b,             \
                     const float *v, int n)                                                        \
    {                                                                                              \
        (void)a, (void)b, (void)v;                                                                 \
        for (int i = 0; i < n; i += VEC_N) {                                                       \
            vf va = vf_load(a + i), vb = B, vv = vf_load(v + i);                                   \
            vf slope = value;                                                                      \
            vf_store(out + i, vf_load(adjoint + i) * slope);                                       \
        }                                                                                          \
    }
#define BACK_OF_0(NAME)
#define BACK_OF_1(NAME) KERNEL_BACK(back_a_##NAME, vf_set(0), da_##NAME(va, vb, vv))
#define BACK_OF_2(NAME)                                                                            \
    KERNEL_BACK(back_a_##NAME, vf_load(b + i), da_##NAME(va, vb, vv))                              \
    KERNEL_BACK(back_b_##NAME, vf_load(b + i), db_##NAME(va, vb, vv))
#define OP(NAME, text, arity, C, doc) BACK_OF_##arity(NAME)
#include "expr/ops.def"
#undef OP

/* ---------------------------------------------------------------- sums */

enum { LANE_VECTORS = EVAL_LANES / VEC_N };

/* The 16 lanes in one order, in double. */
static double add_lanes(const vf lanes[LANE_VECTORS])
{
    float x[EVAL_LANES];
    memcpy(x, lanes, sizeof x);
    double s[4];
    for (int i = 0; i < 4; i++)
        s[i] = ((double)x[i] + (double)x[i + 4]) + ((double)x[i + 8] + (double)x[i + 12]);
    return (s[0] + s[1]) + (s[2] + s[3]);
}

static void sum_moments(kernel_moments *sums, const float *p, const float *y, const float *w,
                        float shift, int n)
{
    vf s[LANE_VECTORS], ss[LANE_VECTORS], sy[LANE_VECTORS];
    for (int j = 0; j < LANE_VECTORS; j++)
        s[j] = ss[j] = sy[j] = vf_set(0);
    for (int i = 0; i < n; i += EVAL_LANES)
        for (int j = 0; j < LANE_VECTORS; j++) {
            int at = i + j * VEC_N;
            vf q = vf_load(p + at) - shift, qw = w ? q * vf_load(w + at) : q;
            s[j] += qw;
            ss[j] = vf_fma(qw, q, ss[j]);
            sy[j] = vf_fma(qw, vf_load(y + at), sy[j]);
        }
    sums->p = add_lanes(s);
    sums->pp = add_lanes(ss);
    sums->py = add_lanes(sy);
}

static double sum_squares(const float *p, const float *y, const float *w, float scale, float offset,
                          int n)
{
    vf total[LANE_VECTORS];
    for (int j = 0; j < LANE_VECTORS; j++)
        total[j] = vf_set(0);
    for (int i = 0; i < n; i += EVAL_LANES)
        for (int j = 0; j < LANE_VECTORS; j++) {
            int at = i + j * VEC_N;
            vf r = vf_fma(vf_load(p + at), vf_set(scale), offset - vf_load(y + at));
            total[j] = vf_fma(w ? r * vf_load(w + at) : r, r, total[j]);
        }
    return add_lanes(total);
}

static double sum_products(const float *a, const float *b, int n)
{
    vf total[LANE_VECTORS];
    for (int j = 0; j < LANE_VECTORS; j++)
        total[j] = vf_set(0);
    for (int i = 0; i < n; i += EVAL_LANES)
        for (int j = 0; j < LANE_VECTORS; j++)
            total[j] = vf_fma(vf_load(a + i + j * VEC_N), vf_load(b + i + j * VEC_N), total[j]);
    return add_lanes(total);
}

static double sum_values(const float *a, const float *w, int n)
{
    if (w)
        return sum_products(a, w, n);
    vf total[LANE_VECTORS];
    for (int j = 0; j < LANE_VECTORS; j++)
        total[j] = vf_set(0);
    for (int i = 0; i < n; i += EVAL_LANES)
        for (int j = 0; j < LANE_VECTORS; j++)
            total[j] += vf_load(a + i + j * VEC_N);
    return add_lanes(total);
}

static void write_residual(float *out, const float *p, const float *y, const float *w, float scale,
                           float offset, int n)
{
    for (int i = 0; i < n; i += VEC_N) {
        vf r = vf_fma(vf_load(p + i), vf_set(scale), offset - vf_load(y + i));
        vf_store(out + i, w ? r * vf_load(w + i) : r);
    }
}

/* ---------------------------------------------------------------- table */

#define TABLE_OF_0(NAME)
#define TABLE_OF_1(NAME) [EXPR_##NAME] = {vv_##NAME, NULL, NULL},
#define TABLE_OF_2(NAME) [EXPR_##NAME] = {vv_##NAME, vs_##NAME, sv_##NAME},
#define BACK_TABLE_OF_0(NAME)
#define BACK_TABLE_OF_1(NAME) [EXPR_##NAME] = {back_a_##NAME, NULL},
#define BACK_TABLE_OF_2(NAME) [EXPR_##NAME] = {back_a_##NAME, back_b_##NAME},
#define FUSED_TABLE(name)                                                                          \
    {                                                                                              \
        {name##_vv, name##_vs},                                                                    \
        {                                                                                          \
            name##_sv, name##_ss                                                                   \
        }                                                                                          \
    }

extern const kernels KERNELS_TABLE;
const kernels KERNELS_TABLE = {
    .name = KERNELS_NAME,
    .op =
        {
#define OP(NAME, text, arity, C, doc) TABLE_OF_##arity(NAME)
#include "expr/ops.def"
#undef OP
        },
    .fused = {FUSED_TABLE(mul_add), FUSED_TABLE(mul_sub), FUSED_TABLE(sub_mul)},
    .square_difference = {square_difference_vv, square_difference_vs},
    .back =
        {
#define OP(NAME, text, arity, C, doc) BACK_TABLE_OF_##arity(NAME)
#include "expr/ops.def"
#undef OP
        },
    .moments = sum_moments,
    .squares = sum_squares,
    .dot = sum_products,
    .sum = sum_values,
    .residual = write_residual,
};
