/* The text form of graphs: no text crashes the parser; what it accepts prints and parses back. */
#include <stdlib.h>
#include <string.h>

#include "graph/graph.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *printed(const graph *g)
{
    text t = {0};
    if (graph_print(g, &t) != SYMLUT_OK)
        abort();
    return text_take(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *source = malloc(size + 1);
    graph *g = NULL, *again = NULL;
    symlut_error err = {0};
    if (!source)
        return 0;
    memcpy(source, data, size);
    source[size] = '\0';
    symlut_status s = graph_parse(&g, "fuzz.ir", source, &err);
    if (s == SYMLUT_OK) {
        char *once = printed(g);
        if (graph_parse(&again, "again.ir", once, NULL) != SYMLUT_OK)
            abort();
        char *twice = printed(again);
        if (strcmp(once, twice) != 0)
            abort();
        free(once);
        free(twice);
    } else if (g || err.message[0] == '\0') {
        abort(); /* a refusal says why and leaves nothing */
    }
    graph_free(again);
    graph_free(g);
    free(source);
    return 0;
}
