import Primitives
import Storage

/// What a training model can be asked to do.
enum TrainingOperation: Sendable {
    /// Makes the trainer and writes down the run; the first operation of every model. A model may begin as a checkpoint.
    case open(RunDescription, from: LoadedCheckpoint?)
    case forward(TrainingBatch)
    case forwardBackward(TrainingBatch)
    case optimizerStep(OptimizerStep)
    case save(NewCheckpoint)
    case load(LoadedCheckpoint)
    case saveForSampler(NewCheckpoint)
    /// Copies the weights for an ephemeral sampler.
    case publish
}

/// A checkpoint that is loaded into a trainer.
struct LoadedCheckpoint: Sendable, Equatable {
    var reference: CheckpointReference
    var optimizer: Bool
}

/// What came of a ``TrainingOperation``.
enum TrainingOutcome: Sendable {
    case done
    case logprobs([[Float]], lossSum: Double)
    case gradientNorm(Double)
    case weights(any ModelWeights)
}

/// One model's trainer on a thread of its own. Operations run one after the other, each to its end.
actor ModelWorker {
    private let executor: QueueExecutor
    private let base: any ModelWeights
    private let adapter: AdapterConfiguration?
    private let threads: Int
    private let checkpoints: CheckpointStore
    private var trainer: (any TrainingEngine)?
    /// Why the accumulated gradient is not what the client thinks it is.
    private var gradientProblem: String?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(
        modelID: String, weights: any ModelWeights, adapter: AdapterConfiguration?, threads: Int,
        checkpoints: CheckpointStore
    ) {
        executor = QueueExecutor(label: "medresearcher.embedded.\(modelID)")
        self.adapter = adapter
        base = weights
        self.threads = threads
        self.checkpoints = checkpoints
    }

    func perform(_ operation: TrainingOperation) -> Result<TrainingOutcome, ServiceError> {
        let result = Result { try run(operation) }.mapError { ServiceError($0) }
        if case .failure(let error) = result, case .forwardBackward = operation { noteLostGradient(error) }
        return result
    }

    /// Records that a forward-backward pass was refused, so that no optimizer step uses an incomplete gradient.
    func noteLostGradient(_ error: ServiceError) { gradientProblem = error.description }

    /// Frees the trainer.
    func close() { trainer = nil }

    private func run(_ operation: TrainingOperation) throws -> TrainingOutcome {
        if case .open(let run, let checkpoint) = operation {
            let made = try base.makeTrainer(threads: threads, adapter: adapter)
            if let checkpoint { try load(checkpoint, into: made) }
            try checkpoints.save(run)
            trainer = made
            return .done
        }
        guard let trainer else { throw ServiceError.failed("the model could not be created; create another one") }
        switch operation {
        case .open: return .done
        case .forward(let batch):
            let logprobs = try checked(try trainer.forward(batch.sequences))
            let sum = batch.elementwiseLoss(logprobs).lazy.joined().reduce(0.0) { $0 + Double($1) }
            return .logprobs(logprobs, lossSum: sum)
        case .forwardBackward(let batch):
            let (logprobs, lossSum) = try trainer.forwardBackward(batch.sequences, loss: batch.loss)
            guard lossSum.isFinite else {
                throw ServiceError.failed(
                    "the loss is \(lossSum); load an earlier checkpoint and lower the learning rate")
            }
            return .logprobs(try checked(logprobs), lossSum: lossSum)
        case .optimizerStep(let step): return .gradientNorm(try apply(step, to: trainer))
        case .save(let checkpoint):
            try checkpoints.save(checkpoint) { try trainer.saveState(directory: $0) }
            return .done
        case .load(let checkpoint):
            try load(checkpoint, into: trainer)
            gradientProblem = nil
            return .done
        case .saveForSampler(let checkpoint):
            try checkpoints.save(checkpoint) { try trainer.currentWeights().save(directory: $0) }
            return .done
        case .publish: return .weights(trainer.currentWeights())
        }
    }

    private func load(_ checkpoint: LoadedCheckpoint, into trainer: any TrainingEngine) throws {
        try trainer.loadState(
            directory: checkpoints.directory(of: checkpoint.reference), optimizer: checkpoint.optimizer)
        trainer.discardGradients()
    }

    private func apply(_ step: OptimizerStep, to trainer: any TrainingEngine) throws -> Double {
        if let problem = gradientProblem {
            gradientProblem = nil
            trainer.discardGradients()
            throw ServiceError.invalid(
                "no optimizer step was made, and the gradient was discarded, because forward_backward failed: \(problem)"
            )
        }
        let norm = trainer.optimizerStep(
            learningRate: step.learningRate, beta1: step.beta1, beta2: step.beta2, epsilon: step.epsilon,
            weightDecay: step.weightDecay, gradientClipNorm: step.gradientClipNorm)
        guard norm.isFinite else {
            throw ServiceError.failed("the gradient norm was \(norm), the weights are lost; load an earlier checkpoint")
        }
        return norm
    }

    private func checked(_ logprobs: [[Float]]) throws -> [[Float]] {
        for (index, row) in logprobs.enumerated() where !row.allSatisfy(\.isFinite) {
            throw ServiceError.failed("datum \(index) has a logprob that is not finite; load an earlier checkpoint")
        }
        return logprobs
    }
}
