/* A table-driven option parser: --name value, --name=value, -x value, `--` ends the options. Values
 * are typed and checked here, so that a command's own code sees only legal ones. */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum option_kind {                   /* type of *value */
                           OPTION_FLAG,      /* bool: takes no value */
                           OPTION_TEXT,      /* const char *: borrowed from argv */
                           OPTION_CHOICE,    /* const char *: one word out of `choices` */
                           OPTION_REPEATED,  /* text_list: each use adds one */
                           OPTION_INT,       /* int */
                           OPTION_LONG,      /* long; also 10k, 2M, 1e6 */
                           OPTION_LONG_LONG, /* long long; likewise */
                           OPTION_SIZE,      /* size_t; likewise */
                           OPTION_SEED,      /* uint64_t */
                           OPTION_NUMBER,    /* double: 0.5, 1e-9 */
                           OPTION_DURATION,  /* double, seconds: 90, 60s, 2m, 1h, 500ms */
                           OPTION_LATENCY,   /* double, ns: 25, 25ns, 0.1us */
                           OPTION_FREQUENCY  /* double, MHz: 200, 200MHz, 0.4GHz */
} option_kind;

enum { MAX_REPEATED = 64 };

typedef struct text_list {
    const char *items[MAX_REPEATED];
    size_t count;
} text_list;

typedef struct option {
    const char *name;       /* without dashes; one letter: a short option */
    const char *value_name; /* in the help: "N"; NULL for flags */
    option_kind kind;
    void *value;
    const char *help;
    double low, high;    /* of numbers, inclusive; both 0: any */
    const char *choices; /* OPTION_CHOICE: words separated by '|' */
} option;

typedef struct command {
    const char *name;
    const char *arguments; /* "DATA -o RUN" */
    const char *summary;   /* one line */
    const char *example;   /* whole lines, each ending in a newline */
    int arguments_least, arguments_most;
    int (*run)(const struct command *self, int argc, char **argv);
} command;

typedef enum parse_result { PARSE_OK, PARSE_HELP, PARSE_BAD } parse_result;

/* Fills the options' values and arguments[0 … *count), the words that are no options. PARSE_HELP:
 * --help was asked for and printed. PARSE_BAD: the reason is on stderr. */
parse_result options_parse(const command *self, const option *options, size_t option_count,
                           int argc, char **argv, const char **arguments, int *count);

/* Ends a command whose arguments are wrong in a way that only it can see: prints
 * "symlut NAME: message" and where the help is; returns exit code 2. */
int usage_error(const command *self, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;

/* text = "; nearest: a, b": up to three of `names` (NULL-terminated) close to `wanted`, each
 * written after `prefix`; "" when none is close. */
void nearest_names(char *text, size_t size, const char *prefix, const char *wanted,
                   const char *const *names);

#endif
