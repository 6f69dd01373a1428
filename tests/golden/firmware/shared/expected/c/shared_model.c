/* shared_model: bit-accurate emulator of the firmware, made by symlut 0.1.0. */
#include "shared_model.h"

/* The code below shifts negative numbers right and converts modulo 2^32 and
 * 2^64, as every compiler for two's complement machines does. */
typedef char shared_model_shifts_arithmetically[(-3 >> 1) == -2 ? 1 : -1];

/* gauss over [-2,2], 32 entries, saturates; words ufixed<6,1> */
static const int32_t shared_model_table_gauss_0_1[32] = {
    32, 31, 29, 27, 24, 20, 17, 14, 11, 8, 6, 4,
    3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 8, 10,
    13, 16, 20, 23, 26, 29, 31, 32,
};

void shared_model_eval_n(size_t count, const int64_t *restrict in, int64_t *restrict out)
{
    size_t i;
    for (i = 0; i < count; i++) {
        const int32_t n0 = (int32_t)in[0 * count + i]; /* a */
        const int32_t n1 = (int32_t)in[1 * count + i]; /* b */
        const int32_t n2 = n0 * n1; /* a*b */
        const int32_t n4_rounded = (n2 + 15 + ((n2 >> 5) & 1)) >> 5; /* a*b */
        const int32_t n4 = n4_rounded > 255 ? 255 : n4_rounded < (-256) ? (-256) : n4_rounded; /* a*b */
        const int32_t n6 = n4 - 1 * 32; /* a*b - 1 */
        const int32_t n8 = n6 < (-256) ? (-256) : n6; /* a*b - 1 */
        const int32_t n9_rounded = n8 >> 2; /* gauss(a*b - 1) */
        const int32_t n9 = n9_rounded > 15 ? 15 : n9_rounded < (-16) ? (-16) : n9_rounded; /* gauss(a*b - 1) */
        const int32_t n10 = shared_model_table_gauss_0_1[n9 & 31]; /* gauss(a*b - 1) */
        const int32_t n12 = n10 + n4; /* gauss(a*b - 1) + a*b */
        const int32_t n13 = n12 > 255 ? 255 : n12; /* gauss(a*b - 1) + a*b */
        const int32_t n14 = (int32_t)in[2 * count + i]; /* c */
        const int32_t n15 = n14 * n14; /* c^2 */
        const int32_t n17_rounded = (n15 + 15 + ((n15 >> 5) & 1)) >> 5; /* c^2 */
        const int32_t n17 = n17_rounded > 255 ? 255 : n17_rounded; /* c^2 */
        const int32_t n19 = n17 * 4 - n17; /* 3*c^2 */
        const int32_t n21 = n19 > 255 ? 255 : n19; /* 3*c^2 */
        const int32_t n22 = n4 - n21; /* a*b - 3*c^2 */
        const int32_t n23 = n22 < (-256) ? (-256) : n22; /* a*b - 3*c^2 */
        out[0 * count + i] = n13; /* p */
        out[1 * count + i] = n23; /* q */
    }
}

void shared_model_eval(const int64_t in[], int64_t out[])
{
    shared_model_eval_n(1, in, out);
}

/* RND_CONV and SAT of a number, within [low, high]; NaN gives 0. */
static int64_t shared_model_convert(double v, int64_t low, int64_t high)
{
    int64_t below;
    double rest;
    if (v != v)
        return 0;
    if (v >= (double)high + 1)
        return high;
    if (v <= (double)low - 1)
        return low;
    below = (int64_t)v;
    if ((double)below > v)
        below -= 1;
    rest = v - (double)below;
    below += rest > 0.5 || (rest == 0.5 && below % 2 != 0);
    return below > high ? high : below < low ? low : below;
}

void shared_model_prepare_input(const double raw[], int64_t in[])
{
    in[0] = shared_model_convert((raw[0] - 0) / 1 * 0x1p5, (-256), 255); /* a */
    in[1] = shared_model_convert((raw[1] - 0) / 1 * 0x1p5, (-256), 255); /* b */
    in[2] = shared_model_convert((raw[2] - 0) / 1 * 0x1p5, (-256), 255); /* c */
}

void shared_model_read_output(const int64_t out[], double value[])
{
    value[0] = (double)out[0] * 0x1p-5; /* p */
    value[1] = (double)out[1] * 0x1p-5; /* q */
}

void shared_model_predict(const double raw[], double value[])
{
    int64_t in[3], out[2];
    shared_model_prepare_input(raw, in);
    shared_model_eval(in, out);
    shared_model_read_output(out, value);
}
