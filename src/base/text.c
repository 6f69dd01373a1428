#include "base/text.h"

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
