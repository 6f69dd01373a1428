#include "data/number.h"

#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

__extension__ typedef unsigned __int128 uint128;

enum { EXACT_POWER = 22, WORD_POWER = 27, WORD_DIGITS = 19 };

/* 10^0 … 10^22: the powers of ten that float64 holds exactly. */
static const double powers_of_ten[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

/* 5^0 … 5^27: those that 63 bits hold. */
static const uint64_t powers_of_five[WORD_POWER + 1] = {1u,
                                                        5u,
                                                        25u,
                                                        125u,
                                                        625u,
                                                        3125u,
                                                        15625u,
                                                        78125u,
                                                        390625u,
                                                        1953125u,
                                                        9765625u,
                                                        48828125u,
                                                        244140625u,
                                                        1220703125u,
                                                        6103515625u,
                                                        30517578125u,
                                                        152587890625u,
                                                        762939453125u,
                                                        3814697265625u,
                                                        19073486328125u,
                                                        95367431640625u,
                                                        476837158203125u,
                                                        2384185791015625u,
                                                        11920928955078125u,
                                                        59604644775390625u,
                                                        298023223876953125u,
                                                        1490116119384765625u,
                                                        7450580596923828125u};

static int leading_zeros(uint128 x)
{
    uint64_t high = (uint64_t)(x >> 64);
    return high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)x);
}

/* x · 2^exponent, x above 0, rounded half to even; `sticky`: the true value is above x by less
 * than one. The result must be a normal number, which the caller's range of powers ensures. */
static double round_scaled(uint128 x, bool sticky, int exponent)
{
    int zeros = leading_zeros(x);
    x <<= zeros; /* a sticky tail stays below the last bit */
    exponent -= zeros;
    uint64_t mantissa = (uint64_t)(x >> 75); /* 53 bits */
    uint128 rest = x & (((uint128)1 << 75) - 1), half = (uint128)1 << 74;
    if (rest > half || (rest == half && (sticky || (mantissa & 1))))
        mantissa++;
    return ldexp((double)mantissa, exponent + 75);
}

/* mantissa · 10^power for |power| ≤ 27 by exact integer arithmetic. */
static double scale_exactly(uint64_t mantissa, int power)
{
    if (power >= 0)
        return round_scaled((uint128)mantissa * powers_of_five[power], false, power);
    uint64_t divisor = powers_of_five[-power];
    /* At least 64 bits of quotient: the dividend has 127 or 128 and the divisor at most 63. */
    int shift = 64 + __builtin_clzll(mantissa);
    uint128 dividend = (uint128)mantissa << shift;
    uint128 quotient = dividend / divisor;
    return round_scaled(quotient, dividend % divisor != 0, power - shift);
}

/* The C library is correctly rounded too, but an order of magnitude slower. */
static double scan_slowly(const char *s)
{
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (c == (locale_t)0)
        return strtod(s, NULL);
    double value = strtod_l(s, NULL, c);
    freelocale(c);
    return value;
}

static bool is_digit(char c)
{
    return (unsigned char)(c - '0') < 10;
}

static const char *scan_exponent(int *power, const char *p)
{
    const char *q = p + 1;
    bool negative = *q == '-';
    if (*q == '-' || *q == '+')
        q++;
    if (!is_digit(*q))
        return p;
    int e = 0;
    for (; is_digit(*q); q++)
        e = e < 100000 ? e * 10 + (*q - '0') : e;
    *power += negative ? -e : e;
    return q;
}

const char *number_scan(double *out, const char *s)
{
    const char *p = s;
    bool negative = *p == '-';
    if (*p == '-' || *p == '+')
        p++;
    const char *first = p;
    uint64_t mantissa = 0;
    ptrdiff_t digits, fraction = 0;
    for (; is_digit(*p); p++)
        mantissa = mantissa * 10 + (uint64_t)(*p - '0');
    digits = p - first;
    if (*p == '.') {
        const char *point = p++;
        for (; is_digit(*p); p++)
            mantissa = mantissa * 10 + (uint64_t)(*p - '0');
        fraction = p - point - 1;
        digits += fraction;
    }
    if (digits == 0)
        return NULL;
    int power = 0;
    if (*p == 'e' || *p == 'E')
        p = scan_exponent(&power, p);
    if (digits > WORD_DIGITS) {
        /* Zeros in front do not count; the mantissa is right as long as 19 digits follow them. */
        for (const char *q = first; q < p && (*q == '0' || *q == '.'); q++)
            digits -= *q == '0';
    }
    double value;
    if (digits > WORD_DIGITS || fraction > 100000)
        value = scan_slowly(negative ? s + 1 : s);
    else if (mantissa == 0)
        value = 0;
    else {
        power -= (int)fraction;
        if (power < -WORD_POWER || power > WORD_POWER)
            value = scan_slowly(negative ? s + 1 : s);
        else if (mantissa > (uint64_t)1 << 53 || power < -EXACT_POWER || power > EXACT_POWER)
            value = scale_exactly(mantissa, power);
        else /* both operands exact, one rounding (Clinger 1990) */
            value = power < 0 ? (double)mantissa / powers_of_ten[-power]
                              : (double)mantissa * powers_of_ten[power];
    }
    *out = negative ? -value : value;
    return p;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

void cell_trim(const char **text, size_t *length)
{
    while (*length > 0 && is_blank((*text)[*length - 1]))
        --*length;
    while (*length > 0 && is_blank(**text)) {
        ++*text;
        --*length;
    }
}

static bool is_one_of(const char *text, size_t length, const char *const *words)
{
    for (; *words; words++) {
        if (strlen(*words) == length && strncasecmp(text, *words, length) == 0)
            return true;
    }
    return false;
}

cell_kind cell_parse(double *value, const char *text, size_t length)
{
    static const char *const missing[] = {"?", "nan", "na", "n/a", "null", "-nan", "+nan", NULL};
    static const char *const infinite[] = {"inf", "infinity", NULL};
    cell_trim(&text, &length);
    *value = (double)NAN;
    if (length == 0)
        return CELL_MISSING;
    if (number_scan(value, text) == text + length)
        return CELL_NUMBER;
    *value = (double)NAN;
    if (is_one_of(text, length, missing))
        return CELL_MISSING;
    size_t sign = *text == '-' || *text == '+';
    if (!is_one_of(text + sign, length - sign, infinite))
        return CELL_TEXT;
    *value = *text == '-' ? -(double)INFINITY : (double)INFINITY;
    return CELL_NUMBER;
}
