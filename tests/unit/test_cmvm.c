/* Constant matrix times vector: every solution is multiplied out again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"
#include "opt/cmvm.h"

/* Non-zero canonical signed digits, digit by digit. */
static int digits_of(int64_t v)
{
    int count = 0;
    for (; v; v /= 2) {
        if (v % 2 == 0)
            continue;
        int64_t digit = 2 - ((v % 4) + 4) % 4;
        v -= digit;
        count++;
    }
    return count;
}

/* The value of every number for one vector of inputs, and its depth. */
static void check_solution(const cmvm_problem *p, const cmvm_solution *s, rng *r)
{
    size_t count = p->inputs + s->count;
    int64_t *value = calloc(count + 1, sizeof *value);
    int *depth = calloc(count + 1, sizeof *depth);
    assert_true(value && depth);
    for (int trial = 0; trial < 4; trial++) {
        for (size_t k = 0; k < p->inputs; k++) {
            value[k] = (int64_t)rng_below(r, 2001) - 1000;
            depth[k] = p->input[k].depth;
        }
        for (size_t k = 0; k < s->count; k++) {
            cmvm_adder a = s->adders[k];
            assert_true(a.low < p->inputs + k && a.high < p->inputs + k && a.shift >= 0);
            int64_t high = value[a.high] * ((int64_t)1 << a.shift);
            value[p->inputs + k] = a.minus ? value[a.low] - high : value[a.low] + high;
            depth[p->inputs + k] =
                1 + (depth[a.low] > depth[a.high] ? depth[a.low] : depth[a.high]);
        }
        int deepest = 0;
        for (size_t o = 0; o < p->outputs; o++) {
            int64_t wanted = 0, found = 0;
            for (size_t k = 0; k < p->inputs; k++)
                wanted += p->matrix[o * p->inputs + k] * value[k];
            cmvm_term t = s->outputs[o];
            if (t.id != CMVM_ZERO) {
                found = value[t.id] * ((int64_t)1 << t.shift) * (t.minus ? -1 : 1);
                deepest = depth[t.id] > deepest ? depth[t.id] : deepest;
            }
            assert_int_equal(found, wanted);
        }
        assert_int_equal(deepest, s->depth);
    }
    free(value);
    free(depth);
}

/* Additions without sharing, and the least depth: by merging the two earliest terms. */
static size_t plain_additions(const cmvm_problem *p, int *least)
{
    size_t additions = 0;
    *least = 0;
    for (size_t o = 0; o < p->outputs; o++) {
        double load = 0; /* Kraft */
        size_t digits = 0;
        for (size_t k = 0; k < p->inputs; k++) {
            int d = digits_of(p->matrix[o * p->inputs + k]);
            digits += (size_t)d;
            load += d * (double)((int64_t)1 << p->input[k].depth);
        }
        additions += digits ? digits - 1 : 0;
        int depth = 0;
        while ((double)((int64_t)1 << depth) < load)
            depth++;
        *least = depth > *least ? depth : *least;
    }
    return additions;
}

static void test_random_matrices(void **state)
{
    (void)state;
    rng r = rng_make(7, 0);
    for (int n = 0; n < 200; n++) {
        size_t inputs = 1 + rng_below(&r, 12), outputs = 1 + rng_below(&r, 12);
        unsigned bits = 1 + rng_below(&r, 10);
        int64_t matrix[144];
        cmvm_input input[12];
        for (size_t k = 0; k < inputs * outputs; k++)
            matrix[k] = rng_below(&r, 4) == 0
                            ? 0
                            : (int64_t)rng_below(&r, 2U << bits) - ((int64_t)1 << bits);
        for (size_t k = 0; k < inputs; k++)
            input[k] = (cmvm_input){
                .depth = rng_below(&r, 3) ? 0 : (int)rng_below(&r, 5), .lo = -128, .hi = 127};
        cmvm_problem p = {inputs,
                          outputs,
                          matrix,
                          input,
                          (int)rng_below(&r, 4) - 1,
                          0,
                          1 + (int)rng_below(&r, 4)};
        cmvm_solution s;
        assert_int_equal(cmvm_solve(&s, &p, NULL), SYMLUT_OK);
        check_solution(&p, &s, &r);
        int least;
        assert_true(s.count <= plain_additions(&p, &least));
        if (p.extra_depth >= 0)
            assert_true(s.depth <= least + p.extra_depth);
        cmvm_free(&s);
    }
}

/* Known cases: 45 = 5 * 9 has two additions; equal, negated and shifted rows share everything. */
static void test_sharing(void **state)
{
    (void)state;
    rng r = rng_make(8, 0);
    cmvm_input input[3] = {{0, -8, 7}, {0, -8, 7}, {0, -8, 7}};
    const int64_t one[] = {45};
    const int64_t rows[] = {3, 5, 7, -6, -10, -14, 12, 20, 28, 0, 0, 0};
    cmvm_solution s;
    cmvm_problem p = {1, 1, one, input, -1, 0, 1};
    assert_int_equal(cmvm_solve(&s, &p, NULL), SYMLUT_OK);
    assert_int_equal(s.count, 2);
    cmvm_free(&s);
    p = (cmvm_problem){3, 4, rows, input, -1, 0, 3};
    assert_int_equal(cmvm_solve(&s, &p, NULL), SYMLUT_OK);
    check_solution(&p, &s, &r);
    assert_true(s.count <= 5);
    assert_int_equal(s.outputs[3].id, CMVM_ZERO);
    cmvm_free(&s);
}

/* Too many pairs to look at: inputs in groups. Still exact and within the depth. */
static void test_large_matrix(void **state)
{
    (void)state;
    enum { INPUTS = 120, OUTPUTS = 6 };
    rng r = rng_make(9, 0);
    int64_t *matrix = calloc(INPUTS * OUTPUTS, sizeof *matrix);
    cmvm_input *input = calloc(INPUTS, sizeof *input);
    assert_true(matrix && input);
    for (size_t k = 0; k < INPUTS * OUTPUTS; k++)
        matrix[k] = (int64_t)rng_below(&r, 256) - 128;
    for (size_t k = 0; k < INPUTS; k++)
        input[k] = (cmvm_input){.lo = -128, .hi = 127};
    cmvm_problem p = {INPUTS, OUTPUTS, matrix, input, 1, 20000, 1};
    cmvm_solution s;
    int least;
    assert_int_equal(cmvm_solve(&s, &p, NULL), SYMLUT_OK);
    check_solution(&p, &s, &r);
    assert_true(s.count < plain_additions(&p, &least) * 9 / 10);
    assert_true(s.depth <= least + 1);
    cmvm_free(&s);
    free(matrix);
    free(input);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_matrices),
        cmocka_unit_test(test_sharing),
        cmocka_unit_test(test_large_matrix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
