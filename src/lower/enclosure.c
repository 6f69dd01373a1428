#include "lower/enclosure.h"

#include <math.h>
#include <stdlib.h>

enum { FIRST_PRECISION = 96, LAST_PRECISION = 2048, ARGUMENT_PRECISION = 72 };

/* An interval [lo, hi]; with `nan` not a number. */
typedef struct span {
    mpfr_t lo, hi;
    bool nan;
} span;

enum { TEMPORARIES = 6 };

struct enclosure {
    expr f;
    int depth;
    mpfr_t x;
    mpfr_t t[TEMPORARIES];
    span stack[]; /* [depth + 1] */
};

enclosure *enclosure_new(expr f)
{
    int depth = expr_depth(f) + 1;
    enclosure *e = calloc(1, sizeof *e + (size_t)depth * sizeof *e->stack);
    if (!e)
        return NULL;
    e->f = f;
    e->depth = depth;
    mpfr_init2(e->x, ARGUMENT_PRECISION);
    for (int i = 0; i < TEMPORARIES; i++)
        mpfr_init2(e->t[i], FIRST_PRECISION);
    for (int i = 0; i < depth; i++)
        mpfr_inits2(FIRST_PRECISION, e->stack[i].lo, e->stack[i].hi, (mpfr_ptr)0);
    return e;
}

void enclosure_free(enclosure *e)
{
    if (!e)
        return;
    mpfr_clear(e->x);
    for (int i = 0; i < TEMPORARIES; i++)
        mpfr_clear(e->t[i]);
    for (int i = 0; i < e->depth; i++)
        mpfr_clears(e->stack[i].lo, e->stack[i].hi, (mpfr_ptr)0);
    mpfr_free_cache();
    free(e);
}

mpfr_ptr enclosure_argument(enclosure *e)
{
    return e->x;
}

static void set_precision(enclosure *e, mpfr_prec_t p)
{
    for (int i = 0; i < TEMPORARIES; i++)
        mpfr_set_prec(e->t[i], p);
    for (int i = 0; i < e->depth; i++) {
        mpfr_set_prec(e->stack[i].lo, p);
        mpfr_set_prec(e->stack[i].hi, p);
    }
}

/* ---------------------------------------------------------------- intervals */

static bool is_point(const span *a)
{
    return mpfr_equal_p(a->lo, a->hi);
}

static void set_ends(span *a, double lo, double hi)
{
    mpfr_set_d(a->lo, lo, MPFR_RNDD);
    mpfr_set_d(a->hi, hi, MPFR_RNDU);
}

/* Not a number, when either end is; zeros lose their sign, which would show in 1/0. */
static void settle(span *a)
{
    if (mpfr_nan_p(a->lo) || mpfr_nan_p(a->hi)) {
        a->nan = true;
        set_ends(a, 0, 0);
    }
    if (mpfr_zero_p(a->lo))
        mpfr_set_zero(a->lo, 1);
    if (mpfr_zero_p(a->hi))
        mpfr_set_zero(a->hi, 1);
}

typedef int (*mpfr_function)(mpfr_ptr, mpfr_srcptr, mpfr_rnd_t);

/* Cuts to the domain [low, high]; what lies wholly outside is not a number. */
static void cut(span *a, double low, double high)
{
    if (mpfr_cmp_d(a->hi, low) < 0 || mpfr_cmp_d(a->lo, high) > 0)
        a->nan = true;
    else if (mpfr_cmp_d(a->lo, low) < 0)
        mpfr_set_d(a->lo, low, MPFR_RNDD);
    if (!a->nan && mpfr_cmp_d(a->hi, high) > 0)
        mpfr_set_d(a->hi, high, MPFR_RNDU);
}

static void increasing(span *a, mpfr_function f)
{
    f(a->lo, a->lo, MPFR_RNDD);
    f(a->hi, a->hi, MPFR_RNDU);
}

static void decreasing(span *a, mpfr_function f)
{
    mpfr_swap(a->lo, a->hi);
    f(a->lo, a->lo, MPFR_RNDD);
    f(a->hi, a->hi, MPFR_RNDU);
}

/* [lo, hi] to the interval of magnitudes. */
static void magnitude(span *a)
{
    if (mpfr_sgn(a->lo) >= 0)
        return;
    if (mpfr_sgn(a->hi) <= 0) {
        mpfr_swap(a->lo, a->hi);
        mpfr_neg(a->lo, a->lo, MPFR_RNDD);
        mpfr_neg(a->hi, a->hi, MPFR_RNDU);
        return;
    }
    mpfr_neg(a->lo, a->lo, MPFR_RNDU);
    mpfr_max(a->hi, a->lo, a->hi, MPFR_RNDU);
    mpfr_set_zero(a->lo, 1);
}

/* Functions whose slope is within [-1, 1], and whose values are: the value at one end, give or take
 * the width. */
static void lipschitz(enclosure *e, span *a, mpfr_function f)
{
    if (mpfr_inf_p(a->lo) || mpfr_inf_p(a->hi)) {
        a->nan = is_point(a);
        set_ends(a, -1, 1);
        return;
    }
    mpfr_sub(e->t[0], a->hi, a->lo, MPFR_RNDU);
    mpfr_set(e->t[1], a->lo, MPFR_RNDN);
    f(a->lo, e->t[1], MPFR_RNDD);
    f(a->hi, e->t[1], MPFR_RNDU);
    mpfr_sub(a->lo, a->lo, e->t[0], MPFR_RNDD);
    mpfr_add(a->hi, a->hi, e->t[0], MPFR_RNDU);
    cut(a, -1, 1);
}

static void tangent(span *a)
{
    bool point = is_point(a);
    increasing(a, mpfr_tan);
    if (!point && mpfr_cmp(a->lo, a->hi) > 0) /* a pole between */
        set_ends(a, -INFINITY, INFINITY);
}

/* 1 / a. */
static void invert(span *a)
{
    if (!is_point(a) && mpfr_sgn(a->lo) < 0 && mpfr_sgn(a->hi) > 0) {
        set_ends(a, -INFINITY, INFINITY);
        return;
    }
    bool below = mpfr_sgn(a->hi) <= 0 && mpfr_sgn(a->lo) < 0;
    mpfr_swap(a->lo, a->hi);
    if (below && mpfr_zero_p(a->lo))
        mpfr_set_inf(a->lo, -1);
    else
        mpfr_ui_div(a->lo, 1, a->lo, MPFR_RNDD);
    mpfr_ui_div(a->hi, 1, a->hi, MPFR_RNDU);
}

static void gauss(span *a)
{
    magnitude(a);
    mpfr_sqr(a->lo, a->lo, MPFR_RNDD);
    mpfr_sqr(a->hi, a->hi, MPFR_RNDU);
    mpfr_swap(a->lo, a->hi);
    mpfr_neg(a->lo, a->lo, MPFR_RNDD);
    mpfr_neg(a->hi, a->hi, MPFR_RNDU);
    increasing(a, mpfr_exp);
}

static void sigmoid(span *a)
{
    mpfr_swap(a->lo, a->hi);
    mpfr_neg(a->lo, a->lo, MPFR_RNDD);
    mpfr_neg(a->hi, a->hi, MPFR_RNDU);
    increasing(a, mpfr_exp);
    mpfr_add_ui(a->lo, a->lo, 1, MPFR_RNDD);
    mpfr_add_ui(a->hi, a->hi, 1, MPFR_RNDU);
    invert(a);
}

/* Rises from its minimum, at 1.4616…, falls before it; left of 0 only points are told apart. */
static void gamma_function(span *a)
{
    bool point = is_point(a);
    if (point || mpfr_cmp_d(a->lo, 1.47) > 0) {
        increasing(a, mpfr_gamma);
    } else if (mpfr_sgn(a->lo) > 0 && mpfr_cmp_d(a->hi, 1.46) < 0) {
        decreasing(a, mpfr_gamma);
    } else {
        set_ends(a, -INFINITY, INFINITY);
    }
}

static int sign_function(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t round)
{
    return mpfr_set_si(y, mpfr_nan_p(x) ? 0 : (mpfr_sgn(x) > 0) - (mpfr_sgn(x) < 0), round);
}

static int floor_function(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t round)
{
    (void)round;
    return mpfr_floor(y, x);
}

static int ceil_function(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t round)
{
    (void)round;
    return mpfr_ceil(y, x);
}

static int round_function(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t round)
{
    (void)round;
    return mpfr_roundeven(y, x);
}

static int cube_function(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t round)
{
    return mpfr_pow_ui(y, x, 3, round);
}

static int relu_function(mpfr_ptr y, mpfr_srcptr x, mpfr_rnd_t round)
{
    return mpfr_sgn(x) > 0 ? mpfr_set(y, x, round) : mpfr_set_ui(y, 0, round);
}

/* Functions that rise over their whole domain. */
static mpfr_function rising(expr_op op)
{
    switch (op) {
    case EXPR_SQRT:
        return mpfr_sqrt;
    case EXPR_CBRT:
        return mpfr_cbrt;
    case EXPR_EXP:
        return mpfr_exp;
    case EXPR_EXP2:
        return mpfr_exp2;
    case EXPR_EXPM1:
        return mpfr_expm1;
    case EXPR_LOG:
        return mpfr_log;
    case EXPR_LOG2:
        return mpfr_log2;
    case EXPR_LOG10:
        return mpfr_log10;
    case EXPR_LOG1P:
        return mpfr_log1p;
    case EXPR_ASIN:
        return mpfr_asin;
    case EXPR_ATAN:
        return mpfr_atan;
    case EXPR_SINH:
        return mpfr_sinh;
    case EXPR_TANH:
        return mpfr_tanh;
    case EXPR_ASINH:
        return mpfr_asinh;
    case EXPR_ACOSH:
        return mpfr_acosh;
    case EXPR_ATANH:
        return mpfr_atanh;
    case EXPR_ERF:
        return mpfr_erf;
    case EXPR_SIGN:
        return sign_function;
    case EXPR_FLOOR:
        return floor_function;
    case EXPR_CEIL:
        return ceil_function;
    case EXPR_ROUND:
        return round_function;
    case EXPR_CUBE:
        return cube_function;
    case EXPR_RELU:
        return relu_function;
    default:
        return NULL;
    }
}

static void cut_to_domain(span *a, expr_op op)
{
    if (op == EXPR_SQRT || op == EXPR_LOG || op == EXPR_LOG2 || op == EXPR_LOG10)
        cut(a, 0, INFINITY);
    else if (op == EXPR_LOG1P)
        cut(a, -1, INFINITY);
    else if (op == EXPR_ASIN || op == EXPR_ACOS || op == EXPR_ATANH)
        cut(a, -1, 1);
    else if (op == EXPR_ACOSH)
        cut(a, 1, INFINITY);
}

static void unary(enclosure *e, span *a, expr_op op)
{
    cut_to_domain(a, op);
    if (a->nan)
        return;
    if (rising(op)) {
        increasing(a, rising(op));
        return;
    }
    switch (op) {
    case EXPR_NEG:
        decreasing(a, mpfr_neg);
        break;
    case EXPR_ABS:
        magnitude(a);
        break;
    case EXPR_SQUARE:
        magnitude(a);
        increasing(a, mpfr_sqr);
        break;
    case EXPR_INV:
        invert(a);
        break;
    case EXPR_SIN:
        lipschitz(e, a, mpfr_sin);
        break;
    case EXPR_COS:
        lipschitz(e, a, mpfr_cos);
        break;
    case EXPR_TAN:
        tangent(a);
        break;
    case EXPR_ACOS:
        decreasing(a, mpfr_acos);
        break;
    case EXPR_COSH:
        magnitude(a);
        increasing(a, mpfr_cosh);
        break;
    case EXPR_ERFC:
        decreasing(a, mpfr_erfc);
        break;
    case EXPR_GAMMA:
        gamma_function(a);
        break;
    case EXPR_GAUSS:
        gauss(a);
        break;
    case EXPR_SIGMOID:
        sigmoid(a);
        break;
    default:
        a->nan = true;
    }
}

/* ---------------------------------------------------------------- two operands */

typedef int (*mpfr_binary)(mpfr_ptr, mpfr_srcptr, mpfr_srcptr, mpfr_rnd_t);

/* The hull of f at the four corners: for f that is monotone in each operand on the box. */
static void corners(enclosure *e, span *a, const span *b, mpfr_binary f)
{
    mpfr_ptr low = e->t[0], high = e->t[1], down = e->t[2], up = e->t[3];
    bool nan = false;
    for (int i = 0; i < 4; i++) {
        mpfr_srcptr p = i & 1 ? a->hi : a->lo, q = i & 2 ? b->hi : b->lo;
        f(down, p, q, MPFR_RNDD);
        f(up, p, q, MPFR_RNDU);
        nan = nan || mpfr_nan_p(down) || mpfr_nan_p(up);
        if (i == 0 || mpfr_cmp(down, low) < 0)
            mpfr_set(low, down, MPFR_RNDD);
        if (i == 0 || mpfr_cmp(up, high) > 0)
            mpfr_set(high, up, MPFR_RNDU);
    }
    if (nan && !(is_point(a) && is_point(b))) {
        set_ends(a, -INFINITY, INFINITY);
        return;
    }
    a->nan = a->nan || nan;
    mpfr_set(a->lo, low, MPFR_RNDD);
    mpfr_set(a->hi, high, MPFR_RNDU);
}

/* a^n for a whole number n. */
static void whole_power(span *a, long n)
{
    bool inverse = n < 0;
    unsigned long m = inverse ? 0UL - (unsigned long)n : (unsigned long)n;
    if (m % 2 == 0)
        magnitude(a);
    mpfr_pow_ui(a->lo, a->lo, m, MPFR_RNDD);
    mpfr_pow_ui(a->hi, a->hi, m, MPFR_RNDU);
    if (inverse)
        invert(a);
}

static void power(enclosure *e, span *a, const span *b)
{
    bool point = is_point(b);
    double n = mpfr_get_d(b->lo, MPFR_RNDN);
    if (point && n == floor(n) && fabs(n) <= 1024) {
        whole_power(a, (long)n);
        return;
    }
    if (is_point(a) && point) {
        corners(e, a, b, mpfr_pow);
        return;
    }
    cut(a, 0, INFINITY);
    if (!a->nan) /* of a base above zero it is monotone in each operand */
        corners(e, a, b, mpfr_pow);
}

static void angle(enclosure *e, span *a, const span *b)
{
    bool points = is_point(a) && is_point(b);
    if (points || mpfr_sgn(b->lo) > 0 || mpfr_sgn(a->lo) > 0 || mpfr_sgn(a->hi) < 0)
        corners(e, a, b, mpfr_atan2);
    else
        set_ends(a, -4, 4);
}

static void remainder_of(enclosure *e, span *a, const span *b)
{
    if (!is_point(a) || !is_point(b)) {
        set_ends(a, -INFINITY, INFINITY);
        return;
    }
    mpfr_fmod(e->t[0], a->lo, b->lo, MPFR_RNDN);
    if (mpfr_nan_p(e->t[0]) || mpfr_zero_p(b->lo))
        a->nan = true;
    else if (!mpfr_zero_p(e->t[0]) && mpfr_signbit(e->t[0]) != mpfr_signbit(b->lo))
        mpfr_add(e->t[0], e->t[0], b->lo, MPFR_RNDN);
    mpfr_set(a->lo, e->t[0], MPFR_RNDN);
    mpfr_set(a->hi, e->t[0], MPFR_RNDN);
}

/* 1 where a < b (or a <= b) holds for certain, 0 where it fails, [0, 1] between. */
static void less(span *a, const span *b, bool or_equal)
{
    int first = mpfr_cmp(a->hi, b->lo), last = mpfr_cmp(a->lo, b->hi);
    bool always = or_equal ? first <= 0 : first < 0;
    bool never = or_equal ? last > 0 : last >= 0;
    set_ends(a, always ? 1 : 0, never ? 0 : 1);
}

static void logic(span *a, const span *b, expr_op op)
{
    bool a_sure = mpfr_sgn(a->lo) > 0, a_can = mpfr_sgn(a->hi) > 0;
    bool b_sure = mpfr_sgn(b->lo) > 0, b_can = mpfr_sgn(b->hi) > 0;
    if (op == EXPR_AND)
        set_ends(a, a_sure && b_sure, a_can && b_can);
    else
        set_ends(a, a_sure || b_sure, a_can || b_can);
}

/* b where a > 0, else 0. */
static void condition(span *a, const span *b)
{
    bool sure = mpfr_sgn(a->lo) > 0, can = mpfr_sgn(a->hi) > 0;
    set_ends(a, 0, 0);
    if (can) {
        mpfr_set(a->lo, b->lo, MPFR_RNDD);
        mpfr_set(a->hi, b->hi, MPFR_RNDU);
    }
    if (can && !sure) {
        if (mpfr_sgn(a->lo) > 0)
            mpfr_set_zero(a->lo, 1);
        if (mpfr_sgn(a->hi) < 0)
            mpfr_set_zero(a->hi, 1);
    }
}

static void binary(enclosure *e, span *a, span *b, expr_op op)
{
    a->nan = a->nan || b->nan;
    if (a->nan)
        return;
    switch (op) {
    case EXPR_ADD:
        mpfr_add(a->lo, a->lo, b->lo, MPFR_RNDD);
        mpfr_add(a->hi, a->hi, b->hi, MPFR_RNDU);
        break;
    case EXPR_SUB:
        mpfr_sub(a->lo, a->lo, b->hi, MPFR_RNDD);
        mpfr_sub(a->hi, a->hi, b->lo, MPFR_RNDU);
        break;
    case EXPR_MUL:
        corners(e, a, b, mpfr_mul);
        break;
    case EXPR_DIV:
        if (!is_point(b) && mpfr_sgn(b->lo) <= 0 && mpfr_sgn(b->hi) >= 0)
            set_ends(a, -INFINITY, INFINITY);
        else
            corners(e, a, b, mpfr_div);
        break;
    case EXPR_POW:
        power(e, a, b);
        break;
    case EXPR_MIN:
        mpfr_min(a->lo, a->lo, b->lo, MPFR_RNDD);
        mpfr_min(a->hi, a->hi, b->hi, MPFR_RNDU);
        break;
    case EXPR_MAX:
        mpfr_max(a->lo, a->lo, b->lo, MPFR_RNDD);
        mpfr_max(a->hi, a->hi, b->hi, MPFR_RNDU);
        break;
    case EXPR_ATAN2:
        angle(e, a, b);
        break;
    case EXPR_LESS:
    case EXPR_LESS_EQUAL:
        less(a, b, op == EXPR_LESS_EQUAL);
        break;
    case EXPR_GREATER:
    case EXPR_GREATER_EQUAL:
        less(b, a, op == EXPR_GREATER_EQUAL);
        mpfr_swap(a->lo, b->lo);
        mpfr_swap(a->hi, b->hi);
        break;
    case EXPR_AND:
    case EXPR_OR:
        logic(a, b, op);
        break;
    case EXPR_COND:
        condition(a, b);
        break;
    case EXPR_MOD:
        remainder_of(e, a, b);
        break;
    default:
        a->nan = true;
    }
}

/* ---------------------------------------------------------------- answers */

static span *evaluate(enclosure *e, mpfr_prec_t precision)
{
    set_precision(e, precision);
    int depth = 0;
    for (int i = 0; i < e->f.count; i++) {
        expr_node n = e->f.nodes[i];
        span *a = &e->stack[n.arity == 0 ? depth++ : n.arity == 1 ? depth - 1 : --depth - 1];
        if (n.arity == 0) {
            a->nan = false;
            if (n.op == EXPR_CONST) {
                set_ends(a, n.value, n.value);
            } else {
                mpfr_set(a->lo, e->x, MPFR_RNDD);
                mpfr_set(a->hi, e->x, MPFR_RNDU);
            }
        } else if (n.arity == 1) {
            if (!a->nan)
                unary(e, a, (expr_op)n.op);
        } else {
            binary(e, a, a + 1, (expr_op)n.op);
        }
        settle(a);
    }
    return &e->stack[0];
}

/* The nearest integer of y * 2^frac, ties to even, saturated. y is lost. */
static int64_t nearest(mpfr_ptr y, format word)
{
    int64_t low = format_min(word), high = format_max(word);
    mpfr_mul_2si(y, y, word.frac, MPFR_RNDN);
    mpfr_roundeven(y, y);
    if (mpfr_cmp_si(y, (long)low) <= 0)
        return low;
    if (mpfr_cmp_si(y, (long)high) >= 0)
        return high;
    return mpfr_get_si(y, MPFR_RNDN);
}

int64_t enclosure_nearest(enclosure *e, format word, bool *is_nan)
{
    for (mpfr_prec_t p = FIRST_PRECISION;; p *= 2) {
        span *y = evaluate(e, p);
        bool last = p >= LAST_PRECISION;
        bool everything = mpfr_inf_p(y->lo) && mpfr_inf_p(y->hi) && !is_point(y);
        *is_nan = y->nan || (last && everything);
        if (*is_nan)
            return 0;
        int64_t low = nearest(y->lo, word), high = nearest(y->hi, word);
        if (low == high)
            return low;
        if (last)
            return mpfr_inf_p(y->lo) ? high : low;
    }
}

bool enclosure_bounds(enclosure *e, format word, double *low, double *high)
{
    double least = (double)format_min(word), most = (double)format_max(word);
    for (mpfr_prec_t p = FIRST_PRECISION;; p *= 2) {
        span *y = evaluate(e, p);
        *low = *high = 0;
        bool everything = mpfr_inf_p(y->lo) && mpfr_inf_p(y->hi) && !is_point(y);
        if (y->nan || (p >= LAST_PRECISION && everything))
            return false;
        mpfr_mul_2si(y->lo, y->lo, word.frac, MPFR_RNDD);
        mpfr_mul_2si(y->hi, y->hi, word.frac, MPFR_RNDU);
        *low = fmin(fmax(mpfr_get_d(y->lo, MPFR_RNDD), least), most);
        *high = fmin(fmax(mpfr_get_d(y->hi, MPFR_RNDU), least), most);
        if (*high - *low <= ldexp(1, -20) + ldexp(fmax(fabs(*low), fabs(*high)), -50) ||
            p >= LAST_PRECISION)
            return true;
    }
}
