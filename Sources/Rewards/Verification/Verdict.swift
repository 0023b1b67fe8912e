/// What grading found out about one answer.
public enum Verdict: String, Sendable, Hashable, CaseIterable {
    case correct
    case incorrect
    /// Neither equality nor inequality could be shown; says nothing about the answer.
    case undecided
    /// There is not exactly one closed, non-empty answer of the gold's type, or a rule against gaming refused it.
    case malformed
    /// The gold itself has no canonical form, so that the answer cannot be judged.
    case goldError
    /// A bound of ``WorkLimits`` was reached.
    case overBudget

    /// Whether a reward that rests on this verdict may train a policy. The other verdicts say more about the grader than
    /// about the answer.
    public var trains: Bool {
        switch self {
        case .correct, .incorrect, .malformed: true
        case .undecided, .goldError, .overBudget: false
        }
    }
}
