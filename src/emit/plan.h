/* What emitters share: names and comments. */
#ifndef EMIT_PLAN_H
#define EMIT_PLAN_H

#include "emit/emit.h"
#include "graph/datapath.h"

/* A prefix for node names ("n", so "n12") that no port name can be mistaken for. */
const char *node_prefix(const graph *g);
/* The vendor's full part name of a device file's short one: "xcvu9p-flga2577-2-e". */
const char *vendor_part(const char *part);
/* Node's sub-expression as the inside of a comment: printable, no comment ends, at most about 100
 * characters; "" when it has none. Returns buffer. */
enum { COMMENT_SIZE = 128 };
char *node_comment(char buffer[COMMENT_SIZE], const graph_node *node);
/* Same for any text. */
char *comment_text(char buffer[COMMENT_SIZE], const char *s);

/* Where the graph has counts, the function NAME_count(digit, a, b, c, d, e, f, g) over words of an
 * unsigned type of 64 bits. */
void emit_count_function(text *out, const symlut_firmware *fw, const char *type);

/* The names by which later lines refer to each node; nodes without code of their own (a shift, a
 * register in C) share their operand's. */
typedef struct node_names {
    arena memory;
    const char **name; /* [g->count] */
} node_names;

/* What the C source and the C++ class have in common: tables and functions NAME_eval_n, NAME_eval,
 * NAME_prepare_input and NAME_read_output. restrict_word: the language's. */
symlut_status emit_c_functions(text *out, const symlut_firmware *fw, const char *restrict_word,
                               symlut_error *err);

symlut_status node_names_make(node_names *out, const graph *g, symlut_error *err);
void node_names_free(node_names *names);

#endif
