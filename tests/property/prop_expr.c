/* Properties of expressions on random ones. Usage: prop_expr SEED COUNT
 *
 * Values are judged by an evaluator of this test's own in long double. How far a double result may
 * lie from it is measured, not chosen: every node's value is shaken by a few units in the last
 * place of a double, and the spread that this makes in the result is the error that rounding can
 * make. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../random_expr.h"
#include "../reference_eval.h"
#include "expr/bounds.h"
#include "expr/collect.h"

enum { FEATURES = 4 };

static int failures;

static void report(const char *what, expr e, unsigned long long seed, unsigned long i)
{
    text t = {0};
    expr_print(&t, e, NULL, SYMLUT_PRINT_INFIX, 17);
    if (failures++ < 20)
        printf("%s: seed %llu, expression %lu: %.2000s\n", what, seed, i, t.data);
    text_free(&t);
}

static bool agrees(long double found, long double value, long double spread)
{
    if (isnan(value))
        return isnan(found) || isinf(found);
    return fabsl(found - value) <= 16 * spread + fabsl(value) * 0x1p-50L;
}

static void random_inputs(rng *r, double *x, long double *xl)
{
    for (int f = 0; f < FEATURES; f++) {
        x[f] = 2 * rng_normal(r);
        xl[f] = (long double)x[f];
    }
}

/* ---------------------------------------------------------------- properties */

static void check_round_trip(arena *memory, rng *r, unsigned long long seed, unsigned long i)
{
    static const char *const names[] = {"a", "signal #1", "sin", "x0", "w(b, c)", "pi", "é"};
    static const expr_names known = {names, 7};
    int size = 1 + (int)rng_below(r, i % 100 == 0 ? EXPR_MAX_NODES : 40);
    expr e = random_expr(memory, r, size, 7, random_bits);
    symlut_error err = {0};
    text t = {0};
    expr_print(&t, e, &known, SYMLUT_PRINT_INFIX, 17);
    expr back;
    if (expr_parse(&back, memory, t.data, &known, "", 1, 1, &err) != SYMLUT_OK ||
        !expr_equal(e, back)) {
        report("does not read back", e, seed, i);
        printf("  %s\n", err.message);
    }
    for (int n = 0; n < back.count; n++)
        if (back.nodes[n].length != e.nodes[n].length || back.nodes[n].arity != e.nodes[n].arity)
            report("lengths differ after reading", e, seed, i);
    text_free(&t);
}

static double small_constant(rng *r)
{
    return random_constant(r, 4);
}

static long evaluated, simplified, collected, differentiated, bounded, refused, undefined;

static void check_eval(expr e, const double *x, long double value, long double spread,
                       unsigned long long seed, unsigned long i)
{
    double stack[64], rows[64 * 3], columns[FEATURES][3];
    double found = expr_eval(e, x, stack);
    if (!agrees((long double)found, value, spread))
        report("evaluates wrongly", e, seed, i);
    const double *const pointers[] = {columns[0], columns[1], columns[2], columns[3]};
    for (int f = 0; f < FEATURES; f++)
        for (int row = 0; row < 3; row++)
            columns[f][row] = x[f];
    expr_eval_rows(e, pointers, 3, rows, 3);
    for (int row = 0; row < 3; row++)
        if (memcmp(&rows[row], &found, sizeof found) != 0 && !(isnan(found) && isnan(rows[row])))
            report("rows evaluate otherwise", e, seed, i);
    evaluated++;
}

static bool has_op(expr e, int op)
{
    for (int i = 0; i < e.count; i++)
        if (e.nodes[i].op == op)
            return true;
    return false;
}

static bool same(expr a, expr b)
{
    return a.count == b.count && expr_equal(a, b);
}

/* collect: never longer, whole, the same when done again, and of allowed operations alone. `only`:
 * those that e has; else all. */
static expr check_collected(arena *memory, expr e, bool only, unsigned long long seed,
                            unsigned long i)
{
    bool allowed[EXPR_OP_COUNT];
    for (int op = 0; op < EXPR_OP_COUNT; op++)
        allowed[op] = !only || has_op(e, op);
    expr s = expr_copy(memory, e);
    expr_collect(&s, allowed);
    if (s.count > e.count)
        report("collect made it longer", e, seed, i);
    for (int n = 0; n < s.count; n++)
        if (s.nodes[n].arity > 0 && !allowed[s.nodes[n].op])
            report("collect brought in an operation", e, seed, i);
    expr finished = expr_copy(memory, s), again = expr_copy(memory, s);
    if (!expr_finish(&finished))
        report("collect left no expression", e, seed, i);
    for (int n = 0; n < s.count; n++)
        if (finished.nodes[n].length != s.nodes[n].length ||
            finished.nodes[n].arity != s.nodes[n].arity)
            report("collect left wrong lengths", e, seed, i);
    expr_collect(&again, allowed);
    if (!same(again, s))
        report("collect changes what it collected", e, seed, i);
    return s;
}

static void check_simplified(arena *memory, expr e, unsigned long long seed, unsigned long i,
                             expr *out)
{
    expr s = expr_copy(memory, e);
    expr_simplify(&s);
    if (s.count > e.count)
        report("simplify made it longer", e, seed, i);
    for (int n = 0; n < s.count; n++)
        if (s.nodes[n].op != EXPR_CONST && !has_op(e, s.nodes[n].op))
            report("simplify brought in an operation", e, seed, i);
    expr finished = expr_copy(memory, s);
    if (!expr_finish(&finished))
        report("simplify left no expression", e, seed, i);
    for (int n = 0; n < s.count; n++)
        if (finished.nodes[n].length != s.nodes[n].length ||
            finished.nodes[n].arity != s.nodes[n].arity)
            report("simplify left wrong lengths", e, seed, i);
    *out = s;
}

/* Not finite at x, however its values are rounded, and without overflow on the way. */
static bool is_undefined(expr e, const long double *x, rng *r)
{
    bool ordinary;
    for (int shake = 0; shake <= SHAKES; shake++) {
        if (isfinite(reference_eval(e, x, r, shake ? 0x1p-50L : 0, SHAKE_ALL, &ordinary)))
            return false;
        for (int n = 0; n < e.count; n++) {
            bool power = e.nodes[n].op == EXPR_POW && e.nodes[n - 1].arity > 0;
            if (power && nearly_whole(trace[n - 1], 1e-12L))
                return false;
            if (isfinite(trace[n]) && trace[n] != 0 &&
                (fabsl(trace[n]) > 1e200L || fabsl(trace[n]) < 1e-200L))
                return false;
        }
    }
    return true;
}

/* Where e has no value, no other form of it has one. */
static void check_undefined(expr e, const expr *forms, int count, rng *r, unsigned long long seed,
                            unsigned long i)
{
    static const long double edges[] = {0, 0, 0, 1, -1, 0.5L, -0.5L, 2, -2, 3};
    bool ordinary;
    for (int point = 0; point < 4; point++) {
        long double x[FEATURES];
        for (int f = 0; f < FEATURES; f++)
            x[f] = edges[rng_below(r, sizeof edges / sizeof *edges)];
        if (!is_undefined(e, x, r))
            continue;
        undefined++;
        for (int k = 0; k < count; k++)
            if (isfinite(reference_eval(forms[k], x, r, 0, SHAKE_ALL, &ordinary)))
                report(k == 0 ? "simplify gave a value where there is none"
                              : "collect gave a value where there is none",
                       e, seed, i);
    }
}

static void check_values(arena *memory, rng *r, unsigned long long seed, unsigned long i)
{
    expr e = random_expr(memory, r, 1 + (int)rng_below(r, 20), FEATURES, small_constant), s;
    check_simplified(memory, e, seed, i, &s);
    expr written[2];
    for (int k = 0; k < 2; k++)
        written[k] = check_collected(memory, e, k == 1, seed, i);
    check_undefined(e, (expr[]){s, written[0], written[1]}, 3, r, seed, i);
    for (int point = 0; point < 4; point++) {
        double x[FEATURES];
        long double xl[FEATURES], value, spread;
        random_inputs(r, x, xl);
        if (!judge(e, xl, r, SHAKE_RESULTS, &value, &spread)) {
            refused++;
            continue;
        }
        check_eval(e, x, value, spread, seed, i);
        if (!judge(e, xl, r, SHAKE_ALL, &value, &spread))
            continue;
        bool ordinary;
        long double found = reference_eval(s, xl, r, 0, SHAKE_ALL, &ordinary);
        if (ordinary && !agrees(found, value, spread))
            report("simplify changed the value", e, seed, i);
        simplified += ordinary && s.count < e.count;
        for (int k = 0; k < 2; k++) {
            found = reference_eval(written[k], xl, r, 0, SHAKE_RESULTS, &ordinary);
            if (ordinary && !agrees(found, value, spread))
                report("collect changed the value", e, seed, i);
            collected += ordinary && !same(written[k], s);
        }
    }
}

/* Central differences, Richardson-extrapolated: error of order h^4. */
static long double slope(expr e, const long double *x, int feature, long double h, bool *ordinary)
{
    long double at[FEATURES], d[2];
    *ordinary = true;
    for (int k = 0; k < 2; k++, h /= 2) {
        bool ok[2];
        memcpy(at, x, sizeof at);
        at[feature] = x[feature] + h;
        long double up = reference_eval(e, at, NULL, 0, SHAKE_RESULTS, &ok[0]);
        at[feature] = x[feature] - h;
        d[k] = (up - reference_eval(e, at, NULL, 0, SHAKE_RESULTS, &ok[1])) / (2 * h);
        *ordinary = *ordinary && ok[0] && ok[1];
    }
    return (4 * d[1] - d[0]) / 3;
}

/* Whether every value inside e is finite, and no node of e that jumps does so between x - h and
 * x + h: there the differences see stairs as a slope. Powers of what is not above 0 are left out
 * too, since they have no slope in the exponent. */
static bool has_slope(expr e, const long double *x, int feature, long double h)
{
    bool ordinary;
    for (int i = 0; i < e.count; i++) {
        const expr_node *n = &e.nodes[i];
        int length = (int)n->length;
        expr part = {&e.nodes[i - length + 1], length};
        if (n->op == EXPR_POW) {
            int exponent = (int)n[-1].length;
            expr base = {part.nodes, length - 1 - exponent};
            if (!(reference_eval(base, x, NULL, 0, SHAKE_RESULTS, &ordinary) > 0))
                return false;
        }
        if (!isfinite(reference_eval(part, x, NULL, 0, SHAKE_RESULTS, &ordinary)))
            return false;
        bool jumps = n->op == EXPR_FLOOR || n->op == EXPR_CEIL || n->op == EXPR_ROUND;
        if (!jumps && n->op != EXPR_MOD)
            continue;
        long double at[FEATURES], values[2];
        for (int k = 0; k <= 1; k++) {
            memcpy(at, x, sizeof at);
            at[feature] += k ? h : -h;
            values[k] = reference_eval(part, at, NULL, 0, SHAKE_RESULTS, &ordinary);
            if (n->op == EXPR_MOD) /* the whole quotients taken away */
                values[k] = floorl(trace[length - 2 - (int)n[-1].length] / trace[length - 2]);
        }
        if (values[0] != values[1])
            return false;
    }
    return true;
}

static void check_derivative(arena *memory, rng *r, unsigned long long seed, unsigned long i)
{
    expr e = random_expr(memory, r, 1 + (int)rng_below(r, 12), FEATURES, small_constant);
    int feature = (int)rng_below(r, FEATURES);
    expr d = expr_differentiate(memory, e, feature);
    if (d.count == 0) {
        if (!has_op(e, EXPR_GAMMA))
            report("has no derivative", e, seed, i);
        return;
    }
    for (int point = 0; point < 4; point++) {
        double x[FEATURES];
        long double xl[FEATURES];
        bool ordinary[3], sized;
        random_inputs(r, x, xl);
        long double wide = slope(e, xl, feature, 1e-3L, &ordinary[0]);
        long double narrow = slope(e, xl, feature, 5e-4L, &ordinary[1]);
        long double found = reference_eval(d, xl, NULL, 0, SHAKE_RESULTS, &ordinary[2]);
        long double size =
            fabsl(reference_eval(e, xl, NULL, 0, SHAKE_RESULTS, &sized)) * 1e-3L + 1e-6L;
        bool smooth = fabsl(wide - narrow) <= 1e-7L * (fabsl(narrow) + size);
        bool usable = ordinary[0] && ordinary[1] && ordinary[2] && sized && smooth;
        if (!usable || !has_slope(e, xl, feature, 1e-3L))
            continue;
        differentiated++;
        if (!(fabsl(found - narrow) <= 1e-6L * (fabsl(narrow) + size)))
            report("differs from its differences", e, seed, i);
    }
}

/* Values at random points of a random box lie within the bounds over it, up to rounding, and exist.
 */
static void check_bounds(arena *memory, rng *r, unsigned long long seed, unsigned long i)
{
    expr e = random_expr(memory, r, 1 + (int)rng_below(r, 12), FEATURES, small_constant);
    bounds box[FEATURES], range;
    for (int f = 0; f < FEATURES; f++) {
        double a = small_constant(r), b = small_constant(r);
        box[f] = (bounds){fmin(a, b), fmax(a, b)};
    }
    if (!expr_bounds(&range, e, box))
        return;
    bounded++;
    for (int point = 0; point < 8; point++) {
        double x[FEATURES];
        long double xl[FEATURES], value, spread;
        for (int f = 0; f < FEATURES; f++)
            xl[f] = x[f] = fmin(
                box[f].low + (box[f].high - box[f].low) * (double)rng_below(r, 5) / 4, box[f].high);
        if (!judge(e, xl, r, SHAKE_RESULTS, &value, &spread)) {
            refused++;
            continue;
        }
        bool ordinary;
        value = reference_eval(e, xl, NULL, 0, SHAKE_RESULTS, &ordinary);
        long double slack = 1e-9L * (1 + fabsl(value)) + 64 * spread;
        if (!(value >= (long double)range.low - slack && value <= (long double)range.high + slack))
            report("leaves its bounds", e, seed, i);
    }
}

int main(int argc, char **argv)
{
    unsigned long long seed = argc > 1 ? strtoull(argv[1], NULL, 10) : 1;
    unsigned long count = argc > 2 ? strtoul(argv[2], NULL, 10) : 1000;
    arena memory = {0};
    for (unsigned long i = 0; i < count; i++) {
        rng r = rng_make(seed, i);
        check_round_trip(&memory, &r, seed, i);
        check_values(&memory, &r, seed, i);
        check_derivative(&memory, &r, seed, i);
        check_bounds(&memory, &r, seed, i);
        arena_reset(&memory);
    }
    arena_free(&memory);
    printf("seed %llu: %lu expressions; %ld points evaluated (%ld out of range or at an edge), "
           "%ld simplified, %ld collected, %ld without a value, %ld slopes, %ld bounded; %d "
           "failures\n",
           seed, count, evaluated, refused, simplified, collected, undefined, differentiated,
           bounded, failures);
    /* Were most points refused, the test would say nothing. */
    bool enough = evaluated > 2 * (long)count && differentiated > (long)count && simplified > 0 &&
                  collected > 0 && undefined > 0 && bounded > (long)count / 4;
    return failures == 0 && enough ? 0 : 1;
}
