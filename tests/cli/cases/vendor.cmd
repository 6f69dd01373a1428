# the vendors' scripts under Yosys' Tcl: every command they call, with the files there
printf 'y = sin(a) + 0.3*b\n' >eq.txt
symlut compile eq.txt -o fw --clock 320MHz --names a,b --quiet >/dev/null
cat >check.tcl <<'TCL'
proc show {name args} {
    foreach a $args {
        if {[regexp {\.(v|xdc|sdc)$} $a] && ![file exists $a]} { puts "MISSING $a" }
    }
    puts "$name [lmap a $args {expr {[string match /* $a] ? [file tail $a] : $a}}]"
}
foreach name {read_verilog read_xdc synth_design report_utilization opt_design place_design
    phys_opt_design route_design report_timing_summary write_checkpoint create_clock set_property
    set_input_delay set_output_delay project_new set_global_assignment set_instance_assignment
    execute_flow project_close derive_clock_uncertainty} {
    proc $name args "show $name {*}\$args"
}
foreach name {get_ports all_inputs all_outputs get_timing_paths filter} { proc $name args { return ports } }
proc get_property args { return 0.5 }
rename package real_package
proc package args {}
set top [pwd]
foreach script {vivado_ooc.tcl symlut_model.xdc quartus.tcl symlut_model.sdc} {
    puts "== $script"
    source [file join $top fw vendor $script]
}
TCL
yosys -q -c check.tcl
c++ -std=c++17 -Wall -Wextra -pedantic -Werror -c fw/cpp/symlut_model_emulator.cpp -o emulator.o
symlut verify fw --forms cpp --vectors 2000 --quiet --json | grep '"equal"' | sort -u
