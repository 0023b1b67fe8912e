import CKernels

/// The gradients of an adapter's matrices: with `y = x · (W + s·B·A)ᵀ`, `dB = s · dyᵀ · (x · Aᵀ)` and
/// `dA = s · (dy · B)ᵀ · x`.
///
/// Invariant: sums over rows are in ascending order, so gradients do not depend on threads.
final class AdapterBackward {
    private let packed = FloatBuffer(count: 0)
    private let packedInput = FloatBuffer(count: 0)
    private let low = FloatBuffer(count: 0)

    /// Adds the gradients of the targets of one matrix product.
    /// - Parameters:
    ///   - dy: The gradient of the product's result, `rows × outputs` of all its matrices.
    ///   - x: What was multiplied, `rows × inputs`.
    func add(
        _ targets: [AdapterLayout.Target], of adapter: AdapterWeights, dy: UnsafePointer<Float>, outputs: Int,
        x: UnsafePointer<Float>, inputs: Int, rows: Int, to gradients: UnsafeMutablePointer<Float>
    ) {
        guard !targets.isEmpty, rows > 0 else { return }
        let rank = adapter.layout.rank
        low.reserve(rows * rank)
        packed.reserve(max(mr_packed_count(max(inputs, outputs), rank), mr_packed_count(rows, rank)))
        packedInput.reserve(mr_packed_count(rows, inputs))
        mr_pack(x, inputs, 1, rows, inputs, packedInput.pointer)
        for target in targets {
            let part = dy + target.firstRow
            // x · Aᵀ, then dB.
            mr_pack(adapter.a(target), 1, inputs, inputs, rank, packed.pointer)
            mr_matmul(rows, rank, inputs, x, inputs, 1, packed.pointer, low.pointer, rank, 0)
            scaleLow(by: adapter.scale, count: rows * rank)
            mr_pack(low.pointer, rank, 1, rows, rank, packed.pointer)
            mr_matmul(
                target.outputs, rank, rows, part, 1, outputs, packed.pointer, gradients + target.b, rank, 1)
            // dy · B, then dA.
            mr_pack(adapter.b(target), rank, 1, target.outputs, rank, packed.pointer)
            mr_matmul(rows, rank, target.outputs, part, outputs, 1, packed.pointer, low.pointer, rank, 0)
            scaleLow(by: adapter.scale, count: rows * rank)
            mr_matmul(
                rank, inputs, rows, low.pointer, 1, rank, packedInput.pointer, gradients + target.a, inputs, 1)
        }
    }

    private func scaleLow(by scale: Float, count: Int) {
        for i in 0..<count { low.pointer[i] *= scale }
    }
}
