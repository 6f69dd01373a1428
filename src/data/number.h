/* Decimal text to float64, correctly rounded, whatever the locale. */
#ifndef DATA_NUMBER_H
#define DATA_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* Reads [+-] digits [. digits] [e [+-] digits] at s and returns its end, or NULL when no number
 * begins there. The text must be terminated by a byte that is no part of a number (a NUL does). */
const char *number_scan(double *out, const char *s);

typedef enum cell_kind {
    CELL_NUMBER,  /* finite, or one of inf, +inf, -infinity … */
    CELL_MISSING, /* empty, ?, nan, na, n/a, null in any case; the value is NaN */
    CELL_TEXT
} cell_kind;

/* What one cell holds once blanks at both ends are left out. text[length] must be readable. */
cell_kind cell_parse(double *value, const char *text, size_t length);

/* Leaves out blanks at both ends. */
void cell_trim(const char **text, size_t *length);

#endif
