// shared_model: made by symlut 0.1.0.
#include "shared_model.h"

// gauss over [-2,2], 32 entries, saturates; the bits of ufixed<6,1> words
static const ac_int<6, false> shared_model_table_gauss_0_1[32] = {
    32, 31, 29, 27, 24, 20, 17, 14, 11, 8, 6, 4,
    3, 2, 1, 1, 1, 1, 2, 3, 4, 5, 8, 10,
    13, 16, 20, 23, 26, 29, 31, 32,
};

// integer square; the bits of ufixed<8,8> words
static const ac_int<8, false> shared_model_table_square[16] = {
    0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121,
    144, 169, 196, 225,
};

// integer square; the bits of ufixed<9,9> words
static const ac_int<9, false> shared_model_table_square_signed[32] = {
    0, 1, 4, 9, 16, 25, 36, 49, 64, 81, 100, 121,
    144, 169, 196, 225, 256, 225, 196, 169, 144, 121, 100, 81,
    64, 49, 36, 25, 16, 9, 4, 1,
};

#pragma hls_design top
#pragma hls_pipeline_init_interval 1
void shared_model(
    ac_fixed<9, 4, true> a,
    ac_fixed<9, 4, true> b,
    ac_fixed<9, 4, true> c,
    ac_fixed<9, 4, true> &p,
    ac_fixed<9, 4, true> &q
)
{
    ac_fixed<1, 1, false> n2; // a*b
    n2.set_slc(0, ac_int<1, false>(0));
    ac_fixed<9, 5, true> n3; // a*b
    n3.set_slc(0, ac_int<9, false>(a.slc<9>(0)));
    ac_fixed<11, 6, true> n4 = a + n3; // a*b
    ac_fixed<1, -4, false, AC_TRN, AC_WRAP> n5 = b; // a*b
    ac_fixed<1, 1, false> n6; // a*b
    n6.set_slc(0, ac_int<1, false>(n5.slc<1>(0)));
    ac_fixed<1, -3, false, AC_TRN, AC_WRAP> n7 = b; // a*b
    ac_fixed<1, 1, false> n8; // a*b
    n8.set_slc(0, ac_int<1, false>(n7.slc<1>(0)));
    ac_fixed<9, 4, true> n9 = n6 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<11, 6, true> n10 = n6 != 0 ? ac_fixed<11, 6, true>(n4) : ac_fixed<11, 6, true>(n3); // a*b
    ac_fixed<11, 6, true> n11 = n8 != 0 ? ac_fixed<11, 6, true>(n10) : ac_fixed<11, 6, true>(n9); // a*b
    ac_fixed<1, -2, false, AC_TRN, AC_WRAP> n12 = b; // a*b
    ac_fixed<1, 1, false> n13; // a*b
    n13.set_slc(0, ac_int<1, false>(n12.slc<1>(0)));
    ac_fixed<1, -1, false, AC_TRN, AC_WRAP> n14 = b; // a*b
    ac_fixed<1, 1, false> n15; // a*b
    n15.set_slc(0, ac_int<1, false>(n14.slc<1>(0)));
    ac_fixed<9, 4, true> n16 = n13 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<11, 6, true> n17 = n13 != 0 ? ac_fixed<11, 6, true>(n4) : ac_fixed<11, 6, true>(n3); // a*b
    ac_fixed<11, 6, true> n18 = n15 != 0 ? ac_fixed<11, 6, true>(n17) : ac_fixed<11, 6, true>(n16); // a*b
    ac_fixed<11, 8, true> n19; // a*b
    n19.set_slc(0, ac_int<11, false>(n18.slc<11>(0)));
    ac_fixed<1, 0, false, AC_TRN, AC_WRAP> n20 = b; // a*b
    ac_fixed<1, 1, false> n21; // a*b
    n21.set_slc(0, ac_int<1, false>(n20.slc<1>(0)));
    ac_fixed<1, 1, false, AC_TRN, AC_WRAP> n22 = b; // a*b
    ac_fixed<9, 4, true> n23 = n21 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<11, 6, true> n24 = n21 != 0 ? ac_fixed<11, 6, true>(n4) : ac_fixed<11, 6, true>(n3); // a*b
    ac_fixed<11, 6, true> n25 = n22 != 0 ? ac_fixed<11, 6, true>(n24) : ac_fixed<11, 6, true>(n23); // a*b
    ac_fixed<11, 10, true> n26; // a*b
    n26.set_slc(0, ac_int<11, false>(n25.slc<11>(0)));
    ac_fixed<1, 2, false, AC_TRN, AC_WRAP> n27 = b; // a*b
    ac_fixed<1, 1, false> n28; // a*b
    n28.set_slc(0, ac_int<1, false>(n27.slc<1>(0)));
    ac_fixed<1, 3, false, AC_TRN, AC_WRAP> n29 = b; // a*b
    ac_fixed<1, 1, false> n30; // a*b
    n30.set_slc(0, ac_int<1, false>(n29.slc<1>(0)));
    ac_fixed<9, 4, true> n31 = n28 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<11, 6, true> n32 = n28 != 0 ? ac_fixed<11, 6, true>(n4) : ac_fixed<11, 6, true>(n3); // a*b
    ac_fixed<11, 6, true> n33 = n30 != 0 ? ac_fixed<11, 6, true>(n32) : ac_fixed<11, 6, true>(n31); // a*b
    ac_fixed<11, 12, true> n34; // a*b
    n34.set_slc(0, ac_int<11, false>(n33.slc<11>(0)));
    ac_fixed<1, 4, false, AC_TRN, AC_WRAP> n35 = b; // a*b
    ac_fixed<1, 1, false> n36; // a*b
    n36.set_slc(0, ac_int<1, false>(n35.slc<1>(0)));
    ac_fixed<9, 4, true> n37 = n36 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<9, 12, true> n38; // a*b
    n38.set_slc(0, ac_int<9, false>(n37.slc<9>(0)));
    ac_fixed<13, 8, true> n39 = n11 + n19; // a*b
    ac_fixed<13, 12, true> n40 = n26 + n34; // a*b
    ac_fixed<17, 12, true> n43 = n39 + n40; // a*b
    ac_fixed<18, 13, true> n45 = n43 + n38; // a*b
    ac_fixed<9, 13, true> n46; // a*b
    n46.set_slc(0, ac_int<9, false>(n37.slc<9>(0)));
    ac_fixed<19, 14, true> n48 = n45 - n46; // a*b
    ac_fixed<19, 9, true> n49; // a*b
    n49.set_slc(0, ac_int<19, false>(n48.slc<19>(0)));
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n51 = n49; // a*b
    ac_fixed<1, 1, false> n52; // a*b - 1
    n52.set_slc(0, ac_int<1, false>(1));
    ac_fixed<10, 5, true> n53 = n51 - n52; // a*b - 1
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n54 = n53; // a*b - 1
    ac_fixed<5, 2, true, AC_TRN, AC_SAT> n56 = n54; // gauss(a*b - 1)
    ac_fixed<6, 1, false> n57; // gauss(a*b - 1)
    n57.set_slc(0, ac_int<6, false>(shared_model_table_gauss_0_1[ac_int<5, false>(n56.slc<5>(0)).to_uint()]));
    ac_fixed<10, 5, true> n59 = n57 + n51; // gauss(a*b - 1) + a*b
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n60 = n59; // gauss(a*b - 1) + a*b
    ac_fixed<9, 9, true> n62; // c^2
    n62.set_slc(0, ac_int<9, false>(c.slc<9>(0)));
    ac_fixed<4, 4, false, AC_TRN, AC_WRAP> n63 = n62; // c^2
    ac_fixed<5, 9, true, AC_TRN, AC_WRAP> n64 = n62; // c^2
    ac_fixed<5, 5, true> n65; // c^2
    n65.set_slc(0, ac_int<5, false>(n64.slc<5>(0)));
    ac_fixed<8, 8, false> n66; // c^2
    n66.set_slc(0, ac_int<8, false>(shared_model_table_square[ac_int<4, false>(n63.slc<4>(0)).to_uint()]));
    ac_fixed<9, 9, false> n67; // c^2
    n67.set_slc(0, ac_int<9, false>(shared_model_table_square_signed[ac_int<5, false>(n65.slc<5>(0)).to_uint()]));
    ac_fixed<17, 17, false> n68; // c^2
    n68.set_slc(0, ac_int<17, false>(ac_int<9, false>(n67.slc<9>(0)).to_uint64() << 8 | (ac_int<8, false>(n66.slc<8>(0)).to_uint64() & 255LL)));
    ac_fixed<5, 6, true> n69; // c^2
    n69.set_slc(0, ac_int<5, false>(n64.slc<5>(0)));
    ac_fixed<7, 7, true> n70 = n65 + n69; // c^2
    ac_fixed<1, 1, false, AC_TRN, AC_WRAP> n71 = n63; // c^2
    ac_fixed<1, 2, false, AC_TRN, AC_WRAP> n72 = n63; // c^2
    ac_fixed<1, 1, false> n73; // c^2
    n73.set_slc(0, ac_int<1, false>(n72.slc<1>(0)));
    ac_fixed<5, 5, true> n74 = n71 != 0 ? ac_fixed<5, 5, true>(n65) : ac_fixed<5, 5, true>(n2); // c^2
    ac_fixed<7, 7, true> n75 = n71 != 0 ? ac_fixed<7, 7, true>(n70) : ac_fixed<7, 7, true>(n69); // c^2
    ac_fixed<7, 7, true> n76 = n73 != 0 ? ac_fixed<7, 7, true>(n75) : ac_fixed<7, 7, true>(n74); // c^2
    ac_fixed<1, 3, false, AC_TRN, AC_WRAP> n77 = n63; // c^2
    ac_fixed<1, 1, false> n78; // c^2
    n78.set_slc(0, ac_int<1, false>(n77.slc<1>(0)));
    ac_fixed<1, 4, false, AC_TRN, AC_WRAP> n79 = n63; // c^2
    ac_fixed<1, 1, false> n80; // c^2
    n80.set_slc(0, ac_int<1, false>(n79.slc<1>(0)));
    ac_fixed<5, 5, true> n81 = n78 != 0 ? ac_fixed<5, 5, true>(n65) : ac_fixed<5, 5, true>(n2); // c^2
    ac_fixed<7, 7, true> n82 = n78 != 0 ? ac_fixed<7, 7, true>(n70) : ac_fixed<7, 7, true>(n69); // c^2
    ac_fixed<7, 7, true> n83 = n80 != 0 ? ac_fixed<7, 7, true>(n82) : ac_fixed<7, 7, true>(n81); // c^2
    ac_fixed<7, 9, true> n84; // c^2
    n84.set_slc(0, ac_int<7, false>(n83.slc<7>(0)));
    ac_fixed<9, 9, true> n85 = n76 + n84; // c^2
    ac_fixed<9, 14, true> n86; // c^2
    n86.set_slc(0, ac_int<9, false>(n85.slc<9>(0)));
    ac_fixed<17, 17, false> n89 = n68 + n86; // c^2
    ac_fixed<17, 7, false> n90; // c^2
    n90.set_slc(0, ac_int<17, false>(n89.slc<17>(0)));
    ac_fixed<8, 3, false, AC_RND_CONV, AC_SAT> n91 = n90; // c^2
    ac_fixed<8, 5, false> n92; // 3*c^2
    n92.set_slc(0, ac_int<8, false>(n91.slc<8>(0)));
    ac_fixed<10, 5, false> n95 = n92 - n91; // 3*c^2
    ac_fixed<8, 3, false, AC_RND_CONV, AC_SAT> n96 = n95; // 3*c^2
    ac_fixed<10, 5, true> n97 = n51 - n96; // a*b - 3*c^2
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n98 = n97; // a*b - 3*c^2
    p = n60;
    q = n98;
}
