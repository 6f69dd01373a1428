// shared_model: made by symlut 0.1.0.
#include "shared_model.h"

// gauss over [-2,2], 32 entries, saturates; the bits of ufixed<6,1> words
static const ap_uint<6> shared_model_table_gauss_0_1[32] = {
    32, 31, 29, 27, 24, 20, 17, 14, 11, 8, 6, 4,
    3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 8, 10,
    13, 16, 20, 23, 26, 29, 31, 32,
};

// integer square; the bits of ufixed<8,8> words
static const ap_uint<8> shared_model_table_square[16] = {
    0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121,
    144, 169, 196, 225,
};

// integer square; the bits of ufixed<9,9> words
static const ap_uint<9> shared_model_table_square_signed[32] = {
    0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121,
    144, 169, 196, 225, 256, 225, 196, 169, 144, 121, 100, 81,
    64, 49, 36, 25, 16, 9, 4, 1,
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
#pragma HLS BIND_STORAGE variable=shared_model_table_square type=rom_np impl=lutram
#pragma HLS BIND_STORAGE variable=shared_model_table_square_signed type=rom_np impl=lutram
    ap_ufixed<1, 1> n2; // a*b
    n2.range(0, 0) = 0;
    ap_fixed<9, 5> n3; // a*b
    n3.range(8, 0) = a.range(8, 0);
    ap_ufixed<1, -3, AP_TRN, AP_WRAP> n4 = b; // a*b
    ap_ufixed<1, 1> n5; // a*b
    n5.range(0, 0) = n4.range(0, 0);
    ap_ufixed<1, -4, AP_TRN, AP_WRAP> n6 = b; // a*b
    ap_ufixed<1, 1> n7; // a*b
    n7.range(0, 0) = n6.range(0, 0);
    ap_fixed<9, 4> n8 = n7 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<10, 5> n9 = n7 != 0 ? ap_fixed<10, 5>(a) : ap_fixed<10, 5>(n3); // a*b
    ap_ufixed<1, -4> n10_unit;
    n10_unit.range(0, 0) = 1;
    ap_fixed<10, 5> n10 = -n9 - n10_unit; // a*b
    ap_fixed<10, 5> n11 = n5 != 0 ? ap_fixed<10, 5>(n10) : ap_fixed<10, 5>(n8); // a*b
    ap_ufixed<1, -1, AP_TRN, AP_WRAP> n12 = b; // a*b
    ap_ufixed<1, 1> n13; // a*b
    n13.range(0, 0) = n12.range(0, 0);
    ap_ufixed<1, -2, AP_TRN, AP_WRAP> n14 = b; // a*b
    ap_ufixed<1, 1> n15; // a*b
    n15.range(0, 0) = n14.range(0, 0);
    ap_fixed<10, 5> n16 = n5 != 0 ? ap_fixed<10, 5>(n3) : ap_fixed<10, 5>(a); // a*b
    ap_fixed<9, 4> n17 = n5 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<9, 4> n18 = n5 != 0 ? ap_fixed<9, 4>(n2) : ap_fixed<9, 4>(a); // a*b
    ap_fixed<10, 5> n19 = n5 != 0 ? ap_fixed<10, 5>(a) : ap_fixed<10, 5>(n3); // a*b
    ap_fixed<10, 5> n20 = n15 != 0 ? ap_fixed<10, 5>(n16) : ap_fixed<10, 5>(n17); // a*b
    ap_fixed<10, 5> n21 = n15 != 0 ? ap_fixed<10, 5>(n18) : ap_fixed<10, 5>(n19); // a*b
    ap_ufixed<1, -4> n22_unit;
    n22_unit.range(0, 0) = 1;
    ap_fixed<10, 5> n22 = -n21 - n22_unit; // a*b
    ap_fixed<10, 5> n23 = n13 != 0 ? ap_fixed<10, 5>(n22) : ap_fixed<10, 5>(n20); // a*b
    ap_fixed<10, 7> n24; // a*b
    n24.range(9, 0) = n23.range(9, 0);
    ap_ufixed<1, 1, AP_TRN, AP_WRAP> n25 = b; // a*b
    ap_ufixed<1, 0, AP_TRN, AP_WRAP> n26 = b; // a*b
    ap_ufixed<1, 1> n27; // a*b
    n27.range(0, 0) = n26.range(0, 0);
    ap_fixed<10, 5> n28 = n13 != 0 ? ap_fixed<10, 5>(n3) : ap_fixed<10, 5>(a); // a*b
    ap_fixed<9, 4> n29 = n13 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<9, 4> n30 = n13 != 0 ? ap_fixed<9, 4>(n2) : ap_fixed<9, 4>(a); // a*b
    ap_fixed<10, 5> n31 = n13 != 0 ? ap_fixed<10, 5>(a) : ap_fixed<10, 5>(n3); // a*b
    ap_fixed<10, 5> n32 = n27 != 0 ? ap_fixed<10, 5>(n28) : ap_fixed<10, 5>(n29); // a*b
    ap_fixed<10, 5> n33 = n27 != 0 ? ap_fixed<10, 5>(n30) : ap_fixed<10, 5>(n31); // a*b
    ap_ufixed<1, -4> n34_unit;
    n34_unit.range(0, 0) = 1;
    ap_fixed<10, 5> n34 = -n33 - n34_unit; // a*b
    ap_fixed<10, 5> n35 = n25 != 0 ? ap_fixed<10, 5>(n34) : ap_fixed<10, 5>(n32); // a*b
    ap_fixed<10, 9> n36; // a*b
    n36.range(9, 0) = n35.range(9, 0);
    ap_ufixed<1, 3, AP_TRN, AP_WRAP> n37 = b; // a*b
    ap_ufixed<1, 1> n38; // a*b
    n38.range(0, 0) = n37.range(0, 0);
    ap_ufixed<1, 2, AP_TRN, AP_WRAP> n39 = b; // a*b
    ap_ufixed<1, 1> n40; // a*b
    n40.range(0, 0) = n39.range(0, 0);
    ap_fixed<10, 5> n41 = n25 != 0 ? ap_fixed<10, 5>(n3) : ap_fixed<10, 5>(a); // a*b
    ap_fixed<9, 4> n42 = n25 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<9, 4> n43 = n25 != 0 ? ap_fixed<9, 4>(n2) : ap_fixed<9, 4>(a); // a*b
    ap_fixed<10, 5> n44 = n25 != 0 ? ap_fixed<10, 5>(a) : ap_fixed<10, 5>(n3); // a*b
    ap_fixed<10, 5> n45 = n40 != 0 ? ap_fixed<10, 5>(n41) : ap_fixed<10, 5>(n42); // a*b
    ap_fixed<10, 5> n46 = n40 != 0 ? ap_fixed<10, 5>(n43) : ap_fixed<10, 5>(n44); // a*b
    ap_ufixed<1, -4> n47_unit;
    n47_unit.range(0, 0) = 1;
    ap_fixed<10, 5> n47 = -n46 - n47_unit; // a*b
    ap_fixed<10, 5> n48 = n38 != 0 ? ap_fixed<10, 5>(n47) : ap_fixed<10, 5>(n45); // a*b
    ap_fixed<10, 11> n49; // a*b
    n49.range(9, 0) = n48.range(9, 0);
    ap_ufixed<1, 4, AP_TRN, AP_WRAP> n50 = b; // a*b
    ap_ufixed<1, 1> n51; // a*b
    n51.range(0, 0) = n50.range(0, 0);
    ap_fixed<9, 4> n52 = n38 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<9, 4> n53 = n38 != 0 ? ap_fixed<9, 4>(n2) : ap_fixed<9, 4>(a); // a*b
    ap_ufixed<1, -4> n54_unit;
    n54_unit.range(0, 0) = 1;
    ap_fixed<9, 4> n54 = -n53 - n54_unit; // a*b
    ap_fixed<9, 4> n55 = n51 != 0 ? ap_fixed<9, 4>(n54) : ap_fixed<9, 4>(n52); // a*b
    ap_fixed<9, 12> n56; // a*b
    n56.range(8, 0) = n55.range(8, 0);
    ap_ufixed<1, -4> n57; // a*b
    n57.range(0, 0) = n4.range(0, 0);
    ap_fixed<12, 7> n58 = n24 + n57; // a*b
    ap_ufixed<1, -2> n59; // a*b
    n59.range(0, 0) = n12.range(0, 0);
    ap_fixed<12, 9> n60 = n36 + n59; // a*b
    ap_ufixed<1, 0> n61; // a*b
    n61.range(0, 0) = n25.range(0, 0);
    ap_fixed<12, 11> n62 = n49 + n61; // a*b
    ap_ufixed<1, 2> n63; // a*b
    n63.range(0, 0) = n37.range(0, 0);
    ap_fixed<11, 12> n66 = n56 + n63; // a*b
    ap_fixed<11, 6> n67 = n11 + n50; // a*b
    ap_fixed<13, 8> n68 = n67 + n58; // a*b
    ap_fixed<15, 12> n69 = n60 + n62; // a*b
    ap_fixed<17, 12> n72 = n68 + n69; // a*b
    ap_fixed<18, 13> n73 = n72 + n66; // a*b
    ap_fixed<18, 8> n74; // a*b
    n74.range(17, 0) = n73.range(17, 0);
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n76 = n74; // a*b
    ap_ufixed<1, 1> n77; // a*b - 1
    n77.range(0, 0) = 1;
    ap_fixed<10, 5> n78 = n76 - n77; // a*b - 1
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n79 = n78; // a*b - 1
    ap_fixed<5, 2, AP_TRN, AP_SAT> n81 = n79; // gauss(a*b - 1)
    ap_ufixed<6, 1> n82; // gauss(a*b - 1)
    n82.range(5, 0) = shared_model_table_gauss_0_1[n81.range(4, 0).to_uint()];
    ap_fixed<10, 5> n84 = n82 + n76; // gauss(a*b - 1) + a*b
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n85 = n84; // gauss(a*b - 1) + a*b
    ap_fixed<9, 9> n87; // c^2
    n87.range(8, 0) = c.range(8, 0);
    ap_ufixed<4, 4, AP_TRN, AP_WRAP> n88 = n87; // c^2
    ap_fixed<5, 9, AP_TRN, AP_WRAP> n89 = n87; // c^2
    ap_fixed<5, 5> n90; // c^2
    n90.range(4, 0) = n89.range(4, 0);
    ap_ufixed<8, 8> n92; // c^2
    n92.range(7, 0) = shared_model_table_square[n88.range(3, 0).to_uint()];
    ap_ufixed<9, 9> n94; // c^2
    n94.range(8, 0) = shared_model_table_square_signed[n90.range(4, 0).to_uint()];
    ap_ufixed<17, 17> n95; // c^2
    n95.range(16, 0) = n94.range(8, 0).to_uint64() << 8 | (n92.range(7, 0).to_uint64() & 255LL);
    ap_fixed<5, 6> n96; // c^2
    n96.range(4, 0) = n89.range(4, 0);
    ap_fixed<7, 7> n97 = n90 + n96; // c^2
    ap_ufixed<1, 1, AP_TRN, AP_WRAP> n98 = n88; // c^2
    ap_ufixed<1, 2, AP_TRN, AP_WRAP> n99 = n88; // c^2
    ap_ufixed<1, 1> n100; // c^2
    n100.range(0, 0) = n99.range(0, 0);
    ap_fixed<5, 5> n101 = n98 != 0 ? ap_fixed<5, 5>(n90) : ap_fixed<5, 5>(n2); // c^2
    ap_fixed<7, 7> n102 = n98 != 0 ? ap_fixed<7, 7>(n97) : ap_fixed<7, 7>(n96); // c^2
    ap_fixed<7, 7> n103 = n100 != 0 ? ap_fixed<7, 7>(n102) : ap_fixed<7, 7>(n101); // c^2
    ap_ufixed<1, 3, AP_TRN, AP_WRAP> n104 = n88; // c^2
    ap_ufixed<1, 1> n105; // c^2
    n105.range(0, 0) = n104.range(0, 0);
    ap_ufixed<1, 4, AP_TRN, AP_WRAP> n106 = n88; // c^2
    ap_ufixed<1, 1> n107; // c^2
    n107.range(0, 0) = n106.range(0, 0);
    ap_fixed<5, 5> n108 = n105 != 0 ? ap_fixed<5, 5>(n90) : ap_fixed<5, 5>(n2); // c^2
    ap_fixed<7, 7> n109 = n105 != 0 ? ap_fixed<7, 7>(n97) : ap_fixed<7, 7>(n96); // c^2
    ap_fixed<7, 7> n110 = n107 != 0 ? ap_fixed<7, 7>(n109) : ap_fixed<7, 7>(n108); // c^2
    ap_fixed<7, 9> n111; // c^2
    n111.range(6, 0) = n110.range(6, 0);
    ap_fixed<9, 9> n112 = n103 + n111; // c^2
    ap_fixed<9, 14> n113; // c^2
    n113.range(8, 0) = n112.range(8, 0);
    ap_ufixed<17, 17> n115 = n95 + n113; // c^2
    ap_ufixed<17, 7> n116; // c^2
    n116.range(16, 0) = n115.range(16, 0);
    ap_ufixed<8, 3, AP_RND_CONV, AP_SAT> n117 = n116; // c^2
    ap_ufixed<8, 5> n119; // 3*c^2
    n119.range(7, 0) = n117.range(7, 0);
    ap_ufixed<10, 5> n120 = n119 - n117; // 3*c^2
    ap_ufixed<8, 3, AP_RND_CONV, AP_SAT> n121 = n120; // 3*c^2
    ap_fixed<10, 5> n123 = n76 - n121; // a*b - 3*c^2
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n124 = n123; // a*b - 3*c^2
    p = n85;
    q = n124;
}
