import Primitives

/// The model of a byte-level vocabulary, one piece at a time.
struct BytePairModel: Sendable {
    let merger: BytePairMerger

    init(byteTokens: [TokenID], merges: MergeTable) {
        merger = BytePairMerger(byteTokens: FixedTable(byteTokens), merges: merges)
    }

    /// Appends the ids of one piece, which must not be empty.
    func append(_ piece: UnsafeBufferPointer<UInt8>, to ids: inout [TokenID]) {
        withUnsafeTemporaryAllocation(of: TokenID.self, capacity: piece.count) { result in
            guard let start = result.baseAddress else { return }
            let count = merger.merge(piece, into: start)
            ids.append(contentsOf: result[..<count])
        }
    }
}
