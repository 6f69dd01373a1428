/* Manifests beside a graph of one input and two outputs. */
#include <stdlib.h>

#include "emit/emit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    symlut_firmware *fw = calloc(1, sizeof *fw);
    graph *g = graph_new();
    if (!fw || !g)
        abort();
    fw->g = g;
    graph_ref x = graph_add_input(g, "x", (format){true, 8, 4});
    graph_add_output(g, "y", x);
    graph_add_output(g, "z", x);
    symlut_error err = {0};
    symlut_status status = manifest_parse(fw, "manifest.json", (const char *)data, size, &err);
    if (status != SYMLUT_OK && (status != SYMLUT_BAD_INPUT || !err.message[0]))
        abort();
    symlut_firmware_free(fw);
    return 0;
}
