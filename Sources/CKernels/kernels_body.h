// The kernels for one instruction set; each_set.h says how they are compiled for all.

static INLINE v16 NAME(load)(const float *p) { return *(const v16_unaligned *)p; }
static INLINE void NAME(store)(float *p, v16 x) { *(v16_unaligned *)p = x; }
static INLINE v16 NAME(load_part)(const float *p, ptrdiff_t n) {
    v16 x = {0};
    memcpy(&x, p, (size_t)n * sizeof(float));
    return x;
}
static INLINE void NAME(store_part)(float *p, v16 x, ptrdiff_t n) { memcpy(p, &x, (size_t)n * sizeof(float)); }
static INLINE v16 NAME(splat)(float x) { return (v16){x, x, x, x, x, x, x, x, x, x, x, x, x, x, x, x}; }
static INLINE float NAME(sum_lanes)(v16 x) {
    float s[16];
    memcpy(s, &x, sizeof s);
    for (int width = 8; width; width /= 2)
        for (int i = 0; i < width; i++) s[i] += s[i + width];
    return s[0];
}
static INLINE float NAME(max_lanes)(v16 x) {
    float s[16];
    memcpy(s, &x, sizeof s);
    for (int width = 8; width; width /= 2)
        for (int i = 0; i < width; i++) s[i] = s[i] > s[i + width] ? s[i] : s[i + width];
    return s[0];
}
static INLINE v16 NAME(select)(v16i mask, v16 a, v16 b) {
    return (v16)(((v16i)a & mask) | ((v16i)b & ~mask));
}
static INLINE v16 NAME(max2)(v16 a, v16 b) { return NAME(select)(a > b, a, b); }
static INLINE v16 NAME(min2)(v16 a, v16 b) { return NAME(select)(a < b, a, b); }

// exp by 2^n * polynomial(r), |r| <= ln(2) / 2, Cephes coefficients; relative error about 1e-7.
static INLINE v16 NAME(exp16)(v16 x) {
    x = NAME(max2)(x, NAME(splat)(-87.0f));
    x = NAME(min2)(x, NAME(splat)(88.0f));
    const v16 magic = NAME(splat)(12582912.0f);
    v16 shifted = x * 1.44269504088896341f + magic;
    v16 n = shifted - magic;
    v16 r = x - n * 0.693359375f;
    r = r - n * -2.12194440e-4f;
    v16 p = NAME(splat)(1.9875691500e-4f);
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * (r * r) + r + 1.0f;
    v16i exponent = ((v16i)shifted - (v16i)magic + 127) << 23;
    return p * (v16)exponent;
}

// What a tile does with its chains of multiply-adds: writes them, takes up those that C holds, or adds them to C.
enum { NAME(WRITE), NAME(CONTINUE), NAME(ADD) };

#define TILE(ROWS)                                                                                                     \
    static INLINE void NAME(tile##ROWS)(ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,              \
                                        const float *packed, float *c, ptrdiff_t c_row, ptrdiff_t width, int mode) {   \
        v16 left[ROWS], right[ROWS];                                                                                   \
        float part[2 * 16];                                                                                            \
        UNROLL for (int i = 0; i < ROWS; i++) left[i] = right[i] = NAME(splat)(0);                                     \
        if (mode == NAME(CONTINUE)) UNROLL for (int i = 0; i < ROWS; i++) {                                            \
            NAME(load_row)(c + i * c_row, width, &left[i], &right[i]);                                                 \
        }                                                                                                              \
        for (ptrdiff_t r = 0; r < k; r++) {                                                                            \
            v16 b0 = NAME(load)(packed + r * 32), b1 = NAME(load)(packed + r * 32 + 16);                               \
            UNROLL for (int i = 0; i < ROWS; i++) {                                                                    \
                float x = a[i * a_row + r * a_column];                                                                 \
                left[i] += x * b0;                                                                                     \
                right[i] += x * b1;                                                                                    \
            }                                                                                                          \
        }                                                                                                              \
        for (int i = 0; i < ROWS; i++) {                                                                               \
            float *row = c + i * c_row;                                                                                \
            if (width == 32) {                                                                                         \
                if (mode == NAME(ADD)) {                                                                               \
                    left[i] += NAME(load)(row);                                                                        \
                    right[i] += NAME(load)(row + 16);                                                                  \
                }                                                                                                      \
                NAME(store)(row, left[i]);                                                                             \
                NAME(store)(row + 16, right[i]);                                                                       \
            } else {                                                                                                   \
                NAME(store)(part, left[i]);                                                                            \
                NAME(store)(part + 16, right[i]);                                                                      \
                for (ptrdiff_t j = 0; j < width; j++) row[j] = mode == NAME(ADD) ? part[j] + row[j] : part[j];         \
            }                                                                                                          \
        }                                                                                                              \
    }
static INLINE void NAME(load_row)(const float *row, ptrdiff_t width, v16 *left, v16 *right) {
    if (width == 32) {
        *left = NAME(load)(row);
        *right = NAME(load)(row + 16);
        return;
    }
    float part[32] = {0};
    memcpy(part, row, (size_t)width * sizeof(float));
    *left = NAME(load)(part);
    *right = NAME(load)(part + 16);
}
TILE(12)
TILE(8)
TILE(6)
TILE(4)
TILE(3)
TILE(2)
TILE(1)
#undef TILE

// All rows times one panel.
static INLINE void NAME(panel)(ptrdiff_t m, ptrdiff_t k, const float *a, ptrdiff_t a_row, ptrdiff_t a_column,
                               const float *panel, float *c, ptrdiff_t c_row, ptrdiff_t width, int mode) {
    ptrdiff_t i = 0;
#define RUN(ROWS)                                                                                                      \
    for (; MATMUL_ROWS >= ROWS && i + ROWS <= m; i += ROWS)                                                            \
        NAME(tile##ROWS)(k, a + i * a_row, a_row, a_column, panel, c + i * c_row, c_row, width, mode);
    RUN(12) RUN(8) RUN(6) RUN(4) RUN(3) RUN(2) RUN(1)
#undef RUN
}

TARGET static void NAME(matmul)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row,
                                ptrdiff_t a_column, const float *packed, float *c, ptrdiff_t c_row, int accumulate) {
    for (ptrdiff_t j = 0; j < n; j += 32)
        NAME(panel)(m, k, a, a_row, a_column, packed + j * k, c + j, c_row, n - j < 32 ? n - j : 32,
                    accumulate ? NAME(ADD) : NAME(WRITE));
}

static INLINE float NAME(dot)(const float *x, const float *y, ptrdiff_t n) {
    v16 s0 = {0}, s1 = {0};
    ptrdiff_t i = 0;
    for (; i + 32 <= n; i += 32) {
        s0 += NAME(load)(x + i) * NAME(load)(y + i);
        s1 += NAME(load)(x + i + 16) * NAME(load)(y + i + 16);
    }
    for (; i + 16 <= n; i += 16) s0 += NAME(load)(x + i) * NAME(load)(y + i);
    if (i < n) s1 += NAME(load_part)(x + i, n - i) * NAME(load_part)(y + i, n - i);
    return NAME(sum_lanes)(s0 + s1);
}

TARGET static void NAME(rms_norm)(const float *x, ptrdiff_t x_row, const float *w, float epsilon, ptrdiff_t rows,
                                  ptrdiff_t n, float *y, ptrdiff_t y_row, float *inverse_rms) {
    for (ptrdiff_t t = 0; t < rows; t++, x += x_row, y += y_row) {
        float inverse = 1.0f / sqrtf(NAME(dot)(x, x, n) / (float)n + epsilon);
        if (inverse_rms) inverse_rms[t] = inverse;
        ptrdiff_t i = 0;
        for (; i + 16 <= n; i += 16) NAME(store)(y + i, NAME(load)(x + i) * inverse * NAME(load)(w + i));
        for (; i < n; i++) y[i] = x[i] * inverse * w[i];
    }
}

TARGET static void NAME(rms_norm_backward)(const float *x, ptrdiff_t x_row, const float *w, const float *inverse_rms,
                                           const float *dy, ptrdiff_t dy_row, ptrdiff_t rows, ptrdiff_t n, float *dx,
                                           ptrdiff_t dx_row, float *dw) {
    for (ptrdiff_t t = 0; t < rows; t++, x += x_row, dy += dy_row, dx += dx_row) {
        float inverse = inverse_rms[t], projection = 0;
        ptrdiff_t i = 0;
        v16 s = {0};
        for (; i + 16 <= n; i += 16) s += NAME(load)(dy + i) * NAME(load)(w + i) * NAME(load)(x + i);
        for (; i < n; i++) projection += dy[i] * w[i] * x[i];
        projection = (projection + NAME(sum_lanes)(s)) * inverse * inverse * inverse / (float)n;
        for (i = 0; i + 16 <= n; i += 16) {
            v16 g = NAME(load)(dy + i), v = NAME(load)(x + i);
            NAME(store)(dx + i, NAME(load)(dx + i) + g * NAME(load)(w + i) * inverse - v * projection);
            if (dw) NAME(store)(dw + i, NAME(load)(dw + i) + g * v * inverse);
        }
        for (; i < n; i++) {
            dx[i] += dy[i] * w[i] * inverse - x[i] * projection;
            if (dw) dw[i] += dy[i] * x[i] * inverse;
        }
    }
}

TARGET static void NAME(rms_norm_weight_gradient)(const float *x, ptrdiff_t x_row, const float *inverse_rms,
                                                  const float *dy, ptrdiff_t dy_row, ptrdiff_t rows, ptrdiff_t n,
                                                  float *dw) {
    for (ptrdiff_t t = 0; t < rows; t++, x += x_row, dy += dy_row) {
        float inverse = inverse_rms[t];
        ptrdiff_t i = 0;
        for (; i + 16 <= n; i += 16) {
            v16 g = NAME(load)(dy + i), v = NAME(load)(x + i);
            NAME(store)(dw + i, NAME(load)(dw + i) + g * v * inverse);
        }
        for (; i < n; i++) dw[i] += dy[i] * x[i] * inverse;
    }
}

// The masked scores of one block of 16 keys.
static INLINE v16 NAME(scores)(const float *query, const float *block, ptrdiff_t size, float scale) {
    v16 even = {0}, odd = {0};
    ptrdiff_t d = 0;
    for (; d + 2 <= size; d += 2) {
        even += query[d] * NAME(load)(block + d * 16);
        odd += query[d + 1] * NAME(load)(block + d * 16 + 16);
    }
    if (d < size) even += query[d] * NAME(load)(block + d * 16);
    return (even + odd) * scale;
}
static INLINE v16i NAME(lanes_below)(ptrdiff_t count) {
    const v16i lane = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    int limit = count > 16 ? 16 : (int)count;
    return lane < limit;
}

TARGET static void NAME(attend)(const float *query, const float *key_blocks, const float *values, ptrdiff_t count,
                                ptrdiff_t size, float scale, float *scratch, float *out, float *maximum,
                                float *inverse_sum) {
    v16 top = NAME(splat)(-INFINITY);
    for (ptrdiff_t t = 0; t < count; t += 16) {
        v16 s = NAME(scores)(query, key_blocks + t * size, size, scale);
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
        const float *v = values + d;
        ptrdiff_t t = 0;
        for (; t + 4 <= count; t += 4) {
            s0 += scratch[t] * NAME(load)(v + t * padded);
            s1 += scratch[t + 1] * NAME(load)(v + (t + 1) * padded);
            s2 += scratch[t + 2] * NAME(load)(v + (t + 2) * padded);
            s3 += scratch[t + 3] * NAME(load)(v + (t + 3) * padded);
        }
        if (t < count) s0 += scratch[t] * NAME(load)(v + t * padded);
        if (t + 1 < count) s1 += scratch[t + 1] * NAME(load)(v + (t + 1) * padded);
        if (t + 2 < count) s2 += scratch[t + 2] * NAME(load)(v + (t + 2) * padded);
        v16 o = ((s0 + s1) + (s2 + s3)) * inverse;
        if (d + 16 <= size) NAME(store)(out + d, o);
        else NAME(store_part)(out + d, o, size - d);
    }
    if (maximum) *maximum = peak;
    if (inverse_sum) *inverse_sum = inverse;
}

TARGET static void NAME(attend_backward)(const float *query, const float *key_blocks, const float *keys,
                                         const float *value_blocks, ptrdiff_t count, ptrdiff_t size, float scale,
                                         float maximum, float inverse_sum, const float *dout, float *scratch,
                                         float *dquery, float *dkeys, float *dvalues) {
    ptrdiff_t room = (count + 15) / 16 * 16, padded = (size + 15) / 16 * 16;
    float *weight = scratch, *dscore = scratch + room;
    v16 projection = {0};
    for (ptrdiff_t t = 0; t < count; t += 16) {
        v16 s = NAME(scores)(query, key_blocks + t * size, size, scale);
        v16 p = NAME(exp16)(s - maximum) * inverse_sum;
        p = NAME(select)(NAME(lanes_below)(count - t), p, NAME(splat)(0));
        v16 dp = NAME(scores)(dout, value_blocks + t * size, size, 1.0f);
        dp = NAME(select)(NAME(lanes_below)(count - t), dp, NAME(splat)(0));
        NAME(store)(weight + t, p);
        NAME(store)(dscore + t, dp);
        projection += p * dp;
    }
    float mean = NAME(sum_lanes)(projection);
    for (ptrdiff_t t = 0; t < room; t += 16)
        NAME(store)(dscore + t, NAME(load)(weight + t) * (NAME(load)(dscore + t) - mean) * scale);
    for (ptrdiff_t d = 0; d < size; d += 16) {
        ptrdiff_t width = size - d < 16 ? size - d : 16;
        v16 q = NAME(load_part)(query + d, width), g = NAME(load_part)(dout + d, width), s0 = {0}, s1 = {0};
        for (ptrdiff_t t = 0; t < count; t++) {
            ptrdiff_t at = t * padded + d;
            if (t & 1) s1 += dscore[t] * NAME(load)(keys + at);
            else s0 += dscore[t] * NAME(load)(keys + at);
            NAME(store)(dkeys + at, NAME(load)(dkeys + at) + dscore[t] * q);
            NAME(store)(dvalues + at, NAME(load)(dvalues + at) + weight[t] * g);
        }
        NAME(store_part)(dquery + d, NAME(load_part)(dquery + d, width) + (s0 + s1), width);
    }
}

static INLINE v16 NAME(sigmoid)(v16 x) { return 1.0f / (1.0f + NAME(exp16)(-x)); }

TARGET static void NAME(swiglu)(const float *gate, const float *up, ptrdiff_t n, float *y) {
    ptrdiff_t i = 0;
    for (; i + 16 <= n; i += 16) {
        v16 g = NAME(load)(gate + i);
        NAME(store)(y + i, g * NAME(sigmoid)(g) * NAME(load)(up + i));
    }
    if (i < n) {
        v16 g = NAME(load_part)(gate + i, n - i);
        NAME(store_part)(y + i, g * NAME(sigmoid)(g) * NAME(load_part)(up + i, n - i), n - i);
    }
}

static INLINE void NAME(swiglu_backward16)(v16 g, v16 u, v16 d, v16 *dg, v16 *du) {
    v16 s = NAME(sigmoid)(g), silu = g * s;
    *du = d * silu;
    *dg = d * u * (s + silu * (1.0f - s));
}

TARGET static void NAME(swiglu_backward)(const float *gate, const float *up, const float *dy, ptrdiff_t n, float *dgate,
                                         float *dup) {
    ptrdiff_t i = 0;
    v16 dg, du;
    for (; i + 16 <= n; i += 16) {
        NAME(swiglu_backward16)(NAME(load)(gate + i), NAME(load)(up + i), NAME(load)(dy + i), &dg, &du);
        NAME(store)(dgate + i, dg);
        NAME(store)(dup + i, du);
    }
    if (i < n) {
        NAME(swiglu_backward16)(NAME(load_part)(gate + i, n - i), NAME(load_part)(up + i, n - i),
                                NAME(load_part)(dy + i, n - i), &dg, &du);
        NAME(store_part)(dgate + i, dg, n - i);
        NAME(store_part)(dup + i, du, n - i);
    }
}

TARGET static float NAME(log_sum_exp)(const float *logits, ptrdiff_t n) {
    v16 top = NAME(splat)(-INFINITY);
    ptrdiff_t i = 0;
    for (; i + 16 <= n; i += 16) top = NAME(max2)(top, NAME(load)(logits + i));
    float peak = NAME(max_lanes)(top);
    for (; i < n; i++) peak = logits[i] > peak ? logits[i] : peak;
    v16 s0 = {0}, s1 = {0};
    for (i = 0; i + 32 <= n; i += 32) {
        s0 += NAME(exp16)(NAME(load)(logits + i) - peak);
        s1 += NAME(exp16)(NAME(load)(logits + i + 16) - peak);
    }
    for (; i + 16 <= n; i += 16) s0 += NAME(exp16)(NAME(load)(logits + i) - peak);
    if (i < n) {
        v16 rest = NAME(exp16)(NAME(load_part)(logits + i, n - i) - peak);
        s1 += NAME(select)(NAME(lanes_below)(n - i), rest, NAME(splat)(0));
    }
    return peak + logf(NAME(sum_lanes)(s0 + s1));
}

TARGET static void NAME(exp_shifted)(const float *logits, float shift, float inverse_temperature, ptrdiff_t n,
                                     float *probabilities) {
    ptrdiff_t i = 0;
    for (; i + 16 <= n; i += 16)
        NAME(store)(probabilities + i, NAME(exp16)((NAME(load)(logits + i) - shift) * inverse_temperature));
    if (i < n) {
        v16 p = NAME(exp16)((NAME(load_part)(logits + i, n - i) - shift) * inverse_temperature);
        NAME(store_part)(probabilities + i, p, n - i);
    }
}

TARGET static void NAME(log_softmax_backward)(float *logits, float log_sum_exp, ptrdiff_t target, float gradient,
                                              ptrdiff_t n) {
    ptrdiff_t i = 0;
    for (; i + 16 <= n; i += 16)
        NAME(store)(logits + i, NAME(exp16)(NAME(load)(logits + i) - log_sum_exp) * -gradient);
    if (i < n) {
        v16 p = NAME(exp16)(NAME(load_part)(logits + i, n - i) - log_sum_exp);
        NAME(store_part)(logits + i, p * -gradient, n - i);
    }
    logits[target] += gradient;
}

TARGET static void NAME(add)(float *y, const float *x, ptrdiff_t n) {
    for (ptrdiff_t i = 0; i < n; i++) y[i] += x[i];
}

TARGET static double NAME(sum_of_squares)(const float *x, ptrdiff_t n) {
    double lane[8] = {0};
    ptrdiff_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int j = 0; j < 8; j++) lane[j] += (double)x[i + j] * (double)x[i + j];
    for (; i < n; i++) lane[0] += (double)x[i] * (double)x[i];
    return ((lane[0] + lane[1]) + (lane[2] + lane[3])) + ((lane[4] + lane[5]) + (lane[6] + lane[7]));
}

TARGET static void NAME(adamw)(float *parameters, float *gradients, float *first, float *second, ptrdiff_t n, float keep,
                               float step_size, float beta1, float beta2, float inverse_root_correction, float epsilon,
                               float scale) {
    for (ptrdiff_t i = 0; i < n; i += 16) {
        ptrdiff_t width = n - i < 16 ? n - i : 16;
        bool whole = width == 16;
        v16 g = whole ? NAME(load)(gradients + i) : NAME(load_part)(gradients + i, width);
        v16 m = whole ? NAME(load)(first + i) : NAME(load_part)(first + i, width);
        v16 v = whole ? NAME(load)(second + i) : NAME(load_part)(second + i, width);
        v16 p = whole ? NAME(load)(parameters + i) : NAME(load_part)(parameters + i, width);
        g *= scale;
        m = beta1 * m + (1.0f - beta1) * g;
        v = beta2 * v + (1.0f - beta2) * g * g;
        p = p * keep - step_size * m / (__builtin_elementwise_sqrt(v) * inverse_root_correction + epsilon);
        if (whole) {
            NAME(store)(first + i, m);
            NAME(store)(second + i, v);
            NAME(store)(parameters + i, p);
            NAME(store)(gradients + i, NAME(splat)(0));
        } else {
            NAME(store_part)(first + i, m, width);
            NAME(store_part)(second + i, v, width);
            NAME(store_part)(parameters + i, p, width);
            NAME(store_part)(gradients + i, NAME(splat)(0), width);
        }
    }
}
