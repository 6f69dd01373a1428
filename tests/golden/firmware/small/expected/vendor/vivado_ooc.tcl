# Vivado, out of context: vivado -mode batch -source vivado_ooc.tcl
# Reports and checkpoints go to vivado_ooc/ beside this file.
set here [file dirname [file normalize [info script]]]
set out [file join $here vivado_ooc]
file mkdir $out
foreach source [lsort [glob [file join $here .. rtl *.v]]] {
    read_verilog $source
}
read_xdc -mode out_of_context [file join $here symlut_model.xdc]
synth_design -top symlut_model -part xcvu9p-flga2577-2-e -mode out_of_context
report_utilization -file [file join $out utilization_synth.rpt]
opt_design
place_design
phys_opt_design
route_design
report_utilization -hierarchical -file [file join $out utilization.rpt]
report_timing_summary -file [file join $out timing.rpt]
write_checkpoint -force [file join $out routed.dcp]
set slack [get_property SLACK [get_timing_paths]]
puts "worst slack $slack ns of a period of 5 ns"
