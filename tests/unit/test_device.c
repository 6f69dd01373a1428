/* Device files: built-in ones, paths, and what is wrong with a bad one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "cost/cost.h"

static void test_every_built_in_loads(void **state)
{
    (void)state;
    size_t count = 0;
    for (; device_builtin(count); count++) {
        device d;
        symlut_error err = {0};
        if (device_load(&d, device_builtin(count), &err) != SYMLUT_OK)
            fail_msg("%s: %s", device_builtin(count), err.message);
        assert_string_equal(d.name, device_builtin(count));
        assert_true(d.luts > 0 && d.vendor_part[0] && d.lut > 0);
    }
    assert_true(count >= 15);
}

static void test_grades_are_ordered(void **state)
{
    (void)state;
    device slow, middle, fast;
    assert_int_equal(device_load(&slow, "xcvu9p-1", NULL), SYMLUT_OK);
    assert_int_equal(device_load(&middle, "xcvu9p-2", NULL), SYMLUT_OK);
    assert_int_equal(device_load(&fast, "xcvu9p-3", NULL), SYMLUT_OK);
    assert_true(slow.lut > middle.lut && middle.lut > fast.lut);
    assert_true(slow.carry_bit > middle.carry_bit && middle.carry_bit > fast.carry_bit);
}

static void test_unknown_part_names_the_nearest(void **state)
{
    (void)state;
    device d;
    symlut_error err = {0};
    assert_int_equal(device_load(&d, "xcvu9p-4", &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "xcvu9p-"));
}

static void test_file_errors(void **state)
{
    (void)state;
    static const struct {
        const char *body;
        long line, column;
        const char *says;
    } cases[] = {
        {"base ultrascale+-2\nlut fast\n", 2, 5, "lut must be a number"},
        {"base ultrascale+-2\nluts -4\n", 2, 6, "luts must be"},
        {"base nothing\n", 1, 6, "built-in"},
        {"speed 3\n", 1, 1, "unknown key"},
        {"lut\n", 1, 4, "needs a value"},
        {"lut 0.3\nfamily x\npart y\n", 0, 0, "missing"},
        {"base ultrascale+-2\n", 0, 0, "part"},
        {"base ultrascale+-2\npart p\ndsp_a 1\n", 3, 7, "2 to 64"},
    };
    char path[] = "/tmp/symlut_device_XXXXXX.dev";
    int fd = mkstemps(path, 4);
    assert_true(fd >= 0);
    close(fd);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        device d;
        symlut_error err = {0};
        assert_int_equal(file_write(path, cases[i].body, strlen(cases[i].body), NULL), SYMLUT_OK);
        if (device_load(&d, path, &err) != SYMLUT_BAD_INPUT || err.line != cases[i].line ||
            err.column != cases[i].column || !strstr(err.message, cases[i].says))
            fail_msg("case %zu: %ld:%ld: %s", i, err.line, err.column, err.message);
    }
    const char *good = "# mine\nbase ultrascale+-2\npart my-part # a comment\nlut 0.5\n";
    device d;
    assert_int_equal(file_write(path, good, strlen(good), NULL), SYMLUT_OK);
    assert_int_equal(device_load(&d, path, NULL), SYMLUT_OK);
    assert_string_equal(d.vendor_part, "my-part");
    assert_true(d.lut > 0.49 && d.lut < 0.51 && d.dsp_a == 27);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_built_in_loads),
        cmocka_unit_test(test_grades_are_ordered),
        cmocka_unit_test(test_unknown_part_names_the_nearest),
        cmocka_unit_test(test_file_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
