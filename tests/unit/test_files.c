#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "emit/emit.h"

static void test_texts_stay_valid_while_files_are_added(void **state)
{
    (void)state;
    emit_files set = {0};
    text *first = emit_files_add(&set, "rtl/%s.v", "top");
    for (int i = 0; i < 100; i++)
        text_printf(emit_files_add(&set, "c/%d.c", i), "%d", i);
    text_append(first, "module");
    assert_int_equal(set.count, 101);
    assert_string_equal(set.files[0]->path, "rtl/top.v");
    assert_string_equal(set.files[0]->content.data, "module");
    assert_string_equal(set.files[100]->path, "c/99.c");
    assert_string_equal(set.files[100]->content.data, "99");
    assert_int_equal(emit_files_status(&set, NULL), SYMLUT_OK);
    emit_files_free(&set);
    assert_int_equal(set.count, 0);
}

static void test_failures_stick(void **state)
{
    (void)state;
    emit_files set = {0};
    emit_files_add(&set, "a")->failed = true;
    symlut_error err;
    assert_int_equal(emit_files_status(&set, &err), SYMLUT_NO_MEMORY);
    emit_files_free(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_stay_valid_while_files_are_added),
        cmocka_unit_test(test_failures_stick),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
