#include <dirent.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/file.h"
#include "data/dataset.h"
#include "emit/emit.h"
#include "expr/model.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/symlut_test_XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int drop_folder(void **state)
{
    (void)state;
    return directory_remove(folder, NULL) == SYMLUT_OK ? 0 : -1;
}

static const char *inside(const char *name)
{
    static char paths[8][160];
    static int next;
    char *path = paths[next++ % 8];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static symlut_firmware *compile_text(const char *equations, const char *precision)
{
    symlut_error err = {0};
    assert_int_equal(file_write(inside("model.txt"), equations, strlen(equations), &err),
                     SYMLUT_OK);
    symlut_model *model;
    symlut_model_options model_options = symlut_model_options_defaults();
    assert_int_equal(symlut_model_load(&model, inside("model.txt"), &model_options, &err),
                     SYMLUT_OK);
    if (model->input_count > 1) {
        model->inputs[1].mean = 0.1; /* not a short decimal in binary */
        model->inputs[1].scale = 3;
    }
    symlut_compile_options options = symlut_compile_options_defaults();
    options.precision = precision;
    symlut_firmware *fw;
    if (symlut_compile(&fw, model, &options, NULL, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    symlut_model_free(model);
    return fw;
}

enum { ROWS = 2000 };

/* Two columns, with values beyond the format and some that are not finite. */
static symlut_dataset small_data(double *a, double *b, double **columns, const char **names)
{
    for (int i = 0; i < ROWS; i++) {
        a[i] = (i - 1000) * 0.037;
        b[i] = sin(i) * 40;
    }
    a[7] = NAN;
    b[8] = INFINITY;
    columns[0] = a;
    columns[1] = b;
    names[0] = "x0";
    names[1] = "x1";
    return (symlut_dataset){
        .rows = ROWS, .features = 2, .columns = columns, .feature_names = names};
}

/* fixed<16,6> with TRN and WRAP, by its definition. */
static double expected_product_sum(double a, double b)
{
    double scaled = (b - 0.1) / 3;
    double qa = isnan(a) ? 0 : fmin(fmax(rint(a * 1024), -32768), 32767) / 1024;
    double qb = fmin(fmax(rint(scaled * 1024), -32768), 32767) / 1024;
    double product = floor(qa * qb * 1024) / 1024;
    product -= 64 * floor((product + 32) / 64);
    double sum = product + 1.5;
    return sum - 64 * floor((sum + 32) / 64);
}

static void test_prediction_is_the_stated_arithmetic(void **state)
{
    (void)state;
    double a[ROWS], b[ROWS], y[ROWS], *columns[2];
    const char *names[2];
    symlut_dataset data = small_data(a, b, columns, names);
    symlut_firmware *fw = compile_text("y = x0*x1 + 1.5\n", "fixed<16,6>");
    assert_int_equal(symlut_firmware_predict(fw, &data, y, NULL), SYMLUT_OK);
    for (int i = 0; i < ROWS; i++)
        assert_true(y[i] == expected_product_sum(a[i], b[i]));
    symlut_firmware_free(fw);
}

static void test_a_written_firmware_opens_and_predicts_the_same(void **state)
{
    (void)state;
    double a[ROWS], b[ROWS], y[2 * ROWS], z[2 * ROWS], *columns[2];
    const char *names[2];
    symlut_dataset data = small_data(a, b, columns, names);
    symlut_firmware *fw =
        compile_text("y = sin(x0)*x1\nz = log(x1) - x0/3\n", "fixed<18,7,RND,SAT>");
    symlut_error err = {0};
    const char *dir = inside("deep/er/fw/");
    assert_int_equal(symlut_firmware_write(fw, dir, &err), SYMLUT_OK);
    symlut_firmware *opened;
    if (symlut_firmware_open(&opened, dir, &err) != SYMLUT_OK)
        fail_msg("%s", err.message);
    assert_int_equal(symlut_firmware_outputs(opened), 2);
    assert_string_equal(symlut_firmware_output_name(opened, 1), "z");
    assert_int_equal(symlut_firmware_latency(opened), symlut_firmware_latency(fw));
    assert_string_equal(symlut_firmware_manifest(opened), symlut_firmware_manifest(fw));
    assert_int_equal(opened->table_count, fw->table_count);
    assert_true(opened->inputs[1].mean == 0.1);
    assert_int_equal(symlut_firmware_predict(fw, &data, y, &err), SYMLUT_OK);
    assert_int_equal(symlut_firmware_predict(opened, &data, z, &err), SYMLUT_OK);
    assert_memory_equal(y, z, sizeof y);
    /* what an opened firmware prints is what it was opened from */
    text again = {0};
    assert_int_equal(emit_manifest(&again, opened, &err), SYMLUT_OK);
    assert_string_equal(again.data, fw->manifest);
    text_free(&again);
    symlut_firmware_free(opened);
    symlut_firmware_free(fw);
}

static size_t count_entries(const char *path)
{
    size_t count = 0;
    DIR *d = opendir(path);
    assert_non_null(d);
    while (readdir(d))
        count++;
    closedir(d);
    return count;
}

static void test_only_a_firmware_is_replaced(void **state)
{
    (void)state;
    symlut_firmware *fw = compile_text("y = x0 + x1\n", "fixed<16,6>");
    symlut_error err = {0};
    assert_int_equal(directory_make(inside("full"), &err), SYMLUT_OK);
    assert_int_equal(file_write(inside("full/thesis.tex"), "x", 1, &err), SYMLUT_OK);
    assert_int_equal(symlut_firmware_write(fw, inside("full"), &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "'thesis.tex', which is no part of a firmware"));
    assert_int_equal(file_write(inside("plain"), "x", 1, &err), SYMLUT_OK);
    assert_int_equal(symlut_firmware_write(fw, inside("plain"), &err), SYMLUT_BAD_INPUT);
    assert_int_equal(directory_make(inside("c_only/c"), &err), SYMLUT_OK);
    assert_int_equal(symlut_firmware_write(fw, inside("c_only"), &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "no manifest.json"));

    assert_int_equal(directory_make(inside("out"), &err), SYMLUT_OK);
    assert_int_equal(symlut_firmware_write(fw, inside("out"), &err), SYMLUT_OK);
    assert_int_equal(file_write(inside("out/c/stale.c"), "x", 1, &err), SYMLUT_OK);
    size_t entries = count_entries(folder);
    assert_int_equal(symlut_firmware_write(fw, inside("out"), &err), SYMLUT_OK);
    assert_false(file_exists(inside("out/c/stale.c")));
    assert_true(file_exists(inside("out/rtl")));
    assert_int_equal(count_entries(folder), entries); /* nothing left behind */
    symlut_firmware_free(fw);
}

static void test_same_model_same_bytes(void **state)
{
    (void)state;
    symlut_error err = {0};
    char *bytes[2];
    size_t length[2];
    for (int i = 0; i < 2; i++) {
        symlut_firmware *fw = compile_text("y = exp(x0)*x1 + tanh(x1)\n", "fixed<14,5>");
        assert_int_equal(symlut_firmware_write(fw, inside("same"), &err), SYMLUT_OK);
        assert_int_equal(file_read(&bytes[i], &length[i], inside("same/graph.ir"), &err),
                         SYMLUT_OK);
        symlut_firmware_free(fw);
    }
    assert_int_equal(length[0], length[1]);
    assert_memory_equal(bytes[0], bytes[1], length[0]);
    free(bytes[0]);
    free(bytes[1]);
}

/* Changes of one manifest and what opening it then says. */
static const struct {
    const char *path[3]; /* keys and indices down to the value */
    const char *json;    /* the new value; NULL: removed */
    const char *message;
} damages[] = {
    {{"kind"}, "\"other\"", "not of the kind 'symlut firmware'"},
    {{"schema"}, "2", "its schema is 2, expected 1"},
    {{"task"}, "\"guess\"", "the task 'guess'"},
    {{"task"}, NULL, "'task' is missing or no text"},
    {{"timing", "latency_cycles"}, "99", "'latency_cycles' is 99"},
    {{"timing"}, "[]", "'timing' is missing or no object"},
    {{"inputs"}, "[]", "'inputs' lists 0, graph.ir has 2"},
    {{"inputs", "0", "port"}, "\"q\"", "port 'q' is 'x0' in graph.ir"},
    {{"inputs", "0", "format"}, "\"fixed<8,3>\"", "port 'x0' is fixed<8,3>"},
    {{"inputs", "1", "scale"}, "0", "no usable scaler"},
    {{"inputs", "1", "mean"}, "\"1\"", "'mean' is missing or no number"},
    {{"outputs", "0", "name"}, "7", "'name' is missing or no text"},
    {{"provenance", "seed"}, NULL, "'seed' is missing"},
    {{"tables"}, NULL, "'tables' is missing or no list"},
    {{"warnings"}, "\"none\"", "'warnings' is missing or no list"},
};

static void damage(json_t *root, const char *const path[3], const char *json)
{
    json_t *at = root;
    int last = path[1] ? path[2] ? 2 : 1 : 0;
    for (int i = 0; i < last; i++)
        at = json_is_array(at) ? json_array_get(at, strtoul(path[i], NULL, 10))
                               : json_object_get(at, path[i]);
    if (json)
        assert_int_equal(
            json_object_set_new(at, path[last], json_loads(json, JSON_DECODE_ANY, NULL)), 0);
    else
        assert_int_equal(json_object_del(at, path[last]), 0);
}

static void test_damaged_manifests_are_refused(void **state)
{
    (void)state;
    symlut_error err = {0};
    symlut_firmware *fw = compile_text("y = x0 + x1\n", "fixed<16,6>");
    assert_int_equal(symlut_firmware_write(fw, inside("hurt"), &err), SYMLUT_OK);
    for (size_t i = 0; i < sizeof damages / sizeof *damages; i++) {
        json_t *root = json_loads(fw->manifest, 0, NULL);
        damage(root, damages[i].path, damages[i].json);
        char *changed = json_dumps(root, 0);
        assert_int_equal(file_write(inside("hurt/manifest.json"), changed, strlen(changed), &err),
                         SYMLUT_OK);
        symlut_firmware *opened;
        assert_int_equal(symlut_firmware_open(&opened, inside("hurt"), &err), SYMLUT_BAD_INPUT);
        assert_null(opened);
        if (!strstr(err.message, damages[i].message) || !strstr(err.file, "manifest.json"))
            fail_msg("damage %zu: %s", i, err.message);
        free(changed);
        json_decref(root);
    }
    assert_int_equal(file_write(inside("hurt/manifest.json"), "{\n \"kind\": ", 12, &err),
                     SYMLUT_OK);
    symlut_firmware *opened;
    assert_int_equal(symlut_firmware_open(&opened, inside("hurt"), &err), SYMLUT_BAD_INPUT);
    assert_int_equal(err.line, 2);
    assert_int_equal(file_write(inside("hurt/graph.ir"), "nonsense", 8, &err), SYMLUT_OK);
    assert_int_equal(symlut_firmware_open(&opened, inside("hurt"), &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.file, "graph.ir"));
    assert_int_equal(symlut_firmware_open(&opened, inside("nowhere"), &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "is no folder"));
    symlut_firmware_free(fw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_prediction_is_the_stated_arithmetic),
        cmocka_unit_test(test_a_written_firmware_opens_and_predicts_the_same),
        cmocka_unit_test(test_only_a_firmware_is_replaced),
        cmocka_unit_test(test_same_model_same_bytes),
        cmocka_unit_test(test_damaged_manifests_are_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
