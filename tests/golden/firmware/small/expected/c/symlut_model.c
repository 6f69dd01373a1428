/* symlut_model: bit-accurate emulator of the firmware, made by symlut 0.1.0. */
#include "symlut_model.h"

/* The code below shifts negative numbers right and converts modulo 2^32 and
 * 2^64, as every compiler for two's complement machines does. */
typedef char symlut_model_shifts_arithmetically[(-3 >> 1) == -2 ? 1 : -1];

/* sin over [-4,4], 32 entries, saturates; words fixed<8,2> */
static const int32_t symlut_model_table_sin_0_1[32] = {
    7, 23, 37, 49, 58, 63, 64, 61, 55, 45, 32, 17,
    2, -14, -29, -42, 43, 30, 15, -1, -16, -31, -44, -54,
    -61, -64, -63, -58, -49, -38, -24, -8,
};

void symlut_model_eval_n(size_t count, const int64_t *restrict in, int64_t *restrict out)
{
    size_t i;
    for (i = 0; i < count; i++) {
        const int32_t n0 = (int32_t)in[0 * count + i]; /* x0 */
        const int32_t n1_rounded = n0 >> 4; /* sin(x0) */
        const int32_t n1 = n1_rounded > 15 ? 15 : n1_rounded < (-16) ? (-16) : n1_rounded; /* sin(x0) */
        const int32_t n2 = symlut_model_table_sin_0_1[n1 & 31]; /* sin(x0) */
        const int32_t n3 = (int32_t)in[1 * count + i]; /* x1 */
        const int32_t n5 = n3 * 4 - n3; /* 0.75*x1 */
        const int32_t n7 = n5 >> 2; /* 0.75*x1 */
        const int32_t n8 = n2 + n7; /* sin(x0) + 0.75*x1 */
        out[0 * count + i] = n8; /* y */
    }
}

void symlut_model_eval(const int64_t in[], int64_t out[])
{
    symlut_model_eval_n(1, in, out);
}

/* RND_CONV and SAT of a number, within [low, high]; NaN gives 0. */
static int64_t symlut_model_convert(double v, int64_t low, int64_t high)
{
    int64_t below;
    double rest;
    if (v != v)
        return 0;
    if (v - (double)high >= 1 || v >= 0x1p63)
        return high;
    if (v - (double)low <= -1)
        return low;
    below = (int64_t)v;
    if ((double)below > v)
        below -= 1;
    rest = v - (double)below;
    below += rest > 0.5 || (rest == 0.5 && below % 2 != 0);
    return below > high ? high : below < low ? low : below;
}

void symlut_model_prepare_input(const double raw[], int64_t in[])
{
    in[0] = symlut_model_convert((raw[0] - 0) / 1 * 0x1p6, (-512), 511); /* x0 */
    in[1] = symlut_model_convert((raw[1] - 0) / 1 * 0x1p6, (-512), 511); /* x1 */
}

void symlut_model_read_output(const int64_t out[], double value[])
{
    value[0] = (double)out[0] * 0x1p-6; /* y */
}

void symlut_model_predict(const double raw[], double value[])
{
    int64_t in[2], out[1];
    symlut_model_prepare_input(raw, in);
    symlut_model_eval(in, out);
    symlut_model_read_output(out, value);
}
