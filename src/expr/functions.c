#include "expr/functions.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool name_sign(char c, bool first)
{
    return isalpha((unsigned char)c) || c == '_' || (unsigned char)c >= 128 ||
           (!first && (isdigit((unsigned char)c) || c == '.'));
}

static const char *skip_blank(const char *p)
{
    return p + strspn(p, " \t");
}

size_t function_measure(const char *definition)
{
    const char *p = definition;
    if (!name_sign(*p, true))
        return 0;
    while (name_sign(*p, false))
        p++;
    p = skip_blank(p);
    if (*p != '(')
        return 0;
    p += strcspn(p, ")\r\n");
    if (*p != ')')
        return 0;
    p = skip_blank(p + 1);
    if (*p != '=')
        return 0;
    for (int depth = 0; *p && !strchr("\r\n#", *p); p++) {
        depth += (*p == '(') - (*p == ')');
        if (depth <= 0 && (*p == ',' || *p == ';'))
            break;
    }
    while (p > definition && isspace((unsigned char)p[-1]))
        p--;
    return (size_t)(p - definition);
}

int function_find(const expr_functions *f, const char *name, size_t length)
{
    for (int i = 0; f && i < f->count; i++)
        if (strlen(f->items[i].name) == length && memcmp(f->items[i].name, name, length) == 0)
            return i;
    return -1;
}

/* ---------------------------------------------------------------- definitions */

typedef struct definer {
    const char *whole, *file;
    long line;
    symlut_error *err;
} definer;

/* The line of `at` within the whole text. */
static const char *line_of(const definer *d, const char *at, long *line)
{
    const char *start = d->whole;
    *line = d->line;
    for (const char *p = d->whole; p < at; p++)
        if (*p == '\n') {
            start = p + 1;
            ++*line;
        }
    return start;
}

BASE_PRINTF(3, 4)
static symlut_status refuse(const definer *d, const char *at, const char *format, ...)
{
    char message[400];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    long line;
    const char *start = line_of(d, at, &line);
    error_at(d->err, SYMLUT_BAD_INPUT, d->file, line, at - start + 1, "%s", message);
    error_source(d->err, start, strcspn(start, "\r\n"));
    return SYMLUT_BAD_INPUT;
}

static symlut_status check_name(const definer *d, const expr_functions *f, const char *at,
                                const char *name)
{
    expr_op op;
    if (expr_op_find(&op, name, strlen(name)) || expr_is_function(name))
        return refuse(d, at, "'%.60s' is built in; choose another name", name);
    if (!strcmp(name, "pi") || !strcmp(name, "E") || !strcmp(name, "inf") || !strcmp(name, "nan"))
        return refuse(d, at, "'%.60s' is a number; choose another name", name);
    if (function_find(f, name, strlen(name)) >= 0)
        return refuse(d, at, "'%.60s' is defined twice", name);
    if (f->count == FUNCTIONS_MAX)
        return refuse(d, at, "more than %d functions are defined", FUNCTIONS_MAX);
    return SYMLUT_OK;
}

/* The names between the parentheses; *at ends behind the '='. */
static symlut_status read_arguments(const definer *d, arena *memory, const char **at,
                                    const char **names, int *count)
{
    const char *p = skip_blank(*at);
    for (*count = 0;; p++) {
        p = skip_blank(p);
        const char *start = p;
        while (name_sign(*p, p == start))
            p++;
        if (p == start)
            return refuse(d, p, "expected the name of an argument, as in 'h(x, y) = x/(1 + y^2)'");
        if (*count == FUNCTION_ARGUMENTS)
            return refuse(d, start, "a function takes one to %d arguments", FUNCTION_ARGUMENTS);
        names[*count] = arena_strndup(memory, start, (size_t)(p - start));
        if (!names[*count])
            return error_memory(d->err);
        for (int i = 0; i < *count; i++)
            if (!strcmp(names[i], names[*count]))
                return refuse(d, start, "argument '%.60s' is named twice", names[i]);
        ++*count;
        p = skip_blank(p);
        if (*p == ')')
            break;
        if (*p != ',')
            return refuse(d, p, "expected ',' or ')' after an argument's name");
    }
    *at = skip_blank(p + 1) + 1;
    return SYMLUT_OK;
}

static bool calls(const char *body, const char *name)
{
    size_t length = strlen(name);
    for (const char *p = body; (p = strstr(p, name)); p += length) {
        bool begins = p == body || !name_sign(p[-1], false);
        if (begins && !name_sign(p[length], false) && *skip_blank(p + length) == '(')
            return true;
    }
    return false;
}

symlut_status function_define(expr_functions *f, arena *memory, const char *definition,
                              size_t length, const char *whole, const char *file, long line,
                              symlut_error *err)
{
    definer d = {whole, file, line, err};
    const char *at = definition, *names[FUNCTION_ARGUMENTS];
    int arity = 0;
    while (name_sign(*at, false))
        at++;
    const char *name = arena_strndup(memory, definition, (size_t)(at - definition));
    if (!name)
        return error_memory(err);
    symlut_status status = check_name(&d, f, definition, name);
    at = skip_blank(at) + 1;
    if (status == SYMLUT_OK)
        status = read_arguments(&d, memory, &at, names, &arity);
    if (status != SYMLUT_OK)
        return status;
    const char *body = arena_strndup(memory, at, length - (size_t)(at - definition));
    if (!body)
        return error_memory(err);
    if (calls(body, name))
        return refuse(&d, definition, "'%.60s' is defined by itself", name);
    long body_line;
    const char *start = line_of(&d, at, &body_line);
    expr_names known = {names, (size_t)arity};
    expr e;
    status =
        expr_parse_with(&e, memory, body, &known, f, false, file, body_line, at - start + 1, err);
    if (status == SYMLUT_BAD_INPUT)
        error_source(err, start, strcspn(start, "\r\n"));
    if (status == SYMLUT_OK)
        f->items[f->count++] = (expr_function){name, arity, e};
    return status;
}

/* ---------------------------------------------------------------- expansion */

/* The operands of a call stand at the end of out, from starts[0] on: they make room for the body.
 */
static bool insert_body(expr *out, int capacity, const expr_function *f, const int *starts,
                        expr_node *scratch)
{
    int base = starts[0], total = out->count - base;
    if (f->arity > 0)
        memcpy(scratch, out->nodes + base, (size_t)total * sizeof *scratch);
    out->count = base;
    for (int i = 0; i < f->body.count; i++) {
        const expr_node *n = &f->body.nodes[i], *from = n;
        int count = 1;
        if (n->op == EXPR_VAR) {
            int k = n->feature, end = k + 1 < f->arity ? starts[k + 1] : base + total;
            from = scratch + (starts[k] - base);
            count = end - starts[k];
        }
        if (out->count + count > capacity)
            return false;
        memcpy(out->nodes + out->count, from, (size_t)count * sizeof *from);
        out->count += count;
    }
    return true;
}

static bool expand(expr *out, int capacity, expr e, const expr_function *functions, bool number)
{
    expr_node scratch[EXPR_MAX_NODES];
    int starts[EXPR_MAX_NODES], depth = 0;
    out->count = 0;
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        depth -= n->arity;
        int start = n->arity > 0 ? starts[depth] : out->count;
        if (n->op == EXPR_CALL) {
            starts[depth] = start;
            if (!insert_body(out, capacity, &functions[n->feature], starts + depth, scratch))
                return false;
        } else {
            if (out->count == capacity)
                return false;
            out->nodes[out->count] = *n;
            if (number && n->op == EXPR_CONST)
                out->nodes[out->count].feature = (uint16_t)(i + 1);
            out->count++;
        }
        starts[depth++] = start;
    }
    return expr_finish(out);
}

bool expr_expand(expr *out, int capacity, expr e, const expr_function *functions)
{
    return expand(out, capacity, e, functions, true);
}

bool expr_substitute(expr *out, int capacity, expr e, const expr_function *functions)
{
    return expand(out, capacity, e, functions, false);
}
