/* Kernels for AVX-512 (F and DQ); the build gives this file alone those flags. */
#define VEC_AVX512
#define KERNELS_NAME "avx512"
#define KERNELS_TABLE kernels_avx512
#include "expr/kernels_impl.h"
