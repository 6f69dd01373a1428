#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/dataset.h"
#include "expr/model.h"

enum { ROWS = 1000 }; /* several blocks and a rest */

/* A data set with these columns; column c holds c + row/10. */
static symlut_dataset *make_data(const char *const *names, size_t features)
{
    symlut_dataset *d = calloc(1, sizeof *d);
    d->rows = ROWS;
    d->features = features;
    d->feature_names = ARENA_ARRAY(&d->memory, const char *, features);
    d->columns = ARENA_ARRAY(&d->memory, double *, features);
    for (size_t c = 0; c < features; c++) {
        d->feature_names[c] = names[c];
        d->columns[c] = ARENA_ARRAY(&d->memory, double, ROWS);
        for (size_t r = 0; r < ROWS; r++)
            d->columns[c][r] = (double)c + (double)r / 10;
    }
    return d;
}

static void free_data(symlut_dataset *d)
{
    arena_free(&d->memory);
    free(d);
}

static symlut_model *make_model(void)
{
    symlut_model *m = model_new(2, 2);
    m->inputs[0].name = "u";
    m->inputs[1] = (model_input){"v", 10, 4, 1, -1};
    m->output_names[0] = "p";
    m->output_names[1] = "q";
    expr_names names = {model_input_names(&m->memory, m), 2};
    expr_parse(&m->outputs[0], &m->memory, "u - 2*v", &names, "", 1, 1, NULL);
    expr_parse(&m->outputs[1], &m->memory, "exp(v)*sin(u)/(1 + u^2)", &names, "", 1, 1, NULL);
    return m;
}

static void test_predict(void **state)
{
    (void)state;
    static const char *const names[] = {"v", "w", "u"};
    symlut_dataset *d = make_data(names, 3);
    symlut_model *m = make_model();
    double *y = calloc(ROWS * 2, sizeof *y);
    assert_int_equal(symlut_model_predict(m, d, y, NULL), SYMLUT_OK);
    for (size_t r = 0; r < ROWS; r++) {
        double v = ((double)r / 10 - 10) / 4, u = 2 + (double)r / 10;
        assert_true(y[2 * r] == u - 2 * v);
        double q = exp(v) * sin(u) / (1 + u * u);
        assert_true(fabs(y[2 * r + 1] - q) <= 1e-15 * fabs(q));
    }
    free(y);
    free_data(d);
    symlut_model_free(m);
}

static void test_getters(void **state)
{
    (void)state;
    symlut_model *m = make_model();
    assert_int_equal(symlut_model_inputs(m), 2);
    assert_string_equal(symlut_model_input_name(m, 1), "v");
    assert_null(symlut_model_input_name(m, 2));
    assert_string_equal(symlut_model_output_name(m, 0), "p");
    assert_null(symlut_model_output_name(m, 2));
    assert_int_equal(symlut_model_task(m), SYMLUT_REGRESSION);
    assert_string_equal(symlut_model_target_name(m), "");
    char *equation = symlut_model_equation(m, 0, SYMLUT_PRINT_C);
    assert_string_equal(equation, "u - 2.0*v");
    free(equation);
    assert_null(symlut_model_equation(m, 2, SYMLUT_PRINT_C));
    symlut_model_free(m);
    symlut_model_free(NULL);
}

static void check_map(const char *const *data_names, size_t features, const char *const *names,
                      size_t count, const size_t *expected, const char *message)
{
    symlut_dataset *d = make_data(data_names, features);
    size_t map[8];
    symlut_error err = {0};
    symlut_status status = match_columns(map, names, count, d, &err);
    assert_int_equal(status, message ? SYMLUT_BAD_INPUT : SYMLUT_OK);
    if (message)
        assert_string_equal(err.message, message);
    for (size_t i = 0; !message && i < count; i++)
        assert_int_equal(map[i], expected[i]);
    free_data(d);
}

static void test_match_columns(void **state)
{
    (void)state;
    static const char *const data[] = {"mass", "width", "x1"};
    check_map(data, 3, (const char *const[]){"width", "mass"}, 2, (size_t[]){1, 0}, NULL);
    /* xN: the column of that name first, else column N */
    check_map(data, 3, (const char *const[]){"x0", "x1"}, 2, (size_t[]){0, 2}, NULL);
    check_map(data, 3, (const char *const[]){"mass", "x1"}, 2, (size_t[]){0, 2}, NULL);
    /* by position when no name fits */
    check_map(data, 3, (const char *const[]){"p", "q"}, 2, (size_t[]){0, 1}, NULL);
    check_map(data, 3, (const char *const[]){"mass", "widht"}, 2, NULL,
              "the data has no column 'widht', an input of the model; nearest: width");
    check_map(data, 3, (const char *const[]){"a", "b", "c", "d"}, 4, NULL,
              "the model has 4 inputs ('a', ...) but the data only 3 columns, none of them of that "
              "name");
    check_map(data, 3, (const char *const[]){"x0", "x7"}, 2, NULL,
              "the data has no column 'x7', an input of the model; nearest: x1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_predict),
        cmocka_unit_test(test_getters),
        cmocka_unit_test(test_match_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
