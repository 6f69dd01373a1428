/* Minimise sum s^2 (T - sum_k c_k g_k)^2 over sets of at most four terms g: orthogonal matching
 * pursuit with a beam. A state keeps an orthonormal basis of its terms and the target's residual;
 * a further term is worth <g, r>^2 / |g outside the basis|^2. s = 1/|dT/dy|, so that an error of y
 * counts the same in every row. */
#include "search/sums.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { MOST = 4, BEAM = 128, GROUP = 8, FACTORS = 200, KINDS = 6, REPORTED = 6 };

typedef enum transform {
    T_SAME,
    T_INVERSE,
    T_SQUARE,
    T_INVERSE_SQUARE,
    T_LOG,
    T_RATIONAL,
} transform;

/* ---------------------------------------------------------------- terms */

void terms_free(terms *t)
{
    free(t->items);
    free(t->values);
    *t = (terms){0};
}

static bool write_term(law_writer *w, const term *t, int inputs, const vocabulary *v, double scale)
{
    law_factor factors[TERM_INPUTS + 1];
    expr_node nodes[TERM_INPUTS];
    int count = 0;
    for (int i = 0; i < inputs; i++) {
        nodes[i] = (expr_node){.op = EXPR_VAR, .feature = (uint16_t)i, .length = 1};
        if (t->power[i] != 0)
            factors[count++] = (law_factor){&nodes[i], 1, t->power[i] * LAW_POWER};
    }
    if (t->function_count)
        factors[count++] = (law_factor){t->function, t->function_count, LAW_POWER};
    return law_put_product(w, v, factors, count, scale);
}

/* Every product of whole powers of the inputs from `from` on whose magnitudes sum to `size`, times
 * base. The recursion is as deep as size. */
static void add_sparse(terms *t, term *base, int inputs, const int8_t *left_out, int from, int size,
                       bool divide)
{
    if (size == 0) {
        if (t->count < TERMS_MAX)
            t->items[t->count++] = *base;
        return;
    }
    for (int i = from; i < inputs; i++)
        for (int p = 1; p <= size && !(left_out && left_out[i]); p++)
            for (int sign = 1; sign >= (divide ? -1 : 1); sign -= 2) {
                base->power[i] = (int8_t)(sign * p);
                add_sparse(t, base, inputs, left_out, i + 1, size - p, divide);
                base->power[i] = 0;
            }
}

/* Vectors of whole numbers of that many entries whose magnitudes sum to at most `size`. */
static double lattice_points(int inputs, int size)
{
    double total = 0, choose = 1;
    for (int k = 0; k <= inputs && k <= size; k++) {
        double ways = 1; /* C(size, k) */
        for (int i = 0; i < k; i++)
            ways *= (double)(size - i) / (i + 1);
        total += choose * ways;
        choose *= 2.0 * (inputs - k) / (k + 1);
    }
    return total;
}

static void add_functions(terms *t, int inputs, const int8_t *left_out, const vocabulary *v,
                          bool divide)
{
    static const expr_op ops[] = {EXPR_COS, EXPR_SIN};
    static const expr_op joins[] = {EXPR_CONST, EXPR_SUB, EXPR_MUL};
    for (size_t o = 0; o < 2; o++)
        for (size_t k = 0; k < 3; k++)
            for (int i = 0; i < inputs; i++)
                for (int j = k == 0 ? i : i + 1; j < (k == 0 ? i + 1 : inputs); j++) {
                    law_writer w = {.count = 0};
                    if (left_out && (left_out[i] || left_out[j]))
                        continue;
                    if (!vocabulary_has(v, ops[o]) || (k > 0 && !vocabulary_has(v, joins[k])))
                        continue;
                    law_put_input(&w, i);
                    if (k > 0) {
                        law_put_input(&w, j);
                        law_put(&w, joins[k]);
                    }
                    law_put(&w, ops[o]);
                    term base = {.function_count = (uint8_t)w.count};
                    memcpy(base.function, w.nodes, (size_t)w.count * sizeof *w.nodes);
                    for (int size = 0; size <= (inputs <= 5 ? 2 : 1); size++)
                        add_sparse(t, &base, inputs, left_out, 0, size, divide);
                }
}

typedef struct evaluation {
    terms *t;
    const atoms *a;
    const vocabulary *v;
    workspace *workspaces;
    bool *usable; /* [count] */
} evaluation;

enum { CHUNK = 64 };

static void evaluate_chunk(void *context, size_t chunk, int worker)
{
    evaluation *job = context;
    const problem *p = job->a->p;
    evaluator *tree = &job->workspaces[worker].tree;
    int rows = p->padded < SAMPLE_ROWS ? (int)p->padded : SAMPLE_ROWS;
    for (int i = (int)chunk * CHUNK; i < job->t->count && i < ((int)chunk + 1) * CHUNK; i++) {
        law_writer w = {.count = 0};
        float *to = job->t->values + (size_t)i * SAMPLE_ROWS;
        if (!write_term(&w, &job->t->items[i], job->v->features, job->v, 1) || w.full)
            continue;
        expr e = {w.nodes, w.count};
        tree_measure(&e);
        evaluator_compile(tree, e, p->columns);
        memcpy(to, evaluator_run(tree, 0, rows), (size_t)rows * sizeof(float));
        job->usable[i] = true;
        for (int row = 0; row < rows; row++)
            job->usable[i] = job->usable[i] && isfinite(to[row]) && fabsf(to[row]) < 1e12f;
    }
}

bool terms_build(terms *t, const atoms *a, const vocabulary *v, const int8_t *left_out,
                 pool *threads, workspace *workspaces)
{
    int inputs = v->features, size = 1, varied = 0;
    bool divide = vocabulary_has(v, EXPR_DIV);
    *t = (terms){0};
    if (inputs > TERM_INPUTS)
        return true;
    t->items = calloc(TERMS_MAX, sizeof *t->items);
    t->values = buffer_alloc((size_t)TERMS_MAX * SAMPLE_ROWS, sizeof(float));
    bool *usable = calloc(TERMS_MAX, sizeof *usable);
    if (!t->items || !t->values || !usable) {
        free(usable);
        return false;
    }
    for (int i = 0; i < inputs; i++)
        varied += !(left_out && left_out[i]);
    while (size < 6 && lattice_points(varied, size + 1) < TERMS_MAX * 2 / 3)
        size++;
    term none = {.function_count = 0};
    for (int s = 0; s <= size; s++)
        add_sparse(t, &none, inputs, left_out, 0, s, divide);
    int simple = t->count, kept = 0;
    add_functions(t, inputs, left_out, v, divide);
    evaluation job = {t, a, v, workspaces, usable};
    pool_run(threads, (size_t)(t->count + CHUNK - 1) / CHUNK, evaluate_chunk, &job);
    for (int i = 0; i < t->count; i++) {
        if (!usable[i])
            continue;
        t->items[kept] = t->items[i];
        memmove(t->values + (size_t)kept * SAMPLE_ROWS, t->values + (size_t)i * SAMPLE_ROWS,
                SAMPLE_ROWS * sizeof(float));
        kept++;
        if (i < simple)
            t->simple = kept;
    }
    t->count = kept;
    free(usable);
    return true;
}

/* ---------------------------------------------------------------- one target */

typedef struct state {
    int chosen[MOST], count;
    double left; /* squares of the residual */
} state;

typedef struct sum_fit {
    const terms *t;
    const atoms *a;
    const vocabulary *v;
    workspace *w;
    laws *out;
    transform kind;
    const atom *factor; /* NULL: none */
    int factor_power;   /* of LAW_POWER */
    int max_size, rows, count, most, beam;
    float target[SAMPLE_ROWS] __attribute__((aligned(64)));      /* s * T */
    float scale[SAMPLE_ROWS] __attribute__((aligned(64)));       /* s */
    float basis[MOST][SAMPLE_ROWS] __attribute__((aligned(64))); /* of the state at hand */
    float left[SAMPLE_ROWS] __attribute__((aligned(64)));
    float *columns; /* [count][SAMPLE_ROWS] s * term; of T_RATIONAL from t->count on s * y * term */
    float *norms;   /* [count] squared */
} sum_fit;

static const float *column_of(const sum_fit *f, int i)
{
    return f->columns + (size_t)i * SAMPLE_ROWS;
}

static double transformed(transform kind, double y, double *slope)
{
    switch (kind) {
    case T_INVERSE:
        *slope = 1 / (y * y);
        return 1 / y;
    case T_SQUARE:
        *slope = 2 * y;
        return y * y;
    case T_INVERSE_SQUARE:
        *slope = 2 / (y * y * y);
        return 1 / (y * y);
    case T_LOG:
        *slope = 1 / y;
        return log(y);
    default:
        *slope = 1;
        return y;
    }
}

/* False where the transform does not apply to the target. */
static bool set_target(sum_fit *f, const float *factor)
{
    const problem *p = f->a->p;
    double mean = 0;
    for (int i = 0; i < f->rows; i++) {
        double slope, y = (double)p->y[i] + p->y_mean, t = transformed(f->kind, y, &slope);
        double by = factor ? (double)factor[i] : 1;
        double s = 1 / fabs(slope * by);
        if (f->kind > T_INVERSE && f->kind < T_RATIONAL && !(y > 0))
            s = 0; /* noise may have carried it there */
        if (p->weights)
            s *= sqrt((double)p->weights[i]);
        if (!isfinite(s) || !isfinite(t) || !isfinite(by))
            s = t = 0;
        f->scale[i] = (float)s;
        f->target[i] = (float)(t * by);
        mean += s / f->rows;
    }
    if (!(mean > 0) || !isfinite(mean))
        return false;
    int used = 0;
    for (int i = 0; i < f->rows; i++) {
        f->scale[i] = fminf(f->scale[i] / (float)mean, 4);
        f->target[i] *= f->scale[i];
        used += f->scale[i] > 0;
    }
    return used > f->rows * 3 / 4;
}

static void set_columns(sum_fit *f)
{
    const kernels *k = f->w->k;
    float y[SAMPLE_ROWS] __attribute__((aligned(64))) = {0};
    for (int i = 0; i < f->rows; i++)
        y[i] = (float)((double)f->a->p->y[i] + f->a->p->y_mean);
    for (int i = 0; i < f->count; i++) {
        int from = i < f->t->count ? i : i - f->t->count + 1; /* y times 1 would be y itself */
        float *to = f->columns + (size_t)i * SAMPLE_ROWS;
        k->op[EXPR_MUL][SHAPE_VV](to, f->t->values + (size_t)from * SAMPLE_ROWS, f->scale, NULL,
                                  SAMPLE_ROWS);
        if (i >= f->t->count)
            k->op[EXPR_MUL][SHAPE_VV](to, to, y, NULL, SAMPLE_ROWS);
        f->norms[i] = (float)k->dot(to, to, SAMPLE_ROWS);
    }
}

/* Basis and residual of a state; false when its terms depend on one another. */
static bool span(sum_fit *f, const state *s)
{
    const kernels *k = f->w->k;
    memcpy(f->left, f->target, sizeof f->left);
    for (int j = 0; j < s->count; j++) {
        float *q = f->basis[j];
        memcpy(q, column_of(f, s->chosen[j]), sizeof f->left);
        for (int pass = 0; pass < 2; pass++)
            for (int i = 0; i < j; i++) {
                float along = (float)k->dot(q, f->basis[i], SAMPLE_ROWS);
                for (int row = 0; row < SAMPLE_ROWS; row++)
                    q[row] -= along * f->basis[i][row];
            }
        double norm = k->dot(q, q, SAMPLE_ROWS);
        if (!(norm > 1e-6 * (double)f->norms[s->chosen[j]]))
            return false;
        float unit_length = (float)(1 / sqrt(norm));
        for (int row = 0; row < SAMPLE_ROWS; row++)
            q[row] *= unit_length;
        float along = (float)k->dot(f->left, q, SAMPLE_ROWS);
        for (int row = 0; row < SAMPLE_ROWS; row++)
            f->left[row] -= along * q[row];
    }
    return true;
}

static bool same_terms(const state *a, const state *b)
{
    for (int i = 0; i < a->count; i++) {
        bool found = false;
        for (int j = 0; j < b->count; j++)
            found = found || a->chosen[i] == b->chosen[j];
        if (!found)
            return false;
    }
    return a->count == b->count;
}

static void keep(state *list, int *count, int room, state s)
{
    for (int i = 0; i < *count; i++)
        if (fabs(list[i].left - s.left) <= 1e-6 * s.left && same_terms(&list[i], &s))
            return;
    int at = *count;
    if (at < room)
        ++*count;
    else if (!(s.left < list[--at].left))
        return;
    for (; at > 0 && s.left < list[at - 1].left; at--)
        list[at] = list[at - 1];
    list[at] = s;
}

/* The best states with one term more than `from`. */
static void extend(sum_fit *f, const state *from, int share, state *to, int *to_count)
{
    const kernels *k = f->w->k;
    state few[BEAM];
    int few_count = 0;
    if (!span(f, from))
        return;
    double left = k->dot(f->left, f->left, SAMPLE_ROWS);
    for (int i = 0; i < f->count; i++) {
        double norm = (double)f->norms[i];
        if (!(norm > 0))
            continue;
        double along = k->dot(column_of(f, i), f->left, SAMPLE_ROWS);
        double most = few_count == share ? left - few[share - 1].left : 0;
        if (along * along <= most * norm * 1e-3)
            continue; /* even nearly dependent on the basis it would gain less */
        double outside = norm;
        for (int j = 0; j < from->count; j++) {
            double part = k->dot(column_of(f, i), f->basis[j], SAMPLE_ROWS);
            outside -= part * part;
        }
        if (!(outside > 1e-4 * norm))
            continue;
        state s = *from;
        s.chosen[s.count++] = i;
        s.left = left - along * along / outside;
        keep(few, &few_count, share, s);
    }
    for (int i = 0; i < few_count; i++)
        keep(to, to_count, f->beam, few[i]);
}

/* ---------------------------------------------------------------- writing */

/* Least squares in double of the state's terms: the target's coefficients. */
static bool coefficients(const sum_fit *f, const state *s, double *x)
{
    double m[MOST][MOST + 1] = {{0}};
    int n = s->count;
    for (int i = 0; i < n; i++) {
        const float *a = column_of(f, s->chosen[i]);
        for (int row = 0; row < f->rows; row++) {
            for (int j = 0; j < n; j++)
                m[i][j] += (double)a[row] * (double)column_of(f, s->chosen[j])[row];
            m[i][n] += (double)a[row] * (double)f->target[row];
        }
    }
    for (int i = 0; i < n; i++)
        for (int j = i + 1; j < n; j++) {
            double ratio = m[j][i] / m[i][i];
            for (int k = i; k <= n; k++)
                m[j][k] -= ratio * m[i][k];
        }
    for (int i = n - 1; i >= 0; i--) {
        x[i] = m[i][n];
        for (int k = i + 1; k < n; k++)
            x[i] -= m[i][k] * x[k];
        x[i] /= m[i][i];
        if (!isfinite(x[i]))
            return false;
    }
    return true;
}

/* A sum of terms as constant * common * inner. */
typedef struct factored {
    term common;
    double constant;
    law_writer inner;
} factored;

static bool factor_sum(factored *out, const sum_fit *f, const term *items, const double *x,
                       int count, bool rounded)
{
    int inputs = f->v->features, lead = 0;
    *out = (factored){.constant = 1};
    for (int i = 0; i < inputs; i++) {
        int8_t low = items[0].power[i], high = low;
        for (int k = 1; k < count; k++) {
            low = items[k].power[i] < low ? items[k].power[i] : low;
            high = items[k].power[i] > high ? items[k].power[i] : high;
        }
        out->common.power[i] = low > 0 ? low : high < 0 ? high : 0;
    }
    while (lead < count - 1 && x[lead] <= 0)
        lead++;
    if (x[lead] <= 0)
        lead = 0;
    out->constant = x[lead];
    for (int n = 0; n < count; n++) {
        int k = n == 0 ? lead : n <= lead ? n - 1 : n;
        term rest = items[k];
        for (int i = 0; i < inputs; i++)
            rest.power[i] = (int8_t)(rest.power[i] - out->common.power[i]);
        double ratio = x[k] / x[lead], size = fabs(ratio);
        double half = floor(2 * size + 0.5) / 2; /* a root must not fall below 0 for its error */
        if (rounded && half > 0 && fabs(size - half) < 0.02 * size)
            size = half;
        if (!write_term(&out->inner, &rest, inputs, f->v, size))
            return false;
        expr_op join = ratio > 0 ? EXPR_ADD : EXPR_SUB;
        if (n > 0 && !vocabulary_has(f->v, join))
            return false;
        if (n > 0)
            law_put(&out->inner, join);
    }
    return !out->inner.full;
}

/* constant * common^power * inner^power * factor^-1 in units of LAW_POWER. */
static bool put_factored(law_writer *w, const sum_fit *f, const factored *s, int power,
                         double constant)
{
    law_factor factors[TERM_INPUTS + 3];
    expr_node nodes[TERM_INPUTS];
    int count = 0;
    for (int i = 0; i < f->v->features; i++) {
        nodes[i] = (expr_node){.op = EXPR_VAR, .feature = (uint16_t)i, .length = 1};
        if (s->common.power[i] != 0)
            factors[count++] = (law_factor){&nodes[i], 1, s->common.power[i] * power};
    }
    factors[count++] = (law_factor){s->inner.nodes, s->inner.count, power};
    if (f->factor)
        factors[count++] = (law_factor){f->factor->nodes, f->factor->count, -f->factor_power};
    return law_put_product(w, f->v, factors, count, constant);
}

static bool write_rational(law_writer *w, const sum_fit *f, const state *s, const double *x,
                           bool rounded)
{
    term over[MOST], under[MOST + 1];
    double a[MOST], b[MOST + 1] = {1};
    int over_count = 0, under_count = 1;
    under[0] = (term){.function_count = 0};
    for (int i = 0; i < s->count; i++) {
        int from = s->chosen[i];
        if (from < f->t->count) {
            a[over_count] = x[i];
            over[over_count++] = f->t->items[from];
        } else {
            b[under_count] = -x[i];
            under[under_count++] = f->t->items[from - f->t->count + 1];
        }
    }
    factored top, bottom;
    if (over_count == 0 || under_count == 1 || !vocabulary_has(f->v, EXPR_DIV) ||
        !factor_sum(&top, f, over, a, over_count, rounded) ||
        !factor_sum(&bottom, f, under, b, under_count, rounded))
        return false;
    bool ok = put_factored(w, f, &top, LAW_POWER, top.constant) &&
              put_factored(w, f, &bottom, LAW_POWER, bottom.constant);
    law_put(w, EXPR_DIV);
    return ok;
}

static bool write_state(law_writer *w, const sum_fit *f, const state *s, const double *x,
                        bool rounded)
{
    static const int powers[] = {LAW_POWER, -LAW_POWER, LAW_POWER / 2, -LAW_POWER / 2, LAW_POWER};
    term items[MOST];
    factored sum;
    if (f->kind == T_RATIONAL)
        return write_rational(w, f, s, x, rounded);
    for (int i = 0; i < s->count; i++)
        items[i] = f->t->items[s->chosen[i]];
    if (!factor_sum(&sum, f, items, x, s->count, rounded))
        return false;
    double constant = sum.constant;
    if (f->kind == T_SQUARE || f->kind == T_INVERSE_SQUARE)
        constant = sqrt(constant);
    if (f->kind == T_INVERSE || f->kind == T_INVERSE_SQUARE)
        constant = 1 / constant;
    if (!isfinite(constant) || !put_factored(w, f, &sum, powers[f->kind], constant))
        return false;
    if (f->kind == T_LOG)
        law_put(w, EXPR_EXP);
    return f->kind != T_LOG || vocabulary_has(f->v, EXPR_EXP);
}

static void propose(sum_fit *f, const state *s)
{
    double x[MOST];
    if (!coefficients(f, s, x))
        return;
    for (int rounded = 0; rounded < 2; rounded++) {
        law_writer w = {.count = 0};
        if (write_state(&w, f, s, x, rounded) && !w.full)
            laws_offer(f->out, f->v, f->max_size, &w,
                       law_error(f->w, f->a->p, (expr){w.nodes, w.count}));
    }
}

static void search(sum_fit *f)
{
    state level[2][BEAM];
    int count[2] = {1, 0};
    const kernels *k = f->w->k;
    double whole = k->dot(f->target, f->target, SAMPLE_ROWS), sum = 0, weight = 0;
    level[0][0] = (state){.count = 0, .left = whole};
    for (int i = 0; i < f->rows; i++) {
        sum += (double)(f->target[i] * f->scale[i]);
        weight += (double)(f->scale[i] * f->scale[i]);
    }
    double spread = whole - sum * sum / weight; /* beside the best constant */
    for (int n = 0; n < f->most; n++) {
        int now = n % 2, next = 1 - now;
        count[next] = 0;
        for (int i = 0; i < count[now]; i++)
            extend(f, &level[now][i],
                   n == 0           ? f->beam / 2
                   : f->beam < BEAM ? 6
                                    : 16,
                   level[next], &count[next]);
        for (int i = 0; i < count[next] && i < REPORTED; i++)
            if (level[next][i].left < 0.05 * spread)
                propose(f, &level[next][i]);
        if (count[next] > 0 && level[next][0].left < 1e-10 * spread)
            return;
    }
}

/* ---------------------------------------------------------------- tasks */

static int factor_count(const atoms *a)
{
    int count = 0;
    for (int i = 0; i < a->count && count < FACTORS; i++)
        count += a->items[i].kind == ATOM_SUM;
    return count;
}

int sums_tasks(const atoms *a)
{
    return KINDS + (factor_count(a) + GROUP - 1) / GROUP;
}

/* Leaves only terms without divisions, of at most that degree: laws are among them more often than
 * their number says, and beams are narrow. */
static void keep_polynomials(sum_fit *f, int most, bool functions)
{
    for (int i = 0; i < f->count; i++) {
        const term *t = &f->t->items[i < f->t->count ? i : i - f->t->count + 1];
        int degree = 0;
        bool divides = false;
        for (int k = 0; k < f->v->features; k++) {
            degree += abs(t->power[k]);
            divides = divides || t->power[k] < 0;
        }
        if (divides || degree > most || (t->function_count > 0 && !functions))
            f->norms[i] = 0;
    }
}

static void try_kind(sum_fit *f, transform kind)
{
    f->kind = kind;
    f->count = kind == T_RATIONAL ? 2 * f->t->simple - 1 : f->t->count;
    f->most = kind == T_RATIONAL ? 3 : MOST;
    f->beam = BEAM;
    if (kind == T_RATIONAL && f->t->simple != f->t->count)
        return;
    if (!set_target(f, NULL))
        return;
    /* Alone, quadratics are so few that the beam holds every pair of four inputs' terms: a sum of
     * three squares is not among the best pairs of all terms, since without a constant two of them
     * leave the third's mean. */
    set_columns(f);
    keep_polynomials(f, 2, false);
    search(f);
    set_columns(f);
    keep_polynomials(f, 3, true);
    search(f);
    set_columns(f);
    search(f);
}

static const float *factor_values(const sum_fit *f)
{
    evaluator_compile(&f->w->tree, (expr){(expr_node *)f->factor->nodes, f->factor->count},
                      f->a->p->columns);
    return evaluator_run(&f->w->tree, 0, (f->rows + 15) / 16 * 16);
}

/* y times the atom, a product of inputs, with all terms. */
static void try_product(sum_fit *f, const atom *product)
{
    float by[SAMPLE_ROWS];
    f->kind = T_SAME;
    f->factor = product;
    f->factor_power = LAW_POWER;
    f->count = f->t->count;
    f->most = MOST;
    f->beam = BEAM;
    memcpy(by, factor_values(f), (size_t)f->rows * sizeof *by);
    if (!set_target(f, by))
        return;
    set_columns(f);
    search(f);
}

/* y times the atom and times its root. */
static void try_factor(sum_fit *f, int index)
{
    float by[SAMPLE_ROWS];
    f->kind = T_SAME;
    f->factor = &f->a->items[index];
    f->count = f->t->simple;
    f->most = 3;
    f->beam = 6;
    memcpy(by, factor_values(f), (size_t)f->rows * sizeof *by);
    for (f->factor_power = LAW_POWER; f->factor_power >= LAW_POWER / 2;
         f->factor_power -= LAW_POWER / 2) {
        for (int i = 0; i < f->rows && f->factor_power < LAW_POWER; i++)
            by[i] = sqrtf(by[i]);
        if (!set_target(f, by))
            continue;
        set_columns(f);
        search(f);
    }
}

static void run(sum_fit *f, int task)
{
    if (task < KINDS) {
        try_kind(f, (transform)task);
        return;
    }
    int first = (task - KINDS) * GROUP;
    for (int i = 0, seen = 0; i < f->a->count && seen < first + GROUP; i++) {
        if (f->a->items[i].kind != ATOM_SUM)
            continue;
        if (seen++ >= first)
            try_factor(f, i);
    }
}

bool sums_find(laws *out, int task, const atom *product, const terms *t, const atoms *a,
               const vocabulary *v, int max_size, workspace *w)
{
    out->count = 0;
    if (t->count == 0 || !vocabulary_has(v, EXPR_MUL))
        return true;
    terms simple = *t; /* rational functions take those without functions */
    if (!product && task == T_RATIONAL)
        simple.count = simple.simple = t->simple < TERMS_MAX / 2 ? t->simple : TERMS_MAX / 2;
    sum_fit *f = buffer_alloc((sizeof *f + 63) / 64, 64);
    if (!f)
        return false;
    *f = (sum_fit){.t = &simple, .a = a, .v = v, .w = w, .out = out, .max_size = max_size};
    f->rows = a->p->rows < SAMPLE_ROWS ? (int)a->p->rows : SAMPLE_ROWS;
    f->columns = buffer_alloc((size_t)TERMS_MAX * SAMPLE_ROWS, sizeof(float));
    f->norms = calloc(TERMS_MAX, sizeof *f->norms);
    bool ok = f->columns && f->norms;
    if (ok && product)
        try_product(f, product);
    else if (ok)
        run(f, task);
    free(f->columns);
    free(f->norms);
    free(f);
    return ok;
}
