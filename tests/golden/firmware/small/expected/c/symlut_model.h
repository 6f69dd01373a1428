/* symlut_model: bit-accurate emulator of the firmware, made by symlut 0.1.0.
 * No state: calls may run at the same time, beside other models.
 *
 *   in[0]  x0                       fixed<10,4>
 *   in[1]  x1                       fixed<10,4>
 *   out[0]  y                        fixed<10,4>
 *
 * Integers stand for value * 2^(W - I) of their fixed<W,I>. */
#ifndef SYMLUT_MODEL_H
#define SYMLUT_MODEL_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SYMLUT_MODEL_VERSION "0.1.0"
#define SYMLUT_MODEL_INPUTS 2
#define SYMLUT_MODEL_OUTPUTS 1
#define SYMLUT_MODEL_LATENCY 1 /* clock cycles from inputs to outputs in the firmware */
#define SYMLUT_MODEL_CLOCK_MHZ 200

/* One event: in [SYMLUT_MODEL_INPUTS] integers in their formats, out [SYMLUT_MODEL_OUTPUTS]. */
void symlut_model_eval(const int64_t in[], int64_t out[]);

/* `count` events: in [SYMLUT_MODEL_INPUTS][count], out [SYMLUT_MODEL_OUTPUTS][count]; they do not overlap. */
void symlut_model_eval_n(size_t count, const int64_t in[], int64_t out[]);

/* Raw values to inputs: (raw - mean) / scale, rounded (RND_CONV), overflow SAT; NaN
 * gives 0. raw, in: [SYMLUT_MODEL_INPUTS] */
void symlut_model_prepare_input(const double raw[], int64_t in[]);

/* Outputs as numbers. out, value: [SYMLUT_MODEL_OUTPUTS] */
void symlut_model_read_output(const int64_t out[], double value[]);

/* All three steps for one event. raw: [SYMLUT_MODEL_INPUTS], value: [SYMLUT_MODEL_OUTPUTS] */
void symlut_model_predict(const double raw[], double value[]);

#ifdef __cplusplus
}
#endif

#endif
