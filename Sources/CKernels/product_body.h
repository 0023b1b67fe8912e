// The blocked matrix product for one instruction set: packs blocks of both matrices so that the inner loop reads its
// operands in order from the nearest caches. Included like kernels_body.h, after it.
//
// Each element is one chain of multiply-adds over r in ascending order from 0, as in `matmul`: a block of r stores the
// chain's value and the next one takes it up again, which changes no bit.

// 16 x 16 elements: lane i of r[j] becomes lane j of r[i].
#define SWAP_BLOCKS(DISTANCE, LOW, HIGH)                                                                               \
    for (int i = 0; i < 16; i++)                                                                                       \
        if (!(i & DISTANCE)) {                                                                                         \
            v16 a = r[i], b = r[i + DISTANCE];                                                                         \
            r[i] = __builtin_shufflevector(a, b, LOW);                                                                 \
            r[i + DISTANCE] = __builtin_shufflevector(a, b, HIGH);                                                     \
        }
#define LIST(...) __VA_ARGS__
static INLINE void NAME(transpose)(v16 *r) {
    UNROLL SWAP_BLOCKS(8, LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
                       LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
    UNROLL SWAP_BLOCKS(4, LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
                       LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
    UNROLL SWAP_BLOCKS(2, LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
                       LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
    UNROLL SWAP_BLOCKS(1, LIST(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
                       LIST(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
}
#undef SWAP_BLOCKS

// Element (r, j) of a panel of 32 columns, at b[r * row + j * column], to packed[r * 32 + j]; zeros behind `width`.
static INLINE void NAME(pack_panel)(const float *b, ptrdiff_t row, ptrdiff_t column, ptrdiff_t k, ptrdiff_t width,
                                    float *packed) {
    ptrdiff_t r = 0;
    if (width == 32 && column == 1) {
        for (; r < k; r++) {
            NAME(store)(packed + r * 32, NAME(load)(b + r * row));
            NAME(store)(packed + r * 32 + 16, NAME(load)(b + r * row + 16));
        }
        return;
    }
    if (width == 32 && row == 1)
        for (; r + 16 <= k; r += 16)
            for (ptrdiff_t half = 0; half < 32; half += 16) {
                v16 block[16];
                UNROLL for (int j = 0; j < 16; j++) {
                    const float *at = b + r + (half + j) * column;
                    block[j] = NAME(load)(at);
                    __builtin_prefetch(at + 64);
                }
                NAME(transpose)(block);
                UNROLL for (int j = 0; j < 16; j++) NAME(store)(packed + (r + j) * 32 + half, block[j]);
            }
    for (; r < k; r++) {
        for (ptrdiff_t j = 0; j < width; j++) packed[r * 32 + j] = b[r * row + j * column];
        for (ptrdiff_t j = width; j < 32; j++) packed[r * 32 + j] = 0;
    }
}

// Rows of A, element (i, r) at a[i + r * column], in strips of MATMUL_ROWS: at strip[r * MATMUL_ROWS + i], with zeros
// behind `rows`.
static INLINE void NAME(pack_strips)(const float *a, ptrdiff_t column, ptrdiff_t rows, ptrdiff_t k, float *packed) {
    enum { R = MATMUL_ROWS };
    ptrdiff_t full = rows / R * R;
    for (ptrdiff_t r0 = 0; r0 < k; r0 += 8) {
        ptrdiff_t end = k - r0 < 8 ? k : r0 + 8;
        for (ptrdiff_t i = 0; i < full; i += R)
            for (ptrdiff_t r = r0; r < end; r++) memcpy(packed + i * k + r * R, a + i + r * column, R * sizeof(float));
    }
    if (full == rows) return;
    for (ptrdiff_t r = 0; r < k; r++)
        for (int j = 0; j < R; j++)
            packed[full * k + r * R + j] = full + j < rows ? a[full + j + r * column] : 0;
}

// As tile12 and its like, of a strip.
static INLINE void NAME(full_tile)(ptrdiff_t k, const float *strip, const float *panel, float *c, ptrdiff_t c_row,
                                   int mode) {
    enum { R = MATMUL_ROWS };
    v16 left[R], right[R];
    UNROLL for (int i = 0; i < R; i++) {
        left[i] = right[i] = NAME(splat)(0);
        __builtin_prefetch(c + i * c_row, 1);
        __builtin_prefetch(c + i * c_row + 16, 1);
    }
    if (mode == NAME(CONTINUE)) UNROLL for (int i = 0; i < R; i++) {
        left[i] = NAME(load)(c + i * c_row);
        right[i] = NAME(load)(c + i * c_row + 16);
    }
    for (ptrdiff_t r = 0; r < k; r++) {
        v16 b0 = NAME(load)(panel + r * 32), b1 = NAME(load)(panel + r * 32 + 16);
        UNROLL for (int i = 0; i < R; i++) {
            float x = strip[r * R + i];
            left[i] += x * b0;
            right[i] += x * b1;
        }
    }
    if (mode == NAME(ADD)) UNROLL for (int i = 0; i < R; i++) {
        left[i] += NAME(load)(c + i * c_row);
        right[i] += NAME(load)(c + i * c_row + 16);
    }
    UNROLL for (int i = 0; i < R; i++) {
        NAME(store)(c + i * c_row, left[i]);
        NAME(store)(c + i * c_row + 16, right[i]);
    }
}
static INLINE void NAME(part_tile)(ptrdiff_t k, const float *strip, const float *panel, float *c, ptrdiff_t c_row,
                                   ptrdiff_t rows, ptrdiff_t width, int mode) {
    float tile[MATMUL_ROWS * 32] = {0};
    for (ptrdiff_t i = 0; mode != NAME(WRITE) && i < rows; i++)
        memcpy(tile + i * 32, c + i * c_row, (size_t)width * sizeof(float));
    NAME(full_tile)(k, strip, panel, tile, 32, mode);
    for (ptrdiff_t i = 0; i < rows; i++) memcpy(c + i * c_row, tile + i * 32, (size_t)width * sizeof(float));
}

// All strips times one panel.
static INLINE void NAME(strips)(ptrdiff_t rows, ptrdiff_t k, const float *strips, const float *panel, float *c,
                                ptrdiff_t c_row, ptrdiff_t width, int mode) {
    enum { R = MATMUL_ROWS };
    for (ptrdiff_t i = 0; i < rows; i += R, strips += R * k)
        if (width == 32 && rows - i >= R)
            NAME(full_tile)(k, strips, panel, c + i * c_row, c_row, mode);
        else
            NAME(part_tile)(k, strips, panel, c + i * c_row, c_row, rows - i < R ? rows - i : R, width, mode);
}

// `packed` is the packed form of B, or NULL: then B itself is read, element (r, j) at b[r * b_row + j * b_column].
TARGET static void NAME(product)(ptrdiff_t m, ptrdiff_t n, ptrdiff_t k, const float *a, ptrdiff_t a_row,
                                 ptrdiff_t a_column, const float *packed, const float *b, ptrdiff_t b_row,
                                 ptrdiff_t b_column, float *c, ptrdiff_t c_row, int accumulate, float *scratch) {
    enum { R = MATMUL_ROWS };
    struct blocks size = blocks_of(k, accumulate);
    ptrdiff_t strip_rows = size.rows / R * R > R ? size.rows / R * R : R;
    float *strips = scratch, *panels = scratch + strip_rows * size.k + 16;
    for (ptrdiff_t j0 = 0; j0 < n; j0 += size.columns) {
        ptrdiff_t columns = n - j0 < size.columns ? n - j0 : size.columns;
        for (ptrdiff_t r0 = 0; r0 < k; r0 += size.k) {
            ptrdiff_t depth = k - r0 < size.k ? k - r0 : size.k;
            int mode = accumulate ? NAME(ADD) : r0 ? NAME(CONTINUE) : NAME(WRITE);
            for (ptrdiff_t j = 0; !packed && j < columns; j += 32)
                NAME(pack_panel)(b + r0 * b_row + (j0 + j) * b_column, b_row, b_column, depth,
                                 columns - j < 32 ? columns - j : 32, panels + j * depth);
            for (ptrdiff_t i0 = 0; i0 < m; i0 += strip_rows) {
                ptrdiff_t rows = m - i0 < strip_rows ? m - i0 : strip_rows;
                const float *block = a + i0 * a_row + r0 * a_column;
                if (a_row == 1) NAME(pack_strips)(block, a_column, rows, depth, strips);
                for (ptrdiff_t j = 0; j < columns; j += 32) {
                    const float *panel = packed ? packed + (j0 + j) * k + r0 * 32 : panels + j * depth;
                    ptrdiff_t width = columns - j < 32 ? columns - j : 32;
                    float *out = c + i0 * c_row + j0 + j;
                    if (a_row == 1)
                        NAME(strips)(rows, depth, strips, panel, out, c_row, width, mode);
                    else
                        NAME(panel)(rows, depth, block, a_row, a_column, panel, out, c_row, width, mode);
                }
            }
        }
    }
}
#undef LIST
