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
    reg signed [8:0] n38; // a*b
    always @(posedge clk) n38 <= n37;
    wire signed [12:0] n40; // a*b
    shared_model_add #(.W(11)) n40_add (.a({{2{n11[10]}}, n11[10:2]}), .b(n18), .y(n40[12:2]));
    assign n40[1:0] = n11[1:0];
    wire signed [12:0] n41; // a*b
    shared_model_add #(.W(11)) n41_add (.a({{2{n25[10]}}, n25[10:2]}), .b(n33), .y(n41[12:2]));
    assign n41[1:0] = n25[1:0];
    reg signed [12:0] n42; // a*b
    always @(posedge clk) n42 <= n40;
    reg signed [12:0] n43; // a*b
    always @(posedge clk) n43 <= n41;
    wire signed [16:0] n44; // a*b
    shared_model_add #(.W(13)) n44_add (.a({{4{n42[12]}}, n42[12:4]}), .b(n43), .y(n44[16:4]));
    assign n44[3:0] = n42[3:0];
    wire signed [17:0] n45; // a*b
    shared_model_add #(.W(10)) n45_add (.a({n44[16], n44[16:8]}), .b({n38[8], n38}), .y(n45[17:8]));
    assign n45[7:0] = n44[7:0];
    wire signed [18:0] n47; // a*b
    shared_model_sub #(.W(10)) n47_sub (.a({n45[17], n45[17:9]}), .b({n38[8], n38}), .y(n47[18:9]));
    assign n47[8:0] = n45[8:0];
    reg signed [18:0] n49; // a*b
    always @(posedge clk) n49 <= n47;
    wire signed [12:0] n50_rounded;
    wire n50_up = n49[4] & ((|n49[3:0]) | n49[5]); // RND_CONV
    shared_model_add #(.W(13)) n50_add (.a(n49[17:5]), .b({12'd0, n50_up}), .y(n50_rounded));
    wire signed [8:0] n50; // a*b
    shared_model_limit_0 n50_limit (.a(n50_rounded), .y(n50)); // SAT
    wire [0:0] n51 = 1'h1; // a*b - 1
    wire signed [9:0] n52; // a*b - 1
    shared_model_sub #(.W(5)) n52_sub (.a({n50[8], n50[8:5]}), .b({4'd0, n51}), .y(n52[9:5]));
    assign n52[4:0] = n50[4:0];
    wire signed [9:0] n53_rounded = n52;
    wire signed [8:0] n53; // a*b - 1
    shared_model_limit_1 n53_limit (.a(n53_rounded), .y(n53)); // SAT
    reg signed [8:0] n54; // a*b - 1
    always @(posedge clk) n54 <= n53;
    wire signed [6:0] n55_rounded = n54[8:2];
    wire signed [4:0] n55; // gauss(a*b - 1)
    shared_model_limit_2 n55_limit (.a(n55_rounded), .y(n55)); // SAT
    wire [5:0] n56; // gauss(a*b - 1)
    shared_model_table_gauss_0_1 n56_table (.index(n55), .word(n56));
    reg signed [8:0] n57; // a*b
    always @(posedge clk) n57 <= n50;
    wire signed [9:0] n58; // gauss(a*b - 1) + a*b
    shared_model_add #(.W(10)) n58_add (.a({4'd0, n56}), .b({n57[8], n57}), .y(n58));
    wire signed [9:0] n59_rounded = n58;
    wire signed [8:0] n59; // gauss(a*b - 1) + a*b
    shared_model_limit_3 n59_limit (.a(n59_rounded), .y(n59)); // SAT
    wire [3:0] n62 = c[3:0]; // c^2
    wire signed [4:0] n63 = c[8:4]; // c^2
    reg [3:0] n65; // c^2
    always @(posedge clk) n65 <= n62;
    wire [7:0] n66; // c^2
    shared_model_table_square n66_table (.index(n65), .word(n66));
    reg signed [4:0] n67; // c^2
    always @(posedge clk) n67 <= n63;
    wire [8:0] n68; // c^2
    shared_model_table_square_signed n68_table (.index(n67), .word(n68));
    wire [16:0] n69 = {n68, n66}; // c^2
    wire signed [6:0] n71; // c^2
    shared_model_add #(.W(6)) n71_add (.a({{2{n63[4]}}, n63[4:1]}), .b({n63[4], n63}), .y(n71[6:1]));
    assign n71[0:0] = n63[0];
    wire [0:0] n72 = n62[0]; // c^2
    wire [0:0] n73 = n62[1]; // c^2
    wire signed [4:0] n75 = n72[0] ? n63 : {4'd0, n2}; // c^2
    wire signed [6:0] n76 = n72[0] ? n71 : {n63[4], n63, 1'd0}; // c^2
    wire signed [6:0] n77 = n73[0] ? n76 : {{2{n75[4]}}, n75}; // c^2
    wire [0:0] n78 = n62[2]; // c^2
    wire [0:0] n80 = n62[3]; // c^2
    wire signed [4:0] n82 = n78[0] ? n63 : {4'd0, n2}; // c^2
    wire signed [6:0] n83 = n78[0] ? n71 : {n63[4], n63, 1'd0}; // c^2
    wire signed [6:0] n84 = n80[0] ? n83 : {{2{n82[4]}}, n82}; // c^2
    wire signed [8:0] n86; // c^2
    shared_model_add #(.W(7)) n86_add (.a({{2{n77[6]}}, n77[6:2]}), .b(n84), .y(n86[8:2]));
    assign n86[1:0] = n77[1:0];
    reg signed [8:0] n88; // c^2
    always @(posedge clk) n88 <= n86;
    wire [16:0] n89; // c^2
    shared_model_add #(.W(12)) n89_add (.a(n69[16:5]), .b({{3{n88[8]}}, n88}), .y(n89[16:5]));
    assign n89[4:0] = n69[4:0];
    wire [11:0] n91_rounded;
    wire n91_up = n89[4] & ((|n89[3:0]) | n89[5]); // RND_CONV
    shared_model_add #(.W(12)) n91_add (.a(n89[16:5]), .b({11'd0, n91_up}), .y(n91_rounded));
    wire [7:0] n91; // c^2
    shared_model_limit_4 n91_limit (.a(n91_rounded), .y(n91)); // SAT
    reg [7:0] n92; // c^2
    always @(posedge clk) n92 <= n91;
    wire [9:0] n94; // 3*c^2
    shared_model_sub #(.W(10)) n94_sub (.a({n92, 2'd0}), .b({2'd0, n92}), .y(n94));
    wire [9:0] n95_rounded = n94;
    wire [7:0] n95; // 3*c^2
    shared_model_limit_5 n95_limit (.a(n95_rounded), .y(n95)); // SAT
    reg [7:0] n96; // 3*c^2
    always @(posedge clk) n96 <= n95;
    wire signed [9:0] n97; // a*b - 3*c^2
    shared_model_sub #(.W(10)) n97_sub (.a({n57[8], n57}), .b({2'd0, n96}), .y(n97));
    wire signed [9:0] n98_rounded = n97;
    wire signed [8:0] n98; // a*b - 3*c^2
    shared_model_limit_1 n98_limit (.a(n98_rounded), .y(n98)); // SAT
    reg signed [8:0] n99; // gauss(a*b - 1) + a*b
    always @(posedge clk) n99 <= n59;
    assign p = n99;
    reg signed [8:0] n101; // a*b - 3*c^2
    always @(posedge clk) n101 <= n98;
    assign q = n101;
endmodule
