// Tables of shared_model as logic: every entry is a constant.
/* verilator lint_off DECLFILENAME */
/* verilator lint_off UNUSED */

// gauss over [-2,2], 32 entries, saturates; words ufixed<6,1>
`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_table_gauss_0_1 (
    input wire [4:0] index,
    output reg [5:0] word
);
    always @* (* rom_style = "logic" *) case (index)
        5'd0: word = 6'h20;
        5'd1: word = 6'h1f;
        5'd2: word = 6'h1d;
        5'd3: word = 6'h1b;
        5'd4: word = 6'h18;
        5'd5: word = 6'h14;
        5'd6: word = 6'h11;
        5'd7: word = 6'he;
        5'd8: word = 6'hb;
        5'd9: word = 6'h8;
        5'd10: word = 6'h6;
        5'd11: word = 6'h4;
        5'd12: word = 6'h3;
        5'd13: word = 6'h2;
        5'd14: word = 6'h1;
        5'd15: word = 6'h1;
        5'd16: word = 6'h1;
        5'd17: word = 6'h1;
        5'd18: word = 6'h2;
        5'd19: word = 6'h3;
        5'd20: word = 6'h4;
        5'd21: word = 6'h5;
        5'd22: word = 6'h8;
        5'd23: word = 6'ha;
        5'd24: word = 6'hd;
        5'd25: word = 6'h10;
        5'd26: word = 6'h14;
        5'd27: word = 6'h17;
        5'd28: word = 6'h1a;
        5'd29: word = 6'h1d;
        5'd30: word = 6'h1f;
        5'd31: word = 6'h20;
    endcase
endmodule

// integer square; words ufixed<8,8>
`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_table_square (
    input wire [3:0] index,
    output reg [7:0] word
);
    always @* (* rom_style = "logic" *) case (index)
        4'd0: word = 8'h0;
        4'd1: word = 8'h1;
        4'd2: word = 8'h4;
        4'd3: word = 8'h9;
        4'd4: word = 8'h10;
        4'd5: word = 8'h19;
        4'd6: word = 8'h24;
        4'd7: word = 8'h31;
        4'd8: word = 8'h40;
        4'd9: word = 8'h51;
        4'd10: word = 8'h64;
        4'd11: word = 8'h79;
        4'd12: word = 8'h90;
        4'd13: word = 8'ha9;
        4'd14: word = 8'hc4;
        4'd15: word = 8'he1;
    endcase
endmodule

// integer square; words ufixed<9,9>
`ifdef YOSYS
(* keep_hierarchy *)
`endif
module shared_model_table_square_signed (
    input wire [4:0] index,
    output reg [8:0] word
);
    always @* (* rom_style = "logic" *) case (index)
        5'd0: word = 9'h0;
        5'd1: word = 9'h1;
        5'd2: word = 9'h4;
        5'd3: word = 9'h9;
        5'd4: word = 9'h10;
        5'd5: word = 9'h19;
        5'd6: word = 9'h24;
        5'd7: word = 9'h31;
        5'd8: word = 9'h40;
        5'd9: word = 9'h51;
        5'd10: word = 9'h64;
        5'd11: word = 9'h79;
        5'd12: word = 9'h90;
        5'd13: word = 9'ha9;
        5'd14: word = 9'hc4;
        5'd15: word = 9'he1;
        5'd16: word = 9'h100;
        5'd17: word = 9'he1;
        5'd18: word = 9'hc4;
        5'd19: word = 9'ha9;
        5'd20: word = 9'h90;
        5'd21: word = 9'h79;
        5'd22: word = 9'h64;
        5'd23: word = 9'h51;
        5'd24: word = 9'h40;
        5'd25: word = 9'h31;
        5'd26: word = 9'h24;
        5'd27: word = 9'h19;
        5'd28: word = 9'h10;
        5'd29: word = 9'h9;
        5'd30: word = 9'h4;
        5'd31: word = 9'h1;
    endcase
endmodule
