/* Kernels for any processor. */
#define KERNELS_NAME "portable"
#define KERNELS_TABLE kernels_portable
#include "expr/kernels_impl.h"
