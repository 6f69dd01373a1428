/* The Verilog as Yosys maps it to the cells of the part, with Yosys' own models of the cells, under
 * Verilator. Its 5.006 stops with an internal error in the optimisation of gates where a carry cell
 * adds constants (and without that optimisation its answers are wrong): such a netlist runs under
 * Icarus, which takes up to 80 ms a vector. */
#include "tool/verify.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "tool/synth.h"

enum { NETLIST_VECTORS = 10000 };

/* Yosys has no model of the UltraScale+ DSP: multiplications go into LUTs here. Where the models
 * of the other cells lie is what Yosys prints when it reads them. */
static symlut_status synthesise(const form_run *run, arena *memory, symlut_error *err)
{
    char *script = work_path(memory, run, "netlist.ys");
    char *commands = arena_printf(memory,
                                  "script read.ys\n"
                                  "synth_xilinx -family xcup -flatten -nodsp -top %s\n"
                                  "write_verilog -noattr netlist.v\ndesign -reset\n"
                                  "tee -o cells.txt read_verilog -lib +/xilinx/cells_sim.v\n",
                                  run->fw->name);
    if (memory->failed)
        return error_memory(err);
    process_options here = run->process;
    here.directory = run->work;
    const char *argv[] = {"yosys", "-q", "-s", "netlist.ys", NULL};
    symlut_status status = synth_copy_sources(run->work, run->dir, err);
    if (status == SYMLUT_OK)
        status = file_write(script, commands, strlen(commands), err);
    return status == SYMLUT_OK ? process_check(argv, &here, err) : status;
}

/* The path in "... Verilog-2005 frontend: PATH". */
static symlut_status find_cells(const char **path, const form_run *run, arena *memory,
                                symlut_error *err)
{
    static const char before[] = "frontend: ";
    char *log = work_path(memory, run, "cells.txt"), *printed = NULL;
    size_t length;
    symlut_status status = log ? file_read(&printed, &length, log, err) : error_memory(err);
    const char *at = printed ? strstr(printed, before) : NULL;
    at = at ? at + sizeof before - 1 : NULL;
    *path = at ? arena_strndup(memory, at, strcspn(at, "\n")) : NULL;
    if (status == SYMLUT_OK && !*path)
        status =
            error_set(err, SYMLUT_TOOL,
                      "Yosys does not say where its models of the cells are: '%.200s'", printed);
    free(printed);
    return status;
}

/* "Yosys 0.23, Verilator 5.006" */
static symlut_status name_tools(form_run *run, symlut_status (*simulator)(char **, symlut_error *),
                                symlut_error *err)
{
    char *yosys = NULL, *version = NULL;
    symlut_status status = synth_version(&yosys, "yosys", err);
    if (status == SYMLUT_OK)
        status = simulator(&version, err);
    if (status == SYMLUT_OK) {
        text tool = {0};
        text_printf(&tool, "%s, %s", yosys, version);
        free(run->tool);
        run->tool = text_take(&tool);
        status = run->tool ? SYMLUT_OK : error_memory(err);
    }
    free(yosys);
    free(version);
    return status;
}

static symlut_status simulate(form_run *run, const char *const *sources, size_t count,
                              symlut_error *err)
{
    symlut_status status = name_tools(run, verilator_version, err);
    if (status == SYMLUT_OK)
        status = verilator_run(run, "netlist", sources, count, err);
    if (status != SYMLUT_TOOL)
        return status;
    free(run->out);
    run->out = NULL;
    status = name_tools(run, icarus_version, err);
    return status == SYMLUT_OK ? icarus_run(run, "netlist", sources, count, err) : status;
}

symlut_status run_netlist(form_run *run, symlut_error *err)
{
    arena memory = {0};
    const char *sources[2] = {work_path(&memory, run, "netlist.v"), NULL};
    symlut_status status = sources[0] ? SYMLUT_OK : error_memory(err);
    if (status == SYMLUT_OK)
        status = form_choose_rows(run, NETLIST_VECTORS, err);
    if (status == SYMLUT_OK)
        status = synthesise(run, &memory, err);
    if (status == SYMLUT_OK)
        status = find_cells(&sources[1], run, &memory, err);
    if (status == SYMLUT_OK)
        status = simulate(run, sources, 2, err);
    arena_free(&memory);
    return status;
}
