/* Losses: sums of squares have their own path through the search; all others are expressions over
 * the target y, the prediction p and, if a user wants it, the row's weight w. */
#include <ctype.h>
#include <math.h>
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

static bool uses(expr e, int feature)
{
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_VAR && e.nodes[i].feature == feature)
            return true;
    return false;
}

static symlut_status parse_text(task *t, const char *infix, const char *shown, symlut_error *err)
{
    static const char *const names[] = {"y", "p", "w"};
    const expr_names known = {names, 3};
    symlut_status status = expr_parse_with(&t->loss, &t->memory, infix, &known,
                                           t->set.words.functions, false, "loss", 1, 1, err);
    if (status != SYMLUT_OK)
        return status;
    if (!uses(t->loss, 1))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "loss '%s' does not depend on the prediction p; expected an expression "
                         "over y and p such as 'abs(y - p)'",
                         shown);
    t->weighs = uses(t->loss, 2);
    if (t->weighs && !t->data->weights)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "loss '%s' uses the row's weight w, and the rows have none; name their "
                         "column with --weights, or leave w out",
                         shown);
    t->slope = expr_differentiate(&t->memory, t->loss, 1);
    if (!t->slope.nodes || t->memory.failed)
        return error_memory(err);
    if (t->loss.count > TREE_MAX || t->slope.count > EXPR_MAX_NODES)
        return error_set(err, SYMLUT_BAD_INPUT, "loss '%s' is too long: at most %d operations",
                         shown, TREE_MAX);
    return SYMLUT_OK;
}

/* "name" or "name(number)"; *fits: the number is one for it. */
static const named_loss *find_loss(const char *spelled, double *value, bool *fits)
{
    *fits = true;
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
        bool share = !strcmp(l->name, "quantile");
        *fits = l->value > 0 && *value > 0 && isfinite(*value) && (!share || *value < 1) &&
                end != spelled + length + 1 && !strcmp(end, ")");
        return l;
    }
    return NULL;
}

static symlut_status bad_parameter(const named_loss *l, const char *name, symlut_error *err)
{
    if (l->value == 0)
        return error_set(err, SYMLUT_BAD_INPUT, "loss '%s': '%s' takes no number", name, l->name);
    if (!strcmp(l->name, "quantile"))
        return error_set(err, SYMLUT_BAD_INPUT,
                         "loss '%s': expected a share between 0 and 1, as in 'quantile(0.9)'",
                         name);
    return error_set(err, SYMLUT_BAD_INPUT, "loss '%s': expected a number above 0, as in '%s(0.5)'",
                     name, l->name);
}

/* Whether the loss falls on and on along a straight way of the prediction: its mean over some rows
 * is below zero at 1e4 times the target's magnitude, and far lower at 1e8 times. */
static bool falls_without_end(const task *t, int sign)
{
    enum { ROWS = 64 };
    double y[ROWS], p[ROWS], w[ROWS], stack[TREE_MAX * ROWS], mean[2], largest = 1;
    const double *const columns[3] = {y, p, w};
    size_t count = t->parts.train_count, rows = count < ROWS ? count : ROWS;
    for (size_t i = 0; i < rows; i++) {
        uint32_t row = t->parts.train[i * count / rows];
        y[i] = task_target(t, 0, row);
        w[i] = t->data->weights ? t->data->weights[row] : 1;
        largest = fmax(largest, fabs(y[i]));
    }
    for (int far = 0; far < 2; far++) {
        for (size_t i = 0; i < rows; i++)
            p[i] = sign * largest * (far ? 1e8 : 1e4);
        expr_eval_rows(t->loss, columns, rows, stack, ROWS);
        mean[far] = 0;
        for (size_t i = 0; i < rows; i++)
            mean[far] += stack[i] / (double)rows;
    }
    return mean[0] < 0 && mean[1] < 10 * mean[0];
}

symlut_status loss_check(const task *t, symlut_error *err)
{
    for (int sign = -1; sign <= 1 && !t->squares && !t->bounded; sign += 2)
        if (falls_without_end(t, sign))
            return error_set(err, SYMLUT_BAD_INPUT,
                             "loss '%s' falls without end as the prediction p %s; expected one "
                             "that is lowest where p is best, such as 'abs(y - p)'",
                             t->loss_name, sign > 0 ? "grows" : "falls");
    return SYMLUT_OK;
}

symlut_status loss_parse(task *t, const char *name, bool classification, symlut_error *err)
{
    if (!strcasecmp(name, "auto"))
        name = classification ? "margin" : "L2";
    t->loss_name = arena_strdup(&t->memory, name);
    double value = 0;
    bool fits;
    const named_loss *l = find_loss(name, &value, &fits);
    if (!fits)
        return bad_parameter(l, name, err);
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
