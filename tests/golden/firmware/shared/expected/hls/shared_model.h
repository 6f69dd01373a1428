// shared_model: made by symlut 0.1.0.
#ifndef shared_model_HLS_H
#define shared_model_HLS_H

#include <ap_fixed.h>
#include <ap_int.h>

// One event: inputs by value, results by reference; a new event every clock.
void shared_model(
    ap_fixed<9, 4> a,
    ap_fixed<9, 4> b,
    ap_fixed<9, 4> c,
    ap_fixed<9, 4> &p,
    ap_fixed<9, 4> &q
);

#endif
