/* Postfix nodes to text in six languages. Each operation has a template per language:
 * $a3 is operand a, in parentheses when it binds less tightly than strength 3. */
#include "expr/expr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Binding strengths: 1 comparison, 2 sum, 3 product, 4 negation, 5 power, 6 a whole. */
typedef struct form {
    int strength;
    const char *text; /* NULL: name(a, b) */
} form;

static const form infix_forms[EXPR_OP_COUNT] = {
    [EXPR_ADD] = {2, "$a2 + $b3"}, [EXPR_SUB] = {2, "$a2 - $b3"}, [EXPR_MUL] = {3, "$a3*$b5"},
    [EXPR_DIV] = {3, "$a3/$b5"},   [EXPR_POW] = {5, "$a6^$b5"},   [EXPR_NEG] = {4, "-$a5"},
};

static const form latex_forms[EXPR_OP_COUNT] = {
    [EXPR_ADD] = {2, "$a2 + $b3"},
    [EXPR_SUB] = {2, "$a2 - $b3"},
    [EXPR_MUL] = {3, "$a3 \\cdot $b5"},
    [EXPR_DIV] = {5, "\\frac{$a0}{$b0}"},
    [EXPR_POW] = {5, "{$a6}^{$b0}"},
    [EXPR_MIN] = {6, "\\min\\left($a0, $b0\\right)"},
    [EXPR_MAX] = {6, "\\max\\left($a0, $b0\\right)"},
    [EXPR_ATAN2] = {6, "\\operatorname{atan2}\\left($a0, $b0\\right)"},
    [EXPR_LESS] = {6, "\\left[$a2 < $b2\\right]"},
    [EXPR_GREATER] = {6, "\\left[$a2 > $b2\\right]"},
    [EXPR_LESS_EQUAL] = {6, "\\left[$a2 \\le $b2\\right]"},
    [EXPR_GREATER_EQUAL] = {6, "\\left[$a2 \\ge $b2\\right]"},
    [EXPR_AND] = {6, "\\left[$a2 > 0 \\land $b2 > 0\\right]"},
    [EXPR_OR] = {6, "\\left[$a2 > 0 \\lor $b2 > 0\\right]"},
    [EXPR_COND] = {3, "\\left[$a2 > 0\\right] \\cdot $b4"},
    [EXPR_MOD] = {6, "\\left($a3 \\bmod $b4\\right)"},
    [EXPR_NEG] = {4, "-$a5"},
    [EXPR_ABS] = {6, "\\left|$a0\\right|"},
    [EXPR_SIGN] = {6, "\\operatorname{sign}\\left($a0\\right)"},
    [EXPR_SQUARE] = {5, "{$a6}^{2}"},
    [EXPR_CUBE] = {5, "{$a6}^{3}"},
    [EXPR_SQRT] = {6, "\\sqrt{$a0}"},
    [EXPR_CBRT] = {6, "\\sqrt[3]{$a0}"},
    [EXPR_INV] = {5, "\\frac{1}{$a0}"},
    [EXPR_EXP] = {5, "e^{$a0}"},
    [EXPR_EXP2] = {5, "2^{$a0}"},
    [EXPR_EXPM1] = {2, "e^{$a0} - 1"},
    [EXPR_LOG] = {6, "\\ln\\left($a0\\right)"},
    [EXPR_LOG2] = {6, "\\log_{2}\\left($a0\\right)"},
    [EXPR_LOG10] = {6, "\\log_{10}\\left($a0\\right)"},
    [EXPR_LOG1P] = {6, "\\ln\\left(1 + $a3\\right)"},
    [EXPR_SIN] = {6, "\\sin\\left($a0\\right)"},
    [EXPR_COS] = {6, "\\cos\\left($a0\\right)"},
    [EXPR_TAN] = {6, "\\tan\\left($a0\\right)"},
    [EXPR_ASIN] = {6, "\\arcsin\\left($a0\\right)"},
    [EXPR_ACOS] = {6, "\\arccos\\left($a0\\right)"},
    [EXPR_ATAN] = {6, "\\arctan\\left($a0\\right)"},
    [EXPR_SINH] = {6, "\\sinh\\left($a0\\right)"},
    [EXPR_COSH] = {6, "\\cosh\\left($a0\\right)"},
    [EXPR_TANH] = {6, "\\tanh\\left($a0\\right)"},
    [EXPR_ASINH] = {6, "\\operatorname{arsinh}\\left($a0\\right)"},
    [EXPR_ACOSH] = {6, "\\operatorname{arcosh}\\left($a0\\right)"},
    [EXPR_ATANH] = {6, "\\operatorname{artanh}\\left($a0\\right)"},
    [EXPR_ERF] = {6, "\\operatorname{erf}\\left($a0\\right)"},
    [EXPR_ERFC] = {6, "\\operatorname{erfc}\\left($a0\\right)"},
    [EXPR_GAMMA] = {6, "\\Gamma\\left($a0\\right)"},
    [EXPR_GAUSS] = {5, "e^{-{$a6}^{2}}"},
    [EXPR_SIGMOID] = {5, "\\frac{1}{1 + e^{-$a5}}"},
    [EXPR_RELU] = {6, "\\max\\left(0, $a0\\right)"},
    [EXPR_FLOOR] = {6, "\\left\\lfloor $a0 \\right\\rfloor"},
    [EXPR_CEIL] = {6, "\\left\\lceil $a0 \\right\\rceil"},
    [EXPR_ROUND] = {6, "\\left\\lfloor $a0 \\right\\rceil"},
};

/* ROUND is a function of an argument that is written once: a template that repeats its operand
 * would grow exponentially with nesting. */
static const form sympy_forms[EXPR_OP_COUNT] = {
    [EXPR_ADD] = {2, "$a2 + $b3"},
    [EXPR_SUB] = {2, "$a2 - $b3"},
    [EXPR_MUL] = {3, "$a3*$b5"},
    [EXPR_DIV] = {3, "$a3/$b5"},
    [EXPR_POW] = {5, "$a6**$b5"},
    [EXPR_MIN] = {6, "Min($a0, $b0)"},
    [EXPR_MAX] = {6, "Max($a0, $b0)"},
    [EXPR_LESS] = {6, "Piecewise((1, $a2 < $b2), (0, True))"},
    [EXPR_GREATER] = {6, "Piecewise((1, $a2 > $b2), (0, True))"},
    [EXPR_LESS_EQUAL] = {6, "Piecewise((1, $a2 <= $b2), (0, True))"},
    [EXPR_GREATER_EQUAL] = {6, "Piecewise((1, $a2 >= $b2), (0, True))"},
    [EXPR_AND] = {6, "Piecewise((1, And($a2 > 0, $b2 > 0)), (0, True))"},
    [EXPR_OR] = {6, "Piecewise((1, Or($a2 > 0, $b2 > 0)), (0, True))"},
    [EXPR_COND] = {6, "Piecewise(($b0, $a2 > 0), (0, True))"},
    [EXPR_MOD] = {6, "Mod($a0, $b0)"},
    [EXPR_NEG] = {4, "-$a5"},
    [EXPR_ABS] = {6, "Abs($a0)"},
    [EXPR_SQUARE] = {5, "$a6**2"},
    [EXPR_CUBE] = {5, "$a6**3"},
    [EXPR_CBRT] = {6, "real_root($a0, 3)"},
    [EXPR_INV] = {3, "1/$a4"},
    [EXPR_EXP2] = {5, "2**$a5"},
    [EXPR_EXPM1] = {2, "exp($a0) - 1"},
    [EXPR_LOG2] = {6, "log($a0, 2)"},
    [EXPR_LOG10] = {6, "log($a0, 10)"},
    [EXPR_LOG1P] = {6, "log(1 + $a3)"},
    [EXPR_GAUSS] = {6, "exp(-$a6**2)"},
    [EXPR_SIGMOID] = {3, "1/(1 + exp(-$a5))"},
    [EXPR_RELU] = {6, "Max(0, $a0)"},
    [EXPR_CEIL] = {6, "ceiling($a0)"},
    [EXPR_ROUND] = {6, "Lambda(_u, floor(_u + Rational(1, 2)) - Piecewise((1, Eq(Mod(_u, 2), "
                       "Rational(1, 2))), (0, True)))($a0)"},
};

/* sign and mod are no functions of <math.h>: what uses the text must define them. */
static const form c_forms[EXPR_OP_COUNT] = {
    [EXPR_ADD] = {2, "$a2 + $b3"},
    [EXPR_SUB] = {2, "$a2 - $b3"},
    [EXPR_MUL] = {3, "$a3*$b5"},
    [EXPR_DIV] = {3, "$a3/$b5"},
    [EXPR_POW] = {6, "pow($a0, $b0)"},
    [EXPR_MIN] = {6, "fmin($a0, $b0)"},
    [EXPR_MAX] = {6, "fmax($a0, $b0)"},
    [EXPR_LESS] = {5, "(double)($a2 < $b2)"},
    [EXPR_GREATER] = {5, "(double)($a2 > $b2)"},
    [EXPR_LESS_EQUAL] = {5, "(double)($a2 <= $b2)"},
    [EXPR_GREATER_EQUAL] = {5, "(double)($a2 >= $b2)"},
    [EXPR_AND] = {5, "(double)($a2 > 0 && $b2 > 0)"},
    [EXPR_OR] = {5, "(double)($a2 > 0 || $b2 > 0)"},
    [EXPR_COND] = {6, "($a2 > 0 ? $b2 : 0.0)"},
    [EXPR_NEG] = {4, "-$a5"},
    [EXPR_ABS] = {6, "fabs($a0)"},
    [EXPR_SQUARE] = {6, "pow($a0, 2)"},
    [EXPR_CUBE] = {6, "pow($a0, 3)"},
    [EXPR_INV] = {3, "1/$a4"},
    [EXPR_GAMMA] = {6, "tgamma($a0)"},
    [EXPR_GAUSS] = {6, "exp(-pow($a0, 2))"},
    [EXPR_SIGMOID] = {3, "1/(1 + exp(-$a5))"},
    [EXPR_RELU] = {6, "fmax($a0, 0)"},
    [EXPR_ROUND] = {6, "rint($a0)"},
};

static const form numpy_forms[EXPR_OP_COUNT] = {
    [EXPR_ADD] = {2, "$a2 + $b3"},
    [EXPR_SUB] = {2, "$a2 - $b3"},
    [EXPR_MUL] = {3, "$a3*$b5"},
    [EXPR_DIV] = {6, "np.divide($a0, $b0)"},
    [EXPR_POW] = {6, "np.power($a0, $b0)"},
    [EXPR_MIN] = {6, "np.minimum($a0, $b0)"},
    [EXPR_MAX] = {6, "np.maximum($a0, $b0)"},
    [EXPR_ATAN2] = {6, "np.arctan2($a0, $b0)"},
    [EXPR_LESS] = {6, "np.where($a2 < $b2, 1.0, 0.0)"},
    [EXPR_GREATER] = {6, "np.where($a2 > $b2, 1.0, 0.0)"},
    [EXPR_LESS_EQUAL] = {6, "np.where($a2 <= $b2, 1.0, 0.0)"},
    [EXPR_GREATER_EQUAL] = {6, "np.where($a2 >= $b2, 1.0, 0.0)"},
    [EXPR_AND] = {6, "np.where(np.logical_and($a2 > 0, $b2 > 0), 1.0, 0.0)"},
    [EXPR_OR] = {6, "np.where(np.logical_or($a2 > 0, $b2 > 0), 1.0, 0.0)"},
    [EXPR_COND] = {6, "np.where($a2 > 0, $b0, 0.0)"},
    [EXPR_MOD] = {6, "np.mod($a0, $b0)"},
    [EXPR_NEG] = {4, "-$a5"},
    [EXPR_ABS] = {6, "np.abs($a0)"},
    [EXPR_SIGN] = {6, "np.sign($a0)"},
    [EXPR_SQUARE] = {6, "np.square($a0)"},
    [EXPR_CUBE] = {6, "np.power($a0, 3)"},
    [EXPR_SQRT] = {6, "np.sqrt($a0)"},
    [EXPR_CBRT] = {6, "np.cbrt($a0)"},
    [EXPR_INV] = {6, "np.divide(1, $a0)"},
    [EXPR_EXP] = {6, "np.exp($a0)"},
    [EXPR_EXP2] = {6, "np.exp2($a0)"},
    [EXPR_EXPM1] = {6, "np.expm1($a0)"},
    [EXPR_LOG] = {6, "np.log($a0)"},
    [EXPR_LOG2] = {6, "np.log2($a0)"},
    [EXPR_LOG10] = {6, "np.log10($a0)"},
    [EXPR_LOG1P] = {6, "np.log1p($a0)"},
    [EXPR_SIN] = {6, "np.sin($a0)"},
    [EXPR_COS] = {6, "np.cos($a0)"},
    [EXPR_TAN] = {6, "np.tan($a0)"},
    [EXPR_ASIN] = {6, "np.arcsin($a0)"},
    [EXPR_ACOS] = {6, "np.arccos($a0)"},
    [EXPR_ATAN] = {6, "np.arctan($a0)"},
    [EXPR_SINH] = {6, "np.sinh($a0)"},
    [EXPR_COSH] = {6, "np.cosh($a0)"},
    [EXPR_TANH] = {6, "np.tanh($a0)"},
    [EXPR_ASINH] = {6, "np.arcsinh($a0)"},
    [EXPR_ACOSH] = {6, "np.arccosh($a0)"},
    [EXPR_ATANH] = {6, "np.arctanh($a0)"},
    [EXPR_ERF] = {6, "np.vectorize(math.erf)($a0)"},
    [EXPR_ERFC] = {6, "np.vectorize(math.erfc)($a0)"},
    [EXPR_GAMMA] = {6, "np.vectorize(math.gamma)($a0)"},
    [EXPR_GAUSS] = {6, "np.exp(-np.square($a0))"},
    [EXPR_SIGMOID] = {6, "np.divide(1, 1 + np.exp(-$a5))"},
    [EXPR_RELU] = {6, "np.maximum($a0, 0)"},
    [EXPR_FLOOR] = {6, "np.floor($a0)"},
    [EXPR_CEIL] = {6, "np.ceil($a0)"},
    [EXPR_ROUND] = {6, "np.rint($a0)"},
};

/* PySR reads its equations by sympy with a list of functions; those that it lacks are written out.
 * cbrt and atan2 are sympy's own. */
static const form pysr_forms[EXPR_OP_COUNT] = {
    [EXPR_ADD] = {2, "$a2 + $b3"},
    [EXPR_SUB] = {2, "$a2 - $b3"},
    [EXPR_MUL] = {3, "$a3 * $b5"},
    [EXPR_DIV] = {3, "$a3 / $b5"},
    [EXPR_POW] = {5, "$a6 ^ $b5"},
    [EXPR_LESS] = {6, "greater($b0, $a0)"},
    [EXPR_LESS_EQUAL] = {2, "1 - greater($a0, $b0)"},
    [EXPR_GREATER_EQUAL] = {2, "1 - greater($b0, $a0)"},
    [EXPR_NEG] = {4, "-$a5"},
    [EXPR_INV] = {3, "1 / $a5"},
    [EXPR_EXP2] = {5, "2 ^ $a5"},
    [EXPR_EXPM1] = {2, "exp($a0) - 1"},
    [EXPR_GAUSS] = {6, "exp(-square($a0))"},
    [EXPR_SIGMOID] = {3, "1 / (1 + exp(-$a5))"},
};

static const form *const forms[] = {
    [SYMLUT_PRINT_INFIX] = infix_forms, [SYMLUT_PRINT_LATEX] = latex_forms,
    [SYMLUT_PRINT_SYMPY] = sympy_forms, [SYMLUT_PRINT_C] = c_forms,
    [SYMLUT_PRINT_NUMPY] = numpy_forms, [SYMLUT_PRINT_PYSR] = pysr_forms,
};

/* What remains to be printed: the rest of a template for a node, or a node in parentheses. */
typedef struct job {
    const char *rest;
    int node; /* whose operands $a and $b are */
} job;

typedef struct printer {
    text *out;
    expr e;
    const expr_names *names;
    symlut_print style;
    int digits;
    job *jobs; /* [2 * e.count + 2] */
    int depth;
} printer;

static void emit_number(printer *p, double value)
{
    static const char *const not_a_number[] = {"nan", "\\mathrm{NaN}", "nan",
                                               "NAN", "np.nan",        "nan"};
    static const char *const infinity[] = {"inf", "\\infty", "oo", "INFINITY", "np.inf", "oo"};
    if (isnan(value) || isinf(value)) {
        if (!isnan(value) && value < 0)
            text_append(p->out, "-");
        text_append(p->out, isnan(value) ? not_a_number[p->style] : infinity[p->style]);
        return;
    }
    text number = {0};
    text_number(&number, value, p->digits);
    p->out->failed = p->out->failed || number.failed;
    if (number.failed)
        return;
    char *exponent = strchr(number.data, 'e');
    if (exponent && p->style == SYMLUT_PRINT_LATEX) {
        text_append_n(p->out, number.data, (size_t)(exponent - number.data));
        text_printf(p->out, " \\cdot 10^{%ld}", strtol(exponent + 1, NULL, 10));
    } else {
        /* An integer constant would divide and take powers as integers do. */
        bool whole = !exponent && !strchr(number.data, '.');
        bool typed = p->style == SYMLUT_PRINT_C || p->style == SYMLUT_PRINT_NUMPY;
        text_append(p->out, number.data);
        text_append(p->out, whole && typed ? ".0" : "");
    }
    text_free(&number);
}

/* Words a name must not be in C, Python or sympy. */
static const char *const reserved[] = {
    "E",        "I",        "N",      "O",        "Q",        "S",       "oo",       "pi",
    "zoo",      "nan",      "np",     "math",     "beta",     "zeta",    "lambda",   "and",
    "as",       "assert",   "async",  "await",    "break",    "class",   "continue", "def",
    "del",      "elif",     "else",   "except",   "finally",  "for",     "from",     "global",
    "if",       "import",   "in",     "is",       "nonlocal", "not",     "or",       "pass",
    "raise",    "return",   "try",    "while",    "with",     "yield",   "True",     "False",
    "None",     "auto",     "case",   "char",     "const",    "default", "do",       "double",
    "enum",     "extern",   "float",  "goto",     "inline",   "int",     "long",     "register",
    "restrict", "short",    "signed", "sizeof",   "static",   "struct",  "switch",   "typedef",
    "union",    "unsigned", "void",   "volatile", "j0",       "j1",      "jn",       "y0",
    "y1",       "yn",       "_u",     "test",     "re",       "im",      "Lambda",   "Piecewise",
};

static bool is_plain(const char *name)
{
    expr_op op;
    if (expr_op_find(&op, name, strlen(name)))
        return false;
    for (const char *c = name; *c; c++)
        if (*c == '.' || (unsigned char)*c >= 128)
            return false;
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            return false;
    return expr_is_identifier(name);
}

static void emit_latex_name(text *out, const char *name)
{
    size_t digits = name[0] == 'x' ? strspn(name + 1, "0123456789") : 0;
    if (digits > 0 && name[1 + digits] == '\0') {
        text_printf(out, "x_{%s}", name + 1);
        return;
    }
    text_append(out, "\\mathrm{");
    for (; *name; name++) {
        if (*name == '\\' || *name == '~' || *name == '^')
            text_append(out, *name == '\\'  ? "\\backslash{}"
                             : *name == '~' ? "\\sim{}"
                                            : "\\hat{}");
        else
            text_printf(out,
                        strchr("_%$#&{}", *name) ? "\\%c"
                        : *name == ' '           ? "\\%c"
                                                 : "%c",
                        *name);
    }
    text_append(out, "}");
}

static void emit_name(printer *p, int feature)
{
    const expr_names *names = p->names;
    const char *name =
        names && names->names && (size_t)feature < names->count ? names->names[feature] : "";
    bool infix = p->style == SYMLUT_PRINT_INFIX;
    if (*name && p->style == SYMLUT_PRINT_LATEX)
        emit_latex_name(p->out, name);
    else if (p->style == SYMLUT_PRINT_LATEX)
        text_printf(p->out, "x_{%d}", feature);
    else if (infix ? expr_is_identifier(name) : is_plain(name))
        text_append(p->out, name);
    else if (infix && *name && !strchr(name, '`'))
        text_printf(p->out, "`%s`", name);
    else
        text_printf(p->out, "x%d", feature);
}

static int node_strength(const printer *p, const expr_node *n)
{
    if (n->op == EXPR_VAR)
        return 6;
    if (n->op != EXPR_CONST)
        return forms[p->style][n->op].text ? forms[p->style][n->op].strength : 6;
    double size = fabs(n->value);
    bool powered = p->style == SYMLUT_PRINT_LATEX && size != 0 && (size < 1e-4 || size >= 1e15);
    return powered ? 3 : signbit(n->value) ? 4 : 6;
}

static void push_job(printer *p, const char *rest, int node)
{
    p->jobs[p->depth++] = (job){rest, node};
}

/* The node's template. Where the text need not give the same nodes back, a + (-b) reads better as
 * a - b; the value is the same. $m is the magnitude of constant b, $n what b negates. */
static const char *template_of(const printer *p, int node)
{
    const expr_node *n = &p->e.nodes[node];
    const expr_node *b = n - 1;
    bool exact = p->style == SYMLUT_PRINT_INFIX && p->digits >= 17;
    bool negative = b->op == EXPR_CONST && b->value < 0;
    if (n->op == EXPR_ADD && !exact && (negative || b->op == EXPR_NEG))
        return negative ? "$a2 - $m3" : "$a2 - $n3";
    if (n->op == EXPR_SUB && !exact && (negative || b->op == EXPR_NEG))
        return negative ? "$a2 + $m3" : "$a2 + $n3";
    if (n->op == EXPR_NEG && p->style == SYMLUT_PRINT_INFIX && b->op == EXPR_CONST)
        return "-$a7"; /* "-2" would read as one number */
    return forms[p->style][n->op].text;
}

static void begin_node(printer *p, int node, int least, bool magnitude)
{
    const expr_node *n = &p->e.nodes[node];
    bool latex = p->style == SYMLUT_PRINT_LATEX;
    bool wrapped = !magnitude && node_strength(p, n) < least;
    if (wrapped)
        text_append(p->out, latex ? "\\left(" : "(");
    if (n->arity == 0) {
        if (n->op == EXPR_VAR)
            emit_name(p, n->feature);
        else
            emit_number(p, magnitude ? fabs(n->value) : n->value);
        if (wrapped)
            text_append(p->out, latex ? "\\right)" : ")");
        return;
    }
    if (wrapped)
        push_job(p, latex ? "\\right)" : ")", node);
    const char *form_text = template_of(p, node);
    if (!form_text)
        text_append(p->out, expr_op_name((expr_op)n->op));
    push_job(p, form_text ? form_text : n->arity == 1 ? "($a0)" : "($a0, $b0)", node);
}

static void run_job(printer *p)
{
    job *j = &p->jobs[p->depth - 1];
    size_t literal = strcspn(j->rest, "$");
    text_append_n(p->out, j->rest, literal);
    const char *hole = j->rest + literal;
    if (*hole == '\0') {
        p->depth--;
        return;
    }
    int b = j->node - 1;
    bool second = p->e.nodes[j->node].arity == 2 && hole[1] == 'a';
    int operand = second ? b - (int)p->e.nodes[b].length : hole[1] == 'n' ? b - 1 : b;
    j->rest = hole + 3;
    if (*j->rest == '\0')
        p->depth--; /* nothing follows: long right spines need no deep stack */
    begin_node(p, operand, hole[2] - '0', hole[1] == 'm');
}

void expr_print(text *out, expr e, const expr_names *names, symlut_print style, int digits)
{
    if (e.count == 0)
        return;
    printer p = {.out = out, .e = e, .names = names, .style = style, .digits = digits};
    p.jobs = malloc(sizeof *p.jobs * (2 * (size_t)e.count + 2));
    if (!p.jobs) {
        out->failed = true;
        return;
    }
    begin_node(&p, e.count - 1, 0, false);
    while (p.depth > 0)
        run_job(&p);
    free(p.jobs);
}
