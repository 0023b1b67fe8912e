import CKernels

/// Working memory of one thread for the attention of one key-value head of one sequence.
final class AttentionScratch {
    let keyBlocks = FloatBuffer(count: 0)
    let keys = FloatBuffer(count: 0)
    let values = FloatBuffer(count: 0)
    let valueBlocks = FloatBuffer(count: 0)
    let gradientOfKeys = FloatBuffer(count: 0)
    let gradientOfValues = FloatBuffer(count: 0)
    let scores = FloatBuffer(count: 0)

    /// Arranges the keys and values of one head of one sequence as the attention kernels want them.
    func load(_ projection: FloatBuffer, first: Int, length: Int, keyHead: Int, shape: DecoderConfiguration) {
        let (size, padded) = (shape.headSize, mr_padded(shape.headSize))
        keyBlocks.reserve((length + 15) * size)
        values.reserve((length + 15) * padded)
        scores.reserve(mr_attend_scratch(length, size))
        for t in 0..<length {
            let row = projection.pointer + (first + t) * shape.projectionSize
            mr_store_key(keyBlocks.pointer, t, size, row + shape.querySize + keyHead * size)
            copyHead(row + shape.querySize + shape.keyValueSize + keyHead * size, to: values, t: t, shape)
        }
    }

    /// As ``load(_:first:length:keyHead:shape:)``, with the layouts that only the backward pass reads.
    func loadForBackward(
        _ projection: FloatBuffer, first: Int, length: Int, keyHead: Int, shape: DecoderConfiguration
    ) {
        let (size, padded) = (shape.headSize, mr_padded(shape.headSize))
        for buffer in [keyBlocks, valueBlocks] { buffer.reserve((length + 15) * size) }
        for buffer in [keys, gradientOfKeys, gradientOfValues] { buffer.reserve((length + 15) * padded) }
        scores.reserve(mr_attend_scratch(length, size))
        for t in 0..<length {
            let row = projection.pointer + (first + t) * shape.projectionSize
            let key = row + shape.querySize + keyHead * size
            mr_store_key(keyBlocks.pointer, t, size, key)
            mr_store_key(valueBlocks.pointer, t, size, key + shape.keyValueSize)
            copyHead(key, to: keys, t: t, shape)
        }
        gradientOfKeys.clear(length * padded)
        gradientOfValues.clear(length * padded)
    }

    private func copyHead(_ head: UnsafePointer<Float>, to buffer: FloatBuffer, t: Int, _ shape: DecoderConfiguration) {
        let (size, padded) = (shape.headSize, mr_padded(shape.headSize))
        let row = buffer.pointer + t * padded
        row.update(from: head, count: size)
        (row + size).update(repeating: 0, count: padded - size)
    }
}
