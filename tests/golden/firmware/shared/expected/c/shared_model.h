/* shared_model: bit-accurate emulator of the firmware, made by symlut 0.1.0.
 * No state: calls may run at the same time, beside other models.
 *
 *   in[0]  a                        fixed<9,4>
 *   in[1]  b                        fixed<9,4>
 *   in[2]  c                        fixed<9,4>
 *   out[0]  p                        fixed<9,4>
 *   out[1]  q                        fixed<9,4>
 *
 * Integers stand for value * 2^(W - I) of their fixed<W,I>. */
#ifndef SHARED_MODEL_H
#define SHARED_MODEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SHARED_MODEL_VERSION "0.1.0"
#define SHARED_MODEL_INPUTS 3
#define SHARED_MODEL_OUTPUTS 2
#define SHARED_MODEL_LATENCY 4 /* clock cycles from inputs to outputs in the firmware */
#define SHARED_MODEL_CLOCK_MHZ 360

/* One event: in [SHARED_MODEL_INPUTS] integers in their formats, out [SHARED_MODEL_OUTPUTS]. */
void shared_model_eval(const int64_t in[], int64_t out[]);

/* `count` events: in [SHARED_MODEL_INPUTS][count], out [SHARED_MODEL_OUTPUTS][count]; they do not overlap. */
void shared_model_eval_n(size_t count, const int64_t in[], int64_t out[]);

/* Raw values to inputs: (raw - mean) / scale, rounded (RND_CONV), overflow SAT; NaN
 * gives 0. raw, in: [SHARED_MODEL_INPUTS] */
void shared_model_prepare_input(const double raw[], int64_t in[]);

/* Outputs as numbers. out, value: [SHARED_MODEL_OUTPUTS] */
void shared_model_read_output(const int64_t out[], double value[]);

/* All three steps for one event. raw: [SHARED_MODEL_INPUTS], value: [SHARED_MODEL_OUTPUTS] */
void shared_model_predict(const double raw[], double value[]);

#ifdef __cplusplus
}
#endif

#endif
