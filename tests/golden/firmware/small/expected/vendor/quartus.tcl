# Quartus Prime: quartus_sh -t quartus.tcl [DEVICE]
# The project goes to quartus/ beside this file.
package require ::quartus::project
package require ::quartus::flow
set here [file dirname [file normalize [info script]]]
set device 10AX115N2F45E1SG
if {[info exists quartus(args)] && [llength $quartus(args)] > 0} {
    set device [lindex $quartus(args) 0]
}
set out [file join $here quartus]
file mkdir $out
cd $out
project_new symlut_model -overwrite
set_global_assignment -name DEVICE $device
set_global_assignment -name TOP_LEVEL_ENTITY symlut_model
foreach source [lsort [glob [file join $here .. rtl *.v]]] {
    set_global_assignment -name VERILOG_FILE $source
}
set_global_assignment -name SDC_FILE [file join $here symlut_model.sdc]
set_instance_assignment -name VIRTUAL_PIN ON -to *
set_instance_assignment -name VIRTUAL_PIN OFF -to clk
execute_flow -compile
project_close
