#include "table_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const symlut_data_options plain = {.task = SYMLUT_TASK_AUTO};
    const symlut_data_options dropping = {.task = SYMLUT_CLASSIFICATION, .drop_nonfinite = true};
    fuzz_table(hdf5_read, data, size, &plain);
    fuzz_table(hdf5_read, data, size, &dropping);
    return 0;
}
