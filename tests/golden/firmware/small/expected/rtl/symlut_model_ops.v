// Adders and comparisons of symlut_model, one module for each kind: what a synthesiser sees as
// one stays one carry chain. Saturations, in modules of their own too.
/* verilator lint_off DECLFILENAME */
/* verilator lint_off UNUSED */

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module symlut_model_add #(parameter W = 1) (
    input wire [W-1:0] a,
    input wire [W-1:0] b,
    output wire [W-1:0] y
);
    assign y = a + b;
endmodule

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module symlut_model_sub #(parameter W = 1) (
    input wire [W-1:0] a,
    input wire [W-1:0] b,
    output wire [W-1:0] y
);
    assign y = a - b;
endmodule

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module symlut_model_limit_0 (
    input wire [5:0] a,
    output wire [4:0] y
);
    wire under = a[5] & ~(&a[4]);
    wire over = ~a[5] & (|a[4]);
    assign y = over ? 5'hf : under ? 5'h10 : a[4:0];
endmodule
