import Primitives

/// Byte-pair encoding: joins the bytes of a piece by the merge of lowest rank, leftmost first, until none applies.
struct BytePairMerger: Sendable {
    /// The id of each single byte.
    let byteTokens: FixedTable<TokenID>
    let merges: MergeTable
    /// The merge of each pair of bytes, the first byte counting 256.
    private let bytePairs: FixedTable<MergeTable.Entry>

    /// Up to so many bytes, looking through all pairs is faster than a heap.
    static let longestScan = 64

    init(byteTokens: FixedTable<TokenID>, merges: MergeTable) {
        self.byteTokens = byteTokens
        self.merges = merges
        let bytePairs = FixedTable(repeating: MergeTable.absent, count: 1 << 16)
        var bytes = [Int16](repeating: -1, count: Int(byteTokens.elements.max() ?? 0) + 1)
        for byte in 0..<256 { bytes[Int(byteTokens.start[byte])] = Int16(byte) }
        merges.forEach { left, right, entry in
            guard left < bytes.count, right < bytes.count, bytes[left] >= 0, bytes[right] >= 0 else { return }
            bytePairs.start[Int(bytes[left]) << 8 | Int(bytes[right])] = entry
        }
        self.bytePairs = bytePairs
    }

    /// Writes the ids of a piece and returns their number.
    ///
    /// - Parameter ids: has room for as many ids as the piece has bytes.
    func merge(_ piece: UnsafeBufferPointer<UInt8>, into ids: UnsafeMutablePointer<TokenID>) -> Int {
        piece.count <= Self.longestScan ? mergeByScanning(piece, into: ids) : mergeByHeap(piece, into: ids)
    }

    /// Quadratic in the number of bytes, for short pieces.
    private func mergeByScanning(_ piece: UnsafeBufferPointer<UInt8>, into symbols: UnsafeMutablePointer<TokenID>)
        -> Int
    {
        withUnsafeTemporaryAllocation(of: MergeTable.Entry.self, capacity: Self.longestScan) { buffer in
            guard let pairs = buffer.baseAddress, let bytes = piece.baseAddress, piece.count > 0 else { return 0 }
            var count = piece.count
            symbols[0] = byteTokens.start[Int(bytes[0])]
            for index in 1..<max(count, 1) {
                symbols[index] = byteTokens.start[Int(bytes[index])]
                pairs[index - 1] = bytePairs.start[Int(bytes[index - 1]) << 8 | Int(bytes[index])]
            }
            while count > 1 {
                var best = MergeTable.absent
                var position = 0
                for index in 0..<count - 1 {
                    let isBetter = pairs[index] < best
                    best = isBetter ? pairs[index] : best
                    position = isBetter ? index : position
                }
                if best == MergeTable.absent { break }
                let product = MergeTable.product(best)
                symbols[position] = product
                count -= 1
                // Closes the gap at position + 1; the pair of the last symbol is none.
                for index in position + 1..<max(count, position + 1) {
                    symbols[index] = symbols[index + 1]
                    pairs[index - 1] = pairs[index]
                }
                if position + 1 < count { pairs[position] = merges.entry(product, symbols[position + 1]) }
                if position > 0 { pairs[position - 1] = merges.entry(symbols[position - 1], product) }
            }
            return count
        }
    }

    /// O(n log n), for long pieces.
    private func mergeByHeap(_ piece: UnsafeBufferPointer<UInt8>, into ids: UnsafeMutablePointer<TokenID>) -> Int {
        let count = piece.count
        let joined: TokenID = -1
        var symbols = piece.map { byteTokens.start[Int($0)] }
        var previous = (0..<Int32(count)).map { $0 - 1 }
        var next = (0..<Int32(count)).map { $0 + 1 }
        // Entries are rank, then position. One whose pair has changed since it was pushed has another rank by now.
        var heap = MinimumHeap(
            (0..<count - 1).compactMap { index in
                let entry = bytePairs.start[Int(piece[index]) << 8 | Int(piece[index + 1])]
                return entry == MergeTable.absent ? nil : MergeTable.rank(entry) << 32 | UInt64(index)
            })
        while let top = heap.removeMinimum() {
            let position = Int(top & 0xFFFF_FFFF)
            let right = Int(next[position])
            guard symbols[position] != joined, right < count else { continue }
            let entry = merges.entry(symbols[position], symbols[right])
            guard entry != MergeTable.absent, MergeTable.rank(entry) == top >> 32 else { continue }
            symbols[position] = MergeTable.product(entry)
            symbols[right] = joined
            let following = Int(next[right])
            next[position] = Int32(following)
            let left = Int(previous[position])
            if following < count {
                previous[following] = Int32(position)
                let entry = merges.entry(symbols[position], symbols[following])
                if entry != MergeTable.absent { heap.insert(MergeTable.rank(entry) << 32 | UInt64(position)) }
            }
            if left >= 0 {
                let entry = merges.entry(symbols[left], symbols[position])
                if entry != MergeTable.absent { heap.insert(MergeTable.rank(entry) << 32 | UInt64(left)) }
            }
        }
        var written = 0
        for symbol in symbols where symbol != joined {
            ids[written] = symbol
            written += 1
        }
        return written
    }
}
