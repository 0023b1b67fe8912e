/// What can be wrong with the inputs of the grading room; wrong answers are verdicts, not errors.
public enum RewardError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A gold answer that no answer could equal: it has no canonical form for its kind.
    case unusableGold(kind: Gold.Kind, text: String, problem: String)
    /// A field of a grading policy has a value that it cannot have.
    case invalidPolicy(field: String, found: String, expected: String)
    /// A grading policy has a field that its type does not know.
    case unknownPolicyField(field: String, found: String, known: [String])

    public var description: String {
        switch self {
        case .unusableGold(let kind, let text, let problem):
            "the gold answer \"\(text)\" of kind \(kind.rawValue) has no canonical form: \(problem); "
                + "correct the answer or its kind, because no answer could ever be equal to it"
        case .invalidPolicy(let field, let found, let expected):
            "policy field `\(field)`: expected \(expected), found \(found)"
        case .unknownPolicyField(let field, let found, let known):
            "policy field `\(field)` (with the value \(found)) is not known here; known are "
                + known.map { "`\($0)`" }.joined(separator: ", ")
        }
    }
}
