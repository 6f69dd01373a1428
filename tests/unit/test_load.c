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
#include "expr/load.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/symlut-load-XXXXXX");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    return chdir("/") == 0 && directory_remove(folder, NULL) == SYMLUT_OK ? 0 : -1;
}

static void put(const char *path, const char *content)
{
    assert_int_equal(file_write(path, content, strlen(content), NULL), SYMLUT_OK);
}

static void check_equation(const symlut_model *m, size_t k, const char *expected)
{
    char *equation = symlut_model_equation(m, k, SYMLUT_PRINT_INFIX);
    assert_string_equal(equation, expected);
    free(equation);
}

/* The five published expressions of arXiv:2305.04099 (g, q, t, w, z over the standardised inputs
 * x2 = c1_b1, x3 = c1_b2, x14 = mass, x15 = multiplicity), one published event and the outputs that
 * PySR's own evaluation gives for it. */
static const char published[] =
    "class_index,class,expression\n"
    "0,g,\"0.218740281461912*sin(2*x14 - 1.03665108)*cos(2*x14 - 1.03665108) - sin(x14 - "
    "(0.9237657 "
    "- 0.11933863*x3)*(-x15 + 2*x2 - 0.3817056) + 1.761264957)\"\n"
    "1,q,\"(-(0.5822144*sin(0.83811*x14)*cos(0.83811*x14) - 0.5324657)*(sin(0.3923645*x2)*cos("
    "0.3923645*x2) - 0.63548696) + sin(x14 - 0.3923645*x15 + x3 + 0.51168373)*cos(x14 - 0.3923645*"
    "x15 + x3 + 0.51168373))*(0.561041303633489*sin(x15) - 0.47277835) - 0.84055585\"\n"
    "2,t,\"0.49239117*(sin(x2)*cos(x2) + 0.297648246528697)*(sin(x3)*cos(x3) + sin(x15 + "
    "0.76784414*"
    "x3)*cos(x15 + 0.76784414*x3)) - sin(x14 + 0.25715914*x15*x3 - x2 - x3 + 0.66443527)\"\n"
    "3,w,\"0.41071504*(0.9298677 - sin(0.59376544*x15))*(sin(x14)*cos(x14) - 5.2546763*sin(x3 - "
    "0.71913457)*cos(x3 - 0.71913457))*(-sin(2*x3)*cos(2*x3) + sin(5.2546763*x14 + x3 + 0.77032656)"
    "*cos(5.2546763*x14 + x3 + 0.77032656) + 0.32492808) - 0.863786752431664\"\n"
    "4,z,\"(sin(x14 + 0.4094719)*cos(x14 + 0.4094719) + 1.0745832)*(-0.15737492*x15 - sin(x14 - "
    "4.2594776)*cos(x14 - 4.2594776) + sin(3*x14 - x3*(x14 - 4.1772995) - x3 + 3.087878)*cos(3*x14 "
    "- x3*(x14 - 4.1772995) - x3 + 3.087878) - 0.690204005690814)\"\n";

static const char published_event[] =
    "x0,x1,x2,x3,x4,x5,x6,x7,x8,x9,x10,x11,x12,x13,x14,x15\n"
    "-0.8290663,1.89328309,0.42506525,-1.71617287,1.83329105,-0.63483527,1.56435901,1.89248919,"
    "0.92587714,0.57613587,1.56415341,0.48852389,-0.55574837,-1.84378967,1.17289196,-0.61795002\n";

static void test_published_expressions(void **state)
{
    (void)state;
    static const double expected[] = {-0.93592861, -0.90455188, 0.41470415, -1.07241199,
                                      -0.6620568};
    put("published.csv", published);
    put("event.csv", published_event);
    symlut_model *m;
    symlut_dataset *d;
    symlut_data_options options = symlut_data_options_defaults();
    options.target = "none";
    options.target_optional = options.keep_constant = true;
    symlut_error err = {0};
    assert_int_equal(symlut_model_load(&m, "published.csv", NULL, &err), SYMLUT_OK);
    assert_int_equal(symlut_model_task(m), SYMLUT_CLASSIFICATION);
    assert_int_equal(symlut_model_inputs(m), 4);
    assert_string_equal(symlut_model_input_name(m, 0), "x2");
    assert_string_equal(symlut_model_input_name(m, 3), "x15");
    if (symlut_dataset_load(&d, "event.csv", &options, NULL, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    double y[5];
    assert_int_equal(symlut_model_predict(m, d, y, &err), SYMLUT_OK);
    for (int k = 0; k < 5; k++)
        assert_true(fabs(y[k] - expected[k]) < 1e-6);
    symlut_dataset_free(d);
    symlut_model_free(m);
}

static const char run_json[] =
    "{\"format\": \"symlut-model\", \"version\": 1, \"task\": \"regression\", \"target\": \"y\", "
    "\"data_hash\": \"\", \"seed\": \"1\", \"inputs\": [{\"name\": \"a\", \"mean\": 1, \"scale\": "
    "2, "
    "\"low\": 0, \"high\": 1}], \"outputs\": [{\"name\": \"y\", \"selected\": 1, \"front\": ["
    "{\"complexity\": 1, \"loss\": 4, \"score\": 0, \"equation\": \"1\"}, "
    "{\"complexity\": 3, \"loss\": 2, \"score\": 0.34, \"equation\": \"2*a\"}, "
    "{\"complexity\": 7, \"loss\": 1, \"score\": 0.17, \"equation\": \"2*a + sin(a)\"}]}]}";

static void test_run_folder(void **state)
{
    (void)state;
    symlut_error err;
    symlut_model *m;
    directory_make("run/model", NULL);
    assert_int_equal(symlut_model_load(&m, "run", NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message,
                        "is no run folder: it has no model/model.json, which symlut fit writes");
    put("run/model/model.json", run_json);
    static const struct {
        const char *select, *equation;
    } cases[] = {{NULL, "2*a"},    {"best", "2*a + sin(a)"}, {"accuracy", "2*a + sin(a)"},
                 {"score", "2*a"}, {"complexity 2", "1"},    {"", "2*a"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        symlut_model_options options = symlut_model_options_defaults();
        options.select = cases[i].select;
        assert_int_equal(symlut_model_load(&m, "run", &options, &err), SYMLUT_OK);
        check_equation(m, 0, cases[i].equation);
        assert_true(m->inputs[0].mean == 1 && m->inputs[0].scale == 2);
        symlut_model_free(m);
    }
    put("run/manifest.json", "{}");
    unlink("run/model/model.json");
    assert_int_equal(symlut_model_load(&m, "run", NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message,
                        "is a compiled firmware, expected a run folder or a model file");
}

static void test_options(void **state)
{
    (void)state;
    symlut_error err;
    symlut_model *m;
    symlut_model_options options = symlut_model_options_defaults();
    put("eq", "p = 2*x1\nq = x0 - 1\n");
    put("scaler.csv", "feature,mean,scale\nx1,5,2\nx0,3,4\n");
    options.scaler = "scaler.csv";
    options.task = SYMLUT_CLASSIFICATION;
    assert_int_equal(symlut_model_load(&m, "eq", &options, &err), SYMLUT_OK);
    assert_int_equal(symlut_model_task(m), SYMLUT_CLASSIFICATION);
    assert_true(m->inputs[0].mean == 3 && m->inputs[0].scale == 4);
    assert_true(m->inputs[1].mean == 5 && m->inputs[1].scale == 2);
    symlut_model_free(m);
    put("named.csv", "feature,mean,scale\nwidth,3,4\nmass,5,2\n"); /* xN is row N */
    options.scaler = "named.csv";
    assert_int_equal(symlut_model_load(&m, "eq", &options, &err), SYMLUT_OK);
    assert_true(m->inputs[0].mean == 3 && m->inputs[1].mean == 5);
    symlut_model_free(m);
    put("blank", "p = 2*`m T`\nq = x0");
    options.names = "x0, `m T` z";
    options.scaler = NULL;
    assert_int_equal(symlut_model_load(&m, "blank", &options, &err), SYMLUT_OK);
    assert_int_equal(symlut_model_inputs(m), 3);
    assert_string_equal(symlut_model_input_name(m, 1), "m T");
    symlut_model_free(m);
    options.names = NULL;
    put("one", "x0");
    options.scaler = NULL;
    assert_int_equal(symlut_model_load(&m, "one", &options, &err), SYMLUT_BAD_INPUT);
    assert_null(m);
    options.task = SYMLUT_TASK_AUTO;
    options.scaler = "missing.csv";
    assert_int_equal(symlut_model_load(&m, "one", &options, &err), SYMLUT_BAD_INPUT);
    assert_null(m);
    assert_int_equal(symlut_model_load(&m, "missing", NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.file, "missing");
}

static void test_halls_of_fame_of_several_outputs(void **state)
{
    (void)state;
    put("a.csv", "Complexity,Loss,Equation\n1,1.5,\"x0\"\n3,0.5,\"max(x1, 2)\"\n");
    put("b.csv", "Complexity,Loss,Equation\n2,1.5,\"sin(x2)\"\n");
    symlut_model *m;
    symlut_error err = {0};
    assert_int_equal(symlut_model_load(&m, "a.csv,b.csv", NULL, &err), SYMLUT_OK);
    assert_int_equal(symlut_model_outputs(m), 2);
    assert_int_equal(symlut_model_inputs(m), 3);
    assert_string_equal(symlut_model_output_name(m, 1), "y1");
    check_equation(m, 0, "max(x1, 2)");
    check_equation(m, 1, "sin(x2)");
    symlut_model_free(m);
    assert_int_equal(symlut_model_load(&m, "a.csv,c.csv", NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.file, "c.csv");
}

static void test_not_text(void **state)
{
    (void)state;
    symlut_error err;
    symlut_model *m;
    assert_int_equal(file_write("bytes", "x0\0+1", 5, NULL), SYMLUT_OK);
    assert_int_equal(symlut_model_load(&m, "bytes", NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message,
                        "is no text (it holds a NUL byte); expected one equation per line");
}

static void test_run_rows(void **state)
{
    (void)state;
    symlut_error err;
    symlut_run *run;
    directory_make("search/model", NULL);
    assert_int_equal(symlut_run_open(&run, "search", NULL, &err), SYMLUT_BAD_INPUT);
    assert_null(run);
    put("search/front.csv", "output,complexity,loss,score,equation\n"
                            "y,1,4,0,1\ny,3,2,0.34,2*a\nz,1,1,0,`b c`\n");
    assert_int_equal(symlut_run_open(&run, "search", "accuracy", &err), SYMLUT_OK);
    assert_int_equal(symlut_run_rows(run), 3);
    symlut_front_row row = symlut_run_row(run, 1);
    assert_string_equal(row.output, "y");
    assert_string_equal(row.equation, "2*a");
    assert_true(row.complexity == 3 && row.loss == 2 && row.selected);
    assert_false(symlut_run_row(run, 0).selected);
    assert_true(symlut_run_row(run, 2).selected);
    assert_string_equal(symlut_run_row(run, 2).equation, "`b c`");
    assert_null(symlut_run_row(run, 3).output);
    assert_string_equal(symlut_run_summary(run), "");
    symlut_run_free(run);
    put("search/model/model.json", run_json);
    put("search/summary.json", "{\"seed\": 1}");
    assert_int_equal(symlut_run_open(&run, "search", NULL, &err), SYMLUT_OK);
    assert_int_equal(symlut_run_rows(run), 3);
    assert_true(symlut_run_row(run, 1).selected && symlut_run_row(run, 1).score == 0.34);
    assert_string_equal(symlut_run_summary(run), "{\"seed\": 1}");
    symlut_run_free(run);
    assert_int_equal(symlut_run_open(&run, "search", "nicest", &err), SYMLUT_BAD_INPUT);
    assert_int_equal(symlut_run_open(&run, "nowhere", NULL, &err), SYMLUT_BAD_INPUT);
    symlut_run_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published_expressions),
        cmocka_unit_test(test_run_folder),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_halls_of_fame_of_several_outputs),
        cmocka_unit_test(test_not_text),
        cmocka_unit_test(test_run_rows),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
