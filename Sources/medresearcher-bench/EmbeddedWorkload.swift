import EmbeddedBackend
import Primitives

/// What the embedded model and its peer are given to do.
struct EmbeddedWorkload {
    static let sampledSequences = 128
    static let samplingPromptLength = 16
    static let sampledTokens = 128
    static let prefillLength = 256

    let configuration: DecoderConfiguration
    /// Sequences of 100 to 400 random tokens; every target counts, so nothing is skipped.
    let training: [TrainingSequence]

    init(_ configuration: DecoderConfiguration, sequences: Int = 32) {
        self.configuration = configuration
        let longest = min(400, configuration.maximumPositions)
        var random = CounterRandom(seed: 11, stage: .supervised)
        training = (0..<sequences).map { _ in
            let count = min(100, longest) + random.integer(below: max(1, longest - 99))
            let tokens = (0...count).map { _ in Int32(random.integer(below: configuration.vocabularySize)) }
            let (ones, zeros) = ([Float](repeating: 1, count: count), [Float](repeating: 0, count: count))
            return TrainingSequence(
                inputTokens: Array(tokens.dropLast()), targetTokens: Array(tokens.dropFirst()), weights: ones,
                logprobs: zeros, advantages: zeros)
        }
    }

    var trainingTokens: Int { training.reduce(0) { $0 + $1.inputTokens.count } }

    /// Prompts that share no prefix with those of another repetition, so that no cache shortens them.
    func prompts(length: Int, repetition: Int) -> [[Int32]] {
        (0..<Self.sampledSequences).map { sample in
            var random = CounterRandom(
                seed: UInt64(length), stage: .sampling, step: repetition, sample: sample)
            return (0..<length).map { _ in Int32(random.integer(below: configuration.vocabularySize)) }
        }
    }

    /// The shape of the quickstart's base model.
    static let quickstartShape = DecoderConfiguration(
        vocabularySize: 1024, hiddenSize: 128, intermediateSize: 384, layerCount: 4, headCount: 4,
        keyValueHeadCount: 2, headSize: 32, ropeTheta: 1_000_000, maximumPositions: 1024, endOfTextToken: 1017)
}

/// Seconds for each part of an ``EmbeddedWorkload``.
struct EmbeddedTimings {
    /// Forward, backward and one AdamW step on the training batch.
    var training: Double
    /// The logprobs of the training batch's targets.
    var forward: Double
    /// All concurrent sequences, their short prompts included.
    var sampling: Double
    /// Long prompts with one sampled token each.
    var prefill: Double

    init(training: Double, forward: Double, sampling: Double, prefill: Double) {
        self.training = training
        self.forward = forward
        self.sampling = sampling
        self.prefill = prefill
    }

    /// Of our engine.
    init(_ weights: DecoderWeights, workload: EmbeddedWorkload, threads: Int, repetitions: Int) throws {
        let watch = Stopwatch(repetitions: repetitions)
        let trainer = DecoderTrainer(weights: weights, threads: threads)
        training = try watch.median { _ in
            consume(try trainer.forwardBackward(workload.training, loss: .crossEntropy).lossSum)
            trainer.optimizerStep(
                learningRate: 1e-5, beta1: 0.9, beta2: 0.95, epsilon: 1e-8, weightDecay: 0, gradientClipNorm: 0)
        }
        forward = try watch.median { _ in consume(try trainer.forward(workload.training)) }
        let engine = SamplingEngine(weights: weights, threads: threads)
        defer { engine.shutdown() }
        sampling = try watch.median { repetition in
            let prompts = workload.prompts(length: EmbeddedWorkload.samplingPromptLength, repetition: repetition)
            try Self.sample(prompts, tokens: EmbeddedWorkload.sampledTokens, engine: engine)
        }
        prefill = try watch.median { repetition in
            let prompts = workload.prompts(length: EmbeddedWorkload.prefillLength, repetition: repetition)
            try Self.sample(prompts, tokens: 1, engine: engine)
        }
    }

    private static func sample(_ prompts: [[Int32]], tokens: Int, engine: SamplingEngine) throws {
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
