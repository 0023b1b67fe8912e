/// Why one side of a comparison has no canonical value, or two values could not be compared.
public enum AnswerProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text is not one answer of the type. `offset` is the byte of the answer where reading stopped.
    case malformed(String, offset: Int? = nil)
    /// The text is an answer, and a rule against gaming refuses it: laundering, mixed scripts, hidden characters.
    case refused(String, offset: Int? = nil)
    /// The type's mathematics or grammar does not reach this far; says nothing about right or wrong.
    case undecided(String)
    /// A limit of ``WorkLimits`` was reached.
    case overBudget(String)

    public var description: String {
        switch self {
        case .malformed(let text, let offset), .refused(let text, let offset):
            offset.map { "\(text) (at byte \($0))" } ?? text
        case .undecided(let text), .overBudget(let text): text
        }
    }
}
