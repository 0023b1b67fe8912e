/// A finite data set, shuffled anew in every epoch. Each epoch visits every example exactly once; its last batch is
/// smaller where the batch size does not divide the number of examples. Nothing is carried from step to step, so a stage
/// may be resumed at the boundary of an epoch as well as within one.
public struct ShuffledExamples: SupervisedSource {
    public let examples: [SupervisedSequence]
    public let batchSize: Int
    private let order: EpochOrder
    private let bucketing: LengthBucketing?
    private let memory = EpochMemory()

    /// - Parameter bucketBatches: the number of batches whose examples are sorted by length together
    ///   (``LengthBucketing``); 0 draws batches without regard to length.
    public init(
        examples: [SupervisedSequence], batchSize: Int, bucketBatches: Int = 0, seed: UInt64,
        stage: StageName = .supervised
    ) throws(TrainingError) {
        guard !examples.isEmpty else {
            throw .invalidConfiguration("stage \(stage.rawValue): the data set is empty; it needs at least one example")
        }
        guard batchSize > 0 else {
            throw .invalidConfiguration("stage \(stage.rawValue): the batch size is \(batchSize); it must be positive")
        }
        self.examples = examples
        self.batchSize = batchSize
        guard bucketBatches >= 0 else {
            throw .invalidConfiguration(
                "stage \(stage.rawValue): the number of batches sorted together is \(bucketBatches); it must not be negative"
            )
        }
        order = EpochOrder(itemCount: examples.count, seed: seed, stage: stage)
        bucketing =
            bucketBatches > 0
            ? LengthBucketing(lengths: examples.map(\.tokens.count), windowBatches: bucketBatches) : nil
    }

    public var stepsPerEpoch: Int { Self.stepsPerEpoch(examples: examples.count, batchSize: batchSize) }

    /// The number of steps of a number of epochs, rounded up.
    public func steps(epochs: Double) -> Int {
        Self.steps(epochs: epochs, examples: examples.count, batchSize: batchSize)
    }

    public static func stepsPerEpoch(examples: Int, batchSize: Int) -> Int {
        examples / batchSize + (examples % batchSize == 0 ? 0 : 1)
    }

    /// A fraction of an epoch counts by its batches, rounded up.
    public static func steps(epochs: Double, examples: Int, batchSize: Int) -> Int {
        HeldOutSplit.count(share: epochs, of: stepsPerEpoch(examples: examples, batchSize: batchSize))
    }

    public func batch(step: Int) -> [SupervisedSequence] { indices(step: step).map { examples[$0] } }

    /// The indices of a step's examples, in order.
    public func indices(step: Int) -> [Int] {
        precondition(step >= 1, "steps count from 1")
        let (epoch, position) = (step - 1).quotientAndRemainder(dividingBy: stepsPerEpoch)
        let order = memory.order(epoch: epoch) { epochOrder(epoch) }
        let start = position * batchSize
        return Array(order[start..<start + min(examples.count - start, batchSize)])
    }

    private func epochOrder(_ epoch: Int) -> [Int] {
        let permutation = order.permutation(epoch: epoch)
        guard let bucketing else { return permutation }
        var random = order.random(epoch: epoch, purpose: 1)
        return bucketing.order(permutation, batchSize: batchSize, random: &random)
    }

    public func cursor(afterStep step: Int) -> DataCursor {
        let (epoch, position) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
        let next = position * batchSize
        return DataCursor(consumed: epoch * examples.count + next, epoch: epoch, next: next)
    }
}
