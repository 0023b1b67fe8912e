#include "CKernels.h"
#include "vectors.h"
#include <math.h>
#include <stdbool.h>
#include <string.h>

// How `product` cuts a matrix product: r is cut unless the result is added to C, which happens once, at its end.
enum { BLOCK_DEPTH = 1024, BLOCK_STRIPS = 288 * 1024, BLOCK_PANELS = 768 * 1024 };
struct blocks {
    ptrdiff_t rows, columns, k;
};
static struct blocks blocks_of(ptrdiff_t k, int accumulate) {
    ptrdiff_t depth = accumulate || k < BLOCK_DEPTH ? k : BLOCK_DEPTH;
    if (depth < 1) depth = 1;
    ptrdiff_t rows = BLOCK_STRIPS / depth, columns = BLOCK_PANELS / depth / 32 * 32;
    return (struct blocks){rows < 12 ? 12 : rows > 960 ? 960 : rows, columns < 32 ? 32 : columns, depth};
}

#define BODY "product_body.h"
#define OTHER_BODY "attention_body.h"
#include "each_set.h"

const char *mr_instruction_set(void) {
#if defined(__x86_64__)
    return instruction_set == AVX512 ? "avx512" : instruction_set == AVX2 ? "avx2" : "baseline";
#else
    return "baseline";
#endif
}

size_t mr_packed_count(ptrdiff_t k, ptrdiff_t n) { return (size_t)k * (size_t)((n + 31) / 32 * 32); }

void mr_pack(const float *b, ptrdiff_t row_stride, ptrdiff_t column_stride, ptrdiff_t k, ptrdiff_t n, float *packed) {
    for (ptrdiff_t j = 0; j < n; j += 32, packed += k * 32) {
        ptrdiff_t width = n - j < 32 ? n - j : 32;
        for (ptrdiff_t r = 0; r < k; r++) {
            const float *source = b + r * row_stride + j * column_stride;
            float *row = packed + r * 32;
            if (column_stride == 1) memcpy(row, source, (size_t)width * sizeof(float));
            else
                for (ptrdiff_t i = 0; i < width; i++) row[i] = source[i * column_stride];
            for (ptrdiff_t i = width; i < 32; i++) row[i] = 0;
        }
    }
}

void mr_matmul(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
               const float *packed, float *c, ptrdiff_t c_row, int accumulate) {
    DISPATCH(matmul, m, n, k, a, a_row, a_column, packed, c, c_row, accumulate);
}

size_t mr_product_scratch(ptrdiff_t k) {
    size_t most = 0;
    for (int accumulate = 0; accumulate < 2; accumulate++) {
        struct blocks size = blocks_of(k, accumulate);
        size_t count = (size_t)((size.rows + size.columns) * size.k) + 32;
        most = count > most ? count : most;
    }
    return most;
}

void mr_product(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                const float *b, ptrdiff_t b_row, ptrdiff_t b_column, float *c, ptrdiff_t c_row, int accumulate,
                float *scratch) {
    DISPATCH(product, m, n, k, a, a_row, a_column, NULL, b, b_row, b_column, c, c_row, accumulate, scratch);
}

void mr_product_packed(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                       const float *packed, float *c, ptrdiff_t c_row, int accumulate, float *scratch) {
    DISPATCH(product, m, n, k, a, a_row, a_column, packed, NULL, 0, 0, c, c_row, accumulate, scratch);
}

void mr_rms_norm(const float *x, ptrdiff_t x_row, const float *w, float epsilon, ptrdiff_t rows, ptrdiff_t n, float *y,
                 ptrdiff_t y_row, float *inverse_rms) {
    DISPATCH(rms_norm, x, x_row, w, epsilon, rows, n, y, y_row, inverse_rms);
}

void mr_rms_norm_backward(const float *x, ptrdiff_t x_row, const float *w, const float *inverse_rms, const float *dy,
                          ptrdiff_t dy_row, ptrdiff_t rows, ptrdiff_t n, float *dx, ptrdiff_t dx_row, float *dw) {
    DISPATCH(rms_norm_backward, x, x_row, w, inverse_rms, dy, dy_row, rows, n, dx, dx_row, dw);
}

void mr_rms_norm_weight_gradient(const float *x, ptrdiff_t x_row, const float *inverse_rms, const float *dy,
                                 ptrdiff_t dy_row, ptrdiff_t rows, ptrdiff_t n, float *dw) {
    DISPATCH(rms_norm_weight_gradient, x, x_row, inverse_rms, dy, dy_row, rows, n, dw);
}

void mr_rotate(float *head, ptrdiff_t size, const float *cosine, const float *sine, float direction) {
    ptrdiff_t half = size / 2;
    for (ptrdiff_t i = 0; i < half; i++) {
        float a = head[i], b = head[i + half], s = sine[i] * direction;
        head[i] = a * cosine[i] - b * s;
        head[i + half] = b * cosine[i] + a * s;
    }
}

ptrdiff_t mr_padded(ptrdiff_t size) { return (size + 15) / 16 * 16; }

void mr_store_key(float *key_blocks, ptrdiff_t position, ptrdiff_t size, const float *key) {
    float *at = key_blocks + position / 16 * size * 16 + position % 16;
    for (ptrdiff_t d = 0; d < size; d++) at[d * 16] = key[d];
}

void mr_attend(const float *query, const float *key_blocks, const float *values, ptrdiff_t count, ptrdiff_t size,
               float scale, float *scratch, float *out, float *maximum, float *inverse_sum) {
    DISPATCH(attend, query, key_blocks, values, count, size, scale, scratch, out, maximum, inverse_sum);
}

void mr_attend_backward(const float *query, const float *key_blocks, const float *keys, const float *value_blocks,
                        ptrdiff_t count, ptrdiff_t size, float scale, float maximum, float inverse_sum,
                        const float *dout, float *scratch, float *dquery, float *dkeys, float *dvalues) {
    DISPATCH(attend_backward, query, key_blocks, keys, value_blocks, count, size, scale, maximum, inverse_sum, dout,
             scratch, dquery, dkeys, dvalues);
}

size_t mr_attend_scratch(ptrdiff_t count, ptrdiff_t size) {
    return (size_t)(16 * ((count + 15) / 16 * 16) + 16 * mr_padded(size));
}

void mr_attend_rows(const float *query, ptrdiff_t query_row, const float *key_blocks, const float *values,
                    ptrdiff_t first, ptrdiff_t rows, ptrdiff_t size, float scale, float *scratch, float *out,
                    ptrdiff_t out_row, float *maximum, float *inverse_sum, ptrdiff_t softmax_row) {
    DISPATCH(attend_rows, query, query_row, key_blocks, values, first, rows, size, scale, scratch, out, out_row,
             maximum, inverse_sum, softmax_row);
}

void mr_attend_rows_backward(const float *query, ptrdiff_t query_row, const float *key_blocks, const float *keys,
                             const float *value_blocks, ptrdiff_t first, ptrdiff_t rows, ptrdiff_t size, float scale,
                             const float *maximum, const float *inverse_sum, ptrdiff_t softmax_row, const float *dout,
                             ptrdiff_t dout_row, float *scratch, float *dquery, ptrdiff_t dquery_row, float *dkeys,
                             float *dvalues) {
    DISPATCH(attend_rows_backward, query, query_row, key_blocks, keys, value_blocks, first, rows, size, scale, maximum,
             inverse_sum, softmax_row, dout, dout_row, scratch, dquery, dquery_row, dkeys, dvalues);
}

void mr_swiglu(const float *gate, const float *up, ptrdiff_t n, float *y) { DISPATCH(swiglu, gate, up, n, y); }

void mr_swiglu_backward(const float *gate, const float *up, const float *dy, ptrdiff_t n, float *dgate, float *dup) {
    DISPATCH(swiglu_backward, gate, up, dy, n, dgate, dup);
}

float mr_log_sum_exp(const float *logits, ptrdiff_t n) { return DISPATCH(log_sum_exp, logits, n); }

void mr_exp_shifted(const float *logits, float shift, float inverse_temperature, ptrdiff_t n, float *probabilities) {
    DISPATCH(exp_shifted, logits, shift, inverse_temperature, n, probabilities);
}

void mr_log_softmax_backward(float *logits, float log_sum_exp, ptrdiff_t target, float gradient, ptrdiff_t n) {
    DISPATCH(log_softmax_backward, logits, log_sum_exp, target, gradient, n);
}

void mr_add(float *y, const float *x, ptrdiff_t n) { DISPATCH(add, y, x, n); }

double mr_sum_of_squares(const float *x, ptrdiff_t n) { return DISPATCH(sum_of_squares, x, n); }

void mr_adamw(float *parameters, float *gradients, float *first_moment, float *second_moment, ptrdiff_t n,
              double learning_rate, double beta1, double beta2, double epsilon, double weight_decay, int64_t step,
              double gradient_scale) {
    float keep = (float)(1.0 - learning_rate * weight_decay);
    float step_size = (float)(learning_rate / (1.0 - pow(beta1, (double)step)));
    float inverse_root = (float)(1.0 / sqrt(1.0 - pow(beta2, (double)step)));
    DISPATCH(adamw, parameters, gradients, first_moment, second_moment, n, keep, step_size, (float)beta1, (float)beta2,
             inverse_root, (float)epsilon, (float)gradient_scale);
}
