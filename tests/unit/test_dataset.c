#include "data_files.h"

static symlut_data_options plain(void)
{
    return symlut_data_options_defaults();
}

static void test_columns_by_name(void **state)
{
    (void)state;
    symlut_data_options o = plain();
    o.target = "b";
    o.features = "d, fixed acidity a";
    o.weights = "w";
    symlut_dataset *d = load_good("a,b,fixed acidity,d,w,note\n1,2.5,3,4,5,x\n2,3,4,5,0,\n", o);
    assert_int_equal(symlut_dataset_features(d), 3);
    assert_string_equal(symlut_dataset_feature_name(d, 0), "d");
    assert_string_equal(symlut_dataset_feature_name(d, 1), "fixed acidity");
    assert_string_equal(symlut_dataset_feature_name(d, 2), "a");
    ASSERT_COLUMN(d, 0, 4, 5);
    ASSERT_COLUMN(d, 1, 3, 4);
    ASSERT_COLUMN(d, 2, 1, 2);
    ASSERT_TARGET(d, 2.5, 3);
    assert_numbers(symlut_dataset_weights(d), 2, (double[]){5, 0});
    symlut_dataset_free(d);
    /* weights in the last column: the target is the one before it */
    o = plain();
    o.weights = "w";
    d = load_good("a,y,w\n1,2.5,5\n2,3,1\n", o);
    assert_string_equal(symlut_dataset_target_name(d), "y");
    assert_int_equal(symlut_dataset_features(d), 1);
    symlut_dataset_free(d);
}

static void test_bad_columns(void **state)
{
    (void)state;
    static const char table[] = "mass,width,multiplicity\n1,2,3\n2,3,4\n";
    symlut_data_options o = plain();
    o.target = "mas";
    assert_refused(load_text(table, o), 0, 0,
                   "no column 'mas' for the target among the file's 3; nearest: mass");
    o = plain();
    o.features = "mass,widht";
    assert_refused(load_text(table, o), 0, 0,
                   "no column 'widht' for the features among the file's 3; nearest: width");
    o = plain();
    o.weights = "q";
    assert_refused(load_text(table, o), 0, 0,
                   "no column 'q' for the row weights among the file's 3");
    o = plain();
    o.features = "mass mass";
    assert_refused(load_text(table, o), 0, 0, "column 'mass' is asked for twice as a feature");
    o.features = "mass,width,multiplicity";
    assert_refused(load_text(table, o), 0, 0,
                   "column 'multiplicity' is asked for as the target and as a feature");
    o = plain();
    o.features = " , ";
    assert_refused(load_text(table, o), 0, 0, "the list of features is empty");
    o = plain();
    o.weights = o.target = "mass";
    assert_refused(load_text(table, o), 0, 0,
                   "column 'mass' is asked for as the row weight and as the target");
}

static void test_weights_are_checked(void **state)
{
    (void)state;
    symlut_data_options o = plain();
    o.weights = "w";
    assert_refused(load_text("a,w,y\n1,1,2\n2,-0.5,3\n", o), 0, 0,
                   "column 'w', row 2: the weight -0.5 is negative, expected zero or more");
    assert_refused(load_text("a,w,y\n1,0,2\n2,0,3\n", o), 0, 0,
                   "column 'w': every row weight is zero");
}

/* `rows` rows of a, y with y = row modulo `values`, as text by `format`. */
static char *cycle_table(int rows, int values, const char *format)
{
    char *text = malloc((size_t)rows * 40 + 10);
    assert_non_null(text);
    char *p = text + sprintf(text, "a,y\n");
    for (int i = 0; i < rows; i++) {
        p += sprintf(p, "%d,", i);
        p += sprintf(p,
                     format[0] == 'i'   ? "%d\n"
                     : format[0] == 'f' ? "%d.0\n"
                                        : "%d.5\n",
                     i % values);
    }
    return text;
}

static void check_task(int rows, int values, const char *format, symlut_task asked, size_t classes)
{
    char *text = cycle_table(rows, values, format);
    symlut_data_options o = plain();
    o.task = asked;
    symlut_dataset *d = load_good(text, o);
    assert_int_equal(symlut_dataset_classes(d), classes);
    assert_int_equal(symlut_dataset_task(d), classes ? SYMLUT_CLASSIFICATION : SYMLUT_REGRESSION);
    for (int i = 0; i < rows; i++)
        assert_true(symlut_dataset_target(d)[i] ==
                    i % values + (format[0] == 'h' && !classes) * .5);
    symlut_dataset_free(d);
    free(text);
}

/* 2 to 20 different integers with at least 10 rows each, on average, are classes. */
static void test_task_of_numbers(void **state)
{
    (void)state;
    check_task(20, 2, "int", SYMLUT_TASK_AUTO, 2);
    check_task(19, 2, "int", SYMLUT_TASK_AUTO, 0);
    check_task(200, 20, "int", SYMLUT_TASK_AUTO, 20);
    check_task(199, 20, "int", SYMLUT_TASK_AUTO, 0);
    check_task(1000, 21, "int", SYMLUT_TASK_AUTO, 0);
    check_task(100, 3, "float", SYMLUT_TASK_AUTO, 3);
    check_task(100, 3, "half", SYMLUT_TASK_AUTO, 0);
    check_task(100, 1, "int", SYMLUT_TASK_AUTO, 0);
    check_task(100, 2, "int", SYMLUT_REGRESSION, 0);
    check_task(4, 2, "int", SYMLUT_CLASSIFICATION, 2);
    check_task(4, 2, "half", SYMLUT_CLASSIFICATION, 2);
    check_task(900, 450, "int", SYMLUT_CLASSIFICATION, 450);
}

static void test_class_names(void **state)
{
    (void)state;
    symlut_data_options o = plain();
    o.task = SYMLUT_CLASSIFICATION;
    symlut_dataset *d = load_good("a,y\n1,10\n2,-1\n3,2.50\n4,0.1\n5,-1.0\n", o);
    assert_int_equal(symlut_dataset_classes(d), 4);
    static const char *const names[] = {"-1", "0.1", "2.5", "10"};
    for (size_t k = 0; k < 4; k++)
        assert_string_equal(symlut_dataset_class_name(d, k), names[k]);
    ASSERT_TARGET(d, 3, 0, 2, 1, 0);
    symlut_dataset_free(d);
    /* numbers beside texts are names; the order is that of the names */
    d = load_good("a,y\n1,10\n2,9\n3,b\n4,10\n5,A\n", plain());
    assert_int_equal(symlut_dataset_classes(d), 4);
    static const char *const texts[] = {"10", "9", "A", "b"};
    for (size_t k = 0; k < 4; k++)
        assert_string_equal(symlut_dataset_class_name(d, k), texts[k]);
    ASSERT_TARGET(d, 0, 1, 3, 0, 2);
    symlut_dataset_free(d);
}

static void test_bad_targets(void **state)
{
    (void)state;
    symlut_data_options o = plain();
    o.task = SYMLUT_REGRESSION;
    assert_refused(load_text("a,y\n1,2\n2,red\n", o), 3, 3,
                   "the target 'y' holds text ('red'), regression needs numbers: choose another "
                   "target (--target), or classification (--task)");
    assert_refused(load_text("a,y\n1,red\n2,red\n", plain()), 0, 0,
                   "the target 'y' has one class only ('red'): classification needs two or more");
    assert_refused(load_text("a,y\n1,0.5\n2,x7\n", plain()), 3, 3,
                   "column 'y': 'x7' is not a number");
    o.task = SYMLUT_CLASSIFICATION;
    assert_refused(load_text("a,y\n1,3\n2,3\n", o), 0, 0,
                   "the target 'y' has one class only ('3'): classification needs two or more");
    /* a slip in a column of many numbers is a slip, not a class */
    char *text = cycle_table(100, 50, "int");
    strcat(text, "100,5O\n");
    assert_refused(load_text(text, plain()), 102, 5, "column 'y': '5O' is not a number");
    free(text);
    text = malloc(40 * 20);
    char *p = text + sprintf(text, "a,y\n");
    for (int i = 0; i < 25; i++)
        p += sprintf(p, "%d,name%d\n", i, i);
    assert_refused(load_text(text, plain()), 0, 0,
                   "the target 'y' holds 25 different texts in 25 rows, too many for classes: "
                   "choose another target");
    free(text);
    text = cycle_table(2002, 1001, "int");
    assert_refused(load_text(text, o), 0, 0,
                   "the target 'y' has more than 1000 different values, too many for classes: use "
                   "regression");
    free(text);
}

static void test_constant_features(void **state)
{
    (void)state;
    static const char table[] = "a,b,y\n1,7,2.5\n2,7,3\n";
    load_result r = load_text(table, plain());
    assert_int_equal(r.status, SYMLUT_OK);
    assert_int_equal(symlut_dataset_features(r.data), 1);
    assert_non_null(strstr(r.notes, "the feature 'b' is 7 in every row: left out"));
    symlut_dataset_free(r.data);
    symlut_data_options o = plain();
    o.keep_constant = true;
    r = load_text(table, o);
    assert_int_equal(symlut_dataset_features(r.data), 2);
    assert_string_equal(r.notes, "");
    symlut_dataset_free(r.data);
    assert_refused(load_text("b,y\n7,2\n7,3\n", plain()), 0, 0,
                   "every feature is constant over the 2 rows: nothing can be learned from it");
}

static void test_rows_that_are_not_finite(void **state)
{
    (void)state;
    symlut_data_options o = plain();
    o.drop_nonfinite = true;
    load_result r = load_text("a,b,y\n1,2,3\n?,2,4\n3,1,inf\n,,\n5,NaN,6\n7,8,9.5\n", o);
    assert_int_equal(r.status, SYMLUT_OK);
    ASSERT_COLUMN(r.data, 0, 1, 7);
    ASSERT_COLUMN(r.data, 1, 2, 8);
    ASSERT_TARGET(r.data, 3, 9.5);
    assert_non_null(strstr(r.notes, "dropped 4 of 6 rows with a missing or infinite value"));
    symlut_dataset_free(r.data);
    assert_refused(load_text("a,y\n,3\n1,inf\n", o), 0, 0,
                   "every row holds a missing or infinite value");
    /* missing cells of columns that are not asked for do not matter */
    o = plain();
    o.features = "a";
    symlut_dataset *d = load_good("a,b,y\n1,,3\n2,x,4\n", o);
    assert_int_equal(symlut_dataset_rows(d), 2);
    symlut_dataset_free(d);
    /* the class of dropped rows alone is no class */
    o.features = NULL;
    o.drop_nonfinite = true;
    d = load_good("a,y\n1,p\n2,q\n,r\n3,p\n", o);
    assert_int_equal(symlut_dataset_classes(d), 2);
    symlut_dataset_free(d);
}

static void test_target_may_be_absent(void **state)
{
    (void)state;
    symlut_data_options o = plain();
    o.target = "y";
    o.target_optional = true;
    symlut_dataset *d = load_good("a,b\n1,2\n3,4\n", o);
    assert_false(symlut_dataset_has_target(d));
    assert_null(symlut_dataset_target(d));
    assert_int_equal(symlut_dataset_features(d), 2);
    symlut_dataset_free(d);
    d = load_good("a,b,y\n1,2,5.5\n3,4,6\n", o);
    assert_true(symlut_dataset_has_target(d));
    assert_int_equal(symlut_dataset_features(d), 2);
    symlut_dataset_free(d);
    /* unnamed: no column can be known to be the target */
    o.target = NULL;
    d = load_good("a,b\n1,2\n3,4\n", o);
    assert_false(symlut_dataset_has_target(d));
    assert_int_equal(symlut_dataset_features(d), 2);
    symlut_dataset_free(d);
    /* one class is enough to be predicted */
    o.target = "y";
    o.task = SYMLUT_CLASSIFICATION;
    d = load_good("a,y\n1,p\n3,p\n", o);
    assert_int_equal(symlut_dataset_classes(d), 1);
    symlut_dataset_free(d);
}

static void test_pairs(void **state)
{
    (void)state;
    char folder[] = "/tmp/symlut-pair-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char x[64], y[64], pair[160];
    snprintf(x, sizeof x, "%s/x.csv", folder);
    snprintf(y, sizeof y, "%s/y.csv", folder);
    snprintf(pair, sizeof pair, "%s,%s", x, y);
    assert_int_equal(file_write(x, "a,b\n1,2\n3,4\n", 12, NULL), SYMLUT_OK);
    assert_int_equal(file_write(y, "5.5\n6\n", 6, NULL), SYMLUT_OK);
    symlut_dataset *d;
    symlut_error err;
    symlut_data_options o = plain();
    assert_int_equal(symlut_dataset_load(&d, pair, &o, NULL, &err), SYMLUT_OK);
    assert_int_equal(symlut_dataset_features(d), 2);
    assert_string_equal(symlut_dataset_target_name(d), "y");
    ASSERT_TARGET(d, 5.5, 6);
    /* printf 'a,b\n1,2\n3,4\n5.5\n6\n' | sha256sum */
    assert_string_equal(symlut_dataset_hash(d),
                        "4cda3f9e758c518d6cfc0ffce75da3022dbb9bb7fca245aaaa486e966702c34b");
    symlut_dataset_free(d);
    o.target = "z";
    assert_int_equal(symlut_dataset_load(&d, pair, &o, NULL, &err), SYMLUT_OK);
    assert_string_equal(symlut_dataset_target_name(d), "z");
    symlut_dataset_free(d);
    assert_int_equal(file_write(y, "red\nred\nblue\n", 13, NULL), SYMLUT_OK);
    assert_int_equal(symlut_dataset_load(&d, pair, &o, NULL, &err), SYMLUT_OK);
    symlut_dataset_free(d);
    assert_int_equal(file_write(y, "1\n2\n3\n", 6, NULL), SYMLUT_OK);
    assert_int_equal(symlut_dataset_load(&d, pair, &o, NULL, &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "has 3 rows, but"));
    assert_string_equal(err.file, y);
    unlink(y);
    assert_int_equal(symlut_dataset_load(&d, pair, &o, NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, "cannot open: No such file or directory");
    assert_string_equal(err.file, y);
    assert_int_equal(symlut_dataset_load(&d, folder, &o, NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, "is a folder, expected a data file");
    assert_int_equal(directory_remove(folder, NULL), SYMLUT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns_by_name),
        cmocka_unit_test(test_bad_columns),
        cmocka_unit_test(test_weights_are_checked),
        cmocka_unit_test(test_task_of_numbers),
        cmocka_unit_test(test_class_names),
        cmocka_unit_test(test_bad_targets),
        cmocka_unit_test(test_constant_features),
        cmocka_unit_test(test_rows_that_are_not_finite),
        cmocka_unit_test(test_target_may_be_absent),
        cmocka_unit_test(test_pairs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
