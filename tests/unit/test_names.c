#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lower/names.h"

static void test_legal_identifiers(void **state)
{
    (void)state;
    static const char *const legal[] = {"x", "x0", "c1_b1", "Mass", "signal2", "t"};
    static const char *const illegal[] = {"",    "_x",   "x_",  "a__b", "0x",     "out",
                                          "OUT", "wire", "int", "a-b",  "signal", "caf\xc3\xa9"};
    for (size_t i = 0; i < sizeof legal / sizeof *legal; i++)
        assert_true(identifier_is_legal(legal[i]));
    for (size_t i = 0; i < sizeof illegal / sizeof *illegal; i++)
        assert_false(identifier_is_legal(illegal[i]));
}

static void test_made_identifiers_are_legal_and_unique(void **state)
{
    (void)state;
    static const struct {
        const char *name, *made;
    } cases[] = {
        {"mass", "mass"},         {"Mass", "Mass_1"},     {"mass [GeV]", "mass_GeV"},
        {"out", "out_1"},         {"Signal", "Signal_1"}, {"3d", "v_3d"},
        {"__", "port_0"},         {"", "port_0_1"},       {"mass_1", "mass_1_1"},
        {"\xce\xb1", "port_0_2"}, {"a--b", "a_b"},        {"clk", "clk_1"},
    };
    arena a = {0};
    const char *taken[16];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        taken[i] = identifier_make(&a, cases[i].name, taken, i);
        assert_string_equal(taken[i], cases[i].made);
        assert_true(identifier_is_legal(taken[i]));
    }
    arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_legal_identifiers),
        cmocka_unit_test(test_made_identifiers_are_legal_and_unique),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
