#include "data_files.h"

#include <hdf5.h>

static char folder[] = "/tmp/symlut-hdf5-XXXXXX", path[64];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return 1;
    snprintf(path, sizeof path, "%s/a.h5", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    return directory_remove(folder, NULL) != SYMLUT_OK;
}

static hid_t create(void)
{
    hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(file >= 0);
    return file;
}

static void write_set(hid_t where, const char *name, int rank, hsize_t rows, hsize_t columns,
                      hid_t stored, hid_t type, const void *values)
{
    hsize_t size[3] = {rows, columns, 2};
    hid_t space = H5Screate_simple(rank, size, NULL);
    hid_t set = H5Dcreate2(where, name, stored, space, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    assert_true(set >= 0);
    assert_true(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, values) >= 0);
    H5Dclose(set);
    H5Sclose(space);
}

static symlut_status load(symlut_dataset **d, const char *table, symlut_error *err)
{
    symlut_data_options o = symlut_data_options_defaults();
    o.table = table;
    return symlut_dataset_load(d, path, &o, NULL, err);
}

static symlut_dataset *load_well(const char *table)
{
    symlut_dataset *d;
    symlut_error err;
    if (load(&d, table, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    return d;
}

static void refused(const char *table, const char *message)
{
    symlut_dataset *d;
    symlut_error err;
    assert_int_equal(load(&d, table, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, message);
    assert_string_equal(err.file, path);
}

static const double VALUES[] = {1, 2.5, 3, 4, 5, 6.5};

static void test_data_set(void **state)
{
    (void)state;
    hid_t file = create();
    write_set(file, "d", 2, 2, 3, H5T_IEEE_F32BE, H5T_NATIVE_DOUBLE, VALUES);
    H5Fclose(file);
    symlut_dataset *d = load_well(NULL);
    assert_int_equal(symlut_dataset_features(d), 2);
    assert_string_equal(symlut_dataset_target_name(d), "x2");
    ASSERT_COLUMN(d, 0, 1, 4);
    ASSERT_COLUMN(d, 1, 2.5, 5);
    ASSERT_TARGET(d, 3, 6.5);
    symlut_dataset_free(d);
}

static void test_x_and_y(void **state)
{
    (void)state;
    hid_t file = create();
    hid_t group = H5Gcreate2(file, "train", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
    write_set(group, "X", 2, 3, 2, H5T_STD_I16LE, H5T_NATIVE_DOUBLE, VALUES);
    static const char labels[3][4] = {"q", "top", "q"};
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, 4);
    write_set(group, "y", 1, 3, 0, text, text, labels);
    write_set(file, "other", 1, 2, 0, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, VALUES);
    H5Tclose(text);
    H5Gclose(group);
    H5Fclose(file);
    symlut_dataset *d = load_well("train");
    assert_int_equal(symlut_dataset_classes(d), 2);
    ASSERT_COLUMN(d, 0, 1, 3, 5);
    ASSERT_COLUMN(d, 1, 2, 4, 6);
    ASSERT_TARGET(d, 0, 1, 0);
    symlut_dataset_free(d);
    refused(NULL,
            "which data set to read must be named (--table): it holds /other (2), /train/X (3 "
            "\xc3\x97 2), /train/y (3)");
    refused("test", "no data set 'test', nor X and y below it: it holds /other (2), /train/X (3 "
                    "\xc3\x97 2), /train/y (3)");
}

static void test_variable_texts(void **state)
{
    (void)state;
    hid_t file = create();
    write_set(file, "X", 2, 3, 2, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, VALUES);
    const char *labels[3] = {"gluon", "q", "gluon"};
    hid_t text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, H5T_VARIABLE);
    write_set(file, "y", 1, 3, 0, text, text, labels);
    H5Tclose(text);
    H5Fclose(file);
    symlut_dataset *d = load_well(NULL);
    assert_string_equal(symlut_dataset_class_name(d, 0), "gluon");
    ASSERT_TARGET(d, 0, 1, 0);
    symlut_dataset_free(d);
}

typedef struct record {
    float mass;
    char name[8];
    int count;
    double y;
} record;

static void test_table(void **state)
{
    (void)state;
    static const record rows[] = {{1.5f, "a", 7, 0.25}, {2.5f, "b", -8, 0.5}, {3.5f, "a", 9, 0.75}};
    hid_t file = create();
    hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(record)), text = H5Tcopy(H5T_C_S1);
    H5Tset_size(text, 8);
    H5Tinsert(type, "mass", HOFFSET(record, mass), H5T_NATIVE_FLOAT);
    H5Tinsert(type, "name", HOFFSET(record, name), text);
    H5Tinsert(type, "count", HOFFSET(record, count), H5T_NATIVE_INT);
    H5Tinsert(type, "y", HOFFSET(record, y), H5T_NATIVE_DOUBLE);
    write_set(file, "t", 1, 3, 0, type, type, rows);
    H5Tclose(type);
    H5Tclose(text);
    H5Fclose(file);
    refused(NULL,
            "column 'name' holds text ('a'), a feature must be a number: name the features to "
            "use and leave it out, or write it as numbers");
    symlut_data_options o = symlut_data_options_defaults();
    o.features = "count,mass";
    symlut_dataset *d;
    assert_int_equal(symlut_dataset_load(&d, path, &o, NULL, NULL), SYMLUT_OK);
    ASSERT_COLUMN(d, 0, 7, -8, 9);
    ASSERT_COLUMN(d, 1, 1.5, 2.5, 3.5);
    ASSERT_TARGET(d, 0.25, 0.5, 0.75);
    symlut_dataset_free(d);
    o.target = "name";
    assert_int_equal(symlut_dataset_load(&d, path, &o, NULL, NULL), SYMLUT_OK);
    assert_string_equal(symlut_dataset_class_name(d, 1), "b");
    ASSERT_TARGET(d, 0, 1, 0);
    symlut_dataset_free(d);
}

static void test_refused(void **state)
{
    (void)state;
    hid_t file = create();
    H5Fclose(file);
    refused(NULL, "which data set to read must be named (--table): it holds no data set");
    file = create();
    static const double cube[8] = {0};
    write_set(file, "cube", 3, 2, 2, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, cube);
    H5Fclose(file);
    refused(NULL,
            "data set '/cube' is no table of numbers: expected one or two dimensions of integers "
            "or floating-point numbers, or records of them");
}

/* Wherever the file ends too early, that is said and nothing crashes. */
static void test_cut_short(void **state)
{
    (void)state;
    hid_t file = create();
    write_set(file, "d", 2, 2, 3, H5T_IEEE_F64LE, H5T_NATIVE_DOUBLE, VALUES);
    H5Fclose(file);
    char *bytes;
    size_t length;
    assert_int_equal(file_read(&bytes, &length, path, NULL), SYMLUT_OK);
    for (size_t n = 8; n < length; n += 97) {
        symlut_dataset *d;
        symlut_error err;
        assert_int_equal(file_write(path, bytes, n, NULL), SYMLUT_OK);
        assert_int_equal(load(&d, NULL, &err), SYMLUT_BAD_INPUT);
        assert_string_equal(err.message,
                            "is damaged or cut short: it does not open as an HDF5 file");
    }
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_data_set),       cmocka_unit_test(test_x_and_y),
        cmocka_unit_test(test_variable_texts), cmocka_unit_test(test_table),
        cmocka_unit_test(test_refused),        cmocka_unit_test(test_cut_short),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
