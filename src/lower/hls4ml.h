/* The arithmetic of hls4ml's symbolic backend, an option beside the project's own. */
#ifndef LOWER_HLS4ML_H
#define LOWER_HLS4ML_H

#include "lower/lowering.h"

/* Lowers l->e; its node, in the one type, is in `out`. */
symlut_status lower_hls4ml(graph_ref *out, lowering *l);

#endif
