/* Templates: reading, expansion beside a recursive evaluation of form and parts, changes that stay
 * inside one part, rules on inner expressions, and fits of constants that several calls share. */
#include "search/engine.h"
#include "search/prepare.h"
#include "search/template.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "tree_value.h"

enum { INPUTS = 3, CAPACITY = 24 };

static const char *const input_names[INPUTS] = {"u", "v", "two words"};
static const expr_names inputs = {input_names, INPUTS};
static const char FORM[] = "sin(f(u, v)) + p*f(v, u)^2 - g(f(u*`two words`, 2)) + bell(q)";

/* A vocabulary with a function of the user, and rules that know the template. */
typedef struct fixture {
    arena memory;
    vocabulary words;
    rules limits;
    template *t;
} fixture;

static void make(fixture *f, const char *infix, const char *parameters)
{
    symlut_error err;
    *f = (fixture){.words = {.features = INPUTS, .constant_share = 0.4}};
    if (vocabulary_parse(&f->words, &f->memory, "+,-,*,sin,abs,bell(x) = exp(-x^2)", &err) !=
            SYMLUT_OK ||
        rules_parse_with(&f->words.limits, f->words.functions, CAPACITY, 0, NULL, NULL, NULL,
                         &err) != SYMLUT_OK ||
        template_read(&f->t, &f->memory, infix, parameters, &f->words, &inputs, CAPACITY, &err) !=
            SYMLUT_OK)
        fail_msg("%s", err.message);
    f->limits = f->words.limits;
    f->limits.template = f->t;
    f->limits.active = true;
}

static void test_reading(void **state)
{
    (void)state;
    fixture f;
    make(&f, FORM, "p=2.5, q");
    assert_int_equal(f.t->count, 4);
    assert_int_equal(f.t->expressions, 2);
    assert_string_equal(f.t->parts[0].name, "f");
    assert_int_equal(f.t->parts[0].arity, 2);
    assert_int_equal(f.t->parts[0].words.features, 2);
    assert_string_equal(f.t->parts[0].arguments[0], "a"); /* not always the same input */
    assert_string_equal(f.t->parts[1].name, "g");
    assert_int_equal(f.t->parts[1].arity, 1);
    assert_string_equal(f.t->parts[2].name, "p");
    assert_true(f.t->parts[2].start == 2.5 && f.t->parts[3].start == 1);
    arena_free(&f.memory);
    make(&f, "f(v, u, v)*f(v, u, v) + g(`two words`)", NULL);
    assert_string_equal(f.t->parts[0].arguments[0], "v");
    assert_string_equal(f.t->parts[0].arguments[1], "u");
    assert_string_equal(f.t->parts[0].arguments[2], "_3"); /* v again */
    assert_string_equal(f.t->parts[1].arguments[0], "a");
    arena_free(&f.memory);
}

static void refuse(const char *infix, const char *parameters, const char *says, long column)
{
    fixture f;
    symlut_error err;
    make(&f, "f(u)", NULL);
    assert_int_equal(
        template_read(&f.t, &f.memory, infix, parameters, &f.words, &inputs, CAPACITY, &err),
        SYMLUT_BAD_INPUT);
    if (!strstr(err.message, says) || (column > 0 && err.column != column))
        fail_msg("'%s' (column %ld) does not say '%s' at %ld", err.message, err.column, says,
                 column);
    arena_free(&f.memory);
}

static void test_refusals(void **state)
{
    (void)state;
    refuse("sin(u)", NULL, "no inner expression", 0);
    refuse("bell(u) + 1", NULL, "no inner expression", 0);
    refuse("f(u) + w", NULL, "unknown name 'w'", 8);
    refuse("f(u) + f(u, v)", NULL, "'f' takes 1 argument, found 2", 8);
    refuse("f(f(u), v)", NULL, "'f' takes 1 argument, found 2", 1);
    refuse("1 + f()", NULL, "'f' takes 1 to 8 arguments, found 0", 5);
    refuse("f(u,u,u,u,u,u,u,u,u)", NULL, "'f' takes 1 to 8 arguments, found 9", 1);
    refuse("u(v)", NULL, "'u' is no function", 1);
    refuse("p(v)", "p", "'p' is no function", 1);
    refuse("x1(v)", NULL, "'x1' is no function", 1);
    refuse("pi(v)", NULL, "'pi' is no function", 1);
    refuse("sin(u, v)*f(u)", NULL, "'sin' takes 1 argument", 1);
    refuse("f(u) +", NULL, "expected a number", 7);
    refuse("f(u", NULL, "missing ')'", 2);
    refuse("x3 + f(u)", "p", "no input x3", 1); /* a parameter has no number */
    refuse("f(u)", "p=1", "does not use its parameter 'p'", 0);
    refuse("f(u)*p", "p=1, p=2", "named twice", 6);
    refuse("f(u)*p", "p=one", "expected a number", 3);
    refuse("f(u)*p", "p=1 q", "expected ','", 5);
    refuse("f(u)*p", "sin=1", "'sin' is built in", 1);
    refuse("f(u)*p", "E=1", "'E' is a number", 1);
    refuse("f(u)*p", "bell=1", "'bell' is a function", 1);
    refuse("f(u)*p", "v=1", "'v' is an input", 1);
    refuse("f(u)*p", "2", "expected a parameter's name", 1);
}

/* ---------------------------------------------------------------- meaning */

static double gauss2(int function, const double *a)
{
    assert_int_equal(function, 0);
    return exp(-pow(a[0], 2));
}

static double inner(expr e, int k, double a, double b)
{
    int starts[TEMPLATE_PARTS + 1];
    const double x[2] = {a, b};
    template_starts(e, starts);
    return value_at(e, starts[k + 1] - 1, x, gauss2);
}

/* FORM by hand. */
static double form_value(expr e, const double *x)
{
    double p = inner(e, 2, 0, 0), q = inner(e, 3, 0, 0);
    return sin(inner(e, 0, x[0], x[1])) + p * pow(inner(e, 0, x[1], x[0]), 2) -
           inner(e, 1, inner(e, 0, x[0] * x[2], 2), 0) + exp(-pow(q, 2));
}

static bool same_value(double found, double wanted, double tolerance)
{
    return fabs(found - wanted) <= tolerance * (1 + fabs(wanted)) || isnan(wanted) || isinf(wanted);
}

/* Which parts of two candidates differ. */
static int parts_changed(expr a, expr b)
{
    int at[TEMPLATE_PARTS + 1], other[TEMPLATE_PARTS + 1], changed = 0;
    template_starts(a, at);
    template_starts(b, other);
    for (int k = 0; k < a.nodes[a.count - 1].arity; k++)
        changed += !expr_equal((expr){a.nodes + at[k], at[k + 1] - at[k]},
                               (expr){b.nodes + other[k], other[k + 1] - other[k]});
    return changed;
}

static void check_candidate(const fixture *f, expr e, rng *r)
{
    expr_node copy[TREE_MAX], room[RULES_PLAIN];
    double x[INPUTS], stack[RULES_PLAIN];
    memcpy(copy, e.nodes, (size_t)e.count * sizeof *copy);
    expr same = {copy, e.count};
    assert_true(e.count <= CAPACITY && expr_finish(&same) && template_fits(f->t, e));
    for (int i = 0; i < e.count; i++)
        assert_int_equal(copy[i].length, e.nodes[i].length);
    assert_int_equal(rules_complexity(&f->limits, e), e.count - 3); /* two parameters, the call */
    for (int i = 0; i < INPUTS; i++)
        x[i] = rng_normal(r);
    expr plain = rules_plain(&f->limits, room, e);
    if (plain.count == 0)
        return;
    double wanted = form_value(e, x);
    assert_true(same_value(expr_eval(plain, x, stack), wanted, 1e-12));
    template_simplify(&same);
    assert_true(same.count <= e.count && template_fits(f->t, same));
    assert_true(same_value(form_value(same, x), wanted, 1e-9));
}

static void test_changes(void **state)
{
    (void)state;
    fixture f;
    make(&f, FORM, "p=2.5, q=0.5");
    rng r = rng_make(6, 6);
    expr_node nodes[3][TREE_MAX];
    expr a = {nodes[0], 0}, b = {nodes[1], 0}, child = {nodes[2], 0};
    int mutated = 0, crossed = 0;
    for (int trial = 0; trial < 20000; trial++) {
        if (trial % 10 == 0) {
            template_random(&a, 6, CAPACITY, f.t, &r);
            template_random(&b, 6, CAPACITY, f.t, &r);
            check_candidate(&f, a, &r);
        }
        bool cross = trial % 4 == 0;
        if (!(cross ? template_cross(&child, CAPACITY, a, b, f.t, &r)
                    : template_mutate(&child, CAPACITY, a, (mutation)rng_below(&r, MUTATE_COUNT),
                                      0.7, f.t, &r)))
            continue;
        check_candidate(&f, child, &r);
        assert_true(parts_changed(a, child) <= 1);
        *(cross ? &crossed : &mutated) += 1;
        memcpy(nodes[0], nodes[2], (size_t)child.count * sizeof **nodes);
        a.count = child.count;
    }
    assert_true(crossed > 3000 && mutated > 8000);
    arena_free(&f.memory);
}

/* A candidate of the form from the texts of its parts. */
static expr compose(fixture *f, const char *const *parts)
{
    expr_node nodes[TREE_MAX];
    expr out = {nodes, 0};
    symlut_error err;
    for (int k = 0; k < f->t->count; k++) {
        expr part;
        const expr_names names = {NULL, (size_t)f->t->parts[k].arity};
        assert_int_equal(expr_parse_with(&part, &f->memory, parts[k], &names, f->words.functions,
                                         true, "test", 1, 1, &err),
                         SYMLUT_OK);
        memcpy(nodes + out.count, part.nodes, (size_t)part.count * sizeof *nodes);
        out.count += part.count;
    }
    nodes[out.count++] =
        (expr_node){.op = EXPR_CALL, .arity = (uint8_t)f->t->count, .feature = TEMPLATE_CALL};
    tree_measure(&out);
    return expr_copy(&f->memory, out);
}

static void test_printing(void **state)
{
    (void)state;
    fixture f;
    make(&f, "f(u, v)*p + g(u*v)", "p");
    expr e = compose(&f, (const char *const[]){"x0 + 2*x1", "bell(x0)", "1.5"});
    text t = {0};
    template_print(&t, f.t, e, f.words.functions);
    assert_string_equal(t.data, "f(u, v) = u + 2*v; g(a) = exp(-a^2); p = 1.5");
    text_free(&t);
    expr_node room[RULES_PLAIN];
    expr_print(&t, rules_plain(&f.limits, room, e), &inputs, SYMLUT_PRINT_INFIX, 17);
    assert_string_equal(t.data, "(u + 2*v)*1.5 + exp(-(u*v)^2)");
    text_free(&t);
    arena_free(&f.memory);
}

/* Limits look at inner expressions, not through the form or across calls. */
static void test_rules(void **state)
{
    (void)state;
    fixture f;
    make(&f, "sin(f(u, v)) + g(g(u))", NULL);
    symlut_error err;
    assert_int_equal(rules_parse_with(&f.limits, f.words.functions, 8, 3, "sin: sin 0; abs: sin 1",
                                      "*: 2 -1", "sin=2", &err),
                     SYMLUT_OK);
    f.limits.template = f.t;
    f.limits.active = true;
    static const struct {
        const char *parts[2];
        int complexity;
        bool allowed;
    } cases[] = {
        {{"x0 + x1", "x0"}, 4, true},
        {{"sin(x0)", "sin(x0)"}, 6, true},       /* nested by the form and by g(g()) alone */
        {{"sin(sin(x0))", "x0"}, 6, false},      /* nested inside f */
        {{"(x0 + x1)*x0", "x0"}, 6, false},      /* the first operand of * */
        {{"x0*(x0 + x1)", "x0"}, 6, true},       /* the second is free */
        {{"abs(abs(abs(x0)))", "x0"}, 5, false}, /* depth 4 */
        {{"abs(abs(x0))", "abs(abs(x0))"}, 6, true},
        {{"x0 + x1 - x0", "sin(x0)"}, 8, true},
        {{"x0 + x1 - x0", "sin(x0) + x0"}, 10, false}, /* together more than 8 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        expr e = compose(&f, cases[i].parts);
        assert_int_equal(rules_complexity(&f.limits, e), cases[i].complexity);
        assert_true(rules_allow(&f.limits, e) == cases[i].allowed);
    }
    arena_free(&f.memory);
}

/* ---------------------------------------------------------------- constants */

enum { ROWS = 256 };

static float columns[INPUTS][ROWS] __attribute__((aligned(64)));
static float y[ROWS] __attribute__((aligned(64)));
static const float *pointers[INPUTS] = {columns[0], columns[1], columns[2]};

/* f(u, v) - f(v, u) + p*g(f(u, u)) with f = sin(1.7 a) + 0.6 b, g = a*a, p = -1.25. */
static double law(double u, double v)
{
    double uv = sin(1.7 * u) + 0.6 * v, vu = sin(1.7 * v) + 0.6 * u, uu = sin(1.7 * u) + 0.6 * u;
    return uv - vu - 1.25 * uu * uu;
}

static void make_problem(problem *p, fixture *f, bool squares)
{
    rng r = rng_make(9, 9);
    for (int i = 0; i < ROWS; i++) {
        double x[INPUTS];
        for (int k = 0; k < INPUTS; k++)
            columns[k][i] = (float)(x[k] = 3 * rng_unit(&r) - 1.5);
        y[i] = (float)law(x[0], x[1]);
    }
    *p = (problem){.columns = pointers,
                   .rows = ROWS,
                   .padded = ROWS,
                   .y = y,
                   .limits = &f->limits,
                   .squares = squares,
                   .bounded = true,
                   .forms = {true}};
    assert_true(problem_index(p, &f->memory));
}

/* Each constant stands at several places of the expansion: only its whole derivative leads to the
 * law in a few steps. */
static void test_tied_constants(void **state)
{
    (void)state;
    static const double wanted[] = {1.7, 0.6, -1.25};
    for (int squares = 0; squares < 2; squares++) {
        fixture f;
        make(&f, "f(u, v) - f(v, u) + p*g(f(u, u))", "p");
        problem p;
        workspace w;
        symlut_error err;
        const expr_names yp = {(const char *const[]){"y", "p"}, 2};
        make_problem(&p, &f, squares);
        assert_int_equal(expr_parse(&p.loss, &f.memory, "(y - p)^2", &yp, "test", 1, 1, &err),
                         SYMLUT_OK);
        p.slope = expr_differentiate(&f.memory, p.loss, 1);
        assert_true(workspace_init(&w, RULES_PLAIN, kernels_best()));
        expr e = compose(&f, (const char *const[]){"sin(1.5*x0) + 0.8*x1", "x0*x0", "-1"});
        assert_true(constants_fit(&w, &p, e, window_all(&p), squares ? 6 : 25, false));
        int found = 0;
        for (int i = 0; i < e.count; i++)
            if (e.nodes[i].op == EXPR_CONST)
                assert_true(fabs(e.nodes[i].value - wanted[found++]) < 2e-4);
        assert_int_equal(found, 3);
        score s;
        assert_true(fitness(&s, &w, &p, e, window_all(&p), e.count, (double)INFINITY));
        assert_true(s.loss < 1e-7 && s.best == FORM_PLAIN);
        assert_false(fitness(&s, &w, &p, e, window_all(&p), e.count, s.loss / 2));
        workspace_free(&w);
        arena_free(&f.memory);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading), cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_changes), cmocka_unit_test(test_printing),
        cmocka_unit_test(test_rules),   cmocka_unit_test(test_tied_constants),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
