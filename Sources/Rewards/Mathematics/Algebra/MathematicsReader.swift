/// Reads and compares mathematical answers.
struct MathematicsReader: AnswerReader {
    let policy: MathematicsPolicy

    init(policy: MathematicsPolicy) { self.policy = policy }

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        let syntax = side == .gold ? policy.goldSyntax : policy.syntax
        let expression = try MathParser.parse(text, syntax: syntax, work: &work)
        if side == .prediction { try FormPredicate(form: policy.form).check(expression) }
        var builder = ValueBuilder(work: work, policy: policy, side: side)
        defer { work = builder.algebra.work }
        let value = try builder.answer(expression)
        return CanonicalValue(.mathematics, value.text, payload: .mathematics(value))
    }

    func compare(
        gold: CanonicalValue, prediction: CanonicalValue, work: inout Work
    ) throws(AnswerProblem) -> Comparison {
        guard case .mathematics(let left) = gold.payload, case .mathematics(let right) = prediction.payload else {
            return Comparison(isEqual: gold == prediction, guarantee: .exact)
        }
        try refuseUnevaluated(left, right)
        var comparison = ValueComparison(work: work, policy: policy)
        defer { work = comparison.algebra.work }
        let outcome = try comparison.compare(left, right)
        if !outcome.isEqual, left.isUnfinished || right.isUnfinished {
            throw .undecided("an operation that is compared by its form only, and the forms differ")
        }
        return outcome
    }

    /// Naming the computation is no answer where the gold is its result.
    private func refuseUnevaluated(_ gold: MathematicalValue, _ prediction: MathematicalValue) throws(AnswerProblem) {
        let isRefused: Bool
        switch policy.unevaluated {
        case .allow: return
        case .arithmetic:
            isRefused = prediction.operators.contains(.evaluation) && !gold.operators.contains(.evaluation)
        case .refuse: isRefused = !prediction.operators.isEmpty && gold.operators.isEmpty
        }
        if isRefused { throw .refused("a computation that is named and not carried out") }
    }
}
