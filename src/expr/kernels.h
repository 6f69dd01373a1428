/* Vector kernels over blocks of float32 rows, in three builds: portable C, AVX2 with FMA, AVX-512.
 *
 * Every pointer to a vector is 64-byte aligned and every n a multiple of 16. AVX2 and AVX-512 give
 * the same bits; sums always run in 16 lanes that are added in one order. */
#ifndef EXPR_KERNELS_H
#define EXPR_KERNELS_H

#include "expr/expr.h"

enum {
    EVAL_BLOCK = 256, /* rows of one block: a stack slot is 1 KiB */
    EVAL_LANES = 16   /* rows come in multiples of this */
};

/* Operands that are constants are read from [0] alone. */
typedef enum kernel_shape { SHAPE_VV, SHAPE_VS, SHAPE_SV, SHAPE_COUNT } kernel_shape;

/* Fused products, by (shape of the product: VV or VS) and (c: vector or scalar). */
typedef enum kernel_fused { FUSED_MUL_ADD, FUSED_MUL_SUB, FUSED_SUB_MUL, FUSED_COUNT } kernel_fused;

typedef void (*kernel_fn)(float *out, const float *a, const float *b, const float *c, int n);
/* out = adjoint * d op / d operand, given the operands and the value v. */
typedef void (*kernel_back_fn)(float *out, const float *adjoint, const float *a, const float *b,
                               const float *v, int n);

typedef struct kernel_moments {
    double p, pp, py; /* sums of w(p-shift), w(p-shift)^2, w(p-shift)y */
} kernel_moments;

typedef struct kernels {
    const char *name;
    kernel_fn op[EXPR_OP_COUNT][SHAPE_COUNT]; /* unary: VV only, b unused */
    kernel_fn fused[FUSED_COUNT][2][2];       /* a*b + c, a*b - c, c - a*b */
    kernel_fn square_difference[2];           /* (a - b)^2: VV, VS */
    kernel_back_fn back[EXPR_OP_COUNT][2];
    /* Sums over one block; w may be NULL (all ones). */
    void (*moments)(kernel_moments *sums, const float *p, const float *y, const float *w,
                    float shift, int n);
    /* sum of w (scale*p + offset - y)^2; r, when not NULL, receives the residuals sqrt-free */
    double (*squares)(const float *p, const float *y, const float *w, float scale, float offset,
                      int n);
    double (*dot)(const float *a, const float *b, int n);
    double (*sum)(const float *a, const float *w, int n);
    /* out = (scale*p + offset - y) * w */
    void (*residual)(float *out, const float *p, const float *y, const float *w, float scale,
                     float offset, int n);
} kernels;

/* The fastest build that this processor runs, or one by name: "portable", "avx2", "avx512"; NULL
 * when the processor or the build lacks it. */
const kernels *kernels_best(void);
const kernels *kernels_named(const char *name);

/* Bound on the error of an operation's kernel in ULP of float32. */
double kernels_error_bound(expr_op op);

#endif
