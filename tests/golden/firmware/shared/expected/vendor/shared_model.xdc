# Constraints of shared_model out of context: one clock, ports timed as if registers next
# to the block drove and took them.
create_clock -name clk -period 2.77778 [get_ports clk]
set_property HD.CLK_SRC BUFGCTRL_X0Y0 [get_ports clk]
set_input_delay -clock clk 0 [filter [all_inputs] {NAME != clk}]
set_output_delay -clock clk 0 [all_outputs]
