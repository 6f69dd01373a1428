/* Columns of subtrees: when one is kept, what it pushes out, and what is never handed out twice. */
#include "expr/column_cache.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 32, WAYS = 8 };

static uint64_t key_of(int i)
{
    return ((uint64_t)i << 33) | (unsigned)(2 * i + 1); /* distinct in what the cache looks at */
}

/* Meets the key, takes its column and fills it with `value`; true when there was room. */
static bool fill(column_cache *c, uint64_t key, float value)
{
    int slot;
    column_cache_begin(c);
    float *column = column_cache_take(c, key, &slot);
    if (!column)
        return false;
    for (int i = 0; i < ROWS; i++)
        column[i] = value;
    column_cache_keep(c, slot, key);
    return true;
}

static void test_kept_from_the_second_time(void **state)
{
    (void)state;
    column_cache c;
    column_cache_init(&c, 2 * WAYS * ROWS * sizeof(float));
    column_cache_reset(&c, ROWS);
    assert_int_equal(c.sets, 2);
    assert_null(column_cache_find(&c, key_of(1)));
    assert_false(fill(&c, key_of(1), 5));
    assert_true(fill(&c, key_of(1), 5));
    const float *column = column_cache_find(&c, key_of(1));
    assert_non_null(column);
    assert_int_equal((uintptr_t)column % 64, 0);
    assert_true(column[0] == 5 && column[ROWS - 1] == 5);
    column_cache_reset(&c, ROWS);
    assert_null(column_cache_find(&c, key_of(1)));
    column_cache_free(&c);
}

static void test_longest_unused_goes(void **state)
{
    (void)state;
    column_cache c;
    column_cache_init(&c, WAYS * ROWS * sizeof(float));
    column_cache_reset(&c, ROWS);
    for (int i = 1; i <= WAYS; i++) {
        fill(&c, key_of(i), (float)i);
        assert_true(fill(&c, key_of(i), (float)i));
    }
    column_cache_begin(&c);
    assert_non_null(column_cache_find(&c, key_of(1)));
    fill(&c, key_of(20), 20);
    assert_true(fill(&c, key_of(20), 20));
    assert_non_null(column_cache_find(&c, key_of(1)));
    assert_null(column_cache_find(&c, key_of(2)));
    for (int i = 3; i <= WAYS; i++)
        assert_true(column_cache_find(&c, key_of(i))[0] == (float)i);
    column_cache_free(&c);
}

/* One tree never writes two subtrees into one column, nor over one that it reads. */
static void test_one_tree_has_distinct_columns(void **state)
{
    (void)state;
    column_cache c;
    column_cache_init(&c, WAYS * ROWS * sizeof(float));
    column_cache_reset(&c, ROWS);
    fill(&c, key_of(1), 1);
    assert_true(fill(&c, key_of(1), 1));
    column_cache_begin(&c);
    const float *used[WAYS + 1] = {column_cache_find(&c, key_of(1))};
    int taken = 1, slot;
    for (int i = 2; i <= 2 * WAYS; i++) {
        column_cache_take(&c, key_of(i), &slot);
        float *column = column_cache_take(&c, key_of(i), &slot);
        if (!column)
            continue;
        assert_true(taken < WAYS);
        for (int j = 0; j < taken; j++)
            assert_ptr_not_equal(column, used[j]);
        used[taken++] = column;
        assert_null(column_cache_find(&c, key_of(i))); /* not before it is kept */
    }
    assert_int_equal(taken, WAYS);
    column_cache_free(&c);
}

static void test_no_room_no_columns(void **state)
{
    (void)state;
    column_cache c;
    column_cache_init(&c, WAYS * ROWS * sizeof(float));
    column_cache_reset(&c, ROWS + 1);
    assert_int_equal(c.sets, 0);
    column_cache_reset(&c, ROWS);
    assert_int_equal(c.sets, 1);
    column_cache_free(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kept_from_the_second_time),
        cmocka_unit_test(test_longest_unused_goes),
        cmocka_unit_test(test_one_tree_has_distinct_columns),
        cmocka_unit_test(test_no_room_no_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
