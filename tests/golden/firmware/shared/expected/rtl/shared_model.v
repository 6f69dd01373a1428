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
    wire [0:0] n4 = b[1]; // a*b
    wire [0:0] n6 = b[0]; // a*b
    wire signed [8:0] n8 = n6[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [9:0] n9 = n6[0] ? {a[8], a} : {a, 1'd0}; // a*b
    wire signed [9:0] n10 = ~n9; // a*b
    wire signed [9:0] n11 = n4[0] ? n10 : {n8[8], n8}; // a*b
    wire [0:0] n12 = b[3]; // a*b
    wire [0:0] n14 = b[2]; // a*b
    wire signed [9:0] n16 = n4[0] ? {a, 1'd0} : {a[8], a}; // a*b
    wire signed [8:0] n17 = n4[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [8:0] n18 = n4[0] ? {3'd0, n2, 5'd0} : a; // a*b
    wire signed [9:0] n19 = n4[0] ? {a[8], a} : {a, 1'd0}; // a*b
    wire signed [9:0] n20 = n14[0] ? n16 : {n17[8], n17}; // a*b
    wire signed [9:0] n21 = n14[0] ? {n18[8], n18} : n19; // a*b
    wire signed [9:0] n22 = ~n21; // a*b
    wire signed [9:0] n23 = n12[0] ? n22 : n20; // a*b
    wire [0:0] n25 = b[5]; // a*b
    wire [0:0] n26 = b[4]; // a*b
    wire signed [9:0] n28 = n12[0] ? {a, 1'd0} : {a[8], a}; // a*b
    wire signed [8:0] n29 = n12[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [8:0] n30 = n12[0] ? {3'd0, n2, 5'd0} : a; // a*b
    wire signed [9:0] n31 = n12[0] ? {a[8], a} : {a, 1'd0}; // a*b
    wire signed [9:0] n32 = n26[0] ? n28 : {n29[8], n29}; // a*b
    wire signed [9:0] n33 = n26[0] ? {n30[8], n30} : n31; // a*b
    wire signed [9:0] n34 = ~n33; // a*b
    wire signed [9:0] n35 = n25[0] ? n34 : n32; // a*b
    wire [0:0] n37 = b[7]; // a*b
    wire [0:0] n39 = b[6]; // a*b
    wire signed [9:0] n41 = n25[0] ? {a, 1'd0} : {a[8], a}; // a*b
    wire signed [8:0] n42 = n25[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [8:0] n43 = n25[0] ? {3'd0, n2, 5'd0} : a; // a*b
    wire signed [9:0] n44 = n25[0] ? {a[8], a} : {a, 1'd0}; // a*b
    wire signed [9:0] n45 = n39[0] ? n41 : {n42[8], n42}; // a*b
    wire signed [9:0] n46 = n39[0] ? {n43[8], n43} : n44; // a*b
    wire signed [9:0] n47 = ~n46; // a*b
    wire signed [9:0] n48 = n37[0] ? n47 : n45; // a*b
    wire [0:0] n50 = b[8]; // a*b
    wire signed [8:0] n52 = n37[0] ? a : {3'd0, n2, 5'd0}; // a*b
    wire signed [8:0] n53 = n37[0] ? {3'd0, n2, 5'd0} : a; // a*b
    wire signed [8:0] n54 = ~n53; // a*b
    wire signed [8:0] n55 = n50[0] ? n54 : n52; // a*b
    wire signed [11:0] n58; // a*b
    assign n58[11:2] = n23;
    assign n58[1:0] = {1'd0, n4};
    wire signed [11:0] n60; // a*b
    assign n60[11:2] = n35;
    assign n60[1:0] = {1'd0, n12};
    wire signed [11:0] n62; // a*b
    assign n62[11:2] = n48;
    assign n62[1:0] = {1'd0, n25};
    reg signed [8:0] n64; // a*b
    always @(posedge clk) n64 <= n55;
    reg [0:0] n65; // a*b
    always @(posedge clk) n65 <= n37;
    wire signed [10:0] n66; // a*b
    assign n66[10:2] = n64;
    assign n66[1:0] = {1'd0, n65};
    wire signed [10:0] n67; // a*b
    shared_model_add #(.W(3)) n67_add (.a({n11[9], n11[9:8]}), .b({2'd0, n50}), .y(n67[10:8]));
    assign n67[7:0] = n11[7:0];
    wire signed [12:0] n68; // a*b
    shared_model_add #(.W(13)) n68_add (.a({{2{n67[10]}}, n67}), .b({n58[11], n58}), .y(n68));
    wire signed [14:0] n69; // a*b
    shared_model_add #(.W(13)) n69_add (.a({{3{n60[11]}}, n60[11:2]}), .b({n62[11], n62}), .y(n69[14:2]));
    assign n69[1:0] = n60[1:0];
    reg signed [12:0] n70; // a*b
    always @(posedge clk) n70 <= n68;
    reg signed [14:0] n71; // a*b
    always @(posedge clk) n71 <= n69;
    wire signed [16:0] n72; // a*b
    shared_model_add #(.W(15)) n72_add (.a({{4{n70[12]}}, n70[12:2]}), .b(n71), .y(n72[16:2]));
    assign n72[1:0] = n70[1:0];
    wire signed [17:0] n73; // a*b
    shared_model_add #(.W(12)) n73_add (.a({n72[16], n72[16:6]}), .b({n66[10], n66}), .y(n73[17:6]));
    assign n73[5:0] = n72[5:0];
    reg signed [17:0] n75; // a*b
    always @(posedge clk) n75 <= n73;
    wire signed [12:0] n76_rounded;
    wire n76_up = n75[4] & ((|n75[3:0]) | n75[5]); // RND_CONV
    shared_model_add #(.W(13)) n76_add (.a(n75[17:5]), .b({12'd0, n76_up}), .y(n76_rounded));
    wire signed [8:0] n76; // a*b
    shared_model_limit_0 n76_limit (.a(n76_rounded), .y(n76)); // SAT
    wire [0:0] n77 = 1'h1; // a*b - 1
    wire signed [9:0] n78; // a*b - 1
    shared_model_sub #(.W(5)) n78_sub (.a({n76[8], n76[8:5]}), .b({4'd0, n77}), .y(n78[9:5]));
    assign n78[4:0] = n76[4:0];
    wire signed [9:0] n79_rounded = n78;
    wire signed [8:0] n79; // a*b - 1
    shared_model_limit_1 n79_limit (.a(n79_rounded), .y(n79)); // SAT
    reg signed [8:0] n80; // a*b - 1
    always @(posedge clk) n80 <= n79;
    wire signed [6:0] n81_rounded = n80[8:2];
    wire signed [4:0] n81; // gauss(a*b - 1)
    shared_model_limit_2 n81_limit (.a(n81_rounded), .y(n81)); // SAT
    wire [5:0] n82; // gauss(a*b - 1)
    shared_model_table_gauss_0_1 n82_table (.index(n81), .word(n82));
    reg signed [8:0] n83; // a*b
    always @(posedge clk) n83 <= n76;
    wire signed [9:0] n84; // gauss(a*b - 1) + a*b
    shared_model_add #(.W(10)) n84_add (.a({4'd0, n82}), .b({n83[8], n83}), .y(n84));
    wire signed [9:0] n85_rounded = n84;
    wire signed [8:0] n85; // gauss(a*b - 1) + a*b
    shared_model_limit_3 n85_limit (.a(n85_rounded), .y(n85)); // SAT
    wire [3:0] n88 = c[3:0]; // c^2
    wire signed [4:0] n89 = c[8:4]; // c^2
    reg [3:0] n91; // c^2
    always @(posedge clk) n91 <= n88;
    wire [7:0] n92; // c^2
    shared_model_table_square n92_table (.index(n91), .word(n92));
    reg signed [4:0] n93; // c^2
    always @(posedge clk) n93 <= n89;
    wire [8:0] n94; // c^2
    shared_model_table_square_signed n94_table (.index(n93), .word(n94));
    wire [16:0] n95 = {n94, n92}; // c^2
    wire signed [6:0] n97; // c^2
    shared_model_add #(.W(6)) n97_add (.a({{2{n89[4]}}, n89[4:1]}), .b({n89[4], n89}), .y(n97[6:1]));
    assign n97[0:0] = n89[0];
    wire [0:0] n98 = n88[0]; // c^2
    wire [0:0] n99 = n88[1]; // c^2
    wire signed [4:0] n101 = n98[0] ? n89 : {4'd0, n2}; // c^2
    wire signed [6:0] n102 = n98[0] ? n97 : {n89[4], n89, 1'd0}; // c^2
    wire signed [6:0] n103 = n99[0] ? n102 : {{2{n101[4]}}, n101}; // c^2
    wire [0:0] n104 = n88[2]; // c^2
    wire [0:0] n106 = n88[3]; // c^2
    wire signed [4:0] n108 = n104[0] ? n89 : {4'd0, n2}; // c^2
    wire signed [6:0] n109 = n104[0] ? n97 : {n89[4], n89, 1'd0}; // c^2
    wire signed [6:0] n110 = n106[0] ? n109 : {{2{n108[4]}}, n108}; // c^2
    wire signed [8:0] n112; // c^2
    shared_model_add #(.W(7)) n112_add (.a({{2{n103[6]}}, n103[6:2]}), .b(n110), .y(n112[8:2]));
    assign n112[1:0] = n103[1:0];
    reg signed [8:0] n114; // c^2
    always @(posedge clk) n114 <= n112;
    wire [16:0] n115; // c^2
    shared_model_add #(.W(12)) n115_add (.a(n95[16:5]), .b({{3{n114[8]}}, n114}), .y(n115[16:5]));
    assign n115[4:0] = n95[4:0];
    wire [11:0] n117_rounded;
    wire n117_up = n115[4] & ((|n115[3:0]) | n115[5]); // RND_CONV
    shared_model_add #(.W(12)) n117_add (.a(n115[16:5]), .b({11'd0, n117_up}), .y(n117_rounded));
    wire [7:0] n117; // c^2
    shared_model_limit_4 n117_limit (.a(n117_rounded), .y(n117)); // SAT
    reg [7:0] n118; // c^2
    always @(posedge clk) n118 <= n117;
    wire [9:0] n120; // 3*c^2
    shared_model_sub #(.W(10)) n120_sub (.a({n118, 2'd0}), .b({2'd0, n118}), .y(n120));
    wire [9:0] n121_rounded = n120;
    wire [7:0] n121; // 3*c^2
    shared_model_limit_5 n121_limit (.a(n121_rounded), .y(n121)); // SAT
    reg [7:0] n122; // 3*c^2
    always @(posedge clk) n122 <= n121;
    wire signed [9:0] n123; // a*b - 3*c^2
    shared_model_sub #(.W(10)) n123_sub (.a({n83[8], n83}), .b({2'd0, n122}), .y(n123));
    wire signed [9:0] n124_rounded = n123;
    wire signed [8:0] n124; // a*b - 3*c^2
    shared_model_limit_1 n124_limit (.a(n124_rounded), .y(n124)); // SAT
    reg signed [8:0] n125; // gauss(a*b - 1) + a*b
    always @(posedge clk) n125 <= n85;
    assign p = n125;
    reg signed [8:0] n127; // a*b - 3*c^2
    always @(posedge clk) n127 <= n124;
    assign q = n127;
endmodule
