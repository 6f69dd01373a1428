/* Random expressions as sympy and numpy text, with points and the values that this library gives
 * them, one JSON object a line. Usage: expr_samples SEED COUNT NODES
 *
 * Only points where rounding does not decide the value are given, with the spread that it makes;
 * none where something inside is not a number, which sympy would carry on with as complex. */
#include <stdio.h>

#include "../random_expr.h"
#include "../reference_eval.h"

enum { FEATURES = 3, POINTS = 6 };

static double small_constant(rng *r)
{
    return random_constant(r, 4);
}

static bool usable(expr e, const long double *x, rng *r, long double *value, long double *spread)
{
    if (!judge(e, x, r, SHAKE_RESULTS, value, spread))
        return false;
    for (int i = 0; i < e.count; i++)
        if (!isfinite(trace[i]))
            return false;
    return true;
}

static void print_points(text *t, expr e, rng *r)
{
    double stack[256];
    text_append(t, ", \"points\": [");
    for (int found = 0, tries = 0; found < POINTS && tries < 3 * POINTS; tries++) {
        double x[FEATURES];
        long double xl[FEATURES], value, spread;
        for (int f = 0; f < FEATURES; f++) {
            x[f] = 2 * rng_normal(r);
            xl[f] = (long double)x[f];
        }
        if (!usable(e, xl, r, &value, &spread))
            continue;
        text_append(t, found++ ? ", [" : "[");
        for (int f = 0; f < FEATURES; f++)
            text_printf(t, "%.17g, ", x[f]);
        text_printf(t, "%.17g, %.3Lg]", expr_eval(e, x, stack), spread);
    }
    text_append(t, "]}");
}

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    unsigned long long seed = strtoull(argv[1], NULL, 10);
    long count = strtol(argv[2], NULL, 10);
    uint32_t nodes = (uint32_t)strtoul(argv[3], NULL, 10);
    arena memory = {0};
    text t = {0};
    for (long i = 0; i < count; i++) {
        rng r = rng_make(seed, (uint64_t)i);
        expr e = random_expr(&memory, &r, 1 + (int)rng_below(&r, nodes), FEATURES, small_constant);
        t.length = 0;
        text_append(&t, "{\"sympy\": \"");
        expr_print(&t, e, NULL, SYMLUT_PRINT_SYMPY, 17);
        text_append(&t, "\", \"numpy\": \"");
        expr_print(&t, e, NULL, SYMLUT_PRINT_NUMPY, 17);
        text_append(&t, "\", \"c\": \"");
        expr_print(&t, e, NULL, SYMLUT_PRINT_C, 17);
        text_append(&t, "\"");
        print_points(&t, e, &r);
        puts(t.data);
        arena_reset(&memory);
    }
    arena_free(&memory);
    text_free(&t);
    return 0;
}
