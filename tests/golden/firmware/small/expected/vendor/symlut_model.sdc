# Constraints of symlut_model: one clock; the ports are virtual pins.
create_clock -name clk -period 5 [get_ports clk]
derive_clock_uncertainty
