#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "graph/firmware.h"

#include "two_inputs.h"

static symlut_model *model_of(const char *infix)
{
    symlut_model *model = scores_of(&infix, 1);
    model->output_names[0] = "y";
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
    o.dsp = "some";
    check(o, "'some': expected auto, none or prefer", 0);
    o = symlut_compile_options_defaults();
    o.output = "best";
    check(o, "'best': expected scores, class or decision", 0);
    o.output = "class";
    check(o, "the model has one output", 0);
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

/* Outputs of the model at one precision and use of DSPs, over rows of the two inputs. */
static int64_t *outputs_of(const symlut_model *model, const char *precision, const char *dsp,
                           size_t rows, const int64_t *in, size_t *products)
{
    symlut_compile_options o = symlut_compile_options_defaults();
    o.precision = precision;
    o.dsp = dsp;
    symlut_firmware *fw;
    symlut_error err = {0};
    if (symlut_compile(&fw, model, &o, NULL, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    char recorded[32];
    snprintf(recorded, sizeof recorded, "\"dsp\": \"%s\"", dsp);
    assert_non_null(strstr(symlut_firmware_manifest(fw), recorded));
    *products = 0;
    for (uint32_t i = 0; i < fw->g->count; i++)
        *products += fw->g->nodes[i].op == GRAPH_MUL;
    int64_t *out = calloc(rows, sizeof *out);
    int64_t *scratch = calloc(graph_scratch_size(fw->g) + 1, sizeof *scratch);
    assert_non_null(out);
    assert_non_null(scratch);
    graph_eval(fw->g, rows, in, out, scratch);
    free(scratch);
    symlut_firmware_free(fw);
    return out;
}

/* Products in LUTs and products in DSPs are the same integers: every pair of inputs of 8 bits. */
static void test_the_use_of_dsps_changes_no_bit(void **state)
{
    (void)state;
    enum { SIDE = 256, PAIRS = SIDE * SIDE };
    static const char *const models[] = {"a*b", "a*a - b*b", "a*b*a + relu(a)*b", "(a+b)*(a-b)*b"};
    static const char *const precisions[] = {"fixed<8,4>", "fixed<8,3,RND_CONV,SAT>", "ufixed<8,4>",
                                             "fixed<8,8,TRN,SAT_SYM>"};
    int64_t *in = calloc(2 * PAIRS, sizeof *in);
    assert_non_null(in);
    for (size_t p = 0; p < sizeof precisions / sizeof *precisions; p++) {
        int64_t lowest = precisions[p][0] == 'u' ? 0 : -SIDE / 2;
        for (int i = 0; i < PAIRS; i++) {
            in[i] = lowest + i / SIDE;
            in[PAIRS + i] = lowest + i % SIDE;
        }
        for (size_t m = 0; m < sizeof models / sizeof *models; m++) {
            symlut_model *model = model_of(models[m]);
            size_t in_luts, in_dsps, left;
            int64_t *none = outputs_of(model, precisions[p], "none", PAIRS, in, &in_luts);
            int64_t *prefer = outputs_of(model, precisions[p], "prefer", PAIRS, in, &in_dsps);
            int64_t *chosen = outputs_of(model, precisions[p], "auto", PAIRS, in, &left);
            assert_memory_equal(none, prefer, PAIRS * sizeof *none);
            assert_memory_equal(none, chosen, PAIRS * sizeof *none);
            assert_int_equal(in_luts, 0);
            assert_true(in_dsps > 0 && left == 0); /* auto keeps small products in LUTs */
            free(none);
            free(prefer);
            free(chosen);
            symlut_model_free(model);
        }
    }
    free(in);
}

static int64_t *values_of(const graph *g, size_t rows, const int64_t *in)
{
    int64_t *out = calloc(rows * g->output_count, sizeof *out);
    int64_t *scratch = calloc(graph_scratch_size(g) + 1, sizeof *scratch);
    assert_non_null(out);
    assert_non_null(scratch);
    graph_eval(g, rows, in, out, scratch);
    free(scratch);
    return out;
}

/* The class against the largest of the scores' firmware, the first of equals: all pairs of inputs
 * of 6 bits, with many ties. */
static void test_the_class_is_the_first_of_the_largest_scores(void **state)
{
    (void)state;
    enum { SIDE = 64, PAIRS = SIDE * SIDE, MOST = 5 };
    static const char *const infix[MOST] = {"a*b", "relu(a)", "b", "max(a, b)", "a - b*0.5"};
    static const int bits[MOST + 1] = {0, 0, 1, 2, 2, 3};
    int64_t in[2 * PAIRS];
    for (int i = 0; i < PAIRS; i++) {
        in[i] = i / SIDE - SIDE / 2;
        in[PAIRS + i] = i % SIDE - SIDE / 2;
    }
    for (size_t n = 2; n <= MOST; n++) {
        symlut_model *model = scores_of(infix, n);
        symlut_compile_options o = symlut_compile_options_defaults();
        symlut_firmware *scores, *class;
        o.precision = "fixed<6,4>";
        assert_int_equal(symlut_compile(&scores, model, &o, NULL, NULL), SYMLUT_OK);
        o.output = "class";
        assert_int_equal(symlut_compile(&class, model, &o, NULL, NULL), SYMLUT_OK);
        assert_int_equal(symlut_firmware_classes(scores), 0);
        assert_int_equal(symlut_firmware_classes(class), n);
        assert_string_equal(symlut_firmware_class_name(class, n - 1), model->output_names[n - 1]);
        assert_int_equal(symlut_firmware_outputs(class), 1);
        assert_false(class->g->outputs[0].fmt.is_signed);
        assert_int_equal(class->g->outputs[0].fmt.width, bits[n]);
        int64_t *y = values_of(scores->g, PAIRS, in), *number = values_of(class->g, PAIRS, in);
        size_t ties = 0;
        for (size_t i = 0; i < PAIRS; i++) {
            size_t best = 0;
            for (size_t k = 1; k < n; k++)
                best = y[k * PAIRS + i] > y[best * PAIRS + i] ? k : best;
            for (size_t k = best + 1; k < n; k++)
                ties += y[k * PAIRS + i] == y[best * PAIRS + i];
            assert_int_equal(number[i], best);
        }
        assert_true(ties > 50);
        free(y);
        free(number);
        symlut_firmware_free(scores);
        symlut_firmware_free(class);
        symlut_model_free(model);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wrong_options_say_what_is_expected),
        cmocka_unit_test(test_a_model_without_inputs_is_refused),
        cmocka_unit_test(test_any_pass_can_be_dumped),
        cmocka_unit_test(test_faster_clocks_take_more_cycles),
        cmocka_unit_test(test_the_use_of_dsps_changes_no_bit),
        cmocka_unit_test(test_the_class_is_the_first_of_the_largest_scores),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
