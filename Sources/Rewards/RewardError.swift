/// What can be wrong with the inputs of the grading room; wrong answers are verdicts, not errors.
public enum RewardError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A gold answer that no answer could equal: it has no canonical form for its kind.
    case unusableGold(kind: Gold.Kind, text: String, problem: String)

    public var description: String {
        switch self {
        case .unusableGold(let kind, let text, let problem):
            "the gold answer \"\(text)\" of kind \(kind.rawValue) has no canonical form: \(problem); "
                + "correct the answer or its kind, because no answer could ever be equal to it"
        }
    }
}
