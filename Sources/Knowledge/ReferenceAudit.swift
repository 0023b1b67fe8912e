/// Executes questions that others made and says which of their claims hold, and which of them certify here.
///
/// They count candidates without the anchor; we let a walk come back to it, so that what certifies here is unique either
/// way. Both counts are made.
public struct ReferenceAudit: Sendable {
    public struct Verdict: Sendable, Hashable {
        /// The fields whose values are not those found when the anchor does not count as a candidate.
        public var differing: [String]
        /// How many answers the entailed facts give without the anchor.
        public var entailedAnswers: Int
        /// Why the question has no certificate on the entailed facts; `nil` where it has one.
        public var failure: CertificateFailure?
        /// Whether the failure is there only because the anchor counts: without it there is one answer.
        public var isAnchorsDoing: Bool

        public var isReproduced: Bool { differing.isEmpty }
    }

    private let asserted: FactIndex
    private let entailed: FactIndex

    public init(graph: KnowledgeGraph) throws(KnowledgeError) {
        asserted = graph.asserted
        entailed = try graph.facts(.entailed)
    }

    public func verdict(on question: ReferenceQuestion) -> Verdict {
        let candidates = Self.answersWithoutAnchor(question.query, on: asserted)
        let entailedAnswers = Self.answersWithoutAnchor(question.query, on: entailed).last ?? []
        let shortest = asserted.distance(
            from: question.query.anchor, to: question.answer, atMost: question.query.steps.count)
        var differing: [String] = []
        if candidates.map(\.count) != question.candidatesPerStep { differing.append("candidates_per_step_full_kg") }
        if candidates.last != [question.answer] { differing.append("answer") }
        if shortest != question.shortestPath { differing.append("shortest_path_full_kg") }
        if entailedAnswers.count != question.entailedAnswerCount { differing.append("answer_set_size_entailed") }
        var failure: CertificateFailure?
        if case .failure(let reason) = entailed.certify(question.query) { failure = reason }
        var isAnchorsDoing = false
        if case .severalAnswers? = failure { isAnchorsDoing = entailedAnswers.count == 1 }
        return Verdict(
            differing: differing, entailedAnswers: entailedAnswers.count, failure: failure,
            isAnchorsDoing: isAnchorsDoing)
    }

    private static func answersWithoutAnchor(_ query: ChainQuery, on facts: FactIndex) -> [[EntityIndex]] {
        var sets: [[EntityIndex]] = []
        for step in query.steps {
            let reached = facts.adjacency.neighbours(ofAll: sets.last ?? [query.anchor], by: step)
            sets.append(reached.filter { $0 != query.anchor })
        }
        return sets
    }
}
