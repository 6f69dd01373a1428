/* Minimise sum s^2 (log|t| - c - sum a_i log|x_i| - b log|f| - d log|g|)^2 over the exponents, for
 * one or two atoms f, g: the atoms' columns are projected on what the inputs leave, singles are
 * ranked by their correlation with the target's residual, pairs by that of their span. s is
 * |t / (dt/dy)|, so that an error of y counts the same in every row. */
#include "search/products.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    SINGLES = 24,
    PAIRS = 48,
    FIRSTS = 96,
    UNKNOWNS = LAW_INPUTS + 4,
    POWER_MAX = 6,
    REFINE_ROWS = 512,
    REFINE_STEPS = 12
};

typedef struct outer_function {
    expr_op op; /* EXPR_CONST: none */
    double (*inverse)(double y);
    double (*slope)(double y); /* of the inverse */
} outer_function;

static double same(double y)
{
    return y;
}

static double one(double y)
{
    (void)y;
    return 1;
}

static double minus_sin(double y)
{
    return -sin(y);
}

static double tan_slope(double y)
{
    return 1 / (cos(y) * cos(y));
}

static const outer_function OUTERS[PRODUCTS_OUTERS] = {
    {EXPR_CONST, same, one}, {EXPR_ASIN, sin, cos},       {EXPR_ACOS, cos, minus_sin},
    {EXPR_LOG, exp, exp},    {EXPR_ATAN, tan, tan_slope},
};

/* One outer function on the sample. */
typedef struct product_fit {
    const atoms *a;
    const vocabulary *v;
    workspace *w;
    const outer_function *outer;
    laws *out;
    int max_size, rows, base_count;
    int input[LAW_INPUTS];                 /* of each column after the first */
    double s[SAMPLE_ROWS], t[SAMPLE_ROWS]; /* row scales; s * log|t| */
    double base[LAW_INPUTS + 1][SAMPLE_ROWS] /* s, s*log|x_i| */;
    double span[LAW_INPUTS + 1][SAMPLE_ROWS] /* the same, orthonormal */;
    float unit[LAW_INPUTS + 1][SAMPLE_ROWS] __attribute__((aligned(64))); /* span in float */
    float left[SAMPLE_ROWS] __attribute__((aligned(64)));                 /* of t, outside it */
    float scales[SAMPLE_ROWS] __attribute__((aligned(64)));               /* s in float */
    float *columns; /* [a->count][SAMPLE_ROWS] unit vectors outside the span, or zero */
} product_fit;

static double dot(const double *a, const double *b, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* Takes the span's part out of x; returns the share of its length that is left. */
static double project(const product_fit *f, double *x, int count)
{
    double before = dot(x, x, f->rows);
    for (int pass = 0; pass < 2; pass++)
        for (int j = 0; j < count; j++) {
            double along = dot(x, f->span[j], f->rows);
            for (int i = 0; i < f->rows; i++)
                x[i] -= along * f->span[j][i];
        }
    return before > 0 ? sqrt(dot(x, x, f->rows) / before) : 0;
}

static bool scale_rows(product_fit *f)
{
    const problem *p = f->a->p;
    double mean = 0;
    for (int i = 0; i < f->rows; i++) {
        double y = (double)p->y[i] + p->y_mean, t = f->outer->inverse(y);
        double weight = p->weights ? (double)p->weights[i] : 1;
        f->s[i] = fabs(t / f->outer->slope(y)) * sqrt(weight);
        f->t[i] = log(fabs(t));
        if (!(f->s[i] > 0) || !isfinite(f->t[i]))
            f->s[i] = f->t[i] = 0;
        mean += f->s[i] / f->rows;
    }
    if (!(mean > 0) || !isfinite(mean))
        return false;
    for (int i = 0; i < f->rows; i++) {
        f->s[i] = fmin(f->s[i] / mean, 4); /* a slope near 0 must not decide alone */
        f->t[i] *= f->s[i];
    }
    return true;
}

static void add_base(product_fit *f, const double *column)
{
    double *q = f->span[f->base_count];
    memcpy(f->base[f->base_count], column, sizeof f->base[0]);
    memcpy(q, column, sizeof f->span[0]);
    if (project(f, q, f->base_count) < 1e-5)
        return;
    double norm = sqrt(dot(q, q, f->rows));
    for (int i = 0; i < f->rows; i++)
        q[i] /= norm;
    f->base_count++;
}

static bool prepare(product_fit *f)
{
    if (!scale_rows(f))
        return false;
    add_base(f, f->s);
    for (int k = 0; k < f->v->features; k++) {
        double column[SAMPLE_ROWS];
        bool ok = true;
        for (int i = 0; i < f->rows; i++) {
            double x = (double)f->a->p->columns[k][i];
            column[i] = f->s[i] * log(fabs(x));
            ok = ok && x != 0;
        }
        int before = f->base_count;
        if (ok)
            add_base(f, column);
        if (f->base_count > before && before > 0)
            f->input[before] = k;
    }
    double left[SAMPLE_ROWS];
    memcpy(left, f->t, sizeof left);
    project(f, left, f->base_count);
    for (int i = 0; i < f->rows; i++) {
        f->left[i] = (float)left[i];
        f->scales[i] = (float)f->s[i];
        for (int j = 0; j < f->base_count; j++)
            f->unit[j][i] = (float)f->span[j][i];
    }
    return true;
}

static float *column_of(const product_fit *f, int index)
{
    return f->columns + (size_t)index * SAMPLE_ROWS;
}

static void project_atoms(product_fit *f)
{
    const kernels *k = f->w->k;
    for (int i = 0; i < f->a->count; i++) {
        float *x = column_of(f, i);
        if (f->a->items[i].kind == ATOM_NONE)
            continue; /* the column is zero */
        k->op[EXPR_MUL][SHAPE_VV](x, f->a->values + (size_t)i * SAMPLE_ROWS, f->scales, NULL,
                                  SAMPLE_ROWS);
        double before = k->dot(x, x, SAMPLE_ROWS);
        for (int pass = 0; pass < 2; pass++)
            for (int j = 0; j < f->base_count; j++) {
                float along = (float)k->dot(x, f->unit[j], SAMPLE_ROWS);
                for (int row = 0; row < SAMPLE_ROWS; row++)
                    x[row] -= along * f->unit[j][row];
            }
        double after = k->dot(x, x, SAMPLE_ROWS);
        float factor = after > 1e-7 * before ? (float)(1 / sqrt(after)) : 0;
        for (int row = 0; row < SAMPLE_ROWS; row++)
            x[row] *= factor;
    }
}

/* ---------------------------------------------------------------- one choice of atoms */

/* Least squares of y by n columns, by Cholesky of the normal equations. */
static bool solve(double *x, const double *const *columns, int n, const double *y, int rows)
{
    double m[UNKNOWNS][UNKNOWNS];
    for (int i = 0; i < n; i++) {
        x[i] = dot(columns[i], y, rows);
        for (int j = 0; j <= i; j++) {
            double sum = dot(columns[i], columns[j], rows);
            for (int k = 0; k < j; k++)
                sum -= m[i][k] * m[j][k];
            if (i != j)
                m[i][j] = sum / m[j][j];
            else if (sum > 0)
                m[i][i] = sqrt(sum);
            else
                return false;
        }
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++)
            x[i] -= m[i][k] * x[k];
        x[i] /= m[i][i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++)
            x[i] -= m[k][i] * x[k];
        x[i] /= m[i][i];
        if (!isfinite(x[i]))
            return false;
    }
    return true;
}

/* The multiple of m's values that comes nearest to the outer function's inverse of y. */
static double best_multiple(const product_fit *f, expr m)
{
    const problem *p = f->a->p;
    int rows = p->rows < CHECK_ROWS ? (int)p->rows : CHECK_ROWS;
    double top = 0, bottom = 0;
    evaluator_compile(&f->w->tree, m, p->columns);
    for (int row = 0; row < rows; row += EVAL_BLOCK) {
        int left = rows - row, n = left < EVAL_BLOCK ? left : EVAL_BLOCK;
        const float *values =
            evaluator_run(&f->w->tree, (size_t)row, (n + EVAL_LANES - 1) / EVAL_LANES * EVAL_LANES);
        for (int i = 0; i < n; i++) {
            double y = (double)p->y[row + i] + p->y_mean, slope = f->outer->slope(y);
            double x = (double)values[i], weight = 1 / (slope * slope + 1e-6);
            top += weight * x * f->outer->inverse(y);
            bottom += weight * x * x;
        }
    }
    return top / bottom;
}

/* refine: the constants inside the factors are fitted before the law is judged. */
static void propose(product_fit *f, const law_factor *factors, int count, bool refine)
{
    law_writer m = {.count = 0}, made = {.count = 0};
    if (!law_put_product(&m, f->v, factors, count, 1) || m.full)
        return;
    expr e = {m.nodes, m.count};
    tree_measure(&e);
    double scale = best_multiple(f, e);
    if (!isfinite(scale) || scale == 0 || !law_put_product(&made, f->v, factors, count, scale))
        return;
    if (f->outer->op != EXPR_CONST)
        law_put(&made, f->outer->op);
    if (made.full)
        return;
    expr whole = {made.nodes, made.count};
    tree_measure(&whole);
    if (refine) {
        size_t rows = f->a->p->padded < REFINE_ROWS ? f->a->p->padded : REFINE_ROWS;
        constants_fit(f->w, f->a->p, whole, (window){0, rows}, REFINE_STEPS, false);
    }
    laws_offer(f->out, f->v, f->max_size, &made, law_error(f->w, f->a->p, whole));
}

/* The inputs to their powers as factors; how many. nodes: room for them. */
static int put_inputs(const product_fit *f, law_factor *factors, expr_node *nodes, const int *power)
{
    int used = 0;
    for (int i = 1; i < f->base_count; i++) {
        nodes[i] = (expr_node){.op = EXPR_VAR, .feature = (uint16_t)f->input[i], .length = 1};
        if (power[i] != 0)
            factors[used++] = (law_factor){&nodes[i], 1, power[i]};
    }
    return used;
}

/* Fits all exponents, rounds those that are exponents, fits the scales again and proposes. */
static void try_atoms(product_fit *f, const int *chosen, int count)
{
    double extra[2][SAMPLE_ROWS], x[UNKNOWNS], rest[SAMPLE_ROWS];
    const double *columns[UNKNOWNS];
    for (int i = 0; i < f->base_count; i++)
        columns[i] = f->base[i];
    for (int k = 0; k < count; k++) {
        const float *values = f->a->values + (size_t)chosen[k] * SAMPLE_ROWS;
        for (int row = 0; row < f->rows; row++)
            extra[k][row] = f->s[row] * (double)values[row];
        columns[f->base_count + k] = extra[k];
    }
    int n = f->base_count + count, free_count = 1;
    if (!solve(x, columns, n, f->t, f->rows))
        return;
    const double *free_columns[3] = {columns[0]};
    double scales[3];
    int power[UNKNOWNS] = {0}, slot[2] = {0, 0};
    memcpy(rest, f->t, sizeof rest);
    for (int i = 1; i < n; i++) {
        int k = i - f->base_count;
        if (k >= 0 && f->a->items[chosen[k]].kind == ATOM_EXPONENT) {
            slot[k] = free_count;
            free_columns[free_count++] = columns[i];
            continue;
        }
        power[i] = (int)lround(x[i] * LAW_POWER);
        if (abs(power[i]) > POWER_MAX * LAW_POWER || (k >= 0 && power[i] == 0))
            return;
        for (int row = 0; row < f->rows; row++)
            rest[row] -= columns[i][row] * power[i] / LAW_POWER;
    }
    if (!solve(scales, free_columns, free_count, rest, f->rows))
        return;
    law_factor factors[UNKNOWNS];
    law_writer exponents[2] = {{.count = 0}, {.count = 0}};
    expr_node inputs[LAW_INPUTS + 1];
    int used = put_inputs(f, factors, inputs, power);
    for (int k = 0; k < count; k++) {
        const atom *at = &f->a->items[chosen[k]];
        law_writer *e = &exponents[k];
        factors[used] = (law_factor){at->nodes, at->count, power[f->base_count + k]};
        if (at->kind == ATOM_EXPONENT) {
            law_put_nodes(e, at->nodes, at->count);
            law_put_constant(e, scales[slot[k]]);
            law_put(e, EXPR_MUL);
            law_put(e, EXPR_EXP);
            factors[used] = (law_factor){e->nodes, e->count, LAW_POWER};
        }
        used++;
    }
    propose(f, factors, used, false);
}

static bool has_scale(const atom *at)
{
    for (int i = 0; i + 1 < at->count; i++)
        if (at->nodes[i].op == EXPR_CONST && at->nodes[i + 1].op == EXPR_MUL)
            return true;
    return false;
}

/* The scale s of an atom such as exp(s*r) - 1 is one of a few. Where the law's own is another, the
 * fitted power makes up for it: what is linear in r decides power * s. So the power is set to 1 and
 * to -1, and the scale is fitted. */
static void try_scaled(product_fit *f, int index)
{
    const atom *at = &f->a->items[index];
    const float *values = f->a->values + (size_t)index * SAMPLE_ROWS;
    const double *columns[UNKNOWNS];
    if (at->kind != ATOM_FUNCTION || !has_scale(at))
        return;
    for (int i = 0; i < f->base_count; i++)
        columns[i] = f->base[i];
    for (int sign = -1; sign <= 1; sign += 2) {
        double rest[SAMPLE_ROWS], x[UNKNOWNS];
        int power[UNKNOWNS] = {0};
        bool small = true;
        for (int row = 0; row < f->rows; row++)
            rest[row] = f->t[row] - sign * f->s[row] * (double)values[row];
        if (!solve(x, columns, f->base_count, rest, f->rows))
            return;
        for (int i = 1; i < f->base_count; i++) {
            power[i] = (int)lround(x[i] * LAW_POWER);
            small = small && abs(power[i]) <= POWER_MAX * LAW_POWER;
        }
        law_factor factors[UNKNOWNS];
        expr_node inputs[LAW_INPUTS + 1];
        int used = put_inputs(f, factors, inputs, power);
        factors[used++] = (law_factor){at->nodes, at->count, sign * LAW_POWER};
        if (small)
            propose(f, factors, used, true);
    }
}

/* ---------------------------------------------------------------- choosing atoms */

typedef struct choice {
    int atoms[2];
    double gain;
} choice;

/* Keeps the `room` choices of most gain, sorted. */
static void keep(choice *list, int *count, int room, choice c)
{
    int at = *count;
    if (at < room)
        ++*count;
    else if (!(c.gain > list[--at].gain))
        return;
    for (; at > 0 && c.gain > list[at - 1].gain; at--)
        list[at] = list[at - 1];
    list[at] = c;
}

static void best_pairs(product_fit *f, const choice *firsts, int first_count, const float *gains,
                       choice *pairs, int *pair_count)
{
    const kernels *k = f->w->k;
    for (int i = 0; i < first_count; i++) {
        int a = firsts[i].atoms[0], few_count = 0;
        const float *ga = column_of(f, a);
        choice few[4];
        for (int b = 0; b < f->a->count; b++) {
            if (f->a->items[b].kind == ATOM_NONE || b == a)
                continue;
            const float *gb = column_of(f, b);
            double rho = k->dot(ga, gb, SAMPLE_ROWS), alone = 1 - rho * rho;
            if (alone < 1e-3)
                continue;
            double along = (double)gains[b] - rho * (double)gains[a];
            double gain = (double)gains[a] * (double)gains[a] + along * along / alone;
            keep(few, &few_count, 4, (choice){{a, b}, gain});
        }
        for (int j = 0; j < few_count; j++)
            keep(pairs, pair_count, PAIRS, few[j]);
    }
}

static void search(product_fit *f, float *gains)
{
    choice singles[SINGLES], firsts[FIRSTS + SINGLES], pairs[PAIRS];
    int single_count = 0, first_count = 0, pair_count = 0;
    try_atoms(f, NULL, 0);
    for (int i = 0; i < f->a->count; i++) {
        gains[i] = (float)f->w->k->dot(column_of(f, i), f->left, SAMPLE_ROWS);
        double gain = (double)gains[i] * (double)gains[i];
        if (f->a->items[i].kind != ATOM_NONE)
            keep(singles, &single_count, SINGLES, (choice){{i, -1}, gain});
    }
    for (int i = 0; i < single_count; i++)
        try_atoms(f, singles[i].atoms, 1);
    for (int i = 0; i < single_count; i++)
        try_scaled(f, singles[i].atoms[0]);
    for (int i = 0; i < f->a->count && first_count < FIRSTS; i++)
        if (f->a->items[i].kind == ATOM_SUM)
            firsts[first_count++] = (choice){{i, -1}, 0};
    for (int i = 0; i < single_count; i++)
        firsts[first_count++] = singles[i];
    best_pairs(f, firsts, first_count, gains, pairs, &pair_count);
    for (int i = 0; i < pair_count; i++)
        try_atoms(f, pairs[i].atoms, 2);
}

bool products_find(laws *out, int outer, const atoms *a, const vocabulary *v, int max_size,
                   workspace *w)
{
    const outer_function *function = &OUTERS[outer];
    out->count = 0;
    if (function->op != EXPR_CONST && !vocabulary_has(v, function->op))
        return true;
    product_fit *f = buffer_alloc(1, (sizeof *f + 63) / 64 * 64);
    float *gains = calloc(ATOMS_MAX, sizeof *gains);
    bool ok = f && gains;
    if (ok) {
        *f = (product_fit){.a = a, .v = v, .w = w, .outer = function, .out = out};
        f->max_size = max_size;
        f->rows = a->p->rows < SAMPLE_ROWS ? (int)a->p->rows : SAMPLE_ROWS;
        f->columns = buffer_alloc((size_t)a->count * SAMPLE_ROWS + 1, sizeof(float));
        ok = f->columns != NULL;
    }
    if (ok && prepare(f)) {
        project_atoms(f);
        search(f, gains);
    }
    free(f ? f->columns : NULL);
    free(f);
    free(gains);
    return ok;
}
