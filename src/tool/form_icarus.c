/* The Verilog under Icarus, a second opinion beside Verilator: with four values, so that an unknown
 * bit shows. */
#include "tool/clocked.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

static void connect_ports(text *t, const graph_port *ports, uint32_t count, const char *bus)
{
    int high = clocked_width(ports, count) - 1;
    for (uint32_t k = 0; k < count; high -= ports[k++].fmt.width)
        text_printf(t, ",\n        .%s(%s[%d:%d])", ports[k].name, bus, high,
                    high - ports[k].fmt.width + 1);
}

/* The inputs are unknown until time 1: an always @* (a table) only runs when its operands change,
 * so that with inputs from their declaration on it could keep its unknown word for many clocks. */
static const char bench_process[] = "    integer inputs, outputs, read;\n"
                                    "    initial begin\n"
                                    "        #1;\n"
                                    "        inputs = $fopen(\"in\", \"r\");\n"
                                    "        outputs = $fopen(\"out\", \"w\");\n"
                                    "        read = $fscanf(inputs, \"%b\\n\", line);\n"
                                    "        while (read == 1) begin\n"
                                    "            #1;\n"
                                    "            if (valid_out === 1'b0)\n"
                                    "                $fwrite(outputs, \"0\\n\");\n"
                                    "            else\n"
                                    "                $fwrite(outputs, \"%b%b\\n\", valid_out, o);\n"
                                    "            clk = 1'b1;\n"
                                    "            #1;\n"
                                    "            clk = 1'b0;\n"
                                    "            read = $fscanf(inputs, \"%b\\n\", line);\n"
                                    "        end\n"
                                    "        $fclose(outputs);\n"
                                    "        $finish;\n"
                                    "    end\n"
                                    "endmodule\n";

static symlut_status write_bench(const form_run *run, const char *path, symlut_error *err)
{
    const graph *g = run->fw->g;
    int in = clocked_width(g->inputs, g->input_count);
    int out = clocked_width(g->outputs, g->output_count);
    text t = {0};
    text_printf(&t,
                "`timescale 1ns / 1ps\nmodule verify_bench;\n    reg clk = 1'b0;\n"
                "    reg [%d:0] line; // valid_in, inputs\n    wire valid_out;\n"
                "    wire [%d:0] o;\n"
                "    %s dut (.clk(clk), .valid_in(line[%d]), .valid_out(valid_out)",
                in, out - 1, run->fw->name, in);
    connect_ports(&t, g->inputs, g->input_count, "line");
    connect_ports(&t, g->outputs, g->output_count, "o");
    text_append(&t, ");\n");
    text_append(&t, bench_process);
    symlut_status status = t.failed ? error_memory(err) : file_write(path, t.data, t.length, err);
    text_free(&t);
    return status;
}

/* Compiles bench.v with the sources and runs it on the form's vectors. */
static symlut_status simulate(form_run *run, const char *form, const char *const *sources,
                              size_t count, arena *memory, symlut_error *err)
{
    char *bench = work_path(memory, run, "bench.v");
    char *in = work_path(memory, run, "in"), *out = work_path(memory, run, "out");
    if (memory->failed)
        return error_memory(err);
    const char *compile[8 + SOURCE_LIMIT] = {"iverilog", "-g2012",       "-o",     "bench",
                                             "-s",       "verify_bench", "bench.v"};
    for (size_t i = 0; i < count && i < SOURCE_LIMIT; i++)
        compile[7 + i] = sources[i];
    const char *execute[] = {"vvp", "-n", "bench", NULL};
    process_options here = run->process;
    here.directory = run->work;
    clocked_stimulus s = {0};
    run->latency = -1;
    symlut_status status = write_bench(run, bench, err);
    if (status == SYMLUT_OK)
        status = clocked_write(&s, run, in, err);
    if (status == SYMLUT_OK)
        status = process_check(compile, &here, err);
    if (status == SYMLUT_OK)
        status = process_check(execute, &here, err);
    if (status == SYMLUT_OK)
        status = clocked_read(run, &s, form, out, err);
    free(s.sent);
    return status;
}

/* "Icarus Verilog 11.0" of "Icarus Verilog version 11.0 (stable) ()" */
symlut_status icarus_version(char **version, symlut_error *err)
{
    static const char word[] = "version ";
    symlut_status status = process_version(version, "iverilog", "-V", err);
    char *at = *version ? strstr(*version, word) : NULL;
    if (at)
        memmove(at, at + sizeof word - 1, strlen(at + sizeof word - 1) + 1);
    char *end = *version ? strstr(*version, " (") : NULL;
    if (end)
        *end = '\0';
    return status;
}

symlut_status icarus_run(form_run *run, const char *form, const char *const *sources, size_t count,
                         symlut_error *err)
{
    arena memory = {0};
    symlut_status status = simulate(run, form, sources, count, &memory, err);
    arena_free(&memory);
    return status;
}

symlut_status run_icarus(form_run *run, symlut_error *err)
{
    arena memory = {0};
    const char *sources[SOURCE_LIMIT];
    size_t count = 0;
    symlut_status status = icarus_version(&run->tool, err);
    if (status == SYMLUT_OK)
        status = form_sources(sources, &count, run, &memory, err);
    if (status == SYMLUT_OK)
        status = icarus_run(run, "icarus", sources, count, err);
    arena_free(&memory);
    return status;
}
