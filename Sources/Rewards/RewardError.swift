import Primitives

/// What can be wrong with the inputs of the grading room; wrong answers are verdicts, not errors.
public enum RewardError: Error, Sendable, Equatable, CustomStringConvertible {
    /// A gold answer that no answer could equal: it has no canonical form for its type.
    case unusableGold(type: AnswerType, text: String, problem: String)
    /// A field of a grading policy has a value that it cannot have.
    case invalidPolicy(field: String, found: String, expected: String)
    /// Neither an answer type nor a preset has the name.
    case unknownType(name: String, nearest: String?)
    /// A grading policy has a field that its type does not know.
    case unknownPolicyField(field: String, found: String, known: [String])

    public var description: String {
        switch self {
        case .unusableGold(let type, let text, let problem):
            "the gold answer \"\(text)\" of type \(type.rawValue) has no canonical form: \(problem); "
                + "correct the answer or its type, because no answer could ever be equal to it"
        case .invalidPolicy(let field, let found, let expected):
            "policy field `\(field)`: expected \(expected), found \(found)"
        case .unknownPolicyField(let field, let found, let known):
            "policy field `\(field)` (with the value \(found)) is not known to this type"
                + Self.hint(NearestName.of(field, in: known)) + "; known are "
                + known.map { "`\($0)`" }.joined(separator: ", ")
        case .unknownType(let name, let nearest):
            "there is no answer type or preset `\(name)`" + Self.hint(nearest)
                + "; `medresearcher score --list-types` shows them all"
        }
    }

    private static func hint(_ nearest: String?) -> String { nearest.map { "; did you mean `\($0)`?" } ?? "" }
}
