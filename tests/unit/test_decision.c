#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "lower/decision.h"

#include "two_inputs.h"

enum { SIDE = 64, PAIRS = SIDE * SIDE, MOST = 4 };

static const char *const infix[MOST] = {"a*b", "relu(a)", "b - 0.25", "a - b*0.5"};

static void values_of(int64_t *out, const graph *g, const int64_t *in)
{
    int64_t *scratch = calloc(graph_scratch_size(g) + 1, sizeof *scratch);
    assert_non_null(scratch);
    graph_eval(g, PAIRS, in, out, scratch);
    free(scratch);
}

/* As the definition says it, on the scores of a firmware that gives them. */
static bool accepts(const int64_t *y, size_t n, size_t i, size_t signal, bool margin,
                    double threshold)
{
    double most = -HUGE_VAL, unit = 1.0 / 4; /* fixed<6,4> */
    for (size_t k = 0; margin && k < n; k++)
        if (k != signal)
            most = fmax(most, (double)y[k * PAIRS + i] * unit);
    double s = (double)y[signal * PAIRS + i] * unit;
    return (margin && n > 1 ? s - most : s) >= threshold;
}

static void check_decision(size_t n, size_t signal, const char *how, const char *threshold,
                           const int64_t *in, size_t accepted[2])
{
    symlut_model *model = scores_of(infix, n);
    symlut_compile_options o = symlut_compile_options_defaults();
    symlut_firmware *scores, *decision;
    o.precision = "fixed<6,4>";
    assert_int_equal(symlut_compile(&scores, model, &o, NULL, NULL), SYMLUT_OK);
    o.output = "decision";
    o.threshold = threshold;
    o.discriminant = how;
    o.signal = n > 1 ? two_inputs_outputs[signal] : NULL;
    assert_int_equal(symlut_compile(&decision, model, &o, NULL, NULL), SYMLUT_OK);
    assert_int_equal(symlut_firmware_outputs(decision), 1);
    assert_string_equal(symlut_firmware_signal(decision), n > 1 ? two_inputs_outputs[signal] : "");
    assert_null(symlut_firmware_signal(scores));
    assert_true(format_equal(decision->g->outputs[0].fmt, (format){false, 1, 0}));
    int64_t *y = calloc(n * PAIRS, sizeof *y), bit[PAIRS];
    assert_non_null(y);
    values_of(y, scores->g, in);
    values_of(bit, decision->g, in);
    for (size_t i = 0; i < PAIRS; i++) {
        bool yes = accepts(y, n, i, signal, strcmp(how, "margin") == 0, strtod(threshold, NULL));
        assert_int_equal(bit[i], yes);
        accepted[yes]++;
    }
    free(y);
    symlut_firmware_free(scores);
    symlut_firmware_free(decision);
    symlut_model_free(model);
}

/* All pairs of inputs of 6 bits; thresholds on and between the scores' steps, and beyond both of
 * their ends. */
static void test_the_bit_is_the_comparison(void **state)
{
    (void)state;
    static const char *const thresholds[] = {"0", "0.25", "-1.5", "1.1", "-0.3", "100", "-100"};
    int64_t in[2 * PAIRS];
    for (int i = 0; i < PAIRS; i++) {
        in[i] = i / SIDE - SIDE / 2;
        in[PAIRS + i] = i % SIDE - SIDE / 2;
    }
    for (size_t t = 0; t < sizeof thresholds / sizeof *thresholds; t++) {
        for (size_t n = 1; n <= MOST; n++) {
            size_t accepted[2] = {0, 0};
            for (size_t signal = 0; signal < n; signal++) {
                check_decision(n, signal, "margin", thresholds[t], in, accepted);
                check_decision(n, signal, "score", thresholds[t], in, accepted);
            }
            assert_int_equal(accepted[0] > 0, strcmp(thresholds[t], "-100") != 0);
            assert_int_equal(accepted[1] > 0, strcmp(thresholds[t], "100") != 0);
        }
    }
}

/* Of the background's weight that lies at or above t; false: more than the limit. */
static bool fits(const decision_row *rows, size_t count, double efficiency, double t)
{
    double all = 0, above = 0;
    for (size_t i = 0; i < count; i++) {
        all += rows[i].is_signal ? 0 : rows[i].weight;
        above += !rows[i].is_signal && (double)rows[i].value >= t ? rows[i].weight : 0;
    }
    return above <= efficiency * all * (1 + 1e-9);
}

/* The threshold keeps the efficiency, and the next lower value that a row has does not. Weights are
 * sixteenths, so that sums are exact. */
static void test_the_threshold_is_the_lowest(void **state)
{
    (void)state;
    rng r = rng_make(5, 0);
    for (int round = 0; round < 3000; round++) {
        decision_row rows[60];
        size_t count = 2 + rng_below(&r, 58);
        double efficiency = (1 + (double)rng_below(&r, 99)) / 100;
        uint32_t levels = 1 + rng_below(&r, 40);
        for (size_t i = 0; i < count; i++)
            rows[i] = (decision_row){.value = rng_below(&r, levels),
                                     .weight = round % 2 ? 1 : rng_below(&r, 16) / 16.0,
                                     .is_signal = i > 0 && rng_below(&r, 3) == 0};
        rows[0].weight = 1;
        double last = (double)decision_last_rejected(rows, count, efficiency);
        assert_true(last >= 0); /* less than all of the background is accepted */
        assert_true(fits(rows, count, efficiency, last + 1));
        assert_false(fits(rows, count, efficiency, last));
        decision_counts c = decision_count(rows, count, last + 1);
        size_t above[2] = {0, 0}, all[2] = {0, 0};
        for (size_t i = 0; i < count; i++) {
            all[rows[i].is_signal]++;
            above[rows[i].is_signal] += (double)rows[i].value > last;
        }
        for (int k = 0; k < 2; k++) {
            assert_int_equal(c.rows[k], all[k]);
            assert_int_equal(c.accepted[k], above[k]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_bit_is_the_comparison),
        cmocka_unit_test(test_the_threshold_is_the_lowest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
