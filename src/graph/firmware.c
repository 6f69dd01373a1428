#include "graph/firmware.h"

int64_t firmware_input_value(const symlut_firmware *fw, uint32_t k, double raw)
{
    const firmware_input *in = &fw->inputs[k];
    return format_quantize(fw->g->inputs[k].fmt, (raw - in->mean) / in->scale, fw->input_rounding,
                           fw->input_overflow);
}
