/* The VHDL under GHDL. The bench reads one line per clock (valid_in and the bits of all inputs) and
 * writes one (valid_out and, with it, the bits of all outputs); what the lines mean is decided
 * here: random gaps with garbage on the inputs, no reset, registers undefined at the start. */
#include "tool/verify.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tool/clocked.h"

/* GHDL takes some 1.5 us for each node and vector, so the work is limited to about 15 s: vectors
 * times nodes at most WORK, but at least LEAST and at most MOST vectors. */
enum { WORK = 10000000, LEAST = 2000, MOST = 50000 };

static size_t vector_limit(const graph *g)
{
    size_t limit = WORK / ((size_t)g->count + 1);
    return limit < LEAST ? LEAST : limit > MOST ? MOST : limit;
}

static void bench_signals(text *t, const symlut_firmware *fw)
{
    const graph *g = fw->g;
    text_printf(t,
                "library ieee;\nuse ieee.std_logic_1164.all;\nuse ieee.numeric_std.all;\n"
                "use std.textio.all;\n\nentity %s_bench is\nend %s_bench;\n\n"
                "architecture bench of %s_bench is\n    signal clk, v, w : std_logic := '0';\n"
                "    signal i : std_logic_vector(1 to %d);\n"
                "    signal o : std_logic_vector(1 to %d);\n",
                fw->name, fw->name, fw->name, clocked_width(g->inputs, g->input_count) + 1,
                clocked_width(g->outputs, g->output_count) + 1);
    for (uint32_t k = 0; k < g->input_count; k++)
        text_printf(t, "    signal i%u : %ssigned(%d downto 0);\n", k,
                    g->inputs[k].fmt.is_signed ? "" : "un", g->inputs[k].fmt.width - 1);
    for (uint32_t k = 0; k < g->output_count; k++)
        text_printf(t, "    signal o%u : %ssigned(%d downto 0);\n", k,
                    g->outputs[k].fmt.is_signed ? "" : "un", g->outputs[k].fmt.width - 1);
}

static void bench_wires(text *t, const symlut_firmware *fw)
{
    const graph *g = fw->g;
    text_printf(t,
                "begin\n    dut : entity work.%s port map (clk => clk, valid_in => v, "
                "valid_out => w",
                fw->name);
    for (uint32_t k = 0; k < g->input_count; k++)
        text_printf(t, ",\n        %s => i%u", g->inputs[k].name, k);
    for (uint32_t k = 0; k < g->output_count; k++)
        text_printf(t, ",\n        %s => o%u", g->outputs[k].name, k);
    text_append(t, ");\n");
    int from = 1;
    for (uint32_t k = 0; k < g->input_count; from += g->inputs[k++].fmt.width)
        text_printf(t, "    i%u <= %ssigned(i(%d to %d));\n", k,
                    g->inputs[k].fmt.is_signed ? "" : "un", from,
                    from + g->inputs[k].fmt.width - 1);
    from = 1;
    for (uint32_t k = 0; k < g->output_count; from += g->outputs[k++].fmt.width)
        text_printf(t, "    o(%d to %d) <= std_logic_vector(o%u);\n", from,
                    from + g->outputs[k].fmt.width - 1, k);
}

static const char bench_process[] =
    "    process\n"
    "        file inputs : text open read_mode is \"in\";\n"
    "        file outputs : text open write_mode is \"out\";\n"
    "        type characters is array (std_ulogic) of character;\n"
    "        constant written : characters := \"UX01ZWLH-\";\n"
    "        variable l : line;\n"
    "        variable bits : std_logic_vector(1 to WIDTH_IN);\n"
    "    begin\n"
    "        while not endfile(inputs) loop\n"
    "            readline(inputs, l);\n"
    "            for k in 1 to WIDTH_IN loop\n"
    "                if l(k + 1) = '1' then bits(k) := '1'; else bits(k) := '0'; end if;\n"
    "            end loop;\n"
    "            i(1 to WIDTH_IN) <= bits;\n"
    "            if l(1) = '1' then v <= '1'; else v <= '0'; end if;\n"
    "            deallocate(l);\n"
    "            wait for 1 ns;\n"
    "            if w = '0' then\n"
    "                l := new string'(\"0\");\n"
    "            else\n"
    "                l := new string(1 to WIDTH_OUT + 1);\n"
    "                l(1) := written(w);\n"
    "                for k in 1 to WIDTH_OUT loop\n"
    "                    l(k + 1) := written(o(k));\n"
    "                end loop;\n"
    "            end if;\n"
    "            writeline(outputs, l);\n"
    "            clk <= '1';\n"
    "            wait for 1 ns;\n"
    "            clk <= '0';\n"
    "        end loop;\n"
    "        wait;\n"
    "    end process;\n"
    "end bench;\n";

static symlut_status write_bench(const form_run *run, const char *path, symlut_error *err)
{
    const graph *g = run->fw->g;
    text t = {0};
    bench_signals(&t, run->fw);
    text_printf(
        &t, "    constant WIDTH_IN : natural := %d;\n    constant WIDTH_OUT : natural := %d;\n",
        clocked_width(g->inputs, g->input_count), clocked_width(g->outputs, g->output_count));
    bench_wires(&t, run->fw);
    text_append(&t, bench_process);
    symlut_status status = t.failed ? error_memory(err) : file_write(path, t.data, t.length, err);
    text_free(&t);
    return status;
}

static symlut_status simulate(form_run *run, arena *memory, symlut_error *err)
{
    char *model = arena_printf(memory, "%s/vhdl/%s.vhd", run->dir, run->fw->name);
    char *bench = arena_printf(memory, "%s_bench", run->fw->name);
    char *source = work_path(memory, run, "bench.vhd");
    if (memory->failed)
        return error_memory(err);
    process_options here = run->process;
    here.directory = run->work;
    const char *analyse[] = {"ghdl", "-a", "-O2", "--std=93", model, "bench.vhd", NULL};
    /* before the first event registers are undefined, of which numeric_std would warn */
    const char *execute[] = {"ghdl", "--elab-run", "--std=93", bench, "--ieee-asserts=disable",
                             NULL};
    symlut_status status = write_bench(run, source, err);
    if (status == SYMLUT_OK)
        status = process_check(analyse, &here, err);
    return status == SYMLUT_OK ? process_check(execute, &here, err) : status;
}

/* "GHDL 2.0.0, llvm" of "GHDL 2.0.0 (Debian …" and, two lines below, " llvm code generator" */
static symlut_status ghdl_version(char **version, const process_options *options, symlut_error *err)
{
    static const char *const back_ends[] = {"mcode", "llvm", "gcc"};
    static const char *const ask[] = {"ghdl", "--version", NULL};
    process_result printed;
    symlut_status status = process_run(&printed, ask, options, err);
    if (status != SYMLUT_OK)
        return status;
    const char *all = printed.output ? printed.output : "", *back_end = NULL;
    for (size_t i = 0; i < sizeof back_ends / sizeof *back_ends; i++) {
        if (strstr(all, back_ends[i]))
            back_end = back_ends[i];
    }
    text t = {0};
    const char *end = strstr(all, " (");
    text_append_n(&t, all, end ? (size_t)(end - all) : strcspn(all, "\n"));
    if (back_end)
        text_printf(&t, ", %s", back_end);
    process_result_free(&printed);
    *version = t.data;
    return t.failed ? error_memory(err) : SYMLUT_OK;
}

symlut_status run_vhdl(form_run *run, symlut_error *err)
{
    arena memory = {0};
    clocked_stimulus s = {0};
    run->latency = -1;
    symlut_status status = ghdl_version(&run->tool, &run->process, err);
    char *in = work_path(&memory, run, "in"), *out = work_path(&memory, run, "out");
    if (status == SYMLUT_OK && memory.failed)
        status = error_memory(err);
    if (status == SYMLUT_OK)
        status = form_choose_rows(run, vector_limit(run->fw->g), err);
    if (status == SYMLUT_OK)
        status = clocked_write(&s, run, in, err);
    if (status == SYMLUT_OK)
        status = simulate(run, &memory, err);
    if (status == SYMLUT_OK)
        status = clocked_read(run, &s, "vhdl", out, err);
    free(s.sent);
    arena_free(&memory);
    return status;
}
