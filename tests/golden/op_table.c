/* The table of operations in docs/expressions.md. Usage: op_table [--rewrite] FILE */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "expr/expr.h"

static const char begin_mark[] = "-->\n", end_mark[] = "<!-- end -->";

static void make_table(text *t)
{
    static const char *const definitions[] = {
#define OP(NAME, text, arity, C, doc) #C,
#include "expr/ops.def"
#undef OP
    };
    text_append(t, "\n| name | means | definition |\n| --- | --- | --- |\n");
    for (int op = EXPR_ADD; op < EXPR_OP_COUNT; op++) {
        const char *name = expr_op_name((expr_op)op);
        bool sign = strlen(name) == 1;
        text_printf(t,
                    sign                           ? "| `a %s b` |"
                    : expr_arity((expr_op)op) == 2 ? "| `%s(a, b)` |"
                                                   : "| `%s(a)` |",
                    name);
        text_printf(t, " %s | `", expr_op_doc((expr_op)op));
        for (const char *c = definitions[op]; *c; c++) /* a bar would end the cell */
            text_append_n(t, *c == '|' ? "\\|" : c, *c == '|' ? 2 : 1);
        text_append(t, "` |\n");
    }
    text_append(t, "\n");
}

int main(int argc, char **argv)
{
    bool rewrite = argc == 3 && strcmp(argv[1], "--rewrite") == 0;
    const char *path = argv[argc - 1];
    char *data;
    size_t length;
    if (argc < 2 || file_read(&data, &length, path, NULL) != SYMLUT_OK)
        return 2;
    char *start = strstr(data, "<!-- operations");
    start = start ? strstr(start, begin_mark) : NULL;
    char *end = start ? strstr(start, end_mark) : NULL;
    if (!end) {
        printf("%s: no place for the table of operations\n", path);
        return 2;
    }
    start += strlen(begin_mark);
    text table = {0}, all = {0};
    make_table(&table);
    bool same =
        (size_t)(end - start) == table.length && memcmp(start, table.data, table.length) == 0;
    text_append_n(&all, data, (size_t)(start - data));
    text_append(&all, table.data);
    text_append(&all, end);
    if (rewrite && file_write(path, all.data, all.length, NULL) != SYMLUT_OK)
        return 2;
    if (!same && !rewrite)
        printf("%s: the table of operations is not that of ops.def; run op_table --rewrite\n",
               path);
    text_free(&table);
    text_free(&all);
    free(data);
    return same || rewrite ? 0 : 1;
}
