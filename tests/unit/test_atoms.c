/* Factors of laws: their values against the expressions in double, what must be among them, and
 * that what is not finite on the sample is none. */
#include "law_data.h"
#include "search/atoms.h"

static double product(const double *x)
{
    return x[0] * x[1];
}

static atoms build(const law_data *d, workspace *w, const vocabulary *v)
{
    atoms a;
    assert_true(atoms_build(&a, &d->p, v, d->threads, w));
    assert_in_range(a.count, 0, ATOMS_MAX);
    assert_in_range(a.ratios, 0, RATIOS_MAX);
    return a;
}

static void row_of(double *x, const law_data *d, int row)
{
    for (int k = 0; k < LAW_COLUMNS; k++)
        x[k] = (double)d->columns[k][row];
}

/* The stored value of atom i in a row: what it is for, in double. */
static double value_of(const atoms *a, const law_data *d, int i, int row)
{
    const atom *at = &a->items[i];
    double x[LAW_COLUMNS], stack[TREE_MAX];
    expr_node copy[ATOM_NODES];
    memcpy(copy, at->nodes, sizeof copy);
    expr e = {copy, at->count};
    assert_true(expr_finish(&e));
    row_of(x, d, row);
    double value = expr_eval(e, x, stack);
    return at->kind == ATOM_EXPONENT ? value : log(fabs(value));
}

static void test_values(void **state)
{
    (void)state;
    law_data *d = law_data_make(product, 300, 0.5, 2, 0);
    vocabulary v = law_words(LAW_COLUMNS);
    atoms a = build(d, &d->w, &v);
    int finite = 0;
    assert_true(a.count > 1000 && a.ratios > 50);
    for (int i = 0; i < a.count; i++) {
        if (a.items[i].kind == ATOM_NONE)
            continue;
        finite++;
        for (int row = 0; row < SAMPLE_ROWS; row += 37) {
            double want = value_of(&a, d, i, row);
            double got = (double)a.values[(size_t)i * SAMPLE_ROWS + (size_t)row];
            /* near a zero of the atom float32 has lost it: differences of values up to 1e4 */
            double room = want > 0 ? 2e-5 * (1 + want) : 3e-6 * exp(-want) + 2e-5;
            if (a.items[i].kind == ATOM_EXPONENT)
                room = 3e-6 * (1 + fabs(want));
            assert_true(fabs(got - want) <= room || exp(want) < 1e-3);
        }
    }
    assert_true(finite > a.count / 2);
    atoms_free(&a);
    law_data_free(d);
}

/* As a factor: nodes that stand for an exponent are another atom. */
static bool among(const atoms *a, const expr_node *nodes, int count)
{
    for (int i = 0; i < a->count; i++) {
        const atom *at = &a->items[i];
        bool same = (at->kind == ATOM_SUM || at->kind == ATOM_FUNCTION) && at->count == count;
        for (int n = 0; same && n < count; n++)
            same = at->nodes[n].op == nodes[n].op &&
                   (nodes[n].op != EXPR_VAR || at->nodes[n].feature == nodes[n].feature) &&
                   (nodes[n].op != EXPR_CONST || at->nodes[n].value == nodes[n].value);
        if (same)
            return true;
    }
    return false;
}

#define X(k)                                                                                       \
    {                                                                                              \
        .op = EXPR_VAR, .feature = k                                                               \
    }
#define C(c)                                                                                       \
    {                                                                                              \
        .op = EXPR_CONST, .value = c                                                               \
    }
#define OP(name)                                                                                   \
    {                                                                                              \
        .op = EXPR_##name                                                                          \
    }

static void test_members(void **state)
{
    (void)state;
    law_data *d = law_data_make(product, 300, 0.5, 2, 0);
    vocabulary v = law_words(LAW_COLUMNS);
    atoms a = build(d, &d->w, &v);
    static const expr_node sum[] = {X(0), X(1), OP(ADD)}, sine[] = {X(2), OP(SIN)};
    static const expr_node squares[] = {X(1), OP(SQUARE), X(3), OP(SQUARE), OP(ADD)};
    static const expr_node lorentz[] = {C(1), X(0), X(1), OP(DIV), OP(SQUARE), OP(SUB)};
    static const expr_node planck[] = {X(0), X(1), OP(DIV), OP(EXP), C(-1), OP(ADD)};
    assert_true(among(&a, sum, 3) && among(&a, sine, 2) && among(&a, squares, 5));
    assert_true(among(&a, lorentz, 6) && among(&a, planck, 6));
    atoms_free(&a);
    law_data_free(d);
}

/* a - b where a is above b in every row, whichever is named first. */
static void test_positive_differences(void **state)
{
    (void)state;
    law_data *d = law_data_make(product, 300, 0.5, 1, 0);
    vocabulary v = law_words(LAW_COLUMNS);
    for (int i = 0; i < LAW_ROWS_MAX; i++)
        d->columns[2][i] = d->columns[2][i] + 1;
    atoms a = build(d, &d->w, &v);
    static const expr_node right[] = {X(2), X(0), OP(SUB)}, wrong[] = {X(0), X(2), OP(SUB)};
    assert_true(among(&a, right, 3));
    assert_false(among(&a, wrong, 3));
    atoms_free(&a);
    law_data_free(d);
}

static void test_vocabulary_alone(void **state)
{
    (void)state;
    law_data *d = law_data_make(product, 300, 0.5, 2, 0);
    vocabulary few = {.binary = {EXPR_ADD, EXPR_MUL},
                      .binary_count = 2,
                      .unary = {EXPR_SIN},
                      .unary_count = 1,
                      .features = LAW_COLUMNS};
    atoms a = build(d, &d->w, &few);
    assert_true(a.count > 0);
    for (int i = 0; i < a.count; i++)
        for (int n = 0; n < a.items[i].count; n++) {
            expr_op op = (expr_op)a.items[i].nodes[n].op;
            assert_true(expr_arity(op) == 0 || vocabulary_has(&few, op));
        }
    atoms_free(&a);
    law_data_free(d);
}

static bool names(const atom *at, int input)
{
    for (int n = 0; n < at->count; n++)
        if (at->nodes[n].op == EXPR_VAR && at->nodes[n].feature == input)
            return true;
    return false;
}

/* A row that is NaN or infinite takes every atom of its input out, and no other; so does one that
 * makes two inputs equal for their difference. */
static void test_rows_that_are_not_finite(void **state)
{
    (void)state;
    law_data *d = law_data_make(product, 300, 0.5, 2, 0);
    vocabulary v = law_words(LAW_COLUMNS);
    d->columns[1][17] = NAN;
    d->columns[3][40] = d->columns[2][40];
    atoms a = build(d, &d->w, &v);
    static const expr_node equal[] = {X(2), X(3), OP(SUB)}, other[] = {X(0), X(2), OP(ADD)};
    for (int i = 0; i < a.count; i++)
        if (names(&a.items[i], 1))
            assert_int_equal(a.items[i].kind, ATOM_NONE);
    assert_false(among(&a, equal, 3));
    assert_true(among(&a, other, 3));
    for (int i = 0; i < a.count; i++)
        for (int row = 0; row < SAMPLE_ROWS && a.items[i].kind != ATOM_NONE; row++)
            assert_true(isfinite(a.values[(size_t)i * SAMPLE_ROWS + (size_t)row]));
    atoms_free(&a);
    law_data_free(d);
}

/* One row, and columns that say the same. */
static void test_little_data(void **state)
{
    (void)state;
    law_data *d = law_data_make(product, 1, 0.5, 2, 0);
    vocabulary v = law_words(LAW_COLUMNS), one = law_words(1);
    atoms a = build(d, &d->w, &v);
    atoms_free(&a);
    a = build(d, &d->w, &one);
    atoms_free(&a);
    law_data_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_positive_differences),
        cmocka_unit_test(test_vocabulary_alone),
        cmocka_unit_test(test_rows_that_are_not_finite),
        cmocka_unit_test(test_little_data),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
