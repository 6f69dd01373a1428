/* Units: what is read, which expressions agree, and the smaller problems of dimensional analysis.
 * The oracle is the meaning of a unit: in other base units (a metre of another length) every value
 * changes by the factor of its unit, and an expression that agrees keeps to that. */
#include "search/prepare.h"
#include "search/reduce.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void check_unit(const char *a, const char *b)
{
    unit u, v;
    symlut_error err;
    if (unit_parse(&u, a, &err) != SYMLUT_OK || unit_parse(&v, b, &err) != SYMLUT_OK)
        fail_msg("'%s', '%s': %s", a, b, err.message);
    if (!unit_equal(&u, &v))
        fail_msg("'%s' is not '%s'", a, b);
}

static void test_names(void **state)
{
    (void)state;
    check_unit("J", "kg*m^2/s^2");
    check_unit("N m", "kg m2 s-2");
    check_unit("W·s", "J");
    check_unit("V", "J/C");
    check_unit("ohm", "V/A");
    check_unit("Ω*F", "s");
    check_unit("H", "V*s/A");
    check_unit("T m^2", "Wb");
    check_unit("S", "A/V");
    check_unit("km/h", "m s^-1");
    check_unit("µm", "nm");
    check_unit("mmol/l", "mol m**-3");
    check_unit("Pa^(1/2)", "Pa^0.5");
    check_unit("m^(1/3)*m^(2/3)", "m");
    check_unit("rad/s", "Hz");
    check_unit("min", "s");
    check_unit("mm", "m");
    check_unit("cd sr", "lm");
    check_unit("1/s", "Hz");
    check_unit("", "1");
    check_unit("-", "rad");
    check_unit("5 * 3", "%");
    unit metre, second;
    assert_int_equal(unit_parse(&metre, "m", NULL), SYMLUT_OK);
    assert_int_equal(unit_parse(&second, "s", NULL), SYMLUT_OK);
    assert_false(unit_equal(&metre, &second) || unit_is_one(&metre));
}

static void refuse(const char *spelled, const char *says)
{
    unit u;
    symlut_error err;
    assert_int_equal(unit_parse(&u, spelled, &err), SYMLUT_BAD_INPUT);
    if (!strstr(err.message, says))
        fail_msg("'%s' does not say '%s'", err.message, says);
}

static void test_refusals(void **state)
{
    (void)state;
    refuse("metre", "unknown unit 'metre'");
    refuse("m/", "expected a unit");
    refuse("m^", "an exponent");
    refuse("m^(1/2", "')'");
    refuse("m^(1/7)", "an exponent up to 100");
    refuse("m^101", "an exponent up to 100");
    refuse("m^100 m^100 m^100 m^100 m^100 m^100", "too large");
    refuse("m+s", "'*', '/' or a blank");
    refuse("kmin", "unknown unit");
}

/* ---------------------------------------------------------------- tables */

static const char *const FEATURES[] = {"d", "t", "m", "angle"};
enum { INPUTS = 4 };

static symlut_status read_all(units *u, arena *memory, const char *source, symlut_error *err)
{
    return units_read(u, memory, source, FEATURES, INPUTS, NULL, 0, "E", err);
}

static const char *write_file(const char *content)
{
    static char path[] = "test_units.tmp";
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    fputs(content, f);
    assert_int_equal(fclose(f), 0);
    return path;
}

static void test_sources(void **state)
{
    (void)state;
    static const char list[] = "d: m, t: s; m : kg\nangle: rad, E: J";
    static const char exponents[] = "variable,quantity,m,s,kg,V\nd,Length,1,0,0,0\nt,Time,0,1,0,0\n"
                                    "m,Mass,,,1,\nangle,Angle,0,0,0,0\nE,Energy,2,-2,1,0\n"
                                    "other,Voltage,0,0,0,1\n";
    static const char spelled[] = "name,unit\nd,m\nt,s\nm,kg\nangle,1\nE,kg m2 s-2\n";
    const char *const files[] = {exponents, spelled,
                                 "# energy\nd: m\nt: s\nm: kg\nangle: -\nE: J\n"};
    arena memory = {0};
    units first, other;
    symlut_error err;
    assert_int_equal(read_all(&first, &memory, list, &err), SYMLUT_OK);
    assert_true(first.target_known && first.free_constants);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        symlut_status status = read_all(&other, &memory, write_file(files[i]), &err);
        if (status != SYMLUT_OK)
            fail_msg("%zu: %s", i, err.message);
        assert_memory_equal(first.inputs, other.inputs, INPUTS * sizeof *first.inputs);
        assert_true(unit_equal(&first.target, &other.target));
    }
    /* what is no unit of the SI is a base of its own */
    assert_int_equal(read_all(&other, &memory,
                              write_file("name,persons,m\nd,2,0\nt,0,1\nm,0,0\nangle,0,0\n"), &err),
                     SYMLUT_OK);
    assert_false(other.target_known || unit_is_one(&other.inputs[0]));
    assert_int_equal(read_all(&other, &memory, "d: m, t: s", &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "none is given for 'm'"));
    assert_int_equal(read_all(&other, &memory, "d: m, r: s", &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "no column 'r'"));
    assert_int_equal(read_all(&other, &memory, "no-such-file", &err), SYMLUT_BAD_INPUT);
    assert_int_equal(read_all(&other, &memory, write_file("d,m\n1,2\n"), &err), SYMLUT_BAD_INPUT);
    assert_non_null(strstr(err.message, "no column of names"));
    assert_int_equal(read_all(&other, &memory, write_file("name,m\nd,one\n"), &err),
                     SYMLUT_BAD_INPUT);
    assert_int_equal(err.line, 2);
    unlink("test_units.tmp");
    arena_free(&memory);
}

/* ---------------------------------------------------------------- agreement */

static unit_verdict verdict_of(const char *infix, bool free_constants, const char *expected)
{
    arena memory = {0};
    units u;
    symlut_error err;
    expr e;
    assert_int_equal(read_all(&u, &memory, "d: m, t: s, m: kg, angle: 1, E: J", &err), SYMLUT_OK);
    u.free_constants = free_constants;
    expr_names names = {FEATURES, INPUTS};
    if (expr_parse(&e, &memory, infix, &names, "test", 1, 1, &err) != SYMLUT_OK)
        fail_msg("%s: %s", infix, err.message);
    unit found, wanted;
    unit_verdict verdict = units_of(&u, e, &found);
    if (verdict == UNIT_FIXED) {
        assert_int_equal(unit_parse(&wanted, expected, &err), SYMLUT_OK);
        if (!unit_equal(&found, &wanted))
            fail_msg("%s is not in %s", infix, expected);
    }
    arena_free(&memory);
    return verdict;
}

static void test_agreement(void **state)
{
    (void)state;
    static const struct {
        const char *infix, *unit; /* NULL: no sense; "*": any */
        bool free_constants;
    } cases[] = {
        {"d/t", "m/s", true},
        {"d + t", NULL, true},
        {"d + 3*t", "m", true}, /* the constant carries m/s */
        {"d + 3*t", NULL, false},
        {"3*t", "*", true},
        {"3*t", "s", false},
        {"sin(t)", NULL, true},
        {"sin(2*t)", "1", true},
        {"sin(2*t)", NULL, false},
        {"sin(angle) + 1", "1", false},
        {"sqrt(d*d) - d", "m", false},
        {"sqrt(d)", "m^(1/2)", false},
        {"cbrt(m)", "kg^(1/3)", false},
        {"inv(t)", "Hz", false},
        {"m*(d/t)^2", "J", false},
        {"m*square(d/t)", "J", true},
        {"d^t", NULL, true},
        {"d^angle", NULL, true},
        {"2^angle", "1", false},
        {"d^0.5", "m^0.5", false},
        {"d^0.123", NULL, false},
        {"atan2(d, d)", "1", true},
        {"atan2(d, t)", NULL, true},
        {"max(d, t)", NULL, true},
        {"max(d, 0)", "m", true},
        {"less(d, t)", NULL, true},
        {"less(d, 2*d)*m", "kg", false},
        {"cond(d, t)", "s", true},
        {"sign(d)*t", "s", true},
        {"abs(-d)", "m", true},
        {"floor(d)", NULL, true},
        {"floor(2*d)", "1", true},
        {"relu(d)", "m", true},
        {"cube(d)", "l", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unit_verdict found =
            verdict_of(cases[i].infix, cases[i].free_constants, cases[i].unit ? cases[i].unit : "");
        unit_verdict wanted = !cases[i].unit          ? UNIT_BROKEN
                              : *cases[i].unit == '*' ? UNIT_FREE
                                                      : UNIT_FIXED;
        if (found != wanted)
            fail_msg("%s: %d", cases[i].infix, (int)found);
    }
}

static double factor_of(const unit *u, const double *scales)
{
    double f = 1;
    for (int b = 0; b < UNIT_BASES; b++)
        f *= pow(scales[b], u->power[b] / (double)UNIT_ONE);
    return f;
}

static const vocabulary WORDS = {
    .unary = {EXPR_SQRT, EXPR_SQUARE, EXPR_SIN, EXPR_EXP, EXPR_INV, EXPR_ABS, EXPR_TANH, EXPR_SIGN},
    .binary = {EXPR_ADD, EXPR_SUB, EXPR_MUL, EXPR_DIV, EXPR_MAX},
    .unary_count = 8,
    .binary_count = 5,
    .features = INPUTS,
    .constant_share = 0.1};

static bool close_to(double a, double b)
{
    return fabs(a - b) <= 1e-9 * (fabs(a) + fabs(b)) || (isnan(a) && isnan(b)) || a == b;
}

/* Inputs as small whole numbers and scales as powers of 4, so that roots and sums stay exact. */
static void test_scaling(void **state)
{
    (void)state;
    arena memory = {0};
    units u;
    assert_int_equal(read_all(&u, &memory, "d: m, t: s, m: kg, angle: 1, E: J", NULL), SYMLUT_OK);
    u.free_constants = false;
    rng random = rng_make(5, 5);
    int fixed = 0, broken = 0, unlike = 0;
    for (int trial = 0; trial < 40000; trial++) {
        expr_node nodes[TREE_MAX];
        expr e = {nodes, 0};
        tree_random(&e, 1 + (int)rng_below(&random, 9), 9, &WORDS, &random);
        double x[INPUTS], y[INPUTS], stack[TREE_MAX], scales[UNIT_BASES];
        for (int b = 0; b < UNIT_BASES; b++)
            scales[b] = pow(4, (double)rng_below(&random, 5) - 2);
        for (int i = 0; i < INPUTS; i++) {
            x[i] = 1 + rng_unit(&random);
            y[i] = x[i] * factor_of(&u.inputs[i], scales);
        }
        unit found;
        unit_verdict verdict = units_of(&u, e, &found);
        double before = expr_eval(e, x, stack), after = expr_eval(e, y, stack);
        if (verdict == UNIT_FIXED) {
            fixed++;
            if (!close_to(after, before * factor_of(&found, scales)) && fabs(before) > 1e-12)
                fail_msg("trial %d: %g became %g", trial, before, after);
        } else {
            broken++;
            unlike += !close_to(after, before);
        }
    }
    assert_true(fixed > 5000 && broken > 5000 && unlike > broken / 2);
    arena_free(&memory);
}

/* ---------------------------------------------------------------- dimensional analysis */

static void check_reduction(const reduction *r, const units *u, rng *random)
{
    double x[INPUTS], y[INPUTS], g[REDUCE_INPUTS], stack[256], scales[UNIT_BASES];
    for (int b = 0; b < UNIT_BASES; b++)
        scales[b] = 0.5 + rng_unit(random);
    for (int i = 0; i < INPUTS; i++) {
        x[i] = 1 + rng_unit(random);
        y[i] = x[i] * factor_of(&u->inputs[i], scales);
    }
    for (int k = 0; k <= r->groups; k++) {
        const monomial *m = k < r->groups ? &r->group[k] : &r->prefactor;
        expr e = {(expr_node *)(uintptr_t)m->nodes, m->count};
        assert_true(expr_finish(&e));
        double before = expr_eval(e, x, stack), after = expr_eval(e, y, stack);
        assert_true(close_to(after, before * (k < r->groups ? 1 : factor_of(&u->target, scales))));
        g[k] = before;
    }
    vocabulary over_groups = WORDS;
    over_groups.features = r->groups;
    for (int trial = 0; trial < 200; trial++) {
        expr_node nodes[TREE_MAX], expanded_nodes[TREE_MAX];
        expr e = {nodes, 0}, expanded = {expanded_nodes, 0};
        tree_random(&e, 7, 9, &over_groups, random);
        if (!reduction_expand(&expanded, TREE_MAX, r, e))
            continue;
        double small = expr_eval(e, g, stack) * g[r->groups], whole = expr_eval(expanded, x, stack);
        assert_true(fabs(small - whole) <= 1e-6 * (1 + fabs(whole)) || isnan(small) ||
                    isinf(small) || fabs(small) > 1e12);
    }
}

static void test_reductions(void **state)
{
    (void)state;
    static const struct {
        const char *units;
        int groups; /* -1: none */
    } cases[] = {
        {"d: m, t: s, m: kg, angle: 1, E: J", 1},
        {"d: m, t: m, m: kg, angle: 1, E: kg", 2},
        {"d: m, t: m, m: m, angle: m, E: m^2", 3},
        {"d: m, t: s, m: m/s, angle: m/s^2, E: m^(1/2)", 2},
        {"d: 1, t: 1, m: 1, angle: 1, E: 1", -1},
        {"d: m, t: s, m: 1, angle: 1, E: kg", -1},
        {"d: m, t: s, m: kg, angle: 1", -1},
    };
    rng random = rng_make(6, 6);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        arena memory = {0};
        units u;
        assert_int_equal(read_all(&u, &memory, cases[i].units, NULL), SYMLUT_OK);
        reduction *r = calloc(REDUCE_CHOICES, sizeof *r);
        assert_non_null(r);
        int count = reductions_find(r, &u, &WORDS);
        if (cases[i].groups < 0 ? count != 0 : count == 0)
            fail_msg("%s: %d choices", cases[i].units, count);
        for (int k = 0; k < count; k++) {
            assert_int_equal(r[k].groups, cases[i].groups);
            assert_true(k == 0 || r[k].cost >= r[k - 1].cost);
            check_reduction(&r[k], &u, &random);
        }
        free(r);
        arena_free(&memory);
    }
}

/* ---------------------------------------------------------------- a search */

enum { ROWS = 256 };

static void make_problem(problem *p, arena *memory, float (*columns)[ROWS], const float **pointers,
                         float *y)
{
    rng random = rng_make(8, 8);
    for (int i = 0; i < ROWS; i++) {
        for (int f = 0; f < INPUTS; f++) {
            columns[f][i] = (float)(1 + 2 * rng_unit(&random));
            pointers[f] = columns[f];
        }
        float d = columns[0][i], t = columns[1][i], m = columns[2][i], a = columns[3][i];
        y[i] = m * (d / t) * (d / t) * (0.5f + sinf(a)); /* an energy */
    }
    *p = (problem){.columns = pointers,
                   .rows = ROWS,
                   .padded = ROWS,
                   .y = y,
                   .squares = true,
                   .bounded = true,
                   .forms = {true, true, true, true}};
    assert_true(problem_index(p, memory));
}

static void search(bool free_constants, double penalty)
{
    static float columns[INPUTS][ROWS] __attribute__((aligned(64))),
        y[ROWS] __attribute__((aligned(64)));
    const float *pointers[INPUTS];
    arena memory = {0};
    problem p;
    units u;
    make_problem(&p, &memory, columns, pointers, y);
    assert_int_equal(read_all(&u, &memory, "d: m, t: s, m: kg, angle: 1, E: J", NULL), SYMLUT_OK);
    u.free_constants = free_constants;
    settings set = settings_defaults();
    set.words = WORDS;
    set.max_size = 18;
    set.islands = 3;
    set.population = 40;
    set.words.limits = (rules){.max_complexity = 18, .units = &u, .unit_penalty = penalty};
    engine e;
    assert_true(engine_init(&e, &set, &p, 1, 1, 2));
    assert_true(engine_recover(&e) && reduce_search(&e, 0, 1));
    assert_true(pareto_loss(&e.fronts[0], set.max_size) < 1e-9 * p.baseline);
    for (int epoch = 0; epoch < 4; epoch++)
        engine_epoch(&e);
    for (int c = 1; c <= set.max_size; c++) {
        const champion *row = &e.fronts[0].rows[c];
        if (row->count > 0 && isinf(penalty))
            assert_true(units_allow(&u, (expr){row->nodes, row->count}));
        if (row->count > 0 && !units_allow(&u, (expr){row->nodes, row->count}))
            assert_true(row->loss >= penalty);
    }
    for (int i = 0; isinf(penalty) && i < e.island_count; i++)
        for (int k = 0; k < set.population; k++) {
            unit ignored;
            const member *m = &e.islands[i].members[k];
            assert_true(units_of(&u, (expr){m->nodes, m->count}, &ignored) != UNIT_BROKEN);
        }
    engine_free(&e);
    arena_free(&memory);
}

static void test_search(void **state)
{
    (void)state;
    search(true, (double)INFINITY);
    search(false, (double)INFINITY);
    search(true, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),   cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_sources), cmocka_unit_test(test_agreement),
        cmocka_unit_test(test_scaling), cmocka_unit_test(test_reductions),
        cmocka_unit_test(test_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
