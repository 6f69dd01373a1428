/* Reads the text form of a graph: a recursive-descent-free, token-by-token reader. Every statement
 * is checked as it is read, so that an error names its line and column. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph/interval.h"

typedef enum token_kind {
    TOKEN_END,
    TOKEN_WORD,   /* identifier or keyword; a format with its <…> */
    TOKEN_NUMBER, /* optional minus, digits */
    TOKEN_NODE,   /* %digits */
    TOKEN_STRING, /* "…" */
    TOKEN_SIGN    /* one character */
} token_kind;

typedef struct token {
    token_kind kind;
    const char *start;
    size_t length;
    long line;
} token;

typedef struct reader {
    const char *file, *source, *at, *line_start;
    long line;
    token now;
    const char *now_line_start;
    graph *g;
    symlut_error *err;
    symlut_status status; /* of the first error */
} reader;

/* The error at token t: "found …" is added. Returns false. */
static bool bad(reader *r, const char *expected)
{
    if (r->status != SYMLUT_OK)
        return false;
    const token *t = &r->now;
    int shown = t->length > 40 ? 40 : (int)t->length;
    if (t->kind == TOKEN_END)
        error_at(r->err, SYMLUT_BAD_INPUT, r->file, t->line, t->start - r->now_line_start + 1,
                 "found the end of the text, expected %s", expected);
    else
        error_at(r->err, SYMLUT_BAD_INPUT, r->file, t->line, t->start - r->now_line_start + 1,
                 "found '%.*s', expected %s", shown, t->start, expected);
    error_source(r->err, r->now_line_start, strlen(r->now_line_start));
    r->status = SYMLUT_BAD_INPUT;
    return false;
}

/* An error of meaning at a token seen before. */
static bool wrong(reader *r, const token *t, const char *line_start, const char *message)
{
    if (r->status != SYMLUT_OK)
        return false;
    error_at(r->err, SYMLUT_BAD_INPUT, r->file, t->line, t->start - line_start + 1, "%s", message);
    error_source(r->err, line_start, strlen(line_start));
    r->status = SYMLUT_BAD_INPUT;
    return false;
}

/* ---- tokens */

static void skip_blanks(reader *r)
{
    for (;; r->at++) {
        if (*r->at == '#') {
            while (*r->at && *r->at != '\n')
                r->at++;
        }
        if (*r->at == '\n') {
            r->line++;
            r->line_start = r->at + 1;
        } else if (!isspace((unsigned char)*r->at)) {
            return;
        }
    }
}

static size_t scan_while(const char *p, bool dots)
{
    size_t n = 0;
    while (isalnum((unsigned char)p[n]) || p[n] == '_' || (dots && p[n] == '.'))
        n++;
    return n;
}

/* fixed<16,6> is one token. */
static size_t scan_word(const char *p)
{
    size_t n = scan_while(p, false);
    if (p[n] != '<')
        return n;
    size_t m = n;
    while (p[m] && p[m] != '>' && p[m] != '\n')
        m++;
    return p[m] == '>' ? m + 1 : n;
}

static size_t scan_string(const char *p)
{
    size_t n = 1;
    while (p[n] && p[n] != '"' && p[n] != '\n')
        n += p[n] == '\\' && p[n + 1] && p[n + 1] != '\n' ? 2 : 1;
    return p[n] == '"' ? n + 1 : 0;
}

static void next(reader *r)
{
    skip_blanks(r);
    r->now = (token){TOKEN_SIGN, r->at, 1, r->line};
    r->now_line_start = r->line_start;
    unsigned char c = (unsigned char)*r->at;
    if (!c) {
        r->now.kind = TOKEN_END;
        r->now.length = 0;
    } else if (isalpha(c) || c == '_') {
        r->now.kind = TOKEN_WORD;
        r->now.length = scan_word(r->at);
    } else if (isdigit(c) || (c == '-' && isdigit((unsigned char)r->at[1]))) {
        r->now.kind = TOKEN_NUMBER;
        r->now.length = 1 + scan_while(r->at + 1, true);
    } else if (c == '%' && isdigit((unsigned char)r->at[1])) {
        r->now.kind = TOKEN_NODE;
        r->now.length = 1 + scan_while(r->at + 1, false);
    } else if (c == '"') {
        size_t length = scan_string(r->at);
        r->now.kind = length ? TOKEN_STRING : TOKEN_SIGN;
        r->now.length = length ? length : 1;
    }
    r->at += r->now.length;
}

static bool is_word(const reader *r, const char *word)
{
    return r->now.kind == TOKEN_WORD && r->now.length == strlen(word) &&
           memcmp(r->now.start, word, r->now.length) == 0;
}

static bool eat_word(reader *r, const char *word)
{
    if (!is_word(r, word))
        return false;
    next(r);
    return true;
}

static bool eat_sign(reader *r, char sign)
{
    if (r->now.kind != TOKEN_SIGN || *r->now.start != sign)
        return false;
    next(r);
    return true;
}

static bool need_sign(reader *r, char sign, const char *expected)
{
    return eat_sign(r, sign) || bad(r, expected);
}

/* Digits of [p, end) into *value; false when not a number or beyond 64 bits. */
static bool read_digits(const char *p, const char *end, int64_t *value)
{
    bool minus = *p == '-';
    uint64_t v = 0, most = (uint64_t)INT64_MAX + (minus ? 1 : 0);
    for (p += minus ? 1 : 0; p < end; p++) {
        if (!isdigit((unsigned char)*p))
            return false;
        uint64_t digit = (uint64_t)(*p - '0');
        if (v > (most - digit) / 10)
            return false;
        v = v * 10 + digit;
    }
    *value = minus ? (int64_t)(0 - v) : (int64_t)v;
    return true;
}

static bool need_number(reader *r, int64_t lo, int64_t hi, int64_t *value, const char *expected)
{
    if (r->now.kind != TOKEN_NUMBER ||
        !read_digits(r->now.start, r->now.start + r->now.length, value) || *value < lo ||
        *value > hi)
        return bad(r, expected);
    next(r);
    return true;
}

static bool need_format(reader *r, format *f, const char *expected)
{
    if (r->now.kind != TOKEN_WORD)
        return bad(r, expected);
    char word[64];
    rounding mode = ROUND_TRN;
    overflow over = OVERFLOW_WRAP;
    symlut_error inner;
    snprintf(word, sizeof word, "%.*s", r->now.length > 60 ? 60 : (int)r->now.length, r->now.start);
    if (format_parse(f, &mode, &over, word, &inner) != SYMLUT_OK)
        return bad(r, expected);
    next(r);
    return true;
}

/* An identifier, copied into the graph's arena. */
static char *need_name(reader *r, const char *expected)
{
    if (r->now.kind != TOKEN_WORD || memchr(r->now.start, '<', r->now.length)) {
        bad(r, expected);
        return NULL;
    }
    char *name = arena_strndup(&r->g->memory, r->now.start, r->now.length);
    if (!name && r->status == SYMLUT_OK)
        r->status = error_memory(r->err);
    next(r);
    return name;
}

static int hex(char c)
{
    return isdigit((unsigned char)c) ? c - '0' : tolower((unsigned char)c) - 'a' + 10;
}

/* The string token unescaped, in the graph's arena. */
static char *take_string(reader *r)
{
    const char *p = r->now.start + 1, *end = r->now.start + r->now.length - 1;
    char *s = arena_alloc(&r->g->memory, r->now.length);
    if (!s) {
        if (r->status == SYMLUT_OK)
            r->status = error_memory(r->err);
        return NULL;
    }
    size_t n = 0;
    while (p < end) {
        if (*p == '\\' && p + 3 < end && p[1] == 'x' && isxdigit((unsigned char)p[2]) &&
            isxdigit((unsigned char)p[3])) {
            int c = hex(p[2]) * 16 + hex(p[3]);
            s[n++] = c ? (char)c : ' ';
            p += 4;
        } else {
            p += *p == '\\' && p + 1 < end ? 1 : 0;
            s[n++] = *p++;
        }
    }
    s[n] = '\0';
    next(r);
    return s;
}

/* ---- statements */

static bool read_table(reader *r)
{
    int64_t index_bits, word_value;
    format word;
    token at = r->now;
    const char *at_line = r->now_line_start;
    char *name = need_name(r, "the table's name");
    if (!name || !(eat_word(r, "index") || bad(r, "'index'")) ||
        !need_number(r, 1, TABLE_INDEX_LIMIT, &index_bits, "a number of index bits, 1 to 24") ||
        !(eat_word(r, "word") || bad(r, "'word'")) ||
        !need_format(r, &word, "the words' format, such as fixed<16,6>"))
        return false;
    char *doc = r->now.kind == TOKEN_STRING ? take_string(r) : (char *)"";
    size_t count = (size_t)1 << index_bits;
    /* Two characters a word at least: a short text is refused before its table is allocated. */
    if (strlen(r->at) + r->now.length + 1 < count * 2)
        return wrong(r, &at, at_line, "the table has fewer words than 2^index bits");
    int64_t *words = doc ? malloc(count * sizeof *words) : NULL;
    if (!words) {
        if (r->status == SYMLUT_OK)
            r->status = error_memory(r->err);
        return false;
    }
    bool good = true;
    for (size_t i = 0; i < count && good; i++) {
        good = need_number(r, format_min(word), format_max(word), &word_value,
                           "a table word that fits its format");
        words[i] = word_value;
    }
    uint32_t before = r->g->table_count;
    if (good && graph_add_table(r->g, name, doc, (int)index_bits, word, words) != before)
        good = wrong(r, &at, at_line, "the table repeats an earlier one");
    else if (good && strcmp(r->g->tables[before].name, name) != 0)
        good = wrong(r, &at, at_line, "a table of this name exists already");
    free(words);
    return good;
}

static bool read_input_port(reader *r)
{
    format f;
    token at = r->now;
    const char *at_line = r->now_line_start;
    char *name = need_name(r, "the input's name");
    if (!name || !need_sign(r, ':', "':' and the input's format") ||
        !need_format(r, &f, "the input's format, such as fixed<16,6>"))
        return false;
    for (uint32_t p = 0; p < r->g->input_count; p++) {
        if (strcmp(r->g->inputs[p].name, name) == 0)
            return wrong(r, &at, at_line, "an input of this name exists already");
    }
    graph_add_input_port(r->g, name, f);
    return true;
}

static bool need_operand(reader *r, graph_ref *ref)
{
    int64_t number;
    if (r->now.kind != TOKEN_NODE ||
        !read_digits(r->now.start + 1, r->now.start + r->now.length, &number) ||
        number >= (int64_t)r->g->count)
        return bad(r, "an earlier node, such as %3");
    *ref = (graph_ref)number;
    next(r);
    return true;
}

static bool need_op(reader *r, graph_op *op)
{
    for (int k = 0; k < GRAPH_OP_COUNT; k++) {
        if (is_word(r, graph_op_name((graph_op)k))) {
            *op = (graph_op)k;
            next(r);
            return true;
        }
    }
    return bad(r, "an operation, such as add, mul, cast");
}

static bool need_mode(reader *r, int count, const char *(*name)(int), uint8_t *mode,
                      const char *expected)
{
    for (int k = 0; k < count; k++) {
        if (is_word(r, name(k))) {
            *mode = (uint8_t)k;
            next(r);
            return true;
        }
    }
    return bad(r, expected);
}

static const char *rounding_text(int k)
{
    return rounding_name((rounding)k);
}

static const char *overflow_text(int k)
{
    return overflow_name((overflow)k);
}

/* Name of a port or table: its number in *aux. */
static bool need_existing(reader *r, graph_op op, int64_t *aux)
{
    uint32_t count = op == GRAPH_INPUT ? r->g->input_count : r->g->table_count;
    for (uint32_t k = 0; k < count; k++) {
        if (is_word(r, op == GRAPH_INPUT ? r->g->inputs[k].name : r->g->tables[k].name)) {
            *aux = k;
            next(r);
            return true;
        }
    }
    return bad(r, op == GRAPH_INPUT ? "the name of an input declared above"
                                    : "the name of a table given above");
}

/* What stands between the op and the ':'. */
static bool read_operands(reader *r, graph_op op, graph_node *n, char **name)
{
    if ((op == GRAPH_INPUT || op == GRAPH_TABLE) && !need_existing(r, op, &n->aux))
        return false;
    if (op == GRAPH_OUTPUT && !(*name = need_name(r, "the output's name")))
        return false;
    for (int k = 0; k < graph_arity(op); k++) {
        if (!need_operand(r, &n->arg[k]))
            return false;
    }
    if ((op == GRAPH_CONST || op == GRAPH_SHIFT || op == GRAPH_CONCAT || op == GRAPH_COUNT) &&
        !need_number(r, INT64_MIN, INT64_MAX, &n->aux, "an integer of 64 bits"))
        return false;
    if (op != GRAPH_CAST)
        return true;
    return need_mode(r, ROUNDING_COUNT, rounding_text, &n->rounding,
                     "a rounding: TRN, TRN_ZERO, RND, RND_ZERO, RND_INF, RND_MIN_INF, RND_CONV") &&
           need_mode(r, OVERFLOW_COUNT, overflow_text, &n->overflow,
                     "an overflow: WRAP, SAT, SAT_ZERO, SAT_SYM");
}

/* : format [lo,hi] @stage "origin", each but the first format of a const or cast optional. */
static bool read_facts(reader *r, graph_op op, graph_node *n, bool *ranged)
{
    bool needed = op == GRAPH_CONST || op == GRAPH_CAST;
    int64_t stage = -1;
    n->fmt.width = 0;
    if (needed ? !need_sign(r, ':', "':' and a format") : !eat_sign(r, ':'))
        return !needed;
    if (!need_format(r, &n->fmt, "a format, such as fixed<16,6>"))
        return false;
    *ranged = eat_sign(r, '[');
    if (*ranged && (!need_number(r, INT64_MIN, INT64_MAX, &n->lo, "the interval's lower bound") ||
                    !need_sign(r, ',', "','") ||
                    !need_number(r, INT64_MIN, INT64_MAX, &n->hi, "the interval's upper bound") ||
                    !need_sign(r, ']', "']'")))
        return false;
    if (eat_sign(r, '@') && !need_number(r, 0, INT32_MAX, &stage, "a stage number"))
        return false;
    n->stage = (int32_t)stage;
    if (r->now.kind == TOKEN_STRING) {
        n->origin = take_string(r);
        return n->origin != NULL;
    }
    return true;
}

static graph_ref build(reader *r, const graph_node *n, const char *name)
{
    graph *g = r->g;
    graph_op op = (graph_op)n->op;
    switch (op) {
    case GRAPH_INPUT:
        return graph_add_input_node(g, (uint32_t)n->aux);
    case GRAPH_CONST:
        return graph_add_const(g, n->aux, n->fmt);
    case GRAPH_SHIFT:
        if (n->aux > 2 * FORMAT_FRAC_LIMIT || n->aux < -2 * FORMAT_FRAC_LIMIT)
            return graph_add_shift(g, n->arg[0], 2 * FORMAT_FRAC_LIMIT + 1);
        return graph_add_shift(g, n->arg[0], (int)n->aux);
    case GRAPH_CONCAT: /* what is out of range is refused by the builder */
        return graph_add_concat(g, n->arg[0], n->arg[1],
                                n->aux < 0 || n->aux > 63 ? 0 : (int)n->aux);
    case GRAPH_COUNT:
        return graph_add_count(g, n->arg, n->aux < 0 || n->aux > 2 ? -1 : (int)n->aux);
    case GRAPH_TABLE:
        return graph_add_lookup(g, n->arg[0], (uint32_t)n->aux);
    case GRAPH_CAST:
        return graph_add_cast(g, n->arg[0], n->fmt, (rounding)n->rounding, (overflow)n->overflow);
    case GRAPH_REG:
        return graph_add_reg(g, n->arg[0]);
    case GRAPH_OUTPUT:
        return graph_add_output(g, name, n->arg[0]);
    default:
        return graph_add(g, op, n->arg[0], n->arg[1], n->arg[2]);
    }
}

/* Puts what the text says over what the builder derived; the checker judges it. */
static const char *impose(graph *g, graph_ref ref, const graph_node *n, bool ranged)
{
    graph_node *made = &g->nodes[ref];
    if (n->fmt.width)
        made->fmt = n->fmt;
    if (ranged) {
        made->lo = n->lo;
        made->hi = n->hi;
    }
    made->stage = n->stage;
    made->origin = n->origin;
    return graph_node_problem(g, ref);
}

static bool output_exists(const graph *g, const char *name)
{
    for (uint32_t p = 0; p < g->output_count; p++) {
        if (strcmp(g->outputs[p].name, name) == 0)
            return true;
    }
    return false;
}

static bool read_node(reader *r)
{
    graph *g = r->g;
    token at = r->now;
    const char *at_line = r->now_line_start;
    int64_t number;
    graph_node n = {.stage = -1};
    graph_op op = GRAPH_INPUT;
    bool ranged = false;
    char *name = NULL;
    char expected[64];
    memset(n.arg, 0xff, sizeof n.arg); /* GRAPH_NONE */
    snprintf(expected, sizeof expected, "the next node, %%%" PRIu32, g->count);
    if (!read_digits(at.start + 1, at.start + at.length, &number) || number != (int64_t)g->count)
        return bad(r, expected);
    next(r);
    if (!need_sign(r, '=', "'='") || !need_op(r, &op))
        return false;
    n.op = (uint8_t)op;
    if (!read_operands(r, op, &n, &name) || !read_facts(r, op, &n, &ranged))
        return false;
    if (op == GRAPH_INPUT && g->inputs[n.aux].node != GRAPH_NONE)
        return wrong(r, &at, at_line, "the input has a node already");
    if (op == GRAPH_OUTPUT && output_exists(g, name))
        return wrong(r, &at, at_line, "an output of this name exists already");
    graph_ref ref = build(r, &n, name);
    if (ref == GRAPH_NONE)
        return wrong(r, &at, at_line, g->failed.message);
    const char *problem = impose(g, ref, &n, ranged);
    if (!problem)
        return true;
    char message[160];
    snprintf(message, sizeof message, "the node %s", problem);
    return wrong(r, &at, at_line, message);
}

static bool read_statement(reader *r)
{
    int64_t latency;
    if (r->now.kind == TOKEN_NODE)
        return read_node(r);
    if (eat_word(r, "table"))
        return read_table(r);
    if (eat_word(r, "input"))
        return read_input_port(r);
    if (eat_word(r, "latency")) {
        if (!need_number(r, 0, 1000000, &latency, "a number of cycles"))
            return false;
        r->g->latency = (int)latency;
        return true;
    }
    return bad(r, "'latency', 'table', 'input' or a node such as %0");
}

symlut_status graph_parse(graph **out, const char *file_name, const char *source, symlut_error *err)
{
    symlut_error local;
    int64_t version;
    *out = NULL;
    reader r = {.file = file_name, .source = source, .at = source, .line_start = source, .line = 1};
    r.err = err ? err : &local;
    r.g = graph_new();
    if (!r.g)
        return error_memory(r.err);
    next(&r);
    bool good = (eat_word(&r, "graph") || bad(&r, "'graph 1', the first line of a graph")) &&
                need_number(&r, 1, 1, &version, "version 1 of the graph's text form");
    while (good && r.now.kind != TOKEN_END && r.g->failed.status == SYMLUT_OK)
        good = read_statement(&r);
    if (r.status == SYMLUT_OK && r.g->failed.status != SYMLUT_OK) {
        *r.err = r.g->failed;
        r.status = r.g->failed.status;
    }
    if (r.status == SYMLUT_OK)
        r.status = graph_check(r.g, r.err);
    if (r.status == SYMLUT_OK)
        *out = r.g;
    else
        graph_free(r.g);
    return r.status;
}
