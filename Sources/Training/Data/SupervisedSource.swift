/// Where a supervised stage takes its batches from. A batch is a function of the step, so a resumed stage reads what the
/// uninterrupted one would have read.
public protocol SupervisedSource: Sendable {
    /// The sequences of a step; steps count from 1.
    func batch(step: Int) async throws -> [SupervisedSequence]

    /// Where the data stands once a step is done (0: nothing is done).
    func cursor(afterStep step: Int) -> DataCursor
}
