#include "emit/plan.h"

#include <ctype.h>
#include <string.h>

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

void emit_count_function(text *out, const symlut_firmware *fw, const char *type)
{
    graph_ref k = 0;
    while (k < fw->g->count && fw->g->nodes[k].op != GRAPH_COUNT)
        k++;
    if (k == fw->g->count)
        return;
    text_printf(
        out,
        "/* Binary digit 0, 1 or 2 of the number of ones in each column: four full adders. */\n"
        "static %s %s_count(int digit, %s a, %s b, %s c, %s d,\n"
        "    %s e, %s f, %s g)\n{\n",
        type, fw->name, type, type, type, type, type, type, type);
    text_printf(out,
                "    const %s s = a ^ b ^ c, t = d ^ e ^ f;\n"
                "    const %s p = (a & b) | (a & c) | (b & c), q = (d & e) | (d & f) | (e & f);\n"
                "    const %s u = (s & t) | (s & g) | (t & g);\n"
                "    return digit == 0 ? s ^ t ^ g : digit == 1 ? p ^ q ^ u\n"
                "                      : (p & q) | (p & u) | (q & u);\n}\n\n",
                type, type, type);
}
