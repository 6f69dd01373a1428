/* Minimisers against problems whose answers are known. */
#include "search/minimise.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Rosenbrock's valley: 0 at (1, 1); infinite beyond x = 3. */
static double valley(void *context, const double *at, double *slope)
{
    ++*(int *)context;
    if (at[0] > 3)
        return (double)INFINITY;
    double a = 1 - at[0], b = at[1] - at[0] * at[0];
    slope[0] = -2 * a - 400 * at[0] * b;
    slope[1] = 200 * b;
    return a * a + 100 * b * b;
}

static void test_bfgs(void **state)
{
    (void)state;
    int calls = 0;
    double at[2] = {-1.2, 1};
    assert_true(minimise_bfgs(valley, &calls, at, 2, 200, 1e-14));
    assert_true(fabs(at[0] - 1) < 1e-6 && fabs(at[1] - 1) < 1e-6);
    assert_true(calls < 200);
    assert_false(minimise_bfgs(valley, &calls, (double[]){1, 1}, 2, 20, 1e-14));
    assert_false(minimise_bfgs(valley, &calls, (double[]){4, 1}, 2, 20, 1e-14));
}

/* (A + damping*diag(A)) x = -b, put back into the equations. */
static void test_normal_solve(void **state)
{
    (void)state;
    const double a[3][3] = {{4, 1, 0.5}, {1, 3, -1}, {0.5, -1, 5}}, b[3] = {1, -2, 0.25};
    normal_equations e = {.n = 3};
    for (int i = 0; i < 3; i++) {
        e.jr[i] = b[i];
        for (int j = 0; j <= i; j++)
            e.jj[i][j] = a[i][j];
    }
    double x[FIT_MAX];
    for (double damping = 0; damping < 2; damping += 0.5) {
        assert_true(normal_solve(&e, damping, x));
        for (int i = 0; i < 3; i++) {
            double sum = b[i] + damping * a[i][i] * x[i];
            for (int j = 0; j < 3; j++)
                sum += a[i][j] * x[j];
            assert_true(fabs(sum) < 1e-14);
        }
    }
    e.jj[1][0] = 4; /* indefinite */
    assert_false(normal_solve(&e, 0, x));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bfgs),
        cmocka_unit_test(test_normal_solve),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
