import CKernels

/// The keys and values of one sequence: its pages, of which the first ones may be shared.
///
/// Invariants
/// * Positions below `count` are stored; `pages` has room for them.
/// * Only pages that the sequence got by ``append(_:)`` for itself are written.
struct SequenceCache {
    private(set) var pages: [CachePage] = []
    /// The addresses of `pages`, as the attention kernel takes them.
    private(set) var addresses: [UnsafePointer<Float>?] = []
    var count = 0

    var room: Int { pages.count * CachePage.positions }

    mutating func append(_ page: CachePage) {
        pages.append(page)
        addresses.append(UnsafePointer(page.address))
    }

    /// Stores one position of one layer from a row of normalised, rotated keys and values.
    func store(layer: Int, position: Int, keys: UnsafePointer<Float>, layout: CachePage.Layout) {
        let page = pages[position / CachePage.positions].address
        let at = position % CachePage.positions
        let size = layout.headSize
        let values = keys + layout.keyHeadCount * size
        for keyHead in 0..<layout.keyHeadCount {
            mr_store_key(page + layout.keyOffset(layer: layer, keyHead: keyHead), at, size, keys + keyHead * size)
            (page + layout.valueOffset(layer: layer, keyHead: keyHead) + at * layout.padded)
                .update(from: values + keyHead * size, count: size)
        }
    }
}
