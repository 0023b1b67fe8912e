/// A finite data set, shuffled anew in every epoch. Each epoch visits every example exactly once; its last batch is
/// smaller where the batch size does not divide the number of examples.
public struct ShuffledExamples: SupervisedSource {
    public let examples: [SupervisedSequence]
    public let batchSize: Int
    private let order: EpochOrder

    public init(
        examples: [SupervisedSequence], batchSize: Int, seed: UInt64, stage: StageName = .supervised
    ) throws(TrainingError) {
        guard !examples.isEmpty else {
            throw .invalidConfiguration("stage \(stage.rawValue): the data set is empty; it needs at least one example")
        }
        guard batchSize > 0 else {
            throw .invalidConfiguration("stage \(stage.rawValue): the batch size is \(batchSize); it must be positive")
        }
        self.examples = examples
        self.batchSize = batchSize
        order = EpochOrder(itemCount: examples.count, seed: seed, stage: stage)
    }

    public var stepsPerEpoch: Int { (examples.count + batchSize - 1) / batchSize }

    /// The number of steps of a number of epochs, rounded up.
    public func steps(epochs: Double) -> Int { Int((epochs * Double(stepsPerEpoch)).rounded(.up)) }

    public func batch(step: Int) -> [SupervisedSequence] { indices(step: step).map { examples[$0] } }

    /// The indices of a step's examples, in order.
    public func indices(step: Int) -> [Int] {
        precondition(step >= 1, "steps count from 1")
        let (epoch, position) = (step - 1).quotientAndRemainder(dividingBy: stepsPerEpoch)
        let permutation = order.permutation(epoch: epoch)
        return Array(permutation[position * batchSize..<min(examples.count, (position + 1) * batchSize)])
    }

    public func cursor(afterStep step: Int) -> DataCursor {
        let (epoch, position) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
        let next = position * batchSize
        return DataCursor(consumed: epoch * examples.count + next, epoch: epoch, next: next)
    }
}
