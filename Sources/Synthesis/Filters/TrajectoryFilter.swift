/// One reason why a demonstration may not be learnt from.
public protocol TrajectoryFilter: Sendable {
    /// What counts and provenance call the filter.
    var name: String { get }

    /// What is wrong, in a sentence; `nil` for a demonstration that may be kept.
    func problem(of candidate: FilterCandidate) -> String?
}

/// A demonstration with what filters need to know of its question.
public struct FilterCandidate: Sendable {
    public var question: Question
    public var demonstration: Demonstration
    /// For each entity of the chain after the anchor, ending with the answer: its name and synonyms.
    public var maskedNames: [[String]]

    public init(question: Question, demonstration: Demonstration, maskedNames: [[String]]) {
        self.question = question
        self.demonstration = demonstration
        self.maskedNames = maskedNames
    }
}

/// What a filter found.
public struct FilterReason: Sendable, Hashable {
    public var filter: String
    public var text: String

    public init(filter: String, text: String) {
        self.filter = filter
        self.text = text
    }
}
