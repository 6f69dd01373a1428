#include "search/guess.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "expr/load.h"

typedef struct guess_reader {
    task *t;
    int capacity;
    int *numbers;     /* [outputs] equations so far, those that are left out too */
    const char *file; /* where the equation stands */
    long line;
    symlut_error *err;
} guess_reader;

static bool knows(const vocabulary *v, const expr_node *n)
{
    if (n->op == EXPR_CONST || n->op == EXPR_VAR || n->op == EXPR_CALL || n->op == EXPR_NEG)
        return true; /* a sign is no choice of operators */
    for (int i = 0; i < v->binary_count; i++)
        if (v->binary[i] == n->op)
            return true;
    for (int i = 0; i < v->unary_count; i++)
        if (v->unary[i] == n->op)
            return true;
    return false;
}

/* Whether the search could hold e; if not, why. */
static symlut_status check_guess(const guess_reader *r, expr e)
{
    const settings *set = &r->t->set;
    for (int i = 0; i < e.count; i++)
        if (!knows(&set->words, &e.nodes[i]))
            return error_at(r->err, SYMLUT_BAD_INPUT, r->file, r->line, 0,
                            "a guess uses '%s', which is not among the operators",
                            expr_op_name((expr_op)e.nodes[i].op));
    if (e.count > set->max_size)
        return error_at(r->err, SYMLUT_BAD_INPUT, r->file, r->line, 0,
                        "a guess has %d nodes, more than the maxsize of %d", e.count,
                        set->max_size);
    if (!rules_allow(&set->words.limits, e))
        return error_at(r->err, SYMLUT_BAD_INPUT, r->file, r->line, 0,
                        "a guess breaks a rule on complexity, depth, nesting, operands or units");
    return SYMLUT_OK;
}

static symlut_status add_guess(guess_reader *r, int output, expr e)
{
    task *t = r->t;
    if (t->guess_count == r->capacity) {
        int capacity = r->capacity ? 2 * r->capacity : 16;
        guess *items = ARENA_ARRAY(&t->memory, guess, capacity);
        if (!items)
            return error_memory(r->err);
        if (t->guess_count > 0)
            memcpy(items, t->guesses, (size_t)t->guess_count * sizeof *items);
        t->guesses = items;
        r->capacity = capacity;
    }
    t->guesses[t->guess_count++] = (guess){output, r->numbers[output]++, e};
    return SYMLUT_OK;
}

static symlut_status parse_guess(const guess_reader *r, expr *e, const char *infix, long column,
                                 const char *source)
{
    const symlut_dataset *data = r->t->data;
    expr_names names = {(const char *const *)data->feature_names, data->features};
    symlut_status status =
        expr_parse_with(e, &r->t->memory, infix, &names, r->t->set.words.functions, true, r->file,
                        r->line, column, r->err);
    if (status == SYMLUT_BAD_INPUT && source)
        error_source(r->err, source, strcspn(source, "\r\n"));
    if (status != SYMLUT_OK)
        return status;
    tree_measure(e);
    expr_simplify(e);
    tree_measure(e);
    return SYMLUT_OK;
}

static symlut_status find_output(const guess_reader *r, const char *name, size_t length,
                                 int *output)
{
    const task *t = r->t;
    char wanted[64];
    for (int k = 0; k < t->outputs; k++) {
        const char *known = t->output_names[k] ? t->output_names[k] : "y";
        if (strlen(known) == length && !memcmp(known, name, length)) {
            *output = k;
            return SYMLUT_OK;
        }
    }
    length = length < sizeof wanted ? length : sizeof wanted - 1;
    memcpy(wanted, name, length);
    wanted[length] = '\0';
    error_at(r->err, SYMLUT_BAD_INPUT, r->file, r->line, 0,
             "a guess is for '%s', which is no output", wanted);
    error_nearest(r->err, wanted, (const char *const *)t->output_names, (size_t)t->outputs);
    return SYMLUT_BAD_INPUT;
}

/* "equation", "name: equation" or "name = equation", `length` bytes of the line. */
static symlut_status read_guess(guess_reader *r, const char *line, size_t length)
{
    const char *end = line + length, *p = line;
    while (p < end && *p != ':' && (*p != '=' || (p > line && (p[-1] == '<' || p[-1] == '>'))))
        p++;
    int output = 0;
    const char *start = line;
    symlut_status status = SYMLUT_OK;
    if (p < end) {
        const char *name = line, *name_end = p;
        while (name < name_end && (isspace((unsigned char)*name) || *name == '`'))
            name++;
        while (name_end > name && (isspace((unsigned char)name_end[-1]) || name_end[-1] == '`'))
            name_end--;
        status = find_output(r, name, (size_t)(name_end - name), &output);
        start = p + 1;
    } else if (r->t->outputs > 1) {
        return error_at(r->err, SYMLUT_BAD_INPUT, r->file, r->line, 0,
                        "a guess does not say for which of the %d outputs it is; write "
                        "'name: equation'",
                        r->t->outputs);
    }
    if (status != SYMLUT_OK)
        return status;
    const char *infix = arena_strndup(&r->t->memory, start, (size_t)(end - start));
    if (!infix)
        return error_memory(r->err);
    expr e;
    status = parse_guess(r, &e, infix, start - line + 1, line);
    if (status == SYMLUT_OK)
        status = check_guess(r, e);
    return status == SYMLUT_OK ? add_guess(r, output, e) : status;
}

static symlut_status read_lines(guess_reader *r, const char *content)
{
    symlut_status status = SYMLUT_OK;
    r->line = 1;
    for (const char *p = content; *p && status == SYMLUT_OK; r->line++) {
        size_t whole = strcspn(p, "\n"), length = strcspn(p, "#\r\n");
        if (strspn(p, " \t") < length)
            status = read_guess(r, p, length);
        p += whole + (p[whole] == '\n');
    }
    return status;
}

/* PySR's hall of fame or our front.csv: what cannot be held here is left out. */
static symlut_status read_table(guess_reader *r, const char *path, const char *content)
{
    task *t = r->t;
    source_list list = {.memory = &t->memory};
    const char *only = t->output_names[0] ? t->output_names[0] : "y";
    symlut_status status = equation_table_read(&list, path, content, only, r->err);
    int before = t->guess_count;
    for (size_t i = 0; status == SYMLUT_OK && i < list.count; i++) {
        const source_equation *s = &list.items[i];
        int output = 0;
        expr e;
        r->line = s->line;
        if (t->outputs > 1)
            status = find_output(r, s->output, strlen(s->output), &output);
        if (status == SYMLUT_OK)
            status = parse_guess(r, &e, s->text, s->column ? s->column : 1, s->source);
        if (status == SYMLUT_OK && check_guess(r, e) == SYMLUT_OK)
            status = add_guess(r, output, e);
        else if (status == SYMLUT_OK)
            r->numbers[output]++;
    }
    if (status == SYMLUT_OK && t->guess_count == before)
        return error_at(r->err, SYMLUT_BAD_INPUT, path, 0, 0,
                        "none of its %zu equations is made of the search's operators and keeps its "
                        "rules",
                        list.count);
    return status;
}

static symlut_status read_file_of_guesses(guess_reader *r, const char *path)
{
    char *content;
    size_t length;
    symlut_status status = file_read(&content, &length, path, r->err);
    if (status != SYMLUT_OK)
        return status;
    const char *kept = arena_strdup(&r->t->memory, content);
    free(content);
    if (!kept)
        return error_memory(r->err);
    return equation_table_detect(kept) ? read_table(r, path, kept) : read_lines(r, kept);
}

/* Whether a name stands for a file even where there is none, so that the message is about that. */
static bool names_file(const char *given)
{
    size_t length = strlen(given);
    const char *suffix = length > 4 ? given + length - 4 : "";
    return file_exists(given) || !strcmp(suffix, ".csv") || !strcmp(suffix, ".txt");
}

symlut_status guesses_read(task *t, const symlut_fit_options *options, symlut_error *err)
{
    guess_reader r = {.t = t, .err = err, .numbers = ARENA_ARRAY(&t->memory, int, t->outputs)};
    symlut_status status = SYMLUT_OK;
    if (!r.numbers)
        return error_memory(err);
    for (size_t i = 0; status == SYMLUT_OK && i < options->guess_count; i++) {
        const char *given = options->guesses[i];
        bool file = names_file(given);
        r.file = file ? given : "--guess";
        r.line = 1;
        status = file ? read_file_of_guesses(&r, given) : read_guess(&r, given, strlen(given));
    }
    return status;
}
