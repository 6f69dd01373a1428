# Constraints of shared_model: one clock; the ports are virtual pins.
create_clock -name clk -period 2.77778 [get_ports clk]
derive_clock_uncertainty
