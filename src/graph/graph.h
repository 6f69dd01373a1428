/* The hardware graph: one array of nodes in topological order, operands by index.
 *
 * Values are integers times 2^-frac. Every node has a format and an interval [lo, hi] of integers
 * it can take; the format holds the interval. Signed widths are 1…64, unsigned 1…63, so that every
 * value fits int64_t. The reference evaluator (graph_eval) defines every result: all emitted forms
 * equal it on every input. */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include "base/arena.h"
#include "base/rng.h"
#include "base/status.h"
#include "base/text.h"

typedef enum graph_op {
#define OP(NAME, text, arity, doc) GRAPH_##NAME,
#include "graph/ops.def"
#undef OP
    GRAPH_OP_COUNT
} graph_op;

/* Value = integer * 2^-frac. In ap_fixed's terms fixed<W,I> has width W and frac W - I. */
typedef struct format {
    bool is_signed;
    uint8_t width; /* all bits, sign included */
    int16_t frac;  /* may be negative or above width */
} format;

enum { FORMAT_FRAC_LIMIT = 1000 }; /* |frac| and |width - I| stay within it */

/* As in ap_fixed (AP_TRN … AP_WRAP …). Quantize first, then overflow. */
typedef enum rounding {
    ROUND_TRN,         /* floor */
    ROUND_TRN_ZERO,    /* toward zero */
    ROUND_RND,         /* nearest, ties up */
    ROUND_RND_ZERO,    /* nearest, ties to zero */
    ROUND_RND_INF,     /* nearest, ties away from zero */
    ROUND_RND_MIN_INF, /* nearest, ties down */
    ROUND_RND_CONV,    /* nearest, ties to even */
    ROUNDING_COUNT
} rounding;

typedef enum overflow {
    OVERFLOW_WRAP,
    OVERFLOW_SAT,
    OVERFLOW_SAT_ZERO, /* zero when out of range */
    OVERFLOW_SAT_SYM,  /* saturate; signed minimum is -max (but of one bit: -1, as ap_fixed) */
    OVERFLOW_COUNT
} overflow;

typedef uint32_t graph_ref; /* index of a node; graph_add_* return GRAPH_NONE on failure */
#define GRAPH_NONE UINT32_MAX

enum { GRAPH_ARGS = 7 }; /* most operands of an operation */

typedef struct graph_node {
    uint8_t op;       /* graph_op */
    uint8_t rounding; /* CAST */
    uint8_t overflow; /* CAST */
    format fmt;
    graph_ref arg[GRAPH_ARGS]; /* arity of them used, the rest GRAPH_NONE */
    int64_t lo, hi;            /* interval of the integer value, inclusive */
    int64_t aux;               /* INPUT, OUTPUT: port; CONST: integer; SHIFT: power; TABLE: table
                                  number; CONCAT: bits; COUNT: digit */
    int32_t stage;      /* pipeline stage in which the value is computed; -1 before scheduling */
    const char *origin; /* text of the sub-expression it computes, in the graph's arena; or NULL */
} graph_node;

typedef struct graph_table {
    const char *name; /* an identifier, unique in the graph: "sin_0" */
    const char *doc;  /* what it holds: "sin over [-8,8], 1024 entries" */
    uint8_t index_bits;
    format word;
    int64_t *words; /* [1 << index_bits], integers in `word` */
    /* What its size in LUTs comes from; equal means equal up to inversion. */
    uint32_t leaves;  /* different functions of the low six index bits, all word bits together, but
                         for constants and single bits */
    uint32_t columns; /* different word bits that depend on more than those six */
} graph_table;

/* Sets leaves and columns from the words; false when out of memory. */
bool graph_table_measure(graph_table *t);

typedef struct graph_port {
    const char *name; /* a legal identifier in C, Verilog and VHDL, unique among all ports */
    graph_ref node;   /* the INPUT or OUTPUT node; GRAPH_NONE: an input nothing uses */
    format fmt;
} graph_port;

typedef struct graph {
    arena memory;
    graph_node *nodes; /* [count], topological: operands come first */
    uint32_t count, capacity;
    graph_table *tables;
    uint32_t table_count, table_capacity;
    graph_port *inputs, *outputs;
    uint32_t input_count, output_count;
    int latency;             /* cycles from inputs to outputs; 0 before scheduling */
    symlut_error failed;     /* first failure while building (sticky); status SYMLUT_OK: none */
    const char *origin;      /* what graph_set_origin said */
    const char *last_origin; /* its last text, kept to share equal ones */
} graph;

/* ---- build. Failures (memory, a value wider than 64 bits …) stick in g->failed; later calls do
 * nothing, so that a builder asks once, at its end. */

graph *graph_new(void);
void graph_free(graph *g);

graph_ref graph_add_input(graph *g, const char *name, format fmt);
/* An input port without a node, for an input that nothing uses (yet); returns its number. */
uint32_t graph_add_input_port(graph *g, const char *name, format fmt);
/* The node of an existing input port, made when it has none. */
graph_ref graph_add_input_node(graph *g, uint32_t port);
graph_ref graph_add_const(graph *g, int64_t value, format fmt);
/* The constant in the smallest format that holds value * 2^-frac; its fraction is at most frac. */
graph_ref graph_add_exact_const(graph *g, int64_t value, int frac);
/* An exact operation by its op (ADD … SELECT); unused operands GRAPH_NONE. */
graph_ref graph_add(graph *g, graph_op op, graph_ref a, graph_ref b, graph_ref c);
graph_ref graph_add_shift(graph *g, graph_ref a, int power);
/* a's bits above the low `bits` (1…62) bits of b; a unsigned. */
graph_ref graph_add_concat(graph *g, graph_ref a, graph_ref b, int bits);
/* Digit 0, 1 or 2 of the numbers of ones in the columns of the words. */
graph_ref graph_add_count(graph *g, const graph_ref word[GRAPH_ARGS], int digit);
graph_ref graph_add_cast(graph *g, graph_ref a, format fmt, rounding r, overflow o);
/* Adds a table (words copied); returns its number. Equal tables are shared. */
uint32_t graph_add_table(graph *g, const char *name, const char *doc, int index_bits, format word,
                         const int64_t *words);
/* a's width must be the table's index_bits. */
graph_ref graph_add_lookup(graph *g, graph_ref a, uint32_t table);
graph_ref graph_add_reg(graph *g, graph_ref a);
graph_ref graph_add_output(graph *g, const char *name, graph_ref a);
/* A new graph with the input ports and tables of `from` and no nodes: how a pass starts. */
graph *graph_new_from(const graph *from);
/* An equal graph. */
symlut_status graph_duplicate(graph **out, const graph *from, symlut_error *err);
/* Copies node `n` of `from` into g, its operands already mapped: the way a pass rebuilds a graph.
 * Ports, tables, origin and stage come along. A mapped operand must have the value of the original
 * one; its format may differ: where the format matters (table index, output) it is cast back.
 * Formats and intervals follow the mapped operands. */
graph_ref graph_copy_node(graph *g, const graph *from, graph_ref n, const graph_ref *map);
/* Says that a's value lies in [lo, hi] (integers of a's fraction; intersected with what is known)
 * and, but for INPUT, CAST, TABLE and REG, narrows its format to match. The caller has a proof
 * that interval arithmetic cannot see; call it before a has users. */
void graph_narrow(graph *g, graph_ref a, int64_t lo, int64_t hi);
/* Sets the text that nodes made from here on carry as their origin (copied; NULL: none). */
void graph_set_origin(graph *g, const char *origin);

/* ---- facts */

int graph_arity(graph_op op);
const char *graph_op_name(graph_op op);
const char *rounding_name(rounding r);               /* "TRN" … */
const char *overflow_name(overflow o);               /* "WRAP" … */
format format_for(int64_t lo, int64_t hi, int frac); /* smallest that holds [lo, hi] */
int64_t format_min(format f);
int64_t format_max(format f);
/* The least value a cast with this overflow gives: format_min, or its symmetric counterpart. */
int64_t saturated_min(format f, overflow o);
bool format_equal(format a, format b);
/* "fixed<16,6>" or "ufixed<8,0>"; returns out. */
char *format_print(format f, char out[32]);
/* Parses "fixed<W,I[,ROUNDING[,OVERFLOW]]>" (also ap_fixed<…>, ap_ufixed<…>, AP_ prefixes);
 * *r, *o keep their values where not given. */
symlut_status format_parse(format *f, rounding *r, overflow *o, const char *source,
                           symlut_error *err);
/* value * 2^frac, rounded and overflowed to f as ap_fixed converts a double. NaN gives 0. */
int64_t format_quantize(format f, double value, rounding r, overflow o);
/* The same by RND_CONV and SAT: how floats become constants, table words and inputs. */
int64_t format_from_double(format f, double value);
double format_to_double(format f, int64_t value);

/* Format and interval of an op without adding it: false when graph_add… would fail. For INPUT,
 * CONST and CAST node->fmt is given. Result in *node; operands beyond its arity are cleared. */
bool graph_derive(const graph *g, graph_node *node);

/* The checker, run between passes: order, arity, formats hold intervals, intervals are not wider
 * than interval arithmetic gives, ports and tables exist. The message names the node. */
symlut_status graph_check(const graph *g, symlut_error *err);

/* ---- evaluate */

/* cast of one integer, the definition of rounding and overflow */
/* True when the rounded value leaves the range, so that the overflow mode acts. */
bool cast_overflows(int64_t value, int frac, format to, rounding r, overflow o);
int64_t cast_value(int64_t value, int frac, format to, rounding r, overflow o);
/* cast_value of each of count values; out may be in. */
void cast_values(int64_t *out, const int64_t *in, size_t count, int frac, format to, rounding r,
                 overflow o);

/* in: [input_count][rows], out: [output_count][rows] integers; rows ≥ 1. Inputs must lie in their
 * formats. Registers are transparent. scratch: [graph_scratch_size(g)] int64_t, the caller's. */
size_t graph_scratch_size(const graph *g);
void graph_eval(const graph *g, size_t rows, const int64_t *in, int64_t *out, int64_t *scratch);

/* ---- text form; prints and parses back to an equal graph */

symlut_status graph_print(const graph *g, text *out);
symlut_status graph_parse(graph **out, const char *file_name, const char *source,
                          symlut_error *err);

/* ---- property tests: a random valid graph; every op of ops.def, every mode, appears in time */
graph *graph_random(rng *r, int max_nodes);

#endif
