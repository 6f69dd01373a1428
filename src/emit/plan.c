#include "emit/plan.h"

#include <ctype.h>
#include <string.h>

static wide_int floor_shift(wide_int v, int bits)
{
    return v >= 0 ? v >> bits : -((-v + (((wide_int)1 << bits) - 1)) >> bits);
}

/* v / 2^bits, rounded; bits ≥ 1 */
static wide_int round_shift(wide_int v, int bits, rounding r)
{
    wide_int q = floor_shift(v, bits);
    wide_int rest = v - q * ((wide_int)1 << bits), half = (wide_int)1 << (bits - 1);
    bool tie_up = false;
    switch (r) {
    case ROUND_TRN:
        return q;
    case ROUND_TRN_ZERO:
        return q + (v < 0 && rest != 0);
    case ROUND_RND:
        tie_up = true;
        break;
    case ROUND_RND_ZERO:
        tie_up = v < 0;
        break;
    case ROUND_RND_INF:
        tie_up = v >= 0;
        break;
    case ROUND_RND_CONV:
        tie_up = (q & 1) != 0;
        break;
    case ROUND_RND_MIN_INF:
    case ROUNDING_COUNT:
        break;
    }
    return q + (rest > half || (rest == half && tie_up));
}

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

cast_plan cast_plan_make(const graph *g, uint32_t node)
{
    const graph_node *n = &g->nodes[node], *a = &g->nodes[n->arg[0]];
    int shift = a->fmt.frac - n->fmt.frac;
    cast_plan p = {.drop = clamp(shift, 0, a->fmt.width + 1), .append = clamp(-shift, 0, 64)};
    p.max = format_max(n->fmt);
    p.min = saturated_min(n->fmt, (overflow)n->overflow);
    if (p.drop) {
        p.low = round_shift(a->lo, p.drop, (rounding)n->rounding);
        p.high = round_shift(a->hi, p.drop, (rounding)n->rounding);
    } else {
        p.low = a->lo * ((wide_int)1 << p.append);
        p.high = a->hi * ((wide_int)1 << p.append);
    }
    p.under = p.low < p.min;
    p.over = p.high > p.max;
    return p;
}

int wide_bits(wide_int low, wide_int high)
{
    int bits = 1;
    if (low >= 0) {
        while (high >> bits)
            bits++;
        return bits;
    }
    while (low < -((wide_int)1 << (bits - 1)) || high >= (wide_int)1 << (bits - 1))
        bits++;
    return bits;
}

int align_shift(const graph *g, graph_ref ref, int frac)
{
    return frac - g->nodes[ref].fmt.frac;
}

int common_frac(const graph *g, graph_ref a, graph_ref b)
{
    int fa = g->nodes[a].fmt.frac, fb = g->nodes[b].fmt.frac;
    return fa > fb ? fa : fb;
}

static bool prefix_taken(const graph_port *ports, uint32_t count, const char *prefix)
{
    size_t length = strlen(prefix);
    for (uint32_t i = 0; i < count; i++) {
        /* Verilog and C tell case apart, VHDL does not */
        if (strncasecmp(ports[i].name, prefix, length) == 0 &&
            isdigit((unsigned char)ports[i].name[length]))
            return true;
    }
    return false;
}

const char *node_prefix(const graph *g)
{
    static const char *const choices[] = {"n", "v", "node", "value", "node_no"};
    for (size_t i = 0; i + 1 < sizeof choices / sizeof *choices; i++) {
        if (!prefix_taken(g->inputs, g->input_count, choices[i]) &&
            !prefix_taken(g->outputs, g->output_count, choices[i]))
            return choices[i];
    }
    return choices[sizeof choices / sizeof *choices - 1];
}

/* Tools take orders from comments that begin with their name. */
static bool is_order(const char *s, size_t length)
{
    static const char *const tools[] = {"verilator", "synopsys", "synthesis", "pragma", "cadence"};
    for (size_t i = 0; i < sizeof tools / sizeof *tools; i++) {
        if (length >= strlen(tools[i]) && strncasecmp(s, tools[i], strlen(tools[i])) == 0)
            return true;
    }
    return false;
}

char *comment_text(char buffer[COMMENT_SIZE], const char *s)
{
    size_t used = 0, length = s ? strlen(s) : 0;
    if (is_order(s, length)) {
        memcpy(buffer, "= ", 2);
        used = 2;
    }
    size_t keep = length < 100 ? length : 97;
    for (size_t i = 0; i < keep; i++) {
        char c = s[i];
        if (!isprint((unsigned char)c) || c == '\\')
            c = ' ';
        if (c == '/' && used && buffer[used - 1] == '*')
            buffer[used++] = ' ';
        buffer[used++] = c;
        if (used > COMMENT_SIZE - 8)
            break;
    }
    if (keep < length) {
        memcpy(buffer + used, "...", 3);
        used += 3;
    }
    buffer[used] = '\0';
    return buffer;
}

char *node_comment(char buffer[COMMENT_SIZE], const graph_node *node)
{
    return comment_text(buffer, node->origin);
}

symlut_status node_names_make(node_names *out, const graph *g, symlut_error *err)
{
    *out = (node_names){0};
    out->name = ARENA_ARRAY(&out->memory, const char *, g->count + 1);
    const char *prefix = node_prefix(g);
    for (uint32_t i = 0; out->name && i < g->count; i++)
        out->name[i] = arena_printf(&out->memory, "%s%u", prefix, i);
    if (out->memory.failed) {
        node_names_free(out);
        return error_memory(err);
    }
    return SYMLUT_OK;
}

void node_names_free(node_names *names)
{
    arena_free(&names->memory);
    *names = (node_names){0};
}

const char *vendor_part(const char *part)
{
    static const struct {
        const char *part, *full;
    } parts[] = {
        {"xcvu9p-1", "xcvu9p-flga2577-1-e"},   {"xcvu9p-2", "xcvu9p-flga2577-2-e"},
        {"xcvu9p-3", "xcvu9p-flga2577-3-e"},   {"xcvu13p-1", "xcvu13p-flga2577-1-e"},
        {"xcvu13p-2", "xcvu13p-flga2577-2-e"}, {"xcvu13p-3", "xcvu13p-flga2577-3-e"},
        {"xcku15p-2", "xcku15p-ffve1760-2-e"}, {"xc7vx690t-2", "xc7vx690tffg1927-2"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (strcmp(parts[i].part, part) == 0)
            return parts[i].full;
    }
    return part;
}
