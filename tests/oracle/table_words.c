/* Prints the words of function tables, for the comparison with mpmath in table_words.py.
 * Reads lines "FRAC WORD_FRAC WORD_WIDTH SPECIFICATION" or, for functions with a constant,
 * "FRAC WORD_FRAC WORD_WIDTH CONSTANT FIRST SPECIFICATION" after the word `with`; answers each with
 * one line: the first argument index, then the words in rising order of argument. */
#include "lower/table.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int answer(char *line)
{
    table_function f = {.op = EXPR_CONST};
    int frac, word_frac, word_width, used = 0, first = 0;
    if (sscanf(line, "with %lf %d%n", &f.constant, &first, &used) == 2) {
        f.constant_first = first != 0;
        line += used;
    }
    if (sscanf(line, "%d %d %d %n", &frac, &word_frac, &word_width, &used) != 3)
        return 1;
    line += used;
    line[strcspn(line, "\n")] = '\0';
    table_spec spec;
    table_shape shape;
    symlut_error err = {0};
    if (table_spec_parse(&spec, line, &err) != SYMLUT_OK ||
        table_shape_make(&shape, &spec, frac, &err) != SYMLUT_OK) {
        fprintf(stderr, "%s: %s\n", line, err.message);
        return 1;
    }
    f.op = spec.op;
    int64_t entries = (int64_t)1 << shape.index_bits;
    int64_t *words = calloc((size_t)entries, sizeof *words);
    if (!words)
        return 1;
    format word = {true, (uint8_t)word_width, (int16_t)word_frac};
    expr_node nodes[3];
    if (!table_words(words, NULL, &shape, table_function_expr(f, nodes), word))
        return 1;
    printf("%d %" PRId64, shape.index_frac, shape.first);
    for (int64_t k = 0; k < entries; k++)
        printf(" %" PRId64, words[table_position(&shape, k)]);
    printf("\n");
    free(words);
    return 0;
}

int main(void)
{
    char line[256];
    int failed = 0;
    while (!failed && fgets(line, sizeof line, stdin))
        failed = answer(line);
    return failed;
}
