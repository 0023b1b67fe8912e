// Kernels that only sampling needs: attention over pages, and the choice of a token.
//
// Invariants as in CKernels.h. In addition, mr_attend_paged gives the bits of mr_attend.
#ifndef MEDRESEARCHER_CKERNELS_DECODE_H
#define MEDRESEARCHER_CKERNELS_DECODE_H
#include <stddef.h>
#include <stdint.h>

// Attention of one query over positions 0 ..< count that lie in pages of 16: position t in pages[t / 16]. In each page
// the keys of the head are a block as in mr_attend, key_offset floats from its start, and the values are rows of
// mr_padded(size) floats, value_offset floats from its start. scratch needs room for count rounded up to 16 floats.
void mr_attend_paged(const float *query, const float *const *pages, ptrdiff_t key_offset, ptrdiff_t value_offset,
                     ptrdiff_t count, ptrdiff_t size, float scale, float *scratch, float *out);

// The first index of the greatest value; n is at least 1.
ptrdiff_t mr_greatest(const float *x, ptrdiff_t n);

// The numbers that mr_weights sums together.
#define MR_WEIGHT_BLOCK 256
// weights[i] = exp((logits[i] - shift) * inverse_temperature), as mr_exp_shifted, and the sum of each block of
// MR_WEIGHT_BLOCK weights in sums. Returns the sum of all.
double mr_weights(const float *logits, float shift, float inverse_temperature, ptrdiff_t n, float *weights,
                  double *sums);
// The first index with a positive weight at which the running sum exceeds the threshold; the last index with a positive
// weight where none does. sums as mr_weights left them.
ptrdiff_t mr_draw(const float *weights, const double *sums, ptrdiff_t n, double threshold);

// The indices of the k greatest values, greatest first, equal ones by index. 1 <= k <= n.
void mr_top(const float *x, ptrdiff_t n, ptrdiff_t k, int32_t *indices);
#endif
