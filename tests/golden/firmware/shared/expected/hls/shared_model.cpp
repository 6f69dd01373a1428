// shared_model: made by symlut 0.1.0.
#include "shared_model.h"

// gauss over [-2,2], 32 entries, saturates; the bits of ufixed<6,1> words
static const ap_uint<6> shared_model_table_gauss_0_1[32] = {
    32, 31, 29, 27, 24, 20, 17, 14, 11, 8, 6, 4,
    3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 8, 10,
    13, 16, 20, 23, 26, 29, 31, 32,
};

void shared_model(
    ap_fixed<9, 4> a,
    ap_fixed<9, 4> b,
    ap_fixed<9, 4> c,
    ap_fixed<9, 4> &p,
    ap_fixed<9, 4> &q
)
{
#pragma HLS PIPELINE II=1
#pragma HLS INTERFACE ap_none port=a
#pragma HLS INTERFACE ap_none port=b
#pragma HLS INTERFACE ap_none port=c
#pragma HLS BIND_STORAGE variable=shared_model_table_gauss_0_1 type=rom_np impl=lutram
    ap_fixed<18, 8> n2 = a * b; // a*b
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n4 = n2; // a*b
    ap_ufixed<1, 1> n5; // a*b - 1
    n5.range(0, 0) = 1;
    ap_fixed<10, 5> n6 = n4 - n5; // a*b - 1
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n8 = n6; // a*b - 1
    ap_fixed<5, 2, AP_TRN, AP_SAT> n9 = n8; // gauss(a*b - 1)
    ap_ufixed<6, 1> n10; // gauss(a*b - 1)
    n10.range(5, 0) = shared_model_table_gauss_0_1[n9.range(4, 0).to_uint()];
    ap_fixed<10, 5> n12 = n10 + n4; // gauss(a*b - 1) + a*b
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n13 = n12; // gauss(a*b - 1) + a*b
    ap_ufixed<17, 7> n15 = c * c; // c^2
    ap_ufixed<8, 3, AP_RND_CONV, AP_SAT> n17 = n15; // c^2
    ap_ufixed<8, 5> n18; // 3*c^2
    n18.range(7, 0) = n17.range(7, 0);
    ap_ufixed<10, 5> n19 = n18 - n17; // 3*c^2
    ap_ufixed<8, 3, AP_RND_CONV, AP_SAT> n21 = n19; // 3*c^2
    ap_fixed<10, 5> n22 = n4 - n21; // a*b - 3*c^2
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n23 = n22; // a*b - 3*c^2
    p = n13;
    q = n23;
}
