/* Table specifications, and the index of those that are right. */
#include <stdlib.h>
#include <string.h>

#include "lower/table.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *specification = malloc(size + 1);
    if (!specification)
        return 0;
    memcpy(specification, data, size);
    specification[size] = '\0';
    table_spec spec;
    symlut_error err = {0};
    symlut_status status = table_spec_parse(&spec, specification, &err);
    if (status != SYMLUT_OK && (status != SYMLUT_BAD_INPUT || !err.message[0] || err.column < 1 ||
                                (size_t)err.column > strlen(specification) + 1))
        abort();
    for (int frac = -4; status == SYMLUT_OK && spec.entries && frac < 50; frac += 9) {
        table_shape shape;
        if (table_shape_make(&shape, &spec, frac, &err) != SYMLUT_OK)
            continue;
        graph *g = graph_new();
        if (!g)
            break;
        graph_ref x = graph_add_input(g, "x", (format){true, 24, (int16_t)frac});
        graph_ref index = table_index(g, &shape, x);
        if (g->failed.status == SYMLUT_OK && g->nodes[index].fmt.width != shape.index_bits)
            abort();
        graph_free(g);
    }
    free(specification);
    return 0;
}
