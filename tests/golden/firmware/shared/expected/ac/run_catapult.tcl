# Catapult: in this folder, catapult -shell -file run_catapult.tcl
options set Input/CppStandard c++11
project new -name shared_model_ac
solution file add ./shared_model.cpp -type C++
solution file add ./shared_model_test.cpp -type C++ -exclude true
solution design set shared_model -top
directive set -CLOCKS {clk {-CLOCK_PERIOD 2.77778}}
go compile
go assembly
go architect
go extract
