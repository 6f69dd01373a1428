# Vitis HLS: in this folder, vitis_hls -f run_hls.tcl
open_project -reset shared_model_hls
set_top shared_model
add_files shared_model.cpp
add_files -tb shared_model_test.cpp
add_files -tb ../tb/shared_model_vectors.hex
open_solution -reset solution1
set_part {xcvu9p-flga2577-2-e}
create_clock -period 2.77778 -name default
csim_design
csynth_design
cosim_design
export_design -format ip_catalog
exit
