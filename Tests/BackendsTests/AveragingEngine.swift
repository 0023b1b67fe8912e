@testable import EmbeddedBackend

/// A model whose training reduces losses as SkyRL 0.3 does on JAX, around the real embedded engine: the gradient is the mean,
/// over all datums since the last optimizer step, of (sum of weighted token losses / sum of weights, at least 1e-9), and
/// `grad_clip_norm` is ignored. A stand-in for that server with the same weights as the embedded one.
final class AveragingWeights: ModelWeights {
    private let inner: any ModelWeights

    init(_ inner: any ModelWeights) { self.inner = inner }

    var vocabularySize: Int { inner.vocabularySize }
    var maximumPositions: Int { inner.maximumPositions }
    func save(directory: String) throws { try inner.save(directory: directory) }
    func saveMerged(directory: String) throws { try inner.saveMerged(directory: directory) }
    func adapted(by directory: String) throws -> any ModelWeights { AveragingWeights(try inner.adapted(by: directory)) }
    func makeSampler(threads: Int) throws -> any SequenceSampler { try inner.makeSampler(threads: threads) }

    func makeTrainer(threads: Int, adapter: AdapterConfiguration?) throws -> any TrainingEngine {
        AveragingEngine(try inner.makeTrainer(threads: threads, adapter: adapter))
    }
}

private final class AveragingEngine: TrainingEngine {
    private let inner: any TrainingEngine
    private var waiting: [(batch: [TrainingSequence], loss: DecoderLoss)] = []

    init(_ inner: any TrainingEngine) { self.inner = inner }

    func forward(_ batch: [TrainingSequence]) throws -> [[Float]] { try inner.forward(batch) }

    /// The number of datums is known at the optimizer step only, so the gradient is computed there.
    func forwardBackward(_ batch: [TrainingSequence], loss: DecoderLoss) throws -> (
        logprobs: [[Float]], lossSum: Double
    ) {
        waiting.append((batch, loss))
        return (try inner.forward(batch), 0)
    }

    func optimizerStep(
        learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
        gradientClipNorm: Double
    ) -> Double {
        let count = Float(waiting.reduce(0) { $0 + $1.batch.count })
        for (batch, loss) in waiting {
            let averaged = batch.map { sequence in
                var sequence = sequence
                let total = max(sequence.weights.reduce(0, +), 1e-9)
                sequence.weights = sequence.weights.map { $0 / total / count }
                return sequence
            }
            do { _ = try inner.forwardBackward(averaged, loss: loss) } catch { preconditionFailure("\(error)") }
        }
        waiting = []
        return inner.optimizerStep(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
            gradientClipNorm: 0)
    }

    func discardGradients() {
        waiting = []
        inner.discardGradients()
    }

    func saveState(directory: String) throws { try inner.saveState(directory: directory) }
    func loadState(directory: String, optimizer: Bool) throws {
        try inner.loadState(directory: directory, optimizer: optimizer)
    }
    func currentWeights() -> any ModelWeights { AveragingWeights(inner.currentWeights()) }
}
