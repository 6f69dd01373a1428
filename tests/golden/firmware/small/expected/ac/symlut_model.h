// symlut_model: made by symlut 0.1.0.
#ifndef symlut_model_AC_H
#define symlut_model_AC_H

#include <ac_fixed.h>
#include <ac_int.h>

// One event: inputs by value, results by reference; a new event every clock.
void symlut_model(
    ac_fixed<10, 4, true> x0,
    ac_fixed<10, 4, true> x1,
    ac_fixed<10, 4, true> &y
);

#endif
