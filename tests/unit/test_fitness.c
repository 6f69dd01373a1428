/* Losses, constants, the front and the library against results by other means. */
#include "search/engine.h"
#include "search/recover.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 1000, PADDED = 1008, BLOCKS = 4 };

static float *columns[2], *target, *tail;
static double sum_w[BLOCKS + 1], sum_y[BLOCKS + 1], sum_yy[BLOCKS + 1];
static workspace w;

static int set_up(void **state)
{
    (void)state;
    rng r = rng_make(4, 4);
    for (int f = 0; f < 2; f++) {
        columns[f] = buffer_alloc(PADDED, sizeof(float));
        for (int i = 0; i < ROWS; i++)
            columns[f][i] = (float)(0.5 + 2 * rng_unit(&r));
        for (int i = ROWS; i < PADDED; i++)
            columns[f][i] = columns[f][ROWS - 1];
    }
    target = buffer_alloc(PADDED, sizeof(float));
    tail = buffer_alloc(EVAL_BLOCK, sizeof(float));
    for (int i = 0; i < ROWS % EVAL_BLOCK; i++)
        tail[i] = 1;
    return workspace_init(&w, TREE_MAX + 4, kernels_best()) ? 0 : -1;
}

static int tear_down(void **state)
{
    (void)state;
    free(columns[0]);
    free(columns[1]);
    free(target);
    free(tail);
    workspace_free(&w);
    return 0;
}

/* The problem of fitting y = law(x0, x1) by squares. */
static problem make_problem(double (*law)(double, double))
{
    double mean = 0;
    for (int i = 0; i < ROWS; i++)
        mean += law((double)columns[0][i], (double)columns[1][i]) / ROWS;
    for (int i = 0; i < PADDED; i++)
        target[i] = (float)(law((double)columns[0][i], (double)columns[1][i]) - mean);
    for (int b = 0; b < BLOCKS; b++) {
        sum_w[b + 1] = sum_w[b], sum_y[b + 1] = sum_y[b], sum_yy[b + 1] = sum_yy[b];
        for (int i = b * EVAL_BLOCK; i < ROWS && i < (b + 1) * EVAL_BLOCK; i++) {
            sum_w[b + 1] += 1;
            sum_y[b + 1] += (double)target[i];
            sum_yy[b + 1] += (double)target[i] * (double)target[i];
        }
    }
    return (problem){.columns = (const float *const *)columns,
                     .rows = ROWS,
                     .padded = PADDED,
                     .y = target,
                     .tail = tail,
                     .y_mean = mean,
                     .sum_w = sum_w,
                     .sum_y = sum_y,
                     .sum_yy = sum_yy,
                     .squares = true,
                     .bounded = true,
                     .baseline = sum_yy[BLOCKS] / ROWS,
                     .laws = true,
                     .forms = {true, true, true, true}};
}

static expr parse(arena *memory, const char *infix)
{
    expr e;
    symlut_error err;
    const char *const names[] = {"x0", "x1"};
    if (expr_parse(&e, memory, infix, &(expr_names){names, 2}, "test", 1, 1, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    return e;
}

static double rough(double a, double b)
{
    return 3 * a * b - 2 + 0.3 * sin(40 * a);
}

/* Each form's loss against sums in double over the rows. */
static void test_forms(void **state)
{
    (void)state;
    problem p = make_problem(rough);
    arena memory = {0};
    expr e = parse(&memory, "x0*x1 + sqrt(x0)");
    score s;
    assert_true(fitness(&s, &w, &p, e, window_all(&p), 30, (double)INFINITY));
    double n = ROWS, sp = 0, spp = 0, sy = 0, syy = 0, spy = 0;
    for (int i = 0; i < ROWS; i++) {
        double a = (double)columns[0][i], b = (double)columns[1][i];
        double y = (double)target[i] + p.y_mean, v = a * b + sqrt(a);
        sp += v, spp += v * v, sy += y, syy += y * y, spy += v * y;
    }
    double cpp = spp - sp * sp / n, cpy = spy - sp * sy / n, cyy = syy - sy * sy / n;
    const double want[FORM_COUNT] = {(syy - 2 * spy + spp) / n, (cyy - 2 * cpy + cpp) / n,
                                     (syy - spy * spy / spp) / n, (cyy - cpy * cpy / cpp) / n};
    for (int f = 0; f < FORM_COUNT; f++)
        assert_true(fabs(s.losses[f] - want[f]) < 1e-5 * want[f]);
    assert_true(fabs(s.scale[FORM_BOTH] - cpy / cpp) < 1e-5);
    assert_int_equal(s.best, FORM_BOTH);
    /* what is abandoned lies above the limit, what lies below is never abandoned */
    assert_true(fitness(&s, &w, &p, e, window_all(&p), 30, want[FORM_BOTH] * 1.001));
    assert_false(fitness(&s, &w, &p, e, window_all(&p), 30, want[FORM_BOTH] * 0.9));
    arena_free(&memory);
}

/* A tree far behind its rival is given up early, one that is level never; what goes through is
 * scored as without a rival. */
static void test_race(void **state)
{
    (void)state;
    problem p = make_problem(rough);
    arena memory = {0};
    score rival, alone, s;
    expr near = parse(&memory, "x0*x1 + sqrt(x0)"), far = parse(&memory, "cos(x0*9) + x1*0.01");
    window all = window_all(&p);
    assert_true(fitness(&rival, &w, &p, near, all, 30, (double)INFINITY));
    assert_true(fitness(&alone, &w, &p, far, all, 30, (double)INFINITY));
    assert_true(rival.heats[0] > 0 && rival.heats[1] > 0 && rival.heats[2] == 0);
    assert_true(fabs(rival.heats[1] - rival.loss) < 0.3 * rival.loss);
    assert_true(fitness_race(&s, &w, &p, near, all, 30, rival.loss, rival.heats));
    assert_true(s.loss == rival.loss);
    /* half of the rows cannot prove it, but a margin of a quarter can show it */
    double limit = alone.loss / 1.7, heats[HEATS];
    for (int i = 0; i < HEATS; i++)
        heats[i] = alone.heats[i] / 1.7;
    unsigned long long before = w.node_rows;
    assert_false(fitness(&s, &w, &p, far, all, 30, limit));
    unsigned long long proven = w.node_rows - before;
    assert_false(fitness_race(&s, &w, &p, far, all, 30, limit, heats));
    unsigned long long raced = w.node_rows - before - proven;
    assert_int_equal(raced, (unsigned long long)far.count * EVAL_BLOCK);
    assert_true(raced < proven);
    arena_free(&memory);
}

static double line(double a, double b)
{
    return 4 * a - 1.5 * b + 0.25 + 0.2 * sin(30 * a * b);
}

/* Solves the 3x3 normal equations of y on (x0, x1, 1) by Cramer's rule. */
static void least_squares(double out[3])
{
    double a[3][4] = {{0}};
    for (int i = 0; i < ROWS; i++) {
        double x[3] = {(double)columns[0][i], (double)columns[1][i], 1};
        double y = line(x[0], x[1]);
        for (int j = 0; j < 3; j++) {
            for (int k = 0; k < 3; k++)
                a[j][k] += x[j] * x[k];
            a[j][3] += x[j] * y;
        }
    }
    double d[4];
    for (int c = 0; c < 4; c++) {
        double m[3][3];
        for (int j = 0; j < 3; j++)
            for (int k = 0; k < 3; k++)
                m[j][k] = a[j][k == c ? 3 : k];
        d[c] = m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
               m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
               m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
    }
    for (int c = 0; c < 3; c++)
        out[c] = d[c] / d[3];
}

static void test_constants_reach_least_squares(void **state)
{
    (void)state;
    problem p = make_problem(line);
    arena memory = {0};
    expr e = parse(&memory, "0.1*x0 + 0.2*x1 + 0.3");
    double want[3];
    least_squares(want);
    assert_true(constants_fit(&w, &p, e, window_all(&p), 20, false));
    int c = 0;
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_CONST)
            assert_true(fabs(e.nodes[i].value - want[c++]) < 1e-4);
    assert_int_equal(c, 3);
    arena_free(&memory);
}

static double decay(double a, double b)
{
    return 2.5 * exp(-1.3 * a) * cos(2.1 * b + 0.4);
}

static void test_constants_of_a_curve(void **state)
{
    (void)state;
    problem p = make_problem(decay);
    arena memory = {0};
    expr e = parse(&memory, "exp(-1.0*x0)*cos(1.8*x1 + 0.6)");
    assert_true(constants_fit(&w, &p, e, window_all(&p), 30, true));
    const double want[3] = {-1.3, 2.1, 0.4};
    for (int i = 0, c = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_CONST)
            assert_true(fabs(e.nodes[i].value - want[c++]) < 1e-4);
    arena_free(&memory);
}

/* BFGS on |y - p|^1.5 ends where no small step of a constant helps, by sums in double. */
static void test_constants_of_other_losses(void **state)
{
    (void)state;
    problem p = make_problem(line);
    arena memory = {0};
    expr loss;
    const char *const names[] = {"y", "p"};
    assert_int_equal(
        expr_parse(&loss, &memory, "abs(y - p)^1.5", &(expr_names){names, 2}, "loss", 1, 1, NULL),
        SYMLUT_OK);
    for (int i = 0; i < PADDED; i++)
        target[i] += (float)p.y_mean;
    p.y_mean = 0;
    p.squares = false;
    p.loss = loss;
    p.slope = expr_differentiate(&memory, loss, 1);
    expr e = parse(&memory, "0.1*x0 + 0.2*x1 + 0.3");
    assert_true(constants_fit(&w, &p, e, window_all(&p), 60, false));
    int at[3], c = 0;
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_CONST)
            at[c++] = i;
    double base = 0, stack[16];
    for (int step = -1; step < 6; step++) {
        double *value = step < 0 ? NULL : &e.nodes[at[step / 2]].value, before = value ? *value : 0;
        if (value)
            *value += step % 2 ? 0.02 : -0.02;
        double total = 0;
        for (int i = 0; i < ROWS; i++) {
            double x[2] = {(double)columns[0][i], (double)columns[1][i]};
            total += pow(fabs((double)target[i] - expr_eval(e, x, stack)), 1.5);
        }
        if (value) {
            *value = before;
            assert_true(total > base);
        } else {
            base = total;
        }
    }
    arena_free(&memory);
}

static void test_front_is_a_front(void **state)
{
    (void)state;
    enum { SIZE = 20 };
    pareto f;
    assert_true(pareto_init(&f, SIZE));
    rng r = rng_make(6, 6);
    double lowest[SIZE + 1];
    for (int c = 0; c <= SIZE; c++)
        lowest[c] = (double)INFINITY;
    for (int i = 0; i < 3000; i++) {
        expr_node nodes[SIZE + 4] = {{0}};
        int c = 1 + (int)rng_below(&r, SIZE);
        double loss = rng_unit(&r);
        for (int k = 0; k < c; k++)
            nodes[k] = (expr_node){.op = k ? EXPR_NEG : EXPR_VAR};
        pareto_offer(&f, (expr){nodes, c}, c, loss);
        if (loss < lowest[c])
            lowest[c] = loss;
    }
    double best = (double)INFINITY;
    for (int c = 1; c <= SIZE; c++) {
        if (lowest[c] < best) {
            assert_int_equal(f.rows[c].count, c);
            assert_true(f.rows[c].loss == lowest[c]);
            best = lowest[c];
        } else {
            assert_int_equal(f.rows[c].count, 0);
        }
    }
    pareto_free(&f);
}

static double quotient(double a, double b)
{
    return a / (1.5 + b * b * 0.5);
}

static void test_recovery_finds_a_quotient(void **state)
{
    (void)state;
    problem p = make_problem(quotient);
    vocabulary v = {
        .binary = {EXPR_ADD, EXPR_SUB, EXPR_MUL, EXPR_DIV}, .binary_count = 4, .features = 2};
    library l;
    recovery index;
    assert_true(library_build(&l, &p, &v, &w, 1));
    assert_true(recovery_init(&index, &l, &p, &v, 30));
    recovered *found = calloc(1, sizeof *found);
    int exact = 0;
    for (int t = 0; t < recovery_transforms(&index); t++) {
        recovery_try(&index, t, found);
        for (int i = 0; i < found->count; i++) {
            double worst = 0, stack[TREE_MAX];
            for (int row = 0; row < ROWS; row++) {
                double x[2] = {(double)columns[0][row], (double)columns[1][row]};
                double got = expr_eval((expr){found->nodes[i], found->counts[i]}, x, stack);
                worst = fmax(worst, fabs(got - quotient(x[0], x[1])));
            }
            exact += worst < 1e-4;
        }
    }
    assert_true(exact > 0);
    free(found);
    recovery_free(&index);
    library_free(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms),
        cmocka_unit_test(test_race),
        cmocka_unit_test(test_constants_reach_least_squares),
        cmocka_unit_test(test_constants_of_a_curve),
        cmocka_unit_test(test_constants_of_other_losses),
        cmocka_unit_test(test_front_is_a_front),
        cmocka_unit_test(test_recovery_finds_a_quotient),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
