/* Partial derivatives of every operation: da_NAME(a, b, v) by the first operand, db_NAME by the
 * second, where v is the operation's value. Steps (floor, sign, less …) have slope 0. */
#ifndef EXPR_VEC_PARTIAL_H
#define EXPR_VEC_PARTIAL_H

#include "expr/vec_math.h"

/* Digamma: recurrence up to 6, then the asymptotic series; reflection below 0. */
static inline double digamma(double x)
{
    double shift = 0;
    if (x <= 0) {
        shift = -3.14159265358979324 / tan(3.14159265358979324 * x);
        x = 1 - x;
    }
    for (; x < 6; x += 1)
        shift -= 1 / x;
    double z = 1 / (x * x);
    return shift + log(x) - 0.5 / x -
           z * (1.0 / 12 - z * (1.0 / 120 - z * (1.0 / 252 - z * (1.0 / 240 - z / 132))));
}

#define VEC_DA(NAME, expression)                                                                   \
    static inline vf da_##NAME(vf a, vf b, vf v)                                                   \
    {                                                                                              \
        (void)a, (void)b, (void)v;                                                                 \
        return expression;                                                                         \
    }
#define VEC_DB(NAME, expression)                                                                   \
    static inline vf db_##NAME(vf a, vf b, vf v)                                                   \
    {                                                                                              \
        (void)a, (void)b, (void)v;                                                                 \
        return expression;                                                                         \
    }
#define ONE vf_set(1)
#define ZERO vf_set(0)

VEC_DA(ADD, ONE)
VEC_DB(ADD, ONE)
VEC_DA(SUB, ONE)
VEC_DB(SUB, -ONE)
VEC_DA(MUL, b)
VEC_DB(MUL, a)
VEC_DA(DIV, 1.0f / b)
VEC_DB(DIV, -v / b)
VEC_DA(POW, vf_select(a == 0.0f, op_POW(a, b - 1.0f) * b, v *b / a))
VEC_DB(POW, vf_select(a > 0.0f, v *op_LOG(a), ZERO))
VEC_DA(MIN, vf_select(a < b, ONE, ZERO))
VEC_DB(MIN, vf_select(a < b, ZERO, ONE))
VEC_DA(MAX, vf_select(a > b, ONE, ZERO))
VEC_DB(MAX, vf_select(a > b, ZERO, ONE))
VEC_DA(ATAN2, b / (a * a + b * b))
VEC_DB(ATAN2, -a / (a * a + b * b))
VEC_DA(LESS, ZERO)
VEC_DB(LESS, ZERO)
VEC_DA(GREATER, ZERO)
VEC_DB(GREATER, ZERO)
VEC_DA(LESS_EQUAL, ZERO)
VEC_DB(LESS_EQUAL, ZERO)
VEC_DA(GREATER_EQUAL, ZERO)
VEC_DB(GREATER_EQUAL, ZERO)
VEC_DA(AND, ZERO)
VEC_DB(AND, ZERO)
VEC_DA(OR, ZERO)
VEC_DB(OR, ZERO)
VEC_DA(COND, ZERO)
VEC_DB(COND, vf_select(a > 0.0f, ONE, ZERO))
VEC_DA(MOD, ONE)
VEC_DB(MOD, -vf_floor(a / b))
VEC_DA(NEG, -ONE)
VEC_DA(ABS, op_SIGN(a))
VEC_DA(SIGN, ZERO)
VEC_DA(SQUARE, a + a)
VEC_DA(CUBE, 3.0f * a * a)
VEC_DA(SQRT, 0.5f / v)
VEC_DA(CBRT, (1.0f / 3) / (v * v))
VEC_DA(INV, -v *v)
VEC_DA(EXP, v)
VEC_DA(EXP2, v * 0.693147180559945309f)
VEC_DA(EXPM1, v + 1.0f)
VEC_DA(LOG, 1.0f / a)
VEC_DA(LOG2, 1.44269504088896341f / a)
VEC_DA(LOG10, 0.434294481903251828f / a)
VEC_DA(LOG1P, 1.0f / (1.0f + a))
VEC_DA(SIN, op_COS(a))
VEC_DA(COS, -op_SIN(a))
VEC_DA(TAN, 1.0f + v * v)
VEC_DA(ASIN, 1.0f / vf_sqrt(1.0f - a * a))
VEC_DA(ACOS, -1.0f / vf_sqrt(1.0f - a * a))
VEC_DA(ATAN, 1.0f / (1.0f + a * a))
VEC_DA(SINH, op_COSH(a))
VEC_DA(COSH, op_SINH(a))
VEC_DA(TANH, 1.0f - v * v)
VEC_DA(ASINH, 1.0f / vf_sqrt(1.0f + a * a))
VEC_DA(ACOSH, 1.0f / vf_sqrt(a * a - 1.0f))
VEC_DA(ATANH, 1.0f / (1.0f - a * a))
VEC_DA(ERFC, -1.12837916709551257f * op_GAUSS(a))
VEC_DA(GAMMA, v *lanes(a, digamma))
VEC_DA(ROUND, ZERO)
VEC_DA(ERF, 1.12837916709551257f * op_GAUSS(a))
VEC_DA(GAUSS, -2.0f * a * v)
VEC_DA(SIGMOID, v *(1.0f - v))
VEC_DA(RELU, vf_select(a > 0.0f, ONE, ZERO))
VEC_DA(FLOOR, ZERO)
VEC_DA(CEIL, ZERO)
#undef VEC_DA
#undef VEC_DB
#undef ONE
#undef ZERO

#endif
