/* Losses: sums of squares have their own path through the search; all others are expressions over
 * the target y and the prediction p. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "search/prepare.h"

typedef struct named_loss {
    const char *name;
    bool classes;      /* wants targets of ±1 */
    double value;      /* default parameter; 0: none */
    const char *infix; /* with %g for the parameter; NULL: sum of squares */
} named_loss;

static const named_loss LOSSES[] = {
    {"L2", false, 0, NULL},
    {"margin", true, 0, NULL},  /* (1 - y*p)^2 = (y - p)^2 for y = ±1 */
    {"softmax", true, 0, NULL}, /* of all classes at once; the islands before it use margin */
    {"L1", false, 0, "abs(y - p)"},
    {"huber", false, 1, "min(abs(y - p), %1$.17g)*(abs(y - p) - 0.5*min(abs(y - p), %1$.17g))"},
    {"logcosh", false, 0, "abs(y - p) + log1p(exp(-2*abs(y - p))) - 0.6931471805599453"},
    {"quantile", false, 0.5, "max(%1$.17g*(y - p), (%1$.17g - 1)*(y - p))"},
    {"hinge", true, 0, "relu(1 - y*p)"},
    {"logistic", true, 0, "relu(-y*p) + log1p(exp(-abs(y*p)))"},
};
enum { LOSS_KINDS = sizeof LOSSES / sizeof LOSSES[0] };

static symlut_status parse_text(task *t, const char *infix, const char *shown, symlut_error *err)
{
    static const char *const names[] = {"y", "p"};
    const expr_names known = {names, 2};
    symlut_status status = expr_parse_with(&t->loss, &t->memory, infix, &known,
                                           t->set.words.functions, false, "loss", 1, 1, err);
    if (status != SYMLUT_OK)
        return status;
    bool uses_p = false;
    for (int i = 0; i < t->loss.count; i++)
        uses_p = uses_p || (t->loss.nodes[i].op == EXPR_VAR && t->loss.nodes[i].feature == 1);
    if (!uses_p)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "loss '%s' does not depend on the prediction p; expected an expression "
                         "over y and p such as 'abs(y - p)'",
                         shown);
    t->slope = expr_differentiate(&t->memory, t->loss, 1);
    if (!t->slope.nodes || t->memory.failed)
        return error_memory(err);
    if (t->loss.count > TREE_MAX || t->slope.count > EXPR_MAX_NODES)
        return error_set(err, SYMLUT_BAD_INPUT, "loss '%s' is too long: at most %d operations",
                         shown, TREE_MAX);
    return SYMLUT_OK;
}

/* "name" or "name(number)". */
static const named_loss *find_loss(const char *spelled, double *value)
{
    size_t length = strcspn(spelled, "(");
    for (size_t i = 0; i < LOSS_KINDS; i++) {
        const named_loss *l = &LOSSES[i];
        if (strlen(l->name) != length || strncasecmp(l->name, spelled, length) != 0)
            continue;
        *value = l->value;
        if (spelled[length] == '\0')
            return l;
        char *end;
        *value = strtod(spelled + length + 1, &end);
        return l->value > 0 && *value > 0 && !strcmp(end, ")") ? l : NULL;
    }
    return NULL;
}

symlut_status loss_parse(task *t, const char *name, bool classification, symlut_error *err)
{
    if (!strcasecmp(name, "auto"))
        name = classification ? "margin" : "L2";
    t->loss_name = arena_strdup(&t->memory, name);
    double value = 0;
    const named_loss *l = find_loss(name, &value);
    if (l && l->classes && !classification)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "loss '%s' is for classification, and this target is a number; use L2, "
                         "L1, huber, logcosh or quantile",
                         name);
    t->squares = l && !l->infix;
    t->softmax = l && !strcmp(l->name, "softmax");
    if (t->softmax && t->outputs > SOFTMAX_CLASSES)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "loss 'softmax' takes at most %d classes, and the target has %d; use "
                         "margin",
                         SOFTMAX_CLASSES, t->outputs);
    t->bounded = l != NULL;
    if (t->squares)
        return SYMLUT_OK;
    if (!l && !strpbrk(name, "yp+-*/()^")) {
        const char *names[LOSS_KINDS];
        for (size_t i = 0; i < LOSS_KINDS; i++)
            names[i] = LOSSES[i].name;
        symlut_status status =
            error_set(err, SYMLUT_BAD_INPUT,
                      "unknown loss '%s'; expected auto, L2, L1, huber, logcosh, quantile, margin, "
                      "softmax, hinge, logistic, or an expression over y and p",
                      name);
        error_nearest(err, name, names, LOSS_KINDS);
        return status;
    }
    const char *infix = name;
    if (l) {
        text formatted = {0};
        /* the texts are the table's own */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        if (l->value > 0)
            text_printf(&formatted, l->infix, value);
        else
            text_append(&formatted, l->infix);
#pragma GCC diagnostic pop
        infix = arena_strdup(&t->memory, formatted.data ? formatted.data : "");
        text_free(&formatted);
        if (!infix)
            return error_memory(err);
    }
    return parse_text(t, infix, name, err);
}
