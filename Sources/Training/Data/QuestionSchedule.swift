/// Which questions each step of a reinforcement stage asks: consecutive slices of an endless row of shuffled epochs, so
/// that within an epoch every question is asked exactly once, whatever the number of questions per step.
public struct QuestionSchedule: Sendable {
    public let questionCount: Int
    public let questionsPerStep: Int
    private let order: EpochOrder

    public init(questionCount: Int, questionsPerStep: Int, seed: UInt64, stage: StageName = .reinforcement) {
        precondition(questionCount > 0 && questionsPerStep > 0, "a schedule needs questions")
        self.questionCount = questionCount
        self.questionsPerStep = questionsPerStep
        order = EpochOrder(itemCount: questionCount, seed: seed, stage: stage)
    }

    /// The indices of the questions of a step, in order; steps count from 1.
    public func indices(step: Int) -> [Int] {
        precondition(step >= 1, "steps count from 1")
        let start = (step - 1) * questionsPerStep
        var indices: [Int] = []
        var position = start
        while position < start + questionsPerStep {
            let permutation = order.permutation(epoch: position / questionCount)
            let offset = position % questionCount
            let slice = permutation[offset..<min(questionCount, offset + start + questionsPerStep - position)]
            indices += slice
            position += slice.count
        }
        return indices
    }

    /// Where the data stands once a step is done (0: nothing is done).
    public func cursor(afterStep step: Int) -> DataCursor {
        let consumed = step * questionsPerStep
        return DataCursor(consumed: consumed, epoch: consumed / questionCount, next: consumed % questionCount)
    }
}
