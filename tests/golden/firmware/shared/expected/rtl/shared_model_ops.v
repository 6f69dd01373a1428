// Adders of shared_model, one module for each sign: what a synthesiser sees as one adder
// stays one carry chain.
/* verilator lint_off DECLFILENAME */

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_add #(parameter W = 1) (
    input wire [W-1:0] a,
    input wire [W-1:0] b,
    output wire [W-1:0] y
);
    assign y = a + b;
endmodule

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_sub #(parameter W = 1) (
    input wire [W-1:0] a,
    input wire [W-1:0] b,
    output wire [W-1:0] y
);
    assign y = a - b;
endmodule
