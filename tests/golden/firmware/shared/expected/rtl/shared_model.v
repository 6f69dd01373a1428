// shared_model: made by symlut 0.1.0.
// A new event every clock; results 4 clocks after it (valid_in to valid_out).
// No reset: the pipeline flushes itself.

/* verilator lint_off UNUSED */ // bits that a cast drops end nowhere, by design
module shared_model (
    input wire clk,
    input wire valid_in,
    input wire signed [8:0] a, // fixed<9,4> a
    input wire signed [8:0] b, // fixed<9,4> b
    input wire signed [8:0] c, // fixed<9,4> c
    output wire valid_out,
    output wire signed [8:0] p, // fixed<9,4> p
    output wire signed [8:0] q // fixed<9,4> q
);
    reg [3:0] n0_valid = 4'd0;
    always @(posedge clk) n0_valid <= {n0_valid[2:0], valid_in};
    assign valid_out = n0_valid[3];

    wire [0:0] n2 = 1'h0; // a*b
    wire signed [10:0] n4; // a*b
    shared_model_add #(.W(10)) n4_add (.a({{2{a[8]}}, a[8:1]}), .b({a[8], a}), .y(n4[10:1]));
    assign n4[0:0] = a[0];
    wire [0:0] n5 = b[0]; // a*b
    wire [0:0] n7 = b[1]; // a*b
    wire signed [8:0] n9 = n5[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [10:0] n10 = n5[0] ? n4 : {a[8], a, 1'd0}; // a*b
    wire signed [10:0] n11 = n7[0] ? n10 : {{2{n9[8]}}, n9}; // a*b
    wire [0:0] n12 = b[2]; // a*b
    wire [0:0] n14 = b[3]; // a*b
    wire signed [8:0] n16 = n12[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [10:0] n17 = n12[0] ? n4 : {a[8], a, 1'd0}; // a*b
    wire signed [10:0] n18 = n14[0] ? n17 : {{2{n16[8]}}, n16}; // a*b
    wire [0:0] n20 = b[4]; // a*b
    wire [0:0] n22 = b[5]; // a*b
    wire signed [8:0] n23 = n20[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [10:0] n24 = n20[0] ? n4 : {a[8], a, 1'd0}; // a*b
    wire signed [10:0] n25 = n22[0] ? n24 : {{2{n23[8]}}, n23}; // a*b
    wire [0:0] n27 = b[6]; // a*b
    wire [0:0] n29 = b[7]; // a*b
    wire signed [8:0] n31 = n27[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [10:0] n32 = n27[0] ? n4 : {a[8], a, 1'd0}; // a*b
    wire signed [10:0] n33 = n29[0] ? n32 : {{2{n31[8]}}, n31}; // a*b
    wire [0:0] n35 = b[8]; // a*b
    wire signed [8:0] n37 = n35[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [12:0] n39; // a*b
    shared_model_add #(.W(11)) n39_add (.a({{2{n11[10]}}, n11[10:2]}), .b(n18), .y(n39[12:2]));
    assign n39[1:0] = n11[1:0];
    wire signed [12:0] n40; // a*b
    shared_model_add #(.W(11)) n40_add (.a({{2{n25[10]}}, n25[10:2]}), .b(n33), .y(n40[12:2]));
    assign n40[1:0] = n25[1:0];
    reg signed [12:0] n41; // a*b
    always @(posedge clk) n41 <= n39;
    reg signed [12:0] n42; // a*b
    always @(posedge clk) n42 <= n40;
    wire signed [16:0] n43; // a*b
    shared_model_add #(.W(13)) n43_add (.a({{4{n41[12]}}, n41[12:4]}), .b(n42), .y(n43[16:4]));
    assign n43[3:0] = n41[3:0];
    reg signed [8:0] n44; // a*b
    always @(posedge clk) n44 <= n37;
    wire signed [17:0] n45; // a*b
    shared_model_add #(.W(10)) n45_add (.a({n43[16], n43[16:8]}), .b({n44[8], n44}), .y(n45[17:8]));
    assign n45[7:0] = n43[7:0];
    reg signed [8:0] n47; // a*b
    always @(posedge clk) n47 <= n37;
    wire signed [18:0] n48; // a*b
    shared_model_sub #(.W(10)) n48_sub (.a({n45[17], n45[17:9]}), .b({n47[8], n47}), .y(n48[18:9]));
    assign n48[8:0] = n45[8:0];
    reg signed [18:0] n50; // a*b
    always @(posedge clk) n50 <= n48;
    wire signed [12:0] n51_rounded;
    wire n51_up = n50[4] & ((|n50[3:0]) | n50[5]); // RND_CONV
    shared_model_add #(.W(13)) n51_add (.a(n50[17:5]), .b({12'd0, n51_up}), .y(n51_rounded));
    wire signed [8:0] n51; // a*b
    shared_model_limit_0 n51_limit (.a(n51_rounded), .y(n51)); // SAT
    wire [0:0] n52 = 1'h1; // a*b - 1
    wire signed [9:0] n53; // a*b - 1
    shared_model_sub #(.W(5)) n53_sub (.a({n51[8], n51[8:5]}), .b({4'd0, n52}), .y(n53[9:5]));
    assign n53[4:0] = n51[4:0];
    wire signed [9:0] n54_rounded = n53;
    wire signed [8:0] n54; // a*b - 1
    shared_model_limit_1 n54_limit (.a(n54_rounded), .y(n54)); // SAT
    reg signed [8:0] n55; // a*b - 1
    always @(posedge clk) n55 <= n54;
    wire signed [6:0] n56_rounded = n55[8:2];
    wire signed [4:0] n56; // gauss(a*b - 1)
    shared_model_limit_2 n56_limit (.a(n56_rounded), .y(n56)); // SAT
    wire [5:0] n57; // gauss(a*b - 1)
    shared_model_table_gauss_0_1 n57_table (.index(n56), .word(n57));
    reg signed [8:0] n58; // a*b
    always @(posedge clk) n58 <= n51;
    wire signed [9:0] n59; // gauss(a*b - 1) + a*b
    shared_model_add #(.W(10)) n59_add (.a({4'd0, n57}), .b({n58[8], n58}), .y(n59));
    wire signed [9:0] n60_rounded = n59;
    wire signed [8:0] n60; // gauss(a*b - 1) + a*b
    shared_model_limit_3 n60_limit (.a(n60_rounded), .y(n60)); // SAT
    wire [3:0] n63 = c[3:0]; // c^2
    wire signed [4:0] n64 = c[8:4]; // c^2
    wire [7:0] n66; // c^2
    shared_model_table_square n66_table (.index(n63), .word(n66));
    wire [8:0] n67; // c^2
    shared_model_table_square_signed n67_table (.index(n64), .word(n67));
    wire [16:0] n68 = {n67, n66}; // c^2
    wire signed [6:0] n70; // c^2
    shared_model_add #(.W(6)) n70_add (.a({{2{n64[4]}}, n64[4:1]}), .b({n64[4], n64}), .y(n70[6:1]));
    assign n70[0:0] = n64[0];
    wire [0:0] n71 = n63[0]; // c^2
    wire [0:0] n72 = n63[1]; // c^2
    wire signed [4:0] n74 = n71[0] ? n64 : {4'd0, n2}; // c^2
    wire signed [6:0] n75 = n71[0] ? n70 : {n64[4], n64, 1'd0}; // c^2
    wire signed [6:0] n76 = n72[0] ? n75 : {{2{n74[4]}}, n74}; // c^2
    wire [0:0] n77 = n63[2]; // c^2
    wire [0:0] n79 = n63[3]; // c^2
    wire signed [4:0] n81 = n77[0] ? n64 : {4'd0, n2}; // c^2
    wire signed [6:0] n82 = n77[0] ? n70 : {n64[4], n64, 1'd0}; // c^2
    wire signed [6:0] n83 = n79[0] ? n82 : {{2{n81[4]}}, n81}; // c^2
    wire signed [8:0] n85; // c^2
    shared_model_add #(.W(7)) n85_add (.a({{2{n76[6]}}, n76[6:2]}), .b(n83), .y(n85[8:2]));
    assign n85[1:0] = n76[1:0];
    reg [16:0] n87; // c^2
    always @(posedge clk) n87 <= n68;
    reg signed [8:0] n88; // c^2
    always @(posedge clk) n88 <= n85;
    wire [16:0] n89; // c^2
    shared_model_add #(.W(12)) n89_add (.a(n87[16:5]), .b({{3{n88[8]}}, n88}), .y(n89[16:5]));
    assign n89[4:0] = n87[4:0];
    wire [11:0] n91_rounded;
    wire n91_up = n89[4] & ((|n89[3:0]) | n89[5]); // RND_CONV
    shared_model_add #(.W(12)) n91_add (.a(n89[16:5]), .b({11'd0, n91_up}), .y(n91_rounded));
    wire [7:0] n91; // c^2
    shared_model_limit_4 n91_limit (.a(n91_rounded), .y(n91)); // SAT
    reg [7:0] n93; // 3*c^2
    always @(posedge clk) n93 <= n91;
    reg [7:0] n94; // c^2
    always @(posedge clk) n94 <= n91;
    wire [9:0] n95; // 3*c^2
    shared_model_sub #(.W(10)) n95_sub (.a({n93, 2'd0}), .b({2'd0, n94}), .y(n95));
    wire [9:0] n96_rounded = n95;
    wire [7:0] n96; // 3*c^2
    shared_model_limit_5 n96_limit (.a(n96_rounded), .y(n96)); // SAT
    wire signed [9:0] n97; // a*b - 3*c^2
    shared_model_sub #(.W(10)) n97_sub (.a({n51[8], n51}), .b({2'd0, n96}), .y(n97));
    wire signed [9:0] n98_rounded = n97;
    wire signed [8:0] n98; // a*b - 3*c^2
    shared_model_limit_1 n98_limit (.a(n98_rounded), .y(n98)); // SAT
    reg signed [8:0] n99; // gauss(a*b - 1) + a*b
    always @(posedge clk) n99 <= n60;
    assign p = n99;
    reg signed [8:0] n101; // a*b - 3*c^2
    always @(posedge clk) n101 <= n98;
    reg signed [8:0] n102; // a*b - 3*c^2
    always @(posedge clk) n102 <= n101;
    assign q = n102;
endmodule
