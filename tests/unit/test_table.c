#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lower/table.h"

static void test_specifications_are_read(void **state)
{
    (void)state;
    table_spec s;
    assert_int_equal(table_spec_parse(&s, "sin: 1024 over [-8,8]", NULL), SYMLUT_OK);
    assert_int_equal(s.op, EXPR_SIN);
    assert_int_equal(s.entries, 1024);
    assert_true(s.low == -8 && s.high == 8 && !s.wraps && !s.has_word);
    assert_int_equal(
        table_spec_parse(&s, " reciprocal :256 entries over [ 0 , 0.5 ] wrap words ufixed<9,4>",
                         NULL),
        SYMLUT_OK);
    assert_int_equal(s.op, EXPR_INV);
    assert_int_equal(s.entries, 256);
    assert_true(s.low == 0 && s.high == 0.5 && s.wraps && s.has_word);
    assert_true(!s.word.is_signed && s.word.width == 9 && s.word.frac == 5);
    assert_int_equal(table_spec_parse(&s, "gauss:2 over [-1e0,+1] saturate", NULL), SYMLUT_OK);
    assert_int_equal(s.op, EXPR_GAUSS);
    assert_int_equal(table_spec_parse(&s, "tanh: auto", NULL), SYMLUT_OK);
    assert_true(s.faithful && s.entries == 0 && !s.has_range && !s.has_word);
    assert_int_equal(table_spec_parse(&s, "tanh: auto over [-4,4] words fixed<9,1>", NULL),
                     SYMLUT_OK);
    assert_true(s.faithful && s.has_range && s.low == -4 && s.has_word);
}

/* Each wrong text, the column of the mistake and a part of the message. */
static const struct {
    const char *text;
    long column;
    const char *message;
} wrong[] = {
    {"", 1, "expected a function's name"},
    {"sine: 1024 over [-8,8]", 1, "'sine' is not a function; nearest: sin"},
    {"abs: 1024 over [-8,8]", 1, "exact logic"},
    {"sin 1024 over [-8,8]", 5, "expected ':'"},
    {"sin: over [-8,8]", 6, "expected the number of entries"},
    {"sin: autos over [-8,8]", 6, "expected the number of entries"},
    {"sin: auto wrap", 15, "'wrap' needs the range"},
    {"sin: auto over [-8,9]", 16, "17 wide: expected a power of two"},
    {"sin: auto 1024 over [-8,8]", 11, "'1024 over"},
    {"sin: 1000 over [-8,8]", 6, "1000 entries: expected a power of two from 2 to 65536"},
    {"sin: 1 over [-8,8]", 6, "power of two"},
    {"sin: 131072 over [-8,8]", 6, "power of two"},
    {"sin: 1024 [-8,8]", 11, "expected 'over'"},
    {"sin: 1024 over -8,8", 16, "expected '['"},
    {"sin: 1024 over [-8 8]", 20, "expected ','"},
    {"sin: 1024 over [x,8]", 17, "expected a number"},
    {"sin: 1024 over [0,nan]", 19, "expected a number"},
    {"sin: 1024 over [0,1e30]", 19, "beyond the largest range end"},
    {"sin: 1024 over [8,-8]", 16, "is empty"},
    {"sin: 1024 over [-8,9]", 16, "17 wide: expected a power of two"},
    {"sin: 1024 over [-8,8", 21, "ends early: expected ']'"},
    {"sin: 1024 over", 15, "ends early: expected '['"},
    {"sin: 1024 over [-8,8] mirror", 23, "'mirror' was not expected"},
    {"sin: 1024 over [-8,8] words int", 29, ""},
    {"sin: 1024 over [-8,8] words fixed<12,2,TRN>", 29, "round to nearest even"},
};

static void test_mistakes_name_their_column(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        table_spec s;
        symlut_error err = {0};
        assert_int_equal(table_spec_parse(&s, wrong[i].text, &err), SYMLUT_BAD_INPUT);
        if (err.column != wrong[i].column || !strstr(err.message, wrong[i].message))
            fail_msg("'%s': column %ld, %s", wrong[i].text, err.column, err.message);
        assert_string_equal(err.source, wrong[i].text);
    }
}

/* For every argument of a format: the index that the graph computes finds the entry whose
 * arguments hold it, by the definition of a saturating or wrapping range. */
static void check_index(const char *asked, format f)
{
    table_spec spec;
    table_shape s;
    assert_int_equal(table_spec_parse(&spec, asked, NULL), SYMLUT_OK);
    assert_int_equal(table_shape_make(&s, &spec, f.frac, NULL), SYMLUT_OK);
    graph *g = graph_new();
    graph_ref index = table_index(g, &s, graph_add_input(g, "x", f));
    assert_int_equal(g->nodes[index].fmt.width, s.index_bits);
    graph_add_output(g, "y", index);
    assert_int_equal(g->failed.status, SYMLUT_OK);
    int64_t *scratch = test_calloc(graph_scratch_size(g), sizeof *scratch);
    int64_t entries = (int64_t)1 << s.index_bits;
    double step = (spec.high - spec.low) / (double)entries;
    for (int64_t x = format_min(f); x <= format_max(f); x++) {
        int64_t y;
        graph_eval(g, 1, &x, &y, scratch);
        double k = floor((ldexp((double)x, -f.frac) - spec.low) / step);
        if (spec.wraps)
            k -= floor(k / (double)entries) * (double)entries;
        else
            k = fmin(fmax(k, 0), (double)(entries - 1));
        size_t position = (size_t)y & (size_t)(entries - 1);
        assert_int_equal(position, table_position(&s, (int64_t)k));
    }
    test_free(scratch);
    graph_free(g);
}

static void test_index_finds_the_entry_of_every_argument(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "sin: 64 over [-8,8]",       "sin: 64 over [-8,8] wrap", "sin: 64 over [0,4]",
        "sin: 64 over [0,4] wrap",   "sin: 16 over [1,2]",       "sin: 16 over [1,2] wrap",
        "sin: 8 over [-4,12]",       "sin: 32 over [-6,-2]",     "sin: 4096 over [-8,8]",
        "sin: 2 over [-16,16]",      "sin: 16 over [-3.5,0.5]",  "sin: 16 over [-3.5,0.5] wrap",
        "sin: 16 over [-1024,1024]",
    };
    static const format formats[] = {{true, 12, 7}, {false, 11, 6}, {true, 9, 8}, {true, 10, 3}};
    for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
        for (size_t f = 0; f < sizeof formats / sizeof *formats; f++)
            check_index(texts[t], formats[f]);
}

static void test_impossible_shapes_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"sin: 64 over [-0.125,0.125]", "fewer than two arguments"},
        {"sin: 64 over [0.3,1.3]", "must be a multiple of the step"},
        {"sin: 64 over [1073741824,1073741825]", "too far from zero"},
    };
    static const int fracs[] = {2, 20, 60};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        table_spec spec;
        table_shape s;
        symlut_error err = {0};
        assert_int_equal(table_spec_parse(&spec, cases[i].text, NULL), SYMLUT_OK);
        spec.entries = i == 2 ? 65536 : spec.entries;
        assert_int_equal(table_shape_make(&s, &spec, fracs[i], &err), SYMLUT_BAD_INPUT);
        if (!strstr(err.message, cases[i].message))
            fail_msg("%s", err.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_specifications_are_read),
        cmocka_unit_test(test_mistakes_name_their_column),
        cmocka_unit_test(test_index_finds_the_entry_of_every_argument),
        cmocka_unit_test(test_impossible_shapes_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
