/* symlut jets: the built-in sample. */
#include "common.h"

static int run(const command *self, int argc, char **argv)
{
    const char *path = NULL, *arguments[1];
    size_t jets = 10000;
    uint64_t seed = 1;
    int count;
    const option options[] = {
        {"o", "FILE", OPTION_TEXT, &path, "CSV file to write (required)", 0, 0, NULL},
        {"count", "N", OPTION_SIZE, &jets, "number of jets (default 10000)", 1, 1e9, NULL},
        {"seed", "N", OPTION_SEED, &seed, "same seed, same file (default 1)", 0, 0, NULL},
    };
    parse_result parsed = options_parse(self, options, sizeof options / sizeof options[0], argc,
                                        argv, arguments, &count);
    if (parsed != PARSE_OK)
        return parsed == PARSE_HELP ? 0 : 2;
    if (!path)
        return usage_error(self, "-o FILE is missing: where to write the sample");
    symlut_error err;
    terminal t;
    symlut_hooks hooks = terminal_hooks(&t, false);
    if (symlut_jets_write(path, jets, seed, &hooks, &err) != SYMLUT_OK)
        return print_error(&err);
    printf("%s: %zu jets of five classes (g, q, t, w, z), 16 features, target 'label'\n", path,
           jets);
    return 0;
}

const command command_jets = {
    .name = "jets",
    .arguments = "-o FILE",
    .summary = "write the built-in sample: toy boosted jets of five classes",
    .example = "  symlut jets --count 20000 --seed 1 -o jets.csv\n"
               "  symlut fit jets.csv -o run --time 60s\n",
    .arguments_least = 0,
    .arguments_most = 0,
    .run = run,
};
