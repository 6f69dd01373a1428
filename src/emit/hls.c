/* HLS C++ for Vitis HLS: hls/NAME.h, hls/NAME.cpp, hls/NAME_test.cpp, hls/run_hls.tcl.
 *
 * Each node is a variable of its own ap_fixed type, wide enough that assigning the exact result of
 * an operation to it never rounds; casts carry their rounding and overflow modes. Vitis places the
 * registers itself, so the graph's are transparent. */
#include "emit/plan.h"

#include <inttypes.h>
#include <string.h>

typedef struct hls_emitter {
    const symlut_firmware *fw;
    const graph *g;
    text *out;
    node_names names;
} hls_emitter;

#define PIECE(e, ...) arena_printf(&(e)->names.memory, __VA_ARGS__)

static const char *type_of(hls_emitter *e, format f)
{
    return PIECE(e, "ap_%s<%d, %d>", f.is_signed ? "fixed" : "ufixed", f.width, f.width - f.frac);
}

static const char *node_type(hls_emitter *e, uint32_t n)
{
    return type_of(e, e->g->nodes[n].fmt);
}

static const char *operand(const hls_emitter *e, uint32_t n, int k)
{
    return e->names.name[e->g->nodes[n].arg[k]];
}

/* ---------------------------------------------------------------- statements */

static void end_line(hls_emitter *e, uint32_t n)
{
    char comment[COMMENT_SIZE];
    node_comment(comment, &e->g->nodes[n]);
    text_printf(e->out, *comment ? " // %s\n" : "\n", comment);
}

static void define_as(hls_emitter *e, uint32_t n, const char *type, const char *expression)
{
    text_printf(e->out, "    %s %s = %s;", type, e->names.name[n], expression ? expression : "");
    end_line(e, n);
}

static void define(hls_emitter *e, uint32_t n, const char *expression)
{
    define_as(e, n, node_type(e, n), expression);
}

/* The node's bits are those of an integer expression. */
static void define_bits(hls_emitter *e, uint32_t n, const char *expression)
{
    const char *name = e->names.name[n];
    text_printf(e->out, "    %s %s;", node_type(e, n), name);
    end_line(e, n);
    text_printf(e->out, "    %s.range(%d, 0) = %s;\n", name, e->g->nodes[n].fmt.width - 1,
                expression ? expression : "");
}

static void alias(hls_emitter *e, uint32_t n)
{
    e->names.name[n] = operand(e, n, 0);
}

static void choose(hls_emitter *e, uint32_t n, const char *condition, const char *a, const char *b)
{
    const char *type = node_type(e, n);
    define(e, n, PIECE(e, "%s ? %s(%s) : %s(%s)", condition, type, a, type, b));
}

static void binary(hls_emitter *e, uint32_t n, const char *op)
{
    define(e, n, PIECE(e, "%s %s %s", operand(e, n, 0), op, operand(e, n, 1)));
}

/* Operand k of a comparison. An unsigned one becomes signed where the other is signed: some
 * implementations of ap_fixed compare mixed signs as unsigned. */
static const char *compared(hls_emitter *e, uint32_t n, int k)
{
    const graph_ref *arg = e->g->nodes[n].arg;
    format f = e->g->nodes[arg[k]].fmt;
    if (f.is_signed || !e->g->nodes[arg[1 - k]].fmt.is_signed)
        return operand(e, n, k);
    f.is_signed = true;
    f.width++;
    return PIECE(e, "%s(%s)", type_of(e, f), operand(e, n, k));
}

static const char *comparison(hls_emitter *e, uint32_t n, const char *op)
{
    return PIECE(e, "%s %s %s", compared(e, n, 0), op, compared(e, n, 1));
}

static void flag(hls_emitter *e, uint32_t n, const char *op)
{
    define(e, n, PIECE(e, "%s ? 1 : 0", comparison(e, n, op)));
}

static const char *integer(hls_emitter *e, int64_t value)
{
    if (value == INT64_MIN)
        return "-9223372036854775807LL - 1";
    return PIECE(e, value > INT32_MAX || value <= INT32_MIN ? "%" PRId64 "LL" : "%" PRId64, value);
}

/* ---------------------------------------------------------------- one function per operation */

static void hls_input(hls_emitter *e, uint32_t n)
{
    e->names.name[n] = e->g->inputs[e->g->nodes[n].aux].name;
}

static void hls_const(hls_emitter *e, uint32_t n)
{
    define_bits(e, n, integer(e, e->g->nodes[n].aux));
}

static void hls_add(hls_emitter *e, uint32_t n)
{
    binary(e, n, "+");
}

static void hls_sub(hls_emitter *e, uint32_t n)
{
    binary(e, n, "-");
}

static void hls_neg(hls_emitter *e, uint32_t n)
{
    define(e, n, PIECE(e, "-%s", operand(e, n, 0)));
}

static void hls_not(hls_emitter *e, uint32_t n)
{
    const char *unit = PIECE(e, "%s_unit", e->names.name[n]);
    int frac = e->g->nodes[n].fmt.frac;
    text_printf(e->out, "    ap_ufixed<1, %d> %s;\n    %s.range(0, 0) = 1;\n", 1 - frac,
                unit ? unit : "", unit ? unit : "");
    define(e, n, PIECE(e, "-%s - %s", operand(e, n, 0), unit));
}

static void hls_mul(hls_emitter *e, uint32_t n)
{
    binary(e, n, "*");
}

static void hls_shift(hls_emitter *e, uint32_t n)
{
    const char *a = operand(e, n, 0);
    int width = e->g->nodes[e->g->nodes[n].arg[0]].fmt.width;
    define_bits(e, n, PIECE(e, "%s.range(%d, 0)", a, width - 1));
}

static void hls_abs(hls_emitter *e, uint32_t n)
{
    const char *a = operand(e, n, 0);
    choose(e, n, PIECE(e, "%s < 0", a), PIECE(e, "-%s", a), a);
}

static void hls_min(hls_emitter *e, uint32_t n)
{
    const char *a = operand(e, n, 0), *b = operand(e, n, 1);
    choose(e, n, comparison(e, n, "<"), a, b);
}

static void hls_max(hls_emitter *e, uint32_t n)
{
    const char *a = operand(e, n, 0), *b = operand(e, n, 1);
    choose(e, n, comparison(e, n, "<"), b, a);
}

static void hls_lt(hls_emitter *e, uint32_t n)
{
    flag(e, n, "<");
}

static void hls_le(hls_emitter *e, uint32_t n)
{
    flag(e, n, "<=");
}

static void hls_eq(hls_emitter *e, uint32_t n)
{
    flag(e, n, "==");
}

static void hls_select(hls_emitter *e, uint32_t n)
{
    choose(e, n, PIECE(e, "%s != 0", operand(e, n, 0)), operand(e, n, 1), operand(e, n, 2));
}

static void hls_concat(hls_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const graph_node *a = &e->g->nodes[node->arg[0]], *b = &e->g->nodes[node->arg[1]];
    int64_t mask = ((int64_t)1 << node->aux) - 1;
    const char *low = PIECE(e, "%s.range(%d, 0).to_uint64()", operand(e, n, 1), b->fmt.width - 1);
    if (b->fmt.is_signed) /* bits beyond its width repeat the sign */
        low = PIECE(e, "((long long)(%s << %d) >> %d)", low, 64 - b->fmt.width, 64 - b->fmt.width);
    define_bits(e, n,
                PIECE(e, "%s.range(%d, 0).to_uint64() << %" PRId64 " | (%s & %" PRId64 "LL)",
                      operand(e, n, 0), a->fmt.width - 1, node->aux, low, mask));
}

static void hls_table(hls_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const graph_table *t = &e->g->tables[node->aux];
    define_bits(e, n,
                PIECE(e, "%s_table_%s[%s.range(%d, 0).to_uint()]", e->fw->name, t->name,
                      operand(e, n, 0), t->index_bits - 1));
}

static void hls_cast(hls_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    format f = node->fmt;
    overflow o = (overflow)node->overflow;
    /* One signed bit: ap_fixed saturates symmetrically as SAT does; SystemC's stand-in would not.
     */
    if (o == OVERFLOW_SAT_SYM && f.is_signed && f.width == 1)
        o = OVERFLOW_SAT;
    define_as(e, n,
              PIECE(e, "ap_%s<%d, %d, AP_%s, AP_%s>", f.is_signed ? "fixed" : "ufixed", f.width,
                    f.width - f.frac, rounding_name((rounding)node->rounding), overflow_name(o)),
              operand(e, n, 0));
}

static void hls_reg(hls_emitter *e, uint32_t n)
{
    alias(e, n);
}

static void hls_output(hls_emitter *e, uint32_t n)
{
    text_printf(e->out, "    %s = %s;\n", e->g->outputs[e->g->nodes[n].aux].name, operand(e, n, 0));
}

typedef void hls_hook(hls_emitter *e, uint32_t n);

static hls_hook *const hls_hooks[GRAPH_OP_COUNT] = {
#define OP(NAME, lower, arity, doc) [GRAPH_##NAME] = hls_##lower,
#include "graph/ops.def"
#undef OP
};

/* ---------------------------------------------------------------- files */

static void emit_prototype(hls_emitter *e, const char *end)
{
    const graph *g = e->g;
    text_printf(e->out, "void %s(\n", e->fw->name);
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(e->out, "    %s %s,\n", type_of(e, g->inputs[i].fmt), g->inputs[i].name);
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(e->out, "    %s &%s%s\n", type_of(e, g->outputs[i].fmt), g->outputs[i].name,
                    i + 1 < g->output_count ? "," : "");
    text_printf(e->out, ")%s\n", end);
}

static void emit_header(hls_emitter *e)
{
    text_printf(e->out,
                "// %s: made by symlut %s.\n#ifndef %s_HLS_H\n#define %s_HLS_H\n\n"
                "#include <ap_fixed.h>\n#include <ap_int.h>\n\n"
                "// One event: inputs by value, results by reference; a new event every clock.\n",
                e->fw->name, e->fw->version, e->fw->name, e->fw->name);
    emit_prototype(e, ";");
    text_append(e->out, "\n#endif\n");
}

static void emit_table(hls_emitter *e, const graph_table *t)
{
    size_t count = (size_t)1 << t->index_bits;
    char comment[COMMENT_SIZE], fmt[32];
    text_printf(e->out, "// %s; the bits of %s words\nstatic const ap_%s<%d> %s_table_%s[%zu] = {",
                comment_text(comment, t->doc), format_print(t->word, fmt),
                t->word.is_signed ? "int" : "uint", t->word.width, e->fw->name, t->name, count);
    for (size_t i = 0; i < count; i++)
        text_printf(e->out, "%s%s,", i % 12 ? " " : "\n    ", integer(e, t->words[i]));
    text_append(e->out, "\n};\n\n");
}

static bool table_is_used(const graph *g, uint32_t table)
{
    for (uint32_t i = 0; i < g->count; i++) {
        if (g->nodes[i].op == GRAPH_TABLE && g->nodes[i].aux == (int64_t)table)
            return true;
    }
    return false;
}

static void emit_source(hls_emitter *e)
{
    const char *name = e->fw->name;
    text_printf(e->out, "// %s: made by symlut %s.\n#include \"%s.h\"\n\n", name, e->fw->version,
                name);
    for (uint32_t i = 0; i < e->g->table_count; i++) {
        if (table_is_used(e->g, i))
            emit_table(e, &e->g->tables[i]);
    }
    emit_prototype(e, "");
    text_append(e->out, "{\n#pragma HLS PIPELINE II=1\n");
    for (uint32_t i = 0; i < e->g->input_count; i++)
        text_printf(e->out, "#pragma HLS INTERFACE ap_none port=%s\n", e->g->inputs[i].name);
    for (uint32_t i = 0; i < e->g->table_count; i++) {
        if (table_is_used(e->g, i))
            text_printf(e->out,
                        "#pragma HLS BIND_STORAGE variable=%s_table_%s type=rom_np impl=lutram\n",
                        name, e->g->tables[i].name);
    }
    for (uint32_t i = 0; i < e->g->count; i++)
        hls_hooks[e->g->nodes[i].op](e, i);
    text_append(e->out, "}\n");
}

/* Reads tb/NAME_vectors.hex: for each event its inputs, then its outputs, 64-bit two's complement
 * words. */
static void emit_test(hls_emitter *e)
{
    const graph *g = e->g;
    const char *name = e->fw->name;
    text_printf(e->out,
                "// Self-checking test of %s against the reference vectors.\n"
                "#include <cstdio>\n#include \"%s.h\"\n\n"
                "static FILE *open_vectors(const char *path)\n{\n"
                "    FILE *f = path ? std::fopen(path, \"r\") : NULL;\n"
                "    if (!f)\n        f = std::fopen(\"%s_vectors.hex\", \"r\");\n"
                "    if (!f)\n        f = std::fopen(\"../tb/%s_vectors.hex\", \"r\");\n"
                "    return f;\n}\n\n",
                name, name, name, name);
    text_printf(e->out,
                "int main(int argc, char **argv)\n{\n"
                "    enum { WORDS = %u };\n"
                "    FILE *f = open_vectors(argc > 1 ? argv[1] : NULL);\n"
                "    long events = 0, errors = 0;\n"
                "    unsigned long long w[WORDS];\n"
                "    if (!f) {\n        std::printf(\"FAIL: no %s_vectors.hex\\n\");\n"
                "        return 1;\n    }\n    for (;; events++) {\n"
                "        int got = 0;\n"
                "        while (got < WORDS && std::fscanf(f, \"%%llx\", &w[got]) == 1)\n"
                "            got++;\n        if (got < WORDS)\n            break;\n",
                g->input_count + g->output_count, name);
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(e->out, "        %s %s;\n        %s.range(%d, 0) = w[%u];\n",
                    type_of(e, g->inputs[i].fmt), g->inputs[i].name, g->inputs[i].name,
                    g->inputs[i].fmt.width - 1, i);
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(e->out, "        %s %s;\n", type_of(e, g->outputs[i].fmt), g->outputs[i].name);
    text_printf(e->out, "        %s(", name);
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(e->out, "%s, ", g->inputs[i].name);
    for (uint32_t i = 0; i < g->output_count; i++)
        text_printf(e->out, "%s%s", i ? ", " : "", g->outputs[i].name);
    text_append(e->out, ");\n");
    for (uint32_t i = 0; i < g->output_count; i++) {
        int width = g->outputs[i].fmt.width;
        text_printf(e->out,
                    "        if (%s.range(%d, 0).to_uint64() != (w[%u] & 0x%" PRIx64 "ULL)) {\n"
                    "            std::printf(\"event %%ld: %s differs\\n\", events);\n"
                    "            errors++;\n        }\n",
                    g->outputs[i].name, width - 1, g->input_count + i, UINT64_MAX >> (64 - width),
                    g->outputs[i].name);
    }
    text_append(e->out,
                "    }\n    std::fclose(f);\n"
                "    std::printf(\"%s: %ld events, %ld errors\\n\", errors || !events ? \"FAIL\" "
                ": \"PASS\",\n                events, errors);\n"
                "    return errors || !events ? 1 : 0;\n}\n");
}

/* Full part names of the short names that device files have. */
static const char *full_part(const char *part)
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

static void emit_tcl(hls_emitter *e)
{
    const char *name = e->fw->name;
    text_printf(e->out,
                "# Vitis HLS: in this folder, vitis_hls -f run_hls.tcl\n"
                "open_project -reset %s_hls\nset_top %s\nadd_files %s.cpp\n"
                "add_files -tb %s_test.cpp\nadd_files -tb ../tb/%s_vectors.hex\n"
                "open_solution -reset solution1\nset_part {%s}\n"
                "create_clock -period %.6g -name default\n"
                "csim_design\ncsynth_design\ncosim_design\nexport_design -format ip_catalog\n"
                "exit\n",
                name, name, name, name, name, full_part(e->fw->part), 1000 / e->fw->clock_mhz);
}

symlut_status emit_hls(emit_files *set, const symlut_firmware *fw, symlut_error *err)
{
    hls_emitter e = {.fw = fw, .g = fw->g};
    symlut_status status = node_names_make(&e.names, fw->g, err);
    if (status != SYMLUT_OK)
        return status;
    e.out = emit_files_add(set, "hls/%s.h", fw->name);
    emit_header(&e);
    e.out = emit_files_add(set, "hls/%s.cpp", fw->name);
    emit_source(&e);
    e.out = emit_files_add(set, "hls/%s_test.cpp", fw->name);
    emit_test(&e);
    e.out = emit_files_add(set, "hls/run_hls.tcl");
    emit_tcl(&e);
    if (e.names.memory.failed)
        status = error_memory(err);
    node_names_free(&e.names);
    return status == SYMLUT_OK ? emit_files_status(set, err) : status;
}
