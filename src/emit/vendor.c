/* Scripts for the vendors' tools: vendor/vivado_ooc.tcl with NAME.xdc (out of context, synthesis to
 * routing), vendor/quartus.tcl with NAME.sdc. They take the Verilog in rtl/. */
#include "emit/plan.h"

static void emit_xdc(text *out, const symlut_firmware *fw)
{
    text_printf(out,
                "# Constraints of %s out of context: one clock, ports timed as if registers next\n"
                "# to the block drove and took them.\n"
                "create_clock -name clk -period %.6g [get_ports clk]\n"
                "set_property HD.CLK_SRC BUFGCTRL_X0Y0 [get_ports clk]\n"
                "set_input_delay -clock clk 0 [filter [all_inputs] {NAME != clk}]\n"
                "set_output_delay -clock clk 0 [all_outputs]\n",
                fw->name, 1000 / fw->clock_mhz);
}

static void emit_vivado(text *out, const symlut_firmware *fw)
{
    text_printf(out,
                "# Vivado, out of context: vivado -mode batch -source vivado_ooc.tcl\n"
                "# Reports and checkpoints go to vivado_ooc/ beside this file.\n"
                "set here [file dirname [file normalize [info script]]]\n"
                "set out [file join $here vivado_ooc]\n"
                "file mkdir $out\n"
                "foreach source [lsort [glob [file join $here .. rtl *.v]]] {\n"
                "    read_verilog $source\n}\n"
                "read_xdc -mode out_of_context [file join $here %s.xdc]\n"
                "synth_design -top %s -part %s -mode out_of_context\n"
                "report_utilization -file [file join $out utilization_synth.rpt]\n"
                "opt_design\nplace_design\nphys_opt_design\nroute_design\n"
                "report_utilization -hierarchical -file [file join $out utilization.rpt]\n"
                "report_timing_summary -file [file join $out timing.rpt]\n"
                "write_checkpoint -force [file join $out routed.dcp]\n"
                "set slack [get_property SLACK [get_timing_paths]]\n"
                "puts \"worst slack $slack ns of a period of %.6g ns\"\n",
                fw->name, fw->name, vendor_part(fw->part), 1000 / fw->clock_mhz);
}

static void emit_sdc(text *out, const symlut_firmware *fw)
{
    text_printf(out,
                "# Constraints of %s: one clock; the ports are virtual pins.\n"
                "create_clock -name clk -period %.6g [get_ports clk]\n"
                "derive_clock_uncertainty\n",
                fw->name, 1000 / fw->clock_mhz);
}

static void emit_quartus(text *out, const symlut_firmware *fw)
{
    text_printf(out,
                "# Quartus Prime: quartus_sh -t quartus.tcl [DEVICE]\n"
                "# The project goes to quartus/ beside this file.\n"
                "package require ::quartus::project\npackage require ::quartus::flow\n"
                "set here [file dirname [file normalize [info script]]]\n"
                "set device 10AX115N2F45E1SG\n"
                "if {[info exists quartus(args)] && [llength $quartus(args)] > 0} {\n"
                "    set device [lindex $quartus(args) 0]\n}\n"
                "set out [file join $here quartus]\n"
                "file mkdir $out\ncd $out\n"
                "project_new %s -overwrite\n"
                "set_global_assignment -name DEVICE $device\n"
                "set_global_assignment -name TOP_LEVEL_ENTITY %s\n"
                "foreach source [lsort [glob [file join $here .. rtl *.v]]] {\n"
                "    set_global_assignment -name VERILOG_FILE $source\n}\n"
                "set_global_assignment -name SDC_FILE [file join $here %s.sdc]\n"
                "set_instance_assignment -name VIRTUAL_PIN ON -to *\n"
                "set_instance_assignment -name VIRTUAL_PIN OFF -to clk\n"
                "execute_flow -compile\nproject_close\n",
                fw->name, fw->name, fw->name);
}

symlut_status emit_vendor(emit_files *set, const symlut_firmware *fw, symlut_error *err)
{
    emit_xdc(emit_files_add(set, "vendor/%s.xdc", fw->name), fw);
    emit_vivado(emit_files_add(set, "vendor/vivado_ooc.tcl"), fw);
    emit_sdc(emit_files_add(set, "vendor/%s.sdc", fw->name), fw);
    emit_quartus(emit_files_add(set, "vendor/quartus.tcl"), fw);
    return emit_files_status(set, err);
}
