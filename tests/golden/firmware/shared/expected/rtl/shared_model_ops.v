// Adders and comparisons of shared_model, one module for each kind: what a synthesiser sees as
// one stays one carry chain. Saturations, in modules of their own too.
/* verilator lint_off DECLFILENAME */
/* verilator lint_off UNUSED */

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

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_limit_0 (
    input wire [12:0] a,
    output wire [8:0] y
);
    wire under = a[12] & ~(&a[11:8]);
    wire over = ~a[12] & (|a[11:8]);
    assign y = over ? 9'hff : under ? 9'h100 : a[8:0];
endmodule

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_limit_1 (
    input wire [9:0] a,
    output wire [8:0] y
);
    wire under = a[9] & ~(&a[8]);
    wire over = 1'b0;
    assign y = over ? 9'hff : under ? 9'h100 : a[8:0];
endmodule

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_limit_2 (
    input wire [6:0] a,
    output wire [4:0] y
);
    wire under = a[6] & ~(&a[5:4]);
    wire over = ~a[6] & (|a[5:4]);
    assign y = over ? 5'hf : under ? 5'h10 : a[4:0];
endmodule

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_limit_3 (
    input wire [9:0] a,
    output wire [8:0] y
);
    wire under = 1'b0;
    wire over = ~a[9] & (|a[8]);
    assign y = over ? 9'hff : under ? 9'h100 : a[8:0];
endmodule

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_limit_4 (
    input wire [11:0] a,
    output wire [7:0] y
);
    wire under = 1'b0;
    wire over = |a[11:8];
    assign y = over ? 8'hff : under ? 8'h0 : a[7:0];
endmodule

`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_limit_5 (
    input wire [9:0] a,
    output wire [7:0] y
);
    wire under = 1'b0;
    wire over = |a[9:8];
    assign y = over ? 8'hff : under ? 8'h0 : a[7:0];
endmodule
