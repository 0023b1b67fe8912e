import Primitives

/// Concatenates the examples of a batch to fewer, longer sequences.
///
/// The Tinker API has no word for the borders inside a datum: no segment ids, no positions, no attention mask. So a packed
/// example sees the ones before it in its sequence, and its positions do not start at 0, on every backend there is. What
/// stays exact is the loss: every token keeps its weight, and the first token of an example, which is predicted from nothing
/// in a sequence of its own, weighs nothing here either. Backends that average over datums do not change that, because the
/// client compensates for their reduction token by token. ``MicroBatching/tokens(_:)`` saves padding without any of this.
public struct ExamplePacking: Sendable, Equatable {
    /// The greatest length of a packed sequence. An example that is longer by itself stays alone.
    public var maximumTokens: Int

    public init(maximumTokens: Int) { self.maximumTokens = maximumTokens }

    /// The indices of the examples of each packed sequence, every one exactly once: each example, the longest first, goes to
    /// the first sequence that has room (first-fit decreasing). Within a sequence the order is that of the batch.
    func bins(lengths: [Int]) -> [[Int]] {
        var bins: [(indices: [Int], length: Int)] = []
        for index in lengths.indices.sorted(by: { (-lengths[$0], $0) < (-lengths[$1], $1) }) {
            if let bin = bins.firstIndex(where: { $0.length + lengths[index] <= maximumTokens }) {
                bins[bin].indices.append(index)
                bins[bin].length += lengths[index]
            } else {
                bins.append(([index], lengths[index]))
            }
        }
        return bins.map { $0.indices.sorted() }
    }

    func packed(_ sequences: [SupervisedSequence]) -> [SupervisedSequence] {
        bins(lengths: sequences.map(\.tokens.count)).map { indices in
            var (tokens, weights): ([TokenID], [Float]) = ([], [])
            for index in indices {
                tokens += sequences[index].tokens
                weights.append(0)
                weights += sequences[index].weights.dropFirst()
            }
            return SupervisedSequence(tokens: tokens, weights: weights)
        }
    }
}
