import CKernels

/// The keys and values of one sequence in all layers, so that a continuation computes its new tokens only.
///
/// Invariants
/// * Rows of `tokens[i]` are valid for every `i < tokens.count`; positions behind that hold rubbish.
/// * Used by one worker at a time.
final class SequenceCache: @unchecked Sendable {
    /// The tokens whose keys and values are stored.
    var tokens: [Int32] = []
    /// When the cache was last given back; orders eviction.
    var lastUse = 0
    private let shape: DecoderConfiguration
    private let padded: Int
    private var capacity = 0
    private var heads: [Head] = []

    struct Head {
        /// Blocked as `mr_attend` wants it.
        var keys: FloatBuffer
        /// Row-major, padded.
        var values: FloatBuffer
    }

    init(_ shape: DecoderConfiguration) {
        self.shape = shape
        padded = mr_padded(shape.headSize)
    }

    /// Makes room for `count` positions, keeping what is stored.
    func reserve(_ count: Int) {
        guard count > capacity else { return }
        capacity = min((max(count, 2 * capacity) + 127) / 128 * 128, (shape.maximumPositions + 127) / 128 * 128)
        heads = (0..<shape.layerCount * shape.keyValueHeadCount).map { index in
            let grown = Head(
                keys: FloatBuffer(count: capacity * shape.headSize), values: FloatBuffer(count: capacity * padded))
            if index < heads.count {
                grown.keys.copy(from: heads[index].keys)
                grown.values.copy(from: heads[index].values)
            }
            return grown
        }
    }

    func head(layer: Int, keyHead: Int) -> Head { heads[layer * shape.keyValueHeadCount + keyHead] }

    /// Stores one position of one layer from a row of normalised, rotated keys and values.
    func store(layer: Int, position: Int, projection row: UnsafePointer<Float>) {
        let size = shape.headSize
        for keyHead in 0..<shape.keyValueHeadCount {
            let head = head(layer: layer, keyHead: keyHead)
            let key = row + shape.querySize + keyHead * size
            mr_store_key(head.keys.pointer, position, size, key)
            (head.values.pointer + position * padded).update(from: key + shape.keyValueSize, count: size)
        }
    }
}
