/* Test benches: tb/NAME_vectors.hex, tb/NAME_tb.v, tb/NAME_test.c. (The HLS test,
 * hls/NAME_test.cpp, reads the same vectors.)
 *
 * A line of the vectors is one event: its inputs, then its outputs, in the order of the ports, each
 * a 64-bit two's complement word of 16 hexadecimal digits. */
#include "emit/emit.h"
#include "emit/vectors.h"

#include <inttypes.h>
#include <stdio.h>

enum { VECTOR_COUNT = 1000, VECTOR_SEED = 1 };

static void emit_vectors(text *out, const graph *g, const vectors *v)
{
    for (size_t row = 0; row < v->rows; row++) {
        for (uint32_t i = 0; i < g->input_count; i++)
            text_printf(out, "%s%016" PRIx64, i ? " " : "",
                        (uint64_t)v->in[(size_t)i * v->rows + row]);
        for (uint32_t i = 0; i < g->output_count; i++)
            text_printf(out, "%s%016" PRIx64, i || g->input_count ? " " : "",
                        (uint64_t)v->out[(size_t)i * v->rows + row]);
        text_append(out, "\n");
    }
}

/* The 64-bit two's complement word of a port. */
static void emit_word(text *out, const graph_port *port)
{
    int width = port->fmt.width;
    if (width == 64)
        text_append(out, port->name);
    else if (port->fmt.is_signed)
        text_printf(out, "{{%d{%s[%d]}}, %s}", 64 - width, port->name, width - 1, port->name);
    else
        text_printf(out, "{%d'd0, %s}", 64 - width, port->name);
}

static void emit_bench_head(text *out, const symlut_firmware *fw)
{
    const graph *g = fw->g;
    const char *name = fw->name;
    text_printf(
        out,
        "// Self-checking bench of %s: events with random gaps, every output bit, valid_out\n"
        "// in every clock. In the folder tb:\n"
        "//   $ iverilog -g2001 -o bench %s_tb.v ../rtl/*.v && vvp bench\n"
        "//   $ verilator --binary --timing --top-module %s_tb %s_tb.v ../rtl/*.v\n"
        "/* verilator lint_off UNUSED */\n`timescale 1ns / 1ps\nmodule %s_tb;\n"
        "    localparam EVENTS = %d, INPUTS = %u, WORDS = %u, LATENCY = %d;\n"
        "    reg clk = 1'b0;\n    always #%.6g clk = ~clk;\n\n"
        "    reg [63:0] vectors [0:EVENTS*WORDS-1];\n"
        "    initial $readmemh(\"%s_vectors.hex\", vectors);\n\n"
        "    integer sent = 0, received = 0, errors = 0, cycles = 0;\n"
        "    reg [31:0] gaps = 32'd1;\n"
        "    reg sending = 1'b0;\n    wire result;\n"
        "    reg [LATENCY+1:0] history = 0; // bit k: an event went in k + 1 clocks ago\n"
        "    wire due = LATENCY == 0 ? sending : history[LATENCY > 0 ? LATENCY - 1 : 0];\n",
        name, name, name, name, name, VECTOR_COUNT, g->input_count,
        g->input_count + g->output_count, g->latency, 500 / fw->clock_mhz, name);
}

/* Everything happens at the rising edge, with non-blocking assignments: no races. */
static void emit_bench_body(text *out, const graph *g)
{
    text_append(out, "\n    always @(posedge clk) begin\n"
                     "        gaps <= {gaps[30:0], gaps[31] ^ gaps[21] ^ gaps[1] ^ gaps[0]};\n"
                     "        history <= {history[LATENCY:0], sending};\n"
                     "        cycles <= cycles + 1;\n"
                     "        sending <= sent < EVENTS && gaps[1:0] != 2'b00;\n"
                     "        if (sent < EVENTS && gaps[1:0] != 2'b00) begin\n");
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(out, "            in_%u <= vectors[sent*WORDS+%u];\n", i, i);
    text_append(out, "            sent <= sent + 1;\n        end else begin\n");
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(out, "            in_%u <= {gaps, ~gaps}; // must not matter\n", i);
    text_append(out,
                "        end\n"
                "        if (result !== due) begin\n"
                "            $display(\"cycle %0d: valid_out is %b, expected %b\", cycles, result, "
                "due);\n"
                "            errors <= errors + 1;\n        end else if (due) begin\n");
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(out, "            check(%u, word_%u);\n", i, i);
    text_append(
        out, "            received <= received + 1;\n        end\n"
             "        if (errors > 20 || received == EVENTS || cycles > 4*EVENTS + LATENCY + 100) "
             "begin\n"
             "            if (errors == 0 && received == EVENTS)\n"
             "                $display(\"PASS: %0d events, latency %0d\", received, LATENCY);\n"
             "            else\n"
             "                $display(\"FAIL: %0d events, %0d errors\", received, errors);\n"
             "            $finish;\n        end\n    end\nendmodule\n");
}

static void emit_bench(text *out, const symlut_firmware *fw)
{
    const graph *g = fw->g;
    emit_bench_head(out, fw);
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(out, "    reg [63:0] in_%u = 64'd0;\n", i);
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(out, "    wire%s [%d:0] out_%u;\n",
                    g->outputs[i].fmt.is_signed ? " signed" : "", g->outputs[i].fmt.width - 1, i);
    for (uint32_t i = 0; i < g->output_count; i++) {
        char name[32];
        snprintf(name, sizeof name, "out_%u", i);
        text_printf(out, "    wire [63:0] word_%u = ", i);
        emit_word(out, &(graph_port){.name = name, .fmt = g->outputs[i].fmt});
        text_append(out, ";\n");
    }
    text_append(out, "\n    task check(input integer k, input [63:0] got);\n"
                     "        if (got !== vectors[received*WORDS+INPUTS+k]) begin\n"
                     "            $display(\"event %0d: output %0d is %h, expected %h\", received, "
                     "k, got,\n                     vectors[received*WORDS+INPUTS+k]);\n"
                     "            errors <= errors + 1;\n        end\n    endtask\n\n");
    text_printf(out, "    %s dut (\n        .clk(clk), .valid_in(sending), .valid_out(result)",
                fw->name);
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(out, ",\n        .%s(in_%u[%d:0])", g->inputs[i].name, i,
                    g->inputs[i].fmt.width - 1);
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(out, ",\n        .%s(out_%u)", g->outputs[i].name, i);
    text_append(out, "\n    );\n");
    emit_bench_body(out, g);
}

static void emit_c_test(text *out, const symlut_firmware *fw)
{
    const char *name = fw->name;
    unsigned inputs = fw->g->input_count, outputs = fw->g->output_count;
    text_printf(out,
                "/* Self-checking test of the C emulator. In the folder tb:\n"
                " *   cc -I ../c -o test %s_test.c ../c/%s.c && ./test */\n"
                "#include <stdio.h>\n\n#include \"%s.h\"\n\n"
                "enum { INPUTS = %u, OUTPUTS = %u };\n\n"
                "/* 0: no further word */\n"
                "static int read_word(FILE *f, int64_t *word)\n{\n"
                "    unsigned long long w;\n"
                "    if (fscanf(f, \"%%llx\", &w) != 1)\n        return 0;\n"
                "    *word = (int64_t)w;\n    return 1;\n}\n\n"
                "int main(int argc, char **argv)\n{\n"
                "    FILE *f = fopen(argc > 1 ? argv[1] : \"%s_vectors.hex\", \"r\");\n"
                "    int64_t words[INPUTS + OUTPUTS], out[OUTPUTS];\n"
                "    long events = 0, errors = 0;\n    int k;\n"
                "    if (!f) {\n        printf(\"FAIL: cannot open the vectors\\n\");\n"
                "        return 1;\n    }\n    for (;;) {\n"
                "        for (k = 0; k < INPUTS + OUTPUTS && read_word(f, &words[k]); k++)\n"
                "            ;\n        if (k < INPUTS + OUTPUTS)\n            break;\n"
                "        %s_eval(words, out);\n"
                "        for (k = 0; k < OUTPUTS; k++) {\n"
                "            if (out[k] != words[INPUTS + k]) {\n"
                "                printf(\"event %%ld: output %%d is %%lld, expected %%lld\\n\", "
                "events, k,\n"
                "                       (long long)out[k], (long long)words[INPUTS + k]);\n"
                "                errors++;\n            }\n        }\n        events++;\n    }\n"
                "    fclose(f);\n"
                "    printf(\"%%s: %%ld events, %%ld errors\\n\", errors || !events ? \"FAIL\" : "
                "\"PASS\", events,\n           errors);\n"
                "    return errors || !events ? 1 : 0;\n}\n",
                name, name, name, inputs, outputs, name, name);
}

symlut_status emit_tb(emit_files *set, const symlut_firmware *fw, symlut_error *err)
{
    vectors v;
    symlut_status status = vectors_new(&v, fw->g, VECTOR_COUNT, err);
    if (status != SYMLUT_OK)
        return status;
    vectors_fill(&v, 0, fw, VECTOR_SEED);
    status = vectors_evaluate(&v, fw->g, err);
    if (status == SYMLUT_OK) {
        emit_vectors(emit_files_add(set, "tb/%s_vectors.hex", fw->name), fw->g, &v);
        emit_bench(emit_files_add(set, "tb/%s_tb.v", fw->name), fw);
        emit_c_test(emit_files_add(set, "tb/%s_test.c", fw->name), fw);
        status = emit_files_status(set, err);
    }
    vectors_free(&v);
    return status;
}
