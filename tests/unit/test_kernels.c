/* Every vector kernel of every instruction set against the scalar double reference, on random and
 * edge input, within its stated bound; AVX-512 against AVX2 bit for bit. Where the processor has no
 * AVX-512, its kernels are emulated (kernels_emulated.c), which checks their source. */
#include "expr/kernels.h"

#include "base/rng.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { ROWS = 16 * 64 };
static const char *const BUILDS[] = {"portable", "avx2", "avx512", "emulated"};
enum { BUILD_COUNT = sizeof BUILDS / sizeof BUILDS[0] };
#if defined(KERNELS_EMULATED)
extern const kernels kernels_emulated;
#endif
static const float EDGES[] = {
    0.0f,       -0.0f,      1.0f,        -1.0f,       0.5f,        -0.5f,       2.0f,
    -2.0f,      3.0f,       -3.0f,       INFINITY,    -INFINITY,   NAN,         1e-38f,
    -1e-38f,    1e-45f,     88.72f,      -87.33f,     89.0f,       -103.9f,     8192.0f,
    8193.0f,    -12345.7f,  1e10f,       -1e10f,      3e38f,       -3e38f,      3.1415927f,
    1.5707964f, 6.2831855f, 0.70710678f, 16777216.0f, 0.99999994f, 1.0000001f,  -0.99999994f,
    127.0f,     128.0f,     -149.0f,     1e-8f,       -1e-8f,      0.34657359f, 355.0f};
enum { EDGE_COUNT = sizeof EDGES / sizeof EDGES[0] };

/* NULL: not on this processor. */
static const kernels *build_named(const char *name)
{
    if (strcmp(name, "emulated") != 0)
        return kernels_named(name);
#if defined(KERNELS_EMULATED)
    return kernels_named("avx2") ? &kernels_emulated : NULL; /* made of AVX2's instructions */
#else
    return NULL;
#endif
}

static float random_float(rng *r)
{
    double size = 0;
    switch (rng_below(r, 4)) {
    case 0:
        size = 1;
        break;
    case 1:
        size = 10;
        break;
    case 2:
        size = 100;
        break;
    default:
        size = exp(60 * (rng_unit(r) - 0.5));
    }
    return (float)(size * (2 * rng_unit(r) - 1));
}

/* Distance of got from the exact value in units of the last place of a float32 there. */
static double ulp_error(float got, double exact)
{
    if (isnan(exact) || isnan(got))
        return isnan(exact) && isnan(got) ? 0 : INFINITY;
    double largest = 3.4028234663852886e38, half_ulp = 0x1p103;
    if (fabs(exact) >= largest + half_ulp) /* rounds to infinity */
        return isinf(got) && (got > 0) == (exact > 0)
                   ? 0
                   : (fabs(exact) < largest * (1 + 1e-6) ? 1 : INFINITY);
    if (isinf(got))
        return fabs(exact) > largest * (1 - 1e-6) ? 1 : INFINITY;
    if (fabs(exact) < 0x1p-126 && fabsf(got) <= 0x1.00001p-126f)
        return 0; /* what is subnormal counts as 0 */
    int e;
    frexp(exact, &e);
    return fabs((double)got - exact) / ldexp(1, (e < -125 ? -125 : e) - 24);
}

typedef struct buffers {
    float *a, *b, *out, *other;
} buffers;

static buffers buffers_make(void)
{
    return (buffers){buffer_alloc(ROWS, 4), buffer_alloc(ROWS, 4), buffer_alloc(ROWS, 4),
                     buffer_alloc(ROWS, 4)};
}

static void buffers_free(buffers *s)
{
    free(s->a);
    free(s->b);
    free(s->out);
    free(s->other);
}

static void fill(buffers *s, rng *r, int round)
{
    for (int i = 0; i < ROWS; i++) {
        s->a[i] = round == 0 ? EDGES[i % EDGE_COUNT] : random_float(r);
        s->b[i] = round == 0 ? EDGES[i / EDGE_COUNT % EDGE_COUNT] : random_float(r);
        if (round > 0 && rng_below(r, 8) == 0)
            s->b[i] = (float)((int)rng_below(r, 9) - 4);
    }
}

static void check_rows(const kernels *k, expr_op op, const buffers *s, int shape, double *worst)
{
    double bound = kernels_error_bound(op);
    for (int i = 0; i < ROWS; i++) {
        double a = (double)s->a[shape == SHAPE_SV ? 0 : i];
        double b = (double)s->b[shape == SHAPE_VS ? 0 : i];
        double error = ulp_error(s->out[i], expr_apply(op, a, b));
        if (!(error <= (bound > 0.5 ? bound : 0.5)))
            fail_msg("%s %s(%.9g, %.9g): %.9g, expected %.17g, %g ULP", k->name, expr_op_name(op),
                     a, b, (double)s->out[i], expr_apply(op, a, b), error);
        if (error > *worst)
            *worst = error;
    }
}

static void test_operations(void **state)
{
    (void)state;
    for (size_t build = 0; build < BUILD_COUNT; build++) {
        const kernels *k = build_named(BUILDS[build]);
        if (!k)
            continue;
        buffers s = buffers_make();
        for (int op = 0; op < EXPR_OP_COUNT; op++) {
            rng r = rng_make(7, (uint64_t)op);
            double worst = 0;
            for (int round = 0; round < 40; round++)
                for (int shape = 0; shape < SHAPE_COUNT; shape++) {
                    if (!k->op[op][shape])
                        continue;
                    fill(&s, &r, round);
                    k->op[op][shape](s.out, s.a, s.b, NULL, ROWS);
                    check_rows(k, (expr_op)op, &s, shape, &worst);
                }
            if (expr_arity((expr_op)op) > 0)
                print_message("%-9s %-8s %.2f ULP\n", k->name, expr_op_name((expr_op)op), worst);
        }
        buffers_free(&s);
    }
}

/* Bit for bit, but for the payload of a NaN. */
static void check_equal(const float *got, const float *want)
{
    for (int i = 0; i < ROWS; i++)
        if (!isnan(got[i]) || !isnan(want[i]))
            assert_memory_equal(&got[i], &want[i], sizeof(float));
}

static void compare_operations(const kernels *k, const kernels *l)
{
    buffers s = buffers_make();
    for (int op = 0; op < EXPR_OP_COUNT; op++) {
        rng r = rng_make(8, (uint64_t)op);
        for (int round = 0; round < 20; round++)
            for (int shape = 0; shape < SHAPE_COUNT; shape++) {
                if (!k->op[op][shape])
                    continue;
                fill(&s, &r, round);
                k->op[op][shape](s.out, s.a, s.b, NULL, ROWS);
                l->op[op][shape](s.other, s.a, s.b, NULL, ROWS);
                check_equal(s.out, s.other);
            }
    }
    buffers_free(&s);
}

static void compare_fused(const kernels *k, const kernels *l, const buffers *s, const float *c,
                          float *other)
{
    for (int form = 0; form < FUSED_COUNT; form++)
        for (int shape = 0; shape < 4; shape++) {
            k->fused[form][shape >> 1][shape & 1](s->out, s->a, s->b, c, ROWS);
            l->fused[form][shape >> 1][shape & 1](other, s->a, s->b, c, ROWS);
            check_equal(s->out, other);
        }
    for (int shape = 0; shape < 2; shape++) {
        k->square_difference[shape](s->out, s->a, s->b, NULL, ROWS);
        l->square_difference[shape](other, s->a, s->b, NULL, ROWS);
        check_equal(s->out, other);
    }
}

static void compare_sums(const kernels *k, const kernels *l, const buffers *s, float *other)
{
    for (int weighted = 0; weighted < 2; weighted++) {
        const float *w = weighted ? s->other : NULL;
        kernel_moments m, n;
        k->moments(&m, s->a, s->b, w, 0.25f, ROWS);
        l->moments(&n, s->a, s->b, w, 0.25f, ROWS);
        assert_memory_equal(&m, &n, sizeof m);
        double x[] = {k->squares(s->a, s->b, w, 1.5f, -0.5f, ROWS), k->sum(s->a, w, ROWS),
                      k->dot(s->a, s->b, ROWS)};
        double y[] = {l->squares(s->a, s->b, w, 1.5f, -0.5f, ROWS), l->sum(s->a, w, ROWS),
                      l->dot(s->a, s->b, ROWS)};
        assert_memory_equal(x, y, sizeof x);
        k->residual(s->out, s->a, s->b, w, 1.5f, -0.5f, ROWS);
        l->residual(other, s->a, s->b, w, 1.5f, -0.5f, ROWS);
        check_equal(s->out, other);
    }
}

/* The other kernels: adjoints, fused products, sums in every order of additions. */
static void compare_rest(const kernels *k, const kernels *l)
{
    buffers s = buffers_make();
    float *other = buffer_alloc(ROWS, 4);
    rng r = rng_make(11, 0);
    for (int round = 0; round < 20; round++) {
        fill(&s, &r, round);
        for (int i = 0; i < ROWS; i++)
            s.other[i] = random_float(&r);
        compare_fused(k, l, &s, s.other, other);
        for (int op = 0; op < EXPR_OP_COUNT; op++)
            for (int side = 0; side < expr_arity((expr_op)op); side++) {
                float *v = s.other;
                k->op[op][SHAPE_VV](v, s.a, s.b, NULL, ROWS);
                k->back[op][side](s.out, s.b, s.a, s.b, v, ROWS);
                l->back[op][side](other, s.b, s.a, s.b, v, ROWS);
                check_equal(s.out, other);
            }
        for (int i = 0; i < ROWS; i++) {
            s.a[i] = (float)rng_normal(&r);
            s.b[i] = (float)rng_normal(&r);
            s.other[i] = (float)rng_unit(&r);
        }
        compare_sums(k, l, &s, other);
    }
    free(other);
    buffers_free(&s);
}

static void test_avx2_equals_avx512(void **state)
{
    (void)state;
    const kernels *k = kernels_named("avx2");
    for (size_t build = 2; k && build < BUILD_COUNT; build++) {
        const kernels *l = build_named(BUILDS[build]);
        if (!l)
            continue;
        compare_operations(k, l);
        compare_rest(k, l);
        print_message("%s equals avx2\n", l->name);
    }
}

/* Adjoints against central differences of the scalar reference. */
static void test_adjoints(void **state)
{
    (void)state;
    for (size_t build = 0; build < BUILD_COUNT; build++) {
        const kernels *k = build_named(BUILDS[build]);
        if (!k)
            continue;
        buffers s = buffers_make();
        float *adjoint = buffer_alloc(ROWS, 4);
        for (int op = 0; op < EXPR_OP_COUNT; op++)
            for (int side = 0; side < expr_arity((expr_op)op); side++) {
                rng r = rng_make(9, (uint64_t)op);
                for (int i = 0; i < ROWS; i++) {
                    s.a[i] = (float)((op == EXPR_ACOSH ? 1.05 : 0.05) + 0.9 * rng_unit(&r));
                    s.b[i] = (float)(1.05 + 0.9 * rng_unit(&r));
                    s.out[i] = (float)expr_apply((expr_op)op, (double)s.a[i], (double)s.b[i]);
                    adjoint[i] = (float)(1 + rng_unit(&r));
                }
                k->back[op][side](s.other, adjoint, s.a, s.b, s.out, ROWS);
                for (int i = 0; i < ROWS; i++) {
                    double a = (double)s.a[i], b = (double)s.b[i], h = 1e-6;
                    double slope = side == 0 ? (expr_apply((expr_op)op, a + h, b) -
                                                expr_apply((expr_op)op, a - h, b))
                                             : (expr_apply((expr_op)op, a, b + h) -
                                                expr_apply((expr_op)op, a, b - h));
                    slope *= (double)adjoint[i] / (2 * h);
                    assert_true(fabs((double)s.other[i] - slope) <= 1e-5 * (1 + fabs(slope)));
                }
            }
        free(adjoint);
        buffers_free(&s);
    }
}

static void test_fused_and_sums(void **state)
{
    (void)state;
    for (size_t build = 0; build < BUILD_COUNT; build++) {
        const kernels *k = build_named(BUILDS[build]);
        if (!k)
            continue;
        buffers s = buffers_make();
        rng r = rng_make(10, 0);
        for (int i = 0; i < ROWS; i++) {
            s.a[i] = (float)rng_normal(&r);
            s.b[i] = (float)rng_normal(&r);
            s.other[i] = (float)rng_unit(&r);
        }
        for (int form = 0; form < FUSED_COUNT; form++)
            for (int shape = 0; shape < 4; shape++) {
                k->fused[form][shape >> 1][shape & 1](s.out, s.a, s.b, s.other, ROWS);
                for (int i = 0; i < ROWS; i++) {
                    double a = (double)s.a[i], b = (double)s.b[shape & 2 ? 0 : i];
                    double c = (double)s.other[shape & 1 ? 0 : i];
                    double want = form == FUSED_MUL_ADD   ? a * b + c
                                  : form == FUSED_MUL_SUB ? a * b - c
                                                          : c - a * b;
                    assert_true(fabs((double)s.out[i] - want) <= 0x1p-23 * (fabs(a * b) + fabs(c)));
                }
            }
        double p = 0, pp = 0, py = 0, squares = 0, dot = 0;
        for (int i = 0; i < ROWS; i++) {
            double q = (double)s.a[i] - 0.25, w = (double)s.other[i], y = (double)s.b[i];
            double residual = 1.5 * (double)s.a[i] - 0.5 - y;
            p += w * q;
            pp += w * q * q;
            py += w * q * y;
            squares += w * residual * residual;
            dot += (double)s.a[i] * y;
        }
        kernel_moments m;
        k->moments(&m, s.a, s.b, s.other, 0.25f, ROWS);
        assert_true(fabs(m.p - p) < 1e-3 && fabs(m.pp - pp) < 1e-3 && fabs(m.py - py) < 1e-3);
        assert_true(fabs(k->squares(s.a, s.b, s.other, 1.5f, -0.5f, ROWS) - squares) < 3e-3);
        assert_true(fabs(k->dot(s.a, s.b, ROWS) - dot) < 1e-3);
        k->residual(s.out, s.a, s.b, s.other, 1.5f, -0.5f, ROWS);
        assert_true(fabs((double)s.out[3] - (1.5 * (double)s.a[3] - 0.5 - (double)s.b[3]) *
                                                (double)s.other[3]) < 1e-5);
        buffers_free(&s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_avx2_equals_avx512),
        cmocka_unit_test(test_adjoints),
        cmocka_unit_test(test_fused_and_sums),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
