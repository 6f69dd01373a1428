/* Lowering: a float model, formats and tables in, the hardware graph out. One file per model
 * family; what they share (constants, casts, tables, warnings) is in lowering.h. */
#ifndef LOWER_LOWER_H
#define LOWER_LOWER_H

#include "expr/model.h"
#include "graph/firmware.h"
#include "lower/table.h"

/* The format of one node of an expression: its result's, or a constant's. Either `given`, with its
 * modes, or bounds: then a result has the fraction of its exact value but at most `frac` bits of it
 * (the rest is cut off), and the integer bits that its proved interval needs, but at most
 * `integer`: what is beyond saturates. */
typedef struct node_format {
    bool given;
    format fmt; /* given */
    rounding rounding;
    overflow overflow;
    int16_t frac, integer; /* not given; integer: sign included */
    int16_t index_frac;    /* of a function's table: finest step of its index is 2^-index_frac */
    bool faithful;         /* of a table that is not given: its cheapest faithful form */
    bool fused;            /* one table of the value of node `source`, whose function it is */
    int source;
} node_format;

enum { FORMAT_ANY = 1000 }; /* no bound */

typedef enum lower_arithmetic {
    ARITHMETIC_SYMLUT, /* below */
    ARITHMETIC_HLS4ML, /* hls4ml.c */
} lower_arithmetic;
/* What a node became. */
typedef struct node_result {
    bool made; /* else a table took its place */
    format fmt;
    double low, high; /* proved */
    bool saturates;   /* some value could lie outside the format */
} node_result;

typedef struct lower_options {
    lower_arithmetic arithmetic;
    format fmt; /* of inputs, constants, table words and every operation's result */
    rounding rounding;
    overflow overflow;
    bool merge;               /* sub-expressions of one value may become one table each */
    bool gives_class;         /* one output, the number of the largest score */
    const table_spec *tables; /* at most one for a function */
    size_t table_count;
    const format *inputs;            /* [inputs] formats of the inputs; NULL: fmt */
    const node_format *const *nodes; /* [outputs][nodes of its expression]; NULL: fmt */
    node_result *const *results;     /* [outputs][nodes], filled in; may be NULL */
    table_cache *cache;              /* words kept from one lowering to the next; may be NULL */
    bool draft;                      /* no texts and no warnings: one of many trials */
    const symlut_dataset *data;      /* rows for ranges; NULL: the model's own input ranges */
    const size_t *columns;           /* [inputs] feature numbers in data */
} lower_options;

/* Fills fw->g, inputs, output_names, tables and warnings. The arithmetic:
 *
 *   - inputs, constants and table words are rounded to nearest even and saturate in fmt (words in
 *     a format of their own saturate there and are cast to fmt like any result);
 *   - every operation's exact result is cast to fmt with the given rounding and overflow;
 *   - a sub-expression without inputs is a constant, evaluated in double;
 *   - x ^ n, n = 0 … 16: p(n) = p(n/2)^2, times x when n is odd, each product cast;
 *   - x / c = x * (1/c); a / x = a * inv(x);
 *   - x ^ c, c ^ x, atan2 with one operand constant and all transcendental functions are tables;
 *   - with `nodes`, each node has its own format in the place of fmt; a table's index then has the
 *     range of its argument's format;
 *   - with `merge`, a sub-expression that is determined by one value (merge.h) and holds a function
 *     or a product is one table of that value, as lowering_merged says;
 *   - outputs have the format fmt; with gives_class there is one output, `class`: the number of the
 *     largest of them, the lowest of equals, in as few bits as hold the last number. */
symlut_status lower_symbolic(symlut_firmware *fw, const symlut_model *model,
                             const lower_options *options, symlut_error *err);

#endif
