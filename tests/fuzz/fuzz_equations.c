#include "expr_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *content = terminated(data, size);
    arena memory = {0};
    symlut_error err = {0};
    source_list list = {.memory = &memory};
    front *f = NULL;
    symlut_status status = equations_parse(&list, "fuzz", content, size, &err);
    if (status == SYMLUT_OK)
        status = sources_to_front(&f, &list, NULL, &err);
    check_result(status, f, &err);
    arena_free(&memory);
    free(content);
    return 0;
}
