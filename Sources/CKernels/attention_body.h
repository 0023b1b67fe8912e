// Attention of many queries of one sequence for one instruction set. Included like kernels_body.h, after it.
//
// ATTEND_ROWS queries share each load of keys and values. A query's sums are those of `attend` and `attend_backward`:
// the positions behind it, which its neighbours need, have weight 0 and change no sum.

enum { NAME(TOGETHER) = ATTEND_ROWS, NAME(VALUES_TOGETHER) = ATTEND_ROWS >= 4 ? 4 : 1 };

// The scores of one block of 16 positions, as `scores`.
static INLINE void NAME(block_scores)(const float *rows, ptrdiff_t row, const float *block, ptrdiff_t size, float scale,
                                      v16 *result) {
    enum { Q = ATTEND_ROWS };
    v16 even[Q], odd[Q];
    UNROLL for (int i = 0; i < Q; i++) even[i] = odd[i] = NAME(splat)(0);
    ptrdiff_t d = 0;
    for (; d + 2 <= size; d += 2) {
        v16 b0 = NAME(load)(block + d * 16), b1 = NAME(load)(block + d * 16 + 16);
        UNROLL for (int i = 0; i < Q; i++) {
            even[i] += rows[i * row + d] * b0;
            odd[i] += rows[i * row + d + 1] * b1;
        }
    }
    if (d < size) UNROLL for (int i = 0; i < Q; i++) even[i] += rows[i * row + d] * NAME(load)(block + d * 16);
    UNROLL for (int i = 0; i < Q; i++) result[i] = (even[i] + odd[i]) * scale;
}

// sum over t of weights[t] * values[t] for VALUES_TOGETHER rows of weights, `room` apart, in the order of `attend`.
static INLINE void NAME(weigh)(const float *weights, ptrdiff_t room, const float *values, ptrdiff_t padded,
                               ptrdiff_t count, v16 *result) {
    enum { V = NAME(VALUES_TOGETHER) };
    v16 s0[V], s1[V], s2[V], s3[V];
    UNROLL for (int i = 0; i < V; i++) s0[i] = s1[i] = s2[i] = s3[i] = NAME(splat)(0);
    ptrdiff_t t = 0;
    for (; t + 4 <= count; t += 4) {
        v16 v0 = NAME(load)(values + t * padded), v1 = NAME(load)(values + (t + 1) * padded);
        v16 v2 = NAME(load)(values + (t + 2) * padded), v3 = NAME(load)(values + (t + 3) * padded);
        UNROLL for (int i = 0; i < V; i++) {
            s0[i] += weights[i * room + t] * v0;
            s1[i] += weights[i * room + t + 1] * v1;
            s2[i] += weights[i * room + t + 2] * v2;
            s3[i] += weights[i * room + t + 3] * v3;
        }
    }
    UNROLL for (int i = 0; i < V; i++) {
        const float *w = weights + i * room;
        if (t < count) s0[i] += w[t] * NAME(load)(values + t * padded);
        if (t + 1 < count) s1[i] += w[t + 1] * NAME(load)(values + (t + 1) * padded);
        if (t + 2 < count) s2[i] += w[t + 2] * NAME(load)(values + (t + 2) * padded);
        result[i] = (s0[i] + s1[i]) + (s2[i] + s3[i]);
    }
}

TARGET static void NAME(attend_rows)(const float *query, ptrdiff_t query_row, const float *key_blocks,
                                     const float *values, ptrdiff_t first, ptrdiff_t rows, ptrdiff_t size, float scale,
                                     float *scratch, float *out, ptrdiff_t out_row, float *maximum, float *inverse_sum,
                                     ptrdiff_t softmax_row) {
    enum { Q = ATTEND_ROWS, V = NAME(VALUES_TOGETHER) };
    ptrdiff_t padded = (size + 15) / 16 * 16;
    for (; rows >= Q; first += Q, rows -= Q, query += Q * query_row, out += Q * out_row,
                      maximum += Q * softmax_row, inverse_sum += Q * softmax_row) {
        ptrdiff_t count = first + Q, room = (count + 15) / 16 * 16;
        v16 top[Q], sum[Q], block[Q];
        UNROLL for (int i = 0; i < Q; i++) {
            top[i] = NAME(splat)(-INFINITY);
            sum[i] = NAME(splat)(0);
        }
        for (ptrdiff_t t = 0; t < count; t += 16) {
            NAME(block_scores)(query, query_row, key_blocks + t * size, size, scale, block);
            UNROLL for (int i = 0; i < Q; i++) {
                v16 s = NAME(select)(NAME(lanes_below)(first + i + 1 - t), block[i], NAME(splat)(-INFINITY));
                NAME(store)(scratch + i * room + t, s);
                top[i] = NAME(max2)(top[i], s);
            }
        }
        float inverse[Q];
        for (int i = 0; i < Q; i++) {
            float peak = NAME(max_lanes)(top[i]);
            for (ptrdiff_t t = 0; t < count; t += 16) {
                v16 p = NAME(exp16)(NAME(load)(scratch + i * room + t) - peak);
                p = NAME(select)(NAME(lanes_below)(first + i + 1 - t), p, NAME(splat)(0));
                NAME(store)(scratch + i * room + t, p);
                sum[i] += p;
            }
            inverse[i] = 1.0f / NAME(sum_lanes)(sum[i]);
            maximum[i * softmax_row] = peak;
            inverse_sum[i * softmax_row] = inverse[i];
        }
        for (ptrdiff_t d = 0; d < size; d += 16)
            for (int g = 0; g < Q; g += V) {
                v16 weighed[V];
                NAME(weigh)(scratch + g * room, room, values + d, padded, count, weighed);
                UNROLL for (int i = 0; i < V; i++) {
                    float *at = out + (g + i) * out_row + d;
                    v16 o = weighed[i] * inverse[g + i];
                    if (d + 16 <= size) NAME(store)(at, o);
                    else NAME(store_part)(at, o, size - d);
                }
            }
    }
    for (ptrdiff_t i = 0; i < rows; i++)
        NAME(attend)(query + i * query_row, key_blocks, values, first + i + 1, size, scale, scratch, out + i * out_row,
                     maximum + i * softmax_row, inverse_sum + i * softmax_row);
}

// gradient[t] += sum over rows, in ascending order, of factor[row][t] * x[row]; all rows padded.
static INLINE void NAME(add_products)(const float *factor, ptrdiff_t room, const float *x, ptrdiff_t padded,
                                      ptrdiff_t count, float *gradient) {
    enum { Q = ATTEND_ROWS };
    ptrdiff_t t = 0;
    for (; t + 2 <= count; t += 2) {
        float f0[Q], f1[Q];
        UNROLL for (int i = 0; i < Q; i++) {
            f0[i] = factor[i * room + t];
            f1[i] = factor[i * room + t + 1];
        }
        for (ptrdiff_t d = 0; d < padded; d += 16) {
            float *at = gradient + t * padded + d;
            v16 g0 = NAME(load)(at), g1 = NAME(load)(at + padded);
            UNROLL for (int i = 0; i < Q; i++) {
                v16 v = NAME(load)(x + i * padded + d);
                g0 += f0[i] * v;
                g1 += f1[i] * v;
            }
            NAME(store)(at, g0);
            NAME(store)(at + padded, g1);
        }
    }
    for (; t < count; t++)
        for (ptrdiff_t d = 0; d < padded; d += 16) {
            v16 g = NAME(load)(gradient + t * padded + d);
            UNROLL for (int i = 0; i < Q; i++) g += factor[i * room + t] * NAME(load)(x + i * padded + d);
            NAME(store)(gradient + t * padded + d, g);
        }
}

TARGET static void NAME(attend_rows_backward)(const float *query, ptrdiff_t query_row, const float *key_blocks,
                                              const float *keys, const float *value_blocks, ptrdiff_t first,
                                              ptrdiff_t rows, ptrdiff_t size, float scale, const float *maximum,
                                              const float *inverse_sum, ptrdiff_t softmax_row, const float *dout,
                                              ptrdiff_t dout_row, float *scratch, float *dquery, ptrdiff_t dquery_row,
                                              float *dkeys, float *dvalues) {
    enum { Q = ATTEND_ROWS };
    ptrdiff_t padded = (size + 15) / 16 * 16;
    for (; rows >= Q; first += Q, rows -= Q, query += Q * query_row, dout += Q * dout_row, dquery += Q * dquery_row,
                      maximum += Q * softmax_row, inverse_sum += Q * softmax_row) {
        ptrdiff_t count = first + Q, room = (count + 15) / 16 * 16;
        float *weight = scratch, *dscore = weight + Q * room, *x = dscore + Q * room, *g = x + Q * padded;
        memset(x, 0, (size_t)(2 * Q * padded) * sizeof(float));
        for (int i = 0; i < Q; i++) {
            memcpy(x + i * padded, query + i * query_row, (size_t)size * sizeof(float));
            memcpy(g + i * padded, dout + i * dout_row, (size_t)size * sizeof(float));
        }
        v16 projection[Q], block[Q];
        UNROLL for (int i = 0; i < Q; i++) projection[i] = NAME(splat)(0);
        for (ptrdiff_t t = 0; t < count; t += 16) {
            NAME(block_scores)(x, padded, key_blocks + t * size, size, scale, block);
            UNROLL for (int i = 0; i < Q; i++) {
                v16 p = NAME(exp16)(block[i] - maximum[i * softmax_row]) * inverse_sum[i * softmax_row];
                p = NAME(select)(NAME(lanes_below)(first + i + 1 - t), p, NAME(splat)(0));
                NAME(store)(weight + i * room + t, p);
            }
            NAME(block_scores)(g, padded, value_blocks + t * size, size, 1.0f, block);
            UNROLL for (int i = 0; i < Q; i++) {
                v16 dp = NAME(select)(NAME(lanes_below)(first + i + 1 - t), block[i], NAME(splat)(0));
                NAME(store)(dscore + i * room + t, dp);
                projection[i] += NAME(load)(weight + i * room + t) * dp;
            }
        }
        for (int i = 0; i < Q; i++) {
            float mean = NAME(sum_lanes)(projection[i]);
            for (ptrdiff_t t = i * room; t < (i + 1) * room; t += 16)
                NAME(store)(dscore + t, NAME(load)(weight + t) * (NAME(load)(dscore + t) - mean) * scale);
        }
        for (ptrdiff_t d = 0; d < size; d += 16) {
            ptrdiff_t width = size - d < 16 ? size - d : 16;
            v16 s0[Q], s1[Q];
            UNROLL for (int i = 0; i < Q; i++) s0[i] = s1[i] = NAME(splat)(0);
            ptrdiff_t t = 0;
            for (; t + 2 <= count; t += 2) {
                v16 k0 = NAME(load)(keys + t * padded + d), k1 = NAME(load)(keys + (t + 1) * padded + d);
                UNROLL for (int i = 0; i < Q; i++) {
                    s0[i] += dscore[i * room + t] * k0;
                    s1[i] += dscore[i * room + t + 1] * k1;
                }
            }
            if (t < count) UNROLL for (int i = 0; i < Q; i++)
                s0[i] += dscore[i * room + t] * NAME(load)(keys + t * padded + d);
            UNROLL for (int i = 0; i < Q; i++) {
                float *at = dquery + i * dquery_row + d;
                NAME(store_part)(at, NAME(load_part)(at, width) + (s0[i] + s1[i]), width);
            }
        }
        NAME(add_products)(dscore, room, x, padded, count, dkeys);
        NAME(add_products)(weight, room, g, padded, count, dvalues);
    }
    for (ptrdiff_t i = 0; i < rows; i++)
        NAME(attend_backward)(query + i * query_row, key_blocks, keys, value_blocks, first + i + 1, size, scale,
                              maximum[i * softmax_row], inverse_sum[i * softmax_row], dout + i * dout_row, scratch,
                              dquery + i * dquery_row, dkeys, dvalues);
}
