#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tool/yosys_stat.h"

/* as Yosys 0.23 prints it */
static const char columns_name_first[] =
    "=== $paramod\\add\\W=25 ===\n\n   Number of cells:                 32\n"
    "     CARRY4                          7\n     LUT2                           25\n\n"
    "   Estimated number of LCs:         13\n\n=== csd ===\n\n"
    "   Number of cells:                 94\n     $paramod\\add\\W=25      1\n"
    "     FDRE                           41\n\n=== design hierarchy ===\n\n"
    "   csd                               1\n     $paramod\\add\\W=25      3\n\n"
    "   Number of cells:                187\n     BUFG                            1\n"
    "     CARRY4                         21\n     DSP48E2                         2\n"
    "     FDRE                           41\n     LUT2                           75\n"
    "     LUT6                            5\n     MUXF7                           4\n"
    "     MUXF8                           1\n     RAMB18E2                        1\n"
    "     RAMB36E2                        2\n     SRL16E                          3\n\n"
    "   Estimated number of LCs:         38\n";

/* as Yosys 0.70 prints it */
static const char columns_count_first[] =
    "3. Printing statistics.\n\n=== csd ===\n\n        +----------Local Count.\n"
    "        | \n       50 wires\n       91 cells\n        1   BUFG\n       41   FDRE\n"
    "        3 submodules\n        1   $paramod\\add\\W=25\n\n   Estimated number of LCs:  39\n\n"
    "=== design hierarchy ===\n\n      189 csd\n       32 LUTS\n\n"
    "        - memories\n      189 cells\n        1   BUFG\n       21   CARRY4\n"
    "       41   FDRE\n       77   LUT2\n        3 submodules\n\n   Estimated number of LCs: 39\n";

static void test_name_first(void **state)
{
    (void)state;
    yosys_stat s;
    assert_int_equal(yosys_stat_read(&s, columns_name_first, NULL), SYMLUT_OK);
    assert_int_equal(s.lut, 80);
    assert_int_equal(s.muxf, 5);
    assert_int_equal(s.carry, 21);
    assert_int_equal(s.ff, 41);
    assert_int_equal(s.dsp, 2);
    assert_int_equal(s.bram18, 5);
    assert_int_equal(s.srl, 3);
    assert_int_equal(s.estimated_lc, 38);
    assert_int_equal(s.count, 11);
    assert_string_equal(s.cells[3].name, "FDRE");
    yosys_stat_free(&s);
}

static void test_count_first(void **state)
{
    (void)state;
    yosys_stat s;
    assert_int_equal(yosys_stat_read(&s, columns_count_first, NULL), SYMLUT_OK);
    assert_int_equal(s.ff, 41);
    assert_int_equal(s.carry, 21);
    assert_int_equal(s.estimated_lc, 39);
    assert_int_equal(s.lut, 77); /* a module called LUTS is no cell */
    yosys_stat_free(&s);
}

static void test_no_counts(void **state)
{
    (void)state;
    yosys_stat s;
    symlut_error err;
    assert_int_equal(yosys_stat_read(&s, "ERROR: no module\n", &err), SYMLUT_TOOL);
    assert_string_equal(err.message, "Yosys printed no cell counts: 'ERROR: no module\n'");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_name_first),
        cmocka_unit_test(test_count_first),
        cmocka_unit_test(test_no_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
