import Knowledge

/// Reads a case against the graph: names to findings, and what of them is said once more or contradicted.
struct CaseResolver: Sendable {
    static let negations = ["no ", "not ", "without ", "absence of ", "absent ", "denies ", "negative for "]

    let graph: KnowledgeGraph
    let names: FindingNames
    let kinds: [FindingLinks]
    let hierarchy: Hierarchy

    /// The findings to reason with, in an order that does not depend on that of the case.
    func resolve(_ patient: ClinicalCase) -> (findings: [ResolvedFinding], unused: [UnusedTerm]) {
        var resolved: [ResolvedFinding] = []
        var unused: [UnusedTerm] = []
        for (texts, isPresent) in [(patient.findings, true), (patient.absent, false)] {
            for text in texts.map(Self.tidy) where !text.isEmpty {
                switch find(text) {
                case .found(let entities, let kind, let isNegated):
                    var generalizations = Set(entities)
                    for entity in entities { generalizations.formUnion(hierarchy.ancestors(of: entity)) }
                    resolved.append(
                        ResolvedFinding(
                            text: text, isPresent: isPresent != isNegated, entities: entities, kind: kind,
                            generalizations: generalizations))
                case .notLinked: unused.append(UnusedTerm(text: text, reason: .notLinked))
                case .unknown:
                    unused.append(
                        UnusedTerm(text: text, reason: .unknown(suggestions: names.suggestions(for: text))))
                }
            }
        }
        resolved.sort { left, right in
            if left.kind != right.kind { return left.kind < right.kind }
            if left.entities != right.entities { return left.entities.lexicographicallyPrecedes(right.entities) }
            if left.isPresent != right.isPresent { return left.isPresent }
            return left.text < right.text
        }
        let (kept, dropped) = Self.independent(resolved)
        return (kept, unused + dropped)
    }

    private enum Match {
        case found([EntityIndex], kind: Int, isNegated: Bool)
        case notLinked
        case unknown
    }

    private func find(_ text: String) -> Match {
        let match = match(text)
        if case .unknown = match, let negation = Self.negations.first(where: { text.lowercased().hasPrefix($0) }),
            case .found(let entities, let kind, _) = self.match(String(text.dropFirst(negation.count)))
        {
            return .found(entities, kind: kind, isNegated: true)
        }
        return match
    }

    private func match(_ text: String) -> Match {
        let entities = names.entities(named: text)
        guard !entities.isEmpty else { return .unknown }
        var best: (kind: Int, count: Int)?
        for (kind, links) in kinds.enumerated() {
            let count = entities.reduce(0) { $0 + linkCount(of: $1, in: links) }
            if count > best?.count ?? 0 { best = (kind, count) }
        }
        return best.map { .found(entities, kind: $0.kind, isNegated: false) } ?? .notLinked
    }

    /// The links of a finding, of its kinds and of its categories.
    private func linkCount(of entity: EntityIndex, in links: FindingLinks) -> Int {
        ([entity] + hierarchy.descendants(of: entity) + hierarchy.ancestors(of: entity)).reduce(0) {
            $0 + links[$1].count
        }
    }

    /// Drops findings that another one implies, and pairs that contradict each other.
    private static func independent(_ findings: [ResolvedFinding]) -> ([ResolvedFinding], [UnusedTerm]) {
        var dropped: [Int: UnusedTerm] = [:]
        func drop(_ place: Int, _ reason: UnusedTerm.Reason) {
            dropped[place] = dropped[place] ?? UnusedTerm(text: findings[place].text, reason: reason)
        }
        for (i, first) in findings.enumerated() {
            for (j, second) in findings.enumerated() where i != j && first.implies(second) {
                switch (first.isPresent, second.isPresent) {
                case (true, false):
                    drop(i, .contradicted(by: "no \(second.text)"))
                    drop(j, .contradicted(by: first.text))
                case (true, true):
                    // Of two that imply each other the earlier stays.
                    if !second.implies(first) || i < j { drop(j, .implied(by: first.text)) }
                case (false, false):
                    if !second.implies(first) || j < i { drop(i, .implied(by: "no \(second.text)")) }
                case (false, true): break
                }
            }
        }
        return (
            findings.indices.filter { dropped[$0] == nil }.map { findings[$0] },
            findings.indices.compactMap { dropped[$0] }
        )
    }

    private static func tidy(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
