import Evaluation

/// When a stage measures its policy.
public struct EvaluationPlan: Sendable {
    public var evaluation: any PolicyEvaluation
    /// After every so many steps, besides the end of the stage; `nil` evaluates at the end only.
    public var every: Int?
    /// Whether the policy that the stage starts from is measured too, as step 0.
    public var includesInitialPolicy: Bool

    public init(evaluation: any PolicyEvaluation, every: Int? = nil, includesInitialPolicy: Bool = false) {
        precondition(every ?? 1 > 0, "evaluations lie a positive number of steps apart")
        self.evaluation = evaluation
        self.every = every
        self.includesInitialPolicy = includesInitialPolicy
    }

    func isDue(step: Int, of total: Int) -> Bool { step == total || every.map { step.isMultiple(of: $0) } ?? false }
}
