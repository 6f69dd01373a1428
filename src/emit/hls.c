/* HLS C++ in two dialects: for Vitis HLS with ap_fixed (hls/NAME.h, NAME.cpp, NAME_test.cpp,
 * run_hls.tcl), for Catapult and oneAPI with ac_fixed (ac/, the same).
 *
 * Each node is a variable of its own fixed-point type, wide enough that assigning the exact result
 * of an operation to it never rounds; casts carry their rounding and overflow modes. The tools
 * place the registers themselves, so the graph's are transparent. */
#include "emit/plan.h"

#include <inttypes.h>
#include <string.h>

typedef enum hls_dialect {
    DIALECT_AP, /* ap_fixed<W, I> */
    DIALECT_AC, /* ac_fixed<W, I, S> */
} hls_dialect;

typedef struct hls_emitter {
    hls_dialect dialect;
    const symlut_firmware *fw;
    const graph *g;
    text *out;
    node_names names;
} hls_emitter;

#define PIECE(e, ...) arena_printf(&(e)->names.memory, __VA_ARGS__)

static const char *type_of(hls_emitter *e, format f)
{
    if (e->dialect == DIALECT_AC)
        return PIECE(e, "ac_fixed<%d, %d, %s>", f.width, f.width - f.frac,
                     f.is_signed ? "true" : "false");
    return PIECE(e, "ap_%s<%d, %d>", f.is_signed ? "fixed" : "ufixed", f.width, f.width - f.frac);
}

/* The same with modes, for a cast. */
static const char *cast_type(hls_emitter *e, format f, rounding r, overflow o)
{
    int integer = f.width - f.frac;
    if (e->dialect == DIALECT_AC)
        return PIECE(e, "ac_fixed<%d, %d, %s, AC_%s, AC_%s>", f.width, integer,
                     f.is_signed ? "true" : "false", rounding_name(r), overflow_name(o));
    return PIECE(e, "ap_%s<%d, %d, AP_%s, AP_%s>", f.is_signed ? "fixed" : "ufixed", f.width,
                 integer, rounding_name(r), overflow_name(o));
}

static const char *integer_type(hls_emitter *e, bool is_signed, int width)
{
    if (e->dialect == DIALECT_AC)
        return PIECE(e, "ac_int<%d, %s>", width, is_signed ? "true" : "false");
    return PIECE(e, "ap_%s<%d>", is_signed ? "int" : "uint", width);
}

/* All bits of a variable, as an integer type. */
static const char *bits_of(hls_emitter *e, const char *name, int width)
{
    if (e->dialect == DIALECT_AC)
        return PIECE(e, "%s.slc<%d>(0)", name, width);
    return PIECE(e, "%s.range(%d, 0)", name, width - 1);
}

/* The same as a non-negative number; how: to_uint or to_uint64. */
static const char *number_of(hls_emitter *e, const char *name, int width, const char *how)
{
    const char *bits = bits_of(e, name, width);
    if (e->dialect == DIALECT_AC)
        bits = PIECE(e, "ac_int<%d, false>(%s)", width, bits);
    return PIECE(e, "%s.%s()", bits, how);
}

/* The statement that gives a variable its bits. */
static const char *set_bits(hls_emitter *e, const char *name, int width, const char *value)
{
    if (e->dialect == DIALECT_AC)
        return PIECE(e, "%s.set_slc(0, ac_int<%d, false>(%s));", name, width, value);
    return PIECE(e, "%s.range(%d, 0) = %s;", name, width - 1, value);
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
    const char *set = set_bits(e, name, e->g->nodes[n].fmt.width, expression ? expression : "");
    text_printf(e->out, "    %s\n", set ? set : "");
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
    format f = {.is_signed = false, .width = 1, .frac = e->g->nodes[n].fmt.frac};
    const char *type = type_of(e, f), *set = unit ? set_bits(e, unit, 1, "1") : NULL;
    text_printf(e->out, "    %s %s;\n    %s\n", type ? type : "", unit ? unit : "", set ? set : "");
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
    define_bits(e, n, bits_of(e, a, width));
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
    const char *low = number_of(e, operand(e, n, 1), b->fmt.width, "to_uint64");
    if (b->fmt.is_signed) /* bits beyond its width repeat the sign */
        low = PIECE(e, "((long long)(%s << %d) >> %d)", low, 64 - b->fmt.width, 64 - b->fmt.width);
    define_bits(e, n,
                PIECE(e, "%s << %" PRId64 " | (%s & %" PRId64 "LL)",
                      number_of(e, operand(e, n, 0), a->fmt.width, "to_uint64"), node->aux, low,
                      mask));
}

static void hls_count(hls_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const char *words = "";
    for (int k = 0; k < GRAPH_ARGS; k++) {
        format f = e->g->nodes[node->arg[k]].fmt;
        const char *x = number_of(e, operand(e, n, k), f.width, "to_uint64");
        int shift = count_shift(e->g, node, k);
        if (f.is_signed)
            x = PIECE(e, "(%s ^ %" PRIu64 "ULL)", x, (uint64_t)1 << (f.width - 1));
        if (shift)
            x = PIECE(e, "%s %s %d", x, shift > 0 ? "<<" : ">>", shift > 0 ? shift : -shift);
        words = PIECE(e, "%s, %s", words, x);
    }
    define_bits(e, n, PIECE(e, "%s_count(%d%s)", e->fw->name, (int)node->aux, words));
}

static void hls_table(hls_emitter *e, uint32_t n)
{
    const graph_node *node = &e->g->nodes[n];
    const graph_table *t = &e->g->tables[node->aux];
    define_bits(e, n,
                PIECE(e, "%s_table_%s[%s]", e->fw->name, t->name,
                      number_of(e, operand(e, n, 0), t->index_bits, "to_uint")));
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
    define_as(e, n, cast_type(e, f, (rounding)node->rounding, o), operand(e, n, 0));
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
    bool ac = e->dialect == DIALECT_AC;
    const char *types = ac ? "ac" : "ap", *guard = ac ? "AC" : "HLS";
    text_printf(e->out,
                "// %s: made by symlut %s.\n#ifndef %s_%s_H\n#define %s_%s_H\n\n"
                "#include <%s_fixed.h>\n#include <%s_int.h>\n\n"
                "// One event: inputs by value, results by reference; a new event every clock.\n",
                e->fw->name, e->fw->version, e->fw->name, guard, e->fw->name, guard, types, types);
    emit_prototype(e, ";");
    text_append(e->out, "\n#endif\n");
}

static void emit_table(hls_emitter *e, const graph_table *t)
{
    size_t count = (size_t)1 << t->index_bits;
    char comment[COMMENT_SIZE], fmt[32];
    const char *type = integer_type(e, t->word.is_signed, t->word.width);
    text_printf(e->out, "// %s; the bits of %s words\nstatic const %s %s_table_%s[%zu] = {",
                comment_text(comment, t->doc), format_print(t->word, fmt), type ? type : "",
                e->fw->name, t->name, count);
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

static void emit_pragmas(hls_emitter *e)
{
    text_append(e->out, "#pragma HLS PIPELINE II=1\n");
    for (uint32_t i = 0; i < e->g->input_count; i++)
        text_printf(e->out, "#pragma HLS INTERFACE ap_none port=%s\n", e->g->inputs[i].name);
    for (uint32_t i = 0; i < e->g->table_count; i++) {
        if (table_is_used(e->g, i))
            text_printf(e->out,
                        "#pragma HLS BIND_STORAGE variable=%s_table_%s type=rom_np impl=lutram\n",
                        e->fw->name, e->g->tables[i].name);
    }
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
    emit_count_function(e->out, e->fw, "unsigned long long");
    if (e->dialect == DIALECT_AC)
        text_append(e->out, "#pragma hls_design top\n#pragma hls_pipeline_init_interval 1\n");
    emit_prototype(e, "");
    text_append(e->out, "{\n");
    if (e->dialect == DIALECT_AP)
        emit_pragmas(e);
    for (uint32_t i = 0; i < e->g->count; i++)
        hls_hooks[e->g->nodes[i].op](e, i);
    text_append(e->out, "}\n");
}

/* Reads tb/NAME_vectors.hex: for each event its inputs, then its outputs, 64-bit two's complement
 * words. No port's name ends in an underscore, so the test's own variables do. */
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
    text_printf(
        e->out,
        "int main(int argc_, char **argv_)\n{\n"
        "    enum { WORDS_ = %u };\n"
        "    FILE *file_ = open_vectors(argc_ > 1 ? argv_[1] : NULL);\n"
        "    long events_ = 0, errors_ = 0;\n"
        "    unsigned long long word_[WORDS_];\n"
        "    if (!file_) {\n        std::printf(\"FAIL: no %s_vectors.hex\\n\");\n"
        "        return 1;\n    }\n    for (;; events_++) {\n"
        "        int got_ = 0;\n"
        "        while (got_ < WORDS_ && std::fscanf(file_, \"%%llx\", &word_[got_]) == 1)\n"
        "            got_++;\n        if (got_ < WORDS_)\n            break;\n",
        g->input_count + g->output_count, name);
    for (uint32_t i = 0; i < g->input_count; i++)
        text_printf(
            e->out, "        %s %s;\n        %s\n", type_of(e, g->inputs[i].fmt), g->inputs[i].name,
            set_bits(e, g->inputs[i].name, g->inputs[i].fmt.width, PIECE(e, "word_[%u]", i)));
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
                    "        if (%s != (word_[%u] & 0x%" PRIx64 "ULL)) {\n"
                    "            std::printf(\"event %%ld: %s differs\\n\", events_);\n"
                    "            errors_++;\n        }\n",
                    number_of(e, g->outputs[i].name, width, "to_uint64"), g->input_count + i,
                    UINT64_MAX >> (64 - width), g->outputs[i].name);
    }
    text_append(e->out,
                "    }\n    std::fclose(file_);\n"
                "    std::printf(\"%s: %ld events, %ld errors\\n\", errors_ || !events_ ? \"FAIL\" "
                ": \"PASS\",\n                events_, errors_);\n"
                "    return errors_ || !events_ ? 1 : 0;\n}\n");
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
                name, name, name, name, name, vendor_part(e->fw->part), 1000 / e->fw->clock_mhz);
}

/* Catapult; oneAPI takes the same source from its own build. */
static void emit_catapult_tcl(hls_emitter *e)
{
    const char *name = e->fw->name;
    text_printf(e->out,
                "# Catapult: in this folder, catapult -shell -file run_catapult.tcl\n"
                "options set Input/CppStandard c++11\nproject new -name %s_ac\n"
                "solution file add ./%s.cpp -type C++\n"
                "solution file add ./%s_test.cpp -type C++ -exclude true\n"
                "solution design set %s -top\n"
                "directive set -CLOCKS {clk {-CLOCK_PERIOD %.6g}}\n"
                "go compile\ngo assembly\ngo architect\ngo extract\n",
                name, name, name, name, 1000 / e->fw->clock_mhz);
}

static symlut_status emit_dialect(emit_files *set, const symlut_firmware *fw, hls_dialect dialect,
                                  symlut_error *err)
{
    hls_emitter e = {.dialect = dialect, .fw = fw, .g = fw->g};
    const char *folder = dialect == DIALECT_AC ? "ac" : "hls";
    symlut_status status = node_names_make(&e.names, fw->g, err);
    if (status != SYMLUT_OK)
        return status;
    e.out = emit_files_add(set, "%s/%s.h", folder, fw->name);
    emit_header(&e);
    e.out = emit_files_add(set, "%s/%s.cpp", folder, fw->name);
    emit_source(&e);
    e.out = emit_files_add(set, "%s/%s_test.cpp", folder, fw->name);
    emit_test(&e);
    e.out = emit_files_add(set, dialect == DIALECT_AC ? "ac/run_catapult.tcl" : "hls/run_hls.tcl");
    dialect == DIALECT_AC ? emit_catapult_tcl(&e) : emit_tcl(&e);
    if (e.names.memory.failed)
        status = error_memory(err);
    node_names_free(&e.names);
    return status == SYMLUT_OK ? emit_files_status(set, err) : status;
}

symlut_status emit_hls(emit_files *set, const symlut_firmware *fw, symlut_error *err)
{
    symlut_status status = emit_dialect(set, fw, DIALECT_AP, err);
    return status == SYMLUT_OK ? emit_dialect(set, fw, DIALECT_AC, err) : status;
}
