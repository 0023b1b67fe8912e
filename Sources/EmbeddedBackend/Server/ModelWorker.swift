import Primitives

/// What a training model can be asked to do.
enum TrainingOperation: Sendable {
    /// Makes the trainer; the first operation of every model.
    case open
    case forward(TrainingBatch)
    case forwardBackward(TrainingBatch)
    case optimizerStep(OptimizerStep)
    case save(CheckpointReference, overwrite: Bool)
    case load(CheckpointReference, optimizer: Bool)
    case saveForSampler(CheckpointReference, overwrite: Bool)
    /// Copies the weights for an ephemeral sampler.
    case publish
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
    private let executor: DispatchExecutor
    private let baseModel: String
    private let base: any ModelWeights
    private let threads: Int
    private let checkpoints: CheckpointStore
    private var trainer: (any TrainingEngine)?
    /// Why the accumulated gradient is not what the client thinks it is.
    private var gradientProblem: String?

    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(modelID: String, baseModel: String, weights: any ModelWeights, threads: Int, checkpoints: CheckpointStore) {
        executor = DispatchExecutor(label: "medresearcher.embedded.\(modelID)")
        self.baseModel = baseModel
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
        if case .open = operation {
            trainer = try base.makeTrainer(threads: threads, adapter: nil)
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
        case .save(let reference, let overwrite):
            try checkpoints.save(reference, baseModel: baseModel, overwrite: overwrite) { directory in
                try trainer.saveState(directory: directory)
            }
            return .done
        case .load(let reference, let optimizer):
            try trainer.loadState(directory: checkpoints.directory(of: reference), optimizer: optimizer)
            trainer.discardGradients()
            gradientProblem = nil
            return .done
        case .saveForSampler(let reference, let overwrite):
            try checkpoints.save(reference, baseModel: baseModel, overwrite: overwrite) { directory in
                try trainer.currentWeights().save(directory: directory)
            }
            return .done
        case .publish: return .weights(trainer.currentWeights())
        }
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
