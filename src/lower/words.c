/* Table words: the nearest values of every function of one variable, by MPFR. */
#include "lower/enclosure.h"
#include "lower/table.h"

bool table_function_is(expr_op op)
{
    switch (op) {
    case EXPR_SQRT:
    case EXPR_CBRT:
    case EXPR_INV:
    case EXPR_EXP:
    case EXPR_EXP2:
    case EXPR_EXPM1:
    case EXPR_LOG:
    case EXPR_LOG2:
    case EXPR_LOG10:
    case EXPR_LOG1P:
    case EXPR_SIN:
    case EXPR_COS:
    case EXPR_TAN:
    case EXPR_ASIN:
    case EXPR_ACOS:
    case EXPR_ATAN:
    case EXPR_SINH:
    case EXPR_COSH:
    case EXPR_TANH:
    case EXPR_ASINH:
    case EXPR_ACOSH:
    case EXPR_ATANH:
    case EXPR_ERF:
    case EXPR_ERFC:
    case EXPR_GAMMA:
    case EXPR_GAUSS:
    case EXPR_SIGMOID:
    case EXPR_POW:
    case EXPR_ATAN2:
        return true;
    default:
        return false;
    }
}

expr table_function_expr(table_function f, expr_node nodes[3])
{
    expr_node variable = {.op = EXPR_VAR}, constant = {.op = EXPR_CONST, .value = f.constant};
    expr e = {nodes, 0};
    bool two = expr_arity(f.op) == 2;
    if (two && f.constant_first)
        nodes[e.count++] = constant;
    nodes[e.count++] = variable;
    if (two && !f.constant_first)
        nodes[e.count++] = constant;
    nodes[e.count++] = (expr_node){.op = (uint8_t)f.op};
    expr_finish(&e);
    return e;
}

/* x = the midpoint of the first and the last argument of entry k, in half steps:
 * (first + k) * 2^(shared + 1) + 2^shared - 1. t is scratch. */
static void set_midpoint(mpfr_ptr x, mpfr_ptr t, const table_shape *s, int64_t k)
{
    int shared = s->argument_frac - s->index_frac; /* argument bits below the slice */
    mpfr_set_si_2exp(x, (long)(s->first + k), shared + 1, MPFR_RNDN);
    mpfr_set_ui_2exp(t, 1, shared, MPFR_RNDN);
    mpfr_sub_ui(t, t, 1, MPFR_RNDN);
    mpfr_add(x, x, t, MPFR_RNDN);
    mpfr_mul_2si(x, x, -(s->argument_frac + 1), MPFR_RNDN);
}

bool table_values(double *low, double *high, bool *is_nan, const table_shape *s, expr f,
                  format word)
{
    enclosure *e = enclosure_new(f);
    if (!e)
        return false;
    mpfr_t t;
    mpfr_init2(t, mpfr_get_prec(enclosure_argument(e)));
    for (int64_t k = 0; k < (int64_t)1 << s->index_bits; k++) {
        set_midpoint(enclosure_argument(e), t, s, k);
        is_nan[k] = !enclosure_bounds(e, word, &low[k], &high[k]);
    }
    mpfr_clear(t);
    enclosure_free(e);
    return true;
}

bool table_words(int64_t *words, bool *is_nan, const table_shape *s, expr f, format word)
{
    enclosure *e = enclosure_new(f);
    if (!e)
        return false;
    mpfr_t t;
    mpfr_init2(t, mpfr_get_prec(enclosure_argument(e)));
    for (int64_t k = 0; k < (int64_t)1 << s->index_bits; k++) {
        set_midpoint(enclosure_argument(e), t, s, k);
        bool nan;
        words[table_position(s, k)] = enclosure_nearest(e, word, &nan);
        if (is_nan)
            is_nan[k] = nan;
    }
    mpfr_clear(t);
    enclosure_free(e);
    return true;
}
