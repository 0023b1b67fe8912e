import Knowledge

/// A statement of a case that the graph knows.
struct ResolvedFinding: Sendable {
    /// As the case says it.
    var text: String
    var isPresent: Bool
    /// Ascending; together they are the finding.
    var entities: [EntityIndex]
    /// The place of its kind among the engine's.
    var kind: Int
    /// What the entities are and all of their categories.
    var generalizations: Set<EntityIndex>

    /// Whether every patient who shows this finding shows the other.
    func implies(_ other: ResolvedFinding) -> Bool {
        kind == other.kind && other.entities.contains { generalizations.contains($0) }
    }
}

/// A term of a case that could not be used.
public struct UnusedTerm: Sendable, Hashable {
    public enum Reason: Sendable, Hashable {
        /// The graph has no such name; names that are like it.
        case unknown(suggestions: [String])
        /// The graph knows it and links no candidate to it.
        case notLinked
        /// Another finding says it already.
        case implied(by: String)
        /// Another finding says the contrary.
        case contradicted(by: String)
    }

    public var text: String
    public var reason: Reason

    public init(text: String, reason: Reason) {
        self.text = text
        self.reason = reason
    }
}
