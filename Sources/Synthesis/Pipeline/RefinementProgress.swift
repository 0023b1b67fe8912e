/// How far the refinement of questions is.
public struct RefinementProgress: Sendable, Hashable {
    public enum Stage: String, Sendable, Hashable {
        case calibrating, rewriting
    }

    public var stage: Stage
    /// The questions of this stage.
    public var total: Int
    public var finished = 0
    /// Of `finished`: questions within the limits of difficulty, or with a new wording.
    public var accepted = 0
    public var tooEasy = 0
    public var tooHard = 0
    /// US dollars for all models, of earlier launches too; whoever knows the prices sets it.
    public var cost = 0.0

    public init(stage: Stage, total: Int) {
        self.stage = stage
        self.total = total
    }

    mutating func add(_ outcome: DifficultyCalibrator.Outcome) {
        finished += 1
        switch outcome.fate {
        case .kept: accepted += 1
        case .tooEasy: tooEasy += 1
        case .tooHard: tooHard += 1
        case .ungraded: break
        }
    }

    mutating func add(_ outcome: QuestionRewriter.Outcome) {
        finished += 1
        if outcome.isRewritten { accepted += 1 }
    }
}
