#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "expr/model.h"
#include "graph/firmware.h"

static symlut_model *model_of(const char *infix)
{
    static const char *const names[] = {"a", "b"};
    symlut_model *model = model_new(2, 1);
    assert_non_null(model);
    model->inputs[0].name = names[0];
    model->inputs[1].name = names[1];
    model->output_names[0] = "y";
    assert_int_equal(expr_parse(&model->outputs[0], &model->memory, infix, &(expr_names){names, 2},
                                "test", 1, 1, NULL),
                     SYMLUT_OK);
    return model;
}

static void check(symlut_compile_options options, const char *message, long column)
{
    symlut_model *model = model_of("sin(a)*b + 0.3");
    symlut_firmware *fw;
    symlut_error err = {0};
    assert_int_equal(symlut_compile(&fw, model, &options, NULL, &err), SYMLUT_BAD_INPUT);
    assert_null(fw);
    if (!strstr(err.message, message) || (column && err.column != column))
        fail_msg("column %ld: %s", err.column, err.message);
    symlut_model_free(model);
}

static void test_wrong_options_say_what_is_expected(void **state)
{
    (void)state;
    static const char *const twice[] = {"sin: 64 over [-8,8]", "sin: 128 over [-8,8]"};
    static const char *const cosh[] = {"sin: 100 over [-8,8]"};
    symlut_compile_options o = symlut_compile_options_defaults();
    o.precision = "fixed<70,6>";
    check(o, "", 0);
    o.precision = "fixd<16,6>";
    check(o, "", 1);
    o = symlut_compile_options_defaults();
    o.clock_mhz = 0;
    check(o, "the clock is 0 MHz: expected a number above 0", 0);
    o.clock_mhz = NAN;
    check(o, "expected a number above 0", 0);
    o.clock_mhz = 2000;
    check(o, "choose a slower clock", 0);
    o = symlut_compile_options_defaults();
    o.part = "xcvu99p-2";
    check(o, "xcvu9p-2", 0);
    o = symlut_compile_options_defaults();
    o.name = "my model";
    check(o, "'my model' is no identifier", 0);
    o.name = "module";
    check(o, "no keyword", 0);
    o = symlut_compile_options_defaults();
    o.dump_after = "shift";
    check(o, "the passes are lower, fold", 0);
    o = symlut_compile_options_defaults();
    o.tables = twice;
    o.table_count = 2;
    check(o, "two tables for sin", 0);
    o.tables = cosh;
    o.table_count = 1;
    check(o, "power of two", 6);
}

static void test_a_model_without_inputs_is_refused(void **state)
{
    (void)state;
    symlut_model *model = model_new(0, 1);
    symlut_firmware *fw;
    symlut_error err = {0};
    assert_int_equal(symlut_compile(&fw, model, NULL, NULL, &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "no inputs"));
    symlut_model_free(model);
}

static void collect(void *payload, const char *line)
{
    text_printf(payload, "%s\n", line);
}

static void test_any_pass_can_be_dumped(void **state)
{
    (void)state;
    symlut_model *model = model_of("7*a + b");
    symlut_compile_options o = symlut_compile_options_defaults();
    text before = {0}, after = {0};
    symlut_hooks hooks = {.log = collect, .payload = &before};
    symlut_firmware *fw;
    o.dump_after = "lower";
    assert_int_equal(symlut_compile(&fw, model, &o, &hooks, NULL), SYMLUT_OK);
    symlut_firmware_free(fw);
    o.dump_after = "shift_add";
    hooks.payload = &after;
    assert_int_equal(symlut_compile(&fw, model, &o, &hooks, NULL), SYMLUT_OK);
    symlut_firmware_free(fw);
    assert_non_null(strstr(before.data, " = mul "));
    assert_null(strstr(after.data, " = mul "));
    graph *g;
    assert_int_equal(graph_parse(&g, "dump", after.data, NULL), SYMLUT_OK);
    graph_free(g);
    text_free(&before);
    text_free(&after);
    symlut_model_free(model);
}

static void test_faster_clocks_take_more_cycles(void **state)
{
    (void)state;
    symlut_model *model = model_of("a*b*a + b*b*b*a - sin(a*b)*a");
    int last = 0;
    static const double clocks[] = {50, 200, 400};
    for (int i = 0; i < 3; i++) {
        symlut_compile_options o = symlut_compile_options_defaults();
        o.clock_mhz = clocks[i];
        symlut_firmware *fw;
        assert_int_equal(symlut_compile(&fw, model, &o, NULL, NULL), SYMLUT_OK);
        assert_true(symlut_firmware_latency(fw) > last);
        bool meets = fw->estimate.ns_per_stage <= 1000 / clocks[i];
        assert_int_equal(fw->warning_count, meets ? 0 : 1);
        assert_true(meets || strstr(fw->warnings[0], "the slowest stage takes"));
        last = symlut_firmware_latency(fw);
        symlut_firmware_free(fw);
    }
    symlut_model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_options_say_what_is_expected),
        cmocka_unit_test(test_a_model_without_inputs_is_refused),
        cmocka_unit_test(test_any_pass_can_be_dumped),
        cmocka_unit_test(test_faster_clocks_take_more_cycles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
