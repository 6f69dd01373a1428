#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "expr/front.h"

typedef struct row {
    double complexity, loss;
    const char *equation;
} row;

static void add_rows(front *f, size_t k, const row *rows, size_t count)
{
    expr_names names = {model_input_names(&f->header->memory, f->header), f->header->input_count};
    for (size_t i = 0; i < count; i++) {
        arena scratch = {0};
        expr e;
        assert_int_equal(expr_parse(&e, &scratch, rows[i].equation, &names, "", 1, 1, NULL),
                         SYMLUT_OK);
        assert_true(front_add(f, k, rows[i].complexity, rows[i].loss, e));
        arena_free(&scratch); /* the front has its own copy */
    }
}

/* A front as searches find them: the law at complexity 5, noise above. The scores below,
 * -Δln(loss)/Δcomplexity, are worked out with another program. */
static const row noisy[] = {
    {1, 44.254917, "4.4324794"},
    {3, 1.2491, "a*a"},
    {5, 0.1, "a*a + b"},
    {6, 0.0999, "a*a + b*1.0001"},
    {9, 0.095, "a*a + b*1.0001 + 0.01"},
};

static front *noisy_front(void)
{
    front *f = front_new(2, 1);
    assert_non_null(f);
    f->header->inputs[0].name = "a";
    f->header->inputs[1].name = "b";
    f->header->output_names[0] = "y";
    add_rows(f, 0, noisy, 5);
    return f;
}

static void test_scores(void **state)
{
    (void)state;
    front *f = noisy_front();
    assert_int_equal(front_select(f, "best", NULL), SYMLUT_OK);
    const front_row *rows = f->outputs[0].rows;
    assert_true(rows[0].score == 0);
    assert_true(fabs(rows[1].score - 1.783771595967530) < 1e-9); /* ln(44.254917/1.2491)/2 */
    assert_true(fabs(rows[2].score - 1.262504192491886) < 1e-9);
    assert_true(fabs(rows[3].score - 0.001000500333584) < 1e-9);
    front_free(f);
}

static void test_selection_rules(void **state)
{
    (void)state;
    front *f = noisy_front();
    size_t at;
    assert_int_equal(front_select(f, "score", NULL), SYMLUT_OK);
    assert_int_equal(f->outputs[0].selected, 1); /* the steepest fall of all */
    assert_int_equal(front_choose(&at, f, 0, "accuracy", NULL), SYMLUT_OK);
    assert_int_equal(at, 4);
    /* row 1 loses more than half as much again as the best, so row 2 has the highest score */
    assert_int_equal(front_choose(&at, f, 0, "best", NULL), SYMLUT_OK);
    assert_int_equal(at, 2);
    assert_int_equal(front_choose(&at, f, 0, "auto", NULL), SYMLUT_OK);
    assert_int_equal(at, 2);
    f->header->task = SYMLUT_CLASSIFICATION;
    assert_int_equal(front_choose(&at, f, 0, "auto", NULL), SYMLUT_OK);
    assert_int_equal(at, 2);
    f->header->task = SYMLUT_REGRESSION;
    assert_int_equal(front_choose(&at, f, 0, "complexity 7", NULL), SYMLUT_OK);
    assert_int_equal(at, 3);
    assert_int_equal(front_choose(&at, f, 0, "complexity 100", NULL), SYMLUT_OK);
    assert_int_equal(at, 4);
    assert_int_equal(front_choose(&at, f, 0, NULL, NULL), SYMLUT_OK);
    assert_int_equal(at, 1);
    assert_int_equal(front_choose(&at, f, 0, "complexity 0", NULL), SYMLUT_BAD_INPUT);
    assert_int_equal(front_choose(&at, f, 0, "nicest", NULL), SYMLUT_BAD_INPUT);
    front_clear(f, 0);
    assert_int_equal(front_choose(&at, f, 0, "best", NULL), SYMLUT_BAD_INPUT);
    front_free(f);
}

/* Lengths by hand: symbols are * + a b and constants, 5. n = 100: n/2 ln L + complexity ln 5 +
 * ln(100)/2 for each constant, ln 2 for 1.
 *   row 0: 189.498 + 1.609 + 2.303, row 2: -115.129 + 8.047, row 3: -115.179 + 9.657 + 2.303,
 *   row 4: -117.694 + 14.485 + 4.605 */
static void test_shortest_description(void **state)
{
    (void)state;
    front *f = noisy_front();
    size_t at = 9;
    symlut_error err;
    assert_int_equal(front_choose(&at, f, 0, "mdl", &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "'mdl' needs a run's own front"));
    f->likelihood = LIKELIHOOD_NORMAL;
    static const struct {
        double rows;
        size_t best;
    } normal[] = {{1, 0}, {2, 1}, {100, 2}, {480, 2}, {510, 4}, {1000, 4}};
    /* between 2 and 4: n/2 ln(0.1/0.095) against 4 ln 5 + 2 ln(n)/2, equal at n = 493 */
    for (size_t i = 0; i < sizeof normal / sizeof *normal; i++) {
        f->rows = normal[i].rows;
        assert_int_equal(front_choose(&at, f, 0, "mdl", NULL), SYMLUT_OK);
        assert_int_equal(at, normal[i].best);
    }
    f->rows = 480;
    f->likelihood = LIKELIHOOD_LAPLACE; /* the same loss says twice as much */
    assert_int_equal(front_choose(&at, f, 0, "mdl", NULL), SYMLUT_OK);
    assert_int_equal(at, 4);
    f->likelihood = LIKELIHOOD_LOGISTIC; /* 480*(0.1 - 0.095) is 2.4 */
    assert_int_equal(front_choose(&at, f, 0, "mdl", NULL), SYMLUT_OK);
    assert_int_equal(at, 2);
    f->outputs[0].rows[4].loss = 0; /* a law of no loss has no end of likelihood */
    f->likelihood = LIKELIHOOD_NORMAL;
    f->rows = 20;
    assert_int_equal(front_choose(&at, f, 0, "mdl", NULL), SYMLUT_OK);
    assert_int_equal(at, 4);
    front_free(f);
}

/* All classes of softmax are of one forest: the constants of all its expressions count, and the
 * choice is the same. 10 symbols or fewer do not matter here: the rows differ by constants. */
static void test_description_of_forests(void **state)
{
    (void)state;
    static const row rows[2][2] = {{{3, 0.60, "a*b"}, {4, 0.57, "a*b"}},
                                   {{3, 0.60, "a + b"}, {4, 0.57, "a*0.3 + b*0.7"}}};
    front *f = front_new(2, 2);
    f->header->inputs[0].name = "a";
    f->header->inputs[1].name = "b";
    for (size_t k = 0; k < 2; k++) {
        f->header->output_names[k] = k ? "q" : "p";
        add_rows(f, k, rows[k], 2);
    }
    f->likelihood = LIKELIHOOD_SOFTMAX;
    f->rows = 150; /* 4.5 nats against ln 5 = 1.61 and two constants of 2.5 */
    size_t at[2];
    for (size_t k = 0; k < 2; k++)
        assert_int_equal(front_choose(&at[k], f, k, "mdl", NULL), SYMLUT_OK);
    assert_int_equal(at[0], 0);
    assert_int_equal(at[1], 0);
    f->likelihood = LIKELIHOOD_LOGISTIC; /* each for itself */
    for (size_t k = 0; k < 2; k++)
        assert_int_equal(front_choose(&at[k], f, k, "mdl", NULL), SYMLUT_OK);
    assert_int_equal(at[0], 1);
    assert_int_equal(at[1], 0);
    front_free(f);
}

static void test_exact_row_scores_infinity(void **state)
{
    (void)state;
    static const row rows[] = {{1, 2, "a"}, {3, 1, "a*b"}, {5, 0, "a*b + a"}};
    front *f = front_new(2, 1);
    f->header->inputs[0].name = "a";
    f->header->inputs[1].name = "b";
    add_rows(f, 0, rows, 3);
    assert_int_equal(front_select(f, "score", NULL), SYMLUT_OK);
    assert_true(isinf(f->outputs[0].rows[2].score));
    assert_int_equal(f->outputs[0].selected, 2);
    front_free(f);
}

static void fill_header(symlut_model *h)
{
    h->inputs[0] = (model_input){"a, \"b\"", 0.1, 1.0 / 3, -1e300, 5e-324};
    h->inputs[1] = (model_input){"\xC3\xA9", -7, 2, 1, -1}; /* unknown range */
    h->output_names[0] = "g";
    h->output_names[1] = "q\\\n";
    h->task = SYMLUT_CLASSIFICATION;
    h->target_name = "class";
    h->data_hash = "0123abcd";
    h->seed = UINT64_MAX;
}

static void check_same_header(const symlut_model *a, const symlut_model *b)
{
    assert_int_equal(a->input_count, b->input_count);
    for (size_t i = 0; i < a->input_count; i++) {
        const model_input *x = &a->inputs[i], *y = &b->inputs[i];
        assert_string_equal(x->name, y->name);
        assert_true(x->mean == y->mean && x->scale == y->scale);
        assert_true((x->low > x->high && y->low > y->high) ||
                    (x->low == y->low && x->high == y->high));
    }
    assert_int_equal(a->output_count, b->output_count);
    for (size_t k = 0; k < a->output_count; k++)
        assert_string_equal(a->output_names[k], b->output_names[k]);
    assert_int_equal(a->task, b->task);
    assert_string_equal(a->target_name, b->target_name);
    assert_string_equal(a->data_hash, b->data_hash);
    assert_true(a->seed == b->seed);
}

static void test_json_round_trip(void **state)
{
    (void)state;
    static const row rows[] = {
        {1, 2, "0.1"}, {4.5, 0.25, "x0*0.30000000000000004"}, {7, 0, "x0/x1"}};
    char path[] = "/tmp/symlut-front-XXXXXX";
    close(mkstemp(path));
    front *f = front_new(2, 2), *g;
    fill_header(f->header);
    add_rows(f, 0, rows, 3);
    add_rows(f, 1, rows, 2);
    f->likelihood = LIKELIHOOD_LAPLACE;
    f->rows = 123.5;
    assert_int_equal(front_select(f, "accuracy", NULL), SYMLUT_OK);
    assert_int_equal(front_write_json(f, path, NULL), SYMLUT_OK);
    assert_int_equal(front_read(&g, path, NULL), SYMLUT_OK);
    assert_true(g->likelihood == LIKELIHOOD_LAPLACE && g->rows == 123.5);
    check_same_header(f->header, g->header);
    for (size_t k = 0; k < 2; k++) {
        assert_int_equal(f->outputs[k].count, g->outputs[k].count);
        assert_int_equal(f->outputs[k].selected, g->outputs[k].selected);
        for (size_t i = 0; i < f->outputs[k].count; i++) {
            const front_row *x = &f->outputs[k].rows[i], *y = &g->outputs[k].rows[i];
            assert_true(x->complexity == y->complexity && x->loss == y->loss);
            assert_true(x->score == y->score);
            assert_true(expr_equal(x->e, y->e));
        }
    }
    symlut_model *m, *n;
    assert_int_equal(front_model(&m, g, "complexity 5", NULL), SYMLUT_OK);
    assert_int_equal(model_write(m, path, NULL), SYMLUT_OK);
    assert_int_equal(model_read(&n, path, NULL), SYMLUT_OK);
    check_same_header(f->header, n);
    assert_true(expr_equal(n->outputs[0], f->outputs[0].rows[1].e));
    symlut_model_free(m);
    symlut_model_free(n);
    front_free(f);
    front_free(g);
    unlink(path);
}

static void test_likelihood_is_read_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *likelihood, *message;
    } cases[] = {
        {"{\"kind\": \"cauchy\", \"rows\": 9}",
         "likelihood.kind: expected normal, laplace, logistic or softmax, found 'cauchy'"},
        {"{\"kind\": \"normal\", \"rows\": 0}",
         "likelihood.rows: expected a number above 0, found 0"},
        {"{\"kind\": \"normal\"}", "likelihood: missing key 'rows'"},
        {"{\"kind\": \"normal\", \"rows\": 9, \"row\": 9}", "likelihood: unknown key 'row'"},
        {"7", "likelihood: expected an object, found a number"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char json[600];
        symlut_error err;
        front *f;
        snprintf(json, sizeof json,
                 "{\"format\": \"symlut-model\", \"version\": 1, \"task\": \"regression\", "
                 "\"target\": \"\", \"data_hash\": \"\", \"seed\": 1, \"likelihood\": %s, "
                 "\"inputs\": [], \"outputs\": [{\"name\": \"y\", \"equation\": \"1\"}]}",
                 cases[i].likelihood);
        assert_int_equal(front_parse_json(&f, "m.json", json, strlen(json), &err),
                         SYMLUT_BAD_INPUT);
        assert_non_null(strstr(err.message, cases[i].message));
    }
}

static void test_csv(void **state)
{
    (void)state;
    static const row rows[] = {{1, 2, "0.1"}, {3, 0.5, "max(x0, x1)"}};
    char path[] = "/tmp/symlut-front-XXXXXX";
    close(mkstemp(path));
    front *f = front_new(2, 2);
    fill_header(f->header);
    f->header->output_names[1] = "q \"2\"";
    add_rows(f, 0, rows, 2);
    add_rows(f, 1, rows, 1);
    assert_int_equal(front_select(f, "accuracy", NULL), SYMLUT_OK);
    assert_int_equal(front_write_csv(f, path, NULL), SYMLUT_OK);
    char *data;
    size_t length;
    assert_int_equal(file_read(&data, &length, path, NULL), SYMLUT_OK);
    assert_string_equal(data, "output,complexity,loss,score,equation\n"
                              "g,1,2,0,0.1\n"
                              "g,3,0.5,0.6931471805599453,\"max(`a, \"\"b\"\"`, \xC3\xA9)\"\n"
                              "\"q \"\"2\"\"\",1,2,0,0.1\n");
    free(data);
    front_free(f);
    unlink(path);
}

static void test_nothing_is_left_behind(void **state)
{
    (void)state;
    front *f = noisy_front();
    symlut_error err;
    assert_int_equal(front_write_csv(f, "/nonexistent/front.csv", &err), SYMLUT_IO);
    assert_int_equal(front_write_json(f, "/nonexistent/model.json", &err), SYMLUT_IO);
    front *g = f;
    assert_int_equal(front_read(&g, "/nonexistent/model.json", &err), SYMLUT_BAD_INPUT);
    assert_null(g);
    front_free(f);
    front_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scores),
        cmocka_unit_test(test_selection_rules),
        cmocka_unit_test(test_shortest_description),
        cmocka_unit_test(test_description_of_forests),
        cmocka_unit_test(test_exact_row_scores_infinity),
        cmocka_unit_test(test_json_round_trip),
        cmocka_unit_test(test_likelihood_is_read_strictly),
        cmocka_unit_test(test_csv),
        cmocka_unit_test(test_nothing_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
