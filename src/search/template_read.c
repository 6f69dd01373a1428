/* A template from text. What is called and not known is an inner expression; what the list of
 * parameters names is a constant to be fitted; everything else stays as it is written. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "search/template.h"

static const char FORM[] = "--template", PARAMETERS[] = "--template-parameters";

typedef struct form_reader {
    template *t;
    arena *memory;
    const vocabulary *words;
    const expr_names *names; /* of the inputs */
    const char *names_of_parameters[TEMPLATE_PARTS];
    double starts[TEMPLATE_PARTS];
    int parameters, known; /* known: functions of the user */
    symlut_error *err;
} form_reader;

/* ---------------------------------------------------------------- parameters */

BASE_PRINTF(4, 5)
static symlut_status refuse(const form_reader *r, const char *whole, const char *at,
                            const char *format, ...)
{
    char message[300];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    error_at(r->err, SYMLUT_BAD_INPUT, PARAMETERS, 1, at - whole + 1, "%s", message);
    error_source(r->err, whole, strcspn(whole, "\r\n"));
    return SYMLUT_BAD_INPUT;
}

static symlut_status check_parameter(const form_reader *r, const char *whole, const char *at,
                                     const char *name)
{
    static const char *const numbers[] = {"pi", "E", "inf", "nan"};
    expr_op op;
    if (!expr_is_identifier(name))
        return refuse(r, whole, at, "expected a parameter's name, as in 'p=1, q=2.5'");
    if (expr_op_find(&op, name, strlen(name)) || expr_is_function(name))
        return refuse(r, whole, at, "'%.60s' is built in; choose another name", name);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!strcmp(name, numbers[i]))
            return refuse(r, whole, at, "'%.60s' is a number; choose another name", name);
    if (function_find(r->words->functions, name, strlen(name)) >= 0)
        return refuse(r, whole, at, "'%.60s' is a function; choose another name", name);
    for (size_t i = 0; i < r->names->count; i++)
        if (!strcmp(name, r->names->names[i]))
            return refuse(r, whole, at, "'%.60s' is an input; choose another name", name);
    for (int i = 0; i < r->parameters; i++)
        if (!strcmp(name, r->names_of_parameters[i]))
            return refuse(r, whole, at, "parameter '%.60s' is named twice", name);
    if (r->parameters == TEMPLATE_PARTS)
        return refuse(r, whole, at, "more than %d parameters", TEMPLATE_PARTS);
    return SYMLUT_OK;
}

/* "name" or "name = number" at *at, which moves behind it. */
static symlut_status read_parameter(form_reader *r, const char *whole, const char **at)
{
    static const char blank[] = " \t";
    const char *start = *at, *p = start + strcspn(start, " \t=,;");
    char *name = arena_strndup(r->memory, start, (size_t)(p - start)), *end;
    if (!name)
        return error_memory(r->err);
    symlut_status status = check_parameter(r, whole, start, name);
    if (status != SYMLUT_OK)
        return status;
    double value = 1;
    p += strspn(p, blank);
    if (*p == '=') {
        p += 1 + strspn(p + 1, blank);
        value = strtod(p, &end);
        if (end == p || !isfinite(value))
            return refuse(r, whole, p, "expected a number for '%.60s' to start from", name);
        p = end + strspn(end, blank);
    }
    if (*p && !strchr(",;", *p))
        return refuse(r, whole, p, "expected ',' after a parameter");
    r->names_of_parameters[r->parameters] = name;
    r->starts[r->parameters++] = value;
    *at = p;
    return SYMLUT_OK;
}

static symlut_status read_parameters(form_reader *r, const char *list)
{
    static const char separators[] = ",; \t";
    symlut_status status = SYMLUT_OK;
    for (const char *p = list + strspn(list, separators); *p && status == SYMLUT_OK;
         p += strspn(p, separators))
        status = read_parameter(r, list, &p);
    return status;
}

/* ---------------------------------------------------------------- parts */

/* The name of an argument: that of the input where every call has the same input there, else a
 * letter. */
static const char *argument_name(const form_reader *r, int part, int argument)
{
    static const char *const letters[FUNCTION_DECLARED] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    expr outer = r->t->outer;
    int input = -1;
    for (int i = 0; i < outer.count; i++) {
        const expr_node *n = &outer.nodes[i];
        if (n->op != EXPR_CALL || n->feature != part)
            continue;
        int at = i - 1;
        for (int k = n->arity - 1; k > argument; k--)
            at -= (int)outer.nodes[at].length;
        int found = outer.nodes[at].op == EXPR_VAR ? outer.nodes[at].feature : -1;
        if (found < 0 || (input >= 0 && found != input))
            return letters[argument];
        input = found;
    }
    const char *name = r->names->names[input];
    return expr_is_identifier(name) ? name : letters[argument];
}

static bool taken(const template_part *p, int count, const char *name)
{
    for (int i = 0; i < count; i++)
        if (!strcmp(p->arguments[i], name))
            return true;
    return false;
}

/* Names all arguments, apart from each other. */
static void name_arguments(const form_reader *r, int part)
{
    static const char *const numbered[FUNCTION_DECLARED] = {"_1", "_2", "_3", "_4",
                                                            "_5", "_6", "_7", "_8"};
    template_part *p = &r->t->parts[part];
    for (int i = 0; i < p->arity; i++) {
        p->arguments[i] = argument_name(r, part, i);
        if (taken(p, i, p->arguments[i]))
            p->arguments[i] = numbered[i];
    }
}

static bool make_parts(form_reader *r, const expr_functions *all)
{
    template *t = r->t;
    t->expressions = all->count - r->known;
    t->count = t->expressions + r->parameters;
    t->parts = ARENA_ARRAY(r->memory, template_part, t->count);
    for (int k = 0; t->parts && k < t->count; k++) {
        template_part *p = &t->parts[k];
        bool free_part = k < t->expressions;
        const expr_function *f = &all->items[r->known + k];
        p->name = free_part ? f->name : r->names_of_parameters[k - t->expressions];
        p->arity = free_part ? f->arity : 0;
        p->start = free_part ? 0 : r->starts[k - t->expressions];
        p->words = *r->words;
        p->words.features = p->arity;
        p->words.limits = (rules){0};
    }
    return t->parts != NULL;
}

/* ---------------------------------------------------------------- form */

/* Parameters become calls without arguments. */
static symlut_status mark_parameters(const form_reader *r, const char *infix, expr raw, int first)
{
    bool used[TEMPLATE_PARTS] = {false};
    for (int i = 0; i < raw.count; i++) {
        expr_node *n = &raw.nodes[i];
        int k = n->feature - (int)r->names->count;
        if (n->op != EXPR_VAR || k < 0)
            continue;
        *n = (expr_node){.op = EXPR_CALL, .length = 1, .feature = (uint16_t)(first + k)};
        used[k] = true;
    }
    for (int k = 0; k < r->parameters; k++)
        if (!used[k])
            return error_set(r->err, SYMLUT_BAD_INPUT,
                             "template '%.200s' does not use its parameter '%.60s'", infix,
                             r->names_of_parameters[k]);
    return SYMLUT_OK;
}

/* The user's functions written out, calls of the parts numbered from 0. */
static symlut_status write_outer(form_reader *r, const char *infix, expr raw,
                                 const expr_functions *all)
{
    expr_function definitions[FUNCTIONS_MAX + TEMPLATE_PARTS];
    expr_node bodies[TEMPLATE_PARTS][FUNCTION_DECLARED + 1], nodes[RULES_PLAIN];
    for (int i = 0; i < r->known; i++)
        definitions[i] = all->items[i];
    for (int k = 0; k < r->t->count; k++) {
        int arity = r->t->parts[k].arity;
        for (int i = 0; i < arity; i++)
            bodies[k][i] = (expr_node){.op = EXPR_VAR, .length = 1, .feature = (uint16_t)i};
        bodies[k][arity] =
            (expr_node){.op = EXPR_CALL, .arity = (uint8_t)arity, .feature = (uint16_t)k};
        definitions[r->known + k] =
            (expr_function){r->t->parts[k].name, arity, {bodies[k], arity + 1}};
    }
    expr written = {nodes, 0};
    if (!expr_substitute(&written, RULES_PLAIN, raw, definitions))
        return error_set(r->err, SYMLUT_BAD_INPUT,
                         "template '%.200s' has more than %d operations; shorten it", infix,
                         RULES_PLAIN);
    r->t->outer = expr_copy(r->memory, written);
    return r->t->outer.nodes ? SYMLUT_OK : error_memory(r->err);
}

static symlut_status check_size(const form_reader *r, int max_size)
{
    const template *t = r->t;
    const double *cost = r->words->limits.cost;
    double least = nearbyint(t->expressions * fmax(cost[EXPR_CONST], cost[EXPR_VAR]));
    if (least > max_size)
        return error_set(r->err, SYMLUT_BAD_INPUT,
                         "maxsize is %d, and the template's %d inner expressions come to %g at "
                         "least; raise it",
                         max_size, t->expressions, least);
    if (max_size + r->parameters + 1 > TREE_MAX)
        return error_set(r->err, SYMLUT_BAD_INPUT,
                         "maxsize is %d; with this template expected at most %d", max_size,
                         TREE_MAX - r->parameters - 1);
    return SYMLUT_OK;
}

static symlut_status read_form(form_reader *r, const char *infix)
{
    expr_functions *all = ARENA_NEW(r->memory, expr_functions);
    if (!all)
        return error_memory(r->err);
    if (r->words->functions)
        *all = *r->words->functions;
    r->known = all->count;
    const expr_names parameters = {r->names_of_parameters, (size_t)r->parameters};
    expr raw;
    symlut_status status =
        expr_parse_form(&raw, r->memory, infix, r->names, &parameters, all, FORM, r->err);
    if (status != SYMLUT_OK)
        return status;
    if (all->count == r->known)
        return error_set(r->err, SYMLUT_BAD_INPUT,
                         "template '%.200s' has no inner expression to search for; write one as a "
                         "call of a new name, as in 'sin(f(%.40s))'",
                         infix, r->names->names[0]);
    if (all->count - r->known + r->parameters > TEMPLATE_PARTS)
        return error_set(r->err, SYMLUT_BAD_INPUT,
                         "template '%.200s' has more than %d inner expressions and parameters",
                         infix, TEMPLATE_PARTS);
    status = mark_parameters(r, infix, raw, all->count);
    if (status == SYMLUT_OK && !make_parts(r, all))
        return error_memory(r->err);
    return status == SYMLUT_OK ? write_outer(r, infix, raw, all) : status;
}

symlut_status template_read(template **out, arena *memory, const char *infix,
                            const char *parameters, const vocabulary *words,
                            const expr_names *names, int max_size, symlut_error *err)
{
    template *t = ARENA_NEW(memory, template);
    *out = NULL;
    if (!t)
        return error_memory(err);
    t->text = infix;
    form_reader r = {.t = t, .memory = memory, .words = words, .names = names, .err = err};
    symlut_status status = parameters ? read_parameters(&r, parameters) : SYMLUT_OK;
    if (status == SYMLUT_OK)
        status = read_form(&r, infix);
    if (status == SYMLUT_OK)
        status = check_size(&r, max_size);
    if (status != SYMLUT_OK)
        return status;
    for (int k = 0; k < t->expressions; k++)
        name_arguments(&r, k);
    *out = t;
    return SYMLUT_OK;
}
