/* Kernels for AVX2 with FMA; the build gives this file alone those flags. */
#define VEC_AVX2
#define KERNELS_NAME "avx2"
#define KERNELS_TABLE kernels_avx2
#include "expr/kernels_impl.h"
