import CKernels

/// Working memory of a lane that no result outlives.
final class BackwardScratch {
    let keyBlocks = FloatBuffer(count: 0)
    let keys = FloatBuffer(count: 0)
    let values = FloatBuffer(count: 0)
    let valueBlocks = FloatBuffer(count: 0)
    let gradientOfKeys = FloatBuffer(count: 0)
    let gradientOfValues = FloatBuffer(count: 0)
    let scores = FloatBuffer(count: 0)
    /// The gradient of the residual stream, `rows × hidden`.
    let stream = FloatBuffer(count: 0)
    let gradientOfNorm = FloatBuffer(count: 0)
    let gradientOfActivated = FloatBuffer(count: 0)
    let gradientOfGateUp = FloatBuffer(count: 0)
    let gradientOfAttended = FloatBuffer(count: 0)
    let gradientOfProjection = FloatBuffer(count: 0)
    let gradientOfRawProjection = FloatBuffer(count: 0)
    /// Takes the gradients of frozen gains, which nobody reads.
    let discarded = FloatBuffer(count: 0)
    let adapter = AdapterBackward()
    private let packed = FloatBuffer(count: 0)

    /// Arranges the keys and values of one head of one sequence as the attention kernels want them.
    func load(_ projection: FloatBuffer, first: Int, length: Int, keyHead: Int, shape: DecoderConfiguration) {
        let (size, padded) = (shape.headSize, mr_padded(shape.headSize))
        for t in 0..<length {
            let row = projection.pointer + (first + t) * shape.projectionSize
            mr_store_key(keyBlocks.pointer, t, size, row + shape.querySize + keyHead * size)
            (values.pointer + t * padded)
                .update(from: row + shape.querySize + shape.keyValueSize + keyHead * size, count: size)
        }
    }

    /// As ``load(_:first:length:keyHead:shape:)``, with the layouts that only the backward pass reads.
    func loadForBackward(
        _ projection: FloatBuffer, first: Int, length: Int, keyHead: Int, shape: DecoderConfiguration
    ) {
        let (size, padded) = (shape.headSize, mr_padded(shape.headSize))
        for t in 0..<length {
            let row = projection.pointer + (first + t) * shape.projectionSize
            let key = row + shape.querySize + keyHead * size
            mr_store_key(keyBlocks.pointer, t, size, key)
            mr_store_key(valueBlocks.pointer, t, size, key + shape.keyValueSize)
            (keys.pointer + t * padded).update(from: key, count: size)
        }
        gradientOfKeys.clear(length * padded)
        gradientOfValues.clear(length * padded)
    }

    func reserveAttention(length: Int, shape: DecoderConfiguration) {
        let room = length + 16
        let padded = mr_padded(shape.headSize)
        for buffer in [keyBlocks, valueBlocks] { buffer.reserve(room * shape.headSize) }
        for buffer in [keys, values, gradientOfKeys, gradientOfValues] { buffer.reserve(room * padded) }
        scores.reserve(2 * room)
    }

    /// `gradient[outputs × inputs] += dyᵀ · x`, summing over rows in ascending order.
    func addOuterProduct(
        _ dy: UnsafePointer<Float>, outputs: Int, _ x: UnsafePointer<Float>, inputs: Int, rows: Int,
        to gradient: UnsafeMutablePointer<Float>
    ) {
        packed.reserve(mr_packed_count(rows, inputs))
        mr_pack(x, inputs, 1, rows, inputs, packed.pointer)
        mr_matmul(outputs, inputs, rows, dy, 1, outputs, packed.pointer, gradient, inputs, 1)
    }
}
