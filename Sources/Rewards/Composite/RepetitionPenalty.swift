/// The share of repeated n-grams of tokens, times the greatest penalty: `(1 − different / all) · maximumPenalty` (the
/// repetition reward of Demystify-Long-CoT, arXiv 2502.03373, on token identifiers as in TRL).
struct RepetitionPenalty: Sendable, Hashable {
    var ngramSize: Int
    /// At most 0.
    var maximumPenalty: Double

    func value(_ tokens: [Int32]) -> Double {
        guard ngramSize > 0, tokens.count >= ngramSize else { return 0 }
        let total = tokens.count - ngramSize + 1
        return (1 - Double(Self.differentCount(tokens, size: ngramSize)) / Double(total)) * maximumPenalty
    }

    /// The number of different runs of `size` tokens, by doubling: a run of length 2k is named by the names of its two
    /// halves, so that the cost is `n log size` for any size.
    private static func differentCount(_ tokens: [Int32], size: Int) -> Int {
        var names = tokens.map(Int.init)
        var length = 1
        while length < size {
            let step = min(length, size - length)
            var known: [Pair: Int] = [:]
            var longer: [Int] = []
            longer.reserveCapacity(names.count - step)
            for start in 0..<(names.count - step) {
                let pair = Pair(left: names[start], right: names[start + step])
                let name = known[pair] ?? known.count
                known[pair] = name
                longer.append(name)
            }
            names = longer
            length += step
        }
        return Set(names).count
    }

    private struct Pair: Hashable {
        var left: Int
        var right: Int
    }
}
