import CKernels
import Dispatch
import Synchronization

/// The threads that share the work inside one pass, and their working memory for the matrix product.
///
/// Invariants
/// * Used by one caller at a time.
/// * Work is cut so that every element is computed by one piece alone and in full: results do not depend on the number
///   of threads, nor on which thread gets which piece.
final class WorkTeam: @unchecked Sendable {
    /// Pieces per thread; more than one, so that a thread that is held up delays the others less.
    private static let piecesPerThread = 4

    let threads: Int
    private let scratch: [FloatBuffer]

    init(threads: Int) {
        self.threads = max(1, threads)
        scratch = (0..<self.threads).map { _ in FloatBuffer(count: 0) }
    }

    /// Calls `body` once for each piece, and returns when all calls have ended. `worker` is below ``threads``, and never
    /// the same for two calls at a time.
    func forEach(_ pieces: Int, _ body: (_ worker: Int, _ piece: Int) -> Void) {
        let workers = min(threads, pieces)
        guard workers > 1 else {
            for piece in 0..<pieces { body(0, piece) }
            return
        }
        withoutActuallyEscaping(body) { body in
            let shared = SharedBody(call: body)
            let next = Atomic(0)
            DispatchQueue.concurrentPerform(iterations: workers) { worker in
                while true {
                    let piece = next.wrappingAdd(1, ordering: .relaxed).oldValue
                    guard piece < pieces else { return }
                    shared.call(worker, piece)
                }
            }
        }
    }

    /// Invariant: calls touch disjoint memory, as ``forEach(_:_:)`` demands of its callers.
    private struct SharedBody: @unchecked Sendable {
        var call: (Int, Int) -> Void
    }

    /// Calls `body` for ranges that cover `0 ..< count` and begin at multiples of `unit`.
    func ranges(_ count: Int, unit: Int = 1, _ body: (_ worker: Int, _ range: Range<Int>) -> Void) {
        guard count > 0 else { return }
        guard threads > 1 else { return body(0, 0..<count) }
        let pieces = threads * Self.piecesPerThread
        let size = max(unit, ((count + pieces - 1) / pieces + unit - 1) / unit * unit)
        forEach((count + size - 1) / size) { worker, piece in
            body(worker, piece * size..<min(count, (piece + 1) * size))
        }
    }

    /// `c = a · right`, or `c += a · right`, of `rows` rows; `stride` apart in `c`.
    func multiply(
        rows: Int, _ a: MatrixRows, _ right: RightMatrix, into c: UnsafeMutablePointer<Float>, stride: Int,
        adding: Bool = false
    ) {
        for buffer in scratch { buffer.reserve(mr_product_scratch(right.depth)) }
        func piece(_ worker: Int, rows: Range<Int>, columns: Range<Int>) {
            let target = c + rows.lowerBound * stride + columns.lowerBound
            let left = a.pointer + rows.lowerBound * a.rowStride
            if let packed = right.packed {
                mr_product_packed(
                    rows.count, columns.count, right.depth, left, a.rowStride, a.columnStride,
                    packed.pointer + columns.lowerBound * right.depth, target, stride, adding ? 1 : 0,
                    scratch[worker].pointer)
            } else {
                mr_product(
                    rows.count, columns.count, right.depth, left, a.rowStride, a.columnStride,
                    right.plain + columns.lowerBound * right.columnStride, right.rowStride, right.columnStride, target,
                    stride, adding ? 1 : 0, scratch[worker].pointer)
            }
        }
        if right.columns >= rows {
            ranges(right.columns, unit: 128) { piece($0, rows: 0..<rows, columns: $1) }
        } else {
            ranges(rows, unit: 96) { piece($0, rows: $1, columns: 0..<right.columns) }
        }
    }

    /// `gradient[outputs × inputs] += dyᵀ · x`, summing over rows in ascending order.
    func addOuterProduct(
        _ dy: UnsafePointer<Float>, outputs: Int, _ x: UnsafePointer<Float>, inputs: Int, rows: Int,
        to gradient: UnsafeMutablePointer<Float>
    ) {
        multiply(
            rows: outputs, MatrixRows(pointer: dy, rowStride: 1, columnStride: outputs),
            RightMatrix(rows: x, depth: rows, columns: inputs), into: gradient, stride: inputs, adding: true)
    }
}

/// The left operand of a product: element (i, r) is at `pointer[i * rowStride + r * columnStride]`.
struct MatrixRows {
    var pointer: UnsafePointer<Float>
    var rowStride: Int
    var columnStride = 1
}

/// The right operand of a product, `depth × columns`: packed once for many products, or plain and packed block by block.
///
/// Invariant: whoever owns the memory behind `plain` outlives the value, and does not write to it during a product.
struct RightMatrix: @unchecked Sendable {
    let depth: Int
    let columns: Int
    let plain: UnsafePointer<Float>
    let rowStride: Int
    let columnStride: Int
    private(set) var packed: FloatBuffer?

    /// Rows as they lie in memory.
    init(rows: UnsafePointer<Float>, depth: Int, columns: Int) {
        plain = rows
        self.depth = depth
        self.columns = columns
        (rowStride, columnStride) = (columns, 1)
    }

    /// `Wᵀ` of a matrix `W[outputs × inputs]`.
    init(transposed matrix: UnsafePointer<Float>, outputs: Int, inputs: Int) {
        plain = matrix
        (depth, columns) = (inputs, outputs)
        (rowStride, columnStride) = (1, inputs)
    }

    func packedForm() -> RightMatrix {
        let buffer = FloatBuffer(count: mr_packed_count(depth, columns))
        mr_pack(plain, rowStride, columnStride, depth, columns, buffer.pointer)
        var form = self
        form.packed = buffer
        return form
    }
}
