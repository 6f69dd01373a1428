/* The least cost under difference constraints, against all assignments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "opt/retime.h"

enum { MOST = 6, LEVELS = 3 };

typedef struct sample {
    size_t count, constraint_count;
    int64_t cost[MOST];
    bool is_fixed[MOST];
    retime_constraint constraints[4 * MOST];
    int least[MOST];
} sample;

/* Constraints go from lower to higher numbers; the last value is fixed, so that costs are bounded.
 */
static sample random_sample(rng *r)
{
    sample s = {.count = 2 + rng_below(r, MOST - 1)};
    for (uint32_t to = 1; to < s.count; to++) {
        for (int k = 0; k < 3; k++) {
            if (rng_below(r, 3) == 0)
                continue;
            uint32_t from = rng_below(r, to);
            int gap = (int)rng_below(r, 2);
            s.constraints[s.constraint_count++] = (retime_constraint){from, to, gap};
            if (s.least[from] + gap > s.least[to])
                s.least[to] = s.least[from] + gap;
        }
    }
    uint32_t last = (uint32_t)s.count - 1;
    for (uint32_t k = 0; k < last; k++) {
        s.constraints[s.constraint_count++] = (retime_constraint){k, last, 0};
        s.cost[k] = (int64_t)rng_below(r, 21) - 10;
        if (s.least[k] > s.least[last])
            s.least[last] = s.least[k];
    }
    if (s.least[last] < LEVELS - 1)
        s.least[last] += (int)rng_below(r, (uint32_t)(LEVELS - s.least[last]));
    s.is_fixed[0] = rng_below(r, 2);
    s.is_fixed[last] = true;
    return s;
}

static bool allowed(const sample *s, const int *value)
{
    for (size_t k = 0; k < s->count; k++) {
        if (value[k] < s->least[k] || (s->is_fixed[k] && value[k] != s->least[k]))
            return false;
    }
    for (size_t k = 0; k < s->constraint_count; k++) {
        retime_constraint c = s->constraints[k];
        if (value[c.to] < value[c.from] + c.gap)
            return false;
    }
    return true;
}

static int64_t cost_of(const sample *s, const int *value)
{
    int64_t sum = 0;
    for (size_t k = 0; k < s->count; k++)
        sum += s->cost[k] * value[k];
    return sum;
}

static int64_t best_of_all(const sample *s)
{
    int value[MOST] = {0};
    int64_t best = INT64_MAX;
    long total = 1;
    for (size_t k = 0; k < s->count; k++)
        total *= 2 * LEVELS;
    for (long n = 0; n < total; n++) {
        long rest = n;
        for (size_t k = 0; k < s->count; k++, rest /= 2 * LEVELS)
            value[k] = (int)(rest % (2 * LEVELS));
        if (allowed(s, value) && cost_of(s, value) < best)
            best = cost_of(s, value);
    }
    return best;
}

static void test_least_cost(void **state)
{
    (void)state;
    rng r = rng_make(21, 0);
    int moved = 0;
    for (int n = 0; n < 300; n++) {
        sample s = random_sample(&r);
        int value[MOST];
        memcpy(value, s.least, sizeof value);
        retime_problem p = {s.count, s.cost, s.is_fixed, s.constraints, s.constraint_count};
        assert_true(allowed(&s, value));
        assert_int_equal(retime_solve(value, &p, NULL), SYMLUT_OK);
        assert_true(allowed(&s, value));
        moved += memcmp(value, s.least, s.count * sizeof *value) != 0;
        assert_int_equal(cost_of(&s, value), best_of_all(&s));
    }
    assert_true(moved > 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_least_cost)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
