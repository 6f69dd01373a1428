/* State of one lowering, shared by the files that do it. */
#ifndef LOWER_LOWERING_H
#define LOWER_LOWERING_H

#include "graph/affine.h"
#include "lower/lower.h"
#include "lower/ranges.h"
#include "lower/table_cache.h"

/* A table already made, so that its words are not computed again. */
typedef struct made_table {
    expr f; /* of input 0 */
    table_shape shape;
    format word;
    bool faithful;
    table_reach reach; /* of the faithful one: its indices */
    const char *name, *function, *doc;
    const approximation *cheapest; /* of a faithful one */
    uint32_t number;               /* of the plain table */
} made_table;

typedef struct lowering {
    symlut_firmware *fw;
    graph *g;
    const symlut_model *model;
    const lower_options *options;
    expr_names names;
    affine *affine; /* what the values have to do with each other */
    arena scratch;
    table_cache *cache; /* the caller's or its own */
    made_table *made;
    size_t made_count, made_capacity;
    bool *spec_used; /* [options->table_count] */
    size_t warning_capacity, table_capacity;
    const char **taken; /* identifiers in use: the module, ports, tables */
    size_t taken_count, taken_capacity;
    const char *output;         /* name of the output being lowered */
    expr e;                     /* its expression */
    const node_format *formats; /* [e.count]; NULL: one format for all */
    int *merged;                /* [e.count] see lowering_plan; NULL: nothing is merged */
    int at;                     /* node being lowered */
    range *known;               /* [e.count] ranges from data or the model's inputs */
    symlut_error *err;
} lowering;

/* Adds a warning unless it is there already. */
void lowering_warn(lowering *l, const char *message, ...) BASE_PRINTF(2, 3);
/* An error that names the output and the sub-expression of node i. */
symlut_status lowering_error(lowering *l, int i, const char *message, ...) BASE_PRINTF(3, 4);
/* Text of the sub-expression of node i, cut to 160 characters, borrowed from the scratch arena; ""
 * when out of memory. */
const char *lowering_text(lowering *l, int i);
/* "[-32, 31.999]" of the format. */
const char *lowering_limits(lowering *l, format f);
/* An identifier like `name` that no port, table or module has; NULL: out of memory. */
const char *lowering_identifier(lowering *l, const char *name);
/* Integer bits (I of fixed<W,I>) that hold [r.low, r.high]. */
int integer_bits(range r, bool is_signed);

/* The format of node i. */
node_format lowering_format(const lowering *l, int i);
/* A constant in the format of node i. */
graph_ref lowering_constant(lowering *l, int i, double value);
/* x in the format of the node being lowered: a cast, or x itself when no value would change. */
graph_ref lowering_settle(lowering *l, graph_ref x);
/* The smallest format of [lo, hi] * 2^-frac that has at most `integer` integer bits, sign
 * included. */
format bounded_format(int64_t lo, int64_t hi, int frac, int integer);
/* The number (0 …) of the largest of the values, the lowest of equals, in as many bits as `count`
 * needs. */
graph_ref lowering_argmax(lowering *l, const graph_ref *values, size_t count);
/* A function table that the manifest lists, once. */
symlut_status lowering_record_table(lowering *l, firmware_table table);
/* Node i as one table of x, the value of its source (node_format.source). */
symlut_status lowering_fused(graph_ref *out, lowering *l, int i, graph_ref x);
/* The table asked for, or NULL. */
const table_spec *lowering_find_spec(lowering *l, expr_op op);
/* Without a specification: 1024 entries over the smallest range [0, 2^k] or [-2^k, 2^k] that
 * covers the argument. */
table_spec lowering_default_spec(range r, int argument_frac);
/* What the argument can be: its node's interval, cut to what is known of its values. */
range lowering_argument_range(const lowering *l, int argument, graph_ref x);
/* f (of input 0) of x, the value of node `argument`, for node i, with the table asked for or (NULL)
 * chosen. */
symlut_status lowering_table(graph_ref *out, lowering *l, int i, int argument, expr f,
                             const table_spec *asked, graph_ref x);
/* The function of x as a table: node i is the call, `argument` the node of its argument. */
symlut_status lowering_function(graph_ref *out, lowering *l, int i, int argument, table_function f,
                                graph_ref x);

/* Which nodes of the expression become one table of their base: l->merged[i] is the base's node,
 * MERGED_NOT where the node is lowered by itself and MERGED_AWAY where a table above it takes its
 * place. Worth a table are sub-expressions that hold a function, and those with a product of
 * variables where the base has at most eight bits of index. */
enum { MERGED_NOT = -1, MERGED_AWAY = -2 };
symlut_status lowering_plan(lowering *l);
/* Node i as one table of its base, whose value is x: its index steps at least as finely as those of
 * the tables asked for the functions inside. */
symlut_status lowering_merged(graph_ref *out, lowering *l, int i, int base, graph_ref x);

#endif
