/* C++ class in the shape that trigger emulators use: cpp/NAME_emulator.hpp and .cpp.
 *
 *     NAME_emulator::model m;
 *     m.prepare_input(raw); m.predict(); m.read_result(value);
 *
 * The namespace holds an inline one named by a hash of the logic and the scaling, so that two
 * versions of one model may live in one process. */
#include "emit/plan.h"

#include <inttypes.h>
#include <string.h>

/* FNV-1a, 64 bits: tells versions apart, no more. */
static uint64_t add_to_hash(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * UINT64_C(0x100000001b3);
    return hash;
}

static symlut_status version_of(uint64_t *hash, const symlut_firmware *fw, symlut_error *err)
{
    text t = {0};
    if (graph_print(fw->g, &t) != SYMLUT_OK || t.failed) {
        text_free(&t);
        return error_memory(err);
    }
    *hash = add_to_hash(UINT64_C(0xcbf29ce484222325), t.data, t.length);
    for (uint32_t k = 0; k < fw->g->input_count; k++) {
        *hash = add_to_hash(*hash, &fw->inputs[k].mean, sizeof(double));
        *hash = add_to_hash(*hash, &fw->inputs[k].scale, sizeof(double));
    }
    text_free(&t);
    return SYMLUT_OK;
}

static void emit_names(text *out, const char *what, const char *const *names, uint32_t count)
{
    text_printf(out, "    /* %s, in order:", what);
    for (uint32_t i = 0; i < count; i++) {
        char safe[COMMENT_SIZE];
        text_printf(out, "%s %s", i ? "," : "", comment_text(safe, names[i]));
    }
    text_append(out, " */\n");
}

static symlut_status emit_interface(text *out, const symlut_firmware *fw, uint64_t version,
                                    symlut_error *err)
{
    const graph *g = fw->g;
    arena memory = {0};
    const char **inputs = ARENA_ARRAY(&memory, const char *, g->input_count + 1);
    if (!inputs)
        return error_memory(err);
    for (uint32_t k = 0; k < g->input_count; k++)
        inputs[k] = fw->inputs[k].name;
    text_printf(out,
                "/* %s: bit-accurate emulator of the firmware for C++17, made by symlut %s.\n"
                " * No global state: each object is one event in flight. */\n"
                "#ifndef %s_EMULATOR_HPP\n#define %s_EMULATOR_HPP\n\n#include <cstdint>\n\n"
                "namespace %s_emulator {\ninline namespace v%016" PRIx64 " {\n\n"
                "class model {\npublic:\n",
                fw->name, fw->version, fw->name, fw->name, fw->name, version);
    emit_names(out, "inputs", inputs, g->input_count);
    text_printf(out, "    static constexpr int inputs = %u;\n", g->input_count);
    emit_names(out, "results", fw->output_names, g->output_count);
    text_printf(out,
                "    static constexpr int outputs = %u;\n"
                "    static constexpr int latency = %d; /* clock cycles in the firmware */\n"
                "    static constexpr double clock_mhz = %.17g;\n"
                "    static constexpr const char *version = \"%016" PRIx64 "\";\n\n",
                g->output_count, g->latency, fw->clock_mhz, version);
    text_append(out,
                "    /* raw [inputs]: values as in the data; scaled, rounded and overflowed */\n"
                "    void prepare_input(const double raw[]);\n"
                "    /* in [inputs]: integers, value * 2^(W - I) of each input's fixed<W,I> */\n"
                "    void set_input(const std::int64_t in[]);\n"
                "    void predict();\n"
                "    /* value [outputs] */\n"
                "    void read_result(double value[]) const;\n"
                "    const std::int64_t *input() const { return in_; }\n"
                "    const std::int64_t *output() const { return out_; }\n\n"
                "private:\n"
                "    std::int64_t in_[inputs > 0 ? inputs : 1] = {};\n"
                "    std::int64_t out_[outputs > 0 ? outputs : 1] = {};\n"
                "};\n\n} // namespace\n} // namespace\n\n#endif\n");
    arena_free(&memory);
    return SYMLUT_OK;
}

symlut_status emit_emulator(emit_files *set, const symlut_firmware *fw, symlut_error *err)
{
    const char *name = fw->name;
    uint64_t version = 0;
    symlut_status status = version_of(&version, fw, err);
    if (status == SYMLUT_OK)
        status = emit_interface(emit_files_add(set, "cpp/%s_emulator.hpp", name), fw, version, err);
    if (status != SYMLUT_OK)
        return status;
    text *out = emit_files_add(set, "cpp/%s_emulator.cpp", name);
    text_printf(out,
                "/* %s: bit-accurate emulator of the firmware, made by symlut %s. */\n"
                "#include \"%s_emulator.hpp\"\n\n#include <stddef.h>\n#include <stdint.h>\n\n"
                "namespace %s_emulator {\ninline namespace v%016" PRIx64 " {\nnamespace {\n\n",
                name, fw->version, name, name, version);
    status = emit_c_functions(out, fw, "__restrict", err);
    text_printf(out,
                "\n} // namespace\n\n"
                "void model::prepare_input(const double raw[])\n{\n"
                "    %s_prepare_input(raw, in_);\n}\n\n"
                "void model::set_input(const std::int64_t in[])\n{\n"
                "    for (int i = 0; i < inputs; i++)\n        in_[i] = in[i];\n}\n\n"
                "void model::predict()\n{\n    %s_eval(in_, out_);\n}\n\n"
                "void model::read_result(double value[]) const\n{\n"
                "    %s_read_output(out_, value);\n}\n\n"
                "} // namespace\n} // namespace\n",
                name, name, name);
    return status == SYMLUT_OK ? emit_files_status(set, err) : status;
}
