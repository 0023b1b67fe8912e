// The hot loops of the embedded model, in C with vector extensions.
//
// Invariants
// * Every element of every result is computed in an order that depends only on its own row: not on the number of rows
//   in the call, not on the thread, not on how the loops are blocked. A sequence's result is therefore the same bits
//   whatever else is in the batch, and a sampled logprob equals the trainer's.
// * One implementation per instruction set is compiled from the same source and chosen once per process, so all calls
//   of a process use the same one.
#ifndef MEDRESEARCHER_CKERNELS_H
#define MEDRESEARCHER_CKERNELS_H
#include <stddef.h>
#include <stdint.h>
#include "CKernelsDecode.h"

// The instruction set in use: "avx512", "avx2" or "baseline".
const char *mr_instruction_set(void);

// ---- matrix product -------------------------------------------------------------------------------------------------
// Packed form of a matrix B[K x N], element (r, j) at B[r * row_stride + j * column_stride].
size_t mr_packed_count(ptrdiff_t k, ptrdiff_t n);
void mr_pack(const float *b, ptrdiff_t row_stride, ptrdiff_t column_stride, ptrdiff_t k, ptrdiff_t n, float *packed);
// C[M x N] = A[M x K] * B, or C += A * B when accumulate is not 0. A(i, r) is at a[i * a_row + r * a_column];
// the rows of C are c_row apart. Each element sums over r in ascending order.
void mr_matmul(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
               const float *packed, float *c, ptrdiff_t c_row, int accumulate);

// The same bits, faster where m is large: packs blocks of A, and of a plain B (element (r, j) at
// b[r * b_row + j * b_column]), into `scratch`, which needs mr_product_scratch(k) floats.
size_t mr_product_scratch(ptrdiff_t k);
void mr_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                const float *b, ptrdiff_t b_row, ptrdiff_t b_column, float *c, ptrdiff_t c_row, int accumulate,
                float *scratch);
void mr_product_packed(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                       const float *packed, float *c, ptrdiff_t c_row, int accumulate, float *scratch);

// ---- normalisation ---------------------------------------------------------------------------------------------------
// y = x * w / sqrt(mean(x^2) + epsilon) for each row; inverse_rms gets one number per row (may be NULL).
void mr_rms_norm(const float *x, ptrdiff_t x_row, const float *w, float epsilon, ptrdiff_t rows, ptrdiff_t n, float *y,
                 ptrdiff_t y_row, float *inverse_rms);
// dx += d/dx, dw += d/dw of mr_rms_norm given dy; dw may be NULL.
void mr_rms_norm_backward(const float *x, ptrdiff_t x_row, const float *w, const float *inverse_rms, const float *dy,
                          ptrdiff_t dy_row, ptrdiff_t rows, ptrdiff_t n, float *dx, ptrdiff_t dx_row, float *dw);

// The dw of mr_rms_norm_backward alone, for n columns of any matrix: shares of it can run at the same time.
void mr_rms_norm_weight_gradient(const float *x, ptrdiff_t x_row, const float *inverse_rms, const float *dy,
                                 ptrdiff_t dy_row, ptrdiff_t rows, ptrdiff_t n, float *dw);

// ---- rotary embedding ------------------------------------------------------------------------------------------------
// Rotates one head in place; cosine and sine hold size / 2 values for the position. direction is 1, or -1 to undo.
void mr_rotate(float *head, ptrdiff_t size, const float *cosine, const float *sine, float direction);

// ---- attention -------------------------------------------------------------------------------------------------------
// Keys of one head in blocks of 16 positions: element (position t, component d) at (t / 16 * size + d) * 16 + t % 16.
// Values row by row, padded: element (t, d) at t * padded + d, with padded = mr_padded(size) and zeros behind size.
ptrdiff_t mr_padded(ptrdiff_t size);
void mr_store_key(float *key_blocks, ptrdiff_t position, ptrdiff_t size, const float *key);
// Attention of one query over positions 0 ..< count. scratch needs room for count rounded up to 16 floats.
// out gets `size` floats; maximum and inverse_sum describe the softmax for the backward pass (may be NULL).
void mr_attend(const float *query, const float *key_blocks, const float *values, ptrdiff_t count, ptrdiff_t size,
               float scale, float *scratch, float *out, float *maximum, float *inverse_sum);
// Backward of mr_attend. keys: row-major padded like values; value_blocks: blocked like key_blocks; dquery is added to
// (size floats); dkeys and dvalues are added to (row-major, padded). scratch needs 2 * (count rounded up to 16).
void mr_attend_backward(const float *query, const float *key_blocks, const float *keys, const float *value_blocks,
                        ptrdiff_t count, ptrdiff_t size, float scale, float maximum, float inverse_sum,
                        const float *dout, float *scratch, float *dquery, float *dkeys, float *dvalues);

// The same for many queries of one sequence, at positions first ..< first + rows: query i, at query + i * query_row,
// sees positions 0 ... first + i, all of which are stored. Same bits as one call per query. Numbers that describe the
// softmax are softmax_row apart. scratch needs mr_attend_scratch(first + rows, size) floats.
size_t mr_attend_scratch(ptrdiff_t count, ptrdiff_t size);
void mr_attend_rows(const float *query, ptrdiff_t query_row, const float *key_blocks, const float *values,
                    ptrdiff_t first, ptrdiff_t rows, ptrdiff_t size, float scale, float *scratch, float *out,
                    ptrdiff_t out_row, float *maximum, float *inverse_sum, ptrdiff_t softmax_row);
void mr_attend_rows_backward(const float *query, ptrdiff_t query_row, const float *key_blocks, const float *keys,
                             const float *value_blocks, ptrdiff_t first, ptrdiff_t rows, ptrdiff_t size, float scale,
                             const float *maximum, const float *inverse_sum, ptrdiff_t softmax_row, const float *dout,
                             ptrdiff_t dout_row, float *scratch, float *dquery, ptrdiff_t dquery_row, float *dkeys,
                             float *dvalues);

// ---- feed-forward ----------------------------------------------------------------------------------------------------
// y = silu(gate) * up, elementwise.
void mr_swiglu(const float *gate, const float *up, ptrdiff_t n, float *y);
// Given dy, writes dgate and dup.
void mr_swiglu_backward(const float *gate, const float *up, const float *dy, ptrdiff_t n, float *dgate, float *dup);

// ---- output ----------------------------------------------------------------------------------------------------------
// log(sum(exp(logits))).
float mr_log_sum_exp(const float *logits, ptrdiff_t n);
// probabilities[i] = exp((logits[i] - shift) * inverse_temperature).
void mr_exp_shifted(const float *logits, float shift, float inverse_temperature, ptrdiff_t n, float *probabilities);
// Replaces logits by gradient * (onehot(target) - softmax(logits)).
void mr_log_softmax_backward(float *logits, float log_sum_exp, ptrdiff_t target, float gradient, ptrdiff_t n);

// ---- vectors ---------------------------------------------------------------------------------------------------------
void mr_add(float *y, const float *x, ptrdiff_t n);
double mr_sum_of_squares(const float *x, ptrdiff_t n);
// One AdamW step as in torch.optim.AdamW; gradients are multiplied by gradient_scale first, and 0 afterwards.
void mr_adamw(float *parameters, float *gradients, float *first_moment, float *second_moment, ptrdiff_t n,
              double learning_rate, double beta1, double beta2, double epsilon, double weight_decay, int64_t step,
              double gradient_scale);
#endif
