/* Internal to src/cost: the flip-flops that synthesis keeps of a scheduled graph's registers. */
#ifndef COST_REGISTERS_H
#define COST_REGISTERS_H

#include "graph/graph.h"

typedef struct register_bits {
    int ff;
    int srl; /* LUTs used as shift registers */
} register_bits;

/* Bit by bit over the Verilog that is emitted: registers of one signal are one, those of constants
 * and those that nothing reads go, three or more in a row that nothing else reads are one shift
 * register. What a module of its own computes (an adder, a table, a saturation, a comparison) is
 * a signal apart. The valid bit beside the data is counted. False: out of memory. */
bool registers_count(register_bits *out, const graph *g);

#endif
