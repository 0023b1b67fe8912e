import Backends
import Foundation

/// Measures the loss on examples that are never trained on.
public struct HeldOutLoss: Sendable {
    public static let lossName = "eval/loss"

    public let examples: [SupervisedSequence]
    /// The loss is measured after every so many steps, and before the first and after the last one.
    public let every: Int
    /// How the examples are divided among forward passes.
    private let passes: [[Int]]

    /// - Parameter batchSize: the number of examples of a forward pass, where `microBatching` sets no limit of its own.
    public init(
        examples: [SupervisedSequence], every: Int, batchSize: Int, microBatching: MicroBatching = .whole
    ) throws(TrainingError) {
        guard every > 0, batchSize > 0 else {
            throw .invalidConfiguration(
                "evaluation losses lie a positive number of steps apart, in batches of at least 1")
        }
        guard examples.contains(where: { $0.trainableWeight > 0 }) else {
            throw .invalidConfiguration(
                "none of the \(examples.count) held-out examples has a token that counts; the evaluation loss would be of "
                    + "nothing")
        }
        self.examples = examples
        self.every = every
        let lengths = examples.map(\.tokens.count)
        if case .tokens = microBatching {
            passes = microBatching.passes(lengths: lengths)
        } else {
            let count = examples.count / batchSize + (examples.count % batchSize == 0 ? 0 : 1)
            passes = MicroBatching.parts(count).passes(lengths: lengths)
        }
    }

    func isDue(step: Int) -> Bool { step.isMultiple(of: every) }

    /// The loss in nats per weighted token, under the trainer's present weights.
    func loss(_ trainer: any PolicyTrainer, stage: StageName, step: Int) async throws -> Double {
        var (sum, weight) = (0.0, 0.0)
        for pass in passes {
            let datums = pass.map { Datum(supervised: examples[$0].tokens, weights: examples[$0].weights) }
            let logprobs = try await trainer.forward(datums)
            guard logprobs.map(\.count) == datums.map(\.count) else {
                throw TrainingError.unusableTrainerResult(
                    stage: stage, step: step,
                    problem: "a forward pass of other lengths than the \(datums.count) datums sent")
            }
            for (datum, logprobs) in zip(datums, logprobs) {
                for (factor, logprob) in zip(datum.weights, logprobs) where factor != 0 {
                    sum -= Double(factor) * Double(logprob)
                    weight += Double(factor)
                }
            }
        }
        let loss = sum / weight
        guard loss.isFinite else {
            throw TrainingError.diverged(stage: stage, step: step, quantity: "the evaluation loss")
        }
        return loss
    }

    /// Measures into `eval/loss` and `eval/perplexity`, and returns the loss.
    func measure(_ trainer: any PolicyTrainer, into row: inout StepMetrics) async throws -> Double {
        var timer = StepTimer()
        let loss = try await timer.measure("loss") { try await self.loss(trainer, stage: row.stage, step: row.step) }
        row[Self.lossName] = loss
        row["eval/perplexity"] = exp(loss)
        row["time/evaluation_loss"] = timer["loss"]
        return loss
    }
}
