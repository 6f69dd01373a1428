// symlut_model: made by symlut 0.1.0.
// A new event every clock; results 1 clock after it (valid_in to valid_out).
// No reset: the pipeline flushes itself.

/* verilator lint_off UNUSED */ // bits that a cast drops end nowhere, by design
module symlut_model (
    input wire clk,
    input wire valid_in,
    input wire signed [9:0] x0, // fixed<10,4> x0
    input wire signed [9:0] x1, // fixed<10,4> x1
    output wire valid_out,
    output wire signed [9:0] y // fixed<10,4> y
);
    reg [0:0] n0_valid = 1'd0;
    always @(posedge clk) n0_valid <= valid_in;
    assign valid_out = n0_valid[0];

    wire signed [5:0] n1_rounded = x0[9:4];
    wire signed [4:0] n1; // sin(x0)
    symlut_model_limit_0 n1_limit (.a(n1_rounded), .y(n1)); // SAT
    wire signed [7:0] n2; // sin(x0)
    symlut_model_table_sin_0_1 n2_table (.index(n1), .word(n2));
    wire signed [12:0] n5; // 0.75*x1
    symlut_model_sub #(.W(13)) n5_sub (.a({x1[9], x1, 2'd0}), .b({{3{x1[9]}}, x1}), .y(n5));
    wire signed [9:0] n7 = n5[11:2]; // 0.75*x1
    wire signed [9:0] n8; // sin(x0) + 0.75*x1
    symlut_model_add #(.W(10)) n8_add (.a({{2{n2[7]}}, n2}), .b(n7), .y(n8));
    reg signed [9:0] n9; // sin(x0) + 0.75*x1
    always @(posedge clk) n9 <= n8;
    assign y = n9;
endmodule
