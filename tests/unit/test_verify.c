/* symlut verify finds what is wrong with an emitted form: each test breaks one thing in the files.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "base/file.h"
#include "emit/emit.h"
#include "tool/verify.h"

typedef struct fixture {
    symlut_firmware fw;
    firmware_input inputs[2];
    const char *outputs[1], *equations[1];
    char *folder;
    char *path; /* PATH of the environment */
} fixture;

static void emit(const symlut_firmware *fw, const char *dir)
{
    emit_files files = {0};
    assert_int_equal(emit_c(&files, fw, NULL), SYMLUT_OK);
    assert_int_equal(emit_verilog(&files, fw, NULL), SYMLUT_OK);
    assert_int_equal(emit_vhdl(&files, fw, NULL), SYMLUT_OK);
    assert_int_equal(emit_hls(&files, fw, NULL), SYMLUT_OK);
    assert_int_equal(emit_emulator(&files, fw, NULL), SYMLUT_OK);
    for (size_t i = 0; i < files.count; i++) {
        char path[600];
        snprintf(path, sizeof path, "%s/%s", dir, files.files[i]->path);
        *strrchr(path, '/') = '\0';
        assert_int_equal(directory_make(path, NULL), SYMLUT_OK);
        path[strlen(path)] = '/';
        const text *t = &files.files[i]->content;
        assert_int_equal(file_write(path, t->data, t->length, NULL), SYMLUT_OK);
    }
    emit_files_free(&files);
}

/* y = fixed<8,4>(a * b), two clocks */
static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    format port = {true, 8, 4};
    graph *g = graph_new();
    graph_ref a = graph_add_reg(g, graph_add_input(g, "a", port));
    graph_ref b = graph_add_reg(g, graph_add_input(g, "b", port));
    graph_ref product = graph_add(g, GRAPH_MUL, a, b, GRAPH_NONE);
    graph_ref y = graph_add_cast(g, product, port, ROUND_RND_CONV, OVERFLOW_SAT);
    graph_add_output(g, "y", graph_add_reg(g, y));
    g->latency = 2;
    f->inputs[0] = (firmware_input){"a", 1, 2, 1, -1};
    f->inputs[1] = (firmware_input){"b", 0, 1, 1, -1};
    f->outputs[0] = "y";
    f->equations[0] = "a*b";
    f->fw = (symlut_firmware){.g = g,
                              .name = "product",
                              .inputs = f->inputs,
                              .output_names = f->outputs,
                              .equations = f->equations,
                              .part = "xcvu9p-2",
                              .dsp = "auto",
                              .version = SYMLUT_VERSION,
                              .clock_mhz = 200};
    assert_int_equal(temporary_folder(&f->folder, NULL), SYMLUT_OK);
    emit(&f->fw, f->folder);
    f->path = strdup(getenv("PATH"));
    assert_non_null(f->path);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    setenv("PATH", f->path, 1);
    free(f->path);
    directory_remove(f->folder, NULL);
    free(f->folder);
    graph_free(f->fw.g);
    free(f);
    return 0;
}

/* Replaces the first `old` in a file of the firmware. */
static void spoil(const fixture *f, const char *file, const char *old, const char *new)
{
    char path[600], *data;
    size_t length;
    snprintf(path, sizeof path, "%s/%s", f->folder, file);
    assert_int_equal(file_read(&data, &length, path, NULL), SYMLUT_OK);
    char *at = strstr(data, old);
    assert_non_null(at);
    text t = {0};
    text_append_n(&t, data, (size_t)(at - data));
    text_append(&t, new);
    text_append(&t, at + strlen(old));
    assert_int_equal(file_write(path, t.data, t.length, NULL), SYMLUT_OK);
    text_free(&t);
    free(data);
}

static symlut_status verify(const fixture *f, const char *forms, symlut_error *err, char **report)
{
    symlut_verify_options options = symlut_verify_options_defaults();
    options.random_vectors = 2000;
    options.forms = forms;
    return verify_firmware(report, &f->fw, f->folder, NULL, &options, NULL, err);
}

static void assert_difference(const fixture *f, const char *form, const char *says)
{
    symlut_error err;
    char *report;
    assert_int_equal(verify(f, form, &err, &report), SYMLUT_NO);
    if (!strstr(err.message, says))
        fail_msg("'%s' does not say '%s'", err.message, says);
    assert_non_null(strstr(report, "\"equal\": false"));
    free(report);
}

static void test_all_forms_equal(void **state)
{
    symlut_error err;
    char *report;
    assert_int_equal(verify(*state, "all", &err, &report), SYMLUT_OK);
    assert_non_null(strstr(report, "\"latency_cycles\": 2"));
    assert_non_null(strstr(report, "\"form\": \"icarus\""));
    assert_non_null(strstr(report, "\"form\": \"netlist\""));
    assert_non_null(strstr(report, "\"form\": \"hls\""));
    assert_non_null(strstr(report, "\"form\": \"vhdl\""));
    assert_null(strstr(report, "false"));
    free(report);
}

static void test_c_rounds_otherwise(void **state)
{
    spoil(*state, "c/product.c", "+ 7 +", "+ 8 +");
    assert_difference(*state, "c", "c differs from the graph at random vector");
}

static void test_c_batch_disagrees(void **state)
{
    spoil(*state, "c/product.c", "product_eval_n(1, in, out);",
          "product_eval_n(1, in, out); out[0] ^= 1;");
    assert_difference(*state, "c", "eval and eval_n differ at vector 0");
}

static void test_verilog_saturates_otherwise(void **state)
{
    spoil(*state, "rtl/product_ops.v", "8'h7f", "8'h7e");
    assert_difference(*state, "verilog", "verilog differs from the graph");
}

/* The netlist and Icarus read the same files as Verilator. */
static void test_icarus_and_the_netlist_saturate_otherwise(void **state)
{
    spoil(*state, "rtl/product_ops.v", "8'h7f", "8'h7e");
    assert_difference(*state, "icarus", "icarus differs from the graph");
    assert_difference(*state, "netlist", "both find a difference: netlist under Icarus Verilog");
}

/* A program `name` that stands before the real one in PATH: `lines` of shell, where the netlist is
 * among its arguments, then the real one. */
static void stand_before(const fixture *f, const char *name, const char *lines)
{
    text script = {0};
    text_printf(&script, "#!/bin/sh\ncase \"$*\" in *netlist.v*)\n%s\n;; esac\n", lines);
    text_printf(&script, "PATH='%s'; export PATH\nexec %s \"$@\"\n", f->path, name);
    char folder[600], path[700];
    snprintf(folder, sizeof folder, "%s/bin", f->folder);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(directory_make(folder, NULL), SYMLUT_OK);
    assert_int_equal(file_write(path, script.data, script.length, NULL), SYMLUT_OK);
    assert_int_equal(chmod(path, 0700), 0);
    text_free(&script);
    text search = {0};
    text_printf(&search, "%s:%s", folder, f->path);
    assert_int_equal(setenv("PATH", search.data, 1), 0);
    text_free(&search);
}

/* Turns the lowest bit of the first output in what Verilator builds of the netlist. */
static const char wrong_verilator[] =
    "for a; do case \"$a\" in *driver.cpp)\n"
    "sed -i 's/std::fwrite(out/out[0] ^= 1; &/' \"$a\";; esac; done";

static void assert_note(const fixture *f, const char *begins, const char *goes_on)
{
    symlut_error err;
    char *report;
    if (verify(f, "netlist", &err, &report) != SYMLUT_OK)
        fail_msg("%s", err.message);
    assert_non_null(strstr(report, "Icarus Verilog"));
    char *note = strstr(report, "\"note\": \"");
    assert_non_null(note);
    assert_non_null(strstr(note, begins));
    assert_non_null(strstr(note, goes_on));
    assert_non_null(strstr(report, "\"equal\": true"));
    free(report);
}

static void test_icarus_decides_where_verilator_differs(void **state)
{
    stand_before(*state, "verilator", wrong_verilator);
    assert_note(*state, ", which decides, finds every bit equal; netlist under Verilator ",
                " differs from the graph at random vector 0, output y: got ");
}

static void test_icarus_runs_what_verilator_cannot(void **state)
{
    stand_before(*state, "verilator", "echo '%Error: Internal Error: of its own'; exit 1");
    assert_note(*state, "\"run under Icarus Verilog ",
                " stopped: 'verilator' failed with exit code 1");
}

/* Nothing is said of the netlist where the one that decides cannot run. */
static void test_verilator_alone_does_not_decide(void **state)
{
    stand_before(*state, "verilator", wrong_verilator);
    stand_before(*state, "iverilog", "echo 'no licence for this'; exit 1");
    symlut_error err;
    char *report;
    assert_int_equal(verify(*state, "netlist", &err, &report), SYMLUT_TOOL);
    assert_null(report);
    assert_non_null(strstr(err.message, "and Icarus, which decides, could not be run: "));
    assert_non_null(strstr(err.message, "no licence for this"));
    assert_non_null(strstr(err.message, " differs from the graph at "));
}

static void test_icarus_is_late(void **state)
{
    spoil(*state, "rtl/product.v", "valid_out = n0_valid[1]", "valid_out = n0_valid[0]");
    assert_difference(*state, "icarus", "icarus: results come 1 clocks after");
}

static void test_icarus_sees_an_unknown_bit(void **state)
{
    spoil(*state, "rtl/product_ops.v", "8'h7f", "8'hxf");
    assert_difference(*state, "icarus", "is 'x'");
}

static void test_verilog_is_late(void **state)
{
    spoil(*state, "rtl/product.v", "valid_out = n0_valid[1]", "valid_out = n0_valid[0]");
    assert_difference(*state, "verilog", "results come 1 clocks after their inputs, expected 2");
}

static void test_verilog_drops_valid(void **state)
{
    spoil(*state, "rtl/product.v", "valid_out = n0_valid[1]", "valid_out = n0_valid[1] & a[0]");
    assert_difference(*state, "verilog", "verilog: ");
}

static void test_vhdl_saturates_otherwise(void **state)
{
    spoil(*state, "vhdl/product.vhd", "\"01111111\"", "\"01111110\"");
    assert_difference(*state, "vhdl", "vhdl differs from the graph");
}

static void test_vhdl_is_late(void **state)
{
    spoil(*state, "vhdl/product.vhd", "valid_out <= n0_valid(1)", "valid_out <= n0_valid(0)");
    assert_difference(*state, "vhdl", "results come 1 clocks after their inputs, expected 2");
}

static void test_vhdl_drops_valid(void **state)
{
    spoil(*state, "vhdl/product.vhd", "valid_out <= n0_valid(1)",
          "valid_out <= n0_valid(1) and a(0)");
    assert_difference(*state, "vhdl", "vhdl: ");
}

static void test_vhdl_leaves_a_bit_undefined(void **state)
{
    spoil(*state, "vhdl/product.vhd", "\"01111111\"", "\"X1111111\"");
    assert_difference(*state, "vhdl", "is 'X'");
}

/* A graph of two fixed<8,4> inputs in place of the fixture's, and its files under GHDL. */
static void assert_vhdl_equal(fixture *f, graph *g, int latency)
{
    static const char *names[] = {"y0", "y1", "y2", "y3"};
    symlut_firmware fw = f->fw;
    symlut_error err;
    char *report;
    g->latency = latency;
    assert_int_equal(graph_check(g, &err), SYMLUT_OK);
    f->fw.g = g;
    f->fw.name = "other";
    f->fw.output_names = names;
    f->fw.equations = names;
    emit(&f->fw, f->folder);
    if (verify(f, "vhdl", &err, &report) != SYMLUT_OK)
        fail_msg("%s", err.message);
    free(report);
    f->fw = fw;
    graph_free(g);
}

/* No register at all, and logic between the last registers and the outputs, beside outputs that are
 * a port, a register, a constant, or a choice between constants that nothing folded. */
static void test_vhdl_without_a_register_at_the_end(void **state)
{
    format port = {true, 8, 4};
    for (int latency = 0; latency < 2; latency++) {
        graph *g = graph_new();
        graph_ref a = graph_add_input(g, "a", port), b = graph_add_input(g, "b", port);
        graph_ref first = graph_add_const(g, 1, (format){false, 1, 0});
        if (latency) {
            a = graph_add_reg(g, a);
            b = graph_add_reg(g, b);
        }
        graph_ref half = graph_add_shift(g, b, -1);
        graph_ref sum = graph_add(g, GRAPH_ADD, a, half, GRAPH_NONE);
        graph_add_output(g, "y0", graph_add_cast(g, sum, port, ROUND_RND, OVERFLOW_SAT));
        graph_add_output(g, "y1", half);
        graph_add_output(g, "y2", graph_add_const(g, -5, port));
        graph_add_output(g, "y3",
                         graph_add(g, GRAPH_SELECT, first, graph_add_const(g, 3, port),
                                   graph_add_const(g, -7, port)));
        assert_vhdl_equal(*state, g, latency);
    }
}

/* The last stage's logic reads nothing that changes. */
static void test_vhdl_of_constants_alone(void **state)
{
    format port = {true, 8, 4};
    graph *g = graph_new();
    graph_add_input(g, "a", port);
    graph_add_input(g, "b", port);
    graph_ref which = graph_add_const(g, 0, (format){false, 1, 0});
    graph_add_output(g, "y0",
                     graph_add(g, GRAPH_SELECT, which, graph_add_const(g, 3, port),
                               graph_add_const(g, -7, port)));
    assert_vhdl_equal(*state, g, 0);
}

/* More vectors than GHDL is given: every one of those it ran is in the report, and no more. */
static void test_vhdl_reports_what_it_ran(void **state)
{
    const fixture *f = *state;
    symlut_verify_options options = symlut_verify_options_defaults();
    options.random_vectors = 55000;
    options.forms = "vhdl";
    symlut_error err;
    char *report;
    assert_int_equal(verify_firmware(&report, &f->fw, f->folder, NULL, &options, NULL, &err),
                     SYMLUT_OK);
    assert_non_null(strstr(report, "\"vectors\": 50000"));
    free(report);
    options.slow_vectors = 3000;
    assert_int_equal(verify_firmware(&report, &f->fw, f->folder, NULL, &options, NULL, &err),
                     SYMLUT_OK);
    assert_non_null(strstr(report, "\"vectors\": 3000"));
    free(report);
}

static void test_hls_rounds_otherwise(void **state)
{
    spoil(*state, "hls/product.cpp", "AP_RND_CONV", "AP_RND");
    assert_difference(*state, "hls", "hls differs from the graph");
}

static void test_what_does_not_compile_is_no_difference(void **state)
{
    spoil(*state, "c/product.c", "void product_eval_n", "void product_evaluate_n");
    symlut_error err;
    char *report;
    assert_int_equal(verify(*state, "c", &err, &report), SYMLUT_TOOL);
    assert_null(report);
}

static void test_unknown_form(void **state)
{
    symlut_error err;
    char *report;
    assert_int_equal(verify(*state, "c, edif", &err, &report), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message,
                        "no form 'edif' to verify; expected a list out of c, cpp, verilog, "
                        "icarus, vhdl, hls, ac, netlist, or all");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_forms_equal, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_c_rounds_otherwise, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_c_batch_disagrees, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_verilog_saturates_otherwise, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_icarus_and_the_netlist_saturate_otherwise, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_icarus_decides_where_verilator_differs, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_icarus_runs_what_verilator_cannot, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_verilator_alone_does_not_decide, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_icarus_is_late, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_icarus_sees_an_unknown_bit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_verilog_is_late, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_verilog_drops_valid, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vhdl_saturates_otherwise, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vhdl_is_late, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vhdl_drops_valid, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vhdl_leaves_a_bit_undefined, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vhdl_without_a_register_at_the_end, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vhdl_of_constants_alone, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_vhdl_reports_what_it_ran, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hls_rounds_otherwise, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_what_does_not_compile_is_no_difference, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_unknown_form, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
