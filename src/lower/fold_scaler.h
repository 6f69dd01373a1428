/* The scaler of the inputs as a part of the model, so that the firmware takes raw values.
 *
 * An input x of the model is (raw - mean) / scale. With s the whole number next to log2 |scale|,
 *
 *     x = u * (2^s / scale) - mean / scale,   u = raw * 2^-s,
 *
 * so that the factor is near 1 and any precision holds it; u is raw with another binary point and
 * costs nothing. The model is lowered over u, as if that were the data's value scaled by 2^s; then
 * the ports take raw. */
#ifndef LOWER_FOLD_SCALER_H
#define LOWER_FOLD_SCALER_H

#include "expr/model.h"
#include "graph/firmware.h"

/* The model over u. shift: [inputs], s of each. SYMLUT_BAD_INPUT: the model has no scaler. */
symlut_status fold_scaler(symlut_model **out, int *shift, const symlut_model *model,
                          symlut_error *err);
/* The model over raw values as a reader wants it, (raw - mean) / scale in the place of x. */
symlut_status fold_scaler_text(symlut_model **out, const symlut_model *model, symlut_error *err);
/* Of a firmware lowered over u: its ports, ranges and the formats of its report take raw. */
symlut_status fold_scaler_ports(symlut_firmware *fw, const int *shift, symlut_error *err);

#endif
