# Catapult: in this folder, catapult -shell -file run_catapult.tcl
options set Input/CppStandard c++11
project new -name symlut_model_ac
solution file add ./symlut_model.cpp -type C++
solution file add ./symlut_model_test.cpp -type C++ -exclude true
solution design set symlut_model -top
directive set -CLOCKS {clk {-CLOCK_PERIOD 5}}
go compile
go assembly
go architect
go extract
