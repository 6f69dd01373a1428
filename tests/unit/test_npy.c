#include "data_files.h"

#include "base/text.h"

static symlut_data_options plain(void)
{
    return symlut_data_options_defaults();
}

/* Version 1 header around a dictionary, then the elements. */
static load_result load_array(const char *dictionary, const void *elements, size_t size,
                              symlut_data_options options)
{
    text t = {0};
    size_t length = strlen(dictionary) + 1;
    text_append_n(&t, "\x93NUMPY\1\0", 8);
    text_append_n(&t, (char[]){(char)length, (char)(length >> 8)}, 2);
    text_printf(&t, "%s\n", dictionary);
    text_append_n(&t, elements, size);
    load_result r = load_bytes(t.data, t.length, ".npy", options);
    text_free(&t);
    return r;
}

static void test_orders(void **state)
{
    (void)state;
    /* [[1, 2.5], [-3, 4.5]] as little-endian float64 in C order */
    static const char c_order[] = "\0\0\0\0\0\0\xf0\x3f\0\0\0\0\0\0\4\x40"
                                  "\0\0\0\0\0\0\x08\xc0\0\0\0\0\0\0\x12\x40";
    load_result r = load_array("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }",
                               c_order, 32, plain());
    assert_int_equal(r.status, SYMLUT_OK);
    assert_int_equal(symlut_dataset_features(r.data), 1);
    assert_string_equal(symlut_dataset_feature_name(r.data, 0), "x0");
    assert_string_equal(symlut_dataset_target_name(r.data), "x1");
    ASSERT_COLUMN(r.data, 0, 1, -3);
    ASSERT_TARGET(r.data, 2.5, 4.5);
    symlut_dataset_free(r.data);
    /* the same bytes as columns, keys in another order and other quotes */
    r = load_array("{\"shape\":(2,2),\"fortran_order\":True,\"descr\":\"<f8\"}", c_order, 32,
                   plain());
    assert_int_equal(r.status, SYMLUT_OK);
    ASSERT_COLUMN(r.data, 0, 1, 2.5);
    ASSERT_TARGET(r.data, -3, 4.5);
    symlut_dataset_free(r.data);
    /* big-endian int16: [[1, -2], [256, 3]] */
    r = load_array("{'descr': '>i2', 'fortran_order': False, 'shape': (2, 2)}",
                   "\0\1\xff\xfe\1\0\0\3", 8, plain());
    assert_int_equal(r.status, SYMLUT_OK);
    ASSERT_COLUMN(r.data, 0, 1, 256);
    ASSERT_TARGET(r.data, -2, 3);
    symlut_dataset_free(r.data);
}

/* A column 0, 1 beside one element of each type, at its extremes. */
static void check_type(const char *type, const void *pair, size_t size, double first, double second)
{
    char dictionary[128];
    symlut_data_options o = plain();
    o.target = "y";
    o.target_optional = true;
    snprintf(dictionary, sizeof dictionary,
             "{'descr': '%s', 'fortran_order': False, 'shape': (2,), }", type);
    load_result r = load_array(dictionary, pair, 2 * size, o);
    if (r.status != SYMLUT_OK)
        fail_msg("%s: %s", type, r.err.message);
    ASSERT_COLUMN(r.data, 0, first, second);
    symlut_dataset_free(r.data);
}

static void test_types(void **state)
{
    (void)state;
    check_type("|i1", "\x7f\x80", 1, 127, -128);
    check_type("|u1", "\x7f\xff", 1, 127, 255);
    check_type("|b1", "\0\1", 1, 0, 1);
    check_type("<i2", "\xff\x7f\0\x80", 2, 32767, -32768);
    check_type("<u2", "\xff\xff\0\x80", 2, 65535, 32768);
    check_type("<i4", "\xff\xff\xff\x7f\0\0\0\x80", 4, 2147483647, -2147483648.0);
    check_type(">u4", "\xff\xff\xff\xff\0\0\1\0", 4, 4294967295, 256);
    check_type("<i8", "\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x80", 8, -1, -0x1p63);
    check_type(">u8", "\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\5", 8, 0x1p64, 5);
    check_type("<f2", "\0\x3c\1\0", 2, 1, 0x1p-24);
    check_type(">f2", "\x7b\xff\xc0\0", 2, 65504, -2);
    check_type("<f4", "\0\0\x80\x3f\1\0\0\0", 4, 1, 0x1p-149);
    check_type("=f4", "\0\0\x80\x3f\0\0\0\xc0", 4, 1, -2);
}

static void test_rows_that_are_not_finite(void **state)
{
    (void)state;
    static const float values[] = {1, 2, (float)INFINITY, 4, 5, (float)NAN, 7, 8};
    const char *header = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 2)}";
    assert_refused(
        load_array(header, values, sizeof values, plain()), 0, 0,
        "column 'x0', row 2 is not finite: correct it, or drop such rows (--drop-nonfinite)");
    symlut_data_options o = plain();
    o.drop_nonfinite = true;
    load_result r = load_array(header, values, sizeof values, o);
    assert_int_equal(r.status, SYMLUT_OK);
    ASSERT_COLUMN(r.data, 0, 1, 7);
    ASSERT_TARGET(r.data, 2, 8);
    symlut_dataset_free(r.data);
}

static void test_text_targets(void **state)
{
    (void)state;
    char folder[] = "/tmp/symlut-npy-XXXXXX";
    assert_non_null(mkdtemp(folder));
    char x[64], y[64], pair[160];
    snprintf(x, sizeof x, "%s/X.npy", folder);
    snprintf(y, sizeof y, "%s/y.npy", folder);
    snprintf(pair, sizeof pair, "%s,%s", x, y);
    static const char x_file[] =
        "\x93NUMPY\1\0\x3a\0{'descr': '|u1', 'fortran_order': False, 'shape': (3, 1)}\n"
        "\1\2\3";
    static const char y_file[] =
        "\x93NUMPY\2\0\x39\0\0\0{'descr': '<U2', 'fortran_order': False, 'shape': (3,)} \n"
        "q\0\0\0\0\0\0\0\xe9\0\0\0t\0\0\0q\0\0\0\0\0\0\0";
    assert_int_equal(file_write(x, x_file, sizeof x_file - 1, NULL), SYMLUT_OK);
    assert_int_equal(file_write(y, y_file, sizeof y_file - 1, NULL), SYMLUT_OK);
    symlut_dataset *d;
    symlut_error err;
    symlut_data_options o = plain();
    if (symlut_dataset_load(&d, pair, &o, NULL, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    assert_int_equal(symlut_dataset_classes(d), 2);
    assert_string_equal(symlut_dataset_class_name(d, 0), "q");
    assert_string_equal(symlut_dataset_class_name(d, 1), "\xc3\xa9t");
    ASSERT_TARGET(d, 0, 1, 0);
    symlut_dataset_free(d);
    o.task = SYMLUT_REGRESSION;
    assert_int_equal(symlut_dataset_load(&d, pair, &o, NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.file, y);
    assert_int_equal(directory_remove(folder, NULL), SYMLUT_OK);
}

static void test_malformed(void **state)
{
    (void)state;
    static const double values[8] = {1, 2, 3, 4, 5, 6, 7, 8.5};
    static const struct {
        const char *dictionary, *message;
    } bad[] = {
        {"{'descr': '<c16', 'fortran_order': False, 'shape': (2, 2)}",
         "holds elements of type '<c16', expected float16, 32 or 64, an integer type, bool, or "
         "text "
         "for a target"},
        {"{'descr': '|O', 'fortran_order': False, 'shape': (2, 2)}",
         "holds Python objects (type '|O'): save it with a numeric type, as array.astype(float)"},
        {"{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (2,)}",
         "holds records with fields, expected plain numbers: save one array per field in an NPZ "
         "file"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': ()}",
         "has 0 dimensions, expected 1 (one column) or 2 (rows and columns)"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2, 2)}",
         "has 3 dimensions, expected 1 (one column) or 2 (rows and columns)"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (0, 3)}",
         "has the shape 0 \xc3\x97 3: there is no row or no column in it"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (5, 2)}",
         "is cut short: the header promises 5 \xc3\x97 2 elements of 8 bytes, the file ends "
         "before"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296)}",
         "is cut short: the header promises 4294967296 \xc3\x97 4294967296 elements of 8 bytes, "
         "the file "
         "ends before"},
        {"{'descr': '<f8', 'fortran_order': False}",
         "its header is damaged near '', expected {'descr': …, 'fortran_order': …, 'shape': …}"},
        {"{'descr': '<f8', 'fortran_order': 0, 'shape': (2, 2)}",
         "its header is damaged near '0, 'shape': (2, 2)}\n', expected {'descr': …, "
         "'fortran_order': "
         "…, 'shape': …}"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (-2, 2)}",
         "its header is damaged near '-2, 2)}\n', expected {'descr': …, 'fortran_order': …, "
         "'shape': …}"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999999, 2)}",
         "its header is damaged near '9999, 2)}\n', expected {'descr': …, 'fortran_order': …, "
         "'shape': …}"},
        {"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 70000)}",
         "is cut short: the header promises 1 \xc3\x97 70000 elements of 8 bytes, the file ends "
         "before"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_refused(load_array(bad[i].dictionary, values, sizeof values, plain()), 0, 0,
                       bad[i].message);
    char *wide = calloc(70000, 1);
    assert_refused(load_array("{'descr': '|i1', 'fortran_order': False, 'shape': (1, 70000)}", wide,
                              70000, plain()),
                   0, 0, "has 70000 columns, at most 65535 features can be used");
    free(wide);
    assert_refused(load_bytes("\x93NUMPY\7\0", 8, ".npy", plain()), 0, 0,
                   "is of NPY version 7, expected 1 to 3");
    assert_refused(load_bytes("\x93NUMPY\1\0\x76\0{'des", 15, ".npy", plain()), 0, 0,
                   "ends inside its header");
    assert_refused(load_bytes("\x93NUMPY\2\0\xff\xff\xff\xff", 12, ".npy", plain()), 0, 0,
                   "its header is damaged: it claims 4294967295 bytes");
    assert_refused(load_bytes("1,2\n", 4, ".npy", plain()), 0, 0,
                   "is named .npy but does not begin as such a file does");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders),
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_rows_that_are_not_finite),
        cmocka_unit_test(test_text_targets),
        cmocka_unit_test(test_malformed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
