/* Products as they are written in few operations, against powers in double; the list of the best
 * laws, against a sort; the error of a law, against its closed form. */
#include "law_data.h"

static double power_of(const double *x, const int *powers, int count, double constant)
{
    double value = constant;
    for (int i = 0; i < count; i++)
        value *= pow(x[i], (double)powers[i] / LAW_POWER);
    return value;
}

static vocabulary words_of(unsigned set)
{
    static const expr_op binary[] = {EXPR_MUL, EXPR_DIV},
                         unary[] = {EXPR_SQRT, EXPR_SQUARE, EXPR_CUBE};
    vocabulary v = {.features = LAW_COLUMNS};
    for (unsigned i = 0; i < 2; i++)
        if (set >> i & 1)
            v.binary[v.binary_count++] = binary[i];
    for (unsigned i = 0; i < 3; i++)
        if (set >> (i + 2) & 1)
            v.unary[v.unary_count++] = unary[i];
    return v;
}

static void check_product(const vocabulary *v, const int *powers, double constant, bool must)
{
    expr_node inputs[LAW_COLUMNS];
    law_factor factors[LAW_COLUMNS];
    law_writer w = {.count = 0};
    for (int i = 0; i < LAW_COLUMNS; i++) {
        inputs[i] = (expr_node){.op = EXPR_VAR, .feature = (uint16_t)i, .length = 1};
        factors[i] = (law_factor){&inputs[i], 1, powers[i]};
    }
    if (!law_put_product(&w, v, factors, LAW_COLUMNS, constant)) {
        assert_false(must);
        return;
    }
    assert_false(w.full);
    expr e = {w.nodes, w.count};
    assert_true(expr_finish(&e));
    for (int i = 0; i < e.count; i++)
        assert_true(expr_arity((expr_op)e.nodes[i].op) == 0 ||
                    vocabulary_has(v, (expr_op)e.nodes[i].op));
    rng r = rng_make(3, 3);
    for (int n = 0; n < 8; n++) {
        double x[LAW_COLUMNS], stack[TREE_MAX];
        for (int i = 0; i < LAW_COLUMNS; i++)
            x[i] = 0.5 + 2 * rng_unit(&r);
        double want = power_of(x, powers, LAW_COLUMNS, constant);
        assert_true(fabs(expr_eval(e, x, stack) / want - 1) < 1e-12);
    }
}

/* With all operations every product can be written; with fewer, what is written is still right. */
static void test_products_as_written(void **state)
{
    (void)state;
    rng r = rng_make(2, 2);
    for (int n = 0; n < 4000; n++) {
        unsigned set = n % 2 ? 31 : rng_below(&r, 32);
        vocabulary v = words_of(set);
        int powers[LAW_COLUMNS];
        for (int i = 0; i < LAW_COLUMNS; i++)
            powers[i] = (int)rng_below(&r, 13) - 6;
        check_product(&v, powers, rng_below(&r, 2) ? 1 : -2.75, set == 31);
    }
}

static void test_missing_operations(void **state)
{
    (void)state;
    static const int under[LAW_COLUMNS] = {2, -2, 0, 0}, root[LAW_COLUMNS] = {1, 0, 0, 0};
    expr_node x = {.op = EXPR_VAR, .length = 1}, y = {.op = EXPR_VAR, .feature = 1, .length = 1};
    law_factor ratio[] = {{&x, 1, under[0]}, {&y, 1, under[1]}}, half[] = {{&x, 1, root[0]}};
    law_writer w = {.count = 0};
    vocabulary none = words_of(0), multiply = words_of(1);
    assert_false(law_put_product(&w, &multiply, ratio, 2, 1));
    assert_false(law_put_product(&w, &multiply, half, 1, 1));
    assert_false(law_put_product(&w, &none, ratio, 2, 3));
}

/* Constants of which each differs: as many laws as are offered. */
static void offer(laws *l, const vocabulary *v, int size, double value, double error)
{
    law_writer w = {.count = 0};
    law_put_input(&w, 0);
    for (int i = 1; i < size; i += 2) {
        law_put_constant(&w, value + i);
        law_put(&w, EXPR_DIV);
        if (i + 2 < size) {
            law_put_input(&w, 1);
            law_put(&w, EXPR_SUB);
            i += 2;
        }
    }
    laws_offer(l, v, 12, &w, error);
}

static double rank(double error, int count)
{
    return log(error + 1e-11) + 0.02 * count;
}

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void test_best_laws(void **state)
{
    (void)state;
    static laws l;
    vocabulary v = law_words(2);
    double ranks[200];
    rng r = rng_make(4, 4);
    for (int i = 0; i < 200; i++) {
        double error = exp(-20 * rng_unit(&r));
        int size = 3 + 2 * (int)rng_below(&r, 4);
        ranks[i] = rank(error, size);
        offer(&l, &v, size, 1.5 + 10 * i, error);
    }
    qsort(ranks, 200, sizeof *ranks, by_value);
    assert_int_equal(l.count, LAWS_MAX);
    for (int i = 0; i < LAWS_MAX; i++)
        assert_true(fabs(rank(l.items[i].error, l.items[i].count) - ranks[i]) < 1e-12);
    laws_check(&l, &v, 12);
}

static void test_refused_laws(void **state)
{
    (void)state;
    static laws l;
    vocabulary v = law_words(2);
    offer(&l, &v, 3, 2.5, 0.5);
    offer(&l, &v, 3, 2.5, 0.5); /* again */
    assert_int_equal(l.count, 1);
    offer(&l, &v, 3, 3.5, (double)NAN);
    offer(&l, &v, 3, 3.5, (double)INFINITY);
    offer(&l, &v, 15, 3.5, 0); /* longer than 12 */
    law_writer full = {.count = 0};
    for (int i = 0; i <= TREE_MAX; i++)
        law_put_input(&full, 0);
    assert_true(full.full && full.count == TREE_MAX);
    laws_offer(&l, &v, TREE_MAX, &full, 0);
    assert_int_equal(l.count, 1);
}

static double sum_law(const double *x)
{
    return 2 * x[0] + x[1];
}

static void test_error(void **state)
{
    (void)state;
    law_data *d = law_data_make(sum_law, 700, -1, 1, 0);
    expr_node exact[] = {{.op = EXPR_CONST, .value = 2},
                         {.op = EXPR_VAR},
                         {.op = EXPR_MUL},
                         {.op = EXPR_VAR, .feature = 1},
                         {.op = EXPR_ADD}};
    expr_node half[] = {{.op = EXPR_CONST, .value = 2}, {.op = EXPR_VAR}, {.op = EXPR_MUL}};
    expr_node root[] = {{.op = EXPR_VAR}, {.op = EXPR_LOG}};
    double left = 0, spread = 0, mean = 0; /* of x1 about its mean, and of y about its own */
    assert_true(law_error(&d->w, &d->p, (expr){exact, 5}) < 1e-12);
    for (int i = 0; i < 700; i++)
        mean += (double)d->columns[1][i] / 700;
    for (int i = 0; i < 700; i++) {
        double miss = (double)d->columns[1][i] - mean, y = d->target[i] - d->p.y_mean;
        left += miss * miss;
        spread += y * y;
    }
    assert_true(fabs(law_error(&d->w, &d->p, (expr){half, 3}) - left / spread) < 1e-4);
    assert_true(isinf(law_error(&d->w, &d->p, (expr){root, 2}))); /* of negative rows */
    law_data_free(d);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_products_as_written),
        cmocka_unit_test(test_missing_operations),
        cmocka_unit_test(test_best_laws),
        cmocka_unit_test(test_refused_laws),
        cmocka_unit_test(test_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
