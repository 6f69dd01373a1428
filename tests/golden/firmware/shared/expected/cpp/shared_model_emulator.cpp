/* shared_model: bit-accurate emulator of the firmware, made by symlut 0.1.0. */
#include "shared_model_emulator.hpp"

#include <stddef.h>
#include <stdint.h>

namespace shared_model_emulator {
inline namespace vf0dba15db029890d {
namespace {

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

void shared_model_eval_n(size_t count, const int64_t *__restrict in, int64_t *__restrict out)
{
    size_t i;
    for (i = 0; i < count; i++) {
        const int32_t n0 = (int32_t)in[0 * count + i]; /* a */
        const int32_t n1 = (int32_t)in[1 * count + i]; /* b */
        const int32_t n4_rounded = n1 >> 1; /* a*b */
        const int32_t n4 = (int32_t)((uint32_t)n4_rounded & 1u); /* a*b */
        const int32_t n6 = (int32_t)((uint32_t)n1 & 1u); /* a*b */
        const int32_t n8 = n6 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n9 = n6 != 0 ? n0 : n0 * 2; /* a*b */
        const int32_t n10 = ~n9; /* a*b */
        const int32_t n11 = n4 != 0 ? n10 : n8; /* a*b */
        const int32_t n12_rounded = n1 >> 3; /* a*b */
        const int32_t n12 = (int32_t)((uint32_t)n12_rounded & 1u); /* a*b */
        const int32_t n14_rounded = n1 >> 2; /* a*b */
        const int32_t n14 = (int32_t)((uint32_t)n14_rounded & 1u); /* a*b */
        const int32_t n16 = n4 != 0 ? n0 * 2 : n0; /* a*b */
        const int32_t n17 = n4 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n18 = n4 != 0 ? 0 * 32 : n0; /* a*b */
        const int32_t n19 = n4 != 0 ? n0 : n0 * 2; /* a*b */
        const int32_t n20 = n14 != 0 ? n16 : n17; /* a*b */
        const int32_t n21 = n14 != 0 ? n18 : n19; /* a*b */
        const int32_t n22 = ~n21; /* a*b */
        const int32_t n23 = n12 != 0 ? n22 : n20; /* a*b */
        const int32_t n25_rounded = n1 >> 5; /* a*b */
        const int32_t n25 = (int32_t)((uint32_t)n25_rounded & 1u); /* a*b */
        const int32_t n26_rounded = n1 >> 4; /* a*b */
        const int32_t n26 = (int32_t)((uint32_t)n26_rounded & 1u); /* a*b */
        const int32_t n28 = n12 != 0 ? n0 * 2 : n0; /* a*b */
        const int32_t n29 = n12 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n30 = n12 != 0 ? 0 * 32 : n0; /* a*b */
        const int32_t n31 = n12 != 0 ? n0 : n0 * 2; /* a*b */
        const int32_t n32 = n26 != 0 ? n28 : n29; /* a*b */
        const int32_t n33 = n26 != 0 ? n30 : n31; /* a*b */
        const int32_t n34 = ~n33; /* a*b */
        const int32_t n35 = n25 != 0 ? n34 : n32; /* a*b */
        const int32_t n37_rounded = n1 >> 7; /* a*b */
        const int32_t n37 = (int32_t)((uint32_t)n37_rounded & 1u); /* a*b */
        const int32_t n39_rounded = n1 >> 6; /* a*b */
        const int32_t n39 = (int32_t)((uint32_t)n39_rounded & 1u); /* a*b */
        const int32_t n41 = n25 != 0 ? n0 * 2 : n0; /* a*b */
        const int32_t n42 = n25 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n43 = n25 != 0 ? 0 * 32 : n0; /* a*b */
        const int32_t n44 = n25 != 0 ? n0 : n0 * 2; /* a*b */
        const int32_t n45 = n39 != 0 ? n41 : n42; /* a*b */
        const int32_t n46 = n39 != 0 ? n43 : n44; /* a*b */
        const int32_t n47 = ~n46; /* a*b */
        const int32_t n48 = n37 != 0 ? n47 : n45; /* a*b */
        const int32_t n50_rounded = n1 >> 8; /* a*b */
        const int32_t n50 = (int32_t)((uint32_t)n50_rounded & 1u); /* a*b */
        const int32_t n52 = n37 != 0 ? n0 : 0 * 32; /* a*b */
        const int32_t n53 = n37 != 0 ? 0 * 32 : n0; /* a*b */
        const int32_t n54 = ~n53; /* a*b */
        const int32_t n55 = n50 != 0 ? n54 : n52; /* a*b */
        const int32_t n58 = n23 * 4 + n4; /* a*b */
        const int32_t n60 = n35 * 4 + n12; /* a*b */
        const int32_t n62 = n48 * 4 + n25; /* a*b */
        const int32_t n66 = n55 * 4 + n37; /* a*b */
        const int32_t n67 = n11 + n50 * 256; /* a*b */
        const int32_t n68 = n67 + n58; /* a*b */
        const int32_t n69 = n60 + n62 * 4; /* a*b */
        const int32_t n72 = n68 + n69 * 4; /* a*b */
        const int32_t n73 = n72 + n66 * 64; /* a*b */
        const int32_t n76_rounded = (n73 + 15 + ((n73 >> 5) & 1)) >> 5; /* a*b */
        const int32_t n76 = n76_rounded > 255 ? 255 : n76_rounded < (-256) ? (-256) : n76_rounded; /* a*b */
        const int32_t n78 = n76 - 1 * 32; /* a*b - 1 */
        const int32_t n79 = n78 < (-256) ? (-256) : n78; /* a*b - 1 */
        const int32_t n81_rounded = n79 >> 2; /* gauss(a*b - 1) */
        const int32_t n81 = n81_rounded > 15 ? 15 : n81_rounded < (-16) ? (-16) : n81_rounded; /* gauss(a*b - 1) */
        const int32_t n82 = shared_model_table_gauss_0_1[n81 & 31]; /* gauss(a*b - 1) */
        const int32_t n84 = n82 + n76; /* gauss(a*b - 1) + a*b */
        const int32_t n85 = n84 > 255 ? 255 : n84; /* gauss(a*b - 1) + a*b */
        const int32_t n86 = (int32_t)in[2 * count + i]; /* c */
        const int32_t n88 = (int32_t)((uint32_t)n86 & 15u); /* c^2 */
        const int32_t n89 = n86 >> 4; /* c^2 */
        const int32_t n92 = shared_model_table_square[n88 & 15]; /* c^2 */
        const int32_t n94 = shared_model_table_square_signed[n89 & 31]; /* c^2 */
        const int32_t n95 = (int32_t)((int64_t)n94 << 8 | ((int64_t)n92 & 255)); /* c^2 */
        const int32_t n97 = n89 + n89 * 2; /* c^2 */
        const int32_t n98 = (int32_t)((uint32_t)n88 & 1u); /* c^2 */
        const int32_t n99_rounded = n88 >> 1; /* c^2 */
        const int32_t n99 = (int32_t)((uint32_t)n99_rounded & 1u); /* c^2 */
        const int32_t n101 = n98 != 0 ? n89 : 0; /* c^2 */
        const int32_t n102 = n98 != 0 ? n97 : n89 * 2; /* c^2 */
        const int32_t n103 = n99 != 0 ? n102 : n101; /* c^2 */
        const int32_t n104_rounded = n88 >> 2; /* c^2 */
        const int32_t n104 = (int32_t)((uint32_t)n104_rounded & 1u); /* c^2 */
        const int32_t n106 = n88 >> 3; /* c^2 */
        const int32_t n108 = n104 != 0 ? n89 : 0; /* c^2 */
        const int32_t n109 = n104 != 0 ? n97 : n89 * 2; /* c^2 */
        const int32_t n110 = n106 != 0 ? n109 : n108; /* c^2 */
        const int32_t n112 = n103 + n110 * 4; /* c^2 */
        const int32_t n115 = n95 + n112 * 32; /* c^2 */
        const int32_t n117_rounded = (n115 + 15 + ((n115 >> 5) & 1)) >> 5; /* c^2 */
        const int32_t n117 = n117_rounded > 255 ? 255 : n117_rounded; /* c^2 */
        const int32_t n120 = n117 * 4 - n117; /* 3*c^2 */
        const int32_t n121 = n120 > 255 ? 255 : n120; /* 3*c^2 */
        const int32_t n123 = n76 - n121; /* a*b - 3*c^2 */
        const int32_t n124 = n123 < (-256) ? (-256) : n123; /* a*b - 3*c^2 */
        out[0 * count + i] = n85; /* p */
        out[1 * count + i] = n124; /* q */
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

} // namespace

void model::prepare_input(const double raw[])
{
    shared_model_prepare_input(raw, in_);
}

void model::set_input(const std::int64_t in[])
{
    for (int i = 0; i < inputs; i++)
        in_[i] = in[i];
}

void model::predict()
{
    shared_model_eval(in_, out_);
}

void model::read_result(double value[]) const
{
    shared_model_read_output(out_, value);
}

} // namespace
} // namespace
