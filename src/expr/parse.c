/* Infix text to postfix nodes: operator precedence with an explicit stack (Dijkstra's shunting
 * yard), so that no input, however deep, can exhaust the machine's stack. */
#include "expr/functions.h"

#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- tokens */

typedef enum token_kind {
    TOKEN_END,
    TOKEN_NUMBER,
    TOKEN_NAME,
    TOKEN_OPERATOR,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_BAD
} token_kind;

typedef struct token {
    token_kind kind;
    const char *at; /* first byte in the text */
    size_t size;    /* bytes of the text */
    const char *name;
    size_t length; /* NAME: without backquotes */
    expr_op op;    /* OPERATOR */
} token;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 128;
}

bool expr_is_identifier(const char *name)
{
    if (!is_name_start(*name))
        return false;
    while (is_name_start(*name) || is_digit(*name) || *name == '.')
        name++;
    return *name == '\0';
}

static size_t number_size(const char *p)
{
    const char *start = p;
    while (is_digit(*p))
        p++;
    if (*p == '.')
        p++;
    while (is_digit(*p))
        p++;
    if (*p == 'e' || *p == 'E') {
        const char *exponent = p + 1;
        if (*exponent == '+' || *exponent == '-')
            exponent++;
        if (is_digit(*exponent)) {
            while (is_digit(*exponent))
                exponent++;
            p = exponent;
        }
    }
    return (size_t)(p - start);
}

static void operator_token(token *t)
{
    char c = t->at[0], next = t->at[1];
    t->size = (c == '*' && next == '*') || ((c == '<' || c == '>') && next == '=') ? 2 : 1;
    t->kind = TOKEN_BAD;
    if (c != '\0' && strchr("+-*/^<>", c) && expr_op_find(&t->op, t->at, t->size))
        t->kind = TOKEN_OPERATOR;
}

static token next_token(const char *p)
{
    while (is_space(*p))
        p++;
    token t = {.at = p, .size = 1};
    if (*p == '\0') {
        t.kind = TOKEN_END;
        t.size = 0;
    } else if (is_digit(*p) || (*p == '.' && is_digit(p[1]))) {
        t.kind = TOKEN_NUMBER;
        t.size = number_size(p);
    } else if (is_name_start(*p)) {
        t.kind = TOKEN_NAME;
        while (is_name_start(p[t.size]) || is_digit(p[t.size]) || p[t.size] == '.')
            t.size++;
        t.name = p;
        t.length = t.size;
    } else if (*p == '`') {
        const char *end = strchr(p + 1, '`');
        t.kind = end && end > p + 1 ? TOKEN_NAME : TOKEN_BAD;
        t.size = end ? (size_t)(end + 1 - p) : strlen(p);
        t.name = p + 1;
        t.length = t.size - 2;
    } else if (*p == '(' || *p == ')' || *p == ',') {
        t.kind = *p == '(' ? TOKEN_OPEN : *p == ')' ? TOKEN_CLOSE : TOKEN_COMMA;
    } else {
        operator_token(&t);
    }
    return t;
}

static const struct constant {
    const char *name;
    double value;
} constants[] = {{"pi", 3.14159265358979323846},
                 {"E", 2.71828182845904523536},
                 {"inf", HUGE_VAL},
                 {"nan", (double)NAN}};

static bool named(const token *t, const char *name)
{
    return strlen(name) == t->length && memcmp(name, t->name, t->length) == 0;
}

static const struct constant *find_constant(const token *t)
{
    for (size_t i = 0; i < sizeof constants / sizeof *constants; i++)
        if (*t->at != '`' && named(t, constants[i].name))
            return &constants[i];
    return NULL;
}

void expr_scan_names(const char *infix,
                     void (*found)(void *payload, const char *name, size_t length), void *payload)
{
    token t = next_token(infix);
    while (t.kind != TOKEN_END && t.kind != TOKEN_BAD) {
        token next = next_token(t.at + t.size);
        if (t.kind == TOKEN_NAME && next.kind != TOKEN_OPEN && !find_constant(&t))
            found(payload, t.name, t.length);
        t = next;
    }
}

/* ---------------------------------------------------------------- functions */

/* Functions that are no operation of their own but a short run of them after the argument. */
typedef struct macro {
    const char *name;
    int arity, steps;
    struct {
        expr_op op;
        double value;
    } step[7];
} macro;

static const macro macros[] = {
    {"cot", 1, 2, {{EXPR_TAN, 0}, {EXPR_INV, 0}}},
    {"sec", 1, 2, {{EXPR_COS, 0}, {EXPR_INV, 0}}},
    {"csc", 1, 2, {{EXPR_SIN, 0}, {EXPR_INV, 0}}},
    {"rsqrt", 1, 2, {{EXPR_SQRT, 0}, {EXPR_INV, 0}}},
    {"Rational", 2, 1, {{EXPR_DIV, 0}}},
    {"atanh_clip",
     1,
     7,
     {{EXPR_CONST, 1},
      {EXPR_ADD, 0},
      {EXPR_CONST, 2},
      {EXPR_MOD, 0},
      {EXPR_CONST, 1},
      {EXPR_SUB, 0},
      {EXPR_ATANH, 0}}},
};

static const macro *find_macro(const token *t)
{
    for (size_t i = 0; i < sizeof macros / sizeof *macros; i++)
        if (named(t, macros[i].name))
            return &macros[i];
    return NULL;
}

bool expr_is_function(const char *name)
{
    token t = {.name = name, .length = strlen(name)};
    return find_macro(&t) != NULL;
}

static bool takes_many(expr_op op)
{
    return op == EXPR_ADD || op == EXPR_MUL || op == EXPR_MIN || op == EXPR_MAX || op == EXPR_AND ||
           op == EXPR_OR;
}

/* ---------------------------------------------------------------- parser */

typedef enum frame_kind { FRAME_BINARY, FRAME_NEGATE, FRAME_OPEN, FRAME_CALL } frame_kind;

/* Something that waits for an operand, a ')' or an argument. */
typedef struct frame {
    frame_kind kind;
    expr_op op;          /* BINARY; CALL without a macro */
    const macro *expand; /* CALL */
    int function;        /* CALL: number of the user's, or -1 */
    int arguments;       /* CALL: complete ones */
    token where;
} frame;

typedef struct parser {
    const char *start, *file;
    long line, column0;
    const expr_names *names;
    const expr_names *parameters;    /* more names, numbered behind the inputs; or NULL */
    const expr_functions *functions; /* of the user, or NULL */
    expr_functions *declared;        /* `functions` where unknown ones are added to them */
    arena *memory;
    bool keep_calls;
    expr_node *nodes; /* [EXPR_MAX_NODES] */
    int count;
    int literal; /* node of the number or named constant just read, outside parentheses; else -1 */
    frame *frames; /* [EXPR_MAX_NODES] */
    int depth;
    symlut_error *err;
    symlut_status status;
} parser;

BASE_PRINTF(3, 4)
static bool fail(parser *p, const char *at, const char *format, ...)
{
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    const char *line_start = p->start;
    long line = p->line, column0 = p->column0;
    for (const char *c = p->start; c < at; c++) {
        if (*c == '\n') {
            line_start = c + 1;
            line++;
            column0 = 1;
        }
    }
    p->status = error_at(p->err, SYMLUT_BAD_INPUT, p->file, line, column0 + (at - line_start), "%s",
                         message);
    if (column0 == 1)
        error_source(p->err, line_start, strlen(line_start));
    return false;
}

/* "'token'" or "the end", short enough for a message. */
typedef struct shown {
    char text[48];
} shown;

static shown show(const token *t)
{
    shown s;
    if (t->kind == TOKEN_END)
        snprintf(s.text, sizeof s.text, "the end of the text");
    else
        snprintf(s.text, sizeof s.text, "'%.*s%s'", t->size > 32 ? 32 : (int)t->size, t->at,
                 t->size > 32 ? "..." : "");
    return s;
}

static bool push_node(parser *p, const token *where, expr_op op, int feature, double value)
{
    if (p->count == EXPR_MAX_NODES)
        return fail(p, where->at, "the expression has more than %d nodes; shorten it",
                    EXPR_MAX_NODES);
    p->nodes[p->count++] =
        (expr_node){.op = (uint8_t)op, .feature = (uint16_t)feature, .value = value};
    return true;
}

static bool push_frame(parser *p, frame f)
{
    if (p->depth == EXPR_MAX_NODES)
        return fail(p, f.where.at, "nested more than %d deep", EXPR_MAX_NODES);
    p->frames[p->depth++] = f;
    return true;
}

/* Binding strength of a waiting operator; parentheses and calls hold everything back. */
static int strength(const frame *f)
{
    if (f->kind == FRAME_NEGATE)
        return 4;
    if (f->kind != FRAME_BINARY)
        return 0;
    switch (f->op) {
    case EXPR_ADD:
    case EXPR_SUB:
        return 2;
    case EXPR_MUL:
    case EXPR_DIV:
        return 3;
    case EXPR_POW:
        return 5;
    default:
        return 1;
    }
}

static bool reduce(parser *p)
{
    const frame *f = &p->frames[--p->depth];
    if (f->kind == FRAME_BINARY)
        return push_node(p, &f->where, f->op, 0, 0);
    if (p->literal == p->count - 1) {
        p->nodes[p->literal].value = -p->nodes[p->literal].value;
        return true;
    }
    return push_node(p, &f->where, EXPR_NEG, 0, 0);
}

static bool reduce_while(parser *p, int least)
{
    while (p->depth > 0 && strength(&p->frames[p->depth - 1]) >= least)
        if (!reduce(p))
            return false;
    return true;
}

static bool read_number(parser *p, const token *t)
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale) {
        p->status = error_memory(p->err);
        return false;
    }
    errno = 0;
    double value = strtod_l(t->at, NULL, c_locale);
    bool out_of_range = errno == ERANGE && (value == 0 || isinf(value));
    freelocale(c_locale);
    if (out_of_range)
        return fail(p, t->at, "number %s is out of range; double precision holds 5e-324 to 1.8e308",
                    show(t).text);
    if (!push_node(p, t, EXPR_CONST, 0, value))
        return false;
    p->literal = p->count - 1;
    return true;
}

/* The number N of a name spelled xN, or -1. */
static long positional(const token *t)
{
    if (t->length < 2 || t->length > 7 || t->name[0] != 'x' || (t->name[1] == '0' && t->length > 2))
        return -1;
    long n = 0;
    for (size_t i = 1; i < t->length; i++) {
        if (!is_digit(t->name[i]))
            return -1;
        n = n * 10 + (t->name[i] - '0');
    }
    return n;
}

static void list_inputs(symlut_error *err, const expr_names *names)
{
    for (size_t i = 0; i < names->count && i < 8; i++) {
        size_t used = strlen(err->message);
        snprintf(err->message + used, sizeof err->message - used, "%s%s%s",
                 i ? ", " : "; inputs are ", names->names[i],
                 i == 7 && names->count > 8 ? ", ..." : "");
    }
}

static bool unknown_name(parser *p, const token *t)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", t->length < 63 ? (int)t->length : 63, t->name);
    expr_op op;
    long n = positional(t);
    long inputs = p->names ? (long)p->names->count : EXPR_MAX_FEATURES;
    if (expr_op_find(&op, t->name, t->length))
        return fail(p, t->at, "'%s' is a function; write its argument in parentheses", name);
    if (n >= 0 && inputs > 0)
        return fail(p, t->at, "no input %s; there are %ld inputs, x0 to x%ld", name, inputs,
                    inputs - 1);
    if (inputs == 0)
        return fail(p, t->at, "unknown name '%s'; there are no inputs", name);
    if (!p->names || !p->names->names)
        return fail(p, t->at, "unknown name '%s'; inputs are x0 to x%ld", name, inputs - 1);
    fail(p, t->at, "unknown name '%s'", name);
    error_nearest(p->err, name, p->names->names, p->names->count);
    if (p->err && !strchr(p->err->message, ';'))
        list_inputs(p->err, p->names);
    return false;
}

static bool read_name(parser *p, const token *t)
{
    const expr_names *names = p->names;
    for (size_t i = 0; names && names->names && i < names->count; i++)
        if (named(t, names->names[i]))
            return push_node(p, t, EXPR_VAR, (int)i, 0);
    long n = *t->at == '`' ? -1 : positional(t);
    if (n >= 0 && n < EXPR_MAX_FEATURES && (!names || (size_t)n < names->count))
        return push_node(p, t, EXPR_VAR, (int)n, 0);
    for (size_t i = 0; p->parameters && i < p->parameters->count; i++)
        if (named(t, p->parameters->names[i]))
            return push_node(p, t, EXPR_VAR, (int)(names->count + i), 0);
    const struct constant *c = find_constant(t);
    if (!c)
        return unknown_name(p, t);
    if (!push_node(p, t, EXPR_CONST, 0, c->value))
        return false;
    p->literal = p->count - 1;
    return true;
}

static bool is_value(const parser *p, const token *t)
{
    bool found = positional(t) >= 0 || find_constant(t);
    for (size_t i = 0; p->names && p->names->names && i < p->names->count; i++)
        found = found || named(t, p->names->names[i]);
    for (size_t i = 0; p->parameters && i < p->parameters->count; i++)
        found = found || named(t, p->parameters->names[i]);
    return found;
}

static bool unknown_function(parser *p, const token *t)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", t->length < 63 ? (int)t->length : 63, t->name);
    if (is_value(p, t))
        return fail(p, t->at, "'%s' is no function; write '*' to multiply", name);
    const char *known[EXPR_OP_COUNT];
    size_t count = 0;
    for (int op = EXPR_ADD; op < EXPR_OP_COUNT; op++)
        if (is_name_start(*expr_op_name((expr_op)op)))
            known[count++] = expr_op_name((expr_op)op);
    fail(p, t->at, "unknown function '%s'", name);
    error_nearest(p->err, name, known, count);
    return false;
}

/* Adds a function whose arity the first whole call tells. */
static bool declare(parser *p, const token *t)
{
    expr_functions *f = p->declared;
    if (f->count == FUNCTIONS_MAX)
        return fail(p, t->at, "more than %d functions", FUNCTIONS_MAX);
    const char *name = arena_strndup(p->memory, t->name, t->length);
    if (!name) {
        p->status = error_memory(p->err);
        return false;
    }
    f->items[f->count++] = (expr_function){.name = name, .arity = -1};
    return true;
}

static bool open_call(parser *p, const token *t)
{
    frame f = {.kind = FRAME_CALL, .where = *t, .expand = find_macro(t)};
    f.function = *t->at == '`' ? -1 : function_find(p->functions, t->name, t->length);
    bool known =
        f.function >= 0 || f.expand || (*t->at != '`' && expr_op_find(&f.op, t->name, t->length));
    if (!known && (!p->declared || *t->at == '`' || is_value(p, t)))
        return unknown_function(p, t);
    if (!known && !declare(p, t))
        return false;
    if (!known)
        f.function = p->declared->count - 1;
    return push_frame(p, f);
}

static bool wrong_arguments(parser *p, const frame *f, int found)
{
    if (f->function >= 0 && p->functions->items[f->function].arity < 0)
        return fail(p, f->where.at, "%s takes 1 to %d arguments, found %d", show(&f->where).text,
                    FUNCTION_DECLARED, found);
    int arity = f->function >= 0 ? p->functions->items[f->function].arity
                : f->expand      ? f->expand->arity
                                 : expr_arity(f->op);
    bool plain = !f->expand && f->function < 0;
    const char *more = f->op == EXPR_LOG && plain   ? " or 2"
                       : plain && takes_many(f->op) ? " or more"
                                                    : "";
    return fail(p, f->where.at, "%s takes %d%s argument%s, found %d", show(&f->where).text, arity,
                more, arity == 1 && !*more ? "" : "s", found);
}

/* One argument of the innermost call is complete: what can be computed now, is. */
static bool finish_argument(parser *p, frame *f)
{
    f->arguments++;
    if (f->function >= 0)
        return true;
    if (!f->expand && takes_many(f->op) && f->arguments > 1)
        return push_node(p, &f->where, f->op, 0, 0);
    if (!f->expand && f->op == EXPR_LOG && f->arguments <= 2)
        return push_node(p, &f->where, EXPR_LOG, 0, 0);
    return true;
}

static bool expand_macro(parser *p, const frame *f)
{
    const macro *m = f->expand;
    for (int i = 0; i < m->steps; i++)
        if (!push_node(p, &f->where, m->step[i].op, 0, m->step[i].value))
            return false;
    return true;
}

static bool call_function(parser *p, const frame *f)
{
    if (p->functions->items[f->function].arity < 0 && f->arguments <= FUNCTION_DECLARED)
        p->declared->items[f->function].arity = f->arguments;
    if (f->arguments != p->functions->items[f->function].arity)
        return wrong_arguments(p, f, f->arguments);
    if (!push_node(p, &f->where, EXPR_CALL, f->function, 0))
        return false;
    p->nodes[p->count - 1].arity = (uint8_t)f->arguments;
    return true;
}

static bool close_call(parser *p)
{
    frame *f = &p->frames[--p->depth];
    p->literal = -1;
    if (!finish_argument(p, f))
        return false;
    if (f->function >= 0)
        return call_function(p, f);
    if (f->expand)
        return f->arguments == f->expand->arity ? expand_macro(p, f)
                                                : wrong_arguments(p, f, f->arguments);
    if (takes_many(f->op))
        return f->arguments >= 2 || wrong_arguments(p, f, f->arguments);
    if (f->op == EXPR_LOG && f->arguments == 2)
        return push_node(p, &f->where, EXPR_DIV, 0, 0);
    if (f->arguments != expr_arity(f->op))
        return wrong_arguments(p, f, f->arguments);
    return f->op == EXPR_LOG || push_node(p, &f->where, f->op, 0, 0);
}

/* Where an operand must begin. *operand: one was completed; *resume: where to read on. */
static bool read_operand(parser *p, const token *t, bool *operand, const char **resume)
{
    token next = next_token(t->at + t->size);
    *resume = t->at + t->size;
    *operand = true;
    switch (t->kind) {
    case TOKEN_NUMBER:
        return read_number(p, t);
    case TOKEN_NAME:
        if (next.kind != TOKEN_OPEN)
            return read_name(p, t);
        *operand = false;
        *resume = next.at + next.size;
        return open_call(p, t);
    case TOKEN_OPEN:
        *operand = false;
        return push_frame(p, (frame){.kind = FRAME_OPEN, .where = *t});
    case TOKEN_OPERATOR:
        *operand = false;
        if (t->op == EXPR_ADD)
            return true;
        if (t->op == EXPR_SUB)
            return push_frame(p, (frame){.kind = FRAME_NEGATE, .where = *t});
        break;
    case TOKEN_CLOSE:
        if (p->depth > 0 && p->frames[p->depth - 1].kind == FRAME_CALL &&
            p->frames[p->depth - 1].arguments == 0)
            return wrong_arguments(p, &p->frames[p->depth - 1], 0);
        break;
    default:
        break;
    }
    if (t->kind == TOKEN_END && t->at == p->start + strspn(p->start, " \t\r\n"))
        return fail(p, p->start, "the expression is empty");
    if (*t->at == '`')
        return fail(p, t->at,
                    t->size == 2 ? "no name between the backquotes"
                                 : "a name begins with '`' here but never ends with one");
    return fail(p, t->at, "expected a number, a name or '(', found %s", show(t).text);
}

static bool read_close(parser *p, const token *t)
{
    if (!reduce_while(p, 1))
        return false;
    if (p->depth == 0)
        return fail(p, t->at, "')' without a '('");
    if (p->frames[p->depth - 1].kind == FRAME_CALL)
        return close_call(p);
    p->depth--;
    p->literal = -1;
    return true;
}

static bool read_comma(parser *p, const token *t)
{
    if (!reduce_while(p, 1))
        return false;
    if (p->depth == 0 || p->frames[p->depth - 1].kind != FRAME_CALL)
        return fail(p, t->at, "',' outside a function's arguments; a decimal point is '.'");
    p->literal = -1;
    return finish_argument(p, &p->frames[p->depth - 1]);
}

/* After a whole operand. */
static bool read_operator(parser *p, const token *t, bool *operand)
{
    switch (t->kind) {
    case TOKEN_OPERATOR: {
        frame f = {.kind = FRAME_BINARY, .op = t->op, .where = *t};
        int least = strength(&f) + (t->op == EXPR_POW);
        *operand = false;
        return reduce_while(p, least) && push_frame(p, f);
    }
    case TOKEN_CLOSE:
        return read_close(p, t);
    case TOKEN_COMMA:
        *operand = false;
        return read_comma(p, t);
    default:
        break;
    }
    bool factor = t->kind == TOKEN_NAME || t->kind == TOKEN_NUMBER || t->kind == TOKEN_OPEN;
    return fail(p, t->at, "expected an operator, found %s%s", show(t).text,
                factor ? "; write '*' to multiply" : "");
}

static bool read_end(parser *p, const token *t)
{
    if (!reduce_while(p, 1))
        return false;
    if (p->depth == 0)
        return true;
    const frame *f = &p->frames[p->depth - 1];
    const char *at =
        f->kind == FRAME_CALL ? next_token(f->where.at + f->where.size).at : f->where.at;
    (void)t;
    return fail(p, at, "missing ')' for this '('");
}

static bool parse(parser *p)
{
    bool operand = false; /* the last thing read was a whole operand */
    const char *at = p->start;
    for (;;) {
        token t = next_token(at);
        at = t.at + t.size;
        if (operand && t.kind == TOKEN_END)
            return read_end(p, &t);
        bool ok = operand ? read_operator(p, &t, &operand) : read_operand(p, &t, &operand, &at);
        if (!ok)
            return false;
    }
}

/* Puts definitions in the place of calls. */
static bool expand_calls(parser *p)
{
    if (!p->functions || p->keep_calls)
        return true;
    expr_node *nodes = malloc(sizeof *nodes * EXPR_MAX_NODES);
    if (!nodes) {
        p->status = error_memory(p->err);
        return false;
    }
    expr e = {p->nodes, p->count}, expanded = {nodes, 0};
    for (int i = 0; i < e.count; i++) /* expansion reads arities */
        if (e.nodes[i].op != EXPR_CALL)
            e.nodes[i].arity = (uint8_t)expr_arity((expr_op)e.nodes[i].op);
    bool ok = expr_expand(&expanded, EXPR_MAX_NODES, e, p->functions->items);
    for (int i = 0; ok && i < expanded.count; i++)
        if (nodes[i].op == EXPR_CONST)
            nodes[i].feature = 0;
    free(p->nodes);
    p->nodes = nodes;
    p->count = expanded.count;
    return ok ||
           fail(p, p->start, "the expression has more than %d nodes; shorten it", EXPR_MAX_NODES);
}

symlut_status expr_parse(expr *out, arena *memory, const char *infix, const expr_names *names,
                         const char *file, long line, long column0, symlut_error *err)
{
    return expr_parse_with(out, memory, infix, names, NULL, false, file, line, column0, err);
}

/* Runs the parser, whose nodes and frames are not there yet. */
static symlut_status parse_whole(expr *out, parser *p, arena *memory)
{
    *out = (expr){0};
    p->literal = -1;
    p->nodes = malloc(sizeof *p->nodes * EXPR_MAX_NODES);
    p->frames = malloc(sizeof *p->frames * EXPR_MAX_NODES);
    if (!p->nodes || !p->frames) {
        p->status = error_memory(p->err);
    } else if (parse(p) && expand_calls(p)) {
        *out = expr_copy(memory, (expr){p->nodes, p->count});
        if (!out->nodes)
            p->status = error_memory(p->err);
        else
            expr_finish(out);
    }
    free(p->nodes);
    free(p->frames);
    return p->status;
}

symlut_status expr_parse_with(expr *out, arena *memory, const char *infix, const expr_names *names,
                              const expr_functions *functions, bool keep_calls, const char *file,
                              long line, long column0, symlut_error *err)
{
    parser p = {.start = infix,
                .file = file,
                .line = line,
                .column0 = column0,
                .names = names,
                .functions = functions,
                .keep_calls = keep_calls,
                .err = err};
    return parse_whole(out, &p, memory);
}

symlut_status expr_parse_form(expr *out, arena *memory, const char *infix, const expr_names *names,
                              const expr_names *parameters, expr_functions *functions,
                              const char *file, symlut_error *err)
{
    parser p = {.start = infix,
                .file = file,
                .line = 1,
                .column0 = 1,
                .names = names,
                .parameters = parameters,
                .functions = functions,
                .declared = functions,
                .memory = memory,
                .keep_calls = true,
                .err = err};
    return parse_whole(out, &p, memory);
}
