/// How well an answer's citations name evidence of the episode.
///
/// Citing everything that was retrieved has a precision of 1, so the part belongs behind a right answer, and a gold with
/// evidence is better than one without.
struct EvidenceCitation: Sendable, Hashable {
    /// The share of the different cited identifiers that the episode retrieved; an unknown one counts 0, and so does
    /// citing nothing.
    let precision: Double
    /// The share of the gold's evidence that is cited and was retrieved; `nil` where the gold names none.
    let recall: Double?

    init(cited: [String], retrieved: Set<String>, evidence: Set<String> = []) {
        let cited = Set(cited)
        let known = cited.intersection(retrieved)
        precision = cited.isEmpty ? 0 : Double(known.count) / Double(cited.count)
        recall = evidence.isEmpty ? nil : Double(known.intersection(evidence).count) / Double(evidence.count)
    }

    /// Precision, times recall where there is one.
    var value: Double { precision * (recall ?? 1) }
}
