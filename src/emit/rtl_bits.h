/* What the Verilog and the VHDL share: which bits of an operand a context takes, by which name, and
 * what a saturation looks at. How that is written is each language's own. */
#ifndef EMIT_RTL_BITS_H
#define EMIT_RTL_BITS_H

#include "emit/plan.h"

typedef struct bits { /* an operand */
    const char *name;
    int width;
    bool is_signed;
    int shift; /* zeros appended below */
} bits;

/* Node `ref` with its last place moved to that of fraction `frac`; as it is. */
bits bits_of(const node_names *names, const graph *g, graph_ref ref, int frac);
bits bits_as_is(const node_names *names, const graph *g, graph_ref ref);

/* A field of the operand extended without end, from above: `fill` copies of its sign (zeros where
 * it has none), its own bits [from, from + own), and `zeros` zeros. */
typedef struct bits_field {
    int fill, own, from, zeros;
} bits_field;

/* Bits low … low + count - 1 */
bits_field bits_take(bits b, int low, int count);

/* The operands of a comparison or of a sum, as graph/datapath.h says where they meet. */
typedef struct bits_pair {
    bits a, b;
    bool is_signed;
    int width, skip;
} bits_pair;

bits_pair bits_compared(const node_names *names, const graph *g, uint32_t n);

typedef struct bits_sum {
    bits a, b, low, high; /* low: the one whose low bits pass by */
    int pass;
    bool joins;
} bits_sum;

bits_sum bits_summed(const node_names *names, const graph *g, uint32_t n);

/* Operand k of a count, where it meets the node's bits: without a sign, and which of the node's
 * bits it is inverted in (-1: none). */
typedef struct bits_count {
    bits b;
    int inverted;
} bits_count;

bits_count bits_counted(const node_names *names, const graph *g, uint32_t n, int k);

/* Of a value of `width` bits, which bits say that it leaves the range of a format: [own, own +
 * above), beside its sign. */
typedef struct bits_range {
    int own, above;
} bits_range;

bits_range bits_outside(int width, bool is_signed, format to);

/* The cast's symmetric range is the reason that the lowest number leaves it. */
bool bits_symmetric(const cast_plan *p, format to);

#endif
