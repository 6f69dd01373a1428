/* symlut verify: every emitted form against the graph, bit for bit. */
#include "common.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef struct verify_command {
    symlut_verify_options verify;
    symlut_data_options data;
    const char *task;
    bool json, quiet;
} verify_command;

static void print_form(const json_t *form)
{
    const json_t *latency = json_object_get(form, "latency_cycles");
    printf("  %-8s %-38s %9lld vectors", json_text(form, "form"), json_text(form, "tool"),
           (long long)json_integer_value(json_object_get(form, "vectors")));
    if (json_is_integer(latency))
        printf("  latency %lld", (long long)json_integer_value(latency));
    puts(json_is_true(json_object_get(form, "equal")) ? "  equal" : "  DIFFERS");
    if (json_object_get(form, "note"))
        printf("    %s\n", json_text(form, "note"));
}

/* Forms that ran fewer vectors than there are: slow simulators. */
static void print_partial(const json_t *report, long long all)
{
    size_t i;
    json_t *form;
    json_array_foreach(json_object_get(report, "forms"), i, form)
    {
        long long vectors = (long long)json_integer_value(json_object_get(form, "vectors"));
        if (vectors < all)
            printf(" (%s: %lld of all)", json_string_value(json_object_get(form, "form")), vectors);
    }
}

/* The operators that are no more than simulated, each shape once. */
static void print_unproved(const json_t *formal)
{
    size_t i;
    json_t *o;
    json_int_t last = -1;
    json_array_foreach(json_object_get(formal, "operators"), i, o)
    {
        const json_t *shape = json_object_get(o, "shape");
        if (strcmp(json_text(o, "method"), "simulated") != 0 ||
            (shape && json_integer_value(shape) == last))
            continue;
        last = shape ? json_integer_value(shape) : -1;
        printf("  on vectors only: node %lld, %s",
               (long long)json_integer_value(json_object_get(o, "node")),
               json_text(o, "operation"));
        if (shape)
            printf(", %.3g combinations", json_real_value(json_object_get(o, "combinations")));
        printf(" (%s): %.60s\n", json_text(o, "why"), json_text(o, "expression"));
    }
}

static void print_formal(const json_t *formal, const char *folder)
{
    if (!formal)
        return;
    static const char *const keys[] = {"unchanged", "proved", "linear", "exhaustive", "simulated"};
    long long n[5], of[5] = {0};
    const json_t *shapes = json_object_get(formal, "shapes");
    for (int i = 0; i < 5; i++) {
        n[i] = (long long)json_integer_value(json_object_get(formal, keys[i]));
        of[i] = (long long)json_integer_value(json_object_get(shapes, keys[i]));
    }
    printf("%s: against the graph before the passes, operators (different ones): %lld unchanged; "
           "%lld (%lld) proved by %s and ABC, %lld (%lld) by linearity, %lld (%lld) by all their "
           "inputs; %lld (%lld) on vectors only\n",
           folder, n[0], n[1], of[1], json_text(formal, "tool"), n[2], of[2], n[3], of[3], n[4],
           of[4]);
    print_unproved(formal);
}

static void print_report(const verify_command *o, const char *folder, const char *text)
{
    json_t *report = text ? json_loads(text, 0, NULL) : NULL;
    if (!report)
        return;
    if (o->json) {
        print_json(report);
        return;
    }
    size_t i;
    json_t *form;
    json_array_foreach(json_object_get(report, "forms"), i, form) print_form(form);
    print_formal(json_object_get(report, "formal"), folder);
    long long rows = (long long)json_integer_value(json_object_get(report, "data_rows"));
    long long random = (long long)json_integer_value(json_object_get(report, "random_vectors"));
    if (json_is_true(json_object_get(report, "equal")) &&
        json_array_size(json_object_get(report, "forms"))) {
        printf("%s: every bit of every form equals the graph, on ", folder);
        if (rows > 0)
            printf("%lld rows of data and ", rows);
        printf("%lld random and corner vectors", random);
        print_partial(report, rows + random);
        printf("\n");
    }
    json_decref(report);
}

/* The data's rows, matched to the firmware's inputs. */
static symlut_status load_rows(symlut_dataset **data, const verify_command *o, const char *folder,
                               const char *path, const symlut_hooks *hooks, symlut_error *err)
{
    symlut_firmware *fw;
    symlut_status status = symlut_firmware_open(&fw, folder, err);
    if (status != SYMLUT_OK)
        return status;
    status = load_for_model(data, path, &o->data, symlut_firmware_target_name(fw),
                            symlut_firmware_task(fw), hooks, err);
    symlut_firmware_free(fw);
    return status;
}

static int verify(const verify_command *o, const char *folder, const char *path)
{
    symlut_error err;
    terminal t;
    symlut_hooks hooks = terminal_hooks(&t, o->quiet);
    symlut_dataset *data = NULL;
    symlut_status status = SYMLUT_OK;
    if (path)
        status = load_rows(&data, o, folder, path, &hooks, &err);
    if (status != SYMLUT_OK)
        return print_error(&err);
    catch_interrupts();
    char *report = NULL;
    status = symlut_verify(&report, folder, data, &o->verify, &hooks, &err);
    terminal_finish(&t);
    print_report(o, folder, report);
    free(report);
    symlut_dataset_free(data);
    return status == SYMLUT_OK ? 0 : print_error(&err);
}

static int run(const command *self, int argc, char **argv)
{
    verify_command o = {.verify = symlut_verify_options_defaults(),
                        .data = symlut_data_options_defaults()};
    enum { OWN = 10 };
    option options[OWN + DATA_OPTION_COUNT] = {
        {"vectors", "N", OPTION_SIZE, &o.verify.random_vectors,
         "random and corner vectors (default 100000)", 1, 1e9, NULL},
        {"slow-vectors", "N", OPTION_SIZE, &o.verify.slow_vectors,
         "most for vhdl and netlist (default: 50000 and 10000 at most)", 1, 1e9, NULL},
        {"seed", "N", OPTION_SEED, &o.verify.seed, "of the random vectors", 0, 0, NULL},
        {"forms", "LIST", OPTION_TEXT, &o.verify.forms,
         "out of c,cpp,verilog,icarus,vhdl,hls,ac,netlist; or all", 0, 0, NULL},
        {"ap-types", "DIR", OPTION_TEXT, &o.verify.ap_types,
         "compile the HLS C++ against these ap_types headers", 0, 0, NULL},
        {"ac-types", "DIR", OPTION_TEXT, &o.verify.ac_types,
         "verify the ac_fixed form too, with these ac_types headers", 0, 0, NULL},
        {"formal", NULL, OPTION_FLAG, &o.verify.formal,
         "prove with Yosys and ABC that the passes kept the arithmetic", 0, 0, NULL},
        {"formal-seconds", "N", OPTION_NUMBER, &o.verify.formal_seconds,
         "for each operator's proof (default 10)", 0.1, 1e6, NULL},
        {"json", NULL, OPTION_FLAG, &o.json, "print the report as JSON", 0, 0, NULL},
        {"quiet", NULL, OPTION_FLAG, &o.quiet, "no notes", 0, 0, NULL},
    };
    const char *arguments[2] = {NULL, NULL};
    int count;
    data_options_table(options + OWN, &o.data, &o.task);
    parse_result parsed =
        options_parse(self, options, OWN + DATA_OPTION_COUNT, argc, argv, arguments, &count);
    if (parsed != PARSE_OK)
        return parsed == PARSE_HELP ? 0 : 2;
    data_options_finish(&o.data, o.task);
    return verify(&o, arguments[0], arguments[1]);
}

const command command_verify = {
    .name = "verify",
    .arguments = "FW [DATA]",
    .summary = "every emitted form against the graph: each bit must be equal",
    .example = "  symlut verify fw jets.csv --vectors 200k\n",
    .arguments_least = 1,
    .arguments_most = 2,
    .run = run,
};
