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
    ap_fixed<11, 6> n4 = a + n3; // a*b
    ap_ufixed<1, -4, AP_TRN, AP_WRAP> n5 = b; // a*b
    ap_ufixed<1, 1> n6; // a*b
    n6.range(0, 0) = n5.range(0, 0);
    ap_ufixed<1, -3, AP_TRN, AP_WRAP> n7 = b; // a*b
    ap_ufixed<1, 1> n8; // a*b
    n8.range(0, 0) = n7.range(0, 0);
    ap_fixed<9, 4> n9 = n6 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<11, 6> n10 = n6 != 0 ? ap_fixed<11, 6>(n4) : ap_fixed<11, 6>(n3); // a*b
    ap_fixed<11, 6> n11 = n8 != 0 ? ap_fixed<11, 6>(n10) : ap_fixed<11, 6>(n9); // a*b
    ap_ufixed<1, -2, AP_TRN, AP_WRAP> n12 = b; // a*b
    ap_ufixed<1, 1> n13; // a*b
    n13.range(0, 0) = n12.range(0, 0);
    ap_ufixed<1, -1, AP_TRN, AP_WRAP> n14 = b; // a*b
    ap_ufixed<1, 1> n15; // a*b
    n15.range(0, 0) = n14.range(0, 0);
    ap_fixed<9, 4> n16 = n13 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<11, 6> n17 = n13 != 0 ? ap_fixed<11, 6>(n4) : ap_fixed<11, 6>(n3); // a*b
    ap_fixed<11, 6> n18 = n15 != 0 ? ap_fixed<11, 6>(n17) : ap_fixed<11, 6>(n16); // a*b
    ap_fixed<11, 8> n19; // a*b
    n19.range(10, 0) = n18.range(10, 0);
    ap_ufixed<1, 0, AP_TRN, AP_WRAP> n20 = b; // a*b
    ap_ufixed<1, 1> n21; // a*b
    n21.range(0, 0) = n20.range(0, 0);
    ap_ufixed<1, 1, AP_TRN, AP_WRAP> n22 = b; // a*b
    ap_fixed<9, 4> n23 = n21 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<11, 6> n24 = n21 != 0 ? ap_fixed<11, 6>(n4) : ap_fixed<11, 6>(n3); // a*b
    ap_fixed<11, 6> n25 = n22 != 0 ? ap_fixed<11, 6>(n24) : ap_fixed<11, 6>(n23); // a*b
    ap_fixed<11, 10> n26; // a*b
    n26.range(10, 0) = n25.range(10, 0);
    ap_ufixed<1, 2, AP_TRN, AP_WRAP> n27 = b; // a*b
    ap_ufixed<1, 1> n28; // a*b
    n28.range(0, 0) = n27.range(0, 0);
    ap_ufixed<1, 3, AP_TRN, AP_WRAP> n29 = b; // a*b
    ap_ufixed<1, 1> n30; // a*b
    n30.range(0, 0) = n29.range(0, 0);
    ap_fixed<9, 4> n31 = n28 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<11, 6> n32 = n28 != 0 ? ap_fixed<11, 6>(n4) : ap_fixed<11, 6>(n3); // a*b
    ap_fixed<11, 6> n33 = n30 != 0 ? ap_fixed<11, 6>(n32) : ap_fixed<11, 6>(n31); // a*b
    ap_fixed<11, 12> n34; // a*b
    n34.range(10, 0) = n33.range(10, 0);
    ap_ufixed<1, 4, AP_TRN, AP_WRAP> n35 = b; // a*b
    ap_ufixed<1, 1> n36; // a*b
    n36.range(0, 0) = n35.range(0, 0);
    ap_fixed<9, 4> n37 = n36 != 0 ? ap_fixed<9, 4>(a) : ap_fixed<9, 4>(n2); // a*b
    ap_fixed<9, 12> n39; // a*b
    n39.range(8, 0) = n37.range(8, 0);
    ap_fixed<13, 8> n40 = n11 + n19; // a*b
    ap_fixed<13, 12> n41 = n26 + n34; // a*b
    ap_fixed<17, 12> n44 = n40 + n41; // a*b
    ap_fixed<18, 13> n45 = n44 + n39; // a*b
    ap_fixed<9, 13> n46; // a*b
    n46.range(8, 0) = n37.range(8, 0);
    ap_fixed<19, 14> n47 = n45 - n46; // a*b
    ap_fixed<19, 9> n48; // a*b
    n48.range(18, 0) = n47.range(18, 0);
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n50 = n48; // a*b
    ap_ufixed<1, 1> n51; // a*b - 1
    n51.range(0, 0) = 1;
    ap_fixed<10, 5> n52 = n50 - n51; // a*b - 1
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n53 = n52; // a*b - 1
    ap_fixed<5, 2, AP_TRN, AP_SAT> n55 = n53; // gauss(a*b - 1)
    ap_ufixed<6, 1> n56; // gauss(a*b - 1)
    n56.range(5, 0) = shared_model_table_gauss_0_1[n55.range(4, 0).to_uint()];
    ap_fixed<10, 5> n58 = n56 + n50; // gauss(a*b - 1) + a*b
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n59 = n58; // gauss(a*b - 1) + a*b
    ap_fixed<9, 9> n61; // c^2
    n61.range(8, 0) = c.range(8, 0);
    ap_ufixed<4, 4, AP_TRN, AP_WRAP> n62 = n61; // c^2
    ap_fixed<5, 9, AP_TRN, AP_WRAP> n63 = n61; // c^2
    ap_fixed<5, 5> n64; // c^2
    n64.range(4, 0) = n63.range(4, 0);
    ap_ufixed<8, 8> n66; // c^2
    n66.range(7, 0) = shared_model_table_square[n62.range(3, 0).to_uint()];
    ap_ufixed<9, 9> n68; // c^2
    n68.range(8, 0) = shared_model_table_square_signed[n64.range(4, 0).to_uint()];
    ap_ufixed<17, 17> n69; // c^2
    n69.range(16, 0) = n68.range(8, 0).to_uint64() << 8 | (n66.range(7, 0).to_uint64() & 255LL);
    ap_fixed<5, 6> n70; // c^2
    n70.range(4, 0) = n63.range(4, 0);
    ap_fixed<7, 7> n71 = n64 + n70; // c^2
    ap_ufixed<1, 1, AP_TRN, AP_WRAP> n72 = n62; // c^2
    ap_ufixed<1, 2, AP_TRN, AP_WRAP> n73 = n62; // c^2
    ap_ufixed<1, 1> n74; // c^2
    n74.range(0, 0) = n73.range(0, 0);
    ap_fixed<5, 5> n75 = n72 != 0 ? ap_fixed<5, 5>(n64) : ap_fixed<5, 5>(n2); // c^2
    ap_fixed<7, 7> n76 = n72 != 0 ? ap_fixed<7, 7>(n71) : ap_fixed<7, 7>(n70); // c^2
    ap_fixed<7, 7> n77 = n74 != 0 ? ap_fixed<7, 7>(n76) : ap_fixed<7, 7>(n75); // c^2
    ap_ufixed<1, 3, AP_TRN, AP_WRAP> n78 = n62; // c^2
    ap_ufixed<1, 1> n79; // c^2
    n79.range(0, 0) = n78.range(0, 0);
    ap_ufixed<1, 4, AP_TRN, AP_WRAP> n80 = n62; // c^2
    ap_ufixed<1, 1> n81; // c^2
    n81.range(0, 0) = n80.range(0, 0);
    ap_fixed<5, 5> n82 = n79 != 0 ? ap_fixed<5, 5>(n64) : ap_fixed<5, 5>(n2); // c^2
    ap_fixed<7, 7> n83 = n79 != 0 ? ap_fixed<7, 7>(n71) : ap_fixed<7, 7>(n70); // c^2
    ap_fixed<7, 7> n84 = n81 != 0 ? ap_fixed<7, 7>(n83) : ap_fixed<7, 7>(n82); // c^2
    ap_fixed<7, 9> n85; // c^2
    n85.range(6, 0) = n84.range(6, 0);
    ap_fixed<9, 9> n86 = n77 + n85; // c^2
    ap_fixed<9, 14> n87; // c^2
    n87.range(8, 0) = n86.range(8, 0);
    ap_ufixed<17, 17> n89 = n69 + n87; // c^2
    ap_ufixed<17, 7> n90; // c^2
    n90.range(16, 0) = n89.range(16, 0);
    ap_ufixed<8, 3, AP_RND_CONV, AP_SAT> n91 = n90; // c^2
    ap_ufixed<8, 5> n93; // 3*c^2
    n93.range(7, 0) = n91.range(7, 0);
    ap_ufixed<10, 5> n94 = n93 - n91; // 3*c^2
    ap_ufixed<8, 3, AP_RND_CONV, AP_SAT> n95 = n94; // 3*c^2
    ap_fixed<10, 5> n97 = n50 - n95; // a*b - 3*c^2
    ap_fixed<9, 4, AP_RND_CONV, AP_SAT> n98 = n97; // a*b - 3*c^2
    p = n59;
    q = n98;
}
