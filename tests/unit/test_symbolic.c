#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "data/dataset.h"
#include "lower/lower.h"

/* What one lowering needs and makes; inputs are a, b and c. */
typedef struct bench {
    symlut_model *model;
    symlut_firmware fw;
    symlut_error err;
    symlut_status status;
} bench;

enum { INPUTS = 3 };

/* equations: one for each output, separated by newlines; names y0, y1 … */
static void lower(bench *b, const char *equations, lower_options options)
{
    static const char *const names[INPUTS] = {"a", "b", "c"};
    static const char *const outputs[] = {"y0", "y1", "y2"};
    size_t count = 1;
    for (const char *p = equations; (p = strchr(p, '\n')) != NULL; p++)
        count++;
    b->err = (symlut_error){0};
    b->fw = (symlut_firmware){.name = "model"};
    if (!b->model)
        b->model = model_new(INPUTS, count);
    for (size_t k = 0; k < INPUTS; k++)
        b->model->inputs[k].name = names[k];
    for (size_t k = 0; k < count; k++) {
        char line[200];
        size_t n = strcspn(equations, "\n");
        snprintf(line, sizeof line, "%.*s", (int)n, equations);
        equations += n + 1;
        b->model->output_names[k] = outputs[k];
        assert_int_equal(expr_parse(&b->model->outputs[k], &b->model->memory, line,
                                    &(expr_names){names, INPUTS}, "test", 1, 1, &b->err),
                         SYMLUT_OK);
    }
    b->status = lower_symbolic(&b->fw, b->model, &options, &b->err);
    if (b->status == SYMLUT_OK)
        assert_int_equal(graph_check(b->fw.g, &b->err), SYMLUT_OK);
}

static void finish(bench *b)
{
    symlut_model_free(b->model);
    graph_free(b->fw.g);
    arena_free(&b->fw.memory);
}

static const lower_options fixed_16_6 = {.fmt = {true, 16, 10}};

static bool warned(const bench *b, const char *part)
{
    for (size_t i = 0; i < b->fw.warning_count; i++) {
        if (strstr(b->fw.warnings[i], part))
            return true;
    }
    return false;
}

static void check_error(const char *equation, lower_options options, const char *part)
{
    bench b = {0};
    lower(&b, equation, options);
    if (b.status != SYMLUT_BAD_INPUT || !strstr(b.err.message, part))
        fail_msg("%s: status %d, %s", equation, b.status, b.err.message);
    finish(&b);
}

static void test_what_has_no_hardware_form_is_named(void **state)
{
    (void)state;
    check_error("1 + atan2(a, b)", fixed_16_6,
                "output y0, in 'atan2(a, b)': atan2 of two variables");
    check_error("2*a^b", fixed_16_6, "write exp(y*log(x))");
    check_error("(0-2)^a", fixed_16_6, "is not positive");
    check_error("a/(1 - 1)", fixed_16_6, "division by zero");
    check_error("a + log(0-1)", fixed_16_6, "not a number");
    check_error("mod(a, 3)", fixed_16_6, "x - c*floor(x/c)");
    check_error("a*b", (lower_options){.fmt = {true, 40, 26}}, "use a precision of fewer bits");
}

static void test_constants_that_do_not_fit_are_worded(void **state)
{
    (void)state;
    bench b = {0};
    lower(&b, "300.5*a + 0.0001*b + 2*c", fixed_16_6);
    assert_int_equal(b.status, SYMLUT_OK);
    assert_int_equal(b.fw.warning_count, 2);
    assert_true(warned(&b, "constant 300.5 does not fit fixed<16,6>"));
    assert_true(warned(&b, "I = 10 holds it"));
    assert_true(warned(&b, "constant 0.0001 rounds to 0 in fixed<16,6>"));
    finish(&b);
}

static void test_known_ranges_beyond_the_format_are_worded(void **state)
{
    (void)state;
    bench b = {.model = model_new(INPUTS, 1)};
    b.model->inputs[0].low = -40;
    b.model->inputs[0].high = 2;
    b.model->inputs[2].low = -400; /* unused: no warning */
    b.model->inputs[2].high = 400;
    lower(&b, "a + b", fixed_16_6);
    assert_int_equal(b.fw.warning_count, 1);
    assert_true(warned(&b, "input a goes from -40 to 2, beyond fixed<16,6>, [-32, 31.999]"));
    assert_true(warned(&b, "I = 7 holds it"));
    assert_true(b.fw.inputs[0].low == -40 && b.fw.inputs[1].low > b.fw.inputs[1].high);
    finish(&b);
}

static void test_rows_show_where_values_overflow(void **state)
{
    (void)state;
    double a[] = {1, 2, 10}, c[] = {0, 0, 0};
    double *columns[] = {a, a, c};
    symlut_dataset data = {.rows = 3, .features = 3, .columns = columns};
    size_t map[] = {0, 1, 2};
    lower_options options = fixed_16_6;
    options.data = &data;
    options.columns = map;
    bench b = {0};
    lower(&b, "a*b - c", options);
    assert_true(warned(&b, "'a*b' goes from 1 to 100"));
    assert_true(warned(&b, "on 1 of 3 rows; I = 8 holds it"));
    finish(&b);
}

static void test_a_power_of_two_range_is_chosen_for_a_table(void **state)
{
    (void)state;
    bench b = {.model = model_new(INPUTS, 3)};
    b.model->inputs[0] = (model_input){.scale = 1, .low = -1.5, .high = 2.5};
    b.model->inputs[1] = (model_input){.scale = 1, .low = 0.25, .high = 6};
    lower(&b, "sin(a)\nlog(b)\nexp(c)", fixed_16_6);
    assert_int_equal(b.fw.table_count, 3);
    assert_true(b.fw.tables[0].low == -4 && b.fw.tables[0].high == 4);
    assert_int_equal(b.fw.tables[0].entries, 1024);
    assert_true(b.fw.tables[1].low == 0 && b.fw.tables[1].high == 8);
    assert_true(b.fw.tables[2].low == -32 && b.fw.tables[2].high == 32);
    assert_string_equal(b.fw.tables[2].function, "exp");
    assert_int_equal(b.fw.warning_count, 0);
    finish(&b);
}

static void test_tables_are_shared_and_unused_ones_worded(void **state)
{
    (void)state;
    table_spec specs[3];
    assert_int_equal(table_spec_parse(&specs[0], "sin: 256 over [-8,8]", NULL), SYMLUT_OK);
    assert_int_equal(table_spec_parse(&specs[1], "cos: 256 over [-8,8]", NULL), SYMLUT_OK);
    assert_int_equal(table_spec_parse(&specs[2], "log: 256 over [-8,8]", NULL), SYMLUT_OK);
    lower_options options = fixed_16_6;
    options.tables = specs;
    options.table_count = 3;
    bench b = {0};
    lower(&b, "sin(a) + sin(b)*sin(a + b)\nlog(c)", options);
    assert_int_equal(b.fw.g->table_count, 2);
    assert_true(warned(&b, "the table 'cos: 256 over [-8,8]' is used nowhere"));
    assert_true(warned(&b, "table of log: for 128 of 256 entries, between the arguments -8 and 0"));
    finish(&b);
}

static void test_ports_are_legal_and_keep_their_order(void **state)
{
    (void)state;
    bench b = {0};
    lower(&b, "b\na", fixed_16_6);
    assert_int_equal(b.fw.g->input_count, 3);
    assert_string_equal(b.fw.g->inputs[0].name, "a");
    assert_int_equal(b.fw.g->inputs[2].node, GRAPH_NONE);
    assert_string_equal(b.fw.g->outputs[0].name, "y0");
    assert_string_equal(b.fw.output_names[1], "y1");
    assert_true(format_equal(b.fw.g->outputs[0].fmt, fixed_16_6.fmt));
    finish(&b);
}

static void test_decisions_fit_formats_without_a_one(void **state)
{
    (void)state;
    /* fixed<8,1> ends below 1: the 1 of a decision wraps to -1, as any result does */
    bench b = {0};
    lower(&b, "a < b", (lower_options){.fmt = {true, 8, 7}});
    int64_t in[INPUTS] = {1, 2, 0}, out;
    int64_t *scratch = test_calloc(graph_scratch_size(b.fw.g), sizeof *scratch);
    graph_eval(b.fw.g, 1, in, &out, scratch);
    assert_int_equal(out, -128);
    test_free(scratch);
    finish(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_has_no_hardware_form_is_named),
        cmocka_unit_test(test_constants_that_do_not_fit_are_worded),
        cmocka_unit_test(test_known_ranges_beyond_the_format_are_worded),
        cmocka_unit_test(test_rows_show_where_values_overflow),
        cmocka_unit_test(test_a_power_of_two_range_is_chosen_for_a_table),
        cmocka_unit_test(test_tables_are_shared_and_unused_ones_worded),
        cmocka_unit_test(test_ports_are_legal_and_keep_their_order),
        cmocka_unit_test(test_decisions_fit_formats_without_a_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
