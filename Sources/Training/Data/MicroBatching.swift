/// How the datums of one optimizer step are divided among forward-backward passes.
///
/// The division changes no gradient but for rounding: weights are normalised over the whole batch before it is divided
/// (``DatumAssembler``), gradients add up until the optimizer step, and a server that averages is told the number of datums
/// of all passes. It bounds what the server holds in memory at a time.
public enum MicroBatching: Sendable, Equatable {
    /// One pass, submitted together with the optimizer step.
    case whole
    /// So many passes of nearly equally many datums, in the order of the batch; never an empty one.
    case parts(Int)
    /// As many passes as keep each within so many tokens, padding included (datums × length of the longest). Datums are taken
    /// in the order of their lengths. One that is longer by itself has a pass of its own.
    case tokens(Int)

    /// The indices of the datums of each pass; every index exactly once. Empty for no datums.
    func passes(lengths: [Int]) -> [[Int]] {
        guard !lengths.isEmpty else { return [] }
        switch self {
        case .whole: return [Array(lengths.indices)]
        case .parts(let count):
            let count = min(max(1, count), lengths.count)
            return (0..<count).map { part in
                Array(part * lengths.count / count..<(part + 1) * lengths.count / count)
            }
        case .tokens(let budget):
            let order = lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
            var passes: [[Int]] = []
            for index in order {
                // In this order each datum is the longest of its pass so far.
                if let last = passes.last, (last.count + 1) * lengths[index] <= budget {
                    passes[passes.count - 1].append(index)
                } else {
                    passes.append([index])
                }
            }
            return passes
        }
    }

    /// The share of positions that are padding where each pass is padded to its longest datum.
    static func paddingFraction(of passes: [[Int]], lengths: [Int]) -> Double {
        let padded = passes.reduce(0) { $0 + $1.count * ($1.map { lengths[$0] }.max() ?? 0) }
        let used = passes.reduce(0) { $0 + $1.reduce(0) { $0 + lengths[$1] } }
        return padded > 0 ? 1 - Double(used) / Double(padded) : 0
    }
}
