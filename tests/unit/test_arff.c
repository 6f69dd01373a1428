#include "data_files.h"

static symlut_data_options plain(void)
{
    return symlut_data_options_defaults();
}

static load_result load_arff(const char *text)
{
    return load_bytes(text, strlen(text), ".arff", plain());
}

static const char HEADER[] = "@relation r\n@attribute a numeric\n@attribute y real\n@data\n";

static load_result load_rows(const char *rows)
{
    char text[512];
    snprintf(text, sizeof text, "%s%s", HEADER, rows);
    return load_arff(text);
}

static void test_types_and_quotes(void **state)
{
    (void)state;
    static const char text[] = "% a comment\n\n@RELATION 'my relation'\n"
                               "@Attribute 'pt (GeV)' NUMERIC\r\n"
                               "@attribute\t\"it's\" integer % \n"
                               "@attribute on {0, 1}\n"
                               "@ATTRIBUTE class {quark,'top \\'t\\'', \"w\"}\n"
                               "@DATA\n% another\n"
                               "1.5, 2,0,quark\n\n3e1,'4',1,'top \\'t\\''\r\n 5 ,\"6\", 1 , \"w\"";
    load_result r = load_bytes(text, strlen(text), ".txt", plain()); /* known by its content */
    if (r.status != SYMLUT_OK)
        fail_msg("%ld:%ld: %s", r.err.line, r.err.column, r.err.message);
    assert_string_equal(symlut_dataset_feature_name(r.data, 0), "pt (GeV)");
    assert_string_equal(symlut_dataset_feature_name(r.data, 1), "it's");
    assert_string_equal(symlut_dataset_target_name(r.data), "class");
    ASSERT_COLUMN(r.data, 0, 1.5, 30, 5);
    ASSERT_COLUMN(r.data, 1, 2, 4, 6);
    ASSERT_COLUMN(r.data, 2, 0, 1, 1);
    ASSERT_TARGET(r.data, 0, 1, 2);
    assert_string_equal(symlut_dataset_class_name(r.data, 1), "top 't'");
    symlut_dataset_free(r.data);
}

/* Values that the file itself declares to be categories are classes, however few the rows. */
static void test_nominal_numbers_are_classes(void **state)
{
    (void)state;
    load_result r =
        load_arff("@relation r\n@attribute a real\n@attribute y {0,1}\n@data\n1,0\n2,1\n3,1\n");
    assert_int_equal(r.status, SYMLUT_OK);
    assert_int_equal(symlut_dataset_task(r.data), SYMLUT_CLASSIFICATION);
    assert_int_equal(symlut_dataset_classes(r.data), 2);
    symlut_dataset_free(r.data);
    r = load_rows("1,0\n2,1\n3,1\n");
    assert_int_equal(symlut_dataset_task(r.data), SYMLUT_REGRESSION);
    symlut_dataset_free(r.data);
}

static void test_missing(void **state)
{
    (void)state;
    load_result r = load_rows("1,2\n?,3\n");
    assert_refused(
        r, 6, 1, "column 'a': '?' is not finite: correct it, or drop such rows (--drop-nonfinite)");
    assert_string_equal(r.err.source, "?,3");
    symlut_data_options o = plain();
    o.drop_nonfinite = true;
    char text[256];
    snprintf(text, sizeof text, "%s1,2\n?,3\n3,4.5\n5,?\n", HEADER);
    r = load_bytes(text, strlen(text), ".arff", o);
    assert_int_equal(r.status, SYMLUT_OK);
    ASSERT_COLUMN(r.data, 0, 1, 3);
    ASSERT_TARGET(r.data, 2, 4.5);
    symlut_dataset_free(r.data);
}

static void test_refused(void **state)
{
    (void)state;
    assert_refused(load_rows("{0 1, 1 2}\n"), 5, 1,
                   "a sparse row, which is not read: save the data set in its dense form");
    assert_refused(load_rows("1,2\n1\n"), 6, 1,
                   "this row has 1 cell, expected 2, one for each attribute");
    assert_refused(load_rows("1,2,3\n"), 5, 5,
                   "this row has more than 2 cells, one for each attribute");
    assert_refused(load_rows("1,'2\n3,4\n"), 5, 3,
                   "the quote that opens here is not closed in its line");
    assert_refused(load_rows("'1'2,3\n"), 5, 1, "text follows the closing quote of this cell");
    assert_refused(load_rows("x,3\n"), 5, 1,
                   "column 'a' holds text ('x'), a feature must be a number: name the features to "
                   "use and leave it out, or write it as numbers");
    assert_refused(load_rows("% nothing\n"), 0, 0, "holds no rows after @data");
    assert_refused(load_arff("@relation r\n@attribute a real\n"), 0, 0,
                   "ends before its @data line");
    assert_refused(load_arff("@relation r\n@data\n1\n"), 2, 1, "@data before any @attribute");
    assert_refused(
        load_arff("@relation r\n@attribute a numbers\n"), 2, 14,
        "attribute 'a' is of type 'numbers', expected numeric, real, integer, string, date "
        "or {values}");
    assert_refused(load_arff("@relation r\n@attribute 'a real\n"), 2, 11,
                   "the quote that opens here is not closed in its line");
    assert_refused(load_arff("@relation r\n@inputs a\n"), 2, 1,
                   "'@inputs a' in the header, expected @relation, @attribute or @data");
    assert_refused(load_arff("@relation r\n@attribute a real\n@attribute a real\n@data\n1,2\n"), 0,
                   0, "columns 1 and 2 are both named 'a': rename one");
}

/* Lines fall on every place of the buffer's edge. */
static void test_many_rows(void **state)
{
    (void)state;
    enum { ROWS = 60000 };
    size_t room = ROWS * 24 + 200, used;
    char *text = malloc(room);
    assert_non_null(text);
    used = (size_t)snprintf(text, room, "%s", HEADER);
    for (int i = 0; i < ROWS; i++)
        used += (size_t)snprintf(text + used, room - used, "%d,%d.25\n", i, 2 * i);
    load_result r = load_arff(text);
    assert_int_equal(r.status, SYMLUT_OK);
    assert_int_equal(symlut_dataset_rows(r.data), ROWS);
    for (int i = 0; i < ROWS; i++) {
        assert_true(symlut_dataset_column(r.data, 0)[i] == i);
        assert_true(symlut_dataset_target(r.data)[i] == 2 * i + 0.25);
    }
    symlut_dataset_free(r.data);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types_and_quotes), cmocka_unit_test(test_nominal_numbers_are_classes),
        cmocka_unit_test(test_missing),          cmocka_unit_test(test_refused),
        cmocka_unit_test(test_many_rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
