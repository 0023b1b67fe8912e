// The kernels of decode.c for one instruction set; included behind kernels_body.h, whose helpers they use.

// The scores of four blocks of 16 keys at a time, which share the loads of the query; bits as of NAME(scores).
static INLINE void NAME(scores4)(const float *query, const float *const *blocks, ptrdiff_t offset, ptrdiff_t size,
                                 float scale, v16 *out) {
    v16 even[4], odd[4];
    const float *block[4];
    UNROLL for (int i = 0; i < 4; i++) {
        even[i] = odd[i] = NAME(splat)(0);
        block[i] = blocks[i] + offset;
    }
    ptrdiff_t d = 0;
    for (; d + 2 <= size; d += 2) {
        UNROLL for (int i = 0; i < 4; i++) even[i] += query[d] * NAME(load)(block[i] + d * 16);
        UNROLL for (int i = 0; i < 4; i++) odd[i] += query[d + 1] * NAME(load)(block[i] + d * 16 + 16);
    }
    if (d < size) UNROLL for (int i = 0; i < 4; i++) even[i] += query[d] * NAME(load)(block[i] + d * 16);
    UNROLL for (int i = 0; i < 4; i++) out[i] = (even[i] + odd[i]) * scale;
}

// The sums of values weighted by p for WIDTH vectors of components from d on, times inverse.
#define WEIGH(WIDTH)                                                                                                   \
    static INLINE void NAME(weigh##WIDTH)(const float *p, const float *const *pages, ptrdiff_t offset,                 \
                                          ptrdiff_t count, ptrdiff_t padded, v16 *out) {                               \
        v16 s0[WIDTH], s1[WIDTH], s2[WIDTH], s3[WIDTH];                                                                \
        UNROLL for (int j = 0; j < WIDTH; j++) s0[j] = s1[j] = s2[j] = s3[j] = NAME(splat)(0);                         \
        for (ptrdiff_t first = 0; first < count; first += 16, p += 16) {                                               \
            const float *v = pages[first / 16] + offset;                                                               \
            ptrdiff_t t = 0, here = count - first < 16 ? count - first : 16;                                           \
            for (; t + 4 <= here; t += 4)                                                                              \
                UNROLL for (int j = 0; j < WIDTH; j++) {                                                               \
                    s0[j] += p[t] * NAME(load)(v + t * padded + j * 16);                                               \
                    s1[j] += p[t + 1] * NAME(load)(v + (t + 1) * padded + j * 16);                                     \
                    s2[j] += p[t + 2] * NAME(load)(v + (t + 2) * padded + j * 16);                                     \
                    s3[j] += p[t + 3] * NAME(load)(v + (t + 3) * padded + j * 16);                                     \
                }                                                                                                      \
            UNROLL for (int j = 0; j < WIDTH; j++) {                                                                   \
                if (t < here) s0[j] += p[t] * NAME(load)(v + t * padded + j * 16);                                     \
                if (t + 1 < here) s1[j] += p[t + 1] * NAME(load)(v + (t + 1) * padded + j * 16);                       \
                if (t + 2 < here) s2[j] += p[t + 2] * NAME(load)(v + (t + 2) * padded + j * 16);                       \
            }                                                                                                          \
        }                                                                                                              \
        UNROLL for (int j = 0; j < WIDTH; j++) out[j] = (s0[j] + s1[j]) + (s2[j] + s3[j]);                             \
    }
WEIGH(1)
WEIGH(2)
#undef WEIGH

TARGET static void NAME(attend_paged)(const float *query, const float *const *pages, ptrdiff_t key_offset,
                                      ptrdiff_t value_offset, ptrdiff_t count, ptrdiff_t size, float scale,
                                      float *scratch, float *out) {
    v16 top = NAME(splat)(-INFINITY), four[4];
    ptrdiff_t t = 0;
    for (; t + 64 <= count; t += 64) {
        NAME(scores4)(query, pages + t / 16, key_offset, size, scale, four);
        UNROLL for (int i = 0; i < 4; i++) {
            NAME(store)(scratch + t + i * 16, four[i]);
            top = NAME(max2)(top, four[i]);
        }
    }
    for (; t < count; t += 16) {
        v16 s = NAME(scores)(query, pages[t / 16] + key_offset, size, scale);
        s = NAME(select)(NAME(lanes_below)(count - t), s, NAME(splat)(-INFINITY));
        NAME(store)(scratch + t, s);
        top = NAME(max2)(top, s);
    }
    float peak = NAME(max_lanes)(top);
    v16 sum = {0};
    for (t = 0; t < count; t += 16) {
        v16 p = NAME(exp16)(NAME(load)(scratch + t) - peak);
        p = NAME(select)(NAME(lanes_below)(count - t), p, NAME(splat)(0));
        NAME(store)(scratch + t, p);
        sum += p;
    }
    float inverse = 1.0f / NAME(sum_lanes)(sum);
    ptrdiff_t padded = (size + 15) / 16 * 16, d = 0;
    v16 weighed[2];
    for (; d + 32 <= size; d += 32) {
        NAME(weigh2)(scratch, pages, value_offset + d, count, padded, weighed);
        NAME(store)(out + d, weighed[0] * inverse);
        NAME(store)(out + d + 16, weighed[1] * inverse);
    }
    for (; d < size; d += 16) {
        NAME(weigh1)(scratch, pages, value_offset + d, count, padded, weighed);
        if (d + 16 <= size) NAME(store)(out + d, weighed[0] * inverse);
        else NAME(store_part)(out + d, weighed[0] * inverse, size - d);
    }
}

TARGET static ptrdiff_t NAME(greatest)(const float *x, ptrdiff_t n) {
    v16 top = NAME(splat)(-INFINITY);
    ptrdiff_t i = 0;
    for (; i + 16 <= n; i += 16) top = NAME(max2)(top, NAME(load)(x + i));
    float peak = NAME(max_lanes)(top);
    for (; i < n; i++) peak = x[i] > peak ? x[i] : peak;
    for (i = 0; i + 16 <= n; i += 16) {
        int found = 0;
        for (int j = 0; j < 16; j++) found |= x[i + j] == peak;
        if (found) break;
    }
    for (; i < n; i++)
        if (x[i] == peak) return i;
    return 0;
}

TARGET static double NAME(weights)(const float *logits, float shift, float inverse_temperature, ptrdiff_t n,
                                   float *weights, double *sums) {
    double total = 0;
    for (ptrdiff_t start = 0; start < n; start += MR_WEIGHT_BLOCK) {
        ptrdiff_t end = n - start < MR_WEIGHT_BLOCK ? n : start + MR_WEIGHT_BLOCK, i = start;
        v8d low = {0}, high = {0};
        for (; i + 16 <= end; i += 16) {
            v16 p = NAME(exp16)((NAME(load)(logits + i) - shift) * inverse_temperature);
            NAME(store)(weights + i, p);
            v8 half[2];
            memcpy(half, &p, sizeof p);
            low += __builtin_convertvector(half[0], v8d);
            high += __builtin_convertvector(half[1], v8d);
        }
        if (i < end) {
            v16 p = NAME(exp16)((NAME(load_part)(logits + i, end - i) - shift) * inverse_temperature);
            NAME(store_part)(weights + i, p, end - i);
        }
        low += high;
        double sum = ((low[0] + low[1]) + (low[2] + low[3])) + ((low[4] + low[5]) + (low[6] + low[7]));
        for (; i < end; i++) sum += (double)weights[i];
        sums[start / MR_WEIGHT_BLOCK] = sum;
        total += sum;
    }
    return total;
}

TARGET static void NAME(top)(const float *x, ptrdiff_t n, ptrdiff_t k, int32_t *indices) {
    ptrdiff_t held = 0;
    for (ptrdiff_t i = 0; i < n; i++) {
        if (held == k) {
            // Most blocks hold nothing above the least of the values held.
            float least = x[indices[k - 1]];
            for (; i + 16 <= n; i += 16) {
                int above = 0;
                for (int j = 0; j < 16; j++) above |= x[i + j] > least;
                if (above) break;
            }
            if (i >= n) break;
            while (i < n && !(x[i] > least)) i++;
            if (i >= n) break;
        }
        ptrdiff_t at = held < k ? held++ : k - 1;
        for (; at > 0 && x[i] > x[indices[at - 1]]; at--) indices[at] = indices[at - 1];
        indices[at] = (int32_t)i;
    }
}
