#include "expr_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    symlut_error err = {0};
    front *f = NULL;
    symlut_status status = front_parse_json(&f, "fuzz", (const char *)data, size, &err);
    check_result(status, f, &err);
    return 0;
}
