#include "data_files.h"

#include <zlib.h>

#include "base/text.h"

static symlut_data_options plain(void)
{
    return symlut_data_options_defaults();
}

typedef struct archive {
    text bytes, directory;
    unsigned members;
} archive;

static void put(text *t, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        text_append_n(t, (char[]){(char)(value >> (8 * i))}, 1);
}

static void add_member(archive *z, const char *name, const void *data, size_t size, bool pack)
{
    uLongf packed = compressBound(size) + 16;
    unsigned char *out = malloc(packed);
    assert_non_null(out);
    uint32_t crc = (uint32_t)crc32(0, data, (uInt)size);
    if (pack) {
        z_stream s = {0};
        assert_int_equal(deflateInit2(&s, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
        s.next_in = (z_const Bytef *)data;
        s.avail_in = (uInt)size;
        s.next_out = out;
        s.avail_out = (uInt)packed;
        assert_int_equal(deflate(&s, Z_FINISH), Z_STREAM_END);
        packed = s.total_out;
        deflateEnd(&s);
    } else {
        memcpy(out, data, size);
        packed = size;
    }
    size_t at = z->bytes.length;
    text_append_n(&z->bytes, "PK\3\4\x14\0\0\0", 8);
    put(&z->bytes, pack ? 8 : 0, 2);
    put(&z->bytes, 0, 4);
    put(&z->bytes, crc, 4);
    put(&z->bytes, packed, 4);
    put(&z->bytes, size, 4);
    put(&z->bytes, strlen(name), 2);
    put(&z->bytes, 0, 2);
    text_append(&z->bytes, name);
    text_append_n(&z->bytes, (char *)out, packed);
    free(out);
    text_append_n(&z->directory, "PK\1\2\x14\0\x14\0\0\0", 10);
    put(&z->directory, pack ? 8 : 0, 2);
    put(&z->directory, 0, 4);
    put(&z->directory, crc, 4);
    put(&z->directory, packed, 4);
    put(&z->directory, size, 4);
    put(&z->directory, strlen(name), 2);
    put(&z->directory, 0, 8);
    put(&z->directory, 0, 4);
    put(&z->directory, at, 4);
    text_append(&z->directory, name);
    z->members++;
}

static void add_array(archive *z, const char *name, const char *shape, const double *values,
                      size_t count, bool pack)
{
    text t = {0}, header = {0};
    text_printf(&header, "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }\n", shape);
    text_append_n(&t, "\x93NUMPY\1\0", 8);
    put(&t, header.length, 2);
    text_append(&t, header.data);
    text_append_n(&t, (const char *)values, count * sizeof *values);
    add_member(z, name, t.data, t.length, pack);
    text_free(&header);
    text_free(&t);
}

static void finish(archive *z)
{
    size_t at = z->bytes.length;
    text_append_n(&z->bytes, z->directory.data ? z->directory.data : "", z->directory.length);
    text_append_n(&z->bytes, "PK\5\6\0\0\0\0", 8);
    put(&z->bytes, z->members, 2);
    put(&z->bytes, z->members, 2);
    put(&z->bytes, z->directory.length, 4);
    put(&z->bytes, at, 4);
    put(&z->bytes, 0, 2);
    text_free(&z->directory);
}

static load_result load_archive(archive *z, symlut_data_options o)
{
    finish(z);
    load_result r = load_bytes(z->bytes.data, z->bytes.length, ".npz", o);
    text_free(&z->bytes);
    return r;
}

static const double X[] = {1, 2, 3, 4.5, 5, 6}, Y[] = {0.5, 1.5, 2.25};

static void test_x_and_y(void **state)
{
    (void)state;
    for (int pack = 0; pack < 2; pack++) {
        archive z = {0};
        add_array(&z, "y.npy", "(3,)", Y, 3, pack);
        add_array(&z, "X.npy", "(3, 2)", X, 6, pack);
        add_member(&z, "readme.txt", "hello", 5, pack);
        load_result r = load_archive(&z, plain());
        if (r.status != SYMLUT_OK)
            fail_msg("%s", r.err.message);
        assert_int_equal(symlut_dataset_features(r.data), 2);
        assert_string_equal(symlut_dataset_feature_name(r.data, 1), "x1");
        assert_string_equal(symlut_dataset_target_name(r.data), "y");
        ASSERT_COLUMN(r.data, 0, 1, 3, 5);
        ASSERT_COLUMN(r.data, 1, 2, 4.5, 6);
        ASSERT_TARGET(r.data, 0.5, 1.5, 2.25);
        symlut_dataset_free(r.data);
    }
}

static void test_columns(void **state)
{
    (void)state;
    archive z = {0};
    add_array(&z, "mass.npy", "(3,)", X, 3, true);
    add_array(&z, "width.npy", "(3, 1)", X + 3, 3, false);
    add_array(&z, "z.npy", "(3,)", Y, 3, true);
    load_result r = load_archive(&z, plain());
    assert_int_equal(r.status, SYMLUT_OK);
    assert_string_equal(symlut_dataset_feature_name(r.data, 0), "mass");
    assert_string_equal(symlut_dataset_feature_name(r.data, 1), "width");
    assert_string_equal(symlut_dataset_target_name(r.data), "z");
    ASSERT_COLUMN(r.data, 1, 4.5, 5, 6);
    symlut_dataset_free(r.data);
}

static void test_named_array(void **state)
{
    (void)state;
    symlut_data_options o = plain();
    o.table = "b";
    archive z = {0};
    add_array(&z, "a.npy", "(3,)", Y, 3, true);
    add_array(&z, "b.npy", "(2, 3)", X, 6, true);
    load_result r = load_archive(&z, o);
    assert_int_equal(r.status, SYMLUT_OK);
    ASSERT_TARGET(r.data, 3, 6);
    symlut_dataset_free(r.data);
}

static void test_refused(void **state)
{
    (void)state;
    symlut_data_options o = plain();
    archive z = {0};
    add_array(&z, "a.npy", "(3,)", Y, 3, true);
    add_array(&z, "b.npy", "(2, 3)", X, 6, true);
    assert_refused(
        load_archive(&z, o), 0, 0,
        "its arrays have different numbers of rows; name the one to read, or store X and "
        "y: it holds a (3), b (2 \xc3\x97 3)");
    z = (archive){0};
    add_array(&z, "a.npy", "(3,)", Y, 3, true);
    o.table = "c";
    assert_refused(load_archive(&z, o), 0, 0, "no array 'c': it holds a");
    z = (archive){0};
    add_member(&z, "notes.txt", "hello", 5, false);
    assert_refused(
        load_archive(&z, plain()), 0, 0,
        "is a ZIP archive without a .npy array; its first member is 'notes.txt': expected "
        "an NPZ file");
    z = (archive){0};
    assert_refused(load_archive(&z, plain()), 0, 0,
                   "is a ZIP archive without a .npy array: expected an NPZ file");
    z = (archive){0};
    add_array(&z, "a.npy", "(3, 2)", X, 6, true);
    finish(&z);
    assert_refused(load_bytes(z.bytes.data, z.bytes.length - 10, ".npz", plain()), 0, 0,
                   "is cut short: the ZIP directory at its end is missing");
    z.bytes.data[60] ^= 1; /* in the packed bytes */
    load_result r = load_bytes(z.bytes.data, z.bytes.length, ".npz", plain());
    assert_int_equal(r.status, SYMLUT_BAD_INPUT);
    text_free(&z.bytes);
}

/* Whatever single bit of a stored element flips, the checksum finds it. */
static void test_checksum(void **state)
{
    (void)state;
    archive z = {0};
    add_array(&z, "a.npy", "(3, 2)", X, 6, false);
    size_t end = z.bytes.length;
    finish(&z);
    for (size_t back = 1; back <= 48; back++) {
        z.bytes.data[end - back] ^= 4;
        load_result r = load_bytes(z.bytes.data, z.bytes.length, ".npz", plain());
        assert_refused(r, 0, 0, "array 'a' is damaged: its checksum is wrong");
        z.bytes.data[end - back] ^= 4;
    }
    text_free(&z.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_x_and_y),     cmocka_unit_test(test_columns),
        cmocka_unit_test(test_named_array), cmocka_unit_test(test_refused),
        cmocka_unit_test(test_checksum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
