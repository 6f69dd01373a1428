/* symlut: the command line. One file per command; all of it uses only the public API. */
#include "options.h"

#include "symlut/symlut.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define COMMAND(name) extern const command command_##name;
#include "commands.def"
#undef COMMAND

static const command *const commands[] = {
#define COMMAND(name) &command_##name,
#include "commands.def"
#undef COMMAND
};
enum { COMMAND_COUNT = sizeof commands / sizeof commands[0] };

static void print_overview(FILE *to)
{
    fputs("symlut turns data into verified, nanosecond-latency fixed-point logic.\n\n"
          "usage: symlut COMMAND ...\n\n",
          to);
    for (int i = 0; i < COMMAND_COUNT; i++)
        fprintf(to, "  %-8s %-18s %s\n", commands[i]->name, commands[i]->arguments,
                commands[i]->summary);
    fputs("\n`symlut COMMAND --help` has each command's options and an example.\n"
          "Exit codes: 0 done; 1 the answer is no; 2 bad usage or input; 3 a tool is missing.\n",
          to);
}

static const command *find(const char *name)
{
    for (int i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static int unknown_command(const char *name)
{
    const char *names[COMMAND_COUNT + 1] = {NULL};
    for (int i = 0; i < COMMAND_COUNT; i++)
        names[i] = commands[i]->name;
    char near[128];
    nearest_names(near, sizeof near, "", name, names);
    fprintf(stderr, "symlut: unknown command '%s'%s\nthe commands: symlut help\n", name, near);
    return 2;
}

static int help(int argc, char **argv)
{
    if (argc < 1) {
        print_overview(stdout);
        return 0;
    }
    const command *c = find(argv[0]);
    char option_help[] = "--help";
    char *words[] = {option_help, NULL};
    return c ? c->run(c, 1, words) : unknown_command(argv[0]);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_overview(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("symlut " SYMLUT_VERSION);
        return 0;
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
        strcmp(argv[1], "-h") == 0)
        return help(argc - 2, argv + 2);
    const command *c = find(argv[1]);
    int code = c ? c->run(c, argc - 2, argv + 2) : unknown_command(argv[1]);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "symlut: cannot write the output: %s\n", strerror(errno));
        return code ? code : 2;
    }
    return code;
}
