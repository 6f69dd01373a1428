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
    ac_fixed<1, -3, false, AC_TRN, AC_WRAP> n4 = b; // a*b
    ac_fixed<1, 1, false> n5; // a*b
    n5.set_slc(0, ac_int<1, false>(n4.slc<1>(0)));
    ac_fixed<1, -4, false, AC_TRN, AC_WRAP> n6 = b; // a*b
    ac_fixed<1, 1, false> n7; // a*b
    n7.set_slc(0, ac_int<1, false>(n6.slc<1>(0)));
    ac_fixed<9, 4, true> n8 = n7 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<10, 5, true> n9 = n7 != 0 ? ac_fixed<10, 5, true>(a) : ac_fixed<10, 5, true>(n3); // a*b
    ac_fixed<1, -4, false> n10_unit;
    n10_unit.set_slc(0, ac_int<1, false>(1));
    ac_fixed<10, 5, true> n10 = -n9 - n10_unit; // a*b
    ac_fixed<10, 5, true> n11 = n5 != 0 ? ac_fixed<10, 5, true>(n10) : ac_fixed<10, 5, true>(n8); // a*b
    ac_fixed<1, -1, false, AC_TRN, AC_WRAP> n12 = b; // a*b
    ac_fixed<1, 1, false> n13; // a*b
    n13.set_slc(0, ac_int<1, false>(n12.slc<1>(0)));
    ac_fixed<1, -2, false, AC_TRN, AC_WRAP> n14 = b; // a*b
    ac_fixed<1, 1, false> n15; // a*b
    n15.set_slc(0, ac_int<1, false>(n14.slc<1>(0)));
    ac_fixed<10, 5, true> n16 = n5 != 0 ? ac_fixed<10, 5, true>(n3) : ac_fixed<10, 5, true>(a); // a*b
    ac_fixed<9, 4, true> n17 = n5 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<9, 4, true> n18 = n5 != 0 ? ac_fixed<9, 4, true>(n2) : ac_fixed<9, 4, true>(a); // a*b
    ac_fixed<10, 5, true> n19 = n5 != 0 ? ac_fixed<10, 5, true>(a) : ac_fixed<10, 5, true>(n3); // a*b
    ac_fixed<10, 5, true> n20 = n15 != 0 ? ac_fixed<10, 5, true>(n16) : ac_fixed<10, 5, true>(n17); // a*b
    ac_fixed<10, 5, true> n21 = n15 != 0 ? ac_fixed<10, 5, true>(n18) : ac_fixed<10, 5, true>(n19); // a*b
    ac_fixed<1, -4, false> n22_unit;
    n22_unit.set_slc(0, ac_int<1, false>(1));
    ac_fixed<10, 5, true> n22 = -n21 - n22_unit; // a*b
    ac_fixed<10, 5, true> n23 = n13 != 0 ? ac_fixed<10, 5, true>(n22) : ac_fixed<10, 5, true>(n20); // a*b
    ac_fixed<10, 7, true> n24; // a*b
    n24.set_slc(0, ac_int<10, false>(n23.slc<10>(0)));
    ac_fixed<1, 1, false, AC_TRN, AC_WRAP> n25 = b; // a*b
    ac_fixed<1, 0, false, AC_TRN, AC_WRAP> n26 = b; // a*b
    ac_fixed<1, 1, false> n27; // a*b
    n27.set_slc(0, ac_int<1, false>(n26.slc<1>(0)));
    ac_fixed<10, 5, true> n28 = n13 != 0 ? ac_fixed<10, 5, true>(n3) : ac_fixed<10, 5, true>(a); // a*b
    ac_fixed<9, 4, true> n29 = n13 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<9, 4, true> n30 = n13 != 0 ? ac_fixed<9, 4, true>(n2) : ac_fixed<9, 4, true>(a); // a*b
    ac_fixed<10, 5, true> n31 = n13 != 0 ? ac_fixed<10, 5, true>(a) : ac_fixed<10, 5, true>(n3); // a*b
    ac_fixed<10, 5, true> n32 = n27 != 0 ? ac_fixed<10, 5, true>(n28) : ac_fixed<10, 5, true>(n29); // a*b
    ac_fixed<10, 5, true> n33 = n27 != 0 ? ac_fixed<10, 5, true>(n30) : ac_fixed<10, 5, true>(n31); // a*b
    ac_fixed<1, -4, false> n34_unit;
    n34_unit.set_slc(0, ac_int<1, false>(1));
    ac_fixed<10, 5, true> n34 = -n33 - n34_unit; // a*b
    ac_fixed<10, 5, true> n35 = n25 != 0 ? ac_fixed<10, 5, true>(n34) : ac_fixed<10, 5, true>(n32); // a*b
    ac_fixed<10, 9, true> n36; // a*b
    n36.set_slc(0, ac_int<10, false>(n35.slc<10>(0)));
    ac_fixed<1, 3, false, AC_TRN, AC_WRAP> n37 = b; // a*b
    ac_fixed<1, 1, false> n38; // a*b
    n38.set_slc(0, ac_int<1, false>(n37.slc<1>(0)));
    ac_fixed<1, 2, false, AC_TRN, AC_WRAP> n39 = b; // a*b
    ac_fixed<1, 1, false> n40; // a*b
    n40.set_slc(0, ac_int<1, false>(n39.slc<1>(0)));
    ac_fixed<10, 5, true> n41 = n25 != 0 ? ac_fixed<10, 5, true>(n3) : ac_fixed<10, 5, true>(a); // a*b
    ac_fixed<9, 4, true> n42 = n25 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<9, 4, true> n43 = n25 != 0 ? ac_fixed<9, 4, true>(n2) : ac_fixed<9, 4, true>(a); // a*b
    ac_fixed<10, 5, true> n44 = n25 != 0 ? ac_fixed<10, 5, true>(a) : ac_fixed<10, 5, true>(n3); // a*b
    ac_fixed<10, 5, true> n45 = n40 != 0 ? ac_fixed<10, 5, true>(n41) : ac_fixed<10, 5, true>(n42); // a*b
    ac_fixed<10, 5, true> n46 = n40 != 0 ? ac_fixed<10, 5, true>(n43) : ac_fixed<10, 5, true>(n44); // a*b
    ac_fixed<1, -4, false> n47_unit;
    n47_unit.set_slc(0, ac_int<1, false>(1));
    ac_fixed<10, 5, true> n47 = -n46 - n47_unit; // a*b
    ac_fixed<10, 5, true> n48 = n38 != 0 ? ac_fixed<10, 5, true>(n47) : ac_fixed<10, 5, true>(n45); // a*b
    ac_fixed<10, 11, true> n49; // a*b
    n49.set_slc(0, ac_int<10, false>(n48.slc<10>(0)));
    ac_fixed<1, 4, false, AC_TRN, AC_WRAP> n50 = b; // a*b
    ac_fixed<1, 1, false> n51; // a*b
    n51.set_slc(0, ac_int<1, false>(n50.slc<1>(0)));
    ac_fixed<9, 4, true> n52 = n38 != 0 ? ac_fixed<9, 4, true>(a) : ac_fixed<9, 4, true>(n2); // a*b
    ac_fixed<9, 4, true> n53 = n38 != 0 ? ac_fixed<9, 4, true>(n2) : ac_fixed<9, 4, true>(a); // a*b
    ac_fixed<1, -4, false> n54_unit;
    n54_unit.set_slc(0, ac_int<1, false>(1));
    ac_fixed<9, 4, true> n54 = -n53 - n54_unit; // a*b
    ac_fixed<9, 4, true> n55 = n51 != 0 ? ac_fixed<9, 4, true>(n54) : ac_fixed<9, 4, true>(n52); // a*b
    ac_fixed<9, 12, true> n56; // a*b
    n56.set_slc(0, ac_int<9, false>(n55.slc<9>(0)));
    ac_fixed<1, -4, false> n57; // a*b
    n57.set_slc(0, ac_int<1, false>(n4.slc<1>(0)));
    ac_fixed<12, 7, true> n58 = n24 + n57; // a*b
    ac_fixed<1, -2, false> n59; // a*b
    n59.set_slc(0, ac_int<1, false>(n12.slc<1>(0)));
    ac_fixed<12, 9, true> n60 = n36 + n59; // a*b
    ac_fixed<1, 0, false> n61; // a*b
    n61.set_slc(0, ac_int<1, false>(n25.slc<1>(0)));
    ac_fixed<12, 11, true> n62 = n49 + n61; // a*b
    ac_fixed<1, 2, false> n63; // a*b
    n63.set_slc(0, ac_int<1, false>(n37.slc<1>(0)));
    ac_fixed<11, 12, true> n66 = n56 + n63; // a*b
    ac_fixed<11, 6, true> n67 = n11 + n50; // a*b
    ac_fixed<13, 8, true> n68 = n67 + n58; // a*b
    ac_fixed<15, 12, true> n69 = n60 + n62; // a*b
    ac_fixed<17, 12, true> n72 = n68 + n69; // a*b
    ac_fixed<18, 13, true> n73 = n72 + n66; // a*b
    ac_fixed<18, 8, true> n74; // a*b
    n74.set_slc(0, ac_int<18, false>(n73.slc<18>(0)));
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n76 = n74; // a*b
    ac_fixed<1, 1, false> n77; // a*b - 1
    n77.set_slc(0, ac_int<1, false>(1));
    ac_fixed<10, 5, true> n78 = n76 - n77; // a*b - 1
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n79 = n78; // a*b - 1
    ac_fixed<5, 2, true, AC_TRN, AC_SAT> n81 = n79; // gauss(a*b - 1)
    ac_fixed<6, 1, false> n82; // gauss(a*b - 1)
    n82.set_slc(0, ac_int<6, false>(shared_model_table_gauss_0_1[ac_int<5, false>(n81.slc<5>(0)).to_uint()]));
    ac_fixed<10, 5, true> n84 = n82 + n76; // gauss(a*b - 1) + a*b
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n85 = n84; // gauss(a*b - 1) + a*b
    ac_fixed<9, 9, true> n87; // c^2
    n87.set_slc(0, ac_int<9, false>(c.slc<9>(0)));
    ac_fixed<4, 4, false, AC_TRN, AC_WRAP> n88 = n87; // c^2
    ac_fixed<5, 9, true, AC_TRN, AC_WRAP> n89 = n87; // c^2
    ac_fixed<5, 5, true> n90; // c^2
    n90.set_slc(0, ac_int<5, false>(n89.slc<5>(0)));
    ac_fixed<8, 8, false> n92; // c^2
    n92.set_slc(0, ac_int<8, false>(shared_model_table_square[ac_int<4, false>(n88.slc<4>(0)).to_uint()]));
    ac_fixed<9, 9, false> n94; // c^2
    n94.set_slc(0, ac_int<9, false>(shared_model_table_square_signed[ac_int<5, false>(n90.slc<5>(0)).to_uint()]));
    ac_fixed<17, 17, false> n95; // c^2
    n95.set_slc(0, ac_int<17, false>(ac_int<9, false>(n94.slc<9>(0)).to_uint64() << 8 | (ac_int<8, false>(n92.slc<8>(0)).to_uint64() & 255LL)));
    ac_fixed<5, 6, true> n96; // c^2
    n96.set_slc(0, ac_int<5, false>(n89.slc<5>(0)));
    ac_fixed<7, 7, true> n97 = n90 + n96; // c^2
    ac_fixed<1, 1, false, AC_TRN, AC_WRAP> n98 = n88; // c^2
    ac_fixed<1, 2, false, AC_TRN, AC_WRAP> n99 = n88; // c^2
    ac_fixed<1, 1, false> n100; // c^2
    n100.set_slc(0, ac_int<1, false>(n99.slc<1>(0)));
    ac_fixed<5, 5, true> n101 = n98 != 0 ? ac_fixed<5, 5, true>(n90) : ac_fixed<5, 5, true>(n2); // c^2
    ac_fixed<7, 7, true> n102 = n98 != 0 ? ac_fixed<7, 7, true>(n97) : ac_fixed<7, 7, true>(n96); // c^2
    ac_fixed<7, 7, true> n103 = n100 != 0 ? ac_fixed<7, 7, true>(n102) : ac_fixed<7, 7, true>(n101); // c^2
    ac_fixed<1, 3, false, AC_TRN, AC_WRAP> n104 = n88; // c^2
    ac_fixed<1, 1, false> n105; // c^2
    n105.set_slc(0, ac_int<1, false>(n104.slc<1>(0)));
    ac_fixed<1, 4, false, AC_TRN, AC_WRAP> n106 = n88; // c^2
    ac_fixed<1, 1, false> n107; // c^2
    n107.set_slc(0, ac_int<1, false>(n106.slc<1>(0)));
    ac_fixed<5, 5, true> n108 = n105 != 0 ? ac_fixed<5, 5, true>(n90) : ac_fixed<5, 5, true>(n2); // c^2
    ac_fixed<7, 7, true> n109 = n105 != 0 ? ac_fixed<7, 7, true>(n97) : ac_fixed<7, 7, true>(n96); // c^2
    ac_fixed<7, 7, true> n110 = n107 != 0 ? ac_fixed<7, 7, true>(n109) : ac_fixed<7, 7, true>(n108); // c^2
    ac_fixed<7, 9, true> n111; // c^2
    n111.set_slc(0, ac_int<7, false>(n110.slc<7>(0)));
    ac_fixed<9, 9, true> n112 = n103 + n111; // c^2
    ac_fixed<9, 14, true> n113; // c^2
    n113.set_slc(0, ac_int<9, false>(n112.slc<9>(0)));
    ac_fixed<17, 17, false> n115 = n95 + n113; // c^2
    ac_fixed<17, 7, false> n116; // c^2
    n116.set_slc(0, ac_int<17, false>(n115.slc<17>(0)));
    ac_fixed<8, 3, false, AC_RND_CONV, AC_SAT> n117 = n116; // c^2
    ac_fixed<8, 5, false> n119; // 3*c^2
    n119.set_slc(0, ac_int<8, false>(n117.slc<8>(0)));
    ac_fixed<10, 5, false> n120 = n119 - n117; // 3*c^2
    ac_fixed<8, 3, false, AC_RND_CONV, AC_SAT> n121 = n120; // 3*c^2
    ac_fixed<10, 5, true> n123 = n76 - n121; // a*b - 3*c^2
    ac_fixed<9, 4, true, AC_RND_CONV, AC_SAT> n124 = n123; // a*b - 3*c^2
    p = n85;
    q = n124;
}
