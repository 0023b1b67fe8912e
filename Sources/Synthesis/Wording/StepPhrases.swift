import Knowledge

/// The phrasings of one direction of a relation, from something known (`{x}`) to what is looked for.
///
/// Invariant: every text holds `{x}` once; a statement also holds `{new}` once. Where `{x}` is not at the end, only a short
/// `{x}` may stand there, so that no reader has to keep half a sentence in mind.
struct StepPhrases: Sendable, Hashable {
    /// What is looked for, where the entity type's noun is too general: `broader disease`.
    var label: String?
    /// Verb phrases in the singular whose subject is what is looked for: `is mutated in {x}`.
    var predicates: [String]
    /// Verb phrases for a named `{x}` only, where a name needs other words than a description. `{a x}` is the name as a
    /// member of its class: `is {a x}` makes `is a kinase inhibitor`.
    var namedPredicates: [String] = []
    /// Nouns with what follows them, without article: `gene mutated in {x}`.
    var nounPhrases: [String] = []
    /// Whole interrogatives.
    var questions: [String] = []
    /// Sentences that start from `{x}` and introduce `{new}`.
    var statements: [String] = []
}

/// The phrasings of relations by their names.
///
/// A relation that is not in the table is worded by the noun phrase of its schema.
struct EnglishPhrasebook: Sendable {
    private let relations: [Relation]

    init(relations: [Relation]) { self.relations = relations }

    func phrases(_ step: Step) -> StepPhrases {
        let relation = relations[Int(step.relation)]
        let table = step.isInverse ? Self.inverse : Self.forward
        if let known = table[relation.name] { return known }
        let phrase = relation.phrases(inverse: step.isInverse).phrase
        let bare = phrase.hasPrefix("the ") ? String(phrase.dropFirst(4)) : phrase
        return StepPhrases(predicates: ["is \(phrase)"], nounPhrases: [bare], questions: ["What is \(phrase)?"])
    }

    /// The names of the relations that have phrasings of their own.
    static var coveredRelations: Set<String> { Set(forward.keys) }
}
