import Primitives

/// The right answer of a question, with the type that says when an answer is equal to it.
public struct Gold: Sendable, Hashable {
    /// The type of an answer; each has its own canonical form (see ``CanonicalForm``).
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// The name of a thing: a disease, gene, drug…
        case entity
        /// A short free text compared like a name.
        case text
        case integer
        case decimal
        /// yes or no, true or false.
        case boolean
        /// One letter of a multiple-choice question.
        case choice
    }

    public var kind: Kind
    public var value: String
    /// Other texts that are equally right, for example an entity's synonyms.
    public var aliases: [String]

    public init(kind: Kind, value: String, aliases: [String] = []) {
        self.kind = kind
        self.value = value
        self.aliases = aliases
    }

    /// Checks, before any answer is graded, that the value and every alias have a canonical form.
    public func validate() throws(RewardError) {
        for text in [value] + aliases {
            if let problem = CanonicalForm(of: text, kind: kind).problem {
                throw .unusableGold(kind: kind, text: text, problem: problem)
            }
        }
    }

    /// `{"kind", "value", "aliases"}`.
    public var json: JSONValue {
        .object([
            "kind": .string(kind.rawValue), "value": .string(value),
            "aliases": .array(aliases.map { .string($0) }),
        ])
    }

    public init(json: JSONValue) throws(JSONError) {
        kind = try json.rawValue(at: "kind")
        value = try json.string(at: "value")
        aliases = json["aliases"] == nil ? [] : try json.strings(at: "aliases")
    }
}
