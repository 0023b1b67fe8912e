/// How one direction of a relation is worded, in documents and in questions.
public struct RelationPhrases: Sendable, Hashable {
    /// A sentence with `{subject}` and `{object}`, for example `{subject} targets the gene {object}.`
    public var sentence: String
    /// A noun phrase for what the step reaches from `{x}`, for example `the gene targeted by {x}`.
    public var phrase: String

    public init(sentence: String, phrase: String) {
        self.sentence = sentence
        self.phrase = phrase
    }

    /// States the facts that `subject` has with all `objects`, which are joined by commas.
    public func sentence(subject: String, objects: [String]) -> String {
        fill(sentence, with: ["{subject}": subject, "{object}": objects.joined(separator: ", ")])
    }

    /// Denotes what the step reaches from `start`, itself a name or a phrase.
    public func phrase(from start: String) -> String { fill(phrase, with: ["{x}": start]) }

    /// Replaces placeholders in one pass, so that braces inside the values stay as they are.
    private func fill(_ template: String, with values: [String: String]) -> String {
        var result = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{") {
            result += rest[..<open]
            rest = rest[open...]
            guard let close = rest.firstIndex(of: "}"), let value = values[String(rest[...close])] else {
                result.append(rest.removeFirst())
                continue
            }
            result += value
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
