/* The Verilog as Yosys maps it to the cells of the part, with Yosys' own models of the cells, under
 * Verilator. Its 5.006 stops with an internal error in the optimisation of gates where a carry cell
 * adds constants (and without that optimisation its answers are wrong), and computes some netlists
 * wrongly. So what it cannot run, and what differs under it, runs under Icarus, which decides; it
 * takes up to 80 ms a vector. */
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

typedef struct simulator {
    symlut_status (*version)(char **version, symlut_error *err);
    symlut_status (*run)(form_run *run, const char *form, const char *const *sources, size_t count,
                         symlut_error *err);
    char *name;  /* "Verilator 5.006", or NULL where it did not say */
    char *label; /* "netlist under Verilator 5.006" */
    symlut_error err;
} simulator;

/* run->tool becomes "Yosys 0.23, Verilator 5.006". */
static symlut_status name_tools(form_run *run, simulator *s)
{
    char *yosys = NULL;
    symlut_status status = synth_version(&yosys, "yosys", &s->err);
    if (status == SYMLUT_OK)
        status = s->version(&s->name, &s->err);
    if (status == SYMLUT_OK) {
        text tool = {0}, label = {0};
        text_printf(&tool, "%s, %s", yosys, s->name);
        text_printf(&label, "netlist under %s", s->name);
        free(run->tool);
        run->tool = text_take(&tool);
        s->label = text_take(&label);
        status = run->tool && s->label ? SYMLUT_OK : error_memory(&s->err);
    }
    free(yosys);
    return status;
}

static symlut_status pass_on(symlut_error *err, const symlut_error *from, symlut_status status)
{
    if (err)
        *err = *from;
    return status;
}

/* SYMLUT_OK: the netlist equals the graph under this simulator; SYMLUT_NO: it does not. */
static symlut_status judge(form_run *run, simulator *s, const char *const *sources, size_t count)
{
    free(run->out);
    run->out = NULL;
    symlut_status status = name_tools(run, s);
    if (status == SYMLUT_OK)
        status = s->run(run, s->label, sources, count, &s->err);
    return status == SYMLUT_OK ? form_compare(run, s->label, &s->err) : status;
}

/* The netlist equals the graph under Icarus, after Verilator found a difference or failed. */
static symlut_status note_verilator(form_run *run, const simulator *verilator,
                                    const simulator *icarus, bool differs, symlut_error *err)
{
    text note = {0};
    if (differs)
        text_printf(&note, "%s, which decides, finds every bit equal; %.700s", icarus->name,
                    verilator->err.message);
    else
        text_printf(&note, "run under %s, as %s stopped: %.*s", icarus->name,
                    verilator->name ? verilator->name : "Verilator",
                    (int)strcspn(verilator->err.message, "\n"), verilator->err.message);
    run->note = text_take(&note);
    return run->note ? SYMLUT_OK : error_memory(err);
}

static symlut_status decide(form_run *run, simulator *verilator, simulator *icarus,
                            const char *const *sources, size_t count, symlut_error *err)
{
    symlut_status first = judge(run, verilator, sources, count);
    bool differs = first == SYMLUT_NO;
    if (first == SYMLUT_OK)
        return SYMLUT_OK;
    if (!differs && first != SYMLUT_TOOL)
        return pass_on(err, &verilator->err, first);
    symlut_status second = judge(run, icarus, sources, count);
    if (second == SYMLUT_OK)
        return note_verilator(run, verilator, icarus, differs, err);
    if (differs && second == SYMLUT_NO)
        return error_set(err, SYMLUT_NO, "%s and %s both find a difference: %.900s",
                         verilator->name, icarus->name, icarus->err.message);
    if (differs && second == SYMLUT_TOOL)
        return error_set(err, SYMLUT_TOOL,
                         "%s finds a difference, and Icarus, which decides, could not be run: "
                         "%.400s; %.400s",
                         verilator->name, icarus->err.message, verilator->err.message);
    return pass_on(err, &icarus->err, second);
}

static symlut_status simulate(form_run *run, const char *const *sources, size_t count,
                              symlut_error *err)
{
    simulator verilator = {.version = verilator_version, .run = verilator_run};
    simulator icarus = {.version = icarus_version, .run = icarus_run};
    symlut_status status = decide(run, &verilator, &icarus, sources, count, err);
    free(verilator.name);
    free(verilator.label);
    free(icarus.name);
    free(icarus.label);
    return status;
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
