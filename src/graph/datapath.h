/* The datapath of an operation: which bits of its operands meet where, and which steps a cast
 * takes. The emitters write it in each language's words and the cost counts what it takes; both ask
 * here, so that the hardware and its estimate cannot drift apart. */
#ifndef GRAPH_DATAPATH_H
#define GRAPH_DATAPATH_H

#include "graph/graph.h"

__extension__ typedef __int128 wide_int; /* holds any aligned 64-bit operand and its bounds */

/* Bits that operand `ref` must move left to share its fraction with `frac`. */
int align_shift(const graph *g, graph_ref ref, int frac);
/* Larger fraction of the two. */
int common_frac(const graph *g, graph_ref a, graph_ref b);
/* Bits of a two's complement (or, from 0 up, unsigned) number that holds [low, high]. */
int wide_bits(wide_int low, wide_int high);

/* ADD or SUB at the node's last place. The low `pass` bits, where only one operand has any, are
 * those of that operand and pass by the adder (but where it is the one subtracted). Where it has no
 * others and is unsigned, the bits above are the other operand's, and a sum takes no adder. */
typedef struct sum_path {
    int shift[2]; /* zeros appended below each operand */
    int pass;
    int from;   /* the operand that has them */
    bool joins; /* no adder: the operands' bits side by side */
} sum_path;

sum_path sum_path_of(const graph *g, const graph_node *n);

/* COUNT: its operands' bits at one last place, column by column, as they are counted. */
enum { COUNT_DIGITS = 3 };

typedef struct count_path {
    int frac;                    /* of the common last place */
    uint64_t ones[GRAPH_ARGS];   /* bits that are always counted */
    uint64_t varies[GRAPH_ARGS]; /* bits that sometimes are */
} count_path;

/* False: more than 63 columns. */
bool count_path_of(count_path *out, const graph *g, const graph_node *n);
/* The columns in which a digit of the count may be one, or always is. */
uint64_t count_columns(const count_path *p, int digit, bool always);
/* Bits of a column that vary. */
int count_varying(const count_path *p, int column);
/* Zeros to append below operand k so that its bits meet the node's; negative: bits to drop. */
int count_shift(const graph *g, const graph_node *n, int k);

/* LT, LE, EQ, MIN or MAX: the operands at one last place, in the width that holds both with one
 * sign. The low `skip` bits decide nothing: a < b 2^k where floor(a / 2^k) < b, and a 2^k <= b
 * where a <= floor(b / 2^k). */
typedef struct compare_path {
    int shift[2];
    bool is_signed;
    int width, skip; /* skip < width */
} compare_path;

compare_path compare_path_of(const graph *g, const graph_node *n);
/* Whether the intervals decide a < b of a node with two operands: always (+1), never (-1), or not
 * (0). */
int less_by_range(const graph *g, const graph_node *n);

/* A cast in steps: drop bits with rounding (or append zeros), then bring the result into range.
 * `low` and `high` bound what the first step gives, in units of the target's last place, so that
 * what cannot happen is left out. */
typedef struct cast_plan {
    int drop;   /* bits rounded away; at most source width + 1, beyond which nothing changes */
    int append; /* zero bits appended, at most 64; drop or append is 0 */
    wide_int low, high; /* after the first step */
    bool is_signed;     /* the format of [low, high] */
    int width;
    int64_t min, max; /* what saturation gives */
    bool under, over; /* values below min or above max occur */
    bool rounds;      /* the first step takes an adder: it is more than the bits left over */
    bool limits;      /* the second one is more than wires */
    int made;         /* of the first step's bits, the low ones that the second one reads */
} cast_plan;

cast_plan cast_plan_make(const graph *g, const graph_node *n);

#endif
