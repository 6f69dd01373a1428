// shared_model: made by symlut 0.1.0.
#ifndef shared_model_AC_H
#define shared_model_AC_H

#include <ac_fixed.h>
#include <ac_int.h>

// One event: inputs by value, results by reference; a new event every clock.
void shared_model(
    ac_fixed<9, 4, true> a,
    ac_fixed<9, 4, true> b,
    ac_fixed<9, 4, true> c,
    ac_fixed<9, 4, true> &p,
    ac_fixed<9, 4, true> &q
);

#endif
