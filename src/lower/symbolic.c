/* Symbolic models: one expression per output, in postfix order, over a stack of operands. */
#include "lower/hls4ml.h"
#include "lower/lowering.h"

#include "data/dataset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_POWER = 16, CALIBRATION_ROWS = 100000 };

/* What a sub-expression became: a node of the graph, or a constant not placed yet. */
typedef struct operand {
    bool is_constant;
    double value;
    graph_ref ref;
    int node; /* its root in the expression */
} operand;

/* ---------------------------------------------------------------- operations */

static graph_ref place(lowering *l, operand x)
{
    return x.is_constant ? lowering_constant(l, x.node, x.value) : x.ref;
}

/* The precision's format: of an input, of an output. */
static format input_format(const lowering *l, size_t k)
{
    return l->options->inputs ? l->options->inputs[k] : l->options->fmt;
}

static graph_ref settled(lowering *l, graph_op op, graph_ref a, graph_ref b)
{
    return lowering_settle(l, graph_add(l->g, op, a, b, GRAPH_NONE));
}

/* p(n) = p(n/2)^2, times x when n is odd. */
static graph_ref integer_power(lowering *l, graph_ref x, int n)
{
    int bit = 1;
    while (bit * 2 <= n)
        bit *= 2;
    graph_ref p = x;
    for (bit /= 2; bit > 0; bit /= 2) {
        p = settled(l, GRAPH_MUL, p, p);
        if (n & bit)
            p = settled(l, GRAPH_MUL, p, x);
    }
    return p;
}

static graph_ref integer_constant(lowering *l, int64_t value)
{
    return graph_add_exact_const(l->g, value, 0);
}

static graph_ref sign(lowering *l, graph_ref x)
{
    graph *g = l->g;
    graph_ref zero = integer_constant(l, 0);
    graph_ref negative = graph_add(g, GRAPH_LT, x, zero, GRAPH_NONE);
    graph_ref positive = graph_add(g, GRAPH_LT, zero, x, GRAPH_NONE);
    /* one or the other bit: their difference is the sign */
    return settled(l, GRAPH_SUB, positive, negative);
}

/* x rounded to an integer, exactly: TRN is floor, RND_CONV the nearest, ties to even. */
static graph_ref integer_of(lowering *l, graph_ref x, rounding r)
{
    if (x == GRAPH_NONE || l->g->failed.status != SYMLUT_OK)
        return GRAPH_NONE;
    graph_node n = l->g->nodes[x];
    if (n.fmt.frac <= 0)
        return x;
    int drop = n.fmt.frac < 63 ? n.fmt.frac : 63;
    return graph_add_cast(l->g, x, format_for(n.lo >> drop, (n.hi >> drop) + 1, 0), r,
                          OVERFLOW_WRAP);
}

static graph_ref ceiling_of(lowering *l, graph_ref x)
{
    graph_ref negated = graph_add(l->g, GRAPH_NEG, x, GRAPH_NONE, GRAPH_NONE);
    return graph_add(l->g, GRAPH_NEG, integer_of(l, negated, ROUND_TRN), GRAPH_NONE, GRAPH_NONE);
}

static graph_ref is_positive(lowering *l, operand x)
{
    return graph_add(l->g, GRAPH_LT, integer_constant(l, 0), place(l, x), GRAPH_NONE);
}

/* and, or, cond: the first operand's sign selects. */
static graph_ref choose(lowering *l, expr_op op, operand a, operand b)
{
    graph_ref condition = is_positive(l, a);
    graph_ref yes = op == EXPR_AND  ? is_positive(l, b)
                    : op == EXPR_OR ? graph_add_const(l->g, 1, (format){false, 1, 0})
                                    : place(l, b);
    graph_ref no = op == EXPR_OR ? is_positive(l, b) : integer_constant(l, 0);
    return lowering_settle(l, graph_add(l->g, GRAPH_SELECT, condition, yes, no));
}

/* x mod 2^k: the low bits. */
static symlut_status lower_remainder(graph_ref *out, lowering *l, int i, operand a, operand b)
{
    int exponent = 0;
    if (!b.is_constant || frexp(b.value, &exponent) != 0.5)
        return lowering_error(l, i,
                              "a remainder has a hardware form by a constant power of two only; "
                              "for another constant c write x - c*floor(x/c)");
    graph_ref x = place(l, a);
    if (x == GRAPH_NONE)
        return SYMLUT_OK; /* the graph's own failure is reported by whoever asks it */
    node_format nf = lowering_format(l, i);
    int frac = nf.given ? nf.fmt.frac : l->g->nodes[x].fmt.frac;
    int width = exponent - 1 + frac;
    if (width < 1) { /* every argument is a multiple */
        *out = integer_constant(l, 0);
        return SYMLUT_OK;
    }
    if (width > 62)
        return lowering_error(l, i, "the divisor %g is too large for the precision", b.value);
    format low_bits = {false, (uint8_t)width, (int16_t)frac};
    *out = lowering_settle(l, graph_add_cast(l->g, x, low_bits, ROUND_TRN, OVERFLOW_WRAP));
    return SYMLUT_OK;
}

static symlut_status lower_power(graph_ref *out, lowering *l, int i, operand a, operand b)
{
    if (!a.is_constant && !b.is_constant)
        return lowering_error(l, i,
                              "a power of two variables has no table; for a positive base write "
                              "exp(y*log(x)), which becomes two tables and a product");
    table_function f = {.op = EXPR_POW, .constant_first = a.is_constant};
    if (a.is_constant) {
        if (a.value <= 0)
            return lowering_error(l, i,
                                  "the base %g is not positive: %g^x is not a number for "
                                  "most x; use a positive base",
                                  a.value, a.value);
        f.constant = a.value;
        if (a.value == M_E)
            f.op = EXPR_EXP;
        if (a.value == 2)
            f.op = EXPR_EXP2;
        return lowering_function(out, l, i, b.node, f, b.ref);
    }
    double n = b.value;
    if (n == floor(n) && n >= 0 && n <= LARGEST_POWER) {
        *out = n == 0 ? place(l, (operand){.is_constant = true, .value = 1, .node = i})
                      : integer_power(l, a.ref, (int)n);
        return SYMLUT_OK;
    }
    f.constant = n;
    if (n == 0.5)
        f.op = EXPR_SQRT;
    if (n == -1)
        f.op = EXPR_INV;
    return lowering_function(out, l, i, a.node, f, a.ref);
}

static symlut_status lower_quotient(graph_ref *out, lowering *l, int i, operand a, operand b)
{
    if (b.is_constant) {
        if (b.value == 0)
            return lowering_error(l, i, "division by zero");
        graph_ref reciprocal = lowering_constant(l, b.node, 1 / b.value);
        *out = settled(l, GRAPH_MUL, place(l, a), reciprocal);
        return SYMLUT_OK;
    }
    graph_ref inverse;
    symlut_status status =
        lowering_function(&inverse, l, i, b.node, (table_function){.op = EXPR_INV}, b.ref);
    if (status != SYMLUT_OK)
        return status;
    bool is_one = a.is_constant && a.value == 1;
    *out = is_one ? inverse : settled(l, GRAPH_MUL, place(l, a), inverse);
    return SYMLUT_OK;
}

static symlut_status lower_atan2(graph_ref *out, lowering *l, int i, operand a, operand b)
{
    if (!a.is_constant && !b.is_constant)
        return lowering_error(l, i,
                              "atan2 of two variables has no table; where the second keeps its "
                              "sign, write atan(a/b)");
    table_function f = {.op = EXPR_ATAN2,
                        .constant_first = a.is_constant,
                        .constant = a.is_constant ? a.value : b.value};
    operand x = a.is_constant ? b : a;
    return lowering_function(out, l, i, x.node, f, x.ref);
}

static symlut_status lower_binary(graph_ref *out, lowering *l, int i, operand a, operand b)
{
    switch ((expr_op)l->e.nodes[i].op) {
    case EXPR_ADD:
        *out = settled(l, GRAPH_ADD, place(l, a), place(l, b));
        return SYMLUT_OK;
    case EXPR_SUB:
        *out = settled(l, GRAPH_SUB, place(l, a), place(l, b));
        return SYMLUT_OK;
    case EXPR_MUL:
        *out = settled(l, GRAPH_MUL, place(l, a), place(l, b));
        return SYMLUT_OK;
    case EXPR_MIN:
        *out = settled(l, GRAPH_MIN, place(l, a), place(l, b));
        return SYMLUT_OK;
    case EXPR_MAX:
        *out = settled(l, GRAPH_MAX, place(l, a), place(l, b));
        return SYMLUT_OK;
    case EXPR_LESS:
        *out = settled(l, GRAPH_LT, place(l, a), place(l, b));
        return SYMLUT_OK;
    case EXPR_GREATER:
        *out = settled(l, GRAPH_LT, place(l, b), place(l, a));
        return SYMLUT_OK;
    case EXPR_LESS_EQUAL:
        *out = settled(l, GRAPH_LE, place(l, a), place(l, b));
        return SYMLUT_OK;
    case EXPR_GREATER_EQUAL:
        *out = settled(l, GRAPH_LE, place(l, b), place(l, a));
        return SYMLUT_OK;
    case EXPR_AND:
    case EXPR_OR:
    case EXPR_COND:
        *out = choose(l, (expr_op)l->e.nodes[i].op, a, b);
        return SYMLUT_OK;
    case EXPR_MOD:
        return lower_remainder(out, l, i, a, b);
    case EXPR_DIV:
        return lower_quotient(out, l, i, a, b);
    case EXPR_POW:
        return lower_power(out, l, i, a, b);
    case EXPR_ATAN2:
        return lower_atan2(out, l, i, a, b);
    default:
        return lowering_error(l, i, "'%s' has no hardware form",
                              expr_op_name((expr_op)l->e.nodes[i].op));
    }
}

static symlut_status lower_unary(graph_ref *out, lowering *l, int i, operand a)
{
    expr_op op = (expr_op)l->e.nodes[i].op;
    switch (op) {
    case EXPR_NEG:
        *out = settled(l, GRAPH_NEG, a.ref, GRAPH_NONE);
        return SYMLUT_OK;
    case EXPR_ABS:
        *out = settled(l, GRAPH_ABS, a.ref, GRAPH_NONE);
        return SYMLUT_OK;
    case EXPR_SIGN:
        *out = sign(l, a.ref);
        return SYMLUT_OK;
    case EXPR_SQUARE:
        *out = integer_power(l, a.ref, 2);
        return SYMLUT_OK;
    case EXPR_CUBE:
        *out = integer_power(l, a.ref, 3);
        return SYMLUT_OK;
    case EXPR_RELU:
        *out = settled(l, GRAPH_MAX, a.ref, integer_constant(l, 0));
        return SYMLUT_OK;
    case EXPR_FLOOR:
        *out = lowering_settle(l, integer_of(l, a.ref, ROUND_TRN));
        return SYMLUT_OK;
    case EXPR_CEIL:
        *out = lowering_settle(l, ceiling_of(l, a.ref));
        return SYMLUT_OK;
    case EXPR_ROUND:
        *out = lowering_settle(l, integer_of(l, a.ref, ROUND_RND_CONV));
        return SYMLUT_OK;
    default:
        if (!table_function_is(op))
            return lowering_error(l, i, "'%s' has no hardware form", expr_op_name(op));
        return lowering_function(out, l, i, a.node, (table_function){.op = op}, a.ref);
    }
}

/* ---------------------------------------------------------------- one expression */

/* A sub-expression without inputs, in double. */
static symlut_status fold(operand *out, lowering *l, int i, double a, double b)
{
    double value = expr_apply((expr_op)l->e.nodes[i].op, a, b);
    if (!isfinite(value))
        return lowering_error(l, i, "the constant is %s; correct the equation",
                              isnan(value) ? "not a number" : "infinite");
    *out = (operand){.is_constant = true, .value = value, .node = i};
    return SYMLUT_OK;
}

/* What lowering node i of the graph left in it. */
static symlut_status node_failure(lowering *l)
{
    if (l->g->failed.status == SYMLUT_NO_MEMORY)
        return error_memory(l->err);
    if (l->g->failed.status != SYMLUT_OK)
        return error_set(l->err, SYMLUT_BAD_INPUT, "output %s: %s; use a precision of fewer bits",
                         l->output, l->g->failed.message);
    return SYMLUT_OK;
}

/* Node i over the operands on top of the stack. */
static symlut_status lower_node(operand *out, lowering *l, int i, const operand *args)
{
    expr_node n = l->e.nodes[i];
    l->at = i;
    graph_set_origin(l->g, lowering_text(l, i));
    if (n.op == EXPR_CONST) {
        *out = (operand){.is_constant = true, .value = n.value, .node = i};
        return SYMLUT_OK;
    }
    if (n.op == EXPR_VAR) {
        *out = (operand){.ref = graph_add_input_node(l->g, n.feature), .node = i};
        return SYMLUT_OK;
    }
    if (args[0].is_constant && (n.arity == 1 || args[1].is_constant))
        return fold(out, l, i, args[0].value, n.arity == 2 ? args[1].value : 0);
    *out = (operand){.ref = GRAPH_NONE, .node = i};
    symlut_status status = n.arity == 1 ? lower_unary(&out->ref, l, i, args[0])
                                        : lower_binary(&out->ref, l, i, args[0], args[1]);
    return status == SYMLUT_OK ? node_failure(l) : status;
}

/* Node i over the value of its base. */
static symlut_status lower_merged(operand *out, lowering *l, int i, int base, operand x)
{
    l->at = i;
    graph_set_origin(l->g, lowering_text(l, i));
    *out = (operand){.ref = GRAPH_NONE, .node = i};
    symlut_status status = lowering_merged(&out->ref, l, i, base, x.ref);
    return status == SYMLUT_OK ? node_failure(l) : status;
}

static bool is_fused(const lowering *l, int i)
{
    return l->formats && l->formats[i].fused && l->formats[i].source != i;
}

/* Nodes that a table takes the place of: all below a fused node but those of its source. */
static void mark_replaced(const lowering *l, bool *replaced)
{
    for (int i = l->e.count - 1; i >= 0; i--) {
        if (replaced[i] || !is_fused(l, i))
            continue;
        int source = l->formats[i].source;
        for (int k = i - 1; k > i - (int)l->e.nodes[i].length; k--)
            replaced[k] = k > source || k <= source - (int)l->e.nodes[source].length;
    }
}

static symlut_status lower_fused(operand *out, lowering *l, int i, operand source)
{
    l->at = i;
    graph_set_origin(l->g, lowering_text(l, i));
    *out = (operand){.ref = GRAPH_NONE, .node = i};
    return lowering_fused(&out->ref, l, i, source.ref);
}

static void record(const lowering *l, node_result *results, int i, operand x)
{
    if (!results || (!x.is_constant && x.ref == GRAPH_NONE))
        return;
    results[i] = (node_result){.made = true};
    if (x.is_constant) { /* its format is its user's matter */
        results[i].low = results[i].high = x.value;
        return;
    }
    const graph_node *n = &l->g->nodes[x.ref];
    results[i].fmt = n->fmt;
    results[i].low = format_to_double(n->fmt, n->lo);
    results[i].high = format_to_double(n->fmt, n->hi);
    results[i].saturates = n->op == GRAPH_CAST && n->overflow != OVERFLOW_WRAP;
}

static symlut_status lower_expression(operand *out, lowering *l, node_result *results)
{
    operand *stack = calloc((size_t)l->e.count + 2, sizeof *stack);
    bool *replaced = calloc((size_t)l->e.count + 1, sizeof *replaced);
    symlut_status status = stack && replaced ? SYMLUT_OK : error_memory(l->err);
    int depth = 0;
    if (status == SYMLUT_OK && l->options->merge)
        status = lowering_plan(l);
    if (status == SYMLUT_OK)
        mark_replaced(l, replaced);
    for (int i = 0; status == SYMLUT_OK && i < l->e.count; i++) {
        operand result = {0};
        int base = l->options->merge ? l->merged[i] : MERGED_NOT;
        if (replaced[i] || base == MERGED_AWAY)
            continue;
        depth -= is_fused(l, i) || base != MERGED_NOT ? 1 : l->e.nodes[i].arity;
        if (is_fused(l, i))
            status = lower_fused(&result, l, i, stack[depth]);
        else if (base != MERGED_NOT)
            status = lower_merged(&result, l, i, base, stack[depth]);
        else
            status = lower_node(&result, l, i, stack + depth);
        record(l, results, i, result);
        stack[depth++] = result;
    }
    if (status == SYMLUT_OK)
        *out = stack[0];
    free(stack);
    free(replaced);
    return status;
}

/* ---------------------------------------------------------------- ranges */

/* Scaled inputs of calibration rows, spread evenly over the data. */
typedef struct calibration {
    const symlut_model *model;
    const symlut_dataset *data;
    const size_t *columns;
    size_t stride;
} calibration;

static double calibration_input(const void *context, int feature, size_t row)
{
    const calibration *c = context;
    model_input in = c->model->inputs[feature];
    return (c->data->columns[c->columns[feature]][row * c->stride] - in.mean) / in.scale;
}

/* Sub-expressions whose values on the rows leave the format. */
static void warn_of_overflow(lowering *l, const range *seen, const size_t *exceed, size_t rows)
{
    char name[32];
    format f = l->options->fmt;
    for (int i = 0; i < l->e.count; i++) {
        expr_op op = (expr_op)l->e.nodes[i].op;
        if (exceed[i] == 0 || op == EXPR_CONST || op == EXPR_VAR ||
            !format_equal(lowering_format(l, i).fmt, f))
            continue;
        lowering_warn(l,
                      "output %s: '%s' goes from %.4g to %.4g, beyond %s, %s, on %zu of %zu rows; "
                      "I = %d holds it",
                      l->output, lowering_text(l, i), seen[i].low, seen[i].high,
                      format_print(f, name), lowering_limits(l, f), exceed[i], rows,
                      integer_bits(seen[i], true));
    }
}

/* Fills l->known for the current expression. */
static symlut_status find_ranges(lowering *l)
{
    size_t count = (size_t)l->e.count;
    size_t *exceed = ARENA_ARRAY(&l->scratch, size_t, count);
    double *values = ARENA_ARRAY(&l->scratch, double, count);
    range *inputs = ARENA_ARRAY(&l->scratch, range, l->model->input_count);
    l->known = ARENA_ARRAY(&l->scratch, range, count);
    if (!exceed || !values || !l->known || (!inputs && l->model->input_count))
        return error_memory(l->err);
    const symlut_dataset *data = l->options->data;
    if (!data) {
        for (size_t k = 0; k < l->model->input_count; k++)
            inputs[k] = (range){l->model->inputs[k].low, l->model->inputs[k].high};
        ranges_from_inputs(l->known, l->e, inputs);
        return SYMLUT_OK;
    }
    calibration c = {l->model, data, l->options->columns, data->rows / CALIBRATION_ROWS + 1};
    size_t rows = (data->rows + c.stride - 1) / c.stride;
    format f = l->options->fmt;
    range limit = {format_to_double(f, format_min(f)),
                   format_to_double(f, format_max(f)) + ldexp(1, -f.frac)};
    ranges_from_rows(l->known, exceed, limit, l->e, calibration_input, &c, rows, values);
    if (!l->formats || l->formats[0].given)
        warn_of_overflow(l, l->known, exceed, rows);
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- interface */

static range input_range(const lowering *l, size_t k)
{
    model_input in = l->model->inputs[k];
    const symlut_dataset *data = l->options->data;
    if (!data)
        return (range){in.low, in.high};
    range r = RANGE_UNKNOWN;
    for (size_t row = 0; row < data->rows; row++) {
        double x = (data->columns[l->options->columns[k]][row] - in.mean) / in.scale;
        if (!isfinite(x))
            continue;
        r = range_is_known(r) ? (range){fmin(r.low, x), fmax(r.high, x)} : (range){x, x};
    }
    return r;
}

static bool is_used(const symlut_model *model, size_t input)
{
    for (size_t k = 0; k < model->output_count; k++) {
        for (int i = 0; i < model->outputs[k].count; i++) {
            expr_node n = model->outputs[k].nodes[i];
            if (n.op == EXPR_VAR && n.feature == input)
                return true;
        }
    }
    return false;
}

static symlut_status add_inputs(lowering *l)
{
    symlut_firmware *fw = l->fw;
    const symlut_model *model = l->model;
    fw->inputs = ARENA_ARRAY(&fw->memory, firmware_input, model->input_count + 1);
    if (!fw->inputs)
        return error_memory(l->err);
    for (size_t k = 0; k < model->input_count; k++) {
        model_input in = model->inputs[k];
        range r = input_range(l, k);
        format f = input_format(l, k);
        fw->inputs[k] = (firmware_input){.name = arena_strdup(&fw->memory, in.name),
                                         .mean = in.mean,
                                         .scale = in.scale,
                                         .low = r.low,
                                         .high = r.high};
        const char *port = lowering_identifier(l, in.name);
        if (!fw->inputs[k].name || !port)
            return error_memory(l->err);
        graph_add_input_port(l->g, port, f);
        char name[32];
        if (range_is_known(r) && is_used(model, k) &&
            (r.low < format_to_double(f, format_min(f)) - ldexp(0.5, -f.frac) ||
             r.high > format_to_double(f, format_max(f)) + ldexp(0.5, -f.frac)))
            lowering_warn(l,
                          "input %s goes from %.4g to %.4g, beyond %s, %s: it saturates; I = %d "
                          "holds it",
                          in.name, r.low, r.high, format_print(f, name), lowering_limits(l, f),
                          integer_bits(r, f.is_signed || r.low < 0));
    }
    return SYMLUT_OK;
}

/* Lowers output k; its node is in `out`, in the precision's format. */
static symlut_status lower_output(graph_ref *out, lowering *l, size_t k)
{
    l->output = l->model->output_names[k];
    l->e = l->model->outputs[k];
    l->formats = l->options->nodes ? l->options->nodes[k] : NULL;
    symlut_status status = find_ranges(l);
    operand root = {0};
    if (status == SYMLUT_OK && l->options->arithmetic == ARITHMETIC_HLS4ML)
        return lower_hls4ml(out, l);
    if (status == SYMLUT_OK)
        status = lower_expression(&root, l, l->options->results ? l->options->results[k] : NULL);
    if (status != SYMLUT_OK)
        return status;
    graph_set_origin(l->g, lowering_text(l, l->e.count - 1));
    graph_ref x = place(l, root);
    node_format nf = lowering_format(l, l->e.count - 1);
    /* the value fits already: a change of format, not of value */
    if (x != GRAPH_NONE && nf.given && !format_equal(l->g->nodes[x].fmt, nf.fmt))
        x = graph_add_cast(l->g, x, nf.fmt, ROUND_TRN, OVERFLOW_WRAP);
    *out = x;
    return SYMLUT_OK;
}

static symlut_status add_output(lowering *l, size_t k, const char *name, graph_ref x)
{
    const char *port = lowering_identifier(l, name);
    l->fw->output_names[k] = arena_strdup(&l->fw->memory, name);
    if (!port || !l->fw->output_names[k])
        return error_memory(l->err);
    graph_set_origin(l->g, name);
    graph_add_output(l->g, port, x);
    return SYMLUT_OK;
}

static symlut_status lower_outputs(lowering *l)
{
    symlut_firmware *fw = l->fw;
    size_t count = l->model->output_count;
    graph_ref *roots = ARENA_ARRAY(&l->scratch, graph_ref, count);
    fw->output_names = ARENA_ARRAY(&fw->memory, const char *, count);
    if (!roots || !fw->output_names)
        return error_memory(l->err);
    symlut_status status = SYMLUT_OK;
    for (size_t k = 0; k < count; k++) {
        status = lower_output(&roots[k], l, k);
        if (status != SYMLUT_OK)
            return status;
    }
    if (l->options->gives_class) {
        graph_set_origin(l->g, "class");
        status = add_output(l, 0, "class", lowering_argmax(l, roots, count));
    }
    for (size_t k = 0; k < count && !l->options->gives_class && status == SYMLUT_OK; k++)
        status = add_output(l, k, l->model->output_names[k], roots[k]);
    if (status != SYMLUT_OK)
        return status;
    for (size_t i = 0; i < l->options->table_count; i++) {
        if (!l->spec_used[i])
            lowering_warn(l, "the table '%s' is used nowhere: no output has this function",
                          l->options->tables[i].text);
    }
    return SYMLUT_OK;
}

static symlut_status lower_all(lowering *l)
{
    const char **names = ARENA_ARRAY(&l->scratch, const char *, l->model->input_count + 1);
    l->spec_used = ARENA_ARRAY(&l->scratch, bool, l->options->table_count + 1);
    if (!l->g || !names || !l->spec_used || !lowering_identifier(l, l->fw->name))
        return error_memory(l->err);
    for (size_t k = 0; k < l->model->input_count; k++)
        names[k] = l->model->inputs[k].name;
    l->names = (expr_names){names, l->model->input_count};
    symlut_status status = add_inputs(l);
    if (status == SYMLUT_OK)
        status = lower_outputs(l);
    graph_set_origin(l->g, NULL);
    if (status == SYMLUT_OK && l->g->failed.status != SYMLUT_OK) {
        if (l->err)
            *l->err = l->g->failed;
        status = l->g->failed.status;
    }
    if (status == SYMLUT_OK && (l->scratch.failed || l->fw->memory.failed))
        status = error_memory(l->err);
    return status;
}

symlut_status lower_symbolic(symlut_firmware *fw, const symlut_model *model,
                             const lower_options *options, symlut_error *err)
{
    lowering l = {.fw = fw, .g = graph_new(), .model = model, .options = options, .err = err};
    fw->g = l.g;
    l.cache = options->cache ? options->cache : table_cache_new();
    l.affine = affine_new();
    symlut_status status = l.cache && l.affine ? lower_all(&l) : error_memory(err);
    affine_free(l.affine);
    if (!options->cache)
        table_cache_free(l.cache);
    arena_free(&l.scratch);
    return status;
}
