/* Cost of a hardware graph on a device, from the graph alone: LUT, FF, carry, DSP, BRAM and ns.
 * All figures are model estimates, calibrated against Yosys (bench/hardware/estimate.csv). */
#ifndef COST_COST_H
#define COST_COST_H

#include "graph/graph.h"

/* A device: delays in ns and what its blocks can do. Read from a .dev file, see docs/devices.md. */
typedef struct device {
    char name[48];
    char family[24];      /* "ultrascale+", "7series": which synthesis flow fits */
    char vendor_part[64]; /* as Vivado names it */
    double clock_to_q;    /* register */
    double setup;         /* register, with clock uncertainty */
    double lut;           /* one LUT and the local route to it */
    double wide_mux;      /* more for each address bit beyond a LUT's six */
    double carry_base;    /* into and out of a carry chain, with the route to it */
    double carry_bit;     /* each bit of the chain */
    double dsp;           /* a product in a DSP block, no registers inside, with the route to it */
    double bram;          /* a read, clock to data */
    double margin;        /* factor on all logic and routes, for congestion */
    double fanout;        /* more for each use of a value beyond the first */
    double max_mhz;       /* limit of the clock tree */
    int dsp_a, dsp_b;     /* signed widths of a DSP's multiplier: 27 and 18 */
    double luts, ffs, dsps, brams; /* what the device holds; 0: not said */
} device;

/* `part`: a built-in name such as "xcvu9p-2", or the path of a .dev file. An unknown name lists
 * the nearest ones. */
symlut_status device_load(device *out, const char *part, symlut_error *err);
/* Names of the built-in devices; NULL beyond the last. */
const char *device_builtin(size_t i);

typedef enum dsp_use {
    DSP_AUTO,  /* products that need more than about 200 LUTs */
    DSP_NONE,  /* no product in a DSP */
    DSP_PREFER /* every product of two variables of nine bits or more */
} dsp_use;

/* Whether the product n of two variables is to be made in DSPs; else it becomes rows of LUTs. */
bool cost_in_dsp(const graph *g, graph_ref n, dsp_use dsp);

/* What one node takes. `ns` is its own combinational delay with the route to it. */
typedef struct node_cost {
    double lut, carry, dsp, bram, ns;
} node_cost;

node_cost cost_node(const graph *g, graph_ref n, const device *d, dsp_use dsp);
/* LUTs of a table, from its words; the most that one of this size takes. */
double cost_table_lut(const graph_table *t);
double cost_table_most(int index_bits, int width);
/* Products and squares of more bits than these are no single table; no product has more rows. */
enum { COST_TABLE_BITS = 8, COST_MOST_ROWS = 32, COST_LUT_INPUTS = 6 };

/* How a product of two variables is made of rows that are added: one for each digit of the operand
 * that it goes by, of two bits, unsigned or (Booth) signed; or one for each digit of the other
 * operand, a table of six bits with the operand that it goes by. */
typedef enum product_form { PRODUCT_ROWS, PRODUCT_SIGNED_ROWS, PRODUCT_TABLES } product_form;

typedef struct product_rows {
    product_form form;
    bool by_a;
    double lut;
} product_rows;

/* The rows of fewest LUTs for operands of these formats; of tables only where `tables`. */
product_rows cost_product_rows(format a, format b, bool tables);

typedef struct estimate {
    double lut, ff, carry, dsp, bram;
    int latency;         /* cycles; 0: not scheduled */
    double ns_per_stage; /* the longest stage, register to register */
    double latency_ns;   /* latency times the period; not scheduled: ns_per_stage */
    graph_ref slowest;   /* last node of the longest stage */
} estimate;

/* period_ns: the clock's, for latency_ns; 0: ns_per_stage is the period. */
symlut_status cost_estimate(estimate *out, const graph *g, const device *d, dsp_use dsp,
                            double period_ns, symlut_error *err);

#endif
