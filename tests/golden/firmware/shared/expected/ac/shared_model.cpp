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
    ac_fixed<9, 12, true> n39; // a*b
    n39.set_slc(0, ac_int<9, false>(n37.slc<9>(0)));
    ac_fixed<13, 8, true> n40 = n11 + n19; // a*b
    ac_fixed<13, 12, true> n41 = n26 + n34; // a*b
    ac_fixed<17, 12, true> n44 = n40 + n41; // a*b
    ac_fixed<18, 13, true> n45 = n44 + n39; // a*b
    ac_fixed<9, 13, true> n46; // a*b
    n46.set_slc(0, ac_int<9, false>(n37.slc<9>(0)));
    ac_fixed<19, 14, true> n47 = n45 - n46; // a*b
    ac_fixed<19, 9, true> n48; // a*b
    n48.set_slc(0, ac_int<19, false>(n47.slc<19>(0)));
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n50 = n48; // a*b
    ac_fixed<1, 1, false> n51; // a*b - 1
    n51.set_slc(0, ac_int<1, false>(1));
    ac_fixed<10, 5, true> n52 = n50 - n51; // a*b - 1
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n53 = n52; // a*b - 1
    ac_fixed<5, 2, true, AC_TRN, AC_SAT> n55 = n53; // gauss(a*b - 1)
    ac_fixed<6, 1, false> n56; // gauss(a*b - 1)
    n56.set_slc(0, ac_int<6, false>(shared_model_table_gauss_0_1[ac_int<5, false>(n55.slc<5>(0)).to_uint()]));
    ac_fixed<10, 5, true> n58 = n56 + n50; // gauss(a*b - 1) + a*b
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n59 = n58; // gauss(a*b - 1) + a*b
    ac_fixed<9, 9, true> n61; // c^2
    n61.set_slc(0, ac_int<9, false>(c.slc<9>(0)));
    ac_fixed<4, 4, false, AC_TRN, AC_WRAP> n62 = n61; // c^2
    ac_fixed<5, 9, true, AC_TRN, AC_WRAP> n63 = n61; // c^2
    ac_fixed<5, 5, true> n64; // c^2
    n64.set_slc(0, ac_int<5, false>(n63.slc<5>(0)));
    ac_fixed<8, 8, false> n66; // c^2
    n66.set_slc(0, ac_int<8, false>(shared_model_table_square[ac_int<4, false>(n62.slc<4>(0)).to_uint()]));
    ac_fixed<9, 9, false> n68; // c^2
    n68.set_slc(0, ac_int<9, false>(shared_model_table_square_signed[ac_int<5, false>(n64.slc<5>(0)).to_uint()]));
    ac_fixed<17, 17, false> n69; // c^2
    n69.set_slc(0, ac_int<17, false>(ac_int<9, false>(n68.slc<9>(0)).to_uint64() << 8 | (ac_int<8, false>(n66.slc<8>(0)).to_uint64() & 255LL)));
    ac_fixed<5, 6, true> n70; // c^2
    n70.set_slc(0, ac_int<5, false>(n63.slc<5>(0)));
    ac_fixed<7, 7, true> n71 = n64 + n70; // c^2
    ac_fixed<1, 1, false, AC_TRN, AC_WRAP> n72 = n62; // c^2
    ac_fixed<1, 2, false, AC_TRN, AC_WRAP> n73 = n62; // c^2
    ac_fixed<1, 1, false> n74; // c^2
    n74.set_slc(0, ac_int<1, false>(n73.slc<1>(0)));
    ac_fixed<5, 5, true> n75 = n72 != 0 ? ac_fixed<5, 5, true>(n64) : ac_fixed<5, 5, true>(n2); // c^2
    ac_fixed<7, 7, true> n76 = n72 != 0 ? ac_fixed<7, 7, true>(n71) : ac_fixed<7, 7, true>(n70); // c^2
    ac_fixed<7, 7, true> n77 = n74 != 0 ? ac_fixed<7, 7, true>(n76) : ac_fixed<7, 7, true>(n75); // c^2
    ac_fixed<1, 3, false, AC_TRN, AC_WRAP> n78 = n62; // c^2
    ac_fixed<1, 1, false> n79; // c^2
    n79.set_slc(0, ac_int<1, false>(n78.slc<1>(0)));
    ac_fixed<1, 4, false, AC_TRN, AC_WRAP> n80 = n62; // c^2
    ac_fixed<1, 1, false> n81; // c^2
    n81.set_slc(0, ac_int<1, false>(n80.slc<1>(0)));
    ac_fixed<5, 5, true> n82 = n79 != 0 ? ac_fixed<5, 5, true>(n64) : ac_fixed<5, 5, true>(n2); // c^2
    ac_fixed<7, 7, true> n83 = n79 != 0 ? ac_fixed<7, 7, true>(n71) : ac_fixed<7, 7, true>(n70); // c^2
    ac_fixed<7, 7, true> n84 = n81 != 0 ? ac_fixed<7, 7, true>(n83) : ac_fixed<7, 7, true>(n82); // c^2
    ac_fixed<7, 9, true> n85; // c^2
    n85.set_slc(0, ac_int<7, false>(n84.slc<7>(0)));
    ac_fixed<9, 9, true> n86 = n77 + n85; // c^2
    ac_fixed<9, 14, true> n87; // c^2
    n87.set_slc(0, ac_int<9, false>(n86.slc<9>(0)));
    ac_fixed<17, 17, false> n89 = n69 + n87; // c^2
    ac_fixed<17, 7, false> n90; // c^2
    n90.set_slc(0, ac_int<17, false>(n89.slc<17>(0)));
    ac_fixed<8, 3, false, AC_RND_CONV, AC_SAT> n91 = n90; // c^2
    ac_fixed<8, 5, false> n93; // 3*c^2
    n93.set_slc(0, ac_int<8, false>(n91.slc<8>(0)));
    ac_fixed<10, 5, false> n94 = n93 - n91; // 3*c^2
    ac_fixed<8, 3, false, AC_RND_CONV, AC_SAT> n95 = n94; // 3*c^2
    ac_fixed<10, 5, true> n97 = n50 - n95; // a*b - 3*c^2
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n98 = n97; // a*b - 3*c^2
    p = n59;
    q = n98;
}
