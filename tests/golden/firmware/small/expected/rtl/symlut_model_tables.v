// Tables of symlut_model as logic: every entry is a constant.
/* verilator lint_off DECLFILENAME */
/* verilator lint_off UNUSED */

// sin over [-4,4], 32 entries, saturates; words fixed<8,2>
`ifdef YOSYS
(* keep_hierarchy *)
`endif
module symlut_model_table_sin_0_1 (
    input wire [4:0] index,
    output reg [7:0] word
);
    always @* (* rom_style = "logic" *) case (index)
        5'd0: word = 8'h7;
        5'd1: word = 8'h17;
        5'd2: word = 8'h25;
        5'd3: word = 8'h31;
        5'd4: word = 8'h3a;
        5'd5: word = 8'h3f;
        5'd6: word = 8'h40;
        5'd7: word = 8'h3d;
        5'd8: word = 8'h37;
        5'd9: word = 8'h2d;
        5'd10: word = 8'h20;
        5'd11: word = 8'h11;
        5'd12: word = 8'h2;
        5'd13: word = 8'hf2;
        5'd14: word = 8'he3;
        5'd15: word = 8'hd6;
        5'd16: word = 8'h2b;
        5'd17: word = 8'h1e;
        5'd18: word = 8'hf;
        5'd19: word = 8'hff;
        5'd20: word = 8'hf0;
        5'd21: word = 8'he1;
        5'd22: word = 8'hd4;
        5'd23: word = 8'hca;
        5'd24: word = 8'hc3;
        5'd25: word = 8'hc0;
        5'd26: word = 8'hc1;
        5'd27: word = 8'hc6;
        5'd28: word = 8'hcf;
        5'd29: word = 8'hda;
        5'd30: word = 8'he8;
        5'd31: word = 8'hf8;
    endcase
endmodule
