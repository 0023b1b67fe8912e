import EmbeddedBackend
import Foundation
import Primitives

/// Seconds for each part of a ``ModelWorkload``, with one number of threads.
struct ModelTimings {
    struct Time {
        var wall: Double
        /// Of all threads; says more than the wall time on a busy machine.
        var processor: Double
    }

    /// Forward, backward and one AdamW step on the training batch.
    var training: Time
    /// All sequences of each of ``ModelWorkload/sampledBatches``, their short prompts included.
    var sampling: [Time]
    /// The most memory in use while training beyond what the process had before the model, in bytes.
    var trainingMemory: Double

    /// Of our engine. Takes the weights and puts them back trained, so that there is never a second copy.
    init(
        _ weights: inout DecoderWeights?, workload: ModelWorkload, threads: Int, repetitions: Int, before: Double
    ) throws {
        (training, trainingMemory) = try Self.train(
            &weights, workload: workload, threads: threads, repetitions: repetitions, before: before)
        guard let trained = weights else { preconditionFailure("training puts the weights back") }
        let engine = SamplingEngine(weights: trained, threads: threads)
        defer { engine.shutdown() }
        sampling = try ModelWorkload.sampledBatches.map { batch in
            try Self.measure(repetitions) { repetition in
                try Self.sample(
                    workload.prompts(batch: batch, repetition: repetition), tokens: workload.sampledTokens, engine)
            }
        }
    }

    init(training: Time, sampling: [Time], trainingMemory: Double) {
        self.training = training
        self.sampling = sampling
        self.trainingMemory = trainingMemory
    }

    private static func train(
        _ weights: inout DecoderWeights?, workload: ModelWorkload, threads: Int, repetitions: Int, before: Double
    ) throws -> (Time, memory: Double) {
        let trainer = takeTrainer(&weights, threads: threads)
        defer { weights = trainer.snapshot() }
        ProcessMemory.resetPeak()
        let time = try measure(repetitions) { _ in
            consume(try trainer.forwardBackward(workload.training, loss: .crossEntropy).lossSum)
            trainer.optimizerStep(
                learningRate: 1e-5, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, gradientClipNorm: 0)
        }
        return (time, (ProcessMemory.peak ?? .nan) - before)
    }

    private static func takeTrainer(_ weights: inout DecoderWeights?, threads: Int) -> DecoderTrainer {
        guard let start = weights else { preconditionFailure("the caller gives weights") }
        weights = nil
        return DecoderTrainer(weights: start, threads: threads)
    }

    /// Medians after one unmeasured call.
    private static func measure(_ repetitions: Int, _ body: (Int) throws -> Void) rethrows -> Time {
        try body(0)
        var (wall, processor): ([Double], [Double]) = ([], [])
        for repetition in 1...repetitions {
            let (start, used) = (ContinuousClock.now, ProcessorTime.now)
            try body(repetition)
            wall.append(start.duration(to: .now).seconds)
            processor.append(ProcessorTime.now - used)
        }
        return Time(wall: wall.median, processor: processor.median)
    }

    private static func sample(_ prompts: [[Int32]], tokens: Int, _ engine: SamplingEngine) throws {
        try waiting {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for (index, prompt) in prompts.enumerated() {
                    group.addTask {
                        consume(try await engine.sample(.init(prompt: prompt, maxTokens: tokens, seed: Int64(index))))
                    }
                }
                try await group.waitForAll()
            }
        }
    }
}
