/* The parts are Chebyshev polynomials over the inputs' ranges, fitted together by weighted least
 * squares: a residual of link(y) counts by dy/dlink squared, so that it means a residual of y. The
 * degree follows from the rows; inputs are left out when the model generalises as well without
 * them (generalised cross-validation: Craven and Wahba, Numer. Math. 31, 1979). Then products of
 * two inputs' terms are tried on the residuals: inputs whose product explains more than chance
 * join, with the terms of both, until there is no more of it or but one part is left. */
#include "search/additive.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search/cholesky.h"

enum { DEGREE_MAX = 8, CROSS_DEGREE = 8, ROWS_PER_TERM = 4, LEAST_ROWS = 64 };
enum { PAIRS_MAX = 16, PAIR_TERMS = CROSS_DEGREE * (CROSS_DEGREE - 1) / 2, ROUNDS = 4 };

/* What counts as more than chance, of the squares that a model leaves: the largest of some hundred
 * chi-squares of one degree of freedom over the rows that the weights amount to. A product of two
 * inputs' terms may explain a share besides, for polynomials are not the parts themselves. */
static const double CHANCE = 12, INTERACTION = 0.02;

/* A model that leaves less is believed where the rows are too few to tell. */
static const double CLEAR = 1e-3;

/* A share that is left of float32 targets by arithmetic alone. */
static const double ROUNDING = 1e-10;

/* Of the normal equations' diagonal: keeps them definite where an input repeats another. */
static const double RIDGE = 1e-12;

/* Terms of one input, or the products of those of two. */
typedef struct block {
    int one, other; /* inputs; other -1: none */
    int first, count;
    bool used;
} block;

typedef struct basis {
    arena memory;
    size_t rows, room;         /* room: terms that the arrays hold */
    int features, block_count; /* the first `features` blocks are those of one input */
    block blocks[LAW_INPUTS + PAIRS_MAX];
    int terms;                 /* of all blocks, and the constant */
    double *values;            /* [room][rows] */
    double *products, *factor; /* [room][room] sums over rows, weighted; of the model at hand */
    double *right, *x;         /* [room] */
    double *shadow;            /* [room] of a term: its least squares by the model's terms */
    size_t *chosen;            /* [room] terms of the model at hand */
    size_t chosen_count;
    double *target, *weight; /* [rows] */
    double *left, *product;  /* [rows] the model's residuals; a term beside it */
    double spread;           /* weighted variance of y */
    double effective;        /* rows by Kish: the weights' sum squared over that of squares */
    int group[LAW_INPUTS];   /* of each input: the least input of its part */
} basis;

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
        int count = most < degree ? most : degree;
        b->blocks[i] = (block){.one = i, .other = -1, .first = b->terms, .count = count};
        b->terms += count;
    }
    size_t n = b->room = (size_t)(b->terms + PAIRS_MAX * PAIR_TERMS);
    arena *m = &b->memory;
    b->values = ARENA_ARRAY(m, double, n *rows);
    b->products = ARENA_ARRAY(m, double, n *n);
    b->factor = ARENA_ARRAY(m, double, n *n);
    b->right = ARENA_ARRAY(m, double, n);
    b->x = ARENA_ARRAY(m, double, n);
    b->shadow = ARENA_ARRAY(m, double, n);
    b->chosen = ARENA_ARRAY(m, size_t, n);
    b->target = ARENA_ARRAY(m, double, rows);
    b->weight = ARENA_ARRAY(m, double, rows);
    b->left = ARENA_ARRAY(m, double, rows);
    b->product = ARENA_ARRAY(m, double, rows);
    return !m->failed;
}

/* Values of a term, [rows]. */
static double *term(const basis *b, int index)
{
    return b->values + (size_t)index * b->rows;
}

/* T_1 … T_count of one input, its range brought to -1 … 1. */
static void fill_input(basis *b, int input, const float *column)
{
    double low = (double)column[0], high = low;
    for (size_t i = 1; i < b->rows; i++) {
        low = fmin(low, (double)column[i]);
        high = fmax(high, (double)column[i]);
    }
    double *out = term(b, b->blocks[input].first);
    for (size_t i = 0; i < b->rows; i++) {
        double x = (2 * (double)column[i] - low - high) / (high - low), before = 1, now = x;
        for (int k = 0; k < b->blocks[input].count; k++) {
            out[(size_t)k * b->rows + i] = now;
            double next = 2 * x * now - before;
            before = now;
            now = next;
        }
    }
}

double link_apply(link how, double y)
{
    switch (how) {
    case LINK_PRODUCT:
        return log(fabs(y));
    case LINK_RECIPROCAL:
        return 1 / y;
    case LINK_ROOT:
        return y * y;
    default:
        return y;
    }
}

double link_slope(link how, double y)
{
    switch (how) {
    case LINK_PRODUCT:
        return y;
    case LINK_RECIPROCAL:
        return y * y;
    case LINK_ROOT:
        return 0.5 / y;
    default:
        return 1;
    }
}

/* link(y) and the weights; false where some row has none. */
static bool fill_target(basis *b, const problem *p, link how)
{
    double own = 0, sum = 0, squares = 0, all = 0, all_squares = 0;
    bool negative = (double)p->y[0] + p->y_mean < 0;
    for (size_t i = 0; i < b->rows; i++) {
        double y = (double)p->y[i] + p->y_mean, w = p->weights ? (double)p->weights[i] : 1;
        if (how != LINK_SUM && (y == 0 || (y < 0) != negative))
            return false;
        b->target[i] = link_apply(how, y);
        b->weight[i] = w * link_slope(how, y) * link_slope(how, y);
        if (!isfinite(b->target[i]) || !isfinite(b->weight[i]))
            return false;
        own += w;
        sum += w * y;
        squares += w * y * y;
        all += b->weight[i];
        all_squares += b->weight[i] * b->weight[i];
    }
    b->effective = all * all / all_squares;
    b->spread = squares / own - sum / own * (sum / own);
    return b->spread > 0 && all > 0;
}

/* The equations' entries of terms from `first` on. */
static void multiply(basis *b, int first)
{
    for (int j = first; j < b->terms; j++) {
        const double *column = term(b, j);
        b->right[j] = 0;
        for (size_t i = 0; i < b->rows; i++)
            b->right[j] += b->weight[i] * column[i] * b->target[i];
        for (int k = 0; k <= j; k++) {
            const double *other = term(b, k);
            double sum = 0;
            for (size_t i = 0; i < b->rows; i++)
                sum += b->weight[i] * column[i] * other[i];
            b->products[(size_t)j * b->room + (size_t)k] = sum;
        }
    }
}

/* The terms of the blocks in use, rising. */
static void choose(basis *b)
{
    b->chosen_count = 0;
    b->chosen[b->chosen_count++] = 0;
    for (int i = 0; i < b->block_count; i++)
        for (int k = 0; b->blocks[i].used && k < b->blocks[i].count; k++)
            b->chosen[b->chosen_count++] = (size_t)(b->blocks[i].first + k);
}

/* Least squares of the blocks in use; coefficients in x, residuals in left. Returns the share of
 * y's variance that is left, by generalised cross-validation; infinite where the equations are
 * singular.
 */
static double regress(basis *b)
{
    choose(b);
    size_t n = b->chosen_count;
    for (size_t j = 0; j < n; j++) {
        for (size_t k = 0; k <= j; k++)
            b->factor[j * n + k] = b->products[b->chosen[j] * b->room + b->chosen[k]];
        b->factor[j * n + j] *= 1 + RIDGE;
        b->x[j] = b->right[b->chosen[j]];
        if (!cholesky_row(b->factor, n, j))
            return (double)INFINITY;
    }
    cholesky_solve(b->factor, n, b->x);
    memcpy(b->left, b->target, b->rows * sizeof *b->left);
    for (size_t j = 0; j < n; j++) {
        const double *column = term(b, (int)b->chosen[j]);
        for (size_t i = 0; i < b->rows; i++)
            b->left[i] -= b->x[j] * column[i];
    }
    double squares = 0, rows = (double)b->rows, free_share = 1 - (double)n / rows;
    for (size_t i = 0; i < b->rows; i++)
        squares += b->weight[i] * b->left[i] * b->left[i];
    return squares / rows / (free_share * free_share) / b->spread;
}

/* Begins with the inputs whose absence does harm. */
static void select_inputs(basis *b)
{
    bool needed[LAW_INPUTS] = {false};
    b->block_count = b->features;
    b->terms = 1;
    for (int i = 0; i < b->features; i++) {
        b->blocks[i].used = true;
        b->group[i] = i;
        b->terms += b->blocks[i].count;
    }
    multiply(b, 0);
    double limit = regress(b) * (1 + CHANCE / b->effective);
    for (int i = 0; i < b->features; i++) {
        b->blocks[i].used = false;
        needed[i] = b->blocks[i].count > 0 && regress(b) > limit;
        b->blocks[i].used = true;
    }
    for (int i = 0; i < b->features; i++)
        b->blocks[i].used = needed[i];
}

/* The share of the residuals' squares that the product of two terms would explain beside the model
 * at hand. */
static double explained(basis *b, int one, int other)
{
    size_t n = b->chosen_count;
    double along = 0, length = 0, squares = 0;
    for (size_t i = 0; i < b->rows; i++)
        b->product[i] = term(b, one)[i] * term(b, other)[i];
    for (size_t j = 0; j < n; j++) {
        const double *column = term(b, (int)b->chosen[j]);
        b->shadow[j] = 0;
        for (size_t i = 0; i < b->rows; i++)
            b->shadow[j] += b->weight[i] * column[i] * b->product[i];
    }
    cholesky_solve(b->factor, n, b->shadow);
    for (size_t j = 0; j < n; j++) {
        const double *column = term(b, (int)b->chosen[j]);
        for (size_t i = 0; i < b->rows; i++)
            b->product[i] -= b->shadow[j] * column[i];
    }
    for (size_t i = 0; i < b->rows; i++) {
        along += b->weight[i] * b->product[i] * b->left[i];
        length += b->weight[i] * b->product[i] * b->product[i];
        squares += b->weight[i] * b->left[i] * b->left[i];
    }
    return length > 0 && squares > 0 ? along * along / length / squares : 0;
}

/* The most that a product of the first two terms of either input explains. */
static double interaction(basis *b, int one, int other)
{
    const block *p = &b->blocks[one], *q = &b->blocks[other];
    double most = 0;
    for (int k = 0; k < p->count && k < 2; k++)
        for (int l = 0; l < q->count && l < 2; l++)
            most = fmax(most, explained(b, p->first + k, q->first + l));
    return most;
}

/* Products of the terms of two inputs, of rising degree as far as the rows go; false: there is no
 * room for any. */
static bool add_pair(basis *b, int one, int other)
{
    const block *p = &b->blocks[one], *q = &b->blocks[other];
    block made = {.one = one, .other = other, .first = b->terms, .used = true};
    if (b->block_count == b->features + PAIRS_MAX)
        return false;
    for (int degree = 2; degree <= CROSS_DEGREE; degree++) {
        if ((b->chosen_count + (size_t)(made.count + degree)) * ROWS_PER_TERM > b->rows * 2)
            break;
        for (int k = 1; k < degree; k++) {
            if (k > p->count || degree - k > q->count)
                continue;
            double *out = term(b, made.first + made.count++);
            for (size_t i = 0; i < b->rows; i++)
                out[i] = term(b, p->first + k - 1)[i] * term(b, q->first + degree - k - 1)[i];
        }
    }
    if (made.count == 0)
        return false;
    b->blocks[one].used = b->blocks[other].used = true;
    b->blocks[b->block_count++] = made;
    b->terms += made.count;
    b->chosen_count += (size_t)made.count;
    return true;
}

static void join(basis *b, int one, int other)
{
    int kept = b->group[one], gone = b->group[other];
    for (int i = 0; i < b->features; i++)
        if (b->group[i] == gone || b->group[i] == kept)
            b->group[i] = kept < gone ? kept : gone;
}

/* Joins the inputs that act on one another beside the model at hand, which leaves `share`. *found:
 * there are some. False: there are too few rows for what they need, or to tell. */
static bool join_inputs(basis *b, double share, bool *found)
{
    bool wide = b->features > ADDITIVE_INPUTS; /* those left out stay so */
    bool pairs[LAW_INPUTS][LAW_INPUTS] = {{false}};
    int first = b->terms;
    double limit = INTERACTION + CHANCE / (b->effective - (double)b->chosen_count);
    *found = false;
    if (!(limit > 0 && limit < 1))
        return share < CLEAR;
    for (int i = 0; i < b->features; i++)
        for (int j = 0; j < i; j++)
            pairs[i][j] = b->group[i] != b->group[j] &&
                          (!wide || (b->blocks[i].used && b->blocks[j].used)) &&
                          interaction(b, i, j) > limit;
    for (int i = 0; i < b->features; i++)
        for (int j = 0; j < i; j++) {
            if (!pairs[i][j])
                continue;
            *found = true;
            if (!add_pair(b, i, j))
                return false;
            join(b, i, j);
        }
    multiply(b, first);
    return true;
}

/* Parts of the model; 0: it has too many inputs. */
static int part_count(const basis *b)
{
    int count = 0, inputs = 0;
    for (int i = 0; i < b->features; i++) {
        inputs += b->blocks[i].used;
        count += b->blocks[i].used && b->group[i] == i;
    }
    return inputs > ADDITIVE_INPUTS ? 0 : count;
}

/* The fitted model into a, whose parts are empty. */
static bool write_parts(additive *a, const basis *b, link how, double share)
{
    *a = (additive){.link = how, .rows = b->rows, .mean = b->x[0], .share = share};
    for (int i = 0; i < b->features; i++) {
        if (!b->blocks[i].used || b->group[i] != i)
            continue;
        additive_part *part = &a->parts[a->count++];
        part->values = calloc(b->rows, sizeof *part->values);
        if (!part->values)
            return false;
        for (int j = i; j < b->features; j++)
            if (b->blocks[j].used && b->group[j] == i)
                part->inputs[part->count++] = j;
        double mean = 0;
        const double *x = b->x + 1;
        for (int k = 0; k < b->block_count; k++) {
            bool mine = b->group[b->blocks[k].one] == i;
            for (int l = 0; b->blocks[k].used && l < b->blocks[k].count; l++, x++)
                for (size_t row = 0; mine && row < b->rows; row++)
                    part->values[row] += *x * term(b, b->blocks[k].first + l)[row];
        }
        for (size_t row = 0; row < b->rows; row++)
            mean += part->values[row] / (double)b->rows;
        for (size_t row = 0; row < b->rows; row++)
            part->values[row] -= mean;
        a->mean += mean;
    }
    return true;
}

/* Keeps the model by this link when it is separable and better than what a holds. */
static bool try_link(additive *a, basis *b, const problem *p, link how)
{
    if (!fill_target(b, p, how))
        return true;
    select_inputs(b);
    double share = regress(b);
    bool found = true;
    for (int round = 0; found && round < ROUNDS && !(share < ROUNDING); round++) {
        if (!join_inputs(b, share, &found) || part_count(b) < 2)
            return true;
        if (found)
            share = regress(b);
    }
    if ((found && !(share < ROUNDING)) || part_count(b) < 2 || !(share < a->share))
        return true;
    additive_free(a);
    return write_parts(a, b, how, share);
}

bool additive_fit(additive *a, const problem *p, int features, size_t rows)
{
    *a = (additive){.share = (double)INFINITY};
    if (features < 2 || features > LAW_INPUTS || rows < LEAST_ROWS || !p->squares)
        return true;
    basis *b = malloc(sizeof *b);
    bool ok = b && basis_init(b, p, features, rows);
    for (size_t i = 0; ok && i < rows; i++)
        b->values[i] = 1;
    for (int i = 0; ok && i < features; i++)
        fill_input(b, i, p->columns[i]);
    for (link how = 0; ok && how < LINK_COUNT; how++)
        ok = try_link(a, b, p, how);
    if (b)
        arena_free(&b->memory);
    free(b);
    return ok;
}

void additive_free(additive *a)
{
    for (int i = 0; i < ADDITIVE_INPUTS; i++)
        free(a->parts[i].values);
    *a = (additive){0};
}
