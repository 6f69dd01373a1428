/* Formats by node: the form they are chosen on, what the search promises, what it refuses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "data/dataset.h"
#include "graph/firmware.h"
#include "lower/merge.h"
#include "precision/normal.h"
#include "precision/precision.h"

enum { INPUTS = 3, ROWS = 600 };
static const char *const names[INPUTS] = {"a", "b", "c"};

static expr parse(arena *memory, const char *infix)
{
    expr e = {0};
    symlut_error err = {0};
    if (expr_parse(&e, memory, infix, &(expr_names){names, INPUTS}, "test", 1, 1, &err) !=
        SYMLUT_OK)
        fail_msg("%s: %s", infix, err.message);
    return e;
}

static symlut_model *model_of(const char *infix)
{
    symlut_model *model = model_new(INPUTS, 1);
    assert_non_null(model);
    for (size_t k = 0; k < INPUTS; k++)
        model->inputs[k].name = names[k];
    model->output_names[0] = "y";
    model->outputs[0] = parse(&model->memory, infix);
    return model;
}

/* Random text over the operations that lower; sizes stay moderate for inputs within ±2. */
static void random_infix(rng *r, char *out, size_t size, int depth)
{
    static const char *const forms[] = {"(%s + %s)",   "(%s - %s)",   "(%s * %s)",
                                        "min(%s, %s)", "max(%s, %s)", "%s/(1.5 + (%s)^2)",
                                        "cond(%s, %s)"};
    static const char *const calls[] = {"sin(%s)", "cos(%s)",       "tanh(%s)",
                                        "abs(%s)", "gauss(%s)",     "-(%s)",
                                        "(%s)^2",  "exp(tanh(%s))", "sqrt(1.1 + sin(%s))"};
    char a[400], b[400];
    uint32_t choice = rng_below(r, 4);
    if (depth == 0 || choice == 0) {
        if (rng_below(r, 3) == 0)
            snprintf(out, size, "%.4g", 3 * rng_unit(r) - 1.5);
        else
            snprintf(out, size, "%s", names[rng_below(r, INPUTS)]);
        return;
    }
    random_infix(r, a, sizeof a, depth - 1);
    random_infix(r, b, sizeof b, depth - 1);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
    if (choice < 3)
        snprintf(out, size, forms[rng_below(r, sizeof forms / sizeof *forms)], a, b);
    else
        snprintf(out, size, calls[rng_below(r, sizeof calls / sizeof *calls)], a);
#pragma GCC diagnostic pop
}

/* ---------------------------------------------------------------- the normal form */

static void check_same_values(const char *infix, rng *r)
{
    arena memory = {0};
    expr e = parse(&memory, infix), n = normal_form(&memory, e);
    double stack[EXPR_MAX_NODES];
    assert_true(n.count > 0);
    for (int i = 0; i < 20; i++) {
        double x[INPUTS] = {4 * rng_unit(r) - 2, 4 * rng_unit(r) - 2, 4 * rng_unit(r) - 2};
        double want = expr_eval(e, x, stack), got = expr_eval(n, x, stack);
        if (isfinite(want) && fabs(want - got) > 1e-9 * (1 + fabs(want)))
            fail_msg("%s: %.17g became %.17g", infix, want, got);
    }
    arena_free(&memory);
}

static void test_the_normal_form_keeps_values(void **state)
{
    (void)state;
    static const char *const fixed[] = {"a - b - c",
                                        "-(a*0.5 - 0.3)*(sin(b) - 0.6)*2",
                                        "a/(b^2 + 1) - 3/(c^2 + 2)/4",
                                        "a^5 + b^3 - c^2*a*a",
                                        "a*b*c*a*b*c*0.1",
                                        "0.2*sin(2*a - 1)*cos(2*a - 1) - sin(a - (0.9 - 0.1*b)*c)",
                                        "1 - (2 - (3 - (4 - a)))",
                                        "less(a, b)*atan2(a, 2) + 2^a",
                                        "a - a + b*0 + 1",
                                        "max(a, 0.5) + cond(b - 0.2, c)"};
    rng r = rng_make(1, 0);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        check_same_values(fixed[i], &r);
    for (int i = 0; i < 300; i++) {
        char infix[4000];
        random_infix(&r, infix, sizeof infix, 1 + i % 4);
        check_same_values(infix, &r);
    }
}

static void test_what_has_one_source_stands_together(void **state)
{
    (void)state;
    arena memory = {0};
    expr e = normal_form(&memory, parse(&memory, "sin(a) + b*c + cos(a) - 0.5"));
    text t = {0};
    expr_print(&t, e, &(expr_names){names, INPUTS}, SYMLUT_PRINT_INFIX, 6);
    assert_string_equal(t.data, "sin(a) + cos(a) - 0.5 + b*c");
    text_free(&t);
    int source[64];
    e = parse(&memory, "sin(a + b)*cos(a + b)*c");
    merge_bases(source, e);
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == EXPR_MUL)
            assert_int_equal(source[i], i == e.count - 1 ? i : 2); /* a + b is node 2 */
    arena_free(&memory);
}

/* ---------------------------------------------------------------- the search */

/* Rows of three inputs within ±2, the target what the model says and a little noise. */
typedef struct sample {
    symlut_dataset data;
    double columns[INPUTS][ROWS], target[ROWS];
    double *pointers[INPUTS];
} sample;

static void fill(sample *s, const symlut_model *model, rng *r)
{
    double stack[EXPR_MAX_NODES];
    for (size_t i = 0; i < ROWS; i++) {
        double x[INPUTS];
        for (size_t k = 0; k < INPUTS; k++)
            x[k] = s->columns[k][i] = 4 * rng_unit(r) - 2;
        s->target[i] = expr_eval(model->outputs[0], x, stack) + 0.05 * rng_normal(r);
    }
    for (size_t k = 0; k < INPUTS; k++)
        s->pointers[k] = s->columns[k];
    s->data = (symlut_dataset){.rows = ROWS,
                               .features = INPUTS,
                               .feature_names = (const char **)(uintptr_t)names,
                               .columns = s->pointers,
                               .target_name = "y",
                               .target = s->target,
                               .task = SYMLUT_REGRESSION};
}

static double r2(const double *y, const double *target)
{
    double mean = 0, residual = 0, total = 0;
    for (size_t i = 0; i < ROWS; i++)
        mean += target[i];
    mean /= ROWS;
    for (size_t i = 0; i < ROWS; i++) {
        residual += pow(y[i] - target[i], 2);
        total += pow(target[i] - mean, 2);
    }
    return 1 - residual / total;
}

static void test_random_equations_stay_within_the_tolerance(void **state)
{
    (void)state;
    rng r = rng_make(7, 0);
    static sample s;
    int count = getenv("SYMLUT_THOROUGH") ? 200 : 6;
    for (int i = 0; i < count; i++) {
        char infix[4000];
        do
            random_infix(&r, infix, sizeof infix, 3);
        while (!strchr(infix, 'a') || !strpbrk(infix, "+-*/"));
        symlut_model *model = model_of(infix);
        fill(&s, model, &r);
        symlut_compile_options o = symlut_compile_options_defaults();
        o.precision = "auto";
        o.tolerance = "1%";
        o.data = &s.data;
        o.dsp = "none";
        o.effort = 1;
        symlut_firmware *fw = NULL;
        symlut_error err = {0};
        double y[ROWS], exact[ROWS];
        if (symlut_compile(&fw, model, &o, NULL, &err) != SYMLUT_OK)
            fail_msg("%s: %s", infix, err.message);
        assert_int_equal(graph_check(fw->g, &err), SYMLUT_OK);
        assert_int_equal(symlut_firmware_predict(fw, &s.data, y, &err), SYMLUT_OK);
        assert_int_equal(symlut_model_predict(model, &s.data, exact, &err), SYMLUT_OK);
        double loss = r2(exact, s.target) - r2(y, s.target);
        if (!(loss <= 0.01 + 1e-9))
            fail_msg("%s: R2 falls by %g", infix, loss);
        if (fabs(fw->tolerance.value - r2(y, s.target)) > 1e-9)
            fail_msg("%s: the manifest says %g, it is %g", infix, fw->tolerance.value,
                     r2(y, s.target));
        symlut_firmware_free(fw);
        symlut_model_free(model);
    }
}

static symlut_status compile(symlut_firmware **fw, const char *infix,
                             symlut_compile_options options, symlut_error *err)
{
    static const char *const ranges[] = {"a: [-2,2]", "b: [-2, 2]", "c: [ -2 , 2 ]"};
    symlut_model *model = model_of(infix);
    options.precision = "auto";
    options.ranges = ranges;
    options.range_count = 3;
    *err = (symlut_error){0};
    symlut_status status = symlut_compile(fw, model, &options, NULL, err);
    symlut_model_free(model);
    return status;
}

static void test_the_same_input_gives_the_same_formats(void **state)
{
    (void)state;
    symlut_compile_options o = symlut_compile_options_defaults();
    symlut_error err;
    symlut_firmware *fw[2];
    o.tolerance = "0.05";
    o.effort = 3;
    for (int i = 0; i < 2; i++)
        assert_int_equal(compile(&fw[i], "sin(a + 0.3*b)*c - 0.25", o, &err), SYMLUT_OK);
    assert_string_equal(symlut_firmware_manifest(fw[0]), symlut_firmware_manifest(fw[1]));
    assert_true(fw[0]->tolerance.value >= -0.05);
    symlut_firmware_free(fw[0]);
    symlut_firmware_free(fw[1]);
}

/* Where words are long a plain table is the dearest form: sin within 0.002 over [-2, 2] takes 2^10
 * words or more of 9 bits or more. */
static void test_long_words_come_from_faithful_tables(void **state)
{
    (void)state;
    symlut_compile_options o = symlut_compile_options_defaults();
    symlut_error err;
    symlut_firmware *fw;
    o.tolerance = "0.002";
    o.effort = 0;
    assert_int_equal(compile(&fw, "sin(a)", o, &err), SYMLUT_OK);
    size_t bits = 0;
    for (size_t k = 0; k < fw->g->table_count; k++)
        bits += ((size_t)1 << fw->g->tables[k].index_bits) * fw->g->tables[k].word.width;
    assert_in_range(bits, 1, 9 * 1024 / 2);
    format in = fw->g->inputs[0].fmt, out = fw->g->outputs[0].fmt;
    assert_in_range(in.width, 8, 16);
    int64_t *scratch = malloc(graph_scratch_size(fw->g) * sizeof *scratch);
    assert_non_null(scratch);
    for (int i = -2000; i <= 2000; i++) { /* not the rows that the formats were chosen on */
        int64_t y, x[INPUTS] = {firmware_input_value(fw, 0, i * 1e-3)};
        assert_true(x[0] >= format_min(in) && x[0] <= format_max(in));
        graph_eval(fw->g, 1, x, &y, scratch);
        if (fabs(ldexp((double)y, -out.frac) - sin(i * 1e-3)) > 0.0025)
            fail_msg("sin(%g): %g", i * 1e-3, ldexp((double)y, -out.frac));
    }
    free(scratch);
    symlut_firmware_free(fw);
}

static void test_formats_given_are_kept(void **state)
{
    (void)state;
    static const char *const formats[] = {"a: fixed<12,4>", "y: fixed<14,5>",
                                          "sin(b): fixed<7,2,RND,SAT>"};
    symlut_compile_options o = symlut_compile_options_defaults();
    symlut_error err;
    symlut_firmware *fw;
    o.tolerance = "0.1";
    o.effort = 0;
    o.formats = formats;
    o.format_count = 3;
    assert_int_equal(compile(&fw, "a*sin(b) + c", o, &err), SYMLUT_OK);
    char shown[32];
    assert_string_equal(format_print(fw->g->inputs[0].fmt, shown), "fixed<12,4>");
    assert_string_equal(format_print(fw->g->outputs[0].fmt, shown), "fixed<14,5>");
    symlut_firmware_free(fw);
}

static void test_a_tolerance_out_of_reach_is_refused(void **state)
{
    (void)state;
    symlut_compile_options o = symlut_compile_options_defaults();
    symlut_error err;
    symlut_firmware *fw;
    o.tolerance = "1e-13";
    assert_int_equal(compile(&fw, "a*0.3 + b", o, &err), SYMLUT_NO);
    assert_null(fw);
    assert_non_null(strstr(err.message, "fraction bits"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_normal_form_keeps_values),
        cmocka_unit_test(test_what_has_one_source_stands_together),
        cmocka_unit_test(test_random_equations_stay_within_the_tolerance),
        cmocka_unit_test(test_the_same_input_gives_the_same_formats),
        cmocka_unit_test(test_long_words_come_from_faithful_tables),
        cmocka_unit_test(test_formats_given_are_kept),
        cmocka_unit_test(test_a_tolerance_out_of_reach_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
