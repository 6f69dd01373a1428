// symlut_model: made by symlut 0.1.0.
#ifndef symlut_model_HLS_H
#define symlut_model_HLS_H

#include <ap_fixed.h>
#include <ap_int.h>

// One event: inputs by value, results by reference; a new event every clock.
void symlut_model(
    ap_fixed<10, 4> x0,
    ap_fixed<10, 4> x1,
    ap_fixed<10, 4> &y
);

#endif
