/// The words of an answer as a bag, for the overlap scores of question-answering benchmarks.
struct AnswerWords: Sendable, Hashable {
    private(set) var counts: [String: Int] = [:]
    private(set) var total = 0

    init(_ words: some Sequence<String>) {
        for word in words {
            counts[word, default: 0] += 1
            total += 1
        }
    }

    /// The harmonic mean of precision and recall; 0 where a bag is empty.
    func overlap(with other: AnswerWords) -> Double {
        guard total > 0, other.total > 0 else { return 0 }
        var common = 0
        for (word, count) in counts { common += min(count, other.counts[word] ?? 0) }
        return Double(2 * common) / Double(total + other.total)
    }
}
