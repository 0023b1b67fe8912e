import CKernels

/// The keys and values of 16 consecutive positions in all layers.
///
/// Invariants
/// * A position is written once, by the one sequence that computes it; whoever else holds the page reads positions that
///   were written before it got the page.
/// * The memory goes back to the store when nobody holds the page any more.
final class CachePage: @unchecked Sendable {
    /// Positions of a page: the keys that the attention kernel takes together.
    static let positions = 16

    /// Where the heads lie in a page.
    struct Layout: Sendable {
        let layerCount: Int
        let keyHeadCount: Int
        let headSize: Int
        /// Floats of one value row.
        let padded: Int

        init(_ shape: DecoderConfiguration) {
            layerCount = shape.layerCount
            keyHeadCount = shape.keyValueHeadCount
            headSize = shape.headSize
            padded = mr_padded(shape.headSize)
        }

        /// Floats of a page.
        var count: Int { layerCount * keyHeadCount * headFloats }
        private var headFloats: Int { CachePage.positions * (headSize + padded) }
        func keyOffset(layer: Int, keyHead: Int) -> Int { (layer * keyHeadCount + keyHead) * headFloats }
        func valueOffset(layer: Int, keyHead: Int) -> Int {
            keyOffset(layer: layer, keyHead: keyHead) + CachePage.positions * headSize
        }
    }

    private let memory: FloatBuffer
    private let store: PageStore
    var address: UnsafeMutablePointer<Float> { memory.pointer }

    init(memory: FloatBuffer, store: PageStore) {
        self.memory = memory
        self.store = store
    }

    deinit { store.takeBack(memory) }

    /// Copies the first `count` positions of another page, and only those: the others may be being written.
    func copy(_ count: Int, from other: CachePage, layout: Layout) {
        for layer in 0..<layout.layerCount {
            for keyHead in 0..<layout.keyHeadCount {
                let keys = layout.keyOffset(layer: layer, keyHead: keyHead)
                for component in 0..<layout.headSize {
                    let at = keys + component * Self.positions
                    (address + at).update(from: other.address + at, count: count)
                }
                let values = layout.valueOffset(layer: layer, keyHead: keyHead)
                (address + values).update(from: other.address + values, count: count * layout.padded)
            }
        }
    }
}
