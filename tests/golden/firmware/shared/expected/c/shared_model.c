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

/* integer square; words ufixed<8,8> */
static const int32_t shared_model_table_square[16] = {
    0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121,
    144, 169, 196, 225,
};

/* integer square; words ufixed<9,9> */
static const int32_t shared_model_table_square_signed[32] = {
    0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121,
    144, 169, 196, 225, 256, 225, 196, 169, 144, 121, 100, 81,
    64, 49, 36, 25, 16, 9, 4, 1,
};

void shared_model_eval_n(size_t count, const int64_t *restrict in, int64_t *restrict out)
{
    size_t i;
    for (i = 0; i < count; i++) {
        const int32_t n0 = (int32_t)in[0 * count + i]; /* a */
        const int32_t n1 = (int32_t)in[1 * count + i]; /* b */
        const int32_t n4 = n0 + n0 * 2; /* a*b */
        const int32_t n5 = (int32_t)((uint32_t)n1 & 1u); /* a*b */
        const int32_t n7_rounded = n1 >> 1; /* a*b */
        const int32_t n7 = (int32_t)((uint32_t)n7_rounded & 1u); /* a*b */
        const int32_t n9 = n5 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n10 = n5 != 0 ? n4 : n0 * 2; /* a*b */
        const int32_t n11 = n7 != 0 ? n10 : n9; /* a*b */
        const int32_t n12_rounded = n1 >> 2; /* a*b */
        const int32_t n12 = (int32_t)((uint32_t)n12_rounded & 1u); /* a*b */
        const int32_t n14_rounded = n1 >> 3; /* a*b */
        const int32_t n14 = (int32_t)((uint32_t)n14_rounded & 1u); /* a*b */
        const int32_t n16 = n12 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n17 = n12 != 0 ? n4 : n0 * 2; /* a*b */
        const int32_t n18 = n14 != 0 ? n17 : n16; /* a*b */
        const int32_t n20_rounded = n1 >> 4; /* a*b */
        const int32_t n20 = (int32_t)((uint32_t)n20_rounded & 1u); /* a*b */
        const int32_t n22_rounded = n1 >> 5; /* a*b */
        const int32_t n22 = (int32_t)((uint32_t)n22_rounded & 1u); /* a*b */
        const int32_t n23 = n20 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n24 = n20 != 0 ? n4 : n0 * 2; /* a*b */
        const int32_t n25 = n22 != 0 ? n24 : n23; /* a*b */
        const int32_t n27_rounded = n1 >> 6; /* a*b */
        const int32_t n27 = (int32_t)((uint32_t)n27_rounded & 1u); /* a*b */
        const int32_t n29_rounded = n1 >> 7; /* a*b */
        const int32_t n29 = (int32_t)((uint32_t)n29_rounded & 1u); /* a*b */
        const int32_t n31 = n27 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n32 = n27 != 0 ? n4 : n0 * 2; /* a*b */
        const int32_t n33 = n29 != 0 ? n32 : n31; /* a*b */
        const int32_t n35_rounded = n1 >> 8; /* a*b */
        const int32_t n35 = (int32_t)((uint32_t)n35_rounded & 1u); /* a*b */
        const int32_t n37 = n35 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n40 = n11 + n18 * 4; /* a*b */
        const int32_t n41 = n25 + n33 * 4; /* a*b */
        const int32_t n44 = n40 + n41 * 16; /* a*b */
        const int32_t n45 = n44 + n37 * 256; /* a*b */
        const int32_t n47 = n45 - n37 * 512; /* a*b */
        const int32_t n50_rounded = (n47 + 15 + ((n47 >> 5) & 1)) >> 5; /* a*b */
        const int32_t n50 = n50_rounded > 255 ? 255 : n50_rounded < (-256) ? (-256) : n50_rounded; /* a*b */
        const int32_t n52 = n50 - 1 * 32; /* a*b - 1 */
        const int32_t n53 = n52 < (-256) ? (-256) : n52; /* a*b - 1 */
        const int32_t n55_rounded = n53 >> 2; /* gauss(a*b - 1) */
        const int32_t n55 = n55_rounded > 15 ? 15 : n55_rounded < (-16) ? (-16) : n55_rounded; /* gauss(a*b - 1) */
        const int32_t n56 = shared_model_table_gauss_0_1[n55 & 31]; /* gauss(a*b - 1) */
        const int32_t n58 = n56 + n50; /* gauss(a*b - 1) + a*b */
        const int32_t n59 = n58 > 255 ? 255 : n58; /* gauss(a*b - 1) + a*b */
        const int32_t n60 = (int32_t)in[2 * count + i]; /* c */
        const int32_t n62 = (int32_t)((uint32_t)n60 & 15u); /* c^2 */
        const int32_t n63 = n60 >> 4; /* c^2 */
        const int32_t n66 = shared_model_table_square[n62 & 15]; /* c^2 */
        const int32_t n68 = shared_model_table_square_signed[n63 & 31]; /* c^2 */
        const int32_t n69 = (int32_t)((int64_t)n68 << 8 | ((int64_t)n66 & 255)); /* c^2 */
        const int32_t n71 = n63 + n63 * 2; /* c^2 */
        const int32_t n72 = (int32_t)((uint32_t)n62 & 1u); /* c^2 */
        const int32_t n73_rounded = n62 >> 1; /* c^2 */
        const int32_t n73 = (int32_t)((uint32_t)n73_rounded & 1u); /* c^2 */
        const int32_t n75 = n72 != 0 ? n63 : 0; /* c^2 */
        const int32_t n76 = n72 != 0 ? n71 : n63 * 2; /* c^2 */
        const int32_t n77 = n73 != 0 ? n76 : n75; /* c^2 */
        const int32_t n78_rounded = n62 >> 2; /* c^2 */
        const int32_t n78 = (int32_t)((uint32_t)n78_rounded & 1u); /* c^2 */
        const int32_t n80 = n62 >> 3; /* c^2 */
        const int32_t n82 = n78 != 0 ? n63 : 0; /* c^2 */
        const int32_t n83 = n78 != 0 ? n71 : n63 * 2; /* c^2 */
        const int32_t n84 = n80 != 0 ? n83 : n82; /* c^2 */
        const int32_t n86 = n77 + n84 * 4; /* c^2 */
        const int32_t n89 = n69 + n86 * 32; /* c^2 */
        const int32_t n91_rounded = (n89 + 15 + ((n89 >> 5) & 1)) >> 5; /* c^2 */
        const int32_t n91 = n91_rounded > 255 ? 255 : n91_rounded; /* c^2 */
        const int32_t n94 = n91 * 4 - n91; /* 3*c^2 */
        const int32_t n95 = n94 > 255 ? 255 : n94; /* 3*c^2 */
        const int32_t n97 = n50 - n95; /* a*b - 3*c^2 */
        const int32_t n98 = n97 < (-256) ? (-256) : n97; /* a*b - 3*c^2 */
        out[0 * count + i] = n59; /* p */
        out[1 * count + i] = n98; /* q */
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
