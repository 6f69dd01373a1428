/* Choice of kernels at run time, and their stated error bounds. */
#include "expr/kernels.h"

#include <string.h>

extern const kernels kernels_portable;
#if defined(SYMLUT_X86)
extern const kernels kernels_avx2, kernels_avx512;
#endif

const kernels *kernels_named(const char *name)
{
    if (!strcmp(name, "portable"))
        return &kernels_portable;
#if defined(SYMLUT_X86)
    if (!strcmp(name, "avx2") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        return &kernels_avx2;
    if (!strcmp(name, "avx512") && __builtin_cpu_supports("avx512f") &&
        __builtin_cpu_supports("avx512dq"))
        return &kernels_avx512;
#endif
    return NULL;
}

const kernels *kernels_best(void)
{
    const kernels *k = kernels_named("avx512");
    if (!k)
        k = kernels_named("avx2");
    return k ? k : &kernels_portable;
}

double kernels_error_bound(expr_op op)
{
    switch (op) {
    case EXPR_ADD:
    case EXPR_SUB:
    case EXPR_MUL:
    case EXPR_DIV:
    case EXPR_SQRT:
    case EXPR_SQUARE:
    case EXPR_INV:
    case EXPR_POW:
    case EXPR_CBRT:
    case EXPR_MOD:
    case EXPR_ERFC:
    case EXPR_GAMMA:
        return 0.51;
    case EXPR_CUBE:
        return 1.5;
    case EXPR_EXP:
    case EXPR_EXP2:
    case EXPR_LOG:
        return 2;
    case EXPR_LOG2:
    case EXPR_LOG10:
    case EXPR_SIN:
    case EXPR_COS:
    case EXPR_GAUSS:
    case EXPR_ASIN:
    case EXPR_ACOS:
    case EXPR_ATAN:
        return 3;
    case EXPR_EXPM1:
    case EXPR_LOG1P:
    case EXPR_TANH:
    case EXPR_SINH:
    case EXPR_COSH:
    case EXPR_ATAN2:
    case EXPR_TAN:
    case EXPR_SIGMOID:
    case EXPR_ASINH:
    case EXPR_ACOSH:
    case EXPR_ATANH:
        return 5;
    case EXPR_ERF:
        return 8;
    default:
        return 0; /* exact */
    }
}
