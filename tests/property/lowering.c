/* Random expressions, lowered and then through all passes, against an interpreter of their own: a
 * recursive walk over a tree in 128-bit integers that follows the arithmetic docs/firmware.md
 * states and shares no code with the compiler. The trees reach the compiler as infix text.
 *
 *   lowering [COUNT [SEED]] */
#include "expr/model.h"
#include "lower/lower.h"
#include "opt/opt.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 wide;

enum { INPUTS = 3, MAX_NODES = 64, ROWS = 24 };

typedef enum kind {
    K_CONST,
    K_VAR,
    K_ADD,
    K_SUB,
    K_MUL,
    K_MIN,
    K_MAX,
    K_LESS,
    K_GREATER,
    K_LESS_EQUAL,
    K_GREATER_EQUAL,
    K_AND,
    K_OR,
    K_COND,
    K_DIV_CONST,
    K_DIV,
    K_POWER,
    K_NEG,
    K_ABS,
    K_SIGN,
    K_SQUARE,
    K_CUBE,
    K_RELU,
    K_FLOOR,
    K_CEIL,
    K_ROUND,
    K_MOD,
    K_SIN,
    K_COS,
    K_EXP,
    K_TANH,
    K_INV,
    K_COUNT
} kind;

typedef struct tree {
    kind k;
    int a, b;     /* operands */
    double value; /* constant, divisor, exponent */
    int input;
} tree;

/* The arithmetic under test. */
typedef struct rules {
    int width, frac;
    bool is_signed;
    int rounding, overflow; /* in the order of graph.h */
} rules;

static tree nodes[MAX_NODES];
static int node_count;

/* ---------------------------------------------------------------- random trees */

static int grow_tree(rng *r, int depth, kind last)
{
    int me = node_count++;
    kind k = (kind)rng_below(r, (uint32_t)last);
    if (depth == 0 || node_count > MAX_NODES - 8)
        k = rng_below(r, 3) == 0 ? K_CONST : K_VAR;
    tree t = {.k = k, .a = -1, .b = -1, .input = (int)rng_below(r, INPUTS)};
    t.value = floor(rng_normal(r) * 4096) / (rng_below(r, 2) ? 1024 : 300);
    if (k == K_POWER)
        t.value = (double)rng_below(r, 8);
    if (k == K_MOD)
        t.value = ldexp(1, (int)rng_below(r, 5));
    if (k == K_DIV_CONST && t.value == 0)
        t.value = 3;
    if (k >= K_ADD)
        t.a = grow_tree(r, depth - 1, last);
    if (k >= K_ADD && k <= K_DIV && k != K_DIV_CONST)
        t.b = grow_tree(r, depth - 1, last);
    nodes[me] = t;
    return me;
}

static void print_tree(text *out, int i)
{
    static const char *const infix[K_COUNT] = {
        [K_ADD] = "+", [K_SUB] = "-", [K_MUL] = "*", [K_DIV] = "/"};
    static const char *const call[K_COUNT] = {[K_MIN] = "min",
                                              [K_MAX] = "max",
                                              [K_LESS] = "less",
                                              [K_GREATER] = "greater",
                                              [K_NEG] = "-",
                                              [K_ABS] = "abs",
                                              [K_SIGN] = "sign",
                                              [K_SQUARE] = "square",
                                              [K_CUBE] = "cube",
                                              [K_RELU] = "relu",
                                              [K_FLOOR] = "floor",
                                              [K_CEIL] = "ceil",
                                              [K_ROUND] = "round",
                                              [K_LESS_EQUAL] = "less_equal",
                                              [K_GREATER_EQUAL] = "greater_equal",
                                              [K_AND] = "logical_and",
                                              [K_OR] = "logical_or",
                                              [K_COND] = "cond",
                                              [K_SIN] = "sin",
                                              [K_COS] = "cos",
                                              [K_EXP] = "exp",
                                              [K_TANH] = "tanh",
                                              [K_INV] = "inv"};
    tree t = nodes[i];
    text_append(out, "(");
    if (t.k == K_CONST) {
        text_printf(out, "%.17g", t.value);
    } else if (t.k == K_VAR) {
        text_printf(out, "x%d", t.input);
    } else if (t.k == K_MOD) {
        text_append(out, "mod(");
        print_tree(out, t.a);
        text_printf(out, ",%.0f)", t.value);
    } else if (t.k == K_DIV_CONST || t.k == K_POWER) {
        print_tree(out, t.a);
        text_printf(out, t.k == K_POWER ? "^%.0f" : "/(%.17g)", t.value);
    } else if (infix[t.k]) {
        print_tree(out, t.a);
        text_append(out, infix[t.k]);
        print_tree(out, t.b);
    } else {
        text_printf(out, "%s(", call[t.k]);
        print_tree(out, t.a);
        if (t.b >= 0) {
            text_append(out, ",");
            print_tree(out, t.b);
        }
        text_append(out, ")");
    }
    text_append(out, ")");
}

/* ---------------------------------------------------------------- the interpreter */

/* v * 2^-frac in the rules' format, from the definitions of ap_fixed. */
static wide cast(const rules *m, wide v, int frac)
{
    int drop = frac - m->frac;
    if (drop <= 0) {
        v *= (wide)1 << -drop;
    } else {
        wide unit = (wide)1 << drop, half = unit / 2;
        wide below = v >= 0 ? v / unit : -((-v + unit - 1) / unit);
        wide rest = v - below * unit; /* 0 … unit - 1 */
        bool up = false;
        switch (m->rounding) {
        case 0: /* TRN */
            break;
        case 1: /* TRN_ZERO */
            up = v < 0 && rest > 0;
            break;
        case 2: /* RND */
            up = rest >= half;
            break;
        case 3: /* RND_ZERO */
            up = rest > half || (rest == half && v < 0);
            break;
        case 4: /* RND_INF */
            up = rest > half || (rest == half && v > 0);
            break;
        case 5: /* RND_MIN_INF */
            up = rest > half;
            break;
        default: /* RND_CONV */
            up = rest > half || (rest == half && below % 2 != 0);
        }
        v = below + up;
    }
    wide span = (wide)1 << m->width;
    wide low = m->is_signed ? -span / 2 : 0, high = m->is_signed ? span / 2 - 1 : span - 1;
    if (m->overflow == 3 && m->is_signed)
        low = -high; /* SAT_SYM */
    if (v >= low && v <= high)
        return v;
    if (m->overflow == 1 || m->overflow == 3)
        return v < low ? low : high;
    if (m->overflow == 2)
        return 0;
    v = ((v % span) + span) % span;
    return m->is_signed && v >= span / 2 ? v - span : v;
}

/* Float to the format: nearest even, saturated. */
static wide from_float(const rules *m, long double value)
{
    wide span = (wide)1 << m->width;
    wide low = m->is_signed ? -span / 2 : 0, high = m->is_signed ? span / 2 - 1 : span - 1;
    long double scaled = rintl(ldexpl(value, m->frac));
    return scaled <= (long double)low ? low : scaled >= (long double)high ? high : (wide)scaled;
}

/* sin, cos over [-8,8] with 256 entries, exp, tanh over [-4,4] with 128 (wraps), 1/x over [0,8]
 * with 64: see `tables` below. */
static long double function(kind k, long double x)
{
    switch (k) {
    case K_SIN:
        return sinl(x);
    case K_COS:
        return cosl(x);
    case K_EXP:
        return expl(x);
    case K_TANH:
        return tanhl(x);
    default:
        return 1 / x;
    }
}

static wide lookup(const rules *m, kind k, wide v)
{
    bool wide_range = k == K_SIN || k == K_COS, inverse = k == K_INV || k == K_DIV;
    double low = wide_range ? -8 : inverse ? 0 : -4, range = wide_range ? 16 : 8;
    double entries = wide_range ? 256 : inverse ? 64 : 128;
    if (entries / range > ldexp(1, m->frac))
        entries = range * ldexp(1, m->frac); /* one entry for each argument */
    double step = range / entries;
    double index = floor(ldexp((double)v, -m->frac) / step - low / step);
    if (k == K_TANH)
        index -= floor(index / entries) * entries;
    index = fmin(fmax(index, 0), entries - 1);
    long double first = (long double)low + (long double)(index * step);
    long double last = first + (long double)step - ldexpl(1, -m->frac);
    return from_float(m, function(k, (first + last) / 2));
}

/* One operation over the multiples of 2^-frac. */
static wide apply(const rules *m, tree t, wide a, wide b)
{
    int f = m->frac;
    wide p = a;
    switch (t.k) {
    case K_ADD:
        return cast(m, a + b, f);
    case K_SUB:
        return cast(m, a - b, f);
    case K_MUL:
        return cast(m, a * b, 2 * f);
    case K_MIN:
        return cast(m, a < b ? a : b, f);
    case K_MAX:
        return cast(m, a > b ? a : b, f);
    case K_LESS:
        return cast(m, a < b, 0);
    case K_GREATER:
        return cast(m, a > b, 0);
    case K_LESS_EQUAL:
        return cast(m, a <= b, 0);
    case K_GREATER_EQUAL:
        return cast(m, a >= b, 0);
    case K_AND:
        return cast(m, a > 0 && b > 0, 0);
    case K_OR:
        return cast(m, a > 0 || b > 0, 0);
    case K_COND:
        return cast(m, a > 0 ? b : 0, f);
    case K_MOD:
        if (ldexp(t.value, f) < 1)
            return 0;
        p = (wide)ldexp(t.value, f);
        return cast(m, (a % p + p) % p, f);
    case K_ROUND:
        if (f <= 0)
            return cast(m, a, f);
        p = (a + ((wide)1 << (f - 1))) >> f;
        if ((a & (((wide)1 << f) - 1)) == (wide)1 << (f - 1))
            p -= p & 1; /* a tie */
        return cast(m, p, 0);
    case K_DIV_CONST:
        return cast(m, a * from_float(m, (long double)(1 / t.value)), 2 * f);
    case K_DIV:
        return cast(m, a * lookup(m, K_DIV, b), 2 * f);
    case K_NEG:
        return cast(m, -a, f);
    case K_ABS:
        return cast(m, a < 0 ? -a : a, f);
    case K_SIGN:
        return cast(m, (a > 0) - (a < 0), 0);
    case K_RELU:
        return cast(m, a > 0 ? a : 0, f);
    case K_SQUARE:
    case K_CUBE:
        p = cast(m, a * a, 2 * f);
        return t.k == K_SQUARE ? p : cast(m, p * a, 2 * f);
    case K_POWER:
        if (t.value == 0)
            return from_float(m, 1);
        for (int bit = t.value >= 4 ? 2 : t.value >= 2 ? 1 : 0; bit > 0; bit /= 2) {
            p = cast(m, p * p, 2 * f);
            if ((int)t.value & bit)
                p = cast(m, p * a, 2 * f);
        }
        return p;
    case K_FLOOR:
    case K_CEIL:
        if (f <= 0)
            return cast(m, a, f);
        a = t.k == K_CEIL ? -a : a;
        p = a >= 0 ? a >> f : -((-a + ((wide)1 << f) - 1) >> f);
        return cast(m, t.k == K_CEIL ? -p : p, 0);
    default:
        return lookup(m, t.k, a);
    }
}

/* The same in double, for sub-expressions without inputs. */
static double apply_double(tree t, double a, double b)
{
    switch (t.k) {
    case K_ADD:
        return a + b;
    case K_SUB:
        return a - b;
    case K_MUL:
        return a * b;
    case K_MIN:
        return a < b ? a : b;
    case K_MAX:
        return a > b ? a : b;
    case K_LESS:
        return a < b;
    case K_GREATER:
        return a > b;
    case K_LESS_EQUAL:
        return a <= b;
    case K_GREATER_EQUAL:
        return a >= b;
    case K_AND:
        return a > 0 && b > 0;
    case K_OR:
        return a > 0 || b > 0;
    case K_COND:
        return a > 0 ? b : 0;
    case K_MOD:
        return a - t.value * floor(a / t.value);
    case K_ROUND:
        return rint(a);
    case K_DIV_CONST:
        return a / t.value;
    case K_DIV:
        return a / b;
    case K_NEG:
        return -a;
    case K_ABS:
        return fabs(a);
    case K_SIGN:
        return (a > 0) - (a < 0);
    case K_RELU:
        return a > 0 ? a : 0;
    case K_SQUARE:
        return a * a;
    case K_CUBE:
        return a * a * a;
    case K_POWER:
        return pow(a, t.value);
    case K_FLOOR:
        return floor(a);
    case K_CEIL:
        return ceil(a);
    case K_SIN:
        return sin(a);
    case K_COS:
        return cos(a);
    case K_EXP:
        return exp(a);
    case K_TANH:
        return tanh(a);
    default:
        return 1 / a;
    }
}

typedef struct result {
    bool is_constant;
    double constant;
    wide value;
} result;

static result interpret(const rules *m, int i, const wide *inputs)
{
    tree t = nodes[i];
    if (t.k == K_CONST)
        return (result){true, t.value, from_float(m, (long double)t.value)};
    if (t.k == K_VAR)
        return (result){false, 0, inputs[t.input]};
    result a = interpret(m, t.a, inputs);
    result b = t.b >= 0 ? interpret(m, t.b, inputs) : (result){.is_constant = true};
    if (a.is_constant && b.is_constant) {
        double value = apply_double(t, a.constant, b.constant);
        return (result){true, value, from_float(m, (long double)value)};
    }
    if (t.k == K_DIV && b.is_constant) {
        tree by_constant = {.k = K_DIV_CONST, .value = b.constant};
        return (result){false, 0, apply(m, by_constant, a.value, 0)};
    }
    if (t.k == K_DIV && a.is_constant && a.constant == 1)
        return (result){false, 0, lookup(m, K_DIV, b.value)};
    return (result){false, 0, apply(m, t, a.value, b.value)};
}

/* ---------------------------------------------------------------- comparison */

static const char *const table_texts[] = {"sin: 256 over [-8,8]", "cos: 256 over [-8,8]",
                                          "exp: 128 over [-4,4]", "tanh: 128 over [-4,4] wrap",
                                          "inv: 64 over [0,8]"};
enum { TABLES = sizeof table_texts / sizeof *table_texts };

static symlut_status lower_text(symlut_firmware *fw, const char *infix, const rules *m,
                                symlut_error *err)
{
    static const char *const names[INPUTS] = {"x0", "x1", "x2"};
    static const char *const output[] = {"y"};
    table_spec tables[TABLES];
    for (int i = 0; i < TABLES; i++) {
        symlut_status status = table_spec_parse(&tables[i], table_texts[i], err);
        if (status != SYMLUT_OK)
            return status;
    }
    symlut_model *model = model_new(INPUTS, 1);
    for (int i = 0; i < INPUTS; i++)
        model->inputs[i].name = names[i];
    model->output_names = (const char **)(uintptr_t)output;
    lower_options options = {.fmt = {m->is_signed, (uint8_t)m->width, (int16_t)m->frac},
                             .rounding = (rounding)m->rounding,
                             .overflow = (overflow)m->overflow,
                             .tables = tables,
                             .table_count = TABLES};
    fw->name = "model";
    symlut_status status = expr_parse(&model->outputs[0], &model->memory, infix,
                                      &(expr_names){names, INPUTS}, "test", 1, 1, err);
    if (status == SYMLUT_OK)
        status = lower_symbolic(fw, model, &options, err);
    if (status == SYMLUT_OK)
        status = graph_check(fw->g, err);
    symlut_model_free(model);
    return status;
}

static void free_firmware(symlut_firmware *fw)
{
    graph_free(fw->g);
    arena_free(&fw->memory);
}

static int64_t random_input(rng *r, format f)
{
    switch (rng_below(r, 4)) {
    case 0:
        return format_min(f);
    case 1:
        return format_max(f);
    case 2:
        return format_from_double(f, rng_normal(r) * 2);
    default:
        return format_min(f) + (int64_t)(rng_next(r) >> (64 - f.width));
    }
}

/* The lowered graph on random and extreme inputs; false at the first difference. */
static bool compare(rng *r, const symlut_firmware *fw, const rules *m, int root, const char *infix)
{
    format f = {m->is_signed, (uint8_t)m->width, (int16_t)m->frac};
    int64_t in[INPUTS], out;
    int64_t *scratch = calloc(graph_scratch_size(fw->g), sizeof *scratch);
    bool equal = true;
    for (int row = 0; row < ROWS && equal; row++) {
        wide inputs[INPUTS];
        for (int k = 0; k < INPUTS; k++)
            inputs[k] = in[k] = random_input(r, f);
        graph_eval(fw->g, 1, in, &out, scratch);
        wide expected = interpret(m, root, inputs).value;
        equal = expected == out;
        if (!equal)
            printf("%s\n  W %d, F %d, signed %d, rounding %d, overflow %d\n  inputs %" PRId64
                   " %" PRId64 " %" PRId64 ": %" PRId64 ", expected %" PRId64 "\n",
                   infix, m->width, m->frac, m->is_signed, m->rounding, m->overflow, in[0], in[1],
                   in[2], out, (int64_t)expected);
    }
    free(scratch);
    return equal;
}

/* Runs all passes over the graph. */
static bool optimise(symlut_firmware *fw, const device *part)
{
    opt_options options = {.device = part, .period_ns = 5, .stages = -1};
    symlut_error err = {0};
    if (opt_run_all(&fw->g, &options, NULL, NULL, &err) == SYMLUT_OK)
        return true;
    printf("%s\n", err.message);
    return false;
}

/* An expression whose constants are not finite is refused, and nothing else is. */
static bool constants_are_finite(int i, result *out)
{
    tree t = nodes[i];
    rules any = {.width = 16, .frac = 8, .is_signed = true};
    if (t.k <= K_VAR) {
        *out = interpret(&any, i, (wide[INPUTS]){0});
        return true;
    }
    result a, b = {.is_constant = true};
    if (!constants_are_finite(t.a, &a) || (t.b >= 0 && !constants_are_finite(t.b, &b)))
        return false;
    *out = (result){.is_constant = a.is_constant && b.is_constant};
    if (t.k == K_DIV && b.is_constant && b.constant == 0)
        return false;
    if (out->is_constant)
        out->constant = apply_double(t, a.constant, b.constant);
    return !out->is_constant || isfinite(out->constant);
}

static bool check_expression(rng *r, const device *part, uint64_t *compared)
{
    rules m = {.width = 4 + (int)rng_below(r, 25),
               .is_signed = rng_below(r, 4) != 0,
               .rounding = (int)rng_below(r, ROUNDING_COUNT),
               .overflow = (int)rng_below(r, OVERFLOW_COUNT)};
    m.frac = (int)rng_below(r, (uint32_t)m.width + 4) - 1;
    node_count = 0;
    int root = grow_tree(r, 1 + (int)rng_below(r, 4), K_COUNT);
    text infix = {0};
    print_tree(&infix, root);
    symlut_firmware fw = {0};
    symlut_error err = {0};
    result constant;
    bool finite = constants_are_finite(root, &constant);
    symlut_status status = lower_text(&fw, infix.data, &m, &err);
    bool ok = finite == (status == SYMLUT_OK);
    if (!ok)
        printf("%s\n  status %d: %s\n", infix.data, status, err.message);
    if (ok && finite) {
        ok = compare(r, &fw, &m, root, infix.data) && optimise(&fw, part) &&
             compare(r, &fw, &m, root, infix.data);
        ++*compared;
    }
    free_firmware(&fw);
    text_free(&infix);
    return ok;
}

/* ---------------------------------------------------------------- against double */

/* Value and error bound of arithmetic in a format of step `ulp`, where nothing overflows. */
typedef struct bounded {
    double value, error;
    bool overflows;
} bounded;

static bounded bound(int i, const double *inputs, double ulp, double limit)
{
    tree t = nodes[i];
    bounded a = {0}, b = {0}, out = {0};
    if (t.k >= K_ADD)
        a = bound(t.a, inputs, ulp, limit);
    if (t.b >= 0)
        b = bound(t.b, inputs, ulp, limit);
    switch (t.k) {
    case K_CONST:
        out = (bounded){t.value, ulp / 2, false};
        break;
    case K_VAR:
        out = (bounded){inputs[t.input], ulp / 2, false};
        break;
    case K_ADD:
        out = (bounded){a.value + b.value, a.error + b.error, false};
        break;
    case K_SUB:
        out = (bounded){a.value - b.value, a.error + b.error, false};
        break;
    case K_MUL:
        out =
            (bounded){a.value * b.value,
                      fabs(a.value) * b.error + fabs(b.value) * a.error + a.error * b.error, false};
        break;
    case K_MIN:
        out = (bounded){fmin(a.value, b.value), fmax(a.error, b.error), false};
        break;
    default:
        out = (bounded){fmax(a.value, b.value), fmax(a.error, b.error), false};
    }
    if (t.k == K_ADD || t.k == K_SUB || t.k == K_MUL)
        out.error += ulp;
    out.error += 1e-12 * fabs(out.value); /* of this computation in double */
    out.overflows = a.overflows || b.overflows || fabs(out.value) + out.error >= limit;
    return out;
}

/* Arithmetic in fixed<32,12> stays within the analytic error bound of the double value. */
static bool check_accuracy(rng *r, uint64_t *compared)
{
    rules m = {.width = 32, .frac = 20, .is_signed = true};
    format f = {true, 32, 20};
    node_count = 0;
    int root;
    do {
        node_count = 0;
        root = grow_tree(r, 4, K_LESS);
    } while (nodes[root].k < K_ADD);
    text infix = {0};
    print_tree(&infix, root);
    symlut_firmware fw = {0};
    symlut_error err = {0};
    bool ok = lower_text(&fw, infix.data, &m, &err) == SYMLUT_OK;
    if (!ok)
        printf("%s\n  %s\n", infix.data, err.message);
    int64_t *scratch = ok ? calloc(graph_scratch_size(fw.g), sizeof *scratch) : NULL;
    for (int row = 0; row < ROWS && ok; row++) {
        double x[INPUTS];
        int64_t in[INPUTS], out;
        for (int k = 0; k < INPUTS; k++) {
            x[k] = rng_normal(r) * 2;
            in[k] = format_from_double(f, x[k]);
        }
        graph_eval(fw.g, 1, in, &out, scratch);
        bounded expected = bound(root, x, ldexp(1, -20), 2048);
        if (expected.overflows)
            continue;
        ++*compared;
        double found = ldexp((double)out, -20);
        ok = fabs(found - expected.value) <= expected.error;
        if (!ok)
            printf("%s\n  at %.17g %.17g %.17g: %.9g, expected %.9g within %.3g\n", infix.data,
                   x[0], x[1], x[2], found, expected.value, expected.error);
    }
    free(scratch);
    free_firmware(&fw);
    text_free(&infix);
    return ok;
}

int main(int argc, char **argv)
{
    long count = argc > 1 ? atol(argv[1]) : 10000;
    uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 10) : 20240501, compared = 0, close = 0;
    printf("seed %" PRIu64 ", %ld expressions\n", seed, count);
    rng r = rng_make(seed, 0);
    device part;
    bool ok = device_load(&part, "xcvu9p-2", NULL) == SYMLUT_OK;
    for (long i = 0; i < count && ok; i++)
        ok = check_expression(&r, &part, &compared) && (i % 4 != 0 || check_accuracy(&r, &close));
    printf("%" PRIu64 " expressions equal on %d rows each; %" PRIu64 " rows within the bound\n",
           compared, ROWS, close);
    /* far fewer would mean that the generator makes refused or overflowing expressions only */
    return ok && compared > (uint64_t)count / 2 && close > (uint64_t)count ? 0 : 1;
}
