// The kernels of decode.c for one instruction set; included behind kernels_body.h, whose helpers they use.

TARGET static void NAME(attend_paged)(const float *query, const float *const *pages, ptrdiff_t key_offset,
                                      ptrdiff_t value_offset, ptrdiff_t count, ptrdiff_t size, float scale,
                                      float *scratch, float *out) {
    v16 top = NAME(splat)(-INFINITY);
    for (ptrdiff_t t = 0; t < count; t += 16) {
        v16 s = NAME(scores)(query, pages[t / 16] + key_offset, size, scale);
        s = NAME(select)(NAME(lanes_below)(count - t), s, NAME(splat)(-INFINITY));
        NAME(store)(scratch + t, s);
        top = NAME(max2)(top, s);
    }
    float peak = NAME(max_lanes)(top);
    v16 sum = {0};
    for (ptrdiff_t t = 0; t < count; t += 16) {
        v16 p = NAME(exp16)(NAME(load)(scratch + t) - peak);
        p = NAME(select)(NAME(lanes_below)(count - t), p, NAME(splat)(0));
        NAME(store)(scratch + t, p);
        sum += p;
    }
    float inverse = 1.0f / NAME(sum_lanes)(sum);
    ptrdiff_t padded = (size + 15) / 16 * 16;
    for (ptrdiff_t d = 0; d < size; d += 16) {
        v16 s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
        for (ptrdiff_t first = 0; first < count; first += 16) {
            const float *v = pages[first / 16] + value_offset + d, *p = scratch + first;
            ptrdiff_t t = 0, here = count - first < 16 ? count - first : 16;
            for (; t + 4 <= here; t += 4) {
                s0 += p[t] * NAME(load)(v + t * padded);
                s1 += p[t + 1] * NAME(load)(v + (t + 1) * padded);
                s2 += p[t + 2] * NAME(load)(v + (t + 2) * padded);
                s3 += p[t + 3] * NAME(load)(v + (t + 3) * padded);
            }
            if (t < here) s0 += p[t] * NAME(load)(v + t * padded);
            if (t + 1 < here) s1 += p[t + 1] * NAME(load)(v + (t + 1) * padded);
            if (t + 2 < here) s2 += p[t + 2] * NAME(load)(v + (t + 2) * padded);
        }
        v16 o = ((s0 + s1) + (s2 + s3)) * inverse;
        if (d + 16 <= size) NAME(store)(out + d, o);
        else NAME(store_part)(out + d, o, size - d);
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
