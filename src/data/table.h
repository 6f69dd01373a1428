/* What a reader fills: the columns of one file that the options ask for. */
#ifndef DATA_TABLE_H
#define DATA_TABLE_H

#include "data/dataset.h"
#include "data/source.h"

#include <stddef.h>

#define NO_COLUMN ((size_t)-1)

enum {
    FEATURES_MAX = 65535,
    CLASSES_MAX = 1000,       /* different texts of a text target */
    INTEGER_CLASSES_MAX = 20, /* different integers that can still mean classes */
    ROWS_PER_CLASS = 10       /* … with at least so many rows each, on average */
};

typedef enum column_role {
    COLUMN_UNUSED,
    COLUMN_FEATURE,
    COLUMN_TARGET,
    COLUMN_WEIGHT
} column_role;

typedef struct column {
    const char *name;
    column_role role;
    double *values; /* [table.capacity]; NULL when unused */
} column;

/* Which half of an `X,y` pair the file is. */
typedef enum table_part { PART_WHOLE, PART_X, PART_Y } table_part;

/* A target is held as numbers until a text shows; as long as few values have been seen, a text
 * can still turn all of them into labels. */
typedef enum target_kind { TARGET_OPEN, TARGET_NUMBERS, TARGET_TEXTS } target_kind;

typedef struct labels {
    const char *names[CLASSES_MAX]; /* in order of appearance */
    size_t count;
    uint16_t slots[4096]; /* hash table: label number + 1, 0: free */
} labels;

typedef struct table {
    arena memory;
    const char *path; /* for messages */
    const symlut_data_options *options;
    const symlut_hooks *hooks; /* may be NULL */
    table_part part;
    column *columns;
    size_t count;     /* of columns */
    size_t target;    /* column number or NO_COLUMN */
    size_t weight;    /* column number or NO_COLUMN */
    size_t *features; /* [feature_count] column numbers, in the order asked for */
    size_t feature_count;
    size_t rows, capacity;
    target_kind kind;
    bool decimal; /* the target's values so far are numbers, not all of them integers */
    bool nominal; /* the file itself declares the target's values to be categories */
    labels *labels;
    uint8_t *codes; /* [capacity] label of each row while kind is TARGET_OPEN */
} table;

/* Where a cell stands in a text file; line 0: not a text file. */
typedef struct place {
    long line, column;
    const char *source; /* the line */
    size_t source_length;
} place;

void table_init(table *t, const char *path, const symlut_data_options *options,
                const symlut_hooks *hooks, table_part part);
void table_free(table *t);

/* An error in this table's file at a place (NULL: the file as a whole). */
symlut_status table_error(const table *t, const place *at, symlut_error *err, const char *format,
                          ...) BASE_PRINTF(4, 5);

/* Names the columns (copied) and gives each its role. last: the column that is the target when
 * the options name none, NO_COLUMN for none. at: the header, or NULL. */
symlut_status table_set_columns(table *t, const char *const *names, size_t count, size_t last,
                                const place *at, symlut_error *err);
/* As above with names x0, x1, … */
symlut_status table_number_columns(table *t, size_t count, size_t last, symlut_error *err);

/* Room for that many rows in all. */
symlut_status table_reserve(table *t, size_t rows, symlut_error *err);

/* Cell (t->rows, number) from text; room for the row must have been reserved. */
symlut_status table_cell(table *t, size_t number, const char *text, size_t length, const place *at,
                         symlut_error *err);
/* The same cell once it is known to be a finite number, outside the target. */
static inline void table_number(table *t, size_t number, double value)
{
    t->columns[number].values[t->rows] = value;
}

/* The readers. Each fills a table from table_init; on failure it holds nothing of use. */
symlut_status csv_read(table *t, source *s, symlut_error *err);
symlut_status npy_read(table *t, source *s, symlut_error *err);
symlut_status npz_read(table *t, source *s, symlut_error *err);
symlut_status arff_read(table *t, source *s, symlut_error *err);
symlut_status hdf5_read(table *t, source *s, symlut_error *err);

/* Turns a table into a data set: drops or refuses rows that are not finite, leaves constant
 * features out, finds the task and the classes. Empties the table. */
symlut_status table_to_dataset(symlut_dataset **out, table *t, symlut_error *err);
/* Makes the only column of y the target of x. */
symlut_status table_join(table *x, table *y, symlut_error *err);

#endif
