// The vector types of the kernels, whatever the instruction set.
#pragma once

typedef float v16 __attribute__((vector_size(64)));
typedef float v16_unaligned __attribute__((vector_size(64), aligned(4)));
typedef int v16i __attribute__((vector_size(64)));
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE inline __attribute__((always_inline)) TARGET

// The helpers have no target of their own and are inlined into functions that do, so passing vectors by value has no ABI.
#pragma clang diagnostic ignored "-Wpsabi"
