/// An endless stream whose examples are a function of their index, for base pre-training on generated texts.
public struct ExampleStream: SupervisedSource {
    public let batchSize: Int
    private let example: @Sendable (Int) async throws -> SupervisedSequence

    /// - Parameter example: the example of an index; indices count from 0.
    public init(batchSize: Int, example: @escaping @Sendable (Int) async throws -> SupervisedSequence) {
        precondition(batchSize > 0, "a batch holds at least one example")
        self.batchSize = batchSize
        self.example = example
    }

    public func batch(step: Int) async throws -> [SupervisedSequence] {
        precondition(step >= 1, "steps count from 1")
        var batch: [SupervisedSequence] = []
        for index in (step - 1) * batchSize..<step * batchSize { batch.append(try await example(index)) }
        return batch
    }

    public func cursor(afterStep step: Int) -> DataCursor {
        DataCursor(consumed: step * batchSize, epoch: 0, next: step * batchSize)
    }
}
