#include "data_files.h"

#include "data/csv.h"

static symlut_data_options plain(void)
{
    return symlut_data_options_defaults();
}

static void test_header_and_types(void **state)
{
    (void)state;
    symlut_dataset *d = load_good("a,b,y\n1,2.5,-3e2\n4,.5,6E-1\n", plain());
    assert_int_equal(symlut_dataset_rows(d), 2);
    assert_int_equal(symlut_dataset_features(d), 2);
    assert_string_equal(symlut_dataset_feature_name(d, 0), "a");
    assert_string_equal(symlut_dataset_feature_name(d, 1), "b");
    assert_string_equal(symlut_dataset_target_name(d), "y");
    assert_int_equal(symlut_dataset_task(d), SYMLUT_REGRESSION);
    ASSERT_COLUMN(d, 0, 1, 4);
    ASSERT_COLUMN(d, 1, 2.5, .5);
    ASSERT_TARGET(d, -300, .6);
    /* sha256sum of these very bytes */
    assert_string_equal(symlut_dataset_hash(d),
                        "f7f017eb407452f1642ba2a1ef469397ed4d72903f8fa7cc239e676946285c30");
    symlut_dataset_free(d);
}

/* One table in every accepted dress. */
static void test_dresses(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "a,b,y\n1,2,3.5\n4,5,6.5\n",
        "a,b,y\r\n1,2,3.5\r\n4,5,6.5\r\n",
        "a,b,y\r1,2,3.5\r4,5,6.5\r",
        "a,b,y\n1,2,3.5\n4,5,6.5",
        "\xEF\xBB\xBF"
        "a,b,y\n1,2,3.5\n4,5,6.5\n",
        "a;b;y\n1;2;3.5\n4;5;6.5\n",
        "a\tb\ty\n1\t2\t3.5\n4\t5\t6.5\n",
        "\"a\",\"b\",\"y\"\n\"1\",2,\"3.5\"\n4,\"5\",6.5\n",
        " a , b ,y \n 1, 2 ,3.5\n4 ,  5,\t6.5 \n",
        "\n\na,b,y\n\n1,2,3.5\n   \n4,5,6.5\n\n",
        "a,b,y,\n1,2,3.5,\n4,5,6.5,\n",
        "a,b,y\n+1,2e0,35e-1\n0.4e1,500E-2,6.5000000000000000000000\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        symlut_dataset *d = load_good(texts[i], plain());
        assert_int_equal(symlut_dataset_rows(d), 2);
        assert_int_equal(symlut_dataset_features(d), 2);
        assert_string_equal(symlut_dataset_feature_name(d, 1), "b");
        assert_string_equal(symlut_dataset_target_name(d), "y");
        ASSERT_COLUMN(d, 0, 1, 4);
        ASSERT_COLUMN(d, 1, 2, 5);
        ASSERT_TARGET(d, 3.5, 6.5);
        symlut_dataset_free(d);
    }
}

static void test_quotes(void **state)
{
    (void)state;
    symlut_dataset *d = load_good("\"a,b\",\"say \"\"c\"\"\",\"two\nlines\",y\n"
                                  "1,2,3,\"x,\"\"y\"\"\"\n3,4,5,\"p\nq\"\r\n",
                                  plain());
    assert_string_equal(symlut_dataset_feature_name(d, 0), "a,b");
    assert_string_equal(symlut_dataset_feature_name(d, 1), "say \"c\"");
    assert_string_equal(symlut_dataset_feature_name(d, 2), "two\nlines");
    assert_int_equal(symlut_dataset_classes(d), 2);
    assert_string_equal(symlut_dataset_class_name(d, 0), "p\nq");
    assert_string_equal(symlut_dataset_class_name(d, 1), "x,\"y\"");
    ASSERT_TARGET(d, 1, 0);
    symlut_dataset_free(d);
}

/* A line number counts the lines inside quotes. */
static void test_line_numbers(void **state)
{
    (void)state;
    assert_refused(load_plain("a,y\n1,\"p\nq\nr\"\n2,s\nbad,s\n"), 6, 1,
                   "column 'a': 'bad' is not a number");
    assert_refused(load_plain("a,y\r\n1,2\r\n\r\nbad,3\r\n"), 4, 1,
                   "column 'a': 'bad' is not a number");
    assert_refused(load_plain("a,y\r1,2\r\rbad,3\r"), 4, 1, "column 'a': 'bad' is not a number");
    load_result r = load_plain("a,b,y\n1,2,3\n4, oops ,6\n");
    assert_refused(r, 3, 3, "column 'b': 'oops' is not a number");
    assert_string_equal(r.err.source, "4, oops ,6");
}

static void test_no_header(void **state)
{
    (void)state;
    symlut_dataset *d = load_good("1,2,3\n4,5,6.5\n", plain());
    assert_int_equal(symlut_dataset_rows(d), 2);
    assert_string_equal(symlut_dataset_feature_name(d, 0), "x0");
    assert_string_equal(symlut_dataset_target_name(d), "x2");
    symlut_dataset_free(d);
    /* rows with a class at the end and no header */
    d = load_good("5.1,3.5,setosa\n4.9,3,setosa\n6.3,2.5,virginica\n", plain());
    assert_int_equal(symlut_dataset_rows(d), 3);
    assert_int_equal(symlut_dataset_classes(d), 2);
    symlut_dataset_free(d);
    /* numbers as column names */
    d = load_good("0,1,label\n4.9,3,p\n6.3,2.5,q\n", plain());
    assert_int_equal(symlut_dataset_rows(d), 2);
    assert_string_equal(symlut_dataset_feature_name(d, 1), "1");
    assert_string_equal(symlut_dataset_target_name(d), "label");
    symlut_dataset_free(d);
}

static void test_decimal_commas_do_not_confuse_the_separator(void **state)
{
    (void)state;
    assert_refused(load_plain("a;y\n1,5;2,5\n2,5;3,5\n"), 2, 1,
                   "column 'a': '1,5' is not a number: write a decimal point and no separator of "
                   "thousands");
}

static void test_rows_larger_than_the_buffer(void **state)
{
    (void)state;
    /* 3 MB a row: 60,000 cells of 50 characters, two rows. */
    size_t room = 7u << 20, used = 0;
    char *text = malloc(room);
    assert_non_null(text);
    for (int row = 0; row < 2; row++) {
        for (int i = 0; i < 60000; i++)
            used += (size_t)snprintf(text + used, room - used, "%s%50.40f", i ? "," : "",
                                     i + 0.25 * row);
        used += (size_t)snprintf(text + used, room - used, "\n");
    }
    symlut_dataset *d = load_good(text, plain());
    assert_int_equal(symlut_dataset_rows(d), 2);
    assert_int_equal(symlut_dataset_features(d), 59999);
    ASSERT_COLUMN(d, 59998, 59998, 59998.25);
    symlut_dataset_free(d);
    free(text);
}

/* Records, quotes and line ends fall on every place of the buffer's edge. */
static void test_records_across_buffers(void **state)
{
    (void)state;
    enum { ROWS = 90000 };
    size_t room = ROWS * 60, used = 0;
    char *text = malloc(room);
    assert_non_null(text);
    used += (size_t)snprintf(text, room, "a,\"b\"\"c\",y\r\n");
    for (int i = 0; i < ROWS; i++)
        used += (size_t)snprintf(text + used, room - used, "%d,\"%d.5\",\"%s\"\"\n%d\"\r\n", i, i,
                                 "cls" + i % 3, i % 7);
    symlut_dataset *d = load_good(text, plain());
    assert_int_equal(symlut_dataset_rows(d), ROWS);
    assert_int_equal(symlut_dataset_classes(d), 21);
    for (int i = 0; i < ROWS; i++) {
        assert_true(symlut_dataset_column(d, 0)[i] == i);
        assert_true(symlut_dataset_column(d, 1)[i] == i + 0.5);
        char name[16];
        snprintf(name, sizeof name, "%s\"\n%d", "cls" + i % 3, i % 7);
        assert_string_equal(symlut_dataset_class_name(d, (size_t)symlut_dataset_target(d)[i]),
                            name);
    }
    symlut_dataset_free(d);
    free(text);
}

static void test_malformed(void **state)
{
    (void)state;
    assert_refused(load_plain(""), 0, 0, "is empty, expected rows of numbers");
    assert_refused(load_plain("\n \n\r\n"), 0, 0, "is empty, expected rows of numbers");
    assert_refused(load_plain("\xEF\xBB\xBF"), 0, 0, "is empty, expected rows of numbers");
    assert_refused(load_plain("a,b,y\n"), 0, 0, "holds a header and no rows");
    assert_refused(load_plain("a,b,y\n1,2,3\n4,5\n"), 3, 3,
                   "this row has 2 cells, expected 3 as in the first");
    assert_refused(load_plain("a,b,y\n1,2,3\n4,5,6,7,8\n"), 3, 7,
                   "this row has 5 cells, expected 3 as in the first");
    assert_refused(load_plain("a,b,a\n1,2,3\n"), 1, 1,
                   "columns 1 and 3 are both named 'a': rename one");
    assert_refused(load_plain("a,y\n\"1,2\n3,4\n"), 2, 1,
                   "the quote that opens here is never closed");
    assert_refused(load_plain("a,y\n1,\"2\"3\n"), 2, 3,
                   "text follows the closing quote of this cell, expected ',' or the end of the "
                   "line (a quote inside a quoted cell is written twice)");
    assert_refused(load_plain("a,y\n1,2\n,3\n"), 3, 1,
                   "column 'a': the cell is empty, expected a number: fill it in, or drop such "
                   "rows (--drop-nonfinite)");
    assert_refused(
        load_plain("a,y\n1,2\ninf,3\n"), 3, 1,
        "column 'a': 'inf' is not finite: correct it, or drop such rows (--drop-nonfinite)");
    assert_refused(
        load_plain("a,y\n1,2\n3,nan\n"), 3, 3,
        "column 'y': 'nan' is not finite: correct it, or drop such rows (--drop-nonfinite)");
    assert_refused(load_plain("a,y\nred,2\n3,4\n"), 2, 1,
                   "column 'a' holds text ('red'), a feature must be a number: name the features "
                   "to use and leave it out, or write it as numbers");
    assert_refused(load_plain("y\n1\n2\n"), 0, 0,
                   "holds one column only ('y'): expected at least one feature and "
                   "a target, separated by ',', ';' or a tab");
    assert_refused(load_plain("a,\xff,y\n1,2,3\n"), 1, 1,
                   "the name of column 2 is not UTF-8 text: save the file as UTF-8");
    assert_refused(load_plain("\x1f\x8b..."), 0, 0, "is gzip-compressed: unpack it first");
    assert_refused(load_plain("\xff\xfe"
                              "a,b"),
                   0, 0, "is UTF-16 text: save it as UTF-8");
}

typedef struct seen_rows {
    size_t rows;
    char text[256];
} seen_rows;

static symlut_status see_row(void *context, const char *const *cells, size_t count, long line,
                             symlut_error *err)
{
    (void)err;
    seen_rows *s = context;
    s->rows++;
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(s->text);
        snprintf(s->text + used, sizeof s->text - used, "%ld:%s|", line, cells[i]);
    }
    return SYMLUT_OK;
}

static void test_rows_of_text(void **state)
{
    (void)state;
    char path[] = "/tmp/symlut-rows-XXXXXX";
    close(mkstemp(path));
    const char *text = "a;b\n\n\"x\n;y\"; 2 \nlast;\n";
    assert_int_equal(file_write(path, text, strlen(text), NULL), SYMLUT_OK);
    seen_rows seen = {0};
    assert_int_equal(csv_each_row(path, see_row, &seen, NULL), SYMLUT_OK);
    assert_int_equal(seen.rows, 3);
    assert_string_equal(seen.text, "1:a|1:b|3:x\n;y|3:2|5:last|5:|");
    symlut_error err;
    assert_int_equal(file_write(path, "a,b\n\"c", 6, NULL), SYMLUT_OK);
    assert_int_equal(csv_each_row(path, see_row, &seen, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, "the quote that opens here is never closed");
    assert_int_equal(err.line, 2);
    unlink(path);
    assert_int_equal(csv_each_row(path, see_row, &seen, &err), SYMLUT_BAD_INPUT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_header_and_types),
        cmocka_unit_test(test_dresses),
        cmocka_unit_test(test_quotes),
        cmocka_unit_test(test_line_numbers),
        cmocka_unit_test(test_no_header),
        cmocka_unit_test(test_decimal_commas_do_not_confuse_the_separator),
        cmocka_unit_test(test_rows_larger_than_the_buffer),
        cmocka_unit_test(test_records_across_buffers),
        cmocka_unit_test(test_malformed),
        cmocka_unit_test(test_rows_of_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
