#include "base/text.h"

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool reserve(text *t, size_t extra)
{
    if (t->failed)
        return false;
    size_t need = t->length + extra + 1;
    if (need <= t->capacity)
        return true;
    size_t capacity = t->capacity ? t->capacity : 256;
    while (capacity < need)
        capacity *= 2;
    char *data = realloc(t->data, capacity);
    if (!data) {
        t->failed = true;
        return false;
    }
    t->data = data;
    t->capacity = capacity;
    return true;
}

void text_append_n(text *t, const char *s, size_t length)
{
    if (!reserve(t, length))
        return;
    memcpy(t->data + t->length, s, length);
    t->length += length;
    t->data[t->length] = '\0';
}

void text_append(text *t, const char *s)
{
    text_append_n(t, s, strlen(s));
}

void text_printf(text *t, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0 || !reserve(t, (size_t)length))
        return;
    va_start(args, format);
    vsnprintf(t->data + t->length, (size_t)length + 1, format, args);
    va_end(args);
    t->length += (size_t)length;
}

void text_number(text *t, double value, int digits)
{
    if (isnan(value) || isinf(value)) {
        text_append(t, isnan(value) ? "nan" : value > 0 ? "inf" : "-inf");
        return;
    }
    locale_t c_locale = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    if (!c_locale) {
        t->failed = true;
        return;
    }
    locale_t previous = uselocale(c_locale);
    char shown[40];
    /* 15 digits are right whenever fewer are, as %g drops zeros; subnormals have less precision. */
    int first = fpclassify(value) == FP_SUBNORMAL ? 1 : 15;
    for (int d = digits < first ? digits : first; d <= digits; d++) {
        snprintf(shown, sizeof shown, "%.*g", d, value);
        double back = strtod(shown, NULL);
        if (memcmp(&back, &value, sizeof back) == 0)
            break;
    }
    uselocale(previous);
    freelocale(c_locale);
    text_append(t, shown);
}

/* Bytes of the well-formed UTF-8 character at s, or 0. */
static size_t utf8_size(const unsigned char *s)
{
    size_t size = *s < 0x80                 ? 1
                  : *s >= 0xC2 && *s < 0xE0 ? 2
                  : (*s & 0xF0) == 0xE0     ? 3
                  : *s >= 0xF0 && *s < 0xF5 ? 4
                                            : 0;
    for (size_t i = 1; i < size; i++)
        if ((s[i] & 0xC0) != 0x80)
            return 0;
    bool overlong = (*s == 0xE0 && s[1] < 0xA0) || (*s == 0xF0 && s[1] < 0x90);
    bool surrogate = *s == 0xED && s[1] >= 0xA0;
    bool beyond = *s == 0xF4 && s[1] >= 0x90;
    return overlong || surrogate || beyond ? 0 : size;
}

void text_json_string(text *t, const char *s)
{
    text_append(t, "\"");
    while (*s) {
        size_t size = utf8_size((const unsigned char *)s);
        if (size == 0)
            text_append(t, "\\ufffd");
        else if (*s == '"' || *s == '\\')
            text_printf(t, "\\%c", *s);
        else if (size == 1 && (unsigned char)*s < 0x20)
            text_printf(t, "\\u%04x", (unsigned)*s);
        else
            text_append_n(t, s, size);
        s += size ? size : 1;
    }
    text_append(t, "\"");
}

char *text_take(text *t)
{
    if (!t->failed && !t->data)
        text_append_n(t, "", 0);
    char *data = t->failed ? NULL : t->data;
    if (t->failed)
        free(t->data);
    *t = (text){0};
    return data;
}

void text_free(text *t)
{
    free(t->data);
    *t = (text){0};
}
