// symlut_model: made by symlut 0.1.0.
#include "symlut_model.h"

// sin over [-4,4], 32 entries, saturates; the bits of fixed<8,2> words
static const ap_int<8> symlut_model_table_sin_0_1[32] = {
    7, 23, 37, 49, 58, 63, 64, 61, 55, 45, 32, 17,
    2, -14, -29, -42, 43, 30, 15, -1, -16, -31, -44, -54,
    -61, -64, -63, -58, -49, -38, -24, -8,
};

void symlut_model(
    ap_fixed<10, 4> x0,
    ap_fixed<10, 4> x1,
    ap_fixed<10, 4> &y
)
{
#pragma HLS PIPELINE II=1
#pragma HLS INTERFACE ap_none port=x0
#pragma HLS INTERFACE ap_none port=x1
#pragma HLS BIND_STORAGE variable=symlut_model_table_sin_0_1 type=rom_np impl=lutram
    ap_fixed<5, 3, AP_TRN, AP_SAT> n1 = x0; // sin(x0)
    ap_fixed<8, 2> n2; // sin(x0)
    n2.range(7, 0) = symlut_model_table_sin_0_1[n1.range(4, 0).to_uint()];
    ap_fixed<10, 6> n4; // 0.75*x1
    n4.range(9, 0) = x1.range(9, 0);
    ap_fixed<13, 7> n5 = n4 - x1; // 0.75*x1
    ap_fixed<13, 5> n6; // 0.75*x1
    n6.range(12, 0) = n5.range(12, 0);
    ap_fixed<10, 4, AP_TRN, AP_WRAP> n7 = n6; // 0.75*x1
    ap_fixed<10, 4> n8 = n2 + n7; // sin(x0) + 0.75*x1
    y = n8;
}
