/* Units from text and from tables. */
#include "search/units.h"

#include <ctype.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "data/csv.h"

/* ---------------------------------------------------------------- names of units */

typedef struct known_unit {
    const char *name;
    bool prefixed;              /* takes SI prefixes */
    signed char power[UNIT_SI]; /* of m, kg, s, A, K, mol, cd */
} known_unit;

static const known_unit known[] = {
    {"m", true, {1}},
    {"g", true, {0, 1}},
    {"s", true, {0, 0, 1}},
    {"A", true, {0, 0, 0, 1}},
    {"K", true, {0, 0, 0, 0, 1}},
    {"mol", true, {0, 0, 0, 0, 0, 1}},
    {"cd", true, {0, 0, 0, 0, 0, 0, 1}},
    {"rad", true, {0}},
    {"sr", true, {0}},
    {"deg", false, {0}},
    {"Hz", true, {0, 0, -1}},
    {"N", true, {1, 1, -2}},
    {"Pa", true, {-1, 1, -2}},
    {"J", true, {2, 1, -2}},
    {"W", true, {2, 1, -3}},
    {"C", true, {0, 0, 1, 1}},
    {"V", true, {2, 1, -3, -1}},
    {"F", true, {-2, -1, 4, 2}},
    {"ohm", true, {2, 1, -3, -2}},
    {"Ω", true, {2, 1, -3, -2}},
    {"S", true, {-2, -1, 3, 2}},
    {"Wb", true, {2, 1, -2, -1}},
    {"T", true, {0, 1, -2, -1}},
    {"H", true, {2, 1, -2, -2}},
    {"lm", true, {0, 0, 0, 0, 0, 0, 1}},
    {"lx", true, {-2, 0, 0, 0, 0, 0, 1}},
    {"Bq", true, {0, 0, -1}},
    {"Gy", true, {2, 0, -2}},
    {"Sv", true, {2, 0, -2}},
    {"kat", true, {0, 0, -1, 0, 0, 1}},
    {"eV", true, {2, 1, -2}},
    {"cal", true, {2, 1, -2}},
    {"bar", true, {-1, 1, -2}},
    {"atm", false, {-1, 1, -2}},
    {"L", true, {3}},
    {"l", true, {3}},
    {"t", true, {0, 1}},
    {"u", false, {0, 1}},
    {"Da", true, {0, 1}},
    {"min", false, {0, 0, 1}},
    {"h", false, {0, 0, 1}},
    {"d", false, {0, 0, 1}},
    {"day", false, {0, 0, 1}},
    {"yr", true, {0, 0, 1}},
    {"au", false, {1}},
    {"ly", false, {1}},
    {"pc", true, {1}},
    {"degC", false, {0, 0, 0, 0, 1}},
    {"%", false, {0}},
};

static const char *const prefixes[] = {"da", "Q", "R", "Y", "Z", "E", "P", "T", "G",
                                       "M",  "k", "h", "d", "c", "m", "u", "µ", "μ",
                                       "n",  "p", "f", "a", "z", "y", "r", "q"};

static const known_unit *find_exact(const char *name, size_t length, bool prefixed)
{
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strlen(known[i].name) == length && memcmp(known[i].name, name, length) == 0 &&
            (known[i].prefixed || !prefixed))
            return &known[i];
    return NULL;
}

static const known_unit *find_unit(const char *name, size_t length)
{
    const known_unit *found = find_exact(name, length, false);
    for (size_t i = 0; !found && i < sizeof prefixes / sizeof *prefixes; i++) {
        size_t n = strlen(prefixes[i]);
        if (n < length && memcmp(prefixes[i], name, n) == 0)
            found = find_exact(name + n, length - n, true);
    }
    return found;
}

/* ---------------------------------------------------------------- one unit */

typedef struct unit_reader {
    const char *at, *whole;
    symlut_error *err;
} unit_reader;

static symlut_status malformed(const unit_reader *r, const char *expected)
{
    return error_set(r->err, SYMLUT_BAD_INPUT,
                     "unit '%.100s': expected %s at %s%.20s%s, as in 'kg*m^2/s^2'", r->whole,
                     expected, *r->at ? "'" : "", *r->at ? r->at : "its end", *r->at ? "'" : "");
}

static bool is_letter(char c)
{
    return isalpha((unsigned char)c) || (unsigned char)c >= 128 || c == '%' || c == '_';
}

static double read_decimal(const char *digits, char **end)
{
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    double value = c_locale ? strtod_l(digits, end, c_locale) : strtod(digits, end);
    if (c_locale)
        freelocale(c_locale);
    return value;
}

/* An exponent in sixtieths after the name: ^2, **-1, ^(1/2), ^0.5, 2, -1; 60 where none is. */
static symlut_status read_exponent(unit_reader *r, int *sixtieths)
{
    *sixtieths = UNIT_ONE;
    bool marked = *r->at == '^' || (r->at[0] == '*' && r->at[1] == '*');
    r->at += marked ? (*r->at == '^' ? 1 : 2) : 0;
    bool open = marked && *r->at == '(';
    r->at += open;
    const char *begin = r->at;
    bool digit = isdigit((unsigned char)r->at[*r->at == '-' || *r->at == '+']);
    if (!marked && !digit)
        return SYMLUT_OK;
    char *end;
    double value = read_decimal(r->at, &end);
    if (!digit)
        return malformed(r, "an exponent");
    r->at = end;
    if (open && *r->at == '/') {
        double below = read_decimal(r->at + 1, &end);
        if (end == r->at + 1)
            return malformed(r, "a number");
        r->at = end;
        value /= below;
    }
    if (open && *r->at++ != ')') {
        r->at--;
        return malformed(r, "')'");
    }
    double exact = value * UNIT_ONE, whole = nearbyint(exact);
    if (!(fabs(exact - whole) < 1e-6) || fabs(value) > 100) {
        r->at = begin;
        return malformed(r, "an exponent up to 100, whole or a fraction such as 1/2,");
    }
    *sixtieths = (int)whole;
    return SYMLUT_OK;
}

static symlut_status unknown_unit(const unit_reader *r, size_t length)
{
    const char *names[sizeof known / sizeof *known];
    char wanted[64];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        names[i] = known[i].name;
    length = length < sizeof wanted ? length : sizeof wanted - 1;
    memcpy(wanted, r->at, length);
    wanted[length] = '\0';
    error_set(r->err, SYMLUT_BAD_INPUT,
              "unknown unit '%s' in '%.100s'; expected those of the SI with prefixes, such as "
              "'km/s'",
              wanted, r->whole);
    error_nearest(r->err, wanted, names, sizeof known / sizeof *known);
    return SYMLUT_BAD_INPUT;
}

/* One factor: a number, which has no dimension, or a name with its exponent. */
static symlut_status read_factor(unit_reader *r, unit *out, int sign)
{
    if (isdigit((unsigned char)*r->at)) {
        char *end;
        read_decimal(r->at, &end);
        r->at = end;
        int ignored;
        return *r->at == '^' ? read_exponent(r, &ignored) : SYMLUT_OK;
    }
    size_t length = 0;
    while (is_letter(r->at[length]) && strncmp(r->at + length, "·", 2) != 0)
        length++;
    if (length == 0)
        return malformed(r, "a unit");
    const known_unit *found = find_unit(r->at, length);
    if (!found)
        return unknown_unit(r, length);
    r->at += length;
    int sixtieths;
    symlut_status status = read_exponent(r, &sixtieths);
    for (int i = 0; status == SYMLUT_OK && i < UNIT_SI; i++) {
        int sum = out->power[i] + sign * found->power[i] * sixtieths;
        if (sum > INT16_MAX || sum < INT16_MIN)
            return error_set(r->err, SYMLUT_BAD_INPUT, "unit '%.100s': its exponents are too large",
                             r->whole);
        out->power[i] = (int16_t)sum;
    }
    return status;
}

symlut_status unit_parse(unit *out, const char *spelled, symlut_error *err)
{
    *out = (unit){0};
    spelled += strspn(spelled, " \t\r\n");
    unit_reader r = {spelled, spelled, err};
    if (!strcmp(r.at, "-"))
        return SYMLUT_OK;
    int sign = 1;
    while (*r.at) {
        symlut_status status = read_factor(&r, out, sign);
        if (status != SYMLUT_OK)
            return status;
        size_t blank = strspn(r.at, " \t\r\n");
        r.at += blank;
        sign = 1;
        bool dot = !strncmp(r.at, "·", 2);
        if (*r.at == '*' || *r.at == '/' || *r.at == '.' || dot) {
            sign = *r.at == '/' ? -1 : 1;
            r.at += dot ? strlen("·") : 1;
            r.at += strspn(r.at, " \t");
            if (!*r.at)
                return malformed(&r, "a unit");
        } else if (*r.at && blank == 0) {
            return malformed(&r, "'*', '/' or a blank");
        }
    }
    return SYMLUT_OK;
}

/* ---------------------------------------------------------------- units of columns */

typedef struct assignment {
    units *out;
    bool *given; /* [count] */
    const char *const *features, *const *known;
    size_t count, known_count;
    const char *target;
    /* of a table */
    const char *path;
    arena *memory;
    long name_column, unit_column; /* -1: none */
    unit *bases;                   /* [columns] what a column's exponents count; names by number */
    bool *is_base;
    size_t columns;
    const char *own[UNIT_BASES]; /* names of bases beyond the SI */
    int own_count;
} assignment;

/* False: no such column. */
static bool assign(assignment *a, const char *name, const unit *u)
{
    bool found = false;
    if (a->target && !strcmp(a->target, name)) {
        a->out->target = *u;
        found = a->out->target_known = true;
    }
    for (size_t i = 0; i < a->count; i++)
        if (!strcmp(a->features[i], name)) {
            a->out->inputs[i] = *u;
            found = a->given[i] = true;
        }
    for (size_t i = 0; !found && i < a->known_count; i++)
        found = !strcmp(a->known[i], name);
    return found;
}

static symlut_status unknown_column(const assignment *a, const char *name, symlut_error *err)
{
    error_set(err, SYMLUT_BAD_INPUT, "units: the data has no column '%.100s' in this fit", name);
    error_nearest(err, name, a->features, a->count);
    return SYMLUT_BAD_INPUT;
}

/* "name: unit" up to ',', ';' or the line's end, again and again. */
static symlut_status read_list(assignment *a, const char *list, symlut_error *err)
{
    static const char ends[] = ",;\r\n";
    for (const char *p = list + strspn(list, " \t,;\r\n"); *p; p += strspn(p, " \t,;\r\n")) {
        size_t whole = strcspn(p, ends), length = strcspn(p, ":,;\r\n");
        if (*p == '#') {
            p += strcspn(p, "\r\n");
            continue;
        }
        if (p[length] != ':')
            return error_set(err, SYMLUT_BAD_INPUT,
                             "units: expected 'name: unit' at '%.*s', as in 'x1: m/s, x2: kg'",
                             (int)(whole < 60 ? whole : 60), p);
        size_t named = length;
        while (named > 0 && isspace((unsigned char)p[named - 1]))
            named--;
        const char *name = arena_strndup(a->memory, p, named);
        const char *spelled = arena_strndup(a->memory, p + length + 1, whole - length - 1);
        if (!name || !spelled)
            return error_memory(err);
        unit u;
        symlut_status status = unit_parse(&u, spelled, err);
        if (status == SYMLUT_OK && !assign(a, name, &u))
            status = unknown_column(a, name, err);
        if (status != SYMLUT_OK)
            return status;
        p += whole;
    }
    return SYMLUT_OK;
}

static bool is_one_of(const char *cell, const char *const *names)
{
    for (; *names; names++)
        if (!strcmp(cell, *names))
            return true;
    return false;
}

/* A column's base: a unit that is known, else a base of its own. */
static symlut_status make_base(assignment *a, size_t column, const char *name, long line,
                               symlut_error *err)
{
    symlut_error ignored;
    a->is_base[column] = true;
    if (unit_parse(&a->bases[column], name, &ignored) == SYMLUT_OK &&
        !unit_is_one(&a->bases[column]))
        return SYMLUT_OK;
    if (a->own_count == UNIT_BASES - UNIT_SI)
        return error_at(err, SYMLUT_BAD_INPUT, a->path, line, 0,
                        "more than %d base units that the SI does not have, with '%.60s'",
                        UNIT_BASES - UNIT_SI, name);
    a->bases[column] = (unit){0};
    a->bases[column].power[UNIT_SI + a->own_count++] = UNIT_ONE;
    return SYMLUT_OK;
}

static symlut_status read_header(assignment *a, const char *const *cells, size_t count, long line,
                                 symlut_error *err)
{
    static const char *const name_words[] = {"name", "variable", "column", "feature", NULL};
    static const char *const unit_words[] = {"unit", "units", NULL};
    static const char *const other_words[] = {"quantity", "description", "comment", "", NULL};
    a->columns = count;
    a->bases = ARENA_ARRAY(a->memory, unit, count);
    a->is_base = ARENA_ARRAY(a->memory, bool, count);
    if (a->memory->failed)
        return error_memory(err);
    for (size_t i = 0; i < count; i++) {
        if (a->name_column < 0 && is_one_of(cells[i], name_words))
            a->name_column = (long)i;
        else if (is_one_of(cells[i], unit_words))
            a->unit_column = (long)i;
    }
    if (a->name_column < 0)
        return error_at(err, SYMLUT_BAD_INPUT, a->path, line, 0,
                        "no column of names; expected a header such as 'name,unit' or "
                        "'variable,m,s,kg'");
    for (size_t i = 0; i < count && a->unit_column < 0; i++) {
        if ((long)i == a->name_column || is_one_of(cells[i], other_words))
            continue;
        symlut_status status = make_base(a, i, cells[i], line, err);
        if (status != SYMLUT_OK)
            return status;
    }
    return SYMLUT_OK;
}

static symlut_status add_exponent(const assignment *a, unit *u, size_t column, const char *cell,
                                  long line, symlut_error *err)
{
    char *end;
    double value = *cell ? read_decimal(cell, &end) : 0;
    bool ok = !*cell || (*end == '\0' && end != cell && fabs(value) <= 100);
    for (int i = 0; ok && i < UNIT_BASES; i++) {
        double exact = value * a->bases[column].power[i], sum = u->power[i] + nearbyint(exact);
        ok = fabs(exact - nearbyint(exact)) < 1e-6 && fabs(sum) <= INT16_MAX;
        u->power[i] = ok ? (int16_t)sum : 0;
    }
    if (ok)
        return SYMLUT_OK;
    return error_at(err, SYMLUT_BAD_INPUT, a->path, line, 0,
                    "'%.40s' is no exponent; expected a number up to 100, whole or a fraction with "
                    "a denominator up to 6",
                    cell);
}

static symlut_status read_row(void *context, const char *const *cells, size_t count, long line,
                              symlut_error *err)
{
    assignment *a = context;
    if (!a->bases)
        return read_header(a, cells, count, line, err);
    if (count != a->columns)
        return error_at(err, SYMLUT_BAD_INPUT, a->path, line, 0,
                        "%zu cells, but the header has %zu", count, a->columns);
    unit u = {0};
    symlut_status status = SYMLUT_OK;
    if (a->unit_column >= 0) {
        symlut_error inner;
        status = unit_parse(&u, cells[a->unit_column], &inner);
        if (status != SYMLUT_OK)
            return error_at(err, status, a->path, line, 0, "%s", inner.message);
    }
    for (size_t i = 0; status == SYMLUT_OK && i < count; i++)
        if (a->is_base[i])
            status = add_exponent(a, &u, i, cells[i], line, err);
    if (status == SYMLUT_OK)
        assign(a, cells[a->name_column], &u); /* a table may know more than this fit */
    return status;
}

static symlut_status read_file(assignment *a, symlut_error *err)
{
    char *content;
    size_t length;
    symlut_status status = file_read(&content, &length, a->path, err);
    if (status != SYMLUT_OK)
        return status;
    const char *first = content;
    while (*first == '#' || *first == '\n' || *first == '\r') /* comments */
        first += *first == '#' ? strcspn(first, "\r\n") : 1;
    if (first[strcspn(first, ":\r\n")] == ':')
        status = read_list(a, content, err);
    else
        status = csv_each_row(a->path, read_row, a, err);
    free(content);
    return status;
}

symlut_status units_read(units *out, arena *memory, const char *source, const char *const *features,
                         size_t count, const char *const *others, size_t other_count,
                         const char *target, symlut_error *err)
{
    *out = (units){.free_constants = true};
    out->inputs = ARENA_ARRAY(memory, unit, count);
    assignment a = {.out = out,
                    .given = ARENA_ARRAY(memory, bool, count),
                    .features = features,
                    .known = others,
                    .count = count,
                    .known_count = other_count,
                    .target = target,
                    .path = source,
                    .memory = memory,
                    .name_column = -1,
                    .unit_column = -1};
    if (memory->failed)
        return error_memory(err);
    symlut_status status = !file_exists(source) && strchr(source, ':') ? read_list(&a, source, err)
                                                                       : read_file(&a, err);
    for (size_t i = 0; status == SYMLUT_OK && i < count; i++)
        if (!a.given[i])
            status = error_set(err, SYMLUT_BAD_INPUT,
                               "units: none is given for '%s'; give one, or '%s: 1' for a pure "
                               "number",
                               features[i], features[i]);
    return status;
}
