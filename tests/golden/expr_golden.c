/* Golden tests of expressions and models: text in, text out. A case file holds blocks of
 *
 *     === KIND title
 *     input
 *     --- (a line of three dashes)
 *     expected output
 *
 * Usage: expr_golden FILE…            compares
 *        expr_golden --rewrite FILE…  writes what came out into the files, for a reviewed diff */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "expr/load.h"

static const char *const names[] = {"a", "b c", "theta", "x7"};
static const expr_names known = {names, 4};

/* As the command line shows it: place, message, source line, caret. */
static void show_error(text *out, const symlut_error *err)
{
    text_append(out, err->file);
    if (err->line)
        text_printf(out, ":%ld", err->line);
    if (err->column)
        text_printf(out, "%s%ld", err->line ? ":" : ": column ", err->column);
    text_printf(out, ": %s\n", err->message);
    if (!*err->source)
        return;
    text_printf(out, "  %s\n", err->source);
    if (err->column > 0 && (size_t)err->column <= strlen(err->source) + 1)
        text_printf(out, "  %*s^\n", (int)err->column - 1, "");
}

static bool parse_case(text *out, arena *memory, expr *e, const char *input)
{
    symlut_error err = {0};
    if (expr_parse(e, memory, input, &known, "input", 1, 1, &err) == SYMLUT_OK)
        return true;
    show_error(out, &err);
    return false;
}

static void run_print(text *out, arena *memory, const char *input)
{
    static const char *const styles[] = {"infix", "latex", "sympy", "c", "numpy"};
    expr e;
    if (!parse_case(out, memory, &e, input))
        return;
    for (int style = SYMLUT_PRINT_INFIX; style <= SYMLUT_PRINT_NUMPY; style++) {
        text_printf(out, "%-6s ", styles[style]);
        expr_print(out, e, &known, (symlut_print)style, 17);
        text_append(out, "\n");
    }
    text_append(out, "people ");
    expr_print(out, e, &known, SYMLUT_PRINT_INFIX, 4);
    text_append(out, "\n");
}

static void run_simplify(text *out, arena *memory, const char *input)
{
    expr e;
    if (!parse_case(out, memory, &e, input))
        return;
    expr_simplify(&e);
    expr_print(out, e, &known, SYMLUT_PRINT_INFIX, 17);
    text_append(out, "\n");
}

static void run_differentiate(text *out, arena *memory, const char *input)
{
    expr e;
    if (!parse_case(out, memory, &e, input))
        return;
    expr d = expr_differentiate(memory, e, 0);
    expr_print(out, d, &known, SYMLUT_PRINT_INFIX, 17);
    text_append(out, d.count ? "\n" : "not expressible\n");
}

static void show_model(text *out, const symlut_model *m)
{
    text_append(out, m->task == SYMLUT_CLASSIFICATION ? "classification of" : "regression of");
    for (size_t i = 0; i < m->input_count; i++)
        text_printf(out, "%s %s", i ? "," : "", m->inputs[i].name);
    text_append(out, "\n");
    for (size_t k = 0; k < m->output_count; k++) {
        char *equation = symlut_model_equation(m, k, SYMLUT_PRINT_INFIX);
        text_printf(out, "%s = %s\n", m->output_names[k], equation);
        free(equation);
    }
}

/* The input is a model file; an option may stand in the first line: "select: score", "names: a b".
 */
static void run_load(text *out, const char *input)
{
    symlut_model_options options = symlut_model_options_defaults();
    char option[256] = "";
    size_t length = strcspn(input, "\n");
    bool select = strncmp(input, "select: ", 8) == 0, named = strncmp(input, "names: ", 7) == 0;
    if (select || named) {
        snprintf(option, sizeof option, "%.*s", (int)length, input);
        input += length + (input[length] == '\n');
        *(select ? &options.select : &options.names) = strchr(option, ' ') + 1;
    }
    symlut_model *model;
    symlut_error err = {0};
    if (file_write("model", input, strlen(input), &err) != SYMLUT_OK ||
        symlut_model_load(&model, "model", &options, &err) != SYMLUT_OK) {
        show_error(out, &err);
        return;
    }
    show_model(out, model);
    symlut_model_free(model);
}

static bool run_case(text *out, const char *kind, const char *input)
{
    arena memory = {0};
    bool known_kind = true;
    char *line = arena_strdup(&memory, input);
    size_t length = strlen(line);
    if (length > 0 && strcmp(kind, "load") != 0)
        line[length - 1] = '\0'; /* an expression's input is without its newline */
    if (strcmp(kind, "print") == 0)
        run_print(out, &memory, line);
    else if (strcmp(kind, "simplify") == 0)
        run_simplify(out, &memory, line);
    else if (strcmp(kind, "differentiate") == 0)
        run_differentiate(out, &memory, line);
    else if (strcmp(kind, "load") == 0)
        run_load(out, line);
    else
        known_kind = false;
    arena_free(&memory);
    return known_kind;
}

/* The text up to the next line that begins with `mark`, or the end. */
static const char *find_mark(const char *p, const char *mark)
{
    size_t length = strlen(mark);
    while (*p && strncmp(p, mark, length) != 0) {
        p += strcspn(p, "\n");
        p += *p == '\n';
    }
    return p;
}

/* Runs one block at *p and appends it, with what came out, to `all`. False: a mismatch. */
static bool run_block(text *all, const char **p, const char *file)
{
    char kind[32], input[65536];
    const char *head = *p, *body = head + strcspn(head, "\n") + 1;
    const char *dashes = find_mark(body, "---\n");
    if (!*dashes || sscanf(head, "=== %31s", kind) != 1 || dashes - body >= (long)sizeof input) {
        printf("%s: malformed block: %.40s\n", file, head);
        exit(2);
    }
    const char *expected = dashes + 4, *end = find_mark(expected, "=== ");
    snprintf(input, sizeof input, "%.*s", (int)(dashes - body), body);
    text out = {0};
    if (!run_case(&out, kind, input)) {
        printf("%s: unknown kind: %s\n", file, kind);
        exit(2);
    }
    text_append(&out, "");
    bool same = out.length == (size_t)(end - expected) &&
                memcmp(out.data ? out.data : "", expected, out.length) == 0;
    if (!same)
        printf("%s: %.*s\n  expected: %.*s  found:    %s\n", file, (int)strcspn(head, "\n"), head,
               (int)(end - expected), expected, out.data);
    text_append_n(all, head, (size_t)(expected - head));
    text_append(all, out.data);
    text_free(&out);
    *p = end;
    return same;
}

static int run_file(const char *path, bool rewrite, int *cases)
{
    char *data;
    size_t length;
    symlut_error err;
    if (file_read(&data, &length, path, &err) != SYMLUT_OK) {
        printf("%s: %s\n", path, err.message);
        exit(2);
    }
    text all = {0};
    const char *p = find_mark(data, "=== ");
    text_append_n(&all, data, (size_t)(p - data));
    int failures = 0;
    for (; *p; (*cases)++)
        failures += !run_block(&all, &p, path);
    if (rewrite && file_write(path, all.data, all.length, &err) != SYMLUT_OK)
        exit(2);
    text_free(&all);
    free(data);
    return failures;
}

int main(int argc, char **argv)
{
    bool rewrite = argc > 1 && strcmp(argv[1], "--rewrite") == 0;
    char folder[] = "/tmp/symlut-golden-XXXXXX";
    int failures = 0, cases = 0;
    char *paths[64];
    for (int i = rewrite ? 2 : 1; i < argc && i < 64; i++)
        paths[i] = realpath(argv[i], NULL);
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return 2;
    for (int i = rewrite ? 2 : 1; i < argc && i < 64; i++) {
        failures += run_file(paths[i] ? paths[i] : argv[i], rewrite, &cases);
        free(paths[i]);
    }
    directory_remove(folder, NULL);
    printf("%d cases, %d differ\n", cases, failures);
    return rewrite ? 0 : failures > 0 || cases == 0;
}
