#include "options.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_ROOM = 64 };

/* Levenshtein distance; names that do not fit the buffer are far from everything. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[NAME_ROOM + 1], n = strlen(b);
    if (n > NAME_ROOM)
        return SIZE_MAX;
    for (size_t j = 0; j <= n; j++)
        row[j] = j;
    for (size_t i = 1; a[i - 1]; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= n; j++) {
            size_t best = diagonal + (a[i - 1] != b[j - 1]);
            if (row[j] + 1 < best)
                best = row[j] + 1;
            if (row[j - 1] + 1 < best)
                best = row[j - 1] + 1;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[n];
}

void nearest_names(char *text, size_t size, const char *prefix, const char *wanted,
                   const char *const *names)
{
    text[0] = '\0';
    size_t limit = strlen(wanted) / 3 + 1, shown = 0;
    for (size_t distance = 0; distance <= limit && shown < 3; distance++) {
        for (size_t i = 0; names[i] && shown < 3; i++) {
            if (edit_distance(wanted, names[i]) != distance)
                continue;
            size_t used = strlen(text);
            snprintf(text + used, size - used, "%s%s%s", shown ? ", " : "; nearest: ", prefix,
                     names[i]);
            shown++;
        }
    }
}

int usage_error(const command *self, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fprintf(stderr, "symlut %s: ", self->name);
    vfprintf(stderr, format, args);
    fprintf(stderr, "\nusage: symlut %s %s [options]; all of them: symlut %s --help\n", self->name,
            self->arguments, self->name);
    va_end(args);
    return 2;
}

static const char *dashes(const option *o)
{
    return o->name[1] ? "--" : "-";
}

static void print_help(const command *self, const option *options, size_t count)
{
    printf("symlut %s %s [options]\n\n%s\n\n", self->name, self->arguments, self->summary);
    for (size_t i = 0; i < count; i++) {
        char left[NAME_ROOM];
        snprintf(left, sizeof left, "%s%s%s%s", dashes(&options[i]), options[i].name,
                 options[i].value_name ? " " : "",
                 options[i].value_name ? options[i].value_name : "");
        printf("  %-24s %s\n", left, options[i].help);
    }
    printf("  %-24s %s\n\nExample:\n\n%s", "--help", "this text", self->example);
}

/* ---- values */

static parse_result bad_value(const command *self, const option *o, const char *text,
                              const char *expected)
{
    usage_error(self, "%s%s takes %s, found '%s'", dashes(o), o->name, expected, text);
    return PARSE_BAD;
}

typedef struct unit {
    const char *suffix;
    double factor;
} unit;

/* text = number followed by one of the units ("" allows a bare number). */
static bool parse_quantity(double *value, const char *text, const unit *units, size_t unit_count)
{
    char *end;
    errno = 0;
    *value = strtod(text, &end);
    if (end == text || errno == ERANGE || !isfinite(*value) || isspace((unsigned char)text[0]))
        return false;
    for (size_t i = 0; i < unit_count; i++) {
        if (strcmp(end, units[i].suffix) == 0) {
            *value *= units[i].factor;
            return true;
        }
    }
    return false;
}

static const unit count_units[] = {{"", 1}, {"k", 1e3}, {"K", 1e3}, {"M", 1e6}, {"G", 1e9}};
static const unit time_units[] = {{"", 1},     {"s", 1},    {"ms", 1e-3}, {"m", 60},
                                  {"min", 60}, {"h", 3600}, {"d", 86400}};
static const unit latency_units[] = {{"", 1}, {"ns", 1}, {"us", 1e3}};
static const unit clock_units[] = {{"", 1},       {"MHz", 1},    {"mhz", 1},    {"M", 1},
                                   {"GHz", 1000}, {"ghz", 1000}, {"kHz", 1e-3}, {"Hz", 1e-6}};

#define UNITS(table) table, sizeof(table) / sizeof(table)[0]

static parse_result check_range(const command *self, const option *o, const char *text,
                                double value)
{
    if ((o->low == 0 && o->high == 0) || (value >= o->low && value <= o->high))
        return PARSE_OK;
    char expected[128];
    if (isinf(o->high))
        snprintf(expected, sizeof expected, "%.12g or more", o->low);
    else
        snprintf(expected, sizeof expected, "a value from %.12g to %.12g", o->low, o->high);
    return bad_value(self, o, text, expected);
}

static parse_result parse_count(const command *self, const option *o, const char *text)
{
    double value;
    if (!parse_quantity(&value, text, UNITS(count_units)) || value != floor(value) ||
        fabs(value) > 9e15)
        return bad_value(self, o, text, "a whole number (also 10k, 2M, 1e6)");
    if (check_range(self, o, text, value) != PARSE_OK)
        return PARSE_BAD;
    switch (o->kind) {
    case OPTION_INT:
        if (fabs(value) > 2147483647.0)
            return bad_value(self, o, text, "a whole number below 2^31");
        *(int *)o->value = (int)value;
        break;
    case OPTION_LONG:
        *(long *)o->value = (long)value;
        break;
    case OPTION_LONG_LONG:
        *(long long *)o->value = (long long)value;
        break;
    default:
        if (value < 0)
            return bad_value(self, o, text, "a whole number, 0 or more");
        *(size_t *)o->value = (size_t)value;
    }
    return PARSE_OK;
}

static parse_result parse_seed(const command *self, const option *o, const char *text)
{
    char *end;
    errno = 0;
    unsigned long long value = strtoull(text, &end, 0);
    if (!isdigit((unsigned char)text[0]) || *end || errno == ERANGE)
        return bad_value(self, o, text, "a whole number from 0 to 2^64 - 1");
    *(uint64_t *)o->value = value;
    return PARSE_OK;
}

static parse_result parse_duration(const command *self, const option *o, const char *text)
{
    double value;
    if (!parse_quantity(&value, text, UNITS(time_units)) || value < 0)
        return bad_value(self, o, text, "a duration such as 60s, 2m or 1h");
    if (check_range(self, o, text, value) != PARSE_OK)
        return PARSE_BAD;
    *(double *)o->value = value;
    return PARSE_OK;
}

static parse_result parse_latency(const command *self, const option *o, const char *text)
{
    double value;
    if (!parse_quantity(&value, text, UNITS(latency_units)) || value <= 0)
        return bad_value(self, o, text, "a latency such as 25ns");
    if (check_range(self, o, text, value) != PARSE_OK)
        return PARSE_BAD;
    *(double *)o->value = value;
    return PARSE_OK;
}

static parse_result parse_frequency(const command *self, const option *o, const char *text)
{
    double value;
    if (!parse_quantity(&value, text, UNITS(clock_units)) || value <= 0)
        return bad_value(self, o, text, "a clock frequency such as 200MHz");
    if (check_range(self, o, text, value) != PARSE_OK)
        return PARSE_BAD;
    *(double *)o->value = value;
    return PARSE_OK;
}

static parse_result parse_number(const command *self, const option *o, const char *text)
{
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end || !isfinite(value))
        return bad_value(self, o, text, "a number");
    if (check_range(self, o, text, value) != PARSE_OK)
        return PARSE_BAD;
    *(double *)o->value = value;
    return PARSE_OK;
}

static parse_result parse_choice(const command *self, const option *o, const char *text)
{
    assert(o->choices);
    size_t length = strlen(text);
    for (const char *word = o->choices; word;) {
        const char *bar = strchr(word, '|');
        size_t n = bar ? (size_t)(bar - word) : strlen(word);
        if (n == length && strncmp(word, text, n) == 0) {
            *(const char **)o->value = text;
            return PARSE_OK;
        }
        word = bar ? bar + 1 : NULL;
    }
    char expected[256] = "one of ";
    size_t used = strlen(expected);
    for (const char *c = o->choices; *c && used + 3 < sizeof expected; c++) {
        expected[used++] = *c == '|' ? ',' : *c;
        if (*c == '|')
            expected[used++] = ' ';
    }
    expected[used] = '\0';
    return bad_value(self, o, text, expected);
}

static parse_result parse_value(const command *self, const option *o, const char *text)
{
    switch (o->kind) {
    case OPTION_FLAG:
        *(bool *)o->value = true;
        return PARSE_OK;
    case OPTION_TEXT:
        if (!text[0])
            return bad_value(self, o, text, "a value");
        *(const char **)o->value = text;
        return PARSE_OK;
    case OPTION_REPEATED: {
        text_list *list = o->value;
        if (list->count == MAX_REPEATED) {
            usage_error(self, "--%s is given more than %d times", o->name, MAX_REPEATED);
            return PARSE_BAD;
        }
        list->items[list->count++] = text;
        return PARSE_OK;
    }
    case OPTION_CHOICE:
        return parse_choice(self, o, text);
    case OPTION_SEED:
        return parse_seed(self, o, text);
    case OPTION_DURATION:
        return parse_duration(self, o, text);
    case OPTION_LATENCY:
        return parse_latency(self, o, text);
    case OPTION_FREQUENCY:
        return parse_frequency(self, o, text);
    case OPTION_NUMBER:
        return parse_number(self, o, text);
    case OPTION_INT:
    case OPTION_LONG:
    case OPTION_LONG_LONG:
    case OPTION_SIZE:
        return parse_count(self, o, text);
    }
    return PARSE_BAD;
}

/* ---- words */

static parse_result unknown_option(const command *self, const option *options, size_t count,
                                   const char *name)
{
    const char **names = calloc(count + 2, sizeof *names);
    char near[256] = "";
    if (names && name[0] && name[1]) {
        for (size_t i = 0; i < count; i++)
            names[i] = options[i].name;
        names[count] = "help";
        nearest_names(near, sizeof near, "--", name, names);
    }
    free(names);
    usage_error(self, "unknown option '%s%s'%s", name[0] && name[1] ? "--" : "-", name, near);
    return PARSE_BAD;
}

static const option *find_option(const option *options, size_t count, const char *name,
                                 size_t length)
{
    for (size_t i = 0; i < count; i++)
        if (strlen(options[i].name) == length && strncmp(options[i].name, name, length) == 0)
            return &options[i];
    return NULL;
}

/* One option word, argv[*at]; takes the next word too when the value is there. */
static parse_result parse_option(const command *self, const option *options, size_t count, int argc,
                                 char **argv, int *at)
{
    const char *name = argv[*at] + (argv[*at][1] == '-' ? 2 : 1);
    const char *equals = argv[*at][1] == '-' ? strchr(name, '=') : NULL;
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    const option *o = find_option(options, count, name, length);
    if (!o) {
        char plain[NAME_ROOM];
        snprintf(plain, sizeof plain, "%.*s", (int)(length < 60 ? length : 60), name);
        return unknown_option(self, options, count, plain);
    }
    if (o->kind == OPTION_FLAG) {
        if (equals) {
            usage_error(self, "--%s takes no value, found '%s'", o->name, equals + 1);
            return PARSE_BAD;
        }
        return parse_value(self, o, "");
    }
    const char *text = equals ? equals + 1 : *at + 1 < argc ? argv[++*at] : NULL;
    if (!text || (!equals && text[0] == '-' && text[1] == '-' && text[2])) {
        usage_error(self, "%s%s needs a value (%s), found %s%s", dashes(o), o->name, o->value_name,
                    text ? "the option " : "the end of the line", text ? text : "");
        return PARSE_BAD;
    }
    return parse_value(self, o, text);
}

static parse_result check_argument_count(const command *self, int count, const char *extra)
{
    if (count < self->arguments_least) {
        usage_error(self, "%s missing: expected %s",
                    count == 0 ? "its arguments are" : "an argument is", self->arguments);
        return PARSE_BAD;
    }
    if (count > self->arguments_most) {
        usage_error(self, "one argument too many: '%s'", extra);
        return PARSE_BAD;
    }
    return PARSE_OK;
}

parse_result options_parse(const command *self, const option *options, size_t option_count,
                           int argc, char **argv, const char **arguments, int *count)
{
    const char *extra = "";
    bool only_arguments = false;
    *count = 0;
    for (int i = 0; i < argc; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            print_help(self, options, option_count);
            return PARSE_HELP;
        }
    for (int i = 0; i < argc; i++) {
        if (!only_arguments && strcmp(argv[i], "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && argv[i][0] == '-' && argv[i][1]) {
            if (parse_option(self, options, option_count, argc, argv, &i) != PARSE_OK)
                return PARSE_BAD;
        } else if (*count < self->arguments_most) {
            arguments[(*count)++] = argv[i];
        } else {
            extra = argv[i];
            return check_argument_count(self, *count + 1, extra);
        }
    }
    return check_argument_count(self, *count, extra);
}
