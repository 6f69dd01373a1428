/* Obligations of verify --formal: what each way of settling them proves, and that it sees a fault.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "tool/miter.h"

static const format WORD = {true, 16, 10};

/* Two graphs over the same inputs a, b, c, as one obligation between their outputs. */
typedef struct pair {
    graph *g[2];
    graph_ref in[2][3], match[128], cut[128];
    bool negated[128];
    pairing w;
    miter o;
} pair;

static void begin(pair *p)
{
    static const char *const names[] = {"a", "b", "c"};
    *p = (pair){0};
    for (int i = 0; i < 128; i++)
        p->match[i] = p->cut[i] = GRAPH_NONE;
    for (int k = 0; k < 2; k++) {
        p->g[k] = graph_new();
        for (int i = 0; i < 3; i++)
            p->in[k][i] = graph_add_input(p->g[k], names[i], WORD);
    }
    for (int i = 0; i < 3; i++) {
        p->match[p->in[0][i]] = p->in[1][i];
        p->cut[p->in[1][i]] = p->in[0][i];
    }
    p->w = (pairing){p->g[0], p->g[1], p->match, p->negated, p->cut};
}

static void finish(pair *p, graph_ref x, graph_ref y)
{
    assert_int_equal(p->g[0]->failed.status, SYMLUT_OK);
    assert_int_equal(p->g[1]->failed.status, SYMLUT_OK);
    assert_null(miter_build(&p->o, &p->w, x, y, false, false));
}

static void end(pair *p)
{
    graph_free(p->o.m);
    graph_free(p->g[0]);
    graph_free(p->g[1]);
}

static graph_ref wrap(graph *g, graph_ref a)
{
    return graph_add_cast(g, a, WORD, ROUND_TRN, OVERFLOW_WRAP);
}

static graph_ref add(graph *g, graph_ref a, graph_ref b)
{
    return graph_add(g, GRAPH_ADD, a, b, GRAPH_NONE);
}

static graph_ref constant(graph *g, int64_t value)
{
    return graph_add_exact_const(g, value, WORD.frac);
}

static void build_sums(pair *p, int64_t last)
{
    begin(p);
    graph *g = p->g[0], *h = p->g[1];
    const graph_ref *x = p->in[0], *y = p->in[1];
    graph_ref left =
        wrap(g, add(g, wrap(g, add(g, x[0], x[1])), wrap(g, add(g, x[2], constant(g, 77)))));
    graph_ref shifted = graph_add_shift(h, add(h, y[1], constant(h, last)), 3);
    format f = {true, 16, 7};
    graph_ref part = graph_add_cast(h, shifted, f, ROUND_TRN, OVERFLOW_WRAP);
    part =
        graph_add_cast(h, add(h, part, graph_add_shift(h, y[2], 3)), f, ROUND_TRN, OVERFLOW_WRAP);
    graph_ref right =
        graph_add_cast(h, add(h, graph_add_shift(h, y[0], 3), part), f, ROUND_TRN, OVERFLOW_WRAP);
    finish(p, left, graph_add_shift(h, right, -3));
}

static void test_sums_that_wrap_in_another_order(void **state)
{
    (void)state;
    pair p;
    build_sums(&p, 77);
    assert_true(miter_same_sums(&p.o));
    end(&p);
    build_sums(&p, 78);
    assert_false(miter_same_sums(&p.o));
    end(&p);
}

/* A step that saturates is no step modulo a power of two. */
static void test_saturation_is_not_wrapping(void **state)
{
    (void)state;
    pair p;
    begin(&p);
    graph *g = p.g[0], *h = p.g[1];
    graph_ref inner =
        graph_add_cast(h, add(h, p.in[1][0], p.in[1][1]), WORD, ROUND_TRN, OVERFLOW_SAT);
    finish(&p, wrap(g, add(g, wrap(g, add(g, p.in[0][0], p.in[0][1])), p.in[0][2])),
           wrap(h, add(h, inner, p.in[1][2])));
    assert_false(miter_same_sums(&p.o));
    end(&p);
}

static graph_ref bit(graph *g, graph_ref a, int place)
{
    format f = {.is_signed = false, .width = 1, .frac = (int16_t)(WORD.frac - place)};
    return graph_add_shift(g, graph_add_cast(g, a, f, ROUND_TRN, OVERFLOW_WRAP), f.frac);
}

/* a * b beside rows chosen by the bits of b, row `wrong` one place off. */
static void build_product(pair *p, int wrong)
{
    begin(p);
    graph *h = p->g[1];
    graph_ref a = p->in[1][0], b = p->in[1][1], sum = constant(h, 0);
    for (int place = 0; place < 16; place++) {
        graph_ref row = graph_add_shift(h, a, place - WORD.frac + (place == wrong));
        row = graph_add(h, GRAPH_SELECT, bit(h, b, place), row, constant(h, 0));
        sum = graph_add(h, place == 15 ? GRAPH_SUB : GRAPH_ADD, sum, row, GRAPH_NONE);
    }
    finish(p, graph_add(p->g[0], GRAPH_MUL, p->in[0][0], p->in[0][1], GRAPH_NONE), sum);
}

static void test_rows_of_a_product(void **state)
{
    (void)state;
    pair p;
    build_product(&p, -1);
    assert_true(p.o.has_product);
    assert_true(miter_corners(&p.o) <= 1 << 17);
    assert_int_equal(miter_evaluate_corners(&p.o), LINEAR);
    end(&p);
    build_product(&p, 6);
    assert_int_equal(miter_evaluate_corners(&p.o), DIFFERENT);
    assert_true(p.o.found[1] >> 6 & 1);
    end(&p);
}

/* Equal at the corners of a and b, not between: a cast in between cuts what is affine. */
static void test_corners_ask_what_casts_lose(void **state)
{
    (void)state;
    pair p;
    begin(&p);
    graph *g = p.g[0], *h = p.g[1];
    graph_ref y = graph_add_cast(h, p.in[1][0], (format){true, 15, 10}, ROUND_TRN, OVERFLOW_SAT);
    finish(&p, add(g, p.in[0][0], p.in[0][1]), add(h, y, p.in[1][1]));
    assert_int_equal(miter_evaluate_corners(&p.o), DIFFERENT);
    end(&p);
    begin(&p);
    g = p.g[0];
    h = p.g[1];
    graph_ref x = graph_add_cast(g, p.in[0][0], (format){true, 15, 10}, ROUND_TRN, OVERFLOW_SAT);
    y = graph_add_cast(h, p.in[1][0], (format){true, 15, 10}, ROUND_TRN, OVERFLOW_SAT);
    finish(&p, add(g, x, p.in[0][1]), add(h, y, p.in[1][1]));
    assert_int_equal(miter_evaluate_corners(&p.o), UNDECIDED);
    assert_true(miter_same_sums(&p.o));
    end(&p);
}

static void test_equal_cones_have_one_key(void **state)
{
    (void)state;
    pair p;
    text key[3] = {{0}};
    for (int i = 0; i < 3; i++) {
        begin(&p);
        graph *g = p.g[0], *h = p.g[1];
        int first = i == 1; /* the same operator elsewhere */
        graph_ref x =
            graph_add(g, GRAPH_MUL, p.in[0][first], constant(g, i == 2 ? 5 : 3), GRAPH_NONE);
        graph_ref y =
            graph_add(h, GRAPH_MUL, p.in[1][first], constant(h, i == 2 ? 5 : 3), GRAPH_NONE);
        finish(&p, x, y);
        miter_key(&key[i], &p.o);
        end(&p);
    }
    assert_string_equal(key[0].data, key[1].data);
    assert_string_not_equal(key[0].data, key[2].data);
    for (int i = 0; i < 3; i++)
        text_free(&key[i]);
}

/* Shifts and registers of one value are cut together: 2 s + s from s alone, whichever of them was
 * settled; and what the plain graph computes twice is s again. */
static void test_shared_bits(void **state)
{
    (void)state;
    pair p;
    begin(&p);
    graph *g = p.g[0], *h = p.g[1];
    graph_ref s = wrap(g, add(g, p.in[0][0], p.in[0][1]));
    graph_ref again = wrap(g, add(g, p.in[0][1], p.in[0][0]));
    graph_ref y = add(g, graph_add_shift(g, s, 1), again);
    graph_ref t = wrap(h, add(h, p.in[1][0], p.in[1][1]));
    graph_ref up = graph_add_shift(h, graph_add_reg(h, t), 2), same = graph_add_shift(h, up, -2);
    graph_ref z = add(h, graph_add_shift(h, up, -1), same);
    pairing_settle(&p.w, s, same, false);
    finish(&p, again, t);
    assert_int_equal(p.o.leaves, 2);
    assert_true(miter_same_sums(&p.o));
    graph_free(p.o.m);
    pairing_settle(&p.w, again, t, false);
    finish(&p, y, z);
    assert_int_equal(p.o.leaves, 1);
    assert_true(miter_same_sums(&p.o));
    assert_int_equal(miter_evaluate(&p.o), EXHAUSTED);
    graph_free(p.o.m);
    finish(&p, y, add(h, graph_add_shift(h, up, -1), graph_add_shift(h, up, 0)));
    assert_int_equal(p.o.leaves, 1);
    assert_false(miter_same_sums(&p.o));
    assert_int_equal(miter_evaluate(&p.o), DIFFERENT);
    end(&p);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums_that_wrap_in_another_order),
        cmocka_unit_test(test_saturation_is_not_wrapping),
        cmocka_unit_test(test_rows_of_a_product),
        cmocka_unit_test(test_corners_ask_what_casts_lose),
        cmocka_unit_test(test_equal_cones_have_one_key),
        cmocka_unit_test(test_shared_bits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
