#include "expr_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const given[] = {"a", "b c", "theta", "x3"};
    const expr_names names = {given, 4};
    char *infix = terminated(data, size);
    arena memory = {0};
    symlut_error err = {0};
    expr e;
    if (expr_parse(&e, &memory, infix, &names, "fuzz", 1, 1, &err) == SYMLUT_OK)
        check_expr(e, &names);
    else if (!err.message[0] || err.line < 1 || err.column < 1)
        abort();
    arena_free(&memory);
    free(infix);
    return 0;
}
