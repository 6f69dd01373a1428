#include "lower/fold_scaler.h"

#include "expr/expr.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What takes the place of an input: x * factor - offset, or (x - offset) / divisor; 1 and 0 are
 * left out. */
typedef struct place {
    double factor, offset, divisor;
    bool offset_first;
} place;

static place place_over_u(model_input in, int shift)
{
    return (place){
        .factor = ldexp(1, shift) / in.scale, .offset = in.mean / in.scale, .divisor = 1};
}

static place place_in_text(model_input in)
{
    return (place){.factor = 1, .offset = in.mean, .divisor = in.scale, .offset_first = true};
}

static void add_op(expr *e, expr_op op, double operand)
{
    e->nodes[e->count++] = (expr_node){.op = EXPR_CONST, .value = operand};
    e->nodes[e->count++] = (expr_node){.op = (uint8_t)op};
}

static void subtract(expr *e, double offset)
{
    if (offset != 0)
        add_op(e, offset < 0 ? EXPR_ADD : EXPR_SUB, fabs(offset));
}

static expr substitute(arena *memory, expr e, const place *places)
{
    expr made = {ARENA_ARRAY(memory, expr_node, (size_t)e.count * 5), 0};
    for (int i = 0; made.nodes && i < e.count; i++) {
        made.nodes[made.count++] = e.nodes[i];
        if (e.nodes[i].op != EXPR_VAR)
            continue;
        place p = places[e.nodes[i].feature];
        if (p.offset_first)
            subtract(&made, p.offset);
        if (p.factor != 1)
            add_op(&made, EXPR_MUL, p.factor);
        if (p.divisor != 1)
            add_op(&made, EXPR_DIV, p.divisor);
        if (!p.offset_first)
            subtract(&made, p.offset);
    }
    if (!made.nodes || !expr_finish(&made))
        return (expr){0};
    return made;
}

/* The model with each input's place taken; its inputs are raw * 2^-shift. */
static symlut_status rebuild(symlut_model **out, const symlut_model *model, const place *places,
                             const int *shift, symlut_error *err)
{
    symlut_model *m = model_new(model->input_count, model->output_count);
    if (!m)
        return error_memory(err);
    symlut_status status = SYMLUT_OK;
    m->task = model->task;
    m->seed = model->seed;
    m->target_name = arena_strdup(&m->memory, model->target_name);
    m->data_hash = arena_strdup(&m->memory, model->data_hash);
    for (size_t j = 0; j < model->input_count; j++) {
        model_input in = model->inputs[j];
        double unit = shift ? ldexp(1, shift[j]) : 1;
        double a = (in.low * in.scale + in.mean) / unit, b = (in.high * in.scale + in.mean) / unit;
        m->inputs[j] = (model_input){.name = arena_strdup(&m->memory, in.name),
                                     .scale = unit,
                                     .low = in.low > in.high ? 1 : fmin(a, b),
                                     .high = in.low > in.high ? -1 : fmax(a, b)};
    }
    for (size_t k = 0; k < model->output_count && status == SYMLUT_OK; k++) {
        m->output_names[k] = arena_strdup(&m->memory, model->output_names[k]);
        m->outputs[k] = substitute(&m->memory, model->outputs[k], places);
        if (m->outputs[k].count > EXPR_MAX_NODES)
            status = error_set(err, SYMLUT_BAD_INPUT,
                               "output %.100s: with the scaler folded in its expression has %d "
                               "nodes, at most %d can be compiled",
                               model->output_names[k], m->outputs[k].count, EXPR_MAX_NODES);
    }
    if (m->memory.failed)
        status = error_memory(err);
    if (status == SYMLUT_OK)
        *out = m;
    else
        symlut_model_free(m);
    return status;
}

symlut_status fold_scaler(symlut_model **out, int *shift, const symlut_model *model,
                          symlut_error *err)
{
    *out = NULL;
    place *places = calloc(model->input_count + 1, sizeof *places);
    bool any = false;
    if (!places)
        return error_memory(err);
    for (size_t j = 0; j < model->input_count; j++) {
        model_input in = model->inputs[j];
        bool scaled = in.mean != 0 || in.scale != 1;
        shift[j] = scaled ? (int)lround(log2(fabs(in.scale))) : 0;
        places[j] = place_over_u(in, shift[j]);
        any = any || scaled;
    }
    symlut_status status =
        any ? rebuild(out, model, places, shift, err)
            : error_set(err, SYMLUT_BAD_INPUT,
                        "the model's inputs have no scaler to fold: they are raw values already");
    free(places);
    return status;
}

symlut_status fold_scaler_text(symlut_model **out, const symlut_model *model, symlut_error *err)
{
    *out = NULL;
    place *places = calloc(model->input_count + 1, sizeof *places);
    if (!places)
        return error_memory(err);
    for (size_t j = 0; j < model->input_count; j++)
        places[j] = place_in_text(model->inputs[j]);
    symlut_status status = rebuild(out, model, places, NULL, err);
    free(places);
    return status;
}

/* ---------------------------------------------------------------- ports */

/* Ports with the binary point moved, and behind each a shift that moves it back. */
static graph *move_points(const graph *from, const int *shift)
{
    graph *g = graph_new_from(from);
    graph_ref *map = malloc((from->count + (size_t)1) * sizeof *map);
    for (uint32_t j = 0; g && map && j < g->input_count; j++)
        g->inputs[j].fmt.frac = (int16_t)(g->inputs[j].fmt.frac - shift[j]);
    for (graph_ref k = 0; g && map && k < from->count; k++) {
        const graph_node *n = &from->nodes[k];
        if (n->op != GRAPH_INPUT || shift[n->aux] == 0) {
            map[k] = graph_copy_node(g, from, k, map);
            continue;
        }
        graph_set_origin(g, from->inputs[n->aux].name);
        map[k] = graph_add_shift(g, graph_add_input_node(g, (uint32_t)n->aux), -shift[n->aux]);
        graph_set_origin(g, NULL);
    }
    free(map);
    if (map)
        return g;
    graph_free(g);
    return NULL;
}

symlut_status fold_scaler_ports(symlut_firmware *fw, const int *shift, symlut_error *err)
{
    graph *g = move_points(fw->g, shift);
    if (!g || g->failed.status != SYMLUT_OK) {
        symlut_status status = g ? g->failed.status : error_memory(err);
        if (g && err)
            *err = g->failed;
        graph_free(g);
        return status;
    }
    graph_free(fw->g);
    fw->g = g;
    for (uint32_t j = 0; j < g->input_count; j++) {
        firmware_input *in = &fw->inputs[j];
        double unit = ldexp(1, shift[j]);
        in->scale = 1;
        if (in->low <= in->high) {
            in->low *= unit;
            in->high *= unit;
        }
        for (size_t i = 0; i < fw->format_count; i++) {
            firmware_format *f = &fw->formats[i];
            if (*f->output || strcmp(f->expression, in->name) != 0)
                continue;
            f->fmt.frac = (int16_t)(f->fmt.frac - shift[j]);
            f->low *= unit;
            f->high *= unit;
            f->seen_low *= unit;
            f->seen_high *= unit;
            f->error *= unit;
        }
    }
    return SYMLUT_OK;
}
