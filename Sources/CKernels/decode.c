#include "CKernelsDecode.h"
#include "CKernels.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

typedef float v16 __attribute__((vector_size(64)));
typedef float v16_unaligned __attribute__((vector_size(64), aligned(4)));
typedef int v16i __attribute__((vector_size(64)));
typedef float v8 __attribute__((vector_size(32)));
typedef double v8d __attribute__((vector_size(64)));
#define UNROLL _Pragma("clang loop unroll(full)")
#define INLINE inline __attribute__((always_inline)) TARGET

// The vector helpers come from the file of the other kernels, so that both compute exp and scores in the same way.
#pragma clang diagnostic ignored "-Wpsabi"
#pragma clang diagnostic ignored "-Wunused-function"

#define TARGET
#define NAME(x) x##_baseline
#define MATMUL_ROWS 1
#include "kernels_body.h"
#include "decode_body.h"
#undef TARGET
#undef NAME
#undef MATMUL_ROWS

#if defined(__x86_64__)
#define TARGET __attribute__((target("avx2,fma")))
#define NAME(x) x##_avx2
#define MATMUL_ROWS 3
#include "kernels_body.h"
#include "decode_body.h"
#undef TARGET
#undef NAME
#undef MATMUL_ROWS

#define TARGET __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define NAME(x) x##_avx512
#define MATMUL_ROWS 12
#include "kernels_body.h"
#include "decode_body.h"
#undef TARGET
#undef NAME
#undef MATMUL_ROWS

enum { BASELINE, AVX2, AVX512 };
static int instruction_set = BASELINE;
__attribute__((constructor)) static void choose_instruction_set(void) {
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl"))
        instruction_set = AVX512;
    else if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
        instruction_set = AVX2;
}
#define DISPATCH(f, ...)                                                                                               \
    (instruction_set == AVX512 ? f##_avx512(__VA_ARGS__)                                                               \
     : instruction_set == AVX2 ? f##_avx2(__VA_ARGS__)                                                                 \
                               : f##_baseline(__VA_ARGS__))
#else
#define DISPATCH(f, ...) f##_baseline(__VA_ARGS__)
#endif

void mr_attend_paged(const float *query, const float *const *pages, ptrdiff_t key_offset, ptrdiff_t value_offset,
                     ptrdiff_t count, ptrdiff_t size, float scale, float *scratch, float *out) {
    DISPATCH(attend_paged, query, pages, key_offset, value_offset, count, size, scale, scratch, out);
}

ptrdiff_t mr_greatest(const float *x, ptrdiff_t n) { return DISPATCH(greatest, x, n); }

double mr_weights(const float *logits, float shift, float inverse_temperature, ptrdiff_t n, float *weights,
                  double *sums) {
    return DISPATCH(weights, logits, shift, inverse_temperature, n, weights, sums);
}

ptrdiff_t mr_draw(const float *weights, const double *sums, ptrdiff_t n, double threshold) {
    ptrdiff_t block = 0, blocks = (n + MR_WEIGHT_BLOCK - 1) / MR_WEIGHT_BLOCK, last = -1;
    double sum = 0;
    while (block + 1 < blocks && sum + sums[block] <= threshold) sum += sums[block++];
    // Rounding may leave the threshold just behind the block that its sum promised: then the next one has it.
    for (ptrdiff_t i = block * MR_WEIGHT_BLOCK; i < n; i++) {
        if (!(weights[i] > 0)) continue;
        sum += (double)weights[i];
        last = i;
        if (sum > threshold) return i;
    }
    if (last < 0)
        for (last = block * MR_WEIGHT_BLOCK; last > 0 && !(weights[last] > 0); last--) {}
    return last;
}

void mr_top(const float *x, ptrdiff_t n, ptrdiff_t k, int32_t *indices) { DISPATCH(top, x, n, k, indices); }
