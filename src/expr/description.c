/* Minimise over the rows of a front the length, in nats, of the expression and of the training rows
 * given it (J. Rissanen, Automatica 14, 1978; for expressions: D. Bartlett, H. Desmond and P.
 * Ferreira, Exhaustive Symbolic Regression, IEEE Trans. Evol. Comp., 2023):
 *     -ln p(rows | expression) + complexity * ln(symbols) + sum of the constants' lengths
 * where p is at its largest over the noise's width. With n rows and a mean loss L the first term
 * is, up to what all rows of the front share, n/2 ln L for squares (normal noise), n ln L for
 * absolute errors (Laplace's), n L for logarithms of probabilities. Symbols are the distinct
 * operations and inputs, and one for constants, over the whole front. A constant costs ln(n)/2,
 * what the rows tell of it, and a whole number k at most ln(1 + |k|). */
#include "expr/description.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const NAMES[LIKELIHOOD_COUNT] = {
    [LIKELIHOOD_NORMAL] = "normal",
    [LIKELIHOOD_LAPLACE] = "laplace",
    [LIKELIHOOD_LOGISTIC] = "logistic",
    [LIKELIHOOD_SOFTMAX] = "softmax",
};

const char *likelihood_name(front_likelihood kind)
{
    return NAMES[kind];
}

front_likelihood likelihood_of(const char *name)
{
    int kind = LIKELIHOOD_COUNT - 1;
    while (kind > 0 && strcmp(NAMES[kind], name) != 0)
        kind--;
    return (front_likelihood)kind;
}

/* Distinct operations and inputs of all rows, and constants as one; 0: out of memory. */
static int count_symbols(const front *f)
{
    bool *inputs = calloc(f->header->input_count + 1, sizeof *inputs), ops[256] = {false};
    int count = 0;
    for (size_t k = 0; inputs && k < f->header->output_count; k++)
        for (size_t i = 0; i < f->outputs[k].count; i++) {
            expr e = f->outputs[k].rows[i].e;
            for (int j = 0; j < e.count; j++) {
                const expr_node *node = &e.nodes[j];
                bool *seen = node->op == EXPR_VAR ? &inputs[node->feature] : &ops[node->op];
                count += !*seen;
                *seen = true;
            }
        }
    free(inputs);
    return count;
}

static double constants_length(expr e, double rows)
{
    double sum = 0, most = 0.5 * log(fmax(rows, 1));
    for (int i = 0; i < e.count; i++) {
        double x = e.nodes[i].value;
        if (e.nodes[i].op == EXPR_CONST)
            sum += x == nearbyint(x) ? fmin(most, log1p(fabs(x))) : most;
    }
    return sum;
}

/* Whether each row of every output is of one forest. */
static bool is_joint(const front *f)
{
    bool joint = f->likelihood == LIKELIHOOD_SOFTMAX;
    for (size_t k = 1; k < f->header->output_count; k++)
        joint = joint && f->outputs[k].count == f->outputs[0].count;
    return joint;
}

static double row_length(const front *f, size_t k, size_t i, double symbols)
{
    const front_row *row = &f->outputs[k].rows[i];
    double n = f->rows, loss = fmax(row->loss, DBL_MIN), length = row->complexity * log(symbols);
    if (f->likelihood == LIKELIHOOD_NORMAL)
        length += 0.5 * n * log(loss);
    else if (f->likelihood == LIKELIHOOD_LAPLACE)
        length += n * log(loss);
    else
        length += n * row->loss;
    bool joint = is_joint(f);
    for (size_t of = 0; of < f->header->output_count; of++)
        if (joint || of == k)
            length += constants_length(f->outputs[of].rows[i].e, n);
    return length;
}

symlut_status front_shortest(size_t *row, const front *f, size_t k, symlut_error *err)
{
    if (f->likelihood == LIKELIHOOD_UNKNOWN)
        return error_set(err, SYMLUT_BAD_INPUT,
                         "selection 'mdl' needs a run's own front (not a table of equations) with "
                         "the loss L2, L1, margin, logistic or softmax; choose best, accuracy, "
                         "score or 'complexity N'");
    int symbols = count_symbols(f);
    if (symbols == 0)
        return error_memory(err);
    double least = (double)INFINITY;
    *row = 0;
    for (size_t i = 0; i < f->outputs[k].count; i++) {
        double length = row_length(f, k, i, symbols);
        if (length < least) {
            least = length;
            *row = i;
        }
    }
    return SYMLUT_OK;
}
