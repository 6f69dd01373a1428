#include "table_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const symlut_data_options plain = {.task = SYMLUT_TASK_AUTO};
    const symlut_data_options picky = {.task = SYMLUT_CLASSIFICATION,
                                       .features = "a, x0",
                                       .weights = "w",
                                       .drop_nonfinite = true,
                                       .target_optional = true,
                                       .keep_constant = true};
    const symlut_data_options dropping = {.task = SYMLUT_REGRESSION, .drop_nonfinite = true};
    fuzz_table(csv_read, data, size, &plain);
    fuzz_table(csv_read, data, size, &picky);
    fuzz_table(csv_read, data, size, &dropping);
    return 0;
}
