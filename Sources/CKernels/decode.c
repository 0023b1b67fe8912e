#include "CKernelsDecode.h"
#include "CKernels.h"
#include "vectors.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

typedef float v8 __attribute__((vector_size(32)));
typedef double v8d __attribute__((vector_size(64)));

// Of the helpers of the other kernels, by which both compute exp and scores in the same way, not all are needed here.
#pragma clang diagnostic ignored "-Wunused-function"

#define BODY "decode_body.h"
#include "each_set.h"

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
