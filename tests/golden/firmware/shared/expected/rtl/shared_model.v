// shared_model: made by symlut 0.1.0.
// A new event every clock; results 3 clocks after it (valid_in to valid_out).
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
    reg [2:0] n0_valid = 3'd0;
    always @(posedge clk) n0_valid <= {n0_valid[1:0], valid_in};
    assign valid_out = n0_valid[2];

    wire signed [17:0] n2 = $signed({{9{a[8]}}, a}) * $signed({{9{b[8]}}, b}); // a*b
    reg signed [17:0] n3; // a*b
    always @(posedge clk) n3 <= n2;
    wire signed [12:0] n4_rounded;
    wire n4_up = n3[4] & ((|n3[3:0]) | n3[5]); // RND_CONV
    shared_model_add #(.W(13)) n4_add (.a(n3[17:5]), .b({12'd0, n4_up}), .y(n4_rounded));
    wire n4_under = n4_rounded[12] & ~(&n4_rounded[11:8]); // SAT
    wire n4_over = ~n4_rounded[12] & (|n4_rounded[11:8]); // SAT
    wire signed [8:0] n4 = n4_over ? 9'hff : n4_under ? 9'h100 : n4_rounded[8:0]; // a*b
    wire [0:0] n5 = 1'h1; // a*b - 1
    wire signed [9:0] n6; // a*b - 1
    shared_model_sub #(.W(5)) n6_sub (.a({n4[8], n4[8:5]}), .b({4'd0, n5}), .y(n6[9:5]));
    assign n6[4:0] = n4[4:0];
    reg signed [9:0] n7; // a*b - 1
    always @(posedge clk) n7 <= n6;
    wire signed [9:0] n8_rounded = n7;
    wire n8_under = n8_rounded[9] & ~(&n8_rounded[8]); // SAT
    wire signed [8:0] n8 = n8_under ? 9'h100 : n8_rounded[8:0]; // a*b - 1
    wire signed [6:0] n9_rounded = n8[8:2];
    wire n9_under = n9_rounded[6] & ~(&n9_rounded[5:4]); // SAT
    wire n9_over = ~n9_rounded[6] & (|n9_rounded[5:4]); // SAT
    wire signed [4:0] n9 = n9_over ? 5'hf : n9_under ? 5'h10 : n9_rounded[4:0]; // gauss(a*b - 1)
    wire [5:0] n10; // gauss(a*b - 1)
    shared_model_table_gauss_0_1 n10_table (.index(n9), .word(n10));
    reg signed [8:0] n11; // a*b
    always @(posedge clk) n11 <= n4;
    wire signed [9:0] n12; // gauss(a*b - 1) + a*b
    shared_model_add #(.W(10)) n12_add (.a({4'd0, n10}), .b({n11[8], n11}), .y(n12));
    wire signed [9:0] n13_rounded = n12;
    wire n13_over = ~n13_rounded[9] & (|n13_rounded[8]); // SAT
    wire signed [8:0] n13 = n13_over ? 9'hff : n13_rounded[8:0]; // gauss(a*b - 1) + a*b
    wire [16:0] n15 = $signed({{8{c[8]}}, c}) * $signed({{8{c[8]}}, c}); // c^2
    reg [16:0] n16; // c^2
    always @(posedge clk) n16 <= n15;
    wire [11:0] n17_rounded;
    wire n17_up = n16[4] & ((|n16[3:0]) | n16[5]); // RND_CONV
    shared_model_add #(.W(12)) n17_add (.a(n16[16:5]), .b({11'd0, n17_up}), .y(n17_rounded));
    wire n17_over = |n17_rounded[11:8]; // SAT
    wire [7:0] n17 = n17_over ? 8'hff : n17_rounded[7:0]; // c^2
    wire [9:0] n19; // 3*c^2
    shared_model_sub #(.W(10)) n19_sub (.a({n17, 2'd0}), .b({2'd0, n17}), .y(n19));
    reg [9:0] n20; // 3*c^2
    always @(posedge clk) n20 <= n19;
    wire [9:0] n21_rounded = n20;
    wire n21_over = |n21_rounded[9:8]; // SAT
    wire [7:0] n21 = n21_over ? 8'hff : n21_rounded[7:0]; // 3*c^2
    wire signed [9:0] n22; // a*b - 3*c^2
    shared_model_sub #(.W(10)) n22_sub (.a({n11[8], n11}), .b({2'd0, n21}), .y(n22));
    wire signed [9:0] n23_rounded = n22;
    wire n23_under = n23_rounded[9] & ~(&n23_rounded[8]); // SAT
    wire signed [8:0] n23 = n23_under ? 9'h100 : n23_rounded[8:0]; // a*b - 3*c^2
    reg signed [8:0] n24; // gauss(a*b - 1) + a*b
    always @(posedge clk) n24 <= n13;
    assign p = n24;
    reg signed [8:0] n26; // a*b - 3*c^2
    always @(posedge clk) n26 <= n23;
    assign q = n26;
endmodule
