#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/parallel.h"
#include "base/rng.h"
#include "base/text.h"

static void test_arena_is_zeroed_and_aligned(void **state)
{
    (void)state;
    arena a = {0};
    for (size_t size = 1; size < 200000; size = size * 3 + 1) {
        unsigned char *p = arena_alloc(&a, size);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(p[i], 0);
        memset(p, 0xff, size);
    }
    assert_string_equal(arena_printf(&a, "%d-%s", 7, "x"), "7-x");
    arena_reset(&a);
    assert_int_equal(*(unsigned char *)arena_alloc(&a, 1), 0);
    arena_free(&a);
}

static void test_text_grows(void **state)
{
    (void)state;
    text t = {0};
    for (int i = 0; i < 1000; i++)
        text_printf(&t, "%d,", i % 10);
    assert_int_equal(t.length, 2000);
    char *s = text_take(&t);
    assert_memory_equal(s, "0,1,2,3,", 8);
    free(s);
    s = text_take(&t);
    assert_string_equal(s, "");
    free(s);
}

static void test_rng_streams_differ_and_repeat(void **state)
{
    (void)state;
    rng a = rng_make(1, 0), b = rng_make(1, 0), c = rng_make(1, 1);
    int same = 0;
    double mean = 0;
    for (int i = 0; i < 10000; i++) {
        uint64_t x = rng_next(&a);
        assert_true(x == rng_next(&b));
        same += x == rng_next(&c);
        mean += rng_normal(&a) / 10000;
        rng_normal(&b);
        assert_in_range(rng_below(&a, 7), 0, 6);
        rng_below(&b, 7);
    }
    assert_int_equal(same, 0);
    assert_true(mean > -0.05 && mean < 0.05);
}

static void add_index(void *context, size_t index, int worker)
{
    (void)worker;
    ((size_t *)context)[index] += index;
}

static void test_pool_runs_each_index_once(void **state)
{
    (void)state;
    size_t seen[1000] = {0};
    pool *p = pool_new(4);
    assert_non_null(p);
    for (int round = 0; round < 50; round++)
        pool_run(p, 1000, add_index, seen);
    for (size_t i = 0; i < 1000; i++)
        assert_int_equal(seen[i], 50 * i);
    pool_free(p);
}

typedef struct slow_work {
    atomic_bool started, release;
} slow_work;

/* The other thread takes one index and ends only after the caller, idle, has looked. */
static void wait_for_look(void *context, size_t index, int worker)
{
    slow_work *s = context;
    (void)index;
    if (worker != 0)
        atomic_store(&s->started, true);
    while (!atomic_load(worker == 0 ? &s->started : &s->release))
        usleep(1000);
}

static void look(void *context)
{
    slow_work *s = context;
    atomic_store(&s->release, true);
}

static void test_pool_looks_while_it_waits(void **state)
{
    (void)state;
    slow_work s = {false, false};
    pool *p = pool_new(2);
    assert_non_null(p);
    pool_watch(p, look, &s);
    pool_run(p, 2, wait_for_look, &s);
    assert_true(atomic_load(&s.release));
    pool_free(p);
}

static void test_files_are_whole(void **state)
{
    (void)state;
    char folder[] = "/tmp/symlut-test-XXXXXX";
    assert_non_null(mkdtemp(folder));
    text path = {0};
    text_printf(&path, "%s/a/b", folder);
    assert_int_equal(directory_make(path.data, NULL), SYMLUT_OK);
    text_append(&path, "/file");
    assert_int_equal(file_write(path.data, "hello", 5, NULL), SYMLUT_OK);
    char *data;
    size_t length;
    assert_int_equal(file_read(&data, &length, path.data, NULL), SYMLUT_OK);
    assert_int_equal(length, 5);
    assert_string_equal(data, "hello");
    free(data);
    symlut_error err;
    assert_int_equal(file_read(&data, &length, folder, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, "is a folder, expected a file");
    assert_int_equal(directory_remove(folder, NULL), SYMLUT_OK);
    assert_false(file_exists(folder));
    text_free(&path);
}

static void test_nearest_names(void **state)
{
    (void)state;
    const char *const names[] = {"mass", "width", "multiplicity"};
    symlut_error err;
    error_set(&err, SYMLUT_BAD_INPUT, "no column 'mas'");
    error_nearest(&err, "mas", names, 3);
    assert_string_equal(err.message, "no column 'mas'; nearest: mass");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena_is_zeroed_and_aligned),
        cmocka_unit_test(test_text_grows),
        cmocka_unit_test(test_rng_streams_differ_and_repeat),
        cmocka_unit_test(test_pool_runs_each_index_once),
        cmocka_unit_test(test_pool_looks_while_it_waits),
        cmocka_unit_test(test_files_are_whole),
        cmocka_unit_test(test_nearest_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
