#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "tool/process.h"

static void test_output_and_exit_code(void **state)
{
    (void)state;
    process_result r;
    const char *argv[] = {"sh", "-c", "echo one; echo two >&2; exit 3", NULL};
    assert_int_equal(process_run(&r, argv, NULL, NULL), SYMLUT_OK);
    assert_int_equal(r.exit_code, 3);
    assert_string_equal(r.output, "one\ntwo\n");
    process_result_free(&r);
    symlut_error err;
    assert_int_equal(process_check(argv, NULL, &err), SYMLUT_TOOL);
    assert_string_equal(err.message, "'sh' failed with exit code 3:\none\ntwo\n");
}

static void test_directory_and_large_output(void **state)
{
    (void)state;
    process_result r;
    const char *pwd[] = {"pwd", NULL};
    assert_int_equal(process_run(&r, pwd, &(process_options){.directory = "/"}, NULL), SYMLUT_OK);
    assert_string_equal(r.output, "/\n");
    process_result_free(&r);
    const char *many[] = {"head", "-c", "3000000", "/dev/zero", NULL};
    assert_int_equal(process_run(&r, many, NULL, NULL), SYMLUT_OK);
    assert_int_equal(r.length, 3000000);
    process_result_free(&r);
}

static void test_missing_program_names_its_package(void **state)
{
    (void)state;
    process_result r;
    symlut_error err;
    const char *argv[] = {"/nowhere/verilator", NULL};
    assert_int_equal(process_run(&r, argv, NULL, &err), SYMLUT_TOOL);
    assert_string_equal(err.message, "cannot run '/nowhere/verilator': No such file or directory; "
                                     "to get it: apt-get install verilator");
    assert_null(r.output);
}

static void test_time_limit_kills_the_whole_group(void **state)
{
    (void)state;
    process_result r;
    symlut_error err;
    const char *argv[] = {"sh", "-c", "sleep 60 & sleep 60", NULL};
    assert_int_equal(process_run(&r, argv, &(process_options){.seconds = 0.2}, &err), SYMLUT_TOOL);
    assert_string_equal(err.message, "'sh' did not finish within 0.2 s");
}

static bool always(void *payload)
{
    (void)payload;
    return true;
}

static void test_stop_hook(void **state)
{
    (void)state;
    process_result r;
    symlut_hooks hooks = {.stop = always};
    atomic_bool cancel = false;
    const char *argv[] = {"sleep", "60", NULL};
    process_options options = {.hooks = &hooks, .cancel = &cancel};
    assert_int_equal(process_run(&r, argv, &options, NULL), SYMLUT_INTERRUPTED);
    assert_true(cancel);
}

static void test_temporary_folder(void **state)
{
    (void)state;
    char *path;
    assert_int_equal(temporary_folder(&path, NULL), SYMLUT_OK);
    assert_true(file_is_directory(path));
    assert_int_equal(directory_remove(path, NULL), SYMLUT_OK);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output_and_exit_code),
        cmocka_unit_test(test_directory_and_large_output),
        cmocka_unit_test(test_missing_program_names_its_package),
        cmocka_unit_test(test_time_limit_kills_the_whole_group),
        cmocka_unit_test(test_stop_hook),
        cmocka_unit_test(test_temporary_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
