/* Reads device files: "key value" lines, # starts a comment, `base NAME` takes over another file's
 * values first. Figures are in ns, MHz and counts. docs/devices.md lists the keys. */
#include <ctype.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cost/cost.h"
#include "cost/devices.h"

enum { BASE_DEPTH = 4 }; /* a chain of bases longer than this is a loop */

typedef struct number_key {
    const char *name;
    size_t offset;
    double least, most;
    bool needed;
} number_key;

static const number_key number_keys[] = {
    {"clock_to_q", offsetof(device, clock_to_q), 0, 100, true},
    {"setup", offsetof(device, setup), 0, 100, true},
    {"lut", offsetof(device, lut), 0.001, 100, true},
    {"wide_mux", offsetof(device, wide_mux), 0, 100, true},
    {"carry_base", offsetof(device, carry_base), 0.001, 100, true},
    {"carry_bit", offsetof(device, carry_bit), 0, 100, true},
    {"dsp", offsetof(device, dsp), 0.001, 100, true},
    {"bram", offsetof(device, bram), 0.001, 100, true},
    {"margin", offsetof(device, margin), 1, 10, true},
    {"fanout", offsetof(device, fanout), 0, 10, false},
    {"max_mhz", offsetof(device, max_mhz), 1, 100000, true},
    {"luts", offsetof(device, luts), 0, 1e9, false},
    {"ffs", offsetof(device, ffs), 0, 1e9, false},
    {"dsps", offsetof(device, dsps), 0, 1e9, false},
    {"brams", offsetof(device, brams), 0, 1e9, false},
};
enum { NUMBER_KEYS = sizeof number_keys / sizeof *number_keys };

typedef struct source {
    const char *file, *line_start;
    long line;
    symlut_error *err;
} source;

static symlut_status bad(const source *s, const char *at, const char *what, const char *found)
{
    symlut_status status =
        error_at(s->err, SYMLUT_BAD_INPUT, s->file, s->line, (long)(at - s->line_start) + 1,
                 "device file: %s, found '%.40s'", what, found);
    error_source(s->err, s->line_start, strlen(s->line_start));
    return status;
}

static symlut_status apply_text(device *d, bool *seen, const char *file, const char *body,
                                int depth, symlut_error *err);

static symlut_status apply_base(device *d, bool *seen, const source *s, const char *at,
                                const char *value, int depth)
{
    for (const embedded_file *f = device_files; f->name; f++) {
        if (strcmp(f->name, value) == 0 && depth < BASE_DEPTH)
            return apply_text(d, seen, f->name, f->text, depth + 1, s->err);
    }
    return bad(s, at, depth < BASE_DEPTH ? "base must name a built-in device file" : "bases loop",
               value);
}

static symlut_status apply_number(device *d, bool *seen, const source *s, const char *at,
                                  const char *key, const char *value)
{
    for (int k = 0; k < NUMBER_KEYS; k++) {
        if (strcmp(number_keys[k].name, key) != 0)
            continue;
        char *end;
        double number = strtod(value, &end);
        if (*end || end == value || !(number >= number_keys[k].least) ||
            !(number <= number_keys[k].most)) {
            char what[96];
            snprintf(what, sizeof what, "%s must be a number from %g to %g", key,
                     number_keys[k].least, number_keys[k].most);
            return bad(s, at, what, value);
        }
        *(double *)(void *)((char *)d + number_keys[k].offset) = number;
        seen[k] = true;
        return SYMLUT_OK;
    }
    if (strcmp(key, "dsp_a") == 0 || strcmp(key, "dsp_b") == 0) {
        char *end;
        long width = strtol(value, &end, 10);
        if (*end || width < 2 || width > 64)
            return bad(s, at, "a DSP's operand width must be 2 to 64", value);
        *(key[4] == 'a' ? &d->dsp_a : &d->dsp_b) = (int)width;
        return SYMLUT_OK;
    }
    return bad(s, at, "unknown key; docs/devices.md lists the known ones", key);
}

static symlut_status apply_line(device *d, bool *seen, const source *s, int depth)
{
    char key[32], value[64];
    const char *p = s->line_start;
    size_t n = 0, m = 0;
    while (*p == ' ' || *p == '\t')
        p++;
    const char *key_at = p;
    for (; *p && !isspace((unsigned char)*p) && *p != '#'; p++) {
        if (n + 1 < sizeof key)
            key[n++] = *p;
    }
    key[n] = '\0';
    if (n == 0)
        return SYMLUT_OK;
    while (*p == ' ' || *p == '\t')
        p++;
    const char *value_at = p;
    for (; *p && !isspace((unsigned char)*p) && *p != '#'; p++) {
        if (m + 1 < sizeof value)
            value[m++] = *p;
    }
    value[m] = '\0';
    if (m == 0)
        return bad(s, value_at, "a key needs a value", key);
    if (strcmp(key, "base") == 0)
        return apply_base(d, seen, s, value_at, value, depth);
    if (strcmp(key, "family") == 0 || strcmp(key, "part") == 0) {
        bool family = strcmp(key, "family") == 0;
        snprintf(family ? d->family : d->vendor_part,
                 family ? sizeof d->family : sizeof d->vendor_part, "%s", value);
        return SYMLUT_OK;
    }
    const number_key *first = number_keys;
    bool known = strcmp(key, "dsp_a") == 0 || strcmp(key, "dsp_b") == 0;
    for (int k = 0; k < NUMBER_KEYS; k++)
        known = known || strcmp(first[k].name, key) == 0;
    return apply_number(d, seen, s, known ? value_at : key_at, key, value);
}

static symlut_status apply_text(device *d, bool *seen, const char *file, const char *body,
                                int depth, symlut_error *err)
{
    source s = {file, body, 1, err};
    while (*s.line_start) {
        const char *end = strchr(s.line_start, '\n');
        symlut_status status = apply_line(d, seen, &s, depth);
        if (status != SYMLUT_OK)
            return status;
        if (!end)
            break;
        s.line_start = end + 1;
        s.line++;
    }
    return SYMLUT_OK;
}

static symlut_status device_parse(device *d, const char *name, const char *file, const char *body,
                                  symlut_error *err)
{
    bool seen[NUMBER_KEYS] = {false};
    *d = (device){.dsp_a = 27, .dsp_b = 18};
    snprintf(d->name, sizeof d->name, "%s", name);
    symlut_status s = apply_text(d, seen, file, body, 0, err);
    for (int k = 0; k < NUMBER_KEYS && s == SYMLUT_OK; k++) {
        if (number_keys[k].needed && !seen[k])
            s = error_at(err, SYMLUT_BAD_INPUT, file, 0, 0,
                         "device file: '%s' is missing; give it, or a `base` that has it",
                         number_keys[k].name);
    }
    if (s == SYMLUT_OK && (!d->vendor_part[0] || !d->family[0]))
        s = error_at(err, SYMLUT_BAD_INPUT, file, 0, 0, "device file: '%s' is missing",
                     d->family[0] ? "part" : "family");
    return s;
}

const char *device_builtin(size_t i)
{
    for (const embedded_file *f = device_files; f->name; f++) {
        /* Files that are only bases say no part. */
        if (strstr(f->text, "\npart ") && i-- == 0)
            return f->name;
    }
    return NULL;
}

static symlut_status unknown(const char *part, symlut_error *err)
{
    const char *names[64];
    size_t count = 0;
    while (count < 64 && (names[count] = device_builtin(count)))
        count++;
    symlut_status s =
        error_set(err, SYMLUT_BAD_INPUT,
                  "unknown part '%.80s': give the path of a .dev file or one of", part);
    for (size_t i = 0; err && i < count; i++) {
        size_t used = strlen(err->message);
        snprintf(err->message + used, sizeof err->message - used, "%s %s", i ? "," : "", names[i]);
    }
    error_nearest(err, part, names, count);
    return s;
}

symlut_status device_load(device *out, const char *part, symlut_error *err)
{
    for (size_t i = 0; device_builtin(i); i++) {
        if (strcmp(device_builtin(i), part) == 0) {
            for (const embedded_file *f = device_files;; f++) {
                if (strcmp(f->name, part) == 0)
                    return device_parse(out, part, f->name, f->text, err);
            }
        }
    }
    size_t length = strlen(part);
    bool is_path = strchr(part, '/') || (length > 4 && strcmp(part + length - 4, ".dev") == 0);
    if (!is_path)
        return unknown(part, err);
    char *body;
    symlut_status s = file_read(&body, &length, part, err);
    if (s != SYMLUT_OK)
        return s;
    const char *base = strrchr(part, '/') ? strrchr(part, '/') + 1 : part;
    char name[48];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(base, "."), base);
    s = device_parse(out, name, part, body, err);
    free(body);
    return s;
}
