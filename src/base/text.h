/* Growing text, for emitters, printers and reports. Sticky failure: append freely, ask once. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

typedef struct text {
    char *data; /* always terminated once anything was appended; NULL before */
    size_t length, capacity;
    bool failed; /* out of memory */
} text;          /* start from {0} */

void text_append(text *t, const char *s);
void text_append_n(text *t, const char *s, size_t length);
void text_printf(text *t, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 2, 3)))
#endif
    ;
/* The fewest digits that read back to the same double, and never more than `digits` (1 to 17);
 * "inf", "-inf", "nan". Always with a decimal point, whatever the locale. */
void text_number(text *t, double value, int digits);
/* The same text between JSON's quotes, escaped; bytes that are no UTF-8 become U+FFFD. */
void text_json_string(text *t, const char *s);
/* Hands the string over (never NULL unless out of memory); the caller frees it. t is empty again.
 */
char *text_take(text *t);
void text_free(text *t);

#endif
