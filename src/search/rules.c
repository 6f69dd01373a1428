#include "search/template.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---------------------------------------------------------------- reading */

static const char BLANK[] = " \t\n", MARKS[] = " \t\n:;,=";
static const double LARGEST = 1000; /* of any number here */

typedef struct reader {
    const char *at, *whole;
    const char *what, *example; /* for messages */
    const expr_functions *functions;
} reader;

static bool next_is(reader *r, char mark)
{
    r->at += strspn(r->at, BLANK);
    if (*r->at != mark)
        return false;
    r->at++;
    return true;
}

static bool at_end(reader *r)
{
    r->at += strspn(r->at, BLANK);
    return *r->at == '\0';
}

static symlut_status malformed(const reader *r, const char *expected, symlut_error *err)
{
    return error_set(err, SYMLUT_BAD_INPUT, "%s '%.200s': expected %s at %s%.40s%s, as in '%s'",
                     r->what, r->whole, expected, *r->at ? "'" : "", *r->at ? r->at : "its end",
                     *r->at ? "'" : "", r->example);
}

/* An operation, or EXPR_OP_COUNT and more: a function of the user. leaves: `const` and `x` are
 * names too. */
static symlut_status read_operator(reader *r, int *kind, bool leaves, symlut_error *err)
{
    expr_op op = EXPR_CONST;
    r->at += strspn(r->at, BLANK);
    size_t length = strcspn(r->at, MARKS);
    if (length == 0)
        return malformed(r, "an operator", err);
    bool constant = length == 5 && !memcmp(r->at, "const", 5), input = length == 1 && *r->at == 'x';
    int function = function_find(r->functions, r->at, length);
    if (leaves && (constant || input)) {
        op = constant ? EXPR_CONST : EXPR_VAR;
    } else if (function < 0 && (!expr_op_find(&op, r->at, length) || expr_arity(op) == 0)) {
        const char *names[EXPR_OP_COUNT];
        size_t count = 0;
        for (int i = EXPR_ADD; i < EXPR_OP_COUNT; i++)
            names[count++] = expr_op_name((expr_op)i);
        char wanted[64];
        snprintf(wanted, sizeof wanted, "%.*s", (int)(length < 63 ? length : 63), r->at);
        error_set(err, SYMLUT_BAD_INPUT, "%s: unknown operator '%s'; expected one as in '%s'",
                  r->what, wanted, r->example);
        error_nearest(err, wanted, names, count);
        return SYMLUT_BAD_INPUT;
    }
    r->at += length;
    *kind = function >= 0 ? EXPR_OP_COUNT + function : (int)op;
    return SYMLUT_OK;
}

static int arity_of(const reader *r, int kind)
{
    return kind < EXPR_OP_COUNT ? expr_arity((expr_op)kind)
                                : r->functions->items[kind - EXPR_OP_COUNT].arity;
}

static symlut_status read_number(reader *r, double *value, bool whole, double low, double high,
                                 symlut_error *err)
{
    char expected[80];
    snprintf(expected, sizeof expected, "a%s number from %g to %g", whole ? " whole" : "", low,
             high);
    r->at += strspn(r->at, BLANK);
    char *end;
    *value = strtod(r->at, &end);
    if (end == r->at || strcspn(end, MARKS) > 0 || !(*value >= low && *value <= high) ||
        (whole && floor(*value) < *value))
        return malformed(r, expected, err);
    r->at = end;
    return SYMLUT_OK;
}

static symlut_status add_nesting(rules *rule, reader *r, int outer, symlut_error *err)
{
    int inner = EXPR_CONST;
    double most = 0;
    symlut_status status = read_operator(r, &inner, false, err);
    if (status == SYMLUT_OK)
        status = read_number(r, &most, true, 0, LARGEST, err);
    if (status != SYMLUT_OK)
        return status;
    if (rule->nested_count == RULES_NESTED)
        return error_set(err, SYMLUT_BAD_INPUT, "%s: more than %d limits; give fewer", r->what,
                         RULES_NESTED);
    rule->nested[rule->nested_count++] = (nesting){(uint8_t)outer, (uint8_t)inner, (int)most};
    return SYMLUT_OK;
}

static symlut_status read_nested(rules *rule, const char *list, symlut_error *err)
{
    reader r = {list, list, "nesting limits", "sin: sin 0, exp 1; exp: exp 0", rule->functions};
    do {
        int outer = EXPR_CONST;
        symlut_status status = read_operator(&r, &outer, false, err);
        if (status == SYMLUT_OK && !next_is(&r, ':'))
            status = malformed(&r, "':'", err);
        if (status == SYMLUT_OK)
            do
                status = add_nesting(rule, &r, outer, err);
            while (status == SYMLUT_OK && next_is(&r, ','));
        if (status != SYMLUT_OK)
            return status;
    } while (next_is(&r, ';'));
    return at_end(&r) ? SYMLUT_OK : malformed(&r, "',', ';' or the end", err);
}

static symlut_status read_constraints(rules *rule, const char *list, symlut_error *err)
{
    reader r = {list, list, "operand limits", "^: -1 3; sin: 5", rule->functions};
    do {
        int op = EXPR_CONST;
        symlut_status status = read_operator(&r, &op, false, err);
        if (status == SYMLUT_OK && !next_is(&r, ':'))
            status = malformed(&r, "':'", err);
        for (int k = 0; status == SYMLUT_OK && k < arity_of(&r, op); k++) {
            double most = 0;
            status = read_number(&r, &most, true, -1, LARGEST, err);
            rule->operand[op][k] = (int)most;
        }
        if (status != SYMLUT_OK)
            return status;
    } while (next_is(&r, ';'));
    return at_end(&r) ? SYMLUT_OK : malformed(&r, "';' or the end", err);
}

static symlut_status read_complexity(rules *rule, const char *list, symlut_error *err)
{
    reader r = {list, list, "complexities", "sin=3, const=2, x=1", rule->functions};
    do {
        int op = EXPR_CONST;
        symlut_status status = read_operator(&r, &op, true, err);
        if (status == SYMLUT_OK && !next_is(&r, '='))
            status = malformed(&r, "'='", err);
        /* every leaf must fit, so that there is something to begin with */
        if (status == SYMLUT_OK)
            status = read_number(&r, &rule->cost[op], false, 0, rule->max_complexity, err);
        if (status != SYMLUT_OK)
            return status;
    } while (next_is(&r, ','));
    return at_end(&r) ? SYMLUT_OK : malformed(&r, "',' or the end", err);
}

symlut_status rules_parse(rules *r, int max_complexity, int max_depth, const char *nested,
                          const char *constraints, const char *complexity, symlut_error *err)
{
    return rules_parse_with(r, NULL, max_complexity, max_depth, nested, constraints, complexity,
                            err);
}

symlut_status rules_parse_with(rules *r, const expr_functions *functions, int max_complexity,
                               int max_depth, const char *nested, const char *constraints,
                               const char *complexity, symlut_error *err)
{
    *r = (rules){.max_complexity = max_complexity, .max_depth = max_depth, .functions = functions};
    for (int i = 0; i < RULES_KINDS; i++) {
        r->operand[i][0] = r->operand[i][1] = r->operand[i][2] = -1;
        r->cost[i] = 1;
    }
    if (max_depth < 0)
        return error_set(err, SYMLUT_BAD_INPUT, "the largest depth is %d; expected 0 (any) or more",
                         max_depth);
    symlut_status status = SYMLUT_OK;
    if (nested)
        status = read_nested(r, nested, err);
    if (status == SYMLUT_OK && constraints)
        status = read_constraints(r, constraints, err);
    if (status == SYMLUT_OK && complexity)
        status = read_complexity(r, complexity, err);
    r->active = max_depth > 0 || nested || constraints;
    for (int i = 0; i < RULES_KINDS; i++)
        r->active = r->active || r->cost[i] < 1 || r->cost[i] > 1;
    return status;
}

/* ---------------------------------------------------------------- judging */

static int rounded(double cost)
{
    int whole = (int)lrint(cost);
    return whole < 1 ? 1 : whole;
}

int rules_kind(const expr_node *n)
{
    return n->op == EXPR_CALL ? EXPR_OP_COUNT + n->feature : n->op;
}

static bool has_calls(expr e)
{
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_CALL)
            return true;
    return false;
}

expr rules_plain(const rules *r, expr_node *room, expr e)
{
    if (!r || !(r->functions || r->template) || !has_calls(e))
        return e;
    expr plain = {room, 0};
    if (r->template)
        return template_expand(&plain, RULES_PLAIN, r->template, e, r->functions) ? plain
                                                                                  : (expr){room, 0};
    return expr_expand(&plain, RULES_PLAIN, e, r->functions->items) ? plain : (expr){room, 0};
}

static double cost_of(const rules *r, const expr_node *nodes, int from, int to)
{
    double sum = 0;
    for (int i = from; i < to; i++)
        sum += r->cost[rules_kind(&nodes[i])];
    return sum;
}

int rules_complexity(const rules *r, expr e)
{
    if (r->template) { /* the form and its parameters are free */
        int starts[TEMPLATE_PARTS + 1];
        template_starts(e, starts);
        return rounded(cost_of(r, e.nodes, 0, starts[r->template->expressions]));
    }
    return r->active ? rounded(cost_of(r, e.nodes, 0, e.count)) : e.count;
}

/* Largest sum of `weight` over the paths down from each node; weight: 1 for the nodes of a kind, or
 * of any when it is RULES_KINDS. */
static void longest_paths(int *out, expr e, int kind)
{
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        int below = 0;
        for (int k = 0, child = i - 1; k < n->arity; k++) {
            if (out[child] > below)
                below = out[child];
            child -= (int)e.nodes[child].length;
        }
        out[i] = below + (kind == RULES_KINDS || rules_kind(n) == kind);
    }
}

static bool operands_fit(const rules *r, expr e, int i)
{
    const expr_node *n = &e.nodes[i];
    int end = i; /* one past the operand, from the last to the first */
    for (int k = n->arity - 1; k >= 0; k--) {
        int start = end - (int)e.nodes[end - 1].length, most = r->operand[rules_kind(n)][k];
        if (most >= 0 && rounded(cost_of(r, e.nodes, start, end)) > most)
            return false;
        end = start;
    }
    return true;
}

static bool nesting_fits(const nesting *rule, expr e)
{
    int within[RULES_NODES];
    longest_paths(within, e, rule->inner);
    for (int i = 0; i < e.count; i++)
        if (rules_kind(&e.nodes[i]) == rule->outer &&
            within[i] - (rule->outer == rule->inner) > rule->most)
            return false;
    return true;
}

double rules_penalty(const rules *r, expr e)
{
    expr_node room[RULES_PLAIN];
    return r->units && !units_allow(r->units, rules_plain(r, room, e)) ? r->unit_penalty : 0;
}

/* Depth, operands and nesting. */
static bool shape_fits(const rules *r, expr e)
{
    if (r->max_depth > 0) {
        int depth[RULES_NODES];
        longest_paths(depth, e, RULES_KINDS);
        if (depth[e.count - 1] > r->max_depth)
            return false;
    }
    for (int i = 0; i < e.count; i++)
        if (!operands_fit(r, e, i))
            return false;
    for (int i = 0; i < r->nested_count; i++)
        if (!nesting_fits(&r->nested[i], e))
            return false;
    return true;
}

static bool parts_fit(const rules *r, expr e)
{
    int starts[TEMPLATE_PARTS + 1];
    template_starts(e, starts);
    for (int k = 0; k < r->template->expressions; k++)
        if (!shape_fits(r, (expr){e.nodes + starts[k], starts[k + 1] - starts[k]}))
            return false;
    return true;
}

bool rules_allow(const rules *r, expr e)
{
    expr_node room[RULES_PLAIN];
    expr plain = r->functions || r->units || r->template ? rules_plain(r, room, e) : e;
    unit ignored;
    if (plain.count == 0)
        return false;
    if (r->units && isinf(r->unit_penalty) && units_of(r->units, plain, &ignored) == UNIT_BROKEN)
        return false;
    if (!r->active)
        return true;
    if (e.count > RULES_NODES || rules_complexity(r, e) > r->max_complexity)
        return false;
    return r->template ? parts_fit(r, e) : shape_fits(r, e);
}
