/* What emitters share: names, comments, and the exact plan of a cast. */
#ifndef EMIT_PLAN_H
#define EMIT_PLAN_H

#include "emit/emit.h"

__extension__ typedef __int128 wide_int; /* holds any aligned 64-bit operand and its bounds */

/* A cast in steps: drop bits with rounding (or append zeros), then bring the result into range.
 * `low` and `high` bound what the first step gives, in units of the target's last place, so that
 * an emitter leaves out what cannot happen. */
typedef struct cast_plan {
    int drop;   /* bits rounded away; at most source width + 1, beyond which nothing changes */
    int append; /* zero bits appended, at most 64; drop or append is 0 */
    wide_int low, high; /* after rounding */
    int64_t min, max;   /* what saturation gives */
    bool under, over;   /* values below min or above max occur */
} cast_plan;

cast_plan cast_plan_make(const graph *g, uint32_t node);

/* Bits of a two's complement (or, from 0 up, unsigned) number that holds [low, high]. */
int wide_bits(wide_int low, wide_int high);

/* Bits that operand `ref` must move left to share its fraction with `frac`. */
int align_shift(const graph *g, graph_ref ref, int frac);
/* Larger fraction of the two. */
int common_frac(const graph *g, graph_ref a, graph_ref b);

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
