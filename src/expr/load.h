/* Models from text that others wrote. */
#ifndef EXPR_LOAD_H
#define EXPR_LOAD_H

#include "expr/front.h"
#include "expr/functions.h"

/* One equation before its inputs are known. */
typedef struct source_equation {
    const char *output; /* name */
    const char *text;   /* infix */
    const char *file;
    long line, column;  /* of the text in the file; column 0: unknown */
    const char *source; /* the line, for the caret; not terminated by NUL but by its newline */
    double complexity, loss;
} source_equation;

typedef struct source_list {
    source_equation *items;
    size_t count, capacity;
    arena *memory;
    bool fronts;  /* complexity and loss are known: several rows of one output form a front */
    bool classes; /* the outputs are called classes */
    expr_functions *functions; /* defined in the file, or NULL */
} source_list;

bool source_add(source_list *list, source_equation equation);

/* One equation a line: `name = expression` or an expression alone (named y0, y1, …); # begins a
 * comment. content is terminated by NUL and lives as long as the list. */
symlut_status equations_parse(source_list *list, const char *file, const char *content,
                              size_t length, symlut_error *err);

/* Whether the first line is the header of a CSV with a column of equations. */
bool equation_table_detect(const char *content);
/* That CSV: columns equation or expression; output, class or name; complexity; loss. output: the
 * name of all rows where no column tells. content: the file's bytes, for the places of errors. */
symlut_status equation_table_read(source_list *list, const char *path, const char *content,
                                  const char *output, symlut_error *err);

/* Finds the inputs (names: a list, or NULL for all names found: xN by number, then the others in
 * order of appearance) and parses every equation. */
symlut_status sources_to_front(front **out, const source_list *list, const char *names,
                               symlut_error *err);

#endif
