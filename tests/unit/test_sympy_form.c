#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lower/sympy_form.h"

static const char *const names[] = {"x", "y", "z"};

static void print(text *out, const sympy_form *f);

static void print_product(text *out, const sympy_form *f)
{
    if (f->number != 1)
        text_printf(out, "%.15g*", f->number);
    for (int i = 0; i < f->count; i++) {
        bool sum = f->args[i]->kind == SYMPY_SUM;
        text_append(out, i ? "*" : "");
        text_append(out, sum ? "(" : "");
        print(out, f->args[i]);
        text_append(out, sum ? ")" : "");
        if (f->powers[i] != 1)
            text_printf(out, "^%d", f->powers[i]);
    }
}

static void print(text *out, const sympy_form *f)
{
    switch (f->kind) {
    case SYMPY_NUMBER:
        text_printf(out, "%.15g", f->number);
        break;
    case SYMPY_INPUT:
        text_append(out, names[f->feature]);
        break;
    case SYMPY_CALL:
        text_printf(out, "%s(", expr_op_name(f->op));
        print(out, f->args[0]);
        text_append(out, ")");
        break;
    case SYMPY_SUM:
        if (f->number != 0)
            text_printf(out, "%.15g", f->number);
        for (int i = 0; i < f->count; i++) {
            text_append(out, i || f->number != 0 ? " + " : "");
            print(out, f->args[i]);
        }
        break;
    case SYMPY_PRODUCT:
        print_product(out, f);
        break;
    }
}

/* Left: a text; right: str(parse_expr(str(parse_expr(text)))) of sympy 1.14, functions opaque, but
 * for the order of terms and factors, which is ours. */
static const struct {
    const char *from, *to;
} forms[] = {
    {"(2*x+2*y)^2", "(2*x + 2*y)^2"},
    {"(2.5*x)^2", "6.25*x^2"},
    {"0.5*(x+1)*(y+2)", "(0.5 + 0.5*x)*(2 + y)"},
    {"(x+1)*0.5*(y+2)", "(0.5 + 0.5*x)*(2 + y)"},
    {"-(x+1)*(y+2)", "(-1 + -1*x)*(2 + y)"},
    {"-((x+1)*(y+2+z))", "(-1 + -1*x)*(2 + y + z)"},
    {"x/3.0", "0.333333333333333*x"},
    {"(x+1)/3.0", "0.333333333333333 + 0.333333333333333*x"},
    {"2*(x+1)*2*(x+1)", "(1 + x)*(4 + 4*x)"},
    {"sin(-x)+sin(x)*sin(x)", "sin(-1*x) + sin(x)^2"},
    {"x-x*0.1-0.2*x", "0.7*x"},
    {"x^2*x^3", "x^5"},
    {"(-x)^3", "-1*x^3"},
    {"(x*0.5)*(y*0.5)*(x+1)*(y+1)", "0.25*x*y*(1 + x)*(1 + y)"},
    {"(x+1)^2*0.3", "0.3*(1 + x)^2"},
    {"y*(x+1)*0.3", "0.3*y*(1 + x)"},
    {"0.3*sin(x)*(y+1)*2", "sin(x)*(0.6 + 0.6*y)"},
    {"x - x", "0"},
    {"square(x)*cube(y)", "x^2*y^3"},
};

static const sympy_form *form(arena *memory, const char *from, bool *ambiguous, int *refused)
{
    expr e;
    symlut_error err;
    assert_int_equal(expr_parse(&e, memory, from, &(expr_names){names, 3}, "test", 1, 1, &err),
                     SYMLUT_OK);
    return sympy_form_of(memory, e, ambiguous, refused);
}

static void test_forms_are_those_of_sympy(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        arena memory = {0};
        bool ambiguous = true;
        int refused = 0;
        text out = {0};
        const sympy_form *f = form(&memory, forms[i].from, &ambiguous, &refused);
        assert_non_null(f);
        assert_false(ambiguous);
        print(&out, f);
        assert_string_equal(out.data, forms[i].to);
        text_free(&out);
        arena_free(&memory);
    }
}

static void test_a_choice_between_sums_is_told(void **state)
{
    (void)state;
    arena memory = {0};
    bool ambiguous = false;
    int refused = 0;
    assert_non_null(form(&memory, "((x+1)*(y+2))*0.3", &ambiguous, &refused));
    assert_true(ambiguous);
    arena_free(&memory);
}

static void test_other_operations_are_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {"x/y", "x^0.5", "x^y", "x^-1", "max(x, y)", "1/0"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        arena memory = {0};
        bool ambiguous;
        int refused = -1;
        assert_null(form(&memory, texts[i], &ambiguous, &refused));
        assert_int_equal(refused, 2);
        arena_free(&memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_forms_are_those_of_sympy),
        cmocka_unit_test(test_a_choice_between_sums_is_told),
        cmocka_unit_test(test_other_operations_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
