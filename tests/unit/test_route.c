#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tool/route.h"

/* as nextpnr-ice40 0.4 writes it, but for the rest of the critical paths */
static const char ice40[] =
    "{\"critical_paths\": [{\"from\": \"posedge clk$SB_IO_IN_$glb_clk\", \"path\": "
    "[{\"delay\": 0.5400000214576721, \"from\": {\"cell\": "
    "\"design_under_route.n2_table.word_SB_LUT4_O_7_I0_SB_LUT4_O_I1_SB_LUT4_O_I3_SB_LUT4_O_1_LC\","
    " \"loc\": [5, 18], \"port\": \"CLK\"}, \"to\": {\"cell\": "
    "\"feed_SB_DFF_Q_23_DFFLC\", \"loc\": [5, 10], \"port\": \"O\"}, \"type\": \"clk-"
    "to-q\"}], \"to\": \"posedge clk$SB_IO_IN_$glb_clk\"}], \"fmax\": "
    "{\"clk$SB_IO_IN_$glb_clk\": {\"achieved\": 70.33338165283203, \"constraint\": "
    "320}}, \"utilization\": {\"ICESTORM_LC\": {\"available\": 7680, \"used\": 2002},"
    " \"ICESTORM_PLL\": {\"available\": 2, \"used\": 0}, \"ICESTORM_RAM\": "
    "{\"available\": 32, \"used\": 0}, \"SB_GB\": {\"available\": 8, \"used\": 1}, "
    "\"SB_IO\": {\"available\": 256, \"used\": 3}, \"SB_WARMBOOT\": {\"available\": 1, "
    "\"used\": 0}}}";

/* as nextpnr-ecp5 0.11.1 writes it, but for the critical paths and most of the unused cells */
static const char ecp5[] =
    "{\"critical_paths\": [], \"fmax\": {\"$glbnet$clk$TRELLIS_IO_IN\": "
    "{\"achieved\": 101.25556182861328, \"constraint\": 320}}, \"utilization\": "
    "{\"ALU54B\": {\"available\": 78, \"used\": 0}, \"DP16KD\": {\"available\": 208, "
    "\"used\": 0}, \"MULT18X18D\": {\"available\": 156, \"used\": 1}, \"TRELLIS_COMB\":"
    " {\"available\": 83640, \"used\": 1309}, \"TRELLIS_FF\": {\"available\": 83640, "
    "\"used\": 130}, \"TRELLIS_IO\": {\"available\": 365, \"used\": 3}}}";

static const route_cell *cell(const route_report *r, const char *name)
{
    for (size_t i = 0; i < r->count; i++) {
        if (strcmp(r->cells[i].name, name) == 0)
            return &r->cells[i];
    }
    fail_msg("no cell %s", name);
    return NULL;
}

static void test_ice40(void **state)
{
    (void)state;
    route_report r;
    assert_int_equal(route_report_read(&r, ice40, NULL), SYMLUT_OK);
    assert_true(r.mhz == 70.33338165283203);
    assert_int_equal(r.count, 6);
    assert_string_equal(r.cells[0].name, "ICESTORM_LC");
    assert_int_equal(cell(&r, "ICESTORM_LC")->used, 2002);
    assert_int_equal(cell(&r, "ICESTORM_LC")->available, 7680);
    assert_int_equal(cell(&r, "ICESTORM_RAM")->used, 0);
    route_report_free(&r);
}

static void test_ecp5(void **state)
{
    (void)state;
    route_report r;
    assert_int_equal(route_report_read(&r, ecp5, NULL), SYMLUT_OK);
    assert_true(r.mhz == 101.25556182861328);
    assert_int_equal(cell(&r, "TRELLIS_COMB")->used, 1309);
    assert_int_equal(cell(&r, "TRELLIS_FF")->used, 130);
    assert_int_equal(cell(&r, "MULT18X18D")->available, 156);
    route_report_free(&r);
}

static void test_slowest_clock(void **state)
{
    (void)state;
    route_report r;
    assert_int_equal(
        route_report_read(&r,
                          "{\"fmax\": {\"a\": {\"achieved\": 300.5, \"constraint\": 12},"
                          " \"b\": {\"achieved\": 250, \"constraint\": 12},"
                          " \"c\": {\"achieved\": 400, \"constraint\": 12}},"
                          " \"utilization\": {\"LC\": {\"available\": 2, \"used\": 1}}}",
                          NULL),
        SYMLUT_OK);
    assert_true(r.mhz == 250);
    route_report_free(&r);
}

static void test_incomplete(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{\"fmax\": ", "the report of nextpnr is not JSON: line 1: "},
        {"{}", "nextpnr reports no routed frequency"},
        {"{\"fmax\": {}}", "nextpnr reports no routed frequency"},
        {"{\"fmax\": {\"clk\": {\"constraint\": 12}}}",
         "nextpnr reports no frequency of clock 'clk'"},
        {"{\"fmax\": {\"clk\": {\"achieved\": 90}}}", "nextpnr reports no utilisation"},
        {"{\"fmax\": {\"clk\": {\"achieved\": 90}}, \"utilization\": {\"LC\": {\"used\": 1}}}",
         "nextpnr reports no utilisation of 'LC'"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        route_report r;
        symlut_error err;
        assert_int_equal(route_report_read(&r, cases[i][0], &err), SYMLUT_TOOL);
        assert_memory_equal(err.message, cases[i][1], strlen(cases[i][1]));
        assert_null(r.cells);
    }
}

static void test_check(void **state)
{
    (void)state;
    symlut_error err;
    assert_int_equal(route_check("xc7", NULL, &err), SYMLUT_BAD_INPUT);
    assert_string_equal(err.message, "no part 'xc7' to route on; expected ecp5 or ice40");
    assert_int_equal(route_check("ice40", "/nowhere/nextpnr-ice40", &err), SYMLUT_TOOL);
    assert_string_equal(err.message, "cannot run '/nowhere/nextpnr-ice40': No such file or "
                                     "directory; to get it: apt-get install nextpnr-ice40");
    assert_int_equal(route_check("ecp5", "true", &err), SYMLUT_TOOL);
    assert_non_null(strstr(err.message, "'true' says no version of nextpnr, but '"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ice40),         cmocka_unit_test(test_ecp5),
        cmocka_unit_test(test_slowest_clock), cmocka_unit_test(test_incomplete),
        cmocka_unit_test(test_check),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
