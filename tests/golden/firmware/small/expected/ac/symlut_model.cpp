// symlut_model: made by symlut 0.1.0.
#include "symlut_model.h"

// sin over [-4,4], 32 entries, saturates; the bits of fixed<8,2> words
static const ac_int<8, true> symlut_model_table_sin_0_1[32] = {
    7, 23, 37, 49, 58, 63, 64, 61, 55, 45, 32, 17,
    2, -14, -29, -42, 43, 30, 15, -1, -16, -31, -44, -54,
    -61, -64, -63, -58, -49, -38, -24, -8,
};

#pragma hls_design top
#pragma hls_pipeline_init_interval 1
void symlut_model(
    ac_fixed<10, 4, true> x0,
    ac_fixed<10, 4, true> x1,
    ac_fixed<10, 4, true> &y
)
{
    ac_fixed<5, 3, true, AC_TRN, AC_SAT> n1 = x0; // sin(x0)
    ac_fixed<8, 2, true> n2; // sin(x0)
    n2.set_slc(0, ac_int<8, false>(symlut_model_table_sin_0_1[ac_int<5, false>(n1.slc<5>(0)).to_uint()]));
    ac_fixed<10, 6, true> n4; // 0.75*x1
    n4.set_slc(0, ac_int<10, false>(x1.slc<10>(0)));
    ac_fixed<13, 7, true> n5 = n4 - x1; // 0.75*x1
    ac_fixed<13, 5, true> n6; // 0.75*x1
    n6.set_slc(0, ac_int<13, false>(n5.slc<13>(0)));
    ac_fixed<10, 4, true, AC_TRN, AC_WRAP> n7 = n6; // 0.75*x1
    ac_fixed<10, 4, true> n8 = n2 + n7; // sin(x0) + 0.75*x1
    y = n8;
}
