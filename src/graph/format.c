/* Formats: their bounds, their text, floats in them, and the definition of the cast. */
#include "graph/interval.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

const char *rounding_name(rounding r)
{
    static const char *const names[ROUNDING_COUNT] = {
        "TRN", "TRN_ZERO", "RND", "RND_ZERO", "RND_INF", "RND_MIN_INF", "RND_CONV"};
    return r < ROUNDING_COUNT ? names[r] : "?";
}

const char *overflow_name(overflow o)
{
    static const char *const names[OVERFLOW_COUNT] = {"WRAP", "SAT", "SAT_ZERO", "SAT_SYM"};
    return o < OVERFLOW_COUNT ? names[o] : "?";
}

static uint8_t bits_of(uint64_t v)
{
    uint8_t bits = 0;
    for (; v; v >>= 1)
        bits++;
    return bits;
}

format format_for(int64_t lo, int64_t hi, int frac)
{
    format f = {.is_signed = lo < 0, .width = 1, .frac = (int16_t)frac};
    if (lo >= 0) {
        uint8_t bits = bits_of((uint64_t)hi);
        f.width = bits ? bits : 1;
        return f;
    }
    uint8_t below = bits_of((uint64_t)~lo), above = hi > 0 ? bits_of((uint64_t)hi) : 0;
    f.width = (uint8_t)((below > above ? below : above) + 1);
    return f;
}

int64_t format_min(format f)
{
    return f.is_signed ? -(int64_t)(((uint64_t)1 << (f.width - 1)) - 1) - 1 : 0;
}

int64_t format_max(format f)
{
    return (int64_t)(((uint64_t)1 << (f.width - (f.is_signed ? 1 : 0))) - 1);
}

bool format_equal(format a, format b)
{
    return a.is_signed == b.is_signed && a.width == b.width && a.frac == b.frac;
}

char *format_print(format f, char out[32])
{
    snprintf(out, 32, "%sfixed<%d,%d>", f.is_signed ? "" : "u", f.width, f.width - f.frac);
    return out;
}

/* ---- parsing */

typedef struct cursor {
    const char *text, *at;
    symlut_error *err;
} cursor;

static symlut_status bad(cursor *c, const char *at, const char *what)
{
    symlut_status s = error_at(c->err, SYMLUT_BAD_INPUT, NULL, 1, (long)(at - c->text) + 1,
                               "format '%s': %s; write it like fixed<16,6> or ufixed<8,0,RND,SAT>",
                               c->text, what);
    error_source(c->err, c->text, strlen(c->text));
    return s;
}

static void skip_space(cursor *c)
{
    while (isspace((unsigned char)*c->at))
        c->at++;
}

static bool eat(cursor *c, char ch)
{
    skip_space(c);
    if (*c->at != ch)
        return false;
    c->at++;
    return true;
}

/* Reads an identifier into word (cut to its size, so that a long one matches nothing). */
static void identifier(cursor *c, char word[32])
{
    skip_space(c);
    size_t n = 0;
    for (; isalnum((unsigned char)*c->at) || *c->at == '_'; c->at++) {
        if (n < 31)
            word[n++] = *c->at;
    }
    word[n] = '\0';
}

static bool integer(cursor *c, long *value)
{
    skip_space(c);
    const char *start = c->at;
    bool minus = *c->at == '-';
    if (minus)
        c->at++;
    if (!isdigit((unsigned char)*c->at)) {
        c->at = start;
        return false;
    }
    *value = 0;
    for (; isdigit((unsigned char)*c->at); c->at++) {
        if (*value < 1000000)
            *value = *value * 10 + (*c->at - '0');
    }
    if (minus)
        *value = -*value;
    return true;
}

static symlut_status parse_widths(cursor *c, format *f)
{
    long width, integer_bits;
    const char *at = c->at;
    if (!integer(c, &width))
        return bad(c, at, "a width, a whole number, must follow '<'");
    long most = f->is_signed ? 64 : 63;
    if (width < 1 || width > most)
        return bad(c, at,
                   f->is_signed ? "the width must be 1 to 64"
                                : "the width of an unsigned format must be 1 to 63");
    if (!eat(c, ','))
        return bad(c, c->at, "expected ',' and the number of integer bits after the width");
    skip_space(c);
    at = c->at;
    if (!integer(c, &integer_bits))
        return bad(c, at, "the number of integer bits must be a whole number");
    if (integer_bits < width - FORMAT_FRAC_LIMIT || integer_bits > width + FORMAT_FRAC_LIMIT)
        return bad(c, at, "the number of integer bits is beyond 1000 of the width");
    f->width = (uint8_t)width;
    f->frac = (int16_t)(width - integer_bits);
    return SYMLUT_OK;
}

static symlut_status parse_modes(cursor *c, rounding *r, overflow *o)
{
    char word[32];
    skip_space(c);
    const char *at = c->at;
    identifier(c, word);
    const char *name = strncmp(word, "AP_", 3) == 0 ? word + 3 : word;
    int found = 0;
    while (found < ROUNDING_COUNT && strcmp(name, rounding_name((rounding)found)) != 0)
        found++;
    if (found == ROUNDING_COUNT)
        return bad(c, at,
                   "unknown rounding; known: TRN, TRN_ZERO, RND, RND_ZERO, RND_INF, "
                   "RND_MIN_INF, RND_CONV");
    *r = (rounding)found;
    if (!eat(c, ','))
        return SYMLUT_OK;
    skip_space(c);
    at = c->at;
    identifier(c, word);
    name = strncmp(word, "AP_", 3) == 0 ? word + 3 : word;
    found = 0;
    while (found < OVERFLOW_COUNT && strcmp(name, overflow_name((overflow)found)) != 0)
        found++;
    if (found == OVERFLOW_COUNT)
        return bad(c, at, "unknown overflow; known: WRAP, SAT, SAT_ZERO, SAT_SYM");
    *o = (overflow)found;
    return SYMLUT_OK;
}

symlut_status format_parse(format *f, rounding *r, overflow *o, const char *source,
                           symlut_error *err)
{
    cursor c = {source, source, err};
    char word[32];
    format parsed = {.is_signed = true};
    rounding new_r = *r;
    overflow new_o = *o;
    skip_space(&c);
    const char *at = c.at;
    identifier(&c, word);
    if (strcmp(word, "ufixed") == 0 || strcmp(word, "ap_ufixed") == 0)
        parsed.is_signed = false;
    else if (strcmp(word, "fixed") != 0 && strcmp(word, "ap_fixed") != 0)
        return bad(&c, at, "expected 'fixed' or 'ufixed'");
    if (!eat(&c, '<'))
        return bad(&c, c.at, "expected '<'");
    symlut_status s = parse_widths(&c, &parsed);
    if (s == SYMLUT_OK && eat(&c, ','))
        s = parse_modes(&c, &new_r, &new_o);
    if (s != SYMLUT_OK)
        return s;
    if (!eat(&c, '>'))
        return bad(&c, c.at, "expected '>'");
    skip_space(&c);
    if (*c.at)
        return bad(&c, c.at, "unexpected text after '>'");
    *f = parsed;
    *r = new_r;
    *o = new_o;
    return SYMLUT_OK;
}

/* ---- floats */

/* Whether a number of units with this fraction, 0 … 1, above the even or odd `below` rounds up. */
static bool rounds_up(int64_t below, double fraction, rounding r)
{
    bool is_negative = below < 0, tie = fraction == 0.5;
    switch (r) {
    case ROUND_TRN_ZERO:
        return is_negative && fraction > 0;
    case ROUND_RND:
        return fraction >= 0.5;
    case ROUND_RND_ZERO:
        return fraction > 0.5 || (tie && is_negative);
    case ROUND_RND_INF:
        return fraction > 0.5 || (tie && !is_negative);
    case ROUND_RND_MIN_INF:
        return fraction > 0.5;
    case ROUND_RND_CONV:
        return fraction > 0.5 || (tie && below % 2 != 0);
    case ROUND_TRN:
    case ROUNDING_COUNT:
        break;
    }
    return false;
}

int64_t format_quantize(format f, double value, rounding r, overflow o)
{
    /* ldexp is exact but for subnormal results, below every tie, and overflow */
    double scaled = ldexp(value, f.frac);
    format whole = f;
    whole.frac = 0;
    if (o == OVERFLOW_WRAP) {
        scaled = fmod(scaled, ldexp(1, f.width)); /* exact; NaN for infinity */
        if (scaled >= 0x1p63)
            scaled -= 0x1p64;
        else if (scaled < -0x1p63)
            scaled += 0x1p64;
    }
    if (isnan(scaled))
        return 0;
    if (scaled >= 0x1p63)
        return o == OVERFLOW_SAT_ZERO ? 0 : format_max(f);
    if (scaled < -0x1p63)
        return o == OVERFLOW_SAT_ZERO ? 0 : saturated_min(f, o);
    int64_t below = (int64_t)floor(scaled);
    /* above 2^52 there is no fraction, so the next integer exists */
    if (rounds_up(below, scaled - (double)below, r))
        below++;
    return cast_value(below, 0, whole, ROUND_TRN, o);
}

int64_t format_from_double(format f, double value)
{
    return format_quantize(f, value, ROUND_RND_CONV, OVERFLOW_SAT);
}

double format_to_double(format f, int64_t value)
{
    return ldexp((double)value, -f.frac);
}

/* ---- cast */

/* value * 2^-shift rounded to an integer; shift > 0. Shifts beyond 70 leave only the sign and a
 * remainder below one half, as 70 does. */
static wide quantize(int64_t value, int shift, rounding r)
{
    if (shift > 70)
        shift = 70;
    wide one = (wide)1 << shift, half = one >> 1;
    wide down = (wide)value >> shift;
    wide rest = (wide)value - down * one;
    bool up = false;
    switch (r) {
    case ROUND_TRN:
        break;
    case ROUND_TRN_ZERO:
        up = rest > 0 && value < 0;
        break;
    case ROUND_RND:
        up = rest >= half;
        break;
    case ROUND_RND_ZERO:
        up = rest > half || (rest == half && value < 0);
        break;
    case ROUND_RND_INF:
        up = rest > half || (rest == half && value >= 0);
        break;
    case ROUND_RND_MIN_INF:
        up = rest > half;
        break;
    case ROUND_RND_CONV:
        up = rest > half || (rest == half && (down & 1));
        break;
    case ROUNDING_COUNT:
        break;
    }
    return down + (up ? 1 : 0);
}

wide cast_quantize(int64_t value, int frac, int to_frac, rounding r)
{
    int shift = frac - to_frac;
    if (shift > 0)
        return quantize(value, shift, r);
    if (shift > -64)
        return (wide)value * ((wide)1 << -shift);
    return (wide)value * ((wide)1 << 62) * 4; /* out of every format, and zero when wrapped */
}

static int64_t wrap(uint64_t bits, format to)
{
    int unused = 64 - to.width;
    if (to.is_signed)
        return (int64_t)(bits << unused) >> unused;
    return (int64_t)(bits << unused >> unused);
}

int64_t saturated_min(format f, overflow o)
{
    bool symmetric = o == OVERFLOW_SAT_SYM && f.is_signed && f.width > 1;
    return symmetric ? -format_max(f) : format_min(f);
}

bool cast_overflows(int64_t value, int frac, format to, rounding r, overflow o)
{
    wide q = cast_quantize(value, frac, to.frac, r);
    return q < saturated_min(to, o) || q > format_max(to);
}

int64_t cast_value(int64_t value, int frac, format to, rounding r, overflow o)
{
    wide q = cast_quantize(value, frac, to.frac, r);
    int64_t lo = saturated_min(to, o), hi = format_max(to);
    if (o == OVERFLOW_WRAP)
        return wrap((uint64_t)q, to);
    if (q >= lo && q <= hi)
        return (int64_t)q;
    if (o == OVERFLOW_SAT_ZERO)
        return 0;
    return q < lo ? lo : hi;
}

/* ---- cast of many */

/* up of quantize() as a carry: what is added to the bits that are dropped, in three parts. */
typedef struct round_up {
    int64_t always, negative, odd; /* to any value; to one below 0; to one whose result is odd */
} round_up;

static round_up round_up_of(rounding r, int shift)
{
    int64_t half = (int64_t)1 << (shift - 1);
    switch (r) {
    case ROUND_TRN_ZERO:
        return (round_up){0, 2 * (half - 1) + 1, 0};
    case ROUND_RND:
        return (round_up){half, 0, 0};
    case ROUND_RND_ZERO:
        return (round_up){half - 1, 1, 0};
    case ROUND_RND_INF:
        return (round_up){half, -1, 0};
    case ROUND_RND_MIN_INF:
        return (round_up){half - 1, 0, 0};
    case ROUND_RND_CONV:
        return (round_up){half - 1, 0, 1};
    case ROUND_TRN:
    case ROUNDING_COUNT:
        break;
    }
    return (round_up){0, 0, 0};
}

/* quantize() of each for 0 < shift < 63, without a branch by mode or value. */
static void quantize_all(int64_t *out, const int64_t *in, size_t count, int shift, rounding r)
{
    const round_up up = round_up_of(r, shift);
    const int64_t mask = (int64_t)(((uint64_t)1 << shift) - 1);
    for (size_t i = 0; i < count; i++) {
        int64_t v = in[i], down = v >> shift, rest = v & mask;
        rest += up.always + (up.negative & (v >> 63)) + (up.odd & down);
        out[i] = down + (rest >> shift);
    }
}

/* Moves to the left by `left` places, then into the range. */
static void limit_all(int64_t *out, const int64_t *in, size_t count, int left, format to,
                      overflow o)
{
    const int64_t lo = saturated_min(to, o), hi = format_max(to);
    const int64_t below = o == OVERFLOW_SAT_ZERO ? 0 : lo, above = o == OVERFLOW_SAT_ZERO ? 0 : hi;
    /* the values that stay in the range: hi / 2^left rounded down, lo / 2^left rounded up */
    const int far = left < 70 ? left : 70;
    const int64_t most = (int64_t)((wide)hi >> far), least = (int64_t)(-(-(wide)lo >> far));
    for (size_t i = 0; i < count; i++) {
        int64_t v = in[i], moved = left < 64 ? (int64_t)((uint64_t)v << left) : 0;
        moved = v > most ? above : moved;
        out[i] = v < least ? below : moved;
    }
}

static void wrap_all(int64_t *out, const int64_t *in, size_t count, int left, format to)
{
    for (size_t i = 0; i < count; i++)
        out[i] = wrap(left < 64 ? (uint64_t)in[i] << left : 0, to);
}

void cast_values(int64_t *out, const int64_t *in, size_t count, int frac, format to, rounding r,
                 overflow o)
{
    int shift = frac - to.frac, left = shift < 0 ? -shift : 0;
    if (shift >= 63) {
        for (size_t i = 0; i < count; i++)
            out[i] = cast_value(in[i], frac, to, r, o);
        return;
    }
    if (shift > 0) {
        quantize_all(out, in, count, shift, r);
        in = out;
    }
    if (o == OVERFLOW_WRAP)
        wrap_all(out, in, count, left, to);
    else
        limit_all(out, in, count, left, to, o);
}
