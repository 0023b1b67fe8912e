import EmbeddedBackend
import Foundation
import Primitives

/// A model, and what it and its peer are given to do.
struct ModelWorkload {
    /// Sequences sampled at the same time.
    static let sampledBatches = [1, 8, 64]
    static let promptLength = 16

    enum Model: String, CaseIterable {
        /// The base model of the quickstart recipe, or random weights of its shape where it is absent.
        case quickstart
        /// Random weights of the shape of Qwen3 0.6B.
        case qwen3 = "qwen3-0.6b"
    }

    let model: Model
    /// What the weights are, one line.
    let source: String
    let configuration: DecoderConfiguration
    /// Random tokens; every target counts, so nothing is skipped.
    let training: [TrainingSequence]
    /// Tokens that each sequence samples.
    let sampledTokens: Int
    private let directory: String?

    init(_ model: Model, trainingTokens: Int?, sampledTokens: Int?) throws {
        self.model = model
        let lengths: [Int]
        switch model {
        case .quickstart:
            let path = "Recipes/quickstart/base"
            directory = FileManager.default.fileExists(atPath: path) ? path : nil
            source = directory ?? "random weights of the quickstart's shape"
            configuration = try directory.map { try DecoderWeights.load(directory: $0).configuration } ?? Self.small
            lengths = Self.lengths(100...min(400, configuration.maximumPositions), tokens: trainingTokens ?? 8192)
        case .qwen3:
            directory = nil
            source = "random weights of the shape of Qwen3 0.6B"
            configuration = Self.large
            lengths = Self.lengths(512...512, tokens: trainingTokens ?? 1024)
        }
        self.sampledTokens = sampledTokens ?? (model == .quickstart ? 128 : 16)
        var random = CounterRandom(seed: 11, stage: .supervised)
        let vocabulary = configuration.vocabularySize
        training = lengths.map { count in
            let tokens = (0...count).map { _ in Int32(random.integer(below: vocabulary)) }
            let (ones, zeros) = ([Float](repeating: 1, count: count), [Float](repeating: 0, count: count))
            return TrainingSequence(
                inputTokens: Array(tokens.dropLast()), targetTokens: Array(tokens.dropFirst()), weights: ones,
                logprobs: zeros, advantages: zeros)
        }
    }

    /// Lengths within the range that sum to about `tokens`.
    private static func lengths(_ range: ClosedRange<Int>, tokens: Int) -> [Int] {
        var random = CounterRandom(seed: 12, stage: .supervised)
        var lengths: [Int] = []
        var left = tokens
        while left > 0 {
            lengths.append(max(2, min(left, range.lowerBound + random.integer(below: range.count))))
            left -= lengths[lengths.count - 1]
        }
        return lengths
    }

    func weights() throws -> DecoderWeights {
        guard let directory else { return DecoderWeights.random(configuration, seed: 1, embeddingDeviation: 0.02) }
        return try DecoderWeights.load(directory: directory)
    }

    var trainingTokens: Int { training.reduce(0) { $0 + $1.inputTokens.count } }

    /// Prompts that share no prefix with those of another repetition, so that no cache shortens them.
    func prompts(batch: Int, repetition: Int) -> [[Int32]] {
        (0..<batch).map { sample in
            var random = CounterRandom(seed: UInt64(batch), stage: .sampling, step: repetition, sample: sample)
            return (0..<Self.promptLength).map { _ in Int32(random.integer(below: configuration.vocabularySize)) }
        }
    }

    /// Operations of matrix products (attention's included) of one trained token, forward and backward.
    var operationsPerTrainedToken: Double {
        let shape = configuration
        let query = shape.headCount * shape.headSize
        let projection = query + 2 * shape.keyValueHeadCount * shape.headSize
        let layer = shape.hiddenSize * (projection + query + 3 * shape.intermediateSize)
        let matrices = shape.layerCount * layer + shape.hiddenSize * shape.vocabularySize
        let pairs = training.reduce(0) { $0 + $1.inputTokens.count * ($1.inputTokens.count + 1) / 2 }
        let attention = 4 * Double(pairs) / Double(trainingTokens) * Double(query * shape.layerCount)
        return 3 * (2 * Double(matrices) + attention)
    }

    private static let small = DecoderConfiguration(
        vocabularySize: 2048, hiddenSize: 128, intermediateSize: 384, layerCount: 4, headCount: 4,
        keyValueHeadCount: 2, headSize: 32, ropeTheta: 1_000_000, maximumPositions: 1024, endOfTextToken: 2041)
    private static let large = DecoderConfiguration(
        vocabularySize: 151_936, hiddenSize: 1024, intermediateSize: 3072, layerCount: 28, headCount: 16,
        keyValueHeadCount: 8, headSize: 128, ropeTheta: 1_000_000, maximumPositions: 40_960, endOfTextToken: 151_645)
}
