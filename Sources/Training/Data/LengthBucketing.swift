import Primitives

/// Puts examples of similar length into one batch, so that a server that pads computes little for nothing.
///
/// The examples of so many consecutive batches of the epoch's permutation are sorted by length, cut into batches again, and
/// all batches of the epoch are shuffled. Who meets whom in a batch still changes from epoch to epoch, because the
/// permutation does; the smaller the window, the more. A batch that is smaller than the others stays the epoch's last.
struct LengthBucketing: Sendable {
    /// In tokens, by example.
    let lengths: [Int]
    /// The number of batches whose examples are sorted together.
    let windowBatches: Int

    /// The examples of an epoch in the order in which batches are cut from it.
    func order(_ permutation: [Int], batchSize: Int, random: inout CounterRandom) -> [Int] {
        var sorted: [Int] = []
        sorted.reserveCapacity(permutation.count)
        let (window, overflows) = windowBatches.multipliedReportingOverflow(by: batchSize)
        for start in stride(from: 0, to: permutation.count, by: overflows ? permutation.count : window) {
            let end = overflows ? permutation.count : min(permutation.count, start + window)
            // Ties keep the order of the permutation.
            sorted += (start..<end)
                .sorted { (lengths[permutation[$0]], $0) < (lengths[permutation[$1]], $1) }
                .map { permutation[$0] }
        }
        var batches = Array(0..<sorted.count / batchSize)
        random.shuffle(&batches)
        let whole = batches.flatMap { sorted[$0 * batchSize..<($0 + 1) * batchSize] }
        return whole + sorted[whole.count...]
    }
}
