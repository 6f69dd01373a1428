#include "firmware_of.h"

#include <stdio.h>
#include <stdlib.h>

symlut_firmware *firmware_of(graph *g, const char *name, rng *r)
{
    symlut_firmware *fw = calloc(1, sizeof *fw);
    if (!fw) {
        graph_free(g);
        return NULL;
    }
    arena *a = &fw->memory;
    fw->g = g;
    fw->name = arena_strdup(a, name);
    fw->task = SYMLUT_REGRESSION;
    fw->inputs = ARENA_ARRAY(a, firmware_input, g->input_count + 1);
    fw->output_names = ARENA_ARRAY(a, const char *, g->output_count + 1);
    fw->equations = ARENA_ARRAY(a, const char *, g->output_count + 1);
    fw->precision = fw->command_line = fw->data_hash = fw->target_name = "";
    fw->part = "xcvu9p-2";
    fw->dsp = "auto";
    fw->arithmetic = "symlut";
    fw->input_rounding = (rounding)rng_below(r, ROUNDING_COUNT);
    fw->input_overflow = (overflow)rng_below(r, OVERFLOW_COUNT);
    for (uint32_t i = 0; i < g->input_count; i++) {
        if (g->inputs[i].fmt.width > 60) /* only hls4ml's types wrap, and they are narrow */
            fw->input_overflow = OVERFLOW_SAT;
    }
    fw->version = SYMLUT_VERSION;
    fw->clock_mhz = 200;
    for (uint32_t i = 0; i < g->input_count; i++) {
        bool scaled = rng_below(r, 2) == 0;
        fw->inputs[i] = (firmware_input){.name = g->inputs[i].name,
                                         .mean = scaled ? rng_normal(r) : 0,
                                         .scale = scaled ? 0.1 + rng_unit(r) : 1,
                                         .low = 1,
                                         .high = -1};
    }
    for (uint32_t i = 0; i < g->output_count; i++) {
        fw->output_names[i] = g->outputs[i].name;
        fw->equations[i] = "";
    }
    if (!a->failed)
        return fw;
    firmware_drop(fw);
    return NULL;
}

void firmware_drop(symlut_firmware *fw)
{
    if (!fw)
        return;
    graph_free(fw->g);
    arena_free(&fw->memory);
    free(fw->manifest);
    free(fw);
}

int64_t random_input(rng *r, format f)
{
    int64_t low = format_min(f), high = format_max(f);
    switch (rng_below(r, 8)) {
    case 0:
        return low;
    case 1:
        return high;
    case 2: {
        int64_t v = (int64_t)rng_below(r, 3) - 1;
        return v < low ? low : v > high ? high : v;
    }
    case 3: {
        uint64_t v = ((uint64_t)1 << rng_below(r, f.width)) + rng_below(r, 3) - 1;
        return (int64_t)(v & (uint64_t)high);
    }
    default: {
        uint64_t bits = rng_next(r) << (64 - f.width);
        return f.is_signed ? (int64_t)bits >> (64 - f.width) : (int64_t)(bits >> (64 - f.width));
    }
    }
}

void coverage_add(coverage *c, const graph *g)
{
    for (uint32_t i = 0; i < g->count; i++) {
        const graph_node *n = &g->nodes[i];
        c->ops[n->op]++;
        if (n->op != GRAPH_CAST)
            continue;
        const graph_node *a = &g->nodes[n->arg[0]];
        bool rounds = a->fmt.frac > n->fmt.frac;
        /* the cast as it stands against the cast into a far wider format */
        int64_t top = cast_value(a->hi, a->fmt.frac, n->fmt, ROUND_TRN, OVERFLOW_SAT);
        int64_t bottom = cast_value(a->lo, a->fmt.frac, n->fmt, ROUND_TRN, OVERFLOW_SAT);
        bool overflows = top == format_max(n->fmt) || bottom == format_min(n->fmt);
        c->roundings[n->rounding] += rounds;
        c->overflows[n->overflow] += overflows;
        c->pairs[n->rounding][n->overflow] += rounds && overflows;
    }
}

bool coverage_enough(const coverage *c, size_t least)
{
    bool enough = true;
    for (int i = 0; i < GRAPH_OP_COUNT; i++) {
        printf("# op %-8s %zu\n", graph_op_name((graph_op)i), c->ops[i]);
        enough = enough && c->ops[i] >= least;
    }
    for (int r = 0; r < ROUNDING_COUNT; r++) {
        printf("# rounding %-12s %zu\n", rounding_name((rounding)r), c->roundings[r]);
        enough = enough && c->roundings[r] >= least;
        for (int o = 0; o < OVERFLOW_COUNT; o++)
            enough = enough && c->pairs[r][o] >= least;
    }
    for (int o = 0; o < OVERFLOW_COUNT; o++) {
        printf("# overflow %-12s %zu\n", overflow_name((overflow)o), c->overflows[o]);
        enough = enough && c->overflows[o] >= least;
    }
    return enough;
}
