/* The parts are Chebyshev polynomials over the inputs' ranges, fitted together by weighted least
 * squares: a residual of link(y) counts by dy/dlink squared, so that it means a residual of y. The
 * degree follows from the rows; inputs are left out when the model generalises as well without
 * them (generalised cross-validation: Craven and Wahba, Numer. Math. 31, 1979). */
#include "search/additive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/cholesky.h"

enum { DEGREE_MAX = 8, ROWS_PER_TERM = 4, LEAST_ROWS = 64 };

/* What counts as more than chance, of the squares that a model leaves: the largest of some hundred
 * chi-squares of one degree of freedom over the rows that the weights amount to. A product of two
 * inputs' terms may explain a share besides, for polynomials are not the parts themselves. */
static const double CHANCE = 12, INTERACTION = 0.02;

/* A share that is left of float32 targets by arithmetic alone. */
static const double ROUNDING = 1e-10;

/* Of the normal equations' diagonal: keeps them definite where an input repeats another. */
static const double RIDGE = 1e-12;

typedef struct basis {
    size_t rows;
    int features, terms;       /* terms: 1 for the constant and those of the inputs */
    int first[LAW_INPUTS + 1]; /* terms of input i: first[i] … first[i + 1] - 1 */
    double *values;            /* [terms][rows] */
    double *products;          /* [terms][terms] sums over rows, weighted */
    double *right;             /* [terms] */
    double *factor, *x;        /* [terms][terms], [terms] of the model under way */
    double *target, *weight;   /* [rows] */
    double *left, *product;    /* [rows] residuals of the model under way; T_a(x_i) T_b(x_j) */
    double spread;             /* weighted variance of y */
    double effective;          /* rows by Kish: the weights' sum squared over that of squares */
} basis;

static void basis_free(basis *b)
{
    free(b->values);
    free(b->products);
    free(b->right);
    free(b->factor);
    free(b->x);
    free(b->target);
    free(b->weight);
    free(b->left);
    free(b->product);
}

static int distinct_values(const float *column, size_t rows, int limit)
{
    float seen[DEGREE_MAX + 2];
    int count = 0;
    for (size_t i = 0; i < rows && count < limit; i++) {
        int k = 0;
        while (k < count && seen[k] != column[i])
            k++;
        if (k == count)
            seen[count++] = column[i];
    }
    return count;
}

static bool basis_init(basis *b, const problem *p, int features, size_t rows)
{
    size_t each = rows / (size_t)(ROWS_PER_TERM * features);
    int degree = each > DEGREE_MAX ? DEGREE_MAX : each < 1 ? 1 : (int)each;
    *b = (basis){.rows = rows, .features = features, .terms = 1};
    for (int i = 0; i < features; i++) {
        int most = distinct_values(p->columns[i], rows, degree + 1) - 1;
        b->first[i] = b->terms;
        b->terms += most < degree ? most : degree;
    }
    b->first[features] = b->terms;
    size_t n = (size_t)b->terms;
    b->values = malloc(n * rows * sizeof *b->values);
    b->products = malloc(n * n * sizeof *b->products);
    b->right = malloc(n * sizeof *b->right);
    b->factor = malloc(n * n * sizeof *b->factor);
    b->x = malloc(n * sizeof *b->x);
    b->target = malloc(rows * sizeof *b->target);
    b->weight = malloc(rows * sizeof *b->weight);
    b->left = malloc(rows * sizeof *b->left);
    b->product = malloc(rows * sizeof *b->product);
    return b->values && b->products && b->right && b->factor && b->x && b->target && b->weight &&
           b->left && b->product;
}

/* T_1 … T_degree of one input, its range brought to -1 … 1. */
static void fill_input(basis *b, int input, const float *column)
{
    double low = (double)column[0], high = low;
    for (size_t i = 1; i < b->rows; i++) {
        low = fmin(low, (double)column[i]);
        high = fmax(high, (double)column[i]);
    }
    int degree = b->first[input + 1] - b->first[input];
    double *out = b->values + (size_t)b->first[input] * b->rows;
    for (size_t i = 0; i < b->rows; i++) {
        double x = (2 * (double)column[i] - low - high) / (high - low), before = 1, now = x;
        for (int k = 0; k < degree; k++) {
            out[(size_t)k * b->rows + i] = now;
            double next = 2 * x * now - before;
            before = now;
            now = next;
        }
    }
}

static double target_of(const problem *p, size_t i)
{
    return (double)p->y[i] + p->y_mean;
}

/* link(y) and the weights; false where some row has none. */
static bool fill_target(basis *b, const problem *p, link how)
{
    double weights = 0, sum = 0, squares = 0, all = 0, all_squares = 0;
    bool negative = target_of(p, 0) < 0;
    for (size_t i = 0; i < b->rows; i++) {
        double y = target_of(p, i), own = p->weights ? (double)p->weights[i] : 1;
        double slope = how == LINK_SUM       ? 1
                       : how == LINK_PRODUCT ? y
                       : how == LINK_ROOT    ? 0.5 / y
                                             : y * y;
        b->target[i] = how == LINK_SUM       ? y
                       : how == LINK_PRODUCT ? log(fabs(y))
                       : how == LINK_ROOT    ? y * y
                                             : 1 / y;
        b->weight[i] = own * slope * slope;
        all += b->weight[i];
        all_squares += b->weight[i] * b->weight[i];
        weights += own;
        sum += own * y;
        squares += own * y * y;
        if (how != LINK_SUM && (y == 0 || (y < 0) != negative))
            return false;
        if (!isfinite(b->target[i]) || !isfinite(b->weight[i]))
            return false;
    }
    b->effective = all * all / all_squares;
    b->spread = squares / weights - sum / weights * (sum / weights);
    return b->spread > 0;
}

static void multiply(basis *b)
{
    size_t n = (size_t)b->terms;
    for (size_t j = 0; j < n; j++) {
        const double *column = b->values + j * b->rows;
        b->right[j] = 0;
        for (size_t i = 0; i < b->rows; i++)
            b->right[j] += b->weight[i] * column[i] * b->target[i];
        for (size_t k = 0; k <= j; k++) {
            const double *other = b->values + k * b->rows;
            double sum = 0;
            for (size_t i = 0; i < b->rows; i++)
                sum += b->weight[i] * column[i] * other[i];
            b->products[j * n + k] = sum;
        }
    }
}

/* The terms of the inputs in `kept`, in order. */
static size_t choose(const basis *b, const bool *kept, size_t *terms)
{
    size_t n = 0;
    terms[n++] = 0;
    for (int i = 0; i < b->features; i++)
        for (int k = b->first[i]; kept[i] && k < b->first[i + 1]; k++)
            terms[n++] = (size_t)k;
    return n;
}

/* Least squares of the inputs in `kept`; the coefficients in x. Returns the share of y's variance
 * that is left, by generalised cross-validation; infinite where the equations are singular. */
static double regress(basis *b, const bool *kept, size_t *terms)
{
    size_t n = choose(b, kept, terms), all = (size_t)b->terms;
    for (size_t j = 0; j < n; j++) {
        for (size_t k = 0; k <= j; k++)
            b->factor[j * n + k] = b->products[terms[j] * all + terms[k]];
        b->factor[j * n + j] *= 1 + RIDGE;
        b->x[j] = b->right[terms[j]];
        if (!cholesky_row(b->factor, n, j))
            return (double)INFINITY;
    }
    cholesky_solve(b->factor, n, b->x);
    double squares = 0, rows = (double)b->rows;
    for (size_t i = 0; i < b->rows; i++) {
        double left = b->target[i];
        for (size_t j = 0; j < n; j++)
            left -= b->x[j] * b->values[terms[j] * b->rows + i];
        b->left[i] = left;
        squares += b->weight[i] * left * left;
    }
    double free_share = 1 - (double)n / rows;
    return squares / rows / (free_share * free_share) / b->spread;
}

/* The share of the residuals' squares that one product of two inputs' terms would explain beside
 * the model of n terms whose factor is at hand. */
static double explained(basis *b, const double *one, const double *other, const size_t *terms,
                        size_t n)
{
    double along = 0, length = 0, squares = 0;
    for (size_t i = 0; i < b->rows; i++)
        b->product[i] = one[i] * other[i];
    for (size_t j = 0; j < n; j++) {
        const double *column = b->values + terms[j] * b->rows;
        b->x[j] = 0;
        for (size_t i = 0; i < b->rows; i++)
            b->x[j] += b->weight[i] * column[i] * b->product[i];
    }
    cholesky_solve(b->factor, n, b->x);
    for (size_t j = 0; j < n; j++) {
        const double *column = b->values + terms[j] * b->rows;
        for (size_t i = 0; i < b->rows; i++)
            b->product[i] -= b->x[j] * column[i];
    }
    for (size_t i = 0; i < b->rows; i++) {
        along += b->weight[i] * b->product[i] * b->left[i];
        length += b->weight[i] * b->product[i] * b->product[i];
        squares += b->weight[i] * b->left[i] * b->left[i];
    }
    return length > 0 && squares > 0 ? along * along / length / squares : 0;
}

/* Whether inputs act on one another: some product of terms of two inputs explains more than chance
 * would. The model is the one last fitted, of the inputs in `kept`. */
static bool interacts(basis *b, const bool *kept, size_t *terms)
{
    size_t n = choose(b, kept, terms), rows = b->rows;
    if (b->effective < 2 * (double)n)
        return true;
    double limit = INTERACTION + CHANCE / (b->effective - (double)n);
    for (int i = 0; i < b->features; i++)
        for (int j = 0; kept[i] && j < i; j++)
            for (int k = b->first[i]; k < b->first[i + 1] && k < b->first[i] + 2; k++)
                for (int l = b->first[j]; kept[j] && l < b->first[j + 1] && l < b->first[j] + 2;
                     l++)
                    if (explained(b, b->values + (size_t)k * rows, b->values + (size_t)l * rows,
                                  terms, n) > limit)
                        return true;
    return false;
}

/* Leaves out the inputs whose absence does no harm. Returns how many stay. */
static int select_inputs(basis *b, bool *kept, size_t *terms)
{
    bool needed[LAW_INPUTS] = {false};
    int count = 0;
    double limit = regress(b, kept, terms) * (1 + CHANCE / b->effective);
    for (int i = 0; i < b->features; i++) {
        kept[i] = false;
        needed[i] = b->first[i] < b->first[i + 1] && regress(b, kept, terms) > limit;
        kept[i] = true;
        count += needed[i];
    }
    memcpy(kept, needed, (size_t)b->features * sizeof *kept);
    return count;
}

/* The fitted model into a; x holds its coefficients. */
static bool write_parts(additive *a, const basis *b, const bool *kept, const double *x)
{
    double *parts = malloc((size_t)a->count * b->rows * sizeof *parts);
    if (!parts)
        return false;
    free(a->parts);
    a->parts = parts;
    a->rows = b->rows;
    a->mean = x[0];
    const double *at = x + 1;
    for (int i = 0, n = 0; i < b->features; i++) {
        if (!kept[i])
            continue;
        double *part = parts + (size_t)n * b->rows, mean = 0;
        a->inputs[n++] = i;
        memset(part, 0, b->rows * sizeof *part);
        for (int k = b->first[i]; k < b->first[i + 1]; k++, at++)
            for (size_t row = 0; row < b->rows; row++)
                part[row] += *at * b->values[(size_t)k * b->rows + row];
        for (size_t row = 0; row < b->rows; row++)
            mean += part[row] / (double)b->rows;
        for (size_t row = 0; row < b->rows; row++)
            part[row] -= mean;
        a->mean += mean;
    }
    return true;
}

/* Keeps the model by this link when it is better than what a holds. */
static bool try_link(additive *a, basis *b, const problem *p, link how, size_t *terms)
{
    bool kept[LAW_INPUTS];
    for (int i = 0; i < b->features; i++)
        kept[i] = true;
    if (!fill_target(b, p, how))
        return true;
    multiply(b);
    int count = select_inputs(b, kept, terms);
    if (count < 2 || count > ADDITIVE_INPUTS)
        return true;
    double share = regress(b, kept, terms);
    if (!(share < a->share))
        return true;
    a->separable = share < ROUNDING || !interacts(b, kept, terms);
    regress(b, kept, terms);
    a->link = how;
    a->count = count;
    a->share = share;
    return write_parts(a, b, kept, b->x);
}

bool additive_fit(additive *a, const problem *p, int features, size_t rows)
{
    *a = (additive){.share = (double)INFINITY};
    if (features < 2 || features > LAW_INPUTS || rows < LEAST_ROWS || !p->squares)
        return true;
    basis b;
    bool ok = basis_init(&b, p, features, rows);
    size_t *terms = ok ? malloc((size_t)b.terms * sizeof *terms) : NULL;
    ok = ok && terms;
    for (size_t i = 0; ok && i < rows; i++)
        b.values[i] = 1;
    for (int i = 0; ok && i < features; i++)
        fill_input(&b, i, p->columns[i]);
    for (link how = 0; ok && how < LINK_COUNT; how++)
        ok = try_link(a, &b, p, how, terms);
    free(terms);
    basis_free(&b);
    return ok;
}

void additive_free(additive *a)
{
    free(a->parts);
    *a = (additive){0};
}
