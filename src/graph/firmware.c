#include "graph/firmware.h"

#include <string.h>

int64_t firmware_input_value(const symlut_firmware *fw, uint32_t k, double raw)
{
    const firmware_input *in = &fw->inputs[k];
    return format_quantize(fw->g->inputs[k].fmt, (raw - in->mean) / in->scale, fw->input_rounding,
                           fw->input_overflow);
}

symlut_status firmware_warn(symlut_firmware *fw, const char *line, symlut_error *err)
{
    const char **grown = ARENA_ARRAY(&fw->memory, const char *, fw->warning_count + 1);
    if (!grown || !line)
        return error_memory(err);
    if (fw->warning_count)
        memcpy(grown, fw->warnings, fw->warning_count * sizeof *grown);
    grown[fw->warning_count++] = line;
    fw->warnings = grown;
    return SYMLUT_OK;
}
