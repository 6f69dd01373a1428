// Self-checking bench of shared_model: events with random gaps, every output bit, valid_out
// in every clock. In the folder tb:
//   $ iverilog -g2001 -o bench shared_model_tb.v ../rtl/*.v && vvp bench
//   $ verilator --binary --timing --top-module shared_model_tb shared_model_tb.v ../rtl/*.v
/* verilator lint_off UNUSED */
`timescale 1ns / 1ps
module shared_model_tb;
    localparam EVENTS = 1000, INPUTS = 3, WORDS = 5, LATENCY = 4;
    reg clk = 1'b0;
    always #1.38889 clk = ~clk;

    reg [63:0] vectors [0:EVENTS*WORDS-1];
    initial $readmemh("shared_model_vectors.hex", vectors);

    integer sent = 0, received = 0, errors = 0, cycles = 0;
    reg [31:0] gaps = 32'd1;
    reg sending = 1'b0;
    wire result;
    reg [LATENCY+1:0] history = 0; // bit k: an event went in k + 1 clocks ago
    wire due = LATENCY == 0 ? sending : history[LATENCY > 0 ? LATENCY - 1 : 0];
    reg [63:0] in_0 = 64'd0;
    reg [63:0] in_1 = 64'd0;
    reg [63:0] in_2 = 64'd0;
    wire signed [8:0] out_0;
    wire signed [8:0] out_1;
    wire [63:0] word_0 = {{55{out_0[8]}}, out_0};
    wire [63:0] word_1 = {{55{out_1[8]}}, out_1};

    task check(input integer k, input [63:0] got);
        if (got !== vectors[received*WORDS+INPUTS+k]) begin
            $display("event %0d: output %0d is %h, expected %h", received, k, got,
                     vectors[received*WORDS+INPUTS+k]);
            errors <= errors + 1;
        end
    endtask

    shared_model dut (
        .clk(clk), .valid_in(sending), .valid_out(result),
        .a(in_0[8:0]),
        .b(in_1[8:0]),
        .c(in_2[8:0]),
        .p(out_0),
        .q(out_1)
    );

    always @(posedge clk) begin
        gaps <= {gaps[30:0], gaps[31] ^ gaps[21] ^ gaps[1] ^ gaps[0]};
        history <= {history[LATENCY:0], sending};
        cycles <= cycles + 1;
        sending <= sent < EVENTS && gaps[1:0] != 2'b00;
        if (sent < EVENTS && gaps[1:0] != 2'b00) begin
            in_0 <= vectors[sent*WORDS+0];
            in_1 <= vectors[sent*WORDS+1];
            in_2 <= vectors[sent*WORDS+2];
            sent <= sent + 1;
        end else begin
            in_0 <= {gaps, ~gaps}; // must not matter
            in_1 <= {gaps, ~gaps}; // must not matter
            in_2 <= {gaps, ~gaps}; // must not matter
        end
        if (result !== due) begin
            $display("cycle %0d: valid_out is %b, expected %b", cycles, result, due);
            errors <= errors + 1;
        end else if (due) begin
            check(0, word_0);
            check(1, word_1);
            received <= received + 1;
        end
        if (errors > 20 || received == EVENTS || cycles > 4*EVENTS + LATENCY + 100) begin
            if (errors == 0 && received == EVENTS)
                $display("PASS: %0d events, latency %0d", received, LATENCY);
            else
                $display("FAIL: %0d events, %0d errors", received, errors);
            $finish;
        end
    end
endmodule
