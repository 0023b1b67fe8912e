import Knowledge

/// Words a chain as a question by nesting the relations' noun phrases from the anchor outwards.
public struct QuestionWording: Sendable {
    /// What stands before and after the nested phrase.
    public struct Opening: Sendable, Hashable {
        public var before: String
        public var after: String
    }

    public static let openings = [
        Opening(before: "What is ", after: "?"),
        Opening(before: "Name ", after: "."),
    ]

    private let relations: [Relation]

    public init(relations: [Relation]) { self.relations = relations }

    /// `the cytoband of the gene that causes the disease treated by Nadolol`.
    public func phrase(anchor: String, steps: [Step]) -> String {
        steps.reduce(anchor) { start, step in phrases(of: step).phrase(from: start) }
    }

    /// The whole question; `opening` counts modulo the number of openings.
    public func question(anchor: String, steps: [Step], opening: Int) -> String {
        let opening = Self.openings[opening % Self.openings.count]
        return opening.before + phrase(anchor: anchor, steps: steps) + opening.after
    }

    func phrases(of step: Step) -> RelationPhrases {
        relations[Int(step.relation)].phrases(inverse: step.isInverse)
    }

    /// What a step looks for, in the words of the question: `gene that causes`, `cytoband of`.
    public func wanted(by step: Step) -> String {
        let words = phrases(of: step).phrase.replacing("{x}", with: "").split(separator: " ")
        return (words.first == "the" ? words.dropFirst() : words[...]).joined(separator: " ")
    }

    static func split(_ template: String, at placeholder: String) -> (before: String, after: String) {
        guard let range = template.firstRange(of: placeholder) else { return (template, "") }
        return (String(template[..<range.lowerBound]), String(template[range.upperBound...]))
    }
}
