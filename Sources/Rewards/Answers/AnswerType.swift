/// The type of an answer. Each has a reader that gives every spelling of one answer one canonical value; `README.md` of
/// this room documents them with examples.
public enum AnswerType: String, Sendable, Hashable, CaseIterable {
    /// The name of a thing of the knowledge graph, compared like ``text``.
    case entity
    /// A short free text with aliases.
    case text
    case number, integer, decimal, percent
    case quantity, range
    case date, datetime, duration
    /// A registry number or code; the policy's `scheme` or the gold itself says of which registry.
    case identifier
    /// A sequence variant in HGVS nomenclature.
    case variant
    case gene, drug, disease
    case list, multiset, set, record
    case boolean, choice
    case json
    /// Mathematics in LaTeX or plain notation.
    case latex
}
