/* Distinct sub-expressions and the front of forests, against counts made by hand. */
#include "search/forest.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static rules no_rules = {.active = false};

static void set(forest *f, int k, arena *memory, const char *infix)
{
    expr e;
    assert_int_equal(expr_parse(&e, memory, infix, NULL, "test", 1, 1, NULL), SYMLUT_OK);
    forest_set_tree(f, k, e);
}

static int complexity_of(const char *a, const char *b, const rules *limits)
{
    arena memory = {0};
    subtree_set s;
    forest *f = forests_new(1, 2, 40);
    assert_non_null(f);
    assert_true(subtree_set_init(&s, 2, 40));
    set(f, 0, &memory, a);
    set(f, 1, &memory, b);
    int found = forest_complexity(&s, f, limits);
    subtree_set_free(&s);
    free(f);
    arena_free(&memory);
    return found;
}

static void test_complexity(void **state)
{
    (void)state;
    /* x0, x1, their sum, tanh; x2, product */
    assert_int_equal(complexity_of("tanh(x0 + x1)", "x2*(x0 + x1)", &no_rules), 6);
    /* operands of a sum in either order are one, of a difference two */
    assert_int_equal(complexity_of("x0 + x1", "x1 + x0", &no_rules), 3);
    assert_int_equal(complexity_of("x0 - x1", "x1 - x0", &no_rules), 4);
    assert_int_equal(complexity_of("max(x0, x1)", "max(x1, x0)", &no_rules), 3);
    /* 2, 3, x0; 2*x0, 3*x0 */
    assert_int_equal(complexity_of("2*x0", "3*x0", &no_rules), 5);
    assert_int_equal(complexity_of("2*x0", "2*x1", &no_rules), 5);
    assert_int_equal(complexity_of("x0", "x0", &no_rules), 1);
    /* within one tree too */
    assert_int_equal(complexity_of("(x0 + 1)*(x0 + 1)", "1", &no_rules), 4);
    assert_int_equal(complexity_of("sin(x0) - sin(x0)", "cos(x0)", &no_rules), 4);
}

static void test_complexity_by_cost(void **state)
{
    (void)state;
    rules limits;
    assert_int_equal(rules_parse(&limits, 40, 0, NULL, NULL, "sin=3, const=2.5, x=1", NULL),
                     SYMLUT_OK);
    /* x0 1, 2.0 2.5, sum 1, sin 3 once */
    assert_int_equal(complexity_of("sin(x0 + 2)", "sin(x0 + 2)", &limits), 8);
    assert_int_equal(complexity_of("sin(x0)", "x0", &limits), 4);
}

/* A call is one node, of its own function and with its operands in their order; each has its cost.
 */
static void test_complexity_of_calls(void **state)
{
    (void)state;
    rules limits;
    expr_functions functions = {0};
    arena memory = {0};
    static const char *const definitions[] = {"f(a, b) = a - b", "g(a, b) = a/b"};
    for (int i = 0; i < 2; i++)
        assert_int_equal(function_define(&functions, &memory, definitions[i],
                                         strlen(definitions[i]), definitions[i], "test", 1, NULL),
                         SYMLUT_OK);
    assert_int_equal(rules_parse_with(&limits, &functions, 40, 0, NULL, NULL, "g=3", NULL),
                     SYMLUT_OK);
    static const struct {
        const char *a, *b;
        int complexity;
    } cases[] = {{"f(x0, x1)", "f(x0, x1)", 3},
                 {"f(x0, x1)", "f(x1, x0)", 4},
                 {"f(x0, x1)", "g(x0, x1)", 6},
                 {"g(x0, x1)", "f(g(x0, x1), x0)", 6}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        subtree_set s;
        forest *f = forests_new(1, 2, 40);
        assert_non_null(f);
        assert_true(subtree_set_init(&s, 2, 40));
        for (int k = 0; k < 2; k++) {
            expr e;
            assert_int_equal(expr_parse_with(&e, &memory, k ? cases[i].b : cases[i].a, NULL,
                                             &functions, true, "test", 1, 1, NULL),
                             SYMLUT_OK);
            forest_set_tree(f, k, e);
        }
        assert_int_equal(forest_complexity(&s, f, &limits), cases[i].complexity);
        subtree_set_free(&s);
        free(f);
    }
    arena_free(&memory);
}

static void test_front(void **state)
{
    (void)state;
    arena memory = {0};
    forest_front front;
    forest *f = forests_new(2, 2, 20);
    assert_true(forest_front_init(&front, 2, 20));
    set(f, 0, &memory, "x0 + x1");
    set(f, 1, &memory, "tanh(x2)");
    f->complexity = 5;
    assert_true(forest_front_offer(&front, f, 0.5, 0.6));
    assert_true(forest_front_loss(&front, 4) == (double)INFINITY);
    assert_true(forest_front_loss(&front, 5) == 0.5 && forest_front_sample(&front, 30) == 0.6);
    f->complexity = 9; /* no better: not kept */
    assert_true(forest_front_offer(&front, f, 0.5, 0.5));
    assert_null(front.rows[9].nodes);
    assert_true(forest_front_offer(&front, f, 0.4, 0.4));
    assert_non_null(front.rows[9].nodes);
    f->complexity = 3; /* better than both: they go */
    assert_true(forest_front_offer(&front, f, 0.3, 0.3));
    assert_null(front.rows[5].nodes);
    assert_null(front.rows[9].nodes);
    forest_row_get(f + 1, &front.rows[3]);
    for (int k = 0; k < 2; k++)
        assert_true(expr_equal(forest_tree(f, k), forest_tree(f + 1, k)));
    f->complexity = front.size + 1;
    assert_true(forest_front_offer(&front, f, 0.1, 0.1));
    assert_true(forest_front_loss(&front, front.size) == 0.3);
    forest_front_free(&front);
    free(f);
    arena_free(&memory);
}

/* A front of one-class forests, the input's number and the loss telling the rows apart. */
static void fill(forest_front *front, const double *losses, int size)
{
    arena memory = {0};
    forest *f = forests_new(1, 1, 4);
    assert_non_null(f);
    assert_true(forest_front_init(front, 1, size - 1)); /* complexities to size */
    for (int c = 1; c <= size; c++) {
        char name[8];
        snprintf(name, sizeof name, "x%d", c);
        set(f, 0, &memory, name);
        f->complexity = c;
        if (isfinite(losses[c]))
            assert_true(forest_front_offer(front, f, losses[c], losses[c]));
    }
    free(f);
    arena_free(&memory);
}

/* found: for each complexity the row that is there now, 0: none. */
static void check_rows(const forest_front *front, const int *found, int size)
{
    for (int c = 1; c <= size; c++) {
        const forest_row *row = &front->rows[c];
        assert_int_equal(row->nodes ? row->nodes[0].feature : 0, found[c]);
    }
}

static void test_move(void **state)
{
    (void)state;
    static const double none = (double)NAN;
    static const double losses[] = {0, 9, 8, none, 7, 6, 5, 4, 3};
    static const int to[] = {0, 1, 2, 3, 4, 3, 2, 4, 5};
    static const int moved[] = {0, 1, 6, 5, 7, 8, 0, 0, 0}, thinned[] = {0, 1, 6, 0, 7, 8, 0, 0, 0};
    forest_front front;
    fill(&front, losses, 8);
    forest_front_move(&front, to);
    check_rows(&front, moved, 8);
    forest_front_thin(&front, 1e-6); /* 6 at 3 is above 5 at 2 */
    check_rows(&front, thinned, 8);
    forest_front_free(&front);
    static const int down[] = {0, 1, 1, 3, 4, 1, 6, 7, 8}, best[] = {0, 5, 0, 0, 4, 0, 6, 7, 8};
    fill(&front, losses, 8);
    forest_front_move(&front, down);
    check_rows(&front, best, 8);
    forest_front_free(&front);
    static const double near[] = {0, 9, 8, 8 - 1e-6, 8 - 1e-4, none, 7, 7 - 1e-9, 7 - 2e-9};
    static const int apart[] = {0, 1, 2, 0, 4, 0, 6, 0, 0};
    fill(&front, near, 8);
    forest_front_thin(&front, 1e-6);
    check_rows(&front, apart, 8);
    forest_front_free(&front);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_complexity),
        cmocka_unit_test(test_complexity_by_cost),
        cmocka_unit_test(test_complexity_of_calls),
        cmocka_unit_test(test_front),
        cmocka_unit_test(test_move),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
