/* Function tables: what was asked for, the bit slice that makes the index, the words.
 *
 * A table covers [low, high), a power of two wide, with a power of two of entries, so that the
 * index is a bit slice of the argument: floor(argument * entries / (high - low)). */
#ifndef LOWER_TABLE_H
#define LOWER_TABLE_H

#include "expr/expr.h"
#include "graph/graph.h"

/* A function of one variable: an operation of arity 1, or POW or ATAN2 with one operand fixed. */
typedef struct table_function {
    expr_op op;
    bool constant_first; /* c ^ x rather than x ^ c */
    double constant;
} table_function;

typedef struct table_spec {
    const char *text; /* as given; NULL: chosen by the compiler */
    expr_op op;
    int entries; /* power of two; 0: one for each argument (`auto`) */
    double low, high;
    bool has_range; /* else the range that the argument can have; always with entries */
    bool wraps;     /* arguments outside wrap around; else they saturate */
    bool faithful;  /* within one unit of the word's last place, in the form of fewest LUTs */
    bool has_word;
    format word; /* of the words; else the precision's format */
} table_spec;

enum { TABLE_MIN_ENTRIES = 2, TABLE_MAX_ENTRIES = 1 << 16, TABLE_DEFAULT_ENTRIES = 1024 };

/* True for the operations that become tables: unary ones that are not exact logic, POW, ATAN2. */
bool table_function_is(expr_op op);

/* Parses "FUNC: ENTRIES [entries] over [LO,HI] [saturate|wrap] [faithful] [words fixed<W,I>]" or
 * "FUNC: auto [over [LO,HI]] [saturate|wrap] [words fixed<W,I>]", which is faithful; the text is
 * borrowed. Errors carry the column. */
symlut_status table_spec_parse(table_spec *out, const char *specification, symlut_error *err);

/* How an argument becomes an index. */
typedef struct table_shape {
    int index_bits, index_frac; /* the slice */
    int argument_frac;          /* arguments are multiples of 2^-argument_frac */
    int64_t first;              /* low, in units of 2^-index_frac */
    bool wraps;
    bool offset; /* low is subtracted first; else the slice itself is the index */
} table_shape;

/* Entries finer than the argument's own step would never be read: the shape then has fewer than
 * the specification, one for each argument. */
symlut_status table_shape_make(table_shape *out, const table_spec *spec, int argument_frac,
                               symlut_error *err);
/* Entry k = 0 … covers the arguments from table_argument(shape, k) up; where it lies in the words.
 */
double table_argument(const table_shape *s, int64_t k);
size_t table_position(const table_shape *s, int64_t k);
graph_ref table_index(graph *g, const table_shape *s, graph_ref argument);

/* The function as an expression of input 0, in `nodes`. */
expr table_function_expr(table_function f, expr_node nodes[3]);

/* Words [1 << index_bits]: f, an expression of input 0, at the midpoint of the arguments that share
 * the entry, rounded to nearest, ties to even, correctly (once), and saturated. Infinities
 * saturate. What is not a number is 0, and is_nan[k] (may be NULL) says so for entry k. False: out
 * of memory. */
bool table_words(int64_t *words, bool *is_nan, const table_shape *s, expr f, format word);

/* The same values before rounding, in units of the word's last place, saturated: that of entry k
 * lies between low[k] and high[k], and is_nan[k] says that it is no number. False: out of memory.
 */
bool table_values(double *low, double *high, bool *is_nan, const table_shape *s, expr f,
                  format word);

/* Contents of tables by function, shape and format, so that many lowerings of one model compute
 * each once. */
typedef struct table_cache table_cache;
table_cache *table_cache_new(void);
void table_cache_free(table_cache *cache);

#endif
