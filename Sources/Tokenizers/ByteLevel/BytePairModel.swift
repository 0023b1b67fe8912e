import Primitives

/// Byte-pair encoding: joins the bytes of a piece by the merge of lowest rank, leftmost first, until none applies.
struct BytePairModel: Sendable {
    /// The id of each single byte.
    let byteTokens: [TokenID]
    let merges: MergeTable

    /// Above this many bytes a heap is faster than looking through all pairs.
    private static let longestScan = 64

    /// Appends the ids of one piece, which must not be empty.
    func append(_ piece: UnsafeBufferPointer<UInt8>, to ids: inout [TokenID], cache: inout PieceCache) {
        if piece.count == 1 {
            ids.append(byteTokens[Int(piece[0])])
        } else if piece.count <= PieceCache.longestPiece {
            let hash = ByteHash.hash(piece)
            if cache.append(piece, hash: hash, to: &ids) { return }
            let start = ids.count
            appendByScanning(piece, to: &ids)
            cache.insert(piece, hash: hash, ids: ids[start...])
        } else if piece.count <= Self.longestScan {
            appendByScanning(piece, to: &ids)
        } else {
            appendByHeap(piece, to: &ids)
        }
    }

    /// Quadratic in the number of bytes, for short pieces.
    private func appendByScanning(_ piece: UnsafeBufferPointer<UInt8>, to ids: inout [TokenID]) {
        withUnsafeTemporaryAllocation(of: TokenID.self, capacity: piece.count) { symbols in
            withUnsafeTemporaryAllocation(of: MergeTable.Entry.self, capacity: piece.count) { pairs in
                var count = piece.count
                for index in 0..<count { symbols.initializeElement(at: index, to: byteTokens[Int(piece[index])]) }
                for index in 0..<count - 1 {
                    pairs.initializeElement(at: index, to: merges.entry(symbols[index], symbols[index + 1]))
                }
                pairs.initializeElement(at: count - 1, to: MergeTable.absent)
                while count > 1 {
                    var best = MergeTable.absent
                    var position = 0
                    for index in 0..<count - 1 where pairs[index] < best {
                        best = pairs[index]
                        position = index
                    }
                    if best == MergeTable.absent { break }
                    symbols[position] = MergeTable.product(best)
                    count -= 1
                    for index in position + 1..<max(count, position + 1) {
                        symbols[index] = symbols[index + 1]
                        pairs[index] = pairs[index + 1]
                    }
                    pairs[position] =
                        position + 1 < count
                        ? merges.entry(symbols[position], symbols[position + 1]) : MergeTable.absent
                    if position > 0 { pairs[position - 1] = merges.entry(symbols[position - 1], symbols[position]) }
                }
                ids.append(contentsOf: symbols[..<count])
            }
        }
    }

    /// O(n log n), for long pieces.
    private func appendByHeap(_ piece: UnsafeBufferPointer<UInt8>, to ids: inout [TokenID]) {
        let count = piece.count
        let joined: TokenID = -1
        var symbols = piece.map { byteTokens[Int($0)] }
        var previous = (0..<count).map { $0 - 1 }
        var next = (0..<count).map { $0 + 1 }
        // Entries are rank, then position. One whose pair has changed since it was pushed has another rank by now.
        var heap = MinimumHeap(
            (0..<count - 1).compactMap { index in
                let entry = merges.entry(symbols[index], symbols[index + 1])
                return entry == MergeTable.absent ? nil : MergeTable.rank(entry) << 32 | UInt64(index)
            })
        while let top = heap.removeMinimum() {
            let position = Int(top & 0xFFFF_FFFF)
            let right = next[position]
            guard symbols[position] != joined, right < count else { continue }
            let entry = merges.entry(symbols[position], symbols[right])
            guard entry != MergeTable.absent, MergeTable.rank(entry) == top >> 32 else { continue }
            symbols[position] = MergeTable.product(entry)
            symbols[right] = joined
            next[position] = next[right]
            if next[position] < count { previous[next[position]] = position }
            for left in [previous[position], position] where left >= 0 && next[left] < count {
                let entry = merges.entry(symbols[left], symbols[next[left]])
                if entry != MergeTable.absent { heap.insert(MergeTable.rank(entry) << 32 | UInt64(left)) }
            }
        }
        ids.append(contentsOf: symbols.lazy.filter { $0 != joined })
    }
}
