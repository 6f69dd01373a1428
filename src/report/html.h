/* Pieces of an HTML page. */
#ifndef REPORT_HTML_H
#define REPORT_HTML_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Text as HTML: & < > " escaped. */
void html_escape(text *out, const char *s);

/* Head with title and style, up to <main>; and the end. */
void html_begin(text *out, const char *title);
void html_end(text *out);

/* A table: begin with its headings (a leading '#' marks a column of numbers), rows of cells, end.
 * Cells are escaped. */
void html_table_begin(text *out, const char *const *headings, size_t count);
void html_row_begin(text *out, bool marked);
void html_cell(text *out, bool number, const char *format, ...)
#if defined(__GNUC__)
    __attribute__((format(printf, 3, 4)))
#endif
    ;
void html_code_cell(text *out, const char *code);
void html_row_end(text *out);
void html_table_end(text *out);

/* A term and its value in a definition list; nothing when the value is NULL or "". */
void html_fact(text *out, const char *term, const char *value);

typedef struct plot_point {
    double x, y;
    bool marked;
    const char *label; /* shown while the pointer is on it */
} plot_point;

/* Loss against complexity as inline SVG: steps and dots, the marked ones filled. Logarithmic in y
 * when all y > 0 and they span more than a factor of 8. */
void html_front_plot(text *out, const char *title, const plot_point *points, size_t count);

#endif
